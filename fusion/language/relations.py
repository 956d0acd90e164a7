"""Reads what a caption says of its mentions: attributes, counts, relations, actions, from the dependency tree."""

from __future__ import annotations

from collections.abc import Iterator

from fusion.language.normal import normal
from fusion.language.nouns import lined_up
from fusion.language.phrases import is_denied, is_verb
from fusion.language.prepositions import Prepositions
from fusion.language.said import Said
from fusion.language.verbs import Verbs


def denies(said: Said) -> bool:
    """ "A street with no people": that there are none says it all."""
    return said.kind == "relation" and (is_denied(said.about.head) or (said.to is not None and is_denied(said.to.head)))


class Reader(Verbs, Prepositions):
    """Reads one parsed text. `said` yields in the order of the text's tokens."""

    def said(self) -> Iterator[Said]:
        """All that the text says of its mentions, relations in their one form."""
        yield from (normal(said) for said in self.read() if not denies(said))

    def read(self) -> Iterator[Said]:
        """All that it says, as it says it; colours and matter that the parse left aside last."""
        used: set[int] = set()
        for said in self.parsed():
            used.update(t.i for t in said.tokens)
            yield said
        for mention in self.mentions.values():
            if mention.role == "object":
                yield from lined_up(mention, used | self.mentions.keys())

    def parsed(self) -> Iterator[Said]:
        """What the tree says."""
        for token in self.doc:
            if token.is_space:
                continue
            mention = self.mentions.get(token.i)
            if mention is not None:
                yield from self.described(mention)
            if mention is None and is_verb(token):
                yield from self.verb(token)
            elif token.dep_ == "prep" or token.pos_ == "ADP":
                yield from self.preposition(token)
