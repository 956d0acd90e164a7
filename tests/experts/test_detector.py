"""The YOLO detector: what it refuses without a model, and what a real one sees."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import types
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from experts.detector import Detector
from fusion import images
from fusion.codec import encode
from fusion.errors import ConfigError, ExpertError, MissingExtra
from fusion.expert import missing
from fusion.facts import Box, Fact
from fusion.testing import sample, solid_image

ROOT = Path(__file__).resolve().parents[2]


class Numbers(list):
    """What torch returns, as far as the expert reads it."""

    def tolist(self):
        return list(self)


class FakeModel:
    """An ultralytics model that sees one thing wherever the picture is red."""

    task = "detect"
    names = {0: "Traffic_Lights", 1: "person"}  # noqa: RUF012
    fails = None

    def __init__(self, path, task=None):
        self.path, self.asked_for, self.calls = path, task, []

    def predict(self, pictures, **options):
        self.calls.append((pictures, options))
        if self.fails:
            raise self.fails
        found = [[[1.04, 2.0, 3.0, 4.96]] if picture[0, 0].tolist() == [0, 0, 255] else [] for picture in pictures]
        return [
            types.SimpleNamespace(
                boxes=types.SimpleNamespace(
                    xyxy=Numbers(corners), conf=Numbers([0.87654321] * len(corners)), cls=Numbers([0.0] * len(corners))
                )
            )
            for corners in found
        ]


@pytest.fixture
def library(monkeypatch):
    """A module in place of ultralytics."""
    module = types.ModuleType("ultralytics")
    module.YOLO = type("YOLO", (FakeModel,), {})
    module.__version__ = "0"
    monkeypatch.setitem(sys.modules, "ultralytics", module)
    for name in ("YOLO_AUTOINSTALL", "YOLO_OFFLINE", "YOLO_VERBOSE"):
        monkeypatch.setenv(name, "unset")
    return module.YOLO


@pytest.fixture
def weights(tmp_path):
    file = tmp_path / "best.pt"
    file.write_bytes(b"weights")
    return str(file)


RED, BLUE = sample(solid_image(colour="red"), id="red"), sample(solid_image(colour="blue"), id="blue")


def test_boxes_are_objects_in_plain_nouns(library, weights):
    assert Detector(weights).look(RED) == [Fact(kind="object", value="traffic light", score=0.8765, box=Box(1.0, 2.0, 3.0, 5.0))]


def test_a_batch_is_one_call_in_order(library, weights):
    expert = Detector(weights, confidence=0.5, iou=0.6, image_size=320, device="cpu")
    assert [len(facts) for facts in expert.look_batch([BLUE, RED, BLUE])] == [0, 1, 0]
    ((pictures, options),) = expert._model.calls
    assert [picture.shape for picture in pictures] == [(48, 64, 3)] * 3
    assert all(picture.flags["C_CONTIGUOUS"] and picture.dtype == np.uint8 for picture in pictures)
    expected = {"conf": 0.5, "iou": 0.6, "imgsz": 320, "device": "cpu", "verbose": False, "save": False, "rect": False}
    assert options == expected
    assert expert.look_batch([]) == []


def test_exported_models_take_one_picture_at_a_time(library, tmp_path):
    (tmp_path / "best_openvino_model").mkdir()
    expert = Detector(str(tmp_path / "best_openvino_model"))
    expert.look_batch([BLUE, RED])
    assert len(expert._model.calls) == 2
    assert expert._model.asked_for == "detect"


def test_the_card_knows_the_classes_of_the_weights(library, weights):
    card = Detector(weights).cards("yolo")["yolo"]
    assert card.vocabulary == ("person", "traffic light")
    assert card.covers("object", "woman")
    assert not card.covers("object", "dog")
    assert card.version == "best.pt, ultralytics 0"
    assert Detector.card.vocabulary == ()


def test_ultralytics_is_told_to_install_send_and_print_nothing(library, weights):
    Detector(weights)
    told = [os.environ[f"YOLO_{name}"] for name in ("AUTOINSTALL", "OFFLINE", "VERBOSE")]
    assert told == ["false", "true", "false"]


REFUSED = [
    pytest.param({"weights": "yolo11n.pt"}, ExpertError, "got 'yolo11n.pt', which does not exist", id="a name to download"),
    pytest.param({"weights": "https://x.org/a.pt"}, ExpertError, "nothing is downloaded here; get weights", id="an address"),
    pytest.param({"weights": "yolo11n.yaml"}, ConfigError, "expected a trained model", id="a description of a model"),
    pytest.param({"confidence": 1.5}, ConfigError, "confidence: expected 0..1, got 1.5", id="confidence over 1"),
    pytest.param({"iou": -1}, ConfigError, "iou: expected 0..1, got -1", id="iou under 0"),
    pytest.param({"image_size": 8}, ConfigError, "image_size: expected at least 32 pixels, got 8", id="a tiny image size"),
]


@pytest.mark.parametrize(("options", "error", "message"), REFUSED)
def test_wrong_options_are_refused_at_start(library, weights, options, error, message):
    with pytest.raises(error, match=message):
        Detector(**{"weights": weights, **options})


def test_a_model_of_another_task_is_refused(library, weights):
    library.task = "classify"
    with pytest.raises(ExpertError, match="expected a model that detects, got one for the task 'classify'"):
        Detector(weights)


def test_weights_that_cannot_be_loaded(library, weights, monkeypatch):
    def fail(self, *args, **options):
        raise RuntimeError("no zip archive")

    monkeypatch.setattr(library, "__init__", fail)
    with pytest.raises(ExpertError, match=r"weights best.pt cannot be loaded: RuntimeError: no zip archive"):
        Detector(weights)


@pytest.mark.parametrize(
    ("error", "hint"),
    [
        pytest.param(RuntimeError("CUDA out of memory"), "lower run.batch or image_size", id="out of memory"),
        pytest.param(ValueError("odd"), "check the weights", id="anything else"),
    ],
)
def test_a_model_that_fails(library, weights, error, hint):
    library.fails = error
    with pytest.raises(ExpertError, match=f"best.pt fails: {type(error).__name__}: {error}") as caught:
        Detector(weights).look(RED)
    assert hint in caught.value.hint


def test_without_a_picture(library, weights):
    with pytest.raises(ExpertError, match="expected a picture of 'x', got none"):
        Detector(weights).look(sample(id="x"))


def test_without_the_library(monkeypatch, weights):
    monkeypatch.setitem(sys.modules, "ultralytics", None)
    with pytest.raises(MissingExtra, match=r"pip install 'caption-fusion\[detector\]'"):
        Detector(weights)
    assert Detector.requires["ultralytics"] == "pip install 'caption-fusion[detector]'"
    if importlib.util.find_spec("torch") is None:
        monkeypatch.delitem(sys.modules, "ultralytics")
        assert missing(Detector)[0] == "the library ultralytics is not installed"


# With a real model

PHOTOS = [
    pytest.param("pets.jpg", ["dog", "dog"], id="two dogs"),
    pytest.param("cat_720p.jpg", ["cat"], id="a cat"),
    pytest.param("hot_dog.jpg", ["hot dog"], id="a hot dog"),
]

OFFLINE = """
import json, socket, sys
calls = []
watched = ("socket.connect", "socket.getaddrinfo", "subprocess.Popen", "os.system")
sys.addaudithook(lambda event, args: calls.append([event, str(args)]) if event in watched else None)
from experts.detector import Detector
from fusion.testing import sample, solid_image
Detector(sys.argv[1]).look(sample(solid_image()))
print(json.dumps([call for call in calls if call[0] != "subprocess.Popen" or "pip" in call[1]]))
"""


@pytest.fixture(scope="module")
def real(shared):
    pytest.importorskip("ultralytics")
    expert = Detector(str(shared / "weights" / "torch_dequantised" / "yolov8n_deq.pt"), device="cpu")
    yield expert
    expert.close()


def photo(shared: Path, name: str, **changes):
    picture = images.load(shared / "data" / "photos" / name)
    return sample(picture.image, id=name, **changes)


@pytest.mark.models
@pytest.mark.filterwarnings("default")
class TestRealModel:
    @pytest.mark.parametrize(("name", "expected"), PHOTOS)
    def test_sees_what_is_there(self, real, shared, name, expected):
        one = photo(shared, name)
        facts = real.look(one)
        assert [fact.value for fact in facts if fact.score > 0.5] == expected
        assert all(0.25 <= fact.score <= 1 for fact in facts)
        assert all(fact.box.clip(one.width, one.height) == fact.box for fact in facts)

    def test_red_and_blue_are_not_exchanged(self, real, shared):
        """Scores fall where channels are exchanged, as the model was trained on RGB."""
        one = photo(shared, "hot_dog.jpg")
        swapped = sample(Image.fromarray(np.asarray(one.image)[:, :, ::-1].copy()), id="swapped")
        best = [max((f.score for f in real.look(s) if f.value == "hot dog"), default=0) for s in (one, swapped)]
        assert best[0] > best[1]

    def test_what_is_seen_does_not_depend_on_the_batch(self, real, shared):
        batch = [photo(shared, name.values[0]) for name in PHOTOS]
        together = [encode([(f.value, f.box) for f in facts]) for facts in real.look_batch(batch)]
        alone = [encode([(f.value, f.box) for f in real.look(one)]) for one in batch]
        assert together == alone

    def test_the_vocabulary_is_that_of_coco(self, real):
        card = real.cards("detector")["detector"]
        assert len(card.vocabulary) == 80
        assert card.covers("object", "puppy")

    def test_a_model_for_poses_sees_people(self, shared):
        pytest.importorskip("ultralytics")
        expert = Detector(str(shared / "weights" / "torch_dequantised" / "yolov8n-pose_deq.pt"), device="cpu")
        assert expert.card.vocabulary == ("person",)
        assert {fact.value for fact in expert.look(photo(shared, "face.jpg"))} <= {"person"}

    def test_an_openvino_folder(self, shared):
        pytest.importorskip("openvino")
        expert = Detector(str(shared / "weights" / "yolov8n_640_int8_openvino_model"))
        assert len(expert.card.vocabulary) == 80
        assert "cat" in {fact.value for fact in expert.look(photo(shared, "cat_720p.jpg"))}

    def test_nothing_goes_over_the_network_and_nothing_is_printed(self, real, shared):
        weights = shared / "weights" / "torch_dequantised" / "yolov8n_deq.pt"
        done = subprocess.run(
            [sys.executable, "-c", OFFLINE, weights],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert [json.loads(line) for line in done.stdout.splitlines()] == [[]]
