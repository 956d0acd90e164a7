"""Numbers in words and digits, and the quantities that captions name without a number."""

from __future__ import annotations

import re
from functools import lru_cache

from fusion.lexicon.table import listed

_UNITS = listed(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen "
    "eighteen nineteen"
)
_TENS = listed("twenty thirty forty fifty sixty seventy eighty ninety")
_SCALES = {"hundred": 100, "thousand": 1000, "million": 1_000_000, "dozen": 12}
_WORDS = {word: i for i, word in enumerate(_UNITS)} | {word: 10 * i for i, word in enumerate(_TENS, 2)}
# Nouns and adjectives that are a number; "a couple" is two, as dictionaries have it first.
_WORDS |= {"couple": 2, "pair": 2, "both": 2, "duo": 2, "trio": 3, "single": 1, "quartet": 4}

# What such a word promises at the least. "several" is "more than two" (Merriam-Webster); the others get the smallest
# number that nobody would call a lie, so that a count of what is seen does not contradict them by taste.
AT_LEAST = {
    "several": 3, "many": 3, "numerous": 3, "countless": 3, "lots": 3, "lot": 3, "plenty": 3, "few": 2, "some": 2,
    "multiple": 2,
    "various": 2, "bunch": 2, "group": 2, "number": 2, "dozens": 24, "hundreds": 200, "thousands": 2000,
    "couples": 4, "pairs": 4, "assorted": 2,
}  # fmt: skip
_FILLER = frozenset(listed("a an the of and only just exactly"))
# "around ten" is neither ten nor at least ten: no number that could be checked.
_VAGUE = re.compile(r"\b(?:about|around|nearly|almost|approximately|roughly|up to|less than|fewer than|at most|under|or so)\b")
_OPEN = re.compile(r"^at least (.+)$|^(.+) or more$|^(.+)\+$")
_MORE = re.compile(r"^(?:more than|over|above) (.+)$")


@lru_cache(maxsize=1 << 12)
def number(word: str) -> int | None:
    """The number that a word or short phrase names exactly: "two", "2", "a dozen", "twenty-one", "couple"; else None.

    An article alone is no number, and "several" none either; see `quantity`.
    """
    text = word.strip().lower()
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+|\d+", text):
        return int(text.replace(",", ""))
    if text in {"half a dozen", "half-dozen", "a half dozen"}:
        return 6
    parts = [part for part in re.split(r"[\s-]+", text) if part]
    words = [part for part in parts if part not in _FILLER]
    return _add_up(words) if words else None


def _add_up(words: list[str]) -> int | None:
    total, current = 0, 0
    for i, word in enumerate(words):
        if word in _SCALES:
            current = (current or (1 if i == 0 else 0)) * _SCALES[word]
            if _SCALES[word] >= 1000:
                total, current = total + current, 0
        elif word in _WORDS and (current % 100 == 0 or (current % 10 == 0 and 0 < _WORDS[word] < 10 and current % 100 >= 20)):
            current += _WORDS[word]
        elif word.isdecimal() and i == 0:
            current = int(word)
        else:
            return None
    return total + current


@lru_cache(maxsize=1 << 12)
def quantity(phrase: str) -> tuple[int, bool] | None:
    """The number in a phrase and whether it is only a lower bound: "two" is (2, False), "several" (3, True).

    None where no number is meant, or only an approximate one ("around ten").
    """
    text = " ".join(phrase.lower().split())
    if _VAGUE.search(text):
        return None
    if text in {"no", "none", "no one", "nobody"}:
        return 0, False
    if found := _MORE.match(text):
        least = number(found.group(1))
        return None if least is None else (least + 1, True)
    if found := _OPEN.match(text):
        least = number(next(group for group in found.groups() if group))
        return None if least is None else (least, True)
    exact = number(text)
    if exact is not None:
        return exact, False
    vague = [AT_LEAST[word] for word in text.split() if word in AT_LEAST]
    return (max(vague), True) if vague else None


def number_word(value: int) -> str:
    """A number as a caption writes it: in words up to one hundred, then in digits (Chicago Manual of Style, 9.2).

    Raises:
        ValueError: the number is negative.
    """
    if value < 0:
        raise ValueError(f"number: expected 0 or more, got {value}")
    if value < 20:
        return _UNITS[value]
    if value > 100:
        return f"{value:,}"
    if value == 100:
        return "one hundred"
    tens, unit = divmod(value, 10)
    return _TENS[tens - 2] + (f"-{_UNITS[unit]}" if unit else "")
