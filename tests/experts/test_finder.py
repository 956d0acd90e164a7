"""The detectors of transformers: families on tiny models of their own classes, built here and loaded from disk."""

from __future__ import annotations

import logging
import types

import numpy as np
import pytest
from PIL import Image

from experts.finder import Finder, _distinct
from experts.finder.models import Seen
from experts.finder.wanted import MOST, nouns_in, wanted
from experts.weights import digest
from fusion.errors import ConfigError, ExpertError, MissingExtra
from fusion.expert import missing
from fusion.facts import Box, Claim, Fact
from fusion.testing import sample, solid_image

NAMES = {0: "Traffic_Lights", 1: "dog", 2: "N/A"}
TEXT = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", ".", "cat", "dog", "hot", "puppy", "fire", "hydrant"]
CLOSED, OPEN = ("yolos", "detr", "rt_detr"), ("owlv2", "owlvit", "grounding")


def claim(value, kind="object", **changes):
    return Claim(**{"id": f"c-{value}", "kind": kind, "value": value, "span": (0, 1), **changes})


# Words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("A man in a red shirt with two dogs.", ["man", "shirt", "dog"], id="articles and colours are no things"),
        pytest.param("People near a fire hydrant", ["person", "fire hydrant"], id="compounds before their parts"),
        pytest.param("Freedom, love and time", [], id="what no photo shows"),
        pytest.param("", [], id="nothing"),
    ],
)
def test_nouns_of_a_sentence(text, expected):
    assert list(nouns_in(text)) == expected


def test_words_come_from_facts_once_and_after_those_given():
    facts = [
        Fact(kind="object", value="cat"),
        Fact(kind="object", value="cat"),
        Fact(kind="object", value="zebra", negated=True),
        Fact(kind="tag", value="Fire_Hydrants"),
        Fact(kind="tag", value="beautiful"),
        Fact(kind="statement", value="A dog on a couch."),
        Fact(kind="scene", value="kitchen"),
    ]
    assert wanted(["Dogs"], facts, from_facts=True) == ("dog", "cat", "fire hydrant", "couch")
    assert wanted(["Dogs"], facts, from_facts=False) == ("dog",)
    assert len(wanted([], [Fact(kind="object", value=f"thing{n}") for n in range(99)], from_facts=True)) == MOST


def test_boxes_of_one_noun_that_overlap_count_once():
    box, near, outside = Box(0, 0, 20, 20), Box(1, 0, 21, 20), Box(90, 90, 95, 95)
    seen = [Seen("dog", 0.5, near), Seen("dog", 0.9, box), Seen("cat", 0.6, near), Seen("dog", 0.8, outside)]
    assert _distinct(seen, solid_image(), 0.6) == [Seen("dog", 0.9, box), Seen("cat", 0.6, near)]
    assert len(_distinct(seen, solid_image(), 0.95)) == 3


# Options

REFUSED = [
    pytest.param({"confidence": 1.5}, ConfigError, "confidence: expected 0..1, got 1.5", id="confidence over 1"),
    pytest.param({"iou": -1}, ConfigError, "iou: expected 0..1, got -1", id="iou under 0"),
    pytest.param({"asked_confidence": 2}, ConfigError, "asked_confidence: expected 0..1, got 2", id="asked_confidence over 1"),
    pytest.param({"batch": 0}, ConfigError, "batch: expected 1 or more, got 0", id="no batch"),
    pytest.param({"words": "dog"}, ConfigError, "words: expected a list of words, got 'dog'", id="words in a string"),
    pytest.param({"words": ["dog", " "]}, ConfigError, "words: expected a list of words", id="an empty word"),
]


@pytest.mark.parametrize(("options", "error", "message"), REFUSED)
def test_wrong_options_are_refused_before_anything_is_loaded(options, error, message):
    with pytest.raises(error, match=message):
        Finder("nowhere", **options)


