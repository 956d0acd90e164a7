"""What a caption says of one of its mentions, before it becomes a claim with an id."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fusion.facts import ClaimKind
from fusion.language.mention import Mention

if TYPE_CHECKING:
    from spacy.tokens import Token


@dataclass(frozen=True)
class Said:
    """Something said of a mention: an attribute, a count, a relation to another one, or an opinion."""

    kind: ClaimKind
    value: str
    tokens: list[Token]
    about: Mention
    to: Mention | None = None
    number: int | None = None
    at_least: bool = False
    negated: bool = False
    hedged: bool = False
