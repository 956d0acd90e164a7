"""Bodies of completions: what is read of them, and what is no completion and why."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from write.backends.hostile import completion

from fusion.write.backends.completion import Unreadable, context_of, context_of_props, read_completion, said
from fusion.write.backends.protocol import Reply

READ = [
    pytest.param(completion("A dog."), Reply(text="A dog.", prompt_tokens=7, completion_tokens=3), id="as OpenAI sends it"),
    pytest.param(completion("A dog", "length", usage=None), Reply(text="A dog", finish="length"), id="cut, and nothing counted"),
    pytest.param(
        completion("A dog", "max_tokens", usage=None), Reply(text="A dog", finish="length"), id="cut, as others call it"
    ),
    pytest.param(completion("", "content_filter", usage=None), Reply(text="", finish="filter"), id="held back"),
    pytest.param(completion(None, refusal="I can't.", usage=None), Reply(text="", finish="filter"), id="a refusal"),
    pytest.param(completion("A dog.", refusal="", usage=None), Reply(text="A dog."), id="an empty refusal beside a text"),
    pytest.param(completion(None, "length", usage=None), Reply(text="", finish="length"), id="all spent on thinking"),
    pytest.param(completion("A dog.", None, usage=None), Reply(text="A dog."), id="no reason given"),
    pytest.param(completion("A dog.", "eos_token", usage=None), Reply(text="A dog."), id="an unknown reason"),
    pytest.param(completion(" A dog.\n", usage={"prompt_tokens": "7"}), Reply(text=" A dog.\n"), id="tokens that are no number"),
    pytest.param(completion("A dog.", usage={"prompt_tokens": -7}), Reply(text="A dog."), id="tokens below zero"),
    pytest.param({"choices": [{"message": {"content": "ö"}}]}, Reply(text="ö"), id="the least there can be"),
]


@pytest.mark.parametrize(("body", "expected"), READ)
def test_what_is_read(body, expected):
    assert read_completion(json.dumps(body).encode()) == expected


BROKEN = [
    pytest.param(b"", True, "an empty body", id="empty"),
    pytest.param(b'{"choices": [{"message": {"con', True, "no whole JSON", id="half"),
    pytest.param(b"Hello!", True, "6 bytes that is no whole JSON", id="no JSON"),
    pytest.param(b'{"choices": [{"message": {"content": "\xff"}}]}', True, "no whole JSON", id="no UTF-8"),
    pytest.param(b'{"x":' + b"[" * 100_000 + b"]" * 100_000 + b"}", True, "no whole JSON", id="nested without an end"),
    pytest.param(b"\n<!DOCTYPE html>", False, "a web page", id="a web page"),
    pytest.param(b"null", True, "of another shape", id="null"),
    pytest.param(b"[]", True, "of another shape", id="a list"),
    pytest.param(b"{}", True, "without choices", id="an empty object"),
    pytest.param(b'{"choices": []}', True, "without choices", id="no choices"),
    pytest.param(b'{"choices": [{"message": null}]}', True, "of another shape", id="no message"),
    pytest.param(b'{"choices": [{"message": {"content": 7}}]}', True, "of another shape", id="a number for a text"),
    pytest.param(b'{"choices":[{"message":{"content":"A"},"finish_reason":"abort"}]}', True, "broke off (abort)", id="aborted"),
    pytest.param(b'{"error": {"message": "out of memory"}}', True, "status 200: out of memory", id="an error"),
]


@pytest.mark.parametrize(("body", "retry", "got"), BROKEN)
def test_what_is_no_completion(body, retry, got):
    with pytest.raises(Unreadable) as caught:
        read_completion(body)
    assert got in caught.value.got
    assert caught.value.retry is retry


def test_a_type_of_html_is_a_web_page_whatever_it_holds():
    with pytest.raises(Unreadable, match="a web page"):
        read_completion(b"Sign in", "text/html; charset=utf-8")


LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4)
NAMES = st.sampled_from(["choices", "message", "content", "finish_reason", "usage", "error", "refusal", "prompt_tokens"])
JSON = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4), max_leaves=12)


@given(body=st.binary(max_size=60) | JSON.map(lambda value: json.dumps(value).encode()))
def test_every_body_is_read_or_refused(body):
    with suppress(Unreadable):
        assert isinstance(read_completion(body).text, str)


SAID = [
    pytest.param({"message": "no such model", "code": 404}, "no such model", id="OpenAI, inside"),
    pytest.param({"error": {"message": "no such model"}}, "no such model", id="OpenAI, whole"),
    pytest.param({"error": "model not found"}, "model not found", id="a string"),
    pytest.param({"detail": [{"loc": ["body"]}]}, '[{"loc":["body"]}]', id="FastAPI"),
    pytest.param("<html>\n<b>Bad gateway", "a web page", id="a web page"),
    pytest.param("two\nlines\x1b[31m", "two lines [31m", id="lines and control characters"),
    pytest.param(None, "", id="nothing"),
    pytest.param("", "", id="empty"),
    pytest.param("wrong key sk-123", "wrong key ***", id="the key"),
]


@pytest.mark.parametrize(("body", "expected"), SAID)
def test_what_a_server_said(body, expected):
    assert said(body, "sk-123") == expected


def test_what_a_server_said_is_cut():
    assert said("x" * 1000) == "x" * 159 + "…"


CONTEXTS = [
    pytest.param({"data": [{"id": "m", "max_model_len": 4096}]}, (4096, False), id="vLLM"),
    pytest.param({"data": [{"id": "a", "max_model_len": 1}, {"id": "m", "max_model_len": 9}]}, (9, False), id="one of two"),
    pytest.param({"data": [{"id": "a", "max_model_len": 1}, {"id": "b", "max_model_len": 9}]}, (None, False), id="none of two"),
    pytest.param({"data": [{"id": "a.gguf", "meta": {"n_ctx_train": 32768}}]}, (32768, True), id="llama.cpp, by another name"),
    pytest.param({"data": [{"id": "m", "context_length": 8192}]}, (8192, False), id="hosted"),
    pytest.param({"data": [{"id": "m", "owned_by": "library"}]}, (None, False), id="Ollama"),
    pytest.param({"data": [{"id": "m", "max_model_len": "4096"}]}, (None, False), id="no number"),
    pytest.param({"data": ["m", None]}, (None, False), id="no entries"),
    pytest.param(["m"], (None, False), id="no object"),
    pytest.param(None, (None, False), id="no answer"),
]


@pytest.mark.parametrize(("models", "expected"), CONTEXTS)
def test_the_context_of_a_model(models, expected):
    assert context_of(models, "m") == expected


def test_the_context_of_a_slot():
    assert context_of_props({"default_generation_settings": {"n_ctx": 2048}, "total_slots": 4}) == 2048
    assert context_of_props({"default_generation_settings": {"n_ctx": 0}}) is None
    assert context_of_props("no") is None
