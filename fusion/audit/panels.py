"""What the page says of how captions came about: tables of measures with a plain line for each, and of what models cost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fusion.audit.courses import AltText, Cost, Courses, Differences
from fusion.audit.figures import interval, percent, plural
from fusion.audit.rates import Rate

DIVERSITY = (
    ("coverage", "coverage", "Of the facts that could be told, those that some caption of the picture tells. High is good."),
    ("overlap", "overlap", "Of what two captions of a picture tell, the share that both tell (Jaccard index). Low is good."),
    ("self_bleu", "self-BLEU", "How far the wording of one caption is found in the others of its picture. Low is good."),
    ("distinct_2", "distinct-2", "Different pairs of neighbouring words among all pairs in a picture’s captions. High is good."),
)


@dataclass(frozen=True)
class Measure:
    """One line: what it is called, its value, how sure or out of how many, and what it means in a sentence."""

    name: str
    value: str
    aside: str
    meaning: str


@dataclass(frozen=True)
class Spent:
    """One line of what models cost. `each`: tokens a picture."""

    name: str
    cost: Cost
    each: str


def measures(courses: Courses) -> Iterator[tuple[str, str, Sequence[Measure]]]:
    """Name, note and lines of each table that rows have something for."""
    alt = courses.alt_text
    if alt.rows:
        yield "Alt-text", f"{plural(alt.rows, 'picture')} with alt-text.", list(_alt_text(alt))
    different = courses.diversity
    if different.pictures:
        yield "Diversity", _means(different), list(_diversity(different))


def _alt_text(found: AltText) -> Iterator[Measure]:
    for name, number, meaning in (
        ("agrees", found.agrees, "It speaks of what experts saw. High is good."),
        ("disagrees", found.disagrees, "It speaks of something else than experts saw. Low is good."),
        ("cannot be told", found.unknown, "Too little was seen or said to compare. Low is good."),
    ):
        rate = Rate(number, found.rows)
        yield Measure(name, percent(rate), f"{number:,} of {found.rows:,} · {interval(rate)}", meaning)
    kept = found.retention
    if kept.whole:
        meaning = "Names, numbers, dates and brands in alt-text that some caption of the picture holds. High is good."
        yield Measure("names kept", percent(kept), f"{kept.part:,} of {kept.whole:,} · {interval(kept)}", meaning)


def _means(found: Differences) -> str:
    over = f"over {plural(found.pictures, 'picture')}"
    if found.several in (0, found.pictures):
        return f"Means {over}."
    return f"Coverage is a mean {over}, what follows it over the {found.several:,} with several captions."


def _diversity(found: Differences) -> Iterator[Measure]:
    for key, name, meaning in DIVERSITY:
        if key == "coverage" or found.several:
            yield Measure(name, f"{found.mean(key):.3f}", "", meaning)
    meaning = "Captions written anew or left out, for another one said nearly the same. Low is good."
    yield Measure("replaced", f"{found.replaced:,}", "", meaning)


def spending(courses: Courses) -> list[Spent]:
    """What each stage and backend cost, most tokens first, and their sum where there are several."""
    order = sorted(courses.usage.items(), key=lambda item: (-item[1].tokens, item[0]))
    lines = [(" · ".join(filter(None, key)), cost) for key, cost in order]
    if len(lines) > 1:
        lines.append(("all", sum((cost for _, cost in lines), Cost())))
    return [Spent(name, cost, f"{cost.tokens / max(courses.records, 1):,.1f}") for name, cost in lines]
