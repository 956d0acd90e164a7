"""The command over lists of tags: `tags`."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from fusion.cli.common import FILE, Common, files, over_rows

if TYPE_CHECKING:
    from fusion.config import Config
    from fusion.dataset.rows import Output, Row
    from fusion.dataset.tags import Tags


@click.command()
@click.argument("rows", metavar="ROWS")
@click.option("--evidence", type=FILE, help="Evidence rows to bind tags to and to hold them against, found by id.")
@click.option("--cards", type=FILE, help="How far to trust which expert; default: beside the evidence.")
@click.option("--groups", type=FILE, help="Your own table, CSV or TSV of two columns: tag, group.")
@click.option("--drop-implied", is_flag=True, help="Drop tags that others imply: skirt beside black skirt.")
@over_rows
def tags(common: Common, rows: str, evidence: Path | None, cards: Path | None, groups: Path | None, drop_implied: bool) -> int:
    """Group tags and put them in order: tags rows."""
    from fusion.dataset.rows import TAGS_KEYS
    from fusion.dataset.run import execute
    from fusion.dataset.sources import RowsFile
    from fusion.dataset.tags import Tags, read_groups

    if cards and not evidence:
        raise click.UsageError("--cards was given without --evidence: cards say how far to trust it")
    config = common.load()
    arranging = Tags(read_groups(groups) if groups else {}, drop_implied)
    found = _cards(cards, evidence, config)

    def work(given: Iterator[Row]) -> Iterator[Output]:
        return _with_evidence(arranging, given, evidence, found, config) if evidence else arranging.rows(given)

    read = files(evidence=evidence, cards=found, groups=groups)
    options = {"drop_implied": "yes"} if drop_implied else {}
    return execute(common.run("tags", config, RowsFile(rows, TAGS_KEYS), read, **options), work)


def _cards(given: Path | None, evidence: Path | None, config: Config) -> list[Path]:
    if evidence is None:
        return []
    from fusion.dataset import cards as card_files

    return card_files.files(given, evidence, config.cards)


def _with_evidence(tags: Tags, rows: Iterator[Row], evidence: Path, cards: list[Path], config: Config) -> Iterator[Output]:
    from fusion.dataset.cards import Cards
    from fusion.dataset.evidence import StoredEvidence
    from fusion.dataset.tags import TagsWithEvidence
    from fusion.language import Language

    stored, language = StoredEvidence(evidence), partial(Language.load, config.language.pipeline)
    return TagsWithEvidence(tags, stored, Cards(cards), language).rows(rows)
