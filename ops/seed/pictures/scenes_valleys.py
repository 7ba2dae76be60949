"""Scenes of valleys: cliffs, caves, forests, falling and steaming water."""

from __future__ import annotations

from ops.seed.pictures import land, life, things
from ops.seed.pictures.life import CLOTHS
from ops.seed.pictures.paint import HEIGHT, WIDTH, Canvas, mix


def canyon(c: Canvas) -> None:
    land.sky(c, lamp_x=c.between(520, 680))
    land.hills(c, 470, "#8a7f5c", count=2, swing=26, gap=40)
    land.ground(c, 520, "#c9a55c")
    life.flock(c, 620, 180, 5, 14)
    for side in (-1, 1):
        for layer, (colour, far, inner, top) in enumerate((("#d07a4a", 0.35, 200, 250), ("#b5542f", 0.0, 372, 90))):
            edge = 600 + side * inner
            points = [(600 + side * 640, top - 30)]
            x, y = 600 + side * 600, float(top)
            while (edge - x) * side < 0:
                points.append((x, y))
                x -= side * c.between(34, 64)
                points.append((x, y + c.between(-12, 12)))
                y += c.between(8, 40) * (0.8 + layer * 0.5)
            points += [(edge, 560), (edge + side * 60, 640 + layer * 90), (600 + side * 640, 660 + layer * 120)]
            c.polygon(points, c.tone(colour, far))
            wall = c.clip("M" + "L".join(f"{px:.0f} {py:.0f}" for px, py in points) + "Z")
            with c.within(wall):
                for band in range(8):
                    y = 200 + band * 58 + c.between(-10, 10)
                    c.line(
                        f"M{600 + side * 660} {y - 30:.0f}Q{600 + side * 480} {y - 16:.0f} {600 + side * 180} {y + 24:.0f}",
                        c.tone("#8a3a22" if band % 2 else "#e79a62", far),
                        9,
                        0.4,
                    )
    land.road(c, (600, 530), (c.between(520, 680), HEIGHT), 250, "#d9a868")
    for index in range(c.random.randint(2, 3)):
        things.bicycle(
            c, 560 + index * 92, 690 + index * 26, 66 + index * 8, c.one_of(*CLOTHS)
        ) if c.random.random() < 0.4 else life.person(c, 560 + index * 74, 690 + index * 18, 84 + index * 8, hat=True)
    for _ in range(5):
        land.bush(
            c, c.one_of(c.between(0, 320), c.between(880, 1200)), c.between(740, 800), c.between(50, 90), "#6d8a45"
        )


def cave(c: Canvas) -> None:
    land.sky(c, lamp_x=600, clouds=False)
    land.hills(c, 480, "#4f7d50", count=3, swing=34, gap=46)
    for _ in range(7):
        land.tree(c, c.between(300, 900), c.between(500, 540), c.between(90, 170), far=0.2)
    land.ground(c, 540, "#6f9a45")
    land.road(c, (c.between(560, 640), 545), (600, HEIGHT), 190, "#b98d5c")
    rock, dark = c.tone("#4a3c3a"), c.tone("#2a2226")
    inner, outer = c.tone("#6b5650"), c.tone("#8a6f62")
    for index, (colour, grow) in enumerate(((outer, 0), (inner, 46), (rock, 92), (dark, 150))):
        hole = [(600 + dx * (1 + c.between(-0.05, 0.05)), 470 + dy) for dx, dy in (
            (-380, 360), (-400, 120), (-330, -90), (-190, -230), (-20, -290), (170, -250), (320, -110), (400, 110), (380, 360))]  # fmt: skip
        wide = 1 + grow / 420
        edge = [(600 + (px - 600) * wide, 470 + (py - 470) * wide) for px, py in hole]
        d = "M-10 -10H1210V810H-10Z" + "M" + "L".join(f"{px:.0f} {py:.0f}" for px, py in reversed(edge)) + "Z"
        c.path(d, colour, fill_rule="evenodd")
        if index in (1, 2):
            spikes = "".join(
                f"M{px - 16:.0f} {py - 14:.0f}l12 {c.between(40, 96):.0f}l14 {-c.between(30, 60):.0f}z"
                for px, py in edge[2:7]
                for px in (px + c.between(-60, 60),)
            )
            c.path(spikes, colour)
    life.flock(c, 600, 290, c.random.randint(6, 9), 17, "#1d1b16")
    x = c.between(470, 560)
    for index in range(c.random.randint(2, 3)):
        life.person(c, x + index * 84, 728, 120 - index * 9, hat=True, stick=index == 0)
    for fx in (40, 150, 1060, 1160):
        land.fern(c, fx + c.between(-20, 20), 806, c.between(70, 120), "#2f6f4a")


