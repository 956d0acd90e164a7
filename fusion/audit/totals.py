"""Totals over all rows, in memory that does not grow with them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from fusion.audit.courses import Courses
from fusion.audit.rates import Distinct, Rate, Tally, Top, outcome
from fusion.audit.rows import Entry, Said, Seen, resolve
from fusion.facts import Claim, Fact, Problem

FIFTHS = 5
NOBODY = "no expert"
"""Stands for claims that no fact speaks to."""
OTHERS = "others"
LABELS = 200
"""Different origins and experts that are told apart; further ones are counted together."""
SHOWN_FAILURES = 20


@dataclass
class Speaking:
    """What the facts of one expert say to claims; `silent` are contradicted because it alone looked and saw nothing."""

    tally: Tally = field(default_factory=Tally)
    silent: int = 0


@dataclass
class Totals:
    """Counts over rows; feed it with `add`."""

    rows: Counter[str] = field(default_factory=Counter)
    captions: int = 0
    pictures: Distinct = field(default_factory=Distinct)
    claims: Tally = field(default_factory=Tally)
    opinions: int = 0
    void: int = 0
    with_contradiction: int = 0
    by_kind: dict[str, Tally] = field(default_factory=dict)
    by_expert: dict[str, Speaking] = field(default_factory=dict)
    by_place: list[Tally] = field(default_factory=lambda: [Tally() for _ in range(FIFTHS)])
    by_origin: dict[str, Tally] = field(default_factory=dict)
    origin_captions: Counter[str] = field(default_factory=Counter)
    origin_dropped: Counter[str] = field(default_factory=Counter)
    courses: Courses = field(default_factory=Courses)
    contradicted_words: Top = field(default_factory=Top)
    repaired: int = 0
    emptied: int = 0
    edits: int = 0
    rules: Top = field(default_factory=Top)
    dropped: Top = field(default_factory=Top)
    facts: bool = False
    failures: list[tuple[str | None, int, Problem]] = field(default_factory=list)

    def add(self, entry: Entry) -> None:
        """Count one row."""
        self.rows[entry.status] += 1
        if entry.id is not None:
            self.pictures.add(entry.id)
        if entry.status == "failed":
            if len(self.failures) < SHOWN_FAILURES:
                self.failures.append((entry.id, entry.line, entry.problems[0]))
            return
        facts = {fact.id: fact for fact in entry.seen.facts} if entry.seen else {}
        self.facts = self.facts or bool(facts)
        for said in entry.captions:
            self._caption(said, facts, entry.seen)
        if entry.course is not None:
            self.courses.add(entry.course, entry.captions)

    @property
    def with_contradiction_rate(self) -> Rate:
        """The share of captions that hold at least one contradicted claim."""
        return Rate(self.with_contradiction, self.captions)

    def _caption(self, said: Said, facts: Mapping[str, Fact], seen: Seen | None) -> None:
        self.captions += 1
        origin = self._label(said.label, self.by_origin) if said.label else ""
        if origin:
            self.by_origin.setdefault(origin, Tally())
            self.origin_captions[origin] += 1
            self.origin_dropped[origin] += said.dropped if said.of_final else 0
        self.with_contradiction += any(claim.verdict == "contradicted" for claim in said.claims)
        for claim in said.claims:
            self._claim(claim, said, facts, seen, origin)
        self._repair(said)

    def _claim(self, claim: Claim, said: Said, facts: Mapping[str, Fact], seen: Seen | None, origin: str) -> None:
        what = outcome(claim)
        self.opinions += what == "opinion"
        self.void += what == "void"
        if what in ("opinion", "void"):
            return
        self.claims.add(what)
        self.by_kind.setdefault(claim.kind, Tally()).add(what)
        self.by_place[place(claim, said)].add(what)
        if origin:
            self.by_origin[origin].add(what)
        if what == "contradicted" and claim.kind not in ("relation", "count"):  # of these the words are the least
            self.contradicted_words.add(claim.value)
        self._experts(claim, what, facts, seen)

    def _experts(self, claim: Claim, what: str, facts: Mapping[str, Fact], seen: Seen | None) -> None:
        names = experts(claim, facts)
        silent = not names and what == "contradicted" and seen is not None and len(seen.looked) == 1
        for name in (seen.looked if silent and seen else names) or (NOBODY,):
            speaking = self.by_expert.setdefault(self._label(name, self.by_expert), Speaking())
            speaking.tally.add(what)
            speaking.silent += silent

    def _repair(self, said: Said) -> None:
        changed = said.final is not None and said.final != said.given
        self.repaired += changed
        self.emptied += changed and not said.final
        for edit in said.edits:
            self.edits += 1
            self.rules.add(edit.rule)
            if words := edit.before.strip(" \t\r\n.,;:"):
                self.dropped.add(" ".join(words.lower().split()))

    @staticmethod
    def _label(name: str, known: Mapping[str, object]) -> str:
        return name if name in known or len(known) < LABELS else OTHERS


def place(claim: Claim, said: Said) -> int:
    """The fifth of the caption in which a claim begins, 0..4."""
    return min(claim.span[0] * FIFTHS // max(len(said.text), 1), FIFTHS - 1)


def experts(claim: Claim, facts: Mapping[str, Fact]) -> tuple[str, ...]:
    """The experts whose facts speak to a claim, each once."""
    found = (resolve(name, facts) for name in claim.evidence)
    return tuple(dict.fromkeys(fact.expert for fact in found if fact is not None and fact.expert))
