"""Scenes of open country under a wide sky: plains, mountains, deserts and the stars."""

from __future__ import annotations

from ops.seed.pictures import land, life, things
from ops.seed.pictures.paint import HEIGHT, WIDTH, Canvas, mix


def savannah(c: Canvas) -> None:
    land.sky(c)
    base = c.between(500, 540)
    land.hills(c, base, "#7d8b5a", count=2, swing=30, gap=38)
    land.ground(c, base + 20, land.DRY)
    for _ in range(4):
        land.acacia(c, c.between(40, WIDTH - 40), base + c.between(22, 40), c.between(60, 95), far=0.42)
    land.ground(c, base + 90, mix(land.DRY, land.GRASS, 0.35))
    side = c.one_of(-1, 1)
    land.acacia(c, 600 - side * c.between(300, 400), base + 120, c.between(260, 330))
    herd = c.one_of(_elephants, _giraffes, _zebras)
    herd(c, 600 + side * c.between(60, 170), base + 150, side)
    life.flock(c, 600 + side * 330, c.between(150, 240), c.random.randint(4, 7), 16)
    land.ground(c, base + 200, mix(land.DRY, "#8a6a2c", 0.3))
    land.grass(c, HEIGHT - 10, "#a98a3a", count=34, height=70)


def _elephants(c: Canvas, x: float, y: float, side: int) -> None:
    for index in range(c.random.randint(2, 4)):
        small = index == 1
        life.elephant(
            c,
            x + side * index * c.between(150, 190),
            y + c.between(-12, 26),
            76 if small else c.between(130, 175),
            flip=side < 0,
        )


def _giraffes(c: Canvas, x: float, y: float, side: int) -> None:
    for index in range(c.random.randint(2, 3)):
        life.giraffe(
            c,
            x + side * index * c.between(130, 180),
            y + c.between(0, 30),
            c.between(230, 300) - index * 30,
            flip=c.random.random() < 0.4,
        )


def _zebras(c: Canvas, x: float, y: float, side: int) -> None:
    for index in range(c.random.randint(3, 5)):
        life.zebra(
            c,
            x + side * (index * c.between(95, 125) - 90),
            y + (index % 2) * 44 + c.between(-8, 8),
            c.between(98, 122),
            flip=c.random.random() < 0.4,
        )


def mountain(c: Canvas) -> None:
    land.sky(c, lamp_x=c.one_of(230, 960))
    x = c.between(520, 700)
    land.peaks(c, 560, c.between(340, 400), "#6f7f92", 0.22, snow=True, x=x)
    land.peaks(c, 570, 170, "#7c8796", 0.5, x=x + c.one_of(-380, 390))
    land.hills(c, 590, "#57754f", count=3, swing=40, gap=44)
    land.ground(c, 640, "#7f9452")
    for _ in range(c.random.randint(4, 6)):
        _groundsel(c, c.between(60, 1140), c.between(640, 700), c.between(90, 170))
    land.ground(c, 712, "#5f7a3f")
    if c.random.random() < 0.5:
        spot = c.between(320, 800)
        things.tent(c, spot, 732, 84, c.one_of("#d98e04", "#b5472f"))
        life.person(c, spot + 130, 742, 78, cloth="#2f5d8c", hat=True, stick=True)
    else:
        start = c.between(260, 560)
        for index in range(c.random.randint(2, 4)):
            life.person(
                c,
                start + index * 84,
                736 + c.between(-6, 8),
                c.between(92, 108),
                hat=True,
                stick=True,
                cloth=c.one_of("#b5472f", "#d98e04", "#2f5d8c", "#1f6f78"),
            )
    land.grass(c, HEIGHT - 6, "#44602f", count=30, height=46)


def _groundsel(c: Canvas, x: float, y: float, height: float) -> None:
    """The giant groundsel of the high moorland."""
    bark, leaf, light = c.tone("#5b4a3a"), c.tone("#5d8a55"), c.tone("#9dba6a")

    def draw() -> None:
        c.line("M0 0V-46M0 -34Q-22 -40 -22 -62M0 -40Q20 -46 22 -72", bark, 9)
        for px, py in ((-22, -66), (0, -54), (22, -78)):
            for index, angle in enumerate(range(-80, 81, 32)):
                with c.at(px, py, turn=angle):
                    c.path("M-5 4Q-7 -16 0 -30Q7 -16 5 4Z", (leaf, light)[index % 2])

    c.stamp("groundsel", draw, x, y, height / 100)


