"""Names of classes: of a YOLO data.yaml or a text file with one a line, and glosses of folders.

Of YAML only what such files hold is read: a key `names` with a list or a map of names. Nothing else of it is looked at.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from experts.annotations.finding import lines, read
from fusion.codec import decode
from fusion.errors import ConfigError, RowError

FILES = ("data.yaml", "dataset.yaml", "classes.txt", "obj.names")
YAML = frozenset({".yaml", ".yml"})
_KEY = re.compile(r"names\s*:(.*)")
_ITEM = re.compile(r"\s*(?:-|(\d+)\s*:)\s+(\S.*?)\s*\Z")
_FLOW_ITEM = re.compile(r"""\s*(?:(\d+)\s*:\s*)?('(?:[^']|'')*'|"[^"]*"|[^,'"\[\]{}]+?)\s*(?:,|\Z)""")
_COMMENT = re.compile(r"\s+#.*\Z")


def find_names(folder: Path) -> Path:
    """The file with the names of a folder's classes, in it or in the two above it.

    Raises:
        ConfigError: there is none.
    """
    for place in (folder, *folder.absolute().parents[:2]):
        for name in FILES:
            if (place / name).is_file():
                return place / name
    message = f"annotations {folder}: expected the names of its classes in {', '.join(FILES)}, got none"
    raise ConfigError(message, hint="give the file as names")


def read_names(file: Path) -> list[str]:
    """Names of classes in the order of their numbers.

    Raises:
        ConfigError: the file cannot be read, or a name is missing; the message names the line where it can.
    """
    rows = lines(file, file.name)
    names = _of_yaml(rows, file.name) if file.suffix.lower() in YAML else [row.strip() for row in rows]
    while names and not names[-1]:
        names.pop()
    if not names:
        raise ConfigError(f"annotations {file.name}: expected names of classes, got none", hint="one a line, or a key names")
    if "" in names:
        line = names.index("") + 1
        raise ConfigError(f"annotations {file.name}, line {line}: expected the name of a class, got none", line=line)
    return names


def _of_yaml(rows: list[str], shown: str) -> list[str]:
    start = next((i for i, row in enumerate(rows) if _KEY.match(row)), None)
    if start is None:
        raise ConfigError(f"annotations {shown}: expected a key names, got none", hint="it lists the names of the classes")
    rest = _COMMENT.sub("", _KEY.match(rows[start])[1]).strip()  # type: ignore[index]
    if rest.startswith("#"):
        rest = ""
    return _in_order(_flow(rows, start, rest, shown) if rest else _block(rows, start + 1, shown), shown)


def _block(rows: list[str], start: int, shown: str) -> list[tuple[int, str, int]]:
    """Number, name and line of items below one another: "- dog" or "0: dog"."""
    found: list[tuple[int, str, int]] = []
    for line, row in enumerate(rows[start:], start=start + 1):
        bare = _COMMENT.sub("", row)
        if not bare.strip() or bare.lstrip().startswith("#"):
            continue
        item = _ITEM.match(bare)
        if item is None and not bare[0].isspace():
            break
        if item is None:
            raise _wrong(shown, line, row)
        found.append((int(item[1]) if item[1] else len(found), _unquoted(item[2]), line))
    return found


def _flow(rows: list[str], start: int, rest: str, shown: str) -> list[tuple[int, str, int]]:
    """Number, name and line of items in brackets, which may go on over several lines."""
    end = start
    while rest[0] in "[{" and rest[-1] not in "]}" and end + 1 < len(rows):
        end += 1
        rest = f"{rest} {_COMMENT.sub('', rows[end]).strip()}".strip()
    if (rest[0], rest[-1]) not in {("[", "]"), ("{", "}")}:
        raise _wrong(shown, start + 1, rest)
    found: list[tuple[int, str, int]] = []
    inner, at = rest[1:-1].strip().removesuffix(","), 0
    while at < len(inner):
        item = _FLOW_ITEM.match(inner, at)
        if item is None:
            raise _wrong(shown, start + 1, inner[at:])
        found.append((int(item[1]) if item[1] else len(found), _unquoted(item[2]), start + 1))
        at = item.end()
    return found


def _in_order(found: list[tuple[int, str, int]], shown: str) -> list[str]:
    """Names by number; numbers must go from 0 without a gap."""
    for place, (number, name, line) in enumerate(sorted(found)):
        if number != place:
            raise ConfigError(f"annotations {shown}, line {line}: expected class {place}, got {number} ({name!r})", line=line)
    return [name for _, name, _ in sorted(found)]


def _unquoted(name: str) -> str:
    if len(name) > 1 and name[0] == name[-1] and name[0] in "'\"":
        return name[1:-1].replace("''", "'").strip()
    return name.strip()


def _wrong(shown: str, line: int, got: str) -> ConfigError:
    message = f"annotations {shown}, line {line}: expected a list or a map of names, got {got.strip()[:80]!r}"
    return ConfigError(message, hint='write names: ["dog", "cat"], or "0: dog" and "1: cat" on lines of their own', line=line)


def read_glosses(file: Path) -> dict[str, list[str]]:
    """The nouns of each folder, first the one to use: lines "n02084071 dog, domestic dog", or JSON `{"n02084071": "dog"}`.

    A folder with blanks in its name ends at a tab. JSON may also be that of ImageNet, `{"0": ["n02084071", "dog"]}`.

    Raises:
        ConfigError: the file cannot be read, or a line has no gloss; the message names the line.
    """
    if file.suffix.lower() == ".json":
        return _of_json(file)
    found: dict[str, list[str]] = {}
    for line, row in enumerate(lines(file, file.name), start=1):
        if not row.strip():
            continue
        folder, _, gloss = row.strip().partition("\t") if "\t" in row.strip() else row.strip().partition(" ")
        nouns = [noun.strip() for noun in gloss.split(",") if noun.strip()]
        if not nouns:
            raise ConfigError(
                f"annotations {file.name}, line {line}: expected a folder and its noun, got {row[:80]!r}", line=line
            )
        if folder.strip() in found:
            raise ConfigError(f"annotations {file.name}, line {line}: expected each folder once, got {folder!r} again", line=line)
        found[folder.strip()] = nouns
    return found


def _of_json(file: Path) -> dict[str, list[str]]:
    try:
        given = decode(read(file, file.name), dict[str, str | list[str]])
    except RowError as error:
        raise ConfigError(f"annotations {file.name}: {error.message}", hint='write {"folder": "noun"}') from None
    found = {}
    for key, value in given.items():
        folder, gloss = (key, value) if isinstance(value, str) else (value[0], ",".join(value[1:])) if value else (key, "")
        nouns = [noun.strip() for noun in gloss.split(",") if noun.strip()]
        if not nouns:
            raise ConfigError(f"annotations {file.name}: expected a noun for {key!r}, got {value!r}")
        found[folder] = nouns
    return found


Glosses = Mapping[str, list[str]]
"""Nouns by folder."""
