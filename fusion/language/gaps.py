"""Parses a text without its titles, and puts blanks where they stood, so that every place in the parse is one in the text."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import TYPE_CHECKING

from fusion.language.titles import ENDS, Title

if TYPE_CHECKING:
    from spacy.tokens import Doc


def cut_out(text: str, titles: Sequence[Title]) -> tuple[str, list[tuple[int, int]]]:
    """The text without its titles and the blank in front of each; and where its pieces begin, in it and in the text."""
    if not titles:
        return text, [(0, 0)]
    kept, places, end, length = [], [], 0, 0
    for title in titles:
        start = title.whole[0] - text[end : title.whole[0]].endswith(" ")
        apart = (
            " " if start and text[title.whole[1] : title.whole[1] + 1].strip() not in ENDS else ""
        )  # words must not grow together
        kept.append(text[end:start] + apart)
        places.append((length, end))
        length += start - end + len(apart)
        end = title.whole[1]
    behind = end + (not length and text[end : end + 1] == " ")  # a title in front takes the blank behind it along
    places.append((length, behind))
    return "".join([*kept, text[behind:]]), places


def filled(doc: Doc, places: Sequence[tuple[int, int]], length: int) -> Doc:
    """The parse with blanks where something was cut out, `length` code points in all."""
    from spacy.tokens import Doc as Made

    starts = [start for start, _ in places]

    def there(offset: int) -> int:
        start, origin = places[bisect_right(starts, offset) - 1]
        return origin + offset - start

    words: list[str] = []
    spaces: list[bool] = []
    homes: list[int | None] = []  # the token that each word was, None for blanks
    end = 0
    for token in doc:
        gap = there(token.idx) - end
        add_gap(words, spaces, homes, gap)
        words.append(token.text)
        spaces.append(False)
        homes.append(token.i)
        end += gap + len(token.text)
    add_gap(words, spaces, homes, length - end)
    place = {home: n for n, home in enumerate(homes) if home is not None}
    tokens = [doc[home] if home is not None else None for home in homes]
    heads = [place[token.head.i] if token is not None else nearest(n, homes) for n, token in enumerate(tokens)]
    return Made(
        doc.vocab,
        words=words,
        spaces=spaces,
        tags=["_SP" if token is None else token.tag_ for token in tokens],
        pos=["SPACE" if token is None else token.pos_ for token in tokens],
        morphs=["" if token is None else str(token.morph) for token in tokens],
        lemmas=[words[n] if token is None else token.lemma_ for n, token in enumerate(tokens)],
        heads=heads,
        deps=["dep" if token is None else token.dep_ for token in tokens],
    )


def add_gap(words: list[str], spaces: list[bool], homes: list[int | None], gap: int) -> None:
    """What lies between two tokens: nothing, a blank behind the first, or a token of blanks."""
    if gap and words:
        spaces[-1] = True
        gap -= 1
    if gap:
        words.append(" " * gap)
        spaces.append(False)
        homes.append(None)


def nearest(place: int, homes: Sequence[int | None]) -> int:
    """The token in front of blanks; the one behind where they come first."""
    before = next((n for n in range(place - 1, -1, -1) if homes[n] is not None), None)
    return before if before is not None else next(n for n in range(place + 1, len(homes)) if homes[n] is not None)
