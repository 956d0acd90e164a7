"""Words about a picture's format: true of a crop only as far as its own width and height say."""

from __future__ import annotations

import re

from fusion.views.tokens import Draft, Sentence
from fusion.views.window import Window

SQUARE = 1.02
"""The longer side over the shorter one up to which a picture is called square."""
SHAPES = {"landscape": "portrait", "portrait": "landscape", "horizontal": "vertical", "vertical": "horizontal"}
WIDE = ("landscape", "horizontal")
FORMAT = re.compile(r"(landscape|portrait|square|horizontal|vertical)([ -](?:format|orientation))", re.IGNORECASE)


def is_format(value: str) -> bool:
    """ "Landscape format", "square-format"."""
    return FORMAT.fullmatch(value) is not None


def reshaped(value: str, window: Window) -> str:
    """A text with its words about format as the view's width and height have them."""
    return (
        FORMAT.sub(lambda found: shape(found[1], window) + found[2], value)
        if "ormat" in value or "rientation" in value
        else value
    )


def shape(word: str, window: Window) -> str:
    """The word for the view's format that goes with the one that stood there."""
    width, height = window.box.width, window.box.height
    old = word.lower()
    if max(width, height) <= min(width, height) * SQUARE:
        new = "square"
    elif old == "square":
        new = "landscape" if width > height else "portrait"
    else:
        new = old if (old in WIDE) == (width > height) else SHAPES[old]
    return new if word.islower() else new.capitalize()


def reshape(sentence: Sentence, draft: Draft, window: Window) -> None:
    """Say the format of the view in place of the picture's."""
    for n, token in enumerate(sentence.tokens):
        if n in draft.gone or sentence.quoted[n]:
            continue
        if token.lower in {"format", "orientation"} and n:
            first = sentence.tokens[n - 1]
            if is_format(f"{first.lower} {token.lower}") and shape(first.text, window) != first.text:
                draft.said[n - 1] = shape(first.text, window)
        elif "-" in token.text and reshaped(token.text, window) != token.text:
            draft.said[n] = reshaped(token.text, window)
