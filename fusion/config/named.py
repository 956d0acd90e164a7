"""Tables that have names, [[experts]] and [[writers]], and overrides that address keys of all tables."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from typing import Any

from fusion.errors import ConfigError

NAMED: Mapping[str, tuple[str, ...]] = {
    "experts": ("name", "use", "time_limit"),
    "writers": ("name", "use", "prompt", "form", "retries", "temperature", "max_tokens"),
}
"""Arrays of tables by name, and the keys of each that are the pipeline's own."""
LISTS = {"experts": "`fusion experts` lists what it can be", "writers": "it can be llama_cpp, transformers or server"}


def name_tables(tables: Any) -> None:
    """Give a table without a name that of its entry point, before overrides address it."""
    for table in tables if isinstance(tables, list) else []:
        if isinstance(table, dict) and "use" in table:
            table.setdefault("name", table["use"])


def split_options(tables: Any, key: str, where: str) -> list[dict[str, Any]]:
    """The tables of `key` with all keys that are not the pipeline's gathered under `options`."""
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise ConfigError(f"{where}: {key}: expected tables [[{key}]], got {tables!r}")
    name_tables(tables)
    made = [_split(table, key, f"{where}: {key}[{i}]") for i, table in enumerate(tables)]
    names = [table["name"] for table in made]
    for name in names:
        if names.count(name) > 1:
            hint = "give one of them another `name`"
            raise ConfigError(f"{where}: {key}: expected names that differ, got {name!r} twice", hint=hint)
    return made


def _split(table: dict[str, Any], kind: str, where: str) -> dict[str, Any]:
    if "use" not in table:
        keys = ", ".join(map(repr, table)) or "no key"
        raise ConfigError(f"{where}: expected a key 'use', got {keys}", hint=LISTS[kind])
    for key in ("name", "use"):
        if not isinstance(table[key], str) or not table[key].strip():
            raise ConfigError(f"{where}.{key}: expected some text, got {table[key]!r}")
    if "/" in table["name"]:
        raise ConfigError(f"{where}.name: expected a name without '/', which parts it from ids, got {table['name']!r}")
    ours = {key: table[key] for key in NAMED[kind] if key in table}
    return ours | {"options": {key: value for key, value in table.items() if key not in ours}}


def override(data: dict[str, Any], given: str) -> None:
    """Write "key=value" into the data, in place.

    Raises:
        ConfigError: it has no such form, or names a table that is not there.
    """
    key, equals, text = given.partition("=")
    key = key.strip()
    if not equals or not all(key.split(".")):
        raise ConfigError(f"override {given!r}: expected KEY=VALUE, such as run.batch=4")
    table, rest = data, key
    first, _, name = key.partition(".")
    if first in NAMED and name:
        table, rest = _named(data, first, name, given)
    *path, last = rest.split(".")
    for part in path:
        table = table.setdefault(part, {})
        if not isinstance(table, dict):
            raise ConfigError(f"override {given!r}: expected {part!r} to be a table, got {table!r}")
    table[last] = _value(text.strip())


def _named(data: dict[str, Any], kind: str, rest: str, override: str) -> tuple[dict[str, Any], str]:
    """The table of that name which a key begins with, and what of the key follows."""
    tables = data.get(kind)
    names = {str(t["name"]): t for t in tables if isinstance(t, dict) and "name" in t} if isinstance(tables, list) else {}
    fits = [name for name in names if rest.startswith(f"{name}.") and len(rest) > len(name) + 1]
    if not fits:
        hint = f"configured are: {', '.join(names) or 'none'}; the form is {kind}.NAME.KEY=VALUE"
        raise ConfigError(f"override {override!r}: no {kind[:-1]} of that name is configured", hint=hint)
    name = max(fits, key=len)
    return names[name], rest[len(name) + 1 :]


def _value(text: str) -> Any:
    try:
        parsed = tomllib.loads(f"value = {text}")
    except tomllib.TOMLDecodeError:
        return text
    value = parsed["value"]
    return value if len(parsed) == 1 and isinstance(value, str | int | float | list | dict) else text
