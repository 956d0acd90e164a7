"""The commands that need no rows: `experts`, `backends`, `strategies` and `init`."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from fusion.cli.common import FILE, SOME_FAILED, STANDARD_OUTPUT, fitted, reported
from fusion.errors import ConfigError, OutputError

if TYPE_CHECKING:
    from fusion.expert import Installed


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.option("--check", is_flag=True, help="Start those of the configuration; show load time, memory, speed.")
@click.option("--config", "config", type=FILE, help="With --check: its configuration; default: fusion.toml if it is here.")
@click.option("--set", "overrides", multiple=True, metavar="KEY=VALUE", help="With --check: override a key.")
@reported
def experts(as_json: bool, check: bool, config: Path | None, overrides: tuple[str, ...]) -> int:
    """List the experts that are installed, and what is missing."""
    from fusion.expert import installed

    if check:
        return _check(as_json, config, overrides)
    if config is not None or overrides:
        raise ConfigError("--config and --set are for --check", hint="the list shows all that is installed")
    _listed(list(installed()), as_json)
    return 0


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@reported
def backends(as_json: bool) -> None:
    """List what language models can be written with, and what is missing.

    [[writers]] of the configuration name one of them under `use`; their other keys are its options.
    """
    from fusion.write.backends import installed_backends

    _listed(list(installed_backends()), as_json, automatic=False)


def _listed(found: Sequence[Installed], as_json: bool, *, automatic: bool = True) -> None:
    """Show what is installed, and what is not and how to get it."""
    if as_json:
        for one in found:
            click.echo(json.dumps({**vars(one), "usable": one.usable}, ensure_ascii=False))
        return
    rows = [("name", "package", "automatic", "state", ""), *(_expert(one) for one in found)]
    shown = (0, 1, 2) if automatic else (0, 1)
    widths = {i: max(len(row[i]) for row in rows) for i in shown}
    for row in rows:
        state, why = row[3:]
        short = "cannot run" if why and sys.stdout.isatty() else state or why
        click.echo("  ".join([*(row[i].ljust(widths[i]) for i in shown), short]))
        if short == "cannot run":
            click.echo(fitted(why, sys.stdout, "    ", first="    "))


def _check(as_json: bool, config: Path | None, overrides: tuple[str, ...]) -> int:
    """Try each expert of the configuration; 1 if one cannot run."""
    from fusion import config as configuration
    from fusion.stage import stations, try_experts

    configured, failed = stations(configuration.load(config, overrides), {}), False
    columns = "{:16}  {:>8}  {:>10}  {:>10}  {}"
    if not as_json:
        click.echo(columns.format("name", "load", "memory", "a picture", ""))
    for one in try_experts(configured):
        failed |= bool(one.error)
        if as_json:
            click.echo(json.dumps(vars(one), ensure_ascii=False))
            continue
        why = f"{one.error}; {one.hint}" if one.hint else one.error
        figures = ("", "", "") if one.error else (f"{one.load:.2f} s", f"{one.memory:.0f} MiB", f"{one.look:.1f} ms")
        click.echo(columns.format(one.name, *figures, "cannot run" if why else "ready"))
        if why:
            click.echo(fitted(why, sys.stdout, "    ", first="    "))
    return SOME_FAILED if failed else 0


def _expert(one: Installed) -> tuple[str, str, str, str, str]:
    why = f"{one.error}; {one.hint}" if one.hint else one.error
    return one.name, f"{one.package} {one.version}".strip(), "yes" if one.automatic else "no", "" if why else "ready", why


@click.command()
@click.argument("name", required=False)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@reported
def strategies(name: str | None, as_json: bool) -> None:
    """List the strategies, or show the file of one.

    A strategy says who proposes captions, who judges them, and what is kept. One of your own is a file like these:
    captions.strategy in the configuration, or --strategy, takes its path.
    """
    from fusion.write.strategies import load_strategy
    from fusion.write.strategies import strategies as presets

    found = [load_strategy(one) for one in ([name] if name else presets())]
    if name and not as_json:
        click.echo(presets().get(name, Path(name)).read_text(encoding="utf-8"), nl=False)
        return
    width = max(len(one.name) for one in found)
    for one in found:
        if as_json:
            click.echo(msgspec.json.encode(one).decode())
            continue
        stands = f"; stands for {one.stands_for}" if one.stands_for else ""
        click.echo(fitted(f"{one.about}{stands}", sys.stdout, " " * (width + 2), first=f"{one.name.ljust(width)}  "))


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
