"""Which pictures are shown, in what order, with which captions."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.making import claim, record, verified
from fusion.audit import Entry, Worst, gather, read
from fusion.audit.worst import CAPTIONS, badness

TEXT = "aa bb cc dd ee"


def entry(name: str, wrong: int, line: int, *, confidence: float = 0.1) -> Entry:
    """A verify row with so many contradicted claims."""
    claims = [claim(TEXT, word, "contradicted", confidence=confidence) for word in TEXT.split()[:wrong]]
    return read(name, verified(name, TEXT, claims or [claim(TEXT, "aa", confidence=confidence)]), line=line)


def names(entries: Sequence[Entry], show: int) -> list[str | None]:
    """The ids shown, worst first."""
    worst = Worst(show)
    for one in entries:
        worst.add(one)
    return [shown.id for shown in gather(entries, worst)]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param([("a", 1, 0.1), ("b", 3, 0.1), ("c", 2, 0.1)], ["b", "c"], id="most contradicted claims"),
        pytest.param([("a", 1, 0.3), ("b", 1, 0.1), ("c", 1, 0.2)], ["b", "c"], id="then least believed"),
        pytest.param([("a", 0, 0.9), ("b", 0, 0.9), ("c", 0, 0.9)], ["a", "b"], id="then in order"),
        pytest.param([("a", 1, 0.1), ("b", 2, 0.1), ("c", 0, 0.9), ("a", 3, 0.1)], ["a", "b"], id="the worst caption counts"),
    ],
)
def test_order(rows: list[tuple[str, int, float]], expected: list[str]) -> None:
    entries = [entry(name, wrong, line, confidence=c) for line, (name, wrong, c) in enumerate(rows, 1)]
    assert names(entries, 2) == expected


@given(st.lists(st.tuples(st.sampled_from("abcdefgh"), st.integers(0, 5)), max_size=40), st.integers(0, 5))
def test_a_small_heap_finds_what_sorting_everything_finds(rows: list[tuple[str, int]], show: int) -> None:
    entries = [entry(name, wrong, line) for line, (name, wrong) in enumerate(rows, 1)]
    best = {one.id: max(badness(other) for other in entries if other.id == one.id) for one in entries}
    assert names(entries, show) == sorted(best, key=lambda name: best[name], reverse=True)[:show]


def test_captions_of_one_picture_stand_together_the_worst_first() -> None:
    entries = [entry("a", 0, 1), entry("b", 1, 2), entry("a", 3, 3), entry("a", 1, 4)]
    worst = Worst(5)
    for one in entries:
        worst.add(one)
    first, second = gather(entries, worst)
    assert [len([c for c in said.claims if c.verdict == "contradicted"]) for said in first.captions] == [3, 1, 0]
    assert (first.id, second.id) == ("a", "b")


def test_records_of_one_id_stay_apart_for_their_facts_differ() -> None:
    entries = [read("a", record("a", TEXT, TEXT), line=line) for line in (1, 2)]
    assert names(entries, 5) == ["a", "a"]


def test_of_very_many_captions_the_worst_are_shown() -> None:
    entries = [entry("a", n % 6, n) for n in range(1, 61)]
    worst = Worst(1)
    for one in entries:
        worst.add(one)
    (shown,) = gather(entries, worst)
    assert (len(shown.captions), shown.left_out) == (CAPTIONS, 60 - CAPTIONS)
    assert len(shown.captions[0].claims) == 5
