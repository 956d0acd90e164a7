"""A real local HTTP server that answers chat completions well or badly, by script, and counts how it was asked.

    with Hostile({"a dog": [status(500), fine("A dog.")]}) as server:
        Server(server.url, "m").generate([ask("a dog")])
    server.asked("a dog")  # 2

The last message of a request is its name: each name has its own script, the last behaviour of which stays. Run as a
program it prints what became of each behaviour.
"""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

Behaviour = Callable[["Handler", dict[str, Any]], None]
"""Answers one request, given its body."""


def completion(text: str | None = "A dog.", finish: str | None = "stop", **more: Any) -> dict[str, Any]:
    """A completion as servers send it. `more`: other fields, such as `usage` (None leaves it out) and `refusal`."""
    refusal = {"refusal": more.pop("refusal")} if "refusal" in more else {}
    usage = more.pop("usage", {"prompt_tokens": 7, "completion_tokens": 3, "total_tokens": 10})
    choice = {"index": 0, "finish_reason": finish, "message": {"role": "assistant", "content": text, **refusal}}
    return {"id": "x", "object": "chat.completion", "choices": [choice], **({"usage": usage} if usage else {}), **more}


def fine(text: str = "A dog.", **more: Any) -> Behaviour:
    """A good reply."""
    return sends(200, completion(text, **more))


def echo() -> Behaviour:
    """A good reply that repeats the name of the request, in capitals."""
    return lambda handler, asked: handler.send(200, completion(name_of(asked).upper()))


def sends(code: int, body: Any, headers: Mapping[str, str] | None = None) -> Behaviour:
    """Any status, and JSON, text or bytes."""
    return lambda handler, _: handler.send(code, body, headers)


def status(code: int, message: str = "no", headers: Mapping[str, str] | None = None, **error: Any) -> Behaviour:
    """An error as OpenAI shapes it."""
    return sends(code, {"error": {"message": message, **error}}, headers)


def slow(seconds: float, then: Behaviour | None = None) -> Behaviour:
    """Nothing for a while, then a good reply."""

    def act(handler: Handler, asked: dict[str, Any]) -> None:
        handler.hostile.closing.wait(seconds)
        (then or fine())(handler, asked)

    return act


def dripping(every: float) -> Behaviour:
    """A reply without an end, a few bytes at a time: no single wait is long."""

    def act(handler: Handler, _: dict[str, Any]) -> None:
        handler.begin(200, {"Content-Type": "application/json"})
        while not handler.hostile.closing.wait(every):
            handler.wfile.write(b" ")

    return act


def flooding() -> Behaviour:
    """A reply without an end, as fast as it goes."""

    def act(handler: Handler, _: dict[str, Any]) -> None:
        handler.begin(200, {"Content-Type": "application/json"})
        while not handler.hostile.closing.is_set():
            handler.wfile.write(b" " * 2**20)

    return act


def half() -> Behaviour:
    """Half of what was announced, then the connection is closed."""

    def act(handler: Handler, _: dict[str, Any]) -> None:
        data = json.dumps(completion()).encode()
        handler.begin(200, {"Content-Type": "application/json", "Content-Length": str(len(data))})
        handler.wfile.write(data[: len(data) // 2])

    return act


def closed() -> Behaviour:
    """The connection is closed without a word."""
    return lambda handler, _: None


def refuses(*forms: str) -> Behaviour:
    """400 for requests that ask for JSON by these `response_format` types (or `type+schema`), else a good reply."""

    def act(handler: Handler, asked: dict[str, Any]) -> None:
        form = asked.get("response_format") or {}
        kind = form.get("type", "") + ("+schema" if "schema" in form else "")
        (status(400, "what form is that?") if kind in forms else echo())(handler, asked)

    return act


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    timeout = 5  # for a client that connects and says nothing
    hostile: Hostile

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))))
        self.close_connection = True
        with self.hostile.counting(asked, lower(self.headers)) as behave:
            behave(self, asked)

    def do_GET(self) -> None:
        self.close_connection = True
        self.hostile.gets[self.path] += 1
        self.hostile.headers.append(lower(self.headers))
        answer = self.hostile.pages.get(self.path)
        if callable(answer):
            answer(self, {})
        else:
            self.send(200 if answer is not None else 404, answer if answer is not None else {"error": "no such page"})

    def send(self, code: int, body: Any, headers: Mapping[str, str] | None = None) -> None:
        """A whole answer. A dict or list goes as JSON."""
        is_json = isinstance(body, dict | list)
        data = body if isinstance(body, bytes) else json.dumps(body).encode() if is_json else str(body).encode()
        kind = {"Content-Type": "application/json"} if is_json else {}
        self.begin(code, {**kind, "Content-Length": str(len(data)), **(headers or {})})
        self.wfile.write(data)

    def begin(self, code: int, headers: Mapping[str, str]) -> None:
        """Status and headers."""
        self.send_response(code)
        for name, value in headers.items():
            self.send_header(name, value)
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Nothing on standard error."""


class Hostile:
    """The server. `scripts`: behaviours by the name of a request, `others` for the rest; `pages`: JSON or behaviours of GET."""

    def __init__(
        self,
        scripts: Mapping[str, Sequence[Behaviour]] | None = None,
        *,
        others: Behaviour | None = None,
        pages: Mapping[str, Any] | None = None,
    ) -> None:
        self._scripts = dict(scripts or {})
        self._others = others or echo()
        self.pages = dict(pages or {})
        self.closing = threading.Event()
        self.bodies: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.gets: Counter[str] = Counter()
        self.at_once = self.most_at_once = 0
        self._calls: Counter[str] = Counter()
        self._lock = threading.Lock()
        handler = type("Bound", (Handler,), {"hostile": self})
        self._server = _Quiet(("127.0.0.1", 0), handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)

    @property
    def url(self) -> str:
        """The address of its API."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def asked(self, name: str = "") -> int:
        """How often the request of this name was made; all, without a name."""
        return self._calls[name] if name else self._calls.total()

    def counting(self, asked: dict[str, Any], headers: dict[str, str]) -> _Counted:
        """The behaviour for this request, counted while it lasts."""
        name = name_of(asked)
        with self._lock:
            script = self._scripts.get(name) or [self._others]
            behave = script[min(self._calls[name], len(script) - 1)]
            self._calls[name] += 1
            self.bodies.append(asked)
            self.headers.append(headers)
        return _Counted(self, behave)

    def count(self, change: int) -> None:
        """Note that one more, or one fewer, is under way."""
        with self._lock:
            self.at_once += change
            self.most_at_once = max(self.most_at_once, self.at_once)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Counted:
    def __init__(self, hostile: Hostile, behave: Behaviour) -> None:
        self._hostile, self._behave = hostile, behave

    def __enter__(self) -> Behaviour:
        self._hostile.count(1)
        return self._behave

    def __exit__(self, *_: object) -> None:
        self._hostile.count(-1)