def test_what_is_missing_is_named(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert missing(Finder)[1] == "pip install 'caption-fusion[finder]'"
    monkeypatch.setattr("experts.torch_models.importlib.import_module", lambda name: (_ for _ in ()).throw(ImportError(name)))
    with pytest.raises(MissingExtra, match="torch cannot be imported"):
        Finder("nowhere")


# With tiny models


def _closed(transformers, family, folder):
    names = {"id2label": NAMES, "label2id": {name: number for number, name in NAMES.items()}}
    small = {"encoder_ffn_dim": 16, "decoder_ffn_dim": 16, "encoder_attention_heads": 2, "decoder_attention_heads": 2}
    small |= {"d_model": 16, "encoder_layers": 1, "decoder_layers": 1, "num_queries": 5}
    if family == "yolos":
        config = transformers.YolosConfig(
            hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16, image_size=[32, 48],
            num_detection_tokens=5, **names,
        )  # fmt: skip
        network, processor = transformers.YolosForObjectDetection(config), transformers.YolosImageProcessor
    elif family == "detr":
        depth = transformers.ResNetConfig(embedding_size=8, hidden_sizes=[8, 8, 8, 16], depths=[1] * 4, layer_type="basic")
        config = transformers.DetrConfig(use_timm_backbone=False, backbone_config=depth, backbone=None, **small, **names)
        network, processor = transformers.DetrForObjectDetection(config), transformers.DetrImageProcessor
    else:
        depth = transformers.RTDetrResNetConfig(
            embedding_size=8, hidden_sizes=[8, 8, 16, 16], depths=[1] * 4, layer_type="basic", out_indices=[2, 3, 4]
        )
        config = transformers.RTDetrConfig(
            backbone_config=depth, encoder_hidden_dim=16, encoder_in_channels=[8, 16, 16], decoder_in_channels=[16] * 3,
            num_denoising=0, **small, **names,
        )  # fmt: skip
        network, processor = transformers.RTDetrForObjectDetection(config), transformers.RTDetrImageProcessor
    size = {"height": 64, "width": 64} if family == "rt_detr" else {"shortest_edge": 48, "longest_edge": 72}
    for name, weight in network.named_parameters():
        if name.startswith("class_labels_classifier") and name.endswith("bias") and len(weight) == len(NAMES) + 1:
            weight.data[2] = -9  # the class without a name is never the best
    network.save_pretrained(folder)
    processor(size=size).save_pretrained(folder)


def _owl(transformers, family, folder):
    letters = [chr(code) for code in range(ord("a"), ord("z") + 1)]
    pieces = ["!", "<|startoftext|>", "<|endoftext|>", *letters, *(f"{letter}</w>" for letter in letters)]
    vocabulary = {piece: number for number, piece in enumerate(pieces)}
    tokenizer = transformers.CLIPTokenizer(vocab=vocabulary, merges=[], model_max_length=24, pad_token="!")
    small = {"hidden_size": 16, "intermediate_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2}
    name = {"owlv2": "Owlv2", "owlvit": "OwlViT"}[family]
    config = getattr(transformers, f"{name}Config")(
        text_config={**small, "max_position_embeddings": 24, "vocab_size": len(pieces), "eos_token_id": 2, "bos_token_id": 1},
        vision_config={**small, "image_size": 64, "patch_size": 16},
        projection_dim=16,
    )
    getattr(transformers, f"{name}ForObjectDetection")(config).save_pretrained(folder)
    images = getattr(transformers, f"{name}ImageProcessor")(size={"height": 64, "width": 64})
    getattr(transformers, f"{name}Processor")(images, tokenizer).save_pretrained(folder)


def _grounding(transformers, folder):
    tokenizer = transformers.BertTokenizer(vocab={word: number for number, word in enumerate(TEXT)}, model_max_length=64)
    depth = transformers.SwinConfig(
        image_size=64, patch_size=4, embed_dim=8, depths=[1] * 4, num_heads=[1, 1, 2, 2], window_size=2, out_indices=[2, 3, 4]
    )
    text = transformers.BertConfig(
        vocab_size=len(TEXT), hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16,
        max_position_embeddings=64,
    )  # fmt: skip
    config = transformers.GroundingDinoConfig(
        backbone_config=depth, text_config=text, d_model=32, encoder_layers=1, decoder_layers=2, encoder_ffn_dim=16,
        decoder_ffn_dim=16, encoder_attention_heads=2, decoder_attention_heads=2, num_queries=6, max_text_len=12,
    )  # fmt: skip
    transformers.GroundingDinoForObjectDetection(config).save_pretrained(folder)
    images = transformers.GroundingDinoImageProcessor(size={"shortest_edge": 48, "longest_edge": 72})
    transformers.GroundingDinoProcessor(images, tokenizer).save_pretrained(folder)


@pytest.fixture(scope="session")
def models(tmp_path_factory):
    """The folder of a model by its family, built at the first call."""
    torch, transformers = pytest.importorskip("torch"), pytest.importorskip("transformers")
    logging.getLogger("transformers").setLevel(logging.ERROR)
    made = {}

    def build(family):
        if family not in made:
            torch.manual_seed(1)
            folder = tmp_path_factory.mktemp(family)
            transformers.utils.logging.disable_progress_bar()
            if family in CLOSED:
                _closed(transformers, family, folder)
            elif family == "grounding":
                _grounding(transformers, folder)
            else:
                _owl(transformers, family, folder)
            made[family] = str(folder)
        return made[family]

    return build


def pictures():
    """Three of two sizes, none of one colour."""
    draw = np.random.default_rng(0)
    noise, grain = (Image.fromarray(draw.integers(0, 256, (*size, 3), dtype=np.uint8)) for size in ((60, 90), (90, 60)))
    half = noise.copy()
    half.paste((200, 30, 30), (0, 0, 45, 60))
    return [sample(image, id=str(number)) for number, image in enumerate((noise, grain, half))]


def same(one, other):
    """Are facts alike but for the last digits, in which sums of several pictures at once differ?"""
    numbers = [[(f.score * 100, f.box.x0, f.box.y0, f.box.x1, f.box.y1) for f in facts] for facts in (one, other)]
    return [fact.value for fact in one] == [fact.value for fact in other] and np.allclose(*numbers, atol=0.15)


@pytest.mark.models
@pytest.mark.filterwarnings("default")
class TestTinyModels:
    @pytest.mark.parametrize("family", CLOSED)
    def test_classes_are_plain_nouns_in_boxes_of_the_picture(self, models, family):
        expert = Finder(models(family), confidence=0.0, device="cpu", iou=1.0)
        card = expert.cards("finder")["finder"]
        assert card.vocabulary == ("dog", "traffic light")
        assert card.covers("object", "puppy")
        assert "transformers" in card.version
        one = pictures()[0]
        facts = expert.look(one)
        assert facts
        assert {fact.value for fact in facts} <= {"dog", "traffic light"}
        assert all(fact.kind == "object" and fact.box.clip(one.width, one.height) == fact.box for fact in facts)
        assert [fact.score for fact in facts] == sorted((fact.score for fact in facts), reverse=True)

    @pytest.mark.parametrize("family", [*CLOSED, *OPEN])
    @pytest.mark.parametrize("batch", [1, 8])
    def test_a_batch_sees_what_single_pictures_do(self, models, family, batch):
        words = ["hot dog", "cat"] if family in OPEN else []
        expert = Finder(models(family), words=words, confidence=0.01, device="cpu", batch=batch)
        samples = pictures()
        together = expert.look_batch(samples)
        assert all(same(facts, expert.look(one)) for facts, one in zip(together, samples, strict=True))
        assert all(together)
        assert expert.look_batch([]) == []

    @pytest.mark.parametrize("family", OPEN)
    def test_an_open_model_states_the_words_it_was_given(self, models, family):
        expert = Finder(models(family), words=["Hot_Dogs", "cat"], confidence=0.01, device="cpu")
        assert expert.card.vocabulary == ("cat", "hot dog")
        assert expert.card.recall_of("object", "cat") < Finder.card.recall_of("object", "cat")
        facts = [fact for facts in expert.look_batch(pictures()) for fact in facts]
        assert {fact.value for fact in facts} <= {"hot dog", "cat"}

    @pytest.mark.parametrize("family", OPEN)
    def test_words_of_facts_are_looked_for_and_their_absence_says_nothing(self, models, family):
        expert = Finder(models(family), from_facts=True, confidence=0.01, device="cpu")
        assert expert.card.vocabulary == ()
        assert not expert.card.covers("object", "dog")
        bare = pictures()[0]
        told = bare.with_facts((Fact(id="a/0", kind="tag", value="Fire hydrants"), Fact(id="a/1", kind="object", value="dog")))
        batch = expert.look_batch([bare, told])
        assert batch[0] == []
        assert batch[1]
        assert {fact.value for fact in batch[1]} <= {"fire hydrant", "dog"}

    @pytest.mark.parametrize("family", OPEN)
    def test_an_open_model_answers_for_any_thing_apart(self, models, family):
        expert = Finder(models(family), asked_confidence=0.0, device="cpu")
        claims = [claim("cat"), claim("puppy"), claim("freedom"), claim("cat", id="again"), claim("brown", "style")]
        answers = expert.ask(pictures()[0], claims)
        assert [answer.value for answer in answers] == ["cat", "puppy"]
        assert all(answer.box and not answer.negated for answer in answers)
        alone = expert.ask(pictures()[0], [claim("puppy")])
        if family != "grounding":  # no word knows of another there
            assert alone[0].score == pytest.approx(answers[1].score, abs=1e-3)

    def test_what_is_not_found_is_denied(self, models):
        expert = Finder(models("yolos"), asked_confidence=0.99, device="cpu")
        claims = [claim("puppy"), claim("zebra"), claim("dog", verdict="supported")]
        assert expert.ask(pictures()[0], claims) == [Fact(kind="object", value="puppy", negated=True, score=0.01)]
        assert expert.ask(sample(id="none"), [claim("zebra")]) == []

    def test_what_is_found_is_stated_as_the_class(self, models):
        expert = Finder(models("yolos"), asked_confidence=0.0, device="cpu")
        facts = Finder(models("yolos"), confidence=0.0, device="cpu").look(pictures()[0])
        kinds = {fact.value for fact in facts}
        answers = expert.ask(pictures()[0], [claim("puppy"), claim("traffic light")])
        assert [answer.negated for answer in answers] == ["dog" not in kinds, "traffic light" not in kinds]
        assert any(answer.box for answer in answers)

    def test_many_words_are_divided_where_the_text_is_short(self, models):
        """The tiny model takes twelve tokens: each word is found in the part where it stands."""
        expert = Finder(models("grounding"), words=["fire hydrant", "hot dog", "cat", "puppy", "dog"], device="cpu")
        assert list(map(list, expert._model._parts(expert._words))) == [["fire hydrant", "hot dog", "cat", "puppy"], ["dog"]]
        answers = expert.ask(pictures()[0], [claim(word) for word in expert._words])
        assert [answer.value for answer in answers] == list(expert._words)

    def test_scores_of_a_word_are_those_of_its_tokens(self, models):
        """Against the library's own reading of the same output."""
        expert = Finder(models("grounding"), words=["hot dog", "cat"], confidence=0.0, device="cpu", iou=1.0)
        model = expert._model
        text = model._processor.tokenizer("hot dog. cat.")["input_ids"]
        assert model._spans(text, 2) == [[1, 2], [4]]
        outputs = []
        run = model._output
        model._output = lambda *args, **text: outputs.append(run(*args, **text)) or outputs[-1]
        found = expert.look(pictures()[0])
        tokens = outputs[0].logits.sigmoid()[0]
        best = sorted((max(row[1], row[2], row[4]) for row in tokens.tolist()), reverse=True)
        assert [fact.score for fact in found] == pytest.approx(best[: len(found)], abs=1e-4)

    @pytest.mark.parametrize("family", ["yolos", "owlv2"])
    def test_half_precision(self, models, family):
        words = ["cat"] if family == "owlv2" else []
        expert = Finder(models(family), words=words, confidence=0.0, precision="bfloat16", device="cpu")
        assert expert.look(pictures()[0])

    def test_fewer_pictures_where_memory_runs_out(self, models, monkeypatch):
        expert = Finder(models("yolos"), confidence=0.0, device="cpu")
        run, sizes = expert._model._run, []

        def tight(part, search):
            sizes.append(len(part))
            if len(part) > 1:
                raise RuntimeError("CUDA out of memory")
            return run(part, search)

        monkeypatch.setattr(expert._model, "_run", tight)
        one = pictures()[0]
        assert [len(facts) > 0 for facts in expert.look_batch([one, one, one])] == [True] * 3
        assert sizes == [3, 1, 1, 1]

    def test_a_network_that_fails(self, models, monkeypatch):
        expert = Finder(models("yolos"), device="cpu")
        monkeypatch.setattr(expert._model, "_run", lambda *args: (_ for _ in ()).throw(ValueError("odd")))
        with pytest.raises(ExpertError, match="fails: ValueError: odd") as caught:
            expert.look(pictures()[0])
        assert "precision" in caught.value.hint

    def test_without_a_picture_and_after_closing(self, models):
        expert = Finder(models("yolos"), device="cpu")
        with pytest.raises(ExpertError, match="expected a picture of 'x', got none"):
            expert.look(sample(id="x"))
        expert.close()
        with pytest.raises(ExpertError, match="expected an open expert, got one that was closed"):
            expert.look(pictures()[0])

    def test_words_for_a_model_with_classes_are_refused(self, models):
        for options in ({"words": ["cat"]}, {"from_facts": True}):
            with pytest.raises(ConfigError, match="expected a model that looks for words"):
                Finder(models("yolos"), device="cpu", **options)

    def test_the_checksum_is_that_of_the_folder(self, models, tmp_path):
        from pathlib import Path

        folder = models("yolos")
        assert Finder(folder, sha256=digest(Path(folder)), device="cpu").card.vocabulary
        with pytest.raises(ExpertError, match=r"expected the SHA-256 000000000000…"):
            Finder(folder, sha256="0" * 64, device="cpu")

    def test_what_cannot_be_loaded(self, models, tmp_path):
        import transformers

        with pytest.raises(ExpertError, match="expected a folder, got 'some/name', which does not exist"):
            Finder("some/name", device="cpu")
        with pytest.raises(ExpertError, match="cannot be loaded"):
            Finder(str(tmp_path), device="cpu")
        transformers.BertConfig().save_pretrained(tmp_path / "bert")
        with pytest.raises(ExpertError, match="expected a detector, got a model of the type 'bert'"):
            Finder(str(tmp_path / "bert"), device="cpu")
        (tmp_path / "pickled").mkdir()
        (tmp_path / "pickled" / "pytorch_model.bin").write_bytes(b"x")
        with pytest.raises(ExpertError, match="are pickled"):
            Finder(str(tmp_path / "pickled"), device="cpu")
        with pytest.raises(ConfigError, match="device: 'warp' cannot be used"):
            Finder(models("yolos"), device="warp")
        with pytest.raises(ConfigError, match="precision: expected one of"):
            Finder(models("yolos"), device="cpu", precision="int3")

    def test_classes_without_names_are_refused(self):
        from experts.finder.models import Closed

        config = types.SimpleNamespace(id2label={0: "LABEL_0", 1: "LABEL_1"})
        with pytest.raises(ExpertError, match="expected names of its classes, got LABEL_0, LABEL_1"):
            Closed(None, types.SimpleNamespace(config=config), None, "tiny")
