"""Lines of text as people read them: words joined to lines, lines to blocks, blocks column by column.

No library and no model: only where the outlines lie. All limits are in heights of a line, so that they hold at any size.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

Point = tuple[float, float]

WORD_GAP = 0.6
"""Widest gap between two words of one line: a blank takes a quarter to a third of a line's height, a justified one twice that."""
OVERLAP = 0.3
"""How far two words of a line may overlap: outlines are drawn with a margin."""
LEVEL = 0.35
"""How far the middles of two words of a line may lie apart, across the line."""
SLANT = math.radians(15)
"""Between the directions of two words of a line."""
SAME_SIZE = 1.6
"""Higher line over lower: from there on they are of two sizes, such as a heading and what stands under it."""
LINE_GAP = 0.9
"""Widest gap between two lines of a block; the usual leading leaves .2 to .6."""
ALIGNED = 1.5
"""How far the left edges, the middles or the right edges of lines of a block may lie apart: a first line may be set in."""
TALL = 1.2
"""Height over length from which a text of several characters runs downwards; such a one is joined to nothing beside it."""

_WITHOUT_BLANKS = ("CJK", "HIRAGANA", "KATAKANA", "THAI")


@dataclass(frozen=True)
class Line:
    """A line of text, 0..1 how sure, and the corners of its outline in pixels, clockwise from where the text begins."""

    text: str
    score: float
    polygon: tuple[Point, ...]

    @property
    def height(self) -> float:
        """Mean of the two edges before and behind the text, pixels."""
        a, b, c, d = self.polygon
        return (math.dist(a, d) + math.dist(b, c)) / 2

    @property
    def length(self) -> float:
        """Mean of the two edges along the text, pixels."""
        a, b, c, d = self.polygon
        return (math.dist(a, b) + math.dist(d, c)) / 2

    @property
    def area(self) -> float:
        """Square pixels inside the outline."""
        around = zip(self.polygon, (*self.polygon[1:], self.polygon[0]), strict=True)
        return abs(sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in around)) / 2

    @property
    def frame(self) -> tuple[float, float, float, float]:
        """The upright box around the outline: left, top, right, bottom."""
        across, down = [x for x, _ in self.polygon], [y for _, y in self.polygon]
        return min(across), min(down), max(across), max(down)


def blocks(lines: Sequence[Line]) -> list[list[Line]]:
    """The lines in reading order, those that belong together in one list.

    Blocks are read as the widest gaps part them: columns one after the other, a heading before the columns under it, and where
    nothing parts them from top to bottom. Where most letters are Arabic or Hebrew, columns are read from the right.
    """
    backwards = _runs_leftwards(lines)
    whole = list(lines) if backwards else joined(lines)
    groups = _chained(whole)
    frames = [_around([whole[n] for n in group]) for group in groups]
    if backwards:
        frames = [(-right, top, -left, bottom) for left, top, right, bottom in frames]
    return [[whole[n] for n in groups[place]] for place in _in_order(frames)]


def _runs_leftwards(lines: Sequence[Line]) -> bool:
    sides = [unicodedata.bidirectional(character) for line in lines for character in line.text if character.isalpha()]
    return 2 * sum(side in ("R", "AL") for side in sides) > len(sides)


# Words to lines


def joined(words: Sequence[Line]) -> list[Line]:
    """The same with neighbours that stand on one line made one, in the order in which each line's first word came."""
    follows: dict[int, int] = {}
    taken: set[int] = set()
    ends = [_ends(word) for word in words]
    gaps = (
        (gap, n, m)
        for n, one in enumerate(words)
        for m, other in enumerate(words)
        if n != m and math.dist(ends[n][1], ends[m][0]) <= one.height and (gap := _gap(one, other)) is not None
    )
    for _, n, m in sorted(gaps):
        if n not in follows and m not in taken and not _leads(follows, m, n):
            follows[n] = m
            taken.add(m)
    return [_line(words, n, follows) for n in range(len(words)) if n not in taken]


def _ends(line: Line) -> tuple[Point, Point]:
    """The middles of the edges before and behind the text."""
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = line.polygon
    return ((ax + dx) / 2, (ay + dy) / 2), ((bx + cx) / 2, (by + cy) / 2)


def _leads(follows: dict[int, int], start: int, end: int) -> bool:
    """Does the chain of words that begins at `start` come to `end`?"""
    while start in follows:
        start = follows[start]
        if start == end:
            return True
    return False


def _gap(one: Line, other: Line) -> float | None:
    """Pixels from the end of a word to the start of the next, None if the other does not follow on its line."""
    if _is_tall(one) or _is_tall(other) or not _same_size(one, other, SAME_SIZE):
        return None
    height = (one.height + other.height) / 2
    start, end = _ends(one)
    following, last = _ends(other)
    direction = math.atan2(end[1] - start[1], end[0] - start[0])
    turn = math.atan2(last[1] - following[1], last[0] - following[0]) - direction
    if abs(math.remainder(turn, 2 * math.pi)) > SLANT:
        return None
    over, down = following[0] - end[0], following[1] - end[1]
    along = over * math.cos(direction) + down * math.sin(direction)
    across = down * math.cos(direction) - over * math.sin(direction)
    near = -OVERLAP * height <= along <= WORD_GAP * height and abs(across) <= LEVEL * height
    return along if near else None


