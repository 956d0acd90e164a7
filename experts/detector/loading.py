"""Loads an ultralytics model from this machine, without network, messages or installation, and sets its words."""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from experts import plain_noun, weights
from fusion.errors import ConfigError, ExpertError, MissingExtra

INSTALL = "pip install 'caption-fusion[detector]'"
TASKS = ("detect", "segment", "pose", "obb")
"""What a model of ultralytics may do, to state objects: boxes alone, or with masks, keypoints, or turned boxes."""

_DESCRIPTIONS = (".yaml", ".yml")
_WHERE = "nothing is downloaded here; get weights from https://docs.ultralytics.com/models and give their path"
_SAVED = "or set them where there is a network (model.set_classes, model.save) and give that file without words"


def existing(given: str, sha256: str) -> Path:
    """The weights on this machine, of the SHA-256 where one is given.

    Raises:
        ConfigError: it is the description of a model, no path, or no checksum.
        ExpertError: they are not there, or are others.
    """
    if Path(given).suffix.lower() in _DESCRIPTIONS:
        raise ConfigError(f"weights: expected a trained model, got the description of one, {given!r}")
    return weights.existing(given, sha256, hint=_WHERE)


def load(path: Path, task: str) -> tuple[Any, str]:
    """The model, and the version of ultralytics. `task` is that of an exported model; a .pt file knows its own.

    Raises:
        MissingExtra: ultralytics is not installed.
        ExpertError: the weights cannot be loaded.
    """
    # Read when ultralytics is imported: no pip at run time, no statistics sent, nothing printed.
    os.environ.update(YOLO_AUTOINSTALL="false", YOLO_OFFLINE="true", YOLO_VERBOSE="false")
    try:
        import ultralytics
    except ImportError as error:
        raise MissingExtra(f"ultralytics cannot be imported: {error}", hint=INSTALL) from error
    logging.getLogger("ultralytics").setLevel(logging.CRITICAL)  # it writes to standard output, where rows go
    try:
        model = ultralytics.YOLO(str(path), task=None if path.suffix == ".pt" else task)
    except Exception as error:  # any kind: pickle, torch and the backends each raise their own
        message = f"weights {path.name} cannot be loaded: {type(error).__name__}: {error}"
        raise ExpertError(message, hint="expected a model that ultralytics can read") from error
    return model, ultralytics.__version__


def nouns(model: Any, name: str) -> dict[int, str]:
    """The plain noun of each class.

    Raises:
        ExpertError: the model has a task that states no objects.
    """
    if model.task not in TASKS:
        raise ExpertError(f"weights {name}: expected a model that detects, got one for the task {model.task!r}")
    return {int(number): plain_noun(str(noun)) for number, noun in model.names.items()}


def keypoint_names(model: Any) -> tuple[str, ...]:
    """What a model for poses calls its points, where its file says so; empty else."""
    given = getattr(getattr(model, "model", None), "kpt_names", None) or {}
    lists = list(given.values()) if isinstance(given, dict) else [given]
    return tuple(str(name) for name in lists[0]) if lists and isinstance(lists[0], list | tuple) else ()


def set_words(model: Any, words: Sequence[str], name: str) -> None:
    """Make an open-vocabulary model look for these words; needs its text encoder, which is a package and a file.

    Raises:
        ExpertError: the classes of the model are fixed, or its text encoder is not on this machine.
    """
    if not hasattr(model, "set_classes"):
        message = f"words: expected an open-vocabulary model (YOLO-World, YOLOE), got {name}, whose classes are fixed"
        raise ExpertError(message, hint="leave words out")
    encoder, folders = _text_encoder(model)
    if not any((folder / encoder).is_file() for folder in folders):
        message = f"words: expected the text encoder of {name}, {encoder}, got none on this machine"
        where = "the folder clip in the weights_dir" if folders[-1].name == "clip" else "the weights_dir"
        hint = f"put it into {where} that `yolo settings` shows, {_SAVED}"
        raise ExpertError(message, hint=hint)
    try:
        model.set_classes(list(words))
    except Exception as error:  # any kind: imports, torch and the tokenizer each raise their own
        message = f"words: the text encoder of {name} fails: {type(error).__name__}: {error}"
        hint = f"install the package clip (https://github.com/ultralytics/CLIP), {_SAVED}"
        raise ExpertError(message, hint=hint) from error


def _text_encoder(model: Any) -> tuple[str, tuple[Path, ...]]:
    """The file of the text encoder, and the folders where ultralytics looks for it before it would download it."""
    from ultralytics.utils import SETTINGS

    folder = Path(SETTINGS["weights_dir"])
    kind, _, size = str(getattr(model.model, "text_model", "clip:ViT-B/32")).partition(":")
    if kind == "clip":
        return f"{size.replace('/', '-')}.pt", (folder / "clip",)
    return ("mobileclip2_b.ts" if kind == "mobileclip2" else "mobileclip_blt.ts"), (Path(), folder)
