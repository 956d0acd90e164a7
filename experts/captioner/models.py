"""Models of transformers that write text about a picture, from a folder or the hub, behind one way to call them.

Library: transformers (Apache-2.0), torch (BSD-3-Clause). Weights have licences of their own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL.Image import Image

from experts import torch_models
from experts.captioner.sampling import SeededSampling
from experts.captioner.text import tidy, whole
from fusion.errors import ConfigError, ExpertError

INSTALL = "pip install 'caption-fusion[captioner]'"

CAPTIONS = ("MODEL_FOR_IMAGE_TEXT_TO_TEXT_MAPPING_NAMES",)
ANSWERS = (*CAPTIONS, "MODEL_FOR_VISUAL_QUESTION_ANSWERING_MAPPING_NAMES")
"""Tables of transformers that name the classes of models for a task."""

GOES_ON = frozenset({"blip", "git"})
"""Types of models that go on writing where the prompt ends, so that the prompt is the beginning of the caption."""
WORD_PIECES = frozenset({"blip", "git", "vilt"})
PLACES_ITSELF = frozenset({"blip", "blip-2", "florence2", "git", "instructblip", "vilt"})
"""Types whose processor puts the picture where it belongs in a prompt."""
MOST_MISSING = 0.1
"""Part of a model's weights that its file may lack: some lack a layer that nobody uses, one of another class lacks most."""


@dataclass(frozen=True)
class Source:
    """Where a model comes from and where it runs; the fields are the options of the experts that use it."""

    model: str
    device: str = ""
    precision: str = ""
    sha256: str = ""
    trusted: bool = False
    download: bool = False


@dataclass(frozen=True)
class Sampling:
    """How words are drawn: one seed a row, temperature over 0, the probability mass that is kept."""

    seeds: tuple[int, ...]
    temperature: float
    top_p: float


@dataclass(frozen=True)
class _Pair:
    """An image processor and a tokenizer where a model has no processor that joins them."""

    image_processor: Any
    tokenizer: Any


class Model:
    """A loaded model with what prepares pictures and text for it.

    `tables` are CAPTIONS or ANSWERS: a model whose class stands in none of them is refused.

    Raises:
        ConfigError: an option is wrong.
        ExpertError: the model is not there, or cannot be loaded, or is of another task.
        MissingExtra: torch or transformers is not installed.
    """

    def __init__(self, source: Source, tables: Sequence[str]) -> None:
        if not source.model:
            raise ConfigError("model: expected the path of a folder, got none", hint="give a folder that save_pretrained wrote")
        torch = self._torch = torch_models.imported("torch", INSTALL)
        library = torch_models.imported("transformers", INSTALL)
        library.utils.logging.disable_progress_bar()  # it writes to standard error, among the messages of ours
        dtype = self._dtype = torch_models.precision_of(torch, source.precision)
        device = self._device = torch_models.device_of(torch, source.device)
        path = Path(source.model).expanduser()
        where = str(path) if path.exists() else source.model
        options: dict[str, Any] = {"trusted": source.trusted, "download": source.download}
        config = torch_models.pretrained(library.AutoConfig, where, sha256=source.sha256, **options)
        self.type = str(config.model_type)
        self.class_name = _class_name(config, tables)
        self._processor = _processor(library, where, config, options)
        kind = getattr(library, self.class_name)
        model, info = torch_models.pretrained(kind, where, dtype=dtype, output_loading_info=True, **options)
        _check_whole(model, info, self.class_name)
        self._model = model.to(device).eval()
        self.name = Path(source.model).name
        self.version = f"{self.name}, transformers {library.__version__}"
        _pad_left(self.tokenizer, self._model)

    @property
    def tokenizer(self) -> Any:
        """What turns words into numbers."""
        return getattr(self._processor, "tokenizer", self._processor)

    @property
    def writes(self) -> bool:
        """Does it write text, rather than choose among labels?"""
        return hasattr(self._model, "generate")

    @property
    def takes_text(self) -> bool:
        """Does it take a prompt?"""
        return not isinstance(self._processor, _Pair)

    @property
    def chats(self) -> bool:
        """Is it told what to do in a conversation?"""
        return bool(getattr(self._processor, "chat_template", None))

    @property
    def labels(self) -> Mapping[int, str]:
        """The labels that it chooses among."""
        return {int(number): str(label) for number, label in self._model.config.id2label.items()}

    def write(
        self,
        images: Sequence[Image],
        prompt: str,
        *,
        longest: int,
        beams: int = 1,
        sampling: Sampling | None = None,
    ) -> list[str]:
        """A text for each RGB picture, tidy, of at most `longest` tokens: the likeliest, or with `sampling` a drawn one."""
        inputs = self._inputs(images, [prompt] * len(images))
        options: dict[str, Any] = {}
        if sampling is not None:
            drawing = SeededSampling(self._torch, sampling.seeds, sampling.temperature, sampling.top_p)
            options["logits_processor"] = [drawing]
        rows = self._generate(inputs, max_new_tokens=longest, num_beams=beams, **options)
        given = inputs.get("input_ids")
        return [self._text(row, None if given is None else given[n], longest) for n, row in enumerate(rows)]

    def next_logits(self, images: Sequence[Image], prompts: Sequence[str]) -> Any:
        """Scores (pictures × words) of the first word that it would write."""
        forced = getattr(self._model.generation_config, "forced_bos_token_id", None) is not None
        made = self._generate(
            self._inputs(images, prompts),
            max_new_tokens=2 if forced else 1,
            output_logits=True,
            return_dict_in_generate=True,
        )
        return made.logits[1 if forced and len(made.logits) > 1 else 0].float().cpu()

    def label_logits(self, images: Sequence[Image], prompts: Sequence[str]) -> Any:
        """Scores (pictures × labels) of a model that chooses among labels."""
        with self._torch.inference_mode():
            return self._model(**self._inputs(images, prompts)).logits.float().cpu()

    def _generate(self, inputs: Mapping[str, Any], **options: Any) -> Any:
        fixed = {"do_sample": False, "num_return_sequences": 1, "num_beams": 1}
        with self._torch.inference_mode():
            return self._model.generate(**inputs, **{**fixed, **options})

    def _inputs(self, images: Sequence[Image], prompts: Sequence[str]) -> dict[str, Any]:
        """Tensors for pictures with their prompts, on the device and in the precision of the model."""
        processor = self._processor
        if isinstance(processor, _Pair):
            made = {"pixel_values": processor.image_processor(images=list(images), return_tensors="pt")["pixel_values"]}
        elif not self.chats and not any(prompts):
            made = dict(processor(images=list(images), return_tensors="pt"))
        else:
            pictures = [[image] for image in images] if self.chats else list(images)
            texts = [self._prompt(prompt) for prompt in prompts]
            begun = self.chats and bool(self.tokenizer.bos_token) and texts[0].startswith(self.tokenizer.bos_token)
            options = {"add_special_tokens": False} if begun else {}  # the template has begun the text, and once is enough
            made = dict(processor(images=pictures, text=texts, padding=True, return_tensors="pt", **options))
        if self.type == "git" and "input_ids" in made:  # its processor ends every text, and the model is to go on
            made |= {name: made[name][:, :-1] for name in ("input_ids", "attention_mask")}
            made.pop("token_type_ids", None)
        return {name: self._placed(value) for name, value in made.items() if name != "labels"}  # for training only

    def _placed(self, value: Any) -> Any:
        if not self._torch.is_tensor(value):
            return value
        return value.to(self._device, self._dtype) if value.is_floating_point() else value.to(self._device)

    def _prompt(self, text: str) -> str:
        if self.chats:
            content = [{"type": "image"}, {"type": "text", "text": text}]
            return str(self._processor.apply_chat_template([{"role": "user", "content": content}], add_generation_prompt=True))
        token = getattr(self._processor, "image_token", None)
        if self.type == "paligemma":
            return f"{token}{text}"
        placed = self.type in PLACES_ITSELF or not token or str(token) in text
        return text if placed else f"{token}\n{text}"

    def _text(self, row: Any, given: Any, longest: int) -> str:
        """One row of tokens as text; the prompt in front of it goes, unless it is part of the caption."""
        start = 0
        if given is not None and len(row) >= len(given) and bool((row[: len(given)] == given).all()):
            start = len(given)
        fresh = row[start:].tolist()
        kept = row if self.type in GOES_ON else row[start:]
        text = tidy(self.tokenizer.decode(kept, skip_special_tokens=True), word_pieces=self.type in WORD_PIECES)
        ended = len(fresh) < longest or bool(set(fresh[-longest:]) & self._ends())
        return text if ended else whole(text)

    def _ends(self) -> set[int]:
        """Tokens that end a text, or follow its end."""
        config = self._model.generation_config
        found = [config.eos_token_id, config.pad_token_id]
        found += [getattr(self.tokenizer, f"{name}_token_id", None) for name in ("eos", "sep", "pad")]
        flat = [number for one in found for number in (one if isinstance(one, list) else [one])]
        return {number for number in flat if number is not None}


