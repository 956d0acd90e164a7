"""The configuration: a TOML file, `--set` overrides on top of it, checked strictly and named exactly when wrong.

Paths in a file are relative to it, those of overrides to the current folder. `fingerprint` tells two configurations
apart without saying where on a machine they lie.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from fusion.config.checking import converted, refuse_unknown
from fusion.config.named import NAMED, name_tables, override, split_options
from fusion.config.near import nearest
from fusion.config.paths import resolve, without
from fusion.config.tables import (
    CaptionsConfig,
    Config,
    ExpertConfig,
    ImagesConfig,
    LanguageConfig,
    RunConfig,
    WriterConfig,
)
from fusion.config.template import TEMPLATE
from fusion.errors import ConfigError

__all__ = [
    "FILE",
    "TEMPLATE",
    "CaptionsConfig",
    "Config",
    "ExpertConfig",
    "ImagesConfig",
    "LanguageConfig",
    "RunConfig",
    "WriterConfig",
    "fingerprint",
    "load",
    "nearest",
]

FILE = "fusion.toml"


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
    said = without(said, f"{folder.rstrip('/')}/") if folder else said
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False, default=str).encode()).hexdigest()


def _made(data: dict[str, Any], overrides: Sequence[str], *, folder: str, where: str) -> Config:
    data = _plain(data)
    for key in NAMED:
        name_tables(data.get(key))
    if folder:
        resolve(data, Path(folder))
    for one in overrides:
        override(data, one)
    refuse_unknown(data, where)
    for key in NAMED:
        if data.get(key) is not None:
            data[key] = split_options(data[key], key, where)
    return converted({**data, "folder": folder}, where)


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
