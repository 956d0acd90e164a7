"""Opens pictures: upright by EXIF orientation, RGB, hashed; refuses what cannot be decoded whole.

Pictures are read with Pillow. Orientation is tag 0x0112 of Exif 2.32 (CIPA DC-008), which TIFF 6.0 defines.
"""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import threading
import warnings
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PIL import Image, ImageFile

from fusion.errors import ImageError

if TYPE_CHECKING:
    import numpy as np

# fmt: off
SUFFIXES: frozenset[str] = frozenset({
    ".jpg", ".jpeg", ".jpe", ".jfif", ".mpo", ".png", ".apng", ".webp", ".gif", ".bmp", ".tif", ".tiff",
    ".ppm", ".pgm", ".pbm", ".pnm", ".avif", ".jp2", ".j2k", ".heic", ".heif",
})
# fmt: on
"""File names that a folder scan takes for pictures, lower case. One that then cannot be read fails by name."""

# Raster formats only: Pillow would start Ghostscript for EPS, and takes nearly any bytes for TGA.
_FORMATS = ("JPEG", "MPO", "PNG", "WEBP", "GIF", "BMP", "TIFF", "PPM", "AVIF", "JPEG2000", "HEIF")

_ORIENTATION = 0x0112
_UPRIGHT: dict[int, Image.Transpose] = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

_AGAIN = "the file is damaged or was cut short; get it again"
_HEIF_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")

# First bytes, what they belong to, what to do. The first that fits wins.
_SIGNATURES: tuple[tuple[bytes, str, str], ...] = (
    (b"\xff\xd8\xff", "a damaged JPEG", _AGAIN),
    (b"\x89PNG", "a damaged PNG", _AGAIN),
    (b"GIF8", "a damaged GIF", _AGAIN),
    (b"RIFF", "a damaged WebP, or another RIFF file", _AGAIN),
    (b"BM", "a damaged BMP", _AGAIN),
    (b"II*\0", "a damaged TIFF, or a raw photo", _AGAIN + ", or develop the raw photo to JPEG"),
    (b"MM\0*", "a damaged TIFF, or a raw photo", _AGAIN + ", or develop the raw photo to JPEG"),
    (b"%PDF", "a PDF document", "export its pages as PNG"),
    (b"%!PS", "a PostScript file", "export it as PNG"),
    (b"\xff\x0a", "JPEG XL", "convert it to PNG or JPEG"),
    (b"\0\0\0\x0cJXL ", "JPEG XL", "convert it to PNG or JPEG"),
    (b"8BPS", "a Photoshop document", "export it as PNG"),
)

_LOCK = threading.Lock()


@dataclass(frozen=True)
class Picture:
    """An opened picture: RGB and upright, its size in pixels, and the SHA-256 of what it was opened from.

    `sha256` is that of the file's bytes where there are bytes, else of size and RGB pixels.
    """

    image: Image.Image
    width: int
    height: int
    sha256: str


def load(source: Any, *, max_megapixels: float = 100, name: str = "") -> Picture:
    """Open a picture from a path, the bytes of a file, a Pillow image or a numpy array.

    Arrays are H×W, H×W×1, H×W×3 (RGB) or H×W×4 (RGBA) of uint8, bool, uint16 (0..65535) or float (0..1). Alpha is laid
    over white, of several frames the first is taken, 16 bits are scaled to 8. `max_megapixels`: millions of pixels;
    `name` is what messages call the picture.

    Raises:
        ImageError: it is missing, no picture, cut short, of an unknown format, or larger than `max_megapixels`.
    """
    limit = max(1, int(max_megapixels * 1e6))
    if isinstance(source, str | Path):
        return _from_bytes(_read(source, name or str(source)), limit, name or str(source))
    if isinstance(source, bytes | bytearray | memoryview):
        data = bytes(source)
        return _from_bytes(data, limit, name or f"picture of {len(data)} bytes")
    if isinstance(source, Image.Image):
        label = name or "Pillow image"
        return _hashed(_decode(source, limit, label), limit, label)
    if type(source).__module__ == "numpy" and hasattr(source, "dtype"):
        return _from_array(source, limit, name)
    kinds = "a path, bytes, a Pillow image or a numpy array"
    raise ImageError(f"{name or 'picture'}: expected {kinds}, got {type(source).__name__}", hint=_bytes_of(source))


