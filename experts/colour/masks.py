"""Which cells of a grid over a box belong to a thing, from the mask in `data["mask"]` of its fact.

Read are the forms of COCO's annotations: run lengths {"size": [height, width], "counts": [...]}, whose runs go down the columns
and begin with one outside; the same with `counts` packed into a text, as pycocotools writes them; and polygons
[[x, y, x, y, ...], ...] in pixels. Only the cells that are asked for are looked up, so a mask of a large picture costs no more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from PIL import Image, ImageDraw

from experts.colour.naming import Array
from fusion.facts import Box, Fact


def mask_of(fact: Fact, box: Box, shape: tuple[int, int], size: tuple[int, int]) -> Array | None:
    """Cells, rows × columns of `shape` laid over `box`, whose middle lies in the thing; None without a mask that can be read.

    `size` is that of the picture, width and height; run lengths of another size are stretched to it.
    """
    data = fact.data or {}
    mask = data.get("mask", data.get("polygon"))
    if isinstance(mask, Mapping):
        return _from_runs(mask, box, shape, size)
    polygons = _polygons(mask)
    return _from_polygons(polygons, box, shape) if polygons else None


def _from_runs(mask: Mapping[str, Any], box: Box, shape: tuple[int, int], size: tuple[int, int]) -> Array | None:
    counts: Any = mask.get("counts")
    sides: Any = mask.get("size")
    counts = _unpacked(counts) if isinstance(counts, str) else counts
    if not (_are_lengths(sides) and _are_lengths(counts)) or len(sides) != 2:
        return None
    height, width = sides
    ends = np.cumsum(np.array(counts, np.int64))
    if not 0 < height * width == ends[-1]:
        return None
    rows = (box.y0 + (np.arange(shape[0]) + 0.5) * box.height / shape[0]) * height / size[1]
    columns = (box.x0 + (np.arange(shape[1]) + 0.5) * box.width / shape[1]) * width / size[0]
    rows, columns = (np.clip(place.astype(np.int64), 0, most - 1) for place, most in ((rows, height), (columns, width)))
    run = np.searchsorted(ends, columns[None, :] * height + rows[:, None], side="right")
    return np.asarray(run % 2 == 1)


def _are_lengths(values: Any) -> bool:
    """Is it a list of whole numbers, none under 0?"""
    return isinstance(values, Sequence) and len(values) > 0 and all(type(n) is int and 0 <= n < 1 << 31 for n in values)


def _unpacked(text: str) -> list[int] | None:
    """Run lengths from COCO's text: five bits a character from "0" on, the lowest first, a sixth says that more follow.

    From the third run on, what is written is the difference to the run before the last.
    """
    counts: list[int] = []
    value, shift = 0, 0
    for character in text:
        bits = ord(character) - 48
        if not 0 <= bits < 64:
            return None
        value |= (bits & 31) << shift
        shift += 5
        if bits & 32:
            continue
        if bits & 16:
            value -= 1 << shift
        counts.append(value + (counts[-2] if len(counts) > 2 else 0))
        value, shift = 0, 0
    return counts if shift == 0 else None


def _polygons(mask: Any) -> list[list[float]]:
    """The outlines, numbers in pairs; [] if it is none of this kind."""
    if not isinstance(mask, Sequence) or isinstance(mask, str) or not mask:
        return []
    numbers = (int, float)
    if all(isinstance(value, numbers) for value in mask):
        outlines = [mask]
    elif all(isinstance(point, Sequence) and len(point) == 2 and isinstance(point[0], numbers) for point in mask):
        outlines = [[value for point in mask for value in point]]
    else:
        outlines = list(mask)
    good = (
        isinstance(one, Sequence) and len(one) >= 6 and len(one) % 2 == 0 and all(isinstance(value, numbers) for value in one)
        for one in outlines
    )
    return [[float(value) for value in one] for one in outlines] if all(good) else []


def _from_polygons(polygons: Sequence[Sequence[float]], box: Box, shape: tuple[int, int]) -> Array:
    grid = Image.new("1", (shape[1], shape[0]))
    draw = ImageDraw.Draw(grid)
    for outline in polygons:
        across = [(x - box.x0) * shape[1] / box.width - 0.5 for x in outline[::2]]
        down = [(y - box.y0) * shape[0] / box.height - 0.5 for y in outline[1::2]]
        draw.polygon(list(zip(across, down, strict=True)), fill=1)
    return np.asarray(grid)


def inner(mask: Array) -> Array:
    """The cells of a mask that no cell outside touches: at its edge colours run into those behind the thing."""
    padded = np.pad(mask, 1)
    rows, columns = mask.shape
    shifted = [padded[y : y + rows, x : x + columns] for y in range(3) for x in range(3)]
    return np.asarray(np.logical_and.reduce(shifted))
