"""The pipeline: a record for every input, in order, whatever happens on the way.

Reading and judging sentences has its own tests; here both are replaced by a table, so that captions are known.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from stage.installing import install

import fusion.captioner.captions
import fusion.captioner.checking
from fusion import lexicon
from fusion.captioner import Captioner, Job
from fusion.codec import encode
from fusion.config import Config, load
from fusion.errors import ConfigError, FusionError, InputError, WriterError
from fusion.evidence import Evidence
from fusion.evidence import gather as gather_evidence
from fusion.expert import Card, Expert
from fusion.facts import Claim, Fact, Observation, Policy, Problem, Sample, check_references
from fusion.language import Reading
from fusion.testing import FakeExpert, FakeWriter, solid_image
from fusion.verdicts import Checked
from fusion.write import Brief

CAT = Fact(kind="object", value="cat")
PICTURE = solid_image()


class Table:
    """A language that reads nothing, and a verifier that answers from a table by the text it is given."""

    def __init__(self) -> None:
        self.checked: dict[str, Checked] = {}
        self.cards: dict[str, Card] = {}
        self.policies: set[str] = set()

    likeness = staticmethod(lexicon.likeness)

    def load(self, *given: str | None) -> Table:
        return self

    def read(self, texts: Sequence[str], languages: Sequence[str | None] | None = None) -> list[Reading]:
        return [Reading(text) for text in texts]

    def verify(
        self, readings: Sequence[Reading], evidence: Sequence[Evidence], language: object, policy: Policy, unwelcome: object
    ) -> list[Checked]:
        self.policies.add(policy)
        for one in evidence:
            self.cards |= one.cards
        return [self.checked.get(r.text, Checked(r.text, repaired=r.text)) for r in readings]


@pytest.fixture(autouse=True)
def table(monkeypatch: pytest.MonkeyPatch) -> Table:
    made = Table()
    monkeypatch.setattr(fusion.captioner.captions, "Language", made)
    monkeypatch.setattr(fusion.captioner.checking, "verify", made.verify)
    return made


def captioner(*experts: Expert, drafts: Sequence[str | Exception] = (), **config: Any) -> Captioner:
    """Experts named a, b, c, …; a writer with these drafts, and one caption a picture."""
    named = dict(zip("abcdef", experts or (FakeExpert([CAT]),), strict=False))
    settings = load({"captions": {"styles": ["short"]}, **config})
    return Captioner(settings, experts=named, writer=FakeWriter(drafts or ["A cat."] * 99))


class Told(Expert):
    def __init__(self, say: Callable[[Sample], Any]) -> None:
        self.say = say

    def look(self, sample: Sample) -> Any:
        return self.say(sample)


# Records


def test_a_picture_becomes_a_record() -> None:
    with captioner(FakeExpert([CAT]), FakeExpert([Fact(kind="attribute", value="black", about="a/0")])) as fuse:
        record = fuse(PICTURE, id="x", alt_text="my cat")
    assert (record.id, record.status, record.looked, record.errors) == ("x", "ok", ("a", "b"), ())
    assert [(fact.id, fact.expert) for fact in record.facts] == [("a/0", "a"), ("b/0", "b")]
    assert (record.width, record.height, record.image) == (64, 48, None)
    assert [(c.style, c.writer, c.draft, c.text) for c in record.captions] == [("short", "fake", "A cat.", "A cat.")]


def test_experts_see_the_row_and_what_those_before_them_said() -> None:
    first, second = FakeExpert([CAT]), FakeExpert()
    with captioner(first, second) as fuse:
        fuse({"id": "x", "image": PICTURE, "alt_text": "my cat", "tags": "a, b", "label": "pet", "more": 1})
    sample = second.samples[0]
    assert (sample.alt_text, sample.tags, sample.label, sample.row["more"]) == ("my cat", ("a", "b"), "pet", 1)
    assert [fact.id for fact in sample.facts] == ["a/0"]
    assert first.samples[0].facts == ()


@pytest.mark.parametrize(
    ("experts", "status", "looked", "errors"),
    [
        pytest.param([FakeExpert([CAT]), FakeExpert()], "ok", ("a", "b"), 0, id="all well"),
        pytest.param([FakeExpert()], "ok", ("a",), 0, id="nothing seen"),
        pytest.param([FakeExpert([CAT]), FakeExpert(error=OSError())], "partial", ("a",), 1, id="one fails"),
        pytest.param([FakeExpert(), FakeExpert(error=OSError())], "partial", ("a",), 1, id="one fails, one sees nothing"),
        pytest.param([FakeExpert(error=OSError()), FakeExpert(error=OSError())], "failed", (), 2, id="all fail"),
        pytest.param([FakeExpert([CAT, 3])], "partial", (), 1, id="one fact is none"),
        pytest.param(
            [FakeExpert([{"kind": "object", "value": "cat", "box": [900, 0, 901, 9]}])],
            "ok",
            ("a",),
            1,
            id="a box outside is a warning",
        ),
    ],
)
def test_the_status_tells_how_much_of_it_is_there(
    experts: list[Expert], status: str, looked: tuple[str, ...], errors: int
) -> None:
    with captioner(*experts) as fuse:
        record = fuse(PICTURE)
    assert (record.status, record.looked, len(record.errors)) == (status, looked, errors)


@pytest.mark.parametrize(
    ("given", "id_", "message"),
    [
        pytest.param("nowhere/cat.png", "nowhere/cat", "nowhere/cat.png", id="no such file"),
        pytest.param(b"no picture", "0", "picture", id="bytes that are no picture"),
        pytest.param({"id": "x"}, "x", "expected a picture, got none", id="a row without one"),
        pytest.param({"id": "x", "tags": 3}, "x", "tags", id="a row that makes no sense"),
        pytest.param(Job(id=None, problem=Problem(message="no JSON", line=3)), None, "no JSON", id="a row that was none"),
        pytest.param(
            Job(id="x", observation=Observation(id="x", status="failed", errors=(Problem(message="was broken"),))),
            "x",
            "was broken",
            id="evidence that failed",
        ),
    ],
)
def test_what_cannot_be_opened_is_a_failed_record(given: Any, id_: str | None, message: str) -> None:
    expert = FakeExpert([CAT])
    with captioner(expert) as fuse:
        record = fuse(given)
    assert (record.id, record.status, record.facts, record.captions) == (id_, "failed", (), ())
    assert message in record.errors[0].message
    assert expert.samples == []


def test_facts_alone_are_made_without_captions() -> None:
    with captioner(drafts=[WriterError("nobody asked")]) as fuse:
        (record,) = fuse.facts([PICTURE])
    assert (record.status, len(record.facts), record.captions) == ("ok", 1, ())


def test_tags_that_are_none_are_refused() -> None:
    with captioner() as fuse, pytest.raises(InputError, match="tags"):
        fuse(PICTURE, tags=[3])  # type: ignore[list-item]


# Streams


def pictures(count: int) -> list[Any]:
    return [{"id": str(i), "image": PICTURE if i % 7 else b"broken"} for i in range(count)]


@pytest.mark.parametrize("read_ahead", [0, 1, 3])
@pytest.mark.parametrize("batch", [1, 3, 8, 100])
def test_the_order_is_held_and_nothing_is_lost(batch: int, read_ahead: int) -> None:
    with captioner(FakeExpert([CAT], delay=0.0005), run={"batch": batch, "read_ahead": read_ahead}) as fuse:
        records = list(fuse.stream(pictures(50)))
    assert [record.id for record in records] == [str(i) for i in range(50)]
    assert [record.status for record in records] == ["ok" if i % 7 else "failed" for i in range(50)]


def test_batches_make_no_difference_to_a_byte() -> None:
    def rows(batch: int) -> list[bytes]:
        experts = (FakeExpert([CAT, {"kind": "object"}]), Told(lambda sample: [CAT] if sample.id != "3" else 1 / 0))
        with captioner(*experts, run={"batch": batch}) as fuse:
            return [encode(record) for record in fuse.stream(pictures(12))]

    assert rows(1) == rows(5) == rows(12)


def test_no_more_is_read_than_the_batches_ahead() -> None:
    read = []

    def samples() -> Iterator[Any]:
        for i in range(100):
            read.append(i)
            yield PICTURE

    with captioner(run={"batch": 2, "read_ahead": 3}) as fuse:
        records = fuse.stream(samples())
        next(records)
        assert len(read) == 8
        next(records)
        assert len(read) == 8
        next(records)
        assert len(read) == 10
        records.close()  # type: ignore[attr-defined]
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("fusion-open")]


def test_two_inputs_of_one_name_are_two_records() -> None:
    with captioner() as fuse:
        records = list(fuse.stream([{"id": "x", "image": PICTURE}, {"id": "x", "image": PICTURE}]))
    assert [record.id for record in records] == ["x", "x"]
    assert records[0] == records[1]


def test_pictures_without_a_name_go_by_position(tmp_path: Path) -> None:
    PICTURE.save(tmp_path / "a.png")
    with captioner() as fuse:
        records = list(fuse.stream([PICTURE, str(tmp_path / "a.png"), PICTURE]))
    assert [record.id for record in records] == ["0", "a", "2"]
    assert [record.image for record in records] == [None, "a.png", None]


@pytest.mark.parametrize("form", [str, Path, lambda path: {"image": str(path)}], ids=["text", "Path", "row"])
def test_no_row_says_where_on_the_disk_a_picture_lies(tmp_path: Path, form: Callable[[Path], Any]) -> None:
    (tmp_path / "broken.png").write_bytes(b"no picture")
    PICTURE.save(tmp_path / "a.png")
    with captioner(Told(lambda sample: [CAT, open(str(sample.file) + "x")])) as fuse:  # noqa: PTH123
        records = [fuse(form(tmp_path / name)) for name in ("a.png", "broken.png", "missing.png")]
    assert [(record.id, record.image) for record in records] == [(n, f"{n}.png") for n in ("a", "broken", "missing")]
    assert all(record.errors for record in records)
    assert str(tmp_path) not in encode(records).decode()


def test_a_relative_path_stays_as_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "in").mkdir()
    PICTURE.save(tmp_path / "in" / "a.png")
    monkeypatch.chdir(tmp_path)
    with captioner() as fuse:
        record = fuse("in/a.png")
    assert (record.id, record.image, record.status) == ("in/a", "in/a.png", "ok")


def test_stored_facts_without_an_id_get_one() -> None:
    stored = Observation(id="x", looked=("a",), facts=(CAT, Fact(id="#2", kind="tag", value="pet"), CAT))
    with captioner() as fuse:
        record = fuse(Job(id="x", observation=stored))
    assert [fact.id for fact in record.facts] == ["#0", "#2", "##2"]


def test_what_the_input_raises_comes_behind_the_records_before_it() -> None:
    def samples() -> Iterator[Any]:
        yield PICTURE
        yield PICTURE
        raise OSError("the disk is gone")

    with captioner(run={"batch": 8}) as fuse:
        records = fuse.stream(samples())
        assert [next(records).status, next(records).status] == ["ok", "ok"]
        with pytest.raises(OSError, match="the disk is gone"):
            next(records)


def test_no_input_is_no_record() -> None:
    with captioner() as fuse:
        assert list(fuse.stream([])) == []


# Stored evidence


STORED = Observation(
    id="x",
    image="x.jpg",
    width=10,
    height=10,
    looked=("boxes",),
    facts=(Fact(id="boxes/0", kind="object", value="cat", expert="boxes"),),
)


class AltText(FakeExpert):
    def __init__(self) -> None:
        super().__init__([{"kind": "tag", "value": "from the row"}])


def test_stored_evidence_is_taken_as_it_is_and_no_expert_looks() -> None:
    expert = FakeExpert([CAT])
    with captioner(expert) as fuse:
        record = fuse(Job(id="x", path="y.jpg", observation=STORED))
    assert expert.samples == []
    assert (record.facts, record.looked, record.status) == (STORED.facts, ("boxes",), "ok")
    assert (record.image, record.sha256, record.width) == ("y.jpg", None, 10)
    assert len(record.captions) == 1


@pytest.mark.parametrize(
    ("job", "looked"),
    [
        pytest.param({"alt_text": "a cat"}, ("boxes", "alt_text"), id="the row says something"),
        pytest.param({}, ("boxes",), id="the row says nothing"),
        pytest.param(
            {"alt_text": "a cat", "observation": Observation(id="x", looked=("alt_text",), facts=STORED.facts)},
            ("alt_text",),
            id="the evidence has it already",
        ),
    ],
)
def test_what_rows_say_joins_stored_evidence(
    monkeypatch: pytest.MonkeyPatch, job: dict[str, Any], looked: tuple[str, ...]
) -> None:
    install(monkeypatch, alt_text=AltText)
    with captioner() as fuse:
        record = fuse(Job(**{"id": "x", "observation": STORED, **job}))
    assert record.looked == looked


def test_the_configured_expert_reads_the_row(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, alt_text=AltText)
    config = load({"experts": [{"name": "said", "use": "alt_text"}]})
    with Captioner(config, writer=FakeWriter(["A cat."] * 9)) as fuse:
        record = fuse(Job(id="x", observation=STORED, alt_text="a cat"))
    assert record.looked == ("boxes", "said")
    assert record.facts[-1].id == "said/0"


@pytest.mark.parametrize(
    ("observation", "image", "status", "message"),
    [
        pytest.param(STORED, b"broken", "ok", "picture", id="its picture cannot be opened"),
        pytest.param(STORED, PICTURE, "ok", "expected a picture of 10×10 pixels", id="its picture is of another size"),
        pytest.param(
            Observation(id="x", status="partial", errors=(Problem(message="slow"),)),
            None,
            "partial",
            "slow",
            id="partial",
        ),
    ],
)
def test_what_is_odd_about_stored_evidence_is_said(observation: Observation, image: Any, status: str, message: str) -> None:
    with captioner() as fuse:
        record = fuse(Job(id="x", image=image, observation=observation))
    assert record.status == status
    assert message in record.errors[0].message


def test_stored_evidence_needs_no_expert_that_can_run() -> None:
    class Broken(FakeExpert):
        def __init__(self) -> None:
            raise OSError("no weights")

    with pytest.MonkeyPatch.context() as monkeypatch:
        install(monkeypatch, broken=Broken)
        config = load({"experts": [{"use": "broken"}]})
        with Captioner(config, writer=FakeWriter(["A cat."] * 9)) as fuse:
            assert fuse(Job(id="x", observation=STORED)).status == "ok"
            with pytest.raises(ConfigError, match="no expert can run: expert 'broken' cannot be started"):
                fuse(PICTURE)


# Starting and closing


def test_without_any_expert_nothing_can_run(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch)
    with Captioner(Config()) as fuse, pytest.raises(ConfigError, match="no expert can run"):
        fuse(PICTURE)


def test_an_expert_that_cannot_start_is_the_problem_of_every_record(monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken(FakeExpert):
        def __init__(self) -> None:
            raise OSError("no weights")

    install(monkeypatch, broken=Broken)
    config = load({"experts": [{"use": "broken"}]})
    with Captioner(config, experts={"a": FakeExpert([CAT])}, writer=FakeWriter(["A cat."] * 9)) as fuse:
        records = list(fuse.stream([PICTURE, PICTURE]))
    assert [(record.status, record.looked, record.errors[0].expert) for record in records] == [("partial", ("a",), "broken")] * 2


@pytest.mark.parametrize(
    ("captions", "message", "hint"),
    [
        pytest.param({"styles": ["shrt"]}, "no style 'shrt'", "short", id="style"),
        pytest.param({"writer": "tempalte"}, "unknown writer 'tempalte'", "'template'", id="writer"),
    ],
)
def test_an_unknown_style_or_writer_is_an_error_at_start(captions: dict[str, Any], message: str, hint: str) -> None:
    with pytest.raises(ConfigError, match=message) as caught:
        Captioner(load({"captions": captions}), experts={"a": FakeExpert()})
    assert hint in caught.value.hint


def test_closing_closes_every_expert_and_ends_all_use() -> None:
    experts = FakeExpert([CAT]), FakeExpert()
    fuse = captioner(*experts, run={"batch": 1})
    records = fuse.stream([PICTURE, PICTURE])
    next(records)
    fuse.close()
    fuse.close()
    assert [expert.closed for expert in experts] == [True, True]
    for use in (
        lambda: fuse(PICTURE),
        lambda: fuse.stream([]),
        lambda: fuse.facts([]),
        fuse.cards,
        lambda: next(records),
    ):
        with pytest.raises(FusionError, match="this captioner is closed"):
            use()


def test_an_expert_that_fails_to_close_does_not_keep_the_others_open() -> None:
    class Stuck(FakeExpert):
        def close(self) -> None:
            raise OSError("stuck")

    first, last = FakeExpert(), FakeExpert()
    fuse = captioner(first, Stuck(), last)
    with pytest.raises(OSError, match="stuck"):
        fuse.close()
    assert (first.closed, last.closed) == (True, True)


def test_time_is_counted_and_is_in_no_row() -> None:
    with captioner() as fuse:
        record = fuse(PICTURE)
    assert {"open", "start", "experts/a", "evidence", "plan", "write", "verify", "ask"} == set(fuse.seconds)
    assert b"seconds" not in encode(record)


# Cards


CARDED = FakeExpert([CAT], card=Card(precision=0.1))


def test_the_cards_are_those_of_the_experts_in_use() -> None:
    with captioner(CARDED, FakeExpert()) as fuse:
        assert {name: card.precision for name, card in fuse.cards().items()} == {"a": 0.1, "b": 0.7}


@pytest.mark.parametrize(
    ("given", "configured", "expected"),
    [
        pytest.param({"a": Card(precision=0.3)}, True, 0.3, id="given"),
        pytest.param({"a": {"precision": 0.3}}, True, 0.3, id="given as a mapping"),
        pytest.param(None, True, 0.2, id="from the file of the configuration"),
        pytest.param(None, False, 0.1, id="of the expert itself"),
        pytest.param({"b": Card(precision=0.3)}, False, 0.1, id="given for another"),
    ],
)
def test_a_card_is_taken_from_the_nearest_place(
    table: Table, tmp_path: Path, given: dict[str, Any] | None, configured: bool, expected: float
) -> None:
    path = tmp_path / "cards.json"
    path.write_text('{"cards": {"a": {"precision": 0.2}}}')
    config = load({"cards": str(path)} if configured else {})
    expert = FakeExpert([CAT], card=Card(precision=0.1))
    with Captioner(config, cards=given, experts={"a": expert}, writer=FakeWriter(["A cat."] * 9)) as fuse:
        fuse(PICTURE)
        assert fuse.cards()["a"].precision == expected
    assert table.cards["a"].precision == expected


def test_experts_of_stored_evidence_have_the_card_of_their_name(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    class Boxes(FakeExpert):
        card = Card(precision=0.9)

    install(monkeypatch, boxes=Boxes)
    with captioner() as fuse:
        fuse(Job(id="x", observation=STORED))
    assert table.cards["boxes"].precision == 0.9


# Captions


@pytest.mark.parametrize(
    ("drafts", "checked", "texts", "status", "message"),
    [
        pytest.param(["A cat.", "One cat."], {}, ["A cat.", "One cat."], "ok", None, id="both hold"),
        pytest.param(["A cat.", "A cat."], {}, ["A cat."], "ok", "word for word what the short one", id="one text twice"),
        pytest.param(["A dog.", "A cat."], {"A dog.": "A cat."}, ["A cat."], "ok", "word for word", id="repaired to another"),
        pytest.param(["A dog.", "A cat."], {"A dog.": ""}, ["A cat."], "ok", "nothing of the short caption", id="nothing holds"),
        pytest.param(["", "A cat."], {}, ["A cat."], "ok", None, id="nothing to say"),
        pytest.param([WriterError("no key"), "A cat."], {}, ["A cat."], "partial", "no key", id="a draft fails"),
        pytest.param(["A cat."], {}, ["A cat."], "partial", "expected 1 briefs in all", id="a draft is missing"),
    ],
)
def test_captions_are_what_holds_of_the_drafts(
    table: Table,
    drafts: list[str | Exception],
    checked: dict[str, str],
    texts: list[str],
    status: str,
    message: str | None,
) -> None:
    table.checked = {text: Checked(text, repaired=repaired) for text, repaired in checked.items()}
    with captioner(drafts=drafts, captions={"styles": ["short", "tags"]}) as fuse:
        record = fuse(PICTURE)
    assert ([caption.text for caption in record.captions], record.status) == (texts, status)
    assert len(record.errors) == (message is not None)
    assert all(message and message in problem.message for problem in record.errors)


@pytest.mark.parametrize("answer", [[], ["one", "two", "three"], [None, None], None], ids=str)
def test_a_writer_that_hands_over_no_drafts_is_a_problem(answer: Any) -> None:
    class Odd:
        name = "odd"

        def write(self, briefs: Sequence[Brief]) -> Any:
            return answer

    with Captioner(Config(), experts={"a": FakeExpert([CAT])}, writer=Odd()) as fuse:
        record = fuse(PICTURE)
    assert (record.status, record.captions) == ("partial", ())


def test_a_text_that_was_not_checked_makes_the_record_partial(table: Table) -> None:
    problem = Problem(message="the caption is in language de")
    table.checked = {"Eine Katze.": Checked("Eine Katze.", repaired="Eine Katze.", problem=problem)}
    with captioner(drafts=["Eine Katze."]) as fuse:
        record = fuse(PICTURE)
    assert (record.status, record.errors) == ("partial", (problem,))


def test_what_breaks_on_one_picture_spares_the_others(monkeypatch: pytest.MonkeyPatch, table: Table) -> None:
    def gather(observations: Sequence[Observation], *rest: Any) -> list[Evidence]:
        if any(observation.id == "1" for observation in observations):
            raise RecursionError("odd facts")
        return gather_evidence(observations, *rest)

    monkeypatch.setattr(fusion.captioner, "gather", gather)
    with captioner() as fuse:
        records = list(fuse.stream([PICTURE] * 3))
    assert [(record.status, len(record.captions)) for record in records] == [("ok", 1), ("partial", 0), ("ok", 1)]
    assert records[1].errors[0].message == "RecursionError: odd facts"


def test_a_record_holds_the_facts_that_its_claims_rest_on(monkeypatch: pytest.MonkeyPatch, table: Table) -> None:
    said = Fact(id="0", kind="statement", value="A red ball.", expert="a")
    derived = (
        Fact(id="a/0.c0", kind="object", value="ball", expert="a", parent="a/0"),
        Fact(id="a/0.c1", kind="attribute", value="red", expert="a", parent="a/0", about="a/0.c0"),
        Fact(id="a/0.c2", kind="scene", value="outdoors", expert="a", parent="a/0"),
    )

    def gather(observations: Sequence[Observation], *rest: Any) -> list[Evidence]:
        return [replace(one, derived=derived) for one in gather_evidence(observations, *rest)]

    monkeypatch.setattr(fusion.captioner, "gather", gather)
    claim = Claim(id="c0", kind="scene", value="red", span=(0, 1), verdict="supported", evidence=("a/0.c1", "a/0"))
    table.checked = {"A cat.": Checked("A cat.", repaired="A cat.", repaired_claims=(claim,))}
    with captioner(FakeExpert([said, CAT])) as fuse:
        record = fuse(PICTURE)
    assert [fact.id for fact in record.facts] == ["a/0", "a/1", "a/0.c0", "a/0.c1"]
    check_references(record.facts)


def test_the_policy_is_that_of_the_configuration(table: Table) -> None:
    with captioner(captions={"policy": "strict", "styles": ["short"]}) as fuse:
        fuse(PICTURE)
    assert table.policies == {"strict"}


def test_a_captioner_is_made_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("seed = 3")
    with Captioner.from_config(path, ["run.batch=2"], experts={"a": FakeExpert()}) as fuse:
        assert (fuse.config.seed, fuse.config.run.batch) == (3, 2)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        pytest.param({"experts": []}, "experts: expected a mapping", id="a list of experts"),
        pytest.param({"experts": {"d": FakeExpert}}, "write FakeExpert", id="a class"),
        pytest.param({"experts": {"d": 5}}, "expected an instance of fusion.Expert, got int", id="a number"),
        pytest.param({"cards": {"d": 5}}, "expected a Card", id="a card that is none"),
    ],
)
def test_mistakes_of_the_caller_are_named_at_once(given: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        Captioner(load({}), **given)
