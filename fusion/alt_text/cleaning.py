"""Takes out of alt-text what says nothing of the picture: markup, addresses, file names, the trade of pictures.

What names and numbers stand in it stays as it is. Other languages stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

from fusion import lexicon
from fusion.alt_text.boilerplate import uncommanded, unoffered

LONGEST = 2000
"""Code points that are read of an alt-text; a longer one is a page."""
TAG = re.compile(r"</?[a-z!][^<>]{0,300}>", re.IGNORECASE)
INVISIBLE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff\ufffd]")
ADDRESS = re.compile(r"\b(?:https?:|www\.)\S*|\bhttps?\b(?=\W*$)", re.IGNORECASE)
SITE = re.compile(r"(?:^|\s)[\w.-]+@[\w-]+\.\w+|(?<=\s)[\w-]+\.(?:com|net|org|info|co\.uk)(?:/\S*)?(?=\W*$)", re.IGNORECASE)
SUFFIX = re.compile(r"\.(?:jpe?g|png|gif|webp|bmp|tiff?|svg)\b(?:\?\S*)?", re.IGNORECASE)
FOLDERS = re.compile(r"^\S*/(?=[^/\s]+\.(?:jpe?g|png|gif|webp|bmp|tiff?|svg)\b)", re.IGNORECASE)
CAMERA = re.compile(
    r"\b(?:IMG|_MG|DSC|DSCN|DSCF|DSC_|GOPR|PICT|IMGP|DJI|MVI|CIMG|PXL|WhatsApp Image)[ _-]?\d{3,}(?:[ _-]\d+)*(?=[a-z_\W]|$)",
    re.IGNORECASE,
)
CODE = re.compile(r"\s*((?=\w*\d)(?=\w*[a-f])[0-9a-f]{8,})\s+")
URL = re.compile(r"\s*https?://[^\s?#]*/([^\s/?#]+)/?(?:[?#]\S*)?\s*")
HASHTAG = re.compile(r"#(?=[^\W\d])(\w+)")
HUMPS = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
SHAPES = (
    r"(?:photo(?:s|graph[sy]?)?|images?|pictures?|pics?|videos?|illustrations?|vectors?|clip ?arts?|footage|fotografie|fotos?)"
)
TRADE = r"(?:royalty[ -]free|rights[ -]managed|stock|free|premium|editorial|vector|clip ?art)"
STOCK = re.compile(
    rf"(?:[\s,.|:;–—-]*\b{TRADE})*[\s,.|:;–—-]*\b(?:stock|royalty[ -]free|vector)\s+{SHAPES}(?:\s+{SHAPES})*\b"
    rf"(?:[\s.|:;–—-]*\b{SHAPES}\s+of \w+)*(?:[\s.|:;#–—-]+(?:{SHAPES}\W+)?(?P<id>\d{{5,}}))?(?=\W*$)|"
    r"[\s|–—-]+(?:stockfoto\w*|стокове фото)(?=\W*$)",
    re.IGNORECASE,
)
AGENCIES = (
    r"(?:alamy|getty images|getty|shutterstock|istock(?:photo)?|dreamstime|123rf|depositphotos|adobe stock|pinterest|etsy|ebay|"
    r"amazon|flickr|zazzle|redbubble|polyvore|500px|youtube|aliexpress|alibaba|iconfinder|themeforest|chairish|wikipedia|reuters)"
)
AGENCY = re.compile(
    rf"(?:\s*[|/·•–—]\s*|\s+-+\s+|\s+(?:on|by|from|via|at|su)\s+|\s*©\s*){AGENCIES}(?:\.com|\.[a-z]{{2}})?(?=\W*$)", re.IGNORECASE
)
LEAD = re.compile(
    r"^\W*(?:(?:an?|the|this is an?|this)\s+)?(?:(?:close-?up|stock|thumbnail|hd|free|vector|color|colour)\s+)?"
    r"(?:image|picture|photo|photograph|pic|thumbnail|screenshot|snapshot|clipart image)s?\s+"
    r"(?:result\s+)?(?:of|for|showing|shows|depicting)(?:\s*:)?\s+|^download\s+(?=\w)",
    re.IGNORECASE,
)
LOOSE_END = re.compile(
    r"(?:[\s,;:|/&+–—=*~_<>•·-]+(?:and|or|the|an?|of|for|with|in|on|at|to|by|from|that|su|title=|alt=)?(?![\w'’]))+$",
    re.IGNORECASE,
)
LOOSE_START = re.compile(r"^[\s,;:|/&+–—=*~_<>•·.!)\]-]+(?=\w)")
CUT = re.compile(r"\s*(?:\.{2,}|…)\W*$")
MOJIBAKE = re.compile("[\u00c2\u00c3\u00d0\u00d1\u00e2][\u0080-\u00bf\u0152-\u0178\u2013-\u203a\u20ac\u2122\u02c6\u02dc\u0192]")
WORD = re.compile(r"[^\W\d_]+")


def clean(text: str) -> str:
    """What an alt-text says, on one line; "" where it says nothing."""
    for step in STEPS:
        text = step(text)
    return text if any(c.isalnum() for c in text) else ""


def unmarked(text: str) -> str:
    """Without markup, entities, addresses and characters that nobody sees; of an address alone the file's name stays."""
    text = text if len(text) <= LONGEST else text[:LONGEST].rpartition(" ")[0] or text[:LONGEST]
    text = unescape(unescape(text)) if "&" in text else text
    address = URL.fullmatch(text)
    text = address.group(1) if address else text
    return spaced(ADDRESS.sub(" ", INVISIBLE.sub("", TAG.sub(" ", text))))


