"""Runs classifiers that come as one file, .onnx, .xml or .tflite, on the CPU or what else OpenVINO has.

Library: openvino. Licence: Apache-2.0.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PIL import Image

from experts import torch_models
from experts.tagger.pixels import AS_THEY_ARE, HALF, IMAGENET, Pixels
from fusion.errors import ConfigError, ExpertError

SUFFIXES = (".onnx", ".xml", ".tflite")
INSTALL = "pip install 'caption-fusion[tagger]'"
_ENDS = {"Softmax": "softmax", "Sigmoid": "sigmoid", "HardSigmoid": "sigmoid"}
_SHAPING = frozenset({"Convert", "FakeQuantize", "Reshape", "Squeeze", "Transpose", "Unsqueeze"})
_HINTS = {"": "f32", "float32": "f32", "float16": "f16", "bfloat16": "bf16"}


class RawModel:
    """A graph with one picture in and a number a label out. `booru`: it is one of the booru taggers that come with a CSV.

    `activation` is "softmax" or "sigmoid" where the graph ends in one, which is then `done`, else "". Integers that a quantised
    graph puts out are read before they are rounded.

    Raises:
        ConfigError: the device or the size is none that the model can have.
        ExpertError: it cannot be loaded, or is no classifier of single pictures.
        MissingExtra: openvino is not installed.
    """

    on_torch = False
    names: tuple[str, ...] = ()

    def __init__(self, path: Path, outputs: int, pixels: Pixels, device: str, precision: str, booru: bool) -> None:
        if precision not in _HINTS:
            raise ConfigError(f"precision: expected one of {', '.join(filter(None, _HINTS))}, got {precision!r}")
        ov = torch_models.imported("openvino", INSTALL)
        core = ov.Core()
        device = _device(core, device)
        self._pixels = pixels
        try:
            model = core.read_model(str(path))
        except RuntimeError as error:
            raise _unreadable(path, error) from error
        model, self.activation = _read_out(ov, model, outputs, path)
        self.done = bool(self.activation)
        self._input = _Input(model, pixels, booru, path)
        self.outputs = outputs
        try:
            options = {"INFERENCE_PRECISION_HINT": _HINTS[precision], "PERFORMANCE_HINT": "LATENCY"}
            self._run = core.compile_model(model, device, options)
        except RuntimeError as error:
            raise _unreadable(path, error) from error
        self.version = f"{path.name}, openvino {ov.__version__.split('-')[0]}"

    def scores(self, pictures: Sequence[Image.Image]) -> Any:
        """What comes out of the graph: a row a picture, a column a label."""
        import numpy as np

        made = np.stack([self._input.of(self._pixels.framed(picture)) for picture in pictures])
        parts = [made] if self._input.many else [made[i : i + 1] for i in range(len(made))]
        return np.concatenate([self._run(part)[0].reshape(len(part), -1) for part in parts])


class _Input:
    """The shape, order and scale of a graph's input."""

    def __init__(self, model: Any, pixels: Pixels, booru: bool, path: Path) -> None:
        if len(model.inputs) != 1 or model.input(0).get_partial_shape().rank.get_length() != 4:
            raise ExpertError(f"model {path.name}: expected one input with four dimensions, got {model.inputs}")
        batch, *sides = [0 if size.is_dynamic else size.get_length() for size in model.input(0).get_partial_shape()]
        if batch > 1:
            raise ExpertError(f"model {path.name}: expected one picture at a time, or any number, got a batch of {batch}")
        self.many = batch == 0
        first = pixels.channels_first
        self._first = (sides[0] in {1, 3} or sides[2] not in {1, 3}) if first is None else first
        channels, height, width = sides if self._first else (sides[2], *sides[:2])
        if channels not in {0, 1, 3}:
            message = f"model {path.name}: expected an input of 1 or 3 channels, got the shape {[batch, *sides]}"
            raise ExpertError(message, hint="set channels_first as the model has it")
        if pixels.size and any(side not in {0, pixels.size} for side in (height, width)):
            raise ConfigError(f"size: expected {width}×{height}, which {path.name} takes, got {pixels.size}")
        if not (height or pixels.size) or not (width or pixels.size):
            raise ConfigError(f"size: expected pixels, as {path.name} takes any, got none", hint="write for example size = 224")
        self._size = (width or pixels.size, height or pixels.size)
        self._grey = channels == 1
        self._pixels = pixels
        self._type = model.input(0).get_element_type().to_dtype()
        self._bgr = booru if pixels.bgr is None else pixels.bgr
        self._sharp = booru  # those taggers were trained on bicubic scaling, most others on bilinear
        self._mean, self._std = self._scale(booru)

    def of(self, picture: Image.Image) -> Any:
        """One picture, without the dimension of the batch."""
        import numpy as np

        how = Image.Resampling.BICUBIC if self._sharp else Image.Resampling.BILINEAR
        scaled = picture.resize(self._size, how)
        found = np.asarray(scaled.convert("L"))[:, :, None] if self._grey else np.asarray(scaled)
        if self._type.kind == "f":
            found = self._pixels.scaled(found, self._mean, self._std)
        elif self._type.kind == "i":
            found = found.astype(np.int16) - 128
        found = found[:, :, ::-1] if self._bgr else found
        return np.ascontiguousarray(found.transpose(2, 0, 1) if self._first else found, self._type)

    def _scale(self, booru: bool) -> tuple[tuple[float, ...], tuple[float, ...]]:
        given = self._pixels
        if self._type.kind != "f":
            if given.mean or given.std:
                raise ConfigError("mean, std: expected none, as the model takes pixels in whole numbers")
            return AS_THEY_ARE
        if given.mean or given.std:
            mean, std = given.mean or (0.0,), given.std or (1.0,)
            return (mean[:1], std[:1]) if self._grey else (mean, std)
        if booru:
            return AS_THEY_ARE
        return IMAGENET if self._first and not self._grey else HALF


