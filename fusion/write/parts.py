"""Takes a caption apart into sentences that can be read and checked, and puts it together again of what is left of them.

A caption in sentences is one part. Lists for machines are not English as a whole: of regions the phrases are checked, each
against what the facts have in its box; of questions the answers; of JSON a sentence for each thing, relation, text and look; of
tags and prompts the items between their commas.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass
from functools import partial
from itertools import count

from msgspec.structs import replace

from fusion.errors import WriterError
from fusion.evidence import Evidence
from fusion.facts import Claim
from fusion.write import lists, questions, regions, structured
from fusion.write.styles import Style

__all__ = ["Parts", "split"]

ARTICLE = re.compile(r"^(?:an?|the) ", re.IGNORECASE)
Joined = tuple[str, list[list[Claim]]]
"""A text, and the claims of each part with the spans that they have in it."""


@dataclass(frozen=True)
class Parts:
    """A caption in parts: English texts, each with the evidence that it is to be held against."""

    texts: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    join: Callable[[Sequence[str], Sequence[Sequence[Claim]]], Joined]

    def joined(self, texts: Sequence[str], claims: Sequence[Sequence[Claim]]) -> tuple[str, tuple[Claim, ...]]:
        """The caption of its repaired parts, "" where nothing is left, and their claims, in order and with ids of their own."""
        text, moved = self.join(texts, claims)
        return text, tuple(renamed(moved)) if len(self.texts) > 1 or len(moved) > 1 else tuple(moved[0] if moved else ())


def split(style: Style, text: str, evidence: Evidence) -> Parts:
    """The parts of a caption of this style.

    Raises:
        WriterError: it is not of the form of its style; the message says what was expected.
    """
    if style.form == "structured":
        said = structured.read(text)
        pieces = tuple(structured.pieces(said))
        return Parts(tuple(p.text for p in pieces), (evidence,) * len(pieces), partial(structured.rebuilt, said, pieces))
    if style.form == "questions":
        pairs = questions.read(text)
        if not pairs:
            raise WriterError('questions: expected lines "Q: …? A: …" whose answers repeat what is asked about, got none')
        return Parts(tuple(answer for _, answer in pairs), (evidence,) * len(pairs), partial(of_questions, pairs))
    if style.form == "regions":
        found = regions.read(text, evidence)
        if not found:
            raise WriterError('regions: expected lines "[x0, y0, x1, y1] phrase" with boxes of the facts, got none')
        return Parts(tuple(r.phrase for r in found), tuple(r.evidence for r in found), partial(of_regions, found))
    if style.form in {"prompt", "tags"}:
        items = lists.read(text, evidence)
        if not items:
            raise WriterError(f"{style.form}: expected items joined by commas, got {text[:80]!r}")
        return Parts(tuple(items), (evidence,) * len(items), partial(of_items, items, lists.stated(evidence)))
    return whole(text, evidence)


def whole(text: str, evidence: Evidence) -> Parts:
    """A text as one part."""
    return Parts((text,), (evidence,), lambda texts, claims: (texts[0], [list(claims[0])]))


def of_regions(found: Sequence[regions.Region], texts: Sequence[str], claims: Sequence[Sequence[Claim]]) -> Joined:
    """The lines of which something is left."""
    kept = [(n, region.head + text, len(region.head)) for n, (region, text) in enumerate(zip(found, texts, strict=True)) if text]
    return of_lines(kept, claims)


def of_questions(pairs: Sequence[questions.Pair], texts: Sequence[str], claims: Sequence[Sequence[Claim]]) -> Joined:
    """The pairs that still are one."""
    return of_lines(questions.kept(pairs, texts), claims)


def of_items(items: Sequence[str], stated: Set[str], texts: Sequence[str], claims: Sequence[Sequence[Claim]]) -> Joined:
    """The items of which something is left. One goes that repair has made the same as another, or half of a name (`stated`)."""
    said: set[str] = set()
    kept: list[tuple[int, str, int]] = []
    for n, (item, text) in enumerate(zip(items, texts, strict=True)):
        plain = ARTICLE.sub("", text).casefold()
        half = lists.folded(item) in stated and lists.is_half(item, text)
        if text and not half and (text == item or plain not in said):
            kept.append((n, text, 0))
            said.add(plain)
    return of_lines(kept, claims, ", ")


def of_lines(kept: Sequence[tuple[int, str, int]], claims: Sequence[Sequence[Claim]], between: str = "\n") -> Joined:
    """Lines as one text: which part each is of, the line, and where in it the part starts."""
    moved: list[list[Claim]] = []
    start = 0
    for number, line, offset in kept:
        by = start + offset
        moved.append([replace(c, span=(c.span[0] + by, c.span[1] + by)) for c in claims[number]])
        start += len(line) + len(between)
    return between.join(line for _, line, _ in kept), moved


def renamed(groups: Sequence[Sequence[Claim]]) -> list[Claim]:
    """The claims of all parts, called c0, c1, …; one goes whose thing has gone."""
    made: list[Claim] = []
    numbers = count()
    for claims in groups:
        own = bound(claims)
        names = {c.id: f"c{next(numbers)}" for c in own}
        for c in own:
            ends = {key: names.get(getattr(c, key) or "") for key in ("about", "to", "parent", "void")}
            made.append(replace(c, id=names[c.id], **ends))
    return made


def bound(claims: Sequence[Claim]) -> list[Claim]:
    """The claims that are about things which are among them."""
    own, before = list(claims), -1
    while len(own) != before:
        before, ids = len(own), {c.id for c in own}
        own = [c for c in own if all(end is None or end in ids for end in (c.about, c.to))]
    return own
