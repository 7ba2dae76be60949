"""Scenes of coasts, lakes and what lives in and over them."""

from __future__ import annotations

from ops.seed.pictures import land, life, things
from ops.seed.pictures.paint import HEIGHT, WIDTH, Canvas, mix

ROLLER, STARLING, BEE_EATER = (
    ("#3f8fb5", "#b58fd0", "#2a4f86"),
    ("#1f4f8f", "#d9782f", "#163a66"),
    ("#3f9a55", "#f2b63d", "#b5472f"),
)
KINGFISHER, WEAVER = ("#2468a8", "#e07b2f", "#1b4f85"), ("#c9a21f", "#f6cf3f", "#6b5a1f")


def beach(c: Canvas) -> None:
    x, _ = land.sky(c)
    land.water(c, 400, land.SEA)
    land.glitter(c, x, 404, 560)
    things.dhow(c, c.between(180, 1000), 452, c.between(50, 74), far=0.25, flip=c.random.random() < 0.5, crew=False)
    side = c.one_of(-1, 1)
    shore = [
        (600 + side * k, y) for k, y in ((640, 520), (430, 548), (150, 596), (-160, 640), (-420, 690), (-640, 716))
    ]
    if side > 0:
        shore.reverse()
    for shift, colour, opacity in (
        (-34, land.LAGOON, 0.7),
        (-12, "#ffffff", 0.75),
        (0, "#e3c990", 1),
        (16, land.SAND, 1),
    ):
        c.curve([(px, py + shift) for px, py in shore], c.tone(colour), opacity=opacity)
    if c.random.random() < 0.6:
        _parasols(c, 600 + side * c.between(120, 210))
    else:
        for index in range(2):
            life.person(
                c,
                600 + side * (150 + index * 56),
                690 + index * 6,
                112,
                wrap="#d98e04" if index else "",
                basket="#b98549" if index else "",
            )
    shells = "".join(f"M{600 + side * c.between(-200, 560):.0f} {c.between(730, 795):.0f}h0" for _ in range(20))
    c.line(shells, c.tone("#c9a97a"), 6, 0.7)
    for gap, height in ((560, 480), (450, 390), (350, 300)):
        land.palm(
            c, 600 + side * gap, c.between(640, 700), height * c.between(0.9, 1.1), lean=-side * c.between(0.12, 0.42)
        )
    for index in range(3):
        land.bush(c, 600 + side * (600 - index * 74), 700 + index * 6, c.between(70, 110), "#3d7d45")


def _parasols(c: Canvas, x: float) -> None:
    """Thatched shades and a pair of loungers."""
    for px, py, s in ((x, 704, 1.0), (x + c.one_of(-170, 170), 726, 1.15)):
        with c.at(px, py, s * 1.3):
            c.line("M0 0V-86", c.tone("#6b4a2b"), 5)
            c.path("M0 -112L-58 -72Q0 -60 58 -72Z", c.tone("#c9a55c"))
            c.path("M0 -112L20 -67Q44 -68 58 -72Z", c.tone("#9a7a3a"))
            c.path("M20 -4L70 -4L88 -24L92 -20L74 4H20Z", c.tone(c.one_of("#b5472f", "#1f6f78", "#d98e04")))


