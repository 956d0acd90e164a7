"""A caption cut into pieces, each with the claims over it and what repair did to it.

Done here and not in the browser, for spans count in code points and JavaScript counts in UTF-16.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from fusion.audit.rows import Said
from fusion.facts import Claim, Edit, Retention

State = Literal["kept", "struck", "added"]
_URGENT = {"contradicted": 0, "unverified": 1, "supported": 2}


@dataclass(frozen=True)
class Piece:
    """Characters that share their state and their claims.

    `claims` are places in the caption's list of claims, what is most exactly about these words first, the most urgent
    verdict first among those over the same words. `entrance`: the first piece about the words of its first claim.
    """

    text: str
    state: State
    claims: tuple[int, ...]
    entrance: bool


@dataclass
class _Letter:
    letter: str
    state: State = "kept"


def pieces(said: Said) -> list[Piece]:
    """The caption as given with what repair struck and added, cut at the ends of claims.

    Where the edits do not fit the text, it is cut as it is, without them.
    """
    letters = _repaired(said.given, said.edits) if said.final is not None else None
    if letters is None or "".join(one.letter for one in letters if one.state != "struck") != said.final:
        letters = [_Letter(letter) for letter in said.text]
    over = _claims_over(said.claims, len(said.text))
    return list(_pieces(letters, over, said))


def named(found: Retention) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Alt-text cut at its names, each piece "kept", "lost" or neither (""); and the names that are not in it word for word."""
    names = {**dict.fromkeys(found.lost, "lost"), **dict.fromkeys(found.kept, "kept")}
    either = "|".join(re.escape(name) for name in sorted(names, key=lambda name: (-len(name), name)) if name)
    parts = re.split(rf"(?<!\w)({either})(?!\w)", found.text) if either else [found.text]
    cut = [(part, names.get(part, "") if n % 2 else "") for n, part in enumerate(parts) if part]
    met = set(parts[1::2])
    return cut, [(name, what) for name, what in names.items() if name and name not in met]


def _repaired(given: str, edits: Iterable[Edit]) -> list[_Letter] | None:
    """The letters of the text, those that edits struck and added among them; None if an edit is not of this text."""
    letters = [_Letter(letter) for letter in given]
    for edit in edits:
        alive = [n for n, one in enumerate(letters) if one.state != "struck"]
        start, end = edit.span
        if "".join(letters[n].letter for n in alive[start:end]) != edit.before or not 0 <= start <= end <= len(alive):
            return None
        after = alive[end - 1] + 1 if end > start else (alive[start] if start < len(alive) else len(letters))
        gone = {n for n in alive[start:end] if letters[n].state == "added"}  # never in the text as given
        for n in alive[start:end]:
            letters[n].state = "struck"
        letters[after:after] = [_Letter(letter, "added") for letter in edit.after]
        letters = [one for n, one in enumerate(letters) if n not in gone]
    return letters


def _claims_over(claims: Sequence[Claim], length: int) -> list[tuple[int, ...]]:
    """For every letter of the text the claims over it, most exact first."""
    order = sorted(range(len(claims)), key=lambda n: (_length(claims[n]), _URGENT[str(claims[n].verdict)], n))
    over: list[list[int]] = [[] for _ in range(length)]
    for n in order:
        for letter in range(claims[n].span[0], claims[n].span[1]):
            over[letter].append(n)
    return [tuple(found) for found in over]


def _length(claim: Claim) -> int:
    return claim.span[1] - claim.span[0]


def _pieces(letters: Iterable[_Letter], over: Sequence[tuple[int, ...]], said: Said) -> Iterator[Piece]:
    outside: State = "struck" if said.of_final else "added"
    entered: set[tuple[int, int]] = set()
    places = iter(over)
    placed = [(one.letter, one.state, () if one.state == outside else next(places, ())) for one in letters]
    for (state, claims), group in groupby(placed, key=lambda item: (item[1], item[2])):
        span = said.claims[claims[0]].span if claims else None
        yield Piece("".join(item[0] for item in group), state, claims, span is not None and span not in entered)
        if span is not None:
            entered.add(span)
