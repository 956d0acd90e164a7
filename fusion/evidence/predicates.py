"""Compares what relations say: the same, the opposite, or something else."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from fusion import lexicon
from fusion.evidence.geometry import test_for
from fusion.language.predicate import POSTURES, parts

SYMMETRIC = frozenset({"next to", "beside", "near", "by", "close to", "with", "alongside", "adjacent to", "touch", "and"})
HAVING = frozenset({"have", "with", "carry", "hold", "contain"})
OPPOSITE: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    name: (frozenset(one.split("/")), frozenset(other.split("/")))
    for name, one, other in (
        ("vertical", "on/on top of/atop/above/over/onto/upon", "under/below/beneath/underneath"),
        ("depth", "in front of/before/ahead of", "behind/in back of"),
        ("side", "left of/to left of/on left of", "right of/to right of/on right of"),
        ("inside", "in/inside/into/within", "outside/out of/outside of"),
        ("slope", "up", "down"), ("direction", "towards/toward/to/into/onto", "away from/from/out of/off/off of"),
        ("distance", "near/next to/beside/close to/by/against", "far from/away from/across from"),
        ("polarity", "with/have", "without"),
        ("contact", "on/on top of/atop/upon", "next to/beside/near/by/close to/alongside/behind/off/outside/around"),
    )
}  # fmt: skip
"""Prepositions that place one thing in ways that exclude each other, and what they differ in."""
PLACES: Mapping[str, frozenset[str]] = {
    "contact": frozenset("on/in/at/inside/within/on top of/atop/upon/against/attached to/with/of/onto/into".split("/")),
    "beside": frozenset("next to/beside/near/by/close to/alongside/around/among/between/adjacent to/along with".split("/")),
    "depth": frozenset("behind/in front of/in back of/ahead of/before/after".split("/")),
    "height": frozenset("under/below/beneath/underneath/above/over".split("/")),
    "apart": frozenset("off/off of/from/out of/away from/outside/outside of/across from/past/far from/without".split("/")),
    "path": frozenset("through/down/up/along/across/toward/towards/to/for".split("/")),
}
"""What a preposition says of two things; the first row is what captions say as a matter of course."""
STILL = frozenset("sit lie sleep rest park lay".split())
UPRIGHT = frozenset("sit stand lie walk run jump seat lay".split())
MOVING = frozenset("run walk ride fly jump drive race gallop swim speed skate surf ski climb dance throw swing".split())


DEEDS = tuple(
    (frozenset(one.split("/")), frozenset(other.split("/")))
    for one, other in (
        ("hold/carry/grip/grasp/hug", "drop/throw/release/toss/put"),
        ("ride/drive", "push/carry/fall/repair/wash/fix/pull/chase/lead"),
        ("eat/drink", "throw/refuse/drop/cook"), ("wear", "remove"), ("play", "ignore/quit"),
        ("watch/look", "ignore"), ("hit/swing/kick", "miss/catch"), ("catch", "throw/drop/miss"), ("open", "close/shut"),
        ("push", "pull"), ("enter", "leave/exit"), ("climb", "descend/fall"), ("smile/laugh", "frown/cry"),
        ("park", "race/speed"), ("float/swim", "sink/drown"),
        ("fill/cover", "empty"), ("cut/slice", "bake/mix"),
    )
)  # fmt: skip
"""Deeds of which nobody does two to the same thing at once."""


@lru_cache(maxsize=1 << 15)
def same_predicate(one: str, other: str) -> bool:
    """Equal, or alike up to a posture verb in front ("on" and "sit on"), a particle, or words for one action."""
    if one == other:
        return True
    (verb, place), (verb2, place2) = parts(one), parts(other)
    bare, bare2 = verb in POSTURES or not verb, verb2 in POSTURES or not verb2
    if bare and bare2:
        return bool(place and place2) and same_place(place, place2) and (not verb or not verb2 or lexicon.same(verb, verb2))
    if one in HAVING and other in HAVING:
        return "have" in (one, other) or "with" in (one, other)
    if not verb or not verb2:
        return False
    same_verb = lexicon.same(verb, verb2) or lexicon.is_a(verb, verb2) or lexicon.is_a(verb2, verb)
    return same_verb and (not place or not place2 or same_place(place, place2) or not opposed_places(place, place2))


@lru_cache(maxsize=1 << 14)
def same_place(one: str, other: str) -> bool:
    """Two prepositions for one place: "next to" and "beside"."""
    if one == other or lexicon.same(one, other):
        return True
    test, test2 = test_for(one), test_for(other)
    return test is not None and test is test2


@lru_cache(maxsize=1 << 15)
def opposed(one: str, other: str, *, alive: bool) -> str:
    """In what two relations of the same two things exclude each other: "posture" for "sit on" and "stand on", "vertical" for
    "on" and "under"; "" if they do not. Only what is `alive` has a posture: a clock sits and stands at once.
    """
    (verb, place), (verb2, place2) = parts(one), parts(other)
    if verb and verb2 and (found := opposed_verbs(verb, verb2, alive=alive)):
        return found
    related = not verb or not verb2 or verb in POSTURES or verb2 in POSTURES or lexicon.same(verb, verb2)
    return opposed_places(place, place2) if related and place and place2 else ""


@lru_cache(maxsize=1 << 15)
def opposed_verbs(one: str, other: str, *, alive: bool) -> str:
    """In what two deeds exclude each other: "posture" for "sit" and "stand", "motion" for "sleep" and "run"; "" if not."""
    a, b = lexicon.base(one), lexicon.base(other)
    if a == b or HAVING & {a, b} >= {"have"}:
        return ""
    if any((a in x and b in y) or (a in y and b in x) for x, y in DEEDS):
        return "deed"
    if alive and {a, b} <= UPRIGHT and (lexicon.excludes(a, b) or lexicon.excludes(one, other)):
        return "posture"
    if (a in STILL and b in MOVING) or (b in STILL and a in MOVING):
        return "motion"
    return "deed" if lexicon.excludes(a, b) and not {a, b} <= UPRIGHT else ""


@lru_cache(maxsize=1 << 14)
def place_class(place: str) -> str:
    """The row of PLACES that a preposition is in; "" if none."""
    return next((name for name, places in PLACES.items() if place in places), "")


@lru_cache(maxsize=1 << 14)
def opposed_places(one: str, other: str) -> str:
    """In what two prepositions exclude each other, by the table; "" if they do not."""
    return next((name for name, (x, y) in OPPOSITE.items() if (one in x and other in y) or (one in y and other in x)), "")
