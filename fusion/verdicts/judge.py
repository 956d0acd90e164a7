"""Judges every claim of a caption against the evidence of its picture.

Supported needs a fact that states it; contradicted needs a fact that competes, geometry that excludes it, or the silence of an
expert that looked, covers the word and is good enough; everything else is unverified.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from msgspec.structs import replace
from rapidfuzz import fuzz

from fusion import lexicon
from fusion.evidence import Evidence, Instance, test_for
from fusion.evidence.belief import BELIEVED_SILENCE, PRIORS, against, hit, miss, posterior
from fusion.evidence.count import how_many, shown
from fusion.facts import Claim, Fact
from fusion.verdicts import reasons
from fusion.verdicts.align import align, same_predicate

HOLDS = frozenset({"in", "on", "at", "inside", "within"})
"""Relations of everything to the scene that it is in."""
PICTURES = frozenset({"photo", "photograph", "picture", "image", "shot"})
WORD = re.compile(r"\w+")
CLEAR = 0.25
"""How clearly boxes must speak (-1..1) before geometry counts."""
GUESS = -0.4
"""Log-odds for a word more exact than any fact: a person is there, and "man" stays a guess."""
SAME_TEXT = 80.0
"""Similarity of read text, percent: one wrong character in five."""


@dataclass
class Weighing:
    """What speaks for and against one claim."""

    prior: float
    moves: list[float] = field(default_factory=list)
    support: list[Fact] = field(default_factory=list)
    competing: list[Fact] = field(default_factory=list)
    hearsay: list[Fact] = field(default_factory=list)
    silent: list[str] = field(default_factory=list)
    geometry: str = ""
    note: str = ""

    @property
    def confidence(self) -> float:
        return posterior(self.prior, *self.moves)


class Judge:
    """Judges the claims of one caption."""

    def __init__(self, claims: Sequence[Claim], evidence: Evidence) -> None:
        self.claims = claims
        self.evidence = evidence
        self.by_id = {c.id: c for c in claims}
        self.aligned = align(claims, evidence)
        self.weigh: dict[str, Callable[[Claim, Weighing], None]] = {
            "object": self.object,
            "attribute": self.attribute,
            "count": self.count,
            "relation": self.relation,
            "text": self.text,
            "name": self.name,
            "scene": self.whole,
            "style": self.whole,
        }

    def verdicts(self) -> list[Claim]:
        """The claims with verdict, confidence, evidence and reason; children of a fallen claim take over its verdict."""
        judged: dict[str, Claim] = {}
        for claim in sorted(self.claims, key=lambda c: c.kind != "object"):
            parent = next((judged[p] for p in (claim.parent, claim.about, claim.to) if p in judged and falls(judged[p])), None)
            judged[claim.id] = fallen(claim, parent) if parent is not None else self.judge(claim)
        return [judged[c.id] for c in self.claims]

    def judge(self, claim: Claim) -> Claim:
        if claim.kind == "opinion":
            return replace(claim, verdict="unverified", confidence=0.5, reason="an opinion is never checked")
        absent = claim.negated and claim.kind == "object"  # weighed as the presence that it denies
        weighing = Weighing(1 - PRIORS["object"] if absent else PRIORS[claim.kind])
        self.weigh[claim.kind](claim, weighing)
        trust = 1.0 if claim.kind == "name" else 0.5
        weighing.moves += [trust * self.hit(f, claim, weighing.prior) for f in best_of_each(weighing.hearsay)]
        return self.conclude(claim, weighing)

    def conclude(self, claim: Claim, w: Weighing) -> Claim:
        confidence = w.confidence
        by_name = claim.kind == "name" and not w.support and bool(w.hearsay)
        support = w.support or (w.hearsay if by_name else [])
        believed = any(self.evidence.card(e).recall_of(claim.kind, self.word(claim)) >= BELIEVED_SILENCE for e in w.silent)
        if claim.negated and claim.kind == "object":
            confidence = round(1 - confidence, 4)
            verdict = "unverified"
            if support and confidence < 0.5:
                verdict = "contradicted"
            elif (w.competing or believed) and confidence >= 0.5:
                verdict = "supported"
        elif (support or w.geometry == "for") and confidence >= 0.5:
            verdict = "supported"
        elif (w.competing or w.geometry == "against" or believed) and confidence < 0.5:
            verdict = "contradicted"
        else:
            verdict = "unverified"
        ids = tuple(dict.fromkeys(f.id for f in [*support, *w.competing]))
        reason = reasons.reason(claim, verdict, w.note, support, w.competing, w.silent, self.evidence)
        return replace(claim, verdict=verdict, confidence=confidence, evidence=ids, reason=reason, hearsay=by_name)

    # One method a kind

    def object(self, claim: Claim, w: Weighing) -> None:
        instance = self.aligned.get(claim.id) or self.denied(claim)
        holders = [instance, *instance.members] if instance else []
        if instance is not None and (claim.number or 0) > 1:  # "four horses" rests on every horse that has a box
            holders += [i for i in self.evidence.instances if i.box is not None and i.is_named(claim.value) and i not in holders]
        named = [f for i in holders for f in i.names if lexicon.is_a(f.value, claim.value)]
        tags = self.tagged(claim.value)
        self.add(w, claim, [*named, *tags])
        if instance is not None and not named and not tags:
            w.note = f"{reasons.phrase(instance)} is there, but nothing says that it is {reasons.named(claim.value)}"
            w.moves.append(GUESS)
            return
        if instance is None and not claim.negated:
            self.excluded(claim, w)
        refused = [f for f in self.evidence.loose if f.kind == "object" and f.negated and lexicon.is_a(claim.value, f.value)]
        self.compete(w, claim, refused)
        if not w.support:
            self.silence(w, claim, claim.value, {f.expert for f in [*w.hearsay, *w.competing]})

    def tagged(self, word: str) -> list[Fact]:
        """Tags and scenes that state a thing."""
        stated = [f for f in self.evidence.loose if f.kind in {"tag", "scene"} and not f.negated and not lexicon.denies(f.value)]
        return [f for f in stated if lexicon.is_a(f.value, word)]

    def denied(self, claim: Claim) -> Instance | None:
        """The instance whose presence a "no …" would deny."""
        if not claim.negated:
            return None
        return next((i for i in self.evidence.instances if i.is_named(claim.value)), None)

    def excluded(self, claim: Claim, w: Weighing) -> None:
        """ "A woman" where the only person is said to be a man."""
        rivals = [
            f
            for i in self.evidence.instances
            if any(lexicon.is_a(claim.value, g.value) and not lexicon.is_broad(g.value) for g in i.names)
            for f in i.names
            if lexicon.excludes(f.value, claim.value)
        ]
        self.compete(w, claim, rivals)

    def attribute(self, claim: Claim, w: Weighing) -> None:
        instance = self.aligned.get(claim.about or "")
        noun = self.by_id[claim.about].value if claim.about in self.by_id else ""
        if not claim.negated:
            self.add(w, claim, self.tagged_so(noun, claim.value))
        if instance is None or (instance.is_group and instance.box is None):
            self.all_of(claim, noun, w)
        if instance is None:
            return
        holders = [instance, *instance.members]
        stated = [f for i in holders for f in i.attributes]
        same = [f for f in stated if lexicon.same(f.value, claim.value) or f.value == claim.value]
        compounds = [f for i in holders for f in i.names if claim.value in f.value.split()[:-1]]
        self.add(w, claim, [f for f in same if f.negated == claim.negated] + ([] if claim.negated else compounds))
        rivals = [f for f in same if f.negated != claim.negated]
        rivals += [
            f for f in instance.attributes if not f.negated and lexicon.excludes(f.value, claim.value) and not claim.negated
        ]
        if not w.support:
            self.compete(w, claim, rivals)

    def tagged_so(self, noun: str, value: str) -> list[Fact]:
        """Tags that say both, "red scarf", where they can mean one thing only and nothing said of that excludes it."""
        meant = [i for i in self.evidence.instances if noun and i.is_named(noun) and not i.members]
        if len(meant) > 1 or any(lexicon.excludes(f.value, value) for i in meant for f in i.attributes if not f.negated):
            return []
        return [f for f in self.tagged(noun) if value in f.value.lower().replace("_", " ").split()[:-1]]

    def all_of(self, claim: Claim, noun: str, w: Weighing) -> None:
        """ "Four orange birds": said of all that may be meant, it holds if every one of them has it."""
        tagged = bool(self.tagged(noun))
        boxed = [i for i in self.evidence.instances if i.box is not None]
        meant = [i for i in boxed if noun and (i.is_named(noun) or (tagged and i.may_be(noun)))]
        of_each = [[f for f in i.attributes if not f.negated and lexicon.same(f.value, claim.value)] for i in meant]
        if of_each and all(of_each) and not claim.negated:
            self.add(w, claim, [f for facts in of_each for f in facts])

    def count(self, claim: Claim, w: Weighing) -> None:
        word = self.word(claim)
        instance = self.aligned.get(claim.about or "")
        located = (f.expert for i in self.evidence.instances for f in i.names if f.box is not None)
        for expert in dict.fromkeys([*self.evidence.looked, *located]):
            named, possible = shown(self.evidence, word, expert)
            if not named and self.means_all(word, possible):
                named, possible = possible, []
            covers = expert in self.evidence.looked and self.evidence.card(expert).covers("object", word)
            self.boxes(w, claim, named, possible, covers=covers, expert=expert)
        stated = [f for f in self.evidence.loose if f.kind == "count" and lexicon.is_a(f.value, word)]
        if instance is not None:
            stated += [*instance.counts, *(f for f in instance.names if f.box is None and f.number and not f.at_least)]
        for fact in stated:
            self.stated(w, claim, fact)

    def means_all(self, word: str, possible: Sequence[Fact]) -> bool:
        """Birds in boxes, and "chickens" as the only tag that names a kind of bird."""
        kinds = {f.value for p in possible for f in self.tagged(p.value)}
        return bool(kinds) and all(lexicon.is_a(kind, word) for kind in kinds if kind not in {p.value for p in possible})

    def boxes(self, w: Weighing, claim: Claim, named: list[Fact], possible: list[Fact], *, covers: bool, expert: str) -> None:
        """Boxes found against the number claimed. People count what matters: more boxes than claimed contradict nothing."""
        number, found = claim.number or 0, how_many(named)
        if not named and not possible:
            return
        if found >= number:
            self.add(w, claim, named[:number] or named, weight=1.0 if found == number or claim.at_least else 0.4)
        elif covers and not claim.at_least and found + how_many(possible) < number:
            if any(f.at_least for f in named + possible):
                return
            card = self.evidence.card(expert)
            recall = card.recall_of("count", self.word(claim)) ** number  # it may have missed any one of them
            w.competing += named + possible
            w.moves.append(miss(card.precision_of("count", self.word(claim)), recall))
            w.note = f"{number} claimed, {expert} found {found + how_many(possible)}"

    def stated(self, w: Weighing, claim: Claim, fact: Fact) -> None:
        """A number that somebody states against the number claimed."""
        number, found = claim.number or 0, fact.number or 0
        if fact.negated:
            self.compete(w, claim, [fact] if found == number else [])
        elif found == number or (claim.at_least and found > number):
            self.add(w, claim, [fact])
        elif not fact.at_least and not claim.at_least:
            self.compete(w, claim, [fact])
            w.note = w.note or f"{number} claimed"

    def relation(self, claim: Claim, w: Weighing) -> None:
        a, b = self.aligned.get(claim.about or ""), self.aligned.get(claim.to or "")
        if claim.value in HOLDS and claim.to in self.by_id and not claim.negated:
            place = self.by_id[claim.to].value
            self.add(w, claim, [f for f in self.tagged(place) if f.kind == "scene"])
        if a is None or b is None or a is b:
            return
        stated = [r.fact for r in self.evidence.relations if within(r.about, a) and within(r.to, b)]
        same = [f for f in stated if same_predicate(f.value, claim.value)]
        self.add(w, claim, [f for f in same if f.negated == claim.negated])
        self.compete(w, claim, [f for f in same if f.negated != claim.negated])
        if not w.support:
            self.places(claim, a, b, w)

    def places(self, claim: Claim, a: Instance, b: Instance, w: Weighing) -> None:
        test = test_for(claim.value)
        if test is None or a.box is None or b.box is None:
            return
        clear = test(a.box, b.box) * (-1 if claim.negated else 1)
        if abs(clear) < CLEAR:
            return
        boxes = [*located(a), *located(b)]
        if clear > 0:
            w.geometry = "for"
            w.support += boxes
            w.moves.append(hit(w.prior, 0.6 + 0.3 * clear))
        else:
            w.geometry = "against"
            w.competing += boxes
            w.moves.append(against(w.prior, 0.6 - 0.3 * clear))
        w.note = "the boxes lie so" if clear > 0 else "the boxes lie otherwise"

    def text(self, claim: Claim, w: Weighing) -> None:
        wanted = plain(claim.value)
        read = [f for f in self.evidence.loose if f.kind == "text" and not f.negated]
        self.add(w, claim, [f for f in read if similar(wanted, plain(f.value))])
        refused = [f for f in self.evidence.loose if f.kind == "text" and f.negated and plain(f.value) == wanted]
        self.compete(w, claim, refused)
        if not w.support and read and similar(wanted, plain(" ".join(f.value for f in read))):
            self.add(w, claim, read)

    def name(self, claim: Claim, w: Weighing) -> None:
        kinds = {"name", "text", "tag"}
        stated = [f for f in self.evidence.everything if f.kind in kinds and not f.negated and contains(f.value, claim.value)]
        statements = [f for f in self.evidence.facts if f.kind == "statement" and contains(f.value, claim.value)]
        self.add(w, claim, stated or statements)

    def whole(self, claim: Claim, w: Weighing) -> None:
        """Scene and style: said of the whole picture, by facts of the kind or tags."""
        facts = [f for f in self.evidence.loose if f.kind in {claim.kind, "tag", "scene"}]
        named = [f for i in self.evidence.instances for f in i.names if claim.kind == "scene"]
        same = [f for f in [*facts, *named] if lexicon.is_a(f.value, claim.value) or bare(f.value) == bare(claim.value)]
        self.add(w, claim, [f for f in same if f.negated == claim.negated])
        if not w.support:
            self.compete(w, claim, [f for f in facts if f.negated != claim.negated and lexicon.same(f.value, claim.value)])

    # Moving the belief

    def hit(self, fact: Fact, claim: Claim, prior: float) -> float:
        return hit(prior, self.evidence.card(fact.expert).precision_of(claim.kind, self.word(claim)), fact.score)

    def add(self, w: Weighing, claim: Claim, facts: Iterable[Fact], *, weight: float = 1.0) -> None:
        """Facts that state the claim: each expert counts once, by its best score; hearsay is kept apart."""
        seen: list[Fact] = []
        for fact in facts:
            hearsay = self.evidence.card(fact.expert).hearsay
            (w.hearsay if hearsay else seen).append(fact)
        w.support += seen
        w.moves += [weight * self.hit(f, claim, w.prior) for f in best_of_each(seen)]

    def compete(self, w: Weighing, claim: Claim, facts: Iterable[Fact]) -> None:
        """Facts that exclude the claim, each expert once; hearsay contradicts nothing."""
        seen = [f for f in facts if not self.evidence.card(f.expert).hearsay]
        w.competing += seen
        for fact in best_of_each(seen):
            precision = self.evidence.card(fact.expert).precision_of(claim.kind, self.word(claim))
            w.moves.append(against(w.prior, precision, fact.score))

    def silence(self, w: Weighing, claim: Claim, word: str, spoke: set[str]) -> None:
        for expert in self.evidence.looked:
            card = self.evidence.card(expert)
            if expert in spoke or card.hearsay or not card.covers(claim.kind, word):
                continue
            w.silent.append(expert)
            w.moves.append(miss(card.precision_of(claim.kind, word), card.recall_of(claim.kind, word)))

    def word(self, claim: Claim) -> str:
        about = self.by_id.get(claim.about or "")
        return about.value if claim.kind == "count" and about is not None else claim.value


def best_of_each(facts: Iterable[Fact]) -> list[Fact]:
    """The surest fact of each expert: however often it repeats itself, it counts once."""
    best: dict[str, Fact] = {}
    for fact in facts:
        if fact.expert not in best or fact.score > best[fact.expert].score:
            best[fact.expert] = fact
    return list(best.values())


def located(instance: Instance) -> list[Fact]:
    """The facts that give an instance its box; those of its members for a group without one."""
    own = [f for f in instance.names if f.box is not None][:1]
    return own or [f for m in instance.members for f in m.names if f.box is not None]


def falls(claim: Claim) -> bool:
    """Does it take its children along?"""
    return claim.kind == "object" and claim.verdict == "contradicted"


def fallen(claim: Claim, parent: Claim) -> Claim:
    """A claim whose parent was contradicted: it takes over verdict and confidence, and names the first that fell."""
    root = parent.void or parent.id
    reason = f"said of {reasons.named(parent.value)} that is contradicted"
    return replace(
        claim, verdict="contradicted", confidence=parent.confidence, evidence=parent.evidence, reason=reason, void=root
    )


def within(instance: Instance, group: Instance) -> bool:
    """Are they one, or is one a member of the other?"""
    return instance is group or instance in group.members or group in instance.members


def bare(style: str) -> str:
    """A style without the word for the picture: "black and white photo" is said of the picture as "black and white"."""
    first, _, last = style.rpartition(" ")
    return first if first and last in PICTURES else style


def plain(text: str) -> str:
    """Letters and digits only, case folded: spacing and punctuation of read text do not matter."""
    return "".join(c for c in text.casefold() if c.isalnum())


def similar(one: str, other: str) -> bool:
    """Do two read texts agree, up to one wrong character in five? Short ones must be equal."""
    if len(one) < 3:
        return bool(one) and one == other
    return fuzz.ratio(one, other) >= SAME_TEXT or (
        len(one) > 4 and len(other) >= len(one) and fuzz.partial_ratio(one, other) >= 90
    )


def contains(text: str, wanted: str) -> bool:
    """Does a text hold these words, one behind the other? "Ross" is not in "across"."""
    words, name = WORD.findall(text.casefold()), WORD.findall(wanted.casefold())
    runs = range(len(words) - len(name) + 1)
    return bool(name) and (any(words[i : i + len(name)] == name for i in runs) or plain(text) == plain(wanted))