def decoded(text: str) -> str:
    """UTF-8 that somebody read as Windows-1252, read again: "cafÃ©" is "café"."""
    if not MOJIBAKE.search(text):
        return text
    try:
        return b"".join(as_byte(c) for c in text).decode("utf-8")
    except UnicodeError:
        return text


def as_byte(letter: str) -> bytes:
    """The byte that was read as this letter: Windows-1252, where that has none the one of its number."""
    try:
        return letter.encode("cp1252")
    except UnicodeEncodeError:
        return letter.encode("latin-1")


def unquoted(text: str) -> str:
    """A field of a table that kept its quotation marks: `"46.5"" Banner"` is `46.5" Banner`."""
    while len(text) > 1 and text[0] == text[-1] == '"' and ('""' in text or '"' not in text[1:-1]):
        text = text[1:-1].replace('""', '"')
    return re.sub(r'"{2,}', '"', text)


def unfiled(text: str) -> str:
    """A file's name as words: no folder, ending or camera, and blanks for what joins its words."""
    bare = CAMERA.sub(" ", SUFFIX.sub("", FOLDERS.sub("", text)))
    if " " not in bare.strip() and len(re.findall(r"[-_+]", bare)) > 1:
        bare = re.sub(r"(?<=[^\W\d])-|-(?=[^\W\d])|_|\+", " ", bare)
    bare = bare.replace("_", " ") if "_" in bare else bare
    return behind(bare)


def behind(text: str) -> str:
    """A shop's code in front of a text goes to its end: "9b6fa0dbd7 Men's Boots" is "Men's Boots (9b6fa0dbd7)"."""
    code = CODE.match(text)
    return f"{text[code.end() :].strip()} ({code.group(1)})" if code and code.end() < len(text) else text


def untagged(text: str) -> str:
    """Hashtags as words: "#BlackLivesMatter" is "Black Lives Matter"."""
    return HASHTAG.sub(lambda match: HUMPS.sub(" ", match.group(1)), text) if "#" in text else text


def untraded(text: str) -> str:
    """Without what sellers of pictures, and pages around them, add: at the ends, and whole segments."""
    before = ""
    while text != before:
        before = text
        text = AGENCY.sub("", STOCK.sub(identified, SITE.sub(" ", text)))
        text = unoffered(text)
        text = LEAD.sub("", text) or text
    return text


def identified(match: re.Match[str]) -> str:
    """What stays of "Stock Photo - 14061392"."""
    return f" ({match.group('id')})" if match.group("id") else ""


def whole(text: str) -> str:
    """Without loose ends: marks that part nothing, a cut-off last clause's little words."""
    text, before = spaced(text), ""
    while text != before:
        before = text
        text = LOOSE_START.sub("", LOOSE_END.sub("", CUT.sub("", text)))
    for opened, closed in ("()", "[]"):
        if text.count(opened) > text.count(closed) and text.rfind(opened) > text.rfind(closed):
            text = text[: text.rfind(opened)] + text[text.rfind(opened) + 1 :]
    return spaced(text)


def once(text: str) -> str:
    """Without words said again at once: "Wine Red Wine Red" is "Wine Red", "dog dog dog" is "dog"."""
    words = text.split()
    folded = [w.casefold().strip(",;:|-") for w in words]
    kept: list[int] = []
    n = 0
    while n < len(words):
        size = next((k for k in range(min(12, (len(words) - n) // 2), 0, -1) if repeats(folded, n, k)), 0)
        n += size
        if not size:
            kept.append(n)
            n += 1
    left = " ".join(words[i] for i in kept)
    return left[:1].upper() + left[1:] if kept and kept[0] and words[0].istitle() else left


def repeats(words: list[str], start: int, size: int) -> bool:
    """Do so many words stand twice, one behind the other? Of single words only those that nobody is named by."""
    one, other = words[start : start + size], words[start + size : start + 2 * size]
    if one != other or size > 1:
        return one == other and (size > 2 or all(w.isalpha() for w in one))
    thrice = words[start + 2 : start + 3] == one or words[start - 1 : start] == one
    return one[0] in TWICE or (thrice and lexicon.known(one[0]))


TWICE = frozenset("the a an of in on at for with and to".split())


def lowered(text: str) -> str:
    """Words that lexicons know, all in capitals, with a capital only; others may be abbreviations."""
    letters = [c for c in text if c.isalpha()]
    if len(letters) < 8 or " " not in text or sum(c.isupper() for c in letters) < 0.9 * len(letters):
        return text
    calmed = WORD.sub(lambda match: calm(match.group(0)), text)
    return calmed[:1].upper() + calmed[1:]


def calm(word: str) -> str:
    """One word of a text in capitals."""
    small = word.lower()
    if not word.isupper() or len(word) < 2 or small in ABBREVIATIONS:
        return word
    if small in LITTLE:
        return small
    return word.capitalize() if len(word) > 5 or (len(word) > 2 and (lexicon.known(small) or small in MONTHS)) else word


LITTLE = frozenset("the and of in on at for with to by from or a an".split())
ABBREVIATIONS = frozenset(
    "usa usb dvd led lcd tv pc ibm bmw atm mri suv nba nfl nhl mlb ufo uk eu ac dc ii iii iv vi vii viii xl xxl".split()
)
MONTHS = frozenset("january february march april may june july august september october november december".split())


def spaced(text: str) -> str:
    """On one line, with single blanks, and none in front of a comma."""
    return re.sub(r"(?:,\s*)+,|\s+(?=[,;](?: |$))", lambda match: "," if "," in match.group(0) else "", " ".join(text.split()))


STEPS: tuple[Callable[[str], str], ...] = (
    decoded, uncommanded, unmarked, unquoted, unfiled, untagged, uncommanded, untraded, whole, once, lowered
)  # fmt: skip
