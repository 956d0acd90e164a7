"""Does an alt-text speak of what was seen? A jacket in a book of mathematics does not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Literal

from fusion import lexicon

Agreement = Literal["word", "kind", ""]
"""They share a word; only words of one root or kind ("wrestler" for "wrestling", "beagle" for "dog"); or nothing."""

WORD = re.compile(r"[^\W_]+(?:'[^\W\d_]+)?")
LITTLE = frozenset(
    "a an the and or nor of in on at to with for from by as is are was were be been being it its this that these those there "
    "here his her their him them he she they who which what where when how i you we my your our us me not no do does did has "
    "have had will would can could may might must should than then so if but into onto off out up down over under about after "
    "before all any both each more most other some such only own same too very just s t re ll ve am pm vs via per".split()
)
PAGE = frozenset("image images picture pictures photo photos photograph photography pic shown show shows showing view".split())
"""Words about the picture itself, in which any two texts may meet."""


def agreement(text: str, seen: Sequence[str], nouns: Iterable[str] = ()) -> Agreement:
    """How an alt-text meets what experts said: `seen` are their words in sentences and names, `nouns` the things they named."""
    own, said = content(text), content(" ".join(seen))
    words = frozenset(form for word in said for form in forms(word))
    if any(not words.isdisjoint(forms(word)) for word in own):
        return "word"
    if not lexicon.rooted(said).isdisjoint(lexicon.rooted(own)):
        return "kind"
    things = [noun for noun in dict.fromkeys(nouns) if lexicon.is_visual(noun) and not lexicon.is_broad(noun)]
    return "kind" if any(akin(word, noun) for word in own if lexicon.is_visual(word) for noun in things) else ""


def content(text: str) -> list[str]:
    """The words of a text that mean something, each once."""
    words = dict.fromkeys(WORD.findall(text.lower().replace("’", "'")))
    return [w for w in words if len(w) > 1 and w not in LITTLE and w not in PAGE]


@lru_cache(maxsize=1 << 16)
def forms(word: str) -> frozenset[str]:
    """The forms in which one word is known again; somebody's is not the same word: "women's" size shows no woman."""
    fixed = "'" in word or any(c.isdigit() for c in word)
    return frozenset({word} if fixed else {word, lexicon.singular(word), lexicon.base(word)})


@lru_cache(maxsize=1 << 16)
def akin(word: str, noun: str) -> bool:
    """Is one of two words for things a kind of the other?"""
    return not lexicon.is_broad(word) and (lexicon.is_a(word, noun) or lexicon.is_a(noun, word))
