"""Finds quotations that name a picture rather than tell what is written in it: they stand beside the sentence, not in it.

`"Orchids, 1904": a painting of flowers.`, `A painting of flowers. "Orchids, 1904".`, `… on a table ("Orchids, 1904").` and
`…, titled "Orchids, 1904".` Their words are no grammar of the sentence around them; `gaps` parses the text without them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

QUOTATION = re.compile(r"\"([^\"“”]{1,1000})\"|“([^\"“”]{1,1000})”")
INTRODUCED = re.compile(r"(?<=, )(?:titled|entitled|captioned) $")
ENDS = ".!?"


class Title(NamedTuple):
    """A quotation beside the sentence, half-open: its words, and all that goes with them, as marks, brackets and "titled"."""

    words: tuple[int, int]
    whole: tuple[int, int]


def find_titles(text: str) -> list[Title]:
    """All of them, in order; none where the text is nothing else, as a caption may stand between quotation marks."""
    if '"' not in text and "“" not in text:
        return []
    found = [title for match in QUOTATION.finditer(text) if (title := title_of(text, match)) is not None]
    return found if any(c.isalnum() for c in without(text, found)) else []


def title_of(text: str, match: re.Match[str]) -> Title | None:
    """A quotation with what goes with it; None for one that is part of its sentence."""
    start, end = match.span()
    inner = match.group(match.lastindex or 0)
    if not any(c.isalnum() for c in inner):
        return None
    first = match.start(match.lastindex or 0) + len(inner) - len(inner.lstrip())
    words = (first, first + len(inner.strip()))
    before, behind = text[:start].rstrip(), text[end:]
    if before.endswith("(") and behind.startswith(")"):
        return Title(words, (len(before) - 1, end + 1))
    if (introduced := INTRODUCED.search(text[:start])) is not None:
        return Title(words, (introduced.start(), end))
    if before and before.rstrip('"”')[-1:] not in ENDS:
        return None
    if behind[:1] == ":" or (behind[:1] and behind[:1] in ENDS):
        return Title(words, (start, end + 1))
    return Title(words, (start, end)) if not behind.strip() or (inner.strip()[-1] in ENDS and behind[0].isspace()) else None


def without(text: str, titles: Sequence[Title]) -> str:
    """The text with blanks in the place of titles, so that all other places stay."""
    return "".join(pieces(text, titles)) if titles else text


def pieces(text: str, titles: Sequence[Title]) -> Iterator[str]:
    """The text between the titles, and blanks for them."""
    end = 0
    for title in titles:
        start = title.whole[0]
        yield text[end:start]
        end = title.whole[1]
        yield " " * (end - start)
    yield text[end:]
