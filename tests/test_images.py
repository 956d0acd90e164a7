"""Pictures: what opens, how it comes out, and what is refused in which words."""

from __future__ import annotations

import hashlib
import io
import os
import struct
import sys
import threading
import types
import warnings
import zlib
from contextlib import suppress
from io import BufferedReader, BytesIO
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFile, features

from fusion.errors import ImageError
from fusion.images import SUFFIXES, Picture, load

RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)


def photo(width: int = 96, height: int = 64) -> Image.Image:
    """A picture with so much detail that no codec packs it into one block."""
    values = np.random.default_rng(0).integers(0, 255, (height, width, 3), dtype=np.uint8)
    return Image.fromarray(values)


def encoded(image: Image.Image, kind: str, **options) -> bytes:
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def png_header(width: int, height: int) -> bytes:
    """A PNG that promises a size and holds no pixels."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def grey16(values: list[int]) -> Image.Image:
    return Image.fromarray(np.array([values], dtype=np.uint16))


def palette(transparency: bytes | int | None = None) -> bytes:
    image = Image.new("P", (2, 1))
    image.putpalette([*RED, *BLUE])
    image.putpixel((1, 0), 1)
    return encoded(image, "PNG", **({} if transparency is None else {"transparency": transparency}))


def animated(kind: str) -> bytes:
    frames = [Image.new("RGB", (8, 8), colour) for colour in (RED, GREEN, BLUE)]
    return encoded(frames[0], kind, save_all=True, append_images=frames[1:], duration=50, lossless=True)


def first_pixel(picture: Picture) -> tuple[int, ...]:
    return picture.image.getpixel((0, 0))


OPENS = [
    pytest.param(lambda: encoded(photo(), "JPEG"), None, id="JPEG"),
    pytest.param(lambda: encoded(photo(), "JPEG", progressive=True), None, id="progressive JPEG"),
    pytest.param(lambda: encoded(Image.new("RGB", (2, 1), RED), "PNG"), RED, id="PNG"),
    pytest.param(lambda: encoded(Image.new("RGB", (2, 1), RED), "BMP"), RED, id="BMP"),
    pytest.param(lambda: encoded(Image.new("RGB", (2, 1), RED), "PPM"), RED, id="PPM"),
    pytest.param(lambda: encoded(Image.new("RGB", (2, 1), RED), "TIFF"), RED, id="TIFF"),
    pytest.param(lambda: encoded(Image.new("RGB", (2, 1), RED), "TIFF", compression="tiff_lzw"), RED, id="TIFF, LZW"),
    pytest.param(lambda: encoded(Image.new("RGB", (2, 1), RED), "WEBP", lossless=True), RED, id="WebP"),
    pytest.param(lambda: encoded(Image.new("CMYK", (8, 8), (0, 255, 255, 0)), "TIFF"), RED, id="CMYK TIFF"),
    pytest.param(lambda: encoded(Image.new("CMYK", (8, 8), (0, 0, 0, 255)), "JPEG"), (0, 0, 0), id="CMYK JPEG"),
    pytest.param(lambda: encoded(Image.new("L", (2, 1), 80), "PNG"), (80, 80, 80), id="grey"),
    pytest.param(lambda: encoded(Image.new("1", (2, 1), 1), "PNG"), WHITE, id="black and white"),
    pytest.param(lambda: encoded(grey16([65535, 0]), "PNG"), WHITE, id="16-bit grey, white"),
    pytest.param(lambda: encoded(grey16([128 * 257, 0]), "PNG"), (128,) * 3, id="16-bit grey is scaled, not clipped"),
    pytest.param(lambda: encoded(grey16([128 * 257, 0]), "TIFF"), (128,) * 3, id="16-bit grey TIFF"),
    pytest.param(lambda: encoded(Image.new("F", (2, 1), 0.5), "TIFF"), (128,) * 3, id="float TIFF in 0..1"),
    pytest.param(lambda: encoded(Image.new("I", (2, 1), 257), "TIFF"), (1, 1, 1), id="32-bit grey that fits 16"),
    pytest.param(lambda: palette(), RED, id="palette"),
    pytest.param(lambda: palette(0), WHITE, id="palette, one colour transparent"),
    pytest.param(lambda: palette(b"\x00\xff"), WHITE, id="palette, transparency by colour"),
    pytest.param(lambda: encoded(Image.new("RGBA", (2, 1), (255, 0, 0, 0)), "PNG"), WHITE, id="alpha over white"),
    pytest.param(lambda: encoded(Image.new("RGBA", (2, 1), (0, 0, 0, 51)), "PNG"), (204,) * 3, id="half alpha"),
    pytest.param(lambda: encoded(Image.new("LA", (2, 1), (0, 0)), "PNG"), WHITE, id="grey with alpha"),
    pytest.param(lambda: encoded(Image.new("RGBA", (8, 8), (0, 0, 0, 0)), "WEBP", lossless=True), WHITE, id="WebP with alpha"),
    pytest.param(lambda: animated("GIF"), RED, id="animated GIF, first frame"),
    pytest.param(lambda: animated("WEBP"), RED, id="animated WebP, first frame"),
    pytest.param(lambda: animated("PNG"), RED, id="animated PNG, first frame"),
    pytest.param(lambda: encoded(Image.new("RGB", (1, 1), RED), "PNG"), RED, id="one pixel"),
    pytest.param(lambda: encoded(Image.new("RGB", (3000, 1), RED), "PNG"), RED, id="one pixel high"),
    pytest.param(lambda: encoded(photo(), "JPEG") + b"\0" * 100, None, id="bytes after the end"),
]


@pytest.mark.parametrize(("make", "pixel"), OPENS)
def test_opens_as_rgb(make, pixel):
    data = make()
    picture = load(data)
    assert picture.image.mode == "RGB"
    assert (picture.width, picture.height) == picture.image.size
    assert picture.sha256 == hashlib.sha256(data).hexdigest()
    if pixel:
        assert first_pixel(picture) == pixel


@pytest.mark.skipif(not features.check("avif"), reason="Pillow without AVIF")
def test_opens_avif_where_pillow_can():
    assert load(encoded(photo(), "AVIF")).image.size == (96, 64)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_stands_upright_for_every_exif_orientation(orientation, kind):
    """The picture as stored is turned so that the red corner ends where the orientation puts it."""
    stored = Image.new("RGB", (32, 16), BLUE)
    stored.paste(RED, (0, 0, 16, 8))
    exif = Image.Exif()
    exif[0x0112] = orientation
    picture = load(encoded(stored, kind, exif=exif, **({"quality": 95} if kind == "JPEG" else {})))
    # Where the stored top left corner lies in the upright picture (Exif 2.32, table of tag 0x0112).
    right, bottom = orientation in (2, 3, 6, 7), orientation in (3, 4, 7, 8)
    assert picture.image.size == ((32, 16) if orientation < 5 else (16, 32))
    x, y = (picture.width - 3 if right else 2), (picture.height - 3 if bottom else 2)
    red, _, blue = picture.image.getpixel((x, y))
    assert red > 200
    assert blue < 60


@pytest.mark.parametrize("orientation", [0, 9, 65535])
def test_an_orientation_that_does_not_exist_changes_nothing(orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    assert load(encoded(photo(), "JPEG", exif=exif)).image.size == (96, 64)


def test_an_upright_picture_does_not_ask_to_be_turned_again():
    exif = Image.Exif()
    exif[0x0112] = 6
    assert load(encoded(photo(), "JPEG", exif=exif)).image.getexif().get(0x0112) is None


def test_damaged_metadata_leave_the_pixels_as_they_are():
    assert load(encoded(photo(), "JPEG", exif=b"Exif\0\0II*\0\xff\xff\xff\xff")).image.size == (96, 64)


ARRAYS = [
    pytest.param(np.full((2, 3), 7, np.uint8), (7, 7, 7), id="H×W"),
    pytest.param(np.full((2, 3, 1), 7, np.uint8), (7, 7, 7), id="H×W×1"),
    pytest.param(np.full((2, 3, 3), (255, 0, 0), np.uint8), RED, id="H×W×3"),
    pytest.param(np.full((2, 3, 4), (255, 0, 0, 0), np.uint8), WHITE, id="H×W×4, alpha over white"),
    pytest.param(np.ones((2, 3), bool), WHITE, id="bool"),
    pytest.param(np.full((2, 3), 65535, np.uint16), WHITE, id="uint16"),
    pytest.param(np.full((2, 3, 3), 128 * 257, np.uint16), (128,) * 3, id="uint16 with three channels"),
    pytest.param(np.full((2, 3, 3), 128 * 257, ">u2"), (128,) * 3, id="uint16, big end first"),
    pytest.param(np.full((2, 3), 0.5), (128,) * 3, id="float64 in 0..1"),
    pytest.param(np.full((2, 3, 3), 1.0, np.float32), WHITE, id="float32 in 0..1"),
    pytest.param(np.full((3, 2, 3), 9, np.uint8).transpose(1, 0, 2), (9, 9, 9), id="not contiguous"),
    pytest.param(np.full((2, 3, 3), 9, np.uint8)[:, ::-1, ::-1], (9, 9, 9), id="a view, BGR turned to RGB"),
]


@pytest.mark.parametrize(("values", "pixel"), ARRAYS)
def test_opens_arrays(values, pixel):
    picture = load(values)
    assert first_pixel(picture) == pixel
    assert picture.image.size == (3, 2)


def test_pixels_have_a_hash_of_size_and_rgb():
    image = photo()
    assert load(image).sha256 == load(np.asarray(image)).sha256
    assert load(np.zeros((2, 3), np.uint8)).sha256 != load(np.zeros((3, 2), np.uint8)).sha256


def test_a_pillow_image_is_not_changed():
    image = Image.new("RGBA", (2, 2), (1, 2, 3, 4))
    load(image).image.putpixel((0, 0), (9, 9, 9))
    assert image.mode == "RGBA"
    assert image.getpixel((0, 0)) == (1, 2, 3, 4)


@pytest.mark.parametrize("name", ["плакат.png", "写真 1.png", "a b'c.png", "é\u0301.PNG", "picture"])
def test_file_names_of_all_kinds(tmp_path, name):
    file = tmp_path / name
    file.write_bytes(encoded(Image.new("RGB", (1, 1), RED), "PNG"))
    assert first_pixel(load(file)) == RED
    assert load(str(file)).sha256 == load(file.read_bytes()).sha256


def cut(kind: str, share: float = 0.5, **options) -> bytes:
    data = encoded(photo(), kind, **options)
    return data[: int(len(data) * share)]


HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 64

REFUSED = [
    pytest.param(b"", "expected a picture, got an empty file", id="empty"),
    pytest.param(b"just some words\n" * 9, "got text", id="text"),
    pytest.param("größer als\n".encode() * 9, "got text", id="text that is not ASCII"),
    pytest.param(b"<!DOCTYPE html><html>", "got a web page", id="a web page in place of a picture"),
    pytest.param(b'<svg xmlns="http://www.w3.org/2000/svg"/>', "vector drawing", id="SVG"),
    pytest.param(b"%PDF-1.7\n", "a PDF document", id="PDF"),
    pytest.param(b"%!PS-Adobe-3.0 EPSF-3.0\n", "a PostScript file", id="EPS is never run"),
    pytest.param(HEIC, "HEIC, which needs a plugin. pip install pillow-heif", id="HEIC"),
    pytest.param(b"\0\0\0\x0cJXL \r\n\x87\n", "got JPEG XL", id="JPEG XL"),
    pytest.param(b"\x93\x01\xfe" * 50, "got an unknown format", id="noise"),
    pytest.param(b"\xff\xd8\xff\xe0", "a damaged JPEG", id="a JPEG of four bytes"),
    pytest.param(cut("JPEG"), "fails to decode", id="JPEG cut short"),
    pytest.param(cut("JPEG", 0.95), "fails to decode", id="JPEG cut near its end"),
    pytest.param(cut("JPEG", progressive=True), "fails to decode", id="progressive JPEG cut short"),
    pytest.param(cut("JPEG", 0.02), "damaged JPEG", id="JPEG cut in its header"),
    pytest.param(cut("PNG"), "fails to decode", id="PNG cut short"),
    pytest.param(cut("GIF"), "fails to decode", id="GIF cut short"),
    pytest.param(cut("BMP"), "fails to decode", id="BMP cut short"),
    pytest.param(cut("WEBP", lossless=True), "WebP|fails to decode", id="WebP cut short"),
    pytest.param(cut("TIFF", 0.6, compression="tiff_lzw"), "damaged TIFF|fails to decode", id="TIFF cut short"),
    pytest.param(png_header(20_000, 20_000), "expected at most 100 megapixels, got more than 200", id="400 megapixels"),
    pytest.param(png_header(11_000, 10_000), "at most 100 megapixels, got 11000×10000", id="110 megapixels"),
    pytest.param(png_header(9_500, 10_000), "fails to decode", id="95 megapixels are within, but these are missing"),
    pytest.param(np.zeros((0, 5), np.uint8), "at least one pixel, got 5×0", id="an array without pixels"),
    pytest.param(np.zeros((3, 8, 9), np.uint8), r"got 3×8×9. move the channels last", id="channels first"),
    pytest.param(np.zeros((1, 8, 9, 3), np.uint8), "got 1×8×9×3. give one", id="a batch"),
    pytest.param(np.zeros(5, np.uint8), "expected an array H×W", id="one dimension"),
    pytest.param(np.full((2, 2), 300, np.int64), "got int64 from 300 to 300. scale it", id="int64"),
    pytest.param(np.full((2, 2), 200, np.int64), r"got int64 from 200 to 200. use .astype\(np.uint8\)", id="int64 of bytes"),
    pytest.param(np.full((2, 2), np.inf), "got float64 that holds infinity", id="infinity"),
    pytest.param(np.full((2, 2), "a"), "got <U1", id="an array of text"),
    pytest.param(BytesIO(b"x"), r"got BytesIO. give its bytes: .getvalue\(\)", id="bytes in memory"),
    pytest.param(BufferedReader(BytesIO(b"x")), r"got BufferedReader. give its bytes, .*.read\(\)", id="an open file"),
    pytest.param(np.full((2, 2), 255.0), "float in 0..1, got float64 from 255.0", id="float in 0..255"),
    pytest.param(np.full((2, 2), np.nan), "got float64 that holds NaN", id="NaN"),
    pytest.param(np.full((2, 2), -0.1), "from -0.1", id="below zero"),
    pytest.param(encoded(Image.new("I", (2, 1), 70000), "TIFF"), "from 70000 to 70000", id="32-bit grey over 16 bits"),
    pytest.param(Image.new("RGB", (0, 4)), "at least one pixel, got 0×4", id="a Pillow image without pixels"),
    pytest.param(Image.new("La", (2, 2)), "got colour mode La", id="a colour mode without RGB"),
    pytest.param(12, "expected a path, bytes, a Pillow image or a numpy array, got int", id="an integer"),
    pytest.param(None, "got NoneType", id="nothing"),
    pytest.param("https://example.org/a.jpg", "got no such file. download it first", id="an address"),
    pytest.param("no/such/file.jpg", "no/such/file.jpg: expected a picture, got no such file", id="missing"),
    pytest.param("a\0b.jpg", "cannot be read", id="a name with a zero byte"),
    pytest.param("x" * 5000, "cannot be read", id="a name that is too long"),
]


@pytest.mark.parametrize(("source", "message"), REFUSED)
def test_refuses_by_name_with_expected_and_got(source, message):
    with pytest.raises(ImageError, match=message) as caught:
        load(source)
    assert not caught.value.retry
    assert "0x" not in str(caught.value)


def test_messages_call_the_picture_by_its_name(tmp_path):
    (tmp_path / "a.jpg").write_text("no picture")
    with pytest.raises(ImageError, match=r"^row 7: expected a picture, got text"):
        load(tmp_path / "a.jpg", name="row 7")
    with pytest.raises(ImageError, match=r"expected a picture, got a folder"):
        load(tmp_path)


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root reads everything")
def test_a_file_that_may_not_be_read(tmp_path):
    file = tmp_path / "a.png"
    file.write_bytes(encoded(photo(), "PNG"))
    file.chmod(0)
    with pytest.raises(ImageError, match=r"cannot be read: Permission denied"):
        load(file)


def test_a_closed_pillow_image(tmp_path):
    file = tmp_path / "a.png"
    photo().save(file)
    with Image.open(file) as image:
        pass
    with pytest.raises(ImageError, match="Pillow image"):
        load(image)


@pytest.mark.parametrize("source", [png_header(9_500, 10_000), np.zeros((2, 3), np.uint8), photo()], ids=type)
def test_the_limit_is_ours_and_not_pillows(monkeypatch, source):
    """Pillow's own limit warns, and warnings are errors here; it is back in place afterwards."""
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 1)
    with pytest.raises(ImageError, match="megapixels"):
        load(source, max_megapixels=0.000001)
    assert Image.MAX_IMAGE_PIXELS == 1
    assert load(photo()).image.size == (96, 64)


