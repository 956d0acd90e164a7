"""Which sentences of experts are handed on, in which words, and which of them together."""

from __future__ import annotations

import pytest
from write.making import evidence_of, stated, things

from fusion.facts import Fact
from fusion.write import TemplateWriter, phrases, plan
from fusion.write.quotes import find_quotes, in_turn, unlike

CHOSEN = {
    "what opens its statement goes first": (
        ["The image features a dog on a sofa. The sofa has a pillow on it, and a lamp, and a rug."],
        ["A dog on a sofa.", "The sofa has a pillow on it, and a lamp, and a rug."],
    ),
    "what was cut before its end": (["A dog sits on a sofa. There is rice, accompanied by a"], ["A dog sits on a sofa."]),
    "what leans on another one": (["There are people on a bench. Some of them hold a cup."], ["There are people on a bench."]),
    "what speaks of the effect": (
        ["A dog sits on a sofa. The combination of the dog and the sofa creates a sense of calm."], ["A dog sits on a sofa."],
    ),
    "a guess": (["A dog sits on a sofa. The dog is likely waiting for a man."], ["A dog sits on a sofa."]),
    "a guess behind a comma": (["A dog sits on a sofa, likely waiting for a man."], ["A dog sits on a sofa."]),
    "a day in May": (["A man at an open on May 27, 2013."], ["A man at an open on May 27, 2013."]),
    "where there is nothing else": (["Some of them hold a cup."], ["Some of them hold a cup."]),
}  # fmt: skip


@pytest.mark.parametrize(("statements", "texts"), CHOSEN.values(), ids=list(CHOSEN))
def test_sentences_that_make_captions_are_preferred(statements: list[str], texts: list[str]) -> None:
    assert [q.text for q in find_quotes(evidence_of([stated(one) for one in statements]))] == texts


def test_what_was_cut_off_is_no_matter_of_the_quote() -> None:
    [quote] = find_quotes(evidence_of([stated("A dog sits on a sofa, creating a lamp-lit room with a rug.")]))
    assert quote.text == "A dog sits on a sofa."
    assert quote.nouns == ("dog", "sofa")
    assert {f.value for f in quote.facts} == {"dog", "sofa", "sit on"}


TOGETHER = {
    "the same in other words": (["A man rides a horse.", "A man is riding a brown horse."], 1),
    "one that adds": (["A man rides a horse.", "A house with a red roof stands in a field."], 2),
}


@pytest.mark.parametrize(("statements", "number"), TOGETHER.values(), ids=list(TOGETHER))
def test_a_paragraph_takes_quotes_that_add_something(statements: list[str], number: int) -> None:
    quotes = find_quotes(evidence_of([stated(one) for one in statements]))
    assert len(quotes) == 2
    assert len(unlike(quotes, 3)) == number


def test_of_those_that_add_the_one_goes_first_that_adds_most() -> None:
    told = ["A dog runs with a cat in a park.", "A dog runs with a cup.", "A bus, a tree, a house, a bench and a red car."]
    quotes = find_quotes(evidence_of([*things("dog", "cat"), *(stated(one) for one in told)]))
    assert unlike(quotes, 2)[1].text == told[2]


AGAIN = {
    "of one": (["A dog runs on a beach.", "A brown dog with a collar and a tag sleeps."], "The brown dog"),
    "of another": (["A dog runs on a beach.", "A cat with a collar and a tag sleeps."], "A cat"),
    "of several": (["Two dogs run on a beach.", "A dog with a collar and a tag sleeps."], "A dog"),
}


@pytest.mark.parametrize(("statements", "start"), AGAIN.values(), ids=list(AGAIN))
def test_what_was_named_is_not_introduced_again(statements: list[str], start: str) -> None:
    quotes = find_quotes(evidence_of([*things("dog", "cat"), *(stated(one) for one in statements)]))
    ordered = sorted(quotes, key=lambda q: [plain.split()[1:3] for plain in statements].index(q.text.split()[1:3]))
    lines = in_turn(ordered)
    assert lines[0] == statements[0]
    assert lines[1].startswith(start)


def test_words_of_sentences_are_no_looks() -> None:
    seen = ["present", "positioned", "preparing", "ensuring"]
    facts = [*things("dog"), *(Fact(id=v, kind="attribute", value=v, about="o0", expert="boxes") for v in [*seen, "brown"])]
    assert TemplateWriter().write(plan(evidence_of(facts), ["short"])) == ["A brown dog."]


def test_a_scene_with_a_comma_is_no_place() -> None:
    assert phrases.place("picturesque , with the boats and the building") == ""
    assert phrases.place("park") == "in a park"
