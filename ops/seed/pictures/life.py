"""Animals and people, side on and facing right, each standing at the origin in units of a hundredth of its height."""

from __future__ import annotations

from ops.seed.pictures.paint import Canvas, mix

#: Complexions and cloths of Kenya.
SKINS = ("#3b241a", "#4a2c1f", "#5d3a28", "#70472f", "#8a5a3c")
CLOTHS = ("#b5472f", "#d98e04", "#0b5d3b", "#2f5d8c", "#8e2f5c", "#c9352b", "#e8d9b0", "#1f6f78")


def elephant(c: Canvas, x: float, y: float, height: float, *, flip: bool = False, far: float = 0.0) -> None:
    hide, dark = c.tone("#8b857f", far), c.tone("#6d6862", far)

    def draw() -> None:
        c.path("M-24 -40L-22 0L-8 0L-6 -36ZM10 -36L8 0L21 0L24 -36Z", dark)
        c.path(
            "M-62 -44C-66 -78 -42 -93 -10 -92C10 -92 24 -90 36 -90C54 -92 70 -76 70 -56C71 -36 70 -20 77 -7L69 -3"
            "C60 -16 61 -30 55 -40C50 -34 45 -36 42 -40L43 0L26 0L25 -32C10 -26 -14 -26 -29 -32L-31 0L-49 0L-51 -34C-57 -34 -60 -38 -62 -44Z",
            hide,
        )
        c.path("M22 -82C42 -88 50 -66 38 -46C26 -44 14 -56 16 -72C17 -78 19 -81 22 -82Z", dark)
        c.path("M57 -44C66 -36 76 -36 82 -42C76 -32 64 -30 56 -38Z", c.tone("#fbf3df", far))
        c.circle(56, -66, 2.2, c.tone("#1d1b16", far))
        c.line("M-61 -56Q-72 -44 -68 -30", dark, 3)

    c.stamp(("elephant", far), draw, x, y, height / 95, flip=flip)


def giraffe(c: Canvas, x: float, y: float, height: float, *, flip: bool = False, far: float = 0.0) -> None:
    coat, spot, dark = c.tone("#d9a253", far), c.tone("#96592b", far), c.tone("#6b4426", far)
    body = (
        "M-36 -66C-38 -82 -24 -88 -8 -90C6 -92 14 -98 19 -112L36 -164C44 -174 54 -168 66 -153C68 -147 60 -145 54 -148"
        "L45 -150L35 -104C33 -82 29 -66 18 -60C2 -54 -26 -54 -36 -66Z"
    )

    def draw() -> None:
        c.line("M-20 -62L-18 -2M12 -62L9 -2", spot, 6)
        c.line("M-30 -64L-32 -2M20 -66L23 -2", coat, 6.5)
        c.path(body, coat)
        with c.within(c.clip(body)):
            d = ""
            for row in range(9):
                for column in range(3):
                    px = -32 + row * 9 + column * 2 if row < 6 else 18 + (row - 6) * 7 + column * 2
                    py = -84 + column * 11 + (row % 2) * 5 if row < 6 else -112 - (row - 6) * 15 - column * 6
                    d += f"M{px} {py}l6 -3l3 5l-5 5z"
            c.path(d, spot)
        c.line("M40 -166L37 -175M46 -167L45 -176", dark, 3)
        c.line("M-36 -74Q-44 -60 -40 -46", dark, 2.5)

    c.stamp(("giraffe", far), draw, x, y, height / 172, flip=flip)


_HORSE = (
    "M-48 -62C-52 -80 -32 -84 -10 -79C4 -76 16 -82 23 -92L37 -113C42 -121 48 -118 52 -110L69 -88C72 -81 64 -76 57 -80"
    "L47 -87C43 -72 39 -60 30 -54C14 -46 -20 -46 -36 -50C-46 -52 -47 -56 -48 -62Z"
)


