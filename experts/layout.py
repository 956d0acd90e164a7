"""States where in the picture things are ("on the left", "in the foreground"), by rules on the boxes of experts before it.

Library: none. Licence: Apache-2.0. The values are worded as `fusion.language` reads them in captions.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from fusion import lexicon
from fusion.errors import ConfigError, ExpertError
from fusion.expert import Card, Expert
from fusion.facts import Box, Fact, Sample

LEFT, RIGHT, MIDDLE = "on the left", "on the right", "in the middle"
FOREGROUND, FILLING = "in the foreground", "filling the frame"

SAME_THING = 0.7
"""Intersection over union from which boxes of agreeing nouns show one thing, as two experts see it."""
LOW = 0.9
"""Part of the picture's height that a thing in the foreground reaches down to."""
TALL = 0.5
"""Part of the picture's height that it has at least."""
LARGE = 0.15
"""Part of the picture's area that it has at least."""
JUST = 0.5
"""How clearly a rule holds at its limit; 1 where it could not hold better."""


class Layout(Expert):
    """Where things lie, for each object with a box that is the only one of its name, or one of two that lie left and right.

    "On the left": the centre in the left third, all of it in the left half; "on the right" alike. "In the middle": the centre
    in the middle third both ways, and less than `fills` of the picture. "In the foreground": reaching the bottom, at least half
    as tall as the picture, larger than all others. "Filling the frame": at least the part `fills` of the picture's area
    (over .5, at most 1). Of two of one name it states only left and right. Boxes do not tell what is in the background.

    Raises:
        ConfigError: an option is out of range.
    """

    # Guesses, wide: six captions of COCO val2017 say where a thing is, too few to measure. What is left and right follows from
    # the box; whether people would call a thing "in the foreground" or the "middle" does not. Its silence says nothing.
    card = Card(
        sees=("attribute",),
        vocabulary=(),
        precision={"attribute": 0.9, f"attribute:{MIDDLE}": 0.8, f"attribute:{FOREGROUND}": 0.7, f"attribute:{FILLING}": 0.8},
        recall=0.0,
        version="1",
    )
    needs: ClassVar[frozenset[str]] = frozenset({"object"})

    def __init__(self, fills: float = 0.6) -> None:
        if not 0.5 < fills <= 1:
            raise ConfigError(f"fills: expected over .5 and at most 1, got {fills}")
        self._fills = fills

    def look(self, sample: Sample) -> list[Fact]:
        """Attributes of objects.

        Raises:
            ExpertError: there are boxes, and the size of the picture is not known.
        """
        objects = [fact for fact in sample.facts if fact.kind == "object" and not fact.negated]
        boxed = [fact for fact in objects if fact.id and fact.box is not None and not _is_group(fact)]
        if not boxed:
            return []
        if not sample.width or not sample.height:
            raise ExpertError(
                f"expected the size of {sample.id!r} in pixels, got none", hint="give the picture, or width and height"
            )
        whole = Box(0, 0, sample.width, sample.height)
        return [made for fact in boxed for made in self._places(fact, sample.facts, objects, whole)]

    def _places(self, fact: Fact, facts: Sequence[Fact], objects: Sequence[Fact], whole: Box) -> list[Fact]:
        box = fact.box.clip(whole.width, whole.height) if fact.box is not None else None
        if box is None:
            return []
        others = _others(fact, objects)
        if (
            len(others) > 1
            or any(_is_group(other) or other.box is None for other in others)
            or _more_counted(fact, facts, others)
        ):
            return []
        if others:
            stated = [*_of_two(box, others[0].box or box, whole)]
        else:
            stated = [*_side(box, whole), *_middle(box, whole, self._fills), *self._depth(fact, box, objects, whole)]
        return [
            Fact(kind="attribute", value=value, about=fact.id, parent=fact.id, score=fact.score * margin)
            for value, margin in stated
        ]

    def _depth(self, fact: Fact, box: Box, objects: Sequence[Fact], whole: Box) -> Iterator[tuple[str, float]]:
        share = box.area / whole.area
        if share >= self._fills:
            yield FILLING, _clearly(share, self._fills, 1.0)
        elif box.y1 >= LOW * whole.height and box.height >= TALL * whole.height and share >= LARGE:
            rivals = (other.box.area for other in objects if other.box is not None and not _same(fact, other))
            if max(rivals, default=0.0) < box.area:
                yield FOREGROUND, _clearly(box.height / whole.height, TALL, 1.0)


def _is_group(fact: Fact) -> bool:
    return fact.at_least or fact.number not in (None, 1)


def _agree(one: str, other: str) -> bool:
    return lexicon.is_a(one, other) or lexicon.is_a(other, one)


def _same(one: Fact, other: Fact) -> bool:
    """Do they show one thing?"""
    if one is other:
        return True
    return (
        one.box is not None and other.box is not None and one.box.iou(other.box) >= SAME_THING and _agree(one.value, other.value)
    )


def _others(fact: Fact, objects: Sequence[Fact]) -> list[Fact]:
    """Other things that may go by its name, once each."""
    found: list[Fact] = []
    for other in objects:
        if _agree(fact.value, other.value) and not any(_same(one, other) for one in [fact, *found]):
            found.append(other)
    return found


def _more_counted(fact: Fact, facts: Sequence[Fact], others: Sequence[Fact]) -> bool:
    """Does a count say that there are more than have boxes?"""
    counts = [count for count in facts if count.kind == "count" and not count.negated and _agree(fact.value, count.value)]
    return any(count.at_least or (count.number or 0) > 1 + len(others) for count in counts)


def _clearly(value: float, limit: float, ideal: float) -> float:
    """`JUST` at the limit, 1 at the ideal and beyond."""
    return min(max(JUST + (1 - JUST) * (value - limit) / (ideal - limit), JUST), 1.0)


def _side(box: Box, whole: Box) -> Iterator[tuple[str, float]]:
    centre = box.centre[0] / whole.width
    if centre < 1 / 3 and box.x1 <= whole.width / 2:
        yield LEFT, _clearly(centre, 1 / 3, 1 / 6)
    elif centre > 2 / 3 and box.x0 >= whole.width / 2:
        yield RIGHT, _clearly(centre, 2 / 3, 5 / 6)


def _middle(box: Box, whole: Box, fills: float) -> Iterator[tuple[str, float]]:
    off = max(abs(box.centre[0] / whole.width - 0.5), abs(box.centre[1] / whole.height - 0.5))
    if off < 1 / 6 and box.area < fills * whole.area:
        yield MIDDLE, _clearly(off, 1 / 6, 0.0)


def _of_two(box: Box, other: Box, whole: Box) -> Iterator[tuple[str, float]]:
    """Left and right of two that lie in different halves and side by side, one not over the other."""
    half = whole.width / 2
    first, second = sorted((box, other), key=lambda one: one.centre[0])
    apart = second.x0 - first.x1
    if apart >= 0 and first.centre[0] < half < second.centre[0]:
        margin = _clearly((second.centre[0] - first.centre[0]) / whole.width, 0.0, 0.5)
        yield (LEFT if box is first else RIGHT), margin
