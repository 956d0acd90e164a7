"""The vocabulary: what is a fact, a claim, a row, and in which words the rest is refused."""

from __future__ import annotations

import json
import math

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion.codec import convert, decode, encode, schema, take_over
from fusion.errors import BadFact, ExpertTimeout, ImageError, RowError
from fusion.facts import (
    KINDS,
    OPTIONAL,
    REQUIRED,
    SCHEMA,
    Box,
    Caption,
    Claim,
    Edit,
    Fact,
    LeftOver,
    Observation,
    Problem,
    Record,
    Sample,
    fit,
)

EDGES = st.floats(-1e6, 1e6, allow_nan=False)
BOXES = st.builds(Box, EDGES, EDGES, EDGES, EDGES)


class Ints:
    """Numbers of libraries that are no Python numbers."""


# Boxes


@pytest.mark.parametrize(
    ("box", "clipped"),
    [
        pytest.param(Box(1, 2, 3, 4), Box(1, 2, 3, 4), id="inside"),
        pytest.param(Box(0, 0, 10, 8), Box(0, 0, 10, 8), id="the whole picture"),
        pytest.param(Box(-5, -5, 20, 20), Box(0, 0, 10, 8), id="over all edges"),
        pytest.param(Box(9.5, 7.5, 30, 30), Box(9.5, 7.5, 10, 8), id="over a corner"),
        pytest.param(Box(10, 0, 12, 4), None, id="right of the picture"),
        pytest.param(Box(-3, 0, 0, 4), None, id="left of the picture"),
        pytest.param(Box(2, 2, 2, 4), None, id="no width"),
        pytest.param(Box(4, 2, 2, 4), None, id="corners exchanged"),
    ],
)
def test_boxes_are_clipped_to_the_picture(box, clipped):
    assert box.clip(10, 8) == clipped


@pytest.mark.parametrize(
    ("a", "b", "iou"),
    [
        pytest.param(Box(0, 0, 2, 2), Box(0, 0, 2, 2), 1, id="equal"),
        pytest.param(Box(0, 0, 2, 2), Box(1, 0, 3, 2), 1 / 3, id="half over"),
        pytest.param(Box(0, 0, 4, 4), Box(1, 1, 3, 3), 1 / 4, id="inside"),
        pytest.param(Box(0, 0, 2, 2), Box(2, 0, 4, 2), 0, id="side by side"),
        pytest.param(Box(0, 0, 2, 2), Box(5, 5, 6, 6), 0, id="apart"),
        pytest.param(Box(1, 1, 1, 1), Box(1, 1, 1, 1), 0, id="empty"),
    ],
)
def test_intersection_over_union(a, b, iou):
    assert a.iou(b) == pytest.approx(iou)
    assert b.iou(a) == a.iou(b)


@given(BOXES, BOXES)
def test_iou_is_a_share(a, b):
    assert 0 <= a.iou(b) <= 1 + 1e-9
    assert a.overlap(b) == b.overlap(a)


@given(BOXES, st.integers(1, 9999), st.integers(1, 9999))
def test_a_clipped_box_lies_in_the_picture_and_stays(box, width, height):
    clipped = box.clip(width, height)
    if clipped is not None:
        assert 0 <= clipped.x0 < clipped.x1 <= width
        assert 0 <= clipped.y0 < clipped.y1 <= height
        assert clipped.clip(width, height) == clipped


def test_sides_of_a_box():
    box = Box(1, 2, 4, 8)
    assert (box.width, box.height, box.area, box.centre) == (3, 6, 18, (2.5, 5))
    assert Box(4, 0, 1, 5).area == 0


@pytest.mark.parametrize("edge", [math.nan, math.inf, -math.inf])
def test_a_box_has_finite_numbers(edge):
    with pytest.raises(ValueError, match="expected four finite numbers, got"):
        Box(0, edge, 1, 1)


# Facts

