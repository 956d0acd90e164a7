"""One picture's facts as one graph: instances, what is said of them, how they relate, and who looked.

The same graph says what a writer may say and what the verifier accepts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import networkx as nx

from fusion import lexicon
from fusion.evidence.disputes import disputes
from fusion.evidence.geometry import test_for
from fusion.evidence.join import Instance, join
from fusion.expert import Card
from fusion.facts import Box, Dispute, Fact, Observation, fit, numbered
from fusion.language import Language, Reading

__all__ = ["Evidence", "Instance", "Relation", "Sentence", "Witness", "gather", "test_for"]


@dataclass(frozen=True)
class Relation:
    """A relation that a fact states between two instances."""

    fact: Fact
    about: Instance
    to: Instance


@dataclass(frozen=True)
class Sentence:
    """A sentence of a statement as its author wrote it, and the derived facts that were read from it."""

    text: str
    statement: Fact
    facts: tuple[Fact, ...]


@dataclass(frozen=True)
class Witness:
    """An expert of one picture: its card, whether its silence counts, and how often it looked (each statement is a look)."""

    name: str
    card: Card
    looked: bool
    looks: int


@dataclass
class Evidence:
    """The joined facts of one picture.

    `facts` are those given, `derived` those read from statements (their parent is the statement); `looked` names the experts
    whose silence counts; `graph` is a networkx multigraph whose nodes are instances and whose edges are relations.
    """

    facts: tuple[Fact, ...]
    derived: tuple[Fact, ...]
    looked: tuple[str, ...]
    cards: Mapping[str, Card]
    width: int | None = None
    height: int | None = None
    instances: list[Instance] = field(default_factory=list)
    relations: list[Relation] = field(default_factory=list)
    loose: list[Fact] = field(default_factory=list)
    by_id: dict[str, Instance] = field(default_factory=dict)
    sentences: list[Sentence] = field(default_factory=list)
    thresholds: Mapping[str, float] = field(default_factory=dict)
    likeness: Callable[[str, str], float] = lexicon.likeness

    def card(self, expert: str) -> Card:
        """The card of an expert; a careful one where none is known."""
        return self.cards.get(expert, _UNKNOWN)

    def is_hearsay(self, fact: Fact) -> bool:
        """Does the fact come from an expert that only repeats what others wrote?"""
        return self.card(fact.expert).hearsay

    @property
    def graph(self) -> nx.MultiDiGraph:
        """Instances as nodes (by id, with `names` and `box`), relations as edges (with `value` and `fact`)."""
        graph = nx.MultiDiGraph()
        for instance in self.instances:
            graph.add_node(instance.id, names=[f.value for f in instance.names], box=instance.box)
        for relation in self.relations:
            graph.add_edge(relation.about.id, relation.to.id, value=relation.fact.value, fact=relation.fact.id)
        return graph

    @cached_property
    def witnesses(self) -> list[Witness]:
        """The experts that looked, then those that only stated something."""
        names = dict.fromkeys((*self.looked, *(f.expert for f in self.facts)))
        looks = Counter(f.expert for f in self.facts if f.kind == "statement")
        return [Witness(name, self.card(name), name in self.looked, max(looks[name], 1)) for name in names]

    @cached_property
    def heard(self) -> frozenset[str]:
        """Roots of all words that experts use, hearsay left out."""
        return lexicon.rooted(f.value for f in self.facts if not self.is_hearsay(f))

    @cached_property
    def disputes(self) -> tuple[Dispute, ...]:
        """What experts, or two statements of one expert, say against each other."""
        return tuple(disputes(self))

    def against(self, facts: Sequence[Fact]) -> list[Fact]:
        """The facts that dispute these."""
        known = {f.id: f for f in self.everything}
        own = {f.id for f in facts}
        names: dict[str, None] = {}
        for dispute in self.disputes:
            for one, other in ((dispute.one, dispute.other), (dispute.other, dispute.one)):
                names |= dict.fromkeys(other if own & set(one) else ())
        return [known[name] for name in names if name not in own]

    @cached_property
    def panels(self) -> list[Box]:
        """The panels of a picture that is put together of several: how things lie to each other counts within one only."""
        if not any(f.kind == "style" and f.value == "collage" and not f.negated for f in self.facts):
            return []
        return [f.box for f in self.facts if f.kind == "object" and f.value == "panel" and f.box is not None]

    def apart(self, one: Instance, other: Instance) -> bool:
        """Do the two lie in different panels?"""
        homes = [next((n for n, panel in enumerate(self.panels) if inside(i.box, panel)), None) for i in (one, other)]
        return None not in homes and homes[0] != homes[1]

    @property
    def everything(self) -> tuple[Fact, ...]:
        """Given and derived facts."""
        return self.facts + self.derived


_UNKNOWN = Card()
INSIDE = 0.9
"""Share of a box that must lie in a panel so that the thing is part of it."""


def inside(box: Box | None, panel: Box) -> bool:
    """Is a box in a panel, and no panel itself?"""
    return box is not None and box != panel and box.overlap(panel) >= INSIDE * box.area


def gather(
    observations: Sequence[Observation],
    cards: Mapping[str, Card],
    language: Language,
    thresholds: Mapping[str, float] | None = None,
) -> list[Evidence]:
    """The evidence of each picture. Statements are parsed together, the same sentence once.

    `thresholds` are those of a cards file: what `fusion calibrate` learnt besides the cards.
    """
    said: dict[str, Reading | None] = {}
    for observation in observations:
        said |= {f.value: None for f in observation.facts if f.kind == "statement"}
    readings = dict(zip(said, language.read(list(said)), strict=True))
    return [build(observation, cards, readings, thresholds, language.likeness) for observation in observations]


def build(
    observation: Observation,
    cards: Mapping[str, Card],
    readings: Mapping[str, Reading],
    thresholds: Mapping[str, float] | None = None,
    likeness: Callable[[str, str], float] = lexicon.likeness,
) -> Evidence:
    """The evidence of one picture, from its facts and the readings of their statements."""
    facts = tuple(fit(f, observation.width, observation.height)[0] for f in numbered(observation.facts))
    derived: list[Fact] = []
    sentences: list[Sentence] = []
    repeats: dict[str, str] = {}
    for statement in (f for f in facts if f.kind == "statement"):
        reading = readings[statement.value]
        own = from_statement(statement, reading)
        derived += own
        sentences += sentences_of(statement, reading, own)
        repeats |= {f"{statement.id}.{c.id}": f"{statement.id}.{c.parent}" for c in reading.claims if c.parent}
    evidence = Evidence(facts, tuple(derived), observation.experts, cards, observation.width, observation.height)
    evidence.sentences = sentences
    evidence.thresholds = thresholds or {}
    evidence.likeness = likeness
    fill(evidence, repeats)
    return evidence


def from_statement(statement: Fact, reading: Reading) -> list[Fact]:
    """The claims of a statement as that expert's facts; hedged ones and opinions count for nothing."""
    names = {c.id: f"{statement.id}.{c.id}" for c in reading.claims}
    kept = {c.id for c in reading.claims if not c.hedged and c.kind != "opinion"}
    return [
        Fact(
            id=names[c.id], kind=c.kind, value=c.value, expert=statement.expert, score=statement.score,
            about=names.get(c.about or ""), to=names.get(c.to or ""), number=c.number, at_least=c.at_least,
            negated=c.negated, parent=statement.id,
        )
        for c in reading.claims
        if c.id in kept and c.kind != "opinion" and all(x is None or x in kept for x in (c.about, c.to))
    ]  # fmt: skip


