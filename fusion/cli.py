"""The command `fusion`. Each command says what is read and where it goes; the work is done in `fusion.dataset`.

Nothing heavy is imported before a command runs, so that `--help` answers at once.
"""

from __future__ import annotations

import functools
import json
import shutil
import sys
import textwrap
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from fusion.errors import ConfigError, FusionError, OutputError

if TYPE_CHECKING:
    from fusion.captioner import Captioner
    from fusion.config import Config
    from fusion.dataset.rows import Output, Row
    from fusion.dataset.run import Run
    from fusion.dataset.sources import Source
    from fusion.expert import Installed

NOTHING_RUN, INTERRUPTED = 2, 130

_STANDARD_OUTPUT = ("-", "/dev/stdout")
_FILE = click.Path(path_type=Path)
_NO_EYES = "no expert that looks at pictures is configured; `fusion experts` lists them, `fusion init` writes a configuration"
_POLICY = click.Choice(["strict", "balanced", "lenient"])


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
        from fusion.config import FILE
        from fusion.dataset.inputs import refuse_overwriting, refuse_pictures
        from fusion.dataset.run import Run

        refuse_pictures(command, source, files)
        if self.output:
            read = {**files, "configuration": self.config or Path(FILE)}
            refuse_overwriting(self.output, source, read, with_cards=command == "facts")
        where = {"output": self.output, "force": self.force, "resume": self.resume, "quiet": self.quiet}
        return Run(command, config, source, files=files, options=options, **where)  # type: ignore[arg-type]


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


def _reported(function: Callable[..., int | None]) -> Callable[..., None]:
    """Errors become a line and a hint on standard error and exit status 2; `--debug` shows where they come from."""

    @click.option("--debug", is_flag=True, help="Show the traceback of an error.")
    @functools.wraps(function)
    def wrapped(debug: bool, **given: Any) -> None:
        try:
            status = function(**given) or 0
        except FusionError as error:
            status = _report(error.message, error.hint, debug)
        except (click.ClickException, click.exceptions.Exit):
            raise
        except Exception as error:  # noqa: BLE001 - nobody should meet a traceback who did not ask for one
            hint = "this is a mistake in caption-fusion or in an expert; --debug shows where"
            status = _report(f"{type(error).__name__}: {error}", hint, debug)
        click.get_current_context().exit(status)

    return wrapped


def _report(message: str, hint: str, debug: bool) -> int:
    if debug:
        click.echo(traceback.format_exc(), err=True, nl=False)
    click.echo(f"fusion: error: {message}", err=True)
    if hint:
        click.echo(_fitted(f"hint: {hint}", sys.stderr, "      "), err=True)
    return NOTHING_RUN


def _fitted(text: str, stream: TextIO, indent: str, first: str = "") -> str:
    """Text broken at spaces to the width of a terminal; as it is where no terminal shows it."""
    if not stream.isatty():
        return first + text
    width = shutil.get_terminal_size().columns
    unbroken = {"break_long_words": False, "break_on_hyphens": False}
    return textwrap.fill(text, width, initial_indent=first, subsequent_indent=indent, **unbroken)  # type: ignore[arg-type]


def _over_rows(function: Callable[..., int]) -> Callable[..., None]:
    """A command that turns rows into rows, with the options common to all of those."""

    @click.option("--config", "config", type=_FILE, help="Configuration file; default: fusion.toml if it is here.")
    @click.option("--set", "overrides", multiple=True, metavar="KEY=VALUE", help="Override a key, such as run.batch=4.")
    @click.option("-o", "--output", type=_FILE, help="File to write; default, and -: standard output.")
    @click.option("--force", is_flag=True, help="Replace a file that exists.")
    @click.option("--resume", is_flag=True, help="Go on with an interrupted run.")
    @click.option("--quiet", is_flag=True, help="No progress and no summary.")
    @_reported
    @functools.wraps(function)
    def wrapped(config: Path | None, overrides: tuple[str, ...], output: Path | None, **given: Any) -> int:
        flags = [given.pop(name) for name in ("force", "resume", "quiet")]
        to_file = None if str(output) in _STANDARD_OUTPUT else output
        return function(Common(config, overrides, to_file, *flags), **given)

    return wrapped


def _files(**named: Path | Sequence[Path] | None) -> dict[str, Path | None]:
    """The files that a run depends on, by role."""
    files: dict[str, Path | None] = {}
    for role, given in named.items():
        several = [given] if isinstance(given, Path) else given or []
        files.update({role if i == 0 else f"{role} {i + 1}": path for i, path in enumerate(several)})
    return files


@cli.command()
@click.argument("inputs", nargs=-1, required=True, metavar="IMAGES|ROWS")
@click.option("--images", type=_FILE, metavar="DIR", help="Folder of the pictures in rows; default: beside them.")
@_over_rows
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
        run = common.run("facts", config, source, _files(cards=_configured(config)), images=str(images or ""))
        status = execute(run, work, finished)
        work.advise(common)
        return status


def _configured(config: Config) -> Path | None:
    return Path(config.cards) if config.cards else None


