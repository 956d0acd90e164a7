"""Which facts still hold in a view, and what they say there.

Whatever hangs on a fact that goes (`about`, `to`, `parent`) goes with it. A fact without a box says something of the whole
picture: its thing may lie in the part that was cut off.

Of `data` only keys without geometry stay. Masks are run lengths, which would have to be decoded, at more than the cost of all
the rest; an outline may fall into several parts when it is cut; keypoints are named by the person's own left and right. All of
them are dropped, and must be taken from the record and transformed by whoever needs them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from fusion import lexicon
from fusion.evidence.geometry import test_for
from fusion.facts import Box, Fact
from fusion.views.formats import is_format, reshaped
from fusion.views.sides import exchanged, has_side
from fusion.views.window import WHOLE, Window

UNPLACED = 0.8
"""Least share of the picture that a view must show for what has no box to be taken to be in it."""
SURROUNDS = 0.5
"""Least share of the picture that a view must show for its scene to be seen."""
SAME_THING = 0.6
"""Intersection over union from which two boxes of one noun show one thing."""

PLAIN_DATA = frozenset("role field from taxonomy category group also question folder class".split())
"""Keys of `data` that hold no geometry."""
LASTING = frozenset(
    "indoors outdoors indoor outdoor inside outside underwater day night daytime nighttime dawn dusk morning evening afternoon "
    "spring summer autumn fall winter".split()
)
"""Scenes that are true of each part of a picture."""
MEDIA = frozenset(
    "photo photograph picture image photography painting drawing sketch illustration cartoon anime watercolor watercolour comic "
    "engraving etching lithograph render rendering screenshot monochrome grayscale greyscale sepia scan manga".split()
)
"""Words of styles that are true of each part of a picture."""
VIEWPOINT = frozenset(
    "full body close-up closeup close up portrait landscape square panorama panoramic aerial wide shot angle view overhead head "
    "upper cropped format symmetrical centered centred composition selfie fisheye macro text-heavy colorful colourful "
    "collage".split()
)
"""Words of styles that depend on what part of a scene is shown."""
PLACES = frozenset(
    "left right middle centre center centered centred top bottom corner foreground background edge frame leftmost "
    "rightmost".split()
)
"""Words that say where in the picture something is."""
NO_PLACE = frozenset({"date", "month", "season", "time of day", "city", "region", "country", "camera", "creator", "copyright"})
"""What `data["field"]` says of names that are true of each part of a picture."""


def is_place(value: str) -> bool:
    """Does it say where in the picture something is, or how much of it?"""
    return not PLACES.isdisjoint(value.replace("-", " ").split())


def is_lasting_style(value: str) -> bool:
    """Is a style true of each part of a picture: "black and white photo", "watercolor"?"""
    words = value.replace("-", " ").split()
    return (not MEDIA.isdisjoint(words) and VIEWPOINT.isdisjoint(words)) or value == "black and white"


def seen_facts(facts: Sequence[Fact], window: Window) -> dict[str, Fact]:
    """The facts that hold in the view, by id, in order. Each must have an id."""
    by_id = {fact.id: fact for fact in facts}
    kept = {fact.id for fact in facts if holds(fact, window, by_id)}
    counts = [fact for fact in facts if fact.kind == "count" and not fact.negated and fact.number]
    numbers = {fact.id: recounted(fact, facts, kept, window) for fact in counts} if window.cuts else {}
    kept -= {name for name, found in numbers.items() if found is None}
    anchors = {name: found for name, found in numbers.items() if found is not None}
    while fallen := [name for name in kept if not stands(by_id[name], kept, name in anchors)]:
        kept.difference_update(fallen)
    return {fact.id: moved(fact, window, anchors.get(fact.id)) for fact in facts if fact.id in kept}


def stands(fact: Fact, kept: set[str], anchored: bool) -> bool:
    """Is everything there that it hangs on? A number that was taken anew names a thing that is."""
    if fact.parent is not None and fact.parent not in kept:
        return False
    return anchored or ((fact.about is None or fact.about in kept) and (fact.to is None or fact.to in kept))


def holds(fact: Fact, window: Window, by_id: Mapping[str, Fact]) -> bool:
    """Does a fact hold in the view, as far as it can be told from itself and the boxes of what it is about?"""
    if fact.negated:
        return True  # what is nowhere in a picture is in no part of it
    if window.flip and (fact.kind == "text" or (fact.kind == "statement" and is_bound_to_sides(fact.value))):
        return False
    if not window.cuts:
        return True
    match fact.kind:
        case "text":
            return placed(fact, window, by_id, WHOLE)
        case "statement":
            return placed(fact, window, by_id, WHOLE if fact.box is not None else 0.0)
        case "attribute":
            return not is_place(fact.value)
        case "relation":
            return fact.about is None or fact.to is None or still_related(fact.value, by_id[fact.about], by_id[fact.to], window)
        case "scene":
            return window.share >= SURROUNDS or fact.value in LASTING
        case "style":
            return is_lasting_style(fact.value) or is_format(fact.value)
        case "name":
            field = (fact.data or {}).get("field")
            return fact.about is not None or field in NO_PLACE or placed(fact, window, by_id)
        case "count":
            return True
        case _:
            return placed(fact, window, by_id) and (not is_group(fact) or counted_whole(fact, window))


def is_bound_to_sides(value: str) -> bool:
    """Does a sentence quote what is written, or name a side, so that mirrored it may not be true?"""
    return '"' in value or "“" in value or has_side(value)


def is_group(fact: Fact) -> bool:
    """Is the object more than one?"""
    return fact.at_least or fact.number not in (None, 1)


def counted_whole(fact: Fact, window: Window) -> bool:
    """Of a group that is cut half or more remains, which are several where there were four or more."""
    return fact.box is None or window.remains(fact.box) >= WHOLE or fact.number is None or fact.number >= 4


def placed(fact: Fact, window: Window, by_id: Mapping[str, Fact], least: float = 0.0) -> bool:
    """Is it in the view by its own box or that of what it hangs on; without any, does the view show nearly all?"""
    box = place_of(fact, by_id)
    if box is None:
        return window.share >= UNPLACED and not least
    return window.remains(box) >= least if least else window.shows(box)


def place_of(fact: Fact, by_id: Mapping[str, Fact]) -> Box | None:
    """Its box, else that of what it is about or was made from."""
    seen: set[str] = set()
    todo = [fact]
    while todo:
        one = todo.pop()
        if one.box is not None:
            return one.box
        seen.add(one.id)
        todo += [by_id[name] for name in (one.parent, one.about) if name in by_id and name not in seen and name is not None]
    return None


def still_related(value: str, about: Fact, to: Fact, window: Window) -> bool:
    """Do the clipped boxes deny what those of the picture did not?"""
    if about.box is None or to.box is None:
        return True
    return still_placed(value, about.box, to.box, window)


def still_placed(value: str, about: Box, to: Box, window: Window) -> bool:
    """The same of two boxes: "a left of b" may turn where one is cut."""
    test = test_for(value)
    if test is None:
        return True
    inside, other = clipped(about, window.box), clipped(to, window.box)
    if inside is None or other is None:
        return False
    now = test(inside, other)
    return now > 0 or now >= test(about, to)


def clipped(box: Box, frame: Box) -> Box | None:
    """The part of a box inside another one."""
    x0, y0, x1, y1 = max(box.x0, frame.x0), max(box.y0, frame.y0), min(box.x1, frame.x1), min(box.y1, frame.y1)
    return Box(x0, y0, x1, y1) if x1 > x0 and y1 > y0 else None


# Numbers

Recount = tuple[int, bool, str]
"""A number, whether it is the least, and the id of the thing that it is about."""


def recounted(count: Fact, facts: Sequence[Fact], kept: Iterable[str], window: Window) -> Recount | None:
    """The number of a count among those that are left; None where the boxes do not account for it."""
    about = next((fact for fact in facts if fact.id == count.about), None)
    noun = about.value if about is not None else count.value
    same = [f for f in facts if f.kind == "object" and not f.negated and f.box is not None and lexicon.is_a(f.value, noun)]
    if about is not None and is_group(about):
        whole = about.box is not None and window.remains(about.box) >= WHOLE
        return (count.number or 0, count.at_least, about.id) if whole else None
    left = [fact for fact in same if fact.id in kept]
    before, after = number_of(same), number_of(left)
    unchanged = before == after and (before == count.number or count.at_least) and bool(left)
    if unchanged:
        return count.number or 0, count.at_least, left[0].id
    if not left or after < 2 or count.at_least or before != count.number:
        return None
    return after, False, left[0].id


def number_of(facts: Sequence[Fact]) -> int:
    """How many things boxes show; those of two experts that lie on each other are one."""
    return sum(fact.number or 1 for fact in things_of(facts))


def things_of(facts: Sequence[Fact]) -> list[Fact]:
    """One fact for each thing."""
    found: list[Fact] = []
    for fact in facts:
        if not any(is_same(fact, other) for other in found):
            found.append(fact)
    return found


def is_same(one: Fact, other: Fact) -> bool:
    """Do two experts mean one thing? Two boxes of one expert are two things."""
    if one.expert == other.expert and one.expert:
        return False
    return one.box is not None and other.box is not None and one.box.iou(other.box) >= SAME_THING


# What they say


def moved(fact: Fact, window: Window, recount: Recount | None = None) -> Fact:
    """A fact that holds, as the view shows it."""
    changes: dict[str, Any] = {}
    if fact.box is not None:
        changes["box"] = window.moved(fact.box)
    if fact.data is not None:
        changes["data"] = {key: value for key, value in fact.data.items() if key in PLAIN_DATA} or None
    if window.flip and fact.kind not in {"text", "name", "statement"} and has_side(fact.value):
        changes["value"] = exchanged(fact.value)
    if window.cuts and fact.kind == "style" and is_format(fact.value):
        changes["value"] = reshaped(fact.value, window)
    if recount is not None:
        changes |= dict(zip(("number", "at_least", "about"), recount, strict=True))
    if fact.kind == "object" and fact.number not in (None, 1) and fact.box is not None and window.remains(fact.box) < WHOLE:
        changes |= {"number": None, "at_least": True}
    return replace(fact, **changes) if changes else fact
