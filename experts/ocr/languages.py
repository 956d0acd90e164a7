"""Which letters a language is written in, as far as it takes to tell whether a model can write it."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache

# Code by ISO 639-1, English name, letters without which the language cannot be written. Of scripts with many letters some
# common ones stand for all.
_ROWS = """
en English abcdefghijklmnopqrstuvwxyz
de German aäöüß
fr French aàâçéèêëîïôùû
es Spanish aáéíñóúü
pt Portuguese aãõáâàçéêíóôú
it Italian aàèéìòù
nl Dutch aëï
ca Catalan aàçèéíòóúü
da Danish aæøå
sv Swedish aåäö
no Norwegian aæøå
fi Finnish aäö
is Icelandic aðþæö
ga Irish aáéíóú
cy Welsh aŵŷ
pl Polish aąćęłńóśźż
cs Czech aáčďéěíňóřšťúůýž
sk Slovak aáäčďéíĺľňóôŕšťúýž
hu Hungarian aáéíóöőúüű
ro Romanian aăâîșț
hr Croatian ačćđšž
sl Slovenian ačšž
et Estonian aõäöü
lv Latvian aāčēģīķļņšūž
lt Lithuanian aąčęėįšųūž
tr Turkish açğıöşü
id Indonesian abcdefghijklmnopqrstuvwxyz
ms Malay abcdefghijklmnopqrstuvwxyz
sw Swahili abcdefghijklmnopqrstuvwxyz
vi Vietnamese aăâđêôơưạảấầếệ
el Greek αβγδελπστω
ru Russian абвгдежзийлпыэюя
uk Ukrainian абвгдєжзиіїйлпюя
bg Bulgarian абвгдежзийлпъюя
zh Chinese 的一是不了人我在有
ja Japanese あいうのアイウン日本
ko Korean 가나다라이한국
ar Arabic ابتجدرسعلمنه
fa Persian ابپتچدرسگ
he Hebrew אבגדהולמנ
hi Hindi अआकगतनमर
bn Bengali অআকগতনমর
ta Tamil அஆகதநமர
te Telugu అఆకగతనమ
th Thai กขคงนมรล
"""
_LETTERS = {row.split()[0]: row.split()[2] for row in _ROWS.strip().splitlines()}

NAMES: dict[str, str] = {row.split()[0]: row.split()[1] for row in _ROWS.strip().splitlines()}
"""English names of the languages, by ISO 639-1 code."""


def codes(languages: Sequence[str]) -> tuple[str, ...]:
    """Codes of languages that are given by code or by English name ("de", "German"); what is neither stays as it is."""
    by_name = {name.casefold(): code for code, name in NAMES.items()}
    return tuple(by_name.get(language.casefold(), language) for language in languages)


def missing_letters(language: str, alphabet: Collection[str]) -> str:
    """Letters of a language that an alphabet lacks."""
    return "".join(letter for letter in _LETTERS[language] if letter not in alphabet)


def in_languages(text: str, languages: Sequence[str]) -> bool:
    """Are at least half of the letters in a script of these languages? True where there are no letters, or no languages."""
    scripts = [_script(character) for character in text if character.isalpha()]
    if not languages or not scripts:
        return True
    wanted = {_script(letter) for language in languages for letter in _LETTERS[language]}
    return _share(scripts, wanted) >= 0.5


def _share(scripts: Sequence[str], wanted: Iterable[str]) -> float:
    known = set(wanted)
    return sum(script in known for script in scripts) / len(scripts)


@lru_cache(maxsize=1 << 12)
def _script(letter: str) -> str:
    """The script of a letter as its Unicode name begins: "LATIN", "CJK", "HIRAGANA"."""
    return unicodedata.name(unicodedata.normalize("NFKC", letter)[0], "?").split()[0]
