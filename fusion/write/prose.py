"""Sentences and paragraphs from a brief: related facts in one sentence, nothing said twice."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence

from fusion import lexicon
from fusion.evidence import Relation
from fusion.facts import Fact
from fusion.write import phrases
from fusion.write.brief import Brief
from fusion.write.material import Place, Thing, thing_of
from fusion.write.phrases import joined, noun_phrase, sentence, spaced
from fusion.write.quotes import in_turn
from fusion.write.regions import of_one

VAGUE = frozenset({"with", "have", "has", "near", "by"})
"""Relations that say little where another one says what the two have to do with each other."""
MUTUAL = ("next to", "beside", "near", "alongside", "adjacent to")
"""What holds both ways."""
SENTENCES = 3
"""The most sentences of a caption of medium length."""


def short(brief: Brief) -> str:
    """One sentence: an expert's own, the main relation, or what is there and where."""
    if brief.quotes:
        return brief.quotes[0].text
    return sentence(led(brief) or core(brief))


def led(brief: Brief) -> str:
    """A sentence that begins with what the brief is to tell of; empty where that is the subject, or has nothing to lead with."""
    if brief.focus == "setting":
        return in_place(brief)
    if brief.focus == "text":
        return reading(brief)
    if brief.focus == "composition" and brief.places:
        place = brief.places[0]
        there = f"{is_or_are(place.things)} {place.phrase} {noun_phrase(place.anchor)}"
        return f"{joined([noun_phrase(t) for t in place.things])} {there}"
    if brief.focus == "style" and (look := phrases.medium(brief)):
        return spaced(f"{look} of", said) if (said := core(brief)) else f"this is {look}"
    return ""


def in_place(brief: Brief) -> str:
    """ "In a field, a man rides a horse"; "on a beach, there are two dogs"."""
    relation = next(iter(brief.relations), None)
    where = around(relation, brief) if relation is not None else phrases.where(brief)
    if not where or not (brief.things or brief.extras):
        return ""
    if relation is not None:
        return f"{where}, {related(relation, brief, finite=True)}"
    if not brief.things:
        return f"{where}, {joined(brief.extras)} can be seen"
    if len(brief.things) == 1 and (action := phrases.action_of(brief.things[0])):
        return f"{where}, {noun_phrase(brief.things[0])} {is_or_are(brief.things)} {action.value}"
    return f"{where}, {there(brief.things)}"


def reading(brief: Brief) -> str:
    """ "A stop sign reads "STOP""; "there is a dog, and the words "OPEN" can be read"."""
    for thing in brief.things:
        own = [f for f in brief.texts if f in thing.texts]
        if own:
            verb = "read" if phrases.takes_plural_verb(thing) else "reads"
            return f"{noun_phrase(thing)} {verb} {joined([phrases.quoted(f) for f in own])}"
    if not brief.texts:
        return ""
    words = f"the words {joined([phrases.quoted(f) for f in brief.texts])} can be read"
    return f"{there(brief.things)}, and {words}" if brief.things else words


def core(brief: Brief, extras: Sequence[str] = ()) -> str:
    """A noun phrase for the picture: "a man riding a brown horse in a field", "two dogs and a cat"."""
    relation = next((r for r in brief.relations), None)
    if relation is not None and is_main(relation, brief):
        return spaced(related(relation, brief, finite=False), around(relation, brief))
    if not brief.things:
        return spaced(joined(brief.extras), phrases.where(brief)) if brief.extras else ""
    if extras:
        return spaced(joined([*map(noun_phrase, brief.things), *extras]), phrases.where(brief))
    return spaced(listed(brief.things, acting=True), phrases.where(brief))


def dense(brief: Brief) -> str:
    """A paragraph: what is there, how it relates, where it is, what is written, what kind of picture it is."""
    lines = in_turn(brief.quotes)
    told = {relation.about.id for relation in brief.relations}
    parts = {
        "subject": list(acts(brief, told)),
        "relations": relations(brief),
        "composition": places(brief),
        "setting": [as_well(brief)],
        "text": readings(brief, brief.texts),
    }
    first = parts.pop(brief.focus, [])
    lines += [opening(brief), *first, *(line for part in parts.values() for line in part)]
    if not brief.things and brief.looks and (look := phrases.medium(brief)) and not opening(brief):
        lines.append(f"this is {look}")
    return " ".join(sentence(line) for line in lines if line)


