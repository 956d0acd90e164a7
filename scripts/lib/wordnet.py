"""What the parser takes from WordNet: lemma tables, and glosses as raw text."""

import re
from collections.abc import Iterator
from pathlib import Path

from spacy.lookups import Lookups

CLOSED = {
    "aux": {w: [lemma] for lemma, ws in {"have": "has had", "do": "does did", "can": "ca", "will": "wo 'll", "would": "'d",
                                         "might": "might", "could": "could", "should": "should"}.items() for w in ws.split()},
    "pron": {w: [lemma] for lemma, ws in {"I": "i me", "he": "him", "they": "them", "we": "us"}.items() for w in ws.split()},
    "det": {"an": ["a"], "these": ["this"], "those": ["that"]},
    "part": {"n't": ["not"], "nt": ["not"], "'nt": ["not"]},
}  # fmt: skip
"""Lemmas of closed classes, which WordNet does not list."""


def lemma_tables(wordnet: Path) -> Lookups:
    """Tables for spaCy's rule lemmatizer from WordNet's word lists, exceptions and morphy's detachment rules."""
    rules = {
        "noun": [["men", "man"], ["ies", "y"], ["ches", "ch"], ["shes", "sh"], ["sses", "ss"], ["xes", "x"],
                 ["zes", "z"], ["ses", "s"], ["ses", "se"], ["s", ""]],
        "verb": [["ies", "y"], ["es", "e"], ["es", ""], ["s", ""], ["ed", ""], ["ed", "e"], ["ing", ""], ["ing", "e"],
                 ["", ""]],
        "adj": [["er", ""], ["est", ""], ["er", "e"], ["est", "e"], ["", ""]],
        "adv": [["", ""]],
        "pron": [["", ""]],
        "det": [["", ""]],
        "part": [["", ""]],
        "punct": [["“", '"'], ["”", '"'], ["‘", "'"], ["’", "'"]],
    }  # fmt: skip
    index, exceptions = {}, {}
    for part in ("noun", "verb", "adj", "adv"):
        lines = (wordnet / f"index.{part}").read_text(encoding="utf-8").splitlines()
        words = (line.split(" ", 1)[0] for line in lines if not line.startswith(" "))
        index[part] = sorted(w for w in words if w.isalpha())
        pairs = [line.split() for line in (wordnet / f"{part}.exc").read_text().splitlines()] if part != "adv" else []
        exceptions[part] = {p[0]: p[1:2] for p in pairs if len(p) > 1 and p[0].isalpha()}
    be = {w: ["be"] for w in ("am", "is", "are", "was", "were", "been", "being", "'s", "'re", "'m")}
    exceptions["verb"] |= be | {"'ve": ["have"], "'d": ["have"]}
    exceptions["aux"] = exceptions["verb"] | CLOSED["aux"]
    exceptions |= {part: CLOSED[part] for part in ("pron", "det", "part")}
    tables = Lookups()
    tables.add_table("lemma_rules", rules)
    tables.add_table("lemma_index", index)
    tables.add_table("lemma_exc", exceptions)
    return tables


SHORTEST_GLOSS = 4
"""Words; shorter ones have no context to learn from."""


def glosses(wordnet: Path) -> Iterator[str]:
    """Definitions and example sentences, much of them noun phrases as captions are."""
    for part in ("noun", "verb", "adj", "adv"):
        for line in (wordnet / f"data.{part}").read_text(encoding="utf-8").splitlines():
            if line.startswith("  ") or "|" not in line:
                continue
            gloss = line.split("|", 1)[1].strip()
            examples = re.findall(r'"([^"]+)"', gloss)
            definitions = (piece.strip(" ;,-") for piece in re.sub(r'"[^"]*"', "", gloss).split(";"))
            yield from (text for text in [*examples, *definitions] if len(text.split()) >= SHORTEST_GLOSS)
