"""Mends what parsers trained on running text get wrong in captions, where grammar leaves no other reading."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fusion import lexicon
from fusion.language import words

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

SINGULAR = frozenset({"a", "an", "another", "this", "that", "each", "every"})
FINITE = frozenset({"VBZ", "VBP", "VBD"})


def mend(doc: Doc) -> Doc:
    """ "A man waves": a noun in the singular is no part of a plural one, so "waves" is what he does.

    Also a thing of two words in a list that was taken for an order ("stop sign").
    """
    for token in doc:
        if is_next_sentence(token):
            make_sentence(token)
        elif is_deed_taken_for_noun(token):
            token.tag_, token.pos_, token.lemma_ = "VBP", "VERB", lexicon.base(token.lower_)
        elif is_next_portion(token):
            move_up(token)
        elif is_known_pair(token):
            make_pair(token.nbor(-1), token)
        elif is_pair_with_article(token):
            make_phrase(token.nbor(-1), token)
        elif (subject := subject_taken_for_compound(token)) is not None:
            make_verb(token, subject)
        elif (doer := doer_taken_for_compound(token)) is not None:
            make_deed(token, doer)
        elif (left_out := noun_of_gap(token)) is not None:
            make_relative(token, left_out)
    return doc


def is_deed_taken_for_noun(token: Token) -> bool:
    """ "A man and a dog walk": a noun that has a subject of its own is what they do."""
    subject = any(c.dep_ == "nsubj" and c.i < token.i for c in token.children)
    return subject and token.tag_ == "NN" and lexicon.is_verb(token.lower_) and not any(c.dep_ == "det" for c in token.children)


def is_next_sentence(token: Token) -> bool:
    """Does it begin after a full stop with a capital, and still hang on what stands before: "…on a sofa. It sleeps"?"""
    if token.dep_ not in {"parataxis", "ccomp", "advcl", "conj", "dep", "appos"} or token.head.i > token.i:
        return False
    first = next((t for t in token.subtree if not t.is_punct), token)
    before = first.nbor(-1) if first.i else None
    return before is not None and before.text == "." and first.text[:1].isupper() and token.head.i < before.i


def make_sentence(token: Token) -> None:
    """Its own root; the full stop in front stays behind, and the one at the end comes along."""
    above = token.head
    first = next((t for t in token.subtree if not t.is_punct), token).i
    for child in list(token.children):
        if child.is_punct and child.i < first:
            child.head = above
    token.head, token.dep_ = token, "ROOT"
    for child in list(above.children):
        if child.i > token.i:
            child.head = token


def is_next_portion(token: Token) -> bool:
    """ "A glass of wine and a plate of food": an article and an "of" of its own join the plate to the glass."""
    sibling = token.head
    if token.dep_ != "conj" or sibling.dep_ != "pobj" or sibling.head.lower_ != "of" or sibling.head.head.pos_ != "NOUN":
        return False
    own = {c.dep_ for c in token.children if c.i < token.i} & {"det", "nummod"}
    of = any(c.dep_ == "prep" and c.lower_ == "of" for c in token.children)
    return bool(own) and of and not any(c.dep_ in {"det", "nummod"} for c in sibling.children)


def move_up(token: Token) -> None:
    """Join a conjunct to the noun that its sibling's "of" hangs on."""
    sibling = token.head
    top = sibling.head.head
    for child in list(sibling.children):
        if child.dep_ == "cc" or (child.is_punct and child.i > sibling.i):
            child.head = top
    token.head = top


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


def is_pair_with_article(token: Token) -> bool:
    """ "A stop sign": a noun in the singular is no subject of a bare verb, and the lexicon has the two as one thing."""
    if token.i < 1 or token.tag_ not in {"VB", "VBP"} or any(c.dep_ in {"aux", "neg"} for c in token.children):
        return False
    first = token.nbor(-1)
    if first.tag_ not in {"NN", "VB"} or (first.tag_ == "VB" and (first.i < 1 or first.nbor(-1).tag_ not in {"DT", "JJ", "NN"})):
        return False
    name = f"{first.lower_} {token.lower_}"
    return lexicon.is_noun(name) and "artifact" in lexicon.category(name)