def zebra(c: Canvas, x: float, y: float, height: float, *, flip: bool = False, far: float = 0.0) -> None:
    white, black = c.tone("#f4efe2", far), c.tone("#2b2622", far)

    def draw() -> None:
        c.line("M-30 -54L-28 -2M18 -54L15 -2", c.tone("#bdb6a8", far), 7)
        c.line("M-40 -56L-43 -2M28 -56L31 -2", white, 8)
        c.path(_HORSE, white)
        with c.within(c.clip(_HORSE)):
            stripes = "".join(f"M{-46 + i * 9} -90q8 22 -2 48" for i in range(9))
            c.line(stripes + "M24 -96l18 16M30 -104l16 16M37 -111l14 12M18 -88l22 24", black, 3.6)
        c.path("M18 -88L33 -113L42 -122L28 -92Z", black)
        c.line("M-43 -30h6M-44 -16h6M26 -30h6M27 -16h7M-48 -66Q-58 -50 -54 -34", black, 3)

    c.stamp(("zebra", far), draw, x, y, height / 120, flip=flip)


def horse(c: Canvas, x: float, y: float, height: float, colour: str, *, flip: bool = False, far: float = 0.0) -> None:
    coat, dark = c.tone(colour, far), c.tone(mix(colour, "#1d1b16", 0.55), far)
    with c.at(x, y, height / 120, flip=flip):
        c.line("M-32 -54L-40 -30L-34 -2M16 -54L24 -28L14 -4", dark, 7)
        c.line("M-40 -56L-34 -30L-46 -4M28 -56L36 -32L44 -6", coat, 8)
        c.path(_HORSE, coat)
        c.path("M14 -82L33 -113L42 -122L34 -98L22 -80Z", dark)
        c.path("M-46 -70C-64 -66 -66 -44 -60 -26C-54 -40 -54 -52 -44 -58Z", dark)


def camel(
    c: Canvas, x: float, y: float, height: float, *, flip: bool = False, far: float = 0.0, load: str = ""
) -> None:
    coat, dark = c.tone("#c89a5f", far), c.tone("#9b7143", far)

    def draw() -> None:
        c.line("M-26 -58L-22 -32L-26 -2M20 -58L26 -32L18 -2", dark, 7)
        c.line("M-38 -60L-32 -32L-38 -2M34 -60L36 -32L40 -2", coat, 7.5)
        c.path(
            "M-50 -66C-54 -84 -40 -90 -28 -92C-18 -118 2 -120 12 -94C24 -90 32 -84 40 -80C52 -74 57 -88 59 -106"
            "C60 -118 68 -124 78 -121L94 -113C97 -108 93 -104 86 -105L75 -104C73 -84 68 -62 48 -58C30 -50 -30 -50 -42 -56Z",
            coat,
        )
        c.line("M-49 -70Q-58 -58 -54 -44", dark, 3)

    c.stamp(("camel", far), draw, x, y, height / 126, flip=flip)
    if load:
        with c.at(x, y, height / 126, flip=flip):
            c.path("M-30 -94C-18 -120 4 -122 14 -94L18 -66L-32 -66Z", c.tone(load, far))
            c.line("M-28 -80Q-6 -74 15 -80", c.tone("#f2d9a0", far), 4)


def cow(c: Canvas, x: float, y: float, height: float, colour: str, *, flip: bool = False, far: float = 0.0) -> None:
    coat, dark = c.tone(colour, far), c.tone(mix(colour, "#1d1b16", 0.45), far)
    with c.at(x, y, height / 90, flip=flip):
        c.line("M-36 -40L-36 -2M22 -40L22 -2", dark, 8)
        c.line("M-46 -42L-47 -2M32 -42L33 -2", coat, 8)
        c.path(
            "M-54 -48C-58 -70 -40 -74 -10 -72C2 -72 8 -82 20 -80C30 -78 36 -74 44 -76L60 -66C64 -58 58 -52 50 -54L42 -52C40 -42 32 -36 20 -34C-10 -30 -50 -34 -54 -48Z",
            coat,
        )
        c.line("M42 -76Q38 -96 50 -104M48 -76Q58 -90 70 -96", c.tone("#efe3c8", far), 4)
        c.line("M-54 -60Q-62 -44 -58 -28", dark, 3)


