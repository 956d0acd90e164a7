"""Which words cannot both be true of one thing."""

from __future__ import annotations

import pytest

from fusion import lexicon

NEVER_BOTH = [
    "dog/cat",
    "cow/horse",
    "pizza/sandwich",
    "man/woman",
    "boy/girl",
    "bus/car",
    "chair/bed",
    "apple/banana",
    "red/blue",
    "black/white",
    "open/closed",
    "wet/dry",
    "empty/full",
    "young/old",
    "tall/short",
    "big/small",
    "wooden/metal",
    "men/women",
    "puppy/kitten",
    "man/dog",
    "fork/spoon",
    "frisbee/kite",
    "umbrella/surfboard",
    "giraffe/zebra",
    "boys/women",
    "sitting/standing",
    "indoors/outdoors",
    "bus/train",
    "lady/guy",
    "baby/man",
    "hot_dog/pizza",
    "car/person",
    "dark_blue/red",
    "laptop/cat",
    "tie/dog",
    "bench/elephant",
    "orange/blue",
    "tv/refrigerator",
    "hot/cold",
    "clean/dirty",
    "orange/banana",
    "teddy_bear/dog",
    "huge/tiny",
    "left_of/right_of",
    "hot_dog/dog",
    "red_and_white/blue",
    "waitress/man",
    "traffic_light/fire_hydrant",
]
MAYBE_BOTH = [
    "man/player",
    "child/boy",
    "dog/pet",
    "car/vehicle",
    "cup/mug",
    "table/desk",
    "bowl/dish",
    "skier/woman",
    "road/street",
    "couch/chair",
    "girl/child",
    "woman/girl",
    "grey/silver",
    "tan/brown",
    "orange/red",
    "teal/blue",
    "poodle/terrier",
    "little/old",
    "man/boy",
    "old/big",
    "bear/teddy_bear",
    "food/pizza",
    "baby/elephant",
    "glass/cup",
    "people/crowd",
    "herd/sheep",
    "dog/toy",
    "plate/bowl",
    "dog/dogs",
    "bird/seagull",
    "fruit/apple",
    "vegetable/carrot",
    "beach/ocean",
    "red_and_white/white",
    "kids/boys",
    "bike/motorcycle",
    "jacket/coat",
    "light/lamp",
    "picture/person",
    "statue/man",
    "pitcher/bottle",
    "batter/cake",
    "wooden_horse/dog",
    "toy_car/truck",
    "standing/walking",
    "thing/dog",
    "xyzzy/dog",
    "navy/black",
    "gold/yellow",
    "light_blue/white",
    "sandwich/hot_dog",
]


@pytest.mark.parametrize("pair", NEVER_BOTH)
def test_excludes(pair):
    a, b = pair.replace("_", " ").split("/")
    assert lexicon.excludes(a, b)
    assert lexicon.excludes(b, a)


@pytest.mark.parametrize("pair", MAYBE_BOTH)
def test_does_not_exclude(pair):
    a, b = pair.replace("_", " ").split("/")
    assert not lexicon.excludes(a, b)
    assert not lexicon.excludes(b, a)
