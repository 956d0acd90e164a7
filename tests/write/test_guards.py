"""Guards: good captions pass untouched, bad ones are mended or rejected under the kind that was expected."""

from __future__ import annotations

from dataclasses import replace

import pytest
from growth import STEADY, growth
from hypothesis import given
from hypothesis import strategies as st

from fusion.write.guards import KINDS, Wanted, guard
from fusion.write.guards.wanted import Shape, sentences

ASKED = "Write one caption of this picture.\nAnswer with the caption alone."
RULES = f"{ASKED}\nSay only what the facts say. Add no thing, colour, number, action or place of your own."
WANTED = Wanted(
    rules=RULES,
    ids=frozenset({"o1", "o2", "r1", "t1"}),
    facts='object: dog, brown\nobject: sofa\ntext: "STOP"',
    found="Whitby harbour at dawn, 2019. Sold out!",
    quotable=("STOP", "ONE WAY", "Rex the dog"),
    examples=("A red kite over a green hill.",),
    again="This caption was not taken: it repeated lines of facts; say them in sentences.\nWrite it again.",
)

GOOD: dict[Shape, tuple[str, ...]] = {
    "sentence": (
        "A brown dog sleeps on a grey sofa.",
        "Two men in suits shake hands in front of St. Paul's Cathedral.",
        "Dr. Watson sits on a bench next to a U.S. Navy ship.",
        'A sign on a pole reads "STOP".',
        "A man can't lift the box that stands in front of him.",
        "A photo of a dog hangs above the fireplace.",
        "A picture of a boat hangs on the wall",
        "An AI exhibit at a museum shows robots in glass cases.",
        "Great white sharks swim under a boat.",
        "Sure-footed goats climb a steep cliff.",
        "Here is where two roads meet: a bridge over a river.",
        "A red car, a blue car, a green car and a white car stand in a row.",
        "Naïve café façade with a sign for crème brûlée.",
        "The dogs' bowl and the cats' beds stand in a corner.",
        "Three birds (two grey, one white) sit on a wire.",
        "A clock shows 3.45 p.m. above the entrance of a station.",
        "The picture frame shows signs of age.",
        "A very, very long train crosses a bridge.",
        "A cat that looks sorry sits beside a broken vase.",
        "One side of the street is in shadow; the other, where people walk, is in the sun.",
        "Dogs run.",
        "You can see into part of a bathroom.",
        "A figure of phase 2 (p2) of a plan",
        "A figure of phases (p2-p3) of a plan",
        "Łukasz Żal and Björk at Oktoberfest.",
        "El Capitan at dusk.",
        "La Sagrada Familia.",
        "Las Vegas.",
        "A café on the Rue de la Paix.",
        "A plate of pad thai and a bowl of tom yum.",
        "A red van.",
        "A child rides a niñera's bicycle.",
        "NASA",
        "BMW X5",
        "I LOVE NY is on a shirt.",
        "According to the clock, it is noon.",
        "A sculpture, a masterpiece, stands in a hall.",
        "A shop that sells 4K televisions.",
        "A photo of a dog, black and white.",
    ),
    "prose": (
        "A man rides a brown horse along a beach. Behind them, the sea is calm. A small dog runs ahead.",
        "There are two dogs. One of the dogs is brown. The other dog is white and stands at the left.",
        'A bus stands at a stop. The words "ONE WAY" and "STOP" can be read.',
        "A kitchen with white cupboards. On the counter are a kettle, two cups, a bowl of fruit and a knife.",
        "In the foreground of the picture, a woman holds an umbrella. People can be seen behind her.",
        "A black and white photo of a street. Cars are parked on both sides of the street, and a tram is on the street.",
    ),
    "line": (
        "golden retriever, a brown dog on a sofa, soft light",
        "dog, sofa, indoors, photo",
        "a man riding a horse on a beach, black and white photo",
        "a poster of a band, etc.",
    ),
    "tags": (
        "dog, brown, sofa, indoors", "two dogs", "a dog", "black and white photo", "a dog, a sofa",
        "1girl, solo, long hair, looking at viewer, outdoors",
    ),
    "regions": ("[10, 20, 30, 40] a brown dog\n[50, 60, 70, 80] a grey sofa",),
    "questions": ('Q: What lies on the sofa? A: A brown dog lies on it.\nQ: What does the sign read? A: The sign reads "STOP".',),
    "json": (
        '{"subjects": [{"noun": "dog", "number": 1, "attributes": ["brown"], "actions": []}], "setting": null, "relations": [], '
        '"text": ["STOP"], "style": []}',
    ),
}  # fmt: skip


