"""Writes captions from facts without a model: grammatical English that can say nothing that no fact says."""

from __future__ import annotations

from collections.abc import Sequence

from fusion import lexicon
from fusion.evidence import Instance, Relation
from fusion.facts import Fact
from fusion.write.brief import Brief, Thing, is_place, thing_of

MOST_COUNTED = 12
"""Numbers above are "many": nobody counts so far."""
SIDES = {"left of": "to the left of", "right of": "to the right of"}


class TemplateWriter:
    """The writer that is always there. Deterministic; needs no model."""

    name = "template"

    def write(self, briefs: Sequence[Brief]) -> list[str]:
        """One draft a brief, in order; empty where a brief has nothing to say."""
        return [draft(brief) for brief in briefs]


def draft(brief: Brief) -> str:
    """The sentences of one brief."""
    sentences = short(brief) if brief.style == "short" else dense(brief)
    return " ".join(sentence(s) for s in sentences if s)


def short(brief: Brief) -> list[str]:
    """One sentence: the main relation, else what is there and where."""
    if brief.relations:
        return [related(brief.relations[0], brief)]
    return [presence(brief.things, brief.scenes)]


def dense(brief: Brief) -> list[str]:
    """A paragraph: what is there, how it relates, what it is like, what is written, what kind of picture it is."""
    lines = [presence(brief.things, brief.scenes)]
    lines += [related(r, brief, again=True) for r in brief.relations]
    lines += [line for thing in brief.things if (line := doing(thing))]
    lines += [reading(fact, brief) for fact in brief.texts]
    lines += [f"the picture is {lexicon.article(f.value)} {f.value}" for f in brief.styles if f.value.split()[-1] in MEDIA]
    return lines


MEDIA = frozenset({"photo", "photograph", "painting", "drawing", "sketch", "close-up", "illustration", "portrait", "screenshot"})


def presence(things: Sequence[Thing], scenes: Sequence[Fact]) -> str:
    """ "There are two dogs and a cat in a kitchen"; plurals first, so that the verb agrees with what follows it."""
    ordered = sorted(things, key=lambda t: not t.plural)
    where = place(scenes[0]) if scenes else ""
    if not ordered:
        return f"the picture is taken {where}" if where else ""
    verb = "are" if ordered[0].plural else "is"
    return " ".join(filter(None, ["there", verb, joined([noun_phrase(t) for t in ordered]), where]))


def place(scene: Fact) -> str:
    """ "Indoors" stands alone, "kitchen" wants "in a"."""
    word = scene.value
    if word in {"indoors", "outdoors", "outside", "inside", "underwater"}:
        return word
    return f"in {lexicon.article(word)} {word}"


def noun_phrase(thing: Thing, *, definite: bool = False) -> str:
    """A thing with its number and adjectives: "two dogs", "a brown dog", "the dog"."""
    if definite:
        return f"the {counted(thing)}" if not thing.plural else f"the {lexicon.plural(thing.noun)}"
    adjectives = " ".join(f.value for f in adjectives_of(thing))
    words = f"{adjectives} {counted(thing)}".strip()
    if thing.plural:
        return f"{quantity(thing)} {words}"
    return words if always_plural(thing.noun) else f"{lexicon.article(words)} {words}"


def counted(thing: Thing) -> str:
    """The noun in the number that fits."""
    return lexicon.plural(thing.noun) if thing.plural else thing.noun


def always_plural(noun: str) -> bool:
    """ "Scissors" and "skis" take no article."""
    return lexicon.plural(noun) == noun and noun.endswith("s")


def quantity(thing: Thing) -> str:
    """The number in words; "several" or "many" where it is open or large."""
    if thing.at_least or thing.number > MOST_COUNTED:
        return "several" if thing.number <= MOST_COUNTED else "many"
    return lexicon.number_word(thing.number)


def adjectives_of(thing: Thing) -> list[Fact]:
    """At most two, without actions; those come in a sentence of their own."""
    return [f for f in thing.attributes if not is_action(f)][:2]


def is_action(fact: Fact) -> bool:
    """Is the attribute something that the thing does?"""
    return (fact.value.split()[0].endswith("ing") and not lexicon.known(fact.value)) or fact.value in ACTIONS


ACTIONS = frozenset(
    "walking running sitting standing lying sleeping jumping eating drinking playing smiling flying riding".split()
)


def doing(thing: Thing) -> str:
    """ "The dog is running"."""
    action = next((f for f in thing.attributes if is_action(f)), None)
    if action is None:
        return ""
    return f"{noun_phrase(thing, definite=True)} {'are' if thing.plural else 'is'} {action.value}"


def related(relation: Relation, brief: Brief, *, again: bool = False) -> str:
    """ "A man rides a horse"; in a paragraph, where both were named, "the man rides the horse"."""
    about, to = thing_of(relation.about, brief.things), thing_of(relation.to, brief.things)
    if about is None or to is None:
        return ""
    subject, target = single(relation.about, about, again=again), single(relation.to, to, again=again)
    many = about.plural and relation.about.is_group
    return f"{subject} {predicate(relation.fact.value, plural=many)} {target}"


def single(instance: Instance, thing: Thing, *, again: bool) -> str:
    """One of several is "one of the dogs", or "a dog" where nothing was said of the others."""
    if not thing.plural or instance.is_group:
        return noun_phrase(thing, definite=again)
    return f"one of the {lexicon.plural(thing.noun)}" if again else f"{lexicon.article(thing.noun)} {thing.noun}"


def predicate(value: str, *, plural: bool) -> str:
    """ "Ride" is "rides", "next to" is "is next to"."""
    if is_place(value):
        return f"{'are' if plural else 'is'} {SIDES.get(value, value)}"
    verb, *rest = value.split()
    return " ".join([verb if plural else lexicon.third_person(verb), *rest])


def reading(fact: Fact, brief: Brief) -> str:
    """ "The sign reads “STOP”"."""
    carrier = next((t for t in brief.things if fact in t.texts), None)
    words = fact.value.replace('"', "'")
    if carrier is None:
        return f'the text "{words}" can be read'
    return f'{noun_phrase(carrier, definite=True)} {"read" if carrier.plural else "reads"} "{words}"'


def sentence(text: str) -> str:
    """With a capital and a full stop."""
    return text[0].upper() + text[1:] + "."


def joined(parts: Sequence[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    return " and ".join(filter(None, [", ".join(parts[:-1]), parts[-1]]))
