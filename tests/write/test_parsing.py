"""Reading replies: lists of captions as JSON, whole and cut, a judge's choice, questions with answers."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from growth import STEADY, growth
from hypothesis import given
from hypothesis import strategies as st

from fusion.write.parsing import pairs_as_lines, read_captions, read_choice, read_json, read_pairs

WHOLE = '{"captions": [{"n": 1, "text": "A dog."}, {"n": 2, "text": "A cat \\"Rex\\"."}]}'
BOTH = {1: "A dog.", 2: 'A cat "Rex".'}

CAPTIONS = {
    "as asked": (WHOLE, BOTH, set(), False),
    "in a code fence": (f"```json\n{WHOLE}\n```", BOTH, set(), False),
    "in prose": (f"Here you go [1]: {WHOLE} I hope {{this}} helps!", BOTH, set(), False),
    "the list alone": ('[{"n": 1, "text": "A dog."}, {"n": 2, "text": "A cat."}]', {1: "A dog.", 2: "A cat."}, set(), False),
    "strings": ('["A dog.", "A cat."]', {1: "A dog.", 2: "A cat."}, set(), False),
    "too few strings": ('{"captions": ["A dog."]}', {}, set(), False),
    "numbers as keys": ('{"1": "A dog.", "2": "A cat."}', {1: "A dog.", 2: "A cat."}, set(), False),
    "one object": ('{"n": 2, "text": "A cat."}', {2: "A cat."}, set(), False),
    "one is missing": ('{"captions": [{"n": 2, "text": "A cat."}]}', {2: "A cat."}, set(), False),
    "one too many": ('{"captions": [{"n": 1, "text": "A dog."}, {"n": 3, "text": "A cow."}]}', {1: "A dog."}, set(), False),
    "one twice": ('{"captions": [{"n": 1, "text": "A dog."}, {"n": 1, "text": "A cow."}]}', {1: "A dog."}, set(), False),
    "another type": ('{"captions": [{"n": 1, "text": 7}, {"n": "2", "text": "A cat."}]}', {}, set(), False),
    "a line break in a string": ('{"captions": [{"n": 1, "text": "A\ndog."}]}', {1: "A\ndog."}, set(), False),
    "cut between captions": ('{"captions": [{"n": 1, "text": "A dog."}', {1: "A dog."}, set(), True),
    "cut behind a comma": ('{"captions": [{"n": 1, "text": "A dog."},', {1: "A dog."}, set(), True),
    "cut in a key": ('{"captions": [{"n": 1, "text": "A dog."}, {"n": 2, "te', {1: "A dog."}, set(), True),
    "cut behind a key": ('{"captions": [{"n": 1, "text": "A dog."}, {"n": 2, "text":', {1: "A dog."}, set(), True),
    "cut in a caption": (
        '{"captions": [{"n": 1, "text": "A dog."}, {"n": 2, "text": "A cat on', {1: "A dog.", 2: "A cat on"}, {2}, True),
    "cut in an escape": ('{"captions": [{"n": 1, "text": "A sign \\', {1: "A sign "}, {1}, True),
    "cut after prose": ('Sure:\n```json\n{"captions": [{"n": 1, "text": "A dog."}, ', {1: "A dog."}, set(), True),
    "brackets that do not match": ('{"captions": [{"n": 1, "text": "A dog."}}', {1: "A dog."}, set(), False),
    "prose": ("A dog and a cat.", {}, set(), False),
    "nothing": ("", {}, set(), False),
    "keys that only look like numbers": ('{"²": "A dog.", "2": "A cat.", "③": "A cow."}', {2: "A cat."}, set(), False),
    "a key of thousands of digits": ('{"%s": "A dog."}' % ("1" * 5000), {}, set(), False),
    "a number of thousands of digits": ('{"captions": [{"n": %s, "text": "A dog."}]}' % ("1" * 5000), {}, set(), False),
    "only a number": ("[1]", {}, set(), False),
}  # fmt: skip


@pytest.mark.parametrize(("reply", "captions", "cut", "mended"), CAPTIONS.values(), ids=list(CAPTIONS))
def test_a_list_of_captions(reply: str, captions: dict[int, str], cut: set[int], mended: bool) -> None:
    found = read_captions(reply, 2)
    assert (found.captions, set(found.open), found.mended) == (captions, cut, mended)
    assert bool(found.problem) == (not captions)


TEXTS = st.lists(st.text(max_size=20), min_size=1, max_size=4)


def test_a_caption_cut_in_front_of_its_first_letter_is_open() -> None:
    found = read_captions('{"captions": [{"n": 1, "text": "A dog."}, {"n": 2, "text": "', 2)
    assert found.captions[1] == "A dog."
    assert 1 not in found.open
    assert 2 in found.open or 2 not in found.captions


@given(TEXTS, st.data(), st.booleans())
def test_captions_that_were_whole_before_the_cut_are_kept(texts: list[str], data: st.DataObject, ascii_only: bool) -> None:
    listed = [{"n": n, "text": text} for n, text in enumerate(texts, 1)]
    reply = json.dumps({"captions": listed}, ensure_ascii=ascii_only)
    end = data.draw(st.integers(0, len(reply)))
    found = read_captions(reply[:end], len(texts))
    parts = [
        reply.find(json.dumps(one, ensure_ascii=ascii_only)) + len(json.dumps(one, ensure_ascii=ascii_only)) for one in listed
    ]
    whole = {n for n, place in enumerate(parts, 1) if place <= end}
    assert whole - {n for n in whole if texts.count(texts[n - 1]) > 1} <= set(found.captions)
    assert all(found.captions[n] == texts[n - 1] for n in found.captions if n not in found.open)


@given(st.text(alphabet='[]{}",:\\ an1²٣') | st.text(st.characters()))
def test_no_text_breaks_the_readers(text: str) -> None:
    read_captions(text, 3)
    read_choice(text, 3)
    with suppress(ValueError):
        read_pairs(text)


@pytest.mark.parametrize("piece", ["[", '{"a":', "[1,", "2 is the best ", "so, ", " ", "\n", "{,"], ids=repr)
def test_readers_take_no_time_over_long_nonsense(piece: str) -> None:
    def read(size: int) -> None:
        text = piece * (size // len(piece))
        read_captions(text, 3)
        read_choice(text, 3)

    assert growth(read, 10_000) < STEADY


def test_deep_nesting_is_no_json() -> None:
    with pytest.raises(ValueError, match="not valid JSON"):
        read_json("[" * 100_000)


@pytest.mark.parametrize(
    ("text", "value", "cut"),
    [
        pytest.param('{"a": [1, 2', {"a": [1, 2]}, True, id="a list of numbers"),
        pytest.param('see [x] {"a": 1}', {"a": 1}, False, id="brackets that are none"),
        pytest.param('{"a": {"b": "c"}} {"d": 1}', {"a": {"b": "c"}}, False, id="the first of two"),
    ],
)
def test_json_anywhere(text: str, value: Any, cut: bool) -> None:
    assert read_json(text) == (value, cut)


@pytest.mark.parametrize(
    ("reply", "choice"),
    [
        pytest.param("2", 1, id="a number"),
        pytest.param(" **3** ", 2, id="in bold"),
        pytest.param("Caption 2.", 1, id="with a word"),
        pytest.param("2. A dog lies on a sofa.", 1, id="with the caption"),
        pytest.param("2 because 1 names a cat and 3 is vague", 1, id="reasons behind"),
        pytest.param("Caption 1 names a cat. The best caption is number 3.", 2, id="reasons in front"),
        pytest.param("Answer: 1", 0, id="an answer"),
        pytest.param('1. "2 is the best"', 0, id="a candidate that speaks of another"),
        pytest.param('1. "So, 2."\n2. "A dog."\nThe best is 1.', 0, id="all candidates, then a choice"),
        pytest.param('1. "The best is 2."\n2. "A dog."', None, id="all candidates and no choice"),
        pytest.param('The best is "2. A dog."', 1, id="a quoted row"),
        pytest.param("4", None, id="one that is none"),
        pytest.param("0", None, id="zero"),
        pytest.param("1. A dog.\n2. A cat.\n3. A cow.", None, id="all of them"),
        pytest.param("1 or 2", None, id="one of two"),
        pytest.param("Caption 2 is the best. Caption 1 is wrong.", 1, id="another one condemned behind"),
        pytest.param("Caption 1 is wrong, so caption 2 is the best.", 1, id="another one condemned in front"),
        pytest.param("2 is best because 1 names a cat.", 1, id="is best"),
        pytest.param("The best answer cannot be 3, so 2.", 1, id="cannot be"),
        pytest.param("2 is not the best.", None, id="not the best"),
        pytest.param("I don't think that 2 is the best.", None, id="doubted"),
        pytest.param("Caption 2 isn't the best. Caption 3 is the best.", 2, id="not that one but this"),
        pytest.param("The best: 1? No, 3 is the best.", None, id="two verdicts"),
        pytest.param("The best is 1 or 2.", None, id="a verdict on two"),
        pytest.param("The best 2 captions are 1 and 3", None, id="a number that counts"),
        pytest.param("I choose caption 2 over 1.", 1, id="chosen over another"),
        pytest.param("The best caption is **2**", 1, id="a verdict in bold"),
        pytest.param("2\nThe others have errors.", 1, id="alone on its line"),
        pytest.param("Caption 3 (the one with the dog) is the best", 2, id="the only one named"),
        pytest.param("Caption 1 is wrong.", None, id="the only one named is condemned"),
        pytest.param("All 3 are good.", None, id="a number of all"),
        pytest.param("²", None, id="a digit that is none"),
        pytest.param("9" * 5000, None, id="thousands of digits"),
        pytest.param("They are all good.", None, id="none"),
        pytest.param("", None, id="nothing"),
    ],
)
def test_a_choice(reply: str, choice: int | None) -> None:
    assert read_choice(reply, 3) == choice


def test_pairs() -> None:
    reply = (
        '{"pairs": [{"question": "What  is there?", "answer": "A\\ndog."}, {"question": "What is there?", "answer": "A cat."},'
        ' {"question": "A dog", "answer": "Yes."}, {"question": "Where?", "answer": " "}, {"question": "How many?"}, 7]}'
    )
    pairs = read_pairs(reply)
    assert pairs == [("What is there?", "A dog.")]
    assert pairs_as_lines(pairs) == "Q: What is there? A: A dog."


@pytest.mark.parametrize("reply", ["A dog.", '{"pairs": []}', '{"pairs": {"question": "What?"}}', "[]"])
def test_no_pairs(reply: str) -> None:
    with pytest.raises(ValueError, match=r"it was not valid JSON|no question with an answer"):
        read_pairs(reply)
