"""A language model as judge: picks the best of several captions of a picture, given the facts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from fusion.captioner.judging import standing
from fusion.captioner.sheets import Sheet, Slot
from fusion.errors import ConfigError, WriterError
from fusion.facts import Problem, Usage
from fusion.write import Brief
from fusion.write.asking import Prompt, fitted, known
from fusion.write.asking import Sheet as Told
from fusion.write.backends import Backend, Message, Reply, Request
from fusion.write.parsing import read_choice

PROMPT = "judge/v1"
ANSWER = 16
"""Tokens of a reply: a number, and a word or two around it."""


class ModelPicker:
    """Asks a model for the number of the best caption; one request a choice, in one batch (Zheng et al. 2023, LLM-as-a-judge)."""

    def __init__(self, backend: Backend, folders: Sequence[str | Path] = ()) -> None:
        self.backend = backend
        self._folders = tuple(folders)
        Prompt(PROMPT, self._folders).check()

    def pick(self, choices: Sequence[tuple[Sheet, Slot]]) -> list[int | None]:
        """The place of the best candidate of each slot; None where the model gave no number, which the picture's problems say."""
        asked = [(sheet, slot, self._asked(slot)) for sheet, slot in choices]
        replies = iter(self._generate([request for *_, request in asked if isinstance(request, Request)]))
        return [
            self._taken(sheet, slot, next(replies) if isinstance(request, Request) else request) for sheet, slot, request in asked
        ]

    def _asked(self, slot: Slot) -> Request | WriterError | None:
        """The request for one slot, or why there is none."""
        try:
            return self._request(slot)
        except WriterError as error:
            return error

    def _request(self, slot: Slot) -> Request | None:
        """What is asked, with as many facts as fit; None where not even one does, or no brief says what they are."""
        if slot.brief is None:
            return None
        brief, texts = slot.brief, [one.text for one in standing(slot)]
        told = fitted(Told.of([brief]), lambda less: self._fits(self._messages(less, brief, texts)))
        return Request(messages=self._messages(told, brief, texts), max_tokens=ANSWER, seed=brief.seed) if told else None

    def _messages(self, told: Told, brief: Brief, texts: Sequence[str]) -> tuple[Message, ...]:
        asked = {"instruction": " ".join(brief.form.instruction.split()), "candidates": list(texts)}
        return Prompt(PROMPT, self._folders).messages({**known(told), **asked})

    def _fits(self, messages: Sequence[Message]) -> bool:
        return self.backend.context is None or self.backend.count(messages) + ANSWER <= self.backend.context

    def _generate(self, requests: Sequence[Request]) -> list[Reply | WriterError]:
        if not requests:
            return []
        try:
            replies = list(self.backend.generate(requests))
        except ConfigError:
            raise
        except Exception as error:  # noqa: BLE001 - a judge that fails is no reason to lose the captions that it was to judge
            return [as_writer_error(error)] * len(requests)
        if len(replies) != len(requests):
            return [WriterError(f"expected {len(requests)} replies, got {len(replies)}")] * len(requests)
        return replies

    def _taken(self, sheet: Sheet, slot: Slot, reply: Reply | WriterError | None) -> int | None:
        """What a reply picks, with what it cost and what was wrong with it noted."""
        place = None
        if isinstance(reply, Reply):
            sheet.usage.append(
                Usage(
                    stage="judge",
                    backend=self.backend.model,
                    deterministic=self.backend.deterministic,
                    calls=1,
                    prompt_tokens=reply.prompt_tokens,
                    completion_tokens=reply.completion_tokens,
                )
            )
            place = read_choice(reply.text, len(standing(slot)))
        if place is None:
            why = (
                reply.message if isinstance(reply, WriterError) else "it named none of them" if reply else "it could not be asked"
            )
            message = f"the judge did not pick a {slot.style} caption: {why}; candidates were judged by what the facts support"
            problem = Problem(message=message, warning=True)
            if problem not in sheet.work.problems:
                sheet.work.problems.append(problem)
        return place


def as_writer_error(error: Exception) -> WriterError:
    """Any error as one of ours."""
    return error if isinstance(error, WriterError) else WriterError(Problem.of(error).message)
