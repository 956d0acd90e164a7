"""What the commands share: common options, errors as a line and a hint, text fitted to the terminal."""

from __future__ import annotations

import functools
import json
import shutil
import sys
import textwrap
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from fusion.errors import FusionError

if TYPE_CHECKING:
    from fusion.config import Config
    from fusion.dataset.run import Run
    from fusion.dataset.sources import Source

SOME_FAILED, NOTHING_RUN, INTERRUPTED = 1, 2, 130

STANDARD_OUTPUT = ("-", "/dev/stdout")
FILE = click.Path(path_type=Path)
POLICY = click.Choice(["strict", "balanced", "lenient"])


@dataclass(frozen=True)
class Common:
    """The options that every command over rows takes."""

    config: Path | None
    overrides: tuple[str, ...]
    output: Path | None
    force: bool
    resume: bool
    quiet: bool

    def load(self, *given: str) -> Config:
        """The configuration: file, then `--set`, then what options of the command say."""
        from fusion import config

        return config.load(self.config, [*self.overrides, *given])

    def run(self, command: str, config: Config, source: Source, files: dict[str, Path | None], **options: str) -> Run:
        """The run of a command with these options."""
        from fusion import config as configuration
        from fusion.dataset.inputs import refuse_overwriting, refuse_pictures
        from fusion.dataset.run import Run

        refuse_pictures(command, source, files)
        if self.output:
            read = {**files, "configuration": self.config or Path(configuration.FILE)}
            refuse_overwriting(self.output, source, read, with_cards=command == "facts")
        where = {"output": self.output, "force": self.force, "resume": self.resume, "quiet": self.quiet}
        return Run(command, config, source, files=files, options=options, **where)  # type: ignore[arg-type]


def reported(function: Callable[..., int | None]) -> Callable[..., None]:
    """Errors become a line and a hint on standard error and exit status 2; `--debug` shows where they come from."""

    @click.option("--debug", is_flag=True, help="Show the traceback of an error.")
    @functools.wraps(function)
    def wrapped(debug: bool, **given: Any) -> None:
        try:
            status = function(**given) or 0
        except FusionError as error:
            status = report_error(error.message, error.hint, debug)
        except (click.ClickException, click.exceptions.Exit):
            raise
        except Exception as error:  # noqa: BLE001 - nobody should meet a traceback who did not ask for one
            hint = "this is a mistake in caption-fusion or in an expert; --debug shows where"
            status = report_error(f"{type(error).__name__}: {error}", hint, debug)
        click.get_current_context().exit(status)

    return wrapped


def report_error(message: str, hint: str, debug: bool) -> int:
    """Say on standard error what went wrong and what helps. Returns the exit status."""
    if debug:
        click.echo(traceback.format_exc(), err=True, nl=False)
    click.echo(f"fusion: error: {message}", err=True)
    if hint:
        click.echo(fitted(f"hint: {hint}", sys.stderr, "      "), err=True)
    return NOTHING_RUN


def fitted(text: str, stream: TextIO, indent: str, first: str = "") -> str:
    """Text broken at spaces to the width of a terminal; as it is where no terminal shows it."""
    if not stream.isatty():
        return first + text
    width = shutil.get_terminal_size().columns
    unbroken = {"break_long_words": False, "break_on_hyphens": False}
    return textwrap.fill(text, width, initial_indent=first, subsequent_indent=indent, **unbroken)  # type: ignore[arg-type]


def over_rows(function: Callable[..., int]) -> Callable[..., None]:
    """A command that turns rows into rows, with the options common to all of those."""

    @click.option("--config", "config", type=FILE, help="Configuration file; default: fusion.toml if it is here.")
    @click.option("--set", "overrides", multiple=True, metavar="KEY=VALUE", help="Override a key, such as run.batch=4.")
    @click.option("-o", "--output", type=FILE, help="File to write; default, and -: standard output.")
    @click.option("--force", is_flag=True, help="Replace a file that exists.")
    @click.option("--resume", is_flag=True, help="Go on with an interrupted run.")
    @click.option("--quiet", is_flag=True, help="No progress and no summary.")
    @reported
    @functools.wraps(function)
    def wrapped(config: Path | None, overrides: tuple[str, ...], output: Path | None, **given: Any) -> int:
        flags = [given.pop(name) for name in ("force", "resume", "quiet")]
        to_file = None if str(output) in STANDARD_OUTPUT else output
        return function(Common(config, overrides, to_file, *flags), **given)

    return wrapped


def files(**named: Path | Sequence[Path] | None) -> dict[str, Path | None]:
    """The files that a run depends on, by role."""
    found: dict[str, Path | None] = {}
    for role, given in named.items():
        several = [given] if isinstance(given, Path) else given or []
        found.update({role if i == 0 else f"{role} {i + 1}": path for i, path in enumerate(several)})
    return found


def caption_keys(policy: str | None, styles: tuple[str, ...] = (), **others: str | int | None) -> list[str]:
    """Options of the command as keys of the configuration; `others` are called as the keys are."""
    given = [f"captions.policy={policy}"] if policy else []
    given += [f"captions.{key}={json.dumps(value)}" for key, value in others.items() if value is not None]
    return given + ([f"captions.styles={json.dumps(list(styles))}"] if styles else [])
