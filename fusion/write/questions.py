"""Questions about a picture with their answers, and how they are read to be checked.

A pair a line: `Q: What colour is the dog? A: The dog is brown.` Every answer is a whole sentence: it alone is checked, and what
the question takes for granted must stand in it.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Sequence

from fusion import lexicon
from fusion.evidence import Evidence
from fusion.facts import Claim
from fusion.verdicts.judge import judge
from fusion.write import phrases
from fusion.write.brief import MEDIA, Brief
from fusion.write.material import form_of
from fusion.write.phrases import noun_phrase, sentence
from fusion.write.prose import is_or_are, line_of, readings

PAIR = re.compile(r"^[ \t]*Q:[ \t]*(?P<question>.+?\?)\s+A:[ \t]*(?P<answer>\S.*)$", re.MULTILINE)
Pair = tuple[str, str]
ASKING = frozenset(
    "what which who whose where when how many much color colour kind sort type do doing does did look looks like say says "
    "written read be can is are was were there the a an of in on to at with it its this that any picture image photo shown "
    "see seen show shows taken take and or has have they he she by made happening visible place number will would could".split()
)
"""Words of questions that take nothing for granted."""
MOST_ABSENT = 1
"""Questions whose answer is no."""
BROAD = frozenset({"artifact", "object", "abstract", "group"})
"""Kinds of nearly everything, which make nothing alike."""
SIBLINGS = 400
"""Words of a vocabulary that are looked through for what could be there and is not."""


def questions(brief: Brief) -> str:
    """Pairs in order of what they ask, each kind of question before a second one of a kind."""
    asked = [
        list(counts(brief)), list(looks(brief)), list(doings(brief)), list(ties(brief)), list(sides(brief)), list(written(brief)),
        list(whole(brief)), list(presence(brief)),
    ]  # fmt: skip
    turns = max(map(len, asked), default=0)
    pairs = dict.fromkeys(kind[turn] for turn in range(turns) for kind in asked if turn < len(kind))
    return "\n".join(line(pair) for pair in pairs if short_enough(pair, brief.form.each))


def line(pair: Pair) -> str:
    """ "Q: … A: …" """
    return f"Q: {sentence(pair[0])} A: {sentence(pair[1])}"


def short_enough(pair: Pair, most: int) -> bool:
    """Has the answer no more words than the style wants?"""
    return not most or len(pair[1].split()) <= most


# What is asked


def counts(brief: Brief) -> Iterator[Pair]:
    """ "How many dogs are in the picture?", where their number is known and more than one."""
    for thing in brief.things:
        known = not thing.at_least and thing.number > 1 and (thing.counted or thing.number <= phrases.MOST_COUNTED)
        if known and not phrases.uncounted(thing.noun):
            noun = phrases.counted(thing)
            yield (
                f"how many {noun} are there in the picture?",
                f"there are {phrases.quantity(thing)} {noun} in the picture",
            )


def looks(brief: Brief) -> Iterator[Pair]:
    """ "What colour is the dog?", "What does the cup look like?" """
    for thing in brief.things:
        name, verb = noun_phrase(thing, definite=True), is_or_are([thing])
        values = [fact.value for fact in phrases.adjectives_of(thing)]
        if colours := [value for value in values if lexicon.colour(value)]:
            yield f"what colour {verb} {name}?", f"{name} {verb} {phrases.joined(colours)}"
        if others := [value for value in values if not lexicon.colour(value)]:
            do = "do" if verb == "are" else "does"
            yield f"what {do} {name} look like?", f"{name} {verb} {phrases.joined(others)}"


def doings(brief: Brief) -> Iterator[Pair]:
    """ "What is the dog doing?" """
    for thing in brief.things:
        if (action := phrases.action_of(thing)) is not None:
            name, verb = noun_phrase(thing, definite=True), is_or_are([thing])
            yield f"what {verb} {name} doing?", f"{name} {verb} {action.value}"


def ties(brief: Brief) -> Iterator[Pair]:
    """ "What is the man riding?", "Where is the cup?" """
    for relation in brief.relations:
        about, to = brief.thing_of(relation.about), brief.thing_of(relation.to)
        if about is None or to is None or about is to or (about.plural and not relation.about.is_group):
            continue
        name = noun_phrase(about, definite=True)
        verb = "are" if phrases.plural_subject(relation, about) else "is"
        value = phrases.participle(relation.fact.value)
        target = phrases.single(relation.to, to, again=False)
        answer = f"{name} {verb} {value} {target}"
        if value == "with":
            do, have = ("do", "have") if verb == "are" else ("does", "has")
            yield f"what {do} {name} have?", f"{name} {have} {target}"
        elif form_of(relation.fact.value) == "place":
            yield f"where {verb} {name}?", answer
        else:
            who = "who" if "person" in lexicon.main_category(to.noun) else "what"
            yield f"{who} {verb} {name} {value}?", answer


def sides(brief: Brief) -> Iterator[Pair]:
    """ "Where is the bus?", seen from another thing."""
    for place in brief.places:
        subject = phrases.joined([noun_phrase(t, definite=True) for t in place.things])
        yield f"where {is_or_are(place.things)} {subject}?", line_of(place)


def written(brief: Brief) -> Iterator[Pair]:
    """ "What does the sign say?", "What can be read in the picture?" """
    for text in readings(brief, brief.texts):
        subject, reads, said = text.partition(" reads ") if " reads " in text else text.partition(" read ")
        if text.startswith("the words "):
            yield "what words can be read in the picture?", text
        elif reads:
            do, verb = ("does", "says") if reads == " reads " else ("do", "say")
            yield f"what {do} {subject} say?", f"{subject} {verb} {said}"


def whole(brief: Brief) -> Iterator[Pair]:
    """ "Where was the picture taken?", "What kind of picture is it?" """
    if where := phrases.where(brief):
        yield "where was the picture taken?", f"the picture was taken {where}"
    for fact in brief.looks:
        if fact.value.split()[-1] in MEDIA:
            yield "what kind of picture is this?", f"this is {lexicon.article(fact.value)} {fact.value}"


def presence(brief: Brief) -> Iterator[Pair]:
    """ "Is there a dog?" of what is there, and of something that an expert would have seen and did not."""
    for thing in brief.things[:1]:
        name = phrases.counted(thing)
        if phrases.takes_plural_verb(thing):
            yield f"are there any {name} in the picture?", f"yes, there are {name} in the picture"
        elif phrases.uncounted(thing.noun):
            yield f"is there any {name} in the picture?", f"yes, there is {name} in the picture"
        else:
            phrase = f"{lexicon.article(name)} {name}"
            yield f"is there {phrase} in the picture?", f"yes, there is {phrase} in the picture"
    for noun in absent(brief):
        many = phrases.always_plural(noun) or noun in phrases.COLLECTIVES
        if many or phrases.uncounted(noun):
            verb = "are" if many else "is"
            yield f"{verb} there any {noun} in the picture?", f"no, there {verb} no {noun} in the picture"
        else:
            yield f"is there {lexicon.article(noun)} {noun} in the picture?", f"no, there is no {noun} in the picture"


def absent(brief: Brief) -> list[str]:
    """What is not there although it could be: asked and not seen, or like a thing of the brief and in a vocabulary."""
    evidence = brief.evidence
    asked = [f.value for f in evidence.loose if f.kind == "object" and f.negated and not evidence.is_hearsay(f)]
    things = " ".join(t.noun for t in brief.things)
    alike = sorted(siblings(brief), key=lambda noun: (zlib.crc32(f"{brief.seed} {things} {noun}".encode()), noun))
    found: list[str] = []
    for noun in dict.fromkeys(lexicon.singular(word) for word in (*asked, *alike)):
        if len(found) < MOST_ABSENT and is_absent(noun, evidence):
            found.append(noun)
    return found


def siblings(brief: Brief) -> list[str]:
    """Words of what experts looked for that are of the kind of a thing that is there."""
    kinds = {kind for thing in brief.things for kind in lexicon.main_category(thing.noun) - BROAD}
    words = [
        word
        for witness in brief.evidence.witnesses
        if witness.looked and not witness.card.hearsay and "object" in witness.card.sees
        for word in sorted(witness.card.vocabulary or ())[:SIBLINGS]
    ]
    return [word for word in dict.fromkeys(words) if kinds & lexicon.main_category(word)]


def is_absent(noun: str, evidence: Evidence) -> bool:
    """Do the facts, or the silence of those that looked, say that there is none?"""
    claim = Claim(id="c0", kind="object", value=noun, negated=True, span=(0, max(len(noun), 1)))
    return judge([claim], evidence)[0][0].verdict == "supported"


# How they are read


def read(text: str) -> list[Pair]:
    """The pairs of a text; one whose question takes for granted what its answer does not say is left out."""
    pairs = [(found["question"], found["answer"].rstrip()) for found in PAIR.finditer(text)]
    return [pair for pair in pairs if restates(*pair)]


def restates(question: str, answer: str) -> bool:
    """Does the answer say all that the question is about?"""
    said = lexicon.rooted([answer])
    words = [word for word in re.findall(r"[^\W_]+", question.lower()) if word not in ASKING]
    return all(lexicon.rooted([word]) & said or word in answer.lower() for word in words)


def answered(pair: Pair, answer: str) -> bool:
    """Does what is left of an answer still answer its question? Words may have been replaced and none taken out."""
    return len(answer.split()) == len(pair[1].split()) and restates(pair[0], answer)


def kept(pairs: Sequence[Pair], answers: Sequence[str]) -> list[tuple[int, str, int]]:
    """The lines that stay: which pair each is of, the line, and where in it the answer starts."""
    found = []
    for n, (pair, answer) in enumerate(zip(pairs, answers, strict=True)):
        if answered(pair, answer):
            head = f"Q: {pair[0]} A: "
            found.append((n, head + answer, len(head)))
    return found
