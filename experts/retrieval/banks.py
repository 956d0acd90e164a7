"""Banks: lists of terms or sentences in text files, one entry a line, with a header that says what they are.

    # kind: scene
    # template: a photo of a {}
    kitchen
    beach

A line that begins with "# " is a comment; those of the two forms above count before the first entry, `template` as often as
wanted. Banks that ship lie in the folder `banks` beside this file.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path
from typing import Any

from experts import weights
from fusion import lexicon
from fusion.errors import ConfigError

KINDS = ("name", "object", "scene", "statement", "style", "tag")
"""Kinds of fact that an entry can be stated as: those that need no other fact and no number."""

_TEMPLATES = {
    "object": ("a photo of a {}", "a picture of a {}", "an image of a {}"),
    "scene": ("a photo of a {}", "a picture of a {}", "an image of a {}"),
    "statement": ("{}",),
    "style": ("{}", "a picture in the style: {}"),
}
_ANY = ("{}", "a photo of {}", "a picture of {}")


@dataclass(frozen=True)
class Bank:
    """Entries that are compared with each other, the kind of fact they are, and the prompts they are put into."""

    name: str
    kind: str
    entries: tuple[str, ...]
    templates: tuple[str, ...]


def default_templates(kind: str) -> tuple[str, ...]:
    """The prompts for entries of a kind where nobody names any."""
    return _TEMPLATES.get(kind, _ANY)


def shipped() -> tuple[str, ...]:
    """Names of the banks that come with this package, sorted."""
    return tuple(sorted(file.name.removesuffix(".txt") for file in _folder().iterdir() if file.name.endswith(".txt")))


def read(bank: str) -> Bank:
    """The shipped bank of this name, else the bank in the file of this path.

    Raises:
        ConfigError: there is neither, the file is no text, its kind cannot be stated, it has fewer than two entries.
    """
    if bank in shipped():
        return parse((_folder() / f"{bank}.txt").read_text(encoding="utf-8"), bank)
    path = Path(bank).expanduser()
    if not bank or not path.is_file():
        near = difflib.get_close_matches(bank, shipped(), n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"there are: {', '.join(shipped())}; or give the path of a text file"
        raise ConfigError(f"bank: expected the name of a bank or a file, got {weights.shown(bank)!r}", hint=hint)
    try:
        return parse(path.read_text(encoding="utf-8-sig"), path.stem)
    except UnicodeDecodeError as error:
        message = f"bank {path.name}: expected text in UTF-8, got another byte at {error.start}"
        raise ConfigError(message, hint="a bank holds one term or sentence a line") from None


def parse(text: str, name: str) -> Bank:
    """A bank from the text of its file; an entry that stands twice counts once.

    Raises:
        ConfigError: as `read`.
    """
    kind, templates, entries = "", list[str](), list[str]()
    for line in map(str.strip, text.split("\n")):
        if line == "#" or line.startswith("# "):
            key, _, value = line[1:].partition(":")
            if key.strip() == "kind" and not entries:
                kind = value.strip()
            elif key.strip() == "template" and not entries:
                templates.append(value.strip())
        elif line:
            entries.append(line)
    return made(name, kind or "tag", entries, templates)


def made(name: str, kind: str, entries: Iterable[str], templates: Sequence[str] = ()) -> Bank:
    """A bank of these entries, checked.

    Raises:
        ConfigError: as `read`.
    """
    distinct = tuple(dict.fromkeys(" ".join(entry.split()) for entry in entries))
    if len(distinct) < 2:
        hint = "an entry is compared with the others of its bank"
        raise ConfigError(f"bank {name}: expected two entries or more, got {len(distinct)}", hint=hint)
    check_kind(kind, f"kind of bank {name}")
    check_templates(templates, f"templates of bank {name}")
    return Bank(name, kind, distinct, tuple(templates) or default_templates(kind))


def with_options(bank: Bank, states: str, templates: Sequence[str]) -> Bank:
    """The bank with what the configuration says in place of what its file says."""
    kind = states or bank.kind
    own = bank.templates if bank.templates != default_templates(bank.kind) else default_templates(kind)
    return replace(bank, kind=kind, templates=tuple(templates) or own)


def check_kind(kind: str, what: str) -> None:
    """Refuse a kind of which no fact can be made from an entry alone.

    Raises:
        ConfigError: the kind is not in KINDS.
    """
    if kind not in KINDS:
        hint = "opinions are never facts; state moods as style" if kind == "opinion" else ""
        raise ConfigError(f"{what}: expected one of {', '.join(KINDS)}, got {kind!r}", hint=hint)


def check_templates(templates: Iterable[str], what: str) -> None:
    """Refuse templates that do not say where the entry goes.

    Raises:
        ConfigError: one has not exactly one {}.
    """
    for template in templates:
        if not isinstance(template, str) or template.count("{}") != 1:
            raise ConfigError(f"{what}: expected {{}} once in each, got {template!r}")


def filled(template: str, entry: str) -> str:
    """The prompt for an entry: "a {}" becomes "an office", and "snow" and "scissors" go without an article."""
    before, _, after = template.partition("{}")
    if before.lower().endswith(("a ", " a ")) and (before[:-2] == "" or before[-3] == " "):
        bare = lexicon.is_mass(entry) or lexicon.is_pair(entry) or lexicon.singular(entry) != entry.lower()
        article = "" if bare else f"{lexicon.article(entry)} "
        before = before[:-2] + article
    return f"{before}{entry}{after}"


def _folder() -> Any:
    return resources.files("experts.retrieval").joinpath("banks")
