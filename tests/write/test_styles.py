"""Style files: what is read, what is refused and how it is said, and which claims a style may not hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from fusion import templates
from fusion.errors import ConfigError
from fusion.facts import Claim
from fusion.write import load_styles
from fusion.write.styles import FORMS, ORDER, PROSE, names, source, unwelcome

LEAST = 'about = "a"\nform = "sentence"\ninstruction = "b"\n'


def file(folder: Path, text: str, name: str = "mine.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_the_built_in_ones() -> None:
    known = names()
    assert tuple(known)[: len(ORDER)] == ORDER
    assert {"medium", "region", "artistic", "structured", "qa"} <= set(known)
    for style in load_styles(list(known)):
        assert style.form in FORMS
        assert style.tokens in {0, 77, 225, 512}
        assert f"{style.template}.jinja" in templates.names()


def test_each_form_has_a_style() -> None:
    assert {style.form for style in load_styles(list(names()))} == FORMS
    assert PROSE < FORMS


def test_a_file_says_all_there_is(tmp_path: Path) -> None:
    path = file(
        tmp_path,
        LEAST + 'tokens = 77\neach = 3\nkinds = ["object", "text"]\nclaims = ["object"]\ntemplate = "mine/v1"\n'
        'examples = ["A dog runs."]\n[most]\nthings = 2\n',
    )
    (style,) = load_styles([str(path)])
    assert (style.name, style.about, style.tokens, style.each) == ("mine", "a", 77, 3)
    assert (style.kinds, style.claims, style.template, style.examples) == (
        ("object", "text"),
        ("object",),
        "mine/v1",
        ("A dog runs.",),
    )
    assert (style.most.things, style.most.tags) == (2, 0)
    assert style.wants("text")
    assert not style.wants("scene")
    assert style.is_prose


def test_a_folder_adds_and_replaces_and_the_last_one_counts(tmp_path: Path) -> None:
    first, second = tmp_path / "a", tmp_path / "b"
    first.mkdir()
    second.mkdir()
    file(first, LEAST, "short.toml")
    file(first, LEAST, "haiku.toml")
    file(second, LEAST.replace('"a"', '"second"'), "haiku.toml")
    short, haiku, dense = load_styles(["short", "haiku", "dense"], [first, second])
    assert (short.about, haiku.about, dense.form) == ("a", "second", "paragraph")
    known = names([first, second])
    assert source(known["haiku"]) == str(second / "haiku.toml")
    assert source(known["dense"]) == "built-in"
    assert load_styles(["short"])[0].about != "a"


REFUSED = {
    "an unknown key": (LEAST + "lenght = 3\n", "unknown key 'lenght'", "did you mean 'each'|known are"),
    "an unknown key that is near one": (LEAST + "token = 3\n", "unknown key 'token'", "'tokens'"),
    "an unknown key of a table": (LEAST + "[most]\nthing = 3\n", r"unknown key 'most\.thing'", "'things'"),
    "its name": (LEAST + 'name = "x"\n', "unknown key 'name'", "known are"),
    "no about": ('form = "sentence"\ninstruction = "b"\n', "expected a key 'about', got none", ""),
    "an empty instruction": (LEAST.replace('"b"', '""'), "instruction: expected some text, got ''", ""),
    "a form that does not exist": (
        LEAST.replace("sentence", "sentense"),
        "form: expected one of .*, got 'sentense'",
        "'sentence'",
    ),
    "text for a number": (LEAST + 'tokens = "77"\n', "tokens: expected int, got '77'", ""),
    "a negative number": (LEAST + "words = -1\n", "words: expected int >= 0, got -1", ""),
    "a negative number of a table": (LEAST + "[most]\nthings = -1\n", r"most\.things: expected int >= 0, got -1", ""),
    "a number for text": ("about = 3\n" + LEAST.partition("\n")[2], "about: expected str, got 3", ""),
    "a number for a table": (LEAST + "most = 3\n", "most: expected table, got 3", ""),
    "a kind that does not exist": (
        LEAST + 'kinds = ["object", "colour"]\n',
        r"kinds\[1\]: expected one of .*, got 'colour'",
        "known are",
    ),
    "a claim that does not exist": (
        LEAST + 'claims = ["objects"]\n',
        r"claims\[0\]: expected one of .*, got 'objects'",
        "'object'",
    ),
    "text for a list": (LEAST + 'examples = "A dog."\n', "examples: expected list, got 'A dog.'", ""),
    "an empty example": (LEAST + 'examples = ["A dog.", ""]\n', r"examples\[1\]: expected some text, got ''", ""),
    "a number as an example": (LEAST + "examples = [3]\n", r"examples\[0\]: expected str, got 3", ""),
    "no TOML": ("about\n", "expected TOML in UTF-8", ""),
}


@pytest.mark.parametrize(("text", "message", "hint"), REFUSED.values(), ids=list(REFUSED))
def test_what_is_wrong_is_named_with_its_file(text: str, message: str, hint: str, tmp_path: Path) -> None:
    path = file(tmp_path, text)
    with pytest.raises(ConfigError, match=message) as error:
        load_styles(["mine"], [tmp_path])
    assert str(path) in error.value.message
    if hint:
        assert any(part in error.value.hint for part in hint.split("|"))


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_bytes(b'about = "\xe4"\n')
    with pytest.raises(ConfigError, match="expected TOML in UTF-8"):
        load_styles(["mine"], [tmp_path])


ABSENT = {
    "a name": ("shrot", (), "no style 'shrot'", "did you mean 'short'?"),
    "a name like no other": ("zzz", (), "no style 'zzz'", "there are short, dense"),
    "a file": ("nowhere/x.toml", (), "cannot be read", "check the path"),
    "a folder": ("short", ("nowhere",), "expected a folder, got 'nowhere'", "check the path"),
}


@pytest.mark.parametrize(("name", "folders", "message", "hint"), ABSENT.values(), ids=list(ABSENT))
def test_what_is_not_there(name: str, folders: tuple[str, ...], message: str, hint: str) -> None:
    with pytest.raises(ConfigError, match=message) as error:
        load_styles([name], folders)
    assert hint in error.value.hint


def claim(kind: str, value: str = "calm") -> Claim:
    more = {"attribute": {"about": "o"}, "relation": {"about": "o", "to": "p"}, "count": {"number": 2}}.get(kind, {})
    return Claim(id=kind, kind=kind, value=value, span=(0, 1), **more)  # type: ignore[arg-type]


CLAIMS = [claim(kind) for kind in ("object", "attribute", "relation", "text", "style", "opinion")]
UNWELCOME = {
    "a style that may hold all": ("short", (), []),
    "regions tell of one thing": ("region", (), ["style", "opinion"]),
    "no mood that nobody states": ("artistic", (), ["text", "opinion"]),
    "a mood that somebody states": ("artistic", ("calm", "mood"), ["text"]),
}


@pytest.mark.parametrize(("name", "heard", "expected"), UNWELCOME.values(), ids=list(UNWELCOME))
def test_claims_that_a_style_may_not_hold(name: str, heard: tuple[str, ...], expected: list[str]) -> None:
    assert [c.kind for c in unwelcome(load_styles([name])[0], CLAIMS, frozenset(heard))] == expected
