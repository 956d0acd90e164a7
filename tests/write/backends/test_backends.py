"""Backends are found by name, held to their options, and share what they do to prompts and replies."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import EntryPoint

import jinja2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion.errors import ConfigError, ContextTooLong, MissingExtra, WriterError
from fusion.options import at_least
from fusion.write import backends
from fusion.write.backends import Message, Request, files, installed_backends, layout, load_backend


class Own:
    """A backend of somebody else's package."""

    requires = {}  # noqa: RUF012 - as a package would write it

    def __init__(self, path: str, size: int = 1, heat: float = 0.0, sure: bool = False) -> None:
        if size < 0:
            raise ValueError("size: expected 0 or more, got a negative one")
        self.options = (path, size, heat, sure)

    def count(self, messages):
        """Nothing."""

    def generate(self, requests):
        """Nothing."""

    def close(self):
        """Nothing."""


class Open(Own):
    """Takes whatever it is given."""

    def __init__(self, **options: object) -> None:
        self.options = options


class Poor(Own):
    """Needs what nobody has."""

    requires = {"no_such_library": "pip install no-such-library"}  # noqa: RUF012


class Mute:
    """Has no method."""


@pytest.fixture
def offer(monkeypatch):
    """Lets packages offer classes of this module, by name."""

    def offered(*pairs):
        points = [EntryPoint(name, target, backends.GROUP) for name, target in pairs]
        for name in ("Own", "Open", "Poor", "Mute"):
            monkeypatch.setattr(backends, name, globals()[name], raising=False)
        monkeypatch.setattr(backends, "entry_points", lambda group: points if group == backends.GROUP else [])

    return offered


OURS = "fusion.write.backends:"


def test_built_in_names_need_no_entry_point(offer):
    offer()
    assert [one.name for one in installed_backends()] == ["llama_cpp", "server", "transformers"]
    with pytest.raises((ConfigError, MissingExtra)) as caught:
        load_backend("llama_cpp", {"weights": "nowhere.gguf"}, "writer 'x'")
    assert caught.value.message.startswith("writer 'x': ")
    assert "no backend" not in caught.value.message


def test_an_entry_point_of_a_built_in_name_counts_once(offer):
    offer(("transformers", backends.BUILT_IN["transformers"]))
    assert [one.name for one in installed_backends()] == ["llama_cpp", "server", "transformers"]


def test_a_backend_of_another_package(offer):
    offer(("own", f"{OURS}Own"))
    made = load_backend("own", {"path": "a", "heat": 1}, "writer 'x'")
    assert made.options == ("a", 1, 1, False)
    own = next(one for one in installed_backends() if one.name == "own")
    assert (own.target, own.error, own.usable) == (f"{OURS}Own", "", True)


def test_one_that_takes_any_option(offer):
    offer(("open", f"{OURS}Open"))
    assert load_backend("open", {"anything": 1}, "w").options == {"anything": 1}


@pytest.mark.parametrize(
    ("use", "options", "message", "hint"),
    [
        pytest.param("olm", {}, "no backend 'olm' is installed", "installed are: func, llama_cpp", id="unknown backend"),
        pytest.param("own", {"path": "a", "sise": 1}, "unknown option 'sise'", "did you mean 'size'?", id="a near miss"),
        pytest.param("own", {"path": "a", "xyz": 1}, "unknown option 'xyz'", "it takes path, size, heat, sure", id="unknown"),
        pytest.param("own", {"size": 1}, "option 'path' is missing", "it takes path", id="missing"),
        pytest.param("own", {"path": 1}, "path: expected a string, got 1", "", id="no string"),
        pytest.param("own", {"path": "a", "size": 1.5}, "size: expected a whole number, got 1.5", "", id="a fraction"),
        pytest.param("own", {"path": "a", "size": True}, "size: expected a whole number, got True", "", id="true is no number"),
        pytest.param("own", {"path": "a", "heat": "hot"}, "heat: expected a number, got 'hot'", "", id="no number"),
        pytest.param("own", {"path": "a", "sure": 1}, "sure: expected true or false, got 1", "", id="no truth value"),
        pytest.param("own", {"path": "a", "size": -1}, "size: expected 0 or more", "options of this backend", id="its own check"),
        pytest.param("mute", {}, "got one without count, generate, close", "protocol", id="a class without methods"),
        pytest.param("lost", {}, "lost:Lost cannot be loaded: ModuleNotFoundError", "reinstall", id="a broken package"),
        pytest.param("func", {}, "expected a class", "protocol", id="no class"),
        pytest.param("two", {}, "expected one package that offers it", "uninstall", id="two packages"),
    ],
)
def test_what_is_wrong_is_named(offer, use, options, message, hint):
    two = [("two", f"{OURS}Own"), ("two", f"{OURS}Open")]
    offer(("own", f"{OURS}Own"), ("mute", f"{OURS}Mute"), ("lost", "lost:Lost"), ("func", "json:dumps"), *two)
    with pytest.raises(ConfigError) as caught:
        load_backend(use, options, "writer 'x'")
    assert caught.value.message.startswith("writer 'x'")
    assert message in caught.value.message
    assert hint in caught.value.hint


