"""What is part of what, and what is worn: "tail" of a cat, "sleeve" of a shirt; "hat", "shoe", "watch".

A part belongs to a kind of whole (`lexicon.category`) and not to single words, so that a new animal has a tail as well.
"""

from __future__ import annotations

from functools import lru_cache

from fusion.lexicon.categories import category
from fusion.lexicon.inflection import singular
from fusion.lexicon.senses import fold
from fusion.lexicon.table import listed

_BODY = """arm back beak belly bill body cheek chest chin claw coat ear elbow eye eyebrow eyelash face feather fin finger
fingernail foot forehead fur hair hand head heel hip hoof horn jaw knee leg lip mane mouth mustache beard muzzle nail neck
nose nostril palm paw rear shoulder skin snout spot stomach stripe tail thigh thumb toe tongue tooth torso trunk tusk waist
whisker wing wrist"""

_ROWS = {
    "animal": _BODY,
    "person": _BODY,
    "toy": _BODY,
    "plant": "bark blossom bloom branch bud canopy cone crown flower foliage fruit leaf limb petal root seed stalk stem stump "
    "thorn top trunk twig",
    "vehicle": "axle back bed body bonnet boot bow brake bumper cab cabin caboose cockpit deck door engine exhaust fender front "
    "fuselage grill grille handlebar headlight hood hull interior landing_gear light mast mirror nose oar paddle pedal "
    "propeller rear rim roof rudder sail seat side stern taillight tail tailgate tire track trailer trunk turbine wheel window "
    "windshield windscreen wing wiper",
    "building": "arch awning balcony basement brick ceiling chimney clock column corner deck dome door doorway entrance exterior "
    "facade face floor front gable gate gutter interior ledge pillar porch railing roof room side spire stair staircase step "
    "steeple story terrace top tower turret wall window windowsill",
    "place": "ceiling cabinet counter door doorway edge entrance floor shore side wall window",
    "furniture": "arm armrest back base cabinet cushion door drawer edge foot footboard frame headboard knob leg mattress pillow "
    "post rail seat shelf sheet side top",
    "garment": "brim button buckle collar cuff hem hood lace lapel leg lining logo neck neckline pocket seam sleeve sole strap "
    "stripe tag waist zipper",
    "appliance": "burner button cord door dial drawer handle knob lid rack shelf",
    "device": "button cord display key keyboard lens monitor screen speaker",
    "container": "bottom cap edge handle label lid lip rim side strap zipper",
    "tableware": "bottom edge handle label lid lip rim side stem",
    "tool": "blade edge handle head tip",
    "sports gear": "blade deck face fin grip handle net string tail tip wheel",
    "food": "core crust filling frosting icing layer peel pit rind seed skin sprinkle stem topping",
    "artifact": "arm back base bottom corner door drawer edge face frame front handle head knob leg lid post rim seat side top",
}

_PARTS = {
    kind: frozenset(word.replace("_", " ") for word in listed(words)) for kind, words in _ROWS.items()
}  # fmt: skip

_WORN = frozenset(listed("""
apron attire backpack bandana belt bikini blazer blouse boot bowtie bracelet cap cape cleat cloak clothes clothing coat collar
costume dress earring earphone eyeglasses eyewear flipflop footwear gear glasses glove goggles gown hat headband headphones
headset heel helmet hood hoodie jacket jean jeans jersey kilt kimono knee_pad legging loafer mask mitten necklace necktie outfit
overalls pajamas pantyhose pants pyjamas ring robe sandal sari sash scarf shawl shirt shoe shorts shoe_lace skirt slacks sleeve
slipper sneaker sock spectacles stocking suit sunglasses suspenders sweater sweatshirt swimsuit tank_top tee tiara tie tights
trousers trunks tutu tuxedo underwear uniform veil vest visor watch wetsuit wig wristband wristwatch
"""))  # fmt: skip


@lru_cache(maxsize=1 << 14)
def is_part_of(part: str, whole: str) -> bool:
    """Can a thing of this kind have such a part: tail and cat, door and car, leaf and tree? The likeliest reading decides."""
    one = singular(fold(part))
    names = {one, one.rpartition(" ")[2]}
    return any(not names.isdisjoint(_PARTS[kind]) for kind in category(whole) if kind in _PARTS)


@lru_cache(maxsize=1 << 14)
def is_worn(noun: str) -> bool:
    """Is it something that somebody has on: clothes, shoes, jewellery, a helmet, a watch?"""
    one = singular(fold(noun))
    last = one.rpartition(" ")[2]
    names = {one, last, fold(noun).rpartition(" ")[2], one.replace(" ", "_")}
    return not names.isdisjoint(_WORN) or ("garment" in category(one) and not {"food", "place", "tool"} & category(one))
