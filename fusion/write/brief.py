"""What each caption shall say: the facts chosen for it, its style and its length."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence, Set
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import blake2b

import msgspec

from fusion import lexicon
from fusion.errors import ConfigError
from fusion.evidence import Evidence, Instance, Relation
from fusion.facts import Fact
from fusion.write.focus import FOCUS, Stock, Told, focused, leads, place_key, seeded, stock_of
from fusion.write.found import Found
from fusion.write.material import Material, Place, Thing, find_material, thing_of
from fusion.write.quotes import Quote, unlike
from fusion.write.sources import check_sources
from fusion.write.styles import ORDER, PROSE, Style, load_styles

MEDIA = frozenset({"photo", "photograph", "picture", "painting", "drawing", "sketch", "illustration", "portrait", "screenshot"})
STYLES = ORDER
SENTENCES = ("short", "alt", "prompt")
"""Styles that hand on one sentence of an expert: each another one."""
VARIED = PROSE | {"prompt"}
"""Forms of which there can be several captions; a list says all there is at once."""
IN_COMPANY = frozenset({"sentence", "alt", "prompt"})
"""Forms that say a scene only of what is in it, and not behind somebody else's sentence."""
EVERY_LOOK = frozenset({"artistic", "prompt", "structured", "tags"})
"""Forms that take every style fact; others take what can be called a photo or a painting."""
LED = {"sentence": ("texts", "places", "looks")}
"""What one sentence has no room for, unless it is what the sentence is about: then for one of it."""
TOO_LIKE = 0.75
"""Jaccard index of what two captions of one style are to tell from which the second is not planned."""
DRAWS = 2
"""How often a main matter is drawn anew before another one is tried."""


