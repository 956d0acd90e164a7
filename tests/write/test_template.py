"""The template writer: what it says of small pieces of evidence, and that it can say nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fusion import lexicon
from fusion.errors import ConfigError
from fusion.evidence import Evidence, gather
from fusion.expert import Card
from fusion.facts import Box, Fact, Observation
from fusion.language import Language
from fusion.verdicts import verify
from fusion.write import STYLES, TemplateWriter, Writer, plan

NOUNS = ("dog", "cat", "bus", "umbrella", "person", "horse", "stop sign", "cup", "sheep", "knife", "apple")
ADJECTIVES = ("red", "brown", "old", "wooden", "empty", "striped", "orange")
PREDICATES = ("ride", "hold", "on", "next to", "left of", "sit on", "wear", "in front of")
CARDS = {
    "captioner": Card(sees=("statement",), vocabulary=None, precision=0.9),
    "label": Card(sees=("tag",), vocabulary=(), precision=0.94),
    "tags": Card(sees=("tag",), vocabulary=(), precision=0.7),
    "boxes": Card(sees=("object", "attribute", "relation"), vocabulary=NOUNS, precision=0.95, recall=0.9),
}

FUNCTION_WORDS = frozenset(
    "there is are a an the and in on of to one it reads read words can be picture shows taken another several many two three "
    "four five six left right next front".split()
)


def things(*names: str, **more: str) -> list[Fact]:
    return [
        Fact(id=f"o{n}", kind="object", value=name, expert="boxes", box=Box(n * 50, 10, n * 50 + 40, 60))
        for n, name in enumerate(names)
    ]


def attribute(about: int, value: str) -> Fact:
    return Fact(id=f"a{about}{value}", kind="attribute", value=value, about=f"o{about}", expert="boxes")


def relation(about: int, value: str, to: int) -> Fact:
    return Fact(id=f"r{about}{value}{to}", kind="relation", value=value, about=f"o{about}", to=f"o{to}", expert="boxes")


def evidence_of(facts: list[Fact]) -> Evidence:
    observation = Observation(id="x", width=1000, height=100, looked=("boxes",), facts=tuple(facts))
    return gather([observation], CARDS, Language.load())[0]


def written(facts: list[Fact], style: str) -> list[str]:
    return TemplateWriter().write(plan(evidence_of(facts), [style]))


def scene(value: str) -> Fact:
    return Fact(id="s", kind="scene", value=value, expert="boxes")


def look(value: str) -> Fact:
    return Fact(id=f"l{value}", kind="style", value=value, expert="boxes")


def text(value: str, about: int | None = None) -> Fact:
    return Fact(id=f"t{value}", kind="text", value=value, about=None if about is None else f"o{about}", expert="boxes")


def tag(value: str, expert: str = "tags") -> Fact:
    data = {"role": "label"} if expert == "label" else None
    return Fact(id=f"g{value}", kind="tag", value=value, expert=expert, data=data)


GIRL = Fact(id="g1", kind="tag", value="1girl", expert="tags")
CHASE = [*things("dog", "dog"), relation(0, "chase", 1)]
SAID = {
    "the main thing comes before a relation of others": (
        [*things("cat", "cup", "bus"), relation(1, "on", 2)],
        "short",
        "A cat, a bus and a cup.",
    ),
    "and the relation follows": (
        [*things("cat", "cup", "bus"), relation(1, "on", 2)],
        "medium",
        "The picture shows a cat, a bus and a cup. The cup is on the bus. The bus and the cup are to the right of the cat.",
    ),
    "one of two alike does something to another": ([*CHASE], "short", "A dog chasing another."),
    "each of two alike has its own looks": (
        [*CHASE, attribute(0, "black"), attribute(1, "white")],
        "short",
        "A black dog chasing a white dog.",
    ),
    "a predicate is not said twice": (
        [*things("person", "umbrella", "cup"), relation(0, "hold", 1), relation(0, "hold", 2)],
        "dense",
        "There is a person, an umbrella and a cup. The person holds the umbrella and the cup.",
    ),
    "a predicate is said of two things at once": (
        [*things("person", "umbrella", "cup"), relation(0, "hold", 1), relation(0, "hold", 2)],
        "medium",
        "A person holds an umbrella and a cup.",
    ),
    "a picture of a place": ([scene("kitchen"), look("oil painting")], "dense", "An oil painting of a kitchen."),
    "a picture of a time": ([scene("night"), look("oil painting")], "dense", "An oil painting at night."),
    "materials are no things": ([*things("dog"), tag("brick"), tag("wood")], "alt", "A dog."),
    "ratings are no things": (
        [*things("dog"), tag("masterpiece"), tag("school_uniform")],
        "alt",
        "A dog. A school uniform can be seen as well.",
    ),
    "ratings are no tags": (
        [*things("dog"), *map(tag, ["masterpiece", "rating:safe", "best quality", "lawn"])],
        "tags",
        "dog, lawn",
    ),
    "a counted girl": ([GIRL], "short", "A girl."),
    "nations have a capital": ([*things("dog"), tag("european flag")], "alt", "A dog. A European flag can be seen as well."),
    "nations have a capital in lists": ([*things("dog"), tag("european flag")], "tags", "dog, European flag"),
    "one thing": (things("dog"), "short", "A dog."),
    "several of a kind": (things("cat", "dog", "dog"), "short", "Two dogs and a cat."),
    "many are not counted": (things(*["person"] * 9), "short", "Several people."),
    "an adjective": ([*things("umbrella"), attribute(0, "red")], "short", "A red umbrella."),
    "what it does": ([*things("dog"), attribute(0, "running")], "short", "A dog running."),
    "what all of a kind have in common": (
        [*things("apple", "apple"), attribute(0, "red"), attribute(1, "red"), attribute(1, "old")],
        "short",
        "Two red apples.",
    ),
    "a relation": ([*things("person", "horse"), relation(0, "ride", 1)], "short", "A person riding a horse."),
    "a place": ([*things("cup", "cat"), relation(0, "left of", 1)], "short", "A cup to the left of a cat."),
    "a scene": ([*things("dog"), scene("kitchen")], "short", "A dog in a kitchen."),
    "a scene that takes no article": ([*things("dog"), scene("outdoors")], "short", "A dog outdoors."),
    "stuff": (things("broccoli", "broccoli"), "short", "Broccoli."),
    "pairs": (things("skis", "skis", "person"), "short", "A person and skis."),
    "colours that exclude each other are left out": (
        [*things("bus"), attribute(0, "red"), attribute(0, "blue")],
        "short",
        "A bus.",
    ),
    "in a paragraph what does two things does them in one sentence": (
        [*things("person", "horse", "umbrella"), relation(0, "ride", 1), relation(0, "hold", 2)],
        "dense",
        "A person, a horse and an umbrella are in the picture. The person rides the horse and holds the umbrella.",
    ),
    "in a paragraph things on one side stand together": (
        things("bus", "dog", "cat"),
        "dense",
        "There is a cat, a dog and a bus. The dog and the bus are to the left of the cat.",
    ),
    "read text on what carries it": (
        [*things("stop sign"), text("STOP", 0)],
        "dense",
        'The picture shows a stop sign. The stop sign reads "STOP".',
    ),
    "read text on nothing named": (
        [*things("dog"), text("AB 12"), text("OPEN")],
        "dense",
        'A dog is in the picture. The words "AB 12" and "OPEN" can be read.',
    ),
    "the medium opens a paragraph": (
        [*things("dog"), look("black and white photo"), scene("kitchen")],
        "dense",
        "A black and white photo of a dog in a kitchen.",
    ),
    "alternative text: what is there, what is written": (
        [*things("stop sign", "dog"), text("STOP", 0)],
        "alt",
        'A dog and a stop sign. The stop sign reads "STOP". The stop sign is to the left of the dog.',
    ),
    "a prompt: class name, caption, style": (
        [*things("dog"), tag("golden_retriever", "label"), look("dark photo")],
        "prompt",
        "golden retriever, a dog, dark photo",
    ),
    "a prompt: a class name that is the caption stands once": (
        [*things("cat"), tag("tabby", "label"), look("dark photo")],
        "prompt",
        "a tabby, dark photo",
    ),
    "a prompt: size before colour": ([*things("bus"), attribute(0, "red"), attribute(0, "large")], "prompt", "a large red bus"),
    "tags: subject, looks, doing, objects, scene, style": (
        [*things("dog", "cup", "cup"), attribute(0, "brown"), attribute(0, "running"), scene("kitchen"), look("dark photo")],
        "tags",
        "brown dog, running, two cups, kitchen, dark photo",
    ),
    "what only tags name": (
        [*things("dog"), tag("lawn"), tag("autumn_trees"), tag("Trier"), tag("running"), tag("pet")],
        "dense",
        "A dog is in the picture. A lawn and autumn trees can be seen as well.",
    ),
    "the more exact word of a tag": ([*things("bird", "bird"), tag("chickens")], "short", "Two chickens."),
    "text on a person is on something they wear": (
        [*things("person"), text("HOPPER", 0)],
        "alt",
        'A person. The words "HOPPER" can be read.',
    ),
    "tags that deny are no things": (
        [*things("cat"), tag("without shoes"), tag("missing tooth"), tag("toy car")],
        "dense",
        "The picture shows a cat.",
    ),
    "what is not there is no adjective": ([*things("person"), attribute(0, "no hat")], "short", "A person."),
    "outdoors is no thing": ([tag("school_uniform"), tag("outdoors")], "short", "A school uniform."),
    "a scene that a relation names already": (
        [*things("bus", "street"), relation(0, "on", 1), scene("city street")],
        "short",
        "A bus on a street.",
    ),
    "alternative text places only what it introduced": (
        [*things("person", "horse", "dog"), relation(0, "ride", 1)],
        "alt",
        "A person rides a horse.",
    ),
    "a passive": ([*things("dog", "horse"), relation(0, "attached to", 1)], "short", "A dog attached to a horse."),
    "a participle stays one": ([*things("person", "horse"), relation(0, "riding", 1)], "alt", "A person is riding a horse."),
    "what is no relation is not said": ([*things("dog", "horse"), relation(0, "part of", 1)], "short", "A dog and a horse."),
    "a phrase is no adjective": ([*things("bus"), attribute(0, "covered in snow")], "short", "A bus."),
    "what is no noun is not said": (things("dog.", "the sofa, red", "<b>cat</b>", "TV"), "short", "A TV."),
    "tags of the row, those that others imply left out": (
        [*things("dog"), tag("black_skirt"), tag("skirt")],
        "tags",
        "dog, black skirt",
    ),
}


@pytest.mark.parametrize(("facts", "style", "text"), SAID.values(), ids=list(SAID))
def test_the_writer_says(facts: list[Fact], style: str, text: str) -> None:
    assert written(facts, style) == [text]


SCENES = {
    "kitchen": "A dog in a kitchen.", "beach": "A dog on a beach.", "night": "A dog at night.", "outdoors": "A dog outdoors.",
    "street": "A dog on a street.", "at home": "A dog at home.", "snow": "A dog in the snow.", "mountain": "A dog on a mountain.",
    "mountains": "A dog.", "joy": "A dog.",
    "living room": "A dog in a living room.",
}  # fmt: skip


@pytest.mark.parametrize(("value", "expected"), SCENES.items(), ids=list(SCENES))
def test_a_scene_is_said_with_the_preposition_that_fits(value: str, expected: str) -> None:
    assert written([*things("dog"), scene(value)], "short") == [expected]


def test_a_style_that_says_more_than_the_first_is_kept() -> None:
    facts = [*things("stop sign"), text("STOP", 0)]
    assert TemplateWriter().write(plan(evidence_of(facts), STYLES)) == [
        "A stop sign.",
        'The picture shows a stop sign. The stop sign reads "STOP".',
        'A stop sign that reads "STOP".',
        "stop sign",
    ]


def test_a_scene_alone_makes_a_sentence() -> None:
    assert written([scene("kitchen")], "dense") == ["The picture is taken in a kitchen."]


@pytest.mark.parametrize(
    "value",
    [
        "A red bus stops in front of St. Paul's cathedral.",
        "Dr. Watson sits on a bench.",
        "A U.S. Navy ship is in a harbor.",
    ],
)
def test_sentences_are_not_cut_at_abbreviations(value: str) -> None:
    assert written(stated(value), "short") == [value]


def test_a_sentence_speaks_only_of_what_it_names() -> None:
    evidence = evidence_of([*things("cat"), *stated("Cattle graze on a meadow. A cat sleeps.")])
    assert TemplateWriter().write(plan(evidence, ["short"])) == ["A cat sleeps."]


STATED = (
    "a man rides a brown horse on a beach",
    "A man on a horse next to the sea. A dog runs beside them.",
)


def stated(*sentences: str) -> list[Fact]:
    return [Fact(id=f"q{n}", kind="statement", value=value, expert="captioner") for n, value in enumerate(sentences)]


def test_sentences_of_experts_are_quoted_and_not_told_again() -> None:
    evidence = evidence_of([*things("horse", "cup"), *stated(*STATED)])
    short, dense = TemplateWriter().write(plan(evidence, ["short", "dense"]))
    assert short == "A man rides a brown horse on a beach."
    assert "A dog runs beside them." in dense
    assert "There is a cup as well." in dense
    assert dense.count("brown horse") == 1


def test_styles_of_one_sentence_quote_different_sentences() -> None:
    texts = TemplateWriter().write(plan(evidence_of(stated(*STATED)), ["short", "alt", "prompt"]))
    assert len(set(texts)) == 3


RICH = [
    *things("person", "horse", "dog"), relation(0, "ride", 1), attribute(2, "brown"), scene("field"), look("dark photo"),
    text("A12", 1), tag("riding", "label"),
]  # fmt: skip


def test_enough_facts_give_at_least_four_captions_few_give_fewer() -> None:
    rich = TemplateWriter().write(plan(evidence_of(RICH), STYLES))
    assert len({t.casefold().strip(".") for t in rich}) == len(STYLES)
    poor = TemplateWriter().write(plan(evidence_of(things("dog")), STYLES))
    assert poor == ["A dog.", "dog"]


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.sampled_from(NOUNS), min_size=1, max_size=9), st.lists(st.text("AB 1\"'", min_size=2, max_size=90), max_size=3)
)
def test_alternative_text_keeps_to_its_length(names: list[str], read: list[str]) -> None:
    facts = [*things(*names), *(text(f"{value}{n}") for n, value in enumerate(read)), scene("supermarket")]
    assert all(0 < len(t) <= 125 for t in written(facts, "alt"))


def test_of_nothing_it_says_nothing() -> None:
    assert written([], "short") == []


def test_hearsay_is_not_said() -> None:
    facts = [Fact(id="s", kind="statement", value="A kite.", expert="alt_text")]
    observation = Observation(id="x", looked=("alt_text",), facts=tuple(facts))
    evidence = gather([observation], {"alt_text": Card(vocabulary=None, hearsay=True)}, Language.load())[0]
    assert plan(evidence, STYLES) == []


def test_an_unknown_style_is_refused() -> None:
    with pytest.raises(ConfigError, match="no style 'long'"):
        plan(evidence_of(things("dog")), ["long"])


def test_it_is_a_writer() -> None:
    assert isinstance(TemplateWriter(), Writer)


@st.composite
def graphs(draw: st.DrawFn) -> list[Fact]:
    """Objects with some attributes and relations."""
    facts = things(*draw(st.lists(st.sampled_from(NOUNS), min_size=1, max_size=6)))
    number = len(facts)
    for about, value in draw(st.sets(st.tuples(st.integers(0, number - 1), st.sampled_from(ADJECTIVES)), max_size=4)):
        facts.append(attribute(about, value))
    pairs = st.tuples(st.integers(0, number - 1), st.sampled_from(PREDICATES), st.integers(0, number - 1))
    for about, value, to in draw(st.sets(pairs, max_size=3)):
        if about != to:
            facts.append(relation(about, value, to))
    return facts


@settings(max_examples=60, deadline=None)
@given(graphs(), st.sampled_from(STYLES))
def test_it_cannot_say_what_no_fact_says(facts: list[Fact], style: str) -> None:
    language = Language.load()
    evidence = evidence_of(facts)
    for text in TemplateWriter().write(plan(evidence, [style])):
        words = {w.strip('.,"').lower() for w in text.split()}
        roots = {w for f in facts for w in f.value.lower().split()}
        foreign = {w for w in words - FUNCTION_WORDS if not any(w == r or stemmed(w) & stemmed(r) for r in roots)}
        assert not foreign, f"{text!r} has {foreign}"
        checked = verify(language.read([text]), [evidence], language)[0]
        assert not [c for c in checked.claims if c.verdict == "contradicted"], text


def stemmed(word: str) -> set[str]:
    """The word and what it may be an ending of."""
    known = {"people": "person", "knives": "knife"}
    return {known.get(word, word), word.removesuffix("s"), word.removesuffix("es"), lexicon.base(word)}


def test_the_same_evidence_gives_the_same_text() -> None:
    facts = [*things("person", "horse", "dog"), relation(0, "ride", 1), attribute(2, "brown")]
    assert written(facts, "dense") == written(list(facts), "dense")
