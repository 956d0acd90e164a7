"""What captions claim: `captions.txt`, a caption and below it its claims in the notation of `notation`, all and no others."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from notation import all_told

from fusion.language import Language

TABLE = Path(__file__).with_name("captions.txt")


def rows() -> Iterator[tuple[str, str]]:
    """Each caption with its claims."""
    lines = [line for line in TABLE.read_text(encoding="utf-8").splitlines() if line.strip() and not line.startswith("#")]
    yield from ((lines[n], lines[n + 1].strip()) for n in range(0, len(lines), 2))


ROWS = dict(rows())


@pytest.fixture(scope="module")
def language() -> Language:
    return Language.load()


@pytest.mark.parametrize("caption", ROWS)
def test_claims(language: Language, caption: str) -> None:
    assert "; ".join(all_told(language.read([caption], ["en"])[0].claims)) == ROWS[caption]


@pytest.mark.parametrize("caption", ROWS)
def test_nothing_slips_through(language: Language, caption: str) -> None:
    reading = language.read([caption], ["en"])[0]
    places = [c.span for c in reading.claims] + [x.span for x in reading.left_over]
    assert all(caption[a:b].strip() == caption[a:b] != "" for a, b in places)
    assert all(x.reason for x in reading.left_over)
    assert reading.doc is not None
    for token in reading.doc:
        if token.pos_ in {"NOUN", "PROPN", "ADJ", "VERB", "NUM"} and any(c.isalnum() for c in token.text):
            assert any(a <= token.idx < b for a, b in places), token.text
