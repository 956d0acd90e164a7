"""What the groups of tags mean, in general words: data for `fusion.tags.groups`.

The groups are those under which the wikis of image boards (drawings, most of them of people) file tags. Tags of photos are
filed under the same: a place, room or building under locations, a holiday under dates; what food is cooked and eaten with
stands beside it, a refrigerator under objects. Most words need no row here, because the lexicon's hierarchy knows that a
scarf is a garment; rows are for words it lacks (fashion, poses, drawing, names of places), for words whose likelier sense
in a dictionary is another than in a tag ("bow", "top"), and for what groups call by other names.
"""

from __future__ import annotations

from fusion.lexicon.table import listed

GROUPS = (
    "groups", "family", "jobs", "creatures", "changes", "body", "clothes", "weapons", "verbs and gerunds", "vehicles",
    "technology / sci-fi", "objects", "games", "food", "plants", "elements", "locations", "dates", "video games",
    "image composition",
)  # fmt: skip
"""All groups, those of image boards' wikis, in the order in which tags are put: who is there and how many, what they are and
wear and do, other things, where and when, where it is from, and how the picture is made."""

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
            "kitchen_appliance drinking_vessel bottle meal crockery cup glass bowl jar meat "
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
            "natural_elevation country restaurant kitchen bakery"
        ),
        "locations",
    ),
    **dict.fromkeys(
        listed(
            "home_appliance furniture musical_instrument electronic_device computer telephone machine container toy "
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
        adult androgynous baby boy child clone couple crowd duo everyone female friend girl group guy harem human kid
        lady male man other pair person solo team trio woman
    """,
    "family": """
        aunt brother cousin dad daughter father grandfather grandmother grandparent mom mother nephew niece parent
        sibling sister son triplets twin uncle
    """,
    "jobs": """
        gyaru idol miko office_lady pharaoh police priest queen
    """,
    "creatures": """
        alien catgirl chimera dwarf gargoyle ghost gorgon harpy homunculus jiangshi kemonomimi kitsune kraken lich
        mummy ogre oni orc pegasus reaper satyr siren skeleton slime sphinx spirit tentacles undead wildlife wizard
        wraith youkai zombie
    """,
    "changes": """
        corruption crossover fusion hair_down hair_up persona possession progression regression reincarnation reversal
        shrinking swap switch transfiguration transformation universe
    """,
    "body": """
        abs ahoge all_fours amputee antenna bent_over blushing bun butt carry cast clasped cleft crotch crutches
        crying dancing drill drunk eyeliner eyeshadow falling flexing flying frown frowning fur gaze halo handstand
        heterochromia hug kiss laugh lipstick makeup mark mascara medicine mole nail nape navel on_side peace_sign
        piercing pill pout pupil rest ribs salute scratches seiza sidelocks sigh slouching smiling sole soles split
        steaming stitches stretch stubble support sweating syringe tanlines trembling v viewer wing wink
    """,
    "clothes": """
        anklet argyle armband armlet backless badge blindfold boot bottom bottomless bow bracelet bracer buruma cape
        capelet changpao changshan checkered cheongsam choker cloak clothing collar cosplay crown cuff cummerbund
        cutout emblem embroidery fishnets flats frill fundoshi furisode gakuran garter gem geta hachimaki hairband
        hairclip hakama halter halterneck hanbok hanfu haori happi headband headphones headpiece headset heels helm
        hem highs hood jeans jinbei kappougi keffiyeh kneehighs lace lapel leggings loafers mary_janes monocle
        mortarboard naked neckline nude obi off-shoulder ornament overalls oxfords pads pajamas panties patch pattern
        pauldrons piece platform polka_dot print pumps qipao randoseru ribbon ring sandals sarashi sash satchel
        see-through seifuku serafuku shoe shrug skirt sleeve sleeveless slippers sneakers stilettos strap striped stud
        sweatband thighhighs thong top topless tunic unbuttoned undone undressing unworn unzipped ushanka waders
        wristband yukata
    """,
    "weapons": """
        blade club crowbar dynamite flail guandao jian kanabou katana knuckles kunai kusarigama naginata nunchaku
        polearm quiver shield shuriken staff tantou tonfa trigger turret wakizashi wand warhead whip yari zweihander
    """,
    "verbs and gerunds": """
        bite concert kick punch rescue sleep throw vacation
    """,
    "vehicles": """
        cockpit tank
    """,
    "technology / sci-fi": """
        ai cybernetic cyberpunk cyborg exosuit futuristic hologram joints laser machinery mecha mechanical
        mechanization nanotechnology prosthetic robotic sci-fi science_fiction space_suit steampunk
    """,
    "objects": """
        bass biwa bottle_cap chain cross guzheng kotatsu letter lotion ofuda otamatone player poster scissors scroll
        sign stop_sign taiko towel traffic_light traffic_sign umbrella zabuton
    """,
    "games": """
        bowling boxing cards_(game) chess clubs diamonds dice domino go_(game) hanafuda hearts jenga joker karate
        karuta kendama mahjong paddle poker puzzle racing racket scooping seesaw shogi skateboard skateboarding
        skating skiing surfboard swing swing_set tarot tcg yoyo
    """,
    "food": """
        anpan baking bento can chewing chopsticks cooking daifuku dango dorayaki drinking eating egg feeding fruit
        frying grill grilling gyoza gyudon juicebox karaage katsudon ladle lunchbox manjuu mochi mug nabe napkin natto
        nori obentou okonomiyaki onigiri pouring ramen ramune sake salt senbei shrimp smoothie soba soda somen spice
        spoon stack straw tablecloth taco taiyaki takoyaki tamagoyaki tart tonkatsu tray udon umeboshi wagashi
        yakisoba yakitori
    """,
    "plants": """
        hedge higanbana himawari ikebana momiji mushroom osmanthus palm sakura thorns ume
    """,
    "elements": """
        aquarium bubble burning diving droplet ember explosion freezing hose lava magma onsen pool puddle pyrokinesis
        raft shower snow soaking splash splashing steam swimming thunder wave wet
    """,
    "locations": """
        bar building cafe cafeteria cityscape corridor countryside crosswalk diner downtown galaxy hallway hospital
        nature pier pillar railroad road roof rural scenery sidewalk stage stairs torii track tunnel urban void
    """,
    "dates": """
        april august birthday christmas date december easter february friday halloween hanukkah holiday january july
        june march may new_year november october saturday september thanksgiving thursday tuesday valentine wednesday
    """,
    "video games": """
        arcade_cabinet cartridge console controller emulator franchise game_boy gamepad handheld joystick series
    """,
    "image composition": """
        aberration absurdres album angle animated anime artifacts artist aspect_ratio backlighting bloom blurry
        body_only bokeh border caption cel censor censored censoring chibi close-up color colored comic commentary
        composition contrast copyright copyright_name cover cropped dated deco depth_of_field dithering drawing
        fisheye flare foreshortening fourth_wall framed full_body gif glitch gradient grain graph grayscale greyscale
        highres illustration impressionism koma layered lens letterboxed light lighting lines logo lower_body lowres
        macro magazine manga media metadata nouveau outline page painting panel photo photograph photography pop_art
        pov rating realistic reference request resolution saturation sepia shade shading shadow sheet shot signature
        silhouette speech_bubble spotlight stereogram subtitled sunlight surreal symmetry thought_bubble tilt
        translation transparent typography upper_body username video wallpaper watercolour watermark
    """,
}


PLACES = frozenset(
    word.replace("_", " ")
    for word in listed(
        """
        africa antarctica asia europe north_america south_america latin_america central_america america oceania middle_east
        arctic caribbean balkans scandinavia himalayas alps andes sahara siberia patagonia
        afghanistan albania algeria andorra angola argentina armenia australia austria azerbaijan bahamas bahrain bangladesh
        barbados belarus belgium belize benin bhutan bolivia bosnia botswana brazil brunei bulgaria burkina_faso burundi
        cambodia cameroon canada cape_verde chile china colombia congo costa_rica croatia cuba cyprus czechia czech_republic
        denmark djibouti dominican_republic east_timor ecuador egypt el_salvador eritrea estonia eswatini ethiopia fiji finland
        france gabon gambia germany ghana greece greenland grenada guatemala guinea guyana haiti honduras hong_kong hungary
        iceland india indonesia iran iraq ireland israel italy ivory_coast jamaica japan kazakhstan kenya kosovo kuwait
        kyrgyzstan laos latvia lebanon lesotho liberia libya liechtenstein lithuania luxembourg macau madagascar malawi
        malaysia maldives malta mauritania mauritius mexico moldova monaco mongolia montenegro morocco mozambique myanmar
        namibia nepal netherlands new_zealand nicaragua niger nigeria north_korea north_macedonia norway oman pakistan
        palestine panama papua_new_guinea paraguay peru philippines poland portugal puerto_rico qatar romania russia rwanda
        samoa san_marino saudi_arabia senegal serbia seychelles sierra_leone singapore slovakia slovenia somalia south_africa
        south_korea south_sudan spain sri_lanka sudan suriname sweden switzerland syria taiwan tajikistan tanzania thailand
        tibet togo tonga trinidad tunisia turkmenistan tuvalu uganda ukraine united_arab_emirates united_kingdom
        united_states uruguay usa uk uzbekistan vanuatu vatican venezuela vietnam yemen zambia zimbabwe
        england scotland wales northern_ireland great_britain britain catalonia tuscany bavaria normandy provence andalusia
        alabama alaska arizona arkansas california colorado connecticut delaware florida hawaii idaho illinois indiana iowa
        kansas kentucky louisiana maine maryland massachusetts michigan minnesota mississippi missouri montana nebraska nevada
        new_hampshire new_jersey new_mexico new_york north_carolina north_dakota ohio oklahoma oregon pennsylvania rhode_island
        south_carolina south_dakota tennessee texas utah vermont virginia west_virginia wisconsin wyoming
        ontario quebec british_columbia nova_scotia queensland new_south_wales tasmania
        amsterdam antwerp athens atlanta auckland austin baghdad bali bangkok barcelona beijing beirut belfast belgrade berlin
        bogota boston brisbane brussels bucharest budapest buenos_aires cairo calgary cambridge cape_town caracas casablanca
        chicago copenhagen dallas delhi denver detroit dubai dublin edinburgh florence frankfurt geneva glasgow hamburg hanoi
        havana helsinki hiroshima hokkaido honolulu houston istanbul jakarta jerusalem johannesburg karachi kathmandu kiev
        kobe kolkata krakow kuala_lumpur kyiv kyoto lagos las_vegas leeds lima lisbon liverpool london los_angeles lyon madrid
        manchester manhattan manila marrakech marseille melbourne mexico_city miami milan montreal moscow mumbai munich nagoya
        nairobi naples new_delhi new_orleans new_york_city nyc okinawa osaka oslo ottawa paris perth philadelphia
        pittsburgh portland prague rio_de_janeiro rome rotterdam saint_petersburg salzburg san_diego san_francisco santiago
        sao_paulo sapporo sarajevo seattle seoul seville shanghai shenzhen singapore sofia stockholm stuttgart sydney taipei
        tallinn tbilisi tehran tel_aviv tokyo toronto turin valencia vancouver venice vienna vilnius warsaw washington
        wellington yokohama zagreb zurich brooklyn hollywood times_square
        """
    )
)
"""Names of places, which the lexicon lacks: continents and regions, countries by their English short names (ISO 3166-1),
states of the USA (ISO 3166-2), large or much visited cities. Names that are rather something else are left out: turkey,
jersey, chad, georgia, jordan."""

PLACE_STARTS = frozenset(listed("mount mt lake fort port san santa las los new north south east west rio cape"))
"""How names of places begin, where the rest is a word that nobody knows."""

PLACE_ENDS = ("ville", "burg", "burgh", "shire", "istan", "polis", "grad")
"""How names of places end, where nobody knows the word."""


def _read() -> dict[str, str]:
    found = {word.replace("_", " "): group for group, words in _HEADS.items() for word in listed(words)}
    return dict.fromkeys(PLACES, "locations") | found


HEADS = _read()
"""The group of a tag whose head is this word, or this phrase; it goes before the lexicon."""

ACTIONS = frozenset(
    listed("lift pull tug grab hold removed removal aside slip flip tuck peek adjust adjusting biting bite press squeeze poke "
           "grabbing pulling lifting rub stroking rubbing holding opening down up around apart together visible only over open")
)  # fmt: skip
"""Words at the end that say what is done to a thing: the thing before them is the head."""

POSTURES = frozenset(
    listed("sitting standing lying kneeling squatting crouching leaning carrying hugging balancing stretching jumping running "
           "walking reaching crossing spreading raising covering embracing looking facing pointing waving floating_hair "
           "straddling perching reclining clinging cuddling bending arching hunching clenching blowing_kiss")
)  # fmt: skip
"""What people do with the whole body: filed under the body, not under verbs."""

HANDLED = frozenset(
    listed("holding wielding wearing carrying eating drinking playing reading picking putting adjusting removing grabbing")
)
"""Verbs that say less than what they are done to."""

APPEARING = frozenset(
    listed("glowing flying fighting running baking sparkling burning floating dripping falling rolling folding sleeping flowing "
           "swimming singing blooming rotting steaming melting")
)  # fmt: skip
"""Participles of what the thing behind them does itself, so that the whole is such a thing: "glowing wings"."""

ADDED = frozenset(listed("background backgrounds focus theme themed style palette parody inset text frame font"))
"""Words that make any phrase say how the picture is made."""

FIRST = {
    **dict.fromkeys(listed("tail wing winged ear nipple breast breasts"), "body"),
    **dict.fromkeys(listed("cat cats"), "creatures"),
    "print": "image composition",
    **dict.fromkeys(listed("mount mt"), "locations"),
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
