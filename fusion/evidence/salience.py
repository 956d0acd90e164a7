"""What whoever describes a picture tends to mention: people and animals nearly always, walls and sleeves seldom.

A card with one flat recall says how much of all that is true its expert states. How that spreads over what there is to state is
measured on several people's captions of the same photos: of what one caption claims, the share that another one claims as well
(qualities, numbers and relations where it names what they are of). `salience.json` holds the shares by kind of claim, by what its
word names, and for the words that come up most, and how often people say a word at all; `scripts/measure_salience` makes it.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping
from functools import lru_cache
from math import log1p

import msgspec

from fusion import lexicon

MOST_USUAL = 7.0
"""Logarithm of how many of 10,000 captions say the most usual words."""
UNMEASURED = 0.2
"""The share for kinds of which the captions have too few: scenes, styles, texts."""


class Salience(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file `salience.json`: shares, 0..1, over all, by kind and group ("all", "" for the rest), and by kind and word; and how
    many of 10,000 captions say a word.
    """

    source: str
    overall: float
    groups: dict[str, dict[str, float]]
    words: dict[str, dict[str, float]]
    said: dict[str, dict[str, int]]


@lru_cache(maxsize=1)
def measured() -> Salience:
    """The file that ships with the package, read at the first call."""
    data = pkgutil.get_data("fusion.evidence", "salience.json")
    if data is None:
        raise FileNotFoundError("fusion/evidence/salience.json is not in the package; run scripts/measure_salience")
    return msgspec.json.decode(data, type=Salience)


def average(kind: str) -> float:
    """The share over all words of a kind."""
    return rates_of(kind).get("all", UNMEASURED)


def rates_of(kind: str) -> Mapping[str, float]:
    """The shares of a kind by group; none where they were not measured."""
    return measured().groups.get(kind, {})


@lru_cache(maxsize=1 << 15)
def mentioned(kind: str, word: str) -> float:
    """The share, 0..1, of what is there that one caption mentions, for such a word."""
    own = measured().words.get(kind, {}).get(word)
    return rates_of(kind).get(group_of(kind, word), average(kind)) if own is None else own


def usual(kind: str, word: str) -> float:
    """How usual it is to say such a thing of a photo: 0 for what hardly anybody ever says, about 1 for "man" and "on"."""
    return log1p(measured().said.get(kind, {}).get(word, 0)) / MOST_USUAL


GROUPS = (
    "person", "animal", "vehicle", "food", "toy", "appliance", "tableware", "furniture", "plant", "device", "container",
    "sports gear", "building", "place", "garment", "body", "substance", "group", "phenomenon", "event", "abstract", "artifact",
)  # fmt: skip
"""What things may be, the more exact ones first."""


@lru_cache(maxsize=1 << 15)
def group_of(kind: str, word: str) -> str:
    """What a word names: an animal, a colour; "" for the rest."""
    if kind == "attribute":
        if lexicon.colour(word):
            return "colour"
        first = word.split()[0]
        return "action" if first.endswith("ing") or lexicon.is_verb(first) else ""
    names = lexicon.main_category(word) if kind == "object" else frozenset()
    return next((name for name in GROUPS if name in names), "")
