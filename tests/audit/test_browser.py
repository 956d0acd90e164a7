"""The page in a browser, as somebody uses it. Skipped where no chromium with its driver is installed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from PIL import Image

from audit.browser import Browser, browse, installed
from audit.making import Json, claim, edit, fact, record
from fusion.cli.report import report

pytestmark = pytest.mark.skipif(installed() is None, reason="no chromium with chromedriver is installed")

DRAFT = "A red dog, a cat and a 🐕 ball on the grass."
TEXT = "A dog, a cat and a 🐕 ball on the grass."
REGIONS = "[1, 2, 30, 40] a bus\n[50, 60, 70, 80] a cyclist"
LONG = "Karl-Theodor-Brücke-" * 9
COURSE = {
    "strategy": "hybrid",
    "retention": {"text": f"{LONG} in 1999", "agrees": True, "kept": ["1999"], "lost": [LONG[:-1]]},
    "diversity": {"coverage": 0.9},
    "usage": [
        {"stage": "write", "backend": f"{'Q' * 60}.gguf", "calls": 12345, "prompt_tokens": 98765432, "completion_tokens": 1234567}
    ],
}
EVIL = '</script><script>document.title = "taken over"</script>'


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report of three records, of which one has a picture."""
    folder = tmp_path_factory.mktemp("report")
    Image.new("RGB", (400, 300), "olivedrab").save(folder / "park.jpg")
    facts = [fact("f0", "dog", [40, 60, 200, 260]), fact("f1", "ball", [250, 200, 300, 250], expert="other")]
    claims = [
        claim(TEXT, "dog", evidence=["f0"]),
        claim(TEXT, "cat", "contradicted"),
        claim(TEXT, "ball", evidence=["f1"]),
        claim(TEXT, "on the grass", "unverified", kind="scene"),
        claim(TEXT, "grass", "unverified"),
    ]
    rows = [
        record("park", DRAFT, TEXT, claims, [edit("red ", 2)], facts=facts, width=400, height=300),
        record("garden", "A cat.", "A cat.", [claim("A cat.", "cat")], facts=[fact("f0", EVIL, [1, 1, 50, 50])]),
        record("yard", "A wall.", "A wall.", [claim("A wall.", "wall", "unverified", reason=EVIL)]),
    ]
    return reported(folder, *rows)


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report of one record with a caption in lines, a reply that was not taken, and names without end."""
    claims = [claim(REGIONS, "bus"), claim(REGIONS, "cyclist", "unverified")]
    row = record("street", REGIONS, REGIONS, claims, **COURSE)
    row["captions"][0] |= {"source": "blip", "rejected": [{"writer": "w", "kind": "loop", "reason": "again and again"}]}
    return reported(tmp_path_factory.mktemp("street"), row)


def reported(folder: Path, *rows: Json) -> Path:
    """The page of these rows."""
    (folder / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    done = CliRunner().invoke(report, [str(folder / "rows.jsonl"), "-o", str(folder / "report.html"), "--title", "Three"])
    assert done.exit_code == 0, done.output
    return folder / "report.html"


@pytest.fixture(scope="module")
def desk() -> Iterator[Browser]:
    with browse(1280, 900) as browser:
        yield browser


@pytest.fixture(scope="module")
def phone() -> Iterator[Browser]:
    with browse(390, 844, phone=True) as browser:
        yield browser


def word(text: str, card: int = 1) -> str:
    """The query for a claim: its words are marked for the test."""
    return f"#p{card} [data-word='{text}']"


def open_page(browser: Browser, page: Path, anchor: str = "") -> None:
    browser.open(page, anchor)
    browser.run("for (const m of document.querySelectorAll('[data-c]')) m.dataset.word = m.textContent.trim()")


def lit(browser: Browser) -> list[str]:
    """The boxes that are lit, by fact."""
    found: list[str] = browser.run("return [...document.querySelectorAll('.boxes .on')].map((box) => box.dataset.f)")
    return found


def hash_of(browser: Browser) -> str:
    found: str = browser.run("return location.hash")
    return found


def test_a_click_on_a_claim_shows_its_reason_its_fact_and_its_box(desk: Browser, page: Path) -> None:
    open_page(desk, page)
    desk.click(word("dog"))
    assert lit(desk) == ["0"]
    shown = desk.text("#p1 .why")
    assert "supported" in shown
    assert "because of dog" in shown
    assert "object by boxes · f0" in shown
    box, image = (
        desk.run(f"const r = document.querySelector('{q}').getBoundingClientRect(); return [r.x, r.y, r.width, r.height]")
        for q in ("#p1 .boxes .on", "#p1 img")
    )
    scale = image[2] / 400
    assert box[0] - image[0] == pytest.approx(40 * scale, abs=3)
    assert box[3] == pytest.approx(200 * scale, abs=6)
    desk.keys("Escape")
    assert lit(desk) == []


def test_hover_shows_and_leaving_hides(desk: Browser, page: Path) -> None:
    open_page(desk, page)
    desk.run("document.querySelector('#p1').scrollIntoView()")
    desk.hover(word("ball"))
    assert lit(desk) == ["1"]
    desk.hover("#h1")
    assert lit(desk) == []


def test_keys_walk_through_claims_and_nested_ones_tell_all(desk: Browser, page: Path) -> None:
    open_page(desk, page)
    desk.keys("j", "j", "ArrowRight", "ArrowRight")
    assert "because of on the grass" in desk.text("#p1 .why")
    desk.keys("j")
    assert "because of grass" in desk.text("#p1 .why")
    assert "because of on the grass" in desk.text("#p1 .why")
    desk.keys("k", "k", "k")
    assert "because of cat" in desk.text("#p1 .why")
    desk.keys("n")
    assert desk.run("return document.activeElement.closest('.card').id") == "p2"


def test_enter_closes_and_opens_the_claim_that_has_the_focus(desk: Browser, page: Path) -> None:
    open_page(desk, page)
    desk.keys("j", "Enter")
    assert desk.run("return document.querySelectorAll('.card.picked').length") == 0
    desk.keys("Enter")
    assert desk.run("return document.querySelectorAll('.card.picked').length") == 1


@pytest.mark.parametrize(
    ("anchor", "cards", "bright"),
    [
        pytest.param("#verdict=contradicted", ["p1"], ["cat"], id="verdict"),
        pytest.param("#kind=scene", ["p1"], ["on the", "grass"], id="kind"),
        pytest.param("#expert=other", ["p1"], ["ball"], id="expert"),
        pytest.param("#q=wall", ["p2"], ["wall"], id="text"),
        pytest.param("#q=GARDEN", ["p3"], ["cat"], id="id"),
        pytest.param("#word=cat", ["p1", "p3"], ["cat", "cat"], id="word"),
        pytest.param("#verdict=supported&q=grass&kind=object", ["p1"], ["dog", "ball"], id="together"),
        pytest.param("#verdict=hearsay", [], [], id="nothing fits"),
    ],
)
def test_filters_are_in_the_address(desk: Browser, page: Path, anchor: str, cards: list[str], bright: list[str]) -> None:
    open_page(desk, page, anchor)
    shown = "[...document.querySelectorAll('.card:not([hidden])')]"
    assert desk.run(f"return {shown}.map((card) => card.id)") == cards
    marks = f"{shown}.flatMap((card) => [...card.querySelectorAll('[data-c]:not(.off)')]).map((mark) => mark.dataset.word)"
    assert desk.run(f"return {marks}") == bright
    assert desk.run("return document.querySelector('.nothing').hidden") == bool(cards)


def test_filters_are_set_by_hand_counted_and_cleared(desk: Browser, page: Path) -> None:
    open_page(desk, page)
    assert desk.text(".filters output") == "7 claims in 3 pictures"
    desk.click("[data-verdict=supported]")
    desk.click("[data-verdict=contradicted]")
    assert hash_of(desk) == "#verdict=supported%2Ccontradicted"
    assert desk.text(".filters output") == "4 claims in 2 pictures"
    desk.click(".filters .reset")
    assert desk.text(".filters output") == "7 claims in 3 pictures"


def test_a_line_of_a_table_leads_to_its_claims(desk: Browser, page: Path) -> None:
    open_page(desk, page)
    desk.click(".rates a[href='#kind=scene']")
    assert desk.until("return document.querySelector('[name=kind]').value", "scene") == "scene"
    assert desk.text(".filters output") == "1 claim in 1 picture"


def test_an_open_claim_is_in_the_address_and_opens_again(desk: Browser, page: Path) -> None:
    open_page(desk, page)
    desk.click(word("ball"))
    anchor = hash_of(desk)
    open_page(desk, page, anchor)
    assert lit(desk) == ["1"]


def test_struck_words_show_on_request(desk: Browser, page: Path) -> None:
    open_page(desk, page)
    assert desk.text("#p1 .text") == TEXT
    desk.keys("s")
    assert desk.text("#p1 .text") == DRAFT
    assert desk.run("return getComputedStyle(document.querySelector('#p1 del')).textDecorationLine") == "line-through"


def test_lines_of_a_caption_stay_and_claims_stand_in_theirs(desk: Browser, street: Path) -> None:
    open_page(desk, street)
    assert desk.text("#p1 .text") == REGIONS
    at = "const r = document.querySelector(arguments[0]).getBoundingClientRect(); return [r.top, r.left]"
    bus, cyclist = (desk.run(at, word(text)) for text in ("bus", "cyclist"))
    assert cyclist[0] > bus[0] + 10
    assert cyclist[1] > bus[1]  # its box has more digits


def test_replies_not_taken_are_folded(desk: Browser, street: Path) -> None:
    open_page(desk, street)
    assert "again and again" not in desk.text("#p1 .rejected")
    desk.click("#p1 summary")
    assert "again and again" in desk.text("#p1 .rejected")


def test_text_of_others_does_nothing(desk: Browser, page: Path) -> None:
    open_page(desk, page)
    desk.click("#p2 [data-c]")
    assert EVIL in desk.text("#p2 .why")
    desk.click("#p3 [data-c]")
    assert desk.run("return document.title") == "Three"


def test_a_tap_on_a_phone_shows_box_and_reason_and_keeps_the_word_in_sight(phone: Browser, page: Path) -> None:
    open_page(phone, page)
    phone.run("document.querySelector('#p1').scrollIntoView()")
    phone.click(word("dog"))
    assert lit(phone) == ["0"]
    places = "const at = (q) => document.querySelector(q).getBoundingClientRect();"
    box, why, mark = (
        phone.run(f"{places} const r = at(`{q}`); return [r.top, r.bottom]") for q in ("#p1 .on", "#p1 .why", word("dog"))
    )
    assert 0 <= box[0] < box[1] <= why[0] < why[1] <= mark[0] < mark[1] <= 844


@pytest.mark.parametrize(
    "anchor",
    ["", "#at=1.0.0", "#repairs=1&verdict=unverified", "#q=street"],
    ids=["plain", "claim open", "filtered", "long names"],
)
def test_a_phone_need_not_scroll_sideways(phone: Browser, page: Path, anchor: str) -> None:
    open_page(phone, page, anchor)
    assert phone.run("return document.documentElement.scrollWidth") == 390


def test_long_names_do_not_widen_a_phone(phone: Browser, street: Path) -> None:
    open_page(phone, street)
    phone.run("document.querySelector('details').open = true")
    assert phone.run("return document.documentElement.scrollWidth") == 390
    all_of = "[...document.querySelectorAll('.sums *, .alt-text *, .course *')]"
    assert phone.run(f"return Math.max(...{all_of}.map((one) => one.getBoundingClientRect().right))") <= 390


def test_the_console_stays_silent(desk: Browser, phone: Browser, page: Path) -> None:
    for browser in (desk, phone):
        open_page(browser, page, "#repairs=1")
        browser.click(word("cat"))
        assert browser.logs() == []
