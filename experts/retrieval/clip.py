"""Pictures and sentences as vectors of one space, by a CLIP model on this machine.

Library: open_clip (MIT). Weights have licences of their own.
"""

from __future__ import annotations

import difflib
import json
import logging
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experts import torch_models, weights
from experts.retrieval.search import INSTALL
from fusion import cache
from fusion.errors import ConfigError, ExpertError

if TYPE_CHECKING:
    from PIL.Image import Image

CONFIG = "open_clip_config.json"
_FILES = ("open_clip_model.safetensors", "open_clip_pytorch_model.safetensors", "model.safetensors")
_ENDINGS = frozenset({".safetensors", ".npz"}) | weights.PICKLED
_FOLDER = f"a folder with {CONFIG}, weights and tokenizer files, as on the Hugging Face hub"
_PRECISIONS = {"float32": "fp32", "float16": "fp16", "bfloat16": "bf16"}
_FLATTEST = 40
"""Longer side over shorter: the middle of a flatter picture is taken, as scaled up it would fill the memory."""


class Clip:
    """A model of open_clip: `model` is an architecture that it knows, the path of a JSON description, or a folder.

    A folder holds `open_clip_config.json` and weights, as open_clip writes for the Hugging Face hub; else `weights` is the
    file. `scale` is what the model multiplies cosines with before its softmax.

    Raises:
        ConfigError: the architecture is unknown, an option is out of range.
        ExpertError: files are missing, are others than expected, are pickled and not `trusted`, or do not fit each other.
        MissingExtra: open_clip is not installed.
    """

    def __init__(self, model: str, weights_file: str, *, device: str, precision: str, sha256: str, trusted: bool) -> None:
        self._torch = torch_models.imported("torch", INSTALL)
        self._dtype = torch_models.precision_of(self._torch, precision)
        with _quiet():
            library = torch_models.imported("open_clip", INSTALL)
            self._device = torch_models.device_of(self._torch, device)
            described, folder = _description(library, model)
            self._file = _weights(folder, weights_file, sha256, trusted)
            _stay_here(described["model_cfg"], folder)
            precision = _PRECISIONS[precision or "float32"]
            self._model, self._tokens = _loaded(library, described, folder, self._file, self._device, precision)
        transform = torch_models.imported("open_clip.transform", INSTALL)
        self._prepare = transform.image_transform_v2(transform.PreprocessCfg(**self._model.visual.preprocess_cfg), is_train=False)
        self.scale = float(self._model.logit_scale.detach().exp())
        self.version = f"{self._file.name}, open_clip {library.__version__}"
        self._describes = (json.dumps(described, sort_keys=True), self.version, precision, self._device.type)

    def fingerprint(self) -> str:
        """A name for the model: files, precision and library that give the same vectors. Reads the weights once more."""
        return cache.key(weights.digest(self._file), *self._describes)

    def texts(self, prompts: Sequence[str]) -> Any:
        """N×D float32, rows of length one. What is longer than the model reads (77 tokens of CLIP) is cut off."""
        with self._torch.inference_mode():
            return self._rows(self._model.encode_text(self._tokens(list(prompts)).to(self._device)))

    def images(self, images: Sequence[Image]) -> Any:
        """N×D float32, rows of length one."""
        with self._torch.inference_mode():
            pixels = self._torch.stack([self._prepare(_not_too_flat(image)) for image in images])
            return self._rows(self._model.encode_image(pixels.to(self._device, self._dtype)))

    def _rows(self, vectors: Any) -> Any:
        return self._torch.nn.functional.normalize(vectors.float(), dim=-1).cpu().numpy()


def _not_too_flat(image: Image) -> Image:
    width, height = image.size
    across, down = min(width, _FLATTEST * height), min(height, _FLATTEST * width)
    if (across, down) == (width, height):
        return image
    left, top = (width - across) // 2, (height - down) // 2
    return image.crop((left, top, left + across, top + down))


def _description(library: Any, model: str) -> tuple[dict[str, Any], Path | None]:
    """What open_clip keeps in its configuration files, and the folder where the model lies in one."""
    model = model.removeprefix("local-dir:")
    path = Path(model).expanduser()
    if model and path.is_dir():
        return _read(path / CONFIG), path
    if model.endswith(".json"):
        return _read(path), None
    names = library.list_models()
    name = model.replace("/", "-")
    if name not in names:
        near = difflib.get_close_matches(name, names, n=1)
        hint = (
            f"did you mean {near[0]!r}?"
            if near
            else f"nothing is downloaded here; give {_FOLDER}, or such an architecture as ViT-B-32"
        )
        raise ConfigError(
            f"model: expected an architecture of open_clip, a JSON file or a folder, got {weights.shown(model)!r}", hint=hint
        )
    return {"model_cfg": library.get_model_config(name), "preprocess_cfg": {}}, None


