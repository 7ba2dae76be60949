"""Scenes of towns: streets, tables, crafts and nights out."""

from __future__ import annotations

from ops.seed.pictures import land, life, things
from ops.seed.pictures.paint import HEIGHT, WIDTH, Canvas, mix
from ops.seed.shapes import Mood

CLOTH_BORDERS = (
    ("#b5472f", "#f2d9a0", "#1d1b16"),
    ("#0b5d3b", "#f6c244", "#b5472f"),
    ("#2f5d8c", "#fbf0d4", "#d98e04"),
    ("#8e2f5c", "#f6c244", "#fbf0d4"),
)


def city(c: Canvas) -> None:
    land.sky(c)
    _skyline(c, 560)
    c.rect(0, 556, WIDTH, 260, c.tone("#8fae5e"))
    for index in range(9):
        x = index * 145 + c.between(-30, 30)
        jacaranda = c.random.random() < 0.45
        land.tree(c, x, 610 + c.between(-6, 10), c.between(110, 160), colour="#8a6fc0" if jacaranda else "#3d7d45")
    c.rect(0, 628, WIDTH, 180, c.tone("#6d6a68"))
    c.rect(0, 622, WIDTH, 10, c.tone("#d9cfbb"))
    c.line("".join(f"M{x} 718h70" for x in range(-20, 1240, 150)), c.tone("#f2e6c9"), 7)
    for lane, y in enumerate((694, 782)):
        for _ in range(2):
            things.matatu(
                c,
                c.between(60, 560) + c.one_of(0, 560),
                y,
                92 + lane * 18,
                c.one_of("#b5472f", "#0b5d3b", "#2f5d8c", "#8e2f5c"),
            )
    for _ in range(c.random.randint(4, 6)):
        life.person(
            c,
            c.between(30, 1170),
            640,
            c.between(66, 78),
            basket=c.one_of("", "", "#b98549"),
            wrap=c.one_of("", "#d98e04"),
        )


def _skyline(c: Canvas, base: float) -> None:
    for far, low, high, step in ((0.6, 170, 310, 96), (0.3, 120, 260, 112)):
        x = -20.0
        while x < WIDTH:
            w = c.between(step * 0.7, step * 1.2)
            things.tower(
                c,
                x,
                base,
                w,
                c.between(low, high),
                c.one_of("#7d93a6", "#a3968a", "#8c9aa0", "#b59a7d", "#5f7a8c"),
                far,
            )
            x += w + c.between(2, 16)
    x = c.between(380, 760)
    things.kicc(c, x, base, c.between(310, 350))
    side = c.one_of(-1, 1)
    tall = x + side * c.between(190, 260)
    things.tower(c, tall, base, 84, 380, "#5f86a0", 0.1)
    c.polygon([(tall, base - 380), (tall + 42, base - 430), (tall + 84, base - 380)], c.tone("#3f627a", 0.1))
    things.tower(c, x - side * 230, base, 96, 300, "#b5825c", 0.1)


