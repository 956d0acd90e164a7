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
_DEEPEST = 64
"""Brackets in brackets of a cut reply that is still closed."""
_KEY = re.compile(r"[0-9]{1,4}")
_DIGITS = r"(?<![\w.])([0-9]{1,3})(?!\w|\.[0-9])"
_ONE = _DIGITS + r"(?!\s*(?:and|or|to|[/&-])\s*[0-9]| (?:captions|candidates|options)\b)"
"""A number that neither stands beside another one nor counts."""
_CALLED = r"(?:caption|candidate|option|number|no\.)"
_BEST = r"(?:(?:the|my) )?(?:(?:single|overall) )?(?:best|winner|answer|choice)\b"
_LINK = rf"(?:\s*(?:(?:the|a|my|one|is|was|would be|must be|as|overall|i (?:choose|pick|select))\b|{_CALLED}|[:=,]))*\s*"
"""What may stand between a verdict and its number: no word that turns it round."""
VERDICTS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?:best|answer|choice|winner|choose|pick|select)\b{_LINK}{_ONE}",
        rf"{_ONE} (?:is|was|would be|seems|reads) (?:\w+ly )?{_BEST}",
        rf"\b(?:so|therefore|thus|hence)\b{_LINK}{_ONE}\s*(?:[.!]|$)",
    )
)
"""How a judge says what it chooses: "the best is 2", "2 is the best", "so 2"."""
FIRST = re.compile(rf"(?:the )?(?:{_CALLED} )?{_ONE}(?:\s*(?:[.:;)–-]|$|\n)| (?:because|since|as)\b)", re.IGNORECASE)
"""A choice at the beginning."""
ONLY = (re.compile(rf"(?:^|\b{_CALLED} ){_ONE}", re.IGNORECASE), re.compile(rf"{_ONE}[.!]?$"))
"""Where a number names a caption if no other number is there."""
ROW = re.compile(r"^[0-9]+[.)]? ", re.MULTILINE)
DOUBT = re.compile(
    r"\b(?:not|cannot|never|no|none|neither|nor|hardly|whether|wrong|worse|worst|errors?|all|both|each)\b|n['’]t\b", re.IGNORECASE
)
"""Words near a number that is not chosen."""
CLAUSE = re.compile(r"[.,;:!?\n]|\b(?:but|so|because|since|while|although|and)\b", re.IGNORECASE)
LONGEST_CLAUSE = 200
_REPEATED = re.compile(r"([0-9][.):]?[ \t]*)(?:\"[^\"\n]{0,1000}\"|“[^”\n]{0,1000}”)")
"""A candidate that a judge repeats behind its number: what it says chooses nothing."""
_DECORATION = re.compile(r"[*_`\"()\[\]#<>]")


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
        except (ValueError, RecursionError):  # no JSON, or a number of thousands of digits
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
        except (ValueError, RecursionError):
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
            if len(stack) > _DEEPEST:
                return []
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
            yield from ((int(k), v) for k, v in inner.items() if _KEY.fullmatch(str(k)) and isinstance(v, str))
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
    return json.dumps(caption, ensure_ascii=False) in text or json.dumps(caption) in text


def read_choice(text: str, number: int) -> int | None:
    """Which of so many candidates a judge's reply to `judge/v1` picks, from 0; None where it does not say, or not for certain."""
    bare = _DECORATION.sub(" ", _REPEATED.sub(r"\1 …", text))
    plain = "\n".join(filter(None, (" ".join(line.split()) for line in bare.splitlines())))
    chosen = _chosen(plain)
    return chosen - 1 if chosen is not None and 1 <= chosen <= number else None


def _chosen(text: str) -> int | None:
    """The number that a judge's verdict names, else the one that it begins with, else the only one that it names at all."""
    verdicts = {int(found[1]) for one in VERDICTS for found in one.finditer(text) if not _doubted(text, found.start())}
    if verdicts:
        return verdicts.pop() if len(verdicts) == 1 else None
    if len(ROW.findall(text)) < 2 and (first := FIRST.match(text)):
        return int(first[1])
    found = next((found for one in ONLY if (found := one.search(text))), None)
    sure = len(set(re.findall(_DIGITS, text))) == 1 and not DOUBT.search(text)
    return int(found[1]) if found and sure else None


def _doubted(text: str, place: int) -> bool:
    """Is there something in the clause in front of a verdict that turns it round?"""
    before = text[max(0, place - LONGEST_CLAUSE) : place]
    return DOUBT.search(before, max((end.end() for end in CLAUSE.finditer(before)), default=0)) is not None


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
