"""Captions of how a picture is made: its medium and subject, then light, palette and format, then where things lie in it."""

from __future__ import annotations

from fusion.write import phrases
from fusion.write.brief import Brief
from fusion.write.material import Thing
from fusion.write.phrases import joined, noun_phrase, sentence, spaced
from fusion.write.prose import clause, core, is_or_are, places_told, there

LAID_OUT = ("on the left", "on the right", "in the middle", "in the foreground", "in the background")
"""Where in the picture a thing is, as experts word it; the first two say the same as places that are seen from a thing."""


def artistic(brief: Brief) -> str:
    """Two sentences at most: what is shown and how, and the composition; empty where nobody says how the picture is made."""
    if not brief.looks and not any(named(t, brief) and place_in_picture(t, brief) for t in brief.things):
        return ""
    if brief.quotes:
        return sentence(", ".join([brief.quotes[0].text.rstrip("."), *(f.value for f in brief.looks)]))
    look, laid = phrases.medium(brief), composition(brief)
    others = [f.value for f in brief.looks if f.value != without_article(look)]
    shown = ", ".join(filter(None, [subject(brief, look, whole=bool(laid)), *others]))
    return " ".join(filter(None, [sentence(shown), sentence(laid)]))


def subject(brief: Brief, look: str, *, whole: bool) -> str:
    """What is shown, behind the medium; a `whole` sentence where another one follows: readers tie a title to its verb."""
    said = core(brief)
    if look:
        title = f"{look} of {said}" if said else look
        return f"this is {title}" if whole else title
    if whole and brief.things and not brief.relations:
        return spaced(there(brief.things), phrases.where(brief))
    return clause(brief) if whole else said


def without_article(phrase: str) -> str:
    """A noun phrase without its "a"."""
    return phrase.partition(" ")[2]


def composition(brief: Brief) -> str:
    """ "The dog is on the left and the cat is on the right"; else where things are, seen from another."""
    told = [t for t in brief.things if named(t, brief)]
    laid = [f"{noun_phrase(t, definite=True)} {is_or_are([t])} {where}" for t in told if (where := place_in_picture(t, brief))]
    if laid:
        return joined(laid)
    lines = places_told(brief)
    return lines[0] if lines else ""


def named(thing: Thing, brief: Brief) -> bool:
    """Does the first sentence name it?"""
    first = brief.relations[:1]
    ends = [brief.thing_of(end) for relation in first for end in (relation.about, relation.to)]
    return not brief.quotes and (not first or thing in ends)


def place_in_picture(thing: Thing, brief: Brief) -> str:
    """Where in the picture a thing is that stands alone, if an expert says so."""
    if len(thing.instances) != 1:
        return ""
    stated = [f.value for f in thing.instances[0].attributes if not f.negated and not brief.evidence.is_hearsay(f)]
    return next((where for where in LAID_OUT if where in stated), "")
