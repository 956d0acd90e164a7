"""What is counted, and how."""

from __future__ import annotations

import pytest

from audit.making import Json, claim, edit, fact, verified
from fusion.audit import Seen, Totals, read
from fusion.audit.rates import Top
from fusion.codec import convert
from fusion.facts import Fact

TEXT = "A dog and a cat on a sofa."


def totals(*rows: Json, facts: list[Json] | None = None, looked: tuple[str, ...] = (), by: str = "") -> Totals:
    """The totals of verify rows that share one evidence."""
    seen = Seen(looked=looked, facts=tuple(convert(given, Fact) for given in facts)) if facts is not None else None
    made = Totals()
    for line, row in enumerate(rows, 1):
        made.add(read(row.get("id"), row, line=line, seen=seen, by=by))
    return made


def test_children_are_counted_with_the_parent_that_fell() -> None:
    cat = claim(TEXT, "cat", "contradicted")
    row = verified("p", TEXT, [claim(TEXT, "dog"), cat, claim(TEXT, "on", "contradicted", kind="relation", void=cat["id"])])
    made = totals(row)
    assert (made.claims.contradicted, made.claims.checked, made.void) == (1, 2, 1)
    assert made.with_contradiction_rate.share == 1.0
    assert made.contradicted_words.most(9) == [("cat", 1)]


def test_opinions_and_hearsay_are_apart() -> None:
    text = "A cosy place in 2019."
    row = verified("p", text, [claim(text, "cosy", "unverified", kind="opinion"), claim(text, "2019", kind="name", hearsay=True)])
    made = totals(row)
    assert (made.opinions, made.claims.hearsay, made.claims.checked) == (1, 1, 0)
    assert list(made.by_kind) == ["name"]


@pytest.mark.parametrize(
    ("word", "fifth"),
    [("aa", 0), ("bb", 1), ("cc", 2), ("dd", 3), ("ee", 4)],
)
def test_place_in_the_caption(word: str, fifth: int) -> None:
    text = "aabbccddee"
    made = totals(verified("p", text, [claim(text, word)]))
    assert [tally.checked for tally in made.by_place] == [int(n == fifth) for n in range(5)]


@pytest.mark.parametrize(
    ("evidence", "verdict", "looked", "expected"),
    [
        pytest.param(["f0"], "contradicted", ("boxes",), {"boxes": (1, 0)}, id="by a fact"),
        pytest.param(
            ["f0", "s0.c3"], "supported", (), {"boxes": (0, 0), "words": (0, 0)}, id="a statement's part is its author's"
        ),
        pytest.param([], "contradicted", ("boxes",), {"boxes": (1, 1)}, id="by silence of the one that looked"),
        pytest.param([], "contradicted", ("boxes", "words"), {"no expert": (1, 0)}, id="by silence of one of two"),
        pytest.param([], "unverified", ("boxes",), {"no expert": (0, 0)}, id="nobody says anything"),
        pytest.param(["gone"], "supported", (), {"no expert": (0, 0)}, id="a fact that is not there"),
    ],
)
def test_by_expert(evidence: list[str], verdict: str, looked: tuple[str, ...], expected: dict[str, tuple[int, int]]) -> None:
    facts = [fact("f0", "dog"), fact("s0", "a dog sleeps", expert="words", kind="statement")]
    made = totals(verified("p", TEXT, [claim(TEXT, "dog", verdict, evidence=evidence)]), facts=facts, looked=looked)
    assert {name: (said.tally.contradicted, said.silent) for name, said in made.by_expert.items()} == expected


def test_origins_are_compared() -> None:
    rows = [
        verified("p", TEXT, [claim(TEXT, "dog", verdict)], source=name)
        for name, verdict in (("a", "supported"), ("b", "contradicted"))
    ]
    made = totals(*rows, by="source")
    assert {name: tally.contradicted for name, tally in made.by_origin.items()} == {"a": 0, "b": 1}
    assert made.origin_captions == {"a": 1, "b": 1}


def test_what_repair_did() -> None:
    emptied = verified("p", TEXT, repaired="", edits=[edit(TEXT, 0, rule="drop sentence")])
    made = totals(verified("p", TEXT, repaired="A dog on a sofa.", edits=[edit("and a cat ", 6)]), emptied, verified("q", TEXT))
    assert (made.captions, made.repaired, made.emptied) == (3, 2, 1)
    assert (made.edits, made.rules.counts) == (2, {"drop phrase": 1, "drop sentence": 1})
    assert ("and a cat", 1) in made.dropped.most(9)


def test_rules_that_rows_make_up_take_no_memory_without_end() -> None:
    made = Totals(rules=Top(limit=10))
    for n in range(100):
        edits = [edit(TEXT, 0, rule=f"rule {n}"), edit(TEXT, 0, rule="drop sentence")]
        made.add(read("p", verified("p", TEXT, repaired="", edits=edits), line=n))
    assert made.edits == 200
    assert made.rules.cut
    assert len(made.rules.counts) <= 10
    assert made.rules.most(1) == [("drop sentence", 100)]


def test_failed_rows_are_kept_by_line_and_counted() -> None:
    made = totals(*[{"id": f"p{n}", "status": "failed", "errors": [{"message": "dark"}]} for n in range(30)], verified("q", TEXT))
    assert made.rows == {"failed": 30, "ok": 1}
    assert [(name, line, problem.message) for name, line, problem in made.failures[:2]] == [("p0", 1, "dark"), ("p1", 2, "dark")]
    assert len(made.failures) == 20
