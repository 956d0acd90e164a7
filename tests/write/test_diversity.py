"""Diversity of the captions of a picture: figures worked out by hand, what a caption tells, and what says nearly the same."""

from __future__ import annotations

from math import exp

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion.evidence import Evidence, gather
from fusion.expert import Card
from fusion.facts import Box, Caption, Diversity, Fact, Observation
from fusion.language import Language
from fusion.verdicts import verify
from fusion.write import STYLES, TemplateWriter, plan
from fusion.write.diversity import (
    bleu,
    coverage,
    distinct,
    fact_overlap,
    lists_built_in,
    measure,
    near_duplicates,
    self_bleu,
    tellable,
    told_by,
    words,
)
from fusion.write.material import find_material

ON_THE_MAT = ("The cat is on the mat.", "There is a cat on the mat.")
texts = st.lists(st.text("ab ", max_size=12), max_size=4)

# BLEU, distinct-n

# Of the first against the second: 5 of 6 words, 2 of 5 pairs, 1 of 4 triples, none of 3 fours; it is a word shorter.
FIRST = exp(1 - 7 / 6) * (5 / 6 * 2 / 5 * 1 / 4 * 0.1 / 3) ** 0.25
# The other way about: 5 of 7, 2 of 6, 1 of 5, none of 4; it is longer, so nothing is taken off.
SECOND = (5 / 7 * 2 / 6 * 1 / 5 * 0.1 / 4) ** 0.25

SELF_BLEU = {
    "none": ([], 0.0),
    "one": (["A dog."], 0.0),
    "the same twice": (["A dog runs on grass.", "a dog runs on grass"], 1.0),
    "nothing in common": (["A dog runs on grass.", "Two red cars"], 0.0),
    "something in common": (list(ON_THE_MAT), (FIRST + SECOND) / 2),
    "short texts have no long runs": (["a dog", "a dog"], (0.1 * 0.1) ** 0.25),
    "an empty text": (["", "a dog"], 0.0),
}


@pytest.mark.parametrize(("given", "expected"), SELF_BLEU.values(), ids=list(SELF_BLEU))
def test_self_bleu(given: list[str], expected: float) -> None:
    assert self_bleu(given) == pytest.approx(expected, abs=1e-9)


def test_a_word_counts_as_often_as_one_reference_has_it() -> None:
    # Papineni's example: "the" seven times against references with two and one of them.
    text, references = ["the"] * 7, [words("The cat is on the mat."), words("There is a cat on the mat.")]
    assert bleu(text, references) == pytest.approx((2 / 7 * 0.1 / 6 * 0.1 / 5 * 0.1 / 4) ** 0.25)


def test_the_nearest_reference_gives_the_length() -> None:
    text = words("a b c d")
    assert bleu(text, [words("a b c d e"), words("a b c d e f g h")]) == pytest.approx(exp(1 - 5 / 4))


@given(texts)
def test_shares_are_shares(given: list[str]) -> None:
    assert 0 <= self_bleu(given) <= 1
    assert 0 <= distinct(given) <= 1


@pytest.mark.parametrize(
    ("given", "order", "expected"),
    [
        pytest.param(["a dog and a dog"], 1, 3 / 5, id="words"),
        pytest.param(["a dog and a dog"], 2, 3 / 4, id="pairs"),
        pytest.param(["A dog runs.", "a dog sits"], 2, 3 / 4, id="over all texts"),
        pytest.param(["dog", "cat"], 2, 0.0, id="too short for a pair"),
        pytest.param([], 2, 0.0, id="none"),
    ],
)
def test_distinct(given: list[str], order: int, expected: float) -> None:
    assert distinct(given, order) == pytest.approx(expected)


# Facts


