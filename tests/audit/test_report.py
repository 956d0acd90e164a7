"""The page: whole, the same every time, and deaf to what rows would have it do."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from audit.making import Json, claim, edit, fact, record, verified
from fusion.audit import Report, Seen, Totals, Worst, gather, read, render
from fusion.audit.cards import card, in_script
from fusion.audit.pictures import SIDE, Embedded, embed, find
from fusion.audit.worst import Shown
from fusion.codec import convert
from fusion.errors import ImageError
from fusion.facts import Dispute, Fact, Question

TEXT = "A dog and a cat."
EVIL = "</script><script>alert(1)</script>\"'><img src=x onerror=alert(2)><!--{{ 7*7 }}&\u2028\u202e"


def nowhere(seen: Seen) -> Embedded:
    """Finds no picture."""
    raise ImageError(f"{seen.image}: no such picture")


def page(*rows: Json, seen: Seen | None = None, find_picture: object = nowhere, title: str = "Title", by: str = "") -> str:
    """The page of these rows."""
    entries = [read(row.get("id"), row, line=line, seen=seen, by=by) for line, row in enumerate(rows, 1)]
    totals, worst = Totals(), Worst(200)
    for entry in entries:
        totals.add(entry)
        worst.add(entry)
    return "".join(render(Report(title, "rows.jsonl", totals, gather(entries, worst), by), find_picture))  # type: ignore[arg-type]


class Tags(HTMLParser):
    """Every element of a page with its attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]


def hostile() -> str:
    """A page of rows that put markup wherever they can."""
    text = f"A {EVIL} dog."
    facts = tuple(
        convert(one, Fact) for one in [fact(EVIL, EVIL, [1, 1, 9, 9], EVIL), fact("t", EVIL, expert="ocr", kind="text")]
    )
    wrong = claim(text, "dog", "contradicted", reason=EVIL, evidence=[EVIL, "t"])
    rows = [
        verified(
            EVIL,
            text,
            [wrong, claim(text, EVIL, "unverified")],
            image=EVIL,
            source=EVIL,
            repaired="",
            edits=[edit(text, 0, rule=EVIL)],
        ),
        {"id": EVIL, "status": "failed", "errors": [{"message": EVIL, "hint": EVIL, "expert": EVIL}]},
    ]
    made = record("p", TEXT, TEXT, strategy=EVIL, retention={"text": f"a {EVIL}", "kept": [EVIL], "lost": [f"{EVIL}2"]})
    made["usage"] = [{"stage": EVIL, "backend": EVIL, "calls": 1}]
    wrong = {"writer": EVIL, "kind": EVIL, "reason": EVIL}
    made["captions"][0] |= {"prompt": EVIL, "source": EVIL, "focus": EVIL, "rejected": [wrong]}
    rows.append(made)
    return page(*rows, seen=Seen(EVIL, 10, 10, (EVIL,), facts), title=EVIL, by="source")


def test_markup_in_rows_stays_text() -> None:
    text = hostile()
    evil = Tags(text)
    assert not evil.all("img")
    assert [attributes for attributes in evil.all("script") if attributes.get("type") != "application/json"] == [{}]
    assert not [name for _, attributes in evil.found for name in attributes if name.startswith("on") or name == "style"]
    assert html.escape("{{ 7*7 }}") in text


def test_json_in_a_script_cannot_end_it() -> None:
    made = in_script({"a": EVIL})
    assert not set("<>&'\u2028\u2029") & set(made)
    assert json.loads(made) == {"a": EVIL}


def test_the_policy_lets_in_the_own_style_and_script_and_nothing_else() -> None:
    text = page(verified("p", TEXT, [claim(TEXT, "dog")]))
    tags = Tags(text)
    policy = next(str(a["content"]) for a in tags.all("meta") if a.get("http-equiv") == "Content-Security-Policy")
    assert policy.startswith("default-src 'none'; img-src data:;")
    style, script = (re.findall(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL) for tag in ("style", "script"))
    for (content,) in (style, script):
        assert f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'" in policy
    assert "unsafe" not in policy


def test_nothing_is_loaded_from_anywhere() -> None:
    tags = Tags(page(verified("p", TEXT, [claim(TEXT, "dog", "contradicted")])))
    addresses = [a[key] for _, a in tags.found for key in ("src", "href", "action", "data") if a.get(key)]
    assert all(str(address).startswith(("#", "data:")) for address in addresses)
    assert not tags.all("link")


