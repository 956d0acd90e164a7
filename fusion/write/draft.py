"""A caption before it is checked, and how it came about."""

from __future__ import annotations

from dataclasses import dataclass

from fusion.facts import Rejected, Usage


@dataclass(frozen=True)
class Draft:
    """What a writer made of a brief.

    `writer` is who wrote it in the end, which may be another one than was asked; `source` whose words it is where nobody wrote it
    anew; `prompt` the template that a language model was asked with; `rejected` the replies before it; `mended` the kinds of
    faults that were mended in the reply that was taken; `usage` what it cost.
    """

    text: str
    writer: str = ""
    source: str = ""
    prompt: str = ""
    rejected: tuple[Rejected, ...] = ()
    mended: tuple[str, ...] = ()
    usage: tuple[Usage, ...] = ()
