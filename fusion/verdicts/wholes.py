"""Weighs read text, names, and what is said of the whole picture: its scene and style."""

from __future__ import annotations

import re
from html import unescape

from rapidfuzz import fuzz

from fusion import lexicon
from fusion.facts import Claim, Fact
from fusion.verdicts.case import Case, Weighing

PICTURES = frozenset({"photo", "photograph", "picture", "image", "shot"})
WORD = re.compile(r"\w+")
FEWEST_QUOTED = 3
"""Words from which a name may be a whole text, cleaned."""
MOST_READ = 3
"""Texts that a reason names."""
SAME_TEXT = 80.0
"""Similarity of read text, percent: one wrong character in five."""


def weigh_text(case: Case, claim: Claim, w: Weighing) -> None:
    """Read text against what was read, piece by piece and all together."""
    w.add("text")
    wanted = plain(claim.value)
    read = [f for f in case.evidence.loose if f.kind == "text" and not f.negated]
    case.say(w, claim, "text:same", [f for f in read if similar(wanted, plain(f.value))])
    refused = [f for f in case.evidence.loose if f.kind == "text" and f.negated and plain(f.value) == wanted]
    case.rule_out(w, claim, "text:refused", refused)
    if not w.support and read and similar(wanted, plain(" ".join(f.value for f in read))):
        case.say(w, claim, "text:same", read)
    if not w.support and read:
        w.note = "read was " + ", ".join(f"{f.value!r}" for f in read[:MOST_READ]) + ("…" if len(read) > MOST_READ else "")


def weigh_name(case: Case, claim: Claim, w: Weighing) -> None:
    """A name, number or date against names, read text, tags, and at last the words of statements."""
    w.add("name")
    kinds = {"name", "text", "tag"}
    stated = [f for f in case.evidence.everything if f.kind in kinds and not f.negated and contains(f.value, claim.value)]
    statements = [f for f in case.evidence.facts if f.kind == "statement" and told_in(case, f, claim.value)]
    case.say(w, claim, "name:same", stated or statements)


def told_in(case: Case, statement: Fact, wanted: str) -> bool:
    """Does a statement hold these words? Of what others wrote also without what its cleaning took out between them."""
    if contains(statement.value, wanted):
        return True
    words = WORD.findall(wanted.casefold())
    if len(words) < FEWEST_QUOTED or not case.evidence.is_hearsay(statement):
        return False
    text, end = plain(unescape(statement.value)), 0
    for word in map(plain, words):
        place = text.find(word, end)
        if place < 0 and not any(c.isdigit() and word in text for c in word):
            return False
        end = place + len(word) if place >= 0 else end
    return True


def weigh_whole(case: Case, claim: Claim, w: Weighing) -> None:
    """Scene and style: said of the whole picture, by facts of the kind or tags."""
    w.add(claim.kind)
    facts = [f for f in case.evidence.loose if f.kind in {claim.kind, "tag", "scene"}]
    named = [f for i in case.evidence.instances for f in i.names if claim.kind == "scene"]
    same = [f for f in [*facts, *named] if lexicon.is_a(f.value, claim.value) or bare(f.value) == bare(claim.value)]
    case.say(w, claim, "whole:same", [f for f in same if f.negated == claim.negated])
    if not w.support:
        rivals = [f for f in facts if f.negated != claim.negated and lexicon.same(f.value, claim.value)]
        rivals += [
            f for f in facts
            if f.kind == claim.kind and not f.negated and not claim.negated and lexicon.excludes(bare(f.value), bare(claim.value))
        ]  # fmt: skip
        case.rule_out(w, claim, "whole:rival", rivals)
        w.add("whole:unsaid", sum(case.silence(w, claim.kind, claim.value, {f.expert for f in w.competing})))


def bare(style: str) -> str:
    """A style without the word for the picture: "black and white photo" is said of the picture as "black and white"."""
    first, _, last = style.rpartition(" ")
    return first if first and last in PICTURES else style


def plain(text: str) -> str:
    """Letters and digits only, case folded: spacing and punctuation of read text do not matter."""
    return "".join(c for c in text.casefold() if c.isalnum())


def similar(one: str, other: str) -> bool:
    """Do two read texts agree, up to one wrong character in five? Short ones must be equal."""
    if len(one) < 3:
        return bool(one) and one == other
    return fuzz.ratio(one, other) >= SAME_TEXT or (
        len(one) > 4 and len(other) >= len(one) and fuzz.partial_ratio(one, other) >= 90
    )


def contains(text: str, wanted: str) -> bool:
    """Does a text hold these words, one behind the other? "Ross" is not in "across"."""
    words, name = WORD.findall(text.casefold()), WORD.findall(wanted.casefold())
    runs = range(len(words) - len(name) + 1)
    return bool(name) and (any(words[i : i + len(name)] == name for i in runs) or plain(text) == plain(wanted))
