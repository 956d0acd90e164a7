"""Questions made of claims, and answers of tiny models of the real classes with random weights, made on the spot."""

from __future__ import annotations

import sys

import pytest
from PIL import Image

from experts.vqa import Vqa, questions
from fusion.errors import ConfigError, ExpertError, MissingExtra
from fusion.facts import Box, Claim, Fact
from fusion.testing import sample, solid_image

WORDS = "is are there a the any in picture ? dog dogs cat couch two exactly brown on with . yes no answer or red big".split()
SIDE = 16
LAYER = {"hidden_size": 16, "intermediate_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2}
TOWER = {**LAYER, "image_size": SIDE, "patch_size": 8}
TEMPLATE = (
    "{% for m in messages %}{% for c in m.content %}{{ '<image>' if c.type == 'image' else c.text }} "
    "{% endfor %}{% endfor %}picture"
)

models = pytest.mark.models


def claim(name, kind, value, about=None, to=None, **fields):
    return Claim(id=name, kind=kind, value=value, about=about, to=to, span=(0, 1), **fields)


def thing(name, value, *corners, **fields):
    return Fact(id=name, kind="object", value=value, box=Box(*corners) if corners else None, **fields)


DOG, COUCH = claim("c0", "object", "dog", verdict="supported"), claim("c1", "object", "couch", verdict="supported")
FACTS = (thing("d/0", "dog", 0, 0, 9, 9), thing("d/1", "couch", 0, 0, 30, 30))


def asked(claims, facts=FACTS):
    return [one.question for one in questions(claims, facts)]


# Which questions


@pytest.mark.parametrize(
    ("one", "question"),
    [
        pytest.param(claim("c9", "object", "dog"), "Is there a dog in the picture?", id="a thing"),
        pytest.param(claim("c9", "object", "umbrella"), "Is there an umbrella in the picture?", id="before a vowel"),
        pytest.param(claim("c9", "object", "snow"), "Is there any snow in the picture?", id="stuff"),
        pytest.param(claim("c9", "object", "scissors"), "Are there any scissors in the picture?", id="a pair"),
        pytest.param(claim("c9", "object", "dog", negated=True), "Is there a dog in the picture?", id="denied"),
        pytest.param(claim("c9", "object", "dog", number=2, at_least=True), "Is there a dog in the picture?", id="dogs"),
        pytest.param(claim("c9", "count", "dog", number=2), "Are there exactly two dogs in the picture?", id="a number"),
        pytest.param(claim("c9", "count", "dog", number=1), "Is there exactly one dog in the picture?", id="one"),
        pytest.param(
            claim("c9", "count", "person", number=3, at_least=True),
            "Are there at least three people in the picture?",
            id="several",
        ),
        pytest.param(claim("c9", "attribute", "brown", "c0"), "Is the dog brown?", id="a colour"),
        pytest.param(claim("c9", "attribute", "sleeping", "c0"), "Is the dog sleeping?", id="an action"),
        pytest.param(claim("c9", "relation", "on", "c0", "c1"), "Is the dog on the couch?", id="a place"),
        pytest.param(claim("c9", "relation", "next to", "c0", "c1"), "Is the dog next to the couch?", id="two words"),
        pytest.param(claim("c9", "relation", "near", "c0", "c1"), "Is the dog near the couch?", id="near is no verb here"),
        pytest.param(claim("c9", "relation", "sit on", "c0", "c1"), "Is the dog sitting on the couch?", id="a posture"),
        pytest.param(claim("c9", "relation", "bite", "c0", "c1"), "Is the dog biting the couch?", id="a verb"),
        pytest.param(claim("c9", "relation", "have", "c0", "c1"), "Does the dog have the couch?", id="a state"),
        pytest.param(claim("c9", "relation", "attached to", "c0", "c1"), "Is the dog attached to the couch?", id="a participle"),
        pytest.param(claim("c9", "relation", "cover with", "c0", "c1"), "Is the dog covered with the couch?", id="what was done"),
        pytest.param(claim("c9", "relation", "make of", "c0", "c1"), "Is the dog made of couch?", id="a material"),
        pytest.param(claim("c9", "relation", "left of", "c0", "c1"), "Is the dog to the left of the couch?", id="a side"),
        pytest.param(
            claim("c9", "relation", "to right of", "c0", "c1"), "Is the dog to the right of the couch?", id="a side with to"
        ),
        pytest.param(
            claim("c9", "relation", "stand left of", "c0", "c1"), "Is the dog standing to the left of the couch?", id="at a side"
        ),
    ],
)
def test_questions(one, question):
    assert asked([one, DOG, COUCH]) == [question]


def test_things_in_the_plural_are_asked_for_in_the_plural():
    dogs = claim("c0", "object", "dog", number=2, at_least=True, verdict="supported")
    many = [claim("c8", "attribute", "brown", "c0"), claim("c9", "relation", "have", "c0", "c1"), dogs, COUCH]
    assert asked(many) == ["Are the dogs brown?", "Do the dogs have the couch?"]
    glasses = claim("c0", "object", "glasses", verdict="supported")
    assert asked([claim("c9", "attribute", "red", "c0"), glasses], [thing("g", "glasses")]) == ["Are the glasses red?"]


@pytest.mark.parametrize(
    ("claims", "facts"),
    [
        pytest.param([DOG, COUCH], FACTS, id="claims with a verdict"),
        pytest.param([claim("c9", "scene", "kitchen"), claim("c8", "text", "STOP")], FACTS, id="kinds that are not judged"),
        pytest.param([claim("c9", "attribute", "brown", "c7")], FACTS, id="about nothing that was given"),
        pytest.param([claim("c9", "attribute", "brown", "c0"), DOG], FACTS[1:], id="about nothing that facts know"),
        pytest.param(
            [claim("c9", "attribute", "brown", "c0"), DOG], [thing("d", "dog", negated=True)], id="about what is not there"
        ),
        pytest.param([claim("c9", "relation", "on", "c0", "c1"), DOG, COUCH], FACTS[:1], id="to nothing that facts know"),
        pytest.param([claim("c9", "relation", "on", "c0", "c7"), DOG], FACTS, id="to nothing that was given"),
        pytest.param([claim("c9", "count", "dog", number=0)], FACTS, id="none of them"),
        pytest.param(
            [claim("c9", "object", "cat")],
            [thing("v/0", "cat", data={"question": "Is there a cat in the picture?"})],
            id="asked before",
        ),
    ],
)
def test_nothing_is_asked(claims, facts):
    assert asked(claims, facts) == []


def test_a_question_is_put_once():
    assert len(asked([claim("c8", "object", "cat"), claim("c9", "object", "cat", negated=True)])) == 1


@pytest.mark.parametrize(
    ("facts", "about"),
    [
        pytest.param([thing("a", "cat"), thing("b", "dog")], "b", id="of that noun"),
        pytest.param([thing("a", "dog", 0, 0, 9, 9), thing("b", "dog", 0, 0, 20, 20)], "b", id="the largest"),
        pytest.param([thing("a", "animal"), thing("b", "puppy")], "b", id="a kind of it"),
        pytest.param([thing("a", "cat"), thing("b", "animal")], "b", id="what it is a kind of"),
    ],
)
def test_attributes_are_tied_to_the_thing_that_the_claim_means(facts, about):
    (one,) = questions([claim("c9", "attribute", "brown", "c0"), DOG], facts)
    assert one.fact == Fact(kind="attribute", value="brown", about=about, parent=about)


def test_relations_and_numbers_are_tied_too():
    claims = [claim("c8", "relation", "sit on", "c0", "c1"), claim("c9", "count", "dog", "c0", number=2), DOG, COUCH]
    assert [one.fact for one in questions(claims, FACTS)] == [
        Fact(kind="relation", value="sit on", about="d/0", to="d/1", parent="d/0"),
        Fact(kind="count", value="dog", number=2, about="d/0"),
    ]


def test_no_thing_stands_beside_itself():
    two = [claim("c0", "object", "dog", verdict="supported"), claim("c1", "object", "puppy", verdict="supported")]
    assert asked([claim("c9", "relation", "next to", "c0", "c1"), *two], FACTS) == []


# With real classes


def bert_tokenizer(folder):
    from transformers import BertTokenizer

    file = folder / "vocab.txt"
    file.write_text("\n".join(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *WORDS]), encoding="utf-8")
    return BertTokenizer(str(file))


