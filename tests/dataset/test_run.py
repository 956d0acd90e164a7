"""The loop: counts, exit status, what is left after an interruption, and going on from there."""

from __future__ import annotations

import io
import json
import os
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion.config import Config
from fusion.dataset import progress
from fusion.dataset import run as module
from fusion.dataset.rows import PICTURE_KEYS, Output, Row
from fusion.dataset.run import Run, execute
from fusion.dataset.sources import RowsFile
from fusion.errors import ConfigError, FusionError, OutputError

IDS = ["a", "b", "c", "d"]


def work(rows: Iterator[Row]) -> Iterator[Output]:
    for row in rows:
        status = row.data.get("status", "ok")
        yield Output(json.dumps({"id": row.id, "said": row.data.get("said"), "status": status}).encode(), status)


def stopping(after: int, how: BaseException | None = None) -> Callable[[Iterator[Row]], Iterator[Output]]:
    """Work that is interrupted after so many rows."""

    def stopped(rows: Iterator[Row]) -> Iterator[Output]:
        for count, out in enumerate(work(rows)):
            if count == after:
                if how is None:
                    os.kill(os.getpid(), signal.SIGTERM)
                else:
                    raise how
            yield out

    return stopped


def a_run(folder: Path, rows: list[dict[str, Any]] | None = None, **options: Any) -> Run:
    given = folder / "rows.jsonl"
    rows = [{"id": name, "said": f"é {name}"} for name in IDS] if rows is None else rows
    given.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return Run("facts", Config(), RowsFile(str(given), PICTURE_KEYS), folder / "out.jsonl", **options)


@pytest.mark.parametrize(
    ("statuses", "exit_status"),
    [(["ok", "ok"], 0), (["ok", "partial"], 0), (["failed", "ok"], 1), ([], 0)],
    ids=["all ok", "some partial", "some failed", "no rows"],
)
def test_exit_status_and_stats(tmp_path: Path, statuses: list[str], exit_status: int) -> None:
    run = a_run(tmp_path, [{"id": "x", "status": status} for status in statuses])
    assert execute(run, work, lambda: {"stages": {"open": 0.5}}) == exit_status
    assert [json.loads(line)["status"] for line in (tmp_path / "out.jsonl").read_text().splitlines()] == statuses
    stats = json.loads((tmp_path / "out.jsonl.stats.json").read_text())
    assert stats["rows"] == {status: statuses.count(status) for status in ("ok", "partial", "failed")}
    assert stats["stages"] == {"open": 0.5}
    assert stats["peak_memory_bytes"] is None or stats["peak_memory_bytes"] > 1_000_000
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.jsonl", "out.jsonl.stats.json", "rows.jsonl"]


@pytest.mark.parametrize("after", range(5), ids=lambda k: f"after {k} rows")
@pytest.mark.parametrize("how", [None, KeyboardInterrupt()], ids=["terminated", "Ctrl-C"])
def test_an_interrupted_run_goes_on_to_the_same_bytes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], after: int, how: BaseException | None
) -> None:
    (tmp_path / "whole").mkdir()
    whole = a_run(tmp_path / "whole")
    assert execute(whole, work) == 0
    run = a_run(tmp_path)
    part = tmp_path / "out.jsonl.part"
    status = execute(run, stopping(after, how))
    if after < len(IDS):
        assert status == 130
        assert not (tmp_path / "out.jsonl").exists()
        assert part.exists() == (after > 0)
        assert ("--resume" in capsys.readouterr().err) == (after > 0)
        assert execute(replace(run, resume=True), work) == 0
    assert (tmp_path / "out.jsonl").read_bytes() == (tmp_path / "whole/out.jsonl").read_bytes()
    assert not part.exists()
    assert not (tmp_path / "out.jsonl.part.json").exists()


