"""What there is to do in Mombasa and on the beaches south of it."""

from __future__ import annotations

from datetime import time

from domain.cancellation import CancellationPolicy
from domain.listings import Category
from ops.seed.shapes import EVERY_DAY, NOT_FRIDAYS, NOT_MONDAYS, NOT_SUNDAYS, Experience, Hours, Mood, Scene

EXPERIENCES: tuple[Experience, ...] = (
    Experience(
        guide="mwanaisha-omar",
        title="Mombasa Old Town Stroll",
        summary="Carved doors, coral walls and Fort Jesus, with a neighbour who taught history here.",
        description=(
            "From Fort Jesus we take Ndia Kuu and Mbarak Hinawy Road to the old dhow harbour, past balconies carved in "
            "Gujarat and doors carved around the corner. A coffee seller with brass cups usually finds us halfway.",
            "The lanes are narrow and warm; wear light clothes that cover shoulders and knees. We go around the "
            "mosques at prayer time and do not enter them.",
        ),
        category=Category.CULTURAL,
        scene=Scene.FORT,
        location="Mombasa",
        at=("-4.062700", "39.679400"),
        meeting_point="Entrance ramp of Fort Jesus, Nkrumah Road",
        price=2_500,
        child=1_200,
        infants=True,
        minutes=150,
        capacity=10,
        inclusions=("Guide", "Kahawa chungu and a sweet", "Water"),
        exclusions=("Fort Jesus ticket",),
        policy=CancellationPolicy.FLEXIBLE,
        cut_off_hours=3,
        rating=("4.86", 17),
    ),
    Experience(
        guide="mwanaisha-omar",
        title="Mombasa Street Food by Tuk-tuk",
        summary="Viazi karai, mishkaki, mahamri and cold sugarcane juice, from the Tusks to the lighthouse.",
        description=(
            "When the heat goes, Mombasa comes out to eat. Two tuk-tuks take us from the Tusks to the grills of "
            "Makadara and on to the seafront at the lighthouse, where cassava crisps are fried to order with chilli "
            "and lime.",
            "Expect six or seven stops and come hungry. Much of it is spicy, none of it alcoholic, and all the meat "
            "is halal.",
        ),
        category=Category.FOOD,
        scene=Scene.FOOD,
        mood=Mood.DUSK,
        location="Mombasa",
        at=("-4.062000", "39.664600"),
        meeting_point="Under the Mombasa Tusks, Moi Avenue, on the Uhuru Gardens side",
        price=3_200,
        child=1_800,
        minutes=180,
        capacity=6,
        inclusions=("Tuk-tuks", "All tastings", "Juice and water"),
        exclusions=("Hotel transfer",),
        policy=CancellationPolicy.FLEXIBLE,
        cut_off_hours=4,
        hours=(Hours(EVERY_DAY, time(16, 30), time(19, 30)),),
        rating=("4.91", 12),
    ),
    Experience(
        guide="mwanaisha-omar",
        title="Swahili Kitchen from Market to Table",
        summary="Buy at Marikiti, cook wali wa nazi and fish in coconut on charcoal, lunch on the roof.",
        description=(
            "We shop at Marikiti among cardamom, tamarind and coconuts, then climb to my family's rooftop kitchen in "
            "Old Town. You grate coconut on an mbuzi, which is harder than it looks, and everything cooks on charcoal.",
            "Lunch is rice in coconut milk, fish or beans in the same, and pickled mango. There are three flights of "
            "steep stairs and no lift.",
        ),
        category=Category.FOOD,
        scene=Scene.FOOD,
        location="Mombasa",
        at=("-4.060200", "39.672800"),
        meeting_point="Digo Road entrance of Mackinnon Market (Marikiti)",
        price=4_000,
        minutes=240,
        capacity=6,
        min_guests=2,
        inclusions=("Ingredients", "Lunch", "Small packet of pilau spice"),
        exclusions=("Hotel transfer",),
        policy=CancellationPolicy.MODERATE,
        cut_off_hours=16,
        buffer_minutes=60,
        hours=(Hours(NOT_FRIDAYS, time(9), time(13, 30)),),
        rating=("4.89", 7),
    ),
    Experience(
        guide="mwanaisha-omar",
        title="Taarab Evening by the Old Harbour",
        summary="Swahili love songs, oud and violin in an Old Town courtyard, with dinner on mats.",
        description=(
            "Taarab is poetry that people answer with banknotes. A small ensemble plays in a courtyard near Leven "
            "House, and I whisper what the verses really mean, because they seldom mean what they say.",
            "We sit on mats and low stools; dinner is biryani with fresh juice. It is a family house, so there is no "
            "alcohol and smoking is for the street.",
        ),
        category=Category.NIGHTLIFE,
        scene=Scene.DANCING,
        mood=Mood.NIGHT,
        location="Mombasa",
        at=("-4.062700", "39.679400"),
        meeting_point="Forecourt of Fort Jesus, Nkrumah Road, beside the cannons; we walk in together",
        price=3_800,
        minutes=180,
        capacity=14,
        max_guests=10,
        inclusions=("Concert", "Biryani dinner", "Juice"),
        exclusions=("Tips for the musicians", "Taxi home"),
        policy=CancellationPolicy.MODERATE,
        cut_off_hours=8,
        hours=(Hours(NOT_MONDAYS, time(19), time(22)),),
        rating=("4.77", 3),
    ),
    Experience(
        guide="hamisi-mwachiti",
        title="Diani Reef Snorkel by Glass-bottom Boat",
        summary="Parrotfish, rays and starfish inside the reef, five minutes from the beach.",
        description=(
            "We push off from the sand and drift over the coral gardens inside the reef. Those who swim go in with me, "
            "those who do not look through the floor and miss little. Turtles come when they like.",
            "The start may move by an hour for the tide, and I cancel with a full refund when the sea is rough or "
            "cloudy, most often in May and June. Feeding the fish is not part of it; it harms the reef.",
        ),
        category=Category.ADVENTURE,
        scene=Scene.REEF,
        location="Diani Beach",
        at=("-4.318000", "39.579500"),
        meeting_point="Beach steps below Forty Thieves Beach Bar, Diani Beach Road",
        price=4_200,
        child=2_500,
        minutes=150,
        capacity=8,
        inclusions=("Boat and captain", "Mask, snorkel and life jacket", "Fruit and water"),
        exclusions=("Hotel transfer", "Towels"),
        policy=CancellationPolicy.MODERATE,
        cut_off_hours=12,
        hours=(Hours(EVERY_DAY, time(8), time(13, 30)),),
        rating=("4.70", 13),
    ),
    Experience(
        guide="hamisi-mwachiti",
        title="Kaya Kinondo Sacred Forest Walk",
        summary="A Digo elder leads you under six-hundred-year-old trees, by the rules of the forest.",
        description=(
            "Kaya Kinondo is one of the sacred Mijikenda forests on the World Heritage list. An elder lends each "
            "visitor a black cloth, asks leave of the ancestors, and shows medicine trees and graves of the old town.",
            "Inside nobody wears a hat, shows affection or takes anything away, not even a leaf. The path is short "
            "and flat. The fee goes to the elders' council.",
        ),
        category=Category.CULTURAL,
        scene=Scene.FOREST,
        location="Kinondo, Diani",
        at=("-4.393600", "39.546000"),
        meeting_point="Kaya Kinondo visitors' banda, Kinondo, at the southern end of Diani Beach Road",
        price=2_000,
        child=1_000,
        minutes=105,
        capacity=10,
        inclusions=("Guide and elder", "Forest fee", "Black cloth on loan"),
        exclusions=("Transport to Kinondo",),
        policy=CancellationPolicy.FLEXIBLE,
        cut_off_hours=6,
        hours=(Hours(NOT_FRIDAYS, time(9), time(16)),),
        rating=("4.82", 5),
    ),
    Experience(
        guide="hamisi-mwachiti",
        title="Colobus Morning in Diani",
        summary="Rope bridges over the road and a forest of black-and-white acrobats, on foot.",
        description=(
            "The Angolan colobus lives in what is left of the coast's forest, and Diani is one of the best places to "
            "see it. We follow a troop from its sleeping trees and look at the rope bridges that keep it off the road.",
            "The walk is slow and suits children. We never feed or touch the monkeys, and we keep sunglasses and "
            "snacks in the bag, because the vervets have learned otherwise.",
        ),
        category=Category.NATURE,
        scene=Scene.FOREST,
        mood=Mood.DAWN,
        location="Diani Beach",
        at=("-4.340000", "39.565000"),
        meeting_point="Gate of the Colobus Conservation centre, Diani Beach Road",
        price=1_800,
        child=900,
        minutes=120,
        capacity=10,
        inclusions=("Guide", "Binoculars to share"),
        exclusions=("Entry to the conservation centre", "Transport"),
        policy=CancellationPolicy.FLEXIBLE,
        cut_off_hours=10,
        hours=(Hours(NOT_SUNDAYS, time(7), time(9, 30)),),
        rating=("4.66", 4),
    ),
)
