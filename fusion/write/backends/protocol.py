"""What writers and language models say to each other: requests in, replies out. The whole plug-in interface is here.

A backend is a class with `generate` and a few facts about its model. A package offers one by an entry point in the group
`fusion.backends`; the constructor takes the keys of its `[[writers]]` table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, Protocol, runtime_checkable

import msgspec

from fusion.errors import WriterError

Role = Literal["system", "user", "assistant"]
Finish = Literal["stop", "length", "filter"]
"""Why a reply ended: the model was done, the limit of tokens was reached, or the server held something back."""


class Message(msgspec.Struct, frozen=True):
    """One turn of a conversation."""

    role: Role
    content: str


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to be written.

    `max_tokens` bounds the reply. `temperature` 0 is greedy; `seed` decides what else is drawn. `schema` is a JSON schema that
    the reply must satisfy, None for plain text. `stop` ends the reply and is not part of it.
    """

    messages: tuple[Message, ...]
    max_tokens: int = 256
    temperature: float = 0.0
    seed: int = 0
    schema: dict[str, Any] | None = None
    stop: tuple[str, ...] = ()


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """What a model wrote, why it ended there, and tokens read and written."""

    text: str
    finish: Finish = "stop"
    prompt_tokens: int = 0
    completion_tokens: int = 0


@runtime_checkable
class Backend(Protocol):
    """A language model, wherever it runs. Called from one thread at a time."""

    @property
    def model(self) -> str:
        """What replies are cached under: names the model exactly (file name and digest, or the server's name of it), no path."""
        ...

    @property
    def context(self) -> int | None:
        """The most tokens of prompt and reply together; None where that is not known."""
        ...

    @property
    def deterministic(self) -> bool:
        """Does the same request give the same reply, byte for byte, on one machine?"""
        ...

    def count(self, messages: Sequence[Message]) -> int:
        """Tokens of a prompt, with what the chat template adds; an upper estimate where the tokenizer is not at hand."""
        ...

    def generate(self, requests: Sequence[Request]) -> list[Reply | WriterError]:
        """A reply for each request, in order; an error in place of one that failed, the others unharmed."""
        ...

    def close(self) -> None:
        """Give memory and connections back."""
        ...


Options = Mapping[str, Any]
"""The keys of a `[[writers]]` table that are not the pipeline's own."""
