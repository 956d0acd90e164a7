"""Retrieval by CLIP: a model of open_clip with random weights, and one of known meanings where answers matter."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import ClassVar

import pytest
from PIL import Image

from experts import weights
from experts.retrieval import Retrieval, banks, contrasts, search
from experts.retrieval.asked import cut_out
from experts.retrieval.clip import Clip
from fusion.errors import ConfigError, ExpertError, MissingExtra, OutputError
from fusion.facts import Box, Claim, Fact
from fusion.testing import sample, solid_image

np = pytest.importorskip("numpy")

ROOT = Path(__file__).resolve().parents[2]
TERMS = ["a dog", "a cat", "a bus", "the sea", "a plate of food"]
TINY = {
    "embed_dim": 16,
    "vision_cfg": {"image_size": 32, "layers": 1, "width": 32, "head_width": 16, "patch_size": 16},
    "text_cfg": {"context_length": 77, "vocab_size": 49408, "width": 32, "heads": 2, "layers": 1},
}

# Banks


@pytest.mark.parametrize("name", ["lighting", "media", "moods", "scenes", "styles", "viewpoint"])
def test_banks_that_ship(name):
    bank = banks.read(name)
    assert bank.kind == ("scene" if name == "scenes" else "style")
    assert 15 <= len(bank.entries) <= 60
    assert all(entry == entry.lower() for entry in bank.entries)
    assert bank.templates != banks.default_templates(bank.kind)
    assert name in banks.shipped()


def test_no_two_banks_that_ship_hold_one_entry():
    entries = [entry for name in banks.shipped() for entry in banks.read(name).entries]
    assert len(set(entries)) == len(entries)


def test_a_bank_is_read_from_a_file(tmp_path):
    file = tmp_path / "mine.txt"
    file.write_text("\ufeff# kind: object\n# of mine\n# template: an x-ray of a {}\n\n hand \nfoot\r\n#1\nhand\n# kind: tag\n")
    assert banks.read(str(file)) == banks.Bank("mine", "object", ("hand", "foot", "#1"), ("an x-ray of a {}",))


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        pytest.param(b"dog\n", "bank x: expected two entries or more, got 1", "the others of its bank", id="one entry"),
        pytest.param(b"# a\n\n", "expected two entries or more, got 0", "", id="only comments"),
        pytest.param(
            b"# kind: opinion\na\nb", "kind of bank x: expected one of name.* got 'opinion'", "moods as style", id="moods"
        ),
        pytest.param(b"# kind: count\na\nb", "kind of bank x: expected one of name.* got 'count'", "", id="a kind with a number"),
        pytest.param(b"# template: a\na\nb", "templates of bank x: expected {} once in each, got 'a'", "", id="no place"),
        pytest.param(b"a\n\xff\n", "bank x.txt: expected text in UTF-8, got another byte at 2", "", id="no text"),
    ],
)
def test_banks_that_are_refused(tmp_path, text, message, hint):
    (tmp_path / "x.txt").write_bytes(text)
    with pytest.raises(ConfigError, match=message) as refused:
        banks.read(str(tmp_path / "x.txt"))
    assert hint in refused.value.hint


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("scene", "did you mean 'scenes'?"),
        ("", "there are: lighting, media"),
        ("/home/me/x.txt", "or give the path of a text file"),
    ],
)
def test_banks_that_do_not_exist(name, hint):
    with pytest.raises(ConfigError, match=f"expected the name of a bank or a file, got '{Path(name).name}'") as refused:
        banks.read(name)
    assert hint in refused.value.hint


@pytest.mark.parametrize(
    ("template", "entry", "prompt"),
    [
        ("a photo of a {}", "kitchen", "a photo of a kitchen"),
        ("a photo of a {}", "office", "a photo of an office"),
        ("a {}", "oil painting", "an oil painting"),
        ("A {} is here.", "dog", "a dog is here."),
        ("a photo of a {}", "scissors", "a photo of scissors"),
        ("a photo of a {}", "snow", "a photo of snow"),
        ("a photo with {}", "soft lighting", "a photo with soft lighting"),
        ("extra {}", "office", "extra office"),
        ("{}", "{a} dog", "{a} dog"),
    ],
)
def test_prompts_are_filled(template, entry, prompt):
    assert banks.filled(template, entry) == prompt


# What claims are compared with


@pytest.mark.parametrize(
    ("noun", "among"),
    [("dog", "cat"), ("puppy", "bear"), ("bus", "train"), ("man", "woman"), ("pizza", "soup")],
)
def test_objects_are_compared_with_siblings(noun, among):
    question = contrasts.about_object(noun, (), ())
    assert question.phrase == noun
    assert among in question.others
    assert question.others[-1] == contrasts.NEUTRAL
    assert len(question.others) == contrasts.MOST + 1
    assert question.exclusive


@pytest.mark.parametrize("noun", ["animal", "idea", "mountain"])
def test_objects_without_siblings_have_no_answer(noun):
    assert contrasts.about_object(noun, (), ()) is None


def test_places_are_compared_with_the_bank_that_holds_them_and_never_denied():
    question = contrasts.about_object("kitchen", (), [banks.read("scenes")])
    assert "bathroom" in question.others
    assert "kitchen" not in question.others
    assert not question.exclusive


@pytest.mark.parametrize(
    ("value", "among", "never"),
    [("red", "blue", "pink"), ("navy", "red", "blue"), ("large", "small", "huge"), ("wooden", "metal", "wood"),
     ("sitting", "standing", "stand"), ("open", "closed", "open")],
)  # fmt: skip
def test_attributes_are_compared_with_what_excludes_them(value, among, never):
    question = contrasts.about_attribute(value, "car", ())
    assert question.phrase == f"{value} car"
    assert f"{among} car" in question.others
    assert f"{never} car" not in question.others
    assert len(question.others) <= contrasts.MOST


def test_attributes_that_nothing_excludes_have_no_answer():
    assert contrasts.about_attribute("beautiful", "car", ()) is None


@pytest.mark.parametrize(
    ("value", "phrase"), [("aerial", "aerial view"), ("black and white", "black and white photo"), ("close-up", "close-up")]
)
def test_styles_are_found_in_the_banks(value, phrase):
    assert contrasts.about_picture(value, (), [banks.read(name) for name in banks.shipped()]).phrase == phrase
    assert contrasts.about_picture("grumpy", (), [banks.read("media")]) is None


@pytest.mark.parametrize(
    ("alternatives", "others", "exclusive"),
    [
        pytest.param(("cat", "puppy", "mountain"), ("cat", "thing"), True, id="those that exclude it"),
        pytest.param(("puppy", "animal"), None, True, id="kinds of it and what is above it count for nothing"),
        pytest.param(("mountain", "river"), ("mountain", "river", "thing"), False, id="others may be there as well"),
    ],
)
def test_alternatives_go_before_the_lexicon(alternatives, others, exclusive):
    question = contrasts.about_object("dog", alternatives, ())
    assert question.others == (others or contrasts.about_object("dog", (), ()).others)
    assert question.exclusive == exclusive


# Search


def rows(count, width, seed=0):
    made = np.random.default_rng(seed).normal(size=(count, width)).astype(np.float32)
    return made / np.linalg.norm(made, axis=1, keepdims=True)


def test_exact_search_is_the_softmax_over_the_bank():
    matrix, queries = rows(50, 8), rows(3, 8, seed=1)
    for query, found in zip(queries, search.Exact(matrix).nearest(queries, 10.0, 4), strict=True):
        expected = np.exp(10.0 * matrix.astype(float) @ query)
        expected /= expected.sum()
        assert [one.place for one in found] == list(np.argsort(-expected)[:4])
        assert [one.probability for one in found] == pytest.approx(sorted(expected, reverse=True)[:4], rel=1e-4)


def test_of_equals_the_first_is_found_first():
    matrix = np.repeat(rows(2, 4), 5, axis=0)
    (found,) = search.Exact(matrix).nearest(matrix[:1], 10.0, 3)
    assert [one.place for one in found] == [0, 1, 2]
    (everything,) = search.Exact(matrix).nearest(matrix[:1], 10.0, 99)
    assert len(everything) == 10


def test_an_index_finds_what_exact_search_finds(tmp_path):
    pytest.importorskip("usearch")
    matrix, queries = rows(3000, 16), rows(8, 16, seed=1)
    exact = search.Exact(matrix).nearest(queries, 40.0, 5)
    file = tmp_path / "bank.usearch"
    for indexed in (search.Indexed(matrix, file), search.Indexed(matrix, file), search.Indexed(matrix)):
        found = indexed.nearest(queries, 40.0, 5)
        assert [[one.place for one in few] for few in found] == [[one.place for one in few] for few in exact]
        for few, wanted in zip(found, exact, strict=True):
            assert [one.similarity for one in few] == pytest.approx([one.similarity for one in wanted], abs=1e-5)
            assert [one.probability for one in few] == pytest.approx([one.probability for one in wanted], rel=0.01)
    assert [file.name for file in tmp_path.iterdir()] == ["bank.usearch"]


@pytest.mark.parametrize("content", [b"", b"garbage" * 100, "half", "of another bank"])
def test_an_index_that_cannot_be_used(tmp_path, content):
    pytest.importorskip("usearch")
    file = tmp_path / "bank.usearch"
    search.Indexed(rows(20, 16), file)
    if content != "of another bank":
        file.write_bytes(file.read_bytes()[:500] if content == "half" else content)
    message = (
        "expected an index of 30 entries in bank.usearch, got 20"
        if content == "of another bank"
        else "bank.usearch cannot be read"
    )
    with pytest.raises(ExpertError, match=f"cache: {message}") as refused:
        search.Indexed(rows(30, 16), file)
    assert refused.value.hint == "delete the file; it is made again"


# With a model of known meanings: what a picture of a colour shows, word by word

SHOWN = {
    (255, 0, 0): "red dog kitchen",
    (0, 0, 255): "blue cat beach",
    (255, 255, 255): "thing",
    (0, 128, 0): "green",
    (128, 128, 128): "dog cat",
}


class Meanings:
    """Takes the place of `Clip`: words are axes, texts and pictures the sums of theirs."""

    scale, version = 20.0, "meanings"
    axes: ClassVar[dict[str, int]] = {"": 0}

    def __init__(self, *args, **options):
        self.looks = self.reads = 0

    def _vector(self, text):
        vector = np.zeros(2000, np.float32)
        vector[0] = 0.1
        for word in {word.rstrip("s") for word in re.findall(r"\w+", text.lower())} - set("a an of photo picture image".split()):
            vector[self.axes.setdefault(word, len(self.axes))] = 1
        return vector / np.linalg.norm(vector)

    def texts(self, prompts):
        self.reads += len(prompts)
        return np.stack([self._vector(prompt) for prompt in prompts])

    def images(self, images):
        self.looks += len(images)
        return np.stack([self._vector(SHOWN[image.getpixel((image.width // 2, image.height // 2))]) for image in images])

    def fingerprint(self):
        return "meanings"


@pytest.fixture
def meanings(monkeypatch):
    monkeypatch.setattr("experts.retrieval.Clip", Meanings)


RED, BLUE, WHITE = (sample(solid_image(colour=colour), id=colour) for colour in ("red", "blue", "white"))


def said(facts):
    return [(fact.kind, fact.value) for fact in facts]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        pytest.param({"terms": ["Dog", "Cat"]}, [("tag", "Dog")], id="terms are tags"),
        pytest.param({"terms": ["dogs", "cats"], "states": "object"}, [("object", "dog")], id="nouns are singular"),
        pytest.param({"terms": ["dog", "kitchen", "bus"], "threshold": 0.1}, [("tag", "dog"), ("tag", "kitchen")], id="two"),
        pytest.param({"terms": ["dog", "kitchen", "bus"], "threshold": 0.1, "top_k": 1}, [("tag", "dog")], id="the first"),
        pytest.param({"terms": ["bus", "train"], "threshold": 0.6}, [], id="nothing is likely"),
        pytest.param({"bank": "scenes"}, [("scene", "kitchen")], id="a bank that ships"),
        pytest.param({}, [("scene", "kitchen")], id="scenes and media by default"),
        pytest.param(
            {"bank": ["scenes", "scenes"], "terms": ["kitchen", "bus"], "states": "scene"}, [("scene", "kitchen")], id="once"
        ),
        pytest.param({"bank": "scenes", "terms": ["dog", "bus"]}, [("scene", "kitchen"), ("tag", "dog")], id="a bank and terms"),
        pytest.param(
            {"terms": ["A dog is red.", "A cat."], "states": "statement"}, [("statement", "A dog is red.")], id="sentences"
        ),
        pytest.param({"bank": []}, [], id="only to be asked"),
    ],
)
def test_what_is_stated(meanings, options, expected):
    facts = Retrieval("m", **options).look(RED)
    assert said(facts) == expected
    assert all(0 < fact.score <= 1 for fact in facts)


def test_facts_say_which_bank_and_how_near(meanings):
    (fact,) = Retrieval("m", bank="scenes").look(RED)
    assert fact.data["bank"] == "scenes"
    assert 0 < fact.data["similarity"] <= 1


def test_moods_are_styles(meanings, monkeypatch):
    monkeypatch.setitem(SHOWN, (255, 0, 0), "calm mood")
    assert said(Retrieval("m", bank="moods").look(RED)) == [("style", "calm mood")]


def test_batches_keep_their_order(meanings):
    expert = Retrieval("m", bank="scenes", batch=2)
    assert [said(facts) for facts in expert.look_batch([RED, BLUE, RED])] == [
        [("scene", "kitchen")],
        [("scene", "beach")],
        [("scene", "kitchen")],
    ]
    assert expert.look_batch([]) == []


def claims(*parts):
    """Claims from "object:dog" and "attribute:red:0", where 0 is the place of what it is about."""
    split = [part.split(":") for part in parts]
    return [
        Claim(id=f"c{n}", kind=kind, value=value, span=(0, 1), about=f"c{about[0]}" if about else None)
        for n, (kind, value, *about) in enumerate(split)
    ]


@pytest.mark.parametrize(
    ("picture", "asked", "expected"),
    [
        pytest.param(RED, ["object:dog"], ["object dog"], id="it is there"),
        pytest.param(BLUE, ["object:dog"], ["not object dog"], id="a cat is there"),
        pytest.param(WHITE, ["object:dog"], ["not object dog"], id="nothing of the kind is there"),
        pytest.param(sample(solid_image(colour="grey"), id="both"), ["object:dog"], [], id="a cat is there as well"),
        pytest.param(RED, ["object:dog", "object:dog"], ["object dog"], id="once"),
        pytest.param(RED, ["object:dog", "attribute:red:0"], ["object dog", "attribute red"], id="of the right colour"),
        pytest.param(RED, ["object:dog", "attribute:blue:0"], ["object dog", "not attribute blue"], id="of another colour"),
        pytest.param(BLUE, ["object:dog", "attribute:blue:0"], ["not object dog"], id="no colour of what is not there"),
        pytest.param(RED, ["attribute:red:0"], [], id="about itself"),
        pytest.param(RED, ["scene:kitchen"], ["scene kitchen"], id="a scene"),
        pytest.param(BLUE, ["scene:kitchen"], [], id="a scene is never denied, as banks overlap"),
        pytest.param(RED, ["object:kitchen"], ["object kitchen"], id="a scene that is a thing"),
        pytest.param(RED, ["style:grumpy", "object:idea", "opinion:cosy"], [], id="what cannot be judged"),
        pytest.param(RED, [], [], id="nothing"),
    ],
)
def test_answers(meanings, picture, asked, expected):
    facts = Retrieval("m", bank=[]).ask(picture, claims(*asked))
    assert [f"{'not ' * fact.negated}{fact.kind} {fact.value}" for fact in facts] == expected
    ids = {fact.id for fact in facts}
    assert len(ids) == len(facts)
    assert all(fact.score >= 0.6 for fact in facts)
    assert all(fact.about in ids for fact in facts if fact.kind == "attribute")


def test_answers_name_what_was_compared(meanings):
    (fact,) = Retrieval("m", bank=[], alternatives=["cat", "bus"]).ask(BLUE, claims("object:dog"))
    assert fact.data == {"asked": "dog", "against": "cat"}


def two_dogs():
    """A red one on the left, a green one on the right, and a dog that is not there."""
    image = solid_image(200, 100, "red")
    image.paste("green", (100, 0, 200, 100))
    things = (
        Fact(id="b/0", kind="object", value="puppy", box=Box(20, 20, 80, 80)),
        Fact(id="b/1", kind="object", value="dog", box=Box(120, 20, 180, 80)),
        Fact(id="b/2", kind="object", value="dog", box=Box(0, 0, 90, 90), negated=True),
        Fact(id="b/3", kind="object", value="cat", box=Box(0, 0, 90, 90)),
    )
    return sample(image, facts=things)


def test_attributes_are_looked_for_on_each_thing(meanings):
    expert = Retrieval("m", bank=[])
    facts = expert.ask(two_dogs(), claims("object:dog", "attribute:red:0"))
    assert [(fact.about, fact.negated) for fact in facts if fact.kind == "attribute"] == [("b/0", False), ("b/1", True)]


@pytest.mark.parametrize(
    ("box", "size"),
    [
        pytest.param(Box(20, 20, 60, 60), (48, 48), id="with a margin"),
        pytest.param(Box(-10, -10, 60, 60), (67, 67), id="at the edge"),
        pytest.param(Box(20, 20, 30, 60), None, id="too small"),
        pytest.param(Box(300, 300, 360, 360), None, id="outside"),
        pytest.param(None, None, id="no box"),
    ],
)
def test_cut_outs(box, size):
    cut = cut_out(solid_image(100, 80), box)
    assert (cut.size if cut else None) == size


def test_phrases_of_claims_are_read_once(meanings):
    expert = Retrieval("m", bank=[])
    expert.ask(RED, claims("object:dog"))
    before = expert._clip.reads
    expert.ask(BLUE, claims("object:dog"))
    assert expert._clip.reads == before


def test_the_card_sees_what_is_stated_and_asked(meanings):
    assert Retrieval("m", terms=["a", "b"], states="name").card.sees == ("attribute", "name", "object", "scene", "style")
    assert not Retrieval("m").card.covers("scene", "kitchen")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        pytest.param({"terms": "dog"}, r"terms: expected a list, got 'dog'", id="a bare string"),
        pytest.param({"terms": ["dog", " "]}, "terms: expected words, got ' '", id="an empty term"),
        pytest.param({"terms": ["dog"]}, "bank terms: expected two entries or more, got 1", id="one term"),
        pytest.param({"bank": "scenez"}, "bank: expected the name of a bank or a file, got 'scenez'", id="no bank"),
        pytest.param({"states": "opinion"}, "states: expected one of .* got 'opinion'", id="opinions"),
        pytest.param({"states": "relation"}, "states: expected one of .* got 'relation'", id="relations"),
        pytest.param({"templates": ["a photo"]}, "templates: expected {} once in each, got 'a photo'", id="no place"),
        pytest.param({"templates": "a {}"}, "templates: expected a list", id="a bare template"),
        pytest.param({"alternatives": "cat"}, "alternatives: expected a list", id="a bare alternative"),
        pytest.param({"top_k": 0}, "top_k: expected 1 or more, got 0", id="no entries"),
        pytest.param({"batch": 0}, "batch: expected 1 or more, got 0", id="no batch"),
        pytest.param({"threshold": 1.5}, "threshold: expected 0..1, got 1.5", id="over 1"),
        pytest.param({"asked_threshold": 0.2}, "asked_threshold: expected more than 0.2", id="yes and no at once"),
    ],
)
def test_wrong_options_are_refused_before_the_model_is_loaded(options, message):
    with pytest.raises(ConfigError, match=message):
        Retrieval("no model", **options)


def test_without_a_picture_and_after_it_was_closed(meanings):
    expert = Retrieval("m", bank="scenes")
    for call in (lambda: expert.look(sample(id="x")), lambda: expert.ask(sample(id="x"), claims("object:dog"))):
        with pytest.raises(ExpertError, match="expected a picture of 'x', got none"):
            call()
    expert._clip.images = lambda images: (_ for _ in ()).throw(RuntimeError("odd\nand long"))
    with pytest.raises(ExpertError, match=r"meanings fails: odd\. check device"):
        expert.look(RED)


# The cache


def test_vectors_of_banks_are_kept(meanings, tmp_path):
    first = Retrieval("m", terms=TERMS, cache=str(tmp_path / "new"))
    again = Retrieval("m", terms=TERMS, cache=str(tmp_path / "new"))
    assert (first._clip.reads, again._clip.reads) == (len(TERMS) * 3, 0)
    changed = Retrieval("m", terms=TERMS, templates=["{}"], cache=str(tmp_path / "new"))
    assert changed._clip.reads == len(TERMS)
    assert sorted(file.suffix for file in (tmp_path / "new").iterdir()) == [".npy", ".npy"]


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda file: file.write_bytes(b"garbage"), id="garbage"),
        pytest.param(lambda file: file.write_bytes(b""), id="empty"),
        pytest.param(lambda file: np.save(file, np.zeros((2, 3), np.float32)), id="other rows"),
        pytest.param(lambda file: np.save(file, np.zeros((5, 2000))), id="other numbers"),
        pytest.param(lambda file: np.save(file, np.array([{}] * 5), allow_pickle=True), id="pickled"),
    ],
)
def test_a_damaged_cache_says_what_to_delete(meanings, tmp_path, spoil):
    Retrieval("m", terms=TERMS, cache=str(tmp_path))
    (file,) = tmp_path.iterdir()
    spoil(file)
    with pytest.raises(ExpertError, match=f"cache: .*{file.name}") as refused:
        Retrieval("m", terms=TERMS, cache=str(tmp_path))
    assert refused.value.hint == "delete the file; it is made again"


def test_a_cache_that_cannot_be(meanings, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match="cache: expected a folder, got the file 'file'"):
        Retrieval("m", cache=str(tmp_path / "file"))
    with pytest.raises(OutputError, match="cache: under cannot be written: Not a directory"):
        Retrieval("m", cache=str(tmp_path / "file" / "under"))


def test_many_entries_go_through_an_index(meanings, monkeypatch, tmp_path):
    monkeypatch.setattr(search, "EXACT", 4)
    monkeypatch.setitem(sys.modules, "usearch.index", None)
    with pytest.raises(MissingExtra, match=r"usearch.index cannot be imported.*\[retrieval\]"):
        Retrieval("m", terms=TERMS)
    monkeypatch.undo()
    pytest.importorskip("usearch")
    monkeypatch.setattr(search, "EXACT", 4)
    monkeypatch.setattr("experts.retrieval.Clip", Meanings)
    for folder in ("", str(tmp_path), str(tmp_path)):
        assert said(Retrieval("m", terms=TERMS, cache=folder).look(RED)) == [("tag", "a dog")]
    assert sorted(file.suffix for file in tmp_path.iterdir()) == [".npy", ".usearch"]


# With models of open_clip


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder as open_clip writes them, with random weights."""
    torch, library = pytest.importorskip("torch"), pytest.importorskip("open_clip")
    from safetensors.torch import save_file

    made = tmp_path_factory.mktemp("tiny")
    (made / "open_clip_config.json").write_text(
        json.dumps({"model_cfg": TINY, "preprocess_cfg": {"mean": [0.5] * 3, "std": [0.5] * 3}})
    )
    torch.manual_seed(0)
    model = library.create_model(f"local-dir:{made}", load_weights=False)
    save_file(model.state_dict(), made / "open_clip_model.safetensors")
    return made