def city_night(c: Canvas) -> None:
    if not c.is_dark:
        c.turn_to(Mood.NIGHT)
    land.sky(c, clouds=False)
    _skyline(c, 640)
    c.rect(0, 636, WIDTH, 170, "#1a1c2c")
    c.rect(0, 300, WIDTH, 400, c.gradient((0, "#f2a65a", 0), (1, "#f2a65a", 0.28)))
    c.rect(-10, 690, 1220, 120, "#2a1f1d")
    c.line("M-10 690H1210", "#6b4a36", 8)
    c.line("".join(f"M{x} 690v-62" for x in range(20, 1200, 90)) + "M-10 628H1210", "#3a2c2a", 5)
    for top, sag in ((120, 110), (170, 80)):
        knots = [
            (-20.0, float(top)),
            (300.0, top + sag * 1.6),
            (620.0, float(top - 20)),
            (920.0, top + sag * 1.5),
            (1220.0, float(top)),
        ]
        c.line(f"M-20 {top}Q300 {top + sag * 2} 620 {top - 10}Q920 {top + sag * 2} 1220 {top}", "#3a2c2a", 2.4)
        bulbs = "".join(_bulbs(knots[0], (300, top + sag * 2), knots[2])) + "".join(
            _bulbs(knots[2], (920, top + sag * 2), knots[4])
        )
        c.line(bulbs, "#ffe9b8", 11)
    for index in range(c.random.randint(4, 6)):
        x = 130 + index * 185 + c.between(-30, 30)
        c.turn_to(Mood.DUSK)
        life.person(
            c,
            x,
            792,
            c.between(170, 196),
            wrap=c.one_of("", "", "#d98e04"),
            flip=c.random.random() < 0.5,
            cloth=c.one_of("#b5472f", "#d98e04", "#1f6f78", "#8e2f5c", "#e8d9b0"),
        )
        c.line(f"M{x + 46:.0f} 690v-16", "#ffd98a", 9)


def _bulbs(start, bend, end):
    for step in range(1, 9):
        t = step / 9
        x = (1 - t) ** 2 * start[0] + 2 * t * (1 - t) * bend[0] + t * t * end[0]
        y = (1 - t) ** 2 * start[1] + 2 * t * (1 - t) * bend[1] + t * t * end[1]
        yield f"M{x:.0f} {y + 8:.0f}h0"


def market(c: Canvas) -> None:
    land.sky(c)
    x = -30.0
    while x < WIDTH:
        w = c.between(110, 190)
        colour = c.one_of("#e3b778", "#cf8f5c", "#dfcaa0", "#8fb0a8", "#d9a0a0")
        things.tower(c, x, 520, w, c.between(180, 300), colour, 0.28)
        x += w
    c.rect(0, 516, WIDTH, 300, c.tone("#d3ac74"))
    for y, sag in ((190, 60), (150, 90)):
        c.line(f"M-10 {y}Q300 {y + sag * 2} 600 {y}T1210 {y}", c.tone("#5b4030"), 2.4)
        for step in range(1, 24):
            t = step / 24
            half = (t * 2) % 1
            px, py = t * WIDTH, y + sag * 4 * half * (1 - half) * (1 if t < 0.5 else -0.45)
            c.path(
                f"M{px - 13:.0f} {py:.0f}h26l-13 30z",
                c.tone(("#b5472f", "#f6c244", "#0b5d3b", "#fbf0d4", "#2f5d8c")[step % 5]),
            )
    pairs = [("#b5472f", "#fbf0d4"), ("#0b5d3b", "#f2e6c9"), ("#2f5d8c", "#fbf8f1"), ("#d98e04", "#fbf0d4")]
    c.random.shuffle(pairs)
    for index in range(3):
        things.stall(c, 200 + index * 400 + c.between(-24, 24), 640, 170, pairs[index])
    for index in range(c.random.randint(5, 6)):
        life.person(
            c, 90 + index * 205 + c.between(-40, 40), c.between(752, 790), c.between(180, 210),
            basket=c.one_of("", "#b98549", "#d9b878"), wrap=c.one_of("#d98e04", "#8e2f5c", ""), flip=c.random.random() < 0.5,
        )  # fmt: skip


def crafts(c: Canvas) -> None:
    c.come_inside()
    colours = list(CLOTH_BORDERS)
    c.random.shuffle(colours)
    c.rect(0, 0, WIDTH, HEIGHT, c.tone("#e9d3a6"))
    _hanging(c, 60, 330, colours[0])
    _hanging(c, 430, 340, colours[1])
    _hanging(c, 810, 330, colours[2])
    c.rect(0, 560, WIDTH, 250, c.tone("#8a5a35"))
    c.line("M0 600H1200M0 680H1200M0 756H1200", c.tone("#6b4326"), 3, 0.6)
    goods = [_basket, _pot, _necklace, _drum, _basket, _pot]
    c.random.shuffle(goods)
    for index, make in enumerate(goods[:5]):
        make(c, 150 + index * 226 + c.between(-14, 14), 700 + (index % 2) * 34, c.between(1.5, 1.85))
    c.circle(c.one_of(0, 1200), 0, 760, c.gradient((0, c.light.lamp, 0.5), (1, c.light.lamp, 0), radial=True), 0.5)


