"""What there is to do an hour outside Nairobi: tea and coffee to the north, the hot Rift to the south."""

from __future__ import annotations

from datetime import time

from domain.cancellation import CancellationPolicy
from domain.listings import Category, Confirmation
from ops.seed.shapes import EVERY_DAY, NOT_MONDAYS, NOT_SUNDAYS, Experience, Hours, Mood, Scene

EXPERIENCES: tuple[Experience, ...] = (
    Experience(
        guide="wanjiru-kamau",
        title="Pick and Roll Your Own Tea",
        summary="Two leaves and a bud into the basket, then withered, rolled by hand and tasted the same day.",
        description=(
            "From the road a tea field looks like a lawn somebody forgot to end. Inside it is waist-deep and wet, and "
            "your fingers learn to find the pale shoot. We carry the basket to my uncle's shed, bruise the leaf on a "
            "board and smell it turn from grass to apple.",
            "You taste green, oolong and black from one bush and take home a pouch of what you made, however it "
            "looks. Mornings are misty until about ten; boots in all sizes stand by the door.",
        ),
        category=Category.CULTURAL,
        scene=Scene.TEA,
        location="Tigoni, Limuru",
        at=("-1.133200", "36.672800"),
        meeting_point="Limuru Girls' School junction on the Banana–Limuru road, at the bus shelter",
        price=3_200,
        child=1_600,
        minutes=180,
        capacity=10,
        inclusions=("Basket and boots", "Tasting of three teas", "Your own tea"),
        exclusions=("Lunch", "Transport to Tigoni"),
        policy=CancellationPolicy.FLEXIBLE,
        cut_off_hours=12,
        hours=(Hours(NOT_SUNDAYS, time(9), time(15)),),
        rating=("4.89", 18),
    ),
    Experience(
        guide="wanjiru-kamau",
        title="Kereita Forest Cave and Waterfall",
        summary="Nine kilometres of bamboo and cedar to a fall you can stand behind.",
        description=(
            "The southern tip of the Aberdares begins forty-five minutes up the highway from Nairobi and feels like "
            "another latitude. Moss hangs, elephants leave footprints the size of washbasins, and the cave that "
            "sheltered Mau Mau fighters is cold even at noon.",
            "A forest ranger comes with us and decides the line on the day. The last drop to the water is on ropes of "
            "root, with me below you. After heavy rain the path becomes a slide and I move the date without a charge.",
        ),
        category=Category.ADVENTURE,
        scene=Scene.WATERFALL,
        location="Kereita Forest, Lari",
        at=("-0.965200", "36.640500"),
        meeting_point="Kenya Forest Service gate at Kereita, signposted from Kimende on the Nairobi–Naivasha road",
        price=3_400,
        minutes=270,
        capacity=10,
        min_guests=2,
        inclusions=("Guide and ranger", "Sandwiches and fruit", "Walking sticks"),
        exclusions=("Forest fee", "Transport to Kimende"),
        policy=CancellationPolicy.MODERATE,
        cut_off_hours=12,
        buffer_minutes=60,
        hours=(Hours(EVERY_DAY, time(8), time(14)),),
        rating=("4.77", 8),
    ),
    Experience(
        guide="wanjiru-kamau",
        title="Kiambu Coffee Farm Visit",
        summary="Pick a ripe cherry at ten, drink it as coffee by noon: six acres, one family, every step.",
        description=(
            "Kenya's best coffee mostly leaves the country, which is why many Kenyans drink tea. On this six-acre "
            "farm some of it stays. You squeeze a cherry and find two slippery beans, follow them through pulper and "
            "drying table, and roast a handful in a pan until it cracks twice.",
            "Cupping is taught without snobbery: slurp, spit, say what you taste, even if it is blackcurrant sweets. "
            "Main harvest runs from October to December, with a smaller one around May. Those who take no coffee get "
            "sugarcane.",
        ),
        category=Category.FOOD,
        scene=Scene.COFFEE,
        location="Kiambu",
        at=("-1.171800", "36.835800"),
        meeting_point="Kiambu town, outside the county assembly gate; we follow each other's cars for ten minutes",
        price=3_000,
        child=1_500,
        minutes=165,
        capacity=10,
        inclusions=("Farm walk", "Roasting", "Cupping and 100 g of beans"),
        exclusions=("Transport from Nairobi",),
        policy=CancellationPolicy.FLEXIBLE,
        cut_off_hours=10,
        hours=(Hours(NOT_SUNDAYS, time(9), time(16)),),
        rating=("4.84", 13),
    ),
    Experience(
        guide="wanjiru-kamau",
        title="Fourteen Falls and a Sugarcane Lunch",
        summary="Where the Athi drops over a wide ledge in more streams than anybody can count twice.",
        description=(
            "I have counted eleven and I have counted seventeen. We stand on the rocks above, wet to the eyelashes, "
            "while boys with poles read the current. In April and May the river joins up into one brown roar and then "
            "we keep well back.",
            "Afterwards we go up to a homestead shaded by mango trees for githeri, cane to chew and an hour of "
            "nothing. I do not take anybody leaping or swimming here: the water carries more than it shows. Shoes "
            "with grip, please.",
        ),
        category=Category.NATURE,
        scene=Scene.WATERFALL,
        location="Ol Donyo Sabuk, Thika",
        at=("-1.027200", "37.072100"),
        meeting_point="Thika, Blue Post bridge on the old Thika road, in the parking at the Chania side",
        price=3_900,
        child=2_200,
        minutes=330,
        capacity=8,
        min_guests=2,
        inclusions=("Drive from Thika and back", "Lunch", "Falls entry"),
        exclusions=("Transport to Thika",),
        policy=CancellationPolicy.MODERATE,
        cut_off_hours=14,
        buffer_minutes=60,
        hours=(Hours(NOT_SUNDAYS, time(8, 30), time(15)),),
        rating=("4.47", 6),
    ),
    Experience(
        guide="wanjiru-kamau",
        title="Grandfather Kimani's Homestead in Gatundu",
        summary="Learn from a Kikuyu elder how a homestead was laid out, then cook irio and eat it with him.",
        description=(
            "Mzee Kimani, whose back is straighter than mine, explains the homestead: which hut the mother kept, "
            "where the sons moved out to, why the granary door faces away. You grind millet on a stone and find "
            "muscles you had not met.",
            "Under the mugumo we do not pick, carve or joke. Lunch is irio with a goat stew, porridge from a gourd to "
            "begin. The elder speaks Kikuyu and I translate, including the proverbs that do not survive it. He asks "
            "for three days' notice if he can get it, so I answer each request by hand.",
        ),
        category=Category.CULTURAL,
        scene=Scene.FARM,
        location="Gatundu, Kiambu",
        at=("-1.009200", "36.904200"),
        meeting_point="Gatundu town, at the level-five hospital's main gate; our car leads from there",
        price=3_600,
        child=1_900,
        minutes=300,
        capacity=8,
        min_guests=2,
        inclusions=("Elder's fee", "Lunch and porridge", "Guide"),
        exclusions=("Transport to Gatundu",),
        policy=CancellationPolicy.MODERATE,
        cut_off_hours=20,
        confirmation=Confirmation.MANUAL,
        hours=(Hours((1, 2, 3, 4, 5), time(9), time(15)),),
        rating=("4.81", 4),
    ),
    Experience(
        guide="naserian-parmuat",
        title="Olorgesailie Hand Axe Walk",
        summary="Hand axes lie where they were dropped, thousands of them, on the floor of a vanished lake.",
        description=(
            "Seventy kilometres from Nairobi the air turns hot and the ground turns white. A wooden walkway leads "
            "over the axes, so many that nobody knows why they were made, and to the leg bone of an elephant of a "
            "kind that no longer exists.",
            "Go early: by noon it is thirty-five degrees. I add what the signs leave out, for my grandfather grazed "
            "goats here and thought the stones were thunder's teeth. Tortoises cross the path. Nothing may be picked "
            "up, and after ten minutes you will not want to.",
        ),
        category=Category.CULTURAL,
        scene=Scene.DESERT,
        location="Olorgesailie, Kajiado",
        at=("-1.577900", "36.446200"),
        meeting_point="Olorgesailie Prehistoric Site, at the museum's banda, two kilometres off the Magadi road",
        price=4_200,
        child=2_000,
        minutes=240,
        capacity=8,
        inclusions=("Guide", "Cold water and melon"),
        exclusions=("Site ticket", "Transport"),
        policy=CancellationPolicy.FLEXIBLE,
        cut_off_hours=14,
        hours=(Hours(EVERY_DAY, time(7), time(12)),),
        rating=("4.87", 9),
    ),
    Experience(
        guide="naserian-parmuat",
        title="Lake Magadi Flamingos and Hot Springs",
        summary="Drive down to a pink soda lake in the hottest corner of the Rift and bathe where the springs run.",
        description=(
            "You drive down through five climates and arrive at a crust that crunches. Flamingos wade where the brine "
            "stays open; ostriches walk along the horizon upside down in the heat. On the southern shore springs run "
            "out of black rock, warm as a bath, and local children teach you where to sit.",
            "The price is for the car with up to five people, from Kiserian and back. Bring three litres of water "
            "each, a hat, and nothing silver, because soda eats it. The last stretch is private works road and I "
            "settle the gate.",
        ),
        category=Category.ADVENTURE,
        scene=Scene.HOTSPRING,
        location="Magadi",
        at=("-1.429100", "36.686200"),
        meeting_point="Kiserian, Total petrol station on the Magadi road",
        price=14_500,
        per_group=True,
        private=True,
        minutes=480,
        capacity=5,
        inclusions=("Four-wheel drive with fuel", "Packed lunch", "Gate fees at Magadi"),
        exclusions=("Swimming things", "Tips"),
        policy=CancellationPolicy.STRICT,
        cut_off_hours=20,
        buffer_minutes=90,
        hours=(Hours(EVERY_DAY, time(6, 30), time(15)),),
        rating=("4.91", 16),
    ),
    Experience(
        guide="naserian-parmuat",
        title="Mount Suswa Lava Tubes",
        summary="Explore caves the size of cathedrals, left behind by lava and now run by baboons.",
        description=(
            "The volcano cooled from outside and drained from within, and left tunnels that run for kilometres. In "
            "the largest the roof has fallen, so light falls in green shafts; on the ledges baboons sleep in rows, "
            "hence the name of parliament. We hear them debating before we see them.",
            "Helmets and lamps are mine, long trousers yours. We crawl once, for about four metres, and there is a "
            "way round. Afterwards tea is made from condensed steam, caught by the Maasai families who live on the "
            "inner plateau and have no other water.",
        ),
        category=Category.ADVENTURE,
        scene=Scene.CAVE,
        location="Mount Suswa, Narok",
        at=("-1.056200", "36.409300"),
        meeting_point="Suswa trading centre on the Narok road, at the railway bridge",
        price=6_800,
        minutes=480,
        capacity=8,
        min_guests=2,
        inclusions=("Four-wheel drive up the mountain", "Helmet and lamp", "Conservancy guide", "Lunch"),
        exclusions=("Conservancy fee", "Transport to Suswa"),
        policy=CancellationPolicy.STRICT,
        cut_off_hours=24,
        buffer_minutes=60,
        hours=(Hours(EVERY_DAY, time(6, 30), time(15)),),
        rating=("4.82", 7),
    ),
    Experience(
        guide="naserian-parmuat",
        title="Corner Baridi Sundowner Ride",
        summary="Calm horses carry you along the edge of the Rift until the sun goes, an hour from Nairobi.",
        description=(
            "There is a bend on the Magadi road where every driver opens the window and is sorry. We ride along the "
            "edge just north of it, through leleshwa that smells of camphor, until the land drops six hundred metres "
            "and the horses stop of their own accord.",
            "Beginners are led; those who can canter may do so on the flat. Up to ninety kilos. The wind is real: "
            "trousers, closed shoes, a sweater. Flask of ginger tea at the top, no champagne, as the horses are "
            "easily embarrassed.",
        ),
        category=Category.NATURE,
        scene=Scene.HORSES,
        mood=Mood.DUSK,
        location="Ngong, Kajiado",
        at=("-1.476900", "36.666300"),
        meeting_point="Corner Baridi viewpoint, eight kilometres past Kiserian, by the curio stalls",
        price=6_200,
        private=True,
        minutes=150,
        capacity=4,
        min_guests=2,
        inclusions=("Horse and helmet", "Groom on foot", "Ginger tea"),
        exclusions=("Transport to the viewpoint",),
        policy=CancellationPolicy.MODERATE,
        cut_off_hours=12,
        buffer_minutes=45,
        hours=(Hours(NOT_MONDAYS, time(15, 30), time(18, 30)),),
    ),
    Experience(
        guide="naserian-parmuat",
        title="Beads and Bargains at Kajiado Market",
        summary="Sit with my aunt's group on market day and learn what the colours of a necklace say.",
        description=(
            "Colour has grammar here. Red is for courage, blue for rain, white for milk; a mother stitches orange for "
            "guests. You sit down with my aunt's group in the shade, thread a bracelet badly, and have it corrected "
            "with laughter.",
            "Before that we look in at the livestock pens, where a bull's price is settled by walking away three "
            "times. Please ask before each picture, and expect to be asked for one in return. Beads bought here are "
            "paid for to the woman who made them.",
        ),
        category=Category.CULTURAL,
        scene=Scene.CRAFTS,
        location="Kajiado",
        at=("-1.852300", "36.777000"),
        meeting_point="Kajiado railway crossing, on the market side",
        price=2_100,
        minutes=180,
        capacity=8,
        inclusions=("Beads and needle", "Milk tea", "Guide"),
        exclusions=("Purchases", "Transport to Kajiado"),
        policy=CancellationPolicy.FLEXIBLE,
        cut_off_hours=8,
        hours=(Hours((1, 3, 5), time(9), time(14)),),
        rating=("4.69", 3),
    ),
)
