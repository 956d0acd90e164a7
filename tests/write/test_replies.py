"""The cache of replies: asked and paid once, by whichever process, and what counts as the same request."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from fusion.cache import Cache
from fusion.errors import OutputError, WriterError
from fusion.write.backends.protocol import Backend, Message, Reply, Request
from fusion.write.replies import CachedBackend, request_key

ROOT = Path(__file__).resolve().parents[2]


class Counting:
    """A backend that answers with a running number: never twice the same. Requests named "bad" fail."""

    def __init__(self, model: str = "m", *, drops: int = 0) -> None:
        self.model = model
        self.context = 99
        self.deterministic = False
        self.asked: list[str] = []
        self.batches = 0
        self.closed = False
        self._drops = drops

    def count(self, messages):
        return sum(len(message.content) for message in messages)

    def generate(self, requests):
        self.batches += 1
        return [self._answer(request) for request in requests][self._drops :]

    def _answer(self, request):
        name = request.messages[-1].content
        self.asked.append(name)
        if name == "bad":
            return WriterError("no", retry=True)
        return Reply(text=f"{name} {len(self.asked)}", finish="length", prompt_tokens=10, completion_tokens=2)

    def close(self):
        self.closed = True


def ask(*names: str) -> list[Request]:
    return [Request(messages=(Message("user", name),)) for name in names]


@pytest.fixture
def file(tmp_path):
    return tmp_path / "replies.sqlite"


@pytest.fixture
def cache(file):
    with Cache(file) as opened:
        yield opened


def texts(answers):
    return [answer.text if isinstance(answer, Reply) else type(answer).__name__ for answer in answers]


def test_a_run_repeated_pays_once_and_gets_the_same_bytes(file):
    with Cache(file) as cache:
        first = CachedBackend(Counting(), cache)
        before = first.generate(ask("a", "b"))
    with Cache(file) as cache:
        inner = Counting()
        second = CachedBackend(inner, cache)
        assert second.generate(ask("a", "b")) == before
        assert second.generate(ask("b", "c"))[0] == before[1]
    assert inner.asked == ["c"]
    paid = {"hits": 0, "misses": 2, "prompt_tokens": 20, "completion_tokens": 4, "saved_tokens": 0, "damaged": 0, "failed": 0}
    assert first.stats() == {**paid, "unkept": 0}
    saved = {"hits": 3, "misses": 1, "prompt_tokens": 10, "completion_tokens": 2, "saved_tokens": 36, "damaged": 0, "failed": 0}
    assert second.stats() == {**saved, "unkept": 0}


@pytest.mark.parametrize("kept", [True, False], ids=["with a cache", "without"])
def test_twins_of_a_batch_are_asked_once(cache, kept):
    inner = Counting()
    backend = CachedBackend(inner, cache if kept else None)
    assert texts(backend.generate(ask("a", "b", "a", "a"))) == ["a 1", "b 2", "a 1", "a 1"]
    assert (inner.asked, backend.hits, backend.misses, backend.saved_tokens) == (["a", "b"], 2, 2, 24)


def test_without_a_cache_the_next_batch_is_asked_anew():
    inner = Counting()
    backend = CachedBackend(inner, None)
    backend.generate(ask("a"))
    backend.generate(ask("a"))
    assert (inner.asked, backend.stats()["prompt_tokens"]) == (["a", "a"], 20)


def test_errors_are_not_kept_and_harm_no_other(cache):
    inner = Counting()
    backend = CachedBackend(inner, cache)
    assert texts(backend.generate(ask("bad", "a", "bad"))) == ["WriterError", "a 2", "WriterError"]
    assert texts(backend.generate(ask("bad", "a"))) == ["WriterError", "a 2"]
    assert inner.asked == ["bad", "a", "bad"]
    assert (backend.failed, len(cache)) == (2, 1)


def test_where_all_is_known_the_backend_is_not_called(cache):
    CachedBackend(Counting(), cache).generate(ask("a"))
    inner = Counting()
    CachedBackend(inner, cache).generate(ask("a"))
    CachedBackend(inner, cache).generate([])
    assert inner.batches == 0


PLAIN = Request(messages=(Message("system", "s"), Message("user", "u")))
OTHERS = [
    replace(PLAIN, messages=(Message("system", "s"), Message("user", "v"))),
    replace(PLAIN, messages=(Message("system", "su"), Message("user", ""))),
    replace(PLAIN, messages=(Message("user", "s"), Message("user", "u"))),
    replace(PLAIN, messages=PLAIN.messages[1:]),
    replace(PLAIN, max_tokens=255),
    replace(PLAIN, temperature=0.1),
    replace(PLAIN, seed=1),
    replace(PLAIN, schema={}),
    replace(PLAIN, schema={"type": "object"}),
    replace(PLAIN, stop=("\n",)),
    replace(PLAIN, stop=("\n", "")),
]


def test_every_field_of_a_request_counts():
    keys = [request_key("m", request) for request in (PLAIN, *OTHERS)] + [request_key("n", PLAIN)]
    assert len(set(keys)) == len(keys)
    touched = {name for other in OTHERS for name in Request.__struct_fields__ if getattr(other, name) != getattr(PLAIN, name)}
    assert touched == set(Request.__struct_fields__), "a field was added: give it a line above"


def test_what_means_the_same_is_the_same():
    assert request_key("m", replace(PLAIN, temperature=0)) == request_key("m", PLAIN)
    one, other = {"type": "object", "required": ["a"]}, {"required": ["a"], "type": "object"}
    assert request_key("m", replace(PLAIN, schema=one)) == request_key("m", replace(PLAIN, schema=other))


REPLIES = st.builds(
    Reply,
    text=st.text(st.characters(exclude_categories=["Cs"])),
    finish=st.sampled_from(["stop", "length", "filter"]),
    prompt_tokens=st.integers(0, 10**6),
    completion_tokens=st.integers(0, 10**6),
)


@settings(max_examples=25)
@given(replies=st.lists(REPLIES, min_size=1, max_size=5))
def test_replies_come_out_as_they_went_in(tmp_path_factory, replies):
    class Fixed(Counting):
        def generate(self, requests):
            return list(replies)

    names = [str(number) for number in range(len(replies))]
    with Cache(tmp_path_factory.mktemp("c") / "c.sqlite") as cache:
        assert CachedBackend(Fixed(), cache).generate(ask(*names)) == replies
        assert CachedBackend(Counting(), cache).generate(ask(*names)) == replies


DAMAGED = [
    pytest.param(b"", id="empty"),
    pytest.param(b'{"text": "a', id="half"),
    pytest.param(b"\xff\xfe", id="no text"),
    pytest.param(b'{"finish": "stop"}', id="no reply"),
    pytest.param(b'{"text": "a", "finish": "tired"}', id="an end that is none"),
    pytest.param({"text": "a"}, id="of another writer"),
]


@pytest.mark.parametrize("entry", DAMAGED)
def test_an_entry_that_is_no_reply_is_asked_again_and_replaced(cache, entry):
    cache.put(request_key("m", ask("a")[0]), entry)
    backend = CachedBackend(Counting(), cache)
    assert texts(backend.generate(ask("a", "a"))) == ["a 1", "a 1"]
    assert (backend.damaged, backend.misses, backend.hits) == (1, 1, 1)
    assert texts(CachedBackend(Counting(), cache).generate(ask("a"))) == ["a 1"]


def test_replies_that_cannot_be_kept_are_handed_out_and_counted(cache):
    cache._database.execute("PRAGMA query_only = ON")  # as on a disk that is full or not ours to write
    backend = CachedBackend(Counting(), cache)
    assert texts(backend.generate(ask("a", "bad", "b", "a"))) == ["a 1", "WriterError", "b 3", "a 1"]
    assert (backend.unkept, backend.stats()["unkept"], backend.misses, backend.prompt_tokens) == (2, 2, 3, 20)
    cache._database.execute("PRAGMA query_only = OFF")
    assert texts(backend.generate(ask("a"))) == ["a 4"]
    assert (backend.unkept, len(cache)) == (2, 1)


def test_a_cache_that_refuses_is_not_tried_with_the_rest_of_a_batch(file):
    class Busy(Cache):
        tried = 0

        def keep(self, key, value):
            self.tried += 1
            if self.tried > 1:
                raise OutputError("database is locked", retry=True)
            return super().keep(key, value)

    with Busy(file) as cache:
        backend = CachedBackend(Counting(), cache)
        assert texts(backend.generate(ask("a", "b", "c"))) == ["a 1", "b 2", "c 3"]
        assert (cache.tried, backend.unkept, len(cache)) == (2, 2, 1)


def test_a_reply_that_no_file_can_hold_is_handed_out(cache):
    backend = CachedBackend(Counting(), cache)
    assert texts(backend.generate(ask("\ud83d", "b"))) == ["\ud83d 1", "b 2"]
    assert (backend.unkept, len(cache)) == (1, 1)


def test_a_damaged_file_is_an_error(file):
    with Cache(file) as cache:
        CachedBackend(Counting(), cache).generate(ask(*map(str, range(200))))
    data = bytearray(file.read_bytes())
    data[4096:] = b"\x55" * (len(data) - 4096)
    file.write_bytes(data)
    with Cache(file) as cache, pytest.raises(OutputError, match="damaged"):
        CachedBackend(Counting(), cache).generate(ask("7"))


def test_a_backend_that_loses_a_reply(cache):
    with pytest.raises(WriterError, match="backend 'm': expected 2 replies, got 1"):
        CachedBackend(Counting(drops=1), cache).generate(ask("a", "b"))
    assert len(cache) == 0


def test_it_is_the_backend_with_a_memory(cache):
    inner = Counting()
    backend = CachedBackend(inner, cache)
    assert isinstance(backend, Backend)
    assert (backend.model, backend.context, backend.deterministic) == ("m", 99, False)
    assert backend.count(ask("abc")[0].messages) == 3
    backend.close()
    assert inner.closed
    assert len(cache) == 0, "still open"


SHARING = """
import sys
from fusion.cache import Cache
from fusion.write.backends.protocol import Message, Request
from fusion.write.backends.server import Server
from fusion.write.replies import CachedBackend
requests = [Request(messages=(Message("user", str(number)),)) for number in range(12)]
with Cache(sys.argv[1]) as cache:
    backend = CachedBackend(Server(sys.argv[2], "m", context=9999, timeout=9, backoff=0.01), cache)
    for at in range(0, len(requests), 4):
        for reply in backend.generate(requests[at : at + 4]):
            print(reply.text)
    backend.close()
    print(backend.hits, backend.misses, file=sys.stderr)
