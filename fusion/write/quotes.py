"""Sentences that experts wrote of a picture, and which of them to hand on."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import dataclass, field, replace
from typing import cast

from fusion import lexicon
from fusion.evidence import Evidence, Sentence
from fusion.facts import Claim, ClaimKind, Fact
from fusion.verdicts.judge import doubted, judge
from fusion.verdicts.repair import drops
from fusion.verdicts.wholes import plain
from fusion.write.plainly import is_effect, is_loose, is_unfinished, told_plainly, worded

LONGEST_QUOTE = 40
"""Words of a sentence that is still handed on as it is."""
LONGEST_WORD = 100
"""Characters that are set aside for the words of a claim."""
TOO_LIKE = 0.6
"""Share of nouns in common from which two sentences do not stand in one paragraph."""
DOUBT = re.compile(
    r"\b(?:perhaps|possibly|probably|maybe|likely|presumably|seemingly|apparently|appears?|seems?|might|could|may(?! \d))\b",
    re.IGNORECASE,
)
"""Words of somebody who is not sure; "May 27" is a day."""
LATER = 0.8
"""Authors that a sentence must have more on its side than one that opens its statement, which names what it calls "the bowl"."""
ARTICLE = re.compile(r"^An? ")
LEAST_NEW = 0.5
"""Share of what a sentence says that the ones before it must not have said."""


@dataclass(frozen=True)
class Quote:
    """A sentence that an expert wrote of the picture, the nouns in it, and the facts that were read from it.

    `support` says how well it agrees with what others say, `matter` what it says of which thing, whoever says it in what words;
    `subject` which one thing it begins with, as an article and a noun: "" where it does not begin so.
    """

    text: str
    fact: Fact
    nouns: tuple[str, ...]
    facts: tuple[Fact, ...] = field(default=(), compare=False, repr=False)
    support: float = field(default=0.0, compare=False)
    matter: frozenset[str] = field(default=frozenset(), compare=False, repr=False)
    subject: str = field(default="", compare=False, repr=False)


def find_quotes(evidence: Evidence, *, checked: bool = False) -> list[Quote]:
    """Sentences of experts that saw the picture as captions of their own, the best first; none twice.

    Best is what agrees with all others; what opens its statement goes before what leans on that opening. Sentences are taken only
    where there are no others in which no thing is found, that were cut before their end, lean on another sentence ("some of them
    …") or tell what the picture does to its viewer. With `checked`, a sentence is left out that says something which balanced
    repair would take out again.
    """
    known = Counter(sentence.statement.id for sentence in evidence.sentences)
    opening = {id(first) for first in {s.statement.id: s for s in reversed(evidence.sentences)}.values()}
    ranked: list[dict[str, tuple[float, Quote]]] = [{}, {}, {}]
    for sentence in sound(evidence) if checked else evidence.sentences:
        if sentence.statement.negated or evidence.is_hearsay(sentence.statement):
            continue
        text = worded(sentence.text)
        if not text or len(text.split()) > LONGEST_QUOTE or DOUBT.search(text):
            continue
        quote = quote_of(sentence, text, evidence)
        rank = 2 if not quote.nouns else int(is_poor(sentence, text, alone=known[sentence.statement.id] == 1))
        weight = quote.support - (0 if id(sentence) in opening else LATER)
        ranked[rank].setdefault(plain(text), (weight, quote))
    best = next((quotes for quotes in ranked if quotes), {})
    return [quote for _, quote in sorted(best.values(), key=lambda one: -one[0])]


def is_poor(sentence: Sentence, text: str, *, alone: bool) -> bool:
    """Does it make no caption of its own?"""
    return is_unfinished(sentence.text, alone=alone) or is_loose(told_plainly(sentence.text)) or is_effect(text)


def quote_of(sentence: Sentence, text: str, evidence: Evidence) -> Quote:
    """A sentence in these words, with what of its facts they still say."""
    gone = lexicon.rooted([sentence.text]) - lexicon.rooted([text])
    facts = tuple(f for f in sentence.facts if not lexicon.rooted([f.value]) & gone)
    nouns = tuple(f.value for f in facts if f.kind == "object" and not f.negated)
    quote = Quote(text, sentence.statement, nouns, facts)
    matter = frozenset(same_for(f, evidence) for f in facts if not f.negated)
    return replace(quote, support=agreement(quote, evidence), matter=matter, subject=subject_of(text, facts, evidence))


def subject_of(text: str, facts: Sequence[Fact], evidence: Evidence) -> str:
    """The thing whose noun follows the article that a sentence begins with; "" where there is none, or more than one of it."""
    first = next((f for f in facts if f.kind == "object" and not f.negated), None)
    if (
        first is None
        or (first.number or 1) > 1
        or first.at_least
        or any(f.kind == "count" and f.about == first.id for f in facts)
    ):
        return ""
    noun = re.escape(first.value.split()[-1])
    return same_for(first, evidence) if re.match(rf"(?:An?|The) (?:[\w-]+ ){{0,3}}?{noun}\b", text) else ""


def same_for(fact: Fact, evidence: Evidence) -> str:
    """What facts have in common that say the same of the same thing, whoever says it in whatever word for the thing."""
    ends = [evidence.by_id[name].id if name in evidence.by_id else name for name in (fact.about, fact.to) if name]
    if fact.kind == "relation" or (fact.kind == "attribute" and ends):
        return " ".join([fact.kind, fact.value, *ends])
    if fact.kind in {"object", "count"} and (home := evidence.by_id.get(fact.about or fact.id)) is not None:
        return f"object {home.id}"
    return f"{fact.kind} {plain(fact.value) or fact.value}"


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


def unlike(quotes: Sequence[Quote], most: int) -> tuple[Quote, ...]:
    """The first quote, then each time the one that adds most to what was told; none of which others say more than half."""
    kept: list[Quote] = []
    told: set[str] = set()
    left = list(quotes)
    while left and len(kept) < most:
        best = left[0] if not kept else max(left, key=lambda quote: len(quote.matter - told))
        kept.append(best)
        told |= best.matter
        left = [q for q in left if q is not best and adds(q, told) and all(likeness(q, other) < TOO_LIKE for other in kept)]
    return tuple(kept)


def in_turn(quotes: Sequence[Quote]) -> list[str]:
    """The texts of quotes that stand one behind the other: what an earlier one has named is "the man", no longer "a man"."""
    lines, told = [], set[str]()
    for quote in quotes:
        known = bool(quote.subject) and quote.subject in told
        lines.append(ARTICLE.sub("The ", quote.text, count=1) if known else quote.text)
        told.add(quote.subject)
    return lines


def adds(quote: Quote, told: Set[str]) -> bool:
    """Is at least half of what it says new? One of which nothing was read is not measured."""
    return len(quote.matter - told) >= LEAST_NEW * len(quote.matter)


def likeness(one: Quote, other: Quote) -> float:
    """Share of the nouns of one that the other names too, by the same or a related word."""
    shared = [n for n in one.nouns if any(lexicon.is_a(n, m) or lexicon.is_a(m, n) for m in other.nouns)]
    return len(shared) / max(len(one.nouns), 1)


def agreement(quote: Quote, evidence: Evidence) -> float:
    """How many authors name the things in a quote, on average, and a little for each thing."""
    facts = [f for f in evidence.derived if f.parent == quote.fact.id and f.kind == "object" and f.value in quote.nouns]
    authors = [len({f"{n.expert} {n.parent}" for n in evidence.by_id[f.id].names}) for f in facts if f.id in evidence.by_id]
    return sum(authors) / max(len(authors), 1) + 0.1 * len(quote.nouns)
