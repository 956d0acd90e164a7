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
BUDGET = 4 << 20
"""Bytes of all texts of a file together, unpacked."""
MOST_CHUNKS = 100_000
XMP = "XML:com.adobe.xmp"
KEYWORDS = frozenset({"Title", "Description", "Keywords", "Comment", "Creation Time", XMP})
"""The texts that are read; of several with one keyword the first."""


@dataclass(frozen=True)
class PngTexts:
    """Texts by keyword (of `KEYWORDS`), the XMP packet, and the Exif block."""

    texts: dict[str, str] = field(default_factory=dict)
    xmp: bytes = b""
    exif: bytes = b""


def png_texts(stream: BinaryIO) -> PngTexts | None:
    """The texts of a PNG file, None if it is another; damage ends the reading and what came before is kept.

    However many chunks there are, no more than `BUDGET` bytes are unpacked: a text beyond that is cut off or left out.
    """
    if stream.read(8) != SIGNATURE:
        return None
    texts: dict[str, str] = {}
    exif, left = b"", BUDGET
    for kind, data in _chunks(stream):
        name, rest = _keyword(data)
        if kind == b"eXIf":
            exif = data
        elif name in KEYWORDS and name not in texts:
            body = _body(kind, rest, min(left, LONGEST))
            left -= len(body)
            texts[name] = body.decode("utf-8", "ignore") if kind == b"iTXt" else _loose(body)
    return PngTexts(texts, texts.pop(XMP, "").encode("utf-8", "ignore"), exif)


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


def _keyword(data: bytes) -> tuple[str, bytes]:
    """What a text is, and the rest of its chunk."""
    keyword, _, rest = data.partition(b"\0")
    return keyword.decode("latin-1"), rest


def _body(kind: bytes, rest: bytes, most: int) -> bytes:
    """The bytes of a text, `most` of them: as they are, or unpacked where the chunk says that they are packed."""
    if kind == b"tEXt":
        return rest[:most]
    if kind == b"zTXt":
        return _unpacked(rest[1:], most)
    body = rest[2:].partition(b"\0")[2].partition(b"\0")[2]
    return _unpacked(body, most) if rest[:1] not in (b"", b"\0") else body[:most]


def _loose(data: bytes) -> str:
    """Latin-1 by the standard, UTF-8 from many programs."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _unpacked(data: bytes, most: int) -> bytes:
    if most <= 0:
        return b""  # zlib takes a limit of 0 for none
    try:
        return zlib.decompressobj().decompress(data, most)
    except zlib.error:
        return b""
