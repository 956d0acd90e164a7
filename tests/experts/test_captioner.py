"""Captions of tiny models of the real classes with random weights, made on the spot, and what is pure logic."""

from __future__ import annotations

import sys

import pytest
from PIL import Image

from experts.captioner import Captions, regions
from experts.captioner.text import once, tidy, whole
from fusion.errors import ConfigError, ExpertError, MissingExtra
from fusion.facts import Box, Fact
from fusion.testing import sample, solid_image

LETTERS = [chr(letter) * 3 for letter in range(ord("a"), ord("z") + 1)]
WORDS = [*LETTERS, *"a photo of the dog cat on sofa . , - yes no describe".split()]
SIDE = 16
LAYER = {"hidden_size": 16, "intermediate_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2}
TOWER = {**LAYER, "image_size": SIDE, "patch_size": 8}
TEMPLATE = (
    "{% for m in messages %}{% for c in m.content %}{{ '<image>' if c.type == 'image' else c.text }} {% endfor %}{% endfor %}yes"
)

models = pytest.mark.models


def bert_tokenizer(folder):
    from transformers import BertTokenizer

    file = folder / "vocab.txt"
    file.write_text("\n".join(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *WORDS]), encoding="utf-8")
    return BertTokenizer(str(file))


def word_tokenizer():
    """A tokenizer of whole words, as models of the GPT and Llama family take it."""
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    words = {word: place for place, word in enumerate(["<s>", "</s>", "<unk>", "<pad>", "<image>", *WORDS])}
    made = Tokenizer(models.WordLevel(words, unk_token="<unk>"))
    made.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    special = {"bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>", "pad_token": "<pad>"}
    return PreTrainedTokenizerFast(tokenizer_object=made, additional_special_tokens=["<image>"], **special)


def image_processor(kind, **options):
    import transformers

    size = {"height": SIDE, "width": SIDE}
    return getattr(transformers, kind)(size=size, **options)


def blip(folder):
    from transformers import BlipConfig, BlipForConditionalGeneration, BlipProcessor

    tokenizer = bert_tokenizer(folder)
    special = {"bos_token_id": 2, "eos_token_id": 3, "sep_token_id": 3, "pad_token_id": 0}
    sizes = {**LAYER, "vocab_size": len(tokenizer), "encoder_hidden_size": 16, "projection_dim": 16}
    text = {**sizes, **special, "max_position_embeddings": 64}
    config = BlipConfig(text_config=text, vision_config={**TOWER, "projection_dim": 16}, image_text_hidden_size=16)
    BlipProcessor(image_processor("BlipImageProcessor"), tokenizer).save_pretrained(folder)
    return BlipForConditionalGeneration(config)


def vit_gpt2(folder):
    from transformers import GPT2Config, GPT2LMHeadModel, VisionEncoderDecoderModel, ViTConfig, ViTModel

    tokenizer = word_tokenizer()
    decoder = GPT2Config(vocab_size=len(tokenizer), n_positions=64, n_embd=16, n_layer=1, n_head=2, bos_token_id=0,
                         eos_token_id=1, add_cross_attention=True, is_decoder=True)  # fmt: skip
    made = VisionEncoderDecoderModel(encoder=ViTModel(ViTConfig(**TOWER)), decoder=GPT2LMHeadModel(decoder))
    for config in (made.config, made.generation_config):
        config.decoder_start_token_id, config.pad_token_id, config.eos_token_id = 0, 3, 1
    image_processor("ViTImageProcessor").save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return made


def git(folder):
    from transformers import GitConfig, GitForCausalLM, GitProcessor

    tokenizer = bert_tokenizer(folder)
    config = GitConfig(vision_config=TOWER, vocab_size=len(tokenizer), **LAYER, max_position_embeddings=64, bos_token_id=2,
                       eos_token_id=3, pad_token_id=0)  # fmt: skip
    processor = image_processor("CLIPImageProcessor", crop_size={"height": SIDE, "width": SIDE})
    GitProcessor(processor, tokenizer).save_pretrained(folder)
    return GitForCausalLM(config)


