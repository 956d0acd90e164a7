"""The pieces that sentences are made of: noun phrases, predicates, lists, agreement."""

from __future__ import annotations

from collections.abc import Sequence

from fusion import lexicon
from fusion.evidence import Instance, Relation
from fusion.facts import Fact
from fusion.write.brief import MEDIA, Brief
from fusion.write.material import PREPOSITIONS, WHOLE_PLACES, Thing, form_of, national

MOST_COUNTED = 6
"""Boxes above this number are "several": detectors miss some of many, and people do not count so far."""
MANY = 12
COLLECTIVES = frozenset({"cattle", "police", "people"})
ABBREVIATIONS = {
    w.lower(): w for w in ("TV", "TVs", "SUV", "SUVs", "ATV", "ATVs", "RV", "RVs", "CD", "CDs", "DVD", "DVDs", "PC", "PCs", "MRI")
}
AT = frozenset({"night", "dusk", "dawn", "sunset", "sunrise", "noon", "midnight"})
ON = frozenset(
    "beach street road sidewalk roof rooftop bridge balcony deck platform stage runway lawn hill coast shore island court farm "
    "mountain path trail highway pier dock patio terrace ship boat".split()
)
"""Scenes that somebody is on rather than in."""
UNIQUE = frozenset({"sky", "sea", "ocean", "snow", "rain", "air", "water", "dark", "countryside"})
"""Scenes of which there is one, so that they take "the"."""
SIDES = {"left of": "to the left of", "right of": "to the right of"}
SIZES = frozenset("big large huge giant small little tiny tall short long wide narrow".split())
MATERIALS = frozenset(
    "wooden metal plastic stone brick concrete leather steel iron paper cardboard wicker ceramic marble".split()
)
UNSAID = frozenset("about present visible located positioned placed situated seen shown included involved".split())
"""Words of sentences ("a chair is also present") that make nothing plain in front of a noun."""
LOOKS = frozenset(
    "interesting charming inviting welcoming matching glowing shining sparkling surrounding leading flowing flowering towering "
    "overhanging remaining rolling sloping winding working burning boiling steaming growing living".split()
)
"""Forms of verbs in -ing that say how something looks; "a preparing man" and "an ensuring sign" are no English."""
ACTIONS = frozenset(
    "walking running sitting standing lying sleeping jumping eating drinking playing smiling flying riding".split()
)


def noun_phrase(thing: Thing, *, definite: bool = False) -> str:
    """A thing with its number and adjectives: "two dogs", "a brown dog", "the dog"."""
    if definite:
        return f"the {counted(thing)}"
    adjectives = national(" ".join(f.value for f in adjectives_of(thing)))
    words = f"{adjectives} {counted(thing)}".strip()
    if uncounted(thing.noun):
        return words
    if thing.plural:
        return f"{quantity(thing)} {words}"
    return f"{lexicon.article(words)} {words}"


def uncounted(noun: str) -> bool:
    """ "Snow" and "scissors" take neither article nor number."""
    return lexicon.is_mass(noun) or always_plural(noun) or noun in COLLECTIVES


def counted(thing: Thing) -> str:
    """The noun in the number that fits."""
    noun = lexicon.plural(thing.noun) if thing.plural and not uncounted(thing.noun) else thing.noun
    return national(" ".join(ABBREVIATIONS.get(word, word) for word in noun.split()))


def always_plural(noun: str) -> bool:
    """ "Scissors" and "skis" take no article."""
    return lexicon.plural(noun) == noun and noun.endswith("s")


def takes_plural_verb(thing: Thing) -> bool:
    """ "The dogs are", "the scissors are", "the luggage is"."""
    many = thing.plural or always_plural(thing.noun) or thing.noun in COLLECTIVES
    return not lexicon.is_mass(thing.noun) and many


def quantity(thing: Thing) -> str:
    """The number in words; "several" or "many" where it is open, or large and nobody stated it."""
    if thing.number > MANY and not thing.counted:
        return "many"
    if thing.at_least or (thing.number > MOST_COUNTED and not thing.counted):
        return "several"
    return lexicon.number_word(thing.number)


