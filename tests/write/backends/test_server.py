"""The server backend against a real local server that misbehaves on demand."""

from __future__ import annotations

import asyncio
import signal
import socket
import subprocess
import sys
import threading
import time

import pytest
from write.backends.hostile import (
    EVIL,
    Hostile,
    closed,
    completion,
    dripping,
    echo,
    fine,
    refuses,
    sends,
    slow,
    status,
    survey,
    table,
)

from fusion.errors import ContextTooLong, WriterError
from fusion.write.backends.protocol import Backend, Message, Reply, Request
from fusion.write.backends.server import Server

pytestmark = pytest.mark.models

SCHEMA = {"type": "object", "properties": {"caption": {"type": "string"}}, "required": ["caption"], "additionalProperties": False}


@pytest.fixture(autouse=True)
def _no_key(monkeypatch):
    pytest.importorskip("openai")
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)


@pytest.fixture
def connect():
    """Makes backends that wait little, and closes them."""
    made: list[Server] = []

    def make(url: str, **options):
        made.append(Server(url, "m", **{"timeout": 5, "backoff": 0.01, "retries": 3, "max_wait": 0.5, **options}))
        return made[-1]

    yield make
    for backend in made:
        backend.close()
    assert not [thread for thread in threading.enumerate() if thread.name == "caption-fusion server"]


def ask(text: str, **fields) -> Request:
    return Request(messages=(Message("system", "Be brief."), Message("user", text)), **fields)


DOG = Reply(text="A dog.", prompt_tokens=7, completion_tokens=3)
REFUSED = Reply(text="", finish="filter", prompt_tokens=7, completion_tokens=3)
SURVIVED = [
    ("fine", 1, DOG),
    ("slow, then fine", 2, DOG),
    ("slow every time", 4, (True, "expected a whole answer within 0.3 seconds, got none, at the last of 4 tries")),
    ("drips without an end", 4, (True, "expected a whole answer within 0.3 seconds, got none, at the last of 4 tries")),
    ("floods", 1, (False, "expected a reply of at most 8388608 bytes, got more")),
    ("429, then fine", 2, DOG),
    ("429 with Retry-After, then fine", 2, DOG),
    ("429 with Retry-After of an hour", 1, (True, "it asks to wait 3600 seconds; lower concurrency, or try later")),
    ("500 twice, then fine", 3, DOG),
    ("500 every time", 4, (True, "got status 500: out of memory, at the last of 4 tries. look at the server's log")),
    ("half a reply, then fine", 2, DOG),
    ("half a reply every time", 4, (True, "expected a whole reply, got 111 bytes and then RemoteProtocolError")),
    ("not JSON, then fine", 2, DOG),
    ("not JSON every time", 4, (True, "got a body of 6 bytes that is no whole JSON")),
    ("a web page", 1, (False, "expected a chat completion, got a web page. check that the address is")),
    ("closes the connection, then fine", 3, DOG),
    ("closes the connection every time", 4, (True, "expected a connection, got RemoteProtocolError")),
    ("no choices, then fine", 2, DOG),
    ("content null, a refusal", 1, REFUSED),
    ("a redirect", 1, (False, "redirects are not followed")),
    ("401", 1, (False, "set the environment variable OPENAI_API_KEY to the key of this server")),
    ("404", 1, (False, "check the address, most end in /v1, and that the server has the model 'm'")),
    ("context too long", 1, (False, "maximum context length is 4096 tokens")),
]


@pytest.mark.parametrize(("name", "calls", "expected"), SURVIVED, ids=[row[0] for row in SURVIVED])
def test_what_is_survived(connect, name, calls, expected):
    timeout = 5 if name == "floods" else 0.3
    with Hostile({name: EVIL[name]}) as server:
        (answer,) = connect(server.url, timeout=timeout).generate([ask(name)])
        assert server.asked() == calls
        if isinstance(expected, Reply):
            assert answer == expected
            return
        retry, said = expected
        assert isinstance(answer, WriterError)
        assert said in str(answer)
        assert answer.retry is retry
        assert answer.message.startswith(f"server {server.url.removesuffix('/v1')}: expected")
        assert isinstance(answer, ContextTooLong) is (name == "context too long")


def test_all_behaviours_are_in_the_table():
    assert [row[0] for row in SURVIVED] == list(EVIL)


