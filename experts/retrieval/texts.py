"""Vectors of prompts: templates filled, encoded, averaged, and kept in memory or on disk.

Library: numpy (BSD-3-Clause).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from experts import torch_models
from experts.retrieval import stored
from experts.retrieval.banks import Bank, filled
from experts.retrieval.search import Exact, Indexed, library, needs_index
from fusion import cache
from fusion.errors import ConfigError, ExpertError

PROMPTS = 256
"""Prompts that go through the model at once; half as many where memory runs out."""
LONGEST = 20_000
"""Vectors of single phrases that are kept in memory."""

Encode = Callable[[Sequence[str]], Any]


class Texts:
    """Vectors of phrases, each the mean over its templates, by `encode` (prompts to rows of length one).

    `folder` keeps those of banks, in files named by the hash of the entries, the templates and `model`, which is called for
    the model's name only then.

    Raises:
        ConfigError: the folder is a file.
    """

    def __init__(self, encode: Encode, folder: str, model: Callable[[], str]) -> None:
        self._encode = encode
        self._known: dict[tuple[str, tuple[str, ...]], Any] = {}
        self._folder = Path(folder).expanduser() if folder else None
        if self._folder is not None and self._folder.exists() and not self._folder.is_dir():
            raise ConfigError(f"cache: expected a folder, got the file {self._folder.name!r}")
        self._model = model() if folder else ""

    def searcher(self, bank: Bank) -> Exact | Indexed:
        """What finds the entries of a bank.

        Raises:
            MissingExtra: the bank has so many entries that usearch is needed, and it is not installed.
            ExpertError: a file of the cache is damaged.
            OutputError: the cache cannot be written.
        """
        many = needs_index(len(bank.entries))
        if many:
            library()
        file = self._file(bank)
        matrix = self._kept(bank, file)
        return Indexed(matrix, file.with_suffix(".usearch") if file else None) if many else Exact(matrix)

    def phrases(self, phrases: Sequence[str], templates: tuple[str, ...]) -> Any:
        """N×D float32 for phrases of claims; each is encoded once."""
        import numpy as np

        new = [phrase for phrase in dict.fromkeys(phrases) if (phrase, templates) not in self._known]
        if new:
            if len(self._known) + len(new) > LONGEST:
                self._known.clear()
                new = list(dict.fromkeys(phrases))
            self._known.update(zip([(phrase, templates) for phrase in new], self.embed(new, templates), strict=True))
        return np.stack([self._known[phrase, templates] for phrase in phrases])

    def embed(self, entries: Sequence[str], templates: Sequence[str]) -> Any:
        """N×D float32: for each entry the mean of its prompts' vectors, again of length one."""
        import numpy as np

        def run(part: Sequence[str]) -> list[Any]:
            rows = self._encode([filled(template, entry) for entry in part for template in templates])
            means = rows.reshape(len(part), len(templates), -1).mean(axis=1)
            return list(means / np.linalg.norm(means, axis=1, keepdims=True))

        return np.stack(torch_models.in_batches(run, entries, max(PROMPTS // len(templates), 1))).astype(np.float32)

    def _file(self, bank: Bank) -> Path | None:
        if self._folder is None:
            return None
        return self._folder / f"{cache.key('retrieval 1', bank.entries, bank.templates, self._model)}.npy"

    def _kept(self, bank: Bank, file: Path | None) -> Any:
        if file is None:
            return self.embed(bank.entries, bank.templates)
        if not file.exists():
            import numpy as np

            matrix = self.embed(bank.entries, bank.templates)
            stored.written(file, lambda part: np.save(part, matrix))
        return _read(file, len(bank.entries))


def _read(file: Path, entries: int) -> Any:
    import numpy as np

    matrix = stored.read(file, np.load)  # allow_pickle is off
    if matrix.ndim != 2 or len(matrix) != entries or matrix.dtype != np.float32:
        message = f"cache: expected {entries} rows of float32 in {file.name}, got {matrix.shape} of {matrix.dtype}"
        raise ExpertError(message, hint=stored.AGAIN)
    return matrix
