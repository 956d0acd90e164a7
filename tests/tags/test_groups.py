"""The group of a tag, from its words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion.errors import InputError
from fusion.tags import GROUPS, group_of
from fusion.tags.groups import fold, head, is_emoticon, known_groups, parts
from fusion.tags.words import FIRST, HEADS, KINDS, QUALIFIERS, ZONES


@pytest.mark.parametrize(
    ("tag", "group"),
    [
        pytest.param("scarf", "clothes", id="the hierarchy knows a garment"),
        pytest.param("black_skirt", "clothes", id="the head decides"),
        pytest.param("black skirt", "clothes", id="with spaces"),
        pytest.param("Black_Skirt", "clothes", id="in capitals"),
        pytest.param("ribbon-trimmed_sleeves", "clothes", id="hyphens in front of the head"),
        pytest.param("kneeboots", "clothes", id="two words written as one"),
        pytest.param("skirt_lift", "clothes", id="what is done to a thing"),
        pytest.param("hands_on_hat", "clothes", id="a body part on a garment"),
        pytest.param("goggles_on_head", "clothes", id="a garment on a body part"),
        pytest.param("long_hair", "body", id="a body part"),
        pytest.param("looking_at_viewer", "body", id="a look"),
        pytest.param("sitting", "body", id="a posture"),
        pytest.param("lonely", "body", id="an adjective says how somebody feels"),
        pytest.param(":d", "body", id="a face of signs"),
        pytest.param("cooking", "food", id="a verb of the kitchen"),
        pytest.param("negotiating", "verbs and gerunds", id="another verb"),
        pytest.param("1girl", "groups", id="a count of people"),
        pytest.param("6+boys", "groups", id="a count with more"),
        pytest.param("2dogs", "creatures", id="a count of animals"),
        pytest.param("multiple_girls", "groups", id="several people"),
        pytest.param("wolf_girl", "creatures", id="a girl that is half an animal"),
        pytest.param("cat_(animal)", "creatures", id="brackets with a noun"),
        pytest.param("bow_(weapon)", "weapons", id="brackets with a group"),
        pytest.param("peach", "food", id="fruit rather than plant"),
        pytest.param("salmon", "creatures", id="fish rather than food"),
        pytest.param("tulip", "plants", id="a flower"),
        pytest.param("ak-74", "weapons", id="the model of a gun"),
        pytest.param("school_bus", "vehicles", id="a known compound"),
        pytest.param("mountain", "locations", id="a place"),
        pytest.param("restaurant", "locations", id="a building where people eat"),
        pytest.param("kitchen", "locations", id="a room"),
        pytest.param("hospital", "locations", id="a building for the sick"),
        pytest.param("bar", "locations", id="a counter and the place around it"),
        pytest.param("nature", "locations", id="the open"),
        pytest.param("refrigerator", "objects", id="an appliance"),
        pytest.param("traffic_light", "objects", id="no light of the picture"),
        pytest.param("street photography", "image composition", id="a kind of photo"),
        pytest.param("tokyo", "locations", id="a city"),
        pytest.param("new york", "locations", id="a city of two words"),
        pytest.param("China", "locations", id="a country that is a ware as well"),
        pytest.param("mount_fuji", "locations", id="a mountain by its name"),
        pytest.param("lake qwrtz", "locations", id="a name that begins as those of places"),
        pytest.param("qwrtzville", "locations", id="a name that ends as those of places"),
        pytest.param("oxfords", "clothes", id="a ware named after a city"),
        pytest.param("christmas", "dates", id="a holiday"),
        pytest.param("christmas_tree", "plants", id="a thing of a holiday"),
        pytest.param("glowing_wings", "body", id="what a thing does itself"),
        pytest.param("nephew", "family", id="kin"),
        pytest.param("plumber", "jobs", id="a trade"),
        pytest.param("no_shoes", "changes", id="clothes that are missing"),
        pytest.param("no_ears", "body", id="body parts that are missing"),
        pytest.param("alternate_hairstyle", "changes", id="another look"),
        pytest.param("2019", "dates", id="a year"),
        pytest.param("simple_background", "image composition", id="a background"),
        pytest.param("from_behind", "image composition", id="a view"),
        pytest.param("highres", "image composition", id="meta"),
        pytest.param("some_name:_another", "video games", id="a colon makes a name"),
        pytest.param("zorblax_vii", "video games", id="a number at the end makes a name"),
        pytest.param("qwrtz", "creatures", id="one word that nobody knows names a figure"),
        pytest.param("qwrtz_zxcvb", "video games", id="several name a work"),
    ],
)  # fmt: skip
def test_a_tag_is_filed_under(tag: str, group: str) -> None:
    assert group_of(tag) == group


@pytest.mark.parametrize("key", ["long_hair", "long hair", "LONG_HAIR"])
def test_a_users_table_goes_before_everything_else(key: str) -> None:
    assert group_of("long_hair", known_groups({key: "objects"})) == "objects"
    assert group_of("short_hair", known_groups({key: "objects"})) == "body"


@pytest.mark.parametrize(
    ("table", "message"),
    [
        pytest.param({"dog": "pets"}, "'dog': expected one of the groups, got 'pets'", id="no such group"),
        pytest.param({"a_dog": "food", "a dog": "jobs"}, "got 'food' and 'jobs'", id="two groups for one tag"),
    ],
)
def test_a_users_table_is_refused(table: dict[str, str], message: str) -> None:
    with pytest.raises(InputError) as caught:
        known_groups(table)
    assert message in caught.value.message


@pytest.mark.parametrize("tag", [":d", ";)", "^_^", "o_o", ">_<", ":3", "3:", "._.", "=_="])
def test_these_are_faces(tag: str) -> None:
    assert is_emoticon(tag)
    assert fold(tag) == tag


@pytest.mark.parametrize("tag", ["", "a", "hat", "3d", "t-shirt", "1girl", "a_cat", "12345"])
def test_these_are_no_faces(tag: str) -> None:
    assert not is_emoticon(tag)


@pytest.mark.parametrize(
    ("tag", "noun"),
    [
        ("black skirts", "skirt"),
        ("skirt lift", "skirt"),
        ("hat on head", "hat"),
        ("cat (animal)", "cat"),
        ("hot dog", "hot dog"),
        ("skirt", "skirt"),
    ],
)
def test_the_head_of(tag: str, noun: str) -> None:
    assert head(tag) == noun


def test_a_preposition_parts_a_tag() -> None:
    assert parts("hand on own hat") == (["hand"], ["own", "hat"])
    assert parts("on back") == (["on", "back"],)


@given(st.text())
def test_every_text_has_a_group(text: str) -> None:
    assert group_of(text) in GROUPS


@given(st.text(alphabet="abc _:(", max_size=12))
def test_spaces_and_underscores_make_no_difference(text: str) -> None:
    if not is_emoticon(text):
        assert group_of(text) == group_of(text.replace("_", " "))


@pytest.mark.parametrize("table", [HEADS, KINDS, FIRST, QUALIFIERS], ids=["heads", "kinds", "first", "qualifiers"])
def test_tables_name_known_groups(table: dict[str, str]) -> None:
    assert set(table.values()) <= set(GROUPS)
    assert set(ZONES) <= set(GROUPS)


def test_people_file_most_tags_so(shared: Path) -> None:
    lines = (shared / "data/tags.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    assert {row["group"][0] for row in rows} == set(GROUPS)
    assert sum(group_of(row["tag"]) == row["group"][0] for row in rows) / len(rows) > 0.72