def test_a_picture_over_pillows_limit_opens_where_ours_allows(monkeypatch):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 10)
    assert load(encoded(photo(), "PNG")).width == 96


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "TIFF"])
def test_no_half_picture_even_where_another_library_lets_them_through(monkeypatch, kind):
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    with pytest.raises(ImageError):
        load(cut(kind))
    assert ImageFile.LOAD_TRUNCATED_IMAGES is True


def tiff_with_a_tag_of_two_values() -> bytes:
    data = bytearray(encoded(photo(), "TIFF", resolution_unit=2))
    entry = data.index(struct.pack("<HHI", 296, 3, 1))
    struct.pack_into("<I", data, entry + 4, 2)  # the resolution unit is one value
    return bytes(data)


def png_with_an_animation_of_no_frames() -> bytes:
    data, body = encoded(photo(), "PNG"), b"acTL" + bytes(8)
    return data[:33] + struct.pack(">I", 8) + body + struct.pack(">I", zlib.crc32(body)) + data[33:]


WARNS = [
    pytest.param(tiff_with_a_tag_of_two_values(), id="damaged TIFF"),
    pytest.param(png_with_an_animation_of_no_frames(), id="damaged animation"),
    pytest.param(encoded(photo(), "JPEG", exif=b"Exif\0\0II*\0\x08\0\0\0\x05\0\x12\x01"), id="damaged EXIF"),
]


