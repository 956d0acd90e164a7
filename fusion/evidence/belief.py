"""How far to believe a claim: log-odds that each expert moves by what its card says of hits and misses.

An expert that states something is right in `precision` of cases; one that looked and could have seen it misses it in
1 - `recall` of cases. With the prior odds of a claim's kind both become likelihood ratios (Bayes' rule). Each expert counts
once however often it repeats itself, since its errors are not independent.
"""

from __future__ import annotations

from math import exp, log

PRIORS = {
    "object": 0.8, "attribute": 0.75, "relation": 0.75, "count": 0.7, "text": 0.6, "name": 0.6, "scene": 0.8, "style": 0.8,
}  # fmt: skip
"""Share of claims of a kind that is true, before any evidence."""

BELIEVED_SILENCE = 0.8
"""Recall from which an expert's silence alone can contradict."""

LOWEST, HIGHEST = 0.01, 0.99


def bound(probability: float) -> float:
    """Into LOWEST..HIGHEST: no card is certain."""
    return min(max(probability, LOWEST), HIGHEST)


def logit(probability: float) -> float:
    """Log-odds of a probability."""
    p = bound(probability)
    return log(p / (1 - p))


def posterior(prior: float, *moves: float) -> float:
    """Probability after moving the prior's log-odds, four decimals."""
    total = logit(prior) + sum(moves)
    return round(bound(1 / (1 + exp(-total))), 4)


def hit(prior: float, precision: float, score: float = 1.0) -> float:
    """Log-odds that a statement of an expert adds: at the prior, the claim becomes as likely as its precision.

    A score below 1 weakens it; a statement never counts against what it states.
    """
    return max(logit(precision) - logit(prior), 0.3) * max(score, 0.1)


def against(prior: float, precision: float, score: float = 1.0) -> float:
    """Log-odds that a competing statement takes away: the claim becomes as likely as that statement is false."""
    return min(logit(1 - bound(precision)) - logit(prior), -0.3) * max(score, 0.1)


PRESENCE = 0.1
"""Share of pictures that a word is true of, roughly; only false alarms are estimated from it."""


def miss(precision: float, recall: float) -> float:
    """Log-odds that the silence of an expert takes away which looked and covers the word.

    It is silent on 1 - recall of what is there, and on all that is not there but its false alarms, whose rate follows from
    precision, recall and PRESENCE.
    """
    r, p = bound(recall), bound(precision)
    false_alarm = min(r * PRESENCE * (1 - p) / (p * (1 - PRESENCE)), 0.95)
    return min(log((1 - r) / (1 - false_alarm)), 0.0)
