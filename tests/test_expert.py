"""The plug-in interface: cards, finding experts, and what becomes of broken packages."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path
from typing import ClassVar

import msgspec
import numpy as np
import pytest

from fusion.codec import take_over
from fusion.config import load
from fusion.errors import BadFact, ExpertNotFound, MissingExtra
from fusion.expert import GROUP, Card, Expert, find, installed, missing
from fusion.facts import KINDS, Claim, Fact
from fusion.stage import stations
from fusion.testing import sample

ROOT = Path(__file__).resolve().parents[1]

# Cards

COCO = ("person", "dog", "dining table", "traffic light", "tv", "donut")


@pytest.mark.parametrize(
    ("vocabulary", "kind", "word", "covered"),
    [
        pytest.param(COCO, "object", "dog", True, id="a word of the vocabulary"),
        pytest.param(COCO, "object", "puppy", True, id="one that is below it"),
        pytest.param(COCO, "object", "television", True, id="a synonym"),
        pytest.param(COCO, "object", "traffic lights", True, id="the plural"),
        pytest.param(COCO, "object", "zebra", False, id="a word that it does not know"),
        pytest.param(COCO, "object", "cattle", False, id="no substrings: cattle is no cat"),
        pytest.param(COCO, "object", "animal", False, id="a broad word, of which it knows one kind"),
        pytest.param(("animal",), "object", "dog", False, id="one that knows animals need not say dog"),
        pytest.param(COCO, "attribute", "brown", False, id="a kind that it does not see"),
        pytest.param(None, "object", "zebra", True, id="an open vocabulary"),
        pytest.param(None, "scene", "kitchen", False, id="an open vocabulary, but another kind"),
        pytest.param((), "object", "dog", False, id="an empty one: silence says nothing"),
    ],
)
def test_what_a_card_covers(vocabulary, kind, word, covered):
    assert Card(sees=("object",), vocabulary=vocabulary).covers(kind, word) is covered


RATES = {"object": 0.9, "count": 0.5, "object:dining table": 0.6}


@pytest.mark.parametrize(
    ("rate", "kind", "word", "expected"),
    [
        pytest.param(0.8, "object", "dog", 0.8, id="one number for all"),
        pytest.param(RATES, "object", "dog", 0.9, id="by kind"),
        pytest.param(RATES, "object", "dining table", 0.6, id="by kind and word"),
        pytest.param(RATES, "count", "dining table", 0.5, id="the word under another kind"),
        pytest.param({"object:person": 0.4, "object": 0.9}, "object", "woman", 0.4, id="under the name it would use"),
    ],
)
def test_the_most_exact_rate_wins(rate, kind, word, expected):
    card = Card(precision=rate, recall=rate, vocabulary=COCO)
    assert card.precision_of(kind, word) == pytest.approx(expected)
    assert card.recall_of(kind, word) == pytest.approx(expected)


@pytest.mark.parametrize("rate", [{}, {"object": 0.9}], ids=["no rates", "a rate of another kind"])
def test_what_is_not_rated_has_the_careful_default(rate):
    card = Card(precision=rate, recall=rate, vocabulary=COCO)
    assert (card.precision_of("scene", "indoors"), card.recall_of("scene", "indoors")) == (0.7, 0.0)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        pytest.param({"sees": ("objects",)}, "sees: expected kinds of fact .* got objects", id="no such kind"),
        pytest.param({"precision": 1.2}, "precision: expected 0..1, got 1.2", id="precision over 1"),
        pytest.param({"recall": {"count": -1}}, "recall of 'count': expected 0..1, got -1", id="recall under 0"),
    ],
)
def test_a_wrong_card_is_refused(fields, message):
    with pytest.raises(ValueError, match=message):
        Card(**fields)


def test_a_card_with_an_unknown_field_is_refused():
    with pytest.raises(msgspec.ValidationError, match="recal"):
        msgspec.json.decode(b'{"recal": 1}', type=Card)


def test_a_card_goes_to_json_and_back():
    card = Card(sees=("object",), vocabulary=None, precision=RATES, hearsay=True, version="1")
    assert msgspec.json.decode(msgspec.json.encode(card), type=Card) == card
    assert set(Card().sees) == KINDS


# Experts


class Boxes(Expert):
    def look(self, sample):
        return [Fact(kind="object", value=sample.id)]


def test_one_method_makes_an_expert():
    expert, one = Boxes(), sample(id="dog")
    assert expert.look_batch([one, sample(id="cat")]) == [expert.look(one), [Fact(kind="object", value="cat")]]
    assert expert.ask(one, [Claim(kind="object", value="dog", span=(0, 3))]) == []
    assert expert.looked(one, "boxes") == ("boxes",)
    assert expert.cards("boxes") == {"boxes": Card()}
    expert.close()
    with pytest.raises(NotImplementedError):
        Expert().look(one)


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        pytest.param(Fact(kind="object", value="dog", score=np.float32(0.5)), "numpy.float32", id="numpy"),
        pytest.param(["object", "dog"], "Expected `object`, got `array`", id="a list"),
        pytest.param({"kind": "object", "value": "dog", "label": 1}, "unknown field `label`", id="a field of its own"),
    ],
)
def test_what_an_expert_hands_over_is_checked(answer, message):
    with pytest.raises(BadFact, match=message):
        take_over(answer)


def test_a_mapping_is_as_good_as_a_fact():
    assert take_over({"kind": "object", "value": "Dog"}) == Fact(kind="object", value="dog")


class NeedsNothing(Boxes):
    requires: ClassVar = {"json": "pip install json"}


class NeedsMuch(Boxes):
    requires: ClassVar = {"json": "pip install json", "no_such_library": "pip install 'x[y]'"}


def test_what_is_missing_and_how_to_get_it():
    assert missing(Boxes) == missing(NeedsNothing) == ("", "")
    assert missing(NeedsMuch) == ("the library no_such_library is not installed", "pip install 'x[y]'")


# Packages of others, as files that Python finds on its path


def package(folder: Path, name: str, points: dict[str, str], source: str | None = None) -> None:
    """An installed distribution: what pip leaves behind, and a module if there is source for it."""
    info = folder / f"{name}-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n", encoding="utf-8")
    lines = [f"[{GROUP}]", *(f"{point} = {target}" for point, target in points.items())]
    (info / "entry_points.txt").write_text("\n".join(lines), encoding="utf-8")
    if source is not None:
        (folder / f"{name}.py").write_text(source, encoding="utf-8")


@pytest.fixture
def path(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    return tmp_path


GOOD = "from fusion.expert import Expert\nclass Good(Expert):\n    automatic = True\n    look = lambda self, sample: []\n"


def test_an_expert_of_a_package_is_found(path):
    package(path, "good_package_a", {"good_a": "good_package_a:Good"}, GOOD)
    made = find("good_a")
    assert issubclass(made, Expert)
    (one,) = [found for found in installed() if found.name == "good_a"]
    assert (one.package, one.version, one.target) == ("good_package_a", "1.0", "good_package_a:Good")
    assert one.usable
    assert one.automatic


BROKEN = [
    pytest.param("raise RuntimeError('no licence')", "X", "RuntimeError: no licence", id="raises on import"),
    pytest.param("import no_such_thing", "X", "ModuleNotFoundError: No module named 'no_such_thing'", id="imports nothing"),
    pytest.param("y = 1", "X", "has no attribute 'X'", id="the name is not there"),
    pytest.param("X = 1", "X", "expected a subclass of fusion.expert.Expert, got 1", id="no class"),
    pytest.param("class X: pass", "X", "expected a subclass of fusion.expert.Expert", id="a class of another kind"),
    pytest.param(None, "X", "No module named 'broken_", id="no module"),
    pytest.param("import sys; sys.exit(3)", "X", "SystemExit: 3", id="exits on import"),
    pytest.param("from fusion.expert import Expert as X", "X", "expert 'aaa_broken' has no method look", id="no look"),
    pytest.param("x = (", "X", "SyntaxError", id="no Python"),
]


@pytest.mark.parametrize(("source", "target", "error"), BROKEN)
def test_a_broken_package_is_listed_with_its_error_and_breaks_nothing(path, request, source, target, error):
    name = "broken_" + request.node.callspec.id.replace(" ", "_")
    package(path, name, {"aaa_broken": f"{name}:{target}"}, source)
    package(path, f"good_{name}", {"zzz_good": f"good_{name}:Good"}, GOOD)
    found = {one.name: one for one in installed()}
    assert error in found["aaa_broken"].error
    assert not found["aaa_broken"].usable
    assert found["zzz_good"].usable
    with pytest.raises(ExpertNotFound, match=r"aaa_broken|has no method look|cannot be loaded|expected a subclass"):
        find("aaa_broken")


def test_an_expert_without_its_library_is_listed_with_the_command(path):
    source = GOOD + "    requires = {'no_such_library': 'pip install this'}\n"
    package(path, "good_package_b", {"good_b": "good_package_b:Good"}, source)
    (one,) = [found for found in installed() if found.name == "good_b"]
    assert (one.error, one.hint) == ("the library no_such_library is not installed", "pip install this")
    with pytest.raises(MissingExtra, match=r"'good_b': the library no_such_library is not installed. pip install this"):
        find("good_b")


def test_a_name_that_two_packages_offer_is_refused(path):
    package(path, "twin_a", {"twin": "twin_a:Good"}, GOOD)
    package(path, "twin_b", {"twin": "twin_b:Good"}, GOOD)
    first, second = (one for one in installed() if one.name == "twin")
    assert (first.package, first.error) == ("twin_a", "")
    assert (second.package, second.error) == ("twin_b", "the name is taken by twin_a")
    with pytest.raises(ExpertNotFound, match=r"'twin': expected one package .* got twin_a .* and twin_b"):
        find("twin")
    assert find("twin", first.target).__module__ == "twin_a"
    (station,) = (one for one in stations(load({}), {}) if one.name == "twin")
    station.start()
    assert station.out is None
    station.close()


def test_an_unknown_name_lists_the_known(path):
    package(path, "good_package_c", {"good_c": "good_package_c:Good"}, GOOD)
    with pytest.raises(ExpertNotFound, match=r"no expert 'deteector' is installed. installed are: .*good_c"):
        find("deteector")


def test_built_in_experts_are_entry_points_like_others():
    names = {point.name for point in entry_points(group=GROUP) if point.dist and point.dist.name == "caption-fusion"}
    if not names:
        pytest.skip("caption-fusion itself is not installed here")
    assert {"recorded", "alt_text", "tags", "label", "annotations", "detector"} <= names


# The example

LIST = """
import json
from fusion.expert import installed
print(json.dumps({one.name: [one.package, one.error, one.automatic] for one in installed()}))
"""

LOOK = """
import json, sys
from fusion.expert import find
from fusion.testing import sample, solid_image
for colour in ("black", "white", (200, 90, 40)):
    print(json.dumps([fact.value for fact in find("photo_light")().look(sample(solid_image(64, 48, colour)))]))
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A folder with the example installed by pip, and beside it a package that raises on import."""
    folder = tmp_path_factory.mktemp("site")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--no-build-isolation"]
    source = ROOT / "examples" / "custom_expert"
    done = subprocess.run(
        [*pip, "--disable-pip-version-check", "--target", folder, source], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    package(folder, "broken_package", {"broken": "broken_package:Expert"}, "raise OSError('driver not loaded')")
    return folder


def run(site: Path, code: str) -> list[object]:
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, (site, ROOT)))}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], env=env, cwd=site, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_the_example_installs_and_is_found(site):
    (found,) = run(site, LIST)
    assert found["photo_light"] == ["photo-light", "", True]


def test_a_broken_package_beside_it_is_listed_with_its_error(site):
    (found,) = run(site, LIST)
    assert found["broken"][:2] == [
        "broken_package",
        "broken_package:Expert cannot be loaded: OSError: driver not loaded",
    ]
    assert found["photo_light"][1] == ""


def test_the_example_states_what_it_measures(site):
    black, white, colour = run(site, LOOK)
    assert {"dark photo", "blurred photo", "black and white photo"} == set(black)
    assert {"bright photo", "blurred photo", "black and white photo"} == set(white)
    assert colour == ["blurred photo"]
