"""How captions of records came about, summed: replies not taken, what became of alt-text, diversity, tokens.

Memory does not grow with rows: of names that rows make up the most frequent are kept, and of backends the first ones.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from fusion.audit.rates import Rate, Top
from fusion.audit.rows import Course, Said
from fusion.facts import Diversity, Retention

BACKENDS = 200
"""Stages with their backends that are told apart; further ones are counted together."""
OTHERS = ("others", "")


@dataclass
class AltText:
    """Rows with alt-text, by whether it agrees with what experts saw, and the names, numbers, dates and brands in it."""

    agrees: int = 0
    disagrees: int = 0
    unknown: int = 0
    kept: int = 0
    names: int = 0
    lost: Top = field(default_factory=Top)

    def add(self, found: Retention) -> None:
        """Count one row."""
        self.agrees += found.agrees is True
        self.disagrees += found.agrees is False
        self.unknown += found.agrees is None
        self.kept += len(found.kept)
        self.names += len(found.kept) + len(found.lost)
        for name in found.lost:
            self.lost.add(name)

    @property
    def rows(self) -> int:
        """Rows that have alt-text."""
        return self.agrees + self.disagrees + self.unknown

    @property
    def retention(self) -> Rate:
        """The share of names that some caption kept."""
        return Rate(self.kept, self.names)


@dataclass
class Differences:
    """How captions of one picture differ, on average: coverage over all pictures, the others over those with several captions."""

    pictures: int = 0
    several: int = 0
    replaced: int = 0
    _sums: dict[str, float] = field(default_factory=lambda: defaultdict(float))

    def add(self, found: Diversity, captions: int) -> None:
        """Count one picture with that many captions."""
        self.pictures += 1
        self.replaced += found.replaced
        self._sums["coverage"] += found.coverage
        if captions > 1:
            self.several += 1
            for name in ("overlap", "self_bleu", "distinct_2"):
                self._sums[name] += getattr(found, name)

    def mean(self, name: str) -> float:
        """The mean of one measure, 0..1; 0 where no picture has it."""
        return self._sums[name] / max(self.pictures if name == "coverage" else self.several, 1)


@dataclass(frozen=True)
class Cost:
    """Calls, tokens read and tokens written."""

    calls: int = 0
    prompt: int = 0
    completion: int = 0

    def __add__(self, other: Cost) -> Cost:
        return Cost(self.calls + other.calls, self.prompt + other.prompt, self.completion + other.completion)

    @property
    def tokens(self) -> int:
        """Those read and those written."""
        return self.prompt + self.completion


@dataclass
class Courses:
    """Sums over records; feed it with `add`. `rejected` is by kind and writer, `usage` by stage and backend."""

    records: int = 0
    strategies: Top = field(default_factory=Top)
    rejected: Top = field(default_factory=Top)
    alt_text: AltText = field(default_factory=AltText)
    diversity: Differences = field(default_factory=Differences)
    usage: dict[tuple[str, str], Cost] = field(default_factory=dict)

    def add(self, course: Course, captions: Iterable[Said]) -> None:
        """Count one record."""
        captions = list(captions)
        self.records += 1
        if course.strategy:
            self.strategies.add(course.strategy)
        for said in captions:
            for one in said.rejected:
                self.rejected.add(f"{one.kind} · {one.writer}")
        if course.retention is not None:
            self.alt_text.add(course.retention)
        if course.diversity is not None:
            self.diversity.add(course.diversity, len(captions))
        for used in course.usage:
            key = (used.stage, used.backend)
            key = key if key in self.usage or len(self.usage) < BACKENDS else OTHERS
            spent = Cost(used.calls, used.prompt_tokens, used.completion_tokens)
            self.usage[key] = self.usage.get(key, Cost()) + spent
