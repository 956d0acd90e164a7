"""The command `show`: captions in the terminal."""

from __future__ import annotations

import os
import shutil
import sys
from typing import TYPE_CHECKING, TextIO

import click

from fusion.cli.common import INTERRUPTED, SOME_FAILED, reported

if TYPE_CHECKING:
    from fusion.cli.terminal import Look

WIDTH = 80
"""Columns where no terminal says how many it has."""


@click.command()
@click.argument("records", metavar="RECORDS")
@click.option("--facts", is_flag=True, help="Also claims, verdicts, the facts behind them, and how captions came about.")
@reported
def show(records: str, facts: bool) -> int:
    """Show the captions of records in the terminal.

    \b
    Colours say what came of the claims: green supported,
    yellow unverified, red contradicted. A terminal alone gets
    colours, and none where NO_COLOR is set. In brackets after
    a style: whose words they are where no writer wrote them.
    """
    from fusion.cli.terminal import lines, record_of
    from fusion.dataset.rows import EVIDENCE_KEYS
    from fusion.dataset.sinks import hush
    from fusion.dataset.sources import RowsFile

    look, failed = _look(sys.stdout, facts), False
    try:
        for row in RowsFile(records, EVIDENCE_KEYS):
            record = record_of(row)
            failed |= record.status == "failed"
            _say("\n".join(lines(record, look)), look)
        sys.stdout.flush()
    except BrokenPipeError:
        hush(sys.stdout)
        return INTERRUPTED
    return SOME_FAILED if failed else 0


def _look(stream: TextIO, facts: bool) -> Look:
    """As wide and as colourful as the stream can show; https://no-color.org says what NO_COLOR means."""
    from fusion.cli.terminal import Look

    if not stream.isatty():
        return Look(WIDTH, colour=False, facts=facts)
    colour = not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return Look(shutil.get_terminal_size((WIDTH, 24)).columns, colour, facts)


def _say(text: str, look: Look) -> None:
    """One record and a blank line; characters that the terminal cannot show become question marks."""
    encoding = sys.stdout.encoding or "utf-8"
    click.echo(text.encode(encoding, "replace").decode(encoding) + "\n", color=look.colour)
