"""The scripts that a person runs: they can be read, say what they do, and say what is wrong."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BASH = shutil.which("bash")
SHELL = [ROOT / "scripts" / name for name in ("demo", "test", "lib/environment.sh")]

needs_bash = pytest.mark.skipif(BASH is None, reason="no bash here")


def run(*command: str | Path, cwd: Path = ROOT, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        list(map(str, command)), cwd=cwd, env={**os.environ, **env}, capture_output=True, text=True, encoding="utf-8", check=False
    )


@needs_bash
@pytest.mark.parametrize("path", SHELL, ids=lambda path: path.name)
def test_bash_can_read_it(path: Path) -> None:
    assert run("bash", "-n", path).stderr == ""


@pytest.mark.skipif(shutil.which("shellcheck") is None, reason="no shellcheck here")
@pytest.mark.parametrize("path", SHELL, ids=lambda path: path.name)
def test_shellcheck_finds_nothing(path: Path) -> None:
    assert run("shellcheck", "-s", "bash", "-S", "warning", path).stdout == ""


@needs_bash
@pytest.mark.parametrize(
    ("given", "status"),
    [
        pytest.param(["--help"], 0, id="asked"),
        pytest.param(["a", "b"], 1, id="two folders"),
        pytest.param(["-x"], 1, id="option"),
    ],
)
def test_the_demo_says_what_it_takes(given: list[str], status: int) -> None:
    done = run("bash", ROOT / "scripts" / "demo", *given)
    assert done.returncode == status
    assert "scripts/demo FOLDER" in done.stdout


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A clone without an environment, as far as the scripts look at it before they install."""
    for name in ("scripts/demo", "scripts/test", "scripts/lib/environment.sh", "pyproject.toml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def fake(path: Path, text: str) -> Path:
    """An executable that does what `text`, a line of the shell, says."""
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


@needs_bash
@pytest.mark.parametrize("script", ["demo", "test"])
def test_no_python_is_told(clone: Path, script: str) -> None:
    done = run("bash", clone / "scripts" / script, PYTHON="no-such-python")
    assert done.returncode == 1
    assert f"scripts/{script}: expected Python 3.11 or newer, found none of: no-such-python" in done.stderr


PIP_FAILS = """
case "$*" in
-c*) exit 0 ;;
*venv*) mkdir -p "$3/bin" && cp "$0" "$3/bin/python" ;;
*pip*) echo "no route to host" >&2; exit 1 ;;
esac
"""


@needs_bash
@pytest.mark.parametrize(("script", "folder"), [("demo", "build/venv"), ("test", ".venv")])
def test_a_failing_installation_is_told_and_tried_again(clone: Path, script: str, folder: str) -> None:
    python = fake(clone / "python", PIP_FAILS)
    for _ in range(2):
        done = run("bash", clone / "scripts" / script, PYTHON=str(python))
        assert done.returncode == 1
        assert "no route to host" in done.stderr
        assert "check the network" in done.stderr
        assert not (clone / folder / "stamp").exists()


WORKS = """
case "$*" in
-c*) exit 0 ;;
*venv*) mkdir -p "$3/bin" && cp "$0" "$3/bin/python" && cp "${0%/*}/fusion" "$3/bin/fusion" ;;
*pip*) echo "installed $*" ;;
esac
"""


@needs_bash
def test_the_demo_installs_once_and_says_where_things_are(clone: Path, tmp_path: Path) -> None:
    python = fake(clone / "python", WORKS)
    fake(clone / "fusion", 'echo "fusion $*"')
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    first, second = (run("bash", clone / "scripts" / "demo", "my results", cwd=elsewhere, PYTHON=str(python)) for _ in range(2))
    assert first.returncode == second.returncode == 0
    assert "-e .[ocr]" in first.stdout
    assert "installed" not in second.stdout
    out = elsewhere / "my results"
    assert out.is_dir()
    assert (
        f"fusion caption examples/photos/photos.jsonl --config examples/photos/fusion.toml -o {out}/records.jsonl"
        in second.stdout
    )
    assert f"fusion show {out}/records.jsonl" in second.stdout
    assert f"fusion report {out}/records.jsonl -o {out}/report.html" in second.stdout
    assert second.stdout.splitlines()[-2].endswith(f" {out}/report.html")


def test_record_examples_says_what_it_takes() -> None:
    done = run(sys.executable, ROOT / "scripts" / "record_examples", "--help")
    assert done.returncode == 0
    assert "--weights FILE" in done.stdout


def test_strategies_are_compared_on_the_same_rows(tmp_path: Path) -> None:
    photos = ROOT / "examples" / "photos"
    script = ROOT / "scripts" / "compare_strategies"
    given = [photos / "photos.jsonl", "--evidence", photos / "facts.jsonl", "fuse", "hybrid"]
    lines = run(sys.executable, script, *given, cwd=tmp_path).stdout.splitlines()
    assert [line.split(" | ")[0] for line in lines[2:]] == ["| fuse", "| hybrid"]
    assert len({line.count("|") for line in lines}) == 1
    assert run(sys.executable, script, *given[:3], "nothing", cwd=tmp_path).returncode == 1
