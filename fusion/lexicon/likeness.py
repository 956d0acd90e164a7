"""How near two nouns stand in the hierarchy: "carriage" and "trolley" are near, "carriage" and "banana" are not."""

from __future__ import annotations

from functools import lru_cache

from fusion.lexicon.senses import noun
from fusion.lexicon.table import ancestors, table


@lru_cache(maxsize=1 << 16)
def likeness(a: str, b: str) -> float:
    """Share of the hierarchy above two nouns that is common to both, 0..1, over their two likeliest senses.

    The Dice coefficient of their sets of hypernyms, after Wu and Palmer, Verb Semantics and Lexical Selection (ACL 1994).
    """
    one, other = _chains(a), _chains(b)
    return max((2 * len(x & y) / (len(x) + len(y)) for x in one for y in other), default=0.0)


@lru_cache(maxsize=1 << 15)
def _chains(word: str) -> tuple[frozenset[int], ...]:
    return tuple(ancestors(sense) for sense in noun(word).senses[:2] if table().named(sense))
