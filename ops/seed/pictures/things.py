"""What people make: boats, houses, wheels, plates and fires."""

from __future__ import annotations

import math

from ops.seed.pictures.life import SKINS, person
from ops.seed.pictures.paint import Canvas, mix

WINDOW = "#ffd98a"


def dhow(
    c: Canvas, x: float, y: float, size: float, *, far: float = 0.0, flip: bool = False, crew: bool = True
) -> None:
    """A lateen-rigged sailing boat whose waterline is at ``y``."""
    hull, rim, sail = c.tone("#5a3520", far), c.tone("#d98e04", far), c.tone("#fbf4e2", far)
    shade = c.tone(c.one_of("#e7d7b4", "#e3c9a1", "#efe2c4"), far)
    with c.at(x, y, size / 100, flip=flip):
        c.line("M-4 -10L4 -112", hull, 4)
        c.path("M-62 -28C-40 -70 10 -128 58 -150C44 -104 46 -60 62 -24C20 -36 -24 -38 -62 -28Z", sail)
        c.path("M58 -150C44 -104 46 -60 62 -24C50 -28 40 -30 30 -32C26 -70 36 -116 58 -150Z", shade)
        c.line("M-66 -24L62 -154", hull, 3.4)
        c.path("M-86 -20C-60 -10 40 -10 92 -28C84 -6 66 6 44 8L-50 8C-70 4 -82 -8 -86 -20Z", hull)
        c.line("M-84 -18C-58 -8 40 -8 90 -25", rim, 3)
        if crew:
            for px in (-46, -24, 40):
                c.circle(px, -26, 5, c.tone(c.one_of(*SKINS), far))
                c.path(f"M{px - 7} -10q7 -18 14 0z", c.tone(c.one_of("#b5472f", "#0b5d3b", "#f2e6c9"), far))
    c.line(f"M{x - size:.0f} {y + size * 0.1:.0f}h{size * 2:.0f}", mix(c.light.sky[-1], "#ffffff", 0.5), 3, 0.5)


def canoe(
    c: Canvas, x: float, y: float, size: float, people: int, colour: str = "#8a4b26", *, flip: bool = False
) -> None:
    with c.at(x, y, size / 100, flip=flip):
        for index in range(people):
            px = -46 + index * 92 / max(1, people - 1)
            skin = c.tone(c.one_of(*SKINS))
            c.line(f"M{px + 4:.0f} -34L{px + 20:.0f} -22", skin, 5)
            c.line(f"M{px + 14:.0f} -46L{px + 30:.0f} 14", c.tone("#6b4a2b"), 3)
            c.path(
                f"M{px - 11:.0f} -6C{px - 12:.0f} -40 {px + 12:.0f} -40 {px + 11:.0f} -6Z",
                c.tone(c.one_of("#b5472f", "#d98e04", "#0b5d3b", "#2f5d8c")),
            )
            c.circle(px, -46, 9, skin)
        c.path("M-104 -18C-70 -2 70 -2 104 -18C96 6 70 16 50 16L-50 16C-70 16 -96 6 -104 -18Z", c.tone(colour))
        c.path("M-100 -12C-70 2 70 2 100 -12L98 -6C70 8 -70 8 -98 -6Z", c.tone("#fbf0d4"), 0.7)


def hut(c: Canvas, x: float, y: float, size: float, far: float = 0.0) -> None:
    """A round house under thatch."""
    wall, thatch, dark = c.one_of("#b9794a", "#c98d5a", "#a8663e"), c.tone("#c9a55c", far), c.tone("#8f7038", far)

    def draw() -> None:
        c.path("M-40 -44L40 -44L38 0L-38 0Z", "currentColor")
        c.path("M4 -44L40 -44L38 0L10 0Z", c.tone("#4a2c1f", far), 0.22)
        c.path("M-11 0V-30Q0 -40 11 -30V0Z", c.tone("#3a2418", far) if not c.is_dark else WINDOW)
        c.line("M-38 -16H-16M16 -16H38", c.tone("#f2e2c0", far), 3)
        c.path("M0 -104C-14 -82 -42 -58 -60 -40C-30 -34 30 -34 60 -40C42 -58 14 -82 0 -104Z", thatch)
        c.path("M0 -104C8 -84 24 -58 32 -37C46 -38 54 -39 60 -40C42 -58 14 -82 0 -104Z", dark, 0.55)
        c.line("M0 -102L-26 -42M0 -102L-4 -38M0 -102L18 -40", dark, 2)

    c.stamp(("hut", far), draw, x, y, size / 100, color=c.tone(wall, far))


