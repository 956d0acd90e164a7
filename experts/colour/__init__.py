"""States the colours of things, and whether the photo is black and white, dark or bright, upright or wide, from its pixels.

Library: Pillow and numpy. Licence: Apache-2.0. Colours are named by the ISCC-NBS system (see `experts.colour.naming`).
"""

from __future__ import annotations

from typing import ClassVar

from experts.colour.things import SMALLEST, colours_of
from experts.colour.whole import styles
from fusion.errors import ConfigError, ExpertError
from fusion.expert import Card, Expert
from fusion.facts import Fact, Sample


class Colour(Expert):
    """The colour of each object that experts before it gave a box, and the style of the whole picture.

    A colour is stated of which a thing has more than `share` of its pixels (at least .5, so that no two do, and under 1).
    Where its fact carries a mask (`data["mask"]` or `data["polygon"]`, see `experts.colour.masks`) these are the pixels of the
    mask; else those of the central part of the box, of which such as are coloured like what lies around the box count less.
    `smallest` is the shorter side in pixels under which a box is passed over. No colours are stated of people, whose boxes
    show their clothes, of crowds, of what is mostly behind other things, nor in a picture without colours.

    Raises:
        ConfigError: an option is out of range.
    """

    automatic: ClassVar[bool] = True
    # Colours of things, measured on 260 photos of COCO val2017 with the boxes that people drew: of 47 things that are the
    # only one of their class and whose colour a caption names, it states a colour for 18, for 11 as the caption says, for 3 a
    # neighbouring term (grey for white). The thresholds were chosen among many settings on these same 47 boxes, so the figures
    # are upper bounds: expect less on other photos. Since then the frame around a box counts as background: on 49 such things,
    # found by a simpler search in the captions, that changed 10 of 18 right to 11 of 20. Masks were measured on drawings only.
    # Styles: of those photos it calls 7 black and white, and all are; the 5 that captions call so are among them. Whether
    # people would call a photo dark or bright was not measured. It is silent in doubt, so the vocabulary is empty.
    card = Card(
        sees=("attribute", "style"),
        vocabulary=(),
        precision={
            "attribute": 0.6,
            "style": 0.8,
            "style:black and white photo": 0.97,
            "style:landscape format": 0.99,
            "style:portrait format": 0.99,
            "style:square format": 0.99,
        },
        recall={"attribute": 0.23, "style": 0.0},
        version="2, ISCC-NBS",
    )

    def __init__(self, share: float = 0.5, smallest: int = SMALLEST) -> None:
        if not 0.5 <= share < 1:
            hint = (
                "a colour is stated of which a thing has more than that: no thing has more than all, two can have less than half"
            )
            raise ConfigError(f"share: expected at least .5 and under 1, got {share}", hint=hint)
        if smallest < 1:
            raise ConfigError(f"smallest: expected at least 1 pixel, got {smallest}")
        self._share, self._smallest = share, smallest

    def look(self, sample: Sample) -> list[Fact]:
        """Facts of kind style for the whole picture, then one attribute for each thing that has a clear colour.

        Raises:
            ExpertError: there is no picture.
        """
        if sample.image is None:
            raise ExpertError(f"expected a picture of {sample.id!r}, got none", hint="colours are seen in pixels only")
        image = sample.image.convert("RGB")
        found, has_colours = styles(image)
        return found + (colours_of(sample.facts, image, self._share, self._smallest) if has_colours else [])
