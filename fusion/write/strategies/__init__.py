"""Strategies: who proposes captions, who judges them, how many are kept. Presets of one function, each a small TOML file.

    candidates  = each writer's drafts of each brief, sentences of experts, the alt-text
    kept        = the best of them by a judge
    captions    = what is kept, or what a writer makes of it, checked and repaired

A strategy of your own is a file; it needs no code.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from fusion.errors import ConfigError
from fusion.write.sources import Source

__all__ = ["Strategy", "load_strategy", "strategies"]

Proposer = Literal["writer", "writers", "statements", "alt_text"]
Judge = Literal["", "support", "image_text", "model"]


class Strategy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One way from facts to captions.

    `told` is what writers are told of a picture; `checked` leaves out of it the sentences that other facts contradict. `propose`
    says where candidates come from: the configured writer, all of them, sentences of experts as they are, the alt-text as it is.
    Each writer makes `drafts` of each brief. `judge` picks: by how much of a candidate the facts support, by how well an expert
    such as `retrieval` finds that it fits the picture, or a language model. `best` are kept, 0: all. With `fuse` what is kept is
    told to the writer, which writes anew. `styles` are those of the strategy, none: those of the configuration.
    """

    name: str
    about: str
    stands_for: str = ""
    told: tuple[Source, ...] = ("facts", "statements", "alt_text", "tags", "label")
    checked: bool = False
    propose: tuple[Proposer, ...] = ("writer",)
    drafts: Annotated[int, msgspec.Meta(ge=1, le=16)] = 1
    judge: Judge = ""
    best: Annotated[int, msgspec.Meta(ge=0)] = 0
    fuse: bool = False
    styles: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.propose:
            raise ValueError("propose: expected at least one of writer, writers, statements, alt_text, got none")
        if self.best and not self.judge:
            raise ValueError(f"best: expected a judge that picks the best {self.best}, got none")
        if self.fuse and self.writes:
            raise ValueError("fuse: expected to propose statements or alt_text, which a writer then fuses, got a writer")

    @property
    def writes(self) -> bool:
        """Do writers propose?"""
        return bool({"writer", "writers"} & set(self.propose))


def load_strategy(wanted: str) -> Strategy:
    """The preset of that name, or the strategy in a TOML file.

    Raises:
        ConfigError: there is no such preset or file, or what it says is wrong; the message names the file and the key.
    """
    known = strategies()
    if wanted in known:
        return _read_built_in(known[wanted])
    if not wanted.endswith(".toml"):
        hint = f"there are {', '.join(known)}; or give the path of a TOML file"
        raise ConfigError(f"captions.strategy: no strategy {wanted!r}", hint=hint)
    return _read(Path(wanted))


def strategies() -> Mapping[str, Path]:
    """The presets by name, with their files."""
    return {path.stem: path for path in sorted(Path(__file__).parent.glob("*.toml"))}


def _read(path: Path) -> Strategy:
    where = f"strategy {path.name}"
    try:
        return msgspec.convert({"name": path.stem, **tomllib.loads(path.read_text(encoding="utf-8-sig"))}, Strategy)
    except OSError as error:
        raise ConfigError(f"{where}: cannot be read: {error.strerror}", hint="check the path") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{where}: expected TOML in UTF-8: {error}") from None
    except msgspec.ValidationError as error:
        keys = ", ".join(Strategy.__struct_fields__)
        raise ConfigError(f"{where}: {error}", hint=f"the keys are {keys}") from None


_read_built_in = lru_cache(maxsize=32)(_read)
