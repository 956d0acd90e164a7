"""For training loops on torch: random views of pictures with their captions, and a data set over a records file.

    from torch.utils.data import DataLoader

    from fusion.torch import CaptionDataset, RandomView

    data = CaptionDataset("records.jsonl", view=RandomView(scale=(0.4, 1.0)), transform=to_tensor, curriculum="short to dense")
    for epoch in range(10):
        data.set_epoch(epoch, of=10)
        for batch in DataLoader(data, batch_size=64, shuffle=True, num_workers=8):
            train(batch["image"], batch["caption"])

Library: torch (BSD-3-Clause), imported when a view or an item is first drawn.
"""

from __future__ import annotations

import importlib
import math
import random
from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import msgspec

from fusion import images as pictures
from fusion.codec import decode
from fusion.errors import ConfigError, InputError, MissingExtra, RowError
from fusion.facts import Box, Caption, Record
from fusion.views import View, view
from fusion.views.window import Window

Curriculum = Literal["", "short to dense", "precision to coverage"]
CURRICULA: tuple[Curriculum, ...] = ("", "short to dense", "precision to coverage")
TRIES = 10
"""Crops that are drawn before the best of them is taken, as torchvision's RandomResizedCrop draws ten."""
WIDTH = 0.5
"""How far from where a curriculum stands, on a scale of 0 to 1, captions are still chosen."""
PICTURES = (
    'images=FOLDER says where relative paths start, images=False does without pictures, missing="skip" leaves such rows out'
)
BOM = b"\xef\xbb\xbf"


def imported() -> Any:
    """Torch.

    Raises:
        MissingExtra: it is not installed.
    """
    try:
        return importlib.import_module("torch")
    except ImportError as error:
        hint = "pip install 'caption-fusion[transformers]'"
        raise MissingExtra(f"torch cannot be imported: {error}", hint=hint) from error


# A random view


@dataclass(frozen=True)
class RandomView:
    """Takes a picture and its record to a random crop, perhaps mirrored, and the view of the record that goes with it.

    `scale`: share of the picture's area, from and to; `ratio`: width over height, from and to, drawn evenly on a logarithmic
    scale (Inception's crop, Szegedy et al. 2015). `flip`: how often it is mirrored, 0..1. `keep`: the share of the salient
    things, weighed by area and score, that must stay in the view; of ten crops the first that does, else the one that keeps
    most, is taken. Draws come from the `generator` given, else from torch's own.

    Raises:
        ConfigError: an option is out of range.
    """

    scale: tuple[float, float] = (0.4, 1.0)
    ratio: tuple[float, float] = (3 / 4, 4 / 3)
    flip: float = 0.5
    keep: float = 0.5

    def __post_init__(self) -> None:
        for name, pair, most in (("scale", self.scale, 1.0), ("ratio", self.ratio, math.inf)):
            if len(pair) != 2 or not 0 < pair[0] <= pair[1] <= most:
                raise ConfigError(f"{name}: expected two numbers, 0 < from <= to{' <= 1' if most == 1 else ''}, got {pair!r}")
        for name, value in (("flip", self.flip), ("keep", self.keep)):
            if not 0 <= value <= 1:
                raise ConfigError(f"{name}: expected a number from 0 to 1, got {value!r}")

    def __call__(self, image: Any, record: Record, generator: Any = None) -> tuple[Any, View]:
        """The cropped picture (a PIL image, or a tensor of shape […, height, width], as it was given) and its view.

        Raises:
            InputError: the picture has another size than the record says, or the record allows no view.
            MissingExtra: torch is not installed.
        """
        seen = self.view(record, generator)
        return cut(image, seen, record), seen

    def view(self, record: Record, generator: Any = None) -> View:
        """A random view of a record without its picture.

        Raises:
            InputError: the record allows no view.
            MissingExtra: torch is not installed.
        """
        torch = imported()
        whole = view(record)
        draws = torch.rand(4 * TRIES + 1, generator=generator, dtype=torch.float64).tolist()
        flip = draws.pop() < self.flip
        crops = [self._crop(whole.width, whole.height, draws[n : n + 4]) for n in range(0, 4 * TRIES, 4)]
        return view(record, crop=self._best(crops, record), flip=flip)

    def _crop(self, width: int, height: int, draws: Sequence[float]) -> Box:
        area = width * height * (self.scale[0] + draws[0] * (self.scale[1] - self.scale[0]))
        low, high = math.log(self.ratio[0]), math.log(self.ratio[1])
        ratio = math.exp(low + draws[1] * (high - low))
        across = min(max(round(math.sqrt(area * ratio)), 1), width)
        down = min(max(round(math.sqrt(area / ratio)), 1), height)
        left, top = int(draws[2] * (width - across + 1)), int(draws[3] * (height - down + 1))
        return Box(left, top, left + across, top + down)

    def _best(self, crops: Sequence[Box], record: Record) -> Box:
        best, most = crops[0], -1.0
        for crop in crops:
            kept = kept_share(record, crop)
            if kept >= self.keep:
                return crop
            if kept > most:
                best, most = crop, kept
        return best