VALID = [
    pytest.param({"kind": "object", "value": "dog"}, id="object"),
    pytest.param({"kind": "object", "value": "dog", "box": [1, 2, 3, 4.5], "score": 0.5}, id="object with a box"),
    pytest.param({"kind": "object", "value": "person", "number": 2, "at_least": True}, id="a crowd"),
    pytest.param({"kind": "attribute", "value": "brown", "about": "b0"}, id="attribute"),
    pytest.param({"kind": "relation", "value": "left of", "about": "b0", "to": "b1"}, id="relation"),
    pytest.param({"kind": "count", "value": "dog", "number": 0}, id="count of none"),
    pytest.param({"kind": "count", "value": "dog", "number": 3, "about": "b0", "at_least": True}, id="count, at least"),
    pytest.param({"kind": "text", "value": "STOP", "box": [0, 0, 1, 1], "about": "b0"}, id="text"),
    pytest.param({"kind": "tag", "value": "long_hair"}, id="tag"),
    pytest.param({"kind": "scene", "value": "indoors"}, id="scene"),
    pytest.param({"kind": "style", "value": "black and white photo"}, id="style"),
    pytest.param({"kind": "name", "value": "Whitby", "about": "b0"}, id="name"),
    pytest.param({"kind": "statement", "value": "A dog. It runs."}, id="statement"),
    pytest.param({"kind": "object", "value": "people", "negated": True}, id="negated"),
    pytest.param({"kind": "object", "value": "dog", "parent": "s0", "data": {"mask": [1]}}, id="parent and data"),
    pytest.param({"kind": "object", "value": "dog", "score": 1}, id="an integer score"),
    pytest.param({"kind": "object", "value": "собака"}, id="not ASCII"),
]


@pytest.mark.parametrize("given", VALID)
def test_facts_go_to_json_and_back(given):
    fact = take_over(given)
    assert decode(encode(fact), Fact) == fact
    assert take_over(fact) == fact
    written = json.loads(encode(fact))
    assert written["kind"] == given["kind"]
    assert set(written) <= {*given}, "what has its default is not written"


INVALID = [
    pytest.param({"kind": "object"}, "missing required field `value`", id="no value"),
    pytest.param({"value": "dog"}, "missing required field `kind`", id="no kind"),
    pytest.param({"kind": "thing", "value": "dog"}, "Invalid enum value 'thing'", id="no such kind"),
    pytest.param({"kind": "opinion", "value": "cosy"}, "Invalid enum value 'opinion'", id="an opinion is a claim"),
    pytest.param({"kind": "object", "value": ""}, "expected some text, got ''", id="an empty value"),
    pytest.param({"kind": "object", "value": " \t"}, "expected some text", id="a blank value"),
    pytest.param({"kind": "object", "value": 7}, r"Expected `str`, got `int` - at `\$.value`", id="value no text"),
    pytest.param({"kind": "object", "value": "\ud800"}, "lone surrogate", id="text that UTF-8 cannot hold"),
    pytest.param({"kind": "object", "value": "dog", "score": 1.5}, r"expected 0..1, got 1.5", id="score over 1"),
    pytest.param({"kind": "object", "value": "dog", "score": -0.1}, r"expected 0..1, got -0.1", id="score under 0"),
    pytest.param({"kind": "object", "value": "dog", "score": math.nan}, r"expected 0..1, got nan", id="score NaN"),
    pytest.param({"kind": "object", "value": "dog", "score": "1"}, r"got `str` - at `\$.score`", id="score as text"),
    pytest.param({"kind": "object", "value": "dog", "box": [1, 2, 3]}, r"length 4", id="a box of three numbers"),
    pytest.param({"kind": "object", "value": "dog", "box": [1, 2, 3, math.nan]}, "four finite numbers", id="NaN in a box"),
    pytest.param({"kind": "object", "value": "dog", "box": [1, 2, 3, "4"]}, r"at `\$.box\[3\]`", id="text in a box"),
    pytest.param({"kind": "object", "value": "dog", "about": "b0"}, "a object has no field 'about'|has no field", id="about"),
    pytest.param({"kind": "object", "value": "dog", "to": "b0"}, "has no field 'to', got 'b0'", id="to"),
    pytest.param({"kind": "object", "value": "dog", "number": -1}, "expected 0 or more, got -1", id="a negative number"),
    pytest.param({"kind": "object", "value": "dog", "number": 1.5}, "Expected `int", id="half a dog"),
    pytest.param({"kind": "attribute", "value": "brown"}, "expected a field 'about', got none", id="attribute of nothing"),
    pytest.param({"kind": "relation", "value": "on", "about": "a"}, "expected a field 'to'", id="relation to nothing"),
    pytest.param({"kind": "count", "value": "dog"}, "expected a field 'number'", id="count without number"),
    pytest.param({"kind": "scene", "value": "park", "box": [0, 0, 1, 1]}, "no field 'box'", id="scene with a box"),
    pytest.param({"kind": "object", "value": "dog", "colour": "red"}, "unknown field `colour`", id="an unknown field"),
    pytest.param({"kind": "object", "value": "dog", "negated": 1}, r"Expected `bool`, got `int`", id="negated no bool"),
    pytest.param({"kind": "object", "value": "dog", "data": [1]}, r"at `\$.data`", id="data that are no map"),
    pytest.param({"kind": "object", "value": "dog", "score": np.float32(0.5)}, "got `numpy", id="numpy scalars"),
    pytest.param("dog", "Expected `object`, got `str`", id="text"),
    pytest.param(None, "got `null`|got None", id="nothing"),
    pytest.param(Ints(), "no valid fact", id="an object of another class"),
]