def vilt(folder, labels=("two", "yes", "brown", "no")):
    from transformers import ViltConfig, ViltForQuestionAnswering, ViltImageProcessor, ViltProcessor

    tokenizer = bert_tokenizer(folder)
    ViltProcessor(ViltImageProcessor(size={"shortest_edge": SIDE}, size_divisor=8), tokenizer).save_pretrained(folder)
    numbers = dict(enumerate(labels))
    config = ViltConfig(vocab_size=len(tokenizer), max_position_embeddings=40, id2label=numbers,
                        label2id={label: number for number, label in numbers.items()}, **TOWER)  # fmt: skip
    return ViltForQuestionAnswering(config)


def blip(folder, kind="BlipForQuestionAnswering"):
    import transformers

    tokenizer = bert_tokenizer(folder)
    special = {"bos_token_id": 2, "eos_token_id": 3, "sep_token_id": 3, "pad_token_id": 0}
    sizes = {**LAYER, "vocab_size": len(tokenizer), "encoder_hidden_size": 16, "projection_dim": 16}
    text = {**sizes, **special, "max_position_embeddings": 64}
    vision = {**TOWER, "projection_dim": 16}
    processor = transformers.BlipImageProcessor(size={"height": SIDE, "width": SIDE})
    transformers.BlipProcessor(processor, tokenizer).save_pretrained(folder)
    return getattr(transformers, kind)(transformers.BlipConfig(text_config=text, vision_config=vision, image_text_hidden_size=16))


