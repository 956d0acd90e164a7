"""Closed classes of words that decide how a caption is read. Tables only; open classes come from the lexicon."""

from __future__ import annotations

PICTURE = frozenset(
    "image photo photograph picture pic shot snapshot scene view close-up closeup portrait background foreground "
    "frame composition overview depiction photography footage screenshot".split()
)
"""Nouns about the picture itself; they name nothing in it."""

LOOKS = frozenset("tone format orientation lighting".split())
"""Nouns about how a picture looks: with their adjectives they are a style ("green tones", "portrait format")."""

MEDIUM_ADJECTIVES = frozenset(
    "white grayscale greyscale monochrome monochromatic sepia dark bright blurry blurred aerial overhead panoramic vintage "
    "overexposed underexposed macro close-up wide-angle".split()
)
"""Adjectives that a photo has as a picture rather than as a thing on the wall; "white" is the end of "black and white"."""

WHOLE_PLACES = {"outdoors": "outdoors", "outside": "outdoors", "indoors": "indoors", "underwater": "underwater"}
"""Adverbs that say where the whole picture was taken, and the scene they mean."""

TIMES = frozenset("night nighttime daytime dusk dawn evening".split())
"""Times of day that a picture shows; they are its scene."""

GROUPS = {
    "group": 2, "crowd": 3, "bunch": 2, "herd": 2, "flock": 2, "couple": 2, "pair": 2, "row": 2, "line": 2, "pile": 2,
    "stack": 2, "set": 2, "lot": 2, "collection": 2, "cluster": 2, "assortment": 2, "variety": 2, "number": 2, "array": 2,
    "series": 2, "team": 2, "pack": 2, "dozen": 12, "plenty": 2, "trio": 3, "handful": 2, "heap": 2, "selection": 2,
    "swarm": 2, "school": 2, "fleet": 2, "mix": 2, "mixture": 2, "ton": 2, "bundle": 2, "gathering": 2,
}  # fmt: skip
"""Nouns that count what follows "of" ("a herd of cows"), and the least number they mean."""

SOME_OF = frozenset("one two three four five six some most many several each both all none".split())
"""Words that stand for the things behind their "of" ("one of the dogs sits")."""

ELIDED = frozenset("one two three four five both some many several others other another all each rest".split())
"""Words that stand for things named before: "the other two are asleep"."""

EXACT_GROUPS = frozenset({"couple", "pair", "trio", "dozen"})

PORTIONS = frozenset(
    "piece slice bit part portion half type kind sort style form chunk strip sheet loaf end rest amount touch dash "
    "patch layer serving load".split()
)
"""Nouns that only portion out what follows "of" ("a slice of pizza")."""

WRITING = frozenset("word letter text writing lettering inscription phrase message slogan caption title number name".split())
"""Nouns that only announce what is read, where a quotation follows."""

PLACES_OF = frozenset(
    "top front back side middle center centre edge corner bottom left right rear end inside outside base tip "
    "vicinity foot direction midst".split()
)
"""Nouns that place something by a part of what follows "of": "on top of", "in the corner of"."""

HOLDING_PARTS = frozenset("hand hands arm arms mouth lap shoulder shoulders neck head back beak paw paws".split())
"""Parts of somebody that carry things."""

SIDES = frozenset("left right middle center centre distance".split())
"""Nouns that say where in the picture something is: "the man on the left"."""

COMPLEX_PREPOSITIONS = {
    ("next", "to"): "next to", ("close", "to"): "close to", ("adjacent", "to"): "adjacent to", ("out", "of"): "out of",
    ("in", "between"): "between", ("along", "with"): "with", ("together", "with"): "with", ("due", "to"): "due to",
    ("prior", "to"): "prior to", ("because", "of"): "because of", ("instead", "of"): "instead of",
    ("such", "as"): "such as", ("as", "well"): "as well", ("ahead", "of"): "ahead of", ("far", "from"): "far from",
    ("away", "from"): "away from", ("inside", "of"): "inside", ("outside", "of"): "outside", ("off", "of"): "off",
    ("up", "to"): "up to", ("alongside", "of"): "alongside", ("across", "from"): "across from", ("opposite", "to"): "opposite",
    ("attached", "to"): "attached to", ("near", "to"): "near",
    ("left", "of"): "left of", ("right", "of"): "right of",
}  # fmt: skip

NON_SPATIAL = frozenset({"like", "as", "than", "despite", "except", "because of", "instead of", "due to", "prior to", "about"})
"""Prepositions that place nothing; what they lead to is not said to be in the picture unless it is an object anyway."""

PERSON_PRONOUNS = frozenset({"he", "she", "him", "her", "his", "hers", "himself", "herself"})
THING_PRONOUNS = frozenset({"it", "its", "itself"})
PLURAL_PRONOUNS = frozenset({"they", "them", "their", "theirs", "themselves"})
RELATIVE = frozenset({"that", "which", "who", "whom", "whose", "where"})

UNNAMED = {"he": ("man", False), "him": ("man", False), "she": ("woman", False), "they": ("person", True)}
"""What a pronoun states where nothing before it can be meant: "He is wearing a suit" shows a man."""