def _read(path: Path) -> dict[str, Any]:
    if not path.is_file():
        raise ExpertError(f"model: expected a file {path.name}, got none", hint=f"give {_FOLDER}")
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ExpertError(f"model {path.name}: expected JSON, got {error}", hint=f"give {_FOLDER}") from None
    model = found.get("model_cfg", found) if isinstance(found, dict) else {}
    if not isinstance(model, dict) or not {"embed_dim", "vision_cfg", "text_cfg"} <= model.keys():
        message = f"model {path.name}: expected embed_dim, vision_cfg and text_cfg, got no description of a CLIP model"
        raise ExpertError(message, hint="take the configuration that came with the weights")
    return {"model_cfg": model, "preprocess_cfg": found.get("preprocess_cfg", {})}


def _weights(folder: Path | None, given: str, sha256: str, trusted: bool) -> Path:
    """The file of weights, checked."""
    if given or folder is None:
        file = weights.existing(given, sha256, hint="give the weights for the architecture: a .safetensors file")
    else:
        weights.verify(folder, sha256)
        file = _found(folder)
    if not file.is_file() or file.suffix.lower() not in _ENDINGS:
        message = f"weights: expected a file that ends in {', '.join(sorted(_ENDINGS))}, got {file.name!r}"
        raise ExpertError(message, hint="to load a folder name it as model")
    weights.refuse_pickled(file, trusted=trusted, but="the .safetensors file of the same model")
    return file


def _found(folder: Path) -> Path:
    files = sorted(file for file in folder.iterdir() if file.suffix.lower() in _ENDINGS and file.name != "training_args.bin")
    known = [folder / name for name in _FILES if folder / name in files]
    if known or len(files) == 1:
        return (known or files)[0]
    safe = [file for file in files if file.suffix.lower() == ".safetensors"]
    if len(safe) == 1:
        return safe[0]
    got = ", ".join(file.name for file in files) or "none"
    raise ExpertError(f"model {folder.name}: expected one file of weights, got {got}", hint="name the file as weights")


def _stay_here(config: dict[str, Any], folder: Path | None) -> None:
    """Refuse what would make the libraries fetch something, or run code that comes with a model."""
    text, vision = config["text_cfg"], config["vision_cfg"]
    if (name := text.get("hf_model_name")) and not Path(name).is_dir():
        hint = "take a model with a text tower of open_clip's own, or name a folder in its configuration"
        raise ExpertError(f"model: the text tower {name!r} would be fetched from the Hugging Face hub", hint=hint)
    if (name := text.get("hf_tokenizer_name")) and folder is None:
        raise ExpertError(f"model: the tokenizer {name!r} would be fetched from the Hugging Face hub", hint=f"give {_FOLDER}")
    if ":" in str(vision.get("timm_model_name") or ""):
        raise ExpertError(f"model: the vision tower {vision['timm_model_name']!r} would be fetched", hint=f"give {_FOLDER}")
    if text.get("tokenizer_kwargs", {}).get("trust_remote_code"):
        raise ExpertError("model: its tokenizer asks to run code of its own", hint="take a model that does not")


def _loaded(
    library: Any, described: dict[str, Any], folder: Path | None, file: Path, device: Any, precision: str
) -> tuple[Any, Any]:
    """The model and its tokenizer. The configuration goes by a folder of its own, as open_clip's list of names is global."""
    try:
        with tempfile.TemporaryDirectory() as place:
            (Path(place) / CONFIG).write_text(json.dumps(described), encoding="utf-8")
            name = f"local-dir:{place}"
            options = {"load_weights": False, "pretrained_text": False, "precision": precision, "device": device}
            model = library.create_model(name, **options)
            tokens = library.get_tokenizer(f"local-dir:{folder}" if folder else name)
        library.load_checkpoint(model, str(file), weights_only=True)
    except Exception as error:  # any kind: torch, safetensors, transformers and open_clip each raise their own
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        message = f"weights {file.name} cannot be loaded: {type(error).__name__}: {reason}"
        raise ExpertError(message, hint="expected weights of the architecture that model names") from error
    return model.eval(), tokens


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep open_clip's log, which it writes through the root logger and would set up, off standard error."""
    root, handler = logging.getLogger(), logging.NullHandler()
    root.addHandler(handler)
    try:
        yield
    finally:
        root.removeHandler(handler)
