"""What facts say in place of a claim that does not hold: another colour, number, place, or noun for the thing that is there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

from msgspec.structs import replace

from fusion import lexicon
from fusion.facts import Claim
from fusion.verdicts.case import Case, Weighing
from fusion.verdicts.things import place_of

SWAPPED = frozenset({"animal", "person", "vehicle", "food", "furniture", "garment", "toy", "plant", "device", "sports gear"})
"""Kinds of things of which one is put in the place of another one."""
SURE = 0.8
"""Confidence that what is said instead must reach: repair shall not exchange one guess for another."""


def instead(case: Case, claim: Claim, w: Weighing, believe: Callable[[Claim], float]) -> str | None:
    """The value that facts state where this claim fails, if most agree on one and it is sure enough; None else.

    `believe` gives the confidence of a claim.
    """
    if claim.negated or claim.kind not in ALTERNATIVES:
        return None
    first = leading(ALTERNATIVES[claim.kind](case, claim, w))
    if first is None:
        return None
    changed = replace(claim, number=int(first)) if claim.kind == "count" else replace(claim, value=first)
    return first if believe(changed) >= SURE else None


def leading(values: Iterable[str]) -> str | None:
    """The value that more than half say, synonyms taken together; None without one."""
    said = list(values)
    first = next(iter(Counter(said).most_common(1)), (None, 0))[0]
    agreeing = sum(1 for value in said if first is not None and lexicon.same(first, value))
    return first if 2 * agreeing > len(said) else None


def nouns(case: Case, claim: Claim, w: Weighing) -> Iterable[str]:
    """What stands in its place; else the less exact name of the thing that is there; else the one thing of its kind that is."""
    rivals = [f for f in w.competing if f.kind == "object" and not f.negated]
    instance = case.instance(claim.id)
    if rivals:  # what the caption has already cannot stand there once more
        own = instance.names if instance is not None else []
        return [f.value for f in (*case.unclaimed(rivals, claim), *own) if f in rivals]
    if instance is None:
        return left_out(case, claim)
    if " " in claim.value or place_of(case, claim) == "joined":
        return []
    return [f.value for f in instance.names if lexicon.is_a(claim.value, f.value) and not lexicon.is_broad(f.value)][:1]


def left_out(case: Case, claim: Claim) -> list[str]:
    """The thing of the same kind that is surely there, and that the caption does not mention: the cat for "a hamster"."""
    kinds = lexicon.category(claim.value) & SWAPPED
    meant = {id(i) for i in case.aligned.values()}
    free = [
        i for i in case.evidence.instances
        if id(i) not in meant and len(i.names) > 1 and any(kinds & lexicon.category(f.value) for f in i.names)
    ]  # fmt: skip
    named = [Counter(f.value for f in i.names).most_common(1)[0][0] for i in free]
    return named if len({lexicon.singular(name) for name in named}) == 1 else []


def qualities(case: Case, claim: Claim, w: Weighing) -> Iterable[str]:
    """The qualities that exclude the one claimed, but those that the caption says of the thing as well."""
    said = [c.value for c in case.claims if c.kind == "attribute" and c.about == claim.about and c.id != claim.id]
    rivals = [f.value for f in w.competing if f.kind == "attribute" and not f.negated]
    return [value for value in rivals if not any(lexicon.same(value, other) for other in said)]


def numbers(case: Case, claim: Claim, w: Weighing) -> Iterable[str]:
    """The number stated, or of boxes found."""
    stated = [f for f in w.competing if f.number is not None and (f.kind == "count" or f.box is None) and not f.negated]
    if stated:
        return [str(f.number) for f in stated]
    boxed = {f.id for f in w.competing if f.box is not None}
    return [str(len(boxed))] if boxed else []


def predicates(case: Case, claim: Claim, w: Weighing) -> Iterable[str]:
    """The relations that exclude the one claimed; else the one that is stated most often of the two."""
    rivals = [f.value for f in w.competing if f.kind == "relation" and not f.negated]
    counted = Counter(f.value for f in w.otherwise)
    return rivals or [value for value, _ in counted.most_common(1)]


ALTERNATIVES: dict[str, Callable[[Case, Claim, Weighing], Iterable[str]]] = {
    "object": nouns,
    "attribute": qualities,
    "count": numbers,
    "relation": predicates,
}