def _hanging(c: Canvas, x: float, w: float, colours: tuple[str, str, str]) -> None:
    """A cloth on the wall: a border, rows of lozenges and triangles."""
    base, second, third = (c.tone(each) for each in colours)
    top, bottom = -10, 470 + c.between(-30, 20)
    c.rect(x, top, w, bottom - top, base)
    for row, y in enumerate(range(24, int(bottom) - 50, 92)):
        if row % 2:
            c.path(
                "".join(f"M{x + k * w / 6:.0f} {y + 44}l{w / 12:.0f} -44l{w / 12:.0f} 44z" for k in range(6)), second
            )
        else:
            c.path(
                "".join(
                    f"M{x + (k + 0.5) * w / 4:.0f} {y}l{w / 10:.0f} 30l{-w / 10:.0f} 30l{-w / 10:.0f} -30z"
                    for k in range(4)
                ),
                second,
            )
            c.path(
                "".join(
                    f"M{x + (k + 0.5) * w / 4:.0f} {y + 16}l{w / 22:.0f} 14l{-w / 22:.0f} 14l{-w / 22:.0f} -14z"
                    for k in range(4)
                ),
                third,
            )
    c.rect(x, bottom - 30, w, 12, second)
    c.line("".join(f"M{x + 6 + k * (w - 12) / 18:.0f} {bottom:.0f}v26" for k in range(19)), base, 5)


def _basket(c: Canvas, x: float, y: float, size: float) -> None:
    first, second = c.one_of(("#b5472f", "#1d1b16"), ("#0b5d3b", "#d98e04"), ("#2f5d8c", "#b5472f"))
    shape = "M-62 -96H62C66 -50 54 -8 40 0H-40C-54 -8 -66 -50 -62 -96Z"
    with c.at(x, y, size):
        c.line("M-44 -94C-44 -160 44 -160 44 -94", c.tone("#5b3a24"), 6)
        c.path(shape, c.tone("#e3c48a"))
        with c.within(c.clip(shape)):
            c.rect(-70, -80, 140, 14, c.tone(first))
            c.path("".join(f"M{k} -26l14 -30l14 30z" for k in range(-70, 70, 28)), c.tone(second))
            c.rect(-70, -20, 140, 9, c.tone(first))
        c.ellipse(0, -96, 62, 11, c.tone("#c9a365"))
        c.ellipse(0, -95, 52, 8, c.tone("#6b4a2b"))


def _pot(c: Canvas, x: float, y: float, size: float) -> None:
    clay = c.one_of("#a8512f", "#8a4a30", "#c27a4a")
    with c.at(x, y, size):
        c.path(
            "M-26 -104C-22 -84 -64 -70 -62 -36C-60 -8 -40 0 0 0C40 0 60 -8 62 -36C64 -70 22 -84 26 -104Z", c.tone(clay)
        )
        c.path("M10 -104H26C22 -84 64 -70 62 -36C60 -8 40 0 6 0C40 -20 40 -70 10 -104Z", c.tone("#1d1b16"), 0.16)
        c.line("M-58 -50l14 12l14 -12l14 12l16 -12l14 12l14 -12l14 12l14 -12", c.tone("#f2d9a0"), 4)
        c.ellipse(0, -104, 27, 7, c.tone(mix(clay, "#1d1b16", 0.5)))


