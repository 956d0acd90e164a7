"""Objects that people drew, or filed a picture under: COCO, Pascal VOC, YOLO, class folders."""

from __future__ import annotations

import json

import pytest

from experts.annotations import Annotations
from experts.annotations.names import read_names
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


def make(root, files):
    """Files below a folder: their text by name; a name that ends in "/" is a folder."""
    for name, content in files.items():
        path = root / name
        if name.endswith("/"):
            path.mkdir(parents=True, exist_ok=True)
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return root


# Pascal VOC

VOC = """<annotation>
  <folder>VOC2007</folder>
  <filename>000005.jpg</filename>
  <size><width>64</width><height>48</height><depth>3</depth></size>
  <object>
    <name>diningtable</name>
    <truncated>1</truncated><difficult>0</difficult>
    <bndbox><xmin>1</xmin><ymin>11</ymin><xmax>20</xmax><ymax>48</ymax></bndbox>
    <part><name>leg</name><bndbox><xmin>1</xmin><ymin>1</ymin><xmax>2</xmax><ymax>2</ymax></bndbox></part>
  </object>
  <object>
    <name>Dogs</name>
    <difficult>1</difficult>
    <bndbox><xmax>40.5</xmax><xmin>30</xmin><ymin>0</ymin><ymax>9</ymax></bndbox>
  </object>
</annotation>
"""
NO_OBJECT = "<annotation><size><width>0</width><height>0</height></size></annotation>"


@pytest.mark.parametrize(
    ("files", "file"),
    [
        pytest.param({"a/000005.xml": VOC, "a/none.xml": NO_OBJECT}, "a", id="a folder"),
        pytest.param({"a/Annotations/000005.xml": VOC, "a/JPEGImages/": ""}, "a", id="a folder with Annotations"),
        pytest.param({"a/000005.xml": VOC, "a/none.xml": "no XML"}, "a/000005.xml", id="a file"),
        pytest.param({"a/000005.xml": VOC.encode("utf-16")}, "a", id="UTF-16"),
        pytest.param({"a/000005.xml": b"\xef\xbb\xbf" + VOC.encode()}, "a", id="a byte order mark"),
    ],
)
def test_voc_objects(tmp_path, files, file):
    expert = Annotations(str(make(tmp_path, files) / file))
    assert expert.look(sample(id="JPEGImages/000005", path="JPEGImages/000005.jpg", width=64, height=48)) == [
        Fact(kind="object", value="dining table", box=Box(0, 10, 20, 48), data={"truncated": True}),
        Fact(kind="object", value="dog", box=Box(29, 0, 40.5, 9), data={"difficult": True}),
    ]
    assert expert.card.vocabulary == ("dining table", "dog")


def test_voc_pictures(tmp_path):
    other = VOC.replace("000005.jpg", "renamed.jpg").replace("diningtable", "cat")
    expert = Annotations(str(make(tmp_path, {"a.xml": VOC, "b.xml": other, "c.xml": NO_OBJECT})), format="voc")
    found = {name: [f.value for f in expert.look(sample(id=name))] for name in ("000005", "a", "b", "renamed", "x/c")}
    assert found == {
        "000005": ["dining table", "dog"],
        "a": ["dining table", "dog"],
        "b": ["cat", "dog"],
        "renamed": ["cat", "dog"],
        "x/c": [],
    }
    with pytest.raises(ExpertError, match="expected an image by its id 'd', got none"):
        expert.look(sample(id="d"))
    with pytest.raises(ExpertError, match=r"a.xml: expected 'a' to have 64×48 pixels as annotated, got 1×1"):
        expert.look(sample(id="a", width=1, height=1))


