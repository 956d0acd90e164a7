"""Language models in a folder that `save_pretrained` wrote, run by transformers on torch in this process.

Libraries: transformers (Apache-2.0), torch (BSD-3-Clause).
"""

from __future__ import annotations

import copy
import gc
import importlib
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar

from fusion.errors import ConfigError, MissingExtra, WriterError
from fusion.options import at_least
from fusion.write.backends import files, layout
from fusion.write.backends.drawing import Draws, Ends
from fusion.write.backends.protocol import Finish, Message, Reply, Request

INSTALL = "pip install 'caption-fusion[transformers]'"
DTYPES = ("auto", "float32", "float16", "bfloat16")
PICKLED = frozenset({".bin", ".ckpt", ".pickle", ".pkl", ".pt", ".pth"})
"""Endings of files that may run code when they are loaded."""

LENGTHS = ("max_position_embeddings", "n_positions", "n_ctx", "max_seq_len", "seq_length")
"""What configurations call the longest text that a model was made for."""

UNBOUNDED = 1 << 24
"""From here up a tokenizer's `model_max_length` means that nobody set it."""


class Transformers:
    """A causal or an encoder–decoder language model, told apart by its configuration and loaded when it is first asked.

    Requests are written in batches. Their neighbours change the last digits of the scores, and with them, rarely, a word: what
    must not depend on them at all needs `batch = 1`. Where memory runs out the batch is halved.

    It has no grammar: of a request with a `schema` only the words of its prompt ask for JSON, and whoever asked must check the
    reply. With a temperature a token is drawn from those at least a twentieth as likely as the likeliest, by a generator of the
    request's own seed. The context of an encoder–decoder model bounds prompt and reply together as well, which is more than it
    needs.

    Options: `weights`, a folder, or with `download` a name on the Hugging Face hub; `device`, "auto" or as torch names it;
    `dtype`, "auto" (that of the file on a GPU, float32 on a CPU), "float32", "float16" or "bfloat16"; `batch`, requests at once;
    `context` in tokens, at most what the model was made for (0: just that); `trusted`, pickled weights are loaded, which can run
    code; `sha256` of the folder: that of the lines "DIGEST  NAME" of its files. Code that comes with a model is never run.

    Raises:
        ConfigError: no such folder, one without config.json, an option out of its range.
    """

    requires: ClassVar[Mapping[str, str]] = {"torch": INSTALL, "transformers": INSTALL}

    def __init__(
        self,
        weights: str,
        device: str = "auto",
        dtype: str = "auto",
        batch: int = 8,
        context: int = 0,
        trusted: bool = False,
        download: bool = False,
        sha256: str = "",
    ) -> None:
        at_least(0, context=context)
        at_least(1, batch=batch)
        if dtype not in DTYPES:
            raise ConfigError(f"dtype: expected one of {', '.join(DTYPES)}, got {dtype!r}")
        self._source = _source(weights, trusted=trusted, download=download)
        self._sha256 = files.checksum(sha256)
        if self._sha256 and isinstance(self._source, str):
            raise ConfigError("sha256: expected a folder to compare it with, got a name on the hub")
        self._device, self._dtype, self._trusted = device, dtype, trusted
        self._batch, self._context = batch, context
        self._loaded: _Model | WriterError | None = None

    @property
    def model(self) -> str:
        """Name and SHA-256 of the folder, or name and commit on the hub, and the precision where one was asked for.

        Raises:
            WriterError: a model of the hub cannot be loaded.
        """
        precision = "" if self._dtype == "auto" else f" {self._dtype}"
        if isinstance(self._source, Path):
            return f"{self._source.resolve().name} sha256:{files.digest(self._source)}{precision}"
        return f"{self._source}@{self._model.commit}{precision}"

    @property
    def context(self) -> int | None:
        """Tokens of prompt and reply together; None where the model does not say.

        Raises:
            WriterError: the model cannot be loaded.
        """
        made_for = self._model.longest
        return min(self._context, made_for) if self._context and made_for else self._context or made_for

    @property
    def deterministic(self) -> bool:
        """On a CPU without neighbours in a batch.

        Raises:
            WriterError: the model cannot be loaded.
        """
        return self._batch == 1 and self._model.device == "cpu"

    def count(self, messages: Sequence[Message]) -> int:
        """Tokens of the prompt with all that chat template and tokenizer add.

        Raises:
            WriterError: the model cannot be loaded, or its template refuses the messages.
        """
        return len(self._model.prompt(messages))

    def generate(self, requests: Sequence[Request]) -> list[Reply | WriterError]:
        """A reply for each request, in order."""
        read = [self._read(request) for request in requests]
        fit = [(i, prompt) for i, prompt in enumerate(read) if not isinstance(prompt, WriterError)]
        replies: dict[int, Reply | WriterError] = {i: one for i, one in enumerate(read) if isinstance(one, WriterError)}
        size = self._batch
        while fit:
            some, fit = fit[:size], fit[size:]
            made = self._written([prompt for _, prompt in some], [requests[i] for i, _ in some])
            if made is None:
                size, fit = len(some) // 2, some + fit
            else:
                replies |= {i: reply for (i, _), reply in zip(some, made, strict=True)}
        return [replies[i] for i in range(len(requests))]

    def close(self) -> None:
        """Free the model; the next request would load it again."""
        self._loaded = None
        _release()

    @property
    def _model(self) -> _Model:
        if self._loaded is None:
            try:
                if isinstance(self._source, Path):
                    files.verify(self._source, self._sha256)
                self._loaded = _Model(self._source, self._device, self._dtype, trusted=self._trusted)
            except WriterError as error:
                self._loaded = error
        if isinstance(self._loaded, WriterError):
            raise self._loaded
        return self._loaded

    def _read(self, request: Request) -> list[int] | WriterError:
        """The tokens of a prompt, or why the request is not sent."""
        try:
            prompt = self._model.prompt(request.messages)
            return layout.refusal(request, len(prompt), self.context) or prompt
        except WriterError as error:
            return error

    def _written(self, prompts: Sequence[list[int]], requests: Sequence[Request]) -> Sequence[Reply | WriterError] | None:
        """The replies of one batch; None where memory ran out for several requests."""
        try:
            return self._model.write(prompts, requests)
        except Exception as error:  # noqa: BLE001 - torch raises plain RuntimeError, and others of its own
            full = type(error).__name__ == "OutOfMemoryError" or "out of memory" in str(error).lower()
            reason = _first_line(error)
        if full:  # only here is the error gone, and with it the frames that held the memory
            _release()
            if len(requests) > 1:
                return None
            hint = "take a smaller model or context, or another device"
            return [WriterError(f"out of memory on a single request: {reason}", hint=hint)]
        return [WriterError(f"transformers failed: {reason}") for _ in requests]


