"""What there is to do in the deserts of Marsabit and Turkana."""

from __future__ import annotations

from datetime import time

from domain.cancellation import CancellationPolicy
from domain.listings import Category, Confirmation
from ops.seed.shapes import EVERY_DAY, FRIDAYS_AND_SATURDAYS, NOT_SUNDAYS, Experience, Hours, Mood, Scene

EXPERIENCES: tuple[Experience, ...] = (
    Experience(
        guide="joseph-bulyar",
        title="Marsabit's Crater Lakes and the Ghost of Ahmed",
        summary="A wet green mountain in a red desert, where one elephant had five men for a bodyguard.",
        description=(
            "Ahmed's tusks almost touched the ground, so in 1970 the President put him under guard by decree. He died "
            "of old age in 1974. His grandchildren drink from Lake Paradise, a round eye among beards of lichen, and "
            "we look on from the rim, in fog as a rule, with a sweater.",
            "Kudu, buffalo, and the lammergeier of my boyhood, gone since. One car, six people, one price. The tracks "
            "are clay, and after showers I prefer to change the day to pushing. Fees by portal; there is a signal at "
            "the gate.",
        ),
        category=Category.NATURE,
        scene=Scene.FOREST,
        location="Marsabit National Park",
        at=("2.331100", "37.983200"),
        meeting_point="Ahmed Gate of Marsabit National Park, Marsabit town",
        price=16_800,
        per_group=True,
        private=True,
        minutes=300,
        capacity=6,
        inclusions=("Four-wheel drive and fuel", "Lunch", "Ranger"),
        exclusions=("Park fees",),
        policy=CancellationPolicy.STRICT,
        cut_off_hours=20,
        buffer_minutes=60,
        hours=(Hours(NOT_SUNDAYS, time(6, 30), time(15)),),
        rating=("4.82", 5),
    ),
    Experience(
        guide="joseph-bulyar",
        title="Across the Chalbi to Kalacha",
        summary="A hundred kilometres without a stone: mirage, ostrich, and then palms that turn out to be real.",
        description=(
            "The lake has been away for ten thousand years, and comes back for a few weeks in very wet years. In "
            "between it is the flattest place I know. You close your eyes, I let go of the wheel, nothing happens, "
            "for minutes. At Kalacha, water rises under doum palms, and Gabra bring four hundred camels that have not "
            "drunk for ten days.",
            "The car takes five. I carry a second spare, ninety litres of water and a satellite phone, and I tell the "
            "police at both ends. Not after rain, not without a yes from me by hand. You carry a scarf and a sense of "
            "humour.",
        ),
        category=Category.ADVENTURE,
        scene=Scene.DESERT,
        location="Kargi, Marsabit",
        at=("2.334100", "37.989100"),
        meeting_point="Marsabit, post office, main street",
        price=38_000,
        per_group=True,
        private=True,
        minutes=660,
        capacity=5,
        min_guests=2,
        inclusions=("Land Cruiser, fuel and second driver", "Food and water", "Satellite phone"),
        exclusions=("Community fee at Kalacha",),
        policy=CancellationPolicy.STRICT,
        cut_off_hours=24,
        buffer_minutes=120,
        confirmation=Confirmation.MANUAL,
        hours=(Hours((0, 2, 4, 5), time(5, 30), time(17)),),
        rating=("4.91", 3),
    ),
    Experience(
        guide="joseph-bulyar",
        title="Rendille Camel Camp at Korr",
        summary="Be there when the camels come home at dusk, and drink the milk while it is warm.",
        description=(
            "You hear my mother's camels before you see them. Houses here are loaded on their backs, hoop by hoop, "
            "and stand again by supper; two old men will show how, racing. The milk can is woven so tight that it "
            "swells and holds. Drink it warm, it tastes of smoke and salt.",
            "On Sorio days blood is marked on the animals and guests are welcome at a distance; I tell you then what "
            "to leave undone. Not on Sundays. There is no lamp but the moon. I must ask the settlement first, hence "
            "the wait for a yes.",
        ),
        category=Category.CULTURAL,
        scene=Scene.CAMELS,
        mood=Mood.DUSK,
        location="Korr, Marsabit",
        at=("2.016100", "37.513200"),
        meeting_point="Korr, Catholic mission gate",
        price=4_600,
        child=2_300,
        minutes=270,
        capacity=6,
        min_guests=2,
        inclusions=("Family's fee", "Milk and supper", "Guide"),
        exclusions=("Transport to Korr", "Overnight mat"),
        policy=CancellationPolicy.MODERATE,
        cut_off_hours=24,
        buffer_minutes=60,
        confirmation=Confirmation.MANUAL,
        hours=(Hours(NOT_SUNDAYS, time(15), time(20, 30)),),
        rating=("4.95", 4),
    ),
    Experience(
        guide="joseph-bulyar",
        title="Gof Redo and the Mountain Singers",
        summary="Cheetah country inside a volcano, five kilometres from the tarmac.",
        description=(
            "From the lip it could be a stadium for giants: two hundred metres of drop, with acacia for seats. Every "
            "herd path is a staircase. We take one of them down, greet whoever waters there, and climb again before "
            "the sun finds the floor.",
            "On the way out you hear wells at Ulanula, where Borana young men sing buckets up. They are used to me. "
            "No pictures unless one of them suggests it. Three hours, two litres, one stick against thorns.",
        ),
        category=Category.ADVENTURE,
        scene=Scene.CANYON,
        location="Marsabit",
        at=("2.330200", "37.986200"),
        meeting_point="Marsabit, stadium gate",
        price=2_600,
        child=1_300,
        minutes=180,
        capacity=8,
        inclusions=("Ride to the crater", "Guide", "Tea"),
        exclusions=("Photographs by arrangement",),
        policy=CancellationPolicy.FLEXIBLE,
        cut_off_hours=12,
        hours=(Hours(NOT_SUNDAYS, time(7), time(16)),),
        rating=("4.60", 3),
    ),
    Experience(
        guide="joseph-bulyar",
        title="Loiyangalani and El Molo Bay",
        summary="On the shore of the jade sea lives Kenya's smallest community, beside its largest fish.",
        description=(
            "Hold your hat, hold the boat, hold on. The wind starts at sundown and makes an end of all conversation, "
            "so we meet at seven. By boat we visit Layeni, a village of domes where El Molo families dry perch and "
            "where an old lady still owns forty words of the first language. We ask if she feels like it.",
            "Above the oasis a museum looks over the lake with its door open. A hot spring fills the village bath. "
            "Lunch under palms. It is sixty kilometres of basalt to anywhere, and I drive only by day; getting here "
            "is an expedition I can help you plan.",
        ),
        category=Category.CULTURAL,
        scene=Scene.LAKE,
        location="Loiyangalani, Lake Turkana",
        at=("2.756100", "36.719100"),
        meeting_point="Loiyangalani, at the palm spring by the mission",
        price=5_200,
        child=2_700,
        minutes=300,
        capacity=8,
        min_guests=2,
        inclusions=("Boat and life jackets", "Village fee", "Fish lunch"),
        exclusions=("Museum entry", "Transport to Loiyangalani"),
        policy=CancellationPolicy.MODERATE,
        cut_off_hours=20,
        buffer_minutes=60,
        confirmation=Confirmation.MANUAL,
        hours=(Hours(NOT_SUNDAYS, time(7), time(15)),),
    ),
    Experience(
        guide="ekai-lokorio",
        title="Eliye Springs Afternoon",
        summary="Fresh water runs out of a dune, and beyond it begins the largest desert lake on the planet.",
        description=(
            "Drive an hour from Lodwar through nothing, a beautiful nothing, and then somebody has spilled palms. You "
            "drink the spring, rinse off the road and float in Turkana, soapy to the skin, with Central Island's "
            "smoking teeth in the distance. Where we swim, fishermen bathe children: they know where the crocodiles "
            "are not.",
            "One car, six seats. Tilapia is eaten with your hands as the sun falls behind. For those who don't bathe "
            "there are sundials of drifted wood and a great many flamingo feathers. Wind comes at night, so we leave "
            "first.",
        ),
        category=Category.NATURE,
        scene=Scene.BEACH,
        mood=Mood.DUSK,
        location="Eliye Springs, Turkana",
        at=("3.119300", "35.597500"),
        meeting_point="Lodwar, at the stadium roundabout",
        price=15_800,
        per_group=True,
        private=True,
        minutes=420,
        capacity=6,
        inclusions=("Four-wheel drive and fuel", "Fish supper", "Cold water"),
        exclusions=("Beach fee",),
        policy=CancellationPolicy.STRICT,
        cut_off_hours=16,
        buffer_minutes=60,
        hours=(Hours(EVERY_DAY, time(11), time(18, 30)),),
        rating=("4.80", 6),
    ),
    Experience(
        guide="ekai-lokorio",
        title="Central Island's Three Crater Lakes",
        summary="Cross ten kilometres of jade to a volcano with a lake for crocodiles, one for flamingos, one for fish.",
        description=(
            "There is a moment on the saddle when all three lie open, green, blue and grey, and none looks at the "
            "others. In April and May hatchlings call from the sand inside the egg. One of the largest crocodile "
            "colonies anywhere has bred here. We keep to the ridge and the ranger keeps count.",
            "The boat has two engines, a radio and jackets for eight; the price is for all. If it blows, we do not "
            "go, and nothing is lost but sleep. I say yes the evening before, having looked at the palms. Sturdy "
            "shoes and a strong hat.",
        ),
        category=Category.ADVENTURE,
        scene=Scene.BOAT,
        location="Central Island, Lake Turkana",
        at=("3.520200", "35.854100"),
        meeting_point="Kalokol, Longech landing at Ferguson's Gulf",
        price=34_000,
        per_group=True,
        private=True,
        minutes=540,
        capacity=8,
        min_guests=2,
        inclusions=("Boat with two engines", "Ranger", "Lunch"),
        exclusions=("Park fees", "Transport to Kalokol"),
        policy=CancellationPolicy.STRICT,
        cut_off_hours=24,
        buffer_minutes=120,
        confirmation=Confirmation.MANUAL,
        hours=(Hours(EVERY_DAY, time(6), time(15)),),
        rating=("4.93", 4),
    ),
    Experience(
        guide="ekai-lokorio",
        title="The Stone Dancers of Namoratunga",
        summary="Nineteen stone pillars, a legend about laughing, and bread baked for you in the sand.",
        description=(
            "Our version: a party danced on when a stranger had asked them not to laugh. Scholars, who also like a "
            "story, found that some of the basalt columns line up with stars from two thousand years ago; others "
            "disproved it and went on measuring. Passers-by add a pebble. You too.",
            "The best light is at seven or after five. I bake bread for it in the sand, under coals, and we eat with "
            "mashed dates. By noon one could fry the egg as well. The site is open ground, with graves nearby that we "
            "walk around.",
        ),
        category=Category.CULTURAL,
        scene=Scene.DESERT,
        location="Kalokol, Turkana",
        at=("3.403200", "35.797100"),
        meeting_point="Namoratunga pillars, roadside on the Lodwar–Kalokol road",
        price=2_200,
        child=1_000,
        infants=True,
        minutes=120,
        capacity=10,
        inclusions=("Guide", "Ash bread and dates", "Tea"),
        exclusions=("Transport",),
        policy=CancellationPolicy.FLEXIBLE,
        cut_off_hours=8,
        hours=(Hours(EVERY_DAY, time(6, 30), time(18)),),
        rating=("4.58", 3),
    ),
    Experience(
        guide="ekai-lokorio",
        title="Weave a Turkana Basket",
        summary="Begin a Turkana basket with women who do it without looking, and take home what you manage.",
        description=(
            "First you are sent for leaves, up the bank of the Turkwel, with children who think your knots hilarious. "
            "Then you soak, split, dye, with rust for black and bark for red. Every coil goes round and under. By the "
            "end your basket will have reached the size of an egg-cup.",
            "The women keep a savings box with three locks and three keyholders. They tell how it works and who has "
            "tried. Fee and purchase go into it while you watch. Sour milk, or maize and beans, at noon, whichever "
            "wins.",
        ),
        category=Category.CULTURAL,
        scene=Scene.CRAFTS,
        location="Turkwel, Lodwar",
        at=("3.119200", "35.597400"),
        meeting_point="Lodwar, bridge over the Turkwel, south side",
        price=2_100,
        child=1_100,
        minutes=180,
        capacity=8,
        inclusions=("Materials", "Lunch", "Your basket, as far as it got"),
        exclusions=("Further baskets",),
        policy=CancellationPolicy.FLEXIBLE,
        cut_off_hours=8,
        hours=(Hours(NOT_SUNDAYS, time(8), time(15)),),
        rating=("4.76", 5),
    ),
    Experience(
        guide="ekai-lokorio",
        title="Edong'a under the Moon in Lodwar",
        summary="Dance in a dry riverbed where every man becomes his favourite ox and nobody stays a guest.",
        description=(
            "Each dancer has an ox he is named for. With arms raised he becomes it, left horn bent, right horn long; "
            "you will soon recognise them by silhouette. It has no stage and no front. Sooner or later someone takes "
            "you by the wrist and you are cattle.",
            "The warm sand is the best seat in Turkana. There is goat, roasted whole the way we do it, sorghum, beer "
            "of a sort for the curious, soda for the wise. Full moon is the grandest and no moon has the stars.",
        ),
        category=Category.NIGHTLIFE,
        scene=Scene.DANCING,
        mood=Mood.NIGHT,
        location="Lodwar",
        at=("3.123100", "35.605200"),
        meeting_point="Lodwar, Saint Augustine cathedral gate",
        price=2_700,
        child=1_400,
        minutes=180,
        capacity=12,
        min_guests=2,
        max_guests=10,
        inclusions=("Supper", "Soda", "Dancers' fee"),
        exclusions=("Other drinks",),
        policy=CancellationPolicy.MODERATE,
        cut_off_hours=10,
        hours=(Hours(FRIDAYS_AND_SATURDAYS, time(18, 30), time(22)),),
        rating=("4.72", 4),
    ),
)
