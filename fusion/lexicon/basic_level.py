"""Basic-level nouns: which of them can name one thing in a photo.

The basic level is the one at which people name things first (Rosch et al., Basic objects in natural categories, 1976).
"""

from __future__ import annotations

from functools import lru_cache

from fusion.lexicon.hand import ADULTS, BABIES, FEMALE, MALE, OF_ANIMALS
from fusion.lexicon.inflection import singular
from fusion.lexicon.senses import fold, is_carved, noun
from fusion.lexicon.table import ancestors, listed, table

# Basic-level nouns with a shape of their own. Words for parts, roles, contents and rooms are left out: they overlap.
BASIC_LEVEL = listed("""
person bird fish insect snake lizard turtle frog spider crab shark whale dolphin
dog cat horse cow sheep goat pig elephant giraffe zebra bear lion tiger leopard deer moose monkey ape rabbit squirrel
mouse rat
fox wolf camel donkey kangaroo panda koala hippopotamus rhinoceros seal otter beaver raccoon llama buffalo bison
antelope
chicken duck goose swan gull pigeon eagle owl parrot penguin ostrich flamingo peacock crow pelican turkey hawk heron
stork
bee butterfly ant dragonfly
car bus truck van train airplane helicopter boat ship bicycle motorcycle streetcar tractor skateboard surfboard
snowboard ski
scooter wheelchair balloon kite frisbee umbrella
chair bench couch bed table desk stool bookcase dresser wardrobe
fork spoon knife bottle cup bowl vase teapot wineglass
refrigerator oven stove microwave toaster dishwasher toilet sink bathtub television laptop keyboard telephone
cellphone camera
printer clock mirror lamp
pizza sandwich hamburger soup salad cake doughnut pancake waffle cookie pie sushi taco burrito pasta cheese egg hotdog
apple banana pear lemon grape strawberry peach pineapple watermelon cherry kiwi mango carrot broccoli tomato potato
cucumber onion lettuce cabbage mushroom corn pumpkin cauliflower
hat shirt pants skirt dress shoe sock glove tie scarf belt backpack suitcase handbag spectacles sunglasses
tree flower
fence bridge church lighthouse tent windmill castle barn
guitar piano violin drum trumpet saxophone flute
scissors toothbrush book newspaper candle
baseball_bat fire_hydrant hair_dryer remote_control parking_meter traffic_light tennis_racket teddy_bear orange
""")

# Basic-level words that captions exchange for one another, or of which one thing may be both.
CONFUSED = frozenset(
    frozenset(pair.replace("_", " ").split("/"))
    for pair in listed(
        # A chair for two is a couch to some; benches, stools and chairs are all seats in captions; futons fold out.
        "chair/couch chair/bench chair/stool bench/couch stool/bench couch/bed table/desk table/bench "
        "table/stool "
        "desk/dresser "
        "dresser/wardrobe dresser/table bookcase/desk bookcase/wardrobe bookcase/dresser chair/wheelchair "
        "car/van car/truck van/truck bus/van bus/streetcar train/streetcar truck/tractor boat/ship "
        "bicycle/motorcycle "
        "motorcycle/scooter bicycle/scooter skateboard/scooter skateboard/snowboard surfboard/snowboard "
        "ski/snowboard "
        "telephone/cellphone oven/stove oven/microwave oven/toaster laptop/keyboard television/laptop "
        "telephone/camera "
        "cellphone/camera clock/lamp balloon/kite cup/bowl cup/wineglass cup/teapot bottle/vase vase/cup "
        "vase/bowl "
        "vase/wineglass "
        "sink/bathtub telephone/laptop "
        "pizza/cheese sandwich/hamburger sandwich/taco sandwich/burrito sandwich/hotdog taco/burrito cake/pie "
        "cake/pancake "
        "cake/doughnut cake/cookie pancake/waffle doughnut/cookie soup/pasta salad/pasta salad/cheese "
        "sandwich/cheese sandwich/egg "
        "pizza/pie pie/cookie apple/peach peach/cherry apple/cherry apple/tomato lettuce/cabbage "
        "broccoli/lettuce "
        "broccoli/cauliflower salad/lettuce salad/tomato salad/cucumber salad/cabbage salad/broccoli "
        "salad/carrot "
        "soup/tomato "
        "salad/egg salad/corn salad/potato soup/potato pie/apple pie/cherry pie/pumpkin cake/carrot "
        "cake/cheese "
        "pasta/cheese "
        "cake/strawberry pizza/tomato pizza/mushroom pizza/onion soup/onion soup/mushroom sushi/fish "
        "sandwich/chicken soup/chicken "
        "salad/chicken pizza/chicken egg/chicken egg/bird salad/fish soup/fish sandwich/fish pancake/egg "
        "sandwich/duck "
        "shirt/dress skirt/dress hat/scarf tie/scarf handbag/backpack handbag/suitcase backpack/suitcase "
        "spectacles/sunglasses "
        "pants/skirt shoe/sock tree/flower church/castle barn/church lighthouse/windmill "
        "mouse/rat dog/wolf dog/fox wolf/fox bison/buffalo bison/cow buffalo/cow horse/donkey sheep/goat "
        "deer/moose "
        "deer/antelope "
        "monkey/ape leopard/tiger lion/tiger cat/lion cat/tiger cat/leopard seal/otter goose/duck goose/swan "
        "duck/swan eagle/hawk "
        "heron/stork pelican/gull heron/flamingo crow/pigeon pigeon/gull chicken/turkey whale/dolphin "
        "shark/dolphin "
        "fish/shark "
        "fish/whale fish/dolphin whale/shark otter/beaver llama/camel llama/sheep bee/ant frog/turtle "
        "lizard/snake "
        "ostrich/heron "
        "goat/deer goat/antelope cow/antelope cow/deer panda/koala bear/koala bear/panda ape/person "
        "insect/spider "
        "book/newspaper violin/guitar trumpet/saxophone candle/lamp kite/umbrella tent/umbrella "
        "flower/broccoli "
        "flower/cauliflower "
        "tree/broccoli potato/onion book/laptop book/cellphone hamburger/hotdog hotdog/egg hotdog/cheese "
        "hamburger/cheese teddy_bear/bear orange/peach orange/lemon traffic_light/lamp"
    )
)


