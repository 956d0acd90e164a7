"""Tags become facts of kind tag."""

from __future__ import annotations

import pytest

from experts.tags import Tags
from fusion.facts import Fact
from fusion.testing import sample


@pytest.mark.parametrize(
    ("tags", "stated"),
    [
        pytest.param(("cat", "sofa"), ["cat", "sofa"], id="in order"),
        pytest.param(("Long_Hair", "1girl"), ["Long_Hair", "1girl"], id="exactly as found"),
        pytest.param(("cat", "sofa", "cat"), ["cat", "sofa"], id="none twice"),
        pytest.param(("cat", " "), ["cat"], id="no blank ones"),
        pytest.param((), [], id="none"),
    ],
)
def test_tags_are_facts(tags, stated):
    assert Tags().look(sample(tags=tags)) == [Fact(kind="tag", value=value) for value in stated]


def test_they_are_no_hearsay_and_their_silence_says_nothing():
    assert not Tags().card.hearsay
    assert not Tags().card.covers("tag", "cat")
    assert Tags.automatic
