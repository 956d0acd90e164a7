"""Joins the facts of several experts into instances: one node for each thing that is in the picture.

Boxes of different experts are one thing if they overlap and agree in word; what a statement says in the singular is attached
to the instance that fits, or becomes an instance of its own. A plural is a group.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from fusion import lexicon
from fusion.facts import Box, Fact

SAME_PLACE = 0.5
"""Intersection over union from which two boxes of different experts are one thing."""


@dataclass(eq=False)
class Instance:
    """One thing, or one group of things, with all facts that name it and all that is said of it."""

    names: list[Fact] = field(default_factory=list)
    attributes: list[Fact] = field(default_factory=list)
    counts: list[Fact] = field(default_factory=list)
    texts: list[Fact] = field(default_factory=list)
    members: list[Instance] = field(default_factory=list)

    @property
    def id(self) -> str:
        """Id of the first fact that names it."""
        return self.names[0].id

    @property
    def box(self) -> Box | None:
        """Where it is, pixels; of a group the box around its members."""
        own = next((f.box for f in self.names if f.box is not None), None)
        if own is not None or not self.members:
            return own
        boxes = [m.box for m in self.members if m.box is not None]
        if not boxes:
            return None
        return Box(min(b.x0 for b in boxes), min(b.y0 for b in boxes), max(b.x1 for b in boxes), max(b.y1 for b in boxes))

    @property
    def is_group(self) -> bool:
        """Does it stand for more than one thing?"""
        return any(f.number is not None and (f.number > 1 or f.at_least) for f in self.names)

    @property
    def facts(self) -> Iterator[Fact]:
        """All facts on it."""
        yield from (*self.names, *self.attributes, *self.counts, *self.texts)

    def is_named(self, word: str) -> bool:
        """Does some fact name it so, or more exactly so ("puppy" is a "dog")?"""
        return any(lexicon.is_a(f.value, word) for f in self.names)

    def may_be(self, word: str) -> bool:
        """Is the word more exact than its names and none of them excludes it ("man" for a "person")?"""
        return any(lexicon.is_a(word, f.value) for f in self.names) and not any(
            lexicon.excludes(f.value, word) for f in self.names
        )


def join(objects: Iterable[tuple[Fact, str]]) -> tuple[list[Instance], dict[str, Instance]]:
    """Instances from object facts in order, each with the key of what stated it; and the instance of each fact id.

    Two objects with one key (an expert's boxes, or one sentence's nouns) are never the same thing.
    """
    instances: list[Instance] = []
    keys: list[set[str]] = []
    groups: list[bool] = []
    by_id: dict[str, Instance] = {}
    for fact, key in objects:
        place = next(_places(fact, key, instances, keys, groups), None)
        if place is None:
            place = len(instances)
            instances.append(Instance())
            keys.append(set())
            groups.append(False)
        instances[place].names.append(fact)
        groups[place] |= _plural(fact)
        keys[place].add(key)
        by_id[fact.id] = instances[place]
        if fact.box is None and _plural(fact):
            instances[place].members = [i for i in instances if i is not instances[place] and _member(i, fact)]
    return instances, by_id


def _places(fact: Fact, key: str, instances: list[Instance], keys: list[set[str]], groups: list[bool]) -> Iterator[int]:
    """Indices of the instances that a fact may belong to, the best first."""
    plural = _plural(fact)
    free = [n for n, grouped in enumerate(groups) if grouped == plural and key not in keys[n]]
    if fact.box is not None:
        near = [(n, fact.box.iou(b)) for n in free if (b := instances[n].box) is not None]
        yield from (n for n, iou in sorted(near, key=lambda x: -x[1]) if iou >= SAME_PLACE and _agree(fact, instances[n]))
        yield from (n for n in free if instances[n].box is None and _agree(fact, instances[n]))
        return
    yield from (n for n in free if any(lexicon.same(fact.value, f.value) for f in instances[n].names))
    compatible = [n for n in free if _agree(fact, instances[n])]
    yield from sorted(compatible, key=lambda n: -_area(instances[n]))


def _plural(fact: Fact) -> bool:
    return fact.number is not None and (fact.number > 1 or fact.at_least)


def _agree(fact: Fact, instance: Instance) -> bool:
    """Every name of the instance and the fact's are one word or one a kind of the other."""
    return all(lexicon.is_a(fact.value, f.value) or lexicon.is_a(f.value, fact.value) for f in instance.names)


def _member(instance: Instance, group: Fact) -> bool:
    return not instance.is_group and instance.box is not None and instance.is_named(group.value)


def _area(instance: Instance) -> float:
    return instance.box.area if instance.box is not None else 0.0
