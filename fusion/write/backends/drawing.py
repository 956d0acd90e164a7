"""How each request of a batch gets its own draws, its own limit and its own stops from a generator that knows only batches."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from fusion.write.backends import layout
from fusion.write.backends.protocol import Request

LEAST = math.log(0.05)
"""A token is drawn only if it is at least a twentieth as likely as the likeliest ("min-p", Nguyen et al. 2024)."""

MORE = 8
"""Tokens looked at beyond those that a stop could be made of: one sign may take four, and marks write nothing."""


class Draws:
    """Scores of tokens into scores whose largest is a draw at the request's temperature; 0 leaves them as they are.

    The largest of the scores plus Gumbel noise is a draw from their softmax (Gumbel-max), so a generator that takes the largest
    serves greedy and drawn requests at the same time. The noise of a request comes from a generator of its own seed.
    """

    def __init__(self, torch: Any, requests: Sequence[Request]) -> None:
        self._torch = torch
        drawn = [(i, request) for i, request in enumerate(requests) if request.temperature > 0]
        self._rows = [(i, one.temperature, torch.Generator().manual_seed(one.seed % (1 << 63))) for i, one in drawn]

    def __call__(self, _: Any, scores: Any) -> Any:
        """Scores of shape (requests, tokens of the vocabulary)."""
        if not self._rows:
            return scores
        made = scores.float().clone()
        for i, temperature, generator in self._rows:
            below = made[i] - made[i].max()
            noise = -self._torch.empty(below.shape).exponential_(generator=generator).log().to(below.device)
            made[i] = (below / temperature + noise).masked_fill(below < LEAST, -math.inf)
        return made


class Ends:
    """Ends a row at its request's limit or behind one of its stops; `lengths` are the tokens written by then, 0 while it goes on.

    `begin`: the place in a row where the reply begins.
    """

    def __init__(self, torch: Any, tokenizer: Any, requests: Sequence[Request], begin: int) -> None:
        self._torch, self._tokenizer, self._requests, self._begin = torch, tokenizer, requests, begin
        self.lengths = [0] * len(requests)

    def __call__(self, rows: Any, _: Any, **__: Any) -> Any:
        """For each row, whether it is at its end; rows are of shape (requests, tokens so far)."""
        written = rows.shape[1] - self._begin
        for i, request in enumerate(self._requests):
            if not self.lengths[i] and (written >= request.max_tokens or self._stopped(rows[i], request)):
                self.lengths[i] = written
        return self._torch.tensor([length > 0 for length in self.lengths], device=rows.device)

    def _stopped(self, row: Any, request: Request) -> bool:
        if not request.stop:
            return False
        tail = max(4 * len(stop) for stop in request.stop) + MORE
        text = self._tokenizer.decode(row[self._begin :][-tail:].tolist(), skip_special_tokens=True)
        return layout.cut(text, request.stop)[1]