def medium(brief: Brief) -> str:
    """Two or three sentences: experts' own, or the main thing and what it does, then what stands beside it."""
    if brief.quotes:
        lines = [*in_turn(brief.quotes), opening(brief), *readings(brief, brief.texts), as_well(brief)]
    else:
        lines = told_in_turn(brief)
    return " ".join([sentence(line) for line in lines if line][:SENTENCES])


def told_in_turn(brief: Brief) -> list[str]:
    """The first sentence and what follows it; a thing is "a dog" where it is named first and "the dog" from then on."""
    if not brief.relations or not is_main(brief.relations[0], brief):
        first = (led(brief) if brief.focus in {"setting", "style"} else "") or opening(brief)
        told = {relation.about.id for relation in brief.relations}
        others = [*readings(brief, brief.texts), *acts(brief, told), *relations(brief), *places(brief)]
        return [first, *others, as_well(brief)]
    look = phrases.medium(brief)
    lines = [led(brief) if brief.focus == "setting" else ""]
    lines = [lines[0] or (f"{look} of {core(brief)}" if look else clause(brief))]
    known = ends_of(brief.relations[0], brief)
    more = [] if look or brief.focus == "setting" else same_verb(brief)
    if more:
        lines = [spaced(enumerated(more, brief), around(brief.relations[0], brief))]
        known += [thing for relation in more for thing in ends_of(relation, brief)]
    for relation in (r for r in brief.relations[1:] if r not in more):
        if (about := brief.thing_of(relation.about)) in known and about is not None:
            lines.append(further(relation, about, brief, known))
            known += ends_of(relation, brief)
    rest = [t for t in brief.things if t not in known]
    lines += readings(brief, [f for f in brief.texts if not any(f in t.texts for t in rest)])
    if rest:
        lines.insert(2, there(rest).replace(" ", " also ", 2).replace(" also ", " ", 1))
    return [*lines, as_well(brief)]


def same_verb(brief: Brief) -> list[Relation]:
    """The relations of the first one's subject that say the same of other things: "wear" of a dress and of a hat."""
    first, *others = brief.relations
    same = [r for r in others if r.about is first.about and r.fact.value == first.fact.value]
    ends = [brief.thing_of(r.to) for r in (first, *same)]
    return same if len({t.noun for t in ends if t is not None}) == len(ends) and brief.thing_of(first.about) not in ends else []


def enumerated(more: Sequence[Relation], brief: Brief) -> str:
    """ "A girl wears a dress and a hat": the first relation, with what others say the same of."""
    told = [phrases.single(r.to, to, again=False) for r in more if (to := brief.thing_of(r.to)) is not None]
    return joined([related(brief.relations[0], brief, finite=True), *told])


def is_main(relation: Relation, brief: Brief) -> bool:
    """Does a relation name the thing that matters most, or is it what the caption is about?"""
    return brief.focus in {"relations", "setting"} or not brief.things or brief.things[0] in ends_of(relation, brief)


def main_first(brief: Brief) -> list[Relation]:
    """The relations, those in front that name the thing that matters most."""
    return sorted(brief.relations, key=lambda relation: not brief.things or brief.things[0] not in ends_of(relation, brief))


def distinct(relations: Sequence[Relation]) -> tuple[Relation, ...]:
    """The relations that say something of their own: none twice, none the other way round, none vague where a verb tells more."""
    kept: dict[tuple[frozenset[str], str], Relation] = {}
    told = {(r.about.id, r.to.id) for r in relations if r.fact.value not in VAGUE}
    for relation in relations:
        ends, value = (relation.about.id, relation.to.id), relation.fact.value
        if value in VAGUE and (ends in told or (ends[::-1] in told and value != "have")):
            continue
        verb, *rest = value.split()
        plain = " ".join([lexicon.base(verb) if lexicon.base(verb) != verb else verb, *rest])
        mutual = next((word for word in MUTUAL if plain.endswith(word)), "")
        key = (frozenset(ends), "beside") if mutual else (frozenset(ends), f"{ends[0]} {plain}")
        kept.setdefault(key, relation)
    return tuple(kept.values())


def ends_of(relation: Relation, brief: Brief) -> list[Thing]:
    """The things that a relation names."""
    return [thing for end in (relation.about, relation.to) if (thing := brief.thing_of(end)) is not None]


def further(relation: Relation, about: Thing, brief: Brief, known: Sequence[Thing]) -> str:
    """ "The man holds an umbrella": what one thing that was named before does besides."""
    to = brief.thing_of(relation.to)
    if to is None:
        return ""
    target = "another" if to is about else phrases.single(relation.to, to, again=to in known)
    plural = phrases.plural_subject(relation, about)
    return f"{phrases.single(relation.about, about, again=True)} {phrases.predicate(relation.fact.value, plural=plural)} {target}"


