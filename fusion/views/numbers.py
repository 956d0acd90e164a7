"""How many there are, said anew, and verbs and articles that agree with what is left."""

from __future__ import annotations

from fusion import lexicon
from fusion.views.fates import MANY, vague
from fusion.views.phrases import DEFINITE, PREPOSITIONS, Enumeration, Phrase, is_finite
from fusion.views.work import Unsure, Work, as_written, is_noun_place, predicate_before

SINGULAR = {"are": "is", "were": "was", "have": "has", "do": "does"}
MODAL = frozenset("can could may might will would".split())
OF_MANY = frozenset("these those both all each some many several no any another".split())
"""Articles that do not go with one."""


# Numbers


def recount(work: Work, phrase: Phrase) -> None:
    """Say how many are left: "two dogs" for "three dogs", "a dog" for "two dogs"; without a number where it is not known."""
    left = work.fates.number(phrase.claim.id)
    if phrase.first in work.draft.gone or work.is_gone(phrase):
        return
    if work.fates.root(phrase.claim.id) in work.fates.unsaid:
        drop_number(work, phrase)
    elif left == 1:
        say_one(work, phrase)
    elif left is not None:
        say_number(work, phrase, left)


def drop_number(work: Work, phrase: Phrase) -> None:
    """ "Dogs" for "three dogs"."""
    for claim in phrase.counts:
        places = work.sentence.places(claim)
        if claim.at_least or len(places) > 1 or work.word(places[-1] + 1) == "of" or phrase.article:
            raise Unsure
        work.cut(places[0], places[-1])


def say_number(work: Work, phrase: Phrase, left: int) -> None:
    """Another number in the place of the one that stands there."""
    if not phrase.counts or is_still_true(work, phrase, left):
        return
    if phrase.article in OF_MANY:
        raise Unsure
    claim = phrase.counts[0]
    places = work.sentence.places(claim)
    word = work.sentence.tokens[places[0]].text
    if len(phrase.counts) > 1 or len(places) > 1 or phrase.article in {"a", "an"} or work.word(places[-1] + 1) == "of":
        strip_number(work, phrase)
        first = next(n for n in phrase.places if n not in work.draft.gone)
        work.draft.lead[first] = f"{lexicon.number_word(left)} "
    elif word.isdecimal():
        work.draft.said[places[0]] = str(left)
    else:
        new = vague(word.lower(), left) if claim.at_least else lexicon.number_word(left)
        work.draft.said[places[0]] = as_written(new, word)


def is_still_true(work: Work, phrase: Phrase, left: int) -> bool:
    """Is all that is said of a number vague, and true of three or more: "a group of dogs"?"""
    words = [work.word(n) for claim in phrase.counts for n in work.sentence.places(claim)]
    return left > 2 and all(claim.at_least for claim in phrase.counts) and MANY.isdisjoint(words)


def strip_number(work: Work, phrase: Phrase) -> None:
    """Take out words of quantity, with "a" in front of them and "of" behind them."""
    for claim in phrase.counts:
        places = work.sentence.places(claim)
        work.cut(places[0], places[-1])
        if work.word(places[-1] + 1) == "of":
            work.draft.gone.add(places[-1] + 1)
    work.draft.gone.update(n for n in phrase.places if work.word(n) in {"a", "an"} and n < phrase.noun)


def say_one(work: Work, phrase: Phrase) -> None:
    """ "A dog" for "two dogs" and for "dogs", "the dog" for "the dogs" and for "one of the dogs"."""
    noun = work.sentence.tokens[phrase.last].text
    one = lexicon.singular(noun.lower())
    if one == noun.lower() or not phrase.whole or phrase.article in OF_MANY:
        raise Unsure
    if work.word(phrase.first + 1) == "of" and phrase.article:
        work.cut(phrase.first, phrase.first + 1)
    strip_number(work, phrase)
    opens = phrase.last == 0 and not noun.isupper()
    work.draft.said[phrase.last] = noun[: len(one)] if noun.lower().startswith(one) and not opens else one
    if phrase.article in DEFINITE or work.bare:
        return
    first = next(n for n in phrase.places if n not in work.draft.gone)
    work.draft.lead[first] = lexicon.article(work.draft.said.get(first, work.sentence.tokens[first].text)) + " "


# Agreement


def agree(work: Work, listed: Enumeration) -> None:
    """The verb of a list that says less now: behind it, or "there are" in front of it."""
    kept = [p for p in listed.items if p.first not in work.draft.gone or (p.last not in work.draft.gone)]
    changed = len(kept) < len(listed.items) or any(work.fates.number(p.claim.id) is not None for p in kept)
    if not kept or not changed:
        return
    plural = [p.is_plural(work.sentence, work.fates.number(p.claim.id)) for p in kept]
    if work.word(listed.first - 2) == "there" and work.word(listed.first - 1) in {"is", "are", "was", "were"}:
        verb = work.sentence.tokens[listed.first - 1].text
        past = verb.lower() in {"was", "were"}
        new = ("were" if past else "are") if plural[0] else ("was" if past else "is")
        work.draft.said[listed.first - 1] = as_written(new, verb)
        return
    if len(kept) > 1 or plural[0] or predicate_before(work, listed) not in {None, *work.draft.gone}:
        return
    before = [p.is_plural(work.sentence, None) for p in listed.items]
    if len(before) > 1 or before[0]:
        single_verb(work, listed)


def single_verb(work: Work, listed: Enumeration) -> None:
    """The verb behind a list of which one thing is left."""
    at = listed.last + 1
    while at in work.draft.gone:
        at += 1
    word = work.word(at)
    later = [n for n in range(at + 1, work.end + 1) if n not in work.draft.gone]
    joined = any(
        work.word(n - 1) in {"and", "or", ","} and lexicon.is_verb(work.word(n)) for n in later if not is_noun_place(work, n)
    )
    if joined or any(work.word(n) in SINGULAR or is_plural_verb(work, n) for n in later) or word in {"that", "who", "which"}:
        raise Unsure
    if word in SINGULAR:
        work.draft.said[at] = SINGULAR[word]
    elif at <= work.end and is_plural_verb(work, at):
        work.draft.said[at] = lexicon.third_person(word)
    elif at <= work.end and not work.sentence.covers[at] and lexicon.is_verb(word) and word not in PREPOSITIONS | MODAL:
        raise Unsure


def is_plural_verb(work: Work, at: int) -> bool:
    """Is a word of a claim a verb in the form that goes with several?"""
    word = work.word(at)
    claimed = any(c.kind in {"relation", "attribute"} and work.sentence.places(c)[0] == at for c in work.sentence.covers[at])
    return claimed and word not in PREPOSITIONS and lexicon.is_verb(word) and is_finite(word)


# Articles


def article_before(work: Work, phrase: Phrase) -> None:
    """ "An old dog" as "a dog"."""
    if phrase.article in {"a", "an"}:
        at = next(n for n in phrase.places if work.word(n) == phrase.article)
        following = next(n for n in range(at + 1, phrase.last + 1) if n not in work.draft.gone)
        article = lexicon.article(work.draft.said.get(following, work.sentence.tokens[following].text))
        if article != phrase.article:
            work.draft.said[at] = as_written(article, work.sentence.tokens[at].text)
