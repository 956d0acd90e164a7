"""Makes up sentences with the grammar of captions, from words of the lexicon, for the teacher to parse.

Treebanks hold news and mail: hardly a present tense, no noun phrases for sentences, few dogs. What is made here is not meant to
be true or likely; it has the shapes that captions have ("Two small dogs and a cat lie on a wooden bench next to the lake").
"""

import random
from collections.abc import Iterator, Sequence

from fusion.lexicon import article, participle, plural, third_person
from fusion.lexicon.basic_level import BASIC_LEVEL
from fusion.lexicon.colours import BASIC

PERSONS = """man woman boy girl child person baby lady guy toddler player skier surfer rider skateboarder worker chef cyclist
couple tourist soldier officer driver bride student farmer fisherman batter catcher umpire pedestrian vendor""".split()
ANIMALS = """dog cat horse cow sheep bird elephant giraffe zebra bear duck goat monkey lion tiger deer rabbit pig chicken goose
seagull puppy kitten calf pony owl parrot squirrel penguin swan fox""".split()
PLACES = """beach street field kitchen park road room grass mountain hill river lake sidewalk forest yard bathroom garden ocean
parking_lot city_street tennis_court train_station living_room snow sand slope dirt_road baseball_field zoo farm pool bridge
platform airport restaurant office store court track runway harbor market stage porch barn desert valley shore""".split()
PARTS = """hand head face tail leg ear wing wheel window door roof sleeve handle hair back mouth eye seat mirror branch leaf
screen wall floor lid drawer paw neck foot arm""".split()
CLOTHES = """shirt hat jacket dress tie suit coat helmet scarf sweater cap uniform skirt vest apron wetsuit hoodie shoe glove sock
boot jersey""".split()
ADJECTIVES = """large small big little young old tall long short wooden metal plastic brick stone glass empty open closed wet dry
clean dirty striped plaid floral round square colorful shiny rusty fluffy furry green-eyed long-haired white-haired parked
snow-covered grassy sandy rocky busy crowded dark bright stuffed folded broken rusted painted cloudy sunny smiling sleeping
standing light dark-colored multicolored ripe fresh sliced fried""".split()
SITTING = "sit stand lie sleep rest lean wait pose perch kneel".split()
MOVING = "walk run fly jump swim drive ride surf ski skate climb graze wander float travel race crawl slide".split()
DOING = """hold ride carry wear eat watch throw catch hit pull push chase feed pet kick cut hug wash brush read cook play_with
look_at reach_for point_at swing fly lick sniff drink cross follow lead paint photograph serve""".split()
STATES = "park display place hang stack arrange fill cover decorate surround attach tie".split()
ON = """on in at near by behind under over across through along above below inside outside around past
against beside next_to in_front_of on_top_of close_to in_the_middle_of to_the_left_of to_the_right_of at_the_edge_of
on_the_side_of in_the_back_of out_of down up onto into toward between from""".split()
NUMBERS = "two three four five six several many some a_few a_couple_of a_group_of a_herd_of a_pile_of both".split()
FRAMES = (
    "{}.",
    "{}",
    "There is {}.",
    "A photo of {}.",
    "A close up of {}.",
    "The image shows {}.",
    "A view of {}",
    "This is {}.",
)


