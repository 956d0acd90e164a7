"""Places of coordinates: with the real gazetteer where it is installed, and without it none."""

from __future__ import annotations

import sys
import types

import pytest
from PIL import ExifTags, Image

from experts.metadata import Metadata, places
from experts.metadata.places import is_installed, kilometres, place_names
from fusion.testing import sample, solid_image

GPS = ExifTags.GPS
gazetteer = pytest.mark.skipif(not is_installed(), reason=places.INSTALL)


@pytest.fixture
def photo(tmp_path):
    """Looks at a JPEG with these coordinates."""

    def make(north, east, xmp=b"", **options):
        block = Image.Exif()
        block.get_ifd(ExifTags.IFD.GPSInfo).update(
            {GPS.GPSLatitudeRef: "S" if north < 0 else "N", GPS.GPSLatitude: (abs(north), 0.0, 0.0)}
            | {GPS.GPSLongitudeRef: "W" if east < 0 else "E", GPS.GPSLongitude: (abs(east), 0.0, 0.0)}
        )
        file = tmp_path / "p.jpg"
        solid_image().save(file, exif=block.tobytes(), xmp=xmp)
        return Metadata(**{"places": True, **options}).look(sample(solid_image(), id="p", path="p.jpg", file=str(file)))

    return make


def named(facts):
    return {fact.data["field"]: fact.value for fact in facts if fact.kind == "name"}


WHITBY = {"city": "Whitby", "state": "England", "country": "United Kingdom"}


@pytest.fixture
def library(monkeypatch):
    """A gazetteer of one place, in place of the real one."""
    module = types.ModuleType("reverse_geocode")
    module.get = lambda gps: {**WHITBY, "latitude": 54.488, "longitude": -0.615, "county": "North Yorkshire"}
    monkeypatch.setitem(sys.modules, "reverse_geocode", module)
    monkeypatch.setattr(places, "is_installed", lambda: True)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ((0, 0), (0, 1), 111.19),
        ((54.49, -0.62), (54.49, -0.62), 0),
        ((60, 0), (60, 1), 55.6),
        ((0, 0), (90, 0), 10007.5),
        ((0, 179.5), (0, -179.5), 111.19),
    ],
)
def test_kilometres(one, other, expected):
    assert kilometres(one, other) == pytest.approx(expected, abs=0.5)


@pytest.mark.parametrize(
    ("north", "fields"),
    [
        pytest.param(54.48, ["city", "state", "country"], id="in town"),
        pytest.param(54.3, ["state", "country"], id="20 km away"),
        pytest.param(53.0, [], id="too far away to say"),
    ],
)
def test_names_from_near_by_only(library, north, fields):
    assert place_names((north, -0.62)) == {field: WHITBY[field] for field in fields}


def test_places_of_a_photo_smallest_first_and_where_they_are_from(library, photo):
    facts = photo(54.48, -0.62)
    assert list(named(facts).items()) == list(WHITBY.items())
    assert all(fact.data["from"] == "gps" for fact in facts)
    assert photo(54.48, -0.62, places=False) == []


def test_what_the_file_names_is_not_asked_of_the_gazetteer(library, photo):
    spaces = 'xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:p="http://ns.adobe.com/photoshop/1.0/"'
    packet = f'<r:RDF {spaces}><r:Description p:City="Ruswarp" p:State="United Kingdom"/></r:RDF>'.encode()
    facts = photo(54.48, -0.62, xmp=packet)
    assert named(facts) == {"city": "Ruswarp", "state": "United Kingdom"}
    assert not any("from" in fact.data for fact in facts)


def test_without_the_library_coordinates_have_no_names(monkeypatch, photo):
    monkeypatch.setattr(places, "is_installed", lambda: False)
    assert place_names((54.48, -0.62)) == {}
    assert photo(54.48, -0.62) == []


def test_a_library_without_its_gazetteer_is_not_asked(monkeypatch, tmp_path):
    (tmp_path / "reverse_geocode").mkdir()
    (tmp_path / "reverse_geocode" / "__init__.py").write_text("raise RuntimeError('it would download')")
    monkeypatch.delitem(sys.modules, "reverse_geocode", raising=False)
    monkeypatch.syspath_prepend(str(tmp_path))
    assert not is_installed()
    assert place_names((54.48, -0.62)) == {}


@gazetteer
@pytest.mark.parametrize(
    ("gps", "expected"),
    [
        pytest.param((54.4858, -0.6206), WHITBY, id="Whitby"),
        pytest.param((-33.86, 151.2), {"country": "Australia", "state": "New South Wales"}, id="Sydney"),
        pytest.param((0.0, -140.0), {}, id="at sea"),
        pytest.param((-85.0, 0.0), {}, id="Antarctica"),
        pytest.param((90.0, 180.0), {}, id="the pole"),
    ],
)
def test_the_real_gazetteer(gps, expected):
    found = place_names(gps)
    assert {field: found.get(field) for field in expected} == expected
    assert bool(found) == bool(expected)


@gazetteer
def test_a_photo_and_the_real_gazetteer(photo):
    assert named(photo(54.4858, -0.6206)) == WHITBY
