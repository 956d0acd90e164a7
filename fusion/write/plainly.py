"""Sentences of captioning models as captions of a data set: without a frame, without what the writer made of the picture.

Models open with "the image features", close with "creating a lively atmosphere", and stop in the middle where their tokens end.
What is said of the picture itself stays as it is.
"""

from __future__ import annotations

import re

__all__ = ["OPEN", "is_effect", "is_loose", "is_unfinished", "told_plainly", "trimmed", "worded"]

PICTURE = r"(?:image|picture|photo|photograph|photography|scene|shot|view)"
SHOWS = (
    r"(?:features?|shows?|depicts?|captures?|displays?|presents?|portrays?|contains?|illustrates?|showcases?|includes?|"
    r"(?:is|are)\s(?:of|showing|featuring|depicting)|consists?\sof)"
)
FRAME = re.compile(
    rf"""(?: (?:this|it|that|here)\s(?:is|was)\s(?=an?\s{PICTURE}\s(?:of|showing)\s)
       | (?:(?:this|there)\s(?:is|was)\s)?an?\s{PICTURE}\s(?:of|showing)\s(?=\S+\s\S)
       | (?:the|this|our)\s{PICTURE}\s(?:also\s|mainly\s|prominently\s|clearly\s|primarily\s)?{SHOWS}\s(?:us\s)?
       | (?:the|this)\s(?:image|picture|photo|photograph)\sis\s(?=an?\s)
       | (?:in|on)\s(?:the|this|that)\s{PICTURE}\s?,\s?
       | (?:in|on)\s(?:the|this|that)\s{PICTURE}\s(?=(?:we|you|one|i|there)\s)
       | (?:and\s)?(?:we|you|one|i)\scan\s(?:also\s|clearly\s)?(?:see|observe)\s
       | (?:we|i)\ssee\s
       | (?:additionally|furthermore|moreover|also|overall|lastly|finally|meanwhile|in\stotal|in\saddition(?:\sto\s[^,]+)?),\s
    )""",
    re.IGNORECASE | re.VERBOSE,
)  # fmt: skip
"""What stands in front of what is told. A single word behind "a photo of" stays with it."""
NO_START = frozenset("how what that why when where while and or but of in on at to from with as so which who if us".split())
"""Words that begin no caption by themselves."""
IN_PICTURE = re.compile(
    r"(?P<is>\b(?:is|are)(?: also| clearly| both| all)?(?: visible| present| seen))?(?: that (?:is|are))?"
    rf"(?: visible| present| seen)? (?:in|within|throughout) (?:the|this) {PICTURE}(?=[.,;]|$)",
    re.IGNORECASE,
)
"""Where what is there is; "is visible" stays, or its sentence would have no end."""
PART_OF = re.compile(
    r"(?<=side|ddle|nter|ntre|ound|rner|edge|part|bott|ttom|.top|.end) of (?:the|this) (?:image|picture|photo|photograph|scene)"
    r"(?=[.,; ]|$)",
    re.IGNORECASE,
)
CAPTIONERS = re.compile(r"\barafed\b ?", re.IGNORECASE)
"""A word that BLIP made up."""
GUESS = r"(?:possibly|likely|most\slikely|perhaps|probably|presumably|seemingly|apparently|maybe|potentially)"
MEANT = re.compile(
    rf"""\s*,\s(?:and\s|also\s|thus\s|thereby\s|all\s|further\s|ultimately\s)*(?:
        {GUESS}\b
      | (?:adding|creating|indicating|suggesting|showcasing|providing|enhancing|contributing|emphasi[sz]ing|highlighting|allowing|
          ensuring|evoking|conveying|lending|demonstrating|symboli[sz]ing|implying|complementing|exuding|signifying)\b
      | (?:making|giving)\s(?:it|them|its|the|for|sure|an?\s(?:\w+\s)?(?:sense|touch|impression|feel\w*|look|appearance))\b
      | (?:drawing|capturing|inviting|attracting)\s(?:attention|the|our|viewers?|us|guests|people)\b
      | offering\san?\s(?:\w+\s)*(?:view|glimpse|sense|contrast|touch|place|spot)\b
      | (?:setting|bringing)\s(?:the\s(?:tone|stage|mood|scene)|life|warmth|an?\s(?:sense|touch))\b
      | (?:taking\scent(?:er|re)|standing\sout|serving\sas|resulting\sin|helping\sto|with\s(?:a|the|the\smain)\sfocus)\b
      | which\s(?:is\s{GUESS}|may|might|could|can|adds?|gives?|makes?|creates?|suggests?|indicates?|allows?|helps?|serves?|
          provides?|enhances?|contributes?|appears?|seems?|highlights?|emphasi[sz]es)\b
      | as\s(?:if|though|evidenced|indicated)\b | indicated\sby\b
    )""",
    re.IGNORECASE | re.VERBOSE,
)
"""Where a sentence goes over from what is there to what it is for, or makes of it; only behind a comma."""
AN_ASIDE = re.compile(rf", {GUESS} [^,]+(?=, (?:is|are|was|were|can|has|have|with|on|in|at|near|next)\b),", re.IGNORECASE)
FINITE_BEHIND = re.compile(r", (?:is|are|was|were|has|have|can)\b", re.IGNORECASE)
LEAST = 4
"""Words that must stand in front of a cut."""
EFFECT = re.compile(
    r"""\b(?:atmosphere|ambian?ce|ambience|mood|vibe|aesthetics?|feeling|sense\sof|feel\sto|touch\sof|focal\spoint|(?:main|primary)\sfocus|
    cent(?:er|re)\sof\sattention|attention|(?:the|overall)\s(?:beauty|essence|peacefulness|thrill|excitement|charm|composition)|
    the\s(?:combination|presence|arrangement|overall\s\w+)\sof|overall|visually|captivating|
    (?:add(?:s|ing)?|contribut(?:es?|ing))\sto|adds?\s(?:an?\s)?(?:\w+\s)?(?:touch|element|charm|depth|interest|contrast|pop|layer)|
    suggest(?:s|ing)?|indicat(?:es?|ing)|
    creat(?:es?|ing)\san?|highlights?\s(?:the|its|his|her|their)|emphasi[sz](?:es?|ing)|showcas(?:es?|ing)\s(?:the|his|her|their|its)|
    scene\s(?:takes\splace|appears|is\sset|suggests|captures)|making\sit|giving\sit|can\sbe\senjoyed|
    in\sthe\sprocess\sof|main\ssubject)\b""",
    re.IGNORECASE | re.VERBOSE,
)
"""Words of what a picture does to its viewer."""
LOOSE = re.compile(
    r"there (?:is|are) (?:\w+ ){0,2}?(?:also|other|another)\b|"
    r"(?:i|he|she|it|they|them|his|her|its|their|these|those|this|some|one|another|both|each|all|the (?:other|others|rest|two))\b"
    r"(?! (?:man|woman|boy|girl|person|people|child|picture|photo|image)\b)",
    re.IGNORECASE,
)
"""How a sentence begins that leans on the one before."""
OPEN = frozenset(
    "a an the this that these those his her its their my your our some any no and or but nor of in on at to from with by "
    "for as near next between among against into onto over under is are was were be been being am has have had there who "
    "which where while one two three four five six several many most more very both each other another can could will would "
    "may might must not".split()
)
"""Words that no sentence ends with."""
LONG = 30
"""Words from which a sentence without an end mark was cut by a limit of tokens."""
ENDED = tuple('.!?"”…)')


