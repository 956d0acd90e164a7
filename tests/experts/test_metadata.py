"""What stands in the file of a picture, on files made here; broken and hostile ones do no harm."""

from __future__ import annotations

import struct
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import ExifTags, Image, PngImagePlugin

from experts.metadata import LONGEST_CAPTION, Metadata, says_something
from experts.metadata.xmp import xmp_fields
from fusion import images
from fusion.errors import ExpertError
from fusion.testing import sample, solid_image

TAGS, GPS = ExifTags.Base, ExifTags.GPS


def exif(base=None, inner=None, gps=None):
    block = Image.Exif()
    block.update(base or {})
    for ifd, values in ((ExifTags.IFD.Exif, inner), (ExifTags.IFD.GPSInfo, gps)):
        if values:
            block.get_ifd(ifd).update(values)
    return block.tobytes()


def iptc(*fields):
    """An IPTC-IIM block as Photoshop keeps it in a JPEG."""
    records = b"".join(b"\x1c" + bytes(key) + struct.pack(">H", len(data)) + data for key, data in fields)
    padded = records + b"\0" * (len(records) % 2)
    block = b"Photoshop 3.0\0" + b"8BIM\x04\x04\0\0" + struct.pack(">I", len(records)) + padded
    return b"\xff\xed" + struct.pack(">H", len(block) + 2) + block


def xmp(body="", attributes="", prolog=""):
    spaces = {
        "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "dc": "http://purl.org/dc/elements/1.1/",
        "photoshop": "http://ns.adobe.com/photoshop/1.0/",
        "Iptc4xmpCore": "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/",
        "exif": "http://ns.adobe.com/exif/1.0/",
        "Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
    }
    names = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in spaces.items())
    inside = f'<rdf:RDF><rdf:Description rdf:about="" {attributes}>{body}</rdf:Description></rdf:RDF>'
    return f'{prolog}<x:xmpmeta xmlns:x="adobe:ns:meta/" {names}>{inside}</x:xmpmeta>'.encode()


def alt(name, **texts):
    items = "".join(f'<rdf:li xml:lang="{lang.replace("_", "-")}">{text}</rdf:li>' for lang, text in texts.items())
    return f"<{name}><rdf:Alt>{items}</rdf:Alt></{name}>"


@pytest.fixture
def jpeg(tmp_path):
    """Writes a JPEG with metadata and looks at it."""

    def make(exif=b"", iptc=b"", xmp=b"", **options):
        file = tmp_path / "p.jpg"
        solid_image().save(file, exif=exif, **({"xmp": xmp} if xmp else {}))
        data = file.read_bytes()
        file.write_bytes(data[:2] + iptc + data[2:])
        return look(file, **options)

    return make


@pytest.fixture
def png(tmp_path):
    """Writes a PNG with texts and looks at it."""

    def make(texts=(), **options):
        info = PngImagePlugin.PngInfo()
        for key, value, method in texts:
            getattr(info, method)(key, value)
        file = tmp_path / "p.png"
        solid_image().save(file, pnginfo=info, **options)
        return look(file)

    return make


def look(file, **options):
    return Metadata(**options).look(sample(solid_image(), id="p", path=file.name, file=str(file)))


def said(facts, kind=None):
    return [fact.value for fact in facts if kind in (None, fact.kind)]


# Dates


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param("2019:07:14 10:12:13", ["2019-07-14", "July 2019"], id="as the standard has it"),
        pytest.param("2019-07-14T10:12:13Z", ["2019-07-14", "July 2019"], id="ISO 8601"),
        pytest.param("0000:00:00 00:00:00", [], id="zeros"),
        pytest.param("    :  :     :  :  ", [], id="blanks"),
        pytest.param("2019:02:30 10:12:13", [], id="no such day"),
        pytest.param("2000:01:01 00:00:00", [], id="a clock that nobody has set"),
        pytest.param("2000:01:01 09:30:00", ["2000-01-01", "January 2000"], id="a real new year"),
        pytest.param("1066:10:14 00:00:00", [], id="before photography"),
        pytest.param("yesterday", [], id="words"),
    ],
)
def test_the_date_it_was_taken(jpeg, value, expected):
    assert said(jpeg(exif({}, {TAGS.DateTimeOriginal: value})), "name") == expected


