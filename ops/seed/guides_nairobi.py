"""The guides in and around Nairobi."""

from __future__ import annotations

from datetime import time

from ops.seed.shapes import EVERY_DAY, NOT_MONDAYS, NOT_SUNDAYS, GuideProfile, Hours

GUIDES: tuple[GuideProfile, ...] = (
    GuideProfile(
        slug="amina-warsame",
        first_name="Amina",
        last_name="Warsame",
        email="amina@elite-events.example",
        phone="+254700000002",
        region="Nairobi",
        bio=(
            "I grew up above my aunt's tea room in Eastleigh and learned Nairobi one kitchen at a time. After eight years "
            "in hotel restaurants I would rather walk: slowly, with many stops, and never past a good mandazi."
        ),
        languages=("English", "Swahili", "Somali"),
        specializations=("Street food", "Markets", "City history"),
        years=9,
        licence="TRA/TG/90112",
        hours=(Hours(NOT_SUNDAYS, time(9), time(18)), Hours((6,), time(10), time(16))),
    ),
    GuideProfile(
        slug="kevin-mutua",
        first_name="Kevin",
        last_name="Mutua",
        email="kevin.mutua@elite-events.example",
        phone="+254700000104",
        region="Nairobi",
        bio=(
            "Born in Machakos, in Nairobi since school. Mornings I am on a forest path or the Ngong ridge, evenings "
            "near a good band. I trained as a wilderness first responder and I drive you home, not just to the bar."
        ),
        languages=("English", "Swahili", "Kamba"),
        specializations=("Hiking", "Birds", "Live music"),
        years=7,
        licence="TRA/TG/90147",
        hours=(Hours(EVERY_DAY, time(6), time(17)),),
    ),
    GuideProfile(
        slug="wanjiru-kamau",
        first_name="Wanjiru",
        last_name="Kamau",
        email="wanjiru.kamau@elite-events.example",
        phone="+254700000115",
        region="Limuru",
        bio=(
            "My grandmother picked tea on somebody else's land; I walk visitors through it on ours. Limuru is cold, "
            "green and honest, and I carry a spare shuka for people who believed that Kenya is hot."
        ),
        languages=("English", "Swahili", "Kikuyu"),
        specializations=("Tea", "Coffee", "Highland walks"),
        years=10,
        licence="TRA/TG/90275",
        hours=(Hours(NOT_SUNDAYS, time(8), time(17)),),
    ),
    GuideProfile(
        slug="brian-ochieng",
        first_name="Brian",
        last_name="Ochieng",
        email="brian.ochieng@elite-events.example",
        phone="+254700000116",
        region="Nairobi",
        bio=(
            "I used to paint matatus for a living and still judge a bus by its sound system. Umoja raised me, "
            "Buruburu educated me, and after dark I know which stairs lead to good music and which only lead up."
        ),
        languages=("English", "Swahili", "Luo", "Sheng"),
        specializations=("Matatu culture", "Hip-hop", "Nightlife"),
        years=6,
        licence="TRA/TG/90288",
        hours=(Hours(EVERY_DAY, time(10), time(22)),),
    ),
    GuideProfile(
        slug="priya-shah",
        first_name="Priya",
        last_name="Shah",
        email="priya.shah@elite-events.example",
        phone="+254700000117",
        region="Nairobi",
        bio=(
            "Fourth generation: my great-grandfather came to sell nails to the railway and stayed for the mangoes. I "
            "cook, I garden, and I can find you a meal without meat on any street of this meat-loving city."
        ),
        languages=("English", "Swahili", "Gujarati", "Hindi"),
        specializations=("Vegetarian food", "Asian heritage", "Gardens"),
        years=8,
        licence="TRA/TG/90296",
        hours=(Hours(NOT_MONDAYS, time(9), time(20)),),
    ),
    GuideProfile(
        slug="naserian-parmuat",
        first_name="Naserian",
        last_name="Parmuat",
        email="naserian.parmuat@elite-events.example",
        phone="+254700000118",
        region="Kajiado and Magadi",
        bio=(
            "I was the first girl of my homestead to finish school, and the first to come back and show people round. "
            "Between Kiserian and Magadi I know the shade trees by name and the drivers by their mothers."
        ),
        languages=("English", "Swahili", "Maa"),
        specializations=("Prehistory", "Desert lakes", "Beadwork"),
        years=7,
        licence="TRA/TG/90307",
        hours=(Hours(EVERY_DAY, time(6), time(18)),),
    ),
    GuideProfile(
        slug="mutheu-kioko",
        first_name="Mutheu",
        last_name="Kioko",
        email="mutheu.kioko@elite-events.example",
        phone="+254700000119",
        region="Machakos",
        bio=(
            "A carpenter's daughter who fell in love with granite. I climb at Lukenya, I carve badly, and I tell the "
            "old stories of hare and hyena the way they are told in Kikamba, with all the voices."
        ),
        languages=("English", "Swahili", "Kamba"),
        specializations=("Wood carving", "Rock climbing", "Kamba stories"),
        years=9,
        licence="TRA/TG/90313",
        hours=(Hours(EVERY_DAY, time(7), time(17, 30)),),
    ),
)
