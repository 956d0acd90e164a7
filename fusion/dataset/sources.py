"""What a command is given: rows files and pictures, streamed in order, each with its id."""

from __future__ import annotations

import hashlib
import os
import stat
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from io import BufferedReader
from pathlib import Path
from typing import IO, Any, Protocol

import msgspec

from fusion import images
from fusion.dataset.rows import Keys, Row, check, own_id, parse, salvage
from fusion.errors import InputError, RowError
from fusion.facts import Problem

ROWS = frozenset({".jsonl", ".ndjson", ".json-lines"})
TABLES = frozenset({".json", ".csv", ".tsv", ".parquet", ".arrow", ".gz", ".zst", ".xz", ".bz2", ".zip", ".tar"})
BOM = b"\xef\xbb\xbf"


class Source(Protocol):
    """Inputs in order. `total` is how many there are, None where only the end will tell."""

    name: str
    total: int | None

    def __iter__(self) -> Iterator[Row]: ...

    def digest(self) -> Mapping[str, Any]:
        """What `--resume` compares: enough to tell these inputs from others."""
        ...

    def files(self) -> Iterator[tuple[str, Path]]:
        """What is read and must not be written: "rows" or "picture", and where it lies."""
        ...


class _Head(msgspec.Struct):
    id: Any = None
    image: Any = None


_HEAD = msgspec.json.Decoder(_Head)


class RowsFile:
    """The rows of a JSON Lines file, or of standard input (`-`), one at a time.

    Relative image paths are looked up in `images_dir`, else beside the file, else (standard input) in this folder.
    A line that cannot be used becomes a row with a problem.

    Raises:
        InputError: there is no such file, or it cannot be read.
    """

    def __init__(self, path: str, keys: Keys, images_dir: Path | None = None) -> None:
        self.name = path
        self.keys = keys
        self.total: int | None = None
        mode = stat.S_IFIFO if path == "-" else _mode(Path(path), "rows file")
        if mode == stat.S_IFDIR:
            raise InputError(
                f"expected a rows file, got the folder {path}", hint="give a JSON Lines file, or - for standard input"
            )
        self.regular = mode == stat.S_IFREG
        self.base = images_dir or (Path(path).parent if self.regular else Path())
        self._stems = _Stems(str(self.base))
        if self.regular:
            self._survey()

    def _survey(self) -> None:
        """Count the rows, and note which image names would give one id to two pictures: that shows only at the end."""
        self.total = 0
        for _, _, raw in self._lines():
            self.total += 1
            try:
                head = _HEAD.decode(raw)
            except (msgspec.DecodeError, UnicodeError, RecursionError):
                continue
            if head.id is None and isinstance(head.image, str):
                self._stems.learn(head.image)

    def __iter__(self) -> Iterator[Row]:
        seen: set[str | None] = set()
        for _, number, raw in self._lines():
            row = self.row(number, raw)
            if self.keys.unique and row.id is not None:
                row = replace(row, warnings=(_repeated(row),)) if row.id in seen else row
                seen.add(row.id)
            yield row

    def places(self) -> Iterator[tuple[Row, int]]:
        """Every row, of which only the id and the problem count, with the byte where its line begins."""
        for offset, number, raw in self._lines():
            try:
                head = _HEAD.decode(raw)
            except (msgspec.DecodeError, UnicodeError, RecursionError):
                yield self.row(number, raw), offset
            else:
                yield (Row(head.id, line=number) if isinstance(head.id, str) else self.row(number, raw)), offset

    def _lines(self) -> Iterator[tuple[int, int, bytes]]:
        with self._open() as lines:
            yield from _numbered_lines(lines)

    @contextmanager
    def _open(self) -> Iterator[IO[bytes]]:
        if self.name == "-":
            yield sys.stdin.buffer
            return
        with open_input(Path(self.name)) as lines:
            yield lines

    def row(self, number: int, raw: bytes) -> Row:
        """The row that a line holds, with a problem if it holds none."""
        raw = _bare(raw, number)
        data: dict[str, Any] = {}
        row_id = None
        try:
            data = parse(raw)
            row_id = self._id(data, number)
            check(data, self.keys)
        except RowError as error:
            return self._unusable(row_id, data or salvage(raw), Problem.of(error, line=number), number)
        image = data.get("image")
        return Row(row_id, data, line=number, file=self.base / image if image else None)

    def _id(self, data: Mapping[str, Any], number: int) -> str:
        row_id, image = own_id(data), data.get("image")
        if row_id is not None:
            return row_id
        return self._stems.id_of(image) if image and isinstance(image, str) else str(number)

    def _unusable(self, row_id: str | None, data: dict[str, Any], problem: Problem, number: int) -> Row:
        if row_id is None and isinstance(data.get("id"), str | int):
            row_id = None if isinstance(data["id"], bool) else str(data["id"])
        return Row(row_id, data, line=number, problem=problem)

    def digest(self) -> Mapping[str, Any]:
        """Size and SHA-256 of the file; of standard input there is nothing to compare but the ids, one by one."""
        return digest(Path(self.name)) if self.regular else {"name": self.name}

    def files(self) -> Iterator[tuple[str, Path]]:
        """The rows file itself; a stream is nowhere."""
        if self.regular:
            yield "rows", Path(self.name)


