"""What the alt-text of a picture says that a caption may take over: cleaned, and held against what experts saw."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from fusion import lexicon
from fusion.alt_text import Agreement, agreement, clean, find_names, persons
from fusion.evidence import Evidence
from fusion.facts import Claim, Fact, Retention
from fusion.verdicts.judge import judge
from fusion.write.quotes import claims_of

SEEN = frozenset({"object", "attribute", "scene", "style", "text", "statement", "count", "relation"})
"""Kinds of fact that say what is in the picture; tags and labels were given, as alt-text was."""
NAMING = frozenset({"object", "scene", "statement"})
"""Kinds of fact of those who name what is there; who only sees colours or reads text is silent of all else."""
SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[\"'“(]?[A-Z0-9])")
SHORT_FORM = re.compile(
    r"\b(?:[A-Z]|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|Mr|Mrs|Ms|Dr|St|Sgt|Lt|Col|Gen|Brig|Capt|No|Vol|vs|Calif)\.$"
)
REACH = 2
"""Sentences of an alt-text from one that agrees with what was seen to another that is told with it."""
DENIES = re.compile(
    r"\bthere (?:is|are) no\b|, not an? \w|\bno \w+ (?:here|visible|in (?:the|this) (?:picture|image|photo))\b",
    re.IGNORECASE,
)
"""What says that something is not in the picture describes none."""
NO_NUMBER_BEFORE, NO_NUMBER_BEHIND = r"(?<!\d[.,:])", r"(?![.,:]\d)"
"""What a digit may not touch at the ends of a name: "5" is not kept in "1.5" or "5:30"."""
TOLD_IN = frozenset({"paragraph", "alt", "sentences"})
"""Forms that hold alt-text as a whole, in different places."""


@dataclass(frozen=True)
class Found:
    """The alt-text of a picture.

    `text` is what cleaning left of it, `fact` the id of its statement. `names` are the names, numbers, dates and brands in it, as
    they stand there. `agrees`: does it speak of what experts saw? None: nobody saw anything that it could be held against.
    `shared`: they use the same word, and do not only name things of one kind; or it names a person, and who saw one says no more.
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
    """The alt-text among the facts; None where there is none, or where nothing is left of it.

    Sentence by sentence: what other facts contradict is not told, and what shares nothing with what was seen only beside a
    sentence that does.
    """
    for fact in evidence.facts:
        if fact.kind == "statement" and not fact.negated and evidence.is_hearsay(fact) and (text := clean(fact.value)):
            if not any(is_seen(f, evidence) and f.kind in NAMING for f in evidence.facts):
                read = read_on(text, evidence)
                return Found(text, fact.id, find_names(text), True if read else None, read)
            return held(text, fact, evidence)
    return None


def held(text: str, statement: Fact, evidence: Evidence) -> Found:
    """An alt-text held against what was seen."""
    said = sentences(text)
    wrong = [one for one in said if is_contested(one, statement, evidence)]
    met: list[Agreement] = ["" if one in wrong else meeting(one, evidence) for one in said]
    near = [any(met[max(n - REACH, 0) : n + REACH + 1]) and one not in wrong for n, one in enumerate(said)]
    told = " ".join(one for one, kept in zip(said, near, strict=True) if kept) or text
    plain = not any(f.kind == "statement" and is_seen(f, evidence) for f in evidence.facts)
    return Found(told, statement.id, find_names(told), any(near), "word" in met or (any(near) and plain and bool(persons(told))))


def sentences(text: str) -> list[str]:
    """The sentences of an alt-text; "Oct. 5" and "Sgt. Owen" are no two."""
    found: list[str] = []
    for one in SENTENCE.split(text):
        if found and SHORT_FORM.search(found[-1]):
            found[-1] += f" {one}"
        elif one.strip():
            found.append(one)
    return found


def meeting(text: str, evidence: Evidence) -> Agreement:
    """How a sentence meets what was seen; one that names a person is of the kind of any person."""
    words, nouns = seen(evidence)
    met = agreement(text, words, nouns)
    person = not met and bool(persons(text)) and any("person" in lexicon.main_category(noun) for noun in nouns)
    return "kind" if person else met


def read_on(text: str, evidence: Evidence) -> bool:
    """Where nobody named things: does it speak of what was read in the picture?"""
    return agreement(text, [f.value for f in evidence.facts if f.kind == "text" and is_seen(f, evidence)]) == "word"


def is_contested(sentence: str, statement: Fact, evidence: Evidence) -> bool:
    """Do facts compete with something that this sentence of an alt-text says, or does it say what is not there?"""
    if DENIES.search(sentence):
        return True
    own = agreement_words(sentence)
    for read in evidence.sentences:
        words = agreement_words(read.text)
        if read.statement is not statement or 2 * len(own & words) < min(len(own), len(words)) or not own & words:
            continue
        judged, _ = judge(claims_of(read.facts), evidence)
        if any(contests(claim, evidence) for claim in judged):
            return True
    return False


def agreement_words(text: str) -> frozenset[str]:
    """The words by which a sentence is known again in the text that it was cleaned from."""
    return frozenset(re.findall(r"\w+", text.casefold()))


def contests(claim: Claim, evidence: Evidence) -> bool:
    """Is a claim contradicted by facts that compete with it, of another number than was seen, or of what is absent?"""
    if claim.kind == "count" and not claim.at_least and (claim.number or 0) > 1 and claim.about is not None:
        return counted(claim, evidence) > (claim.number or 0)
    return claim.verdict == "contradicted" and bool(claim.evidence)


def counted(claim: Claim, evidence: Evidence) -> int:
    """How many of a thing one expert found, each with a box of its own."""
    found: dict[str, int] = {}
    for instance in evidence.instances:
        for author in {f.expert for f in instance.names if f.box is not None and same_noun(f.value, claim.value)}:
            found[author] = found.get(author, 0) + 1
    return max(found.values(), default=0)


def same_noun(one: str, other: str) -> bool:
    """Do two words name the same kind of thing, in whatever number?"""
    return lexicon.same(lexicon.singular(one), lexicon.singular(other))


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