def make_phrase(first: Token, second: Token) -> None:
    """The second becomes a noun in the place that the two had in the tree, and takes over what stood before the first."""
    if first.head.i != second.i and second.head.i == first.i:
        second.head, second.dep_ = (first.head, first.dep_) if first.head.i != first.i else (second, "ROOT")
    for child in list(first.children):
        if child.i < first.i:
            child.head = second
    first.head, first.dep_ = second, "compound"
    for token in (first, second):
        token.tag_, token.pos_, token.lemma_ = "NN", "NOUN", token.lower_
    behind = second.nbor() if second.i + 1 < len(second.doc) else None
    verb = lexicon.base(behind.lower_) if behind is not None else ""
    if behind is not None and behind.head.i == second.i and behind.tag_ == "NNS" and lexicon.third_person(verb) == behind.lower_:
        behind.tag_, behind.pos_, behind.lemma_ = "VBZ", "VERB", verb  # "a stop sign stands"
        behind.head, behind.dep_ = (behind, "ROOT") if second.head.i == second.i else (second.head, second.dep_)
        for child in list(second.children):
            if child.i > behind.i:
                child.head = behind
        second.head, second.dep_ = behind, "nsubj"


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
    finite = third and (single or verb in words.SAY_VERBS)  # "the sign reads"
    if token.tag_ == "NNS" and finite and subject.tag_ == "NN":
        return subject
    return subject if is_last_of_two(token, subject) else None


DONE_ALONE = frozenset(
    "walk play run jump swim sit stand rest race dance fight kiss hug talk laugh smile work sleep pose".split()
)
"""What people and animals do, by words that are nouns as well."""


def is_last_of_two(verb: Token, subject: Token) -> bool:
    """ "A man and a dog walk": what ends a sentence of two nouns, and can be done, is what they do."""
    ends = verb.i + 1 == len(verb.doc) or (verb.nbor().is_punct and verb.head.dep_ == "ROOT")
    two = verb.dep_ == "conj" and verb.tag_ == "NN" and subject.tag_ == "NN" and verb.head.tag_ in {"NN", "NNS"}
    return ends and two and verb.lower_ in DONE_ALONE and lexicon.is_a(subject.lower_, "organism")


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


def doer_taken_for_compound(token: Token) -> Token | None:
    """ "Player swinging tennis racket": the noun right in front of a participle that was taken to describe the noun behind it."""
    doer = token.nbor(-1) if token.i else None
    thing = token.head
    if doer is None or token.tag_ != "VBG" or token.dep_ not in {"amod", "compound"} or thing.i <= token.i:
        return None
    noun = (
        doer.tag_ in {"NN", "NNS", "NNP"}
        and doer.dep_ in {"compound", "nmod", "npadvmod", "amod"}
        and doer.head.i in {thing.i, token.i}
    )
    if not noun or lexicon.is_noun(f"{token.lower_} {lexicon.singular(thing.lower_)}") or doer.lower_ in words.MATERIALS:
        return None
    return doer


def make_deed(token: Token, doer: Token) -> None:
    """The doer takes the place of the thing in the tree, and the thing becomes what it is done to."""
    thing = token.head
    doer.head, doer.dep_ = (thing.head, thing.dep_) if thing.head.i != thing.i else (doer, "ROOT")
    token.head, token.dep_, token.pos_, token.lemma_ = doer, "acl", "VERB", lexicon.base(token.lower_)
    for child in list(thing.children):
        if child.i < doer.i:
            child.head = doer
        elif child.i > thing.i and child.dep_ in {"prep", "punct"}:
            child.head = token if child.dep_ == "prep" else doer
    thing.head, thing.dep_ = token, "dobj"


GAPPED = frozenset({"wear", "hold", "carry", "use", "ride", "hit", "eat", "throw", "fly", "cut", "push", "pull"})
"""Verbs that are always done to something, so that one at the end of a text with nothing behind it lacks it."""


def noun_of_gap(verb: Token) -> Token | None:
    """ "Street people walk on", "coat man is wearing": the noun in front of the subject, taken for a part of it.

    A preposition or verb that ends the text and leads to nothing leaves no other reading.
    """
    subject = next((c for c in verb.children if c.dep_ in {"nsubj", "nsubjpass"}), None)
    if verb.dep_ != "ROOT" or subject is None or subject.i == 0:
        return None
    front = subject.nbor(-1)
    ends = [t for t in verb.doc[verb.sent.start : verb.sent.end] if not t.is_punct][-1]
    stranded = ends.tag_ in {"IN", "RP"} and ends.head.i == verb.i and not list(ends.children)
    lacking = ends.i == verb.i and verb.lemma_ in GAPPED and verb.tag_ != "VBN"
    compound = front.dep_ in {"compound", "nmod", "amod"} and front.head.i == subject.i and front.tag_ in {"NN", "NNS", "NNP"}
    return front if compound and (stranded or lacking) and lexicon.is_visual(front.lower_) else None


def make_relative(verb: Token, noun: Token) -> None:
    """The noun heads the text, and the clause describes it."""
    subject = noun.head
    for child in list(subject.children):
        if child.i < noun.i:
            child.head = noun
    noun.head, noun.dep_ = noun, "ROOT"
    verb.head, verb.dep_ = noun, "relcl"
    for child in verb.children:
        if child.tag_ in {"IN", "RP"} and child.i > verb.i and not list(child.children):
            child.dep_ = "prep"