BOMB = '<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;">]>\n'


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(BOMB + VOC, "a/x.xml, line 1: expected no DOCTYPE, got one", id="entities"),
        pytest.param((BOMB + VOC).encode("utf-16"), "line 1: expected no DOCTYPE", id="entities in UTF-16"),
        pytest.param("\n" + BOMB.replace("a [", 'a SYSTEM "file:///etc/passwd" ['), "line 2: expected no DOCTYPE", id="a file"),
        pytest.param("", "line 1: expected XML", id="empty"),
        pytest.param("{}", "line 1: expected XML", id="no XML"),
        pytest.param(VOC[:-20], "line 15: expected XML", id="cut short"),
        pytest.param("<a/>", "line 1: expected an element annotation, got 'a'", id="another element"),
        pytest.param(VOC.replace("Dogs", " "), "line 11: expected an object with a name, got none", id="no name"),
        pytest.param(VOC.replace("<xmin>30</xmin>", ""), "line 14: expected a number xmin, got ''", id="no edge"),
        pytest.param(VOC.replace(">48</ymax>", ">low</ymax>"), "line 8: expected a number ymax, got 'low'", id="no number"),
        pytest.param(VOC.replace(">48</ymax>", ">nan</ymax>"), "line 8: expected a number ymax, got 'nan'", id="not a number"),
        pytest.param(VOC.replace(">40.5<", ">4<"), "line 14: expected xmin up to xmax .* got 30 0 4 9", id="edges exchanged"),
        pytest.param(VOC.replace("bndbox", "box"), "line 5: expected a bndbox of 'diningtable', got none", id="no box"),
        pytest.param(VOC.replace(">64<", ">wide<"), "line 4: expected a number width, got 'wide'", id="no width"),
    ],
)
def test_a_bad_voc_file_is_named_with_its_line(tmp_path, content, message):
    folder = make(tmp_path, {"v/ok.xml": NO_OBJECT, "v/a/x.xml": content}) / "v"
    with pytest.raises(ConfigError, match=message):
        Annotations(str(folder))


# YOLO

LABELS = "1 0.5 0.5 0.25 0.5\n\n0 0.1 0.2 0.2 0.4 0.75\n"
DATA = "# made by hand\npath: ../x\nnames:\n  0: person\n  1: Traffic_Lights  # red\n\nnc: 2\n"


@pytest.mark.parametrize(
    ("files", "file", "options"),
    [
        pytest.param({"y/a.txt": LABELS, "y/classes.txt": "person\nTraffic_Lights\n"}, "y", {}, id="classes.txt beside them"),
        pytest.param({"y/labels/a.txt": LABELS, "y/data.yaml": DATA, "y/README.txt": "!"}, "y", {}, id="a folder labels"),
        pytest.param({"y/train/labels/a.txt": LABELS, "y/data.yaml": DATA}, "y", {}, id="labels in train"),
        pytest.param({"y/labels/train/a.txt": LABELS, "y/data.yaml": DATA}, "y/labels/train", {}, id="names two folders up"),
        pytest.param({"y/labels/a.txt": LABELS, "y/data.yaml": DATA}, "y/data.yaml", {}, id="the data.yaml"),
        pytest.param({"y/a.txt": LABELS, "n/my.yaml": DATA}, "y", {"names": "n/my.yaml"}, id="names elsewhere"),
        pytest.param({"y/a.txt": LABELS, "y/x.xml": NO_OBJECT, "y/data.yaml": DATA}, "y", {"format": "yolo"}, id="as told"),
    ],
)
def test_yolo_objects(tmp_path, files, file, options):
    make(tmp_path, files)
    names = {"names": str(tmp_path / options["names"])} if "names" in options else {}
    expert = Annotations(str(tmp_path / file), **(options | names))
    assert expert.look(sample(id="images/a", path="images/a.jpg", width=200, height=100)) == [
        Fact(kind="object", value="traffic light", box=Box(75, 25, 125, 75)),
        Fact(kind="object", value="person", score=0.75, box=Box(0, 0, 40, 40)),
    ]
    assert expert.card.vocabulary == ("person", "traffic light")


def test_yolo_polygons(tmp_path):
    expert = Annotations(str(make(tmp_path, {"a.txt": "0 0.1 0.5 0.5 0.1 0.9 0.9 0.2 0.9", "classes.txt": "dog"})))
    polygon = [[20.0, 50.0, 100.0, 10.0, 180.0, 90.0, 40.0, 90.0]]
    found = expert.look(sample(id="a", width=200, height=100))
    assert found == [Fact(kind="object", value="dog", box=Box(20, 10, 180, 90), data={"polygon": polygon})]


