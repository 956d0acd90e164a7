"""Files of the cache: written beside and renamed, so that a reader sees the whole file or none."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from fusion.errors import ExpertError, OutputError

AGAIN = "delete the file; it is made again"


def written(file: Path, write: Callable[[str], Any]) -> None:
    """Let `write` make a file beside this one, then give it this name. Of two processes the later one wins.

    Raises:
        OutputError: the folder cannot be written.
    """
    part = ""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handle, part = tempfile.mkstemp(dir=file.parent, suffix=".part.npy")  # numpy would add that ending itself
        os.close(handle)
        write(part)
        Path(part).replace(file)
    except (OSError, RuntimeError) as error:  # usearch raises RuntimeError
        if part:
            Path(part).unlink(missing_ok=True)
        reason = getattr(error, "strerror", None) or error
        message = f"cache: {file.parent.name} cannot be written: {reason}"
        raise OutputError(message, hint="check the path, its permissions and the disk") from error


def read(file: Path, load: Callable[[str], Any]) -> Any:
    """What `load` makes of a file.

    Raises:
        ExpertError: it is damaged; the hint says what to do.
    """
    try:
        return load(str(file))
    except (OSError, ValueError, EOFError, RuntimeError) as error:
        reason = (str(error) or type(error).__name__).splitlines()[0]
        raise ExpertError(f"cache: {file.name} cannot be read: {reason}", hint=AGAIN) from error
