"""The one vocabulary that everything speaks: Box, Fact, Claim, Caption, Record, frozen and validated where born.

Rows of files are these structs as JSON (see `fusion.codec`). Making one by hand checks
ranges and the fields of its kind; `fusion.codec`, which reads them from JSON and from experts, also checks types.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal, get_args

import msgspec
from msgspec.structs import force_setattr

from fusion.errors import FusionError

if TYPE_CHECKING:
    from PIL.Image import Image

SCHEMA = 1

FactKind = Literal[
    "object", "attribute", "relation", "count", "text", "tag", "scene", "style", "name", "statement"
]  # fmt: skip
ClaimKind = Literal["object", "attribute", "relation", "count", "text", "scene", "style", "name", "opinion"]
Verdict = Literal["supported", "contradicted", "unverified"]
Status = Literal["ok", "partial", "failed"]
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


class LeftOver(msgspec.Struct, frozen=True):
    """Words of a caption that no claim stands for, and why."""

    span: tuple[int, int]
    reason: str


class Edit(msgspec.Struct, frozen=True, kw_only=True):
    """One change that repair made: the claims behind it, the rule, where (offsets of the text before it), before and after."""

    claims: tuple[str, ...]
    rule: str
    span: tuple[int, int]
    before: str
    after: str


class Problem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One entry of `errors` in a row."""

    message: str
    expert: str | None = None
    line: int | None = None
    hint: str = ""
    retry: bool = False
    warning: bool = False

    @classmethod
    def of(cls, error: BaseException, *, expert: str | None = None, line: int | None = None) -> Problem:
        """The entry for an error; one that is not ours is named by its class."""
        if isinstance(error, FusionError):
            expert = getattr(error, "expert", "") or expert
            line = error.line if error.line is not None else line
            return cls(message=printable(error.message), expert=expert, line=line, hint=printable(error.hint), retry=error.retry)
        said = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        return cls(message=printable(said), expert=expert, line=line)


class Caption(msgspec.Struct, frozen=True, kw_only=True):
    """A caption with the draft it came from, the edits between the two, and the claims of its text."""

    style: str
    writer: str
    draft: str
    text: str
    edits: tuple[Edit, ...] = ()
    claims: tuple[Claim, ...] = ()