def llava(folder, known=("Yes", "No", "yes", "no")):
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import (
        CLIPImageProcessor,
        CLIPVisionConfig,
        LlamaConfig,
        LlavaConfig,
        LlavaForConditionalGeneration,
        LlavaProcessor,
        PreTrainedTokenizerFast,
    )

    plain = [word for word in WORDS if word not in {"yes", "no"}]
    words = dict.fromkeys(["<s>", "</s>", "<unk>", "<pad>", "<image>", *plain, "Is", "Are", *known])
    made = Tokenizer(models.WordLevel({word: place for place, word in enumerate(words)}, unk_token="<unk>"))
    made.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit()])
    special = {"bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>", "pad_token": "<pad>"}
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=made, additional_special_tokens=["<image>"], **special)
    text = LlamaConfig(vocab_size=len(tokenizer), **LAYER, max_position_embeddings=64, bos_token_id=0, eos_token_id=1,
                       pad_token_id=3)  # fmt: skip
    config = LlavaConfig(vision_config=CLIPVisionConfig(**TOWER), text_config=text, image_token_id=4, image_seq_length=4,
                         vision_feature_layer=-1)  # fmt: skip
    size = {"height": SIDE, "width": SIDE}
    LlavaProcessor(CLIPImageProcessor(size=size, crop_size=size), tokenizer, patch_size=8, chat_template=TEMPLATE,
                   vision_feature_select_strategy="default", num_additional_image_tokens=1).save_pretrained(folder)  # fmt: skip
    return LlavaForConditionalGeneration(config)


BUILDERS = {"vilt": vilt, "blip": blip, "llava": llava}


def save(make, folder, **options):
    """A model with random weights that differ enough for answers to depend on the question."""
    import torch

    torch.manual_seed(1)
    made = make(folder, **options)
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
            made[name] = save(BUILDERS[name], tmp_path_factory.mktemp(name))
        return made[name]

    return folder


CLAIMS = [
    claim("c2", "object", "cat"),
    claim("c3", "object", "dog"),
    claim("c4", "count", "dog", "c0", number=2),
    claim("c5", "attribute", "brown", "c0"),
    claim("c6", "attribute", "big", "c1"),
    claim("c7", "relation", "on", "c0", "c1"),
    DOG,
    COUCH,
]


def picture(**fields):
    import numpy as np

    pixels = np.random.default_rng(3).integers(0, 256, (30, 40, 3), dtype=np.uint8)
    return sample(Image.fromarray(pixels), facts=FACTS, **fields)


def rounded(facts):
    return [(fact.kind, fact.value, fact.negated, round(fact.score, 3)) for fact in facts]


@models
class TestModels:
    @pytest.fixture(params=sorted(BUILDERS))
    def folder(self, request, folders):
        return folders(request.param)

    def test_every_claim_is_answered_where_any_answer_counts(self, folder):
        facts = Vqa(folder, threshold=0.5000001, device="cpu").ask(picture(), CLAIMS)
        assert [(fact.kind, fact.value) for fact in facts] == [(one.kind, one.value) for one in CLAIMS[:6]]
        assert [fact.about for fact in facts] == [None, None, "d/0", "d/0", "d/1", "d/0"]
        assert [fact.to for fact in facts] == [None] * 5 + ["d/1"]
        assert all(0.5 <= fact.score <= 1 for fact in facts)
        assert facts[0].data == {"question": "Is there a cat in the picture?"}

    def test_answers_do_not_depend_on_the_batch(self, folder):
        expert = Vqa(folder, threshold=0.5000001, device="cpu")
        together = expert.ask(picture(), CLAIMS)
        alone = [fact for one in CLAIMS[:6] for fact in expert.ask(picture(), [one, DOG, COUCH])]
        small = Vqa(folder, threshold=0.5000001, batch=1, device="cpu").ask(picture(), CLAIMS)
        assert rounded(together) == rounded(alone) == rounded(small)

    def test_answers_depend_on_the_question(self, folder):
        facts = Vqa(folder, threshold=0.5000001, device="cpu").ask(picture(), CLAIMS)
        assert len({(fact.negated, fact.score) for fact in facts}) > 3

    def test_between_yes_and_no_there_is_no_answer(self, folder):
        every = Vqa(folder, threshold=0.5000001, device="cpu").ask(picture(), CLAIMS)
        limit = sorted(fact.score for fact in every)[3] + 1e-4
        sure = Vqa(folder, threshold=min(limit, 1), device="cpu").ask(picture(), CLAIMS)
        assert sure == [fact for fact in every if fact.score >= limit]

    def test_it_states_nothing_unasked(self, folder):
        expert = Vqa(folder, device="cpu")
        assert expert.look(picture()) == []
        assert expert.ask(picture(), [DOG, COUCH]) == []
        assert not expert.card.covers("object", "dog")
        assert "transformers" in expert.card.version

    def test_without_a_picture(self, folder):
        with pytest.raises(ExpertError, match="expected a picture of 'x', got none"):
            Vqa(folder, device="cpu").ask(sample(id="x"), CLAIMS)

    def test_after_it_was_closed(self, folder):
        expert = Vqa(folder, device="cpu")
        expert.close()
        with pytest.raises(ExpertError, match="one that was closed"):
            expert.ask(picture(), CLAIMS)


