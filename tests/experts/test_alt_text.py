"""Alt-text becomes one statement, marked as hearsay."""

from __future__ import annotations

import pytest

from experts.alt_text import AltText
from fusion.facts import Fact
from fusion.testing import sample


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        pytest.param("Our cat. Whitby, 2019", ["Our cat. Whitby, 2019"], id="two sentences are one statement"),
        pytest.param(" Two  Dogs\n", [" Two  Dogs\n"], id="exactly as found"),
        pytest.param("Großer Hund 犬", ["Großer Hund 犬"], id="any language"),
        pytest.param(None, [], id="none"),
        pytest.param("", [], id="empty"),
        pytest.param(" \n", [], id="blank"),
    ],
)
def test_alt_text_is_a_statement(text, stated):
    assert AltText().look(sample(alt_text=text)) == [Fact(kind="statement", value=value) for value in stated]


def test_it_is_hearsay_and_its_silence_says_nothing():
    card = AltText().card
    assert card.hearsay
    assert not any(card.covers(kind, "dog") for kind in ("object", "name", "statement"))
    assert AltText.automatic