INDEFINITE = {
    "someone": "person", "somebody": "person", "anyone": "person", "anybody": "person", "everyone": "person",
    "everybody": "person", "nobody": "person",
}  # fmt: skip
"""Pronouns that state a person."""

MATERIALS = frozenset(
    "wood wooden metal metallic glass plastic leather brick stone concrete steel brass copper iron marble ceramic porcelain "
    "cardboard paper rubber straw wicker bamboo denim cotton wool silk velvet lace fur granite tile tiled stainless aluminum "
    "aluminium bronze silver gold golden clay cloth fabric dirt gravel cobblestone cement asphalt "
    "chrome titanium foam styrofoam felt linen suede vinyl adobe".split()
)

BUILT = frozenset(
    "wall floor roof door gate fence pole post bench house building path bridge step stair railing ceiling tower".split()
)

COLOURED = frozenset({"colored", "coloured", "color", "colour"})

AS_ADJECTIVE = {"wood": "wooden"}
"""Matter by the adjective that says the same."""

PATTERNS = frozenset("plaid floral striped checkered paisley camouflage polka argyle tartan".split())

PARTS_WORN_AS_ADJECTIVES = frozenset(
    "hair sleeve face eye leg roof wheel tail neck nose ear shell horn beak beard wall brick tile frame rim finger arm belly "
    "foot head shoulder hand skin fur feather tooth top petal stem leaf blade handle spot stripe".split()
)
"""Nouns that captions make an adjective of: "a white haired lady", "a long-sleeved shirt"."""

NOT_OF_PARTS = frozenset("striped spotted tiled bricked headed handed topped faced framed".split()) - {"faced", "framed"}
"""Words that describe the thing itself ("striped") or mean something else ("headed")."""

LADEN = frozenset("covered filled lined topped dusted coated drawn laden strewn".split())
"""Participles that bind the noun in front of them: "snow covered", "tree lined"."""

WHERE = frozenset(
    "front back left right side rear top bottom far near middle upper lower opposite other center inner outer".split()
)
"""Adjectives that tell which part or which one is meant: "the front wheel"."""

PLAIN_ADJECTIVES = frozenset(
    "young old little big small large tiny huge tall short long new cute baby adult male female elderly older younger "
    "bigger smaller larger open closed full empty white black wet dry clean dirty".split()
)
"""Adjectives that describe even where the lexicon knows the compound: a "little girl" and a "young man" are a girl and a man."""

COLLECTIVE_PLURALS = frozenset({"people", "cattle", "police"})

NOT_VISUAL_ADJECTIVES = frozenset(
    "other same such own able available more most less least many much few several various different certain various "
    "next last first second third similar additional main specific particular possible current previous overall general "
    "real true whole entire total single only due likely visible outdoors indoors outside underwater".split()
)

OPINION_ADJECTIVES = frozenset(
    "beautiful lovely nice pretty cute adorable gorgeous stunning amazing delicious tasty appetizing yummy cozy cosy charming "
    "picturesque serene peaceful calm tranquil interesting captivating inviting pleasant elegant stylish unique creative fun "
    "funny impressive attractive appealing vibrant lively dynamic dramatic romantic nostalgic playful relaxing relaxed "
    "comfortable enjoyable perfect great good bad fancy awesome cool magnificent majestic mesmerizing harmonious visually "
    "fascinating memorable whimsical warm welcoming exciting intriguing wonderful ugly weird strange mouthwatering".split()
)

OPINION_NOUNS = frozenset(
    "atmosphere mood ambiance ambience feeling feel sense vibe charm beauty elegance sensation impression emotion serenity "
    "tranquility excitement enjoyment appeal focal point contrast essence joy happiness camaraderie warmth comfort relaxation "
    "nostalgia aesthetic aesthetics experience moment interest attention day time way".split()
)

COPULAS = frozenset({"be", "seem", "appear", "look", "become", "remain", "feel", "stay"})
HEDGE_VERBS = frozenset({"seem", "appear", "suggest", "indicate", "imply"})
HEDGES = frozenset({"possibly", "probably", "likely", "perhaps", "maybe", "apparently", "presumably", "seemingly", "potentially"})
HEDGE_MODALS = frozenset({"may", "might", "could", "would", "can"})

INSCRIBED = frozenset({"write", "print", "inscribe"})
"""What is done to a thing so that words stand on it."""

PICTURE_VERBS = frozenset({"show", "feature", "depict", "display", "capture", "portray", "contain", "include", "present", "see",
                           "illustrate", "showcase", "reveal", "consist"})  # fmt: skip
"""What a picture does to what it shows; with a picture noun as subject they relate nothing."""

TRANSFER = frozenset({"hold", "put", "place", "carry", "have", "keep", "wear", "set", "pull", "push", "hang", "lay", "rest"})
"""Verbs whose object, not subject, is what a following "in", "on" or "at" places: "holding a cup in his hand"."""

SHOWN = frozenset("seen shown taken pictured photographed depicted captured displayed visible viewed".split())
"""Participles that tell of the picture rather than of what is in it."""

SAY_VERBS = frozenset({"say", "read", "spell", "state"})
