"""Verdicts and repairs: `cases.txt`, a caption and what is known of its picture, then each claim's verdict and what repair makes.

What is known, after the bar: `dog` is a box, `dog[x y width height]` one in its place, `"…"` what a captioner says, `~"…"` the
alternative text, `='…` what is read, `@…` the scene and `%…` the style that a captioner states, `!dog` what an expert was asked
for and did not see. Verdicts: `+` supported, `?` unverified, `-` contradicted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from notation import all_told

from fusion.evidence import gather
from fusion.expert import Card
from fusion.facts import Box, Fact, Observation
from fusion.language import Language
from fusion.verdicts import Checked, verify

TABLE = Path(__file__).with_name("cases.txt")
CLASSES = ("bus", "car", "cat", "chair", "couch", "cow", "cup", "dining table", "dog", "horse", "person", "umbrella", "zebra")
CARDS = {
    "boxes": Card(sees=("object", "count"), vocabulary=CLASSES, precision=0.98, recall=0.95),
    "captions": Card(vocabulary=None, precision=0.95, recall=0.3),
    "alt_text": Card(vocabulary=None, precision=0.6, recall=0.1, hearsay=True),
    "ocr": Card(sees=("text",), vocabulary=None, precision=0.9, recall=0.6),
    "asked": Card(sees=("object",), vocabulary=(), precision=0.95),
}
MARKS = {"supported": "+", "unverified": "?", "contradicted": "-"}


def facts_of(known: str) -> Iterator[Fact]:
    """The facts that the right side of a row stands for."""
    for n, one in enumerate(part.strip() for part in known.split(";")):
        name = f"f{n}"
        if one.startswith('"'):
            yield Fact(id=name, kind="statement", value=one.strip('"'), expert="captions")
        elif one.startswith('~"'):
            yield Fact(id=name, kind="statement", value=one[1:].strip('"'), expert="alt_text")
        elif one.startswith("='"):
            yield Fact(id=name, kind="text", value=one[2:], expert="ocr")
        elif one[:1] in {"@", "%"}:
            yield Fact(id=name, kind="scene" if one[0] == "@" else "style", value=one[1:], expert="captions")
        elif one.startswith("!"):
            yield Fact(id=name, kind="object", value=one[1:], negated=True, expert="asked")
        elif one:
            yield boxed(name, one, n)


def boxed(name: str, one: str, n: int) -> Fact:
    """A box in its place; without one, beside those before it."""
    noun, *place = re.split(r"[\[\]]", one)
    x, y, width, height = map(float, place[0].split()) if place else (10 + 45 * n, 60, 40, 60)
    return Fact(id=name, kind="object", value=noun, box=Box(x, y, x + width, y + height), expert="boxes")


def rows() -> Iterator[tuple[str, str, str]]:
    """Caption, what is known, what is expected."""
    lines = [line for line in TABLE.read_text(encoding="utf-8").splitlines() if line.strip() and not line.startswith("#")]
    for n in range(0, len(lines), 2):
        caption, _, known = lines[n].partition(" | ")
        yield caption, known, lines[n + 1].strip()


ROWS = list(rows())


@pytest.fixture(scope="module")
def language() -> Language:
    return Language.load()


def check(language: Language, caption: str, known: str) -> Checked:
    facts = tuple(facts_of(known))
    looked = tuple(dict.fromkeys(["boxes", *(f.expert for f in facts)]))
    evidence = gather([Observation(id="x", width=200, height=200, looked=looked, facts=facts)], CARDS, language)
    return verify(language.read([caption], ["en"]), evidence, language)[0]


def outcome(result: Checked) -> str:
    """The line below a row."""
    told = zip(all_told(result.claims), result.claims, strict=True)
    return "; ".join(f"{MARKS[c.verdict or '']} {text}" for text, c in told) + f" => {result.repaired or 'nothing'}"


@pytest.mark.parametrize(("caption", "known", "expected"), ROWS, ids=[f"{caption} | {known}" for caption, known, _ in ROWS])
def test_verdicts_and_repair(language: Language, caption: str, known: str, expected: str) -> None:
    result = check(language, caption, known)
    assert outcome(result) == expected
    assert all(c.reason and c.confidence is not None for c in result.claims)


@pytest.mark.parametrize(("caption", "known", "expected"), ROWS, ids=[f"{caption} | {known}" for caption, known, _ in ROWS])
def test_what_is_repaired_is_whole(language: Language, caption: str, known: str, expected: str) -> None:
    result = check(language, caption, known)
    text = result.repaired
    assert check(language, text, known).repaired == text if text else True
    assert text.count('"') % 2 == caption.count('"') % 2
    assert text == "" or text[0].isupper() == caption[0].isupper()
    assert "  " not in text
    assert not re.search(r"\b(a|an|the|and|or|with|of) *[.,]|\(\)| ,", text), text
    for sentence in language.read([text], ["en"])[0].doc.sents if text else ():
        assert sentence.root.pos_ in {"VERB", "AUX", "NOUN", "PROPN", "PRON"}, (text, sentence.root.pos_)
