"""Runs over many inputs: rows and pictures in, one row out for each, in order, and nothing done twice.

rows      one line of JSON to one input row, and the row that goes out for it
sources   rows files and pictures, streamed
cards     which card an expert of stored evidence gets
evidence  evidence rows on disk, found by id
verify    claims rows and verify rows
pictures  evidence rows and records
sinks     where rows go: standard output, or FILE.part that becomes FILE
run       the loop around all of these: resume, progress, exit status
"""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as _version


def version() -> str:
    """The installed version of caption-fusion, "0+unknown" where it runs from a folder that was never installed."""
    try:
        return _version("caption-fusion")
    except PackageNotFoundError:
        return "0+unknown"
