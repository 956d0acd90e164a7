"""The template writer: what it says of small pieces of evidence, and that it can say nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fusion.errors import ConfigError
from fusion.evidence import Evidence, gather
from fusion.expert import Card
from fusion.facts import Box, Fact, Observation
from fusion.language import Language
from fusion.verdicts import verify
from fusion.write import TemplateWriter, Writer, plan

NOUNS = ("dog", "cat", "bus", "umbrella", "person", "horse", "stop sign", "cup", "sheep", "knife", "apple")
ADJECTIVES = ("red", "brown", "old", "wooden", "empty", "striped", "orange")
PREDICATES = ("ride", "hold", "on", "next to", "left of", "sit on", "wear", "in front of")
CARDS = {"boxes": Card(sees=("object", "attribute", "relation"), vocabulary=NOUNS, precision=0.95, recall=0.9)}

FUNCTION_WORDS = frozenset(
    "there is are a an the and in on of to one it reads read text can be picture taken several many two three four five "
    "six seven eight nine ten eleven twelve left right next front".split()
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


SAID = {
    "one thing": (things("dog"), "short", "There is a dog."),
    "plurals first": (things("cat", "dog", "dog"), "short", "There are two dogs and a cat."),
    "an adjective": ([*things("umbrella"), attribute(0, "red")], "short", "There is a red umbrella."),
    "a relation": ([*things("person", "horse"), relation(0, "ride", 1)], "short", "A person rides a horse."),
    "a place": ([*things("cup", "cat"), relation(0, "left of", 1)], "short", "A cup is to the left of a cat."),
    "a scene": (
        [*things("dog"), Fact(id="s", kind="scene", value="kitchen", expert="boxes")],
        "short",
        "There is a dog in a kitchen.",
    ),
    "read text": (
        [*things("stop sign"), Fact(id="t", kind="text", value="STOP", about="o0", expert="boxes")],
        "dense",
        'There is a stop sign. The stop sign reads "STOP".',
    ),
    "colours that exclude each other are left out": (
        [*things("bus"), attribute(0, "red"), attribute(0, "blue")],
        "short",
        "There is a bus.",
    ),
}


@pytest.mark.parametrize(("facts", "style", "text"), SAID.values(), ids=list(SAID))
def test_the_writer_says(facts: list[Fact], style: str, text: str) -> None:
    assert written(facts, style) == [text]


def test_of_nothing_it_says_nothing() -> None:
    assert written([], "short") == []


def test_hearsay_is_not_said() -> None:
    facts = [Fact(id="s", kind="statement", value="A kite.", expert="alt_text")]
    observation = Observation(id="x", looked=("alt_text",), facts=tuple(facts))
    evidence = gather([observation], {"alt_text": Card(vocabulary=None, hearsay=True)}, Language.load())[0]
    assert plan(evidence, ["short", "dense"]) == []


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
@given(graphs(), st.sampled_from(["short", "dense"]))
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
    return {known.get(word, word), word.removesuffix("s"), word.removesuffix("es")}


def test_the_same_evidence_gives_the_same_text() -> None:
    facts = [*things("person", "horse", "dog"), relation(0, "ride", 1), attribute(2, "brown")]
    assert written(facts, "dense") == written(list(facts), "dense")