def kept_share(record: Record, crop: Box) -> float:
    """The share of a record's things, weighed by area and score, that are still to be seen in a crop; 1 where it has none."""
    window = Window(crop, Box(0, 0, record.width or 1, record.height or 1), False)
    boxes = [(f.box, f.box.area * f.score) for f in record.facts if f.kind == "object" and f.box is not None and not f.negated]
    total = sum(weight for _, weight in boxes)
    return sum(weight for box, weight in boxes if window.shows(box)) / total if total else 1.0


def cut(image: Any, seen: View, record: Record) -> Any:
    """A picture cropped and mirrored as a view says.

    Raises:
        InputError: it has another size than its record says.
    """
    tensor = hasattr(image, "shape")
    size = (int(image.shape[-1]), int(image.shape[-2])) if tensor else (image.width, image.height)
    if size != (record.width, record.height):
        said = f"{record.width}×{record.height} as record {record.id!r} says"
        raise InputError(f"picture: expected {said}, got {size[0]}×{size[1]}", hint="take the view first, then resize")
    x0, y0, x1, y1 = (int(number) for number in (seen.crop.x0, seen.crop.y0, seen.crop.x1, seen.crop.y1))
    if tensor:
        part = image[..., y0:y1, x0:x1]
        return part.flip(-1) if seen.flip else part
    from PIL import Image

    part = image.crop((x0, y0, x1, y1))
    return part.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if seen.flip else part


# A data set


class _Glance(msgspec.Struct):
    """What of a row decides whether it can be trained on."""

    captions: list[msgspec.Raw]
    id: str | None = None
    image: str | None = None
    status: str = "ok"


