"""Colours of things, and the style of the whole picture, on drawn pictures."""

from __future__ import annotations

import sys
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageOps

from experts.colour import Colour
from experts.colour.naming import basic_term, colours, lab, term
from fusion import images
from fusion.errors import ConfigError, ExpertError
from fusion.facts import Box, Fact
from fusion.lexicon.colours import BASIC
from fusion.testing import sample, solid_image

SIZE = (320, 240)
FRAME = Box(100, 60, 220, 180)


def thing(value="ball", box=FRAME, fact_id="boxes/0", **fields):
    return Fact(id=fact_id, kind="object", value=value, box=box, **fields)


def drawn(colour, *, on="white", box=FRAME):
    """A picture with a block of a colour, and a white strip so that the light is known."""
    image = Image.new("RGB", SIZE, on)
    draw = ImageDraw.Draw(image)
    draw.rectangle((box.x0, box.y0, box.x1 - 1, box.y1 - 1), fill=colour)
    draw.rectangle((0, 0, 319, 29), fill="white")
    return image


def stated(image, *facts, kind="attribute", **options):
    found = Colour(**options).look(sample(image, facts=facts))
    return [fact for fact in found if fact.kind == kind]


def values(facts):
    return [fact.value for fact in facts]


# Names


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        pytest.param((0, 0, 0), (0, 0, 0), id="black"),
        pytest.param((255, 255, 255), (100, 0, 0), id="white"),
        pytest.param((255, 0, 0), (53.24, 80.09, 67.20), id="red"),
        pytest.param((0, 0, 255), (32.30, 79.19, -107.86), id="blue"),
        pytest.param((119, 119, 119), (50.03, 0, 0), id="mid grey"),
    ],
)
def test_srgb_becomes_cielab(levels, expected):
    assert lab(np.array(levels)) == pytest.approx(expected, abs=0.02)


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        ((10, 10, 10), "black"),
        ((250, 250, 250), "white"),
        ((128, 128, 128), "grey"),
        ((190, 20, 30), "red"),
        ((255, 0, 0), "red"),
        ((192, 0, 0), "red"),
        ((255, 165, 0), "orange"),
        ((30, 130, 40), "green"),
        ((20, 60, 170), "blue"),
        ((245, 210, 20), "yellow"),
        ((240, 130, 10), "orange"),
        ((110, 65, 30), "brown"),
        ((120, 40, 140), "purple"),
        ((245, 160, 180), "pink"),
    ],
)
def test_focal_colours_have_their_basic_names(levels, expected):
    assert term(*levels) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("vivid yellowish green", "green"),
        ("moderate olive", "green"),
        ("deep violet", "purple"),
        ("medium gray", "grey"),
        ("light bluish gray", "white"),
        ("blackish blue", "black"),
        ("dark grayish yellow", "brown"),
        ("vivid yellow", "yellow"),
        ("dark orange yellow", "brown"),
    ],
)
def test_names_of_the_table_are_reduced_to_basic_terms(name, expected):
    assert basic_term(name) == expected


def test_the_table_is_whole_and_uses_every_basic_term():
    assert len(colours()) == 267
    assert {basic_term(name) for name, _ in colours()} == set(BASIC)


# Things


def test_a_thing_has_the_colour_that_most_of_it_has():
    (fact,) = stated(drawn((190, 20, 30)), thing())
    assert (fact.value, fact.about, fact.parent, fact.score) == ("red", "boxes/0", "boxes/0", 1.0)
    assert fact.data["share"] == 1
    assert fact.data["hex"].startswith("#b")


@pytest.mark.parametrize(
    ("facts", "options"),
    [
        pytest.param([thing("person")], {}, id="a person"),
        pytest.param([thing("woman")], {}, id="a kind of person"),
        pytest.param([thing(number=3)], {}, id="a group"),
        pytest.param([thing(at_least=True)], {}, id="a crowd"),
        pytest.param([thing(box=None)], {}, id="no box"),
        pytest.param([thing(negated=True)], {}, id="a thing that is not there"),
        pytest.param([thing(box=Box(150, 100, 173, 173))], {}, id="under 24 pixels across"),
        pytest.param([thing()], {"smallest": 121}, id="under a limit of one's own"),
        pytest.param([thing(box=Box(400, 300, 500, 400))], {}, id="outside the picture"),
        pytest.param([Fact(id="t", kind="text", value="red", box=FRAME)], {}, id="a text"),
        pytest.param([thing(), thing("person", Box(110, 70, 215, 180), "p")], {}, id="hidden behind another"),
    ],
)  # fmt: skip
def test_no_colour_is_stated_of(facts, options):
    assert stated(drawn((190, 20, 30)), *facts, **options) == []


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        pytest.param(thing("ball", Box(101, 61, 221, 181), "b/1"), ["red", "red"], id="the same thing by another detector"),
        pytest.param(thing("person", Box(0, 0, 320, 240), "b/1"), ["red"], id="a large thing behind it"),
        pytest.param(thing("person", Box(100, 60, 130, 180), "b/1"), ["red"], id="a thing at its edge"),
    ],
)
def test_other_boxes_that_do_not_hide_it(other, expected):
    assert values(stated(drawn((190, 20, 30)), thing(), other)) == expected


