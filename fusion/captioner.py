"""The pipeline for one batch in memory: open, look, gather evidence, brief, write, read, verify and repair, record."""

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

from fusion.config import Config, load, nearest
from fusion.errors import ConfigError, FusionError, WriterError
from fusion.evidence import Evidence, gather
from fusion.evidence.belief import checked
from fusion.expert import Card, Expert
from fusion.facts import Caption, Dispute, Fact, Problem, Record
from fusion.job import Input, Job, job_of, tags_of
from fusion.language import Language
from fusion.stage import (
    FROM_ROWS,
    Opened,
    Station,
    Work,
    ask_back,
    built_in_card,
    cards_of,
    check_needs,
    open_job,
    read_cards_file,
    stations,
    visit_all,
)
from fusion.verdicts import Checked, verify
from fusion.write import STYLES, Brief, Draft, TemplateWriter, Writer, plan

__all__ = ["Captioner", "Input", "Job"]


Result = Checked | Exception | None
"""What came of a draft."""


class Captioner:
    """Makes records of pictures, for one configuration. Use it from one thread, and close it, or use it as a context.

    Without `[[experts]]` in the configuration, and without `experts`, those installed run that need neither weights nor
    a download. `experts` are instances by name: they take the place of configured ones of that name, or come last.
    `cards` and `writer` go before all others. `seconds` adds up where time went, by stage and expert.

    Raises:
        ConfigError: an expert, option, style or writer that does not exist, facts that an expert needs and none states.
    """

    def __init__(
        self,
        config: Config | None = None,
        *,
        cards: Mapping[str, Card] | None = None,
        experts: Mapping[str, Expert] | None = None,
        writer: Writer | None = None,
    ) -> None:
        if config is not None and not isinstance(config, Config):
            got = type(config).__name__
            raise ConfigError(f"config: expected a Config, got {got}", hint="Captioner.from_config takes a file or a mapping")
        self.config = config or Config()
        self.seconds: dict[str, float] = {}
        self._writer = writer or _writer(self.config)
        from_file, thresholds = read_cards_file(self.config.cards) if self.config.cards else ({}, {})
        self._given_cards = {**from_file, **cards_of(cards or {})}
        self._thresholds = checked(thresholds, f"cards file {self.config.cards}")
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

    def cards(self) -> dict[str, Card]:
        """The cards of the experts in use; they are started, since a vocabulary may be known only with its weights.

        Raises:
            ConfigError: no expert can run.
        """
        self._check_open()
        self._start()
        names = [name for station in self._stations for name in station.cards()]
        return self._cards(names)

    def close(self) -> None:
        """Close the experts, each once. The captioner cannot be used afterwards."""
        if self._closed:
            return
        self._closed = True
        with ExitStack() as stack:
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
        if captions:
            self._caption([work for work in works if work.goes_on])
        return [work.record() for work in works]

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

    # Captions

    def _caption(self, works: Sequence[Work]) -> None:
        """Give each its captions. What goes wrong with one picture is that picture's problem."""
        if not works:
            return
        language = Language.load(self.config.language.pipeline, self.config.language.embeddings)
        try:
            self._captions(works, language)
        except ConfigError:
            raise
        except Exception as error:  # noqa: BLE001 - a row for every input, whatever its facts did to us
            if len(works) > 1:
                for work in works:
                    self._caption([work])
            else:
                works[0].problems.append(Problem.of(error))
                works[0].judge()

    def _captions(self, works: Sequence[Work], language: Language) -> None:
        evidence = self._gather(works, language)
        with self._timed("plan"):
            plans = [plan(one, self.config.captions.styles, self.config.seed) for one in evidence]
        with self._timed("write"):
            written = iter(self._write([brief for briefs in plans for brief in briefs]))
            drafts = [[next(written) for _ in briefs] for briefs in plans]
        results = self._verify(evidence, drafts, language)
        if again := [n for n, work in enumerate(works) if self._ask(work, results[n])]:
            fresh = self._gather([works[n] for n in again], language)
            judged = self._verify(fresh, [drafts[n] for n in again], language)
            for n, one, result in zip(again, fresh, judged, strict=True):
                evidence[n], results[n] = one, result
        for work, one, briefs, result in zip(works, evidence, plans, results, strict=True):
            self._finish(work, one, [(brief.style, checked) for brief, checked in zip(briefs, result, strict=True)])

    def _gather(self, works: Sequence[Work], language: Language) -> list[Evidence]:
        with self._timed("evidence"):
            observations = [work.observation() for work in works]
            names = {name for o in observations for name in (*o.experts, *(fact.expert for fact in o.facts))}
            return gather(observations, self._cards(sorted(names)), language, self._thresholds)

    def _ask(self, work: Work, results: Sequence[Result]) -> bool:
        """Ask experts about what nobody could say anything of; did one of them know?"""
        most = self.config.captions.ask
        if not most or work.job.observation is not None or work.sample.image is None:
            return False
        able = [station for station in self._stations if station.can_ask]
        if not able:
            return False
        with self._timed("ask"):
            return ask_back(able, work, [one.claims for one in results if isinstance(one, Checked)], most)

    def _write(self, briefs: Sequence[Brief]) -> list[Draft | Exception]:
        """A draft for each brief; where the batch fails, one by one, so that only the bad brief suffers."""
        try:
            drafts = list(self._writer.write(briefs)) if briefs else []
            if len(drafts) != len(briefs) or not all(isinstance(draft, str | Draft) for draft in drafts):
                got = f"{len(drafts)} of {', '.join(sorted({type(draft).__name__ for draft in drafts}))}"
                raise WriterError(f"writer {self._writer.name!r}: expected {len(briefs)} texts, got {got}")
            return [draft if isinstance(draft, Draft) else Draft(draft, self._writer.name) for draft in drafts]
        except ConfigError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever a writer raises is that writer's error
            return [error] if len(briefs) == 1 else [self._write([brief])[0] for brief in briefs]

    def _verify(
        self, evidence: Sequence[Evidence], drafts: Sequence[Sequence[Draft | Exception]], language: Language
    ) -> list[list[Result]]:
        """Each picture's drafts read, judged and repaired; None where the writer had nothing to say, else its error."""
        given = [(one, draft) for one, own in zip(evidence, drafts, strict=True) for draft in own]
        texts = {i: draft.text for i, (_, draft) in enumerate(given) if isinstance(draft, Draft) and draft.text.strip()}
        with self._timed("verify"):
            readings = language.read(list(texts.values()), ["en"] * len(texts))
            checked = verify(readings, [given[i][0] for i in texts], language, self.config.captions.policy)
        by_place = dict(zip(texts, checked, strict=True))
        results = iter([draft if isinstance(draft, Exception) else by_place.get(i) for i, (_, draft) in enumerate(given)])
        return [[next(results) for _ in own] for own in drafts]

    def _finish(self, work: Work, evidence: Evidence, results: Sequence[tuple[str, Result]]) -> None:
        """Captions that still say something, once each, and the facts read from statements that they rest on."""
        captions: dict[str, Caption] = {}
        for style, one in results:
            if isinstance(one, Exception):
                work.problems.append(Problem.of(one))
            elif one is not None:
                if one.problem and one.problem not in work.problems:
                    work.problems.append(one.problem)
                if one.repaired.strip():
                    captions.setdefault(one.repaired, self._made(style, one))
                else:
                    message = f"nothing of the {style} caption is supported; it is left out"
                    work.problems.append(Problem(message=message, warning=True))
        work.captions = tuple(captions.values())
        work.disputes = evidence.disputes
        work.derived = _cited(work.captions, evidence.disputes, evidence.derived)
        work.judge()

    def _made(self, style: str, one: Checked) -> Caption:
        return Caption(
            style=style,
            writer=self._writer.name,
            draft=one.text,
            text=one.repaired,
            edits=one.edits,
            claims=one.repaired_claims,
        )


def _cited(captions: Sequence[Caption], disputes: Sequence[Dispute], derived: Sequence[Fact]) -> tuple[Fact, ...]:
    """Derived facts that claims rest on or that are disputed, and those that these in turn point to."""
    by_id = {fact.id: fact for fact in derived}
    todo = [name for caption in captions for claim in caption.claims for name in claim.evidence]
    todo += [name for dispute in disputes for name in (*dispute.one, *dispute.other)]
    cited: set[str] = set()
    while todo:
        name = todo.pop()
        if name in by_id and name not in cited:
            cited.add(name)
            fact = by_id[name]
            todo += [end for end in (fact.about, fact.to, fact.parent) if end]
    return tuple(fact for fact in derived if fact.id in cited)


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


def _writer(config: Config) -> Writer:
    if unknown := [style for style in config.captions.styles if style not in STYLES]:
        raise ConfigError(f"captions.styles: unknown style {unknown[0]!r}", hint=nearest(unknown[0], STYLES))
    if config.captions.writer != TemplateWriter.name:
        name = config.captions.writer
        raise ConfigError(f"captions.writer: unknown writer {name!r}", hint=nearest(name, [TemplateWriter.name]))
    return TemplateWriter()
