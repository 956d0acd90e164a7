"""The wheel holds what it must, and works in an environment that has its dependencies and nothing else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from importlib.metadata import Distribution, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[1]
MEGABYTE = 1_000_000


def run(*command: str | Path, cwd: Path, **env: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a plain environment; the test fails with its output if it does."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "FUSION"))}
    done = subprocess.run(
        list(map(str, command)), cwd=cwd, env=kept | env, capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, f"{command}: exit status {done.returncode}\n{done.stdout}{done.stderr}"
    return done


def closure(requirements: list[str]) -> set[str]:
    """Names of the installed distributions that these requirements need, directly or through others."""
    seen: set[tuple[str, str]] = set()
    waiting = [(Requirement(text), "") for text in requirements]
    while waiting:
        requirement, extra = waiting.pop()
        if requirement.marker and not requirement.marker.evaluate({"extra": extra}):
            continue
        for wanted in {(requirement.name, name) for name in ["", *requirement.extras]} - seen:
            seen.add(wanted)
            waiting += [(Requirement(text), wanted[1]) for text in distribution(requirement.name).requires or []]
    return {name for name, _ in seen}


def link(found: Distribution, into: Path) -> None:
    """Make what a distribution installed visible in another environment's packages."""
    origin = Path(str(found.locate_file("")))
    names = {file.parts[0] for file in found.files or [] if file.parts[0] not in {"..", "__pycache__"}}
    for name in names:
        if not (into / name).exists():
            (into / name).symlink_to(origin / name)


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from this tree."""
    out = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", out, ROOT, cwd=ROOT)
    return next(out.glob("caption_fusion-*.whl"))


@pytest.fixture(scope="session")
def names(wheel: Path) -> dict[str, int]:
    """Files in the wheel and their sizes, bytes."""
    with zipfile.ZipFile(wheel) as archive:
        return {info.filename: info.file_size for info in archive.infolist()}


@pytest.fixture(scope="session")
def scripts(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of the commands of an environment that holds the wheel, what it says it depends on, and nothing else.

    The dependencies are linked from the environment of the tests, which is a matter of a second and needs no network.
    """
    folder = tmp_path_factory.mktemp("empty")
    venv.create(folder, with_pip=False, symlinks=os.name != "nt")
    paths = sysconfig.get_paths("venv", {"base": str(folder), "platbase": str(folder)})
    with zipfile.ZipFile(wheel) as archive:
        metadata = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        lines = archive.read(metadata).decode().split("\n\n")[0].splitlines()
    required = [line.removeprefix("Requires-Dist: ") for line in lines if line.startswith("Requires-Dist: ")]
    for name in closure(required):
        link(distribution(name), Path(paths["purelib"]))
    pip = [sys.executable, "-m", "pip", "--python", folder]
    run(*pip, "install", "-q", "--no-deps", "--no-index", "--no-compile", wheel, cwd=folder)
    return Path(paths["scripts"])


@pytest.fixture
def decoys(tmp_path: Path) -> Path:
    """A folder of a user's whose own `experts` and `prompts` have the names of ours."""
    (tmp_path / "experts").mkdir()
    (tmp_path / "experts" / "__init__.py").write_text("raise RuntimeError('the experts of the current folder')\n")
    (tmp_path / "prompts").mkdir()
    (tmp_path / "prompts" / "decoy.jinja").write_text("a prompt of the current folder")
    return tmp_path


def shipped() -> list[str]:
    """Every file of the tree that belongs in the wheel, by its name there."""
    files = [path for folder in ("fusion", "experts") for path in (ROOT / folder).rglob("*") if path.is_file()]
    packages = [path.relative_to(ROOT).as_posix() for path in files if "__pycache__" not in path.parts]
    prompts = [path.relative_to(ROOT).as_posix() for path in (ROOT / "prompts").rglob("*") if path.is_file()]
    return sorted([*packages, *(f"fusion/{name}" for name in prompts)])


def test_every_file_of_the_packages_and_every_prompt_ships(names: dict[str, int]) -> None:
    assert sorted(name for name in names if ".dist-info/" not in name) == shipped()


@pytest.mark.parametrize("name", ["fusion/py.typed", "fusion/prompts/", "fusion/language/model/", "fusion/lexicon/"])
def test_the_wheel_has(name: str, names: dict[str, int]) -> None:
    assert any(found.startswith(name) for found in names)


@pytest.mark.parametrize("licence", ["LICENSE", "Apache-2.0.txt", "CC-BY-SA-4.0.txt", "WordNet.txt"])
def test_the_wheel_carries_the_licence(licence: str, names: dict[str, int]) -> None:
    assert any(".dist-info/licenses/" in name and name.endswith(f"/{licence}") for name in names)


@pytest.mark.parametrize(("folder", "limit"), [("fusion/language/model/", 12), ("fusion/lexicon/", 3)])
def test_embedded_data_stays_small(folder: str, limit: int, names: dict[str, int]) -> None:
    assert sum(size for name, size in names.items() if name.startswith(folder)) <= limit * MEGABYTE


def test_the_dependencies_are_enough(scripts: Path) -> None:
    run(sys.executable, "-m", "pip", "--python", scripts.parent, "check", cwd=scripts)


def test_the_environment_holds_no_more_than_the_dependencies(scripts: Path) -> None:
    code = "import importlib.util as u; print([m for m in ('pytest', 'hypothesis', 'torch') if u.find_spec(m)])"
    assert run(scripts / "python", "-c", code, cwd=scripts).stdout.strip() == "[]"


def test_the_installed_command_tells_its_version(scripts: Path, decoys: Path, wheel: Path) -> None:
    assert wheel.name.split("-")[1] in run(scripts / "fusion", "--version", cwd=decoys).stdout


@pytest.mark.parametrize("name", ["recorded", "alt_text", "tags", "label", "annotations", "detector"])
def test_the_installed_command_lists_the_expert(name: str, scripts: Path, decoys: Path) -> None:
    listed = run(scripts / "fusion", "experts", cwd=decoys).stdout
    line = next((line for line in listed.splitlines() if line.split()[:1] == [name]), "")
    assert "caption-fusion" in line, listed
    assert "the experts of the current folder" not in listed


def test_the_installed_command_reads_claims(scripts: Path, decoys: Path) -> None:
    (decoys / "rows.jsonl").write_text('{"id":"a","caption":"A brown dog sits on a red sofa."}\n', encoding="utf-8")
    row = json.loads(run(scripts / "fusion", "claims", "rows.jsonl", cwd=decoys).stdout)
    assert {"dog", "sofa"} <= {claim["value"] for claim in row["claims"]}


def test_the_package_works_from_a_folder_with_decoys(scripts: Path, decoys: Path) -> None:
    code = "import fusion; print([claim.value for claim in fusion.claims('A dog.').claims])"
    assert "dog" in run(scripts / "python", "-c", code, cwd=decoys).stdout


def test_prompts_come_from_the_package_and_not_from_the_current_folder(scripts: Path, decoys: Path) -> None:
    code = "from fusion import templates; print(*templates.names())"
    ours = {path.relative_to(ROOT / "prompts").as_posix() for path in (ROOT / "prompts").rglob("*.jinja")}
    assert set(run(scripts / "python", "-c", code, cwd=decoys).stdout.split()) == ours