@models
@pytest.mark.parametrize(("favoured", "negated"), [pytest.param("yes", False, id="a yes"), pytest.param("no", True, id="a no")])
def test_what_the_classifier_favours_is_what_is_answered(folders, favoured, negated):
    import torch

    expert = Vqa(folders("vilt"), device="cpu")
    head = expert._model._model.classifier[-1]
    with torch.no_grad():
        head.weight.zero_()
        head.bias.copy_(torch.tensor([9.0, 2.0 * (favoured == "yes"), 9.0, 2.0 * (favoured == "no")]))
    facts = expert.ask(picture(), CLAIMS)
    assert [fact.negated for fact in facts] == [negated] * 6
    assert {fact.score for fact in facts} == {0.8808}  # 1 / (1 + e^-2): other labels count for nothing


@models
def test_all_ways_to_write_an_answer_count(folders):
    expert = Vqa(folders("llava"), device="cpu")
    words = expert._model.tokenizer
    assert [words.convert_ids_to_tokens(places) for places in (expert._yes, expert._no)] == [["Yes", "yes"], ["No", "no"]]


@models
def test_the_prompt_goes_around_the_question(folders, monkeypatch):
    expert = Vqa(folders("blip"), prompt="the picture {question} yes or no", device="cpu")
    seen, score = [], expert._model.next_logits
    monkeypatch.setattr(expert._model, "next_logits", lambda images, prompts: seen.extend(prompts) or score(images, prompts))
    expert.ask(picture(), CLAIMS[:1])
    assert seen == ["the picture Is there a cat in the picture? yes or no"]


@models
def test_a_model_that_fails(folders, monkeypatch):
    def fail(images, prompts):
        raise ValueError("odd")

    expert = Vqa(folders("vilt"), device="cpu")
    monkeypatch.setattr(expert._model, "label_logits", fail)
    with pytest.raises(ExpertError, match="fails: ValueError: odd"):
        expert.ask(picture(), CLAIMS)


@models
@pytest.mark.parametrize(
    ("make", "options", "message"),
    [
        pytest.param(vilt, {"labels": ("two", "yes")}, "expected the labels yes and no", id="labels without no"),
        pytest.param(blip, {"kind": "BlipForConditionalGeneration"}, "expected one that answers questions", id="describes only"),
        pytest.param(llava, {"known": ()}, "expected a tokenizer that knows yes and no", id="no such words"),
    ],
)
def test_models_that_cannot_answer_are_refused(tmp_path, make, options, message):
    pytest.importorskip("transformers")
    with pytest.raises(ExpertError, match=message):
        Vqa(save(make, tmp_path, **options))


@models
def test_what_cannot_be_loaded(folders):
    with pytest.raises(ExpertError, match="got 'nowhere/vilt', which does not exist"):
        Vqa("nowhere/vilt")
    with pytest.raises(ExpertError, match="expected the SHA-256 000000000000"):
        Vqa(folders("vilt"), sha256="0" * 64)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        pytest.param({"threshold": 0.5}, "threshold: expected over .5 and at most 1, got 0.5", id="a threshold of one half"),
        pytest.param({"threshold": 1.1}, "threshold: expected over .5 and at most 1, got 1.1", id="threshold over 1"),
        pytest.param({"prompt": "yes or no?"}, r"prompt: expected a text with {question} in it", id="a prompt without question"),
        pytest.param({"batch": 0}, "batch: expected at least 1, got 0", id="no batch"),
    ],
)
def test_wrong_options_are_refused_before_anything_is_loaded(options, message):
    with pytest.raises(ConfigError, match=message):
        Vqa(**{"model": "nowhere", **options})


def test_without_the_library(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(MissingExtra, match="torch cannot be imported"):
        Vqa(str(tmp_path))


def test_a_picture_is_not_needed_where_nothing_is_asked():
    assert Vqa.look(Vqa.__new__(Vqa), sample(solid_image())) == []
