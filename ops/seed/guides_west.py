"""The guides in the west: the lake, Kisii, the tea and the running country, Elgon."""

from __future__ import annotations

from datetime import time

from ops.seed.shapes import EVERY_DAY, NOT_SUNDAYS, GuideProfile, Hours

GUIDES: tuple[GuideProfile, ...] = (
    GuideProfile(
        slug="achieng-ouma",
        first_name="Achieng",
        last_name="Ouma",
        email="achieng.ouma@elite-events.example",
        phone="+254700000109",
        region="Kisumu",
        bio=(
            "The lake has fed my family for as long as anybody remembers. I guide on foot and by boat around Kisumu, "
            "and I am told that I laugh too loudly for birdwatching. The hippos do not mind."
        ),
        languages=("English", "Swahili", "Luo"),
        specializations=("Lake Victoria", "Markets", "Music"),
        years=8,
        licence="TRA/TG/90219",
        hours=(Hours(EVERY_DAY, time(7), time(18)),),
    ),
    GuideProfile(
        slug="wekesa-shikuku",
        first_name="Wekesa",
        last_name="Shikuku",
        email="wekesa.shikuku@elite-events.example",
        phone="+254700000110",
        region="Kakamega",
        bio=(
            "Luhya, raised at the edge of the forest at Isecheno. I have counted birds there for seventeen years and "
            "played the isukuti drum for longer than that. Ask me about either, but not before breakfast."
        ),
        languages=("English", "Swahili", "Luhya"),
        specializations=("Birds", "Butterflies", "Drumming"),
        years=17,
        licence="TRA/TG/90226",
        hours=(Hours(EVERY_DAY, time(6), time(17)),),
    ),
    GuideProfile(
        slug="kiplagat-cherono",
        first_name="Kiplagat",
        last_name="Cherono",
        email="kiplagat.cherono@elite-events.example",
        phone="+254700000111",
        region="Iten",
        bio=(
            "I ran the marathon in 2:14 and paced faster people for ten years. Now I bring visitors to the same red "
            "roads, at their own speed, and afterwards to my mother's kitchen, where nobody is too slow."
        ),
        languages=("English", "Swahili", "Kalenjin"),
        specializations=("Running", "Hiking", "Kalenjin food"),
        years=5,
        licence="TRA/TG/90238",
        hours=(Hours(NOT_SUNDAYS, time(8), time(17)),),
    ),
    GuideProfile(
        slug="ouko-odoyo",
        first_name="Ouko",
        last_name="Odoyo",
        email="ouko.odoyo@elite-events.example",
        phone="+254700000126",
        region="Rusinga and Homa Bay",
        bio=(
            "Rusinga has more fossils than shops. As a boy I carried sieves for scientists, and what I learned then I "
            "now pass on, together with how to gut a tilapia in four cuts."
        ),
        languages=("English", "Swahili", "Luo", "Suba"),
        specializations=("Islands", "Fossils", "Fishing"),
        years=12,
        licence="TRA/TG/90374",
        hours=(Hours(EVERY_DAY, time(6), time(18)),),
    ),
    GuideProfile(
        slug="kemunto-onsongo",
        first_name="Kemunto",
        last_name="Onsongo",
        email="kemunto.onsongo@elite-events.example",
        phone="+254700000127",
        region="Kisii",
        bio=(
            "Half my relatives carve soapstone and the other half grow bananas, so I never come home with empty "
            "hands. Kisii is steep, loud and generous; bring calves of iron."
        ),
        languages=("English", "Swahili", "Ekegusii"),
        specializations=("Soapstone", "Bananas", "Highland farms"),
        years=7,
        licence="TRA/TG/90383",
        hours=(Hours(NOT_SUNDAYS, time(8), time(17)),),
    ),
    GuideProfile(
        slug="chepkemoi-rono",
        first_name="Chepkemoi",
        last_name="Rono",
        email="chepkemoi.rono@elite-events.example",
        phone="+254700000128",
        region="Kericho",
        bio=(
            "It rains in Kericho nearly every afternoon and we are proud of it. I grew up in estate housing, studied "
            "tea at college, and can tell by the sound of a leaf whether it was plucked today."
        ),
        languages=("English", "Swahili", "Kalenjin"),
        specializations=("Tea estates", "Waterfalls", "Kipsigis culture"),
        years=9,
        licence="TRA/TG/90396",
        hours=(Hours(NOT_SUNDAYS, time(7, 30), time(17)),),
    ),
    GuideProfile(
        slug="jelagat-kosgei",
        first_name="Jelagat",
        last_name="Kosgei",
        email="jelagat.kosgei@elite-events.example",
        phone="+254700000129",
        region="Eldoret and Nandi",
        bio=(
            "I was a hurdler until a knee decided otherwise, and after that a dairy technician. So I show Eldoret by "
            "its two honest products, which are runners and milk."
        ),
        languages=("English", "Swahili", "Kalenjin"),
        specializations=("Athletics history", "Cheese", "Hills"),
        years=6,
        licence="TRA/TG/90404",
        hours=(Hours(NOT_SUNDAYS, time(7), time(17)),),
    ),
    GuideProfile(
        slug="nekesa-simiyu",
        first_name="Nekesa",
        last_name="Simiyu",
        email="nekesa.simiyu@elite-events.example",
        phone="+254700000130",
        region="Kitale and Mount Elgon",
        bio=(
            "My father is Bukusu, my mother Sabaot, so the mountain belongs to me from both sides. I was a ranger for "
            "eight years, and I still walk in front and talk in a low voice."
        ),
        languages=("English", "Swahili", "Bukusu", "Sabaot"),
        specializations=("Caves", "Wetlands", "Orchards"),
        years=13,
        licence="TRA/TG/90415",
        hours=(Hours(EVERY_DAY, time(6, 30), time(17)),),
    ),
)
