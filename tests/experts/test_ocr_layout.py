"""Words, lines and blocks in the order in which people read them: tables of boxes."""

from __future__ import annotations

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from experts.ocr.layout import Line, blocks, joined


def line(text, x, y, width=100, height=20, score=0.9):
    return Line(text, score, ((x, y), (x + width, y), (x + width, y + height), (x, y + height)))


def turned(one, degrees):
    angle = math.radians(degrees)
    turn = [(x * math.cos(angle) - y * math.sin(angle), x * math.sin(angle) + y * math.cos(angle)) for x, y in one.polygon]
    return Line(one.text, one.score, tuple(turn))


def said(found):
    return [[one.text for one in block] for block in found]


LEFT = [line(f"l{n}", 0, 30 * n, 180) for n in range(3)]
RIGHT = [line(f"r{n}", 220, 30 * n, 180) for n in range(3)]


def moved(lines, down):
    return [Line(one.text, one.score, tuple((x, y + down) for x, y in one.polygon)) for one in lines]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        pytest.param([], [], id="nothing"),
        pytest.param([line("one", 0, 0)], [["one"]], id="one line"),
        pytest.param([line("a", 0, 0), line("b", 0, 30), line("c", 0, 60)], [["a", "b", "c"]], id="a paragraph"),
        pytest.param([line("a", 0, 0), line("b", 0, 17), line("c", 0, 34)], [["a", "b", "c"]], id="lines that overlap"),
        pytest.param([line("a", 0, 0), line("b", 0, 30, 60), line("c", 0, 100)], [["a", "b"], ["c"]], id="two paragraphs"),
        pytest.param([line("a", 25, 0), line("b", 0, 30, 125)], [["a", "b"]], id="a first line set in"),
        pytest.param([line("a", 30, 0, 40), line("b", 0, 30, 100), line("c", 20, 60, 60)], [["a", "b", "c"]], id="centred"),
        pytest.param([line("a", 60, 0, 40), line("b", 0, 30, 100)], [["a", "b"]], id="set to the right"),
        pytest.param([line("SALE", 0, 0, 200, 60), line("now", 0, 70, 100, 20)], [["SALE"], ["now"]], id="a larger line"),
        pytest.param([line("a", 0, 0, 80), line("b", 70, 30, 300)], [["a"], ["b"]], id="not in line"),
        pytest.param([*LEFT, *RIGHT], [["l0", "l1", "l2"], ["r0", "r1", "r2"]], id="two columns"),
        pytest.param(
            [line("heading", 0, 0, 400), *moved([*LEFT, *RIGHT], 30)],
            [["heading"], ["l0", "l1", "l2"], ["r0", "r1", "r2"]],
            id="a heading over two columns",
        ),
        pytest.param(
            [*LEFT, *RIGHT, line("footer", 0, 90, 400)],
            [["l0", "l1", "l2"], ["r0", "r1", "r2"], ["footer"]],
            id="a line under two columns",
        ),
        pytest.param(
            [*LEFT, *moved(RIGHT, 10)], [["l0", "l1", "l2"], ["r0", "r1", "r2"]], id="columns that do not stand level"
        ),
        pytest.param(
            [line("a", 0, 0), line("b", 200, 0), line("c", 0, 300), line("d", 200, 300)],
            [["a"], ["b"], ["c"], ["d"]],
            id="signs in two rows",
        ),
        pytest.param(
            [line("a", 0, 0), line("b", 300, 0), line("c", 0, 50), line("d", 300, 50)],
            [["a"], ["c"], ["b"], ["d"]],
            id="signs in two columns",
        ),
        pytest.param([line("ok", 0, 4), line("so", 115, 0)], [["ok"], ["so"]], id="side by side, not quite level"),
        pytest.param([line("שלום", 200, 0), line("עולם", 0, 0)], [["שלום"], ["עולם"]], id="from right to left"),
    ],
)  # fmt: skip
def test_reading_order(lines, expected):
    assert said(blocks(lines)) == expected
    for seed in range(5):
        shuffled = random.Random(seed).sample(lines, len(lines))
        assert said(blocks(shuffled)) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        pytest.param([line("Marina", 0, 0), line("Square", 106, 0)], ["Marina Square"], id="side by side"),
        pytest.param([line("Square", 106, 0), line("Marina", 0, 0)], ["Marina Square"], id="in another order"),
        pytest.param([line("a", 0, 0), line("b", 105, 2), line("c", 210, 1)], ["a b c"], id="three"),
        pytest.param([line("a", 0, 0), line("b", 96, 0)], ["a b"], id="boxes that overlap a little"),
        pytest.param([line("a", 0, 0), line("b", 113, 0)], ["a", "b"], id="a gap"),
        pytest.param([line("a", 0, 0), line("b", 105, 10)], ["a", "b"], id="not level"),
        pytest.param([line("a", 0, 0), line("b", 105, -10, 100, 40)], ["a", "b"], id="another size"),
        pytest.param([line("a", 0, 0), line("b", 0, 22)], ["a", "b"], id="one under the other"),
        pytest.param([line("縦書", 0, 0, 20, 40), line("文字", 25, 0, 20, 40)], ["縦書", "文字"], id="written downwards"),
        pytest.param([line("東京", 0, 0, 40), line("都", 42, 0, 20)], ["東京都"], id="without a blank"),
        pytest.param([turned(line("up", 0, 0), -30), turned(line("hill", 105, 0), -30)], ["up hill"], id="slanted"),
        pytest.param([line("a", 0, 0), turned(line("b", 105, 0), 20)], ["a", "b"], id="of two directions"),
    ],
)
def test_words_of_one_line(words, expected):
    assert [one.text for one in joined(words)] == expected


def test_a_line_goes_around_its_words_and_is_as_sure_as_the_least_sure():
    (one,) = joined([line("Marina", 0, 0, score=0.9), line("Square", 106, 1, score=0.7)])
    assert one.score == 0.7
    assert one.polygon == ((0, 0), (206, 1), (206, 21), (0, 20))


def test_sizes_of_a_line():
    one = turned(line("slanted", 0, 0), 30)
    assert (one.height, one.length, one.area) == pytest.approx((20, 100, 2000))
    assert line("upright", 3, 4).frame == (3, 4, 103, 24)


@given(st.lists(st.tuples(st.integers(0, 300), st.integers(0, 300), st.integers(1, 200), st.integers(1, 60)), max_size=30))
def test_every_line_is_read_once(corners):
    lines = [line(f"w{n}", *one) for n, one in enumerate(corners)]
    words = sorted(word for block in blocks(lines) for one in block for word in one.text.split())
    assert words == sorted(one.text for one in lines)


def test_a_page_of_a_thousand_lines():
    lines = [line(f"{column}.{n}", 150 * column, 25 * n) for n in range(250) for column in range(4)]
    found = said(blocks(lines))
    assert [block[0] for block in found] == ["0.0", "1.0", "2.0", "3.0"]
    assert [len(block) for block in found] == [250] * 4
