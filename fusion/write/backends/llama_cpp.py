"""Language models as GGUF files, run by llama.cpp in this process.

Library: llama-cpp-python (MIT). GGUF: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md.
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib
import io
import json
import os
from collections import deque
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from fusion.errors import ConfigError, MissingExtra, WriterError
from fusion.options import at_least
from fusion.write.backends import files, layout
from fusion.write.backends.protocol import Finish, Message, Reply, Request

MAGIC = b"GGUF"
PLAIN = "plain"
INSTALL = "pip install 'caption-fusion[llama_cpp]'"
DRAWN = {"top_k": 40, "top_p": 0.95, "min_p": 0.05, "repeat_penalty": 1.0}
"""What is drawn from where a temperature is given: llama.cpp's own defaults, without a penalty on repeated words."""

ANY_CHARACTER, NO_CONTROL = r'char ::= [^"\\] |', r'char ::= [^"\\\x7F\x00-\x1F] |'
"""The library lets a string hold line breaks, which JSON (RFC 8259, section 7) forbids."""

ERROR = 4
"""The level of errors in llama.cpp's log (ggml.h); llama-cpp-python, which counts otherwise, would drop them."""

_said: deque[str] = deque(maxlen=20)
_listeners: list[Any] = []


class LlamaCpp:
    """A model in a GGUF file, loaded when it is first asked.

    What a prompt shares with the one before it is read once. It is reused in whole batches only, and each batch begins at a
    multiple of its size: so every token is computed in the same company whatever was asked before, and the same request gives
    the same bytes. (Reuse of any length saves up to `batch` tokens more a request, and changes the last digits of the scores.)

    A JSON schema becomes a grammar that the reply cannot leave. Of JSON schema it knows types, properties, items with their
    bounds, enum, const, anyOf, oneOf, allOf, local $ref, pattern, formats of dates and lengths of strings; it passes over the
    others, such as minimum.

    Options: `weights`, path of the file; `context`, tokens of prompt and reply together, at most what the model was trained on
    (0: just that); `threads` (0: as many as the machine has cores); `gpu_layers`, how many layers a GPU takes (-1: all);
    `chat_format`, a format that llama-cpp-python knows by name, or "plain" (see `layout.plain`), in place of the chat template
    in the file; without either it is plain; `batch`, tokens that are read at once; `sha256`, which the file must have.

    Raises:
        ConfigError: no such file, a file that is not GGUF, an option out of its range.
    """

    requires: ClassVar[Mapping[str, str]] = {"llama_cpp": INSTALL}

    def __init__(
        self,
        weights: str,
        context: int = 4096,
        threads: int = 0,
        gpu_layers: int = 0,
        chat_format: str = "",
        batch: int = 32,
        sha256: str = "",
    ) -> None:
        at_least(0, context=context, threads=threads)
        at_least(1, batch=batch)
        at_least(-1, gpu_layers=gpu_layers)
        self._path = _gguf(weights)
        cores = threads or os.cpu_count() or 1
        self._options = {"n_ctx": context, "n_batch": batch, "n_gpu_layers": gpu_layers}
        self._options |= {"n_threads": cores, "n_threads_batch": cores}
        self._format, self._handler = chat_format, _handler(chat_format)
        self._sha256 = files.checksum(sha256)
        self._llama: Any = None
        self._prompt: Any = None
        self._failure: WriterError | None = None
        self._read: list[int] = []

    @property
    def model(self) -> str:
        """Name and SHA-256 of the file, and the chat format where one was asked for."""
        form = f" {self._format}" if self._format else ""
        return f"{self._path.name} sha256:{files.digest(self._path)}{form}"

    @property
    def context(self) -> int:
        """Tokens of prompt and reply together.

        Raises:
            WriterError: the file cannot be loaded.
        """
        llama = self._loaded()
        trained = int(_library().llama_model_n_ctx_train(llama.model))
        return min(self._options["n_ctx"] or trained, trained)

    @property
    def deterministic(self) -> bool:
        """On a CPU always, whatever was asked before; on a GPU it was not measured."""
        return self._options["n_gpu_layers"] == 0

    def count(self, messages: Sequence[Message]) -> int:
        """Tokens of the prompt with all that the chat template adds.

        Raises:
            WriterError: the file cannot be loaded, or the template refuses the messages.
        """
        self._loaded()
        return len(self._prompt(messages)[0])

    def generate(self, requests: Sequence[Request]) -> list[Reply | WriterError]:
        """A reply for each request, in order. Requests that begin alike are cheapest one after the other."""
        return [self._answer(request) for request in requests]

    def close(self) -> None:
        """Free the model; the next request would load it again."""
        llama, self._llama, self._prompt, self._read, self._failure = self._llama, None, None, [], None
        if llama is not None:
            llama.close()

    def _answer(self, request: Request) -> Reply | WriterError:
        _said.clear()
        try:
            llama = self._loaded()
            tokens, stops = self._prompt(request.messages)
            if refused := layout.refusal(request, len(tokens), self.context):
                return refused
            grammar = None if request.schema is None else _grammar(llama, request.schema)
            self._rewind(llama, tokens)
            return self._write(llama, request, tokens, [*request.stop, *stops], grammar)
        except WriterError as error:
            return error
        except MissingExtra:
            raise
        except Exception as error:  # noqa: BLE001 - the library raises plain RuntimeError, ValueError and AssertionError
            self._read = []
            return WriterError(f"{self._path.name}: llama.cpp failed: {_reason(error)}", retry=False)

    def _write(self, llama: Any, request: Request, tokens: list[int], stops: list[str], grammar: Any) -> Reply:
        self._read = []  # until it is there: a call that fails leaves nothing to build on
        made = llama.create_completion(
            tokens,
            max_tokens=request.max_tokens,
            temperature=request.temperature,
            seed=request.seed % 0xFFFFFFFF,  # the one number above stands for "draw one" in llama.cpp
            stop=stops,
            grammar=grammar,
            **DRAWN,
        )
        self._read = tokens
        choice, usage = made["choices"][0], made["usage"]
        text, _ = layout.cut(choice["text"], stops)
        finish: Finish = "length" if choice["finish_reason"] == "length" else "stop"
        return Reply(text=text, finish=finish, prompt_tokens=usage["prompt_tokens"], completion_tokens=usage["completion_tokens"])

    def _rewind(self, llama: Any, tokens: list[int]) -> None:
        """Go back to the end of the last whole batch that this prompt shares with the one before, and leaves a token to read."""
        shared = 0
        for old, new in zip(self._read, tokens[:-1], strict=False):
            if old != new:
                break
            shared += 1
        size = llama.n_batch
        if shared < size:
            llama.reset()
        else:
            llama.n_tokens = shared // size * size

    def _loaded(self) -> Any:
        if self._failure is not None:
            raise self._failure
        if self._llama is None:
            library = _library()
            try:
                files.verify(self._path, self._sha256)
                self._llama = _load(library, self._path, self._options)
            except WriterError as error:
                self._failure = error
                raise
            self._prompt = _Prompts(library, self._llama, self._handler)
        return self._llama


