"""What the groups of tags mean, in general words: data for `fusion.tags.groups`.

The groups are those under which people file the tags of image boards. Most words need no row here, because the
lexicon's hierarchy knows that a scarf is a garment; rows are for words it lacks (fashion, poses, drawing), for words
whose likelier sense in a dictionary is another than in a tag ("bow", "top"), and for what groups call by other names.
"""

from __future__ import annotations

from fusion.lexicon.table import listed

GROUPS = (
    "groups", "family", "jobs", "creatures", "changes", "body", "clothes", "weapons", "verbs and gerunds", "vehicles",
    "technology / sci-fi", "objects", "games", "food", "plants", "elements", "locations", "dates", "video games",
    "image composition",
)  # fmt: skip
"""All groups, in the order in which tags are put: who is there and how many, what they are and wear and do, other things,
where and when, where it is from, and how the picture is made."""

KINDS = {
    **dict.fromkeys(
        listed(
            "clothing garment footwear headdress hosiery neckwear handwear jewelry adornment eyeglasses armor mask uniform "
            "fastener fabric attire eyepatch handkerchief handbag bag umbrella undergarment armor_plate shield goggles "
            "watch wrapping glove slide_fastener cosmetic toiletry hairpiece"
        ),
        "clothes",
    ),
    **dict.fromkeys(
        listed(
            "noun.body body_part hair smile gesture wing tail feather paw claw horn facial_expression injury "
            "emotion noun.feeling tattoo jewel cry pose wound scar bandage external_body_part limb stance"
        ),
        "body",
    ),
    **dict.fromkeys(
        listed(
            "noun.food food beverage foodstuff dish edible_fruit vegetable utensil cutlery tableware kitchen_utensil cookware "
            "restaurant kitchen_appliance drinking_vessel bottle meal kitchen crockery cup glass bowl jar bakery meat "
            "seafood cereal edible_nut candy cooking"
        ),
        "food",
    ),
    **dict.fromkeys(
        listed("noun.animal animal imaginary_being mythical_being spiritual_being monster deity witch vampire magician"),
        "creatures",
    ),
    **dict.fromkeys(listed("noun.plant plant flower leaf fruit tree flower_arrangement wood plant_part"), "plants"),
    **dict.fromkeys(listed("weapon weaponry ammunition sheath gun explosive_device knife sword axe hammer edge_tool"), "weapons"),
    **dict.fromkeys(listed("vehicle aircraft ship wheeled_vehicle"), "vehicles"),
    **dict.fromkeys(
        listed("boat fire water body_of_water fluid_flow ice flame weather noun.phenomenon smoke island bath"), "elements"
    ),
    **dict.fromkeys(
        listed(
            "building room structure facility location way geological_formation land celestial_body area house "
            "noun.location noun.object road path passage course "
            "thoroughfare mercantile_establishment mill tower street park establishment place_of_worship sky "
            "natural_elevation country"
        ),
        "locations",
    ),
    **dict.fromkeys(
        listed(
            "furniture musical_instrument electronic_device computer telephone machine container toy "
            "book paper card lamp device instrumentality noun.artifact noun.substance implement money doll"
        ),
        "objects",
    ),
    **dict.fromkeys(listed("game sport sports_equipment playing_card ball dance athletic_contest gymnastics"), "games"),
    **dict.fromkeys(listed("worker professional occupation noun.person performer leader"), "jobs"),
    **dict.fromkeys(listed("relative kin family spouse"), "family"),
    **dict.fromkeys(listed("robot automaton spacecraft prosthesis"), "technology / sci-fi"),
    **dict.fromkeys(
        listed(
            "picture photograph painting drawing print art diagram chart color perspective "
            "portrait document writing noun.shape visual_communication publication"
        ),
        "image composition",
    ),
    **dict.fromkeys(listed("gregorian_calendar_month day_of_the_week year"), "dates"),
}  # fmt: skip
"""By word of the lexicon's hierarchy, or by its lexicographer file: the group of all below it."""

