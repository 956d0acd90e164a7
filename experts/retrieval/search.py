"""The entries of a bank nearest to a picture: exactly by numpy, through an index where there are very many.

Library: numpy (BSD-3-Clause), usearch (Apache-2.0) for banks of more than EXACT entries.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from experts import torch_models
from experts.retrieval import stored
from fusion.errors import ExpertError

INSTALL = "pip install 'caption-fusion[retrieval]'"
EXACT = 200_000
"""Entries up to which every one is compared."""
CANDIDATES = 1024
"""Entries that the index hands over to be compared exactly."""


@dataclass(frozen=True)
class Found:
    """An entry by its place in the bank, its cosine with the picture, and its share of the softmax."""

    place: int
    similarity: float
    probability: float


def needs_index(entries: int) -> bool:
    """Are there more entries than are compared one by one?"""
    return entries > EXACT


def softmax(logits: Any) -> Any:
    """Probabilities over the last axis, in double precision."""
    import numpy as np

    powers = np.exp(logits.astype(np.float64) - logits.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


class Exact:
    """Compares every entry. `matrix` is N×D float32 with rows of length one."""

    def __init__(self, matrix: Any) -> None:
        self._matrix = matrix

    def nearest(self, queries: Any, scale: float, count: int) -> list[list[Found]]:
        """For each of the queries (rows of length one) the `count` likeliest entries, likeliest first.

        Probabilities are those of the softmax of cosine × `scale` over all entries.
        """
        import numpy as np

        places = np.arange(len(self._matrix))
        return [_best(places, row, scale, count) for row in np.asarray(queries) @ self._matrix.T]


class Indexed:
    """Compares the CANDIDATES entries that an index of usearch finds, and takes probabilities over these alone.

    The graph is built on one thread, as with several it comes out another each time; with `file` it is kept there.

    Raises:
        MissingExtra: usearch is not installed.
        ExpertError: the file is damaged, or holds another index.
        OutputError: the file cannot be written.
    """

    def __init__(self, matrix: Any, file: Path | None = None) -> None:
        self._matrix = matrix
        self._index = _restored(file, matrix) if file is not None and file.exists() else _built(matrix, file)

    def nearest(self, queries: Any, scale: float, count: int) -> list[list[Found]]:
        """As `Exact.nearest`, over the candidates."""
        import numpy as np

        found = []
        for query in np.asarray(queries):
            wanted = min(max(count, CANDIDATES), len(self._matrix))
            places = np.sort(self._index.search(query, wanted, threads=1).keys.astype(np.int64))
            found.append(_best(places, self._matrix[places] @ query, scale, count))
        return found


def _best(places: Any, similarities: Any, scale: float, count: int) -> list[Found]:
    import numpy as np

    probabilities = softmax(similarities * scale)
    count = min(count, len(places))
    cut = np.partition(similarities, -count)[-count]
    kept = np.flatnonzero(similarities >= cut)
    kept = kept[np.lexsort((kept, -similarities[kept]))][:count]  # of equals the one that stands first in the bank
    return [Found(int(places[i]), float(similarities[i]), float(probabilities[i])) for i in kept]


def library() -> Any:
    """The module of usearch.

    Raises:
        MissingExtra: it is not installed.
    """
    return torch_models.imported("usearch.index", INSTALL)


def _built(matrix: Any, file: Path | None) -> Any:
    import numpy as np

    index = library().Index(ndim=matrix.shape[1], metric="ip", dtype="f16", expansion_search=CANDIDATES)
    index.add(np.arange(len(matrix)), matrix, threads=1)
    if file is not None:
        stored.written(file, index.save)
    return index


def _restored(file: Path, matrix: Any) -> Any:
    index = stored.read(file, library().Index.restore)
    if (len(index), index.ndim) != matrix.shape:
        message = f"cache: expected an index of {len(matrix)} entries in {file.name}, got {len(index)}"
        raise ExpertError(message, hint=stored.AGAIN)
    index.expansion_search = CANDIDATES
    return index