def test_pixels_under_a_smaller_box_are_left_out():
    image = drawn((190, 20, 30))
    ImageDraw.Draw(image).rectangle((100, 60, 155, 180), fill=(20, 60, 170))
    person = thing("person", Box(100, 60, 156, 180), "p")
    assert stated(image, thing(), person)[0].score == 1
    assert stated(image, thing())[0].score < 0.6


def test_a_thing_without_a_clear_colour_has_none():
    image = drawn("white")
    draw = ImageDraw.Draw(image)
    for place, colour in enumerate([(190, 20, 30), (20, 60, 170), (245, 210, 20)] * 2):
        draw.rectangle((100 + 20 * place, 60, 119 + 20 * place, 180), fill=colour)
    assert stated(image, thing()) == []


def test_the_share_that_is_asked_for_can_be_raised():
    image = drawn((190, 20, 30))
    ImageDraw.Draw(image).rectangle((100, 60, 150, 180), fill=(20, 60, 170))
    assert values(stated(image, thing())) == ["red"]
    assert stated(image, thing(), share=0.8) == []


def test_a_colour_needs_more_than_the_share_so_that_no_tie_is_won():
    image = drawn((190, 20, 30))
    ImageDraw.Draw(image).rectangle((100, 60, 159, 180), fill=(20, 60, 170))
    assert stated(image, thing()) == []
    assert values(stated(image, thing(box=Box(104, 60, 224, 180)))) == ["red"]


def test_a_share_must_be_exceeded():
    image, quarter_blue = drawn((190, 20, 30)), thing()
    ImageDraw.Draw(image).rectangle((100, 60, 141, 180), fill=(20, 60, 170))
    assert values(stated(image, quarter_blue, share=0.749)) == ["red"]
    assert stated(image, quarter_blue, share=0.75) == []


def test_white_in_weak_light_is_white():
    weak = drawn((200, 200, 200), on=(30, 70, 130)).point([round(level * 0.6) for level in range(256)] * 3)
    assert values(stated(weak, thing())) == ["white"]


def test_things_in_a_picture_without_colours_have_none():
    image = ImageOps.grayscale(drawn((190, 20, 30), on=(20, 60, 170))).convert("RGB")
    assert stated(image, thing()) == []


def test_a_box_of_any_size_does_no_harm():
    huge = thing("person", Box(-1e308, -1e200, 1e307, 1e200), "p")
    assert values(stated(drawn((190, 20, 30)), thing(), huge)) == ["red"]


def calls(work):
    """How many functions, of Python and of C, `work` calls."""
    count = 0

    def seen(_frame, event, _argument):
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(seen)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


def scattered(place):
    x, y = place % 40 * 8, place // 40 * 8
    return Box(x, y, x + 6, y + 6)


