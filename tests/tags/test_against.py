"""Tags held against evidence: what they are bound to, what contradicts them."""

from __future__ import annotations

from typing import Any

import pytest

from fusion.evidence import Evidence, build
from fusion.expert import Card
from fusion.facts import Box, Fact, Observation
from fusion.tags import arrange

CARD = Card(vocabulary=("dog", "cat", "car", "person", "animal", "stop sign"), precision=0.95, recall=0.9)


def thing(name: str, place: int, value: str = "", **more: Any) -> Fact:
    box = Box(60.0 * place, 0, 60.0 * place + 50, 50)
    return Fact(id=name, kind="object", value=value or name, expert="boxes", box=box, **more)


def said(of: str, value: str, **more: Any) -> Fact:
    return Fact(id=f"{of}.{value}", kind="attribute", value=value, about=of, expert="boxes", **more)


def evidence(*facts: Fact, card: Card = CARD, looked: tuple[str, ...] = ("boxes",), **cards: Card) -> Evidence:
    return build(Observation(id="a", width=600, height=100, looked=looked, facts=facts), {"boxes": card, **cards}, {})


def contradicted(tag: str, seen: Evidence) -> list[tuple[str, tuple[str, ...]]]:
    return [(c.reason, c.evidence) for c in arrange([tag], evidence=seen).contradicted]


DOG, CAR, BLUE = thing("dog", 0), thing("car", 1), said("car", "blue")
ANN, BEA = thing("ann", 2, "person"), thing("bea", 3, "person")


@pytest.mark.parametrize(
    ("tag", "reason", "facts"),
    [
        pytest.param("red_car", "the car is blue", ("car.blue",), id="the only car is of another colour"),
        pytest.param("2dogs", "2 claimed, boxes found 1", ("dog",), id="fewer boxes"),
        pytest.param("solo", "1 claimed, boxes found 2", ("ann", "bea"), id="more people than one"),
        pytest.param("no_humans", "a person is there", ("ann", "bea"), id="people where there are none"),
        pytest.param("cat", "boxes looked and saw no cat", (), id="silence that is believed"),
        pytest.param("white_kitten", "boxes looked and saw no kitten", (), id="silence about a kind of it"),
        pytest.param("stop_signs", "boxes looked and saw no stop sign", (), id="silence about a word of two parts"),
    ],
)
def test_contradicted(tag: str, reason: str, facts: tuple[str, ...]) -> None:
    assert contradicted(tag, evidence(DOG, CAR, BLUE, ANN, BEA)) == [(reason, facts)]


@pytest.mark.parametrize(
    "tag",
    [
        pytest.param("blue_car", id="the colour stated"),
        pytest.param("old_car", id="what nothing excludes"),
        pytest.param("dog", id="what is there"),
        pytest.param("poodle", id="what the dog may be"),
        pytest.param("1dog", id="the number found"),
        pytest.param("2girls", id="persons that may be girls"),
        pytest.param("multiple_people", id="several of several"),
        pytest.param("horse", id="a word that nobody covers"),
        pytest.param("toy_cat", id="a likeness"),
        pytest.param("no_cat", id="a denial"),
        pytest.param("cat_on_head", id="more than a thing"),
        pytest.param("cat_focus", id="composition"),
        pytest.param("cat_ears", id="another head"),
        pytest.param(":3", id="a face"),
        pytest.param("1" + "0" * 400 + "dogs", id="a number that no count reaches"),
    ],
)
def test_not_contradicted(tag: str) -> None:
    assert contradicted(tag, evidence(DOG, CAR, BLUE, ANN, BEA)) == []


@pytest.mark.parametrize(
    ("seen", "tag"),
    [
        pytest.param(evidence(CAR, looked=()), "cat", id="who did not look"),
        pytest.param(evidence(CAR, card=Card(vocabulary=("cat",), precision=0.9, recall=0.5)), "cat", id="who often misses"),
        pytest.param(evidence(CAR, card=Card(vocabulary=("cat",), recall=0.9, hearsay=True)), "cat", id="who only heard"),
        pytest.param(evidence(CAR, BLUE, card=Card(hearsay=True)), "red_car", id="a colour that somebody only heard"),
        pytest.param(evidence(CAR, said("car", "blue", score=0.2)), "red_car", id="a colour that nobody is sure of"),
        pytest.param(evidence(CAR, BLUE, thing("other", 4, "car")), "red_car", id="another car whose colour nobody states"),
        pytest.param(evidence(CAR, Fact(id="t", kind="tag", value="cat", expert="tagger")), "cat", id="a tagger that sees it"),
        pytest.param(evidence(DOG), "solo", id="nobody, where an animal is alone"),
        pytest.param(evidence(thing("pet", 0, "animal")), "cat", id="an animal that it may be"),
    ],
)
def test_contradicts_nothing(seen: Evidence, tag: str) -> None:
    assert contradicted(tag, seen) == []


