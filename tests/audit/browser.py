"""A browser to test pages with: W3C WebDriver spoken to a chromedriver that is installed, nothing is downloaded."""

from __future__ import annotations

import base64
import json
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
"""The key under which WebDriver names an element (W3C WebDriver, 12.2)."""

KEYS = {"Escape": "\ue00c", "ArrowRight": "\ue014", "Enter": "\ue007"}


def installed() -> tuple[str, str] | None:
    """Paths of a browser and its driver, None unless both are there."""
    browser = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    driver = shutil.which("chromedriver")
    return (browser, driver) if browser and driver else None


class Browser:
    """One window. `logs` are what the console said at level warning or worse."""

    def __init__(self, address: str, capabilities: dict[str, Any]) -> None:
        self._address = f"{address}/session"
        made = self._call("", {"capabilities": {"alwaysMatch": capabilities}})
        self._address += f"/{made['sessionId']}"

    def _call(self, path: str, body: dict[str, Any] | None = None, method: str = "") -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self._address + path, data, method=method or ("GET" if body is None else "POST"))
        request.add_header("Content-Type", "application/json")
        try:
            with urllib.request.urlopen(request, timeout=60) as reply:
                return json.load(reply)["value"]
        except urllib.error.HTTPError as error:
            with error:
                raise AssertionError(json.load(error)["value"]["message"]) from None

    def open(self, page: Path, anchor: str = "") -> None:
        self._call("/url", {"url": "about:blank"})
        self._call("/url", {"url": page.as_uri() + anchor})

    def run(self, script: str, *arguments: Any) -> Any:
        return self._call("/execute/sync", {"script": script, "args": list(arguments)})

    def find(self, query: str) -> str:
        found: str = self._call("/element", {"using": "css selector", "value": query})[ELEMENT]
        return found

    def click(self, query: str) -> None:
        """A real click, where the middle of the element is on the screen."""
        self._call(f"/element/{self.find(query)}/click", {})

    def until(self, script: str, wanted: object, seconds: float = 5) -> object:
        """What the script returns once it is what is wanted, or when the time is up: a link leads on after its click."""
        end = time.monotonic() + seconds
        while (got := self.run(script)) != wanted and time.monotonic() < end:
            time.sleep(0.02)
        return got

    def text(self, query: str) -> str:
        shown: str = self._call(f"/element/{self.find(query)}/text")
        return shown

    def type(self, query: str, text: str) -> None:
        self._call(f"/element/{self.find(query)}/value", {"text": text})

    def keys(self, *keys: str) -> None:
        """Press keys, whatever has the focus."""
        strokes = [{"type": kind, "value": KEYS.get(key, key)} for key in keys for kind in ("keyDown", "keyUp")]
        self._call("/actions", {"actions": [{"type": "key", "id": "keyboard", "actions": strokes}]})

    def hover(self, query: str) -> None:
        origin = {ELEMENT: self.find(query)}
        move = {"type": "pointerMove", "duration": 0, "origin": origin, "x": 0, "y": 0}
        pointer = {"type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"}, "actions": [move]}
        self._call("/actions", {"actions": [pointer]})

    def logs(self) -> list[str]:
        found = self._call("/se/log", {"type": "browser"})
        return [entry["message"] for entry in found if entry["level"] in ("WARNING", "SEVERE")]

    def screenshot(self, path: Path) -> None:
        path.write_bytes(base64.b64decode(self._call("/screenshot")))

    def scheme(self, name: str) -> None:
        """Ask for the light or the dark colour scheme."""
        features = [{"name": "prefers-color-scheme", "value": name}]
        self._call("/goog/cdp/execute", {"cmd": "Emulation.setEmulatedMedia", "params": {"features": features}})

    def close(self) -> None:
        self._call("", method="DELETE")


@contextmanager
def browse(width: int, height: int, *, phone: bool = False, options: Sequence[str] = ()) -> Iterator[Browser]:
    """A headless window of this size, pixels; a phone has touch and its own way with widths."""
    found = installed()
    assert found, "ask `installed` first"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    driver = subprocess.Popen([found[1], f"--port={port}", "--silent"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _await(port)
        arguments = ["--headless=new", "--no-sandbox", "--disable-dev-shm-usage", f"--window-size={width},{height}", *options]
        chrome: dict[str, Any] = {"binary": found[0], "args": arguments}
        if phone:
            chrome["mobileEmulation"] = {"deviceMetrics": {"width": width, "height": height, "pixelRatio": 2, "touch": True}}
        browser = Browser(f"http://127.0.0.1:{port}", {"goog:chromeOptions": chrome, "goog:loggingPrefs": {"browser": "ALL"}})
        try:
            yield browser
        finally:
            browser.close()
    finally:
        driver.terminate()
        driver.wait(timeout=20)


def _await(port: int) -> None:
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("chromedriver does not answer")
