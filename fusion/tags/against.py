"""Tags against the evidence of their picture: which instances a tag is said of, and which facts exclude it.

A tag is contradicted by the rules that hold for claims: by facts that compete on the very thing that it is said of, or by
the silence of an expert that looked, covers the word and rarely misses such a thing. Tags come one by one, without the sentence
whose other words bear a claim out: the rates of cards count at face value here (Bayes' rule). Hearsay contradicts nothing.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass

from fusion import lexicon
from fusion.evidence import Evidence, Instance
from fusion.evidence.belief import BELIEVED_SILENCE, best_of_each, missed, probability, stated
from fusion.evidence.count import how_many, shown
from fusion.facts import Fact
from fusion.tags.groups import fold, head, is_emoticon, parts
from fusion.tags.words import COMPOSED, PERSONS

PRIOR = 0.84
"""Log-odds of a tag of which nothing is known: seven of ten are right."""

_COUNT = re.compile(r"^(?P<number>\d{1,4})(?P<more>\+)? ?(?P<noun>[a-z][a-z -]*)$")
_SEVERAL = re.compile(r"^(?:multiple|several|many) (?P<noun>[a-z][a-z -]*)$")


@dataclass(frozen=True)
class Excluded:
    """Why the evidence excludes a tag, and the facts behind it (none where experts were silent)."""

    reason: str
    facts: tuple[str, ...] = ()


def bound(tag: str, evidence: Evidence) -> list[Instance]:
    """The instances that a tag is said of: those its head names and no attribute of theirs excludes.

    Where some carry what stands before the head ("red" car), these alone.
    """
    named, modifiers = _named(tag, evidence)
    left = [i for i in named if not _rivals(i, modifiers)]
    matching = [i for i in left if modifiers and all(_carries(i, word) for word in modifiers)]
    return matching or left


def handed_on(tags: Iterable[str], evidence: Evidence) -> frozenset[str]:
    """The experts that only hand on this list of tags, whatever they are called: it cannot vouch for itself.

    Such a card sees tags alone and knows no words, and nothing but words of the list is stated. A class label is another's.
    """
    texts = {fold(tag) for tag in tags}
    stated: dict[str, bool] = {}
    for fact in evidence.loose:
        if fact.kind == "tag" and not _is_label(fact):
            stated[fact.expert] = stated.get(fact.expert, True) and fold(fact.value) in texts
    cards = {expert: evidence.card(expert) for expert, listed in stated.items() if listed}
    return frozenset(expert for expert, card in cards.items() if card.sees == ("tag",) and card.vocabulary == ())


def _is_label(fact: Fact) -> bool:
    return (fact.data or {}).get("role") == "label"


def excluded(tag: str, evidence: Evidence, group: str, own: Container[str] = ()) -> Excluded | None:
    """What the evidence holds against a tag, None if nothing that is believed does.

    `own`: the experts that the tag itself comes from; see `handed_on`.
    """
    text = fold(tag)
    if is_emoticon(tag) or not text:
        return None
    if text == "solo" and not any(i.is_named("person") for i in evidence.instances):
        return None  # it may be said of an animal
    if counted := _counted(text):
        return _miscounted(evidence, *counted)
    if text in {"no humans", "no people"}:
        return _present(evidence, "person")
    found = _otherwise(text, evidence)
    if found or group in COMPOSED or len(parts(text)) > 1 or lexicon.denies(text):
        return found
    named, modifiers = _named(tag, evidence)
    if named:
        return _coloured(named, modifiers, evidence)
    return _absent(lexicon.singular(text), evidence, own) or _absent(head(text), evidence, own)


def _named(tag: str, evidence: Evidence) -> tuple[list[Instance], list[str]]:
    """Instances that the tag's noun names, and the words before it that may be attributes."""
    text = fold(tag)
    if (counted := _counted(text)) is not None:
        return [i for i in evidence.instances if i.is_named(counted[0])], []
    if len(parts(text)) > 1 or lexicon.denies(text):
        return [], []
    whole = [i for i in evidence.instances if any(lexicon.same(f.value, text) for f in i.names)]
    if whole:
        return whole, []
    noun = head(text)
    named = [i for i in evidence.instances if i.is_named(noun)]
    first, _, rest = noun.partition(" ")
    if not named and rest and lexicon.colour(first):  # to the lexicon a "black cat" is a marten
        noun, named = rest, [i for i in evidence.instances if i.is_named(rest)]
    before = text.split(" ")
    return named, before[: max(len(before) - len(noun.split(" ")), 0)]


