"""What there is to do on the islands of Lamu."""

from __future__ import annotations

from datetime import time

from domain.cancellation import CancellationPolicy
from domain.listings import Category, Confirmation
from ops.seed.shapes import EVERY_DAY, NOT_FRIDAYS, Experience, Hours, Mood, Scene

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
        guide="athman-bakari",
        title="Dhow Builders of Matondoni",
        summary="See a dhow built by eye, without a drawing, in the village where mine was made.",
        description=(
            "My uncle begins a dhow by lying down in the sand where it will stand. After that he trusts his thumb. "
            "You hold planks, hammer cotton and shark oil into a seam, and are told off in Kibajuni, which hardly "
            "needs translation.",
            "We walk out through the farms, two hours of sand and coconut shade, and sail home. Women here plait mats "
            "and mkeka strips a finger wide; you can try, it calms the nerves. Start early for shade, and bring "
            "change.",
        ),
        category=Category.CULTURAL,
        scene=Scene.DHOW,
        location="Matondoni, Lamu",
        at=("-2.269500", "40.902600"),
        meeting_point="Lamu Museum, seafront, on the stone bench",
        price=3_200,
        child=1_600,
        minutes=240,
        capacity=8,
        min_guests=2,
        inclusions=("Walk and boat home", "Lunch at my uncle's", "Guide"),
        exclusions=("Purchases",),
        policy=CancellationPolicy.MODERATE,
        cut_off_hours=14,
        hours=(Hours(NOT_FRIDAYS, time(8), time(14)),),
        rating=("4.86", 5),
    ),
    Experience(
        guide="khadija-shekuwe",
        title="A Biryani in No Hurry",
        summary="A whole morning for one dish, cooked with my family as it should be and eaten on the roof.",
        description=(
            "My grandmother said that a biryani shows who was in a hurry. So you are not. We buy kingfish or goat in "
            "Langoni, fry potatoes in ghee, layer rice that is white, yellow and almost orange, and seal the pot for "
            "the hour in which we drink coffee on the roof.",
            "When the lid cracks, the whole lane knows. Women are welcome to stay on for henna. We are a family of "
            "readers and shouters; come as you would to a cousin. I answer each request by hand as the kitchen only "
            "holds six.",
        ),
        category=Category.FOOD,
        scene=Scene.FOOD,
        location="Langoni, Lamu",
        at=("-2.272100", "40.901000"),
        meeting_point="Langoni, Bin Jamal lane, at the green door after the sweet shop",
        price=3_900,
        child=2_000,
        minutes=210,
        capacity=6,
        min_guests=2,
        inclusions=("Ingredients", "Lunch", "Handwritten recipe"),
        exclusions=("Henna",),
        policy=CancellationPolicy.MODERATE,
        cut_off_hours=20,
        buffer_minutes=60,
        confirmation=Confirmation.MANUAL,
        hours=(Hours(NOT_FRIDAYS, time(9), time(13)),),
        rating=("4.95", 11),
    ),
    Experience(
        guide="khadija-shekuwe",
        title="Henna and Oud on the Rooftop",
        summary="Natural henna drawn by hand while you smell, sip and listen; the pattern stays ten days.",
        description=(
            "Two sorts of henna live in our house, the red and the black, and only the red is honest: black henna "
            "from the beach burns skin and never comes to my table. I draw jasmine branches as brides wear them, and "
            "while it dries you may not so much as hold a cup, so I feed you halwa.",
            "Hair and scarves are smoked over udi the way my mother did it for Eid. Men get a band round the ankle if "
            "they like, or just the coffee. The colour stays ten days and comes out darkest on the second.",
        ),
        category=Category.CULTURAL,
        scene=Scene.CRAFTS,
        mood=Mood.DUSK,
        location="Lamu",
        at=("-2.270600", "40.901900"),
        meeting_point="Lamu Fort steps, Mkunguni Square; look for the yellow scarf",
        price=2_400,
        minutes=120,
        capacity=6,
        inclusions=("Natural henna", "Halwa and coffee", "Incense"),
        exclusions=("Larger bridal designs",),
        policy=CancellationPolicy.FLEXIBLE,
        cut_off_hours=6,
        hours=(Hours(NOT_FRIDAYS, time(15), time(18)),),
        rating=("4.82", 6),
    ),
    Experience(
        guide="khadija-shekuwe",
        title="Poems and Tamarind by Lantern",
        summary="Verses that women hid in cupboards, read aloud where the lane widens, with cold ukwaju.",
        description=(
            "Mwana Kupona wrote for her daughter on Pate in 1858, and it is still quoted at weddings, sometimes with "
            "rolled eyes. My neighbours and I recite it, then some Shaaban Robert, then whatever somebody has "
            "scribbled this week about the price of sugar.",
            "You get the English on paper. Nobody is asked to perform, though a lullaby of your own is received with "
            "great seriousness. After two hours I walk everyone home with the lantern; there are steps and there are "
            "donkeys.",
        ),
        category=Category.NIGHTLIFE,
        scene=Scene.CITY_NIGHT,
        mood=Mood.NIGHT,
        location="Lamu",
        at=("-2.269400", "40.902700"),
        meeting_point="Lamu Museum entrance, seafront",
        price=2_700,
        minutes=120,
        capacity=12,
        max_guests=10,
        inclusions=("Reading", "Tamarind juice and kaimati", "Translations"),
        exclusions=("Dinner",),
        policy=CancellationPolicy.FLEXIBLE,
        cut_off_hours=6,
        hours=(Hours(NOT_FRIDAYS, time(19, 30), time(22)),),
        rating=("4.70", 4),
    ),
    Experience(
        guide="khadija-shekuwe",
        title="Lamu with Children",
        summary="A morning for families: meet the three thousand who carry this town and the ones who rule it.",
        description=(
            "How do you tell a donkey to stop? Not with whoa. Children learn the three clicks that matter, fill a "
            "trough at the seafront clinic where working animals are treated free, and count cats with the long faces "
            "of Egyptian statues.",
            "We stay in the shade and sit down often. Nobody rides, because a Lamu donkey has a job already. Shoes "
            "for the lanes, hand gel in my bag, and coconut ice cream for those who got the clicks right.",
        ),
        category=Category.NATURE,
        scene=Scene.VILLAGE,
        location="Lamu",
        at=("-2.268800", "40.903000"),
        meeting_point="Lamu seafront, at the donkey clinic north of the main jetty",
        price=1_500,
        child=800,
        infants=True,
        minutes=90,
        capacity=10,
        inclusions=("Guide", "Coconut ice", "Carrots"),
        exclusions=("Donation to the clinic",),
        policy=CancellationPolicy.FLEXIBLE,
        cut_off_hours=3,
        hours=(Hours(NOT_FRIDAYS, time(8, 30), time(12)),),
        rating=("4.63", 3),
    ),
    Experience(
        guide="khadija-shekuwe",
        title="Pate Island by Fast Boat",
        summary="By fast boat to an island of forts and sultans' walls, on the days when the moon lets us through.",
        description=(
            "Only at high water is the channel deep enough, so the moon writes our timetable and I confirm your day "
            "myself. Siyu once had tens of thousands of people and scholars by the street; now there are coconut "
            "palms, a fort with its cannon, and a man who sews sandals as his forefathers did.",
            "We cross to Pate town by motorcycle and eat with my aunt among walls that belonged to sultans. The boat "
            "takes six at one price. Military posts may ask for your passport, so carry it; I watch the official "
            "advice for the area and cancel when it says so.",
        ),
        category=Category.ADVENTURE,
        scene=Scene.BOAT,
        location="Siyu, Pate Island",
        at=("-2.269700", "40.903100"),
        meeting_point="Lamu main jetty, south steps, at the boat Mawimbi",
        price=24_000,
        per_group=True,
        private=True,
        minutes=540,
        capacity=6,
        inclusions=("Boat and fuel", "Motorcycles on Pate", "Lunch"),
        exclusions=("Fort ticket",),
        policy=CancellationPolicy.STRICT,
        cut_off_hours=24,
        buffer_minutes=90,
        confirmation=Confirmation.MANUAL,
        hours=(Hours((0, 1, 2, 5, 6), time(7), time(16, 30)),),
        rating=("4.90", 2),
    ),
)
