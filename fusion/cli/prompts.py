"""The command `prompts`: which prompts there are, and what one says of a picture."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from fusion.cli.common import FILE, fitted, reported
from fusion.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fusion.config import Config
    from fusion.write import Brief

EXAMPLE_FAULT = "it quoted text that is written nowhere"
"""What was wrong with a reply, where a prompt is shown that says so."""


@click.group(invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.option("--config", "config", type=FILE, help="Its captions.prompts is searched; default: fusion.toml if it is here.")
@click.option("--set", "overrides", multiple=True, metavar="KEY=VALUE", help="Override a key, such as captions.prompts=DIR.")
@click.pass_context
def prompts(ctx: click.Context, as_json: bool, config: Path | None, overrides: tuple[str, ...]) -> None:
    """List the prompts for language models, or show one.

    Those in the folder that captions.prompts names go before the built-in ones.
    """
    if ctx.invoked_subcommand is None:
        ctx.invoke(_listed, as_json=as_json, config=config, overrides=overrides, debug=False)


@click.command()
@reported
def _listed(as_json: bool, config: Path | None, overrides: tuple[str, ...]) -> None:
    from fusion.templates import listed

    found = listed(_folders(_load(config, overrides)))
    if as_json:
        for one in found:
            click.echo(json.dumps(vars(one), ensure_ascii=False))
        return
    rows = [("prompt", "from", "about"), *((f"{one.name}/{one.version}".strip("/"), one.origin, one.about) for one in found)]
    widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
    for name, origin, about in rows:
        first = f"{name.ljust(widths[0])}  {origin.ljust(widths[1])}  "
        click.echo(fitted(about, sys.stdout, " " * len(first), first=first) if about else first.rstrip())


@prompts.command("show")
@click.argument("name")
@click.option("--image", type=FILE, help="A picture: the experts of the configuration look at it.")
@click.option("--evidence", type=FILE, help="Evidence rows to take the facts from instead.")
@click.option("--id", "row_id", help="With --evidence: which row; default: the first.")
@click.option("--cards", type=FILE, help="With --evidence: how far to trust which expert; default: beside it.")
@click.option("--alt-text", help="Text that was found with the picture.")
@click.option("--style", "styles", multiple=True, help="The style that is asked for; repeat it for prompts that ask for several.")
@click.option("--config", "config", type=FILE, help="Configuration file; default: fusion.toml if it is here.")
@click.option("--set", "overrides", multiple=True, metavar="KEY=VALUE", help="Override a key of the configuration.")
@reported
def show(
    name: str,
    image: Path | None,
    evidence: Path | None,
    row_id: str | None,
    cards: Path | None,
    alt_text: str | None,
    styles: tuple[str, ...],
    config: Path | None,
    overrides: tuple[str, ...],
) -> None:
    """Show a prompt: its file, or with --image or --evidence what a model would be given.

    NAME is one of those that `fusion prompts` lists, such as caption/v2.
    """
    from fusion.templates import source

    _refuse_together(image=image, evidence=evidence, row_id=row_id, cards=cards)
    loaded = _load(config, [*overrides, *([f"captions.styles={json.dumps(list(styles))}"] if styles else [])])
    if image is None and evidence is None:
        click.echo(source(name, _folders(loaded)), nl=False)
        return
    briefs = _briefs(loaded, {"image": str(image)} if image else {}, alt_text, evidence, row_id, cards)
    for message in _messages(name, loaded, briefs):
        click.echo(f"--- {message.role}\n{message.content}")


def _load(config: Path | None, overrides: Sequence[str]) -> Config:
    from fusion import config as configuration

    return configuration.load(config, overrides)


def _folders(config: Config) -> list[str]:
    return [config.captions.prompts] if config.captions.prompts else []


def _refuse_together(**given: Any) -> None:
    if given["image"] is not None and given["evidence"] is not None:
        raise click.UsageError("--image was given together with --evidence: the facts come from one of them")
    if given["evidence"] is None and (given["row_id"] is not None or given["cards"] is not None):
        raise click.UsageError("--id and --cards say more of --evidence, which was not given")


def _briefs(
    config: Config, row: dict[str, Any], alt_text: str | None, evidence: Path | None, row_id: str | None, cards: Path | None
) -> list[Brief]:
    """What writers would be asked for of the picture.

    Raises:
        InputError: the picture or its evidence cannot be used, or nothing can be said of it.
    """
    from dataclasses import replace

    from fusion.captioner import Captioner
    from fusion.dataset import cards as card_files
    from fusion.job import Job

    found = card_files.files(cards, evidence, config.cards) if evidence else []
    job: Any = {**row, "alt_text": alt_text}
    if evidence is not None:
        job = replace(_stored(evidence, row_id), alt_text=alt_text)
    assert isinstance(job, dict | Job)
    known = card_files.Cards(found)
    with Captioner(_without_models(config), cards=known.given, thresholds=known.thresholds) as captioner:
        [(record, briefs)] = captioner.briefs([job])
    if record.status == "failed":
        problem = next(one for one in record.errors if not one.warning)
        raise InputError(problem.message, hint=problem.hint)
    if not briefs:
        raise InputError(
            "nothing is known of this picture that a caption could say", hint="`fusion facts` shows what experts see"
        )
    return briefs


def _without_models(config: Config) -> Config:
    """The configuration without language models: to show what they would be given, none is needed."""
    import msgspec

    captions = msgspec.structs.replace(config.captions, writer="template", judge="")
    return msgspec.structs.replace(config, captions=captions, writers=())


def _stored(evidence: Path, row_id: str | None) -> Any:
    """The job for a row of an evidence file, the first one if none is named."""
    from fusion.dataset.evidence import StoredEvidence
    from fusion.dataset.rows import EVIDENCE_KEYS
    from fusion.dataset.sources import RowsFile
    from fusion.job import Job

    if row_id is None:
        row_id = next((row.id for row in RowsFile(str(evidence), EVIDENCE_KEYS) if row.id is not None), None)
    if row_id is None:
        raise InputError(f"evidence {evidence}: expected a row, got none")
    stored = StoredEvidence(evidence).get(row_id)
    if stored.observation is None:
        raise InputError(stored.problems[0].message, hint=stored.problems[0].hint)
    return Job(id=row_id, observation=stored.observation)


def _messages(name: str, config: Config, briefs: Sequence[Brief]) -> Any:
    """The messages of any prompt, with the facts of a picture and, where it asks for that, something to judge or to retry."""
    from fusion.write import TemplateWriter
    from fusion.write.asking import Prompt, Sheet, order_of, told

    sheet = Sheet.of(briefs)
    drafts = TemplateWriter().write(briefs)
    texts = [draft if isinstance(draft, str) else draft.text for draft in drafts]
    known = {
        **told(sheet, [order_of(brief, sheet) for brief in briefs]),
        "candidates": [text for text in texts if text],
        "faults": [EXAMPLE_FAULT],
        "numbers": [],
    }
    return Prompt(name, tuple(_folders(config))).messages(known)
