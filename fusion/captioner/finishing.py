"""From checked candidates to what a record says of captions: each once, what they cost, how they differ, what alt-text lost."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from fusion.captioner.sheets import Candidate, Sheet, Slot
from fusion.evidence import Evidence
from fusion.facts import Caption, Dispute, Fact, Problem, Usage
from fusion.verdicts import Checked
from fusion.write import Draft, Style, TemplateWriter
from fusion.write.diversity import measure
from fusion.write.found import retention


def finish(sheet: Sheet, strategy: str, styles: Sequence[Style]) -> None:
    """Write what came of a picture into its work."""
    work, captions = sheet.work, captions_of(sheet)
    work.strategy = strategy
    work.captions = tuple(captions)
    work.usage = summed(sheet.usage)
    work.retention = retention(sheet.found, [c.text for c in captions]) if sheet.found else None
    work.diversity = None
    if captions:
        lists = {style.name for style in styles if not style.is_prose}
        work.diversity = measure(sheet.evidence, captions, replaced=sheet.replaced, lists=lists)
    work.disputes = sheet.evidence.disputes
    work.derived = cited(work.captions, sheet.evidence)
    work.judge()


def captions_of(sheet: Sheet) -> list[Caption]:
    """Captions that still say something, once each; what went wrong with the others is a problem of the picture."""
    found: dict[str, Caption] = {}
    for slot in sheet.slots:
        for one in slot.candidates:
            note_problems(sheet, one)
            if one.text in found:
                message = f"the {slot.style} caption says word for word what the {found[one.text].style} one says; it is left out"
                add(sheet, Problem(message=message, warning=True))
            elif one.text:
                found[one.text] = caption(slot, one)
            elif isinstance(one.result, Checked):
                message = f"nothing of the {slot.style} caption is supported; it is left out"
                add(sheet, Problem(message=message, warning=True))
    return list(found.values())


def note_problems(sheet: Sheet, one: Candidate) -> None:
    """The error in place of a draft, and a text that could not be checked; in words of others that is only odd."""
    if isinstance(one.draft, Exception):
        add(sheet, Problem.of(one.draft))
        return
    note_fallback(sheet, one.draft)
    if isinstance(one.result, Checked) and one.result.problem:
        problem = one.result.problem
        if one.draft.source:
            message = f"{one.draft.source}: {problem.message}"
            problem = Problem(message=message, hint="it is kept as it is", warning=True)
        add(sheet, problem)


def note_fallback(sheet: Sheet, draft: Draft) -> None:
    """That the template writer stepped in because a model could not be asked: an error, or a limit that is known."""
    reasons = {one.kind: one for one in draft.rejected if one.kind in {"error", "context"}}
    if draft.writer != TemplateWriter.name or not reasons:
        return
    for kind, one in reasons.items():
        message = f"writer {one.writer!r}: {one.reason}; the template writer stepped in"
        add(sheet, Problem(message=message, warning=kind == "context"))


def add(sheet: Sheet, problem: Problem) -> None:
    """A problem, once."""
    if problem not in sheet.work.problems:
        sheet.work.problems.append(problem)


def caption(slot: Slot, one: Candidate) -> Caption:
    """A candidate as a record shows it."""
    draft, result = one.draft, one.result
    assert isinstance(draft, Draft)
    assert isinstance(result, Checked)
    return Caption(
        style=slot.style,
        writer=draft.writer,
        source=draft.source,
        focus=slot.brief.focus if slot.brief else "",
        prompt=draft.prompt,
        rejected=draft.rejected,
        mended=draft.mended,
        dropped=max(len(result.claims) - len(result.repaired_claims), 0),
        draft=result.text,
        text=result.repaired,
        edits=result.edits,
        claims=result.repaired_claims,
    )


def summed(usage: Iterable[Usage]) -> tuple[Usage, ...]:
    """One entry for each stage and backend."""
    sums: dict[tuple[str, str], Usage] = {}
    for one in usage:
        known = sums.get((one.stage, one.backend))
        sums[one.stage, one.backend] = one if known is None else added(known, one)
    return tuple(sums.values())


def added(one: Usage, other: Usage) -> Usage:
    """What both took."""
    return msgspec.structs.replace(
        one,
        calls=one.calls + other.calls,
        prompt_tokens=one.prompt_tokens + other.prompt_tokens,
        completion_tokens=one.completion_tokens + other.completion_tokens,
    )


def cited(captions: Sequence[Caption], evidence: Evidence) -> tuple[Fact, ...]:
    """Derived facts that claims rest on or that are disputed, and those that these in turn point to."""
    disputes: Sequence[Dispute] = evidence.disputes
    by_id = {fact.id: fact for fact in evidence.derived}
    todo = [name for one in captions for claim in one.claims for name in claim.evidence]
    todo += [name for dispute in disputes for name in (*dispute.one, *dispute.other)]
    found: set[str] = set()
    while todo:
        name = todo.pop()
        if name in by_id and name not in found:
            found.add(name)
            fact = by_id[name]
            todo += [end for end in (fact.about, fact.to, fact.parent) if end]
    return tuple(fact for fact in evidence.derived if fact.id in found)
