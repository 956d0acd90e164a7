"""COCO instances files: one JSON object with images, annotations and categories. Format: https://cocodataset.org/#format-data."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from experts import plain_noun
from experts.annotations.finding import Finder, check_size, read
from fusion.codec import decode
from fusion.errors import ConfigError, RowError
from fusion.facts import Box, Fact, Sample


class _Image(msgspec.Struct, gc=False):
    id: int
    file_name: str
    width: int | None = None
    height: int | None = None


class _Category(msgspec.Struct, gc=False):
    id: int
    name: str


class _Annotation(msgspec.Struct, gc=False):
    image_id: int
    category_id: int
    bbox: tuple[float, float, float, float] | None = None
    iscrowd: int = 0
    score: float = 1.0
    segmentation: msgspec.Raw = msgspec.Raw(b"null")
    """Left as it stands in the file: decoded, the polygons of a large file take ten times the memory."""


class _File(msgspec.Struct):
    images: list[_Image]
    annotations: list[_Annotation]
    categories: list[_Category]


class Coco:
    """The annotations of one file, held in memory.

    Raises:
        ConfigError: the file cannot be read or is no COCO instances file, an annotation names what is not in it.
    """

    def __init__(self, file: Path) -> None:
        found = _read(file)
        self._name = file.name  # rows carry no absolute paths
        self._nouns = {category.id: plain_noun(category.name) for category in found.categories}
        self._images = {image.id: image for image in found.images}
        self._by_image: dict[int, list[_Annotation]] = {image: [] for image in self._images}
        for number, annotation in enumerate(found.annotations):
            self._enter(annotation, number)
        self._finder = Finder(self._name, ((image.id, image.file_name) for image in found.images), self._images)
        self.nouns = frozenset(self._nouns.values())

    def facts(self, sample: Sample) -> list[Fact]:
        """One object for each annotation of the picture; a crowd is one object of at least two.

        Raises:
            ExpertError: the file does not have the picture, or has it in another size.
        """
        found = self._finder.find(sample)
        if found is None:
            raise self._finder.missing(sample)
        image = self._images[found]
        check_size(self._name, sample, image.width, image.height)
        return [self._fact(annotation) for annotation in self._by_image[image.id]]

    def _enter(self, annotation: _Annotation, number: int) -> None:
        if annotation.image_id not in self._by_image or annotation.category_id not in self._nouns:
            what = f"image {annotation.image_id} and category {annotation.category_id}"
            raise ConfigError(f"{self._name}: annotations[{number}]: expected {what} to be in the file, got only one or none")
        self._by_image[annotation.image_id].append(annotation)

    def _fact(self, annotation: _Annotation) -> Fact:
        box = None
        if annotation.bbox:
            x, y, width, height = annotation.bbox
            box = Box(x, y, x + width, y + height)
        crowd = bool(annotation.iscrowd)
        return Fact(
            kind="object",
            value=self._nouns[annotation.category_id],
            score=annotation.score,
            box=box,
            number=2 if crowd else None,
            at_least=crowd,
            data=_outline(annotation.segmentation),
        )


def _read(file: Path) -> _File:
    try:
        return decode(read(file), _File)
    except RowError as error:
        hint = "a COCO instances file is one JSON object with images, annotations and categories"
        raise ConfigError(f"annotations {file}: {error.message}", hint=hint) from None


def _outline(segmentation: msgspec.Raw) -> dict[str, Any] | None:
    found = msgspec.json.decode(segmentation)
    if not found:
        return None
    return {"mask": found} if isinstance(found, dict) else {"polygon": found}
