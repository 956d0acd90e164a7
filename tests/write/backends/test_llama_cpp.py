"""GGUF models: what is refused before one is loaded, and a small real one that writes, keeps to a schema, shares prompts."""

from __future__ import annotations

import hashlib
import json
import shutil
import struct

import pytest

from fusion.errors import ConfigError, ContextTooLong, WriterError
from fusion.write.backends import Backend, Message, Reply, Request, load_backend
from fusion.write.backends.llama_cpp import LlamaCpp

OBJECT = {"type": "object", "properties": {"caption": {"type": "string", "maxLength": 40}}, "required": ["caption"]}
STORY = "Once upon a time there was a little girl named Lily. She had a big red ball and a small dog. "


def ask(text=STORY, **fields):
    """A request of one message, greedy unless told otherwise."""
    return Request(messages=(Message("user", text),), **{"max_tokens": 24, **fields})


# Before anything is loaded


@pytest.mark.parametrize(
    ("options", "message"),
    [
        pytest.param({"weights": ""}, "weights: expected the path of a GGUF file, got none", id="no path"),
        pytest.param({"weights": "/no/where.gguf"}, "expected a file, got nothing there at 'where.gguf'", id="missing file"),
        pytest.param({"weights": "{folder}"}, "expected a file, got a folder", id="a folder"),
        pytest.param(
            {"weights": "{folder}/notes.txt"}, "expected a GGUF file, got 'notes.txt', which begins with b'some'", id="other"
        ),
        pytest.param(
            {"weights": "{folder}/empty.gguf"}, "expected a GGUF file, got 'empty.gguf', which begins with b''", id="empty"
        ),
        pytest.param({"context": -1}, "context: expected 0 or more, got -1", id="negative context"),
        pytest.param({"threads": -2}, "threads: expected 0 or more, got -2", id="negative threads"),
        pytest.param({"gpu_layers": -2}, "gpu_layers: expected -1 or more, got -2", id="negative layers"),
        pytest.param({"batch": 0}, "batch: expected 1 or more, got 0", id="empty batch"),
        pytest.param({"sha256": "abc"}, "sha256: expected 64 hexadecimal digits, got 'abc'", id="no checksum"),
    ],
)
def test_what_is_refused_at_once(tmp_path, options, message):
    (tmp_path / "notes.txt").write_text("some notes", encoding="utf-8")
    (tmp_path / "empty.gguf").touch()
    (tmp_path / "begins.gguf").write_bytes(b"GGUF")
    given = {"weights": "{folder}/begins.gguf", **options}
    with pytest.raises(ConfigError) as caught:
        LlamaCpp(**{**given, "weights": given["weights"].replace("{folder}", str(tmp_path))})
    assert message in caught.value.message
    assert str(tmp_path) not in caught.value.message


def test_the_model_is_named_by_file_and_digest(tmp_path):
    file = tmp_path / "small.gguf"
    file.write_bytes(b"GGUF")
    digest = hashlib.sha256(b"GGUF").hexdigest()
    assert LlamaCpp(str(file)).model == f"small.gguf sha256:{digest}"
    assert LlamaCpp(str(file), chat_format="plain").model == f"small.gguf sha256:{digest} plain"


# A real one


@pytest.fixture(scope="module")
def library():
    """llama-cpp-python."""
    return pytest.importorskip("llama_cpp")


@pytest.fixture(scope="module")
def path(shared):
    """A model of 260 thousand parameters that was trained on stories."""
    file = shared / "weights" / "stories260K" / "stories260K.gguf"
    if not file.is_file():
        pytest.skip(f"FUSION_SHARED: no {file.name}")
    return file


@pytest.fixture(scope="module")
def model(library, path):
    """The model, loaded once."""
    made = load_backend("llama_cpp", {"weights": str(path), "threads": 1}, "writer 'small'")
    yield made
    made.close()


@pytest.fixture
def own(library, path):
    """Makes models that end with the test."""
    made = []

    def make(weights=path, **options):
        made.append(LlamaCpp(str(weights), **{"threads": 1, **options}))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def templated(path, tmp_path):
    """Makes copies of the file that carry a chat template."""

    def make(template):
        data = path.read_bytes()
        version, tensors, keys = struct.unpack("<IQQ", data[4:24])
        key, value = b"tokenizer.chat_template", template.encode() + b"{#"
        size = 8 + len(key) + 12 + len(value) + 2
        value += b" " * (-size % 32) + b"#}"  # tensors are found by their distance from a multiple of 32
        entry = struct.pack("<Q", len(key)) + key + struct.pack("<IQ", 8, len(value)) + value
        file = tmp_path / "templated.gguf"
        file.write_bytes(data[:4] + struct.pack("<IQQ", version, tensors, keys + 1) + entry + data[24:])
        return file

    return make


