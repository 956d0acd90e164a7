"""Which texts are surely not English."""

from __future__ import annotations

import pytest

from fusion.language.detect import foreign


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("Un perro marrón y un gato en el sofá.", "es"),
        ("Un gatto nero dorme sul divano.", "it"),
        ("Een man met een hond op het strand.", "nl"),
        ("Un chien et un chat sur le canapé.", "fr"),
        ("Zwei Männer fahren mit dem Fahrrad auf der Straße.", "de"),
    ],
)
def test_short_captions_in_other_languages(text: str, tag: str) -> None:
    assert foreign(text) == tag


@pytest.mark.parametrize("text", ["Собака и кошка на диване.", "رجل يركب حصانا", "Ένας άντρας με σκύλο"])
def test_other_scripts(text: str) -> None:
    assert foreign(text) not in {None, "en"}


@pytest.mark.parametrize(
    "text",
    [
        "A cafe on the Champs Elysees in Paris.",
        "El Paso at night, with the lights of Ciudad Juarez behind it.",
        "A plate of spaghetti al pomodoro and a glass of vino.",
        "A sign for La Rambla and Las Ramblas in Barcelona.",
        "man riding horse",
        "Der Spiegel magazine on a table.",
    ],
)
def test_english_with_words_from_elsewhere(text: str) -> None:
    assert foreign(text) is None