@pytest.mark.parametrize(
    ("path", "found"),
    [
        pytest.param("images/train/a.jpg", "cat", id="the path of the folder"),
        pytest.param("/data/set/images/val/a.jpg", "dog", id="an absolute path"),
        pytest.param("val/a.png", "dog", id="below images"),
        pytest.param("C:\\set\\images\\train\\a.jpg", "cat", id="a path of Windows"),
        pytest.param("b.jpg", "person", id="the bare file name"),
    ],
)
def test_how_yolo_finds_a_picture(tmp_path, path, found):
    labels = {"labels/train/a.txt": "0 .5 .5 1 1", "labels/val/a.txt": "1 .5 .5 1 1", "labels/val/b.txt": "2 .5 .5 1 1"}
    expert = Annotations(str(make(tmp_path, labels | {"classes.txt": "cat\ndog\nperson"})))
    assert [f.value for f in expert.look(sample(id="x", path=path, width=2, height=2))] == [found]
    assert [f.value for f in expert.look(sample(id=path.rpartition(".")[0].replace("\\", "/"), width=2, height=2))] == [found]


def test_yolo_pictures_that_have_no_objects(tmp_path):
    make(tmp_path, {"labels/a.txt": "", "labels/b/c.txt": "", "labels/d/c.txt": "", "classes.txt": "cat"})
    expert = Annotations(str(tmp_path))
    assert expert.look(sample(id="a", width=2, height=2)) == []
    with pytest.raises(ExpertError, match="expected an image by its id 'z', got none"):
        expert.look(sample(id="z", width=2, height=2))
    with pytest.raises(ExpertError, match="several images have the file name"):
        expert.look(sample(id="c", path="c.jpg", width=2, height=2))
    with pytest.raises(ExpertError, match="expected the size of 'a' in pixels, got none"):
        expert.look(sample(id="a"))
    assert Annotations(str(tmp_path), empty=True).look(sample(id="z", width=2, height=2)) == []


@pytest.mark.parametrize(
    ("line", "message"),
    [
        pytest.param("dog 0.5 0.5 1 1", "expected numbers, got 'dog 0.5 0.5 1 1'", id="a word"),
        pytest.param("2 0.5 0.5 1 1", "expected a class from 0 to 1, got 2", id="a class that has no name"),
        pytest.param("-1 0.5 0.5 1 1", "expected a class from 0 to 1, got -1", id="a class under 0"),
        pytest.param("0.5 0.5 0.5 1 1", "expected a class from 0 to 1, got 0.5", id="half a class"),
        pytest.param("0 0.5 0.5 1", "expected 4 numbers of a box or 6 and more of a polygon, got 3", id="too few"),
        pytest.param("0", "expected 4 numbers of a box or 6 and more of a polygon, got 0", id="a class alone"),
        pytest.param("0 .1 .1 .2 .2 .3 .3 .4", "expected 4 numbers .* got 7 after the class", id="half a point"),
        pytest.param("0 100 50 20 20", r"expected parts of the picture, 0..1, got '0 100 50", id="pixels"),
        pytest.param("0 0.5 0.5 nan 1", r"expected parts of the picture, 0..1", id="not a number"),
        pytest.param("0 0.5 0.5 1 1 1.5", r"expected parts of the picture, 0..1", id="a score over 1"),
    ],
)
def test_a_bad_yolo_line_is_named(tmp_path, line, message):
    make(tmp_path, {"labels/a.txt": f"0 0.5 0.5 1 1\n\n{line}\n", "classes.txt": "cat\ndog\n"})
    with pytest.raises(ConfigError, match=f"annotations labels/a.txt, line 3: {message}") as raised:
        Annotations(str(tmp_path))
    assert raised.value.line == 3


@pytest.mark.parametrize(
    ("content", "names"),
    [
        pytest.param(DATA, ["person", "Traffic_Lights"], id="a map"),
        pytest.param("names:\n- person\n- 'it''s'\nnc: 2", ["person", "it's"], id="a list"),
        pytest.param("nc: 2\nnames: ['person', \"a, b\", hot dog] # three", ["person", "a, b", "hot dog"], id="in brackets"),
        pytest.param("names: {1: dog, 0: cat}", ["cat", "dog"], id="in braces"),
        pytest.param("names: [person,\n  dog, # two\n  cat,\n]\n", ["person", "dog", "cat"], id="over several lines"),
        pytest.param("names: # the classes\n\n  # none is missing\n  0: cat\n", ["cat"], id="comments"),
    ],
)
def test_names_of_a_data_yaml(tmp_path, content, names):
    assert read_names(make(tmp_path, {"data.yaml": content}) / "data.yaml") == names


