"""What the alt-text of a picture says that a caption may take over: cleaned, and held against what experts saw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fusion.evidence import Evidence
from fusion.facts import Retention


@dataclass(frozen=True)
class Found:
    """The alt-text of a picture.

    `text` is what cleaning left of it, `fact` the id of its statement. `names` are the names, numbers, dates and brands in it, as
    they stand there. `agrees`: does it speak of what experts saw? None: nobody saw anything that it could be held against.
    """

    text: str
    fact: str
    names: tuple[str, ...] = ()
    agrees: bool | None = None


def find_found(evidence: Evidence) -> Found | None:
    """The alt-text among the facts; None where there is none, or where nothing is left of it."""
    return None


def retention(found: Found, texts: Sequence[str]) -> Retention:
    """What of the alt-text these captions hold."""
    return Retention(text=found.text, agrees=found.agrees, lost=found.names)
