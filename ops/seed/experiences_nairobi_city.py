"""What there is to do in Nairobi for those who like its music, its matatus and its Asian kitchens."""

from __future__ import annotations

from datetime import time

from domain.cancellation import CancellationPolicy
from domain.listings import Category, Confirmation
from ops.seed.shapes import EVERY_DAY, NOT_MONDAYS, THURSDAYS_TO_SATURDAYS, Experience, Hours, Mood, Scene

EXPERIENCES: tuple[Experience, ...] = (
    Experience(
        guide="brian-ochieng",
        title="Buruburu Matatu Art Ride",
        summary="Ride three of the loudest buses in Nairobi and meet the people who paint, wire and christen them.",
        description=(
            "A new matatu costs as much as a house and is dressed like a bride: airbrushed saints, footballers, a "
            "subwoofer under the back bench. We ride from town at rush hour's edge, get off at the yards, and watch a "
            "portrait grow out of masking tape.",
            "You pay no fares, I settle with the conductors. It is loud, joyful and bumpy; not for sore backs. "
            "Drawing a name in the graffiti hand that every bus uses is the last stop, and you keep the board.",
        ),
        category=Category.CULTURAL,
        scene=Scene.CITY,
        location="Buruburu, Nairobi",
        at=("-1.285300", "36.826200"),
        meeting_point="Ambassadeur bus stage, Moi Avenue, by the newspaper vendor opposite the Hilton tower",
        price=2_400,
        minutes=150,
        capacity=6,
        inclusions=("All fares", "Paint and a practice board", "Soda"),
        exclusions=("Lunch",),
        policy=CancellationPolicy.FLEXIBLE,
        cut_off_hours=5,
        hours=(Hours(NOT_MONDAYS, time(10), time(16)),),
        rating=("4.83", 12),
    ),
    Experience(
        guide="brian-ochieng",
        title="Nairobi Hip-hop and Vinyl Walk",
        summary="From benga singles on River Road to the rappers of California estate, with stops for listening.",
        description=(
            "River Road pressed the records that all East Africa danced to, and a few of the shops still stand, with "
            "sleeves turning brown in the window. We listen at two counters, climb to a studio where voices are "
            "recorded in a wardrobe, and hear how Sheng became a language to rhyme in.",
            "The walk is short, the pavements are full. Keep your bag in front, as everybody does. If you own a "
            "turntable, bring money: a clean forty-five costs less than a cinema ticket.",
        ),
        category=Category.CULTURAL,
        scene=Scene.CITY,
        mood=Mood.DUSK,
        location="Nairobi",
        at=("-1.283800", "36.823800"),
        meeting_point="Corner of River Road and Latema Road, outside the old record shop with the green shutters",
        price=2_200,
        minutes=135,
        capacity=8,
        inclusions=("Studio visit", "Listening at two shops", "Guide"),
        exclusions=("Records", "Drinks"),
        policy=CancellationPolicy.FLEXIBLE,
        cut_off_hours=4,
        hours=(Hours((1, 2, 3, 4, 5), time(16), time(19)),),
        rating=("4.64", 5),
    ),
    Experience(
        guide="brian-ochieng",
        title="Rooftops and Amapiano",
        summary="Start high up at sunset, finish on the dance floor; a driver takes care of everything between.",
        description=(
            "Kilimani stacks its evenings: first a terrace with the Ngong Hills going purple, then a grill under "
            "string lights, at last a floor where the bass arrives in the stomach before the ear. I choose on the "
            "day, by crowd and by sound, never by commission.",
            "A driver waits at every door. Closed shoes for some places, identity papers for all, twenty-one and over "
            "at the last. I stay sober so that somebody remembers the songs.",
        ),
        category=Category.NIGHTLIFE,
        scene=Scene.CITY_NIGHT,
        mood=Mood.NIGHT,
        location="Kilimani, Nairobi",
        at=("-1.292100", "36.783400"),
        meeting_point="Yaya Centre, Argwings Kodhek Road, at the taxi rank",
        price=5_800,
        minutes=240,
        capacity=8,
        min_guests=2,
        inclusions=("Driver", "Entry everywhere", "One drink on the terrace"),
        exclusions=("Dinner", "Further drinks"),
        policy=CancellationPolicy.STRICT,
        cut_off_hours=8,
        buffer_minutes=60,
        hours=(Hours(THURSDAYS_TO_SATURDAYS, time(18), time(22, 30)),),
        rating=("4.55", 11),
    ),
    Experience(
        guide="brian-ochieng",
        title="Open Mic and Spoken Word",
        summary="A table near the stage, and somebody beside you who explains what the Sheng means.",
        description=(
            "Some nights it is heartbreak, some nights it is Parliament, and now and then a shy accountant stands up "
            "and silences the room. I sit beside you with a pencil and put the best lines into English in the margin "
            "of the menu.",
            "We eat chips masala and bhajia first; the stage opens when the host feels like it, usually by half past "
            "seven. Whoever wants to read is put on the list. Phones stay dark while somebody speaks.",
        ),
        category=Category.NIGHTLIFE,
        scene=Scene.CITY_NIGHT,
        mood=Mood.NIGHT,
        location="Nairobi",
        at=("-1.283000", "36.817200"),
        meeting_point="Kenya National Theatre forecourt, Harry Thuku Road, by the notice board",
        price=2_800,
        minutes=180,
        capacity=10,
        inclusions=("Entry", "Chips masala and bhajia", "Whispered translation"),
        exclusions=("Drinks", "Taxi"),
        policy=CancellationPolicy.FLEXIBLE,
        cut_off_hours=5,
        hours=(Hours((1, 2, 3), time(18, 30), time(22)),),
        rating=("4.79", 8),
    ),
    Experience(
        guide="brian-ochieng",
        title="Railway Museum and Its Steam Giants",
        summary="Climb into the cab of a locomotive that weighed more than two hundred tons.",
        description=(
            "The line came before the city, lions and all. In the yard stand the engines that worked it: rust-red "
            "Garratts with a boiler slung between two sets of wheels, a carriage with bullet-bright brass, and the "
            "coach in which a hunter was taken by the lion he was waiting for.",
            "Children may pull every lever within reach. I tell who laid the rails, Punjabi masons and Kamba porters "
            "among them, and what it cost them. The yard has little shade at noon and no café, so I bring bananas.",
        ),
        category=Category.CULTURAL,
        scene=Scene.CITY,
        location="Nairobi",
        at=("-1.292500", "36.822100"),
        meeting_point="Nairobi Railway Museum, ticket window off Uhuru Highway, Station Road end",
        price=1_800,
        child=800,
        infants=True,
        minutes=105,
        capacity=10,
        inclusions=("Guide", "Bananas and water"),
        exclusions=("Museum ticket",),
        policy=CancellationPolicy.FLEXIBLE,
        cut_off_hours=3,
        hours=(Hours(EVERY_DAY, time(10), time(16)),),
        rating=("4.58", 4),
    ),
    Experience(
        guide="brian-ochieng",
        title="Sunday Football and Nyama in Umoja",
        summary="Spend Sunday as the estate does: on the butcher's bench, with an opinion about the referee.",
        description=(
            "The pitch has a slope and both teams deny it. We watch from the butchery's bench, place our order at "
            "half-time, and by the final whistle the goat is ready. Then chairs are turned round, a one-man band "
            "plugs in his keyboard, and aunties dance in the space between tables.",
            "You are my guests in the estate where I grew up, and people will want to talk to you. Come with small "
            "banknotes, no jewellery and an opinion about Gor Mahia or AFC Leopards. I bring you to your taxi.",
        ),
        category=Category.NIGHTLIFE,
        scene=Scene.FOOD,
        mood=Mood.DUSK,
        location="Umoja, Nairobi",
        at=("-1.279600", "36.896700"),
        meeting_point="Umoja Market stage, Moi Drive, at the shoe shiner's umbrella",
        price=2_300,
        minutes=210,
        capacity=8,
        min_guests=2,
        inclusions=("Goat, ugali and greens", "Two sodas", "Guide"),
        exclusions=("Beer", "Taxi home"),
        policy=CancellationPolicy.FLEXIBLE,
        cut_off_hours=6,
        hours=(Hours((6,), time(15, 30), time(21)),),
        rating=("4.90", 3),
    ),
    Experience(
        guide="priya-shah",
        title="Diamond Plaza Chaat Crawl",
        summary="Eight tastings of Nairobi's Indian street food, ordered in Gujarati so that you get the good ones.",
        description=(
            "Menus fly at you before you sit down: that is half the sport. I hold up one hand, order in Gujarati, and "
            "the table fills with dahi puri that must be eaten in a single bite, cassava chips red with masala, and "
            "kulfi on a stick.",
            "Nearly everything is vegetarian and most of it can be made without onion or garlic for Jain guests. Hot "
            "means hot; say 'kidogo' when they reach for the chilli. Paan comes last, sweet for the cautious.",
        ),
        category=Category.FOOD,
        scene=Scene.FOOD,
        mood=Mood.DUSK,
        location="Parklands, Nairobi",
        at=("-1.257100", "36.817700"),
        meeting_point="Diamond Plaza, Masari Road, Parklands, under the arch at the main gate",
        price=3_200,
        child=1_800,
        minutes=150,
        capacity=8,
        inclusions=("Eight tastings", "Fresh juice", "Paan"),
        exclusions=("Taxi",),
        policy=CancellationPolicy.FLEXIBLE,
        cut_off_hours=3,
        hours=(Hours(NOT_MONDAYS, time(17), time(21)),),
        rating=("4.86", 15),
    ),
    Experience(
        guide="priya-shah",
        title="Ngara Saris, Sweets and Temples",
        summary="The railway clerks' quarter: iron balconies, a temple courtyard and jalebi straight from the oil.",
        description=(
            "My great-grandfather's shop sign is still faintly readable above a phone dealer. From there I lead you "
            "through Ngara's courtyards, built around shared wells and gossip, into a temple yard where shoes wait in "
            "pairs, and to the confectioner who has stirred the same copper pan since 1961.",
            "We are guests at prayer: heads covered where asked, legs covered always, nothing of leather in the Jain "
            "temple. No pictures of worshippers. The streets between are busy and full of mitumba, which is "
            "second-hand clothing and irresistible.",
        ),
        category=Category.CULTURAL,
        scene=Scene.CITY,
        location="Ngara, Nairobi",
        at=("-1.274100", "36.827000"),
        meeting_point="Ngara post office steps, Park Road",
        price=2_500,
        minutes=165,
        capacity=8,
        inclusions=("Guide", "Jalebi and masala chai", "Scarf on loan"),
        exclusions=("Offerings", "Purchases"),
        policy=CancellationPolicy.FLEXIBLE,
        cut_off_hours=6,
        hours=(Hours((1, 2, 3, 4, 5), time(9, 30), time(15)),),
        rating=("4.75", 7),
    ),
    Experience(
        guide="priya-shah",
        title="A Gujarati Thali in My Kitchen",
        summary="Roll puri, temper dal, and learn why Kenya's Gujaratis put peanuts into nearly everything.",
        description=(
            "There are eleven small bowls on a thali and you will have filled nine of them. We pound green chilli "
            "with ginger, fry mogo, which is cassava and entirely Kenyan, and stir kadhi until it thinks about "
            "boiling and then must not.",
            "My mother inspects. Lunch is on the verandah among her curry-leaf bushes, and leftovers travel in a tin. "
            "Strictly vegetarian; no eggs. Tell me about nuts when you book, because I need time to change the menu.",
        ),
        category=Category.FOOD,
        scene=Scene.FOOD,
        location="Parklands, Nairobi",
        at=("-1.260600", "36.821100"),
        meeting_point="Outside the City Park Market, Limuru Road, by the cut-flower sellers; I walk you home",
        price=4_300,
        child=2_600,
        minutes=210,
        capacity=6,
        min_guests=2,
        inclusions=("All ingredients", "Lunch", "Spice tin"),
        exclusions=("Transport to Parklands",),
        policy=CancellationPolicy.MODERATE,
        cut_off_hours=18,
        buffer_minutes=60,
        confirmation=Confirmation.MANUAL,
        hours=(Hours((1, 2, 3, 5, 6), time(11), time(15)),),
        rating=("4.96", 14),
    ),
    Experience(
        guide="priya-shah",
        title="City Park with the Monkeys",
        summary="A gentle walk through real forest in the middle of town, where the monkeys check your bags.",
        description=(
            "Botanists still find rare trees behind the bowling green. We follow the stream through real indigenous "
            "forest, read names on the stones of the little cemeteries, among them Pio Gama Pinto's, and sit in the "
            "sunken garden where my parents courted under supervision.",
            "Sykes' monkeys will open a rucksack for you. Food stays in mine. The path is uneven and after rain "
            "muddy; prams manage about half of it.",
        ),
        category=Category.NATURE,
        scene=Scene.FOREST,
        location="Parklands, Nairobi",
        at=("-1.261500", "36.827200"),
        meeting_point="City Park, Limuru Road gate opposite the Aga Khan hospital corner",
        price=1_600,
        child=800,
        infants=True,
        minutes=120,
        capacity=10,
        inclusions=("Guide", "Tree list for children"),
        exclusions=("Snacks",),
        policy=CancellationPolicy.FLEXIBLE,
        cut_off_hours=4,
        hours=(Hours(NOT_MONDAYS, time(9), time(16, 30)),),
        rating=("4.52", 4),
    ),
    Experience(
        guide="priya-shah",
        title="Rangoli and Lamps for Diwali",
        summary="Kneel down with my aunt, draw a lotus in coloured powder and light fifty clay lamps around it.",
        description=(
            "You kneel, you pinch coloured powder between two fingers, and after ten minutes the line obeys. My aunt "
            "draws peacocks without looking; the rest of us keep to lotus flowers. When it is dark enough we set out "
            "the diyas, and the whole floor starts to move.",
            "In October or November it is the real festival and I can take only a few. In other months we do it for "
            "the pleasure of it, as families do for weddings. Old clothes are wise: magenta stays.",
        ),
        category=Category.CULTURAL,
        scene=Scene.CRAFTS,
        mood=Mood.DUSK,
        location="Parklands, Nairobi",
        at=("-1.258800", "36.819000"),
        meeting_point="Parklands, junction of Third Avenue and Limuru Road, at the petrol station shop",
        price=2_700,
        minutes=150,
        capacity=8,
        min_guests=2,
        inclusions=("Powders and lamps", "Sweets and farsan", "Chai"),
        exclusions=("Transport",),
        policy=CancellationPolicy.MODERATE,
        cut_off_hours=24,
        confirmation=Confirmation.MANUAL,
        hours=(Hours((3, 4, 5, 6), time(16), time(19, 30)),),
    ),
)
