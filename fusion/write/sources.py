"""Which sources a writer is told of: some strategies give it only a part of what is known of a picture."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Literal, get_args

from fusion.errors import ConfigError
from fusion.evidence import Evidence, Instance, Relation
from fusion.facts import Fact

Source = Literal["facts", "statements", "alt_text", "tags", "label"]
SOURCES: frozenset[str] = frozenset(get_args(Source))
"""What experts state piece by piece, sentences that they wrote, what only repeated words say, tags, and the class label."""


def check_sources(told: Collection[str] | None) -> None:
    """Raise ConfigError for a source that does not exist."""
    if told is not None and (unknown := sorted(set(told) - SOURCES)):
        raise ConfigError(f"told: expected some of {', '.join(sorted(SOURCES))}, got {unknown[0]!r}")


def source_of(fact: Fact, evidence: Evidence) -> str:
    """The source of a fact that an expert stated; what was read from a sentence has the source of that sentence."""
    if fact.kind == "tag":
        return "label" if (fact.data or {}).get("role") == "label" else "tags"
    if evidence.is_hearsay(fact):
        return "alt_text"
    return "statements" if fact.kind == "statement" else "facts"


def seen_through(evidence: Evidence, told: Collection[str] | None) -> Evidence:
    """The evidence with the instances, relations and loose facts of some sources only; None: all of it.

    The lists of facts stay whole: who looked, and what was put together of several panels, is true whoever is told.
    """
    if told is None or set(told) >= SOURCES:
        return evidence
    kept = {f.id for f in evidence.facts if source_of(f, evidence) in told}
    kept |= {f.id for f in evidence.derived if f.parent in kept}
    parts = {i.id: part_of(i, kept) for i in evidence.instances if any(f.id in kept for f in i.names)}
    relations = [r for r in evidence.relations if r.fact.id in kept and r.about.id in parts and r.to.id in parts]
    return replace(
        evidence,
        instances=list(parts.values()),
        relations=[Relation(r.fact, parts[r.about.id], parts[r.to.id]) for r in relations],
        loose=[f for f in evidence.loose if f.id in kept],
        by_id={name: parts[i.id] for name, i in evidence.by_id.items() if name in kept and i.id in parts},
        sentences=[s for s in evidence.sentences if s.statement.id in kept],
    )


def part_of(instance: Instance, kept: Collection[str]) -> Instance:
    """An instance with these facts only; its members are left as they are."""
    return Instance(
        names=[f for f in instance.names if f.id in kept],
        attributes=[f for f in instance.attributes if f.id in kept],
        counts=[f for f in instance.counts if f.id in kept],
        texts=[f for f in instance.texts if f.id in kept],
        members=list(instance.members),
    )
