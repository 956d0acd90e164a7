"""Finds what a caption mentions: each noun with its compounds, what kind of thing it names, and which mention it repeats."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from fusion import lexicon
from fusion.language import words
from fusion.language.mention import Mention, Role
from fusion.language.reference import link_elided, link_repeats, resolve

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

MOST_COMPOUND = 5
"""Words in front of the head of one noun; more are no noun."""
MOST_JOINED = 24
"""A longer list is no caption; relating all its items to all others would take forever."""


def find_mentions(doc: Doc, quoted: frozenset[int] = frozenset()) -> dict[int, Mention]:
    """All mentions of a text outside quoted words, by the index of their head token."""
    found: dict[int, Mention] = {}
    for token in doc:
        if is_close_up(token):
            found[token.i] = Mention(token, token.i - 2, "close-up", "picture")
        elif is_head(token):
            mention = make_mention(token)
            found[token.i] = mention
        elif (part := part_named(token)) is not None:
            found[token.i] = Mention(token, token.i, part, "object")
        if is_clothes(token):
            found[token.i] = Mention(token, token.i, "clothes", "object", plural=False)
        elif is_one_of(token):
            found[token.i] = Mention(token, token.i, token.lower_, "group")
        elif token.lower_ in words.INDEFINITE and token.pos_ in {"PRON", "NOUN"}:
            found[token.i] = Mention(token, token.i, words.INDEFINITE[token.lower_], "object")
    inside = {i for m in found.values() for i in range(m.start, m.head.i)}
    found = {i: m for i, m in found.items() if i not in inside and i not in quoted}
    for mention in found.values():
        if mention.role in {"group", "portion", "place_of", "picture"}:
            mention.of = [m for i in of_heads(mention.head) if (m := found.get(i) or resolve(doc[i], found)) is not None]
            if not mention.of and mention.role in {"group", "portion", "place_of"}:
                mention.role = bare_role(mention)
    link_repeats(doc, found)
    link_elided(doc, found)
    for token in doc:
        if token.lower_ in words.UNNAMED and token.i not in quoted and resolve(token, found) is None:
            value, plural = words.UNNAMED[token.lower_]
            found[token.i] = Mention(token, token.i, value, "object", plural)
    return dict(sorted(found.items()))


def is_head(token: Token) -> bool:
    """Is it a noun that is no part of a longer one?"""
    if not any(c.isalnum() for c in token.text):
        return False
    if token.i + 2 < len(token.doc) and token.nbor().text == "-" and token.nbor(2).tag_ in {"VBN", "JJ"}:
        return False  # "grass-covered"
    if is_matter(token) or (token.dep_ == "amod" and token.lower_ in words.PLAIN_ADJECTIVES):
        return False  # "a baby elephant"
    if token.pos_ == "PROPN" or token.pos_ == "NOUN":
        inner = token.dep_ == "compound" and token.head.i > token.i and token.head.pos_ in {"NOUN", "PROPN"}
        if inner and token.nbor().lower_ in words.LADEN:
            return True  # "snow covered trees"
        return not inner or is_whole(token, token.head) or any(t.text == "," for t in token.doc[token.i + 1 : token.head.i])
    return is_mistaken(token) or is_item(token)


def is_close_up(token: Token) -> bool:
    """The last word of "close-up", which tokenizers take apart."""
    return token.lower_ == "up" and token.i > 1 and token.nbor(-1).text == "-" and token.nbor(-2).lower_ == "close"


def is_matter(token: Token) -> bool:
    """ "Glass and stone skyscraper", "the fence is metal": the second matter of a noun, or what it is of, is no thing."""
    if token.lower_ not in words.MATERIALS:
        return False
    if token.dep_ == "attr" and not any(c.dep_ in {"det", "amod", "poss", "prep"} for c in token.children):
        return True
    if not 1 < token.i < len(token.doc) - 1:
        return False
    first, between, noun = token.nbor(-2), token.nbor(-1), token.nbor(1)
    row = first.lower_ in words.MATERIALS or lexicon.colour(first.lower_) == first.lower_
    return row and between.lower_ in {"and", "&", ","} and noun.pos_ == "NOUN"


def is_whole(token: Token, part: Token) -> bool:
    """ "Bathroom floor", "giraffe neck": two things, one part of the other, where no word stands for both."""
    adjacent = part.i == token.i + 1 and token.tag_ in {"NN", "NNS"} and part.dep_ != "compound"
    if (
        not adjacent
        or token.lower_ in words.MATERIALS | words.PLAIN_ADJECTIVES
        or lexicon.known(f"{token.lower_} {lexicon.singular(part.lower_)}")
    ):
        return False
    return lexicon.is_part_of(part.lower_, token.lower_)


def part_named(adjective: Token) -> str | None:
    """The part in "white haired", "long-sleeved" and "three legged"; None without a word in front that describes it."""
    word = adjective.lower_
    if not word.endswith("ed") or adjective.i == 0 or word in words.NOT_OF_PARTS:
        return None
    stems = (word[:-2], word[:-1], word[:-3] if word[-3:-2] == word[-4:-3] else "", word[:-3] + "y" if word[-3:-2] == "i" else "")
    part = next((stem for stem in stems if stem in words.PARTS_WORN_AS_ADJECTIVES), None)
    before = adjective.nbor(-1)
    described = before.text == "-" or before.tag_ in {"JJ", "CD", "NN"} or lexicon.colour(before.lower_) is not None
    return part if described and before.dep_ != "det" else None


def is_clothes(token: Token) -> bool:
    """ "A man in black", "dressed in white", "wearing red": the colour stands for the clothes."""
    if lexicon.colour(token.lower_) != token.lower_ or any(c.dep_ in {"det", "amod"} for c in token.children):
        return False
    head = token.head
    if token.dep_ == "dobj":
        return head.lemma_ == "wear"
    if token.dep_ != "pobj" or head.lower_ != "in":
        return False
    over = head.head
    return over.lemma_ in {"dress", "clothe", "clad"} or (over.pos_ == "NOUN" and lexicon.is_a(over.lower_, "person"))


def is_item(token: Token) -> bool:
    """One word between commas that the lexicon has as a thing, whatever the tagger took it for: "pizza, fork, knife"."""
    doc, alone = token.doc, len(token.doc) > 1
    before = token.i == 0 or doc[token.i - 1].text == ","
    after = token.i + 1 == len(doc) or doc[token.i + 1].text == ","
    word = token.lower_
    thing = lexicon.is_visual(word) and bool(lexicon.category(word) & {"artifact", "animal", "food", "plant", "person"})
    return alone and before and after and token.tag_ in {"VB", "VBP", "JJ"} and thing and lexicon.colour(word) is None


def is_mistaken(token: Token) -> bool:
    """An article of its own makes a noun of what the tagger took for an adjective or a verb: "a kite", "a stop sign"."""
    if token.pos_ not in {"ADJ", "VERB"} or token.dep_ in {"amod", "nmod", "compound"}:
        return False
    article = next((c for c in token.children if c.dep_ == "det" and c.i < token.i), None)
    return article is not None and not any(c.dep_ in {"nsubj", "nsubjpass", "aux", "dobj"} for c in token.children)


def is_one_of(token: Token) -> bool:
    """ "One of the dogs", "some of the people": it stands for what follows."""
    return (
        token.lower_ in words.SOME_OF
        and token.pos_ in {"NUM", "DET", "PRON", "ADJ", "NOUN"}
        and any(c.dep_ == "prep" and c.lower_ == "of" for c in token.children)
    )


def make_mention(token: Token) -> Mention:
    """The mention that a head noun makes with its compounds."""
    start = compound_start(token)
    parts = [t for t in token.doc[start : token.i + 1] if not t.is_punct]
    plural = token.tag_ in {"NNS", "NNPS"} or token.lower_ in words.COLLECTIVE_PLURALS
    if is_name(parts):
        return Mention(token, start, token.doc[start : token.i + 1].text, "name")
    head = noun_of(token)
    value = " ".join([t.lower_ for t in parts[:-1]] + [head]) if parts else head
    if len(parts) == 1 and plural is False and token.pos_ == "PROPN" and lexicon.singular(token.lower_) != token.lower_:
        plural = True
    return Mention(token, start, value, role_of(token, head, value), plural)


def noun_of(token: Token) -> str:
    """The noun in the singular; the lexicon's word for it where the parser took it for a name or a verb."""
    if token.tag_ == "NNP" and lexicon.known(token.lower_):
        return token.lower_  # "cola" is no plural of "colon"
    if token.pos_ == "PROPN" or token.tag_ not in {"NN", "NNS"}:
        return lexicon.singular(token.lower_)
    if token.tag_ == "NNS" or token.lower_ in words.COLLECTIVE_PLURALS:
        return lexicon.singular(token.lower_)
    return token.lower_


