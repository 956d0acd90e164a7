"""States what a classifier of pictures says of the whole picture: tags, objects, scenes, styles, names.

Libraries: openvino (Apache-2.0) for .onnx, .xml and .tflite; torch (BSD-3-Clause) with transformers or timm (Apache-2.0) for
folders. Weights have licences of their own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import msgspec
from PIL import Image

from experts import torch_models, weights
from experts.tagger.files import read_groups, read_taxonomy, read_thresholds
from experts.tagger.labels import check_states, meant
from experts.tagger.loading import Model, Source, load
from experts.tagger.pixels import pixels_of
from experts.tagger.statements import Statements, statements
from fusion.errors import ConfigError, ExpertError
from fusion.expert import Card, Expert
from fusion.facts import Claim, Fact, Sample

ACTIVATIONS = ("", "softmax", "sigmoid", "none")
_SLACK = 0.01
"""By how much probabilities may leave 0..1: rounding in float16 and bfloat16."""


ONE_OF_MANY: dict[str, dict[str, float]] = {
    "precision": {"object": 0.76, "tag": 0.76},
    "recall": {"object": 0.16, "tag": 0.16},
}
"""Rates of classifiers that choose one label of many, for what a picture shows several of.

Measured with an ImageNet MobileNet v2 (int8) at the default options on 260 pictures of COCO val2017: of 76 labels stated that
name a class of COCO or a kind of one, 76 % are annotated; of 194 things annotated whose class has a label, 16 % are stated. On
photos of a single thing both are higher. Scenes and styles are not measured.
"""


class Tagger(Expert):
    """A fact for each label that is likely enough, likeliest first, with its probability as score and no box.

    The model. `model` is a folder of transformers or of timm, a timm checkpoint with its `architecture`, a file .onnx, .xml or
    .tflite (or a folder with one), or with `download` a name on the Hugging Face hub, "timm/NAME" for those of timm. `labels`
    names its outputs, where the model does not: a label a line, "index label", a JSON list, or a CSV with the columns name,
    category and count, which is also found beside the model as selected_tags.csv; a CSV with these three makes it a booru
    tagger. `device`, `precision`, `sha256` and `trusted` are as for other experts (OpenVINO names its devices "CPU", "GPU");
    `batch` pictures go into the model at a time.

    The input, of files and timm only: `size` in pixels; `mean` and `std` of pixels scaled to 0..1, in the order red, green,
    blue; `channels_first`; `bgr`. Where they are left out, whole numbers go in as 0..255, real ones in the order channels,
    rows, columns with ImageNet's mean and deviation, others as -1..1, and a booru tagger gets blue, green, red as 0..255 (of
    timm: as its folder says). `fit` says what of the picture is seen: "stretch" all of it, out of shape, "crop" the square in
    the middle, "pad" all of it on a white square; by default "pad" for booru taggers, else what the model's folder says,
    "stretch" for files.

    What is stated. `activation` turns outputs into probabilities: "softmax", "sigmoid" or "none"; by default none where the
    graph of a file ends in one of them, sigmoid for booru taggers and models for several labels, else softmax. A label is
    stated from `threshold` on, or from its own in `thresholds` (a JSON map, or CSV tag, threshold); of each of `groups` (lists
    of labels, or a file with a list a line) only the likeliest; `top_k` at most, 0 for no limit. `states` is the kind of fact:
    "tag", "object", "scene", "style", "name", or a map from the CSV's category to one of these, "" for what is not stated;
    artists, series and characters of booru taggers are names unless the map says otherwise.
    `taxonomy` is a file with the broader names of labels, a JSON map to lists or CSV; these, and the species of "Species name
    (common name)", go to `data["taxonomy"]`. Tags and names stay as they are listed, but for synonyms after a comma; other
    labels become plain nouns.

    Asked about a claim that a label decides, it states it from the threshold on and denies it below. Models that choose one
    label of many deny with a score lower than the probability, by the card's recall, as they miss what is not the main thing.

    Raises:
        ConfigError: an option is out of range, or does not fit the model.
        ExpertError: a file is not there or cannot be read, or the labels are not those of the model.
        MissingExtra: a library that the model needs is not installed.
    """

    # `requires` stays empty, as each kind of model needs a library of its own; the error at start names it.
    # A guess, wide, as models differ; for those whose labels share one probability see `ONE_OF_MANY`.
    alone = True
    card: Card = Card(sees=("tag",), vocabulary=(), precision=0.7, recall=0.5)

    def __init__(
        self,
        model: str,
        labels: str = "",
        architecture: str = "",
        top_k: int = 0,
        threshold: float = 0.35,
        thresholds: str = "",
        activation: str = "",
        groups: str | Sequence[Sequence[str]] = (),
        states: str | Mapping[str, str] = "tag",
        taxonomy: str = "",
        size: int = 0,
        mean: float | Sequence[float] = (),
        std: float | Sequence[float] = (),
        channels_first: bool | None = None,
        bgr: bool | None = None,
        fit: str = "",
        device: str = "",
        precision: str = "",
        batch: int = 16,
        sha256: str = "",
        trusted: bool = False,
        download: bool = False,
    ) -> None:
        _check(top_k, threshold, activation, batch)
        check_states(states)
        pixels = pixels_of(size, mean, std, channels_first, bgr, fit)
        source = Source(model, labels, architecture, device, precision, sha256, trusted, download)
        own = read_thresholds(thresholds) if thresholds else {}
        broader = read_taxonomy(taxonomy) if taxonomy else {}
        apart = read_groups(groups)
        self._name, self._top_k, self._batch = weights.shown(model), top_k, batch
        loaded, listed = load(source, pixels)
        usual = loaded.activation or ("sigmoid" if listed.booru else "softmax")
        shared = (activation if activation not in {"", "none"} else usual) == "softmax"
        self._activation = activation or ("none" if loaded.done else usual)
        self._statements = statements(meant(listed, states, broader), shared, threshold, own, apart, listed.booru)
        self._model: Model | None = loaded
        self.card = _card(self.card, self._statements, loaded.version)

    def look(self, sample: Sample) -> list[Fact]:
        """The labels that are likely enough, likeliest first."""
        return self.look_batch([sample])[0]

    def look_batch(self, samples: Sequence[Sample]) -> list[list[Fact]]:
        """One list of facts a picture.

        Raises:
            ExpertError: there is no picture, the expert is closed, or the model fails.
        """
        return [self._statements.facts(row, self._top_k) for row in self._probabilities(samples)]

    def ask(self, sample: Sample, claims: Sequence[Claim]) -> list[Fact]:
        """A fact for each unverified claim that a label, or a synonym of one, decides: negated where it would not be stated.

        Raises:
            ExpertError: as `look_batch` does.
        """
        known = [claim for claim in claims if claim.verdict == "unverified" and self._statements.matching(claim)]
        if not known:
            return []
        (row,) = self._probabilities([sample])
        return [self._statements.answer(claim, row, self._blindness(claim)) for claim in known]

    def _blindness(self, claim: Claim) -> float:
        """How little a label under its threshold says: where labels share one probability, others may have taken it."""
        if not self._statements.exclusive:
            return 0.0
        statement = self._statements.all[self._statements.matching(claim)[0]]
        return 1 - self.card.recall_of(statement.kind, statement.value)

    def close(self) -> None:
        """Let go of the model."""
        self._model = None

    def _probabilities(self, samples: Sequence[Sample]) -> list[Any]:
        """A row of numbers 0..1 for each picture, one an output."""
        if self._model is None:
            raise ExpertError("expected an open expert, got one that was closed", hint="make a new one")
        run = partial(self._run, self._model)
        return torch_models.in_batches(run, [_picture(sample) for sample in samples], self._batch)

    def _run(self, model: Model, pictures: Sequence[Image.Image]) -> list[Any]:
        try:
            scores = model.scores(pictures)
        except Exception as error:  # any kind: torch, OpenVINO and CUDA each raise their own
            if model.on_torch and torch_models.is_out_of_memory(error):
                raise
            reason = str(error).strip().splitlines()[0] if str(error).strip() else ""
            message = f"model {self._name!r} fails: {type(error).__name__}: {reason}"
            raise ExpertError(message, hint="check size, device and precision, or lower batch") from error
        return list(activated(scores, self._activation, self._name))


def activated(scores: Any, activation: str, name: str) -> Any:
    """Probabilities from what a model puts out, a row a picture.

    Raises:
        ExpertError: the model puts out no numbers, or without an activation some that are no probabilities.
    """
    import numpy as np

    scores = scores.astype(np.float64)
    if not np.isfinite(scores).all():
        message = f"model {name!r}: expected numbers, got infinite ones or none"
        raise ExpertError(message, hint='float16 may be too narrow for it: take precision = "float32"')
    if activation == "softmax":
        powers = np.exp(scores - scores.max(axis=1, keepdims=True))
        return powers / powers.sum(axis=1, keepdims=True)
    if activation == "sigmoid":
        return np.exp(-np.logaddexp(0, -scores))
    if scores.min() < -_SLACK or scores.max() > 1 + _SLACK:
        message = f"model {name!r}: expected probabilities, got numbers from {scores.min():.3g} to {scores.max():.3g}"
        raise ExpertError(message, hint='write activation = "softmax" or "sigmoid"')
    return np.clip(scores, 0.0, 1.0)


def _check(top_k: int, threshold: float, activation: str, batch: int) -> None:
    if top_k < 0:
        raise ConfigError(f"top_k: expected 0 (no limit) or more, got {top_k}")
    if not 0 <= threshold <= 1:
        raise ConfigError(f"threshold: expected 0..1, got {threshold}")
    if activation not in ACTIVATIONS:
        raise ConfigError(f"activation: expected one of {', '.join(filter(None, ACTIVATIONS))}, got {activation!r}")
    if batch < 1:
        raise ConfigError(f"batch: expected 1 picture or more, got {batch}")


def _card(card: Card, stated: Statements, version: str) -> Card:
    kinds = tuple(sorted({statement.kind for statement in stated.all}))
    words = tuple(sorted({statement.value for statement in stated.all}))
    precision, recall = (
        {kind: measured.get(kind, guess) for kind in kinds} if stated.exclusive else guess
        for measured, guess in ((ONE_OF_MANY["precision"], card.precision), (ONE_OF_MANY["recall"], card.recall))
    )
    return msgspec.structs.replace(card, sees=kinds, vocabulary=words, version=version, precision=precision, recall=recall)


def _picture(sample: Sample) -> Image.Image:
    if sample.image is None:
        raise ExpertError(f"expected a picture of {sample.id!r}, got none", hint="tags are read from pixels only")
    return sample.image
