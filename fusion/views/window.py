"""The part of a picture that a view shows: checked, and how boxes move into it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from fusion.errors import InputError
from fusion.facts import Box

VISIBLE = 0.5
"""Least share of a box that must remain for its thing to stay in the view."""
COVERS = 0.5
"""A thing that still fills this share of the view stays in it, however little of its box remains."""
WHOLE = 0.95
"""Least share of a box that must remain for what is true of all of it only: read text, a sentence about a region, a number."""


@dataclass(frozen=True)
class Window:
    """The view's place in the picture: whole pixels, x1 and y1 exclusive; with `flip` it is mirrored left to right."""

    box: Box
    whole: Box
    flip: bool

    @property
    def cuts(self) -> bool:
        """Is anything of the picture left out?"""
        return self.box != self.whole

    @property
    def share(self) -> float:
        """Part of the picture's area that it shows, 0..1."""
        return self.box.area / self.whole.area

    def remains(self, box: Box) -> float:
        """Part of a box's area that lies in it, 0..1."""
        return box.overlap(self.box) / box.area if box.area else 0.0

    def shows(self, box: Box) -> bool:
        """Is enough of a box left that its thing is still to be seen?"""
        inside = box.overlap(self.box)
        return inside > 0 and (inside >= VISIBLE * box.area or inside >= COVERS * self.box.area)

    def within(self, crop: Sequence[float] | Box | None, flip: bool) -> Window:
        """The window of a crop of what it shows, perhaps mirrored again.

        Raises:
            InputError: the crop is not four whole numbers inside it, or empty.
        """
        own = Box(0, 0, self.box.width, self.box.height)
        part = own if crop is None else checked(crop, own)
        x0, x1 = (own.x1 - part.x1, own.x1 - part.x0) if self.flip else (part.x0, part.x1)
        left, top = self.box.x0, self.box.y0
        return Window(Box(left + x0, top + part.y0, left + x1, top + part.y1), self.whole, self.flip != flip)

    def moved(self, box: Box) -> Box | None:
        """The box in pixels of the view, clipped and mirrored; None where nothing of it is inside."""
        left, top = self.box.x0, self.box.y0
        shifted = Box(box.x0 - left, box.y0 - top, box.x1 - left, box.y1 - top).clip(self.box.width, self.box.height)
        if shifted is None:
            return None
        x0, x1 = (self.box.width - shifted.x1, self.box.width - shifted.x0) if self.flip else (shifted.x0, shifted.x1)
        return Box(*(round(number, 4) for number in (x0, shifted.y0, x1, shifted.y1)))


def window_of(width: int | None, height: int | None, crop: Sequence[float] | Box | None, flip: bool) -> Window:
    """The window of a crop, `(x0, y0, x1, y1)` in pixels of the picture.

    Raises:
        InputError: the picture's size is not known, or the crop is not four whole numbers inside it, or empty.
    """
    if width is None or height is None:
        raise InputError("view: expected a record with the size of its picture, got one without", hint="give width and height")
    whole = Box(0, 0, width, height)
    return Window(whole if crop is None else checked(crop, whole), whole, flip)


def checked(crop: Sequence[float] | Box, whole: Box) -> Box:
    """The crop as a box.

    Raises:
        InputError: it is not four whole numbers inside the picture, or empty.
    """
    if isinstance(crop, Box):
        crop = (crop.x0, crop.y0, crop.x1, crop.y1)
    said = f"crop: expected (x0, y0, x1, y1) in whole pixels inside {whole.width:g}×{whole.height:g}, got {crop!r}"
    try:
        numbers = [float(number) for number in crop]
    except (TypeError, ValueError):
        raise InputError(said) from None
    if len(numbers) != 4 or not all(math.isfinite(number) and number == int(number) for number in numbers):
        raise InputError(said, hint="a picture is cropped in whole pixels")
    x0, y0, x1, y1 = numbers
    if not (0 <= x0 < x1 <= whole.width and 0 <= y0 < y1 <= whole.height):
        raise InputError(said, hint="it is empty, or reaches beyond the picture")
    return Box(x0, y0, x1, y1)
