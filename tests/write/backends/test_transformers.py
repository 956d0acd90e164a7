"""Models in folders: what is refused before anything is loaded, and tiny ones, built on the spot, that write in batches."""

from __future__ import annotations

import json

import pytest

from fusion.errors import ConfigError, ContextTooLong, WriterError
from fusion.write.backends import Backend, Message, Reply, Request, load_backend
from fusion.write.backends.transformers import Transformers

WORDS = "a the cat dog ball red big small girl boy sits on mat runs sees and is . , what it be brief user system go".split()
ROLES = "{% for m in messages %}<turn>{{ m['role'] }} {{ m['content'] }}</turn>{% endfor %}{{ strftime_now('%Y') }}"
NO_SYSTEM = "{% if messages[0]['role'] == 'system' %}{{ raise_exception('no system') }}{% endif %}" + ROLES
TEXTS = ("the cat", "a big red dog sits on the small mat and sees the ball .", "girl", "the boy runs , and the dog", "it is")


def ask(text="the cat", **fields):
    """A request of one message, greedy unless told otherwise."""
    return Request(messages=(Message("user", text),), **{"max_tokens": 8, **fields})


# Before anything is loaded


@pytest.mark.parametrize(
    ("options", "message"),
    [
        pytest.param({"weights": ""}, "weights: expected a folder, got none", id="no path"),
        pytest.param({"weights": "/no/where"}, "expected a folder, got 'where', which does not exist", id="missing"),
        pytest.param({"weights": "{}/bare"}, "expected a folder with config.json, got 'bare', which has none", id="no config"),
        pytest.param({"weights": "{}/a.gguf"}, "expected a folder with config.json, got the file 'a.gguf'", id="a file"),
        pytest.param({"weights": "{}/pickled"}, "pytorch_model.bin is pickled, and could run code", id="pickled"),
        pytest.param({"dtype": "int3"}, "dtype: expected one of auto, float32, float16, bfloat16, got 'int3'", id="dtype"),
        pytest.param({"batch": 0}, "batch: expected 1 or more, got 0", id="empty batch"),
        pytest.param({"context": -1}, "context: expected 0 or more, got -1", id="negative context"),
        pytest.param({"sha256": "abc"}, "sha256: expected 64 hexadecimal digits", id="no checksum"),
        pytest.param(
            {"weights": "some/one", "download": True, "sha256": "0" * 64}, "got a name on the hub", id="checksum of the hub"
        ),
    ],
)
def test_what_is_refused_at_once(tmp_path, options, message):
    for name in ("bare", "pickled", "fine"):
        (tmp_path / name).mkdir()
    (tmp_path / "a.gguf").touch()
    (tmp_path / "pickled" / "config.json").write_text("{}", encoding="utf-8")
    (tmp_path / "pickled" / "pytorch_model.bin").touch()
    (tmp_path / "fine" / "config.json").write_text("{}", encoding="utf-8")
    given = {"weights": "{}/fine", **options}
    with pytest.raises(ConfigError) as caught:
        Transformers(**{**given, "weights": given["weights"].format(tmp_path)})
    assert message in caught.value.message
    assert str(tmp_path) not in caught.value.message


def test_the_model_is_named_by_folder_digest_and_precision(tmp_path):
    (tmp_path / "tiny").mkdir()
    (tmp_path / "tiny" / "config.json").write_text("{}", encoding="utf-8")
    model = Transformers(str(tmp_path / "tiny")).model
    assert model.startswith("tiny sha256:")
    assert Transformers(str(tmp_path / "tiny"), dtype="float16").model == f"{model} float16"


# Tiny ones


@pytest.fixture(scope="module")
def torch():
    """torch, where transformers is there as well."""
    pytest.importorskip("transformers")
    return pytest.importorskip("torch")


def tokenizer(template=""):
    """One that knows a few words."""
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    marks = ["<pad>", "<unk>", "</s>", "<turn>", "</turn>"]
    words = {word: i for i, word in enumerate([*marks, *WORDS])}
    inner = Tokenizer(models.WordLevel(words, unk_token="<unk>"))
    inner.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    extra = {"additional_special_tokens": ["<turn>", "</turn>"]}
    made = PreTrainedTokenizerFast(tokenizer_object=inner, pad_token="<pad>", unk_token="<unk>", eos_token="</s>", **extra)
    made.chat_template = template or None
    return made