@pytest.mark.parametrize(
    ("sets", "expected"),
    [
        pytest.param([], 0.0, id="none"),
        pytest.param([{"a"}], 0.0, id="one"),
        pytest.param([{"a", "b"}, {"a", "b"}], 1.0, id="the same"),
        pytest.param([{"a", "b"}, {"b", "c"}], 1 / 3, id="one of three"),
        pytest.param([{"a"}, {"a"}, {"b"}], 1 / 3, id="mean of pairs"),
        pytest.param([set(), set()], 0.0, id="empty ones have nothing in common"),
    ],
)
def test_overlap(sets: list[set[str]], expected: float) -> None:
    assert fact_overlap(sets) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("can", "told", "expected"),
    [
        pytest.param({"a", "b"}, {"a"}, 0.5, id="half"),
        pytest.param({"a"}, {"a", "z"}, 1.0, id="what cannot be told counts for nothing"),
        pytest.param(set(), {"a"}, 0.0, id="nothing can be told"),
    ],
)
def test_coverage(can: set[str], told: set[str], expected: float) -> None:
    assert coverage(can, told) == expected


CARDS = {
    "boxes": Card(sees=("object", "attribute", "relation"), vocabulary=("dog", "cat", "cup"), precision=0.95, recall=0.9),
    "captioner": Card(sees=("statement",), vocabulary=None, precision=0.9),
}
FACTS = (
    Fact(id="d", kind="object", value="dog", box=Box(10, 10, 40, 40), expert="boxes"),
    Fact(id="c", kind="object", value="cup", box=Box(60, 10, 90, 40), expert="boxes"),
    Fact(id="b", kind="attribute", value="brown", about="d", expert="boxes"),
    Fact(id="r", kind="relation", value="next to", about="d", to="c", expert="boxes"),
    Fact(id="t", kind="text", value="STOP", expert="boxes"),
)


def evidence_of(*facts: Fact) -> Evidence:
    looked = tuple(dict.fromkeys(f.expert for f in facts))
    return gather([Observation(id="x", width=100, height=50, looked=looked, facts=facts)], CARDS, Language.load())[0]


def stated(value: str, id: str = "s") -> Fact:  # noqa: A002 - what facts call it
    return Fact(id=id, kind="statement", value=value, expert="captioner")


def caption(text: str, evidence: Evidence, style: str = "short") -> Caption:
    language = Language.load()
    (one,) = verify(language.read([text], ["en"]), [evidence], language)
    return Caption(style=style, writer="w", draft=text, text=one.repaired, claims=one.repaired_claims)


TOLD = {
    "a thing": ("A dog.", {"object d"}),
    "a thing by a word for more things": ("An animal.", {"object d"}),
    "a thing and its colour": ("A brown dog.", {"object d", "attribute brown d"}),
    "a relation": ("A dog is next to a cup.", {"object d", "object c", "relation next to d c"}),
    "read text": ('A dog and the word "STOP".', {"object d", "text stop"}),
    "nothing": ("It is nice.", set()),
}


@pytest.mark.parametrize(("text", "expected"), TOLD.values(), ids=list(TOLD))
def test_a_caption_tells_what_its_claims_rest_on(text: str, expected: set[str]) -> None:
    evidence = evidence_of(*FACTS)
    assert told_by(caption(text, evidence), evidence) == expected


def test_what_several_say_of_one_thing_counts_once() -> None:
    evidence = evidence_of(*FACTS[:3], stated("A brown dog runs."), stated("A dog is running.", "s2"))
    assert tellable(evidence, find_material(evidence)) == {"object d", "object c", "attribute brown d", "attribute running d"}


def test_a_claim_that_does_not_hold_tells_nothing() -> None:
    evidence = evidence_of(*FACTS)
    one = caption("A dog.", evidence)
    fallen = [type(c)(id=c.id, kind=c.kind, value=c.value, span=c.span, verdict="contradicted", evidence=c.evidence)
              for c in one.claims]  # fmt: skip
    other = Caption(style="short", writer="w", draft="A dog.", text="A dog.", claims=tuple(fallen))
    assert fallen[0].evidence
    assert told_by(other, evidence) == set()


def test_a_picture_is_measured() -> None:
    evidence = evidence_of(*FACTS)
    captions = [caption("A dog is next to a cup.", evidence), caption("A brown dog.", evidence)]
    assert measure(evidence, captions, replaced=2) == Diversity(
        coverage=0.8,  # all but the text
        overlap=0.25,  # of dog, cup, next to and brown only the dog is in both
        self_bleu=round(self_bleu(["A dog is next to a cup.", "A brown dog."]), 4),
        distinct_2=1.0,
        replaced=2,
    )


