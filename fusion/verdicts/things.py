"""Weighs whether a thing is there, and how many of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import comb, log

from fusion import lexicon
from fusion.evidence import Instance
from fusion.evidence.count import how_many, shown
from fusion.evidence.predicates import same_predicate
from fusion.evidence.salience import group_of, usual
from fusion.facts import Claim, Fact
from fusion.verdicts import reasons
from fusion.verdicts.case import Case, Weighing, may_mean, within

ALIKE = 0.6
"""Likeness of two nouns from which one may be another word for what the other one means."""


SIBLING = 0.75
"""Likeness of two nouns that exclude each other from which the one is likely meant where the other one is said."""
MOST_OVERLOOKED = -4.0
"""However many boxes lack, one in fifty times they do not count what the caption counts: a bunch is one box of bananas."""
PEOPLE, MODELS = 0.95, 0.85
"""Precision of captions by people, and by models of the kind that CHAIR was made for (Rohrbach et al. 2018): what people mention
and no detector saw is there all the same; what such a model mentions then is as doubtful as if nobody had told it. Models invent
the same things, so several of them are believed no more than the best one.
"""
MOST_DOUBT = 1.5
"""However little a captioner is trusted, silence about what it says is worth no more than this times as much."""
OWNING = 2
"""Characters of "'s"."""
EXCLUSIVE = frozenset("sit stand lie lay ride park perch land sleep rest on atop".split())
"""Who does this to one thing, or is there, does it to no other."""
DEPICTIONS = frozenset(
    "picture photo photograph painting drawing image poster mural statue sculpture figurine logo print sticker sketch portrait "
    "cartoon billboard banner figure decoration".split()
)
"""What shows something that is not there."""
KIN = frozenset("mother father mom mum dad parent baby child brother sister sibling family mate friend".split())
"""Words for people that animals have as well."""
TELLING = frozenset({"relation", "attribute"})


def weigh_object(case: Case, claim: Claim, w: Weighing) -> None:
    """A thing: who names it, who names something like it or in its place, and who looked and saw none.

    A denied thing ("no people") is weighed as the presence that it denies.
    """
    seen = case.seen_by_any("object", claim.value)
    w.add("object:denied" if claim.negated else "object" if seen else "object:blind")
    instance = case.instance(claim.id) or denied(case, claim)
    named = naming(case, claim, instance)
    case.say(w, claim, "object:named", named)
    if w.support:
        most = max(sum(1 for f in w.support if f.expert == e) for e in {f.expert for f in w.support})
        w.add("object:again", log(most))
        unseen_by_others(case, claim, w)
        return
    if instance is not None:
        w.note = f"{reasons.phrase(instance)} is there, but nothing says that it is {reasons.named(claim.value)}"
        if case.told_by_any("object"):
            w.add("object:broader")
            w.add(f"object:broader:{place_of(case, claim)}")
        else:
            w.add("object:broader:listed")
        named_otherwise(case, claim, instance, w)
    elif not claim.negated:
        in_its_place(case, claim, w)
    refused = [f for f in case.evidence.loose if f.kind == "object" and f.negated and lexicon.is_a(claim.value, f.value)]
    case.rule_out(w, claim, "object:refused", refused)
    unseen(case, claim, instance, w)


def unseen_by_others(case: Case, claim: Claim, w: Weighing) -> None:
    """What one detector states, or what is only told, counts for less where others that look for such things saw none.

    The less those who tell it are to be trusted, the more.
    """
    stating = {f.expert for f in (*w.support, *w.hearsay)}
    free = [f for f in w.support if case.evidence.card(f.expert).vocabulary is None]
    if free and len(free) < len(w.support):
        return
    listed, _ = case.silence(w, "object", claim.value, stating)
    if listed and not free:
        w.add("object:unseen:listed", listed)
    elif listed:
        trusted = max(case.evidence.card(f.expert).precision_of("object", claim.value) for f in free)
        w.add("object:unseen:though told", listed * min(max(PEOPLE - trusted, 0.0) / (PEOPLE - MODELS), MOST_DOUBT))


def naming(case: Case, claim: Claim, instance: Instance | None) -> list[Fact]:
    """The facts that state a thing: names of its instance, and tags and scenes."""
    holders = [instance, *instance.members] if instance else []
    if instance is not None and (claim.number or 0) > 1:  # "four horses" rests on every horse that has a box
        holders += [i for i in case.evidence.instances if i.box is not None and i.is_named(claim.value) and i not in holders]
    return [f for i in holders for f in i.names if lexicon.is_a(f.value, claim.value)] + tagged(case, claim.value)


def tagged(case: Case, word: str) -> list[Fact]:
    """Tags and scenes that state a thing."""
    stated = [f for f in case.evidence.loose if f.kind in {"tag", "scene"} and not f.negated and not lexicon.denies(f.value)]
    return [f for f in stated if lexicon.is_a(f.value, word) or f.value.lower().endswith(f" {word}")]


def denied(case: Case, claim: Claim) -> Instance | None:
    """The instance whose presence a "no …" would deny."""
    return next((i for i in case.evidence.instances if i.is_named(claim.value)), None) if claim.negated else None


def unseen(case: Case, claim: Claim, instance: Instance | None, w: Weighing) -> None:
    """Silence of those that name neither the thing nor, less exactly, what it is; and how near their words come to it."""
    if is_depicted(case, claim) or is_animals_kin(case, claim):
        return  # "a painting of a dog", "an elephant and its mother": who looks for dogs or people need not see them
    spoke = {f.expert for f in (*w.hearsay, *w.competing)}
    spoke |= {f.expert for i in case.evidence.instances if i is instance or i.may_be(claim.value) for f in i.names}
    if not lexicon.is_broad(claim.value):
        listed, free = case.silence(w, "object", claim.value, spoke)
        sort = group_of("object", claim.value) or "other"
        w.add("object:unseen:listed", listed)
        w.add(f"object:unseen:listed:{sort}", listed)
        w.add("object:unseen", free)
        w.add(f"object:unseen:{sort}", free)
        w.add(f"object:unseen:{place_of(case, claim)}", free)
        w.add("object:unseen:twice", max(listed, free))
        if free:
            w.add("object:usual", usual("object", claim.value))
    if instance is None and case.told_by_any("object"):
        like_it(case, claim, w)


def is_depicted(case: Case, claim: Claim) -> bool:
    """Is it shown on or by something else: "a statue of a horse", "a shirt with a cat on it"?"""
    shown = ((case.noun(c.about), c.value) for c in case.claims if c.kind == "relation" and c.to == claim.id)
    return any(noun in DEPICTIONS or (value == "with" and lexicon.is_worn(noun)) for noun, value in shown)


def is_animals_kin(case: Case, claim: Claim) -> bool:
    """ "A baby elephant behind its mother": a word for people, of an animal."""
    owners = [case.noun(c.about) for c in case.claims if c.kind == "relation" and c.value == "have" and c.to == claim.id]
    return claim.value in KIN and any(lexicon.is_a(owner, "animal") for owner in owners)


def like_it(case: Case, claim: Claim, w: Weighing) -> None:
    """What is most like the thing among all that is named: its sibling ("zebra" for "giraffe") is more likely meant instead, a
    word that may be another one for it ("carriage" for "trolley") leaves it open.
    """
    names = [f for i in case.evidence.instances for f in i.names if not case.evidence.is_hearsay(f)]
    likeness = {value: case.evidence.likeness(claim.value, value) for value in {f.value for f in names}}
    nearest = max(sorted(likeness), key=lambda value: likeness[value], default="")
    if not nearest or likeness[nearest] < ALIKE:
        return
    if claim.negated or not lexicon.excludes(claim.value, nearest):
        w.add("object:alike", likeness[nearest])
    elif not w.competing and likeness[nearest] >= SIBLING:
        case.rule_out(w, claim, "object:sibling", [f for f in names if f.value == nearest])


def place_of(case: Case, claim: Claim) -> str:
    """Where a thing stands in its caption: what it begins with, what something is said of, or what else is led to."""
    first = next((c for c in case.claims if c.kind == "object"), claim)
    if any(c.about == claim.id and c.value == "have" and c.span[1] - c.span[0] <= OWNING for c in case.claims):
        return "owner"  # "a child's bed" need not show a child
    if first.id == claim.id:
        return "first"
    told = [(c.value, c.span) for c in case.claims if c.kind in TELLING and c.about == claim.id]
    if told and any((c.value, c.span) in told for c in case.claims if c.kind in TELLING and c.about == first.id):
        return "joined"  # "a man and a dog run": as much in view as what the caption begins with
    led = any(c.to == claim.id for c in case.claims if c.kind == "relation")
    return "told" if told else "led" if led else "free"


def in_its_place(case: Case, claim: Claim, w: Weighing) -> None:
    """ "A woman" where the only person is a man; "a cat on a bed" where the cat is on a couch."""
    possible = [
        i for i in case.evidence.instances
        if any(lexicon.is_a(claim.value, f.value) and not lexicon.is_broad(f.value) for f in i.names)
    ]  # fmt: skip
    taken = [i for i in possible if any(lexicon.excludes(f.value, claim.value) for f in i.names)]
    rivals = case.unclaimed((f for i in taken for f in i.names if lexicon.excludes(f.value, claim.value)), claim)
    case.rule_out(w, claim, "object:rival" if len(taken) == len(possible) else "object:rival:one of them", rivals)
    if rivals:
        return
    others = list(led_to_instead(case, claim))
    excluding = case.unclaimed((f for f in others if lexicon.excludes(f.value, claim.value)), claim)
    case.rule_out(w, claim, "object:rival:in its place", excluding)
    if others and not excluding:
        w.add("object:other in its place")


def named_otherwise(case: Case, claim: Claim, instance: Instance, w: Weighing) -> None:
    """ "A woman" where there are persons, and whoever says more of any of them says "man"."""
    if not instance.is_named("person"):  # of other things several kinds are often there
        return
    names = [f for i in case.evidence.instances for f in i.names if not case.evidence.is_hearsay(f)]
    others = [f for f in names if lexicon.is_a(f.value, "person") and lexicon.excludes(f.value, claim.value)]
    if others := case.unclaimed(others, claim):
        first = place_of(case, claim) == "first"
        case.rule_out(w, claim, "object:rival:first beside" if first else "object:rival:beside", others)


def led_to_instead(case: Case, claim: Claim) -> Iterator[Fact]:
    """Names of what stands, by somebody's word, in the very relation that the caption says of this thing."""
    for relation in case.claims:
        if relation.kind != "relation" or claim.id not in {relation.about, relation.to} or relation.negated:
            continue
        if relation.value.split()[0] not in EXCLUSIVE:
            continue
        is_subject = relation.about == claim.id
        other = case.instance(relation.to if is_subject else relation.about)
        for stated in case.evidence.relations if other is not None else ():
            end, far = (stated.to, stated.about) if is_subject else (stated.about, stated.to)
            same = other is not None and within(end, other) and same_predicate(stated.fact.value, relation.value)
            if same and not any(may_mean(i, claim.value) for i in (far, *far.members)):
                yield from far.names


