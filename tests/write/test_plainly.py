"""Sentences of captioning models as captions of their own."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion.write.plainly import is_effect, is_loose, is_unfinished, worded

MEAL = "A white bowl filled with a meal, placed on a dining table."
FRAMES = {
    "features": ("The image features a white bowl filled with a meal, placed on a dining table.", MEAL),
    "shows": ("The picture also shows a white bowl filled with a meal, placed on a dining table", MEAL),
    "captures": ("This photo captures a white bowl filled with a meal, placed on a dining table.", MEAL),
    "depicts": ("this image depicts a man sitting", "A man sitting."),
    "is of": ("The photo is of a dog.", "A dog."),
    "is a photo": ("The image is a black and white photo of an airplane.", "A black and white photo of an airplane."),
    "in the image": (
        "In the image, a group of baseball players are sitting on a bench", "A group of baseball players are sitting on a bench.",
    ),
    "two frames": ("In this picture we can see a man riding a horse.", "A man riding a horse."),
    "we can see": ("We can see two dogs on a beach.", "Two dogs on a beach."),
    "a word of BLIP": ("arafed dog on a sofa", "Dog on a sofa."),
    "this is": ("this is an image of a cat on a bed", "A cat on a bed."),
    "beside others": ("In addition to the gloves, there are three bats visible in the scene.", "There are three bats."),
    "where in it": ("A sheep stands on the left side of the image.", "A sheep stands on the left side."),
    "shouted": ("BLUE MOTORCYCLE ON DISPLAY", "Blue motorcycle on display."),
    "no caption of its own is left": ("The image shows that a dog runs.",) * 2,
    "one word is left": ("An image of dogs.",) * 2,
    "no frame": ("A man shows a picture of a dog.",) * 2,
    "what is visible stays so": (
        "A dog is also visible in the scene, sitting on the floor.", "A dog is also visible, sitting on the floor.",
    ),
    "what is there is there": ("There are several kites visible in the image.", "There are several kites."),
    "only a frame": ("We can see", "We can see."),
}  # fmt: skip


@pytest.mark.parametrize(("text", "left"), FRAMES.values(), ids=list(FRAMES))
def test_frames_go_where_a_caption_is_left(text: str, left: str) -> None:
    assert worded(text) == left


CLAUSES = {
    "an effect": ("The hill is covered with rocks, creating a natural terrain.", "The hill is covered with rocks."),
    "a focal point": ("The bowl is on the table, making it the focal point.", "The bowl is on the table."),
    "a guess": ("A red sign in front of a building, likely a store or a business.", "A red sign in front of a building."),
    "a guess in the middle": ("A ball, likely a tennis ball, is near the net.", "A ball is near the net."),
    "with which": ("A sign hangs on a wall, which adds to the charm.", "A sign hangs on a wall."),
    "what somebody does": ("A man sits on a bench, making a sandwich.",) * 2,
    "what somebody wears": ("A man sits on a bench, wearing a hat.",) * 2,
    "too little in front": ("A dog, creating a mess.",) * 2,
    "the sentence goes on": ("The man in red, adding salt, is in a kitchen.",) * 2,
    "in a quotation": ('A sign on a wall reads "Open, creating art" in red.',) * 2,
    "without a comma": ("The kites on the beach are creating a lively scene.",) * 2,
}


@pytest.mark.parametrize(("text", "left"), CLAUSES.values(), ids=list(CLAUSES))
def test_what_the_writer_makes_of_it_is_cut_off_at_a_comma(text: str, left: str) -> None:
    assert worded(text) == left


@given(st.text())
def test_worded_is_a_line_and_words_stay_as_they_are(text: str) -> None:
    once = worded(text)
    assert once == "" or (once == " ".join(once.split()) and once[-1] in '.!?"”')
    assert bool(once) == bool(text.strip())


EFFECTS = {
    "The scene has a vintage feel to it.": True,
    "The combination of rice and beans creates a balanced meal.": True,
    "The flowers add a touch of colour.": True,
    "A dog is the main focus of the scene.": True,
    "A dog runs on a beach.": False,
    "A man adds salt to a pot.": False,
}


@pytest.mark.parametrize(("text", "effect"), EFFECTS.items(), ids=list(EFFECTS))
def test_what_a_picture_does_to_its_viewer(text: str, effect: bool) -> None:
    assert is_effect(text) is effect


LEANING = {
    "Some of them are standing.": True, "He is on a bench.": True, "I am unable to see an image.": True,
    "The other dog sleeps.": True, "There are several other people.": True,
    "There is also a cup.": True, "There are two dogs.": False, "This man sits.": False, "A dog.": False,
    "Items on a table.": False,
}  # fmt: skip


@pytest.mark.parametrize(("text", "loose"), LEANING.items(), ids=list(LEANING))
def test_what_leans_on_another_sentence(text: str, loose: bool) -> None:
    assert is_loose(text) is loose


ENDS = {
    "with an end mark": ("A dog runs.", False, False),
    "a short phrase alone": ("A dog on a sofa", True, False),
    "behind others": ("A plate with food, accompanied by a fork", False, True),
    "on a word that nothing ends with": ("A bench which is situated near the", True, True),
    "a long one alone": ("a dog and " * 12 + "cat", True, True),
}


@pytest.mark.parametrize(("text", "alone", "cut"), ENDS.values(), ids=list(ENDS))
def test_what_was_cut_before_its_end(text: str, alone: bool, cut: bool) -> None:
    assert is_unfinished(text, alone=alone) is cut
