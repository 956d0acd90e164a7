"""The command `fusion`. Each command says what is read and where it goes; the work is done in `fusion.dataset`.

Nothing heavy is imported before a command runs, so that `--help` answers at once.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import NoReturn

import click

from fusion.cli.calibrate import calibrate
from fusion.cli.captions import claims, verify
from fusion.cli.common import INTERRUPTED, report_error
from fusion.cli.pictures import caption, facts
from fusion.cli.prompts import prompts
from fusion.cli.report import report
from fusion.cli.setup import backends, experts, init, strategies
from fusion.cli.show import show
from fusion.cli.styles import styles
from fusion.cli.tags import tags


def _version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted:
        from fusion.dataset import version

        click.echo(f"caption-fusion {version()}")
        ctx.exit()


@click.group(invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help="Say the version.")
@click.pass_context
def cli(ctx: click.Context) -> None:
    """Captions whose every claim can be traced to what was seen.

    \b
    ROWS are files of JSON Lines, - is standard input.
    Rows out = rows in, in order.
    Exit status: 0 all rows ok or partial, 1 some failed,
    2 nothing could be run, 130 interrupted.
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


COMMANDS = (
    facts,
    caption,
    claims,
    verify,
    calibrate,
    tags,
    report,
    show,
    experts,
    backends,
    styles,
    strategies,
    prompts,
    init,
)
for command in COMMANDS:
    cli.add_command(command)


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and exit with its status."""
    try:
        status = cli.main(arguments, prog_name="fusion", standalone_mode=False)
    except (click.Abort, KeyboardInterrupt):
        click.echo("fusion: interrupted", err=True)
        status = INTERRUPTED
    except click.UsageError as error:
        command = error.ctx.command_path if error.ctx else "fusion"
        status = report_error(error.format_message(), f"{command} --help lists what can be given", debug=False)
    sys.exit(status)


def entry() -> NoReturn:
    """What the command `fusion` calls: `main`, but after Ctrl-C the process ends at once.

    Rows are on disk then, and native threads of libraries that still work would abort an orderly exit.
    """
    try:
        main()
    except SystemExit as end:
        if end.code == INTERRUPTED:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(INTERRUPTED)
        raise
