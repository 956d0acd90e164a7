"""The pipeline for one batch in memory: open, look, gather evidence, brief, write, read, verify and repair, record.

sheets     what is known of a picture while its captions are made
proposing  candidates: drafts of writers, sentences of experts, alt-text
checking   candidates read, judged and repaired
judging    which candidates are kept
finishing  what a record says of them
captions   all of these in order
writers    who writes, by the configuration
totals     what is added up over records
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from types import TracebackType
from typing import Any, Self

from fusion.captioner.captions import CaptionMaker
from fusion.captioner.totals import Totals
from fusion.captioner.writers import company_of
from fusion.config import Config, load
from fusion.errors import ConfigError, FusionError
from fusion.evidence import Evidence, gather
from fusion.evidence.belief import checked
from fusion.expert import Card, Expert
from fusion.facts import Observation, Record
from fusion.job import Input, Job, job_of, tags_of
from fusion.language import Language
from fusion.stage import (
    FROM_ROWS,
    Opened,
    Station,
    Work,
    built_in_card,
    cards_of,
    check_needs,
    open_job,
    read_cards_file,
    stations,
    visit_all,
)
from fusion.write import Brief, Writer

__all__ = ["Captioner", "Input", "Job"]


class Captioner:
    """Makes records of pictures, for one configuration. Use it from one thread, and close it, or use it as a context.

    Without `[[experts]]` in the configuration, and without `experts`, those installed run that need neither weights nor
    a download. `experts` are instances by name: they take the place of configured ones of that name, or come last.
    `cards`, `thresholds` (as in a cards file) and `writer` go before all others. `seconds` adds up where time went, by stage
    and expert, `totals` what came of it.

    Raises:
        ConfigError: an expert, option, style or writer that does not exist, facts that an expert needs and none states.
    """

    def __init__(
        self,
        config: Config | None = None,
        *,
        cards: Mapping[str, Card] | None = None,
        thresholds: Mapping[str, float] | None = None,
        experts: Mapping[str, Expert] | None = None,
        writer: Writer | None = None,
    ) -> None:
        if config is not None and not isinstance(config, Config):
            got = type(config).__name__
            raise ConfigError(f"config: expected a Config, got {got}", hint="Captioner.from_config takes a file or a mapping")
        self.config = config or Config()
        self.seconds: dict[str, float] = {}
        self.totals = Totals()
        self._company = company_of(self.config, writer)
        from_file, its_thresholds = read_cards_file(self.config.cards) if self.config.cards else ({}, {})
        self._given_cards = {**from_file, **cards_of(cards or {})}
        self._thresholds = {
            **checked(its_thresholds, f"cards file {self.config.cards}"),
            **checked(thresholds or {}, "thresholds"),
        }
        self._stations = stations(self.config, {} if experts is None else experts)
        self._for_rows: dict[str, Station] = {}
        self._built_in: dict[str, Card] = {}
        self._started = self._closed = False

    @classmethod
    def from_config(
        cls, source: str | Path | Mapping[str, Any] | None = None, overrides: Sequence[str] = (), **given: Any
    ) -> Self:
        """The captioner for a configuration file or mapping; `given` goes to the constructor, `overrides` are "a.b=c".

        Raises:
            ConfigError: the configuration is wrong, or something it names does not exist.
        """
        return cls(load(source, overrides), **given)

    # Pictures in, records out

    def __call__(
        self,
        image: Input,
        *,
        alt_text: str | None = None,
        tags: str | Sequence[str] | None = None,
        label: str | None = None,
        id: str | None = None,  # noqa: A002 - what rows call it
    ) -> Record:
        """The record of one picture: a path, bytes, PIL image, array or row. What is wrong with it is in the record.

        Raises:
            ConfigError: no expert can run.
            InputError: tags are neither strings nor one string.
        """
        self._check_open()
        job = job_of(image, 0)
        said = {"alt_text": alt_text, "tags": tags_of(tags), "label": label, "id": id}
        job = replace(job, **{key: value for key, value in said.items() if value})  # type: ignore[arg-type]
        return self._work([open_job(job, self.config.images.max_megapixels)], captions=True)[0]

    def stream(self, samples: Iterable[Input]) -> Iterator[Record]:
        """A record of each input, in order. Reads `run.read_ahead` batches ahead; what `samples` raises comes last."""
        self._check_open()
        return self._run(samples, captions=True)

    def facts(self, samples: Iterable[Input]) -> Iterator[Record]:
        """The same without captions: experts only."""
        self._check_open()
        return self._run(samples, captions=False)

    def briefs(self, samples: Iterable[Input]) -> Iterator[tuple[Record, list[Brief]]]:
        """The facts of each input, and what writers would be asked for of it; nothing is written."""
        self._check_open()
        for batch in self._opened(_until_failure(samples)):
            works = self._seen(batch)
            planned = iter(self._captions().briefs([work for work in works if work.goes_on]))
            for work in works:
                yield work.record(), next(planned) if work.goes_on else []

    def cards(self) -> dict[str, Card]:
        """The cards of the experts in use; they are started, since a vocabulary may be known only with its weights.

        Raises:
            ConfigError: no expert can run.
        """
        self._check_open()
        self._start()
        names = [name for station in self._stations for name in station.cards()]
        return self._cards(names)

    def replies(self) -> dict[str, Any]:
        """By writer, how many replies of its model came out of the file of replies and how many were paid for."""
        return self._company.replies()

    def close(self) -> None:
        """Close the experts, each once. The captioner cannot be used afterwards."""
        if self._closed:
            return
        self._closed = True
        with ExitStack() as stack:
            stack.callback(self._company.close)
            for station in self._all_stations():
                stack.callback(station.close)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def _check_open(self) -> None:
        if self._closed:
            raise FusionError("this captioner is closed", hint="make a new one")

    # Batches

    def _run(self, samples: Iterable[Input], captions: bool) -> Iterator[Record]:
        for batch in self._opened(_until_failure(samples)):
            self._check_open()
            yield from self._work(batch, captions)

    def _opened(self, jobs: Iterator[Job | Exception]) -> Iterator[list[Opened]]:
        """Batches in order; pictures of the next ones are decoded meanwhile."""
        size = self.config.run.batch
        room = size * (1 + self.config.run.read_ahead)
        failure: Exception | None = None
        ahead: deque[Future[Opened]] = deque()
        pool = ThreadPoolExecutor(min(4, os.cpu_count() or 1), thread_name_prefix="fusion-open")
        try:
            while True:
                while len(ahead) < room and (job := next(jobs, None)) is not None:
                    if isinstance(job, Exception):
                        failure = job
                    else:
                        ahead.append(pool.submit(open_job, job, self.config.images.max_megapixels))
                if not ahead:
                    break
                yield [ahead.popleft().result() for _ in range(min(size, len(ahead)))]
        finally:
            pool.shutdown(cancel_futures=True)
        if failure is not None:
            raise failure

    def _work(self, batch: Sequence[Opened], captions: bool) -> list[Record]:
        works = self._seen(batch)
        if captions:
            self._captions().make([work for work in works if work.goes_on])
        records = [work.record() for work in works]
        for record in records if captions else ():
            self.totals.add(record)
        return records

    def _seen(self, batch: Sequence[Opened]) -> list[Work]:
        """What experts say of each."""
        for opened in batch:
            self._count("open", opened.seconds)
        works = [Work.of(opened) for opened in batch]
        if any(work.goes_on and work.job.observation is None for work in works):
            self._start()
        fresh = [work for work in works if work.goes_on and work.job.observation is None]
        visit_all(self._stations, fresh, self._timed, together=self.config.run.together)
        stored = [work for work in works if work.goes_on and work.job.observation]
        for station in self._row_stations(stored):
            visit_all([station], [work for work in stored if _adds(station, work)], self._timed, together=False)
        for work in works:
            work.judge()
        return works

    def _captions(self) -> CaptionMaker:
        """What makes captions of works whose facts are known."""
        return CaptionMaker(self.config, self._company, self._stations, self._gather, self._timed, self.totals)

    def _gather(self, observations: Sequence[Observation], language: Language) -> list[Evidence]:
        names = {name for o in observations for name in (*o.experts, *(fact.expert for fact in o.facts))}
        return gather(observations, self._cards(sorted(names)), language, self._thresholds)

    def _count(self, what: str, seconds: float) -> None:
        self.seconds[what] = self.seconds.get(what, 0.0) + seconds

    @contextmanager
    def _timed(self, what: str) -> Iterator[None]:
        began = perf_counter()
        try:
            yield
        finally:
            self._count(what, perf_counter() - began)

    # Experts and cards

    def _start(self) -> None:
        if self._started:
            return
        with self._timed("start"):
            for station in self._stations:
                station.start()
        check_needs(self._stations)
        out = [station.out for station in self._stations if station.out]
        if len(out) == len(self._stations):
            what = "; ".join(error.message for error in out) or "none is configured, and none installed runs without weights"
            hint = out[0].hint if out else "configure one; `fusion experts` lists what is installed"
            raise ConfigError(f"no expert can run: {what}", hint=hint)
        self._started = True

    def _row_stations(self, works: Sequence[Work]) -> list[Station]:
        """What reads the keys of rows beside stored evidence: those configured, else those installed."""
        own = [station for station in self._stations if station.use in FROM_ROWS]
        uses = {station.use for station in own}
        for name in FROM_ROWS:
            if name not in {*uses, *self._for_rows} and any(getattr(work.sample, name) for work in works):
                self._for_rows[name] = Station.of(name, name, {}, self.config.run.time_limit)
        return own + [self._for_rows[name] for name in FROM_ROWS if name in self._for_rows]

    def _all_stations(self) -> list[Station]:
        return [*self._stations, *self._for_rows.values()]

    def _cards(self, names: Iterable[str]) -> dict[str, Card]:
        """A card for each name: given, of an expert at work, of the installed expert, else a careful one."""
        known: dict[str, Card] = {}
        for station in self._all_stations():
            known |= station.cards()
        known |= self._given_cards
        uses = {station.name: station.use for station in self._stations}
        for name in names:
            if name not in known and name not in self._built_in:
                self._built_in[name] = built_in_card(uses.get(name, name))
        return {name: known.get(name) or self._built_in[name] for name in names}


def _adds(station: Station, work: Work) -> bool:
    """Does a row say something that its stored evidence has not taken in?"""
    stored = work.job.observation
    return stored is not None and station.name not in stored.experts and bool(getattr(work.sample, station.use))


def _until_failure(samples: Iterable[Input]) -> Iterator[Job | Exception]:
    """Jobs, and last what the iterable raised, so that what came before it is worked on first."""
    try:
        for position, given in enumerate(samples):
            yield job_of(given, position)
    except Exception as error:  # noqa: BLE001 - it is raised again behind the records before it
        yield error
