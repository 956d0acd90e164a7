"""What cannot work is refused at start: an output that would overwrite an input, a picture where rows belong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from fusion import images
from fusion.dataset.cards import beside
from fusion.dataset.sources import Source
from fusion.errors import InputError, OutputError

Files = Mapping[str, Path | None]


def refuse_pictures(command: str, source: Source, files: Files) -> None:
    """Rows and files beside them must not be pictures.

    Raises:
        InputError: one is, by its suffix.
    """
    options = [(path, f"--{role.split()[0]}") for role, path in files.items() if path]
    rows = [(path, command) for role, path in source.files() if role == "rows"]
    for path, taker in rows + options:
        if path.suffix.lower() in images.SUFFIXES:
            expected = "a cards file" if taker == "--cards" else "rows"
            raise InputError(f"{path} is a picture; {taker} takes {expected}")


def refuse_overwriting(output: Path, source: Source, files: Files, *, with_cards: bool) -> None:
    """Neither the output nor what is written beside it may be a file that is read; links to one count as it.

    Raises:
        OutputError: one is.
    """
    written = [path for path in _written(output, with_cards) if path.is_file()]
    if not written:
        return
    given = [(role, path) for role, path in files.items() if path] + list(source.files())
    read = {_identity(path): role for role, path in given if path.is_file()}
    for path in written:
        if role := read.get(_identity(path)):
            beside_it = "" if path == output else f" writes {path.name} beside it, which"
            message = f"output {output}{beside_it} is also the {role.split()[0]}; name another file"
            raise OutputError(message)


def _written(output: Path, with_cards: bool) -> Iterator[Path]:
    yield output
    if not output.name:  # "." and "/" are folders, which is said when they are opened
        return
    yield from (output.with_name(f"{output.name}{suffix}") for suffix in (".part", ".part.json", ".stats.json"))
    if with_cards:
        yield beside(output)


def _identity(path: Path) -> tuple[int, int]:
    """What os.path.samefile compares, for many files at once."""
    found = path.stat()
    return found.st_dev, found.st_ino
