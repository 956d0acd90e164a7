"""Text of others that addresses a model in place of telling of a picture: no model is shown it (prompt injection, OWASP LLM01).

What such a sentence says is data like the rest, fenced and without marks, and a small model may follow it all the same.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from fusion.evidence import Evidence
from fusion.write.guards.wanted import sentences

MODEL = (
    r"(?:ai|assistant|chat ?bot|(?:large |vision[- ])?language model|llm|chat ?gpt|gpt(?:-?\d\w?)?|captioner|captioning model)"
)
FIRST = r"(?:^|[.!?:;,>\"'()\]-]\s*|\b(?:please|now|just|then|and|must|should|shall|can|to|you|will|but)\s+)"
"""What stands in front of an order; "people ignore the rules" is none."""
ORDERS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{FIRST}(?:ignore|disregard|forget|override|bypass|do not follow|don['’]t follow|stop following)\b[^.!?]{{0,60}}?"
        r"\b(?:above|previous(?:ly)?|prior|preceding|earlier|foregoing|instructions?|prompts?|rules|guidelines|directions|facts|"
        r"context|constraints|everything|what (?:you|was|is|has|i))\b",
        r"\b(?:system|developer) (?:prompt|instruction)s?\b|\binstructions? (?:for|to) (?:the |any |all |an? )?"
        + MODEL
        + r"s?\b",
        r"\b(?:new|updated|additional|actual|previous|prior|above|hidden|original|initial) (?:instructions?|prompts?)\b",
        r"\bfollow (?:these|my|the following|only these|only my) (?:instruction|order|rule|command)s?\b",
        rf"\byou are (?:now |no longer |actually )?(?:an? |the )?(?:[\w-]+ ){{0,2}}{MODEL}\b",
        rf"\b(?:act|behave|respond|speak) as (?:if you\b|though you\b|(?:an? |the )?(?:[\w-]+ ){{0,2}}{MODEL}\b)",
        r"\bpretend (?:that )?you\b|\bfrom now on,? (?:you|say|write|answer|respond|only|always)\b",
        r"\b(?:dear|hey|hi|hello|attention|note (?:to|for)|message (?:to|for)|to (?:the|any|all))[ ,:]+(?:the |any |all )?"
        rf"{MODEL}s?(?: models?)?(?:\W*[,:.!–-]| reading| that| who| which| viewing)"
        rf"|^\W*{MODEL}\s*[,:]\s",
        rf"{FIRST}(?:say|output|respond|reply|answer)(?: back)? "
        r"(?:only|exactly|simply|nothing but|with|the (?:word|phrase|following))\b",
        rf"{FIRST}(?:write|print|repeat|return|type) (?:only|exactly|nothing but)\b",
        rf"{FIRST}(?:write|generate|create|give|produce|make|output)\b[^.!?]{{0,30}}\b(?:captions?|alt[- ]text)\b",
        r"\b(?:the|your) (?:caption|answer|reply|response|output|description) (?:must|should|shall|has to|needs to|is to) "
        r"(?:only |always |just )?(?:be|say|read|contain|include|mention|start|begin|end)\b",
        rf"{FIRST}(?:do not|don['’]t|never) (?:describe|mention|caption) (?:the|this|any|it|what)\b",
        rf"{FIRST}describe (?:this|the|it)(?: image| picture| photo)? as\b",
        r"<\|[^<>|]{1,40}\|>|\[/?inst\]|<</?sys>>|<(?:start|end)_of_turn>|##\s*(?:instruction|assistant|human|user|system|response)\b",
        r"</?(?:facts|found_text|found_names|captions)>|\[[a-z]\d{1,3}[a-z]?\]\s*[a-z]{3,10}:",
    )
)
"""What only somebody writes who means to be obeyed by a model, and marks of turns and fences."""
BESIDE = re.compile(
    r"\W*(?:\d+\W+)?(?:(?:and|then|now|please|just|instead|you (?:must|should|will|have to))\W+)?(?:say|write|print|output|reply|"
    r"respond|answer|repeat|return|type|tell|describe|caption|call|use|add|include|mention|begin|start|end|make|do not|don['’]t|"
    r"never|only|always|rules?:|facts:|caption:)(?!\w)",
    re.IGNORECASE,
)
"""How a sentence begins that goes on with an order."""
WIDE = str.maketrans("＜＞［］＃｜：", "<>[]#|:")
"""Full-width signs, which some tokenizers read as the plain ones."""

__all__ = ["addressing", "harmless", "is_instruction", "withheld"]


def is_instruction(text: str) -> bool:
    """Does a sentence tell a model what to do?"""
    plain = " ".join(text.translate(WIDE).split())
    return any(order.search(plain) for order in ORDERS)


def addressing(told: Sequence[str]) -> list[bool]:
    """Which sentences of one text address a model; what begins as an order counts only where another one does."""
    sure = [is_instruction(one) for one in told]
    beside = any(sure)
    return [one or (beside and BESIDE.match(text) is not None) for one, text in zip(sure, told, strict=True)]


def harmless(text: str) -> str:
    """A text without the sentences in it that address a model, and without bare numbers beside them; else the text itself."""
    told = [one for line in text.splitlines() for one in sentences(line)]
    found = addressing(told)
    if not any(found):
        return "" if is_instruction(text) else text
    return " ".join(one for one, is_one in zip(told, found, strict=True) if not is_one and any(map(str.isalpha, one)))


def withheld(evidence: Evidence) -> frozenset[str]:
    """Ids of facts that address a model, and of those that were read from such sentences."""
    of_statements: dict[str, list[int]] = {}
    for place, sentence in enumerate(evidence.sentences):
        of_statements.setdefault(sentence.statement.id, []).append(place)
    read = [
        fact.id
        for places in of_statements.values()
        for place, is_one in zip(places, addressing([evidence.sentences[n].text for n in places]), strict=True)
        for fact in (evidence.sentences[place].facts if is_one else ())
    ]
    return frozenset([*read, *(fact.id for fact in evidence.facts if fact.kind != "statement" and is_instruction(fact.value))])
