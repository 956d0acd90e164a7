"""Weighs what is said of a thing: its colour, size, material, state, what it does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import log

from fusion import lexicon
from fusion.evidence import Evidence, Instance
from fusion.evidence.predicates import opposed_verbs, same_predicate
from fusion.evidence.salience import group_of, usual
from fusion.facts import Claim, Fact
from fusion.language.predicate import parts
from fusion.verdicts.case import Case, Weighing, may_mean
from fusion.verdicts.things import tagged


def weigh_attribute(case: Case, claim: Claim, w: Weighing) -> None:
    """A quality of the very instance that it is said of; what is said of others like it counts little."""
    seen = case.seen_by_any("attribute", claim.value)
    w.add("attribute" if seen else "attribute:blind")
    if seen:
        w.add(f"attribute:{group_of('attribute', claim.value) or 'other'}")
    instance = case.instance(claim.about)
    noun = case.noun(claim.about)
    if not claim.negated:
        case.say(w, claim, "attribute:same", tagged_so(case, noun, claim.value))
    if instance is None or (instance.is_group and instance.box is None):
        case.say(w, claim, "attribute:same", [] if claim.negated else of_all(case, claim, noun))
    if instance is not None:
        of_instance(case, claim, instance, w)
    elif seen:
        w.add("attribute:unbound")
    if not w.support and not w.competing and seen and not claim.negated:
        w.add("attribute:usual", usual("attribute", claim.value))
        elsewhere(case, claim, noun, w)


def of_instance(case: Case, claim: Claim, instance: Instance, w: Weighing) -> None:
    """What is stated of the instance: the same, something near, something that excludes it, or nothing."""
    holders = [instance, *instance.members]
    stated = [f for i in holders for f in i.attributes]
    same = [f for f in stated if means(f.value, claim.value)]
    compounds = [f for i in holders for f in i.names if claim.value in f.value.split()[:-1]]
    case.say(w, claim, "attribute:same", [f for f in same if f.negated == claim.negated] + ([] if claim.negated else compounds))
    if w.support:
        w.add("attribute:again", log(len({f.parent or f.id for f in w.support})))
        return
    case.say(w, claim, "attribute:done", [] if claim.negated else doing(case.evidence, holders, claim.value))
    rivals = [f for f in same if f.negated != claim.negated]
    if not claim.negated:
        rivals += [f for f in excluding(case, claim, stated) if lexicon.excludes(f.value, claim.value)]
        rivals += [f for f, verb in verbs_of(case.evidence, holders) if excluded_deed(verb, claim.value, case.noun(claim.about))]
    near = [f for f in stated if not f.negated and lexicon.colour(f.value) in lexicon.neighbours(claim.value)]
    if near and not claim.negated and not w.support:
        w.add("attribute:near")
    if not w.support:
        sort = group_of("attribute", claim.value) or "other"
        several = instance.is_group or bool(instance.members)
        case.rule_out(w, claim, f"attribute:rival:{sort}{':of several' if several else ''}", rivals)
        case.unsaid(w, claim, [instance])


def excluding(case: Case, claim: Claim, stated: Sequence[Fact]) -> list[Fact]:
    """What is stated of a thing and may rule the claim out.

    Of "a red and white bus" that somebody calls white, red is not ruled out, as it has more than one colour; only who calls it
    "blue and white" does that.
    """
    coloured = bool(lexicon.colour(claim.value))
    said = [f for f in stated if not f.negated and bool(lexicon.colour(f.value)) == coloured]  # a tabby may be orange
    if not coloured:
        return said
    others = [c.value for c in case.claims if c.kind == "attribute" and c.about == claim.about and c.id != claim.id]
    same = [f for f in said if any(lexicon.colour(c) and means(f.value, c) for c in others)]
    complete = {f.parent for f in same if f.parent}
    return [f for f in said if f.parent in complete] if same else said


def verbs_of(evidence: Evidence, holders: list[Instance]) -> Iterator[tuple[Fact, str]]:
    """What the instances do by the relations that are stated of them."""
    for r in evidence.relations:
        if any(r.about is h for h in holders) and not r.fact.negated and (verb := parts(r.fact.value)[0]):
            yield r.fact, verb


def excluded_deed(verb: str, value: str, noun: str) -> bool:
    """ "Standing", of who sits on a bench."""
    first = value.split()[0]
    return first.endswith("ing") and bool(opposed_verbs(verb, first, alive=lexicon.is_alive(noun)))


def means(stated: str, claimed: str) -> bool:
    """Is it the claimed quality, or a shade of it?"""
    return (
        stated == claimed
        or lexicon.same(stated, claimed)
        or (lexicon.colour(claimed) == claimed and lexicon.colour(stated) == claimed)
    )


def doing(evidence: Evidence, holders: list[Instance], value: str) -> list[Fact]:
    """ "Walking", of who walks down a street."""
    verb = lexicon.base(value.split()[0])
    return [fact for fact, deed in verbs_of(evidence, holders) if same_predicate(deed, verb)]


def elsewhere(case: Case, claim: Claim, noun: str, w: Weighing) -> None:
    """The same quality said of another thing of this name, or of anything."""
    having = [
        (i, f) for i in case.evidence.instances for f in i.attributes
        if not f.negated and means(f.value, claim.value) and not case.evidence.is_hearsay(f)
    ]  # fmt: skip
    if any(may_mean(i, noun) for i, _ in having):
        w.add("attribute:of another")
    elif having:
        w.add("attribute:of others")


def tagged_so(case: Case, noun: str, value: str) -> list[Fact]:
    """Tags that say both, "red scarf", where they can mean one thing only and nothing said of that excludes it."""
    meant = [i for i in case.evidence.instances if noun and i.is_named(noun) and not i.members]
    if len(meant) > 1 or any(lexicon.excludes(f.value, value) for i in meant for f in i.attributes if not f.negated):
        return []
    return [f for f in tagged(case, noun) if value in f.value.lower().replace("_", " ").split()[:-1]]


def of_all(case: Case, claim: Claim, noun: str) -> list[Fact]:
    """ "Four orange birds": said of all that may be meant, it holds if every one of them has it."""
    has_tag = bool(tagged(case, noun))
    boxed = [i for i in case.evidence.instances if i.box is not None]
    meant = [i for i in boxed if noun and (i.is_named(noun) or (has_tag and i.may_be(noun)))]
    of_each = [[f for f in i.attributes if not f.negated and lexicon.same(f.value, claim.value)] for i in meant]
    return [f for facts in of_each for f in facts] if of_each and all(of_each) else []
