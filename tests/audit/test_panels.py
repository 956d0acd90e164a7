"""What the page says of how captions came about."""

from __future__ import annotations

from fusion.audit.courses import Courses
from fusion.audit.panels import measures, spending
from fusion.audit.rows import Course, Said
from fusion.facts import Diversity, Retention, Usage


def courses(*given: tuple[Course, int]) -> Courses:
    """Records with that many captions each."""
    made = Courses()
    for course, captions in given:
        made.add(course, [Said("A dog.")] * captions)
    return made


def test_alt_text() -> None:
    given = [
        Retention(text="x", agrees=True, kept=("a", "b")),
        Retention(text="x", agrees=False, lost=("c",)),
        Retention(text="x"),
    ]
    ((name, note, lines),) = measures(courses(*[(Course(retention=one), 1) for one in given]))
    assert (name, note) == ("Alt-text", "3 pictures with alt-text.")
    assert [(line.name, line.value, line.aside) for line in lines] == [
        ("agrees", "33.3\u202f%", "1 of 3 · 6.1–79.2"),
        ("disagrees", "33.3\u202f%", "1 of 3 · 6.1–79.2"),
        ("cannot be told", "33.3\u202f%", "1 of 3 · 6.1–79.2"),
        ("names kept", "66.7\u202f%", "2 of 3 · 20.8–93.9"),
    ]
    assert all(line.meaning.endswith(("High is good.", "Low is good.")) for line in lines)


def test_alt_text_without_names_says_nothing_of_names() -> None:
    ((_, _, lines),) = measures(courses((Course(retention=Retention(text="x")), 1)))
    assert [line.name for line in lines] == ["agrees", "disagrees", "cannot be told"]


def test_diversity_of_several_captions_is_a_mean_over_pictures_that_have_several() -> None:
    alike = Diversity(coverage=1.0, overlap=0.5, self_bleu=0.25, distinct_2=0.75, replaced=2)
    ((_, note, lines),) = measures(courses((Course(diversity=alike), 2), (Course(diversity=Diversity(coverage=0.5)), 1)))
    assert note == "Coverage is a mean over 2 pictures, what follows it over the 1 with several captions."
    assert {line.name: line.value for line in lines} == {
        "coverage": "0.750",
        "overlap": "0.500",
        "self-BLEU": "0.250",
        "distinct-2": "0.750",
        "replaced": "2",
    }


def test_single_captions_are_neither_like_nor_unlike_others() -> None:
    ((_, note, lines),) = measures(courses((Course(diversity=Diversity(coverage=0.5)), 1)))
    assert (note, [line.name for line in lines]) == ("Means over 1 picture.", ["coverage", "replaced"])


def test_tokens_a_picture_and_the_sum_of_several_backends() -> None:
    write, judge = (
        Usage(stage="write", backend="m", calls=1, prompt_tokens=90, completion_tokens=10),
        Usage(stage="judge", backend=""),
    )
    made = spending(courses((Course(usage=(write, judge)), 1), (Course(), 1)))
    assert [(line.name, line.cost.tokens, line.each) for line in made] == [
        ("write · m", 100, "50.0"),
        ("judge", 0, "0.0"),
        ("all", 100, "50.0"),
    ]
    assert [line.name for line in spending(courses((Course(usage=(write,)), 1)))] == ["write · m"]


def test_nothing_is_said_of_what_no_row_has() -> None:
    made = courses((Course(), 1))
    assert list(measures(made)) == []
    assert spending(made) == []
