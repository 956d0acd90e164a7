"""Lists of tags: order, repetitions, what is dropped and why."""

from __future__ import annotations

from itertools import groupby
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion.errors import InputError
from fusion.tags import GROUPS, Dropped, arrange

WORDS = "1girl solo long_hair :d skirt black_skirt Boots dog puppy forest highres simple_background rain sword qwrtz".split()
LISTS = st.lists(st.one_of(st.sampled_from(WORDS), st.text(max_size=12)), max_size=25)


@pytest.mark.parametrize(
    ("given_", "expected"),
    [
        pytest.param("highres skirt 1girl", "1girl skirt highres", id="who is there first, meta last"),
        pytest.param("shoes hat skirt shirt", "hat shirt skirt shoes", id="clothes from head to foot"),
        pytest.param("feet blue_eyes long_hair smile", "long_hair blue_eyes smile feet", id="a body from head to foot"),
        pytest.param("red_hat boots green_hat", "red_hat green_hat boots", id="what is said of one thing stands together"),
        pytest.param(
            "signature sketch from_above simple_background",
            "simple_background from_above sketch signature",
            id="background, view, style, marks",
        ),
        pytest.param("forest banana puppy knife", "puppy knife banana forest", id="distinct things apart"),
    ],
)
def test_order(given_: str, expected: str) -> None:
    assert arrange(given_.split()).tags == tuple(expected.split())


def test_tags_stand_exactly_as_given() -> None:
    assert set(arrange(["Long_Hair", " blue eyes", "x_x"]).tags) == {"Long_Hair", " blue eyes", "x_x"}


@pytest.mark.parametrize(
    ("tags", "kept", "dropped"),
    [
        pytest.param(["hat", "hat"], ("hat",), (Dropped("hat", 'a repetition of "hat"'),), id="twice"),
        pytest.param(
            ["red hat", "Red_Hat"], ("red hat",), (Dropped("Red_Hat", 'a repetition of "red hat"'),), id="spelled otherwise"
        ),
        pytest.param(["", "hat", "  "], ("hat",), (Dropped("", "empty"), Dropped("  ", "empty")), id="blank"),
        pytest.param([], (), (), id="no tags"),
    ],
)
def test_what_is_dropped_has_a_reason(tags: list[str], kept: tuple[str, ...], dropped: tuple[Dropped, ...]) -> None:
    arranged = arrange(tags)
    assert (arranged.tags, arranged.dropped) == (kept, dropped)


def test_implied_tags_are_dropped_on_request_only() -> None:
    tags = ["skirt", "black_skirt"]
    assert arrange(tags).tags == ("skirt", "black_skirt")
    arranged = arrange(tags, drop_implied=True)
    assert (arranged.tags, arranged.dropped) == (("black_skirt",), (Dropped("skirt", 'implied by "black_skirt"'),))
    assert arranged.groups == {"black_skirt": "clothes"}


def test_a_users_table_decides_the_place() -> None:
    assert arrange(["hat", "dog"], table={"hat": "groups"}).tags == ("hat", "dog")


@pytest.mark.parametrize(
    ("tags", "message"),
    [
        pytest.param(["hat", 3], "tags[1]: expected a string, got int 3", id="a number"),
        pytest.param([None], "tags[0]: expected a string, got NoneType None", id="nothing"),
        pytest.param(["\ud800"], "tags[0]: expected text that UTF-8 can hold", id="a lone surrogate"),
        pytest.param("hat, dog", "expected a list of strings, got the string 'hat, dog'", id="one string"),
    ],
)
def test_what_is_no_list_of_tags_is_refused(tags: Any, message: str) -> None:
    with pytest.raises(InputError) as caught:
        arrange(tags)
    assert message in caught.value.message


@given(LISTS, st.booleans())
def test_nothing_is_lost(tags: list[str], drop_implied: bool) -> None:
    arranged = arrange(tags, drop_implied=drop_implied)
    assert sorted([*arranged.tags, *(d.tag for d in arranged.dropped)]) == sorted(tags)
    assert set(arranged.groups) == set(arranged.tags)


@given(LISTS)
def test_each_group_stands_together_in_the_order_of_groups(tags: list[str]) -> None:
    arranged = arrange(tags)
    runs = [group for group, _ in groupby(arranged.tags, key=lambda tag: arranged.groups[tag])]
    assert runs == sorted(set(runs), key=GROUPS.index)


@given(LISTS)
def test_arranging_again_changes_nothing(tags: list[str]) -> None:
    once = arrange(tags, drop_implied=True)
    again = arrange(once.tags, drop_implied=True)
    assert (again.tags, again.dropped) == (once.tags, ())