"""


@pytest.mark.models
def test_two_processes_share_a_file_and_a_slow_server(file):
    pytest.importorskip("openai")
    from write.backends.hostile import Hostile, completion

    def numbered(handler, _):
        handler.hostile.closing.wait(0.05)
        handler.send(200, completion(f"reply {handler.hostile.asked()}"))

    command = [sys.executable, "-W", "error", "-c", SHARING, str(file)]
    with Hostile(others=numbered) as server:
        run = [*command, server.url]
        both = [subprocess.Popen(run, cwd=ROOT, env=_quiet(), stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(2)]
        written = [process.communicate(timeout=60) for process in both]
        assert [process.returncode for process in both] == [0, 0], written
        asked = server.asked()
        assert written[0][0] == written[1][0], "both hand out the replies that came first"
        counts = [list(map(int, complaints.split())) for _, complaints in written]
        assert [sum(one) for one in counts] == [12, 12]
        assert asked == counts[0][1] + counts[1][1]
        third = subprocess.run(run, cwd=ROOT, env=_quiet(), capture_output=True, timeout=60, check=True)
        assert third.stdout == written[0][0]
        assert third.stderr.split() == [b"12", b"0"]
        assert server.asked() == asked, "a run repeated asks nothing"


def _quiet() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name != "OPENAI_API_KEY"}