@pytest.fixture(scope="module")
def saved(torch, tmp_path_factory):
    """Saves a tiny model with random weights and returns its folder; each kind and template once."""
    import transformers

    folders = {}

    def causal(size):
        config = transformers.LlamaConfig(
            vocab_size=size, hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=4,
            num_key_value_heads=2, max_position_embeddings=64, pad_token_id=0, eos_token_id=2, bos_token_id=None,
        )  # fmt: skip
        return transformers.LlamaForCausalLM(config)

    def both(size):
        config = transformers.T5Config(
            vocab_size=size, d_model=32, d_kv=8, d_ff=48, num_layers=2, num_heads=4, n_positions=64,
            pad_token_id=0, eos_token_id=2, decoder_start_token_id=0,
        )  # fmt: skip
        return transformers.T5ForConditionalGeneration(config)

    def make(kind, template=""):
        if (kind, template) not in folders:
            torch.manual_seed(0)
            words = tokenizer(template)
            model = {"causal": causal, "both": both}[kind](len(words))
            for parameter in model.parameters():
                parameter.data.mul_(4)  # far apart scores, as a trained model has them
            folder = tmp_path_factory.mktemp(kind) / f"tiny-{kind}"
            model.save_pretrained(folder)
            words.save_pretrained(folder)
            folders[kind, template] = folder
        return folders[kind, template]

    return make


@pytest.fixture(params=["causal", "both"])
def folder(request, saved):
    """A tiny model of either kind."""
    return saved(request.param)


def load(folder, **options):
    """The backend of a folder."""
    return load_backend("transformers", {"weights": str(folder), "device": "cpu", **options}, "writer 'tiny'")


@pytest.mark.models
def test_it_writes(folder):
    backend = load(folder)
    assert isinstance(backend, Backend)
    (reply,) = backend.generate([ask()])
    assert reply.text.split()
    assert 0 < reply.completion_tokens <= 8
    assert reply.prompt_tokens == backend.count([Message("user", "the cat")]) == 2
    assert backend.generate([]) == []


@pytest.mark.models
@pytest.mark.parametrize("temperature", [0.0, 1.0], ids=["greedy", "drawn"])
def test_a_batch_says_what_its_requests_say_alone(folder, temperature):
    requests = [
        ask(text, temperature=temperature if i % 2 else 0.0, seed=i, max_tokens=4 + 3 * i) for i, text in enumerate(TEXTS)
    ]
    backend = load(folder, batch=8)
    together, alone = backend.generate(requests), [backend.generate([request])[0] for request in requests]
    assert together == alone
    assert load(folder, batch=2).generate(requests) == alone
    assert load(folder, batch=1).generate(requests[::-1]) == alone[::-1]
    assert len({reply.text for reply in alone}) > 2


@pytest.mark.models
def test_greedy_takes_no_notice_of_the_seed_and_draws_do(saved):
    backend = load(saved("causal"))
    greedy = backend.generate([ask(seed=seed) for seed in (0, 1)])
    drawn = [reply.text for reply in backend.generate([ask(temperature=9.0, seed=seed) for seed in (0, 1, 0, -1, 2**70)])]
    assert greedy[0] == greedy[1]
    assert drawn[0] == drawn[2]
    assert len(set(drawn)) > 2


@pytest.mark.models
def test_draws_follow_the_scores(torch):
    from fusion.write.backends.drawing import Draws

    scores = torch.tensor([[2.0, 1.0, 0.0, -5.0]]).log_softmax(-1)
    drawn = [Draws(torch, [ask(temperature=1.0, seed=seed)])(None, scores).argmax().item() for seed in range(2000)]
    shares = [drawn.count(token) / len(drawn) for token in range(4)]
    assert shares[:3] == pytest.approx([0.665, 0.245, 0.090], abs=0.04)
    assert shares[3] == 0, "less than a twentieth as likely as the likeliest"
    assert Draws(torch, [ask()])(None, scores) is scores


@pytest.mark.models
def test_a_reply_that_ends_by_itself_and_one_that_is_cut(torch, saved):
    replies = load(saved("causal")).generate(
        [ask(text, temperature=2.0, seed=seed, max_tokens=30) for seed in range(6) for text in TEXTS]
    )
    ended, cut = ([reply for reply in replies if reply.finish == finish] for finish in ("stop", "length"))
    assert ended
    assert cut
    assert all(reply.completion_tokens < 30 for reply in ended)
    assert all(reply.completion_tokens == 30 for reply in cut)
    assert not any("</s>" in reply.text or "<pad>" in reply.text for reply in replies)


