"""A language model as judge, and writers of a configuration: on a fake model with a queue of replies."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from fusion.captioner import Captioner
from fusion.captioner.picking import ModelPicker
from fusion.captioner.writers import company_of
from fusion.config import load
from fusion.errors import ConfigError, WriterError
from fusion.expert import Card
from fusion.facts import Box, Fact, Record
from fusion.testing import FakeBackend, FakeExpert, FakeWriter, solid_image
from fusion.write import backends

FACTS = [
    Fact(id="dog", kind="object", value="dog", box=Box(0, 0, 40, 40)),
    Fact(id="brown", kind="attribute", value="brown", about="dog"),
    Fact(id="sofa", kind="object", value="sofa", box=Box(0, 30, 100, 100)),
]
CARD = Card(sees=("object", "attribute"), vocabulary=("dog", "sofa", "cat", "brown"), precision=0.95, recall=0.95)


def judged(replies: Iterable[Any], drafts: Iterable[str], context: int | None = None) -> tuple[Record, FakeBackend]:
    """A picture whose one caption has two drafts, judged by a model that answers so."""
    backend = FakeBackend(replies, context=context)
    settings = load({"captions": {"styles": ["short"], "strategy": "generate-judge"}})
    with Captioner(settings, experts={"boxes": FakeExpert(FACTS, card=CARD)}, writer=FakeWriter(drafts)) as captioner:
        captioner._company = dataclasses.replace(captioner._company, picker=ModelPicker(backend))
        return captioner(solid_image(100, 100)), backend


def test_the_model_picks_and_what_it_cost_is_in_the_record() -> None:
    made, backend = judged(["2"], ["A brown dog on a sofa.", "A dog."])
    assert [caption.text for caption in made.captions] == ["A dog."]
    (used,) = made.usage
    assert (used.stage, used.backend, used.calls) == ("judge", "fake", 1)
    assert used.prompt_tokens > used.completion_tokens > 0
    (request,) = backend.requests
    asked = request.messages[-1].content
    assert '1. "A brown dog' in asked
    assert '2. "A dog."' in asked
    assert "brown" in asked.partition("<captions>")[0]


@pytest.mark.parametrize(
    ("replies", "why"),
    [
        pytest.param(["the blue one"], "it named none of them", id="no number"),
        pytest.param(["7"], "it named none of them", id="a number that is none"),
        pytest.param([WriterError("gone")], "gone", id="an error"),
    ],
)
def test_where_the_model_does_not_say_support_decides_and_the_record_says_so(replies: list[Any], why: str) -> None:
    made, _ = judged(replies, ["A dog.", "A brown dog."])
    assert [caption.text for caption in made.captions] == ["A brown dog."]
    assert f"the judge did not pick a short caption: {why}" in made.errors[-1].message
    assert made.errors[-1].warning
    assert made.status == "ok"


def test_nothing_is_asked_that_does_not_fit() -> None:
    made, backend = judged([], ["A dog.", "A brown dog."], context=20)
    assert backend.requests == []
    assert "it could not be asked" in made.errors[-1].message


# Writers of a configuration


@pytest.fixture
def models(monkeypatch: pytest.MonkeyPatch) -> dict[str, FakeBackend]:
    """Backends by the option `weights`, in place of real ones."""
    made: dict[str, FakeBackend] = {}

    def load_backend(use: str, options: dict[str, Any], where: str) -> FakeBackend:
        return made.setdefault(options["weights"], FakeBackend(options.get("replies", []), model=options["weights"]))

    monkeypatch.setattr("fusion.captioner.writers.load_backend", load_backend)
    return made


def writers(*names: str, replies: Iterable[str] = ()) -> list[dict[str, Any]]:
    return [{"name": name, "use": "llama_cpp", "weights": f"{name}.gguf", "replies": list(replies)} for name in names]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param({}, ["template"], id="none is configured"),
        pytest.param({"writers": writers("a", "b")}, ["a"], id="the first one"),
        pytest.param({"writers": writers("a", "b"), "captions": {"strategy": "generate-judge"}}, ["a", "b"], id="all compete"),
        pytest.param({"writers": writers("a", "b"), "captions": {"writer": "b"}}, ["b"], id="one by name"),
        pytest.param({"writers": writers("a"), "captions": {"writer": "template"}}, ["template"], id="none of them"),
        pytest.param({"writers": writers("a", "b"), "captions": {"writer": ["b", "template", "b"]}}, ["b", "template"], id="two"),
    ],
)
def test_who_writes(models: dict[str, FakeBackend], given: dict[str, Any], expected: list[str]) -> None:
    company = company_of(load(given))
    assert [writer.name for writer in company.writers] == expected
    company.close()
    company.close()


@pytest.mark.parametrize(
    ("captions", "message"),
    [
        ({"writer": "c"}, "captions.writer: unknown writer 'c'"),
        ({"judge": "c", "strategy": "generate-judge"}, "captions.judge: unknown writer 'c'"),
        ({"judge": "template", "strategy": "generate-judge"}, "captions.judge: unknown writer 'template'"),
        ({"prompts": "not/there"}, "expected a folder, got 'not/there'"),
        ({"style_folder": "not/there"}, "expected a folder, got 'not/there'"),
        ({"tokenizer": "not/there"}, "tokenizer: expected a file"),
    ],
)
def test_who_is_not_there(models: dict[str, FakeBackend], captions: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        company_of(load({"writers": writers("a"), "captions": captions}))


def test_replies_are_kept_in_a_file_and_paid_once(models: dict[str, FakeBackend], tmp_path: Path) -> None:
    given = {"writers": writers("a", replies=["A brown dog on a sofa."]), "captions": {"styles": ["short"]}}
    settings = load({**given, "run": {"replies": str(tmp_path / "replies.sqlite")}})
    records = []
    for _ in range(2):
        with Captioner(settings, experts={"boxes": FakeExpert(FACTS, card=CARD)}) as captioner:
            records.append(captioner(solid_image(100, 100)))
            paid = captioner.replies()["a"]
    assert records[0] == records[1]
    assert records[0].usage[0].calls == 1
    assert (paid["hits"], paid["misses"]) == (1, 0)
    assert len(models["a.gguf"].requests) == 1


def test_a_caption_says_who_wrote_it_and_what_was_refused(models: dict[str, FakeBackend]) -> None:
    bad = ["I'm sorry, I cannot see the picture."] * 3
    settings = load({"writers": writers("a", replies=bad), "captions": {"styles": ["short"]}})
    with Captioner(settings, experts={"boxes": FakeExpert(FACTS, card=CARD)}) as captioner:
        (caption,) = captioner(solid_image(100, 100)).captions
        rejected = captioner.totals.summary()["rejected"]
    assert (caption.writer, caption.prompt) == ("template", "caption/v2")
    assert [one.kind for one in caption.rejected] == ["refusal"] * 3
    assert rejected == [{"writer": "a", "prompt": "caption/v2", "style": "short", "kind": "refusal", "count": 3}]


def test_backends_are_found() -> None:
    assert {"llama_cpp", "server", "transformers"} <= {one.name for one in backends.installed_backends()}


def test_only_what_is_left_of_drafts_stands_for_choice() -> None:
    made, backend = judged(["2"], ["A cat.", "A brown dog."])
    assert [caption.text for caption in made.captions] == ["A brown dog."]
    assert backend.requests == []


def test_twins_are_not_judged() -> None:
    made, backend = judged(["1"], ["A brown dog.", "A brown dog."])
    assert [caption.text for caption in made.captions] == ["A brown dog."]
    assert backend.requests == []


@pytest.mark.parametrize("failure", [RuntimeError("out of memory"), WriterError("gone")], ids=["any error", "ours"])
def test_a_judge_that_breaks_costs_no_caption(failure: Exception) -> None:
    class Broken(FakeBackend):
        def generate(self, requests: Any) -> Any:
            raise failure

    settings = load({"captions": {"styles": ["short"], "strategy": "generate-judge"}})
    writer = FakeWriter(["A dog.", "A brown dog."])
    with Captioner(settings, experts={"boxes": FakeExpert(FACTS, card=CARD)}, writer=writer) as captioner:
        captioner._company = dataclasses.replace(captioner._company, picker=ModelPicker(Broken([])))
        made = captioner(solid_image(100, 100))
    assert [caption.text for caption in made.captions] == ["A brown dog."]
    assert len(writer.briefs) == 2
    assert str(failure) in made.errors[-1].message


def test_what_went_wrong_with_a_loser_is_told() -> None:
    made, _ = judged([], [WriterError("broken"), "A brown dog."])
    assert [caption.text for caption in made.captions] == ["A brown dog."]
    assert (made.status, [error.message for error in made.errors]) == ("partial", ["broken"])
