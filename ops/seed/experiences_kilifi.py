"""What there is to do around Kilifi Creek."""

from __future__ import annotations

from datetime import time

from domain.cancellation import CancellationPolicy
from domain.listings import Category, Confirmation
from ops.seed.shapes import NOT_MONDAYS, Experience, Hours, Mood, Scene

EXPERIENCES: tuple[Experience, ...] = (
    Experience(
        guide="rehema-kazungu",
        title="Night Swim in the Glowing Creek",
        summary="Kick, and the water lights up blue; lift your hand, and stars run off your elbow.",
        description=(
            "Small creatures in Kilifi Creek shine when they are disturbed, and the darker the sky the braver they "
            "are. So I go only around the new moon, with a flat calm, and I confirm each date myself after looking at "
            "both.",
            "We anchor a rowing boat in quiet water, float beside it with a line in reach, and talk in whispers for "
            "no reason. You need to swim well and be sixteen. A hot lemongrass tea in the boat, towels, and a silence "
            "that usually lasts until the jetty.",
        ),
        category=Category.ADVENTURE,
        scene=Scene.BEACH,
        mood=Mood.NIGHT,
        location="Kilifi Creek",
        at=("-3.633200", "39.847800"),
        meeting_point="Kilifi old ferry landing, south bank, below the bridge",
        price=3_800,
        minutes=105,
        capacity=8,
        max_guests=6,
        inclusions=("Boat and oarsman", "Buoyancy aids", "Towel and lemongrass tea"),
        exclusions=("Transport",),
        policy=CancellationPolicy.MODERATE,
        cut_off_hours=10,
        confirmation=Confirmation.MANUAL,
        hours=(Hours(NOT_MONDAYS, time(19, 30), time(22)),),
        rating=("4.92", 13),
    ),
    Experience(
        guide="rehema-kazungu",
        title="Mnarani Ruins and the Creek Crossing",
        summary="Six-hundred-year-old mosques above Kilifi Creek, and the old way across: by canoe.",
        description=(
            "From the top one looks down on the same curve of blue that made sailors stop in the fifteenth century. "
            "There are inscriptions cut so deep in coral that your finger reads them, and an enormous baobab to which "
            "some people still bring rose water.",
            "Then by canoe to the town side, as everybody crossed until 1991, with fish under us and lorries humming "
            "on the bridge above. The museum keeps a few snakes; they can be left out, and mostly are.",
        ),
        category=Category.CULTURAL,
        scene=Scene.FORT,
        location="Mnarani, Kilifi",
        at=("-3.638100", "39.845200"),
        meeting_point="Mnarani ruins ticket office, off the Mombasa–Malindi road, south of Kilifi bridge",
        price=2_200,
        child=1_000,
        infants=True,
        minutes=150,
        capacity=10,
        inclusions=("Guide", "Canoe", "Baobab sweets (mabuyu)"),
        exclusions=("Ruins ticket",),
        policy=CancellationPolicy.FLEXIBLE,
        cut_off_hours=5,
        hours=(Hours(NOT_MONDAYS, time(8, 30), time(16)),),
        rating=("4.65", 3),
    ),
    Experience(
        guide="rehema-kazungu",
        title="Supper under the Palm Tapper's Trees",
        summary="Barefoot up a palm for tomorrow's wine, down again for a supper grated, squeezed and smoked.",
        description=(
            "Baba Charo climbs with a knife in his belt and a gourd that he hangs below the cut flower. In the "
            "morning it is sweet, by noon it has opinions, at night it sings. You taste the first two, children the "
            "water of a young nut.",
            "Everything on the mat has been part of a palm: the plate, the broom, the mat. We cook mtsunga greens and "
            "dried fish in coconut's second milk and eat with the smoke moving round us. Long sleeves once it is "
            "dark, on account of mosquitoes.",
        ),
        category=Category.FOOD,
        scene=Scene.VILLAGE,
        mood=Mood.DUSK,
        location="Kaloleni, Kilifi",
        at=("-3.818200", "39.627000"),
        meeting_point="Kaloleni trading centre, at the coconut buyers' scales",
        price=3_100,
        child=1_700,
        minutes=210,
        capacity=8,
        min_guests=2,
        inclusions=("Supper", "Tastings of mnazi", "Climber's fee"),
        exclusions=("Transport to Kaloleni",),
        policy=CancellationPolicy.MODERATE,
        cut_off_hours=12,
        hours=(Hours(NOT_MONDAYS, time(15), time(19, 30)),),
        rating=("4.78", 6),
    ),
    Experience(
        guide="rehema-kazungu",
        title="Krapf's Rabai and the Forest behind It",
        summary="A missionary's cottage, a chapel for freed slaves, and behind them a forest that had its own order.",
        description=(
            "Johann Krapf came in 1844, buried his wife that same summer and began a dictionary. A small museum in "
            "the church compound tells it, with the voices of the Rabai added at last. My uncle Ngala then leads as "
            "far into the kaya's edge as the elders allow visitors.",
            "Beyond a gate of two stones we turn round, and he explains why. Dark cloth is lent, caps come off and "
            "nobody takes a picture past the first bend. That is not theatre; people there were settled, fined and "
            "forgiven under these trees.",
        ),
        category=Category.CULTURAL,
        scene=Scene.FOREST,
        location="Rabai, Kilifi",
        at=("-3.928100", "39.572200"),
        meeting_point="Rabai Museum, beside St Paul's Church, Rabai",
        price=2_900,
        minutes=210,
        capacity=10,
        inclusions=("Museum entry", "Elders' contribution", "Lunch of cassava and beans"),
        exclusions=("Transport to Rabai",),
        policy=CancellationPolicy.MODERATE,
        cut_off_hours=14,
        hours=(Hours((1, 2, 3, 4, 5), time(9), time(15)),),
    ),
    Experience(
        guide="rehema-kazungu",
        title="Takaungu Oyster Lunch",
        summary="Wade for mangrove oysters, grill them under lime, then sit above waves that come from India.",
        description=(
            "Takaungu has ferrymen who pull a rope and children who dive for coins and give them back. With Mama "
            "Sidi's group you feel below the roots for shells, with gloves, and leave the small ones. Ten minutes on "
            "coral charcoal, and they open by themselves.",
            "After the meal a short walk leads to the cliffs at Vuma, where the swell goes off like furniture "
            "falling. The farm is the women's own and so is the price. Anyone who avoids shellfish gets sweet potato "
            "and samosas.",
        ),
        category=Category.FOOD,
        scene=Scene.BOAT,
        location="Takaungu, Kilifi",
        at=("-3.685100", "39.856200"),
        meeting_point="Takaungu creek, at the rope ferry's north steps",
        price=4_700,
        minutes=240,
        capacity=6,
        min_guests=2,
        inclusions=("Oysters and lunch", "Gloves and rubber shoes", "Canoe"),
        exclusions=("Transport to Takaungu",),
        policy=CancellationPolicy.MODERATE,
        cut_off_hours=16,
        buffer_minutes=45,
        hours=(Hours(NOT_MONDAYS, time(8), time(14)),),
        rating=("4.81", 8),
    ),
)
