"""Where in the picture things are, by their boxes."""

from __future__ import annotations

import pytest

from experts.layout import Layout
from fusion.errors import ConfigError, ExpertError
from fusion.facts import Box, Fact
from fusion.testing import sample

LEFT, RIGHT, MIDDLE = "on the left", "on the right", "in the middle"


def thing(value, *corners, name="", **fields):
    return Fact(id=name or f"d/{value}{corners}", expert="d", kind="object", value=value, box=Box(*corners), **fields)


def stated(*facts, **options):
    """Values by the noun they are said of, in a picture of 600×400 pixels."""
    nouns = {fact.id: fact.value for fact in facts}
    return [(nouns[fact.about], fact.value) for fact in Layout(**options).look(sample(width=600, height=400, facts=facts))]


@pytest.mark.parametrize(
    ("corners", "expected"),
    [
        pytest.param((50, 150, 150, 250), [LEFT], id="left"),
        pytest.param((450, 150, 550, 250), [RIGHT], id="right"),
        pytest.param((250, 150, 350, 250), [MIDDLE], id="middle"),
        pytest.param((180, 150, 210, 250), [LEFT], id="just left"),
        pytest.param((0, 150, 390, 250), [], id="the centre on the left, the half not"),
        pytest.param((250, 0, 350, 60), [], id="in the middle across, at the top"),
        pytest.param((-50, 150, 120, 250), [LEFT], id="past the edge"),
        pytest.param((700, 150, 800, 250), [], id="outside"),
        pytest.param((20, 20, 590, 390), ["filling the frame"], id="filling the frame"),
        pytest.param((200, 100, 420, 400), [MIDDLE, "in the foreground"], id="low, tall and large"),
        pytest.param((20, 100, 290, 400), [LEFT, "in the foreground"], id="the same on the left"),
        pytest.param((20, 0, 290, 300), [LEFT], id="tall and large, and not low"),
        pytest.param((200, 250, 420, 400), [], id="low, and not tall"),
        pytest.param((40, 200, 100, 400), [LEFT], id="low and tall, and small"),
    ],
)
def test_the_only_one_of_its_name(corners, expected):
    assert stated(thing("dog", *corners)) == [("dog", value) for value in expected]


TWO = thing("dog", 50, 150, 150, 250, name="a"), thing("dog", 450, 150, 550, 250, name="b")


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        pytest.param(TWO, [("dog", LEFT), ("dog", RIGHT)], id="two"),
        pytest.param((*TWO, thing("dog", 250, 150, 350, 250)), [], id="three"),
        pytest.param((TWO[0], thing("dog", 120, 150, 220, 250)), [], id="two in one half"),
        pytest.param((thing("dog", 100, 20, 310, 90), thing("dog", 290, 200, 590, 300)), [], id="two, one over the other"),
        pytest.param((TWO[0], thing("cat", 450, 150, 550, 250)), [("dog", LEFT), ("cat", RIGHT)], id="two of two names"),
        pytest.param((TWO[0], thing("animal", 250, 150, 350, 250)), [], id="the other may be one too"),
        pytest.param(
            (TWO[0], thing("puppy", 52, 150, 150, 250)), [("dog", LEFT), ("puppy", LEFT)], id="one thing that two experts see"
        ),
        pytest.param(
            (*TWO, thing("dog", 52, 150, 150, 250)),
            [("dog", LEFT), ("dog", RIGHT), ("dog", LEFT)],
            id="two, one of them seen twice",
        ),
        pytest.param((TWO[0], thing("dog", 300, 150, 600, 250, number=2)), [], id="one and a group"),
        pytest.param((thing("dog", 50, 150, 150, 250, at_least=True, number=2),), [], id="a crowd"),
        pytest.param((TWO[0], Fact(id="s", kind="object", value="dog")), [], id="one of which the place is not known"),
        pytest.param((TWO[0], Fact(id="s", kind="count", value="dog", number=2)), [], id="a count says two"),
        pytest.param((TWO[0], Fact(id="s", kind="count", value="dog", number=1)), [("dog", LEFT)], id="a count says one"),
        pytest.param((TWO[0], thing("dog", 450, 150, 550, 250, negated=True)), [("dog", LEFT)], id="no other"),
        pytest.param((thing("dog", 50, 150, 150, 250, negated=True),), [], id="negated"),
        pytest.param((Fact(id="t", kind="text", value="dog", box=Box(1, 2, 3, 4)),), [], id="no object"),
        pytest.param((), [], id="nothing"),
        pytest.param(
            (thing("dog", 200, 100, 420, 400), thing("man", 0, 0, 350, 390)),
            [("dog", MIDDLE), ("man", "in the foreground")],
            id="something larger",
        ),
    ],
)
def test_of_several(facts, expected):
    assert stated(*facts) == expected


def test_a_fact_hangs_on_its_object_and_is_less_sure_near_the_limit():
    surely, hardly = (
        Layout().look(sample(width=600, height=400, facts=(thing("dog", x, 150, x + 40, 250, name="d/0", score=0.8),)))[0]
        for x in (10, 178)
    )
    assert surely == Fact(kind="attribute", value=LEFT, about="d/0", parent="d/0", score=0.8)
    assert 0.4 <= hardly.score < 0.42


def test_how_much_fills_the_frame():
    dog = thing("dog", 0, 0, 600, 300)
    assert stated(dog, fills=0.6) == [("dog", "filling the frame")]
    assert stated(dog, fills=0.8) == [("dog", MIDDLE)]


@pytest.mark.parametrize("fills", [0.5, 0, 1.1])
def test_an_option_out_of_range(fills):
    with pytest.raises(ConfigError, match=r"fills: expected over \.5 and at most 1"):
        Layout(fills=fills)


def test_the_size_of_the_picture_is_needed():
    with pytest.raises(ExpertError, match="expected the size of 'test' in pixels, got none"):
        Layout().look(sample(facts=TWO))
    assert Layout().look(sample()) == []


def test_its_silence_says_nothing():
    card = Layout().cards("layout")["layout"]
    assert not card.covers("attribute", LEFT)
    assert card.precision_of("attribute", LEFT) == 0.9
    assert Layout.needs == {"object"}
