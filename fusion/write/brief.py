"""What each caption shall say: the facts chosen for it, its style and its length."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from fusion import lexicon
from fusion.errors import ConfigError
from fusion.evidence import Evidence, Instance, Relation
from fusion.facts import Fact

LIMITS = {"short": (3, 1, 0), "dense": (8, 4, 2)}
"""By style: the most things, relations and read texts of one caption."""
STYLES: tuple[str, ...] = tuple(LIMITS)


@dataclass(frozen=True)
class Thing:
    """One thing, or several of a kind, as a caption names it."""

    noun: str
    number: int
    at_least: bool
    instances: tuple[Instance, ...]
    attributes: tuple[Fact, ...] = ()
    texts: tuple[Fact, ...] = ()

    @property
    def plural(self) -> bool:
        """Is it more than one?"""
        return self.number > 1 or self.at_least


@dataclass(frozen=True)
class Brief:
    """The plan of one caption: things in order of weight, what relates them, and what is said of the whole picture."""

    style: str
    evidence: Evidence
    things: tuple[Thing, ...]
    relations: tuple[Relation, ...] = ()
    scenes: tuple[Fact, ...] = ()
    styles: tuple[Fact, ...] = ()
    texts: tuple[Fact, ...] = ()
    seed: int = field(default=0, compare=False)


def plan(evidence: Evidence, styles: Sequence[str], seed: int = 0) -> list[Brief]:
    """One brief a style; none for a picture of which nothing can be said.

    Raises:
        ConfigError: a style that does not exist.
    """
    for style in styles:
        if style not in LIMITS:
            raise ConfigError(f"no style {style!r}", hint=f"there are {', '.join(LIMITS)}")
    things = find_things(evidence)
    scenes = tuple(f for f in evidence.loose if f.kind == "scene" and not f.negated and not hearsay(evidence, f))
    media = tuple(f for f in evidence.loose if f.kind == "style" and not f.negated and not hearsay(evidence, f))
    texts = tuple(f for f in evidence.loose if f.kind == "text" and not f.negated and not hearsay(evidence, f))
    if not (things or scenes or texts):
        return []
    return [brief(style, evidence, things, scenes, media, texts, seed) for style in styles]


def brief(
    style: str, evidence: Evidence, things: Sequence[Thing], scenes: tuple[Fact, ...], media: tuple[Fact, ...],
    texts: tuple[Fact, ...], seed: int,
) -> Brief:  # fmt: skip
    """The plan of one caption in a style, within the style's limits."""
    most_things, most_relations, most_texts = LIMITS[style]
    chosen = tuple(things[:most_things])
    relations = tuple(r for r in sayable(evidence) if thing_of(r.about, chosen) and thing_of(r.to, chosen))
    return Brief(
        style, evidence, chosen, relations[:most_relations], scenes[:1], media[:1] if style == "dense" else (),
        texts[:most_texts], seed,
    )  # fmt: skip


def find_things(evidence: Evidence) -> list[Thing]:
    """Things by noun, the weightiest first; what only hearsay names is left out."""
    groups: dict[str, list[Instance]] = {}
    for instance in evidence.instances:
        seen = [f for f in instance.names if not hearsay(evidence, f)]
        if seen and not instance.members:
            groups.setdefault(lexicon.singular(seen[0].value), []).append(instance)
    things = [make_thing(noun, members, evidence) for noun, members in groups.items()]
    weights = {t.noun: weight(t, evidence) for t in things}
    return sorted(things, key=lambda t: (-weights[t.noun], t.noun))


def make_thing(noun: str, members: Sequence[Instance], evidence: Evidence) -> Thing:
    """Instances of one noun as one thing to name."""
    number = sum(max((f.number or 1 for f in i.names), default=1) for i in members)
    open_ended = any(f.at_least for i in members for f in i.names)
    alone = members[0] if len(members) == 1 and number == 1 else None
    attributes = tuple(described(alone, evidence)) if alone is not None else ()
    texts = tuple(f for f in alone.texts if not f.negated and not hearsay(evidence, f)) if alone is not None else ()
    return Thing(noun, number, open_ended, tuple(members), attributes, texts)


def described(instance: Instance, evidence: Evidence) -> list[Fact]:
    """Attributes that can stand together, the surest first; of two that exclude each other neither is said."""
    stated = [f for f in instance.attributes if not f.negated and not hearsay(evidence, f)]
    agreed = [f for f in stated if not any(lexicon.excludes(f.value, g.value) for g in stated)]
    unique = {f.value: f for f in sorted(agreed, key=lambda f: -f.score)}
    return list(unique.values())


def weight(thing: Thing, evidence: Evidence) -> float:
    """How much a thing matters: its share of the picture, its score, and whether other facts speak of it."""
    whole = (evidence.width or 0) * (evidence.height or 0)
    area = sum(i.box.area for i in thing.instances if i.box is not None)
    score = max(f.score for i in thing.instances for f in i.names)
    said = sum(1 for r in evidence.relations if r.about in thing.instances or r.to in thing.instances)
    return score * (0.2 + (min(area / whole, 1.0) if whole else 0.3)) + 0.1 * min(said, 3) + 0.05 * len(thing.attributes)


PLAIN_VERBS = frozenset({"sit", "stand", "lie", "walk", "run", "look", "jump", "lean", "sleep", "fly", "play", "swim", "ride"})


def sayable(evidence: Evidence) -> list[Relation]:
    """Relations that can be put in the active voice. What a statement says of a passive ("covered with") cannot."""
    found = []
    for relation in evidence.relations:
        fact = relation.fact
        verb, *rest = fact.value.split()
        active = fact.parent is None or not rest or verb in PLAIN_VERBS or is_place(fact.value)
        if active and not fact.negated and not hearsay(evidence, fact):
            found.append(relation)
    return found


def is_place(value: str) -> bool:
    """Is the relation a preposition, so that it needs "is" in front?"""
    return value.split()[0] in PREPOSITIONS


PREPOSITIONS = frozenset(
    "on in at by with near next left right above below under beneath behind inside outside beside over around between against "
    "across along among atop close far to from of into onto through toward towards underneath within without ahead away off "
    "alongside adjacent opposite".split()
)


def thing_of(instance: Instance, things: Sequence[Thing]) -> Thing | None:
    """The thing that stands for an instance."""
    return next((t for t in things if instance in t.instances), None)


def hearsay(evidence: Evidence, fact: Fact) -> bool:
    """Does the fact come from an expert that only repeats what others wrote?"""
    return evidence.card(fact.expert).hearsay
