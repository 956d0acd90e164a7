"""Faults of replies that are mended: each function gives the text without its fault, the text itself where it has none."""

from __future__ import annotations

import json
import re

from fusion import lexicon
from fusion.errors import WriterError
from fusion.language.detect import FUNCTION_WORDS
from fusion.write import structured
from fusion.write.guards.wanted import (
    LETTERS,
    PROSE,
    QUOTED,
    ROWS,
    WORD,
    Wanted,
    capital,
    collapsed,
    ended,
    is_abbreviated,
    sentences,
    unquoted,
    words,
)  # fmt: skip
from fusion.write.parsing import read_json

NOTHING_LEFT = {
    "template": "there was nothing but marks of a chat template",
    "fence": "the code fence was empty",
    "preamble": "there was an introduction and no caption",
    "markup": "there was nothing but markup",
    "quotes": "there was nothing between the quotation marks",
    "encoding": "there was no readable text",
    "list": "the list was empty",
    "lines": "there was no line of text",
    "echo": "there was nothing but ids of facts",
    "boilerplate": "nothing was said but that it is a picture",
    "capitals": "there was no word",
    "cut-off": "it was too long and was cut off before the first sentence ended",
    "style": "nothing in it had the form that was asked for",
}
"""Why a text was not taken of which a mend left nothing, in words for the model."""

