"""Takes out of alt-text what pages say to their readers, and what is said to a model: whole segments, or nothing.

What is cut within a sentence changes what a quotation says; so only a part between borders goes, or what stands at the end.
"""

from __future__ import annotations

import re

BORDER = re.compile(r"(\s+[|–—-]+\s+|\s*\|\s*|:\s+|;\s+|(?<=[.!?])\s+)")
"""What parts the segments of an alt-text."""
CLICK = (
    r"click (?:here |image |photo |picture )?(?:to|for|through)(?: (?:enlarge|zoom|view|see|details|larger|full|more|the|a|"
    r"image|size|view|version|picture|for|in|it|this|download))*|"
    r"view (?:full|larger) (?:size|image)|opens? in (?:a )?new (?:window|tab)"
)
SHOP = re.compile(
    rf"\b(?:{CLICK}|free shipping|(?:order|buy|shop|book|available) (?:\w+ ){{0,2}}(?:online|now|here|today)|"
    r"add to (?:cart|basket)|(?:free|hd|4k) (?:\w+ )?downloads?|downloads? (?:free|now|hd)|"
    r"download (?:this|the) (?:\w+ )?(?:image|photo|picture|wallpaper)|"
    r"free cc0|cc0|public domain|all rights reserved|terms of use|best prices?|read more|sign up|subscribe|follow us|"
    r"(?:hd|4k|desktop|mobile|phone) (?:wallpapers?|backgrounds?))\b",
    re.IGNORECASE,
)
ONLY = re.compile(
    r"\W*(?:(?:hd|uhd|4k|free|new|best|cool|desktop|mobile|high|resolution|quality|and|downloads?|wallpapers?|backgrounds?|sale|"
    r"photos?|images?|pictures?|pics?|stock|full)\b\W*)+",
    re.IGNORECASE,
)
"""A segment that says no more than what pages offer."""
OFFERED = re.compile(
    r"[\s,|–—-]+(?:(?:hd|uhd|4k|free|desktop|mobile|full|background|wallpapers?|downloads?|for|pc)[\s,]*){2,}(?=\W*$)",
    re.IGNORECASE,
)
"""What sellers of wallpaper put behind a title."""
AT_END = re.compile(rf"[\s,|:;–—-]*\b(?:{CLICK}|download free|free shipping)\b[\s.!]*$", re.IGNORECASE)
AT_START = re.compile(r"^\W*free shipping\W+(?=\w)", re.IGNORECASE)
SENTENCE = re.compile(r"(?<=[.!?])\s+")
MARKED = re.compile(
    r"\[INST\].*?(?:\[/INST\]|$)|<<SYS>>.*?(?:<</SYS>>|$)|<\|[^|>]*\|>.*?(?=<\||$)|#{3,}\s*\w+.*$", re.IGNORECASE | re.DOTALL
)
"""What stands between the marks that prompts of models have."""
COMMAND = re.compile(
    r"""(?:^\W*|[,;:]\s+|\b(?:please|now|then|and|instead,?|you\smust|just)\s)(?:please\s|now\s|just\s|then\s)*(?:
        (?:ignore|disregard|forget|override|bypass)\s(?:\w+\s){0,4}?(?:above|previous|prior|preceding|earlier|everything|instructions?|
            prompts?|rules|system|context|facts)\b
      | (?:write|say|output|print|answer|respond|reply|repeat|return|type)\s(?:only|exactly|with|that|just|
            the\s(?:words?|text|phrase)|["'“:])
      | (?:write|say|output|print|answer|respond\swith|reply|repeat|return)\s(?-i:[A-Z]{3,})\b(?!\s[A-Z]{2})
      | (?:describe|caption)\s(?:this|the)\s(?:image|picture|photo)\sas\b
      | do\snot\s(?:describe|caption|mention|follow)\b
      | you\sare\s(?:now\s)?(?:an?\s|the\s)?(?:\w+\s)?(?:ai|assistant|model|chatbot|llm|gpt\w*|dan)\b
      | (?:as\s)?an?\s(?:ai|large)\slanguage\smodel\b
    )""",
    re.IGNORECASE | re.VERBOSE,
)  # fmt: skip
"""What is said to a model, or to whoever reads, and tells nothing of a picture."""
ROLE = re.compile(r"^\W*(?:system|assistant|user|human|instructions?|prompt)\s*:", re.IGNORECASE)
"""How a turn of a conversation begins."""


def uncommanded(text: str) -> str:
    """Without the sentences that tell somebody what to write or to ignore."""
    kept = [one for one in SENTENCE.split(MARKED.sub(" ", text)) if not COMMAND.search(one) and not ROLE.match(one)]
    return " ".join(kept)


def unoffered(text: str) -> str:
    """Without segments in which a page offers something; the text as it is where that is all, and still tells something."""
    text = OFFERED.sub("", AT_END.sub("", AT_START.sub("", text))) or text
    pieces = BORDER.split(text)
    kept: list[str] = []
    for n in range(0, len(pieces), 2):
        border, told = pieces[n - 1] if n else "", without_offer(pieces[n])
        if told and kept:
            kept.append(border)
        kept += [told] if told else []
    alone = not kept and len(pieces) == 1 and not SHOP.match(text) and not ONLY.fullmatch(text)
    return text if alone else "".join(kept)


def without_offer(segment: str) -> str:
    """A segment up to the comma behind which a page offers something; "" where it does so from the start."""
    if ONLY.fullmatch(segment) and not segment.isspace():
        return ""
    parts = re.split(r"(,\s+)", segment)
    for n in range(0, len(parts), 2):
        if SHOP.search(parts[n]):
            return "".join(parts[: max(n - 1, 0)])
    return segment
