"""Words that captions use most and that CLIP's tokenizer has a token for, so that an estimate need not count their letters."""

from __future__ import annotations

_SMALL = (
    "a an the this that these those and or but nor so yet if as than then while when where which who whose what why how of "
    "in on at by to from with without into onto upon over under above below behind beside besides between among across "
    "along around against through toward towards near next inside outside within up down off out away back front left right "
    "top bottom middle center centre side edge end i you he she it we they me him her us them his its our your their my "
    "himself herself itself themselves one two three four five six seven eight nine ten eleven twelve first second third "
    "several many some few all both each other another any no not more most much less least half pair group is are was were "
    "be been being am has have had do does did can could will would may might must there here very too also as well just "
    "only almost nearly together apart again still even ahead"
)
_COLOURS = (
    "black white red green blue yellow brown orange pink purple grey gray gold golden silver dark light bright pale colour "
    "color colorful colored coloured"
)
_LOOKS = (
    "big small large little tall short long old young new empty full open closed wooden metal plastic glass stone brick "
    "concrete wet dry clean dirty round square flat thin thick high low wide deep busy quiet hot cold fresh modern vintage "
    "different same various"
)
_THINGS = (
    "person people man men woman women boy girl child children kid baby lady guy crowd player family couple friend dog cat "
    "horse sheep cow elephant bear bird giraffe zebra duck chicken goat animal puppy kitten car bus train truck boat ship "
    "plane airplane motorcycle bicycle bike vehicle van taxi wheel table chair couch sofa bed bench desk lamp shelf cabinet "
    "door window wall floor ceiling roof mirror clock tv television laptop mouse phone camera screen book paper bag box "
    "bottle cup bowl plate glass fork knife spoon food pizza cake sandwich bread cheese meat fruit apple banana orange "
    "carrot broccoli donut salad coffee tea water wine beer tree grass flower plant leaf bush rock stone hill mountain "
    "field beach sea ocean lake river snow sand sky cloud sun rain ice street road bridge building house tower church city "
    "town park garden yard farm station airport room kitchen bathroom bedroom office restaurant store shop market stage "
    "court pool sign light flag pole fence stairs sidewalk track hat cap shirt jacket coat dress tie shoe boot glove helmet "
    "umbrella suit uniform scarf glasses hair head face eye hand arm leg foot ball bat board ski kite frisbee game tennis "
    "baseball football soccer team toy bear doll picture photo photograph painting drawing image view scene background "
    "foreground word letter text name number line tone format"
)
_DOING = (
    "sit sits sitting stand stands standing lie lies lying walk walks walking run runs running ride rides riding hold holds "
    "holding wear wears wearing eat eats eating drink drinks drinking play plays playing look looks looking watch watching "
    "carry carrying jump jumping fly flying sleep sleeping smile smiling talk talking read reads reading drive driving cut "
    "cutting throw throwing hit catch swing pull push lead lean leaning hang hanging park parked cover covered fill filled "
    "show shows seen taken make made say says get getting take taking use using work working wait waiting cross crossing "
    "surf surfing ski skiing pose posing"
)

_SEVERAL = (
    "dogs cats horses elephants birds bears animals cars trucks boats trains planes bikes motorcycles vehicles trees "
    "flowers leaves plants buildings houses windows doors walls signs lights lamps chairs tables plates bowls cups bottles "
    "books papers bags boxes phones screens monitors pictures photos shirts shoes hats glasses sunglasses hands arms legs "
    "feet eyes faces teeth boys girls kids friends players skis kites umbrellas apples oranges bananas vegetables donuts "
    "sandwiches slices pieces items waves tracks stairs hills mountains rocks clouds colors words letters numbers others "
    "lots rows"
)
_MORE = (
    "for about during after before like against something someone day night home outdoor indoor air ground area country "
    "school hotel sink toilet shower counter oven blanket display video intersection traffic parking fire stop living close "
    "corner body mouth seat surface wood forest slope ramp trick bunch lot herd piece slice variety dish dinner breakfast "
    "meal dessert birthday christmas chocolate cell remote wave statue platform male female double multiple beautiful "
    "professional public ready surrounded dressed decorated painted attached mounted placed displayed topped lined stuffed "
    "pulled stopped shown past showing going doing coming making trying reaching serving feeding swimming cooking passing "
    "staring enjoying laying traveling pulling"
)

COMMON: frozenset[str] = frozenset(f"{_SMALL} {_COLOURS} {_LOOKS} {_THINGS} {_DOING} {_SEVERAL} {_MORE}".split())
