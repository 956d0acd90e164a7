"""Takes alt-text over into captions that were made from facts alone.

Nobody saw what it says. So it stands beside the sentence as a quotation, and only a person's name goes into the sentence, where
both speak of one person.
"""

from __future__ import annotations

import re

from fusion import lexicon
from fusion.alt_text import is_titled, person_named, persons
from fusion.alt_text.agreement import content, forms
from fusion.alt_text.names import MONTHS
from fusion.alt_text.persons import FIRST_NAMES, RANKS
from fusion.alt_text.words import is_common
from fusion.write.brief import Brief
from fusion.write.found import Found

WORKS = frozenset(
    "painting poster cover album book magazine drawing print illustration engraving etching artwork sculpture movie film game "
    "comic cartoon mural sketch postcard map logo novel dvd".split()
)
"""What has a title."""
LONG = 14
"""Words from which alt-text is no title in front of a sentence."""
TELLING = re.compile(
    r"[a-z,;)] (?:is|are|was|were|has|have|had|will|can|shows?|[a-z]{3,}(?:ed|es)|with|in|on|at|during|of) [a-z0-9]"
)
ENDED = (".", "!", "?", "…")
SENTENCE_END = re.compile(r"[.!?]\s+(?=[A-Z\"])")
SOMEBODY = re.compile(r"(?P<article>An?|The) (?:[a-z-]+ ){0,3}?(?P<noun>[a-z]+)(?P<rest>[ ,.].*)$")
PLACED = re.compile(
    r"[\w),'’] (?P<how>in|at|near) (?P<name>(?:the )?[A-ZÀ-Þ][\w'’-]*(?:,? (?:(?:of|de|la|the) (?=[A-ZÀ-Þ]))?[A-ZÀ-Þ][\w'’-]*)*)"
    r"(?:,? (?:in )?(?P<year>1[5-9]\d\d|20\d\d))?\.?$"
)
"""A place, and perhaps a year, as the end of an alt-text."""
NUMBER = re.compile(r"\d+")
FRAMED = re.compile(r"^(?:The picture shows|There (?:is|are)) | (?:is|are) in the picture(?=\.$)")
FRAME = frozenset("picture image photo view scene show shows shown see seen captioned there one can".split())
"""Words of captions that say nothing of what is there."""
ARTICLES = ("a", "an", "the")
NAME_WITHIN = re.compile(r" [A-ZÀ-Þ]")
ROLES = frozenset("actor actress singer astronaut chef coach author".split())
"""What stands in front of a name in alt-text, and is said with an article in a sentence."""
LINKING = ("is", "was", "has")
FINITE = frozenset(
    "is are was were am be been being has have had do does did can could will would may might must shall should".split()
)
"""Forms that make a sentence of a phrase and that no noun looks like."""


def retold(text: str, brief: Brief, *, quoting: bool = True) -> str:
    """A caption of a brief with what its alt-text adds; the caption itself where the two do not speak of the same.

    Without `quoting` names go into the sentence, and nothing beside it: another caption of the picture quotes the alt-text.
    """
    found, form = brief.found, brief.form.form
    if found is None or found.agrees is not True or not text or found.text.lower() in text.lower():
        return text
    named = woven(unframed(text), found)
    named = text if named == unframed(text) else named
    longer = named if not brief.characters or len(named) <= brief.characters else text
    if form == "sentence":
        return named
    if not found.adds_to(form) or not quoting:
        return longer if form == "alt" else text
    single = not SENTENCE_END.search(text)
    if single and adds_nothing(found.text, named):
        return longer
    if form == "paragraph":
        return captioned("A view.", found) if single and adds_nothing(text, found.text) else in_full(text, found)
    return longer if single and adds_nothing(text, found.text) else beside(longer, found, brief.characters)


def unframed(text: str) -> str:
    """Things without the verb that makes a sentence of them: "two dogs are in the picture" is "two dogs"."""
    words = FRAMED.sub("", text)
    return words[:1].upper() + words[1:] if words != text and not SENTENCE_END.search(text) else text


def adds_nothing(one: str, other: str) -> bool:
    """Does a text say nothing that another one does not say: are all its words, whatever their form, in the other?"""
    known = {form for word in content(other) for form in forms(word)}
    return set(NUMBER.findall(one)) <= set(NUMBER.findall(other)) and all(
        word in FRAME or not known.isdisjoint(forms(word)) for word in content(one)
    )


def woven(text: str, found: Found) -> str:
    """One sentence with the name of its one person, and the place and the year that the alt-text ends with."""
    named = introduced(text, found)
    if SENTENCE_END.search(text) or not found.shared or NAME_WITHIN.search(text):
        return named
    place = PLACED.search(found.text)
    if place is None or place["name"].split()[0].lower() in MONTHS or not is_name_of(place["name"], found):
        return named
    where = f", {place['how']} {place['name']}" + (f", {place['year']}" if place["year"] else "")
    return named if place["name"].casefold() in named.casefold() else f"{named.rstrip('.')}{where}."


def is_name_of(words: str, found: Found) -> bool:
    """Are these words a whole name in the alt-text, or several that commas part: "Trier, Germany"?"""
    return all(any(part == name or part in name for name in found.names) for part in words.split(", "))