@pytest.mark.parametrize(("given", "message"), INVALID)
def test_what_is_no_fact_is_refused(given, message):
    with pytest.raises(BadFact, match=message) as caught:
        take_over(given)
    assert caught.value.message.startswith("no valid fact: ")


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"score": np.float32(0.5)}, id="numpy score"),
        pytest.param({"number": np.int64(2)}, id="numpy number"),
        pytest.param({"data": {"mask": np.zeros(2)}}, id="an array in data"),
        pytest.param({"negated": "no"}, id="negated as text"),
    ],
)
def test_a_fact_made_by_hand_with_wrong_types_is_found_when_taken_over(fields):
    with pytest.raises(BadFact, match="no valid fact"):
        take_over(Fact(kind="object", value="dog", **fields))


@pytest.mark.parametrize(
    ("kind", "value", "kept"),
    [
        pytest.param("object", "Dining  Table", "dining table", id="nouns lower case, single spaces"),
        pytest.param("object", " dog\n", "dog", id="no blanks around"),
        pytest.param("style", "Black And White Photo", "black and white photo", id="style"),
        pytest.param("text", "STOP  Here", "STOP  Here", id="text as found"),
        pytest.param("tag", "Long_Hair", "Long_Hair", id="tag as found"),
        pytest.param("name", "Whitby", "Whitby", id="name as found"),
        pytest.param("statement", " A  Dog.", " A  Dog.", id="statement as found"),
        pytest.param("count", "2", "2", id="a value without letters"),
    ],
)
def test_values_are_normal_or_as_found(kind, value, kept):
    extra = {"number": 1} if kind == "count" else {}
    assert Fact(kind=kind, value=value, **extra).value == kept


@pytest.mark.parametrize(("score", "kept"), [(0.123456, 0.1235), (1, 1), (0, 0), (0.99999, 1.0)])
def test_scores_have_four_decimals(score, kept):
    assert Fact(kind="object", value="dog", score=score).score == kept


@given(st.sampled_from(sorted(KINDS)), st.text(), st.floats(), st.none() | st.text(), st.none() | st.integers())
def test_a_fact_is_valid_or_a_value_error(kind, value, score, about, number):
    try:
        fact = Fact(kind=kind, value=value, score=score, about=about, number=number)
    except ValueError as error:
        assert str(error)  # noqa: PT017 - either way is fine, the property is that nothing else is raised
    else:
        assert decode(encode(fact), Fact) == fact


def test_tables_name_every_kind():
    assert set(OPTIONAL) == {*KINDS, "opinion"}
    assert set(REQUIRED) <= set(OPTIONAL)


def test_facts_are_frozen():
    with pytest.raises(AttributeError):
        Fact(kind="object", value="dog").value = "cat"


# Boxes of facts on a picture


def test_a_box_inside_stays():
    fact = Fact(kind="object", value="dog", box=Box(1, 1, 5, 5))
    assert fit(fact, 10, 10) == (fact, None)
    assert fit(fact, None, None) == (fact, None)


def test_a_box_over_the_edge_is_clipped():
    fitted, problem = fit(Fact(kind="object", value="dog", box=Box(-3, 1, 50, 5)), 10, 10)
    assert fitted.box == Box(0, 1, 10, 5)
    assert problem is None


