"""What all tests share: real data where it is there, and hypothesis that draws the same examples on every run."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parents[1]

settings.register_profile("fusion", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("fusion")


@pytest.fixture(scope="session")
def root() -> Path:
    """The folder of the clone."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real rows, pictures and weights (FUSION_SHARED); the test is skipped where it is absent."""
    folder = Path(os.environ.get("FUSION_SHARED") or ROOT.parent / "shared").resolve()
    if not folder.is_dir():
        pytest.skip(f"FUSION_SHARED: no folder {folder.name!r}")
    return folder
