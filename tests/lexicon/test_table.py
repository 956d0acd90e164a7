"""The file that ships: its size, that the script makes it, and what reading it costs."""

from __future__ import annotations

import subprocess
import sys
import zlib
from pathlib import Path

import pytest

from fusion.lexicon.table import Table, table

WORDNET = Path("/usr/share/wordnet")


def shipped(root: Path) -> Path:
    return root / "fusion" / "lexicon" / "wordnet.bin"


def test_is_small(root):
    data = shipped(root).read_bytes()
    assert len(data) <= 3_000_000
    assert len(zlib.compress(data)) <= 1_500_000


@pytest.mark.skipif(not (WORDNET / "data.noun").is_file(), reason="WordNet 3.0 is not installed (Debian: wordnet-base)")
def test_is_what_the_script_builds(root, tmp_path):
    made = tmp_path / "wordnet.bin"
    subprocess.run([sys.executable, root / "scripts" / "build_lexicon", "--output", made], check=True, capture_output=True)
    assert made.read_bytes() == shipped(root).read_bytes()


def test_script_refuses_a_folder_without_wordnet(root, tmp_path):
    command = [sys.executable, root / "scripts" / "build_lexicon", "--wordnet", tmp_path]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 2
    assert "expected a folder with data.noun" in run.stderr


def test_licence_goes_along(root):
    text = (root / "LICENSES" / "WordNet.txt").read_text(encoding="utf-8")
    assert "WordNet 3.0 Copyright 2006 by Princeton University" in text


def test_looking_a_word_up_loads_no_heavy_library():
    code = (
        "import sys; from fusion import lexicon; assert lexicon.is_a('puppy', 'dog'); "
        "print(sorted({'spacy', 'torch', 'numpy'} & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_importing_reads_no_table():
    code = "from fusion import lexicon; from fusion.lexicon.table import table; print(table.cache_info().currsize)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "0"


def test_refuses_other_bytes():
    with pytest.raises(ValueError, match="run scripts/build_lexicon"):
        Table(b"something else entirely")


def test_words_are_sorted_and_every_link_leads_somewhere():
    known = table()
    words = known.words()
    assert words == sorted(set(words))
    assert len(words) == len(known)
    assert all(known.senses(word) for word in words[::97])
    assert all(
        word == known.members(sense)[known.members(sense).index(word)] for word in ("dog", "sofa") for sense in known.senses(word)
    )
