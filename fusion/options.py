"""Options of an expert or a backend, held against the constructor that takes them."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from fusion.errors import ConfigError

TYPES: Mapping[str, tuple[str, tuple[type, ...]]] = {
    "str": ("a string", (str,)),
    "int": ("a whole number", (int,)),
    "float": ("a number", (int, float)),
    "bool": ("true or false", (bool,)),
}
"""Annotations that options are held to before they get there."""


def check_options(kind: type[Any], options: Mapping[str, Any], where: str) -> None:
    """Refuse options that the constructor does not have, lacks, or that are of another plain type than it says.

    Raises:
        ConfigError: the message begins with `where`; for an unknown option the hint names the nearest.
    """
    taken = inspect.signature(kind).parameters
    plain = {name: one for name, one in taken.items() if one.kind in {one.POSITIONAL_OR_KEYWORD, one.KEYWORD_ONLY}}
    open_ended = any(one.kind is one.VAR_KEYWORD for one in taken.values())
    takes = f"it takes {', '.join(plain) or 'no options'}"
    for option, value in options.items():
        if option in plain:
            _check_type(plain[option], value, where)
        elif not open_ended:
            near = get_close_matches(option, plain, 1)
            hint = f"did you mean {near[0]!r}? {takes}" if near else takes
            raise ConfigError(f"{where}: unknown option {option!r}", hint=hint)
    for option, one in plain.items():
        if one.default is one.empty and option not in options:
            raise ConfigError(f"{where}: option {option!r} is missing", hint=takes)


def _check_type(one: inspect.Parameter, value: object, where: str) -> None:
    expected, types = TYPES.get(getattr(one.annotation, "__name__", str(one.annotation)), ("", ()))
    if types and (not isinstance(value, types) or (isinstance(value, bool) and bool not in types)):
        raise ConfigError(f"{where}, {one.name}: expected {expected}, got {value!r}")


def at_least(least: int, **options: int) -> None:
    """Refuse whole numbers below a bound.

    Raises:
        ConfigError: one is; the message names it.
    """
    for name, value in options.items():
        if value < least:
            raise ConfigError(f"{name}: expected {least} or more, got {value}")
