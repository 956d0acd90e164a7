"""What a noun phrase says of its noun: qualities, numbers, parts, owners."""

from __future__ import annotations

from collections.abc import Container, Iterator
from typing import TYPE_CHECKING

from fusion import lexicon
from fusion.language import words
from fusion.language.lookup import Lookup
from fusion.language.mention import Mention
from fusion.language.mentions import with_conjuncts
from fusion.language.phrases import bound_before, hedged, negated, shade
from fusion.language.reference import resolve
from fusion.language.said import Said

if TYPE_CHECKING:
    from spacy.tokens import Token


class Nouns(Lookup):
    """Reads the noun phrases of one text."""

    def described(self, mention: Mention) -> Iterator[Said]:
        """Adjectives, materials, numbers and owners of a noun."""
        targets = self.things(mention.head.i, down=True) if mention.role != "object" else [mention]
        if mention.role == "picture":
            return
        bound = {t.i for c in mention.head.children for t in bound_before(c)}  # "four legged": said with the adjective
        for child in mention.head.children:
            if mention.start <= child.i <= mention.head.i or child.i in bound:
                continue
            for target in targets:
                yield from self.modifier(child, target, mention)
        if mention.value == "clothes" and lexicon.colour(mention.head.lower_):  # "in black"
            yield Said("attribute", mention.head.lower_, [mention.head], mention)
        if mention.head.dep_ == "amod" and mention.role == "object":  # "haired"
            its_own = [t for t in bound_before(mention.head) if t.is_alpha]
            for token in its_own or [c for c in mention.head.children if c.dep_ == "amod"]:
                yield from self.adjective(token, mention)
        for token in self.doc[mention.start : mention.head.i]:
            for child in token.children:  # "a brown leather couch": the adjective may hang on the compound
                if child.i < mention.start and child.dep_ in {"amod", "nummod"}:
                    for target in targets:
                        yield from self.modifier(child, target, mention)
        if mention.role == "group" and mention.of:
            yield from self.group_count(mention)

    def modifier(self, child: Token, target: Mention, mention: Mention) -> Iterator[Said]:
        part = self.mentions.get(child.i)
        if part is not None and part.role == "object" and child.dep_ in {"amod", "compound"} and child.i < mention.start:
            if child.dep_ == "amod":
                yield Said("relation", "have", [child], target, part)  # "a white haired lady"
            else:
                yield Said("relation", "have", [child], part, target)  # "bathroom floor"
            return
        if (child.dep_ in {"amod", "compound", "nmod"} and child.i < mention.start) or child.dep_ == "amod":
            for adjective in with_conjuncts(child):
                if adjective.i not in self.mentions or adjective == child:
                    yield from self.adjective(adjective, target)
            for colour in (c for c in child.children if c.dep_ in {"amod", "compound"} and lexicon.colour(c.lower_)):
                if colour not in shade(child)[1]:  # "red and white striped"
                    yield from (said for one in with_conjuncts(colour) for said in self.adjective(one, target))
        elif child.dep_ in {"nummod", "det", "predet", "advmod"} and child.i < mention.head.i:
            yield from count_of(child, target, mention)
        elif child.dep_ == "poss":
            owner = self.owner(child)
            if owner is not None and owner is not target:
                marks = [t for t in child.children if t.dep_ == "case"]
                yield Said("relation", "have", marks or [child], owner, target)

    def adjective(self, token: Token, target: Mention) -> Iterator[Said]:
        """One adjective or participle in front of a noun."""
        text = token.lower_
        quantity = lexicon.quantity(text)
        if quantity is not None and (token.pos_ == "NUM" or text in {"several", "many", "numerous", "multiple", "few"}):
            yield from numbered(token, quantity, target, self.noun_of(token, target))
            return
        if text in words.NOT_VISUAL_ADJECTIVES | words.WHERE or token.pos_ in {"DET", "PRON"}:
            return
        if (not token.is_alpha and "-" not in text) or self.leads_from(token):
            return
        if token.tag_ == "VBG" and lexicon.base(text) in words.COPULAS:
            return  # "a delicious looking cake"
        if text in words.OPINION_ADJECTIVES:
            yield Said("opinion", text, [token], target)
            return
        matter = self.mentions.get(token.i - 1) if token.tag_ == "VBN" or text.endswith("ed") else None
        if matter is not None and matter.role == "object" and matter.head in bound_before(token):
            yield Said("relation", token.lemma_, [token], matter, target)  # "snow covered"
            return
        value, tokens = shade(token)
        yield Said("attribute", value, tokens, target, hedged=hedged(token), negated=negated(token))

    def leads_from(self, adjective: Token) -> bool:
        """ "Full of food": said as a relation."""
        preps = [c for c in adjective.children if c.dep_ == "prep" and c.i > adjective.i]
        leading = [c for c in preps if c.lower_ == "of" or adjective.pos_ == "VERB"]
        return any(True for c in leading for _ in self.led_to(c))

    def group_count(self, mention: Mention) -> Iterator[Said]:
        """ "A herd of cows", "two of the bowls"."""
        if mention.value not in words.GROUPS:
            number, _ = lexicon.quantity(mention.value) or (0, False)
            for thing in mention.of if number > 1 else ():
                yield Said("count", thing.value, [mention.head], thing.entity, number=number, at_least=True)
            return
        number = words.GROUPS[mention.value]
        exact = mention.value in words.EXACT_GROUPS and not mention.plural
        for thing in mention.of:
            if mention.value == "pair" and lexicon.is_pair(thing.value):
                continue  # "a pair of scissors" is one thing
            if thing.role == "object" and (thing.plural or mention.value in {"herd", "flock", "crowd"}):
                yield Said("count", thing.value, [mention.head], thing, number=number, at_least=not exact)

    def noun_of(self, token: Token, target: Mention) -> Mention:
        """The noun phrase that a word stands in: that of the portions of what is meant, or its own."""
        return next((m for m in self.mentions.values() if m.role == "portion" and m.start <= token.i < m.head.i), target)

    def owner(self, token: Token) -> Mention | None:
        if token.i in self.mentions:
            return self.mentions[token.i].entity
        return resolve(token, self.mentions)


