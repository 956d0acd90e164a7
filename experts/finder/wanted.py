"""The words that an open detector looks for: those of the configuration, and nouns of the facts so far."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from experts import plain_noun
from fusion import lexicon
from fusion.facts import Fact

MOST = 40
"""Words of facts that are looked for in one picture: of long alt-texts the first."""
LONGEST = 3
"""Words of a noun that is found in running text: "fire hydrant", "hot air balloon"."""
_WORDS = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_THINGS = frozenset({"animal", "artifact", "building", "food", "person", "plant", "vehicle"})
# Words that are no thing in a sentence though the lexicon has them as nouns, and articles, which it takes as part of one.
_NEVER = frozenset(
    """a an the this that these those some any each every his her its their my our your one two and or of in on at to by
    with from up down out over back front top bottom left right side end can will may close close-up photo photograph
    picture image view shot background foreground vintage old young red light dark""".split()
)


def wanted(words: Sequence[str], facts: Sequence[Fact], *, from_facts: bool) -> tuple[str, ...]:
    """The words, then with `from_facts` the nouns of facts that are none of them, each once as a plain noun."""
    found = dict.fromkeys(map(plain_noun, words))
    if from_facts:
        heard = dict.fromkeys(noun for fact in facts if not fact.negated for noun in _nouns(fact) if noun not in found)
        found |= dict.fromkeys(list(heard)[:MOST])
    return tuple(found)


def _nouns(fact: Fact) -> Iterator[str]:
    if fact.kind == "object":
        yield fact.value
    elif fact.kind == "tag":
        noun = plain_noun(fact.value)
        if lexicon.is_noun(noun) and lexicon.is_visual(noun) and not lexicon.is_colour_name(noun):
            yield noun
    elif fact.kind == "statement":
        yield from nouns_in(fact.value)


def nouns_in(text: str) -> Iterator[str]:
    """Names of things in a sentence, longest first: a look at each word, and no parsing, for a wrong word costs only time."""
    words = _WORDS.findall(text.lower())
    place = 0
    while place < len(words):
        for length in range(min(LONGEST, len(words) - place), 0, -1):
            phrase = words[place : place + length]
            noun = plain_noun(" ".join(phrase))
            if not _NEVER.intersection(phrase) and _is_thing(noun):
                yield noun
                place += length
                break
        else:
            place += 1


def _is_thing(noun: str) -> bool:
    if lexicon.is_colour_name(noun) or not lexicon.is_noun(noun):
        return False
    return lexicon.is_visual(noun) and bool(lexicon.main_category(noun) & _THINGS)
