"""A treebank in CoNLL-U as spaCy's training wants it, with its own trees rewritten to look like captions."""

import gzip
import random
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example
from spacy.util import registry

from fusion.lexicon import article, third_person

BE = {"be"}
LONGEST_FRAGMENT = 20
"""Tokens."""
FRAGMENTS = 0.35
"""Share of the sentences of which a noun phrase is shown as well in each pass."""

Row = dict[str, Any]
"""One token: form, lemma, pos, tag, morph, head (index in the sentence, itself at the root), dep, space."""


def read_sentences(path: Path) -> Iterator[tuple[str, list[Row]]]:
    """Yield (document id, tokens) for each sentence of a gzipped CoNLL-U file."""
    document, rows = "", []
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            line = line.rstrip("\n")
            if line.startswith("# sent_id"):
                document = line.split("=", 1)[1].strip().rsplit("-", 1)[0]
            elif line and not line.startswith("#"):
                rows.append(token_row(line.split("\t"), len(rows)))
            elif not line and rows:
                yield document, rows
                rows = []
    if rows:
        yield document, rows


def token_row(columns: list[str], index: int) -> Row:
    form, lemma, pos, tag, morph, head, dep = columns[1:8]
    return {
        "form": form,
        "lemma": lemma,
        "pos": pos,
        "tag": tag,
        "morph": "" if morph == "_" else morph,
        "head": int(head) - 1 if int(head) else index,
        "dep": dep,
        "space": "SpaceAfter=No" not in columns[9],
    }


def subset(rows: list[Row], keep: list[int]) -> list[Row]:
    """The tokens at `keep`, heads renumbered; every head of a kept token must be kept too."""
    place = {old: new for new, old in enumerate(keep)}
    return [rows[i] | {"head": place[rows[i]["head"]]} for i in keep]


def without_final_stop(rows: list[Row]) -> list[Row]:
    last = len(rows) - 1
    if last < 1 or rows[last]["form"] not in {".", "!"} or any(r["head"] == last for r in rows[:last]):
        return rows
    return subset(rows, list(range(last)))


def lower_cased(rows: list[Row]) -> list[Row]:
    return [r | {"form": r["form"].lower()} for r in rows]


def below(rows: list[Row], top: int) -> set[int]:
    """Indices of the subtree under `top`."""
    children = defaultdict(list)
    for i, r in enumerate(rows):
        if r["head"] != i:
            children[r["head"]].append(i)
    found, stack = set(), [top]
    while stack:
        i = stack.pop()
        found.add(i)
        stack.extend(children[i])
    return found


def as_noun_phrase(rows: list[Row]) -> list[Row] | None:
    """ "The man was riding a wave." as "The man riding a wave": the subject heads its participle.

    None where the clause has no noun subject in front of a form of "be" and a participle.
    """
    verb = next(i for i, r in enumerate(rows) if r["head"] == i)
    if rows[verb]["tag"] not in {"VBG", "VBN"}:
        return None
    subjects = [i for i, r in enumerate(rows) if r["head"] == verb and r["dep"] in {"nsubj", "nsubjpass"}]
    helpers = [i for i, r in enumerate(rows) if r["head"] == verb and r["dep"] in {"aux", "auxpass"}]
    if len(subjects) != 1 or not helpers or any(rows[i]["lemma"] not in BE for i in helpers):
        return None
    subject = subjects[0]
    if rows[subject]["pos"] != "NOUN" or subject > verb:
        return None
    drop = set(helpers)
    for i, r in enumerate(rows):
        if r["head"] == verb and (i < min(below(rows, subject)) or r["dep"] in {"neg", "parataxis", "ccomp", "punct"}):
            drop |= below(rows, i) if r["dep"] not in {"aux", "auxpass"} else {i}
    keep = [i for i in range(len(rows)) if i not in drop]
    if any(rows[i]["head"] not in keep for i in keep) or len(keep) < 3:
        return None
    changed = [dict(r) for r in rows]
    changed[subject] |= {"head": subject, "dep": "ROOT"}
    changed[verb] |= {"head": subject, "dep": "acl"}
    for i in range(subject + 1, verb):  # what stood between subject and verb and belonged to the verb stays with it
        if changed[i]["head"] == subject and changed[i]["dep"] == "punct":
            changed[i]["head"] = verb
    return subset(changed, keep)


def as_present(rows: list[Row]) -> list[Row] | None:
    """ "The man sat on a bench." as "A man sits on a bench.": captions tell what running text told in the past.

    None where the sentence has no verb in the past with a subject of the third person.
    """
    changed = [dict(r) for r in rows]
    for i, r in enumerate(rows):
        if r["tag"] != "VBD":
            continue
        plural = subject_is_plural(rows, i)
        if plural is None:
            return None
        changed[i]["form"] = {("be", True): "are", ("be", False): "is"}.get(
            (r["lemma"], plural), r["lemma"] if plural else third_person(r["lemma"])
        )
        number = "Number=Plur" if plural else "Number=Sing"
        changed[i] |= {"tag": "VBP" if plural else "VBZ", "morph": f"Mood=Ind|{number}|Person=3|Tense=Pres|VerbForm=Fin"}
    if changed == rows:
        return None
    first, after = changed[0], changed[1]
    if first["form"] == "The" and rows[first["head"]]["tag"] == "NN":
        changed[0] |= {"form": article(after["form"]).capitalize(), "lemma": "a", "morph": "Definite=Ind|PronType=Art"}
    return changed


