"""Noun phrases of a sentence, found from the claims on it: a thing with its article, number and adjectives, and lists of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fusion import lexicon
from fusion.facts import Claim
from fusion.views.tokens import Sentence

INDEFINITE = frozenset("a an some several many no any every".split())
DEFINITE = frozenset(
    "the this that these those his her its their my our your each both all another other either neither such".split()
)
DETERMINERS = INDEFINITE | DEFINITE
PREPOSITIONS = frozenset(
    "on in at by with near next left right above below under beneath behind inside outside beside over around between against "
    "across along among atop close far to from of into onto through toward towards underneath within without ahead away off "
    "alongside adjacent opposite up down for as during past amid upon per".split()
)
LINKS = frozenset(
    "and or but nor while as that which who whom whose where when is are was were be been being has have had do does did can may "
    "there it he she they him them one".split()
)
PORTIONS = frozenset({"of"})
OF_SOME = frozenset("one two three four five six some most many several each both all none".split())
PLURALS = frozenset({"people", "police", "cattle"})


@dataclass(frozen=True)
class Phrase:
    """A noun phrase: places of its first and last word, of its noun's, and its article ("" if it has none).

    `whole` is False where its beginning cannot be told.
    """

    claim: Claim
    first: int
    noun: int
    last: int
    article: str
    counts: tuple[Claim, ...]
    whole: bool

    @property
    def places(self) -> range:
        """All its words."""
        return range(self.first, self.last + 1)

    @property
    def is_new(self) -> bool:
        """Does it bring its thing in: "a dog", "two dogs", "dogs"; not "the dog"?"""
        return self.article not in DEFINITE and self.claim.parent is None

    def is_plural(self, sentence: Sentence, left: int | None) -> bool:
        """Does a verb behind it stand in the plural?"""
        word = sentence.tokens[self.last].lower
        if lexicon.is_mass(word):
            return False
        if word in PLURALS and left is None:
            return True
        if left is not None:
            return left > 1
        return self.claim.at_least or (self.claim.number or 1) > 1 or is_always_plural(word)


def is_always_plural(word: str) -> bool:
    """ "Scissors" and "skis" take a plural verb."""
    return lexicon.is_pair(word)


def phrases_of(sentence: Sentence) -> list[Phrase]:
    """The noun phrases of things that are claimed, in order; one inside another is left out."""
    found: list[Phrase] = []
    taken = -1
    for claim in sorted((c for c in sentence.claims if c.kind == "object"), key=lambda c: (c.span[0], -c.span[1])):
        noun = sentence.places(claim)
        if noun[0] <= taken:
            continue
        phrase = phrase_of(sentence, claim, noun, taken)
        found.append(phrase)
        taken = phrase.last
    return found


def phrase_of(sentence: Sentence, claim: Claim, noun: range, taken: int) -> Phrase:
    """The phrase around a noun, read from right to left: adjectives and numbers of it, then an article."""
    first, at, article, loose = noun[0], noun[0] - 1, "", 0
    while at > taken:
        word = sentence.tokens[at].lower
        if word in DETERMINERS and not is_count(sentence, at, claim):
            first, article = at, word
            break
        if is_of_it(sentence, at, claim) or is_joint(sentence, at, claim):
            first, loose = at, 0
        elif loose < 2 and is_describing(word) and not sentence.covers[at]:
            loose += 1
        else:
            break
        at -= 1
    if article == "" and loose:
        at = first - 1
    first, article = of_some(sentence, first, article, taken)
    counts = tuple(c for c in sentence.claims if c.kind == "count" and c.about == claim.id)
    return Phrase(claim, first, noun[0], noun[-1], article, counts, is_whole(sentence, first, article, taken))


def is_count(sentence: Sentence, at: int, claim: Claim) -> bool:
    """Is a word that may be an article a number here: "several", "both"?"""
    return any(c.kind == "count" and c.about == claim.id for c in sentence.covers[at])


def is_of_it(sentence: Sentence, at: int, claim: Claim) -> bool:
    """Does a word describe or count the thing?"""
    own = {claim.id, claim.parent}
    return any(c.kind in {"attribute", "opinion", "count", "name", "style"} and c.about in own for c in sentence.covers[at])


def is_joint(sentence: Sentence, at: int, claim: Claim) -> bool:
    """A comma or "and" between two adjectives, or the "of" behind a word of quantity."""
    if at == 0 or not is_of_it(sentence, at - 1, claim):
        return False
    word = sentence.tokens[at].lower
    if word == "of":
        return is_count(sentence, at - 1, claim)
    return word in {",", "and", "-"} and at + 1 < len(sentence.tokens) and is_of_it(sentence, at + 1, claim)


def is_describing(word: str) -> bool:
    """Can a word that no claim stands for be an adjective or adverb in front of a noun?"""
    if not word.isalpha() or word in LINKS or word in PREPOSITIONS:
        return False
    verb = lexicon.base(word)
    return not (word.endswith("s") and verb != word and lexicon.is_verb(verb)) and not lexicon.is_verb(word)


def of_some(sentence: Sentence, first: int, article: str, taken: int) -> tuple[int, str]:
    """ "One of the dogs" begins with "one"."""
    words = [t.lower for t in sentence.tokens[max(first - 2, taken + 1) : first]]
    if article in {"the", "these", "those"} and len(words) == 2 and words[1] == "of" and words[0] in OF_SOME:
        return first - 2, article
    return first, article


def is_whole(sentence: Sentence, first: int, article: str, taken: int) -> bool:
    """Does nothing stand in front that may belong to it?"""
    if article or first == 0 or first - 1 == taken:
        return not (first > 0 and first - 1 == taken and sentence.tokens[first - 1].lower.endswith(("'s", "’s")))
    word = sentence.tokens[first - 1].lower
    if word.endswith(("'s", "’s")):
        return False
    return not word[0].isalnum() or word in LINKS or word in PREPOSITIONS or bool(sentence.covers[first - 1]) or is_finite(word)


def is_finite(word: str) -> bool:
    """ "Shows", "sit": a verb that agrees with its subject."""
    verb = lexicon.base(word)
    return lexicon.is_verb(verb) and not word.endswith(("ing", "ed"))


@dataclass(frozen=True)
class Enumeration:
    """Phrases that only commas and "and" part; one alone is a list of one."""

    items: tuple[Phrase, ...]

    @property
    def first(self) -> int:
        """Place of its first word."""
        return self.items[0].first

    @property
    def last(self) -> int:
        """Place of its last word."""
        return self.items[-1].last

    def joints(self, number: int) -> range:
        """Places of what stands between an item and the one before it."""
        return range(self.items[number - 1].last + 1, self.items[number].first)


JOINTS = ([","], ["and"], ["or"], [",", "and"], [",", "or"], ["&"])


def lists_of(sentence: Sentence, phrases: Sequence[Phrase]) -> list[Enumeration]:
    """The phrases of a sentence, those that are listed together."""
    lists: list[list[Phrase]] = []
    for phrase in phrases:
        between = [t.lower for t in sentence.tokens[lists[-1][-1].last + 1 : phrase.first]] if lists else []
        if lists and between in JOINTS:
            lists[-1].append(phrase)
        else:
            lists.append([phrase])
    return [Enumeration(tuple(items)) for items in lists]
