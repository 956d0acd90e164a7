"""Broad kinds of a caller's own choosing."""

from __future__ import annotations

import pytest

from fusion.lexicon.kinds import Kinds

KINDS = Kinds({"clothing": "worn", "hat": "on heads", "noun.food": "eaten", "noun.animal": "alive", "toy": ""})


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        pytest.param("scarf", "worn", id="below an anchor"),
        pytest.param("scarves", "worn", id="a plural"),
        pytest.param("fedora", "on heads", id="the nearer of two anchors"),
        pytest.param("hat", "on heads", id="an anchor itself"),
        pytest.param("soup", "eaten", id="by its file"),
        pytest.param("purple scarf", "worn", id="an unknown compound by its head"),
        pytest.param("hot dog", "eaten", id="a known compound is not its head"),
        pytest.param("teddy bear", "", id="below an anchor that belongs nowhere"),
        pytest.param("window", "", id="below none"),
        pytest.param("qwrtz", "", id="an unknown word"),
    ],
)
def test_kind_of(word: str, kind: str) -> None:
    assert KINDS.of(word) == kind


def test_whole_asks_for_the_word_as_it_is() -> None:
    assert KINDS.of("purple scarf", whole=True) == ""
    assert KINDS.of("hot dog", whole=True) == "eaten"


def test_all_senses_in_order() -> None:
    assert set(KINDS.all("salmon")) == {"alive", "eaten"}
