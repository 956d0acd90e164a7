"""How far to believe a claim: the log-odds that it is true, to which each signal adds its size times its weight.

What is known of a claim is taken apart into signals: an expert states it, states something that excludes it, looked and stays
silent, boxes lie so or otherwise. The size of a signal follows from the card of the expert, so that better experts count more:

* a statement: the log-odds of its `precision`, times its score;
* silence: the logarithm of the share of such things that it misses, 1 - `recall`, once for each look. Several sentences of one
  expert are several looks, but they resemble each other: n of them miss what √n independent ones would miss. So do several
  experts of one sort, detectors or captioners, in what they state and in what they miss;
* geometry: how clearly the boxes speak, -1..1.

The weights say what such a signal is worth beside the others; the prior of each kind of claim is the weight of a signal that is
always there. They come from a logistic regression (`scripts/fit_belief`), see `belief.json` for its data.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from functools import lru_cache
from math import copysign, exp, log, sqrt
from typing import NamedTuple

import msgspec

from fusion.errors import ConfigError
from fusion.evidence.salience import average, measured, mentioned
from fusion.expert import Card
from fusion.facts import Fact

BELIEVED_SILENCE = 0.8
"""Share of such things that silence must rule out before it can contradict alone."""

LOWEST, HIGHEST = 0.01, 0.99


class Signal(NamedTuple):
    """One thing known of a claim: the name of its weight, and its size."""

    name: str
    size: float


def bound(probability: float) -> float:
    """Into LOWEST..HIGHEST: no card is certain."""
    return min(max(probability, LOWEST), HIGHEST)


def logit(probability: float) -> float:
    """Log-odds of a probability."""
    p = bound(probability)
    return log(p / (1 - p))


def probability(log_odds: float) -> float:
    """The probability that log-odds stand for, four decimals."""
    return round(bound(1 / (1 + exp(-min(max(log_odds, -30.0), 30.0)))), 4)


def stated(precision: float, score: float) -> float:
    """Size of a statement, 0.1 at least: no expert speaks against what it states."""
    return max(logit(precision), 0.1) * max(score, 0.1)


def missed(recall: float, looks: int = 1) -> float:
    """Size of silence, 0 or less: the logarithm of the share of such things that it is silent on."""
    return log(1 - min(max(recall, 0.0), HIGHEST)) * sqrt(max(looks, 1))


def together(sizes: Iterable[float]) -> float:
    """Size of what several experts of one sort state, or are silent on: n that are alike count as √n independent ones."""
    given = list(sizes)
    return copysign(sqrt(sum(size * size for size in given)), sum(given)) if given else 0.0


def best_of_each(facts: Iterable[Fact]) -> list[Fact]:
    """The surest fact of each expert: however often it repeats itself, it counts once."""
    best: dict[str, Fact] = {}
    for fact in facts:
        if fact.expert not in best or fact.score > best[fact.expert].score:
            best[fact.expert] = fact
    return list(best.values())


def recall_of(card: Card, kind: str, word: str) -> float:
    """The share of such things that an expert states at one look: the rate of its card, spread over words."""
    recall = card.recall_of(kind, word)
    shift = spread_of(card, kind, word)
    return 1 / (1 + exp(-logit(recall) - shift)) if shift and 0 < recall < 1 else recall


def spread_of(card: Card, kind: str, word: str) -> float:
    """Log-odds by which a word is stated more often than the rate of the card that goes for it.

    Whoever describes freely mentions some things more than others, as `salience` measured; a flat rate is spread over kinds as
    well. An expert with a vocabulary to look for does not, and a rate for the very word is that of the word.
    """
    if card.vocabulary is not None or (isinstance(card.recall, dict) and f"{kind}:{word}" in card.recall):
        return 0.0
    return logit(mentioned(kind, word)) - logit(average(kind) if isinstance(card.recall, dict) else measured().overall)


class Beliefs(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file `belief.json`: weights by name, and where they come from."""

    source: str
    weights: dict[str, float]


@lru_cache(maxsize=1)
def weights() -> Mapping[str, float]:
    """The weights that ship with the package, read at the first call."""
    data = pkgutil.get_data("fusion.evidence", "belief.json")
    if data is None:
        raise FileNotFoundError("fusion/evidence/belief.json is not in the package; run scripts/fit_belief")
    return msgspec.json.decode(data, type=Beliefs).weights


LIMITS: Mapping[str, float] = {
    "contradicted": 0.31,
    "unseen": 0.33,
    "doubted": 0.7,
    "doubted:object": 0.735,
    "doubted:relation": 0.54,
}
"""Confidence below which a claim is contradicted, by facts that compete and by silence alone; and below which balanced repair
takes a claim out, by kind. With the first two one in thirty true captions of the pairs that the weights were fitted to has a
contradicted claim. The others say what a true word is worth beside a false one: it goes unless it is right seven times in ten; of
a relation, which takes a whole phrase along, once in two.
"""


def checked(thresholds: Mapping[str, float], where: str) -> dict[str, float]:
    """Thresholds of a cards file: LIMITS of contradiction, 0..0.5, and weights, that go before those that ship.

    Raises:
        ConfigError: one that does not exist, or a limit out of range.
    """
    known = (*weights(), *LIMITS)
    for name, value in thresholds.items():
        if name not in known:
            near = get_close_matches(name, known, 1)
            hint = f"did you mean {near[0]!r}?" if near else "fusion/evidence/belief.json names them all"
            raise ConfigError(f"{where}: unknown threshold {name!r}", hint=hint)
        highest = 1.0 if name.startswith("doubted") else 0.5
        if name in LIMITS and not 0 <= value <= highest:
            raise ConfigError(f"{where}, threshold {name!r}: expected 0..{highest:g}, got {value}")
    return dict(thresholds)


def log_odds(signals: Iterable[Signal], own: Mapping[str, float]) -> float:
    """Sum of sizes times weights; `own` weights go before those that ship."""
    known = weights()
    return sum(own.get(s.name, known.get(s.name, 0.0)) * s.size for s in signals)
