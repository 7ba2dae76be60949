"""The guides on the coast and in Taita."""

from __future__ import annotations

from datetime import time

from ops.seed.shapes import EVERY_DAY, NOT_FRIDAYS, NOT_MONDAYS, GuideProfile, Hours

GUIDES: tuple[GuideProfile, ...] = (
    GuideProfile(
        slug="mwanaisha-omar",
        first_name="Mwanaisha",
        last_name="Omar",
        email="mwanaisha.omar@elite-events.example",
        phone="+254700000105",
        region="Mombasa",
        bio=(
            "My family has lived behind Fort Jesus for five generations. I taught history for eleven years, and still "
            "do, only now my classroom has carved doors, cats, and coffee sellers who greet everybody by name."
        ),
        languages=("English", "Swahili", "Arabic"),
        specializations=("Swahili history", "Cooking", "Taarab"),
        years=12,
        licence="TRA/TG/90163",
        hours=(Hours(NOT_FRIDAYS, time(8, 30), time(17)), Hours((4,), time(8, 30), time(11, 30))),
        locale="sw",
    ),
    GuideProfile(
        slug="hamisi-mwachiti",
        first_name="Hamisi",
        last_name="Mwachiti",
        email="hamisi.mwachiti@elite-events.example",
        phone="+254700000106",
        region="Diani",
        bio=(
            "I am a Digo from Kinondo, a fisherman's son who became a lifeguard and then a guide. I know which days "
            "the reef is clear, and I say so honestly when it is not."
        ),
        languages=("English", "Swahili", "Digo", "German"),
        specializations=("Snorkelling", "Sacred forests", "Wildlife"),
        years=10,
        licence="TRA/TG/90178",
        hours=(Hours(EVERY_DAY, time(7), time(16)),),
    ),
    GuideProfile(
        slug="athman-bakari",
        first_name="Athman",
        last_name="Bakari",
        email="athman.bakari@elite-events.example",
        phone="+254700000107",
        region="Lamu",
        bio=(
            "Bajuni, born on Pate, sailing since I was six. My dhow, Subira, was built at Matondoni and carries ten. "
            "Ashore I walk Lamu's lanes with you and explain what a door tells about a house."
        ),
        languages=("English", "Swahili", "Italian"),
        specializations=("Dhow sailing", "Swahili architecture", "Mangroves"),
        years=15,
        licence="TRA/TG/90184",
        hours=(Hours(NOT_FRIDAYS, time(8), time(18, 30)), Hours((4,), time(15), time(18, 30))),
        locale="sw",
    ),
    GuideProfile(
        slug="kadzo-charo",
        first_name="Kadzo",
        last_name="Charo",
        email="kadzo.charo@elite-events.example",
        phone="+254700000108",
        region="Malindi",
        bio=(
            "A Giriama from Dabaso, between the creek and the ruins. I worked on mangrove restoration before guiding, "
            "and part of every fee still buys seedlings for the women's group that I belong to."
        ),
        languages=("English", "Swahili", "Giriama", "Italian"),
        specializations=("Mangroves", "Archaeology", "Village cooking"),
        years=6,
        licence="TRA/TG/90201",
        hours=(Hours(NOT_MONDAYS, time(8), time(18)),),
    ),
    GuideProfile(
        slug="said-abdalla",
        first_name="Said",
        last_name="Abdalla",
        email="said.abdalla@elite-events.example",
        phone="+254700000120",
        region="Mombasa",
        bio=(
            "Twenty years ago I rowed the ferry passengers' children for sweets; now I have two boats and a licence. "
            "The creeks of Mombasa are my street, and I know at which hour each one is beautiful."
        ),
        languages=("English", "Swahili", "Arabic"),
        specializations=("Creeks", "Fishing", "Mombasa nights"),
        years=13,
        licence="TRA/TG/90320",
        hours=(Hours(EVERY_DAY, time(6), time(22)),),
        locale="sw",
    ),
    GuideProfile(
        slug="rehema-kazungu",
        first_name="Rehema",
        last_name="Kazungu",
        email="rehema.kazungu@elite-events.example",
        phone="+254700000121",
        region="Kilifi",
        bio=(
            "My mother taps palms, my uncle keeps the kaya's paths, and I swim in the creek at night when it glows. "
            "Kilifi still greets strangers, and I would like to keep it so."
        ),
        languages=("English", "Swahili", "Giriama"),
        specializations=("Creek", "Kaya heritage", "Coastal kitchens"),
        years=5,
        licence="TRA/TG/90329",
        hours=(Hours(NOT_MONDAYS, time(7), time(19)),),
    ),
    GuideProfile(
        slug="furaha-katana",
        first_name="Furaha",
        last_name="Katana",
        email="furaha.katana@elite-events.example",
        phone="+254700000122",
        region="Watamu",
        bio=(
            "I spent six seasons releasing turtles from fishing nets before anybody paid me to talk about them. Ask "
            "me the name of anything that lives in a rock pool, and allow time for the answer."
        ),
        languages=("English", "Swahili", "Giriama", "Italian"),
        specializations=("Turtles", "Reefs", "Rock pools"),
        years=9,
        licence="TRA/TG/90342",
        hours=(Hours(EVERY_DAY, time(6, 30), time(18)),),
    ),
    GuideProfile(
        slug="nasoro-hamadi",
        first_name="Nasoro",
        last_name="Hamadi",
        email="nasoro.hamadi@elite-events.example",
        phone="+254700000123",
        region="Wasini and Shimoni",
        bio=(
            "There are no cars on Wasini, so I learned to steer a boat before a bicycle. I have counted dolphins for "
            "the marine park since I was a schoolboy and I still count aloud."
        ),
        languages=("English", "Swahili", "French"),
        specializations=("Dolphins", "Coral gardens", "Island life"),
        years=16,
        licence="TRA/TG/90350",
        hours=(Hours(EVERY_DAY, time(7, 30), time(16)),),
        locale="sw",
    ),
    GuideProfile(
        slug="khadija-shekuwe",
        first_name="Khadija",
        last_name="Shekuwe",
        email="khadija.shekuwe@elite-events.example",
        phone="+254700000124",
        region="Lamu",
        bio=(
            "In our house recipes are kept like verses: by heart, and with argument. I invite women and men, families "
            "and people alone, and everyone leaves smelling of cloves."
        ),
        languages=("English", "Swahili", "Arabic"),
        specializations=("Swahili cooking", "Henna", "Poetry"),
        years=6,
        licence="TRA/TG/90361",
        hours=(Hours(NOT_FRIDAYS, time(8, 30), time(17)),),
        locale="sw",
    ),
    GuideProfile(
        slug="wakesho-mwadime",
        first_name="Wakesho",
        last_name="Mwadime",
        email="wakesho.mwadime@elite-events.example",
        phone="+254700000125",
        region="Taita and Tsavo",
        bio=(
            "From our farm in Wundanyi you look down on the whole of Tsavo, red as brick. I go down for the elephants "
            "and come back up for the cool air, the beans and my father's war maps."
        ),
        languages=("English", "Swahili", "Taita"),
        specializations=("Cloud forests", "Elephants", "First World War"),
        years=11,
        licence="TRA/TG/90367",
        hours=(Hours(EVERY_DAY, time(6), time(17, 30)),),
    ),
)