def forest(c: Canvas) -> None:
    glow = mix(c.light.sky[-1], c.tone("#cfe08a"), 0.55)
    c.rect(0, 0, WIDTH, HEIGHT, c.gradient(c.tone("#5f9a58"), glow, c.tone("#7fae5a")))
    c.circle(c.between(420, 780), 260, 420, c.gradient((0, c.light.lamp, 0.85), (1, c.light.lamp, 0), radial=True))
    for layer, (far, count) in enumerate(((0.62, 11), (0.38, 8), (0.1, 5))):
        trunk, leaf = c.tone("#3f4a32", 0), c.tone(mix("#2f6f3f", "#0b5d3b", layer / 2), 0)
        trunk, leaf = mix(trunk, glow, far), mix(leaf, glow, far)
        for index in range(count):
            x = (index + c.between(0.15, 0.85)) * WIDTH / count
            if layer == 2 and 380 < x < 800:
                x += c.one_of(-330, 330)
            w = (14, 24, 46)[layer] * c.between(0.7, 1.2)
            c.path(
                f"M{x - w:.0f} {HEIGHT}Q{x - w * 0.3:.0f} 520 {x - w * 0.5:.0f} -10H{x + w * 0.5:.0f}Q{x + w * 0.3:.0f} 520 {x + w:.0f} {HEIGHT}Z",
                trunk,
            )
        c.curve([(x, 60 + layer * -26 + c.between(-6, 86)) for x in range(-80, 1300, 80)], leaf, floor=-10)
        c.curve(c.roll(600 + layer * 62, 18), mix(c.tone("#6f9a45"), leaf, 0.25 + layer * 0.2))
        if layer == 1:
            land.road(c, (c.between(560, 640), 650), (c.between(480, 720), HEIGHT), 170, "#b08a58")
    rays = "".join(
        f"M{x:.0f} -10L{x - 150:.0f} 760h{c.between(50, 90):.0f}L{x + 46:.0f} -10Z"
        for x in (c.between(360, 470), c.between(600, 700), c.between(820, 940))
    )
    c.path(rays, c.light.lamp, 0.05 if c.is_dark else 0.15)
    if c.random.random() < 0.6:
        for index in range(c.random.randint(2, 3)):
            life.person(c, 540 + index * 78, 738 + index * 10, 116, hat=True, stick=index == 0)
    else:
        _colobus(c, c.between(480, 700), 300)
    for _ in range(9):
        land.fern(
            c, c.between(-10, WIDTH), c.between(790, 815), c.between(70, 130), c.one_of("#2f7a45", "#0b5d3b", "#5d9a4a")
        )


def _colobus(c: Canvas, x: float, y: float) -> None:
    """A black-and-white colobus on a bough."""
    black, white = c.tone("#22201f"), c.tone("#fbf8f1")
    c.line(f"M-10 {y + 74}Q{x} {y + 40} 1210 {y + 6}", c.tone("#4a3a2a"), 20)
    with c.at(x, y + 48, 1.5, flip=c.random.random() < 0.5):
        c.path("M-22 0C-34 40 -20 100 -30 142C-14 150 -6 140 -10 120C-14 80 -8 40 -4 0Z", white)
        c.path("M-26 4C-34 -40 -6 -66 14 -58C34 -48 32 -10 26 4Z", black)
        c.path("M-28 4C-40 -24 -26 -50 -8 -60C-18 -36 -16 -10 -8 8Z", white)
        c.circle(12, -68, 17, black)
        c.path("M-2 -70C0 -52 26 -52 28 -68C26 -52 20 -46 12 -46C4 -46 -2 -54 -2 -70Z", white)
        c.circle(8, -70, 2, white)
        c.circle(18, -70, 2, white)
        c.line("M18 -20L34 0M2 -10L10 8", black, 8)


def waterfall(c: Canvas) -> None:
    land.sky(c, lamp_x=c.one_of(200, 1000))
    land.hills(c, 330, "#3f7d4c", count=2, swing=30, gap=40)
    x, wide = c.between(500, 700), c.between(80, 130)
    rock, dark = c.tone("#6b5f52"), c.tone("#4a4139")
    c.curve(
        [
            (-80, 250),
            (60, 236),
            (220, 262),
            (360, 300),
            (x - wide, 316),
            (x + wide, 316),
            (900, 280),
            (1040, 240),
            (1290, 256),
        ],
        rock,
    )
    for side in (-1, 1):
        for index in range(6):
            left = x + side * (wide + 20 + index * 84)
            c.path(
                f"M{left:.0f} {330 + index * 4}l{side * 54} {c.between(30, 70):.0f}l{-side * 18} {c.between(120, 180):.0f}l{-side * 50} -60z",
                dark,
                0.5,
            )
    _falling_water(c, x, wide)
    _banks(c)
    if c.random.random() < 0.7:
        spot = x + c.one_of(-230, 240)
        c.ellipse(spot + 20, 752, 90, 22, dark)
        life.person(c, spot, 748, 108, hat=True)
        life.person(c, spot + 48, 750, 100, wrap="#d98e04")


