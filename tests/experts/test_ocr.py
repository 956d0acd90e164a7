"""Text is read line by line, with the models that come in rapidocr's wheel."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from experts.ocr import Ocr, rapid
from experts.ocr.languages import NAMES, codes, in_languages, missing_letters
from experts.ocr.layout import Line
from fusion.errors import ConfigError, ExpertError, MissingExtra
from fusion.facts import Box, Fact
from fusion.testing import sample, solid_image

ROOT = Path(__file__).resolve().parents[2]
LOW = ((10.0, 10.0), (90.0, 10.0), (90.0, 30.0), (10.0, 30.0))


@pytest.fixture(scope="module")
def real():
    expert = Ocr(threads=1)
    yield expert
    expert.close()


class FakeReader:
    def __init__(self, lines):
        self.lines = lines

    def read(self, image):
        return self.lines


def fake(*lines, **options):
    """The expert with lines in place of a model."""
    expert = Ocr(threads=1, **options)
    expert._reader = FakeReader(lines)
    return expert


def sign(text, size=(420, 120), font=48):
    image = Image.new("RGB", size, "white")
    ImageDraw.Draw(image).text((20, 30), text, fill="black", font=ImageFont.load_default(size=font))
    return image


def said(facts):
    return [fact.value for fact in facts]


def joined(facts):
    return "".join(sorted("".join(said(facts)).replace(" ", "")))


# With the models of the wheel


@pytest.mark.parametrize(
    "turned",
    [
        pytest.param(lambda image: image, id="upright"),
        pytest.param(lambda image: image.rotate(90, expand=True), id="upwards"),
        pytest.param(lambda image: image.rotate(180), id="upside down"),
        pytest.param(lambda image: image.rotate(15, expand=True, fillcolor="white"), id="slanted"),
        pytest.param(lambda image: image.resize((105, 30)), id="small"),
    ],
)
def test_drawn_text_is_read(real, turned):
    image = turned(sign("Marina Square"))
    facts = real.look(sample(image))
    assert joined(facts) == "".join(sorted("MarinaSquare"))
    for fact in facts:
        assert fact.kind == "text"
        assert fact.score >= 0.8
        assert fact.box.clip(*image.size) == fact.box
        assert fact.box.area > 0
        assert len(fact.data["polygon"]) == 4


def test_each_line_is_a_fact_from_top_to_bottom(real):
    image = sign("", size=(320, 220))
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(size=40)
    for place, word in enumerate(["OPEN", "Monday", "9-17"]):
        draw.text((20, 15 + 65 * place), word, fill="black", font=font)
    assert said(real.look(sample(image))) == ["OPEN", "Monday", "9-17"]


@pytest.mark.parametrize("size", [(1, 1), (3, 200), (1, 4000), (31, 29), (64, 64), (300, 200)])
def test_a_picture_without_text_has_no_facts(real, size):
    assert real.look(sample(solid_image(*size, "grey"))) == []


def test_the_same_picture_gives_the_same_facts(real):
    image = sign("Whitby 2019")
    assert real.look(sample(image)) == real.look(sample(image.copy()))


OFFLINE = """
import sys
calls = []
watched = ("socket.connect", "socket.getaddrinfo", "subprocess.Popen", "os.system")
sys.addaudithook(lambda event, args: calls.append(event) if event in watched else None)
from experts.ocr import Ocr
from fusion.testing import sample, solid_image
Ocr(threads=1).look(sample(solid_image(200, 100)))
assert not calls, calls
"""


def test_nothing_goes_over_the_network_and_nothing_is_printed():
    done = subprocess.run([sys.executable, "-c", OFFLINE], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize("language", ["ru", "ko", "ar", "hi", "th", "he"])
def test_languages_that_the_model_cannot_write_are_refused(language):
    with pytest.raises(ExpertError, match=f"expected a recogniser that writes {NAMES[language]}, got PP-OCR") as caught:
        Ocr(languages=["en", language])
    assert "recogniser = 'PATH.onnx'" in caught.value.hint


def test_languages_that_it_can_write():
    Ocr(languages=["en", "de", "fr", "pl", "tr", "el", "zh", "ja"], threads=1).close()


# What is kept, and where it stands


@pytest.mark.parametrize(
    ("line", "options", "kept"),
    [
        pytest.param(Line("STOP", 0.86, LOW), {}, True, id="a clear line"),
        pytest.param(Line("STOP", 0.84, LOW), {}, False, id="unsure"),
        pytest.param(Line("STOP", 0.7, LOW), {"min_score": 0.6}, True, id="sure enough for a lower limit"),
        pytest.param(Line("STOP", 0.95, LOW), {"min_height": 21}, False, id="lower than asked for"),
        pytest.param(Line("—·", 0.95, LOW), {}, False, id="no letter and no digit"),
        pytest.param(Line("42", 0.95, LOW), {"languages": ["en"]}, True, id="digits belong to all languages"),
        pytest.param(Line("出口", 0.95, LOW), {}, True, id="any language by default"),
        pytest.param(Line("出口", 0.95, LOW), {"languages": ["en"]}, False, id="a language not asked for"),
        pytest.param(Line("Café 出口", 0.95, LOW), {"languages": ["en"]}, True, id="two languages"),
    ],
)
def test_lines_that_are_kept(line, options, kept):
    assert said(fake(line, **options).look(sample(solid_image()))) == [line.text] * kept


def test_the_box_goes_around_the_outline():
    slanted = ((10.0, 30.0), (90.0, 10.0), (95.0, 25.0), (15.0, 45.0))
    (fact,) = fake(Line("Stop!", 0.91234, slanted)).look(sample(solid_image(100, 60)))
    assert fact == Fact(
        kind="text",
        value="Stop!",
        score=0.9123,
        box=Box(10, 10, 95, 45),
        data={"polygon": [[10.0, 30.0], [90.0, 10.0], [95.0, 25.0], [15.0, 45.0]], "block": 0},
    )


def row(text, x, y, width=60, height=20):
    return Line(text, 0.95, ((x, y), (x + width, y), (x + width, y + height), (x, y + height)))


def test_lines_come_in_reading_order_with_the_number_of_their_block():
    columns = [row("left 1", 0, 0), row("right 1", 120, 0), row("left 2", 0, 25), row("right 2", 120, 25)]
    facts = fake(*columns).look(sample(solid_image(640, 480)))
    assert [(fact.value, fact.data["block"]) for fact in facts] == [
        ("left 1", 0),
        ("left 2", 0),
        ("right 1", 1),
        ("right 2", 1),
    ]


PAGE = [row(f"three words {place}", 0, 22 * place, 100) for place in range(5)]


@pytest.mark.parametrize(
    ("lines", "size", "cover"),
    [
        pytest.param(PAGE, (200, 150), 0.3333, id="a page"),
        pytest.param(PAGE, (300, 250), None, id="little of the picture"),
        pytest.param([row("SALE", 0, 0, 200, 100)], (200, 150), None, id="one large word"),
        pytest.param([], (200, 150), None, id="no text"),
    ],
)
def test_a_picture_that_text_fills_is_text_heavy(lines, size, cover):
    styles = [fact for fact in fake(*lines).look(sample(solid_image(*size))) if fact.kind == "style"]
    assert [(fact.value, fact.data) for fact in styles] == ([("text-heavy", {"cover": cover})] if cover else [])


def thing(fact_id, *corners, **fields):
    return Fact(id=fact_id, kind="object", value="sign", box=Box(*corners), **fields)


@pytest.mark.parametrize(
    ("objects", "about"),
    [
        pytest.param([], None, id="nothing"),
        pytest.param([thing("b/0", 0, 0, 100, 50)], "b/0", id="a thing around it"),
        pytest.param([thing("b/0", 0, 0, 100, 50), thing("b/1", 5, 5, 95, 40)], "b/1", id="the smaller of two"),
        pytest.param([thing("b/0", 0, 0, 74, 50)], "b/0", id="80 % of it"),
        pytest.param([thing("b/0", 0, 0, 70, 50)], None, id="75 % of it"),
        pytest.param([thing("b/0", 0, 0, 100, 50, negated=True)], None, id="a thing that is not there"),
    ],
)
def test_the_thing_it_stands_on(objects, about):
    (fact,) = fake(Line("STOP", 0.95, LOW)).look(sample(solid_image(100, 60), facts=tuple(objects)))
    assert fact.about == about


# Languages


def test_every_language_has_letters_of_its_own_and_reads_them():
    for language in NAMES:
        letters = missing_letters(language, "")
        assert letters
        assert in_languages(letters, [language])


@pytest.mark.parametrize(
    ("language", "alphabet", "missing"), [("de", "aäöüß", ""), ("de", "abc", "äöüß"), ("ru", "абвгдежзийлпыэю", "я")]
)
def test_letters_that_an_alphabet_lacks(language, alphabet, missing):
    assert missing_letters(language, alphabet) == missing


@pytest.mark.parametrize(
    ("given", "expected"),
    [(["de", "en"], ("de", "en")), (["German", "english"], ("de", "en")), (["Klingon"], ("Klingon",)), ([], ())],
)
def test_languages_by_code_or_name(given, expected):
    assert codes(given) == expected


# What is refused


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        pytest.param(
            {"languages": ["xx"]}, ConfigError, "languages: expected codes among en, .* got xx", id="an unknown language"
        ),
        pytest.param({"languages": "en"}, ConfigError, "languages: expected a list, got 'en'", id="a bare string"),
        pytest.param({"min_score": 2}, ConfigError, r"min_score: expected 0..1, got 2", id="score over 1"),
        pytest.param({"min_height": -1}, ConfigError, "min_height: expected 0 pixels or more, got -1", id="negative height"),
        pytest.param({"side": 8}, ConfigError, "side: expected at least 32 pixels, got 8", id="a tiny side"),
        pytest.param({"side": -1}, ConfigError, "side: expected at least 32 pixels, got -1", id="a negative side"),
        pytest.param({"engine": "tesseract"}, ConfigError, "engine: expected one of rapidocr, easyocr", id="an unknown engine"),
        pytest.param({"weights": "w"}, ConfigError, "weights: expected none for rapidocr, got 'w'", id="weights"),
        pytest.param({"device": "cpu"}, ConfigError, "device: expected none for rapidocr", id="a device"),
        pytest.param({"download": True}, ConfigError, "download: expected none for rapidocr", id="a download"),
        pytest.param(
            {"engine": "easyocr", "recogniser": "r.onnx"}, ConfigError, "recogniser: expected none for easyocr", id="the other's"
        ),
        pytest.param({"engine": "easyocr"}, ConfigError, "weights: expected a folder", id="easyocr without weights"),
        pytest.param({"threads": -1}, ConfigError, "threads: expected 0", id="negative threads"),
        pytest.param({"recogniser": "r.onnx"}, ExpertError, "recogniser: expected a file, got 'r.onnx'", id="no recogniser"),
        pytest.param({"detector": "d.onnx"}, ExpertError, "detector: expected a file, got 'd.onnx'", id="no detector"),
    ],
)
def test_wrong_options_are_refused_at_start(options, error, message):
    with pytest.raises(error, match=message):
        Ocr(**options)


def test_a_recogniser_that_is_none(tmp_path):
    file = tmp_path / "broken.onnx"
    file.write_bytes(b"garbage")
    with pytest.raises(ExpertError, match=r"recogniser broken.onnx cannot be loaded"):
        Ocr(recogniser=str(file))


def test_a_wheel_without_models(monkeypatch):
    monkeypatch.setattr(rapid, "_PARTS", dict.fromkeys(rapid._PARTS, "*.none"))
    with pytest.raises(ExpertError, match=r"expected a model \*.none in the wheel of rapidocr, got none"):
        Ocr()


@pytest.mark.parametrize("module", ["rapidocr", "onnxruntime"])
def test_without_the_library(monkeypatch, module):
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingExtra, match=f"{module} (cannot be imported|is not installed)"):
        Ocr()
    assert Ocr.requires[module] == "pip install 'caption-fusion[ocr]'"


def test_a_library_that_fails_on_a_picture(real, monkeypatch):
    def fail(pixels):
        raise RuntimeError("odd")

    monkeypatch.setattr(real._reader, "_engine", fail)
    with pytest.raises(ExpertError, match="rapidocr fails: RuntimeError: odd"):
        real.look(sample(solid_image()))


def test_without_a_picture(real):
    with pytest.raises(ExpertError, match="expected a picture of 'x', got none"):
        real.look(sample(id="x"))


def test_after_it_was_closed():
    expert = Ocr(threads=1)
    expert.close()
    with pytest.raises(ExpertError, match="one that was closed"):
        expert.look(sample(solid_image()))


def test_the_card_says_that_silence_says_nothing():
    assert Ocr.automatic
    assert not Ocr.card.covers("text", "STOP")