def lined_up(mention: Mention, used: Container[int]) -> Iterator[Said]:
    """ "Red, white and blue flag": colours and matter in a row before a noun, whatever the parse hangs them on."""
    doc, i = mention.head.doc, mention.start - 1
    while i >= 0 and (doc[i].lower_ in {",", "and", "&"} or is_adjective(doc[i]) or plain_quality(doc[i])):
        if plain_quality(doc[i]) and doc[i].lower_ not in words.COLOURED and i not in used and not doc[i].is_sent_end:
            value, tokens = shade(doc[i])
            yield Said("attribute", value, tokens, mention)
        i -= 1


def is_adjective(token: Token) -> bool:
    """An adjective, or a pattern that the tagger may take for a noun."""
    return token.pos_ == "ADJ" or token.lower_ in words.PATTERNS


def plain_quality(token: Token) -> bool:
    """A colour or matter, or the word "colour" itself."""
    word = token.lower_
    return word in words.COLOURED or word in words.MATERIALS or lexicon.colour(word) == word


def count_of(token: Token, target: Mention, mention: Mention) -> Iterator[Said]:
    """Numbers in front of a noun; "no" denies it."""
    text = token.lower_
    quantity = lexicon.quantity(text)
    if text in {"a", "an", "the", "some", "any", "no"} or quantity is None:
        return
    around = [c for c in token.children if c.lower_ in {"at", "least", "about", "over", "than", "more"}]
    yield from numbered(token, (quantity[0], quantity[1] or bool(around)), target, mention)


def numbered(token: Token, quantity: tuple[int, bool], target: Mention, mention: Mention) -> Iterator[Said]:
    """A number in front of the noun of `mention`, that says something of `target`."""
    number, at_least = quantity
    noun = mention.head
    single = noun.tag_ == "NN" and lexicon.plural(noun.lower_) != noun.lower_
    counted = token.i > 0 and token.nbor(-1).tag_ == "CD"  # "three two story houses"
    if number > 1 and (single or counted) and token.i + 1 < noun.i:
        yield Said("attribute", f"{token.lower_} {token.nbor(1).lower_}", [token], target)  # "a two layer cake"
        return
    value = lexicon.singular(mention.value) if mention.role == "portion" else target.value  # slices are not pizzas
    yield Said("count", value, [token], target, number=number, at_least=at_least)
