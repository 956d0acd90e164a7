"""What an expert hands over: valid facts stay under ids of their own, the rest is named."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion.codec import encode
from fusion.facts import Box, Fact, Sample, check_references
from fusion.stage import adopt

STANDING = Fact(id="other/0", kind="object", value="cat", expert="other")
SAMPLE = Sample(id="a", width=100, height=50, facts=(STANDING,))
SCALAR: Any = np.float32(0.5)
BOX: Any = np.zeros(4)
COUNT: Any = np.int64(2)
NAN, INF = float("nan"), float("inf")


def cat(**given: Any) -> dict[str, Any]:
    return {"kind": "object", "value": "cat", **given}


@pytest.mark.parametrize(
    ("given", "ids"),
    [
        pytest.param([], [], id="nothing"),
        pytest.param((cat(),), ["me/0"], id="a tuple"),
        pytest.param([cat(), cat()], ["me/0", "me/1"], id="no ids of its own"),
        pytest.param([cat(id="x"), cat(id="y/z")], ["me/x", "me/y/z"], id="own ids"),
        pytest.param([cat(), cat(id="0")], ["me/1", "me/0"], id="own id that a number would take"),
        pytest.param([cat(id="other/0")], ["me/other/0"], id="own id like one that stands"),
    ],
)
def test_ids_get_the_name_of_the_expert(given: object, ids: list[str]) -> None:
    facts, problems = adopt("me", given, SAMPLE)
    assert [fact.id for fact in facts] == ids
    assert {fact.expert for fact in facts} <= {"me"}
    assert problems == []


def test_references_follow_their_fact_and_may_lead_to_one_that_stands() -> None:
    given = [
        Fact(kind="attribute", value="red", about="b"),
        Fact(id="b", kind="object", value="ball", parent="other/0"),
        Fact(kind="relation", value="near", about="b", to="other/0"),
    ]
    red, ball, near = adopt("me", given, SAMPLE)[0]
    assert (red.about, ball.parent, near.about, near.to) == ("me/b", "other/0", "me/b", "other/0")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        pytest.param({"kind": "object"}, "expected a list of facts, got dict", id="not a list"),
        pytest.param(None, "expected a list of facts, got None", id="nothing at all"),
        pytest.param(iter([cat()]), "expected a list of facts, got list_iterator", id="an iterator"),
        pytest.param([cat(score=SCALAR)], "fact 0: score: expected a number, got numpy.float32; use float(x)", id="numpy scalar"),
        pytest.param([Fact(kind="object", value="cat", score=SCALAR)], "fact 0", id="numpy scalar in a Fact"),
        pytest.param([cat(score="high")], "fact 0: no valid fact: Expected `float`, got `str`", id="wrong type"),
        pytest.param([cat(box=[0, 0, float("nan"), 1])], "expected four finite numbers", id="NaN in a box"),
        pytest.param([cat(box=[0, 0, 1])], "fact 0", id="box of three"),
        pytest.param([cat(score=2)], "expected 0..1, got 2", id="score above one"),
        pytest.param([cat(colour="red")], "colour", id="unknown field"),
        pytest.param([{"kind": "colour", "value": "red"}], "kind", id="unknown kind"),
        pytest.param([3], "fact 0", id="a number for a fact"),
        pytest.param(
            [cat(number=COUNT)], "fact 0: number: expected a whole number, got numpy.int64; use int(x)", id="numpy count"
        ),
        pytest.param([cat(data={"x": BOX})], "data: expected plain Python values, got numpy.ndarray", id="array in data"),
        pytest.param([cat(data={"x": [1, NAN]})], "data.x[1]: expected a finite number, got nan", id="NaN in data"),
        pytest.param([Fact(kind="object", value="cat", data={"x": -INF})], "data.x: expected a finite", id="infinity in data"),
        pytest.param([cat(box=BOX)], "box: expected numbers, got numpy.ndarray; use float(x) or box.tolist()", id="array"),
        pytest.param([cat(id="\ud800")], "fact 0", id="id that UTF-8 cannot hold"),
        pytest.param([cat(data={"x": object()})], "fact 0", id="data that is no JSON"),
        pytest.param([{"kind": "attribute", "value": "red", "about": "x"}], "expected about to be", id="about nothing"),
        pytest.param([cat(id="x", parent="x")], "expected parent to be the id of another fact", id="its own parent"),
    ],
)
def test_what_is_no_fact_is_named_and_left_out(given: object, message: str) -> None:
    facts, problems = adopt("me", given, SAMPLE)
    assert facts == []
    assert [(p.expert, p.warning) for p in problems] == [("me", False)]
    assert message in problems[0].message


@pytest.mark.parametrize(
    ("given", "hint"),
    [
        pytest.param((one for one in [cat()]), "return list(...)", id="a generator"),
        pytest.param(None, "return [] when nothing is seen", id="nothing"),
        pytest.param(3, "return a list of facts", id="a number"),
    ],
)
def test_no_list_comes_with_what_to_write(given: object, hint: str) -> None:
    assert [problem.hint for problem in adopt("me", given, SAMPLE)[1]] == [hint]


@pytest.mark.parametrize(
    ("given", "kept", "circular"),
    [
        pytest.param([cat(id="a", parent="b"), cat(id="b", parent="a")], [], 2, id="two that come from each other"),
        pytest.param(
            [{"id": "a", "kind": "attribute", "value": "red", "about": "b"}, cat(id="b", parent="c"), cat(id="c", parent="a")],
            [],
            3,
            id="over about and parent",
        ),
        pytest.param([cat(id="a", parent="b"), cat(id="b", parent="a"), cat(id="c", parent="a")], [], 2, id="one hangs on it"),
        pytest.param([cat(id="a", parent="b"), cat(id="b", parent="a"), cat(id="c")], ["me/c"], 2, id="one stands apart"),
        pytest.param([cat(id="a", parent="b"), cat(id="b", parent="c"), cat(id="c")], ["me/a", "me/b", "me/c"], 0, id="a chain"),
    ],
)
def test_facts_in_a_circle_are_refused(given: list[Any], kept: list[str], circular: int) -> None:
    facts, problems = adopt("me", given, SAMPLE)
    assert [fact.id for fact in facts] == kept
    assert len([p for p in problems if "got a circle" in p.message]) == circular
    assert len(facts) + len(problems) == len(given)


def test_a_bad_fact_takes_along_what_hangs_on_it_and_nothing_else() -> None:
    given = [
        cat(id="a", score=7),
        cat(id="b"),
        cat(id="c", parent="a"),
        {"kind": "attribute", "value": "red", "about": "c"},
    ]
    facts, problems = adopt("me", given, SAMPLE)
    assert [fact.id for fact in facts] == ["me/b"]
    assert len(problems) == 3


def test_of_two_facts_with_one_id_the_first_stays() -> None:
    facts, problems = adopt("me", [cat(id="a"), cat(id="a", score=0.5)], SAMPLE)
    assert [fact.score for fact in facts] == [1.0]
    assert "expected ids that differ, got 'a'" in problems[0].message


def test_recorded_facts_keep_their_ids_and_experts() -> None:
    given = [
        cat(id="detector/3", expert="detector"),
        {"kind": "count", "value": "cat", "number": 2, "about": "detector/3"},
    ]
    facts, problems = adopt("me", given, SAMPLE, keeps_names=True)
    assert [(f.id, f.expert, f.about) for f in facts] == [
        ("detector/3", "detector", None),
        ("me/0", "me", "detector/3"),
    ]
    assert problems == []


def test_recorded_facts_cannot_take_an_id_that_stands() -> None:
    facts, problems = adopt("me", [cat(id="other/0", expert="other")], SAMPLE, keeps_names=True)
    assert facts == []
    assert "got 'other/0'" in problems[0].message


@pytest.mark.parametrize(
    ("box", "expected", "warned"),
    [
        pytest.param([10, 10, 20, 20], Box(10, 10, 20, 20), False, id="inside"),
        pytest.param([-5, -5, 20, 70], Box(0, 0, 20, 50), False, id="sticking out"),
        pytest.param([200, 0, 300, 10], None, True, id="outside"),
        pytest.param([10, 10, 20, 10], None, True, id="without height"),
    ],
)
def test_boxes_are_clipped_to_the_picture(box: list[float], expected: Box | None, warned: bool) -> None:
    facts, problems = adopt("me", [cat(box=box)], SAMPLE)
    assert facts[0].box == expected
    assert [(p.expert, p.warning) for p in problems] == [("me", True)] * warned


names = st.sampled_from(["", "0", "1", "a", "a/0", "other/0", "me/0"])
told = st.builds(
    lambda name, parent, kind: {"id": name, "kind": kind, "value": "x", "parent": parent},
    names,
    st.none() | names,
    st.sampled_from(["object", "scene"]),
)


@given(st.lists(told, max_size=6), st.lists(told, max_size=6), st.booleans())
def test_ids_never_collide_and_references_hold(first: list[Any], second: list[Any], keeps_names: bool) -> None:
    one, _ = adopt("me", first, SAMPLE)
    both = SAMPLE.with_facts((*SAMPLE.facts, *one))
    two, _ = adopt("me/0" if keeps_names else "you", second, both, keeps_names=keeps_names)
    check_references((*both.facts, *two))
    assert encode([*one, *two])
