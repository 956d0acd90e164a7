"""Tidies what a model has written, so that it reads as a caption."""

from __future__ import annotations

import re
from collections.abc import Iterable

_SPECIAL = re.compile(r"<\|[^|<>]*\|>|</?[A-Za-z_]\w*>|\[(?:PAD|SEP|CLS|UNK|MASK|DEC|ENC)\]")
_THOUGHTS = re.compile(r"<think>.*?(?:</think>|\Z)", re.DOTALL)
_BEFORE_MARK = re.compile(r"\s+([.,!?;:])(?=\s|$)")
_CONTRACTION = re.compile(r"(?<=\w) ' (?=(?:s|t|d|m|re|ve|ll)\b)")
_HYPHEN = re.compile(r"(?<=\w) - (?=\w)")
_SENTENCE = re.compile(r"(?:(?<!\b[A-Z])(?<!\b[A-Z][a-z])[.]|[!?])[\"'”’]?(?=\s|$)")
_DANGLING = frozenset(
    "a an the and or but with without of on in at by to from for into onto over under near behind beside between next is are was "
    "were be being has have had its his her their that which who while as this these some".split()
)
"""Words that no phrase ends in."""


def tidy(text: str, *, word_pieces: bool = False) -> str:
    """The text without special tokens and thoughts, with single spaces and none before punctuation.

    `word_pieces`: a tokenizer like BERT's has taken hyphens and apostrophes off: "a dog ' s t - shirt".
    """
    plain = " ".join(_SPECIAL.sub(" ", _THOUGHTS.sub(" ", text)).split())
    if word_pieces:
        plain = _HYPHEN.sub("-", _CONTRACTION.sub("'", plain))
    return _BEFORE_MARK.sub(r"\1", plain)


def whole(text: str) -> str:
    """What is complete of a text that was cut off: its whole sentences, or where there is none, without dangling words."""
    ends = [match.end() for match in _SENTENCE.finditer(text)]
    if ends:
        return text[: ends[-1]]
    words = text.split()
    while words and words[-1].lower().strip(",;:") in _DANGLING:
        words.pop()
    return " ".join(words).rstrip(",;:")


def once(texts: Iterable[str]) -> list[str]:
    """The texts in order, those without a letter left out, and each once, whatever its case and full stop."""
    found: dict[str, str] = {}
    for text in texts:
        if any(character.isalpha() for character in text):
            found.setdefault(text.casefold().rstrip(". "), text)
    return list(found.values())
