"""Finds names, numbers, dates and brands in alt-text, by shape and place, and by what the lexicon does not know."""

from __future__ import annotations

import re

from fusion import lexicon
from fusion.lexicon.senses import others

NUMBER = re.compile(r"\d")
INNER = re.compile(r"[a-z][A-Z]|^[A-Z][\w]*\d|^\d+[A-Z]")
ENDS = re.compile(r"[.!?:|]$|^[–—|-]$")
TITLED = 0.6
"""Share of words with a capital from which capitals say nothing."""
LITTLE = frozenset(
    "the a an and or of in on at for with to by from is are this my your our i it new how what why you he she they we his "
    "her their its me us across near inside about after before when where this these those all".split()
)
JOINING = frozenset({"of", "de", "la", "van", "von", "der", "du", "di", "da", "and", "&"})
MONTHS = frozenset(
    "january february march april may june july august september october november december jan feb mar apr jun jul aug sep sept "
    "oct nov dec monday tuesday wednesday thursday friday saturday sunday".split()
)


def find_names(text: str) -> tuple[str, ...]:
    """Names, numbers, dates and brands as they stand in a text, in order, each once."""
    titled, words = is_titled(text), text.split()
    runs: list[list[str]] = []
    in_name, first = False, True
    for n, raw in enumerate(words):
        token, following = bare(raw), words[n + 1] if n + 1 < len(words) else ""
        joins = in_name and not raw.startswith(("(", '"', "[")) and (is_initial(raw) or (not titled and leads_on(raw, following)))
        joins |= in_name and token[:1].isupper() and is_initial(words[n - 1])
        named = joins or is_name(token, first=first, titled=titled, following=following)
        if named and in_name and not raw.startswith(("(", '"', "[")):
            runs[-1].append(raw)
        elif named:
            runs.append([raw])
        first = bool(ENDS.search(raw)) and not is_initial(raw)
        in_name = named and not first and not raw.endswith((",", ";", ")", '"', "]"))
    return tuple(dict.fromkeys(name for run in runs if (name := bare(" ".join(run)))))


def bare(token: str) -> str:
    """Without the marks around it."""
    return token.strip("\"'()[]{}“”‘’«».,;:!?|*~–—-")


def is_initial(raw: str) -> bool:
    """ "Margaret L. Carter": the "L."."""
    return len(raw) == 2 and raw[0].isupper() and raw[1] == "."


def leads_on(raw: str, following: str) -> bool:
    """ "Sea of Marmara", "Cirque du Soleil": a little word inside a name."""
    return raw in JOINING and following[:1].isupper()


def is_titled(text: str) -> bool:
    """Do most words begin with a capital, as in titles, so that a capital marks no name?"""
    words = [w for w in text.split() if w[:1].isalpha()]
    return bool(words) and sum(w[:1].isupper() for w in words) > TITLED * len(words)


def is_name(token: str, *, first: bool, titled: bool, following: str) -> bool:
    """Does a word stand for somebody, some place, a brand, a number or a date?"""
    word = token.lower().removesuffix("'s").removesuffix("’s")
    if NUMBER.search(token) or INNER.search(token):
        return any(c.isalnum() for c in token)
    if not token[:1].isupper() or word in LITTLE or len(word) < 2:
        return False
    if word in MONTHS and not (first and word in {"may", "march"}):
        return True
    unknown = not is_common(word)
    if titled:
        return unknown
    return unknown or not first or (following[:1].isupper() and len(following) > 1 and not is_common(bare(following).lower()))


def is_common(word: str) -> bool:
    """Does the lexicon have the word, or its parts, other than as somebody's or some place's name alone?"""
    parts = [p for p in re.split(r"[-/&'’.]", word) if p]
    return all(lexicon.known(p) or p in LITTLE for p in parts)


