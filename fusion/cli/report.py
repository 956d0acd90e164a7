"""The command `report`: one HTML file that shows what came of captions."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import click
from msgspec import structs

from fusion.cli.common import FILE, INTERRUPTED, SOME_FAILED, STANDARD_OUTPUT, reported
from fusion.errors import ConfigError, OutputError

if TYPE_CHECKING:
    from fusion.audit import Entry, Report, Seen, Totals, Worst
    from fusion.audit.pictures import Embedded
    from fusion.dataset.sources import RowsFile
    from fusion.facts import Problem


@click.command()
@click.argument("rows", metavar="ROWS")
@click.option("--evidence", type=FILE, help="Evidence rows of verify rows, found by id; records hold their own.")
@click.option("--images", type=FILE, metavar="DIR", help="Folder of the pictures; default: beside the rows.")
@click.option(
    "--show", type=click.IntRange(min=0), default=200, show_default=True, help="How many of the worst pictures to show."
)
@click.option("--title", default="What the captions claim", show_default=True, help="The headline.")
@click.option("--by", default="", metavar="KEY", help="Also compare captions by this key of verify rows, such as source.")
@click.option("-o", "--output", type=FILE, help="HTML file to write; default, and -: standard output.")
@click.option("--force", is_flag=True, help="Replace a file that exists.")
@click.option("--quiet", is_flag=True, help="No progress and no summary.")
@reported
def report(
    rows: str,
    evidence: Path | None,
    images: Path | None,
    show: int,
    title: str,
    by: str,
    output: Path | None,
    force: bool,
    quiet: bool,
) -> int:
    """Show records or verify rows as one HTML page.

    \b
    Totals are over all rows, pictures of the worst only.
    The page needs nothing beside it and loads nothing.
    """
    began = time.perf_counter()
    to_file = None if str(output) in STANDARD_OUTPUT else output
    with _again(rows, images) as source:
        _refuse(source, evidence, to_file, force)
        reading = _Reading(source, evidence, by)
        totals, worst = _survey(reading, source.total, show, quiet)
        made = _report(reading, totals, worst, title, by, rows)
        folders = [images] if images else [source.base, *([evidence.parent] if evidence else [])]
        try:
            _write(to_file, _page(made, folders))
        except BrokenPipeError:
            return INTERRUPTED
    if not quiet:
        _tell(made, to_file, time.perf_counter() - began)
    if by and not totals.by_origin:
        click.echo(f"fusion: warning: no verify row has the key {by!r}, so nothing is compared by it", err=True)
    return SOME_FAILED if totals.rows["failed"] else 0


@contextmanager
def _again(rows: str, images: Path | None) -> Iterator[RowsFile]:
    """The rows, so that they can be read twice: what comes down a stream is kept in a file meanwhile."""
    from fusion.dataset.rows import Keys
    from fusion.dataset.sources import RowsFile, open_input

    source = RowsFile(rows, Keys({}), images)
    if source.regular:
        yield source
        return
    with tempfile.NamedTemporaryFile(suffix=".jsonl") as kept:
        if rows == "-":
            shutil.copyfileobj(sys.stdin.buffer, kept)
        else:
            with open_input(Path(rows)) as stream:
                shutil.copyfileobj(stream, kept)
        kept.flush()
        yield RowsFile(kept.name, Keys({}), images or Path())


def _refuse(source: RowsFile, evidence: Path | None, output: Path | None, force: bool) -> None:
    from fusion.dataset.inputs import refuse_overwriting, refuse_pictures

    files = {"evidence": evidence}
    refuse_pictures("report", source, files)
    if output is None:
        if sys.stdout.isatty():
            raise ConfigError("the report is a page of HTML, and standard output is a terminal", hint="name a file with -o FILE")
        return
    if output.is_dir():
        raise OutputError(f"expected a file to write, got the folder {output}")
    refuse_overwriting(output, source, files, with_cards=False)
    if output.is_file() and not force:
        raise OutputError(f"{output} exists already", hint="--force replaces it")


class _Reading:
    """Rows with the evidence of their ids, as entries, as often as they are asked for."""

    def __init__(self, source: RowsFile, evidence: Path | None, by: str) -> None:
        from fusion.dataset.evidence import StoredEvidence

        self._source = source
        self._by = by
        self._stored = StoredEvidence(evidence) if evidence else None
        self._seen = lru_cache(maxsize=512)(self._look_up)

    def __call__(self, ids: frozenset[str | None] | None = None) -> Iterator[Entry]:
        """All entries, or those of some ids."""
        from fusion.audit import read

        for row in self._source:
            if ids is None or row.id in ids:
                seen, warnings = (None, ()) if "captions" in row.data else self._seen(row.id)
                entry = read(row.id, row.data, line=row.line or 0, seen=seen, problem=row.problem, by=self._by)
                yield replace(entry, problems=entry.problems + warnings) if warnings and entry.status != "failed" else entry

    def _look_up(self, row_id: str | None) -> tuple[Seen | None, tuple[Problem, ...]]:
        """The evidence of an id, or why there is none, which takes nothing from the verdicts."""
        from fusion.audit import Seen

        found = self._stored.get(row_id) if self._stored else None
        if found is None:
            return None, ()
        if found.observation is not None:
            return Seen.of(found.observation), ()
        return None, tuple(structs.replace(problem, warning=True) for problem in found.problems)


def _survey(reading: _Reading, total: int | None, show: int, quiet: bool) -> tuple[Totals, Worst]:
    """One pass over all rows: the totals, and which pictures are the worst."""
    from fusion.audit import Totals, Worst
    from fusion.dataset.progress import Progress

    totals, worst = Totals(), Worst(show)
    progress = Progress("report", total, quiet)
    progress.start(0)
    try:
        for entry in reading():
            totals.add(entry)
            worst.add(entry)
            progress.step(totals.rows)
    finally:
        progress.close()
    return totals, worst


def _report(reading: _Reading, totals: Totals, worst: Worst, title: str, by: str, rows: str) -> Report:
    from fusion.audit import Report, gather
    from fusion.dataset import version

    shown = gather(reading(frozenset(name for name, _ in worst.order())), worst)
    source = "standard input" if rows == "-" else Path(rows).name
    return Report(title, source, totals, shown, by, version())


def _page(made: Report, folders: list[Path]) -> Iterator[bytes]:
    from fusion.audit import render
    from fusion.audit.pictures import embed, find

    def picture(seen: Seen) -> Embedded:
        name = seen.image or ""
        return embed(find(name, folders), name)

    for part in render(made, picture):
        yield part.encode("utf-8")


def _write(output: Path | None, parts: Iterable[bytes]) -> None:
    """To standard output or a device, else to FILE.part, which becomes FILE when it is whole."""
    if output is None:
        for part in parts:
            sys.stdout.buffer.write(part)
        sys.stdout.buffer.flush()
        return
    device = output.exists() and not output.is_file()
    made = output if device else output.with_name(f"{output.name}.part")
    try:
        with made.open("wb") as file:
            for part in parts:
                file.write(part)
            file.flush()
            if not device:
                os.fsync(file.fileno())
        if not device:
            made.replace(output)
    except OSError as error:
        raise OutputError(f"{made} cannot be written: {error.strerror}", hint="check folder, rights and room") from None
    finally:
        if not device:
            with suppress(OSError):
                made.unlink(missing_ok=True)


def _tell(made: Report, output: Path | None, seconds: float) -> None:
    from fusion.dataset.progress import tell

    counts: Counter[str] = made.totals.rows
    told = ", ".join(f"{counts[status]} {status}" for status in ("ok", "partial", "failed"))
    where = output or "standard output"
    tell(f"{counts.total()} rows, {len(made.shown)} pictures shown, to {where}: {told}; {seconds:.1f} s")
