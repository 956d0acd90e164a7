"""Fakes for tests of experts, configurations and pipelines: no model, no file, no waiting.

    from fusion.testing import FakeExpert, FakeWriter, solid_image

    boxes = FakeExpert([Fact(kind="object", value="dog")], card=Card(sees=("object",), vocabulary=("dog", "cat")))
    with Captioner(experts={"boxes": boxes}, writer=FakeWriter(["A dog.", "A dog and a cat."])) as captioner:
        record = captioner(solid_image())

With a configuration, an expert given under the name of a configured one takes its place.

A language model is replaced by a queue of what it would say:

    backend = FakeBackend(["A dog.", Reply(text="A dog and a", finish="length"), WriterError("busy", retry=True)])
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from fusion.errors import ContextTooLong, WriterError
from fusion.expert import Card, Expert
from fusion.facts import Claim, Fact, Sample
from fusion.write.backends.protocol import Message, Reply, Request

if TYPE_CHECKING:
    from PIL.Image import Image


class FakeExpert(Expert):
    """States the facts that it was given, and keeps what it was asked.

    `facts`: for every picture, or by the id of the sample (none for others). `error` is raised instead, after `delay`
    seconds, which end early when the expert is closed. `answers` are the facts that `ask` gives, by the claim's value.
    Afterwards `samples`, `claims` and `closed` tell what it was called with.
    """

    def __init__(
        self,
        facts: Sequence[Any] | Mapping[str, Sequence[Any]] = (),
        *,
        error: Exception | None = None,
        delay: float = 0,
        answers: Mapping[str, Sequence[Fact]] | None = None,
        card: Card | None = None,
        needs: Iterable[str] = (),
    ) -> None:
        self._facts = facts
        self._error = error
        self._delay = delay
        self._answers = answers or {}
        self._closing = threading.Event()
        self.card = card or Card()
        self.needs = frozenset(needs)  # type: ignore[misc]  # a class attribute of real experts
        self.samples: list[Sample] = []
        self.claims: list[Claim] = []

    @property
    def closed(self) -> bool:
        """Has it been closed?"""
        return self._closing.is_set()

    def look(self, sample: Sample) -> list[Fact]:
        """The facts for this sample, or the error."""
        self.samples.append(sample)
        if self._delay:
            self._closing.wait(self._delay)
        if self._error is not None:
            raise self._error
        return list(self._facts.get(sample.id, ()) if isinstance(self._facts, Mapping) else self._facts)

    def ask(self, sample: Sample, claims: Sequence[Claim]) -> list[Fact]:
        """The answers to the claims of which the value is known; those that are judged already only come along."""
        asked = [claim for claim in claims if claim.verdict == "unverified"]
        self.claims += asked
        if self._error is not None:
            raise self._error
        return [fact for claim in asked for fact in self._answers.get(claim.value, ())]

    def close(self) -> None:
        """Wake up whoever waits."""
        self._closing.set()


class FakeWriter:
    """Hands out drafts from a queue, one a brief, in order; `briefs` keeps what they were for.

    An exception in the queue is raised in place of a draft. A call that the queue cannot serve whole takes nothing from
    it, so that a pipeline may try again brief by brief.
    """

    def __init__(self, answers: Iterable[str | Exception], name: str = "fake") -> None:
        self.name = name
        self.briefs: list[Any] = []
        self._queue = deque(answers)
        self._total = len(self._queue)

    def write(self, briefs: Sequence[Any]) -> list[str]:
        """The next drafts.

        Raises:
            WriterError: the queue holds fewer than that.
        """
        if len(briefs) > len(self._queue):
            got = f"{len(briefs)} more briefs with {len(self._queue)} left"
            raise WriterError(f"writer {self.name!r}: expected {self._total} briefs in all, got {got}", hint="queue more")
        coming = [self._queue[i] for i in range(len(briefs))]
        failure = next((answer for answer in coming if isinstance(answer, Exception)), None)
        if failure is None or len(briefs) == 1:
            self.briefs += briefs
            for _ in briefs:
                self._queue.popleft()
        if failure is not None:
            raise failure
        return [answer for answer in coming if isinstance(answer, str)]


class FakeBackend:
    """Hands out replies from a queue, one a request, in order; `requests` keeps those that were answered.

    A text is a reply that ended by itself, its tokens counted as words. A WriterError takes the place of a reply, as backends
    hand errors over; any other exception is raised. A request of more words than `context` is answered with ContextTooLong
    and takes nothing from the queue. `closed` tells whether it was closed.
    """

    deterministic = True

    def __init__(self, replies: Iterable[Reply | str | Exception], *, context: int | None = None, model: str = "fake") -> None:
        self.model = model
        self.context = context
        self.requests: list[Request] = []
        self.closed = False
        self._queue = deque(replies)
        self._total = len(self._queue)

    def count(self, messages: Sequence[Message]) -> int:
        """Words of the messages."""
        return sum(len(message.content.split()) for message in messages)

    def generate(self, requests: Sequence[Request]) -> list[Reply | WriterError]:
        """The next replies.

        Raises:
            WriterError: the queue is empty: the test expected fewer requests. An exception of the queue is raised as it is.
        """
        return [self._answer(request) for request in requests]

    def _answer(self, request: Request) -> Reply | WriterError:
        words = self.count(request.messages)
        if self.context is not None and words + request.max_tokens > self.context:
            got = f"{words} of prompt and {request.max_tokens} of reply"
            return ContextTooLong(f"request: expected at most {self.context} tokens, got {got}", hint="say less")
        if not self._queue:
            raise WriterError(f"backend {self.model!r}: expected {self._total} requests in all, got more", hint="queue more")
        self.requests.append(request)
        reply = self._queue.popleft()
        if isinstance(reply, Exception) and not isinstance(reply, WriterError):
            raise reply
        if not isinstance(reply, str):
            return reply
        return Reply(text=reply, prompt_tokens=words, completion_tokens=len(reply.split()))

    def close(self) -> None:
        """Remember that it was closed."""
        self.closed = True


def solid_image(width: int = 64, height: int = 48, colour: str | tuple[int, int, int] = "white") -> Image:
    """A picture of one colour, RGB; sizes in pixels."""
    from PIL import Image

    return Image.new("RGB", (width, height), colour)


def sample(image: Image | None = None, *, id: str = "test", **fields: Any) -> Sample:  # noqa: A002 - what rows call it
    """A sample as an expert gets it, of this picture or without one; `fields` are those of `Sample`."""
    size = {"width": image.width, "height": image.height} if image is not None else {}
    return Sample(id=id, image=image, **{**size, **fields})
