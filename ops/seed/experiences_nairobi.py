"""What there is to do in and around Nairobi, told as honestly as a guide would tell a friend."""

from __future__ import annotations

from datetime import time

from domain.cancellation import CancellationPolicy
from domain.listings import Category
from ops.seed.shapes import EVERY_DAY, NOT_MONDAYS, NOT_SUNDAYS, Experience, Hours

EXPERIENCES: tuple[Experience, ...] = (
    Experience(
        guide="amina-warsame",
        title="Nairobi Food Walk",
        summary="Seven tastings from River Road to City Market, eaten standing up, as Nairobi does.",
        description=(
            "We start with sweet chai and mandazi near the Archives and eat our way through the city centre: smokies "
            "with kachumbari, githeri, samosas from a stair you would never climb alone, fried tilapia at City Market.",
            "The walk is about three kilometres on busy pavements, with a seat at most stops. Tell me about allergies "
            "the day before; vegetarians eat well, vegans a little less so.",
        ),
        category=Category.FOOD,
        location="Nairobi",
        at=("-1.284900", "36.825700"),
        meeting_point="Front steps of the Kenya National Archives, Moi Avenue, facing the Tom Mboya statue",
        price=3_500,
        child=2_000,
        minutes=180,
        capacity=8,
        inclusions=("Seven tastings", "Tea and water", "Guide"),
        exclusions=("Transport to the meeting point", "Alcoholic drinks"),
        policy=CancellationPolicy.FLEXIBLE,
        cut_off_hours=3,
        rating=("4.92", 214),
    ),
    Experience(
        guide="amina-warsame",
        title="Eastleigh Cloth and Camel Tea",
        summary="Fabric malls, frankincense and spiced tea in the Somali heart of Nairobi.",
        description=(
            "Eastleigh trades day and night, and strangers seldom find its best corners. I take you through the cloth "
            "arcades, to a tailor I trust, past perfume and incense sellers, and to my aunt's tea room.",
            "The malls are crowded, the streets dusty. Dress modestly, keep your phone in your bag and ask before "
            "taking pictures of people; I will ask with you.",
        ),
        category=Category.CULTURAL,
        location="Eastleigh, Nairobi",
        at=("-1.277500", "36.848500"),
        meeting_point="Main entrance of BBS Mall, General Waruinge Street, Eastleigh",
        price=2_800,
        minutes=150,
        capacity=6,
        inclusions=("Camel milk tea and anjera", "Introduction to a tailor", "Guide"),
        exclusions=("Purchases", "Transport to the meeting point"),
        policy=CancellationPolicy.FLEXIBLE,
        cut_off_hours=4,
        rating=("4.81", 67),
    ),
    Experience(
        guide="amina-warsame",
        title="Pilau and Chapati at Home",
        summary="Cook a Kenyan lunch from scratch in a family kitchen in South C, then eat it together.",
        description=(
            "You grind the spices, brown the onions until they are truly brown, and roll chapati until one comes out "
            "round. My sister keeps score. Lunch is pilau, kachumbari, chapati and whatever fruit is best that day.",
            "It is an ordinary home with an ordinary kitchen, so groups stay small. All meat is halal, and the same "
            "meal can be made without it.",
        ),
        category=Category.FOOD,
        location="South C, Nairobi",
        at=("-1.319300", "36.829200"),
        meeting_point="South C Shopping Centre, Muhoho Avenue, beside the pharmacy; we walk from there",
        price=4_200,
        child=2_500,
        minutes=210,
        capacity=6,
        min_guests=2,
        inclusions=("All ingredients", "Lunch", "Recipes on paper"),
        exclusions=("Transport to the meeting point",),
        policy=CancellationPolicy.MODERATE,
        cut_off_hours=18,
        buffer_minutes=60,
        rating=("4.95", 88),
    ),
    Experience(
        guide="amina-warsame",
        title="Old Nairobi on Foot",
        summary="A railway depot that became a capital: two hours of buildings and the people who argued in them.",
        description=(
            "From the railway that started everything to the Law Courts, the McMillan Library and the Jamia Mosque's "
            "domes, we read the city centre as a book with some pages torn out, and talk about who tore them.",
            "We look at most buildings from outside, because opening hours change without notice. The route is flat "
            "and mostly shaded; benches are rare.",
        ),
        category=Category.CULTURAL,
        location="Nairobi",
        at=("-1.291000", "36.828000"),
        meeting_point="Main entrance of Nairobi Central Railway Station, at the end of Moi Avenue",
        price=2_000,
        child=1_000,
        infants=True,
        minutes=120,
        capacity=12,
        inclusions=("Guide", "Bottle of water"),
        exclusions=("Museum tickets", "Food"),
        policy=CancellationPolicy.FLEXIBLE,
        cut_off_hours=2,
        rating=("4.63", 41),
    ),
    Experience(
        guide="kevin-mutua",
        title="Karura Forest Dawn Walk",
        summary="Bamboo, caves and a waterfall before the city wakes, ten minutes from the traffic.",
        description=(
            "We enter as the light comes and follow the river to the Mau Mau caves and the waterfall. Sykes' monkeys "
            "are nearly certain, duiker likely, crowned eagle a gift. You will forget that four million people live "
            "around you.",
            "About seven kilometres on good paths, muddy after rain. The forest is patrolled and safe. Entry is paid "
            "at the gate by card or M-Pesa, not in cash.",
        ),
        category=Category.NATURE,
        location="Karura Forest, Nairobi",
        at=("-1.247800", "36.817300"),
        meeting_point="Karura Forest Gate A, Limuru Road, at the ticket window",
        price=2_200,
        child=1_200,
        minutes=150,
        capacity=10,
        inclusions=("Guide", "Binoculars to share", "Coffee from a flask"),
        exclusions=("Forest entry fee", "Transport"),
        policy=CancellationPolicy.FLEXIBLE,
        cut_off_hours=8,
        hours=(Hours(EVERY_DAY, time(6, 30), time(9, 30)),),
        rating=("4.88", 132),
    ),
    Experience(
        guide="kevin-mutua",
        title="Ngong Hills Ridge Hike",
        summary="Seven summits of grass and wind, with Nairobi on one side and the Rift Valley on the other.",
        description=(
            "The ridge rises and falls like knuckles, and every knuckle has a view. We walk from the wind turbines to "
            "Point Lamwia and back, with a ranger, and eat lunch where buffalo sometimes do.",
            "Fourteen kilometres with about 700 metres of climbing: hard on the knees, easy on the head. Bring a "
            "windproof jacket, and two litres of water each.",
        ),
        category=Category.ADVENTURE,
        location="Ngong Hills",
        at=("-1.371000", "36.640500"),
        meeting_point="Kenya Forest Service gate above Ngong town, on the road to the wind farm",
        price=4_500,
        minutes=330,
        capacity=10,
        min_guests=2,
        inclusions=("Guide", "Ranger escort", "Packed lunch"),
        exclusions=("Forest entry fee", "Transport from Nairobi"),
        policy=CancellationPolicy.MODERATE,
        cut_off_hours=16,
        buffer_minutes=60,
        hours=(Hours(EVERY_DAY, time(8), time(14)),),
        rating=("4.74", 96),
    ),
    Experience(
        guide="kevin-mutua",
        title="Rhumba and Nyama Choma Night",
        summary="Roast goat, a live rhumba band and enough instruction to survive the dance floor.",
        description=(
            "We begin at a butchery where you choose the meat and wait for it properly, with ugali and a cold drink. "
            "Then a band that plays Congolese and Kenyan rhumba as if 1978 had never ended.",
            "I know the doormen and the drivers, and I see each of you into your taxi afterwards. Guests must be "
            "eighteen or older. Which band plays depends on the night, and I tell you beforehand.",
        ),
        category=Category.NIGHTLIFE,
        location="Nairobi",
        at=("-1.260900", "36.802000"),
        meeting_point="Sarit Centre, Westlands, main entrance on Karuna Road",
        price=5_200,
        minutes=240,
        capacity=8,
        min_guests=2,
        inclusions=("Nyama choma for all", "Band entry", "Transfers between stops"),
        exclusions=("Drinks", "Taxi home"),
        policy=CancellationPolicy.MODERATE,
        cut_off_hours=6,
        hours=(Hours(NOT_MONDAYS, time(18, 30), time(22, 30)),),
        rating=("4.79", 58),
    ),
    Experience(
        guide="kevin-mutua",
        title="Westlands After Dark",
        summary="Four places in one evening, from a quiet rooftop to a loud dance floor, with a driver.",
        description=(
            "Nairobi's nights move quickly: what was full last month is a pharmacy now. I keep the list fresh and we "
            "visit four places that suit your group, among them one rooftop and one room where Gengetone is played.",
            "A sober driver stays with us throughout, nobody walks between stops, and we finish before midnight; those "
            "who want more know by then where to find it. Eighteen and older, passport copy needed at some doors.",
        ),
        category=Category.NIGHTLIFE,
        location="Westlands, Nairobi",
        at=("-1.257000", "36.803200"),
        meeting_point="Westgate Shopping Mall, Mwanzi Road entrance",
        price=6_500,
        minutes=240,
        capacity=6,
        min_guests=2,
        inclusions=("Driver all evening", "Cover charges", "First drink"),
        exclusions=("Further drinks", "Food"),
        policy=CancellationPolicy.STRICT,
        cut_off_hours=8,
        hours=(Hours(NOT_SUNDAYS, time(19), time(23)),),
        rating=("4.58", 37),
    ),
    Experience(
        guide="kevin-mutua",
        title="Nairobi National Park by Private Jeep",
        summary="Lions with a skyline behind them: five hours in an open-roofed jeep for your group alone.",
        description=(
            "The park begins where the suburbs end. Rhino are nearly certain, lion about every second morning, and "
            "giraffe in front of office towers make the picture everybody takes. We go where the rangers' news sends us.",
            "The price is for the jeep with up to six people. Park fees are set by the Kenya Wildlife Service, paid "
            "in advance on its portal; I send you the link and help with it.",
        ),
        category=Category.NATURE,
        location="Nairobi National Park",
        at=("-1.338000", "36.778000"),
        meeting_point="Nairobi National Park main gate, Lang'ata Road, outside the ticket office",
        price=18_000,
        per_group=True,
        private=True,
        minutes=300,
        capacity=6,
        inclusions=("Jeep and driver-guide", "Binoculars", "Water and fruit"),
        exclusions=("Park fees", "Transfer to the gate"),
        policy=CancellationPolicy.STRICT,
        cut_off_hours=20,
        buffer_minutes=60,
        hours=(Hours(EVERY_DAY, time(6), time(17)),),
        rating=("4.90", 73),
    ),
)