class _Model:
    """Tokenizer and weights, loaded."""

    def __init__(self, source: Path | str, device: str, dtype: str, *, trusted: bool) -> None:
        self._torch, library = _imported("torch"), _imported("transformers")
        place = _place(self._torch, device)
        options: dict[str, Any] = {"local_files_only": isinstance(source, Path), "trust_remote_code": False}
        with _told(source):
            config = library.AutoConfig.from_pretrained(str(source), **options)
            self._tokenizer = library.AutoTokenizer.from_pretrained(str(source), **options)
            self._decodes = bool(getattr(config, "is_encoder_decoder", False))
            kind = library.AutoModelForSeq2SeqLM if self._decodes else library.AutoModelForCausalLM
            safe = None if trusted else True
            number = "float32" if dtype == "auto" and place.type == "cpu" else dtype
            model = kind.from_pretrained(str(source), dtype=number, use_safetensors=safe, output_loading_info=True, **options)
            self._weights = _complete(*model).to(place).eval()
        self.device = str(place.type)
        self.commit = str(getattr(config, "_commit_hash", None) or "")
        self.longest = _longest(config, self._tokenizer)
        self._config = self._generation()
        marks = [token.content for token in self._tokenizer.added_tokens_decoder.values()]
        self._marks = layout.Marks([*self._tokenizer.all_special_tokens, *marks])

    def prompt(self, messages: Sequence[Message]) -> list[int]:
        """The tokens of a prompt."""
        safe = self._marks.broken(messages)
        if not getattr(self._tokenizer, "chat_template", None):
            text = layout.plain(safe)
            return list(self._tokenizer(text, add_special_tokens=True)["input_ids"]) if text.strip() else []
        text = layout.render(self._templated, safe)
        return list(self._tokenizer(text, add_special_tokens=False)["input_ids"])

    def _templated(self, turns: layout.Turns) -> str:
        template = layout.dated(self._tokenizer.get_chat_template())
        made = self._tokenizer.apply_chat_template(
            turns, chat_template=template, tokenize=False, add_generation_prompt=True, enable_thinking=False
        )
        return str(made)

    def write(self, prompts: Sequence[list[int]], requests: Sequence[Request]) -> list[Reply | WriterError]:
        """Replies to prompts that are read together."""
        inputs, mask = self._padded(prompts)
        begin = 1 if self._decodes else inputs.shape[1]
        ends = Ends(self._torch, self._tokenizer, requests, begin)
        config = copy.deepcopy(self._config)
        config.max_new_tokens = max(request.max_tokens for request in requests)
        lists = _imported("transformers.generation")
        with self._torch.inference_mode():
            made = self._weights.generate(
                inputs,
                attention_mask=mask,
                generation_config=config,
                logits_processor=lists.LogitsProcessorList([Draws(self._torch, requests)]),
                stopping_criteria=lists.StoppingCriteriaList([ends]),
            )
        rows = [row[: length or None] for row, length in zip(made[:, begin:].tolist(), ends.lengths, strict=True)]
        return [self._reply(len(prompt), *one) for prompt, *one in zip(prompts, requests, rows, strict=True)]

    def _reply(self, prompt_tokens: int, request: Request, row: Sequence[int]) -> Reply:
        end = next((i for i, token in enumerate(row) if token in self._last), None)
        own = row[:end]
        text, stopped = layout.cut(self._tokenizer.decode(own, skip_special_tokens=True), request.stop)
        finish: Finish = "stop" if end is not None or stopped else "length"
        return Reply(text=text, finish=finish, prompt_tokens=prompt_tokens, completion_tokens=len(own))

    def _padded(self, prompts: Sequence[list[int]]) -> tuple[Any, Any]:
        """The prompts as one tensor and its mask: padded in front where the reply follows behind, else behind."""
        torch, width = self._torch, max(map(len, prompts))
        inputs = torch.full((len(prompts), width), self._config.pad_token_id)
        mask = torch.zeros_like(inputs)
        for i, prompt in enumerate(prompts):
            place = slice(0, len(prompt)) if self._decodes else slice(width - len(prompt), width)
            inputs[i, place] = torch.tensor(prompt)
            mask[i, place] = 1
        return inputs.to(self._weights.device), mask.to(self._weights.device)

    def _generation(self) -> Any:
        """The model's own settings, without those that draw or search: `Draws` does the one, nobody the other."""
        config, tokenizer = copy.deepcopy(self._weights.generation_config), self._tokenizer
        given = config.eos_token_id
        ends = {*(given if isinstance(given, list) else [given]), tokenizer.eos_token_id} - {None}
        self._last = frozenset(ends)
        pads = (tokenizer.pad_token_id, config.pad_token_id, min(ends, default=None), 0)
        config.pad_token_id = next(pad for pad in pads if pad is not None)
        config.eos_token_id = sorted(ends) or None
        config.do_sample, config.num_beams, config.max_length = False, 1, None
        config.temperature = config.top_p = config.top_k = config.min_p = config.typical_p = None
        return config


