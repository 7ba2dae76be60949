"""Sky, hills, water and what grows: the ground that scenes stand on."""

from __future__ import annotations

from ops.seed.pictures.paint import HEIGHT, WIDTH, Canvas, mix, soft

GRASS, DRY, SOIL, RED_SOIL = "#6f9a45", "#c7a952", "#b98549", "#b5542f"
FOREST, LEAF, PALE_LEAF, BARK = "#0b5d3b", "#3d7d45", "#8fb257", "#5b4030"
SAND, STONE, SEA, LAGOON = "#efdcb0", "#8f8473", "#1d7fa0", "#5cc3bd"


def sky(c: Canvas, *, lamp_x: float | None = None, clouds: bool = True) -> tuple[float, float]:
    """The whole background with sun or moon, stars at night, a few clouds; where the lamp is."""
    c.rect(0, 0, WIDTH, HEIGHT, c.gradient(*c.light.sky, c.light.haze))
    if c.is_dark:
        stars(c, 70)
    x = c.between(220, 980) if lamp_x is None else lamp_x
    y = c.between(*c.light.lamp_height)
    radius = 46 if c.is_dark else c.between(58, 84)
    halo = c.gradient((0, c.light.lamp, 0.75), (1, c.light.lamp, 0), radial=True)
    c.circle(x, y, radius * (2.4 if c.is_dark else 3.6), halo, 0.45 if c.is_dark else 0.8)
    if c.is_dark:
        c.path(
            f"M{x:.0f} {y - radius}a{radius} {radius} 0 1 0 {radius} {radius}a{radius * 0.8:.0f} {radius * 0.8:.0f} 0 0 1 -{radius} -{radius}z",
            c.light.lamp,
        )
    else:
        c.circle(x, y, radius, c.light.lamp)
    if clouds:
        for _ in range(c.random.randint(2, 4)):
            cloud(c, c.between(0, WIDTH), c.between(70, 260), c.between(70, 150))
    return x, y