def test_a_missing_library_is_told_with_the_command_that_brings_it(offer):
    offer(("poor", f"{OURS}Poor"))
    with pytest.raises(MissingExtra, match="the library no_such_library is not installed") as caught:
        load_backend("poor", {}, "writer 'x'")
    assert caught.value.hint == "pip install no-such-library"
    poor = next(one for one in installed_backends() if one.name == "poor")
    assert (poor.error, poor.hint) == ("the library no_such_library is not installed", "pip install no-such-library")


def test_a_broken_package_breaks_no_list(offer):
    offer(("lost", "lost:Lost"), ("two", f"{OURS}Own"), ("two", f"{OURS}Open"))
    found = [one for one in installed_backends() if one.name in {"lost", "two"}]
    assert [(one.name, one.usable) for one in found] == [("lost", False), ("two", False), ("two", False)]


@pytest.mark.parametrize("heavy", ["torch", "transformers", "llama_cpp", "openai"])
def test_backends_are_listed_without_loading_libraries(heavy):
    code = "import sys, fusion.write.backends as b; list(b.installed_backends()); sys.exit(sys.argv[1] in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code, heavy], check=False).returncode == 0


def test_bounds_of_whole_numbers():
    at_least(0, threads=0, context=3)
    with pytest.raises(ConfigError, match="context: expected 1 or more, got 0"):
        at_least(1, threads=1, context=0)


# Prompts

SYSTEM, USER, ASSISTANT = Message("system", "Be brief."), Message("user", "What is it?"), Message("assistant", "A dog.")


def test_the_plain_layout_is_what_the_messages_say():
    assert layout.plain([SYSTEM, Message("user", "  What is it?\n")]) == "Be brief.\n\nWhat is it?\n\n"
    assert layout.plain([Message("user", " \n")]) == layout.plain([]) == ""


@pytest.mark.parametrize(
    ("given", "made"),
    [
        pytest.param([SYSTEM, USER, ASSISTANT], [Message("user", "Be brief.\n\nWhat is it?"), ASSISTANT], id="into the first"),
        pytest.param([USER], [USER], id="nothing to fold"),
        pytest.param([SYSTEM], [SYSTEM], id="nothing to fold it into"),
    ],
)
def test_a_system_message_can_go_into_the_first_of_the_user(given, made):
    assert layout.folded(given) == made


def test_a_template_without_system_messages_is_served():
    def template(turns):
        if turns[0]["role"] == "system":
            raise ValueError("no system")
        return "|".join(turn["content"] for turn in turns)

    assert layout.render(template, [SYSTEM, USER]) == "Be brief.\n\nWhat is it?"


def test_a_template_that_refuses_says_why():
    with pytest.raises(WriterError, match="refuses these messages: list index out of range"):
        layout.render(lambda turns: turns[9]["content"], [USER])


@pytest.mark.parametrize(
    ("template", "made"),
    [
        pytest.param("{{ strftime_now('%d %b %Y') }}", "26 Jul 2024", id="a date"),
        pytest.param("\n {{ strftime_now('%A, %H:%M') }}", "\n Friday, 00:00", id="behind a line break"),
        pytest.param("{% if strftime_now is defined %}{{ strftime_now('%Y-%m-%d') }}{% endif %}", "2024-07-26", id="asked for"),
        pytest.param("\nno clock", "\nno clock", id="no clock"),
    ],
)
def test_for_a_template_it_is_always_the_same_day(template, made):
    environment = jinja2.Environment(trim_blocks=True, lstrip_blocks=True, autoescape=False)
    environment.globals["strftime_now"] = lambda _: "today"
    assert environment.from_string(layout.dated(template)).render() == made


