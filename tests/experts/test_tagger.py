"""Classifiers of pictures: what their files say, what is stated and denied, and real models of four kinds."""

from __future__ import annotations

import json
import struct
import sys

import numpy as np
import pytest

from experts import tagger
from experts.tagger import Tagger, activated
from experts.tagger.files import Listed, read_groups, read_labels, read_taxonomy, read_thresholds
from experts.tagger.labels import meant
from experts.tagger.pixels import Pixels
from experts.weights import digest
from fusion import images
from fusion.errors import ConfigError, ExpertError, MissingExtra
from fusion.facts import Claim, Fact
from fusion.testing import sample, solid_image

RED, GREEN, BLUE = (sample(solid_image(colour=c), id=c) for c in ("red", "lime", "blue"))
WD = "tag_id,name,category,count\n1,general,9,9\n2,explicit,9,9\n3,long_hair,0,9\n4,saber_(fate),4,9\n"


def written(folder, name, text):
    file = folder / name
    file.write_text(text, "utf-8")
    return str(file)


def said(facts):
    return [fact.value for fact in facts]


def claim(value, kind="object", **fields):
    return Claim(id="c0", kind=kind, value=value, span=(0, 1), **{"verdict": "unverified", **fields})


# Files

LABELS = [
    pytest.param("a.txt", "tench, Tinca tinca\n\ncat \n", ("tench, Tinca tinca", "cat"), id="a label a line"),
    pytest.param("a.txt", "1 cat\n0  tench\n", ("tench", "cat"), id="index and label, in any order"),
    pytest.param("a.txt", "1: tench\n2: great white shark\n", ("tench", "great white shark"), id="index from 1, colon"),
    pytest.param("a.txt", "/a/airfield 0\n/a/alley 1\n", ("/a/airfield", "/a/alley"), id="label and index"),
    pytest.param("a.txt", "3 balls\n3 cats\n", ("3 balls", "3 cats"), id="numbers that do not count through"),
    pytest.param("a.json", '["cat", "dog"]', ("cat", "dog"), id="a JSON list"),
    pytest.param("a.json", '{"1": "dog", "0": "cat"}', ("cat", "dog"), id="a JSON map"),
    pytest.param("a.csv", '\ufeffid,label\n7,cat\n8,"dog, big"\n', ("cat", "dog, big"), id="a CSV"),
]


@pytest.mark.parametrize(("name", "text", "names"), LABELS)
def test_label_files(tmp_path, name, text, names):
    assert read_labels(written(tmp_path, name, text)) == Listed(names)


def test_the_csv_of_a_booru_tagger(tmp_path):
    listed = read_labels(written(tmp_path, "selected_tags.csv", WD))
    assert listed == Listed(("general", "explicit", "long_hair", "saber_(fate)"), ("9", "9", "0", "4"), booru=True)


BAD_FILES = [
    pytest.param(read_labels, "a.csv", "x,y\n1,2\n", "labels: expected a column 'name' in a.csv, got x, y", id="no such column"),
    pytest.param(read_labels, "a.csv", "", "got no rows", id="an empty CSV"),
    pytest.param(read_labels, "a.txt", "\n", "labels: expected names in a.txt, got none", id="no labels"),
    pytest.param(read_labels, "a.json", "{", "labels: expected JSON in a.json", id="labels that are no JSON"),
    pytest.param(read_labels, "a.json", '{"5": "cat"}', "labels: expected a list of names, or a map from 0", id="index missing"),
    pytest.param(
        read_thresholds, "a.json", "[1]", "thresholds: expected a JSON map in a.json, got list", id="thresholds, a list"
    ),
    pytest.param(read_thresholds, "a.json", '{"cat": 2}', "expected 0..1 for 'cat' in a.json, got 2", id="threshold over 1"),
    pytest.param(read_thresholds, "a.csv", "cat,.3\ndog\n", "expected 0..1 for 'dog' in a.csv, got ''", id="no threshold"),
    pytest.param(read_groups, "a.json", '["cat"]', "groups: expected a list of lists of labels in a.json", id="groups, flat"),
    pytest.param(
        read_taxonomy, "a.json", '{"cat": "pet"}', "taxonomy: expected a list of names for 'cat'", id="taxonomy, a text"
    ),
]


@pytest.mark.parametrize(("read", "name", "text", "message"), BAD_FILES)
def test_files_that_cannot_be_read(tmp_path, read, name, text, message):
    with pytest.raises(ExpertError, match=message):
        read(written(tmp_path, name, text))


@pytest.mark.parametrize("read", [read_labels, read_thresholds, read_groups, read_taxonomy])
def test_files_that_are_not_there_or_no_text(tmp_path, read):
    with pytest.raises(ExpertError, match=r": expected a file, got 'none.txt', which does not exist"):
        read("none.txt")
    (tmp_path / "a.txt").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ExpertError, match=r"expected text in UTF-8, got a.txt"):
        read(str(tmp_path / "a.txt"))


def test_thresholds_groups_and_taxonomy(tmp_path):
    assert read_thresholds(written(tmp_path, "a.csv", "tag,threshold\ncat,0.3\n")) == {"cat": 0.3}
    assert read_thresholds(written(tmp_path, "a.json", '{"cat": 1}')) == {"cat": 1.0}
    assert read_groups(written(tmp_path, "g.txt", "day, night\n\nindoors,outdoors\n")) == [
        ["day", "night"],
        ["indoors", "outdoors"],
    ]
    assert read_groups(written(tmp_path, "g.json", '[["day", "night"]]')) == [["day", "night"]]
    assert read_taxonomy(written(tmp_path, "t.csv", "cat,feline,mammal\n")) == {"cat": ("feline", "mammal")}
    assert read_taxonomy(written(tmp_path, "t.json", '{"cat": ["feline"]}')) == {"cat": ("feline",)}


