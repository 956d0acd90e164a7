"""A picture with its captions, claims and facts, as the template wants it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from fusion.audit.figures import plural
from fusion.audit.marks import Piece, named, pieces
from fusion.audit.pictures import Embedded
from fusion.audit.rates import OUTCOMES, outcome
from fusion.audit.rows import Course, Said, Seen, answer, in_words, resolve, sides
from fusion.audit.totals import NOBODY, experts
from fusion.audit.worst import Shown
from fusion.codec import encode
from fusion.errors import ImageError
from fusion.facts import Claim, Fact

Find = Callable[[Seen], Embedded]
"""Gets the picture of a row, or raises ImageError."""

_IN_SCRIPT = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&'\u2028\u2029"}


@dataclass(frozen=True)
class Chip:
    """Facts of one expert that say the same: shown as one word with their number."""

    value: str
    number: int
    facts: str


@dataclass(frozen=True)
class Card:
    """All that the template shows of one picture. `width` and `height` span the boxes; 0 where no size is known."""

    rank: int
    shown: Shown
    width: float
    height: float
    uri: str
    missing: str
    boxes: Sequence[tuple[int, Fact]]
    chips: Sequence[tuple[str, Sequence[Chip]]]
    captions: Sequence[CaptionView]
    data: Markup
    alt_text: AltTextView | None = None
    course: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class AltTextView:
    """Alt-text in pieces, names among them "kept" or "lost"; names that are not in it word for word; what to say of it."""

    pieces: Sequence[tuple[str, str]]
    other: Sequence[tuple[str, str]]
    note: str


@dataclass(frozen=True)
class CaptionView:
    """One caption: its pieces with their classes, and how many claims it has of each outcome."""

    said: Said
    pieces: Sequence[tuple[Piece, str]]
    counts: Mapping[str, int]


def card(rank: int, shown: Shown, find: Find) -> Card:
    """Make one ready for the page."""
    seen = shown.seen or Seen()
    picture, missing = _picture(seen, find)
    width, height = _size(seen, picture)
    captions = [_caption(said) for said in shown.captions]
    return Card(
        rank,
        shown,
        width,
        height,
        picture.uri if picture else "",
        missing,
        [(n, fact) for n, fact in enumerate(seen.facts) if fact.box is not None],
        [*_disputed(seen), *_asked(seen), *_chips(seen.facts)],
        captions,
        in_script({"facts": [_fact(fact) for fact in seen.facts], "captions": [_claims(said, seen) for said in shown.captions]}),
        _alt_text(shown.course),
        list(_told(shown.course, len(captions))),
    )


def in_script(value: object) -> Markup:
    """JSON that can stand in a script element: nothing in it can close that, or end a line of JavaScript."""
    return Markup(encode(value).decode().translate(_IN_SCRIPT))


def mark(claim: Claim) -> str:
    """The class that underlines a claim."""
    what = outcome(claim)
    return "contradicted void" if what == "void" else what


def _picture(seen: Seen, find: Find) -> tuple[Embedded | None, str]:
    if seen.image is None:
        return None, ""
    try:
        return find(seen), ""
    except ImageError as error:
        return None, str(error)


def _size(seen: Seen, picture: Embedded | None) -> tuple[float, float]:
    """Pixels in which boxes count: those of the row, else of the picture, else as far as boxes reach."""
    if seen.width and seen.height:
        return seen.width, seen.height
    if picture:
        return picture.width, picture.height
    boxes = [fact.box for fact in seen.facts if fact.box is not None]
    return max((box.x1 for box in boxes), default=0), max((box.y1 for box in boxes), default=0)


def _chips(facts: Sequence[Fact]) -> Iterator[tuple[str, list[Chip]]]:
    """What each expert stated, what it stated several times once with its number."""
    said: dict[str, dict[str, list[int]]] = {}
    for n, fact in enumerate(facts):
        said.setdefault(fact.expert or NOBODY, {}).setdefault(wording(fact), []).append(n)
    for expert, values in said.items():
        yield expert, [Chip(value, len(places), " ".join(map(str, places))) for value, places in values.items()]


def _disputed(seen: Seen) -> Iterator[tuple[str, list[Chip]]]:
    """What experts say against each other."""
    known, places = {f.id: f for f in seen.facts}, {f.id: n for n, f in enumerate(seen.facts)}
    told = [sides(dispute, known) for dispute in seen.disputes]
    chips = [
        Chip(" or ".join(dict.fromkeys(map(wording, facts))), 1, " ".join(str(places[f.id]) for f in facts))
        for facts in told
        if facts
    ]
    if chips:
        yield "disputed", chips


def _asked(seen: Seen) -> Iterator[tuple[str, list[Chip]]]:
    """Who was asked what, and what came of it."""
    known, places = {f.id: f for f in seen.facts}, {f.id: n for n, f in enumerate(seen.facts)}
    by: dict[str, list[Chip]] = {}
    for question in seen.asked:
        at = " ".join(str(places[name]) for name in question.facts if name in places)
        by.setdefault(question.expert, []).append(Chip(f"{in_words(question)}? {answer(question, known)}", 1, at))
    yield from ((f"asked {expert}", chips) for expert, chips in by.items())


def wording(fact: Fact | Claim) -> str:
    """A fact in a few words: "not dog", "3 × dog", "at least 2 × dog"."""
    vague = fact.number is None or (fact.at_least and fact.kind != "count")
    words = fact.value if vague else f"{'at least ' * fact.at_least}{fact.number} × {fact.value}"
    return f"not {words}" if fact.negated else words


def _caption(said: Said) -> CaptionView:
    found = [(piece, _classes(piece, said)) for piece in pieces(said)]
    outcomes = [outcome(claim) for claim in said.claims]
    return CaptionView(said, found, {what: outcomes.count(what) for what in OUTCOMES if what in outcomes})


def _alt_text(course: Course | None) -> AltTextView | None:
    if course is None or course.retention is None:
        return None
    found = course.retention
    said = {True: "agrees with the picture", False: "speaks of something else", None: "nobody can tell whether it agrees"}
    counts = [f"{len(names)} {what}" for names, what in ((found.kept, "kept"), (found.lost, "lost")) if names]
    return AltTextView(*named(found), "; names: ".join(filter(None, (said[found.agrees], ", ".join(counts)))))


def _told(course: Course | None, captions: int) -> Iterator[tuple[str, str]]:
    """Strategy, diversity and what models cost, by name; one caption is neither like nor unlike others."""
    if course is None:
        return
    if course.strategy:
        yield "strategy", course.strategy
    if (found := course.diversity) is not None:
        yield "coverage", f"{found.coverage:.2f}"
        alike = (("overlap", found.overlap), ("self-BLEU", found.self_bleu), ("distinct-2", found.distinct_2))
        yield from ((name, f"{share:.2f}") for name, share in alike if captions > 1)
        if found.replaced:
            yield "replaced", f"{found.replaced}"
    for used in course.usage:
        some = used.prompt_tokens or used.completion_tokens
        tokens = [f"{used.prompt_tokens:,} + {used.completion_tokens:,} tokens"] if some else []
        yield " · ".join(filter(None, (used.stage, used.backend))), ", ".join([plural(used.calls, "call"), *tokens])


def _classes(piece: Piece, said: Said) -> str:
    return mark(said.claims[piece.claims[0]]) if piece.claims else ""


def _claims(said: Said, seen: Seen) -> list[dict[str, Any]]:
    facts = {fact.id: fact for fact in seen.facts}
    places = {fact.id: n for n, fact in enumerate(seen.facts)}
    claims = {claim.id: n for n, claim in enumerate(said.claims)}
    return [_claim(claim, facts, places, claims) for claim in said.claims]


def _claim(claim: Claim, facts: Mapping[str, Fact], places: Mapping[str, int], claims: Mapping[str, int]) -> dict[str, Any]:
    """What the browser needs of a claim; what is empty is left out."""
    behind = dict.fromkeys(fact.id for name in claim.evidence if (fact := resolve(name, facts)))
    told = {
        "kind": claim.kind,
        "value": wording(claim),
        "word": claim.value if wording(claim) != claim.value else None,
        "outcome": "contradicted" if claim.void else outcome(claim),
        "confidence": claim.confidence,
        "reason": claim.reason,
        "hedged": claim.hedged,
        "about": claims.get(claim.about or ""),
        "to": claims.get(claim.to or ""),
        "void": claims.get(claim.void or ""),
        "facts": [places[name] for name in behind],
        "experts": list(experts(claim, facts)) or [NOBODY],
    }
    return {key: value for key, value in told.items() if value is not None and value is not False and value not in ("", [])}


def _fact(fact: Fact) -> dict[str, Any]:
    told: dict[str, Any] = {"id": fact.id, "kind": fact.kind, "value": wording(fact), "expert": fact.expert or NOBODY}
    told |= {"score": fact.score, "about": fact.about, "to": fact.to, "parent": fact.parent}
    if fact.box is not None:
        told["box"] = [fact.box.x0, fact.box.y0, fact.box.x1, fact.box.y1]
    return {key: value for key, value in told.items() if value is not None}