def compound_start(token: Token) -> int:
    """Index of the first token of the noun: its compounds, except materials, and adjectives that the lexicon has as one noun."""
    doc, start = token.doc, token.i
    while start > max(token.sent.start, token.i - MOST_COMPOUND):
        before = doc[start - 1]
        if before.is_space or before.lower_ in words.COLOURED:
            break
        if before.dep_ == "compound" and start <= before.head.i <= token.i and before.pos_ in {"NOUN", "PROPN", "ADJ", "VERB"}:
            if is_plain(before, start, token) or (start == token.i and is_whole(before, token)):
                break
            start -= 1
        elif (
            before.lower_ == "-"
            and not doc[start - 2].is_space
            and start - 2 >= token.sent.start
            and doc[start - 2].head.i <= token.i
            and doc[start - 2].dep_ == "compound"
        ) or (before.pos_ in {"ADJ", "NOUN", "VERB"} and is_fixed(before, start, token)):
            start -= 1
        else:
            break
    return start


def is_plain(before: Token, start: int, token: Token) -> bool:
    """Does a colour or material in front of a noun describe it: "leather jacket", but not "glass" in "glass eye"?"""
    rest = token.doc[start : token.i + 1].text.lower()
    if before.lower_ in words.MATERIALS:
        return not lexicon.is_noun(f"{before.lower_} {rest}") or is_made(token.lower_)
    if before.lower_ in words.PATTERNS:
        return True
    if before.lower_ in words.PLAIN_ADJECTIVES or is_deed(before, token):
        return not lexicon.known(f"{before.lower_} {rest}")  # "a baby elephant", "a sleeping cat"
    return lexicon.colour(before.lower_) is not None and not lexicon.known(f"{before.lower_} {rest}")


