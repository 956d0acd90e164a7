"""Captions taken apart to be checked and put together again: what falls goes, what stays is well formed, spans fit."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from write.making import attribute, evidence_of, language, look, relation, scene, stated, text, things

from fusion.errors import WriterError
from fusion.facts import Box, Claim, Fact
from fusion.verdicts import verify
from fusion.write import load_styles, regions
from fusion.write import structured as as_json
from fusion.write.parsing import STRUCTURED_SCHEMA
from fusion.write.parts import renamed, split
from fusion.write.structured import Said, Subject, Tie, written
from fusion.write.styles import names

PICTURE = [
    *things("dog", "dog", "person", "stop sign"), attribute(0, "brown"), attribute(1, "white"), attribute(0, "running"),
    relation(2, "hold", 1), text("STOP", 3), scene("park"), look("dark photo"),
]  # fmt: skip


def checked(style: str, draft: str, facts: list[Fact] | None = None) -> tuple[str, tuple[Claim, ...]]:
    """What is left of a draft, and its claims."""
    parts = split(load_styles([style])[0], draft, evidence_of(PICTURE if facts is None else facts))
    results = verify(language().read(parts.texts, ["en"] * len(parts.texts)), parts.evidence, language())
    return parts.joined([r.repaired for r in results], [r.repaired_claims for r in results])


REGIONS = {
    "what holds stays": ("[0, 10, 40, 60] a brown dog running", "[0, 10, 40, 60] a brown dog running"),
    "the colour of another one falls": ("[0, 10, 40, 60] a white dog", "[0, 10, 40, 60] a brown dog"),
    "a line of which nothing is left goes": (
        "[100, 10, 140, 60] a cat\n[50, 10, 90, 60] a white dog", "[50, 10, 90, 60] a white dog",
    ),
    "what it is related to may be named": (
        "[100, 10, 140, 60] a person holding a white dog", "[100, 10, 140, 60] a person holding a white dog",
    ),
    "a box that is nowhere": ("[0, 10, 40, 60] a dog\n[7, 7, 9, 9] a dog", "[0, 10, 40, 60] a dog"),
    "other ways to write it": ("- [0.4,10,40.2,60]: a dog\n\nsome talk\n", "[0, 10, 40, 60] a dog"),
    "what is written on it": ('[150, 10, 190, 60] a stop sign with the words "STOP"',) * 2,
}  # fmt: skip


@pytest.mark.parametrize(("draft", "left"), REGIONS.values(), ids=list(REGIONS))
def test_regions_hold_in_their_own_box(draft: str, left: str) -> None:
    assert checked("region", draft)[0] == left


QUESTIONS = {
    "what holds stays": ("Q: What colour is the dog? A: The dog is brown.",) * 2,
    "a wrong answer goes": ("Q: What is the person holding? A: The person is holding a cat.", ""),
    "a wrong number is put right": (
        "Q: How many dogs are there in the picture? A: There are three dogs in the picture.",
        "Q: How many dogs are there in the picture? A: There are two dogs in the picture.",
    ),
    "on two lines": ("Q: What colour is the dog?\nA: The dog is brown.", "Q: What colour is the dog? A: The dog is brown."),
    "no is an answer": ("Q: Is there a cat in the picture? A: No, there is no cat in the picture.",) * 2,
    "a wrong no": (
        "Q: Is there a dog? A: No, there is no dog.\nQ: What colour is the dog? A: The dog is brown.",
        "Q: What colour is the dog? A: The dog is brown.",
    ),
}


@pytest.mark.parametrize(("draft", "left"), QUESTIONS.values(), ids=list(QUESTIONS))
def test_pairs_stay_whose_answer_holds(draft: str, left: str) -> None:
    assert checked("qa", draft)[0] == left


TAKEN_FOR_GRANTED = {
    "said again": ("What is the man in the red shirt holding?", "The man in the red shirt holds a cup.", True),
    "not said again": ("What is the man in the red shirt holding?", "The man holds a cup.", False),
    "a pronoun": ("What is the man holding?", "He holds a cup.", False),
    "another form of the verb": ("What is the man riding?", "The man rides a horse.", True),
    "nothing but question words": ("How many are there in the picture?", "There are two dogs.", True),
}


@pytest.mark.parametrize(("question", "answer", "expected"), TAKEN_FOR_GRANTED.values(), ids=list(TAKEN_FOR_GRANTED))
def test_what_a_question_takes_for_granted_stands_in_its_answer(question: str, answer: str, expected: bool) -> None:
    line, style = f"Q: {question} A: {answer}", load_styles(["qa"])[0]
    if expected:
        assert split(style, line, evidence_of([])).texts == (answer,)
    else:
        with pytest.raises(WriterError, match="Q:"):
            split(style, line, evidence_of([]))


def structure(**more: object) -> str:
    empty = {"subjects": [], "setting": None, "relations": [], "text": [], "style": []}
    return json.dumps({**empty, **more}, ensure_ascii=False)


def one(noun: str, number: int | None = 1, attributes: tuple[str, ...] = (), actions: tuple[str, ...] = ()) -> dict[str, object]:
    return {"noun": noun, "number": number, "attributes": list(attributes), "actions": list(actions)}


def tie(subject: str, word: str, to: str) -> dict[str, str]:
    return {"subject": subject, "relation": word, "object": to}


BROWN_DOG = one("dog", 1, ("brown",), ("running",))
STRUCTURES = {
    "what holds stays": (
        structure(subjects=[BROWN_DOG, one("person")], setting="park", relations=[tie("person", "hold", "dog")], text=["STOP"],
                  style=["dark photo"]),
    ) * 2,
    "a thing that is not there goes, with all that is said of it": (
        structure(subjects=[one("cat", 1, ("brown",)), BROWN_DOG]), structure(subjects=[BROWN_DOG]),
    ),
    "an attribute goes alone": (
        structure(subjects=[one("dog", 1, ("green",), ("running",))]), structure(subjects=[one("dog", 1, (), ("running",))]),
    ),
    "a number that is wrong is not known": (
        structure(subjects=[one("dog", 4)]), structure(subjects=[one("dog", None)]),
    ),
    "a relation goes whole": (
        structure(subjects=[BROWN_DOG], relations=[tie("cat", "hold", "dog")]), structure(subjects=[BROWN_DOG]),
    ),
    "nothing is left": (structure(subjects=[one("cat")]), ""),
    "nothing was there": (structure(), ""),
}  # fmt: skip


@pytest.mark.parametrize(("draft", "left"), STRUCTURES.values(), ids=list(STRUCTURES))
def test_structures_lose_what_does_not_hold(draft: str, left: str) -> None:
    assert checked("structured", draft)[0] == left


def test_claims_of_a_structure_point_to_its_values() -> None:
    draft = structure(
        subjects=[one("dog", 2), one("person")], setting="park", relations=[tie("person", "hold", "dog")], text=["STOP"]
    )
    left, claims = checked("structured", draft)
    assert left == draft
    said = [(c.kind, left[slice(*c.span)]) for c in claims]
    assert ("count", "2") in said
    assert ("text", "STOP") in said
    assert ("relation", "hold") in said
    assert said.count(("object", "dog")) == 2
    names = {c.id for c in claims}
    assert all(end in names for c in claims for end in (c.about, c.to) if end)


def label(value: str) -> Fact:
    return Fact(id="label", kind="tag", value=value, expert="label", data={"role": "label"})


BENCH = [*things("dog", "bench"), relation(0, "lie on", 1), label("golden retriever"), look("black and white photo"),
        stated("A plate, a cup and a knife, all white, lie on the bench.")]  # fmt: skip
ITEMS = {
    "label and caption": (
        "prompt", "golden retriever, A dog lies on a bench", ("golden retriever", "A dog lies on a bench"),
    ),
    "an action stays with its thing": ("tags", "brown dog, running, two cats", ("brown dog, running", "two cats")),
    "clauses stay with their sentence": (
        "prompt", "a man, wearing a hat, sits on a bench, and a dog, with a red collar, park",
        ("a man, wearing a hat, sits on a bench, and a dog, with a red collar", "park"),
    ),
    "a sentence of an expert is one item": (
        "prompt", "golden retriever, A plate, a cup and a knife, all white, lie on the bench, black and white photo",
        ("golden retriever", "A plate, a cup and a knife, all white, lie on the bench", "black and white photo"),
    ),
    "what has a verb in its name": ("tags", "dog, dining table, parking meter", ("dog", "dining table", "parking meter")),
    "what a tag states goes on about nothing": ("tags", "dog, golden_retriever", ("dog", "golden_retriever")),
    "numbers and quotations": ("tags", 'dog, 1,000 men, sign with "A, B"', ("dog", "1,000 men", 'sign with "A, B"')),
    "empty items": ("tags", " ,dog,, ;, cat,", ("dog", "cat")),
    "what begins a list": ("tags", "running, dog", ("running", "dog")),
}  # fmt: skip


@pytest.mark.parametrize(("style", "draft", "items"), ITEMS.values(), ids=list(ITEMS))
def test_lists_are_taken_apart_at_the_commas_between_items(style: str, draft: str, items: tuple[str, ...]) -> None:
    assert split(load_styles([style])[0], draft, evidence_of(BENCH)).texts == items


LISTS = {
    "a label that falls takes nothing along": ("prompt", "school bus, A dog lies on a bench", "A dog lies on a bench"),
    "a caption that falls leaves its label": ("prompt", "dog, A cat and a bus", "dog"),
    "an item that falls takes what it does": ("tags", "cat, running, dog", "dog"),
    "what repair made the same stands once": ("tags", "dog, three dogs, dog", "dog, dog"),
    "of a class name that falls no half is left": ("tags", "dog, golden retriever", "dog"),
    "nothing is left": ("tags", "cat, bus", ""),
}


@pytest.mark.parametrize(("style", "draft", "left"), LISTS.values(), ids=list(LISTS))
def test_each_item_stands_for_itself(style: str, draft: str, left: str) -> None:
    text_of, claims = checked(style, draft, BENCH)
    assert text_of == left
    assert all(c.value.split()[0] in text_of[slice(*c.span)] for c in claims if c.kind == "object")
    assert len({c.id for c in claims}) == len(claims)


WRONG = {
    "commas alone": ("tags", ", ,;"),
    "an empty prompt": ("prompt", " "),
    "more digits than a picture has": ("region", f"[0, 0, {'9' * 400}, 40] a dog"),
    "half a character": ("structured", '{"setting": "\ud800"}'),
    "JSON without end": ("structured", '{"x":' + "[" * 50_000 + "]" * 50_000 + "}"),
    "no JSON": ("structured", "A dog."),
    "cut JSON": ("structured", structure(subjects=[one("dog")])[:-9]),
    "another form": ("structured", '{"subjects": [{"number": 2}]}'),
    "a number in words": ("structured", '{"subjects": [{"noun": "dog", "number": "two"}]}'),
    "an empty noun": ("structured", '{"subjects": [{"noun": " "}]}'),
    "no region": ("region", "A dog."),
    "no box of a thing": ("region", "[1, 2, 3, 4] a dog"),
    "three numbers": ("region", "[0, 10, 40] a dog"),
    "no pair": ("qa", "A dog."),
    "a question alone": ("qa", "Q: What colour is the dog?"),
}


@pytest.mark.parametrize(("style", "draft"), WRONG.values(), ids=list(WRONG))
def test_what_is_not_of_its_form_is_refused(style: str, draft: str) -> None:
    with pytest.raises(WriterError, match="expected"):
        split(load_styles([style])[0], draft, evidence_of(PICTURE))


@pytest.mark.parametrize("style", ["short", "medium", "dense", "alt", "artistic"])
def test_english_is_one_part(style: str) -> None:
    draft = "A dog, a cat.\nA bus."
    parts = split(load_styles([style])[0], draft, evidence_of([]))
    claims = [Claim(id="c7", kind="object", value="dog", span=(2, 5))]
    assert parts.texts == (draft,)
    assert parts.joined(["A dog."], [claims]) == ("A dog.", tuple(claims))


def test_names_of_claims_are_their_own_and_follow_along() -> None:
    dog = Claim(id="c0", kind="object", value="dog", span=(0, 3))
    brown = Claim(id="c1", kind="attribute", value="brown", about="c0", span=(0, 3), void="c0", verdict="contradicted")
    lost = Claim(id="c2", kind="attribute", value="old", about="c9", span=(0, 3))
    made = renamed([[dog, brown], [dog, lost, brown]])
    assert [(c.id, c.about, c.void) for c in made] == [
        ("c0", None, None),
        ("c1", "c0", "c0"),
        ("c2", None, None),
        ("c3", "c2", "c2"),
    ]


TEXTS = st.text(min_size=1, max_size=12).filter(lambda value: bool(value.strip()))
SUBJECTS = st.builds(
    Subject, noun=TEXTS, number=st.none() | st.integers(1, 99), attributes=st.lists(TEXTS, max_size=3).map(tuple),
    actions=st.lists(TEXTS, max_size=2).map(tuple),
)  # fmt: skip
TIES = st.builds(Tie, subject=TEXTS, relation=TEXTS, object=TEXTS)
ALL = st.builds(
    Said, subjects=st.lists(SUBJECTS, max_size=3).map(tuple), setting=st.none() | TEXTS,
    relations=st.lists(TIES, max_size=2).map(tuple), text=st.lists(TEXTS, max_size=2).map(tuple),
    style=st.lists(TEXTS, max_size=2).map(tuple),
)  # fmt: skip


@given(ALL)
def test_json_is_read_as_it_was_written_and_every_value_has_its_place(said: Said) -> None:
    text_of, places = written(said)
    assert as_json.read(text_of) == said
    data = json.loads(text_of)
    for path, (start, end) in places.items():
        value = data
        for step in path:
            value = value[step]
        inner = text_of[start:end]
        assert (json.loads(f'"{inner}"') if isinstance(value, str) else json.loads(inner)) == value
    for shortened in as_json.shorter(text_of):
        as_json.read(shortened)


@given(ALL, st.data())
def test_what_is_left_of_json_is_json(said: Said, data: st.DataObject) -> None:
    pieces = list(as_json.pieces(said))
    back = [data.draw(st.sampled_from([piece.text, "", piece.text[: len(piece.text) // 2]])) for piece in pieces]
    claims = [[Claim(id="c0", kind="object", value="x", span=(0, max(len(text) - 1, 1)))] if text else [] for text in back]
    left, moved = as_json.rebuilt(said, pieces, back, claims)
    kept = as_json.read(left) if left else Said()
    assert len(kept.subjects) <= len(said.subjects)
    assert all(c.span[1] <= len(left) for own in moved for c in own)
    assert set(kept.text) <= set(said.text)


def test_the_schema_that_models_are_held_to_asks_for_what_is_read() -> None:
    assert tuple(STRUCTURED_SCHEMA["properties"]) == Said.__struct_fields__
    assert tuple(STRUCTURED_SCHEMA["properties"]["subjects"]["items"]["properties"]) == Subject.__struct_fields__
    assert tuple(STRUCTURED_SCHEMA["properties"]["relations"]["items"]["properties"]) == Tie.__struct_fields__


NEAR_FORM = st.one_of(
    st.text(st.characters(), max_size=60),
    st.lists(st.sampled_from(["[", "]", "0", "10", "40", "60", "9" * 400, ",", ", ", " ", "\n", "Q:", "A:", "?", "dog", '"', "-",
                              '{"subjects":', '{"noun":', "}", ":", "1e999", "\ud800", "."]), max_size=14).map("".join),
    ALL.map(lambda said: written(said)[0]),
)  # fmt: skip
EVIDENCE = evidence_of(PICTURE)


@pytest.mark.parametrize("style", list(names()))
@given(draft=NEAR_FORM)
def test_whatever_a_model_writes_is_read_or_refused(style: str, draft: str) -> None:
    try:
        parts = split(load_styles([style])[0], draft, EVIDENCE)
    except WriterError:
        return
    assert len(parts.texts) == len(parts.evidence) > 0 or style == "structured"


def test_a_box_is_written_in_one_way() -> None:
    assert regions.written(Box(-0.4, 0.5, 1.5, 99.6)) == "[0, 0, 2, 100]"
