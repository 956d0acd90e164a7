"""Facts of cropped and mirrored pictures."""

from __future__ import annotations

from typing import Any

import pytest
from views.making import LEFT_HALF, said, thing

import fusion
from fusion.facts import Box, Dispute, Fact, Question, Record

LEFT: dict[str, Any] = {"crop": LEFT_HALF}
NEARLY: dict[str, Any] = {"crop": (0, 0, 90, 100)}
FLIP: dict[str, Any] = {"flip": True}
DOG, CAT = thing("dog", 5), thing("cat", 75)


def seen(*facts: Fact, **how: Any) -> dict[str, Fact]:
    """The facts of a view by id."""
    return {f.id: f for f in fusion.view(Record(id="r", width=100, height=100, looked=("e",), facts=facts), **how).facts}


@pytest.mark.parametrize(
    ("box", "how", "expected"),
    [
        pytest.param((5, 40, 25, 60), LEFT, Box(5, 40, 25, 60), id="inside"),
        pytest.param((5, 40, 25, 60), FLIP, Box(75, 40, 95, 60), id="mirrored"),
        pytest.param((40, 40, 60, 60), LEFT, Box(40, 40, 50, 60), id="half of it stays"),
        pytest.param((42, 40, 62, 60), LEFT, None, id="mostly left"),
        pytest.param((60, 40, 80, 60), LEFT, None, id="outside"),
        pytest.param((0, 0, 100, 100), {"crop": (40, 40, 60, 60)}, Box(0, 0, 20, 20), id="it fills the view"),
        pytest.param((10.5, 0, 30.25, 100), {"crop": (10, 0, 40, 100), "flip": True}, Box(9.75, 0, 29.5, 100), id="both"),
    ],
)
def test_boxes(box: tuple[float, ...], how: dict[str, Any], expected: Box | None) -> None:
    found = seen(thing("dog", 0, box=Box(*box)), **how)
    assert (found["dog/0"].box if found else None) == expected


@pytest.mark.parametrize(
    ("fact", "how", "stays"),
    [
        pytest.param(said("attribute", "brown", about="cat/0"), LEFT, False, id="a look of what went"),
        pytest.param(said("attribute", "brown", about="dog/0"), LEFT, True, id="a look of what stayed"),
        pytest.param(said("attribute", "on the left", about="dog/0"), LEFT, False, id="a place in the picture"),
        pytest.param(said("attribute", "happy", about="dog/0", parent="cat/0"), LEFT, False, id="made from what went"),
        pytest.param(said("relation", "next to", about="dog/0", to="cat/0"), LEFT, False, id="a relation to what went"),
        pytest.param(said("text", "STOP", box=Box(0, 0, 20, 9)), LEFT, True, id="text inside"),
        pytest.param(said("text", "STOP", box=Box(35, 0, 55, 9)), LEFT, False, id="text that is cut"),
        pytest.param(said("text", "STOP"), NEARLY, False, id="text without a box"),
        pytest.param(said("text", "STOP", box=Box(0, 0, 20, 9)), FLIP, False, id="mirrored text"),
        pytest.param(said("name", "Stop", parent="sign"), FLIP, True, id="a name"),
        pytest.param(said("tag", "pet"), LEFT, False, id="a tag in half a picture"),
        pytest.param(said("tag", "pet"), NEARLY, True, id="a tag in nearly all of it"),
        pytest.param(said("object", "lamp"), LEFT, False, id="a thing without a box"),
        pytest.param(said("object", "car", negated=True), LEFT, True, id="what is absent"),
        pytest.param(said("scene", "kitchen"), {"crop": (0, 0, 50, 50)}, False, id="a scene in a corner"),
        pytest.param(said("scene", "kitchen"), LEFT, True, id="a scene in half"),
        pytest.param(said("scene", "outdoors"), {"crop": (0, 0, 50, 50)}, True, id="outdoors in each corner"),
        pytest.param(said("style", "black and white photo"), LEFT, True, id="a medium"),
        pytest.param(said("style", "close-up photo"), LEFT, False, id="a viewpoint"),
        pytest.param(said("style", "blue tones"), LEFT, False, id="colours of the whole"),
        pytest.param(said("style", "blue tones"), FLIP, True, id="colours, mirrored"),
        pytest.param(said("name", "2019", data={"field": "date"}), LEFT, True, id="a date"),
        pytest.param(said("name", "Anna"), LEFT, False, id="a name of what may be outside"),
        pytest.param(said("statement", "A pet."), LEFT, False, id="a sentence on half a picture"),
        pytest.param(said("statement", "A pet.", box=Box(0, 0, 40, 90)), LEFT, True, id="a sentence on a region"),
        pytest.param(said("statement", "A pet on the left."), FLIP, False, id="a sentence about sides"),
    ],
)
def test_what_stays(fact: Fact, how: dict[str, Any], stays: bool) -> None:
    others = [DOG, CAT, thing("sign", 0, id="sign")]
    assert (fact.id in seen(*others, fact, **how)) is stays


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        pytest.param("attribute", "on the left", "on the right", id="left"),
        pytest.param("attribute", "facing right", "facing left", id="right"),
        pytest.param("attribute", "bright", "bright", id="no word of its own"),
        pytest.param("attribute", "leftmost", "rightmost", id="most"),
        pytest.param("tag", "Left Profile", "Right Profile", id="capital"),
        pytest.param("name", "Left Bank", "Left Bank", id="a name"),
    ],
)
def test_left_and_right_are_exchanged(kind: str, value: str, expected: str) -> None:
    about = {"about": "dog/0"} if kind == "attribute" else {}
    assert seen(DOG, said(kind, value, id="f", **about), **FLIP)["f"].value == expected


