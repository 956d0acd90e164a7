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
from experts.detector.reading import FILLS, PERSON, Reader, Seen, facts_of, on_picture, run_lengths
from experts.weights import digest
from fusion import images
from fusion.codec import encode
from fusion.errors import ConfigError, ExpertError, MissingExtra
from fusion.expert import missing
from fusion.facts import Box, Claim, Fact
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
    pytest.param({"fills": 2}, ConfigError, "fills: expected 0..1, got 2", id="fills over 1"),
    pytest.param({"asked_confidence": -1}, ConfigError, "asked_confidence: expected 0..1, got -1", id="asked_confidence under 0"),
    pytest.param({"task": "classify"}, ConfigError, "task: expected one of detect, segment, pose, obb", id="another task"),
    pytest.param({"words": "dog"}, ConfigError, "words: expected a list of words, got 'dog'", id="words in a string"),
    pytest.param(
        {"words": ["dog"]}, ExpertError, "an open-vocabulary model .* whose classes are fixed", id="words for fixed classes"
    ),
    pytest.param({"thresholds": {"dog": 0.5}}, ConfigError, "expected classes of the model, got 'dog'", id="an unknown class"),
    pytest.param({"thresholds": {"person": 5}}, ConfigError, "expected 0..1 for 'person', got 5", id="a threshold over 1"),
    pytest.param({"sha256": "0" * 64}, ExpertError, "best.pt: expected the SHA-256 000000000000…", id="another checksum"),
    pytest.param({"sha256": "abc"}, ConfigError, "sha256: expected 64 hexadecimal digits", id="no checksum"),
    pytest.param({"weights": ""}, ConfigError, "weights: expected a path, got none", id="no weights"),
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


def claim(value, kind="object", **changes):
    return Claim(**{"id": f"c-{value}", "kind": kind, "value": value, "span": (0, 1), **changes})


def test_the_nearest_class_is_named(library, weights):
    with pytest.raises(ConfigError) as caught:
        Detector(weights, thresholds={"traffic sight": 0.5})
    assert caught.value.hint == "the nearest is 'traffic light'"


@pytest.mark.parametrize(
    ("options", "asked", "count"),
    [
        pytest.param({"thresholds": {"Traffic_Lights": 0.9}}, 0.25, 0, id="above the score"),
        pytest.param({"thresholds": {"traffic light": 0.4}, "confidence": 0.95}, 0.4, 1, id="under the common one"),
        pytest.param({"thresholds": {"person": 0.1}, "confidence": 0.9}, 0.1, 0, id="of another class"),
    ],
)
def test_a_class_may_have_a_threshold_of_its_own(library, weights, options, asked, count):
    expert = Detector(weights, **options)
    assert len(expert.look(RED)) == count
    assert expert._model.calls[0][1]["conf"] == asked


def test_the_checksum_of_the_weights_is_compared(library, weights):
    assert Detector(weights, sha256=digest(Path(weights)).upper()).card.vocabulary


def test_fewer_pictures_where_memory_runs_out(library, weights, monkeypatch):
    monkeypatch.setattr("experts.torch_models.release", lambda: None)
    expert = Detector(weights)
    predict, sizes = expert._model.predict, []

    def tight(pictures, **options):
        sizes.append(len(pictures))
        if len(pictures) > 1:
            raise RuntimeError("CUDA out of memory")
        return predict(pictures, **options)

    expert._model.predict = tight
    assert [len(facts) for facts in expert.look_batch([RED, BLUE, RED])] == [1, 0, 1]
    assert sizes == [3, 1, 1, 1]


def test_after_closing(library, weights):
    expert = Detector(weights)
    expert.close()
    with pytest.raises(ExpertError, match="expected an open expert, got one that was closed"):
        expert.look(RED)


def test_objects_that_are_claimed_are_looked_for_again(library, weights):
    expert = Detector(weights, asked_confidence=0.2)
    claims = [claim("traffic light"), claim("woman"), claim("zebra"), claim("brown", "style"), claim("woman", id="again")]
    light, nobody = expert.ask(RED, claims)
    assert light == Fact(kind="object", value="traffic light", score=0.8765, box=Box(1.0, 2.0, 3.0, 5.0))
    assert nobody == Fact(kind="object", value="woman", negated=True, score=0.8)
    assert [options["conf"] for _, options in expert._model.calls] == [0.2]