@pytest.mark.parametrize(("shape", "text"), [pytest.param(s, t, id=t[:40]) for s, texts in GOOD.items() for t in texts])
def test_good_captions_pass_untouched(shape: Shape, text: str) -> None:
    wanted = replace(WANTED, shape=shape, facts="", found="", quotable=())
    found = guard(text, replace(wanted, quotable=("STOP", "ONE WAY")) if '"' in text else wanted)
    assert (found.kind, found.reason, found.text, found.mended) == ("", "", text, ())


MENDED = {
    "a code fence": ("```\nA dog on a sofa.\n```", "A dog on a sofa.", "fence"),
    "a fence that never ends": ("```text\nA dog on a sofa.", "A dog on a sofa.", "fence"),
    "a label": ("Caption: A dog on a sofa.", "A dog on a sofa.", "preamble"),
    "a label in bold": ("**Caption:** A dog on a sofa.", "A dog on a sofa.", "preamble"),
    "here is": ("Sure! Here's a caption for the picture: A dog on a sofa.", "A dog on a sofa.", "preamble"),
    "here is, on a line": ("Here is the caption based on the facts:\n\nA dog on a sofa.", "A dog on a sofa.", "preamble"),
    "based on the facts": ("Based on the given facts, a dog lies on a sofa.", "a dog lies on a sofa.", "preamble"),
    "the caption is": ("Based on the facts, the caption is: A dog on a sofa.", "A dog on a sofa.", "preamble"),
    "according to the alt text": ("According to the alt text, a dog named Rex.", "a dog named Rex.", "preamble"),
    "here's one": ("Here's one: A dog on a sofa.", "A dog on a sofa.", "preamble"),
    "my caption": ("My caption: A dog on a sofa.", "A dog on a sofa.", "preamble"),
    "an answer": ("Answer: A dog on a sofa.", "A dog on a sofa.", "preamble"),
    "a final answer": ("Final answer: A dog on a sofa.", "A dog on a sofa.", "preamble"),
    "a label with a style": ("Caption (short): A dog on a sofa.", "A dog on a sofa.", "preamble"),
    "the caption would be": ('The caption would be "A dog on a sofa."', "A dog on a sofa.", "preamble"),
    "HTML": ("<p>A <b>dog</b>, on a <i class='x'>sofa</i>.</p>", "A dog, on a sofa.", "markup"),
    "a tag around it": ("<caption>A dog on a sofa.</caption>", "A dog on a sofa.", "markup"),
    "I see": ("I see a dog on a sofa!", "A dog on a sofa.", "boilerplate"),
    "I can see": ("I can see a dog on a sofa.", "A dog on a sofa.", "boilerplate"),
    "praise": ("A dog on a sofa, masterpiece, best quality, 8k, trending on artstation", "A dog on a sofa.", "boilerplate"),
    "praise as a sentence": ("A dog on a sofa. Highly detailed, 4K.", "A dog on a sofa.", "boilerplate"),
    "capitals": ("A DOG ON A SOFA. ", "A dog on a sofa.", "capitals"),
    "capitals around a quotation": ('A SIGN ABOVE A DOG READS "STOP".', 'A sign above a dog reads "STOP".', "capitals"),
    "capitals of what opens a sentence": ("A BROWN DOG AND A SOFA.", "A brown dog and a sofa.", "capitals"),
    "capitals with digits": ("A DOG NEXT TO BUS A12.", "A dog next to bus A12.", "capitals"),
    "capitals of names": ("A DOG NAMED REX ON A SOFA.", "A dog named Rex on a sofa.", "capitals"),
    "let me know": ("A dog on a sofa. Let me know if you need another one!", "A dog on a sofa.", "preamble"),
    "a note": ("A dog on a sofa.\n\n(Note: the sofa's colour is not known.)", "A dog on a sofa.", "preamble"),
    "a count of words": ("A dog on a sofa. (5 words)", "A dog on a sofa.", "preamble"),
    "bold": ("A **dog** on a sofa.", "A dog on a sofa.", "markup"),
    "a heading": ("## A dog on a sofa", "A dog on a sofa", "markup"),
    "one bullet": ("- A dog on a sofa.", "A dog on a sofa.", "markup"),
    "quotation marks": ('"A dog on a sofa."', "A dog on a sofa.", "quotes"),
    "curly ones": ("“A dog on a sofa.”", "A dog on a sofa.", "quotes"),
    "ids": ("A brown dog [o1] lies on a sofa (o2).", "A brown dog lies on a sofa.", "echo"),
    "several ids": ("A brown dog [o1-o2] lies on a sofa (o2, r1).", "A brown dog lies on a sofa.", "echo"),
    "the image shows": ("The image shows a dog on a sofa.", "A dog on a sofa.", "boilerplate"),
    "in this picture we can see": ("In this picture, we can see a dog on a sofa.", "A dog on a sofa.", "boilerplate"),
    "in the image there is": ("In the image, there is a dog on a sofa.", "There is a dog on a sofa.", "boilerplate"),
    "this is a picture of": ("This is a picture of a dog on a sofa.", "A dog on a sofa.", "boilerplate"),
    "a mark at the end": ("A dog on a sofa.<|im_end|>\n<|im_start|>user\nThanks", "A dog on a sofa.", "template"),
    "a turn in front": ("<|im_start|>assistant\nA dog on a sofa.</s>", "A dog on a sofa.", "template"),
    "the next turn": ("A dog on a sofa.\n\n### Instruction:\nWrite another one.", "A dog on a sofa.", "template"),
    "a role": ("Assistant: A dog on a sofa.\nUser: And now?", "A dog on a sofa.", "template"),
    "a thought": ("<think>There is a dog.</think>\nA dog on a sofa.", "A dog on a sofa.", "template"),
    "mojibake": ("A dog in a cafÃ© on a sofa.", "A dog in a café on a sofa.", "encoding"),
    "a pictograph": ("A dog on a sofa. 🐶", "A dog on a sofa.", "encoding"),
    "two captions": ("A dog on a sofa.\nA sofa with a dog on it.", "A dog on a sofa.", "lines"),
    "a paragraph": ("A dog on a sofa. The sofa is brown.", "A dog on a sofa.", "style"),
}  # fmt: skip


