"""Which experts look at the same time: those next to each other that state the same whatever stands already."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from itertools import groupby

from fusion.stage.station import Answer, Station
from fusion.stage.work import Work

Timed = Callable[[str], AbstractContextManager[None]]


def rounds(stations: Sequence[Station]) -> Iterator[list[Station]]:
    """The stations in order; those of one list may look at the same time."""
    for alone, group in groupby(stations, key=lambda station: station.alone):
        if alone:
            yield list(group)
        else:
            yield from ([station] for station in group)


def visit_all(stations: Sequence[Station], works: Sequence[Work], timed: Timed, *, together: bool) -> None:
    """Let all experts look; what they state is added in their order, whoever comes back first."""
    if not works:
        return
    for group in rounds(stations):
        if len(group) == 1 or not together:
            for station in group:
                with timed(f"experts/{station.name}"):
                    station.visit(works)
            continue

        def look(station: Station) -> Sequence[Answer | Exception]:
            with timed(f"experts/{station.name}"):
                return station.look(works)

        with ThreadPoolExecutor(len(group), thread_name_prefix="fusion-look") as pool:
            answers = list(pool.map(look, group))
        for station, given in zip(group, answers, strict=True):
            station.take(works, given)
