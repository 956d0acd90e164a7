"""What all experts on torch need: the library, a device, a precision, models from a local folder, batches that fit.

Libraries: torch (BSD-3-Clause), transformers (Apache-2.0).
"""

from __future__ import annotations

import gc
import importlib
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from experts import weights
from fusion.errors import ConfigError, ExpertError, MissingExtra

Item = TypeVar("Item")
Made = TypeVar("Made")

PRECISIONS = ("", "float32", "float16", "bfloat16")


def imported(name: str, command: str) -> Any:
    """A library, imported when it is needed.

    Raises:
        MissingExtra: it is not installed, or breaks on import; `command` installs it.
    """
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
    try:
        library = importlib.import_module(name)
    except ImportError as error:
        raise MissingExtra(f"{name} cannot be imported: {error}", hint=command) from error
    if name == "transformers":
        library.utils.logging.disable_progress_bar()  # it draws on standard error while weights are loaded
    return library


def device_of(torch: Any, name: str) -> Any:
    """A torch device: "" is the best there is, else "cpu", "cuda", "cuda:1", "mps".

    Raises:
        ConfigError: torch has no such device here.
    """
    if not name:
        best = "cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu"
        return torch.device(best)
    try:
        device = torch.device(name)
        torch.empty(1, device=device)
    except (RuntimeError, AssertionError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise ConfigError(f"device: {name!r} cannot be used: {reason}", hint='leave it out, or write "cpu"') from error
    return device


def precision_of(torch: Any, name: str) -> Any:
    """A torch dtype by its name; float32 where none is given.

    Raises:
        ConfigError: it is none of PRECISIONS.
    """
    if name not in PRECISIONS:
        raise ConfigError(f"precision: expected one of {', '.join(PRECISIONS[1:])}, got {name!r}")
    return getattr(torch, name or "float32")


def pretrained(kind: Any, model: str, *, sha256: str = "", trusted: bool = False, download: bool = False, **options: Any) -> Any:
    """`kind.from_pretrained`: from a folder on this machine, or with `download` from the Hugging Face hub by name.

    Never runs code that comes with a model. Pickled weights are loaded only from a folder that is `trusted`.

    Raises:
        ExpertError: it is not there, the hub refuses, or it cannot be loaded; the hint says what to do.
    """
    path = Path(model).expanduser()
    local = path.exists()
    if local:
        weights.verify(path, sha256)
        weights.refuse_pickled(path, trusted=trusted, but="a folder with model.safetensors")
    elif not download:
        hint = "give a folder, or set download = true to fetch it from the Hugging Face hub"
        raise ExpertError(f"model: expected a folder, got {weights.shown(model)!r}, which does not exist", hint=hint)
    try:
        offline = local or not download
        return kind.from_pretrained(str(path) if local else model, local_files_only=offline, trust_remote_code=False, **options)
    except Exception as error:  # any kind: OSError, safetensors, requests and the hub each raise their own
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        hint = "expected a folder that save_pretrained wrote" if local else "check the name, the network, and `hf auth login`"
        raise ExpertError(f"model {weights.shown(model)!r} cannot be loaded: {reason}", hint=hint, retry=not local) from error


def is_out_of_memory(error: BaseException) -> bool:
    """Does a library say that memory ran out? torch on a GPU has a class for it, others only words."""
    return type(error).__name__ == "OutOfMemoryError" or "out of memory" in str(error).lower()


def in_batches(run: Callable[[Sequence[Item]], Sequence[Made]], items: Sequence[Item], size: int) -> list[Made]:
    """What `run` makes of each item, `size` at a time; where memory runs out, half as many from then on.

    Raises:
        ExpertError: memory runs out with a single item.
    """
    made: list[Made] = []
    size = max(size, 1)
    while len(made) < len(items):
        part = items[len(made) : len(made) + size]
        try:
            made += run(part)
        except Exception as error:
            if not is_out_of_memory(error):
                raise
            if size == 1:
                hint = 'take a smaller model, precision = "float16", or device = "cpu"'
                raise ExpertError(f"out of memory on a single picture: {error}", hint=hint) from error
            size = max(min(size, len(part)) // 2, 1)
            release()
    return made


def release() -> None:
    """Give memory that torch holds and nobody uses back to the GPU."""
    gc.collect()
    torch = sys.modules.get("torch")
    if torch is not None and torch.cuda.is_available():
        torch.cuda.empty_cache()