# What labels mean

MEANINGS = [
    pytest.param(["tench, Tinca tinca"], "object", ["tench"], id="the first name"),
    pytest.param(["n01440764 tench, Tinca tinca"], "tag", ["tench"], id="WordNet's number goes"),
    pytest.param(["Traffic_Lights"], "object", ["traffic light"], id="a plain noun"),
    pytest.param(["Traffic_Lights"], "tag", ["Traffic_Lights"], id="tags stay as they are"),
    pytest.param(["Black_and_White"], "style", ["black and white"], id="styles in lower case"),
    pytest.param(["Paris, France"], "name", ["Paris, France"], id="names stay as they are"),
    pytest.param(["/a/apartment_building/outdoor"], "scene", ["apartment building"], id="a place of Places365"),
    pytest.param(
        ["cardigan", "Cardigan, Cardigan Welsh corgi"], "object", ["cardigan", "cardigan welsh corgi"], id="two of a name"
    ),
    pytest.param(["crane", "crane"], "object", ["crane", "crane"], id="two of a name, and no other"),
    pytest.param(["Ara macao (Scarlet Macaw)"], "object", ["scarlet macaw"], id="a species"),
    pytest.param(["Syntomoides imaon ()"], "tag", ["Syntomoides imaon"], id="a species without a common name"),
    pytest.param(["Traffic light (red)", "dog", "cat"], "object", ["traffic light", "dog", "cat"], id="no species"),
]


@pytest.mark.parametrize(("names", "kind", "values"), MEANINGS)
def test_what_labels_are_stated_as(names, kind, values):
    labels = meant(Listed(tuple(names)), kind, {})
    assert [label.value for label in labels] == values
    assert {label.kind for label in labels} == {kind}


def test_background_is_never_stated():
    assert [label.kind for label in meant(Listed(("background", "cat")), "object", {})] == ["", "object"]


@pytest.mark.parametrize(
    ("states", "kinds"),
    [
        pytest.param("tag", ["tag", "tag", "tag", "name"], id="characters are names"),
        pytest.param("object", ["tag", "tag", "object", "name"], id="ratings stay tags"),
        pytest.param({"0": "object", "9": ""}, ["", "", "object", "name"], id="a map"),
        pytest.param({"4": "tag"}, ["tag", "tag", "tag", "tag"], id="the map goes first"),
    ],
)
def test_kinds_by_category(states, kinds):
    listed = Listed(("general", "explicit", "long_hair", "saber_(fate)"), ("9", "9", "0", "4"), booru=True)
    assert [label.kind for label in meant(listed, states, {})] == kinds


def test_broader_names_come_after_the_species():
    (label,) = meant(Listed(("Ara macao (Scarlet Macaw)",)), "tag", {"ara macao": ("parrot", "bird")})
    assert label.taxonomy == ("Ara macao", "Scarlet Macaw", "parrot", "bird")


# What is stated, with numbers in place of a model


class FakeModel:
    """Gives every picture the same numbers."""

    def __init__(self, numbers, activation="sigmoid", done=True, on_torch=False, error=None):
        self.numbers, self.activation, self.done, self.on_torch, self.error = numbers, activation, done, on_torch, error
        self.names, self.outputs, self.version, self.calls = (), len(numbers), "fake", []

    def scores(self, pictures):
        self.calls.append(len(pictures))
        if self.error is not None and len(pictures) > 1:
            raise self.error
        return np.array([self.numbers] * len(pictures), dtype=np.float32)


@pytest.fixture
def fake(monkeypatch):
    """Makes a tagger of names with their numbers."""

    def make(numbers, listed=None, model=None, **options):
        model = model or FakeModel(list(numbers.values()))
        monkeypatch.setattr(tagger, "load", lambda source, pixels: (model, listed or Listed(tuple(numbers))))
        return Tagger("fake", **options)

    return make


STATED = [
    pytest.param({"cat": 0.3, "dog": 0.5, "car": 0.9}, {}, ["car", "dog"], id="from the threshold on, likeliest first"),
    pytest.param({"cat": 0.3, "dog": 0.5, "car": 0.9}, {"top_k": 1}, ["car"], id="at most"),
    pytest.param({"cat": 0.3, "dog": 0.5}, {"threshold": 0.25}, ["dog", "cat"], id="a lower threshold"),
    pytest.param({"cat": 0.35}, {"threshold": 0.35}, ["cat"], id="the threshold itself"),
    pytest.param({"cat": 0.0}, {"threshold": 0}, ["cat"], id="all"),
    pytest.param({"day": 0.6, "night": 0.7, "cat": 0.5}, {"groups": [["day", "night"]]}, ["night", "cat"], id="one of a group"),
    pytest.param({"day": 0.6, "night": 0.6}, {"groups": [["day", "night"]]}, ["day"], id="the first of equals"),
    pytest.param({"day": 0.1, "night": 0.2}, {"groups": [["day", "night"]]}, [], id="none of a group"),
    pytest.param({"crane": 0.5, "Crane": 0.6}, {"states": "object"}, ["crane"], id="a word only once"),
]


@pytest.mark.parametrize(("numbers", "options", "stated"), STATED)
def test_what_is_stated(fake, numbers, options, stated):
    threshold = float(np.float32(options["threshold"])) if "threshold" in options else 0.35
    expert = fake({name: float(np.float32(n)) for name, n in numbers.items()}, **{**options, "threshold": threshold})
    assert said(expert.look(RED)) == stated


