"""Captions at the length of their style: whole sentences, items, lines and values; at worst a clause with a clean end."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from write.making import attribute, evidence_of, relation, scene, tag, text, things

from fusion.write import Style, TemplateWriter, load_styles, plan
from fusion.write.length import fit, fits, sentences
from fusion.write.structured import Said, Subject, written
from fusion.write.styles import names
from fusion.write.tokens import TokenCounter

COUNTER = TokenCounter()


def style(name: str, **bounds: int) -> Style:
    """A style with these bounds and no others."""
    return replace(load_styles([name])[0], **{"characters": 0, "words": 0, "tokens": 0, "each": 0, **bounds})


SENTENCES = {
    "plain": ("A dog runs. A cat sleeps! Why?", ["A dog runs.", "A cat sleeps!", "Why?"]),
    "titles and initials": (
        "Dr. Watson meets J. F. Kennedy in St. Paul's. He sits.",
        ["Dr. Watson meets J. F. Kennedy in St. Paul's.", "He sits."],
    ),
    "abbreviations": ("A U.S. Navy ship. It is 3.5 m long.", ["A U.S. Navy ship.", "It is 3.5 m long."]),
    "in quotation marks": ('The sign reads "STOP. Go home." A dog.', ['The sign reads "STOP. Go home."', "A dog."]),
    "none": ("a dog, a cat", ["a dog, a cat"]),
    "empty": ("  ", []),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), SENTENCES.values(), ids=list(SENTENCES))
def test_sentences(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


LONG = 'A man in a red hat, riding a horse, while the sign behind reads "go, now" on a sunny day. A dog.'
FITTED = {
    "all of it": ("dense", {"words": 9}, "A dog. A cat sits.", "A dog. A cat sits."),
    "whole sentences": ("dense", {"words": 4}, "A dog. A cat sits.", "A dog."),
    "characters": ("alt", {"characters": 10}, "A dog. A cat sits.", "A dog."),
    "tokens with their marks": ("short", {"tokens": 5}, "A dog. A cat.", "A dog."),
    "a first sentence that is too long is cut in front of a clause": (
        "short", {"words": 9}, LONG, "A man in a red hat, riding a horse.",
    ),
    "not behind an article or a linking verb": ("short", {"words": 4}, "The dog is in a park.", ""),
    "not in a quotation": ("short", {"words": 13}, LONG, "A man in a red hat, riding a horse."),
    "never in a word": ("short", {"characters": 7}, "Supercalifragilistic dogs.", ""),
    "items of a list": ("tags", {"words": 3}, "brown dog, cup, kitchen", "brown dog, cup"),
    "items of a prompt": ("prompt", {"words": 4}, "retriever, a dog, dark photo", "retriever, a dog"),
    "a list whose first item is too long": ("tags", {"words": 1}, "brown dog, cup", ""),
    "lines": ("region", {"words": 7}, "[0, 1, 2, 3] a dog\n[0, 1, 2, 3] a cat", "[0, 1, 2, 3] a dog"),
    "a phrase of too many words": ("region", {"each": 2}, "[0, 1, 2, 3] a brown dog\n[0, 1, 2, 3] a cat", "[0, 1, 2, 3] a cat"),
    "an answer of too many words": (
        "qa", {"each": 2}, "Q: What? A: It is this.\nQ: What is that here? A: A dog.", "Q: What is that here? A: A dog.",
    ),
    "nothing": ("short", {"words": 1}, "", ""),
}  # fmt: skip


@pytest.mark.parametrize(("name", "bounds", "text", "expected"), FITTED.values(), ids=list(FITTED))
def test_a_caption_is_as_long_as_its_style(name: str, bounds: dict[str, int], text: str, expected: str) -> None:
    assert fit(text, style(name, **bounds), COUNTER) == expected


def test_whole_keeps_no_part_of_a_sentence() -> None:
    assert fit(LONG, style("short", words=8), COUNTER, whole=True) == ""


def test_json_loses_values_and_stays_json() -> None:
    said = Said(subjects=(Subject(noun="dog"), Subject(noun="cat")), text=("STOP", "GO"), style=("dark photo",))
    given_text = written(said)[0]
    for room, left in ((1, {"text": ["STOP"]}), (16, {"text": [], "style": []}), (60, {"subjects": [{"noun": "dog"}]})):
        made = json.loads(fit(given_text, style("structured", characters=len(given_text) - room), COUNTER))
        assert {key: made[key] if key != "subjects" else [{"noun": one["noun"]} for one in made[key]] for key in left} == left
    assert fit(given_text, style("structured", characters=20), COUNTER) == ""


RICH = [
    *things("person", "horse", "umbrella", "dog", "cup", "knife", "bench"), relation(0, "ride", 1), relation(0, "hold", 2),
    attribute(1, "brown"), attribute(3, "running"), scene("field"), text("OPEN 24 HOURS"), text("STOP", 6), tag("lawn"),
]  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(names())), st.sampled_from(["characters", "words", "tokens"]), st.integers(1, 90))
def test_the_template_writer_keeps_every_bound(name: str, bound: str, most: int) -> None:
    one = style(name, **{bound: most})
    for made in TemplateWriter().write(plan(evidence_of(RICH), [one])):
        assert fits(made, one, COUNTER), made
        assert not made or not one.is_prose or made[-1] in '.!?"', made


def test_of_a_sentence_that_is_too_long_fewer_things_are_told() -> None:
    facts = things("person", "dog", "horse")
    assert TemplateWriter().write(plan(evidence_of(facts), [style("short")])) == ["A dog, a horse and a person."]
    assert TemplateWriter().write(plan(evidence_of(facts), [style("short", words=6)])) == ["A dog and a horse."]


@settings(max_examples=60, deadline=None)
@given(st.text("AaBb .,!?\"'\n", max_size=80), st.sampled_from(["short", "tags", "dense"]), st.integers(1, 12))
def test_fitting_twice_changes_nothing(given_text: str, name: str, most: int) -> None:
    one = style(name, words=most)
    once = fit(given_text, one, COUNTER)
    assert fits(once, one, COUNTER)
    assert fit(once, one, COUNTER) == once
