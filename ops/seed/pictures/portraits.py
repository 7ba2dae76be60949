"""Stylised portraits of guides: no likeness of anybody, but each one somebody."""

from __future__ import annotations

from ops.seed.pictures.life import CLOTHS
from ops.seed.pictures.paint import Canvas, mix
from ops.seed.shapes import Mood

SIZE = (400, 400)
_SKINS = ("#4a2c1f", "#5d3a28", "#70472f", "#85563a", "#9c6a48")
_GROUNDS = (
    ("#f2d9a0", "#e0a94a"),
    ("#cfe0c4", "#7fae72"),
    ("#cfe3e8", "#6fa8b8"),
    ("#f3cdb4", "#d9825c"),
    ("#e6d5ea", "#a98ab8"),
)
_HAIR = "#1d1512"


def portrait(seed: str, *, is_woman: bool) -> str:
    """The SVG of a head and shoulders; the same for the same seed."""
    c = Canvas(seed, Mood.DAY, SIZE)
    skin = c.one_of(*_SKINS)
    shade = mix(skin, "#1d1512", 0.25)
    pale, deep = c.one_of(*_GROUNDS)
    c.rect(0, 0, 400, 400, c.gradient(pale, deep))
    c.circle(c.between(90, 310), c.between(110, 170), c.between(110, 150), mix(pale, "#ffffff", 0.45), 0.7)
    for index in range(3):
        y = 318 + index * 30
        c.path(
            f"M-10 {y}Q100 {y - c.between(20, 60):.0f} 200 {y}T410 {y - 10}V410H-10Z",
            mix(deep, "#0b5d3b", 0.25 + index * 0.16),
            0.7,
        )
    cloth = c.one_of(*CLOTHS)
    style = c.one_of(
        *((_headwrap, _braids, _afro, _veil, _bun) if is_woman else (_cropped, _cap, _brim, _bald, _cropped))
    )
    behind, before = style(c, cloth)
    behind()
    c.path("M40 410C44 330 110 306 158 296H242C290 306 356 330 360 410Z", cloth)
    c.path("M162 250H238V292C238 324 162 324 162 292Z", shade)
    _clothes(c, cloth, is_woman=is_woman)
    c.ellipse(124, 192, 13, 19, shade)
    c.ellipse(276, 192, 13, 19, shade)
    c.path("M126 168C124 96 276 96 274 168C276 226 250 276 200 278C150 276 124 226 126 168Z", skin)
    c.path("M228 122C262 126 276 142 274 168C276 226 250 276 200 278C246 246 256 170 216 110Z", shade, 0.4)
    _face(c, shade, is_woman=is_woman)
    before()
    return c.svg()


def _face(c: Canvas, shade: str, *, is_woman: bool) -> None:
    ink = "#1d1512"
    for x in (166, 234):
        c.line(f"M{x - 17} 162Q{x} {150 if is_woman else 153} {x + 17} 161", ink, 5)
        c.ellipse(x, 184, 7.5, 9, ink)
        c.circle(x + 2.5, 180.5, 2.4, "#ffffff")
    c.line("M200 186Q190 210 194 214Q200 219 208 214", shade, 4.5)
    lips = mix(shade, "#b5472f", 0.45)
    if c.random.random() < 0.6:
        c.path("M168 234Q200 244 232 234Q224 262 200 262Q176 262 168 234Z", "#fffaf2")
        c.line("M166 233Q200 244 234 233", lips, 4.5)
    else:
        c.line("M172 238Q200 256 228 238", lips, 6)
    if not is_woman and c.random.random() < 0.55:
        c.path(
            "M128 206C132 262 166 290 200 290C234 290 268 262 272 206C262 240 246 246 236 226C214 220 186 220 164 226C154 246 138 240 128 206Z",
            _HAIR,
            0.82,
        )
        c.path("M172 236Q200 244 228 236Q220 256 200 256Q180 256 172 236Z", "#fffaf2")
    if c.random.random() < 0.22:
        for x in (166, 234):
            c.shape("circle", cx=x, cy=184, r=24, fill="none", stroke="#3a2c24", stroke_width=4)
        c.line("M190 182Q200 178 210 182", "#3a2c24", 4)


def _clothes(c: Canvas, cloth: str, *, is_woman: bool) -> None:
    if c.random.random() < (0.6 if is_woman else 0.35):
        beads = ("#c9352b", "#fbf8f1", "#f6c244", "#2f5d8c", "#0b5d3b")
        start = c.random.randint(0, 4)
        for index in range(3):
            c.line(
                f"M{154 - index * 13} {296 + index * 3}Q200 {346 + index * 24} {246 + index * 13} {296 + index * 3}",
                beads[(start + index) % 5],
                8,
            )
    else:
        c.path("M158 296L200 350L242 296L254 300L206 378H194L146 300Z", mix(cloth, "#fbf8f1", 0.55))
    pattern = mix(cloth, "#fff3d6", 0.4)
    c.path("".join(f"M{x} {372 + abs(x - 200) // 9}l10 -14l10 14l-10 14z" for x in (70, 108, 272, 310)), pattern)


