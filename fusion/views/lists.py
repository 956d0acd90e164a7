"""Captions that are lists: of tags, and of regions with a phrase each."""

from __future__ import annotations

import re

from fusion import lexicon
from fusion.facts import Box, Caption, Fact
from fusion.views.additions import drop_additions
from fusion.views.captions import Before, Made, drafted, named
from fusion.views.edit import cut_adjective
from fusion.views.facts import LASTING, UNPLACED, is_lasting_style, is_place
from fusion.views.fates import Fates, Seen
from fusion.views.formats import is_format, reshape
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
    text, dropped = caption.text, False
    for found in ITEM.finditer(text):
        item = sentence(text, *found.span(), caption.claims, ())
        if not item.tokens:
            continue
        draft = item_draft(
            item, fates, seen, Before(text, dropped, named(caption, made) if dropped else frozenset(), bool(item.claims))
        )
        lost = tuple(c.id for c in item.claims if c.id in fates.gone or c.id in fates.left)
        if draft is None:
            made.note(text, found.start(), found.end(), "", "drop item", lost)
            dropped = True
            continue
        rendered = render(text, item, draft)
        if made.parts:
            made.add(", ")
        made.place(item, rendered)
        made.note(text, item.tokens[0].start, found.end(), rendered.text, "say otherwise", lost)
        made.add(rendered.text)


def item_draft(item: Sentence, fates: Fates, seen: Seen, before: Before) -> Draft | None:
    """What becomes of a tag, None where it goes."""
    work = Work(item, fates, bare={"a", "an", "the"}.isdisjoint(token.lower for token in item.tokens))
    said = before.text[item.start : item.end]
    alone = is_look(item)
    if not (is_borne(said, item, seen) if alone else item.claims or is_stated(said, seen)):
        return None
    try:
        for phrase in work.phrases:
            if work.is_gone(phrase):
                return None
            recount(work, phrase)
        for claim in item.claims:
            if claim.id in fates.gone and claim.kind != "count" and not alone:
                places = item.places(claim)
                inside = [p for p in work.phrases if places[-1] < p.noun and places[0] in p.places]
                if not inside:
                    return None
                cut_adjective(work, places, inside[0])
        if seen.window.flip:
            turn(item, work.draft)
        if seen.window.cuts:
            reshape(item, work.draft, seen.window)
        drop_additions(item, work.draft, fates, before.named, before.changed)
    except Unsure:
        return None
    return work.draft


def is_stated(said: str, seen: Seen) -> bool:
    """Does what no claim stands for hold: by the facts that state it, else where nearly all is shown?"""
    value = plain(said)
    facts = [f for f in seen.before.values() if f.value.replace("_", " ").casefold() == value]
    if facts:
        return any(f.id in seen.after for f in [f for f in facts if f.kind == "attribute"] or facts)
    if not seen.window.cuts or value in LASTING or is_lasting_style(value) or is_format(value):
        return True
    return seen.window.share >= UNPLACED and not is_place(value)


def plain(said: str) -> str:
    """A tag as values of facts are written."""
    return " ".join(said.replace("_", " ").lower().split())


# Looks and actions without their thing


def is_look(item: Sentence) -> bool:
    """Is a tag a look or an action alone: "running", "smiling"? The parser gives it to any thing that is named before."""
    if item.claims:
        return all(claim.kind in {"attribute", "opinion"} for claim in item.claims)
    return len(item.tokens) == 1 and is_action(item.tokens[0].lower)


def is_action(word: str) -> bool:
    """ "Running"; not "building"."""
    return word.endswith("ing") and lexicon.is_verb(lexicon.base(word)) and not lexicon.main_category(word)


def is_borne(said: str, item: Sentence, seen: Seen) -> bool:
    """Is that there whose look or action it is? Where no fact tells whose: did nothing leave that it could be of?"""
    if not seen.window.cuts:
        return True
    values = {plain(said), *(claim.value for claim in item.claims)}
    known = {name for claim in item.claims for name in claim.evidence}
    told = [f for f in seen.before.values() if f.kind == "attribute" and (f.id in known or f.value in values) and not f.negated]
    if told:
        return any(f.id in seen.after for f in told)
    if any(is_place(value) for value in values):
        return False
    could = [f for f in seen.before.values() if could_bear(f, any(is_action(value) for value in values))]
    return all(f.id in seen.after for f in could) if could else seen.window.share >= UNPLACED


def could_bear(fact: Fact, action: bool) -> bool:
    """Is it a thing with a place, for an action one that can act?"""
    if fact.kind != "object" or fact.negated or fact.box is None:
        return False
    return not action or not {"person", "animal", "vehicle", "group"}.isdisjoint(lexicon.main_category(fact.value))


# Regions


def is_regions(text: str) -> bool:
    """Is every line a box and a phrase?"""
    lines = [line for line in text.split("\n") if line.strip()]
    return bool(lines) and all(REGION.match(line) for line in lines)


def regions(caption: Caption, fates: Fates, seen: Seen, made: Made) -> None:
    """Line by line, with the box in pixels of the view; a line goes with its box."""
    text, dropped = caption.text, False
    for found in REGION.finditer(text):
        phrase = sentence(text, found.start(7), found.end(7), caption.claims, ())
        box = Box(*map(float, found.groups()[1:5]))
        moved = seen.window.moved(box) if seen.window.shows(box) else None
        before = Before(text, False, named(caption, made) if dropped else frozenset(), bool(phrase.claims), dropped)
        draft = drafted(phrase, fates, seen, before) if phrase.tokens else None
        lost = tuple(c.id for c in phrase.claims if c.id in fates.gone or c.id in fates.left)
        if moved is None or draft is None:
            made.note(text, found.start(), found.end(), "", "drop region", lost)
            dropped = True
            continue
        head = f"[{', '.join(f'{n:.0f}' for n in (moved.x0, moved.y0, moved.x1, moved.y1))}]{found[6]}"
        rendered = render(text, phrase, draft)
        made.add(("\n" if made.parts else "") + head)
        made.place(phrase, rendered)
        made.add(rendered.text)
        made.note(text, found.start(), found.end(), head + rendered.text, "move region", lost)
