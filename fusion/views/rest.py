"""What is left of a sentence that no small change mends: a list of the things that it brings in and that are still there."""

from __future__ import annotations

import re

from fusion import lexicon
from fusion.views.edit import cut_adjective
from fusion.views.fates import Fates
from fusion.views.numbers import SINGULAR, recount
from fusion.views.phrases import Phrase
from fusion.views.tokens import Draft, Sentence
from fusion.views.work import Unsure, Work, as_written

LEAD = re.compile(
    r"there (?:is|are)|(?:the|this) (?:picture|image|photo|photograph|painting|drawing) (?:shows|features|depicts)"
    r"|(?:this is )?an? (?:[a-z]+ )*(?:photo|photograph|picture|painting|drawing|sketch|illustration) of",
    re.IGNORECASE,
)
"""Beginnings of sentences that hold of any list of things."""


APART = frozenset(
    "one both each another other same different similar various certain next first second third smaller larger bigger taller "
    "shorter older younger closer further".split()
)
"""Words that tell a thing from others, or compare it with them."""


def things_left(sentence: Sentence, fates: Fates, named: frozenset[str] = frozenset()) -> Draft | None:
    """ "A brown horse and a dog." None where nothing is left that the sentence brings in; `named` was brought in before."""
    work = Work(sentence, fates)
    new = (phrase for phrase in work.phrases if phrase.claim.value not in named and can_stand(work, phrase))
    kept = [phrase for phrase in new if prepared(work, phrase)]
    if not kept:
        return None
    lead = lead_of(work)
    last = len(sentence.tokens) - 1
    ending = [n for n in range(work.end + 1, last + 1) if work.word(n) in {".", "!", "?"}]
    stay = {n for phrase in kept for n in phrase.places} | set(lead) | set(ending)
    work.draft.gone.update(n for n in range(last + 1) if n not in stay)
    for number, phrase in enumerate(kept[1:], 2):
        first = next(n for n in phrase.places if n not in work.draft.gone)
        work.draft.front[first] = " and " if number == len(kept) else ", "
    if lead and work.word(lead[-1]) in {*SINGULAR, *SINGULAR.values()}:
        many = kept[0].is_plural(sentence, fates.number(kept[0].claim.id))
        work.draft.said[lead[-1]] = "are" if many else "is"
    decapitalise(work, kept)
    return work.draft


def can_stand(work: Work, phrase: Phrase) -> bool:
    """Does it bring in something that is still there, surely and wholly known?"""
    claim = phrase.claim
    if (
        not phrase.is_new
        or not phrase.whole
        or work.is_gone(phrase)
        or claim.negated
        or claim.hedged
        or claim.id in work.fates.media
    ):
        return False
    if not claim.evidence and claim.verdict is not None:
        return False
    words = [work.word(n) for n in phrase.places]
    if words[-1].endswith(("'s", "’s", "'", "’")) or lexicon.is_broad(claim.value) or not APART.isdisjoint(words):
        return False
    return bool(phrase.article or phrase.counts) or lexicon.is_mass(words[-1]) or phrase.is_plural(work.sentence, None)


def prepared(work: Work, phrase: Phrase) -> bool:
    """Take out of a phrase what goes, and say its number; False where that cannot be done."""
    inside = [c for c in work.sentence.claims if c.kind not in {"object", "count"} and c.id in work.fates.gone]
    try:
        for claim in inside:
            places = work.sentence.places(claim)
            if places[0] in phrase.places and places[-1] < phrase.noun:
                cut_adjective(work, places, phrase)
        recount(work, phrase)
    except Unsure:
        return False
    return True


def lead_of(work: Work) -> range:
    """The words in front of the first phrase, where they hold of any list and nothing of them goes."""
    first = next((phrase.first for phrase in work.phrases if phrase.claim.id not in work.fates.media), 0)
    words = " ".join(work.word(n) for n in range(first))
    safe = all(c.id not in work.fates.gone for n in range(first) for c in work.sentence.covers[n])
    return range(first) if first and safe and LEAD.fullmatch(words) else range(0)


def decapitalise(work: Work, kept: list[Phrase]) -> None:
    """An article that began the sentence and stands inside it now."""
    token = work.sentence.tokens[0]
    if kept[0].first != 0 and 0 not in work.draft.gone and any(p.first == 0 for p in kept):
        work.draft.said[0] = as_written(token.lower, "a")
