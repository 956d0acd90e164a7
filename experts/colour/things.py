"""The colour of each thing that has a box."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from PIL import Image

from experts.colour.masks import inner, mask_of
from experts.colour.naming import Array, luminance, terms
from fusion import lexicon
from fusion.facts import Box, Fact
from fusion.lexicon.colours import BASIC

SMALLEST = 24
"""Shorter side of a box in pixels: under it the central part has less than 15×15 pixels, blurred by JPEG's 16×16 blocks."""
CENTRAL = 0.6
"""Part of a box's width and height that is looked at: the corners of a box around a thing are background."""
FREE = 0.5
"""Part of that which must not lie under other boxes."""
IN_FRONT = 1.5
"""A box up to this many times as large as another may hide it; a larger one is what the thing stands before."""
SAME_THING = 0.7
"""Intersection over union from which boxes of agreeing nouns show one thing, as two detectors see it."""
BRIGHT = 90
"""Percentile of a picture's luminance that is taken for well-lit white: a few lamps and reflections are brighter."""
MOST_GAIN = 2.5
"""A night stays a night: linear light is raised by no more."""
SIDE = 64
"""Pixels to which the central part is reduced; averages out noise and texture."""
FEWEST = 16
"""Cells of a mask without its edge: a thing that is thinner is taken with it."""
RING = 0.15
"""Width of the frame around a box, as a part of the box, that shows what the thing stands before."""
BEHIND = 5.0
"""How much less a colour counts that the frame has too: a pixel of a colour that fills the frame counts a sixth. Of 420 drawn
things on coloured grounds (discs, rings, crosses, things on legs) it finds the colour of 418, without the frame of 348; on
the photos named at the card it states 20 colours, of which 11 are as captions say, without the frame 18, of which 10 are."""


def colours_of(facts: Sequence[Fact], image: Image.Image, share: float, smallest: int) -> list[Fact]:
    """One attribute for each object that has one basic colour on more than `share` of its pixels that are seen."""
    objects = [fact for fact in facts if fact.kind == "object" and fact.box is not None and not fact.negated]
    wanted = [fact for fact in objects if _has_a_colour(fact)]
    if not wanted:
        return []
    lit = _lit(image)
    return list(_stated(wanted, _Others(objects), lit, share, smallest))


def _stated(wanted: Sequence[Fact], others: _Others, lit: Image.Image, share: float, smallest: int) -> Iterator[Fact]:
    for fact in wanted:
        box = fact.box.clip(*lit.size) if fact.box is not None else None
        if box is None or min(box.width, box.height) < smallest:
            continue
        found = _masked(fact, box, lit)
        if found is None:
            found = _pixels(box, others.in_front(fact, box), lit)
        if found is None:
            continue
        pixels, weights = found
        places = terms(pixels)
        best, part = _most(places, weights)
        if part > share:
            mean = pixels[places == best].mean(axis=0).round().astype(int)
            data = {"share": round(part, 4), "hex": "#{:02x}{:02x}{:02x}".format(*mean.tolist())}
            yield Fact(kind="attribute", value=BASIC[best], about=fact.id, parent=fact.id, score=part, data=data)


def _has_a_colour(fact: Fact) -> bool:
    crowd = fact.at_least or (fact.number is not None and fact.number > 1)
    return bool(fact.id) and not crowd and not lexicon.is_a(fact.value, "person")


class _Others:
    """All boxes as one array N×4, so that a crowded picture costs a few array operations a thing and no Python loop."""

    def __init__(self, objects: Sequence[Fact]) -> None:
        self._places = {id(fact): place for place, fact in enumerate(objects)}
        boxes = [fact.box for fact in objects if fact.box is not None]
        self._boxes = np.array([(box.x0, box.y0, box.x1, box.y1) for box in boxes], np.float64)
        self._areas = np.array([box.area for box in boxes])
        self._values = sorted({fact.value for fact in objects})
        number = {value: place for place, value in enumerate(self._values)}
        self._nouns = np.array([number[fact.value] for fact in objects])

    def in_front(self, fact: Fact, box: Box) -> Array:
        """Boxes K×4 of other things that overlap this one and may hide it."""
        low = np.maximum(self._boxes[:, :2], (box.x0, box.y0))
        high = np.minimum(self._boxes[:, 2:], (box.x1, box.y1))
        both = np.clip(high - low, 0, None).prod(axis=1)
        may = (both > 0) & (self._areas < IN_FRONT * box.area)
        may[self._places[id(fact)]] = False
        alike = may & (both >= SAME_THING * (self._areas + box.area - both))
        agreeing = [noun for noun in np.unique(self._nouns[alike]) if _agree(fact.value, self._values[noun])]
        return np.asarray(self._boxes[may & ~(alike & np.isin(self._nouns, agreeing))])


