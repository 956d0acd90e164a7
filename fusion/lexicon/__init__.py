"""Words: synonyms, kinds, what excludes what, colours, numbers, inflection.

Pure look-up in tables: the nouns, verbs and adjectives of WordNet 3.0 (Fellbaum 1998) with corrections for captions by
hand. All functions take words in any case, singular or plural, written apart, with hyphens or joined ("teddy bear",
"teddybear"), and never compare by substring. The table is read at the first call.
"""

from __future__ import annotations

from fusion.lexicon.categories import category, is_visual
from fusion.lexicon.colours import colour, neighbours
from fusion.lexicon.exclusions import excludes
from fusion.lexicon.inflection import article, base, is_mass, is_verb, participle, plural, singular, third_person
from fusion.lexicon.numbers import number, number_word, quantity
from fusion.lexicon.senses import known
from fusion.lexicon.words import denies, hypernyms, hyponyms, is_a, is_broad, is_mainly, same, synonyms

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
    "is_broad",
    "is_mainly",
    "is_mass",
    "is_verb",
    "is_visual",
    "known",
    "neighbours",
    "number",
    "number_word",
    "participle",
    "plural",
    "quantity",
    "same",
    "singular",
    "synonyms",
    "third_person",
]
