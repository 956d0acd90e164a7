"""Tries experts: makes each, lets it look at an empty picture, and says how long that took and what memory it holds."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from fusion.errors import ConfigError
from fusion.facts import Problem, Sample
from fusion.job import Job
from fusion.stage.station import Station
from fusion.stage.work import Work

SIZE = (640, 480)
"""Pixels of the picture that experts are tried on: grey all over, so that nothing is to be seen."""


@dataclass(frozen=True)
class Tried:
    """What came of one: seconds until it was made, mebibytes it added, milliseconds for a picture; or what went wrong."""

    name: str
    use: str
    load: float = 0.0
    memory: float = 0.0
    look: float = 0.0
    error: str = ""
    hint: str = ""


def try_experts(stations: Sequence[Station]) -> Iterator[Tried]:
    """Each in turn, started and closed, so that the memory of one is not that of the next."""
    for station in stations:
        try:
            yield _tried(station)
        finally:
            station.close()


def _tried(station: Station) -> Tried:
    gc.collect()
    before, began = _memory(), perf_counter()
    try:
        station.start()
    except ConfigError as error:
        return Tried(station.name, station.use, error=error.message, hint=error.hint)
    load = perf_counter() - began
    if station.out:
        return Tried(station.name, station.use, error=station.out.message, hint=station.out.hint)
    problem = _looked(station)  # some libraries do most of their work at the first picture
    began = perf_counter()
    problem = problem or _looked(station)
    took = (perf_counter() - began) * 1000
    held = max(_memory() - before, 0.0)
    if problem is not None:
        return Tried(station.name, station.use, error=problem.message, hint=problem.hint)
    return Tried(station.name, station.use, load, held, took)


def _looked(station: Station) -> Problem | None:
    """What goes wrong with a grey picture."""
    from PIL import Image

    image = Image.new("RGB", SIZE, (128, 128, 128))
    work = Work(Job("check"), Sample(id="check", image=image, width=SIZE[0], height=SIZE[1]))
    station.visit([work])
    return next((problem for problem in work.problems if not problem.warning), None)


def _memory() -> float:
    """Mebibytes that this process holds, those on GPUs with them; 0 where the system does not say."""
    held = 0.0
    with suppress(OSError, ValueError, IndexError):
        import resource

        held = int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 2**20
    torch = sys.modules.get("torch")
    if torch is not None and torch.cuda.is_available():
        held += torch.cuda.memory_allocated() / 2**20
    return held