def test_nothing_is_looked_for_where_there_is_nothing_to_answer(library, weights):
    expert = Detector(weights)
    assert expert.ask(RED, [claim("zebra"), claim("person", verdict="supported"), claim("red", "style")]) == []
    assert expert._model.calls == []


# What results hold


class Array:
    """A tensor, as far as the expert reads it."""

    def __init__(self, values):
        self.values = np.asarray(values)

    def tolist(self):
        return self.values.tolist()

    def cpu(self):
        return self

    def numpy(self):
        return self.values


def result(corners=((0.0, 0.0, 10.0, 10.0),), numbers=(0,), **parts):
    boxes = types.SimpleNamespace(xyxy=Array(corners), conf=Array([0.5] * len(corners)), cls=Array(numbers))
    return types.SimpleNamespace(**{"boxes": boxes, **parts})


def test_masks_are_run_lengths_of_the_picture_with_their_shares():
    grid = np.zeros((1, 8, 8), np.uint8)
    grid[0, 2:6, :4] = 1  # a picture of 8×4, padded above and below: its left half
    masks = types.SimpleNamespace(data=Array(grid), orig_shape=(4, 8))
    (seen,) = Reader({0: "dog"}).read(result([[0, 0, 4, 4]], masks=masks))
    assert seen.data == {"share": 0.5, "share_of_box": 1.0, "mask": {"size": [4, 8], "counts": [0, 16, 16]}}
    (bare,) = Reader({0: "dog"}, masks=False).read(result([[0, 0, 4, 4]], masks=masks))
    assert bare.data == {"share": 0.5, "share_of_box": 1.0}


@pytest.mark.parametrize(
    ("mask", "counts"),
    [
        pytest.param([[0, 1], [0, 1]], [2, 2], id="the right column"),
        pytest.param([[1, 0], [0, 0]], [0, 1, 3], id="the first pixel"),
        pytest.param([[0, 0], [0, 0]], [4], id="nothing"),
        pytest.param([[1, 1], [1, 1]], [0, 4], id="all"),
    ],
)
def test_run_lengths_go_down_the_columns_from_what_is_outside(mask, counts):
    assert run_lengths(np.array(mask, bool)) == {"size": [2, 2], "counts": counts}


@pytest.mark.parametrize("size", [(1280, 720), (333, 500), (64, 64), (7, 900), (2, 9000)])
def test_a_mask_of_all_the_network_saw_is_all_of_the_picture(size):
    mask = on_picture(np.ones((320, 320)), *size)
    assert mask.shape == size[::-1]
    assert mask.all()


def test_an_object_whose_mask_covers_most_fills_the_frame():
    data = [{"share": 0.1}, {"share": 0.7}, {}]
    seen = [Seen("dog", 0.9, Box(0, 0, 9, 9), one) for one in data]
    facts = facts_of(seen, 0.6)
    assert [fact.kind for fact in facts] == ["object", "object", "object", "attribute"]
    assert facts[3] == Fact(kind="attribute", value=FILLS, about="1", parent="1", score=0.9, data={"share": 0.7})
    assert [fact.id for fact in facts[:3]] == ["", "1", ""]
    assert len(facts_of(seen, 0)) == 3


@pytest.mark.parametrize(
    ("count", "given", "first"),
    [
        pytest.param(17, (), "nose", id="a person of COCO"),
        pytest.param(2, (), "0", id="points without names"),
        pytest.param(2, ("head", "tail"), "head", id="points that the file names"),
    ],
)
def test_points_have_names(count, given, first):
    points = types.SimpleNamespace(xy=Array([[[1.04, 2.0]] * count]), conf=Array([[0.75] * count]))
    (seen,) = Reader({0: "dog"}, given).read(result(keypoints=points))
    assert seen.data["keypoints"][0] == [first, 1.0, 2.0, 0.75]
    assert len(seen.data["keypoints"]) == count
    points.conf = None
    assert Reader({0: "dog"}, given).read(result(keypoints=points))[0].data["keypoints"][0][3] == 1.0


def test_a_turned_box_stands_in_an_upright_one():
    corners = [[5.0, 0.0], [10.0, 5.0], [5.0, 10.0], [0.0, 5.0]]
    turned = result().boxes
    turned.xyxyxyxy = Array([corners])
    (seen,) = Reader({0: "plane"}).read(result(boxes=None, obb=turned))
    assert (seen.box, seen.data) == (Box(0.0, 0.0, 10.0, 10.0), {"polygon": corners})


