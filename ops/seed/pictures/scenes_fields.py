"""Scenes of fields, villages and the roads between them."""

from __future__ import annotations

from ops.seed.pictures import land, life, things
from ops.seed.pictures.life import CLOTHS
from ops.seed.pictures.paint import HEIGHT, WIDTH, Canvas, mix


def coffee(c: Canvas) -> None:
    land.sky(c)
    land.hills(c, 430, "#4f8a55", count=3, swing=44, gap=48)
    _rows(c, 440, "#3f7d45", "#6aa34f")
    for _ in range(c.random.randint(1, 3)):
        life.person(
            c, c.between(120, 700), c.between(560, 600), 104, basket="#b98549", wrap=c.one_of("#d98e04", "#b5472f")
        )
    side = c.one_of(-1, 1)
    _cup(c, 600 - side * 260, 742)
    c.line(f"M{600 + side * 660} 150Q{600 + side * 380} 210 {600 + side * 170} 420", c.tone("#5b4030"), 14)
    for step in range(7):
        t = step / 6
        x, y = 600 + side * (640 - 460 * t), 152 + 40 * t + 230 * t * t
        for turn in (c.between(-150, -110), c.between(20, 70)):
            with c.at(x, y, turn=turn):
                c.stamp("leaf", lambda: _leaf(c), 0, 0, 1.3, fill=c.tone(c.one_of("#1f6b3f", "#2f8048")))
        for _ in range(3):
            berry = c.tone(c.one_of("#c9352b", "#b5281f", "#d9513c", "#e8a33d"))
            c.circle(x + c.between(-26, 26), y + c.between(-14, 30), 14, berry)


def _leaf(c: Canvas) -> None:
    c.path("M0 0Q40 -38 112 -10Q60 34 0 0Z", None)
    c.line("M4 0Q50 -8 100 -8", c.tone("#8fb257"), 2.4, 0.7)


def _cup(c: Canvas, x: float, y: float) -> None:
    with c.at(x, y, 1.55):
        c.ellipse(0, 6, 116, 18, c.tone("#5b3a24"), 0.5)
        c.ellipse(0, 0, 104, 16, c.tone("#fbf8f1"))
        c.path("M62 -78C110 -84 112 -26 56 -22L58 -34C90 -40 90 -66 60 -64Z", c.tone("#f0e6d2"))
        c.path("M-72 -96H72C72 -40 46 -4 0 -4C-46 -4 -72 -40 -72 -96Z", c.tone("#fbf8f1"))
        c.path("M20 -96H72C72 -40 46 -4 10 -4C34 -30 36 -60 20 -96Z", c.tone("#d9cdb6"), 0.6)
        c.ellipse(0, -96, 72, 15, c.tone("#e8dcc4"))
        c.ellipse(0, -95, 62, 11, c.tone("#4a2616"))
        c.line("M-66 -62l12 10l12 -10l12 10l12 -10l12 10l12 -10l12 10l12 -10l12 10l12 -10", c.tone("#b5472f"), 4)
        c.line("M-18 -118q-20 -24 0 -48t0 -48M14 -118q20 -26 0 -50t2 -44", "#ffffff", 8, 0.5)


def _rows(c: Canvas, top: float, dark: str, light: str) -> None:
    """Planted rows that follow the slope down to the lower edge."""
    c.curve(c.roll(top, 16), c.tone(mix(dark, "#3a2a1a", 0.25)))
    count = 9
    for index in range(count):
        t = (index + 1) / count
        y, size = top + 20 + (HEIGHT - top) * t**1.5, 12 + 46 * t
        bump = f"q{size * 0.8:.0f} -{size * 0.8:.0f} {size * 1.7:.0f} {c.between(-2, 2):.0f}"
        d = (
            f"M{-c.between(10, 80):.0f} {y - size * 0.5:.0f}"
            + bump * int(WIDTH / size / 1.6 + 2)
            + f"V{y + size * 0.5:.0f}H-80z"
        )
        c.path(d, c.tone(mix(dark, light, (index % 2) * 0.4 + t * 0.4), 0.34 * (1 - t)))


