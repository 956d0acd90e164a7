"""Records as text: captions wrapped and coloured by verdict, claims with their facts, and nothing a terminal would obey."""

from __future__ import annotations

import re
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion.cli.terminal import Look, lines, record_of
from fusion.dataset.rows import Row
from fusion.facts import Box, Caption, Claim, Diversity, Edit, Fact, Problem, Record, Rejected, Retention, Usage

TEXT = "A brown dog on a sofa near Whitby."
DOG = Fact(id="d/0", kind="object", value="dog", expert="d", score=0.9, box=Box(1.0, 2.4, 30.0, 40.6))
SAID = Fact(id="s0", kind="statement", value="Our dog in Whitby", expert="alt_text")
CLAIMS = (
    Claim(
        id="c0", kind="object", value="dog", span=(8, 11), verdict="supported", confidence=0.9, evidence=("d/0",), reason="seen"
    ),
    Claim(id="c1", kind="attribute", value="brown", about="c0", span=(2, 7), verdict="unverified", confidence=0.5),
    Claim(id="c2", kind="object", value="sofa", span=(17, 21), verdict="contradicted", confidence=0.1, reason="not seen"),
    Claim(
        id="c3",
        kind="relation",
        value="on",
        about="c0",
        to="c2",
        span=(12, 14),
        verdict="contradicted",
        confidence=0.1,
        void="c2",
    ),
    Claim(
        id="c4",
        kind="name",
        value="Whitby",
        span=(27, 33),
        verdict="supported",
        confidence=0.8,
        evidence=("s0.c1",),
        hearsay=True,
    ),
)
CUT = Edit(claims=("c9",), rule="drop object", span=(1, 9), before=" and a cat", after="")
CAPTION = Caption(style="short", writer="template", draft=TEXT, text=TEXT, edits=(CUT,), claims=CLAIMS)
RECORD = Record(id="park", image="park.jpg", width=64, height=48, facts=(DOG, SAID), captions=(CAPTION,))


def shown(record: Record, **look: Any) -> str:
    return "\n".join(lines(record, Look(**look)))


def test_a_caption_stands_under_the_name_of_its_photo() -> None:
    assert shown(RECORD) == f"park park.jpg, 64×48\n  short  {TEXT}"


FACTS = {
    "words, verdict and reason": "dog - supported 0.90: seen",
    "where the fact lies": "<- d: object dog at 1, 2, 30, 41, score 0.90 [d/0]",
    "a claim without a reason": "brown - unverified 0.50\n",
    "what fell with another": "on - contradicted 0.10, falls with “sofa”",
    "hearsay": "Whitby - supported 0.80, hearsay",
    "the sentence that a claim came from": "<- alt_text: statement Our dog in Whitby, score 1.00 [s0.c1]",
    "what was struck out": "“and a cat” was struck out (drop object)",
}


@pytest.mark.parametrize("expected", FACTS.values(), ids=FACTS)
def test_facts_on_request(expected: str) -> None:
    assert expected in shown(RECORD, facts=True, width=200)
    assert expected not in shown(RECORD, width=200)


COLOURS = {"dog": "32", "brown": "33", "sofa": "31", "near": None}


@pytest.mark.parametrize(("word", "code"), COLOURS.items(), ids=COLOURS)
def test_a_word_has_the_colour_of_its_verdict(word: str, code: str | None) -> None:
    assert (f"\x1b[{code}m{word}\x1b[0m" if code else f" {word} ") in shown(RECORD, colour=True)
    assert "\x1b" not in shown(RECORD, facts=True)


LINES = Caption(
    style="region",
    writer="template",
    draft="",
    text="[1, 2] a dog\n\n[3, 4] a brown\nsofa",
    claims=(
        Claim(id="c0", kind="object", value="dog", span=(9, 12), verdict="supported"),
        Claim(id="c1", kind="object", value="brown sofa", span=(23, 33), verdict="contradicted"),
    ),
)
MADE = Record(
    id="park",
    strategy="hybrid",
    captions=(
        LINES,
        Caption(style="given", writer="alt_text", source="alt_text", draft="Rex", text="Rex"),
        Caption(
            style="short",
            writer="template",
            focus="subject",
            prompt="caption/v2",
            rejected=(Rejected(writer="small", kind="loop", reason="again\nand again"),),
            draft="A dog.",
            text="A dog.",
        ),
    ),
    retention=Retention(text="Rex in 1999", agrees=False, kept=("Rex",), lost=("1999",)),
    diversity=Diversity(coverage=0.5, overlap=0.25, self_bleu=0.1, distinct_2=1.0, replaced=1),
    usage=(
        Usage(stage="write", backend="m", calls=2, prompt_tokens=100, completion_tokens=9),
        Usage(stage="judge", backend="clip", calls=1),
    ),
)


