"""Pictures and folders as inputs: order, ids, what is refused."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from fusion.dataset.rows import PICTURE_KEYS
from fusion.dataset.sources import Pictures, RowsFile, find
from fusion.errors import InputError


def make(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(name.encode())


TREES = {
    "sorted, with folders below": (["b.jpg", "a/z.PNG", "a/b/c.webp", "a.jpg"], ["."], ["a/b/c", "a/z", "a", "b"]),
    "others and hidden ones left out": (["a.jpg", "a.txt", ".h.jpg", ".git/x.jpg", "noname"], ["."], ["a"]),
    "suffix kept on collision": (["a.jpg", "a.png", "b.jpg"], ["."], ["a.jpg", "a.png", "b"]),
    "files in the order given": (["b.jpg", "a.jpg"], ["b.jpg", "a.jpg"], ["b", "a"]),
    "files and folders mixed": (["x.jpg", "d/y.jpg"], ["x.jpg", "d"], ["x", "y"]),
    "one name in two folders": (["d/x.jpg", "e/x.jpg", "e/y.jpg"], ["d", "e"], ["d/x.jpg", "e/x.jpg", "y"]),
    "one file twice": (["x.jpg"], ["x.jpg", "x.jpg"], ["x.jpg", "x.jpg#2"]),
    "one path in folders of one name": (["p/d/x.jpg", "q/d/x.jpg"], ["p/d", "q/d"], ["d/x.jpg", "d/x.jpg#2"]),
}


@pytest.mark.parametrize(("files", "given", "ids"), TREES.values(), ids=TREES)
def test_pictures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, files: list[str], given: list[str], ids: list[str]) -> None:
    make(tmp_path, *files)
    monkeypatch.chdir(tmp_path)
    source = find(given, PICTURE_KEYS)
    rows = list(source)
    assert [row.id for row in rows] == ids
    assert source.total == len(ids)
    assert all(row.file is not None and row.file.is_file() for row in rows)
    assert all(not Path(row.data["image"]).is_absolute() for row in rows)


def test_links_are_followed_but_not_round_a_circle(tmp_path: Path) -> None:
    make(tmp_path, "real/a.jpg", "given/b.jpg")
    (tmp_path / "given/more").symlink_to(tmp_path / "real")
    (tmp_path / "given/circle").symlink_to(tmp_path / "given")
    assert [row.id for row in Pictures([str(tmp_path / "given")])] == ["b", "more/a"]


def test_a_name_that_is_not_utf8_still_has_an_id(tmp_path: Path) -> None:
    name = os.fsdecode(b"caf\xe9.jpg")
    (tmp_path / name).write_bytes(b"x")
    (row,) = Pictures([str(tmp_path)])
    assert row.id == "caf\ufffd"
    assert row.file is not None
    assert row.file.is_file()


REFUSED = {
    "nothing there": (["no.jpg"], "cannot be read: No such file"),
    "no picture in the folder": (["empty"], "no picture in empty"),
    "rows and pictures": (["r.jsonl", "a.jpg"], "expected one rows file, or pictures and folders"),
    "two rows files": (["r.jsonl", "r.jsonl"], "expected one rows file"),
    "a table of another kind": (["t.csv"], "neither a picture nor rows"),
    "rows that are not there": (["no.jsonl"], "No such file"),
}


@pytest.mark.parametrize(("given", "message"), REFUSED.values(), ids=REFUSED)
def test_refused_at_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: list[str], message: str) -> None:
    make(tmp_path, "r.jsonl", "a.jpg", "t.csv", "empty/readme.txt")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match=message):
        find(given, PICTURE_KEYS)


def test_images_goes_with_rows_only(tmp_path: Path) -> None:
    make(tmp_path, "a.jpg")
    with pytest.raises(InputError, match="--images"):
        find([str(tmp_path)], PICTURE_KEYS, tmp_path)


@pytest.mark.parametrize("suffix", [".jsonl", ".ndjson", ".json-lines", ".JSONL"])
def test_suffixes_of_rows(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"rows{suffix}"
    path.write_bytes(b'{"id":"a"}\n\n{"id":"b"}')
    source = find([str(path)], PICTURE_KEYS)
    assert isinstance(source, RowsFile)
    assert source.total == 2


def test_digests_tell_inputs_apart_but_not_where_they_lie(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        make(tmp_path / folder, "p/a.jpg")
        (tmp_path / folder / "r.jsonl").write_bytes(b"{}")
    first, second = (
        [Pictures([str(tmp_path / f / "p")]).digest(), RowsFile(str(tmp_path / f / "r.jsonl"), PICTURE_KEYS).digest()]
        for f in ("one", "two")
    )
    assert [d["sha256"] for d in first] == [d["sha256"] for d in second]
    make(tmp_path / "two", "p/b.jpg")
    assert Pictures([str(tmp_path / "two/p")]).digest()["sha256"] != first[0]["sha256"]
