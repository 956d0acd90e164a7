"""One expert in its place: it may raise, hang or lack what it needs, and only what it spoils suffers."""

from __future__ import annotations

import re
import sys
import threading
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from fusion.errors import ConfigError, ExpertError, ImageError
from fusion.expert import Card, Expert
from fusion.facts import Fact, Sample
from fusion.job import Job
from fusion.stage import Station, Work
from fusion.testing import FakeExpert

CAT = Fact(kind="object", value="cat")


def works(*ids: str) -> list[Work]:
    return [Work(Job(id=name), Sample(id=name, path=f"{name}.jpg", file=f"/disk/{name}.jpg")) for name in ids]


class Told(Expert):
    """Does what it is told for each picture, one by one."""

    def __init__(self, say: Callable[[str], Any]) -> None:
        self.say = say

    def look(self, sample: Sample) -> Any:
        return self.say(sample.id)


class Together(Told):
    """The same for a batch, and keeps how large the batches were."""

    def __init__(self, say: Callable[[str], Any]) -> None:
        super().__init__(say)
        self.sizes: list[int] = []

    def look_batch(self, samples: Sequence[Sample]) -> Any:
        self.sizes.append(len(samples))
        return [self.say(sample.id) for sample in samples]


def bad(broken: str, error: Exception) -> Callable[[str], list[Fact]]:
    def say(name: str) -> list[Fact]:
        if name == broken:
            raise error
        return [CAT]

    return say


@pytest.mark.parametrize("kind", [Told, Together])
@pytest.mark.parametrize(
    ("error", "expected"),
    [
        pytest.param(KeyError("x"), ("KeyError: 'x'", "", False), id="an error of a library"),
        pytest.param(ExpertError("busy", expert="other", hint="wait", retry=True), ("busy", "wait", True), id="ours"),
        pytest.param(ImageError("small", hint="scale"), ("small", "scale", False), id="hint of another of ours"),
        pytest.param(StopIteration(), ("StopIteration", "", False), id="one that would end a loop"),
        pytest.param(OSError("/disk/b.jpg is odd"), ("OSError: b.jpg is odd", "", False), id="no place on the disk"),
    ],
)
def test_of_a_batch_only_the_bad_picture_suffers(kind: type[Told], error: Exception, expected: tuple[str, str, bool]) -> None:
    expert = kind(bad("b", error))
    batch = works("a", "b", "c")
    station = Station.around("me", expert, 5)
    station.visit(batch)
    assert [len(work.sample.facts) for work in batch] == [1, 0, 1]
    assert [work.looked for work in batch] == [["me"], [], ["me"]]
    problem = batch[1].problems[0]
    assert (problem.message, problem.hint, problem.retry) == expected
    assert problem.expert == "me"
    station.close()


def test_a_batch_goes_to_an_expert_that_takes_batches_at_once() -> None:
    expert = Together(lambda name: [CAT])
    station = Station.around("me", expert, 5)
    station.visit(works("a", "b", "c"))
    station.close()
    assert expert.sizes == [3]


@pytest.mark.parametrize("answer", [[], [[]], None, "abc"], ids=["none", "too few", "null", "text"])
def test_a_batch_without_a_list_for_each_picture_is_an_error(answer: Any) -> None:
    class Short(Expert):
        def look_batch(self, samples: Sequence[Sample]) -> Any:
            return answer if len(samples) > 1 else [[CAT]]

    batch = works("a", "b", "c") if answer != "abc" else works("a", "b")
    station = Station.around("me", Short(), 5)
    station.visit(batch)
    station.close()
    assert [len(work.sample.facts) for work in batch] == [1] * len(batch)


def test_bad_facts_leave_the_good_ones_and_silence_says_nothing() -> None:
    batch = works("a")
    station = Station.around("me", FakeExpert([CAT, {"kind": "object"}]), 5)
    station.visit(batch)
    station.close()
    assert [fact.id for fact in batch[0].sample.facts] == ["me/0"]
    assert (batch[0].looked, batch[0].failed) == ([], 1)


def test_ctrl_c_in_an_expert_passes_through() -> None:
    def interrupt(name: str) -> list[Fact]:
        raise KeyboardInterrupt

    station = Station.around("me", Told(interrupt), 5)
    with pytest.raises(KeyboardInterrupt):
        station.visit(works("a"))
    station.close()


@pytest.mark.parametrize(
    ("code", "message"),
    [
        pytest.param(3, "called sys.exit(3)", id="a number"),
        pytest.param("bye", "called sys.exit('bye')", id="a text"),
        pytest.param(None, "called sys.exit()", id="nothing"),
    ],
)
def test_an_expert_that_exits_does_not_end_the_run(code: Any, message: str) -> None:
    batch = works("a", "b")
    station = Station.around("me", Told(lambda name: sys.exit(code) if name == "a" else [CAT]), 5)
    station.visit(batch)
    station.close()
    assert [(p.message, p.expert) for p in batch[0].problems] == [(message, "me")]
    assert [len(work.sample.facts) for work in batch] == [0, 1]


def test_an_expert_that_exits_at_its_start_is_out() -> None:
    station = Station("me", "me", 5, lambda: sys.exit(3), None)
    station.start()
    station.close()
    assert station.out is not None
    assert station.out.message == "expert 'me' cannot be started: called sys.exit(3)"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        pytest.param(FakeExpert, "expected an instance, got the class FakeExpert; write FakeExpert()", id="a class"),
        pytest.param(5, "expected an instance of fusion.Expert, got int", id="a number"),
        pytest.param(Expert(), "expert 'me' has no method look", id="without look"),
    ],
)
def test_what_is_no_expert_is_refused(given: Any, message: str) -> None:
    with pytest.raises(ConfigError, match=re.escape(message)):
        Station.around("me", given, 5)