def llava(folder):
    from transformers import CLIPVisionConfig, LlamaConfig, LlavaConfig, LlavaForConditionalGeneration, LlavaProcessor

    tokenizer = word_tokenizer()
    text = LlamaConfig(vocab_size=len(tokenizer), **LAYER, max_position_embeddings=64, bos_token_id=0, eos_token_id=1,
                       pad_token_id=3)  # fmt: skip
    config = LlavaConfig(vision_config=CLIPVisionConfig(**TOWER), text_config=text, image_token_id=4, image_seq_length=4,
                         vision_feature_layer=-1)  # fmt: skip
    processor = image_processor("CLIPImageProcessor", crop_size={"height": SIDE, "width": SIDE})
    LlavaProcessor(processor, tokenizer, patch_size=8, vision_feature_select_strategy="default", chat_template=TEMPLATE,
                   num_additional_image_tokens=1).save_pretrained(folder)  # fmt: skip
    return LlavaForConditionalGeneration(config)


BUILDERS = {"blip": blip, "vit_gpt2": vit_gpt2, "git": git, "llava": llava}


def build(name, folder):
    """A model with random weights that differ enough for its words to depend on the picture."""
    import torch

    torch.manual_seed(0)
    made = BUILDERS[name](folder)
    with torch.no_grad():
        for weight in made.parameters():
            weight.copy_(torch.randn_like(weight) * 0.5)
    made.save_pretrained(folder)
    return str(folder)


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    pytest.importorskip("torch")
    pytest.importorskip("transformers")
    made = {}

    def folder(name):
        if name not in made:
            made[name] = build(name, tmp_path_factory.mktemp(name))
        return made[name]

    return folder


def noise(seed, size=(40, 30)):
    """A picture that no other one is like."""
    import numpy as np

    return Image.fromarray(np.random.default_rng(seed).integers(0, 256, (size[1], size[0], 3), dtype=np.uint8))


def three():
    return [sample(noise(number, (40 + 8 * number, 30)), id=str(number)) for number in range(3)]


def thing(name, *corners, **fields):
    return Fact(id=name, kind="object", value="dog", box=Box(*corners), **fields)


def said(facts):
    return [fact.value for fact in facts]


# With real classes


@models
class TestModels:
    @pytest.fixture(params=sorted(BUILDERS))
    def folder(self, request, folders):
        return folders(request.param)

    def test_captions_drawn_are_the_same_again_alone_and_in_a_batch(self, folder):
        expert = Captions(folder, candidates=3, max_tokens=8, seed=7, batch=4, device="cpu")
        together = expert.look_batch(three())
        assert together == [expert.look(one) for one in three()]
        assert together[1:] == Captions(folder, candidates=3, max_tokens=8, seed=7, batch=32, device="cpu").look_batch(
            three()[1:]
        )
        assert all(fact.kind == "statement" and fact.parent is None for facts in together for fact in facts)
        assert all(2 <= len(facts) <= 3 for facts in together)

    def test_another_seed_draws_other_captions(self, folder):
        first, second = (
            Captions(folder, candidates=3, max_tokens=8, seed=seed, device="cpu").look(three()[0]) for seed in (1, 2)
        )
        assert first != second

    def test_a_single_caption_is_the_likeliest_whatever_the_seed(self, folder):
        first, second = (Captions(folder, max_tokens=8, seed=seed, device="cpu").look_batch(three()) for seed in (1, 2))
        assert first == second
        assert [len(facts) <= 1 for facts in first] == [True] * 3

    def test_beams(self, folder):
        expert = Captions(folder, max_tokens=6, beams=3, device="cpu")
        assert expert.look_batch(three()) == [expert.look(one) for one in three()]

    def test_regions_are_captions_of_the_largest_things(self, folder):
        facts = (thing("a", 1, 1, 20, 20), thing("b", 2, 2, 39, 29), thing("c", 5, 5, 24, 23))
        one = sample(noise(1), facts=facts)
        expert = Captions(folder, regions=2, padding=0.2, region_words=5, device="cpu")
        found = [fact for fact in expert.look(one) if fact.parent]
        assert [fact.parent for fact in found] == ["b", "a"]
        assert [fact.data for fact in found] == [{"box": [0, 0, 40, 30]}, {"box": [0, 0, 24, 24]}]
        assert all(len(fact.value.split()) <= 8 for fact in found)
        assert expert.look_batch([three()[0], one])[1] == expert.look(one)

    def test_no_special_token_is_left(self, folder):
        expert = Captions(folder, candidates=8, temperature=5, top_p=1, max_tokens=8, device="cpu")
        for text in said(expert.look(three()[0])):
            assert text == " ".join(text.split())
            assert not set("<>[]") & set(text)

    def test_without_a_picture(self, folder):
        with pytest.raises(ExpertError, match="expected a picture of 'x', got none"):
            Captions(folder, device="cpu").look(sample(id="x"))


