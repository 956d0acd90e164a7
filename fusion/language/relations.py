"""Reads what a caption says of its mentions: attributes, counts, relations, actions, from the dependency tree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fusion import lexicon
from fusion.facts import ClaimKind
from fusion.language import words
from fusion.language.mentions import Mention, resolve, with_conjuncts
from fusion.language.phrases import (
    action,
    anchor,
    base,
    bound_before,
    has_object,
    hedged,
    is_modifier,
    is_verb,
    joined_before,
    negated,
    passive,
    place_value,
    shade,
    verb_value,
)

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token


@dataclass
class Said:
    """Something said of a mention: an attribute, a count, a relation to another one, or that it is called something."""

    kind: ClaimKind
    value: str
    tokens: list[Token]
    about: Mention
    to: Mention | None = None
    number: int | None = None
    at_least: bool = False
    negated: bool = False
    hedged: bool = False


class Reader:
    """Reads one parsed text. `said` yields in the order of the text's tokens."""

    def __init__(self, doc: Doc, mentions: dict[int, Mention]) -> None:
        self.doc = doc
        self.mentions = mentions

    def said(self) -> Iterator[Said]:
        """All that the text says of its mentions."""
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

    # What stands inside a noun phrase

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
        for token in self.doc[mention.start : mention.head.i]:
            for child in token.children:  # "a brown leather couch": the adjective may hang on the compound
                if child.i < mention.start and child.dep_ in {"amod", "nummod"}:
                    for target in targets:
                        yield from self.modifier(child, target, mention)
        if mention.value in words.GROUPS and mention.role == "group" and mention.of:
            yield from self.group_count(mention)

    def modifier(self, child: Token, target: Mention, mention: Mention) -> Iterator[Said]:
        if (child.dep_ in {"amod", "compound", "nmod"} and child.i < mention.start) or child.dep_ == "amod":
            for adjective in with_conjuncts(child):
                if adjective.i not in self.mentions or adjective == child:
                    yield from self.adjective(adjective, target)
            for colour in (c for c in child.children if c.dep_ in {"amod", "compound"} and lexicon.colour(c.lower_)):
                if colour not in shade(child)[1]:  # "red and white striped"
                    yield from (said for one in with_conjuncts(colour) for said in self.adjective(one, target))
        elif child.dep_ in {"nummod", "det", "predet", "advmod"} and child.i < mention.head.i:
            yield from count_of(child, target)
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
            yield Said("count", target.value, [token], target, number=quantity[0], at_least=quantity[1])
            return
        if text in words.NOT_VISUAL_ADJECTIVES or token.pos_ in {"DET", "PRON"} or (not token.is_alpha and "-" not in text):
            return
        if text in words.OPINION_ADJECTIVES:
            yield Said("opinion", text, [token], target)
            return
        value, tokens = shade(token)
        yield Said("attribute", value, tokens, target, hedged=hedged(token), negated=negated(token))

    def group_count(self, mention: Mention) -> Iterator[Said]:
        number = words.GROUPS[mention.value]
        exact = mention.value in words.EXACT_GROUPS and not mention.plural
        for thing in mention.of:
            if thing.role == "object" and (thing.plural or mention.value in {"herd", "flock", "crowd"}):
                yield Said("count", thing.value, [mention.head], thing, number=number, at_least=not exact)

    def owner(self, token: Token) -> Mention | None:
        if token.i in self.mentions:
            return self.mentions[token.i].entity
        return resolve(token, self.mentions)

    # Verbs

    def verb(self, token: Token) -> Iterator[Said]:
        """What a verb says: of its subject, of its object, or of both."""
        if is_modifier(token) or token.dep_ in {"aux", "auxpass"}:
            return
        subjects = self.subjects(token)
        if token.lemma_ in words.COPULAS and not passive(token):
            yield from self.copula(token, subjects)
            return
        objects = self.objects(token)
        no, maybe = negated(token), hedged(token)
        value, tokens = verb_value(token)
        doing, words_of_it = action(token)
        leads_on = self.leads_on(token)
        for subject in subjects:
            for thing in objects:
                if thing is not subject:
                    yield Said("relation", value, tokens, subject, thing, negated=no, hedged=maybe)
            if not objects and not leads_on and not about_picture(token):
                yield Said("attribute", doing, words_of_it, subject, negated=no, hedged=maybe)

    def copula(self, token: Token, subjects: list[Mention]) -> Iterator[Said]:
        """ "Is red", "looks old": adjectives said of the subject."""
        no, maybe = negated(token), hedged(token)
        predicates = [
            c for c in token.children if c.dep_ in {"acomp", "oprd", "xcomp"} and c.pos_ in {"ADJ", "VERB"} and c.tag_ != "VB"
        ]
        for adjective in (a for child in predicates for a in with_conjuncts(child)):
            if adjective.lower_ in words.NOT_VISUAL_ADJECTIVES or has_object(adjective):
                continue
            kind: ClaimKind = "opinion" if adjective.lower_ in words.OPINION_ADJECTIVES else "attribute"
            value, tokens = shade(adjective)
            for subject in subjects:
                yield Said(kind, value, tokens, subject, negated=no, hedged=maybe)

    def leads_on(self, token: Token) -> bool:
        """Does a preposition or a further verb say what the verb does? Then the verb alone is no claim."""
        for child in token.children:
            if child.dep_ in {"prep", "agent", "advmod"} and any(True for _ in self.led_to(child)):
                return True
            if child.dep_ == "xcomp" and token.lemma_ in {
                "try",
                "get",
                "begin",
                "start",
                "go",
                "continue",
                "appear",
                "seem",
            }:
                return True
        return False

    def subjects(self, token: Token, depth: int = 6) -> list[Mention]:
        """Who does it: the verb's subject, the noun it describes, or the subject of the verb it hangs on."""
        own = [c for c in token.children if c.dep_ in {"nsubj", "nsubjpass", "csubj"}]
        if own:
            return [m for child in own for m in [*self.joined_left(child), *self.meant(child)]]
        if depth == 0 or token.dep_ == "ROOT":
            return []
        if token.dep_ in {"acl", "relcl", "amod"}:
            return self.things(token.head.i)
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

    # Prepositions

    def preposition(self, token: Token) -> Iterator[Said]:
        """ "A cup on a table", "sitting next to a dog": a relation from what the preposition hangs on."""
        targets = list(self.led_to(token))
        if not targets or token.dep_ == "pcomp":
            return
        place, tokens = place_value(token, self.mentions)
        if place in words.NON_SPATIAL or (place == "of" and self.of_is_grammar(token)):
            return
        inner = self.mentions.get(token.head.i)
        if inner is not None and inner.role == "place_of" and token.head.dep_ == "pobj":
            return  # inside "to the left of": said by the outer preposition
        head = anchor(token)
        if head.dep_ == "pobj" and self.mentions.get(head.i) and self.mentions[head.i].role == "place_of":
            return  # inside "on top of": said by the outer preposition
        if place == "without":
            return  # said already by the thing that is denied
        negative = negated(head)
        if head.i in self.mentions:
            yield from self.noun_place(head, place, tokens, targets, negative)
        elif is_verb(head) or head.pos_ in {"ADJ", "ADV"}:
            yield from self.verb_place(head, place, tokens, targets, negative)

    def noun_place(self, head: Token, place: str, tokens: list[Token], targets: list[Mention], negative: bool) -> Iterator[Said]:
        between = [t for t in with_conjuncts(head) if head.i < t.i < tokens[0].i]  # "a cat and a dog on a sofa": both are
        joined = [m for t in between for m in self.things(t.i, down=True)]
        for subject in unique([*self.things(head.i), *joined]):
            for target in targets:
                if target is not subject:
                    yield Said("relation", place, tokens, subject, target, negated=negative, hedged=hedged(head))

    def verb_place(self, verb: Token, place: str, tokens: list[Token], targets: list[Mention], negative: bool) -> Iterator[Said]:
        maybe = hedged(verb)
        objects = self.objects(verb)
        if place == "by" and passive(verb):
            for agent in targets:
                for patient in self.subjects(verb):
                    yield Said("relation", verb.lemma_.lower(), [verb], agent, patient, negated=negative, hedged=maybe)
            return
        subjects = objects if objects and verb.lemma_ in words.TRANSFER else self.subjects(verb)
        say_verb = not objects and verb.lemma_ not in words.COPULAS and verb.pos_ not in {"ADV"}
        value = f"{base(verb)} {place}" if say_verb else place
        tokens = [*verb_value(verb)[1], *tokens] if say_verb else tokens
        for subject in subjects:
            for target in targets:
                if target is not subject:
                    yield Said("relation", value, tokens, subject, target, negated=negative, hedged=maybe)

    def led_to(self, token: Token, depth: int = 4) -> Iterator[Mention]:
        """What a preposition leads to, through "top of", "next to" and the like."""
        if depth == 0:
            return
        for child in token.children:
            if child.dep_ in {"pobj", "npadvmod"} and token.dep_ in {
                "prep",
                "agent",
                "pcomp",
                "ROOT",
                "conj",
                "dep",
                "advmod",
                "amod",
            }:
                for item in with_conjuncts(child):
                    mention = self.mentions.get(item.i)
                    if mention is not None and mention.role in {"place_of", "picture"} and mention.of:
                        yield from (m for inner in mention.of for m in self.things(inner.head.i))
                    elif mention is None or mention.role not in {"place_of", "picture"}:
                        yield from self.meant(item, conjuncts=False)
            elif child.dep_ in {"prep", "pcomp"} and token.pos_ in {"ADP", "ADV", "SCONJ", "ADJ"} and child.i > token.i:
                yield from self.led_to(child, depth - 1)

    def of_is_grammar(self, token: Token) -> bool:
        mention = self.mentions.get(token.head.i)
        return mention is not None and (mention.role in {"group", "portion", "place_of", "picture", "opinion"})

    # From tokens to mentions

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


def unique(mentions: Iterable[Mention]) -> list[Mention]:
    """Each mention once, in order."""
    return list({id(m): m for m in mentions}.values())


def about_picture(verb: Token) -> bool:
    """ "A dog seen from above", "a sign that reads": says how it is shown or what stands on it, not what it does."""
    return verb.lemma_ in words.SAY_VERBS or (verb.tag_ == "VBN" and verb.lower_ in words.SHOWN)


def count_of(token: Token, target: Mention) -> Iterator[Said]:
    """Numbers in front of a noun; "no" denies it."""
    text = token.lower_
    quantity = lexicon.quantity(text)
    if text in {"a", "an", "the", "some", "any", "no"} or quantity is None:
        return
    around = [c for c in token.children if c.lower_ in {"at", "least", "about", "over", "than", "more"}]
    yield Said("count", target.value, [token], target, number=quantity[0], at_least=quantity[1] or bool(around))
