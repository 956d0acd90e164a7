"""Styles: what kinds of caption there are, each a small TOML file; a user's own folder adds to them or replaces them."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, get_args

import msgspec

from fusion import lexicon
from fusion.errors import ConfigError
from fusion.facts import Claim, ClaimKind, FactKind

__all__ = ["FORMS", "ORDER", "PROSE", "Most", "Style", "load_styles", "names", "source", "unwelcome"]

ORDER: tuple[str, ...] = ("short", "dense", "alt", "prompt", "tags")
"""The styles that captions are made in unless others are asked for."""
PROSE: frozenset[str] = frozenset({"sentence", "sentences", "paragraph", "alt", "artistic"})
"""Forms that are sentences one after the other."""
FORMS: frozenset[str] = PROSE | {"prompt", "tags", "regions", "structured", "questions"}
"""All forms that a caption can have: what the template writer can make, and how a text is taken apart to be checked."""

AtLeast0 = Annotated[int, msgspec.Meta(ge=0)]
Words = Annotated[str, msgspec.Meta(min_length=1)]


class Most(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The most that a caption of a style may say, by what it says."""

    things: AtLeast0 = 0
    relations: AtLeast0 = 0
    places: AtLeast0 = 0
    texts: AtLeast0 = 0
    quotes: AtLeast0 = 0
    looks: AtLeast0 = 0
    labels: AtLeast0 = 0
    tags: AtLeast0 = 0
    extras: AtLeast0 = 0


class Style(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One style. `form` is how the template writer says it, `instruction` tells a language model, `template` is its prompt.

    `characters`, `words` and `tokens` (of CLIP's tokenizer, with its start and its end) bound the caption, `each` the words of
    one region or one answer, 0: any number; sentences end whole at the bound. `kinds` are the facts that it wants and `claims`
    what it may hold, empty: all. `examples` are captions that show a language model what is meant.
    """

    name: str
    about: Words
    form: str
    instruction: Words
    characters: AtLeast0 = 0
    words: AtLeast0 = 0
    tokens: AtLeast0 = 0
    each: AtLeast0 = 0
    kinds: tuple[FactKind, ...] = ()
    claims: tuple[ClaimKind, ...] = ()
    template: Words = "caption/v2"
    examples: tuple[Words, ...] = ()
    most: Most = Most()

    @property
    def is_prose(self) -> bool:
        """Is it sentences, and neither a list nor something for machines?"""
        return self.form in PROSE

    def wants(self, kind: str) -> bool:
        """Are facts of this kind for it?"""
        return not self.kinds or kind in self.kinds


def unwelcome(style: Style, claims: Sequence[Claim], heard: Collection[str] = ()) -> tuple[Claim, ...]:
    """The claims that a caption of the style may not hold. An opinion whose word some expert used (`Evidence.heard`) may stay."""
    if not style.claims:
        return ()
    return tuple(c for c in claims if c.kind not in style.claims and not (c.kind == "opinion" and _is_heard(c.value, heard)))


def _is_heard(value: str, heard: Collection[str]) -> bool:
    return bool(lexicon.rooted([value]).intersection(heard))


def load_styles(wanted: Sequence[str], folders: Sequence[str | Path] = ()) -> list[Style]:
    """The styles of these names, in order; a file in `folders` goes before the built-in one, a later folder before an earlier.

    What looks like a path ("my/style.toml") is the file itself.

    Raises:
        ConfigError: there is no such style or folder, or its file is wrong; the message names file and key.
    """
    known = names(folders)
    return [_one(name, known) for name in wanted]


def names(folders: Sequence[str | Path] = ()) -> dict[str, Path]:
    """All styles with their files, the built-in ones first, those of `ORDER` before the others.

    Raises:
        ConfigError: a folder that does not exist.
    """
    found = dict(_built_in_files())
    for folder in map(Path, folders):
        if not folder.is_dir():
            raise ConfigError(f"styles: expected a folder, got {str(folder)!r}", hint="check the path")
        found |= {path.stem: path for path in sorted(folder.glob("*.toml"))}
    return found


def source(path: Path) -> str:
    """Where a style comes from: "built-in", or its file."""
    return "built-in" if path.parent == Path(__file__).parent else str(path)


@lru_cache(maxsize=1)
def _built_in_files() -> Mapping[str, Path]:
    own = Path(__file__).parent
    ordered = {name: own / f"{name}.toml" for name in ORDER}
    return ordered | {path.stem: path for path in sorted(own.glob("*.toml"))}


def _one(name: str, known: Mapping[str, Path]) -> Style:
    if "/" in name or "\\" in name or name.endswith(".toml"):
        return _read(Path(name))
    if name not in known:
        close = difflib.get_close_matches(name, known, n=1)
        hint = f"did you mean {close[0]!r}?" if close else f"there are {', '.join(known)}; a path names a file"
        raise ConfigError(f"no style {name!r}", hint=hint)
    path = known[name]
    return _read_built_in(path) if source(path) == "built-in" else _read(path)


def _read(path: Path) -> Style:
    """The style in a file, named after it."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise ConfigError(f"style {path}: cannot be read: {error.strerror or error}", hint="check the path") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"style {path}: expected TOML in UTF-8: {error}") from None
    _refuse_unknown(path, "", table, [field for field in Style.__struct_fields__ if field != "name"])
    most = table.get("most")
    if isinstance(most, dict):
        _refuse_unknown(path, "most.", most, Most.__struct_fields__)
    style = _converted(path, table)
    if style.form not in FORMS:
        raise ConfigError(f"style {path}: form: expected one of {', '.join(sorted(FORMS))}, got {style.form!r}",
                          hint=_nearest(style.form, FORMS))  # fmt: skip
    return style


_read_built_in = lru_cache(maxsize=64)(_read)


def _refuse_unknown(path: Path, table: str, given: Mapping[str, Any], known: Sequence[str]) -> None:
    for key in given:
        if key not in known:
            raise ConfigError(f"style {path}: unknown key {table + key!r}", hint=_nearest(key, known))


def _converted(path: Path, table: dict[str, Any]) -> Style:
    try:
        return msgspec.convert({**table, "name": path.stem}, Style)
    except msgspec.ValidationError as error:
        what, _, where = str(error).partition(" - at `$")
        key = where.strip("`.")
        if not key:  # a key that must be there is not: "Object missing required field `about`"
            raise ConfigError(f"style {path}: expected a key {what.split('`')[1]!r}, got none") from None
        got, kinds = _at(table, key), _KINDS.get(key.partition("[")[0], ())
        named = bool(kinds) and isinstance(got, str)
        expected = f"one of {', '.join(kinds)}" if named else _plainly(what)
        hint = _nearest(str(got), kinds) if named else ""
        raise ConfigError(f"style {path}: {key}: expected {expected}, got {got!r}", hint=hint) from None


_KINDS: dict[str, tuple[str, ...]] = {"kinds": get_args(FactKind), "claims": get_args(ClaimKind)}


def _plainly(what: str) -> str:
    """What msgspec expected, in words: "Expected `int` >= 0"."""
    expected = what.partition(", got")[0].removeprefix("Expected ").replace("`", "")
    return expected.replace("object", "table").replace("array", "list").replace("str of length >= 1", "some text")


def _at(value: Any, key: str) -> Any:
    """The value behind "most.things" or "kinds[1]"."""
    for step in key.replace("[", ".").replace("]", "").split("."):
        value = value[int(step)] if isinstance(value, list) else value[step]
    return value


def _nearest(word: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(word, list(known), n=1)
    return f"did you mean {close[0]!r}?" if close else f"known are {', '.join(sorted(known))}"
