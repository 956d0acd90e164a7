"""Synonyms, kinds, categories: what the look-up says of words that captions use."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion import lexicon

SAME = """
tv = television | donut = doughnuts | couch = sofa | bike = bicycle | plane = airplane | cell phone = cellphone
mobile phone = cellphones | fridge = refrigerator | guy = man | kid = children | teddybear = teddy bear
wineglass = wine glasses | T-shirt = tshirt | people = person | skis = ski | scissors = scissors | glasses = eyeglasses
gray = grey | big = large | phone = telephone | Dogs = dog | a dog = dog | motorbike = motorcycle | rocks = stone
traffic light = stoplight | hot-dog = hotdogs | taxi = cab | lie = lay | photo = picture | under = beneath
"""
NOT_SAME = """
man = person | dog = cad | stove = oven | dog = puppy | cat = guy | table = board | dog = tail | chicken = yellow
bathroom = toilet | boy = son | cup = mug | hot dog = dog | cat = cattle | bear = teddy bear | bicycle = motorcycle
bowl = plate | red = blue | paw = hand
"""
IS_A = """
puppy < dog | dog < animal | woman < person | player < person | skier < person | batter < person | surfer < person
chef < person | snowboarder < person | driver < person | sedan < car | taxi < car | mug < cup | sofa < furniture
dining table < table | wooden table < table | old wooden table < wooden table | sofa < couch | mouse < animal
kite < toy | kitten < cat | bull < cow | apple < fruit | broccoli < vegetable | bus < vehicle | train < vehicle
tennis player < person | men < people | navy < blue | dark blue < blue | pizza < food | shirt < clothing
t-shirt < shirt
boy < child | boat < vehicle | cellphone < phone | phone < device | laptop < computer | stop sign < sign | rose < flower
oak tree < tree | seagulls < bird | gallop < run | elderly man < man | teddy bear < toy | toy car < toy | dog < object
sailboat < boat | dogs < dogs
"""
IS_NOT_A = """
hot dog < dog | teddy bear < bear | stop sign < stop | dog < puppy | table < wooden table | person < woman
cattle < cat
toy car < car | wooden horse < horse | table < food | cat < person | cat < vehicle | doughnut < cake | sheep < person
record player < person | hot dog < person | sign < stop sign | street sign < stop sign | toaster < person | blue < navy
stuffed bear < animal
"""
CATEGORIES = {
    "dog": "animal", "mouse": "animal artifact device", "dining table": "artifact furniture",
    "wooden table": "artifact furniture",
    "shirt": "artifact garment", "bus": "artifact vehicle", "couch": "artifact furniture", "house": "artifact building",
    "sword": "artifact weapon", "guitar": "artifact instrument", "bottle": "artifact container",
    "fork": "artifact tableware tool",
    "toaster": "artifact appliance", "kitchen": "artifact place", "rain": "phenomenon weather", "night": "time",
    "idea": "abstract",
    "pizza": "food", "tree": "plant", "woman": "person", "tennis racket": "artifact sports gear", "xyzzy": "",
}  # fmt: skip


def pairs(table: str, sign: str) -> list[tuple[str, str]]:
    """The rows of a table as pairs."""
    rows = [row for line in table.strip().splitlines() for row in line.split("|")]
    return [(left.strip(), right.strip()) for left, right in (row.split(sign) for row in rows)]


@pytest.mark.parametrize(("a", "b"), pairs(SAME, "="))
def test_are_one_thing(a, b):
    assert lexicon.same(a, b)
    assert lexicon.same(b, a)


@pytest.mark.parametrize(("a", "b"), pairs(NOT_SAME, "="))
def test_are_not_one_thing(a, b):
    assert not lexicon.same(a, b)
    assert not lexicon.same(b, a)


@pytest.mark.parametrize(("word", "ancestor"), pairs(IS_A, "<"))
def test_is_a_kind_of(word, ancestor):
    assert lexicon.is_a(word, ancestor)


@pytest.mark.parametrize(("word", "ancestor"), pairs(IS_NOT_A, "<"))
def test_is_no_kind_of(word, ancestor):
    assert not lexicon.is_a(word, ancestor)


@pytest.mark.parametrize(
    "word", ["animal", "vehicles", "furniture", "food", "object", "thing", "item", "device", "clothing", "plant"]
)
def test_says_little(word):
    assert lexicon.is_broad(word)


@pytest.mark.parametrize("word", ["person", "dog", "people", "car", "table", "tree"])
def test_says_something(word):
    assert not lexicon.is_broad(word)


@pytest.mark.parametrize(("noun", "kinds"), CATEGORIES.items())
def test_category(noun, kinds):
    expected = {"sports gear"} if "sports gear" in kinds else set()
    assert lexicon.category(noun) == expected | set(kinds.replace("sports gear", "").split())


@pytest.mark.parametrize(
    "noun", ["dog", "wave", "traffic lights", "sky", "sunset", "crowd", "wooden table", "parade", "sign", "xyzzy"]
)
def test_a_photo_shows(noun):
    assert lexicon.is_visual(noun)


@pytest.mark.parametrize("noun", ["time", "idea", "fun", "beauty", "atmosphere", "love", "truth", "background", "daily life"])
def test_no_photo_shows(noun):
    assert not lexicon.is_visual(noun)


@pytest.mark.parametrize("word", ["dog", "TVs", "teddybear", "ridden", "bigger", "selfie", "stop sign"])
def test_known(word):
    assert lexicon.known(word)


@pytest.mark.parametrize("word", ["xyzzy", "qwertish", "", "wooden xyzzy"])
def test_unknown(word):
    assert not lexicon.known(word)


def test_hypernyms_come_nearest_first():
    found = lexicon.hypernyms("puppy")
    assert found.index("dog") < found.index("carnivore") < found.index("animal")
    assert lexicon.hypernyms("wooden table")[0] == "table"


def test_hyponyms_are_right_below():
    assert {"teacup", "coffee cup"} <= set(lexicon.hyponyms("cup"))
    assert all(lexicon.is_a(word, "cup") for word in lexicon.hyponyms("cup"))
    assert lexicon.hyponyms("xyzzy") == ()


def test_synonyms_are_the_same_and_not_the_word_itself():
    assert {"sofa", "settee"} <= set(lexicon.synonyms("couches"))
    assert "couch" not in lexicon.synonyms("couches")
    assert all(lexicon.same("tv", word) for word in lexicon.synonyms("tv"))


NOUNS = st.sampled_from(
    [
        "dog",
        "cat",
        "man",
        "sofa",
        "couch",
        "kitten",
        "stop-sign",
        "hot-dog",
        "bus",
        "mug",
        "person",
        "glasses",
        "mouse",
        "red",
        "teal",
        "open",
    ]
)


@given(NOUNS, NOUNS)
def test_what_is_said_of_two_words_agrees(a, b):
    assert lexicon.same(a, b) == lexicon.same(b, a)
    assert lexicon.excludes(a, b) == lexicon.excludes(b, a)
    assert not (lexicon.excludes(a, b) and (lexicon.is_a(a, b) or lexicon.is_a(b, a)))


@given(st.text(max_size=20), st.text(max_size=20))
def test_any_text_is_answered(a, b):
    assert lexicon.is_a(a, a)
    assert not lexicon.excludes(a, a)
    assert lexicon.same(a, b) in {True, False}
    assert lexicon.category(a) is not None
