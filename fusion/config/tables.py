"""The tables of a configuration, as structs with the defaults."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec

from fusion.facts import Policy

Above0 = Annotated[float, msgspec.Meta(gt=0)]
AtLeast0 = Annotated[int, msgspec.Meta(ge=0)]
AtLeast1 = Annotated[int, msgspec.Meta(ge=1)]


class Table(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of the file; its fields are the keys."""


class ImagesConfig(Table, frozen=True, kw_only=True):
    """What pictures are taken."""

    max_megapixels: Above0 = 100.0


class LanguageConfig(Table, frozen=True, kw_only=True):
    """What reads sentences: a spaCy pipeline by name or path, the embedded one if empty; and what knows words that are alike."""

    pipeline: str = ""
    embeddings: str = ""


class CaptionsConfig(Table, frozen=True, kw_only=True):
    """What captions are made, who writes them, and what repair takes away."""

    styles: tuple[str, ...] = ("short", "dense", "alt", "prompt", "tags")
    style_folder: str = ""
    variants: AtLeast1 = 1
    strategy: str = "evidence"
    writer: str | tuple[str, ...] = ""
    judge: str = ""
    prompts: str = ""
    tokenizer: str = ""
    policy: Policy = "balanced"
    ask: AtLeast0 = 4


class RunConfig(Table, frozen=True, kw_only=True):
    """Pictures a batch, batches decoded ahead, seconds for one expert and picture, experts at the same time or in turn.

    `replies` is a file that keeps what language models answered.
    """

    batch: AtLeast1 = 8
    read_ahead: AtLeast0 = 2
    time_limit: Above0 = 60.0
    together: bool = True
    replies: str = ""


class ExpertConfig(Table, frozen=True, kw_only=True):
    """One expert: the name that facts carry, the entry point, its time limit in seconds if it has its own.

    `options` holds every other key of its table and goes to the constructor.
    """

    name: str
    use: str
    time_limit: Above0 | None = None
    options: dict[str, Any] = {}


class WriterConfig(Table, frozen=True, kw_only=True):
    """One writer that asks a language model: what captions call it, its backend, its prompt, and how often it asks again.

    `form`: one plain text for each caption, or one JSON list of a picture's. `max_tokens` bounds a reply; 0: by the style's
    length. `options` holds every other key of its table and goes to the backend.
    """

    name: str
    use: str
    prompt: str = ""
    form: Literal["text", "json"] = "text"
    retries: AtLeast0 = 2
    temperature: Annotated[float, msgspec.Meta(ge=0)] = 0.0
    max_tokens: AtLeast0 = 0
    options: dict[str, Any] = {}


class Config(Table, frozen=True, kw_only=True):
    """All of it. `experts` is None where none are configured; `folder` is where the file lies and is no key of it."""

    seed: int = 0
    images: ImagesConfig = ImagesConfig()
    language: LanguageConfig = LanguageConfig()
    captions: CaptionsConfig = CaptionsConfig()
    run: RunConfig = RunConfig()
    cards: str = ""
    experts: tuple[ExpertConfig, ...] | None = None
    writers: tuple[WriterConfig, ...] = ()
    folder: str = ""
