"""Sentences that experts wrote of a picture, and which of them to hand on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from fusion import lexicon
from fusion.evidence import Evidence
from fusion.facts import Fact
from fusion.verdicts.wholes import plain

LONGEST_QUOTE = 40
"""Words of a sentence that is still handed on as it is."""
TOO_LIKE = 0.6
"""Share of nouns in common from which two sentences do not stand in one paragraph."""
SPEECH = re.compile(r"^(?:arafed )?(?:this is |there is )?an? (?:image|picture|photo|photograph) (?:of|showing) ", re.IGNORECASE)
"""How captioning models begin although nobody asked what it is."""
DOUBT = re.compile(r"\b(?:perhaps|possibly|probably|maybe|appears?|seems?|might|could|may)\b", re.IGNORECASE)
CAPTIONERS = re.compile(r"\barafed\b ?", re.IGNORECASE)


@dataclass(frozen=True)
class Quote:
    """A sentence that an expert wrote of the picture, and the nouns in it."""

    text: str
    fact: Fact
    nouns: tuple[str, ...]


def find_quotes(evidence: Evidence) -> list[Quote]:
    """Sentences of experts that saw the picture, the one that agrees best with all others first; none twice."""
    quotes: dict[str, Quote] = {}
    for sentence in evidence.sentences:
        nouns = tuple(f.value for f in sentence.facts if f.kind == "object" and not f.negated)
        if not nouns or sentence.statement.negated or evidence.is_hearsay(sentence.statement):
            continue
        if DOUBT.search(sentence.text):
            continue
        text = written(told_plainly(sentence.text))
        if len(text.split()) <= LONGEST_QUOTE:
            quotes.setdefault(plain(text), Quote(text, sentence.statement, nouns))
    support = {key: agreement(q, evidence) for key, q in quotes.items()}
    return [quotes[key] for key in sorted(quotes, key=lambda key: -support[key])]


def told_plainly(text: str) -> str:
    """Without "this is a picture of" in front, and without a word that one model made up."""
    plain_text = SPEECH.sub("", CAPTIONERS.sub("", " ".join(text.split())))
    return plain_text or text


def written(text: str) -> str:
    """A sentence on one line, with a capital and a full stop."""
    words = " ".join(text.split())
    return words[0].upper() + words[1:] + ("" if words[-1] in '.!?"”' else ".")


def unlike(quotes: Sequence[Quote], most: int) -> tuple[Quote, ...]:
    """Quotes in order, without those that say little that the ones before do not."""
    kept: list[Quote] = []
    for quote in quotes:
        if len(kept) < most and all(likeness(quote, other) < TOO_LIKE for other in kept):
            kept.append(quote)
    return tuple(kept)


def likeness(one: Quote, other: Quote) -> float:
    """Share of the nouns of one that the other names too, by the same or a related word."""
    shared = [n for n in one.nouns if any(lexicon.is_a(n, m) or lexicon.is_a(m, n) for m in other.nouns)]
    return len(shared) / len(one.nouns)


def agreement(quote: Quote, evidence: Evidence) -> float:
    """How many authors name the things in a quote, on average, and a little for each thing."""
    facts = [f for f in evidence.derived if f.parent == quote.fact.id and f.kind == "object" and f.value in quote.nouns]
    authors = [len({f"{n.expert} {n.parent}" for n in evidence.by_id[f.id].names}) for f in facts if f.id in evidence.by_id]
    return sum(authors) / max(len(authors), 1) + 0.1 * len(quote.nouns)