def _necklace(c: Canvas, x: float, y: float, size: float) -> None:
    """Maasai collars, one ring of beads inside the other."""
    with c.at(x, y - 60, size):
        for radius, colour in (
            (64, "#c9352b"),
            (56, "#fbf8f1"),
            (48, "#2f5d8c"),
            (40, "#f6c244"),
            (32, "#0b5d3b"),
            (25, "#c9352b"),
        ):
            c.shape(
                "ellipse",
                cx=0,
                cy=0,
                rx=radius,
                ry=round(radius * 0.92),
                fill="none",
                stroke=c.tone(colour),
                stroke_width=7,
                stroke_dasharray="6 1",
            )
        c.line("M-10 58v22M0 60v26M10 58v22", c.tone("#c9352b"), 4)


def _drum(c: Canvas, x: float, y: float, size: float) -> None:
    with c.at(x, y, size):
        c.path("M-46 -116H46L28 -40L40 0H-40L-28 -40Z", c.tone("#7a4a2b"))
        c.line("M-44 -112L-6 -44L34 -112M-34 -112L6 -44L44 -112", c.tone("#f2d9a0"), 3.4)
        c.path("M-34 -30H34L40 0H-40Z", c.tone("#b5472f"))
        c.ellipse(0, -116, 47, 12, c.tone("#f3e3c4"))


def food(c: Canvas) -> None:
    c.come_inside()
    base, second, third = (c.tone(each) for each in c.one_of(*CLOTH_BORDERS))
    c.rect(0, 0, WIDTH, HEIGHT, c.tone("#9a683c"))
    c.line("".join(f"M0 {y}H1200" for y in range(90, 800, 118)), c.tone("#7d5230"), 4, 0.7)
    turn = c.between(-10, 10)
    with c.at(600, 400, turn=turn):
        c.rect(-720, -230, 1440, 460, base)
        for y in (-214, 190):
            c.path("".join(f"M{x} {y + 24}l22 -24l22 24l-22 0z" for x in range(-720, 720, 44)), second)
        c.line("M-720 -176H720M-720 176H720", third, 6)
        c.path(
            "".join(f"M{x} {y}l16 20l-16 20l-16 -20z" for x in range(-660, 700, 120) for y in (-110, 70)), second, 0.5
        )
    dishes = list(things.DISHES)
    c.random.shuffle(dishes)
    places = ((600, 400, 180), (250, 300, 138), (950, 290, 142), (330, 610, 128), (890, 616, 134), (600, 118, 96))
    for (x, y, r), dish in zip(places, dishes, strict=False):
        things.plate(c, x + c.between(-22, 22), y + c.between(-18, 18), r, dish)
    for x, y in ((c.between(60, 120), 110), (c.between(1070, 1130), 690), (c.between(1060, 1120), 90)):
        c.circle(x + 4, y + 6, 58, "#1d1b16", 0.2)
        c.circle(x, y, 56, c.tone("#efe4cf"))
        c.circle(x, y, 46, c.tone(c.one_of("#a8642f", "#c9352b", "#f2b63d")))
        c.path(f"M{x - 22:.0f} {y - 20:.0f}q20 -12 38 4", "#ffffff", 0.35)
    for _ in range(7):
        with c.at(c.between(60, 1140), c.one_of(c.between(40, 90), c.between(720, 770)), 0.7, turn=c.between(0, 360)):
            c.path("M0 0Q20 -24 56 -8Q30 18 0 0Z", c.tone("#3f8a45"))
    c.circle(c.one_of(100, 1100), 20, 700, c.gradient((0, c.light.lamp, 0.45), (1, c.light.lamp, 0), radial=True), 0.5)


