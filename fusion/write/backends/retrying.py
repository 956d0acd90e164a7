"""When a failed call of a server is tried again, after how long, and what is said of it when it is not.

The `openai` client could retry by itself; here it does not (`max_retries=0`), because it knows nothing of replies that
arrive broken with status 200, and its waiting can be neither limited nor interrupted.
"""

from __future__ import annotations

import random
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

from fusion.errors import ContextTooLong, WriterError
from fusion.write.backends.completion import said

_LONGEST_BACKOFF = 30.0

_BUSY = frozenset({408, 409, 425, 429})
"""Statuses that pass: time-out, conflict, too early, too many requests; and all from 500."""

_TOO_LONG = frozenset({"context_length_exceeded", "exceed_context_size_error"})
"""How OpenAI and llama.cpp call a prompt that does not fit. vLLM has only words for it."""

_TOO_LONG_WORDS = re.compile(
    r"context (length|size|window)|maximum (model|input) length|max_tokens must be at least 1, got -", re.IGNORECASE
)


@dataclass(frozen=True)
class Patience:
    """How often and how long to wait: `retries` after the first try, the first after about `backoff` seconds, then doubling.

    A server that names its own time (Retry-After) is given it, up to `max_wait` seconds.
    """

    retries: int = 4
    backoff: float = 0.5
    max_wait: float = 60.0

    def wait(self, tries: int, after: float | None) -> float | None:
        """Seconds until the next try, None if there shall be none. `tries` were made, `after` is what the server asked for."""
        if tries > self.retries or (after is not None and after > self.max_wait):
            return None
        if after is not None:
            return after
        # Drawn, so that requests refused together do not come back together. It decides nothing that reaches a row.
        return min(self.backoff * 2.0 ** (tries - 1), _LONGEST_BACKOFF) * random.uniform(0.5, 1)


class Trouble(WriterError):
    """A call that failed. `after`: seconds the server asks to wait; `refused`: it would not take the request as it stands;
    `reached`: it answered at all; `too_long`: the request does not fit its context."""

    def __init__(
        self,
        message: str,
        *,
        hint: str = "",
        retry: bool = False,
        after: float | None = None,
        refused: bool = False,
        reached: bool = True,
        too_long: bool = False,
    ) -> None:
        super().__init__(message, hint=hint, retry=retry)
        self.after = after
        self.refused = refused
        self.reached = reached
        self.too_long = too_long

    def final(self, tries: int) -> WriterError:
        """What is handed on when no further try is made."""
        message = self.message if tries == 1 else f"{self.message}, at the last of {tries} tries"
        hint = self.hint
        if self.after is not None:
            hint = f"it asks to wait {self.after:g} seconds; {hint}" if hint else f"it asks to wait {self.after:g} seconds"
        return (ContextTooLong if self.too_long else WriterError)(message, hint=hint, retry=self.retry)


def passes(status: int) -> bool:
    """May the same request succeed a little later, going by its HTTP status?"""
    return status in _BUSY or status >= 500


def refusal(status: int, body: object, headers: Mapping[str, str], where: str, secret: str, hints: Mapping[int, str]) -> Trouble:
    """What an answer with an error status means. `body` is its JSON or text, `hints` say by status what to do."""
    words = said(body, secret)
    message = f"{where}: expected a chat completion, got status {status}" + (f": {words}" if words else "")
    kinds = {str(body.get(name)) for name in ("code", "type")} if isinstance(body, Mapping) else set()
    if status != 429 and (kinds & _TOO_LONG or _TOO_LONG_WORDS.search(words)):
        return Trouble(message, hint="give fewer facts, or raise the context of the server", too_long=True)
    if 300 <= status < 400:
        return Trouble(message, hint=_elsewhere(headers.get("location", "")))
    # llama-cpp-python's server says 500 where it does not know the form in which JSON is asked for.
    refused = status in {400, 422} or (status == 500 and "response_format" in str(body))
    retry = passes(status) and not refused and "insufficient_quota" not in kinds
    hint = hints.get(status) or hints.get(status // 100 * 100, "")
    after = retry_after(headers) if retry else None
    return Trouble(message, hint=hint, retry=retry, after=after, refused=refused)


def _elsewhere(location: str) -> str:
    target = re.match(r"https?://([^/?#@]+@)?(?P<host>[\w.\-\[\]:]+)", location)
    to = f" (it points to {target['host']})" if target else ""
    return f"redirects are not followed, as they would hand requests to another server; give its own address as url{to}"


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait by `Retry-After-Ms` (milliseconds) or `Retry-After` (seconds or a date, RFC 9110); None without."""
    for name, unit in (("retry-after-ms", 1000.0), ("retry-after", 1.0)):
        given = headers.get(name)
        if given is None:
            continue
        seconds = _number(given)
        if seconds is not None and 0 <= seconds < float("inf"):
            return seconds / unit
    return _until(headers.get("retry-after", ""))


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _until(date: str) -> float | None:
    try:
        return max(0.0, parsedate_to_datetime(date).timestamp() - time.time())
    except (ValueError, OverflowError):
        return None
