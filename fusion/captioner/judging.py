"""Picks among candidates: by what the facts support, by how well a text fits the picture, or by a language model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import inf
from typing import Protocol

from fusion.captioner.finishing import note_problems
from fusion.captioner.sheets import Candidate, Sheet, Slot
from fusion.facts import Problem
from fusion.stage import Station, Work
from fusion.write import Draft
from fusion.write.strategies import Strategy


class Picker(Protocol):
    """A model that picks one of several captions of a picture."""

    def pick(self, choices: Sequence[tuple[Sheet, Slot]]) -> list[int | None]:
        """For each slot the place of the best candidate; None where the model did not say. What it cost goes to the sheet."""
        ...


def judge(sheets: Sequence[Sheet], strategy: Strategy, stations: Sequence[Station], picker: Picker | None) -> None:
    """Put the candidates of each slot in order, and keep as many as the strategy wants."""
    if not strategy.judge:
        return
    slots = [(sheet, slot) for sheet in sheets for slot in slots_with_choice(sheet)]
    if strategy.judge == "model" and picker is not None:
        by_model(slots, picker)
    else:
        for sheet, slot in slots:
            scores = rated(sheet.work, slot, stations) if strategy.judge == "image_text" else []
            if not scores and strategy.judge != "support":
                warn(sheet.work, strategy.judge)
            by_score(slot, scores or [one.support for one in standing(slot)])
    for sheet in sheets:
        for slot in sheet.slots:
            keep(sheet, slot, strategy.best)


def slots_with_choice(sheet: Sheet) -> list[Slot]:
    """Slots in which several candidates stand for choice; failures, what repair emptied, and twins are put behind."""
    for slot in sheet.slots:
        texts: set[str] = set()
        twins = [one for one in slot.candidates if one.text and (one.text in texts or texts.add(one.text))]  # type: ignore[func-returns-value]
        slot.candidates.sort(key=lambda one: not one.text or any(one is twin for twin in twins))
    return [slot for slot in sheet.slots if len(standing(slot)) > 1]


def standing(slot: Slot) -> list[Candidate]:
    """The candidates that stand for choice: those of different texts, in front."""
    found: dict[str, Candidate] = {}
    for one in slot.candidates:
        if one.text:
            found.setdefault(one.text, one)
    return list(found.values())


def keep(sheet: Sheet, slot: Slot, best: int) -> None:
    """Cut a slot down to its best candidates. What went wrong with the others, and replies that were refused, stay known."""
    kept, lost = (slot.candidates[:best], slot.candidates[best:]) if best else (slot.candidates, [])
    for one in lost:
        if isinstance(one.draft, Exception):
            note_problems(sheet, one)
    refused = tuple(r for one in lost if isinstance(one.draft, Draft) for r in one.draft.rejected)
    if refused and kept and isinstance(kept[0].draft, Draft):
        kept[0].draft = replace(kept[0].draft, rejected=(*kept[0].draft.rejected, *refused))
    slot.candidates = kept


def rated(work: Work, slot: Slot, stations: Sequence[Station]) -> list[float]:
    """How well each candidate fits the picture, by the first expert that can say; none where no one can."""
    if work.sample.image is None:
        return []
    for station in stations:
        if station.can_rate and (scores := station.rate(work, [one.text for one in standing(slot)])):
            return scores
    return []


def by_score(slot: Slot, scores: Sequence[float]) -> None:
    """Those that stand for choice by their scores, the best first; of equals the earlier one. The others behind."""
    chosen = standing(slot)
    order = [chosen[place] for place in sorted(range(len(scores)), key=lambda place: -scores[place])]
    slot.candidates = [*order, *(one for one in slot.candidates if not any(one is other for other in order))]


def by_model(slots: Sequence[tuple[Sheet, Slot]], picker: Picker) -> None:
    """The one that a model picks first; the others, and all where it does not say, by what the facts support."""
    for (_, slot), place in zip(slots, picker.pick(slots), strict=True):
        chosen = standing(slot)
        by_score(slot, [inf if n == place else one.support for n, one in enumerate(chosen)])


WITHOUT = {
    "model": "no judge is configured",
    "image_text": "no expert that looks at this picture can say how well a text fits it",
}
HINTS = {
    "model": "name one of [[writers]] as captions.judge",
    "image_text": "configure the expert retrieval, and give pictures",
}


def warn(work: Work, wanted: str) -> None:
    """Say once a picture that candidates were judged otherwise than the strategy says."""
    message = f"{WITHOUT[wanted]}; candidates were judged by what the facts support"
    problem = Problem(message=message, hint=HINTS[wanted], warning=True)
    if problem not in work.problems:
        work.problems.append(problem)