def _carries(instance: Instance, word: str) -> bool:
    stated = [f.value for f in instance.attributes if not f.negated]
    return any(lexicon.is_a(value, word) or lexicon.same(value, word) for value in stated)


def _rivals(instance: Instance, modifiers: Iterable[str]) -> list[Fact]:
    """The attributes of an instance that exclude one of these words, or deny it."""
    wanted = list(modifiers)
    return [
        fact
        for fact in instance.attributes
        for word in wanted
        if (not fact.negated and lexicon.excludes(fact.value, word)) or (fact.negated and lexicon.same(fact.value, word))
    ]


# What excludes


def _coloured(named: Sequence[Instance], modifiers: Sequence[str], evidence: Evidence) -> Excluded | None:
    """ "Red car" where every car is said to be of another colour."""
    rivals = [_believed(_rivals(i, modifiers), evidence, "attribute") for i in named]
    carried = any(all(_carries(i, word) for word in modifiers) for i in named)
    if not modifiers or carried or not all(rivals):
        return None
    facts = [fact for some in rivals for fact in some]
    said = ", ".join(dict.fromkeys(f"not {f.value}" if f.negated else f.value for f in facts))
    return Excluded(f"the {named[0].names[0].value} is {said}", _ids(facts))


def _absent(noun: str, evidence: Evidence, own: Container[str]) -> Excluded | None:
    """Nothing bears the name: somebody asked and saw none, something else excludes it, or silence that is believed."""
    if not noun or _seen(noun, evidence, own):
        return None
    refused = [f for f in evidence.loose if f.kind == "object" and f.negated and lexicon.is_a(noun, f.value)]
    if facts := _believed(refused, evidence, "object"):
        return Excluded(f"{facts[0].expert or 'an expert'} was asked and saw none", _ids(facts))
    if any(i.may_be(noun) for i in evidence.instances):
        return None
    rivals = [
        f
        for i in evidence.instances
        if any(lexicon.is_a(noun, g.value) and not lexicon.is_broad(g.value) for g in i.names)
        for f in i.names
        if lexicon.excludes(f.value, noun)
    ]
    if facts := _believed(rivals, evidence, "object"):
        return Excluded(f"what is there is a {facts[0].value}", _ids(facts))
    silent = [e for e in evidence.looked if _reliable(e, noun, evidence)]
    if not silent or likely(missed(evidence.card(e).recall_of("object", noun)) for e in silent):
        return None
    return Excluded(f"{' and '.join(silent)} looked and saw no {noun}")


def _seen(noun: str, evidence: Evidence, own: Container[str]) -> bool:
    """Somebody else states it of the picture: another tagger, or a scene."""
    stated = (f for f in evidence.loose if f.kind in {"tag", "scene", "style"} and not f.negated and f.expert not in own)
    return any(lexicon.is_a(f.value, noun) for f in stated)


def _reliable(expert: str, noun: str, evidence: Evidence) -> bool:
    card = evidence.card(expert)
    return not card.hearsay and card.covers("object", noun) and card.recall_of("object", noun) >= BELIEVED_SILENCE


def _present(evidence: Evidence, noun: str) -> Excluded | None:
    facts = _believed([f for i in evidence.instances if i.is_named(noun) for f in i.names], evidence, "object")
    return Excluded(f"a {facts[0].value} is there", _ids(facts)) if facts else None


def _otherwise(text: str, evidence: Evidence) -> Excluded | None:
    """Said of the whole picture, and another scene or style stated: "outdoors" where it is indoors."""
    stated = [f for f in evidence.loose if f.kind in {"scene", "style"}]
    if any(not f.negated and lexicon.is_a(f.value, text) for f in stated):
        return None
    rivals = [f for f in stated if (lexicon.same(f.value, text) if f.negated else lexicon.excludes(f.value, text))]
    if facts := _believed(rivals, evidence, "scene"):
        return Excluded(f"the picture is {'not ' if facts[0].negated else ''}{facts[0].value}", _ids(facts))
    return None


