"""Reads the text in a picture, line by line.

Libraries: rapidocr with onnxruntime (Apache-2.0 and MIT; the models in rapidocr's wheel are PP-OCR of PaddleOCR, Apache-2.0),
or easyocr with torch (Apache-2.0; see `experts.ocr.easy`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar, Protocol

from msgspec import structs
from PIL.Image import Image

from experts.ocr import easy, rapid
from experts.ocr.languages import NAMES, codes, in_languages
from experts.ocr.layout import Line, blocks
from fusion.errors import ConfigError, ExpertError
from fusion.expert import Card, Expert
from fusion.facts import Box, Fact, Sample

ON_IT = 0.8
"""Part of a text's box that must lie in an object's box for the text to stand on the object."""
HEAVY_COVER, HEAVY_WORDS = 0.15, 8
"""Share of the picture under lines of text, and words in them, from which a picture is "text-heavy". A page covers .2 to .5;
one large word on a sign does not make a page."""
ENGINES = ("rapidocr", "easyocr")


class Reader(Protocol):
    """What an engine is: it finds and reads the lines of an RGB picture."""

    def read(self, image: Image) -> list[Line]:
        """Lines or words, in any order."""
        ...


class Ocr(Expert):
    """Facts of kind text, one a line in reading order, with its box, its outline in `data["polygon"]`, the number of its block
    (paragraph, column, sign) in `data["block"]`, and the object that it stands on.

    A picture of which text covers at least 15 %, with at least eight words, also has the style "text-heavy", with that share
    in `data["cover"]`. `engine` is "rapidocr", whose models are in its wheel, or "easyocr". Lines under `min_score` (0..1;
    by default .85 for rapidocr and .4 for easyocr, whose scores are lower) or lower than `min_height` pixels are left out.

    `languages` are ISO 639-1 codes or English names: lines in letters of none of them are left out, and languages that the
    model cannot write are refused. Empty is all that rapidocr's model writes (Latin letters, Greek, Chinese, Japanese), and
    English for easyocr, which loads one network a script. In pictures with a longer side of over `side` pixels (0: 960 for
    rapidocr, 2560 for easyocr) text is looked for in a smaller copy, and read in the original.

    For rapidocr: `recogniser` and `detector` are paths of other ONNX models; `threads` of 0 takes all cores; nothing is ever
    downloaded. For easyocr: `weights` is the folder of its weights, `device` one of torch's, and `download` fetches what is
    missing there.

    Raises:
        ConfigError: an option is out of range or of the other engine, a language is unknown.
        ExpertError: a model is not there, cannot be loaded, or cannot write one of the languages.
        MissingExtra: the library of the engine is not installed.
    """

    automatic: ClassVar[bool] = True
    requires: ClassVar[Mapping[str, str]] = {"rapidocr": rapid.INSTALL, "onnxruntime": rapid.INSTALL}
    # Measured with rapidocr 3.10 at the default options on 80 street photos of ICDAR 2015 (incidental scene text), which also
    # served to choose `min_score`: of 335 legible words 62 % stand in a line read at their place; of 140 lines read where
    # text is legible 84 % are right but for at most one character in five, which is what a caption's quote may differ in,
    # and 61 % in every letter. Word by word, blanks included, which the model often leaves out, `scripts/measure_ocr` finds a
    # recall of .53 and a precision of .70. Silence says little, as text may be small or far away, so the vocabulary is empty.
    # The rate of the style is a guess.
    card = Card(
        sees=("text", "style"),
        vocabulary=(),
        precision={"text": 0.84, "style": 0.8},
        recall={"text": 0.62, "style": 0.0},
        version="PP-OCRv6 small",
    )

    def __init__(
        self,
        languages: Sequence[str] = (),
        min_score: float | None = None,
        min_height: float = 8,
        recogniser: str = "",
        detector: str = "",
        side: int = 0,
        threads: int = 0,
        engine: str = "rapidocr",
        weights: str = "",
        device: str = "",
        download: bool = False,
    ) -> None:
        others = {"weights": weights, "device": device, "download": download}
        mine = {"recogniser": recogniser, "detector": detector, "threads": threads}
        _check_engine(engine, others if engine == "rapidocr" else mine)
        self._languages = _check(languages, min_score, min_height, side, threads)
        kind = rapid if engine == "rapidocr" else easy
        self._min_score, self._min_height = kind.MIN_SCORE if min_score is None else min_score, min_height
        self._reader: Reader | None
        if engine == "rapidocr":
            self._reader = rapid.RapidReader(recogniser, detector, side or rapid.SIDE, threads, self._languages)
        else:
            self._reader = easy.EasyReader(self._languages, weights, side or easy.SIDE, device, download)
            # A guess, wide: its weights could not be had, so nothing was measured.
            rates = {"text": 0.7, "style": 0.8}, {"text": 0.5, "style": 0.0}
            self.card = structs.replace(self.card, precision=rates[0], recall=rates[1], version="easyocr")

    def look(self, sample: Sample) -> list[Fact]:
        """One fact a line, in reading order, then the style if text fills the picture.

        Raises:
            ExpertError: there is no picture, the expert is closed, or the model fails on the picture.
        """
        if sample.image is None:
            raise ExpertError(f"expected a picture of {sample.id!r}, got none", hint="text is read from pixels only")
        if self._reader is None:
            raise ExpertError("expected an open expert, got one that was closed", hint="make a new one")
        objects = [fact for fact in sample.facts if fact.kind == "object" and fact.box is not None and not fact.negated]
        lines = [line for line in self._reader.read(sample.image.convert("RGB")) if self._keeps(line)]
        texts = [_fact(line, number, objects) for number, block in enumerate(blocks(lines)) for line in block]
        return [*texts, *_heavy(lines, sample.image.width * sample.image.height)]

    def _keeps(self, line: Line) -> bool:
        readable = any(character.isalnum() for character in line.text)
        clear = line.score >= self._min_score and line.height >= self._min_height
        return readable and clear and in_languages(line.text, self._languages)

    def close(self) -> None:
        """Let go of the models."""
        self._reader = None


def _check_engine(engine: str, foreign: Mapping[str, object]) -> None:
    if engine not in ENGINES:
        raise ConfigError(f"engine: expected one of {', '.join(ENGINES)}, got {engine!r}")
    other = ENGINES[1 - ENGINES.index(engine)]
    for name, value in foreign.items():
        if value:
            raise ConfigError(f"{name}: expected none for {engine}, got {value!r}", hint=f"it is an option of {other}")


def _check(languages: Sequence[str], min_score: float | None, min_height: float, side: int, threads: int) -> tuple[str, ...]:
    if isinstance(languages, str):
        raise ConfigError(f"languages: expected a list, got {languages!r}", hint=f'write ["{languages}"]')
    found = codes(languages)
    unknown = sorted(set(found) - set(NAMES))
    if unknown:
        raise ConfigError(f"languages: expected codes among {', '.join(NAMES)}, got {', '.join(unknown)}")
    if min_score is not None and not 0 <= min_score <= 1:
        raise ConfigError(f"min_score: expected 0..1, got {min_score}")
    if min_height < 0:
        raise ConfigError(f"min_height: expected 0 pixels or more, got {min_height}")
    if side < 32 and side != 0:
        raise ConfigError(f"side: expected at least 32 pixels, got {side}")
    if threads < 0:
        raise ConfigError(f"threads: expected 0 (all cores) or more, got {threads}")
    return found


def _fact(line: Line, block: int, objects: Iterable[Fact]) -> Fact:
    box = Box(*line.frame)
    return Fact(
        kind="text",
        value=line.text,
        score=min(line.score, 1.0),
        box=box,
        about=_carrier(box, objects),
        data={"polygon": [list(point) for point in line.polygon], "block": block},
    )


def _heavy(lines: Sequence[Line], area: float) -> list[Fact]:
    """The style of a page, a poster, a screen: text covers much of the picture."""
    cover = min(sum(line.area for line in lines) / area, 1.0)
    words = sum(len(line.text.split()) for line in lines)
    if cover < HEAVY_COVER or words < HEAVY_WORDS:
        return []
    score = min(1.0, 0.7 + cover)  # a guess: .85 at the limit, sure from twice that
    return [Fact(kind="style", value="text-heavy", score=score, data={"cover": round(cover, 4)})]


def _carrier(box: Box, objects: Iterable[Fact]) -> str | None:
    """The smallest object that holds most of the text; None if none does."""
    holding = [
        (fact.box.area, place, fact.id)
        for place, fact in enumerate(objects)
        if fact.id and fact.box is not None and box.overlap(fact.box) >= ON_IT * box.area > 0
    ]
    return min(holding)[2] if holding else None
