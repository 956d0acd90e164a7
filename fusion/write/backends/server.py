"""Any server that speaks OpenAI's chat completions, through the `openai` client: vLLM, llama.cpp's server, Ollama, hosted ones.

[[writers]]
use = "server"
url = "http://localhost:8000/v1"
model = "Qwen/Qwen2.5-7B-Instruct"
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import msgspec

from fusion.cache import key
from fusion.errors import ConfigError, ContextTooLong, WriterError
from fusion.options import at_least
from fusion.write.backends.completion import Unreadable, context_of, context_of_props, read_completion
from fusion.write.backends.connection import INSTALL, Connection
from fusion.write.backends.estimate import prompt_tokens, text_tokens
from fusion.write.backends.protocol import Message, Reply, Request
from fusion.write.backends.retrying import Patience, Trouble, passes

FORMS = ("json_schema", "json_object", "json_mode", "none")
"""Ways to ask for JSON, strictest first. `json_object` is llama.cpp's, with the schema inside; `json_mode` is without it."""

_CONTEXT_SECONDS = 10.0


class Server:
    """A model behind an OpenAI-compatible address. No reply is promised to come twice the same.

    `url` is the API's address, usually ending in /v1; `model` the server's name of the model. The API key is read from the
    environment variable `key_env` and kept out of every message; without one, none is needed. `context` is the most tokens of
    prompt and reply together; at 0 the server is asked (vLLM, SGLang, llama.cpp and some hosted ones say it). Give it for
    Ollama, which does not say and silently cuts what is longer.

    Of a batch, `concurrency` requests are under way at a time. A call may take `timeout` seconds from the first byte sent to
    the last received. One that fails in a way that may pass (no connection, no answer in time, status 408, 409, 425, 429 or
    from 500, a broken reply) is made again up to `retries` times after about `backoff` seconds, doubled each time; a server
    that says when to come back (Retry-After) is obeyed up to `max_wait` seconds. A server that stayed silent through all tries
    of a request gets one try for each of the next, until it answers.

    `schema` is how JSON is asked for: "json_schema" (OpenAI, vLLM, llama.cpp's server, Ollama), "json_object"
    (llama-cpp-python's server; the schema lies inside), "json_mode" (JSON of any shape) or "none". Where the server refuses
    it, the next in this order is tried, and the first that is taken is kept. `extra_body` holds further fields of each
    request, such as {"chat_template_kwargs": {"enable_thinking": false}}.

    Raises:
        ConfigError: an address that is none or holds a password or query, a number out of range, a key that no header can hold.
        MissingExtra: openai is not installed.
    """

    requires: ClassVar[Mapping[str, str]] = {"openai": INSTALL}

    def __init__(
        self,
        url: str,
        model: str,
        *,
        key_env: str = "OPENAI_API_KEY",
        context: int = 0,
        concurrency: int = 8,
        timeout: float = 60.0,
        retries: int = 4,
        backoff: float = 0.5,
        max_wait: float = 60.0,
        schema: str = "json_schema",
        extra_body: Mapping[str, Any] | None = None,
    ) -> None:
        at_least(0, context=context, retries=retries)
        at_least(1, concurrency=concurrency)
        _check_seconds(timeout=timeout, backoff=backoff, max_wait=max_wait)
        if schema not in FORMS:
            raise ConfigError(f"schema: expected one of {', '.join(FORMS)}, got {schema!r}")
        if not model:
            raise ConfigError("model: expected the server's name of a model, got ''", hint="the server lists them at /v1/models")
        self._connection = Connection(url, key_env, timeout)
        self._name = model
        self._context, self._asked = context or None, bool(context)
        self._concurrency = concurrency
        self._patience = Patience(retries, backoff, max_wait)
        self._schema = self._form = schema
        self._extra = dict(extra_body or {})
        self._silent = False

    @property
    def model(self) -> str:
        """The server's name of the model, and a digest of those options that change replies.

        It says nothing of weights: where a server serves others under the same name, the cache of replies must be another.
        """
        changed = self._extra or self._schema != FORMS[0]
        return f"{self._name}#{key(self._schema, self._extra)[:8]}" if changed else self._name

    @property
    def context(self) -> int | None:
        """Tokens of prompt and reply together, as given, else as the server says; None where it does not say, or not now.

        Raises:
            WriterError: the backend was closed.
        """
        if not self._asked:
            try:
                self._context = self._connection.run(self._ask_context())
                self._asked = True
            except Trouble:
                return None  # nobody there: asked again next time, and a request will say what is wrong
            except concurrent.futures.CancelledError:
                raise self._connection.closed() from None
        return self._context

    @property
    def deterministic(self) -> bool:
        """No: batching, hardware and the version of a server change its numbers."""
        return False

    def count(self, messages: Sequence[Message]) -> int:
        """At least the tokens of the prompt, estimated without the tokenizer; see `fusion.write.backends.estimate`."""
        return prompt_tokens(messages)

    def generate(self, requests: Sequence[Request]) -> list[Reply | WriterError]:
        """A reply for each request, in order, or what kept it from coming. Tokens that the server does not count are estimated.

        Raises:
            WriterError: the backend was closed.
        """
        context = self.context
        try:
            return self._connection.run(self._all(requests, context))
        except concurrent.futures.CancelledError:
            raise self._connection.closed() from None

    def close(self) -> None:
        """Call off what is under way and close the connections. Closing twice is fine; asking again is an error."""
        self._connection.close()

    async def _ask_context(self) -> int | None:
        context, trained = context_of(await self._connection.get("models", _CONTEXT_SECONDS), self._name)
        if trained:
            return context_of_props(await self._connection.get("/props", _CONTEXT_SECONDS)) or context
        return context

    async def _all(self, requests: Sequence[Request], context: int | None) -> list[Reply | WriterError]:
        free = asyncio.Semaphore(self._concurrency)

        async def one(request: Request) -> Reply | WriterError:
            if refused := self._refused(request, context):
                return refused
            async with free:
                return await self._tried(request)

        return await asyncio.gather(*map(one, requests))

    def _refused(self, request: Request, context: int | None) -> WriterError | None:
        """Why a request is not even sent."""
        where = self._connection.where
        try:
            msgspec.json.encode(request)
        except UnicodeEncodeError:
            return WriterError(f"{where}: expected text that UTF-8 can hold, got a lone surrogate", hint="clean the text")
        needed = self.count(request.messages)
        if context is None or needed + request.max_tokens <= context:
            return None
        got = f"about {needed} and {request.max_tokens} to write"
        hint = "give fewer facts, ask for less, or raise the context of the server and of this configuration"
        return ContextTooLong(f"{where}: expected a request within {context} tokens, got {got}", hint=hint)

    async def _tried(self, request: Request) -> Reply | WriterError:
        """The reply to one request, tried as often as it may help."""
        tries = 0
        while True:
            tries += 1
            try:
                reply = await self._in_some_form(request)
            except Trouble as trouble:
                wait = self._patience.wait(tries, trouble.after) if trouble.retry else None
                if wait is None or (self._silent and not trouble.reached):
                    self._silent = not trouble.reached
                    return trouble.final(tries)
                await asyncio.sleep(wait)
            else:
                self._silent = False
                return reply

    async def _in_some_form(self, request: Request) -> Reply:
        """The reply in the first form of JSON that the server takes. Where it takes none, the first refusal stands."""
        first: Trouble | None = None
        for form in FORMS[FORMS.index(self._form) :] if request.schema is not None else FORMS[-1:]:
            try:
                reply = await self._once(request, form)
            except Trouble as trouble:
                if not trouble.refused:
                    raise
                first = first or trouble
            else:
                if first is not None:
                    self._form = max(self._form, form, key=FORMS.index)
                return reply
        assert first is not None
        raise first

    async def _once(self, request: Request, form: str) -> Reply:
        connection = self._connection
        body, content_type = await connection.post(self._fields(request, form), self._name)
        try:
            reply = read_completion(body, content_type)
        except Unreadable as error:
            message = f"{connection.where}: expected a chat completion, got {connection.blanked(error.got)}"
            retry = error.retry and (not error.code or passes(error.code))
            raise Trouble(message, hint=error.hint or "look at the server's log", retry=retry) from None
        return msgspec.structs.replace(
            reply,
            prompt_tokens=reply.prompt_tokens or self.count(request.messages),
            completion_tokens=reply.completion_tokens or text_tokens(reply.text),
        )

    def _fields(self, request: Request, form: str) -> dict[str, Any]:
        fields: dict[str, Any] = {
            "model": self._name,
            "messages": [{"role": message.role, "content": message.content} for message in request.messages],
            "max_tokens": request.max_tokens,
            "temperature": request.temperature,
            "seed": request.seed,
        }
        if request.stop:
            fields["stop"] = list(request.stop)
        if request.schema is not None and form != "none":
            fields["response_format"] = response_format(form, request.schema)
        if self._extra:
            fields["extra_body"] = self._extra
        return fields


def response_format(form: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    """The field that asks for JSON of this schema, in one of `FORMS` but the last."""
    if form == "json_schema":
        return {"type": "json_schema", "json_schema": {"name": "reply", "strict": True, "schema": dict(schema)}}
    return {"type": "json_object", "schema": dict(schema)} if form == "json_object" else {"type": "json_object"}


def _check_seconds(**options: float) -> None:
    for name, seconds in options.items():
        least = "above 0" if name == "timeout" else "from 0"
        if not math.isfinite(seconds) or seconds < 0 or (seconds == 0 and name == "timeout"):
            raise ConfigError(f"{name}: expected seconds {least}, got {seconds!r}")