def test_a_class_that_the_model_does_not_have():
    with pytest.raises(ExpertError, match="expected one of 1 classes, got the class 93") as caught:
        Reader({0: "dog"}).read(result(numbers=[93]))
    assert 'task = "segment"' in caught.value.hint


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


def decoded(lengths):
    """The mask of COCO's uncompressed RLE."""
    flat = np.repeat(np.arange(len(lengths["counts"])) % 2, lengths["counts"]).astype(bool)
    return flat.reshape(lengths["size"], order="F")


def segmenter(shared, **options):
    pytest.importorskip("ultralytics")
    pytest.importorskip("onnxruntime")
    (weights,) = (shared / "weights" / "yolov8n-seg_int8_onnx").glob("*.onnx")
    return Detector(str(weights), **{"task": "segment", **options})


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

    @pytest.mark.parametrize("name", ["torch_dequantised/yolov8n-pose_deq.pt", "yolov8n-pose_int8_openvino_model"])
    def test_a_model_for_poses_sees_people_and_their_points(self, shared, name):
        pytest.importorskip("ultralytics")
        pytest.importorskip("openvino")
        expert = Detector(str(shared / "weights" / name), device="cpu", task="pose")
        assert expert.card.vocabulary == ("person",)
        one = photo(shared, "face.jpg")
        first = expert.look(one)[0]
        points = {name: (x, y, score) for name, x, y, score in first.data["keypoints"]}
        assert tuple(points) == PERSON
        (x, y, score), box = points["nose"], first.box
        assert score > 0.9
        assert box.x0 < x < box.x1
        assert box.y0 < y < box.y1
        assert points["left_shoulder"][0] > points["right_shoulder"][0]  # as the person has them

    def test_masks_lie_in_their_boxes(self, shared):
        expert = segmenter(shared, fills=0.3)
        one = photo(shared, "cat_720p.jpg")
        facts = expert.look(one)
        cat = facts[0]
        assert cat.value == "cat"
        mask = decoded(cat.data["mask"])
        assert mask.shape == (one.height, one.width)
        assert mask.mean() == pytest.approx(cat.data["share"], abs=1e-4)
        rows, columns = np.nonzero(mask)
        seen = Box(columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)
        assert seen.iou(cat.box) > 0.9
        assert [(fact.about, fact.value) for fact in facts if fact.kind == "attribute" and fact.about == cat.id] == [("0", FILLS)]
        assert encode(facts)

    def test_a_mask_is_that_of_the_library_at_full_size(self, shared):
        expert = segmenter(shared)
        one = photo(shared, "owl.jpg")
        pixels = np.ascontiguousarray(np.asarray(one.image)[:, :, ::-1])
        (full,) = expert._model.predict([pixels], rect=False, save=False, retina_masks=True, **expert._options)
        ours, theirs = decoded(expert.look(one)[0].data["mask"]), full.masks.data[0].numpy() > 0
        assert (ours & theirs).sum() / (ours | theirs).sum() > 0.95

    def test_an_exported_model_run_for_another_task(self, shared):
        with pytest.raises(ExpertError, match="expected one of 80 classes"):
            segmenter(shared, task="detect").look(photo(shared, "owl.jpg"))

    def test_what_is_claimed_is_looked_for(self, real, shared):
        one = photo(shared, "cat_720p.jpg")
        kitten, zebra, animal = real.ask(one, [claim("kitten"), claim("zebra"), claim("cat")])
        assert (kitten.value, kitten.negated) == ("cat", False)
        assert kitten == animal
        assert kitten.box in {fact.box for fact in real.look(one)}
        assert (zebra.value, zebra.negated, zebra.score) == ("zebra", True, 0.9)

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


# With tiny models of other kinds


def built(tmp_path, description, name):
    """A model of one of ultralytics' own descriptions, with random weights and as few channels as it takes."""
    ultralytics, yaml = pytest.importorskip("ultralytics"), pytest.importorskip("yaml")
    text = (Path(ultralytics.__file__).parent / "cfg" / "models" / description).read_text(encoding="utf-8")
    file = tmp_path / name
    file.write_text(yaml.safe_dump(yaml.safe_load(text) | {"scales": {"n": [0.33, 0.05, 64]}}), encoding="utf-8")
    weights = str(file.with_suffix(".pt"))
    ultralytics.YOLO(str(file)).save(weights)
    return weights


