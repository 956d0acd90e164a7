"""Pascal VOC: a folder with one XML file a picture. Format: http://host.robots.ox.ac.uk/pascal/VOC/voc2012/htmldoc/.

Entities can make a small file enormous and read files of the machine. VOC needs none, so a file with a DOCTYPE is refused.
"""

from __future__ import annotations

import math
from pathlib import Path
from xml.etree import ElementTree

from experts import plain_noun
from experts.annotations.finding import Finder, check_size, counterparts, read, relative
from fusion.errors import ConfigError
from fusion.facts import Box, Fact, Sample

FOLDER = "Annotations"
PICTURES = "JPEGImages"
COMPOUNDS = {"diningtable": "dining table", "pottedplant": "potted plant", "tvmonitor": "tv monitor"}
"""Classes of VOC that are written as one word."""
FLAGS = ("difficult", "occluded", "truncated")


class Voc:
    """The objects of all XML files of a folder, held in memory; `difficult` and its like go to `data`.

    Corners are those of VOC: whole pixels from 1, the last one included.

    Raises:
        ConfigError: a file cannot be read or is no VOC annotation; the message names file and line.
    """

    def __init__(self, path: Path) -> None:
        self._name = path.name
        folder = path.parent if path.is_file() else path / FOLDER if (path / FOLDER).is_dir() else path
        files = [path] if path.is_file() else sorted(folder.rglob("*.xml"))
        if not files:
            raise ConfigError(f"annotations {path}: expected XML files of Pascal VOC, got none", hint="check the path")
        self._pictures = [_Picture(file, relative(file, folder)) for file in files]
        names = [(i, picture.shown) for i, picture in enumerate(self._pictures)]
        names += [(i, picture.file) for i, picture in enumerate(self._pictures) if picture.file]
        self._finder = Finder(self._name, names)
        self.nouns = frozenset(fact.value for picture in self._pictures for fact in picture.facts)

    def facts(self, sample: Sample) -> list[Fact]:
        """One object for each that the file of the picture has.

        Raises:
            ExpertError: there is no file for the picture, or it has another size.
        """
        found = self._finder.find(sample, *counterparts(sample, PICTURES, FOLDER, ".xml"))
        if found is None:
            raise self._finder.missing(sample, "there should be an XML file of its name")
        picture = self._pictures[found]
        check_size(picture.shown, sample, picture.width, picture.height)
        return list(picture.facts)


class _Picture:
    """One file: the name of its picture, its size where it is given, its objects."""

    def __init__(self, file: Path, shown: str) -> None:
        self.shown = shown
        self._lines: dict[int, int] = {}
        root = self._root(read(file, shown))
        self.file = (root.findtext("filename") or "").strip().replace("\\", "/")
        size = root.find("size")
        # Tools that do not know the size write 0.
        self.width = int(self._number(size, "width")) or None if size is not None else None
        self.height = int(self._number(size, "height")) or None if size is not None else None
        self.facts = [self._fact(one) for one in root.findall("object")]
        self._lines = {}  # for messages only

    def _root(self, data: bytes) -> ElementTree.Element:
        builder = _Builder()
        parser = ElementTree.XMLParser(target=builder)
        flush = getattr(parser, "flush", lambda: None)  # from Expat 2.6 a parser may hold lines back
        try:
            for builder.line, line in enumerate(data.splitlines(keepends=True), start=1):
                parser.feed(line)
                flush()
            root = parser.close()
        except ElementTree.ParseError as error:
            raise self._wrong(error.position[0], "XML", str(error)) from None
        except _HasDoctype:
            raise self._wrong(builder.line, "no DOCTYPE", "one, which may declare entities") from None
        self._lines = builder.lines
        if not isinstance(root, ElementTree.Element) or root.tag != "annotation":
            raise self._wrong(1, "an element annotation", repr(getattr(root, "tag", "")))
        return root

    def _fact(self, element: ElementTree.Element) -> Fact:
        name = " ".join((element.findtext("name") or "").split())
        if not name:
            raise self._wrong(self._lines[id(element)], "an object with a name", "none")
        corners = element.find("bndbox")
        if corners is None:
            raise self._wrong(self._lines[id(element)], f"a bndbox of {name!r}", "none")
        x0, y0, x1, y1 = (self._number(corners, edge) for edge in ("xmin", "ymin", "xmax", "ymax"))
        if x1 < x0 or y1 < y0:
            raise self._wrong(self._lines[id(corners)], "xmin up to xmax and ymin up to ymax", f"{x0:g} {y0:g} {x1:g} {y1:g}")
        flags = {flag: True for flag in FLAGS if (element.findtext(flag) or "").strip() == "1"}
        box = Box(max(x0 - 1, 0.0), max(y0 - 1, 0.0), x1, y1)
        return Fact(kind="object", value=COMPOUNDS.get(name.lower()) or plain_noun(name), box=box, data=flags or None)

    def _number(self, element: ElementTree.Element, name: str) -> float:
        text = (element.findtext(name) or "").strip()
        try:
            number = float(text)
        except ValueError:
            number = math.nan
        if not math.isfinite(number):
            found = element.find(name)
            raise self._wrong(self._lines[id(found if found is not None else element)], f"a number {name}", repr(text))
        return number

    def _wrong(self, line: int, expected: str, got: str) -> ConfigError:
        return ConfigError(f"annotations {self.shown}, line {line}: expected {expected}, got {got}", line=line)


class _HasDoctype(Exception):
    """A file declares a document type."""


class _Builder(ElementTree.TreeBuilder):
    """Builds the tree, and keeps the line on which each element starts."""

    def __init__(self) -> None:
        super().__init__()
        self.line = 0
        self.lines: dict[int, int] = {}

    def start(self, tag: str, attrs: dict[str, str], /) -> ElementTree.Element:
        """An element begins."""
        made = super().start(tag, attrs)
        self.lines[id(made)] = self.line
        return made

    def doctype(self, name: str, public: str | None, system: str | None) -> None:
        """Called before any entity is declared."""
        raise _HasDoctype