def _source(weights: str, *, trusted: bool, download: bool) -> Path | str:
    """The folder, or a name on the hub.

    Raises:
        ConfigError: it is no folder with a model in it, or one that could run code.
    """
    if not weights:
        raise ConfigError("weights: expected a folder, got none")
    path, name = Path(weights).expanduser(), files.shown(weights)
    if not path.exists():
        if download:
            return weights
        hint = "give a folder, or set download = true to fetch it from the Hugging Face hub"
        raise ConfigError(f"weights: expected a folder, got {name!r}, which does not exist", hint=hint)
    if not (path / "config.json").is_file():
        got = f"{name!r}, which has none" if path.is_dir() else f"the file {name!r}"
        hint = "expected what save_pretrained wrote; for a .gguf file use the backend llama_cpp"
        raise ConfigError(f"weights: expected a folder with config.json, got {got}", hint=hint)
    pickled = sorted(file.name for file in path.iterdir() if file.suffix in PICKLED and file.name != "training_args.bin")
    if pickled and not trusted and not any(path.glob("*.safetensors")):
        message = f"weights: {pickled[0]} is pickled, and could run code when it is loaded"
        hint = "take a folder with model.safetensors, or set trusted = true if you know where it comes from"
        raise ConfigError(message, hint=hint)
    return path