def test_a_person_of_the_other_sex_competes() -> None:
    seen = evidence(ANN, Fact(id="f", kind="object", value="man", expert="captioner"), looked=())
    assert contradicted("woman", seen) == [("what is there is a man", ("f",))]


HANDS_ON = Card(sees=("tag",))


@pytest.mark.parametrize("tag", ["cat", "white_cat"])
@pytest.mark.parametrize("name", ["tags", "booru"])
def test_the_tags_of_the_row_do_not_vouch_for_themselves(name: str, tag: str) -> None:
    own = [Fact(id=f"{name}/{n}", kind="tag", value=value, expert=name) for n, value in enumerate(("cat", "White_Cat", "car"))]
    arranged = arrange(["Cat", "white_cat", "car"], evidence=evidence(CAR, *own, **{name: HANDS_ON}))
    assert tag in {c.tag.lower() for c in arranged.contradicted}


@pytest.mark.parametrize(
    ("card", "facts"),
    [
        pytest.param(Card(sees=("tag",), vocabulary=("cat",)), [{}], id="a tagger that knows words"),
        pytest.param(Card(sees=("tag", "object")), [{}], id="one that sees more than tags"),
        pytest.param(HANDS_ON, [{}, {"value": "whiskers"}], id="one that states what is not in the list"),
        pytest.param(HANDS_ON, [{"data": {"role": "label"}}], id="a class label"),
    ],
)
def test_others_vouch_for_a_tag(card: Card, facts: list[dict[str, Any]]) -> None:
    stated = [
        Fact(**{"id": f"t{n}", "kind": "tag", "value": "cat", "expert": "tags", **more})  # type: ignore[arg-type]
        for n, more in enumerate(facts)
    ]
    assert contradicted("cat", evidence(CAR, *stated, tags=card)) == []


@pytest.mark.parametrize(
    ("fact", "tag", "reason"),
    [
        pytest.param(
            Fact(id="f", kind="scene", value="indoors", expert="boxes"), "outdoors", "the picture is indoors", id="another scene"
        ),
        pytest.param(
            Fact(id="f", kind="scene", value="kitchen", expert="boxes", negated=True),
            "kitchen",
            "the picture is not kitchen",
            id="a scene denied",
        ),
        pytest.param(
            Fact(id="f", kind="object", value="zebra", expert="boxes", negated=True),
            "zebra",
            "boxes was asked and saw none",
            id="asked and not seen",
        ),
        pytest.param(
            Fact(id="f", kind="count", value="zebra", number=3, expert="boxes"),
            "2zebras",
            "boxes counts 3",
            id="another number stated",
        ),
    ],
)
def test_facts_that_compete(fact: Fact, tag: str, reason: str) -> None:
    assert contradicted(tag, evidence(fact)) == [(reason, ("f",))]


@pytest.mark.parametrize(
    ("tag", "ids"),
    [
        pytest.param("blue_car", ("car",), id="the one that is so"),
        pytest.param("red_car", ("other",), id="the one that is not excluded"),
        pytest.param("cars", ("car", "other"), id="all that the noun names"),
        pytest.param("car_on_road", None, id="more than a thing"),
        pytest.param("boat", None, id="nothing there"),
    ],
)
def test_tags_are_bound_to_instances(tag: str, ids: tuple[str, ...] | None) -> None:
    seen = evidence(CAR, BLUE, thing("other", 4, "car"))
    assert arrange([tag], evidence=seen).bound.get(tag) == ids


def test_what_is_said_of_one_instance_stands_together() -> None:
    cat, dog = thing("cat", 0), thing("dog", 1)
    seen = evidence(cat, dog, said("cat", "black"), said("dog", "brown"))
    assert arrange(["dog", "cat", "brown_dog", "tabby"], evidence=seen).tags == ("cat", "dog", "brown_dog", "tabby")


def test_a_contradicted_tag_stays_in_the_list() -> None:
    arranged = arrange(["cat", "dog"], evidence=evidence(DOG))
    assert set(arranged.tags) == {"cat", "dog"}
    assert [c.tag for c in arranged.contradicted] == ["cat"]
