"""Class names of other people's data become nouns as facts write them."""

from __future__ import annotations

import pytest

from experts import plain_noun


@pytest.mark.parametrize(
    ("name", "noun"),
    [
        ("Dog", "dog"),
        ("traffic light", "traffic light"),
        ("Traffic_Lights", "traffic light"),
        ("people", "person"),
        ("scissors", "scissors"),
        ("wine glass", "wine glass"),
        ("bus", "bus"),
        ("aerosol_can", "aerosol can"),
        ("monitor_(computer_equipment) computer_monitor", "monitor computer monitor"),
        ("bow_(decorative_ribbons)", "bow"),
        ("(unnamed)", "(unnamed)"),
    ],
)
def test_class_names_are_plain_nouns(name, noun):
    assert plain_noun(name) == noun