@models
@pytest.mark.parametrize("name", ["blip", "git"])
def test_a_prompt_begins_the_caption(folders, name):
    (fact,) = Captions(folders(name), prompt="a photo of", max_tokens=4, device="cpu").look(three()[0])
    assert fact.value.startswith("a photo of ")
    assert 4 <= len(fact.value.split()) <= 7


@models
def test_a_model_that_is_told_what_to_do_answers_without_repeating_it(folders):
    expert = Captions(folders("llava"), prompt="describe the dog", max_tokens=6, candidates=6, device="cpu")
    assert not any("describe the dog" in text for text in said(expert.look(three()[0])))


@models
def test_an_encoder_with_a_decoder_takes_no_prompt(folders):
    with pytest.raises(ConfigError, match="prompt: expected none for a VisionEncoderDecoderModel, got 'a photo'"):
        Captions(folders("vit_gpt2"), prompt="a photo")


@models
def test_memory_that_runs_out_halves_the_batch(folders, monkeypatch):
    expert = Captions(folders("blip"), max_tokens=4, device="cpu")
    expected, write, sizes = expert.look_batch(three()), expert._model.write, []

    def tight(images, prompt, **options):
        sizes.append(len(images))
        if len(images) > 1:
            raise RuntimeError("CUDA out of memory")
        return write(images, prompt, **options)

    monkeypatch.setattr(expert._model, "write", tight)
    assert expert.look_batch(three()) == expected
    assert sizes == [3, 1, 1, 1]


@models
def test_a_model_that_fails(folders, monkeypatch):
    def fail(images, prompt, **options):
        raise ValueError("odd")

    expert = Captions(folders("blip"), device="cpu")
    monkeypatch.setattr(expert._model, "write", fail)
    with pytest.raises(ExpertError, match=r"fails: ValueError: odd"):
        expert.look(three()[0])


@models
def test_captions_that_say_nothing_or_the_same_are_left_out(folders, monkeypatch):
    expert = Captions(folders("blip"), candidates=4, device="cpu")
    texts = ["A dog.", " ... ", "a dog", "A cat."]
    monkeypatch.setattr(expert._model, "write", lambda images, prompt, **options: texts[: len(images)])
    assert said(expert.look(three()[0])) == ["A dog.", "A cat."]


@models
def test_half_precision(folders):
    assert len(Captions(folders("blip"), precision="bfloat16", max_tokens=4, device="cpu").look(three()[0])) <= 1


@models
def test_the_card_names_the_model(folders):
    expert = Captions(folders("blip"), device="cpu")
    assert expert.card.version.startswith("blip")
    assert expert.card.covers("object", "zebra")
    assert Captions.card.version == ""


@models
def test_after_it_was_closed(folders):
    expert = Captions(folders("blip"), device="cpu")
    expert.close()
    with pytest.raises(ExpertError, match="one that was closed"):
        expert.look(three()[0])


@models
def test_models_of_another_task_and_damaged_ones_are_refused(folders, tmp_path):
    import shutil

    from transformers import AutoConfig, BertConfig, BertForMaskedLM

    small = BertConfig(vocab_size=9, hidden_size=8, num_hidden_layers=1, num_attention_heads=1, intermediate_size=8)
    BertForMaskedLM(small).save_pretrained(tmp_path / "bert")
    with pytest.raises(ExpertError, match="expected one that writes text about a picture, got BertForMaskedLM"):
        Captions(str(tmp_path / "bert"))
    shutil.copytree(folders("blip"), tmp_path / "blip")
    shutil.copy(tmp_path / "bert" / "model.safetensors", tmp_path / "blip")
    assert AutoConfig.from_pretrained(tmp_path / "blip").model_type == "blip"
    with pytest.raises(ExpertError, match="expected the weights of a BlipForConditionalGeneration, got a file without"):
        Captions(str(tmp_path / "blip"))


