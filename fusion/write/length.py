"""Keeps captions to the length of their style: whole sentences, list items or lines, and at worst a clause that ends cleanly."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from fusion.write import structured
from fusion.write.plainly import OPEN
from fusion.write.styles import Style
from fusion.write.tokens import TokenCounter

__all__ = ["fit", "fits", "sentences", "shorter"]

END = re.compile(r"""(?<=[.!?])["”’')\]]*\s+(?=["“‘'(\[]?[A-Z0-9])""")
ABBREVIATION = re.compile(
    r"(?:\b(?:mr|mrs|ms|dr|prof|st|mt|ft|gen|col|sgt|capt|jr|sr|no|vs|etc|inc|ltd|co|ave|rd|e\.g|i\.e|a\.m|p\.m)|(?<![\w'’])[a-z])\.$",
    re.IGNORECASE,
)
"""What a full stop stands behind without ending a sentence: titles, and single letters as in "U.S." and "J. F."."""
CLAUSE = re.compile(
    r"[,;:]\s|\s[–—-]\s|\s(?=(?:and|but|while|with|who|which|that|where|as|for|from|in|on|at|near|by|beside|behind|between|under|"
    r"over|above|below|next|against|along|across|around|inside|outside|during|toward|towards|into|onto)\s)",
    re.IGNORECASE,
)
"""Where a sentence can be cut: in front of what is joined to it."""
JOINED = re.compile(r"\b(?:while|who|which|that|where|as|but)\b(?P<rest>(?:\W+\w+){0,2})$", re.IGNORECASE)
"""A clause that has hardly begun."""
QUOTES = re.compile(r'^[^"]*"(?:[^"]*"[^"]*")*[^"]*$|“[^”]*$')
"""A quotation that is open."""


ITEM = {"regions": re.compile(r"^[^\]]*\]:?"), "questions": re.compile(r"^.*?\?\s+A:")}
"""What stands in front of a phrase or an answer in its line; `Style.each` bounds the rest."""


def fits(text: str, style: Style, counter: TokenCounter) -> bool:
    """Is the text within all bounds of its style?"""
    if style.characters and len(text) > style.characters:
        return False
    if style.words and len(text.split()) > style.words:
        return False
    return not style.tokens or counter.fits(text, style.tokens)


def fit(text: str, style: Style, counter: TokenCounter, *, whole: bool = False) -> str:
    """The text, or so much of it from the start as its style has room for: sentences, items of a list, lines, values of JSON.

    A first sentence that is too long by itself is cut in front of a clause; with `whole`, or where that cannot be, nothing stays.
    Lines of regions and questions go whose phrase or answer has more words than `each`.
    """
    if style.each and style.form in ITEM:
        text = "\n".join(line for line in lines(text) if len(ITEM[style.form].sub("", line).split()) <= style.each)
    for shortened in shorter(text, style):
        if fits(shortened, style, counter):
            return shortened
    if whole or not style.is_prose:
        return ""
    return next((cut for cut in clauses(sentences(text)[0]) if fits(cut, style, counter)), "") if text.strip() else ""


def shorter(text: str, style: Style) -> Iterator[str]:
    """The text, then without its last part, and so on down to the first part alone."""
    if style.form == "structured":
        yield from structured.shorter(text)
        return
    take, glue = PARTS.get(style.form, (sentences, " "))
    parts = take(text)
    yield text
    for number in range(len(parts) - 1, 0, -1):
        yield glue.join(parts[:number])


def sentences(text: str) -> list[str]:
    """The sentences of a text; a full stop behind "Dr" or "U.S" ends none."""
    found, start = [], 0
    for end in END.finditer(text):
        before = text[start : end.end()].rstrip()
        if not ABBREVIATION.search(before) and not QUOTES.search(before):
            found.append(before)
            start = end.end()
    return [one for one in [*found, text[start:].strip()] if one]


def items(text: str) -> list[str]:
    """The items of a list with commas."""
    return [item.strip() for item in text.split(",") if item.strip()]


def lines(text: str) -> list[str]:
    """The lines that are not empty."""
    return [line for line in text.splitlines() if line.strip()]


PARTS: dict[str, tuple[Callable[[str], list[str]], str]] = {
    "prompt": (items, ", "),
    "tags": (items, ", "),
    "regions": (lines, "\n"),
    "questions": (lines, "\n"),
}


def clauses(sentence: str) -> Iterator[str]:
    """Beginnings of a sentence that can stand alone, the longest first."""
    for found in reversed(list(CLAUSE.finditer(sentence))):
        start = sentence[: found.start()].rstrip(" ,;:–—-")
        words = start.split()
        if len(words) > 1 and words[-1].lower() not in OPEN and not QUOTES.search(start) and not JOINED.search(start):
            yield start if start[-1] in ".!?" else f"{start}."
