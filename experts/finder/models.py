"""Detectors of transformers behind one way to call them: with classes of their own, or with words that are given.

Libraries: transformers, torch. Licences: Apache-2.0, BSD-3-Clause; those of the weights differ.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, ClassVar

from PIL.Image import Image

from experts import plain_noun
from experts.torch_models import device_of, imported, in_batches, is_out_of_memory, precision_of, pretrained
from experts.weights import shown
from fusion import lexicon
from fusion.errors import ExpertError
from fusion.facts import Box

INSTALL = "pip install 'caption-fusion[finder]'"
OWL = frozenset({"owlvit", "owlv2"})
GROUNDING = frozenset({"grounding-dino", "mm-grounding-dino"})
_NO_CLASS = frozenset({"", "n/a", "background", "no object", "none"})


@dataclass(frozen=True)
class Seen:
    """A box in pixels of the picture, the word that the model gives it, and 0..1 how sure it is."""

    word: str
    score: float
    box: Box


@dataclass(frozen=True)
class Prepared:
    """A picture as the network takes it, by the names of its inputs, and its own height and width in pixels."""

    inputs: dict[str, Any]
    size: tuple[int, int]


@dataclass(frozen=True)
class Search:
    """What to look for: words (one with classes takes no notice of them), from which score on, and whether words are rivals.

    Of rivals a box gets the best only, else each that fits.
    """

    words: Sequence[str]
    least: float
    rivals: bool = True


class Model:
    """A loaded network with what prepares its pictures and words."""

    confidence: ClassVar[float] = 0.5
    """From which a box is taken where the user says nothing."""

    def __init__(self, torch: Any, network: Any, processor: Any, name: str) -> None:
        self.name = name
        self._torch = torch
        self._network: Any = network
        self._processor = processor

    @property
    def classes(self) -> tuple[str, ...] | None:
        """The nouns that it knows; None where it looks for any word."""
        return None

    def find(self, pictures: Sequence[Image], search: Search, batch: int) -> list[list[Seen]]:
        """The boxes of each RGB picture, in no order.

        Pictures share a call only where the network sees them in one size, or the padding, and with it what is seen, would
        depend on the others; at most `batch` do.

        Raises:
            ExpertError: the network fails, memory runs out with a single picture, or the model is closed.
        """
        prepared = [self._prepare(picture) for picture in pictures]
        made: list[list[Seen]] = [[] for _ in pictures]
        for words in self._parts(search.words):
            run = partial(self._guarded, search=replace(search, words=words))
            for group in self._groups(prepared):
                for place, ones in zip(group, in_batches(run, [prepared[p] for p in group], batch), strict=True):
                    made[place] += ones
        return made

    def close(self) -> None:
        """Let go of the network."""
        self._network = None

    def _parts(self, words: Sequence[str]) -> Iterator[Sequence[str]]:
        """The words, divided where the network takes only so many at a time."""
        yield words

    @staticmethod
    def _groups(prepared: Sequence[Prepared]) -> list[list[int]]:
        groups: dict[tuple[int, ...], list[int]] = {}
        for place, picture in enumerate(prepared):
            groups.setdefault(tuple(picture.inputs["pixel_values"].shape), []).append(place)
        return list(groups.values())

    def _prepare(self, picture: Image) -> Prepared:
        library = getattr(self._processor, "image_processor", self._processor)
        inputs = library(images=[picture], return_tensors="pt")
        wanted = {name: inputs[name] for name in ("pixel_values", "pixel_mask") if name in inputs}
        return Prepared(wanted, (picture.height, picture.width))

    def _guarded(self, pictures: Sequence[Prepared], search: Search) -> list[list[Seen]]:
        if self._network is None:
            raise ExpertError("expected an open expert, got one that was closed", hint="make a new one")
        try:
            with self._torch.inference_mode():
                return self._run(pictures, search)
        except Exception as error:  # any kind: torch and the processors each raise their own
            hint = "" if is_out_of_memory(error) else "check the model, device and precision"
            raise ExpertError(f"{self.name} fails: {type(error).__name__}: {error}", hint=hint) from error

    def _run(self, pictures: Sequence[Prepared], search: Search) -> list[list[Seen]]:
        raise NotImplementedError

    def _output(self, pictures: Sequence[Prepared], **text: Any) -> Any:
        """What the network says of pictures of one size: its boxes and logits as float32."""
        network = self._network
        joined = {name: self._torch.cat([one.inputs[name] for one in pictures]) for name in pictures[0].inputs}
        joined["pixel_values"] = joined["pixel_values"].to(network.dtype)
        output = network(**{name: value.to(network.device) for name, value in (joined | text).items()})
        output.logits, output.pred_boxes = output.logits.float(), output.pred_boxes.float()
        return output


class Closed(Model):
    """A network with classes of its own: DETR and its family, YOLOS."""

    def __init__(self, torch: Any, network: Any, processor: Any, name: str) -> None:
        super().__init__(torch, network, processor, name)
        named = {int(number): str(label) for number, label in network.config.id2label.items()}
        self._nouns = {number: plain_noun(label) for number, label in named.items() if label.lower() not in _NO_CLASS}
        if all(label == f"LABEL_{number}" for number, label in named.items()):
            message = f"model {name!r}: expected names of its classes, got {', '.join(list(named.values())[:2])}…"
            raise ExpertError(message, hint="write them into id2label of its config.json")

    @property
    def classes(self) -> tuple[str, ...]:
        """The nouns of its classes."""
        return tuple(sorted(set(self._nouns.values())))

    def _run(self, pictures: Sequence[Prepared], search: Search) -> list[list[Seen]]:
        sizes = [picture.size for picture in pictures]
        output = self._output(pictures)
        results = self._processor.post_process_object_detection(output, threshold=search.least, target_sizes=sizes)
        return [self._seen(result) for result in results]

    def _seen(self, result: Any) -> list[Seen]:
        rows = zip(result["labels"].tolist(), result["scores"].tolist(), result["boxes"].tolist(), strict=True)
        return [Seen(self._nouns[label], score, Box(*box)) for label, score, box in rows if label in self._nouns]


class Open(Model):
    """A network that looks for words."""

    def _run(self, pictures: Sequence[Prepared], search: Search) -> list[list[Seen]]:
        scores, boxes = self._scored(pictures, search.words)
        if search.rivals:
            best = scores.max(dim=-1, keepdim=True)
            scores = self._torch.zeros_like(scores).scatter(-1, best.indices, best.values)
        return [self._seen(*pair, search) for pair in zip(scores, boxes, strict=True)]

    def _scored(self, pictures: Sequence[Prepared], words: Sequence[str]) -> tuple[Any, Any]:
        """Scores 0..1, pictures × boxes × words, and boxes in pixels, pictures × boxes × 4."""
        raise NotImplementedError

    @staticmethod
    def _seen(scores: Any, boxes: Any, search: Search) -> list[Seen]:
        places = (scores >= max(search.least, 1e-9)).nonzero().tolist()
        corners = boxes.tolist()
        return [Seen(search.words[word], float(scores[row, word]), Box(*corners[row])) for row, word in places]


class Owl(Open):
    """OWL-ViT and OWLv2: a score for each word and each patch of the picture."""

    confidence: ClassVar[float] = 0.2

    def _scored(self, pictures: Sequence[Prepared], words: Sequence[str]) -> tuple[Any, Any]:
        tokenizer = self._processor.tokenizer
        longest = min(tokenizer.model_max_length, self._network.config.text_config.max_position_embeddings)
        queries = [f"a photo of {lexicon.article(word)} {word}" for word in words]
        text = tokenizer(queries, padding="max_length", truncation=True, max_length=longest, return_tensors="pt")
        count = len(pictures)
        ids, mask = text["input_ids"].repeat(count, 1), text["attention_mask"].repeat(count, 1)
        output = self._output(pictures, input_ids=ids, attention_mask=mask)
        sizes = [picture.size for picture in pictures]
        # A threshold below all scores: every box is kept, in the order of the logits.
        results = self._processor.post_process_grounded_object_detection(output, threshold=-1.0, target_sizes=sizes)
        return output.logits.sigmoid(), self._torch.stack([result["boxes"] for result in results])


class Grounding(Open):
    """Grounding DINO: all words in one text, a score for each of its tokens."""

    confidence: ClassVar[float] = 0.35

    def _parts(self, words: Sequence[str]) -> Iterator[Sequence[str]]:
        room = self._network.config.max_text_len - 2 if self._network is not None else 1
        part: list[str] = []
        used = 0
        for word in words:
            size = len(self._processor.tokenizer(_plain(word), add_special_tokens=False)["input_ids"]) + 1
            if part and used + size > room:
                yield part
                part, used = [], 0
            part.append(word)
            used += size
        yield part

    def _scored(self, pictures: Sequence[Prepared], words: Sequence[str]) -> tuple[Any, Any]:
        torch, tokenizer = self._torch, self._processor.tokenizer
        longest = self._network.config.max_text_len
        prompt = " ".join(f"{_plain(word)}." for word in words)
        text = tokenizer(prompt, truncation=True, max_length=longest, return_token_type_ids=True, return_tensors="pt")
        names = ("input_ids", "token_type_ids", "attention_mask")
        output = self._output(pictures, **{name: text[name].repeat(len(pictures), 1) for name in names})
        tokens = output.logits.sigmoid()
        spans = self._spans(text["input_ids"][0].tolist(), len(words))
        none = torch.zeros_like(tokens[..., 0])
        scores = torch.stack([tokens[..., span].amax(dim=-1) if span else none for span in spans], dim=-1)
        return scores, _corners(torch, output.pred_boxes, [picture.size for picture in pictures])

    def _spans(self, ids: Sequence[int], count: int) -> list[list[int]]:
        """The places of the tokens of each word; words end with a full stop."""
        tokenizer = self._processor.tokenizer
        stop = tokenizer.convert_tokens_to_ids(".")
        around = {tokenizer.cls_token_id, tokenizer.sep_token_id, tokenizer.pad_token_id}
        spans: list[list[int]] = [[] for _ in range(count)]
        word = 0
        for place, token in enumerate(ids):
            if token == stop:
                word += 1
            elif token not in around and word < count:
                spans[word].append(place)
        return spans


def _plain(word: str) -> str:
    """A word without the signs that divide the text of Grounding DINO."""
    return " ".join(word.lower().replace(".", " ").replace("?", " ").split())


def _corners(torch: Any, boxes: Any, sizes: Sequence[tuple[int, int]]) -> Any:
    """Boxes as centre, width and height, 0..1, as corners in pixels."""
    x, y, wide, high = boxes.unbind(-1)
    corners = torch.stack([x - wide / 2, y - high / 2, x + wide / 2, y + high / 2], dim=-1)
    scale = torch.tensor([(width, height, width, height) for height, width in sizes], device=boxes.device)
    return corners * scale[:, None, :]


def load(model: str, *, device: str, precision: str, sha256: str, trusted: bool, download: bool) -> tuple[Model, str]:
    """The model of a folder (or of the hub, with `download`) in its family, and the version of transformers.

    Raises:
        MissingExtra: torch or transformers is not installed.
        ConfigError: the device or precision does not exist.
        ExpertError: it is not there, cannot be loaded, or is no detector of a family that is known here.
    """
    torch, transformers = imported("torch", INSTALL), imported("transformers", INSTALL)
    place, kind = device_of(torch, device), precision_of(torch, precision)
    options: dict[str, Any] = {"trusted": trusted, "download": download}
    config = pretrained(transformers.AutoConfig, model, sha256=sha256, **options)
    name = shown(model)
    family = _family(transformers, config, name)
    closed = family is Closed
    network = transformers.AutoModelForObjectDetection if closed else transformers.AutoModelForZeroShotObjectDetection
    processor = transformers.AutoImageProcessor if closed else transformers.AutoProcessor
    prepares = pretrained(processor, model, **options)
    loaded = pretrained(network, model, **options).to(device=place, dtype=kind).eval()
    return family(torch, loaded, prepares, name), str(transformers.__version__)


def _family(transformers: Any, config: Any, name: str) -> type[Model]:
    if config.model_type in OWL:
        return Owl
    if config.model_type in GROUNDING:
        return Grounding
    if type(config) in transformers.MODEL_FOR_OBJECT_DETECTION_MAPPING:
        return Closed
    message = f"model {name!r}: expected a detector, got a model of the type {config.model_type!r}"
    raise ExpertError(message, hint="take one of the families DETR, RT-DETR, YOLOS, OWL-ViT, OWLv2, Grounding DINO")
