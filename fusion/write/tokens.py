"""Counts the tokens of a text as CLIP's tokenizer does: with its own merges where they are at hand, else an upper estimate.

CLIP (Radford et al. 2021) reads byte-pair encoding (Sennrich et al. 2016) of lower-cased words; 77 tokens fit, two of which mark
start and end and are counted here. The merges come with the wheel of open_clip, which is found without importing it, or in a
file given by path.
"""

from __future__ import annotations

import gzip
import html
import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any

from fusion.errors import ConfigError, MissingExtra
from fusion.write.common_words import COMMON

MARKS = 2
"""Start and end of a text."""
MERGES = 49152 - 256 - 2
"""How many of the lines of `bpe_simple_vocab_16e6.txt.gz` CLIP's vocabulary holds: all but 256 bytes and two marks."""
FILE = "bpe_simple_vocab_16e6.txt.gz"
PIECE = re.compile(
    r"<start_of_text>|<end_of_text>|'s|'t|'re|'ve|'m|'ll|'d|(?P<word>[^\W\d_]+)|(?P<digit>\d)|(?P<rest>(?:[^\s\w]|_)+)",
    re.IGNORECASE,
)
"""What a text is cut into first. `split` mends where Python's classes differ from Unicode's letters and numbers."""
APART = frozenset(
    "bq bx bz dq fk fq fz gj gx hj hx hz jq jx jz kq lq lx lz nq oa oq pq pz qb qc qd qe qf qg qh qj qk ql qm qn qo qp qr "
    "qs qt qv qw qx qy qz rq rz tq uq vd vf vk vq vx vz wz xa xb xc xd xf xg xh xj xk xm xn xp xq xr xs xt xv xw xz yc yf "
    "yg yh yj yk yq yv yx zb zc zd zf zg zj zk zl zm zn zp zq zr zs zt zv zw zx".split()
)
"""The pairs of letters that CLIP has no token for; all 573 others are joined wherever both letters stand alone."""
APART_AT_END = frozenset(
    "bq fq fv gj hj hx ij iy jq jx jy jz kq lq mq nq oq pq qd qg qh qj qk qn qo qp qq qv qw qy qz rq rz uj vq vz wq wz xg "
    "xk xw xz yf yj yq yv yw zb zc zd zf zg zj zk zp zq zv".split()
)
"""The same for the last two letters of a word."""


class TokenCounter:
    """Counts tokens. `exact` says whether with the tokenizer itself or by `estimate`, which never says too few.

    Raises:
        ConfigError: the file is none, or no tokenizer.
        MissingExtra: it is a `tokenizer.json`, and the library that reads those is not installed.
    """

    def __init__(self, path: str | Path = "") -> None:
        self.path = Path(path) if path else in_open_clip()
        if path and not self._file().is_file():
            raise ConfigError(f"tokenizer: expected a file, got {str(path)!r}", hint="check the path")
        self._count: Callable[[str], int] | None = None
        if path:
            self._load()

    @property
    def exact(self) -> bool:
        """Is the tokenizer at hand?"""
        return self.path is not None

    def count(self, text: str) -> int:
        """Tokens with start and end."""
        if self.path is None:
            return estimate(text)
        return MARKS + self._load()(text)

    def fits(self, text: str, most: int) -> bool:
        """Are there at most so many? Where the estimate says so, the tokenizer need not even be loaded."""
        return estimate(text) <= most or self.count(text) <= most

    def _file(self) -> Path:
        assert self.path is not None
        return self.path / "merges.txt" if self.path.is_dir() else self.path

    def _load(self) -> Callable[[str], int]:
        if self._count is None:
            file = self._file()
            self._count = of_json(file) if file.suffix == ".json" else Merges(file).count
        return self._count


def in_open_clip() -> Path | None:
    """The merges in the wheel of open_clip; None where it is not installed. Importing it would load torch."""
    spec = find_spec("open_clip")
    file = Path(spec.origin).parent / FILE if spec is not None and spec.origin else None
    return file if file is not None and file.is_file() else None


def of_json(file: Path) -> Callable[[str], int]:
    """Counts with a `tokenizer.json`, without the marks that it may add."""
    if file.name != "tokenizer.json" and (file.parent / "merges.txt").is_file():
        return Merges(file.parent / "merges.txt").count  # a vocab.json
    try:
        from tokenizers import Tokenizer
    except ImportError:
        hint = "pip install 'caption-fusion[captioner]'"
        raise MissingExtra(f"tokenizer {file}: the library tokenizers is not installed", hint=hint) from None
    try:
        loaded: Any = Tokenizer.from_file(str(file))
    except Exception as error:  # noqa: BLE001 - the library raises nothing more exact
        raise ConfigError(f"tokenizer {file}: expected a tokenizer.json: {error}") from None
    return lambda text: len(loaded.encode(text, add_special_tokens=False).ids)


