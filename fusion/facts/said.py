"""Box, Fact and Claim: what experts state of a picture and what captions say of it, and which fields a kind has."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Literal, get_args

import msgspec
from msgspec.structs import force_setattr

from fusion.facts.text import check_text

FactKind = Literal[
    "object", "attribute", "relation", "count", "text", "tag", "scene", "style", "name", "statement"
]  # fmt: skip
ClaimKind = Literal["object", "attribute", "relation", "count", "text", "scene", "style", "name", "opinion"]
Verdict = Literal["supported", "contradicted", "unverified"]
Policy = Literal["strict", "balanced", "lenient"]

KINDS: frozenset[str] = frozenset(get_args(FactKind))
POLICIES: tuple[str, ...] = get_args(Policy)

# Which fields a kind must have, and which it may have besides id, expert, score, negated, parent and data.
REQUIRED: Mapping[str, frozenset[str]] = {
    "attribute": frozenset({"about"}),
    "relation": frozenset({"about", "to"}),
    "count": frozenset({"number"}),
}
OPTIONAL: Mapping[str, frozenset[str]] = {
    "object": frozenset({"box", "number", "at_least"}),
    "attribute": frozenset(),
    "relation": frozenset(),
    "count": frozenset({"about", "at_least"}),
    "text": frozenset({"box", "about"}),
    "tag": frozenset({"box"}),
    "scene": frozenset(),
    "style": frozenset(),
    "name": frozenset({"about"}),
    "statement": frozenset({"box", "about"}),
    "opinion": frozenset({"about"}),
}
AS_FOUND = frozenset({"text", "tag", "name", "statement"})
"""Kinds whose value stays exactly as it was found; that of the others is lower case with single spaces."""


class Box(msgspec.Struct, frozen=True, array_like=True):
    """`[x0, y0, x1, y1]` in pixels of the upright picture, origin top left, x1 and y1 exclusive, real numbers.

    Raises:
        ValueError: a number is NaN or infinite.
    """

    x0: float
    y0: float
    x1: float
    y1: float

    def __post_init__(self) -> None:
        if not math.isfinite(self.x0 + self.y0 + self.x1 + self.y1):
            raise ValueError(f"box: expected four finite numbers, got {[self.x0, self.y0, self.x1, self.y1]}")

    @property
    def width(self) -> float:
        """Pixels across; negative where the corners are exchanged."""
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        """Pixels down; negative where the corners are exchanged."""
        return self.y1 - self.y0

    @property
    def area(self) -> float:
        """Square pixels, 0 for an empty box."""
        return max(self.width, 0.0) * max(self.height, 0.0)

    @property
    def centre(self) -> tuple[float, float]:
        """Middle of the box, pixels."""
        return (self.x0 + self.x1) / 2, (self.y0 + self.y1) / 2

    def clip(self, width: float, height: float) -> Box | None:
        """The part inside a picture of this size, None if nothing of it is."""
        width, height = float(width), float(height)
        x0, y0 = min(max(self.x0, 0.0), width), min(max(self.y0, 0.0), height)
        x1, y1 = min(max(self.x1, 0.0), width), min(max(self.y1, 0.0), height)
        return Box(x0, y0, x1, y1) if x1 > x0 and y1 > y0 else None

    def overlap(self, other: Box) -> float:
        """Square pixels that both cover."""
        across = min(self.x1, other.x1) - max(self.x0, other.x0)
        down = min(self.y1, other.y1) - max(self.y0, other.y0)
        return across * down if across > 0 and down > 0 else 0.0

    def iou(self, other: Box) -> float:
        """Intersection over union, 0..1."""
        both = self.overlap(other)
        return both / (self.area + other.area - both) if both else 0.0


class _Said(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """What facts and claims have in common. The tables at the top say which kind has which fields."""

    id: str = ""
    kind: str
    value: str
    box: Box | None = None
    about: str | None = None
    to: str | None = None
    number: int | None = None
    at_least: bool = False
    negated: bool = False
    parent: str | None = None

    def _check(self) -> None:
        kind, value = self.kind, self.value
        allowed = OPTIONAL.get(kind)
        if allowed is None:
            raise ValueError(f"kind: expected one of {', '.join(sorted(KINDS))}, got {kind!r}")
        if not isinstance(value, str) or not value.strip():
            raise ValueError(f"value of {kind} {self.id!r}: expected some text, got {value!r}")
        if kind not in AS_FOUND and value != (plain := " ".join(value.lower().split())):
            force_setattr(self, "value", plain)
        if not value.isascii():
            check_text(value)
        required = REQUIRED.get(kind, frozenset())
        for name in ("box", "about", "to", "number"):
            if getattr(self, name) is None:
                if name in required:
                    raise ValueError(f"{kind} {value!r}: expected a field {name!r}, got none")
            elif name not in required and name not in allowed:
                raise ValueError(f"{kind} {value!r}: a {kind} has no field {name!r}, got {getattr(self, name)!r}")
        if isinstance(self.number, int) and self.number < 0:
            raise ValueError(f"number of {kind} {value!r}: expected 0 or more, got {self.number}")


class Fact(_Said, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One thing an expert states of a picture.

    `score` is the expert's own belief, 0..1 and uncalibrated, 1 if it has none; it is rounded to four decimals here.
    `negated`: asked and not seen, or a "no". `parent`: the fact this one was made from. `data`: a JSON map of the expert's
    own, which the verifier never reads.

    Raises:
        ValueError: a field the kind lacks or does not have, a score outside 0..1, an empty value.
    """

    kind: FactKind
    expert: str = ""
    score: float = 1.0
    data: dict[str, Any] | None = None

    def __post_init__(self) -> None:
        if str(self.kind) == "opinion":
            raise ValueError("kind: an opinion is a claim and never a fact")
        self._check()
        score = self.score
        if score != 1.0 and isinstance(score, float | int):  # another type is left for `take_over` to refuse
            if not 0.0 <= score <= 1.0:
                raise ValueError(f"score of {self.kind} {self.value!r}: expected 0..1, got {score}")
            force_setattr(self, "score", round(float(score), 4))


class Claim(_Said, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One thing a caption says. `span` is half-open, in code points of the caption, over the words of the value only.

    After verifying: `verdict`, `confidence` (0..1, that the claim as said is true), `evidence` (fact ids), `reason`, `void`
    (the parent claim that fell and took this one along), `hearsay` (only hearsay supports it). `true` is a label people gave.

    Raises:
        ValueError: a field the kind lacks or does not have, a span that is empty, a confidence outside 0..1.
    """

    kind: ClaimKind
    span: tuple[int, int]
    hedged: bool = False
    verdict: Verdict | None = None
    confidence: float | None = None
    evidence: tuple[str, ...] = ()
    reason: str = ""
    void: str | None = None
    hearsay: bool = False
    true: bool | None = None

    def __post_init__(self) -> None:
        self._check()
        if not 0 <= self.span[0] < self.span[1]:
            raise ValueError(f"span of claim {self.id!r}: expected 0 <= start < end, got {list(self.span)}")
        if self.confidence is not None and not 0.0 <= self.confidence <= 1.0:
            raise ValueError(f"confidence of claim {self.id!r}: expected 0..1, got {self.confidence}")
