"""YOLO: a folder with one text file a picture, a line an object. Format: https://docs.ultralytics.com/datasets/detect/.

A line is "class cx cy width height", perhaps with a score behind it, or "class x1 y1 x2 y2 x3 y3 …" for a polygon; all but the
class are parts of the picture's width and height. Keypoints are not read.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from experts import plain_noun
from experts.annotations.finding import Finder, counterparts, lines, relative
from experts.annotations.names import find_names, read_names
from fusion.errors import ConfigError, ExpertError
from fusion.facts import Box, Fact, Sample

LABELS, PICTURES = "labels", "images"
NO_LABELS = frozenset({"classes.txt", "train.txt", "val.txt", "test.txt"})
TOLERANCE = 0.01
"""Part of a side by which a box may lie outside: tools round."""


class _Object(NamedTuple):
    number: int
    corners: tuple[float, float, float, float]
    score: float
    polygon: tuple[float, ...]


class Yolo:
    """The objects of all text files of a folder, held in memory. `empty`: a picture without a file has no objects.

    `names` is the file with the names of the classes: a data.yaml, or a text file with one a line; "" looks for data.yaml,
    dataset.yaml, classes.txt and obj.names in the folder and the two above it.

    Raises:
        ConfigError: a file cannot be read, or a line is no object; the message names file and line.
    """

    def __init__(self, path: Path, names: str = "", empty: bool = False) -> None:
        folder = path.parent if path.is_file() else path
        self._called, self._empty = folder.name, empty
        given = names or (str(path) if path.is_file() else "")
        self._nouns = [plain_noun(name) for name in read_names(Path(given) if given else find_names(folder))]
        files = _files(folder)
        if not files:
            raise ConfigError(f"annotations {path}: expected text files of YOLO labels, got none", hint="check the path")
        self._objects = [
            [self._object(text, f"{shown}, line {n}", n) for n, text in rows] for shown, rows in _rows(files, folder)
        ]
        shown_names = [(i, relative(file, folder)) for i, file in enumerate(files)]
        self._finder = Finder(self._called, [*((i, _below_labels(name)) for i, name in shown_names), *shown_names])
        self.nouns = frozenset(self._nouns)

    def facts(self, sample: Sample) -> list[Fact]:
        """One object for each line of the picture's file.

        Raises:
            ExpertError: there is no file for the picture, or the size of the picture is not known.
        """
        found = self._finder.find(sample, *counterparts(sample, PICTURES, LABELS, ".txt"))
        if found is None and self._empty:
            return []
        if found is None:
            hint = "an empty text file of its name says that nothing is there; so does a missing one with empty = true"
            raise self._finder.missing(sample, hint)
        if not sample.width or not sample.height:
            hint = "boxes are parts of its width and height"
            raise ExpertError(f"{self._called}: expected the size of {sample.id!r} in pixels, got none", hint=hint)
        return [self._fact(one, sample.width, sample.height) for one in self._objects[found]]

    def _fact(self, one: _Object, width: int, height: int) -> Fact:
        x0, y0, x1, y1 = one.corners
        box = Box(*(round(edge, 2) for edge in (x0 * width, y0 * height, x1 * width, y1 * height)))
        polygon = [round(part * (height if i % 2 else width), 2) for i, part in enumerate(one.polygon)]
        data = {"polygon": [polygon]} if polygon else None
        return Fact(kind="object", value=self._nouns[one.number], score=one.score, box=box, data=data)

    def _object(self, text: str, where: str, line: int) -> _Object:
        try:
            number, *numbers = (float(part) for part in text.split())
        except ValueError:
            raise _wrong(where, line, "numbers", repr(text[:80])) from None
        if number not in range(len(self._nouns)):
            raise _wrong(where, line, f"a class from 0 to {len(self._nouns) - 1}", f"{number:g}")
        if len(numbers) not in (4, 5) and (len(numbers) < 6 or len(numbers) % 2):
            raise _wrong(where, line, "4 numbers of a box or 6 and more of a polygon", f"{len(numbers)} after the class")
        score = numbers[4] if len(numbers) == 5 else 1.0
        places = numbers[:4] if len(numbers) < 6 else numbers
        if not all(-TOLERANCE <= place <= 1 + TOLERANCE for place in places) or not 0 <= score <= 1:
            raise _wrong(where, line, "parts of the picture, 0..1", repr(text[:80]))
        polygon = tuple(min(max(place, 0.0), 1.0) for place in places) if len(numbers) > 5 else ()
        return _Object(int(number), _around(polygon) if polygon else _corners(places), score, polygon)


def _corners(places: Sequence[float]) -> tuple[float, float, float, float]:
    x, y, width, height = places
    return (
        max(x - width / 2, 0.0), max(y - height / 2, 0.0), min(x + width / 2, 1.0), min(y + height / 2, 1.0),
    )  # fmt: skip


def _around(polygon: Sequence[float]) -> tuple[float, float, float, float]:
    return min(polygon[::2]), min(polygon[1::2]), max(polygon[::2]), max(polygon[1::2])


def _files(folder: Path) -> list[Path]:
    """Text files below folders called "labels"; where there are none, those of the folder itself."""
    below = [file for file in folder.rglob("*.txt") if LABELS in file.relative_to(folder).parts[:-1]]
    return sorted(below or (file for file in folder.glob("*.txt") if file.name not in NO_LABELS))


def _rows(files: Sequence[Path], folder: Path) -> list[tuple[str, list[tuple[int, str]]]]:
    """Each file's name, and its lines that are not blank with their numbers."""
    shown = [relative(file, folder) for file in files]
    return [
        (name, [(n, text) for n, text in enumerate(lines(file, name), start=1) if text.strip()])
        for file, name in zip(files, shown, strict=True)
    ]


def _below_labels(name: str) -> str:
    return name.rpartition(f"{LABELS}/")[2]


def _wrong(where: str, line: int, expected: str, got: str) -> ConfigError:
    return ConfigError(f"annotations {where}: expected {expected}, got {got}", line=line)