def _headwrap(c: Canvas, cloth: str):
    colour = c.one_of(*(each for each in CLOTHS if each != cloth))
    light = mix(colour, "#fff3d6", 0.4)

    def before() -> None:
        c.path("M118 160C108 70 150 44 200 44C250 44 292 70 282 160C262 122 138 122 118 160Z", colour)
        c.path("M246 70C270 20 322 34 300 74C288 94 262 96 246 92Z", colour)
        c.line("M124 138C160 84 240 84 276 138M132 112C168 68 232 68 268 112", light, 6)

    return _nothing, before


def _braids(c: Canvas, cloth: str):
    def behind() -> None:
        for x in range(104, 300, 16):
            c.line(
                f"M{x} 150Q{x + (x - 200) * 0.12:.0f} 240 {x + (x - 200) * 0.2:.0f} {c.between(300, 340):.0f}",
                _HAIR,
                13,
            )

    def before() -> None:
        c.path(
            "M122 172C110 84 160 60 200 60C240 60 290 84 278 172C268 136 232 126 200 126C168 126 132 136 122 172Z",
            _HAIR,
        )
        c.line("M200 62V110M170 68L160 116M230 68L240 116", "#4a3a30", 3)

    return behind, before


def _afro(c: Canvas, cloth: str):
    def behind() -> None:
        for x, y, r in ((200, 130, 104), (130, 150, 62), (270, 150, 62), (150, 90, 56), (250, 90, 56)):
            c.circle(x, y, r, _HAIR)

    def before() -> None:
        c.path(
            "M128 156C134 128 164 122 200 122C236 122 266 128 272 156C282 90 240 74 200 74C160 74 118 90 128 156Z",
            _HAIR,
        )
        if c.random.random() < 0.5:
            c.line("M112 128Q200 70 288 128", c.one_of("#d98e04", "#c9352b", "#fbf0d4"), 12)

    return behind, before


def _veil(c: Canvas, cloth: str):
    colour = c.one_of("#1f6f78", "#8e2f5c", "#2f5d8c", "#d98e04", "#e8d9b0", "#5b4a6a")

    def behind() -> None:
        c.path(
            "M96 180C84 60 150 36 200 36C250 36 316 60 304 180C310 270 330 330 350 400H50C70 330 90 270 96 180Z", colour
        )

    def before() -> None:
        c.path(
            "M118 190C112 92 160 78 200 78C240 78 288 92 282 190C292 260 260 310 200 316C140 310 108 260 118 190ZM132 176C130 236 156 284 200 286C244 284 270 236 268 176C266 116 234 106 200 106C166 106 134 116 132 176Z",
            colour,
            fill_rule="evenodd",
        )
        c.line("M124 150C140 92 260 92 276 150", mix(colour, "#ffffff", 0.3), 4)

    return behind, before


def _bun(c: Canvas, cloth: str):
    def behind() -> None:
        c.circle(200, 56, 46, _HAIR)

    def before() -> None:
        c.path(
            "M124 170C112 92 156 74 200 74C244 74 288 92 276 170C266 138 236 126 200 126C164 126 134 138 124 170Z",
            _HAIR,
        )
        c.line("M168 82Q200 92 232 82", c.one_of("#d98e04", "#c9352b", "#0b5d3b"), 9)
        for x in (118, 282):
            c.circle(x, 220, 7, "#f6c244")

    return behind, before


def _cropped(c: Canvas, cloth: str):
    def before() -> None:
        c.path(
            "M124 166C112 84 160 70 200 70C240 70 288 84 276 166C272 146 258 132 236 130C212 126 188 126 164 130C142 132 128 146 124 166Z",
            _HAIR,
        )

    return _nothing, before


def _bald(c: Canvas, cloth: str):
    def before() -> None:
        c.path(
            "M152 142Q172 122 204 122",
            "none",
            stroke="#ffffff",
            stroke_width=7,
            stroke_linecap="round",
            stroke_opacity=0.25,
        )

    return _nothing, before


def _cap(c: Canvas, cloth: str):
    """A kofia, embroidered."""
    colour = c.one_of("#fbf8f1", "#e8d9b0", "#2f5d8c")

    def before() -> None:
        c.path("M122 142L130 72Q200 50 270 72L278 142Q200 112 122 142Z", colour)
        stitch = "#d98e04" if colour != "#d98e04" else "#fbf8f1"
        c.line("M128 122l14 -18l14 14l14 -18l14 14l16 -18l16 18l14 -14l14 18l14 -14l14 18", stitch, 4)
        c.line("M124 138Q200 108 276 138", stitch, 4)

    return _nothing, before


def _brim(c: Canvas, cloth: str):
    """A bush hat."""
    colour = c.one_of("#b98549", "#8f8a5a", "#c9a55c")

    def before() -> None:
        c.path("M132 126C132 52 160 40 200 46C240 40 268 52 268 126Z", colour)
        c.path("M132 126H268V106H132Z", "#5b3a24")
        c.path(
            "M70 140C110 116 290 116 330 140C290 158 250 140 200 140C150 140 110 158 70 140Z",
            mix(colour, "#1d1b16", 0.12),
        )

    return _nothing, before


def _nothing() -> None:
    """Some heads have nothing behind them."""
