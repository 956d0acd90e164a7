"""Candidates taken apart into sentences, read, judged and repaired together, whatever pictures and styles they are of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from fusion.captioner.invention import invented, is_blind
from fusion.captioner.sheets import Candidate, Sheet, Slot, is_alt_text
from fusion.errors import WriterError
from fusion.facts import Claim, Edit, Policy
from fusion.language import Language
from fusion.verdicts import Checked, verify
from fusion.verdicts.repair import Unwelcome
from fusion.write import Draft, Style
from fusion.write.length import fit
from fusion.write.parts import Parts, split, whole
from fusion.write.styles import unwelcome
from fusion.write.tokens import TokenCounter


@dataclass
class Check:
    """A candidate in parts, and what checking makes of each."""

    sheet: Sheet
    candidate: Candidate
    style: Style | None
    parts: Parts


def check(sheets: Sequence[Sheet], language: Language, policy: Policy, counter: TokenCounter) -> None:
    """Judge and repair each candidate that has not been; what is longer than its style allows is shortened before."""
    checks = list(waiting(sheets, counter))
    check_all([one for one in checks if not is_alt_text(one.candidate)], language, policy)
    given = [one for one in checks if is_alt_text(one.candidate)]  # nobody could have seen most of what it says
    check_all(given, language, "lenient" if policy == "balanced" else policy)


def waiting(sheets: Sequence[Sheet], counter: TokenCounter) -> Iterator[Check]:
    """What can be checked; a draft that is not of the form of its style is its writer's error."""
    for sheet in sheets:
        for slot in sheet.slots:
            for one in slot.candidates:
                if one.result is None and isinstance(one.draft, Exception):
                    one.result = one.draft
                elif one.result is None and isinstance(one.draft, Draft) and one.draft.text.strip():
                    try:
                        yield in_parts(sheet, slot, one, one.draft, counter)
                    except WriterError as error:
                        one.draft = one.result = error


def in_parts(sheet: Sheet, slot: Slot, one: Candidate, draft: Draft, counter: TokenCounter) -> Check:
    """A draft at the length of its style, in parts; words of others are one part, and as long as they are."""
    if slot.brief is None:
        return Check(sheet, one, None, whole(draft.text, sheet.evidence))
    style = slot.brief.form
    text = fit(draft.text, style, counter)
    if not text:
        raise WriterError(f"writer {draft.writer!r}: expected a {style.name} caption within its length, got {draft.text[:80]!r}")
    one.draft = replace(draft, text=text)
    return Check(sheet, one, style, split(style, text, sheet.evidence))


def check_all(checks: Sequence[Check], language: Language, policy: Policy) -> None:
    """What writers wrote is English; what others wrote may be anything."""
    if not checks:
        return
    texts = [text for one in checks for text in one.parts.texts]
    languages = [None if one.candidate.source else "en" for one in checks for _ in one.parts.texts]
    unwanted = [may_not_hold(one, policy) for one in checks for _ in one.parts.texts]
    evidence = [known for one in checks for known in one.parts.evidence]
    results = iter(verify(language.read(texts, languages), evidence, language, policy, unwanted))
    for one in checks:
        one.candidate.result = joined(one, [next(results) for _ in one.parts.texts])


def may_not_hold(one: Check, policy: Policy) -> Unwelcome | None:
    """The claims that its style has no use for, and those that a model made up; None: it may hold all kinds.

    Who asks for what is contradicted alone to be taken away keeps what is made up.
    """
    evidence, style, draft = one.sheet.evidence, one.style, one.candidate.draft
    blind = isinstance(draft, Draft) and is_blind(draft) and policy != "lenient"
    bound = style is not None and bool(style.claims)
    if not blind and not bound:
        return None

    def unwanted(claims: Sequence[Claim]) -> list[Claim]:
        own = invented(claims, evidence) if blind else []
        return [*own, *(unwelcome(style, claims, evidence.heard) if style is not None and bound else ())]

    return unwanted


def joined(one: Check, results: Sequence[Checked]) -> Checked:
    """The parts as one caption again. What was changed in one of several parts is one edit of the whole."""
    if len(results) == 1 and results[0].text == text_of(one):
        return results[0]
    text, claims = one.parts.joined([r.text for r in results], [r.claims for r in results])
    repaired, kept = one.parts.joined([r.repaired for r in results], [r.repaired_claims for r in results])
    rules = list(dict.fromkeys(edit.rule for r in results for edit in r.edits))
    fallen = tuple(c.id for c, gone in zip(claims, fallen_in(results), strict=False) if gone)
    edit = Edit(claims=fallen, rule=", ".join(rules), span=(0, len(text)), before=text, after=repaired)
    return Checked(text, claims, repaired, (edit,) if repaired != text else (), kept, (), results[0].problem if results else None)


def fallen_in(results: Sequence[Checked]) -> list[bool]:
    """For the claims of all parts, in order: does an edit of its part name it?"""
    return [claim.id in {name for edit in r.edits for name in edit.claims} for r in results for claim in r.claims]


def text_of(one: Check) -> str:
    """The draft as it is checked."""
    return one.candidate.draft.text if isinstance(one.candidate.draft, Draft) else ""
