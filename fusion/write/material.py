"""What there is to say of one picture, before it is divided among captions: things, relations, places, texts, quotes."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from fusion import lexicon
from fusion.evidence import Evidence, Instance, Relation
from fusion.facts import Box, Fact
from fusion.tags import group_of
from fusion.write.quotes import Quote, find_quotes
from fusion.write.salience import ALIVE, salience, salience_of_text
from fusion.write.sources import seen_through

SURE_TEXT = 0.6
"""Least score of read text that is quoted: below it one character in three is wrong on street photos."""
PAIRS = frozenset({"skis", "earphones", "headphones", "shoes", "boots", "gloves", "socks"})
"""Names of detectors whose one box may hold both."""
SURE_THING = 0.25
"""Least score of a thing that is named: detectors are tuned to state nothing below."""
APART = 0.2
"""Share of the narrower box's width that may overlap with another one that it is told to be left or right of."""
SIDES = ("to the left of", "to the right of")
"""Not "above" and "below": a thing further away is higher in the picture, and readers take the words for the room."""
NOUN = re.compile(r"(?!(?:an?|the) )[a-z0-9][a-z0-9 '’-]*", re.IGNORECASE)
"""What can stand in a sentence as the name of a thing."""


@dataclass(frozen=True)
class Thing:
    """One thing, or several of a kind, as a caption names it; `salience` says how much it matters."""

    noun: str
    number: int
    at_least: bool
    instances: tuple[Instance, ...]
    attributes: tuple[Fact, ...] = ()
    texts: tuple[Fact, ...] = ()
    counted: bool = False
    salience: float = field(default=0.0, compare=False)

    @property
    def plural(self) -> bool:
        """Is it more than one?"""
        return self.number > 1 or self.at_least

    @property
    def box(self) -> Box | None:
        """Around all of it, pixels; None where a part has no box."""
        boxes = [i.box for i in self.instances]
        known = [b for b in boxes if b is not None]
        if not known or len(known) < len(boxes):
            return None
        return Box(min(b.x0 for b in known), min(b.y0 for b in known), max(b.x1 for b in known), max(b.y1 for b in known))


@dataclass(frozen=True)
class Place:
    """Where things are, seen from another: `phrase` holds for each part of them."""

    things: tuple[Thing, ...]
    phrase: str
    anchor: Thing


@dataclass(frozen=True)
class Material:
    """All there is to say, each list with the weightiest first. `extras` are noun phrases that only tags state."""

    things: tuple[Thing, ...]
    extras: tuple[str, ...]
    relations: tuple[Relation, ...]
    places: tuple[Place, ...]
    scenes: tuple[Fact, ...]
    looks: tuple[Fact, ...]
    texts: tuple[Fact, ...]
    quotes: tuple[Quote, ...]
    labels: tuple[Fact, ...]
    tags: tuple[Fact, ...]


def find_material(evidence: Evidence, told: Collection[str] | None = None, *, checked: bool = False) -> Material:
    """Everything that can be said of a picture and that not only hearsay says.

    `told`: the sources that it may come from (`fusion.write.sources.SOURCES`), None: all. With `checked`, sentences are left out
    of which other facts contradict something (`find_quotes`).
    """
    quotes = find_quotes(evidence, checked=checked) if told is None or "statements" in told else []
    evidence = seen_through(evidence, told)
    loose = [f for f in evidence.loose if not f.negated and not evidence.is_hearsay(f)]
    kinds: dict[str, list[Fact]] = defaultdict(list)
    for fact in loose:
        kinds["label" if (fact.data or {}).get("role") == "label" else fact.kind].append(fact)
    kinds["tag"] = [f for f in kinds["tag"] if not RATED.fullmatch(folded(f))]
    tags = list(without_repeats([*kinds["label"], *kinds["tag"]]))
    things = tuple(named_by_tags(without_broader(find_things(evidence)), tags))
    texts = [f for f in kinds["text"] if f.score >= SURE_TEXT and sum(c.isalnum() for c in f.value) > 1]
    return Material(
        things=things,
        extras=tuple(find_extras(without_repeats(kinds["tag"]), things)),
        relations=tuple(sayable(evidence)),
        places=() if evidence.panels else tuple(find_places(things)),
        scenes=tuple(without_repeats(kinds["scene"])),
        looks=tuple(without_repeats(f for f in kinds["style"] if f.parent is None)),
        texts=tuple(without_repeats(sorted(texts, key=lambda f: -salience_of_text(f, evidence)))),
        quotes=tuple(quotes),
        labels=tuple(without_repeats(kinds["label"])),
        tags=tuple(without_repeats(kinds["tag"])),
    )


