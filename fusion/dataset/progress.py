"""How far a run is, on standard error: a bar on a terminal, a line now and then in a log, one line at the end."""

from __future__ import annotations

import sys
import time
from collections import Counter
from typing import Any

EVERY = 30.0
"""Seconds between two lines in a log."""


class Progress:
    """Tells how many rows are written. `total` is None where only the end will tell.

    `terminal`: rows go to a terminal, where they show how far the run is, so that until the end nothing else does.
    """

    def __init__(self, command: str, total: int | None, quiet: bool = False, terminal: bool = False) -> None:
        self._command = command
        self._total = total
        self._quiet = quiet
        self._silent = quiet or terminal
        self._bar: Any = None
        self._told = time.monotonic()

    def start(self, done: int) -> None:
        """Begin, with the rows of an earlier run done already."""
        if self._silent or not sys.stderr.isatty():
            return
        from tqdm import tqdm

        self._bar = tqdm(total=self._total, initial=done, desc=self._command, unit="row", file=sys.stderr, leave=False)

    def step(self, counts: Counter[str]) -> None:
        """One more row is written."""
        if self._bar is not None:
            self._bar.update()
        elif not self._silent and time.monotonic() - self._told >= EVERY:
            self._told = time.monotonic()
            of = "" if self._total is None else f" of {self._total}"
            tell(f"{self._command}: {counts.total()}{of} rows, {counts['failed']} failed")

    def close(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None

    def summary(self, counts: Counter[str], seconds: float, where: str, captions: int | None = None) -> None:
        """What came of it, in one line; `captions` is how many were written, by a command that writes some."""
        if not self._quiet:
            told = ", ".join(f"{counts[status]} {status}" for status in ("ok", "partial", "failed"))
            told += "" if captions is None else f"; {_several(captions, 'caption')}"
            tell(f"{_several(counts.total(), 'row')} to {where}: {told}; {seconds:.1f} s")


def _several(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def tell(message: str) -> None:
    """One line on standard error."""
    sys.stderr.write(f"fusion: {message}\n")
