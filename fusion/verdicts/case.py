"""One caption before its judge: its claims, the evidence, which instance each thing is, and what is weighed of a claim."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass, field

from fusion import lexicon
from fusion.evidence import Evidence, Instance
from fusion.evidence.belief import BELIEVED_SILENCE, Signal, best_of_each, missed, recall_of, stated, together
from fusion.facts import Claim, Fact
from fusion.verdicts.align import align


@dataclass
class Weighing:
    """What speaks for and against one claim; `otherwise` is stated in its place and neither.

    `note` is what a check found out, for the reason.
    """

    signals: list[Signal] = field(default_factory=list)
    support: list[Fact] = field(default_factory=list)
    competing: list[Fact] = field(default_factory=list)
    hearsay: list[Fact] = field(default_factory=list)
    otherwise: list[Fact] = field(default_factory=list)
    silent: list[str] = field(default_factory=list)
    silence: float = 0.0
    note: str = ""

    def add(self, name: str, size: float = 1.0) -> None:
        """One more signal."""
        self.signals.append(Signal(name, size))

    @property
    def believed(self) -> bool:
        """Is the silence of those that looked enough to contradict alone?"""
        return self.silence <= missed(BELIEVED_SILENCE)


class Case:
    """The claims of one caption and the evidence of its picture."""

    def __init__(self, claims: Sequence[Claim], evidence: Evidence) -> None:
        self.claims = claims
        self.evidence = evidence
        self.by_id = {c.id: c for c in claims}
        self.aligned = align(claims, evidence)
        self._seen: dict[tuple[str, str], bool] = {}

    def meaning(self, claim_id: str, instance: Instance) -> Case:
        """The same case, in which this claim means that instance."""
        other = copy(self)
        other.aligned = self.aligned | {claim_id: instance}
        return other

    def instance(self, claim_id: str | None) -> Instance | None:
        """The instance that an object claim means, if one was found."""
        return self.aligned.get(claim_id or "")

    def unclaimed(self, facts: Iterable[Fact], claim: Claim) -> list[Fact]:
        """The facts about what no other claim means: "a boy and a girl" is not ruled out by the girl."""
        meant = {id(i) for name, i in self.aligned.items() if name != claim.id}
        taken = {f.id for i in self.evidence.instances if id(i) in meant for f in i.names}
        return [f for f in facts if f.id not in taken]

    def noun(self, claim_id: str | None) -> str:
        """The noun of an object claim; "" if there is none."""
        claim = self.by_id.get(claim_id or "")
        return claim.value if claim is not None else ""

    def seen_by_any(self, kind: str, word: str) -> bool:
        """Has somebody looked who would have stated such a thing? If not, that nobody did says nothing."""
        key = kind, word
        if key not in self._seen:
            self._seen[key] = any(w.looked and not w.card.hearsay and w.card.covers(kind, word) for w in self.evidence.witnesses)
        return self._seen[key]

    def told_by_any(self, kind: str) -> bool:
        """Has somebody looked who says in words of his own what he sees? Then a word that he does not use tells something."""
        return any(
            w.looked and not w.card.hearsay and w.card.vocabulary is None and kind in w.card.sees for w in self.evidence.witnesses
        )

    def say(self, w: Weighing, claim: Claim, name: str, facts: Iterable[Fact]) -> None:
        """Facts that state the claim; hearsay is kept apart."""
        seen: list[Fact] = []
        for fact in facts:
            (w.hearsay if self.evidence.is_hearsay(fact) else seen).append(fact)
        w.support += seen
        for size in self.sizes(seen, claim):
            w.add(name, size)

    def rule_out(self, w: Weighing, claim: Claim, name: str, facts: Iterable[Fact]) -> None:
        """Facts that exclude the claim; hearsay contradicts nothing."""
        seen = [f for f in facts if not self.evidence.is_hearsay(f)]
        w.competing += seen
        for size in self.sizes(seen, claim):
            w.add(name, -size)

    def sizes(self, facts: Iterable[Fact], claim: Claim) -> list[float]:
        """How much statements count: each expert once, by its best score, and experts of one sort together."""
        alike: dict[bool, list[float]] = {}
        for fact in best_of_each(facts):
            alike.setdefault(self.evidence.card(fact.expert).vocabulary is None, []).append(self.size(fact, claim))
        return [together(sizes) for sizes in alike.values()]

    def size(self, fact: Fact, claim: Claim) -> float:
        """How much a statement counts: by the card of whoever makes it, and its score."""
        precision = self.evidence.card(fact.expert).precision_of(claim.kind, claim.value)
        return stated(precision, fact.score)

    def silence(self, w: Weighing, kind: str, word: str, spoke: Iterable[str]) -> tuple[float, float]:
        """The silence of all that looked, would have stated such a thing, and did not.

        The size of those that have a vocabulary to look for, and of those that speak freely.
        """
        listed: list[float] = []
        free: list[float] = []
        heard = set(spoke)
        for witness in self.evidence.witnesses:
            card = witness.card
            if not witness.looked or witness.name in heard or card.hearsay or not card.covers(kind, word):
                continue
            w.silent.append(witness.name)
            (free if card.vocabulary is None else listed).append(missed(recall_of(card, kind, word), witness.looks))
        w.silence += together(listed) + together(free)
        return together(listed), together(free)

    def unsaid(self, w: Weighing, claim: Claim, things: Sequence[Instance]) -> None:
        """The silence of those that mention all these things together and could have made the claim of them."""
        spoke = {f.expert for f in [*w.support, *w.competing, *w.hearsay]}
        sizes = []
        for witness in self.evidence.witnesses:
            looks = len(set.intersection(*({f.parent or f.id for f in i.names if f.expert == witness.name} for i in things)))
            if not looks or witness.name in spoke or witness.card.hearsay or not witness.card.covers(claim.kind, claim.value):
                continue
            w.silent.append(witness.name)
            sizes.append(missed(recall_of(witness.card, claim.kind, claim.value), looks))
        if sizes:
            w.silence += together(sizes)
            w.add(f"{claim.kind}:unsaid", together(sizes))


def located(instance: Instance) -> list[Fact]:
    """The facts that give an instance its box; those of its members for a group without one."""
    own = [f for f in instance.names if f.box is not None][:1]
    return own or [f for m in instance.members for f in m.names if f.box is not None]


def within(instance: Instance, group: Instance) -> bool:
    """Are they one, or is one a member of the other?"""
    return instance is group or instance in group.members or group in instance.members


def may_mean(instance: Instance, word: str) -> bool:
    """May the word be said of it: a name, a more or a less exact one, or another word for a person?"""
    return (
        instance.is_named(word)
        or instance.may_be(word)
        or (
            lexicon.is_a(word, "person")
            and instance.is_named("person")
            and not any(lexicon.excludes(f.value, word) for f in instance.names)
        )
    )
