"""Broad kinds of a caller's own choosing: which of a few words stands nearest above a noun.

Where `category` answers with fixed categories, a caller with other drawers names them here, each by words of the
hierarchy of WordNet or by one of its lexicographer files ("noun.food").
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property, lru_cache

from fusion.lexicon import hand
from fusion.lexicon.inflection import singular
from fusion.lexicon.senses import group, noun
from fusion.lexicon.table import table


@lru_cache(maxsize=1)
def vocabulary() -> frozenset[str]:
    """All words of the table as one set: where most of many words are unknown, this is faster than a search for each."""
    return frozenset(table().words())


def _entry(word: str) -> str:
    """The word under which the lexicon has a noun: its singular, or another of its group; "" if it has none."""
    one = singular(word)
    if one in vocabulary() or one in hand.KINDS:
        return one
    number = group(one)
    return next((other for other in hand.GROUPS[number] if other in vocabulary()), "") if number is not None else ""


class Kinds:
    """Files nouns under kinds. `words` says by anchor, a word or a lexicographer file, which kind it stands for.

    An anchor word means its first sense and all below it; of two anchors above a sense the nearer one decides, and a file
    only where there is no anchor. An empty kind makes an anchor that belongs nowhere, so that what is below is passed over.
    """

    def __init__(self, words: Mapping[str, str]) -> None:
        self._words = {word: kind for word, kind in words.items() if not word.startswith("noun.")}
        self._files = {word: kind for word, kind in words.items() if word.startswith("noun.")}
        self._of_sense: dict[int, str | None] = {}
        self._of_word: dict[tuple[str, bool], tuple[str, ...]] = {}

    @cached_property
    def _anchors(self) -> dict[int, str]:
        found: dict[int, str] = {}
        for word, kind in self._words.items():
            for sense in noun(word).senses[:1]:
                found.setdefault(sense, kind)
        return found

    def of(self, word: str, *, whole: bool = False) -> str:
        """The kind of a noun by the likeliest of its senses that has one; "" if none has, or the noun is unknown."""
        return next(iter(self.all(word, whole=whole)), "")

    def all(self, word: str, *, whole: bool = False) -> tuple[str, ...]:
        """The kinds of all senses of a noun, the likeliest first.

        An unknown compound is what its head is, unless `whole` asks for words that the lexicon has as they are.
        """
        key = word, whole
        if key not in self._of_word:
            entry = _entry(word) or ("" if whole or " " not in word else word)
            senses = noun(entry).senses if entry else ()
            self._of_word[key] = tuple(dict.fromkeys(kind for kind in map(self._kind, senses) if kind))
        return self._of_word[key]

    def _kind(self, sense: int) -> str | None:
        if sense not in self._of_sense:
            self._of_sense[sense] = self._nearest(sense)
        return self._of_sense[sense]

    def _nearest(self, sense: int) -> str | None:
        level, seen, known = [sense], {sense}, table()
        while level:
            for one in level:
                if one in self._anchors:
                    return self._anchors[one]
            level = [above for one in level for above in known.links(one) if above not in seen]
            seen.update(level)
        return self._files.get(known.file(sense)) if known.named(sense) else None
