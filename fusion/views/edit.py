"""What of a sentence still holds in a view, said by the smallest change; where that is not sure, by the things that are left.

No parse: the claims say which words stand for what. A change is made where the words around it leave one reading. Otherwise
a sentence is cut down to a list of the things that it brings in and that are still there, or left out.
"""

from __future__ import annotations

from fusion.facts import Claim
from fusion.views.fates import Fates
from fusion.views.numbers import MODAL, SINGULAR, agree, article_before, recount
from fusion.views.phrases import PREPOSITIONS, Enumeration, Phrase
from fusion.views.segments import drop_segments
from fusion.views.tokens import Draft, Sentence
from fusion.views.work import Unsure, Work, is_noun_place, predicate_before

READING = frozenset(
    "that which with the a an word words reading reads read saying says say displaying displays showing shows written text "
    "lettering letters inscription marked labeled labelled label titled number numbers phrase message name on it and".split()
)
"""Words that lead from a thing to what is written on it."""


def mended(sentence: Sentence, fates: Fates) -> Draft:
    """The smallest change after which nothing that goes is said.

    Raises:
        Unsure: no rule is sure to leave a sentence.
    """
    work = Work(sentence, fates)
    drop_texts(work)
    drop_segments(work)
    drop_relations(work)
    for listed in work.lists:
        drop_items(work, listed)
    drop_attributes(work)
    for phrase in work.phrases:
        recount(work, phrase)
    for listed in work.lists:
        agree(work, listed)
    check(work)
    return work.draft


def check(work: Work) -> None:
    """Is nothing left that goes, and something that stays? Else `Unsure`."""
    counted = {c.id for p in work.phrases if work.fates.number(p.claim.id) is not None for c in p.counts}
    for claim in work.sentence.claims:
        left = any(n not in work.draft.gone for n in work.sentence.places(claim))
        if claim.id in work.fates.gone and claim.id not in counted and left and not is_shared(claim, work):
            raise Unsure
    if all(n in work.draft.gone for n in range(work.end + 1)):
        raise Unsure


def is_shared(claim: Claim, work: Work) -> bool:
    """Do its words stay for another claim: one relation of two things, of which one went?"""
    if claim.kind != "relation":
        return False
    same = [c for c in work.sentence.claims if c.kind == "relation" and c.span == claim.span and c.id not in work.fates.gone]
    return any(c.value == claim.value for c in same) and names_gone(claim, work)


def names_gone(claim: Claim, work: Work) -> bool:
    """Is one of its two ends gone, or not named in front of it?"""
    return claim.about in work.fates.gone or claim.to in work.fates.gone or claim.about not in subjects(claim, work)


def subjects(claim: Claim, work: Work) -> set[str | None]:
    """First mentions of the things listed right in front of a relation."""
    at = work.sentence.places(claim)[0]
    before = [listed for listed in work.lists if listed.last < at]
    return {work.fates.root(p.claim.id) for p in before[-1].items} if before else set()


# Read text


def drop_texts(work: Work) -> None:
    """Quotations that go, with the words that lead to them from the thing that carries them."""
    for claim in work.sentence.claims:
        if claim.kind != "text" or claim.id not in work.fates.gone:
            continue
        places = work.sentence.places(claim)
        first, last = places[0], places[-1]
        while first > 0 and work.sentence.quoted[first - 1]:
            first -= 1
        while last + 1 < len(work.sentence.tokens) and work.sentence.quoted[last + 1]:
            last += 1
        at = first
        while at > 0 and (work.word(at - 1) in READING) and not is_noun_place(work, at - 1):
            at -= 1
        carrier = at > 0 and any(p.last == at - 1 for p in work.phrases)
        finite = work.word(at) in {"reads", "read", "says", "say", "displays", "shows"}
        if at == first or not carrier or finite or (last != work.end and work.word(last + 1) not in {",", "and"}):
            raise Unsure
        work.cut(at, last)


# Relations


def drop_relations(work: Work) -> None:
    """From a relation that goes with what it leads to, on to the next one that is said of the thing in front."""
    for listed in work.lists:
        at = predicate_before(work, listed)
        if at is None or at in work.draft.gone:
            continue
        claims = work.relations(at)
        own = [c for c in claims if c.about in subjects(c, work) or c.about in work.fates.media] or claims
        kept = [c for c in own if c.id not in work.fates.gone]
        gone = [c for c in own if c.id in work.fates.gone]
        if not gone:
            continue
        if kept and all(names_gone(c, work) for c in gone) and leads_to(work, kept, listed):
            continue
        if kept or (len(listed.items) > 1 and not all(work.is_gone(p) for p in listed.items)):
            raise Unsure
        cut_phrase(work, at, listed)


def leads_to(work: Work, kept: list[Claim], listed: Enumeration) -> bool:
    """Is what stands right behind the relation, after the cut, something that it leads to?"""
    first = next((p for p in listed.items if not work.is_gone(p)), None)
    return first is not None and any(c.to == work.fates.root(first.claim.id) for c in kept)


