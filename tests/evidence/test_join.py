"""Facts of several experts joined into instances, and what hangs on them."""

from __future__ import annotations

import pytest

from fusion.evidence import Evidence, gather
from fusion.expert import Card
from fusion.facts import Box, Fact, Observation
from fusion.language import Language


@pytest.fixture(scope="module")
def language() -> Language:
    return Language.load()


def obj(name: str, expert: str, box: tuple[float, float, float, float] | None = None) -> Fact:
    return Fact(id=f"{expert}/{name}/{box}", kind="object", value=name, expert=expert, box=Box(*box) if box else None)


def says(text: str) -> Fact:
    return Fact(id=text, kind="statement", value=text, expert="captions")


def joined(language: Language, facts: list[Fact]) -> Evidence:
    observation = Observation(id="x", width=200, height=200, facts=tuple(facts))
    return gather([observation], {"captions": Card(vocabulary=None)}, language)[0]


A, B = (10.0, 10.0, 60.0, 60.0), (100.0, 100.0, 150.0, 150.0)

INSTANCES = {
    "boxes of two experts in one place": ([obj("dog", "a", A), obj("dog", "b", (12, 11, 61, 60))], [["dog", "dog"]]),
    "boxes of one expert are never one thing": ([obj("dog", "a", A), obj("dog", "a", (12, 11, 61, 60))], [["dog"], ["dog"]]),
    "a word and a more exact one in one place": ([obj("person", "a", A), obj("woman", "b", A)], [["person", "woman"]]),
    "words that exclude each other": ([obj("dog", "a", A), obj("cat", "b", A)], [["dog"], ["cat"]]),
    "places apart": ([obj("dog", "a", A), obj("dog", "b", B)], [["dog"], ["dog"]]),
    "a statement is attached to the box": ([obj("dog", "a", A), says("A dog.")], [["dog", "dog"]]),
    "two things of one sentence are two": ([obj("dog", "a", A), says("A dog and another dog.")], [["dog", "dog"], ["dog"]]),
    "a denied thing is no instance": ([says("There are no people.")], []),
}


@pytest.mark.parametrize(("facts", "names"), INSTANCES.values(), ids=list(INSTANCES))
def test_instances(language: Language, facts: list[Fact], names: list[list[str]]) -> None:
    assert [[f.value for f in i.names] for i in joined(language, facts).instances] == names


def test_facts_from_statements_name_their_statement(language: Language) -> None:
    evidence = joined(language, [says("A brown dog.")])
    assert {f.parent for f in evidence.derived} == {"A brown dog."}
    assert {(f.kind, f.value, f.expert) for f in evidence.derived} == {
        ("object", "dog", "captions"),
        ("attribute", "brown", "captions"),
    }


def test_hedged_statements_count_for_nothing(language: Language) -> None:
    assert joined(language, [says("There is possibly a dog.")]).instances == []


def test_the_graph_has_instances_as_nodes_and_relations_as_edges(language: Language) -> None:
    facts = [obj("man", "a", A), obj("horse", "a", B), says("A man rides a horse.")]
    graph = joined(language, facts).graph
    assert [data["names"] for _, data in graph.nodes(data=True)] == [["man", "man"], ["horse", "horse"]]
    assert [data["value"] for *_, data in graph.edges(data=True)] == ["ride"]


def test_an_empty_box_goes_and_its_fact_stays(language: Language) -> None:
    evidence = joined(language, [obj("dog", "a", (10, 10, 60, 10))])
    assert [i.box for i in evidence.instances] == [None]
