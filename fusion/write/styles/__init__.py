"""Styles: what kinds of caption there are, each a small TOML file; a user's own folder adds to them or replaces them."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import msgspec

from fusion.errors import ConfigError

__all__ = ["ORDER", "Most", "Style", "load_styles", "names"]

ORDER: tuple[str, ...] = ("short", "dense", "alt", "prompt", "tags")
"""The styles that captions are made in unless others are asked for."""


class Most(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The most that a caption of a style may say, by what it says."""

    things: int = 0
    relations: int = 0
    places: int = 0
    texts: int = 0
    quotes: int = 0
    looks: int = 0
    labels: int = 0
    tags: int = 0
    extras: int = 0


class Style(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One style. `form` names how the template writer says it, `instruction` tells a language model.

    `characters`, `words` and `tokens` (of CLIP's tokenizer) bound the caption, 0: any number; sentences end whole at the bound.
    """

    name: str
    about: str
    form: str
    instruction: str
    characters: int = 0
    words: int = 0
    tokens: int = 0
    most: Most = Most()


def load_styles(wanted: Sequence[str], folders: Sequence[str | Path] = ()) -> list[Style]:
    """The styles of these names, in order; a file in `folders` goes before the built-in one of its name.

    Raises:
        ConfigError: there is no such style, or its file is wrong.
    """
    known = names(folders)
    for name in wanted:
        if name not in known:
            raise ConfigError(f"no style {name!r}", hint=f"there are {', '.join(known)}")
    return [_read(known[name]) for name in wanted]


def names(folders: Sequence[str | Path] = ()) -> dict[str, Path]:
    """All styles with their files, the built-in ones of `ORDER` first."""
    own = Path(__file__).parent
    found = {name: own / f"{name}.toml" for name in ORDER}
    for folder in (own, *map(Path, folders)):
        found |= {path.stem: path for path in sorted(folder.glob("*.toml"))}
    return found


@lru_cache
def _read(path: Path) -> Style:
    try:
        return msgspec.convert({"name": path.stem, **tomllib.loads(path.read_text(encoding="utf-8"))}, Style)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise ConfigError(f"style {path.name}: {error}") from None
