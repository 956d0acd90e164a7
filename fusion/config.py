"""The configuration: a TOML file, `--set` overrides on top of it, checked strictly and named exactly when wrong.

Paths in a file are relative to it, those of overrides to the current folder. `fingerprint` tells two configurations
apart without saying where on a machine they lie.
"""

from __future__ import annotations

import difflib
import hashlib
import json
import math
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

import msgspec

from fusion.errors import ConfigError
from fusion.facts import Policy

FILE = "fusion.toml"

Above0 = Annotated[float, msgspec.Meta(gt=0)]
AtLeast0 = Annotated[int, msgspec.Meta(ge=0)]
AtLeast1 = Annotated[int, msgspec.Meta(ge=1)]


class _Table(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of the file; its fields are the keys."""


class ImagesConfig(_Table, frozen=True, kw_only=True):
    """What pictures are taken."""

    max_megapixels: Above0 = 100.0


class LanguageConfig(_Table, frozen=True, kw_only=True):
    """What reads sentences: a spaCy pipeline by name or path, the embedded one if empty; and what knows words that are alike."""

    pipeline: str = ""
    embeddings: str = ""


class CaptionsConfig(_Table, frozen=True, kw_only=True):
    """What captions are made, who writes them, and what repair takes away."""

    styles: tuple[str, ...] = ("short", "dense", "alt", "prompt", "tags")
    writer: str = "template"
    policy: Policy = "balanced"
    ask: AtLeast0 = 4


class RunConfig(_Table, frozen=True, kw_only=True):
    """Pictures a batch, batches decoded ahead, seconds for one expert and picture, experts at the same time or in turn."""

    batch: AtLeast1 = 8
    read_ahead: AtLeast0 = 2
    time_limit: Above0 = 60.0
    together: bool = True


class ExpertConfig(_Table, frozen=True, kw_only=True):
    """One expert: the name that facts carry, the entry point, its time limit in seconds if it has its own.

    `options` holds every other key of its table and goes to the constructor.
    """

    name: str
    use: str
    time_limit: Above0 | None = None
    options: dict[str, Any] = {}


class Config(_Table, frozen=True, kw_only=True):
    """All of it. `experts` is None where none are configured; `folder` is where the file lies and is no key of it."""

    seed: int = 0
    images: ImagesConfig = ImagesConfig()
    language: LanguageConfig = LanguageConfig()
    captions: CaptionsConfig = CaptionsConfig()
    run: RunConfig = RunConfig()
    cards: str = ""
    experts: tuple[ExpertConfig, ...] | None = None
    folder: str = ""


TEMPLATE = """\
# Configuration of caption-fusion. Every key is shown with its default; take away the "#" in front of one to change it.
# Paths are relative to this file.

# Chooses among equally good ways to say a thing. Same input, configuration and seed: same output.
#seed = 0
# A cards file: how far to trust which expert. Empty: what experts say of themselves.
#cards = ""

[images]
# Pictures of more megapixels than this are refused, as a guard against files made to fill the memory.
#max_megapixels = 100.0

[language]
# The spaCy pipeline that reads captions, by name or path. Empty: the one that comes with this package.
#pipeline = ""
# A folder with a sentence-transformers model that knows more words that mean nearly the same. Empty: WordNet alone.
#embeddings = ""

[captions]
# The captions made of each picture.
#styles = ["short", "dense", "alt", "prompt", "tags"]
# What puts facts into sentences.
#writer = "template"
# What repair takes away: "lenient" what is contradicted, "balanced" also what is more likely wrong, "strict" all that
# is not supported.
#policy = "balanced"
# Claims of one caption, at most, that experts are asked about because nobody has said anything of them. 0: none.
#ask = 4

[run]
# Pictures that experts and writers are given at once.
#batch = 8
# Batches of pictures that are decoded while one is worked on. More takes more memory.
#read_ahead = 2
# Seconds that one expert may take for one picture.
#time_limit = 60.0
# Experts that need nothing of each other look at a picture at the same time. Switch it off where memory is short.
#together = true

# Experts run in this order and see the facts of those before. Without any, those installed run that need neither
# weights nor a download. `fusion experts` lists what is installed. `name` is what facts and cards carry (default:
# `use`), `use` what is installed, `time_limit` goes before that of [run], every other key is an option of the expert.
# [[experts]]
# name = "coco"
# use = "detector"
# time_limit = 30.0
# weights = "yolo11n.pt"
"""


def load(source: str | Path | Mapping[str, Any] | None = None, overrides: Sequence[str] = ()) -> Config:
    """Read a configuration: a file, a mapping, or None for `fusion.toml` in the current folder if it exists.

    `overrides` are "key=value" with dots between tables ("run.batch=4", "experts.coco.weights=a.pt" for the expert
    named coco); the value is TOML, or else a string. A later one goes before an earlier one, all go before the file.

    Raises:
        ConfigError: no such file, no TOML, an unknown key, a value of the wrong type; the message names the key.
    """
    if source is None and Path(FILE).is_file():
        source = FILE
    if source is None or isinstance(source, Mapping):
        return _made(dict(source or {}), overrides, folder="", where="configuration")
    path = Path(source)
    folder = "" if path.parent == Path() else path.parent.as_posix()
    return _made(_read(path), overrides, folder=folder, where=str(path))


def fingerprint(config: Config) -> str:
    """SHA-256, as hex, of what the configuration says; paths inside the file's folder count as they are written."""
    said = msgspec.to_builtins(config)
    folder = said.pop("folder")
    said = _without(said, f"{folder.rstrip('/')}/") if folder else said
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False, default=str).encode()).hexdigest()


