"""The reason of a verdict as one short English sentence."""

from __future__ import annotations

from collections.abc import Sequence

from fusion import lexicon
from fusion.evidence import Evidence, Instance, Witness
from fusion.evidence.belief import recall_of
from fusion.facts import Claim, Fact
from fusion.verdicts.case import Weighing

MOST_NAMED = 3


def named(word: str) -> str:
    """The word with its article."""
    return f"{lexicon.article(word)} {word}"


def phrase(instance: Instance) -> str:
    """An instance by the first name it got."""
    return named(instance.names[0].value)


def reason(claim: Claim, verdict: str, w: Weighing, support: Sequence[Fact], disputed: Sequence[Fact], evidence: Evidence) -> str:
    """Why the claim got its verdict, after what the checks found out; `disputed` are facts against those that support it."""
    if verdict == "supported":
        stated = w.competing if claim.negated and w.competing else support
        if not stated:
            return f"{listed(w.silent)} looked and saw none"
        but = f"; but {say(disputed)} {quoted(disputed)}" if disputed else ""
        return (w.note or f"{say(stated)} so: {quoted(stated)}") + but
    if verdict == "contradicted" and w.competing:
        return f"{w.note}: {quoted(w.competing)}" if w.note else f"{say(w.competing)} {quoted(w.competing)}"
    if verdict == "contradicted" and support:
        return f"{say(support)} {quoted(support)}"
    if support:
        return f"{say(support)} {quoted(support)}"
    if w.hearsay and not w.competing:
        return f"only hearsay says so: {quoted(w.hearsay)}"
    if w.competing and not w.note:
        return f"{say(w.competing)} {quoted(w.competing)}"
    if w.silent and not w.competing:
        return silence(claim, w.silent, evidence)
    return w.note or unsaid(claim)


def say(facts: Sequence[Fact]) -> str:
    """The experts that state the facts, each once, with their verb: "boxes and captions say"."""
    experts = list(dict.fromkeys(f.expert or "an expert" for f in facts))
    return f"{listed(experts)} {'says' if len(experts) == 1 else 'say'}"


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
    """What the silence amounts to of the one that would most likely have said so: "no dog among 4 detected objects; coco finds 90
    of 100 dogs", "none of 4 sentences of captions mentions a boy; each would in about 60 of 100 cases".
    """
    witnesses = [w for w in evidence.witnesses if w.name in silent]
    best = max(witnesses, key=lambda w: 1 - (1 - recall_of(w.card, claim.kind, claim.value)) ** w.looks)
    percent = round(recall_of(best.card, claim.kind, claim.value) * 100)
    if best.card.vocabulary is None:
        return f"{untold(claim, best)}; {'each' if best.looks > 1 else 'it'} would in about {percent} of 100 cases"
    name = best.card.name_for(claim.value) if claim.kind == "object" else claim.value
    found = sum(1 for f in evidence.facts if f.expert == best.name and f.kind == "object" and not f.negated)
    seen = f"no {name} among {counted(found, 'detected object')}" if found else f"{best.name} saw no {name}"
    return f"{seen}; {best.name} finds {percent} of 100 {lexicon.plural(name) if claim.kind == 'object' else 'such cases'}"


def untold(claim: Claim, witness: Witness) -> str:
    """ "None of 4 sentences of captions mentions a boy"."""
    text = f"mentions {named(claim.value)}" if claim.kind == "object" else f"says {claim.value!r} of it"
    if witness.looks < 2:
        return f"{witness.name} never {text}"
    return f"none of {witness.looks} sentences of {witness.name} {text}"


def counted(number: int, noun: str) -> str:
    """ "1 object", "4 objects"."""
    return f"{number} {noun if number == 1 else lexicon.plural(noun)}"


def unsaid(claim: Claim) -> str:
    """The reason where no expert says anything."""
    if claim.kind == "object":
        return f"no expert says anything about {named(claim.value)}"
    return f"no expert says anything about this {claim.kind}"


def listed(names: Sequence[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1] if names else ""]))