@pytest.mark.parametrize("box", [Box(20, 20, 30, 30), Box(3, 3, 3, 9), Box(9, 9, 1, 1)], ids=["outside", "flat", "turned"])
def test_an_empty_box_goes_with_a_warning_and_the_fact_stays(box):
    fitted, problem = fit(Fact(id="b0", kind="object", value="dog", box=box, expert="boxes"), 10, 10)
    assert fitted == Fact(id="b0", kind="object", value="dog", expert="boxes")
    assert problem.warning
    assert problem.expert == "boxes"
    assert "box of fact 'b0' is empty inside a picture of 10×10 pixels" in problem.message


# Claims

CLAIMS = [
    pytest.param({"kind": "object", "value": "dog", "span": [2, 5]}, id="object"),
    pytest.param({"kind": "opinion", "value": "cosy", "span": [0, 4]}, id="opinion"),
    pytest.param({"kind": "opinion", "value": "cosy", "span": [0, 4], "about": "c0"}, id="opinion of something"),
    pytest.param(
        {
            "kind": "object",
            "value": "dog",
            "span": [0, 3],
            "verdict": "supported",
            "confidence": 0.9,
            "evidence": ["b0"],
        },
        id="verified",
    ),
    pytest.param({"kind": "count", "value": "dog", "span": [0, 3], "number": 2, "true": False}, id="labelled"),
]


@pytest.mark.parametrize("given", CLAIMS)
def test_claims_go_to_json_and_back(given):
    claim = convert(given, Claim)
    assert decode(encode(claim), Claim) == claim
    assert json.loads(encode(claim)) == given


@pytest.mark.parametrize(
    ("given", "message"),
    [
        pytest.param({"kind": "object", "value": "dog"}, "missing required field `span`", id="no span"),
        pytest.param({"kind": "object", "value": "dog", "span": [3, 3]}, r"0 <= start < end, got \[3, 3\]", id="empty span"),
        pytest.param({"kind": "object", "value": "dog", "span": [5, 2]}, "0 <= start < end", id="span turned"),
        pytest.param({"kind": "object", "value": "dog", "span": [-1, 2]}, "0 <= start < end", id="span before the text"),
        pytest.param({"kind": "tag", "value": "dog", "span": [0, 3]}, "Invalid enum value 'tag'", id="a tag is no claim"),
        pytest.param({"kind": "statement", "value": "dog", "span": [0, 3]}, "Invalid enum", id="a statement is no claim"),
        pytest.param(
            {"kind": "object", "value": "dog", "span": [0, 3], "confidence": 1.1},
            "expected 0..1, got 1.1",
            id="confidence",
        ),
        pytest.param({"kind": "object", "value": "dog", "span": [0, 3], "verdict": "true"}, "Invalid enum", id="verdict"),
        pytest.param({"kind": "object", "value": "dog", "span": [0, 3], "score": 1}, "unknown field `score`", id="score"),
    ],
)
def test_what_is_no_claim_is_refused(given, message):
    with pytest.raises(RowError, match=message):
        convert(given, Claim)


# Rows


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        pytest.param([{"id": "a"}, {"id": "a"}], "expected ids that are unique in a row, got 'a' twice", id="an id twice"),
        pytest.param(
            [{"id": "a"}, {"id": "b", "kind": "attribute", "about": "c"}],
            "fact 'b': expected about to be the id of a fact of this row, got 'c'",
            id="about what is not there",
        ),
        pytest.param([{"id": "a", "parent": "z"}], "expected parent to be the id", id="a parent that is not there"),
    ],
)
def test_facts_of_a_row_hold_together(facts, message):
    rows = [{"kind": "object", "value": "dog", **fact} for fact in facts]
    with pytest.raises(RowError, match=message):
        convert({"id": "1", "facts": rows}, Observation)


@pytest.mark.parametrize("kind", [Observation, Record])
def test_sizes_are_at_least_one_pixel(kind):
    with pytest.raises(ValueError, match="width: expected at least 1 pixel, got 0"):
        kind(id="1", width=0, height=5)