def _dunes(c: Canvas, base: float) -> None:
    for index, colour in enumerate(("#e7c182", "#dba962", "#cf9a52")):
        top = base + index * 82
        points = c.roll(top, 46 - index * 6, waves=2)
        c.curve(points, c.tone(colour, 0.34 - index * 0.15))
        crest = max(range(3, 9), key=lambda i: -points[i][1])
        (px, py), (qx, qy) = points[crest], points[crest + 3]
        c.path(
            f"M{px:.0f} {py:.0f}Q{px + 70:.0f} {py + 60:.0f} {px + 30:.0f} {py + 160:.0f}Q{qx - 60:.0f} {qy + 60:.0f} {qx:.0f} {qy:.0f}Q{(px + qx) / 2:.0f} {py - 4:.0f} {px:.0f} {py:.0f}Z",
            c.tone("#8a5a33"),
            0.2,
        )


def desert(c: Canvas) -> None:
    land.sky(c, clouds=c.random.random() < 0.4)
    land.peaks(c, 500, c.between(70, 120), "#9a7a6a", 0.55, x=c.between(200, 1000))
    _dunes(c, 500)
    side = c.one_of(-1, 1)
    for index in range(c.random.randint(1, 3)):
        land.palm(
            c, 600 + side * (240 + index * 62), 640 + index * 16, c.between(150, 220), lean=c.between(-0.12, 0.16)
        )
    x = 600 - side * c.between(120, 260)
    life.camel(c, x, 640, 96, flip=side < 0, load="#b5472f")
    life.person(c, x + side * 92, 648, 78, wrap="#fbf0d4", stick=True, flip=side < 0)
    cracks = "".join(
        f"M{c.between(0, WIDTH):.0f} {c.between(700, 790):.0f}l{c.between(20, 60):.0f} {c.between(-12, 12):.0f}l{c.between(10, 30):.0f} {c.between(-14, 14):.0f}"
        for _ in range(22)
    )
    c.line(cracks, c.tone("#8a5a33"), 2.4, 0.5)


def camels(c: Canvas) -> None:
    land.sky(c, lamp_x=c.between(360, 840), clouds=False)
    land.peaks(c, 520, c.between(60, 110), "#9a7a6a", 0.6, x=c.between(150, 1050))
    land.hills(c, 560, "#c79455", count=2, swing=26, gap=36)
    land.ground(c, 590, "#d3a35e")
    side = c.one_of(-1, 1)
    x = 600 + side * 330
    life.person(c, x, 668, 122, cloth=c.one_of("#b5472f", "#c9352b"), stick=True, flip=side < 0)
    loads = ("#b5472f", "#0b5d3b", "#2f5d8c", "#8e2f5c", "#d98e04")
    count = c.random.randint(3, 4)
    for index in range(count):
        cx = x - side * (150 + index * 188)
        life.camel(
            c,
            cx,
            676 + c.between(-6, 10),
            c.between(168, 186),
            flip=side < 0,
            load=loads[(index + c.random.randint(0, 4)) % 5],
        )
        c.line(f"M{cx + side * 116:.0f} {676 - 146:.0f}q{side * 30} 40 {side * 56} 34", c.tone("#5b4030"), 2.4)
    land.ground(c, 708, "#b98549")
    for _ in range(5):
        land.bush(c, c.between(0, WIDTH), c.between(742, 800), c.between(30, 64), "#8d8a4a")
    land.acacia(c, 600 + side * c.between(440, 500), 600, 120, far=0.3)


