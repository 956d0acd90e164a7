"""What captions claim, as a table: one line a caption, its claims in the notation of `said`."""

from __future__ import annotations

import pytest

from fusion.facts import Claim
from fusion.language import Language, Reading


@pytest.fixture(scope="module")
def language() -> Language:
    return Language.load()


def said(reading: Reading) -> set[str]:
    """Claims in a notation that reads: `dog`, `dog is brown`, `2 dog`, `man ride horse`, `no dog`, `dog?` (hedged)."""
    by_id = {c.id: c for c in reading.claims}

    def name(reference: str | None) -> str:
        return by_id[reference].value if reference else "?"

    def line(c: Claim) -> str:
        text = {
            "object": c.value,
            "attribute": f"{name(c.about)} is {c.value}",
            "count": f"{c.number}{'+' if c.at_least else ''} {c.value}",
            "relation": f"{name(c.about)} {c.value} {name(c.to)}",
            "text": f'"{c.value}"',
            "opinion": f"({c.value})",
        }.get(c.kind, f"{c.kind} {c.value}")
        return ("no " if c.negated else "") + text + ("?" if c.hedged else "")

    return {line(c) for c in reading.claims}


CAPTIONS = {
    "A brown dog.": {"dog", "dog is brown"},
    "Two dogs run on the grass.": {"dog", "2 dog", "grass", "dog run on grass"},
    "A man riding a wave on top of a surfboard.": {
        "man", "wave", "surfboard", "man ride wave", "man on top of surfboard",
    },
    "A red car next to a blue bus.": {"car", "bus", "car is red", "bus is blue", "car next to bus"},
    "A black and white cat sleeps on a sofa.": {"cat", "cat is black", "cat is white", "sofa", "cat sleep on sofa"},
    "The dog is brown.": {"dog", "dog is brown"},
    "A woman in a red shirt is holding an umbrella.": {
        "woman", "shirt", "shirt is red", "umbrella", "woman wear shirt", "woman hold umbrella",
    },
    "A group of people standing around a table.": {"person", "2+ person", "table", "person stand around table"},
    "There are no people on the beach.": {"no person", "beach"},
    "Three zebras and a giraffe in a field.": {
        "zebra", "3 zebra", "giraffe", "field", "giraffe in field", "zebra in field",
    },
    "A wooden table with a vase of flowers on it.": {"table", "table is wooden", "vase", "flower", "table with vase"},
    'A sign that says "NO PARKING".': {"sign", '"NO PARKING"'},
    "A stop sign on a pole.": {"stop sign", "pole", "stop sign on pole"},
    "A bowl filled with rice.": {"bowl", "rice", "bowl fill with rice"},
    "The cake was eaten by a child.": {"cake", "child", "child eat cake"},
    "A cat that is sitting on a chair.": {"cat", "chair", "cat sit on chair"},
    "A man and a woman are walking.": {"man", "woman", "man is walking", "woman is walking"},
    "A man throws a ball. He is wearing a hat.": {"man", "ball", "man throw ball", "hat", "man wear hat"},
    "What appears to be a dog.": {"dog?"},
    "A black and white photo of a train.": {"style black and white", "train"},
    "A person's hand holding a phone.": {"person", "hand", "phone", "person have hand", "hand hold phone"},
    "Several boats are near the shore.": {"boat", "3+ boat", "shore", "boat near shore"},
    "A slice of pizza on a plate.": {"pizza", "plate", "pizza on plate"},
    "A man without a shirt.": {"man", "no shirt"},
    "The beautiful scene creates a cozy atmosphere.": {"(beautiful)", "(atmosphere)"},
    "A hot dog in a bun.": {"hot dog", "bun", "hot dog in bun"},
    "A dark-haired woman in a short-sleeved shirt.": {
        "woman", "woman have hair", "hair is dark", "shirt", "shirt have sleeve", "sleeve is short", "woman wear shirt",
    },
    "Snow covered tree branches.": {"snow", "tree branch", "snow cover tree branch"},
    "A four legged animal.": {"animal", "animal have leg", "4 leg"},
    "A red and white striped umbrella.": {"umbrella", "umbrella is red", "umbrella is white", "umbrella is striped"},
    "A dark green car.": {"car", "car is dark green"},
    "A young woman in a leather jacket.": {"woman", "woman is young"},
    "A woman waves.": {"woman", "woman is waving"},
    "A cat and a dog sit on a couch.": {"cat", "dog", "couch", "cat sit on couch", "dog sit on couch"},
    "One of the dogs sits on a rug.": {"dog", "rug", "dog sit on rug"},
    "A dog to the left of a cat.": {"dog", "cat", "dog to left of cat"},
    "Two girls play outside.": {"girl", "2 girl", "girl is playing", "scene outdoors"},
    "The photo is dark.": {"style dark"},
    "A bus, green tones, landscape format": {"bus", "style green tones", "style landscape format"},
    "The bus reads \"KL 12\".": {"bus", '"KL 12"'},
    "many cars, stop sign, Trier, parked cars": {"car", "stop sign", "car is parked"},
    "Pizza, fork, knife": {"pizza", "fork", "knife"},
    "A teddy bear sits in front of a window.": {"teddy bear", "window", "teddy bear sit in front of window"},
}  # fmt: skip


