"""What there is to do in Machakos and the Kamba hills."""

from __future__ import annotations

from datetime import time

from domain.cancellation import CancellationPolicy
from domain.listings import Category
from ops.seed.shapes import EVERY_DAY, NOT_SUNDAYS, Experience, Hours, Mood, Scene

EXPERIENCES: tuple[Experience, ...] = (
    Experience(
        guide="mutheu-kioko",
        title="Lukenya First Rock Climb",
        summary="Your first time on a rope, on honest rock forty minutes from Nairobi, with somebody who talks you up.",
        description=(
            "Nobody forgets the first time both feet leave the ground and stay off it. Lukenya's faces are sound, "
            "rough and forgiving; the easy ones slope like stairs, and giraffe sometimes browse right under the rope. "
            "I top-rope everything and talk you up.",
            "From about eight years old. I bring helmets, harnesses and shoes in most sizes, so tell me yours. We "
            "stop for the black eagles: from June to September part of the cliff belongs to their chicks, and we "
            "climb elsewhere.",
        ),
        category=Category.ADVENTURE,
        scene=Scene.MOUNTAIN,
        location="Lukenya, Machakos",
        at=("-1.471200", "37.055200"),
        meeting_point="Lukenya, the turn-off on the Mombasa road opposite the cement works, at the bus stage",
        price=4_800,
        minutes=270,
        capacity=6,
        min_guests=2,
        inclusions=("All climbing gear", "Instruction", "Snack and water"),
        exclusions=("Land access fee", "Transport"),
        policy=CancellationPolicy.MODERATE,
        cut_off_hours=14,
        buffer_minutes=60,
        hours=(Hours(EVERY_DAY, time(8), time(13, 30)),),
        rating=("4.94", 17),
    ),
    Experience(
        guide="mutheu-kioko",
        title="A Day among the Wamunyu Carvers",
        summary="Meet the carvers behind the giraffe in every airport shop, and take a turn with the adze.",
        description=(
            "It began with one soldier, Mutisya Munge, who learned from carvers in Tanganyika during the first war "
            "and came home with a trade. Today the whole village taps. I bring you to three men and one woman whose "
            "work does not end up in airports.",
            "Try the adze on neem or jacaranda; muhugu is protected now and mpingo too hard for guests. Sanding is "
            "the children's job and they are strict about it. Small things can be finished to carry away, dust "
            "included.",
        ),
        category=Category.CULTURAL,
        scene=Scene.CRAFTS,
        location="Wamunyu, Machakos",
        at=("-1.416600", "37.617000"),
        meeting_point="Wamunyu cooperative showroom, on the Machakos–Kitui road",
        price=2_900,
        child=1_500,
        minutes=240,
        capacity=10,
        inclusions=("Wood and tools", "Guide", "Lunch of isyo"),
        exclusions=("Carvings", "Transport to Wamunyu"),
        policy=CancellationPolicy.FLEXIBLE,
        cut_off_hours=12,
        hours=(Hours(NOT_SUNDAYS, time(9), time(15, 30)),),
        rating=("4.72", 5),
    ),
    Experience(
        guide="mutheu-kioko",
        title="Kituluni Gravity Hill and Iveti Ridge",
        summary="Let go of the brake and roll up the hill; afterwards we walk the Iveti ridge to recover.",
        description=(
            "Put the gear in neutral and take your feet away. The car creeps up what your eyes call a slope; pour "
            "water on the tar and it follows. I have heard spirits, magnets and a trick of the horizon, and I let you "
            "vote.",
            "Then we walk for an hour among eucalyptus and terraced beans on the Iveti ridge, with the town's red "
            "roofs below and, in clear weather, both of the big mountains. Mangoes by the bucket from November to "
            "March.",
        ),
        category=Category.NATURE,
        scene=Scene.MOUNTAIN,
        location="Machakos",
        at=("-1.493500", "37.317200"),
        meeting_point="Machakos, outside the Kenya Agricultural showground gate; bring or hire a car",
        price=2_200,
        child=1_000,
        infants=True,
        minutes=180,
        capacity=10,
        inclusions=("Guide", "Fruit"),
        exclusions=("Car and fuel",),
        policy=CancellationPolicy.FLEXIBLE,
        cut_off_hours=6,
        hours=(Hours(EVERY_DAY, time(8), time(17)),),
        rating=("4.38", 8),
    ),
    Experience(
        guide="mutheu-kioko",
        title="Kamba Drums and Acrobats at Sundown",
        summary="Sit two metres from a rehearsal of drums and somersaults, then be lent a whistle yourself.",
        description=(
            "The Akamba dance upwards. In mbeni they leap, turn in the air and land on the beat, to long drums held "
            "between the knees; my cousin Musyoka could do it at sixty. You watch from two metres, then you are lent "
            "a whistle, and then you have no excuse.",
            "Supper follows beside the dam: chicken, muthokoi, greens. The troupe practises here every weekend, so "
            "this is rehearsal, argument included, not a stage. Families are welcome until the end.",
        ),
        category=Category.NIGHTLIFE,
        scene=Scene.DANCING,
        mood=Mood.DUSK,
        location="Machakos",
        at=("-1.532100", "37.269000"),
        meeting_point="Machakos People's Park, main gate",
        price=2_600,
        minutes=180,
        capacity=14,
        min_guests=2,
        max_guests=10,
        inclusions=("Troupe's fee", "Supper", "Soda"),
        exclusions=("Park entry", "Transport"),
        policy=CancellationPolicy.MODERATE,
        cut_off_hours=10,
        hours=(Hours((4, 5, 6), time(17), time(21)),),
        rating=("4.66", 4),
    ),
    Experience(
        guide="mutheu-kioko",
        title="Ol Donyo Sabuk Summit on Foot",
        summary="Nine kilometres up a buffalo mountain to a view of two snows, if the morning is kind.",
        description=(
            "The old Kamba name means sleeping buffalo, and there are awake ones too, so an armed ranger goes in "
            "front. A track winds through forest thick with lianas past the graves of the McMillans, he of the "
            "library, who was meant to be carried to the top and turned out to be too heavy.",
            "At 2,145 metres there is short grass and wind. Kilimanjaro lies south, Mount Kenya north, Nairobi in its "
            "haze between. Eighteen kilometres there and back; we can arrange to be fetched half-way. Start early or "
            "not at all.",
        ),
        category=Category.ADVENTURE,
        scene=Scene.MOUNTAIN,
        location="Ol Donyo Sabuk, Machakos",
        at=("-1.130100", "37.250400"),
        meeting_point="Ol Donyo Sabuk National Park gate, above Donyo Sabuk village",
        price=4_200,
        minutes=360,
        capacity=8,
        min_guests=2,
        inclusions=("Ranger", "Guide", "Packed lunch"),
        exclusions=("Park fees", "Transport"),
        policy=CancellationPolicy.MODERATE,
        cut_off_hours=14,
        buffer_minutes=60,
        hours=(Hours(EVERY_DAY, time(7), time(14)),),
        rating=("4.70", 10),
    ),
)
