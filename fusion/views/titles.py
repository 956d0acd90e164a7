"""Quotations beside the sentences of a caption: taken out before the sentences are changed, and put back where they still hold.

A quotation tells what somebody wrote about the whole picture. It stays in a mirrored view unless it names a side, and in a crop
that shows nearly all; else it goes, with its marks, brackets, colon or "titled".
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Literal

from msgspec.structs import replace

from fusion.facts import Caption, Claim
from fusion.language.titles import ENDS, Title, find_titles
from fusion.views.facts import UNPLACED
from fusion.views.fates import Fates, Seen
from fusion.views.sides import has_side
from fusion.views.tokens import Draft, Rendered, Sentence


@dataclass(frozen=True)
class Aside:
    """A quotation with all that goes with it.

    `text` began at `start` of the caption; without the quotations it would begin at `at`. In front of its sentence stands
    `"Boats": `, inside it ` ("Boats")` or `, titled "Boats"`, and on its own `"Boats". `. `small`: what follows began with a
    small letter.
    """

    text: str
    start: int
    at: int
    form: Literal["front", "inside", "own"]
    claims: tuple[Claim, ...]
    stays: bool
    small: bool

    @property
    def names_work(self) -> bool:
        """Is it the title of what the sentence begins with?"""
        return self.form == "inside" and self.text[:1] == ","

    def spans(self, at: int) -> Iterator[tuple[str, tuple[int, int]]]:
        """Where its claims stand in a text in which it begins at a place."""
        for claim in self.claims:
            yield claim.id, (claim.span[0] - self.start + at, claim.span[1] - self.start + at)


@dataclass(frozen=True)
class Lifted:
    """A caption without its quotations, and the quotations."""

    caption: Caption
    asides: tuple[Aside, ...] = ()

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """Where a sentence stood in the caption as it was, with what stands in front of it and inside it."""
        before = sum(len(a.text) for a in self.asides if a.at < start or (a.at == start and a.form != "front"))
        until = sum(len(a.text) for a in self.asides if a.at < end or (a.at == end and a.form == "inside"))
        return start + before, end + until

    def of(self, sentence: Sentence) -> list[Aside]:
        """Those in front of a sentence and inside it."""
        start, end = sentence.start, sentence.end
        front = [a for a in self.asides if a.form == "front" and a.at == start]
        return front + [a for a in self.asides if a.form == "inside" and start < a.at <= end]


def lifted(caption: Caption, fates: Fates, seen: Seen) -> Lifted:
    """The caption without its quotations; itself where it has none."""
    text = caption.text
    parts = [(title, *extent(title, text)) for title in find_titles(text)]
    if not parts:
        return Lifted(caption)
    spans = [(start, end) for _, _, start, end in parts]
    lengths = [0, *accumulate(end - start for start, end in spans)]
    asides = []
    for n, (title, form, start, end) in enumerate(parts):
        own = tuple(c for c in caption.claims if start <= c.span[0] and c.span[1] <= end)
        stays = holds(text[slice(*title.words)], own, fates, seen)
        asides.append(Aside(text[start:end], start, start - lengths[n], form, own, stays, text[end : end + 1].islower()))
    return Lifted(without(caption, asides, spans, lengths), tuple(asides))


def extent(title: Title, text: str) -> tuple[Literal["front", "inside", "own"], int, int]:
    """How a quotation stands beside its sentence, and the half-open place of all that goes with it, blanks too."""
    start, end = title.whole
    if text[start] not in '"“':
        before = len(text[:start].rstrip())
        titled = text[start] != "(" and text[before - 1 : before] == ","
        return "inside", before - titled, end + (titled and text[end : end + 1] == ",")
    form: Literal["front", "own"] = "front" if text[end - 1] == ":" and text[end:].strip() else "own"
    while end < len(text) and text[end].isspace():
        end += 1
    return form, start, end


def holds(words: str, claims: Sequence[Claim], fates: Fates, seen: Seen) -> bool:
    """Does a quotation still hold in the view? One that no claim stands for may be what is written in the picture."""
    if seen.window.flip and (has_side(words) or not claims):
        return False
    return not any(c.id in fates.gone for c in claims) and (bool(claims) or seen.window.share >= UNPLACED)


def without(caption: Caption, asides: Sequence[Aside], spans: Sequence[tuple[int, int]], lengths: Sequence[int]) -> Caption:
    """The rest of the caption, each sentence with a capital, and the claims on it where they stand then."""
    starts, ends = [start for start, _ in spans], [end for _, end in spans]
    inner = {claim.id for aside in asides for claim in aside.claims}
    pieces = [caption.text[start:end] for start, end in zip([0, *ends], [*starts, len(caption.text)], strict=True)]
    for n, aside in enumerate(asides, 1):
        first = pieces[n][:1]
        if aside.form == "front" and len(first.upper()) == 1:
            pieces[n] = first.upper() + pieces[n][1:]

    def moved(claim: Claim) -> Claim:
        start = claim.span[0] - lengths[bisect_right(ends, claim.span[0])]
        return replace(claim, span=(start, max(claim.span[1] - lengths[bisect_left(ends, claim.span[1])], start + 1)))

    return replace(caption, text="".join(pieces), claims=tuple(moved(c) for c in caption.claims if c.id not in inner))


def put_back(
    sentence: Sentence, rendered: Rendered, draft: Draft, lift: Lifted, fates: Fates
) -> tuple[Rendered, list[tuple[Aside, int]]]:
    """A sentence with the quotations in front of it and inside it that stay, and where each begins."""
    placed: list[tuple[Aside, int]] = []
    for aside in reversed(lift.of(sentence)):
        at = place_in(aside, sentence, rendered, draft, fates) if aside.stays else None
        if at is None:
            continue
        if aside.form == "front":
            rendered = Rendered(lowered(rendered, sentence, draft, aside), rendered.places)
        shift, said = len(aside.text), rendered.text
        places = {n: (a + shift, b + shift) if a >= at else (a, b) for n, (a, b) in rendered.places.items()}
        rendered = Rendered(said[:at] + aside.text + said[at:], places)
        placed = [(aside, at), *((one, place + shift) for one, place in placed)]
    return rendered, placed


def place_in(aside: Aside, sentence: Sentence, rendered: Rendered, draft: Draft, fates: Fates) -> int | None:
    """Where in a changed sentence a quotation stands; None where what it belonged to went."""
    if aside.form == "front":
        return 0
    if aside.names_work and not begins_alike(sentence, draft, fates):
        return None
    behind = [n for n, token in enumerate(sentence.tokens) if token.start >= aside.at]
    if not any(sentence.tokens[n].text[0].isalnum() for n in behind):
        return len(rendered.text.rstrip(ENDS))
    before = behind[0] - 1
    return rendered.places[before][1] if before in rendered.places and behind[0] in rendered.places else None


def begins_alike(sentence: Sentence, draft: Draft, fates: Fates) -> bool:
    """Is the first thing that a sentence speaks of still there?"""
    first = min(sentence.claims, key=lambda c: c.span, default=None)
    return first is not None and first.id not in fates.gone and sentence.places(first)[0] not in draft.gone


def lowered(rendered: Rendered, sentence: Sentence, draft: Draft, aside: Aside) -> str:
    """A sentence as it stands behind a colon: its first word with a small letter unless it had a capital there."""
    first = min(rendered.places, default=0)
    small = aside.small if first == 0 else sentence.tokens[first].text[:1].islower()
    letter = rendered.text[:1].lower()
    return letter + rendered.text[1:] if (small or first in draft.lead) and len(letter) == 1 else rendered.text
