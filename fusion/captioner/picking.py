"""A language model as judge: picks the best of several captions of a picture, given the facts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from fusion.captioner.sheets import Candidate, Sheet, Slot
from fusion.errors import WriterError
from fusion.facts import Problem, Usage
from fusion.write import Brief, Draft
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
        asked = [(sheet, slot, self._request(slot)) for sheet, slot in choices]
        requests = [request for *_, request in asked if request is not None]
        replies = iter(self._generate(requests))
        return [self._taken(sheet, slot, next(replies) if request else None) for sheet, slot, request in asked]

    def _request(self, slot: Slot) -> Request | None:
        """What is asked, with as many facts as fit; None where not even one does, or no brief says what they are."""
        if slot.brief is None:
            return None
        brief, texts = slot.brief, [text_of(one) for one in slot.candidates]
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
            return list(self.backend.generate(requests))
        except WriterError as error:
            return [error] * len(requests)

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
            place = read_choice(reply.text, len(slot.candidates))
        if place is None:
            why = (
                reply.message if isinstance(reply, WriterError) else "it named none of them" if reply else "it could not be asked"
            )
            message = f"the judge did not pick a {slot.style} caption: {why}; candidates were judged by what the facts support"
            problem = Problem(message=message, warning=True)
            if problem not in sheet.work.problems:
                sheet.work.problems.append(problem)
        return place


def text_of(one: Candidate) -> str:
    """What a candidate says, repaired where something is left."""
    return one.text or (one.draft.text if isinstance(one.draft, Draft) else "")
