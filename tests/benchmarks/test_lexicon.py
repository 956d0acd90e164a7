"""How long reading the word table takes, and how many look-ups a second there are."""

from __future__ import annotations

import itertools
import pkgutil

import pytest

from fusion import lexicon
from fusion.lexicon import basic_level, exclusions, inflection, senses, words
from fusion.lexicon.table import Table, ancestors, table

NOUNS = [
    "dog",
    "puppy",
    "couch",
    "sofa",
    "wooden-table",
    "man",
    "women",
    "stop-sign",
    "hot-dog",
    "bus",
    "laptop",
    "glasses",
    "pizza",
    "red",
    "umbrella",
    "teddybear",
]
PAIRS = list(itertools.product(NOUNS, NOUNS))


def forget() -> None:
    """Empty every cache, so that words are looked up as if for the first time."""
    for module in (basic_level, exclusions, inflection, senses, words):
        for value in vars(module).values():
            if hasattr(value, "cache_clear") and value is not table:
                value.cache_clear()
    ancestors.cache_clear()


def test_load(benchmark):
    made = benchmark(lambda: Table(pkgutil.get_data("fusion.lexicon", "wordnet.bin") or b""))
    assert len(made) > 50_000


@pytest.mark.parametrize("name", ["same", "is_a", "excludes"])
def test_look_up_of_words_met_before(benchmark, name):
    ask = getattr(lexicon, name)
    answers = benchmark(lambda: [ask(a, b) for a, b in PAIRS])
    assert len(answers) == len(PAIRS)


@pytest.mark.parametrize("name", ["same", "is_a", "excludes"])
def test_look_up_of_new_words(benchmark, name):
    ask = getattr(lexicon, name)
    answers = benchmark.pedantic(lambda: [ask(a, b) for a, b in PAIRS], setup=forget, rounds=5)
    assert len(answers) == len(PAIRS)
