"""Colour words and the eleven basic colour terms of English.

The terms are those of Berlin and Kay, Basic Color Terms (1969): black, white, red, green, yellow, blue, brown, purple,
pink, orange and grey. Neighbours are terms whose regions touch in their colour space, so that people exchange them when
they name one surface; which pairs count as such is set by hand below.
"""

from __future__ import annotations

import re
from functools import lru_cache

from fusion.lexicon.table import listed

BASIC = ("black", "white", "red", "green", "yellow", "blue", "brown", "purple", "pink", "orange", "grey")

_NEIGHBOURS = {
    frozenset(pair.split("-"))
    for pair in listed(
        "red-orange red-pink red-purple red-brown orange-yellow orange-brown orange-pink yellow-green "
        "yellow-brown "
        "green-blue "
        "blue-purple purple-pink grey-black grey-white brown-black grey-brown grey-blue yellow-white"
    )
}

# A colour word, its basic term, and others by which people also call it.
_ROWS = """
gray: grey; ebony: black; jet black: black; charcoal: grey black; slate: grey blue; silver: grey white;
silvery: grey white
ash: grey; ashen: grey; ivory: white yellow; cream: white yellow; creamy: white yellow; off white: white yellow;
snow white: white
pearl: white grey; beige: brown white yellow; tan: brown yellow; taupe: brown grey; khaki: brown green; camel: brown
sand: brown yellow; chestnut: brown red; chocolate: brown; coffee: brown; bronze: brown orange; copper: brown orange
rust: brown orange red; sepia: brown; auburn: brown red; mahogany: brown red; hazel: brown green; tawny: brown orange
brunette: brown; blond: yellow brown; blonde: yellow brown; crimson: red; scarlet: red; ruby: red; cherry: red
maroon: red brown purple; burgundy: red purple brown; brick red: red brown; vermilion: red orange;
gold: yellow brown orange
golden: yellow brown orange; lemon: yellow; mustard: yellow brown; amber: orange yellow; saffron: yellow orange
peach: orange pink; apricot: orange; coral: orange pink red; salmon: pink orange; tangerine: orange;
ginger: orange brown
rose: pink red; fuchsia: pink purple; magenta: pink purple; hot pink: pink; violet: purple blue; lavender: purple pink
lilac: purple pink; mauve: purple pink; plum: purple; indigo: blue purple; periwinkle: blue purple; navy: blue black
navy blue: blue black; royal blue: blue; sky blue: blue; baby blue: blue; azure: blue; cobalt: blue; sapphire: blue
turquoise: blue green; teal: blue green; aqua: blue green; aquamarine: blue green; cyan: blue green; emerald: green;
jade: green
lime: green yellow; lime green: green yellow; olive: green brown yellow; olive green: green brown; mint: green
forest green: green; sage: green grey
"""
_SHADES = {
    "dark": "black", "deep": "black", "light": "white", "pale": "white", "bright": "", "pastel": "white", "neon": "",
    "vivid": "", "faded": "white", "dull": "grey", "brilliant": "", "solid": "", "mostly": "",
}  # fmt: skip


def _read() -> dict[str, tuple[str, ...]]:
    rows = (row.partition(":") for row in re.split(r"[;\n]", _ROWS) if row.strip())
    return {term: (term,) for term in BASIC} | {word.strip(): tuple(terms.split()) for word, _, terms in rows}


_TABLE = _read()


@lru_cache(maxsize=1 << 12)
def _terms(word: str) -> tuple[str, ...]:
    """Basic terms by which a colour may be called, its own first; empty if the word is no colour."""
    text = " ".join(word.lower().replace("-", " ").split())
    text = re.sub(r" (?:colou?red|colou?r)$", "", text)
    if text in _TABLE:
        return _TABLE[text]
    first, _, rest = text.partition(" ")
    if not rest:
        return _TABLE.get(_without_ish(first), ())
    inner = _terms(rest)
    if not inner:
        return ()
    if first in _SHADES:
        return inner + tuple(term for term in (_SHADES[first],) if term)
    shade = _terms(first)
    return inner + shade if shade else ()


def _without_ish(word: str) -> str:
    """ "reddish" to "red", "bluish" to "blue", "greyish" to "grey"."""
    stem = word.removesuffix("ish")
    if stem == word:
        return ""
    return next((s for s in (stem, stem + "e", stem[:-1]) if s in _TABLE), "")


@lru_cache(maxsize=1 << 12)
def colour(word: str) -> str | None:
    """The basic colour term of a colour word: "navy" and "dark blue" are "blue", "gray" is "grey";
    None if it is no colour."""
    terms = _terms(word)
    return terms[0] if terms else None


def is_colour_name(phrase: str) -> bool:
    """Is it in the list as it stands: "olive green", "navy"; not "dark green", which only narrows a colour?"""
    return " ".join(phrase.lower().replace("-", " ").split()) in _TABLE


@lru_cache(maxsize=1 << 12)
def neighbours(word: str) -> frozenset[str]:
    """The basic terms that people may well use for a surface of this colour, its own included;
    empty if it is no colour.

        "blue and white" has the neighbours of both.
    """
    found: set[str] = set()
    for part in re.split(r"\s+and\s+|\s*,\s*|/", word.lower().strip()):
        terms = _terms(part)
        if not terms:
            return frozenset()
        found.update(terms)
        found.update(basic for basic in BASIC if frozenset((basic, terms[0])) in _NEIGHBOURS)
    return frozenset(found)


def own_terms(word: str) -> frozenset[str]:
    """The basic terms of a colour or of several joined by "and", without neighbours; empty if a part is no colour."""
    parts = [_terms(part) for part in re.split(r"\s+and\s+|\s*,\s*|/", word.lower().strip())]
    return frozenset(term for terms in parts for term in terms) if all(parts) else frozenset()