@pytest.mark.parametrize(("reply", "text", "kind"), MENDED.values(), ids=list(MENDED))
def test_a_sentence_is_mended(reply: str, text: str, kind: str) -> None:
    found = guard(
        reply, Wanted("sentence", RULES, WANTED.ids, f"{WANTED.facts}\nsaid by a: A dog. Brown sofa.", "Sleep, Rex", ("STOP",))
    )
    assert (found.text, found.kind) == (text, "")
    assert kind in found.mended


def test_boilerplate_in_later_sentences_becomes_there_is() -> None:
    found = guard("A dog on a sofa. The image also shows two cats. We can see a lamp behind them.", Wanted())
    assert found.text == "A dog on a sofa. There are two cats. There is a lamp behind them."


BAD = {
    "nothing": ("", "empty"),
    "white space": (" \n\n", "empty"),
    "sorry": ("I'm sorry, but I cannot see the image.", "refusal"),
    "cannot": ("I can't see any picture here.", "refusal"),
    "please provide": ("Please provide the image so that I can describe it.", "refusal"),
    "after a sentence": ("A dog. Unfortunately I am unable to describe the rest.", "refusal"),
    "as an AI": ("As an AI language model, the dog is brown.", "assistant"),
    "a loop of words": ("A dog on a sofa on a sofa on a sofa on a sofa on a", "loop"),
    "one word": ("dog dog dog dog dog", "loop"),
    "a sentence twice": ("A dog lies on a sofa. A cat sits there. A dog lies on a sofa.", "loop"),
    "a phrase again and again": (
        "A man next to a red car, a boy next to a red car, a girl next to a red car, a cat next to a red car.", "loop"),
    "a numbered list": ("1. A dog\n2. A sofa\n3. A lamp", "list"),
    "bullets": ("- A dog\n- A sofa", "list"),
    "a list on one line": ("1. A dog on a sofa. 2. A sofa with a dog.", "list"),
    "bare words": ("dog, brown, sofa, indoors, lamp", "list"),
    "only boilerplate": ("The image shows .", "boilerplate"),
    "only a preamble": ("Sure! Here is a caption:", "preamble"),
    "only marks": ("<|im_start|>assistant\n<|im_end|>", "template"),
    "only a thought": ("<think>The dog is brown, so", "template"),
    "fact lines": ("[o1] object: dog, brown", "echo"),
    "fact lines without ids": ("object: dog, brown. object: sofa.", "echo"),
    "an id": ("The dog o1 lies on the sofa o2.", "echo"),
    "rules": ("Add no thing, colour, number, action or place of your own.", "echo"),
    "tags of the prompt": ("<facts> A dog on a sofa.", "echo"),
    "an example": ("A red kite over a green hill.", "echo"),
    "the alt-text": ("Whitby harbour at dawn, 2019.", "echo"),
    "German": ("Ein brauner Hund liegt auf einem grauen Sofa und schläft.", "language"),
    "Spanish": ("Un perro marrón duerme sobre el sofá de la sala con una manta.", "language"),
    "Chinese": ("一只棕色的狗躺在沙发上。", "script"),
    "a foreign character": ("A brown dog lies on the 沙发.", "script"),
    "broken characters": ("A dog in a caf\ufffd on a sofa.", "encoding"),
    "bytes": ("A dog<0x0A>on a sofa.", "template"),
    "a word of nothing": ("HACKED", "off the facts"),
    "okay": ("Ok.", "off the facts"),
    "sure": ("Sure!", "off the facts"),
    "a number": ("12345", "off the facts"),
    "a letter": ("a", "off the facts"),
    "an address": ("https://example.com/dog.jpg", "off the facts"),
    "a file": ("dog.jpg", "off the facts"),
    "a label alone": ("Caption", "off the facts"),
    "what is told in front of a line": ("An object.", "off the facts"),
    "another picture": ("A red car in front of a house.", "off the facts"),
    "an instruction": ("Write one caption of this picture.", "echo"),
    "a short instruction": ("Answer with the caption alone.", "echo"),
    "an instruction behind a caption": ("A dog on a sofa. Answer with the caption alone.", "echo"),
    "what was said of the last reply": (
        "This caption was not taken: it repeated lines of facts; say them in sentences.", "echo"),
    "names between tags": ("<found_names> A dog.", "echo"),
    "invented text": ('A sign reads "NO PARKING".', "invented text"),
    "invented text in single quotes": ("A sign that says 'Welcome home' hangs on a door.", "invented text"),
}  # fmt: skip