def dancing(c: Canvas) -> None:
    outside = c.random.random() < 0.5
    if outside:
        land.sky(c, clouds=False)
        land.hills(c, 500, "#6d7f5a", count=2, swing=30)
        for x in (c.between(40, 160), c.between(1030, 1150)):
            land.palm(c, x, 620, 330, lean=c.between(-0.1, 0.1))
        c.rect(0, 590, WIDTH, 220, c.tone("#b5814c"))
        things.fire(c, 600, 640, 96)
        _drum(c, 330, 680, 0.9)
        _drum(c, 870, 680, 0.9)
    else:
        c.rect(0, 0, WIDTH, HEIGHT, c.gradient("#3a1630", "#8e2f45", "#d98e04"))
        for x, colour in ((250, "#f6c244"), (600, "#f2d9a0"), (950, "#e8556a")):
            c.polygon([(x - 20, -10), (x + 20, -10), (x + 190, 660), (x - 190, 660)], colour, 0.16)
        c.rect(0, 600, WIDTH, 220, "#3a1f24")
        for index in range(3):
            life.dancer(c, 440 + index * 160, 604, 150, c.one_of("#f2d9a0", "#d98e04"), flip=index == 2)
            _drum(c, 370 + index * 160, 608, 0.62)
    count = 4 if outside else c.random.randint(4, 5)
    for index in range(count):
        x = 150 + index * 900 / (count - 1) + c.between(-26, 26)
        life.dancer(
            c,
            x,
            752 + c.between(-14, 16),
            c.between(225, 262),
            c.one_of("#b5472f", "#d98e04", "#1f6f78", "#c9352b", "#8e2f5c", "#0b5d3b"),
            flip=c.random.random() < 0.5,
        )
    sparks = "".join(f"M{c.between(80, 1120):.0f} {c.between(60, 520):.0f}h0" for _ in range(30))
    c.line(sparks, "#ffd98a", 6, 0.7)


def fort(c: Canvas) -> None:
    x, _ = land.sky(c)
    land.water(c, 470, land.SEA)
    land.glitter(c, x, 474, 640)
    side = c.one_of(-1, 1)
    things.dhow(c, 600 - side * c.between(380, 460), 530, 84, flip=side > 0)
    wall, shade, dark = c.tone("#d99a5b"), c.tone("#b8743c"), c.tone("#8a522a")
    with c.at(600, 0, flip=side < 0):
        c.path("M-130 700L-100 330L120 300L180 340L420 310L640 330V720H-130Z", wall)
        c.path("M120 300L180 340L200 710H60Z", shade)
        c.path("M420 310L640 330V720H470Z", shade, 0.55)
        c.path(
            "M-106 330L-108 306H-84V318H-60V304H-34V316H-10V300H16V312H42V296H68V308H94V292H120V304L180 340V322H206V336H236V318H262V332H292V314H318V328H348V310H374V324H404V302H430V316H460V304H486V318H520V306H546V322H580V310H606V326H640V346L420 326L182 356L120 316L-104 346Z",
            dark,
        )
        for px, py in ((-60, 420), (10, 410), (270, 420), (350, 414), (520, 420)):
            c.path(f"M{px} {py + 40}v-24q12 -20 24 0v24z", dark)
        c.line("M-110 470L110 450M-114 560L90 545M240 470L440 458M230 570L450 560M490 480L640 486", dark, 3, 0.4)
        c.path("M300 712V610Q340 560 380 610V712Z", c.tone("#4a2c1f") if not c.is_dark else things.WINDOW)
        c.line("M470 316V210", dark, 5)
        c.path("M470 212C500 200 520 224 560 212V258C520 270 500 246 470 258Z", c.tone("#b5472f"))
    c.curve([(-60, 690), (200, 664), (460, 690), (760, 668), (1290, 690)], c.tone("#c9b47a"))
    for gap, height in ((540, 300), (440, 240)):
        land.palm(c, 600 - side * gap, 720, height, lean=side * c.between(0.05, 0.2))
    for index in range(c.random.randint(3, 5)):
        life.person(
            c,
            500 + index * 90 + c.between(-20, 20),
            756 + c.between(-10, 10),
            c.between(96, 112),
            cloth=c.one_of("#1d1b16", "#fbf0d4", "#b5472f", "#2f5d8c"),
            hat=c.random.random() < 0.4,
        )
    for _ in range(3):
        land.bush(c, c.between(0, WIDTH), 806, c.between(60, 100), "#5f8a45")
