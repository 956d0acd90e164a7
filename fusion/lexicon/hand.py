"""What WordNet lacks for captions, and what of it misleads there. Rows say why where it is not plain."""

from __future__ import annotations

from fusion.lexicon.table import listed

# Words for one thing in a photo. They hold besides WordNet's; the first word that WordNet knows lends its senses.
GROUPS: tuple[tuple[str, ...], ...] = (
    ("person", "people", "human", "individual", "someone", "somebody", "human being"),
    (
        "man",
        "guy",
        "dude",
        "fellow",
        "gentleman",
        "male person",
        "bloke",
    ),  # captions choose by register, not by meaning
    ("woman", "lady", "gal", "female person"),
    ("in the middle", "in the center", "in the centre", "at the center", "at the centre"),
    ("child", "kid", "youngster"),
    ("boy", "little boy", "young boy"),
    ("girl", "little girl", "young girl"),
    ("baby", "infant", "newborn"),
    ("policeman", "police officer", "cop"),
    ("couch", "sofa", "settee"),
    ("television", "tv", "tv set", "television set", "telly", "t.v."),
    ("bicycle", "bike", "cycle", "push bike", "pushbike"),
    (
        "motorcycle",
        "motorbike",
        "motor bike",
        "motor cycle",
    ),  # WordNet's motorbike is a small one; captions know one word
    ("airplane", "aeroplane", "plane"),
    (
        "cellphone",
        "cell phone",
        "cellular telephone",
        "cellular phone",
        "mobile phone",
        "mobile",
        "smartphone",
        "smart phone",
        "iphone",
    ),
    ("telephone", "phone"),
    ("refrigerator", "fridge", "icebox"),
    ("doughnut", "donut"),
    ("hot dog", "hotdog"),
    ("wineglass", "wine glass"),
    ("dining table", "dinner table", "dining room table"),
    ("teddy bear", "teddy"),
    ("necktie", "tie", "neck tie"),
    ("racket", "racquet"),
    ("tennis racket", "tennis racquet"),
    ("hair dryer", "hair drier", "blow dryer", "hairdryer", "hairdrier"),
    ("handbag", "purse", "pocketbook"),
    ("backpack", "rucksack", "knapsack"),
    ("spectacles", "eyeglasses", "glasses", "eye glasses"),
    ("sunglasses", "sun glasses", "dark glasses", "shades"),
    ("sneaker", "tennis shoe", "trainer", "running shoe"),
    ("t-shirt", "tee shirt", "tee", "t shirt"),
    ("trousers", "pants"),
    ("sweater", "jumper", "pullover"),
    ("sidewalk", "pavement"),
    ("crosswalk", "zebra crossing", "pedestrian crossing"),
    ("traffic light", "stoplight", "stop light", "traffic signal"),
    ("fire hydrant", "hydrant", "fireplug"),
    ("fire engine", "fire truck", "firetruck"),
    ("taxi", "cab", "taxicab", "taxi cab"),
    ("streetcar", "tram", "trolley", "tramcar", "trolley car"),
    ("bus", "autobus", "coach", "omnibus"),
    ("truck", "lorry", "motortruck"),
    ("baby carriage", "stroller", "pram", "baby buggy", "pushchair"),
    ("photograph", "photo", "picture", "snapshot", "image", "pic"),
    ("rock", "stone"),
    ("ocean", "sea"),  # nobody sees the difference
    ("rabbit", "bunny"),
    ("cat", "kitty"),
    ("dog", "doggy", "doggie"),
    ("seagull", "gull", "sea gull"),
    ("cow", "cattle"),  # the common name of one animal of the cattle
    ("pig", "hog"),
    ("donkey", "ass"),
    ("cookie", "biscuit"),
    ("french fries", "fries", "chips"),
    ("soda", "soft drink", "pop"),
    ("bathtub", "tub", "bath tub"),
    ("remote control", "remote", "tv remote"),
    ("laptop", "laptop computer"),
    ("mouse", "computer mouse"),
    ("rug", "carpet"),
    ("curtain", "drape"),
    ("trash can", "garbage can", "dustbin", "ashcan", "trashcan", "trash bin", "waste bin", "garbage bin"),
    ("shop", "store"),
    ("movie theater", "cinema"),
    ("airport runway", "runway"),
    ("frisbee", "flying disc", "flying disk", "disc"),
    ("surfboard", "surf board"),
    ("skateboard", "skate board"),
    ("snowboard", "snow board"),
    ("lawn", "front lawn"),
    ("forest", "woods"),
    ("wooden", "wood"),
    ("metal", "metallic"),
    ("big", "large"),
    ("small", "little"),
    ("huge", "giant", "enormous", "gigantic", "massive"),
    ("tiny", "miniature"),
    ("old", "elderly", "aged"),
    ("grey", "gray"),
    ("multicolored", "multicoloured", "multi-colored", "colorful", "colourful"),
    ("indoors", "indoor", "inside"),
    ("outdoors", "outdoor", "outside"),
    ("run", "jog"),
    ("lie", "lay"),  # captions say "laying" for "lying"
    ("sit", "be seated", "seated", "sitting"),
    ("hold", "grasp"),
    ("look at", "watch", "gaze at"),
    ("on top of", "atop", "upon"),
    ("under", "beneath", "underneath", "below"),
    ("next to", "beside", "by", "alongside", "besides"),
    ("in", "inside of", "within"),
    ("in front of", "before"),
    ("on the left of", "to the left of", "left of"),
    ("on the right of", "to the right of", "right of"),
)