@pytest.mark.parametrize(
    ("file", "content", "message"),
    [
        pytest.param("data.yaml", "nc: 2", "data.yaml: expected a key names, got none", id="no key"),
        pytest.param("data.yaml", "names:\nnc: 2", "data.yaml: expected names of classes, got none", id="no name"),
        pytest.param("data.yaml", "names: []", "data.yaml: expected names of classes, got none", id="empty brackets"),
        pytest.param(
            "data.yaml", "names:\n  0: cat\n  2: dog", "data.yaml, line 3: expected class 1, got 2 \\('dog'\\)", id="a gap"
        ),
        pytest.param("data.yaml", "names:\n  0: cat\n  dog", "data.yaml, line 3: expected a list or a map", id="no item"),
        pytest.param("data.yaml", "names: ../names.txt", "data.yaml, line 1: expected a list or a map", id="a path"),
        pytest.param("data.yaml", "names: [a, b", "data.yaml, line 1: expected a list or a map", id="an open bracket"),
        pytest.param("data.yaml", "names: [a, [b]]", "data.yaml, line 1: expected a list or a map", id="a list in a list"),
        pytest.param("data.yaml", b"names: [caf\xe9]", "data.yaml: expected UTF-8, got byte 11", id="Latin-1"),
        pytest.param(
            "classes.txt", "cat\n\ndog", "classes.txt, line 2: expected the name of a class, got none", id="a blank line"
        ),
        pytest.param("classes.txt", "", "classes.txt: expected names of classes, got none", id="no line"),
    ],
)
def test_bad_names_are_named(tmp_path, file, content, message):
    make(tmp_path, {file: content, "labels/a.txt": ""})
    with pytest.raises(ConfigError, match=message):
        Annotations(str(tmp_path))


# Class folders

GLOSSES = "n02084071 dog, domestic dog, Canis familiaris\n\nn02121808 domestic cat\n"


@pytest.mark.parametrize(
    ("files", "options", "path", "noun"),
    [
        pytest.param(("Great_White_Sharks/", "dog/"), {}, "dog/a.jpg", "dog", id="named by nouns"),
        pytest.param(("Great_White_Sharks/", "dog/"), {}, "/d/Great_White_Sharks/a.jpg", "great white shark", id="several words"),
        pytest.param(("train/dog/", "val/cat/"), {}, "val/cat/x/a.jpg", "cat", id="in train and val"),
        pytest.param(
            ("001.Black_footed_Albatross/",), {}, "001.Black_footed_Albatross/a.jpg", "black footed albatross", id="numbered"
        ),
        pytest.param((), {"glosses": "words.txt"}, "train/n02084071/n02084071_1.JPEG", "dog", id="WordNet ids"),
        pytest.param((), {"glosses": "words.json"}, "n02084071\\a.jpg", "dog", id="JSON"),
        pytest.param((), {"glosses": "index.json"}, "n02084071/a.jpg", "dog", id="JSON as of ImageNet"),
        pytest.param((), {"glosses": "tabs.txt"}, "my dogs/a.jpg", "dog", id="a blank in the folder's name"),
    ],
)
def test_class_folders(tmp_path, files, options, path, noun):
    glosses = {
        "words.txt": GLOSSES,
        "words.json": '{"n02084071": "dog"}',
        "index.json": '{"0": ["n02084071", "dog"]}',
        "tabs.txt": "my dogs\tdog\n",
    }
    make(tmp_path, glosses | {f"data/{name}": "" for name in files} | {"data/": ""})
    given = {name: str(tmp_path / value) for name, value in options.items()}
    expert = Annotations(str(tmp_path / "data"), **given)
    (fact,) = expert.look(sample(id=path.rpartition(".")[0], path=path))
    assert (fact.kind, fact.value, fact.box, fact.score) == ("object", noun, None, 1.0)
    assert expert.look(sample(id=path.rpartition(".")[0])) == [fact]
    assert noun in expert.card.vocabulary
    assert expert.card.sees == ("object",)