def _is_tall(line: Line) -> bool:
    return len(line.text) > 1 and line.height > TALL * line.length


def _same_size(one: Line, other: Line, most: float) -> bool:
    return max(one.height, other.height) <= most * min(one.height, other.height)


def _line(words: Sequence[Line], place: int, follows: dict[int, int]) -> Line:
    """The words that follow on one another, as sure as the least sure of them."""
    line = words[place]
    while (following := follows.get(place)) is not None:
        place, word = following, words[following]
        outline = (line.polygon[0], word.polygon[1], word.polygon[2], line.polygon[3])
        text = f"{line.text}{_blank(line.text, word.text)}{word.text}"
        line = replace(line, text=text, score=min(line.score, word.score), polygon=outline)
    return line


def _blank(before: str, behind: str) -> str:
    """A blank, which languages without blanks do not write."""
    names = [unicodedata.name(character, "") for character in (before[-1:] or " ", behind[:1] or " ")]
    return "" if all(name.startswith(_WITHOUT_BLANKS) for name in names) else " "


# Lines to blocks

Frame = tuple[float, float, float, float]


def _chained(lines: Sequence[Line]) -> list[list[int]]:
    """Places of lines by block: a line goes on the one over it if each is the only one near the other.

    So a heading over two columns, or a line under both, is a block of its own.
    """
    frames = [line.frame for line in lines]
    order = sorted(range(len(lines)), key=lambda n: frames[n][1])
    under: dict[int, list[int]] = {n: [] for n in order}
    over: dict[int, list[int]] = {n: [] for n in order}
    for place, n in enumerate(order):
        lowest = frames[n][3] + LINE_GAP * lines[n].height
        for m in order[place + 1 :]:
            if frames[m][1] > lowest:
                break
            hidden = any(_lies_under(frames[nearer], frames[m]) for nearer in under[n])
            if _lies_under(frames[n], frames[m]) and not hidden:
                under[n].append(m)
                over[m].append(n)
    go_on = {n: below[0] for n, below in under.items() if len(below) == 1 and len(over[below[0]]) == 1}
    go_on = {n: m for n, m in go_on.items() if _belong(lines[n], lines[m])}
    later = set(go_on.values())
    return [_chain(n, go_on) for n in order if n not in later]


def _chain(place: int, go_on: dict[int, int]) -> list[int]:
    found = [place]
    while found[-1] in go_on:
        found.append(go_on[found[-1]])
    return found


def _lies_under(one: Frame, other: Frame) -> bool:
    """Does the other begin under the middle of the one, with some of it straight below?"""
    return other[1] >= (one[1] + one[3]) / 2 and min(one[2], other[2]) > max(one[0], other[0])


def _belong(one: Line, other: Line) -> bool:
    """Lines of one size, near one another, whose left edges, middles or right edges are in line."""
    (left, _, right, bottom), (other_left, top, other_right, _) = one.frame, other.frame
    height = min(one.height, other.height)
    edges = (left - other_left, right - other_right, (left + right - other_left - other_right) / 2)
    aligned = min(map(abs, edges)) <= ALIGNED * height
    return aligned and _same_size(one, other, SAME_SIZE) and top - bottom <= LINE_GAP * height


# Blocks in order


def _around(lines: Sequence[Line]) -> Frame:
    lefts, tops, rights, bottoms = zip(*(line.frame for line in lines), strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def _in_order(frames: Sequence[Frame]) -> list[int]:
    """Places of the frames as they are read: parted at the widest gap first, sideways or downwards, and so on in each part."""
    found: list[int] = []
    waiting = [list(range(len(frames)))]
    while waiting:
        part = waiting.pop()
        cut = max((_widest(frames, part, 1), _widest(frames, part, 0)), key=lambda one: one[0])
        if len(part) < 2 or cut[0] < 0:
            found += _rows(frames, part)
        else:
            waiting += [cut[2], cut[1]]
    return found


def _widest(frames: Sequence[Frame], part: Sequence[int], axis: int) -> tuple[float, list[int], list[int]]:
    """The widest gap along an axis (0 sideways, 1 downwards), what lies before it and behind; -1 where there is none."""
    order = sorted(part, key=lambda n: frames[n][axis])
    best, where, reached = -1.0, 0, -math.inf
    for place, (n, following) in enumerate(pairwise(order), 1):
        reached = max(reached, frames[n][axis + 2])
        gap = frames[following][axis] - reached
        if gap >= 0 and gap > best:
            best, where = gap, place
    return best, order[:where], order[where:]


def _rows(frames: Sequence[Frame], part: Sequence[int]) -> list[int]:
    """From top to bottom, and from left to right where middles are level."""
    rows: list[list[int]] = []
    lowest = -math.inf
    for n in sorted(part, key=lambda n: (frames[n][1] + frames[n][3], frames[n][0])):
        _, top, _, bottom = frames[n]
        if (top + bottom) / 2 > lowest:
            rows.append([])
            lowest = (top + bottom) / 2 + (bottom - top) / 2
        rows[-1].append(n)
    return [n for row in rows for n in sorted(row, key=lambda n: frames[n][0])]
