"""Verifying captions against the parser alone, in one run: compare the two medians of the group."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fusion.evidence import gather
from fusion.expert import Card
from fusion.facts import Box, Fact, Observation
from fusion.language import Language
from fusion.verdicts import verify

if TYPE_CHECKING:
    from pytest_benchmark.fixture import BenchmarkFixture

NOUNS = ("dog", "cat", "bus", "person", "horse", "couch", "umbrella", "dining table")
CARDS = {"boxes": Card(sees=("object", "count"), vocabulary=NOUNS, precision=0.98, recall=0.95)}
CAPTIONS = [
    f"{number} {plural} {doing} a {colour} {place}."
    for number, plural in (("Two", "dogs"), ("Three", "people"), ("Several", "horses"), ("Four", "cats"))
    for doing in ("sit on", "stand next to", "look at", "walk past")
    for colour in ("brown", "wooden", "large")
    for place in ("couch", "bus", "table with a vase on it", "bench in the park")
]


@pytest.fixture(scope="module")
def observation() -> Observation:
    facts = tuple(
        Fact(id=f"f{n}", kind="object", value=noun, expert="boxes", box=Box(n * 20, 10, n * 20 + 60, 80))
        for n, noun in enumerate(("dog", "dog", "person", "couch"))
    )
    return Observation(id="x", width=320, height=240, looked=("boxes",), facts=facts)


@pytest.mark.benchmark(group="verify")
def test_parse_alone(benchmark: BenchmarkFixture) -> None:
    pipeline = Language.load().pipeline
    docs = benchmark(lambda: list(pipeline.pipe(CAPTIONS)))
    assert len(docs) == len(CAPTIONS)


@pytest.mark.benchmark(group="verify")
def test_verify(benchmark: BenchmarkFixture, observation: Observation) -> None:
    language = Language.load()
    evidence = gather([observation] * len(CAPTIONS), CARDS, language)
    checked = benchmark(lambda: verify(language.read(CAPTIONS), evidence, language))
    assert any(c.edits for c in checked)
