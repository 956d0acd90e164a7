"""Sentences that experts wrote of a picture, and which of them to hand on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import cast

from fusion import lexicon
from fusion.evidence import Evidence, Sentence
from fusion.facts import Claim, ClaimKind, Fact
from fusion.verdicts.judge import doubted, judge
from fusion.verdicts.repair import drops
from fusion.verdicts.wholes import plain

LONGEST_QUOTE = 40
"""Words of a sentence that is still handed on as it is."""
LONGEST_WORD = 100
"""Characters that are set aside for the words of a claim."""
TOO_LIKE = 0.6
"""Share of nouns in common from which two sentences do not stand in one paragraph."""
SPEECH = re.compile(r"^(?:arafed )?(?:this is |there is )?an? (?:image|picture|photo|photograph) (?:of|showing) ", re.IGNORECASE)
"""How captioning models begin although nobody asked what it is."""
DOUBT = re.compile(r"\b(?:perhaps|possibly|probably|maybe|appears?|seems?|might|could|may)\b", re.IGNORECASE)
CAPTIONERS = re.compile(r"\barafed\b ?", re.IGNORECASE)


@dataclass(frozen=True)
class Quote:
    """A sentence that an expert wrote of the picture, the nouns in it, and the facts that were read from it.

    `support` says how well it agrees with what others say.
    """

    text: str
    fact: Fact
    nouns: tuple[str, ...]
    facts: tuple[Fact, ...] = field(default=(), compare=False, repr=False)
    support: float = field(default=0.0, compare=False)


def find_quotes(evidence: Evidence, *, checked: bool = False) -> list[Quote]:
    """Sentences of experts that saw the picture, the one that agrees best with all others first; none twice.

    Sentences in which no thing is found are taken only where there are no others. With `checked`, a sentence is left out that
    says something which balanced repair would take out again.
    """
    quotes: dict[str, Quote] = {}
    nameless: dict[str, Quote] = {}
    for sentence in sound(evidence) if checked else evidence.sentences:
        nouns = tuple(f.value for f in sentence.facts if f.kind == "object" and not f.negated)
        if sentence.statement.negated or evidence.is_hearsay(sentence.statement):
            continue
        if DOUBT.search(sentence.text):
            continue
        text = written(told_plainly(sentence.text))
        if len(text.split()) <= LONGEST_QUOTE:
            (quotes if nouns else nameless).setdefault(plain(text), Quote(text, sentence.statement, nouns, sentence.facts))
    weighed = [replace(q, support=agreement(q, evidence)) for q in (quotes or nameless).values()]
    return sorted(weighed, key=lambda q: -q.support)


def sound(evidence: Evidence) -> list[Sentence]:
    """The sentences that hold: nothing in them is contradicted, or doubted so far that repair takes it out.

    A statement is judged as a caption is that repeats it, so its author's word for it counts.
    """
    limits = doubted(evidence.thresholds)
    own: dict[str, list[Fact]] = {}
    for sentence in evidence.sentences:
        own.setdefault(sentence.statement.id, []).extend(sentence.facts)
    struck = {c.id for facts in own.values() for c in judge(claims_of(facts), evidence)[0] if drops(c, "balanced", limits)}
    return [s for s in evidence.sentences if not any(f.id in struck for f in s.facts)]


def claims_of(facts: Sequence[Fact]) -> list[Claim]:
    """Facts that were read from a statement as the claims that they were.

    Facts do not say where their words stand, so a span only tells words apart: what two things do together is one word.
    """
    places = {word: n * LONGEST_WORD for n, word in enumerate(dict.fromkeys((f.kind, f.value) for f in facts))}
    return [
        Claim(
            id=f.id, kind=cast(ClaimKind, f.kind), value=f.value, about=f.about, to=f.to, number=f.number, at_least=f.at_least,
            negated=f.negated, span=(places[f.kind, f.value], places[f.kind, f.value] + min(len(f.value), LONGEST_WORD)),
        )
        for f in facts
    ]  # fmt: skip


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
    return len(shared) / max(len(one.nouns), 1)


def agreement(quote: Quote, evidence: Evidence) -> float:
    """How many authors name the things in a quote, on average, and a little for each thing."""
    facts = [f for f in evidence.derived if f.parent == quote.fact.id and f.kind == "object" and f.value in quote.nouns]
    authors = [len({f"{n.expert} {n.parent}" for n in evidence.by_id[f.id].names}) for f in facts if f.id in evidence.by_id]
    return sum(authors) / max(len(authors), 1) + 0.1 * len(quote.nouns)
