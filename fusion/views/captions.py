"""A caption of a view: prose sentence by sentence, lists item by item, JSON value by value, with its claims moved."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from msgspec.structs import replace

from fusion.facts import Caption, Claim, Edit
from fusion.views.edit import mended
from fusion.views.facts import UNPLACED
from fusion.views.fates import Fates, Seen, fates_of
from fusion.views.guards import check_cut, has_pronoun, refers_back, turn
from fusion.views.rest import things_left
from fusion.views.sides import exchanged, has_side
from fusion.views.tokens import Draft, Rendered, Sentence, render, sentences
from fusion.views.work import Unsure

FAULTY = re.compile(
    r"\b(?:an?|the|and|or|of|with|to|is|are|was|were) *(?:[.,;!?]|$)|\b(?:an?|the) (?:an?|the|and|or)\b|[ ,][,;]|, *[.!?]"
    r"|\band and\b|  |^[,;]|, and *[.,]| [.,;]",
    re.IGNORECASE,
)
"""What no sentence may look like after a change."""


@dataclass
class Made:
    """A caption's text in the view as far as it is written, where claims stand in it, and the changes."""

    parts: list[str] = field(default_factory=list)
    length: int = 0
    spans: dict[str, tuple[int, int]] = field(default_factory=dict)
    edits: list[Edit] = field(default_factory=list)

    def add(self, text: str) -> None:
        """Write on."""
        self.parts.append(text)
        self.length += len(text)

    def place(self, sentence: Sentence, rendered: Rendered) -> None:
        """Note where the claims of a sentence stand, which comes next."""
        for claim in sentence.claims:
            span = span_of(sentence, claim, rendered)
            if span is not None:
                self.spans[claim.id] = (span[0] + self.length, span[1] + self.length)

    def note(self, text: str, start: int, end: int, after: str, rule: str, claims: tuple[str, ...]) -> None:
        """Record a change of a part of the caption."""
        before = text[start:end].rstrip()
        if before != after:
            self.edits.append(Edit(claims=claims, rule=rule, span=(start, start + len(before)), before=before, after=after))


def span_of(sentence: Sentence, claim: Claim, rendered: Rendered) -> tuple[int, int] | None:
    """Where a claim stands in a sentence that was put together; None where words of it went."""
    places = sentence.places(claim)
    if any(n not in rendered.places for n in places):
        return None
    first, last = sentence.tokens[places[0]], sentence.tokens[places[-1]]
    start, end = rendered.places[places[0]][0], rendered.places[places[-1]][1]
    return start + max(claim.span[0] - first.start, 0), end - max(last.end - claim.span[1], 0)


def viewed(caption: Caption, seen: Seen) -> Caption | None:
    """The caption of a view, None where nothing of it holds there."""
    from fusion.views.lists import is_list, is_regions, listed, regions
    from fusion.views.values import is_json, structured

    fates = fates_of(caption, seen)
    made = Made()
    if is_json(caption.text):
        structured(caption, fates, seen, made)
    elif is_regions(caption.text):
        regions(caption, fates, seen, made)
    elif is_list(caption):
        listed(caption, fates, seen, made)
    else:
        prose(caption, fates, seen, made)
    text = "".join(made.parts).rstrip()
    if not any(sign.isalnum() for sign in text):
        return None
    claims = tuple(left(caption.claims, fates, seen, made.spans))
    return replace(caption, draft=caption.text, text=text, edits=tuple(reversed(made.edits)), claims=claims)


# Prose


def prose(caption: Caption, fates: Fates, seen: Seen, made: Made) -> None:
    """Sentence by sentence. A question and what answers it stay or go together."""
    text, changed = caption.text, False
    for unit in units(text, caption.claims):
        founded = any(one.claims for one in unit)
        alone = len(unit) == 1
        before = Before(text, changed and alone, named(caption, made), founded)
        drafts = [drafted(one, fates, seen, before) for one in unit]
        lost = any(draft is None or draft.gone or draft.lead for draft in drafts)
        if not alone and (lost or repeats_number(unit, fates, text)):
            drafts = [None] * len(unit)
        for one, draft in zip(unit, drafts, strict=True):
            names = tuple(c.id for c in one.claims if c.id in fates.gone or c.id in fates.left or c.id in fates.unsaid)
            if draft is None:
                made.note(text, one.start, one.end, "", "drop sentence", names)
            else:
                rendered = render(text, one, draft)
                made.place(one, rendered)
                made.note(text, one.start, one.end, rendered.text, "take away" if draft.gone else "say otherwise", names)
                made.add(rendered.text + text[one.tokens[-1].end : one.end])
            changed = changed or draft is None or bool(draft)


def repeats_number(unit: Sequence[Sentence], fates: Fates, text: str) -> bool:
    """Does a question say the number that its answer says otherwise now: "Are there four people?" """
    counts = [(one, c) for one in unit for c in one.claims if c.kind == "count" and fates.number(c.about or "") is not None]
    return any(
        text[slice(*claim.span)].lower() in {token.lower for token in other.tokens}
        for one, claim in counts
        for other in unit
        if other is not one
    )


