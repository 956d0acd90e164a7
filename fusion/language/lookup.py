"""From the tokens of a parse to the things that a text mentions: who does it, what it is done to, what a preposition leads to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from fusion.language import words
from fusion.language.mention import Mention
from fusion.language.mentions import with_conjuncts
from fusion.language.phrases import is_verb, joined_before
from fusion.language.reference import resolve

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token


LEADING = frozenset({"prep", "prt", "agent", "pcomp", "ROOT", "conj", "dep", "advmod", "amod"})
"""What a word may be in the tree that leads on to a noun as a preposition does."""


class Lookup:
    """Looks up the mentions behind the tokens of one parsed text."""

    def __init__(self, doc: Doc, mentions: dict[int, Mention]) -> None:
        self.doc = doc
        self.mentions = mentions

    def meant(self, token: Token, *, conjuncts: bool = True) -> list[Mention]:
        """The things a noun, pronoun or relative pronoun stands for."""
        found: list[Mention] = []
        for item in with_conjuncts(token) if conjuncts else [token]:
            if item.i in self.mentions:
                found += self.things(item.i, down=True, conjuncts=False)
            elif item.lower_ in words.RELATIVE and item.head.dep_ in {"relcl", "ccomp", "acl", "advcl"}:
                found += self.things(item.head.head.i)
            elif (one := resolve(item, self.mentions)) is not None:
                found.append(one)
        return found

    def things(self, index: int, *, down: bool = False, conjuncts: bool = True) -> list[Mention]:
        """The objects behind a noun: "group of people" are the people; with its conjuncts, unless told."""
        mention = self.mentions.get(index)
        if mention is None:
            return []
        if mention.of and mention.role in {"group", "portion", "place_of", "picture"}:
            return [m.entity for m in mention.of if m.role == "object"]
        found = [mention.entity] if mention.role == "object" else []
        if not conjuncts or down:
            return found
        return found + [self.mentions[t.i].entity for t in joined_before(mention.head) if t.i in self.mentions
                        and self.mentions[t.i].role == "object"]  # fmt: skip

    def subjects(self, token: Token, depth: int = 6) -> list[Mention]:
        """Who does it: the verb's subject, the noun it describes, or the subject of the verb it hangs on."""
        holders = [token, *(c for c in token.children if c.dep_ in {"aux", "auxpass"})]
        own = [c for holder in holders for c in holder.children if c.dep_ in {"nsubj", "nsubjpass", "csubj"}]
        if own:
            return [m for child in own for m in [*self.joined_left(child), *self.meant(child)]]
        if depth == 0 or token.dep_ == "ROOT":
            return []
        if token.dep_ in {"acl", "relcl", "amod"}:
            between = [t for t in with_conjuncts(token.head) if token.head.i < t.i < token.i]  # "a man and a child standing"
            return unique([*self.things(token.head.i), *(m for t in between for m in self.things(t.i, down=True))])
        if token.dep_ in {"conj", "xcomp", "advcl", "ccomp", "parataxis", "dep"} and token.head.i != token.i:
            if is_verb(token.head):
                passed = [m for c in token.head.children if c.dep_ == "dobj" for m in self.meant(c)]
                if token.dep_ == "xcomp" and passed:
                    return passed
                return self.subjects(token.head, depth - 1)
            return self.things(token.head.i) if token.head.i in self.mentions else []
        if token.dep_ in {"pcomp", "mark"}:
            return self.subjects(token.head.head, depth - 1) if is_verb(token.head.head) else []
        return []

    def joined_left(self, subject: Token) -> list[Mention]:
        """The noun before "and" that the parser left outside: "a man and a woman are walking"."""
        start = subject.left_edge.i
        while start < subject.i and (self.doc[start].dep_ == "cc" or self.doc[start].is_punct):
            start += 1
        before = self.mentions.get(start - 2)
        joined = start >= 2 and self.doc[start - 1].lower_ == "and" and before is not None
        return [before.entity] if joined and before is not None and before.role == "object" else []

    def objects(self, token: Token) -> list[Mention]:
        return [m for c in token.children if c.dep_ in {"dobj", "dative"} for m in self.meant(c)]

    def stranded(self, token: Token) -> Token | None:
        """ "The bench that a cat sits on": the preposition of a relative clause that leads back to what the clause describes."""
        if token.dep_ not in {"relcl", "acl"} or not any(c.dep_ in {"nsubj", "nsubjpass"} for c in token.children):
            return None
        return next((c for c in token.children if c.dep_ == "prep" and c.i > token.i and not list(c.children)), None)

    def led_to(self, token: Token, depth: int = 4) -> Iterator[Mention]:
        """What a preposition leads to, through "top of", "next to" and the like."""
        if depth == 0:
            return
        for child in token.children:
            if child.dep_ in {"pobj", "npadvmod"} and token.dep_ in LEADING:
                for item in with_conjuncts(child):
                    mention = self.mentions.get(item.i)
                    if mention is not None and mention.role in {"place_of", "picture"} and mention.of:
                        yield from (m for inner in mention.of for m in self.things(inner.head.i))
                    elif mention is None or mention.role not in {"place_of", "picture"}:
                        yield from self.meant(item, conjuncts=False)
            elif child.dep_ in {"prep", "pcomp"} and token.pos_ in {"ADP", "ADV", "SCONJ", "ADJ"} and child.i > token.i:
                yield from self.led_to(child, depth - 1)


def unique(mentions: Iterable[Mention]) -> list[Mention]:
    """Each mention once, in order."""
    return list({id(m): m for m in mentions}.values())
