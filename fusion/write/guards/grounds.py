"""Faults of replies that are about something else than the facts, or in another language: held against the facts' own words."""

from __future__ import annotations

import re
from collections.abc import Iterable

from fusion import lexicon
from fusion.language.detect import ELSEWHERE, FUNCTION_WORDS, foreign
from fusion.write.guards.wanted import LETTERS, PROSE, Wanted, content_words, quotations, unquoted

OTHERS = ELSEWHERE | frozenset("de des au aux ou est les ist i y e o com em na z w si och en ett met di da le".split())
"""Function words of other languages, those included that are rare in English. "I" has a capital there."""
STRANGE = 0.5
"""Share of unknown words from which a text without other languages' function words is none of English."""
FEWEST_OTHER, FEWEST_STRANGE = 2, 3
"""Words with and without a function word of another language among them; fewer may be a name ("Las Vegas")."""
LONGEST = 2000
"""Characters of a reply whose language is looked at."""
MOST_WORDS = 40
"""Words that are held against what the facts name where no root is shared."""
KEY = re.compile(r'"\w+":')


def language(text: str, wanted: Wanted) -> str:
    """Another language than English; what is quoted may be in any, and so may words of the facts."""
    if wanted.shape == "json":
        return ""
    plain = unquoted(text)
    return "it was not in English" if foreign(plain) is not None or is_strange(plain[:LONGEST], wanted) else ""


def is_strange(text: str, wanted: Wanted) -> bool:
    """Is a text too short for statistics none of English, by the words that neither the lexicon nor the facts have?

    Words with a capital inside a sentence are names, of whatever language.
    """
    words = LETTERS.findall(text)
    known = wanted.everything_said
    others = sum(w in OTHERS or (n == 0 and w.lower() in OTHERS) for n, w in enumerate(words) if w.lower() not in known)
    english: int = sum(w.lower() in FUNCTION_WORDS and w != "i" for w in words)
    strange: int = sum(is_unknown(w, known) for n, w in enumerate(words) if w.islower() or n == 0)
    if others > english and others + strange >= max(FEWEST_OTHER, len(words) / 2):
        return True
    return bool(strange >= max(FEWEST_STRANGE, STRANGE * len(words), 2 * english))


def is_unknown(word: str, known: frozenset[str]) -> bool:
    """Is it neither English nor of the facts?"""
    small = word.lower()
    return (
        len(word) > 1 and small not in OTHERS and small not in FUNCTION_WORDS and small not in known and not lexicon.known(small)
    )


def off_the_facts(text: str, wanted: Wanted) -> str:
    """Nothing in it is a thing, a word or a quality that was told of; what else it says is for the verifier."""
    if not wanted.heard or (wanted.shape in PROSE and quotations(text)):
        return ""
    own = content_words(KEY.sub(" ", text) if wanted.shape == "json" else text)
    if own and (lexicon.share_heard(" ".join(own), wanted.heard) or any(is_meant(own, wanted.content))):
        return ""
    return "it named nothing of the facts; tell them"


def is_meant(own: list[str], told: Iterable[str]) -> Iterable[bool]:
    """Does a word stand for something that was told of: "man" for "person", "puppy" for "dog"?"""
    nouns = [word for word in told if is_thing(word)][:MOST_WORDS]
    for word in filter(is_thing, own[:MOST_WORDS]):
        yield any(lexicon.is_a(word, noun) or lexicon.is_a(noun, word) for noun in nouns)


def is_thing(word: str) -> bool:
    """Is it the name of something that can be seen?"""
    return lexicon.is_noun(word) and lexicon.is_visual(word)
