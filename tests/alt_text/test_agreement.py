"""Alt-text held against what experts said."""

from __future__ import annotations

import pytest

from fusion.alt_text import agreement

ROWS = [
    ("Our dog in Whitby", "A brown dog on a beach.", ("dog", "beach"), "word"),
    ("Two dogs", "A dog.", ("dog",), "word"),
    ("He rode", "A man rides a horse.", ("man", "horse"), "word"),
    ("Beagle for sale", "A dog on a beach.", ("dog", "beach"), "kind"),
    ("Comfortable couch", "A sofa.", ("sofa",), "kind"),
    ("Wrestling 2019", "The wrestler sits.", ("wrestler",), "kind"),
    ("Women's XL", "A woman in a blue shirt.", ("woman", "shirt"), "kind"),
    ("Algebra for Beginners, 2nd edition", "A jacket with a zip.", ("jacket", "zip"), ""),
    ("cattle", "A cat.", ("cat",), ""),
    ("The picture of the year", "A picture on a wall.", ("wall",), ""),
    ("Porsche 993", "A car with the number 993.", ("car",), "word"),
    ("Room 1", "A 12 on a door.", ("door",), ""),
    ("", "A dog.", ("dog",), ""),
    ("of the", "A dog of the house.", ("dog",), ""),
    ("Chien", "A dog.", ("dog",), ""),
]


@pytest.mark.parametrize(("text", "said", "nouns", "met"), ROWS, ids=[f"{row[0]} / {row[1]}" for row in ROWS])
def test_agreement(text: str, said: str, nouns: tuple[str, ...], met: str) -> None:
    assert agreement(text, [said], nouns) == met


def test_nothing_seen_agrees_with_nothing() -> None:
    assert agreement("a dog", []) == ""
