"""Takes out of captions what does not hold, by the smallest edit, and reads and judges the result again.

Repair adds no word that no fact supplies, except an article, an "and" or a verb's ending that grammar asks for. It ends when a
fresh reading of the text has nothing left that the policy drops, so repairing twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from fusion.facts import Claim, Edit, Policy
from fusion.language import Language, Reading
from fusion.language.grammar import Change, rewrite
from fusion.language.removal import removal
from fusion.language.wording import reworded

ROUNDS = 8
"""Repairs of one caption before the sentences that still fail are taken out whole."""
REPLACING = 3
"""Rounds in which a word may be replaced; from then on repair only takes away, so that it ends."""


@dataclass(frozen=True)
class Judged:
    """The claims of a text with their verdicts, and what facts say instead of those that do not hold, by claim id.

    `doubted` is the confidence below which the balanced policy takes a claim out, by kind; "" stands for all others.
    """

    claims: Sequence[Claim]
    instead: Mapping[str, str] = field(default_factory=dict)
    doubted: Mapping[str, float] = field(default_factory=dict)


Judge = Callable[[Reading], Judged]
Unwelcome = Callable[[Sequence[Claim]], Sequence[Claim]]
"""Which claims a caption may not hold whatever is true of them: those that its style has no use for."""
Cause = tuple[Claim, str, frozenset[int]]


@dataclass
class Repair:
    """One caption under repair: its text as read now, its judged claims, and the edits so far."""

    reading: Reading
    judged: Judged
    judge: Judge
    unwelcome: Unwelcome | None = None
    edits: list[Edit] = field(default_factory=list)

    def fallen(self, policy: Policy) -> list[Claim]:
        """Claims that the policy takes out, and those that the caption may not hold."""
        unwanted = self.unwanted
        return [c for c in self.judged.claims if c.id in unwanted or drops(c, policy, self.judged.doubted)]

    @property
    def unwanted(self) -> frozenset[str]:
        """Ids of the claims that the caption may not hold."""
        return frozenset(c.id for c in self.unwelcome(self.judged.claims)) if self.unwelcome else frozenset()

    @property
    def instead(self) -> Mapping[str, str]:
        """What facts say in the place of claims: of those that the caption may not hold only other numbers."""
        unwanted = self.unwanted - {c.id for c in self.judged.claims if c.number is not None}
        return {name: other for name, other in self.judged.instead.items() if name not in unwanted}


def drops(claim: Claim, policy: Policy, doubted: Mapping[str, float]) -> bool:
    """Does the policy take it out? Lenient: what is contradicted. Balanced: also what is doubted. Strict: all not supported."""
    if policy == "strict":
        return claim.verdict != "supported"
    if claim.verdict == "contradicted":
        return True
    limit = doubted.get(claim.kind, doubted.get("", 0.0))
    return policy == "balanced" and claim.kind != "opinion" and claim.confidence is not None and claim.confidence < limit


def repair(repairs: Sequence[Repair], language: Language, policy: Policy) -> None:
    """Repair captions in place. Each round edits all that still have fallen claims, and reads their new texts together."""
    for turn in range(ROUNDS + 1):
        open_ones = [r for r in repairs if r.reading.doc is not None and r.fallen(policy)]
        texts = []
        for one in open_ones:
            instead = one.instead if turn < REPLACING and policy != "strict" else {}
            text, made = edit(one.reading, one.fallen(policy), instead, whole_sentences=turn == ROUNDS)
            one.edits += made
            texts.append(text)
        for one, reading in zip(open_ones, language.read(texts, ["en"] * len(texts)), strict=True):
            one.reading, one.judged = reading, one.judge(reading)
    for one in repairs:
        if one.reading.doc is not None and (fallen := one.fallen(policy)):
            one.edits.append(blank(one.reading.text, fallen))
            one.reading, one.judged = Reading(""), Judged(())


def blank(text: str, fallen: Sequence[Claim]) -> Edit:
    """Nothing may stay: new readings of what is left kept on finding what does not hold."""
    return Edit(claims=tuple(c.id for c in fallen), rule="drop text", span=(0, len(text)), before=text, after="")


def edit(
    reading: Reading, fallen: Sequence[Claim], instead: Mapping[str, str], *, whole_sentences: bool
) -> tuple[str, list[Edit]]:
    """One round: what every fallen claim needs gone or said otherwise, done together.

    Edits come from the right, so that the span of each is that of the text before it.
    """
    doc = reading.doc
    assert doc is not None
    gone: set[int] = set()
    swapped: dict[int, str] = {}
    things: set[str] = set()  # that stand for another one already: one thing is not said twice
    causes: list[Cause] = []
    falling = {i for c in fallen if c.kind == "object" and c.id not in instead for i in reading.tokens[c.id]}
    for claim in sorted(fallen, key=lambda c: (c.kind != "object", c.span)):
        tokens = reading.tokens[claim.id]
        parent = reading.tokens.get(claim.void or "", tokens)
        near = doc[parent[0]].sent == doc[tokens[0]].sent
        if claim.void is not None and claim.kind != "object" and near and not whole_sentences:
            continue  # it goes with its parent; what words it shares with claims that hold must stay
        if gone.issuperset(tokens):
            continue
        other = instead.get(claim.id)
        new = reworded(doc, tokens, claim, other) if other is not None and other not in things else None
        if other is not None and new is not None and not swapped.keys() & set(tokens):
            swapped |= new
            things |= {other} if claim.kind == "object" else set()
            indices = frozenset(new)
            causes.append((claim, f"replace {claim.kind}", indices))
            gone |= {i for i, word in new.items() if not word}
            continue
        if whole_sentences:
            rule, indices = "drop sentence", frozenset(t.i for t in doc[tokens[0]].sent)
        else:
            rule, indices = removal(doc, tokens, claim.kind, falling)
        causes.append((claim, rule, indices))
        gone |= indices
    text, changes = rewrite(doc, reading.text, gone, {i: word for i, word in swapped.items() if word and i not in gone})
    return text, [as_edit(reading.text, change, causes) for change in reversed(changes)]


def as_edit(text: str, change: Change, causes: Sequence[Cause]) -> Edit:
    """The record of one change: the claims whose removal covers it, else all of the round."""
    covered = set(change.tokens)
    mine = [(claim, rule) for claim, rule, indices in causes if covered & indices]
    names = tuple(dict.fromkeys(claim.id for claim, *_ in mine or causes))
    rule = mine[0][1] if mine else "mend grammar"
    before = text[change.start : change.end]
    return Edit(claims=names, rule=rule, span=(change.start, change.end), before=before, after=change.after)
