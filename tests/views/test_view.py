"""Captions of cropped and mirrored pictures: what they say, that they say nothing else, and that they are grammatical."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from views.making import LEFT_HALF, RIGHT_HALF, mistakes, record, said, shown, thing

import fusion
from fusion import lexicon
from fusion.codec import decode, encode
from fusion.errors import InputError
from fusion.facts import Box, Caption, Claim, Fact, Observation, Problem, Record
from fusion.job import Job
from fusion.language import Language
from fusion.views.sides import exchanged

LEFT: dict[str, Any] = {"crop": LEFT_HALF}
RIGHT: dict[str, Any] = {"crop": RIGHT_HALF}
FLIP: dict[str, Any] = {"flip": True}

DOGS = [thing("dog", 5, 0), thing("dog", 25, 1), thing("dog", 70, 2)]
DOG, MAN, CUP, OWL, ORANGE = thing("dog", 5), thing("man", 10), thing("cup", 15), thing("owl", 30), thing("orange", 10)
CAT, HORSE, WOMAN, APPLE = thing("cat", 75), thing("horse", 70), thing("woman", 70), thing("apple", 70)
FIELD, SOFA = thing("field", 0, box=Box(0, 0, 100, 100)), thing("sofa", 5, box=Box(0, 30, 50, 90))
SIGN = [thing("sign", 10), said("text", "STOP", box=Box(12, 42, 28, 58), about="sign/0")]


@pytest.mark.parametrize(
    ("facts", "text", "how", "expected"),
    [
        pytest.param(DOGS, "Three dogs.", LEFT, "Two dogs.", id="a number"),
        pytest.param(DOGS, "3 dogs.", LEFT, "2 dogs.", id="a number in digits"),
        pytest.param(DOGS, "Three dogs.", RIGHT, "A dog.", id="one is left"),
        pytest.param(DOGS, "The picture shows three brown dogs.", RIGHT, "The picture shows a brown dog.", id="one with a look"),
        pytest.param(DOGS, "There are three dogs.", RIGHT, "There is a dog.", id="there is one"),
        pytest.param(DOGS, "A group of three dogs.", LEFT, "Two dogs.", id="a group of a number"),
        pytest.param(DOGS, "Several dogs.", LEFT, "Two dogs.", id="several that are two"),
        pytest.param(DOGS, "Dogs.", RIGHT, "A dog.", id="a bare plural"),
        pytest.param(
            [*DOGS, CAT], "A cat and three dogs are in the picture.", LEFT, "Two dogs are in the picture.", id="first of two"
        ),
        pytest.param([DOG, CAT], "A dog and a cat are in the picture.", LEFT, "A dog is in the picture.", id="is for are"),
        pytest.param(
            [ORANGE, APPLE, OWL], "An apple, an orange and an owl.", LEFT, "An orange and an owl.", id="first of a list"
        ),
        pytest.param(
            [ORANGE, APPLE, OWL], "An orange, an apple and an owl.", LEFT, "An orange and an owl.", id="middle of a list"
        ),
        pytest.param([ORANGE, APPLE, OWL], "An orange, an owl and an apple.", LEFT, "An orange and an owl.", id="last of a list"),
        pytest.param(
            [ORANGE, APPLE, OWL], "An orange, an owl, and an apple.", LEFT, "An orange and an owl.", id="a serial comma"
        ),
        pytest.param(
            [MAN, HORSE, FIELD], "A man riding a horse in a field.", LEFT, "A man in a field.", id="a phrase in the middle"
        ),
        pytest.param(
            [MAN, HORSE], "A man rides a horse. The man wears a hat.", LEFT, "A man.", id="a clause that loses its object"
        ),
        pytest.param([DOG, CAT], "A dog next to a cat.", LEFT, "A dog.", id="a phrase at the end"),
        pytest.param([DOG, CAT], "A dog next to a cat.", RIGHT, "A cat.", id="what a phrase belongs to"),
        pytest.param([DOG, CAT, SOFA], "A dog and a cat on a sofa.", LEFT, "A dog on a sofa.", id="a place of both"),
        pytest.param(
            [DOG, CAT], "A dog and a cat. The dog is to the left of the cat.", LEFT, "A dog.", id="a place that needs both"
        ),
        pytest.param([MAN, WOMAN], "A man and a woman walk. They smile.", LEFT, "A man.", id="a pronoun of both"),
        pytest.param(
            [DOG, CAT], "A cat. A dog in the lower left corner of the image.", LEFT, "A dog.", id="a place in the picture"
        ),
        pytest.param([DOG], "A peaceful scene. A dog.", LEFT, "A dog.", id="a sentence that rests on nothing"),
        pytest.param(
            [DOG, CAT], "There are no cars. A dog next to a cat.", LEFT, "There are no cars. A dog.", id="what is absent"
        ),
        pytest.param([DOG], "A dog.", RIGHT, None, id="nothing is left"),
        pytest.param([DOG, CAT], "A dog is to the left of a cat.", FLIP, "A dog is to the right of a cat.", id="left of"),
        pytest.param(
            [DOG], "The dog on the left looks to the right.", FLIP, "The dog on the right looks to the left.", id="on the left"
        ),
        pytest.param(
            [MAN, CUP], "A man holds a cup in his left hand.", FLIP, "A man holds a cup in his right hand.", id="a hand"
        ),
        pytest.param([DOG, CAT], "A dog sits right next to a cat.", FLIP, "A dog sits right next to a cat.", id="right next to"),
        pytest.param([MAN], "A man has left the room.", FLIP, "A man.", id="left may be leave"),
        pytest.param(SIGN, 'A sign that reads "STOP".', FLIP, "A sign.", id="mirrored text"),
        pytest.param([*SIGN, DOG], 'A dog. The sign reads "STOP".', FLIP, "A dog.", id="a sentence about mirrored text"),
        pytest.param(
            [*SIGN, DOG], 'A dog. The sign reads "STOP".', LEFT, 'A dog. The sign reads "STOP".', id="text that is whole"
        ),
        pytest.param(SIGN, 'A sign with the words "STOP".', {"crop": (0, 0, 25, 100)}, "A sign.", id="text that is cut"),
        pytest.param([DOG, said("style", "close-up")], "A close-up of a dog.", LEFT, "A dog.", id="a viewpoint"),
        pytest.param(
            [DOG, said("style", "black and white photo")],
            "A black and white photo of a dog.",
            LEFT,
            "A black and white photo of a dog.",
            id="a medium",
        ),
        pytest.param([DOG, said("scene", "kitchen")], "A dog in a kitchen.", {"crop": (0, 30, 40, 70)}, "A dog.", id="a scene"),
        pytest.param(
            [DOG, said("scene", "indoors")], "A dog indoors.", {"crop": (0, 30, 40, 70)}, "A dog indoors.", id="a lasting scene"
        ),
        pytest.param(
            [DOG],
            "Q: Is there a cat? A: No. Q: Is there a dog? A: There is a dog.",
            FLIP,
            "Q: Is there a cat? A: No. Q: Is there a dog? A: There is a dog.",
            id="questions",
        ),
    ],
)
def test_what_a_caption_says_in_a_view(facts: list[Fact], text: str, how: dict[str, Any], expected: str | None) -> None:
    assert shown(facts, text, **how) == expected


@pytest.mark.parametrize(
    ("text", "how", "expected"),
    [
        pytest.param("three dogs, cat, running", LEFT, "two dogs", id="a number, an item, what nothing tells"),
        pytest.param("three dogs, cat", RIGHT, "dog, cat", id="one without an article"),
        pytest.param("three dogs, photo, from left", FLIP, "three dogs, photo, from right", id="a side"),
    ],
)
def test_tags(text: str, how: dict[str, Any], expected: str) -> None:
    assert shown([*DOGS, CAT], text, "tags", **how) == expected


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        pytest.param(LEFT, "[5, 40, 25, 60] a dog", id="crop"),
        pytest.param(RIGHT, "[25, 40, 45, 60] a cat", id="other half"),
        pytest.param(FLIP, "[75, 40, 95, 60] a dog\n[5, 40, 25, 60] a cat next to a dog", id="flip"),
    ],
)
def test_regions(how: dict[str, Any], expected: str) -> None:
    text = "[5, 40, 25, 60] a dog\n[75, 40, 95, 60] a cat next to a dog"
    claims = [claim(text, "c0", "object", "dog", "dog", 0), claim(text, "c1", "object", "cat", "cat", 0)]
    claims += [
        claim(text, "c2", "object", "dog", "dog", 1),
        claim(text, "c3", "relation", "next to", "next to", 0, about="c1", to="c2"),
    ]
    caption = fusion.view(made([DOG, CAT], text, claims), **how).caption("x")
    assert caption is not None
    assert caption.text == expected


JSON = (
    '{"subjects": [{"noun": "dog", "number": 3, "attributes": ["brown"]}, {"noun": "cat", "number": 1, "attributes": []}], '
    '"setting": null, "relations": [{"subject": "dog", "relation": "left of", "object": "cat"}], "text": ["a \\"b\\""]}'
)


def claim(text: str, name: str, kind: Any, value: str, words: str, nth: int, **more: Any) -> Claim:
    """A supported claim on the nth place where words stand in a text, resting on the dogs or the cat."""
    start = [m.start() for m in re.finditer(re.escape(words), text)][nth]
    evidence = {"dog": ("dog/0", "dog/1", "dog/2"), "cat": ("cat/0",)}.get(value, ())
    return Claim(
        id=name, kind=kind, value=value, span=(start, start + len(words)), verdict="supported", evidence=evidence, **more
    )


def made(facts: Sequence[Fact], text: str, claims: Sequence[Claim]) -> Record:
    """A record of one caption in a picture of 100×100 pixels."""
    caption = Caption(style="x", writer="w", draft=text, text=text, claims=tuple(claims))
    return Record(id="r", width=100, height=100, facts=tuple(facts), captions=(caption,))


@pytest.mark.parametrize(
    ("how", "subjects", "relations"),
    [
        pytest.param(LEFT, [{"noun": "dog", "number": 2, "attributes": ["brown"]}], [], id="crop"),
        pytest.param(
            RIGHT,
            [{"noun": "dog", "number": 1, "attributes": ["brown"]}, {"noun": "cat", "number": 1, "attributes": []}],
            [],
            id="one is left",
        ),
        pytest.param(
            FLIP,
            [{"noun": "dog", "number": 3, "attributes": ["brown"]}, {"noun": "cat", "number": 1, "attributes": []}],
            [{"subject": "dog", "relation": "right of", "object": "cat"}],
            id="flip",
        ),
    ],
)
def test_json_stays_json(how: dict[str, Any], subjects: list[Any], relations: list[Any]) -> None:
    claims = [
        claim(JSON, "c0", "object", "dog", "dog", 0, number=2, at_least=True),
        claim(JSON, "c1", "count", "dog", "3", 0, about="c0", number=3),
        claim(JSON, "c2", "attribute", "brown", "brown", 0, about="c0"),
        claim(JSON, "c3", "object", "cat", "cat", 0),
        claim(JSON, "c4", "relation", "left of", "left of", 0, about="c0", to="c3"),
        claim(JSON, "c5", "text", 'a "b"', 'a \\"b\\"', 0),
    ]
    dogs = [*DOGS[:2], thing("dog", 70, 2)]
    left_of = made([*dogs, CAT], JSON, [c for c in claims if how is FLIP or c.id != "c4"])
    caption = fusion.view(
        left_of if relations or how is FLIP else made([*dogs, CAT], JSON, gone_with_cat(claims)), **how
    ).caption(0)
    assert caption is not None
    assert json.loads(caption.text) == {"subjects": subjects, "setting": None, "relations": relations, "text": []}
    for one in caption.claims:
        assert caption.text[slice(*one.span)] in {"dog", "cat", "2", "3", "brown", "right of"}


def gone_with_cat(claims: list[Claim]) -> list[Claim]:
    """The relation rests on a dog of the left half and the cat of the right one, so that no half has it."""
    from msgspec.structs import replace

    return [replace(c, evidence=("dog/0", "cat/0")) if c.kind == "relation" else c for c in claims]


# Claims


def test_claims_stand_where_their_words_stand() -> None:
    text = "An old dog, a cat and three birds are in the picture. The dog is to the left of the cat."
    facts = [said("attribute", "old", about="dog/0"), DOG, CAT, *(thing("bird", x, n) for n, x in enumerate((0, 20, 80)))]
    caption = fusion.view(record(facts, text), crop=(0, 0, 50, 100), flip=True).caption(0)
    assert caption is not None
    assert caption.text == "An old dog and two birds are in the picture."
    words = {(c.kind, c.value): caption.text[slice(*c.span)] for c in caption.claims}
    assert words == {
        ("attribute", "old"): "old",
        ("object", "dog"): "dog",
        ("count", "bird"): "two",
        ("object", "bird"): "birds",
    }
    assert all(name != "bird/2" for c in caption.claims for name in c.evidence)
    assert caption.draft == text


def test_a_mention_stands_for_the_one_that_went() -> None:
    text = "A man with a dog next to a cat in the middle. The dog is brown."
    caption = fusion.view(record([MAN, DOG, CAT], text), flip=True, crop=(0, 0, 60, 100)).caption(0)
    assert caption is not None
    ids = {c.id for c in caption.claims}
    assert all(end is None or end in ids for c in caption.claims for end in (c.about, c.to, c.parent))


# Nothing else changes

ADDED = frozenset("a an and is the two three four five six seven eight nine ten eleven twelve several".split())


def words_of(text: str, flip: bool) -> set[str]:
    """Words in the singular, those that a view may add left out, sides as the view has them."""
    found = {lexicon.singular(word) for word in re.findall(r"\w+", (exchanged(text) if flip else text).lower())}
    return {word for word in found if word not in ADDED and not word.isdigit()}


def written(facts: Iterable[Fact], width: int, height: int, name: str = "r") -> Record:
    """What the template writer makes of facts."""
    known = Observation(id=name, width=width, height=height, looked=("e",), facts=tuple(facts))
    return next(iter(CAPTIONER.stream([Job(id=name, observation=known)])))


CAPTIONER = fusion.Captioner.from_config(
    {"captions": {"styles": ["short", "dense", "alt", "prompt", "tags"], "writer": "template"}}
)
NOUNS = ("dog", "cat", "person", "car", "apple", "umbrella", "bench", "orange", "bird", "skis")
sizes = st.integers(2, 60)
things = st.builds(
    lambda noun, x, y, w, h: (noun, Box(x, y, min(x + w, 100), min(y + h, 100))),
    st.sampled_from(NOUNS), st.integers(0, 90), st.integers(0, 90), sizes, sizes,
)  # fmt: skip
crops = st.tuples(st.integers(0, 60), st.integers(0, 60), st.integers(20, 40), st.integers(20, 40)).map(
    lambda c: (c[0], c[1], c[0] + c[2], c[1] + c[3])
)


@given(st.lists(things, min_size=1, max_size=8), crops, st.booleans())
def test_a_view_adds_no_word_and_reads_well(found: list[tuple[str, Box]], crop: tuple[int, ...], flip: bool) -> None:
    facts = [Fact(id=f"f{n}", kind="object", value=noun, expert="e", box=box) for n, (noun, box) in enumerate(found)]
    whole = written(facts, 100, 100)
    seen = fusion.view(whole, crop=crop, flip=flip)
    for before, after in [(c, seen.caption(n)) for n, c in enumerate(whole.captions)]:
        if after is None:
            continue
        assert words_of(after.text, False) <= words_of(before.text, flip)
        if before.style not in {"tags", "prompt"}:
            assert mistakes(after.text) == [], (before.text, after.text)
        for one in after.claims:
            assert after.text[slice(*one.span)].strip() == after.text[slice(*one.span)] != ""


@given(st.lists(things, min_size=1, max_size=8), crops, st.booleans())
def test_views_of_a_view_are_views(found: list[tuple[str, Box]], crop: tuple[int, ...], flip: bool) -> None:
    facts = [Fact(id=f"f{n}", kind="object", value=noun, expert="e", box=box) for n, (noun, box) in enumerate(found)]
    again = fusion.view(written(facts, 100, 100), crop=crop, flip=flip).record()
    assert decode(encode(again), Record) == again
    assert fusion.view(again).record() == again
    turned = fusion.view(fusion.view(again, flip=True).record(), flip=True)
    assert turned.facts == again.facts
    assert [c.text for c in turned.captions] == [c.text for c in again.captions]


def read_claims(texts: list[str], flips: list[bool]) -> list[set[tuple[str, ...]]]:
    """What is said in each text, numbers left out, sides exchanged where it is asked for."""
    found = []
    for reading, flip in zip(Language.load().read(texts, ["en"] * len(texts)), flips, strict=True):
        nouns = {c.id: lexicon.singular(c.value) for c in reading.claims}
        told = [
            (c.kind, nouns[c.id], nouns.get(c.about or "", ""), nouns.get(c.to or "", ""))
            for c in reading.claims
            if c.kind != "count"
        ]
        found.append({tuple(exchanged(part) if flip else part for part in one) for one in told})
    return found


def check_subset(records: Sequence[Record], share: float) -> None:
    """Parsed afresh, views claim nothing that the texts before did not; the parser may err in a share of them."""
    texts: list[tuple[str, str, bool]] = []
    for n, one in enumerate(records):
        assert one.width is not None
        assert one.height is not None
        crop = [(0, 0), (one.width // 3, 0), (0, one.height // 3)][n % 3]
        box = (*crop, crop[0] + max(2 * one.width // 3, 1), crop[1] + max(2 * one.height // 3, 1))
        seen = fusion.view(one, crop=box, flip=n % 2 == 0)
        texts += [(c.text, after.text, seen.flip) for k, c in enumerate(one.captions) if (after := seen.caption(k)) is not None]
        for after in seen.captions:
            assert after.style in {"tags", "prompt"} or mistakes(after.text) == [], after.text
    before = read_claims([text for text, _, _ in texts], [flip for _, _, flip in texts])
    after = read_claims([text for _, text, _ in texts], [False] * len(texts))
    more = [(old[:2], new - known) for old, known, new in zip(texts, before, after, strict=True) if new - known]
    assert len(texts) > len(records)
    assert len(more) <= share * len(texts), more


def test_views_of_the_example_photos_claim_nothing_new(root: Path) -> None:
    rows = [json.loads(line) for line in (root / "examples/photos/facts.jsonl").read_text(encoding="utf-8").splitlines()]
    facts = [(decode(json.dumps(row["facts"]), list[Fact]), row) for row in rows]
    check_subset([written(some, row["width"], row["height"], row["id"]) for some, row in facts], 0.0)


def test_views_of_coco_claim_nothing_new(shared: Path) -> None:
    path = shared / "data/coco_evidence.jsonl"
    if not path.is_file():
        pytest.skip("no evidence of COCO")
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()[:120]]
    facts = [(decode(json.dumps(row["facts"]), list[Fact]), row) for row in rows]
    # The parser reads 7 captions in 2,410 otherwise: it takes the "remote" of "a remote, a person" for an adjective.
    check_subset([written(some, row["width"], row["height"], row["id"]) for some, row in facts], 0.01)


# What is refused

WHOLE = Record(id="r", width=100, height=80)


@pytest.mark.parametrize(
    ("given_record", "how", "message"),
    [
        pytest.param(WHOLE, {"crop": (10, 10, 10, 20)}, "whole pixels inside 100×80", id="an empty crop"),
        pytest.param(WHOLE, {"crop": (0, 0, 101, 80)}, "whole pixels inside 100×80", id="beyond the picture"),
        pytest.param(WHOLE, {"crop": (-1, 0, 10, 80)}, "whole pixels", id="before the picture"),
        pytest.param(WHOLE, {"crop": (0, 0, float("nan"), 80)}, "nan", id="not a number"),
        pytest.param(WHOLE, {"crop": (0, 0, float("inf"), 80)}, "inf", id="infinite"),
        pytest.param(WHOLE, {"crop": (0, 0, 10.5, 80)}, "whole pixels", id="half a pixel"),
        pytest.param(WHOLE, {"crop": (0, 0, 10)}, "x0, y0, x1, y1", id="three numbers"),
        pytest.param(WHOLE, {"crop": "all"}, "x0, y0, x1, y1", id="no numbers"),
        pytest.param(Record(id="r"), {}, "size of its picture", id="a record without size"),
        pytest.param(Record(id="r", status="failed", errors=(Problem(message="no picture"),)), {}, "no picture", id="failed"),
        pytest.param({"id": "r"}, {}, "expected a Record, got dict", id="a mapping"),
    ],
)
def test_mistakes_are_refused(given_record: Any, how: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        fusion.view(given_record, **how)


@pytest.mark.parametrize("which", [1, -2, "dense", True, 0.5])
def test_a_caption_that_is_not_there_is_refused(which: Any) -> None:
    with pytest.raises(InputError, match="caption of a view: expected one of style0"):
        fusion.view(record([DOG], "A dog.")).caption(which)


def test_a_view_needs_no_parser() -> None:
    text = encode(record([DOG, CAT], "A dog and a cat.")).decode()
    code = (
        "import sys, fusion; from fusion.codec import decode; from fusion.facts import Record;"
        f"v = fusion.view(decode({text!r}, Record), crop=(0, 0, 50, 100), flip=True);"
        "print(v.caption(0).text, [name for name in ('spacy', 'torch', 'numpy') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "A dog. []"


def test_only_the_caption_that_is_asked_for_is_edited(monkeypatch: pytest.MonkeyPatch) -> None:
    from fusion.views import viewing as module

    edited: list[str] = []
    viewed = module.viewed
    monkeypatch.setattr(module, "viewed", lambda caption, seen: edited.append(caption.text) or viewed(caption, seen))
    seen = fusion.view(record([DOG, CAT], "A dog.", "A dog and a cat."), **LEFT)
    assert edited == []
    assert seen.caption(1) is seen.caption("style1")
    assert edited == ["A dog and a cat."]
    assert [caption.text for caption in seen.captions] == ["A dog."]
