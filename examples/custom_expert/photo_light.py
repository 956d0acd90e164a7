"""States of a photo that it is dark, bright, blurred, or black and white, from its pixels alone.

Library: Pillow. Licence: Apache-2.0.
"""

from __future__ import annotations

from typing import ClassVar

from PIL import Image, ImageFilter, ImageStat

from fusion.expert import Card, Expert
from fusion.facts import Fact, Sample


class PhotoLight(Expert):
    """Facts of kind style. Levels are those of 8-bit pixels, 0..255: `dark` and `bright` bound the mean brightness,
    `blur` the spread of the edges, `grey` the mean saturation.
    """

    automatic: ClassVar[bool] = True
    # The vocabulary is empty: a photo that is not called dark may still look so to people. The precision is a guess.
    card = Card(sees=("style",), vocabulary=(), precision=0.8, version="1")

    def __init__(self, dark: float = 40, bright: float = 215, blur: float = 4, grey: float = 3) -> None:
        self._dark, self._bright, self._blur, self._grey = dark, bright, blur, grey

    def look(self, sample: Sample) -> list[Fact]:
        if sample.image is None:
            return []
        light = ImageStat.Stat(sample.image.convert("L")).mean[0]
        found = {
            "dark photo": light < self._dark,
            "bright photo": light > self._bright,
            "blurred photo": _edges(sample.image) < self._blur,
            "black and white photo": ImageStat.Stat(sample.image.convert("HSV")).mean[1] < self._grey,
        }
        return [Fact(kind="style", value=value) for value, true in found.items() if true]


def _edges(image: Image.Image) -> float:
    """Spread of what a Laplacian filter finds; at one size, since large photos have softer edges."""
    small = image.convert("L").resize((256, 256))
    kernel = ImageFilter.Kernel((3, 3), (0, 1, 0, 1, -4, 1, 0, 1, 0), scale=1, offset=128)
    inner = small.filter(kernel).crop((1, 1, 255, 255))
    return float(ImageStat.Stat(inner).stddev[0])
