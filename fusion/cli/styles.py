"""The command `styles`: what captions can be like."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from fusion.cli.common import FILE, fitted, reported

if TYPE_CHECKING:
    from fusion.write import Style


@click.command()
@click.argument("name", required=False)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.option("--config", "config", type=FILE, help="Names a folder of your own; default: fusion.toml if it is here.")
@click.option("--set", "overrides", multiple=True, metavar="KEY=VALUE", help="Override a key: captions.style_folder=DIR.")
@reported
def styles(name: str | None, as_json: bool, config: Path | None, overrides: tuple[str, ...]) -> None:
    """List the styles that captions can have.

    With NAME, the file of that style: a start for one of your own.
    """
    from fusion import config as configuration
    from fusion.write.styles import load_styles, names, source

    folder = configuration.load(config, overrides).captions.style_folder
    folders = [folder] if folder else []
    if name is not None:
        load_styles([name], folders)
        click.echo(names(folders).get(name, Path(name)).read_text(encoding="utf-8-sig"), nl=False)
        return
    known = names(folders)
    found = [(style, source(known[style.name])) for style in load_styles(list(known), folders)]
    if as_json:
        for style, where in found:
            click.echo(json.dumps({**_row(style), "from": where}, ensure_ascii=False))
        return
    rows = [("name", "length", "from"), *((style.name, length(style), where) for style, where in found)]
    widths = [max(len(row[i]) for row in rows) for i in range(3)]
    for row, about in zip(rows, ["about", *(style.about for style, _ in found)], strict=True):
        cells = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        click.echo(f"{cells}  {about}" if not sys.stdout.isatty() else cells.rstrip())
        if sys.stdout.isatty() and about != "about":
            click.echo(fitted(about, sys.stdout, "    ", first="    "))


def length(style: Style) -> str:
    """The bounds of a style in words: "77 tokens"; "any" without one."""
    said = [f"{getattr(style, key)} {key}" for key in ("tokens", "words", "characters") if getattr(style, key)]
    return ", ".join([*said, *([f"{style.each} words each"] if style.each else [])]) or "any"


def _row(style: Style) -> dict[str, object]:
    import msgspec

    row: dict[str, object] = msgspec.to_builtins(style)
    return row
