"""Writes captions from facts without a model: grammatical English that can say nothing that no fact says."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from fusion.write import lists, prose
from fusion.write.brief import Brief
from fusion.write.retold import retold

FORMS: dict[str, Callable[[Brief], str]] = {
    "sentence": prose.short,
    "paragraph": prose.dense,
    "alt": prose.alt,
    "prompt": lists.prompt,
    "tags": lists.tags,
}


class TemplateWriter:
    """The writer that is always there. Deterministic; needs no model."""

    name = "template"

    def write(self, briefs: Sequence[Brief]) -> list[str]:
        """One draft a brief, in order; empty where a brief has nothing to say."""
        return [retold(FORMS[brief.form.form](brief), brief) for brief in briefs]
