"""Takes the value of a relation apart: its verb and its preposition."""

from __future__ import annotations

from functools import lru_cache

PLACING = frozenset(
    "on in at with by of to up down out off over under above below behind beside near around along across through between "
    "into onto inside outside against from for past next left right top front atop upon beneath among towards toward".split()
)
POSTURES = frozenset("sit stand lie rest be lay place perch park set locate hang pose seat".split())


@lru_cache(maxsize=1 << 15)
def parts(predicate: str) -> tuple[str, str]:
    """Verb and preposition of a relation's value; either may be empty."""
    words = [w for w in predicate.split() if w not in {"the", "a", "an"}]
    if words and words[0] in PLACING:
        return "", " ".join(words)
    return (words[0], " ".join(words[1:])) if words else ("", "")
