"""Evidence rows on disk, found by id; and which card an expert gets."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from fusion.dataset.cards import Cards, beside, files, write
from fusion.dataset.evidence import StoredEvidence
from fusion.errors import ConfigError, InputError
from fusion.expert import Card

DOG = {"id": "b0", "kind": "object", "value": "dog", "expert": "boxes"}


def evidence(tmp_path: Path, *rows: dict[str, Any] | bytes) -> StoredEvidence:
    lines = [row if isinstance(row, bytes) else json.dumps(row).encode() for row in rows]
    (tmp_path / "ev.jsonl").write_bytes(b"\xef\xbb\xbf" + b"\r\n\n".join(lines))
    return StoredEvidence(tmp_path / "ev.jsonl")


@pytest.mark.parametrize("row_id", ["a", "7", "photo/x"], ids=["own", "an integer", "from the image"])
def test_a_row_is_found_by_its_id(tmp_path: Path, row_id: str) -> None:
    stored = evidence(tmp_path, {"id": "a", "facts": [DOG]}, {"id": 7, "facts": [DOG]}, {"image": "photo/x.jpg", "looked": []})
    found = stored.get(row_id)
    assert found.observation is not None
    assert found.observation.id == row_id
    assert found.problems == ()
    assert len(stored) == 3


BROKEN = {
    "not JSON": (b"hello", None, "ev.jsonl has no evidence for id 'x'", "line 3 first: expected JSON"),
    "no such id": (b'{"id":"y"}', None, "ev.jsonl has no evidence for id 'x'", "run `fusion facts`"),
    "no id to look for": (b'{"id":1.5}', None, "ev.jsonl has no evidence for id 'x'", "line 3 first: id: expected"),
    "NaN": (b'{"id":"x","facts":[{"score":NaN}]}', 3, "evidence in ev.jsonl, line 3: expected JSON, got NaN", ""),
    "facts of a wrong type": (b'{"id":"x","facts":3}', 3, "ev.jsonl, line 3: expected an evidence row", ""),
    "no such kind": (b'{"id":"x","facts":[{"kind":"thing","value":"dog"}]}', 3, "Invalid enum value 'thing'", ""),
    "a fact about nothing": (
        b'{"id":"x","facts":[{"id":"f","kind":"attribute","value":"red","about":"g"}]}', 3, "to be the id of a fact", ""
    ),
    "a size of nothing": (b'{"id":"x","width":0}', 3, "expected at least 1 pixel", ""),
    "captions, no evidence": (
        b'{"id":"x","caption":"a dog"}', 3, "line 3: expected evidence with `facts` or `looked`, got the keys id, caption", ""
    ),
    "failed, with its error": (
        b'{"id":"x","status":"failed","errors":[{"message":"no picture"}]}', None, "no picture", ""
    ),
    "failed without a word": (b'{"id":"x","status":"failed"}', 3, "without saying why", ""),
}  # fmt: skip


@pytest.mark.parametrize(("line", "number", "message", "hint"), BROKEN.values(), ids=BROKEN)
def test_what_cannot_be_used_comes_as_a_problem(tmp_path: Path, line: bytes, number: int | None, message: str, hint: str) -> None:
    found = evidence(tmp_path, {"id": "a"}, line).get("x")
    assert found.observation is None
    assert message in found.problems[0].message
    assert hint in found.problems[0].hint
    assert found.problems[0].line == number


def test_rows_that_share_an_id_are_refused_naming_both_lines(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"lines 1 and 5 are both evidence for id '7'"):
        evidence(tmp_path, {"id": "7"}, {"id": "b"}, {"id": 7})


def test_boxes_are_clipped_and_empty_ones_go_with_a_warning(tmp_path: Path) -> None:
    facts = [{**DOG, "box": [-5, 0, 50, 200]}, {**DOG, "id": "b1", "box": [120, 0, 130, 10]}]
    found = evidence(tmp_path, {"id": "a", "width": 100, "height": 100, "facts": facts}).get("a")
    assert found.observation is not None
    assert [f.box and (f.box.x0, f.box.y1) for f in found.observation.facts] == [(0, 100), None]
    assert [problem.warning for problem in found.problems] == [True]
    assert "'b1' is empty" in found.problems[0].message


def test_facts_without_an_id_are_called_by_their_place(tmp_path: Path) -> None:
    nameless = {"kind": "object", "value": "cat"}
    found = evidence(tmp_path, {"id": "a", "facts": [DOG, nameless, nameless]}).get("a")
    assert found.observation is not None
    assert [fact.id for fact in found.observation.facts] == ["b0", "#1", "#2"]


def test_a_missing_file_is_an_error_at_start(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No such file"):
        StoredEvidence(tmp_path / "no.jsonl")


def test_cards_come_from_the_first_place_that_has_one(tmp_path: Path) -> None:
    given, config, stored = tmp_path / "given.json", tmp_path / "config.json", tmp_path / "ev.jsonl"
    write(given, {"a": Card(precision=0.1)})
    write(beside(stored), {"a": Card(precision=0.2), "b": Card(precision=0.2)})
    write(config, {name: Card(precision=0.3) for name in "abc"})
    cards = Cards(files(given, stored, str(config)))
    assert {name: card.precision for name, card in cards.of(["a", "b", "c", "nobody"]).items()} == {
        "a": 0.1, "b": 0.2, "c": 0.3, "nobody": 0.7,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("content", "message"),
    [(None, "cannot be read"), ("{}", "is no cards file"), ('{"cards":{"a":{"recall":2}}}', "expected 0..1, got 2")],
    ids=["missing", "not a cards file", "a rate out of range"],
)
def test_a_cards_file_that_cannot_be_used(tmp_path: Path, content: str | None, message: str) -> None:
    if content is not None:
        (tmp_path / "cards.json").write_text(content)
    with pytest.raises(ConfigError, match=message):
        Cards([tmp_path / "cards.json"])
