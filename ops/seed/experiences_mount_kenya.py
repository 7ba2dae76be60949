"""What there is to do on the slopes of Mount Kenya from Nanyuki to Meru."""

from __future__ import annotations

from datetime import time

from domain.cancellation import CancellationPolicy
from domain.listings import Category, Confirmation
from ops.seed.shapes import EVERY_DAY, FRIDAYS_AND_SATURDAYS, NOT_SUNDAYS, Experience, Hours, Mood, Scene

EXPERIENCES: tuple[Experience, ...] = (
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
        scene=Scene.FOREST,
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
        rating=("4.91", 10),
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
        scene=Scene.MOUNTAIN,
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
        rating=("4.85", 7),
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
        scene=Scene.CRAFTS,
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
        rating=("4.68", 3),
    ),
    Experience(
        guide="gitonga-murithi",
        title="Equator to Timau by Bicycle",
        summary="Start with one wheel in each hemisphere, end with trout, with the mountain on your right all the way.",
        description=(
            "First the trick with bowl and matchstick, and why I do not believe it. Then wheat to the left, forest to "
            "the right, and a long hill that your thighs will remember. At half past nine the peaks usually put on "
            "their hat, so look early.",
            "Twenty-three kilometres on farm tracks, some of them cobbled with good intentions. I carry the spares. A "
            "pick-up brings all of us and the bikes home, which is downhill anyhow, but nobody asks after lunch.",
        ),
        category=Category.ADVENTURE,
        scene=Scene.CYCLING,
        location="Nanyuki",
        at=("0.000100", "37.073600"),
        meeting_point="Equator sign south of Nanyuki, on the Nyeri road",
        price=3_900,
        child=2_400,
        minutes=240,
        capacity=8,
        min_guests=2,
        inclusions=("Bicycle and helmet", "Trout or egg lunch", "Ride back"),
        exclusions=("Photographs at the stalls",),
        policy=CancellationPolicy.FLEXIBLE,
        cut_off_hours=12,
        buffer_minutes=45,
        hours=(Hours(NOT_SUNDAYS, time(7, 30), time(13)),),
        rating=("4.66", 5),
    ),
    Experience(
        guide="kinya-mwenda",
        title="A Day in Elsa's Meru",
        summary="A day in Kenya's wildest green park, where Elsa the lioness was set free and few cars come.",
        description=(
            "Joy Adamson raised a lioness here and let her go; people of a certain age start humming. I show the "
            "grave beside the Ura, but I came for the rivers, each a different green. The rhino sanctuary has over a "
            "hundred animals, black and white, behind a fence that they have accepted.",
            "I drive, I mend punctures, I know eleven kinds of acacia by the scratch. Grass is high after the rains, "
            "and the lions then are a rumour. My car seats six at one price. The park collects its fee online.",
        ),
        category=Category.NATURE,
        scene=Scene.SAVANNAH,
        location="Meru National Park",
        at=("0.270200", "38.103200"),
        meeting_point="Murera Gate of Meru National Park, beyond Maua",
        price=26_500,
        per_group=True,
        private=True,
        minutes=540,
        capacity=6,
        inclusions=("Land Cruiser and fuel", "Lunch by the Rojewero", "Binoculars"),
        exclusions=("Park fees", "Transport to Murera"),
        policy=CancellationPolicy.STRICT,
        cut_off_hours=24,
        buffer_minutes=90,
        hours=(Hours(EVERY_DAY, time(6, 30), time(16, 30)),),
        rating=("4.87", 6),
    ),
    Experience(
        guide="kinya-mwenda",
        title="Sacred Lake Nkunga",
        summary="A lily-covered crater lake that nobody swims in, and the story of why.",
        description=(
            "They say that warriors once sat on what they took for a log. It moved. Therefore nobody from here swims "
            "at Nkunga, and the ducks have it to themselves: pygmy geese, grebes, now and then an elephant's whole "
            "head above the leaves.",
            "A scout from the forest station goes with us because of that last point. We circle half the rim and sit "
            "on camphor roots to eat arrowroot and listen. If a family is here to pray we step back among the trees "
            "until they are done.",
        ),
        category=Category.CULTURAL,
        scene=Scene.LAKE,
        location="Meru",
        at=("0.048100", "37.650200"),
        meeting_point="Meru Museum, Meru town",
        price=2_000,
        child=1_000,
        minutes=150,
        capacity=10,
        inclusions=("Ride to the lake", "Scout", "Arrowroot and tea"),
        exclusions=("Forest fee",),
        policy=CancellationPolicy.FLEXIBLE,
        cut_off_hours=8,
        hours=(Hours(EVERY_DAY, time(8), time(16)),),
        rating=("4.71", 3),
    ),
    Experience(
        guide="kinya-mwenda",
        title="Miraa Farms of Nyambene",
        summary="Follow miraa from trees two centuries old to the racing lorry, and hear the farmers out.",
        description=(
            "By noon each twig must be on a plane or it is worth firewood. You follow it from the old trees, some "
            "owned by one lineage since their planting, to the bundling sheds, where fingers move like bank tellers', "
            "to lorries with drivers who have never been overtaken.",
            "Legal here, banned in many countries: I advertise nothing, and under-eighteens may only watch. Elders in "
            "the Njuri Ncheke settle disputes over trees and I tell what an outsider may know. Visits depend on the "
            "market day, so I answer by hand.",
        ),
        category=Category.CULTURAL,
        scene=Scene.FARM,
        location="Maua, Meru",
        at=("0.233100", "37.940200"),
        meeting_point="Maua, at the Methodist hospital's gate",
        price=2_800,
        minutes=210,
        capacity=8,
        inclusions=("Farm visit", "Guide", "Lunch of mukimo and beans"),
        exclusions=("Transport to Maua",),
        policy=CancellationPolicy.MODERATE,
        cut_off_hours=14,
        confirmation=Confirmation.MANUAL,
        hours=(Hours(NOT_SUNDAYS, time(8, 30), time(15)),),
        rating=("4.55", 4),
    ),
    Experience(
        guide="kinya-mwenda",
        title="Rafting the Upper Tana",
        summary="Nine kilometres of river, six of them white, with a safety kayak ahead and lunch behind.",
        description=(
            "I do this once a week for love of it: my studies were plants, my brother's were rapids. He steers from "
            "the back, shouts one word at a time, and is seldom wrong. 'Captain's Folly' is his favourite and you are "
            "told why beforehand.",
            "You should swim fifty metres. Helmets and jackets are checked twice, a kayak goes ahead for those who "
            "leave early. From March to June and from October there is most water. We go with four or more, twelve "
            "years and above.",
        ),
        category=Category.ADVENTURE,
        scene=Scene.RIVER,
        location="Tana River, Sagana",
        at=("-0.670100", "37.208100"),
        meeting_point="Sagana, at the bridge on the Nairobi–Nyeri highway",
        price=8_200,
        minutes=270,
        capacity=10,
        min_guests=4,
        inclusions=("Raft, helmet and jacket", "Safety kayak", "Barbecue lunch"),
        exclusions=("Transport to Sagana", "Towels"),
        policy=CancellationPolicy.STRICT,
        cut_off_hours=20,
        buffer_minutes=60,
        hours=(Hours(EVERY_DAY, time(8), time(14)),),
        rating=("4.90", 14),
    ),
    Experience(
        guide="kinya-mwenda",
        title="Drummers and Dancers of Tharaka",
        summary="Come down to the hot plains where the finest drums are made, and stay for the dancing.",
        description=(
            "Who in Nairobi has been to Tharaka? Come down 1,000 metres from the tea to heat, baobabs and the people "
            "who make the finest drums in the country. They let you feel the skin before it is warmed and after.",
            "Dancers arrive in ones and twos from their fields. There are songs for millet, for twins, for a good "
            "bull. You eat ndengu and goat off enamel plates; the young ones carry on to a speaker and a generator, "
            "where I leave you only with a cousin. I confirm when I know that they are free.",
        ),
        category=Category.NIGHTLIFE,
        scene=Scene.DANCING,
        mood=Mood.DUSK,
        location="Chiakariga, Tharaka Nithi",
        at=("-0.259200", "37.920100"),
        meeting_point="Chiakariga market, at the borehole",
        price=3_000,
        child=1_500,
        minutes=210,
        capacity=12,
        min_guests=2,
        max_guests=10,
        inclusions=("Drummers' fee", "Supper", "Soda"),
        exclusions=("Overnight stay",),
        policy=CancellationPolicy.MODERATE,
        cut_off_hours=16,
        confirmation=Confirmation.MANUAL,
        hours=(Hours(FRIDAYS_AND_SATURDAYS, time(16), time(21)),),
    ),
)
