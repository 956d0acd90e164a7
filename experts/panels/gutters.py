"""Finds the panels of a composite picture: cuts it again and again along straight gutters of one colour.

A gutter is a band of lines (rows or columns of pixels) that each have one colour along their whole length, and it ends on both
sides in a sharp edge along most of that length. A sky is no gutter, for nothing ends sharply at it along a straight line.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[Any]]

SPREAD = 12.0
"""Standard deviation (of 255) in each channel up to which a line has one colour: JPEG makes narrow gutters uneven."""
SAME = 16.0
"""Difference (of 255) in each channel up to which two colours are one."""
CONTRAST = 32
"""Difference (of 255) in some channel from which a pixel is no longer gutter."""
EDGE = 0.35
"""Part of an edge's length along which a gutter must end with that contrast."""
AGAIN = 0.2
"""The same for further gutters, of which the colour is known."""
NEAR = 3
"""Lines within which it must end: scaling and JPEG soften edges."""
THINNEST = 3
"""Lines of a gutter at least, after the picture was reduced: two lines of one colour happen in photos."""
THICKEST = 0.15
"""Part of the picture's side that a gutter has at most: what is wider is a part of the picture."""
SMALLEST = 0.1
"""Part of the picture's side that a panel has at least."""
STEP = 8
"""Of so many pixels one is looked at to see which lines may have one colour."""
DEEPEST = 6
"""Cuts within cuts."""


@dataclass(frozen=True)
class Band:
    """Lines `start` to `stop` (exclusive) of one colour; `clear` is 0..1, 0 where an edge is not sharp enough."""

    start: int
    stop: int
    colour: tuple[float, float, float]
    clear: float


@dataclass(frozen=True)
class Panel:
    """A panel in pixels of the array, and how clear the gutters are that cut it out, 0..1."""

    x0: int
    y0: int
    x1: int
    y1: int
    score: float

    @property
    def width(self) -> int:
        """Columns."""
        return self.x1 - self.x0

    @property
    def height(self) -> int:
        """Rows."""
        return self.y1 - self.y0


def panels(pixels: Array) -> tuple[list[Panel], tuple[float, float, float] | None]:
    """The panels of a picture (H×W×3, uint8), row by row, and the colour of the gutters; none where it is not composite."""
    height, width = pixels.shape[:2]
    whole = _trimmed(pixels, Panel(0, 0, width, height, 1.0), None)
    found = [band for turned in (False, True) for band in _inner(pixels, whole, turned, None)]
    if not found:
        return [], None
    colour = _commonest(found)
    whole = _trimmed(pixels, Panel(0, 0, width, height, 1.0), colour)
    cut = list(_cut(pixels, whole, colour, 0))
    return (sorted(cut, key=lambda p: (p.y0, p.x0)), colour) if len(cut) > 1 else ([], None)


def _cut(pixels: Array, region: Panel, colour: tuple[float, float, float], depth: int) -> Iterator[Panel]:
    """The panels of a region, cut in the direction in which the gutters are clearest."""
    choices = [(turned, _inner(pixels, region, turned, colour)) for turned in (False, True)] if depth < DEEPEST else []
    turned, bands = max(choices, key=lambda one: min((band.clear for band in one[1]), default=0.0), default=(False, []))
    if not bands:
        yield region
        return
    ends = [0, *(edge for band in bands for edge in (band.start, band.stop)), region.width if turned else region.height]
    score = min(region.score, *(band.clear for band in bands))
    for start, stop in zip(ends[::2], ends[1::2], strict=True):
        piece = _part(region, start, stop, turned, score)
        yield from _cut(pixels, _trimmed(pixels, piece, colour), colour, depth + 1)


def _part(region: Panel, start: int, stop: int, turned: bool, score: float) -> Panel:
    """Lines of a region as a region."""
    if turned:
        return Panel(region.x0 + start, region.y0, region.x0 + stop, region.y1, score)
    return Panel(region.x0, region.y0 + start, region.x1, region.y0 + stop, score)