def test_the_month_is_made_from_the_day(jpeg):
    day, month, *_ = jpeg(exif({}, {TAGS.DateTimeOriginal: "2019:07:14 10:12:13"}))
    assert (day.kind, day.data) == ("name", {"field": "date"})
    assert (month.parent, month.data) == (day.id, {"field": "month"})


def test_the_date_it_was_edited_is_none(jpeg):
    assert jpeg(exif({TAGS.DateTime: "2019:07:14 10:12:13"})) == []


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({"iptc": iptc(((2, 55), b"20190714"))}, id="IPTC"),
        pytest.param({"xmp": xmp("<exif:DateTimeOriginal>2019-07-14T10:00:00</exif:DateTimeOriginal>")}, id="XMP"),
        pytest.param({"xmp": xmp(attributes='photoshop:DateCreated="2019-07-14"')}, id="XMP as an attribute"),
    ],
)
def test_the_date_from_elsewhere(jpeg, options):
    assert said(jpeg(**options), "name") == ["2019-07-14", "July 2019"]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2019:07:14 10:12:13", ["morning"]),
        ("2019:07:14 16:59:59", ["afternoon"]),
        ("2019:07:14 17:00:00", ["evening"]),
        ("2019:07:14 23:00:00", ["night"]),
        ("2019:07:14 04:59:00", ["night"]),
        ("2019:07:14 00:00:00", []),
        ("2019:07:14", []),
        ("2019-07-14T10:12:13Z", []),
        ("2019-07-14T10:12:13+00:00", []),
        ("2019-07-14T10:12:13+02:00", ["morning"]),
        ("2019:07:14 99:12:13", []),
    ],
)
def test_the_time_of_day(jpeg, value, expected):
    scenes = [fact for fact in jpeg(exif({}, {TAGS.DateTimeOriginal: value})) if fact.kind == "scene"]
    assert said(scenes) == expected
    assert all((fact.parent, fact.data) == ("date", {"field": "time of day"}) for fact in scenes)


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({"iptc": iptc(((2, 55), b"20190714"), ((2, 60), b"101213+0100"))}, id="IPTC"),
        pytest.param({"xmp": xmp("<exif:DateTimeOriginal>2019-07-14T10:12+01:00</exif:DateTimeOriginal>")}, id="XMP"),
    ],
)
def test_the_time_from_elsewhere(jpeg, options):
    assert said(jpeg(**options), "scene") == ["morning"]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Sun, 14 Jul 2019 10:12:13 +0200", ["2019-07-14", "July 2019", "morning"]),
        ("Sun, 14 Jul 2019 10:12:13 GMT", ["2019-07-14", "July 2019"]),
        ("2019-07-14T10:12:13", ["2019-07-14", "July 2019", "morning"]),
        ("last Sunday", []),
    ],
)
def test_the_creation_time_of_a_png(png, written, expected):
    assert said(png([("Creation Time", written, "add_text")])) == expected


def located(north, east, when="2019:01:14 10:12:13"):
    """An Exif block with a date and coordinates in whole degrees."""
    sides = {GPS.GPSLatitudeRef: "S" if north < 0 else "N", GPS.GPSLongitudeRef: "W" if east < 0 else "E"}
    degrees = {GPS.GPSLatitude: (abs(north), 0.0, 0.0), GPS.GPSLongitude: (abs(east), 0.0, 0.0)}
    return exif({}, {TAGS.DateTimeOriginal: when}, sides | degrees)


