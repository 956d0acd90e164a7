"""Experts that need nothing of each other look at the same time; nobody can tell from the rows."""

from __future__ import annotations

import threading

import pytest

from fusion import Captioner
from fusion.facts import Fact, Sample
from fusion.testing import FakeExpert, solid_image


class Meets(FakeExpert):
    """Waits for another one to look at the same time; without one it says so."""

    barrier: threading.Barrier
    alone = True

    def __init__(self, name: str, barrier: threading.Barrier) -> None:
        super().__init__()
        self.name, self.barrier = name, barrier

    def look(self, sample: Sample) -> list[Fact]:
        try:
            self.barrier.wait(timeout=0.5)
            met = "met"
        except threading.BrokenBarrierError:
            met = "alone"
        return [Fact(kind="tag", value=f"{self.name} {met} {len(sample.facts)}")]


def seen(*, together: bool, between: bool = False) -> list[str]:
    barrier = threading.Barrier(2)
    experts: dict[str, FakeExpert] = {"a": Meets("a", barrier), "b": Meets("b", barrier)}
    if between:
        experts = {"a": experts["a"], "x": FakeExpert([Fact(kind="tag", value="x")]), "b": experts["b"]}
    config = {"run": {"together": together}, "captions": {"styles": []}}
    with Captioner.from_config(config, experts=experts) as captioner:
        return [fact.value for fact in next(captioner.facts([solid_image()])).facts]


@pytest.mark.parametrize(
    ("together", "between", "expected"),
    [
        pytest.param(True, False, ["a met 0", "b met 0"], id="neighbours"),
        pytest.param(False, False, ["a alone 0", "b alone 1"], id="switched off"),
        pytest.param(True, True, ["a alone 0", "x", "b alone 2"], id="one that sees what stands is between them"),
    ],
)
def test_who_looks_with_whom(together: bool, between: bool, expected: list[str]) -> None:
    assert seen(together=together, between=between) == expected


class Slow(FakeExpert):
    alone = True


def test_facts_come_in_the_order_of_the_experts_whoever_is_first() -> None:
    late = Slow([Fact(kind="tag", value="late")], delay=0.2)
    early = Slow([Fact(kind="tag", value="early")])
    with Captioner.from_config({}, experts={"late": late, "early": early}) as captioner:
        record = next(captioner.facts([solid_image()]))
    assert [(fact.id, fact.value) for fact in record.facts] == [("late/0", "late"), ("early/0", "early")]
    assert set(captioner.seconds) >= {"experts/late", "experts/early"}


def test_one_that_breaks_leaves_its_neighbour_alone() -> None:
    broken = Slow(error=RuntimeError("gone"))
    with Captioner.from_config({}, experts={"broken": broken, "fine": Slow([Fact(kind="tag", value="x")])}) as captioner:
        record = next(captioner.facts([solid_image()]))
    assert (record.status, [fact.value for fact in record.facts]) == ("partial", ["x"])
