"""Which language a text is in: foreign only when sure, and never under five words.

The lexicon answers for most captions at once; only a text with few English words is given to langid (Lui and Baldwin,
"langid.py: An Off-the-shelf Language Identification Tool", ACL 2012; the py3langid package).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from fusion import lexicon

WORD = re.compile(r"[^\W\d_]+")
FEWEST_WORDS = 5
ENGLISH_SHARE = 0.6
SURE = 0.95
LIKELY = 0.6
"""Enough where function words of another language stand in the text, and more of them than English ones."""
LONG = 8
"""From so many words on, English text has a function word among them."""
FEWEST_LETTERS = 8
UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
"""Letters of scripts that write no spaces between words, so that words cannot be counted."""

FUNCTION_WORDS = frozenset(
    "a an the and or of in on at to with by for from is are was were be been it its this that these those there he she they "
    "his her their him them who which while as into onto over under near up down out off not no has have had some two three "
    "i you we my your our what when where how".split()
)


ELSEWHERE = frozenset(
    "el la los las un una unos del y con por para le les une des du et avec dans sur der das ein eine einen und mit auf im "
    "zwei il lo gli di nel sul della um uma uns umas dos nas een het op naar og med på av til dem von zum zur".split()
)
"""Function words of other European languages that are none in English."""


def foreign(text: str) -> str | None:
    """A BCP 47 tag if the text is surely not English, else None."""
    start = text[:2000].lower()
    words = WORD.findall(start)
    letters = [c for c in start if c.isalpha()]
    if len(letters) >= FEWEST_LETTERS and sum(is_latin(c) for c in letters) < len(letters) / 2:
        tag, _ = _identifier().classify(start)
        return str(tag) if tag != "en" else "und"  # English is written in Latin letters
    if not words or (len(words) < FEWEST_WORDS and len(UNSPACED.findall(start)) < FEWEST_LETTERS):
        return None
    functions = sum(1 for w in words if w in FUNCTION_WORDS)
    if sum(1 for w in words if w in ELSEWHERE) > max(functions, 1):
        tag, probability = _identifier().classify(start)
        return str(tag) if tag != "en" and probability >= LIKELY else None
    english = functions + sum(1 for w in words if w not in FUNCTION_WORDS and lexicon.known(w))
    if english / len(words) >= ENGLISH_SHARE and (functions or len(words) < LONG):
        return None
    tag, probability = _identifier().classify(start)
    if len(UNSPACED.findall(start)) > sum(c.isalpha() for c in start) / 2:
        return str(tag) if tag != "en" else "und"  # which of these languages may be open; English it is not
    return str(tag) if tag != "en" and probability >= SURE else None


def is_latin(letter: str) -> bool:
    """Basic Latin, Latin-1, the extensions, and full-width forms."""
    return letter < "\u0250" or "\u1e00" <= letter < "\u1f00" or "\uff21" <= letter <= "\uff5a"


@lru_cache(maxsize=1)
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