@cli.command()
@click.argument("inputs", nargs=-1, required=True, metavar="IMAGES|ROWS")
@click.option("--evidence", type=_FILE, help="Take facts from these evidence rows instead of looking again.")
@click.option("--cards", type=_FILE, help="How far to trust which expert; default: beside the evidence.")
@click.option("--images", type=_FILE, metavar="DIR", help="Folder of the pictures in rows; default: beside them.")
@click.option("--policy", type=_POLICY, help="What repair takes away.")
@click.option("--style", "styles", multiple=True, help="A style to write in; repeat it for several.")
@_over_rows
def caption(
    common: Common,
    inputs: tuple[str, ...],
    evidence: Path | None,
    cards: Path | None,
    images: Path | None,
    policy: str | None,
    styles: tuple[str, ...],
) -> int:
    """Write captions of pictures and check them: records."""
    from fusion.dataset import cards as card_files
    from fusion.dataset.evidence import StoredEvidence
    from fusion.dataset.pictures import records
    from fusion.dataset.rows import PICTURE_KEYS
    from fusion.dataset.run import execute
    from fusion.dataset.sources import find

    config = common.load(*_captions(policy, styles))
    source = find(inputs, PICTURE_KEYS, images)
    found = card_files.files(cards, evidence, config.cards)

    def work(rows: Iterator[Row], captioner: Captioner) -> Iterator[Output]:
        return records(rows, captioner, StoredEvidence(evidence) if evidence else None)

    with _Captioning(config, found, work) as captioning:
        run = common.run("caption", config, source, _files(evidence=evidence, cards=found), images=str(images or ""))
        status = execute(run, captioning, captioning.finished)
        captioning.advise(common)
        return status


def _captions(policy: str | None, styles: tuple[str, ...] = ()) -> list[str]:
    """Options of the command as keys of the configuration."""
    given = [f"captions.policy={policy}"] if policy else []
    return given + ([f"captions.styles={json.dumps(list(styles))}"] if styles else [])


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

        self.captioner = Captioner(self._config, cards=Cards(self._cards).given if self._cards else None)
        for out in self._work(rows, self.captioner):
            self._facts += out.facts
            self._usable += out.status != "failed"
            yield out

    def finished(self) -> dict[str, Any]:
        """What goes to FILE.stats.json besides the counts: seconds by stage."""
        seconds = self.captioner.seconds if self.captioner else {}
        return {"stages": {stage: round(spent, 3) for stage, spent in seconds.items()}}

    def advise(self, common: Common) -> None:
        """Where no row has a fact because only those experts ran that read rows, say what is missing."""
        from fusion.stage import FROM_ROWS

        if common.quiet or self._facts or not self._usable or not self.captioner or self._config.experts is not None:
            return
        ran = {stage for stage in self.captioner.seconds if stage.startswith("experts/")}
        if ran and ran <= {f"experts/{name}" for name in FROM_ROWS}:
            click.echo(_fitted(f"hint: {_NO_EYES}", sys.stderr, "      "), err=True)

    def __enter__(self) -> _Captioning:
        return self

    def __exit__(self, *_: object) -> None:
        if self.captioner:
            self.captioner.close()


@cli.command()
@click.argument("rows", metavar="ROWS")
@_over_rows
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


@cli.command()
@click.argument("rows", metavar="ROWS")
@click.option("--evidence", type=_FILE, required=True, help="Evidence rows to check captions against, found by id.")
@click.option("--cards", type=_FILE, help="How far to trust which expert; default: beside the evidence.")
@click.option("--policy", type=_POLICY, help="What repair takes away.")
@_over_rows
def verify(common: Common, rows: str, evidence: Path, cards: Path | None, policy: str | None) -> int:
    """Check captions against evidence and repair them: verify rows."""
    from fusion.dataset import cards as card_files
    from fusion.dataset.rows import CAPTION_KEYS
    from fusion.dataset.run import execute
    from fusion.dataset.sources import RowsFile

    config = common.load(*_captions(policy))
    found = card_files.files(cards, evidence, config.cards)

    def work(given: Iterator[Row]) -> Iterator[Output]:
        from fusion.dataset.evidence import StoredEvidence
        from fusion.dataset.verify import Verifier
        from fusion.language import Language

        stored, known = StoredEvidence(evidence), card_files.Cards(found)
        language = Language.load(config.language.pipeline)
        return Verifier(stored, known, language, config.captions.policy).rows(given)

    run = common.run("verify", config, RowsFile(rows, CAPTION_KEYS), _files(evidence=evidence, cards=found))
    return execute(run, work)


@cli.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@_reported
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
            click.echo(_fitted(why, sys.stdout, "    ", first="    "))


def _expert(one: Installed) -> tuple[str, str, str, str, str]:
    why = f"{one.error}; {one.hint}" if one.hint else one.error
    return one.name, f"{one.package} {one.version}".strip(), "yes" if one.automatic else "no", "" if why else "ready", why


@cli.command()
@click.argument("file", type=_FILE, default=Path("fusion.toml"))
@click.option("--force", is_flag=True, help="Replace a file that exists.")
@_reported
def init(file: Path, force: bool) -> None:
    """Write a configuration file to start from.

    FILE is fusion.toml unless given; - is standard output.
    """
    from fusion.config import TEMPLATE

    if str(file) in _STANDARD_OUTPUT:
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


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit with its status."""
    try:
        status = cli.main(arguments, prog_name="fusion", standalone_mode=False)
    except (click.Abort, KeyboardInterrupt):
        click.echo("fusion: interrupted", err=True)
        status = INTERRUPTED
    except click.UsageError as error:
        command = error.ctx.command_path if error.ctx else "fusion"
        status = _report(error.format_message(), f"{command} --help lists what can be given", debug=False)
    sys.exit(status)
