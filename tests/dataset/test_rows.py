"""One line of JSON to one input row: what is refused, what its id is, what is copied."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion.dataset.rows import CAPTION_KEYS, FACTS_KEYS, PICTURE_KEYS, Keys, Row, copied, failed, parse
from fusion.dataset.sources import RowsFile
from fusion.errors import InputError, RowError

BAD = {
    "not JSON": (b"hello", "expected JSON", None),
    "cut off": (b'{"id":"x","caption":"a', "expected JSON", None),
    "an array": (b'["x"]', "expected a JSON object, got an array", None),
    "a string": (b'"x"', "expected a JSON object, got a string", None),
    "null": (b"null", "expected a JSON object, got null", None),
    "a number": (b"7", "expected a JSON object, got a number", None),
    "not UTF-8": (b'{"id":"x","caption":"caf\xe9"}', "expected UTF-8, got the byte 0xe9 at byte 24", None),
    "surrogate bytes": (b'{"id":"x","caption":"\xed\xa0\x80"}', "expected UTF-8", None),
    "lone surrogate escape": (b'{"id":"x","caption":"\\ud800"}', "lone surrogate", "x"),
    "lone surrogate in a key": (b'{"id":"x","caption":"a","\\udfff":1}', "lone surrogate", "x"),
    "lone surrogate as id": (b'{"id":"\\ud800","caption":"a"}', "lone surrogate", None),
    "NaN": (b'{"id":"x","caption":"a","score":NaN}', "NaN", "x"),
    "number out of range": (b'{"id":"x","caption":"a","score":1e999}', "out of range", "x"),
    "nested too deeply": (b'{"a":' * 100_000, "nested too deeply", None),
    "id a float": (b'{"id":1.5,"caption":"a"}', "id: expected a string or an integer, got 1.5", None),
    "id a boolean": (b'{"id":true,"caption":"a"}', "id: expected a string or an integer, got true", None),
    "id a list": (b'{"id":["x"],"caption":"a"}', 'id: expected a string or an integer, got ["x"]', None),
    "no caption": (b'{"id":"x"}', "caption: expected a string, got none", "x"),
    "caption null": (b'{"id":"x","caption":null}', "caption: expected a string, got none", "x"),
    "caption a number": (b'{"id":7,"caption":5}', "caption: expected a string, got 5", "7"),
    "language a list": (b'{"id":"x","caption":"a","language":["de"]}', "language: expected a string", "x"),
    "image a number, no id": (b'{"image":3,"caption":"a"}', "image: expected a string, got 3", "2"),
}


def rows_of(tmp_path: Path, content: bytes, keys: Keys = CAPTION_KEYS) -> list[Row]:
    (tmp_path / "rows.jsonl").write_bytes(content)
    return list(RowsFile(str(tmp_path / "rows.jsonl"), keys))


@pytest.mark.parametrize(("line", "message", "row_id"), BAD.values(), ids=BAD)
def test_a_bad_line_is_a_row_with_a_problem(tmp_path: Path, line: bytes, message: str, row_id: str | None) -> None:
    good = b'{"id":"before","caption":"a"}\n', b'\n{"id":"after","caption":"b"}'
    rows = rows_of(tmp_path, good[0] + line + good[1])
    assert [row.id for row in rows] == ["before", row_id, "after"]
    assert rows[1].problem is not None
    assert message in rows[1].problem.message
    assert rows[1].problem.line == rows[1].line == 2
    assert rows[0].problem is rows[2].problem is None


@pytest.mark.parametrize("rest", ['"score":NaN', '"language":3'], ids=["NaN beside it", "a wrong key beside it"])
def test_a_caption_that_can_be_read_is_kept_with_the_problem(tmp_path: Path, rest: str) -> None:
    (row,) = rows_of(tmp_path, f'{{"id":"x","caption":"a dog",{rest}}}'.encode())
    assert row.problem is not None
    assert row.data["caption"] == "a dog"


@pytest.mark.parametrize("value", ["alt_text", "tags", "label"], ids=lambda key: f"{key} of the wrong type")
def test_picture_keys_are_checked(tmp_path: Path, value: str) -> None:
    (row,) = rows_of(tmp_path, json.dumps({"id": "x", "image": "x.jpg", value: [1]}).encode(), PICTURE_KEYS)
    assert row.problem is not None
    assert row.problem.message.startswith(f"{value}: expected")


@pytest.mark.parametrize(
    ("content", "ids"),
    [
        (b'{"id":"a"}', ["a"]),
        (b'{"id":12}', ["12"]),
        (b'{"id":99999999999999999999999}', ["99999999999999999999999"]),
        (b'{"id":null,"image":"b/c.jpg"}', ["b/c"]),
        (b'{"image":"./b/c.tar.jpg"}', ["b/c.tar"]),
        (b'{"image":"a.jpg"}\n{"image":"a.png"}\n{"image":"b.png"}', ["a.jpg", "a.png", "b"]),
        (b'{"image":"a.jpg"}\n{"image":"a.jpg"}', ["a", "a"]),
        (b'\n{}\n\n \t\r\n{"label":"x"}\n', ["2", "5"]),
        (b'\xef\xbb\xbf{"id":"a"}\r\n{"id":"b"}\r\n', ["a", "b"]),
        (b"", []),
        (b"\xef\xbb\xbf\n", []),
    ],
    ids=[
        "own", "an integer becomes its digits", "a large integer too", "from the image, with its folder",
        "only the last suffix goes", "suffix kept where ids would collide", "one picture twice is no collision",
        "line number, blank lines counted", "BOM and CRLF are skipped", "empty file", "nothing but a BOM",
    ],
)  # fmt: skip
def test_ids(tmp_path: Path, content: bytes, ids: list[str]) -> None:
    assert [row.id for row in rows_of(tmp_path, content, PICTURE_KEYS)] == ids


def test_rows_that_share_an_id_say_so_where_that_matters(tmp_path: Path) -> None:
    content = b'{"id":"a"}\n{"id":"b"}\n{"id":"a"}\n'
    assert [len(row.warnings) for row in rows_of(tmp_path, content, FACTS_KEYS)] == [0, 0, 1]
    assert [len(row.warnings) for row in rows_of(tmp_path, content, PICTURE_KEYS)] == [0, 0, 0]


@pytest.mark.parametrize(
    ("images", "expected"), [(None, "a/b.jpg"), ("pics", "pics/a/b.jpg")], ids=["beside the rows", "--images"]
)
def test_where_pictures_are_looked_up(tmp_path: Path, images: str | None, expected: str) -> None:
    (tmp_path / "rows.jsonl").write_bytes(b'{"image":"a/b.jpg"}')
    folder = tmp_path / images if images else None
    (row,) = RowsFile(str(tmp_path / "rows.jsonl"), PICTURE_KEYS, folder)
    assert row.file == tmp_path / expected


def test_standard_input_is_read_as_it_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    class Pipe(io.BytesIO):
        given = 0

        def __next__(self) -> bytes:
            self.given += 1
            return super().__next__()

    pipe = Pipe(b'\xef\xbb\xbf{"id":"a","image":"x.jpg"}\n{"image":"x.jpg"}\n{"image":"x.png"}\n')
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(pipe))
    source = RowsFile("-", PICTURE_KEYS)
    rows = iter(source)
    assert source.total is None
    assert (first := next(rows)).id == "a"
    assert pipe.given == 1
    assert first.file == Path("x.jpg")
    assert [row.id for row in rows] == ["x", "x.png"]


def test_a_folder_is_no_rows_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="expected a rows file, got the folder"):
        RowsFile(str(tmp_path), CAPTION_KEYS)


def test_our_keys_are_never_copied() -> None:
    row = Row("a", {"id": "a", "facts": 1, "mine": {"x": 1.5}, "status": "odd"})
    assert copied(row, ("id", "facts", "status")) == {"mine": {"x": 1.5}}
    out = json.loads(failed(row, (), {"mine": 1}).line)
    assert out == {"id": "a", "image": None, "status": "failed", "mine": 1}


@given(st.binary(max_size=60))
def test_any_bytes_are_an_object_or_a_row_error(raw: bytes) -> None:
    try:
        assert isinstance(parse(raw), dict)
    except RowError as error:
        error.message.encode("utf-8")