@given(cut=st.integers(min_value=0))
def test_wherever_the_part_was_cut_resume_gives_the_same_bytes(tmp_path_factory: pytest.TempPathFactory, cut: int) -> None:
    folder = tmp_path_factory.mktemp("cut")
    run = a_run(folder, quiet=True)
    execute(run, stopping(3, KeyboardInterrupt()))
    part = folder / "out.jsonl.part"
    written = part.read_bytes()
    part.write_bytes(written[: cut % (len(written) + 1)])
    assert execute(replace(run, resume=True), work) == 0
    assert (folder / "out.jsonl").read_bytes() == b"".join(out.line + b"\n" for out in work(iter(run.source)))


def test_rows_done_before_count_in_the_exit_status(tmp_path: Path) -> None:
    run = a_run(tmp_path, [{"id": "a", "status": "failed"}, {"id": "b"}])
    assert execute(run, stopping(1)) == 130
    assert execute(replace(run, resume=True), work) == 1


def test_an_error_in_the_middle_leaves_the_rows_so_far(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = a_run(tmp_path)
    with pytest.raises(FusionError, match="broke"):
        execute(run, stopping(2, FusionError("broke")))
    assert "with --resume" in capsys.readouterr().err
    assert execute(replace(run, resume=True), work) == 0


def changed_rows(run: Run) -> Run:
    Path(run.source.name).write_text('{"id":"a"}\n')
    return replace(run, source=RowsFile(run.source.name, PICTURE_KEYS))


def changed_ids(run: Run) -> Run:
    """What only the ids can tell: standard input has no digest."""
    part = run.output.with_name("out.jsonl.part") if run.output else Path()
    part.write_bytes(b'{"id":"other"}\n' + part.read_bytes())
    return run


def lost(run: Run) -> Run:
    assert run.output
    run.output.with_name("out.jsonl.part.json").unlink()
    return run


DIFFERENT = {
    "another command": (lambda run: replace(run, command="caption"), 'command was "facts", is now "caption"'),
    "another seed": (lambda run: replace(run, config=Config(seed=3)), "configuration.seed was 0, is now 3"),
    "another option": (lambda run: replace(run, options={"images": "x"}), 'options.images was null, is now "x"'),
    "another file": (lambda run: replace(run, files={"cards": Path(run.source.name)}), "cards was not given, is now /"),
    "other rows": (changed_rows, "rows.jsonl) have changed"),
    "other ids": (changed_ids, "its row 1 has id 'other', that input is now 'a'"),
    "nobody can tell": (lost, "out.jsonl.part.json cannot be read"),
}


@pytest.mark.parametrize(("change", "message"), DIFFERENT.values(), ids=DIFFERENT)
def test_resume_refuses_another_run_and_says_what_differs(tmp_path: Path, change: Callable[[Run], Run], message: str) -> None:
    run = a_run(tmp_path)
    execute(run, stopping(2))
    with pytest.raises(ConfigError) as error:
        execute(replace(change(run), resume=True), work)
    assert message in error.value.message
    assert "--force" in error.value.hint
    assert not [word for word in ("fingerprint", "sha256") if word in error.value.message]
    assert (tmp_path / "out.jsonl.part").exists()


FLAGS = {
    "a file that exists": (["out.jsonl"], {}, "exists already. --force replaces it"),
    "a part that exists": (["out.jsonl.part"], {}, "of an interrupted run exists already. --resume continues it"),
    "nothing to resume": (["out.jsonl"], {"resume": True}, "out.jsonl is complete already. --force makes it again"),
    "both flags": ([], {"resume": True, "force": True}, "--force and --resume were both given"),
}


@pytest.mark.parametrize(("there", "flags", "message"), FLAGS.values(), ids=FLAGS)
def test_what_stands_in_the_way_is_left_alone(tmp_path: Path, there: list[str], flags: dict[str, bool], message: str) -> None:
    for name in there:
        (tmp_path / name).write_text("mine")
    with pytest.raises((OutputError, ConfigError)) as error:
        execute(a_run(tmp_path, **flags), work)
    assert message in str(error.value)
    assert all((tmp_path / name).read_text() == "mine" for name in there)


@pytest.mark.parametrize("there", ["out.jsonl", "out.jsonl.part"])
def test_force_replaces(tmp_path: Path, there: str) -> None:
    (tmp_path / there).write_text("mine")
    assert execute(a_run(tmp_path, force=True), work) == 0
    assert len((tmp_path / "out.jsonl").read_text().splitlines()) == len(IDS)


def test_resume_with_nothing_there_starts(tmp_path: Path) -> None:
    assert execute(a_run(tmp_path, resume=True), work) == 0


@pytest.mark.parametrize(("output", "message"), [("no/out.jsonl", "cannot be written"), (".", "got the folder")])
def test_an_output_that_cannot_be_written_is_an_error_at_start(tmp_path: Path, output: str, message: str) -> None:
    run = replace(a_run(tmp_path), output=tmp_path / output)
    with pytest.raises(OutputError, match=message):
        execute(run, lambda rows: pytest.fail("work began"))


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_an_output_error(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="No space left"):
        execute(replace(a_run(tmp_path), output=Path("/dev/full")), work)


def test_standard_output_gets_rows_as_they_come_and_may_close(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Pipe(io.BytesIO):
        def write(self, data: Any) -> int:
            if self.tell():
                raise BrokenPipeError
            return super().write(data)

    pipe = Pipe()
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(pipe))
    assert execute(replace(a_run(tmp_path), output=None), work) == 130
    assert json.loads(pipe.getvalue())["id"] == "a"
    assert capsys.readouterr().err == ""


def test_a_log_gets_a_line_now_and_then_and_quiet_gets_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(progress, "EVERY", 0.0)
    execute(a_run(tmp_path), work)
    told = capsys.readouterr().err.splitlines()
    assert told[1] == "fusion: facts: 2 of 4 rows, 0 failed"
    assert told[-1].startswith(f"fusion: 4 rows to {tmp_path / 'out.jsonl'}: 4 ok, 0 partial, 0 failed; ")
    execute(a_run(tmp_path, quiet=True, force=True), work)
    assert capsys.readouterr().err == ""


def test_one_row_is_one_row_and_captions_are_counted_over_both_runs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def captions(rows: Iterator[Row]) -> Iterator[Output]:
        for row in rows:
            yield Output(json.dumps({"id": row.id, "captions": [{}, {}]}).encode(), captions=2)

    execute(a_run(tmp_path, [{"id": "a"}]), work)
    assert f"fusion: 1 row to {tmp_path / 'out.jsonl'}: 1 ok" in capsys.readouterr().err
    run = replace(a_run(tmp_path, force=True), command="caption")
    execute(run, lambda rows: interrupting(captions(rows), 3))
    execute(replace(run, resume=True, force=False), captions)
    assert "0 failed; 8 captions; " in capsys.readouterr().err


def interrupting(outputs: Iterator[Output], after: int) -> Iterator[Output]:
    yield from islice(outputs, after)
    raise KeyboardInterrupt


@pytest.mark.parametrize("terminal", [True, False], ids=["rows on a terminal", "rows elsewhere"])
def test_a_bar_counts_rows_unless_a_terminal_shows_them(monkeypatch: pytest.MonkeyPatch, terminal: bool) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    shown = Terminal()
    monkeypatch.setattr("sys.stderr", shown)
    bar = progress.Progress("facts", 4, terminal=terminal)
    bar.start(0)
    bar.step(Counter(ok=1))
    bar.close()
    assert ("row/s" in shown.getvalue()) is not terminal


def test_the_handler_of_terminate_is_given_back(tmp_path: Path) -> None:
    before = signal.getsignal(signal.SIGTERM)
    execute(a_run(tmp_path), work)
    assert signal.getsignal(signal.SIGTERM) is before
    assert module.INTERRUPTED == 130
