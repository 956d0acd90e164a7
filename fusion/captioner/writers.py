"""Who writes the captions of a configuration: writers, the judge, strategy, styles, and the file of replies."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

from fusion.cache import Cache
from fusion.captioner.judging import Picker
from fusion.captioner.picking import ModelPicker
from fusion.config import Config, WriterConfig, nearest
from fusion.errors import ConfigError
from fusion.write import Style, TemplateWriter, Writer, load_styles
from fusion.write.backends import Backend, load_backend
from fusion.write.llm import LLMWriter
from fusion.write.replies import CachedBackend
from fusion.write.strategies import Strategy, load_strategy
from fusion.write.tokens import TokenCounter


@dataclass
class Company:
    """Those who make the captions of one configuration. `backends` are the language models in use, by the writer's name."""

    strategy: Strategy
    styles: list[Style]
    writers: list[Writer]
    counter: TokenCounter
    picker: Picker | None = None
    backends: dict[str, Backend] = field(default_factory=dict)
    closing: list[Callable[[], object]] = field(default_factory=list)

    def close(self) -> None:
        """Give models and connections back, whatever one of them does."""
        with ExitStack() as stack:
            for call in self.closing:
                stack.callback(call)
        self.closing = []

    def replies(self) -> dict[str, Any]:
        """By backend, how many replies came out of the file and how many were paid for; empty without a file."""
        return {name: backend.stats() for name, backend in self.backends.items() if isinstance(backend, CachedBackend)}


def company_of(config: Config, writer: Writer | None = None) -> Company:
    """Writers, strategy and styles of a configuration; `writer` goes before those that it names.

    Raises:
        ConfigError: a style, strategy, writer or backend that does not exist, or an option that it does not take.
    """
    captions = config.captions
    strategy = load_strategy(captions.strategy)
    styles = load_styles(strategy.styles or captions.styles, folders(captions.style_folder))
    company = Company(strategy, styles, [], TokenCounter(captions.tokenizer))
    with ExitStack() as stack:  # what was opened is closed again if a later one is refused
        stack.callback(company.close)
        cache = opened(config, company)
        company.writers = (
            [writer] if writer else [written_by(name, config, company, cache) for name in names_of(config, strategy)]
        )
        if strategy.judge == "model" and captions.judge:
            backend = backend_of(table_of(captions.judge, config, "judge"), company, cache)
            company.picker = ModelPicker(backend, folders(captions.prompts))
        stack.pop_all()
    return company


def folders(folder: str) -> Sequence[str]:
    """A folder of the user, if one is named."""
    return [folder] if folder else []


def names_of(config: Config, strategy: Strategy) -> Iterator[str]:
    """The writers that a configuration wants, the first one first; where several compete and none is named, all of them."""
    wanted = config.captions.writer
    if wanted:
        yield from dict.fromkeys([wanted] if isinstance(wanted, str) else wanted)
    else:
        configured = [one.name for one in config.writers] or [TemplateWriter.name]
        yield from configured if "writers" in strategy.propose else configured[:1]


def table_of(name: str, config: Config, key: str) -> WriterConfig:
    """The table of a writer.

    Raises:
        ConfigError: none has that name.
    """
    known = {one.name: one for one in config.writers}
    if name not in known:
        names = [*known, TemplateWriter.name] if key == "writer" else [*known]
        raise ConfigError(f"captions.{key}: unknown writer {name!r}", hint=nearest(name, names))
    return known[name]


def opened(config: Config, company: Company) -> Cache | None:
    """The file of replies, if one is named and somebody is there who replies."""
    if not config.run.replies or not config.writers:
        return None
    cache = Cache(config.run.replies)
    company.closing.append(cache.close)
    return cache


def backend_of(table: WriterConfig, company: Company, cache: Cache | None) -> Backend:
    """The language model of a writer, made once."""
    if table.name not in company.backends:
        made = load_backend(table.use, table.options, f"writer {table.name!r}")
        company.closing.append(made.close)
        company.backends[table.name] = made if cache is None else CachedBackend(made, cache)
    return company.backends[table.name]


def written_by(name: str, config: Config, company: Company, cache: Cache | None) -> Writer:
    """A writer by its name."""
    if name == TemplateWriter.name and name not in {one.name for one in config.writers}:
        return TemplateWriter(company.counter)
    table = table_of(name, config, "writer")
    return LLMWriter(
        name,
        backend_of(table, company, cache),
        prompt=table.prompt,
        form=table.form,
        retries=table.retries,
        temperature=table.temperature,
        max_tokens=table.max_tokens,
        folders=folders(config.captions.prompts),
        counter=company.counter,
    )
