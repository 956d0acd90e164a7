"""Reads the files that go with a classifier: its labels, thresholds, groups and taxonomy."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from experts import weights
from fusion.errors import ConfigError, ExpertError

_INDEX_FIRST = re.compile(r"(\d+)[\s:,]+(\S.*)")
_INDEX_LAST = re.compile(r"(\S.*?)[\s,]+(\d+)")
_NAMES = ("name", "label", "tag", "class")


@dataclass(frozen=True)
class Listed:
    """Names of a classifier's outputs, in their order, and the category of each, "" if it has none.

    `booru`: they come from the CSV of a booru tagger, which names category and count of each tag.
    """

    names: tuple[str, ...]
    categories: tuple[str, ...] = ()
    booru: bool = False

    def category(self, index: int) -> str:
        """The category of an output."""
        return self.categories[index] if self.categories else ""


def read_labels(file: str) -> Listed:
    """Labels from a .csv with a column "name", a .json (a list, or a map index → name), or text.

    A line of text is a label, "index label" or "label index"; an index is read as one only where those of all lines count
    through from 0 or 1.

    Raises:
        ExpertError: the file is not there, or is none of these.
    """
    path = existing("labels", file)
    suffix = path.suffix.lower()
    text = content("labels", path)
    listed = _of_table(text, path) if suffix == ".csv" else Listed(_of_json(text, path) if suffix == ".json" else _of_lines(text))
    if not any(listed.names):
        raise ExpertError(f"labels: expected names in {path.name}, got none")
    return listed


def read_thresholds(file: str) -> dict[str, float]:
    """A threshold for each tag, 0..1, from a JSON map or a CSV with the columns tag, threshold.

    Raises:
        ExpertError: the file is not there, or is none of these.
    """
    path = existing("thresholds", file)
    if path.suffix.lower() == ".json":
        pairs = list(_json_map("thresholds", path).items())
    else:
        rows = [row for row in csv.reader(content("thresholds", path).splitlines()) if row]
        if rows and len(rows[0]) > 1 and not _number(rows[0][1]):
            rows = rows[1:]  # the names of the columns
        pairs = [(row[0], row[1] if len(row) > 1 else "") for row in rows]
    for tag, value in pairs:
        if not _number(value) or not 0 <= float(value) <= 1:
            raise ExpertError(f"thresholds: expected 0..1 for {tag!r} in {path.name}, got {value!r}")
    return {str(tag): float(value) for tag, value in pairs}


def read_groups(groups: str | Sequence[Sequence[str]]) -> list[list[str]]:
    """Labels that exclude each other: lists of them, or a file with a JSON list of lists, or a group a line with commas.

    Raises:
        ConfigError: the lists are not lists of texts.
        ExpertError: the file is not there, or is none of these.
    """
    if not isinstance(groups, str):
        return _groups(groups, ConfigError, "")
    if not groups:
        return []
    path = existing("groups", groups)
    text = content("groups", path)
    if path.suffix.lower() == ".json":
        return _groups(_json("groups", text, path), ExpertError, f" in {path.name}")
    return [[cell.strip() for cell in row if cell.strip()] for row in csv.reader(text.splitlines()) if row]


def read_taxonomy(file: str) -> dict[str, tuple[str, ...]]:
    """Broader names of each label, narrow ones first: a JSON map label → list, or a CSV label, broader, broader, ….

    Raises:
        ExpertError: the file is not there, or is none of these.
    """
    path = existing("taxonomy", file)
    if path.suffix.lower() == ".json":
        found = _json_map("taxonomy", path)
        for label, broader in found.items():
            if not _texts(broader):
                raise ExpertError(f"taxonomy: expected a list of names for {label!r} in {path.name}, got {broader!r}")
        return {label: tuple(broader) for label, broader in found.items()}
    rows = [[cell.strip() for cell in row] for row in csv.reader(content("taxonomy", path).splitlines()) if row]
    return {row[0]: tuple(cell for cell in row[1:] if cell) for row in rows}


def existing(option: str, file: str) -> Path:
    """The path of a file that must be there.

    Raises:
        ExpertError: it is not.
    """
    path = Path(file).expanduser()
    if not path.is_file():
        raise ExpertError(f"{option}: expected a file, got {weights.shown(file)!r}, which does not exist")
    return path


def content(option: str, path: Path) -> str:
    """The text of a file.

    Raises:
        ExpertError: it is not UTF-8.
    """
    try:
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ExpertError(f"{option}: expected text in UTF-8, got {path.name}: {error.reason}") from error


def _of_table(text: str, path: Path) -> Listed:
    rows = list(csv.DictReader(text.splitlines()))
    columns = list(rows[0]) if rows else []
    column = next((name for name in _NAMES if name in columns), None)
    if column is None:
        message = f"labels: expected a column {_NAMES[0]!r} in {path.name}, got {', '.join(map(str, columns)) or 'no rows'}"
        raise ExpertError(message, hint="name the columns in the first row, or give a text file with a label a line")
    categories = tuple(str(row["category"]) for row in rows) if "category" in columns else ()
    names = tuple((row[column] or "").strip() for row in rows)
    return Listed(names, categories, booru=bool(categories) and "count" in columns)


def _of_json(text: str, path: Path) -> tuple[str, ...]:
    found = _json("labels", text, path)
    if isinstance(found, dict) and set(found) == {str(i) for i in range(len(found))}:
        found = [found[str(i)] for i in range(len(found))]
    if not _texts(found):
        raise ExpertError(f"labels: expected a list of names, or a map from 0, 1, … to names, in {path.name}")
    return tuple(found)


def _of_lines(text: str) -> tuple[str, ...]:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    first = [_INDEX_FIRST.fullmatch(line) for line in lines]
    last = [_INDEX_LAST.fullmatch(line) for line in lines]
    for index, name, matches in ((1, 2, first), (2, 1, last)):
        found = {int(match[index]): match[name] for match in matches if match}
        if len(found) == len(lines) > 0 and sorted(found) in (list(range(len(found))), list(range(1, len(found) + 1))):
            return tuple(found[number] for number in sorted(found))
    return tuple(lines)


def _groups(found: Any, error: type[ConfigError | ExpertError], where: str) -> list[list[str]]:
    if not isinstance(found, list | tuple) or not all(_texts(group) for group in found):
        raise error(f"groups: expected a list of lists of labels{where}, got {found!r}")
    return [list(group) for group in found]


def _texts(value: Any) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(item, str) for item in value)


def _json(option: str, text: str, path: Path) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise ExpertError(f"{option}: expected JSON in {path.name}, got {error}") from error


def _json_map(option: str, path: Path) -> Mapping[str, Any]:
    found = _json(option, content(option, path), path)
    if not isinstance(found, dict):
        raise ExpertError(f"{option}: expected a JSON map in {path.name}, got {type(found).__name__}")
    return found


def _number(value: Any) -> bool:
    try:
        float(value)
    except (TypeError, ValueError):
        return False
    return True
