"""Weighs relations between two things: what is stated of the two, and how their boxes lie."""

from __future__ import annotations

from collections.abc import Iterator
from math import log

from fusion import lexicon
from fusion.evidence import Instance, Relation, test_for
from fusion.evidence.geometry import between as lies_between
from fusion.evidence.geometry import family_of
from fusion.evidence.predicates import HAVING, SYMMETRIC, opposed, opposed_verbs, place_class, same_predicate
from fusion.evidence.salience import usual
from fusion.facts import Box, Claim, Fact
from fusion.language.predicate import POSTURES, parts
from fusion.verdicts.case import Case, Weighing, located, may_mean, within
from fusion.verdicts.things import tagged

HOLDS = frozenset({"in", "on", "at", "inside", "within"})
"""Relations of everything to the scene that it is in."""
CLEAR = 0.25
"""How clearly boxes must speak (-1..1) before geometry counts."""


def sorts_of(predicate: str) -> tuple[str, ...]:
    """What a relation is about: having, a deed, and how the two lie."""
    verb, place = parts(predicate)
    if predicate in HAVING or predicate in {"wear", "of"}:
        return ("having",)
    deed = ("deed",) if verb and verb not in POSTURES else ()
    return (*deed, place_class(place) or "place") if place else deed


def weigh_relation(case: Case, claim: Claim, w: Weighing) -> None:
    """A relation of two instances; if one of them was not found, what is known of its verb.

    Where nobody looked who could state it, only facts and boxes count, and that there are none says nothing.
    """
    seen = case.seen_by_any("relation", claim.value)
    w.add("relation" if seen else "relation:blind")
    for sort in sorts_of(claim.value) if seen else ():
        w.add(f"relation:{sort}")
    a, b = case.instance(claim.about), case.instance(claim.to)
    if claim.value in HOLDS and claim.to in case.by_id and not claim.negated:
        case.say(w, claim, "relation:same", [f for f in tagged(case, case.noun(claim.to)) if f.kind == "scene"])
    if a is not None and b is not None and a is not b:
        between(case, claim, a, b, w)
    elif seen:
        w.add("relation:unbound")
    if not w.support and seen and not claim.negated:
        w.add("relation:usual", usual("relation", claim.value))
        verb_known(case, claim, a, w)


def between(case: Case, claim: Claim, a: Instance, b: Instance, w: Weighing) -> None:
    """What is stated of the two, then where their boxes lie."""
    stated = [r.fact for r in joining(case, claim, a, b)]
    same = [f for f in stated if same_predicate(f.value, claim.value)]
    case.say(w, claim, "relation:same", [f for f in same if f.negated == claim.negated])
    if w.support:
        w.add("relation:again", log(len({f.parent or f.id for f in w.support})))
        return
    case.rule_out(w, claim, "relation:rival:polarity", [f for f in same if f.negated != claim.negated])
    alive = lexicon.is_alive(case.noun(claim.about))
    for fact in stated if not claim.negated else ():
        if not fact.negated and (how := opposed(fact.value, claim.value, alive=alive)):
            case.rule_out(w, claim, f"relation:rival:{how}", [fact])
            break
    if not w.competing:
        if stated:
            w.otherwise += [f for f in stated if not f.negated and not case.evidence.is_hearsay(f)]
            deeds_differ = parts(claim.value)[0] not in {"", *POSTURES} and any(parts(f.value)[0] for f in stated)
            w.add("relation:another deed" if deeds_differ else "relation:otherwise")
        by_nouns(case, claim, a, b, w)
        places(case, claim, a, b, w)
        if not w.support and not w.competing:
            case.unsaid(w, claim, [a, b])


def joining(case: Case, claim: Claim, a: Instance, b: Instance) -> Iterator[Relation]:
    """Relations that are stated of the two; from either end where the two may be exchanged."""
    for r in case.evidence.relations:
        symmetric = claim.value in SYMMETRIC and r.fact.value in SYMMETRIC
        if (within(r.about, a) and within(r.to, b)) or (symmetric and within(r.about, b) and within(r.to, a)):
            yield r


