"""Fakes that these tests share: a reader that finds known nouns, an expert that sees by file name."""

from __future__ import annotations

import re
from collections.abc import Sequence

from fusion import lexicon
from fusion.expert import Card, Expert
from fusion.facts import Box, Claim, Fact, LeftOver, Sample
from fusion.language import Reading

NOUNS = ("dog", "cat", "sofa", "bus")


class FakeLanguage:
    """Claims an object for every noun it knows. Keeps the batches that it was asked to read."""

    likeness = staticmethod(lexicon.likeness)

    def __init__(self) -> None:
        self.batches: list[list[str]] = []

    def read(self, texts: Sequence[str], languages: Sequence[str | None] | None = None) -> list[Reading]:
        self.batches.append(list(texts))
        tags = languages or [None] * len(texts)
        return [self._one(text, tag) for text, tag in zip(texts, tags, strict=True)]

    def _one(self, text: str, tag: str | None) -> Reading:
        if "crash" in text:
            raise RuntimeError("the parser fell over")
        if tag not in (None, "en"):
            return Reading(text, left_over=(LeftOver((0, len(text)), f"language {tag}"),), language=tag)
        found = [m for m in re.finditer(r"\w+", text) if m[0] in NOUNS]
        claims = [Claim(id=f"c{i}", kind="object", value=m[0], span=m.span()) for i, m in enumerate(found)]
        return Reading(text, tuple(claims))


class Seer(Expert):
    """Sees one thing in every picture: what its file is called. Breaks on a picture called broken."""

    card = Card(sees=("object",), vocabulary=NOUNS, precision=0.9, recall=0.95, version="1")

    def look(self, sample: Sample) -> list[Fact]:
        if "broken" in sample.id:
            raise RuntimeError("cannot see")
        name = re.split(r"\W", sample.id.split("/")[-1])[0]
        return [Fact(kind="object", value=name, box=Box(0, 0, 4, 4), score=0.9)]
