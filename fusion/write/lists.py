"""Captions that are lists: tags in groups, and prompts for text-to-image training."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from fusion import lexicon
from fusion.tags import arrange
from fusion.write import phrases
from fusion.write.brief import Brief
from fusion.write.material import Thing
from fusion.write.prose import core

THERE = re.compile(r"there (is|are|were|was) ", re.IGNORECASE)


def prompt(brief: Brief) -> str:
    """Class name, caption and kind of picture, joined by commas without a full stop."""
    caption = THERE.sub("", brief.quotes[0].text).rstrip(".") if brief.quotes else core(brief, brief.extras)
    labels = [f.value.replace("_", " ").strip() for f in brief.labels]
    labels = [label for label in labels if caption.lower() not in {label.lower(), f"{lexicon.article(label)} {label.lower()}"}]
    return ", ".join(different([*labels, caption, *(f.value for f in brief.looks)]))


def tags(brief: Brief) -> str:
    """Subject with number and looks, what it does, other objects, then the tags of the row in order, scene, style."""
    own = [tag for thing in brief.things for tag in of_thing(thing)]
    given = arrange([f.value.replace("_", " ") for f in (*brief.labels, *brief.tags)], evidence=brief.evidence, drop_implied=True)
    doubtful = {one.tag for one in given.contradicted}
    nouns = [thing.noun for thing in brief.things]
    rest = [tag for tag in given.tags if tag not in doubtful and not any(lexicon.same(tag, noun) for noun in nouns)]
    whole = [f.value for f in (*brief.scenes, *brief.looks)]
    return ", ".join(different([*own, *rest, *whole]))


def of_thing(thing: Thing) -> Iterator[str]:
    """ "Two dogs"; "brown dog" and "running" of one."""
    number = [phrases.quantity(thing)] if thing.plural and not phrases.uncounted(thing.noun) else []
    yield " ".join([*number, *(f.value for f in phrases.adjectives_of(thing)), phrases.counted(thing)])
    if (action := phrases.action_of(thing)) is not None:
        yield action.value


def different(parts: Iterable[str]) -> list[str]:
    """The parts that say something, each once, without the commas that would part them."""
    kept: dict[str, str] = {}
    for part in parts:
        clean = " ".join(part.replace(",", " ").split()) if len(part.split()) < 5 else part
        if clean:
            kept.setdefault(clean.casefold(), clean)
    return list(kept.values())
