"""States how people hold their bodies, by rules on the keypoints that an expert before it found.

Library: none. Licence: Apache-2.0. Keypoints are named as in COCO (https://cocodataset.org/#keypoints-2017): left and right
are the person's own.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from fusion import lexicon
from fusion.errors import ConfigError, ExpertError
from fusion.expert import Card, Expert
from fusion.facts import Fact, Sample

KEYPOINTS: tuple[str, ...] = (
    "nose", "left_eye", "right_eye", "left_ear", "right_ear", "left_shoulder", "right_shoulder", "left_elbow", "right_elbow",
    "left_wrist", "right_wrist", "left_hip", "right_hip", "left_knee", "right_knee", "left_ankle", "right_ankle",
)  # fmt: skip
"""In the order of COCO."""
SIDES = ("left", "right")

UPRIGHT = 35.0
"""Degrees from the vertical up to which a trunk or a thigh is upright."""
LEVEL = 35.0
"""Degrees from the horizontal up to which a trunk or a leg is level."""
STRAIGHT = 150.0
"""Degrees at the knee from which a leg is straight: 180 is fully stretched."""
BENT = 120.0
"""Degrees at the knee up to which it is bent."""
FOLDED = 55.0
"""Degrees at the knee under which somebody squats or kneels rather than sits."""
FORESHORTENED = 0.75
"""A thigh that looks shorter than this part of its shank points at the camera: the person may sit."""
RAISED = 0.5
"""Part of the arm's length that the wrist must be above the shoulder: a hand at the mouth or an ear is less."""


@dataclass(frozen=True)
class Point:
    """A joint in pixels of the upright picture, y pointing down, and how sure its finder is, 0..1."""

    x: float
    y: float
    confidence: float


Joints = Mapping[str, Point]
"""Those that are seen well enough, by name."""
Found = tuple[float, tuple[Point, ...]]
"""How clearly a rule holds, .5 (just) to 1, and the joints that it rests on."""


# Measures


def _distance(a: Point, b: Point) -> float:
    return math.hypot(a.x - b.x, a.y - b.y)


def _lean(top: Point, bottom: Point) -> float:
    """Degrees by which the line from bottom to top differs from straight up: 0 upright, 90 level, 180 upside down."""
    return abs(math.degrees(math.atan2(top.x - bottom.x, bottom.y - top.y)))


def _angle(a: Point, b: Point, c: Point) -> float:
    """Degrees at b between a and c; 0 where two of them fall together."""
    first, second = (a.x - b.x, a.y - b.y), (c.x - b.x, c.y - b.y)
    lengths = math.hypot(*first) * math.hypot(*second)
    if not lengths:
        return 0.0
    return math.degrees(math.acos(max(-1.0, min(1.0, (first[0] * second[0] + first[1] * second[1]) / lengths))))


def _middle(joints: Joints, part: str) -> Point | None:
    """The middle of the left and right joint of this name, or the one of them that is seen; as sure as the less sure."""
    seen = [joints[f"{side}_{part}"] for side in SIDES if f"{side}_{part}" in joints]
    if not seen:
        return None
    return Point(sum(p.x for p in seen) / len(seen), sum(p.y for p in seen) / len(seen), min(p.confidence for p in seen))


def _trunk(joints: Joints) -> tuple[Point, Point] | None:
    """Middle of the shoulders and middle of the hips."""
    shoulders, hips = _middle(joints, "shoulder"), _middle(joints, "hip")
    if shoulders is None or hips is None or not _distance(shoulders, hips):
        return None
    return shoulders, hips


@dataclass(frozen=True)
class _Leg:
    hip: Point
    knee: Point
    ankle: Point

    @property
    def points(self) -> tuple[Point, Point, Point]:
        return self.hip, self.knee, self.ankle

    @property
    def bend(self) -> float:
        """Degrees at the knee, 180 for a stretched leg."""
        return _angle(self.hip, self.knee, self.ankle)

    @property
    def thigh(self) -> float:
        """Degrees from hanging straight down."""
        return _lean(self.hip, self.knee)

    @property
    def shank(self) -> float:
        """Degrees from hanging straight down."""
        return _lean(self.knee, self.ankle)

    @property
    def is_foreshortened(self) -> bool:
        return _distance(self.hip, self.knee) < FORESHORTENED * _distance(self.knee, self.ankle)

    @property
    def is_seated(self) -> bool:
        """The thigh level, the shank down and away from the hip."""
        ahead = (self.ankle.x - self.hip.x) * (self.knee.x - self.hip.x) >= 0.4 * (self.knee.x - self.hip.x) ** 2
        return abs(self.thigh - 90) <= LEVEL and FOLDED <= self.bend <= BENT + 10 and self.shank <= 50 and ahead

    @property
    def carries(self) -> bool:
        """Straight, and hanging down from the hip: one stands on such a leg."""
        return self.bend >= STRAIGHT and self.thigh <= UPRIGHT and not self.is_foreshortened


