"""Hands on the class label of the row, as a classification data set has it.

Library: none. Licence: Apache-2.0.
"""

from __future__ import annotations

from typing import ClassVar

from fusion.expert import Card, Expert
from fusion.facts import Fact, Sample


class Label(Expert):
    """The row's `label`, a fact of kind tag with the data `{"role": "label"}`.

    A label names one thing of many, so its silence says nothing.
    """

    automatic: ClassVar[bool] = True
    alone = True
    # About 6 % of ImageNet's validation labels are wrong: Northcutt, Athalye and Mueller, "Pervasive Label Errors in
    # Test Sets Destabilize Machine Learning Benchmarks", 2021.
    card = Card(sees=("tag",), vocabulary=(), precision=0.94, recall=0.0, version="1")

    def look(self, sample: Sample) -> list[Fact]:
        """One tag, none where the row has no label."""
        if not sample.label or not sample.label.strip():
            return []
        return [Fact(kind="tag", value=sample.label, data={"role": "label"})]
