"""Finds people in alt-text by how they are named: a rank, a given name, an initial; and the one person that a text tells of."""

from __future__ import annotations

import re
from collections.abc import Iterator

from fusion import lexicon
from fusion.alt_text.words import bare, is_common, is_foreign, is_initial, is_titled
from fusion.lexicon.senses import others

__all__ = ["person_named", "person_spans", "persons"]

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
FIRST_NAMES = frozenset(
    "aaron adam alan albert alex alexander alice amanda amy andrea andrew andy angela ann anna anne anthony antonio arthur "
    "ashley barack barbara ben benjamin beth betty brad brian bruce bryan carl carlos carol caroline catherine charles charlie "
    "chris christian christina christine christopher cindy claire claudia craig cristiano daniel danny dave david dean deborah "
    "dennis diana diane donald donna doris dorothy doug douglas edward eileen elena elizabeth ellen emily emma eric erin ethan "
    "eugene evelyn frances frank fred gary george gerald gloria gordon grace greg gregory harold harry heather helen henry "
    "howard ian isabel jacob jake james jamie jane janet jason jean jeff jennifer jeremy jerry jessica jim jimmy joe "
    "john johnny jonathan jorge jose joseph joshua juan judith judy julia julie justin karen karl kate katherine kathleen kathy "
    "keith kelly ken kenneth kevin kim kyle larry laura lauren lee leonard leonardo linda lisa louis lucas lucy luis luke marcus "
    "margaret maria marie marilyn mario mark martha martin mary matt matthew maurice megan melissa meryl michael michelle miguel "
    "mike nancy natalie nathan neil nicholas nick nicole noah oliver olivia oscar pamela patricia patrick paul pedro peter "
    "philip phil rachel ralph raymond rebecca richard robert roger ronald roy russell ruth ryan sam samantha samuel sandra sara "
    "sarah scott sean serena sharon shirley simon sophia sophie stephanie stephen steve steven stuart susan taylor teresa thomas "
    "tim timothy tina todd tom tony tyler vanessa vincent virginia walter wayne wendy william yuri zoe".split()
)
"""Usual given names (first names of the census of the United States of 1990, ambiguous words left out)."""
RANKS = frozenset(
    "admiral archbishop bishop brigadier cardinal captain chancellor colonel commander commodore corporal dame dr duchess duke "
    "earl emperor empress general governor judge king lady lieutenant lord major marshal mayor miss mr mrs ms pope president "
    "prince princess prof professor queen rabbi rear saint senator sergeant sir vice actor actress singer astronaut chef coach "
    "author secretary justice".split()
)
"""What stands in front of a name and belongs to it."""
RUN = re.compile(r"[A-ZÀ-Þ][\w'’-]*\.?(?: (?:[A-Z]\.|(?:van|von|de|der|di|la)(?= [A-Z])|[A-ZÀ-Þ][\w'’-]*))+")
TITLES = frozenset("prince princess king queen pope saint lady lord mother".split())


def person_spans(text: str) -> Iterator[tuple[int, int]]:
    """Where people are named, half-open: behind ranks, by a given name, or with an initial; not "Michael Kors Bag"."""
    for match in RUN.finditer(text) if not is_foreign(text) else ():
        words = match.group().split()
        ranks = 0
        while ranks < len(words) and bare(words[ranks]).lower() in RANKS:
            ranks += 1
        start = next((n for n in range(ranks, len(words)) if words[n].lower() in FIRST_NAMES), ranks)
        name = words[start:]
        given = bool(name) and name[0].lower() in FIRST_NAMES
        initial = len(name) > 2 and is_initial(name[1])
        if start and not ranks and not all(bare(w).lower() in RANKS or is_role(w) for w in words[:start]):
            continue
        if not (given or initial or (ranks and name and not all(is_common(bare(w).lower()) for w in name))):
            continue
        while len(name) > 2 and is_thing(bare(name[-1])) and not initial and not ranks:
            name.pop()  # "Michael Kors" of a "Michael Kors Bag"
        if (len(name) > 1 or ranks) and len(name) < 5:
            yield match.start(), match.start() + len(" ".join(words[: start + len(name)]))


def persons(text: str) -> list[str]:
    """The people that a text names, each once, with their ranks; a "Michael Kors Bag" is nobody."""
    spans = [s for s in person_spans(text) if not re.match(r" [A-Z]", text[s[1] :])]
    return list(dict.fromkeys(bare(text[start:end]) for start, end in spans))


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