THOUGHT = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.IGNORECASE | re.DOTALL)
ROLE = r"(?:user|human|assistant|system|instruction|response|input|model)"
MARK = re.compile(
    rf"<\|[^<>|\n]{{1,40}}\|>|<｜[^<>｜\n]{{1,40}}｜>|</?s>|</?(?:bos|eos|pad|unk)>|<(?:start|end)_of_turn>|\[/?INST\]|<</?SYS>>"
    rf"|^[ \t]*\#{{2,}}[ \t]*{ROLE}\b:?|^[ \t]*{ROLE}[ \t]*:",
    re.IGNORECASE | re.MULTILINE,
)
"""Marks by which chat templates part the turns, of the families in use, and turns that a model goes on to write itself."""
LEADING = re.compile(rf"\s*(?:{ROLE}\s*\n)?\s*", re.IGNORECASE)
FENCE = re.compile(r"```[a-z]*[ \t]*\n?(.*?)(?:```|\Z)", re.IGNORECASE | re.DOTALL)
_ASKED = (
    r"(?:captions?|sentences?|paragraphs?|descriptions?|alt(?:ernative)?[ -]?text|prompts?|answers?|responses?|outputs?"
    r"|list\ of\ tags|tags)"
)
PREAMBLE = re.compile(
    rf"""\s*(?:
      (?:sure(?:\ thing)?|certainly|of\ course|okay|ok|absolutely|alright|great|yes)\s*[,!.:]+(?=\s)
    | (?:here\ is|here['’]s|here\ are|below\ is|this\ is|the\ following\ is)\b(?:\ [\w'’-]+){{0,8}}?\ {_ASKED}\b[^.!?\n:]{{0,80}}:
    | (?:here\ is|here['’]s)\ (?:one|it|mine|my\ (?:attempt|try|take))\b[^.!?\n:]{{0,40}}:
    | (?:the\ |my\ |a\ |one\ |possible\ |short\ |final\ |image\ |picture\ ){{0,3}}\**{_ASKED}(?:\ \d+)?\**
      (?:\s*\([^()\n]{{1,30}}\))?(?:\ (?:is|would\ be|could\ be|reads))?\s*:\**
    | (?:the\ |my\ ){_ASKED}\ (?:is|would\ be|could\ be|reads)\ (?=["“])
    | (?:based\ on|according\ to|judging\ by)\ (?:the|these|your)\ (?:\w+\ ){{0,2}}
      (?:facts|information|details|list|lines|alt[ -]text|found\ text|description)\b[^.!?\n:,]{{0,40}}[,:]
    )\s*""",
    re.IGNORECASE | re.VERBOSE,
)
AFTERWORD = re.compile(
    r"(?:(?<=[.!?\"”])\s+|\n+\s*)\(?(?:note:|please note|explanation:|let me know|i hope (?:this|that)"
    r"|this caption|feel free|word count).*\Z|(?<!\s)\s*\(\d+ words?\)\s*\Z",
    re.IGNORECASE | re.DOTALL,
)
BULLET = re.compile(r"^[ \t]*(?:[-*•–]|\(?\d{1,2}[.)])[ \t]+", re.MULTILINE)
ONE, TWO = re.compile(r"(?:^|\s)1[.)]\s"), re.compile(r"\s2[.)]\s")
"""The first items of a numbered list, which may stand on one line."""
PAIRS = {'"': '"', "“": "”", "'": "'", "‘": "’", "«": "»"}
MOJIBAKE = re.compile("Ã[\u0080-\u00bf\u0192\u2030\u0160\u2039\u0152\u017d]|â€|Â[\u00a0-\u00bf]|ï»¿")
"""UTF-8 read as Latin-1 or Windows-1252."""
PICTOGRAPH = re.compile("[\u2600-\u27bf\ufe0e\ufe0f\u200d\U0001f000-\U0001faff]+")
ONE_ID = re.compile(r"[a-z]\d{1,3}[a-z]?")
IDS = re.compile(r"(?<!\s)\s*[\[(](?:id )?[a-z]\d{1,3}[a-z]?(?:\s*(?:,|and|-)\s*[a-z]\d{1,3}[a-z]?)*[\])]")
_PICTURE = r"(?:image|picture|photo|photograph)"
LOCATED = re.compile(rf"(?:in|on) (?:the|this) {_PICTURE}(?=,| (?:we|you|one|there)\b),? *", re.IGNORECASE)
SEEN = re.compile(
    r"(?:(?:we|you|one|i) can (?:also |clearly )?(?:see|observe)|i (?:also )?(?:see|notice|observe))(?: that)? +"
    r"(?!(?:into|through|over|out|past|why|how|where|what|if)\b)",
    re.IGNORECASE,
)
SHOWN = re.compile(
    rf"(?:the|this) {_PICTURE} (?:also |clearly |mainly )?(?:shows|depicts|features|captures|portrays|displays|presents|contains|"
    rf"includes|illustrates|showcases|is of|is showing)(?: that| us)? *(?=\S)|(?:this|it|the {_PICTURE}) is an? {_PICTURE} "
    r"(?:of|showing|that shows|depicting|featuring) +",
    re.IGNORECASE,
)
PICTURING = re.compile(
    rf"\b(?:{_PICTURE}|can (?:also |clearly )?(?:see|observe)|i (?:also )?(?:see|notice|observe))\b", re.IGNORECASE
)
HTML = re.compile(
    r"</?(?:(?P<within>b|i|u|em|strong|span|small|mark)|p|br|div|h[1-6]|ul|ol|li|caption|figcaption|answer|output|response)"
    r"(?:\s[^<>\n]{0,80})?/?>",
    re.IGNORECASE,
)
STUFFING = re.compile(
    r"(?:masterpiece|(?:best|high(?:est)?|top|ultra|amazing) quality|(?:ultra|highly|extremely|insanely|super)?[- ]?detailed"
    r"|(?:very |ultra[- ]?)?(?:intricate|fine) details?|(?:4|8|16)k(?: uhd| resolution| hd)?|u?hdr?|ultra[- ]?(?:hd|realistic)"
    r"|(?:high|ultra high) resolution|(?:trending|featured) on \w+|artstation|deviantart|unreal engine(?: \d)?|octane(?: render)?"
    r"|(?:hyper|photo|ultra)?-?realistic|award[- ]winning(?: \w+)?|sharp focus|professional(?: photo(?:graphy)?)?|dslr"
    r"|raw photo)",
    re.IGNORECASE,
)
"""What makers of pictures put behind a prompt; it tells nothing of this one."""
LONGEST_PRAISE = 40
PIECE = re.compile(r"[,;.|]")
PAIR = re.compile(r"Q: .+\? A: .+")
REGION = re.compile(r"(\[\d+, \d+, \d+, \d+\]) \S.*")
SEVERAL = re.compile(
    r"(?:two|three|four|five|six|seven|eight|nine|ten|\d{2,}|[2-9]|several|many|some|few|people)\b", re.IGNORECASE
)


def template(text: str, wanted: Wanted) -> str:
    """Without thoughts and without marks of chat templates; what stands behind the next mark is another turn."""
    if "<" not in text and "[" not in text and ":" not in text and "#" not in text and "▁" not in text:
        return text
    rest = THOUGHT.sub("", text)
    rest = collapsed(rest.replace("▁", " ")) if "▁" in rest else rest
    while (mark := MARK.match(rest.lstrip())) is not None:
        rest = rest.lstrip()[mark.end() :]
        rest = rest[LEADING.match(rest).end() :]  # type: ignore[union-attr]  # it matches nothing as well
    return MARK.split(rest, maxsplit=1)[0]


def fence(text: str, wanted: Wanted) -> str:
    """What stands in the first code fence."""
    found = FENCE.search(text) if "```" in text else None
    return text if found is None else found[1].strip("\n")


