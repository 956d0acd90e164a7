"""The alt-text of a picture held against what experts saw, and what captions keep of it."""

from __future__ import annotations

import pytest

from fusion.evidence import Evidence, gather
from fusion.expert import Card
from fusion.facts import Box, Fact, Observation, Retention
from fusion.language import Language
from fusion.write.found import Found, find_found, retention

CARDS = {
    "boxes": Card(sees=("object",), vocabulary=("dog",), precision=0.95, recall=0.9),
    "captions": Card(precision=0.9, recall=0.3),
    "alt_text": Card(sees=("name", "statement"), vocabulary=(), precision=0.7, recall=0.0, hearsay=True),
    "tags": Card(sees=("tag",), vocabulary=(), precision=0.7, recall=0.0),
}


def evidence(*facts: Fact) -> Evidence:
    return gather([Observation(id="x", width=100, height=100, facts=facts)], CARDS, Language.load())[0]


def alt(text: str) -> Fact:
    return Fact(id="a", kind="statement", value=text, expert="alt_text")


DOG = Fact(id="b", kind="object", value="dog", box=Box(0, 0, 50, 50), expert="boxes")
SENTENCE = Fact(id="s", kind="statement", value="A brown dog on a beach.", expert="captions")
TAG = Fact(id="t", kind="tag", value="dog", expert="tags")

ROWS = [
    ((alt("Our dog in Whitby, 2019"), SENTENCE), Found("Our dog in Whitby, 2019", "a", ("Whitby", "2019"), True, True)),
    ((alt("Our dog &amp; Rex"), DOG), Found("Our dog & Rex", "a", ("Rex",), True, True)),
    ((alt("A beagle"), DOG), Found("A beagle", "a", (), True, False)),
    ((alt("Algebra for Beginners"), SENTENCE), Found("Algebra for Beginners", "a", (), False, False)),
    ((alt("Our dog in Whitby"),), Found("Our dog in Whitby", "a", ("Whitby",), None, False)),
    ((alt("Our dog"), TAG), Found("Our dog", "a", (), None, False)),
    ((alt("IMG_2034.jpg"), SENTENCE), None),
    ((SENTENCE,), None),
    ((), None),
]


@pytest.mark.parametrize(("facts", "found"), ROWS, ids=[" + ".join(f.value for f in facts) or "nothing" for facts, _ in ROWS])
def test_found(facts: tuple[Fact, ...], found: Found | None) -> None:
    assert find_found(evidence(*facts)) == found


def boxes(*names: str) -> tuple[Fact, ...]:
    return tuple(
        Fact(id=f"b{n}", kind="object", value=name, box=Box(n * 10, 0, n * 10 + 8, 50), expert="boxes")
        for n, name in enumerate(names)
    )


COLOUR = Fact(id="c", kind="style", value="black tones", expert="colours")
READ = Fact(id="r", kind="text", value="OPEN", expert="ocr")
GATED = {
    "fewer than were seen": ("Two brown horses and a foal", boxes(*["horse"] * 4), False, None),
    "as many as were seen": ("Two brown horses", boxes("horse", "horse"), True, None),
    "one named of what is seen": ("A horse", boxes("horse", "horse"), True, None),
    "what is there is denied": ("No cats or dogs allowed", boxes("cat", "dog"), False, None),
    "what is absent is told": ("A cat, not a dog; there is no person here.", boxes("cat"), False, None),
    "only colours were seen": ("A black dress", (COLOUR,), None, None),
    "only text was read, the same": ("Open shop", (READ,), True, None),
    "only text was read, another": ("A dog", (READ,), None, None),
    "a person's name": ("Albert Einstein at Princeton in 1947", boxes("person"), True, None),
    "a person's name where none is seen": ("Albert Einstein at Princeton in 1947", boxes("dog"), False, None),
    "sentences beside the one that agrees": ("By Rex. A dog. In Rome.", boxes("dog"), True, None),
    "sentences far from it": ("A dog. In Rome. On sale. Of hats. By Rex.", boxes("dog"), True, "A dog. In Rome. On sale."),
    "a sentence that is contradicted": ("A dog. Two dogs in Rome.", boxes("dog", "dog", "dog"), True, "A dog."),
    "an abbreviation ends no sentence": ("A dog on Oct. 5 in Rome. Hats.", boxes("dog"), True, None),
}


@pytest.mark.parametrize(("text", "facts", "agrees", "told"), GATED.values(), ids=list(GATED))
def test_what_facts_contradict_is_not_told(text: str, facts: tuple[Fact, ...], agrees: bool | None, told: str | None) -> None:
    found = find_found(evidence(alt(text), *facts))
    assert found is not None
    assert (found.agrees, found.text) == (agrees, told or text)


FOUND = Found("Rex in Whitby, 2019", "a", ("Rex", "Whitby", "2019"), True)


@pytest.mark.parametrize(
    ("texts", "kept"),
    [
        pytest.param(["A dog.", "A dog in whitby, 2019."], ("Whitby", "2019"), id="in some caption, in any case"),
        pytest.param(["A dog."], (), id="none"),
        pytest.param([], (), id="no captions"),
    ],
)
def test_retention(texts: list[str], kept: tuple[str, ...]) -> None:
    lost = tuple(name for name in FOUND.names if name not in kept)
    assert retention(FOUND, texts) == Retention(text=FOUND.text, agrees=True, kept=kept, lost=lost)


HELD = {
    "a digit in a number": ("5", "15 men stand there.", False),
    "the start of a word": ("Al", "15 men also stand there.", False),
    "a part of a year": ("19", "In 2019.", False),
    "a part of a time": ("5", "At 5:30.", False),
    "a part of a decimal": ("5", "1.5 metres.", False),
    "behind it the sentence ends": ("5", "Room 5.", True),
    "in another case": ("Dev Patel", "dev patel's hat.", True),
    "marks at its end": ("C++", "Learn C++, fast.", True),
    "a mark in front": ("$5", "For US$5.", True),
    "a digit more": ("$5", "For $55.", False),
    "not a pattern": ("a.c", "abc", False),
}


@pytest.mark.parametrize(("name", "text", "kept"), HELD.values(), ids=list(HELD))
def test_only_whole_words_are_kept(name: str, text: str, kept: bool) -> None:
    assert bool(retention(Found("x", "a", (name,)), [text]).kept) is kept


@pytest.mark.parametrize(
    ("agrees", "form", "adds"),
    [(True, "paragraph", True), (True, "sentence", False), (False, "paragraph", False), (None, "alt", False)],
)
def test_what_it_adds_to(agrees: bool | None, form: str, adds: bool) -> None:
    assert Found("Rex", "a", agrees=agrees).adds_to(form) is adds


@pytest.mark.parametrize(("names", "shared", "adds"), [(("Rex",), True, True), ((), True, False), (("Rex",), False, False)])
def test_a_prompt_takes_names_of_the_same(names: tuple[str, ...], shared: bool, adds: bool) -> None:
    assert Found("Rex", "a", names, True, shared).adds_to("prompt") is adds
