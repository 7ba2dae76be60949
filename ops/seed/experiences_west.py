"""What there is to do in the west: Kisumu and its lake, Kakamega's forest, and Iten's running country."""

from __future__ import annotations

from datetime import time

from domain.cancellation import CancellationPolicy
from domain.listings import Category
from ops.seed.shapes import EVERY_DAY, NOT_MONDAYS, NOT_SUNDAYS, Experience, Hours

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
        rating=("4.78", 71),
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
        rating=("4.83", 49),
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
        hours=(Hours(NOT_MONDAYS, time(19), time(23)),),
        rating=("4.69", 33),
    ),
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
        rating=("4.94", 82),
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
        rating=("4.85", 57),
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
        rating=("4.76", 21),
    ),
    Experience(
        guide="kiplagat-cherono",
        title="Iten Morning Run with Champions",
        summary="Join the six o'clock group on the red roads at 2,400 metres, at a pace that you can keep.",
        description=(
            "At six every morning the roads of Iten fill with runners, a few of them faster than anybody in your "
            "country. We join for as long as we can, then run our own easy loop, and I translate the coach's jokes.",
            "The air is thin: run slower than you think, and spend a night here first. Walkers are welcome, and go "
            "with my colleague. I do not promise famous people; they train, they do not perform.",
        ),
        category=Category.ADVENTURE,
        location="Iten",
        at=("0.670300", "35.508100"),
        meeting_point="Under the 'Home of Champions' arch on the Eldoret road, Iten",
        price=2_500,
        minutes=105,
        capacity=10,
        inclusions=("Pacing", "Water", "Chai and bread afterwards"),
        exclusions=("Running shoes", "Transport to Iten"),
        policy=CancellationPolicy.FLEXIBLE,
        cut_off_hours=10,
        hours=(Hours(NOT_SUNDAYS, time(5, 45), time(7, 30)),),
        rating=("4.97", 126),
    ),
    Experience(
        guide="kiplagat-cherono",
        title="Kerio Valley Escarpment Hike",
        summary="From the cool rim down a goat path to warm acacia country, with a lift back up.",
        description=(
            "The ground falls more than a thousand metres from Iten to the Kerio Valley. We take an old path past a "
            "waterfall and terraced farms, and stop where paragliders sail by at eye level in the season.",
            "Ten kilometres, nearly all of it down, which knees notice the next day. A car brings us back. Good shoes "
            "are needed; poles are available.",
        ),
        category=Category.NATURE,
        location="Iten",
        at=("0.661500", "35.516500"),
        meeting_point="Entrance of the Kerio View hotel, one kilometre south of Iten on the escarpment road",
        price=3_200,
        minutes=270,
        capacity=8,
        min_guests=2,
        inclusions=("Guide", "Car back to the rim", "Packed lunch"),
        exclusions=("Transport to Iten",),
        policy=CancellationPolicy.MODERATE,
        cut_off_hours=14,
        buffer_minutes=60,
        hours=(Hours(NOT_SUNDAYS, time(8, 30), time(13)),),
        rating=("4.81", 44),
    ),
    Experience(
        guide="kiplagat-cherono",
        title="Mursik and Ugali in a Kalenjin Kitchen",
        summary="What champions eat: milk aged in a smoked gourd, millet ugali and greens from the garden.",
        description=(
            "My mother shows how a gourd is cleaned with charcoal from the senetwet tree and how milk becomes mursik. "
            "You stir ugali until your arm gives up, pick the greens and hear why runners drink so much tea.",
            "Mursik is sour and smoky; a sip is enough to say you did. The home is on a small farm ten minutes from "
            "town, with calves for the children to feed.",
        ),
        category=Category.FOOD,
        location="Iten",
        at=("0.673000", "35.509000"),
        meeting_point="Matatu stage opposite Iten market; we walk or ride from there",
        price=2_400,
        child=1_200,
        minutes=180,
        capacity=8,
        inclusions=("Lunch", "Ride to the farm", "Tasting of mursik"),
        exclusions=("Transport to Iten",),
        policy=CancellationPolicy.FLEXIBLE,
        cut_off_hours=8,
        hours=(Hours(NOT_SUNDAYS, time(11), time(17)),),
        rating=("4.90", 30),
    ),
)
