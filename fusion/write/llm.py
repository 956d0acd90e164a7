"""The writer that asks a language model: a prompt for each brief, guards on each reply, the template writer where none is taken.

With `form="text"` each caption is a request of its own; with "json" one request asks for all plain captions of a picture as a
list. Requests of one picture begin alike (rules, facts, alt-text) and stand next to each other, so that a backend reads that part
once. A reply that a guard rejects is asked for again, with the reason, at most `retries` times. Then the template writer steps
in: the draft says so, and keeps every rejected reply by kind and reason.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, get_args

from fusion.errors import ConfigError, ContextTooLong, WriterError
from fusion.facts import Rejected, Usage, printable
from fusion.templates import one_line
from fusion.write.asking import LONGEST_REPLY, Order, Prompt, Sheet, fitted, order_of, told
from fusion.write.backends.protocol import Backend, Message, Reply, Request
from fusion.write.brief import Brief
from fusion.write.draft import Draft
from fusion.write.guards import Guarded, Shape, Wanted, faults, guard
from fusion.write.parsing import CAPTIONS_SCHEMA, PAIRS_SCHEMA, STRUCTURED_SCHEMA, pairs_as_lines, read_captions, read_pairs
from fusion.write.styles import PROSE
from fusion.write.template import TemplateWriter

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
SCHEMAS: Mapping[str, dict[str, Any]] = {"structured": STRUCTURED_SCHEMA}
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

    `prompt` names the template, such as "caption/v2"; empty: that of each style, and `captions/v1` for lists. `max_tokens` bounds
    the reply for one caption, 0: by the length of its style. `folders` are searched for templates before the built-in ones;
    `examples` are captions of other pictures that show the manner. `rejected` and `mended` count by kind what guards found.

    Raises:
        ConfigError: an option out of range, a folder or template that does not exist.
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
        examples: Sequence[str] = (),
    ) -> None:
        if form not in get_args(Form):
            raise ConfigError(f"writer {name!r}: form: expected text or json, got {form!r}")
        for option, value in (("retries", retries), ("temperature", temperature), ("max_tokens", max_tokens)):
            if value < 0:
                raise ConfigError(f"writer {name!r}: {option}: expected 0 or more, got {value}")
        self.name = name
        self.backend = backend
        self.form = form
        self.rejected: Counter[str] = Counter()
        self.mended: Counter[str] = Counter()
        self._prompt = prompt
        self._retries = retries
        self._temperature = temperature
        self._max_tokens = max_tokens
        self._folders = tuple(folders)
        self._examples = tuple(examples)
        self._fallback = TemplateWriter()
        for template in {prompt or (LIST if form == "json" else "caption/v2"), RETRY}:
            Prompt(template, self._folders).check()

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
        return Wish(place, brief, (order := order_of(brief, sheet, self._examples)), wanted_of(brief, order, sheet))

    def _task(self, wishes: list[Wish], sheet: Sheet, *, as_list: bool) -> Task:
        orders = [wish.order for wish in wishes]
        style = wishes[0].brief.form
        name = self._prompt or (LIST if as_list else style.template)
        prompt = Prompt(name, self._folders)
        messages = prompt.messages(told(sheet, orders))
        tokens = [self._max_tokens or order.tokens for order in orders]
        schema = CAPTIONS_SCHEMA if as_list else PAIRS_SCHEMA if asks_for_pairs(prompt) else SCHEMAS.get(style.form)
        rules = " ".join(message.content for message in messages if message.role == "system")
        for wish in wishes:
            wish.wanted = replace(wish.wanted, rules=f"{rules} {wish.order.instruction}")
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
        for wish, found in self._read(task, reply):
            wish.text = found.text
            if found.taken:
                self.mended.update(found.mended)
            else:
                self._reject([wish], found.kind, found.reason)
        if task.open:
            task.again = self._conversation(task, reply.text)
            if not self._fits(task, task.again):
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
        self.mended.update(["json"] if found.mended else [])
        read = []
        for number, wish in enumerate(task.wishes, 1):
            if wish.text:
                continue
            if number in found.captions:
                read.append((wish, guard(found.captions[number], wish.wanted, "length" if number in found.open else "stop")))
            else:
                reason = found.problem or "it was not in the list"
                read.append((wish, refused(reply, wish.wanted) or Guarded(kind="json", reason=reason)))
        return read

    def _conversation(self, task: Task, reply: str) -> tuple[Message, ...]:
        """The bad reply, and what was wrong with it; only the last one, so that prompts do not grow."""
        faults = [wish.rejected[-1].reason for wish in task.open]
        numbers = [n for n, wish in enumerate(task.wishes, 1) if wish in task.open] if task.as_list else []
        asked = {"faults": [f"caption {n}: {fault}" for n, fault in zip(numbers, faults, strict=True)] if numbers else faults}
        turns = Prompt(RETRY, self._folders).messages({**asked, "numbers": numbers})
        return (Message("assistant", one_line(reply)[:LONGEST_REPLY] or "(nothing)"), *turns)

    def _reject(self, wishes: Iterable[Wish], kind: str, reason: str) -> None:
        for wish in wishes:
            self.rejected[kind] += 1
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
                own = Draft(wish.text, self.name) if wish.text else as_draft(instead[wish.place], self._fallback.name)
                prompt = task.prompt.name if task.calls else ""
                usage = (self._usage(task),) if task.calls and wish is task.wishes[0] else ()
                yield wish.place, replace(own, prompt=prompt, rejected=tuple(wish.rejected), usage=usage)

    def _usage(self, task: Task) -> Usage:
        return Usage(
            stage="write",
            backend=self.backend.model or self.name,
            deterministic=self.backend.deterministic,
            calls=task.calls,
            prompt_tokens=task.prompt_tokens,
            completion_tokens=task.completion_tokens,
        )


def as_draft(given: str | Draft, name: str) -> Draft:
    """A draft of that writer."""
    return given if isinstance(given, Draft) else Draft(given, name)


def wanted_of(brief: Brief, order: Order, sheet: Sheet) -> Wanted:
    """What the guards hold a reply to a brief against."""
    written = {"text", "statement", "name", "tag"}
    return Wanted(
        shape=SHAPES.get(brief.form.form, "prose"),
        ids=frozenset(line.id for line in sheet.lines),
        facts="\n".join(line.text for line in sheet.lines),
        found=sheet.found,
        quotable=tuple(dict.fromkeys(f.value for f in brief.evidence.facts if f.kind in written and not f.negated)),
        examples=order.examples,
        boxes=frozenset(box["box"] for box in order.boxes),
    )


def asks_for_pairs(prompt: Prompt) -> bool:
    """Is it a template that asks for questions and answers as JSON?"""
    return prompt.name.startswith("qa/")


def guarded_pairs(reply: Reply, wanted: Wanted) -> Guarded:
    """A reply that holds questions and answers as JSON."""
    try:
        lines = pairs_as_lines(read_pairs(reply.text))
    except ValueError as error:
        return refused(reply, wanted) or Guarded(kind="json", reason=str(error))
    return guard(lines, wanted)


def refused(reply: Reply, wanted: Wanted) -> Guarded | None:
    """What is wrong with a reply that should have been JSON and is none, where guards know it: a refusal, a loop."""
    prose = replace(wanted, shape="prose")
    if reason := faults.endless(reply.text, prose):
        return Guarded(kind="loop", reason=reason)
    found = guard(reply.text, prose, reply.finish if reply.finish == "filter" else "stop")
    return found if found.kind in {"empty", "filter", "refusal", "assistant"} else None
