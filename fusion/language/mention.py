"""A thing that a caption mentions, as one stretch of its words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from spacy.tokens import Token

Role = Literal["object", "name", "picture", "group", "portion", "place_of", "opinion", "abstract", "writing"]


@dataclass
class Mention:
    """A noun and its compounds: tokens `start` to `head`, inclusive. `first` is the mention that it repeats, if any."""

    head: Token
    start: int
    value: str
    role: Role
    plural: bool = False
    first: Mention | None = None
    of: list[Mention] = field(default_factory=list)
    claim: str = ""

    @property
    def entity(self) -> Mention:
        """The first mention of the same thing."""
        return self.first or self
