"""Evidence rows and records: pictures through the captioner, one row out for each."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from dataset.fakes import FakeLanguage, Seer
from fusion import captioner as captioner_module
from fusion.captioner import Captioner
from fusion.dataset.evidence import StoredEvidence
from fusion.dataset.pictures import facts_rows, records
from fusion.dataset.rows import FACTS_KEYS, PICTURE_KEYS
from fusion.dataset.sources import find


@pytest.fixture
def captioner(monkeypatch: pytest.MonkeyPatch) -> Iterator[Captioner]:
    monkeypatch.setattr(captioner_module, "Language", FakeLoader)
    with Captioner(experts={"seer": Seer()}) as made:
        yield made


class FakeLoader:
    @staticmethod
    def load(*given: str | None) -> FakeLanguage:
        return FakeLanguage()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("dog", "cat", "broken"):
        Image.new("RGB", (8, 6), "red").save(tmp_path / f"{name}.png")
    (tmp_path / "bus.png").write_bytes(b"no picture")
    return tmp_path


def rows_file(folder: Path, *rows: Mapping[str, Any] | str, name: str = "rows.jsonl") -> str:
    lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
    (folder / name).write_text("\n".join(lines))
    return str(folder / name)


def test_evidence_rows_of_a_folder(folder: Path, captioner: Captioner) -> None:
    outs = [json.loads(out.line) for out in facts_rows(find([str(folder)], FACTS_KEYS), captioner)]
    assert [(out["id"], out["image"], out.get("status")) for out in outs] == [
        ("broken", "broken.png", "failed"), ("bus", "bus.png", "failed"),
        ("cat", "cat.png", None), ("dog", "dog.png", None),
    ]  # fmt: skip
    fact = {"id": "seer/0", "kind": "object", "value": "dog", "box": [0, 0, 4, 4], "expert": "seer", "score": 0.9}
    good = {"id": "dog", "image": "dog.png", "width": 8, "height": 6, "looked": ["seer"], "facts": [fact]}
    assert outs[3] == good
    assert list(outs[3]) == list(good)
    assert set(outs[1]) == {"id", "image", "status", "errors"}
    assert "cannot see" in outs[0]["errors"][0]["message"]


def test_rows_keep_their_place_and_their_own_keys(folder: Path, captioner: Captioner) -> None:
    rows = rows_file(
        folder,
        {"id": 7, "image": "dog.png", "mine": [1, None], "looked": "theirs", "alt_text": "x", "language": "en"},
        "not JSON",
        {"image": "missing.png", "mine": 2},
        {"id": "7", "image": "cat.png"},
        {"id": "none", "alt_text": 5},
    )
    outs = [json.loads(out.line) for out in facts_rows(find([rows], FACTS_KEYS), captioner)]
    assert [(out["id"], out.get("status", "ok")) for out in outs] == [
        ("7", "ok"), (None, "failed"), ("missing", "failed"), ("7", "ok"), ("none", "failed")
    ]  # fmt: skip
    assert (outs[0]["mine"], outs[0]["looked"], outs[0]["language"]) == ([1, None], ["seer"], "en")
    assert "alt_text" not in outs[0]
    assert (outs[2]["image"], outs[2]["mine"]) == ("missing.png", 2)
    assert outs[3]["errors"][0]["warning"] is True
    assert outs[4]["errors"][0]["line"] == 5


def test_records_from_stored_evidence_need_no_picture(folder: Path, captioner: Captioner) -> None:
    fact = {"id": "b0", "kind": "object", "value": "dog", "expert": "boxes", "score": 0.9}
    stored = rows_file(folder, {"id": "dog", "facts": [fact]}, {"id": "x", "facts": [fact]}, name="ev.jsonl")
    rows = rows_file(folder, {"id": "x", "mine": 1, "facts": []}, {"id": "dog", "image": "dog.png"}, {"id": "nobody"})
    source = find([rows], PICTURE_KEYS)
    outs = [json.loads(out.line) for out in records(source, captioner, StoredEvidence(Path(stored)))]
    keys = [
        "schema",
        "id",
        "image",
        "sha256",
        "width",
        "height",
        "status",
        "errors",
        "looked",
        "facts",
        "disputes",
        "asked",
        "strategy",
        "captions",
        "retention",
        "diversity",
        "usage",
    ]
    assert list(outs[0]) == [*keys, "mine"]
    assert [outs[0][key] for key in ("id", "image", "sha256", "width", "looked")] == ["x", None, None, None, ["boxes"]]
    assert outs[0]["facts"] == [fact]
    assert outs[0]["captions"]
    assert (outs[1]["image"], outs[1]["width"]) == ("dog.png", 8)
    assert outs[2]["status"] == "failed"
    assert "ev.jsonl has no evidence for id 'nobody'" in outs[2]["errors"][0]["message"]
