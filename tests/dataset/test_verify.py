"""Claims rows and verify rows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from dataset.fakes import NOUNS, FakeLanguage
from fusion.dataset import verify as module
from fusion.dataset.cards import Cards, write
from fusion.dataset.evidence import StoredEvidence
from fusion.dataset.rows import Row
from fusion.dataset.verify import Verifier, claims_rows
from fusion.expert import Card
from fusion.facts import Problem


def row(row_id: str | None, caption: str = "a dog", **rest: Any) -> Row:
    return Row(row_id, {"id": row_id, "caption": caption, **rest}, line=1)


@pytest.fixture
def verifier(tmp_path: Path) -> Verifier:
    fact = {"id": "b0", "kind": "object", "value": "dog", "expert": "boxes", "box": [0, 0, 50, 50]}
    odd = {**fact, "box": [200, 0, 250, 50]}
    rows = [
        {"id": "a", "width": 100, "height": 100, "looked": ["boxes"], "facts": [fact]},
        {"id": "odd", "width": 100, "height": 100, "looked": ["boxes"], "facts": [odd]},
        {"id": "bad", "status": "failed", "errors": [{"message": "no picture", "expert": "boxes"}]},
    ]
    (tmp_path / "ev.jsonl").write_text("\n".join(map(json.dumps, rows)))
    write(tmp_path / "cards.json", {"boxes": Card(sees=("object",), vocabulary=NOUNS, precision=0.95, recall=0.95)})
    stored = StoredEvidence(tmp_path / "ev.jsonl")
    return Verifier(stored, Cards([tmp_path / "cards.json"]), FakeLanguage(), "balanced")  # type: ignore[arg-type]


def verified(verifier: Verifier, *rows: Row) -> list[dict[str, Any]]:
    return [json.loads(out.line) for out in verifier.rows(rows)]


def claimed(*rows: Row) -> list[dict[str, Any]]:
    return [json.loads(out.line) for out in claims_rows(rows, FakeLanguage())]  # type: ignore[arg-type]


def test_a_claims_row_has_the_keys_of_the_format_and_those_it_does_not_know() -> None:
    (out,) = claimed(row("a", "a dog", source="people", claims="mine", status="odd"))
    assert out == {
        "id": "a", "caption": "a dog", "left_over": [], "source": "people",
        "claims": [{"id": "c0", "kind": "object", "value": "dog", "span": [2, 5]}],
    }  # fmt: skip


def test_text_in_another_language_is_partial_and_says_so() -> None:
    (out,) = claimed(row("a", "ein Hund", language="de"))
    assert (out["claims"], out["left_over"]) == ([], [{"span": [0, 8], "reason": "language de"}])
    assert (out["status"], out["language"]) == ("partial", "de")
    assert "de" in out["errors"][0]["message"]


def test_a_verify_row_has_the_keys_of_the_format_and_those_it_does_not_know(verifier: Verifier) -> None:
    (out,) = verified(verifier, row("a", "a dog", label=1, repaired="mine"))
    assert list(out) == ["id", "caption", "claims", "repaired", "edits", "repaired_claims", "label"]
    assert out["claims"][0]["verdict"] == "supported"
    assert out["claims"][0]["evidence"] == ["b0"]
    assert (out["repaired"], out["edits"]) == ("a dog", [])


FAILED = {
    "no evidence for its id": (row("nobody"), "ev.jsonl has no evidence for id 'nobody'"),
    "its evidence row failed": (row("bad"), "no picture"),
    "the line was no row": (Row(None, line=4, problem=Problem(message="expected JSON", line=4)), "expected JSON"),
    "it breaks the parser": (row("a", "crash"), "RuntimeError: the parser fell over"),
}


@pytest.mark.parametrize(("bad", "message"), FAILED.values(), ids=FAILED)
def test_a_row_fails_alone_and_in_its_place(verifier: Verifier, bad: Row, message: str) -> None:
    before, out, after = verified(verifier, row("a", "first dog"), bad, row("a", "second dog"))
    assert (before["caption"], after["caption"]) == ("first dog", "second dog")
    assert "status" not in before
    assert "status" not in after
    assert (out["id"], out["status"], "image" in out) == (bad.id, "failed", False)
    assert out.get("caption") == bad.data.get("caption")
    assert message in out["errors"][0]["message"]


@pytest.mark.parametrize("caption", ["", "  \n"], ids=["empty", "only spaces"])
def test_a_caption_of_nothing(verifier: Verifier, caption: str) -> None:
    (out,) = verified(verifier, row("a", caption))
    assert out == {"id": "a", "caption": caption, "claims": [], "repaired": "", "edits": [], "repaired_claims": []}


def test_a_foreign_caption_is_given_back_unchecked(verifier: Verifier) -> None:
    (out,) = verified(verifier, row("a", "ein Hund", language="de"))
    assert (out["claims"], out["repaired"], out["status"]) == ([], "ein Hund", "partial")
    assert out["left_over"] == [{"span": [0, 8], "reason": "language de"}]
    assert out["errors"][0]["line"] == 1


def test_a_warning_of_the_evidence_leaves_the_status_alone(verifier: Verifier) -> None:
    (out,) = verified(verifier, row("odd"))
    assert "status" not in out
    assert out["errors"][0]["warning"] is True


def test_evidence_is_joined_once_for_captions_that_share_it(verifier: Verifier, monkeypatch: pytest.MonkeyPatch) -> None:
    joined: list[str | None] = []
    gather = module.gather

    def counted(observations: Any, *rest: Any) -> Any:
        joined.extend(one.id for one in observations)
        return gather(observations, *rest)

    monkeypatch.setattr(module, "gather", counted)
    monkeypatch.setattr(module, "BATCH", 2)
    verified(verifier, *[row("a")] * 3, row("odd"), *[row("a")] * 3)
    assert joined == ["a", "odd"]
    monkeypatch.setattr(module, "REMEMBERED", 1)
    verified(verifier, row("a"), row("odd"), row("a"))
    assert joined == ["a", "odd", "a"]


def test_captions_are_parsed_in_batches() -> None:
    language = FakeLanguage()
    outs = list(claims_rows([row("a")] * (module.BATCH + 1), language))  # type: ignore[arg-type]
    assert len(outs) == module.BATCH + 1
    assert [len(batch) for batch in language.batches] == [module.BATCH, 1]
