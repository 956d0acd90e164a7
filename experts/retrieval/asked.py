"""Answers to claims about one picture: each claim's phrase against phrases that would make it false."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from experts.retrieval.banks import Bank
from experts.retrieval.contrasts import Question, about_attribute, about_object, about_picture
from experts.retrieval.search import softmax
from experts.retrieval.texts import Texts
from fusion import lexicon
from fusion.facts import Box, Claim, Fact, Sample

if TYPE_CHECKING:
    from PIL.Image import Image

ABSENT = 0.2
"""Probability up to which a claim is answered with a no."""
MARGIN = 0.1
"""Part of a box's sides that a cut-out has around it."""
SMALLEST = 16
"""Shorter side in pixels under which a box is too small for a look of its own."""
MOST_THINGS = 16
"""Things of one noun that are looked at one by one."""


@dataclass(frozen=True)
class Asker:
    """What answers need beside picture and claims: vectors of pictures and phrases, banks and options."""

    see: Callable[[Sequence[Image]], Any]
    texts: Texts
    scale: float
    banks: Sequence[Bank]
    alternatives: Sequence[str]
    templates: tuple[str, ...]
    threshold: float

    def probabilities(self, question: Question, views: Any) -> list[tuple[float, str]]:
        """For each view how probable the phrase is among the others, and the likeliest of these."""
        templates = self.templates or question.templates
        rows = softmax(self.scale * (views @ self.texts.phrases([question.phrase, *question.others], templates).T))
        return [(float(row[0]), question.others[int(row[1:].argmax())]) for row in rows]

    def answer(self, question: Question, seen: tuple[float, str], said: Mapping[str, Any]) -> Fact | None:
        """A fact, a negated one, or none where the picture does not decide."""
        probability, against = seen
        data = {"asked": question.phrase, "against": against}
        if probability >= self.threshold:
            return Fact(**said, score=min(probability, 1.0), data=data)
        if probability <= ABSENT and question.exclusive:
            return Fact(**said, score=1 - probability, data=data, negated=True)
        return None


class Asked:
    """The claims about one picture, and the answers so far: one for each thing and value, however often it is claimed."""

    def __init__(self, asker: Asker, sample: Sample, image: Image, claims: Sequence[Claim]) -> None:
        self._asker, self._sample, self._image = asker, sample, image
        self._claims = claims
        self._by_id = {claim.id: claim for claim in claims if claim.id}
        self._whole: Any = None
        self._objects: dict[str, Fact | None] = {}

    def answers(self) -> list[Fact]:
        """Facts for the claims that can be judged, in the order of the claims."""
        done: dict[tuple[str, str, str | None], None] = {}
        found: dict[str, Fact] = {}
        for claim in self._claims:
            key = (claim.kind, claim.value, self._noun_of(claim))
            if key in done:
                continue
            done[key] = None
            found.update((fact.id, fact) for fact in self._answers(claim))
        return list(found.values())

    def _answers(self, claim: Claim) -> Iterator[Fact]:
        if claim.kind == "object":
            fact = self._object(claim.value)
            yield from [fact] if fact is not None else []
        elif claim.kind in ("scene", "style"):
            question = about_picture(claim.value, self._asker.alternatives, self._asker.banks)
            yield from self._of_whole(question, {"id": f"{claim.kind}:{claim.value}", "kind": claim.kind, "value": claim.value})
        elif claim.kind == "attribute" and (noun := self._noun_of(claim)):
            yield from self._attributes(claim.value, noun)

    def _noun_of(self, claim: Claim) -> str | None:
        """The noun that a claim is about, where that is among the claims."""
        about = self._by_id.get(claim.about or "")
        return about.value if about is not None and about.kind == "object" else None

    def _object(self, noun: str) -> Fact | None:
        if noun not in self._objects:
            question = about_object(noun, self._asker.alternatives, self._asker.banks)
            said = {"id": f"object:{noun}", "kind": "object", "value": noun}
            self._objects[noun] = next(iter(self._of_whole(question, said)), None)
        return self._objects[noun]

    def _attributes(self, value: str, noun: str) -> Iterator[Fact]:
        """One for each thing of that noun that others have seen, else for the thing of the whole picture if it is there."""
        question = about_attribute(value, noun, self._asker.alternatives)
        if question is None:
            return
        things = [fact for fact in self._sample.facts if _is_such(fact, noun)][:MOST_THINGS]
        if not things:
            own = self._object(noun)
            if own is None or own.negated:
                return
            yield own
            things = [own]
        seen = self._asker.probabilities(question, self._views(things))
        for thing, one in zip(things, seen, strict=True):
            said = {"id": f"attribute:{value}:{thing.id}", "kind": "attribute", "value": value, "about": thing.id}
            fact = self._asker.answer(question, one, said)
            yield from [fact] if fact is not None else []

    def _of_whole(self, question: Question | None, said: Mapping[str, Any]) -> list[Fact]:
        if question is None:
            return []
        fact = self._asker.answer(question, self._asker.probabilities(question, self._whole_view())[0], said)
        return [fact] if fact is not None else []

    def _whole_view(self) -> Any:
        if self._whole is None:
            self._whole = self._asker.see([self._image])
        return self._whole

    def _views(self, things: Sequence[Fact]) -> Any:
        """Vectors of the cut-outs of things, of the whole picture for one without a box."""
        import numpy as np

        cuts = [cut_out(self._image, thing.box) for thing in things]
        rows = iter(self._asker.see([cut for cut in cuts if cut is not None]) if any(cuts) else ())
        return np.stack([next(rows) if cut is not None else self._whole_view()[0] for cut in cuts])


def _is_such(fact: Fact, noun: str) -> bool:
    return fact.kind == "object" and not fact.negated and bool(fact.id) and lexicon.is_a(fact.value, noun)


def cut_out(image: Image, box: Box | None) -> Image | None:
    """The part of a picture that a box and a margin around it cover; None without a box, or where it is too small."""
    if box is None or min(box.width, box.height) < SMALLEST:
        return None
    across, down = MARGIN * box.width, MARGIN * box.height
    wide = Box(box.x0 - across, box.y0 - down, box.x1 + across, box.y1 + down).clip(*image.size)
    if wide is None or min(wide.width, wide.height) < 1:
        return None
    return image.crop((int(wide.x0), int(wide.y0), int(-(-wide.x1 // 1)), int(-(-wide.y1 // 1))))
