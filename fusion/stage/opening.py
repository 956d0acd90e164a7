"""The picture of a job opened, as a sample for the experts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter

from fusion import images
from fusion.errors import InputError
from fusion.facts import Problem, Sample
from fusion.job import Job


@dataclass(frozen=True)
class Opened:
    """A job with its sample. `problem` is why there is no picture, `seconds` how long opening took."""

    job: Job
    sample: Sample
    problem: Problem | None = None
    seconds: float = 0.0


def open_job(job: Job, max_megapixels: float) -> Opened:
    """Decode the picture of a job. Never raises: what goes wrong is kept as the problem."""
    began = perf_counter()
    sample = _sample(job)
    if job.problem or (job.observation and job.image is None):
        return Opened(job, sample, job.problem)
    try:
        if job.image is None:
            raise InputError("expected a picture, got none", hint="give the row a key 'image', or stored evidence")
        picture = images.load(job.image, max_megapixels=max_megapixels, name=job.path or job.id or "")
    except Exception as error:  # noqa: BLE001 - a picture that breaks its decoder must not take the others along
        return Opened(job, sample, Problem.of(error), perf_counter() - began)
    sample = replace(sample, image=picture.image, width=picture.width, height=picture.height, sha256=picture.sha256)
    return Opened(job, sample, None, perf_counter() - began)


def _sample(job: Job) -> Sample:
    stored = job.observation
    return Sample(
        id=job.id or "",
        path=job.path or (stored.image if stored else None),
        file=str(job.image) if isinstance(job.image, str | Path) else None,
        width=stored.width if stored else None,
        height=stored.height if stored else None,
        alt_text=job.alt_text,
        tags=job.tags,
        label=job.label,
        language=job.language,
        row=job.row,
    )
