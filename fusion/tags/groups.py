"""The group of a tag, from its words: the table, the head word, the hierarchy of the lexicon, and the shape of names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from fusion.errors import InputError
from fusion.lexicon.inflection import base, singular
from fusion.lexicon.kinds import Kinds, vocabulary
from fusion.lexicon.senses import others
from fusion.lexicon.words import is_mainly
from fusion.tags.words import (
    ACTIONS,
    ADDED,
    APPEARING,
    FIRST,
    FRANCHISES,
    GROUPS,
    HANDLED,
    HEADS,
    KINDS,
    PLACE_ENDS,
    PLACE_STARTS,
    POSTURES,
    QUALIFIERS,
    TITLES,
)

PREPOSITIONS = frozenset(
    "on in of with from to at under over behind between around against through above across near out into by inside "
    "outside without off as while for".split()
)
_KINDS = Kinds(KINDS)
_NAMES = frozenset(GROUPS)
_QUALIFIED = re.compile(r"^(.+?) ?\(([^()]+)\)$")
_COUNT = re.compile(
    r"^(?:\d+\+?|multiple|several|many|two|three|four|five|six) ?(?:girl|boy|other|people|person|m[ae]n|wom[ae]n|child|kid)"
)
_VIEW = re.compile(r"^from (?:above|below|behind|outside|inside|side|afar|the)\b")
_NUMERAL = re.compile(r"^(?:[ivx]{2,}|v|\d+|\d+/\d+.*|x\d?)$")
_NUMBERED = re.compile(r"^\d+\+? ?([a-z]{3,})$")
_YEAR = re.compile(r"^(?:1\d|20)\d\ds?$")
_FIREARM = re.compile(r"^[a-z]{1,4}-?\d{1,4}[a-z]?\d?$")
_STARTS = frozenset(name.replace("_", " ") for name in FRANCHISES)
_FACE = re.compile(r">?[:;=]\S{1,2}|\S{1,2}[:;=]|(\S)[_.]\1|[^\w\s]{2,5}|[^\w\s]_[^\w\s]")
_EMOTICON_LONGEST = 5


def fold(tag: str) -> str:
    """A tag as it is compared: lower case, words apart by single spaces, without space at the ends."""
    return " ".join(tag.lower().replace("_", " ").split()) if len(tag) > _EMOTICON_LONGEST else _short(tag)


def _short(tag: str) -> str:
    return tag.strip().lower() if is_emoticon(tag) else " ".join(tag.lower().replace("_", " ").split())


@lru_cache(maxsize=1 << 12)
def is_emoticon(tag: str) -> bool:
    """A face made of signs: ":d", "^_^", ";)", "o_o"."""
    return _FACE.fullmatch(tag.strip()) is not None


def group_of(tag: str, table: Mapping[str, str] | None = None) -> str:
    """The group of a tag, one of `GROUPS`, which are those of image boards' wikis.

    What no word of it tells is taken for a name: of a place where it is known or built like one ("locations"), else one word
    for that of a figure ("creatures"), several for that of a work ("video games").

    `table`, a group by tag, goes before everything else.
    """
    text = fold(tag)
    found = (table.get(text) or table.get(tag)) if table else None
    return found or _group(text)


def known_groups(table: Mapping[str, str]) -> dict[str, str]:
    """A user's table by folded tag.

    Raises:
        InputError: a group that does not exist, or two groups for one tag.
    """
    found: dict[str, str] = {}
    for tag, group in table.items():
        if group not in _NAMES:
            raise InputError(f"tag {tag!r}: expected one of the groups, got {group!r}", hint=f"groups are: {', '.join(GROUPS)}")
        if found.setdefault(fold(tag), group) != group:
            raise InputError(f"tag {tag!r}: expected one group, got {found[fold(tag)]!r} and {group!r}")
    return found


def parts(text: str) -> tuple[list[str], ...]:
    """The words of a folded tag, in front of and behind its first preposition: "hat", "on", "head" makes two parts."""
    words = text.split(" ")
    at = next((i for i, word in enumerate(words) if i and word in PREPOSITIONS), 0)
    return (words[:at], words[at + 1 :]) if 0 < at < len(words) - 1 else (words,)


@lru_cache(maxsize=1 << 16)
def head(text: str) -> str:
    """The noun that a folded tag is about, in the singular: "skirt" of "black skirt", "dress" of "dress lift"."""
    qualified = _QUALIFIED.match(text)
    words = parts(qualified[1] if qualified else text)[0]
    while len(words) > 1 and words[-1] in ACTIONS:
        words = words[:-1]
    for at in range(len(words) - 1):
        if at < len(words) - 1 and " ".join(words[at:]) in vocabulary():
            return singular(" ".join(words[at:]))
    return singular(words[-1])


@lru_cache(maxsize=1 << 16)
def _group(text: str) -> str:
    if is_emoticon(text):
        return "body"
    if found := _by_pattern(text):
        return found
    if qualified := _QUALIFIED.match(text):
        return _by_qualifier(*qualified.groups())
    words = text.split(" ")
    return _titled(text, words) or _place(words) or phrase(words) or ("video games" if len(words) > 1 else "creatures")


def _by_pattern(text: str) -> str:
    if _COUNT.match(text):
        return "groups"
    if _VIEW.match(text):
        return "image composition"
    if _YEAR.match(text):
        return "dates"
    if numbered := _NUMBERED.match(text):
        return _word(numbered[1])
    if text.startswith(("alternate ", "what if ", "if they ")) or text.endswith(("ification", "ization")):
        return "changes"
    return ""


def _by_qualifier(text: str, qualifier: str) -> str:
    if found := QUALIFIERS.get(qualifier):
        return found
    words = text.split(" ")
    return (_word(qualifier) if " " not in qualifier else "") or phrase(words) or "creatures"


def _titled(text: str, words: list[str]) -> str:
    """Names of works: a colon, a number at the end, an exclamation mark."""
    if ":" in text[1:] or text.endswith("!"):
        return "video games"
    if words[0] in FRANCHISES or any(" ".join(words[:n]) in _STARTS for n in (2, 3)):
        return "video games"
    if len(words) > 1 and words[-1] in TITLES:
        return "video games"
    if _FIREARM.match(text):
        return "weapons"
    if len(words) > 1 and (_NUMERAL.match(words[-1]) or "&" in words or "no" in words[1:-1]):
        return "video games"
    return ""


def _place(words: list[str]) -> str:
    """Names that are built as names of places are, of a word that the lexicon lacks: "mount fuji", "gotenburg"."""
    last = words[-1]
    if last in vocabulary() or singular(last) in vocabulary() or last in HEADS:
        return ""
    named = words[0] in PLACE_STARTS if len(words) == 2 else len(words) == 1 and len(last) > 6 and last.endswith(PLACE_ENDS)
    return "locations" if named else ""


def phrase(words: list[str]) -> str:
    """The group of a phrase; "" where its head is a word that nobody knows."""
    text = " ".join(words)
    if text in HEADS:
        return HEADS[text]
    if any(word in ADDED for word in words):
        return "image composition"
    return _joined(*apart) if len(apart := parts(text)) == 2 else _compound(words)


def _joined(left: list[str], right: list[str]) -> str:
    """ "goggles around neck", "hand on hat", "cat on shoulder"."""
    first, second = phrase(left), phrase(right)
    if first == "body" and second == "clothes":
        return "clothes"
    if second == "body" and first in {"creatures", "weapons", "objects", "verbs and gerunds", "elements", "locations"}:
        return "body"
    return first or second


def _compound(words: list[str]) -> str:
    if len(words) == 1:
        return _word(words[0])
    first, last = words[0], words[-1]
    if first == "no":
        found = _compound(words[1:])
        return "changes" if found == "clothes" else found
    if first in FIRST:
        return FIRST[first]
    pair = " ".join(words[-2:])
    if pair in HEADS:
        return HEADS[pair]
    if _word(last) not in {"body", "clothes"} and (found := _kind(" ".join(words), whole=True)):
        return found
    return _by_verb(words) or _by_head(words)


def _by_verb(words: list[str]) -> str:
    """Phrases that say what somebody does, or what is done to a thing."""
    first, last = words[0], words[-1]
    if first in POSTURES:
        return "body"
    if first in APPEARING and (found := _compound(words[1:])):
        return found
    if first in HANDLED:
        return _compound(words[1:]) or "verbs and gerunds"
    if first.endswith("ing") and is_verb(first) and last != "clothes":
        found = _compound(words[1:])
        return found if found in {"clothes"} else "verbs and gerunds"
    if last in ACTIONS or (last.endswith("ed") and last not in HEADS and is_verb(last)):
        return _compound(words[:-1])
    return ""


def _by_head(words: list[str]) -> str:
    last = words[-1]
    if last in {"girl", "boy", "man", "woman"}:
        found = _compound(words[:-1])
        return found if found in {"creatures", "jobs"} else "groups"
    return _word(last)


@lru_cache(maxsize=1 << 15)
def _word(word: str) -> str:
    """The group of one word; a joined one is what its last part is."""
    one = singular(word)
    found = HEADS.get(word) or HEADS.get(one)
    if found:
        return found
    if word.endswith("ing") and is_verb(word):
        return "body" if word in POSTURES else "verbs and gerunds"
    if found := _kind(word):
        return found
    if "-" in word:
        return _word(word.rpartition("-")[2])
    return _suffix(word) or _other_part(word)


@lru_cache(maxsize=1 << 15)
def _kind(word: str, *, whole: bool = False) -> str:
    """What the hierarchy says: fruit and fish are food and creatures before they are plants and food."""
    found = _KINDS.all(word, whole=whole)
    if not found:
        return ""
    if found[0] in {"food", "plants"} and "creatures" in found:
        return "creatures"
    if found[0] == "plants" and "food" in found and not is_mainly(word, "flower"):
        return "food"
    return found[0]


def _other_part(word: str) -> str:
    """Words that are no nouns: an adjective says how somebody feels or looks, a verb what is done."""
    if word.endswith("ing") and len(word) > 5:
        return "verbs and gerunds"
    if word.endswith(("man", "woman")):
        return "jobs"
    if word in vocabulary() and others(word, "adj"):
        return "body"
    return "verbs and gerunds" if is_verb(word) else ""


def _suffix(word: str) -> str:
    """The head of two words written as one: "greatsword", "treehouse". Both parts must be words."""
    words, word = vocabulary(), singular(word)
    for at in range(3, len(word) - 2):
        if word[:at] in words and (found := HEADS.get(word[at:]) or (word[at:] in words and _KINDS.of(word[at:]))):
            return found
    return ""


@lru_cache(maxsize=1 << 14)
def is_verb(word: str) -> bool:
    """A form of a verb, such as one in -ing."""
    form = base(word)
    return form in vocabulary() and bool(others(form, "verb"))
