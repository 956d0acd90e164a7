"""Captions judged and repaired on small pieces of evidence, as tables."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import fusion
from fusion.evidence import gather
from fusion.expert import Card
from fusion.facts import Box, Fact, Observation, Policy
from fusion.language import Language
from fusion.verdicts import Checked, verify

CLASSES = ("bus", "car", "cat", "chair", "couch", "cup", "dining table", "dog", "horse", "person", "umbrella")
CARDS = {
    "boxes": Card(sees=("object", "count"), vocabulary=CLASSES, precision=0.98, recall=0.95),
    "weak": Card(sees=("object",), vocabulary=CLASSES, precision=0.9, recall=0.75),
    "captions": Card(vocabulary=None, precision=0.95, recall=0.3),
    "alt_text": Card(vocabulary=None, precision=0.6, recall=0.1, hearsay=True),
    "ocr": Card(sees=("text",), vocabulary=None, precision=0.9, recall=0.6),
}


@pytest.fixture(scope="module")
def language() -> Language:
    return Language.load()


def box(name: str, x: float = 10, y: float = 10, w: float = 40, h: float = 40) -> Fact:
    return Fact(id=f"{name}@{x},{y}", kind="object", value=name, box=Box(x, y, x + w, y + h), expert="boxes")


def says(text: str, expert: str = "captions") -> Fact:
    return Fact(id=f"{expert}:{text}", kind="statement", value=text, expert=expert, score=1.0)


def reads(text: str) -> Fact:
    return Fact(id=f"ocr:{text}", kind="text", value=text, expert="ocr")


def check(language: Language, caption: str, facts: list[Fact], looked: tuple[str, ...], policy: Policy = "balanced") -> Checked:
    observation = Observation(id="x", width=200, height=200, looked=looked, facts=tuple(facts))
    evidence = gather([observation], CARDS, language)
    return verify(language.read([caption]), evidence, language, policy)[0]


BOTH = ("boxes", "captions")

VERDICTS = {
    "a box supports": ("A dog.", [box("dog")], BOTH, "dog", "supported"),
    "a more exact word supports": ("An animal.", [box("dog")], BOTH, "animal", "supported"),
    "nothing says that a person is a man": ("A man.", [box("person")], BOTH, "man", "unverified"),
    "an expert that would have seen it contradicts": ("A cat.", [box("dog")], BOTH, "cat", "contradicted"),
    "an expert that did not look says nothing": ("A cat.", [], ("captions",), "cat", "unverified"),
    "a word no expert covers is unverified": ("A kite.", [box("dog")], ("boxes",), "kite", "unverified"),
    "a weak expert's silence does not contradict": ("A cat.", [], ("weak",), "cat", "unverified"),
    "a sibling in its place contradicts": (
        "A woman.",
        [box("person"), says("A man stands.")],
        BOTH,
        "woman",
        "contradicted",
    ),
    "a statement supports": ("A red umbrella.", [says("A red umbrella.")], ("captions",), "red", "supported"),
    "another colour contradicts": ("A red car.", [box("car"), says("A blue car.")], BOTH, "red", "contradicted"),
    "no people where nobody is": ("No people.", [box("dog")], BOTH, "person", "supported"),
    "no people where somebody is": ("No people.", [box("person")], BOTH, "person", "contradicted"),
    "as many boxes": ("Two dogs.", [box("dog"), box("dog", 100)], BOTH, "dog", "supported"),
    "fewer boxes": ("Five dogs.", [box("dog"), box("dog", 100)], BOTH, "count", "contradicted"),
    "one box fewer, which may be overlooked": ("Three dogs.", [box("dog"), box("dog", 100)], BOTH, "count", "unverified"),
    "more boxes than matter": ("Two dogs.", [box("dog", x) for x in (10, 60, 110)], BOTH, "count", "supported"),
    "a stated relation": ("A dog on a couch.", [says("A dog sits on a couch.")], ("captions",), "on", "supported"),
    "boxes lie so": ("A cup left of a dog.", [box("cup", 10), box("dog", 150)], BOTH, "left of", "supported"),
    "boxes lie otherwise": (
        "A dog to the left of a cup.",
        [box("cup", 10), box("dog", 150)],
        BOTH,
        "to left of",
        "contradicted",
    ),
    "text read with one wrong character": (
        'A sign that says "PARKING".',
        [reads("PARK1NG")],
        ("ocr",),
        "PARKING",
        "supported",
    ),
    "another text": ('A sign that says "EXIT".', [reads("STOP")], ("ocr",), "EXIT", "unverified"),
    "hearsay alone supports no object": ("A kite.", [says("A kite.", "alt_text")], ("alt_text",), "kite", "unverified"),
    "an opinion is never checked": ("A beautiful dog.", [box("dog")], BOTH, "beautiful", "unverified"),
}


@pytest.mark.parametrize(("caption", "facts", "looked", "value", "verdict"), VERDICTS.values(), ids=list(VERDICTS))
def test_verdict(language: Language, caption: str, facts: list[Fact], looked: tuple[str, ...], value: str, verdict: str) -> None:
    claims = check(language, caption, facts, looked).claims
    claim = next(c for c in claims if value in (c.value, c.kind))
    assert (claim.verdict, bool(claim.reason)) == (verdict, True), claim.reason
    assert claim.confidence is not None
    if verdict == "supported":
        assert claim.confidence >= 0.5
    if verdict == "contradicted":
        assert claim.confidence < 0.5
    known = {f.id for f in facts}
    assert all(any(e == k or e.startswith(k) for k in known) for e in claim.evidence)


def test_colours_swapped_between_two_things_are_found(language: Language) -> None:
    facts = [box("car"), box("bus", 100), says("A red car and a blue bus.")]
    right = check(language, "A red car and a blue bus.", facts, BOTH)
    wrong = check(language, "A blue car and a red bus.", facts, BOTH)
    assert {c.verdict for c in right.claims} == {"supported"}
    assert [c.verdict for c in wrong.claims if c.kind == "attribute"] == ["contradicted", "contradicted"]


def test_children_fall_with_their_parent(language: Language) -> None:
    claims = check(language, "A brown cat on a couch.", [box("couch")], BOTH).claims
    cat = next(c for c in claims if c.value == "cat")
    for child in (c for c in claims if cat.id in (c.about, c.to)):
        assert (child.verdict, child.confidence, child.void) == ("contradicted", cat.confidence, cat.id)


def test_a_name_that_only_hearsay_knows_is_marked(language: Language) -> None:
    facts = [box("dog"), says("Whitby harbour", "alt_text")]
    claims = check(language, "A dog in Whitby.", facts, ("boxes", "alt_text")).claims
    name = next(c for c in claims if c.kind == "name")
    assert (name.verdict, name.hearsay) == ("supported", True)


REPAIRS = {
    "nothing to do": ("A dog on a couch.", [box("dog"), box("couch", 5, 40)], "A dog on a couch."),
    "a phrase": ("A dog with a cat.", [box("dog")], "A dog."),
    "a conjunct": ("A dog and a cat.", [box("dog")], "A dog."),
    "the first conjunct": ("A cat and a dog sit on a couch.", [box("dog"), box("couch")], "A dog sits on a couch."),
    "an adjective": ("A red car.", [box("car"), says("A blue car.")], "A blue car."),
    "an adjective before a vowel": ("A red umbrella.", [box("umbrella"), says("A blue umbrella.")], "A blue umbrella."),
    "one of two adjectives": ("A red and white bus.", [box("bus"), says("A blue and white bus.")], "A blue and white bus."),
    "a number": ("Five dogs.", [box("dog"), box("dog", 100)], "Two dogs."),
    "a clause": ("A dog that is chasing a cat.", [box("dog")], "A dog."),
    "a place, not the action": ("A dog that is sitting on a chair.", [box("dog")], "A dog that is sitting."),
    "a sentence": ("A dog sleeps. A cat watches it.", [box("dog")], "A dog sleeps."),
    "all of it": ("A cat.", [box("chair")], ""),
    "its sibling": ("A cat.", [box("dog")], "A dog."),
    "one of three": ("A dog, a cat, and a horse.", [box("dog"), box("horse", 100)], "A dog and a horse."),
    "the last of three": ("A dog, a horse, and a cat.", [box("dog"), box("horse", 100)], "A dog and a horse."),
}


@pytest.mark.parametrize(("caption", "facts", "repaired"), REPAIRS.values(), ids=list(REPAIRS))
def test_repair(language: Language, caption: str, facts: list[Fact], repaired: str) -> None:
    result = check(language, caption, facts, BOTH)
    assert result.repaired == repaired
    assert bool(result.edits) == (repaired != caption)
    assert replayed(result) == repaired
    assert all(result.repaired[slice(*c.span)] for c in result.repaired_claims)


def replayed(result: Checked) -> str:
    """The caption after its edits, applied one by one."""
    text = result.text
    for edit in result.edits:
        start, end = edit.span
        assert text[start:end] == edit.before
        text = text[:start] + edit.after + text[end:]
    return text


POLICIES = {
    "lenient": "A red dog with a kite.",
    "balanced": "A red dog with a kite.",
    "strict": "A dog.",
}


@pytest.mark.parametrize(("policy", "repaired"), POLICIES.items())
def test_policies_differ_in_what_they_drop_only(language: Language, policy: Policy, repaired: str) -> None:
    result = check(language, "A red dog with a kite.", [box("dog")], ("boxes",), policy)
    assert result.repaired == repaired
    assert [c.verdict for c in result.claims] == [
        c.verdict for c in check(language, "A red dog with a kite.", [box("dog")], ("boxes",)).claims
    ]


def test_balanced_also_drops_what_some_expert_should_have_seen(language: Language) -> None:
    looked = ("weak", "weak2")
    cards = CARDS | {"weak2": CARDS["weak"]}
    evidence = gather([Observation(id="x", looked=looked)], cards, language)
    reading = language.read(["A kite and a cat."])
    kept = {p: verify(reading, evidence, language, p)[0].repaired for p in ("lenient", "balanced")}
    assert kept == {"lenient": "A kite and a cat.", "balanced": "A kite."}  # two that may miss it, alike


def test_text_in_another_language_stays_and_says_so(language: Language) -> None:
    text = "Ein Mann reitet auf einem Pferd am Strand entlang"
    result = check(language, text, [box("person")], BOTH)
    assert (result.claims, result.repaired) == ((), text)
    assert result.problem is not None
    assert "language de" in result.problem.message


WORDS = st.sampled_from(["a dog", "a cat", "two cats", "a red bus", "a man", "an old horse", "three cups", "a kite", "no people"])
PLACES = st.sampled_from(["on a couch", "next to a chair", "with a cup", "in a park", "under an umbrella", "wearing a hat"])
SENTENCES = st.builds(
    lambda subject, rest, more: f"{subject[0].upper()}{subject[1:]} {rest}{more}.",
    WORDS, PLACES, st.sampled_from(["", " and a cup", ", a cat and a dog", " while a man walks by"]),
)  # fmt: skip
BOXES = st.lists(st.builds(box, st.sampled_from(CLASSES), st.integers(0, 100), st.integers(0, 100)), max_size=6,
                 unique_by=lambda f: f.id)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(SENTENCES, min_size=1, max_size=3), BOXES, st.sampled_from(["strict", "balanced", "lenient"]))
def test_repair_is_idempotent_and_adds_no_word(sentences: list[str], facts: list[Fact], policy: Policy) -> None:
    language = Language.load()
    caption = " ".join(sentences)
    once = check(language, caption, facts, BOTH, policy)
    twice = check(language, once.repaired, facts, BOTH, policy)
    assert twice.repaired == once.repaired
    assert replayed(once) == once.repaired
    mended = {"a", "an", "is", "was", "has", "sits"} | {word for f in facts for word in f.value.split()}
    assert words(once.repaired) - words(caption) <= mended | {w + "s" for w in (*words(caption), *mended)}
    assert once.repaired == "" or once.repaired[0].isupper()
    assert "  " not in once.repaired


def words(text: str) -> set[str]:
    return set(text.lower().replace(".", "").replace(",", "").split())


def negative(name: str, expert: str) -> Fact:
    return Fact(id=f"no {name}", kind="object", value=name, expert=expert, negated=True)


FINER = {
    "a stated no supports no": ("There are no people.", [negative("person", "captions")], ("captions",), "person", "supported"),
    "what few would mention cannot be denied": ("A dog without a button.", [box("dog")], BOTH, "button", "unverified"),
    "no denied number counts": (
        "Three dogs.",
        [box("dog"), Fact(id="n", kind="count", value="dog", number=3, about="dog@10,10", negated=True, expert="captions")],
        ("captions",),
        "count",
        "contradicted",
    ),
    "boxes count though nobody is said to have looked": ("Two dogs.", [box("dog"), box("dog", 100)], (), "count", "supported"),
    "a part of a word is no name": ("A dog in Ross.", [box("dog"), reads("ACROSS THE ROAD")], ("ocr",), "Ross", "unverified"),
    "who wears a thing is larger than it": (
        "A person in a cup.", [box("person", 0, 0, 90, 90), box("cup", 10, 10, 9, 9)], BOTH, "in", "unverified",
    ),
    "signs without letters are not alike": ('A sign that says "!!".', [reads("->")], ("ocr",), "!!", "unverified"),
}  # fmt: skip


@pytest.mark.parametrize(("caption", "facts", "looked", "value", "verdict"), FINER.values(), ids=list(FINER))
def test_finer_points(
    language: Language, caption: str, facts: list[Fact], looked: tuple[str, ...], value: str, verdict: str
) -> None:
    claims = check(language, caption, facts, looked).claims
    claim = next(c for c in claims if value in (c.value, c.kind))
    assert (claim.verdict, bool(claim.reason)) == (verdict, True), claim


ODD = {
    "line breaks": "The image shows a dog \n Without a hat.",
    "a tab": "- no cats\tThe image shows a dog",
    "double spaces": "A  dog   on  a\tcouch",
    "a quoted thing named again": 'A sign says "a dog". The dog is brown.',
    "signs of a script without letters": "・・・・・・・・",
    "foreign digits": "๐๐๐๐๐๐๐๐๐๐",
    "quotes inside words": 'A sign reads foo"bar"baz. A dog runs.',
    "only stops": "... !!! ???",
    "one word": "dog",
    "capitals": "A MAN RIDING A HORSE ON THE BEACH",
    "emoji": "😀 a dog 🐶 on a couch 😀",
    "only spaces": "   ",
    "nothing": "",
}


@pytest.mark.parametrize("policy", ["strict", "balanced", "lenient"])
@pytest.mark.parametrize("caption", ODD.values(), ids=list(ODD))
def test_odd_captions_are_read_and_mended(language: Language, caption: str, policy: Policy) -> None:
    result = check(language, caption, [box("dog"), box("couch", 5, 40)], BOTH, policy)
    assert all(caption[a:b].strip() == caption[a:b] != "" for a, b in (c.span for c in result.claims))
    assert replayed(result) == result.repaired
    assert check(language, result.repaired, [box("dog"), box("couch", 5, 40)], BOTH, policy).repaired == result.repaired


def test_facts_without_ids_are_not_mixed_up(language: Language) -> None:
    statements = (
        Fact(kind="statement", value="A red car.", expert="captions"),
        Fact(kind="statement", value="A brown dog.", expert="captions"),
    )
    evidence = gather([Observation(id="x", looked=("captions",), facts=statements)], CARDS, language)
    claims = verify(language.read(["A red dog."]), evidence, language)[0].claims
    assert next(c.verdict for c in claims if c.value == "red") != "supported"


@pytest.mark.parametrize("text", ['"a" ' * 4000, "A sign says STOP. " * 1500, "a dog, " * 3000, "word " * 6000])
def test_long_odd_captions_end(language: Language, text: str) -> None:
    result = check(language, text, [box("dog")], BOTH)
    assert result.claims or result.left_over


def test_things_in_two_panels_do_not_lie_to_each_other(language: Language) -> None:
    panels = [box("panel", 0, 0, 100, 200), box("panel", 100, 0, 100, 200)]
    collage = Fact(id="s", kind="style", value="collage", expert="boxes")
    facts = [*panels, box("dog", 10), box("cat", 120)]
    relation = {
        name: next(c for c in check(language, "A dog to the left of a cat.", given, BOTH).claims if c.kind == "relation")
        for name, given in (("photo", facts), ("collage", [*facts, collage]))
    }
    assert {name: claim.verdict for name, claim in relation.items()} == {"photo": "supported", "collage": "unverified"}


def test_a_place_in_the_picture_excludes_another(language: Language) -> None:
    left = Fact(id="l", kind="attribute", value="on the left", about="dog@10,10", expert="captions")
    claims = check(language, "The dog on the right is brown.", [box("dog"), left], BOTH).claims
    right = next(c for c in claims if c.value == "on the right")
    assert (right.verdict, right.evidence) == ("contradicted", ("l",))


@pytest.mark.parametrize(
    ("precision", "silent", "kept"),
    [
        pytest.param(0.95, True, True, id="people say what detectors miss"),
        pytest.param(0.85, True, False, id="a model invents what a good detector does not see"),
        pytest.param(0.85, False, True, id="where nobody looked for it the model is believed"),
    ],
)
def test_what_is_only_told_is_held_against_who_looked(precision: float, silent: bool, kept: bool) -> None:
    cards = {
        "boxes": Card(sees=("object",), vocabulary=("dog", "cat"), precision=0.95, recall=0.95),
        "captioner": Card(sees=("object", "statement"), vocabulary=None, precision=precision, recall=0.3),
    }
    told = {"id": "s", "kind": "statement", "value": "A dog and a cat.", "expert": "captioner"}
    dog = {"id": "d", "kind": "object", "value": "dog", "expert": "boxes", "box": [0, 0, 40, 40]}
    looked = ["boxes", "captioner"] if silent else ["captioner"]
    evidence = {"id": "x", "width": 100, "height": 100, "looked": looked, "facts": [dog, told]}
    assert ("cat" in fusion.verify("A dog and a cat.", evidence, cards=cards).repaired) is kept
