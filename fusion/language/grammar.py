"""Takes words out of a parsed text and mends what is left: the smallest part that can go without leaving a fragment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from fusion import lexicon

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span, Token

CLAUSES = frozenset({"acl", "relcl", "advcl", "xcomp", "ccomp", "conj", "parataxis", "appos", "pcomp", "dep"})
SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj"})
CLOSING = frozenset({".", ",", ";", ":", "!", "?", ")", "]", "'s", "n't"})
PLACES = frozenset({"on", "in", "at", "near", "by", "under", "behind", "beside", "inside", "next", "around", "above", "below"})
SINGULAR = {"are": "is", "were": "was", "have": "has", "'re": "'s"}


@dataclass(frozen=True)
class Change:
    """One place of a text and what stands there now; `tokens` are the indices it covered."""

    start: int
    end: int
    after: str
    tokens: tuple[int, ...]


def removal(doc: Doc, tokens: Sequence[int], kind: str) -> tuple[str, frozenset[int]]:
    """What to take out so that the claim on these tokens is no longer made: the rule's name and token indices."""
    head = doc[tokens[-1]] if kind in {"object", "name"} else doc[tokens[0]]
    if kind in {"attribute", "opinion", "style", "scene"} and (found := adjective_removal(head, tokens)):
        return found
    if kind == "count":
        return count_removal(head, tokens)
    if kind == "text":
        return text_removal(doc, tokens)
    if kind == "relation":
        return relation_removal(head)
    return noun_removal(head, tokens)


def adjective_removal(head: Token, tokens: Sequence[int]) -> tuple[str, frozenset[int]] | None:
    """An adjective in front of its noun, or one of several predicates; None where it is all its clause says."""
    doc = head.doc
    last = doc[tokens[-1]]
    if last.dep_ == "conj":
        return "drop conjunct", conjunct(last)
    if last.dep_ in {"amod", "compound", "nmod", "advmod", "npadvmod"} and last.i < last.head.i:
        successor = next((c for c in last.children if c.dep_ == "conj"), None)
        if successor is not None:
            return "drop conjunct", frozenset(range(min(tokens), content_edge(successor)))
        return "drop adjective", under(last) | frozenset(tokens)
    if last.dep_ == "amod":
        return "drop phrase", with_comma(last)
    return None if last.dep_ not in {"acomp", "oprd", *CLAUSES} and last.dep_ != "ROOT" else clause_removal(last)


def count_removal(head: Token, tokens: Sequence[int]) -> tuple[str, frozenset[int]]:
    """A number in front of its noun, or "a group of"."""
    of = next((c for c in head.children if c.dep_ == "prep" and c.lower_ == "of" and c.i > head.i), None)
    if of is not None and head.pos_ == "NOUN":
        return "drop number", frozenset(range(head.left_edge.i, of.i + 1))
    inner = [c.i for c in head.children if c.i < head.i]
    return "drop number", frozenset([*tokens, *inner])


def text_removal(doc: Doc, tokens: Sequence[int]) -> tuple[str, frozenset[int]]:
    """Quoted words go with the clause that says them."""
    first = doc[tokens[0]]
    for ancestor in [first, *first.ancestors]:
        if ancestor.dep_ in {"relcl", "acl"}:
            return "drop clause", under(ancestor)
    return clause_removal(first)


def relation_removal(head: Token) -> tuple[str, frozenset[int]]:
    """A preposition goes with what it leads to; a verb with its clause."""
    if head.pos_ in {"ADP", "SCONJ", "ADV", "ADJ"} and head.dep_ in {"prep", "advmod", "amod", "agent", "acomp"}:
        return phrase_removal(head)
    if head.dep_ == "case":
        return "drop owner", under(head.head)
    return clause_removal(head)


def noun_removal(head: Token, tokens: Sequence[int]) -> tuple[str, frozenset[int]]:
    """A noun goes with its phrase; as subject or only object it takes its clause along."""
    if head.dep_ == "conj":
        return "drop conjunct", conjunct(head)
    successor = next((c for c in head.children if c.dep_ == "conj" and c.pos_ in {"NOUN", "PROPN"}), None)
    if successor is not None:
        return "drop conjunct", frozenset(range(head.left_edge.i, content_edge(successor)))
    if head.dep_ in {"pobj", "pcomp"}:
        return phrase_removal(head.head)
    if head.dep_ in {"compound", "nmod", "npadvmod"}:
        return "drop modifier", frozenset(tokens)
    if head.dep_ == "poss":
        return "drop owner", under(head)
    if head.dep_ == "appos":
        return "drop phrase", with_comma(head)
    return clause_removal(head if head.dep_ in CLAUSES else head.head)


