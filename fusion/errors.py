"""What can go wrong, where, whether trying again helps, and what to do.

FusionError
├── InputError            something a user handed in cannot be used
│   ├── ImageError        a picture that cannot be opened or is too large
│   └── RowError          a line of a rows file
├── ConfigError           the configuration, the command line, or the two together
├── ExpertError           an expert failed on a picture; others go on
│   ├── ExpertNotFound    no expert of that name is installed
│   ├── MissingExtra      the expert is there, a library that it needs is not
│   ├── ExpertTimeout     it did not come back within its time limit
│   └── BadFact           it returned something that is no fact
├── WriterError           a writer failed on a brief
└── OutputError           the result cannot be written where it should go
"""

from __future__ import annotations


class FusionError(Exception):
    """Base of every error raised on purpose: `message` says what and where, `hint` what to do, `retry` if that may help."""

    retry: bool = False

    def __init__(self, message: str, *, hint: str = "", retry: bool | None = None, line: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.line = line
        if retry is not None:
            self.retry = retry

    def __str__(self) -> str:
        return f"{self.message}. {self.hint}" if self.hint else self.message


class InputError(FusionError):
    """Something a user handed in cannot be used."""


class ImageError(InputError):
    """A picture that cannot be opened, or decodes to more pixels than allowed."""


class RowError(InputError):
    """A line of a rows file that cannot be read as what the command takes."""


class ConfigError(FusionError):
    """The configuration or the command line is wrong; nothing was run."""


class ExpertError(FusionError):
    """An expert failed on a picture. `expert` is its name in the configuration."""

    def __init__(
        self, message: str, *, expert: str = "", hint: str = "", retry: bool | None = None, line: int | None = None
    ) -> None:
        super().__init__(message, hint=hint, retry=retry, line=line)
        self.expert = expert


class ExpertNotFound(ExpertError):
    """No installed package offers an expert of that name."""


class MissingExtra(ExpertError):
    """A library that the expert needs is not installed; the hint is the command that installs it."""


class ExpertTimeout(ExpertError):
    """The expert did not come back within its time limit."""

    retry = True


class BadFact(ExpertError):
    """The expert returned something that is no valid fact."""


class WriterError(FusionError):
    """A writer failed on a brief."""


class ContextTooLong(WriterError):
    """A request does not fit into the context of the model; it was refused here, or by the server."""


class OutputError(FusionError):
    """The result cannot be written where it should go."""
