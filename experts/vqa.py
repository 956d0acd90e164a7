"""Asks a vision-language model whether single claims hold.

Library: transformers (Apache-2.0), torch (BSD-3-Clause). Weights have licences of their own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import msgspec
from PIL.Image import Image

from experts import torch_models
from experts.captioner.models import ANSWERS, INSTALL, Model, Source
from fusion import lexicon
from fusion.errors import ConfigError, ExpertError
from fusion.expert import Card, Expert
from fusion.facts import Claim, Fact, Sample

PROMPTS = {
    "blip": "{question}",
    "blip-2": "Question: {question} Answer:",
    "git": "{question}",
    "paligemma": "answer en {question}",
    "vilt": "{question}",
}
"""How a question is put to a model of a type; CHAT where it is not here."""
CHAT = "{question} Answer with yes or no."
NO_ANSWERS = frozenset({"BlipForConditionalGeneration", "VisionEncoderDecoderModel"})
"""Models that describe, and answer nothing."""

PLACES = frozenset(
    "on in at by with without near next left right above below under beneath behind inside outside beside over around round "
    "between against across along among atop close far to from of off into onto through toward towards underneath within ahead "
    "away up down alongside adjacent opposite like past back".split()
)
"""First words of relations that need no verb but "to be"."""
STATES = frozenset("have contain own resemble belong lack include consist".split())
"""Verbs of which nobody says that something is doing it."""
DONE = {
    "make": "made", "fill": "filled", "cover": "covered", "build": "built", "stuff": "stuffed", "decorate": "decorated",
    "attach": "attached", "tie": "tied", "connect": "connected", "mount": "mounted", "top": "topped", "load": "loaded",
    "pack": "packed", "perch": "perched", "park": "parked", "dress": "dressed", "stack": "stacked", "line": "lined",
}  # fmt: skip
"""Participles of verbs that with a preposition say what was done to a thing ("make of", "fill with")."""
SIDES = {f"{to}{side} of": f"to the {side} of" for to in ("to ", "") for side in ("left", "right")}


@dataclass(frozen=True)
class _Asked:
    """A question, and the fact that a yes stands for."""

    question: str
    fact: Fact


class Vqa(Expert):
    """Answers claims by asking a model about the picture: objects, numbers, attributes and relations, each by a yes or a no.

    It states nothing of its own. An answer is a fact of the claim's kind whose score is the probability of "yes" among
    "yes" and "no", or a negated one with that of "no", if it reaches `threshold` (over .5, at most 1); there is no answer
    between the two. `data["question"]` keeps what was asked. Attributes and relations are answered of objects that facts before
    know by that noun, a kind of it, or a more general one; without such a fact there is no answer.

    `model` is a folder, or with `download` a name on the Hugging Face hub: a model with the answers yes and no among its
    labels (ViLT), or one that writes (BLIP for questions, BLIP-2, LLaVA, Qwen2-VL, SmolVLM). `prompt` is what it is told
    around `{question}`; empty for what models of its type are used to. The other options are those of `captioner`.

    Raises:
        ConfigError: an option is out of range.
        ExpertError: the model is not there, cannot be loaded, or cannot answer yes or no.
        MissingExtra: torch or transformers is not installed.
    """

    requires: ClassVar[Mapping[str, str]] = {"torch": INSTALL, "transformers": INSTALL}
    # Not measured: guesses, wide. Models say yes too readily, and count badly. It states nothing unasked, so that its silence
    # says nothing and the vocabulary is empty. `fusion calibrate` gives real rates.
    card: Card = Card(
        sees=("attribute", "count", "object", "relation"),
        vocabulary=(),
        precision={"object": 0.8, "count": 0.65, "attribute": 0.7, "relation": 0.65},
        recall=0.0,
    )

    def __init__(
        self,
        model: str,
        threshold: float = 0.75,
        prompt: str = "",
        device: str = "",
        precision: str = "",
        batch: int = 8,
        sha256: str = "",
        trusted: bool = False,
        download: bool = False,
    ) -> None:
        if not 0.5 < threshold <= 1:
            raise ConfigError(f"threshold: expected over .5 and at most 1, got {threshold}", hint="at .5 yes and no are alike")
        if prompt and "{question}" not in prompt:
            raise ConfigError(f"prompt: expected a text with {{question}} in it, got {prompt!r}")
        if batch < 1:
            raise ConfigError(f"batch: expected at least 1, got {batch}")
        self._threshold, self._batch = threshold, batch
        loaded = Model(Source(model, device, precision, sha256, trusted, download), ANSWERS)
        if loaded.class_name in NO_ANSWERS:
            message = f"model: expected one that answers questions, got a {loaded.class_name}"
            raise ExpertError(message, hint="such as ViLT or BLIP for questions, BLIP-2, LLaVA, Qwen2-VL or SmolVLM")
        self._prompt = prompt or ("" if loaded.chats else PROMPTS.get(loaded.type, "")) or CHAT
        self._yes, self._no = _words(loaded.tokenizer) if loaded.writes else _labels(loaded.labels)
        self._model: Model | None = loaded
        self.card = msgspec.structs.replace(self.card, version=loaded.version)

    def look(self, sample: Sample) -> list[Fact]:
        """Nothing: it only answers."""
        return []

    def ask(self, sample: Sample, claims: Sequence[Claim]) -> list[Fact]:
        """Answers to the claims that have no verdict, or are unverified; others only lend their nouns.

        Raises:
            ExpertError: there is no picture, the expert is closed, or the model fails.
        """
        asked = questions(claims, sample.facts)
        if not asked:
            return []
        if sample.image is None:
            raise ExpertError(f"expected a picture of {sample.id!r}, got none", hint="questions are about pixels")
        likely = self._answers(sample.image.convert("RGB"), [one.question for one in asked])
        found = [self._answer(one, yes) for one, yes in zip(asked, likely, strict=True)]
        return [fact for fact in found if fact is not None]

    def _answer(self, asked: _Asked, yes: float) -> Fact | None:
        score = max(yes, 1 - yes)
        if score < self._threshold:
            return None
        return msgspec.structs.replace(asked.fact, score=score, negated=yes < 0.5, data={"question": asked.question})

    def _answers(self, image: Image, asked: Sequence[str]) -> list[float]:
        """The probability of yes, for each question."""
        model = self._model
        if model is None:
            raise ExpertError("expected an open expert, got one that was closed", hint="make a new one")
        prompts = [self._prompt.replace("{question}", question) for question in asked]
        # Those of equal length go together: some models read the padding of the shorter ones as words.
        lengths = [len(model.tokenizer(prompt)["input_ids"]) for prompt in prompts]
        found = dict.fromkeys(range(len(prompts)), 0.5)
        for length in sorted(set(lengths)):
            places = [place for place, own in enumerate(lengths) if own == length]
            found.update(zip(places, self._run(model, image, [prompts[place] for place in places]), strict=True))
        return [found[place] for place in range(len(prompts))]

    def _run(self, model: Model, image: Image, prompts: Sequence[str]) -> list[float]:
        def run(part: Sequence[str]) -> list[float]:
            score = model.next_logits if model.writes else model.label_logits
            logits = score([image] * len(part), part)
            yes, no = logits[:, self._yes].logsumexp(dim=-1), logits[:, self._no].logsumexp(dim=-1)
            return [float(one) for one in (yes - no).sigmoid().tolist()]

        try:
            return torch_models.in_batches(run, prompts, self._batch)
        except ExpertError:
            raise
        except Exception as error:  # any kind: torch, transformers and its processors each raise their own
            message = f"{model.name} fails: {type(error).__name__}: {error}"
            raise ExpertError(message, hint="check the model, its processor and the prompt") from error

    def close(self) -> None:
        """Let go of the model, and of the memory that it holds."""
        if self._model is not None:
            self._model = None
            torch_models.release()


def questions(claims: Sequence[Claim], facts: Sequence[Fact]) -> list[_Asked]:
    """What to ask about the claims, each question once; those that facts say were answered before are left out."""
    nouns = {claim.id: claim for claim in claims if claim.kind == "object"}
    done = {str((fact.data or {}).get("question")) for fact in facts}
    found: dict[str, _Asked] = {}
    for claim in claims:
        if claim.verdict in (None, "unverified"):
            for one in _question(claim, nouns, facts):
                if one.question not in done:
                    found.setdefault(one.question, one)
    return list(found.values())


def _question(claim: Claim, nouns: Mapping[str, Claim], facts: Sequence[Fact]) -> Iterator[_Asked]:
    """The question for a claim; none for kinds that are not judged, and where it is about nothing that is known."""
    if claim.kind == "object":
        be = "Are" if _is_plural(claim.value) else "Is"
        yield _Asked(f"{be} there {_some(claim.value)} in the picture?", Fact(kind="object", value=claim.value))
        return
    about, to = nouns.get(claim.about or ""), nouns.get(claim.to or "")
    holder = _known(about, facts)
    if claim.kind == "count" and claim.number:
        number = Fact(kind="count", value=claim.value, number=claim.number, at_least=claim.at_least, about=holder)
        yield _Asked(_counted(claim.value, claim.number, at_least=claim.at_least), number)
    elif about is None or holder is None:
        return
    elif claim.kind == "attribute":
        said = Fact(kind="attribute", value=claim.value, about=holder, parent=holder)
        yield _Asked(f"{_be(about)} {_the(about)} {claim.value}?", said)
    elif claim.kind == "relation" and to is not None and (other := _known(to, facts)) not in (None, holder):
        tie = Fact(kind="relation", value=claim.value, about=holder, to=other, parent=holder)
        yield _Asked(_tied(about, claim.value, to), tie)


def _known(claim: Claim | None, facts: Sequence[Fact]) -> str | None:
    """The id of the object that a claim means: of those of its noun, else of a kind of it, else of what it is a kind of.

    Of several it is the one with the largest box, which is what people and models take "the dog" to be.
    """
    if claim is None:
        return None
    objects = [fact for fact in facts if fact.kind == "object" and fact.id and not fact.negated]
    noun = claim.value
    for fits in (
        [fact for fact in objects if lexicon.same(fact.value, noun)],
        [fact for fact in objects if lexicon.is_a(fact.value, noun)],
        [fact for fact in objects if lexicon.is_a(noun, fact.value)],
    ):
        if fits:
            return max(fits, key=lambda fact: fact.box.area if fact.box is not None else 0.0).id
    return None


def _some(noun: str) -> str:
    """A noun as it is asked for: "a dog", "any water", "any scissors"."""
    if lexicon.is_mass(noun) or _is_plural(noun):
        return f"any {noun}"
    return f"{lexicon.article(noun)} {noun}"


def _is_plural(noun: str) -> bool:
    return lexicon.is_pair(noun.rpartition(" ")[2])


def _counted(noun: str, number: int, *, at_least: bool) -> str:
    things = noun if number == 1 else lexicon.plural(noun)
    how_many = f"at least {lexicon.number_word(number)}" if at_least else f"exactly {lexicon.number_word(number)}"
    return f"{'Is' if number == 1 else 'Are'} there {how_many} {things} in the picture?"


def _many(claim: Claim) -> bool:
    return (claim.number or 1) > 1 or _is_plural(claim.value)


def _be(claim: Claim) -> str:
    return "Are" if _many(claim) else "Is"


def _the(claim: Claim) -> str:
    mass = lexicon.is_mass(claim.value)
    return f"the {lexicon.plural(claim.value) if _many(claim) and not mass else claim.value}"


def _tied(about: Claim, relation: str, to: Claim) -> str:
    """A question for a relation: "Is the dog sitting on the couch?", "Does the boy have the ball?"."""
    first, _, rest = relation.partition(" ")
    if first in STATES:
        return f"{'Do' if _many(about) else 'Does'} {_the(about)} {relation} {_the(to)}?"
    other = to.value if rest == "of" and first in ("make", "made") else _the(to)  # a table is made of wood, not of the wood
    return f"{_be(about)} {_the(about)} {_predicate(relation, first, rest)} {other}?"


def _predicate(relation: str, first: str, rest: str) -> str:
    for side, spoken in SIDES.items():
        if relation == side or relation.endswith(f" {side}"):
            before = relation[: len(relation) - len(side)].strip()
            return f"{_predicate(before, before, '')} {spoken}" if before else spoken
    if first in PLACES or not lexicon.is_verb(first):
        return relation
    if rest and first in DONE:
        return f"{DONE[first]} {rest}"
    return lexicon.participle(relation)


def _labels(labels: Mapping[int, str]) -> tuple[list[int], list[int]]:
    """Places of the labels yes and no.

    Raises:
        ExpertError: one of them is not there.
    """
    found = {label.strip().lower(): [place] for place, label in labels.items()}
    if not {"yes", "no"} <= set(found):
        raise ExpertError("model: expected the labels yes and no among its answers, got neither or one", hint="take another one")
    return found["yes"], found["no"]


def _words(tokenizer: Any) -> tuple[list[int], list[int]]:
    """The tokens that an answer yes, and one no, may begin with.

    Raises:
        ExpertError: the tokenizer cannot tell the two apart.
    """
    yes, no = (set(_beginnings(tokenizer, word)) for word in ("yes", "no"))
    if not yes - no or not no - yes:
        raise ExpertError("model: expected a tokenizer that knows yes and no, got one to which they begin alike")
    return sorted(yes - no), sorted(no - yes)


def _beginnings(tokenizer: Any, word: str) -> list[int]:
    """First tokens of the ways to write a word; if some ways take one token only, no others, for their first is of many words."""
    ways: list[list[int]] = []
    for variant in dict.fromkeys((word, word.capitalize(), word.upper(), f" {word}", f" {word.capitalize()}")):
        tokens = list(tokenizer(variant, add_special_tokens=False)["input_ids"])
        while tokens and not tokenizer.decode(tokens[:1]).strip():  # a blank that some tokenizers keep apart
            tokens = tokens[1:]
        if tokens and tokens[0] != tokenizer.unk_token_id:
            ways.append(tokens)
    shortest = [tokens for tokens in ways if len(tokens) == 1] or ways
    return [tokens[0] for tokens in shortest]