def without_repeats(facts: Iterable[Fact]) -> Iterator[Fact]:
    """The first fact of each value, whatever its case."""
    seen: set[str] = set()
    for fact in facts:
        if fact.value.casefold() not in seen:
            seen.add(fact.value.casefold())
            yield fact


# Things


def find_things(evidence: Evidence) -> list[Thing]:
    """Things by noun, the weightiest first; what only hearsay or only a sentence names is left out: that is quoted."""
    given = {f.id for f in evidence.facts}
    groups: dict[str, list[Instance]] = {}
    for instance in evidence.instances:
        seen = [f for f in instance.names if not evidence.is_hearsay(f)]
        if instance.box in evidence.panels:
            continue  # that it is a collage is said of its style
        if (
            any(f.id in given for f in seen)
            and not instance.members
            and all(NOUN.fullmatch(f.value) for f in seen if f.id in given)
        ):
            groups.setdefault(noun_of(seen, given), []).append(instance)
    things = [make_thing(noun, members, evidence) for noun, members in groups.items()]
    weighed = [replace(t, salience=salience(t, evidence)) for t in things]
    return sorted(weighed, key=lambda t: (-t.salience, t.noun))


def without_broader(things: Sequence[Thing]) -> list[Thing]:
    """Without things whose boxes are those of another one under a more exact name: a puppy that is a dog and an animal too."""

    def is_again(thing: Thing, other: Thing) -> bool:
        boxes = {i.box for i in other.instances}
        exact = lexicon.is_a(other.noun, thing.noun) and not lexicon.is_a(thing.noun, other.noun)
        return exact and all(i.box is not None and i.box in boxes for i in thing.instances)

    return [t for t in things if not any(is_again(t, other) for other in things if other is not t)]


def noun_of(names: Sequence[Fact], given: set[str]) -> str:
    """The most exact of the names that an expert gave or the lexicon knows: "puppy" where "dog" and "puppy" are said.

    What comes in pairs ("skis") stays in the plural.
    """
    values = [f.value for f in names if f.id in given or (lexicon.known(f.value) and not lexicon.denies(f.value))]
    best = values[0]
    for value in values[1:]:
        if lexicon.is_a(value, best) and not lexicon.is_a(best, value):
            best = value
    return best if best in PAIRS else lexicon.singular(best)


def make_thing(noun: str, members: Sequence[Instance], evidence: Evidence) -> Thing:
    """Instances of one noun as one thing to name."""
    by_author: dict[str, int] = defaultdict(int)
    for instance in members:
        for fact in instance.names:
            by_author[f"{fact.expert} {fact.parent or ''}"] += fact.number or 1
    stated = [f for f in counts_of(noun, members, evidence) if not f.negated and not evidence.is_hearsay(f)]
    counted = [f.number or 0 for f in stated if not f.at_least]
    number = max([*by_author.values(), *counted], default=1)  # boxes hide behind each other; who counts the picture looks for all
    several = noun not in PAIRS and not lexicon.is_mass(noun) and lexicon.plural(noun) != noun
    in_plural = several and any(f.value != lexicon.singular(f.value) and not f.number for i in members for f in i.names)
    more = any(f.at_least and (f.number or 0) > number for f in stated)
    open_ended = any(f.at_least for i in members for f in i.names) or in_plural or more
    alone = members[0] if len(members) == 1 and number == 1 else None
    attributes = tuple(shared([described(i, evidence) for i in members])) if number == len(members) else ()
    carries = alone is not None and "person" not in lexicon.category(noun)  # what is on a person is on something they wear
    texts = tuple(f for f in members[0].texts if not f.negated and not evidence.is_hearsay(f)) if carries else ()
    return Thing(noun, number, open_ended, tuple(members), attributes, texts, any(f.number == number for f in stated))


def counts_of(noun: str, members: Sequence[Instance], evidence: Evidence) -> list[Fact]:
    """Numbers that somebody states of these things, or of all such things in the picture."""
    whole = [f for f in evidence.loose if f.kind == "count" and lexicon.same(lexicon.singular(f.value), noun)]
    return [f for i in members for f in i.counts] + whole