def test_same_rows_same_bytes() -> None:
    rows = [record(f"p{n}", TEXT, TEXT, [claim(TEXT, "dog", "contradicted")]) for n in range(5)]
    assert page(*rows) == page(*rows)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        pytest.param(record("p", TEXT, TEXT), "p.jpg: no such picture", id="picture missing"),
        pytest.param({"id": "p", "status": "failed", "errors": [{"message": "too dark"}]}, "too dark", id="failed row"),
        pytest.param(verified("p", TEXT, repaired=""), "nothing may stay", id="emptied caption"),
        pytest.param(verified("p", ""), "no text", id="empty caption"),
        pytest.param(verified(None, TEXT), "line 1", id="row without an id"),
        pytest.param(
            {**verified("p", "Ein Hund."), "status": "partial", "errors": [{"message": "in German"}]}, "in German", id="partial"
        ),
    ],
)
def test_what_is_wrong_is_said_in_its_place(row: Json, expected: str) -> None:
    assert expected in page(row).split("</header>")[1]


def test_no_rows_give_a_page() -> None:
    assert "0 captions of 0 pictures" in page()


def test_how_captions_came_about_is_shown_with_them() -> None:
    row = record(
        "p", TEXT, TEXT, strategy="fuse", retention={"text": "Rex, 1999", "agrees": False, "kept": ["Rex"], "lost": ["1999"]}
    )
    row["diversity"] = {"coverage": 0.5, "overlap": 0.3}
    row["usage"] = [{"stage": "write", "backend": "m", "calls": 2, "prompt_tokens": 1000, "completion_tokens": 5}]
    row["captions"][0] |= {
        "prompt": "caption/v2",
        "source": "blip",
        "rejected": [{"writer": "w", "kind": "loop", "reason": "again"}],
    }
    head, cards = page(row).split('<main id="pictures"')
    for said in (
        " · strategy <bdi>fuse</bdi>",
        "short · template · caption/v2 · words of blip",
        "<h2>Alt-text</h2>",
        "<h2>Diversity</h2>",
    ):
        assert said in head
    for said in ("<h2>Calls and tokens</h2>", "1,005.0", "<h2>Replies not taken</h2>", "loop · w", "most often lost", ">1999<"):
        assert said in head
    for said in (
        "speaks of something else; names: 1 kept, 1 lost",
        'class="name kept"',
        'class="name lost"',
        "words of <bdi>blip</bdi>",
    ):
        assert said in cards
    for said in ("1 reply not taken", "<bdi>again</bdi>", "<bdi>2 calls, 1,000 + 5 tokens</bdi>", "<bdi>0.50</bdi>"):
        assert said in cards
    assert "overlap" not in cards  # of one caption there is none


@pytest.mark.parametrize("row", [record("p", TEXT, TEXT), verified("p", TEXT)], ids=["record of before", "verify row"])
def test_what_rows_do_not_have_is_not_shown(row: Json) -> None:
    body = page(row).split("</style>")[1].split("<script>")[0]
    for said in (
        "Alt-text",
        "Diversity",
        "Calls and tokens",
        "Replies not taken",
        "dropped",
        "strategy",
        "alt-text",
        "rejected",
        "course",
    ):
        assert said not in body


def test_boxes_show_on_a_canvas_where_the_picture_is_missing() -> None:
    tags = Tags(page(record("p", TEXT, TEXT, facts=[fact("f0", "dog", [10, 20, 60, 70])])))
    assert next(a for a in tags.all("svg") if a.get("class") == "boxes")["viewbox"] == "0 0 100 80"
    (box,) = [a for a in tags.all("rect") if a.get("data-f") == "0"]
    assert [float(str(box[key])) for key in ("x", "y", "width", "height")] == [10, 20, 50, 50]


def test_size_comes_from_the_boxes_where_nothing_else_tells_it() -> None:
    facts = (convert(fact("f0", "dog", [10, 20, 60, 70]), Fact),)
    assert 'viewBox="0 0 60.0 70.0"' in page(verified("p", TEXT), seen=Seen("p.jpg", facts=facts))


