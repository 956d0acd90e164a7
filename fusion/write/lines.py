"""The facts of briefs as short typed lines with ids, as a language model is given them, the most important first.

    [o1] object: two dogs, brown, running, at the left
    [r1] relation: person o2 ride horse o3
    [t1] text on o4: "STOP"
    [s1] said by captioner: A man rides a horse.

All briefs of one picture share the lines; which of them a caption is to tell of is said behind them. What the verifier would
doubt, and what facts dispute among themselves, has no line: what is never written need not be struck later.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from fusion import lexicon
from fusion.evidence import Evidence, Instance, Relation
from fusion.facts import Box, Claim, Fact
from fusion.verdicts.judge import doubted, judge
from fusion.verdicts.repair import drops
from fusion.write import phrases
from fusion.write.brief import Brief
from fusion.write.focus import place_key
from fusion.write.guards.addressed import addressing, is_instruction, withheld
from fusion.write.material import Thing

IMPORTANCE: Mapping[str, float] = {
    "object": 1.0, "said": 0.95, "scene": 0.85, "relation": 0.8, "text": 0.75, "class": 0.7, "style": 0.65, "place": 0.4,
    "tags": 0.3,
}  # fmt: skip
"""How much the first line of a kind matters. Each further one matters less by STEP; what names others never comes before them."""
STEP = 0.85
LETTERS: Mapping[str, str] = {
    "object": "o", "said": "s", "scene": "c", "relation": "r", "text": "t", "class": "k", "style": "l", "place": "p", "tags": "g",
}  # fmt: skip
"""What ids of a kind begin with."""
MOST_THINGS, MOST_RELATIONS = 12, 8
"""Those of a picture that have lines although no brief tells of them."""
MOST_MEMBERS = 6
"""Single ones of several things that get a line of their own."""
FILLING = 0.6
"""Share of the picture's width or height from which a thing is on neither side."""
One = TypeVar("One")
FIRST, LAST = 0.36, 0.64
"""Where the outer parts of a picture end."""


@dataclass(frozen=True)
class Line:
    """One line of facts. `content` is what it tells, as `Brief.content` names it; `needs` are ids of lines that it speaks of;
    `noun` and `boxes` (pixels, one for each of several) are those of a thing.
    """

    id: str
    kind: str
    text: str
    content: frozenset[str] = frozenset()
    needs: tuple[str, ...] = ()
    importance: float = 0.0
    noun: str = ""
    boxes: tuple[Box, ...] = ()


def lines_of(briefs: Sequence[Brief]) -> tuple[Line, ...]:
    """The lines of one picture, the most important first; left out is what is doubted or disputed, and what addresses a model.

    All that its briefs tell of, and the things and relations that they were chosen from: a sentence of an expert names things
    that no brief tells of again, and with their own lines their numbers and colours can be put into it.
    """
    if not briefs:
        return ()
    believed = Believed(briefs[0].evidence)
    relations = relations_of(briefs)
    objects = [*object_lines(things_of(briefs), linked_by(relations, briefs), believed)]
    named = {name: line for line in objects for name in sorted(line.content)}  # the line of one of several comes after theirs
    lines = [
        *objects,
        *relation_lines(relations, named, believed),
        *place_lines(briefs, named),
        *text_lines(briefs, named, believed),
        *said_lines(briefs),
        *whole_lines(briefs, believed),
    ]
    return tuple(ordered(lines))


def chosen(lines: Sequence[Line], brief: Brief) -> tuple[Line, ...]:
    """The lines that a brief tells of, and those of things that its sentences name."""
    content = brief.content
    nouns = {noun for quote in brief.quotes for noun in quote.nouns}
    return tuple(line for line in lines if line.content & content or (line.noun and any(names(n, line.noun) for n in nouns)))


def names(word: str, noun: str) -> bool:
    """Can the two words mean one thing?"""
    return lexicon.is_a(word, noun) or lexicon.is_a(noun, word)


