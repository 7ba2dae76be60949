"""What there is to do in running country: Iten, Eldoret and Nandi."""

from __future__ import annotations

from datetime import time

from domain.cancellation import CancellationPolicy
from domain.listings import Category
from ops.seed.shapes import FRIDAYS_AND_SATURDAYS, NOT_SUNDAYS, Experience, Hours, Mood, Scene

EXPERIENCES: tuple[Experience, ...] = (
    Experience(
        guide="kiplagat-cherono",
        title="Iten Morning Run with Champions",
        summary="Join the six o'clock group on the red roads at 2,400 metres, at a pace that you can keep.",
        description=(
            "At six every morning the roads of Iten fill with runners, a few of them faster than anybody in your "
            "country. We join for as long as we can, then run our own easy loop, and I translate the coach's jokes.",
            "The air is thin: run slower than you think, and spend a night here first. Walkers are welcome, and go "
            "with my colleague. I do not promise famous people; they train, they do not perform.",
        ),
        category=Category.ADVENTURE,
        scene=Scene.RUNNING,
        mood=Mood.DAWN,
        location="Iten",
        at=("0.670300", "35.508100"),
        meeting_point="Under the 'Home of Champions' arch on the Eldoret road, Iten",
        price=2_500,
        minutes=105,
        capacity=10,
        inclusions=("Pacing", "Water", "Chai and bread afterwards"),
        exclusions=("Running shoes", "Transport to Iten"),
        policy=CancellationPolicy.FLEXIBLE,
        cut_off_hours=10,
        hours=(Hours(NOT_SUNDAYS, time(5, 45), time(7, 30)),),
        rating=("4.97", 14),
    ),
    Experience(
        guide="kiplagat-cherono",
        title="Kerio Valley Escarpment Hike",
        summary="From the cool rim down a goat path to warm acacia country, with a lift back up.",
        description=(
            "The ground falls more than a thousand metres from Iten to the Kerio Valley. We take an old path past a "
            "waterfall and terraced farms, and stop where paragliders sail by at eye level in the season.",
            "Ten kilometres, nearly all of it down, which knees notice the next day. A car brings us back. Good shoes "
            "are needed; poles are available.",
        ),
        category=Category.NATURE,
        scene=Scene.WATERFALL,
        location="Iten",
        at=("0.661500", "35.516500"),
        meeting_point="Entrance of the Kerio View hotel, one kilometre south of Iten on the escarpment road",
        price=3_200,
        minutes=270,
        capacity=8,
        min_guests=2,
        inclusions=("Guide", "Car back to the rim", "Packed lunch"),
        exclusions=("Transport to Iten",),
        policy=CancellationPolicy.MODERATE,
        cut_off_hours=14,
        buffer_minutes=60,
        hours=(Hours(NOT_SUNDAYS, time(8, 30), time(13)),),
        rating=("4.81", 5),
    ),
    Experience(
        guide="kiplagat-cherono",
        title="Mursik and Ugali in a Kalenjin Kitchen",
        summary="What champions eat: milk aged in a smoked gourd, millet ugali and greens from the garden.",
        description=(
            "My mother shows how a gourd is cleaned with charcoal from the senetwet tree and how milk becomes mursik. "
            "You stir ugali until your arm gives up, pick the greens and hear why runners drink so much tea.",
            "Mursik is sour and smoky; a sip is enough to say you did. The home is on a small farm ten minutes from "
            "town, with calves for the children to feed.",
        ),
        category=Category.FOOD,
        scene=Scene.FOOD,
        location="Iten",
        at=("0.673000", "35.509000"),
        meeting_point="Matatu stage opposite Iten market; we walk or ride from there",
        price=2_400,
        child=1_200,
        minutes=180,
        capacity=8,
        inclusions=("Lunch", "Ride to the farm", "Tasting of mursik"),
        exclusions=("Transport to Iten",),
        policy=CancellationPolicy.FLEXIBLE,
        cut_off_hours=8,
        hours=(Hours(NOT_SUNDAYS, time(11), time(17)),),
        rating=("4.90", 3),
    ),
    Experience(
        guide="kiplagat-cherono",
        title="Tambach Furrows and Torok Falls",
        summary="Walk the stone channels that have watered this cliff for centuries, to a waterfall at the end.",
        description=(
            "While others look over the edge at Iten, we go half-way down. The Marakwet and Keiyo have led streams "
            "along this cliff for centuries in channels of stone and banana bark; each has a family, a day and a "
            "quarrel. I walk you along one, balancing.",
            "At Torok the stream falls over red rock in two steps. Bathe if you dare, I do not. Beans with potatoes "
            "in a house that looks straight out onto paragliders. Path as wide as a mattress, drop on one side: "
            "honest about heights, please.",
        ),
        category=Category.CULTURAL,
        scene=Scene.MOUNTAIN,
        location="Tambach, Elgeyo Marakwet",
        at=("0.598100", "35.517200"),
        meeting_point="Tambach, at the teachers' college gate on the Iten–Kabarnet road",
        price=2_600,
        minutes=210,
        capacity=8,
        inclusions=("Guide", "Lunch", "Farmer's fee"),
        exclusions=("Transport to Tambach",),
        policy=CancellationPolicy.FLEXIBLE,
        cut_off_hours=12,
        hours=(Hours(NOT_SUNDAYS, time(9), time(15)),),
    ),
    Experience(
        guide="jelagat-kosgei",
        title="Kaptagat Long Run and Porridge",
        summary="Jog the forest loop where champions train on Thursdays; porridge waits at the finish.",
        description=(
            "Thursday is the long one and Kaptagat the cathedral. We jog eight to twelve kilometres on the forest "
            "loop, I adjust the pace to the chattiest, and sooner or later the camps come through, thirty in a line, "
            "breathing like one animal. Then you know what easy speed looks like.",
            "Walking groups have a loop of five. After that, stretching on somebody's grass, millet porridge and "
            "boiled eggs. It is 2,400 metres high: two nights to acclimatise are worth more than new shoes.",
        ),
        category=Category.ADVENTURE,
        scene=Scene.RUNNING,
        mood=Mood.DAWN,
        location="Kaptagat Forest, Eldoret",
        at=("0.433200", "35.491100"),
        meeting_point="Kaptagat centre, in front of the tarmac's last shop",
        price=2_800,
        minutes=150,
        capacity=10,
        inclusions=("Pacing", "Porridge and eggs", "Water"),
        exclusions=("Transport from Eldoret",),
        policy=CancellationPolicy.FLEXIBLE,
        cut_off_hours=12,
        hours=(Hours(NOT_SUNDAYS, time(5, 45), time(8, 30)),),
        rating=("4.95", 14),
    ),
    Experience(
        guide="jelagat-kosgei",
        title="Make Cheese near Eldoret",
        summary="Make cheese with your own hands in a small dairy, and taste what earlier guests left to ripen.",
        description=(
            "A cow named Chemutai gives the first lecture. Then whites, hairnets and a vat: we add rennet, cut the "
            "curd with a wire harp, feel for the moment when it squeaks. One always squeaks too early. What you press "
            "is eaten six weeks from now, by whoever comes then; so you eat the cheese of those before you.",
            "Bread from a wood oven, tomato jam, and mursik to prove that Kalenjins did it all first. Not suited to "
            "those avoiding lactose. The farm is half an hour from the city centre by the car that picks you up.",
        ),
        category=Category.FOOD,
        scene=Scene.FARM,
        location="Eldoret",
        at=("0.514400", "35.269900"),
        meeting_point="Eldoret, Sosiani River bridge on Nandi Road",
        price=3_100,
        child=1_700,
        minutes=180,
        capacity=8,
        min_guests=2,
        inclusions=("Ride to the dairy", "Cheesemaking", "Lunch"),
        exclusions=("Cheese to take home",),
        policy=CancellationPolicy.MODERATE,
        cut_off_hours=12,
        hours=(Hours(NOT_SUNDAYS, time(9), time(15)),),
        rating=("4.78", 5),
    ),
    Experience(
        guide="jelagat-kosgei",
        title="Koitalel's Nandi Hills",
        summary="The man who held up a railway for eleven years, told where he is buried, among the tea.",
        description=(
            "For eleven years Koitalel arap Samoei kept the railway's builders from sleeping. In October 1905 he was "
            "shot at what had been called peace talks. His mausoleum stands on Nandi Hills in a ring of trees, and I "
            "tell it there, with his own family's words.",
            "Around it lies the greenest tea in Kenya. We walk between fields, taste a brown and a purple leaf, and "
            "eat under an umbrella. Kipchoge comes from hereabouts as well, but hills do not like to boast.",
        ),
        category=Category.CULTURAL,
        scene=Scene.TEA,
        location="Nandi Hills",
        at=("0.101100", "35.185200"),
        meeting_point="Nandi Hills town, outside the post office",
        price=3_400,
        child=1_700,
        minutes=270,
        capacity=8,
        inclusions=("Guide", "Museum donation", "Tea tasting and lunch"),
        exclusions=("Transport to Nandi Hills",),
        policy=CancellationPolicy.MODERATE,
        cut_off_hours=14,
        hours=(Hours(NOT_SUNDAYS, time(8, 30), time(15)),),
        rating=("4.82", 4),
    ),
    Experience(
        guide="jelagat-kosgei",
        title="Chepkiit Waterfall Walk",
        summary="A brown river drops out of the maize fields; bring good shoes and an hour of nothing to do.",
        description=(
            "A river as brown as cocoa slides between boulders polished like eggs and is gone. Legend says that in "
            "hard years the very old walked to the edge by themselves; we drop our voices there, quite of our own "
            "accord.",
            "Below the falls the water calms in a bowl, with weaver nests above. We sit on the warm stone, bite into "
            "sugarcane and let shoes dry. The track down is short but slick after rain, with a cable to hold.",
        ),
        category=Category.NATURE,
        scene=Scene.WATERFALL,
        location="Chepkiit, Nandi",
        at=("0.236200", "35.137100"),
        meeting_point="Chepterit junction on the Eldoret–Kapsabet road",
        price=1_900,
        child=900,
        minutes=150,
        capacity=10,
        inclusions=("Landowners' fee", "Guide", "Sugarcane"),
        exclusions=("Transport",),
        policy=CancellationPolicy.FLEXIBLE,
        cut_off_hours=6,
        hours=(Hours(NOT_SUNDAYS, time(9), time(16)),),
        rating=("4.51", 3),
    ),
    Experience(
        guide="jelagat-kosgei",
        title="Eldoret after the Track Closes",
        summary="Runners go to bed at nine; here is what the rest of town does.",
        description=(
            "We meet over grilled goat on a wooden board, with kachumbari and a view of the butcher's scale. Then two "
            "places: one where a Kalenjin band plays the rolling guitar I grew up with, and one with screens on which "
            "any athletics meeting is cheered like a cup final.",
            "I drink passion juice and know each taxi by the plate. Eighteen and over. Bring a jacket: two thousand "
            "one hundred metres, and the doors stay open.",
        ),
        category=Category.NIGHTLIFE,
        scene=Scene.CITY_NIGHT,
        mood=Mood.NIGHT,
        location="Eldoret",
        at=("0.516600", "35.276200"),
        meeting_point="Eldoret, Uganda Road, at the main post office steps",
        price=3_000,
        minutes=180,
        capacity=8,
        min_guests=2,
        inclusions=("Grilled goat", "Entry", "Taxi between stops"),
        exclusions=("Drinks", "Taxi home"),
        policy=CancellationPolicy.MODERATE,
        cut_off_hours=6,
        hours=(Hours(FRIDAYS_AND_SATURDAYS, time(18, 30), time(22)),),
    ),
)
