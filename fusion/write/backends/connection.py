"""The wire to an OpenAI-compatible server: one call at a time, every way it can fail put into our words.

Library: openai (Apache-2.0). Its own retries are off, see `fusion.write.backends.retrying`.
"""

from __future__ import annotations

import asyncio
import importlib
import os
import re
from collections.abc import Coroutine, Mapping
from typing import Any, TypeVar
from urllib.parse import urlsplit

from fusion.errors import ConfigError, MissingExtra, WriterError
from fusion.write.backends.completion import on_one_line
from fusion.write.backends.loop import Loop
from fusion.write.backends.retrying import Trouble, refusal

T = TypeVar("T")

INSTALL = "pip install 'caption-fusion[server]'"

_MOST_BYTES = 8 * 2**20
_LOG = "look at the server's log"
_LOOPBACK = re.compile(r"localhost|127\.\d+\.\d+\.\d+|::1")


class Connection:
    """An address, the key from the environment variable `key_env`, and seconds that a call may take in all.

    `where` is how messages call the server: by scheme, host and port only.

    Raises:
        ConfigError: an address that is none or holds a password or a query, a key that no header can hold.
        MissingExtra: openai is not installed.
    """

    def __init__(self, url: str, key_env: str, timeout: float) -> None:
        self.where, self._local = _checked(url)
        self._url, self._key_env, self._timeout = url, key_env, timeout
        self._key = _key(key_env)
        self._openai = _openai()
        self._closed = False
        self._loop: Loop | None = None
        self._open()

    def _open(self) -> None:
        openai = self._openai
        self._process = os.getpid()
        try:
            self._client = openai.AsyncOpenAI(
                base_url=self._url,
                api_key=self._key or "none",  # the client wants one, and would else look for OPENAI_API_KEY itself
                max_retries=0,
                timeout=self._timeout,
                # A redirect would hand requests to a server that nobody named; a proxy cannot reach this machine's own.
                http_client=openai.DefaultAsyncHttpxClient(follow_redirects=False, trust_env=not self._local),
            )
        except Exception as error:  # noqa: BLE001 - the HTTP library beneath refuses addresses and proxies with errors of its own
            raise ConfigError(f"{self.where} cannot be addressed: {self._words(error)}", hint="check url and proxies") from None

    def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine that makes calls, from any thread.

        Raises:
            WriterError: the connection is closed.
            concurrent.futures.CancelledError: it was closed meanwhile.
        """
        if self._closed:
            coroutine.close()
            raise self.closed()
        if self._process != os.getpid():  # neither threads nor connections survive a fork
            self._loop = None
            self._open()
        if self._loop is None:
            self._loop = Loop("caption-fusion server")
        return self._loop.run(coroutine)

    def closed(self) -> WriterError:
        """The error of whoever asks after the end."""
        return WriterError(f"{self.where}: expected an open backend, got one that was closed", hint="make another one")

    def close(self) -> None:
        """Call off what is under way, and close. Closing twice is fine."""
        self._closed = True
        loop, self._loop = self._loop, None
        if loop is not None and self._process == os.getpid():
            loop.call_off()
            loop.run(self._client.close())
            loop.close()

    async def post(self, fields: Mapping[str, Any], model: str) -> tuple[bytes, str]:
        """The body of the answer to a request for a chat completion, and its content type.

        Raises:
            Trouble: no connection, no whole answer in time, an error status.
        """
        openai = self._openai
        try:
            async with asyncio.timeout(self._timeout):
                return await self._read(fields)
        except openai.APIStatusError as error:
            headers, hints = error.response.headers, self._hints(model)
            raise refusal(error.status_code, error.body, headers, self.where, self._key, hints) from None
        except (openai.APITimeoutError, TimeoutError):
            message = f"{self.where}: expected a whole answer within {self._timeout:g} seconds, got none"
            raise Trouble(message, hint="raise timeout, or lower concurrency", retry=True, reached=False) from None
        except openai.APIConnectionError as error:
            message = f"{self.where}: expected a connection, got {self._words(error.__cause__ or error)}"
            hint = "is the server running, and is this its address and port?"
            raise Trouble(message, hint=hint, retry=True, reached=False) from None
        except openai.OpenAIError as error:
            message = f"{self.where}: expected a chat completion, got {self._words(error)}"
            raise Trouble(message, hint=f"is openai up to date? {INSTALL}") from None

    async def _read(self, fields: Mapping[str, Any]) -> tuple[bytes, str]:
        """The body is read here piece by piece, so that one without an end has one."""
        async with self._client.chat.completions.with_streaming_response.create(**fields) as response:
            body = bytearray()
            try:
                async for piece in response.iter_bytes():
                    body += piece
                    if len(body) > _MOST_BYTES:
                        break
            except Exception as error:  # noqa: BLE001 - the client hands on what the HTTP library beneath it raises, nameless to us
                message = f"{self.where}: expected a whole reply, got {len(body)} bytes and then {self._words(error)}"
                raise Trouble(message, hint=_LOG, retry=True) from None
            if len(body) > _MOST_BYTES:
                raise Trouble(f"{self.where}: expected a reply of at most {_MOST_BYTES} bytes, got more", hint=_LOG)
            return bytes(body), response.headers.get("content-type", "")

    async def get(self, path: str, seconds: float) -> object:
        """The JSON at a path below the address, or above it with "/" in front; None where there is none.

        Raises:
            Trouble: the server does not answer.
        """
        openai = self._openai
        root = self._url.rstrip("/").removesuffix("/v1")
        try:
            async with asyncio.timeout(min(seconds, self._timeout)):
                address = f"{root}{path}" if path.startswith("/") else path
                return await self._client.get(address, cast_to=object)
        except (openai.APIConnectionError, TimeoutError):
            raise Trouble(f"{self.where}: expected an answer, got none", retry=True, reached=False) from None
        except (openai.OpenAIError, ValueError):
            return None

    def blanked(self, text: str) -> str:
        """A text of others without the key, should they have put it in."""
        return text.replace(self._key, "***") if self._key else text

    def _words(self, error: BaseException) -> str:
        name, text = type(error).__name__, on_one_line(str(error))[:100].rstrip(".")
        return self.blanked(f"{name}: {text}" if text else name)

    def _hints(self, model: str) -> Mapping[int, str]:
        """What to do, by status or by its hundreds."""
        env = f"the environment variable {self._key_env}"
        key_hint = f"is the key in {env} one that this server takes?" if self._key else f"set {env} to the key of this server"
        return {
            401: key_hint,
            403: key_hint,
            404: f"check the address, most end in /v1, and that the server has the model {model!r}",
            429: "lower concurrency, or try later",
            400: "the server takes no request of this form; check model, schema and extra_body",
            500: f"{_LOG}, or try later",
        }


def _openai() -> Any:
    try:
        return importlib.import_module("openai")
    except ImportError as error:
        raise MissingExtra(f"openai cannot be imported: {error}", hint=INSTALL) from error


def _checked(url: str) -> tuple[str, bool]:
    """How messages call the server, and whether it is on this machine."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        parts, host, port = urlsplit(""), "", None
    if "@" in url or parts.query or parts.fragment:
        hint = "put the key into an environment variable and name that as key_env"
        raise ConfigError("url: expected an address without user name, password, query or fragment", hint=hint)
    if parts.scheme not in ("http", "https") or not host or port == 0 or not url.isprintable() or " " in url:
        near = f"http://{url}" if re.fullmatch(r"[\w.\-]+(:\d{1,5})?(/[\w.\-/]*)?", url) else "http://localhost:8000/v1"
        raise ConfigError(f"url: expected an address that begins with http:// or https://, got {url!r}", hint=f"such as {near}")
    shown = f"[{host}]" if ":" in host else host
    return f"server {parts.scheme}://{shown}{f':{port}' if port else ''}", bool(_LOOPBACK.fullmatch(host))


def _key(name: str) -> str:
    """The API key from the environment variable of that name, "" where there is none."""
    found = os.environ.get(name, "").strip() if name else ""
    if not (found.isascii() and found.isprintable()):
        raise ConfigError(f"environment variable {name}: expected a key of printable ASCII, got other characters")
    return found