def sentences_of(statement: Fact, reading: Reading, facts: Sequence[Fact]) -> list[Sentence]:
    """The sentences of a statement, each with those of its facts whose words stand in it."""
    if reading.doc is None:
        return []
    place = {f"{statement.id}.{c.id}": c.span[0] for c in reading.claims}
    found = []
    for sentence in reading.doc.sents:
        own = tuple(f for f in facts if sentence.start_char <= place[f.id] < sentence.end_char)
        found.append(Sentence(reading.text[sentence.start_char : sentence.end_char].strip(), statement, own))
    return found


def fill(evidence: Evidence, repeats: Mapping[str, str]) -> None:
    """Join the objects, then hang everything else on them. `repeats`: facts that name again what another one named."""
    everything = evidence.everything
    objects = [f for f in everything if f.kind == "object" and not f.negated and f.id not in repeats]
    objects.sort(key=lambda f: f.box is None)  # located things first: what is only said is attached to them
    evidence.instances, evidence.by_id = join((f, f.expert if f.box is not None else f.parent or f.id) for f in objects)
    for again, source in repeats.items():
        if source in evidence.by_id:
            evidence.by_id[again] = evidence.by_id[source]
    for fact in everything:
        if fact.kind not in {"object", "statement"} or (fact.negated and fact.kind == "object"):
            attach(evidence, fact)


def attach(evidence: Evidence, fact: Fact) -> None:
    """Hang a fact on the instance it is about; what is about none stays loose."""
    about = evidence.by_id.get(fact.about) if fact.about else None
    if fact.kind == "relation":
        to = evidence.by_id.get(fact.to) if fact.to else None
        if about is not None and to is not None and about is not to:
            evidence.relations.append(Relation(fact, about, to))
    elif about is None:
        evidence.loose.append(fact)
    elif fact.kind == "count":
        about.counts.append(fact)
    elif fact.kind == "text":
        about.texts.append(fact)
        evidence.loose.append(fact)
    elif fact.kind == "attribute":
        about.attributes.append(fact)
    else:
        evidence.loose.append(fact)
