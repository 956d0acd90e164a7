"""A line for each region of a picture: its box, then a phrase for what is in it; and how the lines are read to be checked.

`[40, 12, 310, 480] a brown dog running`: whole pixels of the upright picture, x0, y0, x1, y1, origin top left. The box is JSON.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from fusion.evidence import Evidence, Instance
from fusion.facts import Box, Fact
from fusion.write import phrases
from fusion.write.brief import Brief
from fusion.write.material import Thing, described
from fusion.write.phrases import noun_phrase, spaced

NUMBER = r"-?[0-9]{1,9}(?:\.[0-9]{1,9})?"
"""As many digits as a picture can need: of more, a float may be infinite."""
LINE = re.compile(
    rf"^[^\S\n]*(?:[-*][^\S\n]*)?\[\s*(?P<box>{NUMBER}(?:\s*,\s*{NUMBER}){{3}})\s*\]:?[^\S\n]*(?P<phrase>\S.*)$",
    re.MULTILINE,
)
T = TypeVar("T")
NEAR = 1.0
"""Pixels that a side may lie off the box of the thing that is meant: boxes are written in whole numbers."""


@dataclass(frozen=True)
class Region:
    """A line: the box as written, the phrase, and what the picture's facts have there."""

    box: Box
    phrase: str
    evidence: Evidence

    @property
    def head(self) -> str:
        """What stands in front of the phrase."""
        return f"{written(self.box)} "


def regions(brief: Brief) -> str:
    """A line for each box of the things, the weightiest first; of many of a kind one comes in each turn. Empty without boxes."""
    found = list(in_turns([[(i, t) for i in largest_first(t)] for t in brief.things]))[: brief.form.most.things]
    return "\n".join(f"{written(i.box)} {phrase_of(i, t, brief)}" for i, t in found if i.box is not None)


def in_turns(groups: Sequence[Sequence[T]]) -> Iterator[T]:
    """The first of each group, then the second of each, and so on."""
    for turn in range(max(map(len, groups), default=0)):
        yield from (group[turn] for group in groups if turn < len(group))


def largest_first(thing: Thing) -> list[Instance]:
    """The parts of a thing that have a box."""
    return sorted((i for i in thing.instances if i.box is not None), key=lambda i: -i.box.area if i.box is not None else 0.0)


def written(box: Box) -> str:
    """A box in whole pixels, as this style and prompts write it: "[40, 12, 310, 480]"."""
    return f"[{', '.join(str(round(side)) for side in (box.x0, box.y0, box.x1, box.y1))}]"


def phrase_of(instance: Instance, thing: Thing, brief: Brief) -> str:
    """As much as the style has words for: the thing with its looks, what it does, what is written on it."""
    alone = of_one(instance, thing, brief.evidence)
    plain = replace(alone, attributes=())
    said = noun_phrase(alone)
    tie = next((r for r in brief.relations if r.about is instance and brief.thing_of(r.to) not in (None, thing)), None)
    endings = []
    if tie is not None and (to := brief.thing_of(tie.to)) is not None:
        endings.append(f"{phrases.participle(tie.fact.value)} {phrases.single(tie.to, to, again=False)}")
    if (action := phrases.action_of(alone)) is not None:
        endings.append(action.value)
    endings += [f"with the words {phrases.quoted(f)}" for f in brief.texts if f in alone.texts][:1]
    candidates = [*(spaced(said, ending) for ending in endings), said, noun_phrase(plain)]
    most = brief.form.each
    return next((one for one in candidates if not most or len(one.split()) <= most), noun_phrase(plain))


def of_one(instance: Instance, thing: Thing, evidence: Evidence) -> Thing:
    """One of several alike by itself, with what is said of it alone; a group stays one."""
    number = next((f.number for f in instance.names if f.number and f.box is not None), 1)
    if len(thing.instances) == 1 and (thing.number == number or instance.box is None):
        return thing
    several = instance.is_group
    texts = tuple(f for f in instance.texts if not f.negated and not evidence.is_hearsay(f))
    return Thing(thing.noun, number, several and thing.at_least, (instance,), tuple(described(instance, evidence)), texts)


# How they are read


def read(text: str, evidence: Evidence) -> list[Region]:
    """The lines of a text whose box is that of a thing; each with what the facts have there."""
    found = []
    for line in LINE.finditer(text):
        box = Box(*(float(number) for number in line["box"].split(",")))
        boxes = [i.box for i in evidence.instances if i.box is not None and apart(box, i.box) <= NEAR]
        if boxes:
            nearest = min(boxes, key=lambda other: apart(box, other))
            here = [i for i in evidence.instances if i.box == nearest]
            found.append(Region(nearest, line["phrase"].rstrip(), within(here, evidence)))
    return found


def apart(one: Box, other: Box) -> float:
    """Pixels between the sides of two boxes, of those that lie furthest apart."""
    sides = zip((one.x0, one.y0, one.x1, one.y1), (other.x0, other.y0, other.x1, other.y1), strict=True)
    return max(abs(a - b) for a, b in sides)


def within(here: Sequence[Instance], evidence: Evidence) -> Evidence:
    """The evidence as if there were nothing else in the picture than these, and what they are related to.

    So "a black dog" does not hold of the box of a brown one because another dog is black.
    """
    relations = [r for r in evidence.relations if r.about in here]
    left = [i for i in evidence.instances if i in here or any(r.to is i for r in relations)]
    gone = {f.id for i in evidence.instances if i not in left for f in i.facts}
    loose = [f for f in evidence.loose if f.id not in gone and (f.box is None or belongs(f, here))]
    keep = {f.id for f in evidence.everything} - gone - ({f.id for f in evidence.loose} - {f.id for f in loose})
    return replace(
        evidence,
        facts=tuple(f for f in evidence.facts if f.id in keep),
        derived=tuple(f for f in evidence.derived if f.id in keep),
        instances=left,
        relations=relations,
        loose=loose,
        by_id={name: i for name, i in evidence.by_id.items() if i in left},
        sentences=[],
    )


def belongs(fact: Fact, here: Sequence[Instance]) -> bool:
    """Does what was read or tagged at a place lie in the box of one of these?"""
    boxes = [i.box for i in here if i.box is not None]
    return fact.box is not None and any(fact.box.overlap(box) > 0.5 * fact.box.area for box in boxes)
