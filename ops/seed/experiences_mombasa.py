"""What there is to do in Mombasa, on its island and its creeks."""

from __future__ import annotations

from datetime import time

from domain.cancellation import CancellationPolicy
from domain.listings import Category
from ops.seed.shapes import (
    EVERY_DAY,
    FRIDAYS_AND_SATURDAYS,
    NOT_FRIDAYS,
    NOT_MONDAYS,
    NOT_SUNDAYS,
    Experience,
    Hours,
    Mood,
    Scene,
)

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
        guide="mwanaisha-omar",
        title="Mahamri and Mbaazi at Sunrise",
        summary="Cardamom doughnuts straight from the oil and pigeon peas in coconut, before the shutters open.",
        description=(
            "There is an hour when Old Town belongs to bakers and cats. We follow the smell of cardamom to Bi "
            "Zuhura's window, where mahamri puff up like cheeks, and carry them, burning our fingers, to a baraza to "
            "eat with mbaazi ya nazi.",
            "The muezzin has finished, the buckets are out, and everybody has time for a greeting and its seven "
            "replies, which I teach you. Back at your hotel before the others have found the buffet.",
        ),
        category=Category.FOOD,
        scene=Scene.FOOD,
        mood=Mood.DAWN,
        location="Old Town, Mombasa",
        at=("-4.061000", "39.677800"),
        meeting_point="Mazrui cemetery corner, Ndia Kuu, two minutes from the gate of Fort Jesus",
        price=1_700,
        child=900,
        minutes=90,
        capacity=6,
        inclusions=("Breakfast", "Spiced tea", "A lesson in greetings"),
        exclusions=("Hotel transfer",),
        policy=CancellationPolicy.FLEXIBLE,
        cut_off_hours=10,
        hours=(Hours(NOT_FRIDAYS, time(6, 15), time(8)),),
        rating=("4.93", 6),
    ),
    Experience(
        guide="said-abdalla",
        title="Tudor Creek Mangroves by Ngalawa",
        summary="Half of Mombasa's shore is forest, and an outrigger canoe is the way to see it.",
        description=(
            "You would not guess it from the traffic. Ten minutes behind the bus park the city goes quiet, and we "
            "slide up Tudor Creek with the tide, under kingfishers, past a women's group that plants mangroves in old "
            "milk packets, and in among roots that click and pop.",
            "Where the tide turns, so do we. A ngalawa is carved from one mango trunk and rocks a little, never much. "
            "Wear what may get splashed; the mud does not wash out and I am not sorry for it.",
        ),
        category=Category.NATURE,
        scene=Scene.DHOW,
        location="Tudor, Mombasa",
        at=("-4.038800", "39.663800"),
        meeting_point="Tudor Water Sports landing, end of Tom Mboya Avenue",
        price=2_600,
        child=1_400,
        minutes=135,
        capacity=6,
        inclusions=("Ngalawa and crew", "Life jackets", "Madafu (green coconut)"),
        exclusions=("Hotel transfer",),
        policy=CancellationPolicy.FLEXIBLE,
        cut_off_hours=5,
        hours=(Hours(EVERY_DAY, time(7), time(17)),),
        rating=("4.73", 5),
    ),
    Experience(
        guide="said-abdalla",
        title="Fishing with Handlines off Nyali",
        summary="Catch your breakfast by hand beyond the reef, the way my father did, and grill it on the sand.",
        description=(
            "My father fished by thumb and forefinger and so shall you: no rod, a stone for a sinker, and the strange "
            "telegraph of a snapper taking its time. Beyond the reef the swell is long and blue, and on some mornings "
            "dolphins overtake us out of pity.",
            "Price is for the boat with up to five. From June to August the kusi wind often shuts the gap and I "
            "refuse to argue with it; then your money goes back in full. What we catch is grilled on the sand, and "
            "small ones return to the sea.",
        ),
        category=Category.ADVENTURE,
        scene=Scene.BOAT,
        mood=Mood.DAWN,
        location="Nyali, Mombasa",
        at=("-4.035100", "39.708600"),
        meeting_point="Nyali Beach, public access at the end of Mkomani lane, where the yellow boat lies",
        price=15_500,
        per_group=True,
        private=True,
        minutes=270,
        capacity=5,
        inclusions=("Boat, captain and fuel", "Lines and bait", "Grilled fish and chapati"),
        exclusions=("Hotel transfer", "Sickness tablets"),
        policy=CancellationPolicy.STRICT,
        cut_off_hours=16,
        buffer_minutes=60,
        hours=(Hours(EVERY_DAY, time(6), time(11)),),
        rating=("4.85", 9),
    ),
    Experience(
        guide="said-abdalla",
        title="Mombasa Harbour Lights Dhow Dinner",
        summary="Dinner on deck as we drift below Fort Jesus after dark, with an accordion to sing along to.",
        description=(
            "When you pass below Fort Jesus at night the walls seem to lean out to look. We drift under them, cross "
            "to the English Point lights, and eat on carpets on deck: prawns, coconut beans, bread with sesame, halwa "
            "so dense it should pay for a seat.",
            "The sail goes up if there is wind; if there is none, the motor keeps to a murmur. There is no alcohol on "
            "board, which the harbour's families appreciate. A shawl for the way home, when it freshens.",
        ),
        category=Category.NIGHTLIFE,
        scene=Scene.DHOW,
        mood=Mood.NIGHT,
        location="Old Port, Mombasa",
        at=("-4.058000", "39.681000"),
        meeting_point="Old Port gate, Government Square, Old Town",
        price=6_900,
        child=4_200,
        minutes=165,
        capacity=16,
        min_guests=2,
        max_guests=12,
        inclusions=("Dinner", "Musician", "Life jackets"),
        exclusions=("Drinks other than water and juice", "Hotel transfer"),
        policy=CancellationPolicy.MODERATE,
        cut_off_hours=10,
        buffer_minutes=60,
        hours=(Hours(NOT_MONDAYS, time(18, 45), time(21, 45)),),
        rating=("4.80", 20),
    ),
    Experience(
        guide="said-abdalla",
        title="Kongowea Market at Full Volume",
        summary="The coast's great wholesale market at its loudest hour, with a friend who knows every stall.",
        description=(
            "'Kando! Kando!' means stand aside, and you will learn it in the first minute. Onions arrive from "
            "Tanzania, potatoes from Meru, and the auctioneer for bananas sings his numbers. I introduce you to Mama "
            "Kache, who grates forty coconuts before breakfast and has forearms like a sailor.",
            "We drink ginger coffee among the spice women and taste what is in season: in February mangoes from Tana "
            "River with juice to the elbows. Covered shoes, no handbag, and small steps.",
        ),
        category=Category.FOOD,
        scene=Scene.MARKET,
        mood=Mood.DAWN,
        location="Kongowea, Mombasa",
        at=("-4.039200", "39.688200"),
        meeting_point="Kongowea Market, petrol station at the Nyali Road junction",
        price=1_900,
        minutes=120,
        capacity=6,
        inclusions=("Fruit and coffee", "Guide"),
        exclusions=("Purchases",),
        policy=CancellationPolicy.FLEXIBLE,
        cut_off_hours=8,
        hours=(Hours(NOT_SUNDAYS, time(6, 30), time(9, 30)),),
        rating=("4.57", 3),
    ),
    Experience(
        guide="said-abdalla",
        title="Jumba la Mtwana by Boat",
        summary="Walk a Swahili village that was left six centuries ago, then cool off in Mtwapa Creek.",
        description=(
            "People lived here for perhaps a hundred years, around 1350, and nobody wrote down why they went. What "
            "remains is the size of a village: a well you can still hear, houses named after their strangest feature, "
            "a mosque with the sea at its feet and a verse on a grave that I translate for you.",
            "A boat takes us on up Mtwapa Creek to a swimming place where the bottom shelves gently. You should be at "
            "home in deep water or happy in a life jacket. Monkeys look after the lunch if you do not.",
        ),
        category=Category.CULTURAL,
        scene=Scene.FORT,
        location="Mtwapa",
        at=("-3.942300", "39.774700"),
        meeting_point="Jumba la Mtwana monument, ticket banda, off the Mombasa–Malindi road north of Mtwapa bridge",
        price=3_500,
        child=1_900,
        minutes=240,
        capacity=8,
        inclusions=("Boat", "Life jackets", "Fish curry lunch"),
        exclusions=("Monument ticket", "Hotel transfer"),
        policy=CancellationPolicy.MODERATE,
        cut_off_hours=12,
        buffer_minutes=45,
        hours=(Hours(EVERY_DAY, time(8), time(16)),),
        rating=("4.68", 4),
    ),
    Experience(
        guide="said-abdalla",
        title="Bango and Mnazi on the Mainland",
        summary="Saxophone, soft guitar and old couples who dance better than anybody young.",
        description=(
            "Bango is what happened when jazz records met Giriama hips and wedding season. The bands wear waistcoats, "
            "the singer forgives everybody in every verse, and by ten the tables have been pushed aside. Nobody minds "
            "a beginner; they mind a person who sits.",
            "Palm wine is passed round in coconut shells for those who wish. I drink tamarind juice and I drive. "
            "Eighteen and over, and a shirt with a collar is a courtesy to the band.",
        ),
        category=Category.NIGHTLIFE,
        scene=Scene.DANCING,
        mood=Mood.NIGHT,
        location="Frere Town, Mombasa",
        at=("-4.029000", "39.697500"),
        meeting_point="Freretown bell junction, Nyali Road, below the Emmanuel Church wall",
        price=3_300,
        minutes=210,
        capacity=8,
        min_guests=2,
        inclusions=("Entry", "Coconut chicken supper", "Return to your hotel on the north shore"),
        exclusions=("Drinks",),
        policy=CancellationPolicy.MODERATE,
        cut_off_hours=6,
        hours=(Hours(FRIDAYS_AND_SATURDAYS, time(21), time(1)),),
        rating=("4.71", 7),
    ),
)
