"""The smallest part of a parsed sentence that can go so that a claim is no longer made, without leaving a fragment.

In this order of preference: an adjective, one of several, a phrase, a clause, all of a sentence but one thing in it that holds,
the sentence. `falling` are the tokens of all things that are to go, so that nothing is kept for their sake.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from fusion.language import words

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

Removal = tuple[str, frozenset[int]]
"""The rule's name and the indices of the tokens that go."""

CLAUSES = frozenset({"acl", "relcl", "advcl", "xcomp", "ccomp", "conj", "parataxis", "appos", "pcomp", "dep"})
SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj"})
PLACES = frozenset(
    "on in at near by under behind beside inside next around above below outside against through down up along across over "
    "while as during".split()
)
"""Words that place what stands before them, whether it is one thing or several."""


def removal(doc: Doc, tokens: Sequence[int], kind: str, falling: Collection[int] = ()) -> Removal:
    """What to take out so that the claim on these tokens is no longer made."""
    if all(doc[i].is_space for i in tokens):
        return "drop title", frozenset(tokens)
    head = doc[tokens[-1]] if kind in {"object", "name"} else doc[tokens[0]]
    if kind in {"attribute", "opinion", "style", "scene"} and (found := adjective_removal(head, tokens, falling)):
        return found
    if kind == "count":
        return count_removal(head, tokens)
    if kind == "text":
        return text_removal(doc, tokens, falling)
    if kind == "relation":
        return relation_removal(doc, tokens, falling)
    return noun_removal(head, tokens, falling)


def adjective_removal(head: Token, tokens: Sequence[int], falling: Collection[int]) -> Removal | None:
    """An adjective in front of its noun, or one of several predicates; None where it is all its clause says."""
    doc = head.doc
    last = doc[tokens[-1]]
    if head.dep_ == "prep":
        return "drop phrase", with_comma(head)  # "on the left"
    if last.dep_ == "conj":
        return "drop conjunct", conjunct(last)
    if last.dep_ in {"amod", "compound", "nmod", "advmod", "npadvmod"} and last.i < last.head.i:
        successor = next((c for c in last.children if c.dep_ == "conj"), None)
        if successor is not None:
            return "drop conjunct", frozenset(range(min(tokens), content_edge(successor)))
        return "drop adjective", under(last) | frozenset(tokens)
    if last.dep_ in {"amod", "advmod", "npadvmod"}:
        return "drop phrase", with_comma(last)
    clause = last.dep_ in {"acomp", "oprd", *CLAUSES} or last.dep_ == "ROOT"
    return clause_removal(last, falling) if clause else None


def count_removal(head: Token, tokens: Sequence[int]) -> Removal:
    """A number in front of its noun, or "a group of"."""
    of = next((c for c in head.children if c.dep_ == "prep" and c.lower_ == "of" and c.i > head.i), None)
    if of is not None and (head.pos_ == "NOUN" or head.lower_ in words.SOME_OF):
        return "drop number", frozenset(range(head.left_edge.i, of.i + 1))
    inner = [c.i for c in head.children if c.i < head.i]
    return "drop number", frozenset([*tokens, *inner])


def text_removal(doc: Doc, tokens: Sequence[int], falling: Collection[int]) -> Removal:
    """Quoted words go with the clause that says them."""
    first = doc[tokens[0]]
    for ancestor in [first, *first.ancestors]:
        if ancestor.dep_ in {"relcl", "acl"}:
            return "drop clause", under(ancestor)
    return clause_removal(first, falling)


def relation_removal(doc: Doc, tokens: Sequence[int], falling: Collection[int]) -> Removal:
    """A preposition goes with what it leads to, and leaves its verb; a verb that says all goes with its clause."""
    head = doc[tokens[0]]
    placing = [doc[i] for i in tokens if doc[i].dep_ in {"prep", "agent"} and doc[i].pos_ in {"ADP", "SCONJ"}]
    if head.pos_ in {"VERB", "AUX"} and placing:
        return phrase_removal(placing[0], falling)
    if head.pos_ in {"ADP", "SCONJ", "ADV", "ADJ"} and head.dep_ in {"prep", "advmod", "amod", "agent", "acomp"}:
        return phrase_removal(head, falling)
    if head.dep_ == "case":
        return "drop owner", under(head.head)
    if head.dep_ == "compound":
        return "drop modifier", frozenset([head.i])
    return clause_removal(head, falling)