def ordered(lines: Iterable[Line]) -> list[Line]:
    """By importance; a line never stands before one that it speaks of."""
    rank: dict[str, int] = defaultdict(int)
    weighed: dict[str, Line] = {}
    for line in lines:
        weight = IMPORTANCE[line.kind] * STEP ** rank[line.kind]
        rank[line.kind] += 1
        weight = min([weight, *(weighed[name].importance - 1e-6 for name in line.needs)])
        weighed[line.id] = replace(line, importance=round(weight, 9))
    return sorted(weighed.values(), key=lambda line: -line.importance)


class Believed:
    """What of a picture's facts the verifier would believe, nothing disputes, and no order to a model states (`withheld`)."""

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence
        self.limits = doubted(evidence.thresholds)
        self.disputed = {name for dispute in evidence.disputes for name in (*dispute.one, *dispute.other)}
        self.withheld = withheld(evidence)

    def kept(self, claims: Sequence[Claim]) -> set[str]:
        """Ids of the claims that would stand, judged together as those of one caption."""
        judged, _ = judge(claims, self.evidence)
        return {claim.id for claim in judged if not drops(claim, "balanced", self.limits)}

    def sure(self, facts: Iterable[Fact]) -> list[Fact]:
        """The facts that no other one disputes."""
        return self.open(fact for fact in facts if fact.id not in self.disputed)

    def open(self, facts: Iterable[Fact]) -> list[Fact]:
        """The facts that a model may be told."""
        return [fact for fact in facts if fact.id not in self.withheld]

    def wins(self, names: Sequence[Fact]) -> bool:
        """Does nothing dispute these names of a thing, or only what is not believed itself?"""
        others = dict.fromkeys(f.value for f in self.evidence.against(names) if f.kind == "object")
        return not any(self.kept([Claim(id="thing", kind="object", value=value, span=(0, 1))]) for value in others)


# Things


def things_of(briefs: Sequence[Brief]) -> list[Thing]:
    """The things of all briefs and of what they were chosen from, once each, with all that is said of them, by salience."""
    found: dict[frozenset[str], Thing] = {}
    for things in (*(b.things for b in briefs), *(b.material.things[:MOST_THINGS] for b in briefs[:1] if b.material)):
        for thing in things:
            key = frozenset(i.id for i in thing.instances)
            known = found.get(key, thing)
            values = {f.value: f for f in (*known.attributes, *thing.attributes)}
            found[key] = replace(known, attributes=tuple(values.values()))
    return sorted(found.values(), key=lambda thing: -thing.salience)


def relations_of(briefs: Sequence[Brief]) -> list[Relation]:
    """The relations of all briefs and the first of what they were chosen from, once each."""
    own = [r for b in briefs for r in b.relations]
    rest = [r for b in briefs[:1] if b.material for r in b.material.relations[:MOST_RELATIONS]]
    return list(once((r.fact.id, r) for r in (*own, *rest)))


def linked_by(relations: Sequence[Relation], briefs: Sequence[Brief]) -> set[str]:
    """Ids of instances that relations or read texts speak of."""
    texts = [f for b in briefs for f in b.texts]
    ends = {i.id for r in relations for i in (r.about, r.to)}
    return ends | {i.id for i in briefs[0].evidence.instances if any(f in i.texts for f in texts)}


def object_lines(things: Sequence[Thing], linked: set[str], believed: Believed) -> Iterator[Line]:
    """A line a thing, and one for each of several that other lines speak of."""
    number = 0
    for thing in things:
        names = [f for i in thing.instances for f in i.names]
        claims = claims_of(thing)
        kept = believed.kept(claims)
        if "thing" not in kept or not believed.open(names) or (believed.disputed and not believed.wins(names)):
            continue
        number += 1
        told = replace(thing, attributes=tuple(f for f in believed.sure(thing.attributes) if f"is {f.value}" in kept))
        line = object_line(f"o{number}", told, believed.evidence, exact="count" in kept)
        yield line
        for letter, instance in zip("abcdefgh"[:MOST_MEMBERS], members_of(told, linked), strict=False):
            yield member_line(f"{line.id}{letter}", line.id, instance, told, believed)


