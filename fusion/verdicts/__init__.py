"""Verdicts on what captions claim, and repair. Knows no model and no expert: facts and cards in, verdicts out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from fusion.evidence import Evidence
from fusion.facts import Claim, Edit, LeftOver, Policy, Problem
from fusion.language import Language, Reading
from fusion.verdicts.judge import doubted, judge
from fusion.verdicts.repair import Judged, Repair, Unwelcome, repair

__all__ = ["Checked", "verify"]


@dataclass(frozen=True)
class Checked:
    """A caption as given with its judged claims, and what repair made of it. `problem` is set for text that is not English."""

    text: str
    claims: tuple[Claim, ...] = ()
    repaired: str = ""
    edits: tuple[Edit, ...] = ()
    repaired_claims: tuple[Claim, ...] = ()
    left_over: tuple[LeftOver, ...] = ()
    problem: Problem | None = None


def verify(
    readings: Sequence[Reading],
    evidence: Sequence[Evidence],
    language: Language,
    policy: Policy = "balanced",
    unwelcome: Sequence[Unwelcome | None] | None = None,
) -> list[Checked]:
    """Judge and repair each caption against the evidence of its picture, in order. All are read together again.

    `unwelcome` tells for each caption the claims that it may not hold even where they are true.
    """
    judges = [partial(judged, e) for e in evidence]
    first = [judge(r) for r, judge in zip(readings, judges, strict=True)]
    unwanted = unwelcome or [None] * len(readings)
    repairs = [Repair(*one) for one in zip(readings, first, judges, unwanted, strict=True)]
    repair(repairs, language, policy)
    return [checked(r, done.claims, fixed) for r, done, fixed in zip(readings, first, repairs, strict=True)]


def judged(evidence: Evidence, reading: Reading) -> Judged:
    """The claims of a reading with their verdicts, and what facts say instead."""
    claims, instead = judge(reading.claims, evidence)
    return Judged(claims, instead, doubted(evidence.thresholds))


def checked(reading: Reading, claims: Sequence[Claim], fixed: Repair) -> Checked:
    """What is handed out of one caption; a text that is not English stays as it is and says so."""
    problem = None
    if reading.language is not None:
        problem = Problem(
            message=f"the caption is in language {reading.language}; only English is read, so nothing was checked",
            hint='if it is English, give the row "language": "en"',
        )
    return Checked(
        reading.text,
        tuple(claims),
        fixed.reading.text,
        tuple(fixed.edits),
        tuple(fixed.judged.claims),
        reading.left_over,
        problem,
    )