class _Quiet(ThreadingHTTPServer):
    daemon_threads = False  # joined when the server closes, so that no thread outlives its test
    request_queue_size = 128

    def handle_error(self, *_: Any) -> None:
        """Clients that hang up are what this is about."""


def lower(headers: Mapping[str, str]) -> dict[str, str]:
    """Headers by their names in lower case, whatever the client made of them."""
    return {name.lower(): value for name, value in headers.items()}


def name_of(asked: Mapping[str, Any]) -> str:
    """The text of the last message."""
    return str(asked["messages"][-1]["content"])


EVIL: Mapping[str, Sequence[Behaviour]] = {
    "fine": [fine()],
    "slow, then fine": [slow(2), fine()],
    "slow every time": [slow(2)],
    "drips without an end": [dripping(0.05)],
    "floods": [flooding()],
    "429, then fine": [status(429), fine()],
    "429 with Retry-After, then fine": [status(429, headers={"Retry-After": "0.05"}), fine()],
    "429 with Retry-After of an hour": [status(429, headers={"Retry-After": "3600"})],
    "500 twice, then fine": [status(500), status(503), fine()],
    "500 every time": [status(500, "out of memory")],
    "half a reply, then fine": [half(), fine()],
    "half a reply every time": [half()],
    "not JSON, then fine": [sends(200, '{"choices": [{"mess'), fine()],
    "not JSON every time": [sends(200, "Hello!")],
    "a web page": [sends(200, "<html>Sign in</html>", {"Content-Type": "text/html"})],
    "closes the connection, then fine": [closed(), closed(), fine()],
    "closes the connection every time": [closed()],
    "no choices, then fine": [sends(200, {"choices": []}), fine()],
    "content null, a refusal": [sends(200, completion(None, refusal="I cannot help with that."))],
    "a redirect": [sends(307, "", {"Location": "https://elsewhere.example/v1/chat/completions"})],
    "401": [status(401, "no such key")],
    "404": [status(404, "no such model")],
    "context too long": [status(400, "This model's maximum context length is 4096 tokens. However, you requested 9000")],
}
"""What a server can do to us, by name."""


def survey(make: Callable[[str], Any], ask: Callable[[str], Any]) -> list[tuple[str, str, int]]:
    """What came of each behaviour in `EVIL`, and how often the server was asked. `make` is given the address."""
    rows = []
    with Hostile(EVIL) as server:
        for name in EVIL:
            backend = make(server.url)
            try:
                (answer,) = backend.generate([ask(name)])
            finally:
                backend.close()
            text = getattr(answer, "text", None)
            came = f"reply {text!r} ({answer.finish})" if text is not None else f"{type(answer).__name__}: {answer}"
            rows.append((name, came.replace(server.url.removesuffix("/v1"), "http://HOST"), server.asked(name)))
    return rows


def table(rows: Sequence[tuple[str, str, int]]) -> str:
    """The rows as a Markdown table."""
    lines = (f"| {name} | {calls} | {came} |" for name, came, calls in rows)
    return "\n".join(["| the server | calls | what came of it |", "|---|---|---|", *lines])


if __name__ == "__main__":
    from fusion.write.backends.protocol import Message, Request
    from fusion.write.backends.server import Server

    fast = {"timeout": 0.4, "backoff": 0.02, "retries": 3, "max_wait": 1}
    print(table(survey(lambda url: Server(url, "m", **fast), lambda name: Request(messages=(Message("user", name),)))))
