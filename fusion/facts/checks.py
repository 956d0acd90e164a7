"""Checks and small mends that everything made of facts goes through."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence

import msgspec

from fusion.facts.problem import Problem
from fusion.facts.said import Box, Fact


def check_size(width: int | None, height: int | None) -> None:
    """Raise ValueError unless both are absent or at least one pixel."""
    for name, size in (("width", width), ("height", height)):
        if size is not None and size < 1:
            raise ValueError(f"{name}: expected at least 1 pixel, got {size}")


def check_references(facts: tuple[Fact, ...]) -> None:
    """Raise ValueError where two facts share an id or one points to an id that is not there."""
    ids = {f.id for f in facts if f.id}
    if len(ids) < sum(1 for f in facts if f.id):
        seen: set[str] = set()
        twice = next(f.id for f in facts if f.id and (f.id in seen or seen.add(f.id)))  # type: ignore[func-returns-value]
        raise ValueError(f"facts: expected ids that are unique in a row, got {twice!r} twice")
    for f in facts:
        for name in ("about", "to", "parent"):
            target = getattr(f, name)
            if target is not None and target not in ids:
                raise ValueError(f"fact {f.id!r}: expected {name} to be the id of a fact of this row, got {target!r}")


def numbered(facts: Sequence[Fact]) -> tuple[Fact, ...]:
    """The facts with an id each: one without is called by its place, `#0` the first, so that claims can name it."""
    taken = {fact.id for fact in facts}
    return tuple(fact if fact.id else msgspec.structs.replace(fact, id=by_place(i, taken)) for i, fact in enumerate(facts))


def by_place(position: int, taken: Collection[str]) -> str:
    """A name that is free for what stands at a position."""
    name = f"#{position}"
    while name in taken:
        name = f"#{name}"
    return name


def fit(fact: Fact, width: int | None, height: int | None) -> tuple[Fact, Problem | None]:
    """The fact with its box clipped to the picture; a box that is empty then goes, with a warning, and the fact stays."""
    if fact.box is None:
        return fact, None
    clipped = fact.box.clip(width or math.inf, height or math.inf)
    if clipped == fact.box:
        return fact, None
    fitted = msgspec.structs.replace(fact, box=clipped)
    if clipped is not None:
        return fitted, None
    message = f"box of fact {fact.id!r} is empty inside a picture of {width}×{height} pixels: {list(_numbers(fact.box))}"
    return fitted, Problem(message=message, expert=fact.expert or None, hint="the fact stays without it", warning=True)


def _numbers(box: Box) -> tuple[float, float, float, float]:
    return box.x0, box.y0, box.x1, box.y1