class _Prompts:
    """Makes messages into the tokens of a prompt, and says what else ends a reply to it."""

    def __init__(self, library: Any, llama: Any, handler: Any) -> None:
        self._llama = llama
        self._marks = layout.Marks(_marks(library, llama))
        self._handler = None if handler == PLAIN else handler
        template = llama.metadata.get("tokenizer.chat_template", "") if handler is None else ""
        self._formatter = _formatter(library, llama, template) if template else None

    def __call__(self, messages: Sequence[Message]) -> tuple[list[int], list[str]]:
        safe = self._marks.broken(messages)
        if self._handler is not None:
            return self._by_name(safe)
        if self._formatter is None:
            return self._tokens(layout.plain(safe), whole=False), []
        formatter = self._formatter
        text = layout.render(lambda turns: str(formatter(messages=turns, enable_thinking=False).prompt), safe)
        return self._tokens(text, whole=True), []

    def _tokens(self, text: str, *, whole: bool) -> list[int]:
        """`whole`: the text has all that the model wants to see, its mark for the beginning included."""
        return list(self._llama.tokenize(text.encode(), add_bos=not whole, special=True)) if text else []

    def _by_name(self, messages: Sequence[Message]) -> tuple[list[int], list[str]]:
        """What one of the library's own formats would send: it hands out no prompt, so it is given a model that keeps it."""
        probe = _Probe(self._llama)
        layout.render(lambda turns: str(self._handler(llama=probe, messages=turns)), messages)  # type: ignore[misc]
        return list(probe.prompt), [stop for stop in probe.stop if stop]


