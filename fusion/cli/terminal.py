"""Records as text for a terminal: each picture with its captions and, where wanted, the facts behind every claim."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from fusion.audit.rows import answer, in_words, resolve, sides
from fusion.codec import convert
from fusion.dataset.rows import Row
from fusion.errors import RowError
from fusion.facts import Caption, Claim, Edit, Fact, Problem, Record

_BOLD, _DIM = "1", "2"
_COLOURS: Mapping[str | None, str] = {"supported": "32", "unverified": "33", "contradicted": "31"}
_WORST_FIRST = ("contradicted", "unverified", "supported")
_SHARE = 5
"""Names of captions get at most one in so many columns; a longer name has a line of its own."""
_LEAST = 20
"""Columns that text gets even where the terminal is narrower than the names in front of it."""

Words: TypeAlias = Iterable[tuple[str, str]]
"""Words, each with the code of its colour (ECMA-48, "Select Graphic Rendition"), empty for none."""


@dataclass(frozen=True)
class Look:
    """How to show: columns of the terminal, whether it may have colours, whether claims and their facts are wanted."""

    width: int = 80
    colour: bool = False
    facts: bool = False


def record_of(row: Row) -> Record:
    """The record that a row holds; of one that holds none a failed record, which says why."""
    name = row.id if row.id is not None else f"line {row.line}"
    if row.problem:
        return Record(id=name, status="failed", errors=(row.problem,))
    try:
        record = convert({**row.data, "id": name}, Record)
    except RowError as error:
        return Record(id=name, status="failed", errors=(Problem.of(error, line=row.line),))
    if "captions" in row.data or record.status == "failed":
        return record
    hint = "show takes what `fusion caption` wrote"
    problem = Problem(message="expected a record, got a row without captions", line=row.line, hint=hint)
    return Record(id=name, status="failed", errors=(problem,))


def lines(record: Record, look: Look) -> Iterator[str]:
    """The lines that show a record, without line breaks: what it is called, its captions, and what went wrong."""
    size = f"{record.width}×{record.height}" if record.width and record.height else ""
    about = ", ".join(part for part in (record.image, size) if part)
    title = [(word, _BOLD) for word in _plain(record.id or "?").split()]
    yield from _laid_out([*title, *((word, _DIM) for word in _plain(about).split())], look, "", "  ")
    column = min(max((len(_label(caption)) for caption in record.captions), default=0), look.width // _SHARE)
    for caption in record.captions:
        yield from _caption(caption, record.facts, look, column)
    if look.facts:
        yield from _notes(record, look, " " * (column + 4))
        for told in _course(record):
            yield from _laid_out(_bare(told), look, "  = ", "    ")
    for problem in record.errors:
        colour = _COLOURS["unverified" if problem.warning or record.status != "failed" else "contradicted"]
        hint = f" ({problem.hint})" if problem.hint else ""
        said = f"{problem.expert}: {problem.message}{hint}" if problem.expert else f"{problem.message}{hint}"
        yield from _laid_out(((word, colour) for word in _plain(said).split()), look, "  ! ", "    ")
    if not record.captions and not record.errors:
        yield "  no caption: too little is known"


def _caption(caption: Caption, facts: Iterable[Fact], look: Look, column: int) -> Iterator[str]:
    indent, label = " " * (column + 4), _label(caption)
    if len(label) > column:
        yield from _laid_out(_bare(label), look, "  ", "    ")
        label = ""
    first = f"  {label.ljust(column)}  "
    rows = list(_coloured(caption)) or [[]]
    for row in rows:
        yield from _laid_out(row, look, first, f"{indent}  " if len(rows) > 1 else indent)
        first = indent
    if not look.facts:
        return
    yield from _origin(caption, look, indent)
    known = {fact.id: fact for fact in facts}
    claims = {claim.id: claim for claim in caption.claims}
    for claim in caption.claims:
        yield from _claim(claim, caption.text, claims, known, look, indent)
    for edit in caption.edits:
        yield from _laid_out(_bare(_edit(edit)), look, f"{indent}  ", f"{indent}    ")


def _label(caption: Caption) -> str:
    """Its style, and whose words it is in where no writer wrote them."""
    return _plain(f"{caption.style} ({caption.source})" if caption.source else caption.style)


def _origin(caption: Caption, look: Look, indent: str) -> Iterator[str]:
    """Who wrote a caption, with which prompt, about what, and the replies that were not taken."""
    writer = "" if caption.writer == caption.source else caption.writer
    told = (("by", writer), ("prompt", caption.prompt), ("focus", caption.focus))
    by = ", ".join(f"{name} {value}" for name, value in told if value)
    for said in filter(None, (by, *(f"not taken, {one.kind}: {one.reason} ({one.writer})" for one in caption.rejected))):
        yield from _laid_out(((word, _DIM) for word in _plain(said).split()), look, f"{indent}  ", f"{indent}    ")


def _course(record: Record) -> Iterator[str]:
    """How the captions came about: the strategy, what became of alt-text, how captions differ, what they cost."""
    if record.strategy:
        yield f"strategy {record.strategy}"
    if (found := record.retention) is not None:
        agrees = {True: "agrees", False: "disagrees", None: "cannot be told whether it agrees"}[found.agrees]
        names = [f"{what} {' · '.join(names)}" for what, names in (("kept", found.kept), ("lost", found.lost)) if names]
        yield "; ".join((f"alt-text {agrees}: “{found.text}”", *names))
    if (alike := record.diversity) is not None:
        shares = [("coverage", alike.coverage)]
        if len(record.captions) > 1:
            shares += [("overlap", alike.overlap), ("self-BLEU", alike.self_bleu), ("distinct-2", alike.distinct_2)]
        replaced = [f"{alike.replaced} replaced"] if alike.replaced else []
        yield ", ".join([*(f"{name} {share:.2f}" for name, share in shares), *replaced])
    for used in record.usage:
        calls = f"{used.calls} call{'' if used.calls == 1 else 's'}"
        some = used.prompt_tokens or used.completion_tokens
        tokens = [f"{used.prompt_tokens} tokens read, {used.completion_tokens} written"] if some else []
        yield f"{used.stage} {used.backend}: {', '.join([calls, *tokens])}"


def _notes(record: Record, look: Look, indent: str) -> Iterator[str]:
    """What experts say against each other, and who was asked what."""
    known = {fact.id: fact for fact in record.facts}
    notes = [(f"disputed: {_values(facts)}", facts) for d in record.disputes if (facts := sides(d, known))]
    for question in record.asked:
        facts = [known[name] for name in question.facts if name in known]
        notes.append((f"asked {question.expert}: {in_words(question)}? {answer(question, known)}", facts))
    for text, facts in notes:
        yield from _laid_out(_bare(_plain(text)), look, "  ? ", f"{indent}  ")
        for words in (_fact(fact.id, known).split() for fact in facts):
            yield from _laid_out(((word, _DIM) for word in words), look, f"{indent}  <- ", f"{indent}     ")


def _values(facts: Iterable[Fact]) -> str:
    return " or ".join(dict.fromkeys(f"{'' if f.number is None else f'{f.number} '}{f.value}" for f in facts))


def _coloured(caption: Caption) -> Iterator[list[tuple[str, str]]]:
    """The words of each line of a caption with the colour of the worst verdict on what they say; a line without words is none."""
    start = 0
    for line in caption.text.splitlines(keepends=True):
        words = list(re.finditer(r"\S+", _plain(line)))
        if words:
            yield [(word.group(), _colour(caption.claims, start + word.start(), start + word.end())) for word in words]
        start += len(line)


def _colour(claims: Iterable[Claim], start: int, end: int) -> str:
    said = {claim.verdict for claim in claims if claim.span[0] < end and start < claim.span[1]}
    return _COLOURS.get(next((verdict for verdict in _WORST_FIRST if verdict in said), None), "")


def _claim(
    claim: Claim, text: str, claims: Mapping[str, Claim], known: Mapping[str, Fact], look: Look, indent: str
) -> Iterator[str]:
    colour = _COLOURS.get(claim.verdict, "")
    verdict = f"{claim.verdict or 'not checked'}{'' if claim.confidence is None else f' {claim.confidence:.2f}'}"
    fallen = claims.get(claim.void or "")
    aside = [f"falls with “{_words(fallen, text)}”"] if fallen else []
    aside += ["hearsay"] if claim.hearsay else []
    rest = "".join(f", {one}" for one in aside) + (f": {claim.reason}" if claim.reason else "")
    head = [*((word, colour) for word in _words(claim, text).split()), ("-", ""), *((word, colour) for word in verdict.split())]
    if rest:
        head[-1] = (head[-1][0] + rest[0], colour)
    yield from _laid_out([*head, *_bare(rest[1:])], look, f"{indent}  ", f"{indent}    ")
    for name in claim.evidence:
        yield from _laid_out(((word, _DIM) for word in _fact(name, known).split()), look, f"{indent}    <- ", f"{indent}       ")


def _words(claim: Claim, text: str) -> str:
    return _plain(text[slice(*claim.span)]) or _plain(claim.value)


def _fact(name: str, known: Mapping[str, Fact]) -> str:
    """A fact in words; what a sentence or a tag was taken apart into is shown as the whole that it comes from."""
    fact = resolve(name, known)
    if fact is None:
        return name
    number = "" if fact.number is None else f" ×{fact.number}{' or more' if fact.at_least else ''}"
    about, to = (known.get(other or "") for other in (fact.about, fact.to))
    bound = f" of {about.value}" if about and not to else f" ({about.value}, {to.value})" if about and to else ""
    box = f" at {', '.join(f'{edge:.0f}' for edge in _edges(fact))}" if fact.box else ""
    said = f"{'no ' if fact.negated else ''}{fact.value}{number}{bound}{box}"
    return _plain(f"{fact.expert or '?'}: {fact.kind} {said}, score {fact.score:.2f} [{name}]")


def _edges(fact: Fact) -> tuple[float, ...]:
    return (fact.box.x0, fact.box.y0, fact.box.x1, fact.box.y1) if fact.box else ()


def _edit(edit: Edit) -> str:
    what = f"“{edit.before}” became “{edit.after}”" if edit.after.strip() else f"“{edit.before.strip()}” was struck out"
    return _plain(f"{what} ({edit.rule})")


def _plain(text: str) -> str:
    """The text as a terminal may have it: what is read or handed in could hold commands to it. No offset changes."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else " " if char.isspace() else "\ufffd" for char in text)


def _bare(text: str) -> Words:
    return ((word, "") for word in _plain(text).split())


def _laid_out(words: Words, look: Look, first: str, rest: str) -> Iterator[str]:
    """Words broken at spaces to the width; a word that is longer gets a line of its own."""
    line, used, room = first, 0, max(look.width - len(first), _LEAST)
    for word, colour in words:
        if used and used + 1 + len(word) > room:
            yield line
            line, used, room = rest, 0, max(look.width - len(rest), _LEAST)
        line += f"{' ' if used else ''}{_painted(word, colour if look.colour else '')}"
        used += len(word) + bool(used)
    yield line.rstrip()


def _painted(word: str, colour: str) -> str:
    return f"\x1b[{colour}m{word}\x1b[0m" if colour else word