@pytest.mark.parametrize(
    ("north", "month", "expected"),
    [
        (54.0, 1, "winter"), (54.0, 3, "spring"), (54.0, 6, "summer"), (54.0, 11, "autumn"), (54.0, 12, "winter"),
        (-34.0, 1, "summer"), (-34.0, 4, "autumn"), (-34.0, 7, "winter"), (-34.0, 10, "spring"),
        (20.0, 1, None), (-20.0, 1, None), (None, 1, None),
    ],
)  # fmt: skip
def test_the_season_where_the_hemisphere_is_known(jpeg, north, month, expected):
    when = f"2019:{month:02}:14 00:00:00"
    block = exif({}, {TAGS.DateTimeOriginal: when}) if north is None else located(north, -30.0, when)
    scenes = [fact for fact in jpeg(block) if fact.kind == "scene"]
    assert said(scenes) == ([expected] if expected else [])
    assert all((fact.parent, fact.data) == ("date", {"field": "season"}) for fact in scenes)


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ('exif:GPSLatitude="54,29.15N" exif:GPSLongitude="0,37.23W"', [54.48583, -0.6205]),
        ('exif:GPSLatitude="33,51,36S" exif:GPSLongitude="151,12,0E"', [-33.86, 151.2]),
        ('exif:GPSLatitude="54,29.15N"', None),
        ('exif:GPSLatitude="north" exif:GPSLongitude="west"', None),
    ],
)
def test_coordinates_in_xmp(jpeg, attributes, expected):
    first, *_ = jpeg(xmp=xmp(attributes=f'{attributes} photoshop:DateCreated="2019-07-14"'), gps=True)
    assert first.data.get("gps") == expected


# Places and cameras

YORK = xmp(attributes='photoshop:Country="England" photoshop:City="York"')


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({"iptc": iptc(((2, 101), b"England"), ((2, 90), b"Whitby"))}, id="IPTC"),
        pytest.param({"xmp": xmp(attributes='photoshop:Country="England" photoshop:City="Whitby"')}, id="XMP"),
        pytest.param({"iptc": iptc(((2, 90), b"Whitby")), "xmp": YORK}, id="IPTC before XMP"),
    ],
)  # fmt: skip
def test_places_smallest_first(jpeg, options):
    assert [(fact.value, fact.data["field"]) for fact in jpeg(**options)] == [("Whitby", "city"), ("England", "country")]


@pytest.mark.parametrize(
    ("make", "model", "expected"),
    [
        ("Canon", "Canon EOS 5D", ["Canon EOS 5D"]),
        ("NIKON CORPORATION", "NIKON D90", ["NIKON D90"]),
        ("Apple", "iPhone 6", ["Apple iPhone 6"]),
        ("OLYMPUS IMAGING CORP.  ", "E-510  ", ["OLYMPUS E-510"]),
        ("", "DMC-FZ50", ["DMC-FZ50"]),
        ("Canon", "", []),
        ("x" * 300, "y" * 300, []),
        ("", "123", []),
    ],
)
def test_the_camera_as_people_say_it(jpeg, make, model, expected):
    assert said(jpeg(exif({TAGS.Make: make, TAGS.Model: model}))) == expected


@pytest.mark.parametrize(
    ("north", "east", "sides", "expected"),
    [
        pytest.param((54.0, 29.0, 9.0), (0.0, 37.0, 14.0), "NW", [54.48583, -0.62056], id="north and west"),
        pytest.param((33.0, 51.0, 0.0), (151.0, 12.0, 0.0), "SE", [-33.85, 151.2], id="south and east"),
        pytest.param((0.0, 0.0, 0.0), (0.0, 0.0, 0.0), "NE", None, id="no fix"),
        pytest.param((95.0, 0.0, 0.0), (0.0, 37.0, 0.0), "NE", None, id="beyond the pole"),
    ],
)
def test_coordinates_are_data_of_the_first_fact_where_they_are_asked_for(jpeg, north, east, sides, expected):
    gps = {GPS.GPSLatitudeRef: sides[0], GPS.GPSLatitude: north, GPS.GPSLongitudeRef: sides[1], GPS.GPSLongitude: east}
    block = exif({TAGS.Model: "E-510"}, {TAGS.DateTimeOriginal: "2019:07:14 10:12:13"}, gps)
    first, *others = jpeg(block, gps=True)
    assert first.data.get("gps") == expected
    assert not any("gps" in fact.data for fact in others)
    assert not any("gps" in fact.data for fact in jpeg(block))


