"""Imports point one way, and the sources keep to the size and the manners that let a newcomer read them."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

# Of two rooms of one row neither imports the other; each may import every room of the rows above it.
ORDER: tuple[tuple[str, ...], ...] = (
    ("errors",),
    ("facts",),
    ("codec", "images", "cache", "templates", "lexicon"),
    ("expert",),
    ("language",),
    ("evidence",),
    ("verdicts", "tags", "views", "alt_text"),
    ("write",),
    ("captioner",),
    ("dataset", "audit"),
    ("cli",),
)
LEFT_OF_EXPERT = {room for row in ORDER[:3] for room in row}

# Rooms beside that line: what each may import, and who may import it.
ASIDE: dict[str, tuple[set[str], set[str]]] = {
    "config": ({"errors", "facts", "codec"}, {"stage", "captioner", "dataset", "audit", "cli"}),
    "job": ({"errors", "facts", "images"}, {"stage", "captioner", "dataset", "cli"}),
    "options": ({"errors"}, {"stage", "write"}),
    "stage": (LEFT_OF_EXPERT | {"expert", "config", "job", "options"}, {"captioner", "dataset", "cli"}),
    "testing": ({"errors", "facts", "images", "expert", "write"}, set()),
    "torch": ({"errors", "facts", "codec", "images", "lexicon", "views", "dataset"}, set()),
    "__main__": ({"cli"}, set()),
}
KNOWN = {room for row in ORDER for room in row} | set(ASIDE)
EXPERTS_MAY = LEFT_OF_EXPERT | {"expert"}

MODULE_LINES = 400
FUNCTION_LINES = 40


def may_import(room: str) -> set[str]:
    """The rooms that `room` may import."""
    if room in ASIDE:
        return ASIDE[room][0]
    row = next(n for n, names in enumerate(ORDER) if room in names)
    aside = {name for name, (_, users) in ASIDE.items() if room in users}
    return {name for names in ORDER[:row] for name in names} | aside


def sources(package: str) -> list[Path]:
    """The modules of a package."""
    return sorted((ROOT / package).rglob("*.py"))


def rooms() -> dict[str, list[Path]]:
    """The rooms of `fusion` and the modules of each."""
    found: dict[str, list[Path]] = {}
    for path in sources("fusion"):
        room = path.relative_to(ROOT / "fusion").parts[0].removesuffix(".py")
        if room != "__init__":
            found.setdefault(room, []).append(path)
    return found


def imports(source: str, package: str) -> Iterator[str]:
    """Dotted names of all that a module of `package` imports, in functions and under TYPE_CHECKING as well."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import(names=names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(module=module, names=names, level=level):
                above = package.split(".")[: len(package.split(".")) - level + 1] if level else []
                base = ".".join([*above, module] if module else above)
                yield from (f"{base}.{alias.name}" for alias in names)
            case ast.Call(
                func=ast.Attribute(attr="import_module") | ast.Name(id="import_module" | "__import__"),
                args=[ast.Constant(value=str(name)), *_],
            ):
                yield name


def imported_rooms(path: Path) -> set[str]:
    """What of `fusion` a file imports: names of rooms, "" for the package itself, "experts" for that package."""
    package = ".".join(path.relative_to(ROOT).parent.parts)
    found = set()
    for name in imports(path.read_text(encoding="utf-8"), package):
        first, _, rest = name.partition(".")
        if first == "experts":
            found.add("experts")
        elif first == "fusion":
            room = rest.split(".")[0]
            found.add(room if room in KNOWN | set(rooms()) else "")
    return found


SOURCES = sources("fusion") + sources("experts")
every_source = pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(ROOT).as_posix())


@pytest.mark.parametrize("room", sorted(rooms()))
def test_a_room_imports_only_what_stands_left_of_it(room: str) -> None:
    assert room in KNOWN, f"fusion/{room} is new: give it a place in ORDER or ASIDE of {Path(__file__).name}"
    for path in rooms()[room]:
        wrong = imported_rooms(path) - may_import(room) - {room}
        assert not wrong, f"{path.relative_to(ROOT)} imports {sorted(wrong)}, allowed are {sorted(may_import(room))}"


@pytest.mark.parametrize("path", sources("experts"), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_an_expert_imports_only_what_stands_left_of_language(path: Path) -> None:
    wrong = imported_rooms(path) - EXPERTS_MAY - {"experts"}
    assert not wrong, f"{path.relative_to(ROOT)} imports {sorted(wrong)}, allowed are {sorted(EXPERTS_MAY)}"


def test_the_package_itself_never_imports_experts() -> None:
    assert "experts" not in imported_rooms(ROOT / "fusion" / "__init__.py")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param("import fusion.cli", "fusion.cli", id="plain"),
        pytest.param("from fusion import cli", "fusion.cli", id="room out of the package"),
        pytest.param("from .detect import sure", "fusion.language.detect.sure", id="relative"),
        pytest.param("from ..facts import Fact", "fusion.facts.Fact", id="relative, one up"),
        pytest.param("def f():\n    from fusion.cli import main", "fusion.cli.main", id="inside a function"),
        pytest.param("if TYPE_CHECKING:\n    import experts.tags", "experts.tags", id="for types only"),
        pytest.param("importlib.import_module('fusion.cli')", "fusion.cli", id="by name"),
    ],
)
def test_every_way_to_import_is_seen(source: str, expected: str) -> None:
    assert list(imports(source, "fusion.language")) == [expected]


