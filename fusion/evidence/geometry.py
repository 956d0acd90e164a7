"""What two boxes say about where things are. Pixels of the upright picture, origin top left, y pointing down.

Each test returns how clearly the relation holds, from -1 (surely not) over 0 (the boxes cannot tell) to 1 (surely). The
depth of a scene is not in its boxes: "behind" and "in front of" are judged only where size and overlap allow.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from fusion.facts import Box

Test = Callable[[Box, Box], float]


def clamp(value: float) -> float:
    """Into -1..1."""
    return max(-1.0, min(1.0, value))


def left_of(a: Box, b: Box) -> float:
    """Centre of a left of the centre of b, measured in half widths; boxes that share most of their width cannot tell."""
    apart = (b.centre[0] - a.centre[0]) / max((a.width + b.width) / 4, 1.0)
    return clamp(apart) if abs(apart) >= 0.4 else 0.5 * apart


def at_left_of(a: Box, b: Box) -> float:
    """Left of it and level with it: what stands over or under it is not at its side."""
    side, level = left_of(a, b), min(a.y1, b.y1) - max(a.y0, b.y0)
    return side if side <= 0 or level > 0 else min(side, 0.2)


def above(a: Box, b: Box) -> float:
    """Centre of a above the centre of b, measured in half heights."""
    return clamp((b.centre[1] - a.centre[1]) / max((a.height + b.height) / 4, 1.0))


def gap(a: Box, b: Box) -> float:
    """Distance between the edges in units of the smaller box's mean side; 0 if they touch or overlap."""
    across = max(a.x0 - b.x1, b.x0 - a.x1, 0.0)
    down = max(a.y0 - b.y1, b.y0 - a.y1, 0.0)
    return math.hypot(across, down) / max(math.sqrt(min(a.area, b.area)), 1.0)


def inside(a: Box, b: Box) -> float:
    """Share of a that lies in b; a larger than b is not inside."""
    if a.area <= 0 or a.area > 1.1 * b.area:
        return 0.0 if b.overlap(a) > 0.5 * b.area else -0.6  # who is in a tie is larger than it
    share = a.overlap(b) / a.area
    return clamp((share - 0.5) * 2)


def touching(a: Box, b: Box) -> float:
    """Boxes that are apart do not touch; of overlapping ones those of things that touch overlap much."""
    distance = gap(a, b)
    if distance > 0:
        return clamp(-3 * distance - 0.2)
    return clamp(0.1 + 0.6 * a.overlap(b) / max(min(a.area, b.area), 1.0))


def on(a: Box, b: Box) -> float:
    """a rests on b: most of it is over b or in it, it does not hang below b, and it is not the larger by far."""
    if gap(a, b) > 0.15:
        return -0.8
    across = min(a.x1, b.x1) - max(a.x0, b.x0)
    if across < 0.4 * min(a.width, b.width):
        return -0.5
    if a.y1 > b.y1 + 0.25 * b.height and above(a, b) < 0:
        return -0.7
    if a.area > 1.5 * b.area:  # what is large lies under what is small, unless it stands on it as on a skateboard
        return 0.3 if a.x0 < b.centre[0] < a.x1 and b.y0 < a.y1 < b.y1 + 0.5 * b.height else -0.3
    return 0.6 if above(a, b) > -0.2 else 0.3 if inside(a, b) > 0.8 else 0.1


def near(a: Box, b: Box) -> float:
    """Less than one side of the smaller box between them."""
    distance = gap(a, b)
    return max(0.8 - distance, 0.0) if distance <= 4 else clamp(-(distance - 4) / 4)


def beside(a: Box, b: Box) -> float:
    """Near, side by side rather than one over the other."""
    closeness = near(a, b)
    if closeness < 0:
        return closeness
    level = min(a.y1, b.y1) - max(a.y0, b.y0)
    return 0.6 if level > 0 else 0.0


def in_front(a: Box, b: Box) -> float:
    """What is nearer reaches further down in the picture; of overlapping things that end level the smaller is in front."""
    lower = (a.y1 - b.y1) / max(min(a.height, b.height) * 0.5, 1.0)
    if gap(a, b) > 0:
        return 0.4 * clamp(lower) if abs(lower) > 0.3 else 0.0
    if abs(lower) > 0.15:
        return 0.6 * clamp(lower)
    return 0.3 if a.area < 0.7 * b.area else -0.3 if b.area < 0.7 * a.area else 0.0


