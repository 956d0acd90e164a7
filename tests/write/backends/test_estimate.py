"""The estimate of tokens is never under the real count for the texts that prompts are made of."""

from __future__ import annotations

import json
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion.write.backends.estimate import TEMPLATE, TURN, prompt_tokens, text_tokens
from fusion.write.backends.protocol import Message

COUNTED = [
    pytest.param("", 0, id="nothing"),
    pytest.param("a", 1, id="a letter"),
    pytest.param("dog", 1, id="a short word"),
    pytest.param("dogs", 2, id="a longer one"),
    pytest.param("A dog.", 3, id="a sentence"),
    pytest.param("NASA", 2, id="capitals"),
    pytest.param("DogCat", 2, id="two words in one"),
    pytest.param("2019", 4, id="digits one by one"),
    pytest.param("in 2019", 6, id="a digit after a space"),
    pytest.param("a   b", 4, id="several spaces"),
    pytest.param("a\n\nb", 4, id="line breaks"),
    pytest.param("é", 2, id="two bytes"),
    pytest.param("写真", 6, id="six bytes"),
    pytest.param("😀", 4, id="four bytes"),
    pytest.param("\ud800", 3, id="half a pair"),
]


@pytest.mark.parametrize(("text", "tokens"), COUNTED)
def test_what_counts(text, tokens):
    assert text_tokens(text) == tokens


def test_a_prompt_counts_its_template():
    messages = (Message("system", "Be brief."), Message("user", "A dog"))
    assert prompt_tokens(messages) == TEMPLATE + 2 * TURN + 4 + 2
    assert prompt_tokens(()) == TEMPLATE


@given(text=st.text(), more=st.text())
def test_more_text_takes_more(text, more):
    assert text_tokens(text + "\n" + more) >= text_tokens(text)
    assert text_tokens(text) <= len(text.encode("utf-8", "surrogatepass"))


def texts(shared):
    """Texts as prompts hold them: captions, alt-texts of the web, lists of facts, pages."""
    with (shared / "data" / "coco_captions.jsonl").open(encoding="utf-8") as lines:
        yield from (json.loads(line)["caption"] for line in islice(lines, 150))
    with (shared / "data" / "alt_text.jsonl").open(encoding="utf-8") as lines:
        for line in islice(lines, 150):
            row = json.loads(line)
            yield row["alt_text"]
            yield row["other_fused"]
    with (shared / "data" / "coco_evidence.jsonl").open(encoding="utf-8") as lines:
        for line in islice(lines, 15):
            facts = json.loads(line)["facts"]
            yield "\n".join(f"f{n} {fact['kind']} {fact['value']} {fact['box']}" for n, fact in enumerate(facts))


@pytest.mark.models
def test_real_tokenizers_need_no_more(shared):
    open_clip = pytest.importorskip("open_clip")
    encode = open_clip.tokenizer.SimpleTokenizer().encode
    real = {text: len(encode(text)) for text in texts(shared)}
    assert [text for text in real if real[text] > prompt_tokens([Message("user", text)])] == []
    total = sum(real.values())
    assert total < sum(map(text_tokens, real)) < 2 * total