def test_a_picture_is_scaled_down_and_keeps_its_own_size_for_boxes(tmp_path: Path) -> None:
    Image.new("RGB", (1600, 800), "teal").save(tmp_path / "a.png")
    made = embed(find("a.png", [tmp_path / "absent", tmp_path]), "a.png")
    assert (made.width, made.height) == (1600, 800)
    with Image.open(BytesIO(base64.b64decode(made.uri.partition(",")[2]))) as small:
        assert (small.format, small.size) == ("JPEG", (SIDE, SIDE // 2))


@pytest.mark.parametrize(
    "name", ["absent.jpg", "\0", "x" * 5000, "http://example.org/a.jpg"], ids=["absent", "null", "long", "address"]
)
def test_a_name_that_is_no_picture(name: str, tmp_path: Path) -> None:
    with pytest.raises(ImageError, match="no such picture"):
        find(name, [tmp_path])


@pytest.mark.parametrize(
    ("name", "found"),
    [
        pytest.param("a.png", True, id="beside the rows"),
        pytest.param("deep/er/b.png", True, id="nested"),
        pytest.param("deep/../a.png", True, id="up and inside again"),
        pytest.param("{inside}/a.png", True, id="absolute and inside"),
        pytest.param("link/secret.png", True, id="through a link that lies inside"),
        pytest.param("{outside}/secret.png", False, id="absolute"),
        pytest.param("../outside/secret.png", False, id="up"),
        pytest.param("deep/../../outside/secret.png", False, id="down and up"),
        pytest.param("../pictures-too/a.png", False, id="a folder whose name begins alike"),
        pytest.param("{outside}/absent.png", False, id="absolute and not there"),
    ],
)
def test_a_name_that_leaves_the_folder_is_refused(name: str, found: bool, tmp_path: Path) -> None:
    inside, outside = tmp_path / "pictures", tmp_path / "outside"
    for path in (inside / "a.png", inside / "deep/er/b.png", outside / "secret.png", tmp_path / "pictures-too/a.png"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    (inside / "link").symlink_to(outside)
    name = name.format(inside=inside, outside=outside)
    if found:
        assert find(name, [inside]).is_file()
    else:
        with pytest.raises(ImageError, match="lies outside the folder"):
            find(name, [inside])


def test_up_behind_a_link_stays_in_the_folder(tmp_path: Path) -> None:
    (tmp_path / "pictures").mkdir()
    (tmp_path / "other/deep").mkdir(parents=True)
    (tmp_path / "other/secret.png").touch()
    (tmp_path / "pictures/link").symlink_to(tmp_path / "other/deep")
    with pytest.raises(ImageError, match="no such picture"):
        find("link/../secret.png", [tmp_path / "pictures"])


def test_of_many_rules_the_most_frequent_are_shown() -> None:
    edits = [edit(TEXT, 0, rule=f"rule {n:02}") for n in range(30)] + [edit(TEXT, 0, rule="drop sentence")] * 2
    text = page(verified("p", TEXT, repaired="", edits=edits)).split("What repair did")[1].split("</section>")[0]
    assert text.count("<li>") == 20
    assert text.index("drop sentence") < text.index("rule 00")
    assert "rule 29" not in text


def test_hearsay_opinions_and_what_fell_along_look_different() -> None:
    text = "A cosy dog in 2019 on a cat."
    cat = claim(text, "cat", "contradicted")
    claims = [
        claim(text, "cosy", "unverified", kind="opinion"),
        claim(text, "2019", kind="name", hearsay=True),
        cat,
        claim(text, "on", "contradicted", kind="relation", void=cat["id"]),
    ]
    marks = [a["class"] for a in Tags(page(verified("p", text, claims))).all("span") if "data-c" in a]
    assert marks == ["m opinion", "m hearsay", "m contradicted void", "m contradicted"]


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("ink", ["ink", "soft", "supported", "contradicted", "unverified", "hearsay", "opinion"])
@pytest.mark.parametrize("ground", ["ground", "card", "sunken"])
def test_text_stands_out_by_4_5_to_1(scheme: int, ink: str, ground: str, root: Path) -> None:
    style = (root / "fusion/audit/page/report.css").read_text(encoding="utf-8")
    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", style.split(":root {")[scheme + 1].split("}")[0]))
    lighter, darker = sorted((luminance(colours[ink]), luminance(colours[ground])), reverse=True)
    assert (lighter + 0.05) / (darker + 0.05) >= 4.5  # WCAG 2.2, 1.4.3


def test_disputes_and_questions_are_shown_in_front(tmp_path: Path) -> None:
    facts = [
        {"id": "a/0", "kind": "object", "value": "dog", "expert": "a"},
        {"id": "a/1", "kind": "attribute", "value": "red", "about": "a/0", "expert": "a"},
        {"id": "b/0", "kind": "attribute", "value": "blue", "about": "a/0", "expert": "b"},
        {"id": "c/0", "kind": "object", "value": "lamp", "negated": True, "expert": "c"},
    ]
    seen = Seen(
        facts=convert(facts, tuple[Fact, ...]),
        disputes=(Dispute(kind="attribute", one=("a/1",), other=("b/0",)),),
        asked=(
            Question(kind="object", value="lamp", expert="c", facts=("c/0",)),
            Question(kind="relation", value="on", about="dog", to="rug", expert="c"),
        ),
    )
    made = card(1, Shown("x", 1, seen), lambda _: None)  # type: ignore[arg-type, return-value]
    assert [(expert, [chip.value for chip in chips]) for expert, chips in made.chips][:2] == [
        ("disputed", ["red or blue"]),
        ("asked c", ["lamp? no", "dog on rug? no answer"]),
    ]
