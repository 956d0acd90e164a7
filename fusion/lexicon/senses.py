"""From a word as it is written to its senses: case, number, spelling, compounds."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from fusion.lexicon import inflection
from fusion.lexicon.hand import DEAD_MATTER, GROUPS, KINDS, LIKENESSES
from fusion.lexicon.table import bare, table


class Noun(NamedTuple):
    """A noun as the table knows it. `own`: the senses are those of the whole word and not only of its head or kind."""

    word: str
    senses: tuple[int, ...]
    own: bool


@lru_cache(maxsize=1 << 16)
def fold(word: str) -> str:
    """Lower case, single spaces, no article in front."""
    text = " ".join(word.lower().replace("_", " ").replace("’", "'").split())
    for lead in ("a ", "an ", "the "):
        if text.startswith(lead) and len(text) > len(lead):
            return text[len(lead) :]
    return text


@lru_cache(maxsize=1 << 16)
def spelled(word: str) -> str:
    """The spelling that the table has: hyphens, spaces or neither ("t shirt" to "t-shirt"); else the folded word."""
    text, known = fold(word), table()
    if known.has(text):
        return text
    for other in (text.replace("-", " "), text.replace(" ", "-"), bare(text)):
        if other != text and known.has(other):
            return other
    if bare(text) == text and text in known.joined:
        return known.joined[text]
    return text.replace("-", " ")


def _noun_senses(word: str) -> tuple[int, ...]:
    known = table()
    return tuple(s for s in known.senses(word) if known.file(s).startswith("noun"))


@lru_cache(maxsize=1 << 16)
def group(word: str) -> int | None:
    """The number of the synonym group of `GROUPS` that holds the word, in any spelling and number;
    None if none does."""
    index = _groups().get(bare(fold(word)))
    return index if index is not None else _groups().get(bare(inflection.singular(fold(word))))


@lru_cache(maxsize=1)
def _groups() -> dict[str, int]:
    return {bare(word): i for i, words in enumerate(GROUPS) for word in words}


@lru_cache(maxsize=1 << 16)
def noun(word: str) -> Noun:
    """The senses of a noun; an unknown compound has those of its head ("wooden table"), an unknown word none.

    A likeness is not what it is like: a "toy car" is a toy, a "dog statue" a statue.
    """
    text = fold(word)
    one = inflection.singular(text)
    for form in (one, text):
        kind = KINDS.get(form) or KINDS.get(form.replace("-", " "))
        if kind:
            return Noun(form, noun(kind).senses, False)
    found = _noun_senses(spelled(one))
    if one == "glasses":  # spectacles, or several glasses
        found += _noun_senses("glass")
    if found:
        return Noun(one, found, True)
    index = group(one)
    if index is not None:
        found = next((s for s in map(_noun_senses, GROUPS[index]) if s), ())
        return Noun(one, found, bool(found))
    return _compound(one)


def _compound(text: str) -> Noun:
    words = text.replace("-", " ").split(" ")
    head = next((i for i, word in enumerate(words) if i and word in inflection.PREPOSITIONS), len(words))
    if head < len(words):
        inner = noun(" ".join(words[:head]))
        return Noun(text, inner.senses, False)
    if len(words) < 2:
        return Noun(text, (), False)
    likeness = LIKENESSES.get(words[0])
    if likeness:
        return Noun(text, noun(likeness).senses, False)
    inner = noun(" ".join(words[1:]))
    return Noun(text, inner.senses, False)


@lru_cache(maxsize=1 << 14)
def is_carved(word: str) -> bool:
    """A living thing of dead matter, "wooden horse", which is a sculpture or a toy."""
    found = noun(word)
    if found.own or found.word.split(" ")[0] not in DEAD_MATTER:
        return False
    return any(table().file(s) in {"noun.animal", "noun.person"} for s in found.senses[:1])


@lru_cache(maxsize=1 << 15)
def others(word: str, part: str) -> tuple[int, ...]:
    """The senses of a verb ("verb") or adjective ("adj")."""
    text, known = spelled(word), table()
    if part == "verb" and not any(known.file(s).startswith(part) for s in known.senses(text)):
        text = inflection.base(text)
    found = tuple(s for s in known.senses(text) if known.file(s).startswith(part))
    if part == "adj" and not found:
        text = known.exceptions.get(("a", text), text)
        found = tuple(s for s in known.senses(text) if known.file(s).startswith(part))
    return found


def is_noun(word: str) -> bool:
    """The lexicon has the whole word or phrase as a noun: "hot dog", not "stone wall"."""
    return noun(word).own or fold(word) in KINDS


@lru_cache(maxsize=1 << 15)
def known(word: str) -> bool:
    """The lexicon has the word, in any part of speech, spelling or inflection."""
    text = fold(word)
    if table().has(spelled(text)) or group(text) is not None or text in KINDS:
        return True
    return table().has(spelled(inflection.singular(text))) or bool(others(text, "verb")) or bool(others(text, "adj"))
