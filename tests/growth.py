"""How work grows with its input, so that tests need no limit of time: about 4 where it is linear, 16 where it is quadratic."""

from __future__ import annotations

from collections.abc import Callable
from time import process_time

STEADY = 10
"""Growth below which work is no more than linear, give or take what a busy machine does to small figures."""
LEAST = 0.004
"""Seconds below which a clock says little."""


def growth(work: Callable[[int], object], size: int) -> float:
    """Time of this process for four times the size over that for the size, the best of three each."""
    return max(fastest(work, 4 * size), LEAST) / max(fastest(work, size), LEAST)


def fastest(work: Callable[[int], object], size: int) -> float:
    """Seconds of this process, whatever else the machine does."""
    taken = []
    for _ in range(3):
        began = process_time()
        work(size)
        taken.append(process_time() - began)
    return min(taken)