def adjectives_of(thing: Thing) -> list[Fact]:
    """At most two, without actions; those come as participles. Size stands before other qualities, colour behind them."""
    return sorted([f for f in thing.attributes if not is_action(f) and stands_before(f.value)][:2], key=lambda f: rank(f.value))


def stands_before(adjective: str) -> bool:
    """Can it stand in front of a noun: "red", "parked", "flowering"; not "located" or "preparing"?"""
    first = adjective.split()[0]
    doing = first.endswith("ing") and lexicon.base(first) != first and lexicon.is_verb(lexicon.base(first))
    return first not in UNSAID and (not doing or first in LOOKS)


def rank(adjective: str) -> int:
    """Where an adjective stands among others: "a large old red wooden chair"."""
    word = adjective.split()[-1]
    if word in SIZES:
        return 0
    if word in MATERIALS:
        return 3
    return 2 if lexicon.colour(adjective) else 1


def action_of(thing: Thing) -> Fact | None:
    """What the thing does, if that is known."""
    return next((f for f in thing.attributes if is_action(f)), None)


def is_action(fact: Fact) -> bool:
    """Is the attribute something that the thing does?"""
    return (fact.value.split()[0].endswith("ing") and not lexicon.known(fact.value)) or fact.value in ACTIONS


def single(instance: Instance, thing: Thing, *, again: bool) -> str:
    """One of several is "one of the dogs", or "a dog" where nothing was said of the others."""
    if not thing.plural or instance.is_group:
        return noun_phrase(thing, definite=again)
    if lexicon.is_mass(thing.noun):
        return f"the {thing.noun}" if again else thing.noun
    return f"one of the {lexicon.plural(thing.noun)}" if again else f"{lexicon.article(thing.noun)} {thing.noun}"


def predicate(value: str, *, plural: bool) -> str:
    """ "Ride" is "rides", "next to" is "is next to", "attached to" is "is attached to"."""
    if form_of(value) != "verb":
        return f"{'are' if plural else 'is'} {SIDES.get(value, value)}"
    verb, *rest = value.split()
    return " ".join([verb if plural else lexicon.third_person(verb), *rest])


def participle(value: str) -> str:
    """ "Ride" is "riding", "have" is "with", "next to" and "attached to" stay."""
    if value in {"have", "has"}:
        return "with"
    return lexicon.participle(value) if form_of(value) == "verb" else SIDES.get(value, value)


def plural_subject(relation: Relation, thing: Thing) -> bool:
    """Does the verb of a relation stand in the plural?"""
    return (thing.plural and relation.about.is_group) or (not thing.plural and takes_plural_verb(thing))


def place(word: str) -> str:
    """A scene as the end of a sentence: "outdoors", "in a kitchen", "on a beach", "at night"; empty where none fits."""
    first, head = word.split()[0], word.rpartition(" ")[2]
    if "," in word:
        return ""
    if word in WHOLE_PLACES or first in PREPOSITIONS:
        return word
    if head in AT:
        return f"at {word}"
    if head in UNIQUE:
        return f"in the {word}"
    if head != lexicon.singular(head) or lexicon.is_mass(head) or not lexicon.category(head) & {"place", "building"}:
        return ""
    return f"{'on' if head in ON else 'in'} {lexicon.article(word)} {word}"


def where(brief: Brief) -> str:
    """The scene as the end of a sentence; empty if none is known."""
    return place(brief.scenes[0].value) if brief.scenes else ""


def medium(brief: Brief) -> str:
    """ "A black and white photo", if a fact of style names such a thing."""
    look = next((f.value for f in brief.looks if f.value.split()[-1] in MEDIA), "")
    return f"{lexicon.article(look)} {look}" if look else ""


def quoted(fact: Fact) -> str:
    """Read text between quotation marks that cannot end early."""
    return '"' + " ".join(fact.value.split()).replace('"', "'") + '"'


def joined(parts: Sequence[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    return " and ".join(filter(None, [", ".join(parts[:-1]), parts[-1]])) if parts else ""


def spaced(*parts: str) -> str:
    """The parts that are not empty, with a blank between."""
    return " ".join(part for part in parts if part)


def sentence(text: str) -> str:
    """With a capital and a full stop."""
    return text[0].upper() + text[1:] + ("" if text[-1] in ".!?" else ".") if text else ""
