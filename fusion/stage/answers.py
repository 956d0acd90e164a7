"""What an expert handed over, taken over: checked fact by fact, under ids that no other expert can have."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import count

import msgspec
from msgspec.structs import replace

from fusion.codec import encode, take_over
from fusion.errors import BadFact
from fusion.facts import Box, Fact, Problem, Sample, fit


def adopt(name: str, given: object, sample: Sample, *, keeps_names: bool = False) -> tuple[list[Fact], list[Problem]]:
    """The valid facts of an answer under ids that no other expert can have, and what was wrong with the rest.

    Own ids get the expert's name in front, in references within the answer too; ids of standing facts are
    kept. With `keeps_names`, ids and experts stay as they came. Boxes are clipped to the picture.
    """
    if not isinstance(given, list | tuple):
        return [], [_no_list(name, given)]
    problems: list[Problem] = []
    facts = _numbered(name, _valid(name, given, problems), sample.facts, problems, keeps_names)
    facts = _anchored(name, facts, sample.facts, problems)
    if circular := _circular(facts):
        message = "expected about, to and parent to lead to an end, got a circle"
        problems += [_bad(name, f"fact {fact.id!r} ({fact.kind} {fact.value!r}): {message}") for fact in circular]
        facts = _anchored(name, [fact for fact in facts if fact not in circular], sample.facts, problems)
    fitted = []
    for fact in facts:
        kept, warning = fit(fact, sample.width, sample.height)
        fitted.append(kept)
        if warning:
            problems.append(replace(warning, expert=name))
    return fitted, problems


def _bad(name: str, message: str, hint: str = "") -> Problem:
    return Problem.of(BadFact(message, expert=name, hint=hint))


def _no_list(name: str, given: object) -> Problem:
    hint = "return list(...)" if isinstance(given, Iterable) else "return a list of facts"
    if given is None:
        hint = "return [] when nothing is seen"
    got = "None" if given is None else type(given).__name__
    return _bad(name, f"expected a list of facts, got {got}", hint)


def check_data(fact: Fact) -> None:
    """Raise ValueError where the data of a fact holds NaN or infinity, which JSON has no number for."""
    inner: list[tuple[str, object]] = [("data", fact.data)]
    for path, value in inner:
        if isinstance(value, float) and not math.isfinite(value):
            raise ValueError(f"{path}: expected a finite number, got {value}")
        if isinstance(value, dict):
            inner += [(f"{path}.{key}", one) for key, one in value.items()]
        elif isinstance(value, list | tuple):
            inner += [(f"{path}[{i}]", one) for i, one in enumerate(value)]


def _valid(name: str, given: Sequence[object], problems: list[Problem]) -> list[Fact]:
    facts = []
    for i, one in enumerate(given):
        try:
            fact = take_over(one)
            encode(fact)  # first, for it refuses data that contains itself
            check_data(fact)
            facts.append(fact)
        except (BadFact, ValueError, TypeError, OverflowError, RecursionError, msgspec.MsgspecError) as error:
            problems.append(_bad(name, f"fact {i}: {_foreign(one) or error}"))
    return facts


_PLAIN = {
    "box": ("numbers", "float(x) or box.tolist()"),
    "score": ("a number", "float(x)"),
    "number": ("a whole number", "int(x)"),
}


def _foreign(given: object) -> str:
    """What is wrong where a number of numpy or torch stands in a field, and what to write; empty if none does."""
    fields = msgspec.structs.asdict(given) if isinstance(given, Fact) else given
    for name, value in fields.items() if isinstance(fields, Mapping) else ():
        inner = msgspec.structs.astuple(value) if isinstance(value, Box) else value
        inner = inner.values() if isinstance(inner, Mapping) else inner
        for one in inner if isinstance(inner, list | tuple) or inner is not value else [inner]:
            if hasattr(one, "tolist") and not isinstance(one, str):
                expected, use = _PLAIN.get(str(name), ("plain Python values", f"{name}.tolist()"))
                return f"{name}: expected {expected}, got {type(one).__module__}.{type(one).__name__}; use {use}"
    return ""


def _numbered(name: str, facts: list[Fact], standing: Sequence[Fact], problems: list[Problem], keeps_names: bool) -> list[Fact]:
    """Facts with their final ids and experts; the second of two with one id goes."""
    own = {fact.id: fact.id if keeps_names else f"{name}/{fact.id}" for fact in facts if fact.id}
    taken = {fact.id for fact in standing}
    reserved = taken.union(own.values())
    free = (number for number in map(f"{name}/".__add__, map(str, count())) if number not in reserved)
    made = []
    for fact in facts:
        new = own[fact.id] if fact.id else next(free)
        if new in taken:
            problems.append(_bad(name, f"expected ids that differ, got {fact.id!r} of {fact.kind} {fact.value!r} twice"))
            continue
        taken.add(new)
        ends = {end: own.get(getattr(fact, end), getattr(fact, end)) for end in ("about", "to", "parent")}
        made.append(replace(fact, id=new, expert=(keeps_names and fact.expert) or name, **ends))
    return made


def _anchored(name: str, facts: list[Fact], standing: Sequence[Fact], problems: list[Problem]) -> list[Fact]:
    """Facts whose references all lead to facts that stay; a fact that hangs on a lost one is lost with it."""
    while True:
        known = {fact.id for fact in (*standing, *facts)}
        kept = []
        for fact in facts:
            ends = ((end, getattr(fact, end)) for end in ("about", "to", "parent"))
            loose = next(((end, to) for end, to in ends if to is not None and (to not in known or to == fact.id)), None)
            if loose is None:
                kept.append(fact)
                continue
            want = "the id of another fact of the answer, or of one that stands already"
            message = f"fact {fact.id!r} ({fact.kind} {fact.value!r}): expected {loose[0]} to be {want}, got {loose[1]!r}"
            problems.append(_bad(name, message))
        if len(kept) == len(facts):
            return kept
        facts = kept


def _circular(facts: list[Fact]) -> list[Fact]:
    """Facts that lead back to themselves."""
    ends = {fact.id: {fact.about, fact.to, fact.parent} for fact in facts}
    waiting = dict(ends)
    while free := [name for name, to in waiting.items() if not to & waiting.keys()]:
        for name in free:
            del waiting[name]
    return [fact for fact in facts if fact.id in waiting and _returns(fact.id, waiting)]


def _returns(start: str, ends: Mapping[str, set[str | None]]) -> bool:
    seen: set[str | None] = set()
    todo = [start]
    while todo:
        new = {end for end in ends[todo.pop()] if end in ends} - seen
        seen |= new
        todo += [end for end in new if end]
    return start in seen
