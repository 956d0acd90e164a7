"""Words that add something to what was said before, where nothing of that is left: "also", "as well", "another"."""

from __future__ import annotations

from collections.abc import Iterator

from fusion import lexicon
from fusion.views.fates import Fates
from fusion.views.phrases import DEFINITE, phrases_of
from fusion.views.tokens import Draft, Sentence
from fusion.views.work import Unsure, as_written

ADDING = frozenset("also additionally furthermore moreover besides".split())
BEHIND = ((",", "as", "well"), ("as", "well"), (",", "too"), ("too",))
"""The same at the end of a clause."""
FRONT = (("in", "addition", ","),)
PERSONAL = frozenset("he she it they".split())


def drop_additions(sentence: Sentence, draft: Draft, fates: Fates, named: frozenset[str], changed: bool) -> None:
    """Take out words that add to something, unless it is still named. `named` are the things that the view names before.

    `changed`: something was taken out in front of the sentence or in it.

    Raises:
        Unsure: a thing is told from another one that is not there any more.
    """
    if not changed:
        return
    if not named or sentence.tokens[0].lower in DEFINITE | PERSONAL:
        for first, last in adding(sentence):
            if all(not sentence.covers[n] and not sentence.quoted[n] for n in range(first, last + 1)):
                draft.gone.update(range(first, last + 1))
    others(sentence, draft, fates, named)


def adding(sentence: Sentence) -> Iterator[tuple[int, int]]:
    """Places of the first and last word of each."""
    words = [token.lower for token in sentence.tokens]
    for n, word in enumerate(words):
        if word in ADDING:
            yield n, n + (words[n + 1 : n + 2] == [","] and n == 0)
        for said in BEHIND:
            if tuple(words[n : n + len(said)]) == said and (words[n + len(said) :] or ["."])[0] in {".", ",", ";", "!"}:
                yield n, n + len(said) - 1
                break
        if n == 0 and tuple(words[:3]) in FRONT:
            yield 0, 2


def others(sentence: Sentence, draft: Draft, fates: Fates, named: frozenset[str]) -> None:
    """ "A dog" for "another dog" where no dog is named before it."""
    words = [token.lower for token in sentence.tokens]
    if not {"another", "other", "others"} & set(words) or ("each" in words and "other" in words):
        return
    before = set(named)
    for phrase in phrases_of(sentence):
        places = [n for n in phrase.places if n not in draft.gone]
        apart = [n for n in places if words[n] in {"another", "other"}]
        if apart and not any(lexicon.is_a(one, phrase.claim.value) or lexicon.is_a(phrase.claim.value, one) for one in before):
            told = apart[0]
            if words[told] == "another" and told + 1 <= phrase.last:
                following = draft.said.get(told + 1, sentence.tokens[told + 1].text)
                draft.said[told] = as_written(lexicon.article(following), sentence.tokens[told].text)
            elif phrase.article in DEFINITE:
                raise Unsure
            else:
                draft.gone.add(told)
        if places and phrase.claim.id not in fates.gone and not phrase.claim.negated:
            before.add(phrase.claim.value)
