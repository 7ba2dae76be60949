"""The guides of the Rift Valley, Amboseli and the Mara."""

from __future__ import annotations

from datetime import time

from ops.seed.shapes import EVERY_DAY, GuideProfile, Hours

GUIDES: tuple[GuideProfile, ...] = (
    GuideProfile(
        slug="njeri-kariuki",
        first_name="Njeri",
        last_name="Kariuki",
        email="njeri.kariuki@elite-events.example",
        phone="+254700000112",
        region="Naivasha and Nakuru",
        bio=(
            "A Kikuyu farmer's daughter from Kinangop who would rather cycle than weed. I guide between Longonot and "
            "Menengai, keep twelve mended bicycles, and know which lodge makes the best ginger tea."
        ),
        languages=("English", "Swahili", "Kikuyu", "French"),
        specializations=("Cycling", "Volcanoes", "Lakes"),
        years=8,
        licence="TRA/TG/90245",
        hours=(Hours(EVERY_DAY, time(7, 30), time(17)),),
    ),
    GuideProfile(
        slug="lemayian-sankei",
        first_name="Lemayian",
        last_name="Sankei",
        email="lemayian.sankei@elite-events.example",
        phone="+254700000114",
        region="Maasai Mara",
        bio=(
            "I herded my father's cattle outside Talek and came home with a diploma in wildlife management. I read "
            "tracks better than maps, and I will not crowd a cheetah for a photograph."
        ),
        languages=("English", "Swahili", "Maa"),
        specializations=("Big cats", "Tracking", "Maasai culture"),
        years=11,
        licence="TRA/TG/90269",
        hours=(Hours(EVERY_DAY, time(6, 30), time(17)),),
    ),
    GuideProfile(
        slug="kibet-chebii",
        first_name="Kibet",
        last_name="Chebii",
        email="kibet.chebii@elite-events.example",
        phone="+254700000131",
        region="Baringo and Bogoria",
        bio=(
            "The lakes of Baringo have swallowed my old school and two roads, and I have learned to guide by boat. My "
            "life list for this one county stands at four hundred and sixty-one."
        ),
        languages=("English", "Swahili", "Tugen"),
        specializations=("Birds", "Hot springs", "Tugen Hills"),
        years=18,
        licence="TRA/TG/90421",
        hours=(Hours(EVERY_DAY, time(6), time(18)),),
    ),
    GuideProfile(
        slug="nashipae-sironka",
        first_name="Nashipae",
        last_name="Sironka",
        email="nashipae.sironka@elite-events.example",
        phone="+254700000132",
        region="Amboseli",
        bio=(
            "I recorded elephant families for a research camp and can introduce you to some of them by ear notches. "
            "On clear mornings Kilimanjaro does the rest of the talking."
        ),
        languages=("English", "Swahili", "Maa", "German"),
        specializations=("Elephants", "Kilimanjaro views", "Beadwork"),
        years=8,
        licence="TRA/TG/90428",
        hours=(Hours(EVERY_DAY, time(6), time(18)),),
    ),
    GuideProfile(
        slug="koikai-nampaso",
        first_name="Koikai",
        last_name="Nampaso",
        email="koikai.nampaso@elite-events.example",
        phone="+254700000133",
        region="Maasai Mara",
        bio=(
            "Others drive the Mara; I prefer to walk it, on the conservancy side, with a spear carrier who is also my "
            "brother-in-law. Silver-level guide, slow talker, fast around buffalo."
        ),
        languages=("English", "Swahili", "Maa"),
        specializations=("Walking safaris", "Night drives", "Honey"),
        years=10,
        licence="TRA/TG/90437",
        hours=(Hours(EVERY_DAY, time(6), time(22)),),
    ),
)
