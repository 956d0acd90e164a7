"""What kind of thing a noun names, and whether a photo can show it.

Categories are WordNet's lexicographer files and, below "artifact", words of the hierarchy (`ANCHORS`).
"""

from __future__ import annotations

from functools import lru_cache

from fusion.lexicon.hand import NOT_VISIBLE, VISIBLE
from fusion.lexicon.inflection import singular
from fusion.lexicon.senses import fold, noun
from fusion.lexicon.table import ancestors, listed, table

OF_FILE = {
    "noun.animal": "animal", "noun.artifact": "artifact", "noun.body": "body", "noun.food": "food",
    "noun.group": "group",
    "noun.location": "place", "noun.object": "place", "noun.person": "person", "noun.phenomenon": "phenomenon",
    "noun.plant": "plant", "noun.substance": "substance", "noun.act": "event", "noun.event": "event",
    "noun.time": "time",
    "noun.communication": "communication", "noun.shape": "shape", "noun.quantity": "quantity",
}  # fmt: skip
"""The category of a lexicographer file; files not named here hold what is only abstract."""

CONCRETE = frozenset(listed("animal artifact body food group person place phenomenon plant substance shape"))

ANCHORS = {
    "garment": "clothing footwear headdress neckwear handwear", "vehicle": "vehicle", "furniture": "furniture",
    "building": "building house", "weapon": "weapon", "instrument": "musical_instrument", "container": "container bag",
    "tableware": "tableware cutlery drinking_vessel plate bowl cup glass",
    "appliance": "appliance home_appliance kitchen_appliance",
    "tool": "tool", "toy": "plaything", "device": "electronic_device electronic_equipment computer telephone",
    "sports gear": "sports_equipment ball racket",
    "place": "room way area land geological_formation body_of_water tract facility street park",
    "weather": "atmospheric_phenomenon weather", "person": "person", "animal": "animal",
    "plant": "plant vascular_plant", "food": "food edible_fruit vegetable", "substance": "substance",
}  # fmt: skip
"""Words whose first sense, and all below it, makes a category."""


@lru_cache(maxsize=1)
def _anchors() -> dict[int, str]:
    found: dict[int, str] = {}
    for name, words in ANCHORS.items():
        for word in words.split():
            for sense in noun(word.replace("_", " ")).senses[:1]:
                found[sense] = name
    return found


def _of_sense(sense: int) -> set[str]:
    anchors = _anchors()
    found = {anchors[s] for s in ancestors(sense) if s in anchors}
    if "food" in found:
        found -= {"substance"}
    name = OF_FILE.get(table().file(sense))
    if name is not None:
        found.add(name)
    return found or {"abstract"}


@lru_cache(maxsize=1 << 15)
def category(noun_: str) -> frozenset[str]:
    """The kinds of thing that a noun names, over all its senses that captions use; empty if the noun is unknown.

    Of: person, animal, plant, food, garment, body, vehicle, furniture, building, place, artifact, substance, weather,
    event, time, abstract, group, phenomenon, weapon, instrument, container, tableware, appliance, tool, toy, device,
    "sports gear", shape,
    quantity, communication. A garment is an artifact as well.
    """
    found: set[str] = set()
    for sense in noun(noun_).senses:
        found |= _of_sense(sense)
    concrete = found - {"abstract", "communication", "event", "time", "quantity"}
    return frozenset(concrete or found)


@lru_cache(maxsize=1 << 15)
def main_category(noun_: str) -> frozenset[str]:
    """The kinds of thing that a noun names in its likeliest sense: a "hand" is a part of the body and no worker."""
    senses = [s for s in noun(noun_).senses if table().named(s)]
    return frozenset(_of_sense(senses[0])) if senses else frozenset()


@lru_cache(maxsize=1 << 15)
def is_visual(noun_: str) -> bool:
    """A photo can show it: "dog", "wave", "sign"; not "time", "idea", "fun". True for an unknown noun."""
    one = singular(fold(noun_))
    if one in VISIBLE:
        return True
    if one in NOT_VISIBLE:
        return False
    found = noun(one)
    if not found.own and " " in one and one.rpartition(" ")[2] in NOT_VISIBLE:
        return False
    kinds = category(one)
    return not kinds or not kinds.isdisjoint(CONCRETE) or not kinds.isdisjoint(ANCHORS)