def test_thresholds_of_their_own(fake, tmp_path):
    file = written(tmp_path, "t.json", '{"CAT": 0.1, "unknown": 0.5, "dog": 0.9}')
    assert said(fake({"cat": 0.2, "dog": 0.8, "car": 0.5}, thresholds=file).look(RED)) == ["car", "cat"]


def test_ratings_exclude_each_other(fake, tmp_path):
    listed = read_labels(written(tmp_path, "selected_tags.csv", WD))
    numbers = {"general": 0.5, "explicit": 0.6, "long_hair": 0.9, "saber_(fate)": 0.8}
    assert fake(numbers, listed).look(RED) == [
        Fact(kind="tag", value="long_hair", score=0.9, data={"category": "0"}),
        Fact(kind="name", value="saber_(fate)", score=0.8, data={"category": "4"}),
        Fact(kind="tag", value="explicit", score=0.6, data={"category": "9"}),
    ]


def test_labels_of_one_word_add_up_where_one_is_chosen(fake):
    model = FakeModel([0.2, 0.3, 0.5], activation="softmax")
    expert = fake({}, Listed(("crane", "crane", "dog")), model, states="object")
    assert expert.look(RED) == [Fact(kind="object", value=word, score=0.5) for word in ("crane", "dog")]
    model = FakeModel([0.2, 0.4, 0.5])
    facts = fake({}, Listed(("n00000001 crane", "crane, bird", "dog")), model, states="object").look(RED)
    assert (facts[1].value, facts[1].score, facts[1].data) == ("bird", 0.4, {"label": "crane, bird"})


def test_the_card(fake):
    one = fake(
        {}, Listed(("background", "Traffic_Lights", "tench, Tinca")), FakeModel([0, 0, 1], "softmax"), states="object"
    ).card
    assert (one.sees, one.vocabulary, one.version) == (("object",), ("tench", "traffic light"), "fake")
    assert (one.recall_of("object", "tench"), one.precision_of("object", "tench")) == (0.16, 0.76)
    several = fake({"cat": 0.5}).card
    assert (several.recall, several.precision) == (Tagger.card.recall, Tagger.card.precision)


# Asking

ASKED = [
    pytest.param(claim("couch"), ("couch", False, 0.7), id="a synonym that is there"),
    pytest.param(claim("umbrella"), ("umbrella", True, 0.9), id="a label that is not there"),
    pytest.param(claim("umbrella", "scene"), ("umbrella", True, 0.9), id="as a scene"),
    pytest.param(claim("dinosaur"), None, id="no label"),
    pytest.param(claim("sofa", "attribute", about="x"), None, id="a kind that it cannot judge"),
    pytest.param(claim("sofa", verdict="supported"), None, id="already judged"),
    pytest.param(claim("sofa", verdict=None), None, id="only context"),
]


@pytest.mark.parametrize(("asked", "answer"), ASKED)
def test_asked_about_a_claim(fake, asked, answer):
    facts = fake({"sofa": 0.7, "umbrella": 0.1}, states="object").ask(RED, [asked])
    assert [(f.value, f.negated, round(f.score, 3)) for f in facts] == ([answer] if answer else [])
    assert all(f.kind == asked.kind for f in facts)


def test_without_a_word_for_it_the_model_is_not_run(fake):
    model = FakeModel([0.5])
    assert fake({"cat": 0}, model=model).ask(RED, [claim("dinosaur")]) == []
    assert model.calls == []


def test_names_are_compared_without_underscores(fake):
    expert = fake({"hatsune_miku": 0.9}, states="name")
    assert said(expert.ask(RED, [claim("Hatsune Miku", "name")])) == ["Hatsune Miku"]
    assert expert.ask(RED, [claim("Hatsune", "name"), claim("hatsune miku")]) == []


def test_a_model_that_chooses_one_label_denies_others_weakly(fake):
    expert = fake({}, Listed(("sofa", "umbrella")), FakeModel([0.75, 0.25], "softmax"))
    (fact,) = expert.ask(RED, [claim("umbrella")])
    assert (fact.negated, fact.score) == (True, round(0.75 * 0.16, 4))


# From outputs to probabilities


@pytest.mark.parametrize(
    ("activation", "expected"),
    [
        pytest.param("softmax", [[0.5, 0.5], [0.0, 1.0]], id="softmax"),
        pytest.param("sigmoid", [[0.5, 0.5], [0.0, 1.0]], id="sigmoid"),
    ],
)
def test_activations(activation, expected):
    assert activated(np.array([[0, 0], [-1000, 1000]]), activation, "m").round(6).tolist() == expected


def test_numbers_that_are_no_probabilities():
    assert activated(np.array([[-0.005, 1.005]]), "none", "m").tolist() == [[0.0, 1.0]]
    with pytest.raises(ExpertError, match=r"model 'm': expected probabilities, got numbers from -3 to 7") as caught:
        activated(np.array([[-3.0, 7.0]]), "none", "m")
    assert "sigmoid" in caught.value.hint
    with pytest.raises(ExpertError, match="expected numbers, got infinite ones or none"):
        activated(np.array([[np.nan, 1.0]]), "softmax", "m")


# What is refused

