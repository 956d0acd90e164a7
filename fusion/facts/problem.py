"""What went wrong with a row, as its `errors` tell it."""

from __future__ import annotations

import msgspec

from fusion.errors import FusionError
from fusion.facts.text import printable


class Problem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One entry of `errors` in a row."""

    message: str
    expert: str | None = None
    line: int | None = None
    hint: str = ""
    retry: bool = False
    warning: bool = False

    @classmethod
    def of(cls, error: BaseException, *, expert: str | None = None, line: int | None = None) -> Problem:
        """The entry for an error; one that is not ours is named by its class."""
        if isinstance(error, FusionError):
            expert = getattr(error, "expert", "") or expert
            line = error.line if error.line is not None else line
            return cls(message=printable(error.message), expert=expert, line=line, hint=printable(error.hint), retry=error.retry)
        said = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        return cls(message=printable(said), expert=expert, line=line)
