"""The command `fusion report`: what it takes, refuses, writes and says."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from PIL import Image

from fusion.cli.report import report

TEXT = "A dog and a cat."
CLAIMS = [
    {"id": "c0", "kind": "object", "value": "dog", "span": [2, 5], "verdict": "supported", "confidence": 0.9, "evidence": ["f0"]},
    {"id": "c1", "kind": "object", "value": "cat", "span": [12, 15], "verdict": "contradicted", "confidence": 0.1},
]
ROW = {"id": "p", "caption": TEXT, "claims": CLAIMS, "repaired": "A dog.", "edits": [], "repaired_claims": []}
FACT = {"id": "f0", "kind": "object", "value": "dog", "expert": "eye"}
EVIDENCE = {"id": "p", "image": "p.jpg", "width": 10, "height": 10, "looked": ["eye"], "facts": [FACT]}


def write(path: Path, *rows: Any) -> str:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return str(path)


def run(*arguments: str, given: str | None = None) -> Result:
    return CliRunner().invoke(report, list(arguments), input=given)


def test_a_file_is_written_whole_and_told(tmp_path: Path) -> None:
    out = tmp_path / "r.html"
    done = run(write(tmp_path / "v.jsonl", ROW), "-o", str(out), "--title", "My captions")
    assert done.exit_code == 0
    assert "1 rows, 1 pictures shown" in done.stderr
    text = out.read_text(encoding="utf-8")
    assert '<h1 dir="auto">My captions</h1>' in text
    assert text.rstrip().endswith("</html>")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["r.html", "v.jsonl"]
    assert str(tmp_path) not in text


def test_a_key_that_no_row_has_is_told(tmp_path: Path) -> None:
    rows = write(tmp_path / "v.jsonl", {**ROW, "source": "a"})
    assert "warning: no verify row has the key 'model'" in run(rows, "--by", "model").stderr
    assert "warning" not in run(rows, "--by", "source").stderr


def test_facts_come_from_the_evidence(tmp_path: Path) -> None:
    rows, evidence = write(tmp_path / "v.jsonl", ROW), write(tmp_path / "e.jsonl", EVIDENCE)
    with_facts, without = run(rows, "--evidence", evidence).stdout, run(rows).stdout
    assert "By expert" in with_facts
    assert "By expert" not in without
    assert "p.jpg: no such picture" in with_facts


@pytest.mark.parametrize("name", ["{folder}/secret.png", "../secret.png"], ids=["absolute", "up"])
def test_a_picture_outside_the_folders_is_no_part_of_the_page(name: str, tmp_path: Path) -> None:
    Image.new("RGB", (10, 10)).save(tmp_path / "secret.png")
    (tmp_path / "rows").mkdir()
    row = {**ROW, "image": name.format(folder=tmp_path)}
    rows, evidence = write(tmp_path / "rows/v.jsonl", row), write(tmp_path / "rows/e.jsonl", EVIDENCE)
    refused, wanted = run(rows, "--evidence", evidence), run(rows, "--evidence", evidence, "--images", str(tmp_path))
    assert (refused.exit_code, wanted.exit_code) == (0, 0)
    assert "lies outside the folder of pictures" in refused.stdout
    assert 'viewBox="0 0 10 10"' in refused.stdout
    assert "data:image/jpeg" not in refused.stdout
    assert ("data:image/jpeg" in wanted.stdout) == name.startswith("{")


def test_a_row_without_evidence_keeps_its_verdicts_and_says_so(tmp_path: Path) -> None:
    done = run(write(tmp_path / "v.jsonl", {**ROW, "id": "q"}), "--evidence", write(tmp_path / "e.jsonl", EVIDENCE))
    assert done.exit_code == 0
    assert "no evidence for id &#39;q&#39;" in done.stdout
    assert "1 of 2 claims" in done.stdout


def test_standard_input_gives_the_same_page_as_a_file(tmp_path: Path) -> None:
    rows = [ROW, {**ROW, "id": "q"}, ROW]
    path = write(tmp_path / "v.jsonl", *rows)
    given = run("-", given=Path(path).read_text(encoding="utf-8"))
    assert given.exit_code == 0
    assert given.stdout == run(path).stdout.replace("v.jsonl", "standard input")


@pytest.mark.parametrize(
    ("rows", "status"),
    [
        pytest.param([ROW], 0, id="all well"),
        pytest.param([{**ROW, "status": "partial", "errors": [{"message": "half"}]}], 0, id="partial"),
        pytest.param([ROW, {"id": "x", "status": "failed", "errors": [{"message": "dark"}]}], 1, id="a failed row"),
        pytest.param([ROW, [1]], 1, id="a line that is no row"),
        pytest.param([], 0, id="no rows"),
    ],
)
def test_exit_status(rows: list[Any], status: int, tmp_path: Path) -> None:
    assert run(write(tmp_path / "v.jsonl", *rows)).exit_code == status


def test_an_existing_file_is_refused_and_replaced_by_force(tmp_path: Path) -> None:
    rows, out = write(tmp_path / "v.jsonl", ROW), tmp_path / "r.html"
    out.write_text("old", encoding="utf-8")
    refused = run(rows, "-o", str(out))
    assert refused.exit_code == 2
    assert "exists already" in refused.stderr
    assert out.read_text(encoding="utf-8") == "old"
    assert run(rows, "-o", str(out), "--force").exit_code == 0
    assert out.read_text(encoding="utf-8") != "old"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(["absent.jsonl"], "rows file absent.jsonl cannot be read", id="no such rows"),
        pytest.param(["v.jsonl", "--evidence", "absent.jsonl"], "absent.jsonl cannot be read", id="no such evidence"),
        pytest.param(["v.jsonl", "-o", "v.jsonl", "--force"], "is also the rows", id="over its own rows"),
        pytest.param(["v.jsonl", "-o", "."], "the folder .", id="a folder"),
        pytest.param(["v.jsonl", "-o", "no/r.html"], "cannot be written", id="no such folder"),
        pytest.param(["v.jsonl", "--evidence", "p.jpg"], "is a picture", id="a picture for evidence"),
    ],
)
def test_what_cannot_work_is_refused(arguments: list[str], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "v.jsonl", ROW)
    write(tmp_path / "p.jpg", {})
    done = run(*arguments)
    assert done.exit_code == 2
    assert message in done.stderr
    assert not list(tmp_path.glob("*.part"))


def test_show_limits_the_pictures_and_not_the_totals(tmp_path: Path) -> None:
    done = run(write(tmp_path / "v.jsonl", *[{**ROW, "id": f"p{n}"} for n in range(9)]), "--show", "2")
    assert done.stdout.count("<article") == 2
    assert "9 captions of 9 pictures" in done.stdout
    assert "The 2 worst pictures" in done.stdout


def test_a_device_can_be_written(tmp_path: Path) -> None:
    assert run(write(tmp_path / "v.jsonl", ROW), "-o", os.devnull).exit_code == 0
