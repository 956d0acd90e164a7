"""The photos of the demo: rows that can be read, pictures that open, origins and licences named, facts that fit."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from PIL import Image

from fusion import config, images
from fusion.cli import cli
from fusion.codec import convert
from fusion.dataset.cards import Cards
from fusion.dataset.rows import PICTURE_KEYS
from fusion.dataset.sources import RowsFile
from fusion.facts import Observation, Record

PHOTOS = Path(__file__).resolve().parents[2] / "examples" / "photos"
FREE = re.compile(r"public domain|CC0 1\.0|CC BY(-SA)? [234]\.0")
RECORDED = PHOTOS / "facts.jsonl"
LONGEST_SIDE = 800


def rows(name: str) -> dict[str, dict[str, Any]]:
    found = [json.loads(line) for line in (PHOTOS / name).read_text(encoding="utf-8").splitlines()]
    return {row["id"]: row for row in found}


ROWS, FACTS = rows("photos.jsonl"), rows("facts.jsonl")
TABLE = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in (PHOTOS / "README.md").read_text(encoding="utf-8").splitlines()
    if line.startswith("|") and ".jpg" in line
]
every_photo = pytest.mark.parametrize("name", ROWS)


def test_there_are_enough() -> None:
    assert len(ROWS) >= 8


def test_every_row_can_be_read() -> None:
    found = list(RowsFile(str(PHOTOS / "photos.jsonl"), PICTURE_KEYS))
    assert [row.id for row in found if row.problem] == []
    assert all(row.data["alt_text"] for row in found)


def test_every_file_is_in_the_rows_and_in_the_table() -> None:
    files = sorted(path.name for path in PHOTOS.glob("*.jpg"))
    assert sorted(row["image"] for row in ROWS.values()) == files
    assert sorted(cells[0] for cells in TABLE) == files


@every_photo
def test_a_photo_opens_and_is_small(name: str) -> None:
    found = images.load(PHOTOS / ROWS[name]["image"])
    assert max(found.image.size) <= LONGEST_SIDE


@pytest.mark.parametrize("cells", TABLE, ids=lambda cells: cells[0])
def test_author_origin_and_licence_are_named(cells: list[str]) -> None:
    assert len(cells) == 5
    assert all(cells)
    assert FREE.search(cells[4])


@pytest.mark.parametrize("name", ["chickens", "mariachi"])
def test_embedded_dates_are_kept(name: str) -> None:
    with Image.open(PHOTOS / ROWS[name]["image"]) as picture:
        exif = picture.getexif()
    assert re.fullmatch(r"20\d\d:\d\d:\d\d \d\d:\d\d:\d\d", exif.get_ifd(0x8769)[0x9003])
    assert exif[0x0110].strip()


@every_photo
def test_recorded_facts_fit_the_photo(name: str) -> None:
    row = convert(FACTS[name], Observation)
    with Image.open(PHOTOS / ROWS[name]["image"]) as picture:
        assert (row.width, row.height) == picture.size
    assert row.image == ROWS[name]["image"]
    for fact in row.facts:
        assert fact.box
        assert fact.box.clip(row.width or 0, row.height or 0) == fact.box


def test_recorded_facts_name_their_model_and_no_machine() -> None:
    cards = Cards([RECORDED.with_name("facts.jsonl.cards.json")]).given
    assert set(cards) == {"detector"}
    assert {row["model"] for row in FACTS.values()} == {cards["detector"].version}
    assert "ultralytics" in cards["detector"].version
    assert not re.search(r'"/|\\\\|[a-z]/[a-z]+\.pt', RECORDED.read_text(encoding="utf-8"))


def test_the_configuration_can_be_read() -> None:
    found = config.load(PHOTOS / "fusion.toml")
    assert [expert.use for expert in found.experts or ()][:1] == ["recorded"]
    assert {"colour", "metadata", "ocr", "alt_text"} <= {expert.use for expert in found.experts or ()}


@pytest.fixture(scope="module")
def captioned(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Record]:
    """The records that the command writes of the photos, from the recorded facts and what the rows say."""
    out = tmp_path_factory.mktemp("photos") / "records.jsonl"
    given = [str(PHOTOS / "photos.jsonl"), "--evidence", str(RECORDED), "-o", str(out), "--quiet"]
    assert CliRunner().invoke(cli, ["caption", *given]).exit_code == 0
    found = [convert(json.loads(line), Record) for line in out.read_text(encoding="utf-8").splitlines()]
    return {str(record.id): record for record in found}


@every_photo
def test_a_caption_says_something_that_is_supported(name: str, captioned: dict[str, Record]) -> None:
    record = captioned[name]
    assert record.status == "ok"
    assert any(claim.verdict == "supported" for caption in record.captions for claim in caption.claims)


def test_a_wrong_alt_text_is_not_believed(captioned: dict[str, Record]) -> None:
    assert "kitten" in ROWS["dogs"]["alt_text"]
    assert not any("kitten" in caption.text for caption in captioned["dogs"].captions)
