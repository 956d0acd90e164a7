"""How much what is known of a picture matters: what a caption names first, and what a choice of facts takes first.

One sum, `salience`, weighs a thing. The weights of area, centre and word were fitted to which of the boxes of a photo people name
(logistic regression on pairs of things, half of 1,200 photos of COCO val2017 with five captions each): on the other half the
thing that more people name comes first in 88 % of pairs, weighted by how many more, against 83 % by area, score and life alone.
How often a word is mentioned was measured on captions of both halves. The other weights are set by hand: they are smaller than
what the picture itself says.
"""

from __future__ import annotations

from math import hypot, sqrt
from typing import TYPE_CHECKING

from fusion import lexicon
from fusion.evidence.salience import mentioned, usual

if TYPE_CHECKING:
    from fusion.evidence import Evidence
    from fusion.facts import Box, Fact
    from fusion.write.material import Thing

ALIVE = {"person": 0.04, "animal": 0.05}
"""What people and animals weigh more than what is usual of their words: captions name them first."""
AREA = 0.42
"""Of the square root of the share of the picture: the side of a square, which is what eyes compare."""
CENTRE = 0.09
"""Of how near the middle it is: 1 in the middle, 0 in a corner."""
MENTIONED = 0.72
"""Of the share of captions that name such a thing where it is to be seen (`fusion.evidence.salience.mentioned`)."""
RARITY = 0.03
"""Of how seldom captions use the word (1 less `fusion.evidence.salience.usual`): of two things the less common says more."""
RELATION = 0.1
"""For each relation that it has a part in, up to three."""
ATTRIBUTE = 0.05
"""For each quality that can be said of it."""
ALT_TEXT = 0.15
"""Where only repeated words, such as alt-text, name it too."""
CAPTIONERS = 0.05
"""For each statement that names it, up to three."""
MOST = 3
"""Relations and statements that count."""
UNKNOWN_AREA = 0.3
"""Share of the picture that a thing without a box is taken to have."""
UNKNOWN_CENTRE = 0.5


def salience(thing: Thing, evidence: Evidence) -> float:
    """How much a thing matters: the sum of the weights above; area, centre and word count by the best score of its names.

    Between 0 and about 2.
    """
    names = [f for i in thing.instances for f in i.names]
    seen = [f for f in names if not evidence.is_hearsay(f)]
    score = max((f.score for f in seen), default=0.0)
    category = lexicon.category(thing.noun)
    alive = max((bonus for kind, bonus in ALIVE.items() if kind in category), default=0.0)
    looks = AREA * sqrt(share_of(thing, evidence)) + CENTRE * centre_of(thing, evidence)
    word = MENTIONED * mentioned("object", thing.noun) + RARITY * rarity(thing.noun)
    related = sum(1 for r in evidence.relations if r.about in thing.instances or r.to in thing.instances)
    statements = len({f.parent for f in seen if f.parent is not None and f.box is None})
    return (
        score * (looks + word + alive)
        + RELATION * min(related, MOST)
        + ATTRIBUTE * len(thing.attributes)
        + ALT_TEXT * (len(seen) < len(names))
        + CAPTIONERS * min(statements, MOST)
    )


def share_of(thing: Thing, evidence: Evidence) -> float:
    """The share of the picture that the boxes of a thing cover, 0..1."""
    boxes = [i.box for i in thing.instances if i.box is not None]
    whole = (evidence.width or 0) * (evidence.height or 0)
    return min(sum(b.area for b in boxes) / whole, 1.0) if boxes and whole else UNKNOWN_AREA


def centre_of(thing: Thing, evidence: Evidence) -> float:
    """How near the middle of the picture the nearest part of a thing is, 1 to 0."""
    boxes = [i.box for i in thing.instances if i.box is not None]
    if not boxes or not evidence.width or not evidence.height:
        return UNKNOWN_CENTRE
    return max(centred(b, evidence.width, evidence.height) for b in boxes)


def centred(box: Box, width: int, height: int) -> float:
    """1 for a box around the middle, 0 for one whose middle is in a corner."""
    x, y = box.centre
    return max(1 - hypot(x / width - 0.5, y / height - 0.5) / hypot(0.5, 0.5), 0.0)


def rarity(noun: str) -> float:
    """1 for a noun that captions hardly ever use, 0 for the most usual ones."""
    return max(1 - usual("object", noun), 0.0)


def salience_of_text(fact: Fact, evidence: Evidence) -> float:
    """How much read text matters: its share of the picture's area, times its score."""
    whole = (evidence.width or 0) * (evidence.height or 0)
    return fact.score * (fact.box.area / whole if fact.box is not None and whole else 0.01)
