"""Class folders: pictures that lie in folders named by what they show, or by WordNet ids with a file of glosses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from experts import plain_noun
from experts.annotations.names import Glosses, read_glosses
from fusion.errors import ConfigError, ExpertError
from fusion.facts import Fact, Sample

SPLITS = frozenset({"train", "training", "val", "valid", "validation", "test", "testing"})
"""Folders that say what a picture is for, and not what it shows."""
_NUMBERED = re.compile(r"\d+[._\- ]+(?=\D)")
_BARE_ID = re.compile(r"n?\d+")


class Folders:
    """One object without a box for each picture: what its folder says that it shows; `data["folder"]` is the folder's name.

    Raises:
        ConfigError: the folder holds no folders, or their names are ids and there are no glosses.
    """

    def __init__(self, path: Path, glosses: str = "") -> None:
        self._called = path.name
        found = read_glosses(Path(glosses)) if glosses else _own_names(path)
        self._nouns = {folder: [plain_noun(noun) for noun in nouns] for folder, nouns in found.items()}
        self.nouns = frozenset(nouns[0] for nouns in self._nouns.values())

    def facts(self, sample: Sample) -> list[Fact]:
        """The object, by the nearest folder that is a class.

        Raises:
            ExpertError: the picture lies in no folder that is a class.
        """
        folder = next((name for name in _folders(sample) if name in self._nouns), None)
        if folder is None:
            got = sample.path or sample.id
            message = f"{self._called}: expected {got!r} to lie in a folder of a class, got none that is one"
            raise ExpertError(message, hint="its folders should be those below the path, or in glosses")
        noun, *also = self._nouns[folder]
        data: dict[str, object] = {"folder": folder}
        return [Fact(kind="object", value=noun, data=data | ({"also": also} if also else {}))]


def _folders(sample: Sample) -> Iterator[str]:
    """Names of the folders that a picture lies in, as its row calls them and then as they are, the nearest first."""
    for path in (sample.path or sample.id, sample.file or ""):
        yield from reversed(PurePosixPath(path.replace("\\", "/")).parts[:-1])


def _own_names(path: Path) -> Glosses:
    """Each class folder's own name as its noun."""
    top = sorted(folder for folder in path.iterdir() if folder.is_dir() and not folder.name.startswith("."))
    below = [f for split in top if split.name.lower() in SPLITS for f in sorted(split.iterdir()) if f.is_dir()]
    names = {f.name for f in [*(f for f in top if f.name.lower() not in SPLITS), *below]}
    if not names:
        raise ConfigError(f"annotations {path}: expected folders named by what their pictures show, got none")
    for name in sorted(names):
        if _BARE_ID.fullmatch(name):
            hint = "give glosses, a file with a line for each: n02084071 dog"
            raise ConfigError(f"annotations {path}: expected folders named by nouns, got {name!r}", hint=hint)
    return {name: [_NUMBERED.sub("", name, count=1)] for name in sorted(names)}
