"""The word table `wordnet.bin`, made by `scripts/build_lexicon` from WordNet 3.0 (LICENSES/WordNet.txt).

The file is read at first use. A word has senses, a sense is the number of a synset, and a synset has a lexicographer
file, words, and links: hypernyms of nouns and verbs, the head that an adjective is similar to.
"""

from __future__ import annotations

import pkgutil
from bisect import bisect_left
from functools import cached_property, lru_cache

MAGIC = b"FUSIONLEX1\n"
BLOCK = 16


class Ranges:
    """Where the pieces of a section start and end: a byte of length each, and the start of every sixteenth piece."""

    def __init__(self, lengths: memoryview, starts: memoryview) -> None:
        self._lengths = lengths
        self._starts = starts

    def __len__(self) -> int:
        return len(self._lengths)

    def __getitem__(self, index: int) -> tuple[int, int]:
        block = index // BLOCK
        start = int.from_bytes(self._starts[4 * block : 4 * block + 4], "little")
        start += sum(self._lengths[block * BLOCK : index])
        return start, start + self._lengths[index]


class Table:
    """The sections of the file, read in place. Numbers are little-endian, of three bytes.

    Raises:
        ValueError: the bytes are no such table.
    """

    def __init__(self, data: bytes) -> None:
        if not data.startswith(MAGIC):
            found = data[: len(MAGIC)]
            raise ValueError(f"word table: expected {MAGIC!r} at the start, got {found!r}; run scripts/build_lexicon")
        view, sections, start = memoryview(data), [], len(MAGIC)
        while start < len(data):
            end = start + 4 + int.from_bytes(view[start : start + 4], "little")
            sections.append(view[start + 4 : end])
            start = end
        self._text = sections[0]
        self._word_at = Ranges(*sections[1:3])
        self._sense_at, self._senses = Ranges(*sections[3:5]), sections[5]
        self._files = sections[6]
        self._member_at, self._members = Ranges(*sections[7:9]), sections[9]
        self._link_at, self._links = Ranges(*sections[10:12]), sections[12]
        self._opposites = sections[13]
        self._file_names = str(sections[14], "ascii").split("\n")
        self._exceptions = sections[15]
        self._find = lru_cache(maxsize=1 << 16)(self._search)

    def __len__(self) -> int:
        return len(self._word_at)

    def _word(self, number: int) -> str:
        start, end = self._word_at[number]
        return str(self._text[start:end], "ascii")

    def _search(self, word: str) -> int | None:
        at = bisect_left(range(len(self)), word, key=self._word)
        return at if at < len(self) and self._word(at) == word else None

    def words(self) -> list[str]:
        """All words, sorted."""
        text, start, found = str(self._text, "ascii"), 0, []
        for length in self._word_at._lengths:
            found.append(text[start : start + length])
            start += length
        return found

    def has(self, word: str) -> bool:
        """The word is in the table, in any part of speech."""
        return self._find(word) is not None

    def senses(self, word: str) -> tuple[int, ...]:
        """Its synsets, all parts of speech, the likeliest first; none if the word is unknown."""
        at = self._find(word)
        return () if at is None else _numbers(self._senses, *self._sense_at[at])

    def file(self, synset: int) -> str:
        """The lexicographer file of a synset: "noun.animal"."""
        return self._file_names[self._files[synset]]

    def members(self, synset: int) -> tuple[str, ...]:
        """The words of a synset, the usual one first."""
        return tuple(map(self._word, _numbers(self._members, *self._member_at[synset])))

    def named(self, synset: int) -> bool:
        """It has words of its own, and does not only stand for a whole file."""
        start, end = self._member_at[synset]
        return end > start

    def links(self, synset: int) -> tuple[int, ...]:
        """The synsets right above it."""
        return _numbers(self._links, *self._link_at[synset])

    @cached_property
    def below(self) -> dict[int, tuple[int, ...]]:
        """The synsets right below a synset."""
        found: dict[int, list[int]] = {}
        flat, start = _numbers(self._links, 0, len(self._links) // 3), 0
        for synset, length in enumerate(self._link_at._lengths):
            for above in flat[start : start + length]:
                found.setdefault(above, []).append(synset)
            start += length
        return {above: tuple(synsets) for above, synsets in found.items()}

    @cached_property
    def opposites(self) -> dict[int, tuple[int, ...]]:
        """The antonyms of adjective synsets."""
        flat = _numbers(self._opposites, 0, len(self._opposites) // 3)
        found: dict[int, list[int]] = {}
        for one, other in zip(flat[::2], flat[1::2], strict=True):
            found.setdefault(one, []).append(other)
        return {one: tuple(others) for one, others in found.items()}

    @cached_property
    def exceptions(self) -> dict[tuple[str, str], str]:
        """Irregular forms: ("n", "mice") to "mouse"; n, v or a."""
        rows = (row.split(" ") for row in str(self._exceptions, "ascii").split("\n"))
        return {(row[0], row[1]): row[2] for row in rows}

    @cached_property
    def joined(self) -> dict[str, str]:
        """Words of several parts, by their letters alone: "teddybear" to "teddy bear"."""
        return {bare(word): word for word in reversed(self.words()) if " " in word or "-" in word}


def listed(text: str) -> tuple[str, ...]:
    """The words of a text, for tables in source code."""
    return tuple(text.split())


def bare(word: str) -> str:
    """A word without spaces and hyphens."""
    return word.replace(" ", "").replace("-", "")


def _numbers(section: memoryview, start: int, end: int) -> tuple[int, ...]:
    return tuple(int.from_bytes(section[3 * i : 3 * i + 3], "little") for i in range(start, end))


@lru_cache(maxsize=1)
def table() -> Table:
    """The table that ships with the package, read at the first call."""
    data = pkgutil.get_data("fusion.lexicon", "wordnet.bin")
    if data is None:
        raise FileNotFoundError("fusion/lexicon/wordnet.bin is not in the package; run scripts/build_lexicon")
    return Table(data)


@lru_cache(maxsize=1 << 16)
def ancestors(synset: int) -> frozenset[int]:
    """The synset and all above it."""
    found, todo, links = {synset}, [synset], table().links
    while todo:
        for above in links(todo.pop()):
            if above not in found:
                found.add(above)
                todo.append(above)
    return frozenset(found)
