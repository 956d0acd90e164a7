"""States the objects that a model of the YOLO family sees: boxes, and where it has them masks, keypoints, turned boxes.

Library: ultralytics. Licence: AGPL-3.0, which also binds the weights that it publishes; this file is Apache-2.0.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import msgspec

from experts import plain_noun
from experts.detector.loading import INSTALL, TASKS, existing, keypoint_names, load, nouns, set_words
from experts.detector.reading import Reader, Seen, facts_of
from experts.torch_models import in_batches, is_out_of_memory
from fusion import lexicon
from fusion.errors import ConfigError, ExpertError
from fusion.expert import Card, Expert
from fusion.facts import Claim, Fact, Sample

__all__ = ["Detector"]


class Detector(Expert):
    """Objects with boxes and scores, as an ultralytics model of the YOLO family sees them.

    `weights` is a .pt file or an exported model (a file, or a folder such as OpenVINO's) on this machine, `sha256` its
    checksum where it is to be compared; nothing is ever downloaded. A .pt file can run code when it is loaded: take it
    only from people you trust. Boxes under `confidence` are left out, those of the classes in `thresholds` under theirs;
    `iou` is the overlap above which two boxes of one class count as one (all 0..1), `image_size` the side in pixels to
    which pictures are scaled, `device` what torch calls it ("cpu", "0"), empty for the best there is. `task` is that of
    an exported model: "detect", "segment", "pose" or "obb"; a .pt file knows its own. `words` are what a YOLO-World or
    YOLOE model looks for; its text encoder must be on this machine. Asked about an object, it looks again and takes boxes
    from `asked_confidence` on.

    Masks stand in `data["mask"]` as COCO's uncompressed RLE (not with `masks` off), their share of the picture and of the
    box in `data["share"]` and `data["share_of_box"]`; the points of a pose in `data["keypoints"]`, each
    `[name, x, y, confidence]`; the corners of a turned box in `data["polygon"]`; all in pixels. An object whose mask covers
    at least the share `fills` of the picture is said to be "filling the frame"; 0 for none.

    Raises:
        ExpertError: the weights are not there, cannot be loaded, detect nothing, or cannot look for `words`.
        MissingExtra: ultralytics is not installed.
        ConfigError: an option is out of range, a class in `thresholds` is unknown.
    """

    alone = True
    requires: ClassVar[Mapping[str, str]] = {"ultralytics": INSTALL}
    # Measured with a yolov8n at the default options on 260 pictures of COCO val2017: of the classes that it states of a
    # picture, 88 % are annotated; of those annotated it states 76 %; where both have a class, the number is the same
    # in 71 %. Larger models do better, and other classes differ; a cards file of yours goes before. That of attributes is
    # a guess, wide: that of the object times that of its mask. They are not among what it sees, or the noun "orange"
    # of its vocabulary would stand for the colour.
    card: Card = Card(
        sees=("count", "object"),
        vocabulary=(),
        precision={"object": 0.88, "count": 0.71, "attribute": 0.8},
        recall={"object": 0.76, "count": 0.54},
    )

    def __init__(
        self,
        weights: str,
        confidence: float = 0.25,
        iou: float = 0.7,
        image_size: int = 640,
        device: str = "",
        sha256: str = "",
        task: str = "detect",
        words: Sequence[str] = (),
        thresholds: Mapping[str, float] | None = None,
        masks: bool = True,
        fills: float = 0.6,
        asked_confidence: float = 0.1,
    ) -> None:
        _check(
            {"confidence": confidence, "iou": iou, "fills": fills, "asked_confidence": asked_confidence}, image_size, task, words
        )
        self._path = existing(weights, sha256)
        self._model, version = load(self._path, task)
        if words:
            set_words(self._model, words, self._path.name)
        self._reader = Reader(nouns(self._model, self._path.name), keypoint_names(self._model), masks)
        vocabulary = tuple(sorted(set(self._reader.nouns.values())))
        self._least = dict.fromkeys(vocabulary, confidence) | _thresholds(thresholds or {}, vocabulary)
        self._confidence = min(confidence, *self._least.values()) if self._least else confidence
        self._fills, self._asked = fills, asked_confidence
        self._options = {"iou": iou, "imgsz": image_size, "device": device or None, "verbose": False}
        self.card = msgspec.structs.replace(self.card, vocabulary=vocabulary, version=f"{self._path.name}, ultralytics {version}")

    def look(self, sample: Sample) -> list[Fact]:
        """One object for each box, surest first."""
        return self.look_batch([sample])[0]

    def look_batch(self, samples: Sequence[Sample]) -> list[list[Fact]]:
        """One list of objects a picture. Exported models take one picture at a time; where memory runs out, fewer are taken.

        Raises:
            ExpertError: there is no picture, the expert is closed, or the model fails on it.
        """
        seen = self._see(samples, self._confidence)
        kept = ([one for one in ones if one.score >= self._least[one.noun]] for ones in seen)
        return [facts_of(ones, self._fills) for ones in kept]

    def ask(self, sample: Sample, claims: Sequence[Claim]) -> list[Fact]:
        """Of each object that is claimed and whose noun the vocabulary covers: the surest box of it, or that there is none.

        The model looks once more, and sees from `asked_confidence` on. That nothing is there is as sure as this is low.

        Raises:
            ExpertError: as `look`.
        """
        asked = dict.fromkeys(claim.value for claim in claims if claim.kind == "object" and claim.verdict in {None, "unverified"})
        known = [noun for noun in asked if self.card.covers("object", noun)]
        if not known:
            return []
        (seen,) = self._see([sample], self._asked)
        return [self._answer(noun, seen) for noun in known]

    def _answer(self, noun: str, seen: Sequence[Seen]) -> Fact:
        own = self.card.name_for(noun)
        meant = [one for one in seen if one.noun == own or lexicon.is_a(one.noun, noun)]
        if meant:
            return max(meant, key=lambda one: one.score).fact()
        return Fact(kind="object", value=noun, negated=True, score=1 - self._asked)

    def _see(self, samples: Sequence[Sample], confidence: float) -> list[list[Seen]]:
        """What is seen in each picture from this confidence on."""
        pictures = [_bgr(sample) for sample in samples]
        size = len(pictures) if self._path.suffix == ".pt" else 1
        try:
            return in_batches(lambda part: self._predict(part, confidence), pictures, size)
        except ExpertError as error:
            if not is_out_of_memory(error):
                raise
            raise ExpertError(error.message, hint="lower run.batch or image_size, or take a smaller model") from error

    def _predict(self, pictures: Sequence[Any], confidence: float) -> list[list[Seen]]:
        if self._model is None:
            raise ExpertError("expected an open expert, got one that was closed", hint="make a new one")
        try:
            # rect=False: else the padding of a picture, and with it what is seen, depends on the others of its batch.
            results = list(self._model.predict(list(pictures), rect=False, save=False, conf=confidence, **self._options))
        except Exception as error:  # any kind: torch, OpenVINO and CUDA each raise their own
            message = f"{self._path.name} fails: {type(error).__name__}: {error}"
            hint = "" if is_out_of_memory(error) else "check the weights, image_size and device"
            raise ExpertError(message, hint=hint) from error
        return [self._reader.read(result) for result in results]

    def close(self) -> None:
        """Let go of the model."""
        self._model = None


def _check(shares: Mapping[str, float], image_size: int, task: str, words: Sequence[str]) -> None:
    for name, value in shares.items():
        if not 0 <= value <= 1:
            raise ConfigError(f"{name}: expected 0..1, got {value}")
    if image_size < 32:
        raise ConfigError(f"image_size: expected at least 32 pixels, got {image_size}")
    if task not in TASKS:
        raise ConfigError(f"task: expected one of {', '.join(TASKS)}, got {task!r}")
    if isinstance(words, str) or not all(isinstance(word, str) and word.strip() for word in words):
        raise ConfigError(f"words: expected a list of words, got {words!r}", hint='write ["dog", "fire hydrant"]')


def _thresholds(given: Mapping[str, float], vocabulary: Sequence[str]) -> dict[str, float]:
    """The least score of each class that has one of its own, by plain noun."""
    made = {}
    for name, value in given.items():
        noun = plain_noun(name)
        if noun not in vocabulary:
            near = difflib.get_close_matches(noun, vocabulary, n=1, cutoff=0.0)
            hint = f"the nearest is {near[0]!r}" if near else ""
            raise ConfigError(f"thresholds: expected classes of the model, got {name!r}", hint=hint)
        if not 0 <= value <= 1:
            raise ConfigError(f"thresholds: expected 0..1 for {name!r}, got {value}")
        made[noun] = value
    return made


def _bgr(sample: Sample) -> Any:
    """H×W×3 uint8 in the order blue, green, red, which is what ultralytics takes arrays to be."""
    import numpy as np

    if sample.image is None:
        raise ExpertError(f"expected a picture of {sample.id!r}, got none")
    return np.ascontiguousarray(np.asarray(sample.image)[:, :, ::-1])
