"""How captions came about, summed: the same figures as those of the run, in memory that rows cannot fill."""

from __future__ import annotations

import msgspec
import pytest

from audit.making import edit, record
from fusion.audit import Totals, read
from fusion.audit.courses import BACKENDS, AltText, Cost, Courses
from fusion.audit.rates import Rate, Top
from fusion.audit.rows import Course, Said
from fusion.captioner.totals import Totals as RunTotals
from fusion.facts import Caption, Diversity, Edit, Record, Rejected, Retention, Usage

LOOP = Rejected(writer="small", kind="loop", reason="again and again")
CUT = Edit(claims=("c1", "c2"), rule="drop phrase", span=(1, 5), before=" red", after="")
CAPTION = Caption(style="short", writer="small", prompt="caption/v2", draft="A red dog.", text="A dog.", edits=(CUT,), dropped=2)
ALIKE = Diversity(coverage=1.0, overlap=0.2, self_bleu=0.5, distinct_2=0.9, replaced=1)
USED = Usage(stage="write", backend="m", calls=2, prompt_tokens=100, completion_tokens=10)
RECORDS = (
    Record(
        id="a",
        strategy="fuse",
        captions=(CAPTION, msgspec.structs.replace(CAPTION, rejected=(LOOP, LOOP))),
        retention=Retention(text="Rex and Spot in 1999", agrees=True, kept=("Rex",), lost=("Spot", "1999")),
        diversity=ALIKE,
        usage=(USED, Usage(stage="judge", backend="clip", calls=1)),
    ),
    Record(id="b", captions=(CAPTION,), retention=Retention(text="?"), diversity=Diversity(coverage=0.5), usage=(USED,)),
    Record(id="c", captions=(), retention=Retention(text="Spot", agrees=False, lost=("Spot",))),
)


def summed(*records: Record) -> Totals:
    totals = Totals()
    for line, one in enumerate(records, 1):
        totals.add(read(one.id, msgspec.to_builtins(one), line=line))
    return totals


def test_sums() -> None:
    made = summed(*RECORDS).courses
    assert made.records == 3
    assert made.strategies.counts == {"fuse": 1}
    assert made.rejected.counts == {"loop · small": 2}
    assert (made.alt_text.agrees, made.alt_text.disagrees, made.alt_text.unknown, made.alt_text.rows) == (1, 1, 1, 3)
    assert made.alt_text.retention == Rate(1, 4)
    assert made.alt_text.lost.most(1) == [("Spot", 2)]
    assert made.usage == {("write", "m"): Cost(4, 200, 20), ("judge", "clip"): Cost(1)}


def test_the_report_and_the_run_say_the_same() -> None:
    run, totals = RunTotals(), summed(*RECORDS)
    for one in RECORDS:
        run.add(one)
    said = run.summary()
    found = totals.courses.diversity
    means = {name: round(found.mean(name), 4) for name in ("coverage", "overlap", "self_bleu", "distinct_2")}
    assert {**means, "replaced": found.replaced} == said["diversity"]
    assert round(totals.courses.alt_text.retention.share, 4) == said["alt_text"]["retention"]
    assert totals.origin_dropped["short · small · caption/v2"] == said["captions"][0]["dropped"] == 6


@pytest.mark.parametrize(
    ("caption", "origin"),
    [
        pytest.param({"style": "short", "writer": "template"}, "short · template", id="a writer"),
        pytest.param({"style": "short", "writer": "small", "prompt": "p/v1"}, "short · small · p/v1", id="with a prompt"),
        pytest.param({"style": "given", "writer": "alt_text", "source": "alt_text"}, "given · words of alt_text", id="others"),
        pytest.param({"style": "given", "writer": "w", "source": "blip"}, "given · w · words of blip", id="handed on"),
    ],
)  # fmt: skip
def test_captions_are_counted_by_who_made_them(caption: dict[str, str], origin: str) -> None:
    made = Totals()
    given = {**caption, "draft": "A red dog.", "text": "A dog.", "edits": [edit("red ", 2), edit("dog", 2)], "dropped": 1}
    made.add(read("p", {"id": "p", "captions": [given]}, line=1))
    assert made.origin_captions == {origin: 1}
    assert made.origin_dropped == {origin: 1}


def test_a_record_without_the_new_keys_adds_nothing() -> None:
    made = Totals()
    made.add(read("p", record("p", "A dog.", "A dog."), line=1))
    assert made.courses == Courses(records=1)


def test_what_rows_make_up_takes_no_memory_without_end() -> None:
    made = Courses(rejected=Top(limit=10), strategies=Top(limit=10), alt_text=AltText(lost=Top(limit=10)))
    for n in range(1000):
        said = Said("A dog.", rejected=(Rejected(writer=f"w{n}", kind="loop", reason=""),))
        used = (Usage(stage="write", backend=f"m{n}", calls=1),)
        made.add(Course(f"s{n}", Retention(text="", lost=(f"n{n}",)), usage=used), [said])
    assert max(len(top.counts) for top in (made.rejected, made.strategies, made.alt_text.lost)) <= 10
    assert len(made.usage) == BACKENDS + 1
    assert sum(cost.calls for cost in made.usage.values()) == 1000