def noun_removal(head: Token, tokens: Sequence[int], falling: Collection[int]) -> Removal:
    """A noun goes with its phrase; as subject or only object it takes its clause along."""
    joined = [t for t in head.conjuncts if t.pos_ in {"NOUN", "PROPN"}]
    if joined and all(t.i in falling for t in joined):
        head = min((head, *joined), key=lambda t: t.i)  # all that is joined goes, as one noun would
    elif head.dep_ == "conj":
        return "drop conjunct", conjunct(head)
    elif successor := next((c for c in head.children if c.dep_ == "conj" and c.pos_ in {"NOUN", "PROPN"}), None):
        return "drop conjunct", frozenset(range(head.left_edge.i, content_edge(successor)))
    if head.dep_ in {"pobj", "pcomp"}:
        return phrase_removal(head.head, falling)
    after = head.nbor() if head.i + 1 < len(head.doc) else head
    if head.dep_ != "ROOT" and after.dep_ == "amod" and after.lower_.endswith("ed") and after.head.i > after.i:
        return "drop modifier", frozenset([*tokens, after.i])  # "snow covered"
    if head.dep_ in {"compound", "nmod", "npadvmod"}:
        return "drop modifier", frozenset(tokens)
    if head.dep_ == "amod":
        return "drop adjective", under(head)  # "white haired"
    if head.dep_ == "poss":
        return "drop owner", under(head)
    if head.dep_ == "appos":
        return "drop phrase", with_comma(head)
    return clause_removal(head if head.dep_ in CLAUSES else head.head, falling)


def phrase_removal(preposition: Token, falling: Collection[int] = ()) -> Removal:
    """A prepositional phrase, from the outermost part of "on top of" and "next to"; with it a participle left alone by it.

    A place of its own that stands in it stays: "on a couch next to a dog" without the couch is "next to a dog".
    """
    top = preposition
    while top.head.i != top.i:
        outer = top.head
        locative = outer.dep_ == "pobj" and len([c for c in outer.children if c.dep_ != "det"]) == 1
        if locative and top.lower_ == "of":
            top = outer.head
        elif (outer.lower_, top.lower_) in words.COMPLEX_PREPOSITIONS and outer.i < top.i:
            top = outer  # "next to", whatever the parse takes "next" for
        elif outer.pos_ in {"ADV", "ADP"} and outer.dep_ in {"advmod", "prep", "amod"} and outer.i < top.i:
            top = outer
        else:
            break
    verb = top.head
    alone = not [c for c in verb.children if c.i != top.i and c.dep_ not in {"aux", "auxpass", "punct", "cc", "advmod", "nsubj"}]
    if verb.tag_ == "VBN" and verb.dep_ in {"acl", "relcl", "advcl"} and alone:
        return "drop phrase", with_comma(verb)
    if verb.dep_ == "ROOT" and verb.lemma_ == "be":
        return clause_removal(verb, falling)
    kept = inner_place(top, falling)
    return "drop phrase", with_comma(top) - (under(kept) if kept is not None else frozenset())


def inner_place(top: Token, falling: Collection[int]) -> Token | None:
    """The place at the end of a phrase that may be said of what the phrase hangs on as well."""
    noun = next((c for c in top.children if c.dep_ == "pobj"), None)
    while noun is not None and noun.lower_ in words.PLACES_OF:
        of = next((c for c in noun.children if c.dep_ == "prep"), None)
        noun = next((c for c in of.children if c.dep_ == "pobj"), None) if of is not None else None
    if noun is None or top.lower_ not in PLACES - {"at"}:
        return None
    last = [c for c in noun.children if c.dep_ == "prep" and c.i > noun.i and c.lower_ in PLACES][-1:]
    return last[0] if last and last[0].right_edge.i == top.right_edge.i and falling_free(last[0], falling) else None


def clause_removal(token: Token, falling: Collection[int] = ()) -> Removal:
    """The smallest clause around a token; the sentence if it is the main one, but for one thing in it that holds."""
    while token.dep_ != "ROOT" and token.dep_ not in CLAUSES:
        token = token.head
    if token.dep_ == "ROOT":
        return main_removal(token, falling)
    if token.dep_ == "conj":
        return "drop conjunct", conjunct(token)
    if token.dep_ in {"xcomp", "ccomp"}:
        return clause_removal(token.head, falling)
    return "drop clause", with_commas(token)


def main_removal(root: Token, falling: Collection[int]) -> Removal:
    """A main clause goes up to the one joined to it; else all but its subject, or but the largest part that holds."""
    follower = next((c for c in root.children if c.dep_ == "conj" and any(x.dep_ in SUBJECTS for x in c.children)), None)
    sentence = frozenset(t.i for t in root.sent)
    if follower is not None:
        rest = under(follower) | {t.i for t in root.sent if t.is_punct and t.i > follower.i}
        return "drop clause", sentence - rest
    kept = remainder(root, falling)
    if kept is None:
        return "drop sentence", sentence
    stop = {t.i for t in root.sent if t.text in {".", "!", "?"} and t.i >= kept.right_edge.i}
    return "keep a part", sentence - under(kept) - stop


