"""Names, numbers, dates and brands by shape and place."""

from __future__ import annotations

import pytest

from fusion.alt_text import find_names, is_titled, person_named, persons

NAMES = [
    ("a dog on a sofa", ()),
    ("A dog on a sofa", ()),
    ("a man in Manhattan", ("Manhattan",)),
    ("Whitby, 1881", ("Whitby", "1881")),
    ("flamingos at the Sea of Marmara in Turkey", ("Sea of Marmara", "Turkey")),
    ("Margaret L. Carter featured", ("Margaret L. Carter",)),
    ("we went on March 3, 2016", ("March 3", "2016")),
    ("the score was 83-61", ("83-61",)),
    ("new iPhone 6s case", ("iPhone 6s",)),
    ("Nike Yoga Dri-FIT Shorts", ("Nike", "Dri-FIT")),
    ("Healthy Recipes - Banana Cinnamon Rolls", ()),
    ("Adam Dunn #32 of the team", ("Adam Dunn #32",)),
    ('records by "Sosners" on the left', ("Sosners",)),
    ("Rome, Rome and Rome", ("Rome",)),
    ("2019", ("2019",)),
    ("", ()),
    ("!!!", ()),
    # whole names, with what belongs to them
    ("Commodore Grace M. Hopper, USN (covered)", ("Commodore Grace M. Hopper", "USN")),
    ("Rear Admiral Grace Hopper in 1984", ("Rear Admiral Grace Hopper", "1984")),
    ("Actress Emma Stone at the 2017 Oscars", ("Actress Emma Stone", "2017")),
    ("John Smith riding", ("John Smith",)),
    ("Cologne Cathedral at night", ("Cologne Cathedral",)),
    ("Golden Gate Bridge in San Francisco", ("Golden Gate Bridge", "San Francisco")),
    ("Eileen Collins, NASA astronaut", ("Eileen Collins", "NASA")),
    ("Michael Kors Bag", ("Michael Kors",)),
    # no names
    ("a dog and HACKED", ()),
    ("Quatre chevaux dans un pré", ()),
    ("Eine Katze auf dem Sofa", ()),
    ("I <3 my dog", ()),
    ("HD photo of a cat", ()),
    ("DSC12345 of a dog", ()),
    ("Two dogs playing in a field", ()),
    # names in another language
    ("Un chat à Paris", ("Paris",)),
]


@pytest.mark.parametrize(("text", "names"), NAMES, ids=[text or "empty" for text, _ in NAMES])
def test_names(text: str, names: tuple[str, ...]) -> None:
    assert find_names(text) == names


PERSONS = [
    ("Dev Patel attends the 8th annual Polo Classic", ("Dev Patel", "")),
    ("Actor Dev Patel attends the Polo Classic", ("Dev Patel", "actor")),
    ("Mariano Di Vaio wears Formal Collection", ("Mariano Di Vaio", "")),
    ("Leicester striker Jamal Ndidi in London", ("Jamal Ndidi", "striker")),
    ("Head Coach Geno Auriemma of the Connecticut Huskies looks on", ("Geno Auriemma", "coach")),
    ("President John F. Kennedy and his wife in the 1950s", ("John F. Kennedy", "president")),
    ("Ipswich's Alan Leeds celebrates", ("Alan Leeds", "")),
    ("Adam Dunn #32 of the Chicago White Sox hits a home run", ("Adam Dunn", "")),
    ("seen riding with his Yorkie Terrier wearing matching helmets", ("", "")),
    ("Dev Patel and Emma Thompson attend", ("", "")),
    ("Eric Lu performs, and James Spankie sings", ("", "")),
    ("creative photographer Los Anjeles", ("", "")),
    ("Calvin Klein Plus Size Sweater", ("", "")),
    ("Merry Christmas wears well", ("", "")),
    ("", ("", "")),
]


@pytest.mark.parametrize(("text", "person"), PERSONS, ids=[text or "empty" for text, _ in PERSONS])
def test_the_person_that_is_told_of(text: str, person: tuple[str, str]) -> None:
    assert person_named(text) == person


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("Albert Einstein at Princeton in 1947", ["Albert Einstein"]),
        ("President Barack Obama and Michelle Obama", ["President Barack Obama", "Michelle Obama"]),
        ("Commodore Grace M. Hopper, USN", ["Commodore Grace M. Hopper"]),
        ("Michael Kors Bag", []),
        ("Cologne Cathedral at night", []),
        ("", []),
    ],
)
def test_people(text: str, people: list[str]) -> None:
    assert persons(text) == people


@pytest.mark.parametrize(
    ("text", "titled"),
    [("Cool Red Car", True), ("a man in Rome", False), ("Rome", True), ("1881", False), ("", False)],
)
def test_titles_begin_their_words_with_capitals(text: str, titled: bool) -> None:
    assert is_titled(text) is titled
