"""What boxes say of where things are, as a table; pixels, y pointing down."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion.evidence import geometry
from fusion.evidence.geometry import SPATIAL
from fusion.facts import Box

LEFT, RIGHT = Box(0, 40, 20, 60), Box(80, 40, 100, 60)
HIGH, LOW = Box(40, 0, 60, 20), Box(40, 80, 60, 100)
TABLE, CUP = Box(20, 50, 80, 90), Box(40, 35, 50, 52)
ROOM, CHAIR = Box(0, 0, 100, 100), Box(30, 30, 50, 50)

HOLDS = [
    ("left of", LEFT, RIGHT, True),
    ("left of", RIGHT, LEFT, False),
    ("to the right of", RIGHT, LEFT, True),
    ("above", HIGH, LOW, True),
    ("below", HIGH, LOW, False),
    ("on", CUP, TABLE, True),
    ("sit on", CUP, TABLE, True),
    ("on", TABLE, CUP, False),
    ("on", LEFT, RIGHT, False),
    ("under", TABLE, CUP, True),
    ("inside", CHAIR, ROOM, True),
    ("in", LEFT, RIGHT, False),
    ("contain", ROOM, CHAIR, True),
    ("near", CUP, TABLE, True),
    ("far from", LEFT, RIGHT, None),
    ("touch", LEFT, RIGHT, False),
    ("next to", LEFT, Box(22, 40, 42, 60), True),
    ("in front of", Box(30, 40, 60, 95), Box(25, 30, 65, 70), True),
    ("in", ROOM, CHAIR, None),
]


@pytest.mark.parametrize(("phrase", "a", "b", "holds"), HOLDS, ids=[f"{p} {n}" for n, (p, *_) in enumerate(HOLDS)])
def test_boxes_tell(phrase: str, a: Box, b: Box, holds: bool | None) -> None:
    test = geometry.test_for(phrase)
    assert test is not None
    clear = test(a, b)
    assert (clear >= 0.25) if holds else (clear <= -0.25) if holds is False else abs(clear) < 0.25


@pytest.mark.parametrize("phrase", ["facing", "ride", "wear", "cover in", "part of"])
def test_boxes_cannot_tell(phrase: str) -> None:
    assert geometry.test_for(phrase) is None


EDGES = st.tuples(*[st.floats(0, 500)] * 2, *[st.floats(1, 500)] * 2).map(lambda e: Box(e[0], e[1], e[0] + e[2], e[1] + e[3]))


@given(st.sampled_from(sorted(SPATIAL)), EDGES, EDGES)
def test_every_test_stays_between_surely_not_and_surely(phrase: str, a: Box, b: Box) -> None:
    assert -1.0 <= SPATIAL[phrase](a, b) <= 1.0


@given(EDGES, EDGES)
def test_left_and_right_are_opposites(a: Box, b: Box) -> None:
    assert SPATIAL["left of"](a, b) == pytest.approx(-SPATIAL["right of"](a, b)) == pytest.approx(SPATIAL["right of"](b, a))
