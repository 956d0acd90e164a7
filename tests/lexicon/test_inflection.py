"""Forms of words, and the article before them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion import lexicon

PLURALS = [
    "ski/skis",
    "knife/knives",
    "person/people",
    "sheep/sheep",
    "bus/buses",
    "glasses/glasses",
    "scissors/scissors",
    "man/men",
    "mouse/mice",
    "loaf/loaves",
    "stop_sign/stop_signs",
    "slice_of_pizza/slices_of_pizza",
    "tomato/tomatoes",
    "shoe/shoes",
    "horse/horses",
    "dish/dishes",
    "tennis/tennis",
    "dress/dresses",
    "lens/lenses",
    "cookie/cookies",
    "berry/berries",
    "taxi/taxis",
    "box/boxes",
    "watch/watches",
    "leaf/leaves",
    "tooth/teeth",
    "policeman/policemen",
    "wine_glass/wine_glasses",
    "selfie/selfies",
    "gas/gases",
    "pants/pants",
    "cactus/cacti",
    "potato/potatoes",
    "vase/vases",
    "axe/axes",
    "surfboard/surfboards",
    "woman/women",
    "child/children",
    "glass_of_water/glasses_of_water",
    "hot_dog/hot_dogs",
    "toothbrush/toothbrushes",
    "canvas/canvases",
    "goose/geese",
    "t-shirt/t-shirts",
    "deer/deer",
    "tv/tvs",
    "baby/babies",
    "toy/toys",
    "grandchild/grandchildren",
]
VERBS = [
    "ride/riding/rides",
    "swing/swinging/swings",
    "sit/sitting/sits",
    "lie/lying/lies",
    "run/running/runs",
    "carry/carrying/carries",
    "visit/visiting/visits",
    "open/opening/opens",
    "stand_on/standing_on/stands_on",
    "be/being/is",
    "see/seeing/sees",
    "tie/tying/ties",
    "swim/swimming/swims",
    "eat/eating/eats",
    "play/playing/plays",
    "fly/flying/flies",
    "picnic/picnicking/picnics",
    "admit/admitting/admits",
    "travel/traveling/travels",
    "fix/fixing/fixes",
    "squat/squatting/squats",
    "jog/jogging/jogs",
    "lean/leaning/leans",
    "listen/listening/listens",
    "begin/beginning/begins",
    "dye/dyeing/dyes",
    "hop/hopping/hops",
    "bite/biting/bites",
    "make/making/makes",
    "look_at/looking_at/looks_at",
    "agree/agreeing/agrees",
    "catch/catching/catches",
    "go/going/goes",
    "have/having/has",
]
AN = "hour|umbrella|8|SUV|apple|urban street|unusual dog|x-ray|honest man|11 year old|18-wheeler|80s car|urn"
AN += "|MP3 player|usher"
AN += "|LCD tv|IBM laptop|uninhabited island|orange|elderly man|heirloom|RV|unidentified man|upside down bike"
A = "unicorn|one-way sign|dog|European man|uniform|used car|tv|t-shirt|historic house|NASA cap|UFO|university"
A += "|utensil|ewe"
A += "|U-turn|unicycle|union|1000|urinal|house|once-red barn|UK flag|DVD|yellow bus"


@pytest.mark.parametrize("row", PLURALS)
def test_number(row):
    one, many = row.replace("_", " ").split("/")
    assert lexicon.plural(one) == many
    assert lexicon.singular(many) == one
    assert lexicon.plural(many) == many
    assert lexicon.singular(one) == one


@pytest.mark.parametrize("row", VERBS)
def test_verb_forms(row):
    verb, participle, third = row.replace("_", " ").split("/")
    assert lexicon.participle(verb) == participle
    assert lexicon.third_person(verb) == third
    assert lexicon.base(participle) == verb
    assert lexicon.base(third) == verb


@pytest.mark.parametrize(
    ("form", "verb"), [("rode", "ride"), ("stood on", "stand on"), ("was", "be"), ("parked", "park"), ("ate", "eat")]
)
def test_base_of_the_past(form, verb):
    assert lexicon.base(form) == verb


@pytest.mark.parametrize("phrase", AN.split("|"))
def test_an(phrase):
    assert lexicon.article(phrase) == "an"


@pytest.mark.parametrize("phrase", A.split("|"))
def test_a(phrase):
    assert lexicon.article(phrase) == "a"


@given(st.text(max_size=30))
def test_any_text_is_inflected(text):
    assert lexicon.plural(lexicon.singular(text)) == lexicon.plural(text)
    assert lexicon.article(text) in {"a", "an"}
    assert isinstance(lexicon.base(text) + lexicon.participle(text) + lexicon.third_person(text), str)
