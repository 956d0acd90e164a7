"""Records and verify rows as what they say of a picture: captions with judged claims, the facts, what went wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from fusion.codec import convert
from fusion.errors import RowError
from fusion.facts import (
    Caption,
    Claim,
    Dispute,
    Diversity,
    Edit,
    Fact,
    Observation,
    Problem,
    Question,
    Rejected,
    Retention,
    Status,
    Usage,
)

Key = tuple[str | None, int]


@dataclass(frozen=True)
class Seen:
    """What is known of a picture besides its captions: size in pixels, experts that looked, facts, its file by name."""

    image: str | None = None
    width: int | None = None
    height: int | None = None
    looked: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    disputes: tuple[Dispute, ...] = ()
    asked: tuple[Question, ...] = ()

    @classmethod
    def of(cls, stored: Observation) -> Seen:
        """What an evidence row says."""
        return cls(stored.image, stored.width, stored.height, stored.experts, stored.facts)


@dataclass(frozen=True)
class Said:
    """One caption: as given, after repair, and its claims.

    `final` is None where no repair was made. The spans of `claims` count in `final` if `of_final`, else in `given`;
    `edits` lead from `given` to `final`, each in the text that the one before it left. `origin`: style, writer and prompt, or
    what the row says under a key of its own. `source`: whose words they are where no writer wrote them. `rejected`: replies
    that were not taken. `dropped`: claims of the draft that repair took out.
    """

    given: str
    final: str | None = None
    claims: tuple[Claim, ...] = ()
    edits: tuple[Edit, ...] = ()
    of_final: bool = False
    origin: str = ""
    source: str = ""
    rejected: tuple[Rejected, ...] = ()
    dropped: int = 0

    @property
    def label(self) -> str:
        """Origin and source, under which the caption is counted."""
        return f"{self.origin} · words of {self.source}" if self.source else self.origin

    @property
    def text(self) -> str:
        """The text in which the spans of the claims count."""
        return self.final or "" if self.of_final else self.given


@dataclass(frozen=True)
class Course:
    """How the captions of a record came about: the strategy, what became of alt-text, how captions differ, what they cost."""

    strategy: str = ""
    retention: Retention | None = None
    diversity: Diversity | None = None
    usage: tuple[Usage, ...] = ()


@dataclass(frozen=True)
class Entry:
    """One row. `grouped`: other rows of this id are captions of the same picture (verify rows, not records).

    Only records have a `course`.
    """

    id: str | None
    line: int
    status: Status = "ok"
    captions: tuple[Said, ...] = ()
    seen: Seen | None = None
    problems: tuple[Problem, ...] = ()
    grouped: bool = False
    course: Course | None = None

    @property
    def key(self) -> Key:
        """What the entries of one picture share."""
        return (self.id, 0) if self.grouped and self.id is not None else (self.id, self.line)


class _Verified(msgspec.Struct, frozen=True):
    caption: str
    claims: tuple[Claim, ...] = ()
    repaired: str | None = None
    edits: tuple[Edit, ...] = ()
    image: str | None = None
    status: Status = "ok"
    errors: tuple[Problem, ...] = ()


class _Recorded(msgspec.Struct, frozen=True):
    captions: tuple[Caption, ...]
    image: str | None = None
    width: int | None = None
    height: int | None = None
    status: Status = "ok"
    errors: tuple[Problem, ...] = ()
    looked: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    disputes: tuple[Dispute, ...] = ()
    asked: tuple[Question, ...] = ()
    strategy: str = ""
    retention: Retention | None = None
    diversity: Diversity | None = None
    usage: tuple[Usage, ...] = ()


class _Failed(msgspec.Struct, frozen=True):
    image: str | None = None
    errors: tuple[Problem, ...] = ()


def read(
    row_id: str | None,
    data: Mapping[str, Any],
    *,
    line: int,
    seen: Seen | None = None,
    problem: Problem | None = None,
    by: str = "",
) -> Entry:
    """The entry of a row; one that cannot be read, or came with a `problem`, becomes a failed entry that says why.

    `seen` is the evidence of its id for rows that hold none themselves. `by` is the key of a verify row that says where
    its caption comes from.
    """
    try:
        if problem is not None:
            return _failed(row_id, data, line, seen, (problem,))
        if data.get("status") == "failed":
            return _failed(row_id, data, line, seen, convert(dict(data), _Failed).errors)
        if "captions" in data:
            return _record(row_id, data, line)
        if "caption" in data:
            return _verified(row_id, data, line, seen, by)
    except RowError as error:
        return _failed(row_id, data, line, seen, (Problem.of(error, line=line),))
    got = f"the keys {', '.join(data)}" if data else "no keys"
    hint = "fusion caption makes records, fusion verify makes verify rows"
    message = f"expected a record with `captions` or a verify row with `caption`, got {got}"
    return _failed(row_id, data, line, seen, (Problem(message=message, line=line, hint=hint),))


def resolve(name: str, facts: Mapping[str, Fact]) -> Fact | None:
    """The fact of that id. One that a sentence or a tag was taken apart into (`s0.c1`) leads to the whole, `s0`."""
    return facts.get(name) or facts.get(name.rpartition(".")[0])


def in_words(question: Question) -> str:
    """What was asked: "lamp", "2 × dog", "dog: brown", "dog on couch"."""
    if question.kind == "relation":
        return " ".join(filter(None, (question.about, question.value, question.to)))
    if question.kind == "count":
        return f"{question.number} × {question.value}"
    return f"{question.about}: {question.value}" if question.about else question.value


def answer(question: Question, facts: Mapping[str, Fact]) -> str:
    """What came of it: "yes", "no", or that nobody knew."""
    given = [fact for name in question.facts if (fact := resolve(name, facts)) is not None]
    if not given:
        return "no answer"
    return "no" if all(fact.negated for fact in given) else "yes"


def sides(dispute: Dispute, facts: Mapping[str, Fact]) -> list[Fact]:
    """The facts of both sides that the row holds."""
    return [fact for name in (*dispute.one, *dispute.other) if (fact := resolve(name, facts)) is not None]


def _record(row_id: str | None, data: Mapping[str, Any], line: int) -> Entry:
    row = convert(data, _Recorded)
    captions = tuple(_said(caption) for caption in row.captions)
    _check(captions)
    seen = Seen(row.image, row.width, row.height, row.looked, row.facts, row.disputes, row.asked)
    course = Course(row.strategy, row.retention, row.diversity, row.usage)
    return Entry(row_id, line, row.status, captions, seen, row.errors, course=course)


def _said(caption: Caption) -> Said:
    """A caption of a record; a writer that is named as the source already is not named twice."""
    writer = "" if caption.writer == caption.source else caption.writer
    return Said(
        caption.draft,
        caption.text,
        caption.claims,
        caption.edits,
        of_final=True,
        origin=" · ".join(filter(None, (caption.style, writer, caption.prompt))),
        source=caption.source,
        rejected=caption.rejected,
        dropped=caption.dropped,
    )


def _verified(row_id: str | None, data: Mapping[str, Any], line: int, seen: Seen | None, by: str) -> Entry:
    row = convert(data, _Verified)
    said = Said(row.caption, row.repaired, row.claims, row.edits, origin=_origin(data, by))
    _check([said])
    return Entry(row_id, line, row.status, (said,), _named(seen, row.image), row.errors, grouped=True)


def _failed(row_id: str | None, data: Mapping[str, Any], line: int, seen: Seen | None, problems: tuple[Problem, ...]) -> Entry:
    caption, image = data.get("caption"), data.get("image")
    captions = (Said(caption),) if isinstance(caption, str) else ()
    named = _named(seen, image if isinstance(image, str) else None)
    silent = Problem(message="the row failed without saying why", line=line)
    return Entry(row_id, line, "failed", captions, named, problems or (silent,), grouped="captions" not in data)


def _named(seen: Seen | None, image: str | None) -> Seen | None:
    """The row's own name of its picture goes before that of its evidence."""
    if image is None:
        return seen
    return replace(seen, image=image) if seen else Seen(image)


def _origin(data: Mapping[str, Any], by: str) -> str:
    value = data.get(by) if by else None
    if value is None:
        return ""
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def _check(captions: Sequence[Said]) -> None:
    """Raise RowError for claims that were never judged, or lie outside their text."""
    for said in captions:
        for claim in said.claims:
            if claim.verdict is None:
                raise RowError(f"claim {claim.id!r}: expected a verdict, got none", hint="run `fusion verify` on the caption")
            if claim.span[1] > len(said.text):
                got = f"{list(claim.span)} in a text of {len(said.text)} characters"
                raise RowError(f"claim {claim.id!r}: expected a span inside its text, got {got}")
