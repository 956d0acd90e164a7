"""Claims rows and verify rows: captions in, their claims and what the evidence says of them out."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

import msgspec

from fusion.dataset.cards import Cards
from fusion.dataset.evidence import Stored, StoredEvidence
from fusion.dataset.rows import Output, Row, copied, output
from fusion.evidence import Evidence, gather
from fusion.facts import LeftOver, Observation, Policy, Problem
from fusion.verdicts import Checked, verify

if TYPE_CHECKING:
    from fusion.language import Language, Reading

BATCH = 256
"""Captions parsed together: parsing in batches is much faster, and this many rows may wait for each other."""

REMEMBERED = 512
"""Joined evidence kept at hand for later captions of the same pictures."""

_CLAIMS = ("id", "caption", "claims", "left_over", "status", "errors")
_VERIFY = (*_CLAIMS, "repaired", "edits", "repaired_claims")


def claims_rows(rows: Iterable[Row], language: Language) -> Iterator[Output]:
    """A claims row for each caption."""
    for batch in _batches(rows):
        yield from _each(batch, lambda some: _claims(some, language), _CLAIMS)


def _claims(rows: Sequence[Row], language: Language) -> list[Output]:
    return [_claims_row(row, reading) for row, reading in zip(rows, _read(rows, language), strict=True)]


def _claims_row(row: Row, reading: Reading) -> Output:
    own = {"id": row.id, "caption": reading.text, "claims": reading.claims, "left_over": reading.left_over}
    if reading.language is None:
        return output(own, (), "ok", copied(row, _CLAIMS))
    message = f"the caption is in language {reading.language}; only English is read"
    problem = Problem(message=message, line=row.line, hint='if it is English, give the row "language": "en"')
    return output(own, (problem,), "partial", copied(row, _CLAIMS))


def _read(rows: Sequence[Row], language: Language) -> list[Reading]:
    texts = [row.data["caption"] for row in rows]
    return language.read(texts, [row.data.get("language") or None for row in rows])


class Verifier:
    """Verify rows from captions and an evidence file; captions near each other share what was joined of a picture."""

    def __init__(self, stored: StoredEvidence, cards: Cards, language: Language, policy: Policy) -> None:
        self._stored = stored
        self._cards = cards
        self._language = language
        self._policy = policy
        self._evidence: OrderedDict[str | None, tuple[Stored, Evidence | None]] = OrderedDict()

    def rows(self, rows: Iterable[Row]) -> Iterator[Output]:
        """A verify row for each caption."""
        for batch in _batches(rows):
            yield from _each(batch, self._verified, _VERIFY)

    def _verified(self, rows: Sequence[Row]) -> list[Output]:
        self._gather(rows)
        found = [self._evidence[row.id] for row in rows]
        able = [(row, evidence) for row, (_, evidence) in zip(rows, found, strict=True) if evidence is not None]
        readings = _read([row for row, _ in able], self._language)
        checked = iter(verify(readings, [evidence for _, evidence in able], self._language, self._policy))
        outputs = [
            _failed(row, stored.problems, _VERIFY) if evidence is None else _verify_row(row, next(checked), stored.problems)
            for row, (stored, evidence) in zip(rows, found, strict=True)
        ]
        self._forget()
        return outputs

    def _gather(self, rows: Sequence[Row]) -> None:
        """Join the evidence that these rows need and that is not at hand, all at once: its statements are parsed."""
        needed = dict.fromkeys(row.id for row in rows)
        found = {row_id: self._stored.get(row_id) for row_id in needed if row_id not in self._evidence}
        observations = [stored.observation for stored in found.values() if stored.observation]
        cards = self._cards.of(_experts(observations))
        joined = iter(gather(observations, cards, self._language, self._cards.thresholds))
        for row_id, stored in found.items():
            self._evidence[row_id] = (stored, next(joined) if stored.observation else None)
        for row_id in needed:
            self._evidence.move_to_end(row_id)

    def _forget(self) -> None:
        while len(self._evidence) > REMEMBERED:
            self._evidence.popitem(last=False)


def _experts(observations: Sequence[Observation]) -> list[str]:
    named = [name for seen in observations for name in (*seen.experts, *(fact.expert for fact in seen.facts))]
    return list(dict.fromkeys(named))


def _verify_row(row: Row, checked: Checked, warnings: tuple[Problem, ...]) -> Output:
    blank = not checked.text.strip()
    own: dict[str, object] = {
        "id": row.id,
        "caption": checked.text,
        "claims": checked.claims,
        "repaired": "" if blank else checked.repaired,
        "edits": checked.edits,
        "repaired_claims": checked.repaired_claims,
    }
    if checked.problem is None:
        return output(own, warnings, "ok", copied(row, _VERIFY))
    own["left_over"] = checked.left_over or (LeftOver((0, len(checked.text)), checked.problem.message),)
    problem = msgspec.structs.replace(checked.problem, line=row.line)
    return output(own, (problem, *warnings), "partial", copied(row, _VERIFY))


def _failed(row: Row, problems: Iterable[Problem], ours: Sequence[str]) -> Output:
    """The row of a caption that nothing came of, with the caption if there was one to read."""
    caption = row.data.get("caption")
    own = {"id": row.id, "caption": caption} if isinstance(caption, str) else {"id": row.id}
    return output(own, problems, "failed", copied(row, ours))


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    remaining = iter(rows)
    while batch := list(islice(remaining, BATCH)):
        yield batch


def _each(batch: list[Row], work: Callable[[Sequence[Row]], list[Output]], ours: Sequence[str]) -> Iterator[Output]:
    """The outputs of a batch in order; rows that came with a problem fail with it and are not worked on."""
    done = iter(_kept_apart([row for row in batch if row.problem is None], work, ours))
    for row in batch:
        yield _failed(row, (row.problem,), ours) if row.problem else next(done)


def _kept_apart(rows: Sequence[Row], work: Callable[[Sequence[Row]], list[Output]], ours: Sequence[str]) -> list[Output]:
    """Work on all rows at once; where that breaks, on each half, so that in the end only the row at fault fails."""
    try:
        return work(rows) if rows else []
    except Exception as error:  # noqa: BLE001 - a caption that breaks the parser must not take the others along
        if len(rows) == 1:
            return [_failed(rows[0], (Problem.of(error, line=rows[0].line),), ours)]
        half = len(rows) // 2
        return _kept_apart(rows[:half], work, ours) + _kept_apart(rows[half:], work, ours)