def nearest(word: str, known: Sequence[str]) -> str:
    """A hint that names the closest of the known words, or all of them."""
    close = difflib.get_close_matches(word, known, n=1)
    return f"did you mean {close[0]!r}?" if close else f"known are: {', '.join(known) or 'none'}"


def _made(data: dict[str, Any], overrides: Sequence[str], *, folder: str, where: str) -> Config:
    data = _plain(data)
    tables = data.get("experts")
    _name_experts(tables)
    if folder:
        _resolve(data, Path(folder))
    for override in overrides:
        _override(data, override)
    _refuse_unknown(data, where)
    if data.get("experts") is not None:
        data["experts"] = _experts(data["experts"], where)
    return _convert({**data, "folder": folder}, where)


def _plain(value: Any) -> Any:
    """A copy with plain dicts and lists, so that overrides never write into what the caller gave."""
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        hint = "`fusion init` writes one" if isinstance(error, FileNotFoundError) else ""
        raise ConfigError(f"{path}: cannot be read: {error.strerror or error}", hint=hint) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: expected TOML in UTF-8: {error}") from None


# Experts


def _name_experts(tables: Any) -> None:
    """Give an expert without a name that of its entry point, before overrides address it."""
    for table in tables if isinstance(tables, list) else []:
        if isinstance(table, dict) and "use" in table:
            table.setdefault("name", table["use"])


def _experts(tables: Any, where: str) -> list[dict[str, Any]]:
    """The tables with all keys that are not ours gathered under `options`."""
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise ConfigError(f"{where}: experts: expected tables [[experts]], got {tables!r}")
    _name_experts(tables)
    made = [_expert(table, f"{where}: experts[{i}]") for i, table in enumerate(tables)]
    names = [table["name"] for table in made]
    for name in names:
        if names.count(name) > 1:
            hint = "give one of them another `name`"
            raise ConfigError(f"{where}: experts: expected names that differ, got {name!r} twice", hint=hint)
    return made


def _expert(table: dict[str, Any], where: str) -> dict[str, Any]:
    if "use" not in table:
        keys = ", ".join(map(repr, table)) or "no key"
        raise ConfigError(f"{where}: expected a key 'use', got {keys}", hint="`fusion experts` lists what it can be")
    for key in ("name", "use"):
        if not isinstance(table[key], str) or not table[key].strip():
            raise ConfigError(f"{where}.{key}: expected some text, got {table[key]!r}")
    if "/" in table["name"]:
        raise ConfigError(f"{where}.name: expected a name without '/', which parts it from ids, got {table['name']!r}")
    ours = {key: table[key] for key in ("name", "use", "time_limit") if key in table}
    return ours | {"options": {key: value for key, value in table.items() if key not in ours}}


# Overrides


def _override(data: dict[str, Any], override: str) -> None:
    key, equals, text = override.partition("=")
    key = key.strip()
    if not equals or not all(key.split(".")):
        raise ConfigError(f"override {override!r}: expected KEY=VALUE, such as run.batch=4")
    table, rest = data, key
    if key.startswith("experts."):
        table, rest = _named(data, key.removeprefix("experts."), override)
    *path, last = rest.split(".")
    for part in path:
        table = table.setdefault(part, {})
        if not isinstance(table, dict):
            raise ConfigError(f"override {override!r}: expected {part!r} to be a table, got {table!r}")
    table[last] = _value(text.strip())