NAMED = r"[A-ZÀ-Þ][\w'’-]*[a-zß-ÿ]"
DEEDS = (
    r"attends|attending|arriv(?:es|ing)|pos(?:es|ing)|perform(?:s|ing)|speak(?:s|ing)|celebrat(?:es|ing)|walk(?:s|ing)|looks? on|"
    r"play(?:s|ing)|wear(?:s|ing)|smil(?:es|ing)|sings|singing|hold(?:s|ing)|hits|hitting|reacts|run(?:s|ning)|throw(?:s|ing)|"
    r"stand(?:s|ing)|sit(?:s|ting)|shoots|shooting|sign(?:s|ing)|wav(?:es|ing)|giv(?:es|ing)|receiv(?:es|ing)|dribbles|puts up|"
    r"pitch(?:es|ing)|serves|returns|swings|swinging|jump(?:s|ing)|rid(?:es|ing)|addresses|crosses|kicks|kicking|wins"
)
BETWEEN = r"(?: \(\d+\)| #\d+| of (?:the )?[A-Z][\w-]*(?: [A-Z][\w-]*){0,3}| is| was){0,2}"
PERSON = re.compile(
    rf"(?:^|[-–—:.] |\b(?P<role>[a-z]+) )(?P<name>{NAMED}(?: (?:[A-Z]\.|(?:van|von|de|der|di|Di|De|Al|El)\b|{NAMED}\b)){{1,4}})"
    rf"(?! (?:and|&) [A-Z])(?P<deed>{BETWEEN} (?:{DEEDS})\b)?"
)
FEASTS = frozenset("christmas easter halloween thanksgiving".split())
PLACES = frozenset("los las san santa saint new fort north south east west el la le great mount lake".split())
"""Words that names of places begin with."""
GIVEN = frozenset("john jack guy wally victor dick bobby pat para bill".split())
"""Names of people, and little words of other languages, that the lexicon has as sorts of people."""
TITLES = frozenset("prince princess king queen pope saint lady lord mother".split())


def person_named(text: str) -> tuple[str, str]:
    """The one person that a text tells something of, and what it calls them: ("Dev Patel", "actor"); ("", "") if none or several.

    Somebody is told of whom it calls by what people are, else who does what people are photographed at.
    """
    called: dict[str, str] = {}
    doing: dict[str, str] = {}
    for match in PERSON.finditer(text):
        name, role = without_role(match.group("name"))
        before = match.group("role") or ""
        if " " not in name or is_known_name(name) or is_thing(name.split()[-1]):
            continue
        if is_role(before) or (role and (match.group("deed") or not is_titled(text))):
            called.setdefault(name, before if is_role(before) else role)
        elif match.group("deed") and before in {"", "and"}:
            doing.setdefault(name, "")
    found = called or doing
    return next(iter(found.items())) if len(found) == 1 else ("", "")


def without_role(name: str) -> tuple[str, str]:
    """ "Head Coach Geno Auriemma" is Geno Auriemma, a coach; "Ipswich's Alan Lee" is Alan Lee."""
    words = name.split()
    for n in range(len(words) - 2, 0, -1):
        role = words[n - 1].lower()
        if words[n - 1].endswith(("'s", "’s")) or (is_role(role) and role not in TITLES and not is_initial(words[n])):
            return " ".join(words[n:]), role if is_role(role) else ""
    return name, ""


def is_role(word: str) -> bool:
    """Does the word say what somebody is: "actor", "striker"?"""
    small = word.lower()
    if small in GIVEN or lexicon.singular(small) != small or others(small, "adj"):
        return False
    return small == "coach" or "person" in lexicon.main_category(small)


def is_thing(word: str) -> bool:
    """Does the lexicon have it as something other than a person: the "Terrier" of a name?"""
    kinds = lexicon.main_category(word.lower())
    return bool(kinds & {"animal", "artifact", "food", "plant", "place"}) and lexicon.known(word)


def is_known_name(name: str) -> bool:
    """Are all its words in the lexicon, so that it may be anything: "Los Angeles", "Merry Christmas"?"""
    words = name.lower().split()
    return words[0] in PLACES or all(is_common(word) or word in FEASTS for word in words) or lexicon.known(name)
