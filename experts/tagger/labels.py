"""What each output of a classifier means: the kind of fact, the word that is stated, and what is known of it besides."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from experts import plain_noun
from experts.tagger.files import Listed
from fusion.errors import ConfigError

KINDS = ("tag", "object", "scene", "style", "name", "")
"""Kinds that a label can be stated as; "" for labels that are not stated."""
NAME_CATEGORIES = frozenset({"1", "3", "4"})
"""Categories of booru tags that name somebody or something: artist, series, character."""
RATING = "9"
"""Category of booru tags that say for whom a picture is fit: one of them holds."""
_NOTHING = frozenset({"", "background", "__background__"})
_SPECIES = re.compile(r"([A-Z][a-z]+(?: [^\s()A-Z]+)+) \((.*)\)")
_WORDNET = re.compile(r"n\d{8}[\s_:,]+")
_PLACE = re.compile(r"/[a-z]/([^/]+)(?:/.*)?")


@dataclass(frozen=True)
class Label:
    """One output: `raw` as the model or file has it, `value` and `kind` as facts state it; not stated where `kind` is ""."""

    raw: str
    value: str
    kind: str
    category: str = ""
    taxonomy: tuple[str, ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """Names under which files may list it."""
        return tuple(dict.fromkeys(name.casefold() for name in (self.raw, self.value, *self.taxonomy[:2])))


def meant(listed: Listed, states: str | Mapping[str, str], broader: Mapping[str, tuple[str, ...]]) -> list[Label]:
    """A label for each output.

    "Species name (common name)" is read apart where most labels are written so; of "tench, Tinca tinca" the first name is
    taken, or where another label has it too, the first of its own.

    Raises:
        ConfigError: `states` names no kind of fact.
    """
    kinds = [_kind(listed.category(i), listed.booru, states) for i in range(len(listed.names))]
    species = _species(listed.names)
    names = [(found[2] or found[1],) if found else _names(raw) for raw, found in zip(listed.names, species, strict=True)]
    uses = Counter(_value(name, kind).casefold() for all_, kind in zip(names, kinds, strict=True) for name in all_)
    above = {name.casefold(): names_ for name, names_ in broader.items()}
    made = []
    for i, (raw, kind, found) in enumerate(zip(listed.names, kinds, species, strict=True)):
        values = [_value(name, kind) for name in (names[i] if kind != "name" or listed.booru else (raw,))]
        value = next((v for v in values if uses[v.casefold()] == 1), values[0])
        own = tuple(name for name in (found[1], found[2]) if name) if found else ()
        more = next((above[key] for key in (raw.casefold(), *map(str.casefold, own), value.casefold()) if key in above), ())
        kind = "" if raw.casefold() in _NOTHING else kind
        made.append(Label(raw, value, kind, listed.category(i), own + more))
    return made


def check_states(states: str | Mapping[str, str]) -> None:
    """Raise ConfigError unless `states` is a kind that a label can be stated as, or a map of categories to such."""
    for kind in states.values() if isinstance(states, Mapping) else [states]:
        if kind not in KINDS:
            expected = ", ".join(filter(None, KINDS))
            raise ConfigError(f"states: expected one of {expected}, or a map category → one of these, got {kind!r}")


def _kind(category: str, booru: bool, states: str | Mapping[str, str]) -> str:
    if isinstance(states, Mapping) and category in states:
        return states[category]
    if booru and category in NAME_CATEGORIES:
        return "name"
    if (booru and category == RATING) or isinstance(states, Mapping):
        return "tag"
    return states


def _species(names: Sequence[str]) -> list[re.Match[str] | None]:
    found = [_SPECIES.fullmatch(name) for name in names]
    return found if sum(match is not None for match in found) > 0.8 * len(names) else [None] * len(names)


def _names(raw: str) -> tuple[str, ...]:
    """The names of "n01440764 tench, Tinca tinca" or "/a/apartment_building/outdoor", the one that is said most first."""
    name = _WORDNET.sub("", raw, count=1) if _WORDNET.match(raw) else raw
    place = _PLACE.fullmatch(name)
    parts = tuple(part.strip() for part in (place[1] if place else name).split(", "))
    return tuple(part for part in parts if part) or (raw,)


def _value(name: str, kind: str) -> str:
    if kind in {"object", "scene"}:
        return plain_noun(name)
    return " ".join(name.replace("_", " ").lower().split()) if kind == "style" else name
