"""Results on disk by content hash: one sqlite file that threads and processes may share.

Values are bytes or JSON and come out as they went in. Nothing is unpickled: a cache from elsewhere runs no code.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import struct
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from fusion.errors import OutputError

T = TypeVar("T")

_OURS = 0x66757363  # "fusc", written into the header of the file: a database of others is left alone
_BUSY_SECONDS = 30
_TABLE = "CREATE TABLE IF NOT EXISTS entries (key TEXT PRIMARY KEY, json INTEGER NOT NULL, value BLOB NOT NULL)"


def key(*parts: Any) -> str:
    """SHA-256 (hex) over the parts and their types: `key(1)`, `key("1")`, `key([1])` differ, order in a dict does not.

    Parts are None, bool, int, float, str, bytes, and lists, tuples and string-keyed mappings of these.

    Raises:
        TypeError: a part of another type, whose text might differ from run to run.
    """
    digest = hashlib.sha256()
    for chunk in _canonical(list(parts)):
        digest.update(chunk)
    return digest.hexdigest()


def _canonical(part: Any) -> Iterator[bytes]:
    """The part as type, length and content, so that no two parts run into each other."""
    if part is None or isinstance(part, bool):
        yield f"{part};".encode()
    elif isinstance(part, int):
        yield f"i{part};".encode()
    elif isinstance(part, float):
        yield b"f" + struct.pack(">d", part)
    elif isinstance(part, str | bytes):
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        yield f"{'s' if isinstance(part, str) else 'b'}{len(data)};".encode() + data
    elif isinstance(part, Mapping):
        yield f"m{len(part)};".encode()
        for name in sorted(part):
            yield from _canonical(str(name) if isinstance(name, str) else _refuse(name))
            yield from _canonical(part[name])
    elif isinstance(part, Sequence):
        yield f"l{len(part)};".encode()
        for item in part:
            yield from _canonical(item)
    else:
        _refuse(part)


def _refuse(part: object) -> Any:
    expected = "None, bool, int, float, str, bytes, lists and string-keyed mappings of these"
    raise TypeError(f"part of a cache key: expected {expected}, got {type(part).__name__}")


class Cache:
    """A map from keys to bytes or JSON values in the file `path`, which is made where it is absent.

    Threads may share one; every process opens its own. What is written stays until `trim` or until the file is deleted.

    Raises:
        OutputError: the file is no cache, is damaged, or cannot be written; the hint says what to delete.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self._lock = threading.Lock()
        self._process = os.getpid()
        with self._errors():
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._database = sqlite3.connect(self.path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
            try:
                self._prepare()
            except BaseException:
                self._database.close()
                raise

    def _prepare(self) -> None:
        found = self._one("PRAGMA application_id")
        if found != _OURS and self._one("SELECT count(*) FROM sqlite_master"):
            hint = "give the cache another path"
            raise OutputError(f"cache {self.path}: expected a cache of caption-fusion, got another database", hint=hint)
        # WAL lets others read while one writes. A lost last write after a power cut costs one computation.
        self._database.execute("PRAGMA journal_mode = WAL")
        self._database.execute("PRAGMA synchronous = NORMAL")
        if found != _OURS:
            self._database.execute("BEGIN IMMEDIATE")
            self._database.execute(_TABLE)
            self._database.execute(f"PRAGMA application_id = {_OURS}")
            self._database.execute("COMMIT")

    def get(self, key: str, default: Any = None) -> Any:
        """The value under `key`, `default` if there is none."""
        with self._using() as database:
            row = database.execute("SELECT json, value FROM entries WHERE key = ?", (key,)).fetchone()
        if row is None:
            return default
        is_json, value = row
        if not is_json:
            return value
        try:
            return json.loads(value)
        except ValueError:
            raise self._damaged("an entry is no JSON") from None

    def put(self, key: str, value: Any) -> None:
        """Keep bytes or a JSON value under `key`, in place of what was there.

        Raises:
            ValueError: the value is neither, or would not come out the same (a tuple, NaN, a dict with integer keys).
        """
        stored = _stored(value)
        with self._using() as database:
            database.execute("INSERT OR REPLACE INTO entries VALUES (?, ?, ?)", (key, *stored))

    def keep(self, key: str, value: Any) -> Any:
        """Keep bytes or a JSON value under `key` if nothing is there yet; what is there now.

        Of two processes that made different values for one key, the first wins and both go on with the same.

        Raises:
            ValueError: as `put` does.
        """
        stored = _stored(value)
        with self._using() as database:
            database.execute("INSERT OR IGNORE INTO entries VALUES (?, ?, ?)", (key, *stored))
        return self.get(key, value)

    def get_or(self, key: str, make: Callable[[], T]) -> T:
        """The value under `key`; where there is none it is made and kept. Two processes may both make it."""
        found = self.get(key, _ABSENT)
        if found is not _ABSENT:
            return found  # type: ignore[no-any-return]
        made = make()
        self.put(key, made)
        return made

    def trim(self, max_bytes: int) -> int:
        """Drop the entries written first until the values take at most `max_bytes`; the number dropped."""
        newer = "SELECT rowid, sum(length(value)) OVER (ORDER BY rowid DESC) AS kept FROM entries"
        with self._using() as database:
            done = database.execute(
                f"DELETE FROM entries WHERE rowid IN (SELECT rowid FROM ({newer}) WHERE kept > ?)", (max_bytes,)
            )
            return done.rowcount

    def __len__(self) -> int:
        with self._using():
            return int(self._one("SELECT count(*) FROM entries"))

    def __contains__(self, key: str) -> bool:
        return self.get(key, _ABSENT) is not _ABSENT

    def close(self) -> None:
        """Close the file; the cache is of no use afterwards."""
        with self._lock:
            self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _one(self, statement: str) -> Any:
        return self._database.execute(statement).fetchone()[0]

    @contextmanager
    def _using(self) -> Iterator[sqlite3.Connection]:
        if os.getpid() != self._process:  # sqlite files break when a connection is carried through a fork
            raise RuntimeError(f"cache {self.path}: opened in another process; open it again in this one")
        with self._lock, self._errors():
            yield self._database

    @contextmanager
    def _errors(self) -> Iterator[None]:
        """What sqlite and the file system raise, in our words."""
        try:
            yield
        except sqlite3.ProgrammingError as error:
            raise RuntimeError(f"cache {self.path}: {error}") from error
        except sqlite3.OperationalError as error:
            busy = "locked" in str(error) or "busy" in str(error)
            hint = "another process is writing; try again" if busy else "check the path, its permissions and the disk"
            raise OutputError(f"cache {self.path}: {error}", hint=hint, retry=busy) from error
        except sqlite3.DatabaseError as error:
            raise self._damaged(str(error)) from error
        except OSError as error:
            hint = "check the path and its permissions"
            raise OutputError(f"cache {self.path}: {error.strerror}", hint=hint) from error

    def _damaged(self, what: str) -> OutputError:
        files = f"{self.path}, {self.path}-wal and {self.path}-shm"
        hint = f"delete {files}; what was in them is computed again"
        return OutputError(f"cache {self.path}: damaged, or no cache: {what}", hint=hint)


_ABSENT = object()


def _stored(value: Any) -> tuple[bool, bytes]:
    """Whether the value is kept as JSON, and its bytes."""
    return (False, value) if isinstance(value, bytes) else (True, _as_json(value))


def _as_json(value: Any) -> bytes:
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
    except (TypeError, ValueError) as error:
        raise ValueError(f"cache: expected bytes or a JSON value, got {type(value).__name__}: {error}") from None
    if json.loads(text) != value:
        raise ValueError(f"cache: expected a value that JSON keeps as it is, got {str(value)[:80]}")
    return text
