"""Where something is, and what it is done with: prepositions as relations of what they hang on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from fusion.language import words
from fusion.language.lookup import Lookup, unique
from fusion.language.mention import Mention
from fusion.language.mentions import with_conjuncts
from fusion.language.phrases import anchor, base, hedged, is_verb, negated, passive, place_value, verb_value
from fusion.language.said import Said

if TYPE_CHECKING:
    from spacy.tokens import Token

MOST_OF_SIDE = 4
"""Words of "on the far left"."""


class Prepositions(Lookup):
    """Reads the prepositions of one text."""

    def preposition(self, token: Token) -> Iterator[Said]:
        """ "A cup on a table", "sitting next to a dog": a relation from what the preposition hangs on."""
        targets = list(self.led_to(token))
        if not targets and token.dep_ == "prep":
            yield from self.side(token)
            if self.stranded(token.head) is token:
                targets = self.things(token.head.head.i, conjuncts=False)
        if not targets or token.dep_ == "pcomp":
            return
        place, tokens = place_value(token, self.mentions)
        if place in words.NON_SPATIAL or (place == "of" and self.of_is_grammar(token)):
            return
        inner = self.mentions.get(token.head.i)
        if inner is not None and inner.role == "place_of" and token.head.dep_ == "pobj":
            return  # inside "to the left of": said by the outer preposition
        head = anchor(token)
        if (carried := self.carried(token, head)) is not None:
            yield Said("relation", place, tokens, *carried, negated=negated(head))
            return
        if head.dep_ == "pobj" and self.mentions.get(head.i) and self.mentions[head.i].role == "place_of":
            return  # inside "on top of": said by the outer preposition
        if place == "without":
            return  # said already by the thing that is denied
        negative = negated(head)
        if head.i in self.mentions:
            yield from self.noun_place(head, place, tokens, targets, negative)
        elif is_verb(head) or head.pos_ in {"ADJ", "ADV"}:
            yield from self.verb_place(head, place, tokens, targets, negative)

    def carried(self, token: Token, head: Token) -> tuple[Mention, Mention] | None:
        """ "A table with food on it": the food is on the table, whichever of the two the parser hangs "on it" on."""
        pronoun = next((c for c in token.children if c.dep_ == "pobj" and c.lower_ in words.THING_PRONOUNS), None)
        if pronoun is None:
            return self.held(token, head)
        last = [c for c in head.children if c.dep_ == "prep" and c.lower_ == "with" and c.i < token.i][-1:]
        if head.dep_ == "pobj" and head.head.lower_ == "with" and head.head.head.pos_ == "NOUN":
            carrier, thing = head.head.head, head
        elif last and head.pos_ == "NOUN":
            carrier, thing = head, next((c for c in last[0].children if c.dep_ == "pobj"), head)
        else:
            return None
        things, carriers = self.things(thing.i, down=True), self.things(carrier.i, down=True)
        return (things[0], carriers[0]) if things and carriers and things[0] is not carriers[0] else None

    def held(self, token: Token, head: Token) -> tuple[Mention, Mention] | None:
        """ "A man with a camera in his hand": the camera is, and not the man."""
        hand = next((c for c in token.children if c.dep_ == "pobj" and c.lower_ in words.HOLDING_PARTS), None)
        if hand is None or token.lower_ not in {"in", "on", "under"} or not any(c.dep_ == "poss" for c in hand.children):
            return None
        last = [c for c in head.children if c.dep_ == "prep" and c.lower_ == "with" and c.i < token.i][-1:]
        held = next((c for c in last[0].children if c.dep_ == "pobj"), None) if last else None
        things, parts = self.things(held.i, down=True) if held is not None else [], self.things(hand.i, down=True)
        return (things[0], parts[0]) if things and parts else None

    def side(self, token: Token) -> Iterator[Said]:
        """ "The man on the left": where in the picture somebody is."""
        place = next((c for c in token.children if c.dep_ == "pobj" and c.lower_ in words.SIDES), None)
        if place is None or token.lower_ not in {"on", "in", "at", "to"} or any(c.dep_ == "prep" for c in place.children):
            return
        tokens = list(self.doc[token.i : place.i + 1])
        about = self.things(token.head.i) if token.head.i in self.mentions else self.subjects(token.head)
        for one in about if len(tokens) <= MOST_OF_SIDE else ():
            yield Said("attribute", " ".join(t.lower_ for t in tokens), tokens, one)

    def noun_place(self, head: Token, place: str, tokens: list[Token], targets: list[Mention], negative: bool) -> Iterator[Said]:
        between = [t for t in with_conjuncts(head) if head.i < t.i < tokens[0].i]  # "a cat and a dog on a sofa": both are
        joined = [m for t in between for m in self.things(t.i, down=True)]
        own = self.things(head.i, conjuncts=False)
        for subject in own if place == "of" else unique([*self.things(head.i), *joined]):
            for target in targets:
                if target is not subject:
                    yield Said("relation", place, tokens, subject, target, negated=negative, hedged=hedged(head))

    def verb_place(self, verb: Token, place: str, tokens: list[Token], targets: list[Mention], negative: bool) -> Iterator[Said]:
        maybe = hedged(verb)
        objects = self.objects(verb)
        if place == "by" and passive(verb):
            for agent in targets:
                for patient in self.subjects(verb):
                    yield Said("relation", verb.lemma_.lower(), [verb], agent, patient, negated=negative, hedged=maybe)
            return
        subjects = objects if objects and verb.lemma_ in words.TRANSFER else self.subjects(verb)
        linking = verb.lemma_ in words.COPULAS and verb.lemma_ != "look"
        say_verb = not objects and not linking and verb.pos_ not in {"ADV"}
        value = f"{base(verb)} {place}" if say_verb else place
        tokens = [*verb_value(verb)[1], *tokens] if say_verb else tokens
        for subject in subjects:
            for target in targets:
                if target is not subject:
                    yield Said("relation", value, tokens, subject, target, negated=negative, hedged=maybe)

    def of_is_grammar(self, token: Token) -> bool:
        mention = self.mentions.get(token.head.i)
        return mention is not None and (mention.role in {"group", "portion", "place_of", "picture", "opinion"})
