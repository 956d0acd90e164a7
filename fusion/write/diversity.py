"""How much the captions of a picture say together, how much alike they are, and which say nearly what another one says.

BLEU and distinct-n are written out here, some forty lines: the libraries that have them (nltk, sacrebleu) would come with
tokenizers, corpora and reports that nothing else here needs, and each smooths in its own way, which would move the figures.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence, Set
from functools import lru_cache
from itertools import combinations
from math import exp, log

from fusion import lexicon
from fusion.evidence import Evidence
from fusion.facts import Caption, Claim, Diversity, Fact
from fusion.write.brief import jaccard
from fusion.write.material import Material, find_material
from fusion.write.quotes import same_for
from fusion.write.styles import load_styles, names

ORDERS = 4
"""Words in the longest run that BLEU counts."""
EPSILON = 0.1
"""Matches that stand for none: smoothing method 1 of Chen and Cherry, A Systematic Comparison of Smoothing Techniques, 2014."""
SAME_WORDS = 0.8
"""Jaccard index of the words of two texts from which they say nearly the same: one word in nine differs, or less."""
SAME_FACTS = 0.9
"""Jaccard index of the facts of two texts from which fewer words in common are enough."""
SOME_WORDS = 0.5
"""The words in common that are enough then."""
WORD = re.compile(r"\w+(?:['’]\w+)?")
EMPTY = frozenset(
    "a an the there is are be being was were it this that of and with can as well picture photo photograph image shows "
    "seen".split()
)
"""Words that say nothing of what a picture shows."""


def measure(
    evidence: Evidence,
    captions: Sequence[Caption],
    *,
    replaced: int = 0,
    material: Material | None = None,
    lists: Collection[str] | None = None,
) -> Diversity:
    """What the captions of a picture tell of it together, and how they differ.

    What can be told are the facts that the material holds (None: all that can be said of the picture): things, their qualities,
    relations, scenes, styles, texts, tags, and what quotable sentences say; facts that say the same of the same thing count once.
    What a caption tells are the facts that its supported claims rest on, not those that its brief held. The texts of captions in
    styles that are lists (`lists`, by name; None: the built-in ones) are not compared.
    """
    can = tellable(evidence, material or find_material(evidence))
    told = [told_by(one, evidence) & can for one in captions]
    bare = lists_built_in() if lists is None else lists
    texts = [one.text for one in captions if one.style not in bare]
    return Diversity(
        coverage=round(coverage(can, frozenset().union(*told)), 4),
        overlap=round(fact_overlap(told), 4),
        self_bleu=round(self_bleu(texts), 4),
        distinct_2=round(distinct(texts, 2), 4),
        replaced=replaced,
    )


@lru_cache(maxsize=1)
def lists_built_in() -> frozenset[str]:
    """The built-in styles that are lists, joined by commas, or for machines."""
    return frozenset(style.name for style in load_styles(list(names())) if not style.is_prose)


# What is told


def tellable(evidence: Evidence, material: Material) -> frozenset[str]:
    """What the material holds, facts that say the same as one."""
    facts = [f for t in material.things for i in t.instances for f in (i.names[0], *t.attributes)]
    facts += [r.fact for r in material.relations]
    facts += [*material.scenes, *material.looks, *material.texts, *material.labels, *material.tags]
    facts += [f for q in material.quotes for f in q.facts if not f.negated]
    return frozenset(same_for(f, evidence) for f in facts)


def told_by(caption: Caption, evidence: Evidence) -> frozenset[str]:
    """What a caption tells: the facts that its supported claims rest on, those that say the same as one."""
    facts = {f.id: f for f in evidence.everything}
    told = [(c, facts[name]) for c in caption.claims if c.verdict == "supported" for name in c.evidence if name in facts]
    return frozenset(same_for(fact, evidence) for claim, fact in told if rests_on(claim, fact))


def rests_on(claim: Claim, fact: Fact) -> bool:
    """Does the fact speak for the claim? A claim names those that dispute it as well."""
    return claim.negated == fact.negated and fact.kind != "statement" and not lexicon.excludes(claim.value, fact.value)


def coverage(can: Set[str], told: Set[str]) -> float:
    """The share of what can be told that is told, 0..1; 0 where nothing can be."""
    return len(can & told) / len(can) if can else 0.0


def fact_overlap(sets: Sequence[Set[str]]) -> float:
    """Mean Jaccard index of two sets of all pairs, 0..1; 0 for fewer than two sets. Two empty sets have nothing in common."""
    return mean(jaccard(one, other) for one, other in combinations(sets, 2))


def mean(figures: Iterable[float]) -> float:
    """The mean; 0 of none."""
    known = list(figures)
    return sum(known) / len(known) if known else 0.0


# How it is told


def self_bleu(texts: Sequence[str]) -> float:
    """Mean BLEU-4 of each text against all others, 0..1: the higher, the more alike (Zhu et al., Texygen, 2018).

    0 for fewer than two texts. Words are compared in lower case, without punctuation.
    """
    split = [words(text) for text in texts]
    if len(split) < 2:
        return 0.0
    return mean(bleu(one, [other for place, other in enumerate(split) if place != n]) for n, one in enumerate(split))


def bleu(text: Sequence[str], references: Sequence[Sequence[str]]) -> float:
    """BLEU of one text against references (Papineni et al. 2002): runs of one to four words, weighted alike, zeros smoothed."""
    found = [precision(text, references, order) for order in range(1, ORDERS + 1)]
    if not text or not found[0][0]:
        return 0.0
    length = min((len(r) for r in references), key=lambda known: (abs(known - len(text)), known))
    brevity = min(1.0, exp(1 - length / len(text)))
    return brevity * exp(sum(log((hits or EPSILON) / all_runs) for hits, all_runs in found) / ORDERS)


def precision(text: Sequence[str], references: Sequence[Sequence[str]], order: int) -> tuple[int, int]:
    """Runs of words that a reference has too, each at most as often as one of them has it; and all runs, at least one."""
    own = Counter(runs(text, order))
    known = [Counter(runs(reference, order)) for reference in references]
    return sum(min(number, max(k[run] for k in known)) for run, number in own.items()), max(own.total(), 1)


def distinct(texts: Sequence[str], order: int = 2) -> float:
    """Different runs of so many words, of all runs in all texts, 0..1 (Li et al., A Diversity-Promoting Objective, 2016)."""
    all_runs = [run for text in texts for run in runs(words(text), order)]
    return len(set(all_runs)) / len(all_runs) if all_runs else 0.0


def words(text: str) -> list[str]:
    """The words of a text in lower case."""
    return WORD.findall(text.casefold())


def runs(text: Sequence[str], order: int) -> list[tuple[str, ...]]:
    """All runs of so many words."""
    return [tuple(text[start : start + order]) for start in range(len(text) - order + 1)]


# What is said twice


def near_duplicates(texts: Sequence[str], told: Sequence[Set[str]] | None = None) -> list[int]:
    """Places of texts that say nearly the same as an earlier one that is no such repetition itself.

    Texts are sets of words, those left out that say nothing of what is shown (articles, "there is", "the picture shows"), and in
    the singular. Two say nearly the same from a Jaccard index of `SAME_WORDS` on; where `told` holds what each tells
    (`told_by`), also from `SOME_WORDS` on if they tell the same by `SAME_FACTS`. A short text that a long one contains is none:
    it is short. Lists should be left out: they share their words with everything.

    Raises:
        ValueError: `told` has another length than the texts.
    """
    if told is not None and len(told) != len(texts):
        raise ValueError(f"told: expected one set for each of {len(texts)} texts, got {len(told)}")
    content = [telling(text) for text in texts]
    kept: list[int] = []
    found: list[int] = []
    for place, own in enumerate(content):
        if any(nearly(own, content[k], *((told[place], told[k]) if told is not None else ())) for k in kept):
            found.append(place)
        else:
            kept.append(place)
    return found


def nearly(one: Set[str], other: Set[str], facts: Set[str] = frozenset(), others: Set[str] = frozenset()) -> bool:
    """Are two sets of words, or of facts and then some words, almost one?"""
    alike = jaccard(one, other)
    return one == other or alike >= SAME_WORDS or (alike >= SOME_WORDS and jaccard(facts, others) >= SAME_FACTS)


def telling(text: str) -> frozenset[str]:
    """The words of a text that say what is shown, in the singular; all of them if there are no others."""
    all_words = words(text)
    return frozenset(lexicon.singular(w) for w in all_words if w not in EMPTY) or frozenset(all_words)
