"""Tags that others imply."""

from __future__ import annotations

import pytest

from fusion.tags.implied import implied


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        pytest.param(["skirt", "black_skirt"], {"skirt": "black_skirt"}, id="the same thing with more said of it"),
        pytest.param(
            ["hair", "long_hair", "very_long_hair"], {"hair": "very_long_hair", "long_hair": "very_long_hair"}, id="a chain"
        ),
        pytest.param(["dog", "puppy"], {"dog": "puppy"}, id="a kind of it"),
        pytest.param(["couch", "sofa"], {"sofa": "couch"}, id="of two words for one thing the first stays"),
        pytest.param(["multiple_girls", "2girls"], {"multiple_girls": "2girls"}, id="a count"),
        pytest.param(["multiple_dogs", "1" * 5000 + "dogs"], {}, id="a number that no count reaches"),
        pytest.param(["multiple_girls", "1girl"], {}, id="one is not several"),
        pytest.param(["cat", "black_cat"], {"cat": "black_cat"}, id="a colour, though black cats are martens to the lexicon"),
        pytest.param(["dog", "hot_dog"], {}, id="a compound of another kind"),
        pytest.param(["skirt", "no_skirt"], {}, id="a denial"),
        pytest.param(["car", "toy_car"], {}, id="a likeness"),
        pytest.param(["hat", "hat_ribbon"], {}, id="a part that is no head"),
        pytest.param(["cat", "catfish"], {}, id="letters in common"),
    ],
)
def test_implied(tags: list[str], expected: dict[str, str]) -> None:
    assert implied(tags) == expected
