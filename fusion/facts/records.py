"""Captions, observations and records: the rows of files, and the sample on its way through the experts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from fusion.facts.checks import check_references, check_size
from fusion.facts.problem import Problem
from fusion.facts.said import Claim, ClaimKind, Fact, FactKind

if TYPE_CHECKING:
    from PIL.Image import Image

SCHEMA = 1

Status = Literal["ok", "partial", "failed"]


class LeftOver(msgspec.Struct, frozen=True):
    """Words of a caption that no claim stands for, and why."""

    span: tuple[int, int]
    reason: str


class Edit(msgspec.Struct, frozen=True, kw_only=True):
    """One change that repair made: the claims behind it, the rule, where (offsets of the text before it), before and after."""

    claims: tuple[str, ...]
    rule: str
    span: tuple[int, int]
    before: str
    after: str


class Rejected(msgspec.Struct, frozen=True, kw_only=True):
    """A reply of a writer that was not taken: what was wrong with it, by kind and in words."""

    writer: str
    kind: str
    reason: str


class Usage(msgspec.Struct, frozen=True, kw_only=True):
    """Calls and tokens that one stage ("write", "judge") took of one backend; replies out of the cache count as new ones do.

    `deterministic`: does the backend promise the same reply to the same request?
    """

    stage: str
    backend: str
    deterministic: bool = True
    calls: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0


class Retention(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a row's alt-text.

    `text` is what cleaning left of it. `agrees`: does it speak of what experts saw? None: nobody could tell. `kept` are the
    names, numbers, dates and brands that some caption holds, `lost` the others.
    """

    text: str
    agrees: bool | None = None
    kept: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()


class Diversity(msgspec.Struct, frozen=True, kw_only=True):
    """How much the captions of a picture say together, and how much alike they are; all but `replaced` are shares, 0..1.

    `coverage`: of the facts that could be told, those that some caption tells. `overlap`: mean Jaccard index of what two captions
    tell. `self_bleu` (Zhu et al. 2018, Texygen) and `distinct_2` (Li et al. 2016) are of the texts. `replaced` captions were
    written anew, or left out, because another one said nearly the same.
    """

    coverage: float = 0.0
    overlap: float = 0.0
    self_bleu: float = 0.0
    distinct_2: float = 0.0
    replaced: int = 0


class Caption(msgspec.Struct, frozen=True, kw_only=True):
    """A caption with the draft it came from, the edits between the two, and the claims of its text.

    `source` is whose words they are where no writer wrote them ("alt_text", the name of a captioner); `focus` what the caption
    was to tell of; `prompt` the template that a language model was asked with; `rejected` the replies that were not taken;
    `mended` what was tidied in the one that was, by kind ("preamble"); `dropped` how many claims of the draft repair took out.
    """

    style: str
    writer: str
    source: str = ""
    focus: str = ""
    prompt: str = ""
    rejected: tuple[Rejected, ...] = ()
    mended: tuple[str, ...] = ()
    dropped: int = 0
    draft: str
    text: str
    edits: tuple[Edit, ...] = ()
    claims: tuple[Claim, ...] = ()


class Observation(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of one picture: an evidence row. `looked` names the experts that finished on it.

    Raises:
        ValueError: facts that share an id, or point to one that does not exist; a size below one pixel.
    """

    id: str | None
    image: str | None = None
    width: int | None = None
    height: int | None = None
    looked: tuple[str, ...] | None = None
    facts: tuple[Fact, ...] = ()
    status: Status = "ok"
    errors: tuple[Problem, ...] = ()

    def __post_init__(self) -> None:
        check_size(self.width, self.height)
        check_references(self.facts)

    @property
    def experts(self) -> tuple[str, ...]:
        """Whose silence counts: `looked`, or where it is absent the experts that the facts name."""
        if self.looked is not None:
            return tuple(dict.fromkeys(self.looked))
        return tuple(dict.fromkeys(f.expert for f in self.facts if f.expert))


class Dispute(msgspec.Struct, frozen=True, kw_only=True):
    """Facts that cannot all be true, by id: those of `one` say this of a thing, those of `other` that."""

    kind: FactKind
    one: tuple[str, ...]
    other: tuple[str, ...]


class Question(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A claim that an expert was asked about, things by their nouns, and the facts that it answered; none: it could not say."""

    kind: ClaimKind
    value: str
    number: int | None = None
    about: str | None = None
    to: str | None = None
    expert: str = ""
    facts: tuple[str, ...] = ()


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """All that came of one picture: its facts and its captions."""

    schema: int = SCHEMA
    id: str | None
    image: str | None = None
    sha256: str | None = None
    width: int | None = None
    height: int | None = None
    status: Status = "ok"
    errors: tuple[Problem, ...] = ()
    looked: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    disputes: tuple[Dispute, ...] = ()
    asked: tuple[Question, ...] = ()
    strategy: str = ""
    captions: tuple[Caption, ...] = ()
    retention: Retention | None = None
    diversity: Diversity | None = None
    usage: tuple[Usage, ...] = ()

    def __post_init__(self) -> None:
        check_size(self.width, self.height)


@dataclass(frozen=True)
class Sample:
    """One picture on its way through the experts, read-only.

    `image` is upright and RGB (None where captions are made from stored evidence), `path` what the row called it, `file`
    where it lies if it is a file, `row` the keys of the input row, `facts` what the experts before have stated.
    """

    id: str
    image: Image | None = None
    path: str | None = None
    file: str | None = None
    width: int | None = None
    height: int | None = None
    sha256: str | None = None
    alt_text: str | None = None
    tags: tuple[str, ...] = ()
    label: str | None = None
    language: str | None = None
    row: Mapping[str, Any] = field(default_factory=dict)
    facts: tuple[Fact, ...] = ()

    def with_facts(self, facts: tuple[Fact, ...]) -> Sample:
        """The same sample carrying these facts."""
        return replace(self, facts=facts)
