"""One line of JSON to one input row, and the row that goes out for it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import msgspec

from fusion.codec import encode
from fusion.errors import RowError
from fusion.facts import Problem, Status


@dataclass(frozen=True)
class Row:
    """One input on its way through a command.

    `data` are the keys of its line, `file` the picture it means, `line` where it stood, counted from one (None for a
    picture given by name), `problem` why nothing can be done with it, `warnings` what does not hinder.
    """

    id: str | None
    data: Mapping[str, Any] = field(default_factory=dict)
    line: int | None = None
    file: Path | None = None
    problem: Problem | None = None
    warnings: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Output:
    """One row to write: its line of JSON without the line break, and for the counts its status and what is in it."""

    line: bytes
    status: Status = "ok"
    facts: int = 0
    captions: int = 0


@dataclass(frozen=True)
class Keys:
    """The keys that a command knows: what their values must be, which one it cannot do without.

    `unique`: rows out that share an id are of no use, so that a row in whose id was there before carries a warning.
    """

    types: Mapping[str, tuple[str, Callable[[Any], bool]]]
    required: str = ""
    unique: bool = False


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_tags(value: Any) -> bool:
    return isinstance(value, str) or (isinstance(value, list) and all(isinstance(tag, str) for tag in value))


def _may_be_tags(value: Any) -> bool:
    """What is in the list is looked at tag by tag, so that an error can name the place."""
    return isinstance(value, str | list)


def _is_labelled(value: Any) -> bool:
    """Claims that `verify` wrote, some with "true"."""
    return isinstance(value, list) and all(_is_claim(claim) for claim in value)


def _is_claim(claim: Any) -> bool:
    if not isinstance(claim, dict) or claim.get("true") not in (None, True, False):
        return False
    span = claim.get("span")
    return isinstance(span, list) and len(span) == 2 and all(type(place) is int for place in span)


_TEXT = ("a string", _is_text)
_TAGS = "a list of strings, or one comma-separated string"
PICTURE_KEYS = Keys(
    {
        "image": _TEXT,
        "alt_text": _TEXT,
        "tags": (_TAGS, _is_tags),
        "label": _TEXT,
        "language": _TEXT,
    }
)
FACTS_KEYS = replace(PICTURE_KEYS, unique=True)
CAPTION_KEYS = Keys({"caption": _TEXT, "language": _TEXT, "image": _TEXT}, required="caption")
CALIBRATE_KEYS = Keys(
    {
        "caption": _TEXT,
        "negative": _TEXT,
        "objects": ("a list of strings", lambda value: isinstance(value, list) and _is_tags(value)),
        "label": ("0 or 1", lambda value: value in (0, 1)),
        "claims": ('a list of claims with "span", two numbers, and "true"', _is_labelled),
    },
    required="caption",
)
TAGS_KEYS = Keys({"tags": (_TAGS, _may_be_tags), "image": _TEXT}, required="tags")
EVIDENCE_KEYS = Keys({"image": _TEXT})


def parse(raw: bytes) -> dict[str, Any]:
    """The object that a line holds.

    Raises:
        RowError: not UTF-8, not JSON, not an object, or text that UTF-8 cannot hold.
    """
    try:
        text = raw.decode("utf-8")
        value = msgspec.json.decode(text)
    except UnicodeDecodeError as error:
        raise RowError(f"expected UTF-8, got the byte 0x{raw[error.start]:02x} at byte {error.start} of the line") from None
    except RecursionError:
        raise RowError("expected JSON, got values nested too deeply") from None
    except msgspec.DecodeError as error:
        raise RowError(_why(text, error)) from None
    if not isinstance(value, dict):
        raise RowError(f"expected a JSON object, got {_kind(value)}")
    return value


def _why(text: str, error: Exception) -> str:
    """What is wrong with text that the strict reader refuses, also where Python's own reader would take it."""
    lenient = _lenient(text)
    if lenient is None:
        return f"expected JSON: {error}"
    if not _clean(lenient):
        return "expected text that UTF-8 can hold, got the escape of a lone surrogate"
    return f"expected JSON, got NaN, Infinity or a number out of range: {error}"


def _lenient(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _clean(value: Any) -> bool:
    try:
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _kind(value: object) -> str:
    names = {list: "an array", str: "a string", bool: "true or false", type(None): "null"}
    return names.get(type(value), "a number")


def salvage(raw: bytes) -> dict[str, Any]:
    """The id, image and caption of a line that only a lenient reader can read, as far as they are sound."""
    try:
        value = _lenient(raw.decode("utf-8"))
    except UnicodeDecodeError:
        return {}
    if not isinstance(value, dict):
        return {}
    return {key: value[key] for key in ("id", "image", "caption") if key in value and _clean(value[key])}


def own_id(data: Mapping[str, Any]) -> str | None:
    """The id that a row says it has, None if it says none; an integer becomes its digits.

    Raises:
        RowError: it is neither a string nor an integer.
    """
    value = data.get("id")
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise RowError(f"id: expected a string or an integer, got {_short(value)}")


def check(data: Mapping[str, Any], keys: Keys) -> None:
    """Raise RowError for a known key with a value of the wrong type, and where the required key is missing."""
    if keys.required and data.get(keys.required) is None:
        raise RowError(f"{keys.required}: expected {keys.types[keys.required][0]}, got none")
    for key, (expected, fits) in keys.types.items():
        value = data.get(key)
        if value is not None and not fits(value):
            raise RowError(f"{key}: expected {expected}, got {_short(value)}")


def _short(value: object) -> str:
    text = encode(value).decode("utf-8")
    return text if len(text) <= 60 else text[:60] + "…"


def copied(row: Row, ours: Iterable[str]) -> dict[str, Any]:
    """The keys of an input row that go to its output row as they are: all but ours."""
    left = dict(row.data)
    for key in ours:
        left.pop(key, None)
    return left


def output(own: Mapping[str, Any], problems: Iterable[Problem], status: Status, rest: Mapping[str, Any]) -> Output:
    """A row of our keys, then `status` unless ok, `errors` if any, and the keys copied from the input row."""
    told: dict[str, Any] = {} if status == "ok" else {"status": status}
    if errors := tuple(problems):
        told["errors"] = errors
    return Output(encode({**own, **told, **rest}), status)


def failed(row: Row, problems: Iterable[Problem], rest: Mapping[str, Any]) -> Output:
    """The row of an input that nothing came of: id, image, status and errors, and the keys copied from it."""
    image = row.data.get("image")
    return output({"id": row.id, "image": image if isinstance(image, str) else None}, problems, "failed", rest)
