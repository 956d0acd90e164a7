"""The cache: what goes in comes out, keys tell types apart, processes share, damage is said."""

from __future__ import annotations

import hashlib
import math
import os
import sqlite3
import struct
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fusion.cache import Cache, key
from fusion.errors import OutputError

# A lone surrogate has no place in a UTF-8 file.
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT
JSON = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4))


@pytest.fixture
def cache(tmp_path):
    with Cache(tmp_path / "results.sqlite") as opened:
        yield opened


VALUES = [
    pytest.param(b"", id="no bytes"),
    pytest.param(b"\x00\xff", id="bytes"),
    pytest.param(None, id="null"),
    pytest.param(False, id="false"),
    pytest.param(0, id="zero"),
    pytest.param(0.1, id="a float"),
    pytest.param("Größe 写真", id="text"),
    pytest.param([], id="an empty list"),
    pytest.param({"facts": [{"id": "b0", "box": [1.0, 2.5, 3.0, 4.0]}]}, id="rows"),
]


@pytest.mark.parametrize("value", VALUES)
def test_what_goes_in_comes_out(cache, value):
    cache.put("k", value)
    found = cache.get("k", "absent")
    assert found == value
    assert type(found) is type(value)
    assert "k" in cache


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(value=JSON)
def test_json_comes_out_the_same(cache, value):
    cache.put("k", value)
    assert cache.get("k") == value


@pytest.mark.parametrize(
    ("value", "message"),
    [
        pytest.param((1, 2), "keeps as it is", id="a tuple"),
        pytest.param({1: 2}, "keeps as it is", id="integer keys"),
        pytest.param(math.nan, "expected bytes or a JSON value", id="NaN"),
        pytest.param({1, 2}, "got set", id="a set"),
        pytest.param(object(), "got object", id="an object, never pickled"),
    ],
)
def test_what_would_not_come_out_the_same_is_refused(cache, value, message):
    with pytest.raises(ValueError, match=message):
        cache.put("k", value)
    assert len(cache) == 0


def test_what_is_absent(cache):
    assert cache.get("k") is None
    assert cache.get("k", 7) == 7
    assert "k" not in cache


def test_what_is_made_is_made_once(cache):
    calls = []
    for _ in range(3):
        assert cache.get_or("k", lambda: calls.append(1)) is None
    assert calls == [1]


def test_what_was_kept_first_stays(cache):
    assert cache.keep("k", b"first") == b"first"
    assert cache.keep("k", b"second") == b"first"
    assert cache.keep("j", {"a": [1]}) == {"a": [1]}
    cache.put("k", "replaced")
    assert cache.keep("k", b"third") == "replaced"
    with pytest.raises(ValueError, match="expected bytes or a JSON value"):
        cache.keep("n", math.nan)
    assert len(cache) == 2


def test_what_fails_to_be_made_is_not_kept(cache):
    with pytest.raises(ZeroDivisionError):
        cache.get_or("k", lambda: 1 / 0)
    assert "k" not in cache


def test_it_stays_when_closed(tmp_path):
    with Cache(tmp_path / "deep" / "er" / "c.sqlite") as first:
        first.put("k", [1])
    with Cache(tmp_path / "deep" / "er" / "c.sqlite") as second:
        assert second.get("k") == [1]
    with pytest.raises(RuntimeError, match="closed"):
        second.get("k")


def test_trim_drops_what_was_written_first(cache):
    for number in range(10):
        cache.put(str(number), bytes(100))
    assert cache.trim(350) == 7
    assert [number for number in range(10) if str(number) in cache] == [7, 8, 9]
    assert cache.trim(350) == 0


DIFFER = [
    (1, "1", b"1", 1.0, True, None, [1], {"1": 1}, "", b"", [], {}, 0, -1),
    (["a", "b"], ["ab"], ["a", ["b"]], [["a"], "b"]),
]


@pytest.mark.parametrize("parts", DIFFER, ids=["types", "borders"])
def test_keys_tell_apart(parts):
    assert len({key(part) for part in parts}) == len(parts)
    assert key("ab", "c") != key("a", "bc")
    assert key() != key(None)


def test_keys_do_not_depend_on_order_or_run():
    assert key({"a": 1, "b": [2.5, None]}) == key({"b": (2.5, None), "a": 1})
    told_apart = b"l3;" + b"s5;model" + b"i1;" + b"f" + struct.pack(">d", 0.5)
    assert key("model", 1, 0.5) == hashlib.sha256(told_apart).hexdigest()


@pytest.mark.parametrize("part", [object(), {1, 2}, {1: "a"}, 1j, Path("a")], ids=str)
def test_keys_of_other_types_are_refused(part):
    with pytest.raises(TypeError, match="part of a cache key: expected None, bool"):
        key("a", [part])


@pytest.mark.parametrize("content", [b"this is no database" * 100, b"SQLite format 3\0" + b"\x07" * 4096], ids=["text", "torn"])
def test_a_damaged_file_says_what_to_delete(tmp_path, content):
    file = tmp_path / "c.sqlite"
    file.write_bytes(content)
    with pytest.raises(OutputError) as caught, Cache(file) as cache:
        cache.get("k")
    assert "damaged" in caught.value.message
    assert f"delete {file}, {file}-wal and {file}-shm" in caught.value.hint


def test_a_file_damaged_inside_says_what_to_delete(tmp_path):
    file = tmp_path / "c.sqlite"
    with Cache(file) as cache:
        for number in range(400):
            cache.put(str(number), os.urandom(100))
    data = bytearray(file.read_bytes())
    data[4096:] = b"\x55" * (len(data) - 4096)
    file.write_bytes(data)
    with Cache(file) as cache, pytest.raises(OutputError, match="damaged"):
        cache.get("7")


def test_the_database_of_another_program_is_left_alone(tmp_path):
    file = tmp_path / "browser.sqlite"
    database = sqlite3.connect(file)
    database.execute("CREATE TABLE history (address TEXT)")
    database.close()
    before = file.read_bytes()
    with pytest.raises(OutputError, match="got another database"):
        Cache(file)
    assert file.read_bytes() == before


def test_a_place_that_cannot_be_written(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match=r"cache .*: (Not a directory|File exists)"):
        Cache(tmp_path / "file" / "c.sqlite")


def test_threads_share_one(cache):
    def work(start: int) -> None:
        for number in range(50):
            cache.put(f"{start}/{number}", number)

    threads = [threading.Thread(target=work, args=(start,)) for start in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(cache) == 200


WORKER = """
import sys
from fusion.cache import Cache
with Cache(sys.argv[1]) as cache:
    for number in range(100):
        cache.put(f"{sys.argv[2]}/{number}", number)
        cache.get_or(f"shared/{number}", lambda: number)
        print(cache.keep(f"own/{number}", sys.argv[2]), end="")
"""


def test_processes_share_one_file(tmp_path):
    file = tmp_path / "c.sqlite"
    command = [sys.executable, "-W", "error", "-c", WORKER, str(file)]
    workers = [subprocess.Popen([*command, str(worker)], stdout=subprocess.PIPE) for worker in range(3)]
    kept = [worker.communicate(timeout=60)[0] for worker in workers]
    assert [worker.returncode for worker in workers] == [0, 0, 0]
    assert len(set(kept)) == 1, "whoever was first, all go on with the same"
    assert len(kept[0]) == 100
    with Cache(file) as cache:
        assert len(cache) == 500


def test_a_cache_is_not_carried_through_a_fork(cache, monkeypatch):
    monkeypatch.setattr(os, "getpid", lambda: -1)
    with pytest.raises(RuntimeError, match="open it again"):
        cache.get("k")
