"""Turns a parsed caption into claims with exact places, and lists every content word that no claim stands for."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from fusion import lexicon
from fusion.facts import Claim, ClaimKind, LeftOver
from fusion.language import words
from fusion.language.mention import Mention
from fusion.language.mentions import find_mentions
from fusion.language.phrases import hedged, is_denied
from fusion.language.picture import whole_picture
from fusion.language.relations import Reader
from fusion.language.said import Said

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

QUOTED = re.compile(r"[\"“”«]([^\"“”«»]{1,200})[\"“”»]|(?<!\w)['‘]([^'‘’]{2,200})['’](?!\w)")
YEAR = re.compile(r"(1[5-9]|20)\d\d(s|'s)?$")
ABOUT = frozenset({"attribute", "relation"})
CONTENT = frozenset({"NOUN", "PROPN", "ADJ", "VERB", "NUM"})


@dataclass
class Parsed:
    """A caption, its claims, and for repair: the tokens of each claim and the parse itself."""

    doc: Doc
    claims: list[Claim]
    left_over: list[LeftOver]
    tokens: dict[str, tuple[int, ...]] = field(default_factory=dict)


def read_claims(doc: Doc, titles: Mapping[tuple[int, int], str] | None = None) -> Parsed:
    """All claims of a parsed text, ordered by place; ids are c0, c1, … in that order.

    `titles` are quotations beside its sentences, by place: names that the parse has blanks for.
    """
    return _Assembly(doc, titles or {}).parsed()


@dataclass
class _Draft:
    """A claim before it has its id: references are still mentions."""

    kind: ClaimKind
    value: str
    tokens: list[Token]
    about: Mention | None = None
    to: Mention | None = None
    parent: Mention | None = None
    of: Mention | None = None
    number: int | None = None
    at_least: bool = False
    negated: bool = False
    hedged: bool = False
    span: tuple[int, int] | None = None

    @property
    def place(self) -> tuple[int, int]:
        if self.span is not None:
            return self.span
        first, last = min(self.tokens, key=lambda t: t.i), max(self.tokens, key=lambda t: t.i)
        return first.idx, last.idx + len(last)


class _Assembly:
    def __init__(self, doc: Doc, titles: Mapping[tuple[int, int], str]) -> None:
        self.doc = doc
        self.titles = titles
        self.text = doc.text  # spaCy makes it anew at each access
        self.starts = [t.idx for t in doc]
        self.quotes = list(QUOTED.finditer(self.text))
        self.in_quotes = {i for m in self.quotes for i in self.between(m.span())}
        self.quoted = frozenset(self.in_quotes | {t.i for t in doc if is_said(t)})
        self.mentions = find_mentions(doc, self.quoted)
        self.reasons: dict[int, str] = {}
        self.drafts: list[_Draft] = []

    def parsed(self) -> Parsed:
        self.add_texts()
        for mention in self.mentions.values():
            self.add_mention(mention)
        for said in Reader(self.doc, self.mentions).said():
            if not self.quoted.intersection(t.i for t in said.tokens):
                self.add_said(said)
        self.add_whole()
        self.add_years()
        self.drafts += [_Draft("name", value, [], span=place) for place, value in self.titles.items()]
        return self.finish()

    # Read text

    def add_years(self) -> None:
        """ "London in 1956"."""
        for token in self.doc:
            placed = token.dep_ in {"pobj", "npadvmod", "ROOT", "appos"}
            if placed and YEAR.match(token.text) and token.i not in self.mentions and token.i not in self.quoted:
                self.drafts.append(_Draft("name", token.text, [token]))

    def add_texts(self) -> None:
        for match in self.quotes:
            group = 1 if match.group(1) is not None else 2
            if match.group(group).strip():
                start, end = match.span(group)
                carrier = self.carrier(start)
                self.drafts.append(
                    _Draft("text", match.group(group).strip(), [], about=carrier, span=trim(self.text, start, end))
                )
        run: list[Token] = []
        for token in [*self.doc, None]:
            if token is not None and is_said(token) and token.i not in self.in_quotes:
                run.append(token)
            elif run:
                self.drafts.append(_Draft("text", self.doc[run[0].i : run[-1].i + 1].text, run, about=self.carrier(run[0].idx)))
                run = []

    def carrier(self, offset: int) -> Mention | None:
        """The nearest thing before the quoted words that can carry them, in the same sentence."""
        span = self.doc.char_span(offset, offset + 1, alignment_mode="expand")
        start = span.start if span is not None else 0
        for token in reversed(self.doc[max(start - 25, 0) : start]):
            mention = self.mentions.get(token.i)
            if mention is not None and mention.role == "object":
                return mention.entity
        return None

    # Mentions

    def add_mention(self, mention: Mention) -> None:
        tokens = list(self.doc[mention.start : mention.head.i + 1])
        if mention.role == "object":
            self.add_object(mention, tokens)
        elif mention.role == "name":
            about = self.named(mention)
            self.drafts.append(_Draft("name", mention.value, tokens, about=about, of=mention))
        elif mention.role == "abstract" and mention.value in words.TIMES:
            self.drafts.append(_Draft("scene", mention.value, tokens))
        elif mention.role == "opinion":
            self.drafts.append(_Draft("opinion", mention.value, tokens, of=mention))
            self.reasons |= {t.i: "said of an opinion" for t in mention.head.subtree if t.i < mention.start}
        else:
            reason = {
                "picture": "about the picture itself",
                "group": "counts what follows",
                "portion": "a portion of what follows",
                "place_of": "part of a place",
                "abstract": "cannot be seen",
                "writing": "announces what is read",
            }[mention.role]
            self.reasons |= {t.i: reason for t in tokens}

    def add_object(self, mention: Mention, tokens: list[Token]) -> None:
        denied = is_denied(mention.head)
        number = 2 if mention.plural and not denied else None
        self.drafts.append(
            _Draft("object", mention.value, tokens, parent=mention.first, of=mention, number=number,
                   at_least=number is not None, negated=denied, hedged=hedged_noun(mention.head))
        )  # fmt: skip

    def named(self, mention: Mention) -> Mention | None:
        """What a name is said of: "a Coca-Cola can", "a man named Tom"."""
        head = mention.head.head
        if head.lemma_ in {"name", "call", "title"}:
            head = head.head
        other = self.mentions.get(head.i)
        return other.entity if other is not None and other is not mention and other.role == "object" else None

    # What is said of them

    def add_said(self, said: Said) -> None:
        if said.about.role != "object" or (said.to is not None and said.to.role != "object"):
            return
        self.drafts.append(
            _Draft(said.kind, said.value, said.tokens, about=said.about, to=said.to, number=said.number,
                   at_least=said.at_least, negated=said.negated, hedged=said.hedged)
        )  # fmt: skip

    def add_whole(self) -> None:
        """What is said of the whole picture: its style, and where it was taken."""
        for said in whole_picture(self.doc, self.mentions):
            self.drafts.append(_Draft(said.kind, said.value, said.tokens, negated=said.negated))

    # Ids and what is left

    def finish(self) -> Parsed:
        placed = {id(m) for m in self.mentions.values() if m.role == "object"}
        drafts = [d for d in self.drafts if d.value.strip() and (d.kind not in ABOUT or id(d.about) in placed)]
        drafts.sort(key=lambda d: (d.place, order_of(d.kind), d.value, d.about.head.i if d.about is not None else 0))
        drafts = list({self.identity(d): d for d in reversed(drafts)}.values())[::-1]
        ids = {id(d.of): f"c{n}" for n, d in enumerate(drafts) if d.of is not None and d.kind == "object"}
        claims, tokens = [], {}
        for n, draft in enumerate(drafts):
            claims.append(self.claim(f"c{n}", draft, ids))
            tokens[f"c{n}"] = tuple(t.i for t in draft.tokens) or self.between(draft.place)
        return Parsed(self.doc, claims, list(self.left_over(tokens)), tokens)

    def identity(self, draft: _Draft) -> tuple[object, ...]:
        return (draft.kind, draft.value, draft.place, id(draft.about), id(draft.to))

    def claim(self, name: str, draft: _Draft, ids: dict[int, str]) -> Claim:
        def reference(mention: Mention | None) -> str | None:
            return ids.get(id(mention)) if mention is not None else None

        return Claim(
            id=name, kind=draft.kind, value=draft.value, span=draft.place, about=reference(draft.about), to=reference(draft.to),
            parent=reference(draft.parent), number=draft.number, at_least=draft.at_least, negated=draft.negated,
            hedged=draft.hedged,
        )  # fmt: skip

    def between(self, place: tuple[int, int]) -> tuple[int, ...]:
        """Indices of the tokens that reach into a stretch of the text."""
        first, last = bisect_right(self.starts, place[0]) - 1, bisect_left(self.starts, place[1])
        doc = self.doc
        return tuple(i for i in range(max(first, 0), last) if doc[i].idx + len(doc[i]) > place[0])

    def left_over(self, tokens: dict[str, tuple[int, ...]]) -> Iterator[LeftOver]:
        claimed = {i for indices in tokens.values() for i in indices}
        for token in self.doc:
            if token.i in claimed or token.pos_ not in CONTENT or not any(c.isalnum() for c in token.text):
                continue
            yield LeftOver((token.idx, token.idx + len(token)), self.reasons.get(token.i) or reason_for(token))


def order_of(kind: str) -> int:
    """At one place objects come first: what is said of them refers to them."""
    return 0 if kind == "object" else 1


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """The same stretch of text without blanks at its ends."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def is_said(token: Token) -> bool:
    """ "A sign that says STOP": words in capitals behind a verb of saying."""
    if not token.text.isupper() or len(token) < 2 or not token.text.isalnum():
        return False
    for before in range(token.i - 1, max(token.i - 6, -1), -1):
        other = token.doc[before]
        if other.lemma_ in words.SAY_VERBS or other.lower_ in {"says", "saying", "reads", "reading"}:
            return True
        if not (other.text.isupper() and other.text.isalnum()):
            return False
    return False


