"""What is handed in for one picture, as a Job. One that cannot be read keeps its problem, for a failed record."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import PurePath
from typing import Any, TypeAlias

from fusion.errors import InputError
from fusion.facts import Observation, Problem, check_text


@dataclass(frozen=True)
class Job:
    """One input.

    `image` is what to open (path, bytes, PIL image, array, None), `path` what the row calls it. `observation` is
    stored evidence: then no expert looks at the picture. `problem` is why the row could not be read.
    """

    id: str | None
    image: Any = None
    path: str | None = None
    alt_text: str | None = None
    tags: tuple[str, ...] = ()
    label: str | None = None
    language: str | None = None
    row: Mapping[str, Any] = field(default_factory=dict)
    observation: Observation | None = None
    problem: Problem | None = None


Input: TypeAlias = Any
"""A path, bytes of a file, PIL image, numpy array, row (`{"id", "image", "alt_text", "tags", "label"}`) or Job."""


def job_of(given: Input, position: int) -> Job:
    """The job behind an input; what has no name of its own is called by its position. Never raises."""
    if isinstance(given, Job):
        return given
    try:
        return _of_row(given, position) if isinstance(given, Mapping) else _of_image(given, position)
    except (InputError, ValueError) as error:
        name = given.get("id") if isinstance(given, Mapping) else None
        return Job(id=name if isinstance(name, str) else str(position), problem=Problem.of(error))


def tags_of(value: object) -> tuple[str, ...]:
    """The tags of a row: a list, or one string with commas between them.

    Raises:
        InputError: neither of the two.
    """
    if value is None:
        return ()
    if isinstance(value, str):
        value = value.split(",")
    if not isinstance(value, list | tuple) or not all(isinstance(tag, str) for tag in value):
        raise InputError(f"tags: expected a list of strings or one string with commas, got {str(value)[:100]!r}")
    return tuple(tag.strip() for tag in value if tag.strip())


def _of_image(given: Input, position: int) -> Job:
    if isinstance(given, str | os.PathLike):
        path = os.fspath(given)
        if not isinstance(path, str) or not path.strip():
            raise InputError(f"expected the path of a picture, got {path!r}")
        check_text(path)
        name = called(path)
        return Job(id=name_of(name), image=path, path=name)
    return Job(id=str(position), image=given)


def _of_row(row: Mapping[str, Any], position: int) -> Job:
    image = row.get("image")
    of_image = _of_image(image, position) if image is not None else Job(id=str(position))
    return replace(
        of_image,
        id=_id(row.get("id"), of_image.id),
        alt_text=_text(row, "alt_text"),
        tags=tags_of(row.get("tags")),
        label=_text(row, "label"),
        language=_text(row, "language"),
        row=row,
    )


def called(path: str) -> str:
    """What rows call a picture: its path as given, of an absolute one the file name, so no row says where a disk has it."""
    pure = PurePath(path)
    return pure.name if pure.is_absolute() and pure.name else path


def name_of(path: str) -> str:
    """The id of a picture that has none: its path with `/`, without suffix."""
    pure = PurePath(path)
    return (pure.with_suffix("") if pure.name else pure).as_posix()


def _id(given: object, otherwise: str | None) -> str | None:
    if given is None:
        return otherwise
    if isinstance(given, int) and not isinstance(given, bool):
        return str(given)
    if not isinstance(given, str) or not given:
        raise InputError(f"id: expected a string, got {given!r}")
    check_text(given)
    return given


def _text(row: Mapping[str, Any], key: str) -> str | None:
    value = row.get(key)
    if value is not None and not isinstance(value, str):
        raise InputError(f"{key}: expected a string, got {str(value)[:100]!r}")
    return value or None
