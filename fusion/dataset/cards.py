"""Which card an expert of stored evidence gets: how far its facts are trusted, and what its silence says."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from fusion.codec import encode
from fusion.errors import OutputError
from fusion.evidence.belief import checked
from fusion.expert import Card
from fusion.stage import built_in_card, read_cards_file


def beside(file: Path) -> Path:
    """The cards file that `fusion facts` leaves with its rows; a folder has none beside it."""
    if not file.name:
        return file / "cards.json"
    return file.with_name(f"{file.name}.cards.json")


def write(path: Path, cards: Mapping[str, Card], thresholds: Mapping[str, float] | None = None) -> None:
    """Write a cards file, whole or not at all.

    Raises:
        OutputError: it cannot be written.
    """
    part = path.with_name(f"{path.name}.part")
    try:
        part.write_bytes(_file(cards, thresholds))
        part.replace(path)
    except OSError as error:
        raise OutputError(f"{path} cannot be written: {error.strerror}") from None


def write_to(path: Path | None, cards: Mapping[str, Card], thresholds: Mapping[str, float]) -> None:
    """Write a cards file, to standard output where none is named."""
    if path is not None:
        write(path, cards, thresholds)
    else:
        sys.stdout.write(_file(cards, thresholds).decode("utf-8"))


def _file(cards: Mapping[str, Card], thresholds: Mapping[str, float] | None) -> bytes:
    return msgspec.json.format(encode({"cards": cards} | ({"thresholds": thresholds} if thresholds else {}))) + b"\n"


class Cards:
    """Cards by expert: from the first file that has one, else the built-in of that name, else one that says little."""

    def __init__(self, files: Sequence[Path]) -> None:
        self.given: dict[str, Card] = {}
        self.thresholds: dict[str, float] = {}
        for path in reversed(files):
            cards, thresholds = read_cards_file(path)
            self.given |= cards
            self.thresholds |= checked(thresholds, f"cards file {path}")
        self._resolved = dict(self.given)

    def of(self, names: Sequence[str]) -> dict[str, Card]:
        """One card for each name, never missing."""
        for name in names:
            if name not in self._resolved:
                self._resolved[name] = built_in_card(name)
        return {name: self._resolved[name] for name in names}


def files(given: Path | None, evidence: Path | None, configured: str) -> list[Path]:
    """Where cards are looked for, the one that goes before the others first: given, beside the evidence, configured."""
    found = [given] if given else []
    if evidence and beside(evidence).exists():
        found.append(beside(evidence))
    return found + ([Path(configured)] if configured else [])
