"""What the lexicon knows of a word's forms, as a feature of the embedded parser: a word that no sentence of its treebank holds
is no stranger to WordNet."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING

from fusion import lexicon
from fusion.lexicon.table import table

if TYPE_CHECKING:
    from spacy.language import Language

PARTS = {"noun": "n", "verb": "v", "adj": "a", "adv": "r"}


@lru_cache(maxsize=1 << 16)
def word_class(word: str) -> str:
    """The parts of speech that a form may have: "nv" for "ride", "sz" for "rides", "g" for "riding", empty if unknown.

    n noun, s plural noun, v verb, z third person, g participle in -ing, d past form, a adjective, r adverb.
    """
    form = word.lower()
    if not form.isalpha() or not form.isascii():
        return "-"
    found = parts(form)
    one, verb = lexicon.singular(form), lexicon.base(form)
    if one != form and "n" in parts(one):
        found += "s"
    if verb != form and "v" in parts(verb):
        found += "g" if form.endswith("ing") else "z" if form.endswith("s") else "d"
    return found or "?"


@lru_cache(maxsize=1 << 15)
def parts(form: str) -> str:
    """The letters of a form's parts of speech, in the order of PARTS."""
    known = table()
    names = {known.file(sense).partition(".")[0] for sense in known.senses(form)}
    return "".join(letter for name, letter in PARTS.items() if name in names)


def with_word_classes() -> Callable[[Language], Language]:
    """A callback of spaCy's configuration: the attribute LANG of each word, which nothing else reads, holds its class."""

    def prepare(nlp: Language) -> Language:
        from spacy.attrs import LANG  # type: ignore[import-not-found]

        nlp.vocab.lex_attr_getters[LANG] = word_class  # type: ignore[attr-defined]
        for lexeme in nlp.vocab:  # those that spaCy's own tables made already
            lexeme.lang_ = word_class(lexeme.orth_)
        return nlp

    return prepare