# Captions and keywords

CAPTION = "Our dog on the beach"
BAG = "<dc:subject><rdf:Bag><rdf:li>Dog</rdf:li><rdf:li>Beach</rdf:li></rdf:Bag></dc:subject>"


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({"exif": exif({TAGS.ImageDescription: CAPTION})}, id="ImageDescription of Exif"),
        pytest.param({"exif": exif({TAGS.XPComment: CAPTION.encode("utf-16-le") + b"\0\0"})}, id="XPComment of Windows"),
        pytest.param({"exif": exif({TAGS.XPTitle: CAPTION.encode("utf-16-le")})}, id="XPTitle of Windows"),
        pytest.param({"exif": exif({}, {TAGS.UserComment: b"ASCII\0\0\0" + CAPTION.encode()})}, id="UserComment"),
        pytest.param({"exif": exif({}, {TAGS.UserComment: b"UNICODE\0" + CAPTION.encode("utf-16")})}, id="UserComment in UTF-16"),
        pytest.param({"iptc": iptc(((2, 120), CAPTION.encode()))}, id="Caption/Abstract of IPTC"),
        pytest.param({"iptc": iptc(((2, 105), CAPTION.encode()))}, id="Headline of IPTC"),
        pytest.param({"xmp": xmp(alt("dc:description", x_default=CAPTION))}, id="dc:description"),
        pytest.param({"xmp": xmp(alt("dc:description", de="Unser Hund", en_GB=CAPTION, x_default="Hund"))}, id="the English one"),
        pytest.param({"xmp": xmp(alt("dc:title", fr=CAPTION))}, id="dc:title"),
        pytest.param({"xmp": xmp(attributes=f'photoshop:Headline="{CAPTION}"')}, id="photoshop:Headline"),
        pytest.param({"xmp": b"\xef\xbb\xbf" + xmp(alt("dc:description", en=CAPTION))}, id="with a byte order mark"),
        pytest.param({"xmp": xmp(alt("dc:description", en=CAPTION)).decode().encode("utf-16")}, id="XMP in UTF-16"),
        pytest.param({"exif": exif({TAGS.XPSubject: CAPTION.encode("utf-16-le")})}, id="XPSubject of Windows"),
        pytest.param({"iptc": iptc(((2, 5), CAPTION.encode()))}, id="Object Name of IPTC"),
        pytest.param({"xmp": xmp(alt("Iptc4xmpCore:AltTextAccessibility", en=CAPTION))}, id="alt text"),
        pytest.param({"xmp": xmp(alt("Iptc4xmpCore:ExtDescrAccessibility", en=CAPTION))}, id="a long description"),
        pytest.param(
            {"exif": exif({TAGS.ImageDescription: CAPTION}), "iptc": iptc(((2, 120), CAPTION.upper().encode()))}, id="twice"
        ),
    ],
)
def test_a_caption_is_a_statement(jpeg, options):
    (fact,) = jpeg(**options)
    assert (fact.kind, fact.value, fact.data) == ("statement", CAPTION, {"field": "caption"})


@pytest.mark.parametrize(
    ("texts", "options"),
    [
        pytest.param([("Description", CAPTION, "add_text")], {}, id="tEXt"),
        pytest.param([("Description", CAPTION, "add_itxt")], {}, id="iTXt"),
        pytest.param([("Title", CAPTION, "add_text")], {}, id="Title"),
        pytest.param([("Comment", CAPTION, "add_text")], {}, id="Comment"),
        pytest.param([("XML:com.adobe.xmp", xmp(alt("dc:description", en=CAPTION)).decode(), "add_itxt")], {}, id="XMP"),
        pytest.param([], {"exif": exif({TAGS.ImageDescription: CAPTION})}, id="eXIf"),
    ],
)
def test_a_caption_in_a_png(png, texts, options):
    assert said(png(texts, **options), "statement") == [CAPTION]