def test_the_survey_is_a_table(connect, monkeypatch):
    monkeypatch.setattr("write.backends.hostile.EVIL", {"fine": [fine()], "401": [status(401, "who?")]})
    rows = survey(connect, ask)
    assert [(name, calls) for name, _, calls in rows] == [("fine", 1), ("401", 1)]
    assert "| fine | 1 | reply 'A dog.' (stop) |" in table(rows)
    assert "WriterError: server http://HOST: expected" in table(rows)


def test_it_is_a_backend(connect):
    backend = connect("http://localhost/v1", context=512)
    assert isinstance(backend, Backend)
    assert (backend.model, backend.context, backend.deterministic) == ("m", 512, False)


# Several at a time


def test_replies_come_in_order_and_no_more_are_asked_at_a_time_than_allowed(connect):
    names = [f"dog {number}" for number in range(24)]
    with Hostile(others=slow(0.03, echo())) as server:
        answers = connect(server.url, concurrency=4).generate([ask(name) for name in names])
        assert [answer.text for answer in answers] == [name.upper() for name in names]
        assert server.most_at_once == 4
        assert server.asked() == 24


def test_one_that_fails_harms_no_other(connect):
    with Hostile({"bad": [status(400)], "broken": [sends(200, "{")], "late": [status(500), fine()]}) as server:
        answers = connect(server.url).generate([ask(name) for name in ("a", "bad", "b", "broken", "late", "\ud800")])
    assert [type(answer) for answer in answers] == [Reply, WriterError, Reply, WriterError, Reply, WriterError]
    assert "a lone surrogate" in answers[-1].message


def test_nothing_to_ask(connect):
    with Hostile() as server:
        assert connect(server.url).generate([]) == []
        assert server.asked() == 0


def test_a_silent_server_is_tried_once_each_until_it_answers(connect):
    script = {"a": [closed()], "b": [closed()], "c": [closed(), fine()], "d": [fine()], "e": [closed(), fine()]}
    with Hostile(script) as server:
        backend = connect(server.url, concurrency=1)
        answers = backend.generate([ask(name) for name in "abcde"])
        assert [server.asked(name) for name in "abcde"] == [4, 1, 1, 1, 2]
        assert [type(answer) for answer in answers] == [WriterError, WriterError, WriterError, Reply, Reply]


def test_nobody_listens(connect):
    with socket.socket() as taken:  # bound but not listening: nobody else can
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        backend = connect(f"http://127.0.0.1:{port}/v1", retries=1)
        assert backend.context is None
        (answer,) = backend.generate([ask("a")])
    assert isinstance(answer, WriterError)
    assert answer.message.startswith(f"server http://127.0.0.1:{port}: expected a connection, got ConnectError")
    assert "is the server running" in answer.hint
    assert answer.retry


# What is sent


def test_what_is_sent(connect):
    with Hostile() as server:
        backend = connect(server.url, extra_body={"chat_template_kwargs": {"enable_thinking": False}})
        backend.generate([ask("a", max_tokens=9, temperature=0.5, seed=3, stop=("\n", "END"))])
        connect(server.url).generate([ask("b")])
    messages = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "a"}]
    options = {"max_tokens": 9, "temperature": 0.5, "seed": 3, "stop": ["\n", "END"]}
    extra = {"chat_template_kwargs": {"enable_thinking": False}}
    assert server.bodies[0] == {"model": "m", "messages": messages, **options, **extra}
    assert "stop" not in server.bodies[1]
    assert "response_format" not in server.bodies[1]


OPENAI = {"type": "json_schema", "json_schema": {"name": "reply", "strict": True, "schema": SCHEMA}}
LLAMA = {"type": "json_object", "schema": SCHEMA}
FORMS = [
    pytest.param("json_schema", (), [OPENAI], id="OpenAI's"),
    pytest.param("json_object", (), [LLAMA], id="llama.cpp's"),
    pytest.param("json_mode", (), [{"type": "json_object"}], id="any JSON"),
    pytest.param("none", (), [None], id="none"),
    pytest.param("json_schema", ("json_schema",), [OPENAI, LLAMA], id="the first refused"),
    pytest.param(
        "json_schema", ("json_schema", "json_object+schema"), [OPENAI, LLAMA, {"type": "json_object"}], id="two refused"
    ),
    pytest.param(
        "json_schema",
        ("json_schema", "json_object+schema", "json_object"),
        [OPENAI, LLAMA, {"type": "json_object"}, None],
        id="all refused",
    ),
]


