"""Makes the captions of pictures whose facts are known: proposed, judged, checked, repaired, told apart."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import count
from typing import TypeVar

from msgspec.structs import replace

from fusion.captioner.checking import check
from fusion.captioner.finishing import caption, finish, note_problems
from fusion.captioner.judging import judge
from fusion.captioner.proposing import briefs_of, given_slots, rescue, write
from fusion.captioner.sheets import Candidate, Sheet, Slot, is_alt_text
from fusion.captioner.totals import Totals
from fusion.captioner.writers import Company
from fusion.config import Config
from fusion.errors import ConfigError
from fusion.evidence import Evidence
from fusion.facts import Fact, Observation, Problem
from fusion.language import Language
from fusion.stage import Station, Work, ask_back
from fusion.verdicts import Checked
from fusion.write import Brief, TemplateWriter
from fusion.write.brief import another
from fusion.write.diversity import near_duplicates, told_by
from fusion.write.found import find_found

Gather = Callable[[Sequence[Observation], Language], list[Evidence]]
Timed = Callable[[str], AbstractContextManager[None]]
One = TypeVar("One", Work, Sheet)


@dataclass
class CaptionMaker:
    """Makes captions. `gather` joins facts, `stations` are the experts that may be asked, `timed` counts seconds."""

    config: Config
    company: Company
    stations: Sequence[Station]
    gather: Gather
    timed: Timed
    totals: Totals

    def make(self, works: Sequence[Work]) -> None:
        """Give each its captions. What goes wrong with one picture is that picture's problem.

        Raises:
            ConfigError: the language, a style or a prompt cannot be used.
        """
        if not works:
            return
        language = Language.load(self.config.language.pipeline, self.config.language.embeddings)
        sheets: list[Sheet] = []
        self._each(works, lambda some: sheets.extend(self._planned(some, language)))
        self._each(sheets, self._write)
        self._each(sheets, lambda some: self._settle(some, language))
        if self.company.strategy.fuse:
            self._each(sheets, lambda some: self._fuse(some, language))
        self._each(sheets, lambda some: self._ask(some, language))
        self._each(sheets, lambda some: self._replace(some, language))
        self._each(sheets, self._finish)

    def briefs(self, works: Sequence[Work]) -> list[list[Brief]]:
        """What writers would be asked for of each picture, nothing written."""
        language = Language.load(self.config.language.pipeline, self.config.language.embeddings)
        with self.timed("evidence"):
            evidence = self.gather([work.observation() for work in works], language)
        sheets = [Sheet(work, one, find_found(one)) for work, one in zip(works, evidence, strict=True)]
        return [[slot.brief for slot in self._briefs(sheet) if slot.brief is not None] for sheet in sheets]

    def _each(self, given: Sequence[One], step: Callable[[Sequence[One]], object]) -> None:
        """Take a step for all pictures; where that fails, for one after the other, so that only the bad one suffers.

        A step that is taken again finds what was done already and does not do, or pay for, it twice.
        """
        able = [one for one in given if work_of(one).captionable]
        if not able:
            return
        try:
            step(able)
        except ConfigError:
            raise
        except Exception as error:  # noqa: BLE001 - a row for every input, whatever its facts did to us
            if len(able) > 1:
                for one in able:
                    self._each([one], step)
            else:
                work_of(able[0]).give_up(Problem.of(error))

    def _planned(self, works: Sequence[Work], language: Language) -> list[Sheet]:
        with self.timed("evidence"):
            evidence = self.gather([work.observation() for work in works], language)
        sheets = [Sheet(work, one, find_found(one)) for work, one in zip(works, evidence, strict=True)]
        with self.timed("plan"):
            for sheet in sheets:
                sheet.slots = self._briefs(sheet) if self.company.strategy.writes else []
                sheet.slots += given_slots(sheet, self.company.strategy)
        return sheets

    def _briefs(self, sheet: Sheet) -> list[Slot]:
        captions, company = self.config.captions, self.company
        return briefs_of(sheet, company.strategy, company.styles, self.config.seed, captions.variants)

    def _write(self, sheets: Sequence[Sheet]) -> None:
        writers = self.company.writers if "writers" in self.company.strategy.propose else self.company.writers[:1]
        with self.timed("write"):
            write(sheets, writers, self.company.strategy.drafts)

    def _settle(self, sheets: Sequence[Sheet], language: Language, best: int | None = None) -> None:
        """Check what was written, let templates step in where a model's captions were made up, and keep the best of each slot."""
        with self.timed("verify"):
            check(sheets, language, self.config.captions.policy, self.company.counter)
            if rescue(sheets, TemplateWriter(self.company.counter)):
                check(sheets, language, self.config.captions.policy, self.company.counter)
        if self.company.strategy.judge:
            with self.timed("judge"):
                strategy = self.company.strategy
                strategy = strategy if best is None else replace(strategy, best=best)
                judge(sheets, strategy, self.stations, self.company.picker)

    def _fuse(self, sheets: Sequence[Sheet], language: Language) -> None:
        """Tell the writer what was kept, and nothing else of what others wrote."""
        kept = [[one for one in sheet.candidates if one.text] for sheet in sheets]
        with self.timed("evidence"):
            told = [told_only(sheet.work.observation(), own) for sheet, own in zip(sheets, kept, strict=True)]
            evidence = self.gather(told, language)
        for sheet, known, own in zip(sheets, evidence, kept, strict=True):
            for one in sheet.candidates:
                note_problems(sheet, one)
            sheet.slots = self._briefs(Sheet(sheet.work, known, sheet.found if any(is_alt_text(one) for one in own) else None))
        self._write(sheets)
        self._settle(sheets, language, best=1)

    def _ask(self, sheets: Sequence[Sheet], language: Language) -> None:
        """Ask experts about what nobody could say anything of, and check again where one of them knew."""
        if not (again := [sheet for sheet in sheets if self._asked(sheet)]):
            return
        with self.timed("evidence"):
            evidence = self.gather([sheet.work.observation() for sheet in again], language)
        for sheet, one in zip(again, evidence, strict=True):
            sheet.evidence = one
            for candidate in sheet.candidates:
                candidate.result = None
        with self.timed("verify"):
            check(again, language, self.config.captions.policy, self.company.counter)

    def _asked(self, sheet: Sheet) -> bool:
        """Did an expert know something more?"""
        most, work = self.config.captions.ask, sheet.work
        if not most or work.job.observation is not None or work.sample.image is None:
            return False
        able = [station for station in self.stations if station.can_ask]
        if not able:
            return False
        with self.timed("ask"):
            return ask_back(able, work, [one.result.claims for one in sheet.candidates if isinstance(one.result, Checked)], most)

    def _replace(self, sheets: Sequence[Sheet], language: Language) -> None:
        """Write captions anew that say nearly what another one of their style says, once, and leave out those that still do."""
        changed = [sheet for sheet in sheets if sum(renewed(sheet, place) for place in alike(sheet))]
        if changed:
            self._write(changed)
            self._settle(changed, language, best=1)
        for sheet in sheets:
            for place in reversed(alike(sheet)):
                sheet.replaced += 1
                del sheet.slots[place]

    def _finish(self, sheets: Sequence[Sheet]) -> None:
        for sheet in sheets:
            finish(sheet, self.company.strategy.name, self.company.styles)
            for slot in sheet.slots:
                self.totals.add_emptied(slot.style, [one.draft for one in slot.candidates if one.emptied])


