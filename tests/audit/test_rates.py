"""Shares, their intervals, and counters that stay small."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion.audit.rates import Distinct, Rate, Tally, Top, outcome
from fusion.facts import Claim


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [
        # Newcombe, Statistics in Medicine 17 (1998) 857-872, table I, method 3
        pytest.param(81, 263, 0.2553, 0.3662, id="81 of 263"),
        pytest.param(15, 148, 0.0624, 0.1605, id="15 of 148"),
        pytest.param(0, 20, 0.0, 0.1611, id="none of 20"),
        pytest.param(1, 29, 0.0061, 0.1718, id="1 of 29"),
        pytest.param(0, 0, 0.0, 1.0, id="nothing known"),
    ],
)
def test_wilson_interval(part: int, whole: int, low: float, high: float) -> None:
    assert Rate(part, whole).interval == pytest.approx((low, high), abs=5e-5)


@given(st.integers(0, 500), st.integers(1, 500))
def test_an_interval_holds_its_share(part: int, more: int) -> None:
    rate = Rate(part, part + more)
    low, high = rate.interval
    assert 0 <= low <= rate.share <= high <= 1


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        pytest.param({"verdict": "supported"}, "supported", id="supported"),
        pytest.param({"verdict": "supported", "hearsay": True}, "hearsay", id="only hearsay supports it"),
        pytest.param({"verdict": "contradicted", "void": "c1"}, "void", id="fell with its parent"),
        pytest.param({"verdict": "unverified", "kind": "opinion"}, "opinion", id="opinion"),
    ],
)
def test_outcome(fields: dict[str, object], expected: str) -> None:
    assert outcome(Claim(**{"id": "c0", "kind": "object", "value": "dog", "span": (0, 3), **fields})) == expected  # type: ignore[arg-type]


def test_hearsay_is_in_no_rate() -> None:
    tally = Tally()
    for what in ("supported", "contradicted", "hearsay", "opinion", "void"):
        tally.add(what)
    assert (tally.checked, tally.hearsay, tally.rate("contradicted").share) == (2, 1, 0.5)


def test_top_forgets_the_rare_half_and_says_so() -> None:
    top = Top(limit=4)
    for word in ["a", "a", "b", "b", "c", "d"]:
        top.add(word)
    assert not top.cut
    top.add("e")
    assert top.cut
    assert top.most(5) == [("a", 2), ("b", 2)]


def test_distinct_stops_at_its_limit() -> None:
    found = Distinct(limit=2)
    for text in ["a", "b", "a"]:
        found.add(text)
    assert (len(found), found.more) == (2, False)
    found.add("c")
    assert (len(found), found.more) == (2, True)
