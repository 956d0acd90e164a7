"""The commands over pictures: `facts` and `caption`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from fusion.cli.common import FILE, POLICY, Common, caption_keys, files, fitted, over_rows

if TYPE_CHECKING:
    from fusion.captioner import Captioner
    from fusion.config import Config
    from fusion.dataset.rows import Output, Row

_NO_EYES = "no expert that looks at pictures is configured; `fusion experts` lists them, `fusion init` writes a configuration"


@click.command()
@click.argument("inputs", nargs=-1, required=True, metavar="IMAGES|ROWS")
@click.option("--images", type=FILE, metavar="DIR", help="Folder of the pictures in rows; default: beside them.")
@over_rows
def facts(common: Common, inputs: tuple[str, ...], images: Path | None) -> int:
    """Let the experts look at pictures: evidence rows.

    With -o FILE, FILE.cards.json says what the experts see and how far to trust them.
    """
    from fusion.dataset import cards
    from fusion.dataset.pictures import facts_rows
    from fusion.dataset.rows import FACTS_KEYS
    from fusion.dataset.run import execute
    from fusion.dataset.sources import find

    config = common.load()
    source = find(inputs, FACTS_KEYS, images)
    work = _Captioning(config, None, lambda rows, captioner: facts_rows(rows, captioner))

    def finished() -> dict[str, Any]:
        if common.output and work.captioner and not common.output.is_char_device():
            cards.write(cards.beside(common.output), work.captioner.cards())
        return work.finished()

    with work:
        run = common.run("facts", config, source, files(cards=_configured(config)), images=str(images or ""))
        status = execute(run, work, finished)
        work.advise(common)
        return status


def _configured(config: Config) -> Path | None:
    return Path(config.cards) if config.cards else None


@click.command()
@click.argument("inputs", nargs=-1, required=True, metavar="IMAGES|ROWS")
@click.option("--evidence", type=FILE, help="Take facts from these evidence rows instead of looking again.")
@click.option("--cards", type=FILE, help="How far to trust which expert; default: beside the evidence.")
@click.option("--images", type=FILE, metavar="DIR", help="Folder of the pictures in rows; default: beside them.")
@click.option("--policy", type=POLICY, help="What repair takes away.")
@click.option("--style", "styles", multiple=True, help="A style to write in; repeat it for several. `fusion styles` lists them.")
@click.option("--variants", type=click.IntRange(min=1), help="Captions of each style; each tells other facts.")
@click.option("--strategy", help="Who proposes, who judges, what is kept. `fusion strategies` lists them.")
@click.option("--writer", help="Who writes: one of [[writers]] of the configuration, or template.")
@over_rows
def caption(
    common: Common,
    inputs: tuple[str, ...],
    evidence: Path | None,
    cards: Path | None,
    images: Path | None,
    policy: str | None,
    styles: tuple[str, ...],
    variants: int | None,
    strategy: str | None,
    writer: str | None,
) -> int:
    """Write captions of pictures and check them: records."""
    from fusion.dataset import cards as card_files
    from fusion.dataset.evidence import StoredEvidence
    from fusion.dataset.pictures import records
    from fusion.dataset.rows import PICTURE_KEYS
    from fusion.dataset.run import execute
    from fusion.dataset.sources import find

    config = common.load(*caption_keys(policy, styles, variants=variants, strategy=strategy, writer=writer))
    source = find(inputs, PICTURE_KEYS, images)
    found = card_files.files(cards, evidence, config.cards)

    def work(rows: Iterator[Row], captioner: Captioner) -> Iterator[Output]:
        return records(rows, captioner, StoredEvidence(evidence) if evidence else None)

    with _Captioning(config, found, work) as captioning:
        read = files(evidence=evidence, cards=found, strategies=own_files(config))
        run = common.run("caption", config, source, read, images=str(images or ""))
        status = execute(run, captioning, captioning.finished)
        captioning.advise(common)
        return status


def own_files(config: Config) -> list[Path]:
    """The user's strategy, styles, prompts and tokenizer: with others the same configuration means something else."""
    captions = config.captions
    named = [Path(one) for one in (captions.strategy, captions.tokenizer, *captions.styles) if one and Path(one).is_file()]
    folders = [Path(one) for one in (captions.style_folder, captions.prompts) if one]
    return [*named, *(path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file())]


class _Captioning:
    """Work that needs the captioner, which is made when the output is known to be writable, and closed at the end."""

    def __init__(
        self,
        config: Config,
        cards: Sequence[Path] | None,
        work: Callable[[Iterator[Row], Captioner], Iterator[Output]],
    ) -> None:
        self.captioner: Captioner | None = None
        self._config = config
        self._cards = cards
        self._work = work
        self._facts = self._usable = 0

    def __call__(self, rows: Iterator[Row]) -> Iterator[Output]:
        from fusion.captioner import Captioner
        from fusion.dataset.cards import Cards

        cards = Cards(self._cards or ())
        self.captioner = Captioner(self._config, cards=cards.given, thresholds=cards.thresholds)
        for out in self._work(rows, self.captioner):
            self._facts += out.facts
            self._usable += out.status != "failed"
            yield out

    def finished(self) -> dict[str, Any]:
        """What goes to FILE.stats.json besides the counts: seconds by stage, and what captions came to."""
        if self.captioner is None:
            return {"stages": {}}
        seconds = {stage: round(spent, 3) for stage, spent in self.captioner.seconds.items()}
        return {"stages": seconds, **self.captioner.totals.summary(), "replies": self.captioner.replies()}

    def advise(self, common: Common) -> None:
        """Where no row has a fact because only those experts ran that read rows, say what is missing."""
        from fusion.stage import FROM_ROWS

        if common.quiet or self._facts or not self._usable or not self.captioner or self._config.experts is not None:
            return
        ran = {stage for stage in self.captioner.seconds if stage.startswith("experts/")}
        if ran and ran <= {f"experts/{name}" for name in FROM_ROWS}:
            click.echo(fitted(f"hint: {_NO_EYES}", sys.stderr, "      "), err=True)

    def __enter__(self) -> _Captioning:
        return self

    def __exit__(self, *_: object) -> None:
        if self.captioner:
            self.captioner.close()
