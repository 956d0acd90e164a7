"""What a run adds up over its records."""

from __future__ import annotations

from fusion.captioner.totals import Totals
from fusion.facts import Caption, Claim, Diversity, Edit, Record, Rejected, Retention, Usage
from fusion.write import Draft

EDIT = Edit(claims=("c1", "c2"), rule="strike", span=(0, 1), before="a", after="")
CAPTION = Caption(
    style="short", writer="small", prompt="caption/v2", dropped=2, mended=("preamble",),
    draft="A dog.", text="A dog.", edits=(EDIT,),
    claims=(Claim(id="c0", kind="object", value="dog", span=(2, 5)),),
    rejected=(Rejected(writer="small", kind="refusal", reason="…"),) * 2,
)  # fmt: skip
USED = Usage(stage="write", backend="m", calls=2, prompt_tokens=100, completion_tokens=10)


def test_sums_are_by_writer_prompt_and_style_and_means_over_pictures() -> None:
    totals = Totals()
    several = Diversity(coverage=1.0, overlap=0.2, self_bleu=0.5, distinct_2=0.9, replaced=1)
    totals.add(Record(id="a", captions=(CAPTION, CAPTION), usage=(USED,), diversity=several,
                      retention=Retention(text="x", agrees=True, kept=("Rex",), lost=("Spot", "1999", "Max"))))  # fmt: skip
    totals.add(Record(id="b", captions=(CAPTION,), usage=(USED,), diversity=Diversity(coverage=0.5),
                      retention=Retention(text="y", agrees=None)))  # fmt: skip
    totals.add_emptied("short", [Draft("A cat.", "small", prompt="caption/v2"), ValueError()])
    assert totals.summary() == {
        "records": 2,
        "captions": [{"writer": "small", "prompt": "caption/v2", "style": "short", "captions": 3, "claims": 3, "edits": 3,
                      "dropped": 6, "emptied": 1}],
        "rejected": [{"writer": "small", "prompt": "caption/v2", "style": "short", "kind": "refusal", "count": 6}],
        "mended": [{"writer": "small", "prompt": "caption/v2", "style": "short", "kind": "preamble", "count": 3}],
        "usage": [{"stage": "write", "backend": "m", "calls": 4, "prompt_tokens": 200, "completion_tokens": 20}],
        "alt_text": {"agrees": 1, "kept": 1, "lost": 3, "unknown": 1, "retention": 0.25},
        "diversity": {"coverage": 0.75, "overlap": 0.2, "self_bleu": 0.5, "distinct_2": 0.9, "replaced": 1},
    }  # fmt: skip


def test_nothing_adds_up_to_nothing() -> None:
    assert Totals().summary() == {
        "records": 0,
        "captions": [],
        "rejected": [],
        "mended": [],
        "usage": [],
        "alt_text": {},
        "diversity": {},
    }
