"""The commands that need no rows: `experts` and `init`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from fusion.cli.common import FILE, STANDARD_OUTPUT, fitted, reported
from fusion.errors import ConfigError, OutputError

if TYPE_CHECKING:
    from fusion.expert import Installed


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@reported
def experts(as_json: bool) -> None:
    """List the experts that are installed, and what is missing."""
    from fusion.expert import installed

    found = list(installed())
    if as_json:
        for one in found:
            click.echo(json.dumps({**vars(one), "usable": one.usable}, ensure_ascii=False))
        return
    rows = [("name", "package", "automatic", "state", ""), *(_expert(one) for one in found)]
    widths = [max(len(row[i]) for row in rows) for i in range(3)]
    for *cells, state, why in rows:
        short = "cannot run" if why and sys.stdout.isatty() else state or why
        click.echo("  ".join([*(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)), short]))
        if short == "cannot run":
            click.echo(fitted(why, sys.stdout, "    ", first="    "))


def _expert(one: Installed) -> tuple[str, str, str, str, str]:
    why = f"{one.error}; {one.hint}" if one.hint else one.error
    return one.name, f"{one.package} {one.version}".strip(), "yes" if one.automatic else "no", "" if why else "ready", why


@click.command()
@click.argument("file", type=FILE, default=Path("fusion.toml"))
@click.option("--force", is_flag=True, help="Replace a file that exists.")
@reported
def init(file: Path, force: bool) -> None:
    """Write a configuration file to start from.

    FILE is fusion.toml unless given; - is standard output.
    """
    from fusion.config import TEMPLATE

    if str(file) in STANDARD_OUTPUT:
        click.echo(TEMPLATE, nl=False)
        return
    try:
        with file.open("w" if force else "x", encoding="utf-8") as made:
            made.write(TEMPLATE)
    except FileExistsError:
        raise ConfigError(f"{file} exists already", hint="--force replaces it") from None
    except OSError as error:
        raise OutputError(f"{file} cannot be written: {error.strerror}", hint="check folder and rights") from None
    click.echo(f"fusion: wrote {file}", err=True)