def _legs(joints: Joints) -> list[_Leg]:
    """The legs of which all three joints are seen."""
    parts = [[joints.get(f"{side}_{part}") for part in ("hip", "knee", "ankle")] for side in SIDES]
    return [_Leg(hip, knee, ankle) for hip, knee, ankle in parts if hip is not None and knee is not None and ankle is not None]


def _under(value: float, limit: float, ideal: float = 0.0) -> float:
    """How clearly an angle is under (or, where `ideal` is larger, over) a limit: .5 at the limit, 1 at the ideal."""
    return min(max(0.5 + 0.5 * (limit - value) / (limit - ideal), 0.5), 1.0)


# Rules: each says how clearly it holds and by which joints, or None where it does not or cannot be seen


def _raised(joints: Joints, side: str) -> Found | None:
    """Its wrist is well above its shoulder, on somebody who is not upside down or lying."""
    shoulder, elbow, wrist = (joints.get(f"{side}_{part}") for part in ("shoulder", "elbow", "wrist"))
    trunk = _trunk(joints)
    if shoulder is None or elbow is None or wrist is None or trunk is None or _lean(*trunk) > 60:
        return None
    length = _distance(shoulder, elbow) + _distance(elbow, wrist)
    height = (shoulder.y - wrist.y) / length if length else 0.0
    return (_under(height, RAISED, 1.0), (shoulder, elbow, wrist, *trunk)) if height >= RAISED else None


def _raising_an_arm(joints: Joints) -> Found | None:
    found = [one for side in SIDES if (one := _raised(joints, side))]
    return found[0] if len(found) == 1 else None


def _raising_both_arms(joints: Joints) -> Found | None:
    found = [one for side in SIDES if (one := _raised(joints, side))]
    if len(found) < 2:
        return None
    return min(margin for margin, _ in found), tuple(point for _, points in found for point in points)


def _standing(joints: Joints) -> Found | None:
    """Upright on two straight legs."""
    trunk, legs = _trunk(joints), _legs(joints)
    if trunk is None or len(legs) < 2 or _lean(*trunk) > UPRIGHT or not all(leg.carries for leg in legs):
        return None
    margins = [_under(_lean(*trunk), UPRIGHT), *(_under(leg.bend, STRAIGHT, 180) for leg in legs)]
    return min(margins), (*trunk, *(point for leg in legs for point in leg.points))


def _sitting(joints: Joints) -> Found | None:
    """Seen from the side: trunk up, thigh level, shank down, no leg to stand on. Who squats has the feet under the hips."""
    trunk, legs = _trunk(joints), _legs(joints)
    if trunk is None or _lean(*trunk) > UPRIGHT + 10 or any(leg.thigh <= UPRIGHT for leg in legs):
        return None
    seats = [leg for leg in legs if leg.is_seated]
    if not seats:
        return None
    best = min(seats, key=lambda leg: abs(leg.thigh - 90))
    return _under(abs(best.thigh - 90), LEVEL), (*trunk, *best.points)


def _lying(joints: Joints) -> Found | None:
    """Trunk and legs level."""
    trunk, legs = _trunk(joints), _legs(joints)
    if trunk is None or not legs:
        return None
    lines = [abs(_lean(*trunk) - 90), *(abs(_lean(leg.hip, leg.ankle) - 90) for leg in legs)]
    if max(lines) > LEVEL or any(abs(leg.thigh - 90) > LEVEL + 10 for leg in legs):
        return None
    return _under(max(lines), LEVEL), (*trunk, *(point for leg in legs for point in leg.points))


