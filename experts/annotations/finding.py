"""Finds what a set of annotations has of a picture, by the picture's path or id; reads its files with errors that name them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from fusion.errors import ConfigError, ExpertError
from fusion.facts import Sample

_TWICE = -1


class Finder:
    """Numbers of entries by the file names that they have, as given, bare, or without suffix.

    `called` is what rows call the set of annotations; `numbers` are entries that may also be named by their number.
    """

    def __init__(self, called: str, entries: Iterable[tuple[int, str]], numbers: Iterable[int] = ()) -> None:
        self._called = called
        self._numbers = frozenset(numbers)
        full: dict[str, int] = {}
        bare: dict[str, int] = {}
        for number, file in entries:
            name = PurePosixPath(file)
            for short in {name.name, name.stem}:
                bare[short] = _TWICE if bare.get(short, number) != number else number
            full[file] = number
        self._by_name = bare | full

    def find(self, sample: Sample, *more: str) -> int | None:
        """The entry of a picture, None where there is none; `more` are names to try before its own.

        Raises:
            ExpertError: several entries have the file name.
        """
        path = sample.path.replace("\\", "/") if sample.path else ""
        tried = [*more, path, PurePosixPath(path).name, PurePosixPath(sample.id).name]
        found = [self._by_name[name] for name in tried if name in self._by_name]
        if sample.id.isdecimal() and int(sample.id) in self._numbers:
            found.append(int(sample.id))
        for entry in found:
            if entry != _TWICE:
                return entry
        if found:
            message = f"{self._called}: several images have the file name {tried[-2] or tried[-1]!r}"
            raise ExpertError(message, hint="give the picture the path that the file has")
        return None

    def missing(self, sample: Sample, hint: str = "check the file names in it") -> ExpertError:
        """The error where a picture has no entry."""
        asked = f"its id {sample.id!r}" + (f" or its path {sample.path!r}" if sample.path else "")
        return ExpertError(f"{self._called}: expected an image by {asked}, got none", hint=hint)


def check_size(called: str, sample: Sample, width: int | None, height: int | None) -> None:
    """Raise ExpertError where the picture has another size than its annotations say."""
    expected, got = (width, height), (sample.width, sample.height)
    if None not in expected and None not in got and expected != got:
        message = f"{called}: expected {sample.id!r} to have {width}×{height} pixels as annotated"
        raise ExpertError(f"{message}, got {sample.width}×{sample.height}", hint="its boxes would not fit")


def read(file: Path, shown: str = "") -> bytes:
    """A file without its byte order mark.

    Raises:
        ConfigError: it cannot be read.
    """
    try:
        return file.read_bytes().removeprefix(b"\xef\xbb\xbf")
    except OSError as error:
        raise ConfigError(f"annotations {shown or file}: cannot be read: {error.strerror}", hint="check the path") from None


def lines(file: Path, shown: str) -> list[str]:
    """The lines of a text file.

    Raises:
        ConfigError: it cannot be read, or is not UTF-8.
    """
    try:
        return read(file, shown).decode("utf-8").splitlines()
    except UnicodeDecodeError as error:
        raise ConfigError(f"annotations {shown}: expected UTF-8, got byte {error.start} that is none") from None


def relative(file: Path, folder: Path) -> str:
    """A file's name below a folder, with `/`."""
    return file.relative_to(folder).as_posix()


def counterparts(sample: Sample, pictures: str, labels: str, suffix: str) -> list[str]:
    """Names that the annotation file of a picture may have below its folder, the most exact first.

    The last folder called `pictures` is exchanged for `labels`: "images/train/a.jpg" gives "labels/train/a.txt", "train/a.txt",
    "a.txt".
    """
    if sample.path:
        path = PurePosixPath(sample.path.replace("\\", "/"))
        parts = [*path.parts[:-1], path.stem + suffix]
    else:
        parts = [*PurePosixPath(sample.id).parts[:-1], PurePosixPath(sample.id).name + suffix]
    if pictures in parts:
        parts[len(parts) - 1 - parts[::-1].index(pictures)] = labels
    return ["/".join(parts[start:]) for start in range(len(parts))]
