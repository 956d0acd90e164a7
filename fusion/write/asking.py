"""Turns briefs into prompts: the facts of a picture first, the same for all its captions, what is asked for last.

A prompt that does not fit into the context of a model is shortened in a fixed order: the alt-text goes but for its names, then
fact lines from the least important on. The rules, what is asked for and the names of the alt-text stay; where they and one line
do not fit, nothing is sent.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, get_args

from fusion.facts import ClaimKind
from fusion.templates import one_line, quoted, render_blocks, variables
from fusion.write.backends.protocol import Message, Role
from fusion.write.brief import Brief
from fusion.write.found import Found
from fusion.write.guards.addressed import harmless
from fusion.write.lines import Line, chosen, lines_of
from fusion.write.regions import written
from fusion.write.styles import Style

WORDS: Mapping[str, int] = {
    "sentence": 25,
    "sentences": 60,
    "paragraph": 120,
    "alt": 25,
    "artistic": 50,
    "prompt": 40,
    "tags": 40,
}
"""The most words of a caption by form, unless its style names a number of words: a bound in tokens or characters is for whoever
reads the caption, and no model shall try to fill it.
"""
PER_LINE, BASE = 14, 12
"""Words that a caption may have for each line that it tells of, and besides: who has little to say shall not pad."""
WORDS_PER_TOKEN = 0.75
"""English words for a token of CLIP's tokenizer, less what names and numbers take."""
CHARACTERS_PER_WORD = 6
ROOM = 2.0
"""Tokens of a model for each word that it may write, so that a reply that keeps to its length is never cut."""
ROWS = {"regions": 24, "questions": 40, "structured": 40}
"""Tokens of a row, for forms that have one for each line."""
LEFT_OUT: Mapping[str, str] = {
    "attribute": "looks and colours", "relation": "how things stand to each other", "count": "numbers", "text": "written text",
    "scene": "the place", "style": "what kind of picture it is", "name": "names", "opinion": "moods and opinions",
}  # fmt: skip
"""How kinds of claims that a style may not hold are called."""
LONGEST_REPLY = 800
"""Characters of a bad reply that the model is shown again."""
FENCED = re.compile(r"<(facts|found_text|found_names)>.*?</\1>", re.DOTALL)
"""What templates put between tags."""
SHOWN = (quoted, one_line)
"""How they show a caption."""
CAPTION_ALONE = "the caption"
"""What a model is told to answer with in a second try, unless the form of the style is another one."""


@dataclass(frozen=True)
class Sheet:
    """What a model is told of one picture: fact lines, alt-text, and what may be taken from that."""

    lines: tuple[Line, ...]
    found: str = ""
    names: tuple[str, ...] = ()

    @classmethod
    def of(cls, briefs: Sequence[Brief]) -> Sheet:
        """The sheet of the briefs of one picture.

        Alt-text that does not speak of what was seen is not told at all, nor is a sentence in it that addresses a model.
        """
        found = next((b.found for b in briefs if b.found is not None), None)
        told: Found | None = found if found is not None and found.agrees is not False else None
        text = harmless(told.text) if told else ""
        return cls(lines_of(briefs), text, tuple(name for name in told.names if name in text) if told else ())

    def cut(self, number: int) -> Sheet:
        """Only the most important lines, and of the alt-text only its names."""
        return replace(self, lines=self.lines[:number], found="")


@dataclass(frozen=True)
class Order:
    """What is asked for with one brief, as templates take it: a style in words, ids of the lines to tell of, length."""

    instruction: str
    tell: tuple[str, ...] = ()
    focus: str = ""
    leave_out: tuple[str, ...] = ()
    words: int = 0
    boxes: tuple[Mapping[str, str], ...] = ()
    examples: tuple[str, ...] = ()
    tokens: int = field(default=0, compare=False)


def order_of(brief: Brief, sheet: Sheet) -> Order:
    """What one brief asks for, of the lines that are on the sheet."""
    own = chosen(sheet.lines, brief)
    style = brief.form
    words = length_of(style, len(own) or len(sheet.lines))
    return Order(
        instruction=" ".join(style.instruction.split()),
        tell=tuple(line.id for line in own) if 0 < len(own) < len(sheet.lines) else (),
        focus="" if brief.focus in {"", "subject"} else brief.focus,
        leave_out=left_out(style),
        words=words,
        boxes=tuple(boxes_of(own or sheet.lines)) if style.form == "regions" else (),
        examples=style.examples,
        tokens=tokens_of(style, words, len(own) or len(sheet.lines)),
    )


