"""Planning captions of photos with boxes and several captioners' sentences: divide a median by its photos times briefs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from fusion.codec import convert
from fusion.dataset.cards import Cards
from fusion.evidence import Evidence, gather
from fusion.facts import Observation
from fusion.language import Language
from fusion.write import STYLES, plan

if TYPE_CHECKING:
    from pytest_benchmark.fixture import BenchmarkFixture

PHOTOS = 50


@pytest.fixture(scope="module")
def evidence(shared: Path) -> list[Evidence]:
    with (shared / "data" / "pairs_evidence.jsonl").open(encoding="utf-8") as lines:
        rows = [convert(json.loads(line), Observation) for line, _ in zip(lines, range(PHOTOS), strict=False)]
    return gather(rows, Cards([str(shared / "data" / "experts.json")]).given or {}, Language.load())


@pytest.mark.benchmark(group="planning")
@pytest.mark.parametrize("variants", [1, 3])
@pytest.mark.parametrize("checked", [False, True], ids=["as stated", "checked"])
def test_planning(benchmark: BenchmarkFixture, evidence: list[Evidence], variants: int, checked: bool) -> None:
    plans = benchmark(lambda: [plan(one, STYLES, variants=variants, checked=checked) for one in evidence])
    assert sum(map(len, plans)) > PHOTOS * variants * 2
