"""What there is to do in Nyeri, Embu and the rice of Mwea."""

from __future__ import annotations

from datetime import time

from domain.cancellation import CancellationPolicy
from domain.listings import Category
from ops.seed.shapes import EVERY_DAY, FRIDAYS_AND_SATURDAYS, NOT_SUNDAYS, Experience, Hours, Mood, Scene

EXPERIENCES: tuple[Experience, ...] = (
    Experience(
        guide="muthoni-gichuki",
        title="Karuru Falls in the Aberdares",
        summary="Two hundred and seventy-three metres in three steps, from heather to bamboo.",
        description=(
            "A hill of mist where everything is bearded, that is the top of the Aberdares. You drive through giant "
            "lobelias, past the black leopard that everybody swears to and hardly anybody has photographed. Then you "
            "stand on a platform of logs, and a river leaves the world at your feet.",
            "From Kiandongoro Gate it takes a proper four-wheel drive and five people fit in mine. Elephants use the "
            "road and the bridge too. Ten degrees at midday; after long rain the park closes tracks, and I give the "
            "money back.",
        ),
        category=Category.NATURE,
        scene=Scene.WATERFALL,
        location="Aberdare National Park",
        at=("-0.420300", "36.941200"),
        meeting_point="Nyeri, the hospital junction on the Mweiga road",
        price=23_500,
        per_group=True,
        private=True,
        minutes=480,
        capacity=5,
        inclusions=("Four-wheel drive and fuel", "Picnic and soup", "Ranger"),
        exclusions=("Park fees",),
        policy=CancellationPolicy.STRICT,
        cut_off_hours=24,
        buffer_minutes=90,
        hours=(Hours(EVERY_DAY, time(7), time(16)),),
        rating=("4.84", 7),
    ),
    Experience(
        guide="muthoni-gichuki",
        title="Forest Fighters' Trail",
        summary="A walk into the forest war of the fifties, by the granddaughter of a man who fought it.",
        description=(
            "The British dropped bombs on this forest; the fighters sewed coats from bushbuck. My grandfather was "
            "nineteen. I take you to a cave with soot on the ceiling, to a mugumo that served as a post box, and to "
            "the ditch, fifty miles long, that villagers were made to dig between themselves and their sons.",
            "Two veterans used to walk with us. One still does, on good days, and then I merely translate. It is five "
            "kilometres of farm and forest edge. There is no entry fee to grief, but we leave seedlings at the end, "
            "one each.",
        ),
        category=Category.CULTURAL,
        scene=Scene.FOREST,
        location="Nyeri",
        at=("-0.420200", "36.947700"),
        meeting_point="Nyeri, the war memorial on Kimathi Way",
        price=3_200,
        child=1_500,
        minutes=240,
        capacity=10,
        inclusions=("Guide", "Tree seedling", "Tea and maize"),
        exclusions=("Transport inside Nyeri",),
        policy=CancellationPolicy.MODERATE,
        cut_off_hours=12,
        hours=(Hours(NOT_SUNDAYS, time(8, 30), time(15)),),
        rating=("4.92", 8),
    ),
    Experience(
        guide="muthoni-gichuki",
        title="Baden-Powell's Last Camp",
        summary="The grave of the Scouts' founder, his cottage and a trail with knots and fire for children.",
        description=(
            "Scouts come from Korea and Chile to a churchyard in Nyeri to tie a scarf. The founder's grave faces the "
            "mountain, just as he had asked, and his cottage Paxtu still smells of wood smoke and boot polish.",
            "For children there is a trail with eleven signs, three knots and one very small fire, for which they "
            "need a grown-up and one match. Nobody has to be a Scout. Those who are should bring a badge: the wall "
            "has a little room.",
        ),
        category=Category.CULTURAL,
        scene=Scene.CITY,
        location="Nyeri",
        at=("-0.418100", "36.952200"),
        meeting_point="St Peter's Church, Nyeri, cemetery gate",
        price=1_700,
        child=700,
        infants=True,
        minutes=105,
        capacity=12,
        inclusions=("Guide", "Trail for children", "Cocoa"),
        exclusions=("Entry to Paxtu",),
        policy=CancellationPolicy.FLEXIBLE,
        cut_off_hours=4,
        hours=(Hours(NOT_SUNDAYS, time(9), time(16)),),
        rating=("4.63", 6),
    ),
    Experience(
        guide="muthoni-gichuki",
        title="Nyeri Coffee Cupping at the Factory",
        summary="Blackcurrant, tomato leaf, caramel: the cup that buyers fly in for, drunk next to the tree.",
        description=(
            "Pickers are paid for red and shouted at for green, so you learn the shade quickly. At the factory the "
            "beans ride down channels of water, knocking against boards, heavy ones first; a clerk notes your surname "
            "in the big book as though you had delivered for years.",
            "In the back Mr Gathogo pours twelve cups and turns the table. The word for the sort of sour you want is "
            "bright. Harvest from October to January; at other seasons we prune, graft and get more gossip.",
        ),
        category=Category.FOOD,
        scene=Scene.COFFEE,
        location="Othaya, Nyeri",
        at=("-0.547100", "36.948200"),
        meeting_point="Othaya, post office, on the main road",
        price=3_100,
        minutes=210,
        capacity=8,
        min_guests=2,
        inclusions=("Farm and factory visit", "Cupping", "Lunch of irio"),
        exclusions=("Beans to take home",),
        policy=CancellationPolicy.FLEXIBLE,
        cut_off_hours=12,
        hours=(Hours(NOT_SUNDAYS, time(8, 30), time(15)),),
        rating=("4.88", 9),
    ),
    Experience(
        guide="muthoni-gichuki",
        title="Mugithi Night in Nyeri",
        summary="One man, one guitar and a human train that leaves the platform at nine sharp.",
        description=(
            "Mugithi means train. You put your hands on the shoulders ahead of you, somebody does so behind, and a "
            "room of strangers goes shunting between tables to a song about a lorry driver's regrets. There are "
            "verses for the mothers-in-law that I shall not translate until you are seated.",
            "Before it there is mutura, the sausage that one eats standing at a smoky grate, cut with a panga, salt "
            "on cardboard. Ages eighteen and up. I know a taxi that waits.",
        ),
        category=Category.NIGHTLIFE,
        scene=Scene.DANCING,
        mood=Mood.NIGHT,
        location="Nyeri",
        at=("-0.423100", "36.951200"),
        meeting_point="Nyeri, Kimathi Way, under the clock tower",
        price=2_800,
        minutes=210,
        capacity=8,
        min_guests=2,
        inclusions=("Mutura and goat", "Entry", "One soda"),
        exclusions=("Further drinks", "Taxi"),
        policy=CancellationPolicy.MODERATE,
        cut_off_hours=6,
        hours=(Hours(FRIDAYS_AND_SATURDAYS, time(19), time(23)),),
        rating=("4.74", 6),
    ),
    Experience(
        guide="ireri-njeru",
        title="Barefoot in the Rice of Mwea",
        summary="Plant a row of rice by hand, then eat pishori cooked so plainly that you taste it.",
        description=(
            "Prisoners dug these canals in the fifties, and the grandchildren of the first settlers quarrel over "
            "sluices as if it were yesterday. When you have set one row of seedlings by hand, with a bent back, you "
            "never leave a grain on a plate again.",
            "The smell of true pishori is somewhere between popcorn and a new exercise book. We cook it plain so that "
            "you may find out. I give lectures on soil only when asked. Wash-pump at the end, towels on the line.",
        ),
        category=Category.FOOD,
        scene=Scene.FARM,
        location="Wang'uru, Mwea",
        at=("-0.685100", "37.359200"),
        meeting_point="Wang'uru, stage opposite the rice mills, on the Embu road",
        price=2_200,
        child=1_100,
        infants=True,
        minutes=180,
        capacity=10,
        inclusions=("Rice lunch", "Rubber boots if you prefer", "Kilo of pishori"),
        exclusions=("Transport",),
        policy=CancellationPolicy.FLEXIBLE,
        cut_off_hours=8,
        hours=(Hours(NOT_SUNDAYS, time(8), time(14)),),
        rating=("4.76", 5),
    ),
    Experience(
        guide="ireri-njeru",
        title="Cave behind the Ndunda Falls",
        summary="Down bamboo ladders, through a curtain, and dry your face by candle.",
        description=(
            "The Kapingazi jumps over a shelf of lava and has hollowed it from beneath. In the room behind, the whole "
            "river hangs like a window that never stops arriving. Fighters lay low in it in 1954, and someone kept "
            "the score of a game of draughts on the wall.",
            "Guests below one metre twenty use the path. You will be wet, and cold for a minute; the farmer's wife "
            "has a fire and sweet potatoes. No diving: the basin looks deep and is full of old trees. Rope where "
            "needed.",
        ),
        category=Category.ADVENTURE,
        scene=Scene.WATERFALL,
        location="Embu",
        at=("-0.520100", "37.457200"),
        meeting_point="Embu, University junction on Meru road",
        price=2_300,
        child=1_200,
        minutes=180,
        capacity=8,
        inclusions=("Ride to the falls", "Guide and rope", "Sweet potatoes"),
        exclusions=("Change of clothes",),
        policy=CancellationPolicy.FLEXIBLE,
        cut_off_hours=8,
        hours=(Hours(EVERY_DAY, time(9), time(16)),),
        rating=("4.68", 4),
    ),
    Experience(
        guide="ireri-njeru",
        title="Castle Forest Ranger Walk",
        summary="A ranger leads you into the wettest side of Mount Kenya, where elephants use the same path.",
        description=(
            "No tour buses come. You start at two thousand metres between tea and the wild edge; after three bends "
            "the tea is gone. A ranger in front knocks on trees with his stick, which is to say good morning to "
            "anybody large.",
            "There are a river pool for the brave, orchids in May and wild begonias all year. Leeches, none; nettles, "
            "with pleasure. Afterwards a coffee co-operative opens its kitchen and you learn what farmers drink: tea.",
        ),
        category=Category.NATURE,
        scene=Scene.FOREST,
        location="Castle Forest, Kirinyaga",
        at=("-0.430200", "37.320300"),
        meeting_point="Kimunye, junction of the Castle Forest road",
        price=3_500,
        minutes=270,
        capacity=8,
        min_guests=2,
        inclusions=("Ranger", "Guide", "Lunch"),
        exclusions=("Forest fee", "Transport to Kimunye"),
        policy=CancellationPolicy.MODERATE,
        cut_off_hours=14,
        buffer_minutes=45,
        hours=(Hours(NOT_SUNDAYS, time(7, 30), time(14, 30)),),
        rating=("4.82", 4),
    ),
    Experience(
        guide="ireri-njeru",
        title="Runyenjes Farm for Children",
        summary="A farm where children may crack, feed, pick, lead and finally collapse.",
        description=(
            "No nut defends itself like this one. With our press and two fingers at risk you get at it; fresh it is "
            "milky and it squeaks. Then come silkworms, which eat so loudly that it sounds like rain, and whose "
            "cocoon you unwind in hot water for three hundred metres.",
            "Gacheru the donkey does rounds under the avocado trees, led and never hurried. Lunch is what is ripe. My "
            "aunt insists that each child plant something; you get its picture by phone a year later.",
        ),
        category=Category.FOOD,
        scene=Scene.FARM,
        location="Runyenjes, Embu",
        at=("-0.421100", "37.570200"),
        meeting_point="Runyenjes, county office gate",
        price=2_000,
        child=900,
        infants=True,
        minutes=165,
        capacity=10,
        inclusions=("All activities", "Lunch", "Bag of roasted nuts"),
        exclusions=("Transport to Runyenjes",),
        policy=CancellationPolicy.FLEXIBLE,
        cut_off_hours=8,
        hours=(Hours(NOT_SUNDAYS, time(9), time(15)),),
    ),
)