def test_of_nothing_nothing_is_measured() -> None:
    assert measure(evidence_of(), []) == Diversity()


def test_lists_are_not_compared_with_texts() -> None:
    evidence = evidence_of(*FACTS)
    captions = [caption("A brown dog.", evidence), caption("brown dog, cup", evidence, "tags")]
    assert measure(evidence, captions).self_bleu == 0.0
    assert measure(evidence, captions, lists=()).self_bleu > 0.0
    assert measure(evidence, captions).coverage > measure(evidence, captions[:1]).coverage
    assert {"tags", "structured", "prompt"} <= lists_built_in()
    assert not lists_built_in() & {"short", "dense", "alt"}


def test_several_captions_of_a_style_tell_more_and_overlap_less() -> None:
    evidence = evidence_of(*FACTS, stated("A dog lies on a red sofa. Two cats sleep behind it."))
    found = []
    for variants in (1, 4):
        briefs = plan(evidence, ["short"], variants=variants)
        found.append(measure(evidence, [caption(text, evidence) for text in TemplateWriter().write(briefs)]))
    assert found[1].coverage > found[0].coverage
    assert found[1].overlap < 0.5


# Near-duplicates

DOGS = "Two brown dogs run across a wide green meadow behind an old wooden house."
NEARLY = {
    "none": ([], []),
    "different ones": (["A dog runs.", "A cat sleeps."], []),
    "the same": (["A dog runs.", "A dog runs."], [1]),
    "other small words": (["A dog is on the sofa.", "There is the dog on a sofa."], [1]),
    "how a picture is begun": (["A dog and a cat.", "The picture shows a dog and a cat."], [1]),
    "one word of twelve": ([DOGS, DOGS.replace("wide ", "")], [1]),
    "one word of three": (["A brown dog runs.", "A black dog runs."], []),
    "another number": (["Two dogs.", "Three dogs."], []),
    "a short one within a long one": ([DOGS, "Two brown dogs."], []),
    "each against those that are kept": (["A dog runs.", "a dog runs", "A cat.", "the cat", "A dog runs"], [1, 3, 4]),
    "without words": (["", "...", "A dog."], [1]),
}


@pytest.mark.parametrize(("given", "expected"), NEARLY.values(), ids=list(NEARLY))
def test_near_duplicates(given: list[str], expected: list[int]) -> None:
    assert near_duplicates(given) == expected


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        pytest.param([{"a", "b"}, {"a", "b"}], [1], id="the same facts"),
        pytest.param([{"a", "b"}, {"a"}], [], id="other facts"),
        pytest.param([set(), set()], [], id="no facts"),
        pytest.param(None, [], id="unknown"),
    ],
)
def test_the_same_facts_in_half_of_the_words(told: list[set[str]] | None, expected: list[int]) -> None:
    assert near_duplicates(["A brown dog on a sofa.", "A brown dog on a couch."], told) == expected


def test_sets_of_facts_must_be_as_many_as_texts() -> None:
    with pytest.raises(ValueError, match="expected one set for each of 2 texts, got 1"):
        near_duplicates(["a", "b"], [set()])


@given(st.lists(st.sampled_from(["A dog.", "a dog", "Two dogs.", "A cat runs.", "The cat runs"]), max_size=7))
def test_what_is_kept_has_no_near_duplicates(given: list[str]) -> None:
    found = near_duplicates(given)
    assert near_duplicates([text for place, text in enumerate(given) if place not in found]) == []
    assert 0 not in found


def test_the_first_captions_of_a_rich_picture_are_no_near_duplicates() -> None:
    evidence = evidence_of(*FACTS, stated("A dog lies on a red sofa. Two cats sleep behind it. A cup stands there."))
    briefs = [b for b in plan(evidence, STYLES) if b.style in {"short", "dense", "alt"}]
    assert len(briefs) == 3
    assert near_duplicates(TemplateWriter().write(briefs)) == []
