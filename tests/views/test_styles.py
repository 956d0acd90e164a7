"""Captions of every style in views: quotations, formats, media, tags without their thing, and that all read well."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from views.making import LEFT_HALF, RIGHT_HALF, mistakes, record, said, shown, thing

import fusion
from fusion.codec import convert, decode
from fusion.errors import InputError
from fusion.facts import Box, Caption, Claim, Fact, Observation, Record
from fusion.job import Job

ROOT = Path(__file__).resolve().parents[2]
LEFT: dict[str, Any] = {"crop": LEFT_HALF}
RIGHT: dict[str, Any] = {"crop": RIGHT_HALF}
FLIP: dict[str, Any] = {"flip": True}
MOST: dict[str, Any] = {"crop": (0, 0, 100, 90), "flip": True}
SLIM: dict[str, Any] = {"crop": (0, 0, 90, 100)}
WIDE: dict[str, Any] = {"crop": (0, 20, 100, 70)}
NO_DOG: dict[str, Any] = {"crop": (18, 0, 100, 100)}
"""A crop that shows nearly all, but not the dog."""

DOG, CAT, LAMP, MAN, SUIT = thing("dog", 5), thing("cat", 75), thing("lamp", 70), thing("man", 10), thing("suit", 12)
OIL, FORMAT = said("style", "oil painting"), said("style", "landscape format")


# Quotations beside the sentence


@pytest.mark.parametrize("how", [FLIP, MOST], ids=["mirrored", "nearly all"])
@pytest.mark.parametrize(
    "text",
    [
        '"Boats in River": a dog and a cat.',
        'The picture shows a dog and a cat ("Boats in River").',
        'A dog and a cat, titled "Boats in River".',
        'A dog and a cat, captioned "Boats in River".',
        '"Boats in River". A dog and a cat.',
        'A dog and a cat. "Boats in River. All of it."',
        "Dev Patel, a man in a suit.",
        "A man, Dev Patel, is wearing a suit.",
        '"Boats in River, ' + "as many words as it takes, " * 12 + '1865": a dog and a cat.',
    ],
)
def test_quotations_stay_where_the_picture_is_shown(text: str, how: dict[str, Any]) -> None:
    assert shown([DOG, CAT, MAN, SUIT], text, **how) == text


@pytest.mark.parametrize(
    ("text", "how", "expected"),
    [
        pytest.param('"Boats in River": a dog and a cat.', LEFT, "A dog.", id="in front"),
        pytest.param(
            '"Boats": the picture shows a dog and a cat.', LEFT, "The picture shows a dog.", id="in front of a sentence"
        ),
        pytest.param('The picture shows a dog and a cat ("Boats").', LEFT, "The picture shows a dog.", id="in brackets"),
        pytest.param('A dog and a cat, titled "Boats".', RIGHT, "A cat.", id="titled"),
        pytest.param('A dog next to a cat. "Boats in River."', LEFT, "A dog.", id="behind"),
        pytest.param('"Boats". A dog and a cat are here.', LEFT, "A dog is here.", id="a sentence in front"),
        pytest.param("Dev Patel, a man in a suit.", LEFT, "A man in a suit.", id="a name in front"),
        pytest.param("A man, Dev Patel, is wearing a suit.", LEFT, "A man is wearing a suit.", id="a name between commas"),
        pytest.param('"Boats on the left": a dog and a cat.', FLIP, "A dog and a cat.", id="a side, mirrored"),
        pytest.param('"Boats": a dog and a cat.', NO_DOG, '"Boats": a cat.', id="a thing behind the colon"),
        pytest.param('A cat and a dog, titled "Boats".', NO_DOG, 'A cat, titled "Boats".', id="the title of what is there"),
        pytest.param('A dog and a cat, titled "Boats".', NO_DOG, "A cat.", id="the title of what went"),
        pytest.param('A dog. "Boats".', NO_DOG, None, id="a title alone is no caption"),
        pytest.param("(A dog and a cat.)", RIGHT, "(A cat.)", id="between brackets"),
    ],
)
def test_quotations_go_with_their_marks(text: str, how: dict[str, Any], expected: str | None) -> None:
    assert shown([DOG, CAT, MAN, SUIT], text, **how) == expected


def test_edits_and_claims_of_a_caption_with_a_quotation() -> None:
    whole = record([DOG, CAT], '"Boats". A cat. "Ships": a dog and a cat are here. "More."')
    crop = fusion.view(whole, crop=LEFT_HALF).captions[0]
    assert crop.text == "A dog is here."
    for edit in crop.edits:
        assert crop.draft[slice(*edit.span)] == edit.before
    most = fusion.view(whole, **MOST).captions[0]
    assert most.text == most.draft
    assert {most.text[slice(*c.span)] for c in most.claims if c.kind == "name"} == {"Boats", "Ships", "More."}


# Formats, media, words that add


@pytest.mark.parametrize(
    ("text", "style", "how", "expected"),
    [
        pytest.param("A dog, landscape format.", "artistic", LEFT, "A dog, portrait format.", id="portrait"),
        pytest.param("A dog, portrait format.", "artistic", WIDE, "A dog, landscape format.", id="landscape"),
        pytest.param("A dog, landscape format.", "artistic", {"crop": (0, 0, 70, 70)}, "A dog, square format.", id="square"),
        pytest.param("A dog, landscape format.", "artistic", FLIP, "A dog, landscape format.", id="mirrored"),
        pytest.param("dog, landscape format", "prompt", LEFT, "dog, portrait format", id="prompt"),
        pytest.param("dog, landscape format", "tags", LEFT, "dog, portrait format", id="tags"),
        pytest.param("cat, landscape format", "tags", LEFT, None, id="nothing but the format"),
        pytest.param("A landscape-format photo of a dog.", "short", SLIM, "A portrait-format photo of a dog.", id="hyphen"),
        pytest.param("A landscape format photo of a dog.", "short", SLIM, "A portrait format photo of a dog.", id="in front"),
    ],
)
def test_formats_are_those_of_the_view(text: str, style: str, how: dict[str, Any], expected: str | None) -> None:
    assert shown([DOG, CAT, FORMAT], text, style, **how) == expected


def test_formats_of_facts_are_those_of_the_view() -> None:
    facts = fusion.view(Record(id="r", width=800, height=531, facts=(FORMAT,)), crop=(300, 0, 400, 531)).facts
    assert [fact.value for fact in facts] == ["portrait format"]


@pytest.mark.parametrize(
    ("text", "how", "expected"),
    [
        pytest.param("An oil painting of a dog and a cat.", LEFT, "An oil painting of a dog.", id="first of two"),
        pytest.param("An oil painting of a dog and a cat.", RIGHT, "An oil painting of a cat.", id="second of two"),
        pytest.param("This is an oil painting of a dog.", LEFT, "This is an oil painting of a dog.", id="this is"),
        pytest.param("A dog and a cat, oil painting.", LEFT, "A dog, oil painting.", id="behind a comma"),
        pytest.param("A dog, close-up, oil painting.", LEFT, "A dog, oil painting.", id="a viewpoint before it"),
        pytest.param("A painting of a dog next to a cat.", LEFT, "A painting of a dog.", id="a shorter word"),
    ],
)
def test_media_are_true_of_any_part(text: str, how: dict[str, Any], expected: str) -> None:
    assert shown([DOG, CAT, OIL, said("style", "close-up")], text, **how) == expected


def test_a_painting_on_the_wall_is_a_thing() -> None:
    facts = [DOG, thing("painting", 70), OIL]
    assert shown(facts, "A dog and a painting.", **LEFT) == "A dog."


@pytest.mark.parametrize(
    ("text", "how", "expected"),
    [
        pytest.param("A dog. There is also a lamp.", RIGHT, "There is a lamp.", id="also"),
        pytest.param("A dog. There is also a lamp.", FLIP, "A dog. There is also a lamp.", id="nothing went"),
        pytest.param("A dog and a cat. There is also a lamp.", NO_DOG, "A cat. There is also a lamp.", id="something is left"),
        pytest.param("A dog. A lamp can be seen as well.", RIGHT, "A lamp can be seen.", id="as well"),
        pytest.param("A dog. A lamp is there, too.", RIGHT, "A lamp is there.", id="too"),
        pytest.param("A dog. Also, there is a lamp.", RIGHT, "There is a lamp.", id="in front"),
        pytest.param("A dog. In addition, there is a lamp.", RIGHT, "There is a lamp.", id="in addition"),
        pytest.param("A dog. There is a cat as well as a lamp.", RIGHT, "There is a cat as well as a lamp.", id="as well as"),
    ],
)
def test_nothing_is_added_to_what_is_gone(text: str, how: dict[str, Any], expected: str) -> None:
    assert shown([DOG, CAT, LAMP], text, **how) == expected


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        pytest.param(RIGHT, "[25, 40, 45, 60] a dog", id="the first went"),
        pytest.param(FLIP, "[75, 40, 95, 60] a dog\n[5, 40, 25, 60] another dog", id="both stay"),
    ],
)
def test_another_in_a_list_of_regions(how: dict[str, Any], expected: str) -> None:
    text = "[5, 40, 25, 60] a dog\n[75, 40, 95, 60] another dog"
    spans = [(18, 21), (text.index("another dog") + 8, len(text))]
    claims = [Claim(id=f"c{n}", kind="object", value="dog", span=span, evidence=(f"dog/{n}",)) for n, span in enumerate(spans)]
    caption = Caption(style="region", writer="w", draft=text, text=text, claims=tuple(claims))
    facts = (DOG, thing("dog", 75, 1))
    seen = fusion.view(Record(id="r", width=100, height=100, facts=facts, captions=(caption,)), **how).caption(0)
    assert seen is not None
    assert seen.text == expected


# Tags without their thing

RUN = [
    Fact(id="w", kind="object", value="woman", expert="e", box=Box(2, 2, 31, 83)),
    Fact(id="d", kind="object", value="dog", expert="e", box=Box(39, 42, 63, 83)),
    Fact(id="s", kind="scene", value="beach", expert="e"),
]
SMILES, RUNS = said("attribute", "smiling", about="w"), said("attribute", "running", about="d")
NO_RUNNER, RUNNER = {"crop": (0, 0, 37, 100)}, {"crop": (35, 0, 100, 100)}


@pytest.mark.parametrize(
    ("facts", "text", "how", "expected"),
    [
        pytest.param([RUNS], "woman, dog, running", NO_RUNNER, "woman", id="it goes with who does it"),
        pytest.param([RUNS], "woman, dog, running", RUNNER, "dog, running", id="it stays with who does it"),
        pytest.param([RUNS], "dog, woman, running", NO_RUNNER, "woman", id="in another order"),
        pytest.param([RUNS], "dog, woman, running", RUNNER, "dog, running", id="in another order, it stays"),
        pytest.param([SMILES, RUNS], "woman, smiling, running", RUNNER, "running", id="of two"),
        pytest.param([], "woman, dog, running", RUNNER, "dog", id="nobody knows whose, one left"),
        pytest.param([], "woman, dog, running", {"crop": (0, 0, 70, 100)}, "woman, dog, running", id="nobody left"),
        pytest.param([RUNS], "woman, dog, running", FLIP, "woman, dog, running", id="mirrored"),
    ],
)
def test_an_action_stays_with_its_thing(facts: list[Fact], text: str, how: dict[str, Any], expected: str) -> None:
    assert shown([*RUN, *facts], text, "tags", **how) == expected


def test_a_tag_has_no_article() -> None:
    dogs = [thing("dog", 5, 0), thing("dog", 25, 1), thing("dog", 70, 2)]
    assert shown(dogs, "several dogs, cat", "tags", **RIGHT) == "dog"


# A view of a view


@pytest.mark.parametrize("flip", ["yes", 1, None, "", 0])
def test_flip_is_true_or_false(flip: Any) -> None:
    with pytest.raises(InputError, match="flip: expected True or False, got"):
        fusion.view(Record(id="r", width=10, height=10), flip=flip)


def test_a_view_of_a_view_is_the_view_that_both_make() -> None:
    whole = Record(id="r", width=100, height=100, facts=(DOG, CAT, LAMP))
    once = fusion.view(whole, crop=(10, 0, 100, 80), flip=True)
    twice = fusion.view(once, crop=(0, 10, 40, 80))
    assert (twice.crop, twice.flip, twice.width, twice.height) == (Box(60, 10, 100, 80), True, 40, 70)
    assert twice.facts == fusion.view(whole, crop=(60, 10, 100, 80), flip=True).facts
    assert fusion.view(fusion.view(whole, flip=True), flip=True).facts == fusion.view(whole).facts
    with pytest.raises(InputError, match="inside 90×80"):
        fusion.view(once, crop=(0, 0, 91, 80))


# Every style

STYLES = ["short", "dense", "medium", "region", "artistic", "structured", "qa", "alt", "prompt", "tags"]
PARK = {
    "id": "park", "width": 640, "height": 480, "looked": ["boxes"],
    "facts": [
        {"id": "f0", "kind": "object", "value": "dog", "expert": "boxes", "score": 0.97, "box": [60, 200, 300, 420]},
        {"id": "f1", "kind": "attribute", "value": "brown", "about": "f0", "expert": "boxes", "score": 0.9},
        {"id": "f2", "kind": "object", "value": "frisbee", "expert": "boxes", "score": 0.92, "box": [420, 120, 500, 160]},
        {"id": "f3", "kind": "attribute", "value": "running", "about": "f0", "expert": "boxes"},
        {"id": "f4", "kind": "style", "value": "oil painting", "expert": "boxes"},
    ],
}  # fmt: skip


def lines(name: str) -> list[dict[str, Any]]:
    """Rows of a file of the example photos."""
    return [json.loads(line) for line in (ROOT / "examples/photos" / name).read_text(encoding="utf-8").splitlines()]


@cache
def examples() -> tuple[Record, ...]:
    """Records of all styles of the README's row and of the example photos, with what the colour expert says of such pictures."""
    given_with = {row["id"]: row for row in lines("photos.jsonl")} | {"park": {"alt_text": "A brown dog with a frisbee"}}
    jobs = []
    for row in [PARK, *lines("facts.jsonl")]:
        facts = [decode(json.dumps(fact), Fact) for fact in row["facts"]]
        width, height = row["width"], row["height"]
        shape = f"{'square' if width == height else 'landscape' if width > height else 'portrait'} format"
        facts += [Fact(id=value, kind="style", value=value, expert="colour") for value in ("sepia photo", shape)]
        known = convert({**row, "facts": [], "looked": [*row.get("looked", []), "colour"]}, Observation)
        known = Observation(id=known.id, width=known.width, height=known.height, looked=known.looked, facts=tuple(facts))
        extra = given_with[row["id"]]
        tags = extra.get("tags") or ()
        tags = tuple(tags.split(", ")) if isinstance(tags, str) else tuple(tags)
        jobs.append(
            Job(id=row["id"], observation=known, alt_text=extra.get("alt_text"), tags=tags, label=extra.get("label"), row=extra)
        )
    captioner = fusion.Captioner.from_config({"captions": {"styles": STYLES, "writer": "template", "variants": 2}})
    return tuple(captioner.stream(jobs))