class _Probe:
    """Stands in for the model: takes a prompt and answers nothing."""

    verbose = False

    def __init__(self, llama: Any) -> None:
        self.tokenize = llama.tokenize
        self.prompt: Sequence[int] = ()
        self.stop: Sequence[str] = ()

    def create_completion(self, *, prompt: Sequence[int], stop: Sequence[str], **_: Any) -> Mapping[str, Any]:
        """Keep the prompt, and what ends a reply to it."""
        self.prompt, self.stop = prompt, stop
        choice = {"text": "", "logprobs": None, "finish_reason": "stop"}
        return {"id": "", "created": 0, "model": "", "choices": [choice], "usage": {}}


def _handler(name: str) -> Any:
    """A chat format by name; None where none is given, PLAIN as it is.

    Raises:
        ConfigError: the library knows no format of that name.
    """
    if name in ("", PLAIN):
        return name or None
    _library()
    chat = importlib.import_module("llama_cpp.llama_chat_format")
    try:
        return chat.get_chat_completion_handler(name)
    except chat.LlamaChatCompletionHandlerNotFoundException as error:
        known = str(error).rpartition("valid formats: ")[2].strip("[]()")
        raise ConfigError(f"chat_format: llama-cpp-python knows no {name!r}", hint=f"known are: {PLAIN}, {known}") from error


def _formatter(library: Any, llama: Any, template: str) -> Any:
    """What fills in the chat template of the file."""
    chat = importlib.import_module("llama_cpp.llama_chat_format")
    return chat.Jinja2ChatFormatter(
        template=layout.dated(template),
        eos_token=_text(library, llama, llama.token_eos()),
        bos_token=_text(library, llama, llama.token_bos()),
    )


def _marks(library: Any, llama: Any) -> list[str]:
    """Texts of the tokens that are no ordinary text."""
    vocabulary = library.llama_model_get_vocab(llama.model)
    wanted = library.LLAMA_TOKEN_ATTR_CONTROL | library.LLAMA_TOKEN_ATTR_USER_DEFINED
    own = [i for i in range(llama.n_vocab()) if library.llama_vocab_get_attr(vocabulary, i) & wanted]
    return [_text(library, llama, i) for i in own]


def _text(library: Any, llama: Any, token: int) -> str:
    """What a token is written as; "" where the model has no such token."""
    if token < 0:
        return ""
    text: bytes = library.llama_vocab_get_text(library.llama_model_get_vocab(llama.model), token)
    return text.decode("utf-8", "replace")


