"""Random views and the data set for training loops."""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

import fusion
from fusion.codec import encode
from fusion.errors import ConfigError, ImageError, InputError, MissingExtra, RowError
from fusion.facts import Box, Caption, Claim, Fact, Record
from fusion.torch import CaptionDataset, RandomView, cut, kept_share, ranked

TEXTS = ("A dog.", "A dog and a cat.", "A dog and a cat are in the picture. The dog is to the left of the cat.")
DOG = Fact(id="d", kind="object", value="dog", expert="e", box=Box(0, 0, 20, 40))
CAT = Fact(id="c", kind="object", value="cat", expert="e", box=Box(40, 0, 60, 40))


def caption(n: int, supported: int = 1, all_of: int = 1) -> Caption:
    """The nth text, with claims of which some are supported."""
    claims = [
        Claim(id=f"c{k}", kind="object", value="dog", span=(2, 5), verdict="supported" if k < supported else "unverified",
              evidence=("d",) if k < supported else ())
        for k in range(all_of)
    ]  # fmt: skip
    return Caption(style=("short", "medium", "dense")[n], writer="w", draft=TEXTS[n], text=TEXTS[n], claims=tuple(claims))


def row(name: str, **more: Any) -> Record:
    """A record of a picture of 60×40 pixels with three captions."""
    captions = (caption(0, 1, 1), caption(1, 2, 3), caption(2, 3, 6))
    return Record(
        **{"id": name, "image": f"{name}.png", "width": 60, "height": 40, "facts": (DOG, CAT), "captions": captions} | more
    )


def written(folder: Path, *rows: Record) -> Path:
    """A records file with a picture for each row."""
    path = folder / "records.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + b"\n\n".join(encode(one) for one in rows) + b"\n")
    for n, one in enumerate(rows):
        picture = Image.new("RGB", (60, 40), (n, 0, 0))
        picture.putpixel((0, 0), (255, 255, 255))
        picture.save(folder / (one.image or "none.png"))
    return path


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    return written(tmp_path, *(row(f"r{n}") for n in range(4)))


# Without torch


def test_what_torch_is_not_needed_for(rows: Path) -> None:
    code = (
        "import sys; sys.modules['torch'] = None\n"
        "from fusion.errors import MissingExtra\nfrom fusion.torch import CaptionDataset, RandomView\n"
        f"print(len(CaptionDataset({str(rows)!r})), CaptionDataset({str(rows)!r})[0]['id'])\n"
        f"try: CaptionDataset({str(rows)!r}, view=RandomView())[0]\n"
        "except MissingExtra as error: print(error.hint)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["4 r0", "pip install 'caption-fusion[transformers]'"]


def test_a_missing_torch_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(MissingExtra, match="torch cannot be imported"):
        RandomView().view(row("r"))


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({"scale": (0, 1)}, id="no area"),
        pytest.param({"scale": (0.5, 1.5)}, id="more than the picture"),
        pytest.param({"scale": (0.9, 0.5)}, id="from above to"),
        pytest.param({"ratio": (0, 1)}, id="no width"),
        pytest.param({"flip": 2}, id="flip"),
        pytest.param({"keep": -1}, id="keep"),
    ],
)
def test_options_are_checked(options: dict[str, Any]) -> None:
    with pytest.raises(ConfigError, match=next(iter(options))):
        RandomView(**options)


def test_each_epoch_takes_another_caption_and_any_copy_the_same(rows: Path) -> None:
    data = CaptionDataset(rows, seed=3)
    said = []
    for epoch in range(6):
        data.set_epoch(epoch)
        said.append([data[n]["caption"] for n in range(len(data))])
        copy = pickle.loads(pickle.dumps(data))
        assert [copy[n]["caption"] for n in range(len(copy))] == said[-1]
    assert all({one[n] for one in said[:3]} == set(TEXTS) for n in range(4))
    assert said[:3] == said[3:]
    assert len({tuple(one) for one in said[:3]}) == 3


def test_the_index_does_not_hold_rows(tmp_path: Path) -> None:
    small = CaptionDataset(written(tmp_path, row("r0"), row("r1")))
    (tmp_path / "b").mkdir()
    long = tuple(Caption(style=f"s{n}", writer="w", draft="A dog. " * 500, text="A dog. " * 500) for n in range(50))
    large = CaptionDataset(written(tmp_path / "b", row("r0", captions=long), row("r1", captions=long)))
    assert len(pickle.dumps(large)) - len(pickle.dumps(small)) < 100


def counted(data: CaptionDataset, epoch: int) -> Counter[str]:
    """How often each style is taken in an epoch of ten."""
    data.set_epoch(epoch, of=10)
    return Counter(data[n]["style"] for n in range(len(data)))