@pytest.fixture
def encoders(tmp_path, monkeypatch):
    """The folder in which ultralytics looks for text encoders; the file with its settings is left alone."""
    pytest.importorskip("ultralytics")
    from ultralytics.utils import SETTINGS

    monkeypatch.chdir(tmp_path)
    before = SETTINGS["weights_dir"]
    dict.__setitem__(SETTINGS, "weights_dir", tmp_path / "encoders")
    sys.modules.pop("ultralytics.nn.text_model", None)
    yield tmp_path / "encoders"
    dict.__setitem__(SETTINGS, "weights_dir", before)
    sys.modules.pop("ultralytics.nn.text_model", None)  # it holds on to the package clip


def fake_clip():
    """The package clip with an encoder that gives each text a vector of its own."""
    import torch

    class Encoder(torch.nn.Module):
        def encode_text(self, tokens):
            return torch.nn.functional.one_hot(tokens[:, 0] % 512, 512).float()

    clip = types.ModuleType("clip")
    clip.load = lambda size, device, download_root: (Encoder(), None)
    clip.tokenize = lambda texts, truncate: torch.tensor([[sum(map(ord, text))] for text in texts])
    return clip


@pytest.mark.models
@pytest.mark.filterwarnings("default")
class TestTinyModels:
    def test_turned_boxes(self, tmp_path):
        expert = Detector(built(tmp_path, "v8/yolov8-obb.yaml", "yolov8n-obb.yaml"), device="cpu", confidence=0.0, image_size=64)
        facts = expert.look(sample(solid_image(colour="red")))
        assert facts
        for fact in facts:
            across, down = zip(*fact.data["polygon"], strict=True)
            assert len(across) == 4
            assert fact.box.x0 == pytest.approx(min(across), abs=0.2)
            assert fact.box.y1 == pytest.approx(max(down), abs=0.2)
        assert encode(facts)

    @pytest.mark.parametrize(
        ("description", "name", "file"),
        [
            pytest.param("v8/yolov8-worldv2.yaml", "yolov8n-worldv2.yaml", "ViT-B-32.pt", id="YOLO-World"),
            pytest.param("v8/yoloe-v8.yaml", "yoloe-v8n.yaml", "mobileclip_blt.ts", id="YOLOE"),
        ],
    )
    def test_words_need_a_text_encoder_that_is_not_fetched(self, tmp_path, encoders, description, name, file):
        weights = built(tmp_path, description, name)
        with pytest.raises(ExpertError, match=f"expected the text encoder of .*{file}, got none on this machine") as caught:
            Detector(weights, words=["cat"], device="cpu")
        assert "model.set_classes, model.save" in caught.value.hint
        assert not encoders.exists()

    def test_the_package_of_the_encoder_is_named_where_it_is_missing(self, tmp_path, encoders, monkeypatch):
        (encoders / "clip").mkdir(parents=True)
        (encoders / "clip" / "ViT-B-32.pt").touch()
        monkeypatch.setitem(sys.modules, "clip", None)
        with pytest.raises(ExpertError, match=r"the text encoder of yolov8n-worldv2.pt fails") as caught:
            Detector(built(tmp_path, "v8/yolov8-worldv2.yaml", "yolov8n-worldv2.yaml"), words=["cat"])
        assert "install the package clip" in caught.value.hint

    def test_words_become_the_classes(self, tmp_path, encoders, monkeypatch):
        (encoders / "clip").mkdir(parents=True)
        (encoders / "clip" / "ViT-B-32.pt").touch()
        monkeypatch.setitem(sys.modules, "clip", fake_clip())
        weights = built(tmp_path, "v8/yolov8-worldv2.yaml", "yolov8n-worldv2.yaml")
        expert = Detector(weights, words=["Fire_Hydrants", "cat"], device="cpu", confidence=0.0, image_size=64)
        assert expert.card.vocabulary == ("cat", "fire hydrant")
        facts = expert.look(sample(solid_image(colour="red")))
        assert facts
        assert {fact.value for fact in facts} <= {"cat", "fire hydrant"}
        expert._model.save(str(tmp_path / "own.pt"))
        assert Detector(str(tmp_path / "own.pt"), device="cpu").card.vocabulary == ("cat", "fire hydrant")
