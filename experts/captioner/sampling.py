"""Picks words at random, the same ones for the same picture and seed, whatever else is in the batch.

Library: torch (BSD-3-Clause).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from PIL.Image import Image


class SeededSampling:
    """A logits processor for greedy search that draws each row's next token with a generator of the row's own.

    The Gumbel-max trick: the largest of scores plus Gumbel noise is a draw from their softmax. torch's own sampling takes all
    rows from one stream, so that a row depends on those before it. `temperature` over 0 divides the scores; of the tokens
    only the likeliest are kept whose probabilities come to `top_p` (0..1] together. Noise is drawn on the CPU, where it is the
    same on every machine.
    """

    def __init__(self, torch: Any, seeds: Sequence[int], temperature: float, top_p: float) -> None:
        self._torch = torch
        self._temperature, self._top_p = temperature, top_p
        self._generators = [torch.Generator().manual_seed(seed) for seed in seeds]

    def __call__(self, input_ids: Any, scores: Any) -> Any:
        """Scores (rows × words) of which the largest is the drawn one."""
        scaled = _likeliest(self._torch, scores.float() / self._temperature, self._top_p)
        drawn = [self._torch.empty(scores.shape[-1]).exponential_(generator=one) for one in self._generators]
        noise = -self._torch.stack(drawn).clamp_min(1e-30).log()
        return scaled + noise.to(scores.device)


def _likeliest(torch: Any, scores: Any, top_p: float) -> Any:
    if top_p >= 1:
        return scores
    ordered, places = scores.sort(dim=-1, descending=True)
    before = ordered.softmax(dim=-1).cumsum(dim=-1) - ordered.softmax(dim=-1)
    ordered = ordered.masked_fill(before >= top_p, -torch.inf)
    return torch.empty_like(scores).scatter(-1, places, ordered)


def seed_of(image: Image, seed: int, number: int) -> int:
    """The seed for one candidate of one picture, 63 bits: by its pixels, not by its name or its place in the batch."""
    digest = hashlib.sha256(f"{seed}/{number}/{image.width}x{image.height}\0".encode())
    digest.update(image.tobytes())
    return int.from_bytes(digest.digest()[:8], "big") >> 1