@pytest.mark.parametrize(("caption", "expected"), CAPTIONS.items(), ids=list(CAPTIONS))
def test_a_caption_claims(language: Language, caption: str, expected: set[str]) -> None:
    found = said(language.read([caption])[0])
    assert expected <= found, f"missing {sorted(expected - found)}, got {sorted(found)}"


@pytest.mark.parametrize("caption", CAPTIONS)
def test_every_span_covers_its_words_and_every_content_word_is_accounted_for(language: Language, caption: str) -> None:
    reading = language.read([caption])[0]
    places = [c.span for c in reading.claims] + [x.span for x in reading.left_over]
    assert all(0 <= a < b <= len(caption) for a, b in places)
    assert all(caption[a:b] == caption[a:b].strip() for a, b in places)
    assert reading.doc is not None
    for token in reading.doc:
        if token.pos_ in {"NOUN", "PROPN", "ADJ", "VERB", "NUM"}:
            assert any(a <= token.idx < b for a, b in places), f"{token.text} slipped through"


@pytest.mark.parametrize(
    ("caption", "never"),
    [
        ("The photo shows black and white cows.", "style black and white"),
        ("A cat looks outside.", "scene outdoors"),
        ("A woman with a dark skin tone.", "style dark skin tone"),
        ("A bus seen from above.", "bus is seen"),
        ('A sign that reads "STOP".', "sign is reading"),
        ("A grass-covered field.", "grass"),
        ("A four legged animal.", "4 animal"),
    ],
)
def test_a_caption_does_not_claim(language: Language, caption: str, never: str) -> None:
    assert never not in said(language.read([caption])[0])


def test_swapped_colours_are_said_of_their_own_things(language: Language) -> None:
    assert "car is blue" not in said(language.read(["a red car and a blue bus"])[0])


def test_a_thing_named_again_is_the_same_thing(language: Language) -> None:
    reading = language.read(["A man holds a cup. The man is old. Another man waves."])[0]
    men = [c for c in reading.claims if c.kind == "object" and c.value == "man"]
    assert [c.parent for c in men] == [None, men[0].id, None]
    old = next(c for c in reading.claims if c.value == "old")
    assert old.about == men[0].id


def test_a_long_text_is_read_in_pieces_with_places_of_the_whole(language: Language) -> None:
    sentence = "A brown dog sleeps on a green sofa. "
    text = sentence * (50_000 // len(sentence))
    reading = language.read([text])[0]
    dogs = [c for c in reading.claims if c.value == "dog"]
    assert len(dogs) == text.count("dog")
    assert all(text[slice(*c.span)] == "dog" for c in dogs)


LANGUAGES = {
    "Ein Mann reitet auf einem Pferd am Strand entlang": "de",
    "Una donna con un ombrello rosso cammina nella pioggia": "it",
    "京都の寺院で紅葉を撮影する人々": "ja",
    "Ein Hund": None,
    "A man rides a horse along the beach": None,
    "zebras giraffes grazing savanna sunset": None,
    "VW T-ROC alloy wheel production vehicle teaser": None,
    "😀😀😀": None,
}


@pytest.mark.parametrize(("text", "tag"), LANGUAGES.items(), ids=list(LANGUAGES))
def test_only_what_is_surely_foreign_is_left_unread(language: Language, text: str, tag: str | None) -> None:
    reading = language.read([text])[0]
    assert reading.language == tag
    if tag:
        assert reading.claims == ()
        assert [(x.span, x.reason) for x in reading.left_over] == [((0, len(text)), f"language {tag}")]


def test_a_given_language_goes_before_detection(language: Language) -> None:
    given = language.read(["A dog", "Ein Mann reitet auf einem Pferd am Strand"], ["fr", "en"])
    assert [r.language for r in given] == ["fr", None]
