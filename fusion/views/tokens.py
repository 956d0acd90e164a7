"""Sentences and words of a text by rules of writing, without a parser, and a text put together again without some of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from fusion.facts import Claim

WORD = re.compile(r"\w+(?:['’-]\w+|[.,]\d+)*|[^\w\s]")
END = re.compile(r"[.!?]+[\"”’)\]]*(?=\s|$)|\n+")
QUOTED = re.compile(r"[\"“”«][^\"“”«»]{1,200}[\"“”»]|(?<!\w)['‘][^'‘’]{2,200}['’](?!\w)")
ABBREVIATIONS = frozenset("mr mrs ms dr st no vs jr sr prof mt ft etc e.g i.e approx".split())
CLOSING = frozenset(".,;:!?)]”’")
OPENING = frozenset("([“‘")


@dataclass(frozen=True)
class Token:
    """A word or sign: its place in the caption, the word as it stands, and in lower case."""

    start: int
    end: int
    text: str
    lower: str


@dataclass(frozen=True)
class Sentence:
    """A sentence with its words and the claims that it makes; `end` is behind the blanks that follow it."""

    start: int
    end: int
    tokens: tuple[Token, ...]
    claims: tuple[Claim, ...]
    covers: tuple[tuple[Claim, ...], ...]
    quoted: tuple[bool, ...]

    def places(self, claim: Claim) -> range:
        """Where in `tokens` the words of a claim stand."""
        first = next((n for n, t in enumerate(self.tokens) if t.end > claim.span[0]), 0)
        last = first
        while last + 1 < len(self.tokens) and self.tokens[last + 1].start < claim.span[1]:
            last += 1
        return range(first, last + 1)


def sentences(text: str, claims: Sequence[Claim], whole: bool = False) -> Iterator[Sentence]:
    """The sentences of a caption, all of its text divided among them; with `whole` it is one."""
    quotes = [found.span() for found in QUOTED.finditer(text)]
    spans = [claim.span for claim in claims]
    start = 0
    for end in [*([] if whole else ends(text, quotes, spans)), len(text)]:
        if end > start:
            yield sentence(text, start, end, claims, quotes)
            start = end


def ends(text: str, quotes: Sequence[tuple[int, int]], spans: Sequence[tuple[int, int]]) -> Iterator[int]:
    """Where the next sentence begins, behind the blanks."""
    for found in END.finditer(text):
        before = text[: found.start()].rsplit(None, 1)[-1:] or [""]
        word = before[0].lower().strip("(\"'“")
        short = found.group() == "." and (word in ABBREVIATIONS or (len(word) == 1 and word.isalpha() and before[0].isupper()))
        at = found.end()
        inside = any(a < found.start() < b - 1 for a, b in (*quotes, *spans))
        while at < len(text) and text[at].isspace():
            at += 1
        if not short and not inside and at < len(text) and not (text[at].islower() and "\n" not in found.group()):
            yield at


def sentence(text: str, start: int, end: int, claims: Sequence[Claim], quotes: Sequence[tuple[int, int]]) -> Sentence:
    """One sentence of a caption."""
    found = WORD.finditer(text, start, end)
    tokens = tuple(Token(m.start(), m.end(), m.group(), m.group().lower()) for m in found)
    own = tuple(c for c in claims if start <= c.span[0] < end)
    covers = tuple(tuple(c for c in own if c.span[0] < t.end and t.start < c.span[1]) for t in tokens)
    quoted = tuple(any(a <= t.start < b for a, b in quotes) for t in tokens)
    return Sentence(start, end, tokens, own, covers, quoted)


@dataclass
class Draft:
    """Changes to a sentence, by the places of its words.

    `gone` are words that go, `said` words said otherwise, `front` is what stands in front of a word in place of a blank,
    `lead` an article in front of a word that had none.
    """

    gone: set[int] = field(default_factory=set)
    said: dict[int, str] = field(default_factory=dict)
    front: dict[int, str] = field(default_factory=dict)
    lead: dict[int, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.gone or self.said or self.front or self.lead)


@dataclass(frozen=True)
class Rendered:
    """A sentence put together, without blanks behind it, and where its words stand in it now, by their old place."""

    text: str
    places: dict[int, tuple[int, int]]


def render(text: str, sentence: Sentence, draft: Draft) -> Rendered:
    """The sentence with the changes made; what did not change keeps every character."""
    out: list[str] = []
    length = 0
    places: dict[int, tuple[int, int]] = {}
    last = -1
    for n, token in enumerate(sentence.tokens):
        if n in draft.gone:
            continue
        before = sentence.tokens[n - 1].end if n else sentence.start
        joined = token.text in CLOSING or (last >= 0 and sentence.tokens[last].text in OPENING)
        gap = text[before : token.start] if last == n - 1 else "" if joined else " "
        if last < 0:
            gap = ""
        gap = draft.front.get(n, gap)
        word = draft.said.get(n, token.text)
        gap += draft.lead.get(n, "")
        if last < 0 and n and word[:1] == " ":
            word = word.lstrip()
        places[n] = (length + len(gap), length + len(gap) + len(word))
        out += (gap, word)
        length += len(gap) + len(word)
        last = n
    made = "".join(out)
    first = next((token.text for token in sentence.tokens if token.text[0].isalnum()), "")
    at = next((n for n, sign in enumerate(made) if sign.isalnum()), 0)
    if first[:1].isupper() and made[at : at + 1].islower() and len(made[at].upper()) == 1:
        made = made[:at] + made[at].upper() + made[at + 1 :]
    return Rendered(made, places)