def _bytes_of(source: object) -> str:
    if hasattr(source, "getvalue"):
        return "give its bytes: .getvalue()"
    return "give its bytes, from a file opened with 'rb': .read()" if hasattr(source, "read") else ""


def _read(path: str | Path, name: str) -> bytes:
    file = Path(path)
    try:
        if file.is_dir():
            raise ImageError(f"{name}: expected a picture, got a folder", hint="name the pictures in it")
        data = file.read_bytes()
    except FileNotFoundError:
        hint = "download it first: addresses are not opened" if "://" in str(path) else "check the path"
        raise ImageError(f"{name}: expected a picture, got no such file", hint=hint) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        hint = "check the name and the permissions of the file"
        raise ImageError(f"{name}: cannot be read: {reason}", hint=hint) from None
    return data


def _from_bytes(data: bytes, limit: int, name: str) -> Picture:
    if not data:
        raise ImageError(f"{name}: expected a picture, got an empty file", hint="get it again")
    with BytesIO(data) as stream, _open(stream, data, limit, name) as opened:
        image = _decode(opened, limit, name)
    return Picture(image, image.width, image.height, hashlib.sha256(data).hexdigest())


def _open(stream: Any, data: bytes, limit: int, name: str) -> Image.Image:
    """Read the header only."""
    _enable_heif(data)
    with quietly(limit):
        Image.init()
        try:
            return Image.open(stream, formats=[known for known in _FORMATS if known in Image.OPEN])
        except Image.DecompressionBombError:
            raise _too_large(f"more than {2 * limit / 1e6:g} megapixels", limit, name) from None
        except Exception:  # noqa: BLE001 - plugins raise many kinds on damaged headers, and all mean the same
            what, hint = _what(data)
            raise ImageError(f"{name}: expected a picture, got {what}", hint=hint) from None


def _decode(opened: Image.Image, limit: int, name: str) -> Image.Image:
    if not opened.width or not opened.height:
        raise ImageError(f"{name}: expected at least one pixel, got {opened.width}×{opened.height}")
    if opened.width * opened.height > limit:
        raise _too_large(f"{opened.width}×{opened.height}", limit, name)
    kind = getattr(opened, "format", None) or "picture"
    try:
        with _decoding(kind, limit):
            opened.load()
    except Exception as error:  # noqa: BLE001 - plugins raise many kinds on damaged data, and all mean the same
        message = f"{name}: expected a whole {kind}, got one that fails to decode: {error}"
        raise ImageError(message, hint=_AGAIN) from None
    turn = _UPRIGHT.get(_orientation(opened, limit))
    image = _rgb(opened, name)
    upright = image.transpose(turn) if turn is not None else image
    upright.info = {}  # or an expert that looks at the orientation would turn it again
    return upright


def _decoding(kind: str, limit: int) -> AbstractContextManager[None]:
    """Decode side by side, except where a global switch matters: TIFF warns, and half pictures may be let through."""
    with _LOCK:
        alone = kind == "TIFF" or ImageFile.LOAD_TRUNCATED_IMAGES
    return quietly(limit) if alone else nullcontext()


def _orientation(opened: Image.Image, limit: int) -> int:
    """Exif orientation 1..8, 1 where it is absent or unreadable: damaged metadata leaves the pixels as they are."""
    with quietly(limit):
        try:
            found = opened.getexif().get(_ORIENTATION, 1)
        except Exception:  # noqa: BLE001 - as above
            return 1
    return found if isinstance(found, int) else 1


def _rgb(image: Image.Image, name: str) -> Image.Image:
    if image.mode.startswith("I") or image.mode == "F":
        return Image.fromarray(_scaled(_values(image), name)).convert("RGB")
    try:
        if not image.has_transparency_data:
            return image.convert("RGB")
        layer = image.convert("RGBA")
    except ValueError:
        message = f"{name}: expected grey, RGB, CMYK or a palette, got colour mode {image.mode}"
        raise ImageError(message, hint="convert it to RGB") from None
    white = Image.new("RGBA", layer.size, "white")
    return Image.alpha_composite(white, layer).convert("RGB")


def _values(image: Image.Image) -> np.ndarray[Any, Any]:
    import numpy as np

    values = np.asarray(image)
    if values.dtype.kind == "i" and values.min() >= 0 and values.max() <= 65535:
        return values.astype(np.uint16)  # Pillow reads 16-bit grey into 32 bits in some formats
    return values


