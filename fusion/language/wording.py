"""Says what a fact states in place of words that do not hold: a noun in its number, a verb in its form, a number in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from fusion import lexicon
from fusion.facts import Claim
from fusion.language import words
from fusion.language.predicate import POSTURES, parts

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

HE, SHE = {"he", "him", "his", "himself"}, {"she", "her", "hers", "herself"}
TO_HER = {"he": "she", "him": "her", "his": "her", "himself": "herself"}
TO_HIM = {"she": "he", "hers": "his", "herself": "himself"}


def reworded(doc: Doc, tokens: Sequence[int], claim: Claim, value: str) -> dict[int, str] | None:
    """What stands at these tokens when the claim says `value`, by token index; "" for a token that goes.

    None where it cannot be said in their place.
    """
    if claim.kind == "object":
        return noun(doc, tokens, value)
    if claim.kind == "count":
        return number(doc, tokens, value)
    if claim.kind == "attribute":
        return filled(doc, tokens, adjective(doc[tokens[-1]], value))
    if claim.kind == "relation":
        return predicate(doc, tokens, claim.value, value)
    return None


def filled(doc: Doc, tokens: Sequence[int], text: str | None) -> dict[int, str] | None:
    """The text at the first of some tokens that stand together."""
    if text is None or list(tokens) != list(range(tokens[0], tokens[-1] + 1)):
        return None
    capital = doc[tokens[0]].text[:1].isupper() and doc[tokens[0]].is_sent_start
    return {tokens[0]: text[:1].upper() + text[1:] if capital else text} | dict.fromkeys(tokens[1:], "")


def noun(doc: Doc, tokens: Sequence[int], value: str) -> dict[int, str] | None:
    """The noun in the number of the one it stands for, and the pronouns that meant it."""
    head = doc[tokens[-1]]
    if head.pos_ == "PRON":
        return None
    many = head.tag_ in {"NNS", "NNPS"} or head.lower_ in words.COLLECTIVE_PLURALS
    new = filled(doc, tokens, lexicon.plural(value) if many else value)
    if new is None:
        return None
    return new | pronouns(head, value)


def pronouns(head: Token, value: str) -> dict[int, str]:
    """ "A woman with her dog" as "a man with his dog", where nobody else can be meant."""
    mine, other = (HE, "woman") if lexicon.is_a(head.lower_, "man") or lexicon.is_a(head.lower_, "boy") else (SHE, "man")
    turned = lexicon.excludes(value, head.lower_) and lexicon.is_a(value, "person")
    if not turned or not (lexicon.is_a(value, other) or lexicon.is_a(value, "girl" if other == "woman" else "boy")):
        return {}
    table = TO_HER if other == "woman" else TO_HIM
    found = {}
    for token in head.doc:
        if token.lower_ in mine:
            new = table.get(token.lower_) or ("his" if token.tag_ == "PRP$" else "him")
            found[token.i] = new.capitalize() if token.text[:1].isupper() else new
    return found


def number(doc: Doc, tokens: Sequence[int], value: str) -> dict[int, str] | None:
    """Another number in words in front of its noun; "a" with its singular, where no verb agrees with it."""
    head = doc[tokens[0]]
    if len(tokens) != 1 or head.dep_ != "nummod" or not value.isdecimal() or int(value) < 1:
        return None
    if int(value) == 1:
        return single(head, head.head)
    new = filled(doc, tokens, lexicon.number_word(int(value)))
    before = head.nbor(-1) if head.i else head
    if new is not None and before.lower_ == "a" and head.lower_ in {"dozen", "hundred", "thousand"}:
        new[before.i] = ""  # "a dozen eggs" as "six eggs"
    return new


def single(number: Token, noun: Token) -> dict[int, str] | None:
    """ "A book" for "three books"."""
    free = noun.dep_ in {"pobj", "dobj", "attr"} or (noun.dep_ == "ROOT" and not any(c.pos_ == "VERB" for c in noun.children))
    if not free or noun.tag_ != "NNS" or noun.i < number.i:
        return None
    following = number.nbor()
    one = lexicon.singular(noun.lower_)
    article = lexicon.article(one if following.i == noun.i else following.text)
    return {number.i: article.capitalize() if number.text[:1].isupper() else article, noun.i: one}


def adjective(head: Token, value: str) -> str | None:
    """An adjective in the place of another one; what somebody does is said in its form."""
    if head.tag_ in {"VBZ", "VBP", "VBD"}:
        return None
    return value


def predicate(doc: Doc, tokens: Sequence[int], said: str, value: str) -> dict[int, str] | None:
    """A preposition in the place of another one, or a verb in the form of the one that stands there."""
    first, (verb, place), (verb2, place2) = doc[tokens[0]], parts(said), parts(value)
    if place and place2 and (verb2 in {"", verb} or (not verb and verb2 in POSTURES)):
        inner = tokens[1:] if first.pos_ in {"VERB", "AUX"} else tokens
        return filled(doc, inner, place2.replace("to left", "to the left").replace("to right", "to the right")) if inner else None
    if first.pos_ not in {"VERB", "AUX"} or not verb or verb2 in {"", "have", "be"} or place != place2:
        return None
    if first.tag_ == "VBG":
        return filled(doc, tokens[:1], lexicon.participle(verb2))
    if first.tag_ == "VBZ":
        return filled(doc, tokens[:1], lexicon.third_person(verb2))
    return filled(doc, tokens[:1], verb2) if first.tag_ in {"VBP", "VB"} else None
