"""Captions that are lists: tags in groups, and prompts for text-to-image training; and how they are read item by item.

Items are joined by commas, so a reader must tell the commas between items from those of a sentence that is one (`read`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from fusion import lexicon
from fusion.evidence import Evidence
from fusion.tags import arrange
from fusion.write import phrases
from fusion.write.brief import Brief
from fusion.write.material import PREPOSITIONS, Thing, national
from fusion.write.plainly import worded
from fusion.write.prose import core

ITEM = re.compile(r'(?:"[^"\n]*"|(?<=\d),(?=\d)|[^,])+')
"""Up to the next comma that is in no quotation and no number."""
GOING_ON = PREPOSITIONS | frozenset("and or but while who which whose that where as is are was were has have".split())
"""First words of what goes on about what stands before."""
PHYSICAL = frozenset({"artifact", "building", "clothing", "food", "furniture", "garment", "place", "plant", "animal"})
LINKED = PREPOSITIONS | frozenset("a an the his her its their two three some another up down".split())
"""What stands behind a verb and not behind an adjective."""
NAME = re.compile(r"[A-ZÀ-Þ][a-zß-ÿ’'-]+(?: [A-ZÀ-Þa-zß-ÿ][A-Za-zÀ-ÿ’'-]+)+")
MOST_NAMES = 2
THERE = re.compile(r"there (is|are|were|was) ", re.IGNORECASE)


def prompt(brief: Brief) -> str:
    """Class name, caption, names out of alt-text that agrees, and kind of picture, joined by commas without a full stop."""
    caption = THERE.sub("", brief.quotes[0].text).rstrip(".") if brief.quotes else core(brief, brief.extras)
    labels = [f.value.replace("_", " ").strip() for f in brief.labels]
    labels = [label for label in labels if caption.lower() not in {label.lower(), f"{lexicon.article(label)} {label.lower()}"}]
    return ", ".join(different([*labels, caption, *names(brief, caption), *(f.value for f in brief.looks)]))


def names(brief: Brief, caption: str) -> list[str]:
    """Names of several words in alt-text that tells of the same: "Maurice Lacroix". One word with a capital may be anything."""
    if brief.found is None or brief.found.agrees is not True or not brief.found.shared:
        return []
    whole = [name for name in brief.found.names if NAME.fullmatch(name) and not re.search(rf"[A-Z]\S* {name}", brief.found.text)]
    return [name for name in whole if name.casefold() not in caption.casefold()][:MOST_NAMES]


def tags(brief: Brief) -> str:
    """Subject with number and looks, what it does, other objects, then the tags of the row in order, scene, style."""
    own = [tag for thing in brief.things for tag in of_thing(thing)]
    given = arrange([f.value.replace("_", " ") for f in (*brief.labels, *brief.tags)], evidence=brief.evidence, drop_implied=True)
    doubtful = {one.tag for one in given.contradicted}
    nouns = [thing.noun for thing in brief.things]
    rest = [tag for tag in given.tags if tag not in doubtful and not any(lexicon.same(tag, noun) for noun in nouns)]
    whole = [f.value for f in (*brief.scenes, *brief.looks)]
    return ", ".join(different([*own, *map(national, rest), *whole]))


def of_thing(thing: Thing) -> Iterator[str]:
    """ "Two dogs"; "brown dog" and "running" of one."""
    number = [phrases.quantity(thing)] if thing.plural and not phrases.uncounted(thing.noun) else []
    yield national(" ".join([*number, *(f.value for f in phrases.adjectives_of(thing)), phrases.counted(thing)]))
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


# How they are read


def read(text: str, evidence: Evidence) -> list[str]:
    """The items of a list, each to be read by itself, so that one which falls takes no other along.

    A sentence with commas of its own is one item where an expert wrote it. What a model wrote is parted at its commas, but an
    item that only goes on about the one before stays with it: "brown dog, running", "a man, wearing a hat, sits on a bench".
    What experts state as a tag, a label or a style never goes on.
    """
    given = stated(evidence)
    found: list[str] = []
    for item in parted(text, evidence):
        if found and folded(item) not in given and goes_on(item):
            found[-1] += f", {item}"
        else:
            found.append(item)
    return found


def stated(evidence: Evidence) -> set[str]:
    """What experts state in the words of a list: tags, class labels, scenes and styles."""
    return {folded(f.value) for f in evidence.facts if f.kind in {"tag", "style", "scene"}}


def is_half(item: str, left: str) -> bool:
    """Is of a name of several words the noun another one and the rest as before: of "golden retriever" "golden dog"?"""
    words, others = folded(item).split(), folded(left).split()
    return len(words) > 1 and len(others) > 1 and words[-1] != others[-1] and bool(set(words[:-1]) & set(others))


def parted(text: str, evidence: Evidence) -> Iterator[str]:
    """What stands between commas that are in no sentence of an expert."""
    sentences = [worded(one.text) for one in evidence.sentences if "," in one.text]
    while places := [span for one in sentences if (span := place_in(text, one))]:
        start, end = min(places)
        yield from items(text[:start])
        yield text[start:end]
        text = text[end:]
    yield from items(text)


def items(text: str) -> Iterator[str]:
    """What stands between commas and says something."""
    yield from (found[0].strip() for found in ITEM.finditer(text) if any(map(str.isalnum, found[0])))


def place_in(text: str, sentence: str) -> tuple[int, int] | None:
    """Where a sentence is an item of a list, as prompts take it over: without its full stop and without "there is"."""
    words = THERE.sub("", sentence).rstrip(".")
    found = re.search(rf"(?:^|(?<=, )){re.escape(words)}\.?(?=,|\s*$)", text, re.IGNORECASE) if words else None
    return found.span() if found else None


def goes_on(item: str) -> bool:
    """Does it tell of what stands before rather than name something: "running", "wearing a hat", "with a red collar"?"""
    first, *rest = item.lower().split()
    if first in GOING_ON:
        return True
    verb = lexicon.base(first)
    if verb == first or not lexicon.is_verb(verb) or lexicon.category(first) & PHYSICAL:
        return False
    return (not rest and first.endswith("ing")) or (bool(rest) and rest[0] in LINKED)


def folded(text: str) -> str:
    """In lower case, with blanks for underscores."""
    return " ".join(text.replace("_", " ").lower().split())
