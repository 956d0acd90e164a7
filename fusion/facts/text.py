"""Text as rows can hold it."""

from __future__ import annotations

LONGEST_MESSAGE = 2000


def printable(message: str) -> str:
    """A message as a row can hold it: UTF-8, and cut where a library put a whole array into it."""
    text = message.encode("utf-8", "backslashreplace").decode()
    return text if len(text) <= LONGEST_MESSAGE else text[:LONGEST_MESSAGE] + "…"


def check_text(value: str) -> None:
    """Raise ValueError for text that UTF-8 cannot hold (a lone surrogate)."""
    try:
        value.encode("utf-8")
    except UnicodeEncodeError as error:
        raise ValueError(f"expected text that UTF-8 can hold, got a lone surrogate at character {error.start}") from None