@models
@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        pytest.param({"model": ""}, ConfigError, "model: expected the path of a folder, got none", id="no model"),
        pytest.param({"model": "nowhere/blip"}, ExpertError, "got 'nowhere/blip', which does not exist", id="no such folder"),
        pytest.param({"sha256": "0" * 64}, ExpertError, "expected the SHA-256 000000000000", id="wrong checksum"),
        pytest.param({"sha256": "xyz"}, ConfigError, "expected 64 hexadecimal digits", id="no checksum"),
        pytest.param({"device": "fpga"}, ConfigError, "device: 'fpga' cannot be used", id="no such device"),
        pytest.param({"precision": "int3"}, ConfigError, "precision: expected one of", id="no such precision"),
    ],
)
def test_what_cannot_be_loaded(folders, options, error, message):
    with pytest.raises(error, match=message):
        Captions(**{"model": folders("blip"), **options})


@models
def test_files_that_are_no_model(tmp_path):
    pytest.importorskip("transformers")
    (tmp_path / "empty").mkdir()
    (tmp_path / "model.bin").write_bytes(b"garbage")
    with pytest.raises(ExpertError, match="model 'empty' cannot be loaded"):
        Captions(str(tmp_path / "empty"))
    with pytest.raises(ExpertError, match="pickled"):
        Captions(str(tmp_path / "model.bin"))


# Without any


@pytest.mark.parametrize(
    ("options", "message"),
    [
        pytest.param({"temperature": 0}, "temperature: expected a number over 0, got 0", id="temperature 0"),
        pytest.param({"temperature": -1}, "temperature: expected a number over 0, got -1", id="negative temperature"),
        pytest.param({"temperature": float("nan")}, "temperature: expected a number over 0, got nan", id="temperature NaN"),
        pytest.param({"top_p": 0}, "top_p: expected over 0 and at most 1, got 0", id="no mass"),
        pytest.param({"candidates": 0}, "candidates: expected at least 1, got 0", id="no candidates"),
        pytest.param({"beams": 0}, "beams: expected at least 1, got 0", id="no beams"),
        pytest.param({"max_tokens": 0}, "max_tokens: expected at least 1, got 0", id="no tokens"),
        pytest.param({"batch": 0}, "batch: expected at least 1, got 0", id="no batch"),
        pytest.param({"region_words": 0}, "region_words: expected at least 1, got 0", id="no words"),
        pytest.param({"regions": -1}, "regions: expected 0 or more, got -1", id="negative regions"),
        pytest.param({"seed": -1}, "seed: expected 0 or more, got -1", id="negative seed"),
        pytest.param({"padding": 1.5}, "padding: expected a share 0..1, got 1.5", id="padding over 1"),
    ],
)
def test_wrong_options_are_refused_before_anything_is_loaded(options, message):
    with pytest.raises(ConfigError, match=message):
        Captions(**{"model": "nowhere", **options})


@pytest.mark.parametrize("module", ["torch", "transformers"])
def test_without_the_library(monkeypatch, tmp_path, module):
    if module == "transformers":
        pytest.importorskip("torch")
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingExtra, match=f"{module} cannot be imported"):
        Captions(str(tmp_path))
    assert Captions.requires[module] == "pip install 'caption-fusion[captioner]'"