def _named(data: dict[str, Any], rest: str, override: str) -> tuple[dict[str, Any], str]:
    """The table of the expert that a key begins with, and what of the key follows."""
    tables = data.get("experts")
    names = {str(t["name"]): t for t in tables if isinstance(t, dict) and "name" in t} if isinstance(tables, list) else {}
    fits = [name for name in names if rest.startswith(f"{name}.") and len(rest) > len(name) + 1]
    if not fits:
        hint = f"configured are: {', '.join(names) or 'none'}; the form is experts.NAME.KEY=VALUE"
        raise ConfigError(f"override {override!r}: no expert of that name is configured", hint=hint)
    name = max(fits, key=len)
    return names[name], rest[len(name) + 1 :]


def _value(text: str) -> Any:
    try:
        parsed = tomllib.loads(f"value = {text}")
    except tomllib.TOMLDecodeError:
        return text
    value = parsed["value"]
    return value if len(parsed) == 1 and isinstance(value, str | int | float | list | dict) else text


# Paths


def _resolve(data: dict[str, Any], folder: Path) -> None:
    cards, experts = data.get("cards"), data.get("experts")
    if isinstance(cards, str) and cards:
        data["cards"] = (folder / cards).as_posix()
    for table in experts if isinstance(experts, list) else []:
        for key, value in table.items() if isinstance(table, dict) else []:
            if _names_a_path(key) and isinstance(value, str) and _lies_beside(value, folder):
                table[key] = (folder / value).as_posix()


def _names_a_path(key: str) -> bool:
    return key in ("weights", "file") or key.endswith(("_file", "_path", "_dir"))


def _lies_beside(value: str, folder: Path) -> bool:
    """A bare name that is not there is left alone: the library behind the expert may know it."""
    if not value or "://" in value or value.startswith("~") or Path(value).is_absolute():
        return False
    return "/" in value or "\\" in value or value.startswith(".") or (folder / value).exists()


def _without(value: Any, prefix: str) -> Any:
    if isinstance(value, dict):
        return {key: _without(inner, prefix) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_without(inner, prefix) for inner in value]
    return value.removeprefix(prefix) if isinstance(value, str) else value


# Checking


def _tables(kind: type) -> Iterator[tuple[str, type]]:
    """Keys of the file with their types, those of tables behind a dot; experts have keys of their own."""
    for key, hint in get_type_hints(kind).items():
        if isinstance(hint, type) and issubclass(hint, _Table):
            yield from ((f"{key}.{inner}", its) for inner, its in _tables(hint))
        elif key != "folder":
            yield key, hint


_KEYS: dict[str, Any] = dict(_tables(Config))


def _refuse_unknown(data: dict[str, Any], where: str) -> None:
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


def _convert(data: dict[str, Any], where: str) -> Config:
    try:
        config = msgspec.convert(data, Config)
    except msgspec.ValidationError as error:
        what, _, path = str(error).partition(" - at `$.")
        key = path.rstrip("`")
        got = _at(data, key)
        choices = get_args(_KEYS.get(key)) if get_origin(_KEYS.get(key)) is Literal else ()
        expected = f"one of {', '.join(choices)}" if choices else what.partition(",")[0].removeprefix("Expected ")
        expected = expected.replace("`", "").replace("object", "table")
        raise ConfigError(f"{where}: {key}: expected {expected}, got {got!r}") from None
    for key, value in _floats(config):
        if not math.isfinite(value):
            raise ConfigError(f"{where}: {key}: expected a finite number, got {value}")
    return config


def _floats(table: msgspec.Struct) -> Iterator[tuple[str, float]]:
    """The fractions among the values, by key; options belong to the experts."""
    for key in table.__struct_fields__:
        value = getattr(table, key)
        if isinstance(value, float):
            yield key, value
        elif isinstance(value, _Table):
            yield from ((f"{key}.{inner}", one) for inner, one in _floats(value))
        elif key == "experts":
            for i, expert in enumerate(value or ()):
                yield from ((f"experts[{i}].{inner}", one) for inner, one in _floats(expert))


def _at(data: Any, key: str) -> Any:
    """The value behind a path such as `experts[0].time_limit`."""
    for part in key.replace("[", ".").replace("]", "").split("."):
        if isinstance(data, list) and part.isdigit():
            data = data[int(part)]
        elif isinstance(data, dict):
            data = data.get(part)
    return data
