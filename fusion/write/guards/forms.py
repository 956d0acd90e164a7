"""What of a reply is a caption of its style: in the form, and of the length, that it is held to when it is checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from fusion.errors import WriterError
from fusion.write.backends.protocol import Reply
from fusion.write.brief import Brief
from fusion.write.guards import Guarded, Wanted, faults, guard
from fusion.write.guards.wanted import capital, ended
from fusion.write.length import fit, fits
from fusion.write.parsing import pairs_as_lines, read_pairs
from fusion.write.parts import split
from fusion.write.styles import Style
from fusion.write.tokens import TokenCounter

__all__ = ["guarded_pairs", "of_style", "refused"]

FORMLESS: Mapping[str, str] = {
    "questions": "no answer repeated what its question asks about; write each answer as a whole sentence that does",
    "regions": "no line was a box of the facts with a phrase behind it",
    "structured": "it was not JSON of the form that was asked for",
}
"""Why a text is not of its style, in words for the model."""
EACH: Mapping[str, str] = {"regions": "for each box", "questions": "in each answer"}


def of_style(found: Guarded, brief: Brief, counter: TokenCounter) -> Guarded:
    """What guards took, at the length of its style, sentences with capital and full stop where there is room for it.

    Rejected as "length" or "form" where checking could make nothing of it.
    """
    if not found.taken:
        return found
    style = brief.form
    try:
        text = fit(found.text, style, counter)
        if text:
            split(style, text, brief.evidence)
    except WriterError as error:
        return Guarded(kind="form", reason=FORMLESS.get(style.form, error.message), mended=found.mended)
    if not text:
        return Guarded(kind="length", reason=f"it was too long; write at most {' and '.join(bounds(style))}", mended=found.mended)
    mended = [*found.mended, *(["length"] if text != found.text else [])]
    whole = finished(text) if style.is_prose else text
    if whole != text and fits(whole, style, counter):
        text, mended = whole, [*mended, "style"]
    return replace(found, text=text, mended=tuple(dict.fromkeys(mended)))


def finished(text: str) -> str:
    """Sentences with a capital in front and an end mark behind; a name such as "iPhone" keeps its small letter."""
    first = text.split(maxsplit=1)[0]
    begun = capital(text) if first.islower() else text
    return begun if ended(begun) else f"{begun.rstrip(' ,;:–—-')}."


def bounds(style: Style) -> Iterator[str]:
    """The length of a style in words."""
    for number, unit in ((style.characters, "characters"), (style.words, "words"), (style.tokens, "tokens")):
        if number:
            yield f"{number} {unit}"
    if style.each and style.form in EACH:
        yield f"{style.each} words {EACH[style.form]}"


def guarded_pairs(reply: Reply, wanted: Wanted) -> Guarded:
    """A reply that holds questions and answers as JSON."""
    try:
        lines = pairs_as_lines(read_pairs(reply.text))
    except ValueError as error:
        return refused(reply, wanted) or Guarded(kind="json", reason=str(error))
    return guard(lines, wanted)


def refused(reply: Reply, wanted: Wanted) -> Guarded | None:
    """What is wrong with a reply that should have been JSON and is none, where guards know it: a refusal, a loop."""
    prose = replace(wanted, shape="prose")
    if reason := faults.endless(reply.text, prose):
        return Guarded(kind="loop", reason=reason)
    found = guard(reply.text, prose, reply.finish if reply.finish == "filter" else "stop")
    return found if found.kind in {"empty", "filter", "refusal", "assistant"} else None