def length_of(style: Style, lines: int) -> int:
    """The most words that are asked for: what the style allows, and no more than so many lines give matter for; 0: any number."""
    if style.form not in WORDS:
        return 0
    bounds = [style.words or WORDS[style.form]]
    bounds += [int(style.tokens * WORDS_PER_TOKEN)] if style.tokens else []
    bounds += [style.characters // CHARACTERS_PER_WORD] if style.characters else []
    return max(min([*bounds, BASE + PER_LINE * lines]), 1)


def tokens_of(style: Style, words: int, lines: int) -> int:
    """Tokens that the reply may have."""
    if words:
        return int(words * ROOM) + BASE
    return ROWS.get(style.form, PER_LINE) * max(lines, 2) + 2 * BASE


def left_out(style: Style) -> tuple[str, ...]:
    """What captions of a style may not hold, in words."""
    if not style.claims:
        return ()
    return tuple(LEFT_OUT[kind] for kind in get_args(ClaimKind) if kind in LEFT_OUT and kind not in style.claims)


def boxes_of(lines: Sequence[Line]) -> Iterator[Mapping[str, str]]:
    """The boxes of lines as the style `region` writes them; those of several things once, with the line of each if it has one."""
    own = [box for line in lines if line.needs for box in line.boxes]
    for line in lines:
        for box in line.boxes:
            if line.needs or box not in own:
                yield {"id": line.id, "box": written(box)}


# Prompts


@dataclass(frozen=True)
class Prompt:
    """A template with the folders that it is looked up in."""

    name: str
    folders: tuple[str | Path, ...] = ()

    def check(self) -> None:
        """Raise ConfigError if there is no such template or folder, or an error in it."""
        variables(self.name, self.folders)

    def messages(self, known: Mapping[str, Any]) -> tuple[Message, ...]:
        """The messages of the template's blocks. It takes those of the known variables that it names.

        Raises:
            ConfigError: there is no such template, or it names a variable that is not known.
        """
        wanted = variables(self.name, self.folders)
        blocks = render_blocks(self.name, folders=self.folders, **{key: known[key] for key in known if key in wanted})
        roles: Mapping[str, Role] = {"system": "system", "user": "user"}
        return tuple(Message(roles[name], text) for name, text in blocks.items() if name in roles and text)


def told(sheet: Sheet, orders: Sequence[Order]) -> dict[str, Any]:
    """The variables of caption prompts: those of the first order by their own names, all orders as `captions`; `number` of pairs
    of a question and its answer; `answer` is what a second try is told to answer with.
    """
    own = {name: getattr(orders[0], name) for name in ("instruction", "tell", "focus", "leave_out", "words", "boxes", "examples")}
    rest = {"captions": list(orders), "number": max(2, min(len(sheet.lines), 6)), "answer": CAPTION_ALONE}
    return {**known(sheet), **own, **rest}


def known(sheet: Sheet) -> dict[str, Any]:
    """The variables that tell of the picture."""
    return {"facts": sheet.lines, "found": sheet.found, "names": sheet.names}


def own_words(messages: Sequence[Message], sheet: Sheet, orders: Sequence[Order]) -> str:
    """What messages say that is no data: rules and what is asked, without facts, alt-text and captions of other pictures."""
    text = "\n".join(one.content if one.role == "system" else FENCED.sub("\n", one.content) for one in messages)
    told = [*(one_line(line.text) for line in sheet.lines), *(shown(e) for o in orders for e in o.examples for shown in SHOWN)]
    for data in sorted({*told, *map(quoted, sheet.names)}, key=lambda one: (-len(one), one)):
        text = text.replace(data, "\n")
    return "\n".join([text, *(order.instruction for order in orders)])


def fitted(sheet: Sheet, fits: Callable[[Sheet], bool]) -> Sheet | None:
    """The most of a sheet that fits; None where not even its most important line does.

    First the text of the alt-text goes, then lines from the end; `fits` must hold of less where it holds of more.
    """
    if fits(sheet):
        return sheet
    low, high = 0, len(sheet.lines)
    while low < high:  # the largest number of lines that fits lies in low..high
        middle = (low + high + 1) // 2
        if fits(sheet.cut(middle)):
            low = middle
        else:
            high = middle - 1
    return sheet.cut(low) if low else None
