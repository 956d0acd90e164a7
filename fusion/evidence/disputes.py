"""Where facts of one picture exclude each other: they are kept side by side, and whoever reads a verdict is told of both."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import combinations
from typing import TYPE_CHECKING

from fusion import lexicon
from fusion.evidence.join import SAME_PLACE, Instance
from fusion.evidence.predicates import opposed
from fusion.facts import Dispute, Fact, FactKind

if TYPE_CHECKING:
    from fusion.evidence import Evidence

Exclude = Callable[[Fact, Fact], bool]


def disputes(evidence: Evidence) -> Iterator[Dispute]:
    """Names of one thing, its qualities, its number, and relations of the same two things that cannot hold together.

    Hearsay disputes nothing, and no fact disputes another of the same statement.
    """
    seen = [i for i in evidence.instances if any(not evidence.is_hearsay(f) for f in i.names)]
    yield from _names(seen, evidence)
    for instance in seen:
        yield from _sides("attribute", _told(instance.attributes, evidence), _exclude)
        yield from _sides("count", _told(instance.counts, evidence), _another_number)
    stated: dict[tuple[str, str], list[Fact]] = {}
    for relation in evidence.relations:
        stated.setdefault((relation.about.id, relation.to.id), []).append(relation.fact)
    for (about, _), facts in stated.items():
        alive = any(lexicon.is_alive(f.value) for f in evidence.by_id[about].names)
        yield from _sides("relation", _told(facts, evidence), partial(_opposed, alive=alive))


def _told(facts: Iterable[Fact], evidence: Evidence) -> list[Fact]:
    return [f for f in facts if not evidence.is_hearsay(f)]


def _names(instances: Sequence[Instance], evidence: Evidence) -> Iterator[Dispute]:
    """Boxes in one place with names that exclude each other; and what is said to be there but fits one box alone, which others
    call something else.
    """
    boxed = [i for i in instances if i.box is not None and not i.members]
    for one, other in combinations(boxed, 2):
        assert one.box is not None
        assert other.box is not None
        own = {f.expert for f in one.names} & {f.expert for f in other.names}  # who boxes a cat in a lap sees two things
        if not own and one.box.iou(other.box) >= SAME_PLACE and _named_otherwise(one, other.names[0].value):
            yield _dispute("object", one.names, other.names)
    for told in (i for i in instances if i.box is None and not i.is_group):
        word = told.names[0].value
        fitting = [i for i in boxed if any(lexicon.is_a(word, f.value) for f in i.names if f.box is not None)]
        against = [f for f in fitting[0].names if lexicon.excludes(f.value, word)] if len(fitting) == 1 else []
        if against and not _same_source(against, told.names):
            yield _dispute("object", against, told.names)


def _named_otherwise(instance: Instance, word: str) -> bool:
    return any(lexicon.excludes(f.value, word) for f in instance.names)


def _sides(kind: FactKind, facts: Sequence[Fact], exclude: Exclude) -> Iterator[Dispute]:
    """Each value against those that exclude it, each two values once."""
    by_value: dict[tuple[str, int | None, bool], list[Fact]] = {}
    for fact in facts:
        by_value.setdefault((fact.value, fact.number, fact.negated), []).append(fact)
    for one, other in combinations(by_value.values(), 2):
        if exclude(one[0], other[0]) and not _same_source(one, other):
            yield _dispute(kind, one, other)


def _same_source(one: Sequence[Fact], other: Sequence[Fact]) -> bool:
    """Does one statement say both? Then the thing is red and white, or there are two."""
    return bool({f.parent or f.id for f in one} & {f.parent or f.id for f in other})


def _exclude(one: Fact, other: Fact) -> bool:
    if one.negated != other.negated:
        return lexicon.same(one.value, other.value)
    return not one.negated and lexicon.excludes(one.value, other.value)


def _another_number(one: Fact, other: Fact) -> bool:
    if one.negated or other.negated or one.number is None or other.number is None:
        return False
    return one.number != other.number and not one.at_least and not other.at_least


def _opposed(one: Fact, other: Fact, *, alive: bool) -> bool:
    if one.negated != other.negated:
        return one.value == other.value
    return not one.negated and bool(opposed(one.value, other.value, alive=alive))


def _dispute(kind: FactKind, one: Sequence[Fact], other: Sequence[Fact]) -> Dispute:
    return Dispute(kind=kind, one=tuple(f.id for f in one), other=tuple(f.id for f in other))
