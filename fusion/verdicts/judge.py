"""Judges every claim of a caption against the evidence of its picture.

Supported needs a fact that states it; contradicted needs a fact that competes, geometry that excludes it, or the silence of an
expert that looked, covers the word and is good enough; everything else is unverified. How far each is believed is
`fusion.evidence.belief`'s to say.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from msgspec.structs import replace

from fusion import lexicon
from fusion.evidence import Evidence
from fusion.evidence.belief import LIMITS, best_of_each, log_odds, probability
from fusion.facts import Claim
from fusion.language.predicate import PLACING
from fusion.verdicts import reasons
from fusion.verdicts.case import Case, Weighing
from fusion.verdicts.instead import instead
from fusion.verdicts.qualities import weigh_attribute
from fusion.verdicts.things import weigh_count, weigh_object
from fusion.verdicts.ties import weigh_relation
from fusion.verdicts.wholes import weigh_name, weigh_text, weigh_whole

WEIGH: Mapping[str, Callable[[Case, Claim, Weighing], None]] = {
    "object": weigh_object,
    "attribute": weigh_attribute,
    "count": weigh_count,
    "relation": weigh_relation,
    "text": weigh_text,
    "name": weigh_name,
    "scene": weigh_whole,
    "style": weigh_whole,
}

WORDED = frozenset({"object", "attribute", "relation"})
"""Kinds of claim for which it counts that somebody uses the same word, whatever it is said of."""


def judge(claims: Sequence[Claim], evidence: Evidence) -> tuple[list[Claim], dict[str, str]]:
    """The claims with verdict, confidence, evidence and reason; children of a fallen claim take over its verdict.

    And, by the ids of claims that are not believed, what facts say instead.
    """
    case = Case(claims, evidence)
    judged: dict[str, Claim] = {}
    otherwise: dict[str, str] = {}
    for claim in sorted(claims, key=lambda c: c.kind != "object"):
        parent = next((judged[p] for p in (claim.parent, claim.about, claim.to) if p in judged and falls(judged[p])), None)
        if parent is not None:
            judged[claim.id] = fallen(claim, parent)
        elif claim.kind == "opinion":
            judged[claim.id] = replace(claim, verdict="unverified", confidence=0.5, reason="an opinion is never checked")
        else:
            w = weigh(case, claim)
            judged[claim.id] = done = conclude(case, claim, w)
            other = instead(case, claim, w, partial(believed, case)) if done.verdict != "supported" else None
            if other is not None:
                otherwise[claim.id] = other
    return [judged[c.id] for c in claims], otherwise


def believed(case: Case, claim: Claim) -> float:
    """The confidence of a claim that the caption does not make; a thing is looked for by its name."""
    found = next((i for i in case.evidence.instances if i.is_named(claim.value)), None) if claim.kind == "object" else None
    if found is not None:
        case = case.meaning(claim.id, found)
    return probability(log_odds(weigh(case, claim).signals, case.evidence.thresholds))


def weigh(case: Case, claim: Claim) -> Weighing:
    """All signals of one claim; hearsay counts fully for names only."""
    w = Weighing()
    WEIGH[claim.kind](case, claim, w)
    swapped = claim.kind == "attribute" and w.competing  # another thing's quality is heard, and not of this one
    if not w.support and not swapped and not claim.negated and claim.kind in WORDED and case.told_by_any(claim.kind):
        words = " ".join(word for word in claim.value.split() if word not in PLACING)
        w.add(f"{claim.kind}:heard", lexicon.share_heard(words, case.evidence.heard) if words else 0.0)
    for fact in best_of_each(w.hearsay):
        w.add("name:hearsay" if claim.kind == "name" else "hearsay", case.size(fact, claim))
    return w


def conclude(case: Case, claim: Claim, w: Weighing) -> Claim:
    """The verdict that follows from what was weighed."""
    confidence = probability(log_odds(w.signals, case.evidence.thresholds))
    limit = limit_of(limit_for(claim, w), case.evidence.thresholds)
    by_name = claim.kind == "name" and not w.support and bool(w.hearsay)
    support = w.support or (w.hearsay if by_name else [])
    verdict = "unverified"
    if claim.negated and claim.kind == "object":
        confidence = round(1 - confidence, 4)
        if support and confidence < limit:
            verdict = "contradicted"
        elif (w.competing or w.believed) and confidence >= 0.5:
            verdict = "supported"
    elif support and confidence >= 0.5:
        verdict = "supported"
    elif (w.competing or w.believed) and confidence < limit:
        verdict = "contradicted"
    ids = tuple(dict.fromkeys(f.id for f in [*support, *w.competing]))
    disputed = case.evidence.against(support) if verdict == "supported" else []
    reason = reasons.reason(claim, verdict, w, support, disputed, case.evidence)
    return replace(claim, verdict=verdict, confidence=confidence, evidence=ids, reason=reason, hearsay=by_name)


def limit_for(claim: Claim, w: Weighing) -> str:
    """Which of LIMITS a claim falls under: facts that compete count for more than silence."""
    return "contradicted" if w.competing or claim.negated else "unseen"


def limit_of(name: str, own: Mapping[str, float]) -> float:
    """The confidence below which something contradicts; the user's own limit goes before the one that ships."""
    return own.get(name, LIMITS[name])


def doubted(own: Mapping[str, float]) -> dict[str, float]:
    """The confidence below which balanced repair takes a claim out, by kind, and "" for all others."""
    return {name.partition(":")[2]: limit_of(name, own) for name in LIMITS if name.startswith("doubted")}


def falls(claim: Claim) -> bool:
    """Does it take its children along?"""
    return claim.kind == "object" and claim.verdict == "contradicted"


def fallen(claim: Claim, parent: Claim) -> Claim:
    """A claim whose parent was contradicted: it takes over verdict and confidence, and names the first that fell."""
    root = parent.void or parent.id
    reason = f"said of {reasons.named(parent.value)} that is contradicted"
    return replace(
        claim, verdict="contradicted", confidence=parent.confidence, evidence=parent.evidence, reason=reason, void=root
    )