DOGS = [thing("dog", 5, 0), thing("dog", 25, 1), thing("dog", 70, 2)]


@pytest.mark.parametrize(
    ("number", "at_least", "crop", "expected"),
    [
        pytest.param(3, False, (0, 0, 50, 100), (2, False), id="two of three"),
        pytest.param(3, False, (50, 0, 100, 100), None, id="one of three is not counted"),
        pytest.param(5, False, (0, 0, 50, 100), None, id="boxes do not account for it"),
        pytest.param(3, True, (0, 0, 95, 100), (3, True), id="none went"),
        pytest.param(3, True, (0, 0, 50, 100), None, id="at least three, of which one went"),
    ],
)
def test_counts(number: int, at_least: bool, crop: tuple[int, ...], expected: tuple[int, bool] | None) -> None:
    count = said("count", "dog", about="dog/2", number=number, at_least=at_least, id="n")
    found = seen(*DOGS, count, crop=crop).get("n")
    assert (None if found is None else (found.number, found.at_least)) == expected


@pytest.mark.parametrize(
    ("number", "expected"),
    [pytest.param(8, (None, True), id="of many several"), pytest.param(2, None, id="of two perhaps one")],
)
def test_a_group_that_is_cut(number: int, expected: tuple[int | None, bool] | None) -> None:
    found = seen(thing("crowd", 0, box=Box(30, 0, 60, 100), number=number), crop=LEFT_HALF).get("crowd/0")
    assert (None if found is None else (found.number, found.at_least)) == expected


def test_two_boxes_of_two_experts_are_one_thing() -> None:
    again = thing("dog", 5, 9, expert="other")
    count = said("count", "dog", about="dog/0", number=3, id="n")
    assert seen(*DOGS, again, count, crop=LEFT_HALF)["n"].number == 2


def test_a_relation_that_the_cut_boxes_deny_goes() -> None:
    table, cup = thing("table", 0, box=Box(0, 0, 100, 50)), thing("cup", 0, box=Box(60, 0, 90, 20))
    left_of = said("relation", "left of", about="table/0", to="cup/0")
    assert "left of" in seen(table, cup, left_of)
    assert "left of" not in seen(table, cup, left_of, crop=(50, 0, 100, 100))


def test_geometry_in_data_goes_and_the_rest_stays() -> None:
    data = {"mask": {"size": [1, 1]}, "polygon": [[0, 0]], "keypoints": [], "taxonomy": ["animal"]}
    assert seen(thing("dog", 5, data=data), **FLIP)["dog/0"].data == {"taxonomy": ["animal"]}
    assert seen(thing("dog", 5, data={"mask": {}}), **FLIP)["dog/0"].data is None


def test_the_record_of_a_view_is_whole() -> None:
    facts = (DOG, CAT, thing("wolf", 5, id="w", expert="f"), thing("bus", 35, box=Box(38, 0, 68, 9), expert="g"))
    whole = Record(
        id="r", image="r.jpg", sha256="0", width=100, height=100, looked=("e", "f", "g"), facts=facts,
        disputes=(Dispute(kind="object", one=("dog/0",), other=("w",)), Dispute(kind="object", one=("cat/0",), other=("bus/0",))),
        asked=(Question(kind="object", value="dog", facts=("dog/0",)), Question(kind="object", value="cat", facts=("cat/0",))),
    )  # fmt: skip
    made = fusion.view(whole, crop=LEFT_HALF).record()
    assert (made.image, made.sha256, made.width, made.height) == (None, None, 50, 100)
    assert [f.id for f in made.facts] == ["dog/0", "w"]
    assert [d.one for d in made.disputes] == [("dog/0",)]
    assert [q.value for q in made.asked] == ["dog"]
    assert made.looked == ("e", "f"), "of the bus something can be seen that no fact of g names any more"
