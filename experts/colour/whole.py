"""The style of the whole picture: with or without colours, dark or bright, its format, the tones that rule it."""

from __future__ import annotations

import numpy as np
from PIL import Image

from experts.colour.naming import NEUTRAL, Array, lab, terms
from fusion.facts import Fact
from fusion.lexicon.colours import BASIC

SIDE = 128
"""Pixels of the longer side to which a picture is reduced: more does not change the shares."""
GREY = 4.0
"""Chroma in CIELAB under which nobody sees a tint. Of 260 photos of COCO the black and white ones have 0, the next 6."""
NEARLY_ALL = 99
"""Percent of the pixels that must be so: JPEG leaves stray colours at edges."""
CONTRAST = 20.0
"""Span of L* from the 5th to the 95th percentile without which a picture is an empty plane and no photo."""
SEPIA_HUES = (40.0, 105.0)
"""Hue angles in CIELAB, degrees, from the reddish brown of old prints to the yellow of the usual filter."""
SEPIA_CHROMA = (6.0, 45.0)
"""Mean chroma: under it the tint is that of a lamp, over it a colour."""
ONE_TINT = 3.0
"""How far pixels as light as one another may differ in a toned photo, root mean square of a* and b*. Of 260 photos of COCO
none that is as brown keeps to it; sepia prints made of them lie at 1 to 3."""
DARK, BRIGHT = 20.0, 80.0
"""Mean L* 0..100. Of 260 photos of COCO 2 % are darker and 1 % brighter, half of them between 40 and 58."""
TONE = 0.35
"""Part of the pixels from which a colour rules a picture; no more than two can."""
SQUARE = 1.02
"""Sides that differ by no more than this look equal."""


def styles(image: Image.Image) -> tuple[list[Fact], bool]:
    """Facts of kind style for an RGB picture, and whether it has colours."""
    small = image.resize(_size(image), Image.Resampling.BOX)
    pixels = np.asarray(small).reshape(-1, 3)
    values = lab(pixels)
    mono = _without_colours(values)
    tones = [] if mono else _tones(pixels)
    return [*mono, *_light(values[:, 0]), _format(image), *tones], not mono


def _size(image: Image.Image) -> tuple[int, int]:
    scale = min(1.0, SIDE / max(image.size))
    return max(1, round(image.width * scale)), max(1, round(image.height * scale))


def _without_colours(values: Array) -> list[Fact]:
    light = values[:, 0]
    if np.percentile(light, 95) - np.percentile(light, 5) < CONTRAST:
        return []
    chroma = np.hypot(values[:, 1], values[:, 2])
    if np.percentile(chroma, NEARLY_ALL) <= GREY:
        part = round(float((chroma <= GREY).mean()), 4)
        return [Fact(kind="style", value="black and white photo", score=part, data={"share": part})]
    return [Fact(kind="style", value="sepia photo", score=0.9)] if _is_sepia(values) else []


def _is_sepia(values: Array) -> bool:
    """The mean is brown, and how brown a pixel is follows from how light it is."""
    mean = values[:, 1:].mean(axis=0)
    chroma, hue = float(np.hypot(*mean)), float(np.degrees(np.arctan2(mean[1], mean[0])))
    if not (SEPIA_CHROMA[0] <= chroma <= SEPIA_CHROMA[1] and SEPIA_HUES[0] <= hue <= SEPIA_HUES[1]):
        return False
    level = (values[:, 0] // 5).astype(int)
    count = np.maximum(np.bincount(level), 1)
    apart = [tint - (np.bincount(level, tint) / count)[level] for tint in (values[:, 1], values[:, 2])]
    return bool(np.sqrt((apart[0] ** 2 + apart[1] ** 2).mean()) <= ONE_TINT)


def _light(light: Array) -> list[Fact]:
    mean = float(light.mean())
    if DARK < mean < BRIGHT:
        return []
    value = "dark photo" if mean <= DARK else "bright photo"
    # Surer the further it lies beyond the limit: .7 at it, 1 where all is black or white.
    beyond = (DARK - mean) / DARK if mean <= DARK else (mean - BRIGHT) / (100 - BRIGHT)
    score = min(1.0, 0.7 + 0.3 * max(0.0, beyond))
    return [Fact(kind="style", value=value, score=score, data={"luminance": round(mean, 1)})]


def _format(image: Image.Image) -> Fact:
    longer, shorter = max(image.size), min(image.size)
    if longer <= shorter * SQUARE:
        return Fact(kind="style", value="square format")
    return Fact(kind="style", value="landscape format" if image.width > image.height else "portrait format")


def _tones(pixels: Array) -> list[Fact]:
    places = terms(pixels)
    shares = np.bincount(places, minlength=len(BASIC)) / len(places)
    ruling = [int(place) for place in np.argsort(-shares, kind="stable") if shares[place] >= TONE]
    return [_tone(pixels, places, place, float(shares[place])) for place in ruling if BASIC[place] not in NEUTRAL]


def _tone(pixels: Array, places: Array, place: int, share: float) -> Fact:
    mean = pixels[places == place].mean(axis=0).round().astype(int).tolist()
    data = {"share": round(share, 4), "hex": "#{:02x}{:02x}{:02x}".format(*mean)}
    return Fact(kind="style", value=f"{BASIC[place]} tones", score=share, data=data)
