"""What there is to do in Samburu, Isiolo and Garissa."""

from __future__ import annotations

from datetime import time

from domain.cancellation import CancellationPolicy
from domain.listings import Category, Confirmation
from ops.seed.shapes import EVERY_DAY, NOT_FRIDAYS, NOT_SUNDAYS, Experience, Hours, Mood, Scene

EXPERIENCES: tuple[Experience, ...] = (
    Experience(
        guide="namunyak-lenkai",
        title="Samburu's Special Five",
        summary="Find the five animals that live only in the dry north, along the river where they drink.",
        description=(
            "Nobody gave them this name but guides in need of a list; still, it works. Beisa oryx, reticulated "
            "giraffe, Somali ostrich with blue legs. They live only in the dry north and treat the Ewaso Ng'iro as "
            "their hotel bar. Add leopards in the doum palms and elephants digging for water with their toes.",
            "In the vehicle there is room for six at one price. When the river runs high, two fords are closed and we "
            "stay on my bank. It is hot by nine, so start at six. County tickets at the gate, by card or phone.",
        ),
        category=Category.NATURE,
        scene=Scene.RIVER,
        mood=Mood.DAWN,
        location="Samburu National Reserve",
        at=("0.640200", "37.668200"),
        meeting_point="Archer's Post, at the junction to the reserve; pick-up at camps on request",
        price=19_800,
        per_group=True,
        private=True,
        minutes=300,
        capacity=6,
        min_guests=2,
        inclusions=("Land Cruiser and fuel", "Breakfast", "Binoculars"),
        exclusions=("Reserve fees",),
        policy=CancellationPolicy.STRICT,
        cut_off_hours=18,
        buffer_minutes=45,
        hours=(Hours(EVERY_DAY, time(6), time(11, 30)),),
        rating=("4.92", 13),
    ),
    Experience(
        guide="namunyak-lenkai",
        title="Singing Wells of the Dry Season",
        summary="Four men stand above each other in the sand and pass water up by song; cattle know the tune.",
        description=(
            "Each family sings to its own animals and each animal comes only to its own song. The wells can be six "
            "men deep. Buckets of giraffe hide are plastic these days, but the voice is still what lifts them.",
            "It is work, men stand in there naked, therefore cameras stay in the car; that is the condition and I do "
            "not bend it. When rain has fallen there are no wells and we don't go, so I confirm each time. You give "
            "nothing in hand: the fee is laid down with the elders at the acacia.",
        ),
        category=Category.CULTURAL,
        scene=Scene.VILLAGE,
        location="Namunyak, Wamba",
        at=("0.985100", "37.333100"),
        meeting_point="Wamba, mission hospital gate",
        price=4_800,
        minutes=240,
        capacity=6,
        min_guests=2,
        inclusions=("Elders' fee", "Guide", "Tea with the herders"),
        exclusions=("Transport to Wamba",),
        policy=CancellationPolicy.MODERATE,
        cut_off_hours=20,
        buffer_minutes=45,
        confirmation=Confirmation.MANUAL,
        hours=(Hours(NOT_SUNDAYS, time(7), time(13)),),
        rating=("4.97", 4),
    ),
    Experience(
        guide="namunyak-lenkai",
        title="Mount Ololokwe Climb",
        summary="A long climb to the top of a great red cliff, where vultures circle below you.",
        description=(
            "You walk up the back of a rock which from the front cannot be climbed. Among the cedars at the end the "
            "air is cool, the ground has elephants, and then it stops. Four hundred metres straight down lies the "
            "road to Ethiopia with one toy lorry.",
            "Rüppell's vultures nest in the wall, so no drones. Four hours up, three down, four litres of water each; "
            "it is a holy hill to us, and we pause at a spot where I shall ask you to. Two scouts come along.",
        ),
        category=Category.ADVENTURE,
        scene=Scene.MOUNTAIN,
        location="Mount Ololokwe, Samburu",
        at=("0.832100", "37.534200"),
        meeting_point="Sabache camp turn-off, Archer's Post–Marsabit highway, at the foot of the mountain",
        price=5_500,
        minutes=480,
        capacity=8,
        min_guests=2,
        inclusions=("Two scouts", "Lunch", "Walking poles"),
        exclusions=("Conservancy fee", "Transport"),
        policy=CancellationPolicy.STRICT,
        cut_off_hours=20,
        buffer_minutes=90,
        hours=(Hours(EVERY_DAY, time(6), time(15)),),
        rating=("4.85", 7),
    ),
    Experience(
        guide="namunyak-lenkai",
        title="Beading Circle at Archer's Post",
        summary="A collar weighs up to two kilos, and every ring of it has been said by somebody.",
        description=(
            "Shall I translate your neck? Without beads, says my aunt Noldonyio, a woman is a sentence without verbs. "
            "We sit in the sand under a tortilis, waxing the thread across our knees, and copy a pattern as far as "
            "our eyes will do it.",
            "The group is run by women who decided to live on their own terms, and nobody has to tell you why. You "
            "pay for the lesson, not for pity; buying is possible and fixed prices are on the tag. Camels stare "
            "throughout.",
        ),
        category=Category.CULTURAL,
        scene=Scene.CRAFTS,
        location="Archer's Post, Samburu",
        at=("0.643100", "37.673200"),
        meeting_point="Archer's Post, veterinary yard on the highway",
        price=2_200,
        child=1_200,
        minutes=120,
        capacity=10,
        inclusions=("Beads and thread", "Guide", "Tea"),
        exclusions=("Jewellery",),
        policy=CancellationPolicy.FLEXIBLE,
        cut_off_hours=6,
        hours=(Hours(NOT_SUNDAYS, time(9), time(17)),),
        rating=("4.74", 5),
    ),
    Experience(
        guide="namunyak-lenkai",
        title="Camp Songs and Camel Blankets",
        summary="Supper by a scented fire, and young warriors who turn shy until the second song.",
        description=(
            "It begins with a humming, far off, and you cannot tell from where. Young men in ochre and with mobile "
            "phones come out of the dark, stand in a bow and breathe. Girls answer them. That is courtship, and you "
            "sit in the seats of the aunts.",
            "Goat on coals, spiced rice, chapati with ghee; a stew of lentils as well. Scops owls join in about "
            "eight. I will fetch you from the camps, with a lamp, as elephants use the same lane.",
        ),
        category=Category.NIGHTLIFE,
        scene=Scene.STARS,
        mood=Mood.NIGHT,
        location="Archer's Post, Samburu",
        at=("0.636100", "37.659200"),
        meeting_point="Archer's Post, veterinary yard on the highway; pick-up at camps on request",
        price=3_300,
        child=1_800,
        minutes=180,
        capacity=12,
        min_guests=2,
        max_guests=8,
        inclusions=("Supper", "Blankets", "Transfer within Archer's Post"),
        exclusions=("Drinks other than tea and soda",),
        policy=CancellationPolicy.MODERATE,
        cut_off_hours=10,
        hours=(Hours((2, 3, 4, 5), time(18, 30), time(22)),),
    ),
    Experience(
        guide="halake-guyo",
        title="Camel Walk through the Isiolo Thorn",
        summary="Walk beside the camels at sunrise; breakfast and the coffee pot are on their backs.",
        description=(
            "A click of the tongue and the first gets up, in three folds, like a badly packed ladder. You may ride, "
            "but the pleasure is in walking with a hand on a warm flank while the bells count. Dik-diks, vulturine "
            "guineafowl in electric blue, the crunch of white sand.",
            "Halfway the loads come off. We roast coffee beans in butter until they hiss, the Borana way, and "
            "everyone gets the blessing and the oily cup. Ten kilometres in total and nothing steep. Hat, sleeves and "
            "no hurry.",
        ),
        category=Category.ADVENTURE,
        scene=Scene.CAMELS,
        mood=Mood.DAWN,
        location="Isiolo",
        at=("0.354700", "37.582300"),
        meeting_point="Isiolo, livestock market gate, on the Moyale highway",
        price=4_200,
        child=2_600,
        minutes=240,
        capacity=6,
        min_guests=2,
        inclusions=("Camels and drovers", "Breakfast", "Buna coffee ceremony"),
        exclusions=("Transport to Isiolo",),
        policy=CancellationPolicy.MODERATE,
        cut_off_hours=14,
        buffer_minutes=60,
        hours=(Hours(NOT_FRIDAYS, time(6), time(11)),),
        rating=("4.84", 8),
    ),
    Experience(
        guide="halake-guyo",
        title="Buffalo Springs Swim and Drive",
        summary="A cold clear pool in the hottest country, then a drive among oryx and palms.",
        description=(
            "Three old men told me the story: in the Second World War an aeroplane aimed at something else and made a "
            "crater, and water filled it. Sixteen degrees colder than the air, it hits you like news. There is a low "
            "wall around, because others drink here too, some with tusks.",
            "We go on along Ewaso Ng'iro through doum palms that give seeds like ivory. The car carries six; the fee "
            "for the reserve is county business. Towels are mine. Swimming things, please, of the covering sort.",
        ),
        category=Category.NATURE,
        scene=Scene.HOTSPRING,
        location="Buffalo Springs, Isiolo",
        at=("0.577100", "37.616200"),
        meeting_point="Ngare Mara Gate of Buffalo Springs National Reserve",
        price=17_500,
        per_group=True,
        private=True,
        minutes=330,
        capacity=6,
        inclusions=("Four-wheel drive and fuel", "Lunch", "Towels"),
        exclusions=("Reserve fees",),
        policy=CancellationPolicy.STRICT,
        cut_off_hours=18,
        buffer_minutes=45,
        hours=(Hours(NOT_FRIDAYS, time(6, 30), time(16)),),
        rating=("4.70", 5),
    ),
    Experience(
        guide="halake-guyo",
        title="Seven Kitchens of Isiolo",
        summary="Borana, Somali, Turkana, Meru, Samburu, Sakuye, Garre: all within a shout of the mosque.",
        description=(
            "Isiolo was where soldiers of the old King's African Rifles were pensioned off, and each brought his pot. "
            "So we eat anjera with liver, then sliced camel with spaghetti and banana, yes, together; then milk from "
            "a smoked gourd; then a githeri to be Kenyan.",
            "A porter, an imam and a bank manager will all greet me, and I do not shorten it for visitors. All is "
            "halal, shoulders covered. Whoever avoids meat gets the longest and best bread in the north.",
        ),
        category=Category.FOOD,
        scene=Scene.MARKET,
        location="Isiolo",
        at=("0.352200", "37.584100"),
        meeting_point="Isiolo, under the minaret of the Jamia mosque, market side",
        price=2_500,
        child=1_300,
        minutes=150,
        capacity=8,
        inclusions=("Seven tastings", "Camel milk tea", "Guide"),
        exclusions=("Purchases",),
        policy=CancellationPolicy.FLEXIBLE,
        cut_off_hours=4,
        hours=(Hours(NOT_FRIDAYS, time(10), time(20)),),
        rating=("4.81", 6),
    ),
    Experience(
        guide="halake-guyo",
        title="Gadamoji Stories at the Fire",
        summary="A Borana elder who counts in generations tells stories until the incense has burnt down.",
        description=(
            "In the gada, age is not a number but a grade, and every eight years everybody moves up one desk. Abba "
            "Boru has reached the last and may now only bless. He does it at length, with a staff. You hold up your "
            "palms and say 'dhugaa', it is true, after every line.",
            "Then riddles, hyena tales and, if he is in the mood, the wells of Dirre that no money may buy. Supper of "
            "goat and rice. The drive is not part of it: come by daylight and sleep in Kinna; I keep a list of rooms.",
        ),
        category=Category.NIGHTLIFE,
        scene=Scene.STARS,
        mood=Mood.NIGHT,
        location="Kinna, Isiolo",
        at=("0.321100", "38.205200"),
        meeting_point="Kinna town, at the dispensary junction",
        price=2_900,
        child=1_500,
        minutes=150,
        capacity=10,
        min_guests=2,
        max_guests=8,
        inclusions=("Supper", "Elder's gift", "Incense"),
        exclusions=("Room", "Transport"),
        policy=CancellationPolicy.MODERATE,
        cut_off_hours=12,
        hours=(Hours((0, 1, 2, 5, 6), time(18, 30), time(22)),),
    ),
    Experience(
        guide="hodan-yussuf",
        title="Giraffes of Bour-Algi",
        summary="A hundred reticulated giraffe share their acacias with goats, girls on the way home, and us.",
        description=(
            "They came for peace and stayed for it. On a strip along the Tana near Garissa herders and giraffe have "
            "come to terms, and you can stand, with me in front, thirty paces from a nursing mother. My pupils count "
            "them; their graph goes up.",
            "Gerenuk and lesser kudu are about, hippos on the bank. The ground is flat, the hour mild. As foreign "
            "ministries advise on Garissa, and not always the same thing, I talk each request through with you and "
            "with the county before I say yes.",
        ),
        category=Category.NATURE,
        scene=Scene.SAVANNAH,
        mood=Mood.DUSK,
        location="Garissa",
        at=("-0.456100", "39.648200"),
        meeting_point="Garissa, Lantern roundabout, by the county library",
        price=2_300,
        child=1_200,
        minutes=150,
        capacity=8,
        inclusions=("Community ranger", "Guide", "Cold lime juice"),
        exclusions=("Transport to Bour-Algi",),
        policy=CancellationPolicy.FLEXIBLE,
        cut_off_hours=14,
        confirmation=Confirmation.MANUAL,
        hours=(Hours(NOT_FRIDAYS, time(15, 30), time(18, 30)),),
        rating=("4.79", 4),
    ),
    Experience(
        guide="hodan-yussuf",
        title="Garissa Camel Market and Lunch",
        summary="Learn the secret handshake of the camel brokers, then eat the stew they eat.",
        description=(
            "One of the largest livestock markets of East Africa smells of dung, dust and cardamom. Brokers press "
            "knuckles beneath a cloth, so nobody but those two knows; my uncle teaches you the code with a pencil. "
            "Ask before a picture. Many will be proud, some will not.",
            "Then to Halima's kitchen for camel simmered in its own fat with potatoes, basbaas sauce that is green "
            "and not innocent, banana on top. Dress covers arms and legs, for men too. I accept requests by hand "
            "after a look at the week's news.",
        ),
        category=Category.FOOD,
        scene=Scene.CAMELS,
        location="Garissa",
        at=("-0.456200", "39.648100"),
        meeting_point="Garissa, Lantern roundabout, by the county library",
        price=2_600,
        minutes=210,
        capacity=6,
        min_guests=2,
        inclusions=("Lunch", "Tea", "Broker's fee"),
        exclusions=("Transport to Garissa",),
        policy=CancellationPolicy.MODERATE,
        cut_off_hours=20,
        confirmation=Confirmation.MANUAL,
        hours=(Hours((2, 3), time(7), time(12)),),
    ),
    Experience(
        guide="hodan-yussuf",
        title="Tana River Poems and Mangoes",
        summary="Cross the brown river by pole and poem, and pick mangoes with those who were here first.",
        description=(
            "Somalis are called a nation of poets, and I can prove it with the ferryman. Between two poems he poles "
            "us to the farm of Mzee Bahola, of the Munyoyaya, who were on this river before all others and number a "
            "few thousand. He reads the current from the legs of a heron.",
            "You pick what hangs low. We have canjeero, honey and ghee on a mat. Life jackets, not negotiable, "
            "crocodiles likewise. Women's hair covered with anything; I bring scarves in eleven colours.",
        ),
        category=Category.CULTURAL,
        scene=Scene.RIVER,
        location="Garissa",
        at=("-0.466100", "39.635200"),
        meeting_point="Garissa bridge, town side, at the old customs shed",
        price=1_900,
        child=900,
        infants=True,
        minutes=150,
        capacity=10,
        inclusions=("Ferry and life jackets", "Fruit and tea", "Scarf on loan"),
        exclusions=("Transport to Garissa",),
        policy=CancellationPolicy.FLEXIBLE,
        cut_off_hours=12,
        hours=(Hours(NOT_FRIDAYS, time(8), time(16)),),
        rating=("4.66", 3),
    ),
)
