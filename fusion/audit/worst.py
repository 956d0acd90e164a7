"""The pictures to show: most contradicted claims first. Found in one pass over the rows, their captions fetched in a second."""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from dataclasses import dataclass, field

from fusion.audit.rates import outcome
from fusion.audit.rows import Course, Entry, Key, Said, Seen
from fusion.facts import Problem

CAPTIONS = 24
"""Captions shown of one picture; the worst of more."""

Badness = tuple[int, float, int]


def badness(entry: Entry) -> Badness:
    """How bad a row is, the worst largest: contradicted claims, then low confidence on average, then coming first."""
    claims = [claim for said in entry.captions for claim in said.claims if outcome(claim) not in ("opinion", "void")]
    contradicted = sum(claim.verdict == "contradicted" for claim in claims)
    beliefs = [1.0 if claim.confidence is None else claim.confidence for claim in claims]
    doubt = round(1 - sum(beliefs) / len(beliefs), 6) if beliefs else 0.0
    return contradicted, doubt, -entry.line


@dataclass
class Worst:
    """The `show` worst pictures; of several rows of one picture the worst counts. Memory: `show` keys."""

    show: int
    _best: dict[Key, Badness] = field(default_factory=dict)
    _heap: list[tuple[Badness, Key]] = field(default_factory=list)

    def add(self, entry: Entry) -> None:
        """Weigh one row."""
        bad, key = badness(entry), entry.key
        if self.show < 1 or (key in self._best and self._best[key] >= bad):
            return
        if key not in self._best and len(self._best) >= self.show:
            least = self._least()
            if least[0] >= bad:
                return
            heapq.heappop(self._heap)
            del self._best[least[1]]
        self._best[key] = bad
        heapq.heappush(self._heap, (bad, key))
        if len(self._heap) > 2 * self.show + 16:
            self._heap = [(kept, name) for name, kept in self._best.items()]
            heapq.heapify(self._heap)

    def _least(self) -> tuple[Badness, Key]:
        """The least bad of those kept; what was outdated by a worse row of its picture is passed over."""
        while self._best.get(self._heap[0][1]) != self._heap[0][0]:
            heapq.heappop(self._heap)
        return self._heap[0]

    def order(self) -> list[Key]:
        """The keys, worst first."""
        return sorted(self._best, key=lambda key: self._best[key], reverse=True)


@dataclass
class Shown:
    """One picture to show, with its captions, the worst row first. `left_out`: captions above the limit."""

    id: str | None
    line: int
    seen: Seen | None = None
    captions: list[Said] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    status: str = "ok"
    left_out: int = 0
    course: Course | None = None


def gather(entries: Iterable[Entry], worst: Worst) -> list[Shown]:
    """The worst pictures, worst first, from a second pass over the same rows."""
    order = worst.order()
    kept: dict[Key, list[Entry]] = {key: [] for key in order}
    left_out = dict.fromkeys(order, 0)
    for entry in entries:
        if (rows := kept.get(entry.key)) is None:
            continue
        rows.append(entry)
        if len(rows) > CAPTIONS:
            rows.remove(min(rows, key=badness))
            left_out[entry.key] += 1
    return [_shown(kept[key], left_out[key]) for key in order if kept[key]]


def _shown(entries: list[Entry], left_out: int) -> Shown:
    """The rows of one picture under one roof; the first that knows its evidence tells it."""
    first = entries[0]
    entries = sorted(entries, key=badness, reverse=True)
    statuses = {entry.status for entry in entries}
    return Shown(
        first.id,
        first.line,
        next((entry.seen for entry in entries if entry.seen is not None), None),
        [said for entry in entries for said in entry.captions],
        list(dict.fromkeys(problem for entry in entries for problem in entry.problems)),
        next(status for status in ("failed", "partial", "ok") if status in statuses),
        left_out,
        first.course,
    )