def _class_name(config: Any, tables: Sequence[str]) -> str:
    """The class that the model was saved from, if it is of the task; where its file names none, what its type stands for."""
    auto = torch_models.imported("transformers.models.auto.modeling_auto", INSTALL)
    known = [dict(getattr(auto, table)) for table in tables]
    names = {name for table in known for name in table.values()}
    saved = (getattr(config, "architectures", None) or [""])[0]
    name = saved or next((str(table[config.model_type]) for table in known if config.model_type in table), "")
    if name not in names:
        message = f"model: expected one that writes text about a picture, got {name or config.model_type}"
        raise ExpertError(message, hint="such as BLIP, GIT, LLaVA, Qwen2-VL, SmolVLM or Florence-2")
    return name


def _processor(library: Any, where: str, config: Any, options: Mapping[str, Any]) -> Any:
    if config.model_type != "vision-encoder-decoder":
        return torch_models.pretrained(library.AutoProcessor, where, **options)
    image_processor = torch_models.pretrained(library.AutoImageProcessor, where, **options)
    return _Pair(image_processor, torch_models.pretrained(library.AutoTokenizer, where, **options))


def _check_whole(model: Any, info: Mapping[str, Any], name: str) -> None:
    """transformers fills weights that are not in the file with random numbers, and says so to nobody who listens."""
    absent = sorted(info["missing_keys"])
    if len(absent) > MOST_MISSING * len(model.state_dict()):
        message = f"model: expected the weights of a {name}, got a file without {len(absent)} of them, such as {absent[0]}"
        raise ExpertError(message, hint="the file is damaged, or of a model of another task")


def _pad_left(tokenizer: Any, model: Any) -> None:
    """Prompts end where the answer begins; models that read the prompt in an encoder, or whole, pad at the end."""
    if getattr(model.config, "is_encoder_decoder", False) or not hasattr(model, "generate"):
        return
    tokenizer.padding_side = "left"
    if tokenizer.pad_token_id is None and tokenizer.eos_token_id is not None:
        tokenizer.pad_token = tokenizer.eos_token
