"""What there is to do in Lamu, Malindi and Watamu."""

from __future__ import annotations

from datetime import time

from domain.cancellation import CancellationPolicy
from domain.listings import Category
from ops.seed.shapes import EVERY_DAY, NOT_FRIDAYS, NOT_MONDAYS, Experience, Hours, Mood, Scene

EXPERIENCES: tuple[Experience, ...] = (
    Experience(
        guide="athman-bakari",
        title="Lamu Dhow Sunset Sail",
        summary="Two and a half hours under one big sail, through the mangroves and home by the last light.",
        description=(
            "Subira has one mast, one sail and no hurry. We leave from the seafront, tack through the mangrove channel "
            "towards Manda and turn when the sun does. There is coconut, samosas and ginger tea from a charcoal stove.",
            "The wind decides how far we get; with none we are poled, which is quieter still. Everybody gets a life "
            "jacket. You step aboard from the jetty stairs, which are wet at low tide.",
        ),
        category=Category.ADVENTURE,
        scene=Scene.DHOW,
        mood=Mood.DUSK,
        location="Lamu",
        at=("-2.269600", "40.903000"),
        meeting_point="Lamu main jetty, in front of the Lamu Museum; ask for the dhow Subira",
        price=3_500,
        child=1_800,
        minutes=150,
        capacity=10,
        min_guests=2,
        inclusions=("Dhow and crew", "Life jackets", "Snacks and ginger tea"),
        exclusions=("Alcoholic drinks", "Boat from Shela"),
        policy=CancellationPolicy.MODERATE,
        cut_off_hours=4,
        hours=(Hours(EVERY_DAY, time(16), time(18, 30)),),
        rating=("4.96", 21),
    ),
    Experience(
        guide="athman-bakari",
        title="Lamu Stone Town Doors and Courtyards",
        summary="Lanes too narrow for cars, houses built of coral, and what their doors say about them.",
        description=(
            "The oldest living Swahili town has donkeys, cats and more than twenty mosques. We walk from the fort to "
            "the back lanes, step into a restored courtyard house, and stop at a workshop where doors are still cut "
            "by hand.",
            "Wear sandals that can get dirty, and clothes that cover shoulders and knees. The walk is slow, with one "
            "long stop for juice; we keep out of the way at prayer time.",
        ),
        category=Category.CULTURAL,
        scene=Scene.FORT,
        location="Lamu",
        at=("-2.269900", "40.902200"),
        meeting_point="Lamu Fort, main door on Mkunguni Square, under the almond trees",
        price=1_800,
        child=900,
        minutes=120,
        capacity=10,
        inclusions=("Guide", "Entry to a courtyard house", "Tamarind juice"),
        exclusions=("Museum and fort tickets",),
        policy=CancellationPolicy.FLEXIBLE,
        cut_off_hours=2,
        hours=(Hours(NOT_FRIDAYS, time(8, 30), time(15, 30)),),
        rating=("4.84", 8),
    ),
    Experience(
        guide="athman-bakari",
        title="Takwa Ruins by Private Dhow",
        summary="Sail up a mangrove creek to a town left in the seventeenth century, with lunch on board.",
        description=(
            "At high water the dhow slips up the creek on Manda to Takwa, a Swahili town that its people left some "
            "three centuries ago. The great mosque and its pillar still stand between baobabs. Then we fish a little, "
            "and grill what we caught or what I bought.",
            "The price is for the whole dhow with up to eight people. The creek needs the tide, so I agree the exact "
            "course with you the day before. Bring a hat, and shoes that may get wet.",
        ),
        category=Category.NATURE,
        scene=Scene.DHOW,
        location="Manda Island, Lamu",
        at=("-2.293600", "40.914700"),
        meeting_point="Shela jetty, at the foot of the steps below the Peponi terrace",
        price=16_000,
        per_group=True,
        private=True,
        minutes=360,
        capacity=8,
        min_guests=2,
        inclusions=("Dhow and crew", "Grilled lunch", "Water and fruit"),
        exclusions=("Takwa entry fee", "Alcoholic drinks"),
        policy=CancellationPolicy.STRICT,
        cut_off_hours=18,
        buffer_minutes=60,
        hours=(Hours(NOT_FRIDAYS, time(8, 30), time(14, 30)),),
        rating=("4.93", 5),
    ),
    Experience(
        guide="kadzo-charo",
        title="Mida Creek Boardwalk and Canoe",
        summary="A swaying walk above the mangroves, crab plovers on the flats, and a canoe home at dusk.",
        description=(
            "The boardwalk hangs over the mangroves to a hide at the water's edge. From October to April the flats "
            "fill with waders from Siberia; all year there are crabs that wave. We return by dugout with the tide.",
            "The community group that planted these mangroves built the boardwalk and is paid from your fee. It sways "
            "and has no shade; bring water and insect repellent.",
        ),
        category=Category.NATURE,
        scene=Scene.WETLAND,
        mood=Mood.DUSK,
        location="Mida Creek, Watamu",
        at=("-3.348000", "39.970000"),
        meeting_point="Mida Creek boardwalk entrance, signposted off the Malindi road at Dabaso",
        price=2_500,
        child=1_300,
        minutes=150,
        capacity=8,
        inclusions=("Boardwalk fee", "Dugout and paddler", "Guide"),
        exclusions=("Transport to Dabaso",),
        policy=CancellationPolicy.FLEXIBLE,
        cut_off_hours=4,
        hours=(Hours(NOT_MONDAYS, time(15, 30), time(18)),),
        rating=("4.80", 7),
    ),
    Experience(
        guide="kadzo-charo",
        title="Gede Ruins and a Giriama Kitchen",
        summary="A lost Swahili city in the forest, then cassava, greens and coconut with my neighbours.",
        description=(
            "Nobody knows quite why Gede was abandoned. We walk its palace, mosques and wells under tamarinds full of "
            "Sykes' monkeys, and I tell the three explanations that archaeologists like and the one my grandmother "
            "does.",
            "Then we drive ten minutes to a homestead in Dabaso to cook lunch on three stones: cassava or sima, greens "
            "in coconut, fried fish. You pound, and the children laugh.",
        ),
        category=Category.CULTURAL,
        scene=Scene.FORT,
        location="Gede, Watamu",
        at=("-3.309500", "40.017200"),
        meeting_point="Ticket office of the Gede Ruins, Gede village, off the Mombasa–Malindi road",
        price=3_800,
        child=2_000,
        minutes=240,
        capacity=8,
        min_guests=2,
        inclusions=("Lunch", "Tuk-tuk to the homestead and back", "Guide"),
        exclusions=("Gede entry fee",),
        policy=CancellationPolicy.MODERATE,
        cut_off_hours=14,
        buffer_minutes=45,
        hours=(Hours(NOT_MONDAYS, time(9), time(13)),),
        rating=("4.87", 6),
    ),
    Experience(
        guide="kadzo-charo",
        title="Marafa Hell's Kitchen at Sunset",
        summary="Drive inland to a canyon of red and white sandstone and walk it in the last hour of light.",
        description=(
            "Giriama stories say a rich family washed in milk here until the ground opened. Geology says rain. Either "
            "way the gorge at Marafa glows before sunset, and that is when we walk down into it with a local ranger.",
            "An hour's drive each way on a partly rough road, forty minutes on foot, steep in two places. It is hot "
            "until five; hats and closed shoes are not optional.",
        ),
        category=Category.ADVENTURE,
        scene=Scene.CANYON,
        mood=Mood.DUSK,
        location="Marafa, Malindi",
        at=("-3.224300", "40.130400"),
        meeting_point="Car park of the Vasco da Gama Pillar, Malindi seafront",
        price=5_500,
        child=3_200,
        minutes=270,
        capacity=6,
        min_guests=2,
        inclusions=("Return drive from Malindi", "Canyon fee and ranger", "Water"),
        exclusions=("Dinner",),
        policy=CancellationPolicy.MODERATE,
        cut_off_hours=10,
        buffer_minutes=45,
        hours=(Hours(NOT_MONDAYS, time(14, 30), time(19)),),
        rating=("4.72", 4),
    ),
)