ADDS = re.compile(r"\b(?:also|as well(?! as)|too|another)\b", re.IGNORECASE)
CLOSES = (('"', '"'), ("(", ")"), ("[", "]"), ("“", "”"))


def faults(caption: Caption, width: int, height: int) -> list[str]:
    """What can be told to be wrong with a caption of any style."""
    text = caption.text
    found = [a for a, b in CLOSES if text.count(a) != text.count(b) or (a == b and text.count(a) % 2)]
    for word, wrong in (("landscape format", width <= height), ("portrait format", width >= height)):
        found += [word] * (wrong and word in text.lower())
    if caption.style == "structured":
        return found + [] * bool(json.loads(text))
    if caption.style in {"region", "prompt", "tags"}:
        return found + ["comma"] * bool(re.search(r"^,|,,|, ?$|  ", text))
    bare = re.sub(r'"[^"]*"', lambda quote: '"' + "X" * (len(quote[0]) - 2) + '"', text)
    starts = [0, *(match.end() for match in re.finditer(r'[.!?]"?\s+', bare))]
    for hit in ADDS.finditer(bare):
        begins = max(start for start in starts if start <= hit.start())
        found += [hit[0]] * (not any(c.kind == "object" and c.span[1] <= begins for c in caption.claims))
    return found + [fault for fault in mistakes(bare) if caption.style != "qa" or "capital" not in fault]


