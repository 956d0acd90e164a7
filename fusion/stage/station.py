"""One expert in its place: started, called within its time limit, replaced where it hangs.

Whatever an expert does, others go on: it may raise, hang, or hand over what is no fact. What went wrong is kept.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, wait
from queue import SimpleQueue
from typing import Any, TypeAlias, TypeVar

from msgspec.structs import replace

from fusion.errors import BadFact, ConfigError, ExpertError, ExpertNotFound, ExpertTimeout, FusionError, MissingExtra
from fusion.expert import Card, Expert, find, looks
from fusion.facts import KINDS, Claim, Fact, Problem, Sample
from fusion.options import check_options
from fusion.stage.answers import adopt
from fusion.stage.work import Work

REPLACED_AT_MOST = 3
"""How often a hanging expert is made anew; every time leaves a thread and what it holds behind."""

T = TypeVar("T")
Answer: TypeAlias = tuple[object, tuple[str, ...]]
"""What an expert handed over for one picture, and whom it looked for."""


class Station:
    """One expert in its place: its name, how to make it, seconds it may take for a picture.

    All its calls, the constructor among them, run in one thread of its own: some libraries ask for that, and a call
    that never comes back can be left behind.
    """

    def __init__(self, name: str, use: str, limit: float, make: Callable[[], Expert] | None, card: object) -> None:
        self.name, self.use, self.limit = name, use, limit
        self.sees = frozenset(card.sees) if isinstance(card, Card) else KINDS
        self.needs: frozenset[str] = frozenset()
        self.out: ExpertError | None = None
        self._make = make
        self._expert: Expert | None = None
        self._thread: _Thread | None = None
        self._keeps_names = self._takes_batches = False
        self._cards: dict[str, Card] = {}
        self._hung = 0

    @classmethod
    def of(cls, name: str, use: str, options: Mapping[str, Any], limit: float, target: str = "") -> Station:
        """The place of an installed expert; `start` makes it. One whose library is missing is out from the beginning.

        `target` names one where several packages offer `use`.

        Raises:
            ConfigError: no such expert is installed, or it does not take these options.
        """
        try:
            kind = find(use, target)
        except MissingExtra as error:
            station = cls(name, use, limit, None, None)
            station.out = _renamed(error, name)
            return station
        except ExpertNotFound as error:
            raise ConfigError(error.message, hint=error.hint) from error
        check_options(kind, options, f"expert {name!r}")
        station = cls(name, use, limit, lambda: kind(**options), kind.card)
        station.needs = kind.needs
        return station

    @classmethod
    def around(cls, name: str, expert: Expert, limit: float) -> Station:
        """The place of an expert that a caller made. If it hangs it is waited for, since nobody can make another.

        Raises:
            ConfigError: it is no instance of an Expert, or has no method `look`.
        """
        _check_instance(name, expert)
        station = cls(name, name, limit, None, expert.card)
        station.needs = expert.needs
        station._take(expert)
        return station

    def _take(self, expert: Expert) -> None:
        self._expert = expert
        self._keeps_names = expert.keeps_names
        self._takes_batches = type(expert).look_batch is not Expert.look_batch

    def start(self) -> None:
        """Make the expert, once. What stands in its way, such as weights that are not there, is kept in `out`.

        Raises:
            ConfigError: an option has a value that it does not take.
        """
        if self.out or self._expert or not self._make:
            return
        self._thread = self._thread or _Thread(self.name)
        try:
            self._take(self._thread.call(self._make).result())
        except (ConfigError, TypeError, ValueError) as error:
            message, hint = (error.message, error.hint) if isinstance(error, FusionError) else (str(error), "")
            raise ConfigError(f"expert {self.name!r}: {message}", hint=hint or "see the options of this expert") from error
        except Exception as error:  # noqa: BLE001 - without its weights an expert is out and the others go on
            self.out = _renamed(error, self.name, "cannot be started: ")

    def cards(self) -> dict[str, Card]:
        """The cards of the experts that this one stands for, as last known; none before it is started."""
        expert = self._expert
        if expert is not None:
            self._thread = self._thread or _Thread(self.name)
            if self._thread.free(0):
                self._cards = self._thread.call(lambda: dict(expert.cards(self.name))).result()
        return self._cards

    # Working

    def visit(self, works: Sequence[Work]) -> None:
        """Let the expert look at these pictures; what it says, and what goes wrong, is added to each."""
        self.take(works, self.look(works))

    def look(self, works: Sequence[Work]) -> Sequence[Answer | Exception]:
        """What the expert says of each picture, not yet added to it."""
        return self._look([work.sample for work in works])

    def take(self, works: Sequence[Work], answers: Sequence[Answer | Exception]) -> None:
        """Add what it said."""
        for work, answer in zip(works, answers, strict=True):
            if isinstance(answer, Exception):
                work.add((), [self._problem(answer, work.sample)], ())
            else:
                facts, problems = adopt(self.name, answer[0], work.sample, keeps_names=self._keeps_names)
                work.add(facts, problems, answer[1])

    @property
    def alone(self) -> bool:
        """May it look at the same time as others?"""
        return self._expert is not None and self._expert.alone and not self.needs

    @property
    def can_ask(self) -> bool:
        """Does the expert answer questions, and is it at work?"""
        return self.out is None and self._expert is not None and type(self._expert).ask is not Expert.ask

    def ask(self, work: Work, claims: Sequence[Claim]) -> list[Fact]:
        """Its answers to the unverified ones of these claims, as facts that are added to the picture's."""
        sample, expert = work.sample, self._expert
        if expert is None:
            return []
        try:
            given = self._within(lambda: expert.ask(sample, claims), self.limit)
        except Exception as error:  # noqa: BLE001 - whatever a third-party expert raises is that expert's error
            work.problems.append(self._problem(error, sample))
            return []
        facts, problems = adopt(self.name, given, sample, keeps_names=self._keeps_names)
        work.sample = sample.with_facts((*sample.facts, *facts))
        work.problems += problems
        return facts

    @property
    def can_rate(self) -> bool:
        """Does the expert say how well texts fit a picture, and is it at work?"""
        return self.out is None and self._expert is not None and type(self._expert).rate is not Expert.rate

    def rate(self, work: Work, texts: Sequence[str]) -> list[float]:
        """How well each text fits the picture; none where the expert fails, which is the picture's problem."""
        sample, expert = work.sample, self._expert
        if expert is None:
            return []
        try:
            scores = [float(score) for score in self._within(lambda: expert.rate(sample, texts), self.limit)]
            if len(scores) != len(texts):
                raise BadFact(f"expected {len(texts)} scores, one a text, got {len(scores)}", expert=self.name)
        except Exception as error:  # noqa: BLE001 - whatever a third-party expert raises is that expert's error
            work.problems.append(self._problem(error, sample))
            return []
        return scores

    def _look(self, samples: Sequence[Sample]) -> Sequence[Answer | Exception]:
        try:
            self.start()
        except ConfigError as error:
            self.out = _renamed(error, self.name)
        if self.out:
            return [self.out for _ in samples]
        together = self._look_together(samples) if self._takes_batches and len(samples) > 1 else None
        return together or [self._look_at(sample) for sample in samples]

    def _look_together(self, samples: Sequence[Sample]) -> Sequence[Answer | Exception] | None:
        try:
            return self._call(samples)
        except _Hung as error:
            return [error for _ in samples]
        except Exception:  # noqa: BLE001 - one by one then tells which picture it was, and spares the others
            return None

    def _look_at(self, sample: Sample) -> Answer | Exception:
        if self.out:
            return self.out
        try:
            return self._call([sample])[0]
        except Exception as error:  # noqa: BLE001 - whatever a third-party expert raises is that expert's error
            return error

    def _call(self, samples: Sequence[Sample]) -> list[Answer]:
        self.start()
        if self.out:
            raise self.out
        expert = self._expert
        if expert is None:
            raise ExpertError(f"expert {self.name!r} is closed", expert=self.name)
        what = f"{len(samples)} pictures" if len(samples) > 1 else "a picture"
        return self._within(lambda: _answers(expert, samples, self.name), self.limit * len(samples), what)

    def _within(self, call: Callable[[], T], limit: float, what: str = "a picture") -> T:
        """What the call returns, made in the expert's thread."""
        limit = min(limit, threading.TIMEOUT_MAX)
        self._thread = self._thread or _Thread(self.name)
        if not self._thread.free(self.limit):
            raise self._leave("is still busy with an earlier picture")
        done = self._thread.call(call)
        wait([done], timeout=limit)
        if not done.done():
            raise self._leave(f"did not come back from {what} within {limit:g} seconds")
        return done.result()

    def _leave(self, what: str) -> _Hung:
        """Leave a hanging call behind; the next goes to a new instance, if one can be made, and not too often."""
        self._hung += 1
        if self._make and self._thread and self._expert:
            self._thread.leave(self._expert.close)
            self._thread = self._expert = None
        if self._hung > REPLACED_AT_MOST:
            gone = f"expert {self.name!r} is out: it hung {self._hung} times"
            self.out = ExpertTimeout(gone, expert=self.name, hint="raise its time_limit, or leave it out")
        return _Hung(f"expert {self.name!r} {what}", expert=self.name, hint="raise its time_limit if it only is slow")

    def _problem(self, error: Exception, sample: Sample) -> Problem:
        """The entry for an error, under the configured name, and without the place of the picture on this machine."""
        problem = replace(Problem.of(error), expert=self.name)
        if sample.file and sample.file != sample.path and sample.file in problem.message:
            problem = replace(problem, message=problem.message.replace(sample.file, sample.path or sample.id))
        return problem

    def close(self) -> None:
        """Release the expert, once; one that still hangs is closed by its own thread should it ever come back."""
        expert, thread = self._expert, self._thread
        self._expert = self._thread = self._make = None
        if expert is None:
            return thread.leave() if thread else None
        thread = thread or _Thread(self.name)
        if not thread.free(0):
            return thread.leave(expert.close)
        done = thread.call(expert.close)
        thread.leave()
        return done.result()


