"""Which instance each object claim means: one assignment for the whole caption.

A caption's objects and the picture's instances are two small graphs. Names decide who may stand for whom, attributes and
relations who does; a beam search over the claims in order keeps the best partial assignments.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fusion import lexicon
from fusion.evidence import Evidence, Instance, test_for
from fusion.evidence.predicates import same_predicate
from fusion.facts import Claim

BEAM = 12
CANDIDATES = 12
WINDOW = 100
"""Objects that are assigned together; a caption seldom has more than twenty."""
NAMED, MAYBE = 4.0, 2.0


@dataclass(frozen=True)
class Partial:
    """Instances chosen for the first claims, by index into the evidence's instances; None for "not there"."""

    chosen: tuple[int | None, ...]
    score: float


def align(claims: Sequence[Claim], evidence: Evidence) -> dict[str, Instance]:
    """The instance of each object claim, by claim id; claims that fit none are left out."""
    wanted = [c for c in claims if c.kind == "object" and not c.negated and c.parent is None]
    said: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        if claim.kind in {"attribute", "relation", "count"} and claim.about:
            said[claim.about].append(claim)
            if claim.to:
                said[claim.to].append(claim)
    found: dict[str, Instance] = {}
    for start in range(0, len(wanted), WINDOW):
        found |= assign(wanted[start : start + WINDOW], said, evidence)
    for claim in claims:  # a thing named again is where it was
        if claim.kind == "object" and claim.parent in found:
            found[claim.id] = found[claim.parent]
    return found


def assign(objects: Sequence[Claim], said: Mapping[str, Sequence[Claim]], evidence: Evidence) -> dict[str, Instance]:
    """The best joint choice for some object claims."""
    beam = [Partial((), 0.0)]
    place = {c.id: n for n, c in enumerate(objects)}
    for claim in objects:
        options = candidates(claim, said[claim.id], evidence)
        grown = [extend(p, option, score, claim, said[claim.id], place, evidence) for p in beam for option, score in options]
        beam = sorted(grown, key=lambda p: -p.score)[:BEAM]
    best = beam[0].chosen if beam else ()
    return {c.id: evidence.instances[n] for c, n in zip(objects, best, strict=True) if n is not None}


def candidates(claim: Claim, said: Sequence[Claim], evidence: Evidence) -> list[tuple[int | None, float]]:
    """Instances that may be the thing claimed, with the score of name, number and attributes."""
    scored: list[tuple[int | None, float]] = []
    for n, instance in enumerate(evidence.instances):
        score = name_score(claim, instance)
        if score > 0:
            scored.append((n, score + sum(attribute_score(c, instance) for c in said if c.about == claim.id)))
    scored.sort(key=lambda x: -x[1])
    return [*scored[:CANDIDATES], (None, 0.0)]


def name_score(claim: Claim, instance: Instance) -> float:
    """How well an instance's names and number fit an object claim; 0 if not at all."""
    if instance.is_named(claim.value):
        score = NAMED
    elif instance.may_be(claim.value):
        score = MAYBE
    else:
        return 0.0
    if instance.is_group == claim.at_least:
        score += 0.5
    if instance.box is not None:
        score += 0.25
    return score + min(len(instance.names), 4) * 0.05


def attribute_score(claim: Claim, instance: Instance) -> float:
    """Whether an instance has the attribute claimed (1), is stated otherwise (below 0), or nothing is known (0)."""
    if claim.kind != "attribute":
        return 0.0
    for fact in instance.attributes:
        if lexicon.same(fact.value, claim.value):
            return 1.0 if fact.negated == claim.negated else -1.0
        if lexicon.excludes(fact.value, claim.value):
            return -0.7
    return 0.0


def extend(
    partial: Partial, option: int | None, score: float, claim: Claim, said: Sequence[Claim], place: dict[str, int],
    evidence: Evidence,
) -> Partial:  # fmt: skip
    """The partial assignment with one more claim, scored with the relations to those already placed."""
    total = partial.score + score
    if option is not None and option in partial.chosen:
        total -= 3.0 if not evidence.instances[option].is_group else 1.0
    for relation in said:
        if relation.kind != "relation" or option is None:
            continue
        other = relation.to if relation.about == claim.id else relation.about
        index = place.get(other or "")
        if index is None or index >= len(partial.chosen) or (there := partial.chosen[index]) is None:
            continue
        pair = (option, there) if relation.about == claim.id else (there, option)
        total += relation_score(relation, *pair, evidence)
    return Partial((*partial.chosen, option), total)


def relation_score(claim: Claim, about: int, to: int, evidence: Evidence) -> float:
    """Whether a fact states the relation between two instances (1), or how clearly their boxes show it (-.5 to .5)."""
    a, b = evidence.instances[about], evidence.instances[to]
    for relation in evidence.relations:
        if relation.about is a and relation.to is b and same_predicate(relation.fact.value, claim.value):
            return 1.0
    test = test_for(claim.value)
    if test is not None and a.box is not None and b.box is not None:
        return 0.5 * test(a.box, b.box)
    return 0.0
