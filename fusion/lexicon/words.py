"""Which words mean the same, and which are kinds of which."""

from __future__ import annotations

from functools import lru_cache

from fusion.lexicon import inflection
from fusion.lexicon.colours import colour
from fusion.lexicon.hand import ABOVE, BROAD, DENIALS, EATEN, GROUPS, KINDS, LIKENESSES, NOT_SAME
from fusion.lexicon.senses import Noun, fold, group, is_carved, noun, others, spelled
from fusion.lexicon.table import ancestors, bare, table


@lru_cache(maxsize=1 << 16)
def same(a: str, b: str) -> bool:
    """Two words for one thing in a photo: "tv" and "television", "doughnuts" and "donut", "couch" and "sofa".

    Narrower than WordNet's synonyms: the shared sense must be the first of one word and among the first two of the
    other.
    """
    one, other = _key(a), _key(b)
    if one == other:
        return True
    if frozenset((_one(a), _one(b))) in NOT_SAME:
        return False
    first, second = group(a), group(b)
    if first is not None and first == second:
        return True
    if _share(a, b, "noun"):
        return True
    if _concrete(a) and _concrete(b):  # "dog" and "tail" are both verbs for following
        return False
    return _share(a, b, "adj") or _share(a, b, "verb")


@lru_cache(maxsize=1 << 16)
def _key(word: str) -> str:
    return bare(_one(word))


@lru_cache(maxsize=1 << 16)
def _one(word: str) -> str:
    return inflection.singular(fold(word))


def _share(a: str, b: str, part: str) -> bool:
    if part == "noun":
        first, second = noun(a), noun(b)
        if not (first.own and second.own):
            return False
        one, other = _likeliest(a), _likeliest(b)
    else:
        one, other = others(a, part)[:2], others(b, part)[:2]
    return bool(one and other) and (one[0] in other or other[0] in one)


def _structured(senses: tuple[int, ...]) -> tuple[int, ...]:
    """Without the nodes that stand for a whole file of abstract nouns."""
    return tuple(s for s in senses if table().named(s))


@lru_cache(maxsize=1 << 16)
def _likeliest(word: str) -> tuple[int, ...]:
    return _structured(noun(word).senses[:2])


@lru_cache(maxsize=1 << 16)
def _meant(word: str) -> frozenset[int]:
    """The synsets of a noun; of a part of the body that alone, though a "hand" may be a worker and a "face" a person."""
    senses = _structured(noun(word).senses)
    if senses and table().file(senses[0]) == "noun.body":
        senses = tuple(s for s in senses if table().file(s) == "noun.body")
    return frozenset(senses)


@lru_cache(maxsize=1 << 16)
def _above(word: str) -> frozenset[int]:
    """The synsets of a noun and all above them."""
    return frozenset().union(*(ancestors(s) for s in _meant(word)))


@lru_cache(maxsize=1 << 16)
def is_a(word: str, ancestor: str) -> bool:
    """`word` is `ancestor` or a kind of it: "puppy" is a "dog", "wooden table" a "table", "sofa" a "couch".

    An unknown compound is what its head is. A known one is what WordNet says: a "hot dog" is no "dog". A likeness is
    not what it shows: a "toy car" is no "car".
    """
    if same(word, ancestor):
        return True
    if _by_hand(word, ancestor) or _shade_of(word, ancestor):
        return True
    low, high = noun(word), noun(ancestor)
    if low.senses:
        if is_carved(word):
            return ancestor in {"statue", "sculpture", "toy", "object"}
        if high.own or _one(ancestor) in KINDS:
            return _below(low, high, word, ancestor)
        return _ends_in(low, high)
    return _verb_is_a(word, ancestor)


@lru_cache(maxsize=1 << 16)
def is_mainly(word: str, ancestor: str) -> bool:
    """`is_a` by the first sense of both, or by hand: what silence about `ancestor` says something of.

    A "grey" may be a horse and a "restroom" a toilet, but who sees no horse has not looked for greys. An unknown compound
    must end in the very word: a "garbage bag" is no handbag.
    """
    if not is_a(word, ancestor) or (is_eaten(word) and not is_eaten(ancestor)):
        return False
    if _key(word) == _key(ancestor) or (group(word) is not None and group(word) == group(ancestor)) or _by_hand(word, ancestor):
        return True
    if not noun(word).own:
        return _one(word).endswith(" " + _one(ancestor))
    first, above = _likeliest(word)[:1], _likeliest(ancestor)[:1]
    return bool(first and above) and above[0] in ancestors(first[0])


@lru_cache(maxsize=1 << 14)
def is_eaten(word: str) -> bool:
    """A dish as well as an animal: who sees no bird has not looked for "chicken" on a plate."""
    return _one(word).rpartition(" ")[2] in EATEN


