"""English in, claims out: the parser, what a caption claims, and which language it is in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from fusion import lexicon
from fusion.facts import Claim, LeftOver
from fusion.language.claims import read_claims
from fusion.language.detect import foreign
from fusion.language.gaps import cut_out, filled
from fusion.language.mend import mend
from fusion.language.nearness import Nearness
from fusion.language.parser import load_pipeline
from fusion.language.titles import find_titles

if TYPE_CHECKING:
    from spacy.tokens import Doc

__all__ = ["Language", "Reading"]

BREAK = re.compile(r"[\s\x00-\x1f\x7f\u200d\u2600-\u27bf\ufe0e\ufe0f\U0001f000-\U0001faff]")
"""Line breaks, tabs, pictographs and the like are read as a blank each, so that all places stay."""
LONGEST = 20_000
"""Code points that are parsed at a time; a longer text is read in pieces cut between sentences."""


@dataclass(frozen=True)
class Reading:
    """A text with its claims, and every content word that became none. `language` is set if it is not English.

    `doc` (the parse) and `tokens` (token indices of each claim) serve repair; an empty or foreign text has none.
    """

    text: str
    claims: tuple[Claim, ...] = ()
    left_over: tuple[LeftOver, ...] = ()
    language: str | None = None
    doc: Doc | None = field(default=None, compare=False, repr=False)
    tokens: dict[str, tuple[int, ...]] = field(default_factory=dict, compare=False, repr=False)


class Language:
    """Reads English with one spaCy pipeline. Get one with `Language.load`."""

    def __init__(self, pipeline: str = "", embeddings: str = "") -> None:
        self.pipeline = load_pipeline(pipeline)
        self.likeness: Callable[[str, str], float] = Nearness(embeddings) if embeddings else lexicon.likeness

    @classmethod
    def load(cls, pipeline: str | None = None, embeddings: str = "") -> Language:
        """The reader for a pipeline, loaded once; the one that ships if none is named. For `embeddings` see `Nearness`.

        Raises:
            ConfigError: the pipeline is not installed or does not parse, or the embeddings cannot be loaded.
        """
        return _loaded(pipeline or "", embeddings)

    def read(self, texts: Sequence[str], languages: Sequence[str | None] | None = None) -> list[Reading]:
        """The claims of each text, in order. `languages` are BCP 47 tags where they are known."""
        tags = languages or [None] * len(texts)
        elsewhere = [foreign_tag(text, tag) for text, tag in zip(texts, tags, strict=True)]
        parsed = self._parse([t for t, tag in zip(texts, elsewhere, strict=True) if tag is None and t.strip()])
        readings = []
        for text, tag in zip(texts, elsewhere, strict=True):
            if tag is not None:
                whole = (LeftOver((0, len(text)), f"language {tag}"),) if text else ()
                readings.append(Reading(text, left_over=whole, language=tag))
            else:
                readings.append(next(parsed) if text.strip() else Reading(text))
        return readings

    def _parse(self, texts: Sequence[str]) -> Iterator[Reading]:
        titles = [find_titles(text) for text in texts]
        shorter = [cut_out(text, own) for text, own in zip(texts, titles, strict=True)]
        pieces = [list(cut(short)) for short, _ in shorter]
        docs = map(mend, self.pipeline.pipe([BREAK.sub(" ", piece) for parts in pieces for piece in parts], batch_size=128))
        for text, (_, places), parts, own in zip(texts, shorter, pieces, titles, strict=True):
            doc = whole([next(docs) for _ in parts])
            doc = filled(doc, places, len(text)) if own else doc
            parsed = read_claims(doc, {t.words: text[slice(*t.words)] for t in own})
            yield Reading(text, tuple(parsed.claims), tuple(parsed.left_over), None, parsed.doc, parsed.tokens)


def whole(docs: Sequence[Doc]) -> Doc:
    """One parse from those of the pieces of a text."""
    if len(docs) == 1:
        return docs[0]
    from spacy.tokens import Doc as Joined

    return Joined.from_docs(list(docs), ensure_whitespace=False)


def cut(text: str) -> Iterator[str]:
    """Pieces of at most LONGEST code points, cut behind a sentence or at least a word."""
    start = 0
    while len(text) - start > LONGEST:
        end = start + LONGEST
        for mark in (". ", "\n", " "):
            found = text.rfind(mark, start + LONGEST // 2, end)
            if found > 0:
                end = found + len(mark)
                break
        yield text[start:end]
        start = end
    yield text[start:]


def foreign_tag(text: str, tag: str | None) -> str | None:
    """The tag of a language other than English: the one given, else the one found."""
    if tag:
        return None if tag.lower().split("-")[0] in {"en", "eng"} else tag
    return foreign(text)


@lru_cache(maxsize=2)
def _loaded(pipeline: str, embeddings: str) -> Language:
    return Language(pipeline, embeddings)
