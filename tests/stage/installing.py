"""Experts that count as installed for the time of a test."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

import fusion.expert
from fusion.expert import Expert


def install(monkeypatch: pytest.MonkeyPatch, **experts: type[Expert]) -> None:
    """Let these classes be found under these names, and no others."""
    points = [
        SimpleNamespace(name=name, value=f"fakes:{name}", module="fakes", dist=None, load=lambda kind=kind: kind)
        for name, kind in experts.items()
    ]

    def entry_points(group: str) -> list[Any]:
        return points

    monkeypatch.setattr(fusion.expert, "entry_points", entry_points)
