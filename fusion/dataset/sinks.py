"""Where rows go: standard output, or FILE.part that becomes FILE when it is whole.

Beside FILE.part lies FILE.part.json, which says what run it belongs to; only the same run may continue it.
"""

from __future__ import annotations

import ctypes
import json
import os
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, Protocol

import msgspec

from fusion.codec import encode
from fusion.dataset.rows import Output, Row
from fusion.errors import ConfigError, OutputError


class Sink(Protocol):
    """Takes rows one by one. `done` counts by status what an earlier run has left there.

    `captions` counts those in all rows that are there, `terminal` says that a person watches the rows come.
    """

    name: str
    terminal: bool
    done: Counter[str]
    captions: int

    def skip(self, rows: Iterator[Row]) -> None:
        """Pass over the inputs whose rows are there already."""
        ...

    def write(self, out: Output) -> None: ...

    def finish(self) -> None:
        """All rows are written."""
        ...

    def leave(self) -> str:
        """Stop before all are; what a person can do about it, empty if nothing."""
        ...


class Stream:
    """A device or pipe given as FILE: nothing to rename, nothing to resume."""

    def __init__(self, file: IO[bytes], name: str) -> None:
        self.name = name
        self.terminal = file.isatty()
        self.done: Counter[str] = Counter()
        self.captions = 0
        self._file = file

    def skip(self, rows: Iterator[Row]) -> None:
        """Nothing is there already."""

    def write(self, out: Output) -> None:
        """Write a row and pass it on at once.

        Raises:
            BrokenPipeError: nobody reads any more.
            OutputError: it cannot be written.
        """
        try:
            self._file.write(out.line + b"\n")
            self._file.flush()
            self.captions += out.captions
        except OSError as error:
            hush(self._file)
            if isinstance(error, BrokenPipeError):
                raise
            raise OutputError(f"{self.name} cannot be written: {error.strerror}") from None

    def finish(self) -> None:
        """Close it."""
        self._file.close()

    def leave(self) -> str:
        """Close it; rows that went down a stream cannot be continued."""
        self.finish()
        return ""


class StandardOutput(Stream):
    """Standard output for rows alone: until the end, whatever else prints there lands on standard error.

    Experts and the C libraries under them print what they like; one such line would break the rows.
    """

    def __init__(self) -> None:
        self._stdout, self._apart = sys.stdout, False
        self._flush()
        super().__init__(self._own() or sys.stdout.buffer, "standard output")
        sys.stdout = sys.stderr

    def _own(self) -> IO[bytes] | None:
        """Standard output under another number, None where it is no real one."""
        with suppress(OSError, ValueError):
            if self._stdout.fileno() == 1:
                file = os.fdopen(os.dup(1), "wb")
                os.dup2(2, 1)
                self._apart = True
                return file
        return None

    def _flush(self) -> None:
        """What waits in the buffers of Python and C still belongs where it was printed."""
        with suppress(OSError, ValueError):
            self._stdout.flush()
        with suppress(OSError, AttributeError, TypeError):
            ctypes.CDLL(None).fflush(None)

    def finish(self) -> None:
        """Give standard output back."""
        sys.stdout = self._stdout
        if self._apart:
            self._flush()
            os.dup2(self._file.fileno(), 1)
            self._file.close()
            self._apart = False


def hush(file: IO[bytes] | IO[str]) -> None:
    """Point a broken output nowhere: Python flushes it once more at exit and would complain."""
    with suppress(OSError, ValueError), Path(os.devnull).open("wb") as nowhere:
        os.dup2(nowhere.fileno(), file.fileno())