def by_nouns(case: Case, claim: Claim, a: Instance, b: Instance, w: Weighing) -> None:
    """The same relation of others that the two nouns may mean as well, or of one of the two to something else."""
    one, other = case.noun(claim.about), case.noun(claim.to)
    ends = set()
    for r in case.evidence.relations:
        if r.fact.negated == claim.negated and same_predicate(r.fact.value, claim.value) and not case.evidence.is_hearsay(r.fact):
            ends.add((may_mean(r.about, one), may_mean(r.to, other)))
    if (True, True) in ends:
        w.add("relation:of others")
    elif (True, False) in ends:
        w.add("relation:to another")
    elif (False, True) in ends:
        w.add("relation:of another")


def verb_known(case: Case, claim: Claim, a: Instance | None, w: Weighing) -> None:
    """Does anybody say the verb of the subject, of somebody else, or something that it excludes?"""
    verb, _ = parts(claim.value)
    if not verb or claim.negated or sorts_of(claim.value) == ("having",):
        return
    one = case.noun(claim.about)
    of_subject, of_others, how = False, False, ""
    against: list[Fact] = []
    for instance, said, fact in deeds(case):
        mine = instance is a or (a is None and may_mean(instance, one))
        if same_predicate(said, verb):
            of_subject, of_others = of_subject or mine, True
        elif mine and (found := opposed_verbs(said, verb, alive=lexicon.is_alive(one))):
            against, how = [*against, fact], found
    if of_subject:
        w.add("relation:verb of subject")
    elif of_others:
        w.add("relation:verb of others")
    elif against and not w.competing:
        case.rule_out(w, claim, f"relation:rival deed:{how}", against)
    else:
        w.add("relation:new verb")


def deeds(case: Case) -> Iterator[tuple[Instance, str, Fact]]:
    """What instances do, by relations and by attributes: the verb in its base form."""
    for r in case.evidence.relations:
        verb, _ = parts(r.fact.value)
        if verb and not r.fact.negated and not case.evidence.is_hearsay(r.fact):
            yield r.about, verb, r.fact
    for instance in case.evidence.instances:
        for f in instance.attributes:
            verb = lexicon.base(f.value.split()[0])
            if not f.negated and f.value.split()[0].endswith(("ing", "ed")) and not case.evidence.is_hearsay(f):
                yield instance, verb, f


def other_side(case: Case, claim: Claim, b: Instance) -> tuple[Box, Box] | None:
    """The two things between which something is said to be: the ends of two claims on one word, or two of a group."""
    if claim.value.split()[-1] != "between":
        return None
    ends = [case.instance(c.to) for c in case.claims if c.span == claim.span and c.about == claim.about]
    boxes = [i.box for i in (b.members if len(ends) < 2 else ends) if i is not None and i.box is not None]
    return (boxes[0], boxes[1]) if len(boxes) == 2 else None


def places(case: Case, claim: Claim, a: Instance, b: Instance, w: Weighing) -> None:
    """How the boxes of the two lie; of three where one is between the others."""
    test, third = test_for(claim.value), other_side(case, claim, b)
    if a.box is None or b.box is None or (test is None and third is None) or case.evidence.apart(a, b):
        return
    clear = lies_between(a.box, *third) if third is not None else test(a.box, b.box) if test is not None else 0.0
    clear *= -1 if claim.negated else 1
    if abs(clear) < CLEAR:
        return
    boxes = [*located(a), *located(b)]
    (w.support if clear > 0 else w.competing).extend(boxes)
    w.add(f"relation:boxes {'so' if clear > 0 else 'otherwise'}:{family_of(claim.value)}", clear)
    w.note = "the boxes lie so" if clear > 0 else "the boxes lie otherwise"
