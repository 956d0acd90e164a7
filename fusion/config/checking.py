"""Is what a configuration says known, and of the right type? Named exactly where it is not."""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterator
from typing import Any, Literal, get_args, get_origin, get_type_hints

import msgspec

from fusion.config.named import NAMED
from fusion.config.tables import Config, ExpertConfig, Table, WriterConfig
from fusion.errors import ConfigError


def _tables(kind: type) -> Iterator[tuple[str, type]]:
    """Keys of the file with their types, those of tables behind a dot; experts have keys of their own."""
    for key, hint in get_type_hints(kind).items():
        if isinstance(hint, type) and issubclass(hint, Table):
            yield from ((f"{key}.{inner}", its) for inner, its in _tables(hint))
        elif key != "folder":
            yield key, hint


_KEYS: dict[str, Any] = dict(_tables(Config))


def refuse_unknown(data: dict[str, Any], where: str) -> None:
    """Raise ConfigError for a key that no table has, naming the nearest one."""
    sections = {key.partition(".")[0] for key in _KEYS if "." in key}
    for key, value in data.items():
        found = [key]
        if key in sections and isinstance(value, dict):
            found = [f"{key}.{inner}" for inner in value]
        for one in found:
            if one not in _KEYS and one not in sections:
                raise ConfigError(f"{where}: unknown key {one!r}", hint=_nearest_key(one))


def _nearest_key(key: str) -> str:
    """The closest key, whether the table or the name in it is what was mistaken."""
    last = key.rpartition(".")[2]
    for known in _KEYS:
        if known.rpartition(".")[2] == last:
            return f"did you mean {known!r}?"
    close = difflib.get_close_matches(key, _KEYS, n=1)
    by_name = difflib.get_close_matches(last, [known.rpartition(".")[2] for known in _KEYS], n=1)
    if not close and by_name:
        close = [known for known in _KEYS if known.rpartition(".")[2] == by_name[0]]
    return f"did you mean {close[0]!r}?" if close else f"known are: {', '.join(_KEYS)}"


def converted(data: dict[str, Any], where: str) -> Config:
    """The data as a Config.

    Raises:
        ConfigError: a value of the wrong type or out of its range; the message names the key.
    """
    try:
        config = msgspec.convert(data, Config)
    except msgspec.ValidationError as error:
        what, _, path = str(error).partition(" - at `$.")
        key = path.rstrip("`")
        got = _at(data, key)
        hint = _hint(key)
        choices = get_args(hint) if get_origin(hint) is Literal else ()
        expected = f"one of {', '.join(choices)}" if choices else what.partition(",")[0].removeprefix("Expected ")
        expected = expected.replace("`", "").replace("object", "table")
        raise ConfigError(f"{where}: {key}: expected {expected}, got {got!r}") from None
    for key, value in _floats(config):
        if not math.isfinite(value):
            raise ConfigError(f"{where}: {key}: expected a finite number, got {value}")
    return config


def _hint(key: str) -> Any:
    """The type of a key, of one of a named table ("writers[0].form") as well."""
    kind, _, inner = key.partition("[")
    owner = {"experts": ExpertConfig, "writers": WriterConfig}.get(kind) if inner else None
    return get_type_hints(owner).get(inner.partition("].")[2]) if owner else _KEYS.get(key)


def _floats(table: msgspec.Struct) -> Iterator[tuple[str, float]]:
    """The fractions among the values, by key; options belong to the experts."""
    for key in table.__struct_fields__:
        value = getattr(table, key)
        if isinstance(value, float):
            yield key, value
        elif isinstance(value, Table):
            yield from ((f"{key}.{inner}", one) for inner, one in _floats(value))
        elif key in NAMED:
            for i, named in enumerate(value or ()):
                yield from ((f"{key}[{i}].{inner}", one) for inner, one in _floats(named))


def _at(data: Any, key: str) -> Any:
    """The value behind a path such as `experts[0].time_limit`."""
    for part in key.replace("[", ".").replace("]", "").split("."):
        if isinstance(data, list) and part.isdigit():
            data = data[int(part)]
        elif isinstance(data, dict):
            data = data.get(part)
    return data
