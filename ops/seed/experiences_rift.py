"""What there is to do in the Rift Valley, under Mount Kenya and in the Mara."""

from __future__ import annotations

from datetime import time

from domain.cancellation import CancellationPolicy
from domain.listings import Category
from ops.seed.shapes import EVERY_DAY, NOT_SUNDAYS, Experience, Hours

EXPERIENCES: tuple[Experience, ...] = (
    Experience(
        guide="njeri-kariuki",
        title="Hell's Gate by Bicycle",
        summary="Pedal among zebra and giraffe between red cliffs, in a park that allows it.",
        description=(
            "Hell's Gate is one of the few parks where you may leave the car. We ride from Elsa Gate past Fischer's "
            "Tower, with zebra, eland and warthog beside the road, and picnic near the Central Tower.",
            "Eighteen easy kilometres, dusty, with little shade after ten. The gorge itself is closed whenever rain "
            "threatens, because floods have killed there; I decide on the day and do not discuss it.",
        ),
        category=Category.ADVENTURE,
        location="Hell's Gate, Naivasha",
        at=("-0.853000", "36.373000"),
        meeting_point="Elsa Gate of Hell's Gate National Park, at the bicycle stand",
        price=4_800,
        child=3_000,
        minutes=300,
        capacity=10,
        min_guests=2,
        inclusions=("Bicycle and helmet", "Picnic", "Guide"),
        exclusions=("Park fees", "Transport to the gate"),
        policy=CancellationPolicy.MODERATE,
        cut_off_hours=14,
        buffer_minutes=60,
        hours=(Hours(EVERY_DAY, time(7, 30), time(12, 30)),),
        rating=("4.88", 143),
    ),
    Experience(
        guide="njeri-kariuki",
        title="Lake Naivasha Boat and Crescent Island",
        summary="Hippos and fish eagles from the water, then a walk among giraffe with nothing between.",
        description=(
            "An hour by boat along the papyrus shows hippos, pelicans and fish eagles. Then we land on Crescent Island, "
            "which has no predators, and walk between giraffe, wildebeest and waterbuck.",
            "Life jackets are worn, by everybody, all the time. The walk is level and about three kilometres long. "
            "Afternoons can be windy; the morning's water is calmer.",
        ),
        category=Category.NATURE,
        location="Lake Naivasha",
        at=("-0.772000", "36.433000"),
        meeting_point="Karagita public landing, Moi South Lake Road, by the boat operators' shed",
        price=4_500,
        child=2_500,
        minutes=210,
        capacity=7,
        inclusions=("Boat and captain", "Life jackets", "Guide"),
        exclusions=("Crescent Island entry fee",),
        policy=CancellationPolicy.MODERATE,
        cut_off_hours=6,
        hours=(Hours(EVERY_DAY, time(8), time(16)),),
        rating=("4.82", 109),
    ),
    Experience(
        guide="njeri-kariuki",
        title="Menengai Crater Rim Hike",
        summary="Stand on the edge of one of the largest calderas on Earth, half an hour from Nakuru.",
        description=(
            "Menengai is twelve kilometres across and steams. We walk the rim through eucalyptus and cedar, look down "
            "on black lava and up at harrier hawks, and see Lake Nakuru shine behind the town.",
            "Ten kilometres with little climbing once we are up. There is no railing and no shop. Descents into the "
            "caldera are another day's tour; it is hotter and further than it looks.",
        ),
        category=Category.ADVENTURE,
        location="Nakuru",
        at=("-0.245000", "36.078000"),
        meeting_point="Menengai forest gate, at the barrier on Crater Climb Road, Nakuru",
        price=3_000,
        minutes=240,
        capacity=10,
        inclusions=("Guide", "Snack and water"),
        exclusions=("Forest entry fee", "Transport from Nakuru"),
        policy=CancellationPolicy.FLEXIBLE,
        cut_off_hours=10,
        hours=(Hours(EVERY_DAY, time(8), time(16, 30)),),
        rating=("4.73", 48),
    ),
    Experience(
        guide="njeri-kariuki",
        title="Kinangop Farm Lunch",
        summary="Dig your potatoes, mash your mukimo, and eat on a plateau that looks over the whole Rift.",
        description=(
            "My parents farm at 2,500 metres, where mornings are cold and potatoes excellent. We pick peas and greens, "
            "boil and mash mukimo in a pot large enough for a wedding, and eat it with stewed chicken or beans.",
            "The drive up from Naivasha takes forty minutes. Bring a warm layer and shoes for a muddy field. "
            "Vegetarians need only say so.",
        ),
        category=Category.FOOD,
        location="Kinangop, Naivasha",
        at=("-0.713000", "36.441000"),
        meeting_point="Buffalo Mall, Naivasha, main entrance on the Nairobi–Nakuru highway",
        price=3_400,
        child=1_800,
        minutes=270,
        capacity=8,
        min_guests=2,
        inclusions=("Drive from Naivasha and back", "Lunch", "Tea"),
        exclusions=("Transport to Naivasha",),
        policy=CancellationPolicy.MODERATE,
        cut_off_hours=18,
        buffer_minutes=60,
        hours=(Hours(NOT_SUNDAYS, time(10, 30), time(15)),),
    ),
    Experience(
        guide="gitonga-murithi",
        title="Ngare Ndare Canopy Walk and Blue Pools",
        summary="Sway among the treetops on 450 metres of wire, then swim where the water is truly blue.",
        description=(
            "Ngare Ndare is the forest corridor that elephants use between Mount Kenya and Lewa. A bridge of wire and "
            "boards runs at tree height to a platform over a waterhole; below, springs fill pools cold enough to shout.",
            "An hour's drive each way from Nanyuki, the last part rough, then four kilometres on foot with an armed "
            "ranger. The bridge moves. Those who do not like that can take the path underneath.",
        ),
        category=Category.ADVENTURE,
        location="Ngare Ndare Forest, Nanyuki",
        at=("0.011500", "37.073500"),
        meeting_point="Cedar Mall, Nanyuki, main entrance",
        price=7_500,
        child=5_000,
        minutes=420,
        capacity=6,
        min_guests=2,
        inclusions=("Drive from Nanyuki and back", "Ranger", "Packed lunch"),
        exclusions=("Forest and canopy fees", "Towels"),
        policy=CancellationPolicy.MODERATE,
        cut_off_hours=18,
        buffer_minutes=60,
        hours=(Hours(NOT_SUNDAYS, time(8), time(15)),),
        rating=("4.91", 92),
    ),
    Experience(
        guide="gitonga-murithi",
        title="Mount Kenya Day Climb to Old Moses",
        summary="From Sirimon Gate through forest and heath to 3,300 metres, and down before the rain.",
        description=(
            "The Sirimon route climbs gently along nine kilometres of track, from podocarpus forest with elephant "
            "droppings to giant heather. At Old Moses we eat soup and look at the peaks, if they are in the mood.",
            "Eighteen kilometres in all, and thin air: you should be used to walking a whole day. Clouds come after "
            "noon, so we start sharp. If your head aches we go down, and that is not a failure.",
        ),
        category=Category.ADVENTURE,
        location="Mount Kenya, Nanyuki",
        at=("0.005000", "37.247000"),
        meeting_point="Sirimon Gate of Mount Kenya National Park, at the ticket office",
        price=9_500,
        minutes=510,
        capacity=6,
        min_guests=2,
        inclusions=("Mountain guide", "Hot lunch", "Walking poles"),
        exclusions=("Park fees", "Transport to Sirimon Gate"),
        policy=CancellationPolicy.STRICT,
        cut_off_hours=24,
        buffer_minutes=60,
        hours=(Hours(EVERY_DAY, time(7), time(15, 30)),),
        rating=("4.85", 61),
    ),
    Experience(
        guide="gitonga-murithi",
        title="Spinners and Weavers of Nanyuki",
        summary="Follow a fleece from the sack to the rug, with women who have done it since the seventies.",
        description=(
            "In a row of sheds women card, spin, dye and weave local wool, as their cooperative has done for decades. "
            "You try the wheel, ruin some yarn and learn which leaf gives which yellow.",
            "There is no pressure to buy, though prices are fair and the money stays here. The sheds have steps but "
            "no stairs, and toddlers love the wool.",
        ),
        category=Category.CULTURAL,
        location="Nanyuki",
        at=("0.016500", "37.071500"),
        meeting_point="Gate of the Nanyuki Spinners and Weavers workshop, Laikipia Road",
        price=1_500,
        child=800,
        infants=True,
        minutes=90,
        capacity=12,
        inclusions=("Guide", "Turn at the wheel", "Tea"),
        exclusions=("Purchases",),
        policy=CancellationPolicy.FLEXIBLE,
        cut_off_hours=3,
        buffer_minutes=15,
        hours=(Hours(NOT_SUNDAYS, time(9), time(16)),),
        rating=("4.68", 26),
    ),
    Experience(
        guide="lemayian-sankei",
        title="Morning with a Maasai Herder",
        summary="Walk out with the cattle from a homestead near Talek, and read the ground as they do.",
        description=(
            "We meet my cousins as the gate of thorns is opened, and go with the herd. You learn which tracks matter, "
            "which bush cleans teeth, and why there are so many words for the colour of a cow. Tea comes in the middle, milky "
            "and sweet.",
            "This is a family's working day, not a show: nobody jumps on demand. About six kilometres outside the "
            "reserve, in company of a ranger. The family is paid directly.",
        ),
        category=Category.CULTURAL,
        location="Talek, Maasai Mara",
        at=("-1.442000", "35.209000"),
        meeting_point="Talek Gate, at the parking beside the bridge, Talek town",
        price=4_500,
        child=2_500,
        minutes=210,
        capacity=8,
        inclusions=("Guide and ranger", "Family's fee", "Tea"),
        exclusions=("Transport to Talek",),
        policy=CancellationPolicy.MODERATE,
        cut_off_hours=12,
        hours=(Hours(EVERY_DAY, time(6, 30), time(10)),),
        rating=("4.93", 54),
    ),
    Experience(
        guide="lemayian-sankei",
        title="Mara Half-day Game Drive",
        summary="Five hours in a Land Cruiser of your own, from the first light or until the last.",
        description=(
            "We enter by Talek Gate and follow the river, the luggas and the vultures. Lion are the rule here; leopard "
            "need patience, and from July to October the wildebeest may or may not be crossing. I stay on the tracks.",
            "The price is for the vehicle with up to six people, each with a window and the roof open. The county's "
            "reserve fee is paid at the gate, and is not small; look it up before you book.",
        ),
        category=Category.NATURE,
        location="Maasai Mara",
        at=("-1.442000", "35.209000"),
        meeting_point="Talek Gate, at the reserve's ticket office; pick-up at camps in Talek on request",
        price=17_500,
        per_group=True,
        private=True,
        minutes=300,
        capacity=6,
        min_guests=2,
        inclusions=("Land Cruiser and driver-guide", "Binoculars", "Tea and biscuits"),
        exclusions=("Reserve fees", "Lunch"),
        policy=CancellationPolicy.STRICT,
        cut_off_hours=18,
        buffer_minutes=30,
        hours=(Hours(EVERY_DAY, time(6, 30), time(11, 30)), Hours(EVERY_DAY, time(13), time(18))),
        rating=("4.89", 117),
    ),
)