# Pairs that share a synset and are not one thing in a photo.
NOT_SAME: frozenset[frozenset[str]] = frozenset(
    frozenset(pair.split("/"))
    for pair in (
        "man/person", "dog/cad", "guy/cat", "cake/bar", "house/theater", "house/family", "cover/blanket", "side/face",
        "lid/hat", "bag/base", "stand/base", "home/base", "home/place", "bus/heap", "seat/place", "water/urine",
        "bowl/pipe",
        "boy/son", "girl/daughter", "girl/miss", "bat/racket", "toilet/bathroom", "toilet/can", "toilet/lavatory",
        "can/tin",
        "bicycle/wheel", "rest/remainder", "stool/feces", "dish/plate", "bath/bathroom", "cap/lid", "top/lid",
        "drink/beverage",
        "plane/sheet", "table/board", "head/mind", "piece/slice", "piece/man", "tower/tugboat", "field/plain",
        "bed/layer",
        "bar/block", "board/room", "chicken/yellow", "cherry/red", "dark/shadow", "pond/pool", "hand/paw",
        "disc/platter",
        "shelving/table", "kissing/petting", "hugging/kissing", "hugging/petting", "crowd/herd", "bite/snack",
        "surf/surfboard",
        "child/fry", "gray/grizzly", "grey/grizzly", "dress/clothing", "body/trunk", "leash/rope", "green/park",
        "patch/piece",
        "buffet/counter", "closet/cupboard", "buffet/batter", "active/fighting", "clock/time", "blanket/wide",
    )
)  # fmt: skip

