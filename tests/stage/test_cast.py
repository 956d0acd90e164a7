"""Which experts a configuration means, in what order, and what is wrong with it before anything runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from fusion.config import load
from fusion.errors import ConfigError
from fusion.expert import Card, Expert
from fusion.facts import Fact, Sample
from fusion.stage import built_in_card, cards_of, check_needs, read_cards, stations
from fusion.testing import FakeExpert
from stage.installing import install


class Looking(Expert):
    def look(self, sample: Sample) -> list[Fact]:
        return []


class Boxes(Looking):
    card = Card(sees=("object",), precision=0.9)

    def __init__(self, weights: str = "", threshold: float = 0.5) -> None:
        self.weights = weights


class Colours(Looking):
    automatic = True
    needs = frozenset({"object"})
    card = Card(sees=("attribute",))


class AltText(Looking):
    automatic = True
    card = Card(sees=("statement",), hearsay=True)


class Words(Looking):
    automatic = True
    card = Card(sees=("object",))


class Absent(Looking):
    requires = {"no_such_library": "pip install no-such-library"}  # noqa: RUF012
    automatic = True


@pytest.fixture(autouse=True)
def _installed(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, boxes=Boxes, colours=Colours, alt_text=AltText, absent=Absent, zwords=Words)


def test_without_configuration_those_run_that_can_in_an_order_that_meets_their_needs() -> None:
    assert [station.name for station in stations(load({}), {})] == ["alt_text", "zwords", "colours"]


def test_one_whose_needs_nobody_meets_is_left_out_where_nobody_asked_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, colours=Colours, alt_text=AltText)
    assert [station.name for station in stations(load({}), {})] == ["alt_text"]


def test_given_experts_take_the_place_of_configured_ones_or_come_last() -> None:
    config = load({"experts": [{"name": "a", "use": "nowhere"}, {"use": "boxes", "time_limit": 3}]})
    made = stations(config, {"b": FakeExpert(), "a": FakeExpert()})
    assert [(station.name, station.limit) for station in made] == [("a", 60.0), ("boxes", 3.0), ("b", 60.0)]


def test_given_experts_run_alone_where_none_are_configured() -> None:
    assert [station.name for station in stations(load({}), {"b": FakeExpert()})] == ["b"]


@pytest.mark.parametrize(
    ("experts", "message", "hint"),
    [
        pytest.param([{"use": "boxez"}], "no expert 'boxez' is installed", "boxes", id="unknown expert"),
        pytest.param([{"use": "boxes", "wieghts": "a"}], "'wieghts'", "weights, threshold", id="unknown option"),
        pytest.param([{"use": "alt_text", "x": 1}], "'x'", "it takes no options", id="option where there are none"),
        pytest.param([{"use": "colours"}], "needs facts of kind object", "before it", id="needs that nobody meets"),
        pytest.param([{"use": "colours"}, {"use": "boxes"}], "needs facts of kind object", "", id="needs met too late"),
    ],
)
def test_what_cannot_run_is_an_error_before_anything_runs(experts: list[dict[str, object]], message: str, hint: str) -> None:
    with pytest.raises(ConfigError) as caught:
        stations(load({"experts": experts}), {})
    assert message in caught.value.message
    assert hint in caught.value.hint


def test_a_missing_library_puts_an_expert_out_and_those_that_need_its_facts() -> None:
    made = stations(load({"experts": [{"use": "absent"}, {"use": "colours"}, {"use": "alt_text"}]}), {})
    assert [station.out.message if station.out else "" for station in made] == [
        "expert 'absent': the library no_such_library is not installed",
        "expert 'colours' needs facts of kind object, and 'absent' is out",
        "",
    ]
    assert made[0].out is not None
    assert made[0].out.hint == "pip install no-such-library"


def test_needs_are_met_by_who_comes_before() -> None:
    made = stations(load({"experts": [{"use": "boxes"}, {"use": "colours"}]}), {})
    check_needs(made)
    assert [station.out for station in made] == [None, None]


@pytest.mark.parametrize(
    ("name", "precision"),
    [pytest.param("boxes", 0.9, id="installed"), pytest.param("nobody", 0.7, id="unknown")],
)
def test_the_card_of_a_name_is_that_of_the_installed_expert(name: str, precision: float) -> None:
    assert built_in_card(name).precision == precision


def test_a_cards_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "cards.json"
    path.write_text('\ufeff{"cards": {"a": {"precision": 0.5}}, "thresholds": {"drop": 0.4}}', encoding="utf-8")
    assert read_cards(path) == {"a": Card(precision=0.5)}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param(None, "cannot be read", id="missing"),
        pytest.param("{", "is no cards file", id="no JSON"),
        pytest.param("[]", "is no cards file", id="a list"),
        pytest.param("{}", "is no cards file: .* `cards`", id="no cards"),
        pytest.param(
            '{"cards": {}, "threshold": {}}', "json: unknown key 'threshold'. did you mean 'thresholds'", id="unknown key"
        ),
        pytest.param(
            '{"cards": {"a": {"recal": 1}}}', "json, expert 'a': unknown key 'recal'. did you mean 'recall'", id="of a card"
        ),
        pytest.param('{"cards": {"a": {"recall": "x"}}}', "json, expert 'a': .*recall", id="a wrong type"),
        pytest.param(
            '{"cards": {"a": {"precision": 2}}}', "expert 'a': .*precision: expected 0..1, got 2", id="a rate above one"
        ),
    ],
)
def test_a_cards_file_that_is_none_is_named(tmp_path: Path, text: str | None, message: str) -> None:
    path = tmp_path / "cards.json"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=message):
        read_cards(path)


def test_cards_may_be_mappings() -> None:
    assert cards_of({"a": {"precision": 0.5, "sees": ["object"]}, "b": Card()}) == {
        "a": Card(precision=0.5, sees=("object",)),
        "b": Card(),
    }


@pytest.mark.parametrize(
    ("given", "message"),
    [
        pytest.param([Card()], "cards: expected a mapping of names to cards, got list", id="a list"),
        pytest.param({"a": 5}, "cards, expert 'a': expected a Card or a mapping of its fields, got int", id="a number"),
        pytest.param({"a": {"see": ["object"]}}, "expert 'a': unknown key 'see'. did you mean 'sees'", id="unknown field"),
    ],
)
def test_what_is_no_card_is_refused(given: Any, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        cards_of(given)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        pytest.param([FakeExpert()], "experts: expected a mapping of names to instances, got list", id="a list"),
        pytest.param({"a/b": FakeExpert()}, "expected names without '/'.*, got 'a/b'", id="a slash in the name"),
        pytest.param({"": FakeExpert()}, "expected names .*got ''", id="no name"),
        pytest.param({3: FakeExpert()}, "expected names .*got 3", id="a number for a name"),
        pytest.param({"d": FakeExpert}, "expected an instance, got the class FakeExpert", id="a class"),
    ],
)
def test_given_experts_that_are_none_are_refused(given: Any, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        stations(load({}), given)
