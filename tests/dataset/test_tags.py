"""Tags rows, and the table of groups that users bring."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from dataset.fakes import FakeLanguage
from fusion.dataset.cards import Cards, write
from fusion.dataset.evidence import StoredEvidence
from fusion.dataset.rows import TAGS_KEYS, Row
from fusion.dataset.sources import RowsFile
from fusion.dataset.tags import Tags, TagsWithEvidence, read_groups
from fusion.errors import InputError
from fusion.expert import Card
from fusion.tags import GROUPS


def row(row_id: str | None, tags: Any, **rest: Any) -> Row:
    return Row(row_id, {"id": row_id, "tags": tags, **rest}, line=1)


def arranged(*rows: Row, tags: Tags | None = None) -> list[dict[str, Any]]:
    return [json.loads(out.line) for out in (tags or Tags()).rows(rows)]


def test_a_tags_row_has_the_keys_of_the_format_and_those_it_does_not_know() -> None:
    (out,) = arranged(row("a", ["highres", "skirt", "skirt"], source="x", groups="mine", status="odd"))
    assert out == {
        "id": "a", "tags": ["skirt", "highres"], "groups": {"skirt": "clothes", "highres": "image composition"},
        "dropped": [{"tag": "skirt", "reason": 'a repetition of "skirt"'}], "contradicted": [], "source": "x",
    }  # fmt: skip


def test_one_string_is_split_at_commas() -> None:
    (out,) = arranged(row("a", "highres, black skirt,1girl"))
    assert out["tags"] == ["1girl", "black skirt", "highres"]


def test_options_reach_the_tags() -> None:
    (out,) = arranged(row("a", ["skirt", "black_skirt"]), tags=Tags({"black_skirt": "food"}, drop_implied=True))
    assert (out["tags"], out["groups"]) == (["black_skirt"], {"black_skirt": "food"})


def test_a_tag_that_is_no_string_fails_its_row_alone_and_names_the_place() -> None:
    bad, good = arranged(row("a", ["hat", 3]), row("b", ["hat"]))
    assert (bad["status"], bad["tags"], bad["errors"][0]["line"]) == ("failed", ["hat", 3], 1)
    assert "tags[1]: expected a string, got int 3" in bad["errors"][0]["message"]
    assert good["tags"] == ["hat"]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        pytest.param('{"id": "a"}', "tags: expected a list of strings, or one comma-separated string, got none", id="no tags"),
        pytest.param('{"id": "a", "tags": 3}', "tags: expected a list of strings", id="tags that are no list"),
        pytest.param("{", "expected JSON", id="no JSON"),
    ],
)
def test_a_line_that_cannot_be_used_fails(line: str, message: str, tmp_path: Path) -> None:
    file = tmp_path / "rows.jsonl"
    file.write_text(line)
    (out,) = arranged(*RowsFile(str(file), TAGS_KEYS))
    assert out["status"] == "failed"
    assert message in out["errors"][0]["message"]


class Reader:
    """Gives a reader, and counts how often it was asked for one."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self) -> Any:
        self.asked += 1
        return FakeLanguage()


@pytest.fixture
def reader() -> Reader:
    return Reader()


@pytest.fixture
def checking(tmp_path: Path, reader: Reader) -> TagsWithEvidence:
    dog = {"id": "b0", "kind": "object", "value": "dog", "expert": "boxes", "box": [0, 0, 50, 50]}
    words = {"id": "s0", "kind": "statement", "value": "a dog", "expert": "alt_text"}
    rows = [
        {"id": "a", "width": 100, "height": 100, "looked": ["boxes"], "facts": [dog]},
        {"id": "b", "facts": [words]},
    ]
    (tmp_path / "ev.jsonl").write_text("\n".join(map(json.dumps, rows)))
    write(tmp_path / "cards.json", {"boxes": Card(vocabulary=("dog", "cat"), precision=0.95, recall=0.95)})
    return TagsWithEvidence(Tags(), StoredEvidence(tmp_path / "ev.jsonl"), Cards([tmp_path / "cards.json"]), reader)


def test_evidence_binds_and_contradicts(checking: TagsWithEvidence, reader: Reader) -> None:
    (out,) = (json.loads(o.line) for o in checking.rows([row("a", ["cat", "dog"])]))
    assert out["bound"] == {"dog": ["b0"]}
    assert out["contradicted"] == [{"tag": "cat", "reason": "boxes looked and saw no cat", "evidence": []}]
    assert reader.asked == 0, "without statements no parser is loaded"


def test_statements_are_read(checking: TagsWithEvidence, reader: Reader) -> None:
    (out,) = (json.loads(o.line) for o in checking.rows([row("b", ["dog"])]))
    assert reader.asked == 1
    assert out["contradicted"] == []


def test_an_id_without_evidence_is_partial_and_still_in_order(checking: TagsWithEvidence) -> None:
    outs = [json.loads(o.line) for o in checking.rows([row("none", ["highres", "hat"]), row("a", ["dog"])])]
    assert (outs[0]["status"], outs[0]["tags"]) == ("partial", ["hat", "highres"])
    assert "has no evidence for id 'none'" in outs[0]["errors"][0]["message"]
    assert "status" not in outs[1]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        pytest.param("t.csv", "tag,group\nlong_hair,objects\n\"a, b\",food\n", id="commas with a head"),
        pytest.param("t.tsv", "long_hair\tobjects\n\na, b\tfood\n", id="tabs and a blank line"),
        pytest.param("t.txt", "long_hair\tobjects\na, b\tfood", id="tabs by the first line"),
        pytest.param("t.csv", "\ufefflong_hair , objects\r\n\"a, b\",food\r\n", id="a BOM and other line ends"),
    ],
)  # fmt: skip
def test_a_users_table_is_read(name: str, text: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(text.encode())
    assert read_groups(tmp_path / name) == {"long_hair": "objects", "a, b": "food"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("dog,food\ncat,pets", "t.csv, line 2: expected one of the groups, got 'pets'", id="unknown group"),
        pytest.param("dog", "t.csv, line 1: expected two columns, tag and group, got ['dog']", id="one column"),
        pytest.param("dog,food,x", "t.csv, line 1: expected two columns", id="three columns"),
        pytest.param("dog,", "t.csv, line 1: expected two columns", id="no group"),
        pytest.param(
            "dog,food\ndog,jobs", "t.csv, line 2: 'dog' is 'jobs' here and 'food' in line 1", id="two groups for one tag"
        ),
        pytest.param('"dog,food', "t.csv, line 1: unexpected end of data", id="an open quote"),
        pytest.param(b"\xff", "t.csv: expected UTF-8, got the byte 0xff", id="no UTF-8"),
        pytest.param(None, "t.csv cannot be read: No such file", id="no file"),
    ],
)
def test_a_users_table_is_refused(text: str | bytes | None, message: str, tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    if text is not None:
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(InputError) as caught:
        read_groups(file)
    assert message in caught.value.message


def test_an_unknown_group_lists_those_there_are(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("cat,pets")
    with pytest.raises(InputError) as caught:
        read_groups(tmp_path / "t.csv")
    assert all(group in caught.value.hint for group in GROUPS)
