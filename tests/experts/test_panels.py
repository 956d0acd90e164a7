"""Panels of composite pictures by their gutters: made-up collages are cut, photos are not."""

from __future__ import annotations

import io
import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from experts.panels import Panels
from fusion.errors import ConfigError, ExpertError
from fusion.facts import Box
from fusion.testing import sample, solid_image

SHARED = Path(os.environ.get("FUSION_SHARED", Path(__file__).parents[2].with_name("shared")))

WIDE = [(0, 0, 196, 300), (204, 0, 400, 300)]
FOUR = [(0, 0, 196, 146), (204, 0, 400, 146), (0, 154, 196, 300), (204, 154, 400, 300)]
NINE = [(c, r, c + 120, r + 90) for r in (0, 98, 196) for c in (0, 128, 256)]
COMIC = [(10, 10, 390, 120), (10, 130, 120, 290), (130, 130, 260, 290), (270, 130, 390, 290)]
NESTED = [(0, 0, 240, 300), (252, 0, 400, 140), (252, 152, 400, 300)]


def picture(seed, width, height):
    """Something between noise and a photo: large soft spots with some grain, of middle brightness."""
    rng = np.random.default_rng(seed)
    spots = Image.fromarray(rng.integers(60, 200, (6, 8, 3), dtype=np.uint8)).resize((width, height), Image.Resampling.BICUBIC)
    grain = rng.integers(-12, 12, (height, width, 3))
    return Image.fromarray(np.clip(np.asarray(spots).astype(int) + grain, 0, 255).astype(np.uint8))


def collage(boxes, colour="white", size=(400, 300), scale=1):
    made = Image.new("RGB", (size[0] * scale, size[1] * scale), colour)
    for i, box in enumerate(boxes):
        x0, y0, x1, y1 = (edge * scale for edge in box)
        made.paste(picture(i, x1 - x0, y1 - y0), (x0, y0))
    return made


def jpeg(image, quality=75):
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=quality)
    return Image.open(stream).convert("RGB")


def boxes_of(image, **options):
    return [fact.box for fact in Panels(**options).look(sample(image)) if fact.kind == "object"]


@pytest.mark.parametrize(
    ("colour", "compressed"),
    [
        pytest.param("white", False, id="white"),
        pytest.param("white", True, id="white, JPEG"),
        pytest.param("black", False, id="black"),
        pytest.param("black", True, id="black, JPEG"),
        pytest.param("navy", False, id="navy"),  # JPEG halves the resolution of colours, and narrow coloured gutters blur
    ],
)
@pytest.mark.parametrize(
    "boxes",
    [
        pytest.param(WIDE, id="two side by side"),
        pytest.param([(0, 0, 400, 147), (0, 153, 400, 300)], id="two in a column"),
        pytest.param(FOUR, id="two by two"),
        pytest.param(NINE, id="three by three with a margin"),
        pytest.param(COMIC, id="a comic"),
        pytest.param(NESTED, id="cut across, then down"),
        pytest.param([(0, 0, 198, 300), (202, 0, 400, 300)], id="four pixels between"),
    ],
)
def test_a_collage_is_cut(boxes, colour, compressed):
    image = collage(boxes, colour)
    found = boxes_of(jpeg(image) if compressed else image)
    wanted = [Box(*map(float, box)) for box in boxes]
    assert len(found) == len(wanted)
    assert all(max(box.iou(other) for other in found) > 0.93 for box in wanted)


def test_facts_of_a_collage():
    *panels, style = Panels().look(sample(collage(WIDE)))
    assert [(p.kind, p.value, p.data) for p in panels] == [("object", "panel", {"gutter": "#ffffff"})] * 2
    assert [p.box for p in panels] == [Box(0, 0, 196, 300), Box(204, 0, 400, 300)]
    assert (style.kind, style.value) == ("style", "collage")
    assert style.score == min(p.score for p in panels) > 0.8


def test_a_large_picture_has_boxes_in_its_own_pixels():
    found = boxes_of(collage(WIDE, scale=6))
    assert [round(box.x0, -1) for box in found] == [0, 1220]
    assert found[1].x1 == 2400
    assert found[1].y1 == 1800


def framed():
    image = Image.new("RGB", (400, 300), "white")
    image.paste(picture(1, 360, 260), (20, 20))
    return image


def gradient():
    return Image.fromarray(np.repeat(np.linspace(0, 255, 300).astype(np.uint8)[:, None], 400, 1)).convert("RGB")


def sky_and_kite():
    image = Image.new("RGB", (400, 300), (120, 170, 230))
    image.paste(picture(1, 400, 100), (0, 200))
    image.paste(picture(2, 40, 30), (180, 80))
    return image


def banner():
    image = picture(1, 400, 300)
    image.paste((255, 255, 255), (0, 100, 400, 180))
    return image


@pytest.mark.parametrize(
    "image",
    [
        pytest.param(picture(3, 400, 300), id="a photo"),
        pytest.param(solid_image(400, 300), id="one colour"),
        pytest.param(solid_image(1, 1), id="one pixel"),
        pytest.param(framed(), id="a frame"),
        pytest.param(collage([(0, 60, 400, 240)], "black"), id="letterbox"),
        pytest.param(gradient(), id="a gradient"),
        pytest.param(sky_and_kite(), id="a kite in the sky"),
        pytest.param(banner(), id="a band too wide for a gutter"),
        pytest.param(collage([(0, 0, 20, 300), (28, 0, 400, 300)]), id="a strip too narrow for a panel"),
        pytest.param(collage([(0, 0, 199, 300), (201, 0, 400, 300)]), id="two lines happen in photos"),
    ],
)
def test_what_is_no_collage(image):
    assert Panels().look(sample(image)) == []


def test_unclear_gutters_are_left_out():
    assert boxes_of(jpeg(collage(WIDE)), min_score=1.0) == []


def test_an_option_out_of_range():
    with pytest.raises(ConfigError, match=r"min_score: expected 0..1, got 1.5"):
        Panels(min_score=1.5)


def test_no_picture():
    with pytest.raises(ExpertError, match="expected a picture of 'test', got none"):
        Panels().look(sample())


def test_its_silence_says_nothing():
    card = Panels().cards("panels")["panels"]
    assert not card.covers("object", "panel")
    assert not card.covers("style", "collage")


@pytest.mark.skipif(not (SHARED / "data/images").exists(), reason="FUSION_SHARED has no photos")
def test_photos_have_one_panel():
    photos = sorted((SHARED / "data/images").glob("*.jpg"))[:40]
    cut = [photo.stem for photo in photos if boxes_of(Image.open(photo).convert("RGB"))]
    assert set(cut) <= {"000000008629"}  # a collage of six pizzas
