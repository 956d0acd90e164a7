"""What all models that run here do to a conversation and to a reply, whatever library runs them."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime

from fusion.errors import ContextTooLong, WriterError
from fusion.write.backends.protocol import Message, Request

DAY = datetime(2024, 7, 26, tzinfo=UTC)
"""What chat templates are told that today is: the same request must give the same prompt on every day."""

CLOCK = "strftime_now"
"""The function by which templates ask for the day."""

CODES = "%A %a %B %b %d %H %I %j %M %m %p %S %Y %y".split()

Turns = list[dict[str, str]]
"""A conversation as chat templates take it: `role` and `content` of each turn."""


def plain(messages: Sequence[Message]) -> str:
    """The prompt of a model without a chat template: what the messages say, with a blank line behind each; "" if nothing.

    Roles are not written: a model that was taught no chat gives them no meaning, and text from a picture cannot pose as one.
    """
    said = [message.content.strip() for message in messages]
    return "".join(f"{text}\n\n" for text in said if text)


def render(template: Callable[[Turns], str], messages: Sequence[Message]) -> str:
    """The prompt that a chat template makes; one that refuses system messages gets them as part of the user's first.

    Raises:
        WriterError: it refuses that as well.
    """
    failure: Exception | None = None
    for some in (messages, folded(messages)):
        try:
            return template([{"role": message.role, "content": message.content} for message in some])
        except Exception as error:  # noqa: BLE001 - a template comes with the model and may raise whatever jinja does
            failure = error
    message = f"the chat template of the model refuses these messages: {failure}"
    raise WriterError(message, hint="expected one system message, then user and assistant in turn") from failure


def dated(template: str) -> str:
    """A chat template for which it is always DAY: it is given a clock of its own, which stands in front of the real one."""
    if CLOCK not in template:
        return template
    day = "".join(f".replace('{code}', '{DAY.strftime(code)}')" for code in CODES)
    nothing = "{{ '' }}"  # behind a block jinja takes a line break away
    return f"{{% macro {CLOCK}(format) %}}{{{{ format{day} }}}}{{% endmacro %}}{nothing}{template}"


def folded(messages: Sequence[Message]) -> list[Message]:
    """The messages with what the system says put in front of what the user says first."""
    system = [message.content.strip() for message in messages if message.role == "system"]
    others = [message for message in messages if message.role != "system"]
    if not system or not others:
        return list(messages)
    first = Message(others[0].role, "\n\n".join([*system, others[0].content]))
    return [first, *others[1:]]


class Marks:
    """Marks that end a turn or open another, such as `<|im_end|>`: text that a picture brought along must hold none."""

    def __init__(self, marks: Iterable[str]) -> None:
        own = sorted({mark for mark in marks if len(mark) > 2 and mark[0] in "<["}, key=lambda mark: (-len(mark), mark))
        self._pattern = re.compile("|".join(map(re.escape, own))) if own else None

    def broken(self, messages: Sequence[Message]) -> list[Message]:
        """The messages with a space behind the first sign of each mark, so that it is read as the letters it is made of."""
        pattern = self._pattern
        if pattern is None:
            return list(messages)
        return [Message(one.role, pattern.sub(lambda m: f"{m[0][0]} {m[0][1:]}", one.content)) for one in messages]


def refusal(request: Request, tokens: int, context: int | None) -> WriterError | None:
    """Why a request of so many tokens is not sent; None where nothing speaks against it."""
    if request.max_tokens < 1:
        return WriterError(f"max_tokens: expected 1 or more, got {request.max_tokens}")
    if not (math.isfinite(request.temperature) and request.temperature >= 0):
        return WriterError(f"temperature: expected a number from 0 up, got {request.temperature}")
    if tokens < 1:
        return WriterError("request: expected some text, got messages that say nothing")
    if context is not None and tokens + request.max_tokens > context:
        got = f"{tokens} of prompt and {request.max_tokens} of reply"
        hint = "say less, ask for a shorter reply, or raise the context if the model allows"
        return ContextTooLong(f"request: expected at most {context} tokens, got {got}", hint=hint)
    return None


def cut(text: str, stops: Iterable[str]) -> tuple[str, bool]:
    """The text before the first of the stops, and whether there was one."""
    ends = [text.index(stop) for stop in stops if stop and stop in text]
    return (text[: min(ends)], True) if ends else (text, False)