def is_deed(before: Token, token: Token) -> bool:
    """ "Sleeping cat": what somebody does, in front of who does it."""
    verb = lexicon.base(before.lower_)
    return lexicon.is_alive(token.lower_) and before.lower_.endswith("ing") and verb != before.lower_ and lexicon.is_verb(verb)


def is_made(noun: str) -> bool:
    """Does a matter in front say what it is of: a coat of fur, a wall of stone, but no bike of dirt?"""
    thing = lexicon.singular(noun)
    kinds = lexicon.category(thing)
    return thing in words.BUILT or ("vehicle" not in kinds and bool({"garment", "furniture", "container", "tableware"} & kinds))


def is_fixed(before: Token, start: int, token: Token) -> bool:
    """Is "hot dog", "stop sign" or "polar bear" one noun in the lexicon, and not a plain description?"""
    if lexicon.colour(before.lower_) is not None or before.lower_ in words.NOT_VISUAL_ADJECTIVES | words.PLAIN_ADJECTIVES:
        return False
    if before.lower_ in words.MATERIALS and is_plain(before, start, token):
        return False
    rest = token.doc[start : token.i].text.lower()
    return lexicon.known(" ".join(filter(None, (before.lower_, rest, lexicon.singular(token.lower_)))))


def is_name(parts: list[Token]) -> bool:
    """Proper nouns that are no common noun: the tagger takes many a capitalised word for a name."""
    if not parts or any(t.pos_ != "PROPN" for t in parts):
        return False
    if all(not t.text[:1].isupper() for t in parts):
        return False
    if parts[-1].head.lemma_ in {"name", "call"} and parts[-1].head.i < parts[0].i:
        return True  # "a man named Tom"
    if parts[-1].is_sent_start and len(parts) == 1 and lexicon.known(parts[-1].lower_):
        return False
    joined = " ".join(t.lower_ for t in parts)
    common = lexicon.known(lexicon.singular(joined)) or (
        lexicon.known(lexicon.singular(parts[-1].lower_)) and lexicon.is_visual(parts[-1].lower_)
    )
    return not common