def _repeated(row: Row) -> Problem:
    message = f"an earlier row has the id {row.id!r} too"
    return Problem(message=message, line=row.line, hint="evidence rows that share an id are refused", warning=True)


def _numbered_lines(lines: IO[bytes]) -> Iterator[tuple[int, int, bytes]]:
    """The byte where each line begins, its number, counted from one, and what it holds; blank ones only count."""
    offset = 0
    for number, line in enumerate(lines, 1):
        if raw := _bare(line, number):
            yield offset, number, raw
        offset += len(line)


def _bare(line: bytes, number: int) -> bytes:
    return (line.removeprefix(BOM) if number == 1 else line).strip(b" \t\r\n")


class _Stems:
    """Ids from image names: without suffix, unless two different pictures would then share one."""

    def __init__(self, base: str) -> None:
        self._base = base
        self._first: dict[str, str] = {}
        self._shared: set[str] = set()

    def learn(self, image: str) -> None:
        stem = _stem(image, self._base)
        if self._first.setdefault(stem, image) != image:
            self._shared.add(stem)

    def id_of(self, image: str) -> str:
        stem = _stem(image, self._base)
        if stem in self._shared or self._first.setdefault(stem, image) != image:
            return _relative(image, self._base)
        return stem


def _stem(image: str, base: str) -> str:
    return os.path.splitext(_relative(image, base))[0]  # noqa: PTH122 - a name as a row gave it, perhaps no path at all


def _relative(image: str, base: str) -> str:
    folder = str(Path(base).absolute()) + os.sep
    name = image.removeprefix(folder) if Path(image).is_absolute() else image
    return name.replace(os.sep, "/").removeprefix("./")


class Pictures:
    """Picture files and folders, folders with all that is below them in sorted order.

    An id is the path relative to the folder given, without suffix. Where two would share one they keep the suffix, then
    get their folder in front, then a number.

    Raises:
        InputError: a path that does not exist, a folder that cannot be read, no picture at all.
    """

    def __init__(self, paths: Sequence[str]) -> None:
        self.name = ", ".join(paths)
        found = [picture for path in paths for picture in _pictures(Path(path))]
        if not found:
            known = " ".join(sorted(images.SUFFIXES))
            raise InputError(f"no picture in {self.name}", hint=f"folders are searched for names that end in {known}")
        self._found = found
        self._ids = _distinct([_candidates(given, name) for given, name, _ in found])
        self.total: int | None = len(found)

    def __iter__(self) -> Iterator[Row]:
        for row_id, (_, name, file) in zip(self._ids, self._found, strict=True):
            yield Row(row_id, {"image": name}, file=file)

    def digest(self) -> Mapping[str, Any]:
        """SHA-256 over the ids and the sizes of the files; reading every picture twice would cost too much."""
        seen = hashlib.sha256()
        for row_id, (_, _, file) in zip(self._ids, self._found, strict=True):
            size = file.stat().st_size if file.exists() else -1
            seen.update(f"{row_id}\0{size}\n".encode())
        return {"name": self.name, "pictures": len(self._found), "sha256": seen.hexdigest()}

    def files(self) -> Iterator[tuple[str, Path]]:
        """Every picture."""
        yield from (("picture", file) for _, _, file in self._found)


