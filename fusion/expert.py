"""The plug-in interface: an Expert states facts of a picture, its Card says what it sees and how far to trust it.

A new expert is one class with one method, named by an entry point in its package's pyproject.toml:

    [project.entry-points."fusion.experts"]
    wildlife = "my_package:Wildlife"

Built-in experts are found the same way.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any, ClassVar

import msgspec

from fusion import lexicon
from fusion.errors import ExpertNotFound, FusionError, MissingExtra
from fusion.facts import KINDS, Claim, Fact, Sample

GROUP = "fusion.experts"

Rate = float | dict[str, float]

PRECISION = 0.7
"""Of an expert without a card, or of a kind that its card does not rate."""


class Card(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """What an expert sees and how far to trust it.

    `vocabulary` lists the words it knows, None for an open one, empty for "its silence says nothing". `precision` is the share
    of what it states that is true, `recall` the share of what is true and visible that it states: a number, or numbers by
    kind ("object") and by kind and word ("object:dining table"), the most exact key winning. `hearsay`: it knows the picture
    only from what others wrote.

    Raises:
        ValueError: a rate outside 0..1, a kind that does not exist.
    """

    sees: tuple[str, ...] = tuple(sorted(KINDS))
    vocabulary: tuple[str, ...] | None = ()
    precision: Rate = PRECISION
    recall: Rate = 0.0
    hearsay: bool = False
    version: str = ""

    def __post_init__(self) -> None:
        if unknown := sorted(set(self.sees) - KINDS):
            raise ValueError(f"sees: expected kinds of fact ({', '.join(sorted(KINDS))}), got {', '.join(unknown)}")
        for name in ("precision", "recall"):
            rate = getattr(self, name)
            for key, value in rate.items() if isinstance(rate, dict) else [("", rate)]:
                if not 0.0 <= value <= 1.0:
                    raise ValueError(f"{name}{f' of {key!r}' if key else ''}: expected 0..1, got {value}")

    def covers(self, kind: str, word: str) -> bool:
        """Would the expert have stated this, had it been there? Follows synonyms and hypernyms of the vocabulary."""
        if kind not in self.sees:
            return False
        if self.vocabulary is None:
            return True
        return bool(self.vocabulary) and _covers(self.vocabulary, word)

    def name_for(self, word: str) -> str:
        """The word of its vocabulary under which it would state such a thing: "person" for "man"; the word itself if none."""
        return next(iter(_names(self.vocabulary or (), word)), word)

    def precision_of(self, kind: str, word: str) -> float:
        """Share of its statements of this kind and word that are true, 0..1."""
        return _rate(self.precision, kind, word, self.vocabulary or (), PRECISION)

    def recall_of(self, kind: str, word: str) -> float:
        """Share of what is true and visible of this kind and word that it states, 0..1."""
        return _rate(self.recall, kind, word, self.vocabulary or (), 0.0)


def _rate(rate: Rate, kind: str, word: str, vocabulary: tuple[str, ...], default: float) -> float:
    if not isinstance(rate, dict):
        return rate
    for key in (f"{kind}:{word}", *(f"{kind}:{known}" for known in _names(vocabulary, word)), kind):
        if key in rate:
            return rate[key]
    return default


@lru_cache(maxsize=1 << 16)
def _names(vocabulary: tuple[str, ...], word: str) -> tuple[str, ...]:
    """Words of the vocabulary under which an expert would state `word`: itself, synonyms, hypernyms that say enough."""
    above = (known for known in vocabulary if lexicon.is_mainly(word, known))
    return tuple(known for known in above if not lexicon.is_broad(known) or lexicon.same(word, known))


@lru_cache(maxsize=1 << 16)
def _covers(vocabulary: tuple[str, ...], word: str, depth: int = 4) -> bool:
    if _names(vocabulary, word):
        return True
    if depth == 0 or not any(lexicon.is_a(known, word) for known in vocabulary):
        return False
    kinds = lexicon.hyponyms(word)
    return bool(kinds) and all(_covers(vocabulary, kind, depth - 1) for kind in kinds)


class Expert:
    """Looks at a picture and states facts. Subclasses write `look`; everything else has a default.

    The keys of the expert's configuration go to the constructor. Heavy libraries are imported in the methods that need them.
    One instance is called from one thread at a time.
    """

    needs: ClassVar[frozenset[str]] = frozenset()
    """Kinds of fact that must come from experts before this one."""

    requires: ClassVar[Mapping[str, str]] = {}
    """Modules the expert imports, and the command that installs each."""

    automatic: ClassVar[bool] = False
    """Runs without being configured: it needs neither weights nor a download."""

    alone: bool = False
    """States the same whatever other experts have stated: it may look at the same time as its neighbours."""

    keeps_names: ClassVar[bool] = False
    """Facts keep the ids and expert names they come with, because they were recorded from other experts."""

    card: Card = Card()

    def look(self, sample: Sample) -> list[Fact]:
        """State facts of one picture. Ids need only be unique within the answer; `expert` may stay empty."""
        raise NotImplementedError

    def look_batch(self, samples: Sequence[Sample]) -> list[list[Fact]]:
        """State facts of several pictures, one list each; override it where the library takes batches."""
        return [self.look(sample) for sample in samples]

    def ask(self, sample: Sample, claims: Sequence[Claim]) -> list[Fact]:
        """Answer single unverified claims: facts, negated ones for what is not there. The default answers none.

        Asked are those with the verdict "unverified"; the others are the things that those are about, for their nouns.
        """
        return []

    def rate(self, sample: Sample, texts: Sequence[str]) -> list[float]:
        """How well each text fits the picture, 0..1; only texts of one picture compare. The default rates none: empty."""
        return []

    def looked(self, sample: Sample, name: str) -> tuple[str, ...]:
        """The experts that this call stands for: itself under its configured name."""
        return (name,)

    def cards(self, name: str) -> dict[str, Card]:
        """The cards of the experts that it stands for. A card may depend on loaded weights."""
        return {name: self.card}

    def close(self) -> None:
        """Release what the expert holds; called once."""


@dataclass(frozen=True)
class Installed:
    """An expert that some installed package offers: its class, or the reason why it cannot be loaded."""

    name: str
    package: str
    version: str
    target: str
    error: str = ""
    hint: str = ""
    automatic: bool = False

    @property
    def usable(self) -> bool:
        """Nothing that it needs is missing."""
        return not self.error


def installed() -> Iterator[Installed]:
    """All experts that installed packages offer, by name; a broken one comes with its error and breaks nothing.

    Of two packages that offer one name the second is marked, and `find` refuses the name.
    """
    owners: dict[str, str] = {}
    for point in _offered():
        package = _package(point)
        version = point.dist.version if point.dist else ""
        error, hint, automatic = "", "", False
        try:
            made = _load(point)
            automatic = made.automatic
            error, hint = missing(made)
        except FusionError as failure:
            error, hint = failure.message, failure.hint
        if point.name in owners:
            error, hint = f"the name is taken by {owners[point.name]}", "uninstall one of the two packages"
        owners.setdefault(point.name, package)
        yield Installed(point.name, package, version, point.value, error, hint, automatic)


def find(name: str, target: str = "") -> type[Expert]:
    """The class behind an expert's name, where `target` ("module:Class") is given that one of those of this name.

    Raises:
        ExpertNotFound: no installed package offers it, two do, or the package is broken.
        MissingExtra: a library that it needs is not installed.
    """
    points = [point for point in _offered() if point.name == name and target in ("", point.value)]
    if not points:
        names = sorted({point.name for point in _offered()})
        hint = f"installed are: {', '.join(names) or 'none'}; `fusion experts` lists them"
        raise ExpertNotFound(f"no expert {name!r} is installed", expert=name, hint=hint)
    if len(points) > 1 and not target:
        packages = " and ".join(f"{_package(point)} ({point.value})" for point in points)
        message = f"expert {name!r}: expected one package that offers it, got {packages}"
        raise ExpertNotFound(message, expert=name, hint="uninstall all but one of them")
    made = _load(points[0])
    error, hint = missing(made)
    if error:
        raise MissingExtra(f"expert {name!r}: {error}", expert=name, hint=hint)
    return made


def missing(expert: type[Expert]) -> tuple[str, str]:
    """What the expert imports that is not installed, and the command that installs it; two empty strings if nothing is."""
    for module, command in expert.requires.items():
        if importlib.util.find_spec(module) is None:
            return f"the library {module} is not installed", command
    return "", ""


def looks(kind: type[Expert]) -> bool:
    """Has the class a `look` or a `look_batch` of its own? Without either it can state nothing."""
    return kind.look is not Expert.look or kind.look_batch is not Expert.look_batch


def _offered() -> list[EntryPoint]:
    """What packages offer, once each, in an order that is the same on every machine."""
    points = {(point.name, point.value, _package(point)): point for point in entry_points(group=GROUP)}
    return [points[key] for key in sorted(points)]


def _package(point: EntryPoint) -> str:
    return point.dist.name if point.dist else "?"


def _load(point: EntryPoint) -> type[Expert]:
    try:
        made: Any = point.load()
    except (Exception, SystemExit) as error:
        message = f"{point.value} cannot be loaded: {type(error).__name__}: {error}"
        raise ExpertNotFound(message, expert=point.name, hint=_shadow(point)) from error
    if not (isinstance(made, type) and issubclass(made, Expert)):
        message = f"{point.value}: expected a subclass of fusion.expert.Expert, got {made!r}"
        raise ExpertNotFound(message, expert=point.name)
    if not looks(made):
        message = f"expert {point.name!r} has no method look"
        raise ExpertNotFound(message, expert=point.name, hint="write look(self, sample), which returns a list of facts")
    return made


def _shadow(point: EntryPoint) -> str:
    """A hint where a folder of the user's stands in front of the package that the entry point means."""
    name = point.module.split(".")[0]
    found = sys.modules.get(name)
    if name != "experts" or found is None:
        return f"reinstall or remove the package {point.dist.name if point.dist else name}"
    paths = ", ".join(getattr(found, "__path__", []) or [getattr(found, "__file__", "?") or "?"])
    return f"the name `experts` resolved to {paths}; if that is a folder of yours, run the command from elsewhere"
