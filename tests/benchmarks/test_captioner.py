"""Captioning photos against calling the detector alone, in one run: compare the two medians of the group."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from fusion import Captioner

if TYPE_CHECKING:
    from pytest_benchmark.fixture import BenchmarkFixture

PHOTOS = 24


@pytest.fixture
def photos(shared: Path) -> list[Path]:
    return sorted((shared / "data/images").glob("*.jpg"))[:PHOTOS]


@pytest.mark.models
@pytest.mark.benchmark(group="photos")
def test_detector_in_a_loop(benchmark: BenchmarkFixture, photos: list[Path], shared: Path) -> None:
    model = pytest.importorskip("ultralytics").YOLO(shared / "weights/torch_dequantised/yolov8n_deq.pt")
    found = benchmark(lambda: [model.predict(photo, verbose=False, device="cpu") for photo in photos])
    assert len(found) == len(photos)


@pytest.mark.models
@pytest.mark.benchmark(group="photos")
def test_caption(benchmark: BenchmarkFixture, photos: list[Path], shared: Path) -> None:
    pytest.importorskip("ultralytics")
    weights = shared / "weights/torch_dequantised/yolov8n_deq.pt"
    with Captioner.from_config({"experts": [{"use": "detector", "weights": str(weights)}]}) as captioner:
        records = benchmark(lambda: list(captioner.stream(photos)))
    assert [r.status for r in records] == ["ok"] * len(photos)
    assert any(r.captions for r in records)