def tea(c: Canvas) -> None:
    land.sky(c)
    land.hills(c, 400, "#4f9058", count=4, swing=50, gap=44)
    for _ in range(6):
        land.tree(c, c.between(0, WIDTH), c.between(408, 430), c.between(70, 120), far=0.35)
    _rows(c, 420, "#2f8a3f", "#9ac84f")
    if c.mood.value in ("dawn", "day"):
        for y in (410, 470):
            c.curve(
                [(x, y + c.between(-12, 12)) for x in range(-60, 1300, 140)],
                c.gradient((0, "#ffffff", 0.5), (1, "#ffffff", 0)),
                floor=y + 100,
            )
    for x, y, height in (
        (c.between(150, 420), 640, 150),
        (c.between(560, 760), 590, 118),
        (c.between(860, 1080), 690, 185),
    ):
        life.person(
            c,
            x,
            y,
            height,
            cloth=c.one_of(*CLOTHS),
            wrap=c.one_of("#f6c244", "#b5472f", "#fbf0d4"),
            flip=c.random.random() < 0.5,
        )
        with c.at(x - height * 0.2, y - height * 0.56, height / 150):
            c.path("M-24 -22H22L16 34H-18Z", c.tone("#c79a55"))
            c.path("M-22 -22Q-10 -44 0 -30Q10 -44 20 -22Z", c.tone("#7fb348"))
            c.line("M-22 -6H20M-20 12H18", c.tone("#8f6a34"), 3)
        land.bush(c, x, y + height * 0.12, height * 0.95, "#3f9a48")


def farm(c: Canvas) -> None:
    land.sky(c)
    land.hills(c, 430, "#5f9455", count=3, swing=40, gap=46)
    c.curve(c.roll(470, 20), c.tone("#9db854"))
    x = c.between(200, 460)
    things.hut(c, x, 520, 120)
    _house(c, x + 230, 524)
    for index, colour in enumerate(("#b98549", "#7fa84a", "#c9a552", "#5f9a45", "#a8713f")):
        y = 540 + index * 52
        c.curve([(px, py) for px, py in c.roll(y, 18, waves=2)], c.tone(colour))
        d = f"M{20 + index * 8} {y + c.between(14, 22):.0f}" + "q7-14 0-24m50 24q-7-14 0-22m46 22q7-14 0-24m52 24" * 8
        c.line(d, c.tone("#2f7a3a" if index % 2 == 0 else "#dfe08a"), 6 + index)
    for px in (c.between(40, 120), c.between(1010, 1150), c.between(900, 980)):
        land.banana(c, px, c.between(600, 680), c.between(190, 260))
    life.cow(c, c.between(620, 860), 620, 104, c.one_of("#8a5a3c", "#efe6d6", "#3f3530"), flip=c.random.random() < 0.5)
    spot = c.between(260, 520)
    life.person(c, spot, 716, 168, cloth="#2f5d8c", hat=True, stick=True)
    life.person(c, spot + 120, 726, 158, wrap="#d98e04", basket="#b98549", flip=True)
    land.grass(c, HEIGHT, "#4f7f3a", count=22, height=54)


def _house(c: Canvas, x: float, y: float) -> None:
    with c.at(x, y, 1.2):
        c.rect(-70, -62, 140, 62, c.tone("#e3c9a0"))
        c.path("M-84 -60L-50 -104H50L84 -60Z", c.tone("#9a4630"))
        c.rect(-14, -42, 28, 42, c.tone("#3a5f4a"))
        for px in (-54, 28):
            c.rect(px, -44, 26, 22, things.WINDOW if c.is_dark else c.tone("#bcd8dc"))