def phrase_removal(preposition: Token) -> tuple[str, frozenset[int]]:
    """A prepositional phrase, from the outermost part of "on top of" and "next to"; with it a participle left alone by it."""
    top = preposition
    while top.head.i != top.i:
        outer = top.head
        locative = outer.dep_ == "pobj" and len([c for c in outer.children if c.dep_ != "det"]) == 1
        if locative and top.lower_ == "of":
            top = outer.head
        elif outer.pos_ in {"ADV", "ADP"} and outer.dep_ in {"advmod", "prep", "amod"} and outer.i < top.i:
            top = outer
        else:
            break
    verb = top.head
    alone = not [c for c in verb.children if c.i != top.i and c.dep_ not in {"aux", "auxpass", "punct", "cc", "advmod", "nsubj"}]
    if verb.tag_ == "VBN" and verb.dep_ in {"acl", "relcl", "advcl"} and alone:
        return "drop phrase", with_comma(verb)
    if verb.dep_ == "ROOT" and verb.lemma_ == "be":
        return clause_removal(verb)
    return "drop phrase", with_comma(top)


def clause_removal(token: Token) -> tuple[str, frozenset[int]]:
    """The smallest clause around a token; the sentence if it is the main one."""
    while token.dep_ != "ROOT" and token.dep_ not in CLAUSES:
        token = token.head
    if token.dep_ == "ROOT":
        follower = next((c for c in token.children if c.dep_ == "conj" and any(x.dep_ in SUBJECTS for x in c.children)), None)
        if follower is not None:
            rest = under(follower) | {t.i for t in token.sent if t.is_punct and t.i > follower.i}
            return "drop clause", frozenset(t.i for t in token.sent if t.i not in rest)
        return "drop sentence", frozenset(t.i for t in token.sent)
    if token.dep_ == "conj":
        return "drop conjunct", conjunct(token)
    if token.dep_ in {"xcomp", "ccomp"}:
        return clause_removal(token.head)
    return "drop clause", with_comma(token)


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
    """A place behind the last of several things is where all of them are: "a dog and a cat on a sofa"."""
    places = [c for c in token.children if c.dep_ in {"prep", "advmod", "amod"} and c.i > token.i and c.lower_ in PLACES]
    return frozenset(i for c in places for i in under(c))


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


def rewrite(doc: Doc, text: str, removed: Iterable[int]) -> tuple[str, list[Change]]:
    """The text without these tokens, with articles, agreement, capitals, commas and "and" mended, and each change.

    `doc` is the parse of `text`, in which line breaks count as blanks.
    """
    gone = set(removed)
    for sentence in doc.sents:
        tidy(sentence, gone)
    replaced: dict[int, str] = {}
    for sentence in doc.sents:
        mend(sentence, gone, replaced)
    return render(doc, text, gone, replaced)


def tidy(sentence: Span, gone: set[int]) -> None:
    """Take along what cannot stand without what was removed."""
    if not any(t.i in gone for t in sentence):
        return
    changed = True
    while changed:
        before = len(gone)
        kept = [t for t in sentence if t.i not in gone]
        for n, t in enumerate(kept):
            previous = kept[n - 1] if n else None
            following = kept[n + 1] if n + 1 < len(kept) else None
            if (previous is None or previous.i not in gone) and dangling(t, previous, following, gone):
                gone.add(t.i)
        changed = len(gone) > before
    if not any(
        t.pos_ in {"NOUN", "PROPN", "PRON"} or any(c.dep_ == "det" for c in t.children) for t in sentence if t.i not in gone
    ):
        gone.update(t.i for t in sentence)


def dangling(t: Token, previous: Token | None, following: Token | None, gone: set[int]) -> bool:
    """A comma or "and" with nothing on one side, a preposition or article without its noun."""
    ends = following is None or following.text in {".", "!", "?", ";", ","}
    if t.text == "," and (previous is None or ends or previous.text == ","):
        return True
    if t.text == "," and following is not None and following.dep_ == "cc" and joins_two(t, following, gone):
        return True
    if t.dep_ == "cc" and (previous is None or ends or previous.dep_ == "cc"):
        return True
    if t.dep_ in {"prep", "agent"} and not any(
        c.i not in gone and c.dep_ in {"pobj", "pcomp", "prep", "amod", "advmod"} for c in t.children
    ):
        return any(c.i in gone for c in t.children)
    return t.dep_ in {"det", "poss", "aux", "auxpass", "case"} and t.head.i in gone


def joins_two(comma: Token, conjunction: Token, gone: set[int]) -> bool:
    """Is a list down to two by what was removed before the comma, so that none stands before its "and"?"""
    members = items(conjunction.head)
    return comma.i - 1 in gone and sum(m.i not in gone for m in members) == 2