def remainder(root: Token, falling: Collection[int]) -> Token | None:
    """The noun whose phrase stays of a clause that goes: the subject, else the one with the most words."""
    nouns = [t for t in root.subtree if t.i != root.i and may_stand_alone(t) and falling_free(t, falling) and not is_repeat(t)]
    subjects = [t for t in nouns if t.dep_ in SUBJECTS and t.head.i == root.i]
    if subjects:
        return subjects[0]
    return max(nouns, key=lambda t: (len(list(t.subtree)), -t.i), default=None)


def may_stand_alone(token: Token) -> bool:
    """Can its phrase be all of a sentence: a common noun that stands for a thing, and not for none of it?"""
    if token.tag_ not in {"NN", "NNS"} or token.dep_ not in {"nsubj", "nsubjpass", "dobj", "pobj", "attr"}:
        return False
    unseen = words.PLACES_OF | words.PICTURE | words.GROUPS.keys() | words.PORTIONS
    return token.lower_ not in unseen and not any(c.lower_ == "no" for c in token.children)


def is_repeat(noun: Token) -> bool:
    """ "The bed", of which a sentence before has spoken: alone it says nothing new."""
    definite = any(c.lower_ in {"the", "it", "its"} for c in noun.children if c.dep_ in {"det", "poss"})
    return definite and any(t.lemma_ == noun.lemma_ for t in noun.doc[: noun.sent.start])


def falling_free(token: Token, falling: Collection[int]) -> bool:
    """Is nothing in its phrase that is to go?"""
    return not any(t.i in falling for t in token.subtree)


def conjunct(token: Token) -> frozenset[int]:
    """A conjunct with the "and" or comma in front of it; what is joined behind it stays."""
    gone = set(under(token))
    for later in (c for c in token.children if c.dep_ == "conj" and c.i > token.i):
        gone -= {i for i in gone if i >= joint_before(later)}
    if not any(c.dep_ == "conj" for c in token.children):
        gone -= shared(token)
    start = joint_before(token)
    return frozenset(i for i in gone | set(range(start, token.i)) if i >= start)


def shared(token: Token) -> frozenset[int]:
    """A place or deed behind the last of several things is that of all of them: "a dog and a cat on a sofa"."""
    if token.pos_ not in {"NOUN", "PROPN"}:
        return frozenset()
    places = [c for c in token.children if c.dep_ in {"prep", "advmod", "amod"} and c.i > token.i and c.lower_ in PLACES]
    deeds = [c for c in token.children if c.dep_ == "acl" and c.i > token.i and c.tag_ in {"VBG", "VBN"}]
    return frozenset(i for c in (*places, *deeds) for i in under(c))


def joint_before(token: Token) -> int:
    """Index where the "and" or comma in front of a conjunct begins; treebanks differ in what they hang it on."""
    start = content_edge(token)
    while start > token.sent.start and (token.doc[start - 1].text == "," or token.doc[start - 1].dep_ == "cc"):
        start -= 1
    return start


def content_edge(token: Token) -> int:
    """Index of the first word of a subtree, past a leading "and" or comma."""
    start = token.left_edge.i
    while start < token.i and (token.doc[start].dep_ == "cc" or token.doc[start].is_punct):
        start += 1
    return int(start)


def under(token: Token) -> frozenset[int]:
    """Indices of the subtree."""
    return frozenset(t.i for t in token.subtree)


def with_commas(token: Token) -> frozenset[int]:
    """The subtree, and both commas that set it apart, wherever the parse hangs them."""
    inner, doc = under(token), token.doc
    first, last = min(inner), max(inner)
    before = first if doc[first].text == "," else first - 1
    after = last if doc[last].text == "," else last + 1
    apart = before >= 0 and after < len(doc) and doc[before].text == doc[after].text == ","
    if apart and token.dep_ in {"relcl", "acl", "advcl", "appos"}:
        return inner | {before, after}
    return with_comma(token)


def with_comma(token: Token) -> frozenset[int]:
    """The subtree, and the commas around it if both are there or it ends its clause."""
    indices = set(under(token))
    first, last = min(indices), max(indices)
    doc = token.doc
    before = doc[first - 1] if first > 0 else None
    after = doc[last + 1] if last + 1 < len(doc) else None
    closes = after is None or after.text in {",", ".", ";", "!", "?"} or after.is_sent_start
    if before is not None and before.text == "," and closes:
        indices.add(before.i)
    if first == token.sent.start and after is not None and after.text == ",":
        indices.add(after.i)
    return frozenset(indices)
