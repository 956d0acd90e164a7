"""Plans briefs from evidence and writes a draft for each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from fusion.write.brief import STYLES, Brief, plan
from fusion.write.draft import Draft
from fusion.write.found import Found
from fusion.write.styles import Style, load_styles
from fusion.write.template import TemplateWriter

__all__ = ["STYLES", "Brief", "Draft", "Found", "Style", "TemplateWriter", "Writer", "load_styles", "plan"]


@runtime_checkable
class Writer(Protocol):
    """Turns briefs into drafts. Whatever it writes is read, judged and repaired before it becomes a caption."""

    @property
    def name(self) -> str:
        """What captions say of who wrote them."""
        ...

    def write(self, briefs: Sequence[Brief]) -> Sequence[str | Draft]:
        """One draft a brief, in order; an empty one where there is nothing to say. A plain text is a draft of this writer."""
        ...
