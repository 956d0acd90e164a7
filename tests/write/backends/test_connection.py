"""Addresses and keys that cannot work are refused before anything is sent; what they hide stays hidden."""

from __future__ import annotations

import sys

import pytest

from fusion.errors import ConfigError, MissingExtra
from fusion.write.backends.connection import Connection
from fusion.write.backends.server import Server

ADDRESSES = [
    pytest.param("localhost:8000/v1", "such as http://localhost:8000/v1", id="no scheme"),
    pytest.param("example.org", "such as http://example.org", id="a bare host"),
    pytest.param("", "such as http://localhost:8000/v1", id="empty"),
    pytest.param("ftp://localhost/v1", "such as http://localhost:8000/v1", id="another scheme"),
    pytest.param("http://", "such as", id="no host"),
    pytest.param("http:///v1", "such as", id="no host, a path"),
    pytest.param("http://localhost:80000/v1", "such as", id="a port that is none"),
    pytest.param("http://localhost:http/v1", "such as", id="a port in words"),
    pytest.param("http://localhost:0/v1", "such as", id="port 0"),
    pytest.param("http://local host/v1", "such as", id="a space"),
    pytest.param("http://localhost/v1\n", "such as", id="a line break"),
    pytest.param("http://[::1/v1", "such as", id="half a bracket"),
]


@pytest.mark.parametrize(("url", "hint"), ADDRESSES)
def test_an_address_that_is_none(url, hint):
    with pytest.raises(ConfigError, match="url: expected an address that begins with http") as caught:
        Connection(url, "", 1)
    assert hint in caught.value.hint


@pytest.mark.parametrize(
    "url",
    [
        "http://me:secret@localhost/v1",
        "http://secret@localhost/v1",
        "me:secret@localhost:8000",
        "https://api.example/v1?key=secret",
        "http://localhost/v1#secret",
    ],
)
def test_secrets_in_an_address_are_refused_and_not_repeated(url):
    with pytest.raises(ConfigError, match="without user name, password, query or fragment") as caught:
        Connection(url, "", 1)
    assert "secret" not in str(caught.value)
    assert "key_env" in caught.value.hint


@pytest.mark.parametrize("key", ["sk-ü", "sk-1\nX-Evil: 1", "sk-\x00"], ids=["letters", "a header", "a control character"])
def test_a_key_that_no_header_can_hold(monkeypatch, key):
    monkeypatch.setattr("os.environ", {"MY_KEY": key})
    with pytest.raises(ConfigError, match="MY_KEY: expected a key of printable ASCII") as caught:
        Connection("http://localhost/v1", "MY_KEY", 1)
    assert "sk-" not in str(caught.value)


OPTIONS = [
    pytest.param({"concurrency": 0}, "concurrency: expected 1 or more, got 0", id="nobody asks"),
    pytest.param({"retries": -1}, "retries: expected 0 or more", id="fewer than one try"),
    pytest.param({"context": -1}, "context: expected 0 or more", id="less than nothing"),
    pytest.param({"timeout": 0}, "timeout: expected seconds above 0", id="no time"),
    pytest.param({"timeout": float("nan")}, "timeout: expected seconds", id="time that is none"),
    pytest.param({"backoff": float("inf")}, "backoff: expected seconds", id="waiting for ever"),
    pytest.param({"max_wait": -1}, "max_wait: expected seconds", id="waiting backwards"),
    pytest.param({"schema": "xml"}, "schema: expected one of json_schema, json_object, json_mode, none", id="another form"),
    pytest.param({"model": ""}, "model: expected the server's name", id="no model"),
]


@pytest.mark.parametrize(("options", "message"), OPTIONS)
def test_options_out_of_range(options, message):
    with pytest.raises(ConfigError, match=message):
        Server(**{"url": "http://localhost/v1", "model": "m", **options})


def test_without_the_library_the_command_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "openai", None)
    with pytest.raises(MissingExtra) as caught:
        Server("http://localhost/v1", "m")
    assert caught.value.hint == "pip install 'caption-fusion[server]'"
