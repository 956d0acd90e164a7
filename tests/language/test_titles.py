"""Quotations beside a sentence are names, and no grammar of it."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion.language import Language
from fusion.language.grammar import rewrite
from fusion.language.removal import removal
from fusion.language.titles import find_titles, without

FOUND = [
    ('"Orchids, 1904": a painting of pink flowers.', ["Orchids, 1904"]),
    ('A painting of pink flowers. "Orchids, 1904".', ["Orchids, 1904"]),
    ('A dog runs. "He ran. He sat."', ["He ran. He sat."]),
    ('"He ran." A dog runs.', ["He ran."]),
    ('A boy on a sofa ("Orchids"). It sleeps.', ["Orchids"]),
    ('A painting of flowers, titled "Orchids".', ["Orchids"]),
    ("A dog. “Rex ”.", ["Rex"]),
    ('"One": a dog. "Two".', ["One", "Two"]),
    ('A sign that says "STOP".', []),
    ('A sign ("STOP) here".', []),
    ('A book titled "Orchids".', []),
    ('"STOP" is written on a sign.', []),
    ('"A dog on a sofa."', []),
    ('"A dog." "A cat."', []),
    ('A dog. "?!".', []),
    ('A dog. "Rex', []),
    ("", []),
]


@pytest.mark.parametrize(("text", "words"), FOUND, ids=[text or "empty" for text, _ in FOUND])
def test_titles(text: str, words: list[str]) -> None:
    assert [text[slice(*t.words)] for t in find_titles(text)] == words


@given(st.text(alphabet='ab "“”.:(),!', max_size=40))
def test_places_stay(text: str) -> None:
    titles = find_titles(text)
    blank = without(text, titles)
    assert len(blank) == len(text)
    assert all(t.whole[0] <= t.words[0] < t.words[1] <= t.whole[1] for t in titles)
    assert all(one.whole[1] <= other.whole[0] for one, other in pairwise(titles))


SAID = [
    ('"The VW T-ROC wheel": the wheel on a car is shown.', "The wheel on a car is shown."),
    ('The wheel on a car is shown. "VW T-ROC wheel".', "The wheel on a car is shown."),
    ('A boy on a sofa ("Orchids, 1904"). He sleeps.', "A boy on a sofa. He sleeps."),
    ('A painting of flowers, titled "Two dogs".', "A painting of flowers."),
]


@pytest.mark.parametrize(("text", "left"), SAID, ids=[text for text, _ in SAID])
def test_a_title_is_one_name_and_can_go(text: str, left: str) -> None:
    reading = Language.load().read([text], ["en"])[0]
    (name,) = (c for c in reading.claims if c.kind == "name")
    assert text[slice(*name.span)] == name.value
    assert [c.value for c in reading.claims if c.kind == "object"] == [
        c.value for c in Language.load().read([left], ["en"])[0].claims if c.kind == "object"
    ]
    rule, tokens = removal(reading.doc, reading.tokens[name.id], "name")
    assert rule == "drop title"
    assert rewrite(reading.doc, text, tokens)[0] == left


@pytest.mark.parametrize(
    ("text", "things"),
    [
        pytest.param('A dog and a cat ("Boats").', ["dog", "cat"], id="in brackets at the end"),
        pytest.param('A dog ("Boats in River").', ["dog"], id="behind a single noun"),
        pytest.param('"Boats": a dog and a cat.', ["dog", "cat"], id="in front"),
        pytest.param('A man on a bench ("Z") and a cat.', ["man", "bench", "cat"], id="within"),
        pytest.param('A dog and a cat, titled "X".', ["dog", "cat"], id="introduced"),
        pytest.param('A dog runs. "All of it." A cat sleeps. "More."', ["dog", "cat"], id="twice"),
    ],
)
def test_the_sentence_is_read_as_if_there_were_no_title(text: str, things: list[str]) -> None:
    reading = Language.load().read([text])[0]
    assert [c.value for c in reading.claims if c.kind == "object"] == things
    assert all(text[slice(*c.span)] == c.value for c in reading.claims if c.kind in {"object", "name"})
    assert reading.doc is not None
    assert len(reading.doc.text) == len(text)


@given(
    st.lists(
        st.sampled_from(["A dog", " and a cat", '"Boats".', ' ("Boats")', ".", " ", '"T": ', ', titled "X"', " It runs"]),
        max_size=8,
    )
)
def test_every_place_in_the_parse_is_one_in_the_text(pieces: list[str]) -> None:
    text = "".join(pieces)
    reading = Language.load().read([text], ["en"])[0]
    if reading.doc is not None:
        assert len(reading.doc.text) == len(text)
        assert all(token.is_space or text[token.idx : token.idx + len(token)] == token.text for token in reading.doc)