def _inner(pixels: Array, region: Panel, turned: bool, colour: tuple[float, float, float] | None) -> list[Band]:
    """Gutters across a region that leave panels of a fair size between them."""
    side = pixels.shape[1] if turned else pixels.shape[0]
    length = region.width if turned else region.height
    if length < 2 * SMALLEST * side:
        return []
    kept: list[Band] = []
    for band in _bands(_lines(pixels, region, turned), colour):
        fits = band.start - (kept[-1].stop if kept else 0) >= SMALLEST * side and length - band.stop >= SMALLEST * side
        if fits and band.clear and THINNEST <= band.stop - band.start <= THICKEST * side:
            kept.append(band)
    return kept


def _trimmed(pixels: Array, region: Panel, colour: tuple[float, float, float] | None) -> Panel:
    """The region without margins in the colour of the gutters; in any colour where none is known."""
    for turned in (False, True, False):
        bands = _bands(_lines(pixels, region, turned), colour)
        length = region.width if turned else region.height
        first = next((band.stop for band in bands if band.start == 0 and band.clear and band.stop < length), 0)
        last = next((band.start for band in bands if band.stop == length and band.clear and band.start > first), length)
        region = _part(region, first, last, turned, region.score)
    return region


def _lines(pixels: Array, region: Panel, turned: bool) -> Array:
    """The rows of a region, or its columns: lines × pixels × 3."""
    part = pixels[region.y0 : region.y1, region.x0 : region.x1]
    return part.swapaxes(0, 1) if turned else part


def _bands(lines: Array, colour: tuple[float, float, float] | None) -> list[Band]:
    """Runs of lines that have one colour, each and together, in order; those that touch an end have one edge only."""
    import numpy as np

    means, spread = np.zeros((len(lines), 3), np.float32), np.full(len(lines), np.inf, np.float32)
    likely = np.flatnonzero(_statistics(lines[:, ::STEP])[1] <= 1.5 * SPREAD)
    means[likely], spread[likely] = _statistics(lines[likely])
    plain = spread <= SPREAD
    if colour is not None:
        plain &= np.abs(means - np.asarray(colour, np.float32)).max(axis=1) <= SAME
    found = []
    for start, stop in _runs(plain, means):
        own = means[start:stop].mean(axis=0)
        even = 1 - float(spread[start:stop].mean()) / SPREAD / 2
        red, green, blue = own.tolist()
        found.append(
            Band(start, stop, (red, green, blue), even * _sharpness(lines, start, stop, own, EDGE if colour is None else AGAIN))
        )
    return found


def _statistics(lines: Array) -> tuple[Array, Array]:
    """Mean of each line in each channel, and its standard deviation in the channel where that is largest."""
    import numpy as np

    part = lines.astype(np.float32)
    means = part.mean(axis=1)
    squares = np.einsum("ijk,ijk->ik", part, part) / max(part.shape[1], 1)
    return means, np.sqrt(np.clip(squares - means**2, 0, None)).max(axis=1)


def _runs(plain: Array, means: Array) -> Iterator[tuple[int, int]]:
    """Start and stop of each run of plain lines whose colours do not leave that of its first."""
    import numpy as np

    start: int | None = None
    for i, is_plain in enumerate(plain.tolist()):
        if start is not None and (not is_plain or float(np.abs(means[i] - means[start]).max()) > SAME):
            yield start, i
            start = None
        if is_plain and start is None:
            start = i
    if start is not None:
        yield start, len(means)


def _sharpness(lines: Array, start: int, stop: int, colour: Array, least: float) -> float:
    """The part of its length along which a band ends sharply, at the worse of its edges; 0 under `least`, or without edges."""
    import numpy as np

    sides = [side for side in (lines[max(start - NEAR, 0) : start], lines[stop : stop + NEAR]) if len(side)]
    if not sides:
        return 0.0
    parts = [float((np.abs(side - colour).max(axis=2).max(axis=0) >= CONTRAST).mean()) for side in sides]
    return min(parts) if min(parts) >= least else 0.0


def _commonest(bands: Sequence[Band]) -> tuple[float, float, float]:
    """The colour of the most and clearest lines."""

    def weight(one: Band) -> float:
        alike = (b for b in bands if max(abs(x - y) for x, y in zip(b.colour, one.colour, strict=True)) <= SAME)
        return sum((band.stop - band.start) * band.clear for band in alike)

    return max(bands, key=weight).colour
