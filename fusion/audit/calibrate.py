"""Fits cards and thresholds to labelled claims, and measures how well confidences tell the truth.

Precision of an expert is the share of true claims among those that it states, recall what makes its statements and silences of
true claims likeliest. Then the prior of each kind of claim is moved until mean confidence is the share of true claims, and the
limits of contradiction are set where few true captions have a contradicted claim and many false ones do.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import exp, floor, log, sqrt

from msgspec import structs

from fusion.audit.labels import Labelled, Part
from fusion.evidence.belief import LIMITS, log_odds, probability, spread_of, weights
from fusion.expert import Card

FEWEST = 30
"""Claims of a kind, or of a word, that an expert's rate is fitted to; with fewer it keeps the rate that it had. And captions of
either sort that the limits are fitted to.
"""
TRUST = 10.0
"""How many claims the rate that it had counts for."""
ALARM = 0.03
"""Share of true captions with a contradicted claim that the limits of contradiction allow."""
STEPS = 25
"""Limits that are tried for facts that compete, 0.5 / STEPS apart."""
BINS = 10


@dataclass(frozen=True)
class Curve:
    """A reliability curve: for each bin of confidence its claims, mean confidence and share of true ones; and the error."""

    bins: tuple[tuple[int, float, float], ...]
    claims: int
    error: float


# Cards


def fit_cards(claims: Sequence[Labelled], cards: Mapping[str, Card]) -> dict[str, Card]:
    """The cards with the rates that the claims show, by kind, and by word for experts with a vocabulary."""
    told: dict[str, list[tuple[Labelled, Part]]] = defaultdict(list)
    for claim in claims:
        for part in claim.told:
            told[part.expert].append((claim, part))
    return {name: fit_card(card, told[name]) for name, card in cards.items()}


def fit_card(card: Card, told: Sequence[tuple[Labelled, Part]]) -> Card:
    """One card; kinds with too few claims keep their rates."""
    groups: dict[tuple[str, str], list[tuple[Labelled, Part]]] = defaultdict(list)
    for one in told:
        groups[one[0].kind, ""].append(one)
        if card.vocabulary:
            groups[one[0].kind, one[1].word].append(one)
    precision, recall = by_kind(card.precision, card), by_kind(card.recall, card)
    fitted = structs.replace(card, precision=precision, recall=recall)
    for (kind, word), some in sorted(groups.items()):
        key = f"{kind}:{word}" if word else kind
        stated = [claim.true for claim, part in some if part.stated]
        if len(stated) >= FEWEST:
            had = card.precision_of(kind, word)
            precision[key] = round((sum(stated) + TRUST * had) / (len(stated) + TRUST), 4)
        true = [(claim, part) for claim, part in some if claim.true and not claim.absent]
        if len(true) >= FEWEST:
            recall[key] = round(fit_recall(fitted, kind, true, card.recall_of(kind, word)), 4)
    return structs.replace(card, precision=precision, recall=recall)


def by_kind(given: float | Mapping[str, float], card: Card) -> dict[str, float]:
    """A rate by kind; a flat one holds for every kind that the expert sees."""
    return dict(given) if isinstance(given, Mapping) else dict.fromkeys(card.sees, given)


def fit_recall(card: Card, kind: str, told: Sequence[tuple[Labelled, Part]], had: float) -> float:
    """The recall of a kind that makes these statements and silences likeliest, by ternary search on its log-odds."""

    def unlikely(odds: float) -> float:
        total = -TRUST * (had * log(rate(odds)) + (1 - had) * log(1 - rate(odds)))
        for claim, part in told:
            missed = (1 - rate(odds + spread_of(card, kind, claim.word))) ** sqrt(part.looks)
            total -= log(max(1 - missed if part.stated else missed, 1e-9))
        return total

    low, high = -6.0, 6.0
    for _ in range(40):
        third = (high - low) / 3
        if unlikely(low + third) < unlikely(high - third):
            high -= third
        else:
            low += third
    return rate((low + high) / 2)


def rate(odds: float) -> float:
    """A probability from log-odds, never quite 0 or 1."""
    return min(max(1 / (1 + exp(-odds)), 1e-4), 1 - 1e-4)


# Thresholds


def fit_thresholds(claims: Sequence[Labelled], own: Mapping[str, float] | None = None) -> dict[str, float]:
    """Priors of kinds, moved until mean confidence is the share of true claims; then the limits of contradiction."""
    found = dict(own or {})
    for name in sorted({s.name for claim in claims for s in claim.signals if is_prior(s.name)}):
        concerned = [c for c in claims if any(s.name == name for s in c.signals)]
        if len(concerned) >= FEWEST:
            found[name] = round(weights().get(name, 0.0) + shift_of(concerned, found), 3)
    return found | fit_limits(claims, found)


def is_prior(name: str) -> bool:
    """Is it the signal of a kind that is always there?"""
    return ":" not in name or name.endswith((":blind", ":denied"))


def shift_of(claims: Sequence[Labelled], own: Mapping[str, float]) -> float:
    """By how much the log-odds of these claims must move so that on average they are as sure as they are true."""
    odds = [log_odds(c.signals, own) for c in claims]
    wanted = sum(c.true != c.absent for c in claims) / len(claims)
    low, high = -6.0, 6.0
    for _ in range(40):
        middle = (low + high) / 2
        mean = sum(rate(o + middle) for o in odds) / len(odds)
        low, high = (middle, high) if mean < wanted else (low, middle)
    return (low + high) / 2


def fit_limits(claims: Sequence[Labelled], own: Mapping[str, float]) -> dict[str, float]:
    """The limits, at most one half each, under which few true captions have a claim that falls, and most false ones do.

    None with too few captions of either sort.
    """
    lowest: dict[str, dict[int, float]] = {name: {} for name in LIMITS}
    whole: dict[int, bool] = {}
    for claim in claims:
        whole[claim.caption] = whole.get(claim.caption, True) and claim.true
        if claim.limit and not claim.supported:
            found = lowest[claim.limit]
            found[claim.caption] = min(found.get(claim.caption, 1.0), confidence(claim, own))
    true = [caption for caption, holds in whole.items() if holds]
    false = [caption for caption, holds in whole.items() if not holds]
    if min(len(true), len(false)) < FEWEST:
        return {}
    allowed = int(ALARM * len(true))

    def falling(captions: Iterable[int], limits: Mapping[str, float]) -> list[int]:
        return [c for c in captions if any(lowest[name].get(c, 1.0) < limit for name, limit in limits.items())]

    def filled(limit: float) -> dict[str, float]:
        """The limit of silence that fills what this limit of facts leaves of the alarms."""
        left = set(true) - set(falling(true, {"contradicted": limit}))
        alarms = sorted(lowest["unseen"][c] for c in left if c in lowest["unseen"])
        rest = allowed - (len(true) - len(left))
        highest = 0.5 if rest >= len(alarms) else alarms[rest] if rest >= 0 else 0.0
        return {"contradicted": limit, "unseen": floor(min(highest, 0.5) * 1000) / 1000}

    tried = [filled(round(step / STEPS / 2, 3)) for step in range(STEPS + 1)]
    kept = [limits for limits in reversed(tried) if len(falling(true, limits)) <= allowed]
    return max(kept, key=lambda limits: len(falling(false, limits)), default={})


def confidence(claim: Labelled, own: Mapping[str, float]) -> float:
    """The confidence that a claim, as said, is true."""
    presence = probability(log_odds(claim.signals, own))
    return 1 - presence if claim.absent else presence


# Measuring


def curve(claims: Iterable[tuple[float, bool]]) -> Curve:
    """Expected calibration error over ten bins of equal width: Naeini et al., Obtaining Well Calibrated Probabilities Using
    Bayesian Binning (AAAI 2015).
    """
    bins: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for sure, true in claims:
        bins[min(int(sure * BINS), BINS - 1)].append((sure, true))
    total = sum(map(len, bins.values()))
    rows = []
    error = 0.0
    for place in range(BINS):
        group = bins.get(place, [])
        mean = sum(sure for sure, _ in group) / len(group) if group else 0.0
        share = sum(true for _, true in group) / len(group) if group else 0.0
        error += abs(mean - share) * len(group) / max(total, 1)
        rows.append((len(group), mean, share))
    return Curve(tuple(rows), total, error)


def confidences(claims: Iterable[Labelled], own: Mapping[str, float]) -> list[tuple[float, bool]]:
    """Confidence and truth of each claim."""
    return [(confidence(claim, own), claim.true) for claim in claims]
