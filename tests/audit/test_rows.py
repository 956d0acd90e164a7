"""What records and verify rows say, and rows that say nothing one can use."""

from __future__ import annotations

import pytest

from audit.making import Json, claim, edit, fact, record, verified
from fusion.audit import Seen, read
from fusion.facts import Fact, Problem


def test_a_record_has_all_inside() -> None:
    row = record(
        "p", "A red dog.", "A dog.", [claim("A dog.", "dog")], [edit("red ", 2)], facts=[fact("f0", "dog", [1, 2, 3, 4])]
    )
    entry = read("p", row, line=7)
    (said,) = entry.captions
    assert (said.text, said.given, said.origin, said.of_final) == ("A dog.", "A red dog.", "short · template", True)
    assert entry.seen is not None
    assert (entry.seen.image, entry.seen.width, [f.value for f in entry.seen.facts]) == ("p.jpg", 100, ["dog"])
    assert entry.key == ("p", 7)


def test_a_verify_row_takes_its_evidence_and_shares_its_picture() -> None:
    seen = Seen(image="a.jpg", width=10, height=10, facts=(Fact(id="f0", kind="object", value="dog"),))
    entry = read("p", verified("p", "A dog.", source="model"), line=3, seen=seen, by="source")
    assert (entry.seen, entry.captions[0].origin, entry.key) == (seen, "model", ("p", 0))


def test_a_row_names_its_picture_before_its_evidence_does() -> None:
    entry = read("p", verified("p", "A dog.", image="own.jpg"), line=1, seen=Seen(image="other.jpg", width=5, height=5))
    assert entry.seen == Seen(image="own.jpg", width=5, height=5)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        pytest.param({"id": "p"}, "expected a record with `captions` or a verify row", id="neither record nor verify row"),
        pytest.param(verified("p", "A dog.", [{"id": "c"}]), "kind", id="claim without a kind"),
        pytest.param(verified("p", "A dog.", [{**claim("A dog.", "dog"), "verdict": None}]), "a verdict", id="never judged"),
        pytest.param(verified("p", "A", [claim("A dog.", "dog")]), "[2, 5] in a text of 1", id="span outside the text"),
        pytest.param({"id": "p", "captions": 3}, "array", id="captions that are none"),
        pytest.param({"id": "p", "status": "failed", "errors": [{"message": "no light"}]}, "no light", id="failed before"),
        pytest.param({"id": "p", "status": "failed"}, "without saying why", id="failed silently"),
    ],
)
def test_what_cannot_be_read_fails_and_says_why(row: Json, message: str) -> None:
    entry = read("p", row, line=4)
    assert entry.status == "failed"
    assert message in entry.problems[0].message


def test_a_row_that_came_with_a_problem_keeps_it() -> None:
    problem = Problem(message="not JSON", line=2)
    assert read(None, {}, line=2, problem=problem).problems == (problem,)
