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
ALT_TEXT = "alt_text"
"""The source of captions that are the row's alt-text."""

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
    def source(self) -> str:
        """Whose words it is; empty if a writer wrote it."""
        return self.draft.source if isinstance(self.draft, Draft) else ""

    @property
    def emptied(self) -> bool:
        """Did it say something of which repair left nothing?"""
        return isinstance(self.result, Checked) and not self.text

    @property
    def support(self) -> float:
        """How much it says that facts support, less what is doubtful: each claim counts from 1, surely true, down to -1."""
        claims = self.result.claims if isinstance(self.result, Checked) else ()
        return sum(2 * c.confidence - 1 for c in claims if c.confidence is not None and c.kind != "opinion")


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


def is_alt_text(one: Candidate) -> bool:
    """Is it alt-text as somebody else wrote it?"""
    return one.source == ALT_TEXT
