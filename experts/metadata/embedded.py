"""What is written in the file of a picture, gathered from Exif, IPTC, XMP and the texts of PNG. No pixel is decoded.

Files come from strangers: nothing in them may break the run, so what cannot be read is left out, field by field.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from email.utils import parsedate
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

from PIL import ExifTags, Image, IptcImagePlugin

from experts.metadata.png import PngTexts, png_texts
from experts.metadata.xmp import Xmp, xmp_fields
from fusion.images import quietly

Read = TypeVar("Read")

_FORMATS = ("JPEG", "MPO", "WEBP", "GIF", "BMP", "TIFF", "PPM", "AVIF", "JPEG2000", "HEIF")
_HEADER_ONLY = 1 << 40
"""Pixels: how large a picture is does not matter where none is decoded."""
_LONGEST_NAME = 100
"""Characters of a place or a camera; what is longer is no name."""
_LONGEST_FIELD = 20_000
_FIRST_PHOTO = 1826
_DATE = re.compile(r"\s*(\d{4})[:/.-]?(\d\d)[:/.-]?(\d\d)(?!\d)")
# The hour behind a date: "10:12:13" in Exif, "T10:12" in ISO 8601, "T101213+0100" as IPTC has it. UTC is no local time.
_TIME = re.compile(r"[T ]([01]\d|2[0-3]):?([0-5]\d):?([0-5]\d)?(?:\.\d+)?\s*(Z|[+-]00:?00)?")
_XMP_ANGLE = re.compile(r"\s*(\d+),(\d+(?:\.\d+)?)(?:,(\d+(?:\.\d+)?))?([NSEW])\s*", re.IGNORECASE)
_CHARSETS = {b"ASCII\0\0\0": "utf-8", b"UNICODE\0": "utf-16", b"JIS\0\0\0\0\0": "iso2022_jp", b"\0" * 8: "utf-8"}

_CITY, _SUBLOCATION, _STATE, _COUNTRY = (2, 90), (2, 92), (2, 95), (2, 101)
_IPTC_PLACES = {"sublocation": _SUBLOCATION, "city": _CITY, "state": _STATE, "country": _COUNTRY}
_IPTC_HEADLINE, _IPTC_CAPTION, _IPTC_KEYWORDS, _IPTC_NAME = (2, 105), (2, 120), (2, 25), (2, 5)
_IPTC_DATE, _IPTC_TIME = (2, 55), (2, 60)

Iptc = Mapping[tuple[int, int], Any]


@dataclass(frozen=True)
class _Exif:
    """The tags of the three directories that are read."""

    base: Mapping[int, Any] = field(default_factory=dict)
    inner: Mapping[int, Any] = field(default_factory=dict)
    gps: Mapping[int, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Embedded:
    """What a file says of its picture. `places` by what they are, the smallest first; `gps` degrees north and east; `hour` of
    the day, local time; `people` in the picture and the `events` it was taken at, by name."""

    date: date | None = None
    hour: int | None = None
    places: dict[str, str] = field(default_factory=dict)
    gps: tuple[float, float] | None = None
    camera: str = ""
    captions: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    events: tuple[str, ...] = ()


def read(path: Path) -> Embedded:
    """The metadata of a file; what is broken or absent is left out.

    Raises:
        OSError: the file cannot be read, or is no picture of a known format.
    """
    with path.open("rb") as stream:
        png = png_texts(stream)
        stream.seek(0)
        exif, iptc, packet = _of_png(png) if png is not None else _of_other(stream)
    # Parsed here and not above, for in there no other thread can open a picture.
    xmp = _or(lambda: xmp_fields(packet), Xmp())
    return _gather(exif, iptc, xmp, png or PngTexts())


def _of_png(png: PngTexts) -> tuple[_Exif, Iptc, bytes]:
    with quietly(_HEADER_ONLY):
        return _or(lambda: _tags(_exif_of(png.exif)), _Exif()), {}, png.xmp


def _of_other(stream: BinaryIO) -> tuple[_Exif, Iptc, bytes]:
    """Exif, IPTC and the XMP packet of what Pillow opens."""
    known = [name for name in _FORMATS if name in Image.OPEN]
    with quietly(_HEADER_ONLY), Image.open(stream, formats=known) as image:
        exif = _or(lambda: _tags(image.getexif()), _Exif())
        iptc: Iptc = _or(lambda: IptcImagePlugin.getiptcinfo(image) or {}, {})
        return exif, iptc, _or(lambda: _bytes(image.info.get("xmp")), b"")


def _or(get: Callable[[], Read], default: Read) -> Read:
    """What `get` gives, the default where the file is broken there."""
    try:
        return get()
    except Exception:  # noqa: BLE001 - damaged metadata raises nearly anything, and all mean the same
        return default


def _exif_of(data: bytes) -> Image.Exif:
    exif = Image.Exif()
    exif.load(data if data.startswith(b"Exif\0\0") else b"Exif\0\0" + data)
    return exif


def _tags(exif: Image.Exif) -> _Exif:
    """All tags at once, as Pillow reads them from the file when they are asked for."""
    return _Exif(
        base=_or(lambda: dict(exif), {}),
        inner=_or(lambda: dict(exif.get_ifd(ExifTags.IFD.Exif)), {}),
        gps=_or(lambda: dict(exif.get_ifd(ExifTags.IFD.GPSInfo)), {}),
    )


def _gather(exif: _Exif, iptc: Iptc, xmp: Xmp, png: PngTexts) -> Embedded:
    base, inner, tags = exif.base, exif.inner, ExifTags.Base
    stamp = f"{_iptc(iptc, _IPTC_DATE)}T{_iptc(iptc, _IPTC_TIME)}"
    dates = [inner.get(tags.DateTimeOriginal), stamp, xmp.date, _of_mail(png.texts.get("Creation Time", ""))]
    when = next((one for one in dates if _day(one)), None)
    titles = [
        _text(base.get(tags.ImageDescription)), _iptc(iptc, _IPTC_CAPTION), xmp.description, png.texts.get("Description", ""),
        _iptc(iptc, _IPTC_HEADLINE), xmp.headline, xmp.title, _wide(base.get(tags.XPTitle)), png.texts.get("Title", ""),
        _iptc(iptc, _IPTC_NAME), _wide(base.get(tags.XPSubject)),
        _wide(base.get(tags.XPComment)), _or(lambda: _comment(inner.get(tags.UserComment)), ""), png.texts.get("Comment", ""),
        xmp.alt_text, xmp.long_text,
    ]  # fmt: skip
    keywords = [*_iptc_list(iptc, _IPTC_KEYWORDS), *xmp.keywords, *_split(_wide(base.get(tags.XPKeywords)), ";")]
    return Embedded(
        date=_day(when),
        hour=_hour(when),
        places=_places(iptc, xmp),
        gps=_or(lambda: _degrees(exif.gps), None) or _or(lambda: _xmp_degrees(xmp.gps), None),
        camera=_camera(_text(base.get(tags.Make)), _text(base.get(tags.Model))),
        captions=tuple(title for title in titles if title),
        keywords=(*keywords, *_split(png.texts.get("Keywords", ""), ",")),
        people=tuple(filter(_is_name, map(plain, xmp.people))),
        events=tuple(filter(_is_name, map(plain, xmp.events))),
    )


# Text of many encodings


def _bytes(value: Any) -> bytes:
    return value.encode("utf-8") if isinstance(value, str) else bytes(value or b"")


def plain(text: str) -> str:
    """Text without what no reader sees: control characters, lone surrogates, blanks around it."""
    head = text[:_LONGEST_FIELD].encode("utf-8", "ignore").decode()
    return "".join(c if c.isprintable() or c in "\n\t" else " " for c in head.replace("\0", "")).strip()


def decoded(data: bytes) -> str:
    """Bytes of an unknown encoding: UTF-8 if they are that, else the Western code page that most programs mean."""
    try:
        return plain(data.decode("utf-8"))
    except UnicodeDecodeError:
        return plain(data.decode("cp1252", "ignore"))


def _text(value: Any) -> str:
    """A text of Exif, which is ASCII by the standard and anything else in files; Pillow reads it as Latin-1."""
    if isinstance(value, bytes):
        return decoded(value[:_LONGEST_FIELD])
    if not isinstance(value, str):
        return ""
    head = value[:_LONGEST_FIELD]
    return _or(lambda: decoded(head.encode("latin-1")), plain(head))


def _wide(value: Any) -> str:
    """A field that Windows writes, UTF-16 with a zero at the end, as bytes or numbers."""
    if isinstance(value, tuple | list):
        value = _or(lambda: bytes(value), b"")
    return plain(value[: 2 * _LONGEST_FIELD].decode("utf-16-le", "ignore")) if isinstance(value, bytes) else ""


def _comment(value: Any) -> str:
    """A UserComment of Exif: eight bytes name the encoding."""
    if not isinstance(value, bytes) or value[:8] not in _CHARSETS:
        return ""
    encoding, body = _CHARSETS[value[:8]], value[8 : 2 * _LONGEST_FIELD]
    return decoded(body) if encoding == "utf-8" else plain(body.decode(encoding, "ignore"))


def _iptc_list(iptc: Iptc, key: tuple[int, int]) -> list[str]:
    value = iptc.get(key, [])
    parts = value if isinstance(value, list) else [value]
    return [text for part in parts if isinstance(part, bytes) and (text := decoded(part[:_LONGEST_FIELD]))]


def _iptc(iptc: Iptc, key: tuple[int, int]) -> str:
    return next(iter(_iptc_list(iptc, key)), "")


def _split(text: str, sign: str) -> list[str]:
    return [part.strip() for part in text.split(sign) if part.strip()]


# What the fields mean


def _day(value: Any) -> date | None:
    """The day of a date as Exif ("2019:07:14 10:00:00"), IPTC ("20190714") or ISO 8601 writes it."""
    match = _DATE.match(value if isinstance(value, str) else "")
    if not match:
        return None
    year, month, day = map(int, match.groups())
    # The first second of a year is what a camera's clock starts from that nobody has set.
    unset = (month, day) == (1, 1) and "00:00:00" in str(value)
    return _or(lambda: date(year, month, day), None) if year >= _FIRST_PHOTO and not unset else None


def _hour(value: Any) -> int | None:
    """The hour of a date; None where there is none, where it is UTC, and at the stroke of midnight, which is written for none."""
    match = _TIME.search(value if isinstance(value, str) else "")
    if not match or match[4]:
        return None
    hour, minute, second = int(match[1]), int(match[2]), int(match[3] or 0)
    return hour if hour or minute or second else None


def _of_mail(value: str) -> str:
    """A date as mail has it ("Sun, 14 Jul 2019 10:12:13 +0200"), which the PNG standard asks for, as ISO 8601; others as is."""
    found = _or(lambda: parsedate(value), None)
    if found is None or _DATE.match(value):
        return value
    year, month, day, hour, minute, second, *_ = found
    zone = "Z" if value.rstrip().endswith(("GMT", "UTC", "Z", "0000")) else ""
    return f"{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{zone}"


def _places(iptc: Iptc, xmp: Xmp) -> dict[str, str]:
    found = {name: _iptc(iptc, key) or xmp.places.get(name, "") for name, key in _IPTC_PLACES.items()}
    return {name: place for name, place in found.items() if _is_name(place)}


def _is_name(text: str) -> bool:
    return len(text) <= _LONGEST_NAME and any(character.isalpha() for character in text)


def _camera(make: str, model: str) -> str:
    """Make and model as people say them: "Canon" and "Canon EOS 5D" are "Canon EOS 5D"."""
    first = make.split(" ")[0]
    whole = model if model.casefold().startswith(first.casefold()) else f"{first} {model}"
    return " ".join(whole.split()) if model and _is_name(whole) else ""


def _degrees(gps: Mapping[int, Any]) -> tuple[float, float] | None:
    """Degrees north and east, five decimals (a metre); None without a fix."""
    north = _angle(gps.get(ExifTags.GPS.GPSLatitude), gps.get(ExifTags.GPS.GPSLatitudeRef), "S")
    east = _angle(gps.get(ExifTags.GPS.GPSLongitude), gps.get(ExifTags.GPS.GPSLongitudeRef), "W")
    if north is None or east is None or abs(north) > 90 or abs(east) > 180:
        return None
    return (north, east) if (north, east) != (0, 0) else None  # what a receiver writes that has found no satellites


def _xmp_degrees(gps: tuple[str, str]) -> tuple[float, float] | None:
    """As XMP writes them: "54,29.15N" or "54,29,9N", degrees, minutes and seconds with the side behind."""
    matches = [_XMP_ANGLE.fullmatch(text) for text in gps]
    sides = {"N": ExifTags.GPS.GPSLatitude, "S": ExifTags.GPS.GPSLatitude, "E": ExifTags.GPS.GPSLongitude}
    tags: dict[int, Any] = {}
    for match in matches:
        if match is None:
            return None
        tag = sides.get(match[4].upper(), ExifTags.GPS.GPSLongitude)
        tags[tag], tags[tag - 1] = match.groups("0")[:3], match[4]  # the tag of the side comes before that of the number
    return _degrees(tags)


def _angle(parts: Iterable[Any] | None, side: Any, minus: str) -> float | None:
    if parts is None:
        return None
    degrees = math.fsum(float(part) / 60**place for place, part in enumerate(parts))
    if not math.isfinite(degrees):
        return None
    return round(-degrees if _text(side).upper().startswith(minus) else degrees, 5)
