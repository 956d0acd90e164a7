"""The order of tags: groups as they are read, inside a group from head to foot, what is said of one thing together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from fusion.tags.groups import fold, head
from fusion.tags.words import GROUPS, ZONES

_RANK = {group: rank for rank, group in enumerate(GROUPS)}


def _zones() -> dict[tuple[str, str], int]:
    return {(group, word): n for group, zones in ZONES.items() for n, zone in enumerate(zones) for word in zone.split()}


_ZONE = _zones()


@lru_cache(maxsize=1 << 16)
def place(text: str, group: str) -> tuple[int, int]:
    """Rank of the group, and of the zone inside it that the last of its words names; what names none comes last."""
    words = text.replace("-", " ").split(" ")
    found = (_ZONE[group, one] for word in reversed(words) for one in (word, word.removesuffix("s")) if (group, one) in _ZONE)
    return _RANK[group], next(found, len(ZONES.get(group, ())))


def ordered(tags: Sequence[str], groups: Mapping[str, str], instances: Mapping[str, int]) -> list[str]:
    """Tags by group, then zone, then the instance they are bound to, then head word, each where it first stands."""
    texts = {tag: fold(tag) for tag in tags}
    heads: dict[str, int] = {}
    for number, tag in enumerate(tags):
        heads.setdefault(head(texts[tag]), number)
    last = len(instances)

    def key(number: int) -> tuple[tuple[int, int], int, int, int]:
        tag = tags[number]
        return place(texts[tag], groups[tag]), instances.get(tag, last), heads[head(texts[tag])], number

    return [tags[number] for number in sorted(range(len(tags)), key=key)]