def preamble(text: str, wanted: Wanted) -> str:
    """Without "Sure! Here is a caption:" in front and "Let me know …" behind."""
    while (found := PREAMBLE.match(text)) is not None and found.end():
        text = text[found.end() :]
    return AFTERWORD.sub("", text)


def markup(text: str, wanted: Wanted) -> str:
    """Without bold, headings, HTML and the mark of a quotation; a bullet goes where it is the only one."""
    text = (
        (text if wanted.shape == "json" else HTML.sub(lambda found: "" if found["within"] else " ", text))
        .replace("**", "")
        .strip()
    )
    text = re.sub(r"\A(?:#+|>)[ \t]+", "", text)
    if len(text) > 2 and text[0] == text[-1] and text[0] in "*_`" and text.count(text[0]) == 2:
        text = text[1:-1]
    alone = BULLET.match(text) is not None and len(BULLET.findall(text)) == 1 and not numbered(text)
    return BULLET.sub("", text) if alone else text


def numbered(text: str) -> bool:
    """Does it number what it says, on one line or on several?"""
    one = ONE.search(text)
    return one is not None and TWO.search(text, one.end() + 3) is not None


def quotes(text: str, wanted: Wanted) -> str:
    """Without quotation marks around the whole."""
    bare = text.strip()
    while len(bare) > 1 and PAIRS.get(bare[0]) == bare[-1] and not set(bare[1:-1]) & {bare[0], bare[-1]}:
        bare = bare[1:-1].strip()
    return bare if bare != text.strip() else text


def encoding(text: str, wanted: Wanted) -> str:
    """Read as it was meant where UTF-8 was taken for something else; without control characters and pictographs."""
    if MOJIBAKE.search(text):
        for name in ("cp1252", "latin-1"):
            try:
                text = text.encode(name).decode("utf-8")
            except UnicodeError:
                continue
            break
    if text.isascii() and text.isprintable():
        return text
    kept = "".join(c if c.isprintable() else "\n" if c == "\n" else " " for c in text)
    return PICTOGRAPH.sub("", kept)


def listed(text: str, wanted: Wanted) -> str:
    """Bullets of tags become a list with commas."""
    if wanted.shape != "tags" or "\n" not in text.strip():
        return text
    return ", ".join(filter(None, (BULLET.sub("", line).strip(" \t,;.") for line in text.splitlines())))


def lines(text: str, wanted: Wanted) -> str:
    """The first line where one was asked for, all of them as one where several sentences may stand."""
    if wanted.shape == "json":
        return text
    found = [line for line in (" ".join(one.split()) for one in text.splitlines()) if line]
    if wanted.shape in ROWS:
        return "\n".join(BULLET.sub("", line) for line in found)
    return " ".join(found) if wanted.shape == "prose" else next(iter(found), "")


def ids(text: str, wanted: Wanted) -> str:
    """Without ids of facts in brackets; what is quoted stays as it was read."""
    quoted = [] if wanted.shape == "json" else [found.span() for found in QUOTED.finditer(text)]

    def without(found: re.Match[str]) -> str:
        is_id = set(ONE_ID.findall(found[0])) <= wanted.only_ids
        return found[0] if not is_id or any(start <= found.start() < end for start, end in quoted) else ""

    return IDS.sub(without, text).strip()


def boilerplate(text: str, wanted: Wanted) -> str:
    """Without "the image shows", "I see" in front of sentences whose rest stands alone, and "masterpiece, 8k" behind them."""
    text = unstuffed(text, wanted)
    if wanted.shape not in PROSE or not PICTURING.search(text):
        return text
    return " ".join(filter(None, (_bare(one, first=n == 0) for n, one in enumerate(sentences(text)))))


def _bare(sentence: str, *, first: bool) -> str:
    rest = LOCATED.sub("", sentence, count=1) if LOCATED.match(sentence) else sentence
    shown = SEEN.match(rest) or SHOWN.match(rest)
    if shown is None:
        return rest if rest == sentence else _unless_empty(capital(rest))
    rest = rest[shown.end() :]
    if shown.group()[:2].lower() == "i " and rest.endswith("!"):
        rest = f"{rest.rstrip('!')}."
    if not first and rest and not shown.group().rstrip().endswith("that"):
        return _unless_empty(f"There {'are' if SEVERAL.match(rest) else 'is'} {rest}")
    return _unless_empty(capital(rest))


