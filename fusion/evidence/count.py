"""Counts the boxes that an expert shows of one thing."""

from __future__ import annotations

from fusion.evidence import Evidence
from fusion.facts import Fact


def shown(evidence: Evidence, word: str, expert: str) -> tuple[list[Fact], list[Fact]]:
    """An expert's located objects that are `word`, and those that may be it (a "person" may be a "man")."""
    named, possible = [], []
    for instance in evidence.instances:
        fact = next((f for f in instance.names if f.expert == expert and f.box is not None), None)
        if fact is not None and instance.is_named(word):
            named.append(fact)
        elif fact is not None and instance.may_be(word):
            possible.append(fact)
    return named, possible


def how_many(facts: list[Fact]) -> int:
    """How many things object facts stand for, at least."""
    return sum(f.number or 1 for f in facts)