def work_of(one: Work | Sheet) -> Work:
    """The work of a picture, planned or not."""
    return one.work if isinstance(one, Sheet) else one


def renewed(sheet: Sheet, place: int) -> bool:
    """Give a slot another brief in place of its captions; False where there is no other matter."""
    slot = sheet.slots[place]
    taken = [one.brief for one in sheet.slots if one.brief is not None]
    fresh = another(slot.brief, taken) if slot.brief is not None else None
    if fresh is None:
        return False
    for one in slot.candidates:
        note_problems(sheet, one)
    sheet.slots[place] = Slot(slot.style, fresh)
    sheet.replaced += 1
    return True


def alike(sheet: Sheet) -> list[int]:
    """Slots in prose whose caption says nearly what one before it in the same style says, in its words or by its facts.

    Styles are compared with themselves alone: what is asked for in two lengths, or for two uses, may say the same.
    """
    written = {n: slot.candidates[0] for n, slot in enumerate(sheet.slots) if slot.candidates and is_prose(slot)}
    places = [n for n, one in written.items() if one.text]
    found: set[int] = set()
    for style in {sheet.slots[n].style for n in places}:
        own = [n for n in places if sheet.slots[n].style == style]
        told = [told_by(caption(sheet.slots[n], written[n]), sheet.evidence) for n in own]
        found |= {own[n] for n in near_duplicates([written[place].text for place in own], told)}
    return sorted(found)


def is_prose(slot: Slot) -> bool:
    """Is its caption sentences?"""
    return slot.brief is not None and slot.brief.form.is_prose


def told_only(observation: Observation, kept: Sequence[Candidate]) -> Observation:
    """What is known of a picture with these sentences, as they were repaired, in place of all that others wrote of it."""
    facts = [fact for fact in observation.facts if fact.kind != "statement"]
    while True:  # what hangs on a statement goes with it, and what hangs on that
        ids = {fact.id for fact in facts}
        whole = [f for f in facts if all(end in ids for end in (f.about, f.to, f.parent) if end)]
        if len(whole) == len(facts):
            break
        facts = whole
    names = (name for n in count() if (name := f"kept{n}") not in ids)
    facts += [Fact(id=next(names), kind="statement", value=one.text, expert=one.source) for one in kept]
    return replace(observation, facts=tuple(facts))