def reef(c: Canvas) -> None:
    top = c.tone("#7fd8d8")
    c.rect(0, 0, WIDTH, HEIGHT, c.gradient(top, c.tone("#2a9fb8"), c.tone("#0f5f8a"), c.tone("#0b3f66")))
    lamp = mix(c.light.lamp, "#ffffff", 0.4)
    for x in (c.between(80, 300), c.between(420, 640), c.between(760, 960)):
        w = c.between(60, 120)
        c.polygon([(x, -10), (x + w, -10), (x + w * 3.2, 700), (x + w * 1.4, 700)], lamp, 0.05 if c.is_dark else 0.13)
    c.curve(c.roll(650, 46), c.tone("#1f6f94"), opacity=0.8)
    _turtle(c, c.between(300, 860), c.between(250, 380), c.between(1.3, 1.8))
    if c.random.random() < 0.6:
        _snorkeller(c, c.between(160, 420) if c.random.random() < 0.5 else c.between(780, 1040), c.between(80, 130))
    for colour, x, y, count in (
        ("#f6c244", c.between(150, 420), c.between(430, 540), 9),
        ("#f08a4a", c.between(720, 1000), c.between(420, 560), 7),
        ("#e6eef2", c.between(440, 800), c.between(470, 590), 6),
    ):
        flip = c.random.random() < 0.5
        for _ in range(count):
            place = x + c.between(-110, 110), y + c.between(-60, 60), c.between(0.5, 0.9)
            c.stamp("fish", lambda: _fish(c), *place, flip=flip, fill=c.tone(colour))
    bed = c.roll(730, 26)
    c.curve(bed, c.tone("#d9c493"))
    for index in range(12):
        x = (index + c.between(0.1, 0.9)) * 100
        c.one_of(_coral_fan, _coral_brain, _coral_tubes, _weed)(c, x, c.between(735, 790), c.between(0.8, 1.5))
    bubbles = "".join(f"M{c.between(200, 1000):.0f} {c.between(120, 600):.0f}h0" for _ in range(18))
    c.line(bubbles, "#ffffff", 8, 0.35)


def _fish(c: Canvas) -> None:
    c.path("M-30 0C-14 -22 18 -20 32 0C18 20 -14 22 -30 0ZM-24 0L-50 -16V16Z", None)
    c.line("M4 -14q6 14 0 28", "#1d1b16", 4, 0.4)
    c.circle(20, -4, 3, "#1d1b16")


def _coral_fan(c: Canvas, x: float, y: float, size: float) -> None:
    colour = c.tone(c.one_of("#e8556a", "#b5472f", "#d98ac0"))
    with c.at(x, y, size):
        c.line(
            "M0 0V-40M0 -30Q-26 -50 -34 -84M0 -36Q24 -56 34 -90M0 -40Q-6 -70 -10 -104M0 -40Q10 -70 14 -110M-18 -56Q-34 -60 -52 -66M18 -60Q36 -62 54 -70",
            colour,
            9,
        )


def _coral_brain(c: Canvas, x: float, y: float, size: float) -> None:
    colour = c.one_of("#d98e04", "#c77fb0", "#8fb257", "#e0a878")
    with c.at(x, y, size):
        c.path("M-58 0C-64 -52 62 -56 58 0Z", c.tone(colour))
        c.line("M-40 -10q10 -22 24 -8t22 -6t26 8M-26 -28q14 -10 24 0t26 -4", c.tone(mix(colour, "#5b3a30", 0.4)), 4)


def _coral_tubes(c: Canvas, x: float, y: float, size: float) -> None:
    colour = c.one_of("#f2b63d", "#9a6fb5", "#e27a5a")
    with c.at(x, y, size):
        for px, h in ((-26, 48), (-6, 78), (16, 60), (34, 40)):
            c.rect(px - 9, -h, 18, h, c.tone(colour), round_=8)
            c.ellipse(px, -h + 4, 9, 5, c.tone(mix(colour, "#1d1b16", 0.45)))


def _weed(c: Canvas, x: float, y: float, size: float) -> None:
    with c.at(x, y, size):
        c.line("M0 0q-22 -34 0 -66t-4 -60M16 0q20 -30 2 -58t10 -44M-16 0q-16 -26 -4 -48", c.tone("#2f9a6a"), 7)


def _turtle(c: Canvas, x: float, y: float, size: float) -> None:
    shell, skin, dark = c.tone("#7a8a45"), c.tone("#a9b87a"), c.tone("#4f5f2f")
    with c.at(x, y, size, flip=c.random.random() < 0.5, turn=c.between(-12, 8)):
        c.path("M30 -6C50 -40 70 -70 92 -74C90 -44 70 -14 44 8Z", skin)
        c.path("M34 14C46 34 48 56 40 70C26 62 14 40 14 22ZM-50 10C-70 18 -84 32 -86 44C-72 44 -54 34 -42 20Z", skin)
        c.path("M56 -6C70 -18 94 -16 96 -2C94 10 70 14 58 8Z", skin)
        c.circle(84, -5, 3, "#1d1b16")
        c.path("M-60 2C-50 -34 30 -42 62 -2C40 26 -40 30 -60 2Z", shell)
        c.path(
            "M-30 -16l22 -8l18 10l-6 18l-24 4l-14 -10zM14 -16l18 -4l16 12l-10 12l-20 -2zM-52 0l16 -8l10 10l-10 8z",
            dark,
            0.75,
        )