def hedged_noun(noun: Token) -> bool:
    """ "Possibly a dog", "a cat or a dog", "what appears to be a dog"."""
    if is_denied(noun):
        return False  # "without windows or doors"
    if any(c.lower_ == "or" for c in noun.children) or (
        noun.dep_ == "conj" and any(c.lower_ == "or" for c in noun.head.children)
    ):
        return True
    in_front = noun.doc[max(noun.left_edge.i - 1, noun.sent.start) : noun.i]
    if any(t.lower_ in words.HEDGES for t in in_front):
        return True
    return hedged(noun) or (
        noun.dep_ in {"attr", "oprd", "dobj"} and (hedged(noun.head) or noun.head.lemma_ in words.HEDGE_VERBS)
    )


def reason_for(token: Token) -> str:
    """Why a content word became no claim."""
    text = token.lower_
    if YEAR.match(text) or token.pos_ == "NUM":
        return "a number that counts nothing named"
    if token.lemma_ in words.PICTURE_VERBS:
        return "about the picture itself"
    if token.lemma_ in words.COPULAS or token.pos_ == "AUX":
        return "links words"
    if text in words.NOT_VISUAL_ADJECTIVES or text in words.GROUPS:
        return "cannot be seen"
    if text in words.OPINION_ADJECTIVES:
        return "opinion about nothing named"
    if text in words.HEDGES:
        return "hedges"
    if token.lemma_ in words.SAY_VERBS | words.INSCRIBED:
        return "announces what is read"
    if token.lemma_ in {"name", "call", "title"}:
        return "introduces a name"
    if token.pos_ == "VERB" and any(c.dep_ in {"nsubj", "nsubjpass"} for c in token.children):
        return "says nothing that can be seen"
    if token.pos_ in {"VERB", "ADJ"}:
        return "its subject is not named"
    return "no claim was read from it" if lexicon.known(text) else "unknown word"