REFUSED = [
    pytest.param({"top_k": -1}, ConfigError, "top_k: expected 0", id="top_k under 0"),
    pytest.param({"threshold": 1.5}, ConfigError, r"threshold: expected 0..1, got 1.5", id="threshold over 1"),
    pytest.param({"activation": "relu"}, ConfigError, "activation: expected one of softmax, sigmoid, none", id="activation"),
    pytest.param({"batch": 0}, ConfigError, "batch: expected 1 picture or more", id="an empty batch"),
    pytest.param({"states": "text"}, ConfigError, "states: expected one of tag, object, scene, style, name", id="no such kind"),
    pytest.param({"states": {"0": "thing"}}, ConfigError, "states: .* got 'thing'", id="no such kind in a map"),
    pytest.param({"groups": [["a"], "b"]}, ConfigError, "groups: expected a list of lists", id="groups"),
    pytest.param({"size": -1}, ConfigError, "size: expected pixels", id="size under 0"),
    pytest.param({"mean": [0.5, 0.5]}, ConfigError, "mean: expected a number, or three", id="two means"),
    pytest.param({"std": 0}, ConfigError, "std: expected numbers above 0", id="no deviation"),
    pytest.param({"fit": "fill"}, ConfigError, "fit: expected one of stretch, crop, pad, got 'fill'", id="fit"),
    pytest.param({"bgr": "yes"}, ConfigError, "bgr: expected true or false, got 'yes'", id="bgr"),
    pytest.param({"model": ""}, ConfigError, "model: expected a folder or a file, got none", id="no model"),
    pytest.param(
        {"model": "m.pth"}, ConfigError, r"got 'm.pth'\. for a checkpoint of timm write architecture", id="a checkpoint"
    ),
    pytest.param({"model": "m.onnx"}, ConfigError, r"labels: expected a file with the labels of m.onnx", id="no labels"),
    pytest.param(
        {"model": "m.xml", "labels": "l.txt", "sha256": "0" * 64}, ConfigError, "give the folder of both", id="sum of xml"
    ),
    pytest.param({"model": "m.onnx", "labels": "l.txt", "sha256": "0" * 64}, ExpertError, "expected the SHA-256 0000", id="sum"),
    pytest.param({"model": "broken"}, ExpertError, r"model broken: expected JSON in config.json", id="config"),
]


@pytest.mark.parametrize(("options", "error", "message"), REFUSED)
def test_wrong_options_are_refused_at_start(tmp_path, monkeypatch, options, error, message):
    monkeypatch.chdir(tmp_path)
    for name in ("m.pth", "m.onnx", "m.xml", "l.txt"):
        written(tmp_path, name, "x")
    (tmp_path / "broken").mkdir()
    written(tmp_path, "broken/config.json", "{")
    with pytest.raises(error) as caught:
        Tagger(**{"model": "m.onnx", **options})
    assert caught.match(message)


def test_names_of_labels_that_do_not_exist(fake, tmp_path):
    with pytest.raises(ConfigError, match="groups: expected labels that the model states, got 'nite'"):
        fake({"day": 0.5, "night": 0.5}, groups=[["day", "nite"]])
    with pytest.raises(ConfigError, match="thresholds: expected names of the model's labels, got none of them"):
        fake({"day": 0.5}, thresholds=written(tmp_path, "t.json", '{"cat": 0.5}'))


@pytest.mark.parametrize("module", ["openvino", "timm", "torch"])
def test_without_the_library(tmp_path, monkeypatch, module):
    monkeypatch.setitem(sys.modules, module, None)
    file = written(tmp_path, "m.onnx" if module == "openvino" else "m.safetensors", "x")
    with pytest.raises(MissingExtra, match=r"pip install 'caption-fusion\[tagger\]'"):
        Tagger(file, labels=written(tmp_path, "l.txt", "cat"), architecture="" if module == "openvino" else "resnet10t")


def test_without_a_picture_or_closed(fake):
    expert = fake({"cat": 0.5})
    with pytest.raises(ExpertError, match="expected a picture of 'x', got none"):
        expert.look(sample(id="x"))
    expert.close()
    with pytest.raises(ExpertError, match="one that was closed"):
        expert.look(RED)


def test_batches(fake):
    model = FakeModel([0.5])
    assert [said(facts) for facts in fake({"cat": 0}, model=model, batch=2).look_batch([RED] * 5)] == [["cat"]] * 5
    assert model.calls == [2, 2, 1]
    assert fake({"cat": 0}, model=model).look_batch([]) == []


def test_a_model_that_fails(fake):
    model = FakeModel([0.5], error=ValueError("odd\nlong"))
    with pytest.raises(ExpertError, match=r"model 'fake' fails: ValueError: odd\. check") as caught:
        fake({"cat": 0}, model=model).look_batch([RED, RED])
    assert "lower batch" in caught.value.hint