def tent(c: Canvas, x: float, y: float, size: float, colour: str = "#d98e04") -> None:
    with c.at(x, y, size / 100):
        c.path("M0 -74L-84 0H84Z", c.tone(colour))
        c.path("M0 -74L30 0H84Z", c.tone(mix(colour, "#1d1b16", 0.35)))
        c.path("M0 -60L-22 0H22Z", WINDOW if c.is_dark else c.tone("#5a3a1c"))


def fire(c: Canvas, x: float, y: float, size: float) -> None:
    c.circle(x, y - size * 0.3, size * 3.4, c.gradient((0, "#ffb347", 0.65), (1, "#ffb347", 0), radial=True))
    with c.at(x, y, size / 100):
        c.line("M-50 4L44 -12M50 4L-44 -12", "#4a2c1f", 16)
        c.path("M0 -130C34 -84 48 -60 40 -26C34 -4 -34 -4 -40 -26C-46 -54 -18 -70 0 -130Z", "#e2622b")
        c.path("M4 -88C22 -60 28 -40 22 -20C16 -4 -16 -4 -22 -20C-24 -40 -6 -54 4 -88Z", "#f6a531")
        c.path("M2 -52C12 -36 14 -26 10 -16C6 -6 -8 -6 -11 -16C-12 -28 -4 -34 2 -52Z", "#ffe8a8")


def bicycle(c: Canvas, x: float, y: float, size: float, jersey: str, *, flip: bool = False) -> None:
    metal, skin, top = c.tone("#1d1b16"), c.tone(c.one_of(*SKINS)), c.tone(jersey)
    with c.at(x, y, size / 100, flip=flip):
        c.stamp("bicycle", lambda: _frame(c, metal), 0, 0)
        c.line("M-12 -76L20 -56L0 -20L10 -18", skin, 9)
        c.path("M-22 -82C-20 -100 4 -128 20 -126L26 -112C14 -104 6 -88 4 -72Z", top)
        c.line("M18 -116L28 -96L40 -82", skin, 6)
        c.circle(27, -136, 10, skin)
        c.path("M14 -138C14 -154 38 -154 40 -138Z", c.tone("#f6c244"))


def _frame(c: Canvas, metal: str) -> None:
    for wheel in (-44, 48):
        c.shape("circle", cx=wheel, cy=-26, r=26, fill="none", stroke=metal, stroke_width=5)
        c.line(f"M{wheel - 24} -26h48M{wheel} -50v48", metal, 1, 0.6)
    c.line("M-44 -26L-14 -64L32 -62L2 -24ZM2 -24L-18 -72M48 -26L30 -74L40 -80", c.tone("#b5472f"), 4.5)
    c.line("M-26 -73h20", metal, 6)


def matatu(c: Canvas, x: float, y: float, size: float, colour: str) -> None:
    def draw() -> None:
        c.path("M-96 -12V-64Q-96 -78 -82 -78H70Q84 -78 90 -60L96 -34V-12Z", "currentColor")
        c.path("M-96 -38h190v9h-190z", c.tone("#f6c244"))
        c.path(
            "M-86 -68h26v24h-26zM-54 -68h26v24h-26zM-22 -68h26v24h-26zM10 -68h26v24h-26zM44 -68H70L82 -44H44Z",
            WINDOW if c.is_dark else c.tone("#cfe5ea"),
        )
        for wheel in (-56, 58):
            c.circle(wheel, -10, 16, c.tone("#1d1b16"))
            c.circle(wheel, -10, 7, c.tone("#b9b2a4"))

    c.stamp("matatu", draw, x, y, size / 100, color=c.tone(colour))


