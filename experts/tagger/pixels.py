"""How a picture becomes what a classifier takes: the part that is seen, its size, the order and scale of its channels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PIL import Image

from fusion.errors import ConfigError

IMAGENET = ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
"""Mean and deviation of ImageNet's pixels, which most models in the order channels, rows, columns were trained with."""
HALF = ((0.5,), (0.5,))
"""What brings pixels to -1..1, as most models in the order rows, columns, channels were trained with."""
AS_THEY_ARE = ((0.0,), (1 / 255,))
"""What leaves pixels at 0..255."""
FITS = ("", "stretch", "crop", "pad")


@dataclass(frozen=True)
class Pixels:
    """What the configuration says of a model's input; empty where it says nothing. See `Tagger`."""

    size: int = 0
    mean: tuple[float, ...] = ()
    std: tuple[float, ...] = ()
    channels_first: bool | None = None
    bgr: bool | None = None
    fit: str = ""

    def framed(self, image: Image.Image) -> Image.Image:
        """The picture, RGB, padded to a white square or cut to the square in its middle if that is asked for."""
        image = image.convert("RGB")
        width, height = image.size
        if width == height or self.fit not in {"crop", "pad"}:
            return image
        side = min(width, height) if self.fit == "crop" else max(width, height)
        left, top = (width - side) // 2, (height - side) // 2
        if self.fit == "crop":
            return image.crop((left, top, left + side, top + side))
        square = Image.new("RGB", (side, side), "white")
        square.paste(image, (-left, -top))
        return square

    def scaled(self, pixels: Any, mean: Sequence[float], std: Sequence[float]) -> Any:
        """Pixels 0..255 as float32: divided by 255, less the mean, divided by the deviation."""
        import numpy as np

        return (pixels.astype(np.float32) / 255 - np.array(mean, np.float32)) / np.array(std, np.float32)


def pixels_of(
    size: int,
    mean: float | Sequence[float],
    std: float | Sequence[float],
    channels_first: bool | None,
    bgr: bool | None,
    fit: str,
) -> Pixels:
    """The options, checked.

    Raises:
        ConfigError: one is out of range.
    """
    if size < 0:
        raise ConfigError(f"size: expected pixels, or 0 for what the model takes, got {size}")
    if fit not in FITS:
        raise ConfigError(f"fit: expected one of {', '.join(filter(None, FITS))}, got {fit!r}")
    for name, flag in (("channels_first", channels_first), ("bgr", bgr)):
        if flag is not None and not isinstance(flag, bool):
            raise ConfigError(f"{name}: expected true or false, got {flag!r}")
    means, deviations = _numbers("mean", mean), _numbers("std", std)
    if any(value <= 0 for value in deviations):
        raise ConfigError(f"std: expected numbers above 0, got {std}")
    return Pixels(size, means, deviations, channels_first, bgr, fit)


def _numbers(name: str, given: float | Sequence[float]) -> tuple[float, ...]:
    values = tuple(given) if isinstance(given, list | tuple) else (given,)
    if not all(isinstance(value, int | float) and not isinstance(value, bool) for value in values) or len(values) not in {
        0,
        1,
        3,
    }:
        raise ConfigError(f"{name}: expected a number, or three for red, green and blue, got {given!r}")
    return tuple(float(value) for value in values)
