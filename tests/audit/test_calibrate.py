"""Cards and thresholds learnt from captions of which it is known what is true."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from fusion.audit.calibrate import curve
from fusion.cli import cli

NOUNS = ("dog", "cat", "car", "bus", "chair", "cup", "horse", "umbrella")
ROWS = 240
RECALL = 0.7


def rows_and_evidence(form: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Pictures with two things each, of which a detector finds seven in ten, in rows that are labelled in one of the forms."""
    chance = random.Random(3)
    rows: list[dict[str, Any]] = []
    evidence = []
    for n in range(ROWS):
        there, other, absent = chance.sample(NOUNS, 3)
        facts = [
            {"id": f"b{k}", "kind": "object", "value": noun, "expert": "eye", "score": 1.0}
            for k, noun in enumerate((there, other))
            if chance.random() < RECALL
        ]
        evidence.append({"id": str(n), "looked": ["eye"], "facts": facts})
        true, false = f"A {there} and {article(other)}.", f"A {there} and {article(absent)}."
        rows.append({"id": str(n), "caption": true} | label(form, true, false, (there, other)))
        if form == "objects":
            rows[-1]["caption"] = f"{true[:-1]} and {article(absent)}."
        if form == "label" and n % 2:
            rows[-1] |= {"caption": f"A {there} under {article(other)}.", "label": 0}
    return rows, evidence


def article(noun: str) -> str:
    return f"an {noun}" if noun[0] in "aeiou" else f"a {noun}"


def label(form: str, true: str, false: str, there: tuple[str, str]) -> dict[str, Any]:
    """What says which claims hold."""
    start = true.index(there[1])
    return {
        "negative": {"negative": false},
        "objects": {"objects": list(there)},
        "label": {"label": 1},
        "claims": {"claims": [{"span": [start, start + len(there[1])], "true": True}]},
    }[form]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    card = {"sees": ["object"], "vocabulary": list(NOUNS), "precision": 0.8, "recall": 0.9}
    Path("cards.json").write_text(json.dumps({"cards": {"eye": card}}))
    return tmp_path


def calibrate(form: str, *more: str) -> Result:
    rows, evidence = rows_and_evidence(form)
    Path("rows.jsonl").write_text("\n".join(map(json.dumps, rows)))
    Path("ev.jsonl").write_text("\n".join(map(json.dumps, evidence)))
    return CliRunner().invoke(cli, ["calibrate", "rows.jsonl", "--evidence", "ev.jsonl", "--cards", "cards.json", *more])


@pytest.mark.parametrize("form", ["negative", "objects", "claims", "label"])
def test_recall_is_that_of_the_expert(here: Path, form: str) -> None:
    result = calibrate(form, "-o", "new.json")
    assert result.exit_code == 0, result.output
    card = json.loads(Path("new.json").read_text())["cards"]["eye"]
    assert abs(card["recall"]["object"] - RECALL) < 0.1, card["recall"]
    assert card["precision"]["object"] > 0.8


def test_what_it_writes_can_be_read_and_makes_confidence_honest(here: Path) -> None:
    Path("cards.json").write_text(Path("cards.json").read_text().replace('"recall": 0.9', '"recall": 0.98'))
    result = calibrate("negative", "-o", "new.json")
    given, made = (float(line.rsplit(" ", 1)[1]) for line in result.stderr.splitlines() if "calibration error" in line)
    assert made < given
    limits = json.loads(Path("new.json").read_text())["thresholds"]
    assert 0 <= limits["contradicted"] <= 0.5
    assert 0 <= limits["unseen"] <= 0.5
    verify = ["verify", "rows.jsonl", "--evidence", "ev.jsonl", "--cards", "new.json", "-o", "out.jsonl"]
    assert CliRunner().invoke(cli, verify).exit_code == 0


def test_few_true_captions_have_a_contradicted_claim(here: Path) -> None:
    calibrate("negative", "-o", "new.json")
    CliRunner().invoke(cli, ["verify", "rows.jsonl", "--evidence", "ev.jsonl", "--cards", "new.json", "-o", "out.jsonl"])
    rows = map(json.loads, Path("out.jsonl").read_text().splitlines())
    alarms = sum(any(c["verdict"] == "contradicted" for c in row["claims"]) for row in rows)
    assert alarms <= 0.03 * ROWS


def test_with_few_rows_everything_stays(here: Path) -> None:
    Path("rows.jsonl").write_text('{"id": "1", "caption": "A dog and a cat.", "objects": ["dog"]}')
    Path("ev.jsonl").write_text('{"id": "1", "looked": ["eye"], "facts": []}')
    given = ["calibrate", "rows.jsonl", "--evidence", "ev.jsonl", "--cards", "cards.json", "--quiet"]
    result = CliRunner().invoke(cli, given)
    made = json.loads(result.stdout)
    assert (made.get("thresholds", {}), made["cards"]["eye"]["recall"]) == ({}, {"object": 0.9})


BAD = {
    "no label at all": ('{"id": "1", "caption": "A dog."}', "no claim is labelled"),
    "no evidence of it": ('{"id": "7", "caption": "A dog.", "objects": ["dog"]}', "no claim is labelled"),
    "a label that is none": ('{"id": "1", "caption": "A dog.", "label": "yes"}', "line 1"),
    "objects that are no list": ('{"id": "1", "caption": "A dog.", "objects": "dog"}', "line 1"),
    "claims without spans": ('{"id": "1", "caption": "A dog.", "claims": [{"true": true}]}', "line 1"),
    "a negative that is no text": ('{"id": "1", "caption": "A dog.", "negative": 3}', "line 1"),
    "no JSON": ("{", "line 1"),
    "nothing": ("", "no claim is labelled"),
}


@pytest.mark.parametrize(("rows", "message"), BAD.values(), ids=list(BAD))
def test_bad_rows_are_named(here: Path, rows: str, message: str) -> None:
    Path("rows.jsonl").write_text(rows)
    Path("ev.jsonl").write_text('{"id": "1", "looked": ["eye"], "facts": []}')
    given = ["calibrate", "rows.jsonl", "--evidence", "ev.jsonl", "--cards", "cards.json", "-o", "new.json"]
    result = CliRunner().invoke(cli, given)
    assert result.exit_code == 2, result.output
    assert message in result.stderr
    assert not Path("new.json").exists()


def test_a_file_that_exists_is_kept(here: Path) -> None:
    Path("new.json").write_text("mine")
    result = calibrate("negative", "-o", "new.json")
    assert (result.exit_code, Path("new.json").read_text()) == (2, "mine")
    assert "--force" in result.stderr


def test_the_curve_of_known_claims() -> None:
    found = curve([(0.95, True), (0.95, True), (0.95, False), (0.05, False)])
    assert [row[0] for row in found.bins] == [1, 0, 0, 0, 0, 0, 0, 0, 0, 3]
    assert found.error == pytest.approx((3 * abs(0.95 - 2 / 3) + 0.05) / 4)
