"""The parts of a picture around the largest things in it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from PIL.Image import Image

from fusion.facts import Box, Fact

SMALLEST = 16
"""Shorter side of a part in pixels: under it there is little to see, and some models refuse it."""
FLATTEST = 20
"""Longer side over shorter: models that keep the aspect ratio refuse strips."""
SAME_PLACE = 0.85
"""Intersection over union from which two boxes show the same thing, as two detectors see it."""


@dataclass(frozen=True)
class Region:
    """A part of a picture: the id of the object in it, and its edges in whole pixels."""

    parent: str
    box: tuple[int, int, int, int]

    def crop(self, image: Image) -> Image:
        """Its pixels."""
        return image.crop(self.box)


def largest(facts: Sequence[Fact], width: int, height: int, count: int, padding: float) -> list[Region]:
    """Regions around the `count` largest objects with a box, the largest first.

    Boxes grow by `padding` times their width and height on each side and stay inside the picture. Things that are not
    there (negated), another box around the same place, and parts too small or flat to look at are passed over.
    """
    inside = [(fact, box) for fact in facts if (box := _box(fact, width, height)) is not None]
    inside.sort(key=lambda pair: -pair[1].area)
    found: list[Region] = []
    taken: list[Box] = []
    for fact, box in inside:
        region = Region(fact.id, _padded(box, width, height, padding))
        if len(found) == count:
            break
        if _is_visible(region) and all(box.iou(other) < SAME_PLACE for other in taken):
            found.append(region)
            taken.append(box)
    return found


def _box(fact: Fact, width: int, height: int) -> Box | None:
    usable = fact.kind == "object" and fact.id and not fact.negated and fact.box is not None
    return fact.box.clip(width, height) if usable and fact.box is not None else None


def _padded(box: Box, width: int, height: int, padding: float) -> tuple[int, int, int, int]:
    across, down = padding * box.width, padding * box.height
    left, top = max(math.floor(box.x0 - across), 0), max(math.floor(box.y0 - down), 0)
    return left, top, min(math.ceil(box.x1 + across), width), min(math.ceil(box.y1 + down), height)


def _is_visible(region: Region) -> bool:
    left, top, right, bottom = region.box
    short, long = sorted((right - left, bottom - top))
    return short >= SMALLEST and long <= FLATTEST * short
