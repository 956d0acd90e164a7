"""Candidates for captions: what writers make of briefs, sentences of experts, and alt-text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby, product

from fusion.captioner.invention import is_blind
from fusion.captioner.sheets import ALT_TEXT, GIVEN, Candidate, Sheet, Slot
from fusion.errors import ConfigError, WriterError
from fusion.facts import Rejected
from fusion.write import Brief, Draft, Style, TemplateWriter, Writer, plan
from fusion.write.quotes import find_quotes
from fusion.write.strategies import Strategy


def briefs_of(sheet: Sheet, strategy: Strategy, styles: Sequence[Style], seed: int, variants: int) -> list[Slot]:
    """A slot for each brief."""
    briefs = plan(sheet.evidence, styles, seed, sheet.found, variants=variants, told=strategy.told, checked=strategy.checked)
    return [Slot(brief.style, brief) for brief in briefs]


def given_slots(sheet: Sheet, strategy: Strategy) -> list[Slot]:
    """The slot of words of others that a strategy takes as they are; none where there are none."""
    given = []
    if "statements" in strategy.propose:
        quotes = find_quotes(sheet.evidence, checked=strategy.checked)
        given += [Draft(quote.text, writer=quote.fact.expert, source=quote.fact.expert) for quote in quotes]
    if "alt_text" in strategy.propose and sheet.found is not None:
        given.append(Draft(sheet.found.text, writer=ALT_TEXT, source=ALT_TEXT))
    return [Slot(GIVEN, None, [Candidate(draft) for draft in given])] if given else []


def write(sheets: Sequence[Sheet], writers: Sequence[Writer], drafts: int) -> None:
    """Fill the slots that have a brief and no candidate: each writer, as many drafts as are wanted of each brief."""
    slots = [slot for sheet in sheets for slot in sheet.slots if slot.brief is not None and not slot.candidates]
    wanted = [(slot, varied(slot.brief, turn)) for slot, turn in product(slots, range(drafts)) if slot.brief is not None]
    for writer in writers:
        for (slot, _), draft in zip(wanted, written(writer, [brief for _, brief in wanted]), strict=True):
            slot.candidates.append(Candidate(draft))
    for sheet in sheets:
        for one in sheet.candidates:
            if isinstance(one.draft, Draft) and one.draft.usage:
                sheet.usage += one.draft.usage
                one.draft = replace(one.draft, usage=())


def rescue(sheets: Sequence[Sheet], writer: TemplateWriter) -> bool:
    """Let the template writer step in where nothing that a model wrote was so; was there such a slot?"""
    slots = [slot for sheet in sheets for slot in sheet.slots if slot.brief is not None and is_lost(slot)]
    briefs = [slot.brief for slot in slots if slot.brief is not None]
    for slot, text in zip(slots, writer.write(briefs) if briefs else [], strict=True):
        lost = [one.draft for one in slot.candidates if isinstance(one.draft, Draft)]
        refused = [Rejected(writer=draft.writer, kind="unsupported", reason="no fact supports what it says") for draft in lost]
        rejected = (*(one for draft in lost for one in draft.rejected), *refused)
        slot.candidates = [one for one in slot.candidates if not isinstance(one.draft, Draft)]
        slot.candidates.append(Candidate(Draft(text, writer.name, prompt=lost[0].prompt, rejected=rejected)))
    return bool(slots)


def is_lost(slot: Slot) -> bool:
    """Is nothing left of what language models wrote for it?"""
    written = [one for one in slot.candidates if isinstance(one.draft, Draft) and is_blind(one.draft)]
    return bool(written) and all(one.emptied for one in written) and not any(one.text for one in slot.candidates)


def varied(brief: Brief, turn: int) -> Brief:
    """The same brief for another draft: what is left to chance falls otherwise."""
    return replace(brief, seed=brief.seed + turn) if turn else brief


def written(writer: Writer, briefs: Sequence[Brief]) -> list[Draft | Exception]:
    """A draft for each brief. Where the batch fails, picture by picture, then brief by brief: only the bad one suffers."""
    try:
        drafts = list(writer.write(briefs)) if briefs else []
        if len(drafts) != len(briefs) or not all(isinstance(draft, str | Draft) for draft in drafts):
            got = f"{len(drafts)} of {', '.join(sorted({type(draft).__name__ for draft in drafts}))}"
            raise WriterError(f"writer {writer.name!r}: expected {len(briefs)} texts, got {got}")
        return [draft if isinstance(draft, Draft) else Draft(draft, writer.name) for draft in drafts]
    except ConfigError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever a writer raises is that writer's error
        if len(briefs) == 1:
            return [error]
        pictures = [list(own) for _, own in groupby(briefs, key=lambda brief: id(brief.evidence))]
        parts = pictures if len(pictures) > 1 else [[brief] for brief in briefs]
        return [draft for part in parts for draft in written(writer, part)]