def flamingo(c: Canvas, x: float, y: float, height: float, *, flip: bool = False, far: float = 0.0) -> None:
    pink, deep = c.tone("#f3a0a4", far), c.tone("#d95f6c", far)
    is_feeding = c.random.random() < 0.45

    def draw() -> None:
        c.line("M-2 -44L0 0M6 -44L14 -26L5 -22" if is_feeding else "M-2 -44L0 0M6 -44L4 0", deep, 2.4)
        c.path("M-32 -48C-22 -70 14 -70 19 -56C13 -40 -10 -38 -32 -48Z", pink)
        c.path("M-32 -48C-20 -60 -4 -60 6 -52C-4 -44 -18 -42 -32 -48Z", deep, 0.6)
        c.line(
            "M14 -56C34 -56 36 -30 30 -14C28 -8 36 -4 40 -10"
            if is_feeding
            else "M14 -58C36 -64 12 -84 22 -97C28 -104 37 -99 36 -92",
            pink,
            6,
        )
        c.path("M37 -13l10 6l-2 8l-9 -8z" if is_feeding else "M33 -95l10 6l-2 8l-9 -8z", c.tone("#3a2a2c", far))

    c.stamp(("flamingo", is_feeding, far), draw, x, y, height / 104, flip=flip)


def flock(c: Canvas, x: float, y: float, count: int, size: float, colour: str = "#2b2622") -> None:
    d = ""
    for index in range(count):
        s = size * c.between(0.6, 1.1)
        px, py = x + c.between(-1, 1) * size * 7, y + c.between(-1, 1) * size * 2.6 + index
        d += f"M{px - s:.0f} {py - s * 0.4:.0f}q{s * 0.6:.0f} -{s * 0.4:.0f} {s:.0f} {s * 0.4:.0f}q{s * 0.4:.0f} -{s * 0.8:.0f} {s:.0f} -{s * 0.4:.0f}"
    c.line(d, c.tone(colour, 0.1), max(2.2, size * 0.14))


def heron(c: Canvas, x: float, y: float, height: float, *, flip: bool = False) -> None:
    grey, pale, dark = c.tone("#7b90a0"), c.tone("#dfe4e2"), c.tone("#2f3b46")
    with c.at(x, y, height / 104, flip=flip):
        c.line("M-2 -40L0 0M5 -40L6 0", c.tone("#5c5344"), 2.6)
        c.path("M-36 -34C-22 -60 10 -66 18 -54C14 -40 -8 -34 -36 -34Z", grey)
        c.line("M14 -56C32 -66 8 -84 20 -96", pale, 6)
        c.path("M15 -100C20 -106 30 -104 32 -98L54 -92L30 -92C22 -90 15 -94 15 -100Z", pale)
        c.line("M16 -102Q24 -104 30 -99M16 -101L4 -98", dark, 2.6)


def perched(c: Canvas, x: float, y: float, size: float, colours: tuple[str, str, str], *, flip: bool = False) -> None:
    """A songbird on its branch: back, breast and tail."""
    back, breast, tail = (c.tone(colour) for colour in colours)
    with c.at(x, y, size / 100, flip=flip):
        c.path("M-34 -14L-92 26L-78 34L-20 6Z", tail)
        c.path("M-40 -6C-38 -50 -2 -64 16 -72C22 -96 58 -96 62 -70C64 -30 30 8 -6 6C-24 6 -38 2 -40 -6Z", breast)
        c.path("M-44 -4C-44 -44 -12 -58 10 -62C22 -44 4 -6 -44 -4Z", back)
        c.path("M18 -74C24 -96 56 -96 62 -74C48 -66 30 -64 18 -74Z", back)
        c.path("M60 -78L84 -68L60 -64Z", c.tone("#33302b"))
        c.circle(46, -76, 6, c.tone("#fbf8f1"))
        c.circle(47, -76, 3.6, c.tone("#1d1b16"))
        c.line("M-2 4v12M10 2v12", c.tone("#5b4030"), 4)


def hippo(c: Canvas, x: float, y: float, size: float) -> None:
    hide, dark = c.tone("#7a6468"), c.tone("#57464a")

    def draw() -> None:
        c.path("M-92 0C-88 -26 -50 -34 -20 -26C-14 -40 10 -44 20 -32C44 -34 64 -22 62 0Z", hide)
        c.circle(-8, -36, 6, dark)
        c.circle(12, -38, 6, dark)
        c.circle(8, -26, 3, c.tone("#1d1b16"))
        c.ellipse(50, -18, 4, 3, dark)
        c.line("M-110 4h190", c.tone("#ffffff"), 3, 0.35)

    c.stamp("hippo", draw, x, y, size / 100, flip=c.random.random() < 0.5)


