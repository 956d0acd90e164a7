"""Captions cut into pieces: claims that nest, overlap and share words, and what repair struck and added."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.making import Json, claim, edit
from fusion.audit.marks import named, pieces
from fusion.audit.rows import Said
from fusion.codec import convert
from fusion.facts import Claim, Edit, Retention


def said(given: str, *claims: Json, final: str | None = None, edits: list[Json] | None = None, of_final: bool = False) -> Said:
    """A caption for the page."""
    made = tuple(convert(one, Claim) for one in claims)
    return Said(given, final, made, tuple(convert(one, Edit) for one in edits or []), of_final)


def shape(caption: Said) -> list[tuple[str, str, tuple[int, ...]]]:
    """Text, state and claims of every piece."""
    return [(piece.text, piece.state, piece.claims) for piece in pieces(caption)]


TEXT = "a man in a red hat"


@pytest.mark.parametrize(
    ("claims", "expected"),
    [
        pytest.param([], [(TEXT, ())], id="no claim"),
        pytest.param([claim(TEXT, "man")], [("a ", ()), ("man", (0,)), (" in a red hat", ())], id="one"),
        pytest.param(
            [claim(TEXT, "in a red hat"), claim(TEXT, "red")],
            [("a man ", ()), ("in a ", (0,)), ("red", (1, 0)), (" hat", (0,))],
            id="nested, the more exact first",
        ),
        pytest.param(
            [claim(TEXT, "man in"), claim(TEXT, "in a")],
            [("a ", ()), ("man ", (0,)), ("in", (1, 0)), (" a", (1,)), (" red hat", ())],
            id="overlapping",
        ),
        pytest.param(
            [claim(TEXT, "hat"), claim(TEXT, "hat", "contradicted"), claim(TEXT, "hat", "unverified")],
            [("a man in a red ", ()), ("hat", (1, 2, 0))],
            id="the same words, the most urgent first",
        ),
    ],
)
def test_cuts(claims: list[Json], expected: list[tuple[str, tuple[int, ...]]]) -> None:
    assert [(text, over) for text, _, over in shape(said(TEXT, *claims))] == expected


def test_one_entrance_for_each_set_of_words() -> None:
    found = pieces(said(TEXT, claim(TEXT, "in a red hat"), claim(TEXT, "red")))
    assert [(piece.text, piece.entrance) for piece in found if piece.claims] == [("in a ", True), ("red", True), (" hat", False)]


def test_code_points_and_not_utf_16() -> None:
    text = "🐕🐕 a dog"
    assert shape(said(text, claim(text, "dog")))[1] == ("dog", "kept", (0,))


def test_struck_words_of_a_verify_row_keep_their_claims() -> None:
    text = "A dog and a cat."
    caption = said(text, claim(text, "cat", "contradicted"), final="A dog.", edits=[edit(" and a cat", 5)])
    assert shape(caption) == [("A dog", "kept", ()), (" and a ", "struck", ()), ("cat", "struck", (0,)), (".", "kept", ())]


def test_a_record_shows_its_text_with_the_struck_words_between() -> None:
    final = "A dog sits."
    caption = said(
        "A red dog sit.", claim(final, "dog"), final=final, of_final=True, edits=[edit("sit", 10, "sits"), edit("red ", 2)]
    )
    assert shape(caption) == [
        ("A ", "kept", ()),
        ("red ", "struck", ()),
        ("dog", "kept", (0,)),
        (" ", "kept", ()),
        ("sit", "struck", ()),
        ("sits", "added", ()),
        (".", "kept", ()),
    ]


def test_later_edits_count_in_the_text_that_earlier_ones_left() -> None:
    text = "A big red dog."
    caption = said(text, final="A dog.", edits=[edit("big ", 2), edit("red ", 2)])
    assert [piece for piece in shape(caption) if piece[1] == "struck"] == [("big red ", "struck", ())]


@pytest.mark.parametrize(
    "edits",
    [
        pytest.param([edit("cat", 2)], id="of other words"),
        pytest.param([edit("dog", 90)], id="beyond the end"),
        pytest.param([], id="that do not lead to the text"),
    ],
)
def test_edits_that_do_not_fit_are_left_out(edits: list[Json]) -> None:
    assert shape(said("A dog.", final="Nothing.", edits=edits)) == [("A dog.", "kept", ())]


@given(st.data())
def test_pieces_hold_every_letter_and_every_claim_once_more(data: st.DataObject) -> None:
    text = data.draw(st.text(min_size=1, max_size=30))
    start = st.integers(0, len(text) - 1)
    spans = data.draw(st.lists(start.flatmap(lambda a: st.tuples(st.just(a), st.integers(a + 1, len(text)))), max_size=6))
    claims = [
        {"id": f"c{n}", "kind": "object", "value": "x", "span": span, "verdict": "supported"} for n, span in enumerate(spans)
    ]
    found = pieces(said(text, *claims))
    assert "".join(piece.text for piece in found) == text
    for n, (first, end) in enumerate(spans):
        assert "".join(piece.text for piece in found if n in piece.claims) == text[first:end]


@given(st.data())
def test_what_is_left_and_added_is_the_repaired_text(data: st.DataObject) -> None:
    text = current = data.draw(st.text("ab ", min_size=1, max_size=20))
    edits = []
    for _ in range(data.draw(st.integers(0, 4))):
        start = data.draw(st.integers(0, len(current)))
        before = current[start : data.draw(st.integers(start, len(current)))]
        after = data.draw(st.text("cd", max_size=3))
        edits.append(edit(before, start, after))
        current = current[:start] + after + current[start + len(before) :]
    found = pieces(said(text, final=current, edits=edits))
    assert "".join(piece.text for piece in found if piece.state != "struck") == current
    assert "".join(piece.text for piece in found if piece.state != "added") == text


def test_lines_of_a_caption_stay_and_claims_keep_their_place() -> None:
    text = "[0, 1] a dog\n[2, 3] a red\nhat"
    caption = said(text, claim(text, "dog"), claim(text, "red\nhat"), final=text, of_final=True)
    assert shape(caption) == [
        ("[0, 1] a ", "kept", ()),
        ("dog", "kept", (0,)),
        ("\n[2, 3] a ", "kept", ()),
        ("red\nhat", "kept", (1,)),
    ]


NAMES: dict[str, tuple[Retention, list[tuple[str, str]], list[tuple[str, str]]]] = {
    "none": (Retention(text="a dog"), [("a dog", "")], []),
    "no text": (Retention(text=""), [], []),
    "kept and lost": (
        Retention(text="Rex at $50 (Bar)", kept=("Rex",), lost=("$50", "Bar")),
        [("Rex", "kept"), (" at ", ""), ("$50", "lost"), (" (", ""), ("Bar", "lost"), (")", "")],
        [],
    ),
    "one inside another": (
        Retention(text="New York and York", kept=("York",), lost=("New York",)),
        [("New York", "lost"), (" and ", ""), ("York", "kept")],
        [],
    ),
    "inside a word": (Retention(text="Rexford", lost=("Rex",)), [("Rexford", "")], [("Rex", "lost")]),
    "not word for word": (Retention(text="J. Doe", kept=("John",)), [("J. Doe", "")], [("John", "kept")]),
}


@pytest.mark.parametrize(("retention", "cut", "others"), NAMES.values(), ids=NAMES)
def test_names_of_alt_text(retention: Retention, cut: list[tuple[str, str]], others: list[tuple[str, str]]) -> None:
    assert named(retention) == (cut, others)


@given(st.text("ab $.", max_size=12), st.lists(st.text("ab $.", max_size=4)), st.lists(st.text("ab $.", max_size=4)))
def test_alt_text_is_shown_whole_whatever_the_names(text: str, kept: list[str], lost: list[str]) -> None:
    cut, _ = named(Retention(text=text, kept=tuple(kept), lost=tuple(lost)))
    assert "".join(part for part, _ in cut) == text