@pytest.mark.parametrize(
    ("fit", "size", "corner"),
    [
        pytest.param("", (40, 20), (255, 0, 0), id="as it is"),
        pytest.param("crop", (20, 20), (255, 0, 0), id="the middle"),
        pytest.param("pad", (40, 40), (255, 255, 255), id="on white"),
    ],
)
def test_what_of_a_picture_is_seen(fit, size, corner):
    framed = Pixels(fit=fit).framed(solid_image(40, 20, "red"))
    assert (framed.size, framed.getpixel((0, 0)), framed.getpixel((size[0] // 2, size[1] // 2))) == (size, corner, (255, 0, 0))


# With files that OpenVINO reads

WEIGHT = np.eye(3, dtype=np.float32)


def graph(path, shape, end="softmax", kind=np.float32, scale=8.0, outputs=1):
    """Saves the graph that says which of three channels is brightest, and by how much."""
    import openvino as ov
    from openvino import opset13 as ops

    picture = ops.parameter(shape, kind)
    rows = [2, 3] if shape[1] == 3 else [1, 2]
    means = ops.reduce_mean(ops.convert(picture, np.float32), np.array(rows), keep_dims=False)
    made = ops.matmul(means, ops.constant(WEIGHT * scale), transpose_a=False, transpose_b=False)
    ended = {"softmax": lambda: ops.softmax(made, 1), "sigmoid": lambda: ops.sigmoid(made), "": lambda: made}[end]()
    extra = [ops.relu(means)] if outputs == 2 else []
    ov.save_model(ov.Model([*extra, ended], [picture], "tiny"), str(path), compress_to_fp16=False)
    return str(path)


@pytest.fixture
def colours(tmp_path):
    return written(tmp_path, "colours.txt", "red\ngreen\nblue\n")


@pytest.mark.models
class TestOpenVino:
    @pytest.fixture(autouse=True)
    def library(self):
        pytest.importorskip("openvino")

    @pytest.mark.parametrize(
        ("shape", "kind", "scale"),
        [
            pytest.param([-1, 3, 16, 16], np.float32, 8, id="real, channels first, any batch"),
            pytest.param([1, 3, 16, 16], np.float32, 8, id="real, channels first, one picture"),
            pytest.param([1, 16, 12, 3], np.float32, 8, id="real, channels last"),
            pytest.param([-1, 16, 16, 3], np.uint8, 0.1, id="whole numbers"),
            pytest.param([1, 16, 16, 3], np.int8, 0.1, id="whole numbers with a sign"),
            pytest.param([1, 3, 16, 16], np.float16, 8, id="half precision"),
        ],
    )
    def test_inputs(self, tmp_path, colours, shape, kind, scale):
        expert = Tagger(graph(tmp_path / "m.xml", shape, kind=kind, scale=scale), labels=colours)
        together = expert.look_batch([RED, GREEN, BLUE, RED])
        assert [said(facts) for facts in together] == [["red"], ["green"], ["blue"], ["red"]]
        assert together == [expert.look(one) for one in (RED, GREEN, BLUE, RED)]
        assert all(facts[0].score > 0.99 for facts in together)

    @pytest.mark.parametrize(
        ("end", "options", "scores"),
        [
            pytest.param("softmax", {}, [0.787, 0.106, 0.106], id="a graph that ends in a softmax"),
            pytest.param("", {}, [0.787, 0.106, 0.106], id="one that does not"),
            pytest.param("sigmoid", {}, [0.881, 0.5, 0.5], id="a graph that ends in a sigmoid"),
            pytest.param("", {"activation": "sigmoid"}, [0.881, 0.5, 0.5], id="a sigmoid asked for"),
        ],
    )
    def test_activations(self, tmp_path, colours, end, options, scores):
        file = graph(tmp_path / "m.xml", [1, 3, 8, 8], end, scale=2.0)
        expert = Tagger(file, labels=colours, threshold=0, mean=0, std=1, **options)
        assert [round(fact.score, 3) for fact in expert.look(RED)] == scores

    def test_the_output_that_fits_the_labels(self, tmp_path):
        file = graph(tmp_path / "m.xml", [1, 3, 8, 8], outputs=2)
        labels = written(tmp_path, "l.txt", "red\ngreen\nblue\n")
        assert said(Tagger(file, labels=labels).look(RED)) == ["red"]
        with pytest.raises(ExpertError, match=r"model m.xml: expected an output of 2 numbers, one a label, got 3, 3"):
            Tagger(file, labels=written(tmp_path, "two.txt", "red\ngreen\n"))

    def test_any_size(self, tmp_path, colours):
        file = graph(tmp_path / "m.xml", [1, 3, -1, -1])
        assert said(Tagger(file, labels=colours, size=8).look(BLUE)) == ["blue"]
        with pytest.raises(ConfigError, match=r"size: expected pixels, as m.xml takes any, got none"):
            Tagger(file, labels=colours)

    def test_options_of_the_input(self, tmp_path, colours):
        file = graph(tmp_path / "m.xml", [1, 3, 8, 8])
        assert said(Tagger(file, labels=colours, bgr=True).look(RED)) == ["blue"]
        with pytest.raises(ConfigError, match=r"size: expected 8×8, which m.xml takes, got 16"):
            Tagger(file, labels=colours, size=16)
        with pytest.raises(ConfigError, match=r"device: expected one of CPU.*, got 'tpu'"):
            Tagger(file, labels=colours, device="tpu")
        with pytest.raises(ConfigError, match="precision: expected one of float32"):
            Tagger(file, labels=colours, precision="int4")
        with pytest.raises(ConfigError, match="mean, std: expected none, as the model takes pixels in whole numbers"):
            Tagger(graph(tmp_path / "i.xml", [1, 8, 8, 3], kind=np.uint8), labels=colours, mean=0.5)
        with pytest.raises(ExpertError, match="expected an input of 1 or 3 channels"):
            Tagger(file, labels=colours, channels_first=False)

    def test_graphs_that_are_none_or_take_several_pictures(self, tmp_path, colours):
        with pytest.raises(ExpertError, match=r"model bad.onnx cannot be loaded: "):
            Tagger(written(tmp_path, "bad.onnx", "garbage"), labels=colours)
        with pytest.raises(ExpertError, match="got a batch of 4"):
            Tagger(graph(tmp_path / "m.xml", [4, 3, 8, 8]), labels=colours)

    def test_a_folder_with_its_checksum(self, tmp_path, colours):
        folder = tmp_path / "model"
        folder.mkdir()
        graph(folder / "m.xml", [1, 3, 8, 8])
        assert said(Tagger(str(folder), labels=colours, sha256=digest(folder)).look(RED)) == ["red"]
        with pytest.raises(ExpertError, match="expected the SHA-256 0000"):
            Tagger(str(folder), labels=colours, sha256="0" * 64)

    def test_an_onnx_file_with_the_csv_of_a_booru_tagger_beside_it(self, tmp_path):
        """Such models take blue, green, red as 0..255 on a white square, and end in a sigmoid."""
        written(tmp_path, "selected_tags.csv", "tag_id,name,category,count\n1,blue_sky,0,9\n2,green_hair,0,9\n3,red_(x),4,9\n")
        (tmp_path / "model.onnx").write_bytes(onnx(WEIGHT / 32, bias=-3.0))
        expert = Tagger(str(tmp_path / "model.onnx"), threshold=0.5)
        assert [(f.kind, f.value) for f in expert.look(BLUE)] == [("tag", "blue_sky")]
        assert [(f.kind, f.value) for f in expert.look(RED)] == [("name", "red_(x)")]
        square, tall = sample(solid_image(40, 40, "red")), sample(solid_image(10, 40, "red"))
        assert expert.look_batch([square, BLUE]) == [expert.look(square), expert.look(BLUE)]
        assert set(said(expert.look(tall))) == {"blue_sky", "green_hair", "red_(x)"}  # the white beside it


def onnx(weight, bias):
    """A file of ONNX: pixels [any, 8, 8, 3] → mean of each channel × weight + bias → sigmoid."""
    made = [
        _node("ReduceMean", ["x"], "mean", _field(5, _text(1, "axes") + _number(8, 1) + _number(8, 2) + _number(20, 7))
              + _field(5, _text(1, "keepdims") + _number(3, 0) + _number(20, 2))),
        _node("MatMul", ["mean", "weight"], "product"),
        _node("Add", ["product", "bias"], "sum"),
        _node("Sigmoid", ["sum"], "y"),
    ]  # fmt: skip
    tensors = [_tensor("weight", weight), _tensor("bias", np.full(3, bias))]
    body = b"".join(_field(1, one) for one in made) + _text(2, "tiny") + b"".join(_field(5, one) for one in tensors)
    body += _field(11, _shape("x", [0, 8, 8, 3])) + _field(12, _shape("y", [0, 3]))
    return _number(1, 8) + _field(7, body) + _field(8, _text(1, "") + _number(2, 13))


def _varint(value):
    return bytes([value]) if value < 128 else bytes([value % 128 + 128]) + _varint(value // 128)


def _number(field, value):
    return _varint(field * 8) + _varint(value)


def _field(field, data):
    return _varint(field * 8 + 2) + _varint(len(data)) + data


def _text(field, value):
    return _field(field, value.encode())


def _node(kind, inputs, output, attributes=b""):
    return b"".join(_text(1, name) for name in inputs) + _text(2, output) + _text(4, kind) + attributes


def _tensor(name, values):
    sides = b"".join(_number(1, side) for side in values.shape)
    raw = struct.pack(f"<{values.size}f", *values.flatten().tolist())
    return sides + _number(2, 1) + _text(8, name) + _field(9, raw)


def _shape(name, sides):
    dims = b"".join(_field(1, _number(1, side) if side else _text(2, "n")) for side in sides)
    return _text(1, name) + _field(2, _field(1, _number(1, 1) + _field(2, dims)))


# With published models

PHOTOS = [
    pytest.param("cat_720p.jpg", "egyptian cat", id="a cat"),
    pytest.param("hot_dog.jpg", "hotdog", id="a hot dog"),
    pytest.param("parrot.jpg", "macaw", id="a parrot"),
]


@pytest.fixture(scope="module")
def folder(shared):
    pytest.importorskip("openvino")
    return shared / "weights" / "coral_mobilenet_tflite"


@pytest.fixture(scope="module")
def imagenet(folder):
    file = folder / "mobilenet_v2_1.0_224_quant.tflite"
    expert = Tagger(str(file), labels=str(folder / "imagenet_labels.txt"), states="object", sha256=digest(file))
    yield expert
    expert.close()


@pytest.mark.models
class TestMobileNet:
    def photo(self, shared, name):
        return sample(images.load(shared / "data" / "photos" / name).image, id=name)

    @pytest.mark.parametrize(("name", "expected"), PHOTOS)
    def test_sees_what_is_there(self, imagenet, shared, name, expected):
        facts = imagenet.look(self.photo(shared, name))
        assert said(facts) == [expected]
        assert facts[0].kind == "object"
        assert facts[0].score > 0.7

    def test_what_is_seen_does_not_depend_on_the_batch(self, imagenet, shared):
        files = sorted((shared / "data" / "images").glob("*.jpg"))[:6]
        batch = [sample(images.load(file).image, id=file.stem) for file in files]
        assert imagenet.look_batch(batch) == [imagenet.look(one) for one in batch]

    def test_probabilities_are_read_before_they_are_rounded(self, imagenet, shared):
        (row,) = imagenet._probabilities([self.photo(shared, "pets.jpg")])
        assert row.sum() == pytest.approx(1, abs=1e-5)

    def test_its_words(self, imagenet):
        assert {"tench", "traffic light", "cardigan", "cardigan welsh corgi", "tank suit"} <= set(imagenet.card.vocabulary)
        assert "background" not in imagenet.card.vocabulary
        assert imagenet.card.covers("object", "tench")

    def test_asked(self, imagenet, shared):
        parrot = self.photo(shared, "parrot.jpg")
        facts = imagenet.ask(parrot, [claim("macaw"), claim("traffic lights"), claim("dentist")])
        assert [(f.value, f.negated) for f in facts] == [("macaw", False), ("traffic lights", True)]

    def test_birds_with_their_species(self, folder, shared, tmp_path):
        labels, broader = folder / "inat_bird_labels.txt", tmp_path / "t.json"
        broader.write_text(json.dumps({"Athene cunicularia": ["owl", "bird"]}))
        file = folder / "mobilenet_v2_1.0_224_inat_bird_quant.tflite"
        expert = Tagger(str(file), labels=str(labels), taxonomy=str(broader))
        (fact,) = expert.look(self.photo(shared, "owl.jpg"))
        assert (fact.kind, fact.value) == ("tag", "Burrowing Owl")
        names = ["Athene cunicularia", "Burrowing Owl", "owl", "bird"]
        assert fact.data == {"label": "Athene cunicularia (Burrowing Owl)", "taxonomy": names}

    def test_insects_that_are_not_there(self, folder, shared):
        file = folder / "mobilenet_v2_1.0_224_inat_insect_quant.tflite"
        expert = Tagger(str(file), labels=str(folder / "inat_insect_labels.txt"))
        assert expert.look(self.photo(shared, "parrot.jpg")) == []
        assert "Dryas iulia moderata" in expert.card.vocabulary

    def test_labels_of_another_model(self, folder):
        with pytest.raises(ExpertError, match="expected an output of 1001 numbers, one a label, got 965"):
            Tagger(str(folder / "mobilenet_v2_1.0_224_inat_bird_quant.tflite"), labels=str(folder / "imagenet_labels.txt"))


# With tiny models of transformers and timm


def alike(one, other):
    """The same facts, but for what sums of numbers in another order differ by."""
    assert [[f.value for f in facts] for facts in one] == [[f.value for f in facts] for facts in other]
    for a, b in zip(one, other, strict=True):
        assert [f.score for f in a] == pytest.approx([f.score for f in b], abs=2e-4)


def pictures():
    random = np.random.default_rng(0)
    return [sample(images.Image.fromarray(random.integers(0, 255, (h, w, 3), dtype=np.uint8)), id=f"{w}") for w, h in
            ((40, 30), (64, 64), (20, 50))]  # fmt: skip


@pytest.fixture(scope="module")
def vit(tmp_path_factory):
    """A folder that transformers wrote, of a model with three labels."""
    pytest.importorskip("torch")
    transformers = pytest.importorskip("transformers")
    folder = tmp_path_factory.mktemp("vit")
    config = transformers.ViTConfig(
        hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16, image_size=32, patch_size=16,
        id2label={0: "tench, Tinca tinca", 1: "Traffic_Lights", 2: "dog"},
    )  # fmt: skip
    transformers.ViTForImageClassification(config).save_pretrained(folder)
    transformers.ViTImageProcessor(size={"height": 32, "width": 32}).save_pretrained(folder)
    return folder


def changed(vit, folder, **fields):
    """A copy of the folder with a changed configuration."""
    for file in vit.iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    config = json.loads((vit / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**config, **fields}))
    return str(folder)


@pytest.mark.models
class TestTransformers:
    def test_one_of_its_labels(self, vit):
        expert = Tagger(str(vit), threshold=0, states="object", sha256=digest(vit), device="cpu")
        together = expert.look_batch(pictures())
        alike(together, [expert.look(one) for one in pictures()])
        assert sorted(said(together[0])) == ["dog", "tench", "traffic light"]
        assert sum(fact.score for fact in together[0]) == pytest.approx(1, abs=1e-3)
        assert expert.card.version.startswith(f"{vit.name}, transformers ")

    def test_several_labels(self, vit, tmp_path):
        expert = Tagger(changed(vit, tmp_path, problem_type="multi_label_classification"), threshold=0, device="cpu")
        scores = [fact.score for fact in expert.look(RED)]
        assert sum(scores) != pytest.approx(1, abs=1e-3)
        assert not expert._statements.exclusive

    def test_half_precision_and_names_from_a_file(self, vit, colours):
        expert = Tagger(str(vit), labels=colours, threshold=0, precision="bfloat16", device="cpu", fit="pad")
        assert sorted(said(expert.look(RED))) == ["blue", "green", "red"]

    def test_folders_that_do_not_fit(self, vit, tmp_path):
        import transformers

        nameless = tmp_path / "nameless"
        nameless.mkdir()
        model = changed(vit, nameless, id2label={i: f"LABEL_{i}" for i in range(3)})
        with pytest.raises(ConfigError, match="expected names of its 3 labels, got none"):
            Tagger(model, device="cpu")
        with pytest.raises(ExpertError, match="labels: expected 3, as the model has, got 1"):
            Tagger(model, labels=written(tmp_path, "one.txt", "cat"), device="cpu")
        with pytest.raises(ConfigError, match="expected none for a model of transformers, which has its own"):
            Tagger(str(vit), size=64)
        headless = tmp_path / "headless"
        transformers.ViTModel(transformers.ViTConfig.from_pretrained(vit), add_pooling_layer=False).save_pretrained(headless)
        with pytest.raises(ExpertError, match="expected a trained classifier, got one without classifier"):
            Tagger(str(headless), device="cpu")

    def test_folders_that_are_not_there_or_another_one(self, vit):
        with pytest.raises(ExpertError, match=r"model: expected a folder, got 'none/vit'.*download = true"):
            Tagger("none/vit")
        with pytest.raises(ExpertError, match="expected the SHA-256 0000"):
            Tagger(str(vit), sha256="0" * 64, device="cpu")

    def test_pickled_weights_are_refused_unless_trusted(self, vit, tmp_path):
        import torch
        from safetensors.torch import load_file

        model = changed(vit, tmp_path)
        (tmp_path / "model.safetensors").unlink()
        torch.save(load_file(vit / "model.safetensors"), tmp_path / "pytorch_model.bin")
        with pytest.raises(ExpertError, match="are pickled, and could run code"):
            Tagger(model, device="cpu")
        alike([Tagger(model, device="cpu", trusted=True).look(RED)], [Tagger(str(vit), device="cpu").look(RED)])

    def test_memory_that_runs_out(self, vit, monkeypatch):
        expert = Tagger(str(vit), threshold=0, device="cpu")
        real, sizes = expert._model.scores, []

        def scores(batch):
            sizes.append(len(batch))
            if len(batch) > 1:
                raise RuntimeError("CUDA out of memory")
            return real(batch)

        monkeypatch.setattr(expert._model, "scores", scores)
        assert len(expert.look_batch(pictures())) == 3
        assert sizes == [3, 1, 1, 1]


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory):
    """Weights of a tiny model of timm with three labels, and the folder that timm makes of such."""
    timm = pytest.importorskip("timm")
    from safetensors.torch import save_file

    folder = tmp_path_factory.mktemp("timm")
    model = timm.create_model("test_efficientnet", num_classes=3)
    save_file(model.state_dict(), folder / "tiny.safetensors")
    whole = folder / "whole"
    whole.mkdir()
    save_file(model.state_dict(), whole / "model.safetensors")
    config = {
        "architecture": "test_efficientnet",
        "num_classes": 3,
        "label_names": ["red", "green", "blue"],
        "label_descriptions": {"red": "red_car"},
        "pretrained_cfg": {"input_size": [3, 64, 64], "mean": [0.5] * 3, "std": [0.5] * 3, "interpolation": "bicubic"},
    }
    (whole / "config.json").write_text(json.dumps(config))
    return folder / "tiny.safetensors"


@pytest.mark.models
class TestTimm:
    def test_a_checkpoint_with_its_architecture(self, checkpoint, colours):
        options = {"labels": colours, "architecture": "test_efficientnet", "threshold": 0, "device": "cpu"}
        expert = Tagger(str(checkpoint), **options, sha256=digest(checkpoint), size=64)
        together = expert.look_batch(pictures())
        alike(together, [expert.look(one) for one in pictures()])
        assert sorted(said(together[0])) == ["blue", "green", "red"]
        assert sum(fact.score for fact in together[0]) == pytest.approx(1, abs=1e-3)

    def test_channels_the_other_way_round(self, checkpoint, colours):
        options = {"architecture": "test_efficientnet", "size": 64, "mean": 0.5, "std": [0.5, 0.5, 0.5], "device": "cpu"}
        one, other = (Tagger(str(checkpoint), labels=colours, bgr=bgr, **options) for bgr in (False, True))
        assert one._probabilities([RED])[0] == pytest.approx(other._probabilities([BLUE])[0])

    def test_a_folder_of_timm(self, checkpoint):
        folder = checkpoint.parent / "whole"
        expert = Tagger(str(folder), threshold=0, states="object", sha256=digest(folder), device="cpu")
        assert sorted(said(expert.look(RED))) == ["blue", "green", "red car"]
        assert expert.card.version.startswith("whole, timm ")

    def test_a_folder_of_timm_for_booru_tags(self, checkpoint, tmp_path):
        csv = written(tmp_path, "selected_tags.csv", "name,category,count\na_b,0,1\nc,0,1\nd,4,1\n")
        expert = Tagger(str(checkpoint.parent / "whole"), labels=csv, threshold=0, device="cpu")
        assert {f.value: f.kind for f in expert.look(RED)} == {"a_b": "tag", "c": "tag", "d": "name"}
        assert expert._activation == "sigmoid"
        assert (expert._model._pixels.bgr, expert._model._pixels.fit) == (True, "pad")

    @pytest.mark.parametrize(
        ("options", "error", "message"),
        [
            pytest.param({"architecture": "resnet999"}, ConfigError, "architecture: expected one that timm knows", id="unknown"),
            pytest.param({"architecture": "test_vit"}, ExpertError, "cannot be loaded: .*state_dict", id="another one"),
            pytest.param({"channels_first": False}, ConfigError, "channels_first: expected none", id="channels last"),
            pytest.param({"precision": "int8"}, ConfigError, "precision: expected one of float32", id="precision"),
            pytest.param({"device": "tpu"}, ConfigError, "device: 'tpu' cannot be used", id="device"),
            pytest.param({"model": "none.pth"}, ExpertError, "got 'none.pth', which does not exist", id="no file"),
            pytest.param({"model": "timm/x", "architecture": ""}, ExpertError, "set download = true", id="a name of the hub"),
        ],
    )
    def test_what_is_refused(self, checkpoint, colours, options, error, message):
        given = {"model": str(checkpoint), "labels": colours, "architecture": "test_efficientnet", **options}
        with pytest.raises(error) as caught:
            Tagger(**given)
        assert caught.match(message)

    def test_pickled_weights_are_refused_unless_trusted(self, checkpoint, colours, tmp_path):
        import torch
        from safetensors.torch import load_file

        file = tmp_path / "tiny.pth"
        torch.save(load_file(checkpoint), file)
        options = {"labels": colours, "architecture": "test_efficientnet", "device": "cpu"}
        with pytest.raises(ExpertError, match=r"weights tiny.pth are pickled"):
            Tagger(str(file), **options)
        alike([Tagger(str(file), **options, trusted=True).look(RED)], [Tagger(str(checkpoint), **options).look(RED)])