def alt(brief: Brief) -> str:
    """What a listener must know first, in as many whole sentences as fit."""
    first = brief.quotes[0].text if brief.quotes else sentence(led(brief) or with_text(brief))
    focus = brief.focus if first and not brief.quotes else ""
    if not first or (brief.characters and len(first) > brief.characters):
        first, focus = sentence(shorter(brief)), ""
    text = first if not brief.characters or len(first) <= brief.characters else ""
    ties = relations(brief)[1:] if brief.relations and is_main(brief.relations[0], brief) else relations(brief)
    written = [] if first == sentence(with_text(brief)) else readings(brief, brief.texts)
    rest = {"text": written, "composition": places_told(brief), "relations": ties}
    rest.pop(focus, None)
    for line in [*(line for part in rest.values() for line in part), as_well(brief)]:
        longer = spaced(text, sentence(line))
        if line and (not brief.characters or len(longer) <= brief.characters):
            text = longer
    return text


def with_text(brief: Brief) -> str:
    """ "A shop that reads "OPEN"": one thing that stands alone, with what is written on it."""
    if len(brief.things) != 1 or brief.looks or brief.relations or not brief.texts:
        return ""
    thing = brief.things[0]
    if any(f not in thing.texts for f in brief.texts) or phrases.action_of(thing):
        return ""
    read = f"that {'read' if phrases.takes_plural_verb(thing) else 'reads'} {joined([phrases.quoted(f) for f in brief.texts])}"
    return spaced(noun_phrase(thing), read)


def shorter(brief: Brief) -> str:
    """The medium and the core; fewer things until it fits."""
    for number in range(len(brief.things), 0, -1):
        things = brief.things[:number]
        kept = tuple(r for r in brief.relations if thing_of(r.about, things) and thing_of(r.to, things))
        one = Brief(brief.form, brief.evidence, things, kept, brief.scenes, brief.looks, seed=brief.seed)
        look = phrases.medium(one)
        said = spaced(f"{look} of" if look else "", clause(one) if not look else core(one))
        if not brief.characters or len(said) < brief.characters:
            return said
    return ""


def around(relation: Relation, brief: Brief) -> str:
    """The scene, unless the relation names it: nobody is "on a street on a city street"."""
    to = brief.thing_of(relation.to)
    if to is not None and brief.scenes and lexicon.is_a(brief.scenes[0].value, to.noun):
        return ""
    return phrases.where(brief)


def clause(brief: Brief) -> str:
    """A whole sentence where a relation or an action gives it a verb, else a noun phrase."""
    if brief.relations and is_main(brief.relations[0], brief):
        return spaced(related(brief.relations[0], brief, finite=True), around(brief.relations[0], brief))
    return core(brief)


# What is there


def opening(brief: Brief) -> str:
    """All things in one sentence; its form varies from picture to picture."""
    look = phrases.medium(brief)
    if not brief.things:
        if brief.quotes or brief.extras or not brief.scenes:
            return ""
        return of_scene(look, phrases.where(brief)) if look else f"the picture is taken {phrases.where(brief)}"
    where = phrases.where(brief) if not brief.quotes else ""
    if brief.focus == "setting" and where:
        return f"{where}, {there(brief.things)}"
    if look and not brief.quotes:
        return spaced(look, "of", listed(brief.things), where)
    if brief.quotes:
        return spaced(there(brief.things), "as well")
    forms = [
        spaced(there(brief.things), where),
        spaced("the picture shows", listed(brief.things), where),
        spaced(listed(brief.things), is_or_are(brief.things), "in the picture"),
    ]
    return forms[chance(brief) % (2 if where else 3)]


def of_scene(look: str, where: str) -> str:
    """ "An oil painting of a kitchen", "a photo taken at night"."""
    preposition, _, noun = where.partition(" ")
    return f"{look} of {noun}" if noun and preposition in {"in", "on"} else f"{look} {where}".strip()


def as_well(brief: Brief) -> str:
    """What only tags name, behind the things: "a lawn and a farm can be seen as well"."""
    return f"{joined(brief.extras)} can be seen{' as well' if brief.things else ''}" if brief.extras else ""


def there(things: Sequence[Thing]) -> str:
    """ "There are two dogs and a cat": the verb agrees with what follows it."""
    ordered = sorted(things, key=lambda t: not phrases.takes_plural_verb(t))
    return f"there {'are' if phrases.takes_plural_verb(ordered[0]) else 'is'} {listed(ordered)}"


