"""Claims that nobody can say anything of are asked back, once, within a budget, and the answers become facts."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from fusion import Captioner
from fusion.errors import ExpertError
from fusion.expert import Card
from fusion.facts import Box, Claim, Fact, Record, Sample
from fusion.testing import FakeExpert, FakeWriter, solid_image

DOG = Fact(id="d", kind="object", value="dog", box=Box(5, 5, 30, 30))
EYES = Card(sees=("object",), vocabulary=("dog", "cat"), precision=0.95, recall=0.9)
SURE = Card(vocabulary=(), precision=0.97)
LAMP = Fact(kind="object", value="lamp", box=Box(40, 5, 50, 30), score=0.9)


def record(
    draft: str | Sequence[str], answers: dict[str, Sequence[Fact]], *, ask: int = 4, **more: FakeExpert
) -> tuple[Record, FakeExpert]:
    drafts = [draft] if isinstance(draft, str) else list(draft)
    asked = FakeExpert(answers=answers, card=SURE)
    styles = ["short", "dense", "alt"][: len(drafts)]
    config = {"captions": {"styles": styles, "ask": ask}}
    experts = {"eye": FakeExpert([DOG], card=EYES), "knows": asked, **more}
    with Captioner.from_config(config, experts=experts, writer=FakeWriter(drafts)) as captioner:
        return captioner(solid_image()), asked


def claimed(record: Record, value: str) -> Claim | None:
    return next((c for caption in record.captions for c in caption.claims if c.value == value), None)


def test_a_yes_supports_the_claim_and_says_where_it_is_from() -> None:
    made, asked = record("A dog next to a lamp.", {"lamp": [LAMP]})
    lamp = claimed(made, "lamp")
    assert lamp is not None
    assert (lamp.verdict, lamp.evidence) == ("supported", ("knows/0",))
    assert [(q.expert, q.value, q.facts) for q in made.asked if q.kind == "object"] == [("knows", "lamp", ("knows/0",))]
    assert [c.value for c in asked.claims if c.kind == "object"] == ["lamp"]


def test_a_no_takes_the_claim_out() -> None:
    refused = Fact(kind="object", value="lamp", negated=True, score=0.95)
    made, _ = record("A dog next to a lamp.", {"lamp": [refused]})
    assert [caption.text for caption in made.captions] == ["A dog."]
    assert made.asked[0].facts == ("knows/0",)


def test_who_cannot_say_is_named_and_nothing_changes() -> None:
    made, _ = record("A dog next to a lamp.", {})
    assert ("knows", "lamp", ()) in [(q.expert, q.value, q.facts) for q in made.asked]


def test_the_same_question_is_put_once_for_all_captions() -> None:
    _, asked = record(["A dog and a lamp.", "A lamp and a dog.", "A dog, a lamp."], {"lamp": [LAMP]})
    assert [c.value for c in asked.claims] == ["lamp"]


@pytest.mark.parametrize(("most", "expected"), [(0, 0), (1, 1), (2, 2), (9, 3)])
def test_no_more_is_asked_than_the_budget(most: int, expected: int) -> None:
    made, asked = record("A dog, a lamp, a clock and a rug.", {}, ask=most)
    assert len(asked.claims) == len(made.asked) == expected


def test_the_next_one_is_asked_where_the_first_cannot_say() -> None:
    second = FakeExpert(answers={"lamp": [LAMP]}, card=SURE)
    made, first = record("A dog and a lamp.", {}, second=second)
    assert [c.value for c in first.claims] == [c.value for c in second.claims] == ["lamp"]
    assert [(q.expert, q.facts) for q in made.asked] == [("second", ("second/0",))]


def test_the_next_one_is_left_alone_where_the_first_answers() -> None:
    second = FakeExpert(answers={"lamp": [LAMP]}, card=SURE)
    record("A dog and a lamp.", {"lamp": [LAMP]}, second=second)
    assert second.claims == []


def test_what_is_supported_or_contradicted_is_not_asked() -> None:
    _, asked = record("A dog and a cat.", {})
    assert [c for c in asked.claims if c.value == "dog"] == []


class Breaks(FakeExpert):
    def ask(self, sample: Sample, claims: Sequence[Claim]) -> list[Fact]:
        raise ExpertError("the model is gone", hint="put it back")


def test_who_breaks_when_asked_leaves_the_rest_alone() -> None:
    made, _ = record("A dog and a lamp.", {}, breaks=Breaks())
    assert made.status == "partial"
    assert [(p.expert, p.message, p.hint) for p in made.errors] == [("breaks", "the model is gone", "put it back")]
    assert made.captions


def test_an_answer_that_is_no_fact_is_that_experts_problem() -> None:
    class Odd(FakeExpert):
        def ask(self, sample: Sample, claims: Sequence[Claim]) -> list[Fact]:
            return ["yes"]  # type: ignore[list-item]

    made, _ = record("A dog and a lamp.", {}, odd=Odd())
    assert [p.expert for p in made.errors] == ["odd"]


def test_stored_evidence_is_asked_nothing() -> None:
    asked = FakeExpert(answers={"lamp": [LAMP]}, card=SURE)
    stored = {"id": "1", "looked": ["eye"], "facts": [{"id": "d", "kind": "object", "value": "dog", "expert": "eye"}]}
    writer = FakeWriter(["A dog and a lamp."])
    with Captioner.from_config({"captions": {"styles": ["short"]}}, experts={"knows": asked}, writer=writer) as captioner:
        list(captioner.stream([stored]))
    assert asked.claims == []
