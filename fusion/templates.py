"""Finds and renders prompts: versioned jinja2 templates such as `caption/v2`, strict about their variables.

They are looked up in the installed package, else in the `prompts` folder beside it (an editable install), never in the
current folder. Folders that the caller names come first. Names may leave out ".jinja". Text that others wrote goes through
`one_line` or `quoted`: it can neither start a line of its own, nor close the tags around it, nor pass for a turn of the
conversation. What a model wrote goes through `replayed` before it is shown that again.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

import jinja2
from jinja2 import meta, nodes

from fusion.errors import ConfigError

__all__ = ["Template", "listed", "names", "one_line", "quoted", "render", "render_blocks", "replayed", "source", "variables"]

_SUFFIX = ".jinja"


@dataclass(frozen=True)
class Template:
    """A template as it is listed: `about` is the first line of its comment, `origin` "built-in" or the folder it comes from."""

    name: str
    version: str
    origin: str
    about: str


def names(folders: Sequence[str | Path] = ()) -> tuple[str, ...]:
    """All templates by name, sorted; those of `folders` included.

    Raises:
        ConfigError: a folder does not exist.
    """
    return tuple(sorted(name for name in _environment(_roots(folders)).list_templates() if name.endswith(_SUFFIX)))


def listed(folders: Sequence[str | Path] = ()) -> list[Template]:
    """All templates with what they are for, sorted by name.

    Raises:
        ConfigError: a folder does not exist.
    """
    found = []
    for name in names(folders):
        folder, _, version = name.removesuffix(_SUFFIX).rpartition("/")
        home = next((str(root) for root in folders if (Path(root) / name).is_file()), "built-in")
        found.append(Template(folder or version, version if folder else "", home, _about(source(name, folders))))
    return found


def source(name: str, folders: Sequence[str | Path] = ()) -> str:
    """The text of a template as it stands in its file.

    Raises:
        ConfigError: no such template or folder.
    """
    environment = _environment(_roots(folders))
    name = _whole(name)
    try:
        return _source(environment, name)
    except jinja2.TemplateNotFound as error:
        raise _unknown(name, str(error.name), names(folders)) from None


def variables(name: str, folders: Sequence[str | Path] = ()) -> frozenset[str]:
    """The variables that a template wants, those of what it includes or extends with them.

    Raises:
        ConfigError: no such template or folder, an error in the template.
    """
    return _read(_whole(name), folders)[1]


def render(name: str, /, *, folders: Sequence[str | Path] = (), **variables: Any) -> str:
    """The template's text with the variables filled in; one in `folders` replaces the built-in one of its name.

    Raises:
        ConfigError: no such template or folder, a variable missing or not used, an error in the template.
    """
    template, expected = _read(_whole(name), folders)
    _check(_whole(name), expected, variables)
    with _errors(_whole(name)):
        return template.render(variables)


def render_blocks(name: str, /, *, folders: Sequence[str | Path] = (), **variables: Any) -> dict[str, str]:
    """The text of each block of the template, in order, without white space around it: "system" and "user" make a prompt.

    Blocks of what it extends come with its own, in the order in which they stand there. A template without blocks is one block,
    "user".

    Raises:
        ConfigError: as `render`.
    """
    template, expected = _read(_whole(name), folders)
    _check(_whole(name), expected, variables)
    order = _blocks(_environment(_roots(folders)), _whole(name))
    with _errors(_whole(name)):
        context = template.new_context(variables)
        text = "".join(template.root_render_func(context))  # jinja learns only now which blocks the template extends
        if not context.blocks:
            return {"user": text.strip()}
        names = dict.fromkeys([*order, *context.blocks])
        return {block: "".join(context.blocks[block][0](context)).strip() for block in names if block in context.blocks}


@contextmanager
def _errors(name: str) -> Iterator[None]:
    """What jinja raises while it renders, in our words."""
    try:
        yield
    except jinja2.TemplateError as error:
        raise ConfigError(f"template {name}: {error.message}") from None
    except RecursionError:
        raise ConfigError(f"template {name}: expected an end, got one that includes itself") from None


def _read(name: str, folders: Sequence[str | Path]) -> tuple[jinja2.Template, frozenset[str]]:
    """A template and its variables."""
    environment = _environment(_roots(folders))
    try:
        _blocks(environment, name)
        return environment.get_template(name), _variables(environment, name)
    except jinja2.TemplateNotFound as error:
        raise _unknown(name, str(error.name), names(folders)) from None
    except jinja2.TemplateSyntaxError as error:
        raise ConfigError(f"template {error.name or name}, line {error.lineno}: {error.message}") from None
    except jinja2.TemplateError as error:
        raise ConfigError(f"template {name}: {error.message}") from None


def _blocks(environment: jinja2.Environment, name: str) -> list[str]:
    """The names of a template's blocks, those of what it extends first.

    Raises:
        ConfigError: it extends itself.
    """
    found: list[list[str]] = []
    seen: list[str] = []
    current: str | None = name
    while current is not None:
        if current in seen:
            hint = "give it another name than that of the template that it extends"
            raise ConfigError(f"template {name}: expected to extend another template, got {current!r} again", hint=hint)
        seen.append(current)
        tree = environment.parse(_source(environment, current), current)
        found.append([block.name for block in tree.find_all(nodes.Block)])
        parent = tree.find(nodes.Extends)
        current = parent.template.value if parent is not None and isinstance(parent.template, nodes.Const) else None
    return [block for blocks in reversed(found) for block in blocks]


def _whole(name: str) -> str:
    return name if name.endswith(_SUFFIX) else f"{name}{_SUFFIX}"


def _about(text: str) -> str:
    """The first line of the comment at the top."""
    found = re.match(r"\s*\{#[-+]?\s*(.*?)\s*(?:\n|[-+]?#\})", text)
    return found[1] if found else ""


def _check(name: str, expected: frozenset[str], given: dict[str, Any]) -> None:
    told = ", ".join(sorted(expected)) or "none"
    if absent := sorted(expected - given.keys()):
        raise ConfigError(f"template {name}: expected the variables {told}, got no {', '.join(absent)}")
    if unused := sorted(given.keys() - expected):
        raise ConfigError(f"template {name}: expected the variables {told}, got also {', '.join(unused)}")


def _source(environment: jinja2.Environment, name: str) -> str:
    assert environment.loader is not None
    return environment.loader.get_source(environment, name)[0]


def _variables(environment: jinja2.Environment, name: str) -> frozenset[str]:
    """The variables of a template and of those it includes or extends by name."""
    found: set[str] = set()
    waiting, seen = [name], set[str]()
    while waiting:
        current = waiting.pop()
        seen.add(current)
        tree = environment.parse(_source(environment, current), current)
        found |= meta.find_undeclared_variables(tree)
        waiting += [other for other in meta.find_referenced_templates(tree) if other and other not in seen]
    return frozenset(found)


def _roots(folders: Sequence[str | Path]) -> tuple[str, ...]:
    for folder in folders:
        if not Path(folder).is_dir():
            raise ConfigError(f"templates: expected a folder, got {str(folder)!r}", hint="check the path")
    return (*map(str, folders), str(_built_in()))


def _built_in() -> Path:
    package = Path(str(resources.files("fusion").joinpath("prompts")))
    return package if package.is_dir() else Path(__file__).resolve().parent.parent / "prompts"


@lru_cache(maxsize=16)
def _environment(roots: tuple[str, ...]) -> jinja2.Environment:
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(roots, encoding="utf-8"),
        undefined=jinja2.StrictUndefined,
        autoescape=False,  # prompts are no HTML
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["one_line"] = one_line
    made.filters["quoted"] = quoted
    return made


HARMLESS = str.maketrans({
    "<": "‹", "＜": "‹", "﹤": "‹", "≮": "‹", ">": "›", "＞": "›", "﹥": "›", "≯": "›",
    "[": "(", "［": "(", "﹇": "(", "]": ")", "］": ")", "﹈": ")", "＃": "#", "﹟": "#",
})  # fmt: skip
"""Signs of which tags, ids and the marks of chat templates are made, and what stands for each. The others are those of which
Unicode's compatibility forms, into which some tokenizers bring a text, make the plain ones."""
HEADING = re.compile(r"#(?=\s*#)")
TURN = re.compile(
    r"^([ \t#]*(?:user|human|assistant|system|instruction|response|input|model))[ \t]*[:：]", re.IGNORECASE | re.MULTILINE
)
"""A line that opens a turn where a chat is written as plain text."""
MARK = re.compile(r"[\[［](/?[A-Z_]{2,40})[\]］]")
"""A mark such as `[INST]`."""
ANGLES = {sign: stand_in for sign, stand_in in HARMLESS.items() if stand_in in "‹›#"}
"""Those of them that a reply is shown without: its square brackets are those of boxes and of JSON."""
QUOTATION = str.maketrans({'"': "'", "＂": "'"})


