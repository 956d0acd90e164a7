"""What a reply is held against, and the small readings of text that guards share."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Literal

from fusion import lexicon
from fusion.language.detect import FUNCTION_WORDS

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

    `rules` is the prompt's own text, `again` that of a second try, `ids` those of the fact lines, `examples` captions of other
    pictures: no answer, all of it. `facts` are the fact lines; `values` what the facts say without ids of lines; `found` is the
    alt-text, `names` what may be taken from it; `quotable` all that may stand between quotation marks; `boxes` those of the
    picture as a caption writes them.
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
    names: tuple[str, ...] = ()
    again: str = ""

    @cached_property
    def known(self) -> str:
        """Everything that somebody wrote or read of the picture."""
        return "\n".join((self.facts, self.found, *self.quotable))

    @cached_property
    def only_ids(self) -> frozenset[str]:
        """The ids of lines that are nothing else: what a fact or the found text says, as in "bus t1", may stand in a caption."""
        said = "\n".join((self.found, *self.quotable, *self.values)).casefold()
        return self.ids - frozenset(ID.findall(said))

    @cached_property
    def told(self) -> str:
        """What the model was told of the picture: fact lines without what kind of line they are, the alt-text, its names."""
        return "\n".join((LABEL.sub("", self.facts), self.found, *self.names))

    @cached_property
    def content(self) -> tuple[str, ...]:
        """The words of what was told that say something, in lower case, each once."""
        return tuple(dict.fromkeys(content_words(self.told)))

    @cached_property
    def heard(self) -> frozenset[str]:
        """The roots of these words."""
        return lexicon.rooted(self.content)

    @cached_property
    def everything_said(self) -> frozenset[str]:
        """All words of facts and alt-text, in lower case, told or not."""
        return frozenset(LETTERS.findall("\n".join((self.known, *self.values, *self.names)).lower()))

    @cached_property
    def written(self) -> dict[str, str]:
        """How words are written in what was told, by their lower case: as names only where that is how they always stand."""
        forms: dict[str, str] = {}
        for found in WORD.finditer(self.told):
            word, small = found[0], found[0].casefold()
            begins = OPENING.match(self.told, max(0, found.start() - 2), found.start()) is not None or found.start() == 0
            if small not in EMPTY and not (begins and lexicon.known(small)):
                forms[small] = word if word == small else forms.get(small, word)
        return forms


ABBREVIATIONS = frozenset(
    "mr mrs ms dr st vs etc e.g i.e a.m p.m jr sr inc ltd co mt ft ave blvd rd prof gen col sgt capt lt approx dept".split()
)
END = re.compile(r"[.!?…][\"”’')\]]*(?=\s|$)")
INITIALS = re.compile(r"(?:[A-Za-z]\.)*[A-Z]")
QUOTED = re.compile(r"\"([^\"\n]{1,400})\"|“([^”\n]{1,400})”|(?<!\w)[‘']([^'’\n]{2,200})[’'](?!\w)")
"""What stands between quotation marks; an apostrophe has a letter in front."""
ID = re.compile(r"(?<![\w-])[a-z]\d{1,3}[a-z]?(?![\w-])")
"""An id of a line."""
OPENING = re.compile(r".?[\n\"“]|[.!?:]\s", re.DOTALL)
"""What stands in front of a word that has its capital from its place."""
WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
LETTERS = re.compile(r"[^\W\d_]+")
LABEL = re.compile(r"^(?:[a-z]+|text on [a-z]\d{1,3}[a-z]?|said by [^:\n]{1,80}):", re.MULTILINE)
"""What kind of line it is."""
ADDRESS = re.compile(r"\b(?:https?://|www\.)\S+|[\w-]+\.(?:jpe?g|png|gif|webp|svg)\b", re.IGNORECASE)
"""Addresses and names of files, whose words say nothing."""
FEWEST_SAID = 3
EMPTY = FUNCTION_WORDS | frozenset(
    "also very just only more most many several few other another each both all some any every will would can could should may "
    "might must do does did done say says said see sees seen show shows shown yes no ok okay sure image images picture pictures "
    "caption captions thing things something object objects item items s t re ll ve d m".split()
)
"""Words that any reply may hold, whatever it is about."""


def sentences(text: str) -> list[str]:
    """The sentences of a text, each with its end mark; the last one may lack it. Abbreviations and initials end none."""
    found, start = [], 0
    for match in END.finditer(text):
        rest = text[match.end() :].lstrip()
        if rest and (rest[0].islower() or (text[match.start()] == "." and is_abbreviated(text[start : match.start()]))):
            continue
        found.append(text[start : match.end()].strip())
        start = match.end()
    return [*found, *filter(None, [text[start:].strip()])]


def is_abbreviated(before: str) -> bool:
    """Is the full stop behind this text that of an abbreviation or an initial?"""
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


def content_words(text: str) -> list[str]:
    """The words of a text that say something, in lower case: no little words, no numbers, no addresses."""
    found = LETTERS.findall(ADDRESS.sub(" ", text).lower())
    return [word for word in found if len(word) > 1 and word not in EMPTY and lexicon.number(word) is None]


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


@lru_cache(maxsize=64)
def said_in(text: str) -> frozenset[tuple[str, ...]]:
    """The sentences of a text as their words; those of fewer than three could be anybody's."""
    found = (tuple(words(one)) for line in text.splitlines() for one in sentences(line))
    return frozenset(one for one in found if len(one) >= FEWEST_SAID)