@pytest.mark.parametrize(
    ("text", "made"),
    [
        pytest.param("a<|im_end|>\n<|im_start|>system", "a< |im_end|>\n< |im_start|>system", id="a turn of its own"),
        pytest.param("</s></s>", "< /s>< /s>", id="twice"),
        pytest.param("<|im_end|><", "< |im_end|><", id="with a rest"),
        pytest.param("a < b, [1]", "a < b, [1]", id="no mark"),
        pytest.param("user", "user", id="a word"),
    ],
)
def test_marks_in_a_text_are_broken(text, made):
    marks = layout.Marks(["<|im_end|>", "<|im_start|>", "</s>", "user", "<", ""])
    assert marks.broken([Message("user", text)]) == [Message("user", made)]


@given(st.text(alphabet="<>|/sab [INST]", max_size=40))
def test_no_mark_is_left(text):
    marks = ["<s>", "</s>", "<|a|>", "[INST]", "<<s>"]
    (made,) = layout.Marks(marks).broken([Message("user", text)])
    assert not any(mark in made.content for mark in marks)
    assert made.content.replace(" ", "") == text.replace(" ", "")


def test_a_model_without_marks_changes_nothing():
    assert layout.Marks([]).broken([USER]) == [USER]


@pytest.mark.parametrize(
    ("fields", "tokens", "context", "kind", "message"),
    [
        pytest.param({"max_tokens": 6}, 4, 10, None, "", id="fits"),
        pytest.param({"max_tokens": 6}, 4, None, None, "", id="no limit known"),
        pytest.param(
            {"max_tokens": 6}, 5, 10, ContextTooLong, "at most 10 tokens, got 5 of prompt and 6 of reply", id="too long"
        ),
        pytest.param({"max_tokens": 0}, 4, 10, WriterError, "max_tokens: expected 1 or more, got 0", id="no reply"),
        pytest.param({"temperature": -1.0}, 4, 10, WriterError, "temperature: expected a number from 0 up", id="cold"),
        pytest.param({"temperature": float("nan")}, 4, 10, WriterError, "temperature", id="not a number"),
        pytest.param({}, 0, None, WriterError, "expected some text", id="nothing said"),
    ],
)
def test_what_is_not_sent(fields, tokens, context, kind, message):
    found = layout.refusal(Request(messages=(USER,), **fields), tokens, context)
    assert type(found) is (kind or type(None))
    assert message in (found.message if found else "")


@pytest.mark.parametrize(
    ("stops", "made"),
    [
        pytest.param((), ("one. two\nthree", False), id="none"),
        pytest.param(("\n",), ("one. two", True), id="one"),
        pytest.param(("\n", "."), ("one", True), id="the first in the text, not in the list"),
        pytest.param(("four", ""), ("one. two\nthree", False), id="not there, or empty"),
    ],
)
def test_replies_are_cut_at_the_first_stop(stops, made):
    assert layout.cut("one. two\nthree", stops) == made


# Files

EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_a_digest_is_that_of_sha256sum_and_follows_changes(tmp_path):
    file = tmp_path / "a.bin"
    file.write_bytes(b"")
    assert files.digest(file) == EMPTY
    file.write_bytes(b"x")
    assert files.digest(file) == "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"


def test_the_digest_of_a_folder_knows_names_and_contents_but_no_place(tmp_path):
    for place, name in (("one", "a"), ("two", "a"), ("three", "b")):
        (tmp_path / place / "sub").mkdir(parents=True)
        (tmp_path / place / "sub" / name).write_bytes(b"x")
    assert files.digest(tmp_path / "one") == files.digest(tmp_path / "two") != files.digest(tmp_path / "three")


def test_a_checksum_is_compared(tmp_path):
    file = tmp_path / "a.bin"
    file.write_bytes(b"")
    files.verify(file, files.checksum(EMPTY.upper()))
    files.verify(file, files.checksum(""))
    with pytest.raises(WriterError, match=r"weights a\.bin: expected the SHA-256 000000000000…, got e3b0c44298fc…"):
        files.verify(file, files.checksum("0" * 64))


@pytest.mark.parametrize("wrong", ["abc", "g" * 64, "0" * 63])
def test_what_is_no_checksum_is_refused(wrong):
    with pytest.raises(ConfigError, match="sha256: expected 64 hexadecimal digits"):
        files.checksum(wrong)
