"""Parts of a sentence between commas that name something or say how the picture looks, and that go as a whole.

"A sepia photo of two boats, landscape format.", "five boats, Nagasaki, sepia photo", "Dev Patel, a man in a suit."
"""

from __future__ import annotations

from collections.abc import Iterator

from fusion.facts import Claim
from fusion.views.work import Work

LOOSE = frozenset({"attribute", "opinion", "name", "style", "scene"})
FILLING = frozenset("a an and photo photograph picture image".split())
"""Words that go with such a part though no claim stands for them."""
LINKING = frozenset("is was has are were have".split())
"""Verbs in front of which the comma goes too that closed a name: "A man, Dev Patel, is smiling." """


def drop_segments(work: Work) -> None:
    """Take out each part all of which goes, with one comma; with both where it stood between a thing and its verb."""
    gone = {c.id: c for c in work.sentence.claims if c.id in work.fates.gone and c.kind in LOOSE}
    if not gone:
        return
    for first, last in segments(work):
        if not goes(work, first, last, gone):
            continue
        if first == 0:
            work.cut(first, min(last + 1, work.end))
        else:
            behind = work.word(last + 1) == "," and work.word(last + 2) in LINKING
            work.cut(first - 1, last + behind)


def segments(work: Work) -> Iterator[tuple[int, int]]:
    """Places of the first and last word of each part between commas, where there are several."""
    commas = [n for n in range(work.end + 1) if work.word(n) == "," and not work.sentence.quoted[n]]
    if commas:
        starts, ends = [0, *(n + 1 for n in commas)], [*(n - 1 for n in commas), work.end]
        yield from ((a, b) for a, b in zip(starts, ends, strict=True) if a <= b)


def goes(work: Work, first: int, last: int, gone: dict[str, Claim]) -> bool:
    """Does every word of a part stand for something that goes, and for nothing that stays?"""
    found = False
    for n in range(first, last + 1):
        claims = work.sentence.covers[n]
        if not claims and work.word(n)[0].isalnum() and work.word(n) not in FILLING:
            return False
        if any(c.id not in gone for c in claims):
            return False
        found = found or bool(claims)
    return found
