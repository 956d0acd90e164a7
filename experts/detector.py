"""States the objects that a YOLO detector sees.

Library: ultralytics. Licence: AGPL-3.0, which also binds the weights that it publishes; this file is Apache-2.0.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

import msgspec

from experts import plain_noun
from fusion.errors import ConfigError, ExpertError, MissingExtra
from fusion.expert import Card, Expert
from fusion.facts import Box, Fact, Sample

_INSTALL = "pip install 'caption-fusion[detector]'"
_TASKS = ("detect", "segment", "pose")
_DESCRIPTIONS = (".yaml", ".yml")


class Detector(Expert):
    """Objects with boxes and scores, as an ultralytics model of the YOLO family sees them.

    `weights` is a .pt file or an exported model (a file, or a folder such as OpenVINO's) on this machine; nothing is
    ever downloaded. A .pt file can run code when it is loaded: take it only from people you trust. Boxes under
    `confidence` are left out, `iou` is the overlap above which two boxes of one class count as one (both 0..1),
    `image_size` the side in pixels to which pictures are scaled, `device` what torch calls it ("cpu", "0"), empty for
    the best there is.

    Raises:
        ExpertError: the weights are not there, or cannot be loaded, or detect nothing.
        MissingExtra: ultralytics is not installed.
        ConfigError: an option is out of range.
    """

    requires: ClassVar[Mapping[str, str]] = {"ultralytics": _INSTALL}
    # Measured with a yolov8n at the default options on 260 pictures of COCO val2017: of the classes that it states of a
    # picture, 88 % are annotated; of those annotated it states 76 %; where both have a class, the number is the same
    # in 71 %. Larger models do better, and other classes differ; a cards file of yours goes before.
    card: Card = Card(
        sees=("count", "object"),
        vocabulary=(),
        precision={"object": 0.88, "count": 0.71},
        recall={"object": 0.76, "count": 0.54},
    )

    def __init__(self, weights: str, confidence: float = 0.25, iou: float = 0.7, image_size: int = 640, device: str = "") -> None:
        for name, value in (("confidence", confidence), ("iou", iou)):
            if not 0 <= value <= 1:
                raise ConfigError(f"{name}: expected 0..1, got {value}")
        if image_size < 32:
            raise ConfigError(f"image_size: expected at least 32 pixels, got {image_size}")
        self._path = _existing(weights)
        self._model, version = _load(self._path)
        self._nouns = _nouns(self._model, self._path.name)
        self._options = {
            "conf": confidence,
            "iou": iou,
            "imgsz": image_size,
            "device": device or None,
            "verbose": False,
        }
        vocabulary = tuple(sorted(set(self._nouns.values())))
        self.card = msgspec.structs.replace(self.card, vocabulary=vocabulary, version=f"{self._path.name}, ultralytics {version}")

    def look(self, sample: Sample) -> list[Fact]:
        """One object for each box, surest first."""
        return self.look_batch([sample])[0]

    def look_batch(self, samples: Sequence[Sample]) -> list[list[Fact]]:
        """One list of objects a picture. Exported models take one picture at a time.

        Raises:
            ExpertError: there is no picture, or the model fails on it.
        """
        pictures = [_bgr(sample) for sample in samples]
        size = len(pictures) if self._path.suffix == ".pt" else 1
        parts = [pictures[start : start + size] for start in range(0, len(pictures), size or 1)]
        return [self._facts(result) for part in parts for result in self._predict(part)]

    def _predict(self, pictures: list[Any]) -> list[Any]:
        try:
            # rect=False: else the padding of a picture, and with it what is seen, depends on the others of its batch.
            return list(self._model.predict(pictures, rect=False, save=False, **self._options))
        except Exception as error:  # any kind: torch, OpenVINO and CUDA each raise their own
            again = "out of memory" in str(error).lower()
            hint = "lower run.batch or image_size" if again else "check the weights, image_size and device"
            raise ExpertError(f"{self._path.name} fails: {type(error).__name__}: {error}", hint=hint) from error

    def _facts(self, result: Any) -> list[Fact]:
        boxes = result.boxes
        found = zip(boxes.xyxy.tolist(), boxes.conf.tolist(), boxes.cls.tolist(), strict=True)
        return [self._fact(corners, score, int(number)) for corners, score, number in found]

    def _fact(self, corners: list[float], score: float, number: int) -> Fact:
        box = Box(*(round(edge, 1) for edge in corners))
        return Fact(kind="object", value=self._nouns[number], score=min(score, 1.0), box=box)

    def close(self) -> None:
        """Let go of the model."""
        self._model = None


def _existing(weights: str) -> Path:
    path = Path(weights)
    if path.suffix.lower() in _DESCRIPTIONS:
        raise ConfigError(f"weights: expected a trained model, got the description of one, {weights!r}")
    if not path.exists():
        hint = "nothing is downloaded here; get weights from https://docs.ultralytics.com/models and give their path"
        got = path.name if path.is_absolute() else weights  # rows carry no absolute paths
        raise ExpertError(f"weights: expected a file or folder, got {got!r}, which does not exist", hint=hint)
    return path


def _load(path: Path) -> tuple[Any, str]:
    """The model, and the version of ultralytics."""
    # Read when ultralytics is imported: no pip at run time, no statistics sent, nothing printed.
    os.environ.update(YOLO_AUTOINSTALL="false", YOLO_OFFLINE="true", YOLO_VERBOSE="false")
    try:
        import ultralytics
    except ImportError as error:
        raise MissingExtra(f"ultralytics cannot be imported: {error}", hint=_INSTALL) from error
    logging.getLogger("ultralytics").setLevel(logging.CRITICAL)  # it writes to standard output, where rows go
    try:
        model = ultralytics.YOLO(str(path), task=None if path.suffix == ".pt" else "detect")
    except Exception as error:  # any kind: pickle, torch and the backends each raise their own
        message = f"weights {path.name} cannot be loaded: {type(error).__name__}: {error}"
        raise ExpertError(message, hint="expected a model that ultralytics can read") from error
    return model, ultralytics.__version__


def _nouns(model: Any, name: str) -> dict[int, str]:
    if model.task not in _TASKS:
        raise ExpertError(f"weights {name}: expected a model that detects, got one for the task {model.task!r}")
    return {int(number): plain_noun(str(noun)) for number, noun in model.names.items()}


def _bgr(sample: Sample) -> Any:
    """H×W×3 uint8 in the order blue, green, red, which is what ultralytics takes arrays to be."""
    import numpy as np

    if sample.image is None:
        raise ExpertError(f"expected a picture of {sample.id!r}, got none")
    return np.ascontiguousarray(np.asarray(sample.image)[:, :, ::-1])
