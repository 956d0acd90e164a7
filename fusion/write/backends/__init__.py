"""Language models that write: those built in, and those that other packages offer.

A package offers one by an entry point in the group `fusion.backends`, named by what follows `use` in a `[[writers]]` table:

    [project.entry-points."fusion.backends"]
    my_model = "my_package:MyModel"

A backend may say in `requires` which modules it imports, and the command that installs each.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib.metadata import EntryPoint, entry_points
from typing import Any, cast

from fusion.errors import ConfigError, FusionError, MissingExtra
from fusion.expert import Installed, missing
from fusion.options import check_options
from fusion.write.backends.protocol import Backend, Finish, Message, Options, Reply, Request, Role

__all__ = ["Backend", "Finish", "Message", "Options", "Reply", "Request", "Role", "installed_backends", "load_backend"]

GROUP = "fusion.backends"
PACKAGE = "caption-fusion"

BUILT_IN: Mapping[str, str] = {
    "llama_cpp": "fusion.write.backends.llama_cpp:LlamaCpp",
    "server": "fusion.write.backends.server:Server",
    "transformers": "fusion.write.backends.transformers:Transformers",
}
"""Found without entry points, so that they are there in an installation that is older than they are."""

METHODS = ("count", "generate", "close")


def load_backend(use: str, options: Mapping[str, Any], where: str) -> Backend:
    """The backend of that name, made with these options; its weights are loaded when it is first asked.

    `where` says in messages whose options these are, such as "writer 'small'".

    Raises:
        ConfigError: there is no such backend, two packages offer it, it cannot be imported, or it does not take the options.
        MissingExtra: a library that it needs is not installed; the hint is the command that installs it.
    """
    kind = _class(_one(use, where), where)
    error, hint = missing(cast("Any", _Requires(kind)))
    if error:
        raise MissingExtra(f"{where}: {error}", hint=hint)
    check_options(kind, options, where)
    try:
        return cast("Backend", kind(**options))
    except (ConfigError, TypeError, ValueError) as failure:
        message, hint = (failure.message, failure.hint) if isinstance(failure, FusionError) else (str(failure), "")
        raise ConfigError(f"{where}: {message}", hint=hint or "see the options of this backend") from failure


def installed_backends() -> Iterator[Installed]:
    """All backends that there are, by name; one that cannot be used comes with the reason and breaks nothing."""
    points = _offered()
    for point in points:
        version = point.dist.version if point.dist else ""
        error, hint = "", ""
        try:
            error, hint = missing(cast("Any", _Requires(_class(point, point.name))))
            _one(point.name, point.name)
        except FusionError as failure:
            error, hint = failure.message, failure.hint
        yield Installed(point.name, _package(point), version, point.value, error, hint)


class _Requires:
    """What `fusion.expert.missing` asks of an expert: the modules that a class says it imports."""

    def __init__(self, kind: type[Any]) -> None:
        self.requires: Mapping[str, str] = getattr(kind, "requires", {})


def _one(use: str, where: str) -> EntryPoint:
    points = _offered()
    found = [point for point in points if point.name == use]
    if not found:
        known = ", ".join(sorted({point.name for point in points}))
        raise ConfigError(f"{where}: no backend {use!r} is installed", hint=f"installed are: {known}")
    if len(found) > 1:
        packages = " and ".join(f"{_package(point)} ({point.value})" for point in found)
        hint = "uninstall all but one of them"
        raise ConfigError(f"{where}: backend {use!r}: expected one package that offers it, got {packages}", hint=hint)
    return found[0]


def _offered() -> list[EntryPoint]:
    """What there is, once each, in an order that is the same on every machine."""
    points = {(name, target): EntryPoint(name, target, GROUP) for name, target in BUILT_IN.items()}
    points |= {(point.name, point.value): point for point in entry_points(group=GROUP)}
    return [points[key] for key in sorted(points)]


def _package(point: EntryPoint) -> str:
    return point.dist.name if point.dist else PACKAGE


def _class(point: EntryPoint, where: str) -> type[Any]:
    try:
        made: Any = point.load()
    except (Exception, SystemExit) as error:
        message = f"{where}: {point.value} cannot be loaded: {type(error).__name__}: {error}"
        raise ConfigError(message, hint=f"reinstall or remove the package {_package(point)}") from error
    lacking = [name for name in METHODS if not callable(getattr(made, name, None))]
    if not isinstance(made, type) or lacking:
        got = f"one without {', '.join(lacking)}" if isinstance(made, type) else repr(made)
        message = f"{where}: {point.value}: expected a class like fusion.write.backends.Backend, got {got}"
        raise ConfigError(message, hint="see fusion.write.backends.protocol")
    return made
