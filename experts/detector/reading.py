"""Turns what ultralytics returns for one picture into facts: boxes, masks, keypoints, turned boxes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from PIL import Image

from fusion.errors import ExpertError
from fusion.facts import Box, Fact

# The 17 points of a person in COCO, named and ordered as in its annotations.
PERSON = (
    "nose", "left_eye", "right_eye", "left_ear", "right_ear", "left_shoulder", "right_shoulder", "left_elbow", "right_elbow",
    "left_wrist", "right_wrist", "left_hip", "right_hip", "left_knee", "right_knee", "left_ankle", "right_ankle",
)  # fmt: skip
FILLS = "filling the frame"
"""What is stated of an object that covers most of the picture."""


@dataclass(frozen=True)
class Seen:
    """One object: the plain noun of its class, 0..1 how sure, its upright box, and what else the model tells of it."""

    noun: str
    score: float
    box: Box
    data: dict[str, Any] = field(default_factory=dict)

    def fact(self, name: str = "") -> Fact:
        """The object as a fact of this id."""
        return Fact(id=name, kind="object", value=self.noun, score=self.score, box=self.box, data=self.data or None)


@dataclass(frozen=True)
class Reader:
    """Reads results: the noun of each class, what points are called, whether whole masks are kept."""

    nouns: Mapping[int, str]
    points: Sequence[str] = ()
    masks: bool = True

    def read(self, result: Any) -> list[Seen]:
        """The objects of one picture, surest first, as the library orders them.

        Raises:
            ExpertError: a class that the model does not have, as where an exported model is run for another task.
        """
        turned = getattr(result, "obb", None)
        boxes = turned if turned is not None else result.boxes
        rows = zip(boxes.xyxy.tolist(), boxes.conf.tolist(), boxes.cls.tolist(), strict=True)
        found = [self._seen(*row) for row in rows]
        if not found:
            return []
        for extras in (self._turned(turned), self._masked(result, found), self._points(result)):
            for seen, data in zip(found, extras, strict=False):
                seen.data.update(data)
        return found

    def _seen(self, corners: list[float], score: float, number: float) -> Seen:
        if int(number) not in self.nouns:
            message = f"expected one of {len(self.nouns)} classes, got the class {int(number)}"
            raise ExpertError(message, hint='an exported model needs its own task, as task = "segment"')
        return Seen(self.nouns[int(number)], min(score, 1.0), Box(*(round(edge, 1) for edge in corners)))

    def _turned(self, turned: Any) -> Iterator[dict[str, Any]]:
        for corners in turned.xyxyxyxy.tolist() if turned is not None else ():
            yield {"polygon": [[round(x, 1), round(y, 1)] for x, y in corners]}

    def _points(self, result: Any) -> Iterator[dict[str, Any]]:
        points = getattr(result, "keypoints", None)
        if points is None:
            return
        places = points.xy.tolist()
        sure = points.conf.tolist() if points.conf is not None else [[1.0] * len(one) for one in places]
        for one, scores in zip(places, sure, strict=True):
            names = self._names(len(one))
            rows = zip(names, one, scores, strict=True)
            yield {"keypoints": [[name, round(x, 1), round(y, 1), round(score, 4)] for name, (x, y), score in rows]}

    def _names(self, count: int) -> Sequence[str]:
        if len(self.points) == count:
            return self.points
        return PERSON if count == len(PERSON) else [str(number) for number in range(count)]

    def _masked(self, result: Any, found: Sequence[Seen]) -> Iterator[dict[str, Any]]:
        masks = getattr(result, "masks", None)
        if masks is None:
            return
        height, width = masks.orig_shape
        for grid, seen in zip(masks.data.cpu().numpy(), found, strict=True):
            mask = on_picture(grid, width, height)
            box = seen.box.clip(width, height)
            inside = float(mask.sum()) / box.area if box is not None else 0.0
            data: dict[str, Any] = {"share": round(float(mask.mean()), 4), "share_of_box": round(min(inside, 1.0), 4)}
            yield data | ({"mask": run_lengths(mask)} if self.masks else {})


def on_picture(grid: Any, width: int, height: int) -> Any:
    """A mask as the model sees it, scaled and padded to its input, as one of the picture: height × width, bool."""
    import numpy as np

    rows, columns = grid.shape
    scale = min(rows / height, columns / width)
    high, wide = max(round(height * scale), 1), max(round(width * scale), 1)
    top, left = round((rows - high) / 2 - 0.1), round((columns - wide) / 2 - 0.1)  # the odd pixel is at the end
    part = Image.fromarray((grid[top : top + high, left : left + wide] > 0.5).astype(np.uint8) * 255)
    return np.asarray(part.resize((width, height), Image.Resampling.BILINEAR)) > 127


def run_lengths(mask: Any) -> dict[str, list[int]]:
    """A mask, height × width, bool, as COCO's uncompressed RLE: runs down the columns, the first of what is outside."""
    import numpy as np

    flat = mask.ravel(order="F")
    edges = np.flatnonzero(flat[1:] != flat[:-1]) + 1
    counts = np.diff(np.concatenate(([0], edges, [flat.size]))).tolist()
    return {"size": list(mask.shape), "counts": [0, *counts] if flat[0] else counts}


def facts_of(found: Sequence[Seen], fills: float) -> list[Fact]:
    """One object each, then for each whose mask covers at least the share `fills` of the picture (0: for none) that it does.

    Boxes do not tell: of a photo of two cats, the box of the couch under them covers 94 %, its mask 33 %.
    """
    shares = {place: seen.data["share"] for place, seen in enumerate(found) if "share" in seen.data}
    filling = {str(place): share for place, share in shares.items() if 0 < fills <= share}
    objects = [seen.fact(str(place) if str(place) in filling else "") for place, seen in enumerate(found)]
    return objects + [_filling(name, found[int(name)].score, share) for name, share in filling.items()]


def _filling(name: str, score: float, share: float) -> Fact:
    return Fact(kind="attribute", value=FILLS, about=name, parent=name, score=score, data={"share": share})