@dataclass(frozen=True)
class Brief:
    """The plan of one caption: things in order of weight, what relates them, and what is said of the whole picture.

    `quotes` are sentences that experts wrote; `looks` say what kind of picture it is; `labels` are class names, `tags` tags,
    `extras` noun phrases for what only tags name; `found` is the alt-text; `focus` what the caption is to tell of: "subject",
    "setting", "relations", "text", "composition" or "style". `material` is what it was chosen from, `key` what chance hangs on.
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
    material: Material | None = field(default=None, compare=False, repr=False)
    key: str = field(default="", compare=False, repr=False)

    @property
    def style(self) -> str:
        """The name of the style."""
        return self.form.name

    @property
    def characters(self) -> int:
        """The most characters that the caption may have; 0: any number."""
        return self.form.characters

    @cached_property
    def content(self) -> frozenset[str]:
        """What the caption will say: ids of facts and instances, and the words of what has none."""
        facts = [*self.scenes, *self.looks, *self.texts, *self.labels, *self.tags, *(r.fact for r in self.relations)]
        facts += [f for t in self.things for f in t.attributes]
        placed = [place_key(p, t) for p in self.places for t in p.things]
        things = [i.id for t in self.things for i in t.instances]
        return frozenset([*(f.id for f in facts), *things, *placed, *(q.text for q in self.quotes), *self.extras])

    @cached_property
    def said(self) -> frozenset[str]:
        """What of it is told for certain: one sentence tells a relation and its ends, or is a quote, and tells no more."""
        most = self.form.most
        if self.quotes and most.quotes == 1:
            return replace(self, things=(), relations=(), places=(), scenes=()).content
        if self.relations and most.relations == 1:
            ends = [self.thing_of(end) for end in (self.relations[0].about, self.relations[0].to)]
            return replace(self, things=tuple(t for t in self.things if t in ends)).content
        return self.content

    def thing_of(self, instance: Instance) -> Thing | None:
        """The thing of this brief that stands for an instance."""
        return thing_of(instance, self.things)


def plan(
    evidence: Evidence,
    styles: Sequence[str | Style],
    seed: int = 0,
    found: Found | None = None,
    *,
    variants: int = 1,
    told: Collection[str] | None = None,
    checked: bool = False,
    salt: str = "",
) -> list[Brief]:
    """Briefs for a picture: up to `variants` for each style, the first of what matters most, each other one of another part.

    Lists and other forms that say all there is have one. There is none for a picture of which nothing can be said, and fewer
    where one would say no more than the first, or hardly anything else than one of its own style. What chance decides hangs on
    `seed`, `salt`, the facts of the picture, the style and the number of the variant, and on no other picture. `told` are the
    sources that may be used (`fusion.write.sources.SOURCES`, None: all); hearsay is never told as a fact, and without "alt_text"
    no brief carries `found`. `checked` leaves out sentences that hold what repair would take out (`find_quotes`).

    Raises:
        ConfigError: a style or a source that does not exist, fewer than one variant.
    """
    check_sources(told)
    if variants < 1:
        raise ConfigError(f"variants: expected at least 1, got {variants}")
    material = find_material(evidence, told, checked=checked)
    found = found if told is None or "alt_text" in told else None
    picture = f"{seed}\x1f{salt}\x1f{blake2b(msgspec.json.encode(evidence.facts), digest_size=16).hexdigest()}"
    briefs: list[Brief] = []
    for style in (load_styles([one])[0] if isinstance(one, str) else one for one in styles):
        brief = replace(first_of(style, evidence, material, seed, found), key=f"{picture}\x1f{style.name}")
        again = bool(briefs) and says_no_more(brief, briefs[0])
        if not brief.content:
            continue
        own = [brief]
        while len(own) < variants and (other := next_of(brief, own, [*briefs, *own], f"variant {len(own)}")) is not None:
            own.append(other)
        briefs += own[1:] if again else own
    return briefs


def says_no_more(brief: Brief, first: Brief) -> bool:
    """Would it only say at more length what the sentence tells that comes first, and take nothing over from alt-text?"""
    longer = first.form.form == "sentence" and brief.form.form in VARIED
    adds = brief.found is not None and brief.found.adds_to(brief.form.form)
    return longer and brief.content == first.content and not adds


def another(brief: Brief, taken: Sequence[Brief]) -> Brief | None:
    """A brief of the same style of other facts than those taken, in place of a caption that says nearly what another says.

    None where there is no other matter, and for lists, which say all there is.
    """
    own = [b for b in taken if b.style == brief.style]
    own += [] if brief in own else [brief]
    return next_of(brief, own, [*taken, brief], f"instead {len(taken)}")


def next_of(first: Brief, own: Sequence[Brief], taken: Sequence[Brief], turn: str) -> Brief | None:
    """A further brief of a style: of what the briefs of this style (`own`) have not told, or of other facts together."""
    if first.form.form not in VARIED:
        return None
    material = first.material or find_material(first.evidence)
    stock = stock_for(first.form, material)
    varied = [b for b in taken if b.form.form in VARIED]
    others = Counter(key for b in varied if b.style != first.style for key in b.said)
    told = Told(frozenset().union(*(b.said for b in own)), others)
    chance = seeded(first.key, turn)
    used = [b.focus for b in own]
    contents = {b.content for b in varied}
    for lead in leads(stock, told, used, chance):
        for _ in range(DRAWS):
            style = widened(first.form, [lead])
            brief = brief_of(style, first.evidence, focused(stock, lead, told, chance), first.seed, first.found)
            new = bool(brief.said - told.own) or all(jaccard(brief.content, b.content) < TOO_LIKE for b in own)
            if getattr(brief, lead) and new and brief.content not in contents:
                return replace(brief, form=first.form, focus=FOCUS[lead], material=material, key=first.key)
    return None


def jaccard(one: Set[str], other: Set[str]) -> float:
    """What two sets have in common, of all that is in them, 0..1; 0 for two empty ones."""
    return len(one & other) / len(one | other) if one or other else 0.0


def stock_for(style: Style, material: Material) -> Stock:
    """What further captions of a style can tell."""
    return stock_of(fitting(style, material), widened(style, LED.get(style.form, ())).most, style.form)


def widened(style: Style, leads: Sequence[str]) -> Style:
    """The style with room for one of what leads in a caption, though others of its form have none for it."""
    names = [name for name in leads if name in LED.get(style.form, ()) and not getattr(style.most, name)]
    most = msgspec.structs.replace(style.most, **dict.fromkeys(names, 1))
    return msgspec.structs.replace(style, most=most) if names else style


def first_of(style: Style, evidence: Evidence, material: Material, seed: int, found: Found | None = None) -> Brief:
    """The plan of the first caption in a style: what matters most, within the style's limits."""
    brief = brief_of(style, evidence, fitting(style, material), seed, found)
    return replace(brief, material=material, focus=main_focus(brief))


