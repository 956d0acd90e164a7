"""Reads the text in a picture, line by line.

Library: rapidocr with onnxruntime. Licence: Apache-2.0 and MIT; the models in rapidocr's wheel are PP-OCR of PaddleOCR,
Apache-2.0.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar

from experts.ocr.languages import NAMES, in_languages
from experts.ocr.rapid import INSTALL, Line, RapidReader
from fusion.errors import ConfigError, ExpertError
from fusion.expert import Card, Expert
from fusion.facts import Box, Fact, Sample

ON_IT = 0.8
"""Part of a text's box that must lie in an object's box for the text to stand on the object."""


class Ocr(Expert):
    """Facts of kind text, one a line, with its box, its outline in `data["polygon"]`, and the object that it stands on.

    Lines under `min_score` (0..1) or lower than `min_height` pixels are left out. `languages` are ISO 639-1 codes: lines in
    letters of none of them are left out, and languages that the model cannot write are refused; empty for all that it
    writes (Latin letters, Greek, Chinese, Japanese). `recogniser` and `detector` are paths of other ONNX models for
    rapidocr; empty for those in its wheel. Nothing is ever downloaded. In pictures with a longer side of over
    `side` pixels text is looked for in a smaller copy, and read in the original; `threads` of 0 takes all cores.

    Raises:
        ConfigError: an option is out of range, a language is unknown.
        ExpertError: a model is not there, cannot be loaded, or cannot write one of the languages.
        MissingExtra: rapidocr or onnxruntime is not installed.
    """

    automatic: ClassVar[bool] = True
    requires: ClassVar[Mapping[str, str]] = {"rapidocr": INSTALL, "onnxruntime": INSTALL}
    # Measured with rapidocr 3.10 at the default options on 80 street photos of ICDAR 2015 (incidental scene text), which also
    # served to choose `min_score`: of 335 legible words 62 % stand in a line read at their place; of 140 lines read where
    # text is legible 84 % are right but for at most one character in five, which is what a caption's quote may differ in,
    # and 61 % in every letter. Word by word, blanks included, which the model often leaves out, recall is .53 and precision
    # .73. Silence says little, as text may be small or far away, so the vocabulary is empty.
    card = Card(sees=("text",), vocabulary=(), precision=0.84, recall=0.62, version="PP-OCRv6 small")

    def __init__(
        self,
        languages: Sequence[str] = (),
        min_score: float = 0.85,
        min_height: float = 8,
        recogniser: str = "",
        detector: str = "",
        side: int = 960,
        threads: int = 0,
    ) -> None:
        _check(languages, min_score, min_height, side, threads)
        self._languages = tuple(languages)
        self._min_score, self._min_height = min_score, min_height
        self._reader: RapidReader | None = RapidReader(recogniser, detector, side, threads, self._languages)

    def look(self, sample: Sample) -> list[Fact]:
        """One fact a line, from top to bottom.

        Raises:
            ExpertError: there is no picture, the expert is closed, or the model fails on the picture.
        """
        if sample.image is None:
            raise ExpertError(f"expected a picture of {sample.id!r}, got none", hint="text is read from pixels only")
        if self._reader is None:
            raise ExpertError("expected an open expert, got one that was closed", hint="make a new one")
        objects = [fact for fact in sample.facts if fact.kind == "object" and fact.box is not None and not fact.negated]
        lines = [line for line in self._reader.read(sample.image.convert("RGB")) if self._keeps(line)]
        return [_fact(line, objects) for line in lines]

    def _keeps(self, line: Line) -> bool:
        readable = any(character.isalnum() for character in line.text)
        clear = line.score >= self._min_score and line.height >= self._min_height
        return readable and clear and in_languages(line.text, self._languages)

    def close(self) -> None:
        """Let go of the models."""
        self._reader = None


def _check(languages: Sequence[str], min_score: float, min_height: float, side: int, threads: int) -> None:
    if isinstance(languages, str):
        raise ConfigError(f"languages: expected a list, got {languages!r}", hint=f'write ["{languages}"]')
    unknown = sorted(set(languages) - set(NAMES))
    if unknown:
        raise ConfigError(f"languages: expected codes among {', '.join(NAMES)}, got {', '.join(unknown)}")
    if not 0 <= min_score <= 1:
        raise ConfigError(f"min_score: expected 0..1, got {min_score}")
    if min_height < 0:
        raise ConfigError(f"min_height: expected 0 pixels or more, got {min_height}")
    if side < 32:
        raise ConfigError(f"side: expected at least 32 pixels, got {side}")
    if threads < 0:
        raise ConfigError(f"threads: expected 0 (all cores) or more, got {threads}")


def _fact(line: Line, objects: Iterable[Fact]) -> Fact:
    across, down = [x for x, _ in line.polygon], [y for _, y in line.polygon]
    box = Box(min(across), min(down), max(across), max(down))
    return Fact(
        kind="text",
        value=line.text,
        score=min(line.score, 1.0),
        box=box,
        about=_carrier(box, objects),
        data={"polygon": [list(point) for point in line.polygon]},
    )


def _carrier(box: Box, objects: Iterable[Fact]) -> str | None:
    """The smallest object that holds most of the text; None if none does."""
    holding = [
        (fact.box.area, place, fact.id)
        for place, fact in enumerate(objects)
        if fact.id and fact.box is not None and box.overlap(fact.box) >= ON_IT * box.area > 0
    ]
    return min(holding)[2] if holding else None
