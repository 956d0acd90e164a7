"""Finds names, numbers, dates and brands in alt-text, by shape and place, and by what the lexicon does not know."""

from __future__ import annotations

import re
from dataclasses import dataclass

from fusion import lexicon
from fusion.alt_text.persons import person_spans
from fusion.alt_text.words import LITTLE, bare, has_nouns_in_capitals, is_common, is_foreign, is_initial, is_shouted, is_titled

NUMBER = re.compile(r"\d")
INNER = re.compile(r"[a-z][A-Z]|^[A-Z][\w]*\d|^\d+[A-Z]")
ENDS = re.compile(r"[.!?:|]$|^[–—|-]$")
NO_NAME = re.compile(
    r"(?:[<>=:;]+\d+|(?:IMG|DSC[NF]?|P|PICT|GOPR|MVI|IMGP)\d{4,}|HD|UHD|\d+K|CC0|\d+(?:st|nd|rd|th)?x\d+px)$", re.I
)
"""Hearts, numbers of cameras, and what says how good a picture is."""
JOINING = frozenset({"of", "de", "la", "van", "von", "der", "du", "di", "da", "and", "&"})
MONTHS = frozenset(
    "january february march april may june july august september october november december jan feb mar apr jun jul aug sep sept "
    "oct nov dec monday tuesday wednesday thursday friday saturday sunday".split()
)
SIGHTS = (
    r"(?:Bridge|Cathedral|Tower|Castle|Park|Museum|Church|Palace|Lake|River|Mountains?|Station|Airport|Stadium|University|Square|"
    r"Street|Avenue|Beach|Bay|Islands?|Temple|Hall|Abbey|Valley|Falls|Harbou?r|Basilica|Gate|Garden|Gardens|Monument|Memorial)"
)
SIGHT = re.compile(rf"(?:[A-Z][\w'’-]+ ){{1,3}}{SIGHTS}\b(?=(?: (?:in|at|near|by|from) |, )[A-Z]|[.,]?$)")
"""A sight, where a place stands behind it or nothing: also where all words have capitals."""


OPENING, CLOSING = ("(", '"', "["), (",", ";", ")", '"', "]")


def find_names(text: str) -> tuple[str, ...]:
    """Names, numbers, dates and brands as they stand in a text, in order, each once: whole, with ranks and titles."""
    whole = [*person_spans(text), *(match.span() for match in SIGHT.finditer(text) if not is_foreign(text))]
    tokens = list(re.finditer(r"\S+", text))
    runs: list[list[str]] = []
    reader, in_name, first = Reader.of(text), False, True
    for n, match in enumerate(tokens):
        raw, (start, end) = match.group(), match.span()
        following = tokens[n + 1].group() if n + 1 < len(tokens) else ""
        span = next((s for s in whole if start < s[1] and end > s[0]), None)
        joins = in_name and not raw.startswith(OPENING) and reader.joins(raw, following, tokens[n - 1].group() if n else "")
        named = joins or span is not None or reader.is_name(bare(raw), first=first, following=following)
        if named and in_name and not raw.startswith(OPENING) and not (span is not None and start <= span[0]):
            runs[-1].append(raw)
        elif named:
            runs.append([raw])
        inside = span is not None and end < span[1]
        first = bool(ENDS.search(raw)) and not is_initial(raw) and not inside
        in_name = named and not first and (inside or not raw.endswith(CLOSING))
    return tuple(dict.fromkeys(name for run in runs if (name := bare(" ".join(run)))))


@dataclass(frozen=True)
class Reader:
    """What capitals say in a text: nothing where all words have one, and little in another language."""

    titled: bool
    foreign: bool
    capitals: bool

    @classmethod
    def of(cls, text: str) -> Reader:
        """For one text."""
        foreign = is_foreign(text)
        return cls(is_titled(text), foreign, foreign and has_nouns_in_capitals(text))

    def joins(self, raw: str, following: str, before: str) -> bool:
        """Does a word go on with the name in front of it?"""
        leads = not self.titled and raw in JOINING and following[:1].isupper()
        return is_initial(raw) or leads or (raw[:1].isupper() and is_initial(before))

    def is_name(self, token: str, *, first: bool, following: str) -> bool:
        """Does a word stand for somebody, some place, a brand, a number or a date?"""
        word = token.lower().removesuffix("'s").removesuffix("’s")
        if NO_NAME.fullmatch(token) or is_shouted(token):
            return False
        if NUMBER.search(token) or INNER.search(token):
            return any(c.isalnum() for c in token)
        if not token[:1].isupper() or word in LITTLE or len(word) < 2 or lexicon.number(word) is not None:
            return False
        if self.foreign:
            return not (self.capitals or first or self.titled)
        if word in MONTHS and not (first and word in {"may", "march"}):
            return True
        if self.titled or not first:
            return not self.titled or not is_common(word)
        return not is_common(word) or (
            following[:1].isupper() and len(bare(following)) > 1 and bare(following).lower() not in LITTLE
        )