class PartFile:
    """FILE.part, flushed row by row, renamed to FILE at the end.

    Raises:
        OutputError: FILE cannot be written, or stands in the way.
        ConfigError: it cannot be resumed, because it belongs to another run or nobody can tell.
    """

    def __init__(self, file: Path, run: Mapping[str, Any], *, force: bool, resume: bool) -> None:
        self.file = file
        self.name = str(file)
        self.part = file.with_name(f"{file.name}.part")
        self.run = file.with_name(f"{file.name}.part.json")
        self.terminal = False
        self.done: Counter[str] = Counter()
        self.captions = 0
        self._refuse(force, resume)
        continued = resume and self.part.exists()
        if continued:
            self._compare(run)
        try:
            self._file = self.part.open("r+b" if continued else "w+b")
            if not continued:
                self.run.write_bytes(msgspec.json.format(encode(run)) + b"\n")
        except OSError as error:
            raise OutputError(f"{self.part} cannot be written: {error.strerror}", hint="check folder and rights") from None

    def _refuse(self, force: bool, resume: bool) -> None:
        if force or (resume and self.part.exists()):
            return
        if self.file.exists():
            if resume:
                raise OutputError(f"{self.file} is complete already", hint="--force makes it again")
            raise OutputError(f"{self.file} exists already", hint="--force replaces it")
        if self.part.exists():
            hint = "--resume continues it, --force starts again"
            raise OutputError(f"{self.part} of an interrupted run exists already", hint=hint)

    def _compare(self, run: Mapping[str, Any]) -> None:
        try:
            before = json.loads(self.run.read_bytes())
        except (OSError, ValueError) as error:
            message = f"{self.part} cannot be resumed: {self.run.name} cannot be read ({error})"
            raise ConfigError(message, hint="--force starts again") from None
        now = json.loads(encode(run))
        if changes := _changes(before, now):
            message = f"{self.part} cannot be resumed: {'; '.join(changes)}"
            raise ConfigError(message, hint="run it as it was, or start again with --force")

    def skip(self, rows: Iterator[Row]) -> None:
        """Pass over as many inputs as rows are there, and cut off a half-written one.

        Raises:
            ConfigError: an input has another id than its row.
        """
        whole = 0
        for number, line in enumerate(self._file, 1):
            if not line.endswith(b"\n"):
                break
            whole += len(line)
            head = _head(line)
            self.done[head.status] += 1
            self.captions += len(head.captions) if isinstance(head.captions, list) else 0
            row = next(rows, None)
            if row is None or row.id != head.id:
                message = f"{self.part} cannot be resumed: its row {number} has id {head.id!r}"
                got = "there is no such input" if row is None else f"that input is now {row.id!r}"
                raise ConfigError(f"{message}, {got}", hint="start again with --force")
        self._file.seek(whole)
        self._file.truncate()

    def write(self, out: Output) -> None:
        """Write a row so that it outlives this process."""
        try:
            self._file.write(out.line + b"\n")
            self._file.flush()
            self.captions += out.captions
        except OSError as error:
            hint = "make room, then run it again with --resume"
            raise OutputError(f"{self.part} cannot be written: {error.strerror}", hint=hint) from None

    def finish(self) -> None:
        """Make the rows outlive the machine, then give the file its name."""
        try:
            os.fsync(self._file.fileno())
            self._file.close()
            self.part.replace(self.file)
        except OSError as error:
            raise OutputError(f"{self.file} cannot be written: {error.strerror}", hint=f"the rows are in {self.part}") from None
        self.run.unlink(missing_ok=True)

    def leave(self) -> str:
        """Close FILE.part and say where it is; an empty one is in nobody's way."""
        with suppress(OSError):
            os.fsync(self._file.fileno())
        with suppress(OSError):  # what a full disk did not take is not there to be flushed
            self._file.close()
        if not self.part.exists():
            return ""
        if self.part.stat().st_size == 0:
            self.part.unlink()
            self.run.unlink(missing_ok=True)
            return ""
        return f"the rows so far are in {self.part}; the same command with --resume goes on from there"


class _Head(msgspec.Struct):
    id: str | None = None
    status: str = "ok"
    captions: Any = None


_HEAD = msgspec.json.Decoder(_Head)


def _head(line: bytes) -> _Head:
    try:
        return _HEAD.decode(line)
    except (msgspec.DecodeError, UnicodeError) as error:
        raise ConfigError(f"cannot resume: a row already written is damaged: {error}", hint="--force starts again") from None


def _changes(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """What a person can see has changed; the fingerprint only where nothing else has."""
    changes = [change for role in dict.fromkeys([*before, *now]) for change in _changed(role, before.get(role), now.get(role))]
    return [change for change in changes if not change.startswith("fingerprint ")] or changes


def _changed(role: str, before: Any, now: Any) -> Iterator[str]:
    if not any(isinstance(one, dict) and "name" in one for one in (before, now)):
        yield from _differences(before, now, role)
    elif before and now:
        if any(_differences(before, now, role)):
            yield f"the {role} ({now['name']}) {'has' if role == 'evidence' else 'have'} changed"
    else:
        yield f"{role} was {before['name'] if before else 'not given'}, is now {now['name'] if now else 'not given'}"


def _differences(before: Any, now: Any, key: str) -> Iterator[str]:
    """Where two runs differ, by key; where a file lies and what it is called does not matter."""
    if isinstance(before, dict) and isinstance(now, dict):
        for name in dict.fromkeys([*before, *now]):
            if name != "name":
                yield from _differences(before.get(name), now.get(name), f"{key}.{name}" if key else name)
    elif before != now:
        yield f"{key} was {_told(before)}, is now {_told(now)}"


def _told(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:60]}…"


def open_sink(file: Path | None, run: Mapping[str, Any], *, force: bool, resume: bool) -> Sink:
    """Standard output without a file or for a device, else a file that is whole or not there.

    Raises:
        OutputError, ConfigError: see PartFile; `resume` without a file.
    """
    if force and resume:
        raise ConfigError("--force and --resume were both given", hint="one starts again, the other goes on")
    if file is not None and (file.is_file() or not file.exists()):
        return PartFile(file, run, force=force, resume=resume)
    if file is not None and file.is_dir():
        raise OutputError(f"expected a file to write, got the folder {file}")
    if resume:
        raise ConfigError("--resume was given without a file to resume", hint="name it with -o FILE")
    if file is None:
        return StandardOutput()
    try:
        return Stream(file.open("wb"), str(file))
    except OSError as error:
        raise OutputError(f"{file} cannot be written: {error.strerror}") from None


def write_beside(path: Path, value: object) -> None:
    """Write JSON for people beside a finished file.

    Raises:
        OutputError: it cannot be written.
    """
    try:
        path.write_bytes(msgspec.json.format(encode(value)) + b"\n")
    except OSError as error:
        raise OutputError(f"{path} cannot be written: {error.strerror}") from None