def role_of(token: Token, head: str, value: str) -> Role:
    """What kind of thing a noun names, from its word and, for words about the picture, from where it stands."""
    if head in words.LOOKS and is_look(token):
        return "picture"
    plain = value in words.PICTURE | {"overall scene"} or value.split()[0] in words.MEDIUM_ADJECTIVES
    if head in words.PICTURE and plain and is_about_picture(token, head):
        return "picture"
    if value in words.WRITING and announces(token):
        return "writing"
    if value in words.GROUPS:
        return "group"
    if value in words.PORTIONS or (value == "body" and token.i + 2 < len(token.doc) and token.nbor(2).lower_ == "water"):
        return "portion"
    if value in words.PLACES_OF:
        return "place_of"
    if value in words.OPINION_NOUNS or head in words.OPINION_NOUNS:
        return "opinion"
    if not lexicon.is_visual(value) and lexicon.known(head):
        return "abstract"
    return "object"


def announces(token: Token) -> bool:
    """Does a quotation follow: "the words "Happy Birthday"?"""
    return any(t.is_quote for t in token.doc[token.i + 1 : token.i + 3])


def is_about_picture(token: Token, head: str) -> bool:
    """ "A picture on the wall" is a thing; "the picture shows", "a picture of" and "in the background" are not."""
    if head in {
        "background",
        "foreground",
        "scene",
        "view",
        "close-up",
        "closeup",
        "composition",
        "overview",
        "depiction",
    }:
        return True
    shows = token.dep_ in {"nsubj", "nsubjpass"} and token.head.lemma_ in words.PICTURE_VERBS
    inside = (
        token.dep_ == "pobj" and token.head.lower_ in {"in", "of"} and any(c.lower_ in {"the", "this"} for c in token.children)
    )
    titled = token.dep_ == "ROOT" and any(c.dep_ == "prep" and c.lower_ == "of" for c in token.children)
    shown = token.dep_ == "ROOT" and any(c.dep_ in {"acl", "relcl"} and c.lemma_ in words.PICTURE_VERBS for c in token.children)
    described = any(c.lower_ in {"the", "this"} for c in token.children) and token.dep_ in {"nsubj", "nsubjpass"}
    return shows or inside or titled or shown or described or is_titled(token)


def is_look(token: Token) -> bool:
    """ "…, green tones" and "a photo in warm tones", not "a dark skin tone" or "a room with warm lighting"."""
    if token.dep_ == "pobj":
        return token.head.head.lower_ in words.PICTURE
    if any(c.dep_ in {"det", "poss"} for c in token.children):
        return False
    compound = any(c.dep_ == "compound" for c in token.children) and token.lower_ not in {"format", "orientation"}
    return not compound and (token.dep_ in {"ROOT", "conj", "appos", "dep"} or is_listed(token))


def is_listed(token: Token) -> bool:
    """Does it stand between commas, or at an end?"""
    before, after = token.i - 2, token.i + 1
    doc = token.doc
    return (before < 0 or doc[before].text == ",") and (after >= len(doc) or doc[after].is_punct)


def is_titled(token: Token) -> bool:
    """ "…, black and white photo" and "this is a dark photo": a picture by its medium, not one that hangs there."""
    medium = token.i > 0 and token.nbor(-1).lower_ in words.MEDIUM_ADJECTIVES
    free = token.dep_ != "pobj" and not any(c.dep_ in {"det", "poss", "nummod"} for c in token.children)
    told = token.dep_ == "attr" and any(c.lower_ in {"this", "it"} for c in token.head.children if c.dep_ == "nsubj")
    return medium and (free or told)


def of_heads(token: Token) -> Iterator[int]:
    """Heads of what follows "of"."""
    for prep in token.children:
        if prep.dep_ == "prep" and prep.lower_ in {"of", "with"} and (prep.lower_ == "of" or token.lower_ in words.GROUPS):
            for child in prep.children:
                if child.dep_ in {"pobj", "pcomp"}:
                    yield from (t.i for t in with_conjuncts(child))


def with_conjuncts(token: Token) -> list[Token]:
    """The token and what is joined to it by "and", commas or "or", at most MOST_JOINED of them."""
    found = [token]
    for item in found:
        found += [c for c in item.children if c.dep_ == "conj" and c.i > item.i]
        if len(found) >= MOST_JOINED:
            break
    return sorted(found[:MOST_JOINED], key=lambda t: t.i)


def bare_role(mention: Mention) -> Role:
    """A group or part noun without "of": a thing if it can be seen ("a couple", "the corner"), else nothing."""
    if mention.value in {"couple", "group", "crowd", "team", "flock", "herd", "pair", "trio", "crew"}:
        return "object"
    if mention.role == "place_of":
        return "place_of"
    return "object" if lexicon.is_visual(mention.value) else "abstract"