def shared(of_each: Sequence[Sequence[Fact]]) -> Iterator[Fact]:
    """The attributes of the first that all others have too: "four orange birds"."""
    for fact in of_each[0]:
        if all(any(fact.value == other.value for other in others) for others in of_each[1:]):
            yield fact


def described(instance: Instance, evidence: Evidence) -> list[Fact]:
    """Attributes that can stand together, the surest first; of two that exclude each other neither is said."""
    stated = [f for f in instance.attributes if not f.negated and not evidence.is_hearsay(f)]
    stated = [f for f in stated if is_plain(f.value)]
    agreed = [f for f in stated if not any(lexicon.excludes(f.value, g.value) for g in stated)]
    unique = {f.value: f for f in sorted(agreed, key=lambda f: -f.score)}
    return list(unique.values())


def is_plain(value: str) -> bool:
    """Can it stand in front of a noun or behind "is": "red", "dark green", "running"; not "covered in snow"?"""
    words = value.split()
    return (
        0 < len(words) < 3
        and not lexicon.denies(value)
        and not set(words) & PREPOSITIONS
        and value.replace(" ", "").replace("-", "").isalpha()
    )


# Tags


def named_by_tags(things: Sequence[Thing], tags: Sequence[Fact]) -> Iterator[Thing]:
    """Things by the more exact word that a tag has for them, in the same number, where it can mean only one of them."""
    words = [folded(f) for f in tags]
    for thing in things:
        others = [t for t in things if t is not thing]
        exact = [w for w in words if lexicon.is_a(w, thing.noun) and not lexicon.is_a(thing.noun, w)
                 and " " not in w and not lexicon.denies(w) and (w != lexicon.singular(w)) == thing.plural
                 and not any(lexicon.is_a(w, t.noun) for t in others)]  # fmt: skip
        yield replace(thing, noun=lexicon.singular(exact[0])) if len(exact) == 1 else thing


def find_extras(tags: Iterable[Fact], things: Sequence[Thing]) -> Iterator[str]:
    """Tags that name something to be seen which no thing stands for, as noun phrases: "a lawn", "parked cars"."""
    alive = {kind for t in things for kind in lexicon.category(t.noun) & ALIVE.keys()}
    for fact in tags:
        phrase = PEOPLE.sub(lambda match: f"{lexicon.number_word(int(match[1]))} {match[2]}", folded(fact))
        phrase = phrase.removeprefix("one ")
        noun = phrase.rpartition(" ")[2]
        if (
            set(phrase.split()) & PREPOSITIONS
            or phrase in WHOLE_PLACES
            or phrase in MATERIALS
            or lexicon.is_broad(noun)
            or (group_of(phrase) in NO_THINGS and not PEOPLE.match(folded(fact)))
        ):
            continue
        told = any(lexicon.is_a(w, t.noun) or lexicon.is_a(t.noun, w) for t in things for w in (noun, phrase))
        again = lexicon.category(noun) & alive  # "pet" is the cat that stands there already
        if (
            told
            or again
            or lexicon.denies(phrase)
            or not is_thing(noun)
            or not phrase.replace(" ", "").isalpha()
            or (fact.value != fact.value.lower() and fact.value.split()[0].lower() not in NATIONAL)
        ):
            continue
        several = noun != lexicon.singular(noun)
        yield national(phrase if several or lexicon.is_mass(noun) else f"{lexicon.article(phrase)} {phrase}")


RATED = re.compile(
    r"(?:rating ?: ?\w+|score \d+(?: up)?|(?:best|high|amazing|great|normal|low|worst|good|bad) (?:quality|aesthetic)|"
    r"masterpiece|(?:absurd|high|low)res|newest|very aesthetic|commentary(?: request)?|translation request|"
    r"safe|sensitive|questionable|explicit)"
)
"""Tags of picture boards that rate a picture and name nothing in it."""
PEOPLE = re.compile(r"^([1-6])(girls?|boys?)$")
"""Tags of picture boards that count people."""
MATERIALS = frozenset("brick wood glass metal stone concrete plastic leather steel iron paper marble fabric cloth tile".split())
"""Tags that say what things are made of."""
NATIONAL = frozenset(
    "african american arab argentine asian australian austrian belgian brazilian british bulgarian canadian chilean chinese "
    "colombian croatian cuban czech danish dutch egyptian english estonian ethiopian european finnish french german greek "
    "hungarian icelandic indian indonesian iranian iraqi irish israeli italian jamaican japanese kenyan korean latvian lebanese "
    "lithuanian malaysian mexican moroccan nepalese nigerian norwegian pakistani peruvian philippine polish portuguese roman "
    "romanian russian saudi scottish serbian slovak spanish swedish swiss syrian thai tibetan turkish ukrainian vietnamese welsh "
    "victorian georgian gothic christian buddhist muslim jewish".split()
) - {"gothic"}
"""Adjectives of nations, faiths and times, which take a capital; those that are common words in lower case are left out."""


