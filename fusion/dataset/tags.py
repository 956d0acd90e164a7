"""Tags rows: lists of tags in, the same lists grouped, in order and held against the evidence out."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fusion.dataset.rows import Output, Row, copied, output
from fusion.errors import FusionError, InputError
from fusion.facts import Problem
from fusion.tags import GROUPS, Arranged, arrange

if TYPE_CHECKING:
    from fusion.dataset.cards import Cards
    from fusion.dataset.evidence import Stored, StoredEvidence
    from fusion.evidence import Evidence
    from fusion.language import Language

BATCH = 64
"""Rows whose evidence is joined together: its statements are parsed at once."""

_TAGS = ("id", "tags", "groups", "dropped", "contradicted", "bound", "status", "errors")


@dataclass(frozen=True)
class Tags:
    """Arranges rows of tags. `table` is a user's own, a group by tag; `drop_implied` drops what other tags imply."""

    table: Mapping[str, str] = field(default_factory=dict)
    drop_implied: bool = False

    def rows(self, rows: Iterable[Row]) -> Iterator[Output]:
        """A tags row for each list."""
        return (self.row(row) for row in rows)

    def row(self, row: Row, evidence: Evidence | None = None, problems: tuple[Problem, ...] = ()) -> Output:
        """The row of one list; one that cannot be arranged fails, and takes no other along."""
        if row.problem:
            return _failed(row, row.problem)
        tags = _listed(row.data["tags"])
        try:
            arranged = arrange(tags, evidence=evidence, table=self.table, drop_implied=self.drop_implied)
        except FusionError as error:
            return _failed(row, Problem.of(error, line=row.line))
        return _row(row, arranged, evidence is not None, problems)


class TagsWithEvidence:
    """Arranges rows of tags and holds them against the evidence row of their id.

    `language` gives the reader, and is called only if there are statements to parse.
    """

    def __init__(self, tags: Tags, stored: StoredEvidence, cards: Cards, language: Callable[[], Language]) -> None:
        self._tags = tags
        self._stored = stored
        self._cards = cards
        self._language = language

    def rows(self, rows: Iterable[Row]) -> Iterator[Output]:
        """A tags row for each list; one whose id has no evidence is arranged without it, and says so."""
        remaining = iter(rows)
        while batch := list(islice(remaining, BATCH)):
            found = {row.id: self._stored.get(row.id) for row in batch if row.problem is None}
            joined = self._joined(found)
            for row in batch:
                problems = found[row.id].problems if row.id in found else ()
                yield self._tags.row(row, joined.get(row.id), problems)

    def _joined(self, found: Mapping[str | None, Stored]) -> dict[str | None, Evidence]:
        from fusion.evidence import build, gather

        known = {row_id: stored.observation for row_id, stored in found.items() if stored.observation}
        names = [name for seen in known.values() for name in (*seen.experts, *(fact.expert for fact in seen.facts))]
        cards = self._cards.of(list(dict.fromkeys(names)))
        if any(fact.kind == "statement" for seen in known.values() for fact in seen.facts):
            joined = gather(list(known.values()), cards, self._language(), self._cards.thresholds)
            return dict(zip(known, joined, strict=True))
        return {row_id: build(seen, cards, {}, self._cards.thresholds) for row_id, seen in known.items()}


def _listed(tags: str | list[Any]) -> list[Any]:
    return [tag.strip() for tag in tags.split(",")] if isinstance(tags, str) else tags


def _row(row: Row, arranged: Arranged, with_evidence: bool, problems: tuple[Problem, ...]) -> Output:
    own: dict[str, object] = {
        "id": row.id,
        "tags": arranged.tags,
        "groups": arranged.groups,
        "dropped": arranged.dropped,
        "contradicted": arranged.contradicted,
    }
    if with_evidence:
        own["bound"] = arranged.bound
    missing = any(not problem.warning for problem in problems)
    return output(own, problems, "partial" if missing else "ok", copied(row, _TAGS))


def _failed(row: Row, problem: Problem) -> Output:
    """The row of a list that nothing came of, with the tags if there were some to read."""
    own = {"id": row.id, "tags": row.data["tags"]} if "tags" in row.data else {"id": row.id}
    return output(own, (problem,), "failed", copied(row, _TAGS))


def read_groups(path: Path) -> dict[str, str]:
    """A user's table: a file of two columns, tag and group, separated by commas or tabs; a first line "tag,group" is a head.

    Groups are those of `fusion.tags.GROUPS`: the order of tags is made for them, so that no others can be brought.

    Raises:
        InputError: the file cannot be read, or a line is no such row; it names file and line.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise InputError(f"groups {path} cannot be read: {error.strerror}", hint="expected a file of two columns") from None
    except UnicodeDecodeError as error:
        raise InputError(f"groups {path}: expected UTF-8, got the byte 0x{error.object[error.start]:02x}") from None
    lines = text.splitlines()
    tabs = path.suffix.lower() == ".tsv" or (path.suffix.lower() != ".csv" and any("\t" in line for line in lines[:1]))
    found: dict[str, tuple[str, int]] = {}
    reader = csv.reader(lines, delimiter="\t" if tabs else ",", strict=True)
    try:
        for cells in reader:
            _add_row(found, [cell.strip() for cell in cells], f"{path}, line {reader.line_num}", reader.line_num, tabs)
    except csv.Error as error:
        raise InputError(f"{path}, line {reader.line_num}: {error}", hint="close the quotes, or double those inside") from None
    return {tag: group for tag, (group, _) in found.items()}


def _add_row(found: dict[str, tuple[str, int]], cells: list[str], where: str, line: int, tabs: bool) -> None:
    """Take in one row of a user's table; blank lines and the head are none."""
    if not any(cells) or (line == 1 and [cell.lower() for cell in cells] == ["tag", "group"]):
        return
    if len(cells) != 2 or not all(cells):
        hint = f"columns are separated by {'tabs' if tabs else 'commas; a tag with a comma stands in quotes'}"
        raise InputError(f"{where}: expected two columns, tag and group, got {cells!r}", hint=hint)
    tag, group = cells
    if group not in GROUPS:
        raise InputError(f"{where}: expected one of the groups, got {group!r}", hint=f"groups are: {', '.join(GROUPS)}")
    before = found.setdefault(tag, (group, line))
    if before[0] != group:
        raise InputError(f"{where}: {tag!r} is {group!r} here and {before[0]!r} in line {before[1]}", hint="keep one of them")
