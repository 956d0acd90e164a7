"""One sentence on its way into a view: its phrases, what becomes of its claims, and the changes so far."""

from __future__ import annotations

from dataclasses import dataclass, field

from fusion.facts import Claim
from fusion.views.fates import Fates
from fusion.views.phrases import Enumeration, Phrase, lists_of, phrases_of
from fusion.views.tokens import Draft, Sentence


class Unsure(Exception):
    """The sentence cannot be mended by a small change."""


@dataclass
class Work:
    """One sentence on its way into a view: its phrases, the fates of its claims, and the changes so far."""

    sentence: Sentence
    fates: Fates
    bare: bool = False
    draft: Draft = field(default_factory=Draft)

    def __post_init__(self) -> None:
        self.phrases = phrases_of(self.sentence)
        self.lists = lists_of(self.sentence, [p for p in self.phrases if p.claim.id not in self.fates.media])

    def word(self, at: int) -> str:
        """A word in lower case; "" beyond the ends."""
        return self.sentence.tokens[at].lower if 0 <= at < len(self.sentence.tokens) else ""

    def is_gone(self, phrase: Phrase) -> bool:
        """Does its thing go?"""
        return phrase.claim.id in self.fates.gone

    def relations(self, at: int) -> list[Claim]:
        """Relations whose words begin at a place."""
        start = self.sentence.tokens[at].start
        return [c for c in self.sentence.covers[at] if c.kind == "relation" and c.span[0] == start]

    def cut(self, first: int, last: int) -> None:
        """Take out words, both ends included."""
        self.draft.gone.update(range(first, last + 1))

    @property
    def end(self) -> int:
        """Place of the last word before the closing signs."""
        last = len(self.sentence.tokens) - 1
        while last > 0 and not self.word(last)[0].isalnum() and not self.sentence.quoted[last]:
            last -= 1
        return last


def is_noun_place(work: Work, at: int) -> bool:
    """Is a word part of a noun phrase?"""
    return any(at in p.places for p in work.phrases)


def predicate_before(work: Work, listed: Enumeration) -> int | None:
    """Place where a relation begins that ends right in front of a list."""
    at = listed.first - 1
    if at < 0 or at in work.draft.gone:
        return None
    ending = [c for c in work.sentence.covers[at] if c.kind == "relation" and work.sentence.places(c)[-1] == at]
    return work.sentence.places(min(ending, key=lambda c: c.span[0]))[0] if ending else None


def as_written(word: str, model: str) -> str:
    """The word with a capital where the one that stood there had one."""
    return word[:1].upper() + word[1:] if model[:1].isupper() else word
