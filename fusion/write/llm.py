"""The writer that asks a language model: a prompt for each brief, guards on each reply, the template writer where none is taken.

With `form="text"` each caption is a request of its own; with "json" one request asks for all plain captions of a picture as a
list. Requests of one picture begin alike (rules, facts, alt-text) and stand next to each other, so that a backend reads that part
once. A reply that a guard rejects, or that has not the form and length of its style, is asked for again, with the reason, at most
`retries` times. Then the template writer steps in: the draft says so, and keeps every rejected reply by kind and reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, get_args

from fusion.errors import ConfigError, ContextTooLong, WriterError
from fusion.facts import Rejected, Usage, printable
from fusion.templates import replayed, variables
from fusion.write.asking import CAPTION_ALONE, LONGEST_REPLY, Order, Prompt, Sheet, fitted, order_of, own_words, told
from fusion.write.backends.protocol import Backend, Message, Reply, Request
from fusion.write.brief import Brief
from fusion.write.draft import Draft
from fusion.write.guards import Guarded, Shape, Wanted, guard
from fusion.write.guards.addressed import harmless, withheld
from fusion.write.guards.forms import guarded_pairs, of_style, refused
from fusion.write.guards.wanted import ROWS
from fusion.write.parsing import CAPTIONS_SCHEMA, PAIRS_SCHEMA, STRUCTURED_SCHEMA, read_captions
from fusion.write.styles import PROSE, Style
from fusion.write.template import TemplateWriter
from fusion.write.tokens import TokenCounter

__all__ = ["LLMWriter"]

Form = Literal["text", "json"]
LIST = "captions/v1"
RETRY = "retry/v1"
LISTED = PROSE | {"prompt", "tags"}
"""Forms of caption that can stand in a JSON list; others are asked for one by one."""
SHAPES: Mapping[str, Shape] = {
    "sentence": "sentence", "prompt": "line", "tags": "tags", "regions": "regions", "questions": "questions",
    "structured": "json",
}  # fmt: skip
"""What guards hold a reply against, by the form of its style; the others are prose."""
QUOTED = re.compile(r'".*"')
"""What a reason quotes of the reply."""
WRAPPING = 16
"""Tokens of the JSON around one caption."""


@dataclass(eq=False)
class Wish:
    """One caption on its way: its place among the briefs, what was asked for, and what came."""

    place: int
    brief: Brief
    order: Order
    wanted: Wanted
    text: str = ""
    mended: tuple[str, ...] = ()
    rejected: list[Rejected] = field(default_factory=list)


@dataclass(eq=False)
class Task:
    """One request, for one caption or for a list of them, with what it cost so far."""

    wishes: list[Wish]
    prompt: Prompt
    messages: tuple[Message, ...]
    max_tokens: int
    schema: dict[str, Any] | None
    as_list: bool
    again: tuple[Message, ...] = ()
    given_up: bool = False
    calls: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0

    @property
    def open(self) -> list[Wish]:
        """The captions that are still to be written."""
        return [] if self.given_up else [wish for wish in self.wishes if not wish.text]


class LLMWriter:
    """Writes drafts with a language model.

    `prompt` names the template of plain captions, such as "caption/v2", and with `form="json"` that of their list, such as
    "captions/v1"; empty: that of each style, and `captions/v1`. Regions, questions and JSON for programs keep the template of
    their style. `max_tokens` bounds the reply for one caption, 0: by the length of its style. `folders` are searched for
    templates before the built-in ones. `counter` counts the tokens of styles that are bound so.

    Each request has the seed of its brief. At `temperature` 0 that changes nothing: several drafts of one brief, which differ by
    their seed alone, are then the same text, and it takes a temperature, or another writer, to have a choice.

    Raises:
        ConfigError: an option out of range, a folder or template that does not exist, a `prompt` for the other form.
    """

    def __init__(
        self,
        name: str,
        backend: Backend,
        *,
        prompt: str = "",
        form: Form = "text",
        retries: int = 2,
        temperature: float = 0.0,
        max_tokens: int = 0,
        folders: Sequence[str | Path] = (),
        counter: TokenCounter | None = None,
    ) -> None:
        if form not in get_args(Form):
            raise ConfigError(f"writer {name!r}: form: expected text or json, got {form!r}")
        for option, value in (("retries", retries), ("temperature", temperature), ("max_tokens", max_tokens)):
            if value < 0:
                raise ConfigError(f"writer {name!r}: {option}: expected 0 or more, got {value}")
        self.name = name
        self.backend = backend
        self.form = form
        self._prompt = prompt
        self._retries = retries
        self._temperature = temperature
        self._max_tokens = max_tokens
        self._folders = tuple(folders)
        self._counter = counter or TokenCounter()
        self._fallback = TemplateWriter(self._counter)
        for template in {prompt or (LIST if form == "json" else "caption/v2"), RETRY}:
            Prompt(template, self._folders).check()
        if prompt:
            self._check_form()

    def _check_form(self) -> None:
        """Raise ConfigError if the prompt asks for one caption where a list is wanted, or the other way round."""
        if ("captions" in variables(self._prompt, self._folders)) == (self.form == "json"):
            return
        one = f"writer {self.name!r}: prompt: expected one that asks for"
        if self.form == "json":
            message = f"{one} all `captions` of a picture as JSON, got {self._prompt!r}, which does not"
            raise ConfigError(message, hint=f'{LIST} does; or set form = "text"')
        raise ConfigError(f"{one} one caption, got {self._prompt!r}, which asks for a list", hint='set form = "json"')

    def write(self, briefs: Sequence[Brief]) -> list[Draft]:
        """One draft a brief, in order; those that no reply was good enough for are the template writer's.

        What one request for several captions cost stands in the draft of the first of them.

        Raises:
            ConfigError: a template of a style does not exist, or wants a variable that there is none of.
        """
        pictures: dict[int, list[tuple[int, Brief]]] = {}
        for place, brief in enumerate(briefs):
            pictures.setdefault(id(brief.evidence), []).append((place, brief))
        tasks = [task for own in pictures.values() for task in self._tasks(own)]
        for _ in range(1 + self._retries):
            if not (waiting := [task for task in tasks if task.open]):
                break
            for task, reply in zip(waiting, self._generate(waiting), strict=True):
                self._take(task, reply)
        drafts = dict(self._drafts(tasks))
        return [drafts[place] for place in range(len(briefs))]

    def close(self) -> None:
        """Close the backend."""
        self.backend.close()

    # Requests

    def _tasks(self, placed: Sequence[tuple[int, Brief]]) -> list[Task]:
        """The requests for the briefs of one picture; none is sent where the model cannot be loaded or count its tokens."""
        try:
            return self._shortened(placed)
        except WriterError as error:
            return [self._hopeless(placed, "error", error.message)]

    def _shortened(self, placed: Sequence[tuple[int, Brief]]) -> list[Task]:
        """The requests for the briefs of one picture, shortened so that all fit; where they do not, each for itself."""
        sheet = Sheet.of([brief for _, brief in placed])
        if not sheet.lines:
            return [self._hopeless(placed, "nothing", "no fact to write from is believed")]
        smaller = fitted(sheet, lambda less: all(map(self._fits, self._made(placed, less))))
        if smaller is not None:
            return self._made(placed, smaller)
        if len(placed) > 1:
            return [task for one in placed for task in self._tasks([one])]
        return [self._hopeless(placed, "context", f"the prompt does not fit into {self.backend.context} tokens")]

    def _made(self, placed: Sequence[tuple[int, Brief]], sheet: Sheet) -> list[Task]:
        """The requests of one picture with what is on the sheet."""
        wishes = [self._wish(place, brief, sheet) for place, brief in placed]
        listed = [wish for wish in wishes if self.form == "json" and wish.brief.form.form in LISTED]
        alone = [wish for wish in wishes if wish not in listed]
        return [self._task(own, sheet, as_list=own is listed) for own in (listed, *([wish] for wish in alone)) if own]

    def _wish(self, place: int, brief: Brief, sheet: Sheet) -> Wish:
        return Wish(place, brief, (order := order_of(brief, sheet)), wanted_of(brief, order, sheet))

    def _task(self, wishes: list[Wish], sheet: Sheet, *, as_list: bool) -> Task:
        orders = [wish.order for wish in wishes]
        style = wishes[0].brief.form
        own = self._prompt if style.form in LISTED else ""
        prompt = Prompt(own or (LIST if as_list else style.template), self._folders)
        messages = prompt.messages(told(sheet, orders))
        tokens = [self._max_tokens or order.tokens for order in orders]
        schema = schema_of(prompt, style, as_list=as_list)
        rules = own_words(messages, sheet, orders)
        for wish in wishes:
            wish.wanted = replace(wish.wanted, rules=rules)
        return Task(wishes, prompt, messages, sum(tokens) + as_list * WRAPPING * len(tokens), schema, as_list)

    def _fits(self, task: Task, more: Iterable[Message] = ()) -> bool:
        context = self.backend.context
        return context is None or self.backend.count([*task.messages, *more]) + task.max_tokens <= context

    def _request(self, task: Task) -> Request:
        return Request(
            messages=(*task.messages, *task.again),
            max_tokens=task.max_tokens,
            temperature=self._temperature,
            seed=task.wishes[0].brief.seed,
            schema=task.schema,
        )

    def _generate(self, tasks: Sequence[Task]) -> list[Reply | WriterError]:
        """A reply or an error for each; one for all where the backend raises it."""
        try:
            replies = list(self.backend.generate([self._request(task) for task in tasks]))
        except WriterError as error:
            return [error] * len(tasks)
        if len(replies) != len(tasks):
            raise WriterError(f"backend {self.backend.model!r}: expected {len(tasks)} replies, got {len(replies)}")
        return replies

    # Replies

    def _take(self, task: Task, reply: Reply | WriterError) -> None:
        """Keep what of a reply is good, and ask for the rest again."""
        task.calls += 1
        if isinstance(reply, WriterError):
            kind = "context" if isinstance(reply, ContextTooLong) else "error"
            self._reject(task.open, kind, reply.message)
            task.given_up = not reply.retry
            return
        task.prompt_tokens += reply.prompt_tokens
        task.completion_tokens += reply.completion_tokens
        for wish, guarded in self._read(task, reply):
            found = of_style(guarded, wish.brief, self._counter)
            wish.text, wish.mended = found.text, found.mended
            if not found.taken:
                self._reject([wish], found.kind, found.reason)
        if task.open:
            self._ask_again(task, reply.text)

    def _ask_again(self, task: Task, reply: str) -> None:
        """Go on with the bad reply and what was wrong with it; give up where there is no room for that."""
        task.again = self._conversation(task, reply)
        try:
            task.given_up = not self._fits(task, task.again)
        except WriterError as error:
            self._reject(task.open, "error", error.message)
            task.given_up = True

    def _read(self, task: Task, reply: Reply) -> list[tuple[Wish, Guarded]]:
        """What came of each open caption of a task."""
        if not task.as_list:
            wish = task.open[0]
            if task.schema is PAIRS_SCHEMA:
                return [(wish, guarded_pairs(reply, wish.wanted))]
            return [(wish, guard(reply.text, wish.wanted, reply.finish))]
        if reply.finish == "filter" or not reply.text.strip():
            return [(wish, guard(reply.text, wish.wanted, reply.finish)) for wish in task.open]
        found = read_captions(reply.text, len(task.wishes))
        read = []
        for number, wish in enumerate(task.wishes, 1):
            if wish.text:
                continue
            if number in found.captions:
                own = guard(found.captions[number], wish.wanted, "length" if number in found.open else "stop")
                read.append((wish, replace(own, mended=("json", *own.mended)) if found.mended else own))
            else:
                reason = found.problem or "it was not in the list"
                read.append((wish, refused(reply, wish.wanted) or Guarded(kind="json", reason=reason)))
        return read

    def _conversation(self, task: Task, reply: str) -> tuple[Message, ...]:
        """The bad reply, and what was wrong with it; only the last one, so that prompts do not grow."""
        faults = [wish.rejected[-1].reason for wish in task.open]
        numbers = [n for n, wish in enumerate(task.wishes, 1) if wish in task.open] if task.as_list else []
        if numbers:
            faults = [f"caption {n}: {fault}" for n, fault in zip(numbers, faults, strict=True)]
        asked = Prompt(RETRY, self._folders)
        turns = asked.messages(told := {"faults": faults, "numbers": numbers, "answer": answer_of(task)})
        plain = asked.messages({**told, "faults": [QUOTED.sub(" ", fault) for fault in faults]})
        for wish in task.open:  # what was wrong with it is no caption either, but what that quotes may be part of one
            wish.wanted = replace(wish.wanted, again="\n".join(turn.content for turn in plain))
        said = replayed(reply)
        return (Message("assistant", f"{said[:LONGEST_REPLY]} …" if len(said) > LONGEST_REPLY else said or "(nothing)"), *turns)

    def _reject(self, wishes: Iterable[Wish], kind: str, reason: str) -> None:
        for wish in wishes:
            wish.rejected.append(Rejected(writer=self.name, kind=kind, reason=printable(reason)))

    # Drafts

    def _hopeless(self, placed: Sequence[tuple[int, Brief]], kind: str, reason: str) -> Task:
        """Briefs for which no model is asked."""
        wishes = [Wish(place, brief, Order(""), Wanted()) for place, brief in placed]
        self._reject(wishes, kind, reason)
        return Task(wishes, Prompt("", self._folders), (), 0, None, False, given_up=True)

    def _drafts(self, tasks: Sequence[Task]) -> Iterable[tuple[int, Draft]]:
        """A draft for each caption, the template writer's where none is there."""
        failed = [wish for task in tasks for wish in task.wishes if not wish.text]
        instead = dict(zip((wish.place for wish in failed), self._fallback.write([w.brief for w in failed]), strict=True))
        for task in tasks:
            for wish in task.wishes:
                if wish.text:
                    own = Draft(wish.text, self.name, mended=wish.mended)
                else:
                    own = Draft(instead[wish.place], self._fallback.name)
                prompt = task.prompt.name if task.calls else ""
                usage = (self._usage(task),) if task.calls and wish is task.wishes[0] else ()
                yield wish.place, replace(own, prompt=prompt, rejected=tuple(wish.rejected), usage=usage)

    def _usage(self, task: Task) -> Usage:
        try:
            model, deterministic = self.backend.model, self.backend.deterministic
        except WriterError:  # one that cannot be loaded cannot say what it is; the draft says why
            model, deterministic = "", False
        return Usage(
            stage="write",
            backend=model or self.name,
            deterministic=deterministic,
            calls=task.calls,
            prompt_tokens=task.prompt_tokens,
            completion_tokens=task.completion_tokens,
        )


