"""The people of the demo: two who sign in without guiding, and a dozen guides from all over Kenya."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time

from domain.users import Role
from ops.seed.shapes import EVERY_DAY, NOT_FRIDAYS, NOT_MONDAYS, NOT_SUNDAYS, GuideProfile, Hours

#: Published on purpose: it opens nothing, because production refuses this data.
PASSWORD = "karibu-kenya-2026"


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody to sign in as; ``phone`` is the one that the sandbox shows."""

    role: str
    email: str
    password: str
    phone: str
    name: str


TRAVELLER = Account(Role.TOURIST, "traveller@elite-events.example", PASSWORD, "+254700000001", "Ingrid Larsen")
ADMIN = Account(Role.ADMIN, "admin@elite-events.example", PASSWORD, "+254700000003", "Grace Nyambura")

_AMINA = GuideProfile(
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
)

GUIDES: tuple[GuideProfile, ...] = (
    _AMINA,
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
        slug="gitonga-murithi",
        first_name="Gitonga",
        last_name="Murithi",
        email="gitonga.murithi@elite-events.example",
        phone="+254700000113",
        region="Nanyuki",
        bio=(
            "Meru, from the north side of Mount Kenya, where I carried loads before I led parties. Sixty summits have "
            "taught me to start early, eat often, and turn around while it is still easy."
        ),
        languages=("English", "Swahili", "Meru"),
        specializations=("Mount Kenya", "Forests", "Crafts"),
        years=14,
        licence="TRA/TG/90257",
        hours=(Hours(NOT_SUNDAYS, time(7), time(17)),),
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
)

AMINA = Account(Role.GUIDE, _AMINA.email, PASSWORD, _AMINA.phone, f"{_AMINA.first_name} {_AMINA.last_name}")
ACCOUNTS: tuple[Account, ...] = (TRAVELLER, AMINA, ADMIN)
