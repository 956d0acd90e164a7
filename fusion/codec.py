"""The vocabulary as JSON: one struct a line, types wholly checked on reading, and its JSON Schema."""

from __future__ import annotations

import re
from typing import Any, TypeVar

import msgspec

from fusion.errors import BadFact, RowError
from fusion.facts import KINDS, Fact, Record

T = TypeVar("T")
_ENCODER = msgspec.json.Encoder()
_DECODERS: dict[Any, msgspec.json.Decoder[Any]] = {}


def encode(value: object) -> bytes:
    """One line of JSON, UTF-8, without the line break."""
    return _ENCODER.encode(value)


NAMES = {"Observation": "an evidence row", "Record": "a record", "Fact": "a fact", "Card": "a card", "Claim": "a claim"}


def called(kind: type) -> str:
    """What people call the thing that a struct describes."""
    return NAMES.get(kind.__name__, kind.__name__)


def advice(error: str) -> str:
    """What there is, where a fact has a kind or a field that there is not; empty for other errors."""
    if "Invalid enum value" in error and error.endswith("kind`"):
        return f"kinds of fact are {', '.join(sorted(KINDS))}"
    if "unknown field" in error and "facts[" in error:
        return f"a fact has the fields {', '.join(Fact.__struct_fields__)}"
    return ""


def decode(line: bytes | str, kind: type[T]) -> T:
    """Read one JSON text as `kind`, types wholly checked.

    Raises:
        RowError: it is not JSON, not UTF-8, or not of that shape; the message names the path.
    """
    decoder = _DECODERS.get(kind) or _DECODERS.setdefault(kind, msgspec.json.Decoder(kind))
    try:
        return decoder.decode(line)  # type: ignore[no-any-return]
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise RowError(f"expected {called(kind)} as JSON: {error}", hint=advice(str(error))) from None


def convert(value: object, kind: type[T]) -> T:
    """Plain JSON values as `kind`, types wholly checked.

    Raises:
        RowError: not of that shape; the message names the path.
    """
    try:
        return msgspec.convert(value, kind)
    except (msgspec.ValidationError, ValueError) as error:
        raise RowError(f"expected {called(kind)}: {error}", hint=advice(str(error))) from None


ADDRESS = re.compile(r" at 0x[0-9a-f]+")
"""Where an object lies in memory differs from run to run, and no row may."""


def take_over(given: object) -> Fact:
    """A fact as an expert handed it over, wholly checked: a numpy scalar or a wrong type is that expert's error.

    Raises:
        BadFact: it is no valid fact; the message names the path and says expected against got.
    """
    try:
        plain = msgspec.to_builtins(given) if isinstance(given, Fact) else given
        return msgspec.convert(plain, Fact)
    except (msgspec.ValidationError, TypeError, ValueError) as error:
        raise BadFact(f"no valid fact: {error}, got {ADDRESS.sub('', str(given))[:200]}") from None


def schema(kind: type = Record) -> dict[str, Any]:
    """JSON Schema (2020-12) of a row."""
    return msgspec.json.schema(kind)
