"""What a caption says of the whole picture: "a black and white photo of …", "the photo is dark", "a dog outdoors"."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fusion.facts import ClaimKind
from fusion.language import words
from fusion.language.mention import Mention
from fusion.language.phrases import negated

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

PLACES = frozenset({"scene", "background", "foreground"})
STYLES_ALONE = frozenset({"close-up", "closeup", "portrait", "screenshot"})


@dataclass(frozen=True)
class Whole:
    """One thing said of the whole picture, and the words that say it."""

    kind: ClaimKind
    value: str
    tokens: list[Token]
    negated: bool = False


LOOKING = frozenset({"look", "peer", "gaze", "stare", "face", "see", "watch"})


def whole_picture(doc: Doc, mentions: Mapping[int, Mention]) -> Iterator[Whole]:
    """Styles and scenes from the nouns about the picture, then scenes from adverbs."""
    for mention in mentions.values():
        if mention.role == "picture":
            yield from described(mention, mentions)
            if mention.value in STYLES_ALONE:
                yield Whole("style", mention.value, list(doc[mention.start : mention.head.i + 1]))
    for token in doc:
        if token.lower_ in words.WHOLE_PLACES and is_free(token):
            yield Whole("scene", words.WHOLE_PLACES[token.lower_], [token], negated(token) or negated(token.head))


def described(mention: Mention, mentions: Mapping[int, Mention]) -> Iterator[Whole]:
    """The adjectives in front of a noun about the picture, and those that "is" says of it."""
    head = mention.head
    fixed = black_and_white(head)
    if fixed:
        yield Whole("style", "black and white", fixed)
        return
    stop = max((t.i for t in head.doc[: head.i] if t.is_punct and t.text != "-"), default=-1)
    start = mention.start if mention.value == "close-up" else head.i
    before = [t for t in head.subtree if stop < t.i < start and t.dep_ in {"amod", "conj", "cc", "compound"}
              and not t.is_punct and t.i not in mentions]  # fmt: skip
    yield from phrase(before, head, with_head=head.lemma_.lower() in words.LOOKS)
    if head.dep_ == "nsubj" and head.head.lemma_ == "be":
        after = [t for c in head.head.children if c.dep_ == "acomp" for t in c.subtree if t.dep_ in {"acomp", "conj", "cc"}]
        yield from phrase([t for t in after if t.pos_ in {"ADJ", "CCONJ", "NOUN"}], head, with_head=False)


def black_and_white(head: Token) -> list[Token]:
    """The three words in front of a picture noun or behind its "is": the parser joins them in many ways."""
    doc = head.doc
    told = head.dep_ == "nsubj" and head.head.lemma_ == "be"
    for last in (head.head.i + 4 if told else head.i, head.i):
        words_ = list(doc[max(last - 3, 0) : last])
        if [t.lower_ for t in words_ if t.text != "-"] == ["black", "and", "white"]:
            return words_
    return []


def phrase(tokens: list[Token], head: Token, *, with_head: bool) -> Iterator[Whole]:
    """One claim for adjectives that stand together; an opinion where the last one is none of the eye's."""
    content = [t for t in tokens if t.dep_ != "cc" and t.lower_ not in words.NOT_VISUAL_ADJECTIVES]
    if not content:
        return
    if content[-1].lower_ in words.OPINION_ADJECTIVES:
        yield Whole("opinion", content[-1].lower_, [content[-1]])
        return
    said = list(head.doc[content[0].i : content[-1].i + 1]) + ([head] if with_head else [])
    yield Whole("scene" if head.lower_ in PLACES else "style", " ".join(t.lower_ for t in said), said)


def is_free(token: Token) -> bool:
    """Does an adverb of place stand without a noun of its own ("outside", not "outside the house")?"""
    led = any(c.dep_ in {"pobj", "prep", "pcomp"} for c in token.children)
    return not led and token.dep_ not in {"amod", "compound"} and token.head.lemma_ not in LOOKING
