"""Left and right exchanged, in values of facts and in words of captions."""

from __future__ import annotations

import re
from collections.abc import Sequence

SIDE = re.compile(
    r"(?<![^\W_])(left|right)(most|wards?|ies)?(?![^\W_])|(?<![^\W_])(counter-?|anti-?)?clockwise(?![^\W_])", re.IGNORECASE
)
TURNED = {"left": "right", "right": "left"}

BEFORE = frozenset(
    "the to upper lower top bottom far facing faces face looking looks look turned turning turns pointing points front rear back "
    "towards toward from his her its their leaning center-".split()
)
"""Words in front of a side."""
BEHIND = frozenset(
    "of side sides hand arm leg foot eye ear half corner edge third part portion wing shoulder knee wrist elbow hip ankle cheek "
    "wheel turn lane bank profile-view profile to and".split()
)
"""Words behind a side."""
JUST = frozenset(
    "next behind in on above below beside under at now after before there outside inside up down away by over near across "
    "alongside underneath angle angles".split()
)
"""Behind "right" they make it "just" ("right next to"), unless an article stands in front."""
LET_BE = frozenset("over behind alone open unattended out".split())
"""Behind "left" they make it a form of "leave"."""


def exchanged(text: str) -> str:
    """Every "left" as "right" and the other way round, "clockwise" as "counterclockwise", in the case that stood there."""
    return SIDE.sub(_turned, text) if _has_side(text) else text


def _has_side(text: str) -> bool:
    low = text.lower()
    return "left" in low or "right" in low or "clockwise" in low


def _turned(found: re.Match[str]) -> str:
    side, ending, counter = found.groups()
    new = "clockwise" if counter else "counterclockwise"
    if side is not None:
        new = TURNED[side.lower()] + (ending or "").lower()
    whole = found.group()
    return new.upper() if whole.isupper() else new.capitalize() if whole[0].isupper() else new


def has_side(word: str) -> bool:
    """Does it name a side?"""
    return _has_side(word) and SIDE.search(word) is not None


def side_at(words: Sequence[str], at: int, claimed: bool) -> bool | None:
    """Does the word at a place mean a side of the picture? None: it cannot be told. `claimed`: a claim takes it for one.

    `words` are those of a sentence, lower case.
    """
    word = words[at]
    before = words[at - 1] if at else ""
    behind = words[at + 1] if at + 1 < len(words) else ""
    if word not in TURNED or claimed:
        return True
    if before in BEFORE:
        return True
    if (word == "right" and behind in JUST) or (word == "left" and behind in LET_BE):
        return False
    return True if behind in BEHIND else None
