"""States what is written in the file of a picture: when and where it was taken, with what, its caption and keywords.

Library: Pillow (MIT-CMU), and for the names of places reverse_geocode (LGPL), if it is installed.
Standards: Exif 2.32 (CIPA DC-008), IPTC-IIM 4.2, IPTC Photo Metadata 2021.1, XMP (ISO 16684-1), PNG (ISO 15948).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, ClassVar

from experts.metadata import seasons
from experts.metadata.embedded import Embedded, read
from experts.metadata.places import place_names
from fusion.errors import ExpertError
from fusion.expert import Card, Expert
from fusion.facts import Fact, Sample

LONGEST_CAPTION = 2000
"""Characters; a longer one is cut after a word. Web pages' captions hold some hundreds."""
MOST_KEYWORDS, LONGEST_KEYWORD = 100, 64
"""Tags a picture, and characters a tag: the limit of IPTC-IIM 4.2 for keywords."""

_MONTHS = "January February March April May June July August September October November December".split()
# What cameras and programs write where a caption belongs.
_BOILERPLATE = re.compile(
    r"""(olympus|minolta|konica\ minolta|kodak|fuji(film)?|samsung|sony|casio|vivitar|digital)?\s*
        (digital\ (still\ )?camera|camera\ pictures?|dsc|dcim.*|dig(ital)?\ image)\s*
      | exif[_ ]jpeg[_ ](picture|420|t4?2?2?) | <(kenox|digimax).*> | jpeg | untitled.* | default(\ description)? | null
      | (processed|created|edited|made|generated)\ (with|by|using)\ .* | screen\ ?shot.* | software:.* | ascii | unicode
      | cof | hdr | hdrplus | sdr | mde | oznor.* | rhdr | binary\ comment | lavc.* | image | photo | picture""",
    re.IGNORECASE | re.VERBOSE,
)
_FILE_NAME = re.compile(
    r"\S*\.(jpe?g|png|tiff?|gif|webp|heic|avif|bmp|psd|raw|cr2|nef|dng)|[a-z_-]{0,6}[\d_-]{3,}[a-z]?", re.IGNORECASE
)


class Metadata(Expert):
    """Facts from the file itself: names (date, place, camera, people, event), statements (captions), tags (keywords), and as
    scenes the season and the time of day that date and coordinates give.

    Every fact says in `data["field"]` what it is: "date", "month", "season", "time of day", "city", "country", "camera",
    "caption", "keyword" and so on. Pictures that were handed in without a file have no metadata. Seasons are stated only
    where coordinates say which hemisphere it is, outside the tropics; times of day go by the clock of the camera.

    `places`: name the town, region and country of coordinates, as far as the file does not name them (`data["from"]` is then
    "gps"); needs the extra `places`, without which they stay unnamed. `gps`: also put the coordinates of a GPS receiver,
    degrees north and east, into `data["gps"]` of the first fact. Both can lead to somebody's home, and facts end up in rows
    that are passed on, so they are left out unless asked for.
    """

    automatic: ClassVar[bool] = True
    alone = True
    # Not measured, as it differs from source to source: clocks are set wrong, captions are copied to whole folders.
    # Season and time of day are said by the calendar and the clock: a guess, lower, as rooms are lit at night and cameras travel.
    card = Card(
        sees=("name", "scene", "statement", "tag"),
        vocabulary=(),
        precision={"name": 0.7, "scene": 0.6, "statement": 0.7, "tag": 0.7},
        recall=0.0,
        hearsay=True,
        version="2",
    )

    def __init__(self, gps: bool = False, places: bool = False) -> None:
        self._gps, self._places = gps, places

    def look(self, sample: Sample) -> list[Fact]:
        """Date, season and time of day, places, camera, people, event, captions, keywords. What cannot be read is left out.

        Raises:
            ExpertError: the file cannot be opened.
        """
        if sample.file is None:
            return []
        try:
            found = read(Path(sample.file))
        except OSError as error:
            reason = error.strerror or "it is no picture"
            hint = "check that the file is still where it was"
            raise ExpertError(f"metadata of {sample.path or sample.id!r} cannot be read: {reason}", hint=hint) from None
        located = place_names(found.gps) if self._places and found.gps else {}
        facts = list(_facts(found, located))
        return [_with_gps(facts[0], found.gps), *facts[1:]] if self._gps and facts and found.gps else facts


def _facts(found: Embedded, located: dict[str, str]) -> Iterator[Fact]:
    if found.date:
        yield from _times(found.date, found)
    yield from _places(found.places, located)
    if found.camera:
        yield Fact(kind="name", value=found.camera, data={"field": "camera"})
    for field, names in (("person", found.people), ("event", found.events)):
        for name in _distinct(names)[:MOST_KEYWORDS]:
            yield Fact(kind="name", value=name, data={"field": field})
    for caption in _distinct(_cut(text) for text in found.captions if says_something(text)):
        yield Fact(kind="statement", value=caption, data={"field": "caption"})
    for keyword in _distinct(word for word in found.keywords if len(word) <= LONGEST_KEYWORD)[:MOST_KEYWORDS]:
        yield Fact(kind="tag", value=keyword, data={"field": "keyword"})


def _times(day: date, found: Embedded) -> Iterator[Fact]:
    yield Fact(id="date", kind="name", value=day.isoformat(), data={"field": "date"})
    month = f"{_MONTHS[day.month - 1]} {day.year}"
    yield Fact(id="month", kind="name", value=month, parent="date", data={"field": "month"})
    if season := seasons.season(day.month, found.gps[0] if found.gps else None):
        yield Fact(kind="scene", value=season, parent="date", data={"field": "season"})
    if time := seasons.time_of_day(found.hour):
        yield Fact(kind="scene", value=time, parent="date", data={"field": "time of day"})


def _places(written: dict[str, str], located: dict[str, str]) -> Iterator[Fact]:
    """Places by what they are, the smallest first; where people have named one, the gazetteer is not asked."""
    said = {place.casefold() for place in written.values()}
    for field in dict.fromkeys(("sublocation", *located, *written)):
        if field in written:
            yield Fact(kind="name", value=written[field], data={"field": field})
        elif field in located and located[field].casefold() not in said:
            yield Fact(kind="name", value=located[field], data={"field": field, "from": "gps"})


def _with_gps(fact: Fact, gps: tuple[float, float]) -> Fact:
    data: dict[str, Any] = {**(fact.data or {}), "gps": list(gps)}
    return Fact(id=fact.id, kind=fact.kind, value=fact.value, data=data)


def says_something(caption: str) -> bool:
    """Is it a caption, and not what a camera or a program writes there, a file name, or a number?"""
    text = " ".join(caption[:LONGEST_CAPTION].split())
    wordless = sum(character.isalpha() for character in text) < 2
    return not (wordless or _BOILERPLATE.fullmatch(text) or _FILE_NAME.fullmatch(text))


def _cut(text: str) -> str:
    if len(text) <= LONGEST_CAPTION:
        return text
    head = text[:LONGEST_CAPTION]
    return head.rsplit(None, 1)[0] if any(character.isspace() for character in head) else head


def _distinct(texts: Iterable[str]) -> list[str]:
    """Each text once: the same caption commonly stands in three places of a file."""
    first: dict[str, str] = {}
    for text in texts:
        first.setdefault("".join(text.casefold().split()), text)
    return list(first.values())