@pytest.mark.parametrize(("reply", "kind"), BAD.values(), ids=list(BAD))
def test_a_bad_reply_is_rejected(reply: str, kind: str) -> None:
    found = guard(reply, WANTED)
    assert (found.kind, found.text) == (kind, "")
    assert found.reason
    assert kind in KINDS


FOREIGN = {
    "French": "Un chien brun et un frisbee.",
    "German": "Ein brauner Hund und eine Frisbee.",
    "German, short": "Brauner Hund mit Frisbee.",
    "Spanish": "Un perro marrón y un frisbee.",
    "Spanish, short": "Perro con frisbee marrón.",
    "Italian": "Un cane marrone e un frisbee.",
    "Italian, short": "Cane marrone con frisbee.",
    "Portuguese": "Um cachorro e um frisbee.",
    "Portuguese, short": "Cão marrom com frisbee.",
    "Dutch": "Een bruine hond en een frisbee.",
    "Dutch, short": "Bruine hond met frisbee.",
    "Polish": "Brązowy pies i frisbee.",
    "Swedish": "En brun hund och en frisbee.",
    "Chinese in Latin letters": "Yi zhi zongse de gou he feipan.",
}  # fmt: skip


@pytest.mark.parametrize("reply", FOREIGN.values(), ids=list(FOREIGN))
def test_other_languages_are_told_by_few_words(reply: str) -> None:
    wanted = Wanted("sentence", facts="object: dog, brown\nobject: frisbee", values=("dog", "brown", "frisbee"))
    assert guard(reply, wanted).kind == "language"
    assert guard(f'A dog next to a sign that reads "{reply}"', replace(wanted, quotable=(reply,))).kind == ""


NAMED = {
    "of the alt-text": "Jürgen und Käthe Müller with a brown dog.",
    "a title of the alt-text": "Der große Hund im Park: a brown dog.",
    "of nobody": "A brown dog named Schnuffelchen.",
    "a breed": "A brown Kooikerhondje with a frisbee.",
    "a place": "A dog in San Miguel de Allende.",
}


@pytest.mark.parametrize("reply", NAMED.values(), ids=list(NAMED))
def test_english_with_names_of_other_languages_passes(reply: str) -> None:
    found = "Jürgen und Käthe Müller. Der große Hund im Park"
    wanted = Wanted("sentence", facts="object: dog, brown\nobject: frisbee", found=found)
    assert (guard(reply, wanted).text, guard(reply, wanted).kind) == (reply, "")