def crowded(place):
    return Box(100 + place % 10, 60 + place // 10 % 10, 220, 180)


@pytest.mark.parametrize("where", [scattered, crowded], ids=["side by side", "all in one place"])
@pytest.mark.parametrize("nouns", [["ball"], ["ball", "cup", "dog"]], ids=["of one noun", "of three nouns"])
def test_ten_times_the_boxes_take_ten_times_the_work(where, nouns):
    image, expert = drawn((190, 20, 30)), Colour(smallest=4)

    def work(boxes):
        facts = tuple(thing(nouns[n % len(nouns)], where(n), f"b/{n}") for n in range(boxes))
        return calls(lambda: expert.look(sample(image, facts=facts)))

    work(100)  # fills the tables of words
    assert work(1000) < 15 * work(100)


# What is the thing and what lies behind it

RED, BLUE = (190, 20, 30), (20, 60, 170)


def ring(colour=RED, on=BLUE):
    """A wheel, of which less than half of the central part of its box is seen."""
    image = Image.new("RGB", SIZE, on)
    draw = ImageDraw.Draw(image)
    draw.ellipse((100, 60, 219, 179), outline=colour, width=30)
    draw.rectangle((0, 0, 319, 29), fill="white")
    return image


def runs(mask, packed=False):
    """A mask as COCO's run lengths."""
    flat = (np.asarray(mask) > 0).T.reshape(-1)
    edges = [0, *(np.flatnonzero(np.diff(flat)) + 1).tolist(), len(flat)]
    counts = [0] * bool(flat[0]) + [after - before for before, after in pairwise(edges)]
    return {"size": list(np.asarray(mask).shape), "counts": pack(counts) if packed else counts}


def pack(counts):
    """Run lengths as pycocotools writes them into a text."""
    text = ""
    for place, count in enumerate(counts):
        left = count - counts[place - 2] if place > 2 else count
        more = True
        while more:
            bits, left = left & 31, left >> 5
            more = left != (-1 if bits & 16 else 0)
            text += chr((bits | 32 if more else bits) + 48)
    return text


def wheel(scale=1):
    mask = Image.new("L", (320 * scale, 240 * scale))
    ImageDraw.Draw(mask).ellipse((100 * scale, 60 * scale, 220 * scale - 1, 180 * scale - 1), outline=255, width=30 * scale)
    return mask


BOTTOM = [100.0, 60.0, 220.0, 60.0, 220.0, 180.0]


@pytest.mark.parametrize(
    "on", [BLUE, (240, 210, 20), (128, 128, 128), RED], ids=["on blue", "on yellow", "on grey", "on its own colour"]
)
def test_what_lies_around_a_box_is_no_colour_of_the_thing(on):
    assert values(stated(ring(on=on), thing())) == ["red"]


def test_without_anything_around_it_all_pixels_count_alike():
    (fact,) = stated(solid_image(*SIZE, RED), thing(box=Box(0, 0, *SIZE)))
    assert (fact.value, fact.score) == ("red", 1)


def halves():
    """Red over a rising diagonal and blue under it."""
    image = drawn(RED)
    ImageDraw.Draw(image).polygon([(100, 60), (219, 179), (100, 179)], fill=BLUE)
    return image


@pytest.mark.parametrize(
    ("image", "mask", "expected"),
    [
        pytest.param(ring(), runs(wheel()), "red", id="run lengths"),
        pytest.param(ring(), runs(ImageOps.invert(wheel())), "blue", id="run lengths that begin inside"),
        pytest.param(ring(), runs(wheel(), packed=True), "red", id="packed run lengths"),
        pytest.param(ring(), runs(wheel(2)), "red", id="a mask of twice the size"),
        pytest.param(halves(), [BOTTOM], "red", id="a polygon"),
        pytest.param(halves(), BOTTOM, "red", id="bare numbers"),
        pytest.param(halves(), [BOTTOM[n : n + 2] for n in (0, 2, 4)], "red", id="points"),
        pytest.param(halves(), [[100, 60, 220, 180, 100, 180]], "blue", id="the other half"),
        pytest.param(halves(), [[100, 60, 110, 60, 110, 70], BOTTOM], "red", id="two polygons"),
        pytest.param(drawn(RED), runs(Image.new("L", SIZE)), "red", id="an empty mask counts as none"),
    ],
)
def test_the_pixels_of_a_mask(image, mask, expected):
    (fact,) = stated(image, thing(data={"mask": mask}))
    assert fact.value == expected
    assert fact.score > 0.9


def test_a_polygon_of_its_own_name():
    (fact,) = stated(halves(), thing(data={"polygon": [BOTTOM]}))
    assert (fact.value, fact.score) == ("red", 1)


def test_what_a_mask_shows_is_not_hidden():
    person = thing("person", Box(110, 70, 215, 180), "p")
    assert values(stated(drawn(RED), thing(data={"mask": [[100, 60, 220, 60, 220, 180, 100, 180]]}), person)) == ["red"]


def test_a_thin_mask_is_taken_with_its_edge():
    image = drawn(BLUE)
    ImageDraw.Draw(image).rectangle((100, 70, 123, 71), fill=RED)
    mask = Image.new("L", SIZE)
    ImageDraw.Draw(mask).rectangle((100, 70, 123, 71), fill=255)
    assert values(stated(image, thing(box=Box(100, 60, 124, 84), data={"mask": runs(mask)}))) == ["red"]


@pytest.mark.parametrize(
    "mask",
    [
        None,
        "mask.png",
        7,
        [],
        {},
        [[1, 2, 3]],
        [["a", "b", "c", "d", "e", "f"]],
        [[100, 60, 220], "x"],
        {"size": [240, 320], "counts": []},
        {"size": [240, 320], "counts": [5, 5]},
        {"size": [240, 320], "counts": [76801, -1]},
        {"size": [240, 320], "counts": [76800.0]},
        {"size": [0, 0], "counts": [0]},
        {"size": [240], "counts": [240]},
        {"size": "hw", "counts": [76800]},
        {"size": [240, 320], "counts": "\x01"},
        {"size": [240, 320], "counts": "~~~~"},
        {"size": [240, 320], "counts": "o" * 5000},
    ],
    ids=str,
)
def test_a_mask_that_cannot_be_read_counts_as_none(mask):
    plain, odd = (stated(drawn(RED), one) for one in (thing(), thing(data={"mask": mask})))
    assert odd == plain != []


# The whole picture


def ramp():
    """A grey picture with all lightnesses."""
    return Image.linear_gradient("L").convert("RGB")


def sepia():
    return ImageOps.colorize(Image.linear_gradient("L"), (20, 12, 6), (255, 240, 210), (140, 105, 70))


def colourful():
    return Image.merge(
        "RGB", [Image.linear_gradient("L"), Image.linear_gradient("L").rotate(90), Image.new("L", (256, 256), 128)]
    )


STYLES = [
    pytest.param(ramp(), {"black and white photo"}, id="all lightnesses of grey"),
    pytest.param(sepia(), {"sepia photo"}, id="brown on cream"),
    pytest.param(colourful(), set(), id="many colours"),
    pytest.param(solid_image(256, 256, (130, 130, 130)), set(), id="a plane of grey is no photo"),
    pytest.param(solid_image(256, 256, (5, 8, 20)), {"dark photo"}, id="night"),
    pytest.param(solid_image(256, 256, (250, 250, 245)), {"bright photo"}, id="fog"),
    pytest.param(solid_image(256, 256, (30, 130, 40)), {"green tones"}, id="a meadow"),
    pytest.param(solid_image(256, 256, (20, 60, 170)), {"blue tones"}, id="the sea"),
]  # fmt: skip


@pytest.mark.parametrize(("image", "expected"), STYLES)
def test_style(image, expected):
    assert set(values(stated(image, kind="style"))) == expected | {"square format"}


def test_two_colours_may_rule():
    image = solid_image(200, 200, (30, 130, 40))
    image.paste((20, 60, 170), (0, 0, 200, 90))
    tones = [fact for fact in stated(image, kind="style") if fact.value.endswith("tones")]
    assert values(tones) == ["green tones", "blue tones"]
    assert [fact.data["share"] for fact in tones] == pytest.approx([0.55, 0.45], abs=0.02)


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((640, 480), "landscape format"),
        ((480, 640), "portrait format"),
        ((500, 500), "square format"),
        ((505, 500), "square format"),
        ((520, 500), "landscape format"),
        ((1, 1), "square format"),
    ],
)
def test_format(size, expected):
    assert [value for value in values(stated(solid_image(*size), kind="style")) if "format" in value] == [expected]


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16", "HSV"])
@given(width=st.integers(1, 40), height=st.integers(1, 40), data=st.data())
def test_any_picture_gives_valid_facts(mode, width, height, data):
    image = Image.new(mode, (width, height), 0)
    picture = images.load(image).image
    corner = st.floats(-20, 60)
    box = Box(*data.draw(st.tuples(corner, corner, corner, corner)))
    facts = Colour(smallest=1).look(sample(picture, facts=(thing(box=box),)))
    assert {fact.kind for fact in facts} <= {"style", "attribute"}
    assert sum(fact.value.endswith("format") for fact in facts) == 1


def test_the_same_picture_gives_the_same_facts():
    image, facts = drawn((190, 20, 30), on=(30, 130, 40)), (thing(),)
    assert Colour().look(sample(image, facts=facts)) == Colour().look(sample(image.copy(), facts=facts))


def test_without_a_picture():
    with pytest.raises(ExpertError, match="expected a picture of 'x', got none"):
        Colour().look(sample(id="x"))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"share": 0.2}, r"share: expected at least .5 and under 1, got 0.2"),
        ({"share": 1}, r"share: expected at least .5 and under 1, got 1"),
        ({"smallest": 0}, "smallest: expected at least 1 pixel, got 0"),
    ],
)
def test_wrong_options_are_refused(options, message):
    with pytest.raises(ConfigError, match=message):
        Colour(**options)


def test_the_card_says_that_silence_says_nothing():
    assert Colour.automatic
    assert not Colour.card.covers("attribute", "red")
    assert not Colour.card.covers("style", "dark photo")