class _Hung(ExpertTimeout):
    """Our own finding, told apart from an ExpertTimeout that an expert raises itself."""


def _check_instance(name: str, expert: object) -> None:
    if isinstance(expert, type):
        raise ConfigError(f"expert {name!r}: expected an instance, got the class {expert.__name__}; write {expert.__name__}()")
    if not isinstance(expert, Expert):
        hint = "make it a subclass of fusion.Expert"
        raise ConfigError(f"expert {name!r}: expected an instance of fusion.Expert, got {type(expert).__name__}", hint=hint)
    if not looks(type(expert)):
        hint = "write look(self, sample), which returns a list of facts"
        raise ConfigError(f"expert {name!r} has no method look", hint=hint)


def _renamed(error: Exception, name: str, what: str = "") -> ExpertError:
    """The error of an expert under its configured name, with hint and retry kept."""
    problem = Problem.of(error)
    message = f"expert {name!r} {what}{problem.message}" if what else problem.message
    return ExpertError(message, expert=name, hint=problem.hint, retry=problem.retry)


def _answers(expert: Expert, samples: Sequence[Sample], name: str) -> list[Answer]:
    given: Any = expert.look_batch(samples)
    if not isinstance(given, list | tuple) or len(given) != len(samples):
        got = f"{len(given)}" if isinstance(given, list | tuple) else type(given).__name__
        raise BadFact(f"expected {len(samples)} lists of facts, one a picture, got {got}", expert=name)
    return [(answer, tuple(expert.looked(sample, name))) for sample, answer in zip(samples, given, strict=True)]