def _pictures(given: Path) -> list[tuple[str, str, Path]]:
    """Of each picture: the folder it was found through ("" for a file), its name relative to that, where it lies."""
    kind = _mode(given, "picture or folder")
    if kind != stat.S_IFDIR:
        if given.suffix.lower() in TABLES:
            raise InputError(f"{given} is neither a picture nor rows", hint=f"rows files end in {' '.join(sorted(ROWS))}")
        return [("", _shown(given.name), given)]
    files = sorted(_walk(given, {os.path.realpath(given)}), key=lambda file: file.relative_to(given).parts)
    return [(_shown(given.absolute().name), _shown(file.relative_to(given).as_posix()), file) for file in files]


def _walk(folder: Path, above: set[str]) -> Iterator[Path]:
    """Pictures below a folder, through links too, but never round a circle of them; hidden names are left out."""
    try:
        entries = [entry for entry in os.scandir(folder) if not entry.name.startswith(".")]
    except OSError as error:
        raise InputError(f"folder {folder} cannot be read: {error.strerror}") from None
    for entry in entries:
        path = folder / entry.name
        if not entry.is_dir():
            if path.suffix.lower() in images.SUFFIXES:
                yield path
        elif (real := os.path.realpath(path)) not in above:
            yield from _walk(path, above | {real})


def _shown(name: str) -> str:
    """A file name as text; bytes that are not UTF-8 cannot stand in a row."""
    return os.fsencode(name).decode("utf-8", "replace")


def _candidates(given: str, name: str) -> list[str]:
    stem = os.path.splitext(name)[0]  # noqa: PTH122 - has to stay relative, with "/"
    return [stem, name, f"{given}/{name}" if given else name]


def _distinct(candidates: list[list[str]]) -> list[str]:
    ids = [names[0] for names in candidates]
    for level in range(1, 3):
        count = Counter(ids)
        ids = [names[level] if count[taken] > 1 else taken for taken, names in zip(ids, candidates, strict=True)]
    taken = set(ids)
    seen: Counter[str] = Counter()
    return [_numbered(name, seen, taken) for name in ids]


def _numbered(name: str, seen: Counter[str], taken: set[str]) -> str:
    seen[name] += 1
    if seen[name] == 1:
        return name
    while (numbered := f"{name}#{seen[name]}") in taken:
        seen[name] += 1
    taken.add(numbered)
    return numbered


def find(paths: Sequence[str], keys: Keys, images_dir: Path | None = None) -> Source:
    """Rows if one path says so (`-`, a rows file, a pipe), else pictures.

    Raises:
        InputError: rows together with something else, `images_dir` with pictures; what the sources raise.
    """
    rows = [path for path in paths if _holds_rows(path)]
    if not rows:
        if images_dir:
            raise InputError("--images was given together with pictures", hint="it says where those of a rows file lie")
        return Pictures(paths)
    if len(paths) > 1:
        message = f"expected one rows file, or pictures and folders, got {', '.join(paths)}"
        raise InputError(message, hint="join rows files into one, or run the command once for each")
    return RowsFile(rows[0], keys, images_dir)


def _holds_rows(path: str) -> bool:
    if path == "-" or Path(path).suffix.lower() in ROWS:
        return True
    return Path(path).exists() and _mode(Path(path), "input") not in (stat.S_IFREG, stat.S_IFDIR)


def _mode(path: Path, what: str) -> int:
    try:
        return stat.S_IFMT(path.stat().st_mode)
    except OSError as error:
        raise InputError(f"{what} {path} cannot be read: {error.strerror}", hint="check the path") from None


def open_input(path: Path) -> BufferedReader:
    """A file for reading as bytes.

    Raises:
        InputError: it is a folder, or cannot be opened.
    """
    try:
        return path.open("rb")
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}", hint="expected a file of rows") from None


def digest(path: Path) -> dict[str, Any]:
    """Name, size in bytes and SHA-256 of a file; `--resume` compares the latter two.

    Raises:
        InputError: it cannot be read, or is a stream, which can be read but once.
    """
    if path.exists() and not path.is_file():
        raise InputError(f"{path}: expected a file, got a stream or a folder", hint="save it to a file first")
    with open_input(path) as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        return {"name": str(path), "size": file.tell(), "sha256": sha256}
