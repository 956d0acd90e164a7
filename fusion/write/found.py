"""What the alt-text of a picture says that a caption may take over: cleaned, and held against what experts saw."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from fusion.alt_text import agreement, clean, find_names
from fusion.evidence import Evidence
from fusion.facts import Fact, Retention

SEEN = frozenset({"object", "attribute", "scene", "style", "text", "statement", "count", "relation"})
"""Kinds of fact that say what is in the picture; tags and labels were given, as alt-text was."""
NO_NUMBER_BEFORE, NO_NUMBER_BEHIND = r"(?<!\d[.,:])", r"(?![.,:]\d)"
"""What a digit may not touch at the ends of a name: "5" is not kept in "1.5" or "5:30"."""
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
        return self.agrees is True and (form in TOLD_IN or (form == "prompt" and self.shared and bool(self.names)))


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
    """What of the alt-text these captions hold, in whatever case, as whole words: the "19" of "2019" is not kept."""
    said = "\n".join(texts).casefold()
    kept = tuple(name for name in found.names if holds(said, name.casefold()))
    return Retention(text=found.text, agrees=found.agrees, kept=kept, lost=tuple(n for n in found.names if n not in kept))


def holds(text: str, name: str) -> bool:
    """Does a text hold a name that is no part of a longer word or number? A mark at its ends may touch anything ("C++", "$5")."""
    start = r"(?<!\w)" + NO_NUMBER_BEFORE * name[:1].isdigit() if is_word(name[:1]) else ""
    end = r"(?!\w)" + NO_NUMBER_BEHIND * name[-1:].isdigit() if is_word(name[-1:]) else ""
    return re.search(start + re.escape(name) + end, text) is not None


def is_word(character: str) -> bool:
    """Is it a letter or a digit?"""
    return character.isalnum() or character == "_"