def _device(core: Any, name: str) -> str:
    device = name.upper() or "CPU"
    if device.split(":")[0].split(".")[0] not in {"AUTO", *(known.split(".")[0] for known in core.available_devices)}:
        raise ConfigError(f"device: expected one of {', '.join(core.available_devices)}, got {name!r}", hint="leave it out")
    return device


def _read_out(ov: Any, model: Any, outputs: int, path: Path) -> tuple[Any, str]:
    """The graph with the one output that has a number a label, in real numbers, and the softmax or sigmoid that it ends in."""
    fitting = [result for result in model.get_results() if _length(result) == outputs]
    if not fitting:
        got = ", ".join(str(_length(result) or "any number") for result in model.get_results())
        message = f"model {path.name}: expected an output of {outputs} numbers, one a label, got {got}"
        raise ExpertError(message, hint="give the list of labels that belongs to the model")
    node = ended = _before(fitting[0])
    while ended.get_type_name() in _SHAPING:
        ended = _before(ended)
    if not fitting[0].get_output_element_type(0).is_real():
        node = ended
    return ov.Model([node.output(0)], model.get_parameters(), "tagger"), _ENDS.get(ended.get_type_name(), "")


def _length(result: Any) -> int:
    """Numbers that an output has for each picture; 0 if that depends on the picture."""
    made = 1
    for size in list(result.get_output_partial_shape(0))[1:]:
        made *= 0 if size.is_dynamic else size.get_length()
    return made


def _before(node: Any) -> Any:
    return node.input(0).get_source_output().get_node()


def _unreadable(path: Path, error: RuntimeError) -> ExpertError:
    lines = [line for line in str(error).splitlines() if line and not line.startswith("Exception from")]
    reason = lines[0].replace(str(path), path.name) if lines else type(error).__name__
    return ExpertError(f"model {path.name} cannot be loaded: {reason}", hint="expected .onnx, .xml with its .bin, or .tflite")
