"""Numbers and quantities."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion import lexicon

EXACT = {
    "two": 2, "2": 2, "a dozen": 12, "couple": 2, "a pair of": 2, "twenty-one": 21, "one hundred and five": 105,
    "1,000": 1000,
    "two dozen": 24, "half a dozen": 6, "both": 2, "twelve": 12, "zero": 0, "two thousand": 2000, "Three": 3,
    "only two": 2,
}  # fmt: skip
AT_LEAST = {
    "several": 3, "many": 3, "a few": 2, "some": 2, "at least two": 2, "more than two": 3, "three or more": 3,
    "dozens of": 24,
    "a lot of": 3, "multiple": 2, "over ten": 11, "10+": 10,
}  # fmt: skip


@pytest.mark.parametrize(("phrase", "value"), EXACT.items())
def test_exact_numbers(phrase, value):
    assert lexicon.number(phrase) == value
    assert lexicon.quantity(phrase) == (value, False)


@pytest.mark.parametrize(("phrase", "value"), AT_LEAST.items())
def test_lower_bounds(phrase, value):
    assert lexicon.number(phrase) is None
    assert lexicon.quantity(phrase) == (value, True)


@pytest.mark.parametrize("phrase", ["around ten", "nearly three", "up to four", "dog", "a", "", "second"])
def test_no_number_to_check(phrase):
    assert lexicon.quantity(phrase) is None


def test_no_is_none_of_them():
    assert lexicon.quantity("no") == (0, False)


@given(st.integers(0, 10**7))
def test_number_words_are_read_back(value):
    assert lexicon.number(lexicon.number_word(value)) == value


def test_number_word_refuses_what_no_count_is():
    with pytest.raises(ValueError, match="expected 0 or more, got -1"):
        lexicon.number_word(-1)
