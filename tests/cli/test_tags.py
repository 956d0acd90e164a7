"""The command `tags`: options, files, exit status."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from fusion.cli.tags import tags

Invoke = Callable[..., Result]
CARDS = {"cards": {"boxes": {"sees": ["object"], "vocabulary": ["dog", "cat"], "precision": 0.95, "recall": 0.95}}}


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Invoke:
    monkeypatch.chdir(tmp_path)
    Path("rows.jsonl").write_text('{"id": "a", "tags": ["highres", "dog", "cat", "black_cat"], "n": 1.5}\n')
    fact = {"id": "b0", "kind": "object", "value": "dog", "expert": "boxes"}
    Path("ev.jsonl").write_text(json.dumps({"id": "a", "looked": ["boxes"], "facts": [fact]}))
    Path("cards.json").write_text(json.dumps(CARDS))
    Path("groups.csv").write_text("dog,objects\n")
    return lambda *given, **kept: CliRunner().invoke(tags, list(given), **kept)


def row(result: Result) -> dict[str, Any]:
    return json.loads(result.stdout)


def test_rows_in_rows_out(command: Invoke) -> None:
    result = command("rows.jsonl", "-o", "out.jsonl")
    out = json.loads(Path("out.jsonl").read_text())
    assert result.exit_code == 0
    assert (out["id"], out["n"], out["contradicted"]) == ("a", 1.5, [])
    assert out["tags"][-1] == "highres"


@pytest.mark.parametrize(
    ("options", "key", "expected"),
    [
        pytest.param(["--drop-implied"], "dropped", [{"tag": "cat", "reason": 'implied by "black_cat"'}], id="implied tags"),
        pytest.param(["--groups", "groups.csv"], "groups", {"highres": "image composition", "dog": "objects",
                     "cat": "creatures", "black_cat": "creatures"}, id="a user's table"),
        pytest.param(["--evidence", "ev.jsonl", "--cards", "cards.json"], "bound", {"dog": ["b0"]}, id="evidence"),
        pytest.param(["--evidence", "ev.jsonl", "--cards", "cards.json"], "contradicted",
                     [{"tag": "cat", "reason": "boxes looked and saw no cat", "evidence": []}], id="cards"),
        pytest.param(["--evidence", "ev.jsonl"], "contradicted", [], id="without cards silence says nothing"),
    ],
)  # fmt: skip
def test_options(command: Invoke, options: list[str], key: str, expected: Any) -> None:
    assert row(command("rows.jsonl", "--quiet", *options))[key] == expected


def test_standard_input(command: Invoke) -> None:
    assert row(command("-", "--quiet", input='{"tags": "hat, dog"}'))["tags"] == ["dog", "hat"]


@pytest.mark.parametrize(
    ("options", "status", "said"),
    [
        pytest.param(["--groups", "none.csv"], 2, "none.csv cannot be read", id="no table"),
        pytest.param(["--evidence", "none.jsonl"], 2, "none.jsonl cannot be read", id="no evidence"),
        pytest.param(["--cards", "cards.json"], 2, "--cards was given without --evidence", id="cards alone"),
    ],
)
def test_what_cannot_be_run(command: Invoke, options: list[str], status: int, said: str) -> None:
    result = command("rows.jsonl", *options)
    assert result.exit_code == status
    assert said in result.stderr


def test_a_failed_row_is_told_by_the_exit_status(command: Invoke) -> None:
    result = command("-", "--quiet", input='{"id": "a", "tags": ["hat", null]}\n{"id": "b", "tags": ["hat"]}')
    assert result.exit_code == 1
    assert [json.loads(line).get("status", "ok") for line in result.stdout.splitlines()] == ["failed", "ok"]


def test_resuming_with_another_option_is_refused(command: Invoke) -> None:
    command("rows.jsonl", "-o", "out.jsonl")
    Path("out.jsonl").rename("out.jsonl.part")
    result = command("rows.jsonl", "-o", "out.jsonl", "--resume", "--drop-implied")
    assert result.exit_code == 2
