"""The loop around every command: inputs in, rows out, resumed, counted and reported."""

from __future__ import annotations

import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from fusion import config as configuration
from fusion.config import Config
from fusion.dataset import version
from fusion.dataset.progress import Progress, tell
from fusion.dataset.rows import Output, Row
from fusion.dataset.sinks import Sink, open_sink, write_beside
from fusion.dataset.sources import Source, digest

DONE, SOME_FAILED, INTERRUPTED = 0, 1, 130

Work = Callable[[Iterator[Row]], Iterable[Output]]


@dataclass(frozen=True)
class Run:
    """What a person asked for: the command, its configuration, where rows come from and go to.

    `files` are read besides the source (evidence, cards), `options` are what else of the command line changes rows.
    """

    command: str
    config: Config
    source: Source
    output: Path | None = None
    files: Mapping[str, Path | None] = field(default_factory=dict)
    options: Mapping[str, str] = field(default_factory=dict)
    force: bool = False
    resume: bool = False
    quiet: bool = False

    def identity(self) -> dict[str, Any]:
        """What must be the same for another run to go on where this one stops."""
        config = msgspec.to_builtins(self.config)
        config.pop("folder", None)
        return {
            "command": self.command,
            "version": version(),
            "inputs": self.source.digest(),
            **{name: digest(path) for name, path in self.files.items() if path},
            "options": self.options,
            "fingerprint": configuration.fingerprint(self.config),
            "configuration": config,
        }


def execute(run: Run, work: Work, finished: Callable[[], Mapping[str, Any]] = dict) -> int:
    """Do the work on all inputs and write a row for each; the exit status.

    `finished` is called when all rows are written, before the file gets its name; its answer goes to FILE.stats.json.

    Raises:
        FusionError: nothing could be run, or the rows could not be written.
    """
    to_file = run.output is not None and (run.output.is_file() or not run.output.exists())
    sink = open_sink(run.output, run.identity() if to_file else {}, force=run.force, resume=run.resume)
    began = time.perf_counter()
    rows = iter(run.source)
    progress = Progress(run.command, run.source.total, run.quiet, sink.terminal)
    try:
        with _terminable():
            sink.skip(rows)
            counts = _all(work(rows), sink, progress)
            extra = finished()
            sink.finish()
    except KeyboardInterrupt:
        progress.close()
        told = sink.leave()
        tell(f"interrupted; {told}" if told else "interrupted")
        return INTERRUPTED
    except BrokenPipeError:
        progress.close()
        sink.leave()
        return INTERRUPTED
    except BaseException:
        progress.close()
        _left(sink)
        raise
    seconds = time.perf_counter() - began
    captions = sink.captions if run.command == "caption" else None
    progress.summary(counts, seconds, sink.name, captions)
    if to_file and run.output:
        stats = {**_stats(run, counts, seconds), **extra}
        write_beside(run.output.with_name(f"{run.output.name}.stats.json"), stats)
    return SOME_FAILED if counts["failed"] else DONE


def _all(outputs: Iterable[Output], sink: Sink, progress: Progress) -> Counter[str]:
    counts = Counter(sink.done)
    progress.start(counts.total())
    for out in outputs:
        sink.write(out)
        counts[out.status] += 1
        progress.step(counts)
    progress.close()
    return counts


def _left(sink: Sink) -> None:
    """An error in the middle leaves FILE.part as an interruption does."""
    if told := sink.leave():
        tell(f"stopped; {told}")


@contextmanager
def _terminable() -> Iterator[None]:
    """Let a request to terminate stop the run as Ctrl-C does."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, _interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def _stats(run: Run, counts: Counter[str], seconds: float) -> dict[str, Any]:
    return {
        "command": run.command,
        "version": version(),
        "rows": {status: counts[status] for status in ("ok", "partial", "failed")},
        "seconds": round(seconds, 3),
        "peak_memory_bytes": _peak_memory(),
    }


def _peak_memory() -> int | None:
    """The most memory that this process held at a time, None where the system does not say."""
    try:
        import resource
    except ImportError:
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
