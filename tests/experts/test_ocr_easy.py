"""The real easyocr on its real networks with weights made here: they load from a folder, and boxes land right."""

from __future__ import annotations

import sys

import pytest
from PIL import Image, ImageDraw

from experts.ocr import Ocr, easy
from fusion.errors import ConfigError, ExpertError, MissingExtra
from fusion.testing import sample, solid_image

pytestmark = [pytest.mark.models, pytest.mark.filterwarnings("ignore::DeprecationWarning")]
easyocr = pytest.importorskip("easyocr")

MODELS = {"english_g2.pth": "english_g2", "latin_g2.pth": "latin_g2"}


def recogniser(torch, name):
    """A network of the library's class for gen2 that reads "A" on everything."""
    from easyocr.model.vgg_model import Model

    characters = easyocr.config.recognition_models["gen2"][name]["characters"]
    torch.manual_seed(0)
    network = Model(input_channel=1, output_channel=256, hidden_size=256, num_class=len(characters) + 1)
    network.Prediction.weight.data.zero_()
    network.Prediction.bias.data.zero_()
    network.Prediction.bias.data[characters.index("A") + 1] = 12.0
    return {f"module.{key}": value for key, value in network.state_dict().items()}


def detector(torch):
    """CRAFT with random weights, but for the last layer, which sees text everywhere."""
    from easyocr.craft import CRAFT

    torch.manual_seed(0)
    network = CRAFT()
    network.conv_cls[-1].weight.data.zero_()
    network.conv_cls[-1].bias.data = torch.tensor([1.0, 0.0])
    return {f"module.{key}": value for key, value in network.state_dict().items()}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder of weights of the right shape, whose checksums the library takes for its own."""
    torch = pytest.importorskip("torch")
    made = tmp_path_factory.mktemp("easyocr")
    torch.save(detector(torch), made / "craft_mlt_25k.pth")
    for file, name in MODELS.items():
        torch.save(recogniser(torch, name), made / file)
    with pytest.MonkeyPatch.context() as patch:
        config = easyocr.config
        entries = {"craft_mlt_25k.pth": config.detection_models["craft"]}
        entries |= {file: config.recognition_models["gen2"][name] for file, name in MODELS.items()}
        for file, entry in entries.items():
            patch.setitem(entry, "md5sum", easyocr.utils.calculate_md5(made / file))
        yield made


@pytest.fixture(scope="module")
def real(folder):
    expert = Ocr(engine="easyocr", weights=str(folder), device="cpu", min_score=0.1)
    yield expert
    expert.close()


class Dark:
    """In place of CRAFT: text is where the picture is dark."""

    def __call__(self, pixels):
        import torch

        light = pixels.mean(dim=1)[:, ::2, ::2]
        dark = ((light < 0) & (light > -1.7)).float()  # what the library fills up with is black, at -1.99
        return torch.stack([dark, torch.zeros_like(dark)], dim=-1), None


def bars(*boxes, size=(320, 240)):
    image = Image.new("RGB", size, "white")
    for box in boxes:
        ImageDraw.Draw(image).rectangle(box, fill=(60, 60, 60))
    return image


def test_the_networks_load_and_read(real):
    (fact,) = real.look(sample(solid_image(128, 64, "grey")))
    assert (fact.kind, fact.value, fact.data["block"]) == ("text", "A", 0)
    assert 0.9 <= fact.score <= 1
    assert fact.box.clip(128, 64) == fact.box
    assert fact.box.area > 0.8 * 128 * 64


def test_the_same_picture_gives_the_same_facts(real):
    image = solid_image(128, 64, "grey")
    assert real.look(sample(image)) == real.look(sample(image.copy()))


def test_lines_lie_where_they_are_in_reading_order(real, monkeypatch):
    monkeypatch.setattr(real._reader._reader, "detector", Dark())
    left, right, low = (20, 20, 100, 40), (200, 20, 290, 40), (20, 160, 100, 180)
    facts = real.look(sample(bars(low, right, left)))
    assert [fact.value for fact in facts] == ["A"] * 3
    for fact, (x0, y0, x1, y1) in zip(facts, (left, right, low), strict=True):
        assert (fact.box.x0, fact.box.y0, fact.box.x1, fact.box.y1) == pytest.approx((x0, y0, x1, y1), abs=12)


def test_large_pictures_are_looked_at_in_a_smaller_copy(folder, monkeypatch):
    expert = Ocr(engine="easyocr", weights=str(folder), device="cpu", side=320, min_score=0.1)
    monkeypatch.setattr(expert._reader._reader, "detector", Dark())
    (fact,) = expert.look(sample(bars((200, 200, 600, 300), size=(1280, 960))))
    assert (fact.box.x0, fact.box.y0, fact.box.x1, fact.box.y1) == pytest.approx((200, 200, 600, 300), abs=50)


def test_a_picture_without_text_has_no_facts(real, monkeypatch):
    monkeypatch.setattr(real._reader._reader, "detector", Dark())
    assert real.look(sample(solid_image(100, 80))) == []


@pytest.mark.parametrize("size", [(1, 1), (3, 200), (31, 29)])
def test_small_pictures_do_no_harm(real, size):
    real.look(sample(solid_image(*size, "grey")))


def test_languages_choose_the_network(folder):
    expert = Ocr(["German", "fr"], engine="easyocr", weights=str(folder), device="cpu")
    assert expert._reader._reader.model_lang == "latin"
    assert "ß" in expert._reader._reader.lang_char


def test_the_library_leaves_the_path_of_imports_alone(real):
    assert not any("easyocr0" in entry for entry in sys.path)


def test_nothing_goes_over_the_network_and_nothing_is_printed(folder, monkeypatch, capfd):
    def refuse(*args):
        raise AssertionError("expected no network")

    monkeypatch.setattr("socket.socket.connect", refuse)
    monkeypatch.setattr("socket.getaddrinfo", refuse)
    Ocr(engine="easyocr", weights=str(folder), device="cpu").look(sample(solid_image(96, 64)))
    assert capfd.readouterr() == ("", "")


# What is refused


@pytest.mark.parametrize(
    ("options", "error", "message", "hint"),
    [
        pytest.param({"weights": "nowhere"}, ExpertError, "'nowhere', which does not exist", "craft_mlt_25k.zip", id="no folder"),
        pytest.param({"languages": ["ru"]}, ExpertError, "expected cyrillic_g2.pth in", "cyrillic_g2.zip", id="no weights"),
        pytest.param({"languages": ["el"]}, ConfigError, "such as easyocr reads, got Greek", "", id="a language it lacks"),
        pytest.param({"languages": ["zh", "de"]}, ConfigError, "such as one network", "each script", id="two scripts"),
        pytest.param({"device": "tpu9"}, ConfigError, "device: 'tpu9' cannot be used", "cpu", id="no device"),
    ],
)  # fmt: skip
def test_wrong_options_are_refused_at_start(folder, options, error, message, hint):
    with pytest.raises(error, match=message) as caught:
        Ocr(**{"engine": "easyocr", "weights": str(folder), "device": "cpu", **options})
    assert hint in caught.value.hint
    assert str(folder) not in caught.value.message


def test_an_empty_folder(tmp_path):
    with pytest.raises(ExpertError, match=r"weights: expected craft_mlt_25k.pth in the folder, got none") as caught:
        Ocr(engine="easyocr", weights=str(tmp_path))
    assert "or set download = true" in caught.value.hint


def test_a_file_with_another_checksum(tmp_path):
    (tmp_path / "craft_mlt_25k.pth").write_bytes(b"garbage")
    with pytest.raises(ExpertError, match=r"weights craft_mlt_25k.pth: expected the file of easyocr's release"):
        Ocr(engine="easyocr", weights=str(tmp_path))
    assert (tmp_path / "craft_mlt_25k.pth").read_bytes() == b"garbage"


def test_weights_that_cannot_be_loaded(tmp_path, monkeypatch):
    file = tmp_path / "craft_mlt_25k.pth"
    for name in ("craft_mlt_25k.pth", "english_g2.pth"):
        (tmp_path / name).write_bytes(b"garbage")
    monkeypatch.setattr(easyocr.easyocr, "calculate_md5", lambda path: None)
    monkeypatch.setitem(easyocr.config.detection_models["craft"], "md5sum", None)
    monkeypatch.setitem(easyocr.config.recognition_models["gen2"]["english_g2"], "md5sum", None)
    with pytest.raises(ExpertError, match="easyocr cannot be started: "):
        Ocr(engine="easyocr", weights=str(file.parent), device="cpu")


def test_without_the_library(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "easyocr", None)
    with pytest.raises(MissingExtra, match=r"easyocr.* cannot be imported"):
        Ocr(engine="easyocr", weights=str(tmp_path))


@pytest.mark.parametrize(
    ("error", "message"),
    [(RuntimeError("CUDA out of memory"), "out of memory"), (ValueError("odd"), "easyocr fails: ValueError: odd")],
)
def test_a_library_that_fails_on_a_picture(real, monkeypatch, error, message):
    def fail(*args, **options):
        raise error

    monkeypatch.setattr(real._reader._reader, "detect", fail)
    with pytest.raises(ExpertError, match=message):
        real.look(sample(solid_image()))


def test_scores_and_points_out_of_range():
    found = easy._line([[-3, -2], [50, -2], [50, 70], [-3, 70]], " Hi ", float("nan"), (40, 60))
    assert (found.text, found.score, found.polygon) == ("Hi", 0.0, ((0, 0), (40, 0), (40, 60), (0, 60)))