def _snorkeller(c: Canvas, x: float, y: float) -> None:
    skin = c.tone(c.one_of(*life.SKINS))
    with c.at(x, y, 1.3, flip=c.random.random() < 0.5, turn=8):
        c.line("M-30 4L-76 -6M-28 8L-72 20", skin, 11)
        c.path("M-74 -12L-112 -22L-106 0ZM-70 14L-106 30L-96 10Z", c.tone("#f6c244"))
        c.path("M-34 -6C-10 -18 30 -16 40 -4C34 14 -20 20 -34 12Z", c.tone("#b5472f"))
        c.line("M34 2L70 22L90 16", skin, 8)
        c.circle(54, -8, 14, skin)
        c.path("M56 -16H72V-2H56Z", c.tone("#cfe8ee"))
        c.line("M48 -18Q44 -44 54 -52", c.tone("#f6c244"), 5)


def dhow(c: Canvas) -> None:
    x, _ = land.sky(c)
    land.hills(c, 452, "#5f8a72", count=2, swing=14, gap=20)
    land.water(c, 456, land.SEA)
    land.glitter(c, x, 460)
    side = c.one_of(-1, 1)
    for index in range(c.random.randint(1, 3)):
        things.dhow(
            c,
            600 - side * (260 + index * 130),
            486 + index * 10,
            c.between(40, 66),
            far=0.35 - index * 0.08,
            flip=c.random.random() < 0.5,
            crew=False,
        )
    things.dhow(c, 600 + side * c.between(60, 200), 654, c.between(215, 250), flip=side < 0)
    waves = "".join(
        f"M{c.between(-20, 1150):.0f} {c.between(676, 796):.0f}q30 -12 {c.between(60, 120):.0f} 0" for _ in range(20)
    )
    c.line(waves, mix(c.tone(land.SEA), "#ffffff", 0.35), 4, 0.6)
    life.flock(c, c.between(250, 900), c.between(140, 240), c.random.randint(4, 7), 18, "#3a4048")


def boat(c: Canvas) -> None:
    x, _ = land.sky(c)
    land.hills(c, 440, "#5f8a6a", count=3, swing=30, gap=34)
    land.water(c, 446, "#2f8a9a")
    land.glitter(c, x, 450)
    for gap in (c.between(120, 330), c.between(840, 1080)):
        things.canoe(c, gap, 520, 46, 2, flip=c.random.random() < 0.5)
    things.canoe(
        c,
        c.between(480, 720),
        654,
        c.between(190, 225),
        c.random.randint(3, 5),
        c.one_of("#b5472f", "#2f5d8c", "#d98e04", "#0b5d3b"),
        flip=c.random.random() < 0.5,
    )
    if c.random.random() < 0.5:
        for index in range(3):
            life.hippo(c, 180 + index * 96 + c.between(0, 560), 566 + index * 10, 44)
    side = c.one_of(0, 1)
    for index in range(3):
        land.reeds(c, side * WIDTH + (1 - 2 * side) * (40 + index * 110), 812, 10, 200 - index * 40, papyrus=True)
    life.flock(c, c.between(300, 900), 200, 5, 15)


def lake(c: Canvas) -> None:
    x, _ = land.sky(c)
    land.hills(c, 420, "#6f7f6a", count=4, swing=40, gap=36)
    land.water(c, 424, "#5a9aa8")
    land.glitter(c, x, 430, 620)
    far = "".join(f"M{c.between(40, 1160):.0f} {c.between(474, 500):.0f}h{c.between(6, 16):.0f}" for _ in range(60))
    c.line(far, c.tone("#f0a6a8", 0.15), 6, 0.9)
    birds = sorted((c.between(530, 730), c.between(30, 1170)) for _ in range(c.random.randint(15, 20)))
    for y, px in birds:
        height = 40 + (y - 530) * 0.74
        c.ellipse(px, y + 3, height * 0.3, height * 0.05, c.tone("#2f5f6a"), 0.35)
        life.flamingo(c, px, y, height, flip=c.random.random() < 0.5)
    if c.random.random() < 0.6:
        life.flock(c, c.between(300, 900), c.between(170, 240), c.random.randint(5, 9), 16, "#d9707a")
    c.path("M-10 770Q300 740 640 766T1210 756V810H-10Z", c.tone("#cdb98f"))
    land.grass(c, 802, "#7f9446", count=26, height=52)