def stars(c: Canvas, count: int, low: float = 430) -> None:
    d = ""
    for _ in range(count):
        d += f"M{c.between(0, WIDTH):.0f} {c.between(0, low) ** 1.5 / low**0.5:.0f}h0"
    half = d.index("M", len(d) // 2)
    c.line(d[:half], "#fff8e0", 3.4, 0.9)
    c.line(d[half:], "#fff8e0", 2, 0.6)


def cloud(c: Canvas, x: float, y: float, size: float) -> None:
    white = mix("#ffffff", c.light.sky[1], 0.75 if c.is_dark else 0.28 if len(c.light.sky) == 3 else 0.45)
    s = size * c.between(0.8, 1.1)
    bumps = ((0.22, 0.36, -0.2), (0.34, 0.6, -0.1), (0.27, 0.46, 0.12), (0.2, 0.3, 0.18))
    arcs = "".join(f"a{r * s:.0f} {r * s:.0f} 0 0 1 {dx * s:.0f} {dy * s:.0f}" for r, dx, dy in bumps)
    c.path(f"M{x - s * 0.86:.0f} {y:.0f}{arcs}z", white, 0.8)


def hills(c: Canvas, base: float, colour: str, count: int = 3, swing: float = 38, gap: float = 46) -> None:
    """Ranges behind one another, the farthest palest; the last one has its crest around ``base``."""
    for index in range(count):
        far = 0.78 * (1 - (index + 0.4) / count)
        c.curve(c.roll(base - gap * (count - 1 - index), swing * (0.6 + index * 0.25)), c.tone(colour, far))


def peaks(
    c: Canvas, base: float, height: float, colour: str, far: float, *, snow: bool = False, x: float = 600
) -> None:
    """A jagged massif around ``x``."""
    tops = [
        (-1.0, 0.0), (-0.66, 0.28), (-0.5, 0.24), (-0.3, 0.62), (-0.22, 0.56), (-0.07, 0.98), (0, 0.86),
        (0.06, 1.0), (0.2, 0.58), (0.3, 0.66), (0.52, 0.26), (0.7, 0.3), (1.0, 0.0),
    ]  # fmt: skip
    wide = height * c.between(1.7, 2.1)
    points = [(x + a * wide, base - b * height * c.between(0.94, 1.04)) for a, b in tops]
    c.polygon(points, c.tone(colour, far))
    shaded = [
        points[7],
        points[8],
        points[9],
        points[10],
        points[12],
        (x + wide * 0.2, base),
        (x + 20, base - height * 0.5),
    ]
    c.polygon(shaded, c.tone("#23303a", far), 0.28)
    if snow:
        white = c.tone("#fdfbf5", far * 0.4)
        for top in (5, 7, 3):
            (px, py), s = points[top], height * (0.15 if top != 3 else 0.09)
            c.polygon(
                [(px, py), (px + s * 0.62, py + s * 1.3), (px + s * 0.25, py + s), (px, py + s * 1.5),
                 (px - s * 0.3, py + s), (px - s * 0.62, py + s * 1.4)],
                white,
            )  # fmt: skip


def water(c: Canvas, top: float, colour: str = SEA, bottom: float = HEIGHT) -> None:
    """A surface from ``top`` down that carries the sky's colour far off and its own near by."""
    sky_low = c.light.sky[-1]
    near = c.tone(colour)
    c.rect(0, top, WIDTH, bottom - top, c.gradient(mix(sky_low, near, 0.35), mix(near, sky_low, 0.12), near))
    light = mix(sky_low, "#ffffff", 0.45)
    for _ in range(16):
        y = c.between(top + 8, bottom - 10)
        long = 20 + (y - top) / (bottom - top) * c.between(60, 190)
        c.line(f"M{c.between(-40, WIDTH):.0f} {y:.0f}q{long / 2:.0f} -5 {long:.0f} 0", light, 2.4, 0.42)


def glitter(c: Canvas, x: float, top: float, bottom: float = HEIGHT) -> None:
    """The lamp's road on the water."""
    y, wide = top + 6, 26.0
    d = ""
    while y < bottom - 8:
        d += f"M{x - wide * c.between(0.5, 1.1):.0f} {y:.0f}h{wide * c.between(0.9, 1.9):.0f}"
        y, wide = y + 14 + (y - top) * 0.05, wide + 5
    c.line(d, c.light.lamp, 5, 0.55)


def ground(c: Canvas, base: float, colour: str, swing: float = 14) -> None:
    c.curve(c.roll(base, swing, waves=2), c.tone(colour))


def grass(c: Canvas, y: float, colour: str, count: int = 26, height: float = 46) -> None:
    """Tufts along the lower edge."""

    def blades() -> None:
        c.line("M0 0Q-3 -24 -14 -38M0 0Q0 -30 -2 -46M0 0Q3 -22 13 -36", c.tone(colour), 4)

    for _ in range(count):
        c.stamp(
            ("grass", colour), blades, c.between(-20, WIDTH), y + c.between(-8, 26), height / 46 * c.between(0.7, 1.15)
        )


def acacia(c: Canvas, x: float, y: float, height: float, far: float = 0.0, colour: str = "#4d7038") -> None:
    """An umbrella thorn that stands at (x, y)."""
    s = height / 100
    bark, leaf, top = c.tone("#4a3527", far), c.tone(colour, far), c.tone(mix(colour, "#c9c565", 0.35), far)

    def draw() -> None:
        c.path("M-5 2C-3 -20 -6 -32 -1 -46L5 -46C3 -30 5 -18 7 2Z", bark)
        c.line("M1 -38L-30 -70M2 -44L22 -74M0 -50L-6 -76M14 -64L44 -74", bark, 4)
        c.path("M-78 -66C-60 -88 -20 -92 6 -88C40 -92 70 -82 82 -66C50 -60 -40 -60 -78 -66Z", leaf)
        c.path("M-52 -84C-34 -100 20 -102 46 -84C24 -80 -30 -80 -52 -84Z", top)

    c.stamp(("acacia", far, colour), draw, x, y, s, flip=c.random.random() < 0.5)


def palm(c: Canvas, x: float, y: float, height: float, lean: float = 0.2, far: float = 0.0) -> None:
    bark, leaf, light = c.tone("#7a5a3c", far), c.tone("#2f7a45", far), c.tone("#6aa34f", far)
    tx, ty = x + lean * height, y - height
    bend = x + lean * height * 0.15
    w = height * 0.028
    c.path(
        f"M{x - w:.0f} {y:.0f}Q{bend:.0f} {y - height * 0.55:.0f} {tx - w * 0.5:.0f} {ty:.0f}"
        f"L{tx + w * 0.7:.0f} {ty:.0f}Q{bend + w * 2:.0f} {y - height * 0.5:.0f} {x + w * 1.4:.0f} {y:.0f}Z",
        bark,
    )
    with c.at(tx, ty, height / 100):
        leaves = ((-172, 40), (-140, 46), (-104, 40), (-70, 42), (-38, 46), (-6, 42), (24, 36), (158, 36))
        for index, (angle, long) in enumerate(leaves):
            with c.at(0, 0, turn=angle + c.between(-7, 7)):
                c.path(
                    f"M0 0Q{long * 0.5:.0f} -13 {long} {8 if abs(angle) < 90 else -8}Q{long * 0.5:.0f} 1 0 0Z",
                    (leaf, light)[index % 2],
                )
        c.circle(-1, 2, 3.4, c.tone("#6b4a2b", far))
        c.circle(4, 3, 3, c.tone("#6b4a2b", far))


def tree(c: Canvas, x: float, y: float, height: float, far: float = 0.0, colour: str = LEAF) -> None:
    """A broad-leaved tree with a crown of three clouds."""
    bark, leaf = c.tone(BARK, far), c.tone(colour, far)
    light = c.tone(mix(colour, "#c8d477", 0.3), far)

    def draw() -> None:
        c.path("M-5 0L-3 -50L-16 -66L-12 -68L0 -56L10 -70L14 -68L4 -48L6 0Z", bark)
        c.path(
            "M-44 -52C-56 -74 -36 -88 -24 -84C-18 -104 20 -106 26 -86C46 -86 54 -62 40 -50C20 -40 -26 -42 -44 -52Z",
            leaf,
        )
        c.path("M-30 -70C-30 -84 -14 -90 -6 -84C0 -96 20 -94 22 -82C14 -74 -14 -66 -30 -70Z", light)

    c.stamp(("tree", far, colour), draw, x, y, height / 100, flip=c.random.random() < 0.5)


def bush(c: Canvas, x: float, y: float, size: float, colour: str = LEAF, far: float = 0.0) -> None:
    shape = "M-60 0C-74 -30 -46 -52 -26 -44C-16 -72 22 -70 28 -46C54 -54 74 -24 60 0Z"
    c.stamp("bush", lambda: c.path(shape, None), x, y, size / 100, fill=c.tone(colour, far))


def banana(c: Canvas, x: float, y: float, height: float) -> None:
    def draw() -> None:
        c.path("M-5 0L-3 -52L4 -52L6 0Z", c.tone("#7f8f4a"))
        for index, angle in enumerate((-160, -128, -100, -72, -44, -16)):
            with c.at(0, -50, turn=angle + c.between(-8, 8)):
                c.path("M0 0Q18 -16 54 -4Q24 12 0 0Z", c.tone(("#3f8a3f", "#7db34e")[index % 2]))

    c.stamp("banana", draw, x, y, height / 100)


def reeds(c: Canvas, x: float, y: float, count: int, height: float, *, papyrus: bool = False) -> None:
    def draw() -> None:
        c.line("M0 0Q-2 -50 0 -100", c.tone("#55803f"), 3)
        if papyrus:
            c.line(
                "M0 -100q-10 -12 -20 -9M0 -100q-6 -16 -11 -17M0 -100q-1 -14 -3 -22M0 -100q2 -14 5 -21M0 -100q7 -15 13 -15M0 -100q10 -12 20 -8",
                c.tone("#93ab4d"),
                2.4,
            )
        else:
            c.line("M0 -100v22", c.tone("#7a5230"), 7)

    for _ in range(count):
        scale = height / 100 * c.between(0.6, 1.1)
        c.stamp(("reed", papyrus), draw, x + c.between(-70, 70), y, scale, flip=c.random.random() < 0.5)


def fern(c: Canvas, x: float, y: float, size: float, colour: str) -> None:
    fronds = "M0 0Q-30 -90 -100 -55M0 0Q-17 -90 -55 -75M0 0Q-3 -90 -10 -96M0 0Q12 -90 40 -82M0 0Q27 -90 90 -60"
    c.stamp("fern", lambda: c.line(fronds, None, 11), x, y, size / 100, stroke=c.tone(colour))


def smoke(c: Canvas, x: float, y: float, height: float, colour: str = "#ffffff", opacity: float = 0.4) -> None:
    points = [
        (x, y),
        (x - 10, y - height * 0.25),
        (x + 18, y - height * 0.5),
        (x - 6, y - height * 0.78),
        (x + 22, y - height),
    ]
    c.line(soft(points), c.tone(colour), height * 0.09, opacity)


def road(
    c: Canvas, vanish: tuple[float, float], foot: tuple[float, float], wide: float, colour: str = RED_SOIL
) -> None:
    """A track that winds from the foreground to where it is lost."""
    (vx, vy), (fx, fy) = vanish, foot
    mx, my = (vx + fx) / 2 + c.between(-150, 150), (vy + fy) / 2
    c.path(
        f"M{vx - 4:.0f} {vy:.0f}C{mx - wide * 0.3:.0f} {my - 60:.0f} {mx - wide * 0.4:.0f} {my + 30:.0f} {fx - wide:.0f} {fy:.0f}"
        f"H{fx + wide:.0f}C{mx + wide * 0.5:.0f} {my + 20:.0f} {mx:.0f} {my - 60:.0f} {vx + 4:.0f} {vy:.0f}Z",
        c.tone(colour),
    )