@pytest.mark.parametrize("suffix", ["webp", "tif"])
def test_other_formats(tmp_path, suffix):
    file = tmp_path / f"p.{suffix}"
    solid_image().save(file, exif=exif({TAGS.ImageDescription: CAPTION}))
    assert said(look(file)) == [CAPTION]


@pytest.mark.parametrize("data", [b"Caf\xc3\xa9 Gr\xc3\xbcn", b"Caf\xe9 Gr\xfcn"], ids=["UTF-8", "Latin-1"])
def test_encodings_are_told_apart(jpeg, data):
    assert said(jpeg(iptc=iptc(((2, 120), data)))) == ["Café Grün"]
    placeholder = "x" * len(data)  # Pillow writes question marks for what is not ASCII
    assert said(jpeg(exif({TAGS.ImageDescription: placeholder}).replace(placeholder.encode(), data))) == ["Café Grün"]


@pytest.mark.parametrize(
    ("caption", "kept"),
    [
        ("OLYMPUS DIGITAL CAMERA         ", False),
        ("SONY DSC", False),
        ("DCIM\\100GOPRO", False),
        ("KODAK Digital Still Camera", False),
        ("MINOLTA DIGITAL CAMERA", False),
        ("SAMSUNG CAMERA PICTURES", False),
        ("Exif_JPEG_PICTURE", False),
        ("<KENOX S1060  / Samsung S1060>", False),
        ("Processed with VSCO with c1 preset", False),
        ("Created with GIMP", False),
        ("DSC_0123", False),
        ("IMG_20190714_101213", False),
        ("holiday.JPG", False),
        ("untitled", False),
        ("12345", False),
        (" ... ", False),
        ("A digital camera on a table", True),
        ("Picture of Whitby harbour", True),
        ("Whitby", True),
        ("犬がいる", True),
    ],
)
def test_what_cameras_write_is_no_caption(caption, kept):
    assert says_something(caption) is kept


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({"iptc": iptc(((2, 25), b"dog"), ((2, 25), b"Beach"), ((2, 25), b"dog"))}, id="IPTC"),
        pytest.param({"iptc": iptc(((2, 25), b"dog")), "xmp": xmp(BAG)}, id="IPTC and XMP"),
        pytest.param({"exif": exif({TAGS.XPKeywords: "dog; Beach;".encode("utf-16-le")})}, id="XPKeywords"),
    ],
)  # fmt: skip
def test_keywords_are_tags_each_once(jpeg, options):
    facts = jpeg(**options)
    assert said(facts, "tag") == ["dog", "Beach"]
    assert all(fact.data == {"field": "keyword"} for fact in facts)


def test_people_and_the_event_are_names(jpeg):
    people = "<rdf:Bag><rdf:li>Ada</rdf:li><rdf:li>Grace</rdf:li><rdf:li>Ada</rdf:li></rdf:Bag>"
    event = alt("Iptc4xmpExt:Event", x_default="Regatta")
    facts = jpeg(xmp=xmp(f"<Iptc4xmpExt:PersonInImage>{people}</Iptc4xmpExt:PersonInImage>{event}"))
    assert [(fact.kind, fact.value, fact.data["field"]) for fact in facts] == [
        ("name", "Ada", "person"),
        ("name", "Grace", "person"),
        ("name", "Regatta", "event"),
    ]


# Files from strangers

ENTITIES = (f"<!ENTITY {b} '{f'&{a};' * 10}'>" for a, b in zip("abcdef", "bcdefg", strict=True))
BOMB = f"<!DOCTYPE x [<!ENTITY a 'ha'>{''.join(ENTITIES)}]>"
FILE = '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    "packet",
    [
        pytest.param(xmp(alt("dc:description", en="&g;"), prolog=BOMB), id="entities in entities"),
        pytest.param(xmp(alt("dc:title", en="&f;"), prolog=FILE), id="a file of the machine"),
        pytest.param(xmp(alt("dc:title", en="&g;"), prolog=BOMB).decode().encode("utf-16"), id="the same in UTF-16"),
        pytest.param(xmp(alt("dc:title", en="cut off"))[:-30], id="cut short"),
        pytest.param(b"not XML", id="no XML"),
        pytest.param(b"<a>" * 5000, id="deep"),
        pytest.param(b"\xff" * 100, id="bytes"),
    ],
)  # fmt: skip
def test_hostile_xmp_is_left_out_and_the_rest_stays(jpeg, packet):
    assert said(jpeg(exif({TAGS.Model: "E-510"}), xmp=packet)) == ["E-510"]


