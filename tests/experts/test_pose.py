"""Attributes of people by rules on keypoints: made-up skeletons as a table, and those of a real model."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from experts.pose import KEYPOINTS, RULES, Pose
from fusion.errors import ConfigError, ExpertError
from fusion.facts import Box, Fact
from fusion.testing import sample

SHARED = Path(os.environ.get("FUSION_SHARED", Path(__file__).parents[2].with_name("shared")))

FRONT = {
    "nose": (100, 40), "left_shoulder": (120, 80), "right_shoulder": (80, 80), "left_elbow": (125, 120),
    "right_elbow": (75, 120), "left_wrist": (125, 155), "right_wrist": (75, 155), "left_hip": (115, 160),
    "right_hip": (85, 160), "left_knee": (115, 220), "right_knee": (85, 220), "left_ankle": (115, 280), "right_ankle": (85, 280),
}  # fmt: skip
LEFT_UP = {"left_elbow": (130, 45), "left_wrist": (132, 5)}
RIGHT_UP = {"right_elbow": (70, 45), "right_wrist": (68, 5)}
ON_A_CHAIR = {
    "left_hip": (100, 160), "right_hip": (98, 160), "left_knee": (160, 165), "right_knee": (158, 165),
    "left_ankle": (158, 225), "right_ankle": (156, 225),
}  # fmt: skip
SQUATTING = {
    "left_hip": (100, 200), "right_hip": (98, 200), "left_knee": (150, 190), "right_knee": (148, 190),
    "left_ankle": (105, 235), "right_ankle": (103, 235),
}  # fmt: skip
KNEE_UP = {"left_knee": (150, 185), "left_ankle": (125, 235)}
FACING_ON_A_CHAIR = {"left_knee": (117, 180), "right_knee": (83, 180), "left_ankle": (117, 240), "right_ankle": (83, 240)}
OVER = {
    "nose": (190, 190), "left_shoulder": (165, 165), "right_shoulder": (165, 170), "left_elbow": (165, 200),
    "right_elbow": (165, 205), "left_wrist": (165, 240), "right_wrist": (165, 240),
}  # fmt: skip
LEGS = ("left_hip", "right_hip", "left_knee", "right_knee", "left_ankle", "right_ankle")


def lying(points):
    """The same skeleton turned by 90 degrees."""
    return {name: (y, 300 - x) for name, (x, y) in points.items()}


def upside_down(points):
    return {name: (x, 300 - y) for name, (x, y) in points.items()}


def person(points, confidence=0.9, unsure=(), **fields):
    keypoints = [
        [name, *points.get(name, (0, 0)), 0.1 if name in unsure or name not in points else confidence] for name in KEYPOINTS
    ]
    box = Box(0, 0, 200, 300)
    return Fact(
        **{
            "id": "d/0",
            "expert": "d",
            "kind": "object",
            "value": "person",
            "box": box,
            "data": {"keypoints": keypoints},
            **fields,
        }
    )


def stated(*facts, **options):
    return {fact.value for fact in Pose(**options).look(sample(facts=facts))}


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        pytest.param(FRONT, {"standing"}, id="standing"),
        pytest.param(FRONT | LEFT_UP, {"standing", "raising an arm"}, id="left arm up"),
        pytest.param(FRONT | RIGHT_UP, {"standing", "raising an arm"}, id="right arm up"),
        pytest.param(FRONT | LEFT_UP | RIGHT_UP, {"standing", "raising both arms"}, id="both arms up"),
        pytest.param(FRONT | {"left_elbow": (150, 110), "left_wrist": (112, 60)}, {"standing"}, id="a hand at the ear"),
        pytest.param(FRONT | {"left_elbow": (160, 80), "left_wrist": (200, 75)}, {"standing"}, id="an arm stretched out"),
        pytest.param(FRONT | ON_A_CHAIR, {"sitting"}, id="sitting, from the side"),
        pytest.param(FRONT | ON_A_CHAIR | LEFT_UP, {"sitting", "raising an arm"}, id="sitting with an arm up"),
        pytest.param(FRONT | FACING_ON_A_CHAIR, set(), id="sitting, from the front"),
        pytest.param(FRONT | SQUATTING, set(), id="squatting"),
        pytest.param(FRONT | KNEE_UP, {"bending a knee"}, id="a knee bent"),
        pytest.param(lying(FRONT), {"lying"}, id="lying"),
        pytest.param(lying(FRONT | LEFT_UP), {"lying"}, id="lying with an arm stretched"),
        pytest.param(upside_down(FRONT), set(), id="upside down"),
        pytest.param(FRONT | OVER, {"bending over"}, id="bending over"),
        pytest.param(dict.fromkeys(KEYPOINTS, (50, 50)), set(), id="all joints in one place"),
        pytest.param({}, set(), id="no joint"),
    ],
)
def test_what_a_skeleton_shows(points, expected):
    assert stated(person(points)) == expected


@pytest.mark.parametrize(
    ("points", "unsure", "expected"),
    [
        pytest.param(FRONT, LEGS, set(), id="cut off at the waist"),
        pytest.param(FRONT | LEFT_UP, LEGS, set(), id="an arm up, but no hip tells what is up"),
        pytest.param(FRONT | LEFT_UP, LEGS[2:], {"raising an arm"}, id="an arm up, cut off at the thigh"),
        pytest.param(FRONT | LEFT_UP, ("left_wrist",), {"standing"}, id="no wrist"),
        pytest.param(FRONT | LEFT_UP, ("left_elbow",), {"standing"}, id="no elbow"),
        pytest.param(FRONT | LEFT_UP | RIGHT_UP, ("right_wrist",), {"standing", "raising an arm"}, id="one of two wrists"),
        pytest.param(FRONT, ("left_ankle",), set(), id="one ankle hidden: the leg may be bent"),
        pytest.param(FRONT, ("left_shoulder", "right_shoulder"), set(), id="no shoulders"),
        pytest.param(FRONT | ON_A_CHAIR, ("right_hip", "right_knee", "right_ankle"), {"sitting"}, id="sitting, one leg hidden"),
        pytest.param(FRONT | ON_A_CHAIR, ("left_ankle", "right_ankle"), set(), id="sitting, no ankle"),
        pytest.param(FRONT | KNEE_UP, ("left_ankle",), set(), id="a knee that may be bent"),
        pytest.param(lying(FRONT), ("left_ankle", "right_ankle"), set(), id="lying, no ankle"),
    ],
)
def test_what_is_not_seen_is_not_said(points, unsure, expected):
    assert stated(person(points, unsure=unsure)) == expected


def test_a_fact_hangs_on_its_person_and_has_the_least_confidence_times_the_margin():
    (fact,) = Pose().look(sample(facts=(person(FRONT, confidence=0.8),)))
    assert fact == Fact(kind="attribute", value="standing", about="d/0", parent="d/0", score=0.8)
    tilted = FRONT | {"left_shoulder": (155, 85), "right_shoulder": (115, 85)}
    (fact,) = Pose().look(sample(facts=(person(tilted, confidence=0.8),)))
    assert 0.45 < fact.score < 0.55


@pytest.mark.parametrize(
    ("fact", "options", "expected"),
    [
        pytest.param(person(FRONT, confidence=0.4), {}, set(), id="unsure joints"),
        pytest.param(person(FRONT, confidence=0.4), {"min_confidence": 0.3}, {"standing"}, id="as sure as asked for"),
        pytest.param(person(FRONT, value="woman"), {}, {"standing"}, id="a kind of person"),
        pytest.param(person(FRONT, value="dog"), {}, set(), id="a dog"),
        pytest.param(person(FRONT, number=3), {}, set(), id="a group"),
        pytest.param(person(FRONT, negated=True), {}, set(), id="nobody"),
        pytest.param(person(FRONT, data=None), {}, set(), id="no keypoints"),
        pytest.param(person(FRONT, data={"keypoints": []}), {}, set(), id="empty keypoints"),
        pytest.param(person(FRONT, data={"keypoints": [["tail", 1, 2, 0.9]]}), {}, set(), id="a joint that people lack"),
    ],
)
def test_of_whom_it_speaks(fact, options, expected):
    assert stated(fact, **options) == expected


def test_each_person_has_their_own():
    facts = Pose().look(sample(facts=(person(FRONT), person(lying(FRONT), id="d/1"))))
    assert [(fact.about, fact.value) for fact in facts] == [("d/0", "standing"), ("d/1", "lying")]


@pytest.mark.parametrize(
    "keypoints",
    [
        pytest.param({"nose": [1, 2, 3]}, id="a map"),
        pytest.param([[1, 2, 0.5]], id="numbers without names"),
        pytest.param([["nose", 1, 2]], id="no confidence"),
        pytest.param([["nose", "1", 2, 0.9]], id="text"),
        pytest.param([["nose", None, 2, 0.9]], id="null"),
    ],
)
def test_keypoints_of_another_shape_are_an_error(keypoints):
    with pytest.raises(ExpertError, match=r"keypoints of 'd/0': expected a list of \[name, x, y, confidence\], got"):
        stated(person(FRONT, data={"keypoints": keypoints}))


@pytest.mark.parametrize("value", [0, -0.1, 1.1])
def test_an_option_out_of_range(value):
    with pytest.raises(ConfigError, match="min_confidence: expected over 0 and at most 1"):
        Pose(min_confidence=value)


def test_the_card_lists_what_it_can_state_and_its_silence_says_nothing():
    card = Pose().cards("pose")["pose"]
    assert card.vocabulary == tuple(sorted(RULES))
    assert all(card.covers("attribute", value) and card.recall_of("attribute", value) == 0 for value in RULES)
    assert Pose.needs == {"object"}


def people(weights, picture):
    """Objects as an expert states them, with the keypoints that ultralytics finds."""
    ultralytics = pytest.importorskip("ultralytics")
    (result,) = ultralytics.YOLO(str(weights), task="pose").predict(
        str(picture), verbose=False, conf=0.4, device="cpu", save=False
    )
    found = zip(result.boxes.xyxy.tolist(), result.boxes.conf.tolist(), result.keypoints.data.tolist(), strict=True)
    return tuple(
        Fact(
            id=f"d/{i}",
            expert="d",
            kind="object",
            value="person",
            box=Box(*corners),
            score=score,
            data={"keypoints": [[name, *joint] for name, joint in zip(KEYPOINTS, joints, strict=True)]},
        )
        for i, (corners, score, joints) in enumerate(found)
    )


@pytest.mark.models
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    ("photo", "expected"),
    [
        pytest.param("000000406129", {"raising an arm"}, id="a tennis player reaches up"),
        pytest.param("000000060347", {"sitting"}, id="a man sits on a bench"),
        pytest.param("000000170191", {"standing"}, id="a woman stands"),
        pytest.param("000000061960", {"lying"}, id="a man lies on a bed"),
        pytest.param("000000000285", set(), id="a bear"),
    ],
)
def test_real_keypoints(photo, expected):
    weights = SHARED / "weights/torch_dequantised/yolov8n-pose_deq.pt"
    picture = SHARED / f"data/images/{photo}.jpg"
    if not weights.exists() or not picture.exists():
        pytest.skip("FUSION_SHARED has no pose weights or photos")
    facts = people(weights, picture)
    json.dumps([fact.data for fact in facts])
    assert stated(*facts) == expected
