"""Evidence rows on disk, found by id: the file is read once for its ids, a row only when it is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from fusion.codec import convert
from fusion.dataset.rows import EVIDENCE_KEYS, Row
from fusion.dataset.sources import RowsFile, open_input
from fusion.errors import InputError, RowError
from fusion.facts import Observation, Problem, fit, numbered


@dataclass(frozen=True)
class Stored:
    """What an evidence file says of an id: an observation, or the problems that stand in its place."""

    observation: Observation | None = None
    problems: tuple[Problem, ...] = ()


class StoredEvidence:
    """An evidence file with the place of every id; it holds no row in memory.

    Raises:
        InputError: the file cannot be read or is a pipe; two rows share an id.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._rows = RowsFile(str(path), EVIDENCE_KEYS)
        if not self._rows.regular:
            raise InputError(f"evidence {path}: expected a file, got a stream", hint="save it to a file first")
        self._places: dict[str, tuple[int, int]] = {}
        self._broken: list[Problem] = []
        self._index()

    def _index(self) -> None:
        for row, offset in self._rows.places():
            if row.id is None:
                self._broken.append(row.problem or Problem(message="no id", line=row.line))
                continue
            place = (offset, row.line or 0)
            if (first := self._places.setdefault(row.id, place)) != place:
                message = f"{self.path}: lines {first[1]} and {place[1]} are both evidence for id {row.id!r}"
                raise InputError(message, hint="join the two rows into one, or give them different ids")

    def __len__(self) -> int:
        return len(self._places)

    def get(self, row_id: str | None) -> Stored:
        """What is stored for an id. A row that is broken, failed or absent comes as problems that name the file."""
        place = self._places.get(row_id) if row_id is not None else None
        if place is None:
            return Stored(problems=(self._absent(row_id),))
        offset, line = place
        with open_input(self.path) as file:
            file.seek(offset)
            row = self._rows.row(line, file.readline())
        if row.problem:
            return Stored(problems=(self._named(row.problem, line),))
        try:
            return _stored(row)
        except (RowError, ValueError) as error:
            return Stored(problems=(self._named(Problem.of(error), line),))

    def _absent(self, row_id: str | None) -> Problem:
        message = f"{self.path.name} has no evidence for id {row_id!r}"
        if not self._broken:
            return Problem(message=message, hint="run `fusion facts` on the picture, or check the ids of both files")
        first = self._broken[0]
        hint = f"{len(self._broken)} of its lines cannot be read, line {first.line} first: {first.message}"
        return Problem(message=message, hint=hint)

    def _named(self, problem: Problem, line: int) -> Problem:
        message = f"evidence in {self.path.name}, line {line}: {problem.message}"
        return msgspec.structs.replace(problem, message=message, line=line)


def _stored(row: Row) -> Stored:
    observation = convert({**row.data, "id": row.id}, Observation)
    if observation.status != "failed" and "facts" not in row.data and observation.looked is None:
        got = f"the keys {', '.join(row.data)}" if row.data else "no keys"
        raise RowError(f"expected evidence with `facts` or `looked`, got {got}")
    if observation.status == "failed":
        silent = Problem(message="its evidence row failed without saying why", line=row.line)
        return Stored(problems=observation.errors or (silent,))
    fitted = [fit(fact, observation.width, observation.height) for fact in numbered(observation.facts)]
    warnings = tuple(problem for _, problem in fitted if problem)
    facts = tuple(fact for fact, _ in fitted)
    changed: Mapping[str, Any] = {"facts": facts, "errors": observation.errors + warnings}
    return Stored(msgspec.structs.replace(observation, **changed), warnings)
