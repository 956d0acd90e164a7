"""What a verb says: of its subject, of its object, or of both."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from fusion import lexicon
from fusion.facts import ClaimKind
from fusion.language import words
from fusion.language.mention import Mention
from fusion.language.mentions import with_conjuncts
from fusion.language.nouns import Nouns
from fusion.language.phrases import action, has_object, hedged, is_modifier, negated, particles, passive, shade, verb_value
from fusion.language.said import Said

if TYPE_CHECKING:
    from spacy.tokens import Token

ASPECTS = frozenset("try get begin start go continue appear seem".split())
"""Verbs that only say how far another one has come: "starts to run"."""


class Verbs(Nouns):
    """Reads the verbs of one text."""

    def verb(self, token: Token) -> Iterator[Said]:
        """What a verb says: of its subject, of its object, or of both."""
        if is_modifier(token) or token.dep_ in {"aux", "auxpass"}:
            return
        subjects = self.subjects(token)
        if token.lemma_ in words.COPULAS and not passive(token):
            yield from self.copula(token, subjects)
            return
        objects = self.objects(token) or self.gap(token)
        no, maybe = negated(token), hedged(token)
        value, tokens = verb_value(token)
        doing, words_of_it = action(token)
        leads_on = self.leads_on(token) or self.has_unseen(token)
        for subject in subjects:
            for thing in objects:
                if thing is not subject:
                    yield Said("relation", value, tokens, subject, thing, negated=no, hedged=maybe)
            if not objects and not leads_on and not about_picture(token):
                yield Said("attribute", doing, words_of_it, subject, negated=no, hedged=maybe)
                for colour in with_conjuncts(words_of_it[-1])[1:] if lexicon.colour(doing) == doing else ():
                    yield Said("attribute", colour.lower_, [colour], subject, negated=no, hedged=maybe)

    def has_unseen(self, token: Token) -> bool:
        """ "Create a warm atmosphere": what is done to something that cannot be seen cannot be seen either."""
        things = [self.mentions[c.i] for c in token.children if c.dep_ == "dobj" and c.i in self.mentions]
        return any(m.role in {"opinion", "abstract"} for m in things)

    def gap(self, token: Token) -> list[Mention]:
        """ "The hat the man is wearing": the noun that a relative clause describes is what its verb does it to."""
        own = [c for c in token.children if c.dep_ in {"nsubj", "nsubjpass"}]
        if token.dep_ not in {"relcl", "acl"} or not own or passive(token) or self.stranded(token) is not None:
            return []
        if any(c.lower_ in words.RELATIVE or c.i < token.head.i for c in own):
            return []
        if any(c.dep_ in {"prep", "xcomp", "ccomp", "advmod"} and c.i > token.i for c in token.children):
            return []
        return self.things(token.head.i, conjuncts=False)

    def copula(self, token: Token, subjects: list[Mention]) -> Iterator[Said]:
        """ "Is red", "looks old": adjectives said of the subject."""
        no, maybe = negated(token), hedged(token)
        predicates = [
            c for c in token.children if c.dep_ in {"acomp", "oprd", "xcomp"} and c.pos_ in {"ADJ", "VERB"} and c.tag_ != "VB"
        ]
        if not predicates and particles(token):
            doing, its_words = action(token)
            yield from (Said("attribute", doing, its_words, subject, negated=no, hedged=maybe) for subject in subjects)
        predicates += [q for c in token.children if c.dep_ == "attr" for q in quality(c)]
        described = [a for child in predicates for a in with_conjuncts(child)]
        coloured = [c for a in described for c in a.children if c.dep_ == "amod" and c not in shade(a)[1]]
        both = [c for c in coloured if lexicon.colour(c.lower_)]
        for adjective in [*both, *described]:  # "brown and white", but also "brown white"
            if adjective.lower_ in words.NOT_VISUAL_ADJECTIVES or has_object(adjective) or self.leads_from(adjective):
                continue
            kind: ClaimKind = "opinion" if adjective.lower_ in words.OPINION_ADJECTIVES else "attribute"
            value, tokens = shade(adjective)
            for subject in subjects:
                yield Said(kind, value, tokens, subject, negated=no, hedged=maybe)

    def leads_on(self, token: Token) -> bool:
        """Does a preposition or a further verb say what the verb does? Then the verb alone is no claim."""
        for child in token.children:
            if child.dep_ in {"prep", "prt", "agent", "advmod"} and any(True for _ in self.led_to(child)):
                return True
            if child.dep_ == "prep" and self.stranded(token) is child:
                return True
            if child.dep_ == "xcomp" and token.lemma_ in ASPECTS:
                return True
        return False


def quality(noun: Token) -> list[Token]:
    """A material or colour behind "is", though the tagger took it for a noun: "the fence is metal", "is white color"."""
    if noun.lower_ in words.COLOURED:
        return [c for c in noun.children if lexicon.colour(c.lower_) == c.lower_]
    if any(c.dep_ in {"det", "amod", "poss", "prep"} for c in noun.children):
        return []
    return [noun] if noun.lower_ in words.MATERIALS or lexicon.colour(noun.lower_) == noun.lower_ else []


def about_picture(verb: Token) -> bool:
    """ "A dog seen from above", "a sign that reads": says how it is shown or what stands on it, not what it does."""
    shown = verb.lower_ in words.SHOWN or verb.lemma_ in words.INSCRIBED or verb.lemma_ in {"name", "call", "title"}
    return verb.lemma_ in words.SAY_VERBS or (verb.tag_ == "VBN" and shown)
