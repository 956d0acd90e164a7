"""Inputs become jobs, jobs become samples; what cannot be opened keeps its problem."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from fusion.facts import Observation, Problem
from fusion.job import Job, job_of
from fusion.stage import open_job

PICTURE = Image.new("RGB", (8, 4), "red")


def png() -> bytes:
    buffer = BytesIO()
    PICTURE.save(buffer, "PNG")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("given", "id_", "path"),
    [
        pytest.param("a/b.c/cat.jpg", "a/b.c/cat", "a/b.c/cat.jpg", id="path"),
        pytest.param(Path("cat.tar.png"), "cat.tar", "cat.tar.png", id="Path"),
        pytest.param("cat", "cat", "cat", id="path without suffix"),
        pytest.param(b"...", "7", None, id="bytes go by position"),
        pytest.param(PICTURE, "7", None, id="Pillow image goes by position"),
        pytest.param({"image": "a.jpg"}, "a", "a.jpg", id="row goes by its picture"),
        pytest.param({"id": "x", "image": "a.jpg"}, "x", "a.jpg", id="row with an id"),
        pytest.param({"id": 3, "image": PICTURE}, "3", None, id="row with a number for an id"),
        pytest.param({}, "7", None, id="row with neither"),
        pytest.param(Job(id="x"), "x", None, id="job"),
    ],
)
def test_an_input_is_called(given: Any, id_: str, path: str | None) -> None:
    job = job_of(given, 7)
    assert (job.id, job.path, job.problem) == (id_, path, None)


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        pytest.param(["a", " b ", ""], ("a", "b"), id="list"),
        pytest.param("a, b ,,c", ("a", "b", "c"), id="one string"),
        pytest.param(None, (), id="null"),
        pytest.param("", (), id="empty"),
    ],
)
def test_tags_are_a_list_or_one_string(tags: object, expected: tuple[str, ...]) -> None:
    assert job_of({"id": "x", "tags": tags}, 0).tags == expected


@pytest.mark.parametrize(
    ("row", "message"),
    [
        pytest.param({"id": True}, "id: expected a string, got True", id="truth for an id"),
        pytest.param({"id": ""}, "id: expected a string, got ''", id="empty id"),
        pytest.param({"id": "x", "tags": [3]}, "tags: expected a list of strings", id="number for a tag"),
        pytest.param({"id": "x", "alt_text": 3}, "alt_text: expected a string, got '3'", id="number for alt-text"),
        pytest.param({"id": "x", "image": ""}, "expected the path of a picture", id="empty path"),
        pytest.param({"id": "\ud800"}, "lone surrogate", id="id that UTF-8 cannot hold"),
    ],
)
def test_a_row_that_makes_no_sense_keeps_its_problem(row: dict[str, object], message: str) -> None:
    job = job_of(row, 7)
    assert job.problem is not None
    assert message in job.problem.message


@pytest.mark.parametrize("source", [PICTURE, png(), "file"], ids=["Pillow image", "bytes", "file"])
def test_a_picture_is_opened(source: Any, tmp_path: Path) -> None:
    if source == "file":
        source = tmp_path / "a.png"
        source.write_bytes(png())
    opened = open_job(job_of({"id": "x", "image": source, "alt_text": "red"}, 0), 1)
    sample = opened.sample
    assert opened.problem is None
    assert (sample.width, sample.height, sample.alt_text) == (8, 4, "red")
    assert sample.image is not None
    assert len(sample.sha256 or "") == 64
    assert sample.file == (str(source) if isinstance(source, Path) else None)


@pytest.mark.parametrize(
    ("job", "message"),
    [
        pytest.param(Job(id="x", image="nowhere.png", path="nowhere.png"), "nowhere.png", id="missing file"),
        pytest.param(Job(id="x", image=b"no picture"), "x", id="broken bytes"),
        pytest.param(Job(id="x", image=3), "x", id="no picture at all"),
        pytest.param(Job(id="x"), "expected a picture, got none", id="row without a picture"),
        pytest.param(Job(id=None, problem=Problem(message="no JSON")), "no JSON", id="row that was none"),
    ],
)
def test_what_cannot_be_opened_is_named(job: Job, message: str) -> None:
    opened = open_job(job, 1)
    assert opened.problem is not None
    assert message in opened.problem.message
    assert opened.sample.image is None


def test_too_many_pixels_are_refused() -> None:
    assert open_job(Job(id="x", image=PICTURE), 0.00001).problem is not None


def test_stored_evidence_needs_no_picture_and_lends_its_size() -> None:
    opened = open_job(Job(id="x", observation=Observation(id="x", image="a.jpg", width=9, height=5)), 1)
    assert opened.problem is None
    assert (opened.sample.path, opened.sample.width, opened.sample.height) == ("a.jpg", 9, 5)