@pytest.mark.parametrize(
    ("looked", "experts"),
    [
        pytest.param(None, ("boxes", "words"), id="absent: those the facts name"),
        pytest.param((), (), id="empty: nobody"),
        pytest.param(("other",), ("other",), id="given: those alone"),
    ],
)
def test_whose_silence_counts(looked, experts):
    facts = tuple(Fact(kind="object", value="dog", expert=name) for name in ("boxes", "words", "boxes", ""))
    assert Observation(id="1", looked=looked, facts=facts).experts == experts


@pytest.mark.parametrize("line", [b"", b"{", b"[]", b"7", b'{"id": 7}', b'{"id":"\xff"}', b'{"facts": []}', b'{"id":"a"}}'])
def test_lines_that_are_no_row(line):
    with pytest.raises(RowError, match="expected an evidence row as JSON: "):
        decode(line, Observation)


def test_unknown_keys_of_a_row_are_no_error():
    assert decode(b'{"id": null, "mine": 1}', Observation) == Observation(id=None)


def test_a_record_writes_every_field_of_the_schema():
    row = json.loads(encode(Record(id="1")))
    assert row == {
        "schema": SCHEMA, "id": "1", "image": None, "sha256": None, "width": None, "height": None, "status": "ok",
        "errors": [], "looked": [], "facts": [], "disputes": [], "asked": [],
        "strategy": "", "captions": [], "retention": None, "diversity": None, "usage": [],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("error", "problem"),
    [
        pytest.param(ImageError("no", hint="do"), Problem(message="no", hint="do", expert="e", line=3), id="ours"),
        pytest.param(ExpertTimeout("slow", expert="x"), Problem(message="slow", expert="x", line=3, retry=True), id="own name"),
        pytest.param(ImageError("no", line=9), Problem(message="no", expert="e", line=9), id="own line"),
        pytest.param(KeyError("k"), Problem(message="KeyError: 'k'", expert="e", line=3), id="another's"),
    ],
)
def test_problems_of_errors(error, problem):
    assert Problem.of(error, expert="e", line=3) == problem


def test_a_sample_carries_facts_on():
    fact = Fact(kind="object", value="dog")
    before = Sample(id="1", alt_text="x")
    assert before.with_facts((fact,)).facts == (fact,)
    assert before.facts == ()


# JSON Schema


@pytest.mark.parametrize("kind", [Record, Observation, Fact, Claim, Caption, Edit, LeftOver, Problem], ids=lambda k: k.__name__)
def test_json_schema_of_every_row(kind):
    exported = schema(kind)
    assert exported["$ref"] == f"#/$defs/{kind.__name__}"
    assert set(exported["$defs"][kind.__name__]["properties"]) == set(msgspec.structs.asdict(_one(kind)))
    assert json.dumps(exported)


def _one(kind):
    said = {"kind": "object", "value": "dog"}
    fields = {
        Fact: said,
        Claim: {**said, "span": (0, 1)},
        Caption: {"style": "short", "writer": "w", "draft": "d", "text": "t"},
        Edit: {"claims": (), "rule": "r", "span": (0, 1), "before": "a", "after": "b"},
        LeftOver: {"span": (0, 1), "reason": "r"},
        Problem: {"message": "m"},
    }
    return kind(**fields.get(kind, {"id": "1"}))


def test_the_schema_names_the_kinds():
    assert set(schema(Fact)["$defs"]["Fact"]["properties"]["kind"]["enum"]) == KINDS
    assert schema(Fact)["$defs"]["Fact"]["additionalProperties"] is False


@pytest.mark.parametrize(
    ("fact", "hint"),
    [
        pytest.param({"id": "a", "kind": "action", "value": "x"}, "kinds of fact are attribute, count, name", id="kind"),
        pytest.param(
            {"id": "a", "kind": "relation", "value": "x", "target": "b"}, "a fact has the fields id, kind, value", id="field"
        ),
        pytest.param({"id": "a", "kind": "object"}, "", id="anything else"),
    ],
)
def test_what_there_is_is_said_where_something_else_was_given(fact: dict, hint: str) -> None:
    with pytest.raises(RowError) as refused:
        convert({"id": "x", "facts": [fact]}, Observation)
    assert refused.value.hint.startswith(hint)
    assert bool(refused.value.hint) == bool(hint)
