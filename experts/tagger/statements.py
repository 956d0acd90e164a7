"""From the probabilities of a classifier's outputs to what is stated: words, thresholds, groups that exclude each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from experts.tagger.labels import RATING, Label
from fusion import lexicon
from fusion.errors import ConfigError
from fusion.facts import Claim, Fact

_ANSWERS = {
    "object": frozenset({"tag", "object", "scene"}),
    "scene": frozenset({"tag", "object", "scene"}),
    "style": frozenset({"tag", "style"}),
    "name": frozenset({"name"}),
}
"""Kinds of claim, and the kinds of label that answer them: a place that somebody is in is an object as well."""


@dataclass(frozen=True)
class Statement:
    """One word that can be stated, with the outputs that stand for it, and the probability from which on it is stated."""

    kind: str
    value: str
    threshold: float
    labels: tuple[int, ...]


@dataclass
class Statements:
    """All that a classifier can state. `exclusive`: its outputs share a probability of 1, so that those of one word add up."""

    labels: Sequence[Label]
    exclusive: bool
    all: tuple[Statement, ...]
    groups: tuple[tuple[int, ...], ...] = ()
    _matches: dict[tuple[str, str], tuple[int, ...]] = field(default_factory=dict)

    def words(self, probabilities: Any) -> Any:
        """The probability of each statement, from those of the outputs."""
        import numpy as np

        places, outputs = self._places
        made = np.zeros(len(self.all))
        (np.add if self.exclusive else np.maximum).at(made, places, probabilities[outputs])
        return np.minimum(made, 1.0)

    def holding(self, words: Any) -> Any:
        """Is each statement made? Those are whose threshold is reached, of a group only the likeliest, the first of equals."""
        holds = words >= self._thresholds
        for group in self.groups:
            best = max(group, key=lambda place: words[place])
            holds[[place for place in group if place != best]] = False
        return holds

    def facts(self, probabilities: Any, most: int) -> list[Fact]:
        """The statements that are made, likeliest first; at most `most`, 0 for all."""
        import numpy as np

        words = self.words(probabilities)
        places = np.flatnonzero(self.holding(words))
        order = places[np.argsort(-words[places], kind="stable")].tolist()
        return [self._fact(place, float(words[place]), probabilities) for place in order[: most or None]]

    def answer(self, claim: Claim, probabilities: Any, blindness: float = 0.0) -> Fact:
        """Whether a claim that the classifier has words for holds; if not, with a score that is less by `blindness`."""
        words = self.words(probabilities)
        holds = self.holding(words)
        best = max(self.matching(claim), key=lambda place: (holds[place], words[place]))
        score = float(words[best])
        data = self._data(self.all[best], probabilities)
        if holds[best]:
            return Fact(kind=claim.kind, value=claim.value, score=score, data=data)  # type: ignore[arg-type]
        score = (1 - score) * (1 - blindness)
        return Fact(kind=claim.kind, value=claim.value, score=score, negated=True, data=data)  # type: ignore[arg-type]

    def matching(self, claim: Claim) -> tuple[int, ...]:
        """Places of the statements that say what a claim says, in the same word or in a synonym."""
        key = (claim.kind, claim.value)
        if key not in self._matches:
            kinds = _ANSWERS.get(claim.kind, frozenset())
            able = [place for place, statement in enumerate(self.all) if statement.kind in kinds]
            word = _plain(claim.value)
            found = [place for place in able if _plain(self.all[place].value) == word]
            if not found and claim.kind != "name":
                found = [place for place in able if lexicon.same(word, _plain(self.all[place].value))]
            self._matches[key] = tuple(found)
        return self._matches[key]

    @cached_property
    def _places(self) -> tuple[Any, Any]:
        """Statements and the outputs that stand for them, pair by pair."""
        import numpy as np

        pairs = [(place, label) for place, statement in enumerate(self.all) for label in statement.labels]
        return np.array([place for place, _ in pairs], int), np.array([label for _, label in pairs], int)

    @cached_property
    def _thresholds(self) -> Any:
        import numpy as np

        return np.array([statement.threshold for statement in self.all])

    def _fact(self, place: int, score: float, probabilities: Any) -> Fact:
        statement = self.all[place]
        data = self._data(statement, probabilities)
        return Fact(kind=statement.kind, value=statement.value, score=score, data=data)  # type: ignore[arg-type]

    def _data(self, statement: Statement, probabilities: Any) -> dict[str, Any] | None:
        label = self.labels[max(statement.labels, key=lambda output: probabilities[output])]
        data: dict[str, Any] = {"label": label.raw} if label.raw != statement.value else {}
        data |= {"category": label.category} if label.category else {}
        data |= {"taxonomy": list(label.taxonomy)} if label.taxonomy else {}
        return data or None


def statements(
    labels: Sequence[Label],
    exclusive: bool,
    threshold: float,
    thresholds: Mapping[str, float],
    groups: Sequence[Sequence[str]],
    booru: bool,
) -> Statements:
    """What labels can state; those of one kind and word are one statement.

    Raises:
        ConfigError: `thresholds` names none of the labels, or `groups` one that does not exist.
    """
    given = {name.casefold(): value for name, value in thresholds.items()}
    if given and not any(key in given for label in labels for key in label.keys):
        raise ConfigError("thresholds: expected names of the model's labels, got none of them")
    outputs: dict[tuple[str, str], list[int]] = {}
    for output, label in enumerate(labels):
        if label.kind:
            outputs.setdefault((label.kind, label.value), []).append(output)
    made = []
    for (kind, value), same in outputs.items():
        own = [given[key] for output in same for key in labels[output].keys if key in given]
        made.append(Statement(kind, value, own[0] if own else threshold, tuple(same)))
    apart = [_group(group, labels, made) for group in groups]
    if booru:
        apart.append(tuple(p for p, s in enumerate(made) if labels[s.labels[0]].category == RATING))
    return Statements(labels, exclusive, tuple(made), tuple(group for group in apart if group))


def _group(names: Sequence[str], labels: Sequence[Label], made: Sequence[Statement]) -> tuple[int, ...]:
    places = {key: place for place, statement in enumerate(made) for output in statement.labels for key in labels[output].keys}
    unknown = [name for name in names if name.casefold() not in places]
    if unknown:
        raise ConfigError(f"groups: expected labels that the model states, got {', '.join(map(repr, unknown))}")
    return tuple(dict.fromkeys(places[name.casefold()] for name in names))


def _plain(word: str) -> str:
    return " ".join(word.replace("_", " ").lower().split())
