"""States the objects that people drew on a picture, from a file in the COCO instances format.

Library: none. Licence: Apache-2.0; the annotations are under their own. Format: https://cocodataset.org/#format-data.
"""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import Any, ClassVar

import msgspec

from experts import plain_noun
from fusion.codec import decode
from fusion.errors import ConfigError, ExpertError, RowError
from fusion.expert import Card, Expert
from fusion.facts import Box, Fact, Sample

_TWICE = -1


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


class Annotations(Expert):
    """Objects with boxes, from the COCO instances file `file`; a crowd is one object of at least two.

    A picture is found by its path as the file names it, by its bare file name, or by its id (the name without suffix,
    or the number of the image). Polygons go to `data["polygon"]`, masks in run-length encoding to `data["mask"]`. The
    file is read once and held in memory.

    Raises:
        ConfigError: the file cannot be read or is no COCO instances file, an annotation names what is not in it.
    """

    # By the rules of COCO every object of a category is drawn, but some are missed, and groups are drawn as one crowd.
    # The rates are careful guesses, not measured; a cards file of yours goes before.
    card: Card = Card(sees=("count", "object"), vocabulary=(), precision=0.97, recall={"object": 0.9, "count": 0.7}, version="1")
    automatic: ClassVar[bool] = False

    def __init__(self, file: str) -> None:
        found = _read(file)
        self._name = Path(file).name  # rows carry no absolute paths
        self._nouns = {category.id: plain_noun(category.name) for category in found.categories}
        self._images = {image.id: image for image in found.images}
        self._by_image: dict[int, list[_Annotation]] = {image: [] for image in self._images}
        for number, annotation in enumerate(found.annotations):
            self._enter(annotation, number)
        self._by_name = _names(found.images)
        self.card = msgspec.structs.replace(self.card, vocabulary=tuple(sorted(set(self._nouns.values()))))

    def look(self, sample: Sample) -> list[Fact]:
        """One object for each annotation of the picture.

        Raises:
            ExpertError: the file does not have the picture, or has it in another size.
        """
        image = self._images[self._find(sample)]
        expected, got = (image.width, image.height), (sample.width, sample.height)
        if None not in expected and None not in got and expected != got:
            message = f"{self._name}: expected {sample.id!r} to have {image.width}×{image.height} pixels as annotated"
            raise ExpertError(f"{message}, got {sample.width}×{sample.height}", hint="its boxes would not fit")
        return [self._fact(annotation) for annotation in self._by_image[image.id]]

    def _enter(self, annotation: _Annotation, number: int) -> None:
        if annotation.image_id not in self._by_image or annotation.category_id not in self._nouns:
            what = f"image {annotation.image_id} and category {annotation.category_id}"
            raise ConfigError(f"{self._name}: annotations[{number}]: expected {what} to be in the file, got only one or none")
        self._by_image[annotation.image_id].append(annotation)

    def _find(self, sample: Sample) -> int:
        path = sample.path.replace("\\", "/") if sample.path else ""
        tried = [path, PurePosixPath(path).name, PurePosixPath(sample.id).name]
        found = [self._by_name[name] for name in tried if name in self._by_name]
        if sample.id.isdecimal() and int(sample.id) in self._images:
            found.append(int(sample.id))
        for image in found:
            if image != _TWICE:
                return image
        if found:
            message = f"{self._name}: several images have the file name {tried[1] or tried[2]!r}"
            raise ExpertError(message, hint="give the picture the path that the file has")
        asked = f"its id {sample.id!r}" + (f" or its path {sample.path!r}" if path else "")
        raise ExpertError(f"{self._name}: expected an image by {asked}, got none", hint="check the file names in it")

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


def _read(file: str) -> _File:
    try:
        return decode(Path(file).read_bytes().removeprefix(b"\xef\xbb\xbf"), _File)
    except OSError as error:
        raise ConfigError(f"annotations {file}: cannot be read: {error.strerror}", hint="check the path") from None
    except RowError as error:
        hint = "a COCO instances file is one JSON object with images, annotations and categories"
        raise ConfigError(f"annotations {file}: {error.message}", hint=hint) from None


def _names(images: list[_Image]) -> dict[str, int]:
    """Image ids by file name as given, by bare file name, and by that without suffix, unless several share it."""
    bare: dict[str, int] = {}
    for image in images:
        name = PurePosixPath(image.file_name)
        for short in {name.name, name.stem}:
            bare[short] = _TWICE if bare.get(short, image.id) != image.id else image.id
    return bare | {image.file_name: image.id for image in images}


def _outline(segmentation: msgspec.Raw) -> dict[str, Any] | None:
    found = msgspec.json.decode(segmentation)
    if not found:
        return None
    return {"mask": found} if isinstance(found, dict) else {"polygon": found}