def _below(low: Noun, high: Noun, word: str, ancestor: str) -> bool:
    if not high.own:  # a word of KINDS has the senses of its kind, and is not all of it
        return _ends_in(low, high)
    if not _above(word).isdisjoint(_meant(ancestor)):
        return True
    return not low.own and _ends_in(low, high)


def _ends_in(low: Noun, high: Noun) -> bool:
    """An unknown compound that ends in the other: "old wooden table" and "wooden table"."""
    if low.own or low.word in KINDS or low.word.split(" ")[0] in LIKENESSES:
        return False
    return bool(low.senses) and low.word.endswith(" " + high.word)


@lru_cache(maxsize=1 << 14)
def _by_hand(word: str, ancestor: str) -> bool:
    """Follow the rows of ABOVE and KINDS: "schoolboy" is a "boy", which is a "child"."""
    one = _one(word)
    above = ABOVE.get(one) or KINDS.get(one)
    if above is None:
        index = group(one)
        above = next((ABOVE[w] for w in GROUPS[index] if w in ABOVE), None) if index is not None else None
    return above is not None and above != one and (same(above, ancestor) or is_a(above, ancestor))


def _shade_of(word: str, ancestor: str) -> bool:
    """ "navy" and "dark blue" are "blue"; a word that is its own basic term is no kind of another."""
    text = fold(ancestor).replace("gray", "grey")
    if colour(word) != text:
        return False
    first = noun(word).senses[0] if noun(word).own else None
    return first is None or table().file(first) not in {"noun.animal", "noun.food", "noun.plant"}


@lru_cache(maxsize=1 << 16)
def _concrete(word: str) -> bool:
    """The word is a thing in the first place, though a colour is named after it: "plum"."""
    found = noun(word)
    first = found.senses[0] if found.own and found.senses else None
    return first is not None and table().named(first) and table().file(first) != "noun.substance"


def _verb_is_a(word: str, ancestor: str) -> bool:
    """ "stroll down" is a kind of "walk down"; only the first two senses of a verb count."""
    verb, _, rest = fold(word).partition(" ")
    above, _, other = fold(ancestor).partition(" ")
    if rest != other and not (rest and other and same(rest, other)):
        return False
    targets = set(others(above, "verb")[:2])
    return bool(targets) and any(not targets.isdisjoint(ancestors(s)) for s in others(verb, "verb")[:2])


@lru_cache(maxsize=1 << 14)
def is_broad(word: str) -> bool:
    """A superordinate word that fits very many things: "animal", "vehicle", "furniture", "food", "object";
    not "person"."""
    text = fold(word)
    return text in BROAD or inflection.singular(text) in BROAD


@lru_cache(maxsize=1 << 14)
def synonyms(word: str) -> tuple[str, ...]:
    """Other words for the same thing, in alphabetical order: for all of them `same(word, other)` holds."""
    found: set[str] = set()
    index = group(word)
    if index is not None:
        found.update(GROUPS[index])
    senses = list(noun(word).senses[:2])
    if not _concrete(word):
        senses += [*others(word, "adj")[:2], *others(word, "verb")[:2]]
    for sense in senses:
        found.update(table().members(sense))
    one = inflection.singular(fold(word))
    return tuple(sorted(w for w in found if w not in {one, fold(word)} and same(w, word)))


@lru_cache(maxsize=1 << 14)
def hypernyms(word: str) -> tuple[str, ...]:
    """All words above a noun, the nearest first, one word a synset; an unknown compound has its head first."""
    one, start = inflection.singular(fold(word)), noun(word)
    level, seen, found = list(start.senses), set(start.senses), [ABOVE[one]] if one in ABOVE else []
    if not start.own:
        found += [name for s in level for name in _name(s)]
    while level:
        level = list(dict.fromkeys(s for below in level for s in table().links(below) if s not in seen))
        seen.update(level)
        found += [name for s in level for name in _name(s)]
    return tuple(dict.fromkeys(name for name in found if name != one))


def _name(synset: int) -> tuple[str, ...]:
    return table().members(synset)[:1]


@lru_cache(maxsize=1 << 12)
def hyponyms(word: str) -> tuple[str, ...]:
    """The words right below a noun's first sense, one word a synset, in alphabetical order; empty for a leaf."""
    senses = noun(word)
    if not senses.own or not senses.senses:
        return ()
    below = table().below.get(senses.senses[0], ())
    one = spelled(inflection.singular(fold(word)))
    return tuple(sorted({w for s in below for w in _name(s)} - {one}))


def denies(phrase: str) -> bool:
    """Does a phrase name a thing that is not there, or only its likeness: "no hat", "missing tooth", "toy car"?"""
    first, _, rest = phrase.lower().replace("_", " ").partition(" ")
    return bool(rest) and (first in DENIALS or first in LIKENESSES)


def is_alive(noun: str) -> bool:
    """Is it somebody, or an animal?"""
    return is_a(noun, "person") or is_a(noun, "animal")