def between(a: Box, b: Box, c: Box) -> float:
    """a between b and c: the way from b to c, centre to centre, leads past it."""
    (bx, by), (cx, cy), (ax, ay) = b.centre, c.centre, a.centre
    length = math.hypot(cx - bx, cy - by)
    if length < 1:
        return 0.0
    along = ((ax - bx) * (cx - bx) + (ay - by) * (cy - by)) / length**2
    off = abs((ax - bx) * (cy - by) - (ay - by) * (cx - bx)) / length
    if not 0 < along < 1:
        return -0.6
    return 0.6 if off < max(a.width, a.height) + 0.1 * length else 0.0


_PLAIN: dict[Test, Test] = {}
"""The test behind one that turns it around."""


def opposite(test: Test) -> Test:
    """The relation that holds where this one does not."""
    return _turned(test, lambda a, b: -test(a, b))


def swapped(test: Test) -> Test:
    """The same relation seen from the other thing."""
    return _turned(test, lambda a, b: test(b, a))


def _turned(test: Test, turned: Test) -> Test:
    _PLAIN[turned] = _PLAIN.get(test, test)
    return turned


SPATIAL: dict[str, Test] = {
    "left of": left_of, "to the left of": left_of, "on the left of": left_of, "at the left side of": at_left_of,
    "on the left side of": at_left_of, "to the left side of": at_left_of,
    "right of": swapped(left_of), "to the right of": swapped(left_of), "on the right of": swapped(left_of),
    "at the right side of": swapped(at_left_of), "on the right side of": swapped(at_left_of),
    "to the right side of": swapped(at_left_of),
    "above": above, "over": above, "below": opposite(above), "under": swapped(on), "beneath": swapped(on),
    "underneath": swapped(on),
    "on": on, "on top of": on, "atop": on, "upon": on, "onto": on,
    "in": inside, "inside": inside, "within": inside, "in the middle of": inside, "into": inside,
    "contain": swapped(inside), "surround": swapped(inside),
    "touch": touching, "against": touching, "attached to": touching, "attach to": touching, "connect to": touching,
    "next to": beside, "beside": beside, "by": near, "near": near, "close to": near, "alongside": beside,
    "at the side of": beside, "adjacent to": beside, "around": near, "with": near,
    "far from": opposite(near), "far away from": opposite(near), "away from": opposite(near),
    "behind": swapped(in_front), "in back of": swapped(in_front), "at the back of": swapped(in_front),
    "in front of": in_front, "ahead of": in_front,
}  # fmt: skip
"""How each spatial phrase is tested. "Facing" and its kind are absent: boxes never tell."""


POSTURES = frozenset(
    "sit stand lie lay rest be place park perch lean hang sleep wait pose walk run ride stay locate seat".split()
)
"""Verbs that leave the place to the preposition: "sit on" is "on", while "covered in" is not "in"."""


def test_for(phrase: str) -> Test | None:
    """The test for a relation's value, past a verb of posture ("sit on" is "on"); articles do not matter."""
    words = [w for w in phrase.split() if w not in {"the", "a", "an"}]
    if words and words[0] in POSTURES:
        words = words[1:]
    return _BY_PHRASE.get(" ".join(words))


FAMILIES: dict[str, tuple[Test, ...]] = {
    "side": (left_of, at_left_of), "height": (above, on), "inside": (inside,), "touch": (touching,), "near": (near, beside),
    "depth": (in_front,),
}  # fmt: skip
"""Tests that are trusted alike."""


def family_of(phrase: str) -> str:
    """The family of a phrase's test; "near" for one that has none of its own."""
    test = test_for(phrase)
    plain = _PLAIN.get(test, test) if test is not None else None
    return next((name for name, tests in FAMILIES.items() if plain in tests), "near")


_BY_PHRASE = {" ".join(w for w in phrase.split() if w != "the"): test for phrase, test in SPATIAL.items()}
