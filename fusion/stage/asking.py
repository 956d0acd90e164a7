"""Asks experts back: claims that nobody could say anything about go, one by one, to those that can be asked.

The same question is put once a picture, whichever captions raise it, and to one expert after the other until one answers. Answers
become facts of that expert; what was asked, and what came of it, is kept with the record.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from fusion import lexicon
from fusion.facts import Claim, Fact, Question
from fusion.stage.station import Station
from fusion.stage.work import Work

ORDER = ("object", "count", "attribute", "relation", "scene", "style", "text", "name")
"""Kinds of claim, those asked first in front: what hangs on a thing can be asked of it only where it is there."""


def ask_back(stations: Sequence[Station], work: Work, captions: Sequence[Sequence[Claim]], most: int) -> bool:
    """Put at most `most` questions for each caption, given as its judged claims; did an answer add a fact?"""
    found = False
    for claims in captions:
        new = [claim for claim in open_claims(claims) if question_of(claim, claims) not in work.asked]
        for claim in new[:most]:
            found |= put(stations, work, claim, claims)
    return found


def open_claims(claims: Sequence[Claim]) -> Iterator[Claim]:
    """The claims that may be asked about, the most important ones first, and of one kind the least believed."""
    open_ = [c for c in claims if c.verdict == "unverified" and c.kind in ORDER and not c.parent and not c.negated]
    yield from sorted(open_, key=lambda c: (ORDER.index(c.kind), c.confidence or 0.0, c.span))


def question_of(claim: Claim, claims: Sequence[Claim]) -> Question:
    """What is asked, in words that are the same for every caption of a picture."""
    nouns: Mapping[str, str] = {c.id: c.value for c in claims}
    return Question(kind=claim.kind, value=claim.value, number=claim.number, about=nouns.get(claim.about or ""),
                    to=nouns.get(claim.to or ""))  # fmt: skip


def put(stations: Sequence[Station], work: Work, claim: Claim, claims: Sequence[Claim]) -> bool:
    """Ask one expert after the other until one answers; the things that the claim is about go along, without a verdict."""
    question = question_of(claim, claims)
    context = [replace(c, verdict=None) for c in claims if c.id in {claim.about, claim.to}]
    work.asked[question] = question
    for station in stations:
        facts = station.ask(work, [claim, *context])
        answers = [f for f in facts if answers_to(f, claim)]
        work.asked[question] = replace(question, expert=station.name, facts=tuple(f.id for f in answers))
        if answers:
            return True
    return False


def answers_to(fact: Fact, claim: Claim) -> bool:
    """Is it about what was asked?"""
    return fact.kind == claim.kind and (fact.value == claim.value or lexicon.is_a(fact.value, claim.value)
                                        or lexicon.is_a(claim.value, fact.value))  # fmt: skip
