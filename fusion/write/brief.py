"""What each caption shall say: the facts chosen for it, its style and its length."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from fusion import lexicon
from fusion.errors import ConfigError
from fusion.evidence import Evidence, Instance, Relation
from fusion.facts import Fact
from fusion.write.material import Material, Place, Thing, find_material, thing_of
from fusion.write.quotes import Quote, unlike


@dataclass(frozen=True)
class Style:
    """How much a caption of a style may say, and the most characters it may have (0: any number)."""

    things: int
    relations: int
    places: int = 0
    texts: int = 0
    quotes: int = 0
    looks: int = 0
    labels: int = 0
    tags: int = 0
    extras: int = 0
    characters: int = 0


TABLE = {
    "short": Style(things=3, relations=1, quotes=1, extras=3),
    "dense": Style(things=8, relations=4, places=2, texts=4, quotes=3, looks=1, extras=4),
    "alt": Style(things=4, relations=1, places=1, texts=2, quotes=1, looks=1, extras=2, characters=125),
    "prompt": Style(things=4, relations=1, quotes=1, looks=3, labels=1, extras=2),
    "tags": Style(things=10, relations=0, texts=0, looks=4, labels=1, tags=40),
}
"""125 characters: the length that screen readers are commonly said to cut alternative text at."""
MEDIA = frozenset({"photo", "photograph", "picture", "painting", "drawing", "sketch", "illustration", "portrait", "screenshot"})
STYLES: tuple[str, ...] = tuple(TABLE)
SENTENCES = tuple(style for style, most in TABLE.items() if most.quotes == 1)


@dataclass(frozen=True)
class Brief:
    """The plan of one caption: things in order of weight, what relates them, and what is said of the whole picture.

    `quotes` are sentences that experts wrote; `looks` say what kind of picture it is; `labels` are class names, `tags` tags,
    `extras` noun phrases for what only tags name.
    """

    style: str
    evidence: Evidence
    things: tuple[Thing, ...]
    relations: tuple[Relation, ...] = ()
    scenes: tuple[Fact, ...] = ()
    looks: tuple[Fact, ...] = ()
    texts: tuple[Fact, ...] = ()
    places: tuple[Place, ...] = ()
    quotes: tuple[Quote, ...] = ()
    labels: tuple[Fact, ...] = ()
    tags: tuple[Fact, ...] = ()
    extras: tuple[str, ...] = ()
    seed: int = field(default=0, compare=False)

    @property
    def characters(self) -> int:
        """The most characters that the caption may have; 0: any number."""
        return TABLE[self.style].characters

    @property
    def content(self) -> frozenset[str]:
        """What the caption will say: ids of facts and instances, and the words of what has none."""
        facts = [*self.scenes, *self.looks, *self.texts, *self.labels, *self.tags, *(r.fact for r in self.relations)]
        facts += [f for t in self.things for f in t.attributes]
        placed = [f"{p.phrase} {p.anchor.noun} {t.noun}" for p in self.places for t in p.things]
        things = [i.id for t in self.things for i in t.instances]
        return frozenset([*(f.id for f in facts), *things, *placed, *(q.text for q in self.quotes), *self.extras])

    def thing_of(self, instance: Instance) -> Thing | None:
        """The thing of this brief that stands for an instance."""
        return thing_of(instance, self.things)


def plan(evidence: Evidence, styles: Sequence[str], seed: int = 0) -> list[Brief]:
    """A brief a style; none for a picture of which nothing can be said, fewer where one would say no more than the first.

    Raises:
        ConfigError: a style that does not exist.
    """
    for style in styles:
        if style not in TABLE:
            raise ConfigError(f"no style {style!r}", hint=f"there are {', '.join(TABLE)}")
    material = find_material(evidence)
    briefs: list[Brief] = []
    for style in styles:
        brief = brief_of(style, evidence, material, seed)
        again = bool(briefs) and "tags" not in {style, briefs[0].style} and briefs[0].content == brief.content
        if brief.content and not again:
            briefs.append(brief)
    return briefs


def brief_of(style: str, evidence: Evidence, material: Material, seed: int) -> Brief:
    """The plan of one caption in a style, within the style's limits."""
    most = TABLE[style]
    quotes = chosen(style, material.quotes)
    things = told(material, quotes)[: most.things]
    relations = tuple(r for r in material.relations if thing_of(r.about, things) and thing_of(r.to, things))
    brief = Brief(style, evidence, things, relations[: most.relations], quotes=quotes, seed=seed)
    return replace(
        brief,
        scenes=material.scenes[:1] if has_room_for_scene(style, brief, material) else (),
        looks=looks_for(style, material)[: most.looks],
        texts=material.texts[: most.texts],
        places=unrelated(material.places, things, brief.relations)[: most.places],
        labels=material.labels[: most.labels],
        tags=material.tags[: most.tags],
        extras=() if quotes or (style == "short" and things) else material.extras[: most.extras],
    )


def has_room_for_scene(style: str, brief: Brief, material: Material) -> bool:
    """A scene is said of what is in it; alone it makes a sentence of a paragraph, and a tag."""
    if style in {"dense", "tags"}:
        return True
    return not brief.quotes and bool(brief.things or material.extras)


def looks_for(style: str, material: Material) -> tuple[Fact, ...]:
    """Lists take every style fact; a sentence only what can be called a photo or a painting."""
    if style in {"tags", "prompt"}:
        return material.looks
    return tuple(f for f in material.looks if f.value.split()[-1] in MEDIA)


def chosen(style: str, quotes: Sequence[Quote]) -> tuple[Quote, ...]:
    """The quotes of a style: the best ones for a paragraph, and another one for each style of one sentence."""
    most = TABLE[style]
    short_enough = [q for q in quotes if not most.characters or len(q.text) <= most.characters]
    if most.quotes == 1 and short_enough:
        return (short_enough[SENTENCES.index(style) % len(short_enough)],)
    return unlike(short_enough, most.quotes)


def told(material: Material, quotes: Sequence[Quote]) -> tuple[Thing, ...]:
    """The things that the quotes do not name already."""
    named = {word for q in quotes for word in q.nouns}
    return tuple(
        t for t in material.things if not any(lexicon.is_a(word, t.noun) or lexicon.is_a(t.noun, word) for word in named)
    )


def unrelated(places: Sequence[Place], things: Sequence[Thing], relations: Sequence[Relation]) -> tuple[Place, ...]:
    """Where the things of a brief are, those left out of which a relation tells already."""
    linked = {frozenset((r.about.id, r.to.id)) for r in relations}
    kept = []
    for place in places:
        if place.anchor not in things:
            continue
        free = [t for t in place.things if t in things and not any(
            frozenset((i.id, j.id)) in linked for i in t.instances for j in place.anchor.instances)]  # fmt: skip
        if free:
            kept.append(replace(place, things=tuple(free)))
    return tuple(kept)