@pytest.fixture(scope="module")
def photos():
    random = np.random.default_rng(0)
    shapes = [(40, 50), (90, 30), (32, 32), (33, 64), (1, 200)]
    return [sample(Image.fromarray(random.integers(0, 255, (*shape, 3), np.uint8)), id=str(shape)) for shape in shapes]


@pytest.mark.models
class TestRealModel:
    @pytest.fixture(autouse=True)
    def libraries(self):
        pytest.importorskip("torch")
        pytest.importorskip("open_clip")

    def test_a_folder_is_loaded(self, folder, photos):
        expert = Retrieval(str(folder), terms=TERMS, threshold=0, top_k=5, device="cpu")
        facts = expert.look(photos[0])
        assert {fact.value for fact in facts} == set(TERMS)
        assert sum(fact.score for fact in facts) == pytest.approx(1, abs=1e-3)
        assert [fact.score for fact in facts] == sorted((fact.score for fact in facts), reverse=True)
        assert expert.card.version.startswith("open_clip_model.safetensors, open_clip 3")
        expert.close()
        with pytest.raises(ExpertError, match="one that was closed"):
            expert.look(photos[0])

    def test_batches_equal_single_pictures(self, folder, photos):
        expert = Retrieval(str(folder), bank=["scenes", "media"], threshold=0, device="cpu", batch=2)
        together, alone = expert.look_batch(photos), [expert.look(photo) for photo in photos]
        assert [said(facts) for facts in together] == [said(facts) for facts in alone]
        for some, others in zip(together, alone, strict=True):
            assert [fact.score for fact in some] == pytest.approx([fact.score for fact in others], abs=2e-4)

    def test_scores_are_those_of_the_library(self, folder, photos):
        """The model called as its README does: preprocess, encode, scale, softmax."""
        import open_clip
        import torch

        model, _, prepare = open_clip.create_model_and_transforms(f"local-dir:{folder}")
        tokens = open_clip.get_tokenizer(f"local-dir:{folder}")(TERMS)
        with torch.inference_mode():
            logits, _ = model.eval().get_logits(prepare(photos[0].image)[None], tokens)
        expected = dict(zip(TERMS, logits.softmax(-1)[0].tolist(), strict=True))
        facts = Retrieval(str(folder), terms=TERMS, templates=["{}"], threshold=0, top_k=5, device="cpu").look(photos[0])
        assert {fact.value: fact.score for fact in facts} == pytest.approx(expected, abs=2e-4)

    def test_templates_are_averaged(self, folder):
        expert = Retrieval(str(folder), terms=TERMS, templates=["{}", "a photo of {}"], device="cpu")
        one, two = (expert._clip.texts([form.format(TERMS[0])])[0] for form in ("{}", "a photo of {}"))
        mean = (one + two) / np.linalg.norm(one + two)
        assert expert._searchers[0]._matrix[0] == pytest.approx(mean, abs=1e-5)

    def test_the_second_construction_does_not_encode_again(self, folder, tmp_path, photos, monkeypatch):
        encoded: list[int] = []
        texts = Clip.texts
        monkeypatch.setattr(Clip, "texts", lambda self, prompts: encoded.append(len(prompts)) or texts(self, prompts))
        first = Retrieval(str(folder), terms=TERMS, cache=str(tmp_path), device="cpu").look(photos[0])
        assert sum(encoded) == 3 * len(TERMS)
        assert Retrieval(str(folder), terms=TERMS, cache=str(tmp_path), device="cpu").look(photos[0]) == first
        assert sum(encoded) == 3 * len(TERMS)

    def test_an_index_and_numpy_agree_on_a_bank(self, folder, photos, monkeypatch):
        pytest.importorskip("usearch")
        options = {"bank": "styles", "threshold": 0, "top_k": 10, "device": "cpu"}
        exact = Retrieval(str(folder), **options).look_batch(photos)
        monkeypatch.setattr(search, "EXACT", 10)
        assert Retrieval(str(folder), **options).look_batch(photos) == exact

    def test_answers_of_a_random_model_are_well_formed(self, folder, photos):
        expert = Retrieval(str(folder), device="cpu", asked_threshold=0.21)
        facts = expert.ask(photos[0], claims("object:dog", "object:bus", "attribute:brown:0", "scene:kitchen", "style:aerial"))
        assert facts  # of nine phrases that a random model cannot tell apart each has about a ninth
        assert all(fact.negated and fact.kind == "object" and 0.8 <= fact.score <= 1 for fact in facts)

    @pytest.mark.parametrize("precision", ["float16", "bfloat16"])
    def test_lower_precision(self, folder, photos, precision):
        exact, rough = (
            Retrieval(str(folder), terms=TERMS, threshold=0, top_k=5, device="cpu", precision=name).look(photos[0])
            for name in ("", precision)
        )
        assert {f.value: f.score for f in rough} == pytest.approx({f.value: f.score for f in exact}, abs=0.05)

    @pytest.mark.parametrize("wrapped", [True, False], ids=["as in a folder", "as in the library"])
    def test_a_json_file_and_weights(self, folder, tmp_path, photos, wrapped):
        config = tmp_path / "ViT-B-32.json"  # a name of the library's own, which must not be touched
        described = json.loads((folder / "open_clip_config.json").read_text())
        config.write_text(json.dumps(described if wrapped else TINY))
        options = {"terms": TERMS, "device": "cpu", "weights": str(folder / "open_clip_model.safetensors")}
        found = Retrieval(str(config), threshold=0, **options).look(photos[0])
        if wrapped:
            assert found == Retrieval(str(folder), threshold=0, terms=TERMS, device="cpu").look(photos[0])
        import open_clip

        assert open_clip.get_model_config("ViT-B-32")["embed_dim"] == 512

    def test_pickled_weights_only_where_trusted(self, folder, tmp_path, photos):
        import torch
        from safetensors.torch import load_file

        file = tmp_path / "tiny.pt"
        torch.save({"state_dict": load_file(folder / "open_clip_model.safetensors")}, file)
        options = {"model": str(folder), "weights": str(file), "terms": TERMS, "device": "cpu"}
        with pytest.raises(ExpertError, match=r"tiny.pt are pickled, and could run code"):
            Retrieval(**options)
        assert Retrieval(**options, trusted=True).look(photos[0]) == Retrieval(str(folder), terms=TERMS, device="cpu").look(
            photos[0]
        )

    def test_pickled_code_does_not_run_even_where_trusted(self, folder, tmp_path):
        import torch

        class Code:
            def __reduce__(self):
                return (Path.touch, (tmp_path / "ran",))

        torch.save({"state_dict": Code()}, tmp_path / "bad.pt")
        with pytest.raises(ExpertError, match=r"weights bad.pt cannot be loaded: UnpicklingError"):
            Retrieval(str(folder), weights=str(tmp_path / "bad.pt"), terms=TERMS, trusted=True, device="cpu")
        assert not (tmp_path / "ran").exists()

    def test_checksums(self, folder):
        for path, options in ((folder, {}), (folder / "open_clip_model.safetensors", {"weights": "open_clip_model.safetensors"})):
            given = {name: str(folder / value) for name, value in options.items()}
            Retrieval(str(folder), terms=TERMS, device="cpu", sha256=weights.digest(path), **given).close()
            with pytest.raises(ExpertError, match="expected the SHA-256 000000000000"):
                Retrieval(str(folder), terms=TERMS, sha256="0" * 64, **given)

    @pytest.mark.parametrize(
        ("options", "error", "message"),
        [
            pytest.param({"model": "ViT-B-33"}, ConfigError, "expected an architecture .* did you mean", id="a wrong name"),
            pytest.param({"model": "hf-hub:a/b"}, ConfigError, "expected an arch.*nothing is downloaded", id="the hub"),
            pytest.param({"model": ""}, ConfigError, "expected an architecture of open_clip", id="none"),
            pytest.param({"model": "ViT-B-32"}, ConfigError, "weights: expected a path, got none", id="no weights"),
            pytest.param(
                {"model": "ViT-B-32", "weights": "openai"}, ExpertError, "got 'openai', which does not exist", id="a tag"
            ),
            pytest.param(
                {"model": "RN50", "weights": "FILE"}, ExpertError, "cannot be loaded: AssertionError", id="weights of another"
            ),
            pytest.param(
                {"model": "FOLDER", "weights": "FOLDER"},
                ExpertError,
                "weights: expected a file that ends in",
                id="a folder as file",
            ),
            pytest.param(
                {"model": "FOLDER", "weights": "CONFIG"}, ExpertError, "weights: expected a file that ends in", id="wrong ending"
            ),
            pytest.param({"model": "nowhere.json"}, ExpertError, "model: expected a file nowhere.json", id="no description"),
            pytest.param({"model": "/"}, ExpertError, "model: expected a file open_clip_config.json", id="a folder of others"),
            pytest.param({"model": "FILE"}, ConfigError, "expected an architecture", id="weights as model"),
            pytest.param(
                {"model": "FOLDER", "device": "cuda:99"}, ConfigError, "device: 'cuda:99' cannot be used", id="no such device"
            ),
            pytest.param(
                {"model": "FOLDER", "precision": "int8"}, ConfigError, "precision: expected one of", id="no such precision"
            ),
        ],
    )
    def test_models_that_are_refused(self, folder, options, error, message):
        places = {"FOLDER": folder, "FILE": folder / "open_clip_model.safetensors", "CONFIG": folder / "open_clip_config.json"}
        with pytest.raises(error, match=message):
            Retrieval(
                **{"terms": TERMS, "device": "cpu"} | {name: str(places.get(value, value)) for name, value in options.items()}
            )

    @pytest.mark.parametrize(
        ("changes", "message"),
        [
            pytest.param(
                {"text_cfg": {"hf_model_name": "roberta-base"}}, "the text tower 'roberta-base' would be fetched", id="text"
            ),
            pytest.param({"text_cfg": {"hf_tokenizer_name": "t5"}}, "the tokenizer 't5' would be fetched", id="tokenizer"),
            pytest.param(
                {"vision_cfg": {"timm_model_name": "hf-hub:a/b"}}, "the vision tower 'hf-hub:a/b' would be fetched", id="vision"
            ),
            pytest.param(
                {"text_cfg": {"tokenizer_kwargs": {"trust_remote_code": True}}}, "asks to run code of its own", id="code"
            ),
            pytest.param({"text_cfg": None}, "expected embed_dim, vision_cfg and text_cfg", id="no text"),
        ],
    )
    def test_descriptions_that_are_refused(self, folder, tmp_path, changes, message):
        described = {**TINY, **{name: {**TINY[name], **value} for name, value in changes.items() if value}}
        if changes.get("text_cfg", {}) is None:
            del described["text_cfg"]
        (tmp_path / "c.json").write_text(json.dumps(described))
        with pytest.raises(ExpertError, match=message):
            Retrieval(str(tmp_path / "c.json"), weights=str(folder / "open_clip_model.safetensors"), terms=TERMS)

    def test_a_description_that_is_no_json(self, tmp_path):
        (tmp_path / "c.json").write_text("{")
        with pytest.raises(ExpertError, match=r"model c.json: expected JSON"):
            Retrieval(str(tmp_path / "c.json"), terms=TERMS)

    @pytest.mark.parametrize(
        ("names", "message"),
        [
            ((), "expected one file of weights, got none"),
            (("a.safetensors", "b.safetensors"), "got a.safetensors, b.safetensors"),
        ],
        ids=["none", "two"],
    )
    def test_folders_without_clear_weights(self, tmp_path, names, message):
        (tmp_path / "open_clip_config.json").write_text(json.dumps({"model_cfg": TINY}))
        for name in names:
            (tmp_path / name).write_bytes(b"")
        with pytest.raises(ExpertError, match=message):
            Retrieval(str(tmp_path), terms=TERMS)

    def test_out_of_memory_halves_the_batch(self, folder, photos, monkeypatch):
        expert = Retrieval(str(folder), terms=TERMS, threshold=0, device="cpu")
        expected, images, sizes = expert.look_batch(photos), Clip.images, []

        def small(self, pictures):
            sizes.append(len(pictures))
            if len(pictures) > 2:
                raise RuntimeError("CUDA out of memory")
            return images(self, pictures)

        monkeypatch.setattr(Clip, "images", small)
        assert [said(facts) for facts in expert.look_batch(photos)] == [said(facts) for facts in expected]
        assert sizes == [5, 2, 2, 1]

    def test_nothing_goes_over_the_network_and_nothing_is_printed(self, folder):
        done = subprocess.run(
            [sys.executable, "-c", OFFLINE, folder],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


OFFLINE = """
import logging, sys
calls = []
sys.addaudithook(lambda event, args: calls.append(event) if event in ("socket.connect", "socket.getaddrinfo") else None)
from experts.retrieval import Retrieval
from fusion.testing import sample, solid_image
Retrieval(sys.argv[1], device="cpu").look(sample(solid_image()))
assert not calls, calls
assert not logging.getLogger().handlers
"""


@pytest.mark.parametrize("module", ["open_clip", "torch"])
def test_without_the_library(monkeypatch, module):
    if module == "open_clip":
        pytest.importorskip("torch")
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingExtra, match=f"{module} cannot be imported"):
        Retrieval("ViT-B-32")
    assert Retrieval.requires[module] == "pip install 'caption-fusion[retrieval]'"


def test_texts_are_rated_by_how_well_they_fit_the_picture(meanings):
    expert = Retrieval("m", bank=[])
    red_dog, dog, bus = expert.rate(RED, ["a red dog", "a dog", "a bus"])
    assert 1 >= red_dog > dog > bus >= 0
    assert expert.rate(RED, []) == []
    with pytest.raises(ExpertError, match="expected a picture"):
        expert.rate(sample(id="none"), ["a dog"])
