"""One form for relations that captions say in several ways.

Who is "in a red shirt" or "dressed in" it wears it; the "tail of a cat" is had by the cat; what is "covered in snow" is covered
by it. Claims and statements then meet on the same words.
"""

from __future__ import annotations

from dataclasses import replace

from fusion import lexicon
from fusion.language.mention import Mention
from fusion.language.said import Said

WEARING = frozenset({"in", "dress in", "clothe in", "clad in", "dressed in", "with"})
COVERING = frozenset({"cover in", "cover with", "cover by"})
SAME = {"beneath": "under", "underneath": "under"}
HOLDING = frozenset({"container", "tableware"})
OF_MATTER = frozenset(
    "picture photo photograph painting drawing image statue sculpture map reflection shadow view bouquet roll ball stick can "
    "pile string sign body field mound mountain kind type".split()
)
"""What is made of, or shows, that which its "of" leads to."""


def normal(said: Said) -> Said:
    """The claim in its one form; all but relations stay as they are."""
    to = said.to
    if said.kind != "relation" or to is None:
        return said
    if said.value in WEARING and lexicon.is_worn(to.value) and wears(said.about):
        return replace(said, value="wear")
    if said.value in COVERING:
        return replace(said, value="cover", about=to, to=said.about)
    if said.value == "of" and is_part(said.about, to):
        return replace(said, value="have", about=to, to=said.about)
    first, _, rest = said.value.rpartition(" ")
    if rest in SAME:
        return replace(said, value=f"{first} {SAME[rest]}".strip())
    return said


def wears(mention: Mention) -> bool:
    """Can it have clothes on?"""
    return any(lexicon.is_a(mention.value, one) for one in ("person", "animal", "teddy bear", "doll", "toy"))


def is_part(part: Mention, whole: Mention) -> bool:
    """Does "of" join a part to its whole, and no content to its container or picture?"""
    if part.value in OF_MATTER or (lexicon.is_a(whole.value, "person") and lexicon.is_a(part.value, "person")):
        return False
    return lexicon.is_part_of(part.value, whole.value) or (
        HOLDING.isdisjoint(lexicon.category(part.value)) and not (lexicon.is_mass(whole.value) or whole.plural)
    )