def _falling_water(c: Canvas, x: float, wide: float) -> None:
    c.rect(x - wide, 312, wide * 2, 330, c.gradient(c.tone("#e6f4f2"), c.tone("#ffffff"), c.tone("#bfe3e6")))
    streaks = "".join(
        f"M{x + c.between(-wide, wide):.0f} {c.between(320, 420):.0f}v{c.between(90, 210):.0f}" for _ in range(16)
    )
    c.line(streaks, c.tone("#7fc0cc"), 5, 0.55)
    water = c.tone("#2f93a6")
    c.path(f"M-10 660Q{x:.0f} 590 1210 660V810H-10Z", c.gradient(c.tone("#7fcdd0"), water))
    for size, lift in ((150, 0), (110, 18), (80, -10)):
        c.ellipse(x + c.between(-60, 60), 640 + lift, size * 1.5, size * 0.32, c.tone("#ffffff"), 0.4)
    ripples = "".join(
        f"M{c.between(100, 1000):.0f} {c.between(690, 790):.0f}q40 -6 {c.between(70, 130):.0f} 0" for _ in range(12)
    )
    c.line(ripples, c.tone("#d8f2ee"), 3, 0.6)


def _banks(c: Canvas) -> None:
    for side in (-1, 1):
        c.path(
            f"M{600 + side * 620} 420C{600 + side * 420} 470 {600 + side * 400} 600 {600 + side * 300} 700C{600 + side * 440} 730 {600 + side * 540} 790 {600 + side * 620} 810Z",
            c.tone("#2f6f45"),
        )
        for index in range(3):
            land.tree(
                c,
                600 + side * (590 - index * 90),
                470 + index * 70,
                c.between(170, 230),
                colour=c.one_of("#0b5d3b", "#3d7d45"),
            )
        for _ in range(4):
            land.fern(
                c,
                600 + side * c.between(330, 580),
                c.between(720, 810),
                c.between(60, 110),
                c.one_of("#3f8a4a", "#6aa34f"),
            )


def river(c: Canvas) -> None:
    land.sky(c)
    land.hills(c, 430, "#6d8a58", count=3, swing=34, gap=40)
    land.ground(c, 450, "#8fae54")
    sx = c.between(500, 700)
    blue = c.gradient(mix(c.light.sky[-1], c.tone("#5cb0b8"), 0.4), c.tone("#2f8a9a"))
    c.path(
        f"M{sx:.0f} 452C{sx - 260:.0f} 500 {sx + 420:.0f} 540 {sx + 40:.0f} 620C{sx - 260:.0f} 690 {sx - 420:.0f} 740 {sx - 330:.0f} 810H{sx + 420:.0f}C{sx + 320:.0f} 720 {sx + 560:.0f} 640 {sx + 300:.0f} 560C{sx + 160:.0f} 510 {sx - 120:.0f} 490 {sx + 14:.0f} 452Z",
        blue,
    )
    shine = "".join(
        f"M{sx + c.between(-160, 240):.0f} {c.between(620, 790):.0f}q36 -6 {c.between(60, 120):.0f} 0"
        for _ in range(10)
    )
    c.line(shine, mix(c.light.sky[-1], "#ffffff", 0.5), 3, 0.6)
    for _ in range(5):
        land.acacia(
            c, c.one_of(c.between(20, 330), c.between(900, 1180)), c.between(480, 540), c.between(80, 130), far=0.25
        )
    if c.random.random() < 0.5:
        for index in range(c.random.randint(3, 4)):
            life.hippo(c, sx - 120 + index * 104, 690 + (index % 2) * 46, c.between(56, 78))
    else:
        things.canoe(c, sx + 40, 712, 118, c.random.randint(3, 4), c.one_of("#b5472f", "#d98e04"))
    land.acacia(c, c.one_of(130, 1080), 640, 250)
    for fx in (60, 230, 990, 1150):
        land.reeds(c, fx, 810, 9, c.between(110, 160))


def hotspring(c: Canvas) -> None:
    land.sky(c)
    land.hills(c, 460, "#8f7d6a", count=3, swing=46, gap=48)
    land.water(c, 470, "#6fb3a6")
    c.path("M-10 640Q300 560 620 600T1210 590V810H-10Z", c.tone("#cdb79a"))
    spots = [(c.between(170, 330), 672), (c.between(520, 660), 716), (c.between(850, 1020), 660)]
    for (x, y), wide in zip(spots, (150, 190, 130), strict=True):
        for share, colour in ((1, "#e8a33d"), (0.84, "#f2d68a"), (0.68, "#5cc3bd"), (0.42, "#1d7fa0")):
            c.ellipse(x, y, wide * share, wide * 0.26 * share, c.tone(colour))
        plume = c.tone("#ffffff")
        for puff in range(7):
            rise = puff / 6
            c.circle(
                x + c.between(-16, 16) + rise * 60,
                y - 14 - rise * c.between(240, 330),
                22 + rise * 58,
                plume,
                0.46 - rise * 0.34,
            )
        c.line(f"M{x - 8:.0f} {y}q6 -40 2 -90M{x + 6:.0f} {y}q4 -50 14 -110", plume, 6, 0.7)
    for _ in range(c.random.randint(9, 14)):
        y = c.between(520, 580)
        life.flamingo(c, c.between(60, 1140), y, (y - 440) * 0.42, flip=c.random.random() < 0.5)
    x = c.between(380, 460)
    life.person(c, x, 748, 112, hat=True)
    life.person(c, x - 46, 752, 104, wrap="#b5472f")