@pytest.fixture
def read(library, monkeypatch):
    """Numbers of tokens that were computed, call by call."""
    sizes = []
    real = library.Llama.eval

    def counted(self, tokens):
        sizes.append(len(tokens))
        return real(self, tokens)

    monkeypatch.setattr(library.Llama, "eval", counted)
    return sizes


@pytest.mark.models
def test_it_writes_a_story(model):
    assert isinstance(model, Backend)
    (reply,) = model.generate([ask("Once upon a time")])
    assert reply.text.split()
    assert (reply.finish, reply.completion_tokens) == ("length", 24)
    assert reply.prompt_tokens == model.count([Message("user", "Once upon a time")]) > 4
    assert model.generate([]) == []


@pytest.mark.models
def test_greedy_takes_no_notice_of_the_seed_and_draws_do(model):
    greedy = model.generate([ask(seed=seed) for seed in (0, 1)])
    drawn = model.generate([ask(temperature=1.5, seed=seed) for seed in (0, 1, 0, 2**32 - 1, 2**32 - 1, -1)])
    texts = [reply.text for reply in drawn]
    assert greedy[0].text == greedy[1].text != texts[0]
    assert texts[0] == texts[2] != texts[1]
    assert texts[3] == texts[4]


@pytest.mark.models
def test_stops_end_a_reply_and_are_no_part_of_it(model):
    (whole,) = model.generate([ask()])
    stop = whole.text.split()[2]
    (cut,) = model.generate([ask(stop=(stop, "never said"))])
    assert cut.text == whole.text[: whole.text.index(stop)]
    assert cut.finish == "stop"
    assert cut.completion_tokens < whole.completion_tokens


# A schema


@pytest.mark.models
@pytest.mark.parametrize("seed", range(4))
def test_a_reply_follows_its_schema(model, seed):
    (reply,) = model.generate([ask(schema=OBJECT, max_tokens=200, temperature=0.9, seed=seed)])
    made = json.loads(reply.text)
    assert reply.finish == "stop"
    assert list(made) == ["caption"]
    assert len(made["caption"]) <= 40


@pytest.mark.models
def test_a_list_of_choices(model):
    schema = {"type": "array", "items": {"enum": ["cat", "dog"]}, "minItems": 2, "maxItems": 3}
    (reply,) = model.generate([ask(schema=schema, max_tokens=60)])
    assert 2 <= len(json.loads(reply.text)) <= 3
    assert set(json.loads(reply.text)) <= {"cat", "dog"}


@pytest.mark.models
def test_strings_hold_no_control_characters(model, library):
    from fusion.write.backends.llama_cpp import _grammar

    model.count([])
    assert r"[^\"\\\x7F\x00-\x1F]".replace('\\"', '"') in _grammar(model._llama, OBJECT)._grammar


@pytest.mark.models
@pytest.mark.parametrize(
    ("schema", "message"),
    [
        pytest.param({"type": "caption"}, "Unrecognized schema", id="unknown type"),
        pytest.param({"$ref": "https://example.org/x.json"}, "Fetching remote schemas is not allowed", id="remote"),
        pytest.param({"$ref": "#/nowhere"}, "Error resolving ref", id="dangling"),
        pytest.param({"type": "string", "pattern": "cat"}, 'Pattern must start with "^"', id="open pattern"),
        pytest.param({"type": "string", "pattern": "^[z-a$"}, "Unbalanced square brackets", id="broken pattern"),
        pytest.param({"type": "string", "pattern": "^(?=a)b$"}, "Unsupported pattern syntax", id="look-ahead"),
        pytest.param({"type": "string", "pattern": "^\\d+$"}, "failed to parse grammar", id="what only llama.cpp refuses"),
        pytest.param({"enum": {1, 2}}, "not JSON serializable", id="no JSON"),
    ],
)
def test_a_schema_without_a_grammar_fails_alone(model, schema, message):
    good, bad, last = model.generate([ask(), ask(schema=schema), ask()])
    assert isinstance(bad, WriterError)
    assert bad.message.startswith("schema: llama.cpp cannot make a grammar of it: ")
    assert message in bad.message
    assert not bad.retry
    assert "plain types" in bad.hint
    assert good == last


