"""Hands on the alt-text of the row as a statement, marked as hearsay: somebody wrote it, perhaps without looking.

Library: none. Licence: Apache-2.0.
"""

from __future__ import annotations

from typing import ClassVar

from fusion.expert import Card, Expert
from fusion.facts import Fact, Sample


class AltText(Expert):
    """The row's `alt_text`, one statement."""

    automatic: ClassVar[bool] = True
    alone = True
    # Not measured, as it differs from site to site.
    card = Card(sees=("name", "statement"), vocabulary=(), precision=0.7, recall=0.0, hearsay=True, version="1")

    def look(self, sample: Sample) -> list[Fact]:
        """One statement, none where the row has no alt-text."""
        if not sample.alt_text or not sample.alt_text.strip():
            return []
        return [Fact(kind="statement", value=sample.alt_text)]
