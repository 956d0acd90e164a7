"""The public fakes: they do what they were told, and keep what they were called with."""

from __future__ import annotations

import threading
import time

import pytest

from fusion.errors import ContextTooLong, ExpertError, WriterError
from fusion.expert import Card, Expert
from fusion.facts import Claim, Fact
from fusion.testing import FakeBackend, FakeExpert, FakeWriter, sample, solid_image
from fusion.write.backends.protocol import Backend, Message, Reply, Request

DOG = Fact(kind="object", value="dog")
CAT = Fact(kind="object", value="cat")
CLAIMS = [Claim(kind="object", value=value, verdict="unverified", span=(0, 3)) for value in ("dog", "cat", "cow")]


@pytest.mark.parametrize(
    ("facts", "stated"),
    [
        pytest.param([DOG], {"a": [DOG], "b": [DOG]}, id="the same for every picture"),
        pytest.param({"a": [DOG, CAT]}, {"a": [DOG, CAT], "b": []}, id="by id"),
        pytest.param([], {"a": []}, id="nothing"),
        pytest.param(["no fact"], {"a": ["no fact"]}, id="what is no fact, to see that it is refused"),
    ],
)
def test_an_expert_states_what_it_was_given(facts, stated):
    expert = FakeExpert(facts)
    assert {name: expert.look(sample(id=name)) for name in stated} == stated
    assert [one.id for one in expert.samples] == list(stated)


def test_an_expert_hands_out_a_list_of_its_own():
    given = [DOG]
    FakeExpert(given).look(sample()).append(CAT)
    assert given == [DOG]


def test_an_expert_raises_the_error():
    expert = FakeExpert([DOG], error=ExpertError("broken"))
    with pytest.raises(ExpertError, match="broken"):
        expert.look(sample())
    with pytest.raises(ExpertError, match="broken"):
        expert.ask(sample(), CLAIMS)
    assert len(expert.samples) == 1


def test_an_expert_answers_what_it_knows():
    no_cat = Fact(kind="object", value="cat", negated=True)
    expert = FakeExpert(answers={"dog": [DOG], "cat": [no_cat]})
    assert expert.ask(sample(), CLAIMS) == [DOG, no_cat]
    assert expert.claims == CLAIMS
    assert FakeExpert().ask(sample(), CLAIMS) == []


def test_an_expert_that_hangs_wakes_up_when_closed():
    expert = FakeExpert([DOG], delay=60)
    thread = threading.Thread(target=expert.look, args=(sample(),))
    began = time.monotonic()
    thread.start()
    expert.close()
    thread.join(10)
    assert not thread.is_alive()
    assert time.monotonic() - began < 10
    assert expert.closed


def test_an_expert_waits_before_it_answers():
    began = time.monotonic()
    assert FakeExpert([DOG], delay=0.05).look(sample()) == [DOG]
    assert time.monotonic() - began >= 0.05


def test_card_and_needs_are_those_given_and_its_own_alone():
    card = Card(sees=("object",), vocabulary=("dog",))
    assert FakeExpert(card=card).cards("boxes") == {"boxes": card}
    assert FakeExpert(needs=["object"]).needs == {"object"}
    assert FakeExpert().needs == Expert.needs == frozenset()
    assert FakeExpert().card == Card()


def test_a_writer_hands_out_its_queue_in_order():
    writer = FakeWriter(["one", "two", "three"], name="llm")
    assert writer.write(["a", "b"]) == ["one", "two"]
    assert writer.write([]) == []
    assert writer.write(["c"]) == ["three"]
    assert writer.briefs == ["a", "b", "c"]
    assert writer.name == "llm"


def test_an_exhausted_writer_says_so_and_keeps_what_is_left():
    writer = FakeWriter(["one"])
    with pytest.raises(WriterError, match=r"'fake': expected 1 briefs in all, got 2 more briefs with 1 left. queue more"):
        writer.write(["a", "b"])
    assert writer.write(["a"]) == ["one"]
    with pytest.raises(WriterError, match="got 1 more briefs with 0 left"):
        writer.write(["b"])


def test_an_exception_in_the_queue_meets_its_own_brief():
    writer = FakeWriter(["one", ValueError("two"), "three"])
    with pytest.raises(ValueError, match="two"):
        writer.write(["a", "b", "c"])
    assert writer.briefs == []
    assert writer.write(["a"]) == ["one"]
    with pytest.raises(ValueError, match="two"):
        writer.write(["b"])
    assert writer.write(["c"]) == ["three"]


def request(text="say it now", **fields):
    """A request of three words."""
    return Request(messages=(Message("user", text),), **fields)


def test_a_backend_hands_out_its_queue_in_order():
    cut, busy = Reply(text="A", finish="length", prompt_tokens=7, completion_tokens=9), WriterError("busy", retry=True)
    backend = FakeBackend(["A dog.", cut, busy, ""])
    asked = [request(seed=seed) for seed in range(4)]
    told = Reply(text="A dog.", finish="stop", prompt_tokens=3, completion_tokens=2)
    assert backend.generate(asked[:3]) == [told, cut, busy]
    assert backend.generate([]) == []
    assert backend.generate(asked[3:]) == [Reply(text="", prompt_tokens=3)]
    assert backend.requests == asked


def test_a_backend_is_what_it_stands_for():
    backend = FakeBackend([], context=5, model="tiny")
    assert isinstance(backend, Backend)
    assert (backend.model, backend.context, backend.deterministic) == ("tiny", 5, True)
    assert FakeBackend([]).context is None
    assert backend.count([Message("system", "one two"), Message("user", " three ")]) == 3
    assert not backend.closed
    backend.close()
    assert backend.closed


def test_a_backend_that_was_asked_too_often_says_so():
    backend = FakeBackend(["one"])
    with pytest.raises(WriterError, match=r"'fake': expected 1 requests in all, got more. queue more"):
        backend.generate([request(), request()])


def test_a_backend_raises_what_is_no_writer_error():
    backend = FakeBackend([ValueError("broken"), "two"])
    with pytest.raises(ValueError, match="broken"):
        backend.generate([request()])
    assert backend.generate([request()])[0].text == "two"


@pytest.mark.parametrize(
    ("text", "max_tokens", "fits"),
    [
        pytest.param("say it", 8, True, id="just fits"),
        pytest.param("say it now", 8, False, id="a word too long"),
        pytest.param("say it", 9, False, id="a token of reply too many"),
    ],
)
def test_a_backend_refuses_what_does_not_fit_and_keeps_its_queue(text, max_tokens, fits):
    backend = FakeBackend(["one"], context=10)
    (answer,) = backend.generate([request(text, max_tokens=max_tokens)])
    assert isinstance(answer, Reply if fits else ContextTooLong)
    assert len(backend.requests) == fits
    if not fits:
        assert "at most 10 tokens" in answer.message
        assert backend.generate([request("now", max_tokens=1)])[0].text == "one"


def test_pictures_and_samples():
    image = solid_image(3, 2, "red")
    assert (image.mode, image.size, image.getpixel((2, 1))) == ("RGB", (3, 2), (255, 0, 0))
    assert solid_image().size == (64, 48)
    one = sample(image, id="x", alt_text="red")
    assert (one.id, one.width, one.height, one.alt_text) == ("x", 3, 2, "red")
    assert sample(image, width=7).width == 7
    assert sample().image is None
