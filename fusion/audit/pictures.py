"""Photos scaled down into the page, as data URIs."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image

from fusion import images
from fusion.errors import ImageError

SIDE = 640
"""Pixels of the longer side."""
QUALITY = 64
"""Of the JPEG; a photo of 640 pixels then takes about 37 kB."""


@dataclass(frozen=True)
class Embedded:
    """A picture in the page: its data URI, and the size of the upright original, pixels."""

    uri: str
    width: int
    height: int


def embed(path: Path, name: str) -> Embedded:
    """Open a picture and scale it down.

    Raises:
        ImageError: it is missing or cannot be read; the message calls it `name`.
    """
    picture = images.load(path, name=name)
    small = picture.image
    small.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
    data = BytesIO()
    small.save(data, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return Embedded(f"data:image/jpeg;base64,{base64.b64encode(data.getvalue()).decode()}", picture.width, picture.height)


def find(name: str, folders: Iterable[Path]) -> Path:
    """Where a picture lies: the first folder that has it.

    Raises:
        ImageError: none has.
    """
    for folder in folders:
        try:
            if (path := folder / name).is_file():
                return path
        except (OSError, ValueError):  # a name too long, or with a null character
            continue
    raise ImageError(f"{name}: no such picture", hint="--images DIR says where the pictures lie")
