"""How long a row takes to write and read: it happens for every picture of a data set, several times."""

from __future__ import annotations

import timeit

import msgspec

from fusion.codec import decode, encode
from fusion.facts import Box, Caption, Claim, Fact, Record

FACTS = tuple(
    Fact(id=f"boxes/{i}", kind="object", value="dining table", box=Box(i, 2.5, i + 9.25, 80), score=0.5, expert="boxes")
    for i in range(60)
)
CLAIMS = tuple(
    Claim(
        id=f"c{i}",
        kind="object",
        value="dining table",
        span=(i, i + 12),
        verdict="supported",
        confidence=0.93,
        evidence=("boxes/1", "boxes/2"),
        reason="seen by boxes with 0.93",
    )
    for i in range(100)
)
CAPTIONS = tuple(Caption(style=s, writer="template", draft="A table.", text="A table.", claims=CLAIMS) for s in ("a", "b"))
RECORD = Record(id="1", image="a.jpg", width=640, height=480, looked=("boxes",), facts=FACTS, captions=CAPTIONS)


def test_a_record_of_60_facts_and_200_claims_is_written_and_read(benchmark):
    again = benchmark(lambda: decode(encode(RECORD), Record))
    assert again == RECORD
    if benchmark.stats is not None:  # none where benchmarks are switched off
        line = encode(RECORD)
        bare = min(timeit.repeat(lambda: msgspec.json.decode(line), number=10, repeat=20)) / 10
        assert benchmark.stats.stats.min < 5 * bare, "checks cost a small multiple of parsing the JSON"
