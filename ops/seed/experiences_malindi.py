"""What there is to do in Malindi and Watamu."""

from __future__ import annotations

from datetime import time

from domain.cancellation import CancellationPolicy
from domain.listings import Category
from ops.seed.shapes import EVERY_DAY, NOT_MONDAYS, Experience, Hours, Mood, Scene

EXPERIENCES: tuple[Experience, ...] = (
    Experience(
        guide="kadzo-charo",
        title="Mida Creek Boardwalk and Canoe",
        summary="A swaying walk above the mangroves, crab plovers on the flats, and a canoe home at dusk.",
        description=(
            "The boardwalk hangs over the mangroves to a hide at the water's edge. From October to April the flats "
            "fill with waders from Siberia; all year there are crabs that wave. We return by dugout with the tide.",
            "The community group that planted these mangroves built the boardwalk and is paid from your fee. It sways "
            "and has no shade; bring water and insect repellent.",
        ),
        category=Category.NATURE,
        scene=Scene.WETLAND,
        mood=Mood.DUSK,
        location="Mida Creek, Watamu",
        at=("-3.348000", "39.970000"),
        meeting_point="Mida Creek boardwalk entrance, signposted off the Malindi road at Dabaso",
        price=2_500,
        child=1_300,
        minutes=150,
        capacity=8,
        inclusions=("Boardwalk fee", "Dugout and paddler", "Guide"),
        exclusions=("Transport to Dabaso",),
        policy=CancellationPolicy.FLEXIBLE,
        cut_off_hours=4,
        hours=(Hours(NOT_MONDAYS, time(15, 30), time(18)),),
        rating=("4.80", 7),
    ),
    Experience(
        guide="kadzo-charo",
        title="Gede Ruins and a Giriama Kitchen",
        summary="A lost Swahili city in the forest, then cassava, greens and coconut with my neighbours.",
        description=(
            "Nobody knows quite why Gede was abandoned. We walk its palace, mosques and wells under tamarinds full of "
            "Sykes' monkeys, and I tell the three explanations that archaeologists like and the one my grandmother "
            "does.",
            "Then we drive ten minutes to a homestead in Dabaso to cook lunch on three stones: cassava or sima, greens "
            "in coconut, fried fish. You pound, and the children laugh.",
        ),
        category=Category.CULTURAL,
        scene=Scene.FORT,
        location="Gede, Watamu",
        at=("-3.309500", "40.017200"),
        meeting_point="Ticket office of the Gede Ruins, Gede village, off the Mombasa–Malindi road",
        price=3_800,
        child=2_000,
        minutes=240,
        capacity=8,
        min_guests=2,
        inclusions=("Lunch", "Tuk-tuk to the homestead and back", "Guide"),
        exclusions=("Gede entry fee",),
        policy=CancellationPolicy.MODERATE,
        cut_off_hours=14,
        buffer_minutes=45,
        hours=(Hours(NOT_MONDAYS, time(9), time(13)),),
        rating=("4.87", 6),
    ),
    Experience(
        guide="kadzo-charo",
        title="Marafa Hell's Kitchen at Sunset",
        summary="Drive inland to a canyon of red and white sandstone and walk it in the last hour of light.",
        description=(
            "Giriama stories say a rich family washed in milk here until the ground opened. Geology says rain. Either "
            "way the gorge at Marafa glows before sunset, and that is when we walk down into it with a local ranger.",
            "An hour's drive each way on a partly rough road, forty minutes on foot, steep in two places. It is hot "
            "until five; hats and closed shoes are not optional.",
        ),
        category=Category.ADVENTURE,
        scene=Scene.CANYON,
        mood=Mood.DUSK,
        location="Marafa, Malindi",
        at=("-3.224300", "40.130400"),
        meeting_point="Car park of the Vasco da Gama Pillar, Malindi seafront",
        price=5_500,
        child=3_200,
        minutes=270,
        capacity=6,
        min_guests=2,
        inclusions=("Return drive from Malindi", "Canyon fee and ranger", "Water"),
        exclusions=("Dinner",),
        policy=CancellationPolicy.MODERATE,
        cut_off_hours=10,
        buffer_minutes=45,
        hours=(Hours(NOT_MONDAYS, time(14, 30), time(19)),),
        rating=("4.72", 4),
    ),
    Experience(
        guide="kadzo-charo",
        title="Sabaki River Mouth at Low Tide",
        summary="Flamingos, hippos and sand that squeaks, where a river from Nairobi meets the ocean.",
        description=(
            "The water has come five hundred kilometres, past lions, and is the colour of milk tea. On the bar "
            "thousands of terns stand facing the wind; behind them, if we are quiet, the ears of hippos. Between "
            "September and April the count of species may pass sixty.",
            "We walk barefoot where the guide's stick says so, because there is mud that keeps shoes. The dunes "
            "belong to the community at Sabaki, whose young people planted the fences against the wind. Hats on "
            "strings.",
        ),
        category=Category.NATURE,
        scene=Scene.BIRDS,
        mood=Mood.DUSK,
        location="Sabaki, Malindi",
        at=("-3.160100", "40.133200"),
        meeting_point="Sabaki bridge, Malindi–Lamu road, at the signboard of the conservation group",
        price=2_300,
        child=1_100,
        minutes=150,
        capacity=8,
        inclusions=("Guide", "Telescope", "Community fee"),
        exclusions=("Transport from Malindi",),
        policy=CancellationPolicy.FLEXIBLE,
        cut_off_hours=6,
        hours=(Hours(NOT_MONDAYS, time(15), time(18, 30)),),
        rating=("4.76", 4),
    ),
    Experience(
        guide="kadzo-charo",
        title="Malindi Night Market and Gelato",
        summary="Half Swahili, half Italian: bhajia from the kerb, then pistachio from a man who learned in Bologna.",
        description=(
            "Fishermen here bargain in Italian and swear in Giriama. When the lamps come on we graze along the market "
            "street, for cassava, for mishkaki, for grilled octopus with so much lime, and listen to a drum group "
            "that practises near the old market on most nights.",
            "The last stop is an ice-cream counter, then the sea wall. Not a drinking evening, though a cold beer can "
            "be had on the terrace next door. I finish at your tuk-tuk with the price already agreed.",
        ),
        category=Category.NIGHTLIFE,
        scene=Scene.CITY_NIGHT,
        mood=Mood.NIGHT,
        location="Malindi",
        at=("-3.219300", "40.117000"),
        meeting_point="Malindi, Uhuru Gardens, at the clock",
        price=2_900,
        child=1_700,
        minutes=165,
        capacity=8,
        inclusions=("Tastings", "Gelato", "Tuk-tuk to the sea wall"),
        exclusions=("Drinks", "Ride home"),
        policy=CancellationPolicy.FLEXIBLE,
        cut_off_hours=5,
        hours=(Hours(NOT_MONDAYS, time(18, 30), time(22)),),
        rating=("4.67", 5),
    ),
    Experience(
        guide="furaha-katana",
        title="Turtle Watch Morning",
        summary="Fresh tracks like a tractor's on the tide line, and maybe a patient going home.",
        description=(
            "First we look for signs, since mothers come up in the dark and leave before us. If a nest was laid I "
            "show how it is measured, moved when the sea would take it, and fenced. Green turtles come mostly from "
            "March to July.",
            "When a fisherman calls with one in his net, we all go: it is weighed, tagged and carried down to the "
            "surf by as many hands as fit. I cannot promise it. In most weeks it happens twice, and people cry who "
            "did not plan to. No torches, no touching unless I ask you.",
        ),
        category=Category.NATURE,
        scene=Scene.BEACH,
        mood=Mood.DAWN,
        location="Watamu",
        at=("-3.361200", "40.013100"),
        meeting_point="Turtle Bay, beach access by the marine park gate, Watamu",
        price=2_600,
        child=1_200,
        minutes=120,
        capacity=8,
        inclusions=("Guide", "Donation to turtle rescue", "Coffee"),
        exclusions=("Transport",),
        policy=CancellationPolicy.FLEXIBLE,
        cut_off_hours=12,
        hours=(Hours((0, 2, 3, 4, 5, 6), time(6, 30), time(8, 30)),),
        rating=("4.91", 19),
    ),
    Experience(
        guide="furaha-katana",
        title="Rock Pool Safari for Small People",
        summary="Buckets back, hands wet: brittle stars, cowries and a crab that wears a sponge as a hat.",
        description=(
            "The ocean draws aside twice a day and leaves its cupboards open. I give each child a card with ten "
            "creatures; nobody has ever failed to find eight. We lift stones as one lifts a lid and put them down as "
            "we found them, because somebody lives on the underside.",
            "The hour follows the tide, so I may write to you to shift the start. Old trainers or rubber shoes, as "
            "urchins are honest animals. Shells stay: taking them out of the park is an offence and, worse, it leaves "
            "hermits homeless.",
        ),
        category=Category.NATURE,
        scene=Scene.REEF,
        location="Watamu",
        at=("-3.354100", "40.024600"),
        meeting_point="Watamu village beach, at the lifeguard's chair near the three islands",
        price=1_700,
        child=1_000,
        infants=True,
        minutes=90,
        capacity=10,
        inclusions=("Viewing buckets", "Finder's card", "Fruit"),
        exclusions=("Shoes",),
        policy=CancellationPolicy.FLEXIBLE,
        cut_off_hours=6,
        hours=(Hours(EVERY_DAY, time(7), time(16)),),
        rating=("4.88", 9),
    ),
    Experience(
        guide="furaha-katana",
        title="Watamu Marine Park Snorkel",
        summary="Six hundred kinds of fish have been listed in one lagoon; you will have met thirty by noon.",
        description=(
            "Ten minutes out we tie up to a buoy, never an anchor, and slip in. Sergeant majors come to inspect you, "
            "then the slow ones: a humphead wrasse as blue as a bottle, sweetlips under ledges, a moray breathing "
            "with its whole face.",
            "Visibility is best from October to March. Beginners hold a ring and I tow. Feeding is forbidden and "
            "stupid, sun cream goes on an hour before, a T-shirt is better still. I cancel for waves, never for "
            "clouds.",
        ),
        category=Category.ADVENTURE,
        scene=Scene.REEF,
        location="Watamu",
        at=("-3.380100", "40.010200"),
        meeting_point="Marine park jetty at the end of the Watamu beach road",
        price=4_900,
        child=3_000,
        minutes=180,
        capacity=8,
        inclusions=("Boat", "Mask, snorkel, fins", "Water and pineapple"),
        exclusions=("Marine park fee",),
        policy=CancellationPolicy.MODERATE,
        cut_off_hours=12,
        hours=(Hours(EVERY_DAY, time(8), time(15)),),
        rating=("4.74", 12),
    ),
    Experience(
        guide="furaha-katana",
        title="Arabuko-Sokoke Forest at Half Past Six",
        summary="At half past six a creature with a nose like a finger still trots across the path.",
        description=(
            "Eleven in the morning is too late here. At half past six the golden-rumped elephant shrew still trots "
            "between the leaves, its back end shining as though dipped in butter. My friend Jabu knows on which "
            "branch the Sokoke scops owl has closed its eyes.",
            "Three kinds of woodland follow each other along the track, white sand, red sand, and each has birds of "
            "its own. Flat walking, four kilometres. Bring repellent, bring silence. Butterfly farmers show you their "
            "cages at the end.",
        ),
        category=Category.NATURE,
        scene=Scene.BIRDS,
        mood=Mood.DAWN,
        location="Arabuko-Sokoke Forest, Gede",
        at=("-3.327000", "39.999200"),
        meeting_point="Arabuko-Sokoke Forest visitor centre, main road one kilometre south of Gede",
        price=3_100,
        minutes=210,
        capacity=8,
        inclusions=("Forest guide", "Binoculars", "Tea and viazi vitamu"),
        exclusions=("Forest entry fee",),
        policy=CancellationPolicy.FLEXIBLE,
        cut_off_hours=12,
        hours=(Hours(EVERY_DAY, time(6, 30), time(11)),),
        rating=("4.83", 5),
    ),
    Experience(
        guide="furaha-katana",
        title="A Picnic on the Mayungu Sandbanks",
        summary="For three hours a beach appears where there was none, and we have lunch on it.",
        description=(
            "It rises out of turquoise like the back of something asleep. At the lowest tides the sandbanks off "
            "Mayungu are as long as an airfield, with starfish lying about as if dropped. We put up one sail for "
            "shade and cook lobster when it is in season, and red snapper when not.",
            "Then the water returns from all sides, quite fast and quite gently, and it is time. The start follows "
            "the tide table, which I send you. Non-swimmers are safe to the waist, nervous ones to the knee.",
        ),
        category=Category.ADVENTURE,
        scene=Scene.BEACH,
        location="Mayungu, Malindi",
        at=("-3.290100", "40.129000"),
        meeting_point="Mayungu fish landing, south of Malindi airport road's end",
        price=5_600,
        child=3_400,
        minutes=240,
        capacity=10,
        min_guests=2,
        inclusions=("Boat", "Grilled lunch", "Snorkel gear"),
        exclusions=("Transport to Mayungu",),
        policy=CancellationPolicy.MODERATE,
        cut_off_hours=14,
        buffer_minutes=45,
        hours=(Hours(EVERY_DAY, time(8), time(14)),),
        rating=("4.69", 7),
    ),
)