def as_fragment(rows: list[Row], rng: random.Random) -> list[Row] | None:
    """One of the sentence's noun phrases alone, "the trees in the background", where one says more than its noun."""
    tops = [
        i
        for i, r in enumerate(rows)
        if r["tag"] in {"NN", "NNS"}
        and r["head"] != i
        and any(c["head"] == i and c["dep"] in {"prep", "acl", "relcl", "conj", "amod"} for c in rows)
    ]
    if not tops:
        return None
    top = rng.choice(tops)
    keep = sorted(below(rows, top))
    if not 3 <= len(keep) <= LONGEST_FRAGMENT or keep != list(range(keep[0], keep[-1] + 1)) or rows[keep[0]]["dep"] == "punct":
        return None
    changed = [dict(r) for r in rows]
    changed[top] |= {"head": top, "dep": "ROOT"}
    return subset(changed, keep)


def without_articles(rows: list[Row]) -> list[Row]:
    """ "Man riding wave on surfboard": many captions leave articles out, and often the forms of "be"."""
    dropped = {i for i, r in enumerate(rows) if r["dep"] == "det" and r["form"].lower() in {"a", "an", "the"}}
    dropped -= {r["head"] for r in rows}
    return subset(rows, [i for i in range(len(rows)) if i not in dropped]) if len(rows) - len(dropped) > 1 else rows


def subject_is_plural(rows: list[Row], verb: int) -> bool | None:
    """Whether a verb's subject is plural; a joined verb has that of the first. None if it has none of the third person."""
    subjects = [r for i, r in enumerate(rows) if r["head"] == verb and r["dep"] in {"nsubj", "nsubjpass"} and i != verb]
    if not subjects and rows[verb]["dep"] == "conj" and rows[rows[verb]["head"]]["tag"] == "VBD":
        return subject_is_plural(rows, rows[verb]["head"])
    if len(subjects) != 1 or subjects[0]["tag"] not in {"NN", "NNS", "NNP", "PRP"}:
        return None
    if subjects[0]["tag"] == "PRP" and subjects[0]["form"].lower() not in {"he", "she", "it", "they"}:
        return None
    return subjects[0]["tag"] == "NNS" or subjects[0]["form"].lower() == "they"


def to_doc(nlp: Language, sentences: list[list[Row]]) -> Doc:
    rows, heads = [], []
    for sentence in sentences:
        heads += [r["head"] + len(rows) for r in sentence]
        rows += sentence
    return Doc(
        nlp.vocab,
        words=[r["form"] for r in rows],
        spaces=[r["space"] for r in rows],
        tags=[r["tag"] for r in rows],
        pos=[r["pos"] for r in rows],
        morphs=[r["morph"] for r in rows],
        lemmas=[r["lemma"] for r in rows],
        heads=heads,
        deps=[r["dep"] for r in rows],
    )


def examples(nlp: Language, documents: list[list[list[Row]]]) -> Iterator[Example]:
    for sentences in documents:
        reference = to_doc(nlp, sentences)
        yield Example(nlp.make_doc(reference.text), reference)


def varied(sentences: list[tuple[str, list[Row]]], rng: random.Random) -> list[list[list[Row]]]:
    """Documents of one to three neighbouring sentences, some changed as the head of this file says."""
    documents: list[list[list[Row]]] = []
    before, wanted = "", 1
    for document, rows in sentences:
        shape = rng.random()
        if shape < 0.15:
            rows = without_final_stop(rows)
        if shape < 0.07:
            rows = lower_cased(rows)
        if document == before and shape >= 0.15 and len(documents[-1]) < wanted:
            documents[-1].append(rows)
        else:
            documents.append([rows])
            wanted = rng.choice((1, 1, 2, 3))
        before = document if shape >= 0.15 else ""
        fragment = as_fragment(rows, rng) if rng.random() < FRAGMENTS else None
        for rewritten in filter(None, (as_noun_phrase(rows), as_present(rows), fragment)):
            shown = without_final_stop(rewritten) if rng.random() < 0.5 else rewritten
            shown = without_articles(shown) if rng.random() < 0.35 else shown
            documents.append([lower_cased(shown) if rng.random() < 0.3 else shown])
            before = ""
    return documents


def shown(rows: list[Row], rng: random.Random) -> list[list[Row]]:
    """A sentence of the teacher's as a document of its own, sometimes in small letters."""
    return [lower_cased(rows) if rng.random() < 0.15 else rows]


@registry.readers("caption_treebank")
def caption_treebank(part: str, path: str | None, silver: str | None, share: int) -> Callable[[Language], Iterator[Example]]:
    """Reader for the training loop: shuffled anew on each pass for `train`, as it stands else.

    Each pass for `train` also shows `share` of the sentences that the teacher parsed, in `silver`.
    """
    sentences = list(read_sentences(Path(str(path), f"{part}.conllu.gz")))
    taught = [rows for _, rows in read_sentences(Path(silver))] if silver and part == "train" else []
    rng = random.Random(0)

    def read(nlp: Language) -> Iterator[Example]:
        if part != "train":
            yield from examples(nlp, [[rows] for _, rows in sentences])
            return
        documents = varied(sentences, rng) + [shown(rows, rng) for rows in rng.sample(taught, min(share, len(taught)))]
        rng.shuffle(documents)
        yield from examples(nlp, documents)

    return read
