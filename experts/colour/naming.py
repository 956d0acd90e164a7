"""Names of colours: sRGB (IEC 61966-2-1) to CIELAB (ISO/CIE 11664-4, white D65) to the nearest colour of the ISCC-NBS system.

The ISCC-NBS system (Kelly and Judd, "Color: Universal Language and Dictionary of Names", NBS Special Publication 440, 1976)
parts all colours into 267 blocks and calls each by a basic hue and a few modifiers. It is published, in the public domain,
covers light and dark alike, and was made to be understood by everybody, which lists of web colours were not. Its names
are reduced to the eleven basic terms that the lexicon knows. The publication gives blocks of Munsell's system; their centroids
in sRGB are from the list "nbs-iscc" of the npm package color-name-lists, CC0 1.0 (see the head of `iscc_nbs.txt`).
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from fusion.lexicon.colours import BASIC

Array = np.ndarray[Any, Any]

NEUTRAL = frozenset({"black", "white", "grey"})

_TABLE = Path(__file__).with_name("iscc_nbs.txt")
_STEP = 8
"""Width of a cell of the look-up table, in levels of 0..255: under what people tell apart in a photo."""

_REDDEST_ORANGE = 43.0
"""Hue angle in CIELAB, degrees, under which nothing is orange. The red of a screen, at 40, is more saturated than any red that
the system's samples of paint show, so that its nearest centroid is a "vivid reddish orange", at 46."""

_TO_XYZ = np.array([[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]])
_WHITE = np.array([0.95047, 1.0, 1.08883])
_HEADS = {"gray": "grey", "violet": "purple", "olive": "green", **{term: term for term in BASIC}}
_LIGHT_GREYS = frozenset(f"{tint}gray" for tint in ("light ", "light bluish ", "light greenish ", "light purplish "))
_WHITISH = _LIGHT_GREYS | {"pinkish gray", "yellowish gray"}


def linear(levels: Array) -> Array:
    """Linear light 0..1 of sRGB levels 0..255."""
    share = np.asarray(levels, np.float64) / 255
    return np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)


def lab(pixels: Array) -> Array:
    """CIELAB (L* 0..100, a*, b*) of sRGB pixels, …×3 of 0..255."""
    xyz = linear(pixels) @ _TO_XYZ.T / _WHITE
    f = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    x, y, z = f[..., 0], f[..., 1], f[..., 2]
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)


def luminance(pixels: Array) -> Array:
    """Relative luminance 0..1 (Y of CIE XYZ) of sRGB pixels, …×3 of 0..255."""
    return np.asarray(linear(pixels) @ _TO_XYZ[1])


def basic_term(name: str) -> str:
    """The basic term for an ISCC-NBS name, by its last word: "vivid yellowish green" is green, "violet" purple, "olive" green.

    Four reductions follow usage and not the last word: what is "blackish" is black, light greys are white (white things
    in a photo are seldom fully lit), dark or greyish yellows and
    oranges are brown, and a strong orange yellow is what CSS calls orange.
    """
    words = name.split()
    if "blackish" in words:
        return "black"
    if name in _WHITISH:
        return "white"
    if name in {"vivid orange yellow", "strong orange yellow"}:
        return "orange"
    if words[-1] in {"yellow", "orange"} and {"dark", "grayish"} & set(words):
        return "brown"
    return _HEADS[words[-1]]


@lru_cache(maxsize=1)
def colours() -> tuple[tuple[str, tuple[int, int, int]], ...]:
    """The 267 names of the system, each with the sRGB value of its centroid."""
    rows = [row.split(" ", 1) for row in _TABLE.read_text(encoding="utf-8").splitlines() if not row.startswith("#")]
    return tuple((name, (int(value[:2], 16), int(value[2:4], 16), int(value[4:], 16))) for value, name in rows)


def terms(pixels: Array) -> Array:
    """Places in BASIC of the basic terms of sRGB pixels, …×3 of uint8."""
    cells = np.asarray(pixels) // _STEP
    return np.asarray(_cells()[cells[..., 0], cells[..., 1], cells[..., 2]])


def term(red: int, green: int, blue: int) -> str:
    """The basic term of one sRGB colour, levels 0..255."""
    return BASIC[int(terms(np.array([red, green, blue], np.uint8)))]


@lru_cache(maxsize=1)
def _cells() -> Array:
    """For each cell of the sRGB cube the place in BASIC of the nearest colour of the system, by distance in CIELAB."""
    table = colours()
    places = np.array([BASIC.index(basic_term(name)) for name, _ in table], np.uint8)
    centroids = lab(np.array([value for _, value in table]))
    middles = np.arange(_STEP // 2, 256, _STEP)
    side = len(middles)
    cube = lab(np.stack(np.meshgrid(middles, middles, middles, indexing="ij"), axis=-1)).reshape(side, side * side, 3)
    nearest = [((layer[:, None] - centroids) ** 2).sum(axis=-1).argmin(axis=1) for layer in cube]
    found = places[np.stack(nearest)]
    hue = np.degrees(np.arctan2(cube[..., 2], cube[..., 1]))
    red = (found == BASIC.index("orange")) & (hue < _REDDEST_ORANGE)
    return np.where(red, np.uint8(BASIC.index("red")), found).reshape(side, side, side)
