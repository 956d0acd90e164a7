"""Objects that people drew, from COCO instances files."""

from __future__ import annotations

import json

import pytest

from experts.annotations import Annotations
from fusion.errors import ConfigError, ExpertError
from fusion.facts import Box, Fact
from fusion.testing import sample

POLYGON = [[10.0, 10.0, 20.0, 10.0, 20.0, 30.0]]
MASK = {"size": [48, 64], "counts": [100, 5, 2967]}
FILE = {
    "info": {"year": 2017},
    "images": [
        {"id": 1, "file_name": "train/000000000001.jpg", "width": 64, "height": 48, "license": 3},
        {"id": 2, "file_name": "train/a.jpg"},
        {"id": 3, "file_name": "val/a.jpg"},
        {"id": 4, "file_name": "собака.png"},
    ],
    "annotations": [
        {"id": 9, "image_id": 1, "category_id": 18, "bbox": [10, 10, 10.5, 20], "segmentation": POLYGON, "area": 1},
        {"id": 8, "image_id": 1, "category_id": 1, "bbox": [0, 0, 5, 5], "segmentation": MASK, "iscrowd": 1},
        {"id": 7, "image_id": 2, "category_id": 1, "bbox": [0, 0, 5, 5], "segmentation": [], "score": 0.25},
        {"id": 6, "image_id": 3, "category_id": 18},
    ],
    "categories": [
        {"id": 1, "name": "People", "supercategory": "person"},
        {"id": 18, "name": "Traffic_Light"},
        {"id": 19, "name": "skis"},
    ],
}


@pytest.fixture
def write(tmp_path):
    def writing(content):
        path = tmp_path / "instances.json"
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
        return str(path)

    return writing


@pytest.fixture
def expert(write):
    return Annotations(write(FILE))


def test_annotations_are_objects(expert):
    assert expert.look(sample(id="1")) == [
        Fact(kind="object", value="traffic light", box=Box(10, 10, 20.5, 30), data={"polygon": POLYGON}),
        Fact(kind="object", value="person", box=Box(0, 0, 5, 5), number=2, at_least=True, data={"mask": MASK}),
    ]
    assert expert.look(sample(id="2")) == [Fact(kind="object", value="person", box=Box(0, 0, 5, 5), score=0.25)]
    assert expert.look(sample(id="3")) == [Fact(kind="object", value="traffic light")]
    assert expert.look(sample(id="4")) == []


@pytest.mark.parametrize(
    ("id_", "path", "found"),
    [
        pytest.param("x", "train/000000000001.jpg", 2, id="the path of the file"),
        pytest.param("x", "/data/000000000001.jpg", 2, id="the bare file name"),
        pytest.param("x", "C:\\data\\000000000001.jpg", 2, id="a path of Windows"),
        pytest.param("000000000001", None, 2, id="the file name without suffix"),
        pytest.param("train/000000000001", None, 2, id="the same in a folder"),
        pytest.param("1", None, 2, id="the image id"),
        pytest.param("0001", None, 2, id="the image id with zeros"),
        pytest.param("x", "train/a.jpg", 1, id="a file name that two have, by its path"),
        pytest.param("собака", None, 0, id="not ASCII"),
    ],
)
def test_how_a_picture_is_found(expert, id_, path, found):
    assert len(expert.look(sample(id=id_, path=path))) == found


@pytest.mark.parametrize(
    ("id_", "path", "message"),
    [
        pytest.param("x", "other/a.jpg", "several images have the file name 'a.jpg'", id="a file name that two have"),
        pytest.param("x", "b.jpg", "expected an image by its id 'x' or its path 'b.jpg', got none", id="unknown"),
        pytest.param("99", None, "expected an image by its id '99', got none", id="an unknown number"),
    ],
)
def test_a_picture_that_is_not_there(expert, id_, path, message):
    with pytest.raises(ExpertError, match=message):
        expert.look(sample(id=id_, path=path))


def test_a_picture_of_another_size_is_refused(expert):
    with pytest.raises(ExpertError, match=r"expected '1' to have 64×48 pixels as annotated, got 32×24"):
        expert.look(sample(id="1", width=32, height=24))
    assert len(expert.look(sample(id="1", width=64, height=48))) == 2


def test_the_vocabulary_is_its_categories(expert):
    card = expert.cards("coco")["coco"]
    assert card.vocabulary == ("person", "ski", "traffic light")
    assert card.covers("object", "woman")
    assert not card.covers("object", "dog")
    assert not card.covers("attribute", "person")
    assert not card.hearsay


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(b"", "JSON", id="empty"),
        pytest.param(b"[]", "Expected `object`, got `array`", id="a list"),
        pytest.param({**FILE, "images": None}, r"got `null` - at `\$.images`", id="no images"),
        pytest.param({"images": [], "annotations": []}, "missing required field `categories`", id="no categories"),
        pytest.param(
            {**FILE, "annotations": [{"image_id": 1, "category_id": 1, "bbox": [1, 2, 3]}]},
            "length 4",
            id="a short box",
        ),
        pytest.param(
            {**FILE, "annotations": [{"image_id": 5, "category_id": 1}]},
            r"annotations\[0\]: expected image 5 and category 1 to be in the file",
            id="an image that is not there",
        ),
    ],
)
def test_a_bad_file_is_refused_at_start(write, content, message):
    with pytest.raises(ConfigError, match=message):
        Annotations(write(content))


def test_a_missing_file_is_refused():
    with pytest.raises(ConfigError, match=r"annotations none.json: cannot be read"):
        Annotations("none.json")