def village(c: Canvas) -> None:
    land.sky(c)
    land.hills(c, 480, "#7d8f5f", count=3, swing=40, gap=46)
    land.ground(c, 520, "#cfa964")
    for _ in range(3):
        land.acacia(c, c.between(40, 1160), c.between(525, 550), c.between(120, 170), far=0.2)
    spots = sorted((c.between(548, 640), (index + c.between(0.2, 0.8)) * 240) for index in range(5))
    for y, x in spots:
        things.hut(c, x, y, (y - 430) * 1.05)
    x, y = spots[-1][1], spots[-1][0]
    land.smoke(c, x + 40, y - 210, 150)
    posts = "".join(f"M{px} {664 + c.between(-4, 4):.0f}v{-c.between(34, 48):.0f}" for px in range(-10, 1220, 30))
    c.line(posts + "M-10 640Q600 628 1210 642", c.tone("#7a5a38"), 5)
    land.ground(c, 668, "#c19454")
    for index in range(c.random.randint(2, 3)):
        life.cow(
            c,
            170 + index * 130,
            726 + index * 10,
            92,
            c.one_of("#8a5a3c", "#efe6d6", "#5b4030"),
            flip=c.random.random() < 0.5,
        )
    for index in range(c.random.randint(3, 4)):
        red = c.one_of("#c9352b", "#b5472f", "#2f5d8c", "#8e2f5c")
        life.person(
            c,
            690 + index * 112 + c.between(-20, 20),
            752 + c.between(-14, 10),
            c.between(140, 160),
            cloth=red,
            stick=index == 0,
            flip=index > 1,
        )
    land.grass(c, HEIGHT + 4, "#a08a44", count=20, height=46)


def cycling(c: Canvas) -> None:
    land.sky(c)
    land.hills(c, 480, "#6f9458", count=4, swing=44, gap=40)
    land.ground(c, 520, "#b3b458")
    for _ in range(4):
        land.acacia(c, c.between(30, 1170), c.between(525, 560), c.between(80, 130), far=0.3)
    for index in range(3):
        c.one_of(life.zebra, life.giraffe)(
            c,
            c.one_of(c.between(40, 210), c.between(1000, 1160)),
            572 + index * 6,
            c.between(54, 80),
            far=0.15,
            flip=index == 1,
        )
    c.path("M-10 640Q600 600 1210 636V742Q600 700 -10 748Z", c.tone(land.RED_SOIL))
    c.line("M-10 690Q600 650 1210 686", c.tone("#d98a5a"), 5, 0.5)
    side = c.one_of(-1, 1)
    count = c.random.randint(2, 3)
    for index in range(count):
        things.bicycle(
            c,
            600 + side * (count * 130 - 130 - index * 280),
            706 + c.between(-6, 14),
            152,
            c.one_of("#d98e04", "#0b5d3b", "#2f5d8c", "#8e2f5c"),
            flip=side < 0,
        )
    land.grass(c, HEIGHT + 2, "#7f8f3f", count=34, height=60)


def running(c: Canvas) -> None:
    land.sky(c)
    land.hills(c, 470, "#5f9058", count=4, swing=48, gap=42)
    for _ in range(9):
        x = c.between(0, WIDTH)
        c.path(f"M{x - 5:.0f} 540L{x - 3:.0f} 420H{x + 3:.0f}L{x + 5:.0f} 540Z", c.tone("#8a7a66", 0.25))
        c.ellipse(x, 400, 22, c.between(50, 76), c.tone("#4f8a55", 0.25))
    land.ground(c, 530, "#8fb257")
    c.path("M-10 610Q600 570 1210 604V770Q600 730 -10 790Z", c.tone("#c2603a"))
    c.line("M-10 640Q600 600 1210 632M-10 740Q600 700 1210 732", c.tone("#dd8a5f"), 5, 0.5)
    side = c.one_of(-1, 1)
    count = c.random.randint(3, 5)
    vests = ["#d98e04", "#b5281f", "#0b5d3b", "#2f5d8c", "#fbf8f1"]
    c.random.shuffle(vests)
    for index in range(count):
        life.runner(
            c,
            600 + side * (count * 95 - 95 - index * 195),
            708 + c.between(-20, 26),
            c.between(196, 222),
            vests[index],
            flip=side < 0,
            stride=index % 2 == 0,
        )
    dust = [(600 - side * (count * 110 + k * 34), 716 + c.between(-8, 8)) for k in range(5)]
    for px, py in dust:
        c.circle(px, py, c.between(14, 30), c.tone("#e0a680"), 0.4)
    land.grass(c, HEIGHT + 4, "#5f8a3f", count=30, height=54)