@pytest.mark.parametrize("curriculum", ["short to dense", "precision to coverage"])
def test_curricula_begin_short_and_sure_and_end_with_what_says_most(tmp_path: Path, curriculum: Any) -> None:
    path = written(tmp_path, *(row(f"r{n}", image="one.png") for n in range(60)))
    data = CaptionDataset(path, curriculum=curriculum, seed=1)
    assert counted(data, 0)["short"] > 40
    assert counted(data, 9)["dense"] > 40


@pytest.mark.parametrize(
    ("curriculum", "progress", "expected"),
    [
        pytest.param("short to dense", 0.0, [0.0, 0.5, 1.0], id="by length"),
        pytest.param("precision to coverage", 0.0, [1.0, 0.5, 0.0], id="by precision"),
        pytest.param("precision to coverage", 1.0, [0.0, 0.5, 1.0], id="by what is said"),
    ],
)
def test_ranks(curriculum: Any, progress: float, expected: list[float]) -> None:
    assert ranked(row("r").captions, curriculum, progress) == expected


def test_styles_choose(rows: Path) -> None:
    data = CaptionDataset(rows, styles=["dense"])
    assert {data[n]["style"] for n in range(-1, 4)} == {"dense"}
    with pytest.raises(IndexError, match="row 4 of 4"):
        data[4]


@pytest.mark.parametrize(
    ("bad", "options", "reason", "message"),
    [
        pytest.param(row("x", status="failed"), {}, "failed", "did not fail, got 'x'", id="failed"),
        pytest.param(row("x", captions=()), {}, "no caption", "at least one caption, got none in 'x'", id="no caption"),
        pytest.param(
            row("x", captions=(caption(0),)),
            {"styles": ["dense"]},
            "no caption",
            "caption of dense",
            id="no caption of the style",
        ),
        pytest.param(row("x", image=None), {}, "no picture", "picture None of 'x'", id="no picture"),
    ],
)
def test_unusable_rows_are_refused_or_counted(
    tmp_path: Path, bad: Record, options: dict[str, Any], reason: str, message: str
) -> None:
    path = written(tmp_path, row("r0"), bad, row("r1"))
    with pytest.raises(RowError, match=message) as caught:
        CaptionDataset(path, unusable="refuse", **options)
    assert caught.value.line == 3
    data = CaptionDataset(path, missing="skip", **options)
    assert (len(data), data.skipped, [data[n]["id"] for n in range(2)]) == (2, {reason: 1}, ["r0", "r1"])
    assert repr(data) == f"<CaptionDataset records.jsonl: 2 records; left out: 1 {reason}>"
    assert pickle.loads(pickle.dumps(data)).skipped == {reason: 1}


def test_records_that_failed_do_not_stop_a_data_set_but_missing_pictures_do(tmp_path: Path) -> None:
    path = written(tmp_path, row("r0"), row("r1", status="failed"), row("r2", captions=()))
    data = CaptionDataset(path)
    assert (len(data), data.skipped) == (1, {"failed": 1, "no caption": 1})
    (tmp_path / "r0.png").unlink()
    with pytest.raises(RowError, match=r"expected the picture 'r0.png' of 'r0' in") as caught:
        CaptionDataset(path)
    assert "images=FOLDER" in caught.value.hint


def test_a_data_set_without_any_row_says_why(tmp_path: Path) -> None:
    path = written(tmp_path, row("r0", status="failed"), row("r1"))
    with pytest.raises(InputError, match="expected a record to train on, got none: 1 failed, 1 no picture") as caught:
        CaptionDataset(path, images=tmp_path / "elsewhere", missing="skip")
    assert "images=FOLDER" in caught.value.hint


@pytest.mark.parametrize(
    ("line", "said"),
    [
        pytest.param("no", ", got no JSON", id="no JSON"),
        pytest.param("[1]", ", got JSON that is no object", id="a list"),
        pytest.param("{}", ", got an empty row", id="an empty row"),
        pytest.param(
            '{"id": "a", "caption": "A dog."}', ", got a row without captions, with the keys id, caption", id="a row to caption"
        ),
        pytest.param('{"captions": "A dog."}', ": Expected `array`, got `str`", id="a caption that is no list"),
        pytest.param('{"captions": [{"text": "A dog."}]}', ": Object missing required field `style`", id="no style"),
    ],
)
def test_a_line_that_is_no_record_is_named(tmp_path: Path, line: str, said: str) -> None:
    (tmp_path / "bad.jsonl").write_text(f"{encode(row('r')).decode()}\n{line}\n", encoding="utf-8")
    with pytest.raises(RowError, match=rf"bad.jsonl, line 2: expected a record as `fusion caption` writes it{said}"):
        CaptionDataset(tmp_path / "bad.jsonl", images=False, styles=["short"])


