"""What there is to do in Kakamega's forest, in Bungoma and under Mount Elgon."""

from __future__ import annotations

from datetime import time

from domain.cancellation import CancellationPolicy
from domain.listings import Category, Confirmation
from ops.seed.shapes import EVERY_DAY, FRIDAYS_AND_SATURDAYS, NOT_SUNDAYS, Experience, Hours, Mood, Scene

EXPERIENCES: tuple[Experience, ...] = (
    Experience(
        guide="wekesa-shikuku",
        title="Kakamega Forest Bird Walk",
        summary="Turacos, hornbills and barbets in Kenya's last piece of Guineo-Congolian rainforest.",
        description=(
            "Nowhere else in Kenya sounds like this. We walk the Isecheno trails from first light, when the great blue "
            "turaco is about, and I put a telescope on whatever sits still. Forty species is an ordinary morning.",
            "Paths are level, roots are slippery. It rains on many afternoons, so mornings are best. There are black "
            "and white colobus, butterflies by the hundred, and neither elephants nor lions.",
        ),
        category=Category.NATURE,
        scene=Scene.BIRDS,
        mood=Mood.DAWN,
        location="Kakamega Forest",
        at=("0.233300", "34.866700"),
        meeting_point="Isecheno Forest Station, in front of the guides' office",
        price=2_000,
        child=1_000,
        minutes=180,
        capacity=6,
        inclusions=("Guide", "Telescope", "Bird list"),
        exclusions=("Forest entry fee", "Transport to Isecheno"),
        policy=CancellationPolicy.FLEXIBLE,
        cut_off_hours=10,
        hours=(Hours(EVERY_DAY, time(6), time(13)),),
        rating=("4.94", 9),
    ),
    Experience(
        guide="wekesa-shikuku",
        title="Lirhanda Hill Sunrise Climb",
        summary="Through the dark forest with a torch, and out on top as the canopy catches the sun.",
        description=(
            "We leave while the bushbabies still call, drive a few kilometres and climb Lirhanda Hill in time to see "
            "mist lift off the whole forest. An old gold-mining tunnel in the hillside has bats and a story.",
            "The climb takes forty minutes and is steep at the end. Torches are provided. If cloud hides the sun, as "
            "it sometimes does, the tea on top is still hot.",
        ),
        category=Category.ADVENTURE,
        scene=Scene.MOUNTAIN,
        mood=Mood.DAWN,
        location="Kakamega Forest",
        at=("0.233300", "34.866700"),
        meeting_point="Isecheno Forest Station, in front of the guides' office",
        price=1_800,
        minutes=180,
        capacity=8,
        inclusions=("Guide", "Drive to the hill", "Torch", "Tea"),
        exclusions=("Forest entry fee",),
        policy=CancellationPolicy.FLEXIBLE,
        cut_off_hours=12,
        hours=(Hours(EVERY_DAY, time(5), time(8)),),
        rating=("4.85", 6),
    ),
    Experience(
        guide="wekesa-shikuku",
        title="Isukuti Drumming Workshop",
        summary="Learn the three drums of the Isukha and Idakho, then dance to your own mistakes.",
        description=(
            "Isukuti is played at births, weddings and funerals, and UNESCO lists it as heritage in need of care. Three "
            "players teach you the big drum, the middle one and the small one that leads, plus the horn if you dare.",
            "After an hour everybody plays together and the neighbours come. No ear for rhythm is needed. There is "
            "shade, and porridge in the break.",
        ),
        category=Category.CULTURAL,
        scene=Scene.DANCING,
        location="Shinyalu, Kakamega",
        at=("0.228000", "34.797000"),
        meeting_point="Shinyalu market, at the boda-boda stage beside the main gate",
        price=2_000,
        child=1_000,
        minutes=135,
        capacity=12,
        min_guests=2,
        inclusions=("Drums", "Three teachers", "Porridge"),
        exclusions=("Transport to Shinyalu",),
        policy=CancellationPolicy.MODERATE,
        cut_off_hours=12,
        hours=(Hours(NOT_SUNDAYS, time(14), time(17)),),
        rating=("4.76", 3),
    ),
    Experience(
        guide="wekesa-shikuku",
        title="Kakamega Night Walk",
        summary="Hang up a white sheet and a lamp in the rainforest, and wait to see who comes.",
        description=(
            "By day the forest belongs to beaks. When the light goes, it starts to whistle, drip and giggle. I hang a "
            "cloth between two Elgon teaks, and moths come down like handkerchiefs; then we walk slowly with red "
            "light after eyes: potto, tree hyrax, a chameleon asleep and therefore pale.",
            "Hyraxes scream as if somebody had been murdered. Nobody has. We stay on the Buyangu side on one flat "
            "path for two kilometres. Wellingtons are best, because of safari ants, which are also interesting.",
        ),
        category=Category.NATURE,
        scene=Scene.FOREST,
        mood=Mood.NIGHT,
        location="Kakamega Forest",
        at=("0.353100", "34.865100"),
        meeting_point="Buyangu, gate of Kakamega Forest National Reserve, on the Webuye road side",
        price=2_300,
        child=1_400,
        minutes=120,
        capacity=6,
        inclusions=("Torches", "Guide", "Roasted maize"),
        exclusions=("Reserve fee",),
        policy=CancellationPolicy.FLEXIBLE,
        cut_off_hours=8,
        hours=(Hours(EVERY_DAY, time(18, 30), time(21)),),
        rating=("4.88", 7),
    ),
    Experience(
        guide="wekesa-shikuku",
        title="The Crying Stone and Ingokho Lunch",
        summary="A forty-metre rock with tears on its cheek, then chicken cooked the way the Luhya swear by.",
        description=(
            "Ilesi's stone stands up out of maize with a smaller boulder balanced for a head, and water runs down the "
            "groove even when it has not rained. I was told as a child that she weeps for a daughter. Geologists, who "
            "have no daughters, say moss.",
            "Then to my sister-in-law's. Ingokho is no mere chicken: it has run about, it is simmered, then smoked a "
            "little over the hearth, and the gizzard goes to the eldest man present. You stir obusuma with a paddle "
            "and eat until somebody says you have done well.",
        ),
        category=Category.FOOD,
        scene=Scene.FOOD,
        location="Ilesi, Kakamega",
        at=("0.248200", "34.750100"),
        meeting_point="Ilesi, at the pottery stalls on the Kisumu–Kakamega road",
        price=2_600,
        child=1_400,
        minutes=180,
        capacity=8,
        min_guests=2,
        inclusions=("Lunch", "Short ride", "Landowner's fee"),
        exclusions=("Transport to Ilesi",),
        policy=CancellationPolicy.MODERATE,
        cut_off_hours=12,
        hours=(Hours(NOT_SUNDAYS, time(10, 30), time(15)),),
        rating=("4.82", 5),
    ),
    Experience(
        guide="nekesa-simiyu",
        title="Into Kitum Cave",
        summary="Tusks have been digging here for generations, two hundred metres into the dark.",
        description=(
            "Put your palm on the wall: those grooves are not from tools. In single file, trunk feeling for the edge "
            "of the crevasse, elephants walk in by night and eat the rock for its salt. By day there are crystal "
            "needles, fossil wood in the ceiling and a great many bats.",
            "The ranger leads, you wear the mask and the gloves I give you, and we stay in the front hall and leave "
            "the bats alone. Afterwards to Elephant Platform for lunch over half of Uganda. Mountain weather: "
            "everything in one day.",
        ),
        category=Category.ADVENTURE,
        scene=Scene.CAVE,
        location="Mount Elgon",
        at=("1.044100", "34.783200"),
        meeting_point="Chorlim Gate of Mount Elgon National Park",
        price=6_400,
        child=4_000,
        minutes=390,
        capacity=8,
        min_guests=2,
        inclusions=("Ranger", "Helmet, lamp and mask", "Lunch", "Drive inside the park"),
        exclusions=("Park fees", "Transport to Chorlim"),
        policy=CancellationPolicy.STRICT,
        cut_off_hours=18,
        buffer_minutes=60,
        hours=(Hours(EVERY_DAY, time(7), time(15)),),
        rating=("4.90", 8),
    ),
    Experience(
        guide="nekesa-simiyu",
        title="Saiwa Swamp on Stilts",
        summary="Kenya's smallest national park, made for one antelope that walks on water.",
        description=(
            "A sitatunga has hooves like bananas. It stands up to its belly among bulrushes and believes itself "
            "invisible, and were it not for the wooden towers it would be right. From the second platform we see one "
            "on four mornings out of five, steaming a little.",
            "On the way there are De Brazza's monkeys with white beards and orange brows, and Ross's turaco like a "
            "thrown red glove. Boardwalk all round, three square kilometres in total. Bring a jumper and the ability "
            "to sit.",
        ),
        category=Category.NATURE,
        scene=Scene.WETLAND,
        mood=Mood.DAWN,
        location="Saiwa Swamp, Kitale",
        at=("1.094100", "35.118200"),
        meeting_point="Gate of Saiwa Swamp National Park, near Kipsaina, off the Kitale–Kapenguria road",
        price=3_000,
        child=1_600,
        minutes=180,
        capacity=8,
        inclusions=("Guide", "Telescope", "Flask of tea"),
        exclusions=("Park fees",),
        policy=CancellationPolicy.FLEXIBLE,
        cut_off_hours=12,
        hours=(Hours(EVERY_DAY, time(6, 30), time(10, 30)),),
        rating=("4.85", 6),
    ),
    Experience(
        guide="nekesa-simiyu",
        title="Kitale Museum and a Grafting Lesson",
        summary="Kitale's museum began with boxes of moths; we go on to an orchard and graft an apple tree.",
        description=(
            "A lieutenant colonel filled his house with insects, and that house became the first museum inland. "
            "Behind it stand a Luo, a Nandi and a Bukusu homestead, built properly by those who know, and a strip of "
            "real riverine forest with a boardwalk.",
            "Then out to the smallholding of Mama Nanjala, who grafts five sorts of apple on one trunk to win "
            "arguments. She gives you the knife. In August you roast green maize in the field; in other months there "
            "is always passion juice.",
        ),
        category=Category.CULTURAL,
        scene=Scene.FARM,
        location="Kitale",
        at=("1.015800", "35.006300"),
        meeting_point="National Museum of Western Kenya, Kitale, on the Eldoret road",
        price=2_400,
        child=1_200,
        infants=True,
        minutes=180,
        capacity=10,
        inclusions=("Ride to the orchard", "Grafting lesson", "Juice"),
        exclusions=("Museum ticket",),
        policy=CancellationPolicy.FLEXIBLE,
        cut_off_hours=8,
        hours=(Hours(NOT_SUNDAYS, time(9), time(15, 30)),),
    ),
    Experience(
        guide="nekesa-simiyu",
        title="Nabuyole Falls and Chetambe's Last Stand",
        summary="The Nzoia goes over a black lip, and above it the ditch where the Bukusu held out in 1895.",
        description=(
            "First the noise, then the spray, then the anglers who stand where you would not. Upstream of the old "
            "paper mill the river breaks into three, and we hop, with a hand from me, to a slab in the middle that "
            "shakes under the feet in May.",
            "Then one hour uphill to Chetambe, where walls of earth were raised against rifles. I speak of it as my "
            "grandmother did: without flags. From the crest you see Elgon all along the north like somebody lying "
            "down.",
        ),
        category=Category.ADVENTURE,
        scene=Scene.WATERFALL,
        location="Webuye, Bungoma",
        at=("0.619100", "34.770200"),
        meeting_point="Webuye, T-junction on the Eldoret–Malaba highway, at the sugar cane sellers",
        price=2_700,
        minutes=240,
        capacity=8,
        inclusions=("Guide", "Cane juice", "Boiled maize and beans"),
        exclusions=("Transport to Webuye",),
        policy=CancellationPolicy.MODERATE,
        cut_off_hours=12,
        hours=(Hours(EVERY_DAY, time(8), time(15)),),
        rating=("4.61", 3),
    ),
    Experience(
        guide="nekesa-simiyu",
        title="Kamabeka Night with a Bukusu Family",
        summary="An evening of lyre, fiddle and shoulders with a family outside Kimilili, chicken included.",
        description=(
            "Kamabeka means shoulders, and after one song yours will have found out why. The litungu, a "
            "seven-stringed lyre, starts low; the siilili scratches along with it; then an aunt stands up, and that "
            "is how evenings here grow long.",
            "The family lives on a hillside outside Kimilili and invites only when nobody is in mourning, so I ring "
            "them before I say yes. There is singing in the round, tea with too much sugar, and a bed in the village "
            "for those who do not want to drive by night, at a price I pass on.",
        ),
        category=Category.NIGHTLIFE,
        scene=Scene.DANCING,
        mood=Mood.NIGHT,
        location="Kimilili, Bungoma",
        at=("0.786100", "34.720200"),
        meeting_point="Kimilili market clock, Bungoma County",
        price=2_900,
        child=1_500,
        minutes=210,
        capacity=12,
        min_guests=2,
        max_guests=10,
        inclusions=("Supper", "Musicians", "Guide"),
        exclusions=("Overnight stay", "Transport"),
        policy=CancellationPolicy.MODERATE,
        cut_off_hours=14,
        confirmation=Confirmation.MANUAL,
        hours=(Hours(FRIDAYS_AND_SATURDAYS, time(18), time(22)),),
        rating=("4.76", 5),
    ),
)
