"""The guides under Mount Kenya and north of it."""

from __future__ import annotations

from datetime import time

from ops.seed.shapes import EVERY_DAY, NOT_FRIDAYS, NOT_SUNDAYS, GuideProfile, Hours

GUIDES: tuple[GuideProfile, ...] = (
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
        slug="muthoni-gichuki",
        first_name="Muthoni",
        last_name="Gichuki",
        email="muthoni.gichuki@elite-events.example",
        phone="+254700000134",
        region="Nyeri",
        bio=(
            "My grandfather spent three years in the Aberdare forest and never talked about it; I have spent fifteen "
            "finding out. I walk with history in one pocket and roasted maize in the other."
        ),
        languages=("English", "Swahili", "Kikuyu"),
        specializations=("Waterfalls", "Mau Mau history", "Coffee"),
        years=12,
        licence="TRA/TG/90450",
        hours=(Hours(NOT_SUNDAYS, time(7), time(17, 30)),),
    ),
    GuideProfile(
        slug="kinya-mwenda",
        first_name="Kinya",
        last_name="Mwenda",
        email="kinya.mwenda@elite-events.example",
        phone="+254700000135",
        region="Meru",
        bio=(
            "Meru sits between a glacier and a semi-desert, and I have friends at every altitude. I studied botany, I "
            "drive my own Land Cruiser, and I mend it too."
        ),
        languages=("English", "Swahili", "Meru"),
        specializations=("Wild parks", "Sacred groves", "Rivers"),
        years=9,
        licence="TRA/TG/90458",
        hours=(Hours(EVERY_DAY, time(6, 30), time(17, 30)),),
    ),
    GuideProfile(
        slug="ireri-njeru",
        first_name="Ireri",
        last_name="Njeru",
        email="ireri.njeru@elite-events.example",
        phone="+254700000136",
        region="Embu and Kirinyaga",
        bio=(
            "An agronomist who got tired of offices. Seven rivers leave Mount Kenya on our side, and I can show you "
            "what each of them waters, from tea at the top to rice at the bottom."
        ),
        languages=("English", "Swahili", "Embu", "Kikuyu"),
        specializations=("Rice fields", "Coffee", "River pools"),
        years=5,
        licence="TRA/TG/90469",
        hours=(Hours(NOT_SUNDAYS, time(7, 30), time(17)),),
    ),
    GuideProfile(
        slug="wangari-ndirangu",
        first_name="Wangari",
        last_name="Ndirangu",
        email="wangari.ndirangu@elite-events.example",
        phone="+254700000137",
        region="Laikipia",
        bio=(
            "Horses taught me patience, zebras taught me sharp turns. I ride out from Timau to the open plains, and "
            "at night I set up a telescope where there is not one lamp to the horizon."
        ),
        languages=("English", "Swahili", "Kikuyu"),
        specializations=("Horses", "Rhinos", "Stars"),
        years=11,
        licence="TRA/TG/90475",
        hours=(Hours(EVERY_DAY, time(6, 30), time(21)),),
    ),
    GuideProfile(
        slug="namunyak-lenkai",
        first_name="Namunyak",
        last_name="Lenkai",
        email="namunyak.lenkai@elite-events.example",
        phone="+254700000138",
        region="Samburu",
        bio=(
            "The river Ewaso Ng'iro is our mother and in some years an absent one. I guide on both banks, I know the "
            "reticulated giraffe from the other two, and I sing only when the cattle need it."
        ),
        languages=("English", "Swahili", "Samburu"),
        specializations=("Wildlife of the dry north", "Singing wells", "Beads"),
        years=8,
        licence="TRA/TG/90482",
        hours=(Hours(EVERY_DAY, time(6), time(18)),),
    ),
    GuideProfile(
        slug="halake-guyo",
        first_name="Halake",
        last_name="Guyo",
        email="halake.guyo@elite-events.example",
        phone="+254700000139",
        region="Isiolo",
        bio=(
            "Born in Garba Tulla, where a well is worth more than a shop. I walk camels, I roast coffee in butter, "
            "and I have never been late, because nobody in my family owns a watch."
        ),
        languages=("English", "Swahili", "Borana"),
        specializations=("Camels", "Desert springs", "Spiced coffee"),
        years=7,
        licence="TRA/TG/90491",
        hours=(Hours(NOT_FRIDAYS, time(6), time(18)),),
    ),
    GuideProfile(
        slug="joseph-bulyar",
        first_name="Joseph",
        last_name="Bulyar",
        email="joseph.bulyar@elite-events.example",
        phone="+254700000140",
        region="Marsabit",
        bio=(
            "A Rendille from Korr, where the wind has a name for each hour. I have crossed the Chalbi thirty times, "
            "twice by mistake, and I carry more water than anybody thinks necessary."
        ),
        languages=("English", "Swahili", "Rendille", "Samburu"),
        specializations=("Deserts", "Crater lakes", "Nomad life"),
        years=14,
        licence="TRA/TG/90504",
        hours=(Hours(NOT_SUNDAYS, time(6), time(18)),),
    ),
    GuideProfile(
        slug="ekai-lokorio",
        first_name="Ekai",
        last_name="Lokorio",
        email="ekai.lokorio@elite-events.example",
        phone="+254700000141",
        region="Turkana",
        bio=(
            "People say there is nothing in Turkana; it takes me a week to show it. I worked for a fossil expedition "
            "as cook, then driver, then finder, and I found the best tooth of that season."
        ),
        languages=("English", "Swahili", "Turkana"),
        specializations=("Lake Turkana", "Fossils", "Baskets"),
        years=10,
        licence="TRA/TG/90512",
        hours=(Hours(EVERY_DAY, time(6), time(18, 30)),),
    ),
    GuideProfile(
        slug="hodan-yussuf",
        first_name="Hodan",
        last_name="Yussuf",
        email="hodan.yussuf@elite-events.example",
        phone="+254700000142",
        region="Garissa",
        bio=(
            "I teach biology on weekdays that allow it and show visitors the gentler side of Garissa: giraffes that "
            "live beside people, a brown river, and the best camel stew south of the equator by half a degree."
        ),
        languages=("English", "Swahili", "Somali"),
        specializations=("Giraffes", "Tana River", "Somali kitchen"),
        years=5,
        licence="TRA/TG/90523",
        hours=(Hours(NOT_FRIDAYS, time(7), time(17, 30)),),
    ),
)