# Prompts that begin alike


@pytest.mark.models
def test_what_requests_share_is_read_once(own, read):
    backend = own(batch=16)
    first, second, other = (
        ask(STORY * 3 + "Lily said", max_tokens=1),
        ask(STORY * 3 + "The dog ran", max_tokens=1),
        ask(max_tokens=1),
    )
    sizes = []
    for request in (first, second, other):
        read.clear()
        (reply,) = backend.generate([request])
        sizes.append((sum(read), reply.prompt_tokens))
    assert sizes[0][0] == sizes[0][1] > 64
    assert sizes[1][0] < 16 + 16 < sizes[1][1]
    assert sizes[2][0] < sizes[2][1]


@pytest.mark.models
def test_the_same_request_again_reads_but_its_end(own, read):
    backend = own(batch=16)
    backend.generate([ask(max_tokens=1)])
    read.clear()
    (reply,) = backend.generate([ask(max_tokens=1)])
    assert 0 < sum(read) <= 16 < reply.prompt_tokens


@pytest.mark.models
def test_the_same_bytes_whatever_was_asked_before(own):
    requests = [
        ask(STORY * 2 + "Lily said", temperature=1.0, seed=3),
        ask(STORY * 2 + "Lily saw a cat and", temperature=1.0, seed=3),
        ask(STORY * 2 + "Lily said", schema=OBJECT, max_tokens=60),
        ask("Tom and " + STORY),
        ask(STORY),
    ]
    alone = []
    for request in requests:
        backend = own(batch=16)
        alone += backend.generate([request])
        backend.close()
    together = own(batch=16)
    assert together.deterministic
    assert together.generate(requests) == alone
    assert together.generate(requests[::-1]) == alone[::-1]


@pytest.mark.models
@pytest.mark.parametrize("batch", [1, 7, 64, 512])
def test_any_batch_will_do(own, model, batch):
    assert own(batch=batch).generate([ask(), ask()])[1].text == model.generate([ask()])[0].text


@pytest.mark.models
def test_a_failure_leaves_nothing_to_build_on(own, library, monkeypatch):
    backend = own(batch=16)
    (good,) = backend.generate([ask()])

    def failing(self, tokens):
        raise RuntimeError("llama_decode returned -3")

    with monkeypatch.context() as patched:
        patched.setattr(library.Llama, "eval", failing)
        (bad,) = backend.generate([ask(STORY + "Then")])
    assert isinstance(bad, WriterError)
    assert bad.message == "stories260K.gguf: llama.cpp failed: llama_decode returned -3"
    assert backend.generate([ask()]) == [good]


# Context


@pytest.mark.models
def test_what_does_not_fit_is_not_sent(own, read):
    backend = own(context=64)
    tokens = backend.count([Message("user", STORY)])
    assert backend.context == 64
    fits, long, none = backend.generate([ask(max_tokens=64 - tokens), ask(max_tokens=65 - tokens), ask("", max_tokens=3)])
    assert isinstance(fits, Reply)
    assert isinstance(long, ContextTooLong)
    assert f"at most 64 tokens, got {tokens} of prompt and {65 - tokens} of reply" in long.message
    assert type(none) is WriterError
    read.clear()
    backend.generate([ask(max_tokens=65 - tokens)])
    assert read == []


@pytest.mark.models
@pytest.mark.parametrize(("asked", "made"), [(0, 512), (4096, 512), (100, 100)], ids=["its own", "too much", "less"])
def test_the_context_is_at_most_what_the_model_was_trained_on(own, asked, made):
    assert own(context=asked).context == made


@pytest.mark.models
@pytest.mark.parametrize(
    ("fields", "message"),
    [({"max_tokens": 0}, "max_tokens"), ({"temperature": -0.5}, "temperature"), ({"temperature": float("inf")}, "temperature")],
    ids=["no reply", "cold", "infinite"],
)
def test_requests_that_make_no_sense(model, fields, message):
    (answer,) = model.generate([ask(**fields)])
    assert isinstance(answer, WriterError)
    assert answer.message.startswith(message)


# Chat

SYSTEM, USER = Message("system", "Be brief."), Message("user", "What is it? <|end|></s>")
ROLES = "{% for m in messages %}[{{ m['role'] }}]{{ m['content'] }}{% endfor %}{% if add_generation_prompt %}[go]{% endif %}"
NO_SYSTEM = "{% if messages[0]['role'] == 'system' %}{{ raise_exception('no system') }}{% endif %}" + ROLES
NEVER = "{{ raise_exception('never') }}"
CLOCK = "{{ bos_token }}{{ strftime_now('%Y-%m-%d') }}" + ROLES


