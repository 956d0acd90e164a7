"""What is known of one picture while its captions are made: evidence, alt-text, and a slot for each caption to be."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from fusion.evidence import Evidence
from fusion.facts import Usage
from fusion.stage import Work
from fusion.verdicts import Checked
from fusion.write import Brief, Draft, Found

GIVEN = "given"
"""The style of captions that nobody wrote anew: sentences of experts, and alt-text."""

Result: TypeAlias = Checked | Exception | None
"""What came of a draft: None where there was nothing to say."""


@dataclass
class Candidate:
    """A draft, or why there is none, and what checking made of it."""

    draft: Draft | Exception
    result: Result = None

    @property
    def text(self) -> str:
        """What is left of it; empty if nothing."""
        return self.result.repaired if isinstance(self.result, Checked) else ""

    @property
    def support(self) -> float:
        """Mean confidence of what it claims as it was written, 0..1; opinions count for nothing."""
        claims = self.result.claims if isinstance(self.result, Checked) else ()
        known = [c.confidence for c in claims if c.confidence is not None and c.kind != "opinion"]
        return sum(known) / len(known) if known else 0.0


@dataclass
class Slot:
    """One caption to be: its style, its brief (None for words of others), and candidates, the best first once they are judged."""

    style: str
    brief: Brief | None = None
    candidates: list[Candidate] = field(default_factory=list)


@dataclass
class Sheet:
    """One picture: its evidence, its alt-text, its slots, what was paid, and captions that said the same as others."""

    work: Work
    evidence: Evidence
    found: Found | None = None
    slots: list[Slot] = field(default_factory=list)
    usage: list[Usage] = field(default_factory=list)
    replaced: int = 0

    @property
    def candidates(self) -> list[Candidate]:
        """Those of all slots, in order."""
        return [one for slot in self.slots for one in slot.candidates]
