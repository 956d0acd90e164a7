"""What a claim is compared with when a model is asked: the same phrase with another word that would make it false.

"A photo without a dog" is no use, as CLIP hardly reads "without"; a cat, a bear and a fox are. Where the lexicon knows no such
words there is no answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from experts.retrieval.banks import Bank, default_templates
from fusion import lexicon
from fusion.lexicon.basic_level import BASIC_LEVEL
from fusion.lexicon.colours import BASIC
from fusion.lexicon.exclusions import SIDES

MOST = 8
"""Words that a claim is compared with, the likest first."""
NEUTRAL = "thing"
"""Stands for "nothing of the kind": without it the best of nine wrong animals would win in a picture of a car."""
_PEOPLE = ("man", "woman", "boy", "girl")
_PICTURES = frozenset("photo photograph picture image shot view mood light lighting".split())


@dataclass(frozen=True)
class Question:
    """The phrase of a claim, other phrases, and the prompts they are put into.

    `exclusive`: the others would be false if the claim is true. Entries of a bank need not: a beach lies at an ocean, and a
    close-up can be in soft light. They may win without the claim being false.
    """

    phrase: str
    others: tuple[str, ...]
    templates: tuple[str, ...]
    exclusive: bool = True


def about_object(noun: str, alternatives: Sequence[str], banks: Iterable[Bank]) -> Question | None:
    """Is there such a thing? None for what no photo shows, and where nothing is known to compare with."""
    if lexicon.is_broad(noun) or not lexicon.is_visual(noun):
        return None
    chosen = _chosen(noun, alternatives)
    if others := chosen or _siblings(noun):
        exclusive = not chosen or lexicon.excludes(noun, chosen[0])
        return Question(noun, (*others, NEUTRAL), default_templates("object"), exclusive)
    return _in_a_bank(noun, banks)


def about_attribute(value: str, noun: str, alternatives: Sequence[str]) -> Question | None:
    """Is the thing so? Compared with colours, sizes, states that exclude the value."""
    others = tuple(other for other in alternatives if lexicon.excludes(value, other)) or _opposites(value)
    if not others:
        return None
    return Question(f"{value} {noun}", tuple(f"{other} {noun}" for other in others), default_templates("object"))


def about_picture(value: str, alternatives: Sequence[str], banks: Iterable[Bank]) -> Question | None:
    """Scene and style: compared with the bank that holds the value; one in no bank has no answer, but by `alternatives`."""
    if others := _chosen(value, alternatives):
        return Question(value, others, ("{}", "a photo of {}"), lexicon.excludes(value, others[0]))
    return _in_a_bank(value, banks)


def _in_a_bank(value: str, banks: Iterable[Bank]) -> Question | None:
    for bank in banks:
        held = next((entry for entry in bank.entries if _says(entry, value)), None)
        if held is not None:
            others = tuple(entry for entry in bank.entries if _unlike(held, entry))
            return Question(held, others, bank.templates, exclusive=False) if others else None
    return None


def _says(entry: str, value: str) -> bool:
    """ "aerial view" is said of the picture as "aerial"."""
    first, _, last = entry.lower().rpartition(" ")
    return entry.lower() == value or (bool(first) and last in _PICTURES and first == value) or lexicon.same(entry, value)


def _chosen(word: str, alternatives: Sequence[str]) -> tuple[str, ...]:
    """Those that exclude the word; where the lexicon is sure of none, those that are neither a kind of it nor above it."""
    sure = tuple(other for other in alternatives if lexicon.excludes(word, other))
    return sure or tuple(other for other in alternatives if _unlike(word, other))


def _unlike(word: str, other: str) -> bool:
    return not (lexicon.is_a(word, other) or lexicon.is_a(other, word))


@lru_cache(maxsize=1 << 12)
def _siblings(noun: str) -> tuple[str, ...]:
    """Everyday nouns that cannot name the same thing, those of the nearest kinds first."""
    nouns = (*_PEOPLE, *(word.replace("_", " ") for word in BASIC_LEVEL))
    excluded = [other for other in nouns if lexicon.excludes(noun, other)]
    return tuple(sorted(excluded, key=lambda other: -lexicon.likeness(noun, other))[:MOST])


@lru_cache(maxsize=1 << 12)
def _opposites(value: str) -> tuple[str, ...]:
    """Words of the tables of colours and states that exclude the value, one of each group of synonyms."""
    words = BASIC if lexicon.colour(value) else tuple(word for row in SIDES for side in row.split("|") for word in side.split())
    found: list[str] = []
    for other in sorted(
        (w for w in words if lexicon.excludes(value, w)), key=lambda w: w.endswith("ing") != value.endswith("ing")
    ):
        if not any(_alike(other, known) for known in found):
            found.append(other)
    return tuple(found[:MOST])


def _alike(word: str, known: str) -> bool:
    return lexicon.same(word, known) or lexicon.base(word) == lexicon.base(known)
