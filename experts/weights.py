"""Weights on this machine: that they are there, are what the user expects, and cannot run code unless the user says so."""

from __future__ import annotations

import hashlib
from pathlib import Path

from fusion.errors import ConfigError, ExpertError

PICKLED = frozenset({".bin", ".ckpt", ".pickle", ".pkl", ".pt", ".pth"})
"""Endings of files that may run code when they are loaded."""
CHUNK = 1 << 20


def existing(weights: str, sha256: str = "", hint: str = "nothing is downloaded here; give the path of a file or folder") -> Path:
    """The file or folder of weights, checked against its SHA-256 where one is given; see `digest`.

    Raises:
        ConfigError: no path is given, or the checksum is none.
        ExpertError: it does not exist, or is another file than expected.
    """
    if not weights:
        raise ConfigError("weights: expected a path, got none", hint=hint)
    path = Path(weights).expanduser()
    if not path.exists():
        raise ExpertError(f"weights: expected a file or folder, got {shown(weights)!r}, which does not exist", hint=hint)
    verify(path, sha256)
    return path


def shown(weights: str) -> str:
    """The path as rows may hold it: an absolute one without its folders."""
    path = Path(weights)
    return path.name if path.is_absolute() or weights.startswith("~") else weights


def verify(path: Path, sha256: str) -> None:
    """Compare a file or folder with its checksum; none is given, none is compared.

    Raises:
        ConfigError: the checksum is not 64 hexadecimal digits.
        ExpertError: it is another one.
    """
    if not sha256:
        return
    wanted = sha256.lower()
    if len(wanted) != 64 or set(wanted) - set("0123456789abcdef"):
        raise ConfigError(f"sha256: expected 64 hexadecimal digits, got {sha256!r}")
    if (got := digest(path)) != wanted:
        message = f"weights {path.name}: expected the SHA-256 {wanted[:12]}…, got {got[:12]}…"
        raise ExpertError(message, hint="the file is damaged or another version; get it again, or give its own checksum")


def digest(path: Path) -> str:
    """SHA-256 of a file, as `sha256sum` prints it; of a folder, that of the lines "DIGEST  NAME" of its files, sorted by name."""
    made = hashlib.sha256()
    if path.is_dir():
        for file in sorted(f for f in path.rglob("*") if f.is_file()):
            made.update(f"{digest(file)}  {file.relative_to(path).as_posix()}\n".encode())
        return made.hexdigest()
    with path.open("rb") as opened:
        while chunk := opened.read(CHUNK):
            made.update(chunk)
    return made.hexdigest()


def refuse_pickled(path: Path, *, trusted: bool, but: str) -> None:
    """Refuse files that may run code when they are loaded, unless the user trusts them; `but` names what to take instead.

    Raises:
        ExpertError: the file is pickled, or the folder holds pickled weights and no others.
    """
    files = [path] if path.is_file() else [f for f in path.iterdir() if f.is_file()]
    pickled = [f for f in files if f.suffix.lower() in PICKLED and f.name != "training_args.bin"]
    if trusted or not pickled or any(f.suffix == ".safetensors" for f in files):
        return
    message = f"weights {pickled[0].name} are pickled, and could run code when they are loaded"
    raise ExpertError(message, hint=f"take {but}, or set trusted = true if you know where they come from")
