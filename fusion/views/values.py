"""Captions that are JSON: the same JSON of the values that hold in a view, with the claims on them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from fusion.facts import Caption, Claim
from fusion.views.captions import Made
from fusion.views.fates import Fates, Seen
from fusion.views.formats import reshaped
from fusion.views.lists import is_stated
from fusion.views.sides import exchanged

SCALAR = re.compile(r'"(?:[^"\\]|\\.)*"(?P<key>\s*:)?|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null')
GONE = object()
"""In the place of a value that does not hold."""


def is_json(text: str) -> bool:
    """Is the caption a JSON object or array?"""
    if text.lstrip()[:1] not in {"{", "["}:
        return False
    try:
        return isinstance(json.loads(text), dict | list)
    except ValueError:
        return False


@dataclass(frozen=True)
class Leaf:
    """A text, number or null of the JSON as it is now, where it stood, and the claims on it."""

    value: Any
    span: tuple[int, int]
    claims: tuple[Claim, ...]
    same: bool


@dataclass
class Written:
    """JSON as it is written: on one line, a blank behind commas and colons; where its leaves stand in it."""

    parts: list[str] = field(default_factory=list)
    length: int = 0
    places: list[tuple[Leaf, int, int]] = field(default_factory=list)

    def add(self, text: str) -> None:
        """Write on."""
        self.parts.append(text)
        self.length += len(text)

    def write(self, value: Any) -> None:
        """A value with all that is in it."""
        if isinstance(value, dict | list):
            pairs = value.items() if isinstance(value, dict) else enumerate(value)
            self.add("{" if isinstance(value, dict) else "[")
            for n, (key, inner) in enumerate(pairs):
                self.add((", " if n else "") + (f"{json.dumps(key, ensure_ascii=False)}: " if isinstance(value, dict) else ""))
                self.write(inner)
            self.add("}" if isinstance(value, dict) else "]")
            return
        plain = value.value if isinstance(value, Leaf) else value
        text, quote = json.dumps(plain, ensure_ascii=False), isinstance(plain, str)
        if isinstance(value, Leaf):
            self.places.append((value, self.length + quote, self.length + len(text) - quote))
        self.add(text)


@dataclass
class Values:
    """The leaves of a JSON caption one after the other, as its tree is walked."""

    caption: Caption
    fates: Fates
    seen: Seen

    def __post_init__(self) -> None:
        found = [m for m in SCALAR.finditer(self.caption.text) if m["key"] is None]
        quote = [m.group()[0] == '"' for m in found]
        self._spans = iter([(m.start() + q, m.end() - q) for m, q in zip(found, quote, strict=True)])

    def kept(self, value: Any, inner: bool = False) -> Any:
        """A value of the tree with the leaves that hold, else `GONE`.

        An object inside goes with its first text, and one of texts alone with any of them.
        """
        if isinstance(value, list):
            return [one for one in [self.kept(one, True) for one in value] if one is not GONE]
        if not isinstance(value, dict):
            return self.leaf(value)
        made = {key: self.kept(one, True) for key, one in value.items()}
        texts = [key for key, one in value.items() if isinstance(one, str)]
        tied = texts if len(texts) == len(value) else texts[:1]
        if inner and any(made[key] is GONE for key in tied):
            return GONE
        return {key: None if one is GONE else one for key, one in made.items()}

    def leaf(self, value: Any) -> Any:
        """A text, number or null as the view has it, else `GONE`."""
        span = next(self._spans)
        claims = tuple(c for c in self.caption.claims if c.span[0] < span[1] and span[0] < c.span[1])
        if isinstance(value, str):
            return self.text(value, span, claims)
        counts = [c for c in claims if c.kind == "count" and c.about is not None]
        if counts and not isinstance(value, bool | None):
            about = counts[0].about or ""
            left = self.fates.number(about)
            unsaid = self.fates.root(about) in self.fates.unsaid
            return Leaf(None if unsaid else value if left is None else left, span, claims, left is None)
        return Leaf(value, span, claims, True)

    def text(self, value: str, span: tuple[int, int], claims: tuple[Claim, ...]) -> Any:
        """A text, left and right exchanged in a mirrored view."""
        left = [claim for claim in claims if claim.id not in self.fates.gone]
        if not left and (claims or not is_stated(value, self.seen)):
            return GONE
        written = any(claim.kind in {"text", "name"} for claim in claims)
        new = exchanged(value) if self.seen.window.flip and not written else value
        new = reshaped(new, self.seen.window) if self.seen.window.cuts and not written else new
        return Leaf(new, span, claims, new == value)


def structured(caption: Caption, fates: Fates, seen: Seen, made: Made) -> None:
    """Write the JSON of the view, nothing where none of its claims is left."""
    written = Written()
    written.write(Values(caption, fates, seen).kept(json.loads(caption.text)))
    spans = dict(placed(written, caption.text))
    if not any(name not in fates.gone for name in spans):
        return
    text = "".join(written.parts)
    made.note(caption.text, 0, len(caption.text), text, "take away", tuple(sorted(fates.gone)))
    made.add(text)
    made.spans.update(spans)


def placed(written: Written, text: str) -> Mapping[str, tuple[int, int]]:
    """Where the claims on the leaves stand now: as in the leaf before, on all of it where it says something else."""
    spans: dict[str, tuple[int, int]] = {}
    for leaf, start, end in written.places:
        raw = "\\" in text[slice(*leaf.span)]
        for claim in leaf.claims:
            by = start - leaf.span[0]
            inside = leaf.same and not raw and leaf.span[0] <= claim.span[0] and claim.span[1] <= leaf.span[1]
            spans[claim.id] = (claim.span[0] + by, claim.span[1] + by) if inside else (start, end)
    return spans
