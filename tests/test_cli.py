"""The command line: options, files, standard input and output, exit status, messages."""

from __future__ import annotations

import functools
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from dataset.fakes import NOUNS, FakeLanguage, Seer
from PIL import Image

from fusion import captioner, config, language
from fusion.captioner import Captioner
from fusion.cli import cli, main
from fusion.config import TEMPLATE
from fusion.dataset.run import Run
from fusion.expert import Installed

ROOT = Path(__file__).resolve().parents[1]
ROWS = '\ufeff{"id":"a","caption":"a dog","n":1.5}\n\n{"id":"b","caption":"a cat"}\n'
COMMANDS = ["calibrate", "caption", "claims", "experts", "facts", "init", "report", "show", "tags", "verify"]

Invoke = Callable[..., Result]


@pytest.fixture
def fusion(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Invoke:
    """Run the command in an empty folder, with a reader of few words and one expert."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(language.Language, "load", lambda *given: FakeLanguage())
    monkeypatch.setattr(captioner, "Captioner", functools.partial(Captioner, experts={"seer": Seer()}))
    Path("rows.jsonl").write_text(ROWS)
    fact = {"id": "b0", "kind": "object", "value": "dog", "expert": "boxes"}
    rows = [{"id": name, "looked": ["boxes"], "facts": [fact]} for name in "ab"]
    Path("ev.jsonl").write_text("\n".join(map(json.dumps, rows)))
    Path("ev.jsonl.cards.json").write_text(cards(recall=0.95))
    Path("pics").mkdir()
    for name in ("dog", "cat"):
        Image.new("RGB", (8, 6), "red").save(f"pics/{name}.png")
    return lambda *given, **kept: CliRunner().invoke(cli, list(given), **kept)


def cards(recall: float) -> str:
    card = {"sees": ["object"], "vocabulary": NOUNS, "precision": 0.95, "recall": recall}
    return json.dumps({"cards": {"boxes": card}})


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def python(*given: str, **kept: Any) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run([sys.executable, *given], env=environment, capture_output=True, text=True, check=False, **kept)


# Help


@pytest.mark.parametrize("given", [[], *([name] for name in COMMANDS)], ids=lambda given: " ".join(given) or "fusion")
def test_help_names_every_option(given: list[str]) -> None:
    result = CliRunner().invoke(cli, [*given, "--help"])
    assert result.exit_code == 0
    assert "--help" in result.output
    assert max(map(len, result.output.splitlines())) <= 80
    assert given or [name for name in COMMANDS if f"  {name} " in result.output] == COMMANDS


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys\nfrom fusion.cli import main\ntry:\n    main(['verify', '--help'])\nexcept SystemExit:\n    pass\n"
        "print('heavy:', [m for m in ('spacy', 'torch', 'PIL', 'networkx', 'numpy', 'tqdm') if m in sys.modules])"
    )
    assert python("-c", code).stdout.splitlines()[-1] == "heavy: []"


def test_help_answers_at_once(benchmark: Any) -> None:
    assert benchmark.pedantic(python, ["-m", "fusion", "--help"], rounds=3).returncode == 0


def test_version() -> None:
    assert CliRunner().invoke(cli, ["--version"]).output.startswith("caption-fusion ")


# Rows in, rows out


def test_claims_from_a_file_to_standard_output(fusion: Invoke) -> None:
    result = fusion("claims", "rows.jsonl")
    assert result.exit_code == 0
    assert [(row["id"], row["claims"][0]["value"]) for row in lines(result.stdout)] == [("a", "dog"), ("b", "cat")]
    assert lines(result.stdout)[0]["n"] == 1.5
    assert "2 rows to standard output: 2 ok, 0 partial, 0 failed" in result.stderr


@pytest.mark.parametrize("given", ["claims rows.jsonl", "init"])
def test_a_dash_is_standard_output(fusion: Invoke, given: str) -> None:
    result = fusion(*given.split(), "-" if given == "init" else "-o-")
    assert result.exit_code == 0
    assert result.stdout == (TEMPLATE if given == "init" else fusion("claims", "rows.jsonl").stdout)
    assert not Path("-").exists()


CHATTY = """
import ctypes, os, sys
sys.path[:0] = {path!r}
from dataset.fakes import Seer
from fusion import captioner, cli
class Chatty(Seer):
    def look(self, sample):
        print("by Python")
        os.write(1, b"by the system\\n")
        ctypes.CDLL(None).puts(b"by C")
        return super().look(sample)
made = captioner.Captioner
captioner.Captioner = lambda *given, **kept: made(*given, **kept, experts={{"seer": Chatty()}})
cli.main(["facts", "pics", "--config", "none.toml"])
"""


def test_what_experts_print_stays_out_of_the_rows(fusion: Invoke) -> None:
    Path("none.toml").write_text("experts = []")
    done = python("-c", CHATTY.format(path=[str(ROOT / "tests")]))
    assert [row["id"] for row in lines(done.stdout)] == ["cat", "dog"], done.stderr
    for how in ("by Python", "by the system", "by C"):
        assert done.stderr.count(how) == 2


def test_where_nothing_looks_at_pictures_it_says_so(fusion: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    class Silent(Seer):
        def look(self, sample: Any) -> list[Any]:
            return []

    assert "; 4 captions; " in (seen := fusion("caption", "pics").stderr)
    assert "hint" not in seen
    monkeypatch.setattr(captioner, "Captioner", functools.partial(Captioner, experts={"alt_text": Silent()}))
    monkeypatch.setattr("fusion.stage.cast.installed", lambda: iter(()))
    blind = fusion("caption", "pics").stderr
    assert "hint: no expert that looks at pictures is configured; `fusion experts` lists them" in blind
    assert "hint" not in fusion("caption", "pics", "--quiet").stderr


def test_claims_from_standard_input_to_a_file(fusion: Invoke) -> None:
    result = fusion("claims", "-", "-o", "out.jsonl", "--quiet", input=ROWS)
    assert (result.exit_code, result.output) == (0, "")
    assert [row["id"] for row in lines(Path("out.jsonl").read_text())] == ["a", "b"]
    assert json.loads(Path("out.jsonl.stats.json").read_text())["rows"]["ok"] == 2


def test_a_bad_row_gives_exit_status_1_and_its_place(fusion: Invoke) -> None:
    result = fusion("claims", "-", input='{"id":"a","caption":"a dog"}\nhello\n{"id":"b","caption":"a cat"}')
    assert result.exit_code == 1
    rows = lines(result.stdout)
    assert [row["id"] for row in rows] == ["a", None, "b"]
    assert rows[1]["errors"][0]["line"] == 2


def test_verify_takes_cards_from_beside_the_evidence_unless_given(fusion: Invoke) -> None:
    Path("mute.json").write_text(cards(recall=0))
    beside = lines(fusion("verify", "rows.jsonl", "--evidence", "ev.jsonl").stdout)
    given = lines(fusion("verify", "rows.jsonl", "--evidence", "ev.jsonl", "--cards", "mute.json").stdout)
    assert [row["claims"][0]["verdict"] for row in beside] == ["supported", "contradicted"]
    assert [row["claims"][0]["verdict"] for row in given] == ["supported", "unverified"]


def test_facts_then_verify(fusion: Invoke) -> None:
    assert fusion("facts", "pics", "-o", "seen.jsonl").exit_code == 0
    assert json.loads(Path("seen.jsonl.cards.json").read_text())["cards"]["seer"]["version"] == "1"
    stages = json.loads(Path("seen.jsonl.stats.json").read_text())["stages"]
    assert "experts/seer" in stages
    assert all(spent == round(spent, 3) for spent in stages.values())
    result = fusion("verify", "-", "--evidence", "seen.jsonl", input='{"id":"dog","caption":"a cat"}')
    assert lines(result.stdout)[0]["claims"][0]["verdict"] == "contradicted"


def test_facts_twice_are_the_same_bytes(fusion: Invoke) -> None:
    assert fusion("facts", "pics").stdout_bytes == fusion("facts", "pics").stdout_bytes != b""


def test_facts_of_rows_finds_pictures_in_images(fusion: Invoke) -> None:
    result = fusion("facts", "-", "--images", "pics", input='{"image":"dog.png","mine":1}')
    (row,) = lines(result.stdout)
    assert (row["id"], row["width"], row["mine"]) == ("dog", 8, 1)


def test_caption_of_pictures_and_of_stored_evidence(fusion: Invoke) -> None:
    assert [row["id"] for row in lines(fusion("caption", "pics").stdout)] == ["cat", "dog"]
    result = fusion("caption", "-", "--evidence", "ev.jsonl", "--style", "short", input='{"id":"a"}')
    (row,) = lines(result.stdout)
    assert (row["id"], row["sha256"], row["looked"]) == ("a", None, ["boxes"])
    assert {caption["style"] for caption in row["captions"]} == {"short"}


def test_thresholds_of_a_cards_file_count_for_captions_as_well(fusion: Invoke) -> None:
    given = ("caption", "-", "--evidence", "ev.jsonl", "--style", "short", "--cards", "cards.json")
    believed = []
    for weight in (2.0, 0.0):
        Path("cards.json").write_text(json.dumps({"cards": {}, "thresholds": {"object": weight}}))
        (row,) = lines(fusion(*given, input='{"id":"a"}').stdout)
        believed.append(row["captions"][0]["claims"][0]["confidence"])
    assert believed[0] > believed[1]


# What goes wrong


NOTHING_RUN = {
    "no such rows": (["claims", "no.jsonl"], "rows file no.jsonl cannot be read: No such file", "check the path"),
    "no such evidence": (["verify", "rows.jsonl", "--evidence", "no.jsonl"], "no.jsonl cannot be read", ""),
    "no such cards": (["verify", "rows.jsonl", "--evidence", "ev.jsonl", "--cards", "no"], "cards file no", ""),
    "no such configuration": (["claims", "rows.jsonl", "--config", "no.toml"], "no.toml", ""),
    "no such key": (["claims", "rows.jsonl", "--set", "run.bach=4"], "run.bach", "run.batch"),
    "no such style": (["caption", "pics", "--style", "shrot"], "no style 'shrot'", "short"),
    "an output in the way": (["claims", "rows.jsonl", "-o", "ev.jsonl"], "ev.jsonl exists already", "--force"),
    "resume without a file": (["claims", "rows.jsonl", "--resume"], "without a file to resume", "-o FILE"),
    "evidence with one id twice": (["verify", "rows.jsonl", "--evidence", "twice.jsonl"], "lines 1 and 2", ""),
    "no picture": (["facts", "empty"], "no picture in empty", ".jpg"),
    "captions that are a picture": (
        ["verify", "pics/dog.png", "--evidence", "ev.jsonl"],
        "pics/dog.png is a picture; verify takes rows",
        "",
    ),
    "claims of a picture": (["claims", "pics/dog.png"], "pics/dog.png is a picture; claims takes rows", ""),
    "evidence that is a picture": (
        ["verify", "rows.jsonl", "--evidence", "pics/dog.png"],
        "dog.png is a picture; --evidence takes rows",
        "",
    ),
    "cards that are a picture": (
        ["verify", "rows.jsonl", "--evidence", "ev.jsonl", "--cards", "pics/dog.png"],
        "dog.png is a picture; --cards takes a cards file",
        "",
    ),
    "a configuration that cannot be written": (["init", "no/x.toml"], "no/x.toml cannot be written", "folder and rights"),
}


@pytest.mark.parametrize(("given", "message", "hint"), NOTHING_RUN.values(), ids=NOTHING_RUN)
def test_where_nothing_can_be_run_it_says_why(fusion: Invoke, given: list[str], message: str, hint: str) -> None:
    Path("twice.jsonl").write_text('{"id":"a"}\n{"id":"a"}\n')
    Path("empty").mkdir()
    result = fusion(*given)
    assert result.exit_code == 2
    assert result.stdout == ""
    error = result.stderr.splitlines()
    assert error[0].startswith("fusion: error: ")
    assert message in error[0]
    assert hint in " ".join(error[1:])
    assert "Traceback" not in result.stderr
    assert not list(Path().glob("*.part*"))


VERIFY = ["verify", "rows.jsonl", "--evidence", "ev.jsonl"]
OVERWRITING = {
    "the rows": ([*VERIFY, "-o", "rows.jsonl"], "output rows.jsonl is also the rows; name another file"),
    "the rows, through a link": ([*VERIFY, "-o", "link.jsonl"], "output link.jsonl is also the rows; name"),
    "the evidence": ([*VERIFY, "-o", "ev.jsonl"], "output ev.jsonl is also the evidence; name another file"),
    "the cards": ([*VERIFY, "--cards", "cards.json", "-o", "cards.json"], "output cards.json is also the cards"),
    "the cards beside the evidence": ([*VERIFY, "-o", "ev.jsonl.cards.json"], "is also the cards"),
    "the configuration": ([*VERIFY, "-o", "fusion.toml"], "output fusion.toml is also the configuration"),
    "a configuration that was named": (
        [*VERIFY, "--config", "other.toml", "-o", "other.toml"], "output other.toml is also the configuration"
    ),
    "a picture": (["facts", "pics", "-o", "pics/dog.png"], "output pics/dog.png is also the picture"),
    "the rows, as its cards file": (
        ["facts", "-o", "x.jsonl", "x.jsonl.cards.json.jsonl"], "output x.jsonl writes x.jsonl.cards.json beside it, which"
    ),
    "the rows, as its counts": (
        ["claims", "x.jsonl.stats.json", "-o", "x.jsonl"], "writes x.jsonl.stats.json beside it, which is also the rows"
    ),
}  # fmt: skip


@pytest.mark.parametrize("force", [[], ["--force"]], ids=["", "with --force"])
@pytest.mark.parametrize(("given", "message"), OVERWRITING.values(), ids=OVERWRITING)
def test_an_output_that_would_overwrite_an_input(fusion: Invoke, given: list[str], message: str, force: list[str]) -> None:
    Path("link.jsonl").symlink_to("rows.jsonl")
    Path("cards.json").write_text(cards(recall=0))
    for name in ("fusion.toml", "other.toml", "x.jsonl.stats.json", "x.jsonl.cards.json"):
        Path(name).write_text("")
    Path("x.jsonl.cards.json.jsonl").symlink_to("x.jsonl.cards.json")
    before = {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()}
    result = fusion(*given, *force)
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr
    assert {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()} == before


def test_debug_shows_where_an_error_comes_from(fusion: Invoke) -> None:
    result = fusion("claims", "no.jsonl", "--debug")
    assert result.exit_code == 2
    assert "Traceback" in result.stderr


def test_what_nobody_foresaw_is_one_line_too(fusion: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> None:
        raise ZeroDivisionError("oh")

    monkeypatch.setattr(config, "load", broken)
    result = fusion("claims", "rows.jsonl")
    assert (result.exit_code, result.stderr.splitlines()[0]) == (2, "fusion: error: ZeroDivisionError: oh")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (["verify", "rows.jsonl"], "--evidence"),
        (["verify", "rows.jsonl", "--evidence", "e", "--policy", "harsh"], "harsh"),
        (["clams"], "clams"),
        (["facts"], "IMAGES|ROWS"),
    ],
    ids=["a missing option", "a wrong choice", "no such command", "a missing argument"],
)
def test_a_wrong_command_line(given: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(given)
    assert ended.value.code == 2
    assert message in capsys.readouterr().err


# Configuration


@pytest.mark.parametrize(
    ("options", "policy"),
    [
        ([], "lenient"),
        (["--set", "captions.policy=strict"], "strict"),
        (["--set", "captions.policy=strict", "--policy", "balanced"], "balanced"),
        (["--config", "other.toml"], "strict"),
    ],
    ids=["fusion.toml if it is here", "--set before the file", "an option before --set", "--config instead"],
)
def test_where_the_configuration_comes_from(
    fusion: Invoke, monkeypatch: pytest.MonkeyPatch, options: list[str], policy: str
) -> None:
    Path("fusion.toml").write_text('[captions]\npolicy = "lenient"\n')
    Path("other.toml").write_text('[captions]\npolicy = "strict"\n')
    seen: list[Run] = []
    monkeypatch.setattr("fusion.dataset.run.execute", lambda run, work: seen.append(run))
    fusion("verify", "rows.jsonl", "--evidence", "ev.jsonl", *options)
    assert [run.config.captions.policy for run in seen] == [policy]


def test_init_writes_a_configuration_that_loads(fusion: Invoke) -> None:
    assert fusion("init").exit_code == 0
    assert config.load("fusion.toml") == config.load({})
    again = fusion("init")
    assert (again.exit_code, "exists already" in again.stderr) == (2, True)
    assert fusion("init", "--force").exit_code == 0
    assert fusion("init", "no/such.toml").exit_code == 2


EXPERTS = [
    Installed("boxes", "wildlife", "1.2", "w:Boxes", automatic=True),
    Installed("words", "wildlife", "1.2", "w:Words", "the library ocr is not installed", "pip install ocr"),
    Installed("odd", "other", "0.1", "o:Odd", "o:Odd cannot be loaded: SyntaxError: oh"),
]


def test_experts_are_tried_on_request(fusion: Invoke) -> None:
    Path("try.toml").write_text('[[experts]]\nuse = "colour"\n[[experts]]\nuse = "recorded"\nfile = "nowhere.jsonl"\n')
    tried = fusion("experts", "--check", "--config", "try.toml", "--json")
    good, bad = lines(tried.stdout)
    assert (good["name"], good["error"], good["look"] > 0) == ("colour", "", True)
    assert "nowhere.jsonl" in bad["error"]
    assert tried.exit_code == 1
    table = fusion("experts", "--check", "--config", "try.toml").stdout
    assert [line.split()[0] for line in table.splitlines() if not line.startswith(" ")] == ["name", "colour", "recorded"]
    assert fusion("experts", "--set", "run.batch=2").exit_code == 2


def test_experts_lists_what_is_there_and_what_is_missing(fusion: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fusion.expert.installed", lambda: iter(EXPERTS))
    assert [line.split(maxsplit=4) for line in fusion("experts").stdout.splitlines()[1:]] == [
        ["boxes", "wildlife", "1.2", "yes", "ready"],
        ["words", "wildlife", "1.2", "no", "the library ocr is not installed; pip install ocr"],
        ["odd", "other", "0.1", "no", "o:Odd cannot be loaded: SyntaxError: oh"],
    ]
    assert [row["usable"] for row in lines(fusion("experts", "--json").stdout)] == [True, False, False]


class Terminal(io.StringIO):
    """Something that looks like a terminal."""

    def isatty(self) -> bool:
        return True


def test_experts_on_a_terminal_never_break_a_word(monkeypatch: pytest.MonkeyPatch) -> None:
    long = "the library word-with-hyphens is not installed, and neither is any of the others that it would need to run"
    found = [EXPERTS[0], Installed("words", "wildlife", "1.2", "w:Words", long, "pip install ocr-of-many-words")]
    monkeypatch.setattr("fusion.expert.installed", lambda: iter(found))
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr("sys.stdout", shown := Terminal())
    cli.main(["experts"], standalone_mode=False)
    _, ready, short, *why = shown.getvalue().splitlines()
    assert (ready.split()[-1], short.split()[-2:]) == ("ready", ["cannot", "run"])
    assert all(line.startswith("    ") and len(line) <= 80 for line in why)
    assert " ".join(line.strip() for line in why) == f"{long}; pip install ocr-of-many-words"


def test_a_hint_on_a_terminal_is_broken_at_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setattr("sys.stderr", shown := Terminal())
    monkeypatch.setattr(config, "load", lambda *_: 1 / 0)
    with pytest.raises(SystemExit):
        main(["claims", "-"])
    hint = shown.getvalue().partition("hint: ")[2].splitlines()
    assert len(hint) > 1
    assert all(len(line) <= 40 for line in hint)
    assert " ".join(line.strip() for line in hint) == "this is a mistake in caption-fusion or in an expert; --debug shows where"


# Interrupted


@pytest.mark.parametrize("where", ["fusion.config.load", "fusion.dataset.inputs.refuse_pictures", "fusion.dataset.sources.find"])
def test_ctrl_c_before_the_first_row_says_interrupted(
    fusion: Invoke, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], where: str
) -> None:
    def stop(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(where, stop)
    with pytest.raises(SystemExit) as ended:
        main(["facts", "pics", "--quiet"])
    assert ended.value.code == 130
    assert capsys.readouterr().err.splitlines()[-1] == "fusion: interrupted"


def test_an_interrupted_command_is_resumed_to_the_same_bytes(fusion: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    from fusion.dataset import verify

    rows = "".join(f'{{"id":"{"ab"[i % 2]}","caption":"a dog {i}"}}\n' for i in range(20))
    Path("many.jsonl").write_text(rows)
    command = ["verify", "many.jsonl", "--evidence", "ev.jsonl", "-o"]
    assert fusion(*command, "whole.jsonl").exit_code == 0
    read, broken = FakeLanguage.read, ["a dog 9"]

    def interrupted(self: FakeLanguage, texts: list[str], languages: Any = None) -> Any:
        if set(broken) & set(texts):
            raise KeyboardInterrupt
        return read(self, texts, languages)

    monkeypatch.setattr(verify, "BATCH", 4)
    monkeypatch.setattr(FakeLanguage, "read", interrupted)
    result = fusion(*command, "out.jsonl")
    assert result.exit_code == 130
    assert "--resume" in result.stderr
    assert len(Path("out.jsonl.part").read_text().splitlines()) == 8
    broken.clear()
    assert fusion(*command, "out.jsonl", "--resume").exit_code == 0
    assert Path("out.jsonl").read_bytes() == Path("whole.jsonl").read_bytes()


# With the parser that ships


def test_captions_are_read_and_checked_with_the_real_parser(tmp_path: Path) -> None:
    facts = [
        {"id": "b0", "kind": "object", "value": "dog", "box": [10, 10, 60, 60], "expert": "boxes"},
        {"id": "b1", "kind": "object", "value": "sofa", "box": [0, 40, 100, 100], "expert": "boxes"},
    ]
    card = {"sees": ["object", "count"], "vocabulary": ["dog", "sofa", "cat"], "precision": 0.97, "recall": 0.95}
    row = {"id": "a", "width": 100, "height": 100, "looked": ["boxes"], "facts": facts}
    (tmp_path / "ev.jsonl").write_text(json.dumps(row))
    (tmp_path / "ev.jsonl.cards.json").write_text(json.dumps({"cards": {"boxes": card}}))
    german = "Ein Hund sitzt auf dem roten Sofa im Wohnzimmer und schläft."
    captions = ["A dog and a cat on a sofa.", german, "", "word " * 300]
    rows = "".join(json.dumps({"id": "a", "caption": caption}) + "\n" for caption in captions)
    result = CliRunner().invoke(cli, ["verify", "-", "--evidence", str(tmp_path / "ev.jsonl")], input=rows)
    assert result.exit_code == 0, result.stderr
    first, foreign, empty, long = lines(result.stdout)
    verdicts = {claim["value"]: claim["verdict"] for claim in first["claims"] if claim["kind"] == "object"}
    assert verdicts == {"dog": "supported", "cat": "contradicted", "sofa": "supported"}
    assert "cat" not in first["repaired"]
    assert "dog" in {claim["value"] for claim in first["repaired_claims"]}
    assert (foreign["status"], foreign["repaired"]) == ("partial", german)
    assert (empty["claims"], empty["repaired"]) == ([], "")
    assert long["caption"] == captions[3]
