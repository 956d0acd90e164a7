"""The commands over captions that were made elsewhere: `claims` and `verify`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from fusion.cli.common import FILE, POLICY, Common, caption_keys, files, over_rows

if TYPE_CHECKING:
    from fusion.dataset.rows import Output, Row


@click.command()
@click.argument("rows", metavar="ROWS")
@over_rows
def claims(common: Common, rows: str) -> int:
    """Find what captions claim: claims rows."""
    from fusion.dataset.rows import CAPTION_KEYS
    from fusion.dataset.run import execute
    from fusion.dataset.sources import RowsFile

    config = common.load()

    def work(given: Iterator[Row]) -> Iterator[Output]:
        from fusion.dataset.verify import claims_rows
        from fusion.language import Language

        return claims_rows(given, Language.load(config.language.pipeline))

    return execute(common.run("claims", config, RowsFile(rows, CAPTION_KEYS), {}), work)


@click.command()
@click.argument("rows", metavar="ROWS")
@click.option("--evidence", type=FILE, required=True, help="Evidence rows to check captions against, found by id.")
@click.option("--cards", type=FILE, help="How far to trust which expert; default: beside the evidence.")
@click.option("--policy", type=POLICY, help="What repair takes away.")
@over_rows
def verify(common: Common, rows: str, evidence: Path, cards: Path | None, policy: str | None) -> int:
    """Check captions against evidence and repair them: verify rows."""
    from fusion.dataset import cards as card_files
    from fusion.dataset.rows import CAPTION_KEYS
    from fusion.dataset.run import execute
    from fusion.dataset.sources import RowsFile

    config = common.load(*caption_keys(policy))
    found = card_files.files(cards, evidence, config.cards)

    def work(given: Iterator[Row]) -> Iterator[Output]:
        from fusion.dataset.evidence import StoredEvidence
        from fusion.dataset.verify import Verifier
        from fusion.language import Language

        stored, known = StoredEvidence(evidence), card_files.Cards(found)
        language = Language.load(config.language.pipeline, config.language.embeddings)
        return Verifier(stored, known, language, config.captions.policy).rows(given)

    run = common.run("verify", config, RowsFile(rows, CAPTION_KEYS), files(evidence=evidence, cards=found))
    return execute(run, work)