class _Thread:
    """A daemon thread that makes one call after the other."""

    def __init__(self, name: str) -> None:
        self._calls: SimpleQueue[tuple[Callable[[], Any], Future[Any]] | None] = SimpleQueue()
        self._last: Future[Any] | None = None
        threading.Thread(target=self._run, name=f"fusion-{name}", daemon=True).start()

    def call(self, what: Callable[[], T]) -> Future[T]:
        future: Future[T] = Future()
        self._last = future
        self._calls.put((what, future))
        return future

    def free(self, limit: float) -> bool:
        """Has the last call come back? Waits up to `limit` seconds for it."""
        if self._last and not self._last.done():
            wait([self._last], timeout=min(limit, threading.TIMEOUT_MAX))
        return self._last is None or self._last.done()

    def leave(self, last: Callable[[], object] | None = None) -> None:
        """End the thread behind its present call and this one; nobody waits for either."""
        if last:
            self.call(last)
        self._calls.put(None)

    def _run(self) -> None:
        while (item := self._calls.get()) is not None:
            what, future = item
            try:
                future.set_result(what())
            except SystemExit as error:  # or one expert would end the run of all, without a word
                code = "" if error.code is None else repr(error.code)
                future.set_exception(ExpertError(f"called sys.exit({code})"))
            except BaseException as error:  # noqa: BLE001 - Ctrl-C too belongs to the one who asked
                future.set_exception(error)
            del what, future, item