def mend(sentence: Span, gone: set[int], replaced: dict[int, str]) -> None:
    """Articles before a new neighbour, verbs whose subjects became one, the capital of the first word."""
    if not any(t.i in gone for t in sentence):
        return
    kept = [t for t in sentence if t.i not in gone]
    for t, following in pairwise(kept):
        if t.lower_ in {"a", "an"} and following.i != t.i + 1:
            article = lexicon.article(following.text)
            if article != t.lower_:
                replaced[t.i] = article.capitalize() if t.text[0].isupper() else article
    for t in kept:
        if t.lower_ in SINGULAR and t.pos_ in {"AUX", "VERB"} and lost_plural(t, gone):
            replaced[t.i] = SINGULAR[t.lower_]
        elif t.tag_ in {"VBP", "VB"} and t.pos_ == "VERB" and not has_helper(t) and lost_plural(t, gone):
            replaced[t.i] = lexicon.third_person(t.lower_)
    for comma in commas_to_join(sentence, kept, gone):
        replaced[comma.i] = " and"
    first = next((t for t in kept if any(c.isalnum() for c in t.text)), None)
    if first is not None and sentence[0].text[:1].isupper():
        text = replaced.get(first.i, first.text)
        if text[:1].islower():
            replaced[first.i] = text[:1].upper() + text[1:]


def commas_to_join(sentence: Span, kept: Sequence[Token], gone: set[int]) -> Iterator[Token]:
    """The last comma of a list that lost its "and" with its last item."""
    for conjunction in [t for t in sentence if t.dep_ == "cc" and t.i in gone]:
        members = items(conjunction.head)
        left = [m for m in members if m.i not in gone]
        if len(left) < 2 or members[-1].i not in gone or any(m.i > conjunction.i for m in left):
            continue
        between = [t for t in kept if left[-2].i < t.i < left[-1].i]
        if between and not any(t.dep_ == "cc" for t in between):
            yield from [t for t in between if t.text == ","][-1:]


def items(member: Token) -> list[Token]:
    """All that is listed together with a token, in order; parsers take some items of a list for appositions."""
    found = {t.i: t for t in (member, *member.conjuncts)}
    for t in list(found.values()):
        found |= {c.i: c for c in t.children if c.dep_ == "appos"}
    return [found[i] for i in sorted(found)]


def has_helper(verb: Token) -> bool:
    """ "Can sit", "to sit": an infinitive agrees with nothing."""
    return any(c.dep_ in {"aux", "mark"} or c.lower_ == "to" for c in verb.children)


def lost_plural(verb: Token, gone: set[int]) -> bool:
    """Were its subjects several, and is one singular noun left?"""
    head = verb.head if verb.dep_ in {"aux", "auxpass"} else verb
    before = next((t for t in reversed(verb.doc[verb.sent.start : verb.i]) if t.i not in gone), None)
    if verb.dep_ == "acl" and before is not None and before.tag_ == "NN" and before.head.i in gone | {verb.i, before.i}:
        return any(t.dep_ == "cc" and t.i in gone for t in verb.doc[verb.sent.start : verb.i])  # "a cat and a dog sit"
    for subject in (c for c in head.children if c.dep_ in SUBJECTS):
        members = [subject, *subject.conjuncts]
        left = [m for m in members if m.i not in gone]
        if len(members) > len(left) == 1 and left[0].tag_ in {"NN", "NNP"}:
            return True
    return False


def render(doc: Doc, text: str, gone: set[int], replaced: dict[int, str]) -> tuple[str, list[Change]]:
    """Put the text together again; unchanged parts keep every character."""
    changes: list[Change] = []
    out: list[str] = []
    n = 0
    while n < len(doc):
        token = doc[n]
        if n not in gone and n not in replaced:
            out.append(text[token.idx : token.idx + len(token.text_with_ws)])
            n += 1
            continue
        first = n
        while n < len(doc) and (n in gone or n in replaced):
            n += 1
        after = " ".join(replaced[i] for i in range(first, n) if i not in gone and i in replaced)
        start, end = doc[first].idx, doc[n - 1].idx + len(doc[n - 1].text_with_ws)
        after, start = spaced(doc, first, n, after, start, out)
        out.append(after)
        changes.append(Change(start, end, after, tuple(range(first, n))))
    made = "".join(out)
    if not made.strip():
        return "", [Change(0, len(text), "", tuple(range(len(doc))))]
    return made, changes


def spaced(doc: Doc, first: int, n: int, after: str, start: int, out: list[str]) -> tuple[str, int]:
    """The replacement with the space that belongs behind it, and its start, moved back over a space that has to go."""
    following = doc[n] if n < len(doc) else None
    closes = following is None or following.text in CLOSING
    trailing = "" if closes else doc[n - 1].whitespace_ or (" " if after else "")
    if after:
        return after + trailing, start
    if closes and out and out[-1].endswith((" ", "\n")) and not doc[n - 1].whitespace_:
        out[-1] = out[-1][:-1]
        return "", start - 1
    if not closes and out and not out[-1][-1:].isspace() and any(t.whitespace_ for t in doc[first:n]):
        return " ", start
    if following is None and out:
        stripped = out[-1].rstrip()
        start -= len(out[-1]) - len(stripped)
        out[-1] = stripped
    return "", start
