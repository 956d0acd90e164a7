"""Finds out what kind of classifier lies at a path, and loads it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from PIL import Image

from experts import weights
from experts.tagger.files import Listed, read_labels
from experts.tagger.pixels import Pixels
from experts.tagger.raw import SUFFIXES, RawModel
from experts.tagger.torch_backends import TimmModel, TransformersModel
from fusion.errors import ConfigError, ExpertError

BOORU = "selected_tags.csv"
"""The list of tags beside the models that people publish for booru tags."""


class Model(Protocol):
    """A loaded classifier. `activation` makes its scores probabilities, "" where it is not known; `done`: they are already."""

    on_torch: bool
    names: tuple[str, ...]
    outputs: int
    activation: str
    done: bool
    version: str

    def scores(self, pictures: Sequence[Image.Image]) -> Any:
        """A row a picture, a column a label."""


@dataclass(frozen=True)
class Source:
    """Where a model comes from, and how it is run; see `Tagger`."""

    model: str
    labels: str
    architecture: str
    device: str
    precision: str
    sha256: str
    trusted: bool
    download: bool

    @property
    def path(self) -> Path:
        """Where the model lies, if it lies on this machine."""
        return Path(self.model).expanduser()


def load(source: Source, pixels: Pixels) -> tuple[Model, Listed]:
    """The model and the names of its outputs.

    Raises:
        ConfigError: an option is wrong, or one is missing.
        ExpertError: there is no such model, or it cannot be loaded, or has another number of outputs than names.
        MissingExtra: a library that it needs is not installed.
    """
    if not source.model:
        raise ConfigError("model: expected a folder or a file, got none")
    listed = _listed(source)
    booru = listed is not None and listed.booru
    if booru and not pixels.fit:  # how all those taggers were trained
        pixels = Pixels(pixels.size, pixels.mean, pixels.std, pixels.channels_first, pixels.bgr, "pad")
    model = _load(source, pixels, listed)
    listed = listed or Listed(model.names)
    if not listed.names:
        message = f"model {weights.shown(source.model)!r}: expected names of its {model.outputs} labels, got none"
        raise ConfigError(message, hint='write labels = "FILE", a label a line')
    if len(listed.names) != model.outputs:
        message = f"labels: expected {model.outputs}, as the model has, got {len(listed.names)}"
        raise ExpertError(message, hint="give the list of labels that belongs to the model")
    return model, listed


def _listed(source: Source) -> Listed | None:
    if source.labels:
        return read_labels(source.labels)
    folder = source.path if source.path.is_dir() else source.path.parent
    beside = folder / BOORU
    return read_labels(str(beside)) if source.path.exists() and beside.is_file() else None


def _load(source: Source, pixels: Pixels, listed: Listed | None) -> Model:
    path, booru = source.path, listed is not None and listed.booru
    kind = _kind(source)
    if kind == "raw":
        if listed is None:
            raise ConfigError(f"labels: expected a file with the labels of {path.name}, got none")
        if path.suffix == ".xml" and source.sha256:
            raise ConfigError("sha256: expected none for an .xml, as its weights are in the .bin", hint="give the folder of both")
        weights.existing(source.model, source.sha256)
        file = path if path.is_file() else _raw_files(path)[0]
        return RawModel(file, len(listed.names), pixels, source.device, source.precision, booru)
    loading: dict[str, Any] = {"sha256": source.sha256, "trusted": source.trusted, "download": source.download}
    if kind == "transformers":
        return TransformersModel(source.model, pixels, source.device, source.precision, **loading)
    if booru and pixels.bgr is None:
        pixels = Pixels(pixels.size, pixels.mean, pixels.std, pixels.channels_first, True, pixels.fit)
    labels = len(listed.names) if listed else 0
    return TimmModel(source.model, source.architecture, labels, pixels, source.device, source.precision, **loading)


def _kind(source: Source) -> str:
    """ "raw", "timm" or "transformers"."""
    path = source.path
    if path.is_file():
        if path.suffix.lower() in SUFFIXES:
            return "raw"
        if source.architecture:
            return "timm"
        message = f"model: expected a folder, or a file {', '.join(SUFFIXES)}, got {path.name!r}"
        raise ConfigError(message, hint='for a checkpoint of timm write architecture = "NAME" as well')
    if source.architecture or (not path.exists() and source.model.startswith("timm/")):
        return "timm"
    if not path.is_dir() or (config := _config(path)) is None:
        return "raw" if path.is_dir() and len(_raw_files(path)) == 1 else "transformers"
    return "timm" if "architecture" in config else "transformers"


def _config(folder: Path) -> dict[str, Any] | None:
    """What config.json of a model's folder says; None if there is none."""
    file = folder / "config.json"
    if not file.is_file():
        return None
    try:
        config = json.loads(file.read_text("utf-8"))
    except ValueError as error:
        raise ExpertError(f"model {folder.name}: expected JSON in config.json, got {error}") from error
    return config if isinstance(config, dict) else {}


def _raw_files(folder: Path) -> list[Path]:
    return sorted(file for file in folder.iterdir() if file.suffix.lower() in SUFFIXES)