def wetland(c: Canvas) -> None:
    land.sky(c)
    land.hills(c, 400, "#6a9060", count=2, swing=26, gap=34)
    c.curve(c.roll(430, 10), c.tone("#7fa552"))
    land.water(c, 470, "#3f8f8f")
    for index in range(9):
        land.reeds(c, index * 150 + c.between(-20, 40), 492, 4, c.between(70, 110), papyrus=True)
    pads = [(c.between(60, 1140), c.between(560, 760)) for _ in range(16)]
    for x, y in pads:
        r = 14 + (y - 540) * 0.16
        pad = "M0 0L30 -6A30 11 0 1 1 21 -10Z"
        c.stamp("pad", lambda d=pad: c.path(d, None), x, y, r / 30, fill=c.tone(c.one_of("#4f8f4a", "#79ad58")))
        if c.random.random() < 0.3:
            petals = "M0 0C-20 -6 -22 -20 -18 -26C-10 -20 -4 -10 0 0C-6 -18 -4 -30 0 -36C4 -30 6 -18 0 0C4 -10 10 -20 18 -26C22 -20 20 -6 0 0Z"
            c.stamp("lily", lambda d=petals: c.path(d, c.tone("#f6d7e6")), x - r * 0.3, y - 2, r / 26)
    side = c.one_of(-1, 1)
    life.heron(c, 600 + side * c.between(80, 200), 690, c.between(230, 280), flip=side > 0)
    if c.random.random() < 0.6:
        things.canoe(c, 600 - side * 230, 590, 86, 2, flip=side < 0)
    for index in range(4):
        land.reeds(c, 600 - side * (590 - index * 84), 812, 6, 300 - index * 56, papyrus=True)
    land.reeds(c, 600 + side * 550, 812, 7, 200)
    life.flock(c, 600 + side * 240, 190, 6, 15)


def birds(c: Canvas) -> None:
    land.sky(c)
    land.hills(c, 560, "#6d9060", count=3, swing=40, gap=52)
    land.ground(c, 620, "#8aa653")
    for _ in range(4):
        land.tree(c, c.between(60, 1140), c.between(596, 612), c.between(110, 170), far=0.4)
    side = c.one_of(-1, 1)
    bark = c.tone("#5b4030")
    c.line(f"M{600 + side * 640} 610Q{600 + side * 200} 560 {600 - side * 90} 588T{600 - side * 430} 520", bark, 24)
    c.line(f"M{600 + side * 320} 576Q{600 + side * 220} 480 {600 + side * 60} 404L{600 - side * 20} 330", bark, 15)
    kinds = [ROLLER, STARLING, BEE_EATER, KINGFISHER, WEAVER]
    c.random.shuffle(kinds)
    seats = [(600 - side * 170, 574, 205), (600 + side * 250, 552, 165), (600 + side * 46, 398, 130)]
    for (x, y, size), colours in zip(seats[: c.random.randint(2, 3)], kinds, strict=False):
        life.perched(c, x, y, size, colours, flip=c.random.random() < 0.5)
    for _ in range(18):
        angle, x = c.between(-60, 60), 600 + side * c.between(160, 620)
        with c.at(x, 600 - abs(x - 600) * 0.06 + c.between(-60, 30), turn=angle):
            c.path("M0 0Q24 -26 66 -12Q40 18 0 0Z", c.tone(c.one_of("#3d7d45", "#6aa34f", "#8fb257")))
    for _ in range(7):
        x, y = 600 + side * c.between(300, 600), c.between(430, 590)
        for px, py in ((0, 0), (14, 6), (5, 16)):
            c.circle(x + px, y + py, 8, c.tone("#d9513c"))
    life.flock(c, 600 - side * 260, 190, c.random.randint(4, 6), 16)
    land.grass(c, HEIGHT - 4, "#5f7f3a", count=30, height=60)
