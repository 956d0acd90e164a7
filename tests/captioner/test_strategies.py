"""Strategies: who proposes, who judges, what is kept; presets and files of the user."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from fusion.captioner import Captioner
from fusion.config import load
from fusion.errors import ConfigError
from fusion.expert import Card
from fusion.facts import Box, Fact, Record, Sample
from fusion.testing import FakeExpert, FakeWriter, solid_image
from fusion.write.strategies import load_strategy, strategies

PICTURE = solid_image(100, 100)
BOXES = [
    Fact(id="dog", kind="object", value="dog", box=Box(0, 0, 40, 40)),
    Fact(id="sofa", kind="object", value="sofa", box=Box(0, 30, 100, 100)),
    Fact(id="brown", kind="attribute", value="brown", about="dog"),
]
SEEN = ("A dog on a sofa.", "A brown dog.", "Three dogs sleep on a sofa.")
BOXES_CARD = Card(sees=("object", "attribute"), vocabulary=("dog", "sofa", "cat", "brown"), precision=0.95, recall=0.95)
WRITER_CARD = Card(sees=("statement",), vocabulary=None, precision=0.6)


class Rating(FakeExpert):
    """Finds that longer texts fit better."""

    def rate(self, sample: Sample, texts: Sequence[str]) -> list[float]:
        return [len(text) / 100 for text in texts]


def record(strategy: str, *, rater: FakeExpert | None = None, writer: Any = None, **captions: Any) -> Record:
    statements = [Fact(id=f"s{n}", kind="statement", value=value) for n, value in enumerate(SEEN)]
    experts = {
        "boxes": FakeExpert(BOXES, card=BOXES_CARD),
        "blip": FakeExpert(statements, card=WRITER_CARD),
        "alt_text": FakeExpert(
            [Fact(kind="statement", value="Our dog Rex on the sofa")], card=Card(sees=("statement",), hearsay=True)
        ),
    }
    if rater is not None:
        experts["rater"] = rater
    settings = load({"captions": {"styles": ["short"], "strategy": strategy, "ask": 0, **captions}})
    with Captioner(settings, experts=experts, writer=writer) as captioner:
        return captioner(PICTURE)


def said(made: Record) -> list[tuple[str, str, str]]:
    return [(one.style, one.source, one.text) for one in made.captions]


def test_presets_are_whole_and_say_what_they_stand_for() -> None:
    assert {"evidence", "fuse", "alt+caption", "propose-verify-write", "rank-fuse", "generate-judge", "select", "label+caption",
            "hybrid"} <= set(strategies())  # fmt: skip
    for name in strategies():
        made = load_strategy(name)
        assert made.name == name
        assert made.about
        assert made.stands_for or name == "evidence"


def test_the_record_names_its_strategy() -> None:
    assert record("fuse").strategy == "fuse"


def test_select_keeps_the_sentence_that_fits_the_picture_best_as_it_is() -> None:
    made = record("select", rater=Rating())
    assert [(one.style, one.source, one.draft) for one in made.captions] == [("given", "blip", max(SEEN, key=len))]


def test_without_an_expert_that_rates_support_decides_and_the_record_says_so() -> None:
    made = record("select")
    assert made.captions[0].draft in SEEN[:2]
    assert "no expert that looks at this picture can say how well a text fits it" in made.errors[-1].message
    assert made.errors[-1].warning


def test_an_expert_that_rates_wrongly_is_a_problem_and_support_decides() -> None:
    class Short(Rating):
        def rate(self, sample: Sample, texts: Sequence[str]) -> list[float]:
            return [1.0]

    made = record("select", rater=Short())
    assert "expected 3 scores, one a text, got 1" in made.errors[0].message
    assert made.captions[0].draft in SEEN[:2]


def test_rank_and_fuse_tells_the_writer_the_best_two_and_nothing_else_that_others_wrote() -> None:
    writer = FakeWriter(["A dog on a sofa."])
    record("rank-fuse", rater=Rating(), writer=writer)
    (brief,) = writer.briefs
    told = [f.value for f in brief.evidence.facts if f.kind == "statement"]
    assert len(told) == 2
    assert "Our dog Rex on the sofa" in told
    assert "A brown dog." not in told


def test_hybrid_keeps_alt_text_beside_what_is_written_and_marks_it() -> None:
    made = record("hybrid", writer=FakeWriter(["A brown dog."]))
    assert [source for _, source, _ in said(made)] == ["", "alt_text"]
    assert "Rex" in made.captions[1].text
    assert "Rex" not in made.captions[0].text


@pytest.mark.parametrize(
    ("strategy", "told"),
    [
        pytest.param("fuse", {"boxes", "blip"}, id="no alt-text"),
        pytest.param("alt+caption", {"blip", "alt_text"}, id="no detector"),
        pytest.param("evidence", {"boxes", "blip", "alt_text"}, id="all of it"),
    ],
)
def test_writers_are_told_what_the_strategy_says(strategy: str, told: set[str]) -> None:
    writer = FakeWriter(["A dog."] * 9)
    record(strategy, writer=writer, styles=["dense"])
    brief = writer.briefs[0]
    found = {q.fact.expert for q in brief.quotes} | {f.expert for t in brief.things for i in t.instances for f in i.names}
    found |= {"alt_text"} if brief.found else set()
    assert found - {"label", "tags"} <= told
    assert ("boxes" in found) <= ("boxes" in told)
    assert (brief.found is not None) == ("alt_text" in told)


def test_sentences_that_others_contradict_are_not_told_where_they_are_checked() -> None:
    writer = FakeWriter(["A dog."] * 9)
    record("propose-verify-write", writer=writer, styles=["dense"])
    assert not any("Three" in quote.text for quote in writer.briefs[0].quotes)


def test_several_drafts_compete_and_the_best_supported_wins_without_a_judge() -> None:
    writer = FakeWriter(["A cat.", "A brown dog on a sofa."])
    made = record("generate-judge", writer=writer)
    assert [one.text for one in made.captions] == ["A brown dog on a sofa."]
    assert "no judge is configured" in made.errors[-1].message


def test_a_strategy_is_a_file_that_needs_no_code(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('about = "alt-text alone"\npropose = ["alt_text"]\n', encoding="utf-8")
    made = record(str(path))
    assert made.strategy == "mine"
    assert [one.source for one in made.captions] == ["alt_text"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("about = 3", "strategy x.toml: Expected `str`, got `int` - at `$.about`", id="type"),
        pytest.param('about = ""\nbest = 1', "best: expected a judge that picks the best 1, got none", id="best of what"),
        pytest.param('about = ""\nfuse = true', "fuse: expected to propose statements or alt_text", id="fuse"),
        pytest.param('about = ""\npropose = []', "propose: expected at least one of", id="nobody proposes"),
        pytest.param('about = ""\njugde = "model"', "unknown field `jugde`", id="key"),
        pytest.param('about = ""\njudge = "me"', "Invalid enum value 'me'", id="judge"),
        pytest.param("about", "expected TOML in UTF-8", id="no TOML"),
    ],
)
def test_files_that_are_no_strategies_are_refused(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "x.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as refused:
        load_strategy(str(path))
    assert message in refused.value.message


@pytest.mark.parametrize(
    ("name", "message"),
    [("evidenec", "no strategy 'evidenec'"), ("not/there.toml", "strategy there.toml: cannot be read")],
)
def test_strategies_that_do_not_exist(name: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        load_strategy(name)


def test_nothing_kept_is_nothing_fused() -> None:
    with Captioner(
        load({"captions": {"strategy": "rank-fuse"}}), experts={"boxes": FakeExpert(BOXES, card=BOXES_CARD)}
    ) as captioner:
        assert captioner(PICTURE).captions == ()


def test_what_is_fused_is_written_once_a_brief_whatever_the_drafts(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('about = "x"\npropose = ["statements"]\nfuse = true\ndrafts = 2\njudge = "support"\n', encoding="utf-8")
    made = record(str(path), writer=FakeWriter(["A dog.", "A brown dog on a sofa."]))
    assert [one.text for one in made.captions] == ["A brown dog on a sofa."]


def test_captions_that_say_the_same_are_written_anew_once_each() -> None:
    nouns = ("dog", "cat", "sofa", "lamp", "cup", "book", "clock", "vase")
    things = [Fact(id=noun, kind="object", value=noun, box=Box(n * 12, 0, n * 12 + 10, 90)) for n, noun in enumerate(nouns)]
    card = Card(sees=("object",), vocabulary=nouns, precision=0.95, recall=0.95)
    writer = FakeWriter(["A dog and a cat."] * 3 + ["A lamp and a cup.", "A clock and a vase."])
    settings = load({"captions": {"styles": ["short"], "variants": 3}})
    with Captioner(settings, experts={"boxes": FakeExpert(things, card=card)}, writer=writer) as captioner:
        made = captioner(PICTURE)
    assert [one.text for one in made.captions] == ["A dog and a cat.", "A lamp and a cup.", "A clock and a vase."]
    assert len(writer.briefs) == 5
    assert made.diversity is not None
    assert made.diversity.replaced == 2


def test_what_still_says_the_same_is_left_out_and_counted() -> None:
    made = record("evidence", writer=FakeWriter(["A brown dog on a sofa."] * 9), variants=2)
    assert [one.text for one in made.captions] == ["A brown dog on a sofa."]
    assert made.diversity is not None
    assert made.diversity.replaced == 2
