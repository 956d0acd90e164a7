"""Faults that reject a reply: each function gives the reason, in words that the model can be told, or "" where all is well."""

from __future__ import annotations

import re
from collections import Counter

from rapidfuzz import fuzz

from fusion.language.detect import is_latin
from fusion.write.guards.mends import MARK, MOJIBAKE, numbered
from fusion.write.guards.wanted import ID, PROSE, Wanted, quotations, runs, said_in, sentences, unquoted, words

REFUSAL = re.compile(
    r"\bi(?:['’]m| am) (?:so |very |really )?(?:sorry|afraid|unable|not able)\b"
    r"|\bi (?:can(?:no|['’])t|can not|could not|couldn['’]t|am not able to|do not|don['’]t|won['’]t|will not) "
    r"(?:actually |directly )?(?:see|view|have|know|provide|help|assist|write|"
    r"generate|create|describe|identify|fulfil|answer|comply|access|tell)"
    r"|\b(?:sorry|apologi[sz]e|apologies)\b[^.]{0,40}\b(?:but|for|i)\b"
    r"|\bunable to (?:see|view|access|describe|provide|generate|create) "
    r"|\b(?:no image|no picture|no photo) (?:was |is |has been )?(?:provided|attached|given)"
    r"|\bplease (?:provide|upload|share|attach)\b|\b(?:not|n['’]t) enough (?:information|facts|context)\b",
    re.IGNORECASE,
)
ASSISTANT = re.compile(
    r"\bas an? (?:ai|artificial|large language|language model|text[- ]based|virtual assistant|assistant)\b|\blanguage model\b"
    r"|\bi['’]?m an? (?:ai|language model|assistant)\b|\bmy (?:training data|knowledge cutoff|programming)\b",
    re.IGNORECASE,
)
BULLETS = re.compile(r"^[ \t]*(?:[-*•–]|\(?\d{1,2}[.)])[ \t]+\S", re.MULTILINE)
LABELS = re.compile(
    r"(?:^|[\n\]>] ?)(?:objects?|relations?|scene|class|tags|name|place|text(?: on [a-z]\d+)?|said by [^:\n]{1,40}): ",
    re.MULTILINE,
)
LABELLED = re.compile(r"\b(?:objects?|relations?|scene|class|style|place|tags|text on [a-z]\d+|said by [^:\n]{1,40}): ")
"""A line of facts within a text; a caption may have one colon like that, but hardly two."""
TAGS = re.compile(
    r"</?(?:facts|captions|found_text|found_names)>|\bfound_(?:text|names)\b|‹/?(?:facts|captions|found_text|found_names)›",
    re.IGNORECASE,
)
RULE_WORDS = 6
"""Words in a row that a caption shares with the prompt only where it repeats it."""
FEWEST_COPIED = 3
"""Words from which a caption that stands in the alt-text was copied from it."""
LONGEST_TAG = 6
ARTICLE = re.compile(r"(?:an?|the) \S+ \S|.{0,80}? (?:an?|the) ", re.IGNORECASE)
"""How a sentence begins where a tag was wanted, or goes on."""
LONGEST_RUN = 8
"""Words of a run that is looked for."""
MOST_REPEATED = 3
WORDS_A_REPEAT = 40
"""Words of a long text for which a phrase such as "on the left side" may come once."""
FEWEST_TAGS = 4
"""Parts between commas from which a text without a verb is a list."""
SAME_TEXT = 80.0
"""Similarity of read text, percent: one wrong character in five."""


def template(text: str, wanted: Wanted) -> str:
    """Marks of chat templates that are left, and bytes that a tokenizer left as such."""
    return "there were marks of a chat template in it" if MARK.search(text) or "<0x" in text else ""


def refusal(text: str, wanted: Wanted) -> str:
    """The model says that it cannot."""
    found = REFUSAL.search(unquoted(text))
    return f'it said "{found.group().strip()}" in place of a caption; the facts are all you need' if found else ""


def assistant(text: str, wanted: Wanted) -> str:
    """The model speaks of itself."""
    return "it spoke of the model that writes it" if ASSISTANT.search(unquoted(text)) else ""


def encoding(text: str, wanted: Wanted) -> str:
    """Characters that were read in the wrong encoding and cannot be told."""
    return "there were broken characters in it" if "\ufffd" in text or MOJIBAKE.search(text) else ""


def listed(text: str, wanted: Wanted) -> str:
    """Bullets or numbers, or tags, where prose is wanted."""
    if wanted.shape not in PROSE:
        return ""
    if len(BULLETS.findall(text)) > 1 or numbered(text):
        return "it was a list; write sentences"
    parts = [part.split() for part in text.split(",")]
    bare = all(1 <= len(part) <= 2 and part[0].lower() not in {"a", "an", "the", "and"} for part in parts)
    if wanted.shape != "line" and len(parts) >= FEWEST_TAGS and bare:
        return "it was a list of words; write sentences"
    return ""


