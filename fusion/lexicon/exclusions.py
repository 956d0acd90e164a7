"""Words that cannot both be true of one thing: dog and cat, red and blue, open and closed.

A caption is called wrong on the strength of these, so in doubt two words do not exclude each other. Nouns do if each
of their senses falls under a basic-level word (`basic_level`), if neither word is a kind of the other, and if people do
not confuse the two.
"""

from __future__ import annotations

from functools import lru_cache

from fusion.lexicon import inflection
from fusion.lexicon.basic_level import nouns_exclude
from fusion.lexicon.colours import neighbours, own_terms
from fusion.lexicon.senses import fold, others
from fusion.lexicon.table import table
from fusion.lexicon.words import is_a, is_broad, same

# States, sizes and materials: the sides of a row exclude each other, the words of a side do not. WordNet's direct
# antonyms hold besides.
SIDES = """
open opened|closed shut
wet soaked soaking|dry
empty bare vacant|full filled crowded
young youthful|old elderly aged
new|old worn
big large huge giant enormous gigantic massive|small little tiny miniature mini
tall high|short low
long|short
wide broad|narrow
thick|thin
clean spotless|dirty filthy muddy
neat tidy organized|messy cluttered
hot|cold frozen icy
dark dim|bright
smooth|rough
heavy|light
cooked baked fried grilled roasted|raw uncooked
ripe|unripe rotten
fresh|rotten stale
whole uncut|sliced chopped cut half-eaten
lit|unlit
alive|dead
asleep sleeping|awake
happy smiling|sad crying
male|female
wooden wood|metal metallic steel iron aluminum|brick stone concrete marble granite|leather|paper cardboard
wooden wood|plastic|brick stone concrete marble granite
straight|curly wavy
straight|curved crooked bent
striped|plaid|polka-dot polka-dotted
shirtless|clothed dressed
sunny|rainy stormy snowy
indoor indoors inside|outdoor outdoors outside
black and white|colour color colorful
empty|crowded busy
sit seated sitting|stand standing|walk walking|run running|jump jumping
lie lying laying|stand standing|walk walking|run running|jump jumping
moving|parked stationary
left of|right of
on the left|on the right|in the middle
on the left|on the right|in the center
above over|below under beneath underneath
in front of|behind
round circular|square rectangular|triangular
single|double
""".strip().split("\n")

# "standing" is also said of who walks slowly, and runners jump.
OVERLAPPING = frozenset(
    frozenset(pair.split("/")) for pair in ("stand/walk", "stand/run", "stand/jump", "walk/run", "run/jump", "walk/jump")
)


@lru_cache(maxsize=1 << 16)
def excludes(a: str, b: str) -> bool:
    """The two cannot both be true of one thing: dog and cat, man and woman, red and blue, open and closed.

    Symmetric. False in doubt: for synonyms, kinds of one another, words of different standing (dog and pet, man and
    player) and things that people confuse (couch and chair, table and desk).
    """
    one, other = fold(a), fold(b)
    if one == other or same(one, other):
        return False
    if own_terms(one) and own_terms(other):  # "orange" and "red" are colours first, whatever else they name
        return _colours_differ(one, other)
    if _opposed(one, other) or _opposed(other, one):
        return True
    if is_broad(one) or is_broad(other) or is_a(one, other) or is_a(other, one):
        return False
    return nouns_exclude(one, other)


def _colours_differ(a: str, b: str) -> bool:
    one, other = own_terms(a), own_terms(b)
    return not (one & neighbours(b)) and not (other & neighbours(a))


@lru_cache(maxsize=1)
def _sides() -> tuple[dict[str, int], ...]:
    rows = []
    for row in SIDES:
        sides = [_side(text) for text in row.split("|")]
        rows.append({word: i for i, words in enumerate(sides) for word in words})
    return tuple(rows)


def _side(text: str) -> list[str]:
    """A side is a phrase of a preposition or colour, or several words."""
    whole = {
        "left of",
        "right of",
        "in front of",
        "black and white",
        "on the left",
        "on the right",
        "in the middle",
        "in the center",
    }
    return [text] if text in whole else text.split(" ")


def _opposed(a: str, b: str) -> bool:
    if frozenset((inflection.base(a), inflection.base(b))) in OVERLAPPING:
        return False
    if any(row.get(a, -1) != row.get(b, -1) and a in row and b in row for row in _sides()):
        return True
    targets = set(others(b, "adj")[:2])
    opposites = table().opposites
    return any(not targets.isdisjoint(opposites.get(s, ())) for s in others(a, "adj")[:2])