class Maker:
    """Makes sentences, the same ones for the same seed."""

    def __init__(self, seed: int = 0) -> None:
        self.rng = random.Random(seed)
        self.things = [word.replace("_", " ") for word in BASIC_LEVEL if word not in {"person", "insect"}]

    def sentences(self, number: int) -> Iterator[str]:
        """That many sentences."""
        for _ in range(number):
            yield self.sentence()

    def sentence(self) -> str:
        """One caption, sometimes of two sentences, sometimes without articles, capitals or full stop."""
        text = self.scene()
        if self.rng.random() < 0.12:
            text += " " + self.clause(self.pick(("The {}", "It", "He", "She", "They")), finite=True) + "."
        if self.rng.random() < 0.15:
            text = " ".join(w for w in text.split() if w.lower() not in {"a", "an", "the"})
        if self.rng.random() < 0.25:
            text = text.rstrip(".").lower()
        return text[:1].upper() + text[1:] if self.rng.random() < 0.75 else text

    def scene(self) -> str:
        shape = self.rng.random()
        if shape < 0.35:
            subject, many = self.subject()
            text = f"{subject} {self.verb_phrase(finite=False, many=many)}"
        elif shape < 0.6:
            subject, many = self.subject()
            text = f"{subject} {self.verb_phrase(finite=True, many=many)}"
        elif shape < 0.7:
            subject, many = self.subject()
            state = self.pick((*ADJECTIVES, *BASIC))
            text = f"{subject} {'are' if many else 'is'} {state}{self.place() if self.rng.random() < 0.5 else ''}"
        elif shape < 0.85:
            text = f"{self.subject()[0]}{self.place()}{self.place() if self.rng.random() < 0.3 else ''}"
        elif shape < 0.93:
            text = self.pick(FRAMES).format(f"{self.subject()[0]} {self.verb_phrase(finite=False, many=False)}")
        else:
            text = ", ".join(self.thing()[0] for _ in range(self.rng.randint(2, 3))) + f" and {self.thing()[0]}{self.place()}"
        return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")

    def subject(self) -> tuple[str, bool]:
        first, many = self.thing(self.pick((PERSONS, ANIMALS, self.things)))
        if self.rng.random() < 0.15:
            return f"{first} and {self.thing(self.pick((PERSONS, ANIMALS, self.things)))[0]}", True
        if self.rng.random() < 0.15:
            garment = self.phrase(self.pick(CLOTHES), many=False)
            return f"{first} {self.pick(('in', 'with', 'wearing'))} {garment}", many
        if self.rng.random() < 0.08:
            return f"{first} with {self.possessive()}{self.pick(PARTS)} {self.pick(('raised', 'up', 'open', 'visible'))}", many
        return first, many

    def possessive(self) -> str:
        return self.pick(("his ", "her ", "its ", "their ", "a "))

    def thing(self, words: Sequence[str] | None = None) -> tuple[str, bool]:
        noun = self.pick(words or self.pick((self.things, self.things, PERSONS, ANIMALS, PARTS, CLOTHES)))
        many = self.rng.random() < 0.3
        text = self.phrase(noun, many=many)
        if self.rng.random() < 0.08:
            text += f" of {self.phrase(self.pick(self.things), many=False)}"
        if self.rng.random() < 0.08:
            text += f" {self.pick(('that', 'which'))} {self.clause('', finite=True).strip()}"
        return text, many

    def phrase(self, noun: str, *, many: bool) -> str:
        adjectives = [self.pick((*ADJECTIVES, *BASIC)) for _ in range(self.pick((0, 0, 0, 1, 1, 2)))]
        if len(adjectives) == 2 and self.rng.random() < 0.4:
            adjectives.insert(1, "and")
        if self.rng.random() < 0.08:
            noun = f"{self.pick(self.things)} {noun}"
        words = [*adjectives, plural(noun) if many else noun]
        if many:
            lead = self.pick((*NUMBERS, *NUMBERS, "the", "")).replace("_", " ")
            return " ".join([lead, *words]).strip()
        if self.rng.random() < 0.05:
            return f"{self.phrase(self.pick(PERSONS), many=False)}'s {' '.join(words)}"
        return " ".join([self.pick(("the", *[article(words[0])] * 3)), *words])

    def place(self) -> str:
        where = self.pick(ON)
        if self.rng.random() < 0.5:
            return f" {where} {self.phrase(self.pick(PLACES).replace('_', ' '), many=False)}"
        return f" {where} {self.thing()[0]}"

    def clause(self, subject: str, *, finite: bool) -> str:
        return f"{subject.format(self.pick((*PERSONS, *ANIMALS)))} {self.verb_phrase(finite=finite, many=subject == 'They')}"

    def verb_phrase(self, *, finite: bool, many: bool) -> str:
        shape = self.rng.random()
        if shape < 0.3:
            return (
                self.inflected(self.pick(SITTING), finite, many)
                + self.place()
                + (self.place() if self.rng.random() < 0.2 else "")
            )
        if shape < 0.5:
            return self.inflected(self.pick(MOVING), finite, many) + (self.place() if self.rng.random() < 0.85 else "")
        if shape < 0.88:
            text = f"{self.inflected(self.pick(DOING), finite, many)} {self.thing()[0]}"
            if self.rng.random() < 0.35:
                text += self.place()
            if self.rng.random() < 0.2:
                text += f" while {self.inflected(self.pick((*SITTING, *MOVING)), False, many)}{self.place()}"
            return text
        state = self.pick(STATES)
        past = {"hang": "hung"}.get(state, state + ("d" if state.endswith("e") else "ped" if state == "stop" else "ed")).replace(
            "tieed", "tied"
        )
        return f"{('are ' if many else 'is ') if finite else ''}{past}{self.place()}"

    def inflected(self, verb: str, finite: bool, many: bool) -> str:
        first, _, rest = verb.partition("_")
        if not finite:
            form = participle(first)
        elif self.rng.random() < 0.4:
            form = ("are " if many else "is ") + participle(first)
        else:
            form = first if many else third_person(first)
        return f"{form} {rest}".strip()

    def pick(self, options):
        return self.rng.choice(options)
