"""Weights: there or not, the right ones or not, able to run code or not; and batches that fit into memory."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import pytest

from experts import torch_models, weights
from fusion.errors import ConfigError, ExpertError, MissingExtra


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "model").mkdir()
    (tmp_path / "model/config.json").write_text("{}")
    (tmp_path / "model/weights.bin").write_bytes(b"abc")
    return tmp_path / "model"


def test_digest_of_a_file_is_that_of_sha256sum(folder: Path) -> None:
    assert weights.digest(folder / "weights.bin") == hashlib.sha256(b"abc").hexdigest()


def test_digest_of_a_folder_changes_with_any_file_in_it(folder: Path) -> None:
    before = weights.digest(folder)
    (folder / "more.txt").write_text("")
    assert weights.digest(folder) != before


def test_weights_with_their_checksum_are_taken(folder: Path) -> None:
    assert weights.existing(str(folder), weights.digest(folder).upper()) == folder


@pytest.mark.parametrize(
    ("path", "sha256", "kind", "message"),
    [
        pytest.param("", "", ConfigError, "expected a path, got none", id="no path"),
        pytest.param("nowhere.pt", "", ExpertError, "'nowhere.pt', which does not exist", id="not there"),
        pytest.param("/secret/nowhere.pt", "", ExpertError, "got 'nowhere.pt'", id="not there, without its folders"),
        pytest.param(".", "0" * 64, ExpertError, "expected the SHA-256 000000000000…", id="others"),
        pytest.param(".", "abc", ConfigError, "expected 64 hexadecimal digits", id="no checksum"),
        pytest.param(".", "x" * 64, ConfigError, "expected 64 hexadecimal digits", id="no digits"),
    ],
)
def test_weights_that_are_refused(
    path: str, sha256: str, kind: type[Exception], message: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    with pytest.raises(kind, match=message):
        weights.existing(path, sha256)


def test_pickled_weights_are_refused_unless_trusted(folder: Path) -> None:
    with pytest.raises(ExpertError, match=r"weights\.bin are pickled") as refused:
        weights.refuse_pickled(folder, trusted=False, but="safetensors")
    assert refused.value.hint == "take safetensors, or set trusted = true if you know where they come from"
    weights.refuse_pickled(folder, trusted=True, but="")


def test_safe_weights_beside_pickled_ones_are_the_ones_loaded(folder: Path) -> None:
    (folder / "model.safetensors").write_bytes(b"")
    weights.refuse_pickled(folder, trusted=False, but="")


class OutOfMemoryError(RuntimeError):
    """Called as torch calls its own."""


def test_batches_shrink_where_memory_runs_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch_models, "release", lambda: None)
    sizes: list[int] = []

    def run(items: Sequence[int]) -> list[int]:
        sizes.append(len(items))
        if len(items) > 2:
            raise OutOfMemoryError
        return [item * 10 for item in items]

    assert torch_models.in_batches(run, list(range(7)), 7) == [0, 10, 20, 30, 40, 50, 60]
    assert sizes == [7, 3, 1, *[1] * 6]


def test_one_picture_that_is_too_large_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch_models, "release", lambda: None)

    def run(items: Sequence[int]) -> list[int]:
        raise RuntimeError("CUDA out of memory. Tried to allocate 2 GiB")

    with pytest.raises(ExpertError, match="out of memory on a single picture") as failed:
        torch_models.in_batches(run, [1, 2], 2)
    assert 'device = "cpu"' in failed.value.hint


def test_other_errors_pass() -> None:
    with pytest.raises(ValueError, match="mine"):
        torch_models.in_batches(lambda items: (_ for _ in ()).throw(ValueError("mine")), [1], 1)


def test_a_library_that_is_missing_is_named() -> None:
    with pytest.raises(MissingExtra, match="no_such_library cannot be imported") as missing:
        torch_models.imported("no_such_library", "pip install it")
    assert missing.value.hint == "pip install it"
