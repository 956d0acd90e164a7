"""Reads lines with easyocr: its two networks from a folder, fetched from the network only where the user says so.

Library: easyocr 1.7 with torch. Licence: Apache-2.0; its detector CRAFT is MIT. The weights are published with the library's
releases, under its licence. They are pickled, but the library loads no file whose MD5 is not the one that it carries.
"""

from __future__ import annotations

import re
import sys
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PIL.Image import Image

from experts import torch_models, weights
from experts.ocr.languages import NAMES
from experts.ocr.layout import Line
from fusion.errors import ConfigError, ExpertError

INSTALL = "pip install 'caption-fusion[easyocr]'"
SIDE = 2560
"""Pixels of the longer side to which larger pictures are reduced before text is looked for, as the library has it."""
MIN_SCORE = 0.4
"""Least score of a line by default: a guess, as its weights could not be had where this was written. The score is a power of
the product of all characters' probabilities, which falls faster than the mean that rapidocr gives."""

_BATCH = 16
"""Lines read at once on a GPU."""
_CODES = {"zh": "ch_sim"}
_FAILED = re.compile(r"(?P<what>Missing|MD5 mismatch for) (?P<path>.+) and downloads disabled")


class EasyReader:
    """The library with its two networks loaded: finding lines, reading them.

    `folder` holds the weights under the names that the library gives them: craft_mlt_25k.pth and for English english_g2.pth.
    With `download` what is not there, or has another checksum, is fetched and put there, or in the library's own folder where
    none is given. `device` is one of torch's names, "" the best there is.

    Raises:
        ConfigError: the library cannot read a language, or not together with the others; no folder is given.
        ExpertError: weights are missing or damaged, or cannot be loaded.
        MissingExtra: easyocr is not installed.
    """

    def __init__(self, languages: Sequence[str], folder: str, side: int, device: str, download: bool) -> None:
        if not folder and not download:
            hint = "give the folder of easyocr's weights, or set download = true"
            raise ConfigError('weights: expected a folder for engine = "easyocr", got none', hint=hint)
        if folder and not download:
            weights.existing(folder, hint=_hint("craft_mlt_25k.pth"))
        library = torch_models.imported("easyocr", INSTALL)
        torch = torch_models.imported("torch", INSTALL)
        self._side = side
        on = str(torch_models.device_of(torch, device))
        self._reader = _loaded(library, _names(languages), folder, on, download)

    def read(self, image: Image) -> list[Line]:
        """The lines of an RGB picture, in the order in which the library finds them.

        Raises:
            ExpertError: the library fails on the picture.
        """
        import numpy as np

        try:
            with warnings.catch_warnings():
                warnings.filterwarnings("ignore", message=".*pin_memory.*")  # it asks for that where there is no GPU too
                # Two calls in place of the library's one, which would take the channels of an array in one order for both.
                across, free = self._reader.detect(np.asarray(image), canvas_size=self._side, reformat=False)
                if not across[0] and not free[0]:
                    return []
                grey = np.asarray(image.convert("L"))
                found = self._reader.recognize(grey, across[0], free[0], batch_size=_BATCH, reformat=False)
        except Exception as error:  # any kind: OpenCV, torch and the library each raise their own
            if torch_models.is_out_of_memory(error):
                raise ExpertError(f"out of memory: {error}", hint='lower side, or set device = "cpu"') from error
            message = f"easyocr fails: {type(error).__name__}: {error}"
            raise ExpertError(message, hint="check the weights and side") from error
        return [_line(corners, text, float(score), image.size) for corners, text, score in found if text.strip()]


def _names(languages: Sequence[str]) -> list[str]:
    """The library's codes of languages; English where none is given."""
    known: Any = torch_models.imported("easyocr.config", INSTALL).all_lang_list
    codes = [_CODES.get(language, language) for language in languages] or ["en"]
    unknown = [language for language in languages if _CODES.get(language, language) not in known]
    if unknown:
        names = ", ".join(NAMES[language] for language in unknown)
        raise ConfigError(f"languages: expected such as easyocr reads, got {names}", hint="leave it out, or take another engine")
    return codes


def _loaded(library: Any, codes: list[str], folder: str, device: str, download: bool) -> Any:
    path = str(Path(folder).expanduser()) if folder else None
    before = list(sys.path)
    try:
        return library.Reader(
            codes,
            gpu=device,
            model_storage_directory=path,
            user_network_directory=path,
            download_enabled=download,
            verbose=False,
            quantize=False,
        )
    except FileNotFoundError as error:
        raise _missing(error) from error
    except ValueError as error:  # languages that no one network reads
        reason = str(error.args[0]) if error.args else str(error)
        message = f"languages: expected such as one network of easyocr reads, got {', '.join(codes)}: {reason}"
        raise ConfigError(message, hint="take one expert for each script") from error
    except Exception as error:  # any kind: pickle, torch, zipfile and urllib each raise their own
        hint = "check the network" if download else "expected the weights of easyocr's releases"
        message = f"easyocr cannot be started: {type(error).__name__}: {error}"
        raise ExpertError(message, hint=hint, retry=download) from error
    finally:
        sys.path[:] = before  # the library adds the folder of weights, from where modules would be imported


def _missing(error: FileNotFoundError) -> ExpertError:
    found = _FAILED.search(str(error))
    if found is None:
        return ExpertError(f"easyocr cannot be started: {error}", hint="check the folder of weights")
    name = Path(found["path"]).name
    if found["what"] == "Missing":
        return ExpertError(f"weights: expected {name} in the folder, got none", hint=_hint(name))
    message = f"weights {name}: expected the file of easyocr's release, got another (its MD5 differs)"
    return ExpertError(message, hint=_hint(name))


def _hint(name: str) -> str:
    config: Any = torch_models.imported("easyocr.config", INSTALL)
    tables = (config.detection_models, *config.recognition_models.values())
    addresses = [model["url"] for table in tables for model in table.values() if model["filename"] == name]
    return f"unpack {addresses[0]} there, or set download = true" if addresses else "set download = true"


def _line(corners: Sequence[Sequence[float]], text: str, score: float, size: tuple[int, int]) -> Line:
    """A line with its outline inside the picture: the library adds a margin, which may lie outside."""
    width, height = size
    inside = tuple((min(max(float(x), 0.0), width), min(max(float(y), 0.0), height)) for x, y in corners)
    return Line(text.strip(), score if 0 <= score <= 1 else 0.0, tuple((round(x, 1), round(y, 1)) for x, y in inside))
