"""What the alt-text of a picture says that a caption may take over: cleaned, and held against what experts saw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fusion.alt_text import agreement, clean, find_names
from fusion.evidence import Evidence
from fusion.facts import Fact, Retention

SEEN = frozenset({"object", "attribute", "scene", "style", "text", "statement", "count", "relation"})
"""Kinds of fact that say what is in the picture; tags and labels were given, as alt-text was."""
TOLD_IN = frozenset({"paragraph", "alt", "sentences"})
"""Forms that hold alt-text as a whole, in different places."""


@dataclass(frozen=True)
class Found:
    """The alt-text of a picture.

    `text` is what cleaning left of it, `fact` the id of its statement. `names` are the names, numbers, dates and brands in it, as
    they stand there. `agrees`: does it speak of what experts saw? None: nobody saw anything that it could be held against.
    `shared`: they use the same word, and do not only name things of one kind.
    """

    text: str
    fact: str
    names: tuple[str, ...] = ()
    agrees: bool | None = None
    shared: bool = False

    def adds_to(self, form: str) -> bool:
        """Does a caption of this form say more for it than the same caption without it?"""
        return self.agrees is True and form in TOLD_IN


def find_found(evidence: Evidence) -> Found | None:
    """The alt-text among the facts; None where there is none, or where nothing is left of it."""
    for fact in evidence.facts:
        if fact.kind == "statement" and not fact.negated and evidence.is_hearsay(fact) and (text := clean(fact.value)):
            met = agreement(text, *seen(evidence)) if any(is_seen(f, evidence) for f in evidence.facts) else None
            return Found(text, fact.id, find_names(text), None if met is None else bool(met), met == "word")
    return None


def seen(evidence: Evidence) -> tuple[list[str], list[str]]:
    """What experts say of the picture in their words, and the things that they name."""
    said = [f for f in evidence.everything if is_seen(f, evidence)]
    words = [f.value for f in said if f.kind != "relation" and f.parent is None]
    return words, [f.value for f in said if f.kind == "object"]


def is_seen(fact: Fact, evidence: Evidence) -> bool:
    """Does somebody who looked state it?"""
    return fact.kind in SEEN and not fact.negated and not evidence.is_hearsay(fact)


def retention(found: Found, texts: Sequence[str]) -> Retention:
    """What of the alt-text these captions hold, in whatever case."""
    said = "\n".join(texts).casefold()
    kept = tuple(name for name in found.names if name.casefold() in said)
    return Retention(text=found.text, agrees=found.agrees, kept=kept, lost=tuple(n for n in found.names if n not in kept))
