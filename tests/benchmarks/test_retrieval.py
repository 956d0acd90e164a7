"""Exact search over 200,000 entries, the most that are compared one by one, against one over a tenth: compare the medians."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from experts.retrieval.search import EXACT, Exact

if TYPE_CHECKING:
    from pytest_benchmark.fixture import BenchmarkFixture

np = pytest.importorskip("numpy")
WIDTH, PICTURES = 512, 16


@pytest.mark.benchmark(group="retrieval")
@pytest.mark.parametrize("entries", [EXACT // 10, EXACT])
def test_exact_search(benchmark: BenchmarkFixture, entries: int) -> None:
    random = np.random.default_rng(0)
    matrix = random.standard_normal((entries, WIDTH), dtype=np.float32)
    matrix /= np.linalg.norm(matrix, axis=1, keepdims=True)
    queries = matrix[:PICTURES].copy()
    search = Exact(matrix)
    found = benchmark(lambda: search.nearest(queries, 100.0, 5))
    assert [few[0].place for few in found] == list(range(PICTURES))