def _imported(name: str) -> Any:
    """A library, imported when it is needed.

    Raises:
        MissingExtra: it is not installed, or breaks on import.
    """
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
    try:
        library = importlib.import_module(name)
    except ImportError as error:
        raise MissingExtra(f"{name} cannot be imported: {error}", hint=INSTALL) from error
    if name == "transformers":
        library.utils.logging.disable_progress_bar()  # it draws on standard error while weights are loaded
    return library


def _place(torch: Any, name: str) -> Any:
    """A torch device; "auto" is the best there is.

    Raises:
        WriterError: torch has no such device here.
    """
    if name == "auto":
        best = "cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu"
        return torch.device(best)
    try:
        device = torch.device(name)
        torch.empty(1, device=device)
    except (RuntimeError, AssertionError) as error:  # what torch raises for a name it does not know, or was not built for
        raise WriterError(
            f"device: {name!r} cannot be used: {_first_line(error)}", hint='leave it out, or write "cpu"'
        ) from error
    return device


@contextmanager
def _told(source: Path | str) -> Iterator[None]:
    """Whatever the libraries raise while a model is loaded, as an error that says what to do."""
    try:
        yield
    except WriterError:
        raise
    except Exception as error:  # any kind: OSError, safetensors, requests and the hub each raise their own
        local = isinstance(source, Path)
        hint = "expected a folder that save_pretrained wrote" if local else "check the name, the network, and `hf auth login`"
        name, reason = (source.name, _first_line(error)) if isinstance(source, Path) else (source, _first_line(error))
        message = f"model {name!r} cannot be loaded: {reason.replace(str(source), name)}"
        raise WriterError(message, hint=hint, retry=not local) from error


def _complete(model: Any, info: Mapping[str, Any]) -> Any:
    """The model, if all of it was in its files: what is not there would be filled with random numbers."""
    if missing := sorted(info["missing_keys"]):
        message = f"model: expected all weights in its files, got none for {missing[0]} and {len(missing) - 1} more"
        raise WriterError(message, hint="the folder is damaged, or holds another kind of model than its config.json says")
    return model


def _longest(config: Any, tokenizer: Any) -> int | None:
    """Tokens of the longest text that a model was made for, where configuration or tokenizer say."""
    inner = config.get_text_config(decoder=True)
    said = [getattr(inner, name, None) for name in LENGTHS]
    lengths = [length for length in said if isinstance(length, int) and length > 0]
    limit = tokenizer.model_max_length
    return lengths[0] if lengths else int(limit) if limit < UNBOUNDED else None


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__


def _release() -> None:
    """Give memory that torch holds and nobody uses back to the GPU."""
    gc.collect()
    torch = sys.modules.get("torch")
    if torch is not None and torch.cuda.is_available():
        torch.cuda.empty_cache()
