"""What a writer that sees no picture says of its own: it was told facts, so that what no fact says is made up.

Somebody who looked may be right where nobody else could tell, and balanced repair lets that be. A language model that was told
the facts has no other source. Of its claims that facts do not support only things and relations stay, and only in words that
experts use ("riding down a slope" where one says "rides on a slope"): those are put otherwise, not invented.
"""

from __future__ import annotations

from collections.abc import Sequence

from fusion import lexicon
from fusion.evidence import Evidence
from fusion.facts import Claim
from fusion.write import Draft, TemplateWriter

REWORDED = frozenset({"object", "relation"})
"""Kinds of claim that may be put in other words; a quality, a number, a name or a place is said or it is not."""


def is_blind(draft: Draft) -> bool:
    """Did a language model write it?"""
    return bool(draft.prompt) and draft.writer != TemplateWriter.name


def invented(claims: Sequence[Claim], evidence: Evidence) -> list[Claim]:
    """The claims that no fact supports and no expert's words stand for."""
    open_ones = [c for c in claims if c.verdict != "supported" and c.void is None]
    return [c for c in open_ones if c.kind not in REWORDED or not lexicon.share_heard(c.value, evidence.heard)]