@pytest.mark.models
def test_stops_end_a_reply_and_are_no_part_of_it(folder):
    backend = load(folder)
    whole = next(one for one in backend.generate([ask(text, max_tokens=20) for text in TEXTS]) if len(set(one.text.split())) > 2)
    text = TEXTS[[one.text for one in backend.generate([ask(text, max_tokens=20) for text in TEXTS])].index(whole.text)]
    stop = whole.text.split()[2]
    cut, beside = backend.generate([ask(text, max_tokens=20, stop=(stop, "never")), ask("girl", max_tokens=20)])
    assert cut.text == whole.text[: whole.text.index(stop)]
    assert cut.finish == "stop"
    assert cut.completion_tokens == whole.text.split().index(stop) + 1
    assert beside == backend.generate([ask("girl", max_tokens=20)])[0]


@pytest.mark.models
def test_a_schema_is_left_to_whoever_asked(folder):
    backend = load(folder)
    assert backend.generate([ask(schema={"type": "object"})]) == backend.generate([ask()])


@pytest.mark.models
def test_what_it_promises(folder):
    assert load(folder, batch=1).deterministic
    assert not load(folder, batch=2).deterministic


# Prompts

SYSTEM, USER = Message("system", "be brief"), Message("user", "what is it </turn> <turn>")


@pytest.mark.models
@pytest.mark.parametrize(
    ("template", "prompt"),
    [
        pytest.param("", "be brief what is it <unk> /turn> <unk> turn>", id="none"),
        pytest.param(
            ROLES, "<turn> system be brief </turn> <turn> user what is it <unk> /turn> <unk> turn> </turn> 2024", id="roles"
        ),
        pytest.param(NO_SYSTEM, "<turn> user be brief what is it <unk> /turn> <unk> turn> </turn> 2024", id="no system"),
    ],
)
@pytest.mark.parametrize("kind", ["causal", "both"])
def test_prompts(saved, kind, template, prompt):
    backend = load(saved(kind, template))
    words = tokenizer()
    made = backend._model.prompt([SYSTEM, USER])
    assert words.decode(made).split() == words.decode(words(prompt)["input_ids"]).split()
    assert len(made) == backend.count([SYSTEM, USER])


@pytest.mark.models
def test_a_template_that_refuses_everything(saved):
    backend = load(saved("causal", "{{ raise_exception('never') }}"))
    (answer,) = backend.generate([ask()])
    assert isinstance(answer, WriterError)
    assert "the chat template of the model refuses these messages: never" in answer.message


# Context


@pytest.mark.models
def test_what_does_not_fit_is_not_sent_and_spares_the_others(folder):
    backend = load(folder, context=10)
    fits, long, none, after = backend.generate([ask(max_tokens=8), ask(max_tokens=9), ask(" "), ask(max_tokens=8)])
    assert isinstance(fits, Reply)
    assert fits == after
    assert isinstance(long, ContextTooLong)
    assert "at most 10 tokens, got 2 of prompt and 9 of reply" in long.message
    assert type(none) is WriterError


@pytest.mark.models
@pytest.mark.parametrize(("asked", "made"), [(0, 64), (4096, 64), (10, 10)], ids=["its own", "too much", "less"])
def test_the_context_is_at_most_what_the_model_was_made_for(folder, asked, made):
    assert load(folder, context=asked).context == made


# What goes wrong


@pytest.mark.models
def test_a_batch_is_halved_until_it_fits(folder, monkeypatch):
    backend = load(folder, batch=8)
    requests = [ask(text) for text in TEXTS]
    expected, sizes, real = backend.generate(requests), [], backend._model.write

    def write(prompts, asked):
        sizes.append(len(asked))
        if len(asked) > 1:
            raise RuntimeError("CUDA out of memory. Tried to allocate 2 GiB")
        return real(prompts, asked)

    monkeypatch.setattr(backend._model, "write", write)
    assert backend.generate(requests) == expected
    assert sizes == [5, 2, 1, 1, 1, 1, 1]


