"""Alternative text as web pages have it: cleaned, its names found, and held against what was seen. Pure functions of text."""

from __future__ import annotations

from fusion.alt_text.agreement import Agreement, agreement
from fusion.alt_text.cleaning import clean
from fusion.alt_text.names import find_names
from fusion.alt_text.persons import person_named, persons
from fusion.alt_text.words import is_titled

__all__ = ["Agreement", "agreement", "clean", "find_names", "is_titled", "person_named", "persons"]
