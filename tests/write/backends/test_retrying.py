"""Waiting between tries, and what an error status means."""

from __future__ import annotations

import time
from email.utils import formatdate

import pytest

from fusion.errors import ContextTooLong, WriterError
from fusion.write.backends.retrying import Patience, refusal, retry_after

WAITS = [
    pytest.param(1, None, (0.5, 1), id="first"),
    pytest.param(2, None, (1, 2), id="doubled"),
    pytest.param(3, None, (2, 4), id="doubled again"),
    pytest.param(4, None, None, id="no fourth"),
    pytest.param(1, 7.0, (7, 7), id="as long as it asks"),
    pytest.param(3, 0.0, (0, 0), id="at once, if it asks that"),
    pytest.param(1, 10.5, None, id="never longer than the limit"),
    pytest.param(4, 1.0, None, id="no fourth, whatever it asks"),
]


@pytest.mark.parametrize(("tries", "after", "between"), WAITS)
def test_how_long(tries, after, between):
    waits = [Patience(retries=3, backoff=1, max_wait=10).wait(tries, after) for _ in range(50)]
    if between is None:
        assert set(waits) == {None}
    else:
        assert between[0] <= min(waits) <= max(waits) <= between[1]
        assert after is not None or len(set(waits)) > 1, "drawn, so that requests do not come back together"


def test_back_off_has_an_end():
    assert Patience(retries=5000).wait(1000, None) <= 30


def headers(**given):
    return {name.replace("_", "-"): value for name, value in given.items()}


AFTER = [
    pytest.param(headers(), None, id="none"),
    pytest.param(headers(retry_after="3"), 3.0, id="seconds"),
    pytest.param(headers(retry_after="0"), 0.0, id="at once"),
    pytest.param(headers(retry_after="soon"), None, id="words"),
    pytest.param(headers(retry_after="-3"), None, id="the past"),
    pytest.param(headers(retry_after="nan"), None, id="not a number"),
    pytest.param(headers(retry_after="inf"), None, id="never"),
    pytest.param(headers(retry_after_ms="250", retry_after="3"), 0.25, id="milliseconds go before"),
    pytest.param(headers(retry_after_ms="x", retry_after="3"), 3.0, id="milliseconds that are none"),
    pytest.param(headers(retry_after="Wed, 21 Oct 2015 07:28:00 GMT"), 0.0, id="a date that was"),
    pytest.param(headers(retry_after="Wed, 99 Oct 2015"), None, id="no date"),
]


@pytest.mark.parametrize(("given", "expected"), AFTER)
def test_when_to_come_back(given, expected):
    assert retry_after(given) == expected


def test_a_date_to_come_back():
    assert 50 < retry_after({"retry-after": formatdate(time.time() + 60, usegmt=True)}) <= 61


VLLM = "This model's maximum context length is 4096 tokens. However, you requested 5000 tokens"
VLLM_2 = "The decoder prompt (length 5000) is longer than the maximum model length of 4096."
MEANT = [
    pytest.param(400, {"message": "bad"}, WriterError, False, id="bad request"),
    pytest.param(401, {"message": "who?"}, WriterError, False, id="no key"),
    pytest.param(404, {"error": "model 'm' not found"}, WriterError, False, id="no model"),
    pytest.param(408, "", WriterError, True, id="too slow for it"),
    pytest.param(429, {"message": "slow down"}, WriterError, True, id="too many"),
    pytest.param(429, {"message": "pay", "code": "insufficient_quota"}, WriterError, False, id="quota spent"),
    pytest.param(429, "tokens exceed the context window of this minute", WriterError, True, id="too many, in odd words"),
    pytest.param(500, None, WriterError, True, id="its fault"),
    pytest.param(503, "<html>", WriterError, True, id="loading"),
    pytest.param(400, {"message": "x", "code": "context_length_exceeded"}, ContextTooLong, False, id="too long, OpenAI"),
    pytest.param(400, {"message": "x", "type": "exceed_context_size_error"}, ContextTooLong, False, id="too long, llama.cpp"),
    pytest.param(400, {"message": VLLM, "code": 400}, ContextTooLong, False, id="too long, vLLM"),
    pytest.param(400, {"message": VLLM_2}, ContextTooLong, False, id="too long, vLLM's engine"),
    pytest.param(500, {"message": "exceeds the available context size"}, ContextTooLong, False, id="too long, old llama.cpp"),
]


@pytest.mark.parametrize(("status", "body", "kind", "retry"), MEANT)
def test_what_a_status_means(status, body, kind, retry):
    error = refusal(status, body, {}, "server http://h", "", {}).final(1)
    assert type(error) is kind
    assert error.retry is retry
    assert error.message.startswith(f"server http://h: expected a chat completion, got status {status}")


@pytest.mark.parametrize(
    ("location", "said"),
    [
        ("https://user:pw@other.example:8443/v1/x?key=1", "(it points to other.example:8443)"),
        ("/login?next=secret", "as url"),
        ("javascript:alert(1)", "as url"),
        ("", "as url"),
    ],
)
def test_a_redirect_names_the_other_server_only(location, said):
    error = refusal(302, "", {"location": location}, "server http://h", "", {}).final(1)
    assert error.hint.endswith(said)
    assert not error.retry


FORM = "1 validation error: {'loc': ('body', 'response_format', 'type'), 'msg': 'no'}"


@pytest.mark.parametrize(
    ("status", "body", "refused", "retry"),
    [
        pytest.param(400, {"message": "no"}, True, False, id="bad request"),
        pytest.param(422, {"detail": "no"}, True, False, id="unprocessable"),
        pytest.param(500, {"message": FORM}, True, False, id="llama-cpp-python"),
        pytest.param(500, {"message": "no"}, False, True, id="its fault"),
        pytest.param(401, {"message": "no"}, False, False, id="no key"),
        pytest.param(400, {"code": "context_length_exceeded"}, False, False, id="too long"),
    ],
)
def test_what_may_be_taken_in_another_form(status, body, refused, retry):
    trouble = refusal(status, body, {}, "server http://h", "", {})
    assert (trouble.refused, trouble.retry) == (refused, retry)


def test_the_last_try_is_counted_and_the_hint_says_how_long_it_asks():
    error = refusal(429, "", {"retry-after": "90"}, "server http://h", "", {429: "wait"}).final(5)
    assert error.message.endswith("got status 429, at the last of 5 tries")
    assert error.hint == "it asks to wait 90 seconds; wait"
