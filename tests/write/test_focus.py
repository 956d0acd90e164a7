"""The choice of facts for further captions: salience, weighted draws, and what a caption may be about."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion.evidence import Evidence, gather
from fusion.expert import Card
from fusion.facts import Box, Fact, Observation
from fusion.language import Language
from fusion.write import plan
from fusion.write.focus import FOCUS, NOT_TOLD, PARTS, Stock, Told, Unit, draw, drawn, leads, seeded, stock_of, unit
from fusion.write.material import Thing, find_material
from fusion.write.salience import salience
from fusion.write.styles import Most

CARDS = {
    "boxes": Card(sees=("object", "attribute", "relation"), vocabulary=("dog", "cup", "horse"), precision=0.95, recall=0.9),
    "captioner": Card(sees=("statement",), vocabulary=None, precision=0.9),
    "alt_text": Card(sees=("statement",), vocabulary=None, hearsay=True),
}


def box(name: str, x: float, y: float, size: float, *, score: float = 1.0) -> Fact:
    corner = Box(x - size / 2, y - size / 2, x + size / 2, y + size / 2)
    return Fact(id=name, kind="object", value=name, box=corner, expert="boxes", score=score)


def stated(value: str, expert: str) -> Fact:
    return Fact(id=expert, kind="statement", value=value, expert=expert)


def evidence_of(*facts: Fact) -> Evidence:
    looked = tuple(dict.fromkeys(f.expert for f in facts))
    return gather([Observation(id="x", width=100, height=100, looked=looked, facts=facts)], CARDS, Language.load())[0]


def things_of(*facts: Fact) -> list[Thing]:
    return list(find_material(evidence_of(*facts)).things)


# Salience

DOG, CUP = box("dog", 50, 50, 20), box("cup", 50, 50, 20)

MORE = {
    "a larger thing": (box("dog", 50, 50, 40), DOG, ()),
    "one in the middle": (DOG, box("dog", 15, 15, 20), ()),
    "a surer one": (DOG, box("dog", 50, 50, 20, score=0.5), ()),
    "an animal": (DOG, CUP, ()),
    "what people mention of what they see": (box("horse", 50, 50, 20), CUP, ()),
    "one that alt-text names": (DOG, DOG, (stated("My dog in Whitby.", "alt_text"),)),
    "one that captioners name": (DOG, DOG, (stated("A dog runs.", "captioner"),)),
    "one of a colour": (DOG, DOG, (Fact(id="a", kind="attribute", value="red", about="dog", expert="boxes"),)),
}


@pytest.mark.parametrize(("more", "less", "besides"), MORE.values(), ids=list(MORE))
def test_it_matters_more(more: Fact, less: Fact, besides: tuple[Fact, ...]) -> None:
    one, other = evidence_of(more, *besides), evidence_of(less)
    assert find_material(one).things[0].salience > find_material(other).things[0].salience


def test_a_thing_in_a_relation_matters_more() -> None:
    ride = Fact(id="r", kind="relation", value="next to", about="cup", to="dog", expert="boxes")
    plain, related = (next(t for t in things_of(DOG, CUP, *more) if t.noun == "cup") for more in ((), (ride,)))
    assert related.salience > plain.salience


@given(st.floats(1, 100), st.floats(0, 1), st.integers(0, 100), st.integers(0, 100))
def test_salience_is_bounded(size: float, score: float, x: int, y: int) -> None:
    evidence = evidence_of(box("dog", x, y, size, score=score))
    material = find_material(evidence)
    assert all(0 <= salience(t, evidence) <= 2 for t in material.things)


def test_without_boxes_and_size_there_is_a_salience() -> None:
    fact = Fact(id="o", kind="object", value="dog", expert="boxes")
    evidence = gather([Observation(id="x", looked=("boxes",), facts=(fact,))], CARDS, Language.load())[0]
    assert 0 < find_material(evidence).things[0].salience < 2


def test_things_stand_in_the_order_of_their_salience() -> None:
    things = things_of(CUP, box("dog", 20, 20, 10), box("horse", 60, 60, 60))
    assert [t.noun for t in things] == [t.noun for t in sorted(things, key=lambda t: -t.salience)]
    assert things[0].noun == "horse"


# Draws


UNITS = [unit(name, [name], weight) for name, weight in (("heavy", 8.0), ("middle", 2.0), ("light", 0.5))]
names = st.lists(st.sampled_from("abcdefgh"), unique=True, max_size=8)


def test_what_weighs_more_is_drawn_more_often() -> None:
    first = Counter(drawn(UNITS, 1, NOT_TOLD, seeded(n))[0] for n in range(2000))
    assert first["heavy"] > first["middle"] > first["light"] > 0
    assert first["heavy"] / 2000 == pytest.approx(8 / 10.5, abs=0.04)


@given(names, st.sets(st.sampled_from("abcdefgh")), st.integers(0, 8), st.integers())
def test_what_is_untold_is_drawn_first_each_once(items: list[str], own: set[str], most: int, seed: int) -> None:
    units = [unit(name, [name], 1 / (n + 1)) for n, name in enumerate(items)]
    lots = drawn(units, most, Told(frozenset(own)), seeded(seed))
    assert len(lots) == len(set(lots)) == min(most, len(items))
    assert [name in own for name in lots] == sorted(name in own for name in lots)
    assert draw(units, most, Told(frozenset(own)), seeded(seed)) == [name for name in items if name in lots]


def test_what_other_styles_tell_comes_behind_what_none_tells() -> None:
    told = Told(frozenset(), {"heavy": 2, "middle": 1})
    assert all(drawn(UNITS, 3, told, seeded(n)) == ["light", "middle", "heavy"] for n in range(20))


def test_nothing_is_so_light_that_it_is_never_drawn() -> None:
    assert drawn([unit("a", ["a"], 0.0)], 1, NOT_TOLD, seeded(0)) == ["a"]


def test_chance_hangs_on_all_its_parts() -> None:
    parts = [("a", "b"), ("ab",), ("a", "b", ""), ("b", "a")]
    assert len({seeded(*part).random() for part in parts}) == len(parts)
    assert seeded("a", 1).random() == seeded("a", 1).random()


# What it is about


def fact(name: str) -> Fact:
    return Fact(id=name, kind="scene", value=name, expert="boxes")


def stock(**units: list[str]) -> Stock:
    return Stock(**{name: tuple(Unit(fact(i), frozenset([i]), 1.0) for i in items) for name, items in units.items()})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("told", "used", "expected"),
    [
        pytest.param((), (), {"scenes", "looks", "texts"}, id="anything"),
        pytest.param((), ("setting", "style"), {"texts"}, id="a focus not used yet"),
        pytest.param(("s", "t"), (), {"looks"}, id="what is untold"),
        pytest.param(("l",), ("setting", "text"), {"looks"}, id="a new focus before what is untold"),
    ],
)
def test_what_a_caption_is_about_first(told: tuple[str, ...], used: tuple[str, ...], expected: set[str]) -> None:
    one = stock(scenes=["s"], looks=["l"], texts=["t"])
    orders = [leads(one, Told(frozenset(told)), used, seeded(n)) for n in range(40)]
    assert {order[0] for order in orders} == expected
    assert all(sorted(order) == ["looks", "scenes", "texts"] for order in orders)


def test_every_focus_has_a_part() -> None:
    assert set(PARTS) == set(FOCUS)
    assert set(FOCUS.values()) == {"subject", "setting", "relations", "text", "composition", "style"}


LEFT = [box("dog", 70, 50, 20), box("cup", 20, 50, 20)]
RELATED = [*LEFT, Fact(id="r", kind="relation", value="next to", about="cup", to="dog", expert="boxes")]


@pytest.mark.parametrize(
    ("facts", "most", "empty"),
    [
        pytest.param(RELATED, Most(things=1, relations=3), "relations", id="a relation needs two things"),
        pytest.param(LEFT, Most(things=1, places=3), "places", id="a place needs two things"),
        pytest.param(LEFT, Most(places=3), "things", id="no room for things"),
    ],
)
def test_what_has_no_room_is_not_in_stock(facts: list[Fact], most: Most, empty: str) -> None:
    material = find_material(evidence_of(*facts))
    assert stock_of(material, Most(things=2, relations=1, places=1), "paragraph").units(empty)
    assert stock_of(material, most, "paragraph").units(empty) == ()


def test_no_further_caption_leaves_out_what_matters_most() -> None:
    facts = [box("horse", 0, 0, 90), *(box(name, 10 * n, 80, 8) for n, name in enumerate(["cup", "hat", "kite", "book", "vase"]))]
    for seed in range(8):
        for brief in plan(evidence_of(*facts), ["dense"], seed, variants=4):
            assert "horse" in [thing.noun for thing in brief.things]