GROUNDED = {
    "a thing": ("A dog.", "sentence", True),
    "another word for it": ("A puppy.", "sentence", True),
    "a broader word": ("An animal.", "sentence", True),
    "a quality": ("Something brown.", "sentence", True),
    "what it does": ("It runs.", "sentence", True),
    "a name of the alt-text": ("This is Rex.", "sentence", True),
    "text that was read": ('The words "IN".', "sentence", True),
    "a tag": ("dog, tree", "tags", True),
    "tags of something else": ("car, tree", "tags", False),
    "a number that was told": ("Two.", "sentence", False),
    "a prompt for something else": ("a car, oil painting", "line", False),
    "boxes": ("[1, 2, 3, 4] a dog", "regions", True),
    "boxes of something else": ("[1, 2, 3, 4] a car", "regions", False),
    "JSON": ('{"subjects": [{"noun": "dog"}]}', "json", True),
    "JSON of something else": ('{"subjects": [{"noun": "car"}], "text": []}', "json", False),
}  # fmt: skip


@pytest.mark.parametrize(("reply", "shape", "taken"), GROUNDED.values(), ids=list(GROUNDED))
def test_a_reply_names_something_of_the_facts(reply: str, shape: Shape, taken: bool) -> None:
    facts = 'object: two dogs, brown, running\ntext on o1: "IN"\nsaid by a captioner: The subject runs.'
    found = guard(reply, Wanted(shape, facts=facts, found="Rex, 2019", quotable=("IN",)))
    assert found.kind == ("" if taken else "off the facts")


def test_where_nothing_was_told_in_words_nothing_has_to_be_named() -> None:
    assert guard("A sign.", Wanted(facts='text: "A12"')).taken


OBJECT = '{"subjects": [], "setting": null, "relations": [], "text": ["STOP"], "style": [%s]}'
OTHER = {
    "prose for tags": ("A brown dog lies on a grey sofa in a room.", "tags", "stop", "style", ""),
    "bullets for tags": ("- dog\n- brown sofa\n- lamp", "tags", "stop", "", "dog, brown sofa, lamp"),
    "a sentence for tags": ("A dog and a sofa", "tags", "stop", "style", ""),
    "a sentence without an article for tags": ("dog on a sofa with the cat", "tags", "stop", "style", ""),
    "praise among tags": ("dog, masterpiece, sofa, best quality", "tags", "stop", "", "dog, sofa"),
    "tags in capitals": ("DOG, SOFA", "tags", "stop", "", "dog, sofa"),
    "a prompt with a full stop": ("a dog on a sofa, soft light.", "line", "stop", "", "a dog on a sofa, soft light"),
    "a prompt in capitals": ("A DOG ON A SOFA", "line", "stop", "", "a dog on a sofa"),
    "a tag twice": ("dog, sofa, Dog.", "tags", "stop", "", "dog, sofa"),
    "a tag again and again": ("dog, sofa, dog, dog, dog", "tags", "stop", "loop", ""),
    "tags cut off": ("dog, brown sofa, la", "tags", "length", "", "dog, brown sofa"),
    "cut off": ("A dog lies on a sofa. The sofa stands in a", "prose", "length", "", "A dog lies on a sofa."),
    "cut off behind a sentence": ("A dog lies on a sofa. It sleeps.", "prose", "length", "", "A dog lies on a sofa. It sleeps."),
    "cut off too early": ("A dog lies on a sofa in a", "prose", "length", "cut-off", ""),
    "held back": ("A dog", "prose", "filter", "filter", ""),
    "rows with bullets": ("- [1, 2, 3, 4] a dog\n- and more", "regions", "stop", "", "[1, 2, 3, 4] a dog"),
    "a box that is none": ("[9, 9, 10, 10] a dog", "regions", "stop", "style", ""),
    "questions in a preamble": ("Here are the answers:\nQ: What? A: A dog.", "questions", "stop", "", "Q: What? A: A dog."),
    "JSON in a fence": (f'```json\n{OBJECT % ""}\n```', "json", "stop", "", OBJECT % ""),
    "JSON with what was left out": ('{"text": ["STOP"]}', "json", "stop", "", OBJECT % ""),
    "JSON that is cut": (OBJECT.partition("%")[0] + '"ph', "json", "length", "", OBJECT % '"ph"'),
    "JSON of another form": ('{"subjects": ["dog"]}', "json", "stop", "style", ""),
    "JSON that says nothing": ('{"subjects": [], "text": []}', "json", "stop", "style", ""),
    "no JSON": ("A dog.", "json", "stop", "style", ""),
}  # fmt: skip


