"""What there is to do on the coast south of Mombasa: Diani, Shimba Hills, Shimoni and Wasini."""

from __future__ import annotations

from datetime import time

from domain.cancellation import CancellationPolicy
from domain.listings import Category, Confirmation
from ops.seed.shapes import EVERY_DAY, NOT_FRIDAYS, NOT_SUNDAYS, Experience, Hours, Mood, Scene

EXPERIENCES: tuple[Experience, ...] = (
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
    Experience(
        guide="hamisi-mwachiti",
        title="Shimba Hills Elephants and Sheldrick Falls",
        summary="Sable antelope on a green ridge, and a two-kilometre walk down to a waterfall you may stand under.",
        description=(
            "Only forty minutes from the beach the road climbs into cloud. Shimba Hills is the one place in Kenya for "
            "sable, with horns like sickles, and its elephants are shy woodlanders that leave more noise than view. "
            "From Giriama Point you see the sea you came from.",
            "A ranger walks us down to Sheldrick Falls, twenty-one metres of cold rain. The way back up costs some "
            "breath. The price covers a car for six; park fees go to the Kenya Wildlife Service through its own "
            "portal, before the day.",
        ),
        category=Category.NATURE,
        scene=Scene.FOREST,
        location="Shimba Hills, Kwale",
        at=("-4.193100", "39.433200"),
        meeting_point="Main gate of Shimba Hills National Reserve, above Kwale town; pick-up in Diani on request",
        price=21_000,
        per_group=True,
        private=True,
        minutes=390,
        capacity=6,
        inclusions=("Four-wheel drive with fuel", "Ranger to the falls", "Picnic"),
        exclusions=("Park fees",),
        policy=CancellationPolicy.STRICT,
        cut_off_hours=20,
        buffer_minutes=60,
        hours=(Hours(EVERY_DAY, time(7), time(14)),),
        rating=("4.79", 8),
    ),
    Experience(
        guide="hamisi-mwachiti",
        title="Kongo Mosque and the Baobab Path",
        summary="A coral prayer house, still in use, where the Mwachema River comes out on Diani's beach.",
        description=(
            "Where the Mwachema River meets the beach stands a prayer house built some six centuries ago and still in "
            "use. We do not go in at prayer; we sit on the roots outside with the caretaker, who measures time in "
            "baobabs. The fattest needs eleven of us to embrace it.",
            "Back along the sand at low water, with a lesson in reading the ripples. The river mouth is for looking, "
            "not for wading, as the current is a thief. Covered shoulders for everyone, a kanga for your legs if "
            "needed.",
        ),
        category=Category.CULTURAL,
        scene=Scene.BEACH,
        location="Diani Beach",
        at=("-4.260600", "39.598500"),
        meeting_point="North end of Diani Beach Road, by the fish banda at Mwachema",
        price=1_500,
        child=700,
        infants=True,
        minutes=90,
        capacity=10,
        inclusions=("Guide", "Kanga on loan", "Coconut water"),
        exclusions=("Donation to the mosque",),
        policy=CancellationPolicy.FLEXIBLE,
        cut_off_hours=4,
        hours=(Hours(NOT_FRIDAYS, time(8), time(16)),),
        rating=("4.61", 3),
    ),
    Experience(
        guide="nasoro-hamadi",
        title="Kisite Dolphins and Coral Gardens",
        summary="Spinner or bottlenose, we let them decide; then two swims over coral as clear as a window.",
        description=(
            "Engines go to idle at a hundred metres. That is the rule, and it is also why the dolphins come closer to "
            "us than to others. Around Kisite islet the reef begins knee-deep: butterflyfish in pairs, an octopus "
            "pretending to be a wall, sometimes a turtle that yawns.",
            "In August humpback whales pass outside. Lunch is at my cousin's on Wasini: crab in its shell, seaweed "
            "fritters, rice with coconut. Sea sickness is possible on the way back, when the wind is up; sit aft and "
            "look at the hill.",
        ),
        category=Category.NATURE,
        scene=Scene.REEF,
        location="Kisite-Mpunguti, Shimoni",
        at=("-4.648100", "39.381200"),
        meeting_point="Shimoni jetty, at the marine park office",
        price=7_800,
        child=4_500,
        minutes=360,
        capacity=12,
        max_guests=10,
        inclusions=("Boat and crew", "Mask, fins and life jacket", "Crab or vegetable lunch"),
        exclusions=("Marine park fee", "Transport to Shimoni"),
        policy=CancellationPolicy.MODERATE,
        cut_off_hours=16,
        buffer_minutes=60,
        hours=(Hours(EVERY_DAY, time(8), time(14, 30)),),
        rating=("4.84", 22),
    ),
    Experience(
        guide="nasoro-hamadi",
        title="Wasini Women's Boardwalk and Old Coral",
        summary="Walk among coral heads that the sea let go of, on planks laid by the women of the village.",
        description=(
            "You walk on what used to be a reef: grey coral heads twice your height, left dry ages ago and now "
            "visited only by the spring tide. The women of the village built the path and charge for it, and school "
            "fees on the island come from it.",
            "A boat brings us over from Shimoni in fifteen minutes. There are no cars, many cats and one very old "
            "ship's bell. The sun comes from above and below; a hat and water are more than advice.",
        ),
        category=Category.NATURE,
        scene=Scene.WETLAND,
        location="Wasini Island",
        at=("-4.648200", "39.381300"),
        meeting_point="Shimoni jetty, under the neem tree at the ticket hut",
        price=2_700,
        child=1_400,
        minutes=180,
        capacity=8,
        inclusions=("Crossing both ways", "Boardwalk fee", "Lime juice"),
        exclusions=("Transport to Shimoni",),
        policy=CancellationPolicy.FLEXIBLE,
        cut_off_hours=14,
        hours=(Hours(EVERY_DAY, time(8), time(15)),),
        rating=("4.74", 6),
    ),
    Experience(
        guide="nasoro-hamadi",
        title="Shimoni Slave Caves Remembrance Walk",
        summary="People were held in these caves before they were shipped away; we go slowly and say so plainly.",
        description=(
            "Iron rings are still in the rock, and roots hang down where light falls in. I read three names from "
            "records, tell what is known and what only is told, and then leave you ten minutes without my voice. Bats "
            "hang where the lamps hung.",
            "Above ground we finish at the graves and the ruined house of the Imperial British East Africa Company. "
            "Suitable from about twelve years. Steep steps at the start, wet floor, torches provided. The entry goes "
            "to the community that keeps the place.",
        ),
        category=Category.CULTURAL,
        scene=Scene.CAVE,
        location="Shimoni",
        at=("-4.647200", "39.380100"),
        meeting_point="Shimoni village, cave entrance below the fish market",
        price=1_800,
        minutes=90,
        capacity=10,
        inclusions=("Guide", "Torch", "Entry"),
        exclusions=("Transport to Shimoni",),
        policy=CancellationPolicy.FLEXIBLE,
        cut_off_hours=5,
        hours=(Hours(NOT_FRIDAYS, time(8, 30), time(16)),),
        rating=("4.77", 4),
    ),
    Experience(
        guide="nasoro-hamadi",
        title="Kayak to Mkwiro Village",
        summary="Paddle along Wasini's quiet side to a village without cars, and cook octopus with its catcher.",
        description=(
            "With the tide behind us it takes an hour, and with the tide against us it is not tried. Sea eagles nest "
            "on the third headland; the water there is so shallow that your shadow paddles with you. In Mkwiro "
            "children race the visitors on bicycles twice too large.",
            "Bi Saumu hunts octopus on foot with an iron rod and shows how to beat it, forty strokes, until it gives. "
            "You eat it with lime. I accept by hand, as I must first look at the tide table and at her diary.",
        ),
        category=Category.ADVENTURE,
        scene=Scene.BOAT,
        location="Mkwiro, Wasini Island",
        at=("-4.648300", "39.381400"),
        meeting_point="Shimoni jetty, at the blue kayak rack",
        price=4_600,
        minutes=240,
        capacity=6,
        min_guests=2,
        inclusions=("Kayak and bicycle", "Life jacket", "Octopus or bean lunch"),
        exclusions=("Transport to Shimoni",),
        policy=CancellationPolicy.MODERATE,
        cut_off_hours=16,
        buffer_minutes=60,
        confirmation=Confirmation.MANUAL,
        hours=(Hours(NOT_FRIDAYS, time(8), time(13)),),
    ),
)
