"""Reads replies that are no plain caption: the list of all captions as JSON, a judge's choice, questions with their answers.

All are pure functions. JSON is found by a parser wherever it stands in the reply; one that is only cut is mended once.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

CAPTIONS_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "captions": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"n": {"type": "integer"}, "text": {"type": "string"}},
                "required": ["n", "text"],
                "additionalProperties": False,
            },
        }
    },
    "required": ["captions"],
    "additionalProperties": False,
}
"""The list of captions. The root is an object, since servers that follow OpenAI take no list there."""
PAIRS_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "pairs": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"question": {"type": "string"}, "answer": {"type": "string"}},
                "required": ["question", "answer"],
                "additionalProperties": False,
            },
        }
    },
    "required": ["pairs"],
    "additionalProperties": False,
}
"""Questions with their answers."""
_WORDS: dict[str, Any] = {"type": "array", "items": {"type": "string"}}
STRUCTURED_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "subjects": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "noun": {"type": "string"},
                    "number": {"type": ["integer", "null"]},
                    "attributes": _WORDS,
                    "actions": _WORDS,
                },
                "required": ["noun", "number", "attributes", "actions"],
                "additionalProperties": False,
            },
        },
        "setting": {"type": ["string", "null"]},
        "relations": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"subject": {"type": "string"}, "relation": {"type": "string"}, "object": {"type": "string"}},
                "required": ["subject", "relation", "object"],
                "additionalProperties": False,
            },
        },
        "text": _WORDS,
        "style": _WORDS,
    },
    "required": ["subjects", "setting", "relations", "text", "style"],
    "additionalProperties": False,
}
"""A caption of the style `structured`."""
MOST_STARTS = 32
"""Places where JSON may begin that are tried."""
MOST_CUTS = 16
"""Places to which a cut reply is taken back, at most."""
_DECODER = json.JSONDecoder(strict=False)  # models put line breaks into strings
_STARTS = re.compile(r"[\[{]")
NUMBER = re.compile(r"(?<![\w.])(\d{1,3})(?![\w]|\.\d)")
VERDICT = re.compile(r"\b(?:best|answer|choice|winner|choose|pick|select)\b\D{0,40}?(\d{1,3})\b", re.IGNORECASE)


@dataclass(frozen=True)
class Listed:
    """Captions out of a reply, by their number from 1. `open` are those whose text was cut; `problem` says why there are none."""

    captions: dict[int, str] = field(default_factory=dict)
    open: frozenset[int] = frozenset()
    mended: bool = False
    problem: str = ""


def read_json(text: str) -> tuple[Any, bool]:
    """The first JSON object or list in a text, past prose and code fences, and whether it was cut and had to be closed.

    Raises:
        ValueError: there is none, or it is broken in the middle.
    """
    starts = [match.start() for match in _STARTS.finditer(text)][:MOST_STARTS]
    for start in starts:
        try:
            value, _ = _DECODER.raw_decode(text, start)
        except (json.JSONDecodeError, RecursionError):
            continue
        if isinstance(value, dict) or (value and all(isinstance(one, dict | str) for one in value)):
            if start != starts[0] and (closed := _closed(text[starts[0] :])) is not None:
                return closed, True  # what was found stands in a larger one that was cut
            return value, False
    if starts and (closed := _closed(text[starts[0] :])) is not None:
        return closed, True
    raise ValueError("it was not valid JSON")


def _closed(text: str) -> Any:
    """The value of JSON that ends too early, with its last string and its brackets closed; None where that does not help."""
    places = _cuts(text)
    for end, closing in places[:MOST_CUTS]:
        try:
            value, _ = _DECODER.raw_decode(text[:end] + closing)
        except (json.JSONDecodeError, RecursionError):
            continue
        return value
    return None


def _cuts(text: str) -> list[tuple[int, str]]:
    """Where a cut text may be closed and by what, the end first, then before each comma, latest first; none where it is whole."""
    stack: list[str] = []
    places: list[tuple[int, str]] = []
    quoted = escaped = False
    for place, letter in enumerate(text):
        if quoted:
            quoted, escaped = letter != '"' or escaped, letter == "\\" and not escaped
        elif letter == '"':
            quoted = True
        elif letter in "[{":
            stack.append("]" if letter == "[" else "}")
        elif letter in "]}":
            if not stack or stack.pop() != letter:
                return []
            if not stack:
                return []
        elif letter == ",":
            places.append((place, "".join(reversed(stack))))
    end = len(text) - 1 if quoted and escaped else len(text)
    return [(end, ('"' if quoted else "") + "".join(reversed(stack))), *reversed(places)]


def read_captions(text: str, number: int) -> Listed:
    """The captions of a reply to `captions/v1`, of which so many were asked for.

    Taken as well: the list alone, a list of strings that is complete, an object with numbers as keys. One of two captions with
    the same number is dropped, and so is one with a number that was not asked for.
    """
    try:
        value, cut = read_json(text)
    except ValueError as error:
        return Listed(problem=str(error))
    found: dict[int, str] = {}
    pairs = list(_numbered(value, number, cut=cut))
    for n, caption in pairs:
        if 1 <= n <= number:
            found.setdefault(n, caption)
    if not found:
        return Listed(mended=cut, problem="there were no captions in the JSON")
    return Listed(found, frozenset({pairs[-1][0]}) if cut and not _is_whole(text, pairs[-1][1]) else frozenset(), mended=cut)


def _numbered(value: Any, number: int, *, cut: bool) -> Iterator[tuple[int, str]]:
    if isinstance(value, dict):
        inner = value.get("captions", value)
        if isinstance(inner, dict):
            yield from ((int(k), v) for k, v in inner.items() if str(k).isdigit() and isinstance(v, str))
            if isinstance(inner.get("n"), int) and isinstance(inner.get("text"), str):
                yield inner["n"], inner["text"]
            return
        value = inner
    if not isinstance(value, list):
        return
    if all(isinstance(one, str) for one in value):
        yield from enumerate(value, 1) if len(value) == number or cut else ()
    for one in value:
        if isinstance(one, dict) and isinstance(one.get("n"), int) and isinstance(one.get("text"), str):
            yield one["n"], one["text"]


def _is_whole(text: str, caption: str) -> bool:
    """Did the string of a caption end before the reply did?"""
    return json.dumps(caption, ensure_ascii=False)[1:] in text or json.dumps(caption)[1:] in text


def read_choice(text: str, number: int) -> int | None:
    """Which of so many candidates a judge's reply to `judge/v1` picks, from 0; None where it does not say."""
    plain = text.strip().strip("*#\"'()[]. \n")
    if plain.isascii() and plain.isdigit():
        return int(plain) - 1 if 1 <= int(plain) <= number else None
    told = [int(one) for one in VERDICT.findall(text)]
    named = told[-1:] or list(dict.fromkeys(int(one) for one in NUMBER.findall(text)))
    first = NUMBER.match(plain)
    if len(named) != 1 and first is not None and not re.match(r"\d+[.)]\s*\S.*\n\s*\d+[.)]", plain):
        named = [int(first[1])]
    valid = [one for one in named if 1 <= one <= number]
    return valid[0] - 1 if len(valid) == 1 else None


def read_pairs(text: str) -> list[tuple[str, str]]:
    """Questions with their answers from a reply to `qa/v1`, without repeats and without what is no question or has no answer.

    Raises:
        ValueError: there is no JSON in it, or no pair in that.
    """
    value, _ = read_json(text)
    inner = value.get("pairs", value) if isinstance(value, dict) else value
    found: dict[str, str] = {}
    for one in inner if isinstance(inner, list) else []:
        question, answer = (one.get("question"), one.get("answer")) if isinstance(one, dict) else (None, None)
        if isinstance(question, str) and isinstance(answer, str) and question.strip().endswith("?") and answer.strip():
            found.setdefault(" ".join(question.split()), " ".join(answer.split()))
    if not found:
        raise ValueError("there was no question with an answer in it")
    return list(found.items())


def pairs_as_lines(pairs: Sequence[tuple[str, str]]) -> str:
    """The pairs as the style `qa` has them: a line each."""
    return "\n".join(f"Q: {question} A: {answer}" for question, answer in pairs)