@pytest.mark.parametrize(("schema", "refused", "sent"), FORMS)
def test_json_is_asked_for_in_a_form_that_the_server_takes(connect, schema, refused, sent):
    with Hostile(others=refuses(*refused)) as server:
        backend = connect(server.url, schema=schema)
        (first,) = backend.generate([ask("a", schema=SCHEMA)])
        assert first.text == "A"
        assert [body.get("response_format") for body in server.bodies] == sent
        backend.generate([ask("b", schema=SCHEMA), ask("c", schema=SCHEMA)])
        assert [body.get("response_format") for body in server.bodies[len(sent) :]] == [sent[-1]] * 2, "remembered"


def test_a_request_that_is_refused_in_every_form_changes_nothing(connect):
    with Hostile({"bad": [status(400, "first"), status(400, "later")]}) as server:
        backend = connect(server.url)
        (answer,) = backend.generate([ask("bad", schema=SCHEMA)])
        assert "got status 400: first" in answer.message
        assert server.asked("bad") == 4
        backend.generate([ask("good", schema=SCHEMA)])
        assert server.bodies[-1]["response_format"] == OPENAI


def test_without_a_schema_a_refusal_is_final(connect):
    with Hostile({"bad": [status(400)]}) as server:
        connect(server.url).generate([ask("bad")])
        assert server.asked() == 1


def test_the_model_is_named_by_what_changes_replies(connect):
    url = "http://localhost/v1"
    names = [connect(url, **options).model for options in ({}, {"schema": "none"}, {"extra_body": {"top_k": 1}})]
    assert names[0] == "m"
    assert len(set(names)) == 3
    assert connect("http://127.0.0.1:9/v1", schema="none", timeout=1).model == names[1], "not by where it runs"


# The key


def test_the_key_is_sent_and_never_shown(connect, monkeypatch):
    monkeypatch.setenv("MY_KEY", "sk-very-secret")
    with Hostile({"a": [status(401, "wrong key: sk-very-secret")], "b": [sends(200, {"error": "sk-very-secret"})]}) as server:
        backend = connect(server.url, key_env="MY_KEY", retries=0)
        answers = backend.generate([ask("a"), ask("b")])
        assert {headers["authorization"] for headers in server.headers} == {"Bearer sk-very-secret"}
    assert [str(answer).count("***") for answer in answers] == [1, 1]
    assert "secret" not in "".join(map(str, answers)) + backend.model + repr(backend) + "".join(map(repr, answers))
    assert "is the key in the environment variable MY_KEY one" in answers[0].hint