class CaptionDataset:
    """A map-style data set over a records file: pictures with one caption each, another one in each epoch.

    An item is `{"id", "image", "caption", "style"}`. Only where each row begins is kept in memory, and rows are read when they
    are asked for, so that it can be pickled and shared among workers. Any choice depends on seed, epoch and position alone.

    `images`: the folder that relative paths start from, else that of the file; False: no picture is opened and "image" is its
    path. `view` crops and mirrors; `transform` is then called with the picture. `styles`: only captions of these.
    `curriculum`: "" gives each row's captions in turn, in an order of its own; "short to dense" begins with the shortest and
    ends with the longest; "precision to coverage" begins with those of which the greatest share is supported, and ends with
    those of which most is.

    `unusable`: records that failed or have no caption of the styles, which any large run has, are left out ("skip") or refused.
    `missing`: a record whose picture is not there, as all are where `images` names the wrong folder, is refused ("refuse") or
    left out. `skipped` counts what was left out by its reason, and `repr` tells it. Workers that live longer than an epoch
    (`persistent_workers`) do not hear of `set_epoch`.

    Raises:
        ConfigError: an unknown curriculum, or another way with rows that cannot be trained on.
        RowError: a line that is no record, or a record that is refused. Its `line` counts from 1.
        InputError: the file cannot be read, or nothing of it can be trained on.
    """

    def __init__(
        self,
        records: str | Path,
        *,
        images: str | Path | Literal[False] | None = None,
        view: RandomView | None = None,
        transform: Callable[[Any], Any] | None = None,
        styles: Sequence[str] = (),
        curriculum: Curriculum = "",
        unusable: Literal["skip", "refuse"] = "skip",
        missing: Literal["skip", "refuse"] = "refuse",
        seed: int = 0,
    ) -> None:
        if curriculum not in CURRICULA:
            raise ConfigError(f"curriculum: expected one of {', '.join(map(repr, CURRICULA))}, got {curriculum!r}")
        for name, way in (("unusable", unusable), ("missing", missing)):
            if way not in {"skip", "refuse"}:
                raise ConfigError(f"{name}: expected 'skip' or 'refuse', got {way!r}")
        self._file = Path(records)
        self._folder = None if images is False else Path(images) if images is not None else self._file.parent
        self._view, self._transform, self._styles = view, transform, frozenset(styles)
        self._curriculum, self._seed = curriculum, seed
        self._epoch, self._progress = 0, 0.0
        self.skipped: dict[str, int] = {}
        ways = {"failed": unusable, "no caption": unusable, "no picture": missing}
        self._starts = array("Q", self._index({reason for reason, way in ways.items() if way == "skip"}))
        if self.skipped and not self._starts:
            hint = PICTURES if "no picture" in self.skipped else ""
            raise InputError(f"{self._file.name}: expected a record to train on, got none: {self._left_out()}", hint=hint)

    def __repr__(self) -> str:
        left_out = f"; left out: {self._left_out()}" if self.skipped else ""
        return f"<CaptionDataset {self._file.name}: {len(self)} records{left_out}>"

    def _left_out(self) -> str:
        return ", ".join(f"{number} {reason}" for reason, number in self.skipped.items())

    # Where rows begin

    def _index(self, skip: set[str]) -> Iterator[int]:
        try:
            with self._file.open("rb") as file:
                start = 0
                for number, line in enumerate(file, 1):
                    begin, start = start, start + len(line)
                    text = line.removeprefix(BOM) if number == 1 else line
                    if not text.strip():
                        continue
                    reason, message = self._unusable(text, number)
                    if not reason:
                        yield begin
                    elif reason in skip:
                        self.skipped[reason] = self.skipped.get(reason, 0) + 1
                    else:
                        hint = PICTURES if reason == "no picture" else 'unusable="skip" leaves such rows out'
                        raise RowError(f"{self._file.name}, line {number}: {message}", hint=hint, line=number)
        except OSError as error:
            raise InputError(f"{self._file.name}: cannot be read: {error.strerror or error}", hint="check the path") from None

    def _unusable(self, line: bytes, number: int) -> tuple[str, str]:
        """Why a row cannot be trained on, in a word and in a sentence; empty where it can."""
        try:
            row = decode(line, _Glance)
            styles = [decode(bytes(one), _Style).style for one in row.captions] if self._styles else []
        except RowError as error:
            said = f"expected a record as `fusion caption` writes it{what_else(line, error)}"
            raise RowError(f"{self._file.name}, line {number}: {said}", line=number) from None
        if row.status == "failed":
            return "failed", f"expected a record that did not fail, got {row.id!r}"
        if not (self._styles.intersection(styles) if self._styles else row.captions):
            wanted = f" of {', '.join(sorted(self._styles))}" if self._styles else ""
            return "no caption", f"expected at least one caption{wanted}, got none in {row.id!r}"
        if self._folder is not None and (row.image is None or not (self._folder / row.image).is_file()):
            return "no picture", f"expected the picture {row.image!r} of {row.id!r} in {str(self._folder)!r}, got no such file"
        return "", ""

    # Items

    def __len__(self) -> int:
        return len(self._starts)

    def set_epoch(self, epoch: int, of: int | None = None) -> None:
        """Say which epoch begins, counted from 0, and of how many: the curriculum ends with the last; without `of` at once.

        Raises:
            ConfigError: a negative epoch, or one beyond the last.
        """
        if epoch < 0 or (of is not None and epoch >= of):
            raise ConfigError(f"epoch: expected 0 or more{f' and below {of}' if of is not None else ''}, got {epoch}")
        self._epoch = epoch
        self._progress = min(epoch / max((of or 2) - 1, 1), 1.0)

    def record(self, index: int) -> Record:
        """The whole record at a place.

        Raises:
            IndexError: there are fewer.
            RowError: the file changed since.
        """
        with self._file.open("rb") as file:
            file.seek(self._starts[index])
            return decode(file.readline().removeprefix(BOM), Record)

    def __getitem__(self, index: int) -> Mapping[str, Any]:
        if not -len(self) <= index < len(self):
            raise IndexError(f"row {index} of {len(self)}")
        index %= len(self)
        record = self.record(index)
        chance = random.Random(f"{self._seed} {self._epoch} {index}")
        image: Any = record.image
        if self._folder is not None:
            image = pictures.load(self._folder / (record.image or ""), name=record.image or "").image
        order = self._order(record, index, chance)
        caption = record.captions[order[0]]
        if self._view is not None:
            seen, caption = self._seen(record, order, chance)
            image = cut(image, seen, record) if self._folder is not None else image
        if self._transform is not None and self._folder is not None:
            image = self._transform(image)
        return {"id": record.id or str(index), "image": image, "caption": caption.text, "style": caption.style}

    def _seen(self, record: Record, order: Sequence[int], chance: random.Random) -> tuple[View, Caption]:
        """A random view and the first caption that it still has; the whole picture where nothing can be said of the view."""
        assert self._view is not None
        generator = imported().Generator().manual_seed(chance.getrandbits(62))
        seen = self._view.view(record, generator)
        for at in order:
            caption = seen.caption(at)
            if caption is not None:
                return seen, caption
        return view(record), record.captions[order[0]]

    def _order(self, record: Record, index: int, chance: random.Random) -> list[int]:
        """Places of the captions, the one that is chosen first."""
        places = [n for n, c in enumerate(record.captions) if not self._styles or c.style in self._styles]
        if not self._curriculum:
            random.Random(f"{self._seed} {index}").shuffle(places)
            turn = self._epoch % len(places)
            return places[turn:] + places[:turn]
        ranks = ranked([record.captions[n] for n in places], self._curriculum, self._progress)
        nearest = min(abs(rank - self._aim) for rank in ranks)
        weights = [max(1 - (abs(rank - self._aim) - nearest) / WIDTH, 0.0) for rank in ranks]
        first = chance.choices(range(len(places)), weights)[0]
        rest = sorted((n for n in range(len(places)) if n != first), key=lambda n: (-weights[n], n))
        return [places[n] for n in (first, *rest)]

    @property
    def _aim(self) -> float:
        return self._progress if self._curriculum == "short to dense" else 1.0


