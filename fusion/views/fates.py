"""What becomes of each claim of a caption in a view: it stays, it goes, or its number changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from fusion import lexicon
from fusion.facts import Box, Caption, Claim, Fact
from fusion.views.facts import (
    LASTING,
    SURROUNDS,
    UNPLACED,
    is_group,
    is_lasting_style,
    is_place,
    place_of,
    still_placed,
    things_of,
)
from fusion.views.formats import is_format
from fusion.views.window import WHOLE, Window


@dataclass(frozen=True)
class Seen:
    """The facts of a picture and those that hold in a view, by id."""

    window: Window
    before: Mapping[str, Fact]
    after: Mapping[str, Fact]


@dataclass
class Fates:
    """Ids of the claims that go; how many are left of the things of an object claim (its own id) whose number changed.

    `unsaid` are those whose number nobody knows now: it cannot be said, but the things are there. `by_id` are all claims, `media`
    the object claims that mean the picture itself ("an oil painting of a dog").
    """

    by_id: dict[str, Claim]
    gone: set[str] = field(default_factory=set)
    left: dict[str, int] = field(default_factory=dict)
    unsaid: set[str] = field(default_factory=set)
    media: set[str] = field(default_factory=set)

    def root(self, name: str | None) -> str | None:
        """The first mention of what an object claim repeats."""
        claim = self.by_id.get(name or "")
        return name if claim is None or claim.kind != "object" or claim.parent not in self.by_id else claim.parent

    def changes(self, name: str) -> bool:
        """Does a claim go, or its number?"""
        return name in self.gone or name in self.left or name in self.unsaid

    def number(self, name: str) -> int | None:
        """How many are left, None where that did not change."""
        return self.left.get(name, self.left.get(self.root(name) or ""))


def fates_of(caption: Caption, seen: Seen) -> Fates:
    """The fate of every claim; what is said of a thing that goes, goes with it."""
    fates = Fates({claim.id: claim for claim in caption.claims})
    fates.media = {claim.id for claim in caption.claims if is_medium(claim, seen)}
    for claim in caption.claims:
        if not stays(claim, fates, seen):
            fates.gone.add(claim.id)
    while fallen := [claim.id for claim in caption.claims if claim.id not in fates.gone and hangs_on(claim, fates.gone)]:
        fates.gone.update(fallen)
    if seen.window.cuts:
        count(caption.claims, fates, seen)
    return fates


def hangs_on(claim: Claim, gone: set[str]) -> bool:
    """Does something go that the claim is about or repeats?"""
    return claim.about in gone or claim.to in gone or claim.parent in gone


def stays(claim: Claim, fates: Fates, seen: Seen) -> bool:
    """Does a claim hold in the view, as far as its own evidence and value tell?"""
    window = seen.window
    if claim.negated or claim.id in fates.media:
        return True
    if window.flip and claim.kind == "text":
        return False
    found = [seen.before[name] for name in claim.evidence if name in seen.before]
    if not window.cuts and not found:
        return True
    if claim.kind in {"object", "count"} and (boxed := boxes_of(found, seen)):
        found = boxed
    if found and not any(fact.id in seen.after for fact in found):
        return False
    return not window.cuts or (holds_cut(claim, fates, seen) and (bool(found) or is_placed(claim, window)))


def is_medium(claim: Claim, seen: Seen) -> bool:
    """Does an object claim mean the picture itself: no thing that was seen, but a medium that a style fact states?"""
    if claim.kind != "object" or not is_lasting_style(claim.value):
        return False
    if any(seen.before[name].kind != "style" for name in claim.evidence if name in seen.before):
        return False
    words = set(claim.value.split())
    return any(f.kind == "style" and not f.negated and words <= set(f.value.split()) for f in seen.before.values())


def is_placed(claim: Claim, window: Window) -> bool:
    """Can a claim that rests on no fact be kept: is what it is about judged on its own, or is nearly all shown?"""
    if claim.kind in {"attribute", "relation", "opinion", "count"} and claim.about is not None:
        return True
    if claim.kind == "scene":
        return window.share >= SURROUNDS or claim.value in LASTING
    return window.share >= UNPLACED or (claim.kind == "style" and holds_of_parts(claim.value))


def holds_of_parts(style: str) -> bool:
    """Is a style true of each part of a picture, or of its format, which is said anew?"""
    return is_lasting_style(style) or is_format(style)


def holds_cut(claim: Claim, fates: Fates, seen: Seen) -> bool:
    """Can the value still be true where a part of the picture is cut off?"""
    match claim.kind:
        case "attribute" | "opinion":
            return not is_place(claim.value)
        case "style":
            return holds_of_parts(claim.value)
        case "relation":
            pairs = [(a, b) for a in boxes(claim.about, fates, seen) for b in boxes(claim.to, fates, seen)]
            rests = [seen.before[name] for name in claim.evidence if name in seen.before]
            if rests and all(fact.kind == "object" for fact in rests) and any(fact.id not in seen.after for fact in rests):
                return False
            return not pairs or all(still_placed(claim.value, a, b, seen.window) for a, b in pairs)
        case _:
            return True


def boxes(name: str | None, fates: Fates, seen: Seen) -> Iterator[Box]:
    """Boxes in the picture of the things that a claim names and that are left."""
    claim = fates.by_id.get(name or "")
    for ref in claim.evidence if claim is not None else ():
        fact = seen.before.get(ref)
        if fact is not None and fact.kind == "object" and fact.box is not None and ref in seen.after:
            yield fact.box


def boxes_of(facts: Sequence[Fact], seen: Seen) -> list[Fact]:
    """Objects that are placed, by their own box or that of what they were made from."""
    return [f for f in facts if f.kind == "object" and (f.box is not None or place_of(f, seen.before) is not None)]


# Numbers


def count(claims: Sequence[Claim], fates: Fates, seen: Seen) -> None:
    """Take anew how many there are of each that is said in the plural."""
    numbers: dict[str, Claim] = {c.about or "": c for c in claims if c.kind == "count" and not c.at_least}
    for claim in claims:
        if claim.kind != "object" or claim.negated or claim.id in fates.gone or not is_plural(claim):
            continue
        all_of = [f for f in (seen.before[i] for i in claim.evidence if i in seen.before) if f.kind == "object" and f.box]
        left = [f for f in all_of if f.id in seen.after]
        before, after = number(all_of), number(left)
        known = not any(is_group(f) and f.box is not None and seen.window.remains(f.box) < WHOLE for f in left)
        if before == after and known:
            continue
        said = numbers.get(claim.id)
        if not known or not left or (said is not None and said.number != before):
            fates.unsaid.add(claim.id)
            if after < 2 and not any(is_group(f) for f in left):
                fates.gone.add(claim.id)
        else:
            fates.left[claim.id] = after


def is_plural(claim: Claim) -> bool:
    """Does an object claim speak of more than one?"""
    return claim.at_least or (claim.number or 1) > 1


def number(facts: Sequence[Fact]) -> int:
    """How many things are shown."""
    return sum(fact.number or 1 for fact in things_of(facts))


MANY = frozenset("many numerous countless lots plenty".split())
"""Words for more than people count."""
FEW = 12
"""Most things that are several rather than many."""


def vague(word: str, left: int) -> str:
    """A word of quantity for so many: itself where it is still true, "several" for what was many, else the number."""
    found = lexicon.quantity(word)
    if found is None or not found[1] or left < found[0]:
        return lexicon.number_word(left)
    return "several" if word in MANY and left <= FEW else word