def wanted_of(brief: Brief, order: Order, sheet: Sheet) -> Wanted:
    """What the guards hold a reply to a brief against."""
    written = {"text", "statement", "name", "tag"}
    hidden = withheld(brief.evidence)
    said = [f for f in brief.evidence.facts if not f.negated and f.id not in hidden]
    values = {f.id: harmless(f.value) for f in said}
    return Wanted(
        shape=SHAPES.get(brief.form.form, "prose"),
        ids=frozenset(line.id for line in sheet.lines),
        facts="\n".join(line.text for line in sheet.lines),
        found=sheet.found,
        quotable=tuple(dict.fromkeys(values[f.id] for f in said if f.kind in written)),
        examples=order.examples,
        boxes=frozenset(box["box"] for box in order.boxes),
        values=tuple(dict.fromkeys(values.values())),
        names=sheet.names,
    )


def schema_of(prompt: Prompt, style: Style, *, as_list: bool) -> dict[str, Any] | None:
    """The JSON that is asked for; None: plain text."""
    if as_list:
        return CAPTIONS_SCHEMA
    if style.form == "questions":
        return PAIRS_SCHEMA if prompt.name.startswith("qa/") else None
    return STRUCTURED_SCHEMA if style.form == "structured" else None


def answer_of(task: Task) -> str:
    """What a second try is told to answer with."""
    if task.schema is not None:
        return "JSON in the same form"
    return "the lines" if task.wishes[0].wanted.shape in ROWS else CAPTION_ALONE