def test_a_key_for_another_server_stays_here(connect, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-for-openai")
    with Hostile() as server:
        connect(server.url, key_env="MY_KEY").generate([ask("a")])
        connect(server.url, key_env="").generate([ask("a")])
        assert "sk-for-openai" not in str(server.headers)
        assert server.asked() == 2


def test_a_proxy_is_not_asked_for_this_machine(connect, monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with Hostile() as server:
        (answer,) = connect(server.url).generate([ask("a")])
    assert answer.text == "A"


# Tokens and the context


def test_tokens_that_the_server_does_not_count_are_estimated(connect):
    with Hostile({"a": [fine("A brown dog.", usage=None)]}) as server:
        backend = connect(server.url)
        (answer,) = backend.generate([ask("a")])
        assert answer.prompt_tokens == backend.count(ask("a").messages)
        assert answer.completion_tokens == 5


TRAINED = {"data": [{"id": "m", "meta": {"n_ctx_train": 131072}}]}
CONTEXTS = [
    pytest.param({}, {"/v1/models": {"data": [{"id": "m", "max_model_len": 4096}]}}, 4096, id="vLLM"),
    pytest.param({}, {"/v1/models": TRAINED, "/props": {"default_generation_settings": {"n_ctx": 2048}}}, 2048, id="llama.cpp"),
    pytest.param({}, {"/v1/models": TRAINED}, 131072, id="llama.cpp that hides its settings"),
    pytest.param({}, {"/v1/models": {"data": [{"id": "m"}]}}, None, id="says nothing"),
    pytest.param({}, {"/v1/models": sends(500, "no")}, None, id="fails"),
    pytest.param({}, {"/v1/models": sends(200, "<html>")}, None, id="a web page"),
    pytest.param({}, {"/v1/models": sends(200, "{", {"Content-Type": "application/json"})}, None, id="half"),
    pytest.param({}, {}, None, id="no such page"),
    pytest.param({"context": 512}, {"/v1/models": {"data": [{"id": "m", "max_model_len": 4096}]}}, 512, id="given"),
]


@pytest.mark.parametrize(("options", "pages", "expected"), CONTEXTS)
def test_the_context_is_asked_once(connect, options, pages, expected):
    with Hostile(pages=pages) as server:
        backend = connect(server.url, **options)
        assert [backend.context for _ in range(3)] == [expected] * 3
        assert server.gets["/v1/models"] == (0 if options else 1)


def test_a_server_that_does_not_answer_is_asked_for_its_context_again(connect):
    with Hostile(pages={"/v1/models": dripping(0.05)}) as server:
        backend = connect(server.url, timeout=0.2)
        assert backend.context is None
        server.pages["/v1/models"] = {"data": [{"id": "m", "max_model_len": 64}]}
        assert backend.context == 64


def test_what_cannot_fit_is_not_sent(connect):
    with Hostile() as server:
        backend = connect(server.url, context=100)
        long, short = backend.generate([ask("dog " * 100, max_tokens=10), ask("a dog", max_tokens=10)])
        assert isinstance(long, ContextTooLong)
        assert "expected a request within 100 tokens, got about 152 and 10 to write" in long.message
        assert not long.retry
        assert short.text == "A DOG"
        assert server.asked() == 1


# Threads, interrupts, the end


def test_it_works_where_an_event_loop_runs(connect):
    async def notebook(backend):
        return backend.generate([ask("a")])

    with Hostile() as server:
        (answer,) = asyncio.run(notebook(connect(server.url)))
        assert answer.text == "A"


def test_two_threads_with_a_backend_each(connect):
    answers: list[str] = []

    def work(backend) -> None:
        answers.extend(answer.text for answer in backend.generate([ask("a")] * 5))

    with Hostile() as server:
        threads = [threading.Thread(target=work, args=(connect(server.url),)) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(10)
    assert answers == ["A"] * 10


def test_closing_wakes_up_who_waits(connect):
    caught: list[BaseException] = []

    def work(backend) -> None:
        try:
            backend.generate([ask("a")] * 3)
        except WriterError as error:
            caught.append(error)

    with Hostile(others=dripping(0.02)) as server:
        backend = connect(server.url, timeout=60)
        thread = threading.Thread(target=work, args=(backend,))
        thread.start()
        while server.asked() < 3:
            time.sleep(0.01)
        backend.close()
        thread.join(5)
        assert not thread.is_alive()
    assert [error.message.partition(": ")[2] for error in caught] == ["expected an open backend, got one that was closed"]


def test_after_the_end(connect):
    with Hostile() as server:
        backend = connect(server.url)
        backend.generate([ask("a")])
        backend.close()
        backend.close()
        with pytest.raises(WriterError, match="expected an open backend, got one that was closed"):
            backend.generate([ask("a")])


def test_another_process_connects_anew(connect):
    with Hostile() as server:
        backend = connect(server.url)
        backend.generate([ask("a")])
        parents = backend._connection._loop
        backend._connection._process = -1
        (answer,) = backend.generate([ask("b")])
        assert answer.text == "B"
        assert backend._connection._loop is not parents
        parents.close()


WAITS = """
import sys
from fusion.write.backends.protocol import Message, Request
from fusion.write.backends.server import Server
backend = Server(sys.argv[1], "m", context=9999)
try:
    backend.generate([Request(messages=(Message("user", str(n)),)) for n in range(20)])
except KeyboardInterrupt:
    backend.close() if "close" in sys.argv else None
    sys.exit(130)
"""


@pytest.mark.parametrize("how", ["close", "leave"])
def test_an_interrupt_does_not_hang(how):
    with Hostile(others=dripping(0.02)) as server:
        program = subprocess.Popen([sys.executable, "-W", "error", "-c", WAITS, server.url, how], stderr=subprocess.PIPE)
        while server.asked() < 8 and program.poll() is None:
            time.sleep(0.01)
        sent = time.monotonic()
        program.send_signal(signal.SIGINT)
        _, complaints = program.communicate(timeout=20)
        assert (program.returncode, complaints) == (130, b"")
        assert time.monotonic() - sent < 10, "long before the time-out of a minute"


def test_a_reply_is_the_first_choice(connect):
    two = completion("first")
    two["choices"] += completion("second")["choices"]
    with Hostile({"a": [sends(200, two)]}) as server:
        (answer,) = connect(server.url).generate([ask("a")])
        assert answer.text == "first"