@pytest.mark.parametrize(
    ("room", "other"),
    [
        ("facts", "expert"),
        ("images", "lexicon"),
        ("verdicts", "tags"),
        ("tags", "views"),
        ("write", "captioner"),
        ("dataset", "audit"),
    ],
)
def test_the_order_forbids(room: str, other: str) -> None:
    assert other not in may_import(room)


@pytest.mark.parametrize("heavy", ["torch", "spacy", "thinc", "transformers", "ultralytics"])
def test_import_fusion_stays_light(heavy: str) -> None:
    code = f"import sys, fusion; sys.exit({heavy!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


@pytest.mark.parametrize("heavy", ["torch", "torchvision", "opencv-python", "opencv-python-headless", "transformers"])
def test_the_core_does_not_depend_on(heavy: str) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    names = {re.split(r"[^a-z0-9_.-]", dependency.lower())[0] for dependency in project["dependencies"]}
    assert "spacy" in names
    assert heavy not in names


@every_source
def test_a_module_can_be_read_in_one_sitting(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    aside = sum(lines(node) for node in ast.parse(text).body if is_table(node) or is_nothing(node))
    assert len(text.splitlines()) - aside <= MODULE_LINES, "docstring of the module and tables of data are not counted"


@every_source
def test_functions_are_short(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    long = {node.name: code for node in functions if (code := lines(node) - docstring_lines(node)) > FUNCTION_LINES}
    assert not long, f"expected at most {FUNCTION_LINES} lines without docstring"


@every_source
def test_no_error_is_swallowed(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    handlers = [node for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler)]
    silent = [handler.lineno for handler in handlers if all(is_nothing(statement) for statement in handler.body)]
    assert not silent, f"lines {silent}: an exception is caught and nothing is done"


@pytest.mark.parametrize(
    "path",
    [path for path in SOURCES if path.name == "__init__.py" or path.parent.parent == ROOT],
    ids=lambda path: path.relative_to(ROOT).as_posix(),
)
def test_what_a_room_shows_to_others_has_docstrings(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert [name for name, node in public(tree) if ast.get_docstring(node) is None] == []


@every_source
def test_modules_say_what_they_are_for(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert not source or ast.get_docstring(ast.parse(source))


def texts() -> list[Path]:
    """Files that ship, or that a newcomer reads first."""
    folders = ("fusion", "experts", "prompts", "scripts", "examples", ".ci")
    found = [path for folder in folders for path in (ROOT / folder).rglob("*") if path.is_file()]
    plain = [path for path in found if path.suffix in {"", ".py", ".md", ".toml", ".jinja", ".j2", ".txt", ".html"}]
    models = ROOT / "fusion" / "language" / "model"
    return [path for path in [*plain, ROOT / "README.md", ROOT / "pyproject.toml"] if models not in path.parents]


@pytest.mark.parametrize("path", texts(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_path_of_one_machine(path: Path) -> None:
    found = re.findall(r"(?<![\w./~}])/(?:home|root|tmp|work|Users|mnt)/\w+|\b[A-Z]:\\\w{2,}", path.read_text(encoding="utf-8"))
    assert not found


def lines(node: ast.stmt) -> int:
    """How many lines a statement takes."""
    return (node.end_lineno or node.lineno) - node.lineno + 1


def docstring_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """How many lines the docstring of a function takes."""
    return lines(node.body[0]) if ast.get_docstring(node) is not None else 0


def is_table(node: ast.stmt) -> bool:
    """Is it rows of data: a module-level name for a literal of several lines?"""
    if not isinstance(node, ast.Assign | ast.AnnAssign) or node.value is None or lines(node) < 3:
        return False
    value = node.value.args[0] if isinstance(node.value, ast.Call) and node.value.args else node.value
    return isinstance(value, ast.Dict | ast.List | ast.Tuple | ast.Set | ast.Constant | ast.Subscript)


def is_nothing(statement: ast.stmt) -> bool:
    """Is it `pass`, `...` or a bare string?"""
    return isinstance(statement, ast.Pass) or (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant))


def public(tree: ast.Module) -> Iterator[tuple[str, ast.FunctionDef | ast.ClassDef]]:
    """Public functions and classes of a module, and the public methods of classes that extend no other."""
    for node in tree.body:
        if not isinstance(node, ast.FunctionDef | ast.ClassDef) or node.name.startswith("_"):
            continue
        yield node.name, node
        if isinstance(node, ast.ClassDef) and not node.bases:
            inside = (child for child in node.body if isinstance(child, ast.FunctionDef))
            yield from ((f"{node.name}.{m.name}", m) for m in inside if not m.name.startswith("_"))