def test_other_pictures_can_be_opened_while_xmp_is_parsed(jpeg, monkeypatch):
    opened = []

    def parse(packet):
        opener = threading.Thread(target=lambda: opened.append(images.load(solid_image())), daemon=True)
        opener.start()
        opener.join(timeout=10)
        return xmp_fields(packet)

    monkeypatch.setattr("experts.metadata.embedded.xmp_fields", parse)
    assert said(jpeg(xmp=xmp(alt("dc:description", en=CAPTION)))) == [CAPTION]
    assert len(opened) == 1


def test_a_very_long_caption_is_cut_after_a_word(png):
    (fact,) = png([("Description", "word " * 200_000, "add_text")], exif=b"")
    assert LONGEST_CAPTION - 10 < len(fact.value) <= LONGEST_CAPTION
    assert fact.value.endswith("word")


HEADS = {
    "exif": (b"\xff\xe1", b"Exif\0\0II*\0"),
    "iptc": (b"\xff\xed", b"Photoshop 3.0\0008BIM\x04\x04\0\0"),
    "xmp": (b"\xff\xe1", b"http://ns.adobe.com/xap/1.0/\0"),
}


@given(st.binary(max_size=200), st.sampled_from(["exif", "iptc", "xmp"]))
def test_any_bytes_in_a_jpeg_do_no_harm(tmp_path_factory, data, where):
    head = HEADS[where]
    file = tmp_path_factory.getbasetemp() / "fuzzed.jpg"
    solid_image().save(file)
    whole, body = file.read_bytes(), head[1] + data
    file.write_bytes(whole[:2] + head[0] + struct.pack(">H", len(body) + 2) + body + whole[2:])
    for fact in look(file):
        fact.value.encode("utf-8")
        assert len(fact.value) <= LONGEST_CAPTION


@given(st.integers(2, 2000))
def test_a_file_that_is_cut_short_does_no_harm(tmp_path_factory, length):
    file = tmp_path_factory.getbasetemp() / "cut.jpg"
    solid_image().save(file, exif=exif({TAGS.ImageDescription: CAPTION}, {TAGS.DateTimeOriginal: "2019:07:14 10:12:13"}))
    file.write_bytes(file.read_bytes()[:length])
    try:
        facts = look(file)
    except ExpertError as error:
        assert "'cut.jpg' cannot be read" in error.message  # noqa: PT017 - one of two right answers
    else:
        assert set(said(facts)) <= {CAPTION, "2019-07-14", "July 2019", "morning"}


# The expert


def test_a_picture_without_metadata_has_no_facts(jpeg, png):
    assert jpeg() == []
    assert png() == []


@pytest.mark.parametrize("suffix", ["bmp", "ppm", "gif", "webp", "tif", "avif"])
def test_formats_without_metadata(tmp_path, suffix):
    file = tmp_path / f"p.{suffix}"
    solid_image().save(file)
    assert look(file) == []


def test_a_picture_without_a_file_has_no_facts():
    assert Metadata().look(sample(solid_image())) == []


def test_a_file_that_is_gone(tmp_path):
    with pytest.raises(ExpertError, match=r"metadata of 'p.jpg' cannot be read: No such file"):
        look(tmp_path / "p.jpg")


def test_it_is_hearsay_and_its_silence_says_nothing():
    card = Metadata.card
    assert card.hearsay
    assert Metadata.automatic
    assert not any(card.covers(kind, "dog") for kind in card.sees)
