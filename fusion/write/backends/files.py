"""Weights on this machine: that they are there, what they are called under, and that they are what the user expects."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from fusion.errors import ConfigError, WriterError

CHUNK = 1 << 20
HEX = frozenset("0123456789abcdef")


def shown(weights: str) -> str:
    """The path as rows may hold it: an absolute one without its folders."""
    path = Path(weights)
    return path.name if path.is_absolute() or weights.startswith("~") else weights


def checksum(sha256: str) -> str:
    """A checksum in lower case; "" where none is given.

    Raises:
        ConfigError: it is not 64 hexadecimal digits.
    """
    wanted = sha256.lower()
    if wanted and (len(wanted) != 64 or set(wanted) - HEX):
        raise ConfigError(f"sha256: expected 64 hexadecimal digits, got {sha256!r}")
    return wanted


def verify(path: Path, wanted: str) -> None:
    """Compare a file or folder with its checksum; none is given, none is compared.

    Raises:
        WriterError: it is another one.
    """
    if wanted and (got := digest(path)) != wanted:
        message = f"weights {path.name}: expected the SHA-256 {wanted[:12]}…, got {got[:12]}…"
        raise WriterError(message, hint="the file is damaged or another version; get it again, or give its own checksum")


def digest(path: Path) -> str:
    """SHA-256 of a file, as `sha256sum` prints it; of a folder, that of the lines "DIGEST  NAME" of its files, by name.

    A file is read once in a process, and again only when its size or its time of change is another.
    """
    if path.is_dir():
        made = hashlib.sha256()
        files = {file.relative_to(path).as_posix(): file for file in path.rglob("*") if file.is_file()}
        for name in sorted(files):
            made.update(f"{digest(files[name])}  {name}\n".encode())
        return made.hexdigest()
    state = path.stat()
    return _digest(path, state.st_size, state.st_mtime_ns)


@lru_cache(maxsize=256)
def _digest(path: Path, size: int, changed: int) -> str:
    made = hashlib.sha256()
    with path.open("rb") as opened:
        while chunk := opened.read(CHUNK):
            made.update(chunk)
    return made.hexdigest()
