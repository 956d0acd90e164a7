"""Paths in a configuration are relative to the file that names them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

FILES = {"captions": ("style_folder", "prompts", "tokenizer"), "run": ("replies",), "language": ("embeddings",)}
"""Keys of tables that name a file or folder."""


def resolve(data: dict[str, Any], folder: Path) -> None:
    """Make paths that are relative to the configuration's folder relative to the current one, in place."""
    _join(data, "cards", folder)
    for name, keys in FILES.items():
        for key in keys:
            _join(data.get(name), key, folder)
    captions = data.get("captions")
    if isinstance(captions, dict):
        if _is_file(captions.get("strategy")):
            _join(captions, "strategy", folder)
        if isinstance(captions.get("styles"), list):
            named = captions["styles"]
            captions["styles"] = [(folder / one).as_posix() if _is_file(one) or "/" in str(one) else one for one in named]
    for table in [one for kind in ("experts", "writers") for one in _tables(data.get(kind))]:
        for key, value in table.items():
            if _names_a_path(key) and isinstance(value, str) and _is_path(value, table, folder):
                table[key] = (folder / value).as_posix()
    language = data.get("language")
    if isinstance(language, dict) and isinstance(pipeline := language.get("pipeline"), str) and _lies_beside(pipeline, folder):
        language["pipeline"] = (folder / pipeline).as_posix()


def _join(table: Any, key: str, folder: Path) -> None:
    if isinstance(table, dict) and isinstance(table.get(key), str) and table[key]:
        table[key] = (folder / table[key]).as_posix()


def _is_file(value: Any) -> bool:
    return isinstance(value, str) and value.endswith(".toml")


def _tables(value: Any) -> list[dict[str, Any]]:
    return [table for table in value if isinstance(table, dict)] if isinstance(value, list) else []


def _names_a_path(key: str) -> bool:
    return key in ("weights", "file") or key.endswith(("_file", "_path", "_dir"))


def _is_path(value: str, table: dict[str, Any], folder: Path) -> bool:
    """A name such as "owner/model" is that of a hub where something may be downloaded, unless it is there."""
    return (folder / value).exists() if table.get("download") is True else _lies_beside(value, folder)


def _lies_beside(value: str, folder: Path) -> bool:
    """A bare name that is not there is left alone: the library behind the expert may know it."""
    if not value or "://" in value or value.startswith("~") or Path(value).is_absolute():
        return False
    return "/" in value or "\\" in value or value.startswith(".") or (folder / value).exists()


def without(value: Any, prefix: str) -> Any:
    """The value with this prefix taken off all strings in it."""
    if isinstance(value, dict):
        return {key: without(inner, prefix) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [without(inner, prefix) for inner in value]
    return value.removeprefix(prefix) if isinstance(value, str) else value
