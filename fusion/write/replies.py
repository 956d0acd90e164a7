"""A cache of replies: what was asked of a model once is not asked, and not paid, again.

    with Cache(".fusion/replies.sqlite") as cache:
        backend = CachedBackend(Server(url, model), cache)

Replies of backends that are not deterministic are kept too: that is how a run that is repeated or resumed gets the same bytes.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from fusion.cache import Cache, key
from fusion.errors import OutputError, WriterError
from fusion.write.backends.protocol import Backend, Message, Reply, Request

_VERSION = 1
"""Raised when a stored reply would mean something else than before."""


class CachedBackend:
    """A backend that looks each request up before it asks. With no cache it only counts, and asks twins of a batch once.

    A request is found again by the model's name and all its fields, wherever the model ran. Errors are not kept. Several
    processes may share the file of the cache; each opens its own `Cache`. Two that lack the same reply at the same time
    both ask and pay, the first reply is kept, and both hand that one out. An entry that cannot be read as a reply is asked
    again and replaced; a damaged file is the cache's own error, found before anything is asked.

    A batch is kept when the backend returns it: an interrupt costs at most the batch under way. Where the cache cannot be written
    (a full disk, another process that holds it too long), what was paid is handed out all the same, and counted as `unkept`.

    Attributes:
        hits, misses: requests answered from the cache (or by their twin), and those asked.
        damaged: entries that could not be read; they count as misses too.
        failed: requests asked that ended in an error.
        unkept: replies that the cache did not take; the next run asks for them again.
        prompt_tokens, completion_tokens: what the replies asked for cost, in tokens; failed ones cost nothing that we know of.
        saved_tokens: what those found would have cost, both kinds together.
    """

    def __init__(self, backend: Backend, cache: Cache | None) -> None:
        self.backend = backend
        self._cache = cache
        self.hits = self.misses = self.damaged = self.failed = self.unkept = 0
        self.prompt_tokens = self.completion_tokens = self.saved_tokens = 0

    @property
    def model(self) -> str:
        """The backend's."""
        return self.backend.model

    @property
    def context(self) -> int | None:
        """The backend's."""
        return self.backend.context

    @property
    def deterministic(self) -> bool:
        """The backend's: the cache may be deleted."""
        return self.backend.deterministic

    def count(self, messages: Sequence[Message]) -> int:
        """The backend's."""
        return self.backend.count(messages)

    def generate(self, requests: Sequence[Request]) -> list[Reply | WriterError]:
        """A reply for each request, in order, from the cache or from the backend.

        Raises:
            OutputError: the cache cannot be read.
            WriterError: the backend did not return a reply or an error for each request.
        """
        keys = [request_key(self.model, request) for request in requests]
        known: dict[str, Reply | WriterError] = {one: reply for one in dict.fromkeys(keys) if (reply := self._found(one))}
        found = frozenset(known)
        asked = {one: request for one, request in zip(keys, requests, strict=True) if one not in found}
        known |= self._ask(asked)
        self.hits += len(requests) - len(asked)
        self.saved_tokens += sum(_cost(known[one]) for one in keys) - sum(_cost(known[one]) for one in asked)
        return [known[one] for one in keys]

    def stats(self) -> dict[str, int]:
        """The counts, for FILE.stats.json."""
        names = ("hits", "misses", "damaged", "failed", "unkept", "prompt_tokens", "completion_tokens", "saved_tokens")
        return {name: getattr(self, name) for name in names}

    def close(self) -> None:
        """Close the backend. The cache stays open: whoever opened it closes it."""
        self.backend.close()

    def _found(self, one: str) -> Reply | None:
        stored = None if self._cache is None else self._cache.get(one)
        if stored is None:
            return None
        reply = _read(stored)
        if reply is None:
            self.damaged += 1
        return reply

    def _ask(self, asked: dict[str, Request]) -> dict[str, Reply | WriterError]:
        """The answers to these requests, kept as they come to be known."""
        if not asked:
            return {}
        answers = self.backend.generate(list(asked.values()))
        if len(answers) != len(asked):
            raise WriterError(f"backend {self.model!r}: expected {len(asked)} replies, got {len(answers)}")
        self.misses += len(asked)
        for answer in answers:
            if isinstance(answer, Reply):
                self.prompt_tokens += answer.prompt_tokens
                self.completion_tokens += answer.completion_tokens
            else:
                self.failed += 1
        return self._kept(dict(zip(asked, answers, strict=True)))

    def _kept(self, answers: dict[str, Reply | WriterError]) -> dict[str, Reply | WriterError]:
        """The answers, or those of another process that was first.

        Once the cache refuses one it is not tried with the rest of the batch: each try may wait for half a minute.
        """
        waiting = {one: answer for one, answer in answers.items() if self._cache is not None and isinstance(answer, Reply)}
        kept = dict(answers)
        try:
            for one in list(waiting):
                kept[one] = self._keep(one, waiting[one])
                del waiting[one]
        except OutputError:
            self.unkept += len(waiting)
        return kept

    def _keep(self, one: str, answer: Reply) -> Reply:
        assert self._cache is not None
        try:
            written = msgspec.json.encode(answer)
        except UnicodeEncodeError:  # half of a surrogate pair: the file holds UTF-8
            self.unkept += 1
            return answer
        kept = _read(self._cache.keep(one, written))
        if kept is None:
            self._cache.put(one, written)
        return kept or answer


def request_key(model: str, request: Request) -> str:
    """What a reply is cached under: a hash of the model's name and of every field of the request."""
    fields = msgspec.to_builtins(request)
    return key("reply", _VERSION, model, {**fields, "temperature": float(request.temperature)})


def _read(stored: object) -> Reply | None:
    """A stored reply, None if it is none."""
    try:
        return msgspec.json.decode(stored, type=Reply) if isinstance(stored, bytes) else None
    except (msgspec.DecodeError, UnicodeError):
        return None


def _cost(answer: Reply | WriterError) -> int:
    return answer.prompt_tokens + answer.completion_tokens if isinstance(answer, Reply) else 0
