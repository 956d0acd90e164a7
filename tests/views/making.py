"""Records for tests of views: captions read and judged against facts, in pictures of 100×100 pixels."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import fusion
from fusion.evidence import gather
from fusion.expert import Card
from fusion.facts import Box, Caption, Fact, Observation, Record
from fusion.language import Language
from fusion.verdicts import verify

LEFT_HALF, RIGHT_HALF = (0, 0, 50, 100), (50, 0, 100, 100)
CARD = Card(sees=("object", "attribute", "relation", "text", "scene", "style", "count"), precision=0.95)


def thing(noun: str, x: int, nth: int = 0, **more: Any) -> Fact:
    """An object 20 pixels wide and high, its left edge at x."""
    box = Box(x, 40, x + 20, 60)
    return Fact(**{"id": f"{noun}/{nth}", "kind": "object", "value": noun, "expert": "e", "box": box} | more)


def said(kind: str, value: str, **more: Any) -> Fact:
    """Any other fact."""
    return Fact(**{"id": value, "kind": kind, "value": value, "expert": "e"} | more)


def record(facts: Sequence[Fact], *texts: str, styles: Sequence[str] = ()) -> Record:
    """A record of these facts, each text judged against them and repaired as little as the policy allows."""
    known = Observation(id="r", width=100, height=100, looked=("e",), facts=tuple(facts))
    language = Language.load()
    checked = verify(
        language.read(texts, ["en"] * len(texts)), gather([known], {"e": CARD}, language) * len(texts), language, "lenient"
    )
    names = [*styles, *(f"style{n}" for n in range(len(texts)))]
    captions = [
        Caption(style=name, writer="w", draft=text, text=text, claims=one.claims)
        for name, text, one in zip(names, texts, checked, strict=False)
    ]
    return Record(
        id="r", image="r.jpg", sha256="0", width=100, height=100, looked=("e",), facts=known.facts, captions=tuple(captions)
    )


def shown(facts: Sequence[Fact], text: str, style: str = "short", **how: Any) -> str | None:
    """What a caption says in a view."""
    caption = fusion.view(record(facts, text, styles=[style]), **how).caption(0)
    return caption.text if caption is not None else None


GRAMMAR = (
    (re.compile(r"\b(?:an?|the|and|or|of|with|to|is|are)[.,;]", re.IGNORECASE), "a word that leads to nothing"),
    (re.compile(r"  |^\s|\s$|\s[.,;]"), "a blank that does not belong"),
    (re.compile(r"\ba (?=[aeio])|\ban (?=[bcdfgjklmnpqrstvwxyz])"), "an article that does not fit"),
    (
        re.compile(r"\bthere are an? |\bthere is (?:two|three|four|five|six|several|many)\b", re.IGNORECASE),
        "a verb that does not agree",
    ),
    (re.compile(r"(?:^|\. )(?:An?|One) \w+ (?:are|were|have)\b"), "a verb that does not agree"),
    (re.compile(r",\s*(?:,|and\b.*, and\b|\.)"), "a comma that parts nothing"),
)


def mistakes(text: str) -> list[str]:
    """What can be told to be wrong with a paragraph by rules of writing."""
    found = [what for pattern, what in GRAMMAR if pattern.search(text)]
    sentences = re.split(r"(?<=[.!?])\s+", text)
    return found + [f"no capital: {one!r}" for one in sentences if not re.match(r"[A-Z\"“]", one)]