# Numbers


def weigh_count(case: Case, claim: Claim, w: Weighing) -> None:
    """A number: boxes found, and numbers that somebody states."""
    w.add("count")
    word = claim.value
    instance = case.instance(claim.about)
    located = (f.expert for i in case.evidence.instances for f in i.names if f.box is not None)
    for expert in dict.fromkeys([*case.evidence.looked, *located]):
        named, possible = shown(case.evidence, word, expert)
        if not named and means_all(case, word, possible):
            named, possible = possible, []
        covers = expert in case.evidence.looked and case.evidence.card(expert).covers("object", word)
        boxes(case, w, claim, named, possible, covers=covers, expert=expert)
    stated = [f for f in case.evidence.loose if f.kind == "count" and lexicon.is_a(f.value, word)]
    if instance is not None:
        own = [*instance.counts, *(f for f in instance.names if f.box is None and f.number and not f.at_least)]
        stated += [f for f in own if may_count(f.value, word)]
    for fact in stated:
        number_stated(case, w, claim, fact)


def may_count(stated: str, word: str) -> bool:
    """May a number of these be one of those: pizzas of pizzas, persons of men, but not slices?"""
    return lexicon.is_a(stated, word) or lexicon.is_a(word, stated)


def means_all(case: Case, word: str, possible: Sequence[Fact]) -> bool:
    """Birds in boxes, and "chickens" as the only tag that names a kind of bird."""
    kinds = {f.value for p in possible for f in tagged(case, p.value)}
    return bool(kinds) and all(lexicon.is_a(kind, word) for kind in kinds if kind not in {p.value for p in possible})