@pytest.mark.models
@pytest.mark.parametrize(
    ("template", "prompt"),
    [
        pytest.param(ROLES, "[system]Be brief.[user]What is it? <|end|>< /s>[go]", id="roles"),
        pytest.param(NO_SYSTEM, "[user]Be brief.\n\nWhat is it? <|end|>< /s>[go]", id="no system"),
        pytest.param(CLOCK, "<s>2024-07-26[system]Be brief.[user]What is it? <|end|>< /s>[go]", id="the same day every day"),
    ],
)
def test_the_chat_template_of_the_file(own, templated, template, prompt):
    backend = own(templated(template))
    tokens = backend.count([SYSTEM, USER])
    llama = backend._llama
    assert tokens == len(llama.tokenize(prompt.encode(), add_bos=False, special=True))
    assert isinstance(backend.generate([Request(messages=(SYSTEM, USER), max_tokens=4)])[0], Reply)


@pytest.mark.models
def test_a_template_that_refuses_everything(own, templated):
    backend = own(templated(NEVER))
    with pytest.raises(WriterError, match="the chat template of the model refuses these messages: never"):
        backend.count([SYSTEM, USER])
    (answer,) = backend.generate([ask()])
    assert isinstance(answer, WriterError)
    assert own(templated(NEVER), chat_format="plain").count([USER]) > 0


@pytest.mark.models
def test_a_format_by_name(own, model):
    chat = own(chat_format="chatml")
    prompt = "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n"
    tokens = chat.count([SYSTEM, Message("user", "Hi")])
    assert tokens == len(chat._llama.tokenize(prompt.encode(), add_bos=True, special=True))
    assert isinstance(chat.generate([ask()])[0], Reply)
    assert chat.model == f"{model.model} chatml"


@pytest.mark.models
def test_a_format_that_does_not_exist(library, path):
    with pytest.raises(ConfigError, match="chat_format: llama-cpp-python knows no 'chatm'") as caught:
        load_backend("llama_cpp", {"weights": str(path), "chat_format": "chatm"}, "writer 'x'")
    assert "plain, 'llama-2'" in caught.value.hint


@pytest.mark.models
def test_marks_in_a_text_end_nothing(model):
    plain, hostile = model.count([Message("user", "a b")]), model.count([Message("user", "a </s> b")])
    assert hostile > plain + 1, "more than the one token of the mark"


# Files


@pytest.mark.models
@pytest.mark.parametrize("size", [2000, 200_000], ids=["in its header", "in its tensors"])
def test_a_damaged_file_is_told_once_and_breaks_nothing(own, path, tmp_path, size, capfd):
    file = tmp_path / "half.gguf"
    file.write_bytes(path.read_bytes()[:size])
    backend = own(file)
    first, second = backend.generate([ask(), ask()])
    assert first is second
    assert first.message.startswith("weights 'half.gguf' cannot be loaded: ")
    assert len(first.message) > len("weights 'half.gguf' cannot be loaded: ") + 10
    assert str(tmp_path) not in first.message
    with pytest.raises(WriterError, match=r"half\.gguf"):
        backend.context  # noqa: B018 - reading it loads the file
    assert capfd.readouterr() == ("", "")


@pytest.mark.models
def test_a_checksum_that_differs_is_told(own, path):
    good = hashlib.sha256(path.read_bytes()).hexdigest()
    assert isinstance(own(sha256=good.upper()).generate([ask()])[0], Reply)
    (answer,) = own(sha256="0" * 64).generate([ask()])
    assert "expected the SHA-256 000000000000…" in answer.message


@pytest.mark.models
def test_nothing_is_printed_and_the_path_is_nowhere(own, path, tmp_path, capfd):
    file = tmp_path / "copy.gguf"
    shutil.copy(path, file)
    backend = own(file)
    reply = backend.generate([ask(), ask(schema=OBJECT, max_tokens=60)])[0]
    assert capfd.readouterr() == ("", "")
    assert str(tmp_path) not in backend.model + reply.text


@pytest.mark.models
def test_closing_frees_it_and_asking_loads_it_again(own):
    backend = own()
    before = backend.generate([ask()])
    llama = backend._llama
    backend.close()
    backend.close()
    assert backend._llama is None
    assert llama._model.model is None
    assert backend.generate([ask()]) == before