# Counts


def _counted(text: str) -> tuple[str, int, bool] | None:
    """Noun, number and whether more may be there, of a tag that counts: "2dogs", "1girl", "6+boys", "multiple cats", "solo"."""
    if text == "solo":
        return "person", 1, False
    if several := _SEVERAL.match(text):
        return _countable(several["noun"], 2, at_least=True)
    if found := _COUNT.match(text):
        return _countable(found["noun"], int(found["number"]), at_least=bool(found["more"]))
    return None


def _countable(noun: str, number: int, *, at_least: bool) -> tuple[str, int, bool] | None:
    one = lexicon.singular(noun)
    return (PERSONS.get(one, one), number, at_least) if lexicon.category(PERSONS.get(one, one)) else None


def _miscounted(evidence: Evidence, noun: str, number: int, at_least: bool) -> Excluded | None:
    """Boxes or stated numbers say otherwise. A tag that counts means exactly so many, where it does not say "or more"."""
    for expert in dict.fromkeys([*evidence.looked, *(f.expert for i in evidence.instances for f in i.names if f.box)]):
        if not evidence.card(expert).hearsay and (found := _boxes(evidence, noun, number, at_least, expert)):
            return found
    stated = [f for f in evidence.loose if f.kind == "count" and lexicon.is_a(f.value, noun)]
    stated += [f for i in evidence.instances if i.is_named(noun) for f in i.counts]
    if any(f.number == number and not f.negated for f in stated):
        return None
    other = [f for f in stated if not f.negated and not f.at_least and _differs(f.number or 0, number, at_least)]
    if facts := _believed(other, evidence, "count"):
        return Excluded(f"{facts[0].expert or 'an expert'} counts {facts[0].number}", _ids(facts))
    return None


def _differs(found: int, number: int, at_least: bool) -> bool:
    return found < number or (found > number and not at_least)


def _boxes(evidence: Evidence, noun: str, number: int, at_least: bool, expert: str) -> Excluded | None:
    named, possible = shown(evidence, noun, expert)
    found, most = how_many(named), how_many(named + possible)
    vague = any(f.at_least for f in named + possible)
    said = f"{number}{' or more' if at_least else ''} claimed, {expert} found"
    if found > number and not at_least:
        surest = sorted(named, key=lambda f: -f.score)
        if not likely([_against(surest[min(number, len(surest) - 1)], evidence, "count")]):
            return Excluded(f"{said} {found}", _ids(named))
    if most < number and not vague and expert in evidence.looked and evidence.card(expert).covers("object", noun):
        recall = evidence.card(expert).recall_of("count", noun) ** number  # it may have missed any one of them
        if not likely([missed(recall)]):
            return Excluded(f"{said} {most}", _ids(named + possible))
    return None


# Belief


def _believed(facts: Iterable[Fact], evidence: Evidence, kind: str) -> list[Fact]:
    """The facts, where together they outweigh the prior of what they exclude; each expert counts once, hearsay never."""
    seen = [f for f in facts if not evidence.card(f.expert).hearsay]
    moves = [_against(fact, evidence, kind) for fact in best_of_each(seen)]
    return seen if moves and not likely(moves) else []


def _against(fact: Fact, evidence: Evidence, kind: str) -> float:
    return -stated(evidence.card(fact.expert).precision_of(kind, fact.value), fact.score)


def likely(moves: Iterable[float]) -> bool:
    """Is a tag more likely right than wrong, after these moves of its log-odds?"""
    return probability(PRIOR + sum(moves)) > 0.5


def _ids(facts: Iterable[Fact]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(f.id for f in facts))


def instances_of(tags: Iterable[str], evidence: Evidence) -> Mapping[str, list[Instance]]:
    """Each tag that something in the picture answers to, and the instances that do."""
    found = {tag: bound(tag, evidence) for tag in tags}
    return {tag: instances for tag, instances in found.items() if instances}
