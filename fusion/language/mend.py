"""Mends what parsers trained on running text get wrong in captions, where grammar leaves no other reading."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fusion import lexicon

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

SINGULAR = frozenset({"a", "an", "another", "this", "that", "each", "every"})
FINITE = frozenset({"VBZ", "VBP", "VBD"})


def mend(doc: Doc) -> Doc:
    """ "A man waves": a noun in the singular is no part of a plural one, so "waves" is what he does.

    Also a thing of two words in a list that was taken for an order ("stop sign").
    """
    for token in doc:
        if is_known_pair(token):
            make_pair(token.nbor(-1), token)
        elif (subject := subject_taken_for_compound(token)) is not None:
            make_verb(token, subject)
    return doc


def is_known_pair(token: Token) -> bool:
    """Two words between commas that the lexicon has as one thing, the first taken for a verb: "cars, stop sign, trees"."""
    doc, first = token.doc, token.i - 1
    if first < 0 or doc[first].tag_ not in {"VB", "VBP"}:
        return False
    alone = (first == 0 or doc[first - 1].text == ",") and (token.i + 1 == len(doc) or doc[token.i + 1].text == ",")
    name = f"{doc[first].lower_} {token.lower_}"
    return alone and lexicon.known(name) and bool(lexicon.category(name))


def make_pair(first: Token, second: Token) -> None:
    """Both become nouns, the second with the first's place in the tree."""
    top = first.head
    for child in list(first.children):
        if child.i != second.i:
            child.head = second
    second.head, second.dep_ = (top, "conj") if top.i not in {first.i, second.i} else (second, "ROOT")
    first.head, first.dep_ = second, "compound"
    for token in (first, second):
        token.tag_, token.pos_, token.lemma_ = "NN", "NOUN", token.lower_


def subject_taken_for_compound(token: Token) -> Token | None:
    """The noun right in front that is the subject of what the tagger or the parser took for a noun."""
    subject = token.nbor(-1) if token.i else None
    if subject is None or subject.head.i != token.i or subject.dep_ != "compound" or subject.tag_ not in {"NN", "NNP", "NNS"}:
        return None
    if token.tag_ in FINITE:
        return subject
    single = any(c.dep_ == "det" and c.lower_ in SINGULAR for t in (token, subject) for c in t.children)
    verb = lexicon.base(token.lower_)
    third = verb != token.lower_ and lexicon.is_verb(verb) and lexicon.third_person(verb) == token.lower_
    return subject if token.tag_ == "NNS" and single and third and subject.tag_ == "NN" else None


def make_verb(token: Token, subject: Token) -> None:
    """The token becomes a finite verb, and what stood in front of it belongs to its subject."""
    if token.tag_ not in FINITE:
        token.tag_ = "VBZ"
    token.pos_ = "VERB"
    token.lemma_ = lexicon.base(token.lower_)
    for child in list(token.children):
        if child.i < subject.i and child.dep_ in {"det", "amod", "nummod", "poss", "compound", "nmod"}:
            child.head = subject
    subject.dep_ = "nsubj"
    first = token.head
    if token.dep_ == "conj" and first.pos_ in {"NOUN", "PROPN"} and first.i < subject.i:
        join_subjects(first, subject, token)


def join_subjects(first: Token, second: Token, verb: Token) -> None:
    """ "A cat and a dog sit": both are subjects of the verb, which takes the place of the first noun in the tree."""
    top = first.head if first.head.i != first.i else verb
    verb.head, verb.dep_ = top, first.dep_
    first.head, first.dep_ = verb, "nsubj"
    second.head, second.dep_ = first, "conj"
    for child in [*first.children, *verb.children]:
        if child.dep_ == "cc" and child.i < second.i:
            child.head = first
        elif child.dep_ == "punct":
            child.head = verb
