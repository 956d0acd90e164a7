"""Loads the English pipeline: the one that ships, or any of spaCy's own by name.

Only what both give is used: fine tags (`tag_`), parts of speech (`pos_`), lemmas and ClearNLP-style dependencies.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from fusion.errors import ConfigError
from fusion.language.word_class import with_word_classes

if TYPE_CHECKING:
    from spacy.language import Language as Pipeline

EMBEDDED = Path(__file__).parent / "model"


def register() -> None:
    """Make the feature of the embedded pipeline known to spaCy, under the name that its configuration calls it by."""
    from spacy.util import registry

    registry.callbacks("fusion.word_classes.v1", func=with_word_classes)


@lru_cache(maxsize=2)
def load_pipeline(name: str = "") -> Pipeline:
    """A spaCy pipeline with tags, lemmas and dependencies; the one that ships if `name` is empty.

    Raises:
        ConfigError: it is not installed, or does not parse.
    """
    import spacy

    register()
    try:
        nlp = spacy.load(name or EMBEDDED, exclude=["ner", "senter"])
    except OSError as error:
        hint = f"install it with `python -m spacy download {name}`, or leave language.pipeline empty"
        raise ConfigError(f"language.pipeline {name!r} cannot be loaded: {str(error).split('. ')[0]}", hint=hint) from None
    if lacking := {"parser", "tagger"} - set(nlp.pipe_names):
        message = f"language.pipeline {name!r}: expected a tagger and a parser, got none of {', '.join(sorted(lacking))}"
        raise ConfigError(message, hint="name one of spaCy's English pipelines, such as en_core_web_trf")
    widen(nlp)
    return nlp


def widen(nlp: Pipeline) -> None:
    """Weights that are stored in half precision, to be small, as the single precision that is computed with."""
    for _, pipe in nlp.pipeline:
        model = getattr(pipe, "model", None)
        for node in model.walk() if model is not None else ():
            for name in node.param_names:
                if node.has_param(name) and (weights := node.get_param(name)).dtype == "float16":
                    node.set_param(name, weights.astype("float32"))
