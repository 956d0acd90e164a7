"""The public face: few names, light to import."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import fusion
from fusion.errors import ConfigError, FusionError, InputError
from fusion.facts import Box, Fact, Observation, Problem, Record
from fusion.stage import observation_of

PUBLIC = [
    "Box", "Captioner", "Card", "Claim", "Expert", "Fact", "Observation", "Record", "__version__", "claims", "verify",
    "view",
]  # fmt: skip

HEAVY = ["torch", "spacy", "networkx", "PIL", "numpy", "msgspec", "jinja2", "click"]


def test_the_public_names_are_these() -> None:
    assert fusion.__all__ == PUBLIC
    assert set(PUBLIC) <= set(dir(fusion))
    assert all(getattr(fusion, name) is not None for name in PUBLIC)


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="Captoner"):
        fusion.Captoner  # noqa: B018


def test_importing_takes_in_no_library() -> None:
    code = f"import sys, fusion; print([name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_version_is_that_of_the_package(root: Path) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert fusion.__version__ == project["version"]


CAT = Fact(id="d/0", kind="object", value="cat", expert="d")
ROW = {
    "id": "a",
    "image": "a.jpg",
    "looked": ["d"],
    "facts": [{"id": "d/0", "kind": "object", "value": "cat"}],
    "more": 1,
}


@pytest.mark.parametrize(
    "evidence",
    [
        pytest.param(Observation(id="a", looked=("d",), facts=(CAT,)), id="observation"),
        pytest.param(Record(id="a", looked=("d",), facts=(CAT,)), id="record"),
        pytest.param(ROW, id="evidence row with a key of the user's"),
        pytest.param({"facts": [{"kind": "object", "value": "cat"}]}, id="row without ids"),
        pytest.param([CAT], id="list of facts"),
        pytest.param([{"kind": "object", "value": "cat"}], id="list of mappings"),
        pytest.param((CAT,), id="tuple of facts"),
    ],
)
def test_a_caption_is_verified_against_evidence_of_any_form(evidence: object) -> None:
    checked = fusion.verify("A cat.", evidence)  # type: ignore[arg-type]
    assert [(claim.value, claim.verdict) for claim in checked.claims] == [("cat", "supported")]
    assert checked.repaired == "A cat."


@pytest.mark.parametrize(
    ("evidence", "message"),
    [
        pytest.param({"facts": 3}, "facts", id="no evidence row"),
        pytest.param([{"kind": "object"}], "value", id="no fact"),
        pytest.param([{"kind": "attribute", "value": "red", "about": "x"}], "'x'", id="a fact about nothing"),
        pytest.param(
            Observation(id="a", status="failed", errors=(Problem(message="no picture"),)), "no picture", id="failed row"
        ),
    ],
)
def test_evidence_that_is_none_is_refused(evidence: object, message: str) -> None:
    with pytest.raises(FusionError, match=message):
        fusion.verify("A cat.", evidence)  # type: ignore[arg-type]


def test_facts_without_an_id_are_cited_all_the_same() -> None:
    facts = [{"kind": "object", "value": "dog"}, {"kind": "object", "value": "cat"}]
    for evidence in (facts, {"facts": facts}, Observation(id=None, facts=tuple(Fact(**one) for one in facts))):
        checked = fusion.verify("A dog and a cat.", evidence)  # type: ignore[arg-type]
        assert [claim.evidence for claim in checked.claims if claim.kind == "object"] == [("#0",), ("#1",)]


@pytest.mark.parametrize(
    "form", [dict, lambda row: Observation(**row), lambda row: Record(**row)], ids=["row", "struct", "record"]
)
def test_boxes_are_clipped_and_ids_given_in_every_form(form: Callable[[dict[str, Any]], Any]) -> None:
    dog = Fact(kind="object", value="dog", box=Box(-5, 0, 90, 10))
    known = observation_of(form({"id": "a", "width": 50, "height": 20, "facts": (dog,)}))
    assert [(fact.id, fact.box) for fact in known.facts] == [("#0", Box(0, 0, 50, 10))]


FORMS = "expected evidence: an Observation, a Record, a mapping or a list of facts, got "
NAN = Fact(kind="object", value="cat", data={"x": float("nan")})


@pytest.mark.parametrize(
    ("caption", "evidence", "message"),
    [
        pytest.param(5, [CAT], "expected a caption as text, got int", id="a number for a caption"),
        pytest.param("a \ud800", [CAT], "lone surrogate at character 2", id="text that UTF-8 cannot hold"),
        pytest.param("A dog", None, f"{FORMS}NoneType", id="no evidence"),
        pytest.param("A dog", "dog", f"{FORMS}str", id="text for evidence"),
        pytest.param("A dog", iter([CAT]), f"{FORMS}list_iterator", id="an iterator"),
        pytest.param("A dog", [NAN], "data.x: expected a finite number, got nan", id="NaN in a list"),
        pytest.param("A dog", Observation(id="a", facts=(NAN,)), "data.x: expected a finite number", id="NaN in a row"),
    ],
)
def test_mistakes_of_the_caller_are_named(caption: Any, evidence: Any, message: str) -> None:
    with pytest.raises(FusionError, match=message):
        fusion.verify(caption, evidence)


@pytest.mark.parametrize("text", [None, ["a"], "\ud800"], ids=["nothing", "a list", "a lone surrogate"])
def test_claims_are_read_from_text_only(text: Any) -> None:
    with pytest.raises(InputError, match=r"expected a caption as text|lone surrogate"):
        fusion.claims(text)


def test_cards_may_be_mappings_and_are_checked() -> None:
    assert fusion.verify("A cat.", [CAT], cards={"d": {"precision": 0.9}}).claims  # type: ignore[dict-item]
    with pytest.raises(ConfigError, match="expert 'd': unknown key 'recal'"):
        fusion.verify("A cat.", [CAT], cards={"d": {"recal": 0.9}})  # type: ignore[dict-item]


def test_a_failed_row_is_an_input_error() -> None:
    with pytest.raises(InputError, match="no reason is given"):
        fusion.verify("A cat.", Observation(id="a", status="failed"))


def test_an_unknown_policy_is_refused() -> None:
    with pytest.raises(ValueError, match="expected one of strict, balanced, lenient, got 'mild'"):
        fusion.verify("A cat.", [CAT], policy="mild")  # type: ignore[arg-type]


def test_claims_are_read_from_a_text() -> None:
    reading = fusion.claims("A black cat.")
    assert {(claim.kind, claim.value) for claim in reading.claims} == {("object", "cat"), ("attribute", "black")}
