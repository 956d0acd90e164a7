"""Which mention another one repeats, and which one a pronoun or a number alone means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fusion import lexicon
from fusion.language import words
from fusion.language.mention import Mention

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token


SUBJECTS = frozenset({"nsubj", "nsubjpass"})
LEADING = SUBJECTS | {"ROOT"}
"""What a sentence is about: its subject, or the noun that it consists of."""


def link_elided(doc: Doc, found: dict[int, Mention]) -> None:
    """ "The other two are swimming", "one is black": of the things that were named before."""
    for token in doc:
        if token.i in found or token.dep_ not in SUBJECTS or token.lower_ not in words.ELIDED:
            continue
        if token.pos_ == "NOUN" and token.lower_ not in {"others", "rest"}:
            continue
        earlier = [m for i, m in found.items() if i < token.i and m.role == "object" and m.plural]
        if earlier and not any(c.dep_ == "prep" and c.lower_ == "of" for c in token.children):
            found[token.i] = Mention(token, token.i, token.lower_, "group", of=[earlier[-1].entity])


def link_repeats(doc: Doc, found: dict[int, Mention]) -> None:
    """ "The man" after "a man" is the same man; "another man" and "a man" are not."""
    latest: dict[str, Mention] = {}
    for mention in found.values():
        if mention.role != "object":
            continue
        determiners = {c.lower_ for c in mention.head.children if c.dep_ in {"det", "poss", "amod", "nummod"}}
        definite = determiners & {"the", "this", "that", "these", "those"} and not determiners & {
            "other",
            "another",
            "second",
        }
        earlier = latest.get(mention.value) or latest.get(mention.value.split()[-1])
        same = earlier is not None and earlier.plural == mention.plural and not has_own_count(mention)
        if definite and earlier is not None and same and not told_apart(mention, earlier):
            mention.first = earlier.entity
        elif not definite or earlier is None:
            latest[mention.value] = mention
            latest.setdefault(mention.value.split()[-1], mention)


def told_apart(one: Mention, other: Mention) -> bool:
    """ "The red car … the blue car": are they described in ways that exclude each other?"""
    words_of = [[c.lower_ for c in m.head.children if c.dep_ in {"amod", "compound"}] for m in (one, other)]
    return any(lexicon.excludes(a, b) for a in words_of[0] for b in words_of[1])


def has_own_count(mention: Mention) -> bool:
    """Does it come with a number of its own ("the two dogs")?"""
    return any(c.dep_ == "nummod" for c in mention.head.children)


def resolve(pronoun: Token, found: dict[int, Mention]) -> Mention | None:
    """The mention that a pronoun most likely means: the nearest fitting one, subjects of the sentence before others."""
    text = pronoun.lower_
    person, thing, plural = (
        text in words.PERSON_PRONOUNS,
        text in words.THING_PRONOUNS,
        text in words.PLURAL_PRONOUNS,
    )
    if not (person or thing or plural):
        return None
    before = [found[i] for i in range(max(pronoun.i - 60, 0), pronoun.i) if i in found and found[i].role == "object"]
    before = [m for m in before if m.head.i != pronoun.head.i]
    fitting = [m for m in before if fits(m, person=person, thing=thing)]
    if not fitting and person:  # "the dog wags his tail"
        fitting = [m for m in before if not m.plural and lexicon.is_a(m.value, "animal")]
    if not fitting:
        return None
    leading = [m for m in fitting if m.head.dep_ in LEADING or (m.head.dep_ == "attr" and is_there(m.head.head))]
    subjects = [m for m in leading if m.head.sent == pronoun.sent]
    if person and subjects:
        return subjects[-1].entity
    if thing and leading and not any(m.head.sent == pronoun.sent for m in fitting):
        return leading[-1].entity  # "A cat lies on a sofa. It sleeps."
    return fitting[-1].entity


def is_there(verb: Token) -> bool:
    """ "There is"."""
    return any(c.dep_ == "expl" for c in verb.children)


def fits(mention: Mention, *, person: bool, thing: bool) -> bool:
    """May a pronoun of this class mean it?"""
    human = lexicon.is_a(mention.value, "person")
    if person:
        return human and not mention.plural
    if thing:
        return not human and not mention.plural
    return mention.plural or human
