"""How many tags a second are grouped and put in order, met before or not."""

from __future__ import annotations

import itertools

from fusion.tags import arrange, group_of, groups, order

NOUNS = "skirt hat hair eyes dog sword car cake tree river forest background piano chess robot".split()
FRONT = "black white long short striped old wooden small holding alternate torn floral santa winter".split()
TAGS = [f"{front}_{noun}" for front, noun in itertools.product(FRONT, NOUNS)]
LISTS = [tuple(TAGS[at::21]) for at in range(21)]


def forget() -> None:
    """Empty every cache of whole tags, as if none of them had been met; words stay known."""
    for module in (groups, order):
        for value in vars(module).values():
            if hasattr(value, "cache_clear") and value.__module__.startswith("fusion.tags"):
                value.cache_clear()


def test_group_of_new_tags(benchmark):
    found = benchmark.pedantic(lambda: [group_of(tag) for tag in TAGS], setup=forget, rounds=5)
    assert len(found) == len(TAGS)


def test_arrange_lists_of_new_tags(benchmark):
    arranged = benchmark.pedantic(lambda: [arrange(tags) for tags in LISTS], setup=forget, rounds=5)
    assert sum(len(one.tags) for one in arranged) == len(TAGS)


def test_arrange_and_drop_implied(benchmark):
    arranged = benchmark(lambda: [arrange(tags, drop_implied=True) for tags in LISTS])
    assert all(one.tags for one in arranged)
