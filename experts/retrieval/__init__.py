"""States the entries of lists of terms or sentences that fit a picture best, and answers claims by contrast.

Library: open_clip (MIT), usearch (Apache-2.0) for lists of more than 200,000 entries. Weights have licences of their own; nothing
is ever downloaded.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

import msgspec

from experts import plain_noun, torch_models
from experts.retrieval import banks as files
from experts.retrieval.asked import ABSENT, Asked, Asker
from experts.retrieval.banks import Bank
from experts.retrieval.clip import Clip
from experts.retrieval.search import INSTALL, Exact, Found, Indexed
from experts.retrieval.texts import Texts
from fusion.errors import ConfigError, ExpertError
from fusion.expert import Card, Expert
from fusion.facts import Claim, Fact, Sample

if TYPE_CHECKING:
    from PIL.Image import Image

_DEFAULT = ("scenes", "media")
_ASKED = ("attribute", "object", "scene", "style")


class Retrieval(Expert):
    """The entries of banks that a CLIP model finds likeliest for a picture, and answers to single claims.

    `model` is an architecture of open_clip ("ViT-B-32") or the path of its JSON description, with `weights` a file on this
    machine; or a folder that holds both. `sha256` is that of the file or folder; `trusted` allows pickled weights, of which
    tensors alone are read. `bank` is one or several of the banks that ship (scenes, styles, media, lighting, viewpoint,
    moods) or paths of text files, `terms` a list of your own; without either, scenes and media. Of each bank the `top_k`
    likeliest entries are stated whose probability is at least `threshold`: by the softmax over that bank with the model's
    scale, over the nearest 1,024 entries where there are more than 200,000. `states` is their kind of fact in place of the
    one that the bank says ("tag" where it says none): name, object, scene, statement, style or tag.

    `templates` are the prompts an entry is put into for "{}"; their vectors are averaged. `cache` is a folder for the
    vectors of banks. `batch` pictures are looked at at once. `ask` compares a claim with words that would make it false,
    from the lexicon, or from `alternatives` where those exclude it, and says yes from `asked_threshold` on, no up to 0.2.

    Raises:
        ConfigError: an option is out of range, a bank does not exist or cannot be read.
        ExpertError: model or weights are missing, are others than expected, or cannot be loaded.
        MissingExtra: open_clip is not installed, or usearch where it is needed.
    """

    alone = True
    requires: ClassVar[Mapping[str, str]] = {"open_clip": INSTALL, "torch": INSTALL}
    # No weights could be had to measure with: the rates are guesses, and wide. Published zero-shot accuracies of CLIP are
    # about .6 on scenes (SUN397); attributes bind worse. What is not stated may still be true, as entries of a bank overlap,
    # so silence says nothing: the vocabulary is empty.
    card: Card = Card(
        sees=("attribute", "object", "scene", "style"),
        vocabulary=(),
        precision={"scene": 0.6, "style": 0.55, "object": 0.7, "attribute": 0.6, "tag": 0.5, "name": 0.5, "statement": 0.5},
        recall=0.2,
    )

    def __init__(
        self,
        model: str,
        weights: str = "",
        bank: str | Sequence[str] | None = None,
        terms: Sequence[str] = (),
        states: str = "",
        top_k: int = 3,
        threshold: float = 0.3,
        templates: Sequence[str] = (),
        alternatives: Sequence[str] = (),
        asked_threshold: float = 0.6,
        device: str = "",
        precision: str = "",
        batch: int = 16,
        sha256: str = "",
        trusted: bool = False,
        cache: str = "",
    ) -> None:
        _check_lists(terms=terms, templates=templates, alternatives=alternatives)
        _check_numbers(top_k, threshold, asked_threshold, batch)
        files.check_templates(templates, "templates")
        self._banks = _banks(bank, terms, states, templates)
        self._top_k, self._threshold, self._batch = top_k, threshold, batch
        clip = Clip(model, weights, device=device, precision=precision, sha256=sha256, trusted=trusted)
        texts = Texts(clip.texts, cache, clip.fingerprint)
        self._clip: Clip | None = clip
        self._searchers: list[Exact | Indexed] = [texts.searcher(one) for one in self._banks]
        known = (*self._banks, *(files.read(name) for name in files.shipped()))
        self._asker = Asker(self._see, texts, clip.scale, known, tuple(alternatives), tuple(templates), asked_threshold)
        sees = tuple(sorted({*_ASKED, *(one.kind for one in self._banks)}))
        self.card = msgspec.structs.replace(self.card, sees=sees, version=clip.version)

    def look(self, sample: Sample) -> list[Fact]:
        """The likeliest entries, bank after bank, surest first."""
        return self.look_batch([sample])[0]

    def look_batch(self, samples: Sequence[Sample]) -> list[list[Fact]]:
        """One list a picture; pictures go through the model `batch` at a time.

        Raises:
            ExpertError: there is no picture, the expert is closed, or the model fails.
        """
        images = [_picture(sample) for sample in samples]
        if not images:
            return []
        self._open()
        if not self._banks:
            return [[] for _ in images]
        vectors = self._see(images)
        found = [searcher.nearest(vectors, self._asker.scale, self._top_k) for searcher in self._searchers]
        return [self._facts([rows[place] for rows in found]) for place in range(len(images))]

    def ask(self, sample: Sample, claims: Sequence[Claim]) -> list[Fact]:
        """Answers to claims of objects, attributes, scenes and styles.

        An attribute is looked for on each thing of its noun that `sample.facts` give a box, else in the whole picture, with
        an object of its own. Relations, counts and text are left to others: CLIP reads a sentence nearly as a bag of words.

        Raises:
            ExpertError: as `look_batch`.
        """
        judged = [claim for claim in claims if claim.kind in _ASKED]
        if not judged:
            return []
        image = _picture(sample)
        self._open()
        return Asked(self._asker, sample, image, judged).answers()

    def rate(self, sample: Sample, texts: Sequence[str]) -> list[float]:
        """Cosine of picture and text, 0 where it is negative: CLIPScore (Hessel et al. 2021) without its factor 2.5.

        Of a text longer than the model reads (77 tokens of CLIP) only the beginning counts.

        Raises:
            ExpertError: as `look_batch`.
        """
        if not texts:
            return []
        image = _picture(sample)
        clip = self._open()
        cosines = clip.texts(texts) @ self._see([image])[0]
        return [min(max(float(cosine), 0.0), 1.0) for cosine in cosines]

    def _open(self) -> Clip:
        if self._clip is None:
            raise ExpertError("expected an open expert, got one that was closed", hint="make a new one")
        return self._clip

    def _see(self, images: Sequence[Image]) -> Any:
        """N×D vectors of pictures."""
        import numpy as np

        clip = self._open()
        try:
            return np.stack(torch_models.in_batches(lambda part: list(clip.images(part)), images, self._batch))
        except RuntimeError as error:
            hint = "check device and precision, or lower batch"
            raise ExpertError(f"{clip.version} fails: {str(error).splitlines()[0]}", hint=hint) from error

    def _facts(self, found: Sequence[Sequence[Found]]) -> list[Fact]:
        """Entries over the threshold; what two banks hold is stated once, as sure as the surer."""
        facts: dict[tuple[str, str], Fact] = {}
        for bank, entries in zip(self._banks, found, strict=True):
            for entry in entries:
                if entry.probability < self._threshold:
                    break
                fact = _fact(bank, entry)
                key = (fact.kind, fact.value)
                if key not in facts or facts[key].score < fact.score:
                    facts[key] = fact
        return list(facts.values())

    def close(self) -> None:
        """Let go of the model and the vectors."""
        if self._clip is not None:
            self._clip, self._searchers = None, []
            torch_models.release()


def _fact(bank: Bank, entry: Found) -> Fact:
    text = bank.entries[entry.place]
    value = plain_noun(text) if bank.kind == "object" else text
    data = {"bank": bank.name, "similarity": round(entry.similarity, 4)}
    return Fact(kind=bank.kind, value=value, score=min(entry.probability, 1.0), data=data)  # type: ignore[arg-type]


def _banks(bank: str | Sequence[str] | None, terms: Sequence[str], states: str, templates: Sequence[str]) -> list[Bank]:
    if states:
        files.check_kind(states, "states")
    if bank is None:
        bank = () if terms else _DEFAULT
    names = [bank] if isinstance(bank, str) else list(bank)
    found = [files.read(name) for name in dict.fromkeys(names)]
    if terms:
        found.append(files.made("terms", states or "tag", terms))
    return [files.with_options(one, states, templates) for one in found]


def _picture(sample: Sample) -> Image:
    if sample.image is None:
        raise ExpertError(f"expected a picture of {sample.id!r}, got none", hint="terms are compared with pixels only")
    return sample.image.convert("RGB")


def _check_lists(**lists: Sequence[str]) -> None:
    for name, values in lists.items():
        if isinstance(values, str):
            raise ConfigError(f"{name}: expected a list, got {values!r}", hint=f'write ["{values}"]')
        for value in values:
            if not isinstance(value, str) or not value.strip():
                raise ConfigError(f"{name}: expected words, got {value!r}")


def _check_numbers(top_k: int, threshold: float, asked_threshold: float, batch: int) -> None:
    for name, count in (("top_k", top_k), ("batch", batch)):
        if count < 1:
            raise ConfigError(f"{name}: expected 1 or more, got {count}")
    if not 0 <= threshold <= 1:
        raise ConfigError(f"threshold: expected 0..1, got {threshold}")
    if not ABSENT < asked_threshold <= 1:
        raise ConfigError(f"asked_threshold: expected more than {ABSENT} and at most 1, got {asked_threshold}")
