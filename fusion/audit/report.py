"""The page itself: one self-contained HTML file that loads nothing and runs no script but its own."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import get_args
from urllib.parse import urlencode

import jinja2
from markupsafe import Markup

from fusion.audit.cards import Find, card
from fusion.audit.figures import interval, percent, plural
from fusion.audit.panels import measures, spending
from fusion.audit.rates import OUTCOMES, Tally, Top
from fusion.audit.totals import NOBODY, Totals
from fusion.audit.worst import Shown
from fusion.facts import ClaimKind

KINDS: tuple[str, ...] = get_args(ClaimKind)
PLACES = ("first fifth", "second fifth", "third fifth", "fourth fifth", "last fifth")
TOP = 20
"""Words of a list of the most frequent."""
FEW = 20
"""Claims below which a rate says little: it is shown greyed, without a bar."""


@dataclass(frozen=True)
class Line:
    """One line of a table of rates. `filter` is the address of the claims behind it, within the page."""

    name: str
    tally: Tally
    filter: str = ""
    silent: int = 0
    captions: int = 0
    dropped: int = 0


@dataclass(frozen=True)
class Report:
    """What the page says besides the pictures. `source` names the rows, without their folder."""

    title: str
    source: str
    totals: Totals
    shown: Sequence[Shown]
    by: str = ""
    version: str = ""


def render(report: Report, find: Find) -> Iterator[str]:
    """The HTML in parts, one picture in memory at a time.

    Everything that rows say is escaped; a Content-Security-Policy (W3C, level 3) lets in nothing but pictures that are
    part of the page, and the page's own style and script by their hashes.
    """
    style, script = _asset("report.css"), _asset("report.js")
    cards = (card(rank, shown, find) for rank, shown in enumerate(report.shown, 1))
    yield from (
        _environment()
        .get_template("report.html.jinja")
        .generate(
            report=report,
            totals=report.totals,
            tables=list(_tables(report)),
            lists=list(_lists(report.totals)),
            measures=list(measures(report.totals.courses)),
            spending=spending(report.totals.courses),
            rules=report.totals.rules.most(TOP),
            cards=cards,
            kinds=KINDS,
            experts=sorted(name for name in report.totals.by_expert if name != NOBODY),
            nobody=NOBODY,
            style=Markup(style),
            script=Markup(script),
            policy=f"default-src 'none'; img-src data:; style-src {_hash(style)}; script-src {_hash(script)}; "
            "base-uri 'none'; form-action 'none'",
        )
    )


def _tables(report: Report) -> Iterator[tuple[str, str, list[Line]]]:
    """Name, note and lines of each table of rates."""
    totals = report.totals
    kinds = [Line(kind, totals.by_kind[kind], f"#kind={kind}") for kind in KINDS if kind in totals.by_kind]
    yield "By kind of claim", "", kinds
    places = [Line(name, tally) for name, tally in zip(PLACES, totals.by_place, strict=True)]
    yield "By place in the caption", "Where a claim begins, from the first words to the last.", places
    if totals.facts:
        speaking = sorted(totals.by_expert.items(), key=lambda item: (item[0] == NOBODY, -item[1].tally.checked, item[0]))
        experts = [Line(name, said.tally, _address(expert=name), said.silent) for name, said in speaking]
        note = (
            "Claims that the facts of an expert speak to. By silence: an expert that alone looked should have seen it "
            f"and did not. “{NOBODY}”: no fact speaks to the claim."
        )
        yield "By expert", note, experts
    if totals.by_origin:
        found = sorted(totals.by_origin.items(), key=lambda item: (-item[1].rate("contradicted").share, item[0]))
        count, dropped = totals.origin_captions, totals.origin_dropped
        origins = [Line(name, tally, captions=count[name], dropped=dropped[name]) for name, tally in found]
        note = "Dropped: claims of drafts that repair took out. Low is good." if any(dropped.values()) else ""
        yield f"By {report.by or 'style and writer'}", note, origins


def _lists(totals: Totals) -> Iterator[tuple[str, str, list[tuple[str, int, str]]]]:
    """Name, note and items of each list of the most frequent; an item has its count and perhaps an address."""
    words = [(w, n, _address(verdict="contradicted", word=w)) for w, n in totals.contradicted_words.most(TOP)]
    if words:
        yield "Words most often contradicted", _about(totals.contradicted_words), words
    if dropped := [(w, n, "") for w, n in totals.dropped.most(TOP) if n > 1]:
        yield "Most often taken out by repair", _about(totals.dropped), dropped
    courses = totals.courses
    if rejected := [(w, n, "") for w, n in courses.rejected.most(TOP)]:
        note = "What was wrong with them, and whose they were; then asked again, or another writer stepped in. Low is good. "
        yield "Replies not taken", (note + _about(courses.rejected)).strip(), rejected
    if lost := [(w, n, "") for w, n in courses.alt_text.lost.most(TOP)]:
        yield "Names of alt-text most often lost", _about(courses.alt_text.lost), lost


def _about(top: Top) -> str:
    return "There were very many different words; the counts of rare ones may be low." if top.cut else ""


def _address(**state: str) -> str:
    return f"#{urlencode(state)}"


def _asset(name: str) -> str:
    return resources.files("fusion.audit").joinpath("page", name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _environment() -> jinja2.Environment:
    made = jinja2.Environment(
        loader=jinja2.FunctionLoader(_asset),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"percent": percent, "interval": interval, "count": lambda number: f"{number:,}", "plural": plural}
    made.globals |= {"outcomes": OUTCOMES, "bar": bar, "scale": scale, "few": FEW, "about": _about}
    return made


def bar(tally: Tally) -> list[tuple[str, str, str]]:
    """Outcome, start and length in percent of each part of a bar."""
    parts, start = [], 0.0
    for what in ("contradicted", "unverified", "supported"):
        length = 100 * tally.rate(what).share
        if length:
            parts.append((what, f"{start:.2f}", f"{length:.2f}"))
        start += length
    return parts


def scale(lines: Sequence[Line]) -> float:
    """The highest end of an interval of contradicted claims in a table, 0..1, so that all fit one axis."""
    ends = [line.tally.rate("contradicted").interval[1] for line in lines if line.tally.checked >= FEW]
    return max(ends, default=1.0)
