"""A caption as JSON for programs, and how it is read as sentences to be checked.

The object is {"subjects": [{"noun", "number", "attributes", "actions"}], "setting", "relations": [{"subject", "relation",
"object"}], "text": [], "style": []}. Nouns stand in the singular, `number` and `setting` are null where they are not known.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import msgspec
from msgspec.structs import replace

from fusion import lexicon
from fusion.errors import WriterError
from fusion.facts import Claim
from fusion.write import phrases
from fusion.write.brief import MEDIA, Brief
from fusion.write.material import PREPOSITIONS, Thing

Text = Annotated[str, msgspec.Meta(min_length=1, pattern=r"\S")]
Path = tuple[str | int, ...]
"""Where a value stands: ("subjects", 0, "attributes", 1)."""


class Subject(msgspec.Struct, frozen=True, kw_only=True):
    """A thing, or several of a kind, with how it looks and what it does."""

    noun: Text
    number: Annotated[int, msgspec.Meta(ge=1)] | None = None
    attributes: tuple[Text, ...] = ()
    actions: tuple[Text, ...] = ()


class Tie(msgspec.Struct, frozen=True, kw_only=True):
    """How one thing relates to another: the relation as facts say it, "ride" or "next to"."""

    subject: Text
    relation: Text
    object: Text


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """All that the caption says."""

    subjects: tuple[Subject, ...] = ()
    setting: Text | None = None
    relations: tuple[Tie, ...] = ()
    text: tuple[Text, ...] = ()
    style: tuple[Text, ...] = ()


def structured(brief: Brief) -> str:
    """The facts of a brief as one line of JSON; empty where it has none."""
    known = [r for r in brief.relations if brief.thing_of(r.about) and brief.thing_of(r.to)]
    said = Said(
        subjects=tuple(map(subject, brief.things)),
        setting=brief.scenes[0].value if brief.scenes else None,
        relations=tuple(dict.fromkeys(tie for r in known if (tie := Tie(
            subject=noun_in(brief, r.about), relation=r.fact.value, object=noun_in(brief, r.to))))),
        text=tuple(" ".join(f.value.split()) for f in brief.texts),
        style=tuple(f.value for f in brief.looks),
    )  # fmt: skip
    return "" if said == Said() else written(said)[0]


def subject(thing: Thing) -> Subject:
    """A thing as JSON has it; its number where it is known."""
    known = not thing.at_least and not phrases.uncounted(thing.noun) and (thing.counted or thing.number <= phrases.MOST_COUNTED)
    doing = [f.value for f in thing.attributes if phrases.is_action(f)]
    looks = [f.value for f in thing.attributes if not phrases.is_action(f)]
    return Subject(noun=thing.noun, number=thing.number if known else None, attributes=tuple(looks), actions=tuple(doing))


def noun_in(brief: Brief, instance: Any) -> str:
    """What a brief calls an instance."""
    thing = brief.thing_of(instance)
    return thing.noun if thing is not None else str(instance.names[0].value)


# Text


def read(text: str) -> Said:
    """What JSON says.

    Raises:
        WriterError: it is no JSON, or not of this form; the message says where.
    """
    try:
        return msgspec.json.decode(text.strip(), type=Said)
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError) as error:
        hint = 'expected {"subjects": […], "setting", "relations": […], "text": […], "style": […]}'
        raise WriterError(f"structured caption: expected JSON of its form: {error}", hint=hint) from None


def written(said: Said) -> tuple[str, dict[Path, tuple[int, int]]]:
    """One line of JSON, and where in it each value stands: the inside of its quotation marks."""
    out: list[str] = []
    places: dict[Path, tuple[int, int]] = {}
    _write(msgspec.to_builtins(said), (), out, places)
    return "".join(out), places


def _write(value: Any, path: Path, out: list[str], places: dict[Path, tuple[int, int]]) -> None:
    if isinstance(value, dict | list | tuple):
        pairs = list(value.items()) if isinstance(value, dict) else list(enumerate(value))
        out.append("{" if isinstance(value, dict) else "[")
        for n, (key, inner) in enumerate(pairs):
            out.append((", " if n else "") + (f"{json.dumps(key)}: " if isinstance(value, dict) else ""))
            _write(inner, (*path, key), out, places)
        out.append("}" if isinstance(value, dict) else "]")
        return
    start, text = sum(map(len, out)), json.dumps(value, ensure_ascii=False)
    out.append(text)
    quote = isinstance(value, str)
    places[path] = (start + quote, start + len(text) - quote)


def shorter(text: str) -> Iterator[str]:
    """The text, then with ever less: the last read text goes first, then looks, relations, the last things."""
    yield text
    said = read(text)
    for name in ("text", "style", "relations", "subjects"):
        least = 1 if name == "subjects" else 0
        for number in range(len(getattr(said, name)) - 1, least - 1, -1):
            said = replace(said, **{name: getattr(said, name)[:number]})
            yield written(said)[0]


# Sentences


@dataclass(frozen=True)
class Piece:
    """A sentence of values of the JSON, and the words that each of them is there. Where the first falls, all fall."""

    text: str
    words: Mapping[Path, str]
    together: bool = False


def pieces(said: Said) -> Iterator[Piece]:
    """A sentence for each thing, the setting, each relation, each text and each look."""
    for n, one in enumerate(said.subjects):
        yield of_subject(one, ("subjects", n))
    if said.setting is not None:
        place = phrases.place(said.setting)
        yield Piece(f"The picture is taken {place}." if place else f"A picture of {said.setting}.", {("setting",): said.setting})
    for n, tie in enumerate(said.relations):
        yield of_tie(tie, ("relations", n))
    for n, text in enumerate(said.text):
        plain = " ".join(text.split()).replace('"', "'")
        yield Piece(f'The words "{plain}" can be read.', {("text", n): plain})
    for n, look in enumerate(said.style):
        yield Piece(of_look(look), {("style", n): look})


def of_subject(one: Subject, path: Path) -> Piece:
    """ "Two brown dogs are running."; "there are two brown dogs" of those that do nothing."""
    many = one.number != 1 and not phrases.uncounted(one.noun)
    noun = lexicon.plural(one.noun) if many else one.noun
    front = [value for value in one.attributes if not set(value.split()) & PREPOSITIONS and not value.endswith("ing")]
    behind = [value for value in (*one.attributes, *one.actions) if value not in front]
    words = " ".join([*front, noun])
    number = lexicon.number_word(one.number) if many and one.number else ""
    start = number or ("" if many or phrases.uncounted(one.noun) else lexicon.article(words))
    verb = "are" if many or phrases.always_plural(one.noun) else "is"
    phrase = phrases.spaced(start, words)
    text = f"{phrase} {verb} {phrases.joined(behind)}" if behind else f"there {verb} {phrase}"
    said: dict[Path, str] = {(*path, "noun"): noun}
    said |= {(*path, "number"): number} if number else {}
    said |= {(*path, "attributes", n): value for n, value in enumerate(one.attributes)}
    said |= {(*path, "actions", n): value for n, value in enumerate(one.actions)}
    return Piece(phrases.sentence(text), said)


def of_tie(tie: Tie, path: Path) -> Piece:
    """ "A person rides a horse." """
    ends = [noun if phrases.uncounted(noun) else f"{lexicon.article(noun)} {noun}" for noun in (tie.subject, tie.object)]
    plural = phrases.always_plural(tie.subject) or tie.subject in phrases.COLLECTIVES
    predicate = phrases.predicate(tie.relation, plural=plural)
    words = {(*path, "subject"): tie.subject, (*path, "relation"): predicate, (*path, "object"): tie.object}
    return Piece(phrases.sentence(f"{ends[0]} {predicate} {ends[1]}"), words, together=True)


def of_look(look: str) -> str:
    """ "This is a dark photo."; other looks stand alone, as in a list: "Blue tones." """
    return phrases.sentence(f"this is {lexicon.article(look)} {look}" if look.split()[-1] in MEDIA else look)


def rebuilt(
    said: Said, given: Sequence[Piece], texts: Sequence[str], claims: Sequence[Sequence[Claim]]
) -> tuple[str, list[list[Claim]]]:
    """What is left of the JSON where its sentences came back as `texts`: the values whose words still stand there.

    And the claims of each, with the spans that they have in the JSON; those go that are about no value of it.
    """
    kept: set[Path] = set()
    found: list[list[tuple[Path, Claim, str]]] = []
    for piece, text, own in zip(given, texts, claims, strict=True):
        places = {path: place for path, words in piece.words.items() if (place := place_of(words, text))}
        whole = len(places) == len(piece.words) if piece.together else next(iter(piece.words)) in places
        kept |= places.keys() if whole else set()
        found.append([(path, c, text[slice(*c.span)]) for c in own if whole and (path := about(c, places)) is not None])
    left = without(said, kept)
    if left == Said():
        return "", [[] for _ in given]
    made, places = written(left)
    new = renumbered(kept)
    spans = [[replace(c, span=inside(places[new[path]], words, made)) for path, c, words in own] for own in found]
    return made, spans


def inside(place: tuple[int, int], words: str, text: str) -> tuple[int, int]:
    """Where words stand in a value of the JSON; all of it where they do not stand there as they are."""
    start = text.casefold().find(words.casefold(), *place) if len(text.casefold()) == len(text) else text.find(words, *place)
    return (start, start + len(words)) if start >= 0 else place


def place_of(words: str, text: str) -> tuple[int, int] | None:
    """Where these words stand in a text, whatever their case."""
    pattern = r"\s+".join(map(re.escape, words.split()))
    found = re.search(rf"(?<!\w){pattern}(?!\w)", text, re.IGNORECASE)
    return found.span() if found else None


def about(claim: Claim, places: Mapping[Path, tuple[int, int]]) -> Path | None:
    """The value that a claim is about: that with whose words its own overlap most."""
    overlaps = {path: min(claim.span[1], end) - max(claim.span[0], start) for path, (start, end) in places.items()}
    best = max(overlaps, key=lambda path: overlaps[path], default=None)
    return best if best is not None and overlaps[best] > 0 else None


def without(said: Said, kept: set[Path]) -> Said:
    """What is said, of it the values that are kept; a number of one needs no words."""
    subjects = [(n, one) for n, one in enumerate(said.subjects) if ("subjects", n, "noun") in kept]
    return Said(
        subjects=tuple(
            Subject(
                noun=one.noun,
                number=one.number if one.number == 1 or ("subjects", n, "number") in kept else None,
                attributes=tuple(v for i, v in enumerate(one.attributes) if ("subjects", n, "attributes", i) in kept),
                actions=tuple(v for i, v in enumerate(one.actions) if ("subjects", n, "actions", i) in kept),
            )
            for n, one in subjects
        ),
        setting=said.setting if ("setting",) in kept else None,
        relations=tuple(tie for n, tie in enumerate(said.relations) if ("relations", n, "relation") in kept),
        text=tuple(v for n, v in enumerate(said.text) if ("text", n) in kept),
        style=tuple(v for n, v in enumerate(said.style) if ("style", n) in kept),
    )


def renumbered(kept: set[Path]) -> dict[Path, Path]:
    """Where each value that is kept stands when the others are gone."""
    left: dict[Path, set[int]] = {}
    for path in kept:
        for n, step in enumerate(path):
            if isinstance(step, int):
                left.setdefault(path[:n], set()).add(step)

    def new(path: Path, n: int) -> str | int:
        step = path[n]
        return sum(other < step for other in left[path[:n]]) if isinstance(step, int) else step

    return {path: tuple(new(path, n) for n in range(len(path))) for path in kept}
