"""Words of alt-text as they stand there: their marks, their capitals, and whether the lexicon knows them."""

from __future__ import annotations

import re

from fusion import lexicon
from fusion.language import detect

TITLED = 0.6
"""Share of words with a capital from which capitals say nothing."""
LITTLE = frozenset(
    "the a an and or of in on at for with to by from is are this my your our i it new how what why you he she they we his "
    "her their its me us across near inside about after before when where this these those all".split()
)
WORD = re.compile(r"[^\W\d_]+")
ELSEWHERE = frozenset(
    "ein eine einen einem einer der das und mit auf im zum zur den dem von le les un une des du et dans sur avec el los las una "
    "uno y con para por il lo gli della di e nel um uma de het een op van en".split()
)
"""Function words of other languages; some stand in English names too ("El Paso")."""
GERMAN = frozenset("ein eine einen einem einer der das und mit auf im zum zur den dem von".split())


def bare(token: str) -> str:
    """Without the marks around it."""
    return token.strip("\"'()[]{}“”‘’«».,;:!?|*~–—-")


def is_initial(raw: str) -> bool:
    """ "Margaret L. Carter": the "L."."""
    return len(raw) == 2 and raw[0].isupper() and raw[1] == "."


def is_titled(text: str) -> bool:
    """Do most words begin with a capital, as in titles, so that a capital marks no name?"""
    words = [w for w in text.split() if w[:1].isalpha()]
    return bool(words) and sum(w[:1].isupper() for w in words) > TITLED * len(words)


def is_common(word: str) -> bool:
    """Does the lexicon have the word, its stem or its parts, other than as somebody's or some place's name alone?"""
    parts = [p for p in re.split(r"[-/&'’.]", word) if p]
    return all(lexicon.known(p) or p in LITTLE or lexicon.known(lexicon.base(p)) for p in parts)


def is_shouted(token: str) -> bool:
    """A common word in capitals, "HACKED", "SALE"; "NASA" is none."""
    return len(token) > 1 and token.isupper() and is_common(token.lower())


def is_foreign(text: str) -> bool:
    """Is it in another language than English, as far as its little words tell?"""
    words = WORD.findall(text.lower())
    english = sum(w in LITTLE for w in words)
    strange = sum(w in ELSEWHERE for w in words)
    unknown = sum(not is_common(w) for w in words)
    return detect.foreign(text) is not None or (strange > english and 2 * (unknown + strange) > len(words) and unknown > 0)


def has_nouns_in_capitals(text: str) -> bool:
    """Is it German, whose nouns all begin with a capital?"""
    tag = detect.foreign(text)
    return tag in {"de", "lb"} or any(w in GERMAN for w in WORD.findall(text.lower()))
