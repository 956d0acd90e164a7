"""The reason of a verdict as one short English sentence."""

from __future__ import annotations

from collections.abc import Sequence

from fusion import lexicon
from fusion.evidence import Evidence, Instance
from fusion.facts import Claim, Fact

MOST_NAMED = 3


def named(word: str) -> str:
    """The word with its article."""
    return f"{lexicon.article(word)} {word}"


def phrase(instance: Instance) -> str:
    """An instance by the first name it got."""
    return named(instance.names[0].value)


def reason(
    claim: Claim, verdict: str, note: str, support: Sequence[Fact], competing: Sequence[Fact], silent: Sequence[str],
    evidence: Evidence,
) -> str:  # fmt: skip
    """Why the claim got its verdict; `note` is what the check itself found out."""
    if verdict == "supported" and claim.negated and competing:
        support = competing
    if verdict == "supported" and support:
        return note or f"{speakers(support)} {'says' if one(support) else 'say'} so: {quoted(support)}"
    if verdict == "supported":
        return f"{listed(silent)} looked and saw none"
    if verdict == "contradicted" and competing:
        return (
            note and f"{note}: {quoted(competing)}"
        ) or f"{speakers(competing)} {'says' if one(competing) else 'say'} {quoted(competing)}"
    if verdict == "contradicted" and support:
        return f"{speakers(support)} {'says' if one(support) else 'say'} {quoted(support)}"
    if silent:
        return silence(claim, silent, evidence)
    return note or unsaid(claim)


def one(facts: Sequence[Fact]) -> bool:
    """Does a single expert state all of them?"""
    return len({f.expert for f in facts}) == 1


def speakers(facts: Sequence[Fact]) -> str:
    """The experts that state the facts, each once."""
    return listed(list(dict.fromkeys(f.expert or "an expert" for f in facts)))


def quoted(facts: Sequence[Fact]) -> str:
    """The values of the facts, each once, with how often it was stated."""
    counted: dict[str, int] = {}
    for fact in facts:
        value = f"{fact.number} {fact.value}" if fact.kind == "count" else fact.value
        value = f"not {value}" if fact.negated else value
        counted[value] = counted.get(value, 0) + 1
    shown = [f"{value}" + (f" ×{n}" if n > 1 else "") for value, n in list(counted.items())[:MOST_NAMED]]
    return ", ".join(shown) + ("…" if len(counted) > MOST_NAMED else "")


def silence(claim: Claim, silent: Sequence[str], evidence: Evidence) -> str:
    """ "No dog among 4 detected objects; coco finds 90 of 100 dogs"."""
    expert = max(silent, key=lambda e: evidence.card(e).recall_of(claim.kind, claim.value))
    found = sum(1 for f in evidence.facts if f.expert == expert and f.kind == "object" and not f.negated)
    rate = evidence.card(expert).recall_of(claim.kind, claim.value)
    things = lexicon.plural(claim.value) if claim.kind == "object" else f"such {claim.kind}s"
    seen = f"no {claim.value} among {found} detected objects" if found else f"{expert} saw no {claim.value}"
    return f"{seen}; {expert} finds {round(rate * 100)} of 100 {things}"


def unsaid(claim: Claim) -> str:
    """The reason where no expert says anything."""
    if claim.kind == "object":
        return f"no expert says anything about {named(claim.value)}"
    return f"no expert says anything about this {claim.kind}"


def listed(names: Sequence[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1] if names else ""]))
