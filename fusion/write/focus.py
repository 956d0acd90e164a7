"""Chooses what a further caption of a picture tells of: a focus, and a part of the facts around it, drawn by salience.

Diversity comes from here and not from temperature. What earlier captions have not told goes first, so that together they
cover what can be told. Draws are weighted, without replacement (Efraimidis and Spirakis, Weighted random sampling
with a reservoir, 2006: the largest u^(1/w), u uniform in 0..1), so that what matters comes early.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from random import Random
from typing import Generic, TypeVar

from fusion.evidence import Relation
from fusion.facts import Fact
from fusion.write.material import Material, Place, Thing, thing_of
from fusion.write.quotes import Quote
from fusion.write.styles import Most

FOCUS: Mapping[str, str] = {
    "things": "subject",
    "quotes": "subject",
    "relations": "relations",
    "scenes": "setting",
    "extras": "setting",
    "texts": "text",
    "places": "composition",
    "looks": "style",
}
"""What a caption is about, by the list of the material that it takes its main matter from."""
LEAST_WEIGHT = 0.01
"""So that everything can be drawn."""
ALONE = frozenset({"sentence"})
"""Forms that name extras only where they name no thing."""

T = TypeVar("T")


@dataclass(frozen=True)
class Unit(Generic[T]):
    """One thing to tell: what it adds to `Brief.content`, and how much it matters."""

    item: T
    keys: frozenset[str]
    weight: float


@dataclass(frozen=True)
class Told:
    """What captions tell already: those of the same style, and how many of other styles tell each."""

    own: frozenset[str] = frozenset()
    others: Mapping[str, int] = field(default_factory=dict)

    def times(self, unit: Unit[T]) -> tuple[bool, int]:
        """Do captions of the style tell it, and how many of others do?"""
        return unit.keys <= self.own, min((self.others.get(key, 0) for key in unit.keys), default=0)


NOT_TOLD = Told()


@dataclass(frozen=True)
class Stock:
    """What a style can tell of a picture, as units."""

    things: tuple[Unit[Thing], ...] = ()
    quotes: tuple[Unit[Quote], ...] = ()
    relations: tuple[Unit[Relation], ...] = ()
    scenes: tuple[Unit[Fact], ...] = ()
    extras: tuple[Unit[str], ...] = ()
    texts: tuple[Unit[Fact], ...] = ()
    places: tuple[Unit[Place], ...] = ()
    looks: tuple[Unit[Fact], ...] = ()
    labels: tuple[Unit[Fact], ...] = ()
    most: Most = field(default_factory=Most)
    form: str = ""

    def units(self, name: str) -> Sequence[Unit[object]]:
        """The units of a list of the material."""
        found: Sequence[Unit[object]] = getattr(self, name)
        return found

    @property
    def keys(self) -> frozenset[str]:
        """All that can be told: the most that `Brief.content` of all briefs of the style can hold together."""
        return frozenset().union(*(u.keys for name in (*FOCUS, "labels") for u in self.units(name)))


def stock_of(material: Material, most: Most, form: str) -> Stock:
    """The units of what a style can tell, within its limits. A relation needs both its ends, a place what it is seen from."""
    weights = {i.id: t.salience for t in material.things for i in t.instances}
    pairs = most.things > 1
    things = [unit(t, thing_keys(t), t.salience) for t in material.things]
    related = [r for r in material.relations if thing_of(r.about, material.things) and thing_of(r.to, material.things)]
    return Stock(
        things=tuple(things) if most.things else (),
        quotes=tuple(unit(q, [q.text], q.support) for q in material.quotes) if most.quotes else (),
        relations=tuple(
            unit(r, [r.fact.id], weights[r.about.id] + weights[r.to.id]) for r in related if most.relations and pairs
        ),
        scenes=tuple(ranked(material.scenes)),
        extras=tuple(unit(e, [e], 1 / n) for n, e in enumerate(material.extras, 1)) if most.extras else (),
        texts=tuple(ranked(material.texts)) if most.texts else (),
        places=tuple(placed(material.places)) if most.places and pairs else (),
        looks=tuple(ranked(material.looks)) if most.looks else (),
        labels=tuple(ranked(material.labels)) if most.labels else (),
        most=most,
        form=form,
    )


def unit(item: T, keys: Iterable[str], weight: float) -> Unit[T]:
    """One thing to tell."""
    return Unit(item, frozenset(keys), max(weight, LEAST_WEIGHT))


def ranked(facts: Sequence[Fact]) -> Iterator[Unit[Fact]]:
    """Facts that are in order of weight, without a figure for it: the second counts half, the third a third."""
    for place, fact in enumerate(facts, 1):
        yield unit(fact, [fact.id], 1 / place)


def placed(places: Sequence[Place]) -> Iterator[Unit[Place]]:
    """Where each thing is, one by one."""
    for place in places:
        for thing in place.things:
            yield unit(replace(place, things=(thing,)), [place_key(place, thing)], thing.salience + place.anchor.salience)


def thing_keys(thing: Thing) -> list[str]:
    """A thing in `Brief.content`: its instances and its qualities."""
    return [*(i.id for i in thing.instances), *(f.id for f in thing.attributes)]


def place_key(place: Place, thing: Thing) -> str:
    """Where a thing is, in `Brief.content`."""
    return f"{place.phrase} {place.anchor.noun} {thing.noun}"


def seeded(*parts: object) -> Random:
    """Chance that is the same on every machine and in every process for the same parts."""
    digest = blake2b("\x1f".join(map(str, parts)).encode(), digest_size=8).digest()
    return Random(int.from_bytes(digest, "big"))


def leads(stock: Stock, told: Told, used: Sequence[str], chance: Random) -> list[str]:
    """Which lists a caption may take its main matter from, the best first.

    Those whose focus was used least go first; then those with something that no caption of the style tells, or few of other
    styles; then chance, weighted by what is untold.
    """
    order: list[tuple[int, tuple[bool, int], float, str]] = []
    for name, focus in FOCUS.items():
        if units := stock.units(name):
            times = [told.times(u) for u in units]
            fresh = sum(u.weight for u, (again, _) in zip(units, times, strict=True) if not again)
            order.append((used.count(focus), min(times), -luck(fresh or LEAST_WEIGHT, chance), name))
    return [name for *_, name in sorted(order)]


def draw(units: Sequence[Unit[T]], most: int, told: Told, chance: Random) -> list[T]:
    """At most so many, what is told least first, weighted by salience; in the order that they stand in."""
    return [units[place].item for place in sorted(lots(units, told, chance)[:most])]


def drawn(units: Sequence[Unit[T]], most: int, told: Told, chance: Random) -> list[T]:
    """The same in the order that they were drawn in, where there may not be room for all."""
    return [units[place].item for place in lots(units, told, chance)[:most]]


def lots(units: Sequence[Unit[T]], told: Told, chance: Random) -> list[int]:
    """The places of all units in the order that they are drawn in."""
    order = sorted((told.times(u), -luck(u.weight, chance), place) for place, u in enumerate(units))
    return [place for *_, place in order]


def luck(weight: float, chance: Random) -> float:
    """The key of one item in a weighted draw."""
    return float(chance.random() ** (1 / weight))


def half(number: int) -> int:
    """What a caption after the first takes of what it may take, so that there is matter for others."""
    return (number + 1) // 2


NOTHING = Material((), (), (), (), (), (), (), (), (), ())


def focused(stock: Stock, lead: str, told: Told, chance: Random) -> Material:
    """A part of the material with its main matter from one list: drawn anew for each caption."""
    labels = tuple(draw(stock.labels, stock.most.labels, told, chance))
    return replace(PARTS[lead](stock, told, chance), labels=labels)


def of_things(stock: Stock, told: Told, chance: Random) -> Material:
    """Some things, with what relates them and what is written on them; every other time with where they are."""
    things = with_main(draw(stock.things, half(stock.most.things), told, chance), stock)
    relations = tuple(u.item for u in stock.relations if thing_of(u.item.about, things) and thing_of(u.item.to, things))
    texts = tuple(u.item for u in stock.texts if any(u.item in t.texts for t in things))
    scenes = tuple(draw(stock.scenes, int(chance.random() < 0.5), told, chance))
    return replace(NOTHING, things=things, relations=relations, texts=texts, scenes=scenes)


def with_main(things: Sequence[Thing], stock: Stock) -> tuple[Thing, ...]:
    """The things with the one in front that matters most: no caption of 14 cars and a sign is of the sign alone."""
    main = [u.item for u in stock.things[:1] if stock.most.things > 1]
    return (*main, *(t for t in things if t not in main))[: max(stock.most.things, 1)]


def of_quotes(stock: Stock, told: Told, chance: Random) -> Material:
    """Sentences of experts, new ones in front; a text of several sentences takes things with them."""
    quotes = tuple(drawn(stock.quotes, half(stock.most.quotes), told, chance))
    things = draw(stock.things, half(stock.most.things), told, chance) if stock.most.quotes > 1 else []
    return replace(NOTHING, quotes=quotes, things=tuple(things))


def of_relations(stock: Stock, told: Told, chance: Random) -> Material:
    """Some relations, with their ends."""
    kept: list[Relation] = []
    ends: list[Thing] = []
    known = [u.item for u in stock.things]
    for relation in drawn(stock.relations, half(stock.most.relations), told, chance):
        new = [t for t in (thing_of(relation.about, known), thing_of(relation.to, known)) if t is not None and t not in ends]
        if len(ends) + len(new) <= stock.most.things:
            kept.append(relation)
            ends += new
    return replace(NOTHING, things=tuple(t for t in known if t in ends), relations=tuple(kept))


def of_scenes(stock: Stock, told: Told, chance: Random) -> Material:
    """Where it is, with some of what is there."""
    things = draw(stock.things, half(stock.most.things), told, chance)
    room = not things or stock.form not in ALONE
    extras = draw(stock.extras, half(stock.most.extras), told, chance) if room else []
    scenes = draw(stock.scenes, 1, told, chance)
    return replace(NOTHING, things=tuple(things), extras=tuple(extras), scenes=tuple(scenes))


def of_extras(stock: Stock, told: Told, chance: Random) -> Material:
    """What only tags name, where it is, and where there is room one thing that matters."""
    extras = draw(stock.extras, half(stock.most.extras), told, chance)
    things = draw(stock.things, 1, NOT_TOLD, chance) if stock.form not in ALONE else []
    scenes = draw(stock.scenes, 1, told, chance)
    return replace(NOTHING, things=tuple(things), extras=tuple(extras), scenes=tuple(scenes))


def of_texts(stock: Stock, told: Told, chance: Random) -> Material:
    """What is written, with what it is written on."""
    texts = tuple(draw(stock.texts, half(stock.most.texts), told, chance))
    carriers = [u.item for u in stock.things if any(f in texts for f in u.item.texts)]
    things = carriers or draw(stock.things, 1, NOT_TOLD, chance)
    return replace(NOTHING, things=tuple(things[: stock.most.things]), texts=texts)


def of_places(stock: Stock, told: Told, chance: Random) -> Material:
    """Where some things are, seen from another one, and how the picture is taken."""
    places: dict[tuple[str, str], Place] = {}
    for one in drawn(stock.places, stock.most.things - 1, told, chance):
        key = (one.phrase, one.anchor.noun)
        if key in places or len(places) < half(stock.most.places):
            places[key] = replace(one, things=(*places[key].things, *one.things)) if key in places else one
    named = [t for place in places.values() for t in (place.anchor, *place.things)]
    things = tuple(u.item for u in stock.things if u.item in named)
    looks = tuple(draw(stock.looks, 1, told, chance))
    return replace(NOTHING, things=things, places=tuple(places.values()), looks=looks)


def of_looks(stock: Stock, told: Told, chance: Random) -> Material:
    """What kind of picture it is, of what, and where."""
    looks = tuple(draw(stock.looks, stock.most.looks, told, chance))
    things = tuple(draw(stock.things, 2, NOT_TOLD, chance)[: stock.most.things])
    return replace(NOTHING, looks=looks, things=things, scenes=tuple(draw(stock.scenes, 1, told, chance)))


PARTS = {
    "things": of_things,
    "quotes": of_quotes,
    "relations": of_relations,
    "scenes": of_scenes,
    "extras": of_extras,
    "texts": of_texts,
    "places": of_places,
    "looks": of_looks,
}
"""What makes a part of the material around each list."""