def _agree(one: str, other: str) -> bool:
    return lexicon.is_a(one, other) or lexicon.is_a(other, one)


def _lit(image: Image.Image) -> Image.Image:
    """The picture as bright as if its light parts were white, or people's "white" would be measured as grey."""
    small = image.resize((min(image.width, 128), min(image.height, 128)), Image.Resampling.BOX)
    light = float(np.percentile(luminance(np.asarray(small)), BRIGHT))
    gain = min(1 / max(light, 1 / MOST_GAIN), MOST_GAIN)
    levels = np.arange(256) / 255
    # In place of the exact curve of sRGB its usual power law, under which a gain in light is one in levels.
    raised = np.clip(levels * gain ** (1 / 2.2) * 255, 0, 255).round().astype(int).tolist()
    return image.point(raised * 3)


def _masked(fact: Fact, box: Box, lit: Image.Image) -> tuple[Array, Array] | None:
    """Pixels N×3 that the mask of the thing covers, all of one weight; None if it has none, or an empty one."""
    shape = min(SIDE, max(1, round(box.height))), min(SIDE, max(1, round(box.width)))
    mask = mask_of(fact, box, shape, lit.size)
    if mask is None or not mask.any():
        return None
    inside = inner(mask)
    pixels = _reduced(box, lit, shape)[inside if inside.sum() >= FEWEST else mask]
    return pixels, np.ones(len(pixels))


def _pixels(box: Box, in_front: Array, lit: Image.Image) -> tuple[Array, Array] | None:
    """Pixels N×3 of the central part of a box that no other box hides, and their weights; None if most of it is hidden."""
    edge_x, edge_y = box.width * (1 - CENTRAL) / 2, box.height * (1 - CENTRAL) / 2
    part = Box(box.x0 + edge_x, box.y0 + edge_y, box.x1 - edge_x, box.y1 - edge_y)
    shape = min(SIDE, max(1, round(part.height))), min(SIDE, max(1, round(part.width)))
    pixels = _reduced(part, lit, shape)
    seen = ~_covered(part, in_front, shape)
    if seen.mean() < FREE:
        return None
    pixels = pixels[seen]
    return pixels, 1 / (1 + BEHIND * _behind(box, lit)[terms(pixels)])


def _reduced(box: Box, lit: Image.Image, shape: tuple[int, int]) -> Array:
    edges = (box.x0, box.y0, box.x1, box.y1)
    return np.asarray(lit.resize((shape[1], shape[0]), Image.Resampling.BOX, box=edges))


def _behind(box: Box, lit: Image.Image) -> Array:
    """Share of each basic term in the frame around a box, as far as it lies in the picture; zeros where none of it does."""
    wide, high = box.width * RING, box.height * RING
    around = Box(box.x0 - wide, box.y0 - high, box.x1 + wide, box.y1 + high).clip(*lit.size) or box
    shape = min(SIDE, max(1, round(around.height))), min(SIDE, max(1, round(around.width)))
    own = _covered(around, np.array([[box.x0, box.y0, box.x1, box.y1]]), shape)
    frame = _reduced(around, lit, shape)[~own]
    if not len(frame):
        return np.zeros(len(BASIC))
    return np.bincount(terms(frame), minlength=len(BASIC)) / len(frame)


def _covered(inner: Box, others: Array, shape: tuple[int, ...]) -> Array:
    """Which cells of a grid laid over `inner` have their middle in one of `others`, K×4."""
    rows = inner.y0 + (np.arange(shape[0]) + 0.5) * inner.height / shape[0]
    columns = inner.x0 + (np.arange(shape[1]) + 0.5) * inner.width / shape[1]
    left, top, right, bottom = (np.searchsorted(*pair) for pair in zip((columns, rows) * 2, others.T, strict=True))
    # Each box adds one at its first corner and takes it away past its edges, so running sums count the boxes over a cell.
    counts = np.zeros((shape[0] + 1, shape[1] + 1), np.int32)
    for y, x, change in ((top, left, 1), (top, right, -1), (bottom, left, -1), (bottom, right, 1)):
        np.add.at(counts, (y, x), change)
    return np.asarray(counts.cumsum(axis=0).cumsum(axis=1)[:-1, :-1] > 0)


def _most(places: Array, weights: Array) -> tuple[int, float]:
    """The term that most pixels have, and its share of all, by weight."""
    sums = np.bincount(places, weights, minlength=len(BASIC))
    best = int(sums.argmax())
    return best, float(sums[best] / sums.sum())