def ranked(captions: Sequence[Caption], curriculum: Curriculum, progress: float) -> list[float]:
    """Where each caption stands in a curriculum, 0..1: from short to long, or by how well it suits the progress made, 0..1."""
    if curriculum == "short to dense":
        return placed([len(caption.text) for caption in captions])
    precise = placed([precision(caption) for caption in captions])
    says_most = placed([supported(caption) for caption in captions])
    return [(1 - progress) * a + progress * b for a, b in zip(precise, says_most, strict=True)]


def placed(values: Sequence[float]) -> list[float]:
    """Each value's place among all, the least 0 and the greatest 1; equal ones share the higher place."""
    ordered = sorted(values)
    last = max(len(values) - 1, 1)
    return [1.0 if len(values) == 1 else (len(values) - 1 - ordered[::-1].index(value)) / last for value in values]


def supported(caption: Caption) -> int:
    """How many of its claims facts support."""
    return sum(claim.verdict == "supported" for claim in caption.claims)


def precision(caption: Caption) -> float:
    """The share of its claims that facts support."""
    checked = [claim for claim in caption.claims if claim.kind != "opinion"]
    return supported(caption) / len(checked) if checked else 0.0


class _Style(msgspec.Struct):
    style: str


def what_else(line: bytes, error: RowError) -> str:
    """How a message goes on about a line that is no record."""
    try:
        given = msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return ", got no JSON"
    if not isinstance(given, dict):
        return ", got JSON that is no object"
    if "captions" not in given:
        return f", got a row without captions, with the keys {', '.join(list(given)[:8])}" if given else ", got an empty row"
    return f": {error.message.partition(': ')[2]}"
