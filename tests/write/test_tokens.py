"""Counting tokens: as CLIP's tokenizer does where it is at hand, and never too few where it is not."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion.errors import ConfigError, MissingExtra
from fusion.write.common_words import COMMON
from fusion.write.tokens import MARKS, Merges, TokenCounter, estimate, in_open_clip, most_of_word, split

SHARED = Path(os.environ.get("FUSION_SHARED", "../shared"))
PAIRS = ["d o", "do g</w>", "c a", "ca t</w>", "' s</w>", "a </w>", "Ã ¤</w>"]

GUESSES = {
    "nothing": ("", 0),
    "words that captions use": ("A dog runs in the park.", 7),
    "an ending": ("the dog's", 3),
    "digits one by one": ("2019", 4),
    "signs count each": ("?!", 2),
    "letters that have no token together": ("qj", 2),
    "three letters are two tokens at most": ("abcabc", 4),
    "bytes of other alphabets": ("日本", 6),
    "numbers that are no digits": ("x²", 3),
    "entities are one sign": ("dog &amp; cat", 3),
}


@pytest.mark.parametrize(("text", "tokens"), GUESSES.values(), ids=list(GUESSES))
def test_the_estimate(text: str, tokens: int) -> None:
    assert estimate(text) == tokens + MARKS


@given(st.text("abcqjxz", min_size=1, max_size=12))
def test_no_word_is_guessed_longer_than_its_letters(word: str) -> None:
    assert 1 <= most_of_word(word) <= len(word)
    assert most_of_word(word) <= most_of_word(word + "a") + 1


@given(st.text(max_size=30))
def test_pieces_hold_every_character_but_blanks(text: str) -> None:
    assert sorted("".join(piece for piece, _ in split(text))) == sorted("".join(text.split()))


def merges(path: Path, pairs: list[str] = PAIRS) -> Path:
    """A file of merges; compressed if its name says so."""
    data = "\n".join(["#version: 0.2", *pairs, ""]).encode()
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


COUNTS = {"dog cat": 2, "dogs": 3, "DOG's": 2, "ä": 1, "": 0, "dog &lt; cat": 3, "<start_of_text>": 1, "do-g": 4}


@pytest.mark.parametrize(("text", "tokens"), COUNTS.items(), ids=list(COUNTS))
def test_merges_are_done_in_their_order(text: str, tokens: int, tmp_path: Path) -> None:
    assert Merges(merges(tmp_path / "merges.txt")).count(text) == tokens


@pytest.mark.parametrize("name", ["merges.txt", "bpe_simple_vocab_16e6.txt.gz"])
def test_a_file_by_path(name: str, tmp_path: Path) -> None:
    counter = TokenCounter(merges(tmp_path / name))
    assert counter.exact
    assert counter.count("dog cat") == 4
    assert counter.fits("dog cat", 4)
    assert not counter.fits("dog cat", 3)


def test_a_folder_or_its_vocabulary_stands_for_the_merges_in_it(tmp_path: Path) -> None:
    merges(tmp_path / "merges.txt")
    (tmp_path / "vocab.json").write_text("{}")
    assert TokenCounter(tmp_path).count("dog") == TokenCounter(tmp_path / "vocab.json").count("dog") == 3


WRONG = {
    "not there": (None, "expected a file"),
    "empty": (b"", "two parts"),
    "no pairs": (b"#version\nabc\n", "two parts"),
    "no text": (b"\xff\xfe\xff", "cannot be read"),
    "cut": (gzip.compress(b"#version\na b\n")[:-9], "cannot be read"),
}


@pytest.mark.parametrize(("data", "message"), WRONG.values(), ids=list(WRONG))
def test_what_is_no_tokenizer_is_refused(data: bytes | None, message: str, tmp_path: Path) -> None:
    if data is not None:
        (tmp_path / "t.txt").write_bytes(data)
    with pytest.raises(ConfigError, match=message):
        TokenCounter(tmp_path / "t.txt")


def test_without_the_library_a_tokenizer_json_says_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tokenizers", None)
    (tmp_path / "tokenizer.json").write_text("{}")
    with pytest.raises(MissingExtra, match="tokenizers is not installed") as error:
        TokenCounter(tmp_path / "tokenizer.json")
    assert "pip install 'caption-fusion[captioner]'" in error.value.hint


def test_without_a_tokenizer_it_guesses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fusion.write.tokens.find_spec", lambda name: None)
    counter = TokenCounter()
    assert not counter.exact
    assert counter.count("A dog.") == estimate("A dog.")


real = pytest.mark.skipif(in_open_clip() is None, reason="open_clip is not installed")


@pytest.mark.models
@real
def test_the_wheel_is_found_without_importing_it() -> None:
    code = "import sys; from fusion.write.tokens import *; print(TokenCounter().count('A dog.'), 'torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "5 False\n"


def texts() -> list[str]:
    """Captions of people and models, alt-text, and the words of the lexicon."""
    found = []
    for name in ("coco_captions", "model_captions", "alt_text"):
        file = SHARED / "data" / f"{name}.jsonl"
        if not file.is_file():
            pytest.skip("FUSION_SHARED has no captions")
        rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()[::5]]
        found += [row[key] for row in rows for key in ("caption", "alt_text") if row.get(key)]
    return [*found, *COMMON, "5t'ſ qw", "x² Ⅳ ½ é ﬁ … “so” ’tis _a_ <end_of_text> &amp;amp; ａｂ क़"]


@pytest.mark.models
@real
def test_it_counts_as_clip_does_and_never_guesses_too_few() -> None:
    tokenizer = pytest.importorskip("open_clip").tokenizer.SimpleTokenizer()
    counter, all_texts = TokenCounter(), texts()
    right = [len(tokenizer.encode(text)) + MARKS for text in all_texts]
    assert [counter.count(text) for text in all_texts] == right
    assert [text for text, tokens in zip(all_texts, right, strict=True) if estimate(text) < tokens] == []
    assert [word for word in COMMON if len(tokenizer.encode(word)) != 1] == []


@pytest.mark.models
@real
def test_a_tokenizer_json_counts_the_same(tmp_path: Path) -> None:
    tokenizers = pytest.importorskip("tokenizers")
    pairs = [("d", "o"), ("do", "g</w>")]
    vocabulary = {symbol: n for n, symbol in enumerate(["d", "o", "g</w>", "do", "dog</w>", "o</w>"])}
    model = tokenizers.models.BPE(vocab=vocabulary, merges=pairs, end_of_word_suffix="</w>")
    tokenizers.Tokenizer(model).save(str(tmp_path / "tokenizer.json"))
    assert TokenCounter(tmp_path / "tokenizer.json").count("dog") == 1 + MARKS
    (tmp_path / "tokenizer.json").write_text("{}")
    with pytest.raises(ConfigError, match=r"expected a tokenizer\.json"):
        TokenCounter(tmp_path / "tokenizer.json")
