"""Shares with their 95 % intervals, and counters whose size does not grow with what they count."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field
from hashlib import blake2b

from fusion.facts import Claim

OUTCOMES = ("supported", "contradicted", "unverified", "hearsay")
Z95 = 1.959963984540054
"""The standard normal quantile at .975."""


@dataclass(frozen=True)
class Rate:
    """A share `part / whole` with its Wilson 95 % interval."""

    part: int
    whole: int

    @property
    def share(self) -> float:
        """0..1; 0 of nothing."""
        return self.part / self.whole if self.whole else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Score interval of E. B. Wilson, J. Am. Stat. Assoc. 22 (1927) 209-212; 0..1 of nothing."""
        n, p = self.whole, self.share
        if not n:
            return 0.0, 1.0
        middle = p + Z95**2 / (2 * n)
        half = Z95 * math.sqrt(p * (1 - p) / n + Z95**2 / (4 * n**2))
        scale = 1 + Z95**2 / n
        low, high = max((middle - half) / scale, 0.0), min((middle + half) / scale, 1.0)
        return (0.0 if self.part == 0 else low), (1.0 if self.part == n else high)


def outcome(claim: Claim) -> str:
    """How a claim is counted: its verdict, "hearsay" where only hearsay supports it, "opinion", or "void".

    A void claim fell with its parent and is counted with that, once; an opinion is never checked.
    """
    if claim.kind == "opinion":
        return "opinion"
    if claim.void is not None:
        return "void"
    return "hearsay" if claim.hearsay and claim.verdict == "supported" else str(claim.verdict)


@dataclass
class Tally:
    """Claims by outcome. Rates are shares of the claims checked, hearsay apart."""

    supported: int = 0
    contradicted: int = 0
    unverified: int = 0
    hearsay: int = 0

    def add(self, what: str) -> None:
        """Count one more of an outcome; opinions and void claims are not counted."""
        if what in OUTCOMES:
            setattr(self, what, getattr(self, what) + 1)

    @property
    def checked(self) -> int:
        """Claims that rates are shares of."""
        return self.supported + self.contradicted + self.unverified

    def rate(self, what: str) -> Rate:
        """The share of one verdict among the claims checked."""
        return Rate(getattr(self, what), self.checked)


@dataclass
class Top:
    """The most frequent of many words. Above `limit` different ones the rarer half is forgotten, and `cut` says so."""

    limit: int = 10_000
    counts: Counter[str] = field(default_factory=Counter)
    cut: bool = False

    def add(self, word: str) -> None:
        """Count a word."""
        self.counts[word] += 1
        if len(self.counts) > self.limit:
            self.counts = Counter(dict(self.most(self.limit // 2)))
            self.cut = True

    def most(self, number: int) -> list[tuple[str, int]]:
        """The most frequent with their counts, ties in the order of the alphabet."""
        return sorted(self.counts.items(), key=lambda item: (-item[1], item[0]))[:number]


@dataclass
class Distinct:
    """How many different texts there were, exact up to `limit`; `more` says that it has stopped counting."""

    limit: int = 50_000
    seen: set[bytes] = field(default_factory=set)
    more: bool = False

    def add(self, text: str) -> None:
        """Count a text if it is new."""
        mark = blake2b(text.encode(), digest_size=8).digest()
        if mark in self.seen:
            return
        if len(self.seen) < self.limit:
            self.seen.add(mark)
        else:
            self.more = True

    def __len__(self) -> int:
        return len(self.seen)