SHARES = st.tuples(st.integers(0, 60), st.integers(0, 60), st.integers(20, 100), st.integers(20, 100))


@given(st.integers(0, 13), SHARES, st.booleans())
def test_captions_of_every_style_read_well_in_views(which: int, share: tuple[int, ...], flip: bool) -> None:
    whole = examples()[which % len(examples())]
    assert whole.width is not None
    assert whole.height is not None
    x, y = whole.width * share[0] // 100, whole.height * share[1] // 100
    crop = (x, y, max(min(x + whole.width * share[2] // 100, whole.width), x + 1), 0)
    crop = (*crop[:3], max(min(y + whole.height * share[3] // 100, whole.height), y + 1))
    seen = fusion.view(whole, crop=crop, flip=flip)
    for n, before in enumerate(whole.captions):
        after = seen.caption(n)
        if after is not None:
            assert faults(after, seen.width, seen.height) == faults(before, whole.width, whole.height), (before.text, after.text)
            assert all(after.text[slice(*c.span)].strip() for c in after.claims)


def test_the_examples_have_every_style_and_quotations() -> None:
    captions = [caption for one in examples() for caption in one.captions]
    assert {caption.style for caption in captions} == set(STYLES)
    assert sum('"' in c.text and any(claim.kind == "name" for claim in c.claims) for c in captions) > 5
    assert all(not faults(c, one.width or 0, one.height or 0) for one in examples() for c in one.captions)
