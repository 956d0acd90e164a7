"""Facts that exclude each other are kept, and named by both sides."""

from __future__ import annotations

import pytest

from fusion.evidence import Evidence, gather
from fusion.expert import Card
from fusion.facts import Box, Fact, Observation
from fusion.language import Language
from fusion.verdicts import verify

CARDS = {
    "boxes": Card(sees=("object", "count"), vocabulary=("cat", "dog", "person"), precision=0.95, recall=0.9),
    "other": Card(sees=("object", "count"), vocabulary=("cat", "dog", "person"), precision=0.95, recall=0.9),
    "one": Card(vocabulary=None, precision=0.9, recall=0.3),
    "two": Card(vocabulary=None, precision=0.9, recall=0.3),
    "alt_text": Card(vocabulary=None, precision=0.6, recall=0.1, hearsay=True),
}


def box(name: str, expert: str = "boxes", x: float = 10) -> Fact:
    return Fact(id=f"{expert}:{name}@{x}", kind="object", value=name, box=Box(x, 10, x + 40, 60), expert=expert)


def says(text: str, expert: str) -> Fact:
    return Fact(id=f"{expert}:{text}", kind="statement", value=text, expert=expert)


def evidence(*facts: Fact) -> Evidence:
    (joined,) = gather([Observation(id="x", width=200, height=200, facts=facts)], CARDS, Language.load())
    return joined


def values(seen: Evidence) -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """Kind and both sides of each dispute, by what the facts say."""
    known = {f.id: f for f in seen.everything}

    def told(names: tuple[str, ...]) -> tuple[str, ...]:
        facts = [known[name] for name in names]
        return tuple(f"{f.number} {f.value}" if f.kind == "count" else f.value for f in facts)

    return [(d.kind, told(d.one), told(d.other)) for d in seen.disputes]


DISPUTED = {
    "a name": ([box("cat"), box("dog", "other", 12)], [("object", ("cat",), ("dog",))]),
    "what a person is": (
        [box("person"), says("A man waves.", "one"), says("A woman waves.", "two")],
        [("object", ("man",), ("woman",))],
    ),
    "a colour": (
        [box("dog"), says("A black dog.", "one"), says("A white dog.", "two")],
        [("attribute", ("black",), ("white",))],
    ),
    "a number": (
        [says("Two dogs.", "one"), says("Three dogs.", "two")],
        [("count", ("2 dog",), ("3 dog",))],
    ),
    "a relation": (
        [box("dog"), box("cat", x=100), says("A dog in front of a cat.", "one"), says("A dog behind a cat.", "two")],
        [("relation", ("in front of",), ("behind",))],
    ),
}

AGREED = {
    "one who names two colours": [box("dog"), says("A black and white dog.", "one")],
    "two boxes apart": [box("cat"), box("dog", "other", 100)],
    "a person and a man": [box("person"), says("A man waves.", "one")],
    "a man and a woman": [box("person"), box("person", x=100), says("A man.", "one"), says("A woman.", "two")],
    "hearsay": [box("dog"), says("A black dog.", "one"), says("A white dog.", "alt_text")],
    "a number and more": [says("Several dogs.", "one"), says("Three dogs.", "two")],
}


@pytest.mark.parametrize(("facts", "expected"), DISPUTED.values(), ids=list(DISPUTED))
def test_disputed(facts: list[Fact], expected: list[tuple[str, tuple[str, ...], tuple[str, ...]]]) -> None:
    assert values(evidence(*facts)) == expected


@pytest.mark.parametrize("facts", AGREED.values(), ids=list(AGREED))
def test_not_disputed(facts: list[Fact]) -> None:
    assert values(evidence(*facts)) == []


def test_the_reason_names_both_sides() -> None:
    language = Language.load()
    seen = evidence(box("dog"), says("A black dog.", "one"), says("A white dog.", "two"))
    claims = verify(language.read(["A black dog."]), [seen], language)[0].claims
    (black,) = (c for c in claims if c.value == "black")
    assert black.reason == "one says so: black; but two says white"
