"""Picks among candidates: by what the facts support, by how well a text fits the picture, or by a language model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from fusion.captioner.sheets import Sheet, Slot
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
            by_score(slot, scores or [one.support for one in slot.candidates])
    for sheet in sheets:
        for slot in sheet.slots:
            slot.candidates = slot.candidates[: strategy.best or None]


def slots_with_choice(sheet: Sheet) -> list[Slot]:
    """Slots with more than one candidate that says something; the others, and failures, are put behind."""
    found = []
    for slot in sheet.slots:
        slot.candidates.sort(key=lambda one: not (isinstance(one.draft, Draft) and one.draft.text.strip()))
        if sum(isinstance(one.draft, Draft) and bool(one.draft.text.strip()) for one in slot.candidates) > 1:
            found.append(slot)
    return found


def rated(work: Work, slot: Slot, stations: Sequence[Station]) -> list[float]:
    """How well each candidate fits the picture, by the first expert that can say; none where no one can."""
    texts = [one.draft.text if isinstance(one.draft, Draft) else "" for one in slot.candidates]
    if work.sample.image is None:
        return []
    for station in stations:
        if station.can_rate and (scores := station.rate(work, texts)):
            return scores
    return []


def by_score(slot: Slot, scores: Sequence[float]) -> None:
    """The best score first; of equals the earlier one."""
    order = sorted(range(len(scores)), key=lambda place: -scores[place])
    slot.candidates = [slot.candidates[place] for place in order]


def by_model(slots: Sequence[tuple[Sheet, Slot]], picker: Picker) -> None:
    """The one that a model picks first; the others, and all where it does not say, by what the facts support."""
    picked = picker.pick(slots)
    for (_, slot), place in zip(slots, picked, strict=True):
        chosen = slot.candidates[place] if place is not None else None
        by_score(slot, [2.0 if one is chosen else one.support for one in slot.candidates])


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
