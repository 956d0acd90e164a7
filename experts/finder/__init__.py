"""States the objects that a detector of transformers finds: those of its classes, or those that words name.

Libraries: transformers (Apache-2.0), torch (BSD-3-Clause). DETR, RT-DETR, Deformable DETR and YOLOS have classes; OWL-ViT,
OWLv2 and Grounding DINO look for words. The licences of weights differ: see their model cards.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

import msgspec

from experts import plain_noun
from experts.finder.models import INSTALL, Search, Seen, load
from experts.finder.wanted import wanted
from fusion import lexicon
from fusion.errors import ConfigError, ExpertError
from fusion.expert import Card, Expert
from fusion.facts import Box, Claim, Fact, Sample

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["Finder"]

MOST = 300
"""Boxes of a picture that are compared with each other, surest first."""


class Finder(Expert):
    """Objects with boxes and scores, as a detector of transformers finds them.

    `model` is a folder that save_pretrained wrote, or with `download` a name on the Hugging Face hub; `sha256` is the
    checksum of the folder where it is to be compared, `trusted` allows pickled weights. What the model is, its
    configuration says. One with classes states those. Others look for `words`, and with `from_facts` for the nouns of
    objects, tags and sentences that experts before it stated; with neither they only answer when asked.

    Boxes under `confidence` are left out (0..1; by default 0.5, OWL 0.2, Grounding DINO 0.35); `iou` is the overlap above
    which two boxes of one noun count as one. Asked about an object, it looks again and takes boxes from
    `asked_confidence` on, by default half of that. `device` is "cpu", "cuda", empty for the best there is, `precision`
    "float32", "float16" or "bfloat16"; `batch` pictures at most share a call.

    Raises:
        ConfigError: an option is out of range, or words are given to a model with classes.
        ExpertError: the model is not there, cannot be loaded, or detects nothing.
        MissingExtra: torch or transformers is not installed.
    """

    requires: ClassVar[Mapping[str, str]] = {"torch": INSTALL, "transformers": INSTALL}
    # Guesses, wide. Of models with classes: a little over what was measured of a yolov8n (see experts.detector), as their
    # published mean precision on COCO is higher. Of open ones: under it, as a word that fits nothing still fits something.
    card: Card = Card(
        sees=("count", "object"),
        vocabulary=(),
        precision={"object": 0.88, "count": 0.7},
        recall={"object": 0.76, "count": 0.54},
    )
    _open_rates: ClassVar[Mapping[str, dict[str, float]]] = {
        "precision": {"object": 0.75, "count": 0.6},
        "recall": {"object": 0.65, "count": 0.45},
    }

    def __init__(
        self,
        model: str,
        words: Sequence[str] = (),
        from_facts: bool = False,
        confidence: float | None = None,
        iou: float = 0.6,
        asked_confidence: float | None = None,
        device: str = "",
        precision: str = "",
        batch: int = 8,
        sha256: str = "",
        trusted: bool = False,
        download: bool = False,
    ) -> None:
        _check({"confidence": confidence, "iou": iou, "asked_confidence": asked_confidence}, words, batch)
        self._model, version = load(model, device=device, precision=precision, sha256=sha256, trusted=trusted, download=download)
        classes = self._model.classes
        self.alone = not from_facts
        if classes is not None and (words or from_facts):
            message = f"words: expected a model that looks for words, got {self._model.name!r}, whose classes are fixed"
            raise ConfigError(message, hint="leave words and from_facts out, or take OWLv2 or Grounding DINO")
        self._words, self._from_facts = tuple(words), from_facts
        self._least = self._model.confidence if confidence is None else confidence
        self._asked = self._least / 2 if asked_confidence is None else asked_confidence
        self._iou, self._batch = iou, batch
        # Silence about a word that was not looked for says nothing.
        vocabulary = classes if classes is not None else tuple(sorted(wanted(words, (), from_facts=False)))
        rates = {} if classes is not None else self._open_rates
        named = f"{self._model.name}, transformers {version}"
        self.card = msgspec.structs.replace(self.card, vocabulary=vocabulary, version=named, **rates)

    def look(self, sample: Sample) -> list[Fact]:
        """One object for each box, surest first."""
        return self.look_batch([sample])[0]

    def look_batch(self, samples: Sequence[Sample]) -> list[list[Fact]]:
        """One list of objects a picture; what is seen does not depend on the others of the batch.

        Raises:
            ExpertError: there is no picture, the expert is closed, or the model fails on it.
        """
        pictures = [_picture(sample) for sample in samples]
        alike: dict[tuple[str, ...], list[int]] = {}
        for place, sample in enumerate(samples):
            alike.setdefault(wanted(self._words, sample.facts, from_facts=self._from_facts), []).append(place)
        made: list[list[Fact]] = [[] for _ in samples]
        for words, places in alike.items():
            if not words and self._model.classes is None:
                continue
            seen = self._model.find([pictures[p] for p in places], Search(words, self._least), self._batch)
            for place, ones in zip(places, seen, strict=True):
                made[place] = [_fact(one) for one in _distinct(ones, pictures[place], self._iou)]
        return made

    def ask(self, sample: Sample, claims: Sequence[Claim]) -> list[Fact]:
        """Of each object that is claimed: the surest box of it, or that there is none, as sure as `asked_confidence` is low.

        A model with classes answers for nouns that they cover, an open one for all that a picture can show.

        Raises:
            ExpertError: as `look`.
        """
        asked = dict.fromkeys(claim.value for claim in claims if claim.kind == "object" and claim.verdict in {None, "unverified"})
        classes = self._model.classes
        known = [noun for noun in asked if (lexicon.is_visual(noun) if classes is None else self.card.covers("object", noun))]
        if not known:
            return []
        picture = _picture(sample)
        (seen,) = self._model.find([picture], Search(known, self._asked, rivals=False), self._batch)
        ordered = _distinct(seen, picture, self._iou)
        return [self._answer(noun, ordered) for noun in known]

    def _answer(self, noun: str, seen: Sequence[Seen]) -> Fact:
        if self._model.classes is None:
            meant = [one for one in seen if one.word == noun]
        else:
            own = self.card.name_for(noun)
            meant = [one for one in seen if one.word == own or lexicon.is_a(one.word, noun)]
        return _fact(meant[0]) if meant else Fact(kind="object", value=noun, negated=True, score=1 - self._asked)

    def close(self) -> None:
        """Let go of the model."""
        self._model.close()


def _check(shares: Mapping[str, float | None], words: Sequence[str], batch: int) -> None:
    for name, value in shares.items():
        if value is not None and not 0 <= value <= 1:
            raise ConfigError(f"{name}: expected 0..1, got {value}")
    if isinstance(words, str) or not all(isinstance(word, str) and word.strip() for word in words):
        raise ConfigError(f"words: expected a list of words, got {words!r}", hint='write ["dog", "fire hydrant"]')
    if batch < 1:
        raise ConfigError(f"batch: expected 1 or more, got {batch}")


def _picture(sample: Sample) -> Image:
    if sample.image is None:
        raise ExpertError(f"expected a picture of {sample.id!r}, got none")
    return sample.image.convert("RGB")


def _distinct(seen: Sequence[Seen], picture: Image, iou: float) -> list[Seen]:
    """Surest first, without boxes outside the picture, and without those that overlap a surer one of the same word."""
    kept: list[Seen] = []
    for one in sorted(seen, key=lambda one: -one.score)[:MOST]:
        box = _rounded(one.box).clip(*picture.size)
        if box is not None and not any(one.word == other.word and box.iou(other.box) > iou for other in kept):
            kept.append(Seen(one.word, one.score, box))
    return kept


def _rounded(box: Box) -> Box:
    return Box(round(box.x0, 1), round(box.y0, 1), round(box.x1, 1), round(box.y1, 1))


def _fact(seen: Seen) -> Fact:
    return Fact(kind="object", value=plain_noun(seen.word), score=min(seen.score, 1.0), box=seen.box)
