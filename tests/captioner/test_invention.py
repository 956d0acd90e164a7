"""What a language model makes up does not reach a caption, whatever it is; what it puts in other words does."""

from __future__ import annotations

from typing import Any

import pytest

from fusion.captioner import Captioner
from fusion.config import load
from fusion.errors import WriterError
from fusion.expert import Card
from fusion.facts import Box, Fact, Record
from fusion.testing import FakeBackend, FakeExpert, FakeWriter, solid_image
from fusion.write.llm import LLMWriter

FACTS = [
    Fact(id="dog", kind="object", value="dog", box=Box(0, 0, 40, 40)),
    Fact(id="brown", kind="attribute", value="brown", about="dog"),
    Fact(id="disc", kind="object", value="frisbee", box=Box(50, 10, 60, 20)),
]
BOXES = FakeExpert(
    FACTS, card=Card(sees=("object", "attribute"), vocabulary=("dog", "frisbee", "cat"), precision=0.95, recall=0.95)
)
SAID = [Fact(id="s", kind="statement", value="A brown dog chases a frisbee on the grass.")]
SEEN = FakeExpert(SAID, card=Card(sees=("statement",), vocabulary=None, precision=0.85))


def record(writer: Any, **captions: Any) -> Record:
    settings = load({"captions": {"styles": ["short"], **captions}})
    with Captioner(settings, experts={"boxes": BOXES, "seen": SEEN}, writer=writer) as captioner:
        return captioner(solid_image(100, 100))


def written(*replies: Any, **captions: Any) -> Record:
    return record(LLMWriter("small", FakeBackend(replies)), **captions)


@pytest.mark.parametrize(
    ("reply", "left"),
    [
        pytest.param("A purple elephant dances with Napoleon next to a dog and a frisbee.", "A dog and a frisbee.", id="things"),
        pytest.param("A black dog chases a frisbee.", "A dog chases a frisbee.", id="a colour"),
        pytest.param("Two brown dogs and a frisbee.", "A brown dog and a frisbee.", id="a number"),
        pytest.param("A brown frisbee and a dog.", "A frisbee and a dog.", id="a colour of another thing"),
        pytest.param("A happy brown dog in the park.", "A brown dog.", id="a mood and a place"),
        pytest.param(
            "A brown dog is chasing a frisbee on the grass.", "A brown dog is chasing a frisbee on the grass.", id="facts"
        ),
        pytest.param("A brown dog chasing a frisbee.", "A brown dog chasing a frisbee.", id="facts in another form"),
    ],
)
def test_what_no_fact_says_goes(reply: str, left: str) -> None:
    assert [caption.text for caption in written(reply).captions] == [left]


def test_who_may_have_seen_the_picture_is_not_held_to_the_facts() -> None:
    made = record(FakeWriter(["A brown dog in a park."]))
    assert [caption.text for caption in made.captions] == ["A brown dog in a park."]


def test_lenient_leaves_what_nobody_contradicts() -> None:
    assert "park" in written("A brown dog in a park.", policy="lenient").captions[0].text


def test_templates_step_in_where_nothing_is_left() -> None:
    made = written("A brown elephant.")
    (caption,) = made.captions
    assert (caption.writer, caption.prompt) == ("template", "caption/v2")
    assert [(one.writer, one.kind) for one in caption.rejected] == [("small", "unsupported")]
    assert "dog" in caption.text
    assert made.status == "ok"


def test_a_model_that_cannot_be_asked_makes_the_record_partial() -> None:
    made = written(*[WriterError("nobody listens at http://a", retry=False)] * 3)
    assert [caption.writer for caption in made.captions] == ["template"]
    assert made.status == "partial"
    assert made.errors[0].message == "writer 'small': nobody listens at http://a; the template writer stepped in"


def test_a_context_that_is_too_small_is_a_warning() -> None:
    with Captioner(
        load({"captions": {"styles": ["short"]}}),
        experts={"boxes": BOXES},
        writer=LLMWriter("small", FakeBackend([], context=20)),
    ) as captioner:
        made = captioner(solid_image(100, 100))
    assert made.status == "ok"
    assert "does not fit into 20 tokens; the template writer stepped in" in made.errors[0].message
