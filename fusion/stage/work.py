"""One picture on its way to its record: what is known of it, and what went wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from msgspec.structs import replace

from fusion.codec import convert
from fusion.errors import BadFact, InputError
from fusion.facts import (
    Caption,
    Dispute,
    Diversity,
    Fact,
    Observation,
    Problem,
    Question,
    Record,
    Retention,
    Sample,
    Status,
    Usage,
    by_place,
    fit,
    numbered,
)
from fusion.job import Job
from fusion.stage.answers import adopt, check_data
from fusion.stage.opening import Opened


@dataclass
class Work:
    """One picture: its sample with the facts so far, whose silence counts, problems, experts that ran and failed."""

    job: Job
    sample: Sample
    looked: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    status: Status = "ok"
    ran: int = 0
    failed: int = 0
    captions: tuple[Caption, ...] = ()
    derived: tuple[Fact, ...] = ()
    disputes: tuple[Dispute, ...] = ()
    asked: dict[Question, Question] = field(default_factory=dict)
    strategy: str = ""
    retention: Retention | None = None
    diversity: Diversity | None = None
    usage: tuple[Usage, ...] = ()
    captionable: bool = True

    @classmethod
    def of(cls, opened: Opened) -> Work:
        """The work that an opened picture is, or its stored evidence; it has failed where there is neither."""
        job, stored = opened.job, opened.job.observation
        if job.problem or (stored is None and opened.problem):
            problem = job.problem or opened.problem
            return cls(job, opened.sample, problems=[problem] if problem else [], status="failed")
        if stored is None:
            return cls(job, opened.sample)
        work = cls(job, opened.sample, list(stored.experts), list(stored.errors), stored.status)
        facts, problems = adopt("evidence", numbered(stored.facts), opened.sample, keeps_names=True)
        work.sample = opened.sample.with_facts(tuple(facts))
        work.problems += [*problems, *_warnings(opened, stored)]
        return work

    @property
    def goes_on(self) -> bool:
        """Nothing yet has made it fail."""
        return self.status != "failed"

    def add(self, facts: Sequence[Fact], problems: Sequence[Problem], looked: Sequence[str]) -> None:
        """Take in what one expert said. Its silence counts only if nothing of its answer was lost."""
        self.sample = self.sample.with_facts((*self.sample.facts, *facts))
        self.problems += problems
        self.ran += 1
        if any(not problem.warning for problem in problems):
            self.failed += 1
        else:
            self.looked += [name for name in looked if name not in self.looked]

    def give_up(self, problem: Problem) -> None:
        """No captions: something went wrong on the way to them."""
        self.captionable = False
        self.problems.append(problem)
        self.judge()

    def judge(self) -> None:
        """Failed if all experts failed and nothing is known; partial if anything else went wrong."""
        stored = self.job.observation is not None
        if not stored and self.ran and self.failed == self.ran and not self.sample.facts:
            self.status = "failed"
        elif self.status == "ok" and any(not problem.warning for problem in self.problems):
            self.status = "partial"

    def observation(self) -> Observation:
        sample = self.sample
        return Observation(
            id=self.job.id,
            image=sample.path,
            width=sample.width,
            height=sample.height,
            looked=tuple(self.looked),
            facts=sample.facts,
            status=self.status,
        )

    def record(self) -> Record:
        sample = self.sample
        return Record(
            id=self.job.id,
            image=sample.path,
            sha256=sample.sha256,
            width=sample.width,
            height=sample.height,
            status=self.status,
            errors=tuple(self.problems),
            looked=tuple(self.looked),
            facts=(*sample.facts, *self.derived),
            disputes=self.disputes,
            asked=tuple(self.asked.values()),
            strategy=self.strategy,
            captions=self.captions,
            retention=self.retention,
            diversity=self.diversity,
            usage=self.usage,
        )


def _warnings(opened: Opened, stored: Observation) -> Iterator[Problem]:
    """What is odd about a picture beside its stored evidence; captions are made from the evidence all the same."""
    sample, hint = opened.sample, "captions are made from the stored evidence"
    if opened.problem:
        yield Problem(message=opened.problem.message, hint=hint, warning=True)
    elif sample.image and stored.width and stored.height and sample.image.size != (stored.width, stored.height):
        size, want = f"{sample.image.width}×{sample.image.height}", f"{stored.width}×{stored.height}"
        yield Problem(message=f"expected a picture of {want} pixels, as its evidence says, got {size}", warning=True)


def observation_of(
    evidence: Observation | Record | Mapping[str, Any] | Sequence[Fact | Mapping[str, Any]],
) -> Observation:
    """Evidence in any of its forms, as an evidence row: facts without an id get one, boxes are clipped to the picture.

    Raises:
        RowError: it is no evidence row.
        BadFact: a fact of a list is none, or points to one that is not there.
        InputError: it is none of these forms, or a failed row.
    """
    if isinstance(evidence, Mapping):
        evidence = convert({"id": None, **evidence}, Observation)
    if isinstance(evidence, Record):
        known = {key: getattr(evidence, key) for key in Observation.__struct_fields__}
        evidence = Observation(**known)
    if isinstance(evidence, list | tuple):
        evidence = Observation(id=None, facts=_list_of_facts(evidence))
    if not isinstance(evidence, Observation):
        forms = "an Observation, a Record, a mapping or a list of facts"
        raise InputError(f"expected evidence: {forms}, got {type(evidence).__name__}")
    if evidence.status == "failed":
        why = evidence.errors[0].message if evidence.errors else "no reason is given"
        raise InputError(f"the evidence of {evidence.id!r} is a failed row: {why}")
    return replace(evidence, facts=_whole(evidence))


def _whole(evidence: Observation) -> tuple[Fact, ...]:
    facts = numbered(evidence.facts)
    for fact in facts:
        try:
            check_data(fact)
        except ValueError as error:
            raise BadFact(f"fact {fact.id!r}: {error}") from None
    return tuple(fit(fact, evidence.width, evidence.height)[0] for fact in facts)


def _list_of_facts(given: Sequence[Fact | Mapping[str, Any]]) -> tuple[Fact, ...]:
    taken = {str(one.get("id")) if isinstance(one, Mapping) else getattr(one, "id", "") for one in given}
    named = [_named(one, by_place(i, taken)) for i, one in enumerate(given)]
    facts, problems = adopt("fact", named, Sample(id=""), keeps_names=True)
    for problem in problems:
        if not problem.warning:
            raise BadFact(problem.message, hint=problem.hint)
    return tuple(facts)


def _named(given: Fact | Mapping[str, Any], name: str) -> Fact | Mapping[str, Any]:
    if isinstance(given, Mapping):
        return given if given.get("id") else {**given, "id": name}
    return replace(given, id=name) if isinstance(given, Fact) and not given.id else given
