"""Reads lines with rapidocr: its models from the wheel or from paths, never from the network."""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PIL.Image import Image

from experts.ocr.languages import NAMES, missing_letters
from experts.ocr.layout import Line
from fusion.errors import ExpertError, MissingExtra

INSTALL = "pip install 'caption-fusion[ocr]'"
SIDE = 960
"""Pixels of the longer side to which larger pictures are reduced before text is looked for."""
MIN_SCORE = 0.85
"""Least score of a line by default, chosen on the photos that the card was measured on."""
_MODELS = "https://www.modelscope.cn/models/RapidAI/RapidOCR"
_PARTS = {"detector": "*_det_*.onnx", "recogniser": "*_rec_*.onnx", "cls": "*_cls_*.onnx"}
_FLATTEST = 40
"""Longer side over shorter: flatter strips hold no text that can be read, and scaled up they fill the memory."""


class RapidReader:
    """The library with its three models loaded: finding lines, turning them upright, reading them.

    Raises:
        ExpertError: a model is not there, cannot be loaded, or cannot write one of the languages.
        MissingExtra: rapidocr or onnxruntime is not installed.
    """

    def __init__(self, recogniser: str, detector: str, side: int, threads: int, languages: Sequence[str]) -> None:
        paths = {
            "Det": _model("detector", detector),
            "Rec": _model("recogniser", recogniser),
            "Cls": _model("cls", ""),
        }
        _check_languages(paths["Rec"], languages)
        options: dict[str, Any] = {f"{part}.model_path": str(path) for part, path in paths.items()}
        # Scores are filtered by the expert; the library logs to standard error in colours.
        options |= {"Global.text_score": 0.0, "Global.log_level": "critical"}
        options |= {"Det.limit_side_len": side, "Det.limit_type": "max"}
        if threads:
            options["EngineConfig.onnxruntime.intra_op_num_threads"] = threads
        self._engine = _engine(options)

    def read(self, image: Image) -> list[Line]:
        """The lines of an RGB picture, as the library orders them: from top to bottom, then from left to right.

        Raises:
            ExpertError: the library fails on the picture.
        """
        import numpy as np

        if max(image.size) > _FLATTEST * min(image.size):
            return []
        pixels = np.ascontiguousarray(np.asarray(image)[:, :, ::-1])  # the library takes BGR
        try:
            found = self._engine(pixels)
        except Exception as error:  # any kind: OpenCV, onnxruntime and the library each raise their own
            message = f"rapidocr fails: {type(error).__name__}: {error}"
            raise ExpertError(message, hint="check the models and side") from error
        if not found.txts:  # None where nothing is found
            return []
        rows = zip(found.txts, found.scores, found.boxes.tolist(), strict=True)
        return [_line(text, float(score), corners) for text, score, corners in rows if text.strip()]


def _line(text: str, score: float, corners: Sequence[Sequence[float]]) -> Line:
    return Line(text.strip(), score, tuple((round(x, 1), round(y, 1)) for x, y in corners))


def _engine(options: dict[str, Any]) -> Any:
    try:
        import onnxruntime  # noqa: F401 - rapidocr imports it late, and then says less
        import rapidocr
    except ImportError as error:
        raise MissingExtra(f"rapidocr cannot be imported: {error}", hint=INSTALL) from error
    try:
        return rapidocr.RapidOCR(params=options)
    except Exception as error:  # any kind, as above
        message = f"rapidocr cannot be started: {type(error).__name__}: {error}"
        raise ExpertError(message, hint=f"install the version that fits: {INSTALL}") from error


def _model(part: str, given: str) -> Path:
    if given:
        path = Path(given)
        if path.is_file():
            return path
        got = path.name if path.is_absolute() else given  # rows carry no absolute paths
        hint = f"nothing is downloaded here; get a model from {_MODELS} and give its path"
        raise ExpertError(f"{part}: expected a file, got {got!r}, which does not exist", hint=hint)
    spec = importlib.util.find_spec("rapidocr")
    if spec is None or not spec.submodule_search_locations:
        raise MissingExtra("the library rapidocr is not installed", hint=INSTALL)
    found = sorted((Path(spec.submodule_search_locations[0]) / "models").glob(_PARTS[part]))
    if not found:
        message = f"{part}: expected a model {_PARTS[part]} in the wheel of rapidocr, got none"
        raise ExpertError(message, hint=f"install the version that carries its models: {INSTALL}")
    return found[0]


def _check_languages(recogniser: Path, languages: Sequence[str]) -> None:
    """Refuse languages whose letters the recogniser does not have."""
    alphabet = _alphabet(recogniser)
    for language in languages:
        lacking = missing_letters(language, alphabet)
        if lacking:
            message = f"languages: expected a recogniser that writes {NAMES[language]}, got {recogniser.name} without {lacking!r}"
            hint = f"get one for {NAMES[language]} from {_MODELS} and give its path: recogniser = 'PATH.onnx'"
            raise ExpertError(message, hint=hint)


def _alphabet(recogniser: Path) -> frozenset[str]:
    """The characters that a model can write, as PaddleOCR's exports carry them."""
    try:
        import onnxruntime
    except ImportError as error:
        raise MissingExtra(f"onnxruntime cannot be imported: {error}", hint=INSTALL) from error
    try:
        session = onnxruntime.InferenceSession(str(recogniser), providers=["CPUExecutionProvider"])
        characters = session.get_modelmeta().custom_metadata_map.get("character", "")
    except Exception as error:  # any kind: onnxruntime raises its own
        message = f"recogniser {recogniser.name} cannot be loaded: {type(error).__name__}: {error}"
        raise ExpertError(message, hint="expected an ONNX model of a text recogniser") from error
    if not characters:
        message = f"recogniser {recogniser.name}: expected a model that carries its alphabet, got one without"
        raise ExpertError(message, hint=f"get one from {_MODELS}")
    return frozenset(characters.splitlines())
