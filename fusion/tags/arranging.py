"""A list of tags grouped, put in order, and held against the evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec

from fusion.errors import InputError
from fusion.facts import check_text
from fusion.tags.groups import fold, group_of, known_groups
from fusion.tags.order import ordered

if TYPE_CHECKING:
    from fusion.evidence import Evidence


class Dropped(msgspec.Struct, frozen=True):
    """A tag that was left out, and why."""

    tag: str
    reason: str


class Contradicted(msgspec.Struct, frozen=True):
    """A tag that the evidence excludes, why, and the ids of the facts that do; none where an expert saw nothing."""

    tag: str
    reason: str
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True)
class Arranged:
    """Tags in order, exactly as given.

    `groups` has the group of each, `dropped` what is not among them and why, `contradicted` those of them that the evidence
    excludes, `bound` the ids of the instances that a tag is said of.
    """

    tags: tuple[str, ...] = ()
    groups: Mapping[str, str] = field(default_factory=dict)
    dropped: tuple[Dropped, ...] = ()
    contradicted: tuple[Contradicted, ...] = ()
    bound: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def arrange(
    tags: Sequence[str],
    *,
    evidence: Evidence | None = None,
    table: Mapping[str, str] | None = None,
    drop_implied: bool = False,
) -> Arranged:
    """Group tags and put them in order: who is there, what they are, wear and do, other things, places, style and meta.

    Tags stand as given, with spaces or underscores. Blank tags and repetitions are dropped, and with `drop_implied` those
    that another tag implies. `table` files tags under groups of the user's choice before the words decide; its keys are
    compared as tags are, whatever their case and spacing. A tag that `evidence` contradicts stays and is named.

    Raises:
        InputError: a tag is no string or cannot be held by UTF-8; the table names no group.
    """
    own = known_groups(table or {})
    kept, dropped = _distinct(tags)
    if drop_implied:
        from fusion.tags.implied import implied

        gone = implied(kept)
        dropped += [Dropped(tag, f'implied by "{by}"') for tag, by in gone.items()]
        kept = [tag for tag in kept if tag not in gone]
    groups = {tag: group_of(tag, own) for tag in kept}
    if evidence is None:
        return Arranged(tuple(ordered(kept, groups, {})), groups, tuple(dropped))
    return _against(kept, groups, dropped, evidence)


def _against(kept: list[str], groups: dict[str, str], dropped: list[Dropped], evidence: Evidence) -> Arranged:
    """With evidence: what is said of one instance stands together, and what the facts exclude is found."""
    from fusion.tags.against import excluded, handed_on, instances_of

    instances = instances_of(kept, evidence)
    ranks = {instance.id: rank for rank, instance in enumerate(evidence.instances)}
    first = {tag: min(ranks[i.id] for i in found) for tag, found in instances.items()}
    order = ordered(kept, groups, first)
    own = handed_on([*kept, *(gone.tag for gone in dropped)], evidence)
    found = ((tag, excluded(tag, evidence, groups[tag], own)) for tag in order)
    contradicted = tuple(Contradicted(tag, why.reason, why.facts) for tag, why in found if why)
    bound = {tag: tuple(i.id for i in instances[tag]) for tag in order if tag in instances}
    return Arranged(tuple(order), groups, tuple(dropped), contradicted, bound)


def _distinct(tags: Sequence[str]) -> tuple[list[str], list[Dropped]]:
    """Tags without blanks and repetitions, and those two."""
    if isinstance(tags, str):
        raise InputError(f"tags: expected a list of strings, got the string {tags!r}", hint="split it at the commas first")
    kept: dict[str, str] = {}
    dropped: list[Dropped] = []
    for place, tag in enumerate(tags):
        text = _checked(tag, place)
        if not text:
            dropped.append(Dropped(tag, "empty"))
        elif text in kept:
            dropped.append(Dropped(tag, f'a repetition of "{kept[text]}"'))
        else:
            kept[text] = tag
    return list(kept.values()), dropped


def _checked(tag: object, place: int) -> str:
    if not isinstance(tag, str):
        raise InputError(f"tags[{place}]: expected a string, got {type(tag).__name__} {tag!r}")
    try:
        check_text(tag)
    except ValueError as error:
        raise InputError(f"tags[{place}]: {error}") from None
    return fold(tag)