_HEADS = {
    "groups": """
        adult androgynous baby boy child clone couple crowd duo everyone female girl group guy harem human kid lady male
        man other pair person solo team trio woman
    """,
    "family": """
        aunt brother cousin dad daughter father grandfather grandmother grandparent mom mother nephew niece parent sibling
        sister son triplets twin uncle
    """,
    "jobs": """
        gyaru idol miko office_lady pharaoh police priest queen
    """,
    "creatures": """
        alien catgirl chimera dwarf gargoyle ghost gorgon harpy homunculus jiangshi kemonomimi kitsune kraken lich oni orc
        pegasus reaper satyr siren skeleton slime sphinx spirit tentacles undead wraith youkai zombie
    """,
    "changes": """
        corruption crossover fusion hair_down hair_up persona possession progression regression reincarnation reversal
        shrinking swap switch transfiguration transformation universe
    """,
    "body": """
        ahoge all_fours amputee antenna bent_over blushing bun butt carry cast clasped cleft crotch crutches crying
        dancing drill drunk eyeliner eyeshadow falling flexing flying frown frowning fur gaze halo handstand heterochromia
        hospital hug kiss laugh lipstick makeup mark mascara medicine mole nail nape navel on_side peace_sign piercing
        pill pout pupil rest ribs salute scratches seiza sidelocks sigh slouching smiling sole soles split steaming
        stitches stretch stubble support sweating syringe tanlines trembling v viewer wing wink
    """,
    "clothes": """
        anklet argyle armband armlet backless badge blindfold boot bottom bottomless bow bracelet buruma cape capelet
        changshan checkered cheongsam choker cloak clothing collar cosplay crown cuff cummerbund cutout emblem embroidery
        fishnets flats frill fundoshi furisode gakuran garter gem geta hachimaki hairband hairclip hakama halter
        halterneck hanbok hanfu happi headband headphones headpiece headset heels hem hood jeans jinbei kappougi keffiyeh
        lace leggings loafers mary_janes monocle naked neckline nude obi off-shoulder ornament overalls pads pajamas
        panties patch pattern pauldrons piece platform polka_dot print qipao randoseru ribbon ring sandals sarashi sash
        satchel see-through seifuku serafuku shoe shrug skirt sleeve sleeveless slippers sneakers stilettos strap striped
        stud thighhighs thong top topless tunic unbuttoned undone undressing unworn unzipped waders wristband yukata
    """,
    "weapons": """
        blade club dynamite guandao jian kanabou katana kunai kusarigama naginata nunchaku quiver shield shuriken staff
        tantou tonfa trigger turret wakizashi wand warhead whip yari zweihander
    """,
    "verbs and gerunds": """
        bite kick punch rescue sleep throw
    """,
    "vehicles": """
        cockpit tank
    """,
    "technology / sci-fi": """
        ai cybernetic cyberpunk cyborg exosuit futuristic hologram joints laser machinery mecha mechanical
        mechanization nanotechnology prosthetic robotic sci-fi science_fiction space_suit steampunk
    """,
    "objects": """
        bass biwa bottle_cap chain cross guzheng kotatsu letter lotion ofuda otamatone player poster scissors scroll sign
        taiko towel umbrella zabuton
    """,
    "games": """
        bowling boxing cards_(game) chess clubs diamonds dice domino go_(game) hanafuda hearts jenga joker karate karuta
        kendama mahjong paddle poker puzzle racing racket scooping seesaw shogi skateboard skateboarding
        skating skiing surfboard swing swing_set tarot tcg yoyo
    """,
    "food": """
        anpan baking bar bento can chewing chopsticks cooking daifuku dango dorayaki drinking eating egg feeding fruit
        frying grilling gyoza gyudon juicebox karaage katsudon ladle lunchbox manjuu mochi mug nabe napkin natto nori
        obentou okonomiyaki onigiri pouring ramen ramune refrigerator sake salt senbei shrimp smoothie soba soda
        somen spice spoon stack straw tablecloth taco taiyaki takoyaki tamagoyaki tart tonkatsu tray udon umeboshi wagashi
        yakisoba yakitori
    """,
    "plants": """
        hedge higanbana himawari ikebana momiji mushroom osmanthus palm sakura thorns ume
    """,
    "elements": """
        aquarium bubble burning diving droplet ember explosion freezing hose lava magma onsen
        pool puddle pyrokinesis raft shower snow soaking splash splashing steam swimming thunder wave wet
    """,
    "locations": """
        building cityscape corridor crosswalk galaxy hallway pier pillar railroad road roof scenery sidewalk stage stairs
        torii track tunnel void
    """,
    "dates": """
        april august date december february friday january july june march may november october saturday september
        thursday tuesday wednesday
    """,
    "video games": """
        arcade_cabinet cartridge console controller emulator franchise game_boy gamepad handheld joystick series
    """,
    "image composition": """
        aberration absurdres album angle animated anime artifacts artist aspect_ratio backlighting bloom blurry body_only
        bokeh border caption cel censor censored censoring chibi close-up color colored comic commentary composition
        contrast copyright copyright_name cover cropped dated deco depth_of_field dithering drawing fisheye flare
        foreshortening fourth_wall framed full_body gif glitch gradient grain graph grayscale greyscale highres
        illustration impressionism koma layered lens letterboxed light lighting lines logo lower_body lowres magazine
        manga media metadata nouveau outline page painting panel pop_art pov rating realistic reference request resolution
        saturation sepia shade shading shadow sheet shot signature silhouette speech_bubble spotlight stereogram subtitled
        sunlight surreal symmetry thought_bubble tilt translation transparent typography upper_body username video
        wallpaper watercolour watermark
    """,
}