def units(text: str, claims: Sequence[Claim]) -> Iterator[list[Sentence]]:
    """Sentences one by one, and each question together with what stands behind it up to the next one."""
    asks: list[Sentence] = []
    for one in sentences(text, claims):
        question = "?" in text[one.start : one.end]
        if asks and question:
            yield asks
            asks = []
        if asks or question:
            asks.append(one)
        elif one.tokens:
            yield [one]
    if asks:
        yield [one for one in asks if one.tokens]


@dataclass(frozen=True)
class Before:
    """The caption, whether something in front of a sentence changed, and the things that are named in front of it.

    `founded`: it, or what it stays or goes with, makes a claim.
    """

    text: str
    changed: bool
    named: frozenset[str]
    founded: bool


def named(caption: Caption, made: Made) -> frozenset[str]:
    """The things that the text of the view names so far."""
    return frozenset(c.value for c in caption.claims if c.kind == "object" and c.id in made.spans)


def drafted(sentence: Sentence, fates: Fates, seen: Seen, before: Before) -> Draft | None:
    """What becomes of one sentence, None where it goes."""
    window = seen.window
    if not before.founded and window.share < UNPLACED:
        return None
    lost = [c.id for c in sentence.claims if c.id in fates.gone or c.id in fates.unsaid or fates.number(c.id) is not None]
    if (before.changed or lost) and has_pronoun(sentence):
        if before.changed and refers_back(sentence):
            return None
        if lost:
            return turned(sentence, things_left(sentence, fates, before.named), seen, before.text)
    try:
        if window.cuts:
            check_cut(sentence, window)
        draft = mended(sentence, fates) if lost else Draft()
        if window.flip:
            turn(sentence, draft)
        if draft and is_faulty(sentence, draft, before.text):
            raise Unsure
    except Unsure:
        return turned(sentence, things_left(sentence, fates, before.named), seen, before.text)
    return draft


def is_faulty(sentence: Sentence, draft: Draft, text: str) -> bool:
    """Does a change leave what no sentence may look like?"""
    return FAULTY.search(render(text, sentence, draft).text) is not None


def turned(sentence: Sentence, draft: Draft | None, seen: Seen, text: str) -> Draft | None:
    """A draft with sides exchanged, None where that cannot be done or it reads wrong."""
    if draft is None:
        return None
    try:
        if seen.window.flip:
            turn(sentence, draft)
    except Unsure:
        return None
    return None if draft and is_faulty(sentence, draft, text) else draft


# Claims


def left(claims: Sequence[Claim], fates: Fates, seen: Seen, spans: Mapping[str, tuple[int, int]]) -> Iterator[Claim]:
    """The claims of the view's text, by place. A mention whose first one went stands for it."""
    stay = [c for c in claims if c.id in spans and c.id not in fates.gone and not is_unsaid(c, fates)]
    stay.sort(key=lambda c: spans[c.id])
    names = {c.id for c in stay}
    instead: dict[str, str] = {}
    for claim in stay:
        if claim.parent is not None and claim.parent not in names:
            instead.setdefault(claim.parent, claim.id)

    def now(name: str | None) -> str | None:
        return name if name is None or name in names else instead.get(name)

    for claim in stay:
        about, to, parent = now(claim.about), now(claim.to), now(claim.parent)
        lost = (claim.about is not None and about is None) or (claim.to is not None and to is None)
        if not lost:
            yield restated(claim, about, to, None if parent == claim.id else parent, spans[claim.id], fates, seen)


def is_unsaid(claim: Claim, fates: Fates) -> bool:
    """Is it a number that the text does not say any more?"""
    if claim.kind != "count" or claim.about is None:
        return False
    return fates.number(claim.about) == 1 or fates.root(claim.about) in fates.unsaid


def restated(
    claim: Claim, about: str | None, to: str | None, parent: str | None, span: tuple[int, int], fates: Fates, seen: Seen
) -> Claim:
    """A claim with its place, ends, number, sides and evidence in the view."""
    number, at_least = claim.number, claim.at_least
    count = fates.number(claim.about if claim.kind == "count" and claim.about else claim.id)
    if count is not None and claim.kind == "count" and (not claim.at_least or count < (claim.number or 0)):
        number, at_least = count, False
    elif count == 1 and claim.kind == "object":
        number, at_least = None, False
    sided = seen.window.flip and claim.kind not in {"text", "name"} and has_side(claim.value)
    return replace(
        claim,
        about=about,
        to=to,
        parent=parent,
        span=span,
        number=number,
        at_least=at_least,
        value=exchanged(claim.value) if sided else claim.value,
        evidence=tuple(name for name in claim.evidence if name in seen.after),
    )