def in_full(text: str, found: Found) -> str:
    """All of the alt-text, with its caption: as a sentence of its own, as a title in front, or as the title of a work."""
    if len(SENTENCE_END.findall(text)) > 0 or not found.shared:
        return f"{text} {sentence(found.text)}"
    if is_telling(found.text):
        return captioned(text, found) if is_phrase(text) else f"{text} {sentence(found.text)}"
    if is_work(text):
        return f"{text.rstrip('.')}, titled {quoted(found.text)}."
    return f"{quoted(found.text)}: {inside(text)}"


def beside(text: str, found: Found, most: int) -> str:
    """Caption and alt-text in another order than in full, where both fit; else the caption alone."""
    single = not SENTENCE_END.search(text)
    if not single or is_telling(found.text):
        longer = f"{quoted(found.text)}: {inside(text)}" if single and found.shared else text
    elif not found.shared:
        longer = f"{quoted(found.text)}. {text}"
    elif is_work(text):
        longer = f"{quoted(found.text)}: {inside(text)}"
    elif is_phrase(text):
        longer = captioned(text, found)
    else:
        longer = f"{text.rstrip('.')} ({quoted(found.text)})."
    return longer if not most or len(longer) <= most else text


def captioned(text: str, found: Found) -> str:
    """ "A watch with a black dial, captioned "Casio Edifice"." """
    return f"{text.rstrip('.')}, captioned {quoted(found.text)}."


def is_phrase(text: str) -> bool:
    """Has the caption no verb of its own: "a watch with a black dial"? A word that could be one counts as one."""
    words = [word.strip(".,").lower() for word in text.split()]
    return not any(word in FINITE or (word.endswith("s") and lexicon.is_verb(lexicon.base(word))) for word in words[1:])


def introduced(text: str, found: Found) -> str:
    """ "Dev Patel, a man in a suit and tie": a sentence that begins with one person, where the alt-text tells of one by name."""
    name, role = who(found.text)
    match = SOMEBODY.match(text)
    if not name or match is None or not found.shared or SENTENCE_END.search(text) or NAME_WITHIN.search(text):
        return text
    noun, rest = match.group("noun"), match.group("rest")
    if "person" not in lexicon.main_category(noun) or lexicon.singular(noun) != noun or (role and lexicon.excludes(role, noun)):
        return text
    if rest.startswith((" and ", ", ")) or len(persons_in(text)) > 1:
        return text
    if is_common(name.split()[-1].lower()) or name.split()[0].lower() in RANKS:  # without "named" it reads as a thing
        return text if rest.split()[0] in LINKING else f"{text.rstrip('.')}, named {name}."
    if rest.split()[0] in LINKING:
        return f"{text[: match.start('rest')]}, {name},{rest}"
    return f"{name}, {inside(text)}" if match.group("article") != "The" else text


def who(text: str) -> tuple[str, str]:
    """The one person that an alt-text names, and what it calls them."""
    name, role = person_named(text)
    named = persons(text)
    if len(named) > 1 or (named and name and name not in named[0] and named[0] not in name):
        return "", ""
    if name or not named:
        return name, role
    first, _, rest = named[0].partition(" ")
    role = first.lower() if "person" in lexicon.main_category(first.lower()) and first.lower() not in FIRST_NAMES else ""
    return (rest if role in ROLES else named[0]), role


def persons_in(text: str) -> list[str]:
    """The words of a caption that stand for people."""
    words = [word.strip(".,").lower() for word in text.split()]
    return [word for word in words if "person" in lexicon.main_category(lexicon.singular(word)) and word not in FINITE]


def is_telling(text: str) -> bool:
    """Is it a sentence, or several, rather than a title?"""
    return len(text.split()) > LONG or (not is_titled(text) and (text.endswith(ENDED) or bool(TELLING.search(text))))


def is_work(text: str) -> bool:
    """Does a sentence begin with something that has a title: "a painting of …", "the cover for …"?"""
    if "title" in text or "called" in text:
        return False
    first = re.split(r" (?:of|for|with|by|is|on|in|that|showing|depicting)\b|[,.]", text.lower())[0].split()
    return bool(first) and first[-1] in WORKS and text.rstrip(".").count(",") == 0 and not re.search(r"\b(?:is|are)\b", text)


def quoted(text: str) -> str:
    """Between marks that cannot end early."""
    return f'"{plain(text).rstrip(".")}"'


def sentence(text: str) -> str:
    """As a sentence of its own; what is none has its full stop behind the marks."""
    if is_titled(text) or not is_telling(text):
        return f"{quoted(text)}."
    told = plain(text)
    return f'"{told}"' if told.endswith(ENDED) else f'"{told}."'


def plain(text: str) -> str:
    """Without quotation marks, and with a capital, unless a name or an unknown word begins it."""
    first = text.split()[0].strip(".,:;!?")
    capital = first.islower() and (lexicon.known(first) or len(first) < 4)
    text = re.sub(r"(?<=\d)\"", "″", text)
    return re.sub(r"[\"“”]", "'", text[:1].upper() + text[1:] if capital else text)


def inside(text: str) -> str:
    """A sentence behind a colon or comma: without its capital, unless a name begins it."""
    words = text.split()
    first = words[0].strip(",.").lower()
    common = lexicon.known(first) or lexicon.number(first) is not None
    named = any(word[:1].isupper() for word in words[1:3]) or first == "i" or not (words[0][1:].islower() or len(first) == 1)
    return text[0].lower() + text[1:] if first in ARTICLES or (common and not named) else text
