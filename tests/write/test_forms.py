"""The forms beside those of before: what the template writer says in them of small pieces of evidence, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from write.making import CARDS, NOUNS, attribute, evidence_of, language, look, relation, scene, stated, tag, text, things

from fusion import lexicon
from fusion.evidence import gather
from fusion.facts import Box, Fact, Observation
from fusion.verdicts import verify
from fusion.write import TemplateWriter, load_styles, plan
from fusion.write.parts import split
from fusion.write.styles import FORMS, names
from fusion.write.template import FORMS as WRITTEN
from fusion.write.template import drafted
from fusion.write.tokens import TokenCounter

NEW = ("medium", "region", "artistic", "structured", "qa")
RIDER = [*things("person", "horse", "umbrella", "dog"), relation(0, "ride", 1), relation(0, "hold", 2)]


def written(facts: list[Fact], style: str, focus: str | None = None) -> str:
    """The caption of the first brief in a style; "" where there is none."""
    briefs = plan(evidence_of(facts), load_styles([style]))
    for brief in briefs:
        return drafted(brief if focus is None else replace(brief, focus=focus), TokenCounter())
    return ""


SAID = {
    "medium: the main relation, then what the same one does, then others": (
        [*RIDER, attribute(1, "brown"), scene("field")], "medium",
        "A person rides a brown horse in a field. The person holds an umbrella. There is also a dog.",
    ),
    "medium: no relation": (
        [*things("dog", "cat"), attribute(0, "running")], "medium",
        "A dog and a cat are in the picture. The dog is running. The cat is to the right of the dog.",
    ),
    "medium: what is written on what is named": (
        [*things("stop sign"), text("STOP", 0), text("OPEN")], "medium",
        'The picture shows a stop sign. The stop sign reads "STOP". The words "OPEN" can be read.',
    ),
    "medium: experts' own sentences first": (
        [*things("cup"), stated("A man rides a horse."), stated("A dog runs on a beach.")], "medium",
        "A man rides a horse. A dog runs on a beach. There is a cup as well.",
    ),
    "medium: three sentences at most": (
        [*RIDER, text("A12", 1), tag("lawn"), relation(0, "look at", 3)], "medium",
        'A person rides a horse. The person holds an umbrella. The person looks at a dog.',
    ),
    "medium: no relation is told twice": (
        [*things("person", "horse"), relation(0, "ride", 1), relation(0, "riding", 1), relation(0, "with", 1)], "medium",
        "A person rides a horse.",
    ),
    "artistic: medium, subject, light, palette": (
        [*things("person", "horse"), relation(0, "ride", 1), scene("field"), look("dark photo"), look("blue tones")], "artistic",
        "A dark photo of a person riding a horse in a field, blue tones.",
    ),
    "artistic: composition as experts word it": (
        [*things("dog", "cat"), attribute(0, "on the left"), attribute(1, "on the right"), look("soft lighting")], "artistic",
        "There is a cat and a dog, soft lighting. The cat is on the right and the dog is on the left.",
    ),
    "artistic: composition from boxes": (
        [*things("dog", "cat"), look("black and white photo")], "artistic",
        "This is a black and white photo of a cat and a dog. The dog is to the left of the cat.",
    ),
    "artistic: a mood that a fact states": ([*things("dog"), look("calm mood")], "artistic", "A dog, calm mood."),
    "artistic: nothing of how it is made, nothing said": (things("dog", "cat"), "artistic", ""),
    "artistic: looks alone": ([look("blue tones"), look("square format")], "artistic", "Blue tones, square format."),
    "region: those without a box are not counted into it": (
        [*things("dog"), Fact(id="n", kind="count", value="dog", number=3, about="o0", expert="looker")], "region",
        "[0, 10, 40, 60] a dog",
    ),
    "region: a box is named once, by the most exact noun": (
        [*(Fact(id=n, kind="object", value=n, expert="boxes", box=Box(0, 10, 40, 60)) for n in ("dog", "puppy", "animal"))],
        "region",
        "[0, 10, 40, 60] a puppy",
    ),
    "region: a line for each box": (
        [*things("dog", "dog", "cup"), attribute(0, "brown"), attribute(0, "running")], "region",
        "[0, 10, 40, 60] a brown dog running\n[100, 10, 140, 60] a cup\n[50, 10, 90, 60] a dog",
    ),
    "region: what it does to another, what is written on it": (
        [*things("person", "stop sign"), relation(0, "next to", 1), text("STOP", 1)], "region",
        '[0, 10, 40, 60] a person next to a stop sign\n[50, 10, 90, 60] a stop sign with the words "STOP"',
    ),
    "region: none without boxes": ([stated("A man rides a horse.")], "region", ""),
    "structured": (
        [*things("person", "dog", "dog"), attribute(1, "brown"), attribute(2, "brown"), attribute(1, "running"),
         attribute(2, "running"), relation(0, "look at", 1), scene("park"), text("A 12"), look("dark photo")],
        "structured",
        '{"subjects": [{"noun": "dog", "number": 2, "attributes": ["brown"], "actions": ["running"]}, '
        '{"noun": "person", "number": 1, "attributes": [], "actions": []}], "setting": "park", '
        '"relations": [{"subject": "person", "relation": "look at", "object": "dog"}], "text": ["A 12"], '
        '"style": ["dark photo"]}',
    ),
    "structured: many are not counted": (
        things(*["person"] * 9), "structured",
        '{"subjects": [{"noun": "person", "number": null, "attributes": [], "actions": []}], "setting": null, "relations": [], '
        '"text": [], "style": []}',
    ),
    "questions: each kind in turn": (
        [*things("person", "horse", "cup", "cup"), attribute(1, "brown"), relation(0, "ride", 1), text("A12"), scene("field")],
        "qa",
        "Q: How many cups are there in the picture? A: There are two cups in the picture.\n"
        "Q: What colour is the horse? A: The horse is brown.\n"
        "Q: What is the person riding? A: The person is riding a brown horse.\n"
        'Q: What words can be read in the picture? A: The words "A12" can be read.\n'
        "Q: Where was the picture taken? A: The picture was taken in a field.\n"
        "Q: Is there a horse in the picture? A: Yes, there is a horse in the picture.\n"
        "Q: Is there a dog in the picture? A: No, there is no dog in the picture.",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("facts", "style", "expected"), SAID.values(), ids=list(SAID))
def test_the_writer_says(facts: list[Fact], style: str, expected: str) -> None:
    assert written(facts, style) == expected


LED = {
    "setting": "In a field, a person rides a brown horse.",
    "text": 'A brown horse reads "A12".',
    "composition": "A dog is to the right of a brown horse.",
    "style": "A dark photo of a person riding a brown horse in a field.",
    "relations": "A person riding a brown horse in a field.",
    "subject": "A person riding a brown horse in a field.",
    "": "A person riding a brown horse in a field.",
}
LEADING = [
    *things("person", "horse"), *[f for f in things(*["cup"] * 8, "dog") if f.value == "dog"], relation(0, "ride", 1),
    attribute(1, "brown"), scene("field"), look("dark photo"), text("A12", 1),
]  # fmt: skip


@pytest.mark.parametrize(("focus", "expected"), LED.items(), ids=[focus or "none" for focus in LED])
def test_one_sentence_leads_with_its_focus(focus: str, expected: str) -> None:
    brief = plan(evidence_of(LEADING), load_styles(["medium"]))[0]
    assert drafted(replace(brief, form=load_styles(["short"])[0], focus=focus), TokenCounter()) == expected


@pytest.mark.parametrize("focus", ["setting", "text", "composition", "style"])
@pytest.mark.parametrize("style", ["short", "alt", "medium", "dense"])
def test_a_focus_without_matter_changes_nothing(style: str, focus: str) -> None:
    assert written(things("dog"), style, focus) == written(things("dog"), style, "")


def test_no_question_is_answered_no_where_nobody_looked() -> None:
    facts = things("dog")
    blind = gather([Observation(id="x", width=1000, height=100, looked=(), facts=tuple(facts))], CARDS, language())[0]
    lines = TemplateWriter().write(plan(blind, load_styles(["qa"])))[0].splitlines()
    assert [line for line in lines if "A: No" in line] == []
    assert [line for line in written(facts, "qa").splitlines() if "A: No" in line]


def test_every_form_is_written() -> None:
    assert set(WRITTEN) == FORMS
    assert {style.form for style in load_styles(list(names()))} <= FORMS


ADJECTIVES = ("red", "brown", "old", "wooden", "empty", "striped", "running", "on the left", "large")
PREDICATES = ("ride", "hold", "on", "next to", "left of", "sit on", "wear", "in front of", "have", "attached to")
OWN = frozenset(
    "there is are a an the and in on of to one it reads read words can be picture shows taken another several many two three "
    "four five six left right next front also as well this was yes no any how what which who where colour does do say says "
    "look like doing kind has have with seen q a".split()
)


@st.composite
def pictures(draw: st.DrawFn) -> list[Fact]:
    """Objects with qualities, relations, scenes, looks, read texts and sentences."""
    facts = things(*draw(st.lists(st.sampled_from(NOUNS), max_size=6)))
    ends = st.integers(0, max(len(facts) - 1, 0))
    number = len(facts)
    for about, value in draw(st.sets(st.tuples(ends, st.sampled_from(ADJECTIVES)), max_size=4)) if number else ():
        facts.append(attribute(about, value))
    for about, value, to in draw(st.sets(st.tuples(ends, st.sampled_from(PREDICATES), ends), max_size=4)) if number else ():
        facts += [relation(about, value, to)] if about != to else []
    facts += [scene(value) for value in draw(st.sets(st.sampled_from(["field", "kitchen", "outdoors", "joy"]), max_size=2))]
    facts += [look(value) for value in draw(st.sets(st.sampled_from(["dark photo", "blue tones", "calm mood"]), max_size=2))]
    facts += [text(value) for value in draw(st.sets(st.sampled_from(["OPEN", 'A "12"', "a\\b", "Ä\n7"]), max_size=2))]
    return facts


@settings(max_examples=40, deadline=None)
@given(pictures(), st.sampled_from(NEW), st.sampled_from(["", "setting", "text", "composition", "style", "relations"]))
def test_it_says_no_word_that_no_fact_says(facts: list[Fact], style: str, focus: str) -> None:
    said = written(facts, style, focus)
    assert said == written(list(facts), style, focus)
    values = [f.value for f in facts] + ([*NOUNS] if style == "qa" else [])
    roots = lexicon.rooted(values) | {word.lower() for value in values for word in value.split()}
    for word in words_of(said, style):
        assert word in OWN or lexicon.number(word) or lexicon.rooted([word]) & roots or word in roots, f"{word!r} in {said!r}"


def words_of(said: str, style: str) -> Iterator[str]:
    """The words of a caption, of JSON those of its values, of regions without the boxes."""
    if style == "structured" and said:
        data = json.loads(said)
        said = " ".join(leaves(data))
    if style == "region":
        said = " ".join(line.partition("]")[2] for line in said.splitlines())
    for word in said.lower().replace('"', " ").replace("'", " ").replace(":", " ").split():
        if clean := word.strip(".,?"):
            yield clean


def leaves(value: object) -> Iterator[str]:
    if isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from leaves(inner)
    elif isinstance(value, str):
        yield value


@settings(max_examples=40, deadline=None)
@given(pictures(), st.sampled_from(NEW))
def test_what_it_says_passes_the_verifier_in_parts(facts: list[Fact], style: str) -> None:
    evidence = evidence_of(facts)
    briefs = plan(evidence, load_styles([style]))
    for brief, said in zip(briefs, TemplateWriter().write(briefs), strict=True):
        if not said:
            continue
        parts = split(brief.form, said, evidence)
        results = verify(language().read(parts.texts, ["en"] * len(parts.texts)), parts.evidence, language())
        joined, claims = parts.joined([r.text for r in results], [r.claims for r in results])
        assert joined == said
        assert len({c.id for c in claims}) == len(claims)
        for claim in claims:
            assert 0 <= claim.span[0] < claim.span[1] <= len(said)
        repaired, kept = parts.joined([r.repaired for r in results], [r.repaired_claims for r in results])
        assert all(c.span[1] <= len(repaired) for c in kept)
        if style == "structured" and repaired:
            json.loads(repaired)
