"""Which experts there are for a configuration, in what order, and how far each is trusted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from fusion.codec import convert, decode
from fusion.config import Config, nearest
from fusion.errors import ConfigError, ExpertError, RowError
from fusion.expert import Card, Expert, find, installed
from fusion.stage.station import Station

FROM_ROWS = ("alt_text", "tags", "label")
"""Experts that read a key of the row by their own name: with stored evidence only these run."""


class CardsFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A cards file: cards by the name that facts carry, and the thresholds that belong to them."""

    cards: dict[str, dict[str, Any]]
    thresholds: dict[str, float] = {}


def read_cards(path: str | Path) -> dict[str, Card]:
    """The cards of a cards file; see `read_cards_file`."""
    return read_cards_file(path)[0]


def read_cards_file(path: str | Path) -> tuple[dict[str, Card], dict[str, float]]:
    """The cards and thresholds of a cards file.

    Raises:
        ConfigError: it cannot be read, or is no cards file; the message names the file, the expert and the key.
    """
    where = f"cards file {path}"
    try:
        data = decode(Path(path).read_bytes().removeprefix(b"\xef\xbb\xbf"), dict)
        _refuse_unknown(data, CardsFile, where)
        file = convert(data, CardsFile)
        return cards_of(file.cards, where), file.thresholds
    except OSError as error:
        raise ConfigError(f"{where} cannot be read: {error.strerror}", hint="check the path") from None
    except RowError as error:
        raise ConfigError(f"{path} is no cards file: {error.message}", hint='expected {"cards": {"NAME": {…}}}') from None


def cards_of(given: object, where: str = "cards") -> dict[str, Card]:
    """Cards by name, each given as a Card or as a mapping of its fields.

    Raises:
        ConfigError: one is neither, or has an unknown field or a wrong value; the message names the expert.
    """
    if not isinstance(given, Mapping):
        raise ConfigError(f"{where}: expected a mapping of names to cards, got {type(given).__name__}")
    return {name: _card(card, f"{where}, expert {name!r}") for name, card in given.items()}


def _card(given: object, where: str) -> Card:
    if isinstance(given, Card):
        return given
    if not isinstance(given, Mapping):
        raise ConfigError(f"{where}: expected a Card or a mapping of its fields, got {type(given).__name__}")
    _refuse_unknown(given, Card, where)
    try:
        return convert(dict(given), Card)
    except RowError as error:
        raise ConfigError(f"{where}: {error.message}") from None


def _refuse_unknown(data: Mapping[str, Any], kind: type[msgspec.Struct], where: str) -> None:
    known = kind.__struct_fields__
    for key in data:
        if key not in known:
            raise ConfigError(f"{where}: unknown key {key!r}", hint=nearest(str(key), known))


def built_in_card(name: str) -> Card:
    """The card of the installed expert of that name; a careful one if there is none, or none before it runs."""
    try:
        card = find(name).card
    except ExpertError:
        return Card()
    return card if isinstance(card, Card) else Card()


def stations(config: Config, given: Mapping[str, Expert]) -> list[Station]:
    """The experts of a configuration in its order; given ones take the place of those of their name, or come last.

    Without either, those installed that run without being configured, in an order that meets their needs.

    Raises:
        ConfigError: an expert or option that does not exist, facts that an expert needs and none before it states, a
            given expert that is none, or whose name is none.
    """
    _check_names(given)
    limit, left = config.run.time_limit, dict(given)
    made = []
    for expert in config.experts or ():
        own = expert.time_limit or limit
        if expert.name in left:
            made.append(Station.around(expert.name, left.pop(expert.name), own))
        else:
            made.append(Station.of(expert.name, expert.use, expert.options, own))
    if config.experts is None and not given:
        made = _automatic(limit)
    made += [Station.around(name, expert, limit) for name, expert in left.items()]
    check_needs(made)
    return made


def _check_names(given: object) -> None:
    if not isinstance(given, Mapping):
        hint = 'write experts={"NAME": expert}'
        raise ConfigError(f"experts: expected a mapping of names to instances, got {type(given).__name__}", hint=hint)
    for name in given:
        if not isinstance(name, str) or not name.strip() or "/" in name:
            raise ConfigError(f"experts: expected names without '/', which parts them from ids, got {name!r}")


def _automatic(limit: float) -> list[Station]:
    """By name, each as soon as its needs are met; one whose needs nobody meets is left out, as nobody asked for it."""
    waiting = [Station.of(one.name, one.name, {}, limit, one.target) for one in installed() if one.automatic and one.usable]
    made: list[Station] = []
    seen: frozenset[str] = frozenset()
    while ready := [station for station in waiting if station.needs <= seen]:
        made.append(ready[0])
        waiting.remove(ready[0])
        seen |= ready[0].sees
    return made


def check_needs(stations: Iterable[Station]) -> None:
    """Raise ConfigError where an expert needs facts that none before it states; where that one is out, so is this."""
    seen: frozenset[str] = frozenset()
    lost: Station | None = None
    for station in stations:
        unmet = ", ".join(sorted(station.needs - seen))
        if unmet and not lost:
            message = f"expert {station.name!r} needs facts of kind {unmet} from experts before it, and none states them"
            raise ConfigError(message, hint="put an expert that does before it; `fusion experts` lists what is installed")
        if unmet and lost and not station.out:
            message = f"expert {station.name!r} needs facts of kind {unmet}, and {lost.name!r} is out"
            station.out = ExpertError(message, expert=station.name, hint=lost.out.hint if lost.out else "")
        if station.out:
            lost = station
        else:
            seen |= station.sees
