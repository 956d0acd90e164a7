"""What a reply is held against, and the small readings of text that guards share."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Literal

Shape = Literal["sentence", "prose", "line", "tags", "regions", "questions", "json"]
"""One sentence; sentences; one line of any kind; tags joined by commas; a line for each box; a line for each question with its
answer; a JSON object.
"""
ROWS: frozenset[Shape] = frozenset({"regions", "questions"})
"""Shapes of several lines."""
PROSE: frozenset[Shape] = frozenset({"sentence", "prose", "line"})


@dataclass(frozen=True)
class Wanted:
    """What was asked for, and what may stand in the reply.

    `rules` is the prompt's own text, `ids` those of the fact lines, `examples` captions of other pictures: no answer, all of it.
    `facts` are the fact lines; `values` what the facts say without ids of lines; `found` is the alt-text; `quotable` all that may
    stand between quotation marks; `boxes` those of the picture as a caption writes them.
    """

    shape: Shape = "prose"
    rules: str = ""
    ids: frozenset[str] = frozenset()
    facts: str = ""
    found: str = ""
    quotable: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    boxes: frozenset[str] = frozenset()
    values: tuple[str, ...] = ()

    @cached_property
    def known(self) -> str:
        """Everything that somebody wrote or read of the picture."""
        return "\n".join((self.facts, self.found, *self.quotable))

    @cached_property
    def only_ids(self) -> frozenset[str]:
        """The ids of lines that are nothing else: what a fact or the found text says, as in "bus t1", may stand in a caption."""
        said = "\n".join((self.found, *self.quotable, *self.values)).casefold()
        return self.ids - frozenset(ID.findall(said))


ABBREVIATIONS = frozenset(
    "mr mrs ms dr st vs etc e.g i.e a.m p.m jr sr inc ltd co mt ft ave blvd rd prof gen col sgt capt lt approx dept".split()
)
END = re.compile(r"[.!?…][\"”’')\]]*(?=\s|$)")
INITIALS = re.compile(r"(?:[A-Za-z]\.)*[A-Z]")
QUOTED = re.compile(r"\"([^\"\n]{1,400})\"|“([^”\n]{1,400})”|(?<!\w)[‘']([^'’\n]{2,200})[’'](?!\w)")
"""What stands between quotation marks; an apostrophe has a letter in front."""
ID = re.compile(r"(?<![\w-])[a-z]\d{1,3}[a-z]?(?![\w-])")
"""An id of a line."""
WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")


def sentences(text: str) -> list[str]:
    """The sentences of a text, each with its end mark; the last one may lack it. Abbreviations and initials end none."""
    found, start = [], 0
    for match in END.finditer(text):
        rest = text[match.end() :].lstrip()
        if rest and (rest[0].islower() or (text[match.start()] == "." and _abbreviated(text[start : match.start()]))):
            continue
        found.append(text[start : match.end()].strip())
        start = match.end()
    return [*found, *filter(None, [text[start:].strip()])]


def _abbreviated(before: str) -> bool:
    last = before.split()[-1].lstrip("(\"“'") if before.split() else ""
    return last.lower() in ABBREVIATIONS or bool(INITIALS.fullmatch(last))


def ended(sentence: str) -> bool:
    """Does it have its end mark?"""
    return any(match.end() == len(sentence) for match in END.finditer(sentence))


def quotations(text: str) -> list[str]:
    """What a text puts between quotation marks."""
    return ["".join(filter(None, match.groups())) for match in QUOTED.finditer(text)]


def unquoted(text: str) -> str:
    """The text without what it quotes."""
    return QUOTED.sub(" ", text)


def words(text: str) -> list[str]:
    """The words of a text in lower case."""
    return [word.casefold() for word in WORD.findall(text)]


def collapsed(text: str) -> str:
    """A text with one blank for several, and one empty line: no pattern has to run over thousands of them again and again."""
    return re.sub(r"\n{3,}", "\n\n", "\n".join(" ".join(line.split()) for line in text.splitlines()))


def capital(text: str) -> str:
    """With a capital letter in front."""
    return text[:1].upper() + text[1:]


@lru_cache(maxsize=64)
def runs(text: str, length: int) -> frozenset[tuple[str, ...]]:
    """All runs of so many words in a text."""
    own = words(text)
    return frozenset(tuple(own[i : i + length]) for i in range(len(own) - length + 1))
