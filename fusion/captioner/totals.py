"""What a run adds up over records: captions and what was taken out of them, replies refused, tokens, alt-text kept."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from fusion.facts import Caption, Record
from fusion.write import Draft

BY = ("writer", "prompt", "style")
MEANS = ("coverage", "overlap", "self_bleu", "distinct_2")


class Totals:
    """Sums over records; `summary` is what goes to FILE.stats.json. Its size does not depend on how many records there are."""

    def __init__(self) -> None:
        self._written: dict[tuple[str, str, str], Counter[str]] = defaultdict(Counter)
        self._rejected: Counter[tuple[str, str, str, str]] = Counter()
        self._mended: Counter[tuple[str, str, str, str]] = Counter()
        self._usage: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        self._alt_text: Counter[str] = Counter()
        self._diversity: dict[str, float] = defaultdict(float)
        self._many = 0
        self._records = 0

    def add(self, record: Record) -> None:
        """Count one record in."""
        self._records += 1
        for caption in record.captions:
            self._add_caption(caption)
        for used in record.usage:
            sums = {"calls": used.calls, "prompt_tokens": used.prompt_tokens, "completion_tokens": used.completion_tokens}
            self._usage[used.stage, used.backend].update(sums)
        if (kept := record.retention) is not None:
            agrees = {True: "agrees", False: "disagrees", None: "unknown"}[kept.agrees]
            self._alt_text.update({agrees: 1, "kept": len(kept.kept), "lost": len(kept.lost)})
        if (found := record.diversity) is not None:
            several = len(record.captions) > 1
            self._many += several
            self._diversity["pictures"] += 1
            for key in ("coverage", "replaced", *(MEANS[1:] if several else ())):
                self._diversity[key] += getattr(found, key)

    def add_emptied(self, style: str, drafts: Iterable[Draft | Exception]) -> None:
        """Count drafts of which repair left nothing."""
        for draft in drafts:
            if isinstance(draft, Draft):
                self._written[draft.writer, draft.prompt, style].update({"emptied": 1})

    def _add_caption(self, caption: Caption) -> None:
        key = (caption.writer, caption.prompt, caption.style)
        self._written[key].update(
            {"captions": 1, "claims": len(caption.claims), "edits": len(caption.edits), "dropped": caption.dropped}
        )
        self._mended.update((*key, kind) for kind in caption.mended)
        for one in caption.rejected:
            self._rejected[one.writer, caption.prompt, caption.style, one.kind] += 1

    def summary(self) -> dict[str, Any]:
        """Sums by writer, prompt and style, by stage and backend, and of alt-text; means over pictures; over how many records."""
        return {
            "records": self._records,
            "captions": [_named(BY, key, sums) for key, sums in sorted(self._written.items())],
            "rejected": [_named((*BY, "kind"), key, {"count": number}) for key, number in sorted(self._rejected.items())],
            "mended": [_named((*BY, "kind"), key, {"count": number}) for key, number in sorted(self._mended.items())],
            "usage": [_named(("stage", "backend"), key, sums) for key, sums in sorted(self._usage.items())],
            "alt_text": self._retained(),
            "diversity": self._mean(),
        }  # fmt: skip

    def _retained(self) -> dict[str, Any]:
        names = self._alt_text["kept"] + self._alt_text["lost"]
        return {**self._alt_text, "retention": round(self._alt_text["kept"] / names, 4)} if names else dict(self._alt_text)

    def _mean(self) -> dict[str, Any]:
        """Coverage over all pictures with captions, the others over those with several."""
        pictures = self._diversity["pictures"]
        if not pictures:
            return {}
        means = {key: round(self._diversity[key] / (pictures if key == "coverage" else max(self._many, 1)), 4) for key in MEANS}
        return {**means, "replaced": int(self._diversity["replaced"])}


def _named(names: tuple[str, ...], key: tuple[str, ...], sums: Mapping[str, Any]) -> dict[str, Any]:
    """An entry with its key spelt out."""
    return {**dict(zip(names, key, strict=True)), **sums}