# Words that WordNet lacks or has in another meaning only, and the kind of thing they are.
KINDS = {
    "biker": "person", "labrador": "dog", "pitbull": "dog", "pit bull": "dog", "notebook computer": "laptop",
    "macbook": "laptop", "netbook": "laptop", "minibike": "motorcycle",
    "snowboarder": "person", "skateboarder": "person", "wakeboarder": "person", "paraglider": "person",
    "kitesurfer": "person",
    "tennis player": "person", "baseball player": "person", "selfie": "photograph", "stop sign": "sign",
    "street sign": "sign",
    "road sign": "sign", "traffic sign": "sign", "street light": "lamp", "streetlight": "lamp", "traffic cone": "cone",
    "hoodie": "sweatshirt", "flip flop": "sandal", "wii": "toy", "wii remote": "remote control",
    "wiimote": "remote control",
    "ipad": "computer", "tablet": "computer", "tablet computer": "computer", "ipod": "electronic device",
    "webcam": "camera",
    "skate park": "park", "skatepark": "park", "food truck": "truck", "tuk tuk": "vehicle", "double decker": "bus",
    "double decker bus": "bus", "suv": "car", "minivan": "car", "pickup": "truck", "pickup truck": "truck",
    "hatchback": "car",
    "cd player": "device", "dvd player": "device", "mp3 player": "device", "record player": "device",
    "media player": "device",
    "potted plant": "plant", "house plant": "plant", "sports ball": "ball", "stuffed animal": "toy",
    "stuffed toy": "toy",
    "stuffed bear": "toy", "rubber duck": "toy", "gummy bear": "candy", "hot dog bun": "bun", "hot dog stand": "stall",
    "cat tower": "furniture", "dog bed": "bed", "cat bed": "bed", "dog house": "building", "doghouse": "building",
    "birdhouse": "building",
    "bird house": "building", "snowman": "statue", "scarecrow": "statue", "mannequin": "statue",
    "gingerbread man": "cookie",
    "sea lion": "seal", "sea horse": "fish", "parking lot": "place",
    "parking garage": "building",
    "motorist": "person", "bike rider": "person", "horse rider": "person", "street vendor": "person",
    "sunbather": "person",
    "ironing board": "table", "surf shop": "store", "wetsuit": "clothing", "wet suit": "clothing",
    "countertop": "counter",
    "counter top": "counter", "nightstand": "table", "night stand": "table", "end table": "table",
    "side table": "table",
    "loveseat": "couch", "love seat": "couch", "futon": "couch", "recliner": "chair", "computer screen": "screen",
    "computer monitor": "monitor", "flat screen": "television", "flatscreen": "television",
    "flat screen tv": "television",
}  # fmt: skip

# A first word that makes a compound a likeness of its head, and what it then is.
LIKENESSES = {
    "toy": "toy", "stuffed": "toy", "plush": "toy", "fake": "object", "inflatable": "object", "model": "toy",
    "lego": "toy",
}  # fmt: skip
# Materials of which a living thing is never made: a "wooden horse" is a sculpture.
DEAD_MATTER = frozenset(
    listed(
        "wooden stone marble ceramic porcelain plastic rubber metal bronze paper cardboard chocolate "
        "glass clay iron concrete carved "
        "painted knitted cartoon gingerbread"
    )
)

# Hypernyms between words, where WordNet has none or a misleading one.
ABOVE = {
    "fireman": "person", "cowboy": "man", "father": "man", "dad": "man", "grandfather": "man", "grandpa": "man",
    "husband": "man", "groom": "man", "bridegroom": "man", "businessman": "man", "gentleman": "man", "mother": "woman",
    "mom": "woman", "mum": "woman", "grandmother": "woman", "grandma": "woman", "wife": "woman", "bride": "woman",
    "businesswoman": "woman", "waitress": "woman", "actress": "woman", "bridesmaid": "woman", "son": "boy", "daughter": "girl",
    "boy": "child", "girl": "child", "toddler": "child", "baby": "child", "infant": "child", "schoolboy": "boy",
    "sedan": "car", "donut": "pastry", "doughnut": "pastry", "sandwich": "food", "sofa": "furniture", "mug": "cup",
    "teddy bear": "toy", "stop sign": "sign", "traffic light": "light", "laptop": "computer", "on top of": "on",
    "atop": "on",
    "inside of": "in", "tram": "vehicle", "train": "vehicle", "wheelchair": "chair", "broccoli": "vegetable",
    "tomato": "vegetable", "carrot": "vegetable", "apple": "fruit", "banana": "fruit", "orange": "fruit",
    "pear": "fruit",
    "lemon": "fruit", "grape": "fruit", "strawberry": "fruit", "peach": "fruit", "berry": "fruit", "melon": "fruit",
    "watermelon": "fruit", "pineapple": "fruit", "kiwi": "fruit", "cherry": "fruit", "lime": "fruit", "plum": "fruit",
    "mango": "fruit", "blueberry": "fruit", "raspberry": "fruit",
    "gallop": "run", "sprint": "run", "stroll": "walk", "march": "walk",
    "frisbee": "toy", "kite": "toy", "doll": "toy",
}  # fmt: skip

