"""Tags that others imply: "skirt" beside "black skirt", "dog" beside "puppy", "multiple girls" beside "2girls"."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence

from fusion import lexicon
from fusion.lexicon.hand import DENIALS
from fusion.lexicon.kinds import vocabulary
from fusion.tags.groups import fold, is_emoticon

_NUMBERED = re.compile(r"^(\d{1,4})\+? ?([a-z][a-z -]*)$")


def implied(tags: Sequence[str]) -> dict[str, str]:
    """Of tags that differ, those that another one implies, each with that tag. Of two that imply each other the first stays."""
    places: dict[str, int] = {}
    for place, tag in enumerate(tags):
        places.setdefault(fold(tag), place)
    found: dict[str, str] = {}
    for place, tag in enumerate(tags):
        for other in dict.fromkeys(_follows(fold(tag), places)):
            at = places[other]
            if at != place and tags[at] not in found and not _mutual(tags, place, at):
                found[tags[at]] = tag
    return {tag: _last(tag, found) for tag in found}


def _last(tag: str, found: dict[str, str]) -> str:
    """The tag at the end of a chain, which stays: "animal" goes for "puppy" where "dog" goes too."""
    seen = {tag}
    while tag in found and found[tag] not in seen:
        tag = found[tag]
        seen.add(tag)
    return tag


def _mutual(tags: Sequence[str], place: int, at: int) -> bool:
    """Do both imply each other, and the other stand first?"""
    return at < place and fold(tags[place]) in set(_follows(fold(tags[at]), {fold(tags[place])}))


def _follows(text: str, among: Container[str]) -> Iterator[str]:
    """Which of some folded tags hold wherever a tag holds."""
    if is_emoticon(text) or "(" in text:
        return
    if count := _NUMBERED.match(text):
        if int(count[1]) > 1 and (several := f"multiple {count[2]}") in among:
            yield several
        return
    words = text.split(" ")
    if words[0] in DENIALS:
        return
    for at in range(1, len(words)):
        rest = " ".join(words[at:])
        if rest in among and (not lexicon.known(text) or lexicon.is_a(text, rest) or _coloured(words[:at])):
            yield rest  # a "hot dog" is no dog
    if text in vocabulary() or lexicon.singular(text) in vocabulary():
        above = (*lexicon.hypernyms(text), *lexicon.synonyms(text))
        yield from (word for word in above if word in among and lexicon.is_mainly(text, word))


def _coloured(words: list[str]) -> bool:
    """Only colours: tags mean a cat that is black, where the lexicon has a marten of that name."""
    return all(lexicon.colour(word) for word in words)