def worded(text: str) -> str:
    """A sentence of a statement as a caption quotes it: told plainly, trimmed, with a capital and a full stop."""
    words = trimmed(told_plainly(text.capitalize() if text.isupper() else text))
    return words[0].upper() + words[1:] + ("" if words[-1] in '.!?"”' else ".") if words else ""


def told_plainly(text: str) -> str:
    """Without "the image features", "in this picture we can see" and the like, where a caption of its own is left."""
    whole = " ".join(CAPTIONERS.sub("", text).split()) or " ".join(text.split())
    rest = whole
    while (frame := FRAME.match(rest)) and len(rest[frame.end() :].split()) > 1:
        rest = rest[frame.end() :]
    first = rest.split()[0].lower().strip(",.") if rest else ""
    rest = whole if first in NO_START else rest
    for pattern in (IN_PICTURE, PART_OF):
        shorter = pattern.sub(lambda found: found.groupdict().get("is") or "", rest)
        rest = shorter if len(shorter.split()) >= LEAST else rest
    return rest


def trimmed(text: str) -> str:
    """Without a clause at the end, behind a comma, that says what is there for, or what it makes of the picture."""
    text = AN_ASIDE.sub("", text)
    for meant in MEANT.finditer(text):
        before, behind = text[: meant.start()], text[meant.end() :]
        if len(before.split()) >= LEAST and not FINITE_BEHIND.search(behind) and before.count('"') % 2 == 0:
            return before + "."
    return text


def is_effect(text: str) -> bool:
    """Does it speak of what the picture does to whoever looks at it?"""
    return EFFECT.search(text) is not None


def is_loose(text: str) -> bool:
    """Does it begin with a word for what another sentence has named?"""
    return LOOSE.match(text) is not None


def is_unfinished(text: str, *, alone: bool) -> bool:
    """Was it cut before its end? One that is `alone` in its statement may do without an end mark while it is short."""
    words = text.split()
    if not words or text.rstrip().endswith(ENDED):
        return False
    return not alone or len(words) >= LONG or words[-1].lower() in OPEN