def main_focus(brief: Brief) -> str:
    """What a caption is about that was given all there is."""
    named = brief.things or brief.quotes or brief.labels or brief.tags
    lead = next((name for name in ("texts", "scenes", "extras", "looks") if getattr(brief, name)), "things")
    return FOCUS["things" if named else lead]


def fitting(style: Style, material: Material) -> Material:
    """The material without what a style has no use or no room for: by kind, sentences by length."""
    wants = style.wants
    plain = material if wants("attribute") else without_attributes(material)
    things = plain.things if wants("object") else ()
    extras = material.extras if wants("tag") else ()
    in_it = style.form not in IN_COMPANY or (things and style.most.things) or (extras and style.most.extras)
    return replace(
        plain,
        things=things,
        extras=extras,
        relations=material.relations if wants("relation") else (),
        places=plain.places if wants("relation") else (),
        scenes=material.scenes if wants("scene") and in_it else (),
        looks=looks_for(style.form, material) if wants("style") else (),
        texts=material.texts if wants("text") else (),
        quotes=tuple(q for q in material.quotes if wants("statement") and has_room_for(q, style)),
        labels=material.labels if wants("tag") else (),
        tags=material.tags if wants("tag") else (),
    )


def without_attributes(material: Material) -> Material:
    """The material of things that nothing is said of."""
    bare = {t.noun: replace(t, attributes=()) for t in material.things}
    places = [replace(p, things=tuple(bare[t.noun] for t in p.things), anchor=bare[p.anchor.noun]) for p in material.places]
    return replace(material, things=tuple(bare.values()), places=tuple(places))


def has_room_for(quote: Quote, style: Style) -> bool:
    """Is a sentence within the length of the style?"""
    short = not style.words or len(quote.text.split()) <= style.words
    return short and (not style.characters or len(quote.text) <= style.characters)


def brief_of(style: Style, evidence: Evidence, material: Material, seed: int, found: Found | None = None) -> Brief:
    """The plan of one caption in a style of all of a material that the style has room for."""
    most = style.most
    quotes = chosen(style, material.quotes)
    things = not_named(material, quotes)[: most.things]
    relations = tuple(r for r in material.relations if thing_of(r.about, things) and thing_of(r.to, things))
    brief = Brief(style, evidence, things, relations[: most.relations], quotes=quotes, found=found, seed=seed)
    return replace(
        brief,
        scenes=material.scenes[:1] if has_room_for_scene(style.form, brief, material) else (),
        looks=material.looks[: most.looks],
        texts=material.texts[: most.texts],
        places=unrelated(material.places, things, brief.relations)[: most.places],
        labels=material.labels[: most.labels],
        tags=material.tags[: most.tags],
        extras=() if quotes or (style.form == "sentence" and things) else material.extras[: most.extras],
    )


def has_room_for_scene(form: str, brief: Brief, material: Material) -> bool:
    """A scene is said of what is in it; alone it makes a sentence of a paragraph, and a tag."""
    return form not in IN_COMPANY or (not brief.quotes and bool(brief.things or material.extras))


def looks_for(form: str, material: Material) -> tuple[Fact, ...]:
    """Lists take every style fact; a sentence only what can be called a photo or a painting."""
    if form in EVERY_LOOK:
        return material.looks
    return tuple(f for f in material.looks if f.value.split()[-1] in MEDIA)


def chosen(style: Style, quotes: Sequence[Quote]) -> tuple[Quote, ...]:
    """The quotes of a style: the best ones for a paragraph, and another one for each style of one sentence."""
    if style.most.quotes == 1 and quotes:
        turn = SENTENCES.index(style.name) if style.name in SENTENCES else 0
        return (quotes[turn % len(quotes)],)
    return unlike(quotes, style.most.quotes)


def not_named(material: Material, quotes: Sequence[Quote]) -> tuple[Thing, ...]:
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
