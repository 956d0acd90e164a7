"""Briefs: which facts each caption of a picture is given, so that together they tell it all and each tells its own part."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fusion.errors import ConfigError
from fusion.evidence import Evidence, gather
from fusion.expert import Card
from fusion.facts import Box, Fact, Observation
from fusion.language import Language
from fusion.verdicts import verify
from fusion.write import STYLES, Found, load_styles, plan
from fusion.write.brief import TOO_LIKE, VARIED, Brief, another, jaccard, stock_for, widened
from fusion.write.focus import FOCUS
from fusion.write.quotes import find_quotes
from fusion.write.sources import SOURCES

NOUNS = ("dog", "cat", "bus", "umbrella", "person", "horse", "stop sign", "cup", "knife", "apple")
CARDS = {
    "boxes": Card(sees=("object", "attribute", "relation"), vocabulary=NOUNS, precision=0.95, recall=0.9),
    "captioner": Card(sees=("statement",), vocabulary=None, precision=0.9),
    "alt_text": Card(sees=("statement",), vocabulary=None, hearsay=True),
    "tags": Card(sees=("tag",), vocabulary=(), precision=0.7),
    "label": Card(sees=("tag",), vocabulary=(), precision=0.94),
}
SENTENCES = ("A man rides a brown horse.", "A dog runs on the grass.", "A cup and a knife are on a table.", "A red bus waits.")
CHANCE = [
    ("subject", ["A man rides a brown horse."]),
    ("composition", ["a2brown", "captioner0.c2", "o1", "o2", "o3", "to the right of horse cup", "to the right of horse dog"]),
    ("relations", ["captioner0.c1", "captioner0.c2", "o0", "o1"]),
    ("style", ["captioner0.c2", "o1", "o3", "scene/field", "style/dark photo"]),
]
PROSE = [style for style in STYLES if style != "tags"]


def things(*names: str) -> list[Fact]:
    return [
        Fact(id=f"o{n}", kind="object", value=name, expert="boxes", box=Box(n * 50, 10, n * 50 + 40, 60))
        for n, name in enumerate(names)
    ]


def attribute(about: int, value: str) -> Fact:
    return Fact(id=f"a{about}{value}", kind="attribute", value=value, about=f"o{about}", expert="boxes")


def relation(about: int, value: str, to: int) -> Fact:
    return Fact(id=f"r{about}{value}{to}", kind="relation", value=value, about=f"o{about}", to=f"o{to}", expert="boxes")


def whole(kind: str, value: str, expert: str = "boxes") -> Fact:
    """A fact about no thing: a scene, a style, read text, a tag, a label."""
    return Fact(
        id=f"{kind}/{value}",
        kind="tag" if kind == "label" else kind,  # type: ignore[arg-type]
        value=value,
        expert=expert,
        data={"role": "label"} if kind == "label" else None,
    )


def stated(*sentences: str, expert: str = "captioner") -> list[Fact]:
    return [Fact(id=f"{expert}{n}", kind="statement", value=value, expert=expert) for n, value in enumerate(sentences)]


def evidence_of(facts: list[Fact]) -> Evidence:
    looked = ("boxes", *dict.fromkeys(f.expert for f in facts if f.expert != "boxes"))
    observation = Observation(id="x", width=1000, height=100, looked=looked, facts=tuple(facts))
    return gather([observation], CARDS, Language.load())[0]


RICH = [
    *things("person", "horse", "dog", "cup", "bus"), relation(0, "ride", 1), relation(2, "next to", 1), attribute(2, "brown"),
    whole("scene", "field"), whole("style", "dark photo"), whole("text", "A12"), whole("label", "riding", "label"),
    whole("tag", "lawn", "tags"), *stated(*SENTENCES), *stated("Anna rides in Whitby.", expert="alt_text"),
]  # fmt: skip


@st.composite
def pictures(draw: st.DrawFn) -> list[Fact]:
    """Things with qualities and relations, things said of the whole picture, and sentences."""
    facts = things(*draw(st.lists(st.sampled_from(NOUNS), max_size=7)))
    number = len(facts)
    if number:
        ends = st.integers(0, number - 1)
        for about, value in draw(st.sets(st.tuples(ends, st.sampled_from(("red", "old", "wooden"))), max_size=3)):
            facts.append(attribute(about, value))
        for about, value, to in draw(st.sets(st.tuples(ends, st.sampled_from(("ride", "hold", "next to")), ends), max_size=4)):
            facts += [relation(about, value, to)] if about != to else []
    for kind, values, expert in (
        ("scene", ("kitchen", "beach"), "boxes"),
        ("style", ("dark photo", "close-up"), "boxes"),
        ("text", ("STOP", "A12", "OPEN"), "boxes"),
        ("tag", ("lawn", "tree", "fence"), "tags"),
    ):
        facts += [whole(kind, value, expert) for value in draw(st.sets(st.sampled_from(values), max_size=3))]
    return facts + stated(*sorted(draw(st.sets(st.sampled_from(SENTENCES), max_size=3))))


def told(briefs: list[Brief]) -> frozenset[str]:
    return frozenset().union(*(b.content for b in briefs))


# One variant and several


def test_the_first_brief_of_a_style_is_the_one_without_variants() -> None:
    one, several = (plan(evidence_of(RICH), STYLES, variants=number) for number in (1, 4))
    first = [next(b for b in several if b.style == style) for style in STYLES]
    assert [(b.style, b.content) for b in one] == [(b.style, b.content) for b in first]


def test_a_list_has_one_variant() -> None:
    styles = ["tags", "structured", "region", "qa"]
    assert [b.style for b in plan(evidence_of(RICH), styles, variants=5)] == styles


def test_variants_of_a_style_have_a_focus_of_their_own() -> None:
    briefs = plan(evidence_of(RICH), ["dense"], variants=6)
    assert briefs[0].focus == "subject"
    assert len({b.focus for b in briefs}) >= 5
    assert {b.focus for b in briefs} <= set(FOCUS.values())


@pytest.mark.parametrize(
    ("focus", "name"),
    [("relations", "relations"), ("setting", "scenes"), ("text", "texts"), ("composition", "places"), ("style", "looks")],
)
def test_a_brief_holds_what_it_is_about(focus: str, name: str) -> None:
    briefs = [b for b in plan(evidence_of(RICH), ["dense"], variants=12)[1:] if b.focus == focus]
    assert briefs
    assert all(getattr(b, name) or (focus == "setting" and b.extras) for b in briefs)


def test_a_sentence_has_room_for_what_it_is_about_alone() -> None:
    for brief in plan(evidence_of(RICH), ["short"], variants=12):
        assert len(brief.texts) == (brief.focus == "text")
        assert len(brief.places) == (brief.focus == "composition")
        assert len(brief.looks) == (brief.focus == "style")
    assert {"text", "composition", "style"} <= {b.focus for b in plan(evidence_of(RICH), ["short"], variants=12)}


@pytest.mark.parametrize(
    ("facts", "focus"),
    [
        pytest.param(things("dog"), "subject", id="a thing"),
        pytest.param(stated("A dog runs."), "subject", id="a sentence"),
        pytest.param([whole("text", "STOP")], "text", id="read text alone"),
        pytest.param([whole("scene", "kitchen")], "setting", id="a scene alone"),
        pytest.param([whole("tag", "lawn", "tags")], "setting", id="what only a tag names"),
        pytest.param([whole("style", "dark photo")], "style", id="a kind of picture alone"),
    ],
)
def test_the_first_brief_is_about_what_there_is(facts: list[Fact], focus: str) -> None:
    assert [b.focus for b in plan(evidence_of(facts), ["dense"])] == [focus]


def test_little_matter_has_few_briefs() -> None:
    assert [b.style for b in plan(evidence_of(things("dog")), STYLES, variants=5)] == ["short", "tags"]
    assert plan(evidence_of([]), STYLES, variants=5) == []


@settings(max_examples=60)
@given(pictures(), st.sampled_from([*PROSE, "medium", "artistic"]))
def test_many_variants_tell_all_that_a_style_can_tell(facts: list[Fact], style: str) -> None:
    evidence = evidence_of(facts)
    briefs = plan(evidence, [style], variants=80)
    can = stock_for(load_styles([style])[0], briefs[0].material).keys if briefs and briefs[0].material else frozenset()
    assert can <= told(briefs)


@settings(max_examples=60)
@given(pictures(), st.integers(1, 6))
def test_every_brief_has_content_of_its_own_within_the_limits(facts: list[Fact], variants: int) -> None:
    briefs = plan(evidence_of(facts), STYLES, variants=variants)
    for place, brief in enumerate(briefs):
        assert brief.content
        assert brief.focus in FOCUS.values()
        most = widened(brief.form, [name for name, focus in FOCUS.items() if focus == brief.focus]).most
        for name in ("things", "relations", "places", "texts", "quotes", "looks", "labels", "tags", "extras"):
            assert len(getattr(brief, name)) <= getattr(most, name), name
        own = [b for b in briefs[:place] if b.style == brief.style]
        assert len(own) < variants
        new = brief.said - frozenset().union(*(b.said for b in own))
        assert new or all(jaccard(brief.content, b.content) < TOO_LIKE for b in own)


# Chance


@settings(max_examples=30)
@given(pictures(), st.integers(0, 3))
def test_the_same_seed_gives_the_same_briefs(facts: list[Fact], seed: int) -> None:
    one, other = (plan(evidence_of(facts), STYLES, seed, variants=4) for _ in range(2))
    assert [(b.style, b.focus, sorted(b.content)) for b in one] == [(b.style, b.focus, sorted(b.content)) for b in other]


def contents(facts: list[Fact], *, seed: int = 0, salt: str = "") -> list[frozenset[str]]:
    return [b.content for b in plan(evidence_of(facts), PROSE, seed, variants=4, salt=salt)]


def test_seed_salt_and_facts_decide() -> None:
    assert any(contents(RICH, seed=seed) != contents(RICH) for seed in (1, 2, 3))
    assert any(contents(RICH, salt=salt) != contents(RICH) for salt in ("a", "b", "c"))


def test_chance_is_the_same_on_every_machine() -> None:
    briefs = plan(evidence_of(RICH), ["short"], variants=4)
    assert [(b.focus, sorted(b.said)) for b in briefs] == CHANCE


# What may be told


@settings(max_examples=40)
@given(pictures(), st.sets(st.sampled_from(sorted(SOURCES))))
def test_a_brief_holds_nothing_of_other_sources(facts: list[Fact], sources: set[str]) -> None:
    evidence = evidence_of([*facts, whole("label", "riding", "label"), *stated("Anna in Whitby.", expert="alt_text")])
    for brief in plan(evidence, STYLES, variants=3, told=sources):
        held = [f for t in brief.things for i in t.instances for f in i.facts] + [r.fact for r in brief.relations]
        held += [*brief.scenes, *brief.looks, *brief.texts, *brief.labels, *brief.tags, *(q.fact for q in brief.quotes)]
        assert {source(f) for f in held} <= sources
        assert not brief.extras or "tags" in sources


def source(fact: Fact) -> str:
    own = {"captioner": "statements", "alt_text": "alt_text", "tags": "tags", "label": "label"}
    return own.get(fact.expert, "facts")


@pytest.mark.parametrize(
    ("sources", "expected"),
    [
        pytest.param({"facts"}, "horse", id="facts"),
        pytest.param({"facts", "statements"}, "horse", id="facts and statements"),
        pytest.param({"facts", "tags"}, "pony", id="facts and tags"),
    ],
)
def test_a_more_exact_word_is_only_used_if_its_source_is_told(sources: set[str], expected: str) -> None:
    facts = [*things("horse"), whole("tag", "pony", "tags")]
    assert [t.noun for t in plan(evidence_of(facts), ["short"], told=sources)[0].things] == [expected]


def test_alt_text_goes_along_only_where_it_may_be_told() -> None:
    found = Found("Anna in Whitby", "alt_text0", ("Anna", "Whitby"))
    evidence = evidence_of(RICH)
    for sources, expected in ((None, found), ({"facts", "alt_text"}, found), ({"facts"}, None)):
        assert {b.found for b in plan(evidence, STYLES, 0, found, variants=2, told=sources)} == {expected}


@pytest.mark.parametrize(
    ("given", "message"),
    [
        pytest.param({"told": {"rumours"}}, "told: expected some of alt_text.*got 'rumours'", id="a source"),
        pytest.param({"variants": 0}, "variants: expected at least 1, got 0", id="no variant"),
    ],
)
def test_mistakes_are_named(given: dict[str, object], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        plan(evidence_of(things("dog")), ["short"], **given)  # type: ignore[arg-type]


# Sentences that hold


DOUBTED = [*things("dog", "cup"), *stated("A dog runs.", "A dog runs. Three dogs sleep. A cup is red.")]
"""A detector that counts one dog doubts that there are three."""


def test_checked_quotes_leave_out_what_others_doubt() -> None:
    evidence = evidence_of(DOUBTED)
    assert {q.text for q in find_quotes(evidence)} == {"A dog runs.", "Three dogs sleep.", "A cup is red."}
    assert {q.text for q in find_quotes(evidence, checked=True)} == {"A dog runs.", "A cup is red."}


@settings(max_examples=40)
@given(pictures())
def test_checked_quotes_are_those_that_repair_leaves_alone(facts: list[Fact]) -> None:
    language = Language.load()
    evidence = evidence_of([*facts, *stated("Three dogs sleep.", "Two cats sit on a bus.", expert="boxes")])
    quotes = find_quotes(evidence)
    repaired = verify(language.read([q.text for q in quotes]), [evidence] * len(quotes), language)
    assert [q.text for q in find_quotes(evidence, checked=True)] == [one.text for one in repaired if not one.edits]


def test_a_checked_plan_quotes_only_what_holds() -> None:
    briefs = plan(evidence_of(DOUBTED), STYLES, variants=3, checked=True)
    assert {q.text for b in briefs for q in b.quotes} == {"A dog runs.", "A cup is red."}


# Another brief


def test_another_brief_tells_of_something_else() -> None:
    briefs = plan(evidence_of(RICH), ["dense"], variants=2)
    other = another(briefs[1], briefs)
    assert other is not None
    assert other.style == "dense"
    assert other.content not in {b.content for b in briefs}
    assert other.content <= stock_for(other.form, other.material).keys  # type: ignore[arg-type]
    assert another(briefs[1], briefs) == other


def test_others_run_out() -> None:
    taken = plan(evidence_of(things("dog", "cat", "bus", "cup")), ["short"])
    while (other := another(taken[0], taken)) is not None:
        assert other.content not in {b.content for b in taken}
        taken.append(other)
    assert 1 < len(taken) < 9


@pytest.mark.parametrize(
    ("facts", "style"),
    [
        pytest.param(things("dog"), "short", id="no other matter"),
        pytest.param(RICH, "tags", id="a list"),
        pytest.param(RICH, "structured", id="for machines"),
    ],
)
def test_there_is_no_other_brief(facts: list[Fact], style: str) -> None:
    (brief,) = plan(evidence_of(facts), [style])
    assert another(brief, [brief]) is None


def test_another_brief_keeps_to_what_may_be_told() -> None:
    taken = plan(evidence_of(RICH), ["dense"], told={"facts"})
    while (other := another(taken[0], taken)) is not None:
        assert (other.quotes, other.extras, other.labels) == ((), (), ())
        taken.append(other)
    assert len(taken) > 3


def test_styles_without_qualities_tell_none() -> None:
    style = load_styles(["dense"])[0]
    bare = type(style)(name="bare", about="a", form="paragraph", instruction="i", kinds=("object", "relation"), most=style.most)
    for brief in plan(evidence_of(RICH), [bare], variants=4):
        assert (brief.quotes, brief.scenes, brief.texts, brief.looks) == ((), (), (), ())
        assert not [f for t in brief.things for f in t.attributes]


def test_forms_that_vary_are_texts() -> None:
    forms = {style.name: style.form for style in load_styles(["short", "dense", "alt", "prompt", "tags", "structured"])}
    assert {name for name, form in forms.items() if form in VARIED} == {"short", "dense", "alt", "prompt"}