def national(words: str) -> str:
    """With a capital for what is European or Chinese."""
    return " ".join(word.capitalize() if word in NATIONAL else word for word in words.split())


def is_thing(noun: str) -> bool:
    """Does it name something that a picture shows, and is it neither a colour nor a form of a verb?"""
    return (
        lexicon.known(noun)
        and lexicon.is_visual(noun)
        and bool(lexicon.category(noun) & SEEN)
        and not (lexicon.base(noun) != noun and noun.endswith(("ing", "ed")))
        and "substance" not in lexicon.category(noun)
        and lexicon.colour(noun) is None
    )


WHOLE_PLACES = frozenset({"indoors", "outdoors", "outside", "inside", "underwater"})
"""Words for where a picture was taken that take neither article nor preposition."""
NO_THINGS = frozenset({"groups", "image composition", "video games", "verbs and gerunds", "dates", "changes"})
"""Groups of tags that name nothing that stands in the picture."""
SEEN = frozenset(
    "animal artifact building clothing container food furniture garment instrument person place plant vehicle".split()
)


def folded(fact: Fact) -> str:
    """A tag as words: lower case, without underscores."""
    return " ".join(fact.value.replace("_", " ").lower().split())


# Relations and places

PLAIN_VERBS = frozenset({"sit", "stand", "lie", "walk", "run", "look", "jump", "lean", "sleep", "fly", "play", "swim", "ride"})


def sayable(evidence: Evidence) -> list[Relation]:
    """Relations that can be put in the active voice. What a statement says of a passive ("covered with") cannot."""
    found = []
    for relation in evidence.relations:
        fact = relation.fact
        verb, *rest = fact.value.split()
        form = form_of(fact.value)
        active = fact.parent is None or not rest or verb in PLAIN_VERBS or form == "place"
        if active and form and not fact.negated and not evidence.is_hearsay(fact):
            found.append(relation)
    return found


def form_of(value: str) -> str:
    """How a relation is said: "place" ("next to"), "verb" ("ride"), "participle" ("attached to"); empty if none of these."""
    first = value.split()[0].lower() if value.split() else ""
    if first in PREPOSITIONS:
        return "place"
    if lexicon.is_verb(first) and value.split()[1:] != ["of"]:  # "part of" parts nothing
        return "verb"
    return "participle" if first.endswith(("ing", "ed")) and lexicon.base(first) != first else ""


PREPOSITIONS = frozenset(
    "on in at by with near next left right above below under beneath behind inside outside beside over around between against "
    "across along among atop close far to from of into onto through toward towards underneath within without ahead away off "
    "alongside adjacent opposite".split()
)


def find_places(things: Sequence[Thing]) -> Iterator[Place]:
    """Where other things clearly are, seen from the weightiest that stands alone; those on one side together."""
    anchor = next((t for t in things if not t.plural and t.box is not None), None)
    if anchor is None:
        return
    sides: dict[str, list[Thing]] = defaultdict(list)
    for thing in things:
        if thing is not anchor and (side := side_of(thing, anchor)):
            sides[side].append(thing)
    for side, found in sides.items():
        yield Place(tuple(found[:3]), side, anchor)


def side_of(thing: Thing, anchor: Thing) -> str:
    """On which side of the anchor every part of a thing is, hardly any of it over or under the anchor; empty if on neither."""
    boxes = [i.box for i in thing.instances if i.box is not None]
    target = anchor.box
    if target is None or len(boxes) < len(thing.instances) or not boxes:
        return ""
    left, right = SIDES
    if all(box.x1 - target.x0 <= APART * min(box.width, target.width) for box in boxes):
        return left
    return right if all(target.x1 - box.x0 <= APART * min(box.width, target.width) for box in boxes) else ""


def thing_of(instance: Instance, things: Sequence[Thing]) -> Thing | None:
    """The thing that stands for an instance."""
    return next((t for t in things if instance in t.instances), None)
