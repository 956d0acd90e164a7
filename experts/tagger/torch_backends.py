"""Runs classifiers on torch, from a folder of transformers or of timm, a checkpoint of timm, or the Hugging Face hub.

Libraries: torch (BSD-3-Clause), transformers and timm (Apache-2.0). Weights have licences of their own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PIL import Image

from experts import torch_models, weights
from experts.tagger.pixels import Pixels
from fusion.errors import ConfigError, ExpertError

INSTALL = "pip install 'caption-fusion[tagger]'"
_NAMELESS = re.compile(r"LABEL_\d+")


class TransformersModel:
    """What `AutoModelForImageClassification` loads, with the image processor of its folder.

    Raises:
        ConfigError: the device or precision does not exist.
        ExpertError: it cannot be loaded, or the weights do not hold all of a classifier.
        MissingExtra: torch or transformers is not installed.
    """

    on_torch = True
    done = False

    def __init__(self, model: str, pixels: Pixels, device: str, precision: str, **loading: Any) -> None:
        if pixels != Pixels(fit=pixels.fit):
            message = "size, mean, std, channels_first, bgr: expected none for a model of transformers, which has its own"
            raise ConfigError(message, hint="change preprocessor_config.json in the model's folder")
        self._torch = torch_models.imported("torch", INSTALL)
        transformers = torch_models.imported("transformers", INSTALL)
        self._device = torch_models.device_of(self._torch, device)
        self._type = torch_models.precision_of(self._torch, precision)
        self._pixels = pixels
        kind = transformers.AutoModelForImageClassification
        options = {"dtype": self._type, "output_loading_info": True, **loading}
        made, info = torch_models.pretrained(kind, model, **options)
        if missing := sorted(info["missing_keys"]):
            message = f"model {weights.shown(model)!r}: expected a trained classifier, got one without {', '.join(missing[:3])}"
            raise ExpertError(message, hint="take a model that was trained to classify pictures")
        self._model = made.eval().to(self._device)
        processing = {key: value for key, value in loading.items() if key != "sha256"}
        self._processor = torch_models.pretrained(transformers.AutoImageProcessor, model, **processing)
        config = self._model.config
        self.outputs = int(config.num_labels)
        names = tuple(str(config.id2label[i]) for i in range(self.outputs))
        self.names = () if all(map(_NAMELESS.fullmatch, names)) else names
        several = config.problem_type == "multi_label_classification" or self.outputs == 1
        self.activation = "sigmoid" if several else ""
        self.version = f"{Path(model).name}, transformers {transformers.__version__}"

    def scores(self, pictures: Sequence[Image.Image]) -> Any:
        """Logits: a row a picture, a column a label."""
        framed = [self._pixels.framed(picture) for picture in pictures]
        inputs = self._processor(images=framed, return_tensors="pt")["pixel_values"]
        with self._torch.inference_mode():
            made = self._model(pixel_values=inputs.to(self._device, self._type)).logits
        return made.float().cpu().numpy()


class TimmModel:
    """A model of timm: a folder with its config.json, a checkpoint and the name of its `architecture`, or "timm/NAME" of the hub.

    Raises:
        ConfigError: the device, precision or architecture does not exist.
        ExpertError: it cannot be loaded.
        MissingExtra: torch or timm is not installed.
    """

    on_torch = True
    activation = ""
    done = False

    def __init__(
        self,
        model: str,
        architecture: str,
        labels: int,
        pixels: Pixels,
        device: str,
        precision: str,
        *,
        sha256: str = "",
        trusted: bool = False,
        download: bool = False,
    ) -> None:
        self._torch = torch_models.imported("torch", INSTALL)
        timm = torch_models.imported("timm", INSTALL)
        if pixels.channels_first is not None:
            raise ConfigError("channels_first: expected none for a model of timm, which always takes channels first")
        self._device = torch_models.device_of(self._torch, device)
        self._type = torch_models.precision_of(self._torch, precision)
        self._pixels = pixels
        name, options = _source(timm, model, architecture, labels, sha256, trusted, download)
        self._model = _created(timm, model, name, options).eval().to(self._device, self._type)
        self._transform = _transform(self._model, pixels)
        self.outputs = int(self._model.num_classes)
        self.names = _timm_names(self._model)
        self.version = f"{Path(model).name}, timm {timm.__version__}"

    def scores(self, pictures: Sequence[Image.Image]) -> Any:
        """Logits: a row a picture, a column a label."""
        made = self._torch.stack([self._transform(self._pixels.framed(picture)) for picture in pictures])
        made = made[:, [2, 1, 0]] if self._pixels.bgr else made
        with self._torch.inference_mode():
            logits = self._model(made.to(self._device, self._type))
        return logits.float().cpu().numpy()


def _source(
    timm: Any, model: str, architecture: str, labels: int, sha256: str, trusted: bool, download: bool
) -> tuple[str, dict[str, Any]]:
    """What timm calls the model, and the options to create it with."""
    path = Path(model).expanduser()
    if not path.exists():
        if architecture or not download:
            hint = "give a folder or checkpoint, or set download = true to fetch timm/NAME from the Hugging Face hub"
            raise ExpertError(f"model: expected a path, got {weights.shown(model)!r}, which does not exist", hint=hint)
        return f"hf-hub:{model}", {"pretrained": True}
    path = weights.existing(model, sha256)
    weights.refuse_pickled(path, trusted=trusted, but="model.safetensors")
    if not architecture:
        return f"local-dir:{path}", {"pretrained": True}
    if architecture not in timm.list_models():
        near = ", ".join(timm.list_models(f"*{architecture.split('_')[0]}*")[:5]) or "see timm.list_models()"
        raise ConfigError(f"architecture: expected one that timm knows, got {architecture!r}", hint=near)
    if path.is_dir():
        found = sorted(file for file in path.iterdir() if file.suffix == ".safetensors")
        if len(found) != 1:
            raise ExpertError(
                f"model {path.name}: expected one .safetensors in the folder, got {len(found)}", hint="give its path"
            )
        path = found[0]
    return architecture, {"checkpoint_path": str(path), **({"num_classes": labels} if labels else {})}


def _created(timm: Any, model: str, name: str, options: dict[str, Any]) -> Any:
    try:
        return timm.create_model(name, **options)
    except Exception as error:  # any kind: torch, safetensors, timm, the hub and the network each raise their own
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        hub = name.startswith("hf-hub:")
        hint = "check the name and the network" if hub else "expected a folder of timm, or a checkpoint of that architecture"
        raise ExpertError(f"model {weights.shown(model)!r} cannot be loaded: {reason}", hint=hint, retry=hub) from error


def _transform(model: Any, pixels: Pixels) -> Any:
    data = torch_models.imported("timm.data", INSTALL)
    given: dict[str, Any] = {"input_size": (3, pixels.size, pixels.size)} if pixels.size else {}
    given |= {name: value for name, value in (("mean", pixels.mean), ("std", pixels.std)) if value}
    return data.create_transform(**data.resolve_model_data_config(model, args=given), is_training=False)


def _timm_names(model: Any) -> tuple[str, ...]:
    """Labels that come with the model, or those of the ImageNet that has as many."""
    data = torch_models.imported("timm.data", INSTALL)
    config = model.pretrained_cfg or {}
    names, described = config.get("label_names"), config.get("label_descriptions") or {}
    if names:
        ordered = [names[key] for key in sorted(names, key=int)] if isinstance(names, dict) else names
        return tuple(str(described.get(name, name)) for name in ordered)
    subset = data.infer_imagenet_subset(model)
    return tuple(data.ImageNetInfo(subset).label_descriptions()) if subset else ()
