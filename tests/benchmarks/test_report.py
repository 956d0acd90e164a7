"""The report over many rows: time a row, and memory that does not grow with them."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from fusion.audit import Totals, Worst, read

if TYPE_CHECKING:
    from pytest_benchmark.fixture import BenchmarkFixture

WORDS = [f"word{n}" for n in range(12)]
TEXT = " ".join(WORDS)


def row(n: int) -> dict[str, Any]:
    """A verify row of twelve claims; every seventh is contradicted."""
    claims = [
        {"id": f"c{i}", "kind": "object", "value": word, "span": [TEXT.index(word), TEXT.index(word) + len(word)],
         "verdict": "contradicted" if (n + i) % 7 == 0 else "supported", "confidence": 0.1 if (n + i) % 7 == 0 else 0.9}
        for i, word in enumerate(WORDS[:-2])
    ]  # fmt: skip
    return {"id": f"p{n}", "caption": TEXT, "claims": claims, "repaired": TEXT, "edits": []}


def survey(rows: Iterator[dict[str, Any]]) -> tuple[Totals, Worst]:
    totals, worst = Totals(), Worst(200)
    for line, data in enumerate(rows, 1):
        entry = read(data["id"], data, line=line)
        totals.add(entry)
        worst.add(entry)
    return totals, worst


@pytest.mark.benchmark(group="report")
def test_survey(benchmark: BenchmarkFixture) -> None:
    lines = [json.dumps(row(n)) for n in range(1000)]
    totals, worst = benchmark(lambda: survey(json.loads(line) for line in lines))
    assert (totals.captions, len(worst.order())) == (1000, 200)


def peak(rows: int) -> int:
    """Bytes held at most while so many rows pass."""
    tracemalloc.start()
    try:
        survey(row(n) for n in range(rows))
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_memory_stays_flat() -> None:
    survey(row(n) for n in range(50))
    per_row = (peak(4000) - peak(1000)) / 3000
    assert per_row < 200, "a mark of each id is kept, up to a limit, and nothing else"
