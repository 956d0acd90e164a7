"""Evidence rows and records: pictures or rows in, through the captioner, one row out for each."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

import msgspec

from fusion.captioner import Captioner
from fusion.dataset.evidence import StoredEvidence
from fusion.dataset.rows import Output, Row, copied, failed, output
from fusion.facts import Record
from fusion.job import Job, job_of

_INPUT = ("id", "image", "alt_text", "tags", "label", "status", "errors")
_FACTS = (*_INPUT, "width", "height", "looked", "facts")
_RECORD = (*_FACTS, *Record.__struct_fields__)


def facts_rows(rows: Iterable[Row], captioner: Captioner) -> Iterator[Output]:
    """An evidence row for each picture."""
    for row, record in _through(rows, captioner.facts, None):
        yield _evidence_row(row, record)


def records(rows: Iterable[Row], captioner: Captioner, stored: StoredEvidence | None = None) -> Iterator[Output]:
    """A record for each picture; with stored evidence no expert looks at one again."""
    for row, record in _through(rows, captioner.stream, stored):
        yield _record_row(row, record)


def _through(
    rows: Iterable[Row], work: Callable[[Iterable[Job]], Iterator[Record]], stored: StoredEvidence | None
) -> Iterator[tuple[Row, Record]]:
    """Pair what comes out with what went in: the captioner holds the order, and reads ahead."""
    waiting: deque[Row] = deque()

    def jobs() -> Iterator[Job]:
        for row in rows:
            waiting.append(row)
            yield _job(row, stored)

    for record in work(jobs()):
        yield waiting.popleft(), record


def _job(row: Row, stored: StoredEvidence | None) -> Job:
    image = row.data.get("image")
    path = image if isinstance(image, str) else None
    if row.problem:
        return Job(id=row.id, path=path, row=row.data, problem=row.problem)
    job = replace(job_of(row.data, row.line or 0), id=row.id, image=row.file, path=path)
    if stored is None:
        return job
    found = stored.get(row.id)
    if found.observation is None:
        return replace(job, problem=found.problems[0])
    image = row.file if row.file and row.file.is_file() else None
    return replace(job, image=image, observation=found.observation)


def _evidence_row(row: Row, record: Record) -> Output:
    rest = copied(row, _FACTS)
    if record.status == "failed":
        return failed(row, record.errors + row.warnings, rest)
    own = {key: getattr(record, key) for key in ("id", "image", "width", "height", "looked", "facts")}
    return replace(output(own, record.errors + row.warnings, record.status, rest), facts=len(record.facts))


def _record_row(row: Row, record: Record) -> Output:
    rest = copied(row, _RECORD)
    if record.status == "failed":
        return failed(row, record.errors, rest)
    own: dict[str, Any] = msgspec.structs.asdict(record)
    return Output(msgspec.json.encode({**own, **rest}), record.status, len(record.facts), len(record.captions))
