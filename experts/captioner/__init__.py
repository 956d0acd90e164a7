"""States what a vision-language model writes about a picture, and about the largest things in it.

Library: transformers (Apache-2.0), torch (BSD-3-Clause). Weights have licences of their own.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

import msgspec
from PIL.Image import Image

from experts import torch_models
from experts.captioner.models import CAPTIONS, INSTALL, Model, Sampling, Source
from experts.captioner.regions import Region, largest
from experts.captioner.sampling import seed_of
from experts.captioner.text import once
from fusion.errors import ConfigError, ExpertError
from fusion.expert import Card, Expert
from fusion.facts import Fact, Sample

PROMPTS = {
    "florence2": "<DETAILED_CAPTION>",
    "instructblip": "Write a short description of the picture.",
    "instructblipvideo": "Write a short description of the picture.",
    "kosmos-2": "An image of",
    "paligemma": "caption en",
}
"""What a model without a chat template is told unless `prompt` says otherwise, by its type; nothing where it is not here."""
CHAT = "Describe what can be seen in the picture in one or two plain sentences. Do not guess what cannot be seen."
CHAT_REGION = "Describe this part of a photo in one phrase of about {words} words."
TOKENS_A_WORD = 1.6
"""Tokens that a word of English takes at most on average, with its punctuation."""


@dataclass(frozen=True)
class _Task:
    """A picture to write about: the place of its sample in the batch, its pixels, the number of the candidate."""

    place: int
    image: Image
    number: int = 0
    region: Region | None = None


class Captions(Expert):
    """Facts of kind statement: captions of the whole picture, and of the `regions` largest things in it.

    `model` is a folder that save_pretrained wrote, or with `download` a name on the Hugging Face hub: BLIP, GIT, an encoder with
    a decoder (ViT-GPT2), or a model that takes pictures and text (LLaVA, Qwen2-VL, SmolVLM, BLIP-2, Florence-2). Code that
    comes with a model is never run; pickled weights are loaded only if `trusted`; `sha256` is that of the folder.

    One of `candidates` is the likeliest text (by `beams`, 1 is greedy); several are drawn at `temperature` (over 0) among
    the words that come to `top_p` together. The same pixels and `seed` draw the same captions, whatever else is in the
    batch; in half precision on a GPU rounding may still differ with the batch. `prompt` is what the model is told, or
    for BLIP and GIT how captions begin; `max_tokens` the longest text. `padding` is the share of a box's width and height that
    regions grow on each side, `region_words` about how long their captions are; they are always the likeliest, carry
    the part of the picture in `data["box"]` (pixels) and the object in `parent`. `batch` counts texts. `device` is as torch calls
    it, `precision` one of float32, float16, bfloat16.

    Raises:
        ConfigError: an option is out of range.
        ExpertError: the model is not there, cannot be loaded, or writes no text about pictures.
        MissingExtra: torch or transformers is not installed.
    """

    requires: ClassVar[Mapping[str, str]] = {"torch": INSTALL, "transformers": INSTALL}
    # Not measured: guesses, wide enough for a small BLIP and a large Qwen2-VL, which differ much. A caption names a third of
    # the things that people list in a photo, and of their qualities and relations a few. `fusion calibrate` gives real rates.
    card: Card = Card(
        sees=("attribute", "count", "object", "relation", "scene", "statement", "style"),
        vocabulary=None,
        precision={"object": 0.85, "attribute": 0.75, "relation": 0.7, "count": 0.75, "scene": 0.85, "style": 0.8},
        recall={"object": 0.3, "attribute": 0.1, "relation": 0.1, "count": 0.2, "scene": 0.2, "style": 0.1},
    )

    def __init__(
        self,
        model: str,
        candidates: int = 1,
        temperature: float = 0.8,
        top_p: float = 0.9,
        beams: int = 1,
        seed: int = 0,
        prompt: str = "",
        max_tokens: int = 64,
        regions: int = 0,
        padding: float = 0.1,
        region_words: int = 12,
        device: str = "",
        precision: str = "",
        batch: int = 8,
        sha256: str = "",
        trusted: bool = False,
        download: bool = False,
    ) -> None:
        _check(temperature, top_p, padding, {"seed": seed, "regions": regions})
        _check_counts(candidates=candidates, beams=beams, max_tokens=max_tokens, region_words=region_words, batch=batch)
        self._candidates, self._beams, self._seed = candidates, beams, seed
        self._temperature, self._top_p = temperature, top_p
        self._longest, self._batch = max_tokens, batch
        self._regions, self._padding, self._region_words = regions, padding, region_words
        self.alone = regions == 0
        self._model: Model | None = Model(Source(model, device, precision, sha256, trusted, download), CAPTIONS)
        if prompt and not self._model.takes_text:
            raise ConfigError(f"prompt: expected none for a {self._model.class_name}, got {prompt!r}", hint="leave it out")
        self._prompt = prompt or (CHAT if self._model.chats else PROMPTS.get(self._model.type, ""))
        told = CHAT_REGION.format(words=region_words)
        self._region_prompt = told if self._model.chats and not prompt else self._prompt
        self.card = msgspec.structs.replace(self.card, version=self._model.version)

    def look(self, sample: Sample) -> list[Fact]:
        """The captions of the picture, then those of its largest things."""
        return self.look_batch([sample])[0]

    def look_batch(self, samples: Sequence[Sample]) -> list[list[Fact]]:
        """One list of statements a picture.

        Raises:
            ExpertError: there is no picture, the expert is closed, or the model fails.
        """
        images = [_picture(sample) for sample in samples]
        whole = [_Task(place, image, number) for place, image in enumerate(images) for number in range(self._candidates)]
        parts = [
            _Task(place, region.crop(image), region=region)
            for place, (sample, image) in enumerate(zip(samples, images, strict=True))
            for region in largest(sample.facts, image.width, image.height, self._regions, self._padding)
        ]
        written: list[list[str]] = [[] for _ in samples]
        for task, text in zip(whole, self._written(whole), strict=True):
            written[task.place].append(text)
        found = [[Fact(kind="statement", value=text) for text in once(texts)] for texts in written]
        for task, text in zip(parts, self._written(parts, regions=True), strict=True):
            found[task.place] += _of_region(task.region, text)
        return found

    def _written(self, tasks: Sequence[_Task], *, regions: bool = False) -> list[str]:
        model = self._model
        if model is None:
            raise ExpertError("expected an open expert, got one that was closed", hint="make a new one")
        prompt = self._region_prompt if regions else self._prompt
        longest = min(self._longest, math.ceil(TOKENS_A_WORD * self._region_words)) if regions else self._longest
        drawn = self._candidates > 1 and not regions

        def run(part: Sequence[_Task]) -> list[str]:
            sampling = self._sampling(part) if drawn else None
            images = [task.image for task in part]
            return model.write(images, prompt, longest=longest, beams=1 if drawn else self._beams, sampling=sampling)

        try:
            return torch_models.in_batches(run, tasks, self._batch)
        except ExpertError:
            raise
        except Exception as error:  # any kind: torch, transformers and its processors each raise their own
            message = f"{model.name} fails: {type(error).__name__}: {error}"
            raise ExpertError(message, hint="check the model, its processor and the prompt") from error

    def _sampling(self, tasks: Sequence[_Task]) -> Sampling:
        seeds = tuple(seed_of(task.image, self._seed, task.number) for task in tasks)
        return Sampling(seeds, self._temperature, self._top_p)

    def close(self) -> None:
        """Let go of the model, and of the memory that it holds."""
        if self._model is not None:
            self._model = None
            torch_models.release()


def _check(temperature: float, top_p: float, padding: float, not_negative: Mapping[str, int]) -> None:
    if not 0 < temperature < math.inf:
        hint = "one candidate is the likeliest text whatever the temperature"
        raise ConfigError(f"temperature: expected a number over 0, got {temperature}", hint=hint)
    if not 0 < top_p <= 1:
        raise ConfigError(f"top_p: expected over 0 and at most 1, got {top_p}")
    if not 0 <= padding <= 1:
        raise ConfigError(f"padding: expected a share 0..1, got {padding}")
    for name, value in not_negative.items():
        if value < 0:
            raise ConfigError(f"{name}: expected 0 or more, got {value}")


def _check_counts(**counts: int) -> None:
    for name, value in counts.items():
        if value < 1:
            raise ConfigError(f"{name}: expected at least 1, got {value}")


def _picture(sample: Sample) -> Image:
    if sample.image is None:
        raise ExpertError(f"expected a picture of {sample.id!r}, got none", hint="captions are made from pixels only")
    return sample.image.convert("RGB")


def _of_region(region: Region | None, text: str) -> list[Fact]:
    """The statement about a part of the picture; none where nothing was written."""
    if region is None:
        return []
    data = {"box": list(region.box)}
    return [Fact(kind="statement", value=value, parent=region.parent, data=data) for value in once([text])]
