"""Every code block of the README runs, and prints what the README says it prints."""

from __future__ import annotations

import contextlib
import fnmatch
import io
import json
import os
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PIL import Image

from fusion import config

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"

# First words of commands that install or that run this very test: their syntax is checked and they are not run.
NOT_RUN = (
    ("pip", "install"),
    ("python", "-m", "pip"),
    ("git", "clone"),
    ("cd", "caption-fusion"),
    ("scripts/test",),
    ("scripts/demo",),
)


@dataclass(frozen=True)
class Block:
    """A fenced code block: the line it starts at, its language, its text."""

    line: int
    language: str
    text: str


def blocks() -> list[Block]:
    """The fenced code blocks of the README, in order."""
    text = README.read_text(encoding="utf-8")
    found = re.finditer(r"^```(\w*)\n(.*?)^```$", text, flags=re.DOTALL | re.MULTILINE)
    return [Block(text.count("\n", 0, m.start()) + 1, m[1], m[2]) for m in found]


def is_installing(text: str) -> bool:
    """Is every command of a shell block one of those that are not run?"""
    commands = [shlex.split(line, comments=True) for line in text.splitlines() if line.strip()]
    return all(any(tuple(words[: len(start)]) == start for start in NOT_RUN) for words in commands if words)


@dataclass
class Reader:
    """Somebody who follows the README from the top, in one folder and one Python session."""

    folder: Path
    names: dict[str, object] = field(default_factory=lambda: {"__name__": "readme"})
    printed: str = ""
    done: int = 0

    def follow(self, upto: int) -> None:
        """Run the blocks up to this one, each once."""
        while self.done <= upto:
            block = blocks()[self.done]
            self.done += 1
            RUN[block.language](self, block)

    def python(self, block: Block) -> None:
        """Run it in the session; line numbers of errors are those of the README."""
        code = compile("\n" * block.line + block.text, str(README), "exec")
        out = io.StringIO()
        with contextlib.chdir(self.folder), contextlib.redirect_stdout(out):
            exec(code, self.names)
        self.printed = out.getvalue()

    def shell(self, block: Block) -> None:
        """Run it in the folder with the command `fusion` at hand."""
        flags = ["-n"] if is_installing(block.text) else ["-euo", "pipefail"]
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        run = subprocess.run(
            ["bash", *flags, "-c", block.text],
            cwd=self.folder,
            env=os.environ | {"PATH": path, "PYTHONUTF8": "1"},
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        assert run.returncode == 0, f"exit status {run.returncode}\n{run.stdout}{run.stderr}"
        self.printed = run.stdout

    def output(self, block: Block) -> None:
        """It is what the block before it printed; a "…" stands for anything."""
        printed = self.printed.splitlines()
        for wanted in block.text.splitlines():
            pattern = wanted.replace("[", "[[]").replace("?", "[?]").replace("*", "[*]").replace("…", "*")
            at = next((n for n, line in enumerate(printed) if fnmatch.fnmatchcase(line.rstrip(), pattern)), None)
            assert at is not None, f"expected a line {wanted!r}, got:\n{self.printed}"
            del printed[: at + 1]

    def toml(self, block: Block) -> None:
        """It is a configuration, or the part of a pyproject.toml that names an expert."""
        if "project" not in tomllib.loads(block.text):
            path = self.folder / "example.toml"
            path.write_text(block.text, encoding="utf-8")
            config.load(path)

    def rows(self, block: Block) -> None:
        """Every line is JSON."""
        assert all(isinstance(json.loads(line), dict) for line in block.text.splitlines())


RUN: dict[str, Callable[[Reader, Block], None]] = {
    "python": Reader.python,
    "bash": Reader.shell,
    "text": Reader.output,
    "toml": Reader.toml,
    "jsonl": Reader.rows,
}


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    """One reader for all blocks."""
    folder = tmp_path_factory.mktemp("readme")
    Image.new("RGB", (640, 480), "green").save(folder / "photo.jpg")
    return Reader(folder)


@pytest.mark.parametrize("number", range(len(blocks())), ids=[f"line {b.line} {b.language or 'no language'}" for b in blocks()])
def test_block(number: int, reader: Reader) -> None:
    language = blocks()[number].language
    assert language in RUN, f"expected a block of {', '.join(RUN)}, got {language!r}"
    assert reader.done <= number + 1
    if reader.done <= number:
        reader.follow(number)


def test_the_readme_shows_python_and_the_command_line() -> None:
    assert {"python", "bash", "text"} <= {block.language for block in blocks()}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("pip install caption-fusion", True, id="install"),
        pytest.param("scripts/test   # lint, types, tests\n", True, id="the tests themselves"),
        pytest.param("pip install x\nfusion experts", False, id="more than an install"),
        pytest.param("fusion experts", False, id="our command"),
    ],
)
def test_what_is_not_run(text: str, expected: bool) -> None:
    assert is_installing(text) is expected


@pytest.mark.parametrize("target", sorted(set(re.findall(r"\]\(([^)#:]+)\)", README.read_text(encoding="utf-8")))))
def test_links_lead_to_files_of_the_clone(target: str) -> None:
    assert (ROOT / target).exists()
