"""Colour words and their basic terms."""

from __future__ import annotations

import pytest

from fusion import lexicon
from fusion.lexicon.colours import BASIC

COLOURS = {
    "navy": "blue", "dark green": "green", "light blue": "blue", "gray": "grey", "tan": "brown", "reddish": "red",
    "bluish": "blue",
    "teal": "blue", "bright red": "red", "golden": "yellow", "off-white": "white", "Orange": "orange",
    "sky blue": "blue",
    "maroon": "red", "brown colored": "brown", "reddish-brown": "brown",
}  # fmt: skip


@pytest.mark.parametrize(("word", "basic"), COLOURS.items())
def test_basic_term(word, basic):
    assert lexicon.colour(word) == basic


@pytest.mark.parametrize("word", ["dog", "dark", "", "red dog", "colorful"])
def test_no_colour(word):
    assert lexicon.colour(word) is None
    assert lexicon.neighbours(word) == frozenset()


def test_eleven_basic_terms_stand_for_themselves():
    assert len(BASIC) == 11
    assert [lexicon.colour(term) for term in BASIC] == list(BASIC)


@pytest.mark.parametrize(("word", "near"), [("red", "orange"), ("teal", "green"), ("navy", "black"), ("silver", "white")])
def test_neighbours(word, near):
    assert near in lexicon.neighbours(word)


@pytest.mark.parametrize(("word", "far"), [("red", "blue"), ("black", "white"), ("yellow", "purple")])
def test_no_neighbours(word, far):
    assert far not in lexicon.neighbours(word)
