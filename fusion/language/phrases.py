"""Reads single words and phrases of a parse: verbs with their particles, prepositions of several words, shades, hedges."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fusion import lexicon
from fusion.language import words
from fusion.language.mention import Mention
from fusion.language.mentions import MOST_JOINED, part_named

if TYPE_CHECKING:
    from spacy.tokens import Token

VERB_TAGS = frozenset({"VB", "VBD", "VBG", "VBN", "VBP", "VBZ"})


def joined_before(token: Token) -> list[Token]:
    """Conjuncts that share what is said behind the last one: "a man and a dog running"."""
    found: list[Token] = []
    while token.dep_ == "conj" and len(found) < MOST_JOINED and token.head.i < token.i:
        token = token.head
        found.append(token)
    return found


def is_verb(token: Token) -> bool:
    """Is it a verb that says something, and no helper or part of a preposition?"""
    if token.is_space or token.pos_ not in {"VERB", "AUX"} or token.tag_ not in VERB_TAGS or token.dep_ in {"aux", "auxpass"}:
        return False
    return not any((token.lower_, c.lower_) in words.COMPLEX_PREPOSITIONS and c.i == token.i + 1 for c in token.children)


def is_modifier(token: Token) -> bool:
    """A participle in front of its noun ("a parked car") is an attribute."""
    return token.dep_ in {"amod", "compound"} and token.i < token.head.i


def passive(verb: Token) -> bool:
    """Is its subject what it is done to ("a cake cut by", "was cut")?"""
    return verb.tag_ == "VBN" and (
        (verb.dep_ in {"acl", "amod", "relcl", "advcl"} and not any(c.dep_ == "nsubj" for c in verb.children))
        or any(c.dep_ in {"auxpass", "nsubjpass"} for c in verb.children)
    )


def has_object(adjective: Token) -> bool:
    """Does a participle lead on to something ("covered with snow")?"""
    return any(c.dep_ in {"prep", "xcomp", "dobj"} and list(c.children) for c in adjective.children) and adjective.pos_ == "VERB"


def base(verb: Token) -> str:
    """Base form of a verb with its particle, "stand up"; adjectives as they are."""
    stem = (verb.lemma_.strip().lower() if verb.pos_ in {"VERB", "AUX"} else "") or verb.lower_
    return " ".join([stem, *(c.lower_ for c in particles(verb))])


def particles(verb: Token) -> list[Token]:
    """ "Stand up", "looking down", "pulled back": the particle, or an adverb of direction right behind the verb."""
    found = [c for c in verb.children if c.dep_ == "prt" and not c.is_space]
    after = [c for c in verb.children if c.i == verb.i + 1 and c.lower_ in DIRECTIONS and c.dep_ in {"advmod", "prep"}]
    return [c for c in found or after if not list(c.children) and not leads_on(c)]


def leads_on(particle: Token) -> bool:
    """Is it the first word of a preposition, "away from"?"""
    following = particle.nbor() if particle.i + 1 < len(particle.doc) else None
    return following is not None and (particle.lower_, following.lower_) in words.COMPLEX_PREPOSITIONS


DIRECTIONS = frozenset("up down away out over back around off left right forward ahead upward downward sideways".split())


def verb_value(verb: Token) -> tuple[str, list[Token]]:
    """The verb's base form with its particle, and the tokens of both."""
    return base(verb), [verb, *particles(verb)]


def action(verb: Token) -> tuple[str, list[Token]]:
    """An action without object as an attribute: "walking"; a passive participle stays as it is: "parked"."""
    if verb.lemma_ in PAINTING:
        colours = [c for c in verb.children if lexicon.colour(c.lower_) == c.lower_]
        if colours:
            return colours[0].lower_, [verb, colours[0]]  # "painted white"
    if verb.tag_ == "VBN":
        return " ".join(t.lower_ for t in [verb, *particles(verb)]), [verb, *particles(verb)]
    stem, tokens = verb_value(verb)
    first, *rest = stem.split()
    return " ".join([lexicon.participle(first), *rest]), tokens


def shade(adjective: Token) -> tuple[str, list[Token]]:
    """An adjective with what narrows it: "dark green", "partly cloudy", "short-sleeved", "snow covered"."""
    if bound := bound_before(adjective):
        if adjective.lower_ in words.COLOURED and lexicon.colour(bound[-1].lower_) == bound[-1].lower_:
            return bound[-1].lower_, [bound[-1]]  # "white colored"
        tokens = [*bound, adjective]
        hyphens = any(t.text == "-" for t in tokens)
        return ("-" if hyphens else " ").join(t.lower_ for t in tokens if t.text != "-"), tokens
    narrowing = [
        c
        for c in adjective.children
        if c.i < adjective.i and (c.dep_ == "amod" or (c.dep_ == "advmod" and (c.lower_ in SHADES or c.lower_ in PARTLY)))
    ]
    if narrowing and narrowing[-1].lemma_ in PAINTING:
        return adjective.lower_, [narrowing[-1], adjective]
    if narrowing and all(lexicon.colour(t.lower_) == t.lower_ for t in (*narrowing, adjective)):
        narrowing = []  # "brown white" are two colours
    if adjective.lower_ in words.MATERIALS:
        return words.AS_ADJECTIVE.get(adjective.lower_, adjective.lower_), [adjective]  # "red brick" is red, and of brick
    tokens = [*narrowing, adjective]
    if len(narrowing) > 0 and narrowing[-1].i != adjective.i - 1:
        tokens = [adjective]
    return " ".join(t.lower_ for t in tokens), tokens


