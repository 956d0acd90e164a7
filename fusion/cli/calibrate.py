"""The command `calibrate`: cards and thresholds learnt from captions of which it is known what is true."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from fusion.cli.common import FILE, SOME_FAILED, STANDARD_OUTPUT, reported
from fusion.errors import InputError, OutputError

if TYPE_CHECKING:
    from fusion.audit.calibrate import Curve
    from fusion.audit.labels import Labelled
    from fusion.config import Config
    from fusion.dataset.cards import Cards
    from fusion.dataset.rows import Row
    from fusion.dataset.sources import RowsFile
    from fusion.expert import Card
    from fusion.facts import Observation
    from fusion.language import Language

BATCH = 256
"""Rows read together."""


@click.command()
@click.argument("rows", metavar="ROWS")
@click.option("--evidence", type=FILE, required=True, help="Evidence rows, found by id.")
@click.option("--cards", type=FILE, help="The cards to start from; default: beside the evidence.")
@click.option("--config", "config", type=FILE, help="Configuration file; default: fusion.toml if it is here.")
@click.option("--set", "overrides", multiple=True, metavar="KEY=VALUE", help="Override a key, such as language.pipeline=….")
@click.option("-o", "--output", type=FILE, help="Cards file to write; default, and -: standard output.")
@click.option("--force", is_flag=True, help="Replace a file that exists.")
@click.option("--quiet", is_flag=True, help="No report.")
@reported
def calibrate(
    rows: str,
    evidence: Path,
    cards: Path | None,
    config: Path | None,
    overrides: tuple[str, ...],
    output: Path | None,
    force: bool,
    quiet: bool,
) -> int:
    """Learn how far to trust experts: a cards file.

    \b
    ROWS are labelled, in any mixture:
      {"id","caption","negative"}   a true and a false caption
      {"id","caption","objects"}    what is truly there
      {"id","caption","label"}      1 true, 0 false
      verify rows whose claims carry "true"
    The report says how well confidences tell the truth: each
    half of the ids judged with what the other half taught.
    """
    from fusion import config as configuration
    from fusion.dataset import cards as card_files
    from fusion.dataset.rows import CALIBRATE_KEYS
    from fusion.dataset.sources import RowsFile

    to_file = None if str(output) in STANDARD_OUTPUT else output
    source = RowsFile(rows, CALIBRATE_KEYS)
    if to_file is not None:
        _refuse(to_file, source, {"evidence": evidence, "cards": cards}, force)
    loaded = configuration.load(config, overrides)
    given = card_files.Cards(card_files.files(cards, evidence, loaded.cards))
    run = _Run(loaded, given, evidence)
    run.read(source)
    if not run.sources:
        hint = 'expected rows with "negative", "objects", "label", or claims with "true"'
        raise InputError(f"{rows}: no claim is labelled" + (f"; {run.problems[0]}" if run.problems else ""), hint=hint)
    claims = run.labelled(given.given, given.thresholds)
    if not claims:
        hint = "is there a claim where a label points to? of a false sentence it must be clear which claim is false"
        raise InputError(f"{rows}: no claim is labelled", hint=hint)
    fitted, thresholds = run.fitted(claims)
    card_files.write_to(to_file, fitted, thresholds)
    if not quiet:
        run.report()
    for problem in run.problems[:3]:
        click.echo(f"fusion: warning: {problem}", err=True)
    if len(run.problems) > 3:
        click.echo(f"fusion: warning: {len(run.problems) - 3} more rows could not be used", err=True)
    return SOME_FAILED if run.problems else 0


def _refuse(output: Path, source: RowsFile, files: dict[str, Path | None], force: bool) -> None:
    """An output that exists, or that is read."""
    from fusion.dataset.inputs import refuse_overwriting

    if output.exists() and not force:
        raise OutputError(f"{output} exists", hint="give another name, or --force to replace it")
    refuse_overwriting(output, source, files, with_cards=False)


class _Run:
    """Labelled rows with what is needed to weigh their claims again and again; it holds them in memory."""

    def __init__(self, config: Config, cards: Cards, evidence: Path) -> None:
        from fusion.dataset.evidence import StoredEvidence
        from fusion.language import Language

        self.cards, self.stored = cards, StoredEvidence(evidence)
        self.language: Language = Language.load(config.language.pipeline, config.language.embeddings)
        self.sources: list[tuple[dict[str, Any], Observation]] = []
        self.problems: list[str] = []
        self.curves: dict[str, Curve] = {}

    def read(self, rows: RowsFile) -> None:
        """Keep the rows that are labelled and have evidence."""
        from fusion.audit.labels import KEYS

        for row in rows:
            stored = self.stored.get(row.id) if row.problem is None else None
            if stored is not None and stored.observation is not None and any(key in row.data for key in KEYS):
                self.sources.append((dict(row.data) | {"id": row.id}, stored.observation))
            else:
                self.problems.append(_why(row, stored.problems if stored else ()))

    def labelled(self, cards: dict[str, Card], thresholds: dict[str, float]) -> list[Labelled]:
        """Every labelled claim, weighed with these cards."""
        from fusion.audit.labels import labelled, labels_of, texts_of
        from fusion.evidence import gather

        found: list[Labelled] = []
        caption = 0
        for batch in _batches(self.sources):
            names = {e for _, seen in batch for e in (*seen.experts, *(f.expert for f in seen.facts))}
            trusted = self.cards.of(sorted(names)) | cards
            joined = gather([seen for _, seen in batch], trusted, self.language, thresholds)
            texts = [text for data, _ in batch for text in texts_of(data)]
            readings = iter(self.language.read(texts, ["en"] * len(texts)))
            for (data, _), evidence in zip(batch, joined, strict=True):
                own = list(islice(readings, len(texts_of(data))))
                for reading, labels in zip(own, labels_of(data, own, evidence), strict=True):
                    found += labelled(reading, labels, evidence, caption)
                    caption += 1
        return found

    def fitted(self, claims: list[Labelled]) -> tuple[dict[str, Card], dict[str, float]]:
        """Cards and thresholds from all claims; on the way, how each half does with what the other half taught."""
        from fusion.audit.calibrate import confidences, curve, fit_cards, fit_thresholds

        seen = sorted({e for _, o in self.sources for e in o.experts})
        known = self.cards.of(seen)
        cards = fit_cards(claims, known)
        again = self.labelled(cards, self.cards.thresholds)
        halves = [[c for c in again if c.caption % 4 // 2 == n] for n in (0, 1)]  # the captions of a pair stay together
        crossed = [one for n in (0, 1) for one in confidences(halves[n], fit_thresholds(halves[1 - n], self.cards.thresholds))]
        self.curves = {"as given": curve(confidences(claims, self.cards.thresholds)), "calibrated": curve(crossed)}
        return cards, fit_thresholds(again, self.cards.thresholds)

    def report(self) -> None:
        """The reliability curves, on standard error: confidence against the share of true claims."""
        for name, found in self.curves.items():
            click.echo(f"{name}: {found.claims:,} claims, calibration error {found.error:.3f}", err=True)
            for count, sure, true in found.bins:
                if count:
                    bar = "·" * round(true * 40)
                    click.echo(f"  {sure:.2f} sure, {true:.2f} true {bar:40} {count:>8,}", err=True)


def _why(row: Row, problems: tuple[Any, ...]) -> str:
    if row.problem is not None:
        return f"line {row.line}: {row.problem.message}"
    return f"line {row.line}: {problems[0].message}" if problems else f"line {row.line}: the row has no label"


def _batches(rows: list[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(rows), BATCH):
        yield rows[start : start + BATCH]
