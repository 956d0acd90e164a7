"""Writes captions from facts without a model: grammatical English that can say nothing that no fact says."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace

from fusion.write import lists, prose
from fusion.write.artistic import artistic
from fusion.write.brief import Brief
from fusion.write.length import fit, fits, shorter
from fusion.write.material import thing_of
from fusion.write.questions import questions
from fusion.write.regions import regions
from fusion.write.retold import retold
from fusion.write.structured import structured
from fusion.write.tokens import TokenCounter

FORMS: dict[str, Callable[[Brief], str]] = {
    "sentence": prose.short,
    "sentences": prose.medium,
    "paragraph": prose.dense,
    "alt": prose.alt,
    "artistic": artistic,
    "prompt": lists.prompt,
    "tags": lists.tags,
    "regions": regions,
    "structured": structured,
    "questions": questions,
}

QUOTING = ("paragraph", "sentences", "alt")
"""Forms that quote alt-text, the longest first."""


class TemplateWriter:
    """The writer that is always there. Deterministic; needs no model. `counter` counts the tokens of styles that are bound so."""

    name = "template"

    def __init__(self, counter: TokenCounter | None = None) -> None:
        self._counter = counter or TokenCounter()

    def write(self, briefs: Sequence[Brief]) -> list[str]:
        """One draft a brief, in order; empty where a brief has nothing to say. Each keeps to the length of its style."""
        forms = {id(brief.evidence): set[str]() for brief in briefs}
        for brief in briefs:
            forms[id(brief.evidence)].add(brief.form.form)
        return [drafted(brief, self._counter, quoting=quotes(brief, forms[id(brief.evidence)])) for brief in briefs]


def quotes(brief: Brief, forms: Collection[str]) -> bool:
    """Is it for this caption to quote the alt-text? Of captions in these forms those of the longest one do."""
    return brief.form.form == next((form for form in QUOTING if form in forms), "")


def drafted(brief: Brief, counter: TokenCounter, *, quoting: bool = True) -> str:
    """All that a brief says, or as much as its style has room for: first without the last sentences, then of fewer things."""
    style = brief.form
    brief = replace(brief, relations=prose.distinct(brief.relations))
    brief = replace(brief, relations=tuple(prose.main_first(brief)))
    for one in (brief, *fewer(brief)):
        made = FORMS[style.form](one)
        for text in shorter(made, style) if made else [""]:
            full = retold(text, one, quoting=quoting) if style.is_prose else text
            if fits(full, style, counter):
                return full
    return fit(FORMS[style.form](brief), style, counter)


def fewer(brief: Brief) -> Iterator[Brief]:
    """The brief with ever fewer things, and of the rest only what is said of those."""
    for number in range(len(brief.things) - 1, 0, -1):
        things = brief.things[:number]
        yield replace(
            brief,
            things=things,
            relations=tuple(r for r in brief.relations if thing_of(r.about, things) and thing_of(r.to, things)),
            places=tuple(p for p in brief.places if p.anchor in things and all(t in things for t in p.things)),
            texts=(),
            extras=(),
        )
