"""English inflection: number of nouns, forms of verbs, the indefinite article.

Irregular forms come from WordNet's exception lists and the short lists below, the others from the rules of English
spelling. Of a phrase the head is inflected: "stop signs", "slices of pizza"; of a verb with its preposition the verb.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from fusion.lexicon.table import listed, table

# Words for one thing that have no singular: a detector's "scissors" is one pair.
PLURAL_ONLY = frozenset(
    listed(
        "binoculars blinds boxers briefs chopsticks clothes eyeglasses glasses goggles jeans khakis "
        "leggings overalls pajamas pants "
        "panties pliers pyjamas scissors shears shorts slacks spectacles sunglasses sweatpants tights tongs "
        "trousers "
        "tweezers "
        "underpants woods outdoors indoors surroundings"
    )
)
SAME_IN_PLURAL = frozenset(
    listed(
        "aircraft bison cattle cod deer elk fish grapefruit headquarters hovercraft moose offspring "
        "salmon series sheep shrimp "
        "spacecraft species squid swine trout tuna watercraft police traffic luggage furniture equipment "
        "clothing food "
        "broccoli graffiti news tennis christmas chess rice bread water snow sand grass"
    )
) - {"grapefruit", "shrimp"}
# Stuff, by the words that captions and detectors use; WordNet does not say which nouns are counted.
MASS = frozenset(
    listed(
        "bacon beef bread broccoli butter cheese clothing corn dirt dust equipment fabric flour foam fog "
        "foliage food fur furniture garbage gear glassware graffiti grass gravel greenery hair hay ice jam jewelry juice "
        "ketchup lettuce lightning litter luggage machinery meat milk mist moss mud mustard oil pasta plastic pollen "
        "pottery rain rice rubbish salt sand scenery seaweed silverware smoke snow soil soup spaghetti spinach "
        "steam steel straw sugar sunlight sunshine traffic trash underwear vegetation water wheat wool"
    )
)
IRREGULAR = {
    "lens": "lenses",
    "person": "people", "man": "men", "woman": "women", "child": "children", "foot": "feet", "tooth": "teeth",
    "goose": "geese", "mouse": "mice", "louse": "lice", "ox": "oxen", "die": "dice", "cactus": "cacti",
    "penny": "pennies",
    "knife": "knives", "wife": "wives", "life": "lives", "leaf": "leaves", "loaf": "loaves", "wolf": "wolves",
    "shelf": "shelves", "half": "halves", "calf": "calves", "thief": "thieves", "scarf": "scarves", "hoof": "hooves",
    "elf": "elves", "self": "selves", "sheaf": "sheaves", "quiz": "quizzes", "stomach": "stomachs",
    "monarch": "monarchs",
    "hero": "heroes", "potato": "potatoes", "tomato": "tomatoes", "echo": "echoes", "mango": "mangoes",
    "buffalo": "buffaloes",
    "volcano": "volcanoes", "mosquito": "mosquitoes", "torpedo": "torpedoes", "domino": "dominoes", "veto": "vetoes",
    "bus": "buses", "gas": "gases", "selfie": "selfies", "hoodie": "hoodies", "bookshelf": "bookshelves",
    "axis": "axes",
    "passerby": "passersby", "oasis": "oases", "crisis": "crises", "tv": "tvs",
}  # fmt: skip
SINGULAR = {many: one for one, many in IRREGULAR.items()} | {
    "peoples": "people",
    "axes": "axe",
    "dice": "die",
    "wolves": "wolf",
}
# Words in -man whose plural is regular.
NOT_MEN = frozenset(listed("caiman caravan german human norman ottoman roman shaman talisman"))

# Verbs of two syllables or more that are stressed on the last and so double their consonant; the others do not
# ("visiting", "opening"). Spelling of compounds follows the verb inside: "kidnapping", "unplugging".
STRESSED_LAST = frozenset(
    listed(
        "abet abhor acquit admit allot annul begin befit commit compel concur confer control defer deter "
        "dispel emit equip excel "
        "expel forget format handicap incur infer kidnap occur omit outfit outrun overrun patrol permit prefer "
        "program "
        "propel "
        "rebel recur refer refit regret remit repel rerun submit transfer transmit unplug unwrap unzip upset "
        "worship "
        "zigzag "
        "babysit hobnob sandbag gift-wrap shrink-wrap"
    )
) - {"worship"}
KEEP_E = frozenset(listed("singe tinge binge dye eye"))
PREPOSITIONS = frozenset(listed("of in on with at for to from by under over near behind beside"))

_VOWELS = "aeiou"
_DOUBLES = re.compile(r"[^aeiou]*[aeiouy][bcdfghjklmnpqrstvz]")

# Sounds that the first letter hides: u, eu and one as in "you" and "won", a silent h, and abbreviations read by letter.
_YOU = re.compile(
    r"(?:uni(?!n|m[ap]|d)|uk|us[aeiu]|ut[eio]|ur[aio]|ubiq|eu|ewe|ew|one\b|once\b|ones|u\b|oui|uv|u-)", re.IGNORECASE
)
_SILENT_H = re.compile(r"(?:hour|honest|honou?r|heir)", re.IGNORECASE)
_LETTERS = frozenset("aefhilmnorsx")
_BY_LETTER = frozenset(
    listed("suv suvs rv rvs atm mri fbi nba nfl nhl mlb mp3 lcd hd hdtv led lp sms html usb ufo uk usa us eu ufc")
)
_AS_WORDS = frozenset(listed("nasa nato fifa lego ram rom sars scuba radar laser led")) - {"led"}


def _on_head(phrase: str, change: Callable[[str], str]) -> str:
    """Change the head noun of a phrase: the last word, or the one before the first preposition."""
    words = phrase.split(" ")
    head = next((i for i, word in enumerate(words) if i and word in PREPOSITIONS), len(words)) - 1
    if head < len(words) - 1 and words[head] == "glasses":  # "glasses of water" are no spectacles
        words[head] = "glass"
    words[head] = change(words[head])
    return " ".join(words)


def is_verb(word: str) -> bool:
    """Is it the base form of a verb: "ride", not "riding"?"""
    return word in {"be", "have", "do"} or (_is_verb(word) and _base(word) == word)


def is_mass(noun: str) -> bool:
    """Is it a stuff rather than a thing, so that it takes neither "a" nor a number: "snow", "fried rice"?"""
    return noun.lower().rpartition(" ")[2] in MASS


@lru_cache(maxsize=1 << 15)
def is_pair(word: str) -> bool:
    """Is one of it a pair: scissors, glasses?"""
    return word in PLURAL_ONLY


def singular(noun: str) -> str:
    """The singular of a noun or noun phrase: "stop signs" to "stop sign"; a singular stays as it is."""
    text = " ".join(noun.lower().split())
    if " " in text and text.rpartition(" ")[2] == "glasses" and not text.startswith(_EYEWEAR):
        return text[:-2]
    return _on_head(text, _singular)


_EYEWEAR = ("eye ", "sun ", "reading ", "safety ", "swimming ", "pair of ", "dark ", "black ", "3d ", "3-d ")


def _singular(word: str) -> str:
    if word in PLURAL_ONLY or word in SAME_IN_PLURAL:
        return word
    if word in SINGULAR:
        return SINGULAR[word]
    if "-" in word:
        start, _, last = word.rpartition("-")
        return f"{start}-{_singular(last)}"
    if word.endswith("men") and len(word) > 4 and _is_noun(word[:-3] + "man"):
        return word[:-3] + "man"
    irregular = table().exceptions.get(("n", word))
    if irregular:
        return irregular
    return _strip_s(word)


def _strip_s(word: str) -> str:
    if not word.endswith("s") or len(word) < 4 or word.endswith("ss"):
        return word
    tries = [word[:-1]]
    if word.endswith("es"):
        tries.append(word[:-2])
    if word.endswith("ies"):
        tries.append(word[:-3] + "y")
    for one in tries:
        if len(one) > 2 and _is_noun(one):
            return one
    if _is_noun(word) or word.endswith(("us", "is")):
        return word
    if word.endswith("ies") and len(word) > 4:
        return tries[2]
    return tries[1] if word.endswith(("ches", "shes", "sses", "xes", "zzes")) else tries[0]


@lru_cache(maxsize=1 << 14)
def _is_noun(word: str) -> bool:
    if word in IRREGULAR:
        return True
    known = table()
    return any(known.file(s).startswith("noun") for s in known.senses(word))


@lru_cache(maxsize=1 << 14)
def plural(noun: str) -> str:
    """The plural of a noun or noun phrase: "stop sign" to "stop signs"; a plural stays as it is."""
    return _on_head(" ".join(noun.lower().split()), lambda word: _plural(_singular(word)))


def _plural(word: str) -> str:
    if word in PLURAL_ONLY or word in SAME_IN_PLURAL:
        return word
    if word in IRREGULAR:
        return IRREGULAR[word]
    if "-" in word:
        start, _, last = word.rpartition("-")
        return f"{start}-{_plural(last)}"
    if word.endswith("man") and len(word) > 4 and word not in NOT_MEN:
        return word[:-3] + "men"
    if word.endswith("child"):
        return word + "ren"
    if word.endswith(("s", "x", "z", "ch", "sh")):
        return word + "es"
    if word.endswith("y") and word[-2:-1] not in _VOWELS:
        return word[:-1] + "ies"
    return word + "s"


def _on_verb(phrase: str, change: Callable[[str], str]) -> str:
    verb, space, rest = " ".join(phrase.lower().split()).partition(" ")
    return change(verb) + space + rest


@lru_cache(maxsize=1 << 12)
def participle(verb: str) -> str:
    """The present participle: "ride" to "riding", "stand on" to "standing on"."""
    return _on_verb(verb, _participle)


def _participle(verb: str) -> str:
    if verb.endswith("ie"):
        return verb[:-2] + "ying"
    if verb.endswith("e") and verb not in KEEP_E and not verb.endswith(("ee", "oe", "ye")) and verb != "be":
        return verb[:-1] + "ing"
    if verb.endswith("ic"):
        return verb + "king"
    return verb + (verb[-1] if _doubles(verb) else "") + "ing"


def _doubles(verb: str) -> bool:
    return verb in STRESSED_LAST or bool(_DOUBLES.fullmatch(verb.replace("qu", "q")))


@lru_cache(maxsize=1 << 12)
def third_person(verb: str) -> str:
    """The third person singular of the present: "ride" to "rides", "carry" to "carries"."""
    return _on_verb(verb, _third_person)


def _third_person(verb: str) -> str:
    irregular = {"be": "is", "have": "has"}.get(verb)
    if irregular:
        return irregular
    if verb.endswith(("s", "x", "z", "ch", "sh")) or verb in {"go", "do", "undergo", "echo", "veto"}:
        return verb + ("zes" if verb == "quiz" else "es")
    return verb[:-1] + "ies" if verb.endswith("y") and verb[-2:-1] not in _VOWELS else verb + "s"


@lru_cache(maxsize=1 << 14)
def base(verb: str) -> str:
    """The base form of a verb: "riding", "rides" and "rode" to "ride", "standing on" to "stand on"."""
    return _on_verb(verb, _base)


def _base(form: str) -> str:
    known = table()
    if ("v", form) in known.exceptions:
        return known.exceptions["v", form]
    if form in {"is", "are", "was", "were", "been", "am"}:
        return "be"
    for ending, others in (("ying", ("ie",)), ("ies", ("y",)), ("ied", ("y",)), ("es", ("e", "")), ("s", ("",)),
                           ("ing", ("e", "")), ("ed", ("e", ""))):  # fmt: skip
        others = ("", "e") if form.endswith(("inging", "inged")) else others  # "swinge" is a verb as well, of long ago
        for other in others if form.endswith(ending) else ():
            stem = form[: -len(ending)] + other
            if len(stem) > 1 and _is_verb(stem):
                return stem
    for ending in ("ing", "ed"):
        stem = form.removesuffix(ending)
        if stem != form and stem[-1:] == stem[-2:-1] and _is_verb(stem[:-1]):
            return stem[:-1]
    return form


@lru_cache(maxsize=1 << 13)
def _is_verb(word: str) -> bool:
    known = table()
    return any(known.file(s).startswith("verb") for s in known.senses(word))


@lru_cache(maxsize=1 << 14)
def article(phrase: str) -> str:
    """The indefinite article before a phrase, by its first sound: "an hour", "a unicorn", "an SUV", "an 8"."""
    first = phrase.strip().split(" ")[0].lstrip("\"'“‘(")
    if not first:
        return "a"
    return "an" if _vowel_sound(first) else "a"


def _vowel_sound(word: str) -> bool:
    low = word.lower()
    if low[0].isdigit():
        digits = re.match(r"\d+", low.replace(",", ""))
        number = digits.group() if digits else low
        return number[0] == "8" or (number[:2] in {"11", "18"} and len(number) % 3 == 2)
    head = re.split(r"[-.&'’]", low)[0]
    if _read_by_letter(word, head):
        return head[:1] in _LETTERS
    if _SILENT_H.match(low):
        return True
    return low[0] in _VOWELS and not _YOU.match(low)


def _read_by_letter(word: str, head: str) -> bool:
    if len(head) == 1 or head in _BY_LETTER - {"us"}:
        return True
    if word.isupper() and head not in _AS_WORDS and len(head) <= 4:
        return True
    return len(head) <= 4 and not re.search(r"[aeiouy]", head)
