"""Takes alt-text over into captions that were made from facts alone.

Nobody saw what it says. So it stands beside the sentence as a quotation, and only a person's name goes into the sentence, where
both speak of one person.
"""

from __future__ import annotations

import re

from fusion import lexicon
from fusion.alt_text import is_titled, person_named
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
ARTICLES = ("a", "an", "the")
NAME_WITHIN = re.compile(r" [A-ZÀ-Þ]")
LINKING = ("is", "was", "has")
FINITE = frozenset(
    "is are was were am be been being has have had do does did can could will would may might must shall should".split()
)
"""Forms that make a sentence of a phrase and that no noun looks like."""


def retold(text: str, brief: Brief) -> str:
    """A caption of a brief with what its alt-text adds; the caption itself where the two do not speak of the same."""
    found, form = brief.found, brief.form.form
    if found is None or found.agrees is not True or not text or found.text.lower() in text.lower():
        return text
    if form == "sentence":
        return introduced(text, found)
    if form == "paragraph":
        return in_full(text, found)
    return beside(introduced(text, found), found, brief.characters) if found.adds_to(form) else text


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
    name, role = person_named(found.text)
    match = SOMEBODY.match(text)
    if not name or match is None or not found.shared or SENTENCE_END.search(text) or NAME_WITHIN.search(text):
        return text
    noun, rest = match.group("noun"), match.group("rest")
    if "person" not in lexicon.main_category(noun) or lexicon.singular(noun) != noun or (role and lexicon.excludes(role, noun)):
        return text
    if rest.startswith(" and "):
        return text
    if rest.split()[0] in LINKING:
        return f"{text[: match.start('rest')]}, {name},{rest}"
    return f"{name}, {inside(text)}" if match.group("article") != "The" else text


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