def claims_of(thing: Thing) -> list[Claim]:
    """What a line says of a thing, as claims; spans only put them in order."""
    attributes = list(dict.fromkeys(f.value for f in thing.attributes))
    spans = [(place, place + 1) for place in range(len(attributes) + 2)]
    number = thing.number if thing.plural else None
    claims = [Claim(id="thing", kind="object", value=thing.noun, number=number, at_least=thing.at_least, span=spans[-1])]
    if thing.plural and not thing.at_least and not phrases.uncounted(thing.noun):
        claims.append(Claim(id="count", kind="count", value=thing.noun, about="thing", number=thing.number, span=spans[-2]))
    told = zip(attributes, spans, strict=False)
    return claims + [Claim(id=f"is {v}", kind="attribute", value=v, about="thing", span=span) for v, span in told]


def object_line(name: str, thing: Thing, evidence: Evidence, *, exact: bool) -> Line:
    """ "Two dogs, brown, running, at the left"; a number that is doubted becomes "several"."""
    told = thing if exact or not thing.plural or thing.at_least else replace(thing, at_least=True)
    number = phrases.quantity(told) if told.plural and not phrases.uncounted(told.noun) else ""
    where = "" if evidence.panels else whereabouts(thing.box, evidence.width, evidence.height)
    parts = [phrases.spaced(number, phrases.counted(told)), *(f.value for f in thing.attributes), where]
    content = frozenset(i.id for i in thing.instances)
    return Line(
        name, "object", f"object: {', '.join(filter(None, parts))}", content, noun=thing.noun, boxes=boxes_of(thing.instances)
    )


def boxes_of(instances: Sequence[Instance]) -> tuple[Box, ...]:
    """The boxes of those that have one."""
    return tuple(i.box for i in instances if i.box is not None)


def members_of(thing: Thing, linked: set[str]) -> list[Instance]:
    """Those of several that have more said of them than all share, or that other facts speak of."""
    if len(thing.instances) < 2:
        return []
    shared = {f.value for f in thing.attributes}
    return [i for i in thing.instances if i.id in linked or any(f.value not in shared for f in i.attributes if not f.negated)]


def member_line(name: str, group: str, instance: Instance, thing: Thing, believed: Believed) -> Line:
    """ "Dog, one of o1, brown, at the right"."""
    evidence = believed.evidence
    own = [f for f in believed.sure(instance.attributes) if not f.negated and not evidence.is_hearsay(f)]
    single = replace(thing, number=1, at_least=False, instances=(instance,), attributes=tuple(own))
    kept = believed.kept(claims_of(single))
    values = dict.fromkeys(f.value for f in own if f"is {f.value}" in kept)
    where = "" if evidence.panels else whereabouts(instance.box, evidence.width, evidence.height)
    text = ", ".join(filter(None, [thing.noun, f"one of {group}", *values, where]))
    return Line(
        name, "object", f"object: {text}", frozenset({instance.id}), (group,), noun=thing.noun, boxes=boxes_of([instance])
    )


def whereabouts(box: Box | None, width: int | None, height: int | None) -> str:
    """Where in the picture a box lies: "at the top left", "in the middle"; "" for what fills it or has no box."""
    if box is None or not width or not height:
        return ""
    across = part(box.width / width, box.centre[0] / width, ("left", "right"))
    down = part(box.height / height, box.centre[1] / height, ("top", "bottom"))
    if across or down:
        return f"at the {phrases.spaced(down, across)}"
    return "in the middle" if box.width < FILLING * width and box.height < FILLING * height else ""


def part(share: float, centre: float, names: tuple[str, str]) -> str:
    """The outer part that something lies in along one side of the picture; "" where it is in neither."""
    if share >= FILLING or FIRST <= centre <= LAST:
        return ""
    return names[0] if centre < FIRST else names[1]


# What is said of things and of the whole picture


