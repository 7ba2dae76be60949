"""What there is to do in the Mara and around it."""

from __future__ import annotations

from datetime import time

from domain.cancellation import CancellationPolicy
from domain.listings import Category, Confirmation
from ops.seed.shapes import EVERY_DAY, NOT_SUNDAYS, Experience, Hours, Mood, Scene

EXPERIENCES: tuple[Experience, ...] = (
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
        scene=Scene.VILLAGE,
        mood=Mood.DAWN,
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
        rating=("4.93", 6),
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
        scene=Scene.SAVANNAH,
        mood=Mood.DAWN,
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
        rating=("4.89", 13),
    ),
    Experience(
        guide="lemayian-sankei",
        title="A Whole Day with the Mara's Cats",
        summary="From the first growl to the last gate: eleven hours, a lunch under a fig and as much patience as you have.",
        description=(
            "Half a day finds lions; a whole day finds out what they are like. We stay when others leave. I have "
            "watched cubs being moved by the scruff, and a leopard pretending for forty minutes to be a branch, and "
            "both times we were the only car, because it was lunchtime.",
            "Price for six seats at most. I drive to the Mara River if there are herds; from August the crossings may "
            "come, may not come, may come on the other bank. The reserve's day ticket runs from six to six, so we use "
            "all of it.",
        ),
        category=Category.NATURE,
        scene=Scene.SAVANNAH,
        location="Maasai Mara",
        at=("-1.442200", "35.209200"),
        meeting_point="Talek Gate, at the reserve's ticket office; pick-up at camps in Talek on request",
        price=31_000,
        per_group=True,
        private=True,
        minutes=660,
        capacity=6,
        min_guests=2,
        inclusions=("Land Cruiser and fuel", "Breakfast and hot lunch", "Binoculars"),
        exclusions=("Reserve fees", "Tips"),
        policy=CancellationPolicy.STRICT,
        cut_off_hours=24,
        buffer_minutes=90,
        hours=(Hours(EVERY_DAY, time(6, 15), time(18)),),
        rating=("4.94", 18),
    ),
    Experience(
        guide="lemayian-sankei",
        title="Bow, Arrow and Olive-wood Fire",
        summary="An afternoon as a herdboy: shoot at a pumpkin, throw a rungu, light fire without a match.",
        description=(
            "It goes: cedar below, olive above, hands flat, downwards, change, do not stop. If smoke comes by the "
            "third minute you may call yourself Ole. My nephews, who are nine and merciless, run the shooting range "
            "and award points.",
            "Blunt arrows, one large pumpkin and nobody in front of the line. Between rounds we find sandpaper "
            "leaves, soap roots, the aloe that mends a burn. Families love it; teenagers pretend that they do not. "
            "Within sight of the ranger's post.",
        ),
        category=Category.ADVENTURE,
        scene=Scene.SAVANNAH,
        location="Talek, Maasai Mara",
        at=("-1.438100", "35.215200"),
        meeting_point="Talek bridge, market side, at the row of spears",
        price=2_900,
        child=1_800,
        minutes=150,
        capacity=8,
        inclusions=("Bow and blunt arrows", "Fire sticks to keep", "Tea"),
        exclusions=("Transport to Talek",),
        policy=CancellationPolicy.FLEXIBLE,
        cut_off_hours=6,
        hours=(Hours(EVERY_DAY, time(9), time(17)),),
        rating=("4.81", 6),
    ),
    Experience(
        guide="koikai-nampaso",
        title="Conservancy Walk with the Spear in Front",
        summary="See the Mara on foot, where every track matters and a giraffe is as tall as it really is.",
        description=(
            "From a car you see the Mara. On foot it looks back. The first ten minutes you hear your own heart, then "
            "the grass begins to speak; an oxpecker's rattle means buffalo, a wheatear's silence means something "
            "else. I stop often and you will be glad of it.",
            "We are two guides, one with a rifle and one with his grandfather's spear, and at most six of you, over "
            "fourteen. Single file, dull colours, no perfume. What is not here we do not chase. Breakfast is cooked "
            "on a shovel.",
        ),
        category=Category.ADVENTURE,
        scene=Scene.SAVANNAH,
        mood=Mood.DAWN,
        location="Aitong, Maasai Mara",
        at=("-1.179200", "35.246100"),
        meeting_point="Aitong village, conservancy office",
        price=6_900,
        minutes=210,
        capacity=6,
        min_guests=2,
        inclusions=("Two guides", "Bush breakfast", "Water"),
        exclusions=("Conservancy fee", "Transport to Aitong"),
        policy=CancellationPolicy.MODERATE,
        cut_off_hours=18,
        buffer_minutes=45,
        hours=(Hours(EVERY_DAY, time(6), time(10)),),
        rating=("4.96", 13),
    ),
    Experience(
        guide="koikai-nampaso",
        title="After Dark with a Red Lamp",
        summary="Aardwolf, white-tailed mongoose, springhares like wind-up toys; and once a year a pangolin.",
        description=(
            "In the national reserve nobody may drive after sunset. Here in the conservancy we may, slowly, with a "
            "filter over the lamp so that no eye is blinded. The lions get up. They are, you will notice, quite other "
            "animals than the rugs of the afternoon.",
            "Bring all your jackets. I turn off everything at some point, engine and lamp, and we sit there with our "
            "ears. The price is for the car, six places. Children from eight, if they can be quiet for a song's "
            "length.",
        ),
        category=Category.NIGHTLIFE,
        scene=Scene.SAVANNAH,
        mood=Mood.NIGHT,
        location="Aitong, Maasai Mara",
        at=("-1.177100", "35.250200"),
        meeting_point="Aitong village, conservancy office; pick-up at neighbouring camps on request",
        price=16_500,
        per_group=True,
        private=True,
        minutes=150,
        capacity=6,
        inclusions=("Open Land Cruiser", "Blankets", "Hot chocolate"),
        exclusions=("Conservancy fee",),
        policy=CancellationPolicy.STRICT,
        cut_off_hours=14,
        buffer_minutes=45,
        hours=(Hours(EVERY_DAY, time(18, 45), time(22)),),
        rating=("4.88", 8),
    ),
    Experience(
        guide="koikai-nampaso",
        title="Nyakweri Forest Honey",
        summary="Go with a beekeeper into the forest above the Mara and eat comb while it is warm.",
        description=(
            "Behind the escarpment the plain turns into forest, and elephants go there to calve. My brother-in-law "
            "Saitoti hangs hives of hollowed cedar at four metres. He climbs in a coat that has seen better days; you "
            "stand where he says and count how often he is stung without a word.",
            "Dark comb, light comb, wax that you chew like gum. Lunch is goat with wild herbs. I accept only after "
            "asking him, because bees, he claims, dislike Tuesdays after rain. Not for guests with an allergy.",
        ),
        category=Category.FOOD,
        scene=Scene.FOREST,
        location="Kilgoris, Trans Mara",
        at=("-1.006300", "34.878100"),
        meeting_point="Kilgoris, stadium gate",
        price=3_700,
        child=2_000,
        minutes=270,
        capacity=8,
        min_guests=2,
        inclusions=("Beekeeper's fee", "Lunch", "250 g of honey"),
        exclusions=("Transport to Kilgoris",),
        policy=CancellationPolicy.MODERATE,
        cut_off_hours=18,
        buffer_minutes=45,
        confirmation=Confirmation.MANUAL,
        hours=(Hours(NOT_SUNDAYS, time(8), time(15)),),
    ),
    Experience(
        guide="koikai-nampaso",
        title="Sekenani Plains by Mountain Bike",
        summary="Wildebeest gallop alongside because they cannot bear not to win.",
        description=(
            "It happens every time: a lone bull looks, snorts, and races you to nothing. The paths of cows make the "
            "finest single track in Kenya, smooth as a plate and full of decisions. A vehicle with a ranger shadows "
            "us at three hundred metres, for reasons with manes.",
            "You should sit firmly on a bike and stop at once when my arm goes up. Twenty-four kilometres and a good "
            "deal of dust. At the halfway kopje we leave the bikes and climb. Lunch is where the vehicle has found "
            "shade.",
        ),
        category=Category.ADVENTURE,
        scene=Scene.CYCLING,
        location="Sekenani, Maasai Mara",
        at=("-1.522200", "35.350100"),
        meeting_point="Sekenani, petrol station on the Narok road",
        price=7_400,
        minutes=270,
        capacity=6,
        min_guests=2,
        inclusions=("Bike, helmet, gloves", "Escort vehicle", "Lunch"),
        exclusions=("Conservancy fee",),
        policy=CancellationPolicy.MODERATE,
        cut_off_hours=18,
        buffer_minutes=60,
        hours=(Hours(EVERY_DAY, time(6, 30), time(12)),),
        rating=("4.79", 4),
    ),
    Experience(
        guide="koikai-nampaso",
        title="Maji Moto Village and Hot Stream",
        summary="A stream comes out of the hill at bath heat, and every afternoon the girls' choir claims it.",
        description=(
            "Upstream men, downstream women, laundry in between: the etiquette of Maji Moto is older than its road. "
            "You put in your feet, somebody laughs, and within a quarter of an hour you know the names of four dozen "
            "children.",
            "A group of widows has built houses here, on land in their own name, which was not the custom and is "
            "getting to be. They speak of it over tea, as far as they wish. What you pay goes onto the blackboard in "
            "front of you, line by line.",
        ),
        category=Category.CULTURAL,
        scene=Scene.RIVER,
        location="Maji Moto, Narok",
        at=("-1.330100", "35.705100"),
        meeting_point="Maji Moto trading centre, at the dispensary",
        price=3_300,
        child=1_700,
        minutes=210,
        capacity=8,
        inclusions=("Guide", "Widows' group fee", "Tea and chapati"),
        exclusions=("Transport to Maji Moto",),
        policy=CancellationPolicy.FLEXIBLE,
        cut_off_hours=12,
        hours=(Hours(EVERY_DAY, time(9), time(16)),),
        rating=("4.70", 5),
    ),
)
