"""Captions that are lists: of tags, and of regions with a phrase each."""

from __future__ import annotations

import re

from fusion.facts import Box, Caption
from fusion.views.captions import Before, Made, drafted
from fusion.views.edit import cut_adjective
from fusion.views.facts import LASTING, UNPLACED, is_lasting_style, is_place
from fusion.views.fates import Fates, Seen
from fusion.views.guards import turn
from fusion.views.numbers import recount
from fusion.views.phrases import DETERMINERS
from fusion.views.tokens import Draft, Sentence, render, sentence
from fusion.views.work import Unsure, Work

ITEM = re.compile(r"[^,\n]+")
REGION = re.compile(r"^(\[(-?[\d.]+), *(-?[\d.]+), *(-?[\d.]+), *(-?[\d.]+)\])([^\S\n]*)(.*)$", re.MULTILINE)
"""A line of a caption by regions: a box in pixels and a phrase."""


def is_list(caption: Caption) -> bool:
    """Is it a list of tags: by its style, or commas without article and full stop?"""
    text = caption.text.rstrip()
    if caption.style == "tags":
        return True
    return "," in text and text[-1:] not in '.!?"”' and DETERMINERS.isdisjoint(text.lower().split()) and " and " not in text


def listed(caption: Caption, fates: Fates, seen: Seen, made: Made) -> None:
    """Item by item; each stays, says its number or its looks otherwise, or goes."""
    text = caption.text
    for found in ITEM.finditer(text):
        item = sentence(text, *found.span(), caption.claims, ())
        if not item.tokens:
            continue
        draft = item_draft(item, fates, seen, text)
        lost = tuple(c.id for c in item.claims if c.id in fates.gone or c.id in fates.left)
        if draft is None:
            made.note(text, found.start(), found.end(), "", "drop item", lost)
            continue
        rendered = render(text, item, draft)
        if made.parts:
            made.add(", ")
        made.place(item, rendered)
        made.note(text, item.tokens[0].start, found.end(), rendered.text, "say otherwise", lost)
        made.add(rendered.text)


def item_draft(item: Sentence, fates: Fates, seen: Seen, text: str) -> Draft | None:
    """What becomes of a tag, None where it goes."""
    work = Work(item, fates, bare=not DETERMINERS & {token.lower for token in item.tokens})
    if not is_founded(item, seen, text):
        return None
    try:
        for phrase in work.phrases:
            if work.is_gone(phrase):
                return None
            recount(work, phrase)
        for claim in item.claims:
            if claim.id in fates.gone and claim.kind != "count":
                places = item.places(claim)
                inside = [p for p in work.phrases if places[-1] < p.noun and places[0] in p.places]
                if not inside:
                    return None
                cut_adjective(work, places, inside[0])
        if seen.window.flip:
            turn(item, work.draft)
    except Unsure:
        return None
    return work.draft


def is_founded(item: Sentence, seen: Seen, text: str) -> bool:
    """Does a tag that makes no claim still hold?"""
    return bool(item.claims) or is_stated(text[item.start : item.end], seen)


def is_stated(said: str, seen: Seen) -> bool:
    """Does what no claim stands for hold: by the facts that state it, else where nearly all is shown?"""
    value = " ".join(said.replace("_", " ").lower().split())
    names = [f.id for f in seen.before.values() if f.value.replace("_", " ").casefold() == value]
    if names:
        return any(name in seen.after for name in names)
    if not seen.window.cuts or value in LASTING or is_lasting_style(value):
        return True
    return seen.window.share >= UNPLACED and not is_place(value)


# Regions


def is_regions(text: str) -> bool:
    """Is every line a box and a phrase?"""
    lines = [line for line in text.split("\n") if line.strip()]
    return bool(lines) and all(REGION.match(line) for line in lines)


def regions(caption: Caption, fates: Fates, seen: Seen, made: Made) -> None:
    """Line by line, with the box in pixels of the view; a line goes with its box."""
    text = caption.text
    for found in REGION.finditer(text):
        phrase = sentence(text, found.start(7), found.end(7), caption.claims, ())
        box = Box(*map(float, found.groups()[1:5]))
        moved = seen.window.moved(box) if seen.window.shows(box) else None
        draft = drafted(phrase, fates, seen, Before(text, False, frozenset(), bool(phrase.claims))) if phrase.tokens else None
        lost = tuple(c.id for c in phrase.claims if c.id in fates.gone or c.id in fates.left)
        if moved is None or draft is None:
            made.note(text, found.start(), found.end(), "", "drop region", lost)
            continue
        head = f"[{', '.join(f'{n:.0f}' for n in (moved.x0, moved.y0, moved.x1, moved.y1))}]{found[6]}"
        rendered = render(text, phrase, draft)
        made.add(("\n" if made.parts else "") + head)
        made.place(phrase, rendered)
        made.add(rendered.text)
        made.note(text, found.start(), found.end(), head + rendered.text, "move region", lost)
