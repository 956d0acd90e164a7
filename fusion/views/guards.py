"""Words that no claim stands for and that may be untrue in a view: places in the picture, what the whole looks like, pronouns."""

from __future__ import annotations

from fusion.views.facts import PLACES, UNPLACED
from fusion.views.phrases import phrases_of
from fusion.views.sides import exchanged, has_side, side_at
from fusion.views.tokens import Draft, Sentence
from fusion.views.window import Window
from fusion.views.work import Unsure

WHOLE_WORDS = frozenset(
    "close-up closeup full-body full-length wide-angle panoramic panorama aerial overall entire focal composition symmetrical "
    "symmetry throughout everywhere".split()
)
"""Words about what part of a scene a picture shows."""
PRONOUNS = frozenset(
    "it its itself he him his she her hers they them their theirs one ones other others another both these those latter "
    "former".split()
)
SIDED = frozenset({"relation", "attribute", "object", "scene", "style", "opinion"})


def check_cut(sentence: Sentence, window: Window, gone: set[str]) -> None:
    """Raise Unsure where words of a sentence speak of the whole picture and are no claim that goes by itself."""
    for n, token in enumerate(sentence.tokens):
        loose = not sentence.covers[n]
        whole = token.lower in WHOLE_WORDS and (loose or any(c.id not in gone for c in sentence.covers[n]))
        if whole or (loose and token.lower in PLACES):
            raise Unsure
        if loose and sentence.quoted[n] and token.text[0].isalnum() and window.share < UNPLACED:
            raise Unsure


def turn(sentence: Sentence, draft: Draft) -> None:
    """Exchange the sides that the words of a sentence name.

    Raises:
        Unsure: a word may or may not mean a side, or what is written stands there.
    """
    words = [token.lower for token in sentence.tokens]
    for n, token in enumerate(sentence.tokens):
        if n in draft.gone:
            continue
        if sentence.quoted[n]:
            raise Unsure
        word = draft.said.get(n, token.text)
        if not has_side(word) or any(claim.kind == "name" for claim in sentence.covers[n]):
            continue
        claimed = any(claim.kind in SIDED and has_side(claim.value) for claim in sentence.covers[n])
        found = side_at(words, n, claimed)
        if found is None:
            raise Unsure
        if found:
            draft.said[n] = exchanged(word)


def refers_back(sentence: Sentence) -> bool:
    """Does a pronoun stand in front of the first noun of a sentence, or in a sentence without one?"""
    phrases = phrases_of(sentence)
    return any(token.lower in PRONOUNS for token in sentence.tokens[: phrases[0].noun if phrases else None])


def has_pronoun(sentence: Sentence) -> bool:
    """Does a pronoun stand in it?"""
    return any(token.lower in PRONOUNS for token in sentence.tokens)
