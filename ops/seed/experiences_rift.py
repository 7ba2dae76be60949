"""What there is to do in the Rift Valley from Naivasha to Baringo."""

from __future__ import annotations

from datetime import time

from domain.cancellation import CancellationPolicy
from domain.listings import Category
from ops.seed.shapes import EVERY_DAY, NOT_SUNDAYS, Experience, Hours, Mood, Scene

EXPERIENCES: tuple[Experience, ...] = (
    Experience(
        guide="njeri-kariuki",
        title="Hell's Gate by Bicycle",
        summary="Pedal among zebra and giraffe between red cliffs, in a park that allows it.",
        description=(
            "Hell's Gate is one of the few parks where you may leave the car. We ride from Elsa Gate past Fischer's "
            "Tower, with zebra, eland and warthog beside the road, and picnic near the Central Tower.",
            "Eighteen easy kilometres, dusty, with little shade after ten. The gorge itself is closed whenever rain "
            "threatens, because floods have killed there; I decide on the day and do not discuss it.",
        ),
        category=Category.ADVENTURE,
        scene=Scene.CYCLING,
        location="Hell's Gate, Naivasha",
        at=("-0.853000", "36.373000"),
        meeting_point="Elsa Gate of Hell's Gate National Park, at the bicycle stand",
        price=4_800,
        child=3_000,
        minutes=300,
        capacity=10,
        min_guests=2,
        inclusions=("Bicycle and helmet", "Picnic", "Guide"),
        exclusions=("Park fees", "Transport to the gate"),
        policy=CancellationPolicy.MODERATE,
        cut_off_hours=14,
        buffer_minutes=60,
        hours=(Hours(EVERY_DAY, time(7, 30), time(12, 30)),),
        rating=("4.88", 16),
    ),
    Experience(
        guide="njeri-kariuki",
        title="Lake Naivasha Boat and Crescent Island",
        summary="Hippos and fish eagles from the water, then a walk among giraffe with nothing between.",
        description=(
            "An hour by boat along the papyrus shows hippos, pelicans and fish eagles. Then we land on Crescent Island, "
            "which has no predators, and walk between giraffe, wildebeest and waterbuck.",
            "Life jackets are worn, by everybody, all the time. The walk is level and about three kilometres long. "
            "Afternoons can be windy; the morning's water is calmer.",
        ),
        category=Category.NATURE,
        scene=Scene.BOAT,
        location="Lake Naivasha",
        at=("-0.772000", "36.433000"),
        meeting_point="Karagita public landing, Moi South Lake Road, by the boat operators' shed",
        price=4_500,
        child=2_500,
        minutes=210,
        capacity=7,
        inclusions=("Boat and captain", "Life jackets", "Guide"),
        exclusions=("Crescent Island entry fee",),
        policy=CancellationPolicy.MODERATE,
        cut_off_hours=6,
        hours=(Hours(EVERY_DAY, time(8), time(16)),),
        rating=("4.82", 12),
    ),
    Experience(
        guide="njeri-kariuki",
        title="Menengai Crater Rim Hike",
        summary="Stand on the edge of one of the largest calderas on Earth, half an hour from Nakuru.",
        description=(
            "Menengai is twelve kilometres across and steams. We walk the rim through eucalyptus and cedar, look down "
            "on black lava and up at harrier hawks, and see Lake Nakuru shine behind the town.",
            "Ten kilometres with little climbing once we are up. There is no railing and no shop. Descents into the "
            "caldera are another day's tour; it is hotter and further than it looks.",
        ),
        category=Category.ADVENTURE,
        scene=Scene.MOUNTAIN,
        location="Nakuru",
        at=("-0.245000", "36.078000"),
        meeting_point="Menengai forest gate, at the barrier on Crater Climb Road, Nakuru",
        price=3_000,
        minutes=240,
        capacity=10,
        inclusions=("Guide", "Snack and water"),
        exclusions=("Forest entry fee", "Transport from Nakuru"),
        policy=CancellationPolicy.FLEXIBLE,
        cut_off_hours=10,
        hours=(Hours(EVERY_DAY, time(8), time(16, 30)),),
        rating=("4.73", 5),
    ),
    Experience(
        guide="njeri-kariuki",
        title="Kinangop Farm Lunch",
        summary="Dig your potatoes, mash your mukimo, and eat on a plateau that looks over the whole Rift.",
        description=(
            "My parents farm at 2,500 metres, where mornings are cold and potatoes excellent. We pick peas and greens, "
            "boil and mash mukimo in a pot large enough for a wedding, and eat it with stewed chicken or beans.",
            "The drive up from Naivasha takes forty minutes. Bring a warm layer and shoes for a muddy field. "
            "Vegetarians need only say so.",
        ),
        category=Category.FOOD,
        scene=Scene.FARM,
        location="Kinangop, Naivasha",
        at=("-0.713000", "36.441000"),
        meeting_point="Buffalo Mall, Naivasha, main entrance on the Nairobi–Nakuru highway",
        price=3_400,
        child=1_800,
        minutes=270,
        capacity=8,
        min_guests=2,
        inclusions=("Drive from Naivasha and back", "Lunch", "Tea"),
        exclusions=("Transport to Naivasha",),
        policy=CancellationPolicy.MODERATE,
        cut_off_hours=18,
        buffer_minutes=60,
        hours=(Hours(NOT_SUNDAYS, time(10, 30), time(15)),),
    ),
    Experience(
        guide="njeri-kariuki",
        title="Longonot Crater Circuit",
        summary="Climb a young volcano and walk its whole rim, with a hidden forest below you all the way.",
        description=(
            "The gully of grey ash is the hard part: two steps up, one back. At the rim the wind takes your hat and "
            "there it lies, a bowl of trees nearly two kilometres wide, with steam rising from the far wall. Buffalo "
            "live at the bottom and have never been asked how they got there.",
            "The circuit adds seven kilometres and goes up to 2,776 metres. Whoever prefers to may stay on the first "
            "viewpoint with my colleague and the sandwiches. Gaiters lent, gravel in the shoes guaranteed, fee paid "
            "online.",
        ),
        category=Category.ADVENTURE,
        scene=Scene.MOUNTAIN,
        location="Mount Longonot, Naivasha",
        at=("-0.889100", "36.480200"),
        meeting_point="Longonot National Park gate, off the old Nairobi–Naivasha road",
        price=4_200,
        minutes=330,
        capacity=10,
        min_guests=2,
        inclusions=("Guide", "Gaiters", "Sandwiches and two litres of water"),
        exclusions=("Park fees", "Transport"),
        policy=CancellationPolicy.MODERATE,
        cut_off_hours=14,
        buffer_minutes=60,
        hours=(Hours(EVERY_DAY, time(7), time(14)),),
        rating=("4.80", 12),
    ),
    Experience(
        guide="njeri-kariuki",
        title="Lake Nakuru Rhino Drive",
        summary="Rhino hardly ever fail here; whether the flamingos are in, the rangers tell us that morning.",
        description=(
            "Since 2010 the water has come up by several metres and swallowed offices, roads and acacias, which stand "
            "in it like antlers. Flamingos commute between here, Bogoria and Elementaita; I ask the rangers on the "
            "day and do not paint the lake pink beforehand.",
            "What hardly ever fails is rhino, both black and white. Baboon Cliff for tea, Makalia Falls after rain. "
            "You hire the van, up to six people fit with a window each. The park's fee goes through its portal; bring "
            "your passports.",
        ),
        category=Category.NATURE,
        scene=Scene.LAKE,
        location="Lake Nakuru",
        at=("-0.315100", "36.083200"),
        meeting_point="Lake Nakuru National Park, main gate, Nakuru town",
        price=19_500,
        per_group=True,
        private=True,
        minutes=330,
        capacity=6,
        inclusions=("Pop-up roof van and fuel", "Binoculars", "Tea on Baboon Cliff"),
        exclusions=("Park fees",),
        policy=CancellationPolicy.STRICT,
        cut_off_hours=18,
        buffer_minutes=45,
        hours=(Hours(EVERY_DAY, time(6, 30), time(17, 30)),),
        rating=("4.83", 10),
    ),
    Experience(
        guide="njeri-kariuki",
        title="Eburru Steam and Wild Forest",
        summary="A mountain that breathes: villagers catch their drinking water from it with tin and banana leaf.",
        description=(
            "Clouds puff out of the ground between the cabbages. On the slope above, some of the last mountain bongos "
            "in Kenya hide in bamboo, and I have seen their prints twice in eight years, which I consider fame.",
            "We walk nine kilometres with a forest scout, up to a bald top from which the three lakes line up. At the "
            "end the women at the condensers give you a cup, lukewarm, tasting of nothing whatsoever, and you will be "
            "surprised how you value it. The road up asks for the four-wheel drive I bring.",
        ),
        category=Category.ADVENTURE,
        scene=Scene.HOTSPRING,
        location="Eburru, Naivasha",
        at=("-0.719200", "36.435100"),
        meeting_point="Naivasha, at the railway level crossing of Moi North Lake Road",
        price=4_900,
        minutes=390,
        capacity=8,
        min_guests=2,
        inclusions=("Four-wheel drive up", "Scout", "Lunch"),
        exclusions=("Forest fee",),
        policy=CancellationPolicy.MODERATE,
        cut_off_hours=16,
        buffer_minutes=60,
        hours=(Hours(NOT_SUNDAYS, time(7, 30), time(14, 30)),),
    ),
    Experience(
        guide="kibet-chebii",
        title="Lake Baringo at Bird o'Clock",
        summary="By boat at first light, when the fish eagles come to a whistle and the hippos go to bed.",
        description=(
            "Let us begin with the record: a guide from this shore once listed 342 species in twenty-four hours. We "
            "need only a bit of that. Goliath heron, bristle-crowned starling, then the whistle that I have practised "
            "for eighteen years, and the eagle comes down off Lesukut's highest branch.",
            "The lake is fresh and brown, with crocodiles that are modest in size, but hands stay inside. The boat "
            "has a roof. After landing I show you, along the basalt, Verreaux's eagle on the ledge where its parents "
            "sat.",
        ),
        category=Category.NATURE,
        scene=Scene.BOAT,
        mood=Mood.DAWN,
        location="Kampi ya Samaki, Baringo",
        at=("0.610100", "36.021200"),
        meeting_point="Kampi ya Samaki public jetty",
        price=3_600,
        child=1_900,
        minutes=150,
        capacity=7,
        inclusions=("Boat and captain", "Life jackets", "Bird list"),
        exclusions=("County entry fee",),
        policy=CancellationPolicy.FLEXIBLE,
        cut_off_hours=10,
        hours=(Hours(EVERY_DAY, time(6, 15), time(10)),),
        rating=("4.93", 16),
    ),
    Experience(
        guide="kibet-chebii",
        title="Bogoria Geysers and a Pink Shore",
        summary="Boil an egg in a hot spring, nine minutes, and look for flamingos while you wait.",
        description=(
            "There is a hiss first, then warmth against the shins. At Loburu springs shoot up through the soda, "
            "higher in some years and drowned in others, since the lake has grown. I know which ground carries and "
            "which is only a lid: you walk in my steps, literally.",
            "Flamingos keep their own calendar, and on good days they are hundreds of thousands. Greater kudu come "
            "down to drink where a freshwater brook comes in. Leave before noon, drink before thirst. Bring an egg if "
            "you doubt me.",
        ),
        category=Category.NATURE,
        scene=Scene.HOTSPRING,
        location="Lake Bogoria",
        at=("0.360100", "36.048200"),
        meeting_point="Loboi Gate of Lake Bogoria National Reserve",
        price=3_300,
        child=1_600,
        minutes=240,
        capacity=8,
        inclusions=("Guide", "Eggs and salt", "Cold water"),
        exclusions=("Reserve fee", "Vehicle inside the reserve"),
        policy=CancellationPolicy.MODERATE,
        cut_off_hours=12,
        hours=(Hours(EVERY_DAY, time(6, 30), time(15)),),
        rating=("4.85", 9),
    ),
    Experience(
        guide="kibet-chebii",
        title="Ol Kokwe Island and the Ilchamus Fishermen",
        summary="Visit a family on a volcanic island in Lake Baringo, and try to row a raft of reeds.",
        description=(
            "An Ilchamus fisherman sits in his boat with his legs in the water and rows by hand, with two plates of "
            "wood. You are allowed to try and will go in a circle. On the island the ground hisses; women set the "
            "kettle on a crack and talk.",
            "A family named Lekichep serves us fried tilapia and tells how, during my lifetime, the lake took three "
            "of its four fields. The walk is short, with thorn and no shade. The chief's permission comes with me.",
        ),
        category=Category.CULTURAL,
        scene=Scene.BOAT,
        location="Ol Kokwe, Lake Baringo",
        at=("0.610200", "36.021300"),
        meeting_point="Kampi ya Samaki public jetty",
        price=3_900,
        child=2_100,
        minutes=210,
        capacity=7,
        inclusions=("Boat", "Family's fee", "Fish or bean lunch"),
        exclusions=("Carvings",),
        policy=CancellationPolicy.MODERATE,
        cut_off_hours=12,
        hours=(Hours(EVERY_DAY, time(8), time(16)),),
        rating=("4.72", 4),
    ),
    Experience(
        guide="kibet-chebii",
        title="Millennium Man's Tugen Hills",
        summary="Scramble through layers six million years old, where one of our first relatives was found.",
        description=(
            "They nicknamed him Millennium Man, because he was found in the year 2000: Orrorin tugenensis, whose "
            "thigh bone says that he may have walked like you. He lies in a vault; the valley that gave him up does "
            "not mind showing its layers. I scramble you through four of them.",
            "On the ridge a community museum holds casts, pots and the complete jaw of a mighty elephant. It is "
            "twenty degrees there and thirty-five below. Long trousers, two litres, steady ankles. Tugen honey is "
            "sold by the soda bottle.",
        ),
        category=Category.CULTURAL,
        scene=Scene.CANYON,
        location="Kipsaraman, Baringo",
        at=("0.492000", "35.743100"),
        meeting_point="Kabarnet, museum gate, by the old district commissioner's house",
        price=4_100,
        minutes=300,
        capacity=8,
        min_guests=2,
        inclusions=("Four-wheel drive", "Museum fee", "Lunch"),
        exclusions=("Honey",),
        policy=CancellationPolicy.MODERATE,
        cut_off_hours=16,
        buffer_minutes=45,
        hours=(Hours(NOT_SUNDAYS, time(8), time(15)),),
    ),
    Experience(
        guide="kibet-chebii",
        title="Cheploch Gorge and the Divers",
        summary="A slot in black rock where the Kerio squeezes through, and young men who step off its edge.",
        description=(
            "I am asked at once whether visitors may jump. No. Those who do have done it since they were six and know "
            "each stone by its bruise; crocodiles live downstream, and the boys laugh at them, and we do not. What "
            "you may do is hold your breath with the rest of us.",
            "We go along the rim to see the strata, to a pool of tadpoles, and then to the mango trees, where I cut "
            "and you drip. Tips for the divers are shared by their club. Best from ten o'clock, when the sun gets "
            "down between the walls.",
        ),
        category=Category.ADVENTURE,
        scene=Scene.CANYON,
        location="Kerio River, Baringo",
        at=("0.493100", "35.618200"),
        meeting_point="Cheploch bridge on the Kabarnet–Iten road",
        price=2_200,
        child=1_000,
        minutes=120,
        capacity=10,
        inclusions=("Guide", "Mangoes", "Divers' club fee"),
        exclusions=("Transport",),
        policy=CancellationPolicy.FLEXIBLE,
        cut_off_hours=6,
        hours=(Hours(EVERY_DAY, time(9), time(17)),),
        rating=("4.48", 5),
    ),
    Experience(
        guide="kibet-chebii",
        title="Scorpions and Stars of Baringo",
        summary="One small violet lamp and the stones begin to glow green.",
        description=(
            "Every scorpion shines under ultraviolet light and no one has ever quite explained why. My friend Kandie "
            "lifts the flat rocks with a hook. You crouch behind him and whisper, and then, a metre away, hang "
            "emeralds with a sting.",
            "On the lawn afterwards hippos graze, closer than you would like and further than you fear. I use a "
            "telescope for Saturn or for whichever planet is up. Closed shoes and trousers are obligatory. No full "
            "moon: then nobody glows and I tell owl stories instead.",
        ),
        category=Category.NIGHTLIFE,
        scene=Scene.STARS,
        mood=Mood.NIGHT,
        location="Kampi ya Samaki, Baringo",
        at=("0.615200", "36.018000"),
        meeting_point="Kampi ya Samaki, at the fish cooperative's gate",
        price=2_400,
        child=1_400,
        minutes=120,
        capacity=8,
        inclusions=("Lamps", "Telescope", "Ginger tea"),
        exclusions=("Transport",),
        policy=CancellationPolicy.FLEXIBLE,
        cut_off_hours=6,
        hours=(Hours(EVERY_DAY, time(19), time(21, 30)),),
        rating=("4.77", 5),
    ),
)