def _bending_over(joints: Joints) -> Found | None:
    """The trunk level or lower over legs that stand."""
    trunk, legs = _trunk(joints), [leg for leg in _legs(joints) if leg.carries]
    if trunk is None or not legs or _lean(*trunk) < 90 - LEVEL:
        return None
    return _under(_lean(*trunk), 90 - LEVEL, 90), (*trunk, *legs[0].points)


def _bending_a_knee(joints: Joints) -> Found | None:
    """One leg stands, the other knee is bent."""
    legs = _legs(joints)
    standing, bent = [leg for leg in legs if leg.carries], [leg for leg in legs if leg.bend <= BENT]
    if not standing or not bent:
        return None
    return _under(bent[0].bend, BENT, 90), (*standing[0].points, *bent[0].points)


RULES: Mapping[str, Callable[[Joints], Found | None]] = {
    "raising an arm": _raising_an_arm,
    "raising both arms": _raising_both_arms,
    "standing": _standing,
    "sitting": _sitting,
    "lying": _lying,
    "bending over": _bending_over,
    "bending a knee": _bending_a_knee,
}
"""What it can state, and the rule for each."""


class Pose(Expert):
    """Attributes of people ("sitting", "raising an arm") from `data["keypoints"]` of the objects that experts before it stated.

    Keypoints are a list of [name, x, y, confidence]. A joint under `min_confidence` (0..1) is not seen, and a rule that
    needs it states nothing. The score is the least confidence of the joints that a rule rests on, times how clearly it holds.

    Raises:
        ConfigError: an option is out of range.
    """

    # Judged by eye on 260 pictures of COCO val2017 with the keypoints of a yolov8n-pose: of 64 people that it calls standing,
    # about 56 stand (the others walk, ride, jump or sit facing the camera), of 14 that it calls sitting, 11 do (the others squat
    # or kneel), and of the other 13 statements 11 hold. `recall` is 0, so that its silence says nothing: of the 333 people most
    # are turned, hidden or cut off.
    card = Card(
        sees=("attribute",),
        vocabulary=tuple(sorted(RULES)),
        precision={"attribute": 0.8, "attribute:standing": 0.85},
        recall=0.0,
        version="1",
    )
    needs: ClassVar[frozenset[str]] = frozenset({"object"})

    def __init__(self, min_confidence: float = 0.5) -> None:
        if not 0 < min_confidence <= 1:
            raise ConfigError(f"min_confidence: expected over 0 and at most 1, got {min_confidence}")
        self._least = min_confidence

    def look(self, sample: Sample) -> list[Fact]:
        """Attributes of each person with keypoints; crowds have none.

        Raises:
            ExpertError: keypoints are not written as they should be.
        """
        return [made for fact in sample.facts if _is_a_person(fact) for made in self._attributes(fact)]

    def _attributes(self, person: Fact) -> list[Fact]:
        joints = {name: point for name, point in _points(person).items() if point.confidence >= self._least}
        stated = {value: found for value, rule in RULES.items() if (found := rule(joints)) is not None}
        return [
            Fact(
                kind="attribute",
                value=value,
                about=person.id,
                parent=person.id,
                score=min(point.confidence for point in points) * margin,
            )
            for value, (margin, points) in stated.items()
        ]


def _is_a_person(fact: Fact) -> bool:
    one = not fact.negated and not fact.at_least and fact.number in (None, 1)
    has = bool(fact.id) and fact.data is not None and "keypoints" in fact.data
    return fact.kind == "object" and one and has and lexicon.is_a(fact.value, "person")


def _points(person: Fact) -> dict[str, Point]:
    """The joints by name; those that COCO does not have are passed over."""
    given: Any = (person.data or {})["keypoints"]
    if not isinstance(given, list | tuple):
        raise _wrong(person, given)
    found = {}
    for one in given:
        if not isinstance(one, list | tuple) or len(one) != 4 or not isinstance(one[0], str):
            raise _wrong(person, one)
        if not all(isinstance(number, int | float) and math.isfinite(number) for number in one[1:]):
            raise _wrong(person, one)
        if one[0] in KEYPOINTS:
            found[one[0]] = Point(float(one[1]), float(one[2]), min(max(float(one[3]), 0.0), 1.0))
    return found


def _wrong(person: Fact, got: object) -> ExpertError:
    message = f"keypoints of {person.id!r}: expected a list of [name, x, y, confidence], got {got!r}"
    return ExpertError(message, hint=f"they come from the expert {person.expert!r}")
