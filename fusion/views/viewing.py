"""A view of a picture: its facts at once, each caption when it is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

from msgspec.structs import replace

from fusion.errors import InputError
from fusion.facts import Box, Caption, Dispute, Fact, Question, Record, numbered
from fusion.views.captions import viewed
from fusion.views.facts import place_of, seen_facts
from fusion.views.fates import Seen
from fusion.views.window import Window, window_of


class View:
    """A cropped, perhaps mirrored picture of a record. Made by `fusion.view`; nothing of it changes.

    `width` and `height` are pixels of the view, `crop` is its place in the picture.
    """

    def __init__(self, record: Record, window: Window) -> None:
        self._record = record
        self._window = window
        facts = numbered(record.facts)
        self._seen = Seen(window, {fact.id: fact for fact in facts}, seen_facts(facts, window))
        self._made: dict[int, Caption | None] = {}

    @property
    def crop(self) -> Box:
        """Its place in the picture, pixels."""
        return self._window.box

    @property
    def flip(self) -> bool:
        """Is it mirrored left to right?"""
        return self._window.flip

    @property
    def width(self) -> int:
        """Pixels across."""
        return int(self._window.box.width)

    @property
    def height(self) -> int:
        """Pixels down."""
        return int(self._window.box.height)

    @cached_property
    def facts(self) -> tuple[Fact, ...]:
        """The facts that hold in it, boxes in its own pixels."""
        return tuple(self._seen.after.values())

    @property
    def styles(self) -> tuple[str, ...]:
        """Styles of the record's captions, in order; a view may have nothing to say in one of them."""
        return tuple(caption.style for caption in self._record.captions)

    def caption(self, which: int | str) -> Caption | None:
        """The caption at a place of the record's list, or the first of a style; None where nothing of it holds in the view.

        Only this one is edited.

        Raises:
            InputError: the record has no such caption.
        """
        at = self._place(which)
        if at not in self._made:
            caption = self._record.captions[at]
            plain = not self._window.cuts and not self._window.flip
            self._made[at] = caption if plain else viewed(caption, self._seen)
        return self._made[at]

    def within(self, crop: Sequence[float] | Box | None, flip: bool) -> View:
        """A view of the view, by its own pixels.

        Raises:
            InputError: a crop that is empty or not inside it.
        """
        return View(self._record, self._window.within(crop, flip))

    def _place(self, which: int | str) -> int:
        styles = self.styles
        if isinstance(which, str) and which in styles:
            return styles.index(which)
        if isinstance(which, int) and not isinstance(which, bool) and -len(styles) <= which < len(styles):
            return which % len(styles)
        there = f"one of {', '.join(styles)}, or a place below {len(styles)}" if styles else "a record with captions"
        raise InputError(f"caption of a view: expected {there}, got {which!r}")

    @cached_property
    def captions(self) -> tuple[Caption, ...]:
        """All captions of which something holds; two that say the same now are one."""
        made = [self.caption(at) for at in range(len(self.styles))]
        return tuple({caption.text: caption for caption in reversed(made) if caption is not None}.values())[::-1]

    @property
    def looked(self) -> tuple[str, ...]:
        """Experts whose silence counts: not those of a fact that went and of which something may still be seen."""
        after, before = self._seen.after, self._seen.before
        silent = {f.expert for f in before.values() if f.id not in after and self._may_show(f)}
        return tuple(name for name in self._record.looked if name not in silent)

    def _may_show(self, fact: Fact) -> bool:
        box = place_of(fact, self._seen.before)
        return box is None or box.overlap(self._window.box) > 0

    def record(self) -> Record:
        """The view as a record, of which views can be taken in turn; it has no file of its own: `image`, `sha256` are None.

        What was measured of all the captions of the picture, and what they cost, is not said of it.
        """
        return replace(
            self._record,
            image=None,
            sha256=None,
            width=self.width,
            height=self.height,
            looked=self.looked,
            facts=self.facts,
            disputes=tuple(self._disputes(self._record.disputes)),
            asked=tuple(self._asked(self._record.asked)),
            captions=self.captions,
            retention=None,
            diversity=None,
            usage=(),
        )

    def _disputes(self, disputes: Sequence[Dispute]) -> Iterator[Dispute]:
        for dispute in disputes:
            one, other = (tuple(name for name in side if name in self._seen.after) for side in (dispute.one, dispute.other))
            if one and other:
                yield replace(dispute, one=one, other=other)

    def _asked(self, asked: Sequence[Question]) -> Iterator[Question]:
        """Questions whose answers all hold, where nobody needs to ask about another number or side."""
        for question in asked:
            answered = question.facts and all(name in self._seen.after for name in question.facts)
            if answered and question.number is None and not self.flip:
                yield question


def view(record: Record | View, *, crop: Sequence[float] | Box | None = None, flip: bool = False) -> View:
    """A picture cropped to `crop`, `(x0, y0, x1, y1)` in its whole pixels, then with `flip` mirrored left to right.

    Of a view, `crop` counts its pixels, and what is in it is judged by the whole picture all the same: two crops, one after the
    other, are the crop that both make. Experts and parser are not needed: facts and captions come from the record, and say less
    than its own, never more.

    Raises:
        InputError: no record, a failed one, one without the picture's size, a crop that is empty or not inside the picture,
            a `flip` that is not True or False.
    """
    if not isinstance(flip, bool):
        raise InputError(f"flip: expected True or False, got {flip!r}")
    if isinstance(record, View):
        return record.within(crop, flip)
    if not isinstance(record, Record):
        raise InputError(f"view: expected a Record, got {type(record).__name__}", hint="fusion.codec.decode reads one from JSON")
    if record.status == "failed":
        reason = next((e.message for e in record.errors if not e.warning), "no reason is given")
        raise InputError(f"view: expected a record that did not fail, got {record.id!r}: {reason}")
    return View(record, window_of(record.width, record.height, crop, flip))
