"""Which words are of one root: "ski", "skis", "skiing" and "skier"; "snow" and "snowy"; "wood" and "wooden"."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from fusion.lexicon import inflection
from fusion.lexicon.table import table

WORD = re.compile(r"[^\W\d_]+")
SUFFIXES = ("iness", "ness", "ing", "ers", "er", "ors", "or", "ist", "en", "ed", "ish", "y", "ly")


@lru_cache(maxsize=1 << 16)
def roots(word: str) -> frozenset[str]:
    """The word, its singular and base form, and what of it is a word without its ending, doubled letters and lost "e" mended."""
    text = word.lower()
    found = {text, inflection.singular(text), inflection.base(text)}
    for suffix in SUFFIXES:
        stem = text.removesuffix(suffix)
        if stem == text or len(stem) < 3:
            continue
        single = stem[:-1] if stem[-1] == stem[-2] else stem
        found.update(form for form in (stem, single, stem + "e", stem.removesuffix("i") + "y") if table().has(form))
    return frozenset(found)


def rooted(texts: Iterable[str]) -> frozenset[str]:
    """The roots of all words of some texts."""
    return frozenset(root for text in texts for word in WORD.findall(text.lower()) for root in roots(word))


def share_heard(phrase: str, heard: frozenset[str]) -> float:
    """The share of a phrase's words of which a root was heard, 0..1; 1 for a phrase without words."""
    words = WORD.findall(phrase.lower())
    return sum(not roots(word).isdisjoint(heard) for word in words) / len(words) if words else 1.0
