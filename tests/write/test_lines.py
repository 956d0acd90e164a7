"""Fact lines: what they say of small pieces of evidence, their order, and what has none."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion.evidence import Evidence, gather
from fusion.expert import Card
from fusion.facts import Box, Fact, Observation
from fusion.language import Language
from fusion.write import Brief, plan
from fusion.write.lines import Line, chosen, lines_of

NOUNS = ("dog", "cat", "bus", "person", "horse", "stop sign", "cup")
CARDS = {
    "boxes": Card(sees=("object", "attribute", "relation"), vocabulary=NOUNS, precision=0.95, recall=0.9),
    "other": Card(sees=("object",), vocabulary=NOUNS, precision=0.95, recall=0.9),
    "captioner": Card(sees=("statement",), vocabulary=None, precision=0.9),
    "tags": Card(sees=("tag",), vocabulary=(), precision=0.7),
    "label": Card(sees=("tag",), vocabulary=(), precision=0.94),
    "alt_text": Card(vocabulary=None, hearsay=True),
}
LEFT, RIGHT, MIDDLE, ALL = Box(0, 30, 30, 70), Box(70, 30, 100, 70), Box(40, 40, 60, 60), Box(0, 0, 100, 100)
TOP, CORNER = Box(10, 0, 90, 20), Box(80, 80, 100, 100)


def thing(name: str, value: str, box: Box | None = None, **more: object) -> Fact:
    return Fact(**{"id": name, "kind": "object", "value": value, "expert": "boxes", "box": box, **more})  # type: ignore[arg-type]


def of(kind: str, value: str, about: str | None = None, to: str | None = None, **more: object) -> Fact:
    name = f"{kind} {value} {about}"
    return Fact(**{"id": name, "kind": kind, "value": value, "about": about, "to": to, "expert": "boxes", **more})  # type: ignore[arg-type]


def evidence_of(facts: Sequence[Fact], looked: Sequence[str] = ("boxes",)) -> Evidence:
    observation = Observation(id="x", width=100, height=100, looked=tuple(looked), facts=tuple(facts))
    return gather([observation], CARDS, Language.load())[0]


def briefs_of(facts: Sequence[Fact], looked: Sequence[str] = ("boxes",)) -> list[Brief]:
    return plan(evidence_of(facts, looked), ["dense", "short", "tags"])


def told(lines: Sequence[Line]) -> list[str]:
    return [f"[{line.id}] {line.text}" for line in lines]


SAID = {
    "one thing": ([thing("a", "dog", ALL)], ["[o1] object: dog"]),
    "where it is": ([thing("a", "dog", LEFT)], ["[o1] object: dog, at the left"]),
    "in a corner": ([thing("a", "cup", CORNER)], ["[o1] object: cup, at the bottom right"]),
    "along a side": ([thing("a", "bus", TOP)], ["[o1] object: bus, at the top"]),
    "in the middle": ([thing("a", "cat", MIDDLE)], ["[o1] object: cat, in the middle"]),
    "without a box": ([thing("a", "dog")], ["[o1] object: dog"]),
    "looks and actions": (
        [thing("a", "dog", ALL), of("attribute", "brown", "a"), of("attribute", "running", "a")],
        ["[o1] object: dog, brown, running"],
    ),
    "several": ([thing("a", "dog", LEFT), thing("b", "dog", RIGHT)], ["[o1] object: two dogs"]),
    "one of several that has looks of its own": (
        [thing("a", "dog", LEFT), thing("b", "dog", RIGHT), of("attribute", "brown", "b")],
        ["[o1] object: two dogs", "[o1a] object: dog, one of o1, brown, at the right"],
    ),
    "a relation": (
        [thing("a", "person", ALL), thing("b", "horse", ALL), of("relation", "ride", "a", "b")],
        ["[o1] object: horse", "[o2] object: person", "[r1] relation: person o2 ride horse o1"],
    ),
    "a relation of one of several": (
        [thing("a", "dog", LEFT), thing("b", "dog", RIGHT), thing("c", "bus", ALL), of("relation", "next to", "b", "c")],
        [
            "[o1] object: bus", "[o2] object: two dogs", "[o2a] object: dog, one of o2, at the right",
            "[r1] relation: dog o2a next to bus o1",
        ],
    ),
    "text on a thing": (
        [thing("a", "stop sign", ALL), of("text", "ST\"OP", "a"), of("text", "AB 12")],
        ["[o1] object: stop sign", "[t1] text on o1: \"ST'OP\"", '[t2] text: "AB 12"'],
    ),
    "scene and style": (
        [thing("a", "dog", ALL), of("scene", "kitchen"), of("style", "black and white photo")],
        ["[o1] object: dog", "[c1] scene: kitchen", "[l1] style: black and white photo"],
    ),
    "class and tags": (
        [thing("a", "dog", ALL), of("tag", "golden_retriever", expert="label", data={"role": "label"}),
         of("tag", "lawn", expert="tags"), of("tag", "soft_light", expert="tags")],
        ["[o1] object: dog", "[k1] class: golden retriever", "[g1] tags: a lawn, lawn, soft light"],
    ),
    "a sentence": (
        [of("statement", "a dog sleeps", expert="captioner")], ["[s1] said by captioner: A dog sleeps."],
    ),
    "hearsay": ([thing("a", "dog", ALL), of("statement", "A cat.", expert="alt_text")], ["[o1] object: dog"]),
    "what is denied": ([thing("a", "dog", ALL), thing("b", "cat", negated=True)], ["[o1] object: dog"]),
    "nothing": ([], []),
}  # fmt: skip


@pytest.mark.parametrize(("facts", "expected"), SAID.values(), ids=list(SAID))
def test_lines(facts: list[Fact], expected: list[str]) -> None:
    assert told(lines_of(briefs_of(facts))) == expected


BUS = [thing("c", "bus", RIGHT), thing("d", "bus", RIGHT, expert="other")]
LEFT_OUT = {
    "colours that exclude each other": (
        [*BUS, of("attribute", "red", "c"), of("attribute", "blue", "d", expert="other")], ["[o1] object: bus, at the right"],
    ),
    "two names for one box": (
        [*BUS, thing("a", "dog", LEFT), thing("b", "cat", LEFT, expert="other")], ["[o1] object: bus, at the right"],
    ),
    "what another expert would have seen": (
        [*BUS, thing("a", "cup", LEFT, score=0.26)], ["[o1] object: bus, at the right"],
    ),
    "a number that is doubted": (
        [*BUS, thing("e", "bus", LEFT), of("count", "bus", number=5, expert="other")], ["[o1] object: several buses"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("facts", "expected"), LEFT_OUT.values(), ids=list(LEFT_OUT))
def test_what_is_doubted_or_disputed_has_no_line(facts: list[Fact], expected: list[str]) -> None:
    assert told(lines_of(briefs_of(facts, ("boxes", "other")))) == expected


RICH = [
    thing("a", "person", LEFT), thing("b", "horse", MIDDLE), thing("c", "dog", RIGHT), thing("d", "dog", CORNER),
    of("relation", "ride", "a", "b"), of("attribute", "brown", "c"), of("scene", "field"), of("text", "A12", "b"),
    of("statement", "A man rides a horse in a field.", expert="captioner"), of("style", "dark photo"),
]  # fmt: skip


def test_importance_falls_and_no_line_stands_before_one_that_it_names() -> None:
    lines = lines_of(briefs_of(RICH, ("boxes", "captioner")))
    places = {line.id: place for place, line in enumerate(lines)}
    assert [line.importance for line in lines] == sorted((line.importance for line in lines), reverse=True)
    assert all(places[name] < places[line.id] for line in lines for name in line.needs)
    assert len(places) == len(lines)


def test_what_a_sentence_names_is_told_with_it() -> None:
    briefs = briefs_of(RICH, ("boxes", "captioner"))
    short = next(brief for brief in briefs if brief.style == "short")
    lines = lines_of(briefs)
    own = chosen(lines, short)
    assert [line.kind for line in own if line.kind == "said"] == ["said"]
    assert {line.noun for line in own if line.noun} >= {"man" if any(x.noun == "man" for x in lines) else "person", "horse"}
    assert len(own) < len(lines)


def test_all_briefs_of_a_picture_have_the_same_lines() -> None:
    briefs = briefs_of(RICH, ("boxes", "captioner"))
    assert lines_of(briefs) == lines_of(list(briefs))
    assert {line.id for brief in briefs for line in chosen(lines_of(briefs), brief)} <= {line.id for line in lines_of(briefs)}


@given(st.lists(st.tuples(st.sampled_from(NOUNS), st.sampled_from([LEFT, RIGHT, MIDDLE, CORNER, None])), max_size=12))
def test_a_line_is_one_line_and_ids_are_unique(given_things: list[tuple[str, Box | None]]) -> None:
    lines = lines_of(briefs_of([thing(f"x{n}", noun, box) for n, (noun, box) in enumerate(given_things)]))
    assert len({line.id for line in lines}) == len(lines)
    assert all(len(line.text.splitlines()) == 1 for line in lines)
