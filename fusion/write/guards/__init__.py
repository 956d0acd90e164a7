"""Guards: what may be wrong with the reply of a language model, found by pure functions, each under a name that is counted.

Some faults are mended on the spot: a preamble is taken off, "the image shows" goes where the rest stands as a sentence, a cut-off
sentence falls. The others reject the reply, with a reason in words that the model can be told.

Kinds that mend, and reject only where nothing is left: `template` (marks of chat templates, thoughts), `fence`, `preamble`,
`markup`, `quotes`, `encoding`, `list` (bullets of a list of tags), `lines`, `echo` (ids in brackets), `boilerplate` ("the image
shows", "masterpiece, 8k"), `capitals`, `cut-off`, `style`; `template`, `encoding`, `list`, `echo` and `style` reject as well
what cannot be mended.
Behind them, `forms` takes the text to the length of its style (`length`, which mends as well), sees whether it can be taken
apart to be checked (`form`), and gives sentences their capital and full stop (`style`).
Kinds that only reject: `empty`, `filter`, `refusal`, `assistant` ("as an AI"), `loop`, `language`, `script`, `invented text`,
`off the facts` (nothing in it was told).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from fusion.write.backends.protocol import Finish
from fusion.write.guards import faults, grounds, mends
from fusion.write.guards.wanted import Shape, Wanted, collapsed

__all__ = ["KINDS", "Guarded", "Shape", "Wanted", "guard"]

Mend = Callable[[str, Wanted], str]
Fault = Callable[[str, Wanted], str]


@dataclass(frozen=True)
class Guarded:
    """A reply behind the guards: its text, or the kind of what is wrong with it and the reason; `mended`: what was mended."""

    text: str = ""
    kind: str = ""
    reason: str = ""
    mended: tuple[str, ...] = ()

    @property
    def taken(self) -> bool:
        """Is there a text that can be used?"""
        return not self.kind


STEPS: Final[Sequence[tuple[str, Mend | None, Fault | None]]] = (
    ("template", mends.template, faults.template),
    ("fence", mends.fence, None),
    ("preamble", mends.preamble, None),
    ("markup", mends.markup, None),
    ("quotes", mends.quotes, None),
    ("refusal", None, faults.refusal),
    ("assistant", None, faults.assistant),
    ("encoding", mends.encoding, faults.encoding),
    ("list", mends.listed, faults.listed),
    ("lines", mends.lines, None),
    ("echo", mends.ids, None),
    ("boilerplate", mends.boilerplate, None),
    ("capitals", mends.capitals, None),
    ("loop", None, faults.endless),
    ("cut-off", mends.cut_off, None),
    ("style", mends.style, None),
    ("loop", None, faults.loop),
    ("echo", None, faults.echo),
    ("style", None, faults.style),
    ("script", None, faults.script),
    ("language", None, grounds.language),
    ("invented text", None, faults.invented),
    ("off the facts", None, grounds.off_the_facts),
)
"""What is done with a reply, in order; the first fault ends it."""

KINDS: tuple[str, ...] = tuple(dict.fromkeys(["empty", "filter", *(kind for kind, *_ in STEPS)]))
"""The names of all that guards find."""


ROUNDS = 6
"""How often a text that was mended goes through again: a label may stand behind a preamble in a code fence."""


def guard(reply: str, wanted: Wanted, finish: Finish = "stop") -> Guarded:
    """The text of a reply, mended where that is enough, or what is wrong with it. What it took it takes again as it is."""
    if finish == "filter":
        return Guarded(kind="filter", reason="the server held it back")
    if not reply.strip():
        return Guarded(kind="empty", reason="there was no text")
    found = _once(collapsed(reply), wanted, finish)
    mended = list(found.mended)
    for _ in range(ROUNDS):
        if not found.taken or not found.mended:
            break
        found = _once(found.text, wanted, "stop")
        mended += found.mended
    return Guarded(found.text, found.kind, found.reason, tuple(dict.fromkeys(mended)))


def _once(text: str, wanted: Wanted, finish: Finish) -> Guarded:
    """All steps once."""
    mended: list[str] = []
    for kind, mend, fault in STEPS:
        if mend is not None and (mend is not mends.cut_off or finish == "length"):
            before, text = text, mend(text, wanted)
            if not text.strip():
                return Guarded(kind=kind, reason=mends.NOTHING_LEFT[kind], mended=tuple(mended))
            if text.split() != before.split():
                mended.append(kind)
        if fault is not None and (reason := fault(text, wanted)):
            return Guarded(kind=kind, reason=reason, mended=tuple(mended))
    return Guarded(text.strip(), mended=tuple(mended))