def test_pictures_are_looked_up_in_a_folder_or_left_alone(rows: Path, tmp_path: Path) -> None:
    assert CaptionDataset(rows, images=False)[1]["image"] == "r1.png"
    with pytest.raises(RowError, match=r"expected the picture 'r0.png'"):
        CaptionDataset(rows, images=tmp_path / "elsewhere")
    data = CaptionDataset(rows, transform=lambda picture: picture.size)
    assert data[0]["image"] == (60, 40)
    (tmp_path / "r0.png").unlink()
    with pytest.raises(ImageError, match="no such file"):
        data[0]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"curriculum": "hard"}, "curriculum: expected one of"),
        ({"unusable": "drop"}, "unusable: expected"),
        ({"missing": "no"}, "missing: expected"),
    ],
)
def test_mistakes_in_options_are_named(rows: Path, options: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        CaptionDataset(rows, **options)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none.jsonl: cannot be read"):
        CaptionDataset(tmp_path / "none.jsonl")


@pytest.mark.parametrize(("epoch", "of"), [(-1, None), (3, 3)])
def test_epochs_out_of_range(rows: Path, epoch: int, of: int | None) -> None:
    with pytest.raises(ConfigError, match="epoch"):
        CaptionDataset(rows).set_epoch(epoch, of)


def test_the_share_of_things_that_is_kept() -> None:
    assert kept_share(row("r"), Box(0, 0, 30, 40)) == 0.5
    assert kept_share(row("r", facts=()), Box(0, 0, 30, 40)) == 1.0


def test_a_picture_of_another_size_is_refused() -> None:
    with pytest.raises(InputError, match="expected 60×40 as record 'r' says, got 30×20"):
        cut(Image.new("RGB", (30, 20)), fusion.view(row("r")), row("r"))


# With torch


@pytest.mark.models
def test_random_views_follow_their_generator_and_keep_things() -> None:
    torch = pytest.importorskip("torch")
    draw = RandomView(scale=(0.2, 0.9), keep=0.5)
    first, again = ([draw.view(row("r"), torch.Generator().manual_seed(5)) for _ in range(1)] for _ in range(2))
    assert (first[0].crop, first[0].flip) == (again[0].crop, again[0].flip)
    generator = torch.Generator().manual_seed(0)
    seen = [draw.view(row("r"), generator) for _ in range(200)]
    assert len({one.crop for one in seen}) > 100
    assert 60 < sum(one.flip for one in seen) < 140
    assert sum(kept_share(row("r"), one.crop) >= 0.5 for one in seen) > 190
    assert all(0.1 < one.crop.area / 2400 <= 1 for one in seen)


@pytest.mark.models
def test_pictures_and_tensors_are_cut_alike() -> None:
    torch = pytest.importorskip("torch")
    numpy = pytest.importorskip("numpy")
    picture = Image.fromarray(numpy.random.default_rng(0).integers(0, 255, (40, 60, 3), dtype=numpy.uint8))
    tensor = torch.from_numpy(numpy.asarray(picture).copy()).permute(2, 0, 1)
    for seed in range(8):
        part, seen = RandomView()(picture, row("r"), torch.Generator().manual_seed(seed))
        same, _ = RandomView()(tensor, row("r"), torch.Generator().manual_seed(seed))
        assert part.size == (seen.width, seen.height)
        assert torch.equal(torch.from_numpy(numpy.asarray(part).copy()).permute(2, 0, 1), same)


def first_pixel(picture: Image.Image) -> tuple[int, ...]:
    """Size and colour, which a loader can put together."""
    return picture.size


@pytest.mark.models
@pytest.mark.parametrize("workers", [0, 2])
def test_a_loader_gives_the_same_with_any_number_of_workers(rows: Path, workers: int) -> None:
    utils = pytest.importorskip("torch.utils.data")
    data = CaptionDataset(rows, view=RandomView(scale=(0.3, 0.8)), transform=first_pixel, curriculum="short to dense", seed=7)
    data.set_epoch(1, of=3)
    loader = utils.DataLoader(data, batch_size=2, num_workers=workers)
    batches = [(batch["id"], batch["caption"], [size.tolist() for size in batch["image"]]) for batch in loader]
    alone = [data[n] for n in range(4)]
    assert [text for _, texts, _ in batches for text in texts] == [one["caption"] for one in alone]
    assert [list(pair) for _, _, sizes in batches for pair in zip(*sizes, strict=True)] == [list(one["image"]) for one in alone]