def _grammar(llama: Any, schema: Mapping[str, Any]) -> Any:
    """The grammar of a schema; what the library makes of `{"type": "json_object", "schema": …}`, but with its errors told.

    Raises:
        WriterError: it cannot be made into one.
    """
    library, grammars = _library(), importlib.import_module("llama_cpp.llama_grammar")
    hint = "use plain types, properties, items, enum, const, anyOf and local $ref"
    try:
        rules = grammars.json_schema_to_gbnf(json.dumps(schema)).replace(ANY_CHARACTER, NO_CONTROL)
    except Exception as error:
        reason = str(error) or type(error).__name__
        raise WriterError(f"schema: llama.cpp cannot make a grammar of it: {reason}", hint=hint) from error
    vocabulary = library.llama_model_get_vocab(llama.model)
    sampler = library.llama_sampler_init_grammar(vocabulary, rules.encode(), grammars.LLAMA_GRAMMAR_DEFAULT_ROOT.encode())
    if not sampler:
        raise WriterError(f"schema: llama.cpp cannot make a grammar of it: {_reason(None)}", hint=hint)
    library.llama_sampler_free(sampler)
    return grammars.LlamaGrammar.from_string(rules)


def _gguf(weights: str) -> Path:
    """The file of weights.

    Raises:
        ConfigError: there is none, or it begins with something else than GGUF files do.
    """
    if not weights:
        raise ConfigError("weights: expected the path of a GGUF file, got none")
    path = Path(weights).expanduser()
    if not path.is_file():
        got = "a folder" if path.is_dir() else "nothing there"
        hint = "nothing is downloaded here; give the path of a .gguf file"
        raise ConfigError(f"weights: expected a file, got {got} at {files.shown(weights)!r}", hint=hint)
    try:
        with path.open("rb") as opened:
            magic = opened.read(len(MAGIC))
    except OSError as error:
        raise ConfigError(f"weights: {files.shown(weights)!r} cannot be read: {error.strerror}") from error
    if magic != MAGIC:
        hint = "convert the model with llama.cpp's convert_hf_to_gguf.py, or use the backend transformers"
        raise ConfigError(f"weights: expected a GGUF file, got {path.name!r}, which begins with {magic!r}", hint=hint)
    return path


def _library() -> Any:
    """llama-cpp-python, with llama.cpp's log turned off but for its errors, which go into our own messages.

    Raises:
        MissingExtra: it is not installed, or breaks on import.
    """
    try:
        library = importlib.import_module("llama_cpp")
    except (ImportError, OSError, RuntimeError) as error:  # the last two: a shared library that does not fit the machine
        raise MissingExtra(f"llama_cpp cannot be imported: {error}", hint=INSTALL) from error
    if not _listeners:
        _listeners.append(library.llama_log_callback(_listen))  # kept: llama.cpp holds no reference of its own
        library.llama_log_set(_listeners[0], ctypes.c_void_p(0))
    return library


def _listen(level: int, text: bytes, _: object) -> None:
    if level == ERROR:
        _said.append(text.decode("utf-8", "replace").strip())


def _reason(error: Exception | None) -> str:
    """What llama.cpp said last, without this machine's folders, or else what its library raised."""
    said = [line for line in _said if "failed to load model" not in line] or list(_said)
    _said.clear()
    if said:
        return said[-1].rpartition("error loading model: ")[2]
    return (str(error) or type(error).__name__) if error is not None else "no reason given"


def _load(library: Any, path: Path, options: Mapping[str, Any]) -> Any:
    """The model of a file.

    It is loaded as `verbose`, and what that prints is taken away here: told to be silent, the library points the whole
    process's standard output to nowhere meanwhile, and rows that another thread writes are lost.

    Raises:
        WriterError: the file is damaged, of an unknown kind, or there is too little memory.
    """
    _said.clear()
    try:
        with contextlib.redirect_stderr(io.StringIO()):
            llama = library.Llama(str(path), verbose=True, **options)
    except Exception as error:
        hint = "get the file again, or a newer llama-cpp-python; a model too large for the memory fails like this as well"
        raise WriterError(
            f"weights {path.name!r} cannot be loaded: {_reason(error).replace(str(path), path.name)}", hint=hint
        ) from error
    llama.verbose = False
    return llama