class Observation(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of one picture: an evidence row. `looked` names the experts that finished on it.

    Raises:
        ValueError: facts that share an id, or point to one that does not exist; a size below one pixel.
    """

    id: str | None
    image: str | None = None
    width: int | None = None
    height: int | None = None
    looked: tuple[str, ...] | None = None
    facts: tuple[Fact, ...] = ()
    status: Status = "ok"
    errors: tuple[Problem, ...] = ()

    def __post_init__(self) -> None:
        check_size(self.width, self.height)
        check_references(self.facts)

    @property
    def experts(self) -> tuple[str, ...]:
        """Whose silence counts: `looked`, or where it is absent the experts that the facts name."""
        if self.looked is not None:
            return tuple(dict.fromkeys(self.looked))
        return tuple(dict.fromkeys(f.expert for f in self.facts if f.expert))


class Dispute(msgspec.Struct, frozen=True, kw_only=True):
    """Facts that cannot all be true, by id: those of `one` say this of a thing, those of `other` that."""

    kind: FactKind
    one: tuple[str, ...]
    other: tuple[str, ...]


class Question(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A claim that an expert was asked about, things by their nouns, and the facts that it answered; none: it could not say."""

    kind: ClaimKind
    value: str
    number: int | None = None
    about: str | None = None
    to: str | None = None
    expert: str = ""
    facts: tuple[str, ...] = ()


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """All that came of one picture: its facts and its captions."""

    schema: int = SCHEMA
    id: str | None
    image: str | None = None
    sha256: str | None = None
    width: int | None = None
    height: int | None = None
    status: Status = "ok"
    errors: tuple[Problem, ...] = ()
    looked: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    disputes: tuple[Dispute, ...] = ()
    asked: tuple[Question, ...] = ()
    captions: tuple[Caption, ...] = ()

    def __post_init__(self) -> None:
        check_size(self.width, self.height)


@dataclass(frozen=True)
class Sample:
    """One picture on its way through the experts, read-only.

    `image` is upright and RGB (None where captions are made from stored evidence), `path` what the row called it, `file`
    where it lies if it is a file, `row` the keys of the input row, `facts` what the experts before have stated.
    """

    id: str
    image: Image | None = None
    path: str | None = None
    file: str | None = None
    width: int | None = None
    height: int | None = None
    sha256: str | None = None
    alt_text: str | None = None
    tags: tuple[str, ...] = ()
    label: str | None = None
    language: str | None = None
    row: Mapping[str, Any] = field(default_factory=dict)
    facts: tuple[Fact, ...] = ()

    def with_facts(self, facts: tuple[Fact, ...]) -> Sample:
        """The same sample carrying these facts."""
        return replace(self, facts=facts)


LONGEST_MESSAGE = 2000


def printable(message: str) -> str:
    """A message as a row can hold it: UTF-8, and cut where a library put a whole array into it."""
    text = message.encode("utf-8", "backslashreplace").decode()
    return text if len(text) <= LONGEST_MESSAGE else text[:LONGEST_MESSAGE] + "…"


def check_text(value: str) -> None:
    """Raise ValueError for text that UTF-8 cannot hold (a lone surrogate)."""
    try:
        value.encode("utf-8")
    except UnicodeEncodeError as error:
        raise ValueError(f"expected text that UTF-8 can hold, got a lone surrogate at character {error.start}") from None


def check_size(width: int | None, height: int | None) -> None:
    """Raise ValueError unless both are absent or at least one pixel."""
    for name, size in (("width", width), ("height", height)):
        if size is not None and size < 1:
            raise ValueError(f"{name}: expected at least 1 pixel, got {size}")


def check_references(facts: tuple[Fact, ...]) -> None:
    """Raise ValueError where two facts share an id or one points to an id that is not there."""
    ids = {f.id for f in facts if f.id}
    if len(ids) < sum(1 for f in facts if f.id):
        seen: set[str] = set()
        twice = next(f.id for f in facts if f.id and (f.id in seen or seen.add(f.id)))  # type: ignore[func-returns-value]
        raise ValueError(f"facts: expected ids that are unique in a row, got {twice!r} twice")
    for f in facts:
        for name in ("about", "to", "parent"):
            target = getattr(f, name)
            if target is not None and target not in ids:
                raise ValueError(f"fact {f.id!r}: expected {name} to be the id of a fact of this row, got {target!r}")


def numbered(facts: Sequence[Fact]) -> tuple[Fact, ...]:
    """The facts with an id each: one without is called by its place, `#0` the first, so that claims can name it."""
    taken = {fact.id for fact in facts}
    return tuple(fact if fact.id else msgspec.structs.replace(fact, id=by_place(i, taken)) for i, fact in enumerate(facts))


def by_place(position: int, taken: Collection[str]) -> str:
    """A name that is free for what stands at a position."""
    name = f"#{position}"
    while name in taken:
        name = f"#{name}"
    return name


def fit(fact: Fact, width: int | None, height: int | None) -> tuple[Fact, Problem | None]:
    """The fact with its box clipped to the picture; a box that is empty then goes, with a warning, and the fact stays."""
    if fact.box is None:
        return fact, None
    clipped = fact.box.clip(width or math.inf, height or math.inf)
    if clipped == fact.box:
        return fact, None
    fitted = msgspec.structs.replace(fact, box=clipped)
    if clipped is not None:
        return fitted, None
    message = f"box of fact {fact.id!r} is empty inside a picture of {width}×{height} pixels: {list(_numbers(fact.box))}"
    return fitted, Problem(message=message, expert=fact.expert or None, hint="the fact stays without it", warning=True)


def _numbers(box: Box) -> tuple[float, float, float, float]:
    return box.x0, box.y0, box.x1, box.y1
