"""Finds and renders prompts: versioned jinja2 templates such as `caption/v1.jinja`, strict about their variables.

They are looked up in the installed package, else in the `prompts` folder beside it (an editable install), never in the
current folder. Folders that the caller names come first. Text that others wrote goes through `one_line`: it can
neither start a line of its own nor close the tags around it.
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

import jinja2
from jinja2 import meta

from fusion.errors import ConfigError

_SUFFIX = ".jinja"


def names(folders: Sequence[str | Path] = ()) -> tuple[str, ...]:
    """All templates by name, sorted; those of `folders` included.

    Raises:
        ConfigError: a folder does not exist.
    """
    return tuple(sorted(name for name in _environment(_roots(folders)).list_templates() if name.endswith(_SUFFIX)))


def render(name: str, /, *, folders: Sequence[str | Path] = (), **variables: Any) -> str:
    """The template's text with the variables filled in; one in `folders` replaces the built-in one of its name.

    Raises:
        ConfigError: no such template or folder, a variable missing or not used, an error in the template.
    """
    environment = _environment(_roots(folders))
    try:
        _check(name, _variables(environment, name), variables)
        return environment.get_template(name).render(variables)
    except jinja2.TemplateNotFound as error:
        raise _unknown(name, str(error.name), names(folders)) from None
    except jinja2.TemplateSyntaxError as error:
        raise ConfigError(f"template {error.name or name}, line {error.lineno}: {error.message}") from None
    except jinja2.TemplateError as error:
        raise ConfigError(f"template {name}: {error.message}") from None


def _check(name: str, expected: frozenset[str], given: dict[str, Any]) -> None:
    listed = ", ".join(sorted(expected)) or "none"
    if absent := sorted(expected - given.keys()):
        raise ConfigError(f"template {name}: expected the variables {listed}, got no {', '.join(absent)}")
    if unused := sorted(given.keys() - expected):
        raise ConfigError(f"template {name}: expected the variables {listed}, got also {', '.join(unused)}")


def _variables(environment: jinja2.Environment, name: str) -> frozenset[str]:
    """The variables of a template and of those it includes or extends by name."""
    found: set[str] = set()
    waiting, seen = [name], set[str]()
    while waiting:
        current = waiting.pop()
        seen.add(current)
        loader = environment.loader
        assert loader is not None
        tree = environment.parse(loader.get_source(environment, current)[0], current)
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
    return made


def one_line(text: object) -> str:
    """Text of others as one line that cannot close a tag: white space and control characters become single spaces."""
    printable = "".join(letter if letter.isprintable() else " " for letter in str(text))
    return " ".join(printable.split()).replace("<", "‹").replace(">", "›")


def _unknown(name: str, absent: str, known: tuple[str, ...]) -> ConfigError:
    near = difflib.get_close_matches(absent, known, n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"there are: {', '.join(known) or 'none'}"
    via = "" if absent == name else f" (named by {name!r})"
    return ConfigError(f"templates: expected the name of a template, got {absent!r}{via}", hint=hint)