@pytest.mark.parametrize("data", WARNS)
def test_warnings_of_pillow_do_not_leak(data):
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        assert load(data).image.size == (96, 64)
    assert [str(w.message) for w in seen] == []


@pytest.mark.filterwarnings("error::ResourceWarning", "error::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("data", [encoded(photo(), "PNG"), cut("PNG"), b"text"], ids=["whole", "cut", "text"])
def test_files_are_closed(tmp_path, data):
    file = tmp_path / "a.png"
    file.write_bytes(data)
    descriptors = Path("/proc/self/fd")
    before = len(list(descriptors.iterdir())) if descriptors.exists() else 0
    for _ in range(20):
        with suppress(ImageError):
            load(file)
    assert not descriptors.exists() or len(list(descriptors.iterdir())) <= before + 1
    file.unlink()


def test_heic_opens_where_the_plugin_is_installed(monkeypatch):
    """A plugin in place of pillow-heif: its opener is registered and used, without a line from the user."""

    class Heif(ImageFile.ImageFile):
        format = "HEIF"

        def _open(self):
            self._mode, self._size = "RGB", (2, 2)
            self.tile = [("raw", (0, 0, 2, 2), 32, ("RGB", 0, 1))]

    plugin = types.ModuleType("pillow_heif")
    plugin.__spec__ = types.SimpleNamespace(name="pillow_heif")
    plugin.register_heif_opener = lambda: Image.register_open("HEIF", Heif, lambda prefix: prefix[4:8] == b"ftyp")
    monkeypatch.setitem(sys.modules, "pillow_heif", plugin)
    monkeypatch.setattr(Image, "OPEN", dict(Image.OPEN))
    monkeypatch.setattr(Image, "ID", list(Image.ID))
    assert load(HEIC).image.size == (2, 2)


def test_threads_may_open_at_once():
    data, failures = encoded(photo(), "TIFF"), []

    def work() -> None:
        for _ in range(30):
            try:
                load(data)
            except ImageError as error:
                failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


@settings(max_examples=60, deadline=None)
@given(position=st.integers(0, 10_000), byte=st.integers(0, 255), kind=st.sampled_from(["JPEG", "PNG", "GIF", "TIFF"]))
def test_a_damaged_byte_is_a_picture_or_an_image_error(position, byte, kind):
    data = bytearray(encoded(photo(24, 16), kind))
    data[position % len(data)] = byte
    with suppress(ImageError):
        assert load(bytes(data)).image.mode == "RGB"


def test_suffixes_are_what_a_scan_compares_with():
    assert {".jpg", ".jpeg", ".png", ".webp", ".heic"} <= SUFFIXES
    assert all(suffix == suffix.lower() and suffix.startswith(".") for suffix in SUFFIXES)
    assert not {".txt", ".json", ".mp4"} & SUFFIXES