def cut_phrase(work: Work, at: int, listed: Enumeration) -> None:
    """A prepositional phrase or participle with its object, behind a noun phrase; what follows must be of that phrase."""
    before = next((p for p in work.phrases if p.last == at - 1 and p.last not in work.draft.gone), None)
    if before is None or work.is_gone(before) or not is_adjunct(work.word(at)):
        raise Unsure
    last = listed.last
    while last < work.end:
        following = work.relations(last + 1)
        root = work.fates.root(before.claim.id)
        if not following:
            break
        if any(c.about == root and c.id not in work.fates.gone for c in following) and is_adjunct(work.word(last + 1)):
            break
        last = next((one.last for one in work.lists if one.first > last), work.end)
    if last < work.end and not work.relations(last + 1) and work.word(last + 1) not in {*SINGULAR, *SINGULAR.values()}:
        raise Unsure
    work.cut(at, last)


def is_adjunct(word: str) -> bool:
    """Does a word begin a phrase that a sentence can do without: a preposition or participle?"""
    return word in PREPOSITIONS or word.endswith(("ing", "ed")) or word in {"worn", "held", "seen", "made", "driven", "drawn"}


# Lists


def drop_items(work: Work, listed: Enumeration) -> None:
    """Items that go, each with the comma or "and" in front of it; the last comma becomes the "and" that went."""
    open_ones = [n for n, p in enumerate(listed.items) if p.first not in work.draft.gone]
    gone = [n for n in open_ones if work.is_gone(listed.items[n])]
    if not gone:
        return
    kept = [n for n in open_ones if n not in gone]
    if not kept or not all(listed.items[n].whole for n in gone):
        raise Unsure
    if 0 in gone and relation_hangs(work, listed):
        raise Unsure
    for n in gone:
        work.cut(listed.items[n].first, listed.items[n].last)
    joint = join(work, listed, kept)
    if listed.items[-1] is not listed.items[kept[-1]] and not follows(work, listed, kept):
        raise Unsure
    work.draft.said.update(joint)


def relation_hangs(work: Work, listed: Enumeration) -> bool:
    """Does a relation lead to the first item, which goes?"""
    at = predicate_before(work, listed)
    if at is None:
        return False
    kept = [c for c in work.relations(at) if c.id not in work.fates.gone]
    return not leads_to(work, kept, listed)


def follows(work: Work, listed: Enumeration, kept: list[int]) -> bool:
    """May what stands behind a list whose last item went stand behind the item that is last now?"""
    at = listed.last + 1
    while at in work.draft.gone:
        at += 1
    if at > work.end:
        return True
    following = work.relations(at)
    if following:
        roots = {work.fates.root(listed.items[n].claim.id) for n in kept}
        return any(c.about in roots for c in following if c.id not in work.fates.gone)
    return work.word(at) in {",", *SINGULAR, *SINGULAR.values(), *MODAL, "in", "as"} and not work.sentence.covers[at]


def join(work: Work, listed: Enumeration, kept: list[int]) -> dict[int, str]:
    """Cut the signs between items that are not wanted any more, and say which comma reads "and" now."""
    joints = {n: listed.joints(n) for n in range(1, len(listed.items))}
    word = next((work.word(at) for places in joints.values() for at in places if work.word(at) in {"and", "or", "&"}), "")
    for n, places in joints.items():
        if n not in kept[1:]:
            work.draft.gone.update(places)
    if len(kept) < 2 or not word:
        return {}
    last = list(joints[kept[-1]])
    if len(kept) == 2 and len(last) == 2:
        work.draft.gone.add(last[0])
    elif len(last) == 1 and work.word(last[0]) == ",":
        return {last[0]: f" {word}"}
    return {}


# Attributes


def drop_attributes(work: Work) -> None:
    """An adjective in front of its noun, with the comma or "and" of two; a place behind it ("on the left")."""
    for claim in work.sentence.claims:
        if claim.kind not in {"attribute", "opinion", "name", "style", "scene"} or claim.id not in work.fates.gone:
            continue
        places = work.sentence.places(claim)
        if all(n in work.draft.gone for n in places):
            continue
        phrase = next((p for p in work.phrases if places[0] in p.places and places[-1] < p.noun), None)
        if phrase is not None:
            cut_adjective(work, places, phrase)
        elif is_place_behind(work, places):
            work.cut(places[0], places[-1])
        else:
            raise Unsure


def cut_adjective(work: Work, places: range, phrase: Phrase) -> None:
    """Words in front of a noun, and the article that fits what is in front of it now."""
    work.cut(places[0], places[-1])
    before, after = places[0] - 1, places[-1] + 1
    for joint in (before, after):
        if joint in phrase.places and work.word(joint) in {",", "and", "-"}:
            work.draft.gone.add(joint)
            break
    article_before(work, phrase)


def is_place_behind(work: Work, places: range) -> bool:
    """Is it a phrase of place right behind a thing, in front of which no verb needs it?"""
    before = places[0] - 1
    behind = any(p.last == before for p in work.phrases)
    return behind and work.word(places[0]) in PREPOSITIONS and (places[-1] == work.end or bool(work.word(places[-1] + 1)))
