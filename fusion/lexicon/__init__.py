"""Words: synonyms, kinds, what excludes what, colours, numbers, inflection.

Pure look-up in tables: the nouns, verbs and adjectives of WordNet 3.0 (Fellbaum 1998) with corrections for captions by
hand. All functions take words in any case, singular or plural, written apart, with hyphens or joined ("teddy bear",
"teddybear"), and never compare by substring. The table is read at the first call.
"""

from __future__ import annotations

from fusion.lexicon.categories import category, is_visual, main_category
from fusion.lexicon.colours import colour, is_colour_name, neighbours
from fusion.lexicon.exclusions import excludes
from fusion.lexicon.inflection import article, base, is_mass, is_pair, is_verb, participle, plural, singular, third_person
from fusion.lexicon.likeness import likeness
from fusion.lexicon.numbers import number, number_word, quantity
from fusion.lexicon.parts import is_part_of, is_worn
from fusion.lexicon.roots import rooted, share_heard
from fusion.lexicon.senses import is_noun, known
from fusion.lexicon.words import denies, hypernyms, hyponyms, is_a, is_alive, is_broad, is_mainly, same, synonyms

__all__ = [
    "article",
    "base",
    "category",
    "colour",
    "denies",
    "excludes",
    "hypernyms",
    "hyponyms",
    "is_a",
    "is_alive",
    "is_broad",
    "is_colour_name",
    "is_mainly",
    "is_mass",
    "is_noun",
    "is_pair",
    "is_part_of",
    "is_verb",
    "is_visual",
    "is_worn",
    "known",
    "likeness",
    "main_category",
    "neighbours",
    "number",
    "number_word",
    "participle",
    "plural",
    "quantity",
    "rooted",
    "same",
    "share_heard",
    "singular",
    "synonyms",
    "third_person",
]
