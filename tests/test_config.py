"""The configuration: strict about keys and types, exact about what is wrong, the same on every machine."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion.config import TEMPLATE, Config, ExpertConfig, RunConfig, WriterConfig, fingerprint, load
from fusion.errors import ConfigError

INF = float("inf")


def written(folder: Path, text: str) -> Path:
    path = folder / "fusion.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_nothing_given_means_the_defaults() -> None:
    assert load({}) == Config()


@pytest.mark.parametrize("start", ["", "\ufeff"], ids=["plain", "with a BOM"])
def test_a_file_sets_what_it_names(tmp_path: Path, start: str) -> None:
    config = load(written(tmp_path, start + "seed = 3\n[run]\nbatch = 2\n"))
    assert (config.seed, config.run) == (3, RunConfig(batch=2))


def test_none_means_the_file_of_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert load() == Config()
    written(tmp_path, "seed = 5")
    assert load().seed == 5
    assert load().folder == ""


@pytest.mark.parametrize(
    ("data", "message", "hint"),
    [
        pytest.param({"sed": 1}, "unknown key 'sed'", "'seed'", id="misspelt key"),
        pytest.param({"run": {"bach": 1}}, "unknown key 'run.bach'", "'run.batch'", id="misspelt key of a table"),
        pytest.param({"styles": []}, "unknown key 'styles'", "'captions.styles'", id="key without its table"),
        pytest.param({"batc": 1}, "unknown key 'batc'", "'run.batch'", id="misspelt and without its table"),
        pytest.param({"zzzz": 1}, "unknown key 'zzzz'", "known are: seed", id="nothing near"),
        pytest.param({"folder": "x"}, "unknown key 'folder'", "", id="a field that is no key"),
        pytest.param({"run": {"batch": "8"}}, "run.batch: expected int, got '8'", "", id="text for a number"),
        pytest.param({"run": {"batch": True}}, "run.batch: expected int, got True", "", id="truth for a number"),
        pytest.param({"seed": 1.5}, "seed: expected int, got 1.5", "", id="fraction for a whole number"),
        pytest.param({"run": {"batch": 0}}, "run.batch: expected int >= 1, got 0", "", id="empty batches"),
        pytest.param({"run": {"time_limit": float("nan")}}, "time_limit: expected float > 0.0, got nan", "", id="nan"),
        pytest.param({"run": {"time_limit": INF}}, "run.time_limit: expected a finite number, got inf", "", id="infinity"),
        pytest.param({"images": {"max_megapixels": INF}}, "images.max_megapixels: expected a finite number", "", id="no limit"),
        pytest.param(
            {"experts": [{"use": "a", "time_limit": INF}]},
            "experts[0].time_limit: expected a finite number",
            "",
            id="of an expert",
        ),
        pytest.param({"run": 3}, "run: expected table, got 3", "", id="number for a table"),
        pytest.param(
            {"captions": {"policy": "mild"}},
            "captions.policy: expected one of strict, balanced, lenient, got 'mild'",
            "",
            id="unknown policy",
        ),
        pytest.param({"captions": {"styles": ["short", 3]}}, "captions.styles[1]: expected str, got 3", "", id="in a list"),
        pytest.param({"experts": {"use": "tags"}}, "experts: expected tables [[experts]]", "", id="[experts], once"),
        pytest.param({"experts": [{"weights": "a"}]}, "experts[0]: expected a key 'use', got 'weights'", "", id="no use"),
        pytest.param({"experts": [{"use": 3}]}, "experts[0].name: expected some text, got 3", "", id="use no text"),
        pytest.param(
            {"experts": [{"use": "a", "time_limit": -1}]},
            "experts[0].time_limit: expected float > 0.0",
            "",
            id="expert",
        ),
        pytest.param({"experts": [{"use": "a", "name": "a/b"}]}, "without '/'", "", id="name with a slash"),
        pytest.param({"experts": [{"use": "a"}, {"use": "a"}]}, "got 'a' twice", "another `name`", id="one name twice"),
    ],
)
def test_what_is_wrong_is_named(data: dict[str, object], message: str, hint: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load(data)
    assert message in caught.value.message
    assert hint in caught.value.hint


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(b"seed = ", "expected TOML in UTF-8", id="no TOML"),
        pytest.param(b"# caf\xe9", "expected TOML in UTF-8", id="no UTF-8"),
        pytest.param(None, "cannot be read: No such file", id="no file"),
    ],
)
def test_a_file_that_cannot_be_used_is_named(tmp_path: Path, content: bytes | None, message: str) -> None:
    path = tmp_path / "mine.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ConfigError, match=re.escape(f"{path}: {message}")):
        load(path)


def test_an_expert_keeps_its_other_keys_as_options() -> None:
    config = load({"experts": [{"name": "coco", "use": "detector", "time_limit": 5, "threshold": 0.3}, {"use": "tags"}]})
    assert config.experts == (
        ExpertConfig(name="coco", use="detector", time_limit=5.0, options={"threshold": 0.3}),
        ExpertConfig(name="tags", use="tags"),
    )


EXPERTS = {"experts": [{"name": "coco", "use": "detector"}, {"use": "tags"}, {"name": "a.b", "use": "tags"}]}


@pytest.mark.parametrize(
    ("override", "path", "value"),
    [
        pytest.param("seed=4", "seed", 4, id="number"),
        pytest.param(" seed = 4 ", "seed", 4, id="spaces"),
        pytest.param("run.time_limit=2", "run.time_limit", 2.0, id="whole number for seconds"),
        pytest.param("captions.writer=template", "captions.writer", "template", id="bare word"),
        pytest.param('captions.writer="a=b"', "captions.writer", "a=b", id="quoted, with an equals sign"),
        pytest.param("captions.styles=['short']", "captions.styles", ("short",), id="list"),
        pytest.param("language.pipeline=", "language.pipeline", "", id="nothing"),
        pytest.param("cards=a\nseed=9", "cards", "a\nseed=9", id="a line break brings no second key"),
        pytest.param("experts.coco.weights=a.pt", "experts.0.options.weights", "a.pt", id="expert by its name"),
        pytest.param("experts.tags.time_limit=1", "experts.1.time_limit", 1.0, id="expert by its use"),
        pytest.param("experts.a.b.limit=1", "experts.2.options.limit", 1, id="expert with a dot in its name"),
        pytest.param("experts.coco.min.dog=0.5", "experts.0.options.min", {"dog": 0.5}, id="table of an expert"),
        pytest.param("experts.coco.day=2024-01-01", "experts.0.options.day", "2024-01-01", id="a date stays text"),
    ],
)
def test_an_override_sets_one_key(override: str, path: str, value: object) -> None:
    found: object = load(EXPERTS, [override])
    for part in path.split("."):
        keyed = {"tuple": lambda f, k: f[int(k)], "dict": lambda f, k: f[k]}.get(type(found).__name__, getattr)
        found = keyed(found, part)
    assert found == value


def test_the_last_override_wins_and_the_mapping_stays_as_it_was() -> None:
    given = {"run": {"batch": 1}}
    assert load(given, ["run.batch=2", "run.batch=3"]).run.batch == 3
    assert given == {"run": {"batch": 1}}


@pytest.mark.parametrize(
    ("override", "message"),
    [
        pytest.param("seed", "expected KEY=VALUE", id="no value"),
        pytest.param("=3", "expected KEY=VALUE", id="no key"),
        pytest.param("run..batch=3", "expected KEY=VALUE", id="empty part"),
        pytest.param("experts.cocoo.weights=a", "no expert of that name", id="unknown expert"),
        pytest.param("experts.coco=a", "no expert of that name", id="expert without a key"),
        pytest.param("seed.a=3", "seed: expected int", id="a key is no table"),
        pytest.param("experts.tags.use.a=3", "expected 'use' to be a table, got 'tags'", id="a text is no table"),
        pytest.param("run.bach=3", "unknown key 'run.bach'", id="unknown key"),
    ],
)
def test_an_override_that_makes_no_sense_is_refused(override: str, message: str) -> None:
    with pytest.raises(ConfigError, match=re.escape(message)):
        load(EXPERTS, [override])


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param('weights = "here.pt"', "{}/here.pt", id="a file beside the configuration"),
        pytest.param('weights = "yolo.pt"', "yolo.pt", id="a bare name that is not there is left to the library"),
        pytest.param('weights = "models/yolo.pt"', "{}/models/yolo.pt", id="a path that is not there yet"),
        pytest.param('weights = "/abs/yolo.pt"', "/abs/yolo.pt", id="an absolute path"),
        pytest.param('weights = "https://x/y.pt"', "https://x/y.pt", id="an address"),
        pytest.param('file = "here.pt"', "{}/here.pt", id="key file"),
        pytest.param('names_file = "./n.txt"', "{}/n.txt", id="key that ends in _file"),
        pytest.param('model = "here.pt"', "here.pt", id="a key that names no path"),
    ],
)
def test_paths_are_relative_to_the_file(tmp_path: Path, line: str, expected: str) -> None:
    (tmp_path / "here.pt").touch()
    config = load(written(tmp_path, f'[[experts]]\nuse = "detector"\n{line}\n'))
    assert config.experts is not None
    assert list(config.experts[0].options.values()) == [expected.format(tmp_path.as_posix())]


def test_cards_are_relative_to_the_file_and_overrides_to_the_current_folder(tmp_path: Path) -> None:
    path = written(tmp_path, 'cards = "cards.json"')
    assert load(path).cards == (tmp_path / "cards.json").as_posix()
    assert load(path, ["cards=other.json"]).cards == "other.json"


def test_the_fingerprint_does_not_say_where_the_file_lies(tmp_path: Path) -> None:
    text = 'cards = "c.json"\n[[experts]]\nuse = "detector"\nweights = "../w/a.pt"\n'
    (tmp_path / "elsewhere").mkdir()
    here, there = load(written(tmp_path, text)), load(written(tmp_path / "elsewhere", text))
    assert here != there
    assert fingerprint(here) == fingerprint(there)


@given(st.integers(), st.integers(1, 99), st.floats(0.1, 1e6))
def test_the_fingerprint_is_that_of_what_is_said(seed: int, batch: int, limit: float) -> None:
    one = load({"seed": seed, "run": {"batch": batch, "time_limit": limit}})
    other = load({}, [f"run.time_limit={limit!r}", f"run.batch={batch}", f"seed={seed}"])
    assert fingerprint(one) == fingerprint(other)
    assert fingerprint(one) != fingerprint(msgspec.structs.replace(one, seed=seed + 1))


def test_the_template_changes_nothing_as_it_is(tmp_path: Path) -> None:
    assert msgspec.structs.replace(load(written(tmp_path, TEMPLATE)), folder="") == Config()


def test_the_template_shows_every_key_with_its_default(tmp_path: Path) -> None:
    lines = [line.removeprefix("#") if re.match(r"#[a-z_]+ = ", line) else line for line in TEMPLATE.splitlines()]
    assert msgspec.structs.replace(load(written(tmp_path, "\n".join(lines))), folder="") == Config()
    shown = {line.partition(" = ")[0] for line in lines if not line.startswith(("#", "["))}
    tables = (value for value in msgspec.to_builtins(Config()).items() if value[0] not in ("experts", "writers", "folder"))
    keys = {inner for key, value in tables for inner in (value if isinstance(value, dict) else [key])}
    assert shown - {""} == keys


def test_the_template_shows_an_expert_and_a_writer(tmp_path: Path) -> None:
    example = "\n".join(line.removeprefix("# ") for line in re.findall(r"(?m)^# (?:\[\[|[a-z_]+ = ).*$", TEMPLATE))
    config = load(written(tmp_path, example))
    assert config.experts == (ExpertConfig(name="coco", use="detector", time_limit=30.0, options={"weights": "yolo11n.pt"}),)
    assert config.writers == (WriterConfig(name="qwen", use="llama_cpp", options={"weights": "qwen.gguf"}),)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        pytest.param('use = "server"\nform = "yaml"', "writers[0].form: expected one of text, json, got 'yaml'", id="form"),
        pytest.param('use = "server"\nretries = -1', "writers[0].retries: expected int", id="retries"),
        pytest.param('use = "server"\ntemperature = inf', "writers[0].temperature: expected a finite number", id="temperature"),
        pytest.param('name = "a"', "expected a key 'use'", id="no backend"),
    ],
)
def test_a_writer_that_makes_no_sense_is_refused(tmp_path: Path, line: str, message: str) -> None:
    with pytest.raises(ConfigError, match=re.escape(message)):
        load(written(tmp_path, f"[[writers]]\n{line}\n"))


def test_writers_have_names_and_overrides_find_them(tmp_path: Path) -> None:
    text = '[[writers]]\nuse = "server"\nurl = "http://a"\n[[writers]]\nname = "small"\nuse = "llama_cpp"\nweights = "./a.gguf"\n'
    config = load(written(tmp_path, text), ["writers.small.retries=5", "writers.server.url=http://b"])
    assert [(w.name, w.retries, w.options) for w in config.writers] == [
        ("server", 2, {"url": "http://b"}),
        ("small", 5, {"weights": (tmp_path / "a.gguf").as_posix()}),
    ]


def test_names_of_a_hub_are_no_paths(tmp_path: Path) -> None:
    text = '[[writers]]\nuse = "transformers"\nweights = "owner/model"\n'
    assert load(written(tmp_path, text)).writers[0].options["weights"] == f"{tmp_path.as_posix()}/owner/model"
    assert load(written(tmp_path, f"{text}download = true\n")).writers[0].options["weights"] == "owner/model"


def test_files_of_captions_are_relative_to_the_configuration(tmp_path: Path) -> None:
    text = '[captions]\nprompts = "p"\nstrategy = "own.toml"\nstyles = ["short", "s/mine"]\n[run]\nreplies = "r.sqlite"\n'
    config = load(written(tmp_path, text))
    here = tmp_path.as_posix()
    assert (config.captions.prompts, config.captions.strategy) == (f"{here}/p", f"{here}/own.toml")
    assert (config.captions.styles, config.run.replies) == (("short", f"{here}/s/mine"), f"{here}/r.sqlite")
