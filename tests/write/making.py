"""Facts and evidence of small pictures, for tests of writers."""

from __future__ import annotations

from functools import lru_cache

from fusion.evidence import Evidence, gather
from fusion.expert import Card
from fusion.facts import Box, Fact, Observation
from fusion.language import Language

NOUNS = ("dog", "cat", "bus", "umbrella", "person", "horse", "stop sign", "cup", "sheep", "knife", "apple", "bench")
CARDS = {
    "captioner": Card(sees=("statement",), vocabulary=None, precision=0.9),
    "label": Card(sees=("tag",), vocabulary=(), precision=0.94),
    "tags": Card(sees=("tag",), vocabulary=(), precision=0.7),
    "boxes": Card(sees=("object", "attribute", "relation"), vocabulary=NOUNS, precision=0.95, recall=0.9),
    "looker": Card(sees=("scene", "style", "text"), vocabulary=None, precision=0.9),
}


def things(*names: str) -> list[Fact]:
    """Objects in a row from left to right, each 40 pixels wide: o0, o1, …"""
    return [
        Fact(id=f"o{n}", kind="object", value=name, expert="boxes", box=Box(n * 50, 10, n * 50 + 40, 60))
        for n, name in enumerate(names)
    ]


def attribute(about: int, value: str) -> Fact:
    return Fact(id=f"a{about}{value}", kind="attribute", value=value, about=f"o{about}", expert="boxes")


def relation(about: int, value: str, to: int) -> Fact:
    return Fact(id=f"r{about}{value}{to}", kind="relation", value=value, about=f"o{about}", to=f"o{to}", expert="boxes")


def scene(value: str) -> Fact:
    return Fact(id=f"s{value}", kind="scene", value=value, expert="looker")


def look(value: str) -> Fact:
    return Fact(id=f"l{value}", kind="style", value=value, expert="looker")


def text(value: str, about: int | None = None) -> Fact:
    return Fact(id=f"t{value}", kind="text", value=value, about=None if about is None else f"o{about}", expert="looker")


def tag(value: str) -> Fact:
    return Fact(id=f"g{value}", kind="tag", value=value, expert="tags")


def stated(value: str) -> Fact:
    return Fact(id=f"q{value}", kind="statement", value=value, expert="captioner")


def evidence_of(facts: list[Fact]) -> Evidence:
    """The evidence of a picture of 1000 × 100 pixels at which the boxes looked."""
    observation = Observation(id="x", width=1000, height=100, looked=("boxes",), facts=tuple(facts))
    return gather([observation], CARDS, language())[0]


@lru_cache(maxsize=1)
def language() -> Language:
    return Language.load()