def person(
    c: Canvas, x: float, y: float, height: float, *, cloth: str = "", wrap: str = "", hat: bool = False,
    basket: str = "", stick: bool = False, flip: bool = False, far: float = 0.0
) -> None:  # fmt: skip
    """Somebody standing or walking in a long cloth; ``basket`` rides on the head."""
    robe = c.tone(cloth or c.one_of(*CLOTHS), far)
    skin = c.tone(c.one_of(*SKINS), far)
    is_sashed = c.random.random() < 0.5

    def draw() -> None:
        c.line("M-5 -20L-7 -2M6 -20L8 -2M-8 -64L-15 -42M9 -64L22 -48M0 -74V-80", None, 5)
        c.circle(0, -87, 9, None, stroke="none")
        c.path(
            "M-13 -66C-18 -42 -17 -24 -15 -13L15 -13C18 -26 17 -44 13 -66C8 -76 -8 -76 -13 -66Z",
            "currentColor",
            stroke="none",
        )
        if is_sashed:
            c.path("M-13 -66C-6 -50 6 -36 16 -30L16 -22C2 -30 -10 -46 -15 -56Z", "#fff3d6", 0.28, stroke="none")
        else:
            c.path(
                "M4 -72C10 -60 8 -30 12 -13H15C18 -26 17 -44 13 -66C10 -71 7 -73 4 -72Z", "#1d1b16", 0.18, stroke="none"
            )

    with c.at(x, y, height / 100, flip=flip):
        if stick:
            c.line("M24 -72L20 0", c.tone("#5b4030", far), 2.6)
        c.stamp(("person", is_sashed), draw, 0, 0, fill=skin, stroke=skin, color=robe)
        if wrap:
            c.path("M-10 -88C-12 -104 12 -106 10 -88C4 -93 -4 -93 -10 -88Z", c.tone(wrap, far))
        if hat:
            c.path("M-16 -91Q0 -96 16 -91L9 -94Q6 -104 0 -104Q-6 -104 -9 -94Z", c.tone("#d9b878", far))
        if basket:
            c.path("M-17 -110L17 -110L12 -97L-12 -97Z", c.tone(basket, far))
            c.path("M-15 -110Q-8 -120 0 -112Q8 -120 15 -110Z", c.tone("#6f9a45", far))


def runner(c: Canvas, x: float, y: float, height: float, vest: str, *, flip: bool = False, stride: bool = True) -> None:
    skin, shorts = c.tone(c.one_of(*SKINS)), c.tone("#1d1b16")
    top = c.tone(vest)
    legs = (
        ("M-2 -46L18 -34L14 -10L24 -8", "M-4 -46L-14 -26L-34 -22L-38 -12")
        if stride
        else ("M0 -46L10 -26L4 -2L12 -1", "M-3 -46L4 -28L-18 -24L-24 -16")
    )
    with c.at(x, y, height / 100, flip=flip):
        c.line(legs[1], mix(skin, "#1d1b16", 0.25), 7)
        c.line("M-2 -74L-18 -62L-12 -50", mix(skin, "#1d1b16", 0.25), 5.5)
        c.line(legs[0], skin, 7)
        c.path("M-10 -52L12 -52L14 -38L2 -42L-12 -36Z", shorts)
        c.path("M-8 -78L10 -78L12 -50L-10 -50Z", top)
        c.line("M4 -74L16 -62L28 -70", skin, 5.5)
        c.circle(7, -89, 8.6, skin)


def dancer(c: Canvas, x: float, y: float, height: float, cloth: str, *, flip: bool = False, dark: str = "") -> None:
    skin, robe = dark or c.tone(c.one_of(*SKINS)), dark or c.tone(cloth)
    arms = c.one_of(
        "M-8 -66L-26 -82L-22 -98M10 -66L28 -78L34 -96",
        "M-8 -66L-24 -54L-34 -66M10 -66L26 -84L22 -100",
        "M-8 -66L-28 -70L-40 -86M10 -66L30 -62L40 -76",
    )
    legs = c.one_of("M-5 -30L-14 -16L-10 -2M8 -30L18 -16L26 -2", "M-5 -30L-8 -14L-18 -2M8 -30L24 -24L22 -4")
    with c.at(x, y, height / 100, flip=flip):
        c.line(legs + arms, skin, 6)
        c.path("M-11 -68L11 -68L9 -48C14 -40 20 -30 22 -22Q2 -12 -20 -22C-18 -32 -12 -40 -9 -48Z", robe)
        c.circle(1, -82, 9.4, skin)
        if not dark:
            c.line("M-7 -67Q0 -60 8 -67", c.tone("#f2c14e"), 3)