def test_lines_of_a_caption_stay_and_whose_words_they_are_is_told() -> None:
    assert shown(MADE).splitlines() == [
        "park",
        "  region            [1, 2] a dog",
        "                    [3, 4] a brown",
        "                    sofa",
        "  given (alt_text)  Rex",
        "  short             A dog.",
    ]


def test_a_broken_line_of_a_caption_is_not_a_new_one() -> None:
    record = Record(id="x", captions=(Caption(style="qa", writer="w", draft="", text="one two three four five\nsix"),))
    assert shown(record, width=26).splitlines() == ["x", "  qa  one two three four", "        five", "      six"]


def test_colours_are_right_in_every_line() -> None:
    made = shown(MADE, colour=True)
    for word, code in {"dog": "32", "brown": "31", "sofa": "31"}.items():
        assert f"\x1b[{code}m{word}\x1b[0m" in made
    assert " a \x1b" in made


def test_a_long_source_has_a_line_of_its_own() -> None:
    caption = Caption(style="given", writer="w", source="a-captioner-with-a-long-name", draft="", text="A dog.")
    assert shown(Record(id="x", captions=(caption,)), width=60).splitlines() == [
        "x",
        "  given (a-captioner-with-a-long-name)",
        f"{' ' * 16}A dog.",
    ]


COURSE = {
    "who wrote it": "    by template, prompt caption/v2, focus subject\n",
    "a reply that was not taken": "not taken, loop: again and again (small)\n",
    "the strategy": "\n  = strategy hybrid\n",
    "alt-text": "\n  = alt-text disagrees: “Rex in 1999”; kept Rex; lost 1999\n",
    "diversity": "\n  = coverage 0.50, overlap 0.25, self-BLEU 0.10, distinct-2 1.00, 1 replaced\n",
    "tokens": "\n  = write m: 2 calls, 100 tokens read, 9 written\n",
    "calls without tokens": "\n  = judge clip: 1 call",
}


@pytest.mark.parametrize("expected", COURSE.values(), ids=COURSE)
def test_how_captions_came_about_on_request(expected: str) -> None:
    assert expected in shown(MADE, facts=True, width=120)
    assert expected not in shown(MADE, width=120)


def test_what_a_record_does_not_have_is_not_told() -> None:
    assert "  = " not in shown(RECORD, facts=True)
    assert "by alt_text" not in shown(MADE, facts=True)


@given(st.integers(40, 120), st.booleans(), st.sampled_from([RECORD, MADE]))
def test_no_line_is_wider_than_the_terminal(width: int, facts: bool, record: Record) -> None:
    assert all(len(line) <= width for line in shown(record, width=width, facts=facts).splitlines())


@given(st.text(min_size=1, max_size=60), st.integers(1, 90))
def test_every_word_is_shown_and_no_command_to_the_terminal(text: str, width: int) -> None:
    caption = msgspec.structs.replace(CAPTION, text=text, claims=(), edits=())
    made = shown(Record(id="x", captions=(caption,)), width=width)
    assert all(char.isprintable() or char == "\n" for char in made)
    assert "".join(made.split()).endswith(
        "".join(re.sub(r"\S", lambda c: c[0] if c[0].isprintable() else "\ufffd", text).split())
    )


ROWS: dict[str, tuple[Row, str]] = {
    "a line that cannot be read": (Row(None, line=3, problem=Problem(message="expected JSON")), "line 3\n  ! expected JSON"),
    "a failed record": (
        Row("a", {"id": "a", "image": "a.jpg", "status": "failed", "errors": [{"message": "no such file", "hint": "look"}]}),
        "a a.jpg\n  ! no such file (look)",
    ),
    "a row without captions": (
        Row("a", {"id": "a", "caption": "A dog."}),
        "a\n  ! expected a record, got a row without captions (show takes what `fusion caption` wrote)",
    ),
    "captions of the wrong type": (
        Row("a", {"id": "a", "captions": 3}),
        "a\n  ! expected a record: Expected `array`, got `int` - at `$.captions`",
    ),
}


@pytest.mark.parametrize(("row", "expected"), ROWS.values(), ids=ROWS)
def test_what_is_no_record_says_why(row: Row, expected: str) -> None:
    record = record_of(row)
    assert record.status == "failed"
    assert shown(record, width=200) == expected


def test_what_an_expert_failed_at_is_told_and_keys_of_others_do_no_harm() -> None:
    errors = [{"message": "out of memory", "expert": "coco"}]
    record = record_of(Row("a", {"id": "a", "status": "partial", "captions": [], "errors": errors, "mine": 1}))
    assert shown(record) == "a\n  ! coco: out of memory"


def test_a_photo_of_which_too_little_is_known() -> None:
    assert shown(record_of(Row("a", {"id": "a", "captions": []}))) == "a\n  no caption: too little is known"
