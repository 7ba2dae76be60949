"""What there is to do in the wet green hills of Kisii and Kericho."""

from __future__ import annotations

from datetime import time

from domain.cancellation import CancellationPolicy
from domain.listings import Category
from ops.seed.shapes import NOT_SUNDAYS, THURSDAYS_TO_SATURDAYS, Experience, Hours, Mood, Scene

EXPERIENCES: tuple[Experience, ...] = (
    Experience(
        guide="kemunto-onsongo",
        title="Tabaka Soapstone Carving",
        summary="Carve your own piece of Kisii stone beside the families who have done it for generations.",
        description=(
            "The stone is cut from pits by hand, in colours from cream to plum, and it is so soft when wet that a "
            "panga will do. Whole families share the labour: uncles rough it out, boys sand in a basin, girls scratch "
            "the patterns. You carve next to them and bleed, at most, a little vanity.",
            "I never buy at the road. We go to a cooperative whose women were the first here to carve under their own "
            "names. Masks are worn in the quarry. Your piece is waxed and wrapped in the Sunday paper.",
        ),
        category=Category.CULTURAL,
        scene=Scene.CRAFTS,
        location="Tabaka, Kisii",
        at=("-0.750100", "34.650200"),
        meeting_point="Tabaka stage, opposite the mission hospital",
        price=2_500,
        child=1_300,
        minutes=210,
        capacity=10,
        inclusions=("Stone and tools", "Dust mask", "Sweet bananas and tea"),
        exclusions=("Transport to Tabaka",),
        policy=CancellationPolicy.FLEXIBLE,
        cut_off_hours=8,
        hours=(Hours(NOT_SUNDAYS, time(8), time(16)),),
        rating=("4.87", 10),
    ),
    Experience(
        guide="kemunto-onsongo",
        title="Five Bananas at Daraja Mbili",
        summary="You will compare five kinds of banana before lunch, and lunch is bananas too.",
        description=(
            "Did you know that a banana can be smoky? On Mondays and Thursdays Daraja Mbili spreads over both banks, "
            "sixty bunches deep. I make you compare five kinds, then avocados that spread like butter, then a pinch "
            "of the bitter greens called chinsaga that taste of nothing until the third bite, and after that you "
            "cannot stop.",
            "We finish under a tarpaulin with matoke, groundnut sauce and wild mushrooms in the wet months. There is "
            "mud and there are wheelbarrows with the right of way.",
        ),
        category=Category.FOOD,
        scene=Scene.MARKET,
        location="Kisii",
        at=("-0.681800", "34.768200"),
        meeting_point="Daraja Mbili market, Kisii, at the bridge end",
        price=1_600,
        child=800,
        infants=True,
        minutes=135,
        capacity=8,
        inclusions=("All tastings", "Lunch", "Guide"),
        exclusions=("Purchases",),
        policy=CancellationPolicy.FLEXIBLE,
        cut_off_hours=4,
        hours=(Hours((0, 3), time(8), time(14)),),
        rating=("4.62", 3),
    ),
    Experience(
        guide="kemunto-onsongo",
        title="Manga Ridge Sunrise",
        summary="From a cliff above Kisii you watch a thousand small farms wake up, one chimney at a time.",
        description=(
            "Each field here is the size of a handkerchief, and from above one can see every one of them wake up. "
            "Smoke first; then cocks, then the radio, then children in five colours of uniform running for the same "
            "gate.",
            "It is a half-hour climb in the dark with a rope at one place. The Abagusii say that their forebears "
            "rested on this ridge, and there is a cave with a cool breath and pieces of old pots. You get porridge of "
            "finger millet, sour, as it should be.",
        ),
        category=Category.ADVENTURE,
        scene=Scene.MOUNTAIN,
        mood=Mood.DAWN,
        location="Manga, Nyamira",
        at=("-0.648100", "34.827200"),
        meeting_point="Manga trading centre, in front of the ridge viewpoint gate",
        price=1_900,
        child=1_000,
        minutes=180,
        capacity=10,
        inclusions=("Guide", "Headtorch", "Millet porridge"),
        exclusions=("Transport to Manga",),
        policy=CancellationPolicy.FLEXIBLE,
        cut_off_hours=12,
        hours=(Hours(NOT_SUNDAYS, time(5, 15), time(9)),),
        rating=("4.79", 6),
    ),
    Experience(
        guide="kemunto-onsongo",
        title="Obokano Night in Kisii",
        summary="The largest lyre in East Africa growls in your ribs, and the dancers answer with bells at the ankle.",
        description=(
            "It is called the double bass of the Gusii, and old men play it lying half across their knees with eyes "
            "shut. The tunes mock chiefs, praise cows and gossip about us visitors; I pass on what can be passed on.",
            "Supper comes in between: chicken boiled slow, obokima of brown millet, chinsaga. Towards nine the bells "
            "come out, and sitting becomes difficult. There is busaa for those who are curious; it tastes of bread "
            "and ends in hiccups.",
        ),
        category=Category.NIGHTLIFE,
        scene=Scene.DANCING,
        mood=Mood.NIGHT,
        location="Kisii",
        at=("-0.677200", "34.772100"),
        meeting_point="Kisii, Capital roundabout, outside the uniform tailor's",
        price=2_500,
        minutes=150,
        capacity=12,
        min_guests=2,
        max_guests=10,
        inclusions=("Supper", "Musicians' fee", "Taste of busaa"),
        exclusions=("Other drinks", "Taxi"),
        policy=CancellationPolicy.MODERATE,
        cut_off_hours=8,
        hours=(Hours(THURSDAYS_TO_SATURDAYS, time(18, 30), time(21, 30)),),
    ),
    Experience(
        guide="kemunto-onsongo",
        title="Nyamira Smallholders' Tea Walk",
        summary="Smallholders' tea at two thousand metres, weighed in a shed by a woman who misses nothing.",
        description=(
            "Leaf money built every school you pass. We join the noon queue at a buying centre, where sacks are hung "
            "on a hook and pride is measured in half-kilos, then go down through gardens of passion fruit to a river "
            "that is heard long before it is seen.",
            "Rain is due at two, and at two it falls. By then we are at Nyaboke's loom, which makes blankets out of "
            "what unravels. Gumboots are lent out; umbrellas are for Nairobi.",
        ),
        category=Category.NATURE,
        scene=Scene.TEA,
        location="Nyamira",
        at=("-0.567000", "34.934200"),
        meeting_point="Nyamira town, at the county library",
        price=2_100,
        child=1_000,
        minutes=180,
        capacity=8,
        inclusions=("Guide", "Boots", "Lunch of matoke"),
        exclusions=("Transport to Nyamira",),
        policy=CancellationPolicy.FLEXIBLE,
        cut_off_hours=10,
        hours=(Hours(NOT_SUNDAYS, time(8), time(13)),),
        rating=("4.54", 3),
    ),
    Experience(
        guide="chepkemoi-rono",
        title="Kericho Tea from Leaf to Auction Cup",
        summary="Pluck with the pickers, then learn to taste as the buyers in Mombasa do, with a loud slurp.",
        description=(
            "The plucking table of a tea bush is kept so level that you could serve on it. Women with baskets tied to "
            "the forehead move through it like swimmers. You pluck for fifteen minutes, fill the bottom of the "
            "basket, and hear with respect what one earns per kilo.",
            "In the tasting room thirty cups steep for six minutes. I teach brisk, bright and body, the words that "
            "decide the price in Mombasa on a Tuesday. Bring a rain jacket for after lunch, always.",
        ),
        category=Category.CULTURAL,
        scene=Scene.TEA,
        location="Kericho",
        at=("-0.367800", "35.283200"),
        meeting_point="Kericho, Chai Square, at the bus shelter",
        price=2_700,
        child=1_300,
        minutes=180,
        capacity=12,
        inclusions=("Walk with a picker", "Tasting", "Packet of tea"),
        exclusions=("Transport from town",),
        policy=CancellationPolicy.FLEXIBLE,
        cut_off_hours=10,
        hours=(Hours(NOT_SUNDAYS, time(8), time(15)),),
        rating=("4.86", 11),
    ),
    Experience(
        guide="chepkemoi-rono",
        title="Chagaik Arboretum Picnic",
        summary="A lazy half-day for families under enormous trees, with a rug, a flask and colobus overhead.",
        description=(
            "Somebody who missed Ceylon planted this arboretum in the forties, and it has been outgrowing him since. "
            "Children run ahead on the lawns to where moorhens nest. I bring a rug, thermos, cucumber sandwiches "
            "because it makes me laugh, and chapati because they are better.",
            "We play the game of guessing a tree by its bark. Nearly three hundred kinds of tree are said to stand "
            "here; the one that smells of lemon is always found first. Toilets are at the gate, leeches are not.",
        ),
        category=Category.NATURE,
        scene=Scene.FOREST,
        location="Kericho",
        at=("-0.346100", "35.309300"),
        meeting_point="Chagaik gate, on the Kericho–Nakuru road, eight kilometres from town",
        price=2_000,
        child=1_000,
        infants=True,
        minutes=150,
        capacity=10,
        inclusions=("Picnic", "Guide", "Tree cards"),
        exclusions=("Entry fee",),
        policy=CancellationPolicy.FLEXIBLE,
        cut_off_hours=6,
        hours=(Hours(NOT_SUNDAYS, time(9), time(16)),),
        rating=("4.60", 4),
    ),
    Experience(
        guide="chepkemoi-rono",
        title="Trout and Tales on the Kiptiget",
        summary="Cast for trout in a stream under the Mau Forest, guided by a man who talks to them.",
        description=(
            "Trout came to the Kiptiget by ox cart in the last century and found it to their liking. Mzee Langat, who "
            "has never measured a fish as it brings bad luck, ties his own flies from sunbird-bright wool. He will "
            "stand in the water beside you for as long as you need.",
            "What is under the length of his hand swims on. We fry the rest in butter with wild mint. Licence "
            "included; fishing rests in parts of the year and I only offer days that are open. Waders up to size "
            "forty-six.",
        ),
        category=Category.ADVENTURE,
        scene=Scene.RIVER,
        location="Kericho",
        at=("-0.583100", "35.189200"),
        meeting_point="Litein, at the tea buying centre on the Kericho–Sotik road",
        price=4_400,
        minutes=240,
        capacity=6,
        min_guests=2,
        inclusions=("Rods, flies and waders", "Licence", "Lunch"),
        exclusions=("Transport to Litein",),
        policy=CancellationPolicy.MODERATE,
        cut_off_hours=14,
        buffer_minutes=45,
        hours=(Hours(NOT_SUNDAYS, time(7, 30), time(13)),),
        rating=("4.72", 3),
    ),
    Experience(
        guide="chepkemoi-rono",
        title="Kipsigis Kitchen with Three Honeys",
        summary="Grind, stir, sip: lunch in a grass-roofed kitchen with three kinds of honey on the table.",
        description=(
            "Honey is not one thing. There is pale from the heath, dark from the forest and a black one out of a log "
            "hive that tastes of campfire and raisin. Obot Chepkorir, which means Chepkorir's mother, serves all "
            "three with kimyet, thick as clay, and beef that was dried over the hearth.",
            "You will be asked to grind, and your arms will be discussed. Upstairs, in the loft, hang the gourds. The "
            "house smells of olive wood for which I have no translation but homesickness. Vegetarians may have black "
            "nightshade and beans.",
        ),
        category=Category.FOOD,
        scene=Scene.FOOD,
        location="Londiani, Kericho",
        at=("-0.160200", "35.595100"),
        meeting_point="Londiani junction on the Nakuru–Kisumu highway, at the police post",
        price=2_500,
        child=1_300,
        minutes=180,
        capacity=8,
        min_guests=2,
        inclusions=("Lunch", "Honey tasting", "Ride to the farm"),
        exclusions=("Honey to take home",),
        policy=CancellationPolicy.FLEXIBLE,
        cut_off_hours=12,
        hours=(Hours(NOT_SUNDAYS, time(10), time(15)),),
    ),
    Experience(
        guide="chepkemoi-rono",
        title="Kericho Rain Walk to Three Falls",
        summary="The one tour that is cancelled when it stays dry: three falls in a forest at cloud level.",
        description=(
            "In Kericho it rains on more than two hundred days, so we made it an attraction. You get a poncho and "
            "boots, and we step out exactly when others run for cover. The streams are loud, frogs change shape of "
            "song, and colobus sit like wet umbrellas on the branch.",
            "A hut with a stove waits at the third fall. Ginger tea, roasted groundnuts, steam from everybody's "
            "knees. Six kilometres, no cliff. If no rain has fallen for three days I propose another date, and you "
            "pay nothing for the change.",
        ),
        category=Category.NATURE,
        scene=Scene.WATERFALL,
        location="Kericho",
        at=("-0.367900", "35.283300"),
        meeting_point="Kericho, Chai Square, at the bus shelter",
        price=1_800,
        minutes=150,
        capacity=8,
        inclusions=("Poncho and boots", "Tea and groundnuts", "Ride to the trailhead"),
        exclusions=("Forest fee",),
        policy=CancellationPolicy.FLEXIBLE,
        cut_off_hours=8,
        hours=(Hours(NOT_SUNDAYS, time(12, 30), time(16, 30)),),
        rating=("4.69", 4),
    ),
)
