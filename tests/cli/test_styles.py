"""The command `styles`: the list, one file, a folder of one's own, and what it says of errors."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from fusion.cli.styles import styles

MINE = 'about = "five words"\nform = "sentence"\ninstruction = "Five words."\nwords = 5\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "five.toml").write_text(MINE, encoding="utf-8")
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(styles, arguments)


def test_the_list() -> None:
    lines = run().stdout.splitlines()
    assert lines[0].split() == ["name", "length", "from", "about"]
    assert lines[1].split("  ")[0] == "short"
    rows = {line.split()[0]: line for line in lines[1:]}
    assert "225 tokens" in rows["medium"]
    assert "125 characters" in rows["alt"]
    assert "12 words each" in rows["region"]
    assert "any" in rows["tags"]
    assert all("built-in" in row for row in rows.values())


def test_a_folder_of_ones_own(folder: Path) -> None:
    row = next(line for line in run("--set", f"captions.style_folder={folder}").stdout.splitlines() if line.startswith("five"))
    assert "5 words" in row
    assert str(folder / "five.toml") in row
    assert row.endswith("five words")


def test_json() -> None:
    rows = [json.loads(line) for line in run("--json").stdout.splitlines()]
    region = next(row for row in rows if row["name"] == "region")
    assert (region["form"], region["each"], region["from"]) == ("regions", 12, "built-in")


@pytest.mark.parametrize("name", ["short", "structured"])
def test_the_file_of_one_is_a_start_for_another(name: str, tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(run(name).stdout, encoding="utf-8")
    assert tomllib.loads((tmp_path / "own.toml").read_text(encoding="utf-8"))["about"]
    assert run("own", "--set", f"captions.style_folder={tmp_path}").stdout == run(name).stdout


def test_a_path_names_a_file(folder: Path) -> None:
    assert run(str(folder / "five.toml")).stdout == MINE


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(["shrot"], "did you mean 'short'?", id="an unknown style"),
        pytest.param(["--set", "captions.style_folder=nowhere"], "expected a folder", id="no such folder"),
        pytest.param(["nowhere/x.toml"], "cannot be read", id="no such file"),
    ],
)
def test_errors(arguments: list[str], message: str) -> None:
    done = run(*arguments)
    assert done.exit_code == 2
    assert message in done.stderr
