"""Guards over replies of language models: a thousand of all kinds."""

from __future__ import annotations

from pytest_benchmark.fixture import BenchmarkFixture
from write.test_guards import PIECES, WANTED

from fusion.write.guards import guard


def test_a_thousand_replies(benchmark: BenchmarkFixture) -> None:
    benchmark(lambda: [guard(f"{PIECES[n % len(PIECES)]} ", WANTED) for n in range(1000)])
