"""Cropped and mirrored views of a picture, from its record alone: no expert looks again, nothing is parsed."""

from __future__ import annotations

from fusion.views.facts import SURROUNDS, UNPLACED
from fusion.views.viewing import View, view
from fusion.views.window import COVERS, VISIBLE, WHOLE

__all__ = ["COVERS", "SURROUNDS", "UNPLACED", "VISIBLE", "WHOLE", "View", "view"]
