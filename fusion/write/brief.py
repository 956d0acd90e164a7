"""What each caption shall say: the facts chosen for it, its style and its length."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from fusion import lexicon
from fusion.evidence import Evidence, Instance, Relation
from fusion.facts import Fact
from fusion.write.found import Found
from fusion.write.material import Material, Place, Thing, find_material, thing_of
from fusion.write.quotes import Quote, unlike
from fusion.write.styles import ORDER, Style, load_styles

MEDIA = frozenset({"photo", "photograph", "picture", "painting", "drawing", "sketch", "illustration", "portrait", "screenshot"})
STYLES = ORDER
SENTENCES = ("short", "alt", "prompt")
"""Styles that hand on one sentence of an expert: each another one."""


@dataclass(frozen=True)
class Brief:
    """The plan of one caption: things in order of weight, what relates them, and what is said of the whole picture.

    `quotes` are sentences that experts wrote; `looks` say what kind of picture it is; `labels` are class names, `tags` tags,
    `extras` noun phrases for what only tags name; `found` is the alt-text; `focus` what the caption is to tell of.
    """

    form: Style
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
    found: Found | None = None
    focus: str = ""
    seed: int = field(default=0, compare=False)

    @property
    def style(self) -> str:
        """The name of the style."""
        return self.form.name

    @property
    def characters(self) -> int:
        """The most characters that the caption may have; 0: any number."""
        return self.form.characters

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


def plan(evidence: Evidence, styles: Sequence[str | Style], seed: int = 0, found: Found | None = None) -> list[Brief]:
    """A brief a style; none for a picture of which nothing can be said, fewer where one would say no more than the first.

    Raises:
        ConfigError: a style that does not exist.
    """
    material = find_material(evidence)
    briefs: list[Brief] = []
    for style in (load_styles([one])[0] if isinstance(one, str) else one for one in styles):
        brief = brief_of(style, evidence, material, seed, found)
        again = bool(briefs) and "tags" not in {style.name, briefs[0].style} and briefs[0].content == brief.content
        if brief.content and not again:
            briefs.append(brief)
    return briefs


def brief_of(style: Style, evidence: Evidence, material: Material, seed: int, found: Found | None = None) -> Brief:
    """The plan of one caption in a style, within the style's limits."""
    most = style.most
    quotes = chosen(style, material.quotes)
    things = told(material, quotes)[: most.things]
    relations = tuple(r for r in material.relations if thing_of(r.about, things) and thing_of(r.to, things))
    brief = Brief(style, evidence, things, relations[: most.relations], quotes=quotes, found=found, seed=seed)
    return replace(
        brief,
        scenes=material.scenes[:1] if has_room_for_scene(style.form, brief, material) else (),
        looks=looks_for(style.form, material)[: most.looks],
        texts=material.texts[: most.texts],
        places=unrelated(material.places, things, brief.relations)[: most.places],
        labels=material.labels[: most.labels],
        tags=material.tags[: most.tags],
        extras=() if quotes or (style.form == "sentence" and things) else material.extras[: most.extras],
    )


def has_room_for_scene(form: str, brief: Brief, material: Material) -> bool:
    """A scene is said of what is in it; alone it makes a sentence of a paragraph, and a tag."""
    if form in {"paragraph", "tags"}:
        return True
    return not brief.quotes and bool(brief.things or material.extras)


def looks_for(form: str, material: Material) -> tuple[Fact, ...]:
    """Lists take every style fact; a sentence only what can be called a photo or a painting."""
    if form in {"tags", "prompt"}:
        return material.looks
    return tuple(f for f in material.looks if f.value.split()[-1] in MEDIA)


def chosen(style: Style, quotes: Sequence[Quote]) -> tuple[Quote, ...]:
    """The quotes of a style: the best ones for a paragraph, and another one for each style of one sentence."""
    short_enough = [q for q in quotes if not style.characters or len(q.text) <= style.characters]
    if style.most.quotes == 1 and short_enough:
        turn = SENTENCES.index(style.name) if style.name in SENTENCES else 0
        return (short_enough[turn % len(short_enough)],)
    return unlike(short_enough, style.most.quotes)


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
