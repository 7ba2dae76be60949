"""What there is to do in Laikipia, on horseback and under the stars."""

from __future__ import annotations

from datetime import time

from domain.cancellation import CancellationPolicy
from domain.listings import Category, Confirmation
from ops.seed.shapes import EVERY_DAY, NOT_SUNDAYS, Experience, Hours, Mood, Scene

EXPERIENCES: tuple[Experience, ...] = (
    Experience(
        guide="wangari-ndirangu",
        title="Ride among Giraffe below Mount Kenya",
        summary="To a zebra, you on a horse are just an odd sort of zebra.",
        description=(
            "They lift their heads, think and go on eating. On four legs you may come to within twenty metres of "
            "eland, oryx and giraffe, and when something bolts for fun, sometimes the horses go along. So I ask, "
            "twice: walk, trot or gallop? Answer as to a doctor.",
            "Weight limit eighty-five kilos. Novices ride on flat ground with a groom beside them. The stirrups are "
            "covered, the saddles are old and kind. My mare Njoki does not like umbrellas.",
        ),
        category=Category.ADVENTURE,
        scene=Scene.HORSES,
        location="Timau, Laikipia",
        at=("0.090200", "37.240100"),
        meeting_point="Timau town, at the flower growers' roundabout",
        price=8_900,
        private=True,
        minutes=180,
        capacity=5,
        min_guests=2,
        inclusions=("Horse, helmet, half chaps", "Ride to the stable", "Coffee and shortbread"),
        exclusions=("Conservancy fee",),
        policy=CancellationPolicy.MODERATE,
        cut_off_hours=20,
        buffer_minutes=60,
        hours=(Hours(EVERY_DAY, time(6, 30), time(17)),),
        rating=("4.93", 12),
    ),
    Experience(
        guide="wangari-ndirangu",
        title="The Last Two Northern White Rhinos",
        summary="Najin and Fatu, mother and daughter, and nobody else. Afterwards a plain full of reasons for hope.",
        description=(
            "There are only two northern white rhinos left on earth and they graze behind a fence near Nanyuki, "
            "guarded in shifts. You will hear about eggs, laboratories and patience. In front of the gravestones "
            "under one tree, people usually stop talking by themselves.",
            "Around it ninety thousand acres teem with the living: black rhino in the largest number of East Africa, "
            "lion, wild dog if you are born lucky. For my Land Cruiser with six seats you pay once; the conservancy's "
            "fees are booked on its own site and I send the link.",
        ),
        category=Category.NATURE,
        scene=Scene.SAVANNAH,
        location="Ol Pejeta, Nanyuki",
        at=("0.010500", "36.961200"),
        meeting_point="Rongai Gate of Ol Pejeta Conservancy, fourteen kilometres from Nanyuki",
        price=21_500,
        per_group=True,
        private=True,
        minutes=360,
        capacity=6,
        inclusions=("Land Cruiser and fuel", "Binoculars", "Picnic"),
        exclusions=("Conservancy and rhino visit fees",),
        policy=CancellationPolicy.STRICT,
        cut_off_hours=20,
        buffer_minutes=45,
        hours=(Hours(EVERY_DAY, time(7), time(17)),),
        rating=("4.89", 11),
    ),
    Experience(
        guide="wangari-ndirangu",
        title="Two Hemispheres of Stars",
        summary="On the equator, without a lamp in sight, you see the Plough and the Southern Cross in one night.",
        description=(
            "A city sky is a page with most words rubbed out. At two thousand four hundred metres, with no lamp for "
            "thirty kilometres, the Milky Way throws a shadow, and I am not being poetic: hold out a white sheet and "
            "see.",
            "My eight-inch telescope goes round the family. We lie on camel blankets with hot-water bottles. From the "
            "Kikuyu I have the planting stars, from a Samburu herder the ones to find a lost goat by. Cloudy nights "
            "are called off by five in the afternoon, which is why I confirm myself.",
        ),
        category=Category.NIGHTLIFE,
        scene=Scene.STARS,
        mood=Mood.NIGHT,
        location="Timau, Laikipia",
        at=("0.110200", "37.220200"),
        meeting_point="Timau town, at the police post; we drive up together",
        price=3_500,
        child=1_800,
        minutes=150,
        capacity=8,
        inclusions=("Telescope", "Blankets and hot-water bottle", "Soup"),
        exclusions=("Transport to Timau",),
        policy=CancellationPolicy.MODERATE,
        cut_off_hours=8,
        buffer_minutes=45,
        confirmation=Confirmation.MANUAL,
        hours=(Hours(EVERY_DAY, time(18, 45), time(21, 30)),),
        rating=("4.95", 9),
    ),
    Experience(
        guide="wangari-ndirangu",
        title="Thomson's Falls and the Hippo Swamp",
        summary="The Ewaso Narok jumps seventy-four metres into a rainbow; two kilometres off live the highest hippos in Kenya.",
        description=(
            "If you think of waterfalls as crowded, come at eight. Then the spray stands golden above the gorge and "
            "the photographers with chameleons are still in bed. There are many steps down, slippery ones, and every "
            "single one of them comes back.",
            "Upstream is quite another matter. The papyrus sighs, hippos at 2,360 metres exhale like old sofas, and I "
            "know the fence from behind which we may listen. In Nyahururu, cold is normal; I recommend the potatoes "
            "fried at the bus park.",
        ),
        category=Category.NATURE,
        scene=Scene.WATERFALL,
        location="Nyahururu",
        at=("0.045100", "36.369200"),
        meeting_point="Thomson's Falls, car park at the ticket office, Nyahururu",
        price=2_100,
        child=1_000,
        infants=True,
        minutes=165,
        capacity=10,
        inclusions=("Guide", "Chips and tea", "Walking poles"),
        exclusions=("Falls entry",),
        policy=CancellationPolicy.FLEXIBLE,
        cut_off_hours=4,
        hours=(Hours(EVERY_DAY, time(8), time(17)),),
        rating=("4.50", 7),
    ),
    Experience(
        guide="wangari-ndirangu",
        title="Aloe, Bees and the Women of Il Polei",
        summary="Maasai women asked for land and got it; spend a day on it with them, their aloe and their bees.",
        description=(
            "Some years ago two hundred Maasai women asked for forty hectares and, to general surprise, got it. They "
            "fenced, planted aloe against erosion and count their bees. You cut a leaf at an angle, collect the "
            "yellow drops and stir soap with a stick that nobody else is allowed to.",
            "We walk with a habituated troop of baboons as scientists do, downwind and without meeting their eyes. "
            "Lunch in the manyatta. I hire my driver from there and pay the group by M-Pesa while you look on.",
        ),
        category=Category.CULTURAL,
        scene=Scene.CRAFTS,
        location="Il Polei, Laikipia",
        at=("0.016600", "37.073100"),
        meeting_point="Nanyuki, post office, Kenyatta Avenue",
        price=3_800,
        child=1_900,
        minutes=270,
        capacity=8,
        min_guests=2,
        inclusions=("Drive from Nanyuki and back", "Group's fee", "Lunch"),
        exclusions=("Soap and honey",),
        policy=CancellationPolicy.MODERATE,
        cut_off_hours=14,
        buffer_minutes=45,
        hours=(Hours(NOT_SUNDAYS, time(8), time(15)),),
        rating=("4.78", 3),
    ),
)
