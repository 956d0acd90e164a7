"""A class label becomes a tag."""

from __future__ import annotations

import pytest

from experts.label import Label
from fusion.facts import Fact
from fusion.testing import sample


@pytest.mark.parametrize(
    ("label", "stated"),
    [
        pytest.param("Egyptian cat", ["Egyptian cat"], id="exactly as found"),
        pytest.param(None, [], id="none"),
        pytest.param(" ", [], id="blank"),
    ],
)
def test_a_label_is_a_tag(label, stated):
    assert Label().look(sample(label=label)) == [Fact(kind="tag", value=value, data={"role": "label"}) for value in stated]


def test_it_is_no_hearsay_and_its_silence_says_nothing():
    assert not Label().card.hearsay
    assert not Label().card.covers("tag", "cat")
    assert Label.automatic