class Merges:
    """Byte-pair encoding with the merges of a file: `bpe_simple_vocab_16e6.txt.gz`, or the `merges.txt` beside a vocab.json."""

    def __init__(self, file: Path) -> None:
        self._ranks = read_merges(file)
        self._bytes = byte_letters()
        self._known: dict[str, int] = {}
        self._mend = fixed_by_ftfy()

    def count(self, text: str) -> int:
        """Tokens of a text, cleaned as CLIP does, without start and end."""
        clean = html.unescape(html.unescape(self._mend(text))).lower()
        return sum(self._tokens(piece) for piece, _ in split(clean))

    def _tokens(self, piece: str) -> int:
        if piece not in self._known:
            self._known[piece] = 1 if piece in {"<start_of_text>", "<end_of_text>"} else self._merged(piece)
        return self._known[piece]

    def _merged(self, piece: str) -> int:
        symbols = [self._bytes[byte] for byte in piece.encode()]
        symbols[-1] += "</w>"
        while len(symbols) > 1:
            ranked = [(self._ranks.get(pair, MERGES), pair) for pair in pairwise(symbols)]
            rank, pair = min(ranked)
            if rank == MERGES:
                break
            symbols = joined(symbols, pair)
        return len(symbols)


def joined(symbols: list[str], pair: tuple[str, str]) -> list[str]:
    """The symbols with each such pair made one, from the left."""
    made: list[str] = []
    for symbol in symbols:
        if made and (made[-1], symbol) == pair:
            made[-1] += symbol
            # What is joined here is never half of the next pair: that would need the pair to be longer than itself.
        else:
            made.append(symbol)
    return made


def read_merges(file: Path) -> dict[tuple[str, str], int]:
    """Pairs with their rank. The first line of the file says its version.

    Raises:
        ConfigError: it holds no pairs.
    """
    try:
        data = file.read_bytes()
        text = (gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data).decode()
    except (OSError, EOFError, ValueError) as error:
        raise ConfigError(f"tokenizer {file}: cannot be read: {error}", hint=f"expected {FILE} or merges.txt") from None
    pairs = [tuple(line.split()) for line in text.split("\n")[1 : MERGES + 1] if line.strip()]
    if not pairs or any(len(pair) != 2 for pair in pairs):
        raise ConfigError(f"tokenizer {file}: expected two parts a line", hint=f"expected {FILE} or merges.txt")
    return {(pair[0], pair[1]): rank for rank, pair in enumerate(pairs)}


@lru_cache(maxsize=1)
def byte_letters() -> list[str]:
    """The letter that stands for each byte in the merges: itself where it prints, else one from U+0100 on, in order."""
    free = iter(range(256, 512))
    prints = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    return [chr(byte) if byte in prints else chr(next(free)) for byte in range(256)]


def fixed_by_ftfy() -> Callable[[str], str]:
    """What CLIP mends broken encodings with; where it is not installed, accents are composed and quotes straightened."""
    try:
        from ftfy import fix_text
    except ImportError:
        return plainly
    fix: Callable[[str], str] = fix_text
    return fix


def plainly(text: str) -> str:
    """The common part of what ftfy does to text whose encoding is whole."""
    quotes = str.maketrans({"‘": "'", "’": "'", "‚": "'", "“": '"', "”": '"', "„": '"'})
    return unicodedata.normalize("NFC", text).translate(quotes)


def split(text: str) -> Iterator[tuple[str, str]]:
    """The pieces that are encoded one by one, each with its kind: "word", "digit", "rest", or "" for an ending such as "'s"."""
    for found in PIECE.finditer(text):
        piece, kind = found.group(), found.lastgroup or ""
        if piece.isascii() or kind != "word":
            yield piece, kind
        else:
            yield from by_category(piece)


def by_category(piece: str) -> Iterator[tuple[str, str]]:
    """A run that Python takes for letters: "²" and "Ⅳ" are numbers, and CLIP takes those one by one."""
    word = ""
    for letter in piece:
        if unicodedata.category(letter).startswith("L"):
            word += letter
            continue
        if word:
            yield word, "word"
        yield letter, "digit"
        word = ""
    if word:
        yield word, "word"


def estimate(text: str) -> int:
    """Tokens with start and end, at least as many as CLIP's tokenizer makes.

    A word of `COMMON` is one token. In any other word of English letters no two letters that have a token together stay alone, so
    that three letters make two tokens at most; the pairs that have none are known. Of the rest each byte counts.
    """
    clean = html.unescape(html.unescape(unicodedata.normalize("NFC", text))).lower()
    return MARKS + sum(most_tokens(piece, kind) for piece, kind in split(clean))


@lru_cache(maxsize=1 << 14)
def most_tokens(piece: str, kind: str) -> int:
    """The most tokens that a piece can make."""
    if piece in COMMON or (not kind and piece.isascii()):
        return 1
    if kind != "word" or not piece.isascii():
        return len(piece.encode())
    return most_of_word(piece)


def most_of_word(word: str) -> int:
    """The most tokens of a word of English letters: none alone beside another one with which it has a token."""
    # Over the letters: the most tokens if this letter ends a longer token, and if it stands alone.
    longer, alone = -1, 1
    before = 0  # the most tokens up to the letter before the last
    for at in range(1, len(word)):
        pair = word[at - 1 : at + 1]
        free = pair in (APART_AT_END if at == len(word) - 1 else APART)
        best = max(longer, alone)
        longer, alone, before = before + 1, max(longer, alone if free else -1) + 1, best
        alone = alone if alone > 0 else -1
    return max(longer, alone)