def test_data_of_a_class_folder(tmp_path):
    make(tmp_path, {"data/": "", "words.txt": GLOSSES})
    expert = Annotations(str(tmp_path / "data"), format="folders", glosses=str(tmp_path / "words.txt"))
    (fact,) = expert.look(sample(id="1", path="a.jpg", file="/somewhere/n02084071/a.jpg"))
    assert fact.data == {"folder": "n02084071", "also": ["domestic dog", "canis familiaris"]}
    assert expert.card.vocabulary == ("dog", "domestic cat")
    with pytest.raises(ExpertError, match=r"data: expected 'other/a.jpg' to lie in a folder of a class"):
        expert.look(sample(id="other/a", path="other/a.jpg"))


@pytest.mark.parametrize(
    ("files", "message"),
    [
        pytest.param({"words.txt": "n1 dog\nn2\n"}, "words.txt, line 2: expected a folder and its noun, got 'n2'", id="no gloss"),
        pytest.param(
            {"words.txt": "n1 dog\n\nn1 cat"}, "words.txt, line 3: expected each folder once, got 'n1' again", id="twice"
        ),
        pytest.param({"words.txt": b"n1 caf\xe9"}, "words.txt: expected UTF-8, got byte 6", id="Latin-1"),
        pytest.param({}, "words.txt: cannot be read", id="no file"),
    ],
)
def test_bad_glosses_are_named(tmp_path, files, message):
    make(tmp_path, {"data/": "", **files})
    with pytest.raises(ConfigError, match=message):
        Annotations(str(tmp_path / "data"), glosses=str(tmp_path / "words.txt"))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param("[]", "words.json: .*Expected `object`", id="a list"),
        pytest.param('{"a": 1}', "words.json: ", id="a number"),
        pytest.param('{"a": []}', "words.json: expected a noun for 'a'", id="an empty list"),
        pytest.param('{"a": " "}', "words.json: expected a noun for 'a'", id="a blank"),
    ],
)
def test_bad_json_of_glosses(tmp_path, content, message):
    make(tmp_path, {"data/": "", "words.json": content})
    with pytest.raises(ConfigError, match=message):
        Annotations(str(tmp_path / "data"), glosses=str(tmp_path / "words.json"))


@pytest.mark.parametrize(
    ("files", "options", "message"),
    [
        pytest.param(
            {}, {"format": "xml"}, "format: expected one of coco, voc, yolo, folders, got 'xml'", id="an unknown format"
        ),
        pytest.param({}, {}, "expected annotations, got a folder without any", id="an empty folder"),
        pytest.param(
            {"a.xml": NO_OBJECT}, {"glosses": "x", "format": "voc"}, "glosses: expected the format folders, got voc", id="glosses"
        ),
        pytest.param({"a.xml": NO_OBJECT}, {"empty": True}, "empty: expected the format yolo, got voc", id="empty"),
        pytest.param({"a/": ""}, {"format": "voc"}, "expected XML files of Pascal VOC, got none", id="no XML"),
        pytest.param({"a.txt": ""}, {}, r"expected the names of its classes in data.yaml", id="no names"),
        pytest.param({"classes.txt": "dog"}, {}, "expected text files of YOLO labels, got none", id="no labels"),
        pytest.param({"n02084071/": ""}, {}, "expected folders named by nouns, got 'n02084071'", id="ids without glosses"),
        pytest.param({"a.txt": ""}, {"format": "folders"}, "expected folders named by what their pictures show", id="no folders"),
        pytest.param({"a/": ""}, {"format": "coco"}, "cannot be read", id="a folder as COCO"),
    ],
)
def test_a_folder_that_does_not_fit_is_refused(tmp_path, files, options, message):
    with pytest.raises(ConfigError, match=message):
        Annotations(str(make(tmp_path, files)), **options)


@pytest.mark.parametrize("kind", ["voc", "yolo", "folders"])
def test_a_missing_folder_is_refused(kind):
    with pytest.raises(ConfigError, match=r"annotations none: cannot be read"):
        Annotations("none", format=kind)
