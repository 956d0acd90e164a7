"""XMP packets: which descriptions and lists count, and that the work grows with the packet and no faster."""

from __future__ import annotations

import time

import pytest

from experts.metadata.xmp import Xmp, xmp_fields

SPACES = 'xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dc="http://purl.org/dc/elements/1.1/"'


def rdf(inside, head=""):
    return f"{head}<r:RDF {SPACES}>{inside}</r:RDF>".encode()


def described(inside):
    return rdf(f"<r:Description>{inside}</r:Description>")


def fields(packet):
    found = xmp_fields(packet)
    return found.title, found.keywords


@pytest.mark.parametrize("kind", ["Bag", "Seq", "Alt"])
def test_items_of_a_list(kind):
    body = f"<dc:subject><r:{kind}><r:li>dog</r:li><r:li>beach</r:li></r:{kind}></dc:subject>"
    assert xmp_fields(described(body)).keywords == ("dog", "beach")


@pytest.mark.parametrize(
    ("packet", "expected"),
    [
        pytest.param(described("<dc:title>Whitby</dc:title>"), ("Whitby", ()), id="an element"),
        pytest.param(rdf('<r:Description dc:title="Whitby"/>'), ("Whitby", ()), id="an attribute"),
        pytest.param(
            rdf('<r:Description dc:title="Whitby"/><r:Description dc:subject="dog"/>'),
            ("Whitby", ("dog",)),
            id="two descriptions",
        ),
        pytest.param(
            f'<x:xmpmeta xmlns:x="adobe:ns:meta/">{described("<dc:title>Whitby</dc:title>").decode()}</x:xmpmeta>'.encode(),
            ("Whitby", ()),
            id="inside xmpmeta",
        ),
        pytest.param(
            rdf('<r:Description dc:title="Whitby"/>', '\n<?xml version="1.0" encoding="latin-1"?>'), ("Whitby", ()), id="declared"
        ),
        pytest.param(
            described('<dc:title>Whitby</dc:title><dc:source><r:Description dc:title="York"/></dc:source>'),
            ("Whitby", ()),
            id="the title of something else is none",
        ),
        pytest.param(
            described("<dc:subject><r:Bag><r:li><r:Bag><r:li>dog</r:li></r:Bag></r:li></r:Bag></dc:subject>"),
            ("", ()),
            id="a list in a list is none",
        ),
        pytest.param(described("<dc:subject><r:Bag/></dc:subject>"), ("", ()), id="an empty list"),
        pytest.param(described("<dc:subject><r:li>dog</r:li></dc:subject>"), ("", ()), id="an item without a list"),
        pytest.param(f'<r:Description {SPACES} dc:title="Whitby"/>'.encode(), ("", ()), id="no rdf:RDF"),
    ],
)
def test_what_counts(packet, expected):
    assert fields(packet) == expected


def nested(times):
    return rdf("<r:Description><r:li>" * times + "</r:li></r:Description>" * times)


def listed(times):
    return described("<dc:subject><r:Bag><r:li>" * times + "</r:li></r:Bag></dc:subject>" * times)


def declared(times):
    return rdf("<r:Description/>", "<?xml" * times)


def seconds(packet):
    """Time of the processor for one parse, the best of three."""

    def once():
        start = time.process_time()
        try:
            xmp_fields(packet)
        except SyntaxError:  # of ElementTree: it is no XML, which takes as long to see
            return time.process_time() - start
        return time.process_time() - start

    return min(once() for _ in range(3))


@pytest.mark.parametrize("packet", [nested, listed, declared], ids=["nested descriptions", "nested lists", "declarations"])
def test_ten_times_the_packet_takes_no_hundred_times_the_time(packet):
    assert seconds(packet(10_000)) < 40 * max(seconds(packet(1_000)), 0.001)


def test_an_empty_packet_says_nothing():
    assert xmp_fields(b"\0 \n") == Xmp()
