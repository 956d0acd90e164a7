"""Rows to try the report on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

Json = dict[str, Any]

CONFIDENCE = {"supported": 0.95, "contradicted": 0.1, "unverified": 0.7}


def claim(text: str, word: str, verdict: str = "supported", *, kind: str = "object", **more: Any) -> Json:
    """A judged claim about the first place of a word in a text."""
    start = text.index(word)
    made = {"id": f"c{start}", "kind": kind, "value": word, "span": [start, start + len(word)], "verdict": verdict}
    needed = {"attribute": {"about": "c0"}, "relation": {"about": "c0", "to": "c0"}, "count": {"about": "c0", "number": 2}}
    return {**made, "confidence": CONFIDENCE[verdict], "reason": f"because of {word}", **needed.get(kind, {}), **more}


def verified(row_id: str | None, text: str, claims: Sequence[Json] = (), **more: Any) -> Json:
    """A verify row."""
    row = {"id": row_id, "caption": text, "claims": list(claims), "repaired": text, "edits": [], "repaired_claims": []}
    return {**row, **more}


def edit(before: str, start: int, after: str = "", rule: str = "drop phrase") -> Json:
    """An edit that takes these words out."""
    return {"claims": ["c0"], "rule": rule, "span": [start, start + len(before)], "before": before, "after": after}


def fact(name: str, value: str, box: Sequence[float] | None = None, expert: str = "boxes", **more: Any) -> Json:
    """A fact about an object."""
    placed = {"box": list(box)} if box else {}
    return {"id": name, "kind": "object", "value": value, "expert": expert, "score": 0.9, **placed, **more}


def record(row_id: str, draft: str, text: str, claims: Sequence[Json] = (), edits: Sequence[Json] = (), **more: Any) -> Json:
    """A record with one caption."""
    caption = {"style": "short", "writer": "template", "draft": draft, "text": text, "edits": list(edits), "claims": list(claims)}
    row = {"schema": 1, "id": row_id, "image": f"{row_id}.jpg", "width": 100, "height": 80, "status": "ok", "errors": []}
    return {**row, "looked": ["boxes"], "facts": [], "captions": [caption], **more}
