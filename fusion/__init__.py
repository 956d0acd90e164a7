"""Vision experts state facts, a writer fuses them into captions, a verifier keeps what the facts support.

    import fusion

    with fusion.Captioner() as captioner:
        record = captioner("cat.jpg", alt_text="Our cat on the sofa")

    checked = fusion.verify("a dog on a sofa", [{"kind": "object", "value": "cat"}])

Names are loaded when they are first used: `import fusion` itself takes in no library.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fusion.captioner import Captioner
    from fusion.expert import Card, Expert
    from fusion.facts import Box, Claim, Fact, Observation, Policy, Record
    from fusion.language import Reading
    from fusion.verdicts import Checked
    from fusion.views import View

__version__ = "0.1.0"

__all__ = [
    "Box",
    "Captioner",
    "Card",
    "Claim",
    "Expert",
    "Fact",
    "Observation",
    "Record",
    "__version__",
    "claims",
    "verify",
    "view",
]

_HOMES = {
    "Box": "facts",
    "Captioner": "captioner",
    "Card": "expert",
    "Claim": "facts",
    "Expert": "expert",
    "Fact": "facts",
    "Observation": "facts",
    "Record": "facts",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'fusion' has no attribute {name!r}")
    return getattr(import_module(f"fusion.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


def claims(text: str) -> Reading:
    """What a caption claims: its claims, the words that became none, and its language if that is not English.

    Raises:
        InputError: it is no text, or one that UTF-8 cannot hold.
    """
    from fusion.language import Language

    _check_caption(text)
    return Language.load().read([text])[0]


def verify(
    caption: str,
    evidence: Observation | Record | Mapping[str, Any] | Sequence[Fact | Mapping[str, Any]],
    *,
    cards: Mapping[str, Card] | None = None,
    policy: Policy = "balanced",
) -> Checked:
    """Check a caption against the facts of a picture, and repair it.

    `evidence` is an evidence row, as a struct or a mapping, a record, or a list of facts. An expert without one of
    `cards` has that of the installed expert of its name, else a careful one. `policy` changes only what repair removes.

    Raises:
        RowError: the evidence is no evidence row.
        BadFact: a fact of the list is none, or points to one that is not there.
        InputError: the caption is no text, the evidence none of these forms, or a failed row.
        ConfigError: a card is none.
        ValueError: an unknown policy.
    """
    from fusion.evidence import gather
    from fusion.facts import POLICIES
    from fusion.language import Language
    from fusion.stage import built_in_card, cards_of, observation_of
    from fusion.verdicts import verify as check

    if policy not in POLICIES:
        raise ValueError(f"policy: expected one of {', '.join(POLICIES)}, got {policy!r}")
    _check_caption(caption)
    known = observation_of(evidence)
    names = sorted({*known.experts, *(fact.expert for fact in known.facts)})
    trusted = {name: built_in_card(name) for name in names} | cards_of(cards or {})
    language = Language.load()
    readings = language.read([caption])
    return check(readings, gather([known], trusted, language), language, policy)[0]


def view(record: Record, *, crop: Sequence[float] | Box | None = None, flip: bool = False) -> View:
    """The facts and captions of a picture cropped to `crop`, `(x0, y0, x1, y1)` in pixels, then with `flip` mirrored.

    No expert looks again and nothing is parsed: a view says less than its record, left and right exchanged.

    Raises:
        InputError: no record, a failed one, one without the picture's size, a crop that is empty or not inside the picture.
    """
    from fusion.views import view as see

    return see(record, crop=crop, flip=flip)


def _check_caption(text: object) -> None:
    from fusion.errors import InputError
    from fusion.facts import check_text

    if not isinstance(text, str):
        raise InputError(f"expected a caption as text, got {type(text).__name__}")
    try:
        check_text(text)
    except ValueError as error:
        raise InputError(f"caption: {error}") from None