def _read() -> dict[str, str]:
    return {word.replace("_", " "): group for group, words in _HEADS.items() for word in listed(words)}


HEADS = _read()
"""The group of a tag whose head is this word, or this phrase; it goes before the lexicon."""

ACTIONS = frozenset(
    listed("lift pull tug grab hold removed removal aside slip flip tuck peek adjust adjusting biting bite press squeeze poke "
           "grabbing pulling lifting rub stroking rubbing holding opening down up around apart together visible only over open")
)  # fmt: skip
"""Words at the end that say what is done to a thing: the thing before them is the head."""

POSTURES = frozenset(
    listed("sitting standing lying kneeling squatting crouching leaning carrying hugging balancing stretching jumping running "
           "walking reaching crossing spreading raising covering embracing looking facing pointing waving leaning floating_hair "
           "straddling perching reclining clinging cuddling bending arching hunching clenching blowing_kiss")
)  # fmt: skip
"""What people do with the whole body: filed under the body, not under verbs."""

HANDLED = frozenset(
    listed("holding wielding wearing carrying eating drinking playing reading picking putting adjusting removing grabbing")
)
"""Verbs that say less than what they are done to."""

ADDED = frozenset(listed("background backgrounds focus theme themed style palette parody inset text frame font"))
"""Words that make any phrase say how the picture is made."""

FIRST = {
    **dict.fromkeys(listed("tail wing winged ear nipple breast breasts"), "body"),
    **dict.fromkeys(listed("cat cats"), "creatures"),
    "print": "image composition",
    "imminent": "verbs and gerunds",
    "alternate": "changes",
}
"""Words in front that decide before a head that is no thing of its own: a "tail ribbon", "cat ears"."""

FRANCHISES = frozenset(
    listed(
        "final_fantasy dragon_quest fire_emblem pokemon zelda mario sonic persona megami kingdom_hearts tales_of touhou fate "
        "street_fighter tekken king_of_fighters guilty_gear blazblue metal_gear resident_evil biohazard devil_may_cry dark_souls "
        "elden_ring bloodborne monster_hunter castlevania mega_man rockman metroid kirby splatoon animal_crossing xenoblade "
        "xenosaga chrono star_ocean suikoden atelier disgaea nier ys eiyuu_densetsu kantai_collection azur_lane genshin "
        "arknights honkai girls_frontline "
        "blue_archive granblue princess_connect idolmaster danganronpa ace_attorney overwatch "
        "league_of_legends apex_legends call_of_duty halo half-life portal mass_effect dragon_age warcraft starcraft diablo "
        "minecraft undertale assassin's_creed bioshock fallout elder_scrolls witcher god_of_war silent_hill bayonetta "
        "soulcalibur dead_or_alive mortal_kombat fatal_fury phantasy_star sakura_taisen earthbound pikmin donkey_kong "
        "crash_bandicoot tomb_raider ragnarok lineage maplestory nintendo playstation xbox sega wii gamecube atari famicom "
        "world_of "
        "digimon_world digimon_story umineko higurashi clannad kanon tsukihime little_busters steins;gate"
    )
)
"""How names of well-known series and makers of video games begin; a name is nothing that words could tell."""