def endless(text: str, wanted: Wanted) -> str:
    """A tag again and again, or words that come again at once; told before a mend takes some of it away."""
    if wanted.shape == "json":
        return ""
    if wanted.shape == "tags":
        most = Counter(tag.strip().casefold() for tag in text.split(",")).most_common(1)
        return f'it repeated "{most[0][0][:40]}"' if most and most[0][1] > MOST_REPEATED else ""
    own = words(text)
    found = (_at_once(own, length, 4 if length == 1 else 3) for length in range(1, LONGEST_RUN + 1))
    return next((f'it repeated "{run}"' for run in found if run), "")


def loop(text: str, wanted: Wanted) -> str:
    """A sentence twice, or a run of words that comes again and again."""
    if wanted.shape not in PROSE:
        return ""
    said = Counter(" ".join(words(one)) for one in sentences(text))
    if again := next((one for one, number in said.items() if number > 1 and one), ""):
        return f'it repeated "{again[:60]}"'
    own = words(text)
    often = Counter(tuple(own[i : i + 4]) for i in range(len(own) - 3)).most_common(1)
    most = max(MOST_REPEATED, len(own) // WORDS_A_REPEAT)
    return f'it repeated "{" ".join(often[0][0])}"' if often and often[0][1] > most else ""


def _at_once(own: list[str], length: int, times: int) -> str:
    """The run of so many words that follows itself so many times; "" if none does."""
    same = 0
    for i in range(length, len(own)):
        same = same + 1 if own[i] == own[i - length] else 0
        if same >= length * (times - 1):
            return " ".join(own[i - length + 1 : i + 1])
    return ""


def echo(text: str, wanted: Wanted) -> str:
    """Lines, ids, rules or examples of the prompt, or the alt-text as it stands."""
    if LABELS.search(text) or TAGS.search(text) or len(LABELLED.findall(text)) > 1:
        return "it repeated lines of facts; say them in sentences"
    plain = text if wanted.shape == "json" else unquoted(text)
    if found := next((one for one in ID.findall(plain) if one in wanted.only_ids), ""):
        return f'it named the id "{found}"; call things by their words'
    own = words(text)
    rules, again = runs(wanted.rules, RULE_WORDS), runs(wanted.again, RULE_WORDS)
    own_runs = (tuple(own[i : i + RULE_WORDS]) for i in range(len(own) - RULE_WORDS + 1))
    asked = said_in(wanted.rules) | said_in(wanted.again)
    if any(run in rules or run in again for run in own_runs) or any(tuple(words(one)) in asked for one in sentences(text)):
        return "it repeated the instructions"
    if any(own == words(example) for example in wanted.examples):
        return "it repeated an example, which is of another picture"
    if len(own) >= FEWEST_COPIED and f" {' '.join(own)} " in f" {' '.join(words(wanted.found))} ":
        facts = set(words(wanted.facts))
        if any(len(word) > 3 and word not in facts for word in own):
            return "it repeated the found text; tell the facts"
    return ""


def style(text: str, wanted: Wanted) -> str:
    """Prose where tags are wanted."""
    if wanted.shape != "tags":
        return ""
    parts = [part.split() for part in text.split(",")]
    if any(len(part) > LONGEST_TAG for part in parts) or len(sentences(text)) > 1:
        return "it was not a list of tags; write short tags joined by commas"
    if len(parts) == 1 and ARTICLE.match(text.strip()):
        return "it was a sentence; write short tags joined by commas"
    return ""


def script(text: str, wanted: Wanted) -> str:
    """Letters of other scripts that stand in no fact and no found text."""
    if text.isascii():
        return ""
    odd = [c for c in text if c.isalpha() and not is_latin(c) and c not in wanted.known]
    return f'there were characters of another script in it ("{"".join(odd[:8])}"); write English' if odd else ""


def invented(text: str, wanted: Wanted) -> str:
    """A quotation that no text fact, alt-text or statement holds."""
    if wanted.shape == "json":
        return ""
    for quotation in quotations(text):
        own = " ".join(words(quotation))
        if own and not _held(own, wanted):
            return f'it quoted "{quotation[:60]}", which is written nowhere'
    return ""


def _held(own: str, wanted: Wanted) -> bool:
    known = [" ".join(words(one)) for one in (*wanted.quotable, wanted.found)]
    together = " ".join(known)
    if f" {own} " in f" {together} " or set(own.split()) <= set(together.split()):
        return True
    return any(fuzz.ratio(own, one) >= SAME_TEXT for one in known)
