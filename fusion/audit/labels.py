"""Which claims of labelled rows are true and which are false, and what each expert did about them.

A row is labelled in one of four ways: a true and a false caption ("negative"), a caption with the objects that are truly there
("objects"), a sentence with a label ("label"), or a verify row whose claims carry "true".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fusion import lexicon
from fusion.evidence import Evidence
from fusion.evidence.belief import Signal
from fusion.facts import Claim
from fusion.language import Reading
from fusion.verdicts.case import Case, Weighing
from fusion.verdicts.judge import limit_for, weigh

KEYS = ("negative", "objects", "label", "claims")


@dataclass(frozen=True)
class Part:
    """What one expert did about a claim: it `stated` it, by the name it has for it, or was silent at so many `looks`."""

    expert: str
    word: str
    stated: bool
    looks: int


@dataclass(frozen=True)
class Labelled:
    """One claim of which the truth is known. `told` are experts that look for such things; `limit` names the limit of
    confidence under which it is contradicted, empty where nothing speaks against it.

    A denied thing ("no people") is weighed as the presence that it denies: `absent`.
    """

    kind: str
    word: str
    true: bool
    signals: tuple[Signal, ...]
    told: tuple[Part, ...]
    limit: str
    supported: bool
    absent: bool
    caption: int


def texts_of(row: Mapping[str, Any]) -> list[str]:
    """The captions of a row, the true one first."""
    return [row["caption"], row["negative"]] if "negative" in row else [row["caption"]]


def labels_of(row: Mapping[str, Any], readings: Sequence[Reading], evidence: Evidence) -> list[dict[str, bool]]:
    """For each caption of a row, its labelled claims by id."""
    first = readings[0].claims
    if "negative" in row:
        return [dict.fromkeys((c.id for c in first), True), pair(*readings)]
    if "objects" in row:
        return [objects(first, row["objects"], evidence)]
    if "label" in row:
        return [sentence(first, bool(row["label"]))]
    marked = {tuple(c["span"]): c["true"] for c in row["claims"] if c.get("true") is not None}
    return [{c.id: marked[c.span] for c in first if c.span in marked}]


def pair(true: Reading, false: Reading) -> dict[str, bool]:
    """A claim of the false caption is false where it stands on a word that the true one lacks."""
    heard = lexicon.rooted([true.text])
    return {c.id: lexicon.share_heard(false.text[slice(*c.span)], heard) == 1 for c in false.claims}


def objects(claims: Iterable[Claim], there: Sequence[str], evidence: Evidence) -> dict[str, bool]:
    """A thing of the list is there; one that the list lacks, and some expert with a vocabulary would know, is not."""
    listing = [w.card for w in evidence.witnesses if w.card.vocabulary]
    found = {}
    for claim in claims:
        if claim.kind != "object" or claim.negated:
            continue
        if any(lexicon.is_a(name, claim.value) or lexicon.is_a(claim.value, name) for name in there):
            found[claim.id] = True
        elif any(card.covers("object", claim.value) for card in listing):
            found[claim.id] = False
    return found


def sentence(claims: Sequence[Claim], label: bool) -> dict[str, bool]:
    """A true sentence claims nothing false; of a false one it is known which claim is, if only one says more than that things are
    there, or there is one thing only.
    """
    said = [c for c in claims if c.kind not in {"object", "opinion"}]
    if label:
        return {c.id: True for c in claims}
    alone = said or [c for c in claims if c.kind == "object"]
    return {alone[0].id: False} if len(alone) == 1 else {}


def labelled(reading: Reading, labels: Mapping[str, bool], evidence: Evidence, caption: int) -> Iterator[Labelled]:
    """The labelled claims of one caption, weighed."""
    case = Case(reading.claims, evidence)
    for claim in reading.claims:
        if claim.id in labels and claim.kind != "opinion":
            w = weigh(case, claim)
            limit = limit_for(claim, w) if w.competing or w.believed else ""
            absent = claim.negated and claim.kind == "object"
            yield Labelled(
                kind=claim.kind, word=claim.value, true=labels[claim.id], signals=tuple(w.signals),
                told=tuple(parts(case, claim, w)), limit=limit, supported=bool(w.support), absent=absent, caption=caption,
            )  # fmt: skip


def parts(case: Case, claim: Claim, w: Weighing) -> Iterator[Part]:
    """What each expert did that looked and would state such a thing; of a quality only where it named what it is of."""
    stating = {f.expert for f in w.support}
    own = case.instance(claim.id)
    if own is not None:  # a detector states a man as a "person"
        stating |= {f.expert for f in own.names if case.evidence.card(f.expert).vocabulary}
    instances = [case.instance(end) for end in (claim.about, claim.to) if end]
    for witness in case.evidence.witnesses:
        if not witness.looked or witness.card.hearsay or not witness.card.covers(claim.kind, claim.value):
            continue
        named = [{f.parent or f.id for f in i.names if f.expert == witness.name} if i is not None else set() for i in instances]
        looks = min((len(ids) for ids in named), default=witness.looks) if claim.kind != "count" else witness.looks
        if looks or witness.name in stating:
            word = witness.card.name_for(claim.value)
            yield Part(witness.name, word, witness.name in stating, max(looks, 1))
