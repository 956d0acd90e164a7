"""Makes the captions of pictures whose facts are known: proposed, judged, checked, repaired, told apart."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

from msgspec.structs import replace

from fusion.captioner.checking import check
from fusion.captioner.finishing import caption, finish
from fusion.captioner.judging import judge
from fusion.captioner.proposing import briefs_of, plan_slots, write
from fusion.captioner.sheets import Sheet, Slot
from fusion.captioner.writers import Company
from fusion.config import Config
from fusion.errors import ConfigError
from fusion.evidence import Evidence
from fusion.facts import Fact, Observation, Problem
from fusion.language import Language
from fusion.stage import Station, Work, ask_back
from fusion.verdicts import Checked
from fusion.write import Brief, Draft
from fusion.write.brief import another
from fusion.write.diversity import near_duplicates, told_by

Gather = Callable[[Sequence[Observation], Language], list[Evidence]]
Timed = Callable[[str], AbstractContextManager[None]]


@dataclass
class CaptionMaker:
    """Makes captions. `gather` joins facts, `stations` are the experts that may be asked, `timed` counts seconds."""

    config: Config
    company: Company
    stations: Sequence[Station]
    gather: Gather
    timed: Timed

    def make(self, works: Sequence[Work]) -> None:
        """Give each its captions. What goes wrong with one picture is that picture's problem.

        Raises:
            ConfigError: the language, a style or a prompt cannot be used.
        """
        if not works:
            return
        language = Language.load(self.config.language.pipeline, self.config.language.embeddings)
        try:
            self._make(works, language)
        except ConfigError:
            raise
        except Exception as error:  # noqa: BLE001 - a row for every input, whatever its facts did to us
            if len(works) > 1:
                for work in works:
                    self.make([work])
            else:
                works[0].problems.append(Problem.of(error))
                works[0].judge()

    def briefs(self, works: Sequence[Work]) -> list[list[Brief]]:
        """What writers would be asked for of each picture, nothing written."""
        language = Language.load(self.config.language.pipeline, self.config.language.embeddings)
        sheets = self._planned(works, language)
        return [[slot.brief for slot in sheet.slots if slot.brief is not None] for sheet in sheets]

    def _make(self, works: Sequence[Work], language: Language) -> None:
        sheets = self._planned(works, language)
        self._write(sheets)
        self._check(sheets, language)
        if self.company.strategy.judge:
            with self.timed("judge"):
                judge(sheets, self.company.strategy, self.stations, self.company.picker)
        if self.company.strategy.fuse:
            self._fuse(sheets, language)
        self._ask(sheets, language)
        self._replace(sheets, language)
        for sheet in sheets:
            finish(sheet, self.company.strategy.name)

    def _planned(self, works: Sequence[Work], language: Language) -> list[Sheet]:
        with self.timed("evidence"):
            evidence = self.gather([work.observation() for work in works], language)
        sheets = [Sheet(work, one) for work, one in zip(works, evidence, strict=True)]
        with self.timed("plan"):
            for sheet in sheets:
                plan_slots(sheet, self.company.strategy, self.company.styles, self.config.seed, self.config.captions.variants)
        return sheets

    def _briefs(self, sheet: Sheet) -> list[Slot]:
        captions = self.config.captions
        return briefs_of(sheet, self.company.strategy, self.company.styles, self.config.seed, captions.variants)

    def _write(self, sheets: Sequence[Sheet]) -> None:
        writers = self.company.writers if "writers" in self.company.strategy.propose else self.company.writers[:1]
        with self.timed("write"):
            write(sheets, writers, self.company.strategy.drafts)

    def _check(self, sheets: Sequence[Sheet], language: Language) -> None:
        with self.timed("verify"):
            check(sheets, language, self.config.captions.policy, self.company.counter)

    def _fuse(self, sheets: Sequence[Sheet], language: Language) -> None:
        """Tell the writer what was kept, and nothing else of what others wrote."""
        kept = [[one.draft for one in sheet.candidates if isinstance(one.draft, Draft)] for sheet in sheets]
        with self.timed("evidence"):
            told = [told_only(sheet.work.observation(), own) for sheet, own in zip(sheets, kept, strict=True)]
            evidence = self.gather(told, language)
        for sheet, one, own in zip(sheets, evidence, kept, strict=True):
            small = Sheet(sheet.work, one, sheet.found if any(draft.source == "alt_text" for draft in own) else None)
            sheet.slots = briefs_of(
                small, self.company.strategy, self.company.styles, self.config.seed, self.config.captions.variants
            )
        self._write(sheets)
        self._check(sheets, language)

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
        self._check(again, language)

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
        """Write captions anew that say nearly what another one says, once, and leave out those that still do."""
        changed = []
        for sheet in sheets:
            for place in alike(sheet):
                slot = sheet.slots[place]
                taken = [one.brief for one in sheet.slots if one.brief is not None]
                if slot.brief is not None and (fresh := another(slot.brief, taken)) is not None:
                    sheet.slots[place] = Slot(slot.style, fresh)
                    sheet.replaced += 1
                    changed.append(sheet)
        if changed:
            self._write(changed)
            self._check(changed, language)
        for sheet in changed:
            for place in reversed(alike(sheet)):
                del sheet.slots[place]


def alike(sheet: Sheet) -> list[int]:
    """Slots in prose whose caption says nearly what one before it says."""
    slots = [n for n, slot in enumerate(sheet.slots) if slot.brief and slot.brief.form.is_prose and slot.candidates]
    captions = [caption(sheet.slots[n], sheet.slots[n].candidates[0]) for n in slots if sheet.slots[n].candidates[0].text]
    slots = [n for n in slots if sheet.slots[n].candidates[0].text]
    return [slots[n] for n in near_duplicates([c.text for c in captions], [told_by(c, sheet.evidence) for c in captions])]


def told_only(observation: Observation, kept: Sequence[Draft]) -> Observation:
    """What is known of a picture with these sentences in place of all that others wrote of it."""
    gone = {fact.id for fact in observation.facts if fact.kind == "statement"}
    facts = [fact for fact in observation.facts if fact.id not in gone and fact.parent not in gone]
    facts += [Fact(id=f"kept{n}", kind="statement", value=draft.text, expert=draft.source) for n, draft in enumerate(kept)]
    ids = {fact.id for fact in facts}
    return replace(observation, facts=tuple(f for f in facts if all(end in ids for end in (f.about, f.to) if end)))