def one_line(text: object) -> str:
    """Text of others as one line that can pass for nothing but text.

    White space and control characters become single blanks. `<|im_start|>`, `</facts>`, `[INST]` and `### Assistant:` lose the
    signs that make them what they are: angle brackets become `‹›`, square ones round, of several `#` one stays.
    """
    printable = "".join(letter if letter.isprintable() else " " for letter in str(text))
    return " ".join(HEADING.sub("", " ".join(printable.split()).translate(HARMLESS)).split())


def quoted(text: object) -> str:
    """The same between quotation marks that cannot end early."""
    return '"' + one_line(text).translate(QUOTATION) + '"'


def replayed(reply: str) -> str:
    """A model's own reply as it is shown that again: lines, brackets and JSON as they were, without what could open a turn."""
    plain = "".join(letter if letter.isprintable() or letter == "\n" else " " for letter in reply).translate(ANGLES)
    return TURN.sub(r"\1 -", MARK.sub(r"(\1)", HEADING.sub("", plain))).strip()


def _unknown(name: str, absent: str, known: tuple[str, ...]) -> ConfigError:
    short = {one.removesuffix(_SUFFIX): one for one in known}
    other = [one for one in short if one.startswith(f"{absent.rpartition('/')[0]}/")]  # another version
    near = [short[one] for one in other[-1:] or difflib.get_close_matches(absent.removesuffix(_SUFFIX), short, n=1)]
    hint = f"did you mean {near[0]!r}?" if near else f"there are: {', '.join(known) or 'none'}"
    via = "" if absent == name else f" (named by {name!r})"
    return ConfigError(f"templates: expected the name of a template, got {absent!r}{via}", hint=hint)
