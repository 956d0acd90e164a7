"""Reads the body of a chat completion, and what a server says of its context. Pure functions: bytes and JSON in.

The fields are those of OpenAI's `POST /chat/completions` and `GET /models`, read leniently: what we do not need may be
absent or of any type. Servers add `max_model_len` (vLLM, SGLang), `meta.n_ctx_train` and `meta.n_ctx` (llama.cpp) and
`context_length` or `context_window` (hosted ones) to their models; llama.cpp tells the context of a slot at `/props`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from fusion.write.backends.protocol import Finish, Reply

_SAID = 160
"""Characters of what a server says that an error repeats."""

_CUT: Mapping[str, Finish] = {"length": "length", "max_tokens": "length", "content_filter": "filter"}
"""Reasons for the end of a reply that are not its own. `stop`, `eos`, `tool_calls`, none and unknown ones mean "stop"."""

_BROKEN_OFF = ("abort", "error")


class Unreadable(Exception):
    """A body that is no completion. `retry`: another try may bring a good one; `code`: what a server says it would be in HTTP."""

    def __init__(self, got: str, *, retry: bool = True, hint: str = "", code: int = 0) -> None:
        super().__init__(got)
        self.got = got
        self.retry = retry
        self.hint = hint
        self.code = code


class _Spoken(msgspec.Struct):
    content: str | None = None
    refusal: str | None = None


class _Choice(msgspec.Struct):
    message: _Spoken
    finish_reason: str | None = None


class _Completion(msgspec.Struct):
    choices: list[_Choice] | None = None
    usage: Any = None
    error: Any = None


def read_completion(body: bytes, content_type: str = "") -> Reply:
    """The first choice of a completion; tokens are 0 where the server counted none.

    A refusal, and content that a filter held back, is an empty text that ended in "filter".

    Raises:
        Unreadable: no JSON, no completion, no choice, an error, or a reply that the server broke off.
    """
    try:
        completion = msgspec.json.decode(body, type=_Completion)
    except msgspec.ValidationError as error:
        raise Unreadable(f"JSON of another shape ({error})", hint=_COMPATIBLE) from None
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise _no_json(body, content_type, error) from None
    if completion.error:
        raise Unreadable(f"an error with status 200: {said(completion.error)}", code=_code(completion.error))
    if not completion.choices:
        raise Unreadable("a completion without choices")
    choice = completion.choices[0]
    if choice.finish_reason in _BROKEN_OFF:
        raise Unreadable(f"a reply that the server broke off ({choice.finish_reason})")
    refused = choice.message.refusal is not None and not choice.message.content
    return Reply(
        text=choice.message.content or "",
        finish="filter" if refused else _CUT.get(choice.finish_reason or "", "stop"),
        prompt_tokens=_counted(completion.usage, "prompt_tokens"),
        completion_tokens=_counted(completion.usage, "completion_tokens"),
    )


_COMPATIBLE = "check that the address is that of an OpenAI-compatible API; most end in /v1"


def _no_json(body: bytes, content_type: str, error: Exception) -> Unreadable:
    if not body.strip():
        return Unreadable("an empty body")
    if "html" in content_type or body.lstrip()[:1] == b"<":
        return Unreadable("a web page", retry=False, hint=_COMPATIBLE)
    return Unreadable(f"a body of {len(body)} bytes that is no whole JSON ({error})")


def _code(error: object) -> int:
    code = error.get("code") if isinstance(error, dict) else None
    return code if isinstance(code, int) else 0


def _counted(usage: object, name: str) -> int:
    number = usage.get(name) if isinstance(usage, dict) else None
    return number if isinstance(number, int) and number > 0 else 0


def said(body: object, secret: str = "") -> str:
    """What a server says went wrong, on one line, cut to a readable length, `secret` blanked; "" where it says nothing."""
    for name in ("error", "message", "detail"):
        if isinstance(body, Mapping) and body.get(name):
            body = body[name]
    text = on_one_line(body if isinstance(body, str) else "" if body is None else msgspec.json.encode(body).decode())
    if text.startswith("<"):
        text = "a web page"
    if secret:
        text = text.replace(secret, "***")
    return text if len(text) <= _SAID else f"{text[: _SAID - 1]}…"


def on_one_line(text: str) -> str:
    """A text of others without line breaks and control characters."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def context_of(models: object, model: str) -> tuple[int | None, bool]:
    """The context that a list of models states for `model`, or for its only one, and whether that is llama.cpp's.

    llama.cpp states what the model was trained for, not what it runs with.
    """
    listed = models.get("data") if isinstance(models, dict) else None
    entries = [entry for entry in listed if isinstance(entry, dict)] if isinstance(listed, list) else []
    named = [entry for entry in entries if entry.get("id") == model] or (entries if len(entries) == 1 else [])
    if not named:
        return None, False
    meta = named[0].get("meta")
    if isinstance(meta, dict):
        return _first(meta, "n_ctx", "n_ctx_train"), "n_ctx_train" in meta
    return _first(named[0], "max_model_len", "context_length", "context_window"), False


def context_of_props(props: object) -> int | None:
    """The context of one slot of llama.cpp's server, from its `/props`."""
    settings = props.get("default_generation_settings") if isinstance(props, dict) else None
    return _first(settings, "n_ctx") if isinstance(settings, dict) else None


def _first(entry: Mapping[str, Any], *names: str) -> int | None:
    numbers = (entry.get(name) for name in names)
    return next((number for number in numbers if isinstance(number, int) and number > 0), None)
