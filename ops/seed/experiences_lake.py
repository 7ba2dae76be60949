"""What there is to do on Lake Victoria: Kisumu, Rusinga and Homa Bay."""

from __future__ import annotations

from datetime import time

from domain.cancellation import CancellationPolicy
from domain.listings import Category, Confirmation
from ops.seed.shapes import EVERY_DAY, FRIDAYS_AND_SATURDAYS, Experience, Hours, Mood, Scene

EXPERIENCES: tuple[Experience, ...] = (
    Experience(
        guide="achieng-ouma",
        title="Dunga Beach Boat and Papyrus",
        summary="Fishermen's boats at first light, hippos at a respectful distance, and birds of the papyrus.",
        description=(
            "Dunga is a working beach: nets, scales, arguments about the price of tilapia. We watch the boats come in, "
            "then go out along the papyrus, where the papyrus gonolek sings and hippos breathe.",
            "The boat is wooden and has a canopy and life jackets. After rain the landing is muddy. We keep well away "
            "from hippos, and no tip will bring us closer.",
        ),
        category=Category.NATURE,
        scene=Scene.WETLAND,
        mood=Mood.DAWN,
        location="Dunga, Kisumu",
        at=("-0.145200", "34.736200"),
        meeting_point="Dunga Beach, at the Beach Management Unit office by the landing",
        price=2_500,
        child=1_300,
        minutes=150,
        capacity=8,
        inclusions=("Boat and captain", "Life jackets", "Guide"),
        exclusions=("Breakfast", "Transport to Dunga"),
        policy=CancellationPolicy.FLEXIBLE,
        cut_off_hours=6,
        hours=(Hours(EVERY_DAY, time(7), time(12, 30)),),
        rating=("4.78", 8),
    ),
    Experience(
        guide="achieng-ouma",
        title="Kibuye Market and a Fish Lunch",
        summary="One of East Africa's largest open-air markets, then whole tilapia with ugali, by hand.",
        description=(
            "Kibuye sells everything from second-hand shoes to dried omena by the tin. We taste as we go, greet my "
            "cousins, and buy greens. Sundays are the largest and loudest.",
            "Lunch is whole fish, wet-fried with tomato, with ugali and osuga greens. I show you how to eat it with "
            "the right hand only. Those who do not eat fish get beans in groundnut sauce.",
        ),
        category=Category.FOOD,
        scene=Scene.MARKET,
        location="Kisumu",
        at=("-0.088900", "34.772000"),
        meeting_point="Main gate of Kibuye Market, Jomo Kenyatta Highway",
        price=2_200,
        child=1_200,
        minutes=150,
        capacity=8,
        inclusions=("Tastings", "Lunch", "Guide"),
        exclusions=("Purchases",),
        policy=CancellationPolicy.FLEXIBLE,
        cut_off_hours=4,
        hours=(Hours(EVERY_DAY, time(10, 30), time(14)),),
        rating=("4.83", 5),
    ),
    Experience(
        guide="achieng-ouma",
        title="Ohangla Night in Kisumu",
        summary="Drums, accordion and a dance that begins in the shoulders, with people who grew up on it.",
        description=(
            "Ohangla is wedding music that moved into the clubs. We eat first, then hear a live band at whichever "
            "place has the better one that night, and my friends teach you the shoulder movement that everything "
            "depends on.",
            "It gets loud and late, and the best songs come last. I travel back into town with you. Guests must be "
            "eighteen or older.",
        ),
        category=Category.NIGHTLIFE,
        scene=Scene.DANCING,
        mood=Mood.NIGHT,
        location="Kisumu",
        at=("-0.103000", "34.752500"),
        meeting_point="Kisumu clock tower, Oginga Odinga Street",
        price=3_000,
        minutes=240,
        capacity=8,
        min_guests=2,
        inclusions=("Dinner", "Entry", "Tuk-tuk between stops"),
        exclusions=("Drinks",),
        policy=CancellationPolicy.MODERATE,
        cut_off_hours=6,
        hours=(Hours((1, 2, 3, 6), time(19), time(23)), Hours(FRIDAYS_AND_SATURDAYS, time(21), time(3))),
        rating=("4.69", 4),
    ),
    Experience(
        guide="achieng-ouma",
        title="The Singing Wives of Kit Mikayi",
        summary="Boulders as high as a church stacked by no one, with singing women underneath.",
        description=(
            "The story goes that a husband climbed up here every morning to rest, and that his first wife, bringing "
            "porridge, said: he has married that stone. Older women still sing her complaint, with hips. You may join "
            "in; wives of all ranks are accepted.",
            "Between the rocks there is a cleft where people fast and pray. We pass it with our voices down and shoes "
            "in hand. Twenty-nine kilometres from Kisumu; the climb over the roots takes ten minutes and both hands.",
        ),
        category=Category.CULTURAL,
        scene=Scene.VILLAGE,
        location="Kit Mikayi, Kisumu",
        at=("-0.100200", "34.554100"),
        meeting_point="Kit Mikayi gate, off the Kisumu–Bondo road",
        price=2_300,
        child=1_100,
        minutes=180,
        capacity=10,
        inclusions=("Entry", "Singers' fee", "Porridge"),
        exclusions=("Transport from Kisumu",),
        policy=CancellationPolicy.FLEXIBLE,
        cut_off_hours=6,
        hours=(Hours(EVERY_DAY, time(8), time(16)),),
        rating=("4.73", 4),
    ),
    Experience(
        guide="achieng-ouma",
        title="Hippo Point Sundowner Stroll",
        summary="Walk the shore while the sun goes down over the lake, then listen to a benga guitarist.",
        description=(
            "Strictly speaking the hippos arrive when they please. What does come every evening is the colour, first "
            "brass, then copper, then a violet that I have never seen a camera believe. We walk the shore path, cross "
            "the fishermen's gossip and stop by a terrace where a benga guitarist ties his songs together.",
            "Fried omena in paper is better than any crisp. Stay for one song or for all. On weekdays you get a "
            "chair, on Saturdays you get a dance. The way back is by tuk-tuk, in fits of laughter.",
        ),
        category=Category.NIGHTLIFE,
        scene=Scene.LAKE,
        mood=Mood.DUSK,
        location="Kisumu",
        at=("-0.111800", "34.745600"),
        meeting_point="Impala Park gate, Kisumu, on the lakeside road",
        price=2_000,
        child=1_200,
        minutes=150,
        capacity=12,
        max_guests=10,
        inclusions=("Omena and a soda", "Tuk-tuk back to town", "Guide"),
        exclusions=("Further drinks",),
        policy=CancellationPolicy.FLEXIBLE,
        cut_off_hours=3,
        hours=(Hours(EVERY_DAY, time(17), time(20, 30)),),
        rating=("4.56", 6),
    ),
    Experience(
        guide="ouko-odoyo",
        title="Rusinga's Fossil Gullies",
        summary="Eighteen million years lie on the surface, and you may kneel on them.",
        description=(
            "It was here that Mary Leakey, in 1948, put together the skull of Proconsul, an ape without a tail and "
            "with a future. I take you to the gully of the find and to others that every rain rewrites: crocodile "
            "teeth, fossil figs, the shell of a snail no longer than an eyelash.",
            "You find, you call, I tell you what it is; and it stays where it lay, with a stone beside it for the "
            "scientists. Sun hat, long trousers against thorn. The bicycle or motorcycle ride across the island "
            "belongs to the fun.",
        ),
        category=Category.NATURE,
        scene=Scene.DESERT,
        location="Rusinga Island",
        at=("-0.400300", "34.170200"),
        meeting_point="Mbita causeway, Rusinga side, by the fish scales",
        price=3_300,
        child=1_500,
        minutes=210,
        capacity=8,
        inclusions=("Motorcycle on the island", "Guide", "Water and groundnuts"),
        exclusions=("Transport to Mbita",),
        policy=CancellationPolicy.MODERATE,
        cut_off_hours=14,
        hours=(Hours(EVERY_DAY, time(7), time(16)),),
        rating=("4.89", 5),
    ),
    Experience(
        guide="ouko-odoyo",
        title="Tom Mboya's Island on Two Wheels",
        summary="Cycle round half of Rusinga and visit the home and grave of a man Kenya still misses.",
        description=(
            "He was thirty-eight, minister, and on everybody's list for the top when he was shot outside a pharmacy "
            "in Nairobi in 1969. His family's compound at Kasawanga tells it in photographs and one briefcase. Old "
            "women from the neighbourhood remember the queue of cars.",
            "We circle half of the island by bicycle, fourteen kilometres with two climbs, stopping where boats are "
            "tarred and where fish is turned into dust for chickens. Lunch is not included because you will have "
            "eaten mangoes all along.",
        ),
        category=Category.CULTURAL,
        scene=Scene.CYCLING,
        location="Rusinga Island",
        at=("-0.422100", "34.206300"),
        meeting_point="Mbita town, ferry jetty, at the bicycle repairer's umbrella",
        price=2_400,
        child=1_400,
        minutes=180,
        capacity=8,
        inclusions=("Bicycle", "Entry to the mausoleum", "Mangoes in season"),
        exclusions=("Lunch",),
        policy=CancellationPolicy.FLEXIBLE,
        cut_off_hours=8,
        hours=(Hours(EVERY_DAY, time(8), time(17)),),
        rating=("4.68", 4),
    ),
    Experience(
        guide="ouko-odoyo",
        title="Night Fishing with Lamps on Lake Victoria",
        summary="A floating town of lanterns: silver omena boiling up in the light, men singing to keep awake.",
        description=(
            "From the shore it looks as if a city had moved in across the water. Each lamp stands on a raft, each "
            "raft has a net, and when the captain calls 'ywauru', pull, forty hands pull together. The fish are the "
            "size of a pen nib and there are a hundred thousand of them.",
            "Not when the moon is big, for then they do not come, and not in a west wind. I confirm as soon as I have "
            "seen the sky. Life jackets are buckled, not just worn. Warm clothes; on the water it is cold by ten. "
            "Sixteen and older.",
        ),
        category=Category.NIGHTLIFE,
        scene=Scene.BOAT,
        mood=Mood.NIGHT,
        location="Mbita, Homa Bay",
        at=("-0.420200", "34.210100"),
        meeting_point="Mbita beach landing, below the lighthouse",
        price=4_400,
        minutes=180,
        capacity=6,
        min_guests=2,
        inclusions=("Boat and crew", "Life jackets", "Fried omena and tea"),
        exclusions=("Room for the night",),
        policy=CancellationPolicy.STRICT,
        cut_off_hours=14,
        buffer_minutes=60,
        confirmation=Confirmation.MANUAL,
        hours=(Hours((0, 1, 2, 3, 4), time(19), time(23)),),
        rating=("4.93", 9),
    ),
    Experience(
        guide="ouko-odoyo",
        title="Looking for Roan in Ruma",
        summary="A park for the patient: Kenya's last roan antelope and hardly another car all day.",
        description=(
            "You come for an animal with a clown's face and a lion's courage, of which barely two dozen are left. You "
            "stay because the grass, up to the mirrors, hides oribi, blue swallows hunt over it from April to "
            "September, and rhino were brought back to the far side of the Lambwe.",
            "Roads turn to glue in the rains and I then swap the date. Price per vehicle for up to six, from Homa "
            "Bay. Tsetse live in the thickets: beige clothing, never blue, and windows up where I say.",
        ),
        category=Category.NATURE,
        scene=Scene.SAVANNAH,
        location="Ruma National Park, Homa Bay",
        at=("-0.527400", "34.457200"),
        meeting_point="Homa Bay town, at the pier roundabout",
        price=18_500,
        per_group=True,
        private=True,
        minutes=420,
        capacity=6,
        inclusions=("Land Cruiser and fuel", "Lunch", "Cold water"),
        exclusions=("Park fees",),
        policy=CancellationPolicy.STRICT,
        cut_off_hours=20,
        buffer_minutes=60,
        hours=(Hours(EVERY_DAY, time(6), time(15)),),
        rating=("4.71", 3),
    ),
    Experience(
        guide="ouko-odoyo",
        title="Mfangano Rock Paintings by Boat",
        summary="Red and white circles, painted by forest people before farmers came, on a ledge above the lake.",
        description=(
            "Nobody alive can read them. Some see suns, some rain, my teacher saw eyes. The shelters of Mawanga and "
            "Kwitone lie among boulders and gardens, and the Abasuba who settled here long afterwards used them to "
            "call the rain, so they did not touch a line.",
            "The crossing takes an hour and a half each way, among islands that all look like sleeping animals. One "
            "steep hour on foot. A lunch of fresh tilapia is fried on the beach at Sena. I ask the caretakers first, "
            "and then say yes.",
        ),
        category=Category.CULTURAL,
        scene=Scene.BOAT,
        location="Mfangano Island",
        at=("-0.422300", "34.207100"),
        meeting_point="Mbita ferry jetty, at the orange boat Nyar Suba",
        price=5_400,
        child=3_000,
        minutes=420,
        capacity=8,
        min_guests=2,
        inclusions=("Boat and life jackets", "Caretakers' fee", "Lunch"),
        exclusions=("Transport to Mbita",),
        policy=CancellationPolicy.MODERATE,
        cut_off_hours=20,
        buffer_minutes=60,
        confirmation=Confirmation.MANUAL,
        hours=(Hours(EVERY_DAY, time(7, 30), time(15, 30)),),
    ),
)
