"""A caption of a view: prose sentence by sentence, lists item by item, JSON value by value, with its claims moved."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from msgspec.structs import replace

from fusion.facts import Caption, Claim, Edit
from fusion.views.additions import drop_additions
from fusion.views.edit import mended
from fusion.views.facts import UNPLACED
from fusion.views.fates import Fates, Seen, fates_of
from fusion.views.formats import is_format, reshape, reshaped
from fusion.views.guards import check_cut, has_pronoun, refers_back, turn
from fusion.views.rest import things_left
from fusion.views.sides import exchanged, has_side
from fusion.views.titles import Lifted, lifted, put_back
from fusion.views.tokens import Draft, Rendered, Sentence, render, sentences
from fusion.views.work import Unsure

FAULTY = re.compile(
    r"\b(?:an?|the|and|or|of|with|to|is|are|was|were) *(?:[.,;!?]|$)|\b(?:an?|the) (?:an?|the|and|or)\b|[ ,][,;]|, *[.!?]"
    r"|\band and\b|  |^[,;]|, and *[.,]| [.,;]",
    re.IGNORECASE,
)
"""What no sentence may look like after a change."""
PAIRS = (("(", ")"), ("[", "]"), ("“", "”"), ("«", "»"))


def is_balanced(text: str) -> bool:
    """Is every quotation mark and bracket that opens closed?"""
    return text.count('"') % 2 == 0 and all(text.count(a) == text.count(b) for a, b in PAIRS)


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

    def place(self, sentence: Sentence, rendered: Rendered, claims: Sequence[Claim] | None = None) -> None:
        """Note where the claims of a sentence, which comes next, or those given stand."""
        for claim in sentence.claims if claims is None else claims:
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
    elif not (lift := lifted(caption, fates, seen)).asides and is_list(caption):
        listed(caption, fates, seen, made)
    else:
        Prose(caption.text, lift, fates, seen, made).write()
    text = "".join(made.parts).rstrip()
    if not any(sign.isalnum() for sign in text) or (is_balanced(caption.text) and not is_balanced(text)):
        return None
    claims = tuple(left(caption.claims, fates, seen, made.spans))
    if claims and all(is_about_format(c) for c in claims) and not all(is_about_format(c) for c in caption.claims):
        return None
    return replace(caption, draft=caption.text, text=text, edits=tuple(reversed(made.edits)), claims=claims)


def is_about_format(claim: Claim) -> bool:
    """Does it say nothing but the format, which a view knows without its picture?"""
    return claim.kind == "style" and is_format(claim.value)


# Prose


@dataclass
class Prose:
    """A caption of sentences on its way into a view. `text` is the caption's, `lift` what is left of it without quotations."""

    text: str
    lift: Lifted
    fates: Fates
    seen: Seen
    made: Made
    changed: bool = False
    quoted: int = 0

    def write(self) -> None:
        """Sentence by sentence; a question and what answers it stay or go together. A quotation alone is no caption."""
        caption, said = self.lift.caption, False
        telling = [c for c in caption.claims if c.kind != "relation" or c.to not in self.fates.media]
        for unit in units(caption.text, telling):
            for one, draft in zip(unit, self.drafts(unit), strict=True):
                self.quote(one.start)
                self.write_sentence(one, draft)
                said = said or draft is not None
        self.quote(len(caption.text))
        if not said:
            self.made.parts.clear()

    def drafts(self, unit: Sequence[Sentence]) -> Sequence[Draft | None]:
        """What becomes of sentences that stay or go together."""
        caption, alone = self.lift.caption, len(unit) == 1
        founded = any(one.claims for one in unit)
        before = Before(caption.text, self.changed and alone, named(caption, self.made), founded, self.changed)
        drafts = [drafted(one, self.fates, self.seen, before) for one in unit]
        lost = any(draft is None or draft.gone or draft.lead for draft in drafts)
        if not alone and (lost or repeats_number(unit, self.fates, caption.text)):
            return [None] * len(unit)
        return drafts

    def write_sentence(self, one: Sentence, draft: Draft | None) -> None:
        """A sentence as its draft has it, with the quotations in front of it and inside it that stay."""
        made, text = self.made, self.lift.caption.text
        start, end = self.lift.origin(one.start, one.end)
        names = tuple(c.id for c in one.claims if self.fates.changes(c.id))
        names += tuple(c.id for aside in self.lift.of(one) if draft is None or not aside.stays for c in aside.claims)
        if draft is None:
            made.note(self.text, start, end, "", "drop sentence", names)
        else:
            rendered, asides = put_back(one, render(text, one, draft), draft, self.lift, self.fates)
            made.place(one, rendered, [c for c in self.lift.caption.claims if one.start <= c.span[0] < one.end])
            for aside, at in asides:
                made.spans.update(aside.spans(made.length + at))
            cut = draft.gone or len(asides) < len(self.lift.of(one))
            made.note(self.text, start, end, rendered.text, "take away" if cut else "say otherwise", names)
            made.add(rendered.text + text[one.tokens[-1].end : one.end])
        self.changed = self.changed or draft is None or bool(draft.gone or draft.front or draft.lead or names)

    def quote(self, until: int) -> None:
        """The quotations that stand on their own up to a place of the caption without them."""
        alone = [aside for aside in self.lift.asides if aside.form == "own"]
        for aside in alone[self.quoted :]:
            if aside.at > until:
                return
            self.quoted += 1
            if aside.stays:
                if self.made.parts and not self.made.parts[-1][-1:].isspace():
                    self.made.add(" ")
                self.made.spans.update(aside.spans(self.made.length))
                self.made.add(aside.text)
            else:
                names = tuple(claim.id for claim in aside.claims)
                self.made.note(self.text, aside.start, aside.start + len(aside.text), "", "drop quotation", names)


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

    `founded`: it, or what it stays or goes with, makes a claim. `dropped`: words went in front of it, whether or not it may
    refer to them.
    """

    text: str
    changed: bool
    named: frozenset[str]
    founded: bool
    dropped: bool = False


def named(caption: Caption, made: Made) -> frozenset[str]:
    """The things that the text of the view names so far."""
    return frozenset(c.value for c in caption.claims if c.kind == "object" and not c.negated and c.id in made.spans)


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
            return shortened(sentence, fates, seen, before)
    try:
        if window.cuts:
            check_cut(sentence, window, fates.gone)
        return finished(sentence, mended(sentence, fates) if lost else Draft(), fates, seen, before)
    except Unsure:
        return shortened(sentence, fates, seen, before)


def shortened(sentence: Sentence, fates: Fates, seen: Seen, before: Before) -> Draft | None:
    """The things of a sentence that are left, None where there are none or they cannot be said."""
    draft = things_left(sentence, fates, before.named)
    try:
        return finished(sentence, draft, fates, seen, before) if draft is not None else None
    except Unsure:
        return None


def finished(sentence: Sentence, draft: Draft, fates: Fates, seen: Seen, before: Before) -> Draft:
    """A draft with sides exchanged, the format said anew, and nothing added to what is gone.

    Raises:
        Unsure: a side or another thing cannot be told, or what is left reads wrong.
    """
    if seen.window.flip:
        turn(sentence, draft)
    if seen.window.cuts:
        reshape(sentence, draft, seen.window)
    drop_additions(sentence, draft, fates, before.named, before.dropped or bool(draft.gone))
    if draft and is_faulty(sentence, draft, before.text):
        raise Unsure
    return draft


def is_faulty(sentence: Sentence, draft: Draft, text: str) -> bool:
    """Does a change leave what no sentence may look like?"""
    made = render(text, sentence, draft).text
    return FAULTY.search(made) is not None or (not is_balanced(made) and is_balanced(text[sentence.start : sentence.end]))


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
    value = exchanged(claim.value) if sided else claim.value
    return replace(
        claim,
        about=about,
        to=to,
        parent=parent,
        span=span,
        number=number,
        at_least=at_least,
        value=reshaped(value, seen.window) if seen.window.cuts and claim.kind == "style" else value,
        evidence=tuple(name for name in claim.evidence if name in seen.after),
    )