TITLES = frozenset(
    listed("fantasy quest saga chronicles chronicle legends online densetsu monogatari senki emblem souls tactics warriors "
           "spirits rebirth awakening adventures ultimate remake zero alpha omega resonance memories")
)  # fmt: skip
"""Words that end names of works."""

QUALIFIERS = {
    "series": "video games", "game": "video games", "company": "video games", "style": "image composition",
    "medium": "image composition", "meme": "image composition", "symbol": "image composition", "object": "objects",
    "place": "locations", "weapon": "weapons", "projectile": "weapons", "creature": "creatures", "animal": "creatures",
    "mythology": "creatures", "entity": "creatures", "character": "creatures", "pokemon": "creatures", "expression": "body",
    "pose": "body", "mtf": "changes", "ftm": "changes",
}  # fmt: skip
"""What stands in brackets behind an ambiguous tag, where it is no plain noun such as "flower"."""

COMPOSED = frozenset({"image composition", "video games", "changes", "dates", "verbs and gerunds"})
"""Groups of tags that name no thing in the picture, so that seeing none says nothing of them."""

PERSONS = {"other": "person", "people": "person", "human": "person", "character": "person"}
"""What tags that count call persons."""

NOT_OF_ITS_KIND = frozenset(
    listed("no without missing alternate fake toy imaginary implied invisible unworn mock plush imminent")
)
"""Words in front after which the rest does not hold: "no skirt", "fake tail"."""

ZONES = {
    "body": (
        "body skin muscle fur",
        "hair bangs ponytail twintails braid ahoge bun sidelocks bald",
        "eye eyes eyebrow eyelash pupil sclera gaze viewer",
        "ear ears horn horns halo antenna antennae",
        "face smile frown grin blush mouth lip lips tongue tooth teeth fang nose cheek makeup expression tears beard mustache",
        "neck shoulder collarbone chest breast breasts armpit back",
        "arm arms elbow wrist hand hands finger nail fingernail",
        "navel midriff stomach belly waist abs torso hip hips crotch ass",
        "leg legs thigh thighs knee knees calf foot feet toe toes sole soles barefoot",
        "tail wing wings claw paw",
        "sitting standing lying kneeling squatting walking running jumping posture pose stance",
    ),
    "clothes": (
        "clothes uniform costume outfit cosplay attire suit armor dress kimono robe swimsuit bikini leotard naked nude",
        "hat cap helmet crown tiara hood veil headwear headdress headband hairband hairclip hairpin ornament",
        "glasses goggles eyewear mask eyepatch monocle sunglasses earring earrings headphones",
        "scarf tie necktie bowtie choker collar necklace ribbon bow neckerchief",
        "shirt blouse top sweater hoodie jacket coat vest cardigan cape cloak apron bra sleeve sleeves",
        "glove gloves bracelet ring watch wristband cuff",
        "belt sash obi pouch",
        "skirt pants shorts jeans trousers panties underwear hakama",
        "sock socks thighhighs kneehighs pantyhose stockings tights legwear garter",
        "shoe shoes boot boots sandals sneakers heels slippers footwear",
        "bag backpack handbag umbrella",
        "print pattern plaid striped lace frills trim",
    ),
    "image composition": (
        "background backgrounds",
        "view angle perspective shot focus pov above below behind body close portrait profile frame frames framed border cropped",
        "light lighting sunlight shadow shade color colors colored theme palette monochrome greyscale grayscale sepia "
        "gradient blurry",
        "style parody sketch lineart painting watercolor comic photo photograph art medium anime manga chibi realistic 3d",
        "text signature watermark username logo bubble caption",
    ),
}
"""Inside a group, words in the order of reading: a body and its clothes from head to foot, a picture from its background to
its style and its marks."""
