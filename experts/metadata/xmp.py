"""Fields of an XMP packet (ISO 16684-1) that say something of the picture: Dublin Core, Photoshop, IPTC Core and Extension, Exif.

Entities can make a small packet enormous and read files of the machine. XMP needs none, so a packet that declares any is not
parsed at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree import ElementTree

LONGEST = 1 << 20
"""Bytes of a packet: the main packet of a JPEG cannot hold more than 64 KiB."""

_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_PHOTOSHOP = "{http://ns.adobe.com/photoshop/1.0/}"
_IPTC = "{http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/}"
_EXTENSION = "{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}"
_EXIF = "{http://ns.adobe.com/exif/1.0/}"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_LISTS = frozenset({f"{_RDF}Bag", f"{_RDF}Seq", f"{_RDF}Alt"})
_DECLARES = re.compile(r"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
_BLANK = "\0 \r\n\t"
# At the start only: a search further on would take quadratic time where there are many that do not end.
_DECLARATION = re.compile(r"\A<\?xml[^>]*\?>")
_PLACES = {
    "sublocation": f"{_IPTC}Location",
    "city": f"{_PHOTOSHOP}City",
    "state": f"{_PHOTOSHOP}State",
    "country": f"{_PHOTOSHOP}Country",
}


@dataclass(frozen=True)
class Xmp:
    """What a packet says; empty where it says nothing. `alt_text` and `long_text` are for people who do not see the picture,
    `gps` is latitude and longitude as written."""

    description: str = ""
    headline: str = ""
    title: str = ""
    date: str = ""
    keywords: tuple[str, ...] = ()
    places: dict[str, str] = field(default_factory=dict)
    alt_text: str = ""
    long_text: str = ""
    people: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    gps: tuple[str, str] = ("", "")


def xmp_fields(packet: bytes) -> Xmp:
    """The fields of a packet; of texts in several languages the English one, else the default, else the first.

    Raises:
        ValueError: it is too long, declares entities, or is no XML (`ElementTree.ParseError` is a SyntaxError).
    """
    if len(packet) > LONGEST:
        raise ValueError(f"XMP: expected at most {LONGEST} bytes, got {len(packet)}")
    if not packet.strip(_BLANK.encode()):
        return Xmp()
    text = _decoded(packet)
    if _DECLARES.search(text):
        raise ValueError("XMP: expected no entities, got a packet that declares some")
    values = _values(ElementTree.fromstring(text))
    date = _one(values, f"{_EXIF}DateTimeOriginal") or _one(values, f"{_PHOTOSHOP}DateCreated")
    return Xmp(
        description=_one(values, f"{_DC}description"),
        headline=_one(values, f"{_PHOTOSHOP}Headline"),
        title=_one(values, f"{_DC}title"),
        date=date,
        keywords=tuple(text for _, text in values.get(f"{_DC}subject", [])),
        places={name: place for name, key in _PLACES.items() if (place := _one(values, key))},
        alt_text=_one(values, f"{_IPTC}AltTextAccessibility"),
        long_text=_one(values, f"{_IPTC}ExtDescrAccessibility"),
        people=tuple(text for _, text in values.get(f"{_EXTENSION}PersonInImage", [])),
        events=tuple(filter(None, [_one(values, f"{_EXTENSION}Event")])),
        gps=(_one(values, f"{_EXIF}GPSLatitude"), _one(values, f"{_EXIF}GPSLongitude")),
    )


def _decoded(packet: bytes) -> str:
    wide = packet[:2] in (b"\xff\xfe", b"\xfe\xff")
    text = packet.decode("utf-16" if wide else "utf-8-sig", "replace")
    # A declaration of the encoding no longer holds for text, and ElementTree refuses it.
    return _DECLARATION.sub("", text.lstrip(_BLANK), count=1).strip(_BLANK)


def _values(root: ElementTree.Element) -> dict[str, list[tuple[str, str]]]:
    """Language and text of each property, whether it is written as an attribute, as text, or as a list.

    Only descriptions that stand directly in rdf:RDF are looked at: inner ones are parts of a property, and a search at
    every depth would take quadratic time where they are nested.
    """
    found: dict[str, list[tuple[str, str]]] = {}
    rdf = next(root.iter(f"{_RDF}RDF"), None)
    for description in rdf.findall(f"{_RDF}Description") if rdf is not None else []:
        for name, text in description.attrib.items():
            found.setdefault(name, []).extend([("", text.strip())] if text.strip() else [])
        for element in description:
            found.setdefault(element.tag, []).extend(_texts(element))
    return found


def _texts(element: ElementTree.Element) -> Iterator[tuple[str, str]]:
    """Language and text of the items of a list (rdf:Bag, rdf:Seq or rdf:Alt), or of the element itself."""
    lists = [child for child in element if child.tag in _LISTS]
    items = [item for one in lists for item in one.iterfind(f"{_RDF}li")] if lists else [element]
    yield from ((item.get(_LANGUAGE, ""), text) for item in items if (text := (item.text or "").strip()))


def _one(values: dict[str, list[tuple[str, str]]], name: str) -> str:
    texts = values.get(name, [])
    best = sorted(texts, key=lambda one: (not one[0].lower().startswith("en"), one[0] != "x-default"))
    return best[0][1] if best else ""
