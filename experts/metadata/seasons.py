"""The season and the time of day of a date: what the calendar and the clock say, not what the picture shows."""

from __future__ import annotations

TROPIC = 23.5
"""Degrees north or south up to which a year has no four seasons."""

_SEASONS = ("winter", "spring", "summer", "autumn")
_HOURS = ((5, "night"), (12, "morning"), (17, "afternoon"), (22, "evening"), (24, "night"))
"""The hour before which it is so, local time."""


def season(month: int, latitude: float | None) -> str:
    """Winter from December to February in the north, and so on; "" in the tropics, and where nobody says how far north it is."""
    if latitude is None or abs(latitude) < TROPIC:
        return ""
    quarter = month % 12 // 3
    return _SEASONS[quarter if latitude > 0 else (quarter + 2) % 4]


def time_of_day(hour: int | None) -> str:
    """Night from 22 to 5, morning to 12, afternoon to 17, evening to 22; "" where the hour is unknown."""
    return "" if hour is None else next(name for before, name in _HOURS if hour < before)