def tower(c: Canvas, x: float, base: float, w: float, h: float, colour: str, far: float) -> None:
    """An office block with its rows of windows, some lit when it is dark."""
    c.rect(x, base - h, w, h, c.tone(colour, far))
    if far < 0.5:
        c.rect(x + w * 0.72, base - h, w * 0.28, h, c.tone("#1d2a3a", far), 0.22)
    kind = c.random.randint(0, 2)
    paint = c.paints.get(("windows", kind)) or c.paints.setdefault(("windows", kind), _windows(c, kind))
    c.rect(x + 5, base - h + 8, w // 20 * 20 - 4, h - 14, paint, 1 - far * 0.5)


def _windows(c: Canvas, kind: int) -> str:
    """A paint of windows; by night about half of them are lit."""
    places = [(7 + column * 20, 6 + row * 26) for row in range(4) for column in range(4)]
    c.random.shuffle(places)
    d = "".join(f"M{px} {py}h8v12h-8z" for px, py in (places[: 5 + kind] if c.is_dark else sorted(places)))
    return c.pattern(80, 104, d, WINDOW if c.is_dark else c.tone("#e6eff0", 0.1))


def kicc(c: Canvas, x: float, base: float, height: float, far: float = 0.0) -> None:
    """Nairobi's round tower with the wide crown, and the cone of its hall."""
    wall, dark = c.tone("#c98a5b", far), c.tone("#9a5f3a", far)
    with c.at(x, base, height / 100):
        c.path("M-14 0L-12 -82H12L14 0Z", wall)
        ribs = "".join(f"M{px} -4V-80" for px in (-9, -5, -1, 3, 7, 11))
        c.line(ribs, dark, 1.6)
        c.path("M-26 -82L-20 -96H20L26 -82Z", dark)
        c.path("M-28 -86H28V-82H-28Z", wall)
        c.line("M0 -96V-112", dark, 1.6)
        c.path("M18 0L40 -34L62 0Z", dark)
        c.path("M40 -34L62 0H46Z", c.tone("#5c3822", far), 0.6)


def stall(c: Canvas, x: float, y: float, size: float, colours: tuple[str, str]) -> None:
    """A market stall: striped awning, somebody behind it, heaps of fruit."""
    with c.at(x, y, size / 100):
        c.stamp("stall", lambda: _counter(c), 0, 0)
        person(c, c.between(-36, 36), -24, 74, wrap=c.one_of("#d98e04", "#b5472f", "#2f5d8c"))
        c.stamp("awning", lambda: _awning(c), 0, 0, color=c.tone(colours[0]), fill=c.tone(colours[1]))
        for heap in range(5):
            fruit = c.tone(c.one_of("#e2622b", "#f6b531", "#b5472f", "#6f9a45", "#8e2f5c", "#d9c04a"))
            c.stamp(
                "heap",
                lambda: c.line("M-12 -38h0M0 -38h0M12 -38h0M-6 -48h0M6 -48h0M0 -57h0", None, 13),
                -72 + heap * 36,
                0,
                stroke=fruit,
            )
        c.path("M-92 -34H92L84 0H-84Z", c.tone("#8a5a35"))
        c.line("M-88 -18H88", c.tone("#6b4326"), 3)


def _counter(c: Canvas) -> None:
    c.line("M-84 0V-112M84 0V-112", c.tone("#6b4a2b"), 6)
    c.rect(-84, -110, 168, 80, c.tone("#3a2a20"), 0.35)


def _awning(c: Canvas) -> None:
    """Stripes in two colours, to be inherited."""
    for index in range(8):
        left = -100 + index * 25
        top = left + (6 if index < 4 else 2)
        c.path(
            f"M{left} -112L{top} -146H{top + 22}L{left + 25} -112Q{left + 12} -96 {left} -112Z",
            None if index % 2 else "currentColor",
        )


def plate(c: Canvas, x: float, y: float, radius: float, dish: str) -> None:
    """A plate from above with one of the country's dishes."""
    c.circle(x + 6, y + 10, radius, "#1d1b16", 0.18)
    c.circle(x, y, radius, c.tone("#fbf8f1"))
    c.circle(x, y, radius * 0.8, c.tone("#f0e8d8"))
    with c.at(x, y, radius / 100, turn=c.between(0, 360)):
        DISHES[dish](c)


def _speckle(c: Canvas, colour: str, count: int, reach: float, size: float) -> None:
    d = ""
    for _ in range(count):
        angle, r = c.between(0, math.tau), reach * math.sqrt(c.random.random())
        d += f"M{r * math.cos(angle):.0f} {r * math.sin(angle):.0f}h0"
    c.line(d, c.tone(colour), size * 2)


def _pilau(c: Canvas) -> None:
    c.circle(0, 0, 66, c.tone("#b9793a"))
    _speckle(c, "#e0b06a", 26, 58, 6)
    _speckle(c, "#7a3f22", 9, 50, 11)
    _speckle(c, "#3d7d45", 8, 54, 5)


def _ugali(c: Canvas) -> None:
    c.path("M-62 -8C-62 -54 -4 -62 4 -34C10 -8 0 38 -22 42C-48 46 -62 22 -62 -8Z", c.tone("#fffaf0"))
    c.path("M8 -52C44 -56 70 -20 60 14C52 44 22 50 10 36C14 10 16 -20 8 -52Z", c.tone("#2f6f3a"))
    c.line("M22 -40q20 10 22 34M20 -20q14 8 16 30M38 -40q14 14 12 40", c.tone("#6aa34f"), 5)
    c.circle(-20, 30, 24, c.tone("#8a4526"))
    c.circle(2, 44, 17, c.tone("#9d5430"))


def _samosas(c: Canvas) -> None:
    for angle in (0, 72, 144, 216, 288):
        with c.at(0, 0, turn=angle):
            c.path("M0 -64L30 -16Q0 -6 -30 -16Z", c.tone("#d39a45"))
            c.path("M0 -58L22 -18Q8 -12 0 -14Z", c.tone("#b87a2f"), 0.7)
    c.circle(0, 0, 20, c.tone("#b5472f"))
    c.circle(0, 0, 13, c.tone("#d2643c"))


def _chapati(c: Canvas) -> None:
    for shift in (10, 4, -3):
        c.circle(shift, -shift, 58, c.tone(mix("#e2b873", "#8a5a2a", 0.12 + shift / 60)))
    _speckle(c, "#a8713a", 13, 46, 6)


def _fish(c: Canvas) -> None:
    c.path("M-60 0C-40 -34 20 -36 46 -6L70 -24V26L46 8C20 36 -40 34 -60 0Z", c.tone("#b8752f"))
    c.line("M-20 -18l8 36M0 -20l8 40M20 -16l6 30", c.tone("#7d4a1e"), 5)
    c.circle(-44, -4, 5, c.tone("#1d1b16"))
    for px, py in ((-26, 46), (4, 52), (32, 44)):
        c.circle(px, py, 14, c.tone("#f2d45c"))
        c.circle(px, py, 9, c.tone("#fbf0b0"))


def _kachumbari(c: Canvas) -> None:
    c.circle(0, 0, 62, c.tone("#f3e3d0"))
    _speckle(c, "#c9352b", 17, 52, 10)
    _speckle(c, "#f6e8f0", 9, 50, 8)
    _speckle(c, "#6aa34f", 15, 52, 6)


def _fruit(c: Canvas) -> None:
    for angle in range(0, 360, 45):
        with c.at(0, 0, turn=angle):
            c.path("M0 -10Q34 -40 0 -66Q-34 -40 0 -10Z", c.tone("#f39c34" if angle % 90 else "#e8556a"))
    c.circle(0, 0, 22, c.tone("#8fb257"))
    c.circle(0, 0, 13, c.tone("#dfe8b0"))


DISHES = {
    "pilau": _pilau,
    "ugali": _ugali,
    "samosas": _samosas,
    "chapati": _chapati,
    "fish": _fish,
    "kachumbari": _kachumbari,
    "fruit": _fruit,
}
