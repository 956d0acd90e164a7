"""Hands on the tags of the row.

Library: none. Licence: Apache-2.0.
"""

from __future__ import annotations

from typing import ClassVar

from fusion.expert import Card, Expert
from fusion.facts import Fact, Sample


class Tags(Expert):
    """The row's `tags`, each one a fact of kind tag, exactly as found. A tag that is absent says nothing."""

    automatic: ClassVar[bool] = True
    alone = True
    # Not measured: .7 is what an expert without a card gets. A cards file of yours goes before.
    card = Card(sees=("tag",), vocabulary=(), precision=0.7, recall=0.0, version="1")

    def look(self, sample: Sample) -> list[Fact]:
        """One fact a tag, in order, none twice."""
        return [Fact(kind="tag", value=tag) for tag in dict.fromkeys(sample.tags) if tag.strip()]