def unstuffed(text: str, wanted: Wanted) -> str:
    """Without the praise that ends prompts for makers of pictures; in lists it goes wherever it stands. What was told stays."""
    if wanted.shape in ROWS or wanted.shape == "json":
        return text
    if wanted.shape in {"tags", "line"} and "," in text:
        kept = [part for part in text.split(",") if not _is_stuffing(part, wanted)]
        return ",".join(kept).strip() if kept != text.split(",") else text
    ends = [found.start() for found in PIECE.finditer(text)]
    end, before = len(text), len(text)
    for start in reversed(ends):
        piece = text[start + 1 : end]
        if piece.strip() and not _is_stuffing(piece, wanted):
            break
        before, end = (start if piece.strip() else before), start
    return text if before == len(text) else f"{text[:before].rstrip(' ,;.|')}."


def _is_stuffing(piece: str, wanted: Wanted) -> bool:
    plain = piece.strip(" .,;|")
    praises = len(plain) < LONGEST_PRAISE and STUFFING.fullmatch(plain) is not None
    return praises and not set(LETTERS.findall(plain.lower())) <= wanted.everything_said


def capitals(text: str, wanted: Wanted) -> str:
    """In small letters where all are capitals; names of the facts, what is quoted and what has digits in it stays."""
    if wanted.shape in ROWS or wanted.shape == "json" or not unquoted(text).isupper():
        return text
    own = words(unquoted(text))
    if len(own) < 2 or 2 * sum(word in FUNCTION_WORDS or lexicon.known(word) for word in own) < len(own):
        return text
    quoted = [found.span() for found in QUOTED.finditer(text)]
    made, start = [], 0
    for first, last in [*quoted, (len(text), len(text))]:
        small = WORD.sub(lambda found: _small(found[0], wanted), text[start:first])
        made += [small, text[first:last]]
        start = last
    told = "".join(made)
    if wanted.shape not in {"sentence", "prose"} or len(told) != len(text):
        return told
    letters, place = list(told), 0
    for one in sentences(text):
        place = text.index(one, place)
        letters[place] = letters[place].upper()
        place += len(one)
    return "".join(letters)


def _small(word: str, wanted: Wanted) -> str:
    """The word as the facts write it, else in small letters; "A12" is no word."""
    return word if any(map(str.isdigit, word)) else wanted.written.get(word.casefold(), word.lower())


def _unless_empty(text: str) -> str:
    return text if any(c.isalnum() for c in text) else ""


def cut_off(text: str, wanted: Wanted) -> str:
    """Back to the last whole sentence, tag or line of a reply that reached the limit of tokens."""
    if wanted.shape == "json":
        return text  # what is only cut is closed when it is read
    if wanted.shape in ROWS:
        return text.rpartition("\n")[0]
    if wanted.shape in {"tags", "line"}:
        return text.rpartition(",")[0].rstrip()
    found = sentences(text)
    return " ".join(found if found and ended(found[-1]) else found[:-1])


def style(text: str, wanted: Wanted) -> str:
    """What has the form that was wanted: the first sentence, each tag once, lines with a box or a question, a JSON object."""
    if wanted.shape == "sentence":
        return next(iter(sentences(text)), "")
    if wanted.shape == "tags":
        tags = [tag.strip() for tag in text.strip().rstrip(".").split(",")]
        return ", ".join({tag.casefold(): tag for tag in reversed(tags)}[key] for key in _keys(tags))
    if wanted.shape in ROWS:
        return "\n".join(line for line in dict.fromkeys(text.splitlines()) if _is_row(line, wanted))
    if wanted.shape == "line":
        return without_stop(text)
    return _object(text) if wanted.shape == "json" else text


def without_stop(text: str) -> str:
    """Without the full stop at the end of what is no sentence; that of an abbreviation stays."""
    bare = text.rstrip(" .")
    tail = text[len(bare) :]
    return text if ".." in tail or is_abbreviated(bare) else bare


def _keys(tags: list[str]) -> list[str]:
    return list(dict.fromkeys(tag.casefold() for tag in tags if tag))


def _is_row(line: str, wanted: Wanted) -> bool:
    if wanted.shape == "questions":
        return bool(PAIR.fullmatch(line))
    found = REGION.fullmatch(line)
    return found is not None and (not wanted.boxes or found[1] in wanted.boxes)


def _object(text: str) -> str:
    """The JSON object of a structured caption; "" where there is none, or one of another form, or one that says nothing."""
    try:
        value, _ = read_json(text)
        said = structured.read(json.dumps(value))
    except (ValueError, WriterError):
        return ""
    return structured.written(said)[0] if said != structured.Said() else ""
