"""Texts of PNG files: which are read, and that no file makes the reader unpack more than its budget."""

from __future__ import annotations

import io
import struct
import tracemalloc
import zlib

import pytest

from experts.metadata import LONGEST_CAPTION, Metadata
from experts.metadata.png import BUDGET, LONGEST, SIGNATURE, XMP, png_texts
from fusion.testing import sample, solid_image

MEGABYTES = zlib.compress(bytes(20 << 20))


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def text(keyword, value):
    return chunk(b"tEXt", keyword.encode() + b"\0" + value.encode())


def packed(keyword, value):
    return chunk(b"zTXt", keyword.encode() + b"\0\0" + value)


def texts(*chunks):
    return png_texts(io.BytesIO(SIGNATURE + b"".join(chunks)))


def look(tmp_path, *chunks):
    """What the expert says of a whole PNG with these chunks after its header."""
    file = tmp_path / "p.png"
    solid_image().save(file)
    whole = file.read_bytes()
    file.write_bytes(whole[:33] + b"".join(chunks) + whole[33:])
    return Metadata().look(sample(solid_image(), id="p", path=file.name, file=str(file)))


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        pytest.param(b"tEXt", b"Title\0Whitby", id="tEXt"),
        pytest.param(b"zTXt", b"Title\0\0" + zlib.compress(b"Whitby"), id="zTXt"),
        pytest.param(b"iTXt", b"Title\0\0\0en\0Titel\0Whitby", id="iTXt"),
        pytest.param(b"iTXt", b"Title\0\1\0en\0Titel\0" + zlib.compress(b"Whitby"), id="packed iTXt"),
    ],
)
def test_the_kinds_of_text(kind, data):
    assert texts(chunk(kind, data)).texts == {"Title": "Whitby"}


def test_only_the_texts_that_somebody_reads_are_kept():
    found = texts(text("Software", "GIMP"), text("Title", "Whitby"), text("parameters", "steps: 20"), text(XMP, "<x/>"))
    assert (found.texts, found.xmp) == ({"Title": "Whitby"}, b"<x/>")


def test_of_texts_with_one_keyword_the_first_is_kept():
    assert texts(text("Title", "Whitby"), text("Title", "York")).texts == {"Title": "Whitby"}


@pytest.mark.parametrize(
    "chunks",
    [
        pytest.param([packed(f"text {n}", MEGABYTES) for n in range(500)], id="each with a keyword of its own"),
        pytest.param([packed("Title", MEGABYTES)] * 500, id="all with one keyword"),
        pytest.param([packed(key, MEGABYTES) for key in ("Title", "Description", "Keywords", XMP)] * 100, id="all that are read"),
    ],
)
def test_many_packed_texts_take_little_memory(chunks):
    stream = io.BytesIO(SIGNATURE + b"".join(chunks))
    tracemalloc.start()
    try:
        found = png_texts(stream)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert sum(map(len, found.texts.values())) + len(found.xmp) <= BUDGET
    assert peak < 4 * BUDGET


def test_all_texts_of_a_file_share_one_budget():
    keywords = ("Title", "Description", "Keywords", "Creation Time", XMP)
    found = texts(*(packed(keyword, MEGABYTES) for keyword in keywords))
    assert [len(found.texts[keyword]) for keyword in keywords[:4]] == [LONGEST] * 4
    assert 4 * LONGEST == BUDGET
    assert found.xmp == b""


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        pytest.param(b"tEXt", b"Description\0" + b"word " * 2_000_000, id="ten megabytes"),
        pytest.param(b"zTXt", b"Description\0\0garbage", id="packed garbage"),
        pytest.param(b"zTXt", b"Description", id="no packed text"),
        pytest.param(b"iTXt", b"Description", id="cut short"),
        pytest.param(b"iTXt", b"Description\0\1", id="cut short behind the flag"),
        pytest.param(b"eXIf", b"II*\0garbage", id="a broken Exif block"),
        pytest.param(b"tEXt", b"Description\0\xff\xfe\0\1", id="control characters"),
        pytest.param(b"tEXt", b"", id="empty"),
    ],
)
def test_odd_chunks_do_no_harm(tmp_path, kind, data):
    assert "Whitby" in [fact.value for fact in look(tmp_path, chunk(kind, data), text("Title", "Whitby"))]


def test_a_packed_caption_is_unpacked_no_further_than_the_limit(tmp_path):
    (fact,) = look(tmp_path, packed("Description", zlib.compress(b"word " * 20_000_000)))
    assert len(fact.value) <= LONGEST_CAPTION


def test_another_format_is_none():
    assert png_texts(io.BytesIO(b"\xff\xd8\xff")) is None
