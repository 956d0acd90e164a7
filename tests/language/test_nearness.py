"""Embeddings as a second opinion on how alike nouns are."""

from __future__ import annotations

from pathlib import Path

import pytest

from fusion import lexicon
from fusion.errors import ConfigError
from fusion.language.nearness import Nearness


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"expected a folder, got .*nowhere"):
        Nearness(str(tmp_path / "nowhere"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of the real classes with random weights."""
    library = pytest.importorskip("sentence_transformers")
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizerFast

    here = tmp_path_factory.mktemp("bert")
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "mug", "cup", "lorry"]
    (here / "vocab.txt").write_text("\n".join(words))
    BertTokenizerFast(vocab=str(here / "vocab.txt")).save_pretrained(here / "inner")
    config = BertConfig(vocab_size=len(words), hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16)
    BertModel(config).save_pretrained(here / "inner")
    inner = Transformer(str(here / "inner"))
    library.SentenceTransformer(modules=[inner, Pooling(16)], device="cpu").save(str(here / "model"))
    return here / "model"


@pytest.mark.models
def test_it_is_never_below_the_lexicon(folder: Path) -> None:
    near = Nearness(str(folder))
    for one, other in (("mug", "cup"), ("mug", "lorry"), ("dog", "cat")):
        assert lexicon.likeness(one, other) <= near(one, other) <= 1.0
    assert near("mug", "mug") == pytest.approx(1.0)


@pytest.mark.models
def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    pytest.importorskip("sentence_transformers")
    (tmp_path / "config.json").write_text("{")
    with pytest.raises(ConfigError, match="cannot be loaded"):
        Nearness(str(tmp_path))