def horses(c: Canvas) -> None:
    land.sky(c)
    land.hills(c, 500, "#6f8f5c", count=3, swing=40, gap=44)
    land.ground(c, 540, "#a9b25a")
    for _ in range(4):
        land.acacia(c, c.between(40, 1160), c.between(545, 575), c.between(70, 110), far=0.32)
    for index in range(3):
        life.zebra(c, c.between(80, 1120), 590 + index * 6, 48, far=0.2, flip=index == 1)
    land.ground(c, 620, "#8fa34e")
    side = c.one_of(-1, 1)
    coats = ("#7a4526", "#a8713f", "#4a3226", "#d8c7ae")
    for index in range(c.random.randint(2, 3)):
        x, y = 600 + side * (210 - index * 270), 716 + c.between(-14, 14)
        life.horse(c, x, y, 200, coats[(index + c.random.randint(0, 3)) % 4], flip=side < 0)
        with c.at(x - side * 10, y - 120, 1.35, flip=side < 0):
            skin = c.tone(c.one_of(*life.SKINS))
            c.line("M-2 -4L14 26L6 48", c.tone("#e8d9b0"), 11)
            c.path(
                "M-15 4C-18 -24 -12 -46 0 -46C12 -46 14 -24 11 4Z",
                c.tone(c.one_of("#b5472f", "#0b5d3b", "#2f5d8c", "#fbf0d4")),
            )
            c.line("M4 -36L20 -14L36 -18", skin, 6)
            c.circle(2, -58, 10, skin)
            c.path("M-15 -62Q2 -66 19 -62L12 -65Q10 -76 2 -76Q-6 -76 -8 -65Z", c.tone("#5b4030"))
    land.grass(c, HEIGHT - 6, "#6f8540", count=34, height=58)


def night_sky(c: Canvas) -> None:
    top = c.light.sky[0] if c.is_dark else "#0b1430"
    glow = mix("#34547d", c.light.sky[-1], 0.16 if c.is_dark else 0.5)
    c.rect(0, 0, WIDTH, HEIGHT, c.gradient(top, mix(top, "#2a4a7a", 0.5), glow))
    with c.at(600, 250, turn=c.between(-38, -22)):
        for wide, opacity in ((170, 0.07), (110, 0.09), (56, 0.12)):
            c.ellipse(0, 0, 900, wide, "#dfe3ff", opacity)
    land.stars(c, 210, low=560)
    for _ in range(7):
        x, y, r = c.between(60, 1140), c.between(40, 380), c.between(5, 9)
        c.path(
            f"M{x:.0f} {y - r:.0f}L{x + r / 4:.1f} {y - r / 4:.1f}L{x + r:.0f} {y:.0f}L{x + r / 4:.1f} {y + r / 4:.1f}L{x:.0f} {y + r:.0f}L{x - r / 4:.1f} {y + r / 4:.1f}L{x - r:.0f} {y:.0f}L{x - r / 4:.1f} {y - r / 4:.1f}Z",
            "#fff6da",
        )
    c.line(f"M{c.between(700, 1000):.0f} {c.between(80, 140):.0f}l-120 60", "#fff6da", 2.6, 0.8)
    ink = mix("#0a1122", glow, 0.1)
    c.curve(c.roll(600, 34), mix(ink, glow, 0.35))
    c.curve(c.roll(650, 20), ink)
    side = c.one_of(-1, 1)
    with c.at(600 + side * 330, 676, 3.2, flip=side < 0):
        c.path("M-5 2C-3 -20 -6 -32 -1 -46L5 -46C3 -30 5 -18 7 2Z", ink)
        c.line("M-1 -38L-30 -70M2 -44L22 -74M0 -50L-6 -76M14 -64L44 -74", ink, 4)
        c.path("M-78 -66C-60 -88 -20 -92 6 -88C40 -92 70 -82 82 -66C50 -60 -40 -60 -78 -66Z", ink)
    x = 600 - side * c.between(120, 200)
    things.fire(c, x, 706, 62)
    with c.at(x - side * 230, 712, 1.6):
        c.path("M0 -74L-84 0H84Z", "#b9741a")
        c.path("M0 -60L-24 0H24Z", "#ffcf7a")
    for index, gap in enumerate((-96, 84, 140)[: c.random.randint(2, 3)]):
        with c.at(x + gap, 722 + index * 4, 0.9, flip=gap > 0):
            c.path("M-26 0C-30 -40 -14 -58 0 -58C14 -58 20 -40 30 -18L36 0Z", c.one_of("#8f3a28", "#27506e", "#5f3550"))
            c.circle(4, -70, 13, c.one_of("#3b241a", "#5d3a28"))
            c.line("M6 -40L34 -28", "#5d3a28", 7)
    c.curve(c.roll(744, 10), mix(ink, "#000000", 0.3))
