"""Puts a parsed text together again without some of its words, and mends what is left: articles, agreement, commas, capitals."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from fusion import lexicon
from fusion.language.removal import SUBJECTS

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span, Token

CLOSING = frozenset({".", ",", ";", ":", "!", "?", ")", "]", "'s", "n't"})
SINGULAR = {"are": "is", "were": "was", "have": "has", "'re": "'s"}


@dataclass(frozen=True)
class Change:
    """One place of a text and what stands there now; `tokens` are the indices it covered."""

    start: int
    end: int
    after: str
    tokens: tuple[int, ...]


def rewrite(doc: Doc, text: str, removed: Iterable[int], swapped: Mapping[int, str] | None = None) -> tuple[str, list[Change]]:
    """The text without these tokens, with articles, agreement, capitals, commas and "and" mended, and each change.

    `swapped` are other words for tokens that stay.

    `doc` is the parse of `text`, in which line breaks count as blanks.
    """
    gone = set(removed)
    for sentence in doc.sents:
        if any(t.i in gone for t in sentence) or leads(sentence, gone):
            tidy(sentence, gone)
    replaced = dict(swapped or {})
    for sentence in doc.sents:
        if any(t.i in gone or t.i in replaced for t in sentence) or leads(sentence, gone):
            mend(sentence, gone, replaced)
    return render(doc, text, gone, replaced)


def leads(sentence: Span, gone: set[int]) -> bool:
    """Is it first now, because all that stood before it is gone?"""
    return sentence.start > 0 and gone.issuperset(range(sentence.start))


def tidy(sentence: Span, gone: set[int]) -> None:
    """Take along what cannot stand without what was removed; brackets go together, and the full stop stays with what stays."""
    stops = [t.i for t in sentence if t.text in {".", "!", "?"}][-1:]
    if not gone.issuperset(t.i for t in sentence if not t.is_punct):
        gone.difference_update(stops)
    pair_brackets(sentence, gone)
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
        (t.pos_ in {"NOUN", "PROPN", "PRON"} and t.tag_ not in {"WP", "WDT"}) or any(c.dep_ == "det" for c in t.children)
        for t in sentence
        if t.i not in gone
    ):
        gone.update(t.i for t in sentence)


def pair_brackets(sentence: Span, gone: set[int]) -> None:
    """Brackets around nothing go, and one whose other half is gone."""
    opened: list[int] = []
    for t in sentence:
        if t.text == "(":
            opened.append(t.i)
        elif t.text == ")" and opened:
            first = opened.pop()
            inner = [i for i in range(first + 1, t.i) if i not in gone and any(c.isalnum() for c in t.doc[i].text)]
            if not inner or first in gone or t.i in gone:
                gone |= {first, t.i, *(range(first + 1, t.i) if not inner else ())}


def dangling(t: Token, previous: Token | None, following: Token | None, gone: set[int]) -> bool:
    """A comma or "and" with nothing on one side, a preposition or article without its noun."""
    ends = following is None or following.text in {".", "!", "?", ";", ","}
    opens = previous is not None and previous.lemma_ == "be" and previous.i + 1 in gone  # "there is, a cup and a dog"
    if t.text == "," and (previous is None or ends or opens or previous.text == ","):
        return True
    if t.text == "," and following is not None and following.dep_ == "cc" and joins_two(t, following, gone):
        return True
    if t.dep_ == "cc" and (previous is None or ends or previous.dep_ == "cc"):
        return True
    if t.dep_ in {"prep", "agent"} and any(c.i in gone for c in t.children):
        led_to = [c for c in t.children if c.dep_ in {"pobj", "pcomp", "prep", "amod", "advmod"}]
        return all(c.i in gone and all(j.i in gone for j in c.conjuncts) for c in led_to)
    return t.dep_ in {"det", "poss", "aux", "auxpass", "case"} and t.head.i in gone


def joins_two(comma: Token, conjunction: Token, gone: set[int]) -> bool:
    """Is a list down to two by what was removed before the comma, so that none stands before its "and"?"""
    members = items(conjunction.head)
    return comma.i - 1 in gone and sum(m.i not in gone for m in members) == 2


def mend(sentence: Span, gone: set[int], replaced: dict[int, str]) -> None:
    """Articles before a new neighbour, verbs whose subjects became one, the capital of the first word."""
    kept = [t for t in sentence if t.i not in gone]
    for t, following in pairwise(kept):
        if t.lower_ in {"a", "an"} and (following.i != t.i + 1 or following.i in replaced):
            article = lexicon.article(replaced.get(following.i, following.text))
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
    opening = sentence.doc[0] if leads(sentence, gone) else sentence[0]
    untitled = opening.is_space and opening.i in gone  # "…": a dog runs
    if first is not None and (untitled or opening.text[:1].isupper()):
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
        said = [replaced[i] for i in range(first, n) if i not in gone and i in replaced]
        after = " ".join([*said[:1], *(word.lstrip() for word in said[1:])])
        start, end = doc[first].idx, doc[n - 1].idx + len(doc[n - 1].text_with_ws)
        after, start = spaced(doc, first, n, after, start, out)
        out.append(after)
        changes.append(Change(start, end, after, tuple(range(first, n))))
    made = "".join(out)
    left = [replaced.get(t.i, t.text) for t in doc if t.i not in gone]
    if not any(c.isalnum() for word in left for c in word):  # at most a title, which is said of nothing now
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
