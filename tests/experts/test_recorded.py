"""Recorded facts come back as they were, under the names of the experts that stated them."""

from __future__ import annotations

import json
from contextlib import closing

import pytest

from experts.recorded import Recorded
from fusion.errors import ConfigError, ExpertError
from fusion.facts import Box, Fact
from fusion.testing import sample

DOG = {"id": "b0", "kind": "object", "value": "dog", "box": [1.0, 2.0, 30.0, 40.0], "score": 0.5, "expert": "boxes"}
STATEMENT = {"id": "s0", "kind": "statement", "value": "A dog.", "expert": "captioner"}
ROWS = [
    {"id": "a", "image": "one/a.jpg", "width": 64, "height": 48, "looked": ["boxes", "ocr"], "facts": [DOG, STATEMENT]},
    {"id": "b", "image": "two/b.jpg", "facts": [STATEMENT]},
    {"id": 7, "image": "c.jpg", "facts": []},
    {"id": "d", "image": "twice.jpg", "facts": []},
    {"id": "e", "image": "twice.jpg", "facts": []},
    {"id": "写真/1", "mine": {"key": 1}, "facts": [DOG]},
]


@pytest.fixture
def write(tmp_path):
    """Write rows to a file, give its path."""

    def writing(rows, name="evidence.jsonl", start=b""):
        lines = [row if isinstance(row, bytes) else json.dumps(row, ensure_ascii=False).encode() for row in rows]
        (tmp_path / name).write_bytes(start + b"\n".join(lines))
        return str(tmp_path / name)

    return writing


@pytest.fixture
def opened(write):
    expert = Recorded(write(ROWS))
    yield expert
    expert.close()


@pytest.mark.parametrize(
    ("id_", "path", "values", "looked"),
    [
        pytest.param("a", None, ["dog", "A dog."], ("boxes", "ocr"), id="by id"),
        pytest.param("a", "two/b.jpg", ["dog", "A dog."], ("boxes", "ocr"), id="the id goes before the path"),
        pytest.param("other", "two/b.jpg", ["A dog."], ("captioner",), id="by path; looked absent: those of the facts"),
        pytest.param("7", None, [], (), id="an integer id is its digits"),
        pytest.param("写真/1", None, ["dog"], ("boxes",), id="an id that is not ASCII"),
        pytest.param("d", "twice.jpg", [], (), id="by id where two rows share an image"),
    ],
)
def test_facts_of_a_sample(opened, id_, path, values, looked):
    one = sample(id=id_, path=path)
    assert [fact.value for fact in opened.look(one)] == values
    assert opened.looked(one, "recorded") == looked


def test_ids_names_and_boxes_stay(opened):
    fact = opened.look(sample(id="a"))[0]
    assert fact == Fact(id="b0", kind="object", value="dog", box=Box(1, 2, 30, 40), score=0.5, expert="boxes")
    assert Recorded.keeps_names
    assert not Recorded.automatic


@pytest.mark.parametrize(
    ("id_", "path", "message"),
    [
        pytest.param("z", None, "expected a row with the id 'z', got none", id="no such id"),
        pytest.param("z", "z.jpg", "a row with the id 'z' or the image 'z.jpg', got none", id="neither id nor image"),
        pytest.param("z", "twice.jpg", "several rows have the image 'twice.jpg', and none the id 'z'", id="ambiguous"),
    ],
)
def test_a_sample_without_a_row(opened, id_, path, message):
    with pytest.raises(ExpertError, match=message):
        opened.look(sample(id=id_, path=path))


BAD_ROWS = [
    pytest.param({"id": "a", "facts": [{"kind": "thing", "value": "x"}]}, "Invalid enum value 'thing'", id="no such kind"),
    pytest.param({"id": "a", "facts": [DOG, DOG]}, "'b0' twice", id="an id twice among its facts"),
    pytest.param({"id": "a", "facts": 7}, r"Expected `array`, got `int` - at `\$.facts`", id="facts no list"),
    pytest.param(
        {"id": "a", "status": "failed", "errors": [{"message": "cut short"}]},
        "row failed: cut short",
        id="a failed row",
    ),
]