@pytest.mark.parametrize(("reply", "shape", "finish", "kind", "text"), OTHER.values(), ids=list(OTHER))
def test_other_forms(reply: str, shape: Shape, finish: str, kind: str, text: str) -> None:
    found = guard(reply, Wanted(shape, boxes=frozenset({"[1, 2, 3, 4]"})), finish)  # type: ignore[arg-type]
    assert (found.kind, found.text) == (kind, text)


@pytest.mark.parametrize(
    ("quotation", "kind"),
    [
        ("STOP", ""), ("Stop", ""), ("one-way", ""), ("STOP ONE WAY", ""), ("Whitby harbour", ""), ("ONE WAV", ""),
        ("SHOP", "invented text"), ("ONE WAY STREET", "invented text"),
    ],
)  # fmt: skip
def test_only_text_that_was_read_may_be_quoted(quotation: str, kind: str) -> None:
    wanted = Wanted(quotable=("STOP", "ONE WAY"), found="Whitby harbour at dawn")
    assert guard(f'A sign reads "{quotation}".', wanted).kind == kind


WITH_IDS = {
    "read text with an id in it": ('A sign that reads "Gate (t1)".', 'A sign that reads "Gate (t1)".', ""),
    "a word of a fact": ("A t1 bus stands at a stop.", "A t1 bus stands at a stop.", ""),
    "a word of a fact in brackets": ("A bus (t1) stands at a stop.", "A bus (t1) stands at a stop.", ""),
    "an id beside them": ("A t1 bus [o1] stands at a stop.", "A t1 bus stands at a stop.", ""),
    "an id that is none of a fact": ("The bus o1 stands at a stop.", "", "echo"),
    "an id that only seems to be read": ('A sign reads "Platform (o1)".', "", "invented text"),
}  # fmt: skip


@pytest.mark.parametrize(("reply", "text", "kind"), WITH_IDS.values(), ids=list(WITH_IDS))
def test_what_looks_like_an_id_and_was_read_stays(reply: str, text: str, kind: str) -> None:
    wanted = Wanted(ids=frozenset({"o1", "t1"}), quotable=("Gate (t1)",), values=("T1 bus", "Gate (t1)"))
    found = guard(reply, wanted)
    assert (found.text, found.kind) == (text, kind)


def test_ids_in_json_are_taken_out_of_its_strings() -> None:
    reply = OBJECT % '"dark (o1)"'
    assert guard(reply, Wanted("json", ids=frozenset({"o1"}))).text == OBJECT % '"dark"'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("A dog. A cat.", ["A dog.", "A cat."], id="two"),
        pytest.param("Dr. Who meets J. R. Smith. He waits", ["Dr. Who meets J. R. Smith.", "He waits"], id="initials"),
        pytest.param('It says "Stop." A car waits.', ['It says "Stop."', "A car waits."], id="behind a quotation mark"),
        pytest.param("About 3.5 m. of rope", ["About 3.5 m. of rope"], id="a small letter follows"),
        pytest.param("", [], id="none"),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


PIECES = (
    [reply for reply, *_ in [*BAD.values(), *MENDED.values(), *GROUNDED.values()]]
    + [*FOREIGN.values()]
    + [t for texts in GOOD.values() for t in texts]
)


@given(st.lists(st.sampled_from(PIECES) | st.text(), max_size=4).map(" ".join), st.sampled_from(list(GOOD)))
def test_what_was_taken_is_taken_again_as_it_is(reply: str, shape: Shape) -> None:
    wanted = replace(WANTED, shape=shape)
    found = guard(reply, wanted)
    assert found.taken == bool(found.text)
    if found.taken:
        again = guard(found.text, wanted)
        assert (again.text, again.kind) == (found.text, "")


@pytest.mark.parametrize(
    "piece",
    [" ", "\n", " \n", "▁", "\x00", "\u2028", "1. ", "(o1 ", "[", '"', "A. ", "<|", "8k, ", "<b ", "A DOG ", "un ", "I see "],
    ids=repr,
)
@pytest.mark.parametrize("shape", ["prose", "json"])
def test_no_reply_of_nothing_takes_long(piece: str, shape: Shape) -> None:
    wanted = replace(WANTED, shape=shape)
    assert growth(lambda size: guard("A dog." + piece * (size // len(piece)), wanted, "length"), 10_000) < STEADY
