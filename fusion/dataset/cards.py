"""Which card an expert of stored evidence gets: how far its facts are trusted, and what its silence says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from fusion.codec import encode
from fusion.errors import OutputError
from fusion.expert import Card
from fusion.stage import built_in_card, read_cards


def beside(file: Path) -> Path:
    """The cards file that `fusion facts` leaves with its rows."""
    return file.with_name(f"{file.name}.cards.json")


def write(path: Path, cards: Mapping[str, Card]) -> None:
    """Write a cards file, whole or not at all.

    Raises:
        OutputError: it cannot be written.
    """
    part = path.with_name(f"{path.name}.part")
    try:
        part.write_bytes(msgspec.json.format(encode({"cards": cards})) + b"\n")
        part.replace(path)
    except OSError as error:
        raise OutputError(f"{path} cannot be written: {error.strerror}") from None


class Cards:
    """Cards by expert: from the first file that has one, else the built-in of that name, else one that says little."""

    def __init__(self, files: Sequence[Path]) -> None:
        self.given: dict[str, Card] = {}
        for path in reversed(files):
            self.given |= read_cards(path)
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