def _from_array(values: np.ndarray[Any, Any], limit: int, name: str) -> Picture:
    shape = "×".join(map(str, values.shape))
    label = name or f"array {shape} of {values.dtype}"
    if values.ndim == 3 and values.shape[2] == 1:
        values = values[:, :, 0]
    if values.ndim not in (2, 3) or (values.ndim == 3 and values.shape[2] not in (3, 4)):
        hint = "move the channels last: array.transpose(1, 2, 0)" if values.ndim == 3 else "give one picture at a time"
        raise ImageError(f"{label}: expected an array H×W, H×W×3 or H×W×4, got {shape or 'a scalar'}", hint=hint)
    height, width = values.shape[:2]
    if not width or not height:
        raise ImageError(f"{label}: expected at least one pixel, got {width}×{height}")
    if width * height > limit:
        raise _too_large(f"{width}×{height}", limit, label)
    return _hashed(_rgb(Image.fromarray(_scaled(values, label)), label), limit, label)


def _scaled(values: np.ndarray[Any, Any], name: str) -> np.ndarray[Any, Any]:
    """Values as uint8: bool, uint16 and float 0..1 are scaled, never clipped."""
    import numpy as np

    kind, size = values.dtype.kind, values.dtype.itemsize
    if kind == "u" and size == 1:
        return np.ascontiguousarray(values)
    if kind == "b":
        return values.astype(np.uint8) * 255
    if kind == "u" and size == 2:
        return ((values.astype(np.uint32) + 128) // 257).astype(np.uint8)
    expected = "expected uint8, uint16, bool or float in 0..1"
    if kind not in "iuf":
        raise ImageError(f"{name}: {expected}, got {values.dtype}", hint="use .astype(np.uint8)")
    if kind == "f" and not np.isfinite(values).all():
        held = "NaN" if np.isnan(values).any() else "infinity"
        raise ImageError(f"{name}: {expected}, got {values.dtype} that holds {held}", hint="use np.nan_to_num first")
    low, high = values.min(), values.max()
    if kind == "f" and low >= 0 and high <= 1:
        scaled: np.ndarray[Any, Any] = np.rint(values * 255).astype(np.uint8)
        return scaled
    hint = "use .astype(np.uint8)" if low >= 0 and 1 < high <= 255 else "scale it to 0..255, then use .astype(np.uint8)"
    raise ImageError(f"{name}: {expected}, got {values.dtype} from {low} to {high}", hint=hint)


def _hashed(image: Image.Image, limit: int, name: str) -> Picture:
    digest = hashlib.sha256(f"{image.width}x{image.height} RGB\0".encode())
    digest.update(image.tobytes())
    return Picture(image, image.width, image.height, digest.hexdigest())


def _too_large(got: str, limit: int, name: str) -> ImageError:
    hint = "scale it down, or raise images.max_megapixels in the configuration"
    return ImageError(f"{name}: expected at most {limit / 1e6:g} megapixels, got {got}", hint=hint)


def _what(data: bytes) -> tuple[str, str]:
    """What the bytes of an unreadable file seem to be, and what to do."""
    if data[4:8] == b"ftyp" and data[8:12] in _HEIF_BRANDS:
        return "HEIC, which needs a plugin", "pip install pillow-heif"
    for start, what, hint in _SIGNATURES:
        if data.startswith(start):
            return what, hint
    head = data[:64].lstrip().lower()
    if head.startswith((b"<svg", b"<?xml")):
        return "a vector drawing (SVG) or other XML", "export it as PNG"
    if head.startswith((b"<!doctype html", b"<html")):
        return "a web page", "the download has failed; get the picture again"
    if _is_text(data[:512]):
        return "text", "check the file: its name may be wrong, or a download has failed"
    return "an unknown format", "convert it to JPEG, PNG or WebP"


def _is_text(head: bytes) -> bool:
    return all(byte >= 0x20 or byte in b"\t\n\r\f" for byte in head) and b"\xff" not in head


def _enable_heif(data: bytes) -> None:
    """Let Pillow read HEIC through pillow-heif where that is installed."""
    if data[4:8] == b"ftyp" and "HEIF" not in Image.OPEN and importlib.util.find_spec("pillow_heif"):
        importlib.import_module("pillow_heif").register_heif_opener()


@contextmanager
def quietly(limit: int) -> Iterator[None]:
    """Pillow without warnings, with our limit, refusing what was cut short. Alone, for these switches are global."""
    with _LOCK:
        before = Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES
        Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES = limit, False
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                yield
        finally:
            Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES = before
