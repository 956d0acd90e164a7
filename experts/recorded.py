"""Hands on recorded facts: the rows of an evidence file, under the names of the experts that stated them.

Library: none. Licence: Apache-2.0.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import msgspec

from fusion.codec import convert, decode
from fusion.errors import ConfigError, ExpertError, RowError
from fusion.expert import Card, Expert
from fusion.facts import Fact, Observation, Sample

_BOM = b"\xef\xbb\xbf"
_TWICE = -1


class _Key(msgspec.Struct):
    id: str | int | None = None
    image: str | None = None


class _Cards(msgspec.Struct):
    cards: dict[str, Card]


class Recorded(Expert):
    """Facts of the evidence rows in `file`, found by the sample's id, else by its path among the rows' images.

    Ids, expert names and `looked` stay as they are in the file. Cards come from `cards_file`, else from FILE.cards.json
    beside the file. Of the file only the places of its rows are held in memory.

    Raises:
        ConfigError: a file cannot be read, a line is no JSON object, two rows share an id.
    """

    keeps_names: ClassVar[bool] = True

    def __init__(self, file: str, cards_file: str = "") -> None:
        self._path = Path(file)
        self._places, self._lines = array("q"), array("q")
        self._by_id: dict[str, int] = {}
        self._by_image: dict[str, int] = {}
        self._cards = _read_cards(cards_file, file)
        try:
            self._index()
            self._stream = self._path.open("rb")
        except OSError as error:
            raise ConfigError(f"evidence {file}: cannot be read: {error.strerror}", hint="check the path") from None

    def look(self, sample: Sample) -> list[Fact]:
        """The facts of its row.

        Raises:
            ExpertError: the file has no row for it, or one that failed or is broken.
        """
        return list(self._observation(sample).facts)

    def looked(self, sample: Sample, name: str) -> tuple[str, ...]:
        """The experts that had finished on the picture when its row was written."""
        return self._observation(sample).experts

    def cards(self, name: str) -> dict[str, Card]:
        """The cards of the recorded experts, as far as there are any."""
        return dict(self._cards)

    def close(self) -> None:
        """Close the file."""
        self._stream.close()

    def _index(self) -> None:
        with self._path.open("rb") as stream:
            place = 0
            for number, line in enumerate(stream, 1):
                text = line.removeprefix(_BOM) if number == 1 else line
                if text.strip():
                    self._enter(_key(text, self._path, number), place, number)
                place += len(line)

    def _enter(self, key: _Key, place: int, number: int) -> None:
        row = len(self._places)
        self._places.append(place)
        self._lines.append(number)
        if key.id is not None:
            first = self._by_id.setdefault(str(key.id), row)
            if first != row:
                message = f"{self._path}: id {str(key.id)!r} is on line {self._lines[first]} and on line {number}"
                raise ConfigError(message, hint="an id has one evidence row; merge the two", line=number)
        if key.image is not None:
            first = self._by_image.setdefault(key.image, row)
            if first != row:
                self._by_image[key.image] = _TWICE

    def _observation(self, sample: Sample) -> Observation:
        row = self._find(sample)
        self._stream.seek(self._places[row])
        line, number = self._stream.readline().removeprefix(_BOM), self._lines[row]
        try:
            found = _observation(line)
        except RowError as error:
            raise ExpertError(f"{self._path.name}, line {number}: {error.message}", line=number) from None
        if found.status == "failed":
            why = "; ".join(problem.message for problem in found.errors if not problem.warning) or "it says not why"
            raise ExpertError(f"{self._path.name}, line {number}: the recorded row failed: {why}", line=number)
        return found

    def _find(self, sample: Sample) -> int:
        row = self._by_id.get(sample.id)
        if row is None and sample.path is not None:
            row = self._by_image.get(sample.path)
        if row == _TWICE:
            message = f"{self._path.name}: several rows have the image {sample.path!r}, and none the id {sample.id!r}"
            raise ExpertError(message, hint="give the picture the id of its row")
        if row is None:
            image = f" or the image {sample.path!r}" if sample.path is not None else ""
            message = f"{self._path.name}: expected a row with the id {sample.id!r}{image}, got none"
            raise ExpertError(message, hint="record facts of this picture, or give it the id of its row")
        return row


def _key(line: bytes, path: Path, number: int) -> _Key:
    try:
        return decode(line, _Key)
    except RowError as error:
        hint = "an evidence file is JSON Lines, one object a row"
        raise ConfigError(f"{path}, line {number}: {error.message}", hint=hint, line=number) from None


def _observation(line: bytes) -> Observation:
    row = decode(line, dict)
    if isinstance(row.get("id"), int):
        row["id"] = str(row["id"])
    return convert(row, Observation)


def _read_cards(cards_file: str, file: str) -> dict[str, Card]:
    for path in _candidates(cards_file, file):
        try:
            return decode(path.read_bytes().removeprefix(_BOM), _Cards).cards
        except OSError as error:
            raise ConfigError(f"cards {path}: cannot be read: {error.strerror}", hint="check the path") from None
        except RowError as error:
            raise ConfigError(f"cards {path}: {error.message}", hint='expected {"cards": {"NAME": {…}}}') from None
    return {}


def _candidates(cards_file: str, file: str) -> Iterator[Path]:
    beside = Path(f"{file}.cards.json")
    if cards_file:
        yield Path(cards_file)
    elif beside.is_file():
        yield beside