@pytest.mark.parametrize(
    ("facts", "count", "padding", "expected"),
    [
        pytest.param([], 3, 0.1, [], id="nothing"),
        pytest.param([thing("a", 10, 10, 50, 50)], 0, 0.1, [], id="none asked for"),
        pytest.param([thing("a", 10, 10, 50, 50)], 1, 0, [("a", (10, 10, 50, 50))], id="as the box is"),
        pytest.param([thing("a", 10, 20, 50, 40)], 1, 0.1, [("a", (6, 18, 54, 42))], id="padded"),
        pytest.param([thing("a", 2, 3, 99, 78)], 1, 0.5, [("a", (0, 0, 100, 80))], id="inside the picture"),
        pytest.param([thing("a", -20, -20, 40.5, 30.2)], 1, 0, [("a", (0, 0, 41, 31))], id="a box over the edge"),
        pytest.param([thing("a", 120, 10, 150, 50)], 1, 0, [], id="a box outside"),
        pytest.param(
            [thing("a", 0, 0, 20, 20), thing("b", 0, 0, 60, 60), thing("c", 40, 40, 70, 70)],
            2,
            0,
            [("b", (0, 0, 60, 60)), ("c", (40, 40, 70, 70))],
            id="the largest two",
        ),
        pytest.param(
            [thing("a", 0, 0, 60, 60), thing("b", 1, 0, 60, 60), thing("c", 0, 0, 30, 30)],
            2,
            0,
            [("a", (0, 0, 60, 60)), ("c", (0, 0, 30, 30))],
            id="the same thing twice",
        ),
        pytest.param([thing("a", 0, 0, 60, 60, negated=True)], 1, 0, [], id="not there"),
        pytest.param([Fact(id="a", kind="object", value="dog")], 1, 0, [], id="no box"),
        pytest.param([thing("a", 0, 0, 9, 60)], 1, 0, [], id="too small"),
    ],
)
def test_regions(facts, count, padding, expected):
    found = regions.largest(facts, 100, 80, count, padding)
    assert [(region.parent, region.box) for region in found] == expected
    assert all(region.crop(solid_image(100, 80)).width == region.box[2] - region.box[0] for region in found)


def test_strips_are_no_regions():
    assert regions.largest([thing("a", 0, 0, 2000, 50)], 2000, 80, 1, 0) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  a dog\n on  a sofa ", "a dog on a sofa"),
        ("<s>a dog</s><pad>", "a dog"),
        ("<|im_start|>a dog<|im_end|>", "a dog"),
        ("a dog [SEP] [PAD]", "a dog"),
        ("a dog<loc_12>", "a dog"),
        ("a dog , a cat .", "a dog, a cat."),
        ("<think>is it a cat?</think>A dog.", "A dog."),
        ("<think>it may be", ""),
        ("5 < 6 and 7 > 6", "5 < 6 and 7 > 6"),
    ],
)
def test_tidy(text, expected):
    assert tidy(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a man ' s t - shirt", "a man's t-shirt"),
        ("black - and - white photo", "black-and-white photo"),
        ("the word ' sale ' on it", "the word ' sale ' on it"),
    ],
)
def test_word_pieces(text, expected):
    assert tidy(text, word_pieces=True) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A dog. It is on a", "A dog."),
        ("A dog! A cat? And", "A dog! A cat?"),
        ("a dog with a", "a dog"),
        ("a dog, and the", "a dog"),
        ("next to Mr. Smith on the", "next to Mr. Smith"),
        ("2.5 litres of", "2.5 litres"),
        ("the", ""),
    ],
)
def test_a_text_that_was_cut_off_ends_where_it_is_whole(text, expected):
    assert whole(text) == expected


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ([], []),
        (["", ".", "A dog."], ["A dog."]),
        (["A dog.", "a dog", "A DOG ."], ["A dog."]),
        (["b", "a", "b"], ["b", "a"]),
    ],
)
def test_texts_once(texts, expected):
    assert once(texts) == expected


@models
def test_what_is_drawn_follows_the_probabilities():
    torch = pytest.importorskip("torch")
    from experts.captioner.sampling import SeededSampling

    scores = torch.log(torch.tensor([[0.6, 0.3, 0.08, 0.02]])).repeat(4000, 1)
    drawn = SeededSampling(torch, range(4000), 1.0, 0.95)(None, scores).argmax(dim=-1)
    shares = [float((drawn == word).float().mean()) for word in range(4)]
    assert shares == pytest.approx([0.6 / 0.98, 0.3 / 0.98, 0.08 / 0.98, 0.0], abs=0.03)
    cold = SeededSampling(torch, range(4000), 0.05, 1.0)(None, scores).argmax(dim=-1)
    assert float((cold == 0).float().mean()) > 0.999
