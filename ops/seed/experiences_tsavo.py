"""What there is to do between the Taita Hills, Tsavo and Amboseli."""

from __future__ import annotations

from datetime import time

from domain.cancellation import CancellationPolicy
from domain.listings import Category, Confirmation
from ops.seed.shapes import EVERY_DAY, NOT_SUNDAYS, Experience, Hours, Mood, Scene

EXPERIENCES: tuple[Experience, ...] = (
    Experience(
        guide="wakesho-mwadime",
        title="Red Elephants of Tsavo East",
        summary="They bathe in red dust and look like brick; you have the car and the morning to yourselves.",
        description=(
            "It is the dust that makes them red; underneath they are as grey as any. They throw it over their backs "
            "against flies, and at Aruba dam in the dry months I have counted two hundred in one morning, with calves "
            "like loaves. Lesser kudu, gerenuk on hind legs, lions with hardly any mane: the dry country has its own "
            "fashion.",
            "You have the vehicle to yourselves, up to six of you. We go in at Voi Gate as it opens. Park fees are "
            "paid online beforehand and I send a picture of each step. Sunday shoes will not be Sunday shoes "
            "afterwards.",
        ),
        category=Category.NATURE,
        scene=Scene.SAVANNAH,
        mood=Mood.DAWN,
        location="Tsavo East, Voi",
        at=("-3.364000", "38.590200"),
        meeting_point="Voi, outside the old railway station; pick-up at lodges near Voi Gate on request",
        price=22_500,
        per_group=True,
        private=True,
        minutes=360,
        capacity=6,
        inclusions=("Pop-up roof vehicle and fuel", "Breakfast boxes", "Binoculars"),
        exclusions=("Park fees", "Tips"),
        policy=CancellationPolicy.STRICT,
        cut_off_hours=20,
        buffer_minutes=60,
        hours=(Hours(EVERY_DAY, time(6), time(12, 30)),),
        rating=("4.86", 15),
    ),
    Experience(
        guide="wakesho-mwadime",
        title="Mzima Springs and the Shetani Lava",
        summary="Two hundred million litres a day out of dry lava, with hippos seen from below the surface.",
        description=(
            "Rain falls on the Chyulu Hills, vanishes, and twenty-five years later, some say, walks out cold and "
            "clear at Mzima. An underwater hide was let into the bank: fish hang in light, and now and then a hippo "
            "goes by on its toes. Much of Mombasa's water starts in this place.",
            "On the black lava of Shetani, so young that grandmothers' stories still have people under it, we stop "
            "for lunch and a careful half hour on foot. Closed shoes or the glass-sharp crust wins. Price for the "
            "vehicle, six seats.",
        ),
        category=Category.NATURE,
        scene=Scene.RIVER,
        location="Tsavo West, Mtito Andei",
        at=("-2.690100", "38.167200"),
        meeting_point="Mtito Andei Gate of Tsavo West National Park, on the Nairobi–Mombasa road",
        price=24_500,
        per_group=True,
        private=True,
        minutes=540,
        capacity=6,
        inclusions=("Four-wheel drive and fuel", "Lunch", "Torch for the lava cave"),
        exclusions=("Park fees",),
        policy=CancellationPolicy.STRICT,
        cut_off_hours=24,
        buffer_minutes=90,
        hours=(Hours(EVERY_DAY, time(6, 30), time(16)),),
        rating=("4.72", 6),
    ),
    Experience(
        guide="wakesho-mwadime",
        title="Ngangao Cloud Forest Birding",
        summary="Slow birdwatching in a scrap of cloud forest, the only home of the Taita thrush.",
        description=(
            "Imagine an island, but the sea around it is maize. The Taita Hills kept pieces of a forest so old that "
            "its thrush, apalis and white-eye became themselves here and stayed. Two of the three we usually hear; "
            "the apalis is down to a few and I let it be when it nests.",
            "African violets grow wild on the rocks, ancestors of the one on your aunt's windowsill. The loop takes "
            "about five kilometres at 1,800 metres, chilly until ten. Sugarcane on the way down.",
        ),
        category=Category.NATURE,
        scene=Scene.BIRDS,
        location="Wundanyi, Taita Hills",
        at=("-3.402100", "38.363200"),
        meeting_point="Wundanyi, at the county rest house gate; short drive on a steep road",
        price=2_800,
        minutes=210,
        capacity=6,
        inclusions=("Guide", "Drive from Wundanyi", "Tea and sweet potato"),
        exclusions=("Forest fee",),
        policy=CancellationPolicy.FLEXIBLE,
        cut_off_hours=12,
        hours=(Hours(EVERY_DAY, time(6, 30), time(14)),),
        rating=("4.90", 4),
    ),
    Experience(
        guide="wakesho-mwadime",
        title="Battlefields of Salaita and Maktau",
        summary="The First World War came to the thorn bush of Taita; my father mapped what it left.",
        description=(
            "In February 1916 South Africans walked up Salaita Hill in the sun, against men who had been told to "
            "wait. You can stand where both stood. My father collected buttons, tins and stories for forty years, and "
            "the map that I use is his.",
            "Most who died here carried loads and are in no register. I read what we have. A drive through elephant "
            "country joins the sites, so we stay by the car where I say so. The cemetery at Taveta ends the morning, "
            "in shade and with cold tamarind.",
        ),
        category=Category.CULTURAL,
        scene=Scene.DESERT,
        location="Maktau, Taita",
        at=("-3.505200", "38.377100"),
        meeting_point="Mwatate town, junction of the Taveta road, by the sisal buyer's store",
        price=4_400,
        minutes=330,
        capacity=8,
        min_guests=2,
        inclusions=("Car between the sites", "Guide", "Lunch"),
        exclusions=("Transport to Mwatate",),
        policy=CancellationPolicy.MODERATE,
        cut_off_hours=18,
        buffer_minutes=60,
        hours=(Hours(EVERY_DAY, time(7, 30), time(14, 30)),),
        rating=("4.80", 3),
    ),
    Experience(
        guide="wakesho-mwadime",
        title="Lake Chala Rim Walk",
        summary="Walk around a deep blue crater lake on the border, with Kilimanjaro for company.",
        description=(
            "The lake has no river in and none out. It rises and sinks by springs from the big mountain, ninety "
            "metres deep and a colour that changes by the hour. We follow the crest for six kilometres, then scramble "
            "down to touch it, if your knees vote for that.",
            "We do not swim: it shelves at once and crocodiles have lived in it. Baboons, klipspringers and in "
            "November a kind of dragonfly that migrates over the ocean. Half the path has no shade.",
        ),
        category=Category.ADVENTURE,
        scene=Scene.LAKE,
        location="Lake Chala, Taveta",
        at=("-3.396700", "37.674300"),
        meeting_point="Taveta town, outside the market on Chala road",
        price=3_700,
        minutes=210,
        capacity=8,
        min_guests=2,
        inclusions=("Drive to the rim and back", "Guide", "Picnic"),
        exclusions=("Transport to Taveta",),
        policy=CancellationPolicy.MODERATE,
        cut_off_hours=14,
        hours=(Hours(EVERY_DAY, time(7), time(15)),),
        rating=("4.75", 5),
    ),
    Experience(
        guide="wakesho-mwadime",
        title="Vuria Peak before Sunrise",
        summary="Climb in the dark to 2,208 metres and see the hill's own shadow lie across Tsavo.",
        description=(
            "In the minute when the sun clears the Indian Ocean, a blue triangle lies over Tsavo, sharp as cut paper: "
            "that is us. The path begins among cabbages, passes a spring from which brides once fetched their first "
            "water, and gets serious in the last forty minutes.",
            "There are aerials on top, so you may send the picture at once. Fleece and headtorch; the descent is by "
            "the road and kinder. Back in Wundanyi we have kimanga, beans pounded with cassava, and I suggest a nap.",
        ),
        category=Category.ADVENTURE,
        scene=Scene.MOUNTAIN,
        mood=Mood.DAWN,
        location="Wundanyi, Taita Hills",
        at=("-3.383200", "38.339100"),
        meeting_point="Werugha market, at the chapel steps",
        price=2_600,
        child=1_500,
        minutes=240,
        capacity=8,
        inclusions=("Guide", "Headtorch", "Breakfast of kimanga"),
        exclusions=("Transport to Werugha",),
        policy=CancellationPolicy.FLEXIBLE,
        cut_off_hours=14,
        hours=(Hours(EVERY_DAY, time(5, 30), time(10)),),
    ),
    Experience(
        guide="wakesho-mwadime",
        title="The Ancestors' Shelter in Wundanyi",
        summary="Where a Taita clan keeps its forebears, and how they are spoken to; with a relative's leave.",
        description=(
            "In former times the heads of elders were lifted from their graves after a year and set side by side in a "
            "rock shelter. Families came there to report a drought or a marriage. A few shelters are still tended and "
            "one household lets me bring guests, six at the most.",
            "We greet first and look afterwards. Nothing is photographed, nobody reaches in. If there has been a "
            "death in the family we do not go, therefore I confirm by hand. Then porridge at the homestead, with "
            "questions as frank as you like.",
        ),
        category=Category.CULTURAL,
        scene=Scene.CAVE,
        location="Wundanyi, Taita Hills",
        at=("-3.398500", "38.365200"),
        meeting_point="Wundanyi town square, at the bus office",
        price=2_000,
        minutes=120,
        capacity=6,
        inclusions=("Family's fee", "Guide", "Porridge"),
        exclusions=("Transport to Wundanyi",),
        policy=CancellationPolicy.MODERATE,
        cut_off_hours=24,
        confirmation=Confirmation.MANUAL,
        hours=(Hours(NOT_SUNDAYS, time(9), time(15)),),
        rating=("4.84", 3),
    ),
    Experience(
        guide="nashipae-sironka",
        title="Amboseli at First Light",
        summary="Kilimanjaro rose-coloured above a line of elephants that has walked to the swamp for a thousand years.",
        description=(
            "They come out of the woodland in families: grandmother first, then aunts, then the silly teenagers. I "
            "will name some, and show how the matriarch asks a question with one foot. By nine they are up to the "
            "chest in Enkongo Narok, with egrets for passengers.",
            "The mountain is free before eight on most days and gone by ten. Price for my Land Cruiser and up to six "
            "guests. We keep to the roads, since the old lake bed holds a tyre for a week. Fees are paid to the park "
            "online.",
        ),
        category=Category.NATURE,
        scene=Scene.SAVANNAH,
        mood=Mood.DAWN,
        location="Amboseli",
        at=("-2.756200", "37.470100"),
        meeting_point="Kimana Gate of Amboseli National Park; pick-up at camps in Kimana on request",
        price=20_500,
        per_group=True,
        private=True,
        minutes=330,
        capacity=6,
        min_guests=2,
        inclusions=("Land Cruiser and fuel", "Bush breakfast", "Binoculars"),
        exclusions=("Park fees",),
        policy=CancellationPolicy.STRICT,
        cut_off_hours=20,
        buffer_minutes=45,
        hours=(Hours(EVERY_DAY, time(6), time(12)),),
        rating=("4.95", 21),
    ),
    Experience(
        guide="nashipae-sironka",
        title="Walk with the Elephant Researchers' Notebook",
        summary="On foot along the yellow fever trees, learning to tell Echo's great-granddaughters from the rest.",
        description=(
            "Every ear is a coastline. You draw what you see, holes, veins, notches, and compare with the pages I "
            "kept for six years. It slows the eye wonderfully: by the end you notice who leans on whom.",
            "The sanctuary lies on the corridor between Amboseli and the Chyulu Hills and belongs to more than eight "
            "hundred Maasai families. With us is an armed ranger who has never had to prove it. Neutral colours, long "
            "sleeves, whispering.",
        ),
        category=Category.NATURE,
        scene=Scene.SAVANNAH,
        location="Kimana Sanctuary, Amboseli",
        at=("-2.805100", "37.533200"),
        meeting_point="Kimana Sanctuary gate, on the Emali–Loitokitok road",
        price=5_200,
        minutes=180,
        capacity=6,
        min_guests=2,
        inclusions=("Ranger", "Notebook and pencil", "Tea under a fever tree"),
        exclusions=("Conservancy fee", "Transport"),
        policy=CancellationPolicy.MODERATE,
        cut_off_hours=16,
        buffer_minutes=45,
        hours=(Hours(EVERY_DAY, time(6, 30), time(17)),),
        rating=("4.88", 5),
    ),
    Experience(
        guide="nashipae-sironka",
        title="Three Cups with a Maasai Grandmother",
        summary="She built the house herself, she pours the tea, and she always wins at riddles.",
        description=(
            "Koko Nalangu built her house herself, as women do, in a month, of sticks and patience and dung. It is "
            "dark for a breath, then your eyes get used to it. She cleans the milk gourd with a burning stick, hence "
            "the taste, and asks you how many cattle your mother has.",
            "Riddles are the school of this place. I translate both ways. The calves come home during the second cup "
            "and you help push. The visit is paid to the household, by name, and there is no stall at the gate.",
        ),
        category=Category.CULTURAL,
        scene=Scene.VILLAGE,
        mood=Mood.DUSK,
        location="Kimana, Amboseli",
        at=("-2.800300", "37.520100"),
        meeting_point="Kimana town, at the veterinary shop beside the junction",
        price=2_800,
        child=1_200,
        infants=True,
        minutes=150,
        capacity=8,
        inclusions=("Family's fee", "Milk tea", "Ride to the homestead"),
        exclusions=("Beads, if you ask for some",),
        policy=CancellationPolicy.FLEXIBLE,
        cut_off_hours=8,
        hours=(Hours(NOT_SUNDAYS, time(15, 30), time(18, 30)),),
        rating=("4.79", 6),
    ),
    Experience(
        guide="nashipae-sironka",
        title="Pedal the Group Ranch",
        summary="Twenty flat kilometres among zebra and giraffe, with Kilimanjaro straight ahead.",
        description=(
            "The tracks between the villages are flat, firm and shared with a good many animals that regard bicycles "
            "as foolish cattle. We ring the bell for giraffe. There is a climb of one minute, at the end of which a "
            "thorn tree gives exactly enough shade for nine.",
            "Twenty kilometres. Thorns are the enemy; I carry eleven tubes. A scout rides ahead by motorcycle to keep "
            "us away from buffalo and old bulls. Helmet always, even if your hair objects.",
        ),
        category=Category.ADVENTURE,
        scene=Scene.CYCLING,
        location="Kimana, Amboseli",
        at=("-2.792300", "37.512200"),
        meeting_point="Kimana town, bicycle shed behind the primary school",
        price=3_600,
        child=2_200,
        minutes=180,
        capacity=8,
        inclusions=("Mountain bike and helmet", "Scout", "Water and oranges"),
        exclusions=("Conservancy fee",),
        policy=CancellationPolicy.FLEXIBLE,
        cut_off_hours=12,
        buffer_minutes=45,
        hours=(Hours(EVERY_DAY, time(6, 30), time(17)),),
    ),
    Experience(
        guide="nashipae-sironka",
        title="Songs around the Fire under Kilimanjaro",
        summary="My brothers sing because they like it; you get a chair, supper and the second verse.",
        description=(
            "The men sing with their throats as a drum, the women lay a high line on top, and after some time the "
            "ground seems to take part. My brothers are not a troupe: one teaches mathematics, two mend pumps. When "
            "they jump it is to beat each other.",
            "We eat ribs from green sticks and herb soup that tastes like a chemist's shop. I point out the Southern "
            "Cross and what we call it. There is a vegetable stew, a chair for your back, and a car to your camp.",
        ),
        category=Category.NIGHTLIFE,
        scene=Scene.DANCING,
        mood=Mood.NIGHT,
        location="Kimana, Amboseli",
        at=("-2.784000", "37.505200"),
        meeting_point="Kimana junction, outside the post office",
        price=3_900,
        child=2_000,
        minutes=180,
        capacity=12,
        min_guests=2,
        max_guests=10,
        inclusions=("Supper", "Soft drinks", "Ride to camps in Kimana"),
        exclusions=("Alcoholic drinks",),
        policy=CancellationPolicy.MODERATE,
        cut_off_hours=12,
        hours=(Hours((1, 3, 4, 5), time(18, 30), time(22)),),
        rating=("4.70", 4),
    ),
)