class Hanging(Expert):
    """Hangs on pictures whose id begins with h, until the test ends."""

    made = 0
    closed = 0
    end = threading.Event()

    def __init__(self) -> None:
        type(self).made += 1

    def look(self, sample: Sample) -> list[Fact]:
        if sample.id.startswith("h"):
            self.end.wait(20)
        return [CAT]

    def close(self) -> None:
        type(self).closed += 1


class HangingBatch(Hanging):
    def look_batch(self, samples: Sequence[Sample]) -> list[list[Fact]]:
        return [self.look(sample) for sample in samples]


@pytest.fixture
def hanging(monkeypatch: pytest.MonkeyPatch) -> Any:
    for kind in (Hanging, HangingBatch):
        monkeypatch.setattr(kind, "made", 0)
        monkeypatch.setattr(kind, "closed", 0)
        monkeypatch.setattr(kind, "end", threading.Event())
    yield
    Hanging.end.set()
    HangingBatch.end.set()


def station_of(kind: type[Hanging], limit: float) -> Station:
    return Station("slow", "slow", limit, kind, kind.card)


def test_who_hangs_is_left_behind_and_made_anew(hanging: Any) -> None:
    batch = works("a", "h1", "b", "h2", "c")
    station = station_of(Hanging, 0.05)
    station.visit(batch)
    assert [len(work.sample.facts) for work in batch] == [1, 0, 1, 0, 1]
    assert "did not come back from a picture within 0.05 seconds" in batch[1].problems[0].message
    assert batch[1].problems[0].retry
    assert Hanging.made == 3
    station.close()
    assert Hanging.closed == 1


def test_a_batch_that_hangs_is_lost_and_the_next_one_is_not(hanging: Any) -> None:
    first, second = works("a", "h", "b"), works("c", "d")
    station = station_of(HangingBatch, 0.03)
    station.visit(first)
    station.visit(second)
    station.close()
    assert [len(work.sample.facts) for work in first + second] == [0, 0, 0, 1, 1]
    assert "from 3 pictures within 0.09 seconds" in first[0].problems[0].message


def test_who_hangs_a_fourth_time_is_out(hanging: Any) -> None:
    batch = works("h1", "h2", "h3", "h4", "a", "b")
    station = station_of(Hanging, 0.02)
    station.visit(batch)
    station.close()
    assert Hanging.made == 4
    assert [len(work.sample.facts) for work in batch] == [0] * 6
    assert [work.problems[0].message for work in batch[4:]] == ["expert 'slow' is out: it hung 4 times"] * 2
    assert "time_limit" in batch[5].problems[0].hint


def test_an_instance_that_hangs_is_waited_for_and_used_again() -> None:
    end = threading.Event()
    expert = Told(lambda name: [CAT] if name != "h" else (end.wait(20), [CAT])[1])
    station = Station.around("me", expert, 0.05)
    batch, later = works("h", "a"), works("b")
    station.visit(batch)
    end.set()
    station.visit(later)
    station.close()
    assert [len(work.sample.facts) for work in batch + later] == [0, 0, 1]
    assert "still busy" in batch[1].problems[0].message


def test_one_left_behind_is_closed_by_its_own_thread_when_it_comes_back(hanging: Any) -> None:
    back = threading.Event()

    class Watched(Hanging):
        def close(self) -> None:
            back.set()

    station = station_of(Watched, 0.02)
    station.visit(works("h"))
    assert not back.is_set()
    Hanging.end.set()
    assert back.wait(5)
    station.close()


def test_all_calls_come_from_one_thread() -> None:
    seen: list[str] = []

    class Where(Expert):
        def __init__(self) -> None:
            self.note()

        def note(self) -> None:
            seen.append(threading.current_thread().name)

        def look(self, sample: Sample) -> list[Fact]:
            self.note()
            return []

        def cards(self, name: str) -> dict[str, Card]:
            self.note()
            return {}

        def close(self) -> None:
            self.note()

    station = Station("me", "me", 5, Where, Where.card)
    station.visit(works("a"))
    station.cards()
    station.close()
    assert seen == ["fusion-me"] * 4


def refuse(error: Exception) -> Callable[[], Expert]:
    def make() -> Expert:
        raise error

    return make


@pytest.mark.parametrize(
    "error", [TypeError("no number"), ValueError("too large"), ConfigError("no such word", hint="another")], ids=repr
)
def test_an_option_with_a_wrong_value_is_an_error_at_start(error: Exception) -> None:
    station = Station("me", "me", 5, refuse(error), None)
    with pytest.raises(ConfigError, match="expert 'me': "):
        station.start()
    station.close()


def test_weights_that_are_not_there_are_the_problem_of_every_picture() -> None:
    station = Station("me", "me", 5, refuse(FileNotFoundError("no a.pt")), None)
    station.start()
    batch = works("a", "b")
    station.visit(batch)
    station.close()
    message = "expert 'me' cannot be started: FileNotFoundError: no a.pt"
    assert [work.problems[0].message for work in batch] == [message] * 2
    assert station.cards() == {}


def test_closing_closes_once_and_tells_what_went_wrong() -> None:
    expert = FakeExpert()
    station = Station.around("me", expert, 5)
    station.close()
    station.close()
    assert expert.closed

    class Stuck(FakeExpert):
        def close(self) -> None:
            raise OSError("stuck")

    with pytest.raises(OSError, match="stuck"):
        Station.around("me", Stuck(), 5).close()
