"""The command `show`: colours on a terminal only, exit status, a reader that goes away."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from fusion.cli.show import _look, show

ROOT = Path(__file__).resolve().parents[2]
CAPTION = {"style": "short", "writer": "template", "draft": "A dog.", "text": "A dog."}


def record(name: str) -> str:
    return json.dumps({"schema": 1, "id": name, "image": None, "captions": [CAPTION]}) + "\n"


@pytest.mark.parametrize(
    ("text", "status", "expected"),
    [
        pytest.param(record("a") + record("b"), 0, "a\n  short  A dog.\n\nb\n  short  A dog.\n\n", id="records"),
        pytest.param('{"id": "a", "image": null, "status": "failed", "errors": []}\n', 1, "a\n", id="a failed one"),
        pytest.param("", 0, "", id="no row"),
    ],
)
def test_show(tmp_path: Path, text: str, status: int, expected: str) -> None:
    (tmp_path / "r.jsonl").write_text(text)
    done = CliRunner().invoke(show, [str(tmp_path / "r.jsonl")])
    assert done.exit_code == status
    assert done.stdout.startswith(expected)


def test_a_file_that_is_not_there() -> None:
    done = CliRunner().invoke(show, ["nowhere.jsonl"])
    assert done.exit_code == 2
    assert "nowhere.jsonl" in done.stderr


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stream", "environment", "width", "colour"),
    [
        pytest.param(Terminal(), {"COLUMNS": "50"}, 50, True, id="terminal"),
        pytest.param(Terminal(), {"COLUMNS": "50", "NO_COLOR": "1"}, 50, False, id="NO_COLOR"),
        pytest.param(Terminal(), {"COLUMNS": "50", "NO_COLOR": ""}, 50, True, id="NO_COLOR without a value"),
        pytest.param(Terminal(), {"COLUMNS": "50", "TERM": "dumb"}, 50, False, id="dumb terminal"),
        pytest.param(io.StringIO(), {"COLUMNS": "50"}, 80, False, id="file"),
    ],
)
def test_looks(
    monkeypatch: pytest.MonkeyPatch, stream: io.StringIO, environment: dict[str, str], width: int, colour: bool
) -> None:
    for name in ("NO_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    look = _look(stream, facts=False)
    assert (look.width, look.colour) == (width, colour)


def test_a_reader_that_goes_away(tmp_path: Path) -> None:
    rows = tmp_path / "r.jsonl"
    rows.write_text("".join(map(record, map(str, range(20000)))))
    code = "import sys; from fusion.cli.show import show; show([sys.argv[1]])"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        [sys.executable, "-c", code, rows], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as running:
        assert running.stdout
        assert running.stderr
        running.stdout.readline()
        running.stdout.close()
        assert running.stderr.read() == ""
    assert running.returncode == 130


@pytest.mark.parametrize(("encoding", "first"), [("ascii", "caf?"), ("utf-8", "café")])
def test_what_a_terminal_cannot_show_becomes_question_marks(tmp_path: Path, encoding: str, first: str) -> None:
    rows = tmp_path / "r.jsonl"
    rows.write_text(record("café"), encoding="utf-8")
    code = "import sys; from fusion.cli.show import show; show([sys.argv[1]])"
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": encoding}
    done = subprocess.run([sys.executable, "-c", code, rows], env=environment, capture_output=True, check=False)
    assert done.stdout.decode(encoding).splitlines()[0] == first
    assert done.returncode == 0
