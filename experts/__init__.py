"""Experts that come with caption-fusion, one file each, found by entry point as third-party ones are."""

from __future__ import annotations

import re

from fusion import lexicon

_QUALIFIER = re.compile(r"\([^)]*\)")


def plain_noun(name: str) -> str:
    """A class name as facts write nouns: lower case, singular, words apart. "Traffic_Lights" gives "traffic light".

    A qualifier in brackets goes ("monitor_(computer_equipment) computer_monitor", as LVIS writes); a name that holds
    nothing else stays as it is.
    """
    bare = " ".join(_QUALIFIER.sub(" ", name.replace("_", " ")).lower().split())
    return lexicon.singular(bare) if bare else " ".join(name.lower().split())