@pytest.mark.models
@pytest.mark.parametrize(
    ("error", "message"),
    [
        pytest.param(RuntimeError("out of memory"), "out of memory on a single request: out of memory", id="memory"),
        pytest.param(ValueError("odd\nlines"), "transformers failed: odd", id="anything else"),
    ],
)
def test_a_failure_is_an_answer(saved, monkeypatch, error, message):
    backend = load(saved("causal"))

    def write(prompts, asked):
        raise error

    monkeypatch.setattr(backend._model, "write", write)
    answers = backend.generate([ask(), ask()])
    assert [answer.message for answer in answers] == [message] * 2
    assert all(isinstance(answer, WriterError) for answer in answers)


def spoiled(saved, tmp_path, spoil):
    """A copy of the tiny model with something wrong with it."""
    import shutil

    folder = tmp_path / "spoiled"
    shutil.copytree(saved("causal"), folder)
    spoil(folder)
    return folder


def lacks_weights(folder):
    """Take one tensor out."""
    from safetensors.torch import load_file, save_file

    tensors = load_file(folder / "model.safetensors")
    tensors.pop("model.layers.1.mlp.up_proj.weight")
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})


def wants_code(folder):
    """Name classes that come with the model."""
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    config |= {"model_type": "own", "auto_map": {"AutoConfig": "own.Config", "AutoModelForCausalLM": "own.Model"}}
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    (folder / "own.py").write_text("raise SystemExit('ran')", encoding="utf-8")


@pytest.mark.models
@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        pytest.param(lambda folder: (folder / "model.safetensors").unlink(), "cannot be loaded", id="no weights"),
        pytest.param(lambda folder: (folder / "model.safetensors").write_bytes(b"x" * 99), "cannot be loaded", id="damaged"),
        pytest.param(lambda folder: (folder / "config.json").write_text("{", encoding="utf-8"), "cannot be loaded", id="no JSON"),
        pytest.param(
            lambda folder: (folder / "config.json").write_text("{}", encoding="utf-8"), "cannot be loaded", id="no type"
        ),
        pytest.param(lacks_weights, "expected all weights in its files, got none for model.layers.1", id="a tensor short"),
        pytest.param(wants_code, "cannot be loaded", id="code of its own"),
    ],
)
def test_a_folder_that_cannot_be_loaded_is_told_once(saved, tmp_path, spoil, message):
    backend = load(spoiled(saved, tmp_path, spoil))
    first, second = backend.generate([ask(), ask()])
    assert first is second
    assert isinstance(first, WriterError)
    assert message in first.message
    assert str(tmp_path) not in first.message
    with pytest.raises(WriterError):
        backend.count([USER])


@pytest.mark.models
def test_pickled_weights_need_trust(saved, tmp_path, torch):
    from safetensors.torch import load_file

    def pickle(folder):
        torch.save(load_file(folder / "model.safetensors"), folder / "pytorch_model.bin")
        (folder / "model.safetensors").unlink()

    folder = spoiled(saved, tmp_path, pickle)
    with pytest.raises(ConfigError, match="could run code"):
        load(folder)
    assert load(folder, trusted=True).generate([ask()]) == load(saved("causal")).generate([ask()])


@pytest.mark.models
def test_a_device_that_is_not_there(saved):
    (answer,) = load_backend("transformers", {"weights": str(saved("causal")), "device": "gpu9"}, "w").generate([ask()])
    assert answer.message.startswith("device: 'gpu9' cannot be used")


@pytest.mark.models
def test_a_checksum_that_differs_is_told(saved):
    folder = saved("causal")
    good = load(folder).model.rpartition(":")[2]
    assert isinstance(load(folder, sha256=good).generate([ask()])[0], Reply)
    (answer,) = load(folder, sha256="0" * 64).generate([ask()])
    assert "expected the SHA-256 000000000000…" in answer.message


@pytest.mark.models
def test_nothing_is_printed(folder, capfd):
    load(folder).generate([ask(), ask(temperature=1.0)])
    assert capfd.readouterr() == ("", "")


@pytest.mark.models
def test_a_model_may_be_given_a_lower_precision(folder, torch):
    backend = load(folder, dtype="bfloat16")
    assert isinstance(backend.generate([ask()])[0], Reply)
    assert backend._model._weights.dtype == torch.bfloat16


@pytest.mark.models
def test_closing_frees_it_and_asking_loads_it_again(saved):
    import gc
    import weakref

    backend = load(saved("causal"))
    before = backend.generate([ask()])
    weights = weakref.ref(backend._model._weights)
    backend.close()
    backend.close()
    gc.collect()
    assert weights() is None
    assert backend.generate([ask()]) == before