def boxes(case: Case, w: Weighing, claim: Claim, named: list[Fact], possible: list[Fact], *, covers: bool, expert: str) -> None:
    """Boxes found against the number claimed. People count what matters: more boxes than claimed contradict nothing."""
    number, found = claim.number or 0, how_many(named)
    if not named and not possible:
        return
    if found >= number:
        name = "count:boxes" if found == number or claim.at_least else "count:more boxes"
        case.say(w, claim, name, named[:number] or named)
    elif covers and not claim.at_least and found + how_many(possible) < number:
        if any(f.at_least or lexicon.singular(f.value) != f.value for f in named + possible):
            return  # a detector's "skis" are two in one box
        most = found + how_many(possible)
        w.competing += named + possible
        w.add("count:fewer boxes", overlooked(case.evidence.card(expert).recall_of("count", claim.value), number, most))
        w.note = f"{number} claimed, {expert} found {most}"


def overlooked(recall: float, number: int, found: int) -> float:
    """Logarithm of the chance that no more than `found` of a number of things are found, each with the same recall."""
    chance = sum(comb(number, k) * recall**k * (1 - recall) ** (number - k) for k in range(found + 1))
    return max(log(max(chance, 1e-9)), MOST_OVERLOOKED)


def number_stated(case: Case, w: Weighing, claim: Claim, fact: Fact) -> None:
    """A number that somebody states against the number claimed."""
    number, found = claim.number or 0, fact.number or 0
    if fact.negated:
        case.rule_out(w, claim, "count:other", [fact] if found == number else [])
    elif found == number or (claim.at_least and found > number):
        case.say(w, claim, "count:same", [fact])
    elif not fact.at_least and not claim.at_least:
        case.rule_out(w, claim, "count:other", [fact])
        w.note = w.note or f"{number} claimed"
