"""How long a view with one caption takes, beside reading its record's row: a training loop does both for each picture."""

from __future__ import annotations

import timeit

from fusion.codec import decode, encode
from fusion.facts import Box, Caption, Claim, Fact, Record
from fusion.views import view

NOUNS = ("dog", "cat", "bench", "car", "bird")
FACTS = tuple(
    Fact(id=f"f{n}", kind="object", value=NOUNS[n % 5], expert="e", box=Box(n * 30, n * 20, n * 30 + 40, n * 20 + 60))
    for n in range(20)
)
TEXT = "There are four dogs, four cats, a bench, a car and a bird. The car is to the left of the bird."


def claims() -> tuple[Claim, ...]:
    """The claims of the text, each resting on the facts of its noun."""
    known = {noun: tuple(f.id for f in FACTS if f.value == noun) for noun in NOUNS}
    found = []
    for noun in ("dog", "cat"):
        start = TEXT.index(f"four {noun}")
        found.append(Claim(id=f"n {noun}", kind="count", value=noun, span=(start, start + 4), number=4, about=noun,
                           evidence=known[noun], verdict="supported"))  # fmt: skip
    for noun in NOUNS:
        many = noun in {"dog", "cat"}
        span = (TEXT.index(noun), TEXT.index(noun) + len(noun) + many)
        found.append(Claim(id=noun, kind="object", value=noun, span=span, number=2 if many else None, at_least=many,
                           evidence=known[noun] if many else known[noun][:1], verdict="supported"))  # fmt: skip
    start = TEXT.index("to the left of")
    found.append(Claim(id="r", kind="relation", value="to left of", span=(start, start + 14), about="car", to="bird",
                       evidence=("f3", "f4"), verdict="supported"))  # fmt: skip
    return tuple(found)


RECORD = Record(
    id="r", width=640, height=480, looked=("e",), facts=FACTS,
    captions=tuple(Caption(style=f"s{n}", writer="w", draft=TEXT, text=TEXT, claims=claims()) for n in range(5)),
)  # fmt: skip
CROPS = ((0, 0, 320, 480), (100, 50, 500, 400), (200, 0, 640, 480), (0, 0, 640, 240))


def seen() -> list[str]:
    """Four crops, mirrored, and what one caption of five says in each."""
    made = [view(RECORD, crop=crop, flip=True).caption(n) for n, crop in enumerate(CROPS)]
    return [caption.text for caption in made if caption is not None]


def test_views_with_a_caption(benchmark):
    texts = benchmark(seen)
    assert len(texts) == len(CROPS)
    assert TEXT not in texts
    if benchmark.stats is not None:  # none where benchmarks are switched off
        line = encode(RECORD)
        reading = min(timeit.repeat(lambda: decode(line, Record), number=20, repeat=20)) / 20
        assert benchmark.stats.stats.min / 4 < 40 * reading, (
            "a view costs tens of microseconds for each that reading its row takes"
        )
