"""Numbers as the page shows them."""

from __future__ import annotations

from fusion.audit.rates import Rate


def percent(rate: Rate) -> str:
    """ "12.3 %", or a dash for a share of nothing."""
    return f"{100 * rate.share:.1f}\u202f%" if rate.whole else "–"


def interval(rate: Rate) -> str:
    """ "11.2–13.5": the 95 % interval in percent, empty for a share of nothing."""
    low, high = rate.interval
    return f"{100 * low:.1f}–{100 * high:.1f}" if rate.whole else ""


def plural(number: int, thing: str) -> str:
    """ "1 claim", "1,200 claims"."""
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"