@pytest.mark.parametrize(("row", "message"), BAD_ROWS)
def test_a_bad_row_fails_its_own_sample_alone(write, row, message):
    expert = Recorded(write([{"id": "0", "facts": [DOG]}, b"", row]))
    with pytest.raises(ExpertError, match=message) as caught:
        expert.look(sample(id="a"))
    assert caught.value.line == 3
    assert "line 3" in caught.value.message
    assert len(expert.look(sample(id="0"))) == 1
    expert.close()


@pytest.mark.parametrize(
    ("rows", "message", "line"),
    [
        pytest.param([ROWS[0], b"", ROWS[1], ROWS[0]], "id 'a' is on line 1 and on line 4", 4, id="an id twice"),
        pytest.param([{"id": "7"}, {"id": 7}], "id '7' is on line 1 and on line 2", 2, id="7 and its digits"),
        pytest.param([ROWS[0], b"{"], "line 2: expected", 2, id="no JSON"),
        pytest.param([b"[]"], "line 1: expected", 1, id="no object"),
        pytest.param([{"id": ["a"]}], "line 1: expected", 1, id="an id that is a list"),
        pytest.param([b'{"id": "\xff"}'], "line 1: expected", 1, id="no UTF-8"),
    ],
)
def test_a_bad_file_is_refused_at_start_by_line(write, rows, message, line):
    with pytest.raises(ConfigError, match=message) as caught:
        Recorded(write(rows))
    assert caught.value.line == line


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(ConfigError, match=r"evidence .*none.jsonl: cannot be read: No such file"):
        Recorded(str(tmp_path / "none.jsonl"))


def test_a_byte_order_mark_and_windows_line_ends_are_skipped(write):
    rows = [json.dumps(ROWS[0]).encode() + b"\r", b"\r", json.dumps(ROWS[1]).encode() + b"\r\n"]
    expert = Recorded(write(rows, start=b"\xef\xbb\xbf"))
    assert len(expert.look(sample(id="a"))) == 2
    assert len(expert.look(sample(id="b"))) == 1
    expert.close()


def cards(file, cards_file=""):
    with closing(Recorded(file, cards_file)) as expert:
        return expert.cards("recorded")


def test_cards_lie_beside_the_file_or_where_they_are_said_to(write):
    file = write(ROWS)
    assert cards(file) == {}
    write([{"cards": {"boxes": {"precision": 0.9}}, "thresholds": {"x": 1}}], "evidence.jsonl.cards.json")
    assert cards(file)["boxes"].precision == 0.9
    other = write([{"cards": {"boxes": {"precision": 0.1}}}], "cards.json")
    assert cards(file, other)["boxes"].precision == 0.1


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param({"boxes": {}}, "missing required field `cards`", id="no cards"),
        pytest.param({"cards": {"boxes": {"precision": 2}}}, "precision: expected 0..1, got 2", id="a wrong rate"),
        pytest.param(b"{", "JSON", id="no JSON"),
    ],
)
def test_a_bad_cards_file_is_refused(write, content, message):
    with pytest.raises(ConfigError, match=message):
        Recorded(write(ROWS), cards_file=write([content], "cards.json"))
    with pytest.raises(ConfigError, match="cannot be read"):
        Recorded(write(ROWS), cards_file="no/such/cards.json")


def test_real_rows(shared):
    file = shared / "data" / "coco_evidence.jsonl"
    expert = Recorded(str(file), cards_file=str(shared / "data" / "experts.json"))
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    for row in reversed(rows[::50]):
        assert [fact.id for fact in expert.look(sample(id=row["id"]))] == [fact["id"] for fact in row["facts"]]
    assert expert.cards("recorded")["boxes"].covers("object", "puppy")
    expert.close()