# Superordinate words: they fit so much that little is said by them (Rosch et al. 1976: above the basic level).
BROAD = frozenset(
    listed("""
    accessory animal apparel appliance article artifact attire beast belonging beverage body of water building material
    clothes clothing container conveyance cookware craft creature cutlery decor decoration device dish dishware
    edible electronics
    element entity equipment fabric figure fixture food foodstuff footwear furnishing furniture gadget garment gear
    goods group
    headgear household item implement ingredient instrument item kitchenware living thing machine machinery mammal
    material matter
    meal merchandise object organism part piece plant product prop scene snack something sports equipment stuff
    structure
    substance supply tableware thing tool transport transportation unit utensil vegetation vehicle wear whole wildlife
    """)
) | {
    "body of water",
    "living thing",
    "sports equipment",
    "building material",
    "household item",
    "thing",
    "subject",
    "place",
    "area",
}

# Animals that captions mostly have on the plate.
EATEN = frozenset(listed("chicken lamb turkey duck fish salmon tuna shrimp crab lobster crawfish squid oyster veal"))

# Nouns of captions that stand for no visible thing, though WordNet has something of theirs that can be seen.
NOT_VISIBLE = frozenset(
    listed("""
    activity addition adventure afternoon amount angle appearance atmosphere attention background beauty bottom
    center centre
    chance charm combination comfort contrast day direction edge end energy environment evening experience foreground
    front fun
    height help hour idea kind left life lot lots middle mid moment mood morning motion movement music night noise
    order
    part pattern place point position presence process progress purpose range rest right scene sense set setting side
    sight
    size smell sort sound state style sunday surroundings taste time today top total type use variety view way
    weekend
    while winter work year spring summer autumn
    """)
)
# Events and signs that a photo shows.
VISIBLE = frozenset(
    listed("""
    wave fire sign poster parade wedding party concert festival race match game ceremony procession protest picnic
    barbecue
    rainbow letter note logo text writing graffiti label advertisement ad billboard map menu drawing picture photo
    movie film
    display cartoon symbol smile gesture splash explosion shadow reflection crosswalk arrow stripe circle square
    heart star traffic
    light traffic stop
    step stair word letter lettering name number artwork object spot marking stoplight buoy badge leaf flame footprint money
    receipt signal signpost ripple surf stunt trick sport baseball tennis soccer football basketball volleyball hockey
    golf rugby cricket polo badminton
    """)
) | {
    "traffic light", "stop sign", "traffic sign", "ball game", "shade", "parking lot", "sign post", "traffic signal",
    "stop light", "mountain range", "baseball game", "base ball", "table tennis", "water polo",
}  # fmt: skip

FEMALE = frozenset(
    listed("""
    woman girl lady gal female mother mom mum grandmother grandma aunt sister daughter wife bride bridesmaid queen
    princess
    actress waitress nun ballerina cowgirl businesswoman policewoman schoolgirl housewife saleswoman hostess
    stewardess widow
    sportswoman spokeswoman congresswoman goddess girlfriend niece granddaughter
    """)
)
MALE = frozenset(
    listed("""
    man boy guy gentleman dude male father dad grandfather grandpa uncle brother son husband groom bridegroom king
    prince
    businessman policeman schoolboy salesman waiter monk cowboy lad boyfriend nephew grandson groomsman sportsman fellow
    """)
) - {"waiter", "salesman", "sportsman"}  # used of women as well
BABIES = frozenset(listed("baby infant newborn"))
ADULTS = frozenset(
    listed("man woman adult lady gentleman grandmother grandfather grandma grandpa bride groom businessman businesswoman")
)
# Persons' words that may be said of an animal too ("a mother and her calf").
OF_ANIMALS = frozenset(listed("baby mother father adult male female parent family offspring young mate"))
DENIALS = frozenset(listed("no without missing alternate fake toy imaginary implied invisible unworn mock plush imminent"))
"""Words in front of a noun after which the thing itself is not there: "no skirt", "fake tail"."""