def relation_lines(relations: Sequence[Relation], named: Mapping[str, Line], believed: Believed) -> Iterator[Line]:
    """ "Person o1 ride horse o2", between things that have lines."""
    number = 0
    for relation in relations:
        about, to = named.get(relation.about.id), named.get(relation.to.id)
        if about is None or to is None or about is to or not believed.sure([relation.fact]):
            continue
        if "relation" in believed.kept(claims_between(relation)):
            number += 1
            text = f"relation: {about.noun} {about.id} {relation.fact.value} {to.noun} {to.id}"
            yield Line(f"r{number}", "relation", text, frozenset({relation.fact.id}), (about.id, to.id))


def claims_between(relation: Relation) -> list[Claim]:
    """A relation as the claims of "a man rides a horse"."""
    return [
        Claim(id="about", kind="object", value=noun(relation.about), span=(0, 1)),
        Claim(id="relation", kind="relation", value=relation.fact.value, about="about", to="to", span=(1, 2)),
        Claim(id="to", kind="object", value=noun(relation.to), span=(2, 3)),
    ]


def noun(instance: Instance) -> str:
    """What an instance is called."""
    return instance.names[0].value


def place_lines(briefs: Sequence[Brief], named: Mapping[str, Line]) -> Iterator[Line]:
    """ "O2 is to the left of o1"."""
    number = 0
    told = ((place_key(p, t), p, t) for b in briefs for p in b.places for t in p.things)
    for key, place, thing in once((one[0], one) for one in told):
        about, to = named.get(thing.instances[0].id), named.get(place.anchor.instances[0].id)
        if about is not None and to is not None:
            number += 1
            text = f"place: {phrases.counted(thing)} {about.id} {place.phrase} {place.anchor.noun} {to.id}"
            yield Line(f"p{number}", "place", text, frozenset({key}), (about.id, to.id))


def text_lines(briefs: Sequence[Brief], named: Mapping[str, Line], believed: Believed) -> Iterator[Line]:
    """ "Text on o3: "STOP""; what it is on is left out where that has no line."""
    instances = briefs[0].evidence.instances
    for number, fact in enumerate(believed.open(once((f.id, f) for b in briefs for f in b.texts)), 1):
        on = next((line for i in instances if fact in i.texts and (line := named.get(i.id)) is not None), None)
        kind = f"text on {on.id}" if on is not None else "text"
        yield Line(
            f"t{number}", "text", f"{kind}: {phrases.quoted(fact)}", frozenset({fact.id}), (on.id,) if on is not None else ()
        )


def said_lines(briefs: Sequence[Brief]) -> Iterator[Line]:
    """Sentences that experts wrote of the picture."""
    quotes = once((q.text, q) for b in briefs for q in b.quotes)
    for number, quote in enumerate((q for q in quotes if not addressing([q.fact.value, q.text])[-1]), 1):
        author = quote.fact.expert or "somebody"
        yield Line(f"s{number}", "said", f"said by {author}: {quote.text}", frozenset({quote.text}))


def whole_lines(briefs: Sequence[Brief], believed: Believed) -> Iterator[Line]:
    """Scene, style and class of the whole picture, and tags on one line."""
    for kind, found in (("scene", [f for b in briefs for f in b.scenes]), ("style", [f for b in briefs for f in b.looks])):
        for number, fact in enumerate(believed.sure(once((f.value, f) for f in found)), 1):
            yield Line(f"{LETTERS[kind]}{number}", kind, f"{kind}: {fact.value}", frozenset({fact.id}))
    for number, fact in enumerate(believed.open(once((f.value, f) for b in briefs for f in b.labels)), 1):
        yield Line(f"k{number}", "class", f"class: {fact.value.replace('_', ' ')}", frozenset({fact.id}))
    extras = [e for e in once((e, e) for b in briefs for e in b.extras) if not is_instruction(e)]
    tags = believed.open(once((f.value, f) for b in briefs for f in b.tags))
    if extras or tags:
        words = dict.fromkeys([*extras, *(f.value.replace("_", " ") for f in tags)])
        yield Line("g1", "tags", f"tags: {', '.join(words)}", frozenset([*extras, *(f.id for f in tags)]))


def once(pairs: Iterable[tuple[str, One]]) -> Iterator[One]:
    """The first of each key."""
    seen: set[str] = set()
    for key, value in pairs:
        if key not in seen:
            seen.add(key)
            yield value