def bound_before(adjective: Token) -> list[Token]:
    """The words that make one adjective with it: by hyphens, or in front of a participle as in "snow covered", "four legged"."""
    doc, start = adjective.doc, adjective.i
    while start > 1 and doc[start - 1].text == "-" and doc[start - 2].is_alpha:
        start -= 2
    if start < adjective.i:
        return list(doc[start : adjective.i])
    before = adjective.nbor(-1) if adjective.i else None
    if before is not None and is_shade(before, adjective):
        return [before]
    if before is not None and adjective.lower_.endswith("ed") and is_bound(before, adjective):
        return [before]
    return []


def is_shade(before: Token, adjective: Token) -> bool:
    """Do two words name one colour: "dark green", "olive green", "cream colored"?"""
    if adjective.lower_ in words.COLOURED:
        return before.lower_ in SHADES or before.pos_ in {"NOUN", "ADJ", "PROPN"}
    if lexicon.colour(adjective.lower_) is None or before.pos_ in {"DET", "CCONJ", "PUNCT", "ADP", "VERB", "AUX"}:
        return False
    return before.lower_ in SHADES or lexicon.is_colour_name(f"{before.lower_} {adjective.lower_}")


def is_bound(before: Token, adjective: Token) -> bool:
    """Does a noun, number or prefix belong to the participle behind it rather than to the noun that follows?"""
    if before.head.i not in {adjective.i, adjective.head.i} or adjective.dep_ != "amod" or before.dep_ == "det":
        return False
    described = adjective.lower_ in {"parked", "striped"} or lexicon.colour(adjective.lower_) is not None
    one = adjective.head.tag_ == "NN" and before.lower_ not in {"one", "1"}
    legged = before.tag_ == "CD" and not described and (adjective.tag_ == "JJ" or one)
    if before.tag_ == "JJ" and part_named(adjective) is not None:
        return True  # "white haired"
    covered = before.tag_ in {"NN", "NNS"} and before.dep_ in {"compound", "npadvmod", "nmod", "advmod"}
    return legged or covered or before.tag_ == "AFX"


PAINTING = frozenset({"paint", "color", "colour", "dye"})
SHADES = frozenset({"dark", "light", "bright", "pale", "deep"})
PARTLY = frozenset({"partly", "partially", "half", "fully", "completely"})


def place_value(token: Token, mentions: dict[int, Mention]) -> tuple[str, list[Token]]:
    """A preposition with what makes it one phrase: "next to", "on top of", "in front of"."""
    before = token.doc[token.i - 1] if token.i else token
    if (before.lower_, token.lower_) in words.COMPLEX_PREPOSITIONS:
        place, far = words.COMPLEX_PREPOSITIONS[before.lower_, token.lower_], before.nbor(-1) if before.i else before
        if far.lower_ == "far" and before.lower_ == "away":
            return f"far {place}", [far, before, token]
        return place, [before, token]
    for child in token.children:
        pair = (token.lower_, child.lower_)
        if child.dep_ in {"prep", "pcomp"} and pair in words.COMPLEX_PREPOSITIONS:
            return words.COMPLEX_PREPOSITIONS[pair], [token, child]
        inner = mentions.get(child.i)
        if inner is not None and inner.role == "place_of" and child.dep_ == "pobj":
            of = [c for c in child.children if c.dep_ == "prep" and c.lower_ == "of"]
            middle = [t for t in token.doc[token.i + 1 : child.i + 1] if t.pos_ not in {"DET"}]
            if of:
                phrase = [token, *middle, of[0]]
                return " ".join(t.lower_ for t in phrase), [token, *token.doc[token.i + 1 : of[0].i + 1]]
    return token.lower_, [token]


def anchor(token: Token) -> Token:
    """What a preposition hangs on, past the adverb in "next to" and other prepositions."""
    head = token.head
    while (
        head.pos_ in {"ADV", "ADP", "SCONJ"} or (head.lower_, token.lower_) in words.COMPLEX_PREPOSITIONS
    ) and head.head.i != head.i:
        head = head.head
    return head


def negated(token: Token) -> bool:
    """Does a "not" or "never" hang on it?"""
    return any(c.dep_ == "neg" or c.lower_ in {"not", "n't", "never"} for c in token.children)


def is_denied(noun: Token) -> bool:
    """ "No people", "without a lid", "there is not a cloud"."""
    if noun.lower_ in {"nobody", "none", "nothing"}:
        return True
    if any(c.lower_ in {"no", "neither"} and c.dep_ in {"det", "neg", "amod", "preconj"} for c in noun.children):
        return True
    if any(c.dep_ == "neg" for c in noun.children):
        return True  # "not a dog, but a cat"
    head = noun.head
    if noun.dep_ == "attr" and head.lemma_ == "be" and any(c.dep_ == "neg" for c in head.children):
        return True  # "this is not a dog"
    if head.lower_ == "without" and noun.dep_ == "pobj":
        return True
    if noun.dep_ == "conj":
        return any(c.lower_ in {"or", "nor"} for c in (*head.children, *noun.children)) and is_denied(head)
    there = any(c.dep_ == "expl" for c in head.children)
    return there and any(c.dep_ == "neg" for c in head.children)


def hedged(token: Token) -> bool:
    """ "Appears to be", "possibly", "may be", "as if"."""
    if any(c.lower_ in words.HEDGES or (c.dep_ == "aux" and c.lower_ in words.HEDGE_MODALS) for c in token.children):
        return True
    if any(c.dep_ == "mark" and c.lower_ in {"if", "whether", "though"} for c in token.children):
        return True
    if token.lemma_ in words.HEDGE_VERBS and token.tag_ != "NN":
        return True
    over = token.head
    return token.dep_ in {"xcomp", "ccomp", "oprd"} and over.lemma_ in words.HEDGE_VERBS and over.pos_ == "VERB"