UNSEEN = frozenset({"noun.act", "noun.communication", "noun.event"})


@lru_cache(maxsize=1)
def _nodes() -> dict[int, str]:
    """The synset of each sense of a basic-level word, and the word."""
    words = [word.replace("_", " ") for word in reversed(BASIC_LEVEL)]
    return {sense: word for word in words for sense in noun(word).senses if table().members(sense)}


@lru_cache(maxsize=1 << 14)
def _above(word: str) -> frozenset[str]:
    """The basic-level words above another, without itself: "bird" for "duck"."""
    nodes = _nodes()
    return frozenset(nodes[s] for sense in noun(word).senses for s in ancestors(sense) if s in nodes) - {word}


@lru_cache(maxsize=1 << 15)
def basic_level(word: str) -> frozenset[frozenset[str]]:
    """The basic-level words over each sense of a noun that can be seen; empty if one of the senses has none."""
    nodes, found = _nodes(), set()
    for sense in noun(word).senses:
        over = frozenset(nodes[s] for s in ancestors(sense) if s in nodes)
        if not over and (not table().members(sense) or table().file(sense) in UNSEEN):
            continue
        if not over:
            return frozenset()
        found.add(over)
    return frozenset(found)


def nouns_exclude(a: str, b: str) -> bool:
    """All senses of one noun are other basic-level things than all senses of the other, and nobody confuses the two."""
    if is_carved(a) or is_carved(b):
        return False
    one, other = basic_level(a), basic_level(b)
    person = frozenset({frozenset({"person"})})
    if one == other == person:
        return _persons_exclude(singular(fold(a)), singular(fold(b)))
    if OF_ANIMALS & {singular(fold(a)), singular(fold(b))}:
        return False
    return bool(one and other) and all(_apart(x, y) for x in one for y in other)


def _apart(one: frozenset[str], other: frozenset[str]) -> bool:
    return all(
        x not in other and y not in one and frozenset((x, y)) not in CONFUSED for x in _lowest(one) for y in _lowest(other)
    )


def _lowest(words: frozenset[str]) -> list[str]:
    return [word for word in words if not any(word in _above(other) for other in words)]


def _persons_exclude(a: str, b: str) -> bool:
    """Only sex, and babies against adults: roles go together, and other ages are vague."""
    sexes = {_sex(a), _sex(b)}
    if sexes == {"female", "male"}:
        return True
    return (a in BABIES and b in ADULTS) or (b in BABIES and a in ADULTS)


@lru_cache(maxsize=1 << 12)
def _sex(word: str) -> str:
    head = word.rpartition(" ")[2]
    for name, words in (("female", FEMALE), ("male", MALE)):
        if word in words or head in words:
            return name
    over = {s for sense in noun(word).senses for s in ancestors(sense)}
    found = [sex for sex in ("female", "male") if not over.isdisjoint(table().senses(f"{sex} person"))]
    return found[0] if len(found) == 1 else ""