def listed(things: Sequence[Thing], *, acting: bool = False) -> str:
    """Things one after the other; with `acting`, one that stands alone says what it does."""
    if acting and len(things) == 1 and (action := phrases.action_of(things[0])):
        return f"{noun_phrase(things[0])} {action.value}"
    return joined([noun_phrase(t) for t in things])


def is_or_are(things: Sequence[Thing]) -> str:
    """ "Is" of one, "are" of several."""
    return "are" if len(things) > 1 or phrases.takes_plural_verb(things[0]) else "is"


def acts(brief: Brief, told: set[str]) -> Iterator[str]:
    """ "The dog is running": of those of which no relation tells what they do."""
    for thing in brief.things:
        action = phrases.action_of(thing)
        if action is not None and not any(i.id in told for i in thing.instances):
            yield f"{noun_phrase(thing, definite=True)} {is_or_are([thing])} {action.value}"


# How it relates


def related(relation: Relation, brief: Brief, *, finite: bool) -> str:
    """ "A man rides a horse", or "a man riding a horse"."""
    about, to = brief.thing_of(relation.about), brief.thing_of(relation.to)
    if about is None or to is None:
        return ""
    alike = "another" if to is about else ""
    subject = phrases.single(relation.about, about, again=False)
    target = alike or phrases.single(relation.to, to, again=False)
    one, other = (noun_phrase(of_one(end, thing, brief.evidence)) for end, thing in ((relation.about, about), (relation.to, to)))
    if alike and one != other and not about.attributes:
        subject, target = one, other
    value = relation.fact.value
    plural = phrases.plural_subject(relation, about)
    return spaced(subject, phrases.predicate(value, plural=plural) if finite else phrases.participle(value), target)


def relations(brief: Brief) -> list[str]:
    """One sentence a subject: "the man rides the horse and holds the rope"."""
    groups: dict[str, list[Relation]] = {}
    for relation in brief.relations:
        if brief.thing_of(relation.about) and brief.thing_of(relation.to):
            groups.setdefault(relation.about.id, []).append(relation)
    return [line for group in groups.values() if (line := of_group(group, brief))]


def of_group(group: Sequence[Relation], brief: Brief) -> str:
    """What one thing does, at most two things in a sentence."""
    about = brief.thing_of(group[0].about)
    if about is None:
        return ""
    plural = phrases.plural_subject(group[0], about)
    parts: list[str] = []
    for relation in group[:2]:
        to = brief.thing_of(relation.to)
        if to is not None:
            target = "another" if to is about else phrases.single(relation.to, to, again=True)
            verb = phrases.predicate(relation.fact.value, plural=plural)
            parts.append(target if parts and relation.fact.value == group[0].fact.value else f"{verb} {target}")
    return f"{phrases.single(group[0].about, about, again=True)} {' and '.join(parts)}"


def places(brief: Brief) -> list[str]:
    """ "The dog and the bench are to the left of the man"."""
    return [line_of(place) for place in brief.places]


def places_told(brief: Brief) -> list[str]:
    """Those whose things the first sentence has introduced: all, unless it tells a relation or is an expert's own."""
    if brief.quotes:
        return []
    first = [relation for relation in brief.relations[:1] if is_main(relation, brief)]
    ends = [brief.thing_of(end) for relation in first for end in (relation.about, relation.to)]
    known = [place for place in brief.places if not first or (place.anchor in ends and all(t in ends for t in place.things))]
    return [line_of(place) for place in known]


def line_of(place: Place) -> str:
    """One sentence of things on one side of another."""
    subject = joined([noun_phrase(t, definite=True) for t in place.things])
    return f"{subject} {is_or_are(place.things)} {place.phrase} {noun_phrase(place.anchor, definite=True)}"


# What is written


def readings(brief: Brief, texts: Sequence[Fact]) -> list[str]:
    """ "The sign reads "STOP"", and all that is on nothing named in one sentence."""
    lines, loose = [], list(texts)
    for thing in brief.things:
        own = [f for f in texts if f in thing.texts]
        if own:
            verb = "read" if phrases.takes_plural_verb(thing) else "reads"
            lines.append(f"{noun_phrase(thing, definite=True)} {verb} {joined([phrases.quoted(f) for f in own])}")
        loose = [f for f in loose if f not in own]
    if loose:
        lines.append(f"the words {joined([phrases.quoted(f) for f in loose])} can be read")
    return lines


def chance(brief: Brief) -> int:
    """A number that only the seed and the things of the picture decide."""
    key = " ".join([str(brief.seed), *(f"{t.noun} {t.number}" for t in brief.things)])
    return zlib.crc32(key.encode())
