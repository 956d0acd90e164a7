"""States the objects that people drew on a picture, or filed it under: COCO, Pascal VOC, YOLO, class folders.

Library: none. Licence: Apache-2.0; the annotations are under their own.
"""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar, Protocol

import msgspec

from experts.annotations.coco import Coco
from experts.annotations.folders import Folders
from experts.annotations.names import FILES
from experts.annotations.voc import FOLDER, Voc
from experts.annotations.yolo import LABELS, Yolo
from fusion.errors import ConfigError
from fusion.expert import Card, Expert
from fusion.facts import Fact, Sample

FORMATS = ("coco", "voc", "yolo", "folders")


class _Source(Protocol):
    nouns: frozenset[str]

    def facts(self, sample: Sample) -> list[Fact]: ...


class Annotations(Expert):
    """Objects that people drew or named, read once from `file` and held in memory.

    `format` says what `file` is; without it, that is told from what the path holds:

    - coco: an instances file. A crowd is one object of at least two.
    - voc: a folder of XML files, or one that holds it as "Annotations".
    - yolo: a folder of text files, or one that holds them below "labels", or its data.yaml. `names` is the file with the
      names of the classes, where it is not beside them. `empty`: a picture without a text file has no objects.
    - folders: a folder of folders named by what their pictures show. `glosses` is a file with a noun for each folder.

    A picture is found by its path, by its bare file name, or by its id (the name without suffix, or the number of a COCO
    image). Polygons go to `data["polygon"]`, masks in run-length encoding to `data["mask"]`.

    Raises:
        ConfigError: a file cannot be read or is none of its format, an option does not belong to it.
    """

    # By the rules of COCO every object of a category is drawn, but some are missed, and groups are drawn as one crowd.
    # The rates are careful guesses, not measured; a cards file of yours goes before.
    card: Card = Card(sees=("count", "object"), vocabulary=(), precision=0.97, recall={"object": 0.9, "count": 0.7}, version="1")
    automatic: ClassVar[bool] = False

    def __init__(self, file: str, format: str = "", names: str = "", glosses: str = "", empty: bool = False) -> None:  # noqa: A002
        if format and format not in FORMATS:
            raise ConfigError(f"format: expected one of {', '.join(FORMATS)}, got {format!r}")
        kind = format or _told(Path(file), names, glosses)
        for option, value, of in (("names", names, "yolo"), ("glosses", glosses, "folders"), ("empty", empty, "yolo")):
            if value and kind != of:
                raise ConfigError(f"{option}: expected the format {of}, got {kind}", hint=f"leave {option} out")
        self._source = _source(kind, Path(file), names, glosses, empty)
        card = self.card
        if kind == "folders":
            # A guess, wide: one name a picture, some of them wrong; what else it shows is not named, and nothing is counted.
            card = Card(sees=("object",), precision=0.93, recall=0.4, version="1")
        self.card = msgspec.structs.replace(card, vocabulary=tuple(sorted(self._source.nouns)))

    def look(self, sample: Sample) -> list[Fact]:
        """One object for each that is annotated.

        Raises:
            ExpertError: the picture has no annotations, or they are for another size.
        """
        return self._source.facts(sample)


def _source(kind: str, path: Path, names: str, glosses: str, empty: bool) -> _Source:
    if kind == "coco":
        return Coco(path)
    if not path.exists():
        raise ConfigError(f"annotations {path}: cannot be read: no such file or folder", hint="check the path")
    if kind == "voc":
        return Voc(path)
    if kind == "yolo":
        return Yolo(path, names, empty)
    if not path.is_dir():
        raise ConfigError(f"annotations {path}: expected a folder of class folders, got a file")
    return Folders(path, glosses)


def _told(path: Path, names: str, glosses: str) -> str:
    """The format, by what the path holds."""
    if not path.is_dir():
        return {".xml": "voc", ".yaml": "yolo", ".yml": "yolo"}.get(path.suffix.lower(), "coco")
    if glosses:
        return "folders"
    if names or (path / LABELS).is_dir() or any((path / name).is_file() for name in FILES) or any(path.glob(f"*/{LABELS}")):
        return "yolo"
    if (path / FOLDER).is_dir() or any(path.glob("*.xml")):
        return "voc"
    if any(path.glob("*.txt")):
        return "yolo"
    if any(one.is_dir() for one in path.iterdir()):
        return "folders"
    hint = "a COCO file, a folder of XML files (voc), of text files (yolo), or of folders; set format"
    raise ConfigError(f"annotations {path}: expected annotations, got a folder without any", hint=hint)
