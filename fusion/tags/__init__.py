"""Lists of tags: their groups, their order, what is redundant, what they are bound to and what contradicts them.

A tag is filed by its words: the hierarchy of the lexicon (garment, body part, animal, vehicle), its head word, and a table
for what words cannot tell. Nothing here needs a parser, and the evidence is taken in only where there is some.
"""

from __future__ import annotations

from fusion.tags.arranging import Arranged, Contradicted, Dropped, arrange
from fusion.tags.groups import group_of
from fusion.tags.words import GROUPS

__all__ = ["GROUPS", "Arranged", "Contradicted", "Dropped", "arrange", "group_of"]
