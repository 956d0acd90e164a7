"""Photos scaled down into the page, as data URIs."""

from __future__ import annotations

import base64
import os
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
    """Where a picture lies: the first folder that has it, in itself or below. What a link inside leads to belongs to it.

    A page is made to be passed on, and rows may come from strangers: a name that leaves the folders, as an absolute one or by
    "..", must not put any picture of this machine into it.

    Raises:
        ImageError: none has, or the name leaves them all.
    """
    paths = [path for folder in folders if (path := _inside(folder, name))]
    if not paths:
        hint = "--images DIR names a folder that holds it"
        raise ImageError(f"{name}: not shown, for it lies outside the folder of pictures", hint=hint)
    for path in paths:
        try:
            if path.is_file():
                return path
        except (OSError, ValueError):  # a name too long, or with a null character
            continue
    raise ImageError(f"{name}: no such picture", hint="--images DIR says where the pictures lie")


def _inside(folder: Path, name: str) -> Path | None:
    """The path of a name in a folder, without any ".."; None if it leaves it."""
    base = Path(os.path.normpath(Path.cwd() / folder))  # not resolve(), which would follow links
    path = Path(os.path.normpath(base / name))
    return folder / path.relative_to(base) if path.is_relative_to(base) else None
