"""Texts in a PNG file, read chunk by chunk: Pillow would decode all pixels to come to those behind them.

Chunks are those of the PNG specification (ISO 15948): tEXt and zTXt (Latin-1), iTXt (UTF-8), and eXIf of its third edition.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

SIGNATURE = b"\x89PNG\r\n\x1a\n"
LONGEST = 1 << 20
"""Bytes of one chunk, packed and unpacked: a megabyte of text is no caption."""
MOST_CHUNKS = 100_000
_XMP = "XML:com.adobe.xmp"


@dataclass(frozen=True)
class PngTexts:
    """Texts by keyword, the XMP packet, and the Exif block."""

    texts: dict[str, str] = field(default_factory=dict)
    xmp: bytes = b""
    exif: bytes = b""


def png_texts(stream: BinaryIO) -> PngTexts | None:
    """The texts of a PNG file, None if it is another; damage ends the reading and what came before is kept."""
    if stream.read(8) != SIGNATURE:
        return None
    texts: dict[str, str] = {}
    exif = b""
    for kind, data in _chunks(stream):
        if kind == b"eXIf":
            exif = data
        elif found := _text(kind, data):
            texts.setdefault(*found)
    return PngTexts(texts, texts.pop(_XMP, "").encode("utf-8", "ignore"), exif)


def _chunks(stream: BinaryIO) -> Iterator[tuple[bytes, bytes]]:
    """Kind and data of the chunks that hold text and are not too long."""
    for _ in range(MOST_CHUNKS):
        head = stream.read(8)
        if len(head) < 8:
            return
        length, kind = struct.unpack(">I4s", head)
        wanted = kind in (b"tEXt", b"zTXt", b"iTXt", b"eXIf") and length <= LONGEST
        if wanted:
            yield kind, stream.read(length)
        stream.seek(4 if wanted else length + 4, 1)


def _text(kind: bytes, data: bytes) -> tuple[str, str] | None:
    keyword, _, rest = data.partition(b"\0")
    name = keyword.decode("latin-1")
    if kind == b"tEXt":
        return name, _loose(rest)
    if kind == b"zTXt":
        return name, _loose(_unpacked(rest[1:]))
    if kind != b"iTXt" or len(rest) < 2:
        return None
    body = rest[2:].partition(b"\0")[2].partition(b"\0")[2]
    return name, (_unpacked(body) if rest[0] else body).decode("utf-8", "ignore")


def _loose(data: bytes) -> str:
    """Latin-1 by the standard, UTF-8 from many programs."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _unpacked(data: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(data, LONGEST)
    except zlib.error:
        return b""
